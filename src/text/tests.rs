//! No key is missing, and none is unused: what the sources and templates name is what both languages have.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::*;
use crate::catalogue;
use crate::error::error_codes;
use crate::ingest::FaultCode;
use crate::period::PeriodKind;
use crate::plan::Status;
use crate::project::Edition;
use crate::rulebook::Cohort;

/// A key that is put together: its pattern, with `{}` for what varies, and what that can be.
enum Varies {
    /// Each of these.
    Of(Vec<String>),
    /// Ids that are literals somewhere in the sources. That none lacks a text is shown where they are: `errors` has a test
    /// of most, and the headings of tables are read here.
    Literals,
}

/// Every pattern of the sources.
fn patterns() -> BTreeMap<&'static str, Varies> {
    let of = |all: &[&str]| Varies::Of(all.iter().map(|id| (*id).to_owned()).collect());
    let numbers = |range: std::ops::RangeInclusive<u32>| Varies::Of(range.map(|id| id.to_string()).collect());
    let units = || of(&["days", "hours"]);
    let kinds = || of(&PeriodKind::ALL.map(PeriodKind::id));
    let statuses = || of(&Status::ALL.map(Status::id));
    let severities = || of(&["none", "minor", "severe"]);
    // Rows of other types are no fault, but may be why nothing is usable.
    let faults =
        || of(&FaultCode::ALL.iter().map(|code| code.id()).chain(["other-type"]).collect::<Vec<_>>());
    let examples = catalogue::entries().into_iter().filter_map(|entry| entry.example);
    let made = examples.flat_map(|example| example.made.values().cloned()).collect();
    // What is said before groups depends on what they are called.
    let with_lead =
        ["periods", "methods", "slack", "margins", "close", "backlog", "outlook", "cross", "conventions"];
    let explained = |id: &str| ["meaning", "cause", "remedy"].map(|part| format!("{id}.{part}"));
    let fault_parts = |id: &str| ["reason", "cause", "remedy"].map(|part| format!("{id}.{part}"));
    BTreeMap::from([
        ("assurance.{}", of(&["met", "missed", "hit-or-miss"])),
        ("candidate.{}", Varies::Literals),
        ("certainty.fact-{}", severities()),
        ("chart.close-sub-{}", units()),
        ("chart.due-line-{}", units()),
        ("chart.due-name-{}", units()),
        ("chart.margins-sub-{}", units()),
        ("chart.spread-sub-{}", units()),
        ("chart.trend-title-{}", of(&["worse", "better"])),
        ("chart.{}-axis", units()),
        ("clock.{}", of(&["month", "week", "day", "hour"])),
        ("cohort.{}", of(&Cohort::ALL.map(Cohort::id))),
        ("cohort.{}-in", of(&Cohort::ALL.map(Cohort::id))),
        ("destroyed.{}", Varies::Literals),
        (
            "duty.{}-{}",
            Varies::Of(
                ["act", "target", "report"]
                    .iter()
                    .flat_map(|kind| {
                        let words = ["had", "have", "gone", "late", "would", "in-time"];
                        words.map(|word| format!("{kind}-{word}"))
                    })
                    .collect(),
            ),
        ),
        ("duty.limit-{}", of(&["days", "hours", "report"])),
        ("edges.{}", of(&["started-since", "ended-since", "decided-since"])),
        ("edition-flaw.{}", of(&["no-report", "no-pattern"])),
        ("editions-differ.{}", of(&["period", "trend", "cohort", "smallest"])),
        ("effect.{}", of(&FaultCode::ALL.iter().map(|code| code.effect().id()).collect::<Vec<_>>())),
        ("error.{}", of(&error_codes().map(|(code, _)| code).collect::<Vec<_>>())),
        ("excluded.{}", Varies::Literals),
        ("explain.family.{}", Varies::Literals),
        ("explain.made.{}", Varies::Of(made)),
        ("explain.{}.{}", Varies::Of(error_codes().flat_map(|(code, _)| explained(code)).collect())),
        ("fault.{}.reason", faults()),
        ("fault.{}.remedy", faults()),
        ("fault.{}.{}", Varies::Of(FaultCode::ALL.iter().flat_map(|code| fault_parts(code.id())).collect())),
        ("flaw.{}", Varies::Literals),
        ("funnel.sentence-{}", of(&["higher", "lower"])),
        ("funnel.{}", of(&["higher", "lower"])),
        ("holiday.{}", Varies::Literals),
        ("key-flaw.{}", Varies::Literals),
        ("list-flaw.{}", Varies::Literals),
        ("margin.on-{}", units()),
        ("margin.{}-{}", of(&["before-days", "after-days", "before-hours", "after-hours"])),
        ("missing-role.{}", of(&["case_id", "group", "extended_to"])),
        ("month-short.{}", numbers(1..=12)),
        ("month.{}", numbers(1..=12)),
        ("no-file.{}", Varies::Literals),
        ("number.{}", numbers(0..=12)),
        ("period.kind-{}", kinds()),
        ("period.parts-{}", of(&["quarter", "tertial", "half-year"])),
        ("period.{}", kinds()),
        ("place.{}", Varies::Literals),
        ("plan.summary-{}", of(&["severe", "minor", "none", "ungraded"])),
        ("report.close-{}", units()),
        ("report.lead-{}", of(&with_lead)),
        ("report.margins-{}", units()),
        ("report.part-{}", of(&[&with_lead[..], &["groups"]].concat())),
        (
            "report.sentence-{}",
            of(&["hidden", "no-cases", "few-cases", "incomplete", "not-due", "running", "undetermined"]),
        ),
        ("severity.{}", severities()),
        ("severity.{}-meaning", severities()),
        ("sheet.chart-{}", of(&["period", "trend", "methods"])),
        ("sheet.{}", Varies::Literals),
        ("signal.{}", Varies::Literals),
        ("spot.{}", Varies::Literals),
        ("status.{}", statuses()),
        ("status.{}-meaning", statuses()),
        ("table.{}", Varies::Literals),
        ("template-flaw.{}", Varies::Literals),
        ("terminal.edition-{}", of(&Edition::ALL.map(Edition::id))),
        ("trend.chart-{}", of(&["p-prime", "p", "xmr"])),
        ("trend.many-{}", kinds()),
        ("trend.one-{}", kinds()),
        ("trend.rare-{}", of(&["doubling", "halving"])),
        ("trend.set-{}", of(&["anhoej", "health-service"])),
        ("verdict.sentence-{}", of(&["worse", "better"])),
        ("verdict.{}", of(&["worse", "better", "unchanged", "unknown"])),
        ("weekday.{}", numbers(1..=7)),
    ])
}

