"""Random projects of several controls, few cases and many, whole exports and cut ones."""

import datetime as dt
import math
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from common import ONE_DAY
from one_voice_numbers import beginning, spanning


@dataclass(frozen=True)
class Kind:
    """A control: the headings of its export, its time, and another method to compare with."""

    control: str
    headings: str
    days: int
    reference: str
    law: str
    may_roll: bool = False

    def written(self, moment: dt.datetime, with_time: bool) -> str:
        """A point in time as the export writes it."""
        return f"{moment:%Y-%m-%d %H:%M}" if self.is_in_hours() and with_time else f"{moment:%Y-%m-%d}"

    def is_in_hours(self) -> bool:
        """Whether its rule counts hours."""
        return self.days < 2


KINDS = (
    Kind("child-investigation", "Utredning inledd;Utredning avslutad", 120, "120 days", "4 months", True),
    Kind("preliminary-assessment", "Anmälan inkom;Förhandsbedömning klar", 14, "2 weeks", "14 days", True),
    Kind("cooperation-talks", "Begäran inkom;Erbjuden tid", 14, "10 days", "14 days"),
    Kind("safety-assessment", "Inkom datum och tid;Skyddsbedömning gjord", 1, "next day", "24 hours"),
    Kind("unenforced-decision", "Beslutsdatum;Verkställighetsdatum", 90, "90 days", "3 months"),
)


@dataclass
class Process:
    """How cases of a control come and go."""

    kind: Kind
    as_of: dt.date
    months: int
    a_month: float
    late: Callable[[int], float]
    units: dict[str, float]
    with_times: float


@dataclass(frozen=True)
class Case:
    """A case: when it began and ended, its unit and whether its times are known."""

    start: dt.datetime
    end: dt.datetime | None
    unit: str
    has_times: bool


def chance_by_month(draw: random.Random, months: int) -> Callable[[int], float]:
    """The chance to be late by the number of months before the as-of date."""
    level = draw.choice((0.0, 0.01, 0.03, 0.1, 0.2, 0.35, 0.6, 0.97, 1.0))
    after = draw.choice((0.0, 0.02, 0.1, 0.3, 0.7))
    at = draw.choice((4, 8, 12, draw.randint(1, max(1, months))))
    shocks = {month: draw.betavariate(1, 3) for month in range(-6, months + 24)}
    return draw.choice(
        (
            lambda _: level,
            lambda _: level,
            lambda month: after if month < at else level,
            lambda month: after if month < at else level,
            lambda month: min(1.0, level * (1 + 0.5 * math.sin(month * math.pi / 6))),
            lambda month: shocks.get(month, level),
        )
    )


def random_process(draw: random.Random, kind: Kind, as_of: dt.date) -> Process:
    """A random process, of few cases or many."""
    months = draw.choice((2, 6, 14, 20, 30, 42, 42))
    names = draw.choice(((), ("Enhet A",), ("Enhet A", "Enhet B"), ("Norr", "Söder", "Öst", "Väst", "")))
    if draw.random() < 0.1:
        names = tuple(f"Grupp {number}" for number in range(9))
    units = {name: draw.choice((1, 1, 1, 0.3, 2.5)) for name in names}
    a_month = draw.choice((0.5, 2, 5, 12, 25))
    with_times = draw.choice((1.0, 1.0, 0.9))
    return Process(kind, as_of, months, a_month, chance_by_month(draw, months), units, with_times)


