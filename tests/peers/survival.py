"""Time to close, funnel, conventions, backlog, method change and slack against other programs.

Random child investigations of three years go through frist, and through lifelines (Kaplan-Meier
curve, log-log band), scipy and statsmodels (funnels), dateutil (due dates and slack) and plain counting (conventions, backlog, Kitagawa's decomposition).
"""

import datetime as dt
import json
import sys
import tempfile
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from dateutil.relativedelta import relativedelta

from case_list import (
    COHORTS,
    FOUR_MONTHS,
    REFERENCE,
    Case,
    Counts,
    count,
    month,
    month_ends,
    tertial,
    tertials,
    write_cases,
)
from common import ONE_DAY, Comparison, binary_from_arguments, run_frist
from curves import Curve
from funnels import Months, funnels

CONTROL = "child-investigation"
EXACT = 1e-9
FEWEST_IN_HEADLINE = 10
# Shares are written with six decimals.
ROUNDED = 1e-6


@dataclass(frozen=True)
class Run:
    """One export, and what the project file says."""

    seed: int
    as_of: dt.date
    rows: int
    cohort: str
    published: tuple[str, float] | None = None


RUNS = (
    Run(1, dt.date(2024, 8, 31), 6_000, "closed"),
    Run(2, dt.date(2024, 8, 12), 4_000, "due"),
    Run(3, dt.date(2025, 2, 28), 3_000, "started"),
    Run(4, dt.date(2024, 5, 31), 250, "closed"),
    Run(5, dt.date(2024, 3, 1), 60, "due"),
    # The cases begin with the first tertial of 2022, after an older report's figure.
    Run(6, dt.date(2025, 1, 1), 3_000, "closed", ("2021-T3", 0.41)),
)


def project_file(run: Run) -> str:
    """The project file of a run."""
    text = f"""organisation = "Survival"
as_of = {run.as_of}
period = "tertial"

[[source]]
control = "{CONTROL}"
files = ["cases.csv"]

[[control]]
id = "{CONTROL}"
cohort = "{run.cohort}"
cases = "all"
"""
    if run.published:
        period, share = run.published
        text += f"""
[[reported]]
control = "{CONTROL}"
period = "{period}"
share = {share}
method = "120 days"
source = "Internkontrollrapport"
"""
    return text


def run_cases(binary: Path, folder: Path, run: Run) -> dict:
    """Runs frist; returns the control of its results."""
    (folder / "frist.toml").write_text(project_file(run), encoding="utf-8")
    with tempfile.TemporaryDirectory() as out:
        printed = run_frist(binary, "run", folder, "--format", "json", "--out", out)
    return json.loads(printed)["controls"][0]


def months_back(as_of: dt.date, months: int) -> dt.date:
    """The first day of the month so many months before that of the as-of date."""
    return as_of.replace(day=1) - relativedelta(months=months)


def compare_reading(comparison: Comparison, what: str, curve: dict, cases: list[Case]) -> None:
    """Compares what is read off a curve."""
    comparison.equal(f"{what}, cases", curve["cases"], len(cases))
    still_open = sum(case.end is None for case in cases)
    comparison.equal(f"{what}, open", curve["open"], still_open)
    peer = Curve(cases) if cases else None
    for field, most in (("half_closed_at", Fraction(1, 2)), ("ninety_closed_at", Fraction(1, 10))):
        own = peer.first_at(most) if peer else None
        comparison.equal(f"{what}, {field}", curve[field], own)
        # A share of exactly a half or a tenth may round to either side in lifelines.
        if peer and most not in peer.exact.values():
            own = peer.lifelines_first_at(float(most))
            comparison.equal(f"{what}, {field} of lifelines", curve[field], own)
    after_due = peer.open_share(0) if peer and peer.reaches(0) else None
    comparison.close(f"{what}, open_after_due", curve["open_after_due"], after_due, EXACT)


def compare_curve(comparison: Comparison, what: str, curve: dict, cases: list[Case]) -> None:
    """Compares a curve step by step."""
    compare_reading(comparison, what, curve, cases)
    peer = Curve(cases)
    steps = [
        tuple(s[f] for f in ("margin", "at_risk", "closed", "censored")) for s in curve["steps"]
    ]
    comparison.equal(f"{what}, steps", steps, peer.rows)
    for step in curve["steps"]:
        margin = step["margin"]
        if margin in peer.exact:
            where = f"{what}, margin {margin}"
            own = peer.open_share(margin), *peer.band(margin)
            for field, value in zip(("open_share", "low", "high"), own, strict=True):
                comparison.close(f"{where}, {field}", step[field], value, EXACT)


