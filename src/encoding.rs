//! Encodings of exports: how bytes become text.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;
use serde::Deserialize;

/// The byte order mark of UTF-8.
pub const UTF8_BOM: &[u8] = b"\xEF\xBB\xBF";

/// The encoding of a file. The rule is short so that it can be explained: a byte order mark or valid
/// UTF-8 throughout is UTF-8, anything else is windows-1252.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// UTF-8.
    #[serde(rename = "utf-8")]
    Utf8,
    /// Windows-1252, what Excel writes as plain CSV in Sweden.
    #[serde(rename = "windows-1252")]
    Windows1252,
}

impl Encoding {
    /// The name in project files and results.
    pub fn id(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Windows1252 => "windows-1252",
        }
    }

    /// Decodes a cell. Bytes that are no text become U+FFFD.
    pub fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        match self {
            Encoding::Utf8 => String::from_utf8_lossy(bytes),
            Encoding::Windows1252 => WINDOWS_1252.decode_without_bom_handling(bytes).0,
        }
    }

    /// The bytes of a text as a file in this encoding writes it.
    pub fn encode(self, text: &str) -> Vec<u8> {
        match self {
            Encoding::Utf8 => text.as_bytes().to_vec(),
            Encoding::Windows1252 => WINDOWS_1252.encode(text).0.into_owned(),
        }
    }
}

/// Says whether a file read piece by piece is UTF-8 throughout.
#[derive(Debug, Default)]
pub struct Utf8Check {
    /// Bytes of a character that the last piece cut off.
    carried: Vec<u8>,
    broken: bool,
}

impl Utf8Check {
    /// Looks at the next piece.
    pub fn feed(&mut self, mut piece: &[u8]) {
        while !self.carried.is_empty() && !piece.is_empty() && !self.broken {
            self.carried.push(piece[0]);
            piece = &piece[1..];
            match std::str::from_utf8(&self.carried) {
                Ok(_) => self.carried.clear(),
                Err(error) if error.error_len().is_some() => self.broken = true,
                Err(_) => {}
            }
        }
        if self.broken {
            return;
        }
        if let Err(error) = std::str::from_utf8(piece) {
            match error.error_len() {
                Some(_) => self.broken = true,
                None => self.carried.extend_from_slice(&piece[error.valid_up_to()..]),
            }
        }
    }

    /// Nothing so far was not UTF-8.
    pub fn may_hold(&self) -> bool {
        !self.broken
    }

    /// Everything was UTF-8 and nothing was cut off at the end.
    pub fn holds(&self) -> bool {
        !self.broken && self.carried.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf8_is_recognised_across_pieces() {
        let text = "Åkersberga – ärende €".as_bytes();
        for size in 1..text.len() {
            let mut check = Utf8Check::default();
            text.chunks(size).for_each(|piece| check.feed(piece));
            assert!(check.holds(), "pieces of {size}");
            let mut check = Utf8Check::default();
            let broken = WINDOWS_1252.encode("Åkersberga – ärende").0;
            broken.chunks(size).for_each(|piece| check.feed(piece));
            assert!(!check.holds(), "pieces of {size}");
        }
        let mut check = Utf8Check::default();
        check.feed(&text[..1]);
        assert!(!check.holds());
    }
}
