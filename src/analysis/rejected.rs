//! Rejected rows: when there are so many that the figures may be of others than they say.

use super::LedgerLine;

/// More than one row in so many rejected is many.
const MANY: u64 = 20;

/// The controls, or none, of whose rows many were rejected, with the rejected rows and all of them, in the order in which
/// they come.
pub fn many_rejected<'a>(
    lines: impl Iterator<Item = (Option<&'a str>, LedgerLine)>,
) -> Vec<(Option<&'a str>, u64, u64)> {
    /// Rejected rows and all of them; nothing where one is hidden.
    type Sum = Option<(u64, u64)>;
    let mut sums: Vec<(Option<&str>, Sum)> = Vec::new();
    for (control, line) in lines {
        let numbers = line.rejected.zip(line.rows);
        match sums.iter_mut().find(|(known, _)| *known == control) {
            // Where a number is hidden, nothing is said.
            Some((_, sum)) => *sum = sum.zip(numbers).map(|(sum, more)| (sum.0 + more.0, sum.1 + more.1)),
            None => sums.push((control, numbers)),
        }
    }
    let known =
        sums.into_iter().filter_map(|(control, sum)| sum.map(|(rejected, rows)| (control, rejected, rows)));
    known.filter(|(_, rejected, rows)| rejected * MANY > *rows).collect()
}
