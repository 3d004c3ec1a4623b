//! Encodings of exports: which one a file is written in, and how its bytes become UTF-8.
//!
//! The decision is simple enough to explain: a byte order mark decides; zeros in every other byte mean UTF-16; valid
//! UTF-8 is UTF-8, even with a few broken bytes, as long as more characters are whole than broken; otherwise the
//! Swedish letters decide between CP850, Mac Roman and windows-1252. UTF-8 whose letters are mostly those of UTF-8 read
//! as windows-1252 was encoded twice.

mod twice;

use encoding_rs::{CoderResult, Decoder, MACINTOSH, UTF_16BE, UTF_16LE, WINDOWS_1252};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use twice::Twice;

/// How bytes become text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    #[serde(rename = "utf-8")]
    Utf8,
    /// UTF-16, little end first: what Excel calls Unicode text.
    #[serde(rename = "utf-16le")]
    Utf16Le,
    /// UTF-16, big end first.
    #[serde(rename = "utf-16be")]
    Utf16Be,
    /// Windows-1252, what Excel writes as plain CSV in Sweden. ISO-8859-1 has the same letters.
    #[serde(rename = "windows-1252", alias = "iso-8859-1")]
    Windows1252,
    /// CP850, what MS-DOS wrote in western Europe.
    #[serde(rename = "cp850")]
    Cp850,
    /// Mac Roman, what Excel for Mac writes as plain CSV.
    #[serde(rename = "macintosh")]
    Macintosh,
    /// UTF-8 that was taken for windows-1252 or ISO-8859-1 and encoded once more.
    #[serde(rename = "utf-8-twice")]
    Utf8Twice,
}

/// The upper half of CP850.
const CP850: [char; 128] = [
    'Ç', 'ü', 'é', 'â', 'ä', 'à', 'å', 'ç', 'ê', 'ë', 'è', 'ï', 'î', 'ì', 'Ä', 'Å', 'É', 'æ', 'Æ', 'ô', 'ö',
    'ò', 'û', 'ù', 'ÿ', 'Ö', 'Ü', 'ø', '£', 'Ø', '×', 'ƒ', 'á', 'í', 'ó', 'ú', 'ñ', 'Ñ', 'ª', 'º', '¿', '®',
    '¬', '½', '¼', '¡', '«', '»', '░', '▒', '▓', '│', '┤', 'Á', 'Â', 'À', '©', '╣', '║', '╗', '╝', '¢', '¥',
    '┐', '└', '┴', '┬', '├', '─', '┼', 'ã', 'Ã', '╚', '╔', '╩', '╦', '╠', '═', '╬', '¤', 'ð', 'Ð', 'Ê', 'Ë',
    'È', 'ı', 'Í', 'Î', 'Ï', '┘', '┌', '█', '▄', '¦', 'Ì', '▀', 'Ó', 'ß', 'Ô', 'Ò', 'õ', 'Õ', 'µ', 'þ', 'Þ',
    'Ú', 'Û', 'Ù', 'ý', 'Ý', '¯', '´', '\u{ad}', '±', '‗', '¾', '¶', '§', '÷', '¸', '°', '¨', '·', '¹', '³',
    '²', '■', '\u{a0}',
];
/// å, ä, ö, Å, Ä, Ö and é in CP850.
const LETTERS_CP850: [u8; 7] = [0x86, 0x84, 0x94, 0x8F, 0x8E, 0x99, 0x82];
/// Å, Ä and Ö in CP850, as initial letters.
const CAPITALS_CP850: [u8; 3] = [0x8F, 0x8E, 0x99];
/// å, ä, ö, Å, Ä and Ö in Mac Roman.
const LETTERS_MAC: [u8; 6] = [0x8C, 0x8A, 0x9A, 0x81, 0x80, 0x85];
/// Å, Ä and Ö in Mac Roman.
const CAPITALS_MAC: [u8; 3] = [0x81, 0x80, 0x85];
/// The same letters in windows-1252.
const LETTERS_1252: [u8; 7] = [0xE5, 0xE4, 0xF6, 0xC5, 0xC4, 0xD6, 0xE9];

impl Encoding {
    /// Every encoding.
    pub const ALL: [Encoding; 7] = [
        Encoding::Utf8,
        Encoding::Utf16Le,
        Encoding::Utf16Be,
        Encoding::Windows1252,
        Encoding::Cp850,
        Encoding::Macintosh,
        Encoding::Utf8Twice,
    ];

