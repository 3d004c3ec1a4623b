//! Synthetic exports: believable cases of the five controls, reproducible from a seed.
//!
//! The small set hits the quotas of `QUOTAS` exactly, so that its report shows the source report's
//! figures; a large set has any size and is written row by row, and so is a [`nation`]. Nobody's data is in it: the
//! personal numbers use birth numbers kept for tests and have wrong check digits.

pub mod nation;

use std::io::{self, Write};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::calendar::roll_reason;
use crate::date::Day;
use crate::judge::{Case, Decided, Extension, Extensions, Judge, Reading, WithoutTimes};
use crate::moment::{Moment, swedish_time};
use crate::period::Period;
use crate::rulebook::{Clock, Cohort, Roll, Rule, Rulebook};

/// The as-of date of the small set.
const AS_OF: &str = "2024-08-31";
/// The exports were made so many days later.
const EXPORTED_LATER: i32 = 6;

/// One control's cases of one tertial.
#[derive(Debug, Clone, Copy)]
struct Quota {
    period: &'static str,
    cases: u32,
    /// Late by the lawful method.
    deviations: u32,
    /// Late only by the reference method, for the control where the report tells.
    only_reference: u32,
}

const fn quota(period: &'static str, cases: u32, deviations: u32, only_reference: u32) -> Quota {
    Quota { period, cases, deviations, only_reference }
}

/// The small set. The last two tertials of each control are the source report's (Internkontrollrapport per
/// augusti 2024): its cases and deviations, and for the tertial before a ratio that rounds to its share.
const QUOTAS: [(&str, [Quota; 8]); 5] = [
    (
        "child-investigation",
        [
            quota("2022-T1", 276, 99, 35),
            quota("2022-T2", 251, 93, 31),
            quota("2022-T3", 287, 112, 35),
            quota("2023-T1", 298, 119, 36),
            quota("2023-T2", 268, 104, 33),
            quota("2023-T3", 305, 122, 37),
            quota("2024-T1", 312, 117, 36),
            quota("2024-T2", 319, 110, 37),
        ],
    ),
    (
        "preliminary-assessment",
        [
            quota("2022-T1", 1098, 45, 0),
            quota("2022-T2", 963, 41, 0),
            quota("2022-T3", 1104, 52, 0),
            quota("2023-T1", 1187, 66, 0),
            quota("2023-T2", 1012, 58, 0),
            quota("2023-T3", 1196, 84, 0),
            quota("2024-T1", 1271, 75, 0),
            quota("2024-T2", 1218, 41, 0),
        ],
    ),
    (
        "cooperation-talks",
        [
            quota("2022-T1", 52, 4, 0),
            quota("2022-T2", 47, 4, 0),
            quota("2022-T3", 55, 3, 0),
            quota("2023-T1", 61, 5, 0),
            quota("2023-T2", 49, 6, 0),
            quota("2023-T3", 58, 5, 0),
            quota("2024-T1", 62, 4, 0),
            quota("2024-T2", 63, 6, 0),
        ],
    ),
    (
        "safety-assessment",
        [
            quota("2022-T1", 1080, 3, 0),
            quota("2022-T2", 951, 2, 0),
            quota("2022-T3", 1088, 4, 0),
            quota("2023-T1", 1169, 3, 0),
            quota("2023-T2", 998, 1, 0),
            quota("2023-T3", 1177, 2, 0),
            quota("2024-T1", 1249, 0, 0),
            quota("2024-T2", 1204, 0, 0),
        ],
    ),
    (
        "unenforced-decision",
        [
            quota("2022-T1", 301, 15, 0),
            quota("2022-T2", 288, 12, 0),
            quota("2022-T3", 309, 17, 0),
            quota("2023-T1", 336, 19, 0),
            quota("2023-T2", 318, 14, 0),
            quota("2023-T3", 341, 22, 0),
            quota("2024-T1", 352, 25, 0),
            quota("2024-T2", 373, 9, 0),
        ],
    ),
];

/// How a control's export looks.
struct Form {
    control: &'static str,
    /// Begin of the file name and of the case numbers.
    stem: &'static str,
    prefix: &'static str,
    start: &'static str,
    end: &'static str,
    units: &'static [&'static str],
    /// The export has columns for extensions.
    extensions: bool,
    /// Starts and ends have a time of day.
    times: bool,
    /// Files of the small set end and begin at this day.
    split: Option<&'static str>,
}

