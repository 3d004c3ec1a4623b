//! Why a result must not become a report.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{InputEntry, Judged};
use crate::date::Day;
use crate::error::Error;
use crate::ingest::{
    Columns, DayCounts, Effect, Export, FaultCode, Faults, Ledger, NumberShapes, folded, names_units, shown,
};
use crate::personal_numbers::{may_name_a_person, shown_name};
use crate::project::Duplicates;

/// Why a result must not become a report: if nothing in a file can be used, or no case has begun by the as-of date, the
/// report would be wrong without looking wrong.
pub fn unusable(exports: &[Export], judged: &Judged, as_of: Day) -> Vec<Error> {
    // The rows of another table are misread, so whatever else they show is a consequence.
    let stacked = other_tables(exports, judged);
    if !stacked.is_empty() {
        return stacked;
    }
    // Destroyed numbers also contradict each other: report the cause, not the consequence.
    let mut errors = destroyed_case_numbers(exports, judged);
    if !errors.is_empty() {
        return errors;
    }
    for (number, export) in exports.iter().enumerate() {
        let mut ledger = Ledger::default();
        let entries = judged.inputs.iter().filter(|entry| entry.export == number);
        entries.for_each(|entry| ledger.add(entry.ledger));
        // In a workbook with a sheet for each month, the sheet of a coming month may still be empty.
        let is_sheet_of_several = export.form.sheet().is_some()
            && exports.iter().filter(|other| other.path == export.path).count() > 1;
        let has_rows =
            |entry: &InputEntry| exports[entry.export].path == export.path && entry.ledger.rows() > 0;
        if ledger.rows() == 0 && is_sheet_of_several && judged.inputs.iter().any(has_rows) {
            continue;
        }
        if is_of_other_controls(number, ledger, &judged.faults) {
            continue;
        }
        if ledger.rows() == 0 {
            errors.push(Error::EmptyFile { path: export.path.clone() });
        } else if ledger.rejected + ledger.other_type + ledger.no_case == ledger.rows() {
            errors.push(nothing_usable(number, export, ledger, &judged.faults));
        }
    }
    for (number, export) in exports.iter().enumerate() {
        let counts_each_row = export.columns.case_id.is_none() || export.duplicates == Duplicates::Keep;
        let same = |other: &usize| {
            let (one, other) = (export, &exports[*other]);
            (one.form.own_sheet(), &one.controls) == (other.form.own_sheet(), &other.controls)
        };
        let twin = (0..number).find(|other| judged.digests[*other] == judged.digests[number] && same(other));
        if let (true, Some(twin)) = (counts_each_row, twin) {
            errors.push(Error::SameFile { path: export.path.clone(), other: exports[twin].path.clone() });
        }
    }
    // One reason is enough for two files.
    if errors.is_empty() {
        errors.extend(without_case_numbers(exports, judged));
        errors.extend(same_cases(exports, judged));
        errors.extend(planned_ends(exports, judged));
    }
    errors.extend(judged.equally_new.map(|(one, other)| {
        let day = judged.ages[one].map_or(String::new(), |day| day.to_string());
        let [path, other] = told_apart(&exports[other], &exports[one]);
        Error::EquallyNew { path, other, day }
    }));
    errors.extend(unsuitable_groups(exports, judged, most_values));
    let exist = |entry: &InputEntry| entry.ledger.counted + entry.ledger.open + entry.ledger.without_time > 0;
    if let (Some(first), true, false) =
        (judged.first_start, errors.is_empty(), judged.inputs.iter().any(exist))
    {
        let (as_of, first_start) = (as_of.to_string(), first.to_string());
        errors.push(Error::AsOfBeforeData { as_of, first_start });
    }
    errors
}

/// Whether every row of an export is a case of another control that its file is read for.
fn is_of_other_controls(number: usize, ledger: Ledger, faults: &Faults) -> bool {
    let of_code =
        |(export, code, _): &(usize, FaultCode, _)| (*export, *code) == (number, FaultCode::OtherControl);
    faults.rows().find(of_code).is_some_and(|(.., rows)| rows.count == ledger.rows())
}

/// Files in which another table begins below the first.
fn other_tables(exports: &[Export], judged: &Judged) -> Vec<Error> {
    let found = exports.iter().zip(&judged.read).filter_map(|(export, read)| {
        let line = read.other_table()?;
        Some(Error::OtherTable {
            path: export.path.clone(),
            place: export.place(line, Some(0)),
            line: Some(line),
        })
    });
    found.collect()
}

