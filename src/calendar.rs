//! The Swedish calendar for deadlines: public holidays, the three eves, and the roll of
//! lag (1930:173) 2 §.
//!
//! Knows 1970–2110 and refuses other days: a day outside is an error of the caller, never "not a holiday". Which rules
//! roll is decided in the rulebook.

use std::sync::LazyLock;

use crate::date::{Day, LAST_DUE_DAY};

/// First year of the calendar.
pub const FIRST_YEAR: i32 = 1970;
/// Last year of the calendar.
pub const LAST_YEAR: i32 = 2110;
/// First day of the calendar, 1970-01-01.
pub const FIRST_CALENDAR_DAY: Day = Day(0);

/// First year in which 6 June was a public holiday and Whit Monday was not (lag 2004:1320).
const NATIONAL_DAY_FROM: i32 = 2005;

/// A day named by lag (1989:253) or, for the eves, by lag (1930:173) 2 §.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are the holidays' own")]
pub enum HolidayName {
    NewYearsDay,
    Epiphany,
    GoodFriday,
    EasterSunday,
    EasterMonday,
    FirstOfMay,
    AscensionDay,
    WhitSunday,
    WhitMonday,
    NationalDay,
    MidsummerEve,
    MidsummerDay,
    AllSaintsDay,
    ChristmasEve,
    ChristmasDay,
    BoxingDay,
    NewYearsEve,
}

impl HolidayName {
    /// Stable key of the name in the text catalogues, e.g. `midsummer-eve`.
    pub fn key(self) -> &'static str {
        match self {
            HolidayName::NewYearsDay => "new-years-day",
            HolidayName::Epiphany => "epiphany",
            HolidayName::GoodFriday => "good-friday",
            HolidayName::EasterSunday => "easter-sunday",
            HolidayName::EasterMonday => "easter-monday",
            HolidayName::FirstOfMay => "first-of-may",
            HolidayName::AscensionDay => "ascension-day",
            HolidayName::WhitSunday => "whit-sunday",
            HolidayName::WhitMonday => "whit-monday",
            HolidayName::NationalDay => "national-day",
            HolidayName::MidsummerEve => "midsummer-eve",
            HolidayName::MidsummerDay => "midsummer-day",
            HolidayName::AllSaintsDay => "all-saints-day",
            HolidayName::ChristmasEve => "christmas-eve",
            HolidayName::ChristmasDay => "christmas-day",
            HolidayName::BoxingDay => "boxing-day",
            HolidayName::NewYearsEve => "new-years-eve",
        }
    }

    /// One of the three eves, which are not public holidays but move a deadline all the same.
    pub fn is_eve(self) -> bool {
        matches!(self, HolidayName::MidsummerEve | HolidayName::ChristmasEve | HolidayName::NewYearsEve)
    }
}

/// A named day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holiday {
    /// The date.
    pub day: Day,
    /// Its name.
    pub name: HolidayName,
}

/// Why a deadline cannot stay on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RollReason {
    /// A Saturday that is not a named day.
    Saturday,
    /// A Sunday that is not a named day; every Sunday is a public holiday.
    Sunday,
    /// A named day.
    Named(HolidayName),
}

/// Easter Sunday in the Gregorian calendar (Meeus/Jones/Butcher algorithm).
fn easter_sunday(year: i32) -> Day {
    let golden = year % 19;
    let (century, of_century) = (year / 100, year % 100);
    let correction = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - correction + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let day_from_march = epact + weekday - 7 * late + 114;
    Day::new(year, (day_from_march / 31) as u32, (day_from_march % 31 + 1) as u32).expect("Easter is a day")
}

/// The first Saturday on or after a day.
fn saturday_from(first: Day) -> Day {
    first.plus_days((6 - first.weekday() as i32).rem_euclid(7))
}

