//! First look: what the beginning of an export shows beyond its headings.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::blocks::Blocks;
use super::case_numbers::{CaseNumber, NumberShapes, key_of};
use super::column_facts::{ColumnFacts, FEWEST_WORDS, is_word};
use super::export::{Controls, Export, SeveralTypes, each_row, each_row_cut, heading_text};
use super::faults::Place;
use super::heading_words::{folded, is_case_id, known_headings, shown};
use super::headings::{Columns, HeadingRow, When};
use super::labels::{first_text, label};
use super::layout::Sought;
use super::original::Original;
use super::records::Cut;
use super::selection::UnnamedStatus;
use super::source::Form;
use super::usual_numbers::{Patterns, UsualNumbers};
use super::workbook::SHEET_SEPARATOR;
use super::{layout, source};
use crate::date_evidence::Evidence;
use crate::error::Error;
use crate::personal_numbers;
use crate::project::{ColumnNames, Duplicates, Source};
use crate::rulebook::{Clock, Rule, Rulebook};
use crate::values::name;

/// What each column of the rows at the beginning of a table holds.
pub fn column_facts(
    headings: &[String],
    separator: u8,
    (rows, at_end): (&[u8], bool),
    empty: &[String],
) -> Vec<ColumnFacts> {
    let of_numbers: Vec<bool> = headings.iter().map(|heading| is_case_id(heading)).collect();
    let mut facts = vec![ColumnFacts::default(); headings.len()];
    let cut = Cut { separator, columns: headings.len(), fewest: 0 };
    each_row_cut(cut, rows, 0, at_end, &mut |_, cells| {
        for (column, facts) in facts.iter_mut().enumerate() {
            facts.add(cells.get(column), empty, of_numbers[column]);
        }
    });
    if !at_end {
        // Columns that are alike so far may differ in the rows that follow.
        facts.iter_mut().enumerate().for_each(|(column, facts)| facts.set_apart(column));
    }
    // Without rows nothing is known of any column.
    if facts.iter().all(|facts| facts.filled == 0) { Vec::new() } else { facts }
}

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
    let mut patterns = Patterns::default();
    let Some(column) = export.columns.case_id else { return UsualNumbers::default() };
    each_row(export, rows, 0, at_end, &mut |_, cells| {
        let is_numbered = !CaseNumber::of(cells.get(column), &export.empty).shown.is_empty();
        if is_numbered && cells.get(export.columns.start[0].date).iter().any(u8::is_ascii_digit) {
            patterns.see(cells.get(column), &|| {
                first_text(cells).and_then(|column| label(cells.get(column))).is_some()
            });
        }
    });
    patterns.usual()
}

