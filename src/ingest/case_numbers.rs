//! Case numbers: when two are the same, and signs that a program has destroyed them.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use unicode_normalization::UnicodeNormalization;

use super::faults::Place;
use crate::date::Day;
use crate::values::{bare, composed, is_empty_marker, lacks_value, name, printable};

/// A case number, as shown and as compared.
pub struct CaseNumber<'a> {
    /// As it is shown.
    pub shown: Cow<'a, [u8]>,
    is_plain: bool,
}

impl<'a> CaseNumber<'a> {
    /// The number in a cell. Most are plain and are borrowed.
    #[inline]
    pub fn of(cell: &'a [u8], empty: &[String]) -> CaseNumber<'a> {
        let is_plain = is_plain(cell) && empty.is_empty();
        CaseNumber { shown: if is_plain { cell.into() } else { shown(cell, empty) }, is_plain }
    }

    /// No number, although the cell is not empty.
    pub fn none() -> CaseNumber<'a> {
        CaseNumber { shown: Cow::default(), is_plain: false }
    }

    /// Whether the number has only one spelling and nothing broken in it.
    pub fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// What `look` makes of it as it is compared.
    #[inline]
    pub fn with_key<T>(&self, look: impl FnOnce(&[u8]) -> T) -> T {
        if self.is_plain { look(&self.shown) } else { with_key(&self.shown, look) }
    }
}

#[cold]
fn shown<'a>(cell: &'a [u8], empty: &[String]) -> Cow<'a, [u8]> {
    if lacks_value(cell) || is_no_number(cell) {
        return Cow::default();
    }
    match tidy(cell) {
        Some(text) if is_empty_marker(text, empty) => Cow::default(),
        Some(_) => cell.into(),
        None => name(cell, empty).into_bytes().into(),
    }
}

/// Whether a cell says that there is no number, so that two rows with it are not the same case.
fn is_no_number(cell: &[u8]) -> bool {
    const WORDS: [&str; 14] = [
        "saknas",
        "nr saknas",
        "nummer saknas",
        "ärendenr saknas",
        "uppgift saknas",
        "okänd",
        "okänt",
        "ej angivet",
        "inget",
        "ingen",
        "missing",
        "unknown",
        "x",
        "xx",
    ];
    const LONGEST: usize = "ärendenr saknas".len();
    if cell.len() > 2 * LONGEST || cell.iter().any(u8::is_ascii_digit) {
        return false;
    }
    let text = String::from_utf8_lossy(cell);
    WORDS.contains(&composed(bare(&text)).to_lowercase().as_str())
}

/// A case number as it is compared: blanks, case, invisible characters, the kind of dash and the Unicode form make no
/// difference.
pub fn key_of(number: &[u8]) -> Cow<'_, [u8]> {
    if is_plain(number) { number.into() } else { with_key(number, |key| key.to_owned()).into() }
}

/// What `look` makes of a case number as it is compared. Nothing is allocated for usual ones.
pub fn with_key<T>(number: &[u8], look: impl FnOnce(&[u8]) -> T) -> T {
    const USUAL: usize = 64;
    if is_plain(number) {
        return look(number);
    }
    if number.len() > USUAL || !number.is_ascii() || number.iter().any(u8::is_ascii_control) {
        return look(&folded_key(number));
    }
    let (mut key, mut length) = ([0; USUAL], 0);
    for byte in number.iter().filter(|byte| **byte != b' ') {
        key[length] = byte.to_ascii_uppercase();
        length += 1;
    }
    look(&key[..length])
}

#[cold]
fn folded_key(number: &[u8]) -> Vec<u8> {
    let is_idle = |letter: &char| {
        letter.is_whitespace()
            || matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
    };
    let dashed = |letter| if matches!(letter, '\u{2010}'..='\u{2015}' | '\u{2212}') { '-' } else { letter };
    let text = String::from_utf8_lossy(number);
    let text: String = printable(&text).nfkc().filter(|letter| !is_idle(letter)).map(dashed).collect();
    composed(&text.to_uppercase()).into_owned().into_bytes()
}

/// Whether the number has only one spelling and is not a mark for an empty cell.
#[inline]
fn is_plain(cell: &[u8]) -> bool {
    // Marks for an empty cell begin with punctuation or the N of null, and words for no number hold no digit.
    let begins = cell.first().is_some_and(|first| !matches!(first, b'N' | b'-' | b'/' | b':'));
    let (all_plain, has_digit) = cell.iter().fold((true, false), |(plain, digit), byte| {
        (plain & IS_PLAIN[usize::from(*byte)], digit | byte.is_ascii_digit())
    });
    begins && all_plain && has_digit
}

