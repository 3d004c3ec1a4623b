//! Exports under numbers in place of the names of files and sheets, which people's can be.

use std::path::Path;

use crate::ingest::{Export, Form};
use crate::text::{Texts, fill};

/// The exports with numbers in place of the names of files and sheets, in the order in which they are read.
pub fn numbered(exports: &[Export], texts: &Texts) -> Vec<Export> {
    let number = |place: usize| (place + 1).to_string();
    let (mut files, mut sheets): (Vec<&Path>, Vec<(&Path, &str)>) = (Vec::new(), Vec::new());
    let mut all = exports.to_vec();
    for (export, numbered) in exports.iter().zip(&mut all) {
        let file = place_in(&mut files, export.path.as_path());
        numbered.name = fill!(texts, "report.file-number", number = number(file));
        if let (Some(own), Form::Sheet { name, .. }) = (export.form.own_sheet(), &mut numbered.form) {
            place_in(&mut sheets, (export.path.as_path(), own));
            let mut of_file = sheets.iter().filter(|(path, _)| *path == export.path);
            let sheet = of_file.position(|(_, sheet)| *sheet == own).unwrap_or_default();
            *name = fill!(texts, "report.sheet-number", number = number(sheet));
        }
    }
    all
}

/// The place of a thing in a list, to which it is added when it is new.
fn place_in<T: PartialEq>(list: &mut Vec<T>, thing: T) -> usize {
    list.iter().position(|known| *known == thing).unwrap_or_else(|| {
        list.push(thing);
        list.len() - 1
    })
}
