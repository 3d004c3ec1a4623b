"""Trend charts by the formulas: p, p', XmR limits, signals and icons, in plain Python.

Written from the formulas alone: Laney (2002) for p', 2.66 and the screening of moving ranges at
3.267 from the XmR literature, Anhøj & Olesen (2014) for runs and crossings with scipy's binomial
quantile, and the rules of the health service (seven points, two of three).
"""

import math
from dataclasses import dataclass, field
from functools import cache

from scipy.stats import binom

EXACT = 1e-12
SCREEN = 3.267
RANGE_TO_SIGMA = 1.128
XMR_FACTOR = 2.66
IN_A_ROW = 7
TRIAL_BELOW = 12
ICONS_FROM = 13
ENOUGH_DEVIATIONS = 5
SIGNALS = ("outside", "run", "shift", "trend", "two-of-three")
DECIDING = {
    "anhoej": {"outside", "run"},
    "health-service": {"outside", "shift", "trend", "two-of-three"},
}


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
            segment.sigma_z = factor = segment.mean_moving_range / RANGE_TO_SIGMA
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


def variation(points: list[Point], segment: Segment, signal_set: str) -> str | None:
    """The icon of the last point of the last segment."""
    last = next((point for point in reversed(points) if point.counts()), None)
    if last is None or segment.baseline_points < ICONS_FROM or segment.too_few_deviations:
        return None
    if not last.signals & DECIDING[signal_set]:
        return "common-cause"
    side = last.side()
    if side == 0:
        before = [point for point in points if point.counts()][-2]
        side = 1 if last.value > before.value else -1
    return "concern" if side > 0 else "improvement"


def assurance(points: list[Point], segment: Segment, target: float | None) -> str | None:
    """The icon of the target against the last point's limits."""
    last = next((point for point in reversed(points) if point.counts()), None)
    if target is None or last is None or segment.baseline_points < ICONS_FROM:
        return None
    if last.lower is None or segment.too_few_deviations:
        return None
    if not spread(last) and target >= last.upper - EXACT:
        return "met"
    if target > last.upper + EXACT:
        return "met"
    return "missed" if target < last.lower - EXACT else "hit-or-miss"
