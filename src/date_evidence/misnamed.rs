//! Misnamed formats: dates that contradict the format which the project file names.

use super::evidence::Evidence;
use crate::date_format::{Class, DateFormat, Notation, Order};

/// The format in which nearly all dates of a column exist, if half of them or more do not exist in the named one.
pub(super) fn better_format(evidence: &Evidence, named: &Notation) -> Option<DateFormat> {
    let mut classes = evidence.classes.keys().copied().chain([Class::YearFirst]);
    classes.find_map(|class| better_of(evidence, class, named))
}

/// The same, if nearly all of its cells are of a class.
fn better_of(evidence: &Evidence, class: Class, named: &Notation) -> Option<DateFormat> {
    /// Fewer dates may all be mistyped.
    const FEWEST: u64 = 8;
    let cells = match class {
        Class::YearFirst => evidence.year_first(),
        _ => evidence.cells(class)?.clone(),
    };
    let as_named = cells.valid[named.order(class)? as usize];
    if cells.cells < FEWEST || as_named * 2 > cells.cells || !evidence.is_nearly_all(cells.cells) {
        return None;
    }
    match Order::ALL.into_iter().find(|order| cells.fit(*order))? {
        Order::YearMonthDay if class == Class::YearFirst => Some(DateFormat::YearFirst),
        order => Some(order.format()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serial::SerialEpoch;

    #[test]
    fn a_named_format_that_most_dates_contradict_is_refused() {
        let better = |cells: &[&str], format| {
            let mut evidence = Evidence::default();
            cells.iter().for_each(|cell| evidence.add(cell.as_bytes(), 1, SerialEpoch::From1900, &[]));
            better_format(&evidence, &Notation::named(&[format]))
        };
        let months = ["09/04/2023", "09/14/2023", "09/19/2023", "09/29/2023", "10/04/2023", "10/13/2023"];
        let months = [&months[..], &["10/20/2023", "11/28/2023"]].concat();
        assert_eq!(better(&months, DateFormat::DayFirst), Some(DateFormat::MonthFirst));
        assert!(better(&months, DateFormat::MonthFirst).is_none());
        assert!(better(&months[..7], DateFormat::DayFirst).is_none(), "few");
        let two_signs = [&months[..], &["01.02.2023"; 2]].concat();
        assert!(better(&two_signs, DateFormat::DayFirst).is_none(), "those with the other sign are as named");
        assert_eq!(better(&["2024-05-31"; 8], DateFormat::YearDayFirst), Some(DateFormat::YearFirst));
        assert!(better(&["2024-05-31"; 8], DateFormat::DayFirst).is_none(), "it says nothing of these");
        assert_eq!(better(&["240531"; 8], DateFormat::MonthFirst), Some(DateFormat::ShortYearFirst));
    }
}
