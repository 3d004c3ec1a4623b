"""Random series of late cases and cases by month, of every kind that a trend chart must handle."""

import datetime as dt
import random
from collections.abc import Callable

MONTHS = 60

# Late cases and cases of one month; no cases: a gap.
Counts = tuple[int, int]


def months_until(last: dt.date, count: int) -> list[str]:
    """The last `count` months up to and including that of a day."""
    number = last.year * 12 + last.month - 1
    return [f"{n // 12}-{n % 12 + 1:02}" for n in range(number - count + 1, number + 1)]


def size(draw: random.Random) -> int:
    """Cases of a month: mostly few, now and then up to 60."""
    return draw.randint(1, 60) if draw.random() < 0.05 else draw.randint(1, 18)


def binomial(draw: random.Random, cases: int, chance: float) -> Counts:
    """A month of independent cases."""
    return sum(draw.random() < chance for _ in range(cases)), cases


def usual(draw: random.Random, length: int) -> list[Counts]:
    """A process that stays as it is."""
    chance = draw.choice((0.02, 0.1, 0.3, 0.5, 0.9))
    return [binomial(draw, size(draw), chance) for _ in range(length)]


def gaps(draw: random.Random, length: int) -> list[Counts]:
    """Months without cases, so many that some series have no neighbouring points."""
    missing = draw.choice((0.1, 0.3, 0.7))
    months = [(0, 0) if draw.random() < missing else month for month in usual(draw, length)]
    return months if any(cases for _, cases in months) else [(1, 3)]


def every_second(draw: random.Random, length: int) -> list[Counts]:
    """A case every second month: no moving range at all."""
    return [month if i % 2 == 0 else (0, 0) for i, month in enumerate(usual(draw, length))]


def constant(draw: random.Random, length: int) -> list[Counts]:
    """All in time, all late, or the same share for ever."""
    tenths = draw.choice((0, 10, 3, 5))
    sizes = [10 * draw.randint(1, 3) for _ in range(length)]
    return [(cases * tenths // 10, cases) for cases in sizes]


def constant_then(draw: random.Random, length: int) -> list[Counts]:
    """All in time or all late, and then not: beside a frozen centre of 0 or 1."""
    ends = draw.choice((0, 1))
    calm = [(ends * cases, cases) for cases in (size(draw) for _ in range(length * 2 // 3))]
    return calm + usual(draw, length - len(calm))


def single_cases(draw: random.Random, length: int) -> list[Counts]:
    """One case a month."""
    chance = draw.choice((0.1, 0.5))
    return [binomial(draw, 1, chance) for _ in range(length)]


def few_points(draw: random.Random, _length: int) -> list[Counts]:
    """One point or two."""
    return [binomial(draw, size(draw), 0.4) for _ in range(draw.randint(1, 2))]


def step(draw: random.Random, length: int) -> list[Counts]:
    """A change for good."""
    before, after = draw.sample((0.05, 0.2, 0.4, 0.7), 2)
    at = draw.randint(0, length)
    return [binomial(draw, size(draw), before if i < at else after) for i in range(length)]


def drift(draw: random.Random, length: int) -> list[Counts]:
    """Slowly up or down, some of it without a stumble."""
    cases = draw.choice((20, 40))
    slope = draw.choice((-1, 1)) * draw.choice((0, 1, 2))
    noise = draw.choice((0, 0, 1, 3))
    months, level = [], draw.randint(0, cases)
    for _ in range(min(length, 30)):
        level += slope + draw.randint(-noise, noise)
        if not 0 <= level <= cases:
            slope, level = -slope, min(max(level, 0), cases)
        months.append((level, cases))
    return months


def overdispersed(draw: random.Random, length: int) -> list[Counts]:
    """A chance that varies by itself."""
    return [binomial(draw, size(draw), draw.betavariate(1, 2)) for _ in range(length)]


def on_the_centre(draw: random.Random, length: int) -> list[Counts]:
    """As many points a step above the centre as below, the others exactly on it."""
    half = draw.choice((2, 3, 6))
    moves = [move for _ in range(max(1, length // 4)) for move in (1, -1)]
    moves += [0] * (length - len(moves))
    draw.shuffle(moves)
    return [(half + move, 2 * half) for move in moves[:length]]


def freaks(draw: random.Random, length: int) -> list[Counts]:
    """Quiet but for single months far away, whose moving ranges are screened."""
    return [
        (draw.choice((0, 30)), 30) if draw.random() < 0.08 else binomial(draw, 30, 0.5)
        for _ in range(min(length, 36))
    ]


KINDS: tuple[Callable[[random.Random, int], list[Counts]], ...] = (
    usual,
    gaps,
    every_second,
    constant,
    constant_then,
    single_cases,
    few_points,
    step,
    drift,
    overdispersed,
    on_the_centre,
    freaks,
)


def random_series(draw: random.Random, number: int, as_of: dt.date) -> dict[str, Counts]:
    """A series by month; every fifth ends before the as-of date."""
    months = KINDS[number % len(KINDS)](draw, draw.randint(1, MONTHS))
    quiet = draw.randint(1, 8) if draw.random() < 0.2 else 0
    names = months_until(as_of, MONTHS)
    names = names[: len(names) - quiet][-len(months) :]
    return dict(zip(names, months[-len(names) :], strict=True))