/// Digits, capitals and common separators.
const IS_PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        plain[byte] = matches!(byte as u8, b'0'..=b'9' | b'A'..=b'Z' | b'-' | b'/' | b':');
        byte += 1;
    }
    plain
};

/// ASCII text that is shown unchanged: single blanks between words, none around them, and no prefix that keeps Excel
/// from reading it as a number.
fn tidy(cell: &[u8]) -> Option<&str> {
    let has_mark = matches!(cell, [b'=' | b'\'', ..]);
    let has_other_blanks = cell.iter().any(u8::is_ascii_control);
    let has_idle_blanks = cell.split(|byte| *byte == b' ').any(<[u8]>::is_empty);
    let is_tidy = cell.is_ascii() && !has_mark && !has_other_blanks && !has_idle_blanks;
    std::str::from_utf8(cell).ok().filter(|_| is_tidy)
}

/// What a program did to case numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Destroyed {
    /// 2,024E+11: digits are gone.
    Scientific,
    /// 17.0: a number without its text.
    Decimal,
    /// Sixteen digits or more, all of which end in 0: spreadsheets keep fifteen.
    Rounded,
    /// 17 beside 000018: zeros are gone.
    LostZeros,
    /// jan-24 or 2024-01-01 beside 13-24: numbers became dates.
    Dates,
}

impl Destroyed {
    /// The key of its sentence in the text catalogues.
    pub fn id(self) -> &'static str {
        match self {
            Destroyed::Scientific => "scientific",
            Destroyed::Decimal => "decimal",
            Destroyed::Rounded => "rounded",
            Destroyed::LostZeros => "lost-zeros",
            Destroyed::Dates => "dates",
        }
    }
}

/// The first place where something occurs, and how often it does.
type Met = Option<(Place, u64)>;

fn join(one: Met, other: Met) -> Met {
    match (one, other) {
        (Some((place, count)), Some((second, more))) => Some((place.min(second), count + more)),
        (one, other) => one.or(other),
    }
}

/// The least and the greatest of two spans of numbers.
fn joined_spans(one: Option<(u64, u64)>, other: Option<(u64, u64)>) -> Option<(u64, u64)> {
    match (one, other) {
        (Some(one), Some(other)) => Some((one.0.min(other.0), one.1.max(other.1))),
        (one, other) => one.or(other),
    }
}

/// The shapes that the case numbers of a control have in an export, or in several.
#[derive(Debug, Clone, Copy, Default)]
pub struct NumberShapes {
    scientific: Met,
    /// `17.0` and `17,0`; and numbers with other decimals, which are numbers of another kind.
    decimal_zero: Met,
    other_decimal: u64,
    /// Numbers of sixteen digits or more that end in 0, and those that end in another digit.
    rounded: Met,
    exact: u64,
    /// Dates as Excel writes them, such as jan-24, and the months in them, a bit for each.
    months: Met,
    months_seen: u16,
    /// Days such as 2024-01-01.
    days: Met,
    /// Numbers such as 13-24, which spreadsheets take for dates where they can.
    pairs: u64,
    /// All numbers.
    all: u64,
    /// The length of the longest number with a leading zero.
    longest_led_by_zero: usize,
    /// The least and the greatest number with a leading zero.
    led_by_zero: Option<(u64, u64)>,
    /// The length of the shortest number without one, and its place.
    shortest: Option<(usize, Place)>,
    /// The least and the greatest number without one.
    others: Option<(u64, u64)>,
}

