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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_is_more_than_one_in_twenty_of_a_control_and_nothing_is_said_of_hidden_numbers() {
        let line = |rejected, rows| LedgerLine { rejected, rows: Some(rows), ..LedgerLine::default() };
        let of = |lines: &[(&'static str, LedgerLine)]| {
            many_rejected(lines.iter().map(|(control, line)| (Some(*control), *line)))
        };
        assert!(of(&[("a", line(Some(5), 100))]).is_empty());
        assert_eq!(of(&[("a", line(Some(6), 100))]), [(Some("a"), 6, 100)]);
        assert_eq!(
            of(&[("b", line(Some(9), 90)), ("a", line(Some(9), 9)), ("b", line(Some(0), 900))]),
            [(Some("a"), 9, 9)]
        );
        assert!(of(&[("a", line(Some(9), 9)), ("a", line(None, 9))]).is_empty());
    }
}
