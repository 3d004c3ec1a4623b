"""How often the 90 % intervals of expected deviations hold: 200 random series of each kind through frist.

tests/peers/outlook_coverage.py path/to/frist [SERIES]

A series is four years of cases of a rule of 120 days. Stable: the share late is the same all the time. Seasonal: it swings
by 30 % over the year. After a shock: in two months it is two and a half times as high, and forecasts count that are made when
the shock is over; one inside the horizon cannot be foreseen. frist makes the forecasts of every month end and reports their
outcome. The check fails if fewer than 85 % of a kind and horizon hold, or more than 95 % from 20 expected deviations on. Each
series is a control, ten in a run; about ten minutes.
"""

import datetime as dt
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from common import ONE_DAY, rule_text, run_frist

SERIES = 200
IN_A_RUN = 10
SEED = 20241231
AS_OF = dt.date(2024, 12, 31)
YEARS = 4
DAYS_ALLOWED = 120
KINDS = ("stable", "seasonal", "after a shock")
# Cases a month and the share of them that is late.
SIZES = ((100, 0.1), (300, 0.15))
SWING = 0.3
SHOCK = 2.5
LEAST, MOST, FROM_EXPECTED = 0.85, 0.95, 20
FIRST = AS_OF - YEARS * 365 * ONE_DAY


def month_of(day: dt.date) -> int:
    """A month as a number."""
    return day.year * 12 + day.month - 1


def series(draw: np.random.Generator, kind: str, size: int) -> tuple[list[str], tuple[int, int] | None]:
    """The rows of a series, and the first and last month of its shock."""
    monthly, share = SIZES[size]
    count = draw.poisson(monthly * YEARS * 12)
    months = np.arange(month_of(FIRST), month_of(AS_OF) + 24)
    shares, shock = np.full(len(months), share), None
    if kind == "seasonal":
        shares = shares * (1 + SWING * np.sin(2 * np.pi * (months / 12 + draw.random())))
    if kind == "after a shock":
        at = int(draw.integers(18, 32))
        shares[at : at + 2] *= SHOCK
        shock = (int(months[at]), int(months[at + 1]))
    rows = []
    for start in draw.integers(0, (AS_OF - FIRST).days + 1, count):
        began = FIRST + int(start) * ONE_DAY
        due = began + DAYS_ALLOWED * ONE_DAY
        late = draw.random() < shares[month_of(due) - months[0]]
        days = DAYS_ALLOWED + 1 + draw.exponential(30) if late else draw.integers(30, DAYS_ALLOWED + 1)
        end = began + int(days) * ONE_DAY
        rows.append(f"{began};{end if end <= AS_OF else ''}\n")
    return rows, shock


def run(binary: Path, kind: str, number: int) -> Iterator[tuple[int, int, dict]]:
    """Some series through frist: size, horizon and each trial that counts."""
    draw, shocks = np.random.default_rng((SEED, KINDS.index(kind), number)), {}
    with tempfile.TemporaryDirectory() as name:
        folder, rules, sources = Path(name), [], []
        for place in range(IN_A_RUN):
            rows, shocks[place] = series(draw, kind, place % len(SIZES))
            (folder / f"{place}.csv").write_text("Startad;Klar\n" + "".join(rows), encoding="utf-8")
            rules.append(rule_text(f"series-{place}", f"{DAYS_ALLOWED} days", "Startad", "Klar"))
            sources += ["[[source]]", f'control = "series-{place}"', f'files = ["{place}.csv"]']
            sources += ['columns = { start = "Startad", end = "Klar" }']
        (folder / "regler.toml").write_text("\n".join(rules), encoding="utf-8")
        project = [f"as_of = {AS_OF}", 'rulebook = "regler.toml"', *sources]
        (folder / "frist.toml").write_text("\n".join(project) + "\n", encoding="utf-8")
        arguments = ("run", folder, "--out", folder / "out", "--format", "json")
        controls = json.loads(run_frist(binary, *arguments))["controls"]
    for control in controls:
        place = int(control["id"].removeprefix("series-"))
        for ahead in control["outlook"]["ahead"]:
            for trial in ahead["trials"]:
                if counts(trial, shocks[place]):
                    yield place % len(SIZES), ahead["days"], trial


def counts(trial: dict, shock: tuple[int, int] | None) -> bool:
    """Whether a trial could foresee what came: made when the shock was over, if there is one."""
    return shock is None or month_of(dt.date.fromisoformat(trial["made"])) >= shock[1]


def main() -> int:
    """Runs the simulation; returns the exit code."""
    if len(sys.argv) < 2:
        sys.exit(f"usage: {sys.argv[0]} path/to/frist [series]")
    binary, wanted = Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else SERIES
    failed = 0
    for kind in KINDS:
        found = defaultdict(list)
        with ThreadPoolExecutor(2) as pool:
            # So many series of each size.
            runs = range(-(-wanted * len(SIZES) // IN_A_RUN))
            for trials in pool.map(lambda number, kind=kind: list(run(binary, kind, number)), runs):
                for size, days, trial in trials:
                    found[size, days].append(trial)
        for (size, days), trials in sorted(found.items()):
            inside = sum(trial["low"] <= trial["deviations"] <= trial["high"] for trial in trials)
            expected = sum(trial["expected"] for trial in trials) / len(trials)
            share = inside / len(trials)
            fails = share < LEAST or (expected >= FROM_EXPECTED and share > MOST)
            failed += fails
            monthly, late = SIZES[size]
            print(
                f"{kind}, {monthly} a month, {late:.0%} late, {days} days: {expected:.1f} expected, "
                f"{share:.1%} of {len(trials):,} held{' FAILED' if fails else ''}",
                flush=True,
            )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
