"""Expected deviations among open cases: frist against scipy's Poisson-binomial distribution.

Random child investigations as in survival.py. For every month end the chance of the cases that fall
due so many months later is counted anew from the twelve months before, in plain Python; intervals are
those of scipy.stats.poisson_binom, or for many cases sums of scipy.stats.binom.
"""

import datetime as dt
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
from scipy.stats import binom, poisson_binom

from case_list import Case, month, write_cases
from common import Comparison, binary_from_arguments, run_frist

EXACT = 1e-9
AHEAD = 3
HISTORY = 12
LEVELS = (0.05, 0.95)
# Its quantiles take no more chances at a time; of more, binomial distributions are added up.
MOST_FOR_SCIPY = 60
RUNS = (
    (11, dt.date(2024, 8, 31), 5_000),
    (12, dt.date(2024, 2, 29), 900),
    (13, dt.date(2025, 12, 31), 120),
    (14, dt.date(2024, 4, 30), 15),
)


def number(day: dt.date) -> int:
    """A month as a number."""
    return day.year * 12 + day.month - 1


def name(months: int) -> str:
    """A month as frist names it."""
    return month(dt.date(months // 12, months % 12 + 1, 1))


class Peer:
    """Cases by the month in which they fall due, and how long before it they were open."""

    def __init__(self, cases: list[Case]) -> None:
        self.counts: dict[tuple[int, int], list[int]] = {}
        for case in cases:
            due, end = number(case.due), number(case.end) if case.end else None
            for lead in range(1, AHEAD + 1):
                then = due - lead
                if number(case.start) <= then and (end is None or end > then):
                    counts = self.counts.setdefault((due, lead), [0, 0])
                    counts[0] += 1
                    counts[1] += case.late

    def at(self, due: int, lead: int) -> list[int]:
        """Open cases and deviations."""
        return self.counts.get((due, lead), [0, 0])

    def forecast(self, then: int, lead: int) -> dict | None:
        """The forecast made at a month's end for the cases due so many months later."""
        past = [self.at(due, lead) for due in range(then - HISTORY + 1, then + 1)]
        cases, late = (sum(each) for each in zip(*past, strict=True))
        open_cases = self.at(then + lead, lead)[0]
        if not open_cases or not cases:
            return None
        chance = late / cases
        low, high = quantiles([chance] * open_cases)
        return {
            "month": name(then + lead),
            "open": open_cases,
            "chance": chance,
            "expected": open_cases * chance,
            "low": low,
            "high": high,
        }


def quantiles(chances: list[float]) -> tuple[int, int]:
    """The 90 % interval of the number of events."""
    # Certain and impossible events are no matter for scipy.
    certain = sum(chance == 1 for chance in chances)
    chances = [chance for chance in chances if 0 < chance < 1]
    if 1 < len(chances) <= MOST_FOR_SCIPY and len(set(chances)) > 1:
        low, high = (poisson_binom.ppf(level, chances) for level in LEVELS)
        return certain + int(low), certain + int(high)
    masses = np.ones(1)
    for chance in set(chances):
        cases = chances.count(chance)
        masses = np.convolve(masses, binom.pmf(np.arange(cases + 1), cases, chance))
    low, high = (int(np.argmax(np.cumsum(masses) >= level - 1e-12)) for level in LEVELS)
    return certain + low, certain + high


def compare_forecasts(
    comparison: Comparison, what: str, forecasts: list[dict], own: list[dict]
) -> None:
    """Compares forecasts one by one."""
    comparison.equal(f"{what}, months", [f["month"] for f in forecasts], [f["month"] for f in own])
    for frist, peer in zip(forecasts, own, strict=False):
        for key, value in peer.items():
            where = f"{what} {peer['month']}, {key}"
            if key == "month":
                continue
            comparison.close(where, frist[key], value, EXACT)


def compare_run(comparison: Comparison, what: str, outlook: dict | None, cases: list[Case]) -> None:
    """Compares one run."""
    peer, now = Peer(cases), number(cases[0].as_of)
    months = [each for lead in range(1, AHEAD + 1) if (each := peer.forecast(now, lead))]
    comparison.equal(f"{what}, there", outlook is not None, bool(months))
    if outlook is None or not months:
        return
    compare_forecasts(comparison, what, outlook["months"], months)
    first = min(due for due, _ in peer.counts)
    trials = []
    for then in range(first, now):
        if forecast := peer.forecast(then, 1):
            trials.append(forecast | {"deviations": peer.at(then + 1, 1)[1]})
    compare_forecasts(comparison, f"{what}, trial", outlook["trials"], trials)
    inside = sum(each["low"] <= each["deviations"] <= each["high"] for each in trials)
    comparison.equal(f"{what}, inside", outlook["inside"], inside)
    total = outlook["total"]
    low, high = quantiles([each["chance"] for each in months for _ in range(each["open"])])
    comparison.equal(f"{what}, total", (total["low"], total["high"]), (low, high))
    expected = sum(each["expected"] for each in months)
    comparison.close(f"{what}, expected", total["expected"], expected, EXACT)


def main() -> int:
    """Runs the check; gives the exit code."""
    binary, comparison, count = binary_from_arguments(), Comparison(), 0
    with tempfile.TemporaryDirectory() as folder:
        for seed, as_of, rows in RUNS:
            export = Path(folder) / f"cases-{seed}.csv"
            cases = write_cases(export, seed, as_of, rows)
            arguments = ["run", export, "--as-of", as_of, "--out", Path(folder) / f"out-{seed}"]
            results = json.loads(run_frist(binary, *arguments, "--format", "json"))
            compare_run(comparison, f"seed {seed}", results["controls"][0]["outlook"], cases)
            count += len(cases)
    return comparison.close_with(
        f"outlook: {count:,} cases, {comparison.compared:,} figures compared, "
        f"{comparison.differing} differing"
    )


if __name__ == "__main__":
    sys.exit(main())