/// The texts between quotation marks in all sources and templates.
fn literals() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect_literals(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found
}

fn collect_literals(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let ending = path.extension().unwrap_or_default().to_owned();
        if path.is_dir() {
            collect_literals(&path, found);
        } else if ending == "rs" && !path.ends_with("text/tests.rs") {
            let source = fs::read_to_string(&path).expect("a source");
            let lines = source.lines().map(str::trim_start).filter(|line| !line.starts_with("//"));
            // Of a line's parts between marks every other is a text; keys have no marks in them, and stand on one line.
            found.extend(lines.flat_map(|line| line.split('"').skip(1).step_by(2)).map(str::to_owned));
            found.extend(headings(&source));
        } else if ending == "jinja" {
            let template = fs::read_to_string(&path).expect("a template");
            found.extend(template.split('"').map(str::to_owned));
        }
    }
}

/// The keys of the headings of tables in a source.
fn headings(source: &str) -> Vec<String> {
    if !source.contains("Table::new(") && !source.contains("\"table.{") {
        return Vec::new();
    }
    let lists = ["let keys =", "let headings ="].into_iter().flat_map(|start| source.split(start).skip(1));
    let lists = lists.filter_map(|rest| rest.trim_start().strip_prefix('[')?.split(']').next());
    let ids = lists.flat_map(|list| list.split('"').skip(1).step_by(2));
    ids.map(|id| format!("table.{id}")).collect()
}

