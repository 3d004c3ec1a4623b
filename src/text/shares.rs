//! Shares and differences between them as they are written: some is never none, and less than all never all.

use super::numbers::{MINUS, NO_BREAK_SPACE};
use super::{Texts, fill};
use crate::analysis::{FEWEST_IN_HEADLINE, Interval, Told};
use crate::language::Language;

/// What stands where there is no value.
pub const NO_VALUE: &str = "–";

impl Texts {
    /// A rounded share without the sign of percent, `34,5`.
    fn rounded_share(&self, share: Rounded) -> String {
        match share {
            Rounded::Few => format!("<{NO_BREAK_SPACE}{}", self.tenths(1)),
            Rounded::Tenths(tenths) => self.tenths(tenths),
            Rounded::Most => format!(">{NO_BREAK_SPACE}{}", self.tenths(999)),
        }
    }

    fn percent(&self, share: Rounded) -> String {
        self.with_percent(&self.rounded_share(share))
    }

    fn with_percent(&self, number: &str) -> String {
        match self.language() {
            Language::Sv => format!("{number}{NO_BREAK_SPACE}%"),
            Language::En => format!("{number}%"),
        }
    }

    /// A share 0–1 as percent with one decimal, half up; for shares whose counts are not known.
    pub fn share(&self, share: f64) -> String {
        self.percent(Rounded::of_share(share))
    }

    /// A share of counts as percent with one decimal, half up on the exact ratio; a dash without cases.
    pub fn ratio(&self, deviations: u64, cases: u64) -> String {
        Rounded::of_counts(deviations, cases).map_or(NO_VALUE.into(), |share| self.percent(share))
    }

    /// A share above a limit, 0–1, with as many decimals as show that it is: `9,52 %` where the limit is 9,5 %.
    pub fn told_above(&self, told: Told, limit: f64) -> String {
        let Told::Ratio(deviations, cases) = told else { return self.told(told) };
        let percents = [deviations as f64 / cases as f64, limit].map(|share| 100.0 * share);
        let differs = |decimals: &usize| {
            let [share, limit] = percents.map(|percent| format!("{percent:.decimals$}"));
            share != limit
        };
        match (2..=6).find(differs).filter(|_| !differs(&1)) {
            Some(decimals) => {
                self.with_percent(&format!("{:.decimals$}", percents[0]).replace('.', self.comma()))
            }
            None => self.told(told),
        }
    }

    /// What stands where a share is asked for.
    pub fn told(&self, told: Told) -> String {
        match told {
            Told::Ratio(deviations, cases) => self.ratio(deviations, cases),
            Told::Printed(share) => self.printed(share),
            Told::OutOf(deviations, cases, false) => self.counts(deviations, cases),
            Told::OutOf(deviations, cases, true) => {
                format!("{} ({})", self.counts(deviations, cases), self.get("table.incomplete"))
            }
            Told::Hidden => self.get("table.hidden").to_owned(),
            Told::TooEarly => self.get("table.too-early").to_owned(),
            Told::Incomplete => self.get("table.incomplete").to_owned(),
            Told::Nothing => NO_VALUE.into(),
        }
    }

    /// A share of enough cases for a headline, else the counts.
    pub fn share_or_counts(&self, deviations: u64, cases: u64) -> String {
        match cases {
            1..FEWEST_IN_HEADLINE => self.counts(deviations, cases),
            _ => self.ratio(deviations, cases),
        }
    }

    /// Counts, `3 av 7`.
    pub fn counts(&self, deviations: u64, cases: u64) -> String {
        fill!(self, "plan.of", count = self.count(deviations), of = self.count(cases))
    }

    /// An interval of shares, `29,5–39,9 %`.
    pub fn interval(&self, interval: Option<Interval>) -> String {
        let Some(interval) = interval else { return NO_VALUE.into() };
        let [low, high] = [interval.low, interval.high].map(Rounded::of_share);
        match low {
            Rounded::Few | Rounded::Most if low == high => self.percent(low),
            _ => format!("{}–{}", self.rounded_share(low), self.percent(high)),
        }
    }

