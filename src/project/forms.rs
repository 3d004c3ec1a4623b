//! Which forms the documents of a report are written in.

use schemars::JsonSchema;
use serde::Deserialize;

/// A form that documents are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// Pages.
    Html,
    /// Accessible PDF; not in a build without the feature `pdf`.
    #[cfg(feature = "pdf")]
    Pdf,
    /// A workbook with the figures.
    Xlsx,
    /// Word.
    Docx,
    /// Markdown.
    Md,
    /// Slides.
    Pptx,
}

impl Form {
    /// Every one, the one that is read most easily first.
    #[cfg(feature = "pdf")]
    pub const ALL: [Form; 6] = [Form::Html, Form::Pdf, Form::Xlsx, Form::Docx, Form::Md, Form::Pptx];
    /// Every one of a build without the feature `pdf`.
    #[cfg(not(feature = "pdf"))]
    pub const ALL: [Form; 5] = [Form::Html, Form::Xlsx, Form::Docx, Form::Md, Form::Pptx];

    /// Those that are written unless something else is said: all but slides.
    pub fn usual() -> Vec<Form> {
        Form::ALL.into_iter().filter(|form| *form != Form::Pptx).collect()
    }

    /// The name in the project file and on the command line, which is the ending of its files.
    pub fn id(self) -> &'static str {
        match self {
            Form::Html => "html",
            #[cfg(feature = "pdf")]
            Form::Pdf => "pdf",
            Form::Xlsx => "xlsx",
            Form::Docx => "docx",
            Form::Md => "md",
            Form::Pptx => "pptx",
        }
    }

    /// The form of a name.
    pub fn named(name: &str) -> Option<Form> {
        Form::ALL.into_iter().find(|form| form.id() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_known_by_their_names() {
        for form in Form::ALL {
            assert_eq!(Form::named(form.id()), Some(form));
        }
        assert_eq!(Form::named("PPTX"), None);
        assert!(!Form::usual().contains(&Form::Pptx) && Form::usual().len() + 1 == Form::ALL.len());
    }
}
