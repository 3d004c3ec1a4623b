"""How often units are named: random sets of units, by the formulas of funnels.py, with which survival.py compares frist.

tests/peers/funnel_rates.py [SETS]

Equal units of three years, with and without a spread of 40 % between months: the share of sets in which some unit is named must
not exceed 5 %, apart from the error of the simulation. One unit at twice the share of the others: how often it is found, and
how often the exact test alone, not divided by dispersion, would find it. About five minutes.
"""

import math
import sys

import numpy as np

from funnels import Months, funnels

SETS = 200
SEED = 20241231
MONTHS = 36
MOST = 0.05
# A unit at twice the share may be found so much less often than by the exact test alone.
LOST = 0.12
SPREADS = (0.0, 0.4)
# Units, cases a month of a unit of mean size, and the share late.
SETTINGS = ((2, 25, 0.1), (6, 10, 0.1), (6, 30, 0.35), (20, 10, 0.1), (60, 8, 0.05))


def random_set(
    draw: np.random.Generator, setting: tuple[int, int, float], spread: float, doubled: bool
) -> dict[str, Months]:
    """Units of unequal sizes; the first at twice the share, if one is."""
    units, monthly, share = setting
    sizes = draw.lognormal(0, 0.6, units)
    cases = draw.poisson(np.outer(sizes / sizes.mean() * monthly, np.ones(MONTHS)))
    shares = np.full((units, MONTHS), share)
    shares[0] *= 2 if doubled else 1
    if spread:
        shares = np.clip(shares * draw.gamma(1 / spread**2, spread**2, shares.shape), 0, 0.98)
    late = draw.binomial(cases, shares)
    none = np.zeros(MONTHS, int)
    return {str(unit): Months(cases[unit], late[unit], none) for unit in range(units)}


def named(units: dict[str, Months], divide: bool = True) -> set[str]:
    """The units that are named in some window."""
    places = funnels(units, 4, True, limits=False, divide=divide).places
    return {name for name, windows in places.items() if any(each["differs"] for each in windows.values())}


def main() -> int:
    """Runs the simulation; returns the exit code."""
    sets, failed = int(sys.argv[1]) if len(sys.argv) > 1 else SETS, 0
    allowed = MOST + 2.33 * math.sqrt(MOST * (1 - MOST) / sets)
    for spread in SPREADS:
        for number, setting in enumerate(SETTINGS):
            draw = np.random.default_rng((SEED, number, round(spread * 100)))
            called = sum(bool(named(random_set(draw, setting, spread, False))) for _ in range(sets)) / sets
            doubled = [random_set(draw, setting, spread, True) for _ in range(sets)]
            found = sum("0" in named(units) for units in doubled) / sets
            alone = sum("0" in named(units, divide=False) for units in doubled) / sets
            fails = called > allowed or (not spread and found < alone - LOST)
            failed += fails
            units, monthly, share = setting
            print(
                f"{units} units, {monthly} a month, {share:.0%} late, spread {spread:.0%}: some named in "
                f"{called:.1%} of equal sets, twice the share found in {found:.1%} ({alone:.1%} undivided)"
                f"{' FAILED' if fails else ''}",
                flush=True,
            )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
