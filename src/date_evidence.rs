//! How the dates of an export are written, decided on evidence.
//!
//! One decision covers all columns of an export, and of others with the same headings: [`Evidence`] gathers what the
//! cells of a column show and [`Rows`] what the cells of a row show together, in bounded memory; [`decide`] derives
//! [`Written`] from them for each column. Cells that look alike are read alike in every column, unless the project file
//! names a column's format. A column without evidence follows its neighbours; one with contradictory or too little
//! evidence is refused, with the readings that remain. Plausibility is evidence too: a case does not end before it
//! starts, and years do not spread over the days of a month.

use std::collections::BTreeMap;

use crate::date::{Day, Stamp, parse_stamp};
use crate::date_format::{
    Class, DateFormat, Notation, Numbers, Order, Separator, Shape, is_time_on_no_day, read_time, shape_of,
    whole_year,
};
use crate::serial::{SerialEpoch, stamp_of_serial};
use crate::values::{bare, is_no_day_yet};

/// Three of five days of a month are above 12; if fewer than one cell in this many is, something is amiss.
const ONE_IN: u64 = 5;
/// Up to one cell in this many that can only be read in the opposite order is a typing error; more are a second order.
const SLIP_ONE_IN: u64 = 200;

/// Counts of the cells of one class.
#[derive(Debug, Clone, Default)]
struct Cells {
    cells: u64,
    /// Cells that are a day in an order, by [`Order`].
    valid: [u64; 4],
    /// Cells that are a day only with the day before the month: with the year last, and with the year first.
    day_before_month: [u64; 2],
    /// Cells that are a day only with the month before the day, likewise.
    month_before_day: [u64; 2],
    padded: u64,
    unpadded: u64,
    /// Cells with two-digit years, counted by their first and by their last number.
    ends: Option<Box<[[u32; 100]; 2]>>,
}

impl Cells {
    /// The count of cells, and of those that show the order of day and month with the year last.
    fn kept(&self) -> Kept {
        Kept { cells: self.cells, telling: self.day_before_month[0] + self.month_before_day[0] }
    }

    fn add(&mut self, numbers: &Numbers) {
        self.cells += 1;
        let is_day = Order::ALL.map(|order| numbers.stamp(order).is_ok());
        for (count, valid) in self.valid.iter_mut().zip(is_day) {
            *count += u64::from(valid);
        }
        for (place, [month, day]) in
            [[Order::MonthDayYear, Order::DayMonthYear], [Order::YearMonthDay, Order::YearDayMonth]]
                .iter()
                .enumerate()
        {
            let (month, day) = (is_day[*month as usize], is_day[*day as usize]);
            self.day_before_month[place] += u64::from(day && !month);
            self.month_before_day[place] += u64::from(month && !day);
        }
        self.padded += u64::from(numbers.padded);
        self.unpadded += u64::from(numbers.unpadded);
        if matches!(numbers.class, Class::Short(_)) {
            let ends = self.ends.get_or_insert_with(|| Box::new([[0; 100]; 2]));
            for (counts, number) in ends.iter_mut().zip([numbers.parts[0], numbers.parts[2]]) {
                if let Some(count) = counts.get_mut(number as usize) {
                    *count += 1;
                }
            }
        }
    }

    fn join(&mut self, other: &Cells) {
        self.cells += other.cells;
        self.padded += other.padded;
        self.unpadded += other.unpadded;
        let add = |mine: &mut [u64], theirs: &[u64]| {
            mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine += theirs);
        };
        add(&mut self.valid, &other.valid);
        add(&mut self.day_before_month, &other.day_before_month);
        add(&mut self.month_before_day, &other.month_before_day);
        if let Some(theirs) = &other.ends {
            let mine = self.ends.get_or_insert_with(|| Box::new([[0; 100]; 2]));
            for (mine, theirs) in mine.iter_mut().zip(theirs.iter()) {
                mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine += theirs);
            }
        }
    }

    /// Whether the cells can be days in an order, allowing for a few faulty ones.
    fn fit(&self, order: Order) -> bool {
        let slips = if self.cells < 8 { 0 } else { self.cells / 10 };
        self.valid[order as usize] + slips >= self.cells
    }

    /// The smallest span of years that holds nine of ten numbers at one end, if they are read as years.
    fn spread(&self, end: usize) -> i32 {
        let Some(ends) = &self.ends else { return 0 };
        let mut years: Vec<(i32, u64)> =
            (0..100u32).map(|number| (whole_year(number), u64::from(ends[end][number as usize]))).collect();
        years.sort_unstable();
        let wanted = (self.cells * 9).div_ceil(10);
        let (mut narrowest, mut from, mut inside) = (i32::MAX, 0, 0);
        for to in 0..years.len() {
            inside += years[to].1;
            while inside - years[from].1 >= wanted {
                inside -= years[from].1;
                from += 1;
            }
            if inside >= wanted {
                narrowest = narrowest.min(years[to].0 - years[from].0);
            }
        }
        narrowest
    }
}

