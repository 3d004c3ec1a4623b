"""Expected deviations by the formulas, from cases day by day, with numpy and scipy's betabinom."""

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np
from scipy.stats import betabinom, binom

from common import ONE_DAY

HORIZONS = (14, 30, 90)
FARTHEST = HORIZONS[-1]
HISTORY = 12
FEWEST_MONTHS = 6
FEWEST_TRIALS = 10
QUARTER = 3
LEVELS = (0.05, 0.95)
Z90 = 1.6448536269514722


@dataclass(frozen=True)
class Course:
    """A case: its start, its end (none while it is open), its due date and a valid extension of it."""

    start: dt.date
    end: dt.date | None
    due: dt.date
    extended_to: dt.date | None = None
    decided: dt.date | None = None


@dataclass(frozen=True)
class Stay:
    """The time that a case spent on a due date, until it ended or was extended; none: it lasts."""

    due: int
    start: int
    until: int | None


def stays(course: Course, as_of: dt.date) -> list[Stay]:
    """The stays of a case. When nobody knows the day of the decision it was the last possible."""
    due, end = course.due.toordinal(), course.end.toordinal() if course.end else None
    start, now = course.start.toordinal(), as_of.toordinal()
    if not course.extended_to:
        return [Stay(due, start, end)]
    decided = course.decided.toordinal() if course.decided else min(due, now)
    first = Stay(due, start, decided if end is None else min(end, decided))
    if end is not None and end <= decided:
        return [first]
    return [first, Stay(course.extended_to.toordinal(), decided, end)]


def back(months: int) -> int:
    """Days of so many months."""
    return (months * 1_461 + 24) // 48


def shocks(cases: np.ndarray, late: np.ndarray) -> np.ndarray:
    """Which months stand out by more than three times what months vary by."""
    if late.sum() in (0, cases.sum()):
        return np.zeros(len(cases), bool)
    share = late.sum() / cases.sum()
    deviates = np.sqrt(late) + np.sqrt(late + 1) - np.sqrt(4 * cases * share + 1)
    deviates = deviates / math.sqrt(1 - share)
    distances = np.abs(deviates - np.median(deviates))
    return distances > 3 * max(1.0, 1.4826 * float(np.median(distances)))


def dispersion(cases: np.ndarray, late: np.ndarray) -> float:
    """Squared coefficient of variation between months, beyond chance."""
    cases, late = cases[cases > 0], late[cases > 0]
    if len(cases) < 2 or late.sum() in (0, cases.sum()):
        return 0.0
    share = late.sum() / cases.sum()
    squares = (late - cases * share) ** 2 / (cases * share * (1 - share))
    ratio = max(1.0, squares.sum() / (len(cases) - 1))
    return (ratio - 1) * (1 - share) / (cases.mean() * share)


def quarters(months: np.ndarray) -> np.ndarray:
    """Sums of three months; the last quarter may be shorter."""
    return np.array([months[at : at + QUARTER].sum() for at in range(0, len(months), QUARTER)])


@dataclass
class Spread:
    """Open cases, expected deviations, and the moments of the interval's distribution."""

    open: int
    expected: float
    mean: float
    squares: float
    by_chance: float
    variance: float

    def interval(self, narrowing: float) -> tuple[int, int]:
        """The 90 % interval."""
        variance = max(self.by_chance, self.variance * narrowing)
        cases = max(1, math.ceil(self.mean**2 / self.squares - 1e-9))
        share = self.mean / cases
        ratio = variance / (cases * share * (1 - share))
        correlation = min(0.9, (ratio - 1) / (cases - 1)) if cases > 1 else 0.0
        if correlation > 1e-12:
            size = 1 / correlation - 1
            law = betabinom(cases, share * size, (1 - share) * size)
        else:
            law = binom(cases, share)
        numbers = np.arange(cases + 1)
        middles = law.cdf(numbers) - law.pmf(numbers) / 2
        inside = numbers[(middles >= LEVELS[0] - 1e-12) & (middles <= LEVELS[1] + 1e-12)]
        return int(inside[0]), int(inside[-1])

    def distance(self, late: int) -> float:
        """How far the truth lies from the mean, as a part of half the interval."""
        return abs(late - self.mean) / (Z90 * math.sqrt(self.variance))


def narrowing(distances: list[float]) -> float:
    """What nine of ten earlier truths leave of the variance."""
    if len(distances) < FEWEST_TRIALS:
        return 1.0
    wanted = math.ceil(len(distances) * (1 - 2 * LEVELS[0]))
    return min(1.0, sorted(distances)[min(wanted, len(distances)) - 1]) ** 2


