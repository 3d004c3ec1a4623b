//! The self-test: cases on which engines with another law, or another way to read texts, give another answer.

use super::tables::{Sheet, decides};
use crate::contribution::{headings, tally_csv};
use crate::date::{Day, FIRST_INPUT_DAY, Stamp};
use crate::judge::{Case, Decided, DueDates, Extension, Judge};
use crate::moment::swedish_time;
use crate::period::PeriodKind;
use crate::pipeline::Control;
use crate::project::Settings;
use crate::rulebook::Rule;
use crate::tally::{Counter, Entry, GroupName, MIXED, Tally};

/// The columns of the view of cases.
const COLUMNS: &str = "control case_number unit subunit start_date start_time end_date end_time end_date_2 end_time_2 \
                       extended_to extension_decided due_date status kept";

/// The cases and what they come to.
pub struct Tested {
    /// Rows as the view of cases has them.
    pub cases: Sheet,
    /// Their tally.
    pub expected: Sheet,
}

/// A row of the view; what is not named is empty.
#[derive(Default, Clone)]
struct Row<'a> {
    number: &'a str,
    unit: &'a str,
    start: String,
    start_time: &'a str,
    end: String,
    end_time: &'a str,
    end_2: String,
    extended: String,
    decided: String,
    due: String,
    status: &'a str,
    kept: &'a str,
}

/// The self-test of some controls.
pub fn of(controls: &[Control], settings: &Settings, as_of: Day) -> Tested {
    let mut cases = Sheet::new("selftest", COLUMNS);
    let mut tallies: Vec<(&Rule, Tally)> = Vec::new();
    for control in controls {
        let judge = Judge::new(&control.rule, as_of, control.extensions, control.without_times);
        let mut test = Test {
            control,
            judge,
            decides: decides(settings, &control.rule),
            cases: &mut cases,
            tally: Tally::default(),
        };
        starts(&control.rule, as_of).into_iter().for_each(|start| test.around(start));
        test.of_texts(as_of.plus_days(-400));
        tallies.push((&control.rule, test.tally));
    }
    let expected = tally_csv(tallies.iter().map(|(rule, tally)| (*rule, PeriodKind::Month, tally)));
    Tested { cases, expected: sheet_of(&expected) }
}

/// Start days on which laws of months differ, on which the law or the clock changes, and whose last day rolls.
fn starts(rule: &Rule, as_of: Day) -> Vec<Day> {
    let mut days: Vec<Day> = (0..14)
        .flat_map(|month| {
            let first = crate::date::first_day_of_month(as_of.month() - 20 + month);
            [first.plus_days(-1), first]
        })
        .collect();
    let changes = rule.laws.iter().flat_map(|law| [law.first_day, law.last_day]).flatten();
    days.extend(changes.flat_map(|day| [day.plus_days(-1), day, day.plus_days(1)]));
    days.retain(|day| (FIRST_INPUT_DAY..=as_of).contains(day));
    days.sort();
    days.dedup();
    days
}

/// The making of a control's part.
struct Test<'a> {
    control: &'a Control,
    judge: Judge,
    decides: bool,
    cases: &'a mut Sheet,
    tally: Tally,
}

