"""Trend charts by the formulas: p, p', XmR limits, signals, verdict and target, in plain Python.

Written from the formulas alone: Laney (2002) for p', 2.66 and the screening of moving ranges at
3.267 from the XmR literature, Anhøj & Olesen (2014) for runs and crossings with scipy's binomial
quantile, the rules of the health service (seven points, two of three), and scipy's hypergeometric and
binomial tails for the verdict and the target.
"""

import math
from dataclasses import dataclass, field
from functools import cache

from scipy.stats import binom, hypergeom, norm

# Deviations and cases.
Counts = tuple[int, int]

EXACT = 1e-12
SCREEN = 3.267
RANGE_TO_SIGMA = 1.128
XMR_FACTOR = 2.66
IN_A_ROW = 7
TRIAL_BELOW = 12
ICONS_FROM = 13
ENOUGH_DEVIATIONS = 5
SIGNALS = ("outside", "run", "shift", "trend", "two-of-three")
WINDOWS = (4, 8, 12)
MONTHS_BEFORE = 12
BLOCK = 4
LEVEL = 0.005
FEWEST_DEVIATIONS = 3
RELIABLY = 0.8
BEYOND_LIMIT = 0.00135


@dataclass
class Point:
    """One period; a value of none is a gap. `cases` is not needed for an XmR chart."""

    period: str
    value: float | None
    deviations: int = 0
    cases: int = 0
    complete: bool = True
    segment: int = 0
    center: float | None = None
    lower: float | None = None
    upper: float | None = None
    warn_lower: float | None = None
    warn_upper: float | None = None
    signals: set[str] = field(default_factory=set)

    def counts(self) -> bool:
        """Whether it takes part in limits, runs and signals."""
        return self.value is not None and self.complete

    def side(self) -> int:
        """1 above the centre, -1 below, 0 on it."""
        distance = self.value - self.center
        return 0 if abs(distance) <= EXACT else (1 if distance > 0 else -1)


@dataclass
class Segment:
    """What holds between two rebases."""

    start: str
    reason: str | None
    frozen_at: str | None
    points: int = 0
    baseline_points: int = 0
    too_few_deviations: bool = False
    trial: bool = False
    sigma_z: float | None = None
    mean_moving_range: float | None = None
    useful: int = 0
    longest_run: int = 0
    longest_run_limit: int | None = None
    crossings: int = 0
    crossings_limit: int | None = None


@cache
def crossings_limit(useful: int) -> int | None:
    """The lower 5 % quantile of the number of crossings of `useful` points."""
    if useful <= 1:
        return 0 if useful else None
    return int(binom.ppf(0.05, useful - 1, 0.5))


def longest_run_limit(useful: int) -> int | None:
    """The longest run that is still ordinary."""
    return math.floor(math.log2(useful) + 0.5) + 3 if useful else None


def mean_range(points: list[Point], values: list[float | None], screened: bool) -> float | None:
    """Mean moving range of neighbouring periods; `values` has none outside the baseline."""
    ranges = [
        abs(values[i] - values[i - 1])
        for i in range(1, len(points))
        if values[i] is not None and values[i - 1] is not None
    ]
    if not ranges:
        return None
    mean = math.fsum(ranges) / len(ranges)
    if screened:
        ranges = [each for each in ranges if each <= SCREEN * mean]
        mean = math.fsum(ranges) / len(ranges)
    return mean


def set_limits(
    points: list[Point], baseline: list[Point], chart: str, segment: Segment, screened: bool
) -> None:
    """Centre and limits of every point with a value, from the baseline."""
    base = {id(point) for point in baseline}
    if chart == "xmr":
        center = math.fsum(point.value for point in baseline) / len(baseline)
        values = [point.value if id(point) in base else None for point in points]
        segment.mean_moving_range = mean_range(points, values, screened)
        spread = segment.mean_moving_range
        for point in points:
            if point.value is not None:
                place(point, center, None if spread is None else XMR_FACTOR * spread, clamp=False)
        return
    center = sum(p.deviations for p in baseline) / sum(p.cases for p in baseline)
    factor = 1.0
    if chart == "p-prime" and 0 < center < 1:
        values = [
            (point.value - center) / math.sqrt(center * (1 - center) / point.cases)
            if id(point) in base
            else None
            for point in points
        ]
        segment.mean_moving_range = mean_range(points, values, screened)
        if segment.mean_moving_range is None:
            factor = None
        else:
            segment.sigma_z = segment.mean_moving_range / RANGE_TO_SIGMA
            factor = max(1.0, segment.sigma_z)
    for point in points:
        if point.value is not None:
            sigma = math.sqrt(center * (1 - center) / point.cases)
            place(point, center, None if factor is None else 3 * sigma * factor, clamp=True)


def place(point: Point, center: float, distance: float | None, clamp: bool) -> None:
    """Sets a point's centre, limits and warning limits (two thirds of the way, not clamped)."""
    point.center = center
    if distance is None:
        return
    point.lower, point.upper = center - distance, center + distance
    point.warn_lower, point.warn_upper = center - distance * 2 / 3, center + distance * 2 / 3
    if clamp:
        point.lower, point.upper = max(0.0, point.lower), min(1.0, point.upper)


