//! Personal numbers: where a text contains what looks like the number of a person in Sweden.
//!
//! One detector for everything that is read and written. It knows nothing of files, columns or languages, and does not
//! say whether a number was ever assigned to anyone. It finds
//!
//! - personal numbers and coordination numbers (the day plus 60), YYMMDDNNNC and YYYYMMDDNNNC, with any dash, plus
//!   sign, blank, dot, slash or underscore before the last four, and with the date as YYYY-MM-DD or YY-MM-DD
//!   (folkbokföringslag (1991:481) 18 and 18 a §§; Skatteverket, SKV 704 and 707);
//! - interim numbers: a letter such as T in the first of the last four places (Skatteverket, SKV 707), which is also
//!   how regions such as Skåne write their reserve numbers: a birth date, a letter and three digits;
//! - national reserve numbers, XXYYMMDDNNGC with letters for NN and no sign between (Inera, Nationellt ReservID 1.0),
//!   and those of Region Stockholm: 99, a year and six digits.
//!
//! The date must be a real day, of the years 1800 to 2199 if the century is written. With twelve digits, or ten with a
//! sign between them, that is enough; ten digits alone also need the right check digit, because amounts and telephone
//! numbers have ten digits too. Within a longer row of letters or digits, or after a decimal point, the digits belong
//! to a digest or a coordinate, unless there is a dash and the check digit is right.

use std::ops::Range;

use crate::date::{Day, digits_of_day};
use crate::values::printable;

/// A value on fewer rows than this may be about one person, such as a name in a column of types.
pub const FEWEST_ROWS: u64 = 3;

/// Whether a value that occurs on this many rows may name a person and must not be shown.
pub fn may_name_a_person(value: &str, rows: u64) -> bool {
    rows < FEWEST_ROWS || holds(value)
}

/// Shown in place of a number.
pub const MASK: &str = "••••••";

/// Whether a text, or bytes that may not be text, contain a personal number.
pub fn holds(text: impl AsRef<[u8]>) -> bool {
    find(text.as_ref(), 0).is_some()
}

/// The name of a file, a sheet or a column in a form that may be shown: without personal numbers and invisible
/// characters.
pub fn shown_name(name: &str) -> String {
    masked(&printable(name))
}

/// A text with every personal number replaced by [`MASK`].
pub fn masked(text: &str) -> String {
    let (mut masked, mut from) = (String::with_capacity(text.len()), 0);
    for found in all(text) {
        masked.push_str(&text[from..found.start]);
        masked.push_str(MASK);
        from = found.end;
    }
    masked.push_str(&text[from..]);
    masked
}

/// The places of all personal numbers in a text, as byte ranges in order.
pub fn all(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let found = find(text.as_bytes(), from)?;
        from = found.end;
        Some(found)
    })
}

/// The place of the first number that is not part of an accepted text: one of the project's own texts that look like a
/// number but are not.
pub fn find_unaccepted(bytes: &[u8], accepted: &[String]) -> Option<Range<usize>> {
    let covers = |text: &&[u8], place: &Range<usize>| {
        let first = place.end.saturating_sub(text.len());
        (first..=place.start).any(|at| bytes[at..].starts_with(text))
    };
    let mut from = 0;
    while let Some(found) = find(bytes, from) {
        let texts = || accepted.iter().map(|text| text.as_bytes()).filter(|text| !text.is_empty());
        if !texts().any(|text| covers(&text, &found)) {
            return Some(found);
        }
        from = found.end;
    }
    None
}

/// The first line, from 1, with a number that no accepted text covers.
pub fn line_with_unaccepted(text: &str, accepted: &[String]) -> Option<usize> {
    let holds = |line: &str| find_unaccepted(line.as_bytes(), accepted).is_some();
    Some(text.lines().position(holds)? + 1)
}

/// The byte range of the first personal number after `from`.
fn find(bytes: &[u8], from: usize) -> Option<Range<usize>> {
    let mut at = from;
    // Most bytes do not begin a digit.
    while let Some(next) = bytes[at..].iter().position(|byte| matches!(*byte, b'0'..=b'9' | WIDE)) {
        at += next;
        if digit_at(bytes, at).is_none() {
            at += 1;
            continue;
        }
        if is_lone_date(bytes, at) {
            at += DATE;
            continue;
        }
        let run = Run::at(bytes, at);
        if let Some(number) = Number::at(bytes, run).filter(|number| number.is_a_persons(bytes, at)) {
            return Some(at..number.end);
        }
        at = run.end;
    }
    None
}

