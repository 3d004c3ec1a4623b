//! Dates: any cell, in a column of any format.

#![no_main]

use frist::date::{FIRST_INPUT_DAY, LAST_INPUT_DAY};
use frist::date_format::{DateFormat, Evidence, read_stamp};
use frist::serial::SerialEpoch;
use libfuzzer_sys::fuzz_target;

const FORMATS: [DateFormat; 6] = [
    DateFormat::YearFirst,
    DateFormat::ShortYearFirst,
    DateFormat::DayFirst,
    DateFormat::MonthFirst,
    DateFormat::Serial1900,
    DateFormat::Serial1904,
];

fuzz_target!(|data: &[u8]| {
    let mut evidence = Evidence::default();
    evidence.add(data, &[]);
    evidence.format(SerialEpoch::From1900);
    let readings: Vec<_> = FORMATS.iter().filter_map(|format| read_stamp(data, *format, &[]).ok()).collect();
    for stamp in &readings {
        assert!(stamp.day >= FIRST_INPUT_DAY && stamp.day <= LAST_INPUT_DAY);
        assert!(stamp.second_of_day.is_none_or(|second| (0..86_400).contains(&second)));
        let written = stamp.day.to_string();
        let read = read_stamp(written.as_bytes(), DateFormat::MonthFirst, &[]).expect("it is a date");
        assert_eq!(read.day, stamp.day);
    }
    // What is read without being told the format is read alike in every column.
    if let Ok(clear) = read_stamp(data, DateFormat::YearFirst, &[]) {
        assert!(readings.len() == FORMATS.len() && readings.iter().all(|stamp| *stamp == clear));
    }
});
