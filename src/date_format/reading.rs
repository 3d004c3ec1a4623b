//! Reading: a cell as a date, or as a time of day.

use super::clock::clock_time;
use super::marks::is_real;
use super::notation::{Notation, Order, number};
use super::shape::{NoStamp, Shape, shape_of};
use crate::date::{Day, NotADate, Stamp, parse_day, parse_stamp};
use crate::serial::{SerialEpoch, stamp_of_serial};
use crate::values::{bare, is_no_day_yet};

/// Whether a cell is, byte for byte, one of the project's own marks, as a date such as `1980-01-01` can be.
#[inline]
pub fn is_own_mark(cell: &[u8], empty: &[String]) -> bool {
    empty.iter().any(|mark| mark.as_bytes() == cell)
}

/// Reads a cell that holds exactly a date such as `2024-08-31`; `None` if it holds anything else, or needs a closer
/// look. `empty` are the project's own marks for an empty cell.
#[inline]
pub fn read_plain_day(cell: &[u8], notation: &Notation, empty: &[String]) -> Option<Day> {
    let day = cell.try_into().ok().and_then(|date| parse_day(date).ok())?;
    (!notation.day_second && is_real(day) && !is_own_mark(cell, empty)).then_some(day)
}

/// Reads a cell. `empty` are the project's own marks for an empty cell.
///
/// # Errors
/// If the cell is empty, or holds no date that can be read in exactly one way.
pub fn read_stamp(cell: &[u8], notation: &Notation, empty: &[String]) -> Result<Stamp, NoStamp> {
    match parse_stamp(cell) {
        Ok(stamp) if !notation.day_second && is_real(stamp.day) && !is_own_mark(cell, empty) => Ok(stamp),
        _ => read_unusual(cell, notation, empty),
    }
}

#[cold]
fn read_unusual(cell: &[u8], notation: &Notation, empty: &[String]) -> Result<Stamp, NoStamp> {
    let text = String::from_utf8_lossy(cell);
    let text = bare(&text);
    if is_no_day_yet(text, empty) {
        return Err(NoStamp::Empty);
    }
    shape_of(text).read(notation)
}

/// Whether a cell holds a date in some order, whatever its column's is.
pub fn is_date_in_any_order(cell: &[u8]) -> bool {
    match shape_of(bare(&String::from_utf8_lossy(cell))) {
        Shape::Date(numbers) => Order::ALL.iter().any(|order| numbers.stamp(*order).is_ok()),
        _ => false,
    }
}

