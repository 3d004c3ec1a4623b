"""Units against the rest: scipy's hypergeometric tails, Benjamini-Hochberg by scipy, Wilson limits by statsmodels."""

import math
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import brentq
from scipy.stats import false_discovery_control, hypergeom, norm
from statsmodels.stats.proportion import proportion_confint

ALPHAS = (("95", 0.05), ("998", 0.002))
LONGER = (12, 36)
FALSE_DISCOVERIES = 0.05
FEWEST_DEVIATIONS = 3
FEWEST_CASES = 10


@dataclass
class Months:
    """Cases, late and undetermined of a unit in each month."""

    cases: np.ndarray
    late: np.ndarray
    undetermined: np.ndarray

    def sums(self, length: int) -> tuple[int, int, int]:
        """Those of the last so many months."""
        parts = (self.cases, self.late, self.undetermined)
        return tuple(int(part[len(part) - length :].sum()) for part in parts)

    def last(self, length: int) -> tuple[np.ndarray, np.ndarray]:
        """Cases and late ones of the last so many months."""
        start = len(self.cases) - length
        return self.cases[start:].astype(float), self.late[start:].astype(float)


@dataclass
class Funnels:
    """Windows by their length, places by unit and length."""

    windows: dict[int, tuple[int, int]]
    dispersion: float
    places: dict[str, dict[int, dict]] = field(default_factory=dict)


def mostly_judged(cases: int, undetermined: int) -> bool:
    """At most one case in twenty is undetermined."""
    return undetermined * 20 <= cases + undetermined


def limit(target: float, cases: int, alpha: float, end: int) -> float:
    """The share whose Wilson interval touches the target with its lower (0) or upper (1) end."""

    def distance(share: float) -> float:
        ends = proportion_confint(share * cases, cases, alpha=alpha, method="wilson")
        return ends[end] - target

    if target in (0, 1):
        return target
    outermost = 1.0 if end == 0 else 0.0
    inner = distance(target)
    if inner * distance(outermost) > 0:
        return outermost
    return brentq(distance, *sorted((target, outermost)), xtol=1e-15, rtol=1e-14)


def deviate(late: int, cases: int, all_late: int, all_cases: int) -> float:
    """The normal deviate of the smaller mid-P tail, with its sign."""
    if all_late in (0, all_cases) or cases in (0, all_cases):
        return 0.0
    law = hypergeom(all_cases, all_late, cases)
    middle = law.pmf(late) / 2
    lower, upper = law.cdf(late - 1) + middle, law.sf(late) + middle
    return float(norm.isf(upper) if upper < lower else norm.ppf(lower))


def dispersion(whole: Months, units: list[Months], length: int) -> float:
    """Variance between months over the hypergeometric one, each unit about its own level."""
    squares = variances = cells = free = 0.0
    for unit in units:
        (all_cases, all_late), (cases, late) = whole.last(length), unit.last(length)
        differ = (cases > 0) & (cases < all_cases) & (all_late > 0) & (all_late < all_cases)
        if differ.sum() < 2 or late[differ].sum() == 0:
            continue
        all_cases, all_late = all_cases[differ], all_late[differ]
        law = hypergeom(all_cases.astype(int), all_late.astype(int), cases[differ].astype(int))
        level = late[differ].sum() / law.mean().sum()
        squares += ((late[differ] - law.mean() * level) ** 2).sum()
        variances += (law.var() * level).sum()
        cells, free = cells + differ.sum(), free + differ.sum() - 1
    return max(1.0, squares / variances * cells / free) if free else 1.0


def funnels(
    units: dict[str, Months], period_months: int, has_share: bool, limits: bool = True, divide: bool = True
) -> Funnels:
    """All windows, and who differs; without `divide` dispersion is taken to be that of chance."""
    parts = ("cases", "late", "undetermined")
    whole = Months(*(sum(getattr(unit, part) for unit in units.values()) for part in parts))
    there, windows, longest = len(whole.cases), {}, 0
    for number, length in enumerate(min(length, there) for length in (period_months, *LONGER)):
        cases, late, undetermined = whole.sums(length)
        two = sum(unit.sums(length)[0] > 0 for unit in units.values()) > 1
        fits = two and cases >= FEWEST_CASES and mostly_judged(cases, undetermined)
        if length > max(windows, default=0) and fits and (number or has_share):
            windows[length], longest = (late, cases), length
    found = Funnels(windows, dispersion(whole, list(units.values()), longest) if divide else 1.0)
    for name, unit in units.items():
        found.places[name] = {}
        for length, (all_late, all_cases) in windows.items():
            cases, late, undetermined = unit.sums(length)
            if cases and mostly_judged(cases, undetermined):
                z = deviate(late, cases, all_late, all_cases) / math.sqrt(found.dispersion)
                found.places[name][length] = place(late, cases, all_late / all_cases, z, limits)
    name_those_that_differ([each for places in found.places.values() for each in places.values()])
    return found


def place(late: int, cases: int, target: float, z: float, limits: bool) -> dict:
    """A unit in a window, before it is decided who differs."""
    own = {"cases": cases, "deviations": late, "share": late / cases, "expected": cases * target}
    for name, alpha in ALPHAS if limits else ():
        own[f"lower{name}"] = limit(target, cases, alpha, 1)
        own[f"upper{name}"] = limit(target, cases, alpha, 0)
    return own | {"z": z, "differs": None}


def name_those_that_differ(places: list[dict]) -> None:
    """Benjamini and Hochberg over all of them."""
    if not places:
        return
    adjusted = false_discovery_control([2 * norm.sf(abs(each["z"])) for each in places])
    for each, chance in zip(places, adjusted, strict=True):
        if chance > FALSE_DISCOVERIES:
            continue
        if each["z"] > 0 and each["deviations"] >= FEWEST_DEVIATIONS:
            each["differs"] = "higher"
        if each["z"] < 0 and each["expected"] >= FEWEST_DEVIATIONS:
            each["differs"] = "lower"