const FORMS: [Form; 5] = [
    Form {
        control: "child-investigation",
        stem: "utredningar",
        prefix: "BU",
        start: "Utredning inledd",
        end: "Utredning avslutad",
        units: &["Barn norr", "Barn söder", "Ungdom", "Våld i nära relation"],
        extensions: true,
        times: false,
        split: Some("2024-01-01"),
    },
    Form {
        control: "preliminary-assessment",
        stem: "forhandsbedomningar",
        prefix: "FB",
        start: "Anmälan inkom",
        end: "Förhandsbedömning klar",
        units: &["Mottagning barn", "Mottagning ungdom"],
        extensions: false,
        times: false,
        split: None,
    },
    Form {
        control: "cooperation-talks",
        stem: "samarbetssamtal",
        prefix: "SS",
        start: "Begäran inkom",
        end: "Erbjuden tid",
        units: &["Familjerätten"],
        extensions: false,
        times: false,
        split: None,
    },
    Form {
        control: "safety-assessment",
        stem: "skyddsbedomningar",
        prefix: "SB",
        start: "Inkom datum och tid",
        end: "Skyddsbedömning gjord",
        units: &["Mottagning barn", "Mottagning ungdom", "Socialjouren"],
        extensions: false,
        times: true,
        split: None,
    },
    Form {
        control: "unenforced-decision",
        stem: "beslut",
        prefix: "BE",
        start: "Beslutsdatum",
        end: "Verkställighetsdatum",
        units: &["Barn norr", "Barn söder", "Vuxen", "Äldre"],
        extensions: false,
        times: false,
        split: None,
    },
];

/// One made-up case.
#[derive(Debug, Clone, Copy)]
struct Made {
    case: Case,
    unit: usize,
}

/// A file of the small set.
pub struct SampleFile {
    /// File name.
    pub name: String,
    /// Content, windows-1252 for exports.
    pub bytes: Vec<u8>,
}

/// Makes the small set: exports, project file, plan and list of risks.
pub fn small_set(seed: u64) -> Vec<SampleFile> {
    let rulebook = Rulebook::builtin();
    let mut files = Vec::new();
    for (form, (control, quotas)) in FORMS.iter().zip(QUOTAS) {
        let rule = rulebook.rule(control).expect("a rule of the built-in rulebook");
        let mut maker = Maker::new(seed, rule, form);
        let mut cases: Vec<Made> = quotas.iter().flat_map(|quota| maker.cases_of(quota)).collect();
        cases.extend(maker.cases_under_way());
        cases.sort_by_key(|made| (made.case.start, made.case.start_at));
        files.extend(maker.files(&cases));
    }
    files.push(SampleFile { name: crate::project::FILE_NAME.into(), bytes: PROJECT.into() });
    files.push(SampleFile { name: crate::plan::FILE_NAME.into(), bytes: PLAN.into() });
    files.push(SampleFile { name: crate::plan::register::FILE_NAMES[0].into(), bytes: RISKS.into() });
    files.sort_by(|one, other| one.name.cmp(&other.name));
    files
}

/// The project file of the small set.
const PROJECT: &str = include_str!("sample_project.toml");
/// Its plan of internal control and its list of risks, with the figures of the two source reports.
const PLAN: &str = include_str!("sample_plan.toml");
const RISKS: &str = include_str!("sample_risks.csv");

/// The controls that [`large_set`] can make, with their file names.
pub fn large_files() -> impl Iterator<Item = (&'static str, String)> {
    FORMS.iter().map(|form| (form.control, format!("{}.csv", form.stem)))
}

/// Writes an export of any size, row by row: starts from 2015 to August 2024, the same shapes as in the
/// small set, but no quotas.
///
/// # Errors
/// When `out` cannot be written.
pub fn large_set(control: &str, cases: u64, seed: u64, out: &mut dyn Write) -> io::Result<()> {
    let rulebook = Rulebook::builtin();
    let form = FORMS.iter().find(|form| form.control == control).expect("a control with a form");
    let mut maker = Maker::new(seed, rulebook.rule(control).expect("a rule"), form);
    let mut line = Vec::new();
    maker.write_header(&mut line);
    out.write_all(&line)?;
    let first = Day::new(2015, 1, 1).expect("a date");
    let days = maker.as_of.0 - first.0;
    for number in 0..cases {
        line.clear();
        // Rows in order of start, as case systems write them.
        let start = first.plus_days((u128::from(number) * days as u128 / u128::from(cases.max(1))) as i32);
        let made = maker.any_case(start);
        maker.write_row(&made, number + 1, &mut line);
        out.write_all(&line)?;
    }
    Ok(())
}