/// Whether a text looks like a key of a section, or like the pattern of one.
fn names_a_text(text: &str, sections: &BTreeSet<&str>) -> bool {
    const FILES: [&str; 12] =
        ["csv", "css", "docx", "html", "jinja", "json", "md", "pdf", "pptx", "toml", "txt", "xlsx"];
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_{}".contains(&byte);
    let mut parts = text.split('.');
    parts.next().is_some_and(|section| sections.contains(section))
        && parts.clone().next().is_some()
        && text.bytes().all(is_plain)
        && parts.all(|part| !part.is_empty() && !FILES.contains(&part))
}

/// A format string with nothing between its braces.
fn pattern_of(text: &str) -> String {
    let mut parts = text.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |pattern, part| {
        format!("{pattern}{{}}{}", part.split_once('}').map_or("", |(_, rest)| rest))
    })
}

/// The keys of a pattern with one part that varies.
fn filled(pattern: &str, ids: &[String]) -> Vec<String> {
    let (before, rest) = pattern.split_once("{}").expect("a pattern varies");
    let after = rest.rsplit("{}").next().filter(|_| !rest.is_empty()).unwrap_or_default();
    ids.iter().map(|id| format!("{before}{id}{after}")).collect()
}

#[test]
fn every_key_that_is_named_exists_and_every_key_is_named() {
    let keys: BTreeSet<&str> = Texts::of(Language::Sv).entries().map(|(key, _)| key).collect();
    let sections: BTreeSet<&str> = keys.iter().filter_map(|key| key.split('.').next()).collect();
    let literals = literals();
    let named = literals.iter().filter(|text| names_a_text(text, &sections));
    let (made, plain): (Vec<&String>, Vec<&String>) = named.partition(|text| text.contains('{'));
    let mut used: BTreeSet<String> = plain.into_iter().cloned().collect();

    let patterns = patterns();
    let found: BTreeSet<String> = made.into_iter().map(|text| pattern_of(text)).collect();
    let known: BTreeSet<String> = patterns.keys().map(|pattern| (*pattern).to_owned()).collect();
    assert_eq!(found, known, "the patterns of the sources and those of this test");
    for (pattern, varies) in &patterns {
        match varies {
            Varies::Of(ids) => used.extend(filled(pattern, ids)),
            Varies::Literals => {
                let (before, _) = pattern.split_once("{}").expect("a pattern varies");
                let ids = keys.iter().filter_map(|key| key.strip_prefix(before));
                let ids: Vec<String> = ids.filter(|id| literals.contains(*id)).map(str::to_owned).collect();
                used.extend(filled(pattern, &ids));
            }
        }
    }
    let missing: Vec<&String> = used.iter().filter(|key| !keys.contains(key.as_str())).collect();
    let unused: Vec<&&str> = keys.iter().filter(|key| !used.contains(**key)).collect();
    assert!(missing.is_empty() && unused.is_empty(), "missing: {missing:?}; unused: {unused:?}");
}

/// What stands between braces in a text: names, and names with the forms of a word.
fn slots(text: &str) -> Vec<&str> {
    let plain = text.split("{{").flat_map(|part| part.split("}}"));
    let parts = plain.flat_map(|part| part.split('{').skip(1));
    parts.filter_map(|part| part.split_once('}').map(|(name, _)| name)).collect()
}

