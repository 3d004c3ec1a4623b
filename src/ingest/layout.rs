//! Layout: where in a file its table begins.
//!
//! Finds the separator and the headings together: among all ways to cut the first lines, the line with the most known
//! headings. Titles above the headings are skipped.

use super::dialect::{CellSplitter, SEPARATORS, separator_of};
use super::records::{Cut, Scan, scan};

/// The number of non-blank lines among which the headings are looked for.
const LINES_LOOKED_AT: usize = 100;

/// A title may contain one known heading; a line of headings has more.
const FEWEST_KNOWN: usize = 2;

/// Where the headings are and what separates them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The separator between cells.
    pub separator: u8,
    /// The headings as they are written.
    pub headings: Vec<Vec<u8>>,
    /// The last line of the headings, from 1.
    pub header_line: u64,
    /// Bytes before the first row.
    pub body_offset: usize,
}

/// What is known about the headings in advance.
pub struct Sought<'a> {
    /// Whether a heading is known.
    pub is_known: &'a dyn Fn(&str) -> bool,
    /// How much a line looks like the headings of a table of cases; a selection printed above the table also contains
    /// known headings.
    pub rank: &'a dyn Fn(&[Vec<u8>]) -> u8,
    /// The only possible separator, if known.
    pub separator: Option<u8>,
    /// The line of the headings, if known.
    pub header_line: Option<u64>,
}