/// The verdict that a case is to get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    InTime,
    OnlyReference,
    Late,
}

/// Makes one control's cases.
struct Maker<'a> {
    rng: ChaCha8Rng,
    rule: &'a Rule,
    form: &'a Form,
    judge: Judge,
    as_of: Day,
}

impl<'a> Maker<'a> {
    fn new(seed: u64, rule: &'a Rule, form: &'a Form) -> Maker<'a> {
        let as_of = Day::parse_iso(AS_OF).expect("a date");
        // Each control has its own stream, so that changing one leaves the others as they are.
        let stream = form.prefix.bytes().fold(0, |sum, byte| sum * 256 + u64::from(byte));
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        let judge = Judge::new(rule, as_of, Extensions::Honour, WithoutTimes::Exclude);
        Maker { rng, rule, form, judge, as_of }
    }

    fn chance(&mut self, percent: u32) -> bool {
        self.rng.random_range(0..100) < percent
    }

    /// The cases that a quota wants, judged and found right.
    fn cases_of(&mut self, quota: &Quota) -> Vec<Made> {
        let period = Period::parse(quota.period).expect("quotas name periods");
        let wanted = [
            (Wanted::Late, quota.deviations),
            (Wanted::OnlyReference, quota.only_reference),
            (Wanted::InTime, quota.cases - quota.deviations - quota.only_reference),
        ];
        let mut made = Vec::new();
        for (wanted, count) in wanted {
            for _ in 0..count {
                made.push(self.case_of(period, wanted));
            }
        }
        made
    }

    /// Draws cases until one has the verdict.
    fn case_of(&mut self, period: Period, wanted: Wanted) -> Made {
        loop {
            let anchor = self.working_day(period);
            let margin = self.margin(wanted);
            let (due, end) = match self.rule.cohort {
                Cohort::Due => (anchor, anchor.plus_days(margin)),
                Cohort::Closed | Cohort::Started => (anchor.plus_days(-margin), anchor),
            };
            let Some(case) = self.case_due(due, end, wanted) else { continue };
            if self.has_verdict(&case, period, wanted) {
                let unit = self.unit(wanted);
                return Made { case, unit };
            }
        }
    }

    /// The due date of a case that started on a day.
    fn due(&self, start: Day) -> Day {
        self.rule.newest_method().due_from(start, None).expect("built-in clocks are counted")
    }

    /// A case that is due and ends on these days, when there is a start that gives them.
    fn case_due(&mut self, due: Day, end: Day, wanted: Wanted) -> Option<Case> {
        if let Clock::Hours(hours) = self.rule.newest_method() {
            return Some(self.case_in_hours(due, hours, wanted));
        }
        let length = self.due(due).0 - due.0;
        let near: Vec<Day> = (due.0 - length - 4..=due.0 - length + 4)
            .map(Day)
            .filter(|start| self.due(*start) == due && *start <= end && is_working_day(*start))
            .collect();
        if near.is_empty() {
            return None;
        }
        let start = near[self.rng.random_range(0..near.len())];
        let extension = if self.form.extensions { self.extension(due, end, wanted) } else { None };
        Some(Case { start, end: Some(end), start_at: None, end_at: None, due: None, extension })
    }

    /// Reports come at any hour; most assessments are made the same day.
    fn case_in_hours(&mut self, day: Day, hours: u32, wanted: Wanted) -> Case {
        let minute = self.rng.random_range(7 * 60..22 * 60);
        let start_at = local_time(day, minute);
        let limit = i64::from(hours) * 60;
        let minutes = match wanted {
            Wanted::Late => limit + self.rng.random_range(15..2 * limit),
            _ if self.chance(80) => self.rng.random_range(10..300),
            _ => self.rng.random_range(300..=limit),
        };
        let end_at = Moment(start_at.0 + minutes * 60);
        Case {
            start: day,
            end: Some(end_at.day()),
            start_at: Some(start_at),
            end_at: Some(end_at),
            due: None,
            extension: None,
        }
    }

    /// Some cases are extended: most of them in time, and some end in time because of it.
    fn extension(&mut self, due: Day, end: Day, wanted: Wanted) -> Option<Extension> {
        let percent = if wanted == Wanted::OnlyReference { 0 } else { 5 };
        if !self.chance(percent) {
            return None;
        }
        let to = match wanted {
            Wanted::InTime => due.plus_days(self.rng.random_range(30..=61)).max(end),
            _ => due.plus_days(self.rng.random_range(14..=30)),
        };
        // A decision made after the due date extends nothing.
        let decided =
            due.plus_days(-self.rng.random_range(if wanted == Wanted::Late { -9..10 } else { 1..20 }));
        Some(Extension { to, decided: Decided::On(decided) })
    }

    /// Days from due date to end. Many cases are closed in the last days before it.
    fn margin(&mut self, wanted: Wanted) -> i32 {
        let length = self.due(Day(0)).0;
        let pile_up = f64::from(length) / if length < 30 { 5.0 } else { 12.0 };
        match wanted {
            Wanted::OnlyReference => -self.rng.random_range(0..3),
            Wanted::InTime if self.form.extensions && self.chance(2) => self.rng.random_range(1..30),
            Wanted::InTime if self.chance(40) => -self.tail(pile_up).min(length),
            Wanted::InTime => -self.rng.random_range(0..=length - length / 10),
            Wanted::Late => 1 + self.tail(f64::from(length) / 3.5),
        }
    }

    /// A whole number of days with an exponential tail.
    fn tail(&mut self, mean: f64) -> i32 {
        let uniform: f64 = self.rng.random_range(1e-9..1.0);
        (-uniform.ln() * mean) as i32
    }

    /// A working day of a period; July has half as many and the last weeks before it some more.
    fn working_day(&mut self, period: Period) -> Day {
        loop {
            let day = Day(self.rng.random_range(period.first_day().0..=period.last_day().0));
            let (_, month, _) = day.civil();
            let weight = match month {
                7 => 45,
                6 | 12 => 100,
                8 => 75,
                _ => 88,
            };
            if (self.form.times || is_working_day(day)) && self.chance(weight) {
                return day;
            }
        }
    }

    fn unit(&mut self, wanted: Wanted) -> usize {
        let units = self.form.units.len();
        // The first unit has more than its part of the late cases.
        if wanted == Wanted::Late && self.chance(20) { 0 } else { self.rng.random_range(0..units) }
    }

    fn has_verdict(&self, case: &Case, period: Period, wanted: Wanted) -> bool {
        let Ok(verdict) = self.judge.judge(case) else { return false };
        let late = verdict.cell.reading().is_deviation(Roll::None);
        let in_cohort = match self.rule.cohort {
            Cohort::Due => true,
            Cohort::Closed | Cohort::Started => {
                verdict.ended.is_some_and(|end| period.kind.holding(end) == period)
            }
        };
        // Where no quota tells them apart, the reference method's verdict may be either.
        let only_reference = self.form.extensions && verdict.cell.late_by_reference();
        in_cohort
            && match wanted {
                Wanted::Late => late,
                Wanted::OnlyReference => !late && verdict.cell.late_by_reference(),
                Wanted::InTime => !late && !only_reference,
            }
    }

    /// Cases that are open on the as-of date: some were closed before the export was made, a few began
    /// after it.
    fn cases_under_way(&mut self) -> Vec<Made> {
        let length = self.due(Day(0)).0.max(2);
        let (within, overdue) = match self.form.control {
            "child-investigation" => (214, 46),
            "preliminary-assessment" => (118, 7),
            "cooperation-talks" => (11, 1),
            "unenforced-decision" => (236, 0),
            _ => (6, 0),
        };
        let mut made = Vec::new();
        while made.len() < within + overdue {
            let late = made.len() >= within;
            let age = if late {
                length + 3 + self.tail(f64::from(length) / 4.0)
            } else {
                self.rng.random_range(0..length - 1)
            };
            let start = self.as_of.plus_days(-age);
            let start_at = self.form.times.then(|| local_time(start, 8 * 60 + age as u32 * 45 % 600));
            let closed_since = self.chance(12);
            let end = closed_since.then(|| self.as_of.plus_days(self.rng.random_range(1..=EXPORTED_LATER)));
            // Decisions that are not yet due may have been enforced already.
            let enforced = self.rule.cohort == Cohort::Due && self.chance(60);
            let end = if enforced { Some(start.plus_days(self.rng.random_range(0..=age))) } else { end };
            let end_at = end.filter(|_| self.form.times).map(|day| local_time(day, 17 * 60));
            let case = Case { start, end, start_at, end_at, due: None, extension: None };
            let open_as_wanted = self
                .judge
                .judge(&case)
                .is_ok_and(|verdict| (verdict.cell.reading() == Reading::Late) == late);
            if (self.form.times || is_working_day(start)) && open_as_wanted {
                let unit = self.rng.random_range(0..self.form.units.len());
                made.push(Made { case, unit });
            }
        }
        for _ in 0..3 {
            let start = self.as_of.plus_days(self.rng.random_range(2..=EXPORTED_LATER));
            let start_at = self.form.times.then(|| local_time(start, 9 * 60));
            let case = Case { start, end: None, start_at, end_at: None, due: None, extension: None };
            made.push(Made { case, unit: 0 });
        }
        made
    }

    /// A case of a large set.
    fn any_case(&mut self, start: Day) -> Made {
        let due = self.due(start);
        let late = self.chance(25);
        let margin = self.margin(if late { Wanted::Late } else { Wanted::InTime });
        let end = due.plus_days(margin).max(start);
        let times = self.form.times.then(|| {
            let start_at = local_time(start, self.rng.random_range(0..1440));
            (start_at, Moment(start_at.0 + i64::from(self.rng.random_range(10..2000)) * 60))
        });
        let end = times.map_or(end, |(_, end_at)| end_at.day());
        let case = Case {
            start,
            end: Some(end).filter(|end| *end <= self.as_of),
            start_at: times.map(|(start_at, _)| start_at),
            end_at: times.map(|(_, end_at)| end_at),
            due: None,
            extension: if self.form.extensions { self.extension(due, end, Wanted::InTime) } else { None },
        };
        Made { case, unit: self.rng.random_range(0..self.form.units.len()) }
    }

    /// The control's files with a few faulty rows in the last.
    fn files(&mut self, cases: &[Made]) -> Vec<SampleFile> {
        let split = self.form.split.and_then(Day::parse_iso);
        let at = split.map_or(0, |day| cases.partition_point(|made| made.case.start < day));
        let (early, late) = cases.split_at(at);
        let mut files = Vec::new();
        for (cases, first, years) in [(early, 1, "2021-2023"), (late, early.len() as u64 + 1, "2024")] {
            if cases.is_empty() {
                continue;
            }
            let mut bytes = Vec::new();
            self.write_header(&mut bytes);
            let first_row = bytes.len();
            for (made, number) in cases.iter().zip(first..) {
                self.write_row(made, number, &mut bytes);
            }
            if years == "2024" {
                let row =
                    bytes[first_row..].split_inclusive(|byte| *byte == b'\n').next().map(<[u8]>::to_vec);
                self.write_faulty_rows(&row.unwrap_or_default(), &mut bytes);
            }
            let name = if split.is_some() {
                format!("{}_{years}.csv", self.form.stem)
            } else {
                format!("{}.csv", self.form.stem)
            };
            files.push(SampleFile { name, bytes });
        }
        files
    }

    fn write_header(&self, out: &mut Vec<u8>) {
        let extension = if self.form.extensions { ";Beslut om förlängning;Förlängd till" } else { "" };
        let form = self.form;
        write_line(
            out,
            &format!("Ärendenr;Personnummer;Enhet;{};{}{extension};Status", form.start, form.end),
        );
    }

    fn write_row(&mut self, made: &Made, number: u64, out: &mut Vec<u8>) {
        let Made { case, unit } = made;
        let time = |day: Option<Day>, at: Option<Moment>| match (day, at.filter(|_| self.form.times)) {
            (None, _) => String::new(),
            (Some(_), Some(at)) => at.to_rfc3339()[..16].replace('T', " "),
            (Some(day), None) => day.to_string(),
        };
        let (start, end) = (time(Some(case.start), case.start_at), time(case.end, case.end_at));
        let extension = match (self.form.extensions, case.extension) {
            (false, _) => String::new(),
            (true, Some(Extension { to, decided: Decided::On(decided) })) => format!(";{decided};{to}"),
            (true, _) => ";;".to_owned(),
        };
        let status = if case.end.is_some() { "Avslutad" } else { "Pågående" };
        let person = self.nobodys_number(case.start);
        let (year, _, _) = case.start.civil();
        let id = format!("{}-{year}-{number:05}", self.form.prefix);
        write_line(
            out,
            &format!("{id};{person};{};{start};{end}{extension};{status}", self.form.units[*unit]),
        );
    }

    /// Rows as they come out of real systems now and then.
    fn write_faulty_rows(&mut self, first_row: &[u8], out: &mut Vec<u8>) {
        let rest = if self.form.extensions { ";;" } else { "" };
        let (prefix, unit, person) = (self.form.prefix, self.form.units[0], self.nobodys_number(self.as_of));
        let mut row = |id: &str, start: &str, end: &str| {
            write_line(out, &format!("{prefix}-2024-{id};{person};{unit};{start};{end}{rest};Avslutad"));
        };
        if self.form.control != "child-investigation" {
            return row("90001", "", "2024-06-03");
        }
        row("90001", "2024-02-30", "2024-06-03");
        row("90002", "", "2024-06-12");
        row("90003", "2024-06-14", "2024-02-14");
        row("90004", "2024-01-17", "v. 23");
        row("90005", "2024-01-22", "2024-05-20");
        row("90005", "2024-01-22", "2024-05-27");
        // The first case once more, word for word.
        out.extend_from_slice(first_row);
    }

    /// A personal number that belongs to nobody: a birth number kept for tests, and a wrong check digit.
    fn nobodys_number(&mut self, start: Day) -> String {
        let born = start.plus_days(-self.rng.random_range(30..17 * 365));
        let digits = born.to_string().replace('-', "");
        let birth_number = self.rng.random_range(980..1000);
        let check = (luhn(&format!("{}{birth_number}", &digits[2..])) + 5) % 10;
        format!("{digits}-{birth_number}{check}")
    }
}