/// Reads a cell that holds only a time of day: the second of the day.
///
/// # Errors
/// If the cell is empty or holds no time of day.
pub fn read_time(cell: &[u8], empty: &[String]) -> Result<i32, NoStamp> {
    let text = String::from_utf8_lossy(cell);
    let text = bare(&text);
    if is_no_day_yet(text, empty) {
        return Err(NoStamp::Empty);
    }
    // Spreadsheets export a time of day with one of their first days.
    if let Shape::Date(date) = shape_of(text)
        && let Some(second) = date.time_on_no_day()
    {
        return Ok(second);
    }
    let digits = text.bytes().all(|byte| byte.is_ascii_digit()).then_some(text.len());
    let fraction = text.replace(',', ".").parse::<f64>().ok();
    match (digits, fraction) {
        (Some(3 | 4), _) => {
            let (hour, minute) = (number(text) / 100, number(text) % 100);
            let exists = hour < 24 && minute < 60;
            exists.then_some((hour * 3600 + minute * 60) as i32).ok_or(NoStamp::Not(NotADate::Impossible))
        }
        (None, Some(part)) if (0.0..1.0).contains(&part) && text.starts_with("0") => {
            let stamp = stamp_of_serial(part, SerialEpoch::From1904);
            stamp.map(|(_, second)| second).ok_or(NoStamp::Not(NotADate::Unreadable))
        }
        _ => match clock_time(text) {
            Some(time) => time.map(|(second, _)| second).map_err(NoStamp::Not),
            None => Err(NoStamp::Not(NotADate::Unreadable)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::notation::DateFormat;
    use super::*;

    fn read(text: &str, format: DateFormat) -> Result<String, NoStamp> {
        let stamp = read_stamp(text.as_bytes(), &Notation::named(&[format]), &[])?;
        let second = stamp.second_of_day.map_or(String::new(), |second| format!(" {second}"));
        Ok(format!("{}{second}", stamp.day))
    }

    #[test]
    fn what_can_be_read_one_way_is_read_in_every_column() {
        for format in [DateFormat::YearFirst, DateFormat::DayFirst, DateFormat::Serial1900] {
            for text in [
                "2024-08-31",
                "2024/08/31",
                "2024.08.31",
                "20240831",
                "31.08.2024",
                "31.8.2024",
                "31/8 2024",
                "31 aug 2024",
                "31 Augusti 2024",
                "31-AUG-2024",
                "31-AUG-24",
                "Aug 31, 2024",
                "2024-aug-31",
                "'2024-08-31",
                "=\"2024-08-31\"",
                "\u{a0}2024-08-31\u{a0}",
                "20240831.0",
                "20240831,00",
                "31AUG2024",
                "31aug24",
                "lör 2024-08-31",
                "Sat, 31 Aug 2024",
                "Sat Aug 31 2024",
                "lördagen den 31 augusti 2024",
                "2024–08–31",
            ] {
                assert_eq!(read(text, format).as_deref(), Ok("2024-08-31"), "{text}");
            }
            for text in [
                "2024-08-31 13:45",
                "2024-08-31T13:45:00",
                "20240831 13:45",
                "31.8.2024 13:45",
                "2024-08-31 13.45",
                "31/8 2024 13.45.00",
                "2024-08-31 1:45 PM",
                "2024-08-31 01:45:00 pm",
                "31 aug 2024 kl. 13.45",
                "202408311345",
                "20240831134500",
                "31AUG2024:13:45:00",
            ] {
                assert_eq!(read(text, format).as_deref(), Ok("2024-08-31 49500"), "{text}");
            }
            assert_eq!(read("2024-08-31 8:05", format).as_deref(), Ok("2024-08-31 29100"));
            assert_eq!(read("2024-08-31 12:05 AM", format).as_deref(), Ok("2024-08-31 300"));
        }
        assert_eq!(read("3 jan 2024", DateFormat::YearFirst).as_deref(), Ok("2024-01-03"));
        assert_eq!(read("10 maj 2024", DateFormat::YearFirst).as_deref(), Ok("2024-05-10"));
    }

    #[test]
    fn the_rest_is_read_as_the_column_says() {
        assert_eq!(read("03/04/2024", DateFormat::DayFirst).as_deref(), Ok("2024-04-03"));
        assert_eq!(read("03/04/2024", DateFormat::MonthFirst).as_deref(), Ok("2024-03-04"));
        assert_eq!(read("3-4-24", DateFormat::DayFirst).as_deref(), Ok("2024-04-03"));
        assert_eq!(read("03.04.2024", DateFormat::MonthFirst).as_deref(), Ok("2024-03-04"));
        for (text, format) in [
            ("31082024", DateFormat::DayFirst),
            ("05012024", DateFormat::DayFirst),
            ("5012024", DateFormat::DayFirst),
            ("1052024", DateFormat::MonthFirst),
            ("050124", DateFormat::DayFirst),
            ("50124", DateFormat::DayFirst),
        ] {
            let wanted = if text == "31082024" { "2024-08-31" } else { "2024-01-05" };
            assert_eq!(read(text, format).as_deref(), Ok(wanted), "{text}");
        }
        assert_eq!(read("2024-08-31 24:00", DateFormat::YearFirst).as_deref(), Ok("2024-08-31 86399"));
        assert_eq!(read("2024-31-08", DateFormat::YearDayFirst).as_deref(), Ok("2024-08-31"));
        assert_eq!(read("2024-03-04", DateFormat::YearDayFirst).as_deref(), Ok("2024-04-03"));
        assert_eq!(read("2024-1-5", DateFormat::Unpadded).as_deref(), Ok("2024-01-05"));
        assert_eq!(read("03/04/2024", DateFormat::YearFirst), Err(NoStamp::Ambiguous));
        assert_eq!(read("31/08/2024", DateFormat::YearFirst), Err(NoStamp::Ambiguous));
        assert_eq!(read("04/04/2024", DateFormat::YearFirst).as_deref(), Ok("2024-04-04"));
        for text in ["31.08.24", "31-08-24", "31/8/24", "310824"] {
            assert_eq!(read(text, DateFormat::DayFirst).as_deref(), Ok("2024-08-31"), "{text}");
        }
        for text in ["31.08.24", "24-08-31", "24/08/31"] {
            assert_eq!(read(text, DateFormat::YearFirst), Err(NoStamp::Ambiguous), "{text}");
        }
        assert_eq!(read("240831", DateFormat::ShortYearFirst).as_deref(), Ok("2024-08-31"));
        assert_eq!(read("24-08-31", DateFormat::ShortYearFirst).as_deref(), Ok("2024-08-31"));
        assert_eq!(read("990831", DateFormat::ShortYearFirst).as_deref(), Ok("1999-08-31"));
        assert_eq!(read("45535", DateFormat::Serial1900).as_deref(), Ok("2024-08-31"));
        assert_eq!(read("45535,5", DateFormat::Serial1900).as_deref(), Ok("2024-08-31 43200"));
        assert_eq!(read("45535,99999", DateFormat::Serial1900).as_deref(), Ok("2024-08-31 86399"));
        assert_eq!(read("44073.5", DateFormat::Serial1904).as_deref(), Ok("2024-08-31 43200"));
        for text in ["240831", "45535"] {
            assert_eq!(read(text, DateFormat::YearFirst), Err(NoStamp::Not(NotADate::Unreadable)), "{text}");
        }
    }

    #[test]
    fn days_and_months_that_excel_swapped_are_swapped_back() {
        assert_eq!(read("2024-04-03", DateFormat::Swapped).as_deref(), Ok("2024-03-04"));
        assert_eq!(read("31/08/2024", DateFormat::Swapped).as_deref(), Ok("2024-08-31"));
        assert_eq!(read("08/31/2024", DateFormat::Swapped).as_deref(), Ok("2024-08-31"));
        assert_eq!(read("03/04/2024", DateFormat::Swapped), Err(NoStamp::Ambiguous));
        assert_eq!(read("45352", DateFormat::Swapped).as_deref(), Ok("2024-01-03"), "2024-03-01 as a number");
        assert_eq!(read("45382", DateFormat::Swapped), Err(NoStamp::Not(NotADate::Impossible)));
    }

    #[test]
    fn what_stands_for_nothing_is_nothing() {
        for text in [
            "",
            " ",
            "\u{a0}",
            "-",
            "–",
            "NULL",
            "null",
            "\\N",
            "NaN",
            "NaT",
            "NA",
            "pågår",
            "Ej avslutad",
            "9999-12-31",
            "9999-12-31 00:00:00",
            "31/12/9999",
            "12/31/9999",
            "31.12.9999",
            "31-DEC-9999",
            "31/12 9999",
            "01-JAN-1970",
            "1904-01-01 00:00:00",
            "2099-12-31",
            "1900-01-01",
            "1900-01-00",
            "0000-00-00",
            "0000-00-00 00:00:00",
            "1753-01-01",
            "1899-12-30",
            "01/01/1900",
            "1/1/0001 00:00:00",
            "99991231",
            "00000000",
            "1970-01-01",
            "1970-01-01 01:00:00",
            "2999-01-01",
            "9999-12-30T23:00:00Z",
            "9999-99-99",
            "99999999",
            "0.0",
            "0,00",
        ] {
            assert_eq!(read(text, DateFormat::YearFirst), Err(NoStamp::Empty), "{text:?}");
        }
        for text in ["0", "1", "2958465"] {
            assert_eq!(read(text, DateFormat::Serial1900), Err(NoStamp::Empty), "{text:?}");
        }
        let empty = ["väntar".to_owned(), "1980-01-01".to_owned()];
        for text in ["Väntar", "1980-01-01"] {
            assert_eq!(
                read_stamp(text.as_bytes(), &Notation::default(), &empty),
                Err(NoStamp::Empty),
                "{text}"
            );
            assert_eq!(read_plain_day(text.as_bytes(), &Notation::default(), &empty), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_says_why() {
        let not = |problem| Err(NoStamp::Not(problem));
        for (text, format, wanted) in [
            ("20240230", DateFormat::YearFirst, not(NotADate::Impossible)),
            ("30.02.2024", DateFormat::YearFirst, not(NotADate::Impossible)),
            ("31.12.2101", DateFormat::YearFirst, not(NotADate::OutOfRange)),
            ("2204-01-01", DateFormat::YearFirst, not(NotADate::OutOfRange)),
            ("13/13/2024", DateFormat::YearFirst, not(NotADate::Impossible)),
            ("31/08/2024", DateFormat::MonthFirst, not(NotADate::Impossible)),
            ("2024-08-31 25:00", DateFormat::YearFirst, not(NotADate::Impossible)),
            ("2024-08-31 13:45 PM", DateFormat::YearFirst, not(NotADate::Impossible)),
            ("10000", DateFormat::Serial1900, not(NotADate::OutOfRange)),
            ("snart", DateFormat::YearFirst, not(NotADate::Unreadable)),
            ("2024-08", DateFormat::YearFirst, not(NotADate::Unreadable)),
            ("202408", DateFormat::YearDayFirst, not(NotADate::Impossible)),
            ("202408319999", DateFormat::YearFirst, not(NotADate::Unreadable)),
            ("1899-12-31 13:40:48", DateFormat::YearFirst, not(NotADate::Unreadable)),
            ("30/12/1899 13:40", DateFormat::DayFirst, not(NotADate::Unreadable)),
            ("0.57", DateFormat::Serial1900, not(NotADate::Unreadable)),
            ("1.57", DateFormat::Serial1900, not(NotADate::Unreadable)),
            ("2024-08-3", DateFormat::YearFirst, not(NotADate::Unreadable)),
            ("3-8-2", DateFormat::DayFirst, not(NotADate::Impossible)),
            ("12345678901234567890", DateFormat::YearFirst, not(NotADate::Unreadable)),
            ("#FORMULA", DateFormat::YearFirst, not(NotADate::Unreadable)),
            ("10 mai 24 x", DateFormat::YearFirst, not(NotADate::Unreadable)),
        ] {
            assert_eq!(read(text, format), wanted, "{text}");
        }
    }

    #[test]
    fn times_of_day_are_read_alone() {
        let time = |text: &str| read_time(text.as_bytes(), &[]);
        for text in [
            "13:45",
            "13.45",
            "1:45 PM",
            "13:45:00",
            "1345",
            "0,572916666666667",
            "1899-12-30 13:45:00",
            "1900-01-00 13:45",
            "30/12/1899 13:45",
        ] {
            assert_eq!(time(text), Ok(49_500), "{text}");
        }
        assert_eq!(time("815"), Ok(29_700));
        assert_eq!(time(""), Err(NoStamp::Empty));
        for text in ["25:00", "2460", "på morgonen", "2024-08-31", "2024"] {
            assert!(matches!(time(text), Err(NoStamp::Not(_))) || text == "2024", "{text}");
        }
    }

    #[test]
    fn formats_and_notations_make_the_round_trip() {
        // The first is the default.
        assert_eq!(Notation::named(&DateFormat::ALL[..1]), Notation::default());
        for format in &DateFormat::ALL[1..] {
            assert_eq!(Notation::named(&[*format]).formats(), [*format]);
        }
        let both = [DateFormat::ShortYearFirst, DateFormat::DayFirst];
        assert_eq!(Notation::named(&both).formats(), both);
    }
}
