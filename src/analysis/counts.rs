//! Counts by period: the tallies as one polars frame, and sums of it.

use std::collections::BTreeMap;

use polars::prelude::{Column, DataFrame, Expr, IntoLazy, PolarsResult, SortMultipleOptions, col, lit};

use crate::judge::{Cell, Outcome};
use crate::period::PeriodKind;
use crate::rulebook::{Cohort, JudgedBy, Roll};
use crate::tally::{Counts, GroupTally, Groups};

/// Counts of the judged cases of some period, group or the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CaseCounts {
    /// Judged cases: ended, or open past the due date where the cohort has such.
    pub cases: u64,
    /// Late by the lawful method.
    pub deviations: u64,
    /// Late by the reference method.
    pub reference_deviations: u64,
    /// Late by both.
    pub late_by_both: u64,
    /// Late even with the roll of 2 §.
    pub rolled_deviations: u64,
    /// Past the plain period but within a valid extension.
    pub extended: u64,
    /// Open and not yet due: not judged.
    pub undetermined: u64,
}

/// The columns that are summed, in the order of [`CaseCounts`].
const MEASURES: [&str; 7] = [
    "cases",
    "deviations",
    "reference_deviations",
    "late_by_both",
    "rolled_deviations",
    "extended",
    "undetermined",
];

impl CaseCounts {
    /// Sums the cells of one month by the rule's reading of 2 §.
    pub fn of(counts: &Counts, roll: Roll) -> CaseCounts {
        use crate::judge::Reading;
        let judged = |cell: Cell| cell.outcome(roll) != Outcome::OpenWithin;
        let late = |cell: Cell| cell.reading().is_deviation(roll);
        CaseCounts {
            cases: counts.cases(judged),
            deviations: counts.cases(|cell| judged(cell) && late(cell)),
            reference_deviations: counts.cases(|cell| judged(cell) && cell.late_by_reference()),
            late_by_both: counts.cases(|cell| judged(cell) && late(cell) && cell.late_by_reference()),
            rolled_deviations: counts.cases(|cell| judged(cell) && cell.reading() == Reading::Late),
            extended: counts.cases(|cell| judged(cell) && cell.reading() == Reading::WithinExtension),
            undetermined: counts.cases(|cell| !judged(cell)),
        }
    }

    fn from_measures(values: [u64; 7]) -> CaseCounts {
        let [
            cases,
            deviations,
            reference_deviations,
            late_by_both,
            rolled_deviations,
            extended,
            undetermined,
        ] = values;
        CaseCounts {
            cases,
            deviations,
            reference_deviations,
            late_by_both,
            rolled_deviations,
            extended,
            undetermined,
        }
    }

    fn measures(self) -> [u64; 7] {
        [
            self.cases,
            self.deviations,
            self.reference_deviations,
            self.late_by_both,
            self.rolled_deviations,
            self.extended,
            self.undetermined,
        ]
    }

    /// The share of deviations, 0–1; `None` without judged cases.
    pub fn share(self) -> Option<f64> {
        (self.cases > 0).then(|| self.deviations as f64 / self.cases as f64)
    }

    /// The share by the reference method, 0–1; `None` without judged cases.
    pub fn reference_share(self) -> Option<f64> {
        (self.cases > 0).then(|| self.reference_deviations as f64 / self.cases as f64)
    }

    /// At most one case in twenty is undetermined.
    pub fn is_mostly_judged(self) -> bool {
        is_mostly_judged(self.cases, self.undetermined)
    }

    /// Cases that the two methods do not agree on.
    pub fn changed(self) -> u64 {
        self.late_only_by_reference() + self.late_only_by_law()
    }

    /// Their share, 0–1; `None` without judged cases.
    pub fn changed_share(self) -> Option<f64> {
        (self.cases > 0).then(|| self.changed() as f64 / self.cases as f64)
    }

    /// In time by both methods.
    pub fn in_time_by_both(self) -> u64 {
        self.cases - self.deviations - self.late_only_by_reference()
    }

    /// Late by the reference method and lawful.
    pub fn late_only_by_reference(self) -> u64 {
        self.reference_deviations - self.late_by_both
    }

    /// Late by the lawful method and passed over by the reference method.
    pub fn late_only_by_law(self) -> u64 {
        self.deviations - self.late_by_both
    }
}

/// Whether at most one case in twenty is undetermined. The cases judged first are the quick ones, so where more
/// are left the share looks better than it will be.
pub fn is_mostly_judged(cases: u64, undetermined: u64) -> bool {
    undetermined * 20 <= cases + undetermined
}

