"""Marks of series with few deviations: sums, exact limits and their false-mark rate against scipy and simulation.

Each series is the export of a whole control. The sums are added up again from the baseline's share, the usual numbers of a
month are compared with the beta-binomial tails of scipy, and the limits of the two sums with what a simulation of the same
process says: shares drawn from what the baseline leaves possible, months drawn from the shares.
"""

import math
import random
import sys
import tempfile
from pathlib import Path

import numpy
from common import Comparison, binary_from_arguments, rule_text
from random_series import Counts, binomial, months_until
from scipy import stats
from trends import CONTROL, DAYS_ALLOWED, YEAR_END, Export, Settings, case_lines, run_export

SERIES = 24
DRAWS = 60_000
SEED = 20241127
FALSE_MARKS = 0.05
RATIOS = (2.0, 0.5)
# The program knows the share at thirteen points; its limits end after fourteen halvings.
TOLERANCE = 0.03


def few(draw: random.Random, as_of: object) -> dict[str, Counts]:
    """A stable series, or one that doubles or ends, with few deviations."""
    length = draw.randint(14, 48)
    cases = draw.choice((20, 60, 150))
    share = draw.choice((0.5, 1.0, 2.5, 4.0)) / cases
    change, at = draw.choice((1.0, 1.0, 2.0, 0.0)), draw.randint(length // 2, length)
    months = [
        binomial(draw, draw.randint(cases // 2, cases * 3 // 2), share * (1.0 if n < at else change))
        for n in range(length)
    ]
    return dict(zip(months_until(as_of, length), months, strict=True))


def starting_shares(late: int, cases: int) -> tuple[float, float]:
    """The baseline's share, or the ends of its one-sided 80 % intervals."""
    if late >= 10:
        return late / cases, late / cases
    upper = stats.beta.ppf(0.8, late + 1, cases - late)
    return upper, stats.beta.ppf(0.2, late, cases - late + 1)


def step(share: float, ratio: float, late, cases):
    """The log-likelihood ratio of odds `ratio` times those of a share."""
    return late * math.log(ratio) - cases * math.log1p(share * (ratio - 1.0))


def rates(marks: dict, months: list[Counts], length: int) -> tuple[float, float]:
    """How often an unchanged process is marked for more, and for fewer."""
    late, cases = marks["deviations"], marks["cases"]
    draw = numpy.random.default_rng(SEED)
    shares = draw.beta(late + 0.5, cases - late + 0.5, DRAWS)
    more, fewer = numpy.zeros(DRAWS, bool), numpy.zeros(DRAWS, bool)
    sums = numpy.zeros((2, DRAWS))
    for index, ((_, n), own) in enumerate(zip(months, marks["months"], strict=True)):
        found = draw.binomial(n, shares)
        more |= found >= own["unusual"]
        if index >= length:
            for which, marked in enumerate((more, fewer)):
                added = step(marks["shares"][which], RATIOS[which], found, n)
                sums[which] = numpy.maximum(0.0, sums[which] + added)
                marked |= sums[which] >= marks["limits"][which]
    return more.mean(), fewer.mean()


def check_marks(comparison: Comparison, what: str, marks: dict, months: list[Counts]) -> None:
    """Compares the marks of one series."""
    length = len(months) // 2
    counts = tuple(sum(column) for column in zip(*months[:length], strict=True))
    comparison.equal(f"{what}, baseline", (marks["deviations"], marks["cases"]), counts)
    for which, share in enumerate(starting_shares(*counts)):
        comparison.close(f"{what}, share {which}", marks["shares"][which], share, 1e-9)
    a_month = FALSE_MARKS / 3 / len(months)
    tail = stats.betabinom.sf
    sums = [0.0, 0.0]
    for index, ((late, n), own) in enumerate(zip(months, marks["months"], strict=True)):
        where = f"{what}, {own['period']}"
        posterior = (n, counts[0] + 0.5, counts[1] - counts[0] + 0.5)
        enough = tail(own["unusual"] - 1, *posterior) <= a_month * (1 + TOLERANCE)
        fewest = tail(own["unusual"] - 2, *posterior) >= a_month * (1 - TOLERANCE)
        comparison.equal(f"{where}, unusual", (bool(enough), bool(fewest)), (True, True))
        signals = ["many"] if late >= own["unusual"] else []
        if index >= length:
            for which, name in enumerate(("doubling", "halving")):
                before = 0.0 if sums[which] >= marks["limits"][which] else sums[which]
                added = step(marks["shares"][which], RATIOS[which], late, n)
                sums[which] = max(0.0, before + added)
                comparison.close(f"{where}, {name}", own["sums"][which], sums[which], 1e-9)
                signals += [name] if sums[which] >= marks["limits"][which] else []
        comparison.equal(f"{where}, signals", own["signals"], signals)
    more, fewer = rates(marks, months, length)
    for name, rate, allowed in (("more", more, 2 / 3), ("fewer", fewer, 1 / 3)):
        promised = FALSE_MARKS * allowed
        error = 3 * math.sqrt(promised / DRAWS)
        comparison.equal(f"{what}, {name} at most: {rate:.4f}", rate <= promised * 1.03 + error, True)


def main() -> int:
    """Runs the check; returns the exit code."""
    binary = binary_from_arguments()
    comparison, draw, marked = Comparison(), random.Random(SEED), 0
    with tempfile.TemporaryDirectory() as name:
        for number in range(SERIES):
            export = Export(Path(name) / str(number), YEAR_END)
            export.folder.mkdir()
            series = few(draw, YEAR_END)
            lines = case_lines(draw, series, "Enhet", YEAR_END)
            rows = [f"S{row:06};{line}" for row, line in enumerate(lines)]
            text = "Ärendenr;Startad;Klar;Enhet\n" + "".join(rows)
            (export.folder / "cases.csv").write_text(text, encoding="utf-8")
            rule = rule_text(CONTROL, f"{DAYS_ALLOWED} days", "Startad", "Klar")
            (export.folder / "regler.toml").write_text(rule, encoding="utf-8")
            trend = run_export(binary, export, Settings("p-prime"))["trend"]
            first = next(month for month, (_, cases) in series.items() if cases)
            months = [counts for month, counts in series.items() if month >= first and counts[1]]
            late, half = sum(d for d, _ in months), sum(d for d, _ in months[: len(months) // 2])
            is_rare = 0 < late < 5 * len(months) and len(months) >= 12
            comparison.equal(f"series {number}, marks", bool(trend["rare"]), is_rare and half >= 3)
            if trend["rare"]:
                marked += 1
                check_marks(comparison, f"series {number}", trend["rare"], months)
    return comparison.close_with(
        f"rare: {marked} series, {comparison.compared:,} compared, {comparison.differing} differences"
    )


if __name__ == "__main__":
    sys.exit(main())