impl<'a> Sought<'a> {
    /// Only single headings are known.
    pub fn by(is_known: &'a dyn Fn(&str) -> bool, separator: Option<u8>) -> Sought<'a> {
        Sought { is_known, rank: &|_| 0, separator, header_line: None }
    }
}

/// Finds the headings at the beginning of a file; `at_end` is true if `head` is the whole file. `None` if all lines are
/// blank, or the given line of the headings is.
pub fn find(head: &[u8], at_end: bool, sought: &Sought<'_>) -> Option<Layout> {
    let named = separator_line(head);
    let (from, line) = named.map_or((0, 1), |(_, from)| (from, 2));
    let preferred = named.map(|(separator, _)| separator).or(sought.separator);
    let lines_of = |separators: &[u8]| -> Vec<(Layout, usize)> {
        let lines = separators.iter().flat_map(|separator| {
            let lines = Lines::new(head, from, line, *separator, at_end);
            let most = if sought.header_line.is_some() { usize::MAX } else { LINES_LOOKED_AT };
            lines.take(most).filter(|layout| sought.header_line.is_none_or(|line| layout.header_line == line))
        });
        let known = |layout: Layout| {
            let known = known_headings(&layout.headings, sought.is_known);
            (layout, known)
        };
        lines.map(known).collect()
    };
    let preferred_first = preferred.map_or(SEPARATORS.to_vec(), |separator| vec![separator]);
    let found = best(lines_of(&preferred_first), sought);
    // A line that names the separator may be wrong.
    let found = found.or_else(|| named.and_then(|_| best(lines_of(&SEPARATORS), sought)));
    found.or_else(|| match sought.header_line {
        // The headings are unknown but their line is given: cut it into as many as possible.
        Some(_) => lines_of(&preferred_first)
            .into_iter()
            .rev()
            .map(|(layout, _)| layout)
            .max_by_key(|layout| layout.headings.len()),
        None => first_line(head, at_end, from, line, preferred),
    })
}

/// The line of the headings, given the number of known headings on each line: the first that looks most like a table's.
fn best(mut lines: Vec<(Layout, usize)>, sought: &Sought<'_>) -> Option<Layout> {
    lines.retain(|(_, known)| *known > 0);
    let most = lines.iter().map(|(_, known)| *known).max()?;
    let separator = lines.iter().find(|(_, known)| *known == most)?.0.separator;
    // In joined exports the first headings are the file's, even if later lines have more.
    let enough = most.div_ceil(2).max(FEWEST_KNOWN.min(most));
    lines.retain(|(layout, known)| layout.separator == separator && *known >= enough);
    let lines = lines.into_iter().rev().map(|(layout, _)| layout);
    lines.max_by_key(|layout| (sought.rank)(&layout.headings))
}

/// The number of different known headings on a line.
fn known_headings(cells: &[Vec<u8>], is_known: &dyn Fn(&str) -> bool) -> usize {
    let mut known: Vec<&[u8]> =
        cells.iter().map(Vec::as_slice).filter(|cell| is_known(&String::from_utf8_lossy(cell))).collect();
    known.sort_unstable();
    known.dedup();
    known.len()
}

/// The separator inside a heading that holds all the others: the table stands in one column. `None` if there are several
/// headings, or the only one is not a list of known ones.
pub fn separator_within(headings: &[String], is_known: &dyn Fn(&str) -> bool) -> Option<char> {
    let mut filled = headings.iter().filter(|heading| !heading.is_empty());
    let (only, None) = (filled.next()?, filled.next()) else { return None };
    SEPARATORS.into_iter().map(char::from).find(|separator| {
        let parts = only.split(*separator).map(|part| part.trim_matches(['"', ' ']));
        parts.filter(|part| is_known(part)).count() >= FEWEST_KNOWN
    })
}

/// `sep=;`, which Excel reads and writes above the headings: the separator, and where the next line begins.
fn separator_line(head: &[u8]) -> Option<(u8, usize)> {
    let end = memchr::memchr(b'\n', head)?;
    let line = head[..end].strip_suffix(b"\r").unwrap_or(&head[..end]);
    let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    match line {
        [s, e, p, b'=', separator] if [*s, *e, *p].eq_ignore_ascii_case(b"sep") => {
            Some((*separator, end + 1))
        }
        _ => None,
    }
}

/// If no heading is known: the first line that is not blank, cut at its most frequent separator.
fn first_line(head: &[u8], at_end: bool, from: usize, line: u64, separator: Option<u8>) -> Option<Layout> {
    let separator = separator.unwrap_or_else(|| {
        let lines = head[from..].split(|byte| *byte == b'\n');
        let first = lines.into_iter().find(|line| !line.trim_ascii().is_empty());
        separator_of(first.unwrap_or_default())
    });
    Lines::new(head, from, line, separator, at_end).next()
}

/// The lines that are not blank, each as the layout in which it would be the headings.
struct Lines<'a> {
    head: &'a [u8],
    from: usize,
    line: u64,
    separator: u8,
    at_end: bool,
    splitter: CellSplitter,
}

impl<'a> Lines<'a> {
    fn new(head: &'a [u8], from: usize, line: u64, separator: u8, at_end: bool) -> Lines<'a> {
        Lines { head, from, line, separator, at_end, splitter: CellSplitter::new(separator) }
    }
}

impl Iterator for Lines<'_> {
    type Item = Layout;