/// Whether the evidence puts the day or the month first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Day,
    Month,
    Both,
    Neither,
}

/// A day above 12 settles the order, unless such days are rare or contradict each other. Each triple counts the cells,
/// those that are a day only with the day first, and those only with the month first: for all columns together, and for
/// each.
fn told(all: [u64; 3], own: impl Iterator<Item = [u64; 3]>) -> Told {
    let own: Vec<[u64; 3]> = own.collect();
    let slips = |few: u64, many: u64| few * SLIP_ONE_IN <= many;
    let is_enough = |[cells, day, month]: [u64; 3], few: u64, first: bool| {
        let telling = if first { day } else { month };
        telling >= few && telling * ONE_IN >= cells
    };
    // One column can prove the order for all, for example if all starts are on the first of a month; a single slip
    // cannot.
    let tell = |first| is_enough(all, 1, first) || own.iter().any(|column| is_enough(*column, 2, first));
    let [_, day, month] = all;
    match () {
        () if tell(true) && slips(month, day) => Told::Day,
        () if tell(false) && slips(day, month) => Told::Month,
        () if day > 0 && month > 0 => Told::Both,
        () => Told::Neither,
    }
}

/// What the cells of a column show about how its dates are written.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// Cells that are not empty.
    filled: u64,
    classes: BTreeMap<Class, Cells>,
    /// Cells written as 2024-08-31, and how many of them have a day above 12.
    plain: (u64, u64),
    /// The same for cells that could be serial numbers.
    serials: (u64, u64),
    /// Cells with a time of day other than midnight, and with midnight.
    times: (u64, u64),
    /// Cells that hold only a time of day.
    clocks: u64,
    /// Cells that can be read in one way, in none of the usual forms: 31/8 2024.
    clear: u64,
    /// The first line with a date as spreadsheets store it, year first, and the first with a date as text.
    first_lines: [Option<u64>; 2],
}

impl Evidence {
    /// Examines another cell, which stands on `line`.
    pub fn add(&mut self, cell: &[u8], line: u64, epoch: SerialEpoch, empty: &[String]) {
        if cell.is_empty() {
            return;
        }
        if let Ok(stamp) = parse_stamp(cell) {
            self.add_plain(stamp);
            self.first_lines[0].get_or_insert(line);
            return;
        }
        let text = String::from_utf8_lossy(cell);
        let text = bare(&text);
        if is_no_day_yet(text, empty) {
            return;
        }
        match shape_of(text) {
            _ if is_time_on_no_day(text) => self.clocks += 1,
            Shape::Date(numbers) if numbers.is_mark() => return,
            Shape::Date(numbers) => {
                let kind = usize::from(numbers.class != Class::YearFirst);
                self.first_lines[kind].get_or_insert(line);
                self.classes.entry(numbers.class).or_default().add(&numbers);
                let stamp = Order::ALL.iter().find_map(|order| numbers.stamp(*order).ok());
                stamp.into_iter().for_each(|stamp| self.add_time(stamp));
            }
            Shape::Clear(stamp) => {
                self.clear += 1;
                stamp.into_iter().for_each(|stamp| self.add_time(stamp));
            }
            // The first days of a spreadsheet are placeholders, and numbers of its first years may be times: 0815,
            // 1345.
            Shape::Serial(number) if number > 60.0 && read_time(cell, empty).is_err() => {
                self.first_lines[0].get_or_insert(line);
                let day = stamp_of_serial(number, epoch).map_or(0, |(day, _)| day.civil().2);
                self.serials = (self.serials.0 + 1, self.serials.1 + u64::from(day > 12));
            }
            Shape::Serial(_) | Shape::Other => {
                self.clocks += u64::from(read_time(cell, empty).is_ok());
            }
        }
        self.filled += 1;
    }

