//! Labels: words that say that a row is no case, but a total of others, a setting of the export or an example.

use super::dialect::Cells;
use super::faults::FaultCode;
use super::heading_words::folded;
use crate::values::bare;

/// Folded words that mark a row of totals or averages, as the first or the last word of its label.
const TOTALS: [&str; 23] = [
    "summa",
    "delsumma",
    "totalsumma",
    "slutsumma",
    "totalt",
    "total",
    "totals",
    "sammanlagt",
    "antal",
    "sum",
    "subtotal",
    "subtotals",
    "count",
    "medel",
    "medelvarde",
    "medeltal",
    "genomsnitt",
    "snitt",
    "median",
    "medianvarde",
    "average",
    "mean",
    "medeldatum",
];
/// Words that do so too, but could also be the value of a column.
const EXTREMES: [&str; 16] = [
    "min",
    "max",
    "minimum",
    "maximum",
    "minmax",
    "hogsta",
    "lagsta",
    "minsta",
    "storsta",
    "tidigast",
    "tidigaste",
    "senast",
    "senaste",
    "resultat",
    "andel",
    "summering",
];
/// Words that mark what a reporting tool prints around a table: what was asked for, when it was printed, an example.
const SETTINGS: [&str; 38] = [
    "period",
    "perioden",
    "tidsperiod",
    "urval",
    "avgransning",
    "sokvillkor",
    "filter",
    "parametrar",
    "fran",
    "from",
    "till",
    "tom",
    "uttag",
    "uttaget",
    "uttagen",
    "uttagsdatum",
    "uttagsdag",
    "rapport",
    "rapporten",
    "rapportdatum",
    "skapad",
    "skapat",
    "genererad",
    "utskrift",
    "utskriven",
    "utskrivet",
    "utskriftsdatum",
    "korning",
    "kordatum",
    "uppdaterad",
    "sida",
    "page",
    "rows",
    "affected",
    "completion",
    "eof",
    "exempel",
    "example",
];
/// What stands, folded, in a column of dates in the row below the headings in which some tools write types and forms.
const TYPES_OF_DATES: [&str; 14] = [
    "date",
    "datetime",
    "datetime2",
    "smalldatetime",
    "datetimeoffset",
    "timestamp",
    "timestamptz",
    "datum",
    "datumtid",
    "datumochtid",
    "aaaammdd",
    "yyyymmdd",
    "ddmmaaaa",
    "ddmmyyyy",
];

/// What a text says about its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    /// A total or a text.
    pub code: FaultCode,
    /// Whether it could be nothing else: a single word for a total, perhaps with a number.
    pub is_certain: bool,
}

/// The label that a cell is, by the first or the last of its words.
pub fn label(cell: &[u8]) -> Option<Label> {
    /// A longer text is a note.
    const LONGEST: usize = 80;
    if cell.is_empty() || cell.len() > LONGEST {
        return None;
    }
    let text = String::from_utf8_lossy(cell);
    let tidied = |word: &str| {
        let word = word.trim_matches(|letter: char| !letter.is_alphanumeric());
        // Folded it would be like a name.
        if word.eq_ignore_ascii_case("s:a") { "summa".to_owned() } else { folded(word) }
    };
    let mut words =
        bare(&text).split_whitespace().filter(|word| word.contains(char::is_alphabetic)).map(tidied);
    let (first, last) = (words.next()?, words.next_back());
    let has = |list: &[&str]| {
        [Some(&first), last.as_ref()].into_iter().flatten().any(|word| list.contains(&word.as_str()))
    };
    match () {
        () if has(&TOTALS) => Some(Label { code: FaultCode::TotalsRow, is_certain: last.is_none() }),
        () if has(&EXTREMES) => Some(Label { code: FaultCode::TotalsRow, is_certain: false }),
        () if has(&SETTINGS) => Some(Label { code: FaultCode::TextRow, is_certain: false }),
        () => None,
    }
}

/// The first cell of a row that holds words.
pub fn first_text(cells: Cells<'_>) -> Option<usize> {
    (0..cells.len()).find(|column| has_letter(cells.get(*column)))
}

/// Whether a cell holds a letter.
pub fn has_letter(cell: &[u8]) -> bool {
    String::from_utf8_lossy(cell).contains(char::is_alphabetic)
}

/// Whether a cell names a type of dates, or the form in which they are to be written.
pub fn is_type_of_dates(cell: &[u8]) -> bool {
    let text = String::from_utf8_lossy(cell);
    let text = bare(&text).trim_matches(|letter: char| !letter.is_alphanumeric());
    TYPES_OF_DATES.contains(&folded(text).as_str())
}

/// Whether a cell is a line drawn with characters, as some tools draw below the headings.
pub fn is_ruled(cell: &[u8]) -> bool {
    !cell.is_empty() && cell.iter().all(|byte| matches!(byte, b'-' | b'=' | b'_' | b'+' | b'*' | b'~' | b' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_known_by_their_first_and_last_word() {
        let code = |text: &str| label(text.as_bytes()).map(|label| label.code);
        for text in
            ["Summa", "Norr totalt", "ANTAL: 40", "Totalt (24 st)", "Min/max", "Högsta", "S:a", "Öst Max"]
        {
            assert_eq!(code(text), Some(FaultCode::TotalsRow), "{text}");
        }
        for text in [
            "Period",
            "Fr.o.m.",
            "T.o.m.:",
            "Rapport skapad:",
            "Sida 1 av 2",
            "(40 rows affected)",
            "EOF",
            "Exempel",
        ] {
            assert_eq!(code(text), Some(FaultCode::TextRow), "{text}");
        }
        for text in [
            "",
            "BU 2024-101",
            "Norr",
            "Summan av allt är oklar",
            "2024-01-10",
            "40",
            "Maxi",
            "Totalförsvaret",
        ] {
            assert_eq!(code(text), None, "{text}");
        }
    }

    #[test]
    fn only_a_single_word_for_a_total_is_certain() {
        let certain = |text: &str| label(text.as_bytes()).is_some_and(|label| label.is_certain);
        assert_eq!(
            ["Summa", "Antal: 40", "Norr totalt", "Max", "Period"].map(certain),
            [true, true, false, false, false]
        );
    }
}