impl NumberShapes {
    /// Examines another number.
    #[inline]
    pub fn add(&mut self, number: &[u8], place: Place) {
        self.all += u64::from(!number.is_empty());
        if let Some(month) = written_month(number) {
            self.months = join(self.months, Some((place, 1)));
            self.months_seen |= 1 << month;
            return;
        }
        let digits = number.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            return;
        }
        if digits == number.len() {
            return self.add_digits(number, place);
        }
        let met = Some((place, 1));
        match &number[digits..] {
            [b'.' | b',', b'0'] => self.decimal_zero = join(self.decimal_zero, met),
            [b'.' | b',', rest @ ..] if !rest.is_empty() && rest.iter().all(u8::is_ascii_digit) => {
                self.other_decimal += 1;
            }
            [b'-' | b'/', rest @ ..] if !rest.is_empty() && rest.iter().all(u8::is_ascii_digit) => {
                self.pairs += 1;
            }
            [b'-', ..] if is_day(number) => self.days = join(self.days, met),
            rest if is_exponent(rest) => self.scientific = join(self.scientific, met),
            _ => {}
        }
    }

    fn add_digits(&mut self, number: &[u8], place: Place) {
        /// Digits of a number that spreadsheets keep.
        const KEPT: usize = 15;
        let length = number.len();
        let value = |value: u64, byte: &u8| value.saturating_mul(10).saturating_add(u64::from(byte - b'0'));
        let value = number.iter().fold(0, value);
        let span = Some((value, value));
        match number {
            [b'0', _, ..] => {
                self.longest_led_by_zero = self.longest_led_by_zero.max(length);
                self.led_by_zero = joined_spans(self.led_by_zero, span);
            }
            _ => {
                let this = (length, place);
                self.shortest = Some(self.shortest.map_or(this, |shortest| shortest.min(this)));
                self.others = joined_spans(self.others, span);
            }
        }
        if length > KEPT {
            match number.last() {
                Some(b'0') => self.rounded = join(self.rounded, Some((place, 1))),
                _ => self.exact += 1,
            }
        }
    }

    /// How many numbers there are.
    pub fn all(&self) -> u64 {
        self.all
    }

    /// Adds the shapes of other rows.
    pub fn join(&mut self, other: &NumberShapes) {
        self.scientific = join(self.scientific, other.scientific);
        self.decimal_zero = join(self.decimal_zero, other.decimal_zero);
        self.rounded = join(self.rounded, other.rounded);
        self.other_decimal += other.other_decimal;
        self.exact += other.exact;
        self.months = join(self.months, other.months);
        self.months_seen |= other.months_seen;
        self.days = join(self.days, other.days);
        self.pairs += other.pairs;
        self.all += other.all;
        self.longest_led_by_zero = self.longest_led_by_zero.max(other.longest_led_by_zero);
        self.led_by_zero = joined_spans(self.led_by_zero, other.led_by_zero);
        self.others = joined_spans(self.others, other.others);
        self.shortest = match (self.shortest, other.shortest) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }

    /// Where numbers became dates: beside others that could not, or with nothing but months, of which there are several.
    /// A single day may be a slip of the keyboard, and numbers may be days by design.
    fn dates(&self) -> Option<Place> {
        let of_months = |(_, count): &(Place, u64)| {
            self.pairs > 0 || *count == self.all && self.months_seen.count_ones() > 1
        };
        let months = self.months.filter(of_months);
        let days = self.days.filter(|(_, count)| *count > 1 && self.pairs > 0);
        months.or(days).map(|(place, _)| place)
    }

    /// The first number that is shorter than others of `with_zeros`, which have leading zeros. Those of another export
    /// may be of another system, unless they are of the same size.
    fn lost_zeros(&self, with_zeros: &NumberShapes, is_same_export: bool) -> Option<Place> {
        let (length, place) = self.shortest?;
        let (led, own) = (with_zeros.led_by_zero?, self.others?);
        let meet = led.0 <= own.1 && own.0 <= led.1;
        (length < with_zeros.longest_led_by_zero && (is_same_export || meet)).then_some(place)
    }

    /// What a program did to the numbers of a control, by export, and the first place that shows it.
    pub fn destroyed(of_exports: &[&NumberShapes]) -> Option<(Destroyed, Place)> {
        let mut all = NumberShapes::default();
        of_exports.iter().for_each(|shapes| all.join(shapes));
        let numbered = || of_exports.iter().enumerate();
        let lost = numbered().flat_map(|(number, own)| {
            numbered().filter_map(move |(other, with_zeros)| own.lost_zeros(with_zeros, number == other))
        });
        all.destroyed_but_for(lost.min())
    }

    fn destroyed_but_for(&self, lost_zeros: Option<Place>) -> Option<(Destroyed, Place)> {
        /// With fewer numbers, the last digit may be 0 by chance.
        const FEWEST_ROUNDED: u64 = 3;
        let decimal = self.decimal_zero.filter(|_| self.other_decimal == 0);
        let rounded = self.rounded.filter(|(_, count)| self.exact == 0 && *count >= FEWEST_ROUNDED);
        let found = [
            (Destroyed::Scientific, self.scientific.map(|(place, _)| place)),
            (Destroyed::Decimal, decimal.map(|(place, _)| place)),
            (Destroyed::Rounded, rounded.map(|(place, _)| place)),
            (Destroyed::LostZeros, lost_zeros),
            (Destroyed::Dates, self.dates()),
        ];
        found.into_iter().find_map(|(what, place)| Some((what, place?)))
    }
}