    fn next(&mut self) -> Option<Layout> {
        while self.from < self.head.len() {
            let cut = Cut::of_unknown(self.separator);
            let (end, next, quoted) = match scan(self.head, self.from, cut, self.at_end) {
                Scan::Record { end, next, quoted } => (end, next, quoted),
                Scan::BrokenQuote { next, .. } => {
                    (self.from, self.line) = (next, self.line + 1);
                    continue;
                }
                Scan::Incomplete => return None,
            };
            let record = &self.head[self.from..end];
            let breaks = memchr::memchr_iter(b'\n', record).count() as u64;
            let header_line = self.line + breaks;
            (self.from, self.line) = (next, header_line + 1);
            let cells = self.splitter.split(record, quoted);
            if cells.iter().all(<[u8]>::is_empty) {
                continue;
            }
            let headings = cells.iter().map(<[u8]>::to_vec).collect();
            return Some(Layout { separator: self.separator, headings, header_line, body_offset: next });
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<(char, u64, usize, usize)> {
        let known = |heading: &str| ["Ärendenr", "Inledd", "Avslutad", "Enhet"].contains(&heading);
        let layout = find(text.as_bytes(), true, &Sought::by(&known, None))?;
        Some((char::from(layout.separator), layout.header_line, layout.headings.len(), layout.body_offset))
    }

    #[test]
    fn headings_are_found_wherever_they_stand() {
        assert_eq!(found("Ärendenr;Inledd\n1;2\n"), Some((';', 1, 2, 17)));
        assert_eq!(found("\r\n  \nÄrendenr,Inledd\n"), Some((',', 3, 2, 22)));
        assert_eq!(found("sep=|\r\nÄrendenr|Inledd\n"), Some(('|', 2, 2, 24)));
        assert_eq!(found("\"sep=;\"\nÄrendenr;Inledd\n"), Some((';', 2, 2, 25)));
        let titled = "Uttag, alla enheter, 2024\nEnhet;Norr\n\nÄrendenr;Inledd;Avslutad\n1;2;3\n";
        assert_eq!(found(titled).map(|(separator, line, ..)| (separator, line)), Some((';', 4)));
        let joined = "Ärendenr;Inledd\n1;2\nÄrendenr;Inledd;Avslutad\n";
        assert_eq!(found(joined).map(|(_, line, ..)| line), Some(1));
        assert_eq!(found("sep=,\nÄrendenr;Inledd\n").map(|(separator, ..)| separator), Some(';'));
        assert_eq!(found("\"Ärendenr\nett\";Inledd;Avslutad\n"), Some((';', 2, 3, 32)));
    }

    #[test]
    fn a_selection_above_the_table_is_not_its_headings_and_the_line_can_be_said() {
        let known =
            |heading: &str| ["Enhet", "Status", "Handläggare", "Inledd", "Avslutad"].contains(&heading);
        let rank = |cells: &[Vec<u8>]| u8::from(cells.iter().any(|cell| cell == b"Inledd"));
        let text =
            "Enhet;Handläggare;Status\nAlla;Alla;Alla\n\nInledd;Avslutad;Enhet;Status\n1;2;3;4\na;b;c;d\n";
        let line = |header_line| {
            let sought = Sought { rank: &rank, header_line, ..Sought::by(&known, None) };
            find(text.as_bytes(), true, &sought).map(|layout| (layout.header_line, layout.headings.len()))
        };
        assert_eq!(line(None), Some((4, 4)));
        assert_eq!((line(Some(1)), line(Some(5)), line(Some(6))), (Some((1, 3)), Some((5, 4)), Some((6, 4))));
        assert_eq!((line(Some(3)), line(Some(7))), (None, None));
    }

    #[test]
    fn headings_in_one_cell_are_seen_with_their_separator() {
        let known = |heading: &str| ["Ärendenr", "Inledd", "Avslutad", "Enhet"].contains(&heading);
        let within = |cells: &[&str]| {
            let headings: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
            separator_within(&headings, &known)
        };
        assert_eq!(within(&["Ärendenr;Inledd;Avslutad"]), Some(';'));
        assert_eq!(within(&["", "Ärendenr,\"Enhet\",Barn", ""]), Some(','));
        assert_eq!(within(&["Nr | Inledd | Avslutad"]), Some('|'));
        for headings in [&["Ärendenr;Inledd", "Avslutad"][..], &["Enhet, alla"], &["Enhet"], &[""], &[]] {
            assert_eq!(within(headings), None, "{headings:?}");
        }
    }

    #[test]
    fn without_a_known_heading_the_first_line_is_taken() {
        assert_eq!(found("\na,b;c;d\n1\n"), Some((';', 2, 3, 9)));
        assert_eq!(found("a\tb"), Some(('\t', 1, 2, 3)));
        assert_eq!(found("\n \n"), None);
        assert_eq!(found(""), None);
    }
}
