//! Another table below the first: a row of other headings, below which cells mean something else.

use std::collections::{BTreeSet, HashSet};

use super::dialect::Cells;
use super::heading_words::{
    ANY_END, ANY_START, CASE_ID, GROUP, STATUS, folded, is_case_id, known_headings, rank_of_headings,
};
use super::headings::Columns;
use super::selection::usual_state;
use crate::project::ColumnNames;
use crate::rulebook::{Rule, Rulebook};
use crate::values::bare;

/// Headings by which a further table is recognised.
#[derive(Debug, Clone)]
pub struct OtherTable {
    /// The headings of the table that is read, folded.
    own: Vec<String>,
    /// The columns of the case number and of dates and times, whose cells hold digits in every row of a case.
    of_digits: Vec<usize>,
    known: HashSet<String>,
    /// Headings of starts and ends of any rule.
    of_days: HashSet<String>,
    /// Headings that mean the same, folded: a table that was joined to another may name its columns differently.
    alike: Vec<HashSet<String>>,
}

impl OtherTable {
    /// What is known about a table with these headings, whose rows belong to `rules`.
    pub fn beside(
        headings: &[String],
        columns: &Columns,
        names: &ColumnNames,
        rules: &[&Rule],
        rulebook: &Rulebook,
    ) -> OtherTable {
        let set = |words: &[&str]| words.iter().map(|word| folded(word)).collect::<HashSet<String>>();
        let with = |any: &[&str], pick: fn(&Rule) -> &Vec<String>| {
            let of_rules = rules.iter().flat_map(|rule| pick(rule)).map(|heading| folded(heading));
            set(any).into_iter().chain(of_rules).collect::<HashSet<String>>()
        };
        let start = with(ANY_START, |rule| &rule.headings.start);
        let end = with(ANY_END, |rule| &rule.headings.end);
        let dates = columns.dates_and_times().map(|(_, column)| column);
        OtherTable {
            own: headings.iter().map(|heading| folded(heading)).collect(),
            of_digits: columns.case_id.into_iter().chain(dates).collect(),
            known: known_headings(rulebook, names),
            of_days: of_days(rulebook),
            alike: vec![set(CASE_ID), set(GROUP), start, end],
        }
    }

    /// Whether a row holds the headings of another table: at least two that are known, one of them of a start or an end, one
    /// of them above cells that are something else here, and no digit where cases have a number and dates. What stands
    /// behind a heading of a status, as in Status;Avslutad, is a value.
    pub fn begins_with(&self, cells: Cells<'_>) -> bool {
        /// A single known heading can occur in any row.
        const FEWEST_KNOWN: usize = 2;
        if self.of_digits.iter().any(|column| cells.get(*column).iter().any(u8::is_ascii_digit)) {
            return false;
        }
        let (mut found, mut is_other, mut has_day, mut is_value) = (BTreeSet::new(), false, false, false);
        for (column, cell) in cells.iter().enumerate() {
            let text = String::from_utf8_lossy(cell);
            let heading = folded(bare(&text));
            if self.known.contains(&heading) && !(is_value && usual_state(bare(&text)).is_some()) {
                is_other |= !self.means_the_same(column, &heading);
                has_day |= self.of_days.contains(&heading);
                is_value = STATUS.iter().any(|status| folded(status) == heading);
                found.insert(heading);
            }
        }
        is_other && has_day && found.len() >= FEWEST_KNOWN
    }

    /// Whether a heading could stand above a column of the table that is read. Rows that are wider than that are rejected.
    fn means_the_same(&self, column: usize, heading: &str) -> bool {
        self.own.get(column).is_none_or(|own| {
            own == heading || self.alike.iter().any(|alike| alike.contains(own) && alike.contains(heading))
        })
    }
}

/// Headings of starts and ends of any rule, folded.
fn of_days(rulebook: &Rulebook) -> HashSet<String> {
    let of_rules =
        rulebook.rules.iter().flat_map(|rule| rule.headings.start.iter().chain(&rule.headings.end));
    let general = ANY_START.iter().chain(ANY_END).map(|heading| folded(heading));
    of_rules.map(|heading| folded(heading)).chain(general).collect()
}

