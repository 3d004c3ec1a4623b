//! Serial numbers: how spreadsheets count days.

use crate::date::Day;

/// The day that a workbook's serial numbers are counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SerialEpoch {
    /// 1 is 1900-01-01, and 60 is a 29 February 1900 that never was (ECMA-376 part 1, 18.17.4.1).
    #[default]
    From1900,
    /// 0 is 1904-01-01, as old Macintosh workbooks count.
    From1904,
}

/// 1970-01-01 in the system of 1900.
const EPOCH_1900: i32 = 25_569;
/// 1970-01-01 in the system of 1904.
const EPOCH_1904: i32 = 24_107;
/// 29 February 1900, which never existed, in the system of 1900.
const FALSE_LEAP_DAY: i32 = 60;
/// 9999-12-31 in the system of 1900, the last day of a spreadsheet.
const LAST_SERIAL: f64 = 2_958_465.999_999;

/// The day and the second of that day of a serial number; `None` if it is negative or beyond the last day. A serial is
/// read to the millisecond, the precision in which it is written, and fractions of a second are cut off as in text: the
/// last moment of a day is not the next day.
pub fn stamp_of_serial(number: f64, epoch: SerialEpoch) -> Option<(Day, i32)> {
    const MILLISECONDS: f64 = 86_400_000.0;
    if !(0.0..=LAST_SERIAL).contains(&number) {
        return None;
    }
    let milliseconds = (number * MILLISECONDS).round();
    let whole = (milliseconds / MILLISECONDS).floor() as i32;
    let second = milliseconds.rem_euclid(MILLISECONDS) as i32 / 1000;
    let day = match epoch {
        SerialEpoch::From1900 if whole < FALSE_LEAP_DAY => whole - EPOCH_1900 + 1,
        SerialEpoch::From1900 => whole - EPOCH_1900,
        SerialEpoch::From1904 => whole - EPOCH_1904,
    };
    Some((Day(day), second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_numbers_are_days_and_seconds() {
        let text =
            |number, epoch| stamp_of_serial(number, epoch).map(|(day, second)| format!("{day} {second}"));
        let (excel, mac) = (SerialEpoch::From1900, SerialEpoch::From1904);
        assert_eq!(text(45_535.0, excel).as_deref(), Some("2024-08-31 0"));
        assert_eq!(text(44_073.0, mac).as_deref(), Some("2024-08-31 0"));
        assert_eq!(text(45_535.573_611_11, excel).as_deref(), Some("2024-08-31 49560"));
        assert_eq!(text(45_535.999_999, excel).as_deref(), Some("2024-08-31 86399"));
        assert_eq!(text(45_535.999_999_965, excel).as_deref(), Some("2024-08-31 86399"), "23:59:59.997");
        assert_eq!(
            text(45_535.999_999_999_9, excel).as_deref(),
            Some("2024-09-01 0"),
            "a rounding, no moment"
        );
        assert_eq!(text(1.0, excel).as_deref(), Some("1900-01-01 0"));
        assert_eq!(text(61.0, excel).as_deref(), Some("1900-03-01 0"));
        assert_eq!(text(2_958_465.0, excel).as_deref(), Some("9999-12-31 0"));
        assert_eq!(text(-1.0, excel), None);
        assert_eq!(text(f64::NAN, excel), None);
        assert_eq!(text(1e300, excel), None);
    }
}