/// Exports of one control that overlap in time and whose cases cannot be told apart.
fn without_case_numbers(exports: &[Export], judged: &Judged) -> Vec<Error> {
    let compares = |export: &Export| export.duplicates != Duplicates::Keep;
    let mut errors = Vec::new();
    for (number, export) in exports.iter().enumerate().filter(|(_, export)| compares(export)) {
        let rival = (0..number).find(|other| {
            let rival = &exports[*other];
            let lacks = is_without_numbers(judged, number) || is_without_numbers(judged, *other);
            let ids = export.controls.ids();
            let share = rival.controls.ids().iter().any(|id| ids.contains(id));
            let may_share =
                || overlap(judged, number, *other) && !are_of_two_units(exports, judged, number, *other);
            lacks && share && compares(rival) && may_share()
        });
        if let Some(rival) = rival {
            let [path, other] = told_apart(export, &exports[rival]);
            errors.push(Error::NoCaseNumbers { path, other });
        }
    }
    errors
}

/// The paths of two exports, with their sheets if they are of one workbook.
fn told_apart(one: &Export, other: &Export) -> [PathBuf; 2] {
    let is_one_file = one.path == other.path;
    [one, other].map(|export| match export.form.sheet().filter(|_| is_one_file) {
        Some(sheet) => format!("{} {}", export.path.display(), shown_name(sheet)).into(),
        None => export.path.clone(),
    })
}

/// Whether two exports are those of two units: each has a single one, which its file or sheet is named after. Another
/// name alone shows no other unit: it may have been written otherwise, or changed.
fn are_of_two_units(exports: &[Export], judged: &Judged, one: usize, other: usize) -> bool {
    let unit_of = |number: usize| {
        let (export, units) = (&exports[number], &judged.read[number].units);
        let unit = units.first().filter(|_| units.len() == 1).map(|unit| folded(&unit.group))?;
        let file = export.path.file_stem().unwrap_or_default().to_string_lossy();
        let named = folded(export.form.sheet().unwrap_or(&file));
        (!unit.is_empty() && named.contains(&unit)).then_some(unit)
    };
    let units = unit_of(one).zip(unit_of(other));
    units.is_some_and(|(one, other)| !one.contains(&other) && !other.contains(&one))
}

/// Whether no row of an export has a case number.
fn is_without_numbers(judged: &Judged, number: usize) -> bool {
    judged.read[number].numbered == 0
}

/// Exports of one control that overlap in time and hold the same cases, under other numbers or without any.
fn same_cases(exports: &[Export], judged: &Judged) -> Vec<Error> {
    let overlapping = judged.same_cases.iter().filter(|same| {
        let (one, other) = same.exports;
        !is_without_numbers(judged, one) && !is_without_numbers(judged, other) && overlap(judged, one, other)
    });
    let errors = overlapping.map(|same| {
        let [other, path] = told_apart(&exports[same.exports.0], &exports[same.exports.1]);
        match same.unnumbered {
            true => Error::NoCaseNumbers { path, other },
            false => Error::SameCases { path, other, agreeing: same.agreeing, cases: same.cases },
        }
    });
    errors.collect()
}

/// Exports whose ends seem to be planned days.
fn planned_ends(exports: &[Export], judged: &Judged) -> Vec<Error> {
    let found = exports.iter().zip(&judged.read).filter_map(|(export, read)| {
        let (alike, days) = read.usual_span()?;
        Some(Error::PlannedEnds {
            path: export.path.clone(),
            heading: shown(&export.headings)[export.columns.end[0].date].clone(),
            cases: read.spans.total(),
            alike,
            days,
        })
    });
    found.collect()
}

/// Whether two exports could hold the same case: it starts in the time of both, and has ended in the time of both or is
/// open in one of them.
fn overlap(judged: &Judged, one: usize, other: usize) -> bool {
    let span = |days: &DayCounts| Some((days.days().next()?.0, days.days().next_back()?.0));
    let meet = |pick: fn(&super::Read) -> &DayCounts| match (
        span(pick(&judged.read[one])),
        span(pick(&judged.read[other])),
    ) {
        (Some(one), Some(other)) => one.0 <= other.1 && other.0 <= one.1,
        _ => false,
    };
    let has_open = |number: usize| {
        judged
            .inputs
            .iter()
            .any(|entry| entry.export == number && entry.ledger.open + entry.ledger.rejected > 0)
    };
    meet(|read| &read.starts) && (meet(|read| &read.ends) || has_open(one) || has_open(other))
}