    fn add_plain(&mut self, stamp: Stamp) {
        let (_, month, day) = stamp.day.civil();
        self.filled += 1;
        self.plain = (self.plain.0 + 1, self.plain.1 + u64::from(day > 12));
        // Written with leading zeros.
        if month < 10 || day < 10 {
            self.classes.entry(Class::YearFirst).or_default().padded += 1;
        }
        self.add_time(stamp);
    }

    fn add_time(&mut self, stamp: Stamp) {
        match stamp.second_of_day {
            Some(0) => self.times.1 += 1,
            Some(_) => self.times.0 += 1,
            None => {}
        }
    }

    /// Adds the evidence from other rows of the same column.
    pub fn join(&mut self, other: &Evidence) {
        self.filled += other.filled;
        self.clocks += other.clocks;
        self.clear += other.clear;
        self.first_lines = [0, 1].map(|kind| self.first_lines[kind].or(other.first_lines[kind]));
        for (mine, theirs) in [
            (&mut self.plain, other.plain),
            (&mut self.serials, other.serials),
            (&mut self.times, other.times),
        ] {
            *mine = (mine.0 + theirs.0, mine.1 + theirs.1);
        }
        for (class, cells) in &other.classes {
            self.classes.entry(*class).or_default().join(cells);
        }
    }

    /// The first line with a date as spreadsheets store it, year first, and the first with a date as text.
    pub fn first_lines(&self) -> [Option<u64>; 2] {
        self.first_lines
    }

    /// Whether every cell is empty.
    pub fn is_empty(&self) -> bool {
        self.filled == 0
    }

    /// Whether every time in the column is midnight: its cells are dates, as some programs write them.
    pub fn only_midnights(&self) -> bool {
        self.times.1 > 0 && self.times.0 == 0
    }

    /// Whether at least half of the filled cells are dates.
    pub fn is_of_dates(&self) -> bool {
        let of_classes: u64 = self.classes.values().map(|cells| cells.cells).sum();
        self.is_mostly(self.plain.0 + of_classes + self.clear)
    }

    /// Whether most filled cells are times of day without a date.
    pub fn is_of_times(&self) -> bool {
        self.clocks > 0 && self.clocks * 2 > self.filled
    }

    fn cells(&self, class: Class) -> Option<&Cells> {
        self.classes.get(&class).filter(|cells| cells.cells > 0)
    }

    /// Whether `count` is at least half of the filled cells.
    fn is_mostly(&self, count: u64) -> bool {
        count > 0 && count * 2 >= self.filled
    }

    /// Cells as spreadsheets store dates: the year first, or a serial number.
    fn kept_as_dates(&self) -> Kept {
        let cells = self.year_first();
        Kept { cells: cells.cells + self.serials.0, telling: cells.month_before_day[1] + self.serials.1 }
    }

    /// Dates that spreadsheets left as text.
    fn kept_as_texts(&self) -> Kept {
        let is_text = |class: &Class| {
            matches!(class, Class::YearLast(_) | Class::Short(_)) && *class != Class::Short(Separator::None)
        };
        let texts = self.classes.iter().filter(|(class, _)| is_text(class));
        texts.fold(Kept::default(), |mut all, (_, cells)| {
            all.add(cells.kept());
            all
        })
    }

    /// The cells with a four-digit year first, plain ones included.
    fn year_first(&self) -> Cells {
        let mut cells = self.classes.get(&Class::YearFirst).cloned().unwrap_or_default();
        cells.cells += self.plain.0;
        cells.month_before_day[1] += self.plain.1;
        cells
    }
}

/// Cells of one kind, and how many of them have a day above 12.
#[derive(Clone, Copy, Default)]
struct Kept {
    cells: u64,
    telling: u64,
}

impl Kept {
    fn add(&mut self, other: Kept) {
        self.cells += other.cells;
        self.telling += other.telling;
    }
}

