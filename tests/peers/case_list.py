"""Random child investigations, and each one's due days and verdict by plain Python."""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from dateutil.relativedelta import relativedelta

from common import ONE_DAY

HEADINGS = "Ärendenr;Utredning inledd;Utredning avslutad;Enhet"
FOUR_MONTHS = relativedelta(months=4)
REFERENCE = 120 * ONE_DAY
YEARS = 3
# Units by how many cases they have of a hundred, and how many days slower they are.
UNITS = {
    "Norr": (40, 0),
    "Söder": (30, 6),
    "Öster": (18, -15),
    "Väster": (9, 30),
    "Fjällen": (2, -50),
    "Havet": (1, 60),
}
COHORTS = ("closed", "due", "started")


@dataclass(frozen=True)
class Case:
    """A case as it stands on the as-of date."""

    unit: str
    start: dt.date
    end: dt.date | None
    as_of: dt.date

    @cached_property
    def due(self) -> dt.date:
        """The lawful due date."""
        return self.start + FOUR_MONTHS

    @property
    def until(self) -> dt.date:
        """The end, or the as-of date for an open case."""
        return self.end or self.as_of

    @property
    def margin(self) -> int:
        """Days past the due date."""
        return (self.until - self.due).days

    @property
    def judged(self) -> bool:
        """Whether the verdict is known: closed, or open past its due date."""
        return self.end is not None or self.late

    @property
    def late(self) -> bool:
        """Late by the law."""
        return self.until > self.due

    @property
    def late_by_reference(self) -> bool:
        """Late by 120 days."""
        return self.until > self.start + REFERENCE

    def day_in(self, cohort: str) -> dt.date | None:
        """The day that ties the case to a period; none when it is in no period of the cohort."""
        return {"closed": self.end, "due": self.due, "started": self.start}[cohort]

    def open_on(self, day: dt.date) -> bool:
        """Whether it was open at the end of a day."""
        return self.start <= day and not (self.end and self.end <= day)


@dataclass(frozen=True)
class Counts:
    """Cases of a cohort in a period."""

    cases: int
    late: int
    late_by_reference: int
    undetermined: int


def random_rows(draw: random.Random, as_of: dt.date, count: int) -> Iterator[tuple]:
    """Unit, start and end (or none) of cases, some of which start or end after the as-of date."""
    first = as_of - relativedelta(years=YEARS)
    length = (as_of - first).days + 40
    names, weights = list(UNITS), [weight for weight, _ in UNITS.values()]
    for unit in draw.choices(names, weights, k=count):
        start = first + draw.randrange(length) * ONE_DAY
        days = max(0, round(draw.gauss(105 + UNITS[unit][1], 35)))
        if draw.random() < 0.3:
            # On the due date by either rule, or a day beside it.
            days = draw.choice((119, 120, 121, 122, 123, 124))
        is_open = draw.random() < 0.04
        yield unit, start, None if is_open else start + days * ONE_DAY


def write_cases(path: Path, seed: int, as_of: dt.date, count: int) -> list[Case]:
    """Writes an export; returns the cases as they stand on the as-of date."""
    rows = list(random_rows(random.Random(seed), as_of, count))
    lines = [
        f"U{number:05};{start};{end or ''};{unit}\n"
        for number, (unit, start, end) in enumerate(rows)
    ]
    path.write_text(HEADINGS + "\n" + "".join(lines), encoding="utf-8")
    return [
        Case(unit, start, end if end and end <= as_of else None, as_of)
        for unit, start, end in rows
        if start <= as_of
    ]


def tertial(day: dt.date) -> str:
    """The tertial of a day."""
    return f"{day.year}-T{(day.month + 3) // 4}"


def month(day: dt.date) -> str:
    """The month of a day."""
    return f"{day:%Y-%m}"


def month_ends(first: dt.date, as_of: dt.date) -> list[dt.date]:
    """The last day of every month from a day's to the as-of date, which is the last of them."""
    ends, begin = [], first.replace(day=1)
    while begin <= as_of:
        begin += relativedelta(months=1)
        ends.append(min(begin - ONE_DAY, as_of))
    return ends


def tertials(first: dt.date, as_of: dt.date) -> list[str]:
    """The tertials from a day's to that of the as-of date."""
    return list(dict.fromkeys(tertial(end) for end in month_ends(first, as_of)))


def count(cases: list[Case], cohort: str, period: str) -> Counts:
    """Counts of a cohort in a tertial."""
    days = [(case, case.day_in(cohort)) for case in cases]
    members = [case for case, day in days if day and tertial(day) == period]
    judged = [case for case in members if case.judged]
    return Counts(
        len(judged),
        sum(case.late for case in judged),
        sum(case.late_by_reference for case in judged),
        len(members) - len(judged),
    )