def compare_survival(comparison: Comparison, what: str, survival: dict, cases: list[Case]) -> None:
    """Compares both curves and the readings of every period."""
    as_of = cases[0].as_of
    comparison.equal(f"{what}, unit", survival["unit"], "days")
    comparison.equal(f"{what}, curves", len(survival["curves"]), 2)
    for number, curve in enumerate(survival["curves"]):
        first, after = (months_back(as_of, 12 * number + back) for back in (11, -1))
        where = f"{what}, curve {number}"
        comparison.equal(f"{where}, from", curve["from"], month(first))
        comparison.equal(f"{where}, to", curve["to"], month(after - ONE_DAY))
        window = [case for case in cases if first <= case.start < after]
        compare_curve(comparison, where, curve, window)
    periods = {period["period"]: period for period in survival["periods"]}
    wanted = tertials(min(case.start for case in cases), as_of)
    comparison.equal(f"{what}, survival periods", list(periods), wanted)
    for name in wanted:
        if name in periods:
            started = [case for case in cases if tertial(case.start) == name]
            compare_reading(comparison, f"{what}, started {name}", periods[name], started)


def period_end(name: str) -> dt.date:
    """The last day of a tertial such as 2024-T2."""
    year, number = int(name[:4]), int(name[-1])
    return (dt.date(year + 1, 1, 1) if number == 3 else dt.date(year, number * 4 + 1, 1)) - ONE_DAY


def has_share(own: Counts) -> bool:
    """Where more than one case in twenty is not judged yet, the quick ones would flatter."""
    return own.cases > 0 and own.undetermined * 20 <= own.cases + own.undetermined


def headline_of(cases: list[Case], cohort: str) -> tuple[str | None, bool]:
    """The last tertial that ended with ten judged cases and at most 5 % undetermined, and whether there is one."""
    as_of = cases[0].as_of
    for name in reversed(tertials(min(case.start for case in cases), as_of)):
        own = count(cases, cohort, name)
        if period_end(name) <= as_of and own.cases >= FEWEST_IN_HEADLINE and has_share(own):
            return name, True
    return None, False


def months_of(cases: list[Case], cohort: str, names: list[str]) -> Months:
    """Counts by month."""
    at = {name: place for place, name in enumerate(names)}
    counts = np.zeros((3, len(names)), int)
    for case in cases:
        day = case.day_in(cohort)
        if day and (place := at.get(month(day))) is not None:
            counts[:, place] += (case.judged, case.judged and case.late, not case.judged)
    return Months(*counts)


def compare_funnel(
    comparison: Comparison, what: str, control: dict, cases: list[Case], cohort: str
) -> None:
    """Compares windows, limits, deviates and who differs."""
    grouping, headline = control["groupings"][0], control["headline"]
    current, is_headline = headline_of(cases, cohort)
    comparison.equal(f"{what}, headline has a share", headline["share"] is not None, is_headline)
    if is_headline:
        comparison.equal(f"{what}, headline", headline["period"], current)
    if headline["counts_because"] not in (None, "few-cases"):
        comparison.equal(f"{what}, windows", grouping["windows"], [])
        return
    last = period_end(headline["period"])
    first = min(day for case in cases if (day := case.day_in(cohort)))
    names = [month(end) for end in month_ends(first, last)]
    units = {
        group["name"]: months_of([c for c in cases if c.unit == group["name"]], cohort, names)
        for group in grouping["groups"]
    }
    peer = funnels(units, 4, is_headline)
    comparison.close(f"{what}, dispersion", grouping["dispersion"], peer.dispersion, EXACT)
    starts = {length: f"{names[len(names) - length]}-01" for length in peer.windows}
    windows = [
        (window["from"], window["to"], window["deviations"], window["cases"])
        for window in grouping["windows"]
    ]
    own = [(starts[length], str(last), *target) for length, target in peer.windows.items()]
    comparison.equal(f"{what}, windows", windows, own)
    for group in grouping["groups"]:
        frist = {place["from"]: place for place in group["funnel"]}
        places, where = peer.places[group["name"]], f"{what}, funnel of {group['name']}"
        comparison.equal(f"{where}, there", sorted(frist), sorted(starts[length] for length in places))
        for length, place in places.items():
            for field, value in place.items():
                found, here = frist[starts[length]][field], f"{where}, {length} months, {field}"
                if isinstance(value, float):
                    comparison.close(here, found, value, 1e-7 if field == "z" else EXACT)
                else:
                    comparison.equal(here, found, value)


def ratio(part: int, whole: int) -> float | None:
    """A share, or none of none."""
    return part / whole if whole else None


def compare_conventions(
    comparison: Comparison, what: str, conventions: list[dict], cases: list[Case]
) -> None:
    """Compares every period by every cohort."""
    frist = {(each["period"], each["cohort"]): each for each in conventions}
    comparison.equal(f"{what}, conventions once each", len(frist), len(conventions))
    periods = tertials(min(case.start for case in cases), cases[0].as_of)
    wanted = {(period, cohort) for period in periods for cohort in COHORTS}
    comparison.equal(f"{what}, conventions", sorted(frist), sorted(wanted))
    for period, cohort in sorted(wanted & frist.keys()):
        own, each = count(cases, cohort, period), frist[period, cohort]
        where = f"{what}, {cohort} in {period}"
        comparison.equal(f"{where}, cases", each["cases"], own.cases)
        comparison.equal(f"{where}, deviations", each["deviations"], own.late)
        comparison.equal(f"{where}, undetermined", each["undetermined"], own.undetermined)
        everyone = own.cases + own.undetermined
        for field, value in (
            ("share", ratio(own.late, own.cases) if has_share(own) else None),
            ("lowest", ratio(own.late, everyone)),
            ("highest", ratio(own.late + own.undetermined, everyone)),
        ):
            comparison.close(f"{where}, {field}", each[field], value, ROUNDED)


