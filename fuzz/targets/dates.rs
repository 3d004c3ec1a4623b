//! Dates: any cell, in a column of any format.

#![no_main]

use frist::date::{FIRST_INPUT_DAY, LAST_INPUT_DAY};
use frist::date_evidence::{Column, Evidence, Rows, decide};
use frist::date_format::{DateFormat, Notation, read_stamp, read_time};
use frist::serial::SerialEpoch;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let (mut evidence, mut rows) = (Evidence::default(), Rows::default());
    evidence.add(data, 1, SerialEpoch::From1900, &[]);
    rows.add(&[data, data], &[]);
    let _ = decide(&[Column { evidence: &evidence, named: None }], &rows, SerialEpoch::From1900);
    let _ = read_time(data, &[]);
    let read = |format| read_stamp(data, &Notation::named(&[format]), &[]);
    for stamp in DateFormat::ALL.iter().filter_map(|format| read(*format).ok()) {
        assert!(stamp.day >= FIRST_INPUT_DAY && stamp.day <= LAST_INPUT_DAY);
        assert!(stamp.second_of_day.is_none_or(|second| (0..86_400).contains(&second)));
    }
    // A date that is read without a named format is read alike if the day is said to come first.
    if let Ok(clear) = read(DateFormat::YearFirst) {
        assert_eq!(read(DateFormat::DayFirst), Ok(clear));
    }
});
