//! Computed values in files: as they are, but for bits that machines could differ in.

use serde::Serializer;

use crate::period::PeriodKind;

/// The value to twelve decimals.
pub fn exact(value: f64) -> f64 {
    rounded(value, 12)
}

/// The value to so many decimals.
pub fn rounded(value: f64, decimals: i32) -> f64 {
    let power = 10f64.powi(decimals);
    // Adding zero turns −0 into 0.
    (value * power).round() / power + 0.0
}

/// Writes a value to twelve decimals.
pub fn as_exact<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(exact(*value))
}

/// Writes the number of a month as its name.
pub fn as_month<S: Serializer>(number: &i32, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&PeriodKind::Month.holding_month(*number))
}