/// The `{names}` of a text, sorted; not those that only inflect a word, which languages do each in its own way.
fn names(text: &str) -> Vec<&str> {
    let mut names: Vec<&str> = slots(text).into_iter().filter(|slot| !slot.contains('|')).collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[test]
fn both_languages_have_the_same_keys_with_the_same_values_to_fill_in() {
    let facts = |language| -> Vec<(String, Vec<&str>)> {
        Texts::of(language).entries().map(|(key, text)| (key.to_owned(), names(text))).collect()
    };
    assert_eq!(facts(Language::Sv), facts(Language::En));
}

#[test]
fn a_word_is_inflected_by_a_value_of_its_own_text() {
    for language in [Language::Sv, Language::En] {
        let inflected = Texts::of(language).entries().filter(|(key, _)| !key.starts_with("duty."));
        for (key, text) in inflected {
            let names = names(text);
            for slot in slots(text).into_iter().filter(|slot| slot.contains('|')) {
                let forms: Vec<&str> = slot.split('|').collect();
                assert!(forms.len() == 3 && names.contains(&forms[0]), "{key}: {slot}");
            }
        }
    }
}

/// The numbers of cases, rows and the like that texts are filled with.
const COUNTS: &str = "all backwards cases closed count critical days deviations files found inside late later lines n \
    only open overdue pairs range rejected rows tenths trials void";

/// Texts in which such a name is no number or never one, or whose plural belongs to another word.
const NO_COUNT: [&str; 12] = [
    // More than a run can record.
    "error.too-many-faults",
    // One has a text of its own.
    "due.months",
    "chart.margins-title",
    "funnel.many",
    // A length in words, "24 hours".
    "due.hours",
    // `late` is a word, or `open` a share.
    "chart.close-title",
    "chart.close-told",
    "chart.close-line",
    // "Of the deviations, 1 would have been in time".
    "report.rolled",
    // Of others than those counted.
    "report.sentence-incomplete",
    // A span of several periods; tables long enough to be searched.
    "init.as-of-beyond",
    "page.shown",
];

/// Words in the plural that follow a number.
const PLURALS: [&str; 2] = [
    "ärenden rader anmärkningar grupper dagar timmar månader perioder avvikelser filer gånger \
    riskpunkter risker organisationer kolumner räkningar punkter öppna andra avslutade veckor",
    "cases rows faults files months days hours groups lines risks periods deviations are were have \
    times sheets others points weeks ones fall",
];

/// Where every number of a text is one, no word in the plural stands within three words of it.
#[test]
fn one_is_followed_by_no_plural() {
    let mut wrong = Vec::new();
    for (language, plurals) in [Language::Sv, Language::En].into_iter().zip(PLURALS) {
        let texts = Texts::of(language);
        for (key, text) in texts.entries().filter(|(key, text)| !NO_COUNT.contains(key) && has_count(text)) {
            let said = texts.filled(key, &all_one(text));
            wrong.extend(plural_of_one(&said, plurals).map(|plural| format!("{key}: {plural}: {said}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn has_count(text: &str) -> bool {
    names(text).into_iter().any(is_count)
}

fn is_count(name: &str) -> bool {
    COUNTS.split(' ').any(|count| count == name)
}

/// Values for a text in which every number is one.
fn all_one(text: &str) -> Vec<(&str, &'static dyn Display)> {
    let names = slots(text).into_iter().map(|slot| slot.split_once('|').map_or(slot, |(name, _)| name));
    let value = |name: &str| -> &'static dyn Display { if is_count(name) { &"1" } else { &"x" } };
    names.map(|name| (name, value(name))).collect()
}

/// A word in the plural soon after a one.
fn plural_of_one<'t>(said: &'t str, plurals: &str) -> Option<&'t str> {
    const NEAR: usize = 3;
    let words: Vec<&str> = said.split(' ').map(|word| word.trim_start_matches('(')).collect();
    let ones = (0..words.len()).filter(|at| words[*at] == "1");
    let near = ones.flat_map(|at| words[at + 1..].iter().take(NEAR).take_while(|word| **word != "1"));
    let mut words = near.map(|word| word.trim_end_matches(|letter: char| !letter.is_alphabetic()));
    words.find(|word| plurals.split(' ').any(|plural| plural == *word))
}

#[test]
fn values_are_filled_in() {
    let texts =
        Texts { language: Language::Sv, entries: BTreeMap::from([("a".into(), "{x} = {{ {y} }}".into())]) };
    assert_eq!(fill!(texts, "a", x = "columns", y = 1), "columns = { 1 }");
    let rows = |count: &str| fill!(Texts::of(Language::Sv), "terminal.reading", lines = count);
    assert_eq!(
        [rows("1"), rows("2"), rows("1\u{a0}001")].map(|it| it.split(' ').next_back().map(str::to_owned)),
        [Some("rad".to_owned()), Some("rader".to_owned()), Some("rader".to_owned())]
    );
    let summary = |all: &str| fill!(Texts::of(Language::Sv), "plan.summary", all, parts = "x");
    assert_eq!(summary("en"), "Planen har en riskpunkt: x.");
}