def runs_of(marks: list) -> list[tuple[int, int]]:
    """Stretches of equal neighbours: first index and the one after the last."""
    stretches, first = [], 0
    for i in range(1, len(marks) + 1):
        if i == len(marks) or marks[i] != marks[first]:
            stretches.append((first, i))
            first = i
    return stretches


def spread(point: Point) -> bool:
    """Whether the limits are more than the centre."""
    return point.upper - point.lower > EXACT


def mark_signals(points: list[Point], segment: Segment) -> None:
    """Marks the signals of a segment's points that count, and notes its runs and crossings."""
    for point in points:
        if point.lower is not None and spread(point) and not (
            point.lower - EXACT <= point.value <= point.upper + EXACT
        ):
            point.signals.add("outside")
    useful = [point for point in points if point.side()]
    runs = runs_of([point.side() for point in useful])
    segment.useful = len(useful)
    segment.longest_run = max((end - first for first, end in runs), default=0)
    segment.crossings = max(0, len(runs) - 1)
    segment.longest_run_limit = longest_run_limit(len(useful))
    segment.crossings_limit = crossings_limit(len(useful))
    for first, end in runs:
        if end - first > segment.longest_run_limit:
            mark(useful[first:end], "run")
    for first, end in runs_of([point.side() for point in points]):
        if end - first >= IN_A_ROW and points[first].side():
            mark(points[first:end], "shift")
    steps = [
        (b.value > a.value) - (b.value < a.value) for a, b in zip(points, points[1:], strict=False)
    ]
    for first, end in runs_of(steps):
        if end - first >= IN_A_ROW - 1 and steps[first]:
            mark(points[first : end + 1], "trend")
    for i in range(len(points) - 2):
        window = points[i : i + 3]
        beyond = [point for point in window if is_beyond_warning(point)]
        if len(beyond) >= 2 and len({point.side() for point in window}) == 1:
            mark(beyond, "two-of-three")


def is_beyond_warning(point: Point) -> bool:
    """Whether a point lies more than two thirds of the way to a limit, or past it."""
    if point.warn_lower is None or not spread(point):
        return False
    return point.value > point.warn_upper + EXACT or point.value < point.warn_lower - EXACT


def mark(points: list[Point], signal: str) -> None:
    """Adds a signal to points."""
    for point in points:
        point.signals.add(signal)


def evaluate(points: list[Point], chart: str, segment: Segment, screened: bool = True) -> None:
    """Limits and signals of one segment."""
    counting = [point for point in points if point.counts()]
    if segment.frozen_at and not any(p.period <= segment.frozen_at for p in counting):
        segment.frozen_at = None
    baseline = [p for p in counting if not segment.frozen_at or p.period <= segment.frozen_at]
    segment.points = len(counting)
    segment.baseline_points = len(baseline)
    segment.trial = len(baseline) < TRIAL_BELOW
    if not baseline:
        return
    late, cases = sum(p.deviations or 0 for p in baseline), sum(p.cases or 0 for p in baseline)
    rarer = min(late, cases - late)
    segment.too_few_deviations = 0 < rarer < ENOUGH_DEVIATIONS * len(baseline)
    set_limits(points, baseline, chart, segment, screened)
    mark_signals(counting, segment)


@dataclass
class Window:
    """The last months beside those before them."""

    months: int
    now: Counts
    before: Counts
    z: float
    dispersion: float

    def distance(self) -> float:
        """How far it lies from the time before, dispersion taken out."""
        return abs(self.z) / self.dispersion


@dataclass
class Verdict:
    """Whether the share has changed."""

    answer: str
    because: str | None
    months: int | None
    windows: list[Window]
    power: tuple[int, float] | None = None


def counted(points: list[Point]) -> Counts:
    """Deviations and cases of the points that take part."""
    taking = [point for point in points if point.counts()]
    return sum(point.deviations for point in taking), sum(point.cases for point in taking)


@cache
def conditional_z(now: Counts, before: Counts) -> float:
    """Signed z of the two-sided mid-P value given all deviations among all cases."""
    marked, everything = now[0] + before[0], now[1] + before[1]
    if marked in (0, everything) or now[1] in (0, everything):
        return 0.0
    law = everything, marked, now[1]
    middle = hypergeom.pmf(now[0], *law) / 2
    lower, upper = hypergeom.cdf(now[0] - 1, *law) + middle, hypergeom.sf(now[0], *law) + middle
    return float(norm.isf(upper) if upper < lower else norm.ppf(lower))