/// The month of a date as Excel writes it, from 0: `jan-24` and `01-jan`, in Swedish and English.
fn written_month(number: &[u8]) -> Option<usize> {
    const MONTHS: [&[&str]; 12] = [
        &["jan"],
        &["feb"],
        &["mar"],
        &["apr"],
        &["maj", "may"],
        &["jun"],
        &["jul"],
        &["aug"],
        &["sep"],
        &["okt", "oct"],
        &["nov"],
        &["dec"],
    ];
    const LENGTHS: RangeInclusive<usize> = "1-jan".len()..="01-jan".len();
    if !LENGTHS.contains(&number.len()) {
        return None;
    }
    let (one, other) = std::str::from_utf8(number).ok()?.split_once('-')?;
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (name, number) = if is_number(other) { (one, other) } else { (other, one) };
    // Excel writes names in small letters or with an initial capital; codes such as MAJ-17 are in capitals.
    let is_name =
        name.len() == 3 && is_number(number) && name.as_bytes()[1..].iter().all(u8::is_ascii_lowercase);
    let is_called = |names: &&[&str]| names.iter().any(|other| other.eq_ignore_ascii_case(name));
    is_name.then(|| MONTHS.iter().position(is_called))?
}

/// `2024-01-31`.
fn is_day(number: &[u8]) -> bool {
    std::str::from_utf8(number).is_ok_and(|text| Day::parse_iso(text).is_some())
}

