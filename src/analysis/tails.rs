//! Tails: exact chances of counts, binomial and hypergeometric, and the normal quantile.
//!
//! Probabilities are Loader's saddle-point forms (2000, "Fast and accurate computation of binomial probabilities"),
//! which stay exact to about fourteen digits for any number of cases; a tail is summed outwards from its count.

/// ln of the chance of `events` among `trials`, each with the chance `p`.
fn ln_binomial(events: u64, trials: u64, p: f64) -> f64 {
    let (x, n, q) = (events as f64, trials as f64, 1.0 - p);
    let certain = |is_certain: bool| if is_certain { 0.0 } else { f64::NEG_INFINITY };
    if p <= 0.0 {
        return certain(events == 0);
    }
    if p >= 1.0 {
        return certain(events == trials);
    }
    if events == 0 {
        return n * (-p).ln_1p();
    }
    if events == trials {
        return n * p.ln();
    }
    let errors = stirling_error(trials) - stirling_error(events) - stirling_error(trials - events);
    let around = std::f64::consts::TAU * x * (n - x) / n;
    errors - deviance(x, n * p) - deviance(n - x, n * q) - 0.5 * around.ln()
}

/// What Stirling's formula leaves of ln n!: ln n! − (n + ½)·ln n + n − ½·ln 2π.
fn stirling_error(n: u64) -> f64 {
    let x = n as f64;
    if n < 16 {
        // 15! is a whole number that f64 holds.
        let factorial: f64 = (1..=n).map(|factor| factor as f64).product();
        let logs = if n == 0 { 0.0 } else { (x + 0.5) * x.ln() };
        return factorial.ln() - logs + x - 0.5 * std::f64::consts::TAU.ln();
    }
    let square = x * x;
    (1.0 / 12.0
        - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / 1188.0 / square) / square) / square) / square)
        / x
}

/// x·ln(x/m) + m − x without loss where x is near m.
fn deviance(x: f64, m: f64) -> f64 {
    if (x - m).abs() >= 0.1 * (x + m) {
        return x * (x / m).ln() + m - x;
    }
    let v = (x - m) / (x + m);
    let (mut sum, mut power) = ((x - m) * v, 2.0 * x * v);
    for odd in 1.. {
        power *= v * v;
        let more = sum + power / f64::from(2 * odd + 1);
        if more == sum {
            break;
        }
        sum = more;
    }
    sum
}

/// The chance of at least `events` among `trials`, each with the chance `p`.
pub fn binomial_at_least(events: u64, trials: u64, p: f64) -> f64 {
    if events == 0 {
        return 1.0;
    }
    if events > trials {
        return 0.0;
    }
    let odds = p / (1.0 - p);
    let up = |x: f64| (trials as f64 - x) / (x + 1.0) * odds;
    let down = |x: f64| x / (trials as f64 - x + 1.0) / odds;
    match events as f64 > trials as f64 * p {
        true => sum_outwards(ln_binomial(events, trials, p).exp(), events as f64, 1.0, up),
        false => {
            let before = events - 1;
            1.0 - sum_outwards(ln_binomial(before, trials, p).exp(), before as f64, -1.0, down)
        }
    }
}

/// The chances of 0, 1, 2, … `trials` events, each with the chance `p`.
pub fn binomial_chances(trials: u64, p: f64) -> Vec<f64> {
    (0..=trials).map(|events| ln_binomial(events, trials, p).exp()).collect()
}

/// Adds up chances from a count outwards, each from its neighbour, until the rest adds nothing.
fn sum_outwards(first: f64, from: f64, step: f64, ratio: impl Fn(f64) -> f64) -> f64 {
    let (mut sum, mut term, mut at) = (first, first, from);
    while term > sum * 1e-17 {
        term *= ratio(at);
        sum += term;
        at += step;
    }
    sum
}

