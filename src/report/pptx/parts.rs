//! Parts of our own: where they stand, of what type they are, and how slides refer to their layouts.

use crate::report::office::package::Part;

/// Declares the prefixes that our parts use.
pub const PREFIXES: &str = "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
    xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\"";

/// The parts that slides refer to.
pub const MASTER: &str = "ppt/slideMasters/slideMaster1.xml";
pub const LAYOUTS: [&str; 2] = ["ppt/slideLayouts/slideLayout1.xml", "ppt/slideLayouts/slideLayout2.xml"];
pub const NOTES_MASTER: &str = "ppt/notesMasters/notesMaster1.xml";

/// The kinds of placeholders, by which a slide's inherit from its layout's.
pub const TITLE_KIND: &str = "type=\"title\"";
pub const BODY: &str = "type=\"body\" idx=\"1\"";
pub const NUMBER: &str = "type=\"sldNum\" sz=\"quarter\" idx=\"12\"";
pub const INTRODUCTION: &str = "type=\"body\" sz=\"quarter\" idx=\"13\"";
pub const FOOT: &str = "type=\"body\" sz=\"quarter\" idx=\"14\"";

/// A layout or slide has the colours of its master.
pub const INHERITED: &str = "<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr>";

/// Words of slides that the file adds to them.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// What the logo says to those who do not see it.
    pub logo: &'a str,
    /// The name of the layout of the first slide.
    pub overview: &'a str,
    /// The name of the layout of the others.
    pub control: &'a str,
}

/// What slides are laid out as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    Overview,
    Control,
}

impl Layout {
    /// Its part.
    pub fn part(self) -> &'static str {
        match self {
            Layout::Overview => LAYOUTS[0],
            Layout::Control => LAYOUTS[1],
        }
    }
}

/// A part of our own: `slide`.
pub fn part(name: &str, kind: &str, xml: String) -> Part {
    let kind = format!("application/vnd.openxmlformats-officedocument.presentationml.{kind}+xml");
    Part::xml(format!("ppt/{name}"), kind, xml)
}