def compare_backlog(
    comparison: Comparison, what: str, backlog: list[dict], cases: list[Case]
) -> None:
    """Compares open and overdue cases at every month's end."""
    wanted = []
    for end in month_ends(min(case.start for case in cases), cases[0].as_of):
        still_open = [case for case in cases if case.open_on(end)]
        overdue = sum(case.due < end for case in still_open)
        wanted.append({"month": month(end), "open": len(still_open), "open_overdue": overdue})
    comparison.equal(f"{what}, months of the backlog", len(backlog), len(wanted))
    for each, own in zip(backlog, wanted, strict=False):
        comparison.equal(f"{what}, backlog of {own['month']}", each, own)


def kitagawa(before: Counts, now: Counts) -> dict:
    """The two parts of the change from the reference's share before to the law's share now."""
    a0, b0, a1, b1 = (
        value
        for each in (before, now)
        for value in (each.late / each.cases, each.late_by_reference / each.cases)
    )
    return {
        "from_share": b0,
        "to_share": a1,
        "by_cases": ((a1 - a0) + (b1 - b0)) / 2,
        "by_method": ((a0 - b0) + (a1 - b1)) / 2,
        "paths": 2,
    }


def published_change(share: float, now: Counts) -> dict:
    """The same where only the reference's share is known of the period before."""
    lawful, reference = now.late / now.cases, now.late_by_reference / now.cases
    return {
        "from_share": share,
        "to_share": lawful,
        "by_cases": reference - share,
        "by_method": lawful - reference,
        "paths": 1,
    }


def compare_method_change(
    comparison: Comparison, what: str, changes: list[dict], cases: list[Case], run: Run
) -> None:
    """Compares Kitagawa's two parts between every two periods with cases."""
    frist = {(each["before"], each["period"]): each for each in changes}
    periods = tertials(min(case.start for case in cases), run.as_of)
    counts = {period: count(cases, run.cohort, period) for period in periods}
    wanted = {
        (before, period): kitagawa(counts[before], counts[period])
        for before, period in zip(periods, periods[1:], strict=False)
        if has_share(counts[before]) and has_share(counts[period])
    }
    if run.published:
        before, share = run.published
        wanted[before, periods[0]] = published_change(share, counts[periods[0]])
    comparison.equal(f"{what}, method changes", sorted(frist), sorted(wanted))
    for periods, own in wanted.items():
        for field, value in own.items():
            where = f"{what}, {' to '.join(periods)}, {field}"
            comparison.close(where, frist.get(periods, {}).get(field), value, ROUNDED)


def compare_slack(comparison: Comparison, what: str, months: list[dict], cases: list[Case]) -> None:
    """Compares the days between the reference due date and the lawful one, by month of start."""
    starts = [case.start for case in cases]
    first = dt.date(min(starts).year, 1, 1)
    slack = {number: set() for number in range(1, 13)}
    for number in range((dt.date(max(starts).year, 12, 31) - first).days + 1):
        day = first + number * ONE_DAY
        slack[day.month].add((day + FOUR_MONTHS - (day + REFERENCE)).days)
    for each in months:
        own = slack[each["month"]]
        where = f"{what}, slack of month {each['month']}"
        comparison.equal(where, each["slack_days"], [min(own), max(own)])


def check_run(comparison: Comparison, binary: Path, folder: Path, run: Run) -> int:
    """Compares one run; returns the number of cases."""
    cases = write_cases(folder / "cases.csv", run.seed, run.as_of, run.rows)
    control = run_cases(binary, folder, run)
    what = f"seed {run.seed}"
    grouping = control["groupings"][0]
    comparison.equal(f"{what}, grouping", grouping["column"], "Enhet")
    units = sorted(group["name"] for group in grouping["groups"])
    comparison.equal(f"{what}, units", units, sorted({case.unit for case in cases}))
    compare_survival(comparison, what, control["survival"], cases)
    compare_funnel(comparison, what, control, cases, run.cohort)
    compare_conventions(comparison, what, control["conventions"], cases)
    compare_backlog(comparison, what, control["backlog"], cases)
    compare_method_change(comparison, what, control["method_change"], cases, run)
    compare_slack(comparison, what, control["start_months"], cases)
    return len(cases)


def main() -> int:
    """Runs the check; returns the exit code."""
    binary, comparison, cases = binary_from_arguments(), Comparison(), 0
    with tempfile.TemporaryDirectory() as name:
        for run in RUNS:
            cases += check_run(comparison, binary, Path(name), run)
    return comparison.close_with(
        f"survival: {cases:,} cases in {len(RUNS)} runs, {comparison.compared:,} figures compared, "
        f"{comparison.differing} differing"
    )


if __name__ == "__main__":
    sys.exit(main())