/// How far one share lies from another, in standard deviations of a normal distribution: positive when the first is
/// higher, 0 where nothing can differ. Both are deviations and cases. Given all deviations among all cases, those of the
/// first are hypergeometric (Fisher's conditional test); both tails by mid-P, twice the smaller.
pub fn conditional_z(now: (u64, u64), rest: (u64, u64)) -> f64 {
    let ((found, drawn), marked, all) = (now, now.0 + rest.0, now.1 + rest.1);
    if marked == 0 || marked == all || drawn == 0 || drawn == all {
        return 0.0;
    }
    let Hypergeometric { chance, at_most, at_least } = hypergeometric(found, drawn, marked, all);
    // The two mid-P tails add up to 1.
    let (upper, lower) = (at_least - chance / 2.0, at_most - chance / 2.0);
    let z_of = |tail: f64| normal_quantile(tail.max(f64::MIN_POSITIVE));
    if upper < lower { -z_of(upper) } else { z_of(lower) }
}

/// The chances of a hypergeometric count: of exactly so many, of no more and of no fewer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hypergeometric {
    /// Of exactly so many.
    pub chance: f64,
    /// Of so many or fewer.
    pub at_most: f64,
    /// Of so many or more.
    pub at_least: f64,
}

/// The chances of `found` marked ones among `drawn` of `all`, of which `marked` are marked. The count must be possible.
pub fn hypergeometric(found: u64, drawn: u64, marked: u64, all: u64) -> Hypergeometric {
    let p = drawn as f64 / all as f64;
    let chance = (ln_binomial(found, marked, p) + ln_binomial(drawn - found, all - marked, p)
        - ln_binomial(drawn, all, p))
    .exp();
    let [marked, all, drawn, found] = [marked, all, drawn, found].map(|count| count as f64);
    let is_higher = found > drawn * marked / all;
    let unmarked = all - marked - drawn;
    let up = |x: f64| (marked - x) * (drawn - x) / ((x + 1.0) * (unmarked + x + 1.0));
    let down = |x: f64| x * (unmarked + x) / ((marked - x + 1.0) * (drawn - x + 1.0));
    // The smaller tail is summed, so that it keeps its digits.
    match is_higher {
        true => {
            let at_least = sum_outwards(chance, found, 1.0, up);
            Hypergeometric { chance, at_most: 1.0 - at_least + chance, at_least }
        }
        false => {
            let at_most = sum_outwards(chance, found, -1.0, down);
            Hypergeometric { chance, at_most, at_least: 1.0 - at_most + chance }
        }
    }
}