/// Length of a date in bytes.
const DATE: usize = 10;

/// Whether a date stands at a place and nothing after it could continue a number: most digits of a table are skipped in
/// this way.
fn is_lone_date(bytes: &[u8], at: usize) -> bool {
    let Some((date, [end, ..])) = bytes[at..].split_first_chunk::<DATE>() else { return false };
    matches!(end, b',' | b';' | b'\t' | b'\n' | b'"' | b'<') && digits_of_day(date).is_some()
}

/// The first byte of a fullwidth digit.
const WIDE: u8 = 0xEF;

/// A digit, ordinary or fullwidth as on East Asian keyboards, and its length in bytes.
fn digit_at(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    match *bytes.get(at)? {
        digit @ b'0'..=b'9' => Some((u64::from(digit - b'0'), 1)),
        WIDE => match bytes[at..] {
            [_, 0xBC, last @ 0x90..=0x99, ..] => Some((u64::from(last - 0x90), 3)),
            _ => None,
        },
        _ => None,
    }
}

/// A row of digits.
#[derive(Debug, Clone, Copy)]
struct Run {
    /// Their value, if there are at most twelve.
    value: u64,
    count: usize,
    /// The index after the last digit.
    end: usize,
}

impl Run {
    fn at(bytes: &[u8], from: usize) -> Run {
        let mut run = Run { value: 0, count: 0, end: from };
        while let Some((digit, length)) = digit_at(bytes, run.end) {
            if run.count < 12 {
                run.value = run.value * 10 + digit;
            }
            run.count += 1;
            run.end += length;
        }
        run
    }
}

/// A sign that may stand between the digits of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// A hyphen, dash or minus of any kind, a soft hyphen, a plus sign.
    Dash,
    /// A blank of any width.
    Blank,
    Dot,
    Slash,
    Underscore,
}

/// The sign at a place, and its length in bytes. In a page it may be written as a character reference.
fn mark_at(bytes: &[u8], at: usize) -> Option<(Mark, usize)> {
    let rest = bytes.get(at..)?;
    let found = match *rest {
        [b'-' | b'+', ..] => (Mark::Dash, 1),
        [b' ', ..] => (Mark::Blank, 1),
        [b'.', ..] => (Mark::Dot, 1),
        [b'/', ..] => (Mark::Slash, 1),
        [b'_', ..] => (Mark::Underscore, 1),
        [b'&', ..] => {
            let (letter, length) = character_reference(rest).filter(|(letter, _)| *letter != '&')?;
            let (mark, _) = mark_at(letter.encode_utf8(&mut [0; 4]).as_bytes(), 0)?;
            (mark, length)
        }
        // U+00A0 and U+00AD.
        [0xC2, 0xA0, ..] => (Mark::Blank, 2),
        [0xC2, 0xAD, ..] => (Mark::Dash, 2),
        // U+2000 to U+200D, U+202F, U+205F and U+2060, U+3000, U+FEFF.
        [0xE2, 0x80, 0x80..=0x8D | 0xAF, ..]
        | [0xE2, 0x81, 0x9F | 0xA0, ..]
        | [0xE3, 0x80, 0x80, ..]
        | [0xEF, 0xBB, 0xBF, ..] => (Mark::Blank, 3),
        // U+2010 to U+2015, U+2212, U+FE58, U+FE63, U+FF0B and U+FF0D.
        [0xE2, 0x80, 0x90..=0x95, ..]
        | [0xE2, 0x88, 0x92, ..]
        | [0xEF, 0xB9, 0x98 | 0xA3, ..]
        | [0xEF, 0xBC, 0x8B | 0x8D, ..] => (Mark::Dash, 3),
        _ => return None,
    };
    Some(found)
}