def cases_of(draw: random.Random, process: Process) -> list[Case]:
    """The cases of a process, also those that began so long ago that the export may lack them."""
    kind, now = process.kind, dt.datetime.combine(process.as_of, dt.time(12))
    before = 2 + 3 * kind.days // 30
    cases = []
    for _ in range(max(4, round(process.a_month * (process.months + before)))):
        start = now - dt.timedelta(minutes=draw.randrange((process.months + before) * 30 * 24 * 60))
        unit = draw.choice(tuple(process.units)) if process.units else ""
        late = process.late((now - start).days // 30) * process.units.get(unit, 1)
        far = draw.uniform(1.05, 2.0) if draw.random() < late else draw.uniform(0.05, 0.95)
        end = start + far * dt.timedelta(days=kind.days)
        has_times = draw.random() < process.with_times
        cases.append(Case(start, end if end <= now else None, unit, has_times))
    return cases


def chosen_by(which: str, first: dt.date, cases: list[Case]) -> list[Case]:
    """The cases that an export has which was cut in one of the ways at a day."""
    since = dt.datetime.combine(first, dt.time())
    kept = {
        "all": lambda case: True,
        "started-since": lambda case: case.start >= since,
        "ended-since": lambda case: case.end is None or case.end >= since,
        "decided-since": lambda case: case.end is not None and case.end >= since,
        "open": lambda case: case.end is None,
    }[which]
    return list(filter(kept, cases))


def made_early(cases: list[Case], day: dt.date) -> list[Case]:
    """The cases as an export has them that was made on a day before the as-of date."""
    made = dt.datetime.combine(day, dt.time())
    known = [case for case in cases if case.start < made]
    return [case if case.end and case.end < made else replace(case, end=None) for case in known] or cases


def cut(draw: random.Random, cases: list[Case], process: Process) -> tuple[list[Case], str | None]:
    """What an export has of some cases, and what the project file says of that."""
    which = draw.choice(("all", "all", "started-since", "ended-since", "decided-since", "open"))
    if which == "all" and draw.random() < 0.2:
        return made_early(cases, process.as_of - dt.timedelta(days=draw.choice((40, 80, 200)))), None
    chosen = chosen_by(which, process.as_of - dt.timedelta(days=process.months * 30), cases)
    stated = which if draw.random() < 0.4 else None
    return (chosen, stated) if len(chosen) > 3 else (cases, None)


def case_line(draw: random.Random, kind: Kind, case: Case) -> str:
    """A case as its row has it; a few cannot be read."""
    start = kind.written(case.start, case.has_times) if draw.random() > 0.01 else "okänt"
    return f"{start};{kind.written(case.end, case.has_times) if case.end else ''}"


def write_source(
    folder: Path, draw: random.Random, kind: Kind, as_of: dt.date, period: str, trend: str
) -> list[str]:
    """Writes the export of a control; returns its lines of the project file."""
    process = random_process(draw, kind, as_of)
    cases, reported = cases_of(draw, process), []
    if draw.random() < 0.15:
        # The last period or two, after one of which there is only a figure.
        first = beginning(as_of, period)
        first = beginning(first - ONE_DAY, period) if draw.random() < 0.7 else first
        kept = chosen_by("ended-since", first, cases)
        if len(kept) > 3:
            cases, stated = kept, "ended-since"
            reported = reported_lines(draw, kind, first - ONE_DAY, period)
    if not reported:
        cases, stated = cut(draw, cases, process)
    if len(cases) < 40:
        # So few would be refused as a column that singles people out.
        cases = [Case(case.start, case.end, "Enhet A", case.has_times) for case in cases]
    subgroups = ("A", "B") if process.units and len(cases) > 60 and draw.random() < 0.3 else ()
    may_extend = kind.control == "child-investigation" and draw.random() < 0.3
    lines = [f"Ärendenr;Enhet;Orsak;{kind.headings};Förlängd till"]
    for number, case in enumerate(cases):
        reason = draw.choice(subgroups) if subgroups else ""
        is_extended = may_extend and draw.random() < 0.2
        extended = (case.start + dt.timedelta(days=180)).date() if is_extended else ""
        lines.append(f"{number:05};{case.unit};{reason};{case_line(draw, kind, case)};{extended}")
    name = f"{kind.control}.csv"
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    start, end = kind.headings.split(";")
    columns = ['case_id = "Ärendenr"', f'start = "{start}"', f'end = "{end}"']
    columns += ['group = "Enhet"'] if process.units else []
    columns += ['subgroup = "Orsak"'] if subgroups else []
    columns += ['extended_to = "Förlängd till"'] if may_extend else []
    source = ["[[source]]", f'control = "{kind.control}"', f'files = ["{name}"]']
    source += [f"columns = {{ {', '.join(columns)} }}"]
    return source + control_lines(draw, kind, stated, as_of, trend) + reported


def control_lines(
    draw: random.Random, kind: Kind, stated: str | None, as_of: dt.date, trend: str
) -> list[str]:
    """What the project file says of a control beside its source; `trend` is what a point of its trend is."""
    control = [f'cases = "{stated}"'] if stated else []
    control += [f"target = {draw.choice((0.0, 0.03, 0.1, 0.3))}"] if draw.random() < 0.5 else []
    control += [f'cohort = "{draw.choice(("closed", "due", "started"))}"'] if draw.random() < 0.4 else []
    control += [f'reference = "{kind.reference}"'] if draw.random() < 0.5 else []
    control += ['roll = "next-weekday"'] if kind.may_roll and draw.random() < 0.15 else []
    if draw.random() < 0.1:
        control.append(f'freeze = "{as_of.year - 1}-{"06" if trend == "month" else "Q2"}"')
    if kind.is_in_hours() and draw.random() < 0.5:
        control.append('without_times = "by-day"')
    lines = ["[[control]]", f'id = "{kind.control}"', *control] if control else []
    if draw.random() < 0.12:
        start = f"{as_of.year}-01" if trend == "month" else f"{as_of.year}-Q1"
        lines += ["[[rebase]]", f'control = "{kind.control}"', f'from = "{start}"']
        lines += ['reason = "Ny rutin"']
    return lines


def write_project(folder: Path, draw: random.Random) -> None:
    """Writes a random project."""
    folder.mkdir()
    as_of = draw.choice(
        (dt.date(2024, 8, 31), dt.date(2024, 12, 31), dt.date(2024, 9, 30), dt.date(2024, 6, 12))
    )
    if draw.random() < 0.3:
        as_of -= draw.randrange(60) * ONE_DAY
    period = draw.choice(("month", "quarter", "tertial", "tertial"))
    project = [f"as_of = {as_of}", f'period = "{period}"']
    project += ["smallest_group = 20"] if draw.random() < 0.1 else []
    trend = draw.choice(("month",) * 9 + ("quarter",))
    signals = draw.choice(("anhoej", "anhoej", "health-service"))
    project += ["[trend]", f'signals = "{signals}"', f'period = "{trend}"']
    for kind in draw.sample(KINDS, draw.randint(1, len(KINDS))):
        project += write_source(folder, draw, kind, as_of, period, trend)
    (folder / "frist.toml").write_text("\n".join(project) + "\n", encoding="utf-8")


def reported_lines(draw: random.Random, kind: Kind, last: dt.date, period: str) -> list[str]:
    """A figure of an earlier report, for the period that ends on a day."""
    name = spanning(last.year, beginning(last, period).month, last.month)
    figure = draw.choice(("share = 0.41", "share = 0.155", "cases = 300\ndeviations = 123"))
    method = draw.choice((kind.reference, kind.law, "120 days"))
    lines = ["[[reported]]", f'control = "{kind.control}"', f'period = "{name}"', figure]
    return lines + [f'method = "{method}"', 'source = "Rapport 2019"']