/// The named days of one year in order of date: public holidays other than ordinary Sundays (lag (1989:253)) and the
/// three eves (lag (1930:173) 2 §). `None` for a year outside the calendar.
pub fn holidays(year: i32) -> Option<Vec<Holiday>> {
    use HolidayName::*;
    if !(FIRST_YEAR..=LAST_YEAR).contains(&year) {
        return None;
    }
    let fixed = |month, day| Day::new(year, month, day).expect("fixed holidays exist every year");
    let easter = easter_sunday(year);
    let midsummer_day = saturday_from(fixed(6, 20));
    let mut days = vec![
        (fixed(1, 1), NewYearsDay),
        (fixed(1, 6), Epiphany),
        (easter.plus_days(-2), GoodFriday),
        (easter, EasterSunday),
        (easter.plus_days(1), EasterMonday),
        (fixed(5, 1), FirstOfMay),
        (easter.plus_days(39), AscensionDay),
        (easter.plus_days(49), WhitSunday),
        (midsummer_day.plus_days(-1), MidsummerEve),
        (midsummer_day, MidsummerDay),
        (saturday_from(fixed(10, 31)), AllSaintsDay),
        (fixed(12, 24), ChristmasEve),
        (fixed(12, 25), ChristmasDay),
        (fixed(12, 26), BoxingDay),
        (fixed(12, 31), NewYearsEve),
    ];
    days.push(if year >= NATIONAL_DAY_FROM {
        (fixed(6, 6), NationalDay)
    } else {
        (easter.plus_days(50), WhitMonday)
    });
    // Two names can share a day (1 May and Ascension Day in 2008); the order is then stable.
    days.sort_by_key(|(day, _)| *day);
    Some(days.into_iter().map(|(day, name)| Holiday { day, name }).collect())
}

/// Why 2 § moves a deadline off `day`, or `None` if it can stay.
///
/// # Panics
/// If the day lies outside 1970–2110.
pub fn roll_reason(day: Day) -> Option<RollReason> {
    let named = holidays(day.civil().0).expect("the day lies in the calendar");
    match named.iter().find(|holiday| holiday.day == day) {
        Some(holiday) => Some(RollReason::Named(holiday.name)),
        None => match day.weekday() {
            6 => Some(RollReason::Saturday),
            7 => Some(RollReason::Sunday),
            _ => None,
        },
    }
}

/// For every day of the calendar, how many days 2 § moves a deadline that falls on it.
static ROLL_DAYS: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let length = LAST_DUE_DAY.0 as usize + 1;
    let mut moves: Vec<bool> = (0..length as i32).map(|number| Day(number).weekday() >= 6).collect();
    for holiday in (FIRST_YEAR..=LAST_YEAR).filter_map(holidays).flatten() {
        moves[holiday.day.0 as usize] = true;
    }
    let mut roll_days = vec![0u8; length];
    // 2111-01-01 is a holiday and 2111-01-02 a Friday: what rolls past the end lands there.
    let mut after = 1u8;
    for number in (0..length).rev() {
        after = if moves[number] { after + 1 } else { 0 };
        roll_days[number] = after;
    }
    roll_days
});