/// Φ⁻¹: the value that a standard normal variable stays below with the chance `p`, 0 < p < 1
/// (Wichura 1988, Applied Statistics 37, algorithm AS 241; sixteen digits).
pub fn normal_quantile(p: f64) -> f64 {
    const CENTRE: [[f64; 8]; 2] = [
        [
            3.387_132_872_796_366_5,
            1.331_416_678_917_843_8e2,
            1.971_590_950_306_551_3e3,
            1.373_169_376_550_946e4,
            4.592_195_393_154_987e4,
            6.726_577_092_700_87e4,
            3.343_057_558_358_813e4,
            2.509_080_928_730_122_7e3,
        ],
        [
            1.0,
            4.231_333_070_160_091e1,
            6.871_870_074_920_579e2,
            5.394_196_021_424_751e3,
            2.121_379_430_158_659_7e4,
            3.930_789_580_009_271e4,
            2.872_908_573_572_194_3e4,
            5.226_495_278_852_854e3,
        ],
    ];
    const TAIL: [[f64; 8]; 2] = [
        [
            1.423_437_110_749_683_5,
            4.630_337_846_156_546,
            5.769_497_221_460_691,
            3.647_848_324_763_204_5,
            1.270_458_252_452_368_4,
            2.417_807_251_774_506e-1,
            2.272_384_498_926_918_4e-2,
            7.745_450_142_783_414e-4,
        ],
        [
            1.0,
            2.053_191_626_637_759,
            1.676_384_830_183_803_8,
            6.897_673_349_851e-1,
            1.481_039_764_274_800_8e-1,
            1.519_866_656_361_645_7e-2,
            5.475_938_084_995_345e-4,
            1.050_750_071_644_416_9e-9,
        ],
    ];
    const FAR: [[f64; 8]; 2] = [
        [
            6.657_904_643_501_103,
            5.463_784_911_164_114,
            1.784_826_539_917_291_3,
            2.965_605_718_285_048_7e-1,
            2.653_218_952_657_612_4e-2,
            1.242_660_947_388_078_4e-3,
            2.711_555_568_743_487_6e-5,
            2.010_334_399_292_288_1e-7,
        ],
        [
            1.0,
            5.998_322_065_558_88e-1,
            1.369_298_809_227_358e-1,
            1.487_536_129_085_061_5e-2,
            7.868_691_311_456_133e-4,
            1.846_318_317_510_054_8e-5,
            1.421_511_758_316_446e-7,
            2.044_263_103_389_939_8e-15,
        ],
    ];
    let polynomial =
        |factors: &[f64; 8], x: f64| factors.iter().rev().fold(0.0, |sum, factor| sum * x + factor);
    let ratio = |factors: &[[f64; 8]; 2], x: f64| polynomial(&factors[0], x) / polynomial(&factors[1], x);
    let from_half = p - 0.5;
    if from_half.abs() <= 0.425 {
        return from_half * ratio(&CENTRE, 0.180625 - from_half * from_half);
    }
    let r = (-p.min(1.0 - p).ln()).sqrt();
    let z = if r <= 5.0 { ratio(&TAIL, r - 1.6) } else { ratio(&FAR, r - 5.0) };
    if from_half < 0.0 { -z } else { z }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vectors of scipy 1.17, `tests/vectors/tails.toml`.
    #[derive(serde::Deserialize)]
    struct Vectors {
        normal: Vec<(f64, f64)>,
        binomial_at_least: Vec<(u64, u64, f64, f64)>,
        conditional_z: Vec<(u64, u64, u64, u64, f64)>,
    }

    #[test]
    fn tails_are_those_of_scipy() {
        let text = include_str!("../../tests/vectors/tails.toml");
        let vectors: Vectors = toml::from_str(text).expect("the vectors are TOML");
        let close = |found: f64, wanted: f64| (found - wanted).abs() <= 1e-11 * wanted.abs().max(1e-3);
        for (p, z) in vectors.normal {
            assert!(close(normal_quantile(p), z), "{p}: {} {z}", normal_quantile(p));
        }
        for (events, trials, p, chance) in vectors.binomial_at_least {
            let found = binomial_at_least(events, trials, p);
            assert!((found / chance - 1.0).abs() < 1e-9, "{events} of {trials} at {p}: {found} {chance}");
        }
        for (found, drawn, others, rest, z) in vectors.conditional_z {
            let ours = conditional_z((found, drawn), (others, rest));
            assert!((ours - z).abs() < 1e-8, "{found}/{drawn} {others}/{rest}: {ours} {z}");
        }
    }

    #[test]
    fn what_cannot_differ_does_not() {
        for (now, rest) in [((0, 9), (0, 30)), ((9, 9), (30, 30)), ((0, 0), (3, 30)), ((2, 9), (0, 0))] {
            assert_eq!(conditional_z(now, rest), 0.0, "{now:?} {rest:?}");
        }
        // Ten million late of ten million in time after none: far out, and still a number.
        let z = conditional_z((10_000_000, 10_000_000), (0, 10_000_000));
        assert!(z.is_finite() && z > 37.0, "{z}");
        assert!((conditional_z((3, 10), (30, 100))).abs() < 0.5);
    }

    #[test]
    fn chances_add_up() {
        for (trials, p) in [(0, 0.3), (1, 0.5), (60, 0.02), (400, 0.97), (5, 0.0), (5, 1.0)] {
            let chances = binomial_chances(trials, p);
            assert!((chances.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{trials} {p}");
            for events in 0..=trials {
                let at_least: f64 = chances[events as usize..].iter().sum();
                let found = binomial_at_least(events, trials, p);
                assert!((found - at_least).abs() < 1e-12, "{events} of {trials} at {p}: {found} {at_least}");
            }
        }
    }
}
