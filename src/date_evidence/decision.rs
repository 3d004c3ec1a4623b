//! Decision: how each column of an export writes its dates, or why that is not decided.

use super::evidence::{Cells, Evidence, Kept, ONE_IN, Rows, SLIP_ONE_IN, Told, are_apart, told};
use super::misnamed::better_format;
use crate::date_format::{Class, DateFormat, Notation, Order, Separator};
use crate::serial::SerialEpoch;

/// Why the dates of an export are not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undecided {
    /// Too little evidence: the columns, and the orders that remain.
    Ambiguous(Vec<usize>, Vec<Order>),
    /// These columns, or cells of one column, prove opposite orders; with the format of most cells of each.
    Mixed(Vec<(usize, DateFormat)>),
    /// Excel swapped day and month where it could, in these columns.
    Swapped(Vec<usize>),
    /// The format that the project file names makes no days of most dates in these columns; each with the one that does.
    Misnamed(Vec<(usize, DateFormat)>),
}

/// A column of dates.
pub struct Column<'a> {
    /// What its cells show.
    pub evidence: &'a Evidence,
    /// What the project file says.
    pub named: Option<Notation>,
}

/// How every column of an export writes its dates, in the order of `columns`. `epoch` is what serial numbers are
/// counted from.
///
/// # Errors
/// If the evidence is too little or contradictory.
pub fn decide(columns: &[Column<'_>], rows: &Rows, epoch: SerialEpoch) -> Result<Vec<Written>, Undecided> {
    let family = Family { columns, rows };
    family.refuse_misnamed()?;
    family.refuse_swapped()?;
    family.refuse_two_signs()?;
    let day_second = family.day_second()?;
    let year_last = family.year_last()?;
    let short = family.short()?;
    let [year_last, short] = family.by_neighbours(year_last, short)?;
    family.ask(&year_last, &short)?;
    let day_second = day_second || family.takes_day_second(&short);
    let usual = Notation::default();
    let or_usual =
        |orders: Orders, usual: Orders| std::array::from_fn(|place| orders[place].or(usual[place]));
    let decided = Notation {
        day_second,
        year_last: or_usual(year_last, usual.year_last),
        short: or_usual(short, usual.short),
        ..usual
    };
    let notations = columns.iter().map(|column| {
        let serial = column.evidence.is_mostly(column.evidence.serials.0).then_some(epoch);
        let unpadded = is_unpadded(column.evidence);
        let reads = column.named.unwrap_or(Notation { serial, unpadded, ..decided });
        let told = if column.named.is_some() { reads } else { narrowed(reads, column.evidence) };
        Written { reads, told: told.formats(), is_named: column.named.is_some() }
    });
    Ok(notations.collect())
}

/// How a column writes its dates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// How its cells are read.
    pub reads: Notation,
    /// The formats of its cells, as a project file names them; none if they are the default.
    pub told: Vec<DateFormat>,
    /// Whether the project file names them.
    pub is_named: bool,
}

impl Written {
    /// The names of its formats, as messages list them.
    pub fn ids(&self) -> String {
        match self.told.as_slice() {
            [] => DateFormat::default().id().to_owned(),
            formats => formats.iter().map(|format| format.id()).collect::<Vec<_>>().join(" + "),
        }
    }
}

/// The decided notation without the classes that the column does not contain.
fn narrowed(mut notation: Notation, evidence: &Evidence) -> Notation {
    let usual = Notation::default();
    notation.day_second &= evidence.year_first().cells > 0;
    let year_first_short = notation.short.iter().flatten().any(|order| order.is_year_first());
    notation.unpadded &= evidence.year_first().cells > 0 || year_first_short;
    for separator in Separator::ALL {
        let place = separator as usize;
        if evidence.cells(Class::YearLast(separator)).is_none() {
            notation.year_last[place] = usual.year_last[place];
        }
        if evidence.cells(Class::Short(separator)).is_none() {
            notation.short[place] = usual.short[place];
        }
    }
    notation
}