/// Whether hardly any cell of one kind has a day above 12 and nearly all of the other do, more clearly than chance
/// explains: twelve days of each month are not above 12.
fn are_apart(without: Kept, with: Kept) -> bool {
    /// Three cells without beside three with happen by chance once in seventy times.
    const CHANCE: f64 = 0.0143;
    let within = 12.0 / (365.25 / 12.0);
    let slips = |few: u64, many: u64| few * 20 <= many;
    let by_chance = f64::powf(within, without.cells as f64) * f64::powf(1.0 - within, with.cells as f64);
    let enough = without.cells >= 2 && with.cells >= 2 && by_chance <= CHANCE;
    enough && slips(without.telling, without.cells) && slips(with.cells - with.telling, with.cells)
}

/// What an order makes of the rows: how many pairs of dates it gives, how many of them run backwards, and the first and
/// last day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Plausibility {
    /// Pairs of a start and a later date of the same row that can both be read.
    pub pairs: u64,
    /// Pairs whose later date comes before the start.
    pub backwards: u64,
    /// The first and last day.
    pub days: Option<(Day, Day)>,
}

/// What the rows of an export show, for each [`Order`].
#[derive(Debug, Clone, Copy, Default)]
pub struct Rows([Plausibility; 4]);

impl Rows {
    /// Examines the dates of a row: the start, the end, and others that must not come before the start.
    pub fn add(&mut self, cells: &[&[u8]], empty: &[String]) {
        if cells.iter().all(|cell| cell.is_empty() || parse_stamp(cell).is_ok()) {
            return;
        }
        let shape = |cell: &&[u8]| {
            let text = String::from_utf8_lossy(cell);
            let text = bare(&text);
            (!is_no_day_yet(text, empty)).then(|| shape_of(text))
        };
        let shapes: Vec<Option<Shape>> = cells.iter().map(shape).collect();
        for (order, seen) in Order::ALL.into_iter().zip(&mut self.0) {
            let notation = Notation::throughout(order);
            let day = |shape: &Option<Shape>| Some(shape.as_ref()?.read(&notation).ok()?.day);
            for day in shapes.iter().filter_map(day) {
                let (first, last) = seen.days.unwrap_or((day, day));
                seen.days = Some((first.min(day), last.max(day)));
            }
            let Some((Some(start), others)) = shapes.split_first().map(|(first, rest)| (day(first), rest))
            else {
                continue;
            };
            for other in others.iter().filter_map(day) {
                seen.pairs += 1;
                seen.backwards += u64::from(other < start);
            }
        }
    }

    /// Adds the evidence from other rows.
    pub fn join(&mut self, other: &Rows) {
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            mine.pairs += theirs.pairs;
            mine.backwards += theirs.backwards;
            mine.days = match (mine.days, theirs.days) {
                (Some(one), Some(two)) => Some((one.0.min(two.0), one.1.max(two.1))),
                (one, two) => one.or(two),
            };
        }
    }

    /// What an order makes of them.
    pub fn of(&self, order: Order) -> Plausibility {
        self.0[order as usize]
    }

    /// Whether cases run forwards in one order and often backwards in all the others.
    fn prefer(&self, order: Order, others: &[Order]) -> bool {
        /// With fewer pairs, chance could show the same.
        const FEWEST: u64 = 8;
        /// From this many pairs on, a smaller share that runs backwards is enough.
        const MANY: u64 = 30;
        let runs = |seen: Plausibility| seen.pairs >= FEWEST && seen.backwards * 25 <= seen.pairs;
        let stumbles = |seen: Plausibility| {
            let one_in = if seen.pairs < MANY { 5 } else { 10 };
            seen.backwards * one_in >= seen.pairs.max(FEWEST)
        };
        runs(self.of(order)) && others.iter().all(|other| stumbles(self.of(*other)))
    }
}

/// Why the dates of an export are not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undecided {
    /// Too little evidence: the columns, and the orders that remain.
    Ambiguous(Vec<usize>, Vec<Order>),
    /// These columns, or cells of one column, prove opposite orders; with the format of most cells of each.
    Mixed(Vec<(usize, DateFormat)>),
    /// Excel swapped day and month where it could, in these columns.
    Swapped(Vec<usize>),
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
        Written { reads, told: told.formats() }
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
            if cells.cells > 0 && short[place].is_none() {
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
        let of_others = others.first().copied().and_then(same).filter(fits);
        let year_last = (year_stands_first(cells) == Some(false)).then_some(direction).flatten();
        let forwards = || {
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
                undecided += cells.cells;
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