    /// The name in project files, arguments and messages.
    pub fn id(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf16Le => "utf-16le",
            Encoding::Utf16Be => "utf-16be",
            Encoding::Windows1252 => "windows-1252",
            Encoding::Cp850 => "cp850",
            Encoding::Macintosh => "macintosh",
            Encoding::Utf8Twice => "utf-8-twice",
        }
    }

    /// The encoding with a name; ISO-8859-1 is read as windows-1252, which has the same letters.
    pub fn named(name: &str) -> Option<Encoding> {
        let name = name.to_lowercase();
        let known = Encoding::ALL.into_iter().find(|encoding| encoding.id() == name);
        known.or((name == "iso-8859-1").then_some(Encoding::Windows1252))
    }

    /// Length of this encoding's byte order mark at the beginning of a file, 0 without one.
    pub fn mark_length(self, beginning: &[u8]) -> usize {
        let mark: &[u8] = match self {
            Encoding::Utf8 | Encoding::Utf8Twice => b"\xEF\xBB\xBF",
            Encoding::Utf16Le => b"\xFF\xFE",
            Encoding::Utf16Be => b"\xFE\xFF",
            Encoding::Windows1252 | Encoding::Cp850 | Encoding::Macintosh => b"",
        };
        if beginning.starts_with(mark) { mark.len() } else { 0 }
    }
}

/// How many bytes at the beginning are checked for UTF-16 without a mark.
const UTF16_SAMPLE: usize = 4096;

/// Evidence of a file's encoding, gathered piece by piece.
#[derive(Debug, Default)]
pub struct Survey {
    /// The first bytes.
    beginning: Vec<u8>,
    /// Bytes of a character that the last piece cut off.
    carried: Vec<u8>,
    /// Characters of more than one byte that are UTF-8.
    whole: u64,
    /// Places that are not UTF-8.
    broken: u64,
    /// Broken places that would be Swedish letters in CP850.
    letters_cp850: u64,
    /// Broken places that would be Swedish letters in Mac Roman.
    letters_mac: u64,
    /// Ã, with which å, ä and ö begin when they were encoded twice; no Swedish word has it.
    twice: u64,
    /// Broken places that would be Swedish letters in windows-1252.
    letters_1252: u64,
}

impl Survey {
    /// Examines the next piece.
    pub fn feed(&mut self, piece: &[u8]) {
        let missing = UTF16_SAMPLE.saturating_sub(self.beginning.len());
        self.beginning.extend_from_slice(&piece[..piece.len().min(missing)]);
        if self.carried.is_empty() && piece.is_ascii() {
            return;
        }
        let mut joined = std::mem::take(&mut self.carried);
        let piece = if joined.is_empty() {
            piece
        } else {
            joined.extend_from_slice(piece);
            &joined
        };
        let mut rest = piece;
        loop {
            match std::str::from_utf8(rest) {
                Ok(text) => {
                    self.see_whole(text);
                    return;
                }
                Err(error) => {
                    let (valid, invalid) = rest.split_at(error.valid_up_to());
                    self.see_whole(std::str::from_utf8(valid).expect("it was just found valid"));
                    let Some(length) = error.error_len() else {
                        self.carried = invalid.to_vec();
                        return;
                    };
                    self.broken += 1;
                    // In windows-1252 the bytes of these letters are quotation marks and dashes, which stand
                    // at the edge of a word.
                    let neighbours = [valid.last(), invalid.get(1)];
                    let inside = neighbours.iter().all(|byte| byte.is_some_and(u8::is_ascii_alphabetic));
                    let begins = invalid.get(1).is_some_and(u8::is_ascii_lowercase);
                    let is_letter = |letters: &[u8], capitals: &[u8]| {
                        inside && letters.contains(&invalid[0]) || begins && capitals.contains(&invalid[0])
                    };
                    self.letters_cp850 += u64::from(is_letter(&LETTERS_CP850, &CAPITALS_CP850));
                    self.letters_mac += u64::from(is_letter(&LETTERS_MAC, &CAPITALS_MAC));
                    self.letters_1252 += u64::from(LETTERS_1252.contains(&invalid[0]));
                    rest = &invalid[length..];
                }
            }
        }
    }

    fn see_whole(&mut self, text: &str) {
        self.whole += beyond_ascii(text);
        self.twice += memchr::memmem::find_iter(text.as_bytes(), "Ã".as_bytes()).count() as u64;
    }

