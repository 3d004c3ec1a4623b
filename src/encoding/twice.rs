//! UTF-8 encoded twice: its bytes were taken for windows-1252 or ISO-8859-1 and written as UTF-8 once more.

/// What windows-1252 has in place of the control characters of ISO-8859-1, from 0x80.
const CONTROLS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Undoes the second encoding, character by character; what was encoded once stays.
#[derive(Default)]
pub struct Twice {
    /// Bytes of a character that the last piece cut off.
    carried: Vec<u8>,
    /// Characters that may be the bytes of one, as they are written.
    held: String,
    /// These bytes.
    inner: Vec<u8>,
}

impl Twice {
    /// Appends the text of the next piece to `text`. `last` is true if nothing follows.
    pub fn push(&mut self, piece: &[u8], last: bool, text: &mut Vec<u8>) {
        let mut bytes = std::mem::take(&mut self.carried);
        bytes.extend_from_slice(piece);
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let (valid, invalid) = match std::str::from_utf8(rest) {
                Ok(valid) => (valid, None),
                Err(error) => {
                    let valid = std::str::from_utf8(&rest[..error.valid_up_to()]).unwrap_or_default();
                    (valid, Some(error.error_len()))
                }
            };
            valid.chars().for_each(|letter| self.take(letter, text));
            rest = &rest[valid.len()..];
            match invalid {
                Some(None) if !last => {
                    self.carried = rest.to_vec();
                    return;
                }
                Some(length) => {
                    self.give_back(text);
                    let (broken, behind) = rest.split_at(length.unwrap_or(rest.len()));
                    text.extend_from_slice(broken);
                    rest = behind;
                }
                None => {}
            }
        }
        if last {
            self.give_back(text);
        }
    }

    fn take(&mut self, letter: char, text: &mut Vec<u8>) {
        let byte = byte_of(letter);
        let continues = byte.is_some_and(|byte| (0x80..=0xBF).contains(&byte));
        if !self.inner.is_empty() && !continues {
            self.give_back(text);
        }
        match byte {
            Some(byte) if !self.inner.is_empty() || (0xC2..=0xF4).contains(&byte) => {
                self.held.push(letter);
                self.inner.push(byte);
                match std::str::from_utf8(&self.inner) {
                    Ok(once) => {
                        text.extend_from_slice(once.as_bytes());
                        self.held.clear();
                        self.inner.clear();
                    }
                    Err(error) if error.error_len().is_some() => self.give_back(text),
                    Err(_) => {}
                }
            }
            _ => text.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }

    /// What was held is not an encoded character, so it stays as written.
    fn give_back(&mut self, text: &mut Vec<u8>) {
        text.extend_from_slice(self.held.as_bytes());
        self.held.clear();
        self.inner.clear();
    }
}

/// The byte from 0x80 up that was read as this character.
fn byte_of(letter: char) -> Option<u8> {
    let place = CONTROLS_1252.iter().position(|known| *known == letter);
    let byte =
        place.map(|place| 0x80 + place as u32).or_else(|| (letter >= '\u{80}').then_some(letter.into()));
    byte.and_then(|byte| u8::try_from(byte).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn once(text: &[u8], size: usize) -> String {
        let (mut twice, mut out) = (Twice::default(), Vec::new());
        text.chunks(size).for_each(|piece| twice.push(piece, false, &mut out));
        twice.push(&[], true, &mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn the_second_encoding_is_undone_whoever_made_it() {
        let text = "Åkersberga; Ärendenr – Östra ”é” €";
        let latin1: String = text.bytes().map(char::from).collect();
        let windows: String = text
            .bytes()
            .map(|byte| match byte {
                0x80..=0x9F => CONTROLS_1252[usize::from(byte - 0x80)],
                other => char::from(other),
            })
            .collect();
        for written in [latin1, windows] {
            for size in 1..8 {
                assert_eq!(once(written.as_bytes(), size), text, "pieces of {size}");
            }
        }
    }

    #[test]
    fn what_was_encoded_once_stays() {
        for text in ["Östra å Väst", "Ã", "Â§ 5 Ã", "Ãx€"] {
            let stays = text != "Â§ 5 Ã";
            assert_eq!(once(text.as_bytes(), 3) == text, stays, "{text}");
        }
        assert_eq!(once(b"V\xE4st \xC3", 2), "V\u{fffd}st \u{fffd}");
    }
}
