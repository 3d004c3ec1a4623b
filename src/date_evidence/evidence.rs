//! Evidence: what the cells of a column, and the cells of a row together, show of how dates are written.

use std::collections::BTreeMap;

use super::times::{Times, TimesSeen};
use crate::date::{Day, Stamp, parse_stamp};
use crate::date_format::{
    Class, Notation, Numbers, Order, Separator, Shape, is_own_mark, is_real, read_time, shape_of, whole_year,
};
use crate::serial::{SerialEpoch, stamp_of_serial};
use crate::values::{bare, is_no_day_yet};

/// Three of five days of a month are above 12; if fewer than one cell in this many is, something is amiss.
pub(super) const ONE_IN: u64 = 5;
/// Up to one cell in this many that can only be read in the opposite order is a typing error; more are a second order.
pub(super) const SLIP_ONE_IN: u64 = 200;

/// Counts of the cells of one class.
#[derive(Debug, Clone, Default)]
pub(super) struct Cells {
    pub(super) cells: u64,
    /// Cells that are a day in an order, by [`Order`].
    pub(super) valid: [u64; 4],
    /// Cells that are a day only with the day before the month: with the year last, and with the year first.
    pub(super) day_before_month: [u64; 2],
    /// Cells that are a day only with the month before the day, likewise.
    pub(super) month_before_day: [u64; 2],
    pub(super) padded: u64,
    pub(super) unpadded: u64,
    /// Cells with two-digit years, counted by their first and by their last number.
    ends: Option<Box<[[u32; 100]; 2]>>,
}

impl Cells {
    /// The count of cells, and of those that show the order of day and month with the year last.
    pub(super) fn kept(&self) -> Kept {
        Kept { cells: self.cells, telling: self.day_before_month[0] + self.month_before_day[0] }
    }

    pub(super) fn add(&mut self, numbers: &Numbers) {
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

    pub(super) fn join(&mut self, other: &Cells) {
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
    pub(super) fn fit(&self, order: Order) -> bool {
        let slips = if self.cells < 8 { 0 } else { self.cells / 10 };
        self.valid[order as usize] + slips >= self.cells
    }

    /// The smallest span of years that holds nine of ten numbers at one end, if they are read as years.
    pub(super) fn spread(&self, end: usize) -> i32 {
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
pub(super) enum Told {
    Day,
    Month,
    Both,
    Neither,
}

/// A day above 12 settles the order, unless such days are rare or contradict each other. Each triple counts the cells,
/// those that are a day only with the day first, and those only with the month first: for all columns together, and for
/// each.
pub(super) fn told(all: [u64; 3], own: impl Iterator<Item = [u64; 3]>) -> Told {
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
    pub(super) classes: BTreeMap<Class, Cells>,
    /// Cells written as 2024-08-31, and how many of them have a day above 12.
    plain: (u64, u64),
    /// The same for cells that could be serial numbers.
    pub(super) serials: (u64, u64),
    times: TimesSeen,
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
        if let Ok(stamp) = parse_stamp(cell)
            && is_real(stamp.day)
            && !is_own_mark(cell, empty)
        {
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
            Shape::Date(numbers) if numbers.is_time_alone() => self.clocks += 1,
            Shape::Date(numbers) if numbers.is_mark() => return,
            Shape::Serial(0.0) => return,
            Shape::Date(numbers) => {
                let kind = usize::from(numbers.class != Class::YearFirst);
                self.first_lines[kind].get_or_insert(line);
                self.classes.entry(numbers.class).or_default().add(&numbers);
                let stamp = Order::ALL.iter().find_map(|order| numbers.stamp(*order).ok());
                stamp.into_iter().for_each(|stamp| self.times.add(stamp));
            }
            Shape::Clear(stamp) => {
                self.clear += 1;
                stamp.into_iter().for_each(|stamp| self.times.add(stamp));
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
        self.times.add(stamp);
    }

    /// Adds the evidence from other rows of the same column.
    pub fn join(&mut self, other: &Evidence) {
        self.filled += other.filled;
        self.clocks += other.clocks;
        self.clear += other.clear;
        self.first_lines = [0, 1].map(|kind| self.first_lines[kind].or(other.first_lines[kind]));
        self.times.join(&other.times);
        for (mine, theirs) in [(&mut self.plain, other.plain), (&mut self.serials, other.serials)] {
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

    /// Whether the times of day in the column are real, where that matters: by hours, or if offsets could move a day.
    pub fn times(&self, counts_hours: bool) -> Times {
        if counts_hours || self.times.has_offsets { self.times.are(self.filled) } else { Times::Real }
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

    pub(super) fn cells(&self, class: Class) -> Option<&Cells> {
        self.classes.get(&class).filter(|cells| cells.cells > 0)
    }

    /// Whether `count` is at least half of the filled cells.
    pub(super) fn is_mostly(&self, count: u64) -> bool {
        count > 0 && count * 2 >= self.filled
    }

    /// Whether `count` is at least nine in ten of the filled cells.
    pub(super) fn is_nearly_all(&self, count: u64) -> bool {
        count * 10 >= self.filled * 9
    }

    /// Cells as spreadsheets store dates: the year first, or a serial number.
    pub(super) fn kept_as_dates(&self) -> Kept {
        let cells = self.year_first();
        Kept { cells: cells.cells + self.serials.0, telling: cells.month_before_day[1] + self.serials.1 }
    }

    /// Dates that spreadsheets left as text.
    pub(super) fn kept_as_texts(&self) -> Kept {
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
    pub(super) fn year_first(&self) -> Cells {
        let mut cells = self.classes.get(&Class::YearFirst).cloned().unwrap_or_default();
        cells.cells += self.plain.0;
        cells.month_before_day[1] += self.plain.1;
        cells.valid[Order::YearMonthDay as usize] += self.plain.0;
        cells.valid[Order::YearDayMonth as usize] += self.plain.0 - self.plain.1;
        cells
    }
}

/// Cells of one kind, and how many of them have a day above 12.
#[derive(Clone, Copy, Default)]
pub(super) struct Kept {
    pub(super) cells: u64,
    telling: u64,
}

impl Kept {
    pub(super) fn add(&mut self, other: Kept) {
        self.cells += other.cells;
        self.telling += other.telling;
    }
}

/// Whether hardly any cell of one kind has a day above 12 and nearly all of the other do, more clearly than chance
/// explains: twelve days of each month are not above 12.
pub(super) fn are_apart(without: Kept, with: Kept) -> bool {
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
    pub(super) fn prefer(&self, order: Order, others: &[Order]) -> bool {
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