    /// True if reading can stop: there is a byte order mark, or so much is broken that the file is not UTF-8.
    pub fn is_settled(&self) -> bool {
        /// More broken places than damage to a UTF-8 file would explain.
        const MANY: u64 = 100_000;
        self.marked().is_some() || self.broken > MANY && self.broken > 2 * self.whole
    }

    fn marked(&self) -> Option<Encoding> {
        let marked = [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be];
        marked.into_iter().find(|known| known.mark_length(&self.beginning) > 0)
    }

    /// The encoding that the pieces so far point to.
    pub fn decision(&self) -> Encoding {
        // A letter that was encoded twice is two characters.
        let utf8 = if 4 * self.twice > self.whole { Encoding::Utf8Twice } else { Encoding::Utf8 };
        if let Some(encoding) = self.marked().or_else(|| self.unmarked_utf16()) {
            return if encoding == Encoding::Utf8 { utf8 } else { encoding };
        }
        let broken = self.broken + u64::from(!self.carried.is_empty());
        if broken == 0 || self.whole > broken {
            utf8
        } else if self.letters_mac > self.letters_1252.max(self.letters_cp850) {
            Encoding::Macintosh
        } else if self.letters_cp850 > self.letters_1252 {
            Encoding::Cp850
        } else {
            Encoding::Windows1252
        }
    }

    /// UTF-16 without a mark: western text in it has a zero in every other byte.
    fn unmarked_utf16(&self) -> Option<Encoding> {
        let zeros = |offset| self.beginning.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
        let (even, odd, pairs) = (zeros(0), zeros(1), self.beginning.len() / 2);
        match () {
            () if pairs < 2 => None,
            () if odd * 10 > pairs * 8 && even * 10 < pairs => Some(Encoding::Utf16Le),
            () if even * 10 > pairs * 8 && odd * 10 < pairs => Some(Encoding::Utf16Be),
            () => None,
        }
    }
}

fn beyond_ascii(text: &str) -> u64 {
    // Each such character begins with one byte whose two high bits are set. Compilers vectorise sums of single bytes.
    let sums =
        text.as_bytes().chunks(255).map(|bytes| bytes.iter().map(|byte| u8::from(*byte >= 0xC0)).sum::<u8>());
    sums.map(u64::from).sum()
}

/// Turns the bytes of a file, piece by piece, into UTF-8. Bytes that are not text become U+FFFD, except in UTF-8, where
/// they are left for the rows that contain them.
pub struct Transcoder {
    encoding: Encoding,
    decoder: Option<Decoder>,
    twice: Twice,
}

impl Transcoder {
    /// A transcoder for the bytes after the byte order mark.
    pub fn new(encoding: Encoding) -> Transcoder {
        let decoder = match encoding {
            Encoding::Utf8 | Encoding::Cp850 | Encoding::Utf8Twice => None,
            Encoding::Utf16Le => Some(UTF_16LE.new_decoder_without_bom_handling()),
            Encoding::Utf16Be => Some(UTF_16BE.new_decoder_without_bom_handling()),
            Encoding::Windows1252 => Some(WINDOWS_1252.new_decoder_without_bom_handling()),
            Encoding::Macintosh => Some(MACINTOSH.new_decoder_without_bom_handling()),
        };
        Transcoder { encoding, decoder, twice: Twice::default() }
    }

    /// Appends the text of the next piece to `text`. `last` is true if nothing follows.
    pub fn push(&mut self, piece: &[u8], last: bool, text: &mut Vec<u8>) {
        let Some(decoder) = &mut self.decoder else {
            match self.encoding {
                Encoding::Utf8Twice => self.twice.push(piece, last, text),
                Encoding::Cp850 => piece.iter().for_each(|byte| push_cp850(*byte, text)),
                _ => text.extend_from_slice(piece),
            }
            return;
        };
        let mut read = 0;
        loop {
            let needed = decoder.max_utf8_buffer_length(piece.len() - read).unwrap_or(usize::MAX / 2);
            let begin = text.len();
            text.resize(begin + needed, 0);
            let (result, bytes_in, bytes_out, _) =
                decoder.decode_to_utf8(&piece[read..], &mut text[begin..], last);
            text.truncate(begin + bytes_out);
            read += bytes_in;
            if result == CoderResult::InputEmpty {
                return;
            }
        }
    }
}