impl Test<'_> {
    /// Cases that end around the due dates of a start, one that is open, and where hours count one with times.
    fn around(&mut self, start: Day) {
        let own = self.control.rule.uses_due_column().then(|| start.plus_days(45));
        let Ok(dues) = DueDates::of(start, own, &self.control.rule) else {
            return self.push(&Row {
                unit: &start.to_string(),
                start: start.to_string(),
                due: text(own),
                ..Row::default()
            });
        };
        let mut ends: Vec<Option<Day>> = [Some(dues.strict), Some(dues.rolled), dues.reference]
            .into_iter()
            .flatten()
            .flat_map(|due| [Some(due), Some(due.plus_days(1))])
            .collect();
        ends.push(None);
        ends.dedup();
        for end in ends {
            let unit = format!("{start}, {}", end.map_or("open".into(), |end| end.to_string()));
            let (start_time, end_time) =
                if self.judge.counts_hours() { ("02:30", "02:31") } else { ("", "") };
            let row = Row {
                unit: &unit,
                start: start.to_string(),
                end: text(end),
                due: text(own),
                start_time,
                end_time,
                ..Row::default()
            };
            self.push(&row);
            let at = |day: Day, second: i32| {
                swedish_time(Stamp { day, second_of_day: Some(second), offset_seconds: None })
            };
            let timed = self.judge.counts_hours().then(|| (at(start, 9_000), end.map(|end| at(end, 9_060))));
            let case = Case {
                due: own,
                start_at: timed.and_then(|(start, _)| start.moment),
                end_at: timed.and_then(|(_, end)| end?.moment),
                ..Case::of_days(start, end)
            };
            self.count(&unit, &case);
        }
        self.extended(start, own);
    }

    /// Extensions that are decided in time, too late, and never.
    fn extended(&mut self, start: Day, own: Option<Day>) {
        let Ok(dues) = DueDates::of(start, own, &self.control.rule) else { return };
        let (to, lawful) = (dues.strict.plus_days(30), dues.lawful(self.control.rule.roll));
        for (name, decided) in
            [("in time", Some(lawful)), ("too late", Some(lawful.plus_days(1))), ("never", None)]
        {
            let unit = format!("{start}, extended {name}");
            let row = Row {
                unit: &unit,
                start: start.to_string(),
                extended: to.to_string(),
                decided: text(decided),
                due: text(own),
                ..Row::default()
            };
            self.push(&row);
            let decided = match decided {
                _ if !self.decides => Decided::NotInExport,
                None => Decided::Missing,
                Some(day) => Decided::On(day),
            };
            self.count(
                &unit,
                &Case { due: own, extension: Some(Extension { to, decided }), ..Case::of_days(start, None) },
            );
        }
    }

    /// Texts that are no day, marks, words of status, repeated and contradicting rows.
    fn of_texts(&mut self, start: Day) {
        let own = self.control.rule.uses_due_column().then(|| start.plus_days(45));
        let end = start.plus_days(20);
        let row = |unit| Row {
            unit,
            start: start.to_string(),
            end: end.to_string(),
            due: text(own),
            ..Row::default()
        };
        let unread = [
            "2023-02-29",
            " 2023-03-01",
            "2023-03-01 ",
            "20230301",
            "2023-03-01 00:00",
            "01/03/2023",
            "2023-3-1",
            "٢٠٢٣-٠٣-٠١",
            "1929-12-31",
            "2101-01-01",
        ];
        for text in unread {
            self.push(&Row { start: text.into(), ..row("no start") });
            self.push(&Row { end: text.into(), ..row("no end") });
            self.push(&Row { extended: text.into(), ..row("no extension") });
        }
        let of = |end: Option<Day>| Case { due: own, ..Case::of_days(start, end) };
        for (unit, end, ended) in
            [("mark", "-", None), ("word", "Pågår", None), ("second end", "-", Some(end))]
        {
            self.push(&Row { end: end.into(), end_2: text(ended), ..row(unit) });
            self.count(unit, &of(ended));
        }
        self.push(&Row { status: "Makulerad", ..row("void") });
        self.push(&Row { kept: "no", ..row("left out") });
        self.push(&Row { status: "Pågående", ..row("open by status") });
        self.count("open by status", &of(None));
        self.push(&Row { status: "avslutad", end: String::new(), ..row("closed without end") });
        for unit in ["Öster", "Öster"] {
            self.push(&Row { number: "equal", ..row(unit) });
        }
        self.count("Öster", &of(Some(end)));
        for unit in ["Öster", "Väster"] {
            self.push(&Row { number: "mixed", ..row(unit) });
        }
        self.count(MIXED, &of(Some(end)));
        for days in [1, 2] {
            self.push(&Row {
                number: "contradicting",
                end: start.plus_days(days).to_string(),
                ..row("contradicting")
            });
        }
    }

    fn push(&mut self, row: &Row<'_>) {
        let Row {
            number,
            unit,
            start,
            start_time,
            end,
            end_time,
            end_2,
            extended,
            decided,
            due,
            status,
            kept,
        } = row;
        let cells = [
            &*self.control.rule.id,
            number,
            unit,
            "",
            start,
            start_time,
            end,
            end_time,
            end_2,
            "",
            extended,
            decided,
            due,
            status,
            kept,
        ];
        self.cases.push(cells.map(str::to_owned).into());
    }

    fn count(&mut self, unit: &str, case: &Case) {
        if let Ok(verdict) = self.judge.judge(case) {
            let mut counter = Counter::default();
            counter.count(&[Entry::new(0, case, &verdict)]);
            counter.add_to(&mut self.tally, &[GroupName::from(unit)]);
        }
    }
}

fn text(day: Option<Day>) -> String {
    day.map_or(String::new(), |day| day.to_string())
}

/// A tally as a table, its column `group` under the name that it has in a database, where that is a word of the language.
fn sheet_of(tally: &[u8]) -> Sheet {
    let names: Vec<String> = headings();
    let declared = names.iter().enumerate().map(|(place, name)| match &**name {
        "group" => "group_name".to_owned(),
        name if place < 7 => name.to_owned(),
        name => format!("{name}#"),
    });
    let mut sheet = Sheet::new("expected", &declared.collect::<Vec<_>>().join(" "));
    let mut reader = csv::Reader::from_reader(tally);
    reader.records().flatten().for_each(|record| sheet.push(record.iter().map(str::to_owned).collect()));
    sheet
}
