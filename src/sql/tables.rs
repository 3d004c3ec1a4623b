//! The tables: days, due dates, marks, times and what each control goes by.

use std::collections::BTreeSet;
use std::fmt::Display;

use crate::calendar::next_weekday;
use crate::date::{Day, FIRST_INPUT_DAY, LAST_DUE_DAY, LAST_INPUT_DAY, Stamp};
use crate::date_format::{Notation, read_stamp};
use crate::ingest::usual_words;
use crate::judge::{DueDates, Extensions, WithoutTimes};
use crate::moment::swedish_time;
use crate::period::PeriodKind;
use crate::pipeline::Control;
use crate::project::Settings;
use crate::rulebook::{Clock, JudgedBy, Roll, Rule};
use crate::values::no_day_marks;

/// A table: its columns, each with whether it holds numbers, and its rows. An unknown number is an empty cell.
pub struct Sheet {
    /// Its name.
    pub name: &'static str,
    /// Its columns.
    pub columns: Vec<(String, bool)>,
    rows: Vec<Vec<String>>,
}

impl Sheet {
    /// A table without rows. A column whose name ends in `#` holds numbers.
    pub fn new(name: &'static str, columns: &str) -> Sheet {
        let column = |column: &str| (column.trim_end_matches('#').to_owned(), column.ends_with('#'));
        Sheet { name, columns: columns.split_whitespace().map(column).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn push(&mut self, row: Vec<String>) {
        self.rows.push(row);
    }

    /// As a file.
    pub fn csv(&self) -> Vec<u8> {
        const IN_MEMORY: &str = "writing into memory does not fail";
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(self.columns.iter().map(|(name, _)| name)).expect(IN_MEMORY);
        self.rows.iter().for_each(|row| writer.write_record(row).expect(IN_MEMORY));
        writer.into_inner().expect(IN_MEMORY)
    }
}

/// A value that may be unknown.
fn cell(value: Option<impl Display>) -> String {
    value.map_or(String::new(), |value| value.to_string())
}

/// 1 or 0.
fn flag(is_so: bool) -> String {
    i32::from(is_so).to_string()
}

/// Everything that decides.
pub fn of_law(controls: &[Control], settings: &Settings, as_of: Day) -> Vec<Sheet> {
    vec![
        calendar(),
        due(controls, as_of),
        terms(controls, settings, as_of),
        methods(controls),
        dates(),
        times(controls),
        status(),
    ]
}

/// One row a day. Offsets are Sweden's from UTC, in seconds, as the day begins, the one before and the one after.
fn calendar() -> Sheet {
    let columns = "day_text day_number# month_text tertial quarter half_year year_text next_weekday# \
                   utc_offset# offset_before# offset_after#";
    let periods =
        [PeriodKind::Month, PeriodKind::Tertial, PeriodKind::Quarter, PeriodKind::HalfYear, PeriodKind::Year];
    let mut sheet = Sheet::new("calendar", columns);
    for day in (FIRST_INPUT_DAY.0..=LAST_DUE_DAY.0).map(Day) {
        let offsets = [day, day.plus_days(-1), day.plus_days(1)].map(|day| offset(day, 0));
        let mut row = vec![day.to_string(), day.0.to_string()];
        row.extend(periods.map(|kind| kind.holding(day).to_string()));
        row.push(cell(next_weekday(day).map(|day| day.0)));
        row.extend(offsets.map(|number| number.to_string()));
        sheet.push(row);
    }
    sheet
}

const SECONDS_A_DAY: i64 = 86_400;

/// Sweden's offset from UTC at a second of a day, in seconds.
fn offset(day: Day, second: i64) -> i64 {
    let stamp = Stamp { day, second_of_day: Some(second as i32), offset_seconds: None };
    let moment = swedish_time(stamp).moment.expect("it has a time");
    i64::from(day.0) * SECONDS_A_DAY + second - moment.0
}

/// Where summer time begins or ends: the second of the day by the clock on the wall, and how far the clock is moved. On
/// other days nothing comes that late.
fn clock_change(day: Day) -> (i64, i64) {
    let (before, after) = (offset(day, 0), offset(day, SECONDS_A_DAY - 1));
    if before == after {
        return (SECONDS_A_DAY, 0);
    }
    let (mut last, mut first) = (0, SECONDS_A_DAY - 1);
    while first - last > 1 {
        let middle = (last + first) / 2;
        if offset(day, middle) == before { last = middle } else { first = middle }
    }
    (first, after - before)
}

/// One row a control and start day, up to the as-of date: cases that start later do not exist yet.
fn due(controls: &[Control], as_of: Day) -> Sheet {
    let columns = "control start_text start_day# due_text due_day# rolled_text rolled_day# reference_text \
                   reference_day# law method_bit#";
    let mut sheet = Sheet::new("due", columns);
    for Control { rule, .. } in controls {
        for start in (FIRST_INPUT_DAY.0..=as_of.0).map(Day) {
            let Some((dues, by_column)) = dues(start, rule) else { continue };
            let law = rule.law_number(start).expect("it has due dates");
            let [due, rolled] = [dues.strict, dues.rolled].map(|day| (!by_column).then_some(day));
            let reference = dues.reference.filter(|_| rule.reference != Some(Clock::DueColumn));
            let mut row = vec![rule.id.clone(), start.to_string(), start.0.to_string()];
            row.extend(
                [due, rolled, reference].into_iter().flat_map(|day| [cell(day), cell(day.map(|day| day.0))]),
            );
            row.extend([rule.laws[law].citation.sv.clone(), (1 << rule.method_number(law)).to_string()]);
            sheet.push(row);
        }
    }
    sheet
}

/// The due dates of a start day, and whether the lawful one is the export's own; `None` if no case of the day is judged.
fn dues(start: Day, rule: &Rule) -> Option<(DueDates, bool)> {
    let law = rule.law_number(start)?;
    let by_column = rule.laws[law].method == Clock::DueColumn;
    // Any day will do in the place of the case's own; one in the calendar is not refused.
    DueDates::of(start, Some(start.max(Day(0))), rule).ok().map(|dues| (dues, by_column))
}

/// What each control goes by.
fn terms(controls: &[Control], settings: &Settings, as_of: Day) -> Sheet {
    let columns = "control as_of# as_of_offset# rolls# may_roll# honours# decides# uses_due# counts_hours# clock_hours# \
                   clock_days# has_reference# reference_own# reference_hours# reference_days# excludes_untimed#";
    let mut sheet = Sheet::new("controls", columns);
    for Control { rule, extensions, without_times } in controls {
        let [own, reference] = [Some(rule.newest_method()), rule.reference].map(hours_of);
        let mut row = vec![rule.id.clone(), as_of.0.to_string(), offset(as_of.plus_days(1), 0).to_string()];
        row.extend(
            [
                rule.roll == Roll::NextWeekday,
                rule.may_roll(),
                *extensions == Extensions::Honour,
                decides(settings, rule),
                rule.uses_due_column(),
                own > 0 || reference > 0,
            ]
            .map(flag),
        );
        row.extend([own, whole_days(own)].map(|number| number.to_string()));
        row.extend([rule.reference.is_some(), rule.reference == Some(Clock::DueColumn)].map(flag));
        row.extend([reference, whole_days(reference)].map(|number| number.to_string()));
        row.push(flag(*without_times == WithoutTimes::Exclude));
        sheet.push(row);
    }
    sheet
}

/// The hours of a clock; 0 for one that counts none.
fn hours_of(clock: Option<Clock>) -> u32 {
    if let Some(Clock::Hours(hours)) = clock { hours } else { 0 }
}

/// A last hour falls so many days after the start, or one or two days before that, or one after.
fn whole_days(hours: u32) -> u32 {
    if hours == 0 { 0 } else { hours / 24 + 1 }
}

/// Whether the exports of a control have days of decision: an extension without one is then not honoured.
pub fn decides(settings: &Settings, rule: &Rule) -> bool {
    let own = settings.sources.iter().filter(|source| source.control.may_be(&rule.id));
    own.into_iter().any(|source| source.columns.extension_decided.is_some())
}

/// Every set of methods that can have judged a month, by the sum of their bits.
fn methods(controls: &[Control]) -> Sheet {
    let mut sheet = Sheet::new("methods", "control method_bits# method");
    for Control { rule, .. } in controls {
        let single =
            (0..rule.methods().len()).map(|number| (1_u32 << number, JudgedBy::method(number, false)));
        let mut all: Vec<(u32, JudgedBy)> = single.collect();
        if hours_of(Some(rule.newest_method())) > 0 {
            all.push((BY_DAY, JudgedBy::method(0, true)));
        }
        for set in 1_u32..1 << all.len() {
            let chosen =
                all.iter().enumerate().filter(|(place, _)| set >> place & 1 == 1).map(|(_, one)| *one);
            let (bits, judged) = chosen
                .fold((0, JudgedBy::default()), |(bits, judged), (bit, by)| (bits + bit, judged.with(by)));
            sheet.push(vec![rule.id.clone(), bits.to_string(), rule.method_id(judged).unwrap_or_default()]);
        }
    }
    sheet
}

/// The bit of a method in hours that judged by day; those of methods are below.
const BY_DAY: u32 = 1 << 16;

/// Every text that a column of dates may have: days, and marks for no day.
fn dates() -> Sheet {
    let mut sheet =
        Sheet::new("dates", "date_text is_day# day_number# utc_offset# change_second# change_shift#");
    for day in (FIRST_INPUT_DAY.0..=LAST_INPUT_DAY.0).map(Day) {
        let text = day.to_string();
        if read_stamp(text.as_bytes(), &Notation::default(), &[]).is_ok() {
            let (second, shift) = clock_change(day);
            let numbers = [1, i64::from(day.0), offset(day, 0), second, shift];
            sheet.push([text].into_iter().chain(numbers.map(|number| number.to_string())).collect());
        }
    }
    for mark in no_day_marks().flat_map(spellings) {
        sheet.push([mark].into_iter().chain([0; 5].map(|none: i32| none.to_string())).collect());
    }
    sheet
}

/// The words of columns of status.
fn status() -> Sheet {
    let mut sheet = Sheet::new("status", "status_text meaning");
    for (word, meaning) in usual_words() {
        spellings(word).into_iter().for_each(|text| sheet.push(vec![text, meaning.into()]));
    }
    sheet
}

/// A word in small letters, with a capital, and in capitals.
fn spellings(word: &str) -> BTreeSet<String> {
    let capital = word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect();
    BTreeSet::from([word.to_owned(), capital, word.to_uppercase()])
}

/// Every text that a column of times may have, where a control counts hours: a second of the day, and marks for none.
fn times(controls: &[Control]) -> Sheet {
    let mut sheet = Sheet::new("times", "time_text is_time# second_of_day#");
    let is_hours = |clock: Option<Clock>| hours_of(clock) > 0;
    if !controls.iter().any(|it| is_hours(Some(it.rule.newest_method())) || is_hours(it.rule.reference)) {
        return sheet;
    }
    for second in 0..SECONDS_A_DAY {
        let (hour, minute, rest) = (second / 3600, second / 60 % 60, second % 60);
        let short = (rest == 0).then(|| format!("{hour:02}:{minute:02}"));
        for text in short.into_iter().chain([format!("{hour:02}:{minute:02}:{rest:02}")]) {
            sheet.push(vec![text, flag(true), second.to_string()]);
        }
    }
    let marks = no_day_marks().flat_map(spellings);
    marks.for_each(|mark| sheet.push(vec![mark, flag(false), flag(false)]));
    sheet
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_of_a_day_is_its_offset_and_one_change() {
        for day in (FIRST_INPUT_DAY.0..=LAST_INPUT_DAY.0).map(Day) {
            let (change, shift) = clock_change(day);
            for second in [0, 3_600, 7_199, 7_200, 10_799, 10_800, 12 * 3_600, SECONDS_A_DAY - 1] {
                let moved = if second >= change { shift } else { 0 };
                assert_eq!(offset(day, second), offset(day, 0) + moved, "{day} {second}");
            }
        }
        assert_eq!(clock_change(Day::new(2024, 3, 31).expect("a day")), (10_800, 3_600));
        assert_eq!(clock_change(Day::new(2024, 10, 27).expect("a day")), (10_800, -3_600));
    }

    #[test]
    fn words_are_read_in_their_usual_spellings() {
        assert_eq!(spellings("öppen").into_iter().collect::<Vec<_>>(), ["ÖPPEN", "Öppen", "öppen"]);
        assert_eq!(spellings("-").len(), 1);
    }

    #[test]
    fn days_are_read_as_ingest_reads_them() {
        let dates = dates();
        let row = |text: &str| dates.rows.iter().find(|row| row[0] == text).map(|row| row[1].as_str());
        let found = ["2024-02-29", "2023-02-29", "2100-01-01", "-", "Pågår", "1930-01-01"].map(row);
        assert_eq!(found, [Some("1"), None, None, Some("0"), Some("0"), Some("1")]);
    }
}