    /// A difference of shares in percentage points with its sign, `−3,0`; one too small for a decimal as between
    /// what and zero it lies, `> −0,1`.
    pub fn points(&self, difference: f64) -> String {
        let tenths = tenths_of(difference.abs());
        let (sign, beside_zero) = if difference < 0.0 { (MINUS, '>') } else { ('+', '<') };
        match tenths {
            0 if difference.abs() <= SAME => self.tenths(0),
            0 => format!("{beside_zero}{NO_BREAK_SPACE}{sign}{}", self.tenths(1)),
            tenths => format!("{sign}{}", self.tenths(tenths)),
        }
    }

    /// A difference without its sign, `3,0`.
    pub fn points_apart(&self, difference: f64) -> String {
        match tenths_of(difference.abs()) {
            0 if difference.abs() > SAME => self.rounded_share(Rounded::Few),
            tenths => self.tenths(tenths),
        }
    }

    /// An interval of differences in percentage points, `−10,4 … +4,5`.
    pub fn points_interval(&self, interval: Interval) -> String {
        format!("{} … {}", self.points(interval.low), self.points(interval.high))
    }

    /// A difference in short, `−3,0 pe`.
    pub fn points_short(&self, difference: f64) -> String {
        fill!(self, "table.pp-short", value = self.points(difference))
    }

    /// A share as an earlier report printed it: `34 %` where that had no decimal, beside our `34,5 %`.
    pub fn printed(&self, share: f64) -> String {
        self.whole_percent(share)
    }

    /// A target in words: `högst 5 %`, or that there are to be none.
    pub fn at_most(&self, target: f64) -> String {
        match target {
            0.0 => self.get("plan.none-allowed").to_owned(),
            _ => fill!(self, "plan.at-most", share = self.whole_percent(target)),
        }
    }

    /// A chance 0–1 that rests on an estimate: `ungefär 40 %`, never none nor all.
    pub fn chance(&self, chance: f64) -> String {
        let (key, percent) = match (chance * 100.0).round() {
            0.0 => ("trend.hardly", 1.0),
            100.0 => ("trend.nearly", 99.0),
            percent => ("trend.about", percent),
        };
        fill!(self, key, share = self.whole_percent(percent / 100.0))
    }

    /// A share on an axis, `40 %`; with a decimal where the axis has such steps.
    pub fn whole_percent(&self, share: f64) -> String {
        let percent = (share * 100.0).round() as u64;
        if (share * 100.0 - percent as f64).abs() > 1e-6 {
            return self.share(share);
        }
        self.with_percent(&percent.to_string())
    }
}

/// What a computed share can be off by; no share of counts is so small.
const SAME: f64 = 1e-12;

/// A share in tenths of a percent: what is more than nothing is never written as nothing, nor what is less than
/// all as all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rounded {
    /// Above zero, and too little for a tenth.
    Few,
    /// Half up.
    Tenths(u64),
    /// Below all, and too much for the last tenth.
    Most,
}

impl Rounded {
    /// Of an exact ratio; `None` without a whole.
    fn of_counts(part: u64, whole: u64) -> Option<Rounded> {
        let tenths = (u128::from(part) * 2000 + u128::from(whole)).checked_div(2 * u128::from(whole))?;
        Some(Rounded::of_tenths(tenths as u64, part > 0, part < whole))
    }

    /// Of a share 0–1.
    fn of_share(share: f64) -> Rounded {
        Rounded::of_tenths(tenths_of(share), share > SAME, share < 1.0 - SAME)
    }

    fn of_tenths(tenths: u64, is_some: bool, is_not_all: bool) -> Rounded {
        match tenths {
            0 if is_some => Rounded::Few,
            1000 if is_not_all => Rounded::Most,
            tenths => Rounded::Tenths(tenths),
        }
    }
}