/// Case numbers that a program destroyed, by control.
fn destroyed_case_numbers(exports: &[Export], judged: &Judged) -> Vec<Error> {
    let of_controls = judged.numbers.values();
    let destroyed = of_controls
        .filter_map(|of_exports| NumberShapes::destroyed(&of_exports.values().collect::<Vec<_>>()));
    let errors = destroyed.map(|(what, place)| {
        let export = &exports[place.export];
        let column = export.columns.case_id;
        let heading = column.map_or(String::new(), |column| shown(&export.headings)[column].clone());
        let place = export.place(place.line, column);
        Error::DestroyedCaseNumbers { path: export.path.clone(), heading, kind: what.id(), place }
    });
    errors.collect()
}

/// Case numbers that are personal numbers and must not be listed, by export. A column whose heading is among the
/// `accepted` texts is left alone.
pub fn personal_case_numbers(exports: &[Export], judged: &Judged, accepted: &[String]) -> Vec<Error> {
    let found = exports.iter().zip(&judged.read).filter_map(|(export, read)| {
        let ((line, count), column) = (read.personal_ids?, export.columns.case_id?);
        let is_accepted = accepted.contains(&export.headings[column]);
        (!is_accepted).then(|| Error::PersonalCaseNumbers {
            path: export.path.clone(),
            heading: shown(&export.headings)[column].clone(),
            count,
            place: export.place(line, Some(column)),
        })
    });
    found.collect()
}

/// How many values a column may have and still be a grouping in the internal edition, if most of them stand on only a
/// row or two: a list of units in a small export, or a few answers.
fn most_values(heading: &str) -> usize {
    if names_units(heading) { 50 } else { 10 }
}

/// Columns by which the published edition must not group. One or two values are allowed, because small groups are
/// merged; with more, most of them on only a row or two, they may be names.
pub fn singling_out(exports: &[Export], judged: &Judged) -> Vec<Error> {
    unsuitable_groups(exports, judged, |_| 2)
}

/// Columns that are not a grouping: they have more than `most_values` values, most of which stand on only a row or two,
/// as names and numbers do.
fn unsuitable_groups(exports: &[Export], judged: &Judged, most_values: fn(&str) -> usize) -> Vec<Error> {
    let mut errors = Vec::new();
    for (control, tally) in &judged.tallies {
        for is_first in [true, false] {
            let column_of = |columns: &Columns| if is_first { columns.group } else { columns.subgroup };
            let mut rows: BTreeMap<&String, u64> = BTreeMap::new();
            for (name, group) in &tally.groups {
                let value = if is_first { &name.group } else { &name.subgroup };
                // An empty cell is nobody's name.
                if !value.is_empty() {
                    *rows.entry(value).or_default() += group.cases();
                }
            }
            let rare = rows.iter().filter(|(value, rows)| may_name_a_person(value, **rows)).count();
            let of_control =
                exports.iter().filter(|export| export.controls.ids().contains(&control.as_str()));
            let place = of_control.filter_map(|export| Some((export, column_of(&export.columns)?))).next();
            let Some((export, column)) = place else { continue };
            if rows.len() > most_values(&export.headings[column]) && rare * 2 > rows.len() {
                let heading = shown(&export.headings)[column].clone();
                errors.push(Error::UnsuitableGroup { path: export.path.clone(), heading });
            }
        }
    }
    errors
}

fn nothing_usable(number: usize, export: &Export, ledger: Ledger, faults: &Faults) -> Error {
    let rejected =
        faults.rows().filter(|(export, code, _)| *export == number && code.effect() == Effect::Rejected);
    let commonest = rejected.max_by_key(|(.., rows)| rows.count);
    let (commonest, count, line) = match commonest {
        Some((_, code, rows)) => (code.id(), rows.count, rows.first_line),
        None => ("other-type", ledger.other_type, export.header_line + 1),
    };
    Error::NothingUsable { path: export.path.clone(), rows: ledger.rows(), commonest, count, line }
}