/// `,024E+11` after the first digits of a number.
fn is_exponent(rest: &[u8]) -> bool {
    let fraction = match rest {
        [b'.' | b',', rest @ ..] => rest,
        rest => rest,
    };
    let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
    matches!(&fraction[digits..], [b'E' | b'e', b'+', power @ ..] if !power.is_empty() && power.iter().all(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_numbers_are_shown_bare_and_compared_without_what_varies() {
        let number = |text: &str| {
            String::from_utf8(CaseNumber::of(text.as_bytes(), &[]).shown.into_owned()).expect("UTF-8")
        };
        assert_eq!(number("2024-17"), "2024-17");
        assert_eq!(number("=\"0017\""), "0017");
        assert_eq!(number("NULL"), "");
        assert_eq!(number("-"), "");
        let key =
            |text: &str| String::from_utf8(key_of(number(text).as_bytes()).into_owned()).expect("UTF-8");
        for (one, other) in [
            ("BU 2024-17", "BU  2024-17"),
            ("NU 2024-17", "NU\u{a0}2024-17"),
            ("bu-17", "BU-17"),
            ("Å-1", "A\u{30a}-1"),
            ("n17", "N17"),
            ("=\"17\"", "17"),
            ("BU\u{200b}17", "BU17"),
            ("BU\u{ad}17", "BU17"),
            ("ＢＵ１７", "BU17"),
            ("BU 2024-17", "BU2024-17"),
            ("12 301", "12301"),
            ("12\u{a0}301", "12301"),
            ("12\u{202f}301", "12301"),
            ("BU\u{2013}17", "BU-17"),
            ("BU\u{2212}17", "BU\u{2011}17"),
            ("BU \u{2014} 17", "BU-17"),
        ] {
            assert_eq!(key(one), key(other), "{one}");
        }
        assert_ne!(key("BU 1"), key("BU 11"));
    }

    #[test]
    fn tidy_numbers_are_read_as_others_are() {
        let none = Vec::new();
        let empty = vec!["saknas".to_owned(), "0".to_owned()];
        for text in [
            "",
            " ",
            "n17",
            "N17",
            "bu 17",
            "BU 17.1",
            "BU  17",
            " BU 17",
            "BU 17 ",
            "BU\t17",
            "BU\n17",
            "'17",
            "' 17",
            "=\"17\"",
            "=\"n 17\"",
            "=17",
            "nan",
            "NULL",
            "n/a",
            "-",
            "- 1",
            ".",
            "\\N",
            "SUMMA",
            "0",
            "BU\u{a0}17",
            "Å 17",
            "bu\u{0}17",
            "bu\u{1c}17",
        ] {
            for empty in [&none, &empty] {
                let shown = CaseNumber::of(text.as_bytes(), empty).shown;
                assert_eq!(shown, name(text.as_bytes(), empty).into_bytes(), "{text:?}");
            }
            assert_eq!(*key_of(text.as_bytes()), folded_key(text.as_bytes()), "{text:?}");
        }
        assert!(matches!(CaseNumber::of(b"bu 17.1", &none).shown, Cow::Borrowed(_)));
        assert!(matches!(key_of(b"BU-17"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_word_or_an_error_in_place_of_a_number_is_none() {
        let number = |text: &str| CaseNumber::of(text.as_bytes(), &[]).shown.into_owned();
        for text in
            ["Saknas", "SAKNAS", "X", "xx", "Okänt", "okA\u{308}nd", "#REFERENS!", "#FORMULA", "#VÄRDEFEL!"]
        {
            assert!(number(text).is_empty(), "{text}");
        }
        for text in ["A", "AX", "X1", "x-17", "Saknas 2", "XXL", "#17", "Okänt ärende"] {
            assert_eq!(number(text), text.as_bytes(), "{text}");
        }
    }

    fn shapes(numbers: &[&str]) -> NumberShapes {
        let mut shapes = NumberShapes::default();
        let place = |line| Place { export: 0, line };
        numbers.iter().zip(1..).for_each(|(number, line)| shapes.add(number.as_bytes(), place(line)));
        shapes
    }

    fn destroyed(numbers: &[&str]) -> Option<Destroyed> {
        NumberShapes::destroyed(&[&shapes(numbers)]).map(|(what, _)| what)
    }

    #[test]
    fn zeros_are_lost_among_numbers_of_one_size_and_another_system_has_none() {
        let lost = |one: &[&str], other: &[&str]| {
            NumberShapes::destroyed(&[&shapes(one), &shapes(other)]).map(|(what, _)| what)
        };
        assert_eq!(lost(&["000017", "000018"], &["17", "19"]), Some(Destroyed::LostZeros));
        assert_eq!(lost(&["17", "19"], &["000017", "000018"]), Some(Destroyed::LostZeros));
        assert_eq!(lost(&["000001", "000040"], &["4500", "4567"]), None);
        assert_eq!(lost(&["000001", "39"], &["4500", "4567"]), Some(Destroyed::LostZeros), "in one export");
        assert_eq!(
            lost(&["13-24"], &["jan-24"]),
            Some(Destroyed::Dates),
            "the other signs hold for all together"
        );
    }

    #[test]
    fn destroyed_numbers_are_seen_and_others_are_not() {
        assert_eq!(destroyed(&["2,024E+11", "17"]), Some(Destroyed::Scientific));
        assert_eq!(destroyed(&["2.02400E+11"]), Some(Destroyed::Scientific));
        assert_eq!(destroyed(&["2E+11"]), Some(Destroyed::Scientific));
        assert_eq!(destroyed(&["17.0", "18.0"]), Some(Destroyed::Decimal));
        assert_eq!(destroyed(&["17,0"]), Some(Destroyed::Decimal));
        assert_eq!(destroyed(&["000017", "18"]), Some(Destroyed::LostZeros));
        assert_eq!(destroyed(&["2024000000001230"; 3]), Some(Destroyed::Rounded));
        assert_eq!(destroyed(&["jan-24", "feb-24", "13-24"]), Some(Destroyed::Dates));
        assert_eq!(destroyed(&["13-24", "May-24"]), Some(Destroyed::Dates));
        assert_eq!(destroyed(&["01-feb", "2024/13"]), Some(Destroyed::Dates));
        assert_eq!(destroyed(&["1-Oct", "31-12", "32-12"]), Some(Destroyed::Dates));
        assert_eq!(destroyed(&["jan-24", "maj-24", "okt-24"]), Some(Destroyed::Dates));
        assert_eq!(destroyed(&["2024-01-01", "2024-02-01", "13-24"]), Some(Destroyed::Dates));
        for sound in [
            &["17", "18", "104"][..],
            &["2024-08-31", "2024-09-01", "2024-09-02"],
            &["2024-08-31-1", "2024-08-31-2", "13-24"],
            &["2024-01-01", "13-24", "14-24"],
            &["MAJ-17", "MAR-17", "13-24"],
            &["jan-01", "jan-02"],
            &["jan-01", "maj-01", "eva-01"],
            &["jan-1024", "feb-1024", "jan-", "-jan", "24-24"],
            &["2024-17", "2024/18"],
            &["000017", "000018", "123456"],
            &["12.0", "12.1", "12.10"],
            &["2024-17", "BU 17", "2E5", "17E"],
            &["2024000000001230", "2024000000001231", "2024000000001240", "2024000000001250"],
            &["0", "17"],
        ] {
            assert_eq!(destroyed(sound), None, "{sound:?}");
        }
    }
}
