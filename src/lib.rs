//! Deadline compliance in Swedish social services: every case judged by the law that applied to it.
//!
//! # The way of a case
//!
//! One direction: each module imports only modules above it in the list below, which a test checks.
//!
//! ```text
//! exports ──ingest──▶ cases ──judge──▶ verdicts ──tally──▶ tally ──analysis──▶ findings ──report──▶ files
//!                 │                  ▲
//!               faults          rulebook, calendar
//! ```
//!
//! Start reading where the law is: [`rulebook`] holds the deadlines (`src/rulebook/builtin.toml` is meant for
//! lawyers), [`rulebook::Clock::due_from`] and [`date::months_after`] count them, [`calendar::next_weekday`]
//! rolls them, and [`judge::Judge`] gives the verdict. These are pure: numbers in, numbers out, no clock, no
//! file, no language. Only [`ingest`] opens input, and [`output`] writes every report and list; besides, [`pipeline`]
//! keeps temporary files, and [`pseudonyms`] creates a key.
//!
//! | module | what it does |
//! |---|---|
//! | [`error`] | why a run cannot go on: facts, not sentences |
//! | [`language`] | Swedish and English |
//! | [`date`], [`moment`], [`calendar`], [`period`] | days as numbers, points in time, holidays, tertials |
//! | [`encoding`], [`xml`], [`values`], [`serial`], [`date_format`], [`date_evidence`] | bytes and text, tags, cells, how columns write dates |
//! | [`personal_numbers`] | where a text holds the number of a person |
//! | [`rulebook`] | clocks, laws with their validity, rules |
//! | [`judge`] | case + rule + as-of date → due date, outcome, margin |
//! | [`tally`] | counts that add up |
//! | [`project`] | the project file |
//! | [`plan`] | the plan of internal control and the list of risks |
//! | [`ingest`] | exports → cases, row by row; faults, ledgers |
//! | [`pseudonyms`] | keyed names in place of case numbers |
//! | [`pipeline`] | reads, judges and tallies in one go |
//! | [`suppression`] | small numbers and what must be hidden with them |
//! | [`analysis`] | tallies → shares, intervals, changes, comparison (polars) |
//! | [`assessment`] | plan + findings → severities, proposals for the list of risks |
//! | [`text`] | every word, what is said when, and how numbers and dates are written |
//! | [`table`] | typed cells, for people and for machines |
//! | [`contribution`] | tallies of organisations, and what lets them add up |
//! | [`findings`] | a run: settings + exports → everything found, in an internal and a published edition |
//! | [`chart`] | pictures (plotters, resvg) |
//! | [`gate`] | refuses files that contain a personal number |
//! | [`output`] | folders that appear whole or not at all |
//! | [`report`] | findings → files |
//! | [`sql`] | the law as tables for databases |
//! | [`catalogue`], [`proposal`] | every code explained; a project file for exports |
//! | [`sample`] | synthetic exports |
//! | [`cli`] | arguments in, something printed (clap) |
//!
//! A deadline in three lines:
//!
//! ```
//! use frist::{date::Day, judge::DueDates, rulebook::Rulebook};
//!
//! let rulebook = Rulebook::builtin();
//! let rule = rulebook.rule("child-investigation").expect("it is built in");
//! let dues = DueDates::of(Day::new(2023, 10, 31).expect("a day"), None, rule).expect("in force");
//! // February has no 31st; 2024 was a leap year.
//! assert_eq!(dues.strict.to_string(), "2024-02-29");
//! assert_eq!(dues.reference.expect("120 days").to_string(), "2024-02-28");
//! ```
//!
//! The report of two exports, as files in memory:
//!
//! ```
//! # #[cfg(feature = "report")]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use frist::report::{Look, Part, Setting, Templates, render};
//! use frist::{findings::Run, ingest::Input, project::Form};
//!
//! # let folder = tempfile::tempdir()?;
//! # let write = |name: &str, row: &str| {
//! #     let text = format!("Ärendenr;Utredning inledd;Utredning avslutad\n{row}\n");
//! #     std::fs::write(folder.path().join(name), text)
//! # };
//! write("north.csv", "N-1;2024-01-10;2024-05-13")?;
//! write("south.csv", "S-1;2024-02-01;2024-05-02")?;
//! let run = Run::open(Input::open(folder.path())?, &|_| {})?;
//! let judged = run.judge(None, &|_| {})?;
//! let findings = run.findings(&judged); // for everyone: run.published(&judged, &[])?
//! let (look, templates) = (Look::default(), Templates::built_in());
//! let setting = Setting {
//!     forms: &[Form::Md],
//!     part: Part::Whole,
//!     look: &look,
//!     templates: &templates,
//!     word_template: None,
//! };
//! let files = render(&findings, &setting)?;
//! assert_eq!(findings.controls[0].headline().figure.ratio(), Some((1, 2)));
//! assert!(files.iter().any(|file| file.name == "report.md"));
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "report"))]
//! # fn main() {}
//! ```

#[cfg(feature = "report")]
pub mod analysis;
#[cfg(feature = "report")]
pub mod assessment;
pub mod calendar;
#[cfg(feature = "report")]
pub mod catalogue;
#[cfg(feature = "report")]
pub mod chart;
#[cfg(feature = "report")]
pub mod cli;
#[cfg(feature = "report")]
pub mod contribution;
pub mod date;
pub mod date_evidence;
pub mod date_format;
pub mod encoding;
pub mod error;
#[cfg(feature = "report")]
pub mod findings;
#[cfg(feature = "report")]
pub mod gate;
pub mod ingest;
pub mod judge;
pub mod language;
pub mod moment;
#[cfg(feature = "report")]
pub mod output;
pub mod period;
pub mod personal_numbers;
pub mod pipeline;
pub mod plan;
pub mod project;
#[cfg(feature = "report")]
pub mod proposal;
#[cfg(feature = "report")]
pub mod pseudonyms;
#[cfg(feature = "report")]
pub mod report;
pub mod rulebook;
#[cfg(feature = "report")]
pub mod sample;
pub mod serial;
#[cfg(feature = "report")]
pub mod sql;
#[cfg(feature = "report")]
pub mod suppression;
#[cfg(feature = "report")]
pub mod table;
pub mod tally;
#[cfg(feature = "report")]
pub mod text;
pub mod values;
#[cfg(feature = "report")]
pub mod xml;
