//! First look: what the beginning of an export shows beyond its headings.

use std::collections::BTreeMap;

use super::blocks::Blocks;
use super::export::{Controls, Export, SeveralTypes, each_row, heading_text};
use super::heading_words::{folded, known_headings};
use super::headings::{Columns, HeadingRow, When};
use super::layout::Sought;
use super::original::Original;
use super::selection::UnnamedStatus;
use super::source::Form;
use super::usual_numbers::UsualNumbers;
use super::workbook::SHEET_SEPARATOR;
use super::{layout, source};
use crate::error::Error;
use crate::personal_numbers;
use crate::project::Source;
use crate::rulebook::{Clock, Rule, Rulebook};
use crate::values::name;

/// The column of types, if rows of a file with one control have several.
pub fn several_types(
    export: &Export,
    row: &HeadingRow<'_>,
    rows: &[u8],
    at_end: bool,
) -> Option<SeveralTypes> {
    /// Words in names of other kinds of cases, folded.
    const OTHER_KINDS: [&str; 12] = [
        "vuxen",
        "vuxna",
        "missbruk",
        "bistand",
        "forsorj",
        "aldre",
        "funktionsned",
        "faderskap",
        "familjeratt",
        "lvm",
        "avgift",
        "bostad",
    ];
    /// A column with more values is not one of types.
    const MOST: usize = 50;
    let Controls::One(_) = export.controls else { return None };
    let column = row.matter_type()?;
    let mut types: BTreeMap<String, u64> = BTreeMap::new();
    each_row(export, rows, 0, at_end, &mut |_, cells| {
        let found = name(cells.get(column), &export.empty);
        if !found.is_empty() && types.len() <= MOST {
            *types.entry(found).or_default() += 1;
        }
    });
    let is_other = |name: &str| OTHER_KINDS.iter().any(|word| folded(name).contains(word));
    let has_other = types.keys().any(|name| is_other(name));
    if types.len() > MOST || !(types.len() > 1 || has_other) {
        return None;
    }
    let named = types
        .into_iter()
        .filter(|(name, rows)| is_other(name) && !personal_numbers::may_name_a_person(name, *rows));
    Some(SeveralTypes { column, other_kinds: named.map(|(name, _)| name).collect() })
}

/// Whether the unit is written only in the first of its rows.
pub fn has_blocks(export: &Export, rows: &[u8], at_end: bool) -> bool {
    let Some(column) = export.columns.group else { return false };
    let mut blocks = Blocks::default();
    each_row(export, rows, 0, at_end, &mut |_, cells| {
        if !cells.get(export.columns.start[0].date).is_empty() {
            blocks.see(cells.get(column));
        }
    });
    blocks.are_there()
}

/// What the case numbers of rows with a start look like.
pub fn usual_numbers(export: &Export, rows: &[u8], at_end: bool) -> UsualNumbers {
    let mut usual = UsualNumbers::default();
    let Some(column) = export.columns.case_id else { return usual };
    each_row(export, rows, 0, at_end, &mut |_, cells| {
        if cells.get(export.columns.start[0].date).iter().any(u8::is_ascii_digit) {
            usual.see(cells.get(column));
        }
    });
    usual
}

/// The sheets that have headings of cases.
pub fn like_cases(
    original: &Original,
    forms: &[Form],
    source: &Source,
    rulebook: &Rulebook,
) -> Result<Vec<String>, Error> {
    /// A single known heading can occur in any table.
    const FEWEST_KNOWN: usize = 2;
    let known = known_headings(rulebook, &source.columns);
    let is_known = |heading: &str| known.contains(&folded(heading));
    let mut found = Vec::new();
    for (form, head) in forms.iter().zip(source::heads(original, forms)?) {
        let (head, whole) = match head {
            Ok(head) => head,
            // A sheet that is not read may be damaged.
            Err(Error::Workbook { .. }) => continue,
            Err(error) => return Err(error),
        };
        let layout = layout::find(&head, whole, &Sought::by(&is_known, Some(SHEET_SEPARATOR)));
        let headings = layout.iter().flat_map(|layout| &layout.headings);
        let of_cases = headings.filter(|heading| is_known(&heading_text(heading))).count();
        if of_cases >= FEWEST_KNOWN {
            found.extend(form.sheet().map(str::to_owned));
        }
    }
    Ok(found)
}

/// If hours count, adds to a start or an end of a single column the column whose heading marks it as its time of day;
/// returns the columns added.
pub fn offer_times(columns: &mut Columns, row: &HeadingRow<'_>, rules: &[&Rule]) -> [Option<usize>; 2] {
    if !rules.iter().any(|rule| is_in_hours(rule)) {
        return [None; 2];
    }
    [&mut columns.start, &mut columns.end].map(|whens| {
        let [only] = whens.as_slice() else { return None };
        let time = row.time_beside(only.date)?;
        whens.push(When { date: time, time: None });
        Some(time)
    })
}

/// Whether a clock of a rule counts hours.
pub fn is_in_hours(rule: &Rule) -> bool {
    rule.laws.iter().map(|law| law.method).chain(rule.reference).any(|clock| matches!(clock, Clock::Hours(_)))
}

/// A column of status that nobody named, and what it shows about the rows.
pub fn unnamed_status(
    export: &Export,
    row: &HeadingRow<'_>,
    rows: &[u8],
    at_end: bool,
) -> Option<UnnamedStatus> {
    let mut status = UnnamedStatus::new(row.status()?);
    each_row(export, rows, 0, at_end, &mut |_, cells| {
        let is_filled = |when: &When| !name(cells.get(when.date), &export.empty).is_empty();
        status.add(cells.get(status.column), export.columns.end.iter().any(is_filled), &export.empty);
    });
    (!status.words.is_empty()).then_some(status)
}