/// Tenths of a percent, half up on the exact fraction: of a share, or of the difference of two.
fn tenths_of(share: f64) -> u64 {
    /// A half in doubles may lack so much of itself. Differences of shares of up to half a million cases each that are
    /// no halves lie further from one.
    const LACKING: f64 = 1e-12;
    (share * 1000.0 + 0.5 + LACKING).floor() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_above_a_limit_is_never_written_as_the_limit() {
        let sv = Texts::of(Language::Sv);
        let told = |deviations, cases, limit| sv.told_above(Told::Ratio(deviations, cases), limit);
        assert_eq!(told(6, 63, 0.095), "9,52\u{a0}%");
        assert_eq!(told(6, 63, 0.09), "9,5\u{a0}%");
        assert_eq!(told(301, 10_000, 0.03), "3,01\u{a0}%");
        assert_eq!(told(30_001, 1_000_000, 0.03), "3,0001\u{a0}%");
        assert_eq!(sv.told_above(Told::OutOf(2, 7, false), 0.2), "2 av 7");
    }

    #[test]
    fn the_source_report_s_shares_are_shown_as_it_showed_them() {
        let sv = Texts::of(Language::Sv);
        for (deviations, cases, shown) in
            [(110, 319, "34,5"), (147, 319, "46,1"), (41, 1218, "3,4"), (6, 63, "9,5"), (9, 373, "2,4")]
        {
            assert_eq!(sv.ratio(deviations, cases), format!("{shown}\u{a0}%"));
        }
        assert_eq!(sv.ratio(0, 5), "0,0\u{a0}%");
        assert_eq!(sv.ratio(0, 0), "–");
        assert_eq!(Texts::of(Language::En).ratio(110, 319), "34.5%");
    }

    #[test]
    fn rounding_is_half_up_on_the_exact_ratio() {
        let sv = Texts::of(Language::Sv);
        // 1/2000 is exactly 0,05 %, which no double is.
        assert_eq!(sv.ratio(1, 2000), "0,1\u{a0}%");
        assert_eq!(sv.ratio(1, 1999), "0,1\u{a0}%");
        assert_eq!(sv.ratio(3, 2000), "0,2\u{a0}%");
        assert_eq!(sv.ratio(29_985, 30_015), "99,9\u{a0}%");
    }

    #[test]
    fn some_is_never_written_as_none_nor_most_as_all() {
        let (sv, en) = (Texts::of(Language::Sv), Texts::of(Language::En));
        let (few, most) = ("<\u{a0}0,1\u{a0}%", ">\u{a0}99,9\u{a0}%");
        for (part, whole, written) in [
            (0, 3000, "0,0\u{a0}%"),
            (1, 3000, few),
            (2999, 3000, most),
            (3000, 3000, "100,0\u{a0}%"),
            // 0.04998 % and 0.05003 %.
            (1, 2001, few),
            (1, 1999, "0,1\u{a0}%"),
            (1998, 1999, "99,9\u{a0}%"),
            (2000, 2001, most),
            (1, u64::MAX, few),
            (u64::MAX - 1, u64::MAX, most),
            (u64::MAX, u64::MAX, "100,0\u{a0}%"),
        ] {
            assert_eq!(sv.ratio(part, whole), written, "{part} of {whole}");
            // A double cannot tell the largest numbers apart.
            if whole < 1 << 50 {
                assert_eq!(sv.share(part as f64 / whole as f64), written, "{part} of {whole}");
            }
        }
        assert_eq!((en.ratio(1, 3000), en.ratio(2999, 3000)), ("<\u{a0}0.1%".into(), ">\u{a0}99.9%".into()));
    }

    #[test]
    fn ends_of_intervals_are_written_as_shares_are() {
        let sv = Texts::of(Language::Sv);
        let interval = |low, high| sv.interval(Some(Interval { low, high })).replace('\u{a0}', " ");
        assert_eq!(interval(0.0, 0.001_3), "0,0–0,1 %");
        assert_eq!(interval(0.000_1, 0.001_3), "< 0,1–0,1 %");
        assert_eq!(interval(0.000_1, 0.000_4), "< 0,1 %");
        assert_eq!(interval(0.0, 0.000_4), "0,0–< 0,1 %");
        assert_eq!(interval(0.997, 0.999_9), "99,7–> 99,9 %");
        assert_eq!(interval(0.997, 1.0), "99,7–100,0 %");
        assert_eq!(interval(0.0, 1.0), "0,0–100,0 %");
    }

    #[test]
    fn a_difference_is_never_written_as_none() {
        let sv = Texts::of(Language::Sv);
        let points = |difference| sv.points(difference).replace('\u{a0}', " ");
        assert_eq!((points(0.0), points(1e-17)), ("0,0".into(), "0,0".into()));
        assert_eq!((points(0.000_49), points(-0.000_49)), ("< +0,1".into(), "> \u{2212}0,1".into()));
        assert_eq!((points(0.000_5), points(-0.000_5)), ("+0,1".into(), "\u{2212}0,1".into()));
        assert_eq!(sv.points_apart(-0.000_2).replace('\u{a0}', " "), "< 0,1");
        assert_eq!(sv.points_apart(0.0), "0,0");
    }

    /// Every difference of two shares of few cases, against whole numbers.
    #[test]
    fn differences_are_rounded_half_up_on_exact_fractions() {
        let sv = Texts::of(Language::Sv);
        // 49 of 80 and 63 of 90 are 8.75 points apart.
        assert_eq!(sv.points(63.0 / 90.0 - 49.0 / 80.0), "+8,8");
        assert_eq!(sv.points(49.0 / 80.0 - 63.0 / 90.0), "\u{2212}8,8");
        let sizes = [1, 3, 7, 8, 16, 40, 80, 90, 96, 125, 160, 400, 625, 800, 1000, 2000];
        let mut halves = 0;
        for (cases, before) in sizes.iter().flat_map(|cases| sizes.map(|before| (*cases, before))) {
            for (now, then) in (0..=cases)
                .step_by(1 + cases / 40)
                .flat_map(|now| (0..=before).step_by(1 + before / 40).map(move |then| (now, then)))
            {
                let (part, whole) = ((now * before).abs_diff(then * cases), cases * before);
                let tenths = (2000 * part + whole) / (2 * whole);
                halves += u32::from((2000 * part + whole) % (2 * whole) == 0);
                let share = |part: usize, whole: usize| part as f64 / whole as f64;
                let difference = share(now, cases) - share(then, before);
                assert_eq!(tenths_of(difference.abs()), tenths as u64, "{then}/{before} to {now}/{cases}");
            }
        }
        assert!(halves > 1000, "{halves}");
    }

    #[test]
    fn a_source_s_whole_percentage_stays_whole() {
        let sv = Texts::of(Language::Sv);
        let printed = [0.34, 0.345, 0.07, 0.0, 1.0, 0.29, 0.57, 0.004];
        let printed = printed.map(|share| sv.printed(share).replace('\u{a0}', " "));
        assert_eq!(printed, ["34 %", "34,5 %", "7 %", "0 %", "100 %", "29 %", "57 %", "0,4 %"]);
    }

    #[test]
    fn the_steps_of_an_axis_are_exact() {
        let sv = Texts::of(Language::Sv);
        let ticks =
            [0.0, 0.002, 0.05, 0.1 * 3.0, 1.0].map(|share| sv.whole_percent(share).replace('\u{a0}', " "));
        assert_eq!(ticks, ["0 %", "0,2 %", "5 %", "30 %", "100 %"]);
    }
}