/// The first day from `day` on that is none of the days listed in lag (1930:173) 2 §. `None` if `day` lies outside
/// 1970–2110.
pub fn next_weekday(day: Day) -> Option<Day> {
    if day < FIRST_CALENDAR_DAY || day > LAST_DUE_DAY {
        return None;
    }
    Some(day.plus_days(i32::from(ROLL_DAYS[day.0 as usize])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn day(text: &str) -> Day {
        Day::parse_iso(text).expect("a date")
    }

    #[test]
    fn movable_holidays_fall_on_known_days() {
        // Good Friday, Easter, Easter Monday, Ascension, Whit Sunday, Midsummer Eve, All Saints' Day.
        for row in [
            [
                "2022-04-15",
                "2022-04-17",
                "2022-04-18",
                "2022-05-26",
                "2022-06-05",
                "2022-06-24",
                "2022-11-05",
            ],
            [
                "2024-03-29",
                "2024-03-31",
                "2024-04-01",
                "2024-05-09",
                "2024-05-19",
                "2024-06-21",
                "2024-11-02",
            ],
            [
                "2026-04-03",
                "2026-04-05",
                "2026-04-06",
                "2026-05-14",
                "2026-05-24",
                "2026-06-19",
                "2026-10-31",
            ],
            [
                "2030-04-19",
                "2030-04-21",
                "2030-04-22",
                "2030-05-30",
                "2030-06-09",
                "2030-06-21",
                "2030-11-02",
            ],
        ] {
            let all = holidays(day(row[0]).civil().0).expect("in the calendar");
            for (text, name) in row.iter().zip([
                HolidayName::GoodFriday,
                HolidayName::EasterSunday,
                HolidayName::EasterMonday,
                HolidayName::AscensionDay,
                HolidayName::WhitSunday,
                HolidayName::MidsummerEve,
                HolidayName::AllSaintsDay,
            ]) {
                assert!(all.contains(&Holiday { day: day(text), name }), "{text} {name:?}");
            }
        }
    }

    #[test]
    fn rolling_lands_on_the_first_day_that_has_no_reason_to_roll() {
        for number in 0..=LAST_DUE_DAY.0 - 10 {
            let from = Day(number);
            let to = next_weekday(from).expect("in the calendar");
            assert!(roll_reason(to).is_none(), "{from} rolled to {to}");
            assert!((from.0..to.0).all(|between| roll_reason(Day(between)).is_some()), "{from} to {to}");
        }
    }

    /// Days from 22 March to Easter Sunday from 1970 to 2110, as python-dateutil 2.9 has them.
    #[rustfmt::skip]
    const EASTERS: [i32; 141] = [
        7, 20, 11, 31, 23, 8, 27, 19, 4, 24, 15, 28, 20, 12, 31, 16, 8, 28, 12, 4,
        24, 9, 28, 20, 12, 25, 16, 8, 21, 13, 32, 24, 9, 29, 20, 5, 25, 17, 1, 21,
        13, 33, 17, 9, 29, 14, 5, 25, 10, 30, 21, 13, 26, 18, 9, 29, 14, 6, 25, 10,
        30, 22, 6, 26, 18, 3, 22, 14, 34, 19, 10, 30, 15, 7, 26, 18, 3, 23, 14, 27,
        19, 11, 30, 15, 7, 27, 11, 31, 23, 8, 27, 19, 4, 24, 15, 7, 20, 12, 31, 23,
        8, 28, 19, 4, 24, 16, 28, 20, 12, 32, 16, 8, 28, 13, 4, 24, 9, 29, 20, 12,
        25, 17, 8, 21, 13, 33, 24, 9, 29, 21, 6, 26, 18, 3, 22, 14, 27, 19, 10, 30,
        15,
    ];

    #[test]
    fn easter_is_when_others_say_it_is() {
        for (year, days) in (1970..).zip(EASTERS) {
            let easter = Day::new(year, 3, 22).expect("a day").plus_days(days);
            assert_eq!(easter_sunday(year), easter, "{year}");
        }
    }

    #[test]
    fn the_national_day_took_the_place_of_whit_monday_in_2005() {
        for (year, has_national_day) in [(1970, false), (2004, false), (2005, true), (2110, true)] {
            let names: Vec<HolidayName> =
                holidays(year).expect("in the calendar").iter().map(|holiday| holiday.name).collect();
            assert_eq!(names.contains(&HolidayName::NationalDay), has_national_day, "{year}");
            assert_eq!(names.contains(&HolidayName::WhitMonday), !has_national_day, "{year}");
        }
    }

    #[test]
    fn each_name_has_its_own_key_and_three_are_eves() {
        let all: HashSet<HolidayName> =
            [2004, 2024].into_iter().filter_map(holidays).flatten().map(|holiday| holiday.name).collect();
        for name in &all {
            let words = format!("{name:?}").chars().fold(String::new(), |words, letter| {
                let between = if letter.is_uppercase() && !words.is_empty() { "-" } else { "" };
                words + between + &letter.to_lowercase().to_string()
            });
            assert_eq!(name.key(), words);
        }
        let eves = all.iter().filter(|name| name.is_eve());
        assert!(eves.clone().all(|name| name.key().ends_with("-eve")) && eves.count() == 3);
        assert_eq!(all.len(), 17);
    }

    #[test]
    fn days_outside_the_calendar_are_refused() {
        assert_eq!(next_weekday(Day(-1)), None);
        assert_eq!(next_weekday(Day(LAST_DUE_DAY.0 + 1)), None);
        assert_eq!(holidays(1969), None);
        assert_eq!(holidays(2111), None);
    }

    #[test]
    fn the_last_day_of_the_calendar_rolls_past_its_end() {
        // Wednesday 2110-12-31, then New Year's Day on Thursday: Friday.
        assert_eq!(next_weekday(LAST_DUE_DAY), Some(LAST_DUE_DAY.plus_days(2)));
    }
}