fn push_cp850(byte: u8, text: &mut Vec<u8>) {
    match byte {
        0..=0x7F => text.push(byte),
        _ => text.extend_from_slice(CP850[usize::from(byte - 0x80)].encode_utf8(&mut [0; 4]).as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Ärendenr;Förlängd till;Enhet\n1;2024-01-02;Åkersberga é\n";

    fn encoded(encoding: Encoding) -> Vec<u8> {
        let units = || TEXT.encode_utf16();
        match encoding {
            Encoding::Utf8 => TEXT.as_bytes().to_vec(),
            Encoding::Utf16Le => units().flat_map(u16::to_le_bytes).collect(),
            Encoding::Utf16Be => units().flat_map(u16::to_be_bytes).collect(),
            Encoding::Windows1252 => WINDOWS_1252.encode(TEXT).0.into_owned(),
            Encoding::Macintosh => MACINTOSH.encode(TEXT).0.into_owned(),
            Encoding::Utf8Twice => {
                WINDOWS_1252.decode_without_bom_handling(TEXT.as_bytes()).0.into_owned().into()
            }
            Encoding::Cp850 => TEXT
                .chars()
                .map(|letter| match CP850.iter().position(|known| *known == letter) {
                    Some(place) => place as u8 + 0x80,
                    None => u8::try_from(u32::from(letter)).expect("ASCII"),
                })
                .collect(),
        }
    }

    fn decided(bytes: &[u8], size: usize) -> Encoding {
        let mut survey = Survey::default();
        bytes.chunks(size).for_each(|piece| survey.feed(piece));
        survey.decision()
    }

    #[test]
    fn every_encoding_is_recognised_and_read_in_pieces_of_any_size() {
        for encoding in Encoding::ALL {
            let bytes = encoded(encoding);
            for size in 1..=bytes.len() {
                // CP850 and Mac Roman are recognised by the letters around theirs; a piece of a few bytes has too few.
                let by_neighbours = matches!(encoding, Encoding::Cp850 | Encoding::Macintosh);
                let pieces = if by_neighbours { bytes.len() } else { size };
                assert_eq!(decided(&bytes, pieces), encoding, "pieces of {size}");
                let (mut transcoder, mut text) = (Transcoder::new(encoding), Vec::new());
                bytes.chunks(size).for_each(|piece| transcoder.push(piece, false, &mut text));
                transcoder.push(&[], true, &mut text);
                assert_eq!(String::from_utf8(text).as_deref(), Ok(TEXT), "{} by {size}", encoding.id());
            }
            assert_eq!(Encoding::named(encoding.id()), Some(encoding));
        }
        assert_eq!(Encoding::named("ISO-8859-1"), Some(Encoding::Windows1252));
    }

    #[test]
    fn marks_decide_and_a_broken_byte_does_not_undo_utf8() {
        for (mark, encoding) in [
            (&b"\xEF\xBB\xBF"[..], Encoding::Utf8),
            (b"\xFF\xFE", Encoding::Utf16Le),
            (b"\xFE\xFF", Encoding::Utf16Be),
        ] {
            let bytes = [mark, &encoded(encoding)].concat();
            assert_eq!(decided(&bytes, 7), encoding);
            assert_eq!(encoding.mark_length(&bytes), mark.len());
        }
        let broken = [TEXT.as_bytes(), b"2;2024-01-02;V\xE4st\n"].concat();
        assert_eq!(decided(&broken, 9), Encoding::Utf8);
        assert_eq!(decided(b"plain", 2), Encoding::Utf8);
        assert_eq!(decided(b"caf\xE9", 2), Encoding::Windows1252);
        assert_eq!(decided(b"\x94akut\x94 \xE4rende \x94x\x94", 40), Encoding::Windows1252);
        assert_eq!(decided(b"", 1), Encoding::Utf8);
    }

    #[test]
    fn twice_encoded_letters_are_told_from_a_few_that_are_broken() {
        let twice = encoded(Encoding::Utf8Twice);
        assert_eq!(decided(&[b"\xEF\xBB\xBF", &twice[..]].concat(), 9), Encoding::Utf8Twice);
        let latin1: String = TEXT.bytes().map(char::from).collect();
        assert_eq!(decided(latin1.as_bytes(), 9), Encoding::Utf8Twice);
        let one = [TEXT.as_bytes(), "2;2024-01-02;VÃ¤st\n".as_bytes()].concat();
        assert_eq!(decided(&one, 9), Encoding::Utf8);
    }

    #[test]
    fn utf16_cut_in_the_middle_of_a_character_shows_it() {
        let (mut transcoder, mut text) = (Transcoder::new(Encoding::Utf16Le), Vec::new());
        transcoder.push(b"a\0b", true, &mut text);
        assert_eq!(text, "a\u{FFFD}".as_bytes());
    }
}