/// Orders by separator, where they are decided.
type Orders = [Option<Order>; 6];

/// The columns of an export, or of several with the same headings.
struct Family<'a> {
    columns: &'a [Column<'a>],
    rows: &'a Rows,
}

impl Family<'_> {
    /// The columns whose format the project file does not name.
    fn open(&self) -> impl Iterator<Item = (usize, &Evidence)> {
        let open = self.columns.iter().enumerate().filter(|(_, column)| column.named.is_none());
        open.map(|(number, column)| (number, column.evidence))
    }

    /// The cells of a class in all columns together.
    fn together(&self, class: Class) -> Cells {
        let mut all = Cells::default();
        self.open().filter_map(|(_, evidence)| evidence.cells(class)).for_each(|cells| all.join(cells));
        all
    }

    /// The columns whose selected cells show a format, each with that format.
    fn columns_with(
        &self,
        cells: impl Fn(&Evidence) -> Option<Cells>,
        format: impl Fn(&Cells) -> Option<DateFormat>,
    ) -> Vec<(usize, DateFormat)> {
        self.open().filter_map(|(number, evidence)| Some((number, format(&cells(evidence)?)?))).collect()
    }

    /// Refuses named formats that the dates contradict.
    fn refuse_misnamed(&self) -> Result<(), Undecided> {
        let better = self.columns.iter().enumerate().filter_map(|(number, column)| {
            let named = column.named.filter(|named| !named.swapped)?;
            Some((number, better_format(column.evidence, &named)?))
        });
        let better: Vec<(usize, DateFormat)> = better.collect();
        if better.is_empty() { Ok(()) } else { Err(Undecided::Misnamed(better)) }
    }

    /// The trace of a swap in Excel: cells that became dates have no day above 12, cells that stayed text have nothing
    /// else.
    fn refuse_swapped(&self) -> Result<(), Undecided> {
        let (mut columns, mut dates, mut texts) = (Vec::new(), Kept::default(), Kept::default());
        for (number, evidence) in self.open() {
            let (as_dates, as_texts) = (evidence.kept_as_dates(), evidence.kept_as_texts());
            if as_dates.cells > 0 && as_texts.cells > 0 {
                columns.push(number);
                dates.add(as_dates);
                texts.add(as_texts);
            }
        }
        if are_apart(dates, texts) { Err(Undecided::Swapped(columns)) } else { Ok(()) }
    }

    /// The same trace between two separators, 05.02.2024 beside 01/16/2024 in one column: evidence for the order of one
    /// proves nothing about the other.
    fn refuse_two_signs(&self) -> Result<(), Undecided> {
        let last = |evidence: &Evidence, separator| evidence.cells(Class::YearLast(separator)).cloned();
        for (quiet, loud) in Separator::ALL.into_iter().flat_map(|one| Separator::ALL.map(|two| (one, two))) {
            let both = self.open().filter_map(|(number, evidence)| {
                Some((number, [last(evidence, quiet)?, last(evidence, loud)?])).filter(|_| quiet != loud)
            });
            let both: Vec<(usize, [Cells; 2])> = both.collect();
            let mut kept = [Kept::default(); 2];
            for (_, cells) in &both {
                kept.iter_mut().zip(cells).for_each(|(kept, cells)| kept.add(cells.kept()));
            }
            if are_apart(kept[0], kept[1]) {
                // If the user names the format of the silent separator, cells with the other are rejected, not misread.
                let day_first = |[_, loud]: &[Cells; 2]| loud.day_before_month[0] > loud.month_before_day[0];
                let other =
                    |cells| if day_first(cells) { DateFormat::MonthFirst } else { DateFormat::DayFirst };
                let named = both.iter().map(|(number, cells)| (*number, other(cells)));
                return Err(Undecided::Mixed(named.collect()));
            }
        }
        Ok(())
    }

    /// Whether dates with four-digit years have the day before the month. By default they do not; only their days can
    /// show it.
    fn day_second(&self) -> Result<bool, Undecided> {
        let (mut month, mut day, mut cells) = (0, 0, 0);
        for (_, evidence) in self.open() {
            let seen = evidence.year_first();
            (month, day, cells) =
                (month + seen.month_before_day[1], day + seen.day_before_month[1], cells + seen.cells);
        }
        match () {
            () if day <= 1 || day * 50 <= month => Ok(false),
            () if month * SLIP_ONE_IN <= day && day * ONE_IN >= cells => Ok(true),
            () => Err(Undecided::Mixed(self.columns_with(
                |evidence| Some(evidence.year_first()),
                |cells| match (cells.day_before_month[1], cells.month_before_day[1]) {
                    (0, 0) => None,
                    (day, month) if day > month => Some(DateFormat::YearDayFirst),
                    _ => Some(DateFormat::YearFirst),
                },
            ))),
        }
    }

    /// Whether dates with four-digit years that show no order stand beside two-digit years that have the day second.
    fn takes_day_second(&self, short: &Orders) -> bool {
        let tell = |evidence: &Evidence| evidence.year_first().month_before_day[1] > 0;
        let has = |order| short.contains(&Some(order));
        let is_told = self.open().any(|(_, evidence)| tell(evidence));
        !is_told && has(Order::YearDayMonth) && !has(Order::YearMonthDay)
    }

    /// The order of dates whose four-digit year stands last.
    fn year_last(&self) -> Result<Orders, Undecided> {
        let mut orders = [None; 6];
        for separator in Separator::ALL {
            let class = Class::YearLast(separator);
            orders[separator as usize] = self.day_or_month(class, 0)?.map(|day_first| match day_first {
                true => Order::DayMonthYear,
                false => Order::MonthDayYear,
            });
        }
        Ok(orders)
    }

    /// Whether the day stands before the month in a class, with the year last (`place` 0) or first (1).
    fn day_or_month(&self, class: Class, place: usize) -> Result<Option<bool>, Undecided> {
        let own = self.open().filter_map(|(_, evidence)| evidence.cells(class));
        let of = |cells: &Cells| [cells.cells, cells.day_before_month[place], cells.month_before_day[place]];
        match told(of(&self.together(class)), own.map(of)) {
            Told::Day => Ok(Some(true)),
            Told::Month => Ok(Some(false)),
            Told::Both => {
                let orders =
                    [[Order::DayMonthYear, Order::MonthDayYear], [Order::YearDayMonth, Order::YearMonthDay]]
                        [place];
                let format =
                    |cells: &Cells| match (cells.day_before_month[place], cells.month_before_day[place]) {
                        (0, 0) => None,
                        (day, month) => Some(orders[usize::from(month > day)].format()),
                    };
                Err(Undecided::Mixed(self.columns_with(|evidence| evidence.cells(class).cloned(), format)))
            }
            Told::Neither => Ok(None),
        }
    }

    /// The order of dates with two-digit years.
    fn short(&self) -> Result<Orders, Undecided> {
        let mut orders = [None; 6];
        for separator in Separator::ALL {
            let class = Class::Short(separator);
            let cells = self.together(class);
            if cells.cells == 0 {
                continue;
            }
            let own = self
                .open()
                .filter_map(|(number, evidence)| Some((number, year_stands_first(evidence.cells(class)?)?)));
            let own: Vec<(usize, bool)> = own.collect();
            if own.iter().any(|(_, first)| *first != own[0].1) {
                let format = |first| if first { DateFormat::ShortYearFirst } else { DateFormat::DayFirst };
                return Err(Undecided::Mixed(
                    own.into_iter().map(|(number, first)| (number, format(first))).collect(),
                ));
            }
            orders[separator as usize] = match year_stands_first(&cells) {
                // With the month's name there is no third order.
                Some(first) if separator == Separator::Name => {
                    Some(if first { Order::YearMonthDay } else { Order::DayMonthYear })
                }
                Some(true) => self.day_or_month(class, 1)?.map(|day_first| match day_first {
                    true => Order::YearDayMonth,
                    false => Order::YearMonthDay,
                }),
                Some(false) => self.day_or_month(class, 0)?.map(|day_first| match day_first {
                    true => Order::DayMonthYear,
                    false => Order::MonthDayYear,
                }),
                None => None,
            };
        }
        Ok(orders)
    }

    /// Undecided classes follow the order that a neighbour proves, or the one in which cases run forwards.
    fn by_neighbours(&self, mut year_last: Orders, mut short: Orders) -> Result<[Orders; 2], Undecided> {
        let usual = |order: &Order| !order.is_year_first();
        let proven: Vec<Order> = year_last.iter().chain(&short).flatten().copied().filter(usual).collect();
        let has = |order| proven.contains(&order);
        if has(Order::DayMonthYear) && has(Order::MonthDayYear) {
            return Err(Undecided::Mixed(self.proven(&year_last, &short)));
        }
        // A format that the project file names for one column applies to the columns that it does not name.
        let named =
            self.columns.iter().filter_map(|column| column.named).flat_map(|notation| notation.formats());
        let of_named = || {
            named
                .filter_map(|format| match format {
                    DateFormat::DayFirst => Some(Order::DayMonthYear),
                    DateFormat::MonthFirst => Some(Order::MonthDayYear),
                    _ => None,
                })
                .next()
        };
        let (day, month) = (Order::DayMonthYear, Order::MonthDayYear);
        let forwards = || match () {
            () if self.rows.prefer(day, &[month]) => Some(day),
            () if self.rows.prefer(month, &[day]) => Some(month),
            () => None,
        };
        let direction = proven.first().copied().or_else(of_named).or_else(forwards);
        for separator in Separator::ALL {
            let place = separator as usize;
            if self.together(Class::YearLast(separator)).cells > 0 {
                year_last[place] = year_last[place].or(direction);
            }
            let cells = self.together(Class::Short(separator));
            // Where the month is a name, the day comes first, as databases write it, unless its own cells say otherwise.
            if cells.cells > 0 && short[place].is_none() && separator != Separator::Name {
                short[place] = self.short_by_neighbours(&cells, &short, direction);
            }
        }
        Ok([year_last, short])
    }

    /// The columns whose year stands last, each with the format proven for it.
    fn proven(&self, year_last: &Orders, short: &Orders) -> Vec<(usize, DateFormat)> {
        let of = |evidence: &Evidence| {
            let orders =
                evidence.classes.iter().filter(|(_, cells)| cells.cells > 0).map(|(class, _)| match class {
                    Class::YearFirst => None,
                    Class::YearLast(separator) => year_last[*separator as usize],
                    Class::Short(separator) => short[*separator as usize],
                });
            orders.flatten().find(|order| !order.is_year_first()).map(Order::format)
        };
        self.open().filter_map(|(number, evidence)| Some((number, of(evidence)?))).collect()
    }

    /// The order of two-digit years without evidence of their own: that of the others, or the one in which cases run
    /// forwards.
    fn short_by_neighbours(&self, cells: &Cells, short: &Orders, direction: Option<Order>) -> Option<Order> {
        let fits = |order: &Order| cells.fit(*order);
        let left: Vec<Order> = Order::ALL.into_iter().filter(fits).collect();
        let others: Vec<Order> = short.iter().flatten().copied().collect();
        let same = |wanted: Order| others.iter().all(|other| *other == wanted).then_some(wanted);
        // With a year of two digits last, most dates could also have it first.
        let could_be_first = left.iter().any(|order| order.is_year_first());
        let of_others = others.first().copied().and_then(same).filter(fits);
        let of_others = of_others.filter(|order| order.is_year_first() || !could_be_first);
        let year_last = (year_stands_first(cells) == Some(false)).then_some(direction).flatten();
        // Another class that is decided decides how the rows run, whatever this one's order.
        let forwards = || {
            let left = if others.is_empty() { &left[..] } else { &[] };
            // The year first and the month last is not a usual order: only days can prove it.
            left.iter().copied().filter(|order| *order != Order::YearDayMonth).find(|order| {
                let rest: Vec<Order> = left.iter().copied().filter(|other| other != order).collect();
                !rest.is_empty() && self.rows.prefer(*order, &rest)
            })
        };
        of_others.or(year_last).or_else(forwards)
    }

    /// Asks the user if half of a column or more cannot be read.
    fn ask(&self, year_last: &Orders, short: &Orders) -> Result<(), Undecided> {
        let mut columns = Vec::new();
        let mut left: Vec<Order> = Vec::new();
        for (number, evidence) in self.open() {
            let mut undecided = 0;
            for (class, cells) in &evidence.classes {
                let orders: Vec<Order> = match class {
                    Class::YearLast(separator) if year_last[*separator as usize].is_none() => {
                        vec![Order::DayMonthYear, Order::MonthDayYear]
                    }
                    Class::Short(separator)
                        if short[*separator as usize].is_none() && *separator != Separator::Name =>
                    {
                        let fits = |order: &Order| cells.valid[*order as usize] * 2 > cells.cells;
                        Order::ALL.into_iter().filter(fits).collect()
                    }
                    _ => continue,
                };
                // What is no date in any order is a fault of its row.
                undecided += if orders.is_empty() { 0 } else { cells.cells };
                left.extend(orders);
            }
            if evidence.is_mostly(undecided) {
                columns.push(number);
            }
        }
        if columns.is_empty() {
            return Ok(());
        }
        left.sort_unstable();
        left.dedup();
        Err(Undecided::Ambiguous(columns, left))
    }
}

