//! The look of a municipality: its colour and its logo.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::bounded::{Excess, TRIAL, within};
use crate::chart::checked_logo;
use crate::error::Error;
use crate::project::Colour;

/// Colour and logo of every document.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// Of headings and rules.
    pub colour: Colour,
    /// At the top of the first page.
    pub logo: Option<Logo>,
}

impl Look {
    /// The colour of links and lines: it is dark enough to read, or the project file would not have been.
    pub fn ink(&self) -> String {
        hex(self.colour.parts)
    }

    /// The colour as a ground that black text is read on: nine tenths white.
    pub fn ground(&self) -> String {
        hex(self.colour.parts.map(|part| 255 - (255 - part) / 10))
    }
}

fn hex(parts: [u8; 3]) -> String {
    parts.iter().map(|part| format!("{part:02X}")).collect()
}

/// A logo, as every form gets it.
#[derive(Debug, Clone)]
pub struct Logo {
    /// The picture that was made of the file: it holds nothing else, and refers to nothing.
    pub bytes: Vec<u8>,
    /// `svg` or `png`.
    pub kind: &'static str,
    /// The same as PNG, for formats without SVG.
    pub png: Vec<u8>,
}

impl Logo {
    /// A logo from the bytes of a file; `path` is shown in errors.
    ///
    /// # Errors
    /// [`Error::UnusableTemplate`] when it is neither an SVG nor a PNG that can be drawn, refers to anything outside
    /// itself, or asks for more work than a logo may.
    pub fn read(bytes: Vec<u8>, path: &Path) -> Result<Logo, Error> {
        let unusable = |key, place| Error::UnusableTemplate { path: path.into(), key, place };
        let checked = within(TRIAL, move || checked_logo(&bytes)).map_err(|excess| match excess {
            Excess::Endless => unusable("logo-intricate", String::new()),
            Excess::Panic => unusable("no-logo", String::new()),
        })?;
        let checked = checked.map_err(|flaw| unusable(flaw.key, flaw.place))?;
        let (bytes, kind) = match checked.svg {
            Some(svg) => (svg.into_bytes(), "svg"),
            None => (checked.png.clone(), "png"),
        };
        Ok(Logo { bytes, kind, png: checked.png })
    }

    /// The logo inside a page.
    pub fn data_uri(&self) -> String {
        let kind = if self.kind == "svg" { "svg+xml" } else { "png" };
        format!("data:image/{kind};base64,{}", STANDARD.encode(&self.bytes))
    }
}