/// The character of a character reference such as `&nbsp;` or `&#x2f;` at the beginning of a text, and its length in
/// bytes: those of XML, and those that pages use for blanks and dashes.
pub fn character_reference(text: &[u8]) -> Option<(char, usize)> {
    /// Length of the longest reference that is recognised.
    const LONGEST: usize = 10;
    let end = text.iter().take(LONGEST).position(|byte| *byte == b';')?;
    let letter = match std::str::from_utf8(&text[1..end]).ok()? {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "shy" => '\u{ad}',
        "ndash" => '–',
        "mdash" => '—',
        "minus" => '\u{2212}',
        other => {
            let number = other.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)?
        }
    };
    Some((letter, end + 1))
}

/// The sign before the last four places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joint {
    Nothing,
    One(Mark),
    /// A dash with blanks around it.
    Spaced,
}

/// The sign before the last four places, and where they begin.
fn joint_at(bytes: &[u8], at: usize) -> (Joint, usize) {
    let after = |at: usize, wanted: Mark| {
        mark_at(bytes, at).filter(|(mark, _)| *mark == wanted).map(|(_, length)| at + length)
    };
    let blank = after(at, Mark::Blank);
    let Some(dash) = after(blank.unwrap_or(at), Mark::Dash) else {
        return mark_at(bytes, at)
            .map_or((Joint::Nothing, at), |(mark, length)| (Joint::One(mark), at + length));
    };
    match (blank, after(dash, Mark::Blank)) {
        (None, None) => (Joint::One(Mark::Dash), dash),
        (_, second) => (Joint::Spaced, second.unwrap_or(dash)),
    }
}

/// The last four places of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    Digits(u64),
    /// A letter and three digits.
    Letter,
    /// Two capitals, a digit or capital, and a digit.
    Capitals,
}

/// A text in the form of a number.
#[derive(Debug, Clone, Copy)]
struct Number {
    /// The date as digits: YYMMDD or YYYYMMDD.
    birth: u64,
    /// Whether the century is written.
    has_century: bool,
    /// Whether there are signs between year, month and day.
    is_spelled: bool,
    joint: Joint,
    last: Last,
    /// The index after the number.
    end: usize,
}

impl Number {
    /// The number that begins with a row of digits, judged by its form only.
    fn at(bytes: &[u8], run: Run) -> Option<Number> {
        match run.count {
            10 | 12 => Some(Number {
                birth: run.value / 10_000,
                has_century: run.count == 12,
                is_spelled: false,
                joint: Joint::Nothing,
                last: Last::Digits(run.value % 10_000),
                end: run.end,
            }),
            6 | 8 => Number::with_last(bytes, run, false),
            2 | 4 => Number::with_last(bytes, spelled_date(bytes, run)?, true),
            _ => None,
        }
    }

    fn with_last(bytes: &[u8], birth: Run, is_spelled: bool) -> Option<Number> {
        let (joint, at) = joint_at(bytes, birth.end);
        let (last, end) = last_at(bytes, joint, at)?;
        let has_century = birth.count == 8;
        Some(Number { birth: birth.value, has_century, is_spelled, joint, last, end })
    }

    /// Whether it is a personal number, judged by its date, its check digit and the text around it.
    fn is_a_persons(&self, bytes: &[u8], start: usize) -> bool {
        if !self.begins_with_a_day() {
            return false;
        }
        let is_clean = !has_letter_before(bytes, start) && !has_letter_after(bytes, self.end);
        let Last::Digits(last) = self.last else {
            return is_clean && !is_behind_point(bytes, start);
        };
        if self.is_the_year_of_more(bytes, last) || self.is_of_a_uuid(bytes) {
            return false;
        }
        let is_checked = has_check_digit(self.birth % 1_000_000 * 10_000 + last);
        let has_dash = self.joint == Joint::One(Mark::Dash);
        if !is_clean || is_behind_point(bytes, start) {
            return has_dash && is_checked;
        }
        if is_before_point(bytes, self.end) {
            return is_checked && (has_dash || self.has_century);
        }
        let is_enough = match self.joint {
            Joint::Spaced => false,
            Joint::Nothing => self.has_century,
            Joint::One(_) => true,
        };
        is_checked || is_enough && !(self.is_spelled && is_year(last))
    }