class Peer:
    """Cases day by day."""

    def __init__(self, courses: list[Course], as_of: dt.date) -> None:
        self.as_of, all_stays = as_of, [s for course in courses for s in stays(course, as_of)]
        never = as_of.toordinal() + 10_000
        self.due = np.array([stay.due for stay in all_stays])
        self.start = np.array([stay.start for stay in all_stays])
        self.until = np.array([never if stay.until is None else stay.until for stay in all_stays])
        self.lasts = np.array([stay.until is None for stay in all_stays])
        now = as_of.toordinal()
        self.late = (self.until > self.due) & (self.due < now)
        ends = [course for course in courses if course.end]
        self.first_whole = int(self.due.min()) if ends else None

    def open_at(self, leads: np.ndarray, which: np.ndarray | slice = slice(None)) -> np.ndarray:
        """Whether stays were open so many days before they were due; a row a stay."""
        days = self.due[which, None] - leads[None, :]
        return (self.start[which, None] <= days) & (days < self.until[which, None])

    def history(self, made: int, months: int) -> dict:
        """What was known at a day's end."""
        ranges = [(made - back(month + 1), made - back(month)) for month in range(months)]
        inside = [(self.due >= first) & (self.due < after) for first, after in ranges]
        cases = np.array([which.sum() for which in inside])
        late = np.array([(which & self.late).sum() for which in inside])
        out = shocks(cases, late)
        kept = np.any([which for which, shock in zip(inside, out, strict=True) if not shock], axis=0)
        opened = self.open_at(np.arange(1, FARTHEST + 1), kept)
        return {
            "open": np.concatenate(([kept.sum()], opened.sum(0))),
            "late": np.concatenate(([(kept & self.late).sum()], opened[self.late[kept]].sum(0))),
            "months": dispersion(cases * ~out, late * ~out),
            "quarters": dispersion(quarters(cases * ~out), quarters(late * ~out)),
            "left_out": int(out.sum()),
        }

    def spread(self, history: dict, made: int, first: int, last: int) -> tuple[Spread, int] | None:
        """The moments of what falls due in some days, and what came of it."""
        which = (self.due >= first) & (self.due <= last) & (self.start <= made) & (made < self.until)
        leads = self.due[which] - made
        if not len(leads):
            return None
        known = np.array(history["open"])
        places = []
        for lead in leads:
            nearer = [r for r in [*range(lead, 0, -1), *range(lead + 1, FARTHEST + 1)] if known[r]]
            if not nearer:
                return None
            places.append(nearer[0])
        number, late = known[places].astype(float), history["late"][places].astype(float)
        chance = (late + 0.5) / (number + 1)
        mean, by_chance = chance.sum(), (chance * (1 - chance)).sum()
        error = np.sqrt(chance * (1 - chance) / number).sum() ** 2
        months = sum(chance[(leads - 1) // 30 == month].sum() ** 2 for month in range(FARTHEST // 30))
        varying = history["months"] * (months + mean**2 / HISTORY)
        if leads.max() > 30:
            slowly = history["quarters"] * mean**2 * (1 + QUARTER / HISTORY)
            varying = max(varying, slowly)
        spread = Spread(
            len(leads),
            float((late / number).sum()),
            float(mean),
            float((chance**2).sum()),
            float(by_chance),
            float(by_chance + error + varying),
        )
        return spread, int(self.late[which].sum())

    def month_ends(self) -> list[int]:
        """The month ends before the as-of date that have twelve whole months behind them."""
        day = dt.date.fromordinal(self.first_whole).replace(day=1)
        ends = []
        while day < self.as_of.replace(day=1):
            day = (day + 32 * ONE_DAY).replace(day=1)
            ends.append((day - ONE_DAY).toordinal())
        return [end for end in ends if end - back(HISTORY) >= self.first_whole]

    def outlook(self) -> dict | None:
        """Everything that frist reports."""
        now = self.as_of.toordinal()
        months = [n for n in range(1, HISTORY + 1) if self.first_whole and now - back(n) >= self.first_whole]
        if len(months) < FEWEST_MONTHS:
            return None
        history = self.history(now, len(months))
        before = [(made, self.history(made, HISTORY)) for made in self.month_ends()]
        longest = max((r for r in range(FARTHEST + 1) if history["open"][r]), default=0)
        ahead = []
        for number, days in enumerate(HORIZONS):
            if (HORIZONS[number - 1] if number else 0) < longest:
                ahead += [each] if (each := self.ahead(days, history, before)) else []
        if not ahead:
            return None
        last = now + ahead[-1]["days"]
        lasting = self.due[self.lasts]
        return {
            "ahead": ahead,
            "months": self.months(history, last),
            "late_already": int((lasting <= now).sum()),
            "due_later": int((lasting > last).sum()),
            "months_left_out": history["left_out"],
        }

    def ahead(self, days: int, history: dict, before: list) -> dict | None:
        """The forecast of a horizon and its trials."""
        now, trials, distances = self.as_of.toordinal(), [], []
        for made, known in before:
            found = self.spread(known, made, made + 1, made + days)
            if not found or made + days >= now:
                continue
            spread, late = found
            learnt = narrowing([distance for last, distance in distances if last < made])
            trial = told(spread, made, made + 1, made + days, learnt) | {"deviations": late}
            trials.append(trial)
            distances.append((made + days, spread.distance(late)))
        learnt = narrowing([distance for last, distance in distances if last < now])
        found = self.spread(history, now, now + 1, now + days)
        if not found:
            return None
        inside = sum(trial["low"] <= trial["deviations"] <= trial["high"] for trial in trials)
        forecast = told(found[0], now, now + 1, now + days, learnt)
        return forecast | {"days": days, "trials": trials, "inside": inside, "deviations": None}

    def months(self, history: dict, last: int) -> list[dict]:
        """The forecasts by month of the due date."""
        now, day, months = self.as_of.toordinal(), self.as_of + ONE_DAY, []
        while day.toordinal() <= last:
            after = (day.replace(day=1) + 32 * ONE_DAY).replace(day=1)
            to = min(last, after.toordinal() - 1)
            if found := self.spread(history, now, day.toordinal(), to):
                months.append(told(found[0], now, day.toordinal(), to, 1.0) | {"deviations": None})
            day = after
        return months


def told(spread: Spread, made: int, first: int, last: int, learnt: float) -> dict:
    """A forecast as results.json has it."""
    low, high = spread.interval(learnt)
    made, first, last = (dt.date.fromordinal(day).isoformat() for day in (made, first, last))
    return {
        "made": made,
        "from": first,
        "to": last,
        "open": spread.open,
        "chance": spread.expected / spread.open,
        "expected": spread.expected,
        "low": low,
        "high": high,
    }