/// The first column of a second table beside the first: both have case numbers, starts and ends, and a column without a
/// heading lies between them.
pub fn second_table(headings: &[String], rulebook: &Rulebook) -> Option<usize> {
    let is_whole = |part: &[String]| {
        let cells: Vec<Vec<u8>> = part.iter().map(|heading| heading.clone().into_bytes()).collect();
        part.iter().any(|heading| is_case_id(heading)) && rank_of_headings(rulebook, &cells) > 0
    };
    let mut begin = 0;
    let parts = headings.split(String::is_empty).map(|part| {
        let first = begin;
        begin += part.len() + 1;
        (first, part)
    });
    let whole: Vec<usize> = parts.filter(|(_, part)| is_whole(part)).map(|(first, _)| first).collect();
    whole.get(1).copied()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::ingest::dialect::CellSplitter;
    use crate::ingest::headings::HeadingRow;

    /// Whether a row begins another table below investigations with a status and a note.
    fn begins(row: &str) -> bool {
        let headings: Vec<String> = "Ärendenr;Enhet;Utredning inledd;Utredning avslutad;Status;Notering"
            .split(';')
            .map(str::to_owned)
            .collect();
        let rulebook = Rulebook::builtin();
        let (rules, names) = ([&rulebook.rules[0]], ColumnNames::default());
        let columns =
            HeadingRow::new(Path::new("x.csv"), &headings).columns(&names, &rules).expect("columns");
        let table = OtherTable::beside(&headings, &columns, &names, &rules, &rulebook);
        table.begins_with(CellSplitter::new(b';').split(row.as_bytes(), false))
    }

    #[test]
    fn two_tables_beside_each_other_are_told_from_blank_columns() {
        let second = |row: &str| {
            let headings: Vec<String> = row.split(';').map(str::to_owned).collect();
            second_table(&headings, &Rulebook::builtin())
        };
        let first = "Ärendenr;Utredning inledd;Utredning avslutad;";
        assert_eq!(second(&format!("{first};Dnr;Anmälan inkom;Förhandsbedömning klar")), Some(4));
        assert_eq!(second(&format!(";{first};;Ärendenr;Utredning inledd;Utredning avslutad")), Some(6));
        assert_eq!(second(&format!("{first};Anmälan inkom;Förhandsbedömning klar")), None);
        assert_eq!(second(&format!("{first};Ärendenr;Antal")), None);
        assert_eq!(second("Ärendenr;;Utredning inledd;;Utredning avslutad;;Dnr"), None);
    }

    #[test]
    fn other_headings_begin_another_table_and_rows_of_data_do_not() {
        for row in [
            "Ärendenr;Enhet;Anmälan inkom;Förhandsbedömning klar",
            "ÄRENDENR;ENHET;ANMÄLAN INKOM;FÖRHANDSBEDÖMNING KLAR;;",
            "Ärendenr;Enhet;Anmälan inkom;Utredning inledd;Utredning avslutad",
            "Utredning inledd;Utredning avslutad;Ärendenr",
            "Utredning avslutad;Utredning inledd",
            "Ärendenr;Enhet;Utredning inledd;Utredning avslutad;Förlängd till;Barn 1;Barn 2",
            ";Enhet;Beslutsdatum;Verkställighetsdatum;;",
        ] {
            assert!(begins(row), "{row}");
        }
        for row in [
            "Ärendenr;Enhet;Utredning inledd;Utredning avslutad;Status;Notering",
            "Dnr;Avdelning;Inledd;Avslutad;Status;Sida två",
            "Ärendenr;Enhet;Utredning inledd;Utredning avslutad;Status;Notering;Förlängd till",
            "BU-17;Enhet;;Avslutad;Avslutad;Beslut",
            ";Norr;;Avslutad;Avslutad;",
            ";Norr;2024-01-10;;Avslutad;Beslutsdatum",
            "Utredning inledd;;;;;",
            "Antal ärenden;;;;;",
            "Status;Avslutad;;;;",
            "Status;Avslutad;Enhet;Alla;;",
            "Handläggare;Alla;Enhet;Alla;;",
            ";;;;;",
        ] {
            assert!(!begins(row), "{row}");
        }
    }
}
