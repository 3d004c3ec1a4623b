//! The look of a municipality: its colour and its logo.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

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

/// A logo.
#[derive(Debug, Clone)]
pub struct Logo {
    /// As the file has it.
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
    /// [`Error::UnusableTemplate`] when it is neither an SVG nor a PNG that can be drawn.
    pub fn read(bytes: Vec<u8>, path: &Path) -> Result<Logo, Error> {
        let unusable = || Error::UnusableTemplate { path: path.into(), key: "no-logo", place: String::new() };
        if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            return Ok(Logo { png: bytes.clone(), bytes, kind: "png" });
        }
        let text = std::str::from_utf8(&bytes).map_err(|_| unusable())?;
        let png = crate::chart::png_of_logo(text).ok_or_else(unusable)?;
        Ok(Logo { png, bytes, kind: "svg" })
    }

    /// The logo inside a page.
    pub fn data_uri(&self) -> String {
        let kind = if self.kind == "svg" { "svg+xml" } else { "png" };
        format!("data:image/{kind};base64,{}", STANDARD.encode(&self.bytes))
    }
}
