//! Parts of our own: where they stand, and of what type they are.

use crate::report::office::package::Part;

/// Where pictures stand.
pub const MEDIA: &str = "word/media/";
/// What content types of Word's parts begin with.
pub const WORD_TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.";

/// A header or footer, the pages that have it, and its id.
pub struct MarginReference {
    pub kind: &'static str,
    pub pages: String,
    pub id: String,
}

/// A part of our own: `styles`.
pub fn word(name: &str, kind: &str, xml: String) -> Part {
    Part::xml(format!("word/{name}"), format!("{WORD_TYPE}{kind}+xml"), xml)
}