def dispersion(points: list[Point]) -> float:
    """The wider of two spreads in binomial ones: between neighbours and between blocks; at least 1."""
    found, cases = counted(points)
    center = found / cases
    if center in (0, 1):
        return 1.0
    values = [
        (p.value - center) / math.sqrt(center * (1 - center) / p.cases) if p.counts() else None
        for p in points
    ]
    ranges = mean_range(points, values, screened=True)
    squares = []
    for end in range(len(points), BLOCK - 1, -BLOCK):
        d, n = counted(points[end - BLOCK : end])
        if n:
            variance = n * center * (1 - center) * (cases - n) / (cases - 1)
            squares.append((d - n * center) ** 2 / variance if variance > 0 else 0.0)
    blocks = math.sqrt(math.fsum(squares) / len(squares)) if squares else 0.0
    return max(1.0, ranges / RANGE_TO_SIGMA if ranges is not None else 1.0, blocks)


def critical(part: float) -> float:
    """What a distance must be beyond at a part of the level."""
    return float(norm.isf(LEVEL * part / 2))


def answer(windows: list[Window], part: float) -> tuple[str, str | None, int | None]:
    """The answer of the windows, why there is none, and the window that it is about."""
    if not windows:
        return "unknown", "too-short", None
    furthest = max(windows, key=Window.distance)
    if furthest.distance() > critical(part):
        return ("worse" if furthest.z > 0 else "better"), None, furthest.months
    late, cases = windows[0].before
    varies = any(0 < w.now[0] + w.before[0] < w.now[1] + w.before[1] for w in windows)
    if min(late, cases - late) < FEWEST_DEVIATIONS and varies:
        return "unknown", "too-few", None
    return "unchanged", None, None


def verdict(points: list[Point], are_few: bool) -> Verdict:
    """The verdict on the months of one segment, gaps among them."""
    whole = [i for i, point in enumerate(points) if point.complete]
    points = points[: whole[-1] + 1] if whole else []
    windows = []
    for months in WINDOWS:
        before, now = points[:-months], points[-months:]
        judged = sum(point.counts() for point in before)
        if judged < MONTHS_BEFORE or not counted(now)[1]:
            continue
        counts = counted(now), counted(before)
        windows.append(Window(months, *counts, conditional_z(*counts), dispersion(before)))
    if not windows and sum(point.counts() for point in points) >= WINDOWS[0] + MONTHS_BEFORE:
        return Verdict("unknown", "none-now", None, windows, None)
    said = answer(windows, 1.0)
    power = power_of(points) if are_few and said[0] == "unchanged" else None
    return Verdict(*said, windows, power)


def power_of(points: list[Point]) -> tuple[int, float] | None:
    """Months and chance of finding a doubling, by the joint chances of both counts."""
    late, cases = counted(points)
    share = late / cases
    if share > 0.5 or not late:
        return None
    reach = critical(1.0) * dispersion(points)
    for months in WINDOWS:
        n = math.floor(cases / len(points) * months + 0.5)
        chance, fewest = 0.0, 0
        for before, p in enumerate(binom.pmf(range(cases + 1), cases, share)):
            if p <= 1e-7:
                continue
            while fewest <= n and conditional_z((fewest, n), (before, cases)) <= reach:
                fewest += 1
            chance += p * binom.sf(fewest - 1, n, 2 * share)
        if chance >= RELIABLY or months == WINDOWS[-1]:
            return months, float(chance)
    return None


def judge_together(verdicts: list[Verdict]) -> None:
    """Benjamini and Hochberg over the units of a column."""
    tested = [each for each in verdicts if each.windows]
    furthest = sorted(
        (max(w.distance() for w in each.windows) for each in tested), reverse=True
    )
    ranks = [k for k, far in enumerate(furthest, 1) if far > critical(k / len(tested))]
    part = (ranks[-1] if ranks else 1) / max(1, len(tested))
    for each in tested:
        if each.answer in ("worse", "better"):
            each.answer, each.because, each.months = answer(each.windows, part)


@dataclass
class Target:
    """How often the target was met, and the chance of meeting it now."""

    assurance: str | None
    met: int
    periods: int
    present_deviations: int
    present_cases: int
    cases_a_period: int
    chance: float


def target_record(points: list[Point], segment: Segment, target: float | None) -> Target | None:
    """The target compared with the points of the last segment."""
    counting = [point for point in points if point.counts()]
    if target is None or not counting:
        return None
    met = sum(point.value <= target + EXACT for point in counting)
    late, cases = counted(counting[-12:])
    usual = math.floor(cases / len(counting[-12:]) + 0.5)
    chance = float(binom.cdf(math.floor(target * usual + EXACT), usual, late / cases))
    record = Target(None, met, len(counting), late, cases, usual, chance)
    if segment.baseline_points >= ICONS_FROM:
        record.assurance = assurance(counting[-1], record, segment, target)
    return record


def assurance(last: Point, record: Target, segment: Segment, target: float) -> str:
    """The icon of the target."""
    if last.lower is not None and target > 0 and not segment.too_few_deviations:
        promised, denied = target > last.upper + EXACT, target < last.lower - EXACT
    else:
        promised, denied = record.chance > 1 - BEYOND_LIMIT, record.chance < BEYOND_LIMIT
    if record.met == 0:
        return "missed"
    if promised or record.met == record.periods:
        return "met"
    return "missed" if denied else "hit-or-miss"
