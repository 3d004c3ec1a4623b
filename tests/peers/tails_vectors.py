"""Writes tests/vectors/tails.toml: tails by scipy, which a unit test compares with frist's own.

python tests/peers/tails_vectors.py > tests/vectors/tails.toml
"""

import random

import scipy
from scipy.stats import binom, hypergeom, norm

SEED = 16


def conditional_z(found: int, drawn: int, others: int, rest: int) -> float:
    """Signed z of the two-sided mid-P value, twice the smaller tail."""
    law = hypergeom(drawn + rest, found + others, drawn)
    middle = law.pmf(found) / 2
    lower, upper = law.cdf(found - 1) + middle, law.sf(found) + middle
    return float(norm.isf(upper) if upper < lower else norm.ppf(lower))


def main() -> None:
    """Prints the vectors."""
    draw = random.Random(SEED)
    print(f"# By scipy {scipy.__version__}; tests/peers/tails_vectors.py writes this file.")
    print("# p, Φ⁻¹(p)")
    levels = (1e-300, 1e-100, 1e-12, 1e-6, 0.0025, 0.05, 0.075, 0.3, 0.5, 0.8, 0.925, 0.9975, 1 - 1e-9)
    print(f"normal = {[[p, float(norm.ppf(p))] for p in levels]}")
    print("# events, trials, p, chance of at least so many events")
    rows = []
    for trials in (1, 7, 15, 16, 60, 300, 5_000, 200_000):
        for p in (0.003, 0.05, 0.5, 0.93):
            events = min(trials, max(1, round(trials * p + draw.choice((-2, 0, 1, 3)) * (trials * p) ** 0.5)))
            rows.append([events, trials, p, float(binom.sf(events - 1, trials, p))])
    print("binomial_at_least = [\n" + "".join(f"    {row},\n" for row in rows) + "]")
    print("# deviations and cases, those of the rest, z")
    rows = []
    for _ in range(60):
        drawn, rest = (round(10 ** draw.uniform(0, 4)) for _ in range(2))
        chance = draw.choice((0.005, 0.05, 0.3, 0.8))
        others = sum(draw.random() < chance for _ in range(rest))
        found = sum(draw.random() < min(1, chance * draw.choice((0.5, 1, 1, 2))) for _ in range(drawn))
        if 0 < found + others < drawn + rest:
            rows.append([found, drawn, others, rest, conditional_z(found, drawn, others, rest)])
    print("conditional_z = [\n" + "".join(f"    {row},\n" for row in rows) + "]")


if __name__ == "__main__":
    main()
