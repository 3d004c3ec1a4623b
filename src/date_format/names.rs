//! Dates with words: the name of a month, and the words that may stand before a date.

use super::notation::{Class, Separator, number};

/// How names of months begin, in the languages of the systems in use.
const MONTHS: [&[&str]; 12] = [
    &["jan"],
    &["feb"],
    &["mar", "mär"],
    &["apr"],
    &["maj", "may", "mai"],
    &["jun"],
    &["jul"],
    &["aug"],
    &["sep"],
    &["okt", "oct"],
    &["nov"],
    &["dec", "des", "dez"],
];

/// Day, month and year of a date whose month is a name: 3 jan 2024, 31-AUG-24, Aug 31, 2024, 31AUG2024.
pub(super) fn named_month(date: &str) -> Option<(Class, [u32; 3])> {
    let is_between = |letter: char| matches!(letter, ' ' | '-' | '/' | '.' | ',');
    let parts: Vec<&str> = date.split(is_between).filter(|part| !part.is_empty()).collect();
    let [a, b, c] = match parts[..] {
        [one] => around_letters(one)?,
        _ => <[&str; 3]>::try_from(parts).ok()?,
    };
    let month_of = |word: &str| {
        let word = word.to_lowercase();
        let is_word = word.chars().count() <= 9 && word.chars().all(char::is_alphabetic);
        let begins = |names: &[&str]| names.iter().any(|name| word.starts_with(name));
        MONTHS.iter().position(|names| is_word && begins(names)).map(|index| index as u32 + 1)
    };
    let digits = |part: &str| {
        (!part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())).then_some(part.len())
    };
    let (class, parts) = match (digits(a), digits(b), digits(c)) {
        (Some(1 | 2), None, Some(4)) => {
            (Class::YearLast(Separator::Name), [number(a), month_of(b)?, number(c)])
        }
        (Some(4), None, Some(1 | 2)) => {
            (Class::YearLast(Separator::Name), [number(c), month_of(b)?, number(a)])
        }
        (None, Some(1 | 2), Some(4)) => {
            (Class::YearLast(Separator::Name), [number(b), month_of(a)?, number(c)])
        }
        (Some(1 | 2), None, Some(2)) => (Class::Short(Separator::Name), [number(a), month_of(b)?, number(c)]),
        _ => return None,
    };
    Some((class, parts))
}

/// The three parts of a date written in one word: 31AUG2024.
fn around_letters(word: &str) -> Option<[&str; 3]> {
    let is_digit = |letter: char| letter.is_ascii_digit();
    let (day, rest) = word.split_at(word.find(|letter| !is_digit(letter))?);
    let (month, year) = rest.split_at(rest.find(is_digit)?);
    Some([day, month, year])
}

/// How words that may stand before a date begin: days of the week, and the Swedish article.
const BEFORE_DATES: [&str; 15] =
    ["mån", "tis", "ons", "tor", "fre", "lör", "sön", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "den"];

/// The text without the words that may stand before a date: fre 2024-08-30, Saturday, den 31 augusti 2024.
pub(super) fn without_weekday(mut text: &str) -> &str {
    let is_before = |word: &str| {
        let word = word.to_lowercase();
        word.chars().all(char::is_alphabetic) && BEFORE_DATES.iter().any(|begin| word.starts_with(begin))
    };
    while let Some((_, rest)) = text.split_once([' ', ',', '.']).filter(|(word, _)| is_before(word)) {
        text = rest.trim_start_matches([' ', ',', '.']);
    }
    text
}
