//! `facts.csv`: what the figures of the report are sums of, so that others can be made from it. docs/facts.md describes it.

use std::io::Write;

use super::harmless;
use crate::analysis::{CaseCounts, ControlFindings, Fact, Facts, Part};
use crate::period::PeriodKind;
use crate::rulebook::Rule;

const KEYS: [&str; 6] = ["control", "grouping", "group", "subgroup", "part", "month"];
/// Counts of the rows of overdue cases.
const FLOWS: [&str; 2] = ["became_overdue", "ended_overdue"];
/// Whether the export lacks cases of the month.
const INCOMPLETE: &str = "incomplete";
/// Counts that are not known without a reference method, by their place in [`CaseCounts::NAMES`].
const BY_REFERENCE: [usize; 2] = [2, 3];

/// Every fact as a row; what does not apply to it is empty.
pub fn facts_csv(facts: &Facts, controls: &[ControlFindings]) -> Vec<u8> {
    const IN_MEMORY: &str = "writing into memory does not fail";
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record(KEYS.iter().chain(&CaseCounts::NAMES).chain(&FLOWS).chain([&INCOMPLETE]))
        .expect(IN_MEMORY);
    let mut cell = Vec::new();
    for fact in facts.iter() {
        let ControlFindings { rule, edges, .. } = &controls[fact.control];
        let (group, subgroup) = (harmless(&fact.name.group), harmless(&fact.name.subgroup));
        for key in [&rule.id, fact.split.id(), &*group, &*subgroup, fact.part.id()] {
            writer.write_field(key).expect(IN_MEMORY);
        }
        cell.clear();
        let month = PeriodKind::Month.holding_month(fact.month);
        write!(cell, "{month}").expect(IN_MEMORY);
        writer.write_field(&cell).expect(IN_MEMORY);
        for count in measures(&fact, rule) {
            cell.clear();
            if let Some(count) = count {
                write!(cell, "{count}").expect(IN_MEMORY);
            }
            writer.write_field(&cell).expect(IN_MEMORY);
        }
        let is_incomplete = match fact.part {
            Part::Of(cohort) => !edges.is_whole(cohort, month),
            Part::Overdue => !edges.tells_open(month.last_day()),
        };
        writer.write_field(if is_incomplete { "1" } else { "0" }).expect(IN_MEMORY);
        writer.write_record(None::<&[u8]>).expect(IN_MEMORY);
    }
    writer.into_inner().expect(IN_MEMORY)
}

/// The counts of a row, in the order of their columns; `None` where one does not apply.
fn measures(fact: &Fact<'_>, rule: &Rule) -> impl Iterator<Item = Option<u64>> {
    let is_overdue = fact.part == Part::Overdue;
    let has_reference = rule.reference.is_some();
    let counts = fact.counts.measures().into_iter().enumerate().map(move |(place, count)| {
        (!is_overdue && (has_reference || !BY_REFERENCE.contains(&place))).then_some(count)
    });
    let flows = [fact.overdue.from, fact.overdue.until];
    counts.chain(flows.map(move |flow| is_overdue.then_some(u64::from(flow))))
}