    fn begins_with_a_day(&self) -> bool {
        let (year, month, day) = (self.birth / 10_000, self.birth / 100 % 100, self.birth % 100);
        let is_capitals = self.last == Last::Capitals;
        // Region Stockholm: 99, the year and a serial number.
        if self.has_century && year / 100 == 99 && !is_capitals && !self.is_spelled {
            return is_year(self.birth / 100 % 10_000);
        }
        if self.has_century && !is_capitals && !(1800..2200).contains(&year) {
            return false;
        }
        // 2000 was a leap year, so every day of another century also exists in this one. The century of a national
        // reserve number is a serial.
        let year = if self.has_century && !is_capitals { year } else { 2000 + year % 100 };
        let day = if day > 60 { day - 60 } else { day };
        Day::new(year as i32, month as u32, day as u32).is_some()
    }

    /// Whether the text is two dates, or a date and a case number: 2024-01-10 2024-03-31, 2024-01-10 2024-00017.
    fn is_the_year_of_more(&self, bytes: &[u8], last: u64) -> bool {
        let next = |at: usize| {
            let (_, length) = mark_at(bytes, at).filter(|(mark, _)| *mark != Mark::Blank)?;
            Some(Run::at(bytes, at + length)).filter(|run| run.count > 0)
        };
        let Some(second) = next(self.end).filter(|_| is_year(last)) else { return false };
        let is_date = second.count <= 2 && next(second.end).is_some_and(|third| third.count <= 2);
        self.is_spelled || is_date
    }

    /// Whether these are the first two groups of a UUID, 8-4-4-4-12 hexadecimal digits.
    fn is_of_a_uuid(&self, bytes: &[u8]) -> bool {
        let group = |bytes: &[u8]| {
            bytes.len() == 5 && bytes[0] == b'-' && bytes[1..].iter().all(u8::is_ascii_hexdigit)
        };
        let rest = bytes.get(self.end..self.end + 10);
        self.has_century && !self.is_spelled && rest.is_some_and(|rest| rest.chunks(5).all(group))
    }
}

/// A date with signs, given its first digits: YYYY-MM-DD, YYYY.MM.DD, YYYY/MM/DD or YY-MM-DD.
fn spelled_date(bytes: &[u8], year: Run) -> Option<Run> {
    let (mark, _) = mark_at(bytes, year.end)?;
    let fits = match mark {
        Mark::Dash => true,
        Mark::Dot | Mark::Slash | Mark::Underscore => year.count == 4,
        Mark::Blank => false,
    };
    let part = |before: Run| {
        let (_, length) = mark_at(bytes, before.end).filter(|(next, _)| *next == mark)?;
        Some(Run::at(bytes, before.end + length)).filter(|run| run.count == 2)
    };
    let month = part(year).filter(|_| fits)?;
    let day = part(month)?;
    let value = year.value * 10_000 + month.value * 100 + day.value;
    Some(Run { value, count: year.count + 4, end: day.end })
}

/// The letters with which the last four places of an interim number begin.
const INTERIM: &[u8] = b"TRSUWXJKLMN";

/// The last four places at an index, and the index after them.
fn last_at(bytes: &[u8], joint: Joint, at: usize) -> Option<(Last, usize)> {
    let run = Run::at(bytes, at);
    if run.count > 0 {
        return (run.count == 4).then_some((Last::Digits(run.value), run.end));
    }
    // After another sign a letter may begin anything, as in 240110 A123.
    let is_close = matches!(joint, Joint::Nothing | Joint::One(Mark::Dash));
    match *bytes.get(at..at + 4)? {
        // A lower-case letter among digits belongs to a digest.
        [first, b'0'..=b'9', b'0'..=b'9', b'0'..=b'9']
            if INTERIM.contains(&first)
                || is_close && first.is_ascii_uppercase()
                || is_close && first.is_ascii_lowercase() && joint != Joint::Nothing =>
        {
            Some((Last::Letter, at + 4))
        }
        [b'A'..=b'Z', b'A'..=b'Z', b'A'..=b'Z' | b'0'..=b'9', b'0'..=b'9'] if joint == Joint::Nothing => {
            Some((Last::Capitals, at + 4))
        }
        _ => None,
    }
}

fn is_year(number: u64) -> bool {
    (1900..2100).contains(&number)
}

/// Whether the last of ten digits is the right check digit (Luhn; SKV 704).
fn has_check_digit(number: u64) -> bool {
    let (mut rest, mut sum) = (number, 0);
    for place in 0..10 {
        let digit = rest % 10 * (1 + place % 2);
        sum += digit / 10 + digit % 10;
        rest /= 10;
    }
    sum % 10 == 0
}

