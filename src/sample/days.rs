//! Days: when the small set was exported, and what it describes.

/// The as-of date of the small set.
pub const AS_OF: &str = "2024-08-31";
/// The exports were made so many days later.
pub const EXPORTED_LATER: i32 = 6;
