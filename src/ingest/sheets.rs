//! Sheets: which sheets of a workbook are read, and which are only mentioned.

use std::path::Path;

use super::export::Export;
use super::heading_words::folded;
use super::source::Form;
use crate::error::Error;
use crate::project::Sheets;

/// Separates the forms of a file into those to read and the others.
///
/// # Errors
/// [`Error::UnknownSheet`] if a named sheet does not exist, or none is left.
pub fn chosen(path: &Path, forms: Vec<Form>, sheets: &Sheets) -> Result<(Vec<Form>, Vec<Form>), Error> {
    let unknown = |sheet, found| Error::UnknownSheet { path: path.into(), sheet, found };
    if let Sheets::Named(names) = sheets {
        let missing = names.iter().find(|name| !forms.iter().any(|form| is_called(form, name)));
        if let Some(missing) = missing {
            return Err(unknown(Some(missing.clone()), names_of(&forms)));
        }
    }
    let is_chosen = |form: &Form| match (form, sheets) {
        (Form::Sheet { .. }, Sheets::Named(names)) => names.iter().any(|name| is_called(form, name)),
        (Form::Sheet { hidden, .. }, _) => !hidden,
        (Form::Text { .. }, _) => true,
    };
    let (chosen, others): (Vec<Form>, Vec<Form>) = forms.into_iter().partition(is_chosen);
    if chosen.is_empty() { Err(unknown(None, names_of(&others))) } else { Ok((chosen, others)) }
}

/// Whether a sheet has this name, in its workbook or as it is shown.
fn is_called(form: &Form, name: &str) -> bool {
    [form.own_sheet(), form.sheet()].contains(&Some(name))
}

/// Refuses sheets of one control with different headings, unless the project says which to read: they may be of
/// different kinds, or one a summary of the others. Sheets with the same headings are parts of one export.
///
/// # Errors
/// [`Error::AmbiguousSheet`].
pub fn refuse_different(path: &Path, exports: &[&Export], sheets: &Sheets) -> Result<(), Error> {
    if *sheets != Sheets::Recognised {
        return Ok(());
    }
    for export in exports {
        let of_control = exports.iter().filter(|other| other.controls == export.controls);
        if of_control.clone().any(|other| heading_set(other) != heading_set(export)) {
            let sheets = of_control.filter_map(|other| other.form.sheet()).map(str::to_owned).collect();
            return Err(Error::AmbiguousSheet { path: path.into(), sheets, lacks_ends: false });
        }
    }
    Ok(())
}

fn heading_set(export: &Export) -> Vec<String> {
    let mut headings: Vec<String> = export.headings.iter().map(|heading| folded(heading)).collect();
    headings.retain(|heading| !heading.is_empty());
    headings.sort_unstable();
    headings
}

/// The names of those forms that are sheets.
pub fn names_of(forms: &[Form]) -> Vec<String> {
    forms.iter().filter_map(Form::sheet).map(str::to_owned).collect()
}
