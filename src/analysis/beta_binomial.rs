//! The beta-binomial distribution: events among cases whose chances go together.

/// What lies beyond either end of an interval of 90 %.
pub const TAIL: f64 = 0.05;

/// The 90 % mid-P interval of a beta-binomial number of `cases`, each with a chance of `share` on the average; binomial where
/// the variance is no more than that.
pub fn interval90(cases: u64, share: f64, variance: f64) -> (u64, u64) {
    let trials = cases as f64;
    let ratio = variance / (trials * share * (1.0 - share));
    // The correlation between two cases.
    let correlation = if cases > 1 { ((ratio - 1.0) / (trials - 1.0)).min(0.9) } else { 0.0 };
    let (first, chances) = if correlation > 1e-12 {
        let size = 1.0 / correlation - 1.0;
        let (late, in_time) = (share * size, (1.0 - share) * size);
        let odds = |events: f64| (events + late) / (trials - events - 1.0 + in_time);
        distribution(cases, share, odds)
    } else {
        distribution(cases, share, |_| share / (1.0 - share))
    };
    // Of each number half of its chance: an end that has its whole chance in the interval makes it too wide.
    let mut below = 0.0;
    let middles = chances.iter().map(|chance| {
        below += chance;
        below - chance / 2.0
    });
    let middles: Vec<f64> = middles.collect();
    // Sums of chances end a few bits beside 1.
    let is_inside = |middle: &f64| (TAIL - 1e-12..=1.0 - TAIL + 1e-12).contains(middle);
    let low = middles.iter().position(is_inside).unwrap_or(0);
    let high = middles.iter().rposition(is_inside).unwrap_or(0);
    (first + low as u64, first + high as u64)
}

/// A distribution of events among cases, by the odds of one more after so many: the least number that is not all but
/// impossible, and the chances from it on.
fn distribution(cases: u64, share: f64, odds: impl Fn(f64) -> f64) -> (u64, Vec<f64>) {
    /// What is so much rarer than the mean adds nothing to sixteen digits.
    const NOTHING: f64 = 1e-22;
    if share <= 0.0 || share >= 1.0 {
        return (if share >= 1.0 { cases } else { 0 }, vec![1.0]);
    }
    let middle = (((cases + 1) as f64 * share) as u64).min(cases);
    // Each number from its neighbour, outwards from the middle, and then made to add up to 1.
    let step = |events: u64| (cases - events) as f64 / (events + 1) as f64 * odds(events as f64);
    let mut up = vec![1.0];
    for events in middle..cases {
        let next = up[up.len() - 1] * step(events);
        if next < NOTHING {
            break;
        }
        up.push(next);
    }
    let mut down = Vec::new();
    let mut last = 1.0;
    for events in (0..middle).rev() {
        last /= step(events);
        if last < NOTHING {
            break;
        }
        down.push(last);
    }
    let first = middle - down.len() as u64;
    let mut chances: Vec<f64> = down.into_iter().rev().chain(up).collect();
    let all: f64 = chances.iter().sum();
    chances.iter_mut().for_each(|chance| *chance /= all);
    (first, chances)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_add_up_for_few_and_for_many() {
        for (cases, share) in [(1, 0.5), (40, 0.003), (200, 0.97), (1_000_000, 0.345), (5, 0.0), (5, 1.0)] {
            for size in [3.0, 1e9] {
                let odds = |events: f64| {
                    (events + share * size) / (cases as f64 - events - 1.0 + (1.0 - share) * size)
                };
                let (first, chances) = distribution(cases, share, odds);
                let mean: f64 = (first..).zip(&chances).map(|(events, chance)| events as f64 * chance).sum();
                assert!((chances.iter().sum::<f64>() - 1.0).abs() < 1e-12);
                assert!((mean - cases as f64 * share).abs() < 1e-7 * cases as f64, "{cases} {share} {mean}");
            }
        }
    }

    #[test]
    fn intervals_are_those_of_the_distribution() {
        // By the chances of scipy.stats.binom and betabinom.
        for (cases, share, variance, wanted) in [
            (100, 0.3, 21.0, (23, 37)),
            (100, 0.3, 84.0, (16, 45)),
            (40, 0.05, 6.0, (0, 7)),
            (1000, 0.345, 5000.0, (233, 465)),
            (7, 0.5, 10.0, (0, 7)),
            (1, 0.2, 0.16, (0, 1)),
            (60, 0.9, 5.0, (50, 57)),
        ] {
            assert_eq!(interval90(cases, share, variance), wanted, "{cases} {share} {variance}");
        }
    }
}
