//! Times of day: a cell split into its date and its time.

use crate::date::{NotADate, parse_time};

/// A time of day, and its offset from UTC in seconds.
pub(super) type Time = Result<(i32, Option<i32>), NotADate>;

/// Splits a cell into its date and its time of day, written 13:45, 13.45 or 1:45 PM.
pub(super) fn split_time(text: &str) -> (&str, Option<Time>) {
    if let Some((date, time)) = split_digits(text) {
        return (date, Some(time));
    }
    let begins = match text.find(':') {
        // In 31AUG2024:13:45 the first colon is the border.
        Some(colon) => [text[..colon].rfind([' ', 'T']), Some(colon)],
        None => [text.rfind(' ').map(|last| before_half(text, last)), None],
    };
    let split = |begin: usize| {
        let time = clock_time(text[begin + 1..].trim_start())?;
        let date = text[..begin].trim_end_matches([' ', ',']);
        let date = [" kl.", " kl"].iter().find_map(|word| date.strip_suffix(word)).unwrap_or(date);
        Some((date.trim_end(), Some(time)))
    };
    begins.into_iter().flatten().find_map(split).unwrap_or((text, None))
}

/// Where the time begins whose last word begins at `last`: AM or PM follows it.
fn before_half(text: &str, last: usize) -> usize {
    match text[last..].trim().to_lowercase().as_str() {
        "am" | "pm" | "a.m." | "p.m." => text[..last].trim_end().rfind(' ').unwrap_or(last),
        _ => last,
    }
}

/// A date and a time of day in one row of digits: 202408311345, 20240831134500.
fn split_digits(text: &str) -> Option<(&str, Time)> {
    if !matches!(text.len(), 12 | 14) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (date, time) = text.split_at(8);
    let seconds = time.get(4..6).unwrap_or("00");
    let time = parse_time(format!("T{}:{}:{seconds}", &time[..2], &time[2..4]).as_bytes());
    // A longer number may be anything.
    time.is_ok().then_some((date, time))
}

/// A time of day as clocks show it; `None` if the text does not look like one.
pub(super) fn clock_time(text: &str) -> Option<Time> {
    let lower = text.to_lowercase();
    let (text, half) = [("a.m.", 0), ("p.m.", 12), ("am", 0), ("pm", 12)]
        .iter()
        .find_map(|(word, hours)| Some((lower.strip_suffix(word)?.trim_end(), Some(*hours))))
        .unwrap_or((lower.as_str(), None));
    let text = text.strip_prefix("kl").map_or(text, |rest| rest.trim_start_matches(['.', ' ']));
    let hour = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text.get(hour..)?;
    if !matches!(hour, 1 | 2) || !rest.starts_with([':', '.']) {
        return None;
    }
    let mut written = format!("T{:0>2}{rest}", &text[..hour]);
    if rest.starts_with('.') {
        // 13.45 and 13.45.30, with nothing after them.
        let parts: Vec<&str> = text.split('.').collect();
        let is_pair = |part: &&str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        if !(2..=3).contains(&parts.len()) || !parts[1..].iter().all(is_pair) {
            return None;
        }
        written = written.replace('.', ":");
    }
    written = written.replace('z', "Z");
    let time = parse_time(written.as_bytes());
    Some(match (time, half) {
        (Ok((second, offset)), Some(hours)) if (3600..13 * 3600).contains(&second) => {
            Ok((second % (12 * 3600) + hours * 3600, offset))
        }
        (Ok(_), Some(_)) => Err(NotADate::Impossible),
        (time, _) => time,
    })
}