/// The most cells that a row may have, and whether a cell without a heading is filled. Some programs end every row in a
/// separator; where only some rows have more cells than headings, or a text was cut in two in all, the cells have moved.
pub fn beyond_headings(export: &Export, rows: &[u8], at_end: bool) -> (usize, bool) {
    let width = export.headings.len();
    let (mut widths, mut has_unheaded) = (BTreeMap::<usize, u64>::new(), false);
    // By column: cells that are filled, and those of them with a blank behind the separator.
    let mut blanks = vec![(0_u64, 0_u64); width];
    each_row(export, rows, 0, at_end, &mut |_, cells| {
        let filled: Vec<usize> = (0..cells.len()).filter(|column| !cells.get(*column).is_empty()).collect();
        let is_unheaded = |column: &usize| export.headings.get(*column).is_none_or(String::is_empty);
        has_unheaded |= filled.iter().any(is_unheaded);
        if !filled.is_empty() {
            *widths.entry(cells.len()).or_default() += 1;
        }
        for column in filled.into_iter().filter(|column| *column < width) {
            blanks[column].0 += 1;
            blanks[column].1 += u64::from(cells.begins_blank(column));
        }
    });
    let all: u64 = widths.values().sum();
    let (usual, rows) = widths.into_iter().max_by_key(|(_, rows)| *rows).unwrap_or_default();
    let behind = || blanks.iter().skip(1).filter(|(filled, _)| *filled > 0);
    let is_cut = behind().any(|(filled, blank)| filled == blank) && behind().any(|(_, blank)| *blank == 0);
    (if rows * 2 > all && !is_cut { usual.max(width) } else { width }, has_unheaded)
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

/// Refuses an export whose start or end holds words in place of dates.
pub fn refuse_undated(export: &Export, rows: &[u8], at_end: bool) -> Result<(), Error> {
    let dates = [("start", &export.columns.start), ("end", &export.columns.end)];
    let columns: Vec<(&'static str, Vec<usize>)> =
        dates.map(|(role, whens)| (role, whens.iter().map(|when| when.date).collect())).into();
    match undated(export, &columns, rows, at_end).first() {
        Some((role, column)) => Err(no_dates(export, role, *column, rows, at_end)),
        None => Ok(()),
    }
}

/// Leaves out columns of extensions that hold words in place of dates: whether there is one, and not when. Those that
/// the project file names are refused.
pub fn leave_out_undated(
    export: &mut Export,
    names: &ColumnNames,
    rows: &[u8],
    at_end: bool,
) -> Result<(), Error> {
    let columns = [
        ("extended_to", export.columns.extended_to),
        ("extension_decided", export.columns.extension_decided),
    ];
    let columns: Vec<(&'static str, Vec<usize>)> =
        columns.into_iter().filter_map(|(role, column)| Some((role, vec![column?]))).collect();
    for (role, column) in undated(export, &columns, rows, at_end) {
        let (of_role, name) = match role {
            "extended_to" => (&mut export.columns.extended_to, &names.extended_to),
            _ => (&mut export.columns.extension_decided, &names.extension_decided),
        };
        if name.is_some() {
            return Err(no_dates(export, role, column, rows, at_end));
        }
        *of_role = None;
        export.without_dates.push((role, column));
    }
    Ok(())
}

fn no_dates(export: &Export, role: &'static str, column: usize, rows: &[u8], at_end: bool) -> Error {
    let shown = shown(&export.headings);
    let dated = dated(export, rows, at_end).into_iter().map(|column| shown[column].clone()).collect();
    let controls = export.controls.ids().into_iter().map(str::to_owned).collect();
    let (path, heading) = (export.path.clone(), shown[column].clone());
    Error::NoDates { path, controls, role, heading, dated }
}

/// Of roles with their columns, those whose cells are words without a digit: a decision, or yes and no. Words for what
/// goes on, and errors of Excel, are no such words.
fn undated(
    export: &Export,
    roles: &[(&'static str, Vec<usize>)],
    rows: &[u8],
    at_end: bool,
) -> Vec<(&'static str, usize)> {
    let mut seen = vec![(0_u64, true); roles.len()];
    each_row(export, rows, 0, at_end, &mut |_, cells| {
        for ((_, columns), (filled, all_words)) in roles.iter().zip(&mut seen) {
            for cell in columns.iter().map(|column| name(cells.get(*column), &export.empty)) {
                *filled += u64::from(!cell.is_empty());
                *all_words &= cell.is_empty() || is_word(&cell);
            }
        }
    });
    let found =
        roles.iter().zip(seen).filter(|(_, (filled, all_words))| *filled >= FEWEST_WORDS && *all_words);
    found.map(|((role, columns), _)| (*role, columns[0])).collect()
}

/// Whether the rows of each number in a column differ in their starts, so that each is a case of its own; no numbers that
/// a program destroyed show that.
pub fn begin_apart(export: &Export, number: usize, rows: &[u8], at_end: bool) -> bool {
    let (mut met, mut are_apart, mut shapes) = (HashSet::new(), true, NumberShapes::default());
    each_row(export, rows, 0, at_end, &mut |line, cells| {
        let number = CaseNumber::of(cells.get(number), &export.empty);
        let start = cells.get(export.columns.start[0].date);
        if !number.shown.is_empty() && start.iter().any(u8::is_ascii_digit) {
            shapes.add(&number.shown, Place { export: 0, line });
            are_apart &= met.insert((key_of(&number.shown).into_owned(), start.to_vec()));
        }
    });
    are_apart && NumberShapes::destroyed(&[&shapes]).is_none()
}

/// Refuses case numbers that stand only on the first of the rows of a case, which agree in their dates: the others
/// would be cases of their own. Open cases of one day agree too, and the newest may not be numbered yet: they show it
/// only below several numbers.
pub fn refuse_numbers_on_first_rows(export: &Export, rows: &[u8], at_end: bool) -> Result<(), Error> {
    /// A single row may be a slip.
    const FEWEST: u64 = 2;
    /// On so many days some of the open cases have a number and others not.
    const FEWEST_OPEN: u64 = 3;
    let column = export.columns.case_id.filter(|_| export.duplicates != Duplicates::Keep);
    let Some(column) = column else { return Ok(()) };
    let dates: Vec<usize> = export.columns.dates_and_times().map(|(_, column)| column).collect();
    let (mut before, mut dated) = (None::<Vec<Vec<u8>>>, Vec::new());
    let (mut without, mut ended, mut open, mut first) = (0_u64, 0_u64, 0_u64, None);
    // The numbers above open rows that agree with theirs.
    let (mut above_open, mut is_first_below) = (0_u64, true);
    each_row(export, rows, export.header_line + 1, at_end, &mut |line, cells| {
        if !cells.get(export.columns.start[0].date).iter().any(u8::is_ascii_digit) {
            before = None;
            return;
        }
        dated.clear();
        dated.extend(dates.iter().map(|column| cells.get(*column).to_vec()));
        if !CaseNumber::of(cells.get(column), &export.empty).shown.is_empty() {
            (before, is_first_below) = (Some(std::mem::take(&mut dated)), true);
            return;
        }
        without += 1;
        if before.as_ref() != Some(&dated) {
            before = None;
            return;
        }
        first = first.or(Some(line));
        if export.columns.end.iter().any(|when| cells.get(when.date).iter().any(u8::is_ascii_digit)) {
            ended += 1;
        } else {
            open += 1;
            above_open += u64::from(std::mem::take(&mut is_first_below));
        }
    });
    let are_many = ended >= FEWEST || above_open >= FEWEST_OPEN;
    match first.filter(|_| are_many && (ended + open) * 2 >= without) {
        None => Ok(()),
        Some(line) => Err(Error::NumbersOnFirstRows {
            path: export.path.clone(),
            heading: shown(&export.headings)[column].clone(),
            place: export.place(line, Some(column)),
        }),
    }
}

/// The columns of which most cells are dates.
fn dated(export: &Export, rows: &[u8], at_end: bool) -> Vec<usize> {
    let mut columns = vec![Evidence::default(); export.headings.len()];
    each_row(export, rows, 0, at_end, &mut |_, cells| {
        let cells = columns.iter_mut().enumerate().map(|(column, evidence)| (evidence, cells.get(column)));
        cells.for_each(|(evidence, cell)| evidence.add(cell, 0, export.form.epoch(), &export.empty));
    });
    (0..columns.len()).filter(|column| columns[*column].is_of_dates()).collect()
}

/// The headings, and the values of the columns other than the start and the end that have few, all in lower case.
pub fn other_values(export: &Export, rows: &[u8], at_end: bool) -> BTreeSet<String> {
    /// A column with more values has free text, or numbers.
    const MOST: usize = 50;
    let dates: Vec<usize> = export.columns.dates_and_times().map(|(_, column)| column).collect();
    let mut columns = vec![BTreeSet::new(); export.headings.len()];
    each_row(export, rows, 0, at_end, &mut |_, cells| {
        let others = columns.iter_mut().enumerate().filter(|(column, _)| !dates.contains(column));
        for (column, values) in others.filter(|(_, values)| values.len() <= MOST) {
            values.insert(name(cells.get(column), &export.empty).to_lowercase());
        }
    });
    let few = columns.into_iter().filter(|values| values.len() <= MOST).flatten();
    few.chain(export.headings.iter().map(|heading| heading.to_lowercase())).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_of_marks_is_empty_and_repeated_numbers_are_no_texts() {
        let headings = ["Ärendenr", "Ärende", "Utredningsnr", "Enhet"].map(str::to_owned);
        let rows = "NULL;Anmälan;U1;Norr\n-;Ansökan;U2;\nSaknas;Anmälan;u 1;\n";
        let facts = column_facts(&headings, b';', (rows.as_bytes(), true), &[]);
        assert_eq!(facts.iter().map(|facts| facts.filled).collect::<Vec<_>>(), [0, 3, 3, 1]);
        assert_eq!(
            facts.iter().map(ColumnFacts::holds_numbers).collect::<Vec<_>>(),
            [false, false, true, false]
        );
        assert!(!facts[2].is_unique() && !facts[1].is_unique());
        let facts = column_facts(&headings, b';', (b"1;;;\n2;;;\n", true), &[]);
        assert!(facts[0].is_unique() && facts[0].holds_numbers());
    }
}