/// The check digit of nine digits (Skatteverket, SKV 704).
fn luhn(digits: &str) -> u32 {
    let sum: u32 = digits
        .bytes()
        .zip([2, 1].into_iter().cycle())
        .map(|(digit, factor)| {
            let product = u32::from(digit - b'0') * factor;
            product / 10 + product % 10
        })
        .sum();
    (10 - sum % 10) % 10
}

fn write_line(out: &mut Vec<u8>, line: &str) {
    out.extend_from_slice(&encoding_rs::WINDOWS_1252.encode(line).0);
    out.extend_from_slice(b"\r\n");
}

fn is_working_day(day: Day) -> bool {
    roll_reason(day).is_none()
}

/// A Swedish local time, in minutes after midnight.
fn local_time(day: Day, minute: u32) -> Moment {
    let stamp = crate::date::Stamp { day, second_of_day: Some(minute as i32 * 60), offset_seconds: None };
    swedish_time(stamp).moment.expect("the stamp has a time")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_has_the_personal_numbers() {
        let rulebook = Rulebook::builtin();
        let mut maker = Maker::new(1, &rulebook.rules[0], &FORMS[0]);
        for _ in 0..1000 {
            let number = maker.nobodys_number(Day(19_000));
            let digits = number.replace('-', "");
            assert_ne!(luhn(&digits[2..11]).to_string(), digits[11..]);
        }
        // Skatteverket's own example.
        assert_eq!(luhn("811218987"), 6);
    }

    #[test]
    fn the_same_seed_gives_the_same_files() {
        let files =
            |seed| small_set(seed).into_iter().map(|file| (file.name, file.bytes)).collect::<Vec<_>>();
        assert_eq!(files(7), files(7));
        assert_ne!(files(7), files(8));
    }

    #[test]
    fn a_large_set_has_the_rows_that_were_asked_for() {
        for (control, _) in large_files() {
            let mut bytes = Vec::new();
            large_set(control, 500, 1, &mut bytes).expect("written");
            assert_eq!(bytes.iter().filter(|byte| **byte == b'\n').count(), 501);
        }
    }
}