/// Whether a column's dates are written without leading zeros: beside dates with zeros, one without was truncated.
fn is_unpadded(evidence: &Evidence) -> bool {
    let could_end_with_day = |class: &Class| matches!(class, Class::YearFirst | Class::Short(_));
    let cells =
        evidence.classes.iter().filter(|(class, _)| could_end_with_day(class)).map(|(_, cells)| cells);
    let (padded, unpadded) = cells.fold((0, 0), |sum, cells| (sum.0 + cells.padded, sum.1 + cells.unpadded));
    unpadded > 0 && padded == 0
}

/// Whether the year is the first of three pairs of digits. A number that is no day settles it; otherwise days spread
/// over the whole month, and the years of an export over few.
fn year_stands_first(cells: &Cells) -> Option<bool> {
    /// With fewer cells, chance could show the same.
    const FEWEST: u64 = 6;
    /// Years that a short export covers at most.
    const YEARS: i32 = 6;
    /// Years that any export covers at most.
    const MOST_YEARS: i32 = 15;
    /// Numbers that the days of a few dates spread over at least.
    const DAYS: i32 = 15;
    let fits = |first: bool| {
        let mut orders = Order::ALL.into_iter().filter(|order| order.is_year_first() == first);
        orders.any(|order| cells.fit(order))
    };
    let spread = |first: bool| cells.spread(usize::from(!first));
    let clearly = |first: bool| {
        let (years, days) = (spread(first), spread(!first));
        // With many cells, nearly all days of a month occur.
        let (most, least) = if cells.cells < 30 { (YEARS, DAYS) } else { (MOST_YEARS, 17) };
        years <= most && days >= least && days >= years + 10
    };
    // The number that is no day may be mistyped, which shows if the years would spread over a generation.
    let likely = |first: &bool| spread(*first) <= MOST_YEARS;
    match (fits(true), fits(false)) {
        (true, false) => Some(true).filter(likely),
        (false, true) => Some(false).filter(likely),
        (true, true) if cells.cells >= FEWEST => [true, false].into_iter().find(|first| clearly(*first)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns of dates: start, end and so on, one row a line of cells.
    fn decided(rows: &[&[&str]]) -> Result<Vec<String>, Undecided> {
        let width = rows.iter().map(|row| row.len()).max().unwrap_or(1).max(1);
        let (mut columns, mut seen) = (vec![Evidence::default(); width], Rows::default());
        for (row, line) in rows.iter().zip(2..) {
            for (cell, evidence) in row.iter().zip(&mut columns) {
                evidence.add(cell.as_bytes(), line, SerialEpoch::From1900, &[]);
            }
            let cells: Vec<&[u8]> = row.iter().map(|cell| cell.as_bytes()).collect();
            seen.add(&cells, &[]);
        }
        let columns: Vec<Column<'_>> =
            columns.iter().map(|evidence| Column { evidence, named: None }).collect();
        let written = decide(&columns, &seen, SerialEpoch::From1900)?;
        Ok(written.iter().map(Written::ids).collect())
    }

    fn column(cells: &[&str]) -> Result<String, Undecided> {
        let rows: Vec<[&str; 1]> = cells.iter().map(|cell| [*cell]).collect();
        let rows: Vec<&[&str]> = rows.iter().map(|row| &row[..]).collect();
        decided(&rows).map(|ids| ids[0].clone())
    }

    fn told(id: &str) -> Result<String, Undecided> {
        Ok(id.to_owned())
    }

    #[test]
    fn a_column_decides_on_evidence() {
        assert_eq!(column(&[]), told("yyyy-mm-dd"));
        assert_eq!(column(&["2024-08-31", "-", "31.8.2024"]), told("yyyy-mm-dd"));
        assert_eq!(column(&["03/04/2024", "31/08/2024"]), told("dd/mm/yyyy"));
        assert_eq!(column(&["03/04/2024", "08/31/2024"]), told("mm/dd/yyyy"));
        assert_eq!(column(&["03/04/2024", "2024-05-06", "2024-05-27"]), told("yyyy-mm-dd"));
        assert_eq!(column(&["45535", "45536,5"]), told("excel-1900"));
        assert_eq!(column(&["2024-1-5", "2024-10-12"]), told("yyyy-m-d"));
        assert_eq!(column(&["2024-1-5", "2024-01-12"]), told("yyyy-mm-dd"), "one was cut off");
        assert_eq!(column(&["2024-31-01", "2024-15-02", "2024-03-04"]), told("yyyy-dd-mm"));
        assert_eq!(column(&["31.08.2024", "03.04.2024"]), told("yyyy-mm-dd"), "with dots the day is first");
        assert_eq!(column(&["08.31.2024", "03.04.2024"]), told("mm/dd/yyyy"));
        let days = ["10-01-24", "13-02-24", "20-05-24", "31-08-24", "01-09-24", "07-03-24"];
        assert_eq!(column(&days), told("dd/mm/yyyy"), "the year is what changes least");
        let days = ["240110", "240213", "240520", "240831", "240901", "240307"];
        assert_eq!(column(&days), told("yymmdd"));
        assert_eq!(column(&["990831", "990901"]), told("yymmdd"), "99 is no day");
        assert_eq!(column(&["31-AUG-24", "03-MAY-24"]), told("yyyy-mm-dd"), "as databases write it");
    }

    #[test]
    fn what_tells_too_little_is_asked_about() {
        let (day, month) = (Order::DayMonthYear, Order::MonthDayYear);
        assert_eq!(
            column(&["03/04/2024", "05/06/2024"]),
            Err(Undecided::Ambiguous(vec![0], vec![day, month]))
        );
        assert!(
            matches!(column(&["240831", "240901"]), Err(Undecided::Ambiguous(..))),
            "of 2024, or of 31 and 1"
        );
        assert!(matches!(column(&["24/08/31", "24/09/01"]), Err(Undecided::Ambiguous(..))));
        assert!(matches!(column(&["03.04.2024", "05.06.2024"]), Err(Undecided::Ambiguous(..))));
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        let (day, month) = (DateFormat::DayFirst, DateFormat::MonthFirst);
        assert_eq!(
            column(&["03/04/2024", "31/08/2024", "08/31/2024"]),
            Err(Undecided::Mixed(vec![(0, day)]))
        );
        let mistyped = ["03/04/2024", "04/05/2024", "05/06/2024", "06/07/2024", "07/08/2024", "04/15/2024"];
        assert!(column(&mistyped).is_err(), "one that is mistyped decides nothing");
        assert_eq!(
            decided(&[&["31/01/2024", "05/31/2024"], &["20/02/2024", "06/30/2024"]]),
            Err(Undecided::Mixed(vec![(0, day), (1, month)]))
        );
        assert!(matches!(
            column(&["2024-31-01", "2024-01-31", "2024-15-02", "2024-02-15"]),
            Err(Undecided::Mixed(_))
        ));
    }

    #[test]
    fn a_column_takes_what_its_neighbours_prove() {
        let rows: [&[&str]; 3] =
            [&["31/01/2024", "03/04/2024"], &["20/02/2024", "05/06/2024"], &["01/03/2024", ""]];
        assert_eq!(decided(&rows), Ok(vec!["dd/mm/yyyy".into(), "dd/mm/yyyy".into()]));
        let rows: [&[&str]; 8] = [
            &["02-01-24", "26-04-24"],
            &["09-01-24", "29-04-24"],
            &["17-01-24", "30-04-24"],
            &["30-01-24", ""],
            &["14-02-24", ""],
            &["26-02-24", ""],
            &["11-03-24", ""],
            &["25-03-24", ""],
        ];
        assert_eq!(decided(&rows), Ok(vec!["dd/mm/yyyy".into(), "dd/mm/yyyy".into()]));
    }

    #[test]
    fn cases_that_run_forwards_are_evidence() {
        let pairs = [
            ("01/02/2024", "02/06/2024"),
            ("03/02/2024", "01/06/2024"),
            ("05/03/2024", "04/07/2024"),
            ("07/03/2024", "03/07/2024"),
            ("08/04/2024", "05/08/2024"),
            ("10/04/2024", "06/08/2024"),
            ("11/05/2024", "07/09/2024"),
            ("12/05/2024", "08/09/2024"),
        ];
        let rows: Vec<[&str; 2]> = pairs.iter().map(|(start, end)| [*start, *end]).collect();
        let rows: Vec<&[&str]> = rows.iter().map(|row| &row[..]).collect();
        assert_eq!(decided(&rows), Ok(vec!["dd/mm/yyyy".into(), "dd/mm/yyyy".into()]));
        assert!(matches!(decided(&rows[..4]), Err(Undecided::Ambiguous(..))), "four are too few");
    }

    #[test]
    fn a_year_and_a_month_are_no_date() {
        assert_eq!(
            column(&["202401", "202402", "202404", "202405", "202407", "202408", "202411", "202412"]),
            told("yyyy-mm-dd")
        );
        assert_eq!(column(&["202501", "202512"]), told("yyyy-mm-dd"));
    }

    #[test]
    fn a_month_with_a_name_stands_behind_the_day_whatever_other_columns_have() {
        let rows: [&[&str]; 6] = [
            &["240102", "04-SEP-23"],
            &["240208", "14-SEP-23"],
            &["240315", ""],
            &["240429", ""],
            &["240512", ""],
            &["240626", ""],
        ];
        assert_eq!(decided(&rows), Ok(vec!["yymmdd".into(), "yyyy-mm-dd".into()]));
        assert_eq!(column(&["99-AUG-31", "99-SEP-03"]), told("yymmdd"), "its own cells prove it");
        let rows: [&[&str]; 6] = [
            &["190923", "23-09-04"],
            &["290923", "23-09-14"],
            &["041023", ""],
            &["091023", ""],
            &["191023", ""],
            &["311223", ""],
        ];
        assert!(matches!(decided(&rows), Err(Undecided::Ambiguous(..))), "two days of another class");
    }

    #[test]
    fn days_and_months_that_excel_swapped_are_seen() {
        let cells = ["2024-03-01", "15/01/2024", "22/01/2024", "2024-05-02", "2024-09-02", "19/02/2024"];
        assert_eq!(column(&cells), Err(Undecided::Swapped(vec![0])));
        let sound = ["2024-03-21", "15/01/2024", "22/01/2024", "2024-05-02", "2024-09-22", "19/02/2024"];
        assert_eq!(column(&sound), told("dd/mm/yyyy"));
        let serials = ["45352", "15/01/2024", "22/01/2024", "45414", "45537", "19/02/2024"];
        assert_eq!(column(&serials), Err(Undecided::Swapped(vec![0])), "the same without their format");
        let texts = ["15/01/2024", "22/01/2024", "19/02/2024", "28/03/2024", "13/04/2024", "31/05/2024"];
        let two_days = [&["44693", "44627"][..], &texts].concat();
        assert_eq!(column(&two_days), Err(Undecided::Swapped(vec![0])), "two days beside six texts");
        assert_eq!(column(&two_days[..5]), told("dd/mm/yyyy"), "chance beside three");
    }

    #[test]
    fn two_signs_of_one_column_prove_nothing_of_each_other() {
        let month_first =
            ["03.01.2024", "01/16/2024", "01/23/2024", "05.02.2024", "09.02.2024", "02/20/2024"];
        assert_eq!(column(&month_first), Err(Undecided::Mixed(vec![(0, DateFormat::DayFirst)])));
        let day_first = ["03.01.2024", "16/01/2024", "23/01/2024", "05.02.2024", "09.02.2024", "20/02/2024"];
        assert_eq!(column(&day_first), Err(Undecided::Mixed(vec![(0, DateFormat::MonthFirst)])));
        let sound = ["23.01.2024", "16/01/2024", "03/01/2024", "05.02.2024", "19.02.2024", "20/02/2024"];
        assert!(column(&sound).is_ok());
    }

    #[test]
    fn one_column_proves_the_order_of_others_that_never_could() {
        let firsts = ["07/01/2022", "07/23/2022"];
        let rows: Vec<[&str; 2]> =
            (0..12).map(|row| if row < 3 { firsts } else { ["07/01/2022", "08/02/2022"] }).collect();
        let rows: Vec<&[&str]> = rows.iter().map(|row| &row[..]).collect();
        // Three of 24 cells show the order, and one in four of the ends.
        assert_eq!(decided(&rows), Ok(vec!["mm/dd/yyyy".into(), "mm/dd/yyyy".into()]));
    }

    #[test]
    fn times_of_day_are_known_in_every_way_to_write_them() {
        for cells in [["0815", "1345"], ["1899-12-31 13:45:00", "1899-12-30 08:15:00"], ["13:45", "8.15"]] {
            let mut evidence = Evidence::default();
            cells.iter().for_each(|cell| evidence.add(cell.as_bytes(), 1, SerialEpoch::From1900, &[]));
            assert!(evidence.is_of_times(), "{cells:?}");
        }
        let mut none = Evidence::default();
        none.add(b"1899-12-30 00:00:00", 1, SerialEpoch::From1900, &[]);
        assert!(none.is_empty(), "no end yet");
    }

    #[test]
    fn a_mistyped_day_does_not_decide_where_the_year_stands() {
        let cells = ["220816", "221131", "220603", "230615"];
        assert!(
            matches!(column(&cells), Err(Undecided::Ambiguous(..))),
            "2022-11-31 is no day, 2031 no year"
        );
        let cells = ["220816", "221130", "220603", "230615", "220131", "230228"];
        assert!(column(&cells).is_ok());
    }

    #[test]
    fn the_day_stands_second_where_neighbours_say_so() {
        let rows: [&[&str]; 3] = [&["22/18/2", "2022-7-6"], &["22/28/8", ""], &["23/25/9", ""]];
        assert_eq!(decided(&rows).map(|written| written[1].clone()), Ok("yyyy-m-d + yyyy-dd-mm".into()));
        let low: [&[&str]; 4] = [
            &["23-01-05", "23-01-11", "23-01-12"],
            &["23-01-02", "23-01-06", "23-09-07"],
            &["23-01-12", "24-01-04", "24-04-07"],
            &["23-12-07", "24-02-01", "24-10-02"],
        ];
        assert!(matches!(decided(&low), Err(Undecided::Ambiguous(..))), "two orders run forwards");
    }
}