/// The groups of one control's tally as a frame: a row a group, cohort and month, with columns `group`, `cohort`,
/// `month` (as in [`crate::date::Day::month`]) and the measures.
pub fn frame(tallies: &Groups, roll: Roll) -> PolarsResult<DataFrame> {
    let (mut groups, mut cohorts, mut months) = (Vec::new(), Vec::new(), Vec::new());
    let mut measures: [Vec<u64>; 7] = Default::default();
    for (name, group) in tallies {
        let name = name.to_string();
        for cohort in Cohort::ALL {
            for (month, tally) in group.months(cohort) {
                groups.push(name.clone());
                cohorts.push(cohort.id());
                months.push(month);
                let values = CaseCounts::of(&tally.counts, roll).measures();
                measures.iter_mut().zip(values).for_each(|(column, value)| column.push(value));
            }
        }
    }
    let height = months.len();
    let mut columns = vec![
        Column::new("group".into(), groups),
        Column::new("cohort".into(), cohorts),
        Column::new("month".into(), months),
    ];
    columns.extend(MEASURES.iter().zip(measures).map(|(name, values)| Column::new((*name).into(), values)));
    DataFrame::new(height, columns)
}

/// The first month of the period that holds a row's month.
fn first_month(kind: PeriodKind) -> Expr {
    (col("month") - col("month") % lit(kind.months())).alias("first_month")
}

/// Sums of one cohort by period, in order; the periods are those of a kind, by index.
pub fn by_period(
    frame: &DataFrame,
    cohort: Cohort,
    kind: PeriodKind,
) -> PolarsResult<BTreeMap<i32, CaseCounts>> {
    let sums = frame
        .clone()
        .lazy()
        .filter(col("cohort").eq(lit(cohort.id())))
        .group_by([first_month(kind)])
        .agg(MEASURES.map(|name| col(name).sum()))
        .sort(["first_month"], SortMultipleOptions::default())
        .collect()?;
    let first_months = sums.column("first_month")?.i32()?.clone();
    let periods = first_months.into_no_null_iter().map(|month| kind.holding_month(month).index);
    Ok(periods.zip(counts_of(&sums)?).collect())
}

/// The lawful methods that judged the cases of one cohort, by period.
pub fn methods_by_period<'t>(
    groups: impl IntoIterator<Item = &'t GroupTally>,
    cohort: Cohort,
    kind: PeriodKind,
) -> BTreeMap<i32, JudgedBy> {
    let mut methods: BTreeMap<i32, JudgedBy> = BTreeMap::new();
    for (month, tally) in groups.into_iter().flat_map(|group| group.months(cohort)) {
        let of_period = methods.entry(kind.holding_month(month).index).or_default();
        *of_period = of_period.with(tally.judged_by);
    }
    methods
}

/// Sums of one cohort by group and period.
pub fn by_group_and_period(
    frame: &DataFrame,
    cohort: Cohort,
    kind: PeriodKind,
) -> PolarsResult<BTreeMap<String, BTreeMap<i32, CaseCounts>>> {
    let sums = frame
        .clone()
        .lazy()
        .filter(col("cohort").eq(lit(cohort.id())))
        .group_by([col("group"), first_month(kind)])
        .agg(MEASURES.map(|name| col(name).sum()))
        .sort(["group", "first_month"], SortMultipleOptions::default())
        .collect()?;
    let mut groups: BTreeMap<String, BTreeMap<i32, CaseCounts>> = BTreeMap::new();
    let (names, months) = (sums.column("group")?.str()?.clone(), sums.column("first_month")?.i32()?.clone());
    for ((name, month), counts) in
        names.iter().flatten().zip(months.into_no_null_iter()).zip(counts_of(&sums)?)
    {
        groups.entry(name.to_owned()).or_default().insert(kind.holding_month(month).index, counts);
    }
    Ok(groups)
}

/// Sums of the started cohort by calendar month of the start, January first.
pub fn by_start_month(frame: &DataFrame) -> PolarsResult<[CaseCounts; 12]> {
    let sums = frame
        .clone()
        .lazy()
        .filter(col("cohort").eq(lit(Cohort::Started.id())))
        .group_by([(col("month") % lit(12)).alias("month_of_year")])
        .agg(MEASURES.map(|name| col(name).sum()))
        .collect()?;
    let mut months = [CaseCounts::default(); 12];
    let numbers = sums.column("month_of_year")?.i32()?.clone();
    for (number, counts) in numbers.into_no_null_iter().zip(counts_of(&sums)?) {
        months[number as usize] = counts;
    }
    Ok(months)
}

fn counts_of(sums: &DataFrame) -> PolarsResult<Vec<CaseCounts>> {
    let columns = MEASURES.map(|name| sums.column(name).and_then(|column| column.u64().cloned()));
    let mut rows = vec![[0; 7]; sums.height()];
    for (measure, column) in columns.into_iter().enumerate() {
        for (row, value) in rows.iter_mut().zip(column?.into_no_null_iter()) {
            row[measure] = value;
        }
    }
    Ok(rows.into_iter().map(CaseCounts::from_measures).collect())
}