/// Length of the longest character in bytes.
const LONGEST_LETTER: usize = 4;

fn has_letter_before(bytes: &[u8], at: usize) -> bool {
    match bytes[..at].last() {
        None => false,
        Some(byte) if byte.is_ascii() => byte.is_ascii_alphanumeric(),
        Some(_) => {
            let before = &bytes[at.saturating_sub(LONGEST_LETTER)..at];
            let last = before.utf8_chunks().last().and_then(|chunk| match chunk.invalid() {
                [] => chunk.valid().chars().next_back(),
                _ => None,
            });
            last.is_some_and(char::is_alphanumeric)
        }
    }
}

fn has_letter_after(bytes: &[u8], at: usize) -> bool {
    match bytes.get(at) {
        None => false,
        Some(byte) if byte.is_ascii() => byte.is_ascii_alphanumeric(),
        Some(_) => {
            let after = &bytes[at..bytes.len().min(at + LONGEST_LETTER)];
            let first = after.utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next());
            first.is_some_and(char::is_alphanumeric)
        }
    }
}

/// Whether digits follow a decimal point, or the comma of 0,….
fn is_behind_point(bytes: &[u8], at: usize) -> bool {
    match bytes[..at] {
        [.., b'0'..=b'9', b'.'] => true,
        [.., before, b'0', b','] => !before.is_ascii_digit(),
        [b'0', b','] => true,
        _ => false,
    }
}

fn is_before_point(bytes: &[u8], at: usize) -> bool {
    matches!(bytes[at..], [b'.', b'0'..=b'9', ..])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The place of the first number.
    fn first(text: impl AsRef<[u8]>) -> Option<Range<usize>> {
        find(text.as_ref(), 0)
    }

    /// Random numbers from a seed (SplitMix64).
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, end: u64) -> u64 {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            (mixed ^ (mixed >> 31)) % end
        }

        fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
            of[self.below(of.len() as u64) as usize]
        }

        /// Year, month and day, every fifth with 60 added, and the last four.
        fn person(&mut self) -> (u64, u64, u64, u64) {
            let (year, month) = (1890 + self.below(140), 1 + self.below(12));
            let day = 1 + self.below(u64::from(crate::date::days_in_month(year as i32, month as u32)));
            let day = if self.below(5) == 0 { day + 60 } else { day };
            let nine = (year % 100 * 10_000 + month * 100 + day) * 1_000 + 1 + self.below(999);
            let check =
                (0..10).find(|check| has_check_digit(nine * 10 + check)).expect("one of ten is right");
            (year, month, day, nine % 1_000 * 10 + check)
        }
    }

    const JOINTS: [&str; 36] = [
        "", "-", "+", " ", ".", "/", "_", "\u{a0}", "\u{ad}", "\u{2007}", "\u{2009}", "\u{200a}", "\u{200b}",
        "\u{202f}", "\u{2060}", "\u{2010}", "\u{2011}", "\u{2012}", "–", "—", "\u{2015}", "\u{2212}",
        "\u{3000}", "\u{fe58}", "\u{fe63}", "\u{feff}", "\u{ff0b}", "\u{ff0d}", " - ", " – ", "\u{a0}-",
        "- ", "&nbsp;", "&#8209;", "&#x2f;", "&shy;",
    ];
    const AROUND: [(&str, &str); 12] = [
        ("", ""),
        ("Kalle ", " bor här"),
        ("(", ")"),
        ("\"", "\","),
        ("17;", ";Norr"),
        ("17,", ",Norr"),
        ("<td>", "</td>"),
        ("é ", "."),
        ("utredning_", ".csv"),
        ("pnr:", ", "),
        ("å–", "\u{2026}"),
        ("BU-", " 2024-01-10"),
    ];

    #[test]
    fn a_hundred_thousand_numbers_are_found_in_every_spelling() {
        let mut dice = Dice(12);
        for number in 0..100_000 {
            let (year, month, day, last) = dice.person();
            let short = year % 100;
            let (joint, (before, after)) =
                (JOINTS[number % JOINTS.len()], AROUND[number / JOINTS.len() % AROUND.len()]);
            let mark = if joint.is_empty() { "-" } else { joint };
            let letter = dice.one(&["T", "R", "S", "U", "W", "X", "J", "K", "L", "M", "N", "A"]);
            let rest = last % 1_000;
            let written = match dice.below(8) {
                0 | 1 => format!("{year}{month:02}{day:02}{joint}{last:04}"),
                2 | 3 => format!("{short:02}{month:02}{day:02}{joint}{last:04}"),
                4 => format!("{year}-{month:02}-{day:02}{mark}{last:04}"),
                5 => format!("{short:02}-{month:02}-{day:02}{mark}{last:04}"),
                6 => format!("{year}{month:02}{day:02}-{letter}{rest:03}"),
                _ => format!("{short:02}{month:02}{day:02}{letter}{rest:03}"),
            };
            let text = format!("{before}{written}{after}");
            let found = first(&text).map(|range| &text[range]);
            assert_eq!(found, Some(written.as_str()), "{text}");
            assert_eq!(masked(&text), format!("{before}{MASK}{after}"));
        }
    }

    #[test]
    fn every_kind_is_seen() {
        for text in [
            "19121212-1212",
            "191212121212",
            "121212-1212",
            "1212121212",
            "121212+1212",
            "Kalle121212-1212",
            "121212-1212s akt",
            "2012-02-29-1234",
            "2012-02-29 1234",
            "2012.02.29-1234",
            "2012/02/29 1234",
            "12-02-29-1234",
            "701063-2391",
            "１９１２１２１２－１２１２",
            "121212-T212",
            "20121212-t212",
            "19121212-A123",
            "19121212A123",
            "22121212AB12",
            "22121212ABC2",
            "22000229AB12",
            "991912123456",
            "kö/19121212-1212/",
            "[0.5,19121212-1212]",
            "19121212-1212-2",
            "191212121212.7z",
            "20240110 2024-03-31 eller 19121212-1213",
            // Followed by what is no date.
            "19121212-2012-00017-1",
            "19121212-2012-1-00017",
        ] {
            assert!(holds(text), "{text}");
        }
    }

    #[test]
    fn accepted_texts_pass_where_they_cover_the_number_and_nowhere_else() {
        let accepted = ["akt 19121212-1212".to_owned(), String::new()];
        let found = |text: &str, accepted: &[String]| find_unaccepted(text.as_bytes(), accepted);
        assert_eq!(found("akt 19121212-1212", &[]), Some(4..17));
        assert_eq!(found("akt 19121212-1212", &accepted), None);
        assert_eq!(found("se akt 19121212-1212.", &accepted), None);
        assert_eq!(found("19121212-1212", &accepted), Some(0..13));
        assert_eq!(found("akt 19121212-1212, 121212-1212", &accepted), Some(19..30));
        assert_eq!(found("Enhet 12", &accepted), None);
    }

    #[test]
    fn the_first_line_that_is_not_accepted_is_named() {
        let text = "Enhet 12\nakt 19121212-1212\nakt 19121212-1212, 121212-1212\n";
        let accepted = ["akt 19121212-1212".to_owned()];
        assert_eq!(line_with_unaccepted(text, &[]), Some(2));
        assert_eq!(line_with_unaccepted(text, &accepted), Some(3));
        assert_eq!(line_with_unaccepted("Enhet 12\n", &accepted), None);
    }

    #[test]
    fn dates_of_a_table_are_passed_over_and_numbers_beside_them_are_not() {
        for end in [',', ';', '\t', '\n', '"', '<'] {
            let row = |last: &str| format!("2024-01-10{end}2024-05-10{end}{last}");
            assert_eq!(first(row("2024-05-11")), None);
            assert_eq!(first(row("2012-02-29-1234")), Some(22..37));
            assert_eq!(first(row("121212-1212")), Some(22..33));
        }
    }

    #[test]
    fn what_is_no_number_is_not() {
        for text in [
            "",
            "Enhet 12",
            // No day, or one of another century.
            "121312-1212",
            "20230229-1234",
            "2023-02-29 1234",
            "17121212-1212",
            "230229-1234",
            "19000229-1234",
            "191212921212",
            // Ten digits with another check digit.
            "1212121213",
            // Dates, and two of them.
            "2024-01-10",
            "20240110",
            "2024-01-10 12:30",
            "2024-01-10T12:30:00",
            "2024-01-10 12.30",
            "2024-01-10 2024-03-31",
            "2024-01-10 – 2024-03-31",
            "2024-01-10/2024-03-31",
            "20240110-20240331",
            "20240110–2024-03-31",
            "240110-240331",
            "2024-01-10-2024",
            "2024-01-10 2024-00017",
            "20240110123000",
            // Case numbers.
            "BU-2024-00017",
            "2024-00017",
            "240110-1",
            "240110-12345",
            "SN 2024/1234",
            // Organisations, amounts and telephones.
            "556677-8899",
            "16556677-8899",
            "1 212 121 212 kr",
            "1 212 121,21",
            "0701212121",
            "070-121 21 21",
            "+46701212121",
            // Digests, coordinates and decimals.
            "a191212121212f",
            "1912121212120",
            "0.1212121212",
            "0,1212121212",
            "-0.191212121212",
            "1.191212 1212.5",
            "1212121212.5",
            "191212 - 1213",
            "19121212-1212-4aaa-8bbb-123456789abc",
            "19121212a123",
            "121212-1213s",
            "121212-T212s",
            "0.121212T212",
            "22121212-AB12",
        ] {
            assert_eq!(first(text), None, "{text}");
        }
    }

    #[test]
    fn a_hundred_thousand_other_texts_hold_none() {
        let mut dice = Dice(21);
        let mut number = |digits: u32| dice.below(10_u64.pow(digits));
        for _ in 0..10_000 {
            let day = Day(10_000 + number(4) as i32);
            let other = Day(day.0 + 1 + number(3) as i32);
            let packed = |day: Day| day.to_string().replace('-', "");
            let hours = (number(2) % 24, number(2) % 60);
            let digest = format!("{:016x}{:016x}", number(19), number(19));
            for text in [
                format!("{day} {other}"),
                format!("{day}/{other}"),
                format!("{}-{}", packed(day), packed(other)),
                format!("{}-{}", &packed(day)[2..], &packed(other)[2..]),
                format!("{day} {:02}:{:02}", hours.0, hours.1),
                format!("BU-{}-{:05}", 2000 + number(2), number(5)),
                format!("{:02}{:02}{:02}-{:04}", number(2), 20 + number(2) % 80, number(2), number(4)),
                format!(
                    "{:.10} {:.6},{:.4}",
                    number(9) as f64 / 1e9,
                    number(9) as f64 / 7e5,
                    number(6) as f64 / 7e2
                ),
                format!("+46{:09} 08-{:03} {:03} {:02}", number(9), number(3), number(3), number(2)),
                digest,
            ] {
                assert_eq!(first(&text), None, "{text}");
            }
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_looked_through() {
        let bytes = b"\xFF\xC3\x28121212-1212\x80\xE2\x80";
        assert_eq!(first(bytes), Some(3..14));
        assert_eq!(first(b"\xEF\xBC"), None);
        assert_eq!(first("å1212121212"), None);
        assert_eq!(first("22121212AB12 Norr"), Some(0..12));
        assert_eq!(first("1212121212å"), None);
    }

    #[test]
    fn every_number_of_a_text_is_masked() {
        assert_eq!(masked("Kalle 121212-1212, Åsa 20121212\u{2011}1234."), "Kalle ••••••, Åsa ••••••.");
        assert_eq!(masked("Enhet 12"), "Enhet 12");
        assert_eq!(shown_name("Akt\u{1b}[m 121212\u{202e}-1212\n.csv"), "Akt[m •••••• .csv");
    }

    #[test]
    fn values_on_few_rows_and_numbers_may_name_a_person() {
        assert!(may_name_a_person("Anna Andersson", 2));
        assert!(!may_name_a_person("Vuxenutredning", 3));
        assert!(may_name_a_person("Akt 121212-1212", 1_000));
    }

    #[test]
    fn check_digits_are_those_of_the_tax_agency() {
        // The example of SKV 704, and all ten last digits of one: one is right.
        assert!(has_check_digit(6_408_233_234));
        assert_eq!((0..10).filter(|check| has_check_digit(121_212_121 * 10 + check)).count(), 1);
    }
}
