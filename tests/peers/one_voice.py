"""Whether a report speaks with one voice: no two of its statements may contradict each other.

Random projects of several controls become reports, internal and published ones. Every sentence, chart title,
description and table of the summary, of the controls and of their appendix is read: the patterns are made
from the catalogue of texts (src/text/sv.toml), and what no pattern matches is a difference. What is read are
facts, such as "the cases of child investigations in 2024-T2 are 40". A fact that is told twice must be the
same both times, here and in results.json, and what follows from others must follow: a share from its
counts, a change from two shares, a verdict from the months that it speaks of.

Read are report.md and, of the internal edition, report.html, which has what is too fine for paper. Not read:
definitions ("Så räknas det"), the sections on quality and method but for their tables of rows and bounds,
notes and labels within pictures, and pages of their own for units. 60 reports take half a minute; `--long`
is 10,000 of them, in an hour.
"""

import argparse
import calendar
import datetime as dt
import json
import math
import random
import re
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from common import ONE_DAY, Comparison, results_of, run_frist

REPORTS = 60
LONG = 10_000
SEED = 20241130
PROCESSES = 2
CATALOGUE = Path(__file__).resolve().parents[2] / "src/text/sv.toml"
RULEBOOK = Path(__file__).resolve().parents[2] / "src/rulebook/builtin.toml"
SPACE, MINUS = "\u00a0", "\u2212"
# A published edition of every so many reports.
PUBLISHED = 3

# ---------------------------------------------------------------------------------------------------------
# Random projects
# ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """A control: the headings of its export, its time, and another method to compare with."""

    control: str
    headings: tuple[str, str]
    allowed: dt.timedelta
    reference: str
    law: str
    may_roll: bool = False

    def written(self, moment: dt.datetime, with_time: bool) -> str:
        """A point in time as the export writes it."""
        return f"{moment:%Y-%m-%d %H:%M}" if self.is_in_hours() and with_time else f"{moment:%Y-%m-%d}"

    def is_in_hours(self) -> bool:
        """Whether its rule counts hours."""
        return self.allowed < dt.timedelta(days=2)


KINDS = (
    Kind(
        "child-investigation",
        ("Utredning inledd", "Utredning avslutad"),
        dt.timedelta(days=120),
        "120 days",
        "4 months",
        may_roll=True,
    ),
    Kind(
        "preliminary-assessment",
        ("Anmälan inkom", "Förhandsbedömning klar"),
        dt.timedelta(days=14),
        "2 weeks",
        "14 days",
        may_roll=True,
    ),
    Kind("cooperation-talks", ("Begäran inkom", "Erbjuden tid"), dt.timedelta(days=14), "10 days", "14 days"),
    Kind(
        "safety-assessment",
        ("Inkom datum och tid", "Skyddsbedömning gjord"),
        dt.timedelta(hours=24),
        "next day",
        "24 hours",
    ),
    Kind(
        "unenforced-decision",
        ("Beslutsdatum", "Verkställighetsdatum"),
        dt.timedelta(days=90),
        "90 days",
        "3 months",
    ),
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
    before = 2 + 3 * kind.allowed.days // 30
    cases = []
    for _ in range(max(4, round(process.a_month * (process.months + before)))):
        start = now - dt.timedelta(minutes=draw.randrange((process.months + before) * 30 * 24 * 60))
        unit = draw.choice(tuple(process.units)) if process.units else ""
        late = process.late((now - start).days // 30) * process.units.get(unit, 1)
        far = draw.uniform(1.05, 2.0) if draw.random() < late else draw.uniform(0.05, 0.95)
        end = start + far * kind.allowed
        has_times = draw.random() < process.with_times
        cases.append(Case(start, end if end <= now else None, unit, has_times))
    return cases


def beginning(day: dt.date, period: str) -> dt.date:
    """The first day of the period of a day."""
    length = {"month": 1, "quarter": 3, "tertial": 4}[period]
    return dt.date(day.year, (day.month - 1) // length * length + 1, 1)


def cut_at(cases: list[Case], first: dt.date) -> tuple[list[Case], str]:
    """What was closed from a day on and what is open, beside an earlier report of the time before."""
    since = dt.datetime.combine(first, dt.time())
    return [case for case in cases if case.end is None or case.end >= since], "ended-since"


def cut(draw: random.Random, cases: list[Case], process: Process) -> tuple[list[Case], str | None]:
    """What an export has of some cases, and what the project file says of that."""
    since = dt.datetime.combine(process.as_of, dt.time()) - dt.timedelta(days=process.months * 30)
    which = draw.choice(("all", "all", "started-since", "ended-since", "decided-since"))
    kept = {
        "all": lambda case: True,
        "started-since": lambda case: case.start >= since,
        "ended-since": lambda case: case.end is None or case.end >= since,
        "decided-since": lambda case: case.end is not None and case.end >= since,
    }[which]
    chosen = [case for case in cases if kept(case)]
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
        kept, stated = cut_at(cases, first)
        if len(kept) > 3:
            cases, reported = kept, reported_lines(draw, kind, first - ONE_DAY, period)
    if not reported:
        cases, stated = cut(draw, cases, process)
    if len(cases) < 40:
        # So few would be refused as a column that singles people out.
        cases = [Case(case.start, case.end, "Enhet A", case.has_times) for case in cases]
    subgroups = ("A", "B") if process.units and len(cases) > 60 and draw.random() < 0.3 else ()
    may_extend = kind.control == "child-investigation" and draw.random() < 0.3
    lines = [f"Ärendenr;Enhet;Orsak;{';'.join(kind.headings)};Förlängd till"]
    for number, case in enumerate(cases):
        reason = draw.choice(subgroups) if subgroups else ""
        is_extended = may_extend and draw.random() < 0.2
        extended = (case.start + dt.timedelta(days=180)).date() if is_extended else ""
        lines.append(f"{number:05};{case.unit};{reason};{case_line(draw, kind, case)};{extended}")
    name = f"{kind.control}.csv"
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    start, end = kind.headings
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


# ---------------------------------------------------------------------------------------------------------
# Words
# ---------------------------------------------------------------------------------------------------------

COUNT = rf"\d{{1,3}}(?:{SPACE}\d{{3}})*"
DECIMAL = rf"{COUNT},\d"
BOUNDED = rf"(?:[<>]{SPACE})?{DECIMAL}"
SHARE = rf"{BOUNDED}{SPACE}%|–"
POINTS = rf"(?:[<>]{SPACE})?[+{MINUS}]?{DECIMAL}"
NUMBER = rf"{COUNT}(?:,\d)?"
NAME = r"[^:;|]+?"


@dataclass(frozen=True)
class Sentence:
    """What a template of the catalogue was filled with."""

    key: str
    values: dict[str, str]
    text: str

    def count(self, name: str) -> int:
        """A value as a count."""
        return as_count(self.values[name])


def as_count(text: str) -> int:
    """A count as it is written."""
    return int(text.replace(SPACE, ""))


def flatten(table: dict, prefix: str = "") -> Iterator[tuple[str, str]]:
    """The texts of the catalogue with their keys."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from flatten(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


# What a value is, where its name does not say it: by template, or by family of templates.
FIELDS = {
    "report.sentence": {"period": "long"},
    "report.change": {"before": "long", "interval": "points interval", "share": "told", "method": "name"},
    "report.overdue-before": {"before": "count"},
    "report.outlook-cases": {"days": "count", "late": "count", "later": "count"},
    "report.outlook-trials": {"days": "count", "share": "printed"},
    "report.outlook-shocks": {"n": "word"},
    "report.method-gap": {"deviations": "count", "late": "late", "only": "count"},
    "report.method-miss": {"only": "count"},
    "report.many-rejected": {"control": "name"},
    "verdict.sentence": {"before": "share"},
    "verdict.because-too-short": {"count": "counted", "from": "period"},
    "verdict.because-too-few": {"count": "word"},
    "trend.constant": {"count": "counted", "share": "told"},
    "trend.rare-quiet": {"count": "counted"},
    "trend.rare-none": {"last": "period"},
    "trend.rare-many": {"count": "count"},
    "trend.outside-several": {"count": "counted", "share": "told"},
    "trend.outside": {"share": "told"},
    "trend.above": {"count": "counted"},
    "trend.below": {"count": "counted"},
    "trend.rising": {"count": "counted"},
    "trend.falling": {"count": "counted"},
    "trend.since": {"first": "period"},
    "trend.between": {"first": "period", "last": "period"},
    "chart.share-title": {"share": "told", "period": "so far"},
    "chart.methods-title": {"period": "so far", "gap": "bounded"},
    "chart.trend-title": {"share": "told", "period": "so far"},
    "chart.point": {"share": "told", "period": "so far"},
    "chart.methods-point": {"reference": "share", "period": "so far"},
    "chart.margins-title": {"n": "count"},
    "chart.margins-desc": {"early": "count", "only": "count", "late": "count"},
    "chart.spread-title": {"now": "margin", "then": "margin"},
    "chart.close-title": {"open": "share", "half": "margin"},
    "chart.close-told": {"open": "share", "half": "margin", "most": "margin", "years": "name"},
    "chart.slack-title": {"method": "name", "range": "name", "shorter": "count", "longer": "count"},
    "chart.slack-desc": {"months": "rest"},
    "chart.slack-month": {"month": "month", "days": "name"},
    "chart.outlook-title": {"expected": "number", "interval": "counts", "days": "count"},
    "funnel.": {"period": "window"},
}
USUAL = {
    **dict.fromkeys(("cases", "deviations", "count", "open", "overdue", "all", "inside", "trials"), "count"),
    **dict.fromkeys(("met", "periods", "rejected", "rows", "worse", "better"), "count"),
    **dict.fromkeys(("share", "before", "target", "chance"), "share"),
    **dict.fromkeys(("months", "fewest", "tenths"), "word"),
    **dict.fromkeys(("as_of", "day"), "date"),
    **dict.fromkeys(("short", "long"), "window"),
    **dict.fromkeys(("rule", "reference", "method", "column", "kind", "kinds", "one"), "name"),
    **dict.fromkeys(("points", "said", "marks"), "rest"),
    **dict.fromkeys(("high", "low"), "groups"),
    **{"period": "period", "interval": "interval", "limits": "interval", "change": "points"},
    **{"mean": "number", "n": "count"},
}


class Catalogue:
    """The Swedish texts as patterns."""

    def __init__(self) -> None:
        self.texts = dict(flatten(tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))))
        rules = tomllib.loads(RULEBOOK.read_text(encoding="utf-8"))["rule"]
        self.names = {rule["name"]["sv"]: rule["id"] for rule in rules}
        self.months = [self.texts[f"month.{number}"] for number in range(1, 13)]
        self.words = {self.texts[f"number.{number}"]: number for number in range(13)}
        self.periods = {
            kind: self.bare(f"period.{kind}") for kind in ("month", "quarter", "tertial", "half-year", "year")
        }
        self.kinds = self.kinds_of_values()
        self.patterns: dict[str, re.Pattern] = {}

    def bare(self, key: str) -> str:
        """The pattern of a period."""
        months = "|".join(f"[{month[0].upper()}{month[0]}]{month[1:]}" for month in self.months)
        parts = {"month": f"(?:{months})", "year": r"\d{4}", "number": r"\d"}
        first, *others = (parts.get(part, re.escape(part)) for part in re.split(r"[{}]", self.texts[key]))
        # A sentence may begin with it.
        return (f"(?i:{first[0]}){first[1:]}" if first else "") + "".join(others)

    def kinds_of_values(self) -> dict[str, str]:
        """How each kind of value is written."""
        texts = self.texts
        months = "|".join(f"[{month[0].upper()}{month[0]}]{month[1:]}" for month in self.months)
        month = self.periods["month"]
        period = "|".join(self.periods.values())
        word = "|".join([*self.words, COUNT])
        so_far = self.wrapped("period.so-far", period)
        none = [texts[f"table.{name}"] for name in ("hidden", "too-early", "incomplete", "none")]
        counts = rf"{COUNT} av {COUNT}(?: \({re.escape(texts['table.incomplete'])}\))?"
        kinds = [texts[key] for key in texts if re.fullmatch(r"trend\.(one|many)-.*", key)]
        duties = {name: self.duty(name) for name in ("went", "over", "have", "gone", "late")}
        margin = "|".join(self.wrapped(key, r"\d+ \w+") for key in texts if key.startswith("margin."))
        edges = [f"edges.{kind}-since" for kind in ("started", "ended", "decided")]
        date = rf"\d{{1,2}} (?:{months}) \d{{4}}"
        run = rf"(?:{period})(?: – (?:{period}))?"
        return {
            **duties,
            "count": COUNT,
            "number": NUMBER,
            "counts": rf"{COUNT}–{COUNT}",
            "share": SHARE,
            "printed": rf"{NUMBER}{SPACE}%",
            "bounded": BOUNDED,
            "points": POINTS,
            "points interval": rf"{POINTS} … {POINTS}",
            "interval": rf"{BOUNDED}–{BOUNDED}{SPACE}%|{BOUNDED}{SPACE}%|–",
            "told": "|".join([counts, SHARE, rf"{NUMBER}{SPACE}%", *map(re.escape, none)]),
            "period": period,
            "so far": f"{so_far}|{period}",
            "long": rf"(?:(?:{months})–)?{month}|\d{{4}}",
            "window": rf"{month}–{month}|{period}",
            "date": date,
            "month": months,
            "word": word,
            "counted": rf"(?:(?:{word}) )?(?:{'|'.join(map(re.escape, kinds))})",
            "margin": f"{margin}|–",
            "name": NAME,
            "rest": ".*?",
            "groups": "[^.;]+?",
            "span": self.wrapped("trend.between", period) + f"|{period}",
            "when": "|".join(self.wrapped(f"trend.{key}", period) for key in ("between", "since")),
            "chosen": "|".join(self.wrapped(key, f"{date}|{month}") for key in edges),
            "runs": rf"{run}(?:, {run})*",
            "to": ".+?",
            "letter": "[A-Z]+",
        }

    def wrapped(self, key: str, value: str) -> str:
        """The pattern of a text all of whose values are of one kind."""
        parts = re.split(r"\{\w+\}", self.texts[key])
        return f"(?:{f'(?:{value})'.join(map(re.escape, parts))})"

    def duty(self, name: str) -> str:
        """The pattern of a word for a duty: to act or to report."""
        return "|".join(self.wrapped(f"duty.{kind}-{name}", r"[^:.,;]+") for kind in ("act", "report"))

    def kind(self, key: str, name: str) -> str:
        """What kind of value stands in a template."""
        families = [family for family in FIELDS if key.startswith(family) and name in FIELDS[family]]
        if families:
            return FIELDS[max(families, key=len)][name]
        if key.startswith("edges.incomplete") and name == "periods":
            return "runs"
        return USUAL.get(name, name)

    def pattern(self, key: str) -> re.Pattern:
        """The pattern of a template, `said:` before that of a part that has become a sentence."""
        if key not in self.patterns:
            bare = key.removeprefix("said:")
            text = self.texts[bare] + ("." if bare != key else "")
            self.patterns[key] = re.compile(self.expression(bare, text))
        return self.patterns[key]

    def expression(self, key: str, text: str) -> str:
        """The regular expression of a template; it may begin with an upper-case letter."""
        parts = re.split(r"\{(\w+)\}", text)
        seen: set[str] = set()
        first = parts[0][:1]
        written = f"(?i:{re.escape(first)})" + re.escape(parts[0][1:]) if first else ""
        for name, literal in zip(parts[1::2], parts[2::2], strict=True):
            pattern = self.kinds[self.kind(key, name)]
            written += f"(?:{pattern})" if name in seen else f"(?P<{name}>{pattern})"
            written += re.escape(literal)
            seen.add(name)
        return written

    def read(self, key: str, text: str) -> Sentence | None:
        """A text that is wholly of a template."""
        found = self.pattern(key).fullmatch(text)
        return Sentence(key, found.groupdict(), text) if found else None

    def read_one(self, keys: list[str], text: str) -> Sentence | None:
        """A text that is wholly of one of some templates."""
        return next((found for key in keys if (found := self.read(key, text))), None)

    def sentences(self, keys: list[str], text: str) -> list[Sentence] | None:
        """A paragraph as sentences of templates; `None` when it cannot be read."""
        if not text:
            return []
        for key in keys:
            pattern = self.pattern(key)
            if not (found := pattern.match(text)):
                continue
            # A value that ends too early may end later; whole paragraphs first.
            for end in self.ends(pattern, text, found.end()):
                rest = self.sentences(keys, text[end:].removeprefix(" "))
                if rest is not None:
                    said = pattern.fullmatch(text[:end])
                    return [Sentence(key, said.groupdict(), text[:end]), *rest]
        return None

    @staticmethod
    def ends(pattern: re.Pattern, text: str, first: int) -> Iterator[int]:
        """Where a sentence that begins a text may end."""
        for place in range(first, len(text) + 1):
            may_end = place == len(text) or text[place] == " "
            if may_end and text[place - 1] == "." and pattern.fullmatch(text[:place]):
                yield place

    def has_prefix(self, *prefixes: str) -> list[str]:
        """The keys of some families, the longest texts first."""
        keys = [key for key in self.texts if key.startswith(prefixes)]
        return sorted(keys, key=lambda key: -len(self.texts[key]))

    def period(self, text: str) -> str:
        """The name in results.json of `T2 2024`, `kv 3 2024`, `maj–augusti 2024` or `augusti 2024`."""
        text = self.ended(text)[0]
        words, year = text.lower().rsplit(" ", 1) if " " in text else ("", text)
        letter = {"t": "T", "k": "Q", "h": "H"}
        if not words:
            return year
        if words[-1].isdigit():
            return f"{year}-{letter[words[0]]}{words[-1]}"
        names = words.split("–")
        first, last = (self.months.index(name) + 1 for name in (names[0], names[-1]))
        return spanning(int(year), first, last)

    def ended(self, text: str) -> tuple[str, bool]:
        """A period without its note of so far, and whether it has ended."""
        before, after = self.texts["period.so-far"].split("{period}")
        is_running = bool(after) and text.endswith(after)
        return text.removeprefix(before).removesuffix(after) if is_running else text, not is_running

    def date(self, text: str) -> dt.date:
        """A date in running text."""
        day, month, year = text.lower().split(" ")
        return dt.date(int(year), self.months.index(month) + 1, int(day))

    def number(self, text: str) -> int:
        """A number in letters or digits."""
        return self.words[text] if text in self.words else as_count(text)


@cache
def catalogue() -> Catalogue:
    """The catalogue, read once."""
    return Catalogue()


def spanning(year: int, first: int, last: int) -> str:
    """The name of the period from one month to another."""
    length = last - first + 1
    if length == 1:
        return f"{year}-{first:02}"
    letter = {3: "Q", 4: "T", 6: "H"}.get(length)
    return f"{year}-{letter}{last // length}" if letter else str(year)


def last_day(period: str) -> dt.date:
    """The last day of a period."""
    year, _, rest = period.partition("-")
    length = {"Q": 3, "T": 4, "H": 6}
    if not rest:
        return dt.date(int(year), 12, 31)
    month = int(rest[1:]) * length[rest[0]] if rest[0] in length else int(rest)
    return dt.date(int(year), month, calendar.monthrange(int(year), month)[1])


def tenths_of(value: Fraction) -> int:
    """Tenths of a percent, half up."""
    return math.floor(value * 1000 + Fraction(1, 2))


def written_tenths(tenths: int) -> str:
    """A number of tenths."""
    whole = f"{tenths // 10:,}".replace(",", SPACE)
    return f"{whole},{tenths % 10}"


def written_share(share: Fraction, *, sign: str = SPACE + "%") -> str:
    """A share with one decimal, half up: some is never none, and less than all never all."""
    tenths = tenths_of(share)
    if tenths == 0 and share > 0:
        return f"<{SPACE}0,1{sign}"
    if tenths == 1000 and share < 1:
        return f">{SPACE}99,9{sign}"
    return written_tenths(tenths) + sign


def written_points(difference: Fraction) -> str:
    """A difference of shares in percentage points with its sign."""
    tenths = tenths_of(abs(difference))
    sign = MINUS if difference < 0 else "+"
    if tenths:
        return sign + written_tenths(tenths)
    if difference == 0:
        return "0,0"
    return f"{'>' if difference < 0 else '<'}{SPACE}{sign}0,1"


def value_of(text: str) -> float:
    """A number as it is written: of a bounded one its bound."""
    bare = text.strip("<>%+" + SPACE).replace(MINUS, "-").replace(SPACE, "").replace(",", ".")
    return float(bare)


def is_rounded(text: str, number: float) -> bool:
    """Whether a number of results.json, which is rounded itself, is written so, or as beyond a bound."""
    beyond = 0.1 if text[0] in "<>" else 0.05
    return abs(value_of(text) - number) <= beyond + 0.0001


def near_float(share: float) -> Fraction:
    """A share of results.json, which a half in doubles may lack a little of."""
    return Fraction(share) + Fraction(1, 10**12) if 0 < share < 1 else Fraction(share)


# ---------------------------------------------------------------------------------------------------------
# The document
# ---------------------------------------------------------------------------------------------------------


@dataclass
class Table:
    """A table of a report: its caption, and its rows by their headings."""

    caption: str
    headings: list[str]
    rows: list[list[str]] = field(default_factory=list)

    def by_heading(self) -> Iterator[dict[str, str]]:
        """Rows as cells by their headings."""
        for row in self.rows:
            yield dict(zip(self.headings, row, strict=True))


@dataclass
class Figure:
    """A chart: its title and what it says to those who do not see it."""

    title: str
    description: str


@dataclass
class Section:
    """A section: its headings from the outermost, and what stands in it before the next."""

    path: tuple[str, ...]
    paragraphs: list[str] = field(default_factory=list)
    bullets: list[str] = field(default_factory=list)
    strong: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)


def unescaped(text: str) -> str:
    """Text of Markdown as it was."""
    text = text.replace("&#8203;", "").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return re.sub(r"\\([\\`*_\[\]|~!])", r"\1", text)


def cells_of(line: str) -> list[str]:
    """The cells of a table's line."""
    return [unescaped(cell.strip(" ")) for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]


def read_document(text: str) -> list[Section]:
    """The sections of a report.md."""
    sections: list[Section] = [Section(())]
    caption = ""
    for block in text.split("\n\n"):
        lines = block.strip("\n").split("\n")
        first = lines[0]
        if heading := re.fullmatch(r"(#+) (.*)", first):
            level = len(heading[1])
            sections.append(Section((*sections[-1].path[: level - 1], unescaped(heading[2]))))
        elif first.startswith("| "):
            rows = [cells_of(line) for line in lines]
            sections[-1].tables.append(Table(caption, rows[0], rows[2:]))
            caption = ""
        elif whole := re.fullmatch(r"\*\*(.+)\*\*", first):
            caption = unescaped(whole[1])
            sections[-1].strong.append(caption)
        elif figure := re.fullmatch(r"\*\*(.+?)\.\*\* ?(.*)", first):
            sections[-1].figures.append(Figure(unescaped(figure[1]), unescaped(figure[2])))
        elif first.startswith("- "):
            sections[-1].bullets += [unescaped(line.removeprefix("- ")) for line in lines]
        elif first:
            sections[-1].paragraphs.append(unescaped(first))
    for section in sections:
        captions = {table.caption for table in section.tables}
        section.strong = [said for said in section.strong if said not in captions]
    return sections


class Page(HTMLParser):
    """The sections of a report.html, whose pictures have their titles and descriptions."""

    KEPT = ("h2", "h3", "h4", "h5", "p", "li", "caption", "th", "td", "title", "desc")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.sections: list[Section] = [Section(("",))]
        self.text: str | None = None
        self.title = ""
        main = text[text.index("<main") : text.index("</main>")]
        # Of a picture only its words are read, and of its two shapes one.
        main = re.sub(r'<div class="column">.*?</svg>', "", main, flags=re.DOTALL)
        self.feed(re.sub(r"</desc>.*?</svg>", "</desc></svg>", main, flags=re.DOTALL))

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag in self.KEPT:
            is_trail = ("class", "trail") in attrs
            self.text = None if is_trail else ""
        elif tag == "table":
            self.sections[-1].tables.append(Table("", []))
        elif tag == "tr":
            table = self.sections[-1].tables[-1]
            table.rows.append([])

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.KEPT or self.text is None:
            return
        text, self.text = self.text.strip("\n "), None
        section = self.sections[-1]
        if tag[0] == "h":
            self.sections.append(Section((*section.path[: int(tag[1]) - 1], text)))
        elif tag in ("th", "td"):
            section.tables[-1].rows[-1].append(text)
        elif tag == "caption":
            section.tables[-1].caption = text
        elif tag == "title":
            self.title = text
        elif tag == "desc":
            section.figures.append(Figure(self.title, text))
        else:
            (section.bullets if tag == "li" else section.paragraphs).append(text)


def read_page(text: str) -> list[Section]:
    """The sections of a report.html."""
    sections = Page(text).sections
    for table in (table for section in sections for table in section.tables):
        table.headings, *table.rows = table.rows
    return sections


# ---------------------------------------------------------------------------------------------------------
# Facts
# ---------------------------------------------------------------------------------------------------------

# What a fact is about: its control, what it is of (a period, a group), and its name.
About = tuple


@dataclass
class Tally:
    """What a check has come to."""

    comparison: Comparison = field(default_factory=Comparison)
    sentences: int = 0
    keys: Counter = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        """Adds what another process has found."""
        self.sentences += other.sentences
        self.keys += other.keys
        self.comparison.compared += other.comparison.compared
        self.comparison.differing += other.comparison.differing
        self.comparison.first += other.comparison.first


class Voices:
    """Facts of a report with the statement that told each first; another statement must tell the same."""

    def __init__(self, what: str, tally: Tally) -> None:
        self.what = what
        self.tally = tally
        self.told: dict[About, tuple[object, str]] = {}
        self.noted: set[str] = set()

    def say(self, about: About, value: object, statement: str) -> None:
        """Notes a fact; one that was told otherwise before is a contradiction."""
        known = self.told.setdefault(about, (value, statement))
        if known[1] is not statement:
            one, other = f"{known[0]!r}: “{known[1]}”", f"{value!r}: “{statement}”"
            self.expect(about, known[0] == value, one, other)

    def expect(self, about: About, holds: bool, one: object, other: object) -> None:
        """Two statements that must agree."""
        self.tally.comparison.compared += 1
        difference = f"{self.what}, {', '.join(map(str, about))}: {one} and {other}"
        # Body, appendix and page have the same sentences.
        if not holds and difference not in self.noted:
            self.noted.add(difference)
            self.tally.comparison.differ(difference)

    def get(self, *about: object) -> object:
        """What was told of something; `None` when nothing was."""
        return self.told.get(about, (None, ""))[0]

    def by(self, *about: object) -> str:
        """The statement that told it."""
        return f"“{self.told[about][1]}”" if about in self.told else "nothing"

    def unread(self, place: str, text: str) -> None:
        """A text that no template matches."""
        self.tally.comparison.differ(f"{self.what}, unread in {place}: {text}")


class Control:
    """One control's facts in a report."""

    def __init__(self, voices: Voices, results: dict, name: str, as_of: dt.date, published: bool) -> None:
        self.voices, self.results, self.name, self.as_of = voices, results, name, as_of
        self.published = published
        self.id = results["id"]
        self.texts = catalogue()
        self.columns = [grouping["column"] for grouping in results["groupings"]]
        self.groups = [
            [self.group_name(group) for group in grouping["groups"]] for grouping in results["groupings"]
        ]
        # Which pairs of a group and its direction a text names, and how many it only counts, by text.
        self.said_of_groups: dict[tuple[str, str], list] = {}

    def group_name(self, group: dict) -> str:
        """A group's name as a reader sees it."""
        texts = self.texts.texts
        if group["combined"] == 0:
            return group["name"] or texts["report.no-group"]
        if group["combined"] == 1:
            return texts["report.small-group"]
        return texts["report.groups-together"].format(count=group["combined"])

    def say(self, *about_value_statement: object) -> None:
        """Notes a fact of this control: what of, its value, and the statement."""
        *about, value, statement = about_value_statement
        self.voices.say((self.id, *about), value, statement)

    def get(self, *about: object) -> object:
        """What was told of this control."""
        return self.voices.get(self.id, *about)

    def by(self, *about: object) -> str:
        """The statement that told it."""
        return self.voices.by(self.id, *about)

    def expect(self, about: tuple, holds: bool, one: object, other: object) -> None:
        """Two statements on this control that must agree."""
        self.voices.expect((self.id, *about), holds, one, other)

    def say_period(self, text: str, statement: str) -> str:
        """Notes whether a period has ended, as it is named; returns its name."""
        bare, has_ended = self.texts.ended(text)
        period = self.texts.period(bare)
        self.say(period, "has ended", has_ended, statement)
        return period

    def say_count(self, of: object, name: str, cell: str, statement: str) -> None:
        """Notes a count of a cell, or that it is hidden."""
        if cell == self.texts.texts["table.hidden"]:
            self.say(of, name, "is shown", False, statement)
        elif cell != self.texts.texts["table.none"]:
            self.say(of, name, "is shown", True, statement)
            self.say(of, name, as_count(cell), statement)

    def say_told(self, of: object, told: str, statement: str) -> None:
        """Notes what stands where a share is asked for: a share, counts, or why there is none."""
        texts = self.texts.texts
        reasons = {texts[f"table.{name}"]: name for name in ("hidden", "too-early", "incomplete", "none")}
        if told in reasons:
            self.say(of, "no share because", reasons[told], statement)
        elif counts := re.match(rf"({COUNT}) av ({COUNT})", told):
            self.say(of, "deviations", as_count(counts[1]), statement)
            self.say(of, "cases", as_count(counts[2]), statement)
            if texts["table.incomplete"] in told:
                self.say(of, "no share because", "incomplete", statement)
        else:
            self.say(of, "no share because", None, statement)
            self.say(of, "share", told, statement)


# ---------------------------------------------------------------------------------------------------------
# What sentences say
# ---------------------------------------------------------------------------------------------------------

Reader = Callable[[Control, Sentence], None]
READERS: dict[str, Reader] = {}


def reads(*keys: str) -> Callable[[Reader], Reader]:
    """Makes a function the reader of some templates."""

    def register(reader: Reader) -> Reader:
        READERS.update(dict.fromkeys(keys, reader))
        return reader

    return register


def paragraph_keys() -> list[str]:
    """Templates of sentences."""
    texts = catalogue()
    reports = ("sentence", "change", "method-gap", "method-miss", "overdue", "incomplete")
    reports += ("extended", "rolled", "by-day", "without-time", "later", "edge", "without-margin")
    reports += ("outlook-", "lead-")
    reports += ("many-rejected", "summary-lead", "controls-lead")
    families = [f"report.{name}" for name in reports]
    families += ["edges.", "verdict.sentence", "verdict.because", "verdict.power"]
    families += ["trend.target-", "trend.marks", "trend.rare-none", "trend.rare-quiet", "trend.constant"]
    families += ["trend.incomplete", "funnel.summary"]
    keys = [key for key in texts.has_prefix(*families) if key not in NO_SENTENCES and texts.texts[key]]
    said = ("higher-for", "lower-for", "both-for", "none-differ", "none-differ-in")
    return keys + [f"said:funnel.{name}" for name in said]


NO_SENTENCES = (
    "report.change-points",
    "edges.started-since",
    "edges.ended-since",
    "edges.decided-since",
    "report.excluded-lead",
    "report.extensions-honour",
    "report.extensions-ignore",
)
SENTENCES: list[str] = []


def sentence_keys() -> list[str]:
    """The same, found once."""
    if not SENTENCES:
        SENTENCES.extend(paragraph_keys())
    return SENTENCES


def duty_of(sentence: Sentence) -> str:
    """Whether a sentence speaks of cases that are late or that are to be reported."""
    texts = catalogue()
    for name in ("went", "have", "late"):
        if name in sentence.values:
            own = re.fullmatch(texts.wrapped(f"duty.act-{name}", ".+"), sentence.values[name])
            return "act" if own else "report"
    return ""


@reads(
    "report.sentence",
    "report.sentence-short",
    "report.sentence-few-cases",
    "report.sentence-running",
    "report.sentence-incomplete",
    "report.sentence-undetermined",
    "report.sentence-not-due",
)
def read_figure(control: Control, said: Sentence) -> None:
    """How many of how many were late in a period."""
    period = control.texts.period(said.values["period"])
    for name in ("deviations", "cases"):
        control.say(period, name, said.count(name), said.text)
    control.say("duty", duty_of(said), said.text)
    why = said.key.removeprefix("report.sentence").lstrip("-")
    if why in ("", "short"):
        control.say(period, "no share because", None, said.text)
        control.say(period, "share", said.values["share"], said.text)
    if "interval" in said.values:
        control.say(period, "interval", said.values["interval"], said.text)
    if why in ("", "short", "few-cases", "running"):
        control.say(period, "has ended", why != "running", said.text)
    if why in ("incomplete", "undetermined", "not-due"):
        reason = "incomplete" if why == "incomplete" else "too-early"
        control.say(period, "no share because", reason, said.text)
    control.say(period, "told as", why or "short", said.text)


@reads("report.sentence-hidden", "report.sentence-no-cases", "report.sentence-incomplete-none")
def read_no_figure(control: Control, said: Sentence) -> None:
    """A period whose numbers are hidden, or without a case."""
    period = control.texts.period(said.values["period"])
    because, told = {
        "hidden": ("hidden", "hidden"),
        "no-cases": ("none", "no-cases"),
        "incomplete-none": ("incomplete", "incomplete"),
    }[said.key.removeprefix("report.sentence-")]
    control.say(period, "no share because", because, said.text)
    control.say(period, "told as", told, said.text)
    if because != "hidden":
        control.say(period, "cases", 0, said.text)


@reads("report.change", "report.change-without-interval")
def read_change(control: Control, said: Sentence) -> None:
    """The change to the headline."""
    before = control.texts.period(said.values["before"])
    control.say("before headline", before, said.text)
    control.say(before, "share", said.values["share"], said.text)
    control.say("headline", "change", said.values["change"], said.text)
    if "interval" in said.values:
        low, high = said.values["interval"].split(" … ")
        within = value_of(low) <= value_of(said.values["change"]) <= value_of(high)
        control.expect(("change within interval",), within, said.text, "itself")
        control.say("headline", "change interval", said.values["interval"], said.text)


@reads("report.change-other-method")
def read_no_change(control: Control, said: Sentence) -> None:
    """That there is no change from another method."""
    control.say("before headline", control.texts.period(said.values["before"]), said.text)
    control.say("headline", "change", None, said.text)


@reads("report.method-gap", "report.method-gap-published")
def read_gap(control: Control, said: Sentence) -> None:
    """What the other method would have given."""
    period = control.get("headline period")
    control.say("reference method", said.values["reference"], said.text)
    control.say(period, "reference deviations", said.count("deviations"), said.text)
    control.say(period, "reference share", said.values["share"], said.text)
    if "only" in said.values:
        control.say(period, "late only by reference", said.count("only"), said.text)


@reads("report.method-miss")
def read_miss(control: Control, said: Sentence) -> None:
    """What the other method would have missed."""
    control.say("reference method", said.values["reference"], said.text)
    control.say(control.get("headline period"), "late only by law", said.count("only"), said.text)


@reads("report.overdue", "report.overdue-before")
def read_overdue(control: Control, said: Sentence) -> None:
    """How many open cases are past their due date, now and before."""
    control.say("as of", control.texts.date(said.values["as_of"]), said.text)
    control.say(control.as_of, "overdue", said.count("count"), said.text)
    if "before" in said.values:
        control.say(control.texts.date(said.values["day"]), "overdue", said.count("before"), said.text)
        control.say("overdue before on", control.texts.date(said.values["day"]), said.text)


@reads("report.incomplete")
def read_running(control: Control, said: Sentence) -> None:
    """That the last period has not ended."""
    control.say("as of", control.texts.date(said.values["as_of"]), said.text)
    control.say(control.results["periods"][-1]["period"], "has ended", False, said.text)


@reads("report.by-day", "report.without-time", "report.later", "report.extended", "report.without-margin")
def read_number(control: Control, said: Sentence) -> None:
    """A number of cases that results.json has too."""
    name = said.key.removeprefix("report.").replace("by-day", "judged-by-day").replace("-", "_")
    if name == "extended":
        control.say(control.get("headline period"), "extended", said.count("count"), said.text)
    else:
        control.say(name, said.count("count"), said.text)


@reads("report.rolled")
def read_rolled(control: Control, said: Sentence) -> None:
    """Deviations that would have been in time at a later due date."""
    control.say(control.get("headline period"), "moved by rolling", said.count("count"), said.text)


@reads("report.outlook-cases")
def read_outlook(control: Control, said: Sentence) -> None:
    """Which open cases are in the outlook."""
    names = ("all", "open", "late", "later")
    counts = dict(zip(names, map(said.count, names), strict=True))
    total = counts["open"] + counts["late"] + counts["later"]
    control.expect(("open cases of outlook",), counts["all"] == total, said.text, "itself")
    control.say(control.as_of, "open", counts["all"], said.text)
    control.say("outlook", said.count("days"), "open", counts["open"], said.text)
    control.say("outlook", "late already", counts["late"], said.text)


@reads("report.outlook-trials")
def read_trials(control: Control, said: Sentence) -> None:
    """How often forecasts held."""
    inside, trials, days = said.count("inside"), said.count("trials"), said.count("days")
    control.say("outlook", days, "held", (inside, trials), said.text)
    share = f"{math.floor(Fraction(100 * inside, trials) + Fraction(1, 2))}{SPACE}%"
    control.expect(("share of trials",), share == said.values["share"], said.text, share)


@reads("report.outlook-untried")
def read_untried(control: Control, said: Sentence) -> None:
    """That no forecast could be tried."""
    farthest = max(ahead["days"] for ahead in control.results["outlook"]["ahead"])
    control.say("outlook", farthest, "held", None, said.text)


@reads("report.outlook-shocks")
def read_shocks(control: Control, said: Sentence) -> None:
    """How many months were left out."""
    control.say("outlook", "left out", control.texts.number(said.values["n"]), said.text)


@reads("edges.recognised", "edges.stated")
def read_edges(control: Control, said: Sentence) -> None:
    """How the cases of the export were chosen."""
    texts = control.texts
    for kind in ("started-since", "ended-since", "decided-since"):
        if re.fullmatch(texts.wrapped(f"edges.{kind}", ".+"), said.values["chosen"]):
            control.say("cases of export", kind, said.text)
    control.say("edges are stated", said.key == "edges.stated", said.text)
    day = re.search(texts.kinds["date"], said.values["chosen"])
    month = re.search(texts.periods["month"], said.values["chosen"])[0]
    control.say("edge", "month", texts.period(month), said.text)
    if day:
        control.say("edge", "day", texts.date(day[0]), said.text)


@reads("edges.no-open")
def read_no_open(control: Control, said: Sentence) -> None:
    """That open cases are not shown."""
    control.say("cases of export", "decided-since", said.text)


@reads("edges.incomplete", "edges.incomplete-one")
def read_incomplete(control: Control, said: Sentence) -> None:
    """Which periods are incomplete."""
    periods = [period["period"] for period in control.results["periods"]]
    named = set()
    for run in said.values["periods"].split(", "):
        ends = [control.texts.period(end) for end in run.split(" – ")]
        if not set(ends) <= set(periods):
            control.voices.unread("incomplete periods", said.text)
            return
        named.update(periods[periods.index(ends[0]) : periods.index(ends[-1]) + 1])
    control.say("incomplete periods", tuple(sorted(named)), said.text)
    for period in named:
        if control.get(period, "is shown to have cases") is not False:
            control.say(period, "is incomplete", True, said.text)


@reads("verdict.sentence-worse", "verdict.sentence-better")
def read_changed(control: Control, said: Sentence) -> None:
    """That the share has changed, and from what."""
    control.say("verdict", said.key.rsplit("-", 1)[1], said.text)
    control.say("verdict months", control.texts.number(said.values["months"]), said.text)
    for name in ("deviations", "cases"):
        control.say("verdict", name, said.count(name), said.text)
    for name in ("share", "before"):
        control.say("verdict", name, said.values[name], said.text)
    span = re.fullmatch(control.texts.wrapped("trend.between", "(.+)"), said.values["span"])
    ends = span.groups() if span else (said.values["span"],) * 2
    control.say("verdict span", tuple(map(control.texts.period, ends)), said.text)
    control.say("duty", duty_of(said), said.text)


@reads("verdict.sentence-unchanged")
def read_unchanged(control: Control, said: Sentence) -> None:
    """That the share has not changed for sure."""
    control.say("verdict", "unchanged", said.text)
    control.say("verdict months", control.texts.number(said.values["months"]), said.text)
    for name in ("share", "before"):
        control.say("verdict", name, said.values[name], said.text)


@reads("trend.constant")
def read_constant(control: Control, said: Sentence) -> None:
    """That the share has always been the same."""
    control.say("verdict", "unchanged", said.text)
    control.say("constant share", said.values["share"], said.text)


@reads("verdict.power", "verdict.power-seldom", "verdict.power-hardly")
def read_power(control: Control, said: Sentence) -> None:
    """How often a doubling would be found."""
    control.say("verdict", "unchanged", said.text)
    control.say("power", "months", control.texts.number(said.values["months"]), said.text)
    control.say("power", "mean", said.values["mean"], said.text)
    tenths = {"verdict.power": ">= 8", "verdict.power-hardly": 0}.get(said.key)
    tenths = control.texts.number(said.values["tenths"]) if tenths is None else tenths
    control.say("power", "tenths", tenths, said.text)


@reads(
    "verdict.because-hidden",
    "verdict.because-too-short",
    "verdict.because-too-short-after-step",
    "verdict.because-too-few",
    "verdict.because-too-few-in-time",
)
def read_unknown(control: Control, said: Sentence) -> None:
    """Why there is no verdict."""
    because = said.key.removeprefix("verdict.because-")
    control.say("verdict", "unknown", said.text)
    because = because.removesuffix("-after-step").removesuffix("-in-time")
    control.say("unknown because", because, said.text)
    if because == "too-short":
        control.say("counted months", said.values["count"], said.text)
    if because != "hidden":
        control.voices.say((because, "fewest"), said.values["fewest"], said.text)


@reads("trend.target-never", "trend.target-sometimes", "trend.target-always")
def read_target(control: Control, said: Sentence) -> None:
    """How often the target was met."""
    periods = said.count("periods")
    met = {"trend.target-never": 0, "trend.target-always": periods}.get(said.key)
    met = said.count("met") if met is None else met
    if said.key.endswith("sometimes"):
        control.expect(("met at times",), 0 < met < periods, said.text, "itself")
    control.say("target", "share", said.values["target"], said.text)
    control.say("target", "met", met, said.text)
    control.say("target", "periods", periods, said.text)


@reads("trend.target-chance")
def read_chance(control: Control, said: Sentence) -> None:
    """The chance to meet the target."""
    control.say("target", "present share", said.values["share"], said.text)
    control.say("target", "chance", said.values["chance"], said.text)
    control.say("target", "cases", said.count("cases"), said.text)


@reads("trend.target-now-none")
def read_none_now(control: Control, said: Sentence) -> None:
    """That the last year has no deviation."""
    control.say("target", "present share", f"0,0{SPACE}%", said.text)


@reads("trend.incomplete")
def read_last_point(control: Control, said: Sentence) -> None:
    """That the last point does not count."""
    period = control.texts.period(said.values["period"])
    control.say(period, "counts", False, said.text)


@reads("trend.rare-none", "trend.rare-quiet")
def read_rare(control: Control, said: Sentence) -> None:
    """That nothing is marked where deviations are few."""
    if said.key == "trend.rare-none":
        control.say("marks", (), said.text)


MARKS = ("rare-many", "rare-doubling", "rare-halving", "outside", "outside-several", "two-of-three")
STRETCHES = ("above", "below", "rising", "falling")


@reads("trend.marks")
def read_marks(control: Control, said: Sentence) -> None:
    """What the trend chart marks."""
    keys = [f"trend.{name}" for name in (*MARKS, *STRETCHES)]
    for text in said.values["marks"].split("; "):
        mark = control.texts.read_one(keys, text)
        if mark is None:
            control.voices.unread("marks", text)
        else:
            read_mark(control, Sentence(mark.key, mark.values, said.text))


def read_mark(control: Control, mark: Sentence) -> None:
    """A mark: of a period, or of several."""
    signals = {
        "trend.rare-many": "many",
        "trend.rare-doubling": "doubling",
        "trend.rare-halving": "halving",
        "trend.outside": "outside",
        "trend.outside-several": "outside",
        "trend.two-of-three": "two-of-three",
    }
    if mark.key not in signals:
        when = re.findall(control.texts.kinds["period"], mark.values["when"])
        for period in map(control.texts.period, when[:1]):
            control.say(period, "is in trend", True, mark.text)
        return
    period = control.texts.period(mark.values["period"])
    control.say(period, "marked", signals[mark.key], True, mark.text)
    if "share" in mark.values:
        control.say_told(period, mark.values["share"], mark.text)
    if "limits" in mark.values:
        control.say(period, "limits", mark.values["limits"], mark.text)
    if mark.key == "trend.rare-many":
        control.say(period, "deviations", mark.count("count"), mark.text)


def group_keys() -> list[str]:
    """Templates of what is said of groups."""
    names = ("both-for", "higher-for", "lower-for", "none-differ", "none-differ-in")
    return [f"funnel.{name}" for name in names]


@reads("funnel.summary")
def read_groups(control: Control, said: Sentence) -> None:
    """Which groups differ, in the body."""
    read_group_parts(control, said.values["column"], "sentence", said.values["said"].split("; "), said.text)


def read_group_parts(control: Control, column: str, where: str, parts: list[str], text: str) -> None:
    """Which groups of a column differ, part by part."""
    for part in parts:
        said = control.texts.read_one(group_keys(), part)
        if said is None:
            control.voices.unread("groups", part)
        else:
            read_group_part(control, column, where, said, text)


def read_group_part(control: Control, column: str, where: str, said: Sentence, text: str) -> None:
    """Groups that are called higher or lower in a window, or that none is."""
    told = control.said_of_groups.setdefault((column, where), [])
    if said.key.startswith("funnel.none"):
        told.append(("none", None, None, text))
        for name in ("short", "long"):
            if name in said.values:
                control.say((column, "windows"), name, said.values[name], text)
        return
    window = said.values["period"]
    for name, direction in (("high", "higher"), ("low", "lower")):
        if listed := said.values.get(name):
            part = (direction, window, listed_names(control, column, listed), text)
            # Body and appendix have the same sentence.
            if part not in told:
                told.append(part)


def listed_names(control: Control, column: str, listed: str) -> list[str] | int | None:
    """The names of a list, or how many groups are meant."""
    if many := re.fullmatch(control.texts.wrapped("funnel.many", f"({COUNT})"), listed):
        return as_count(many[1])
    known = {name.casefold(): name for name in control.groups[control.columns.index(column)]}
    one = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
    if not re.fullmatch(rf"(?i:(?:{one})(?:, (?:{one}))*(?: och (?:{one}))?)", listed):
        control.voices.unread("names of groups", listed)
        return None
    return [known[name.casefold()] for name in re.findall(rf"(?i:{one})", listed)]


# What is read for its words alone: it holds no fact that another statement could contradict.
for _key in (
    "report.edge",
    "edges.correct",
    "report.summary-lead",
    "report.controls-lead",
    *(key for key in catalogue().texts if key.startswith("report.lead-")),
):
    READERS[_key] = lambda control, said: None


# ---------------------------------------------------------------------------------------------------------
# What charts say
# ---------------------------------------------------------------------------------------------------------


@reads("chart.share-title", "chart.share-title-none")
def read_share_title(control: Control, said: Sentence) -> None:
    """The headline above the chart of shares."""
    period = control.say_period(said.values["period"], said.text)
    control.say("headline period", period, said.text)
    if "share" in said.values:
        control.say_told(period, said.values["share"], said.text)
        control.say("headline", "told", said.values["share"], said.text)


@reads(
    "chart.methods-title",
    "chart.methods-title-less",
    "chart.methods-title-same",
    "chart.methods-title-none",
)
def read_methods_title(control: Control, said: Sentence) -> None:
    """The gap between the methods in the headline's period."""
    period = control.say_period(said.values["period"], said.text)
    control.say("headline period", period, said.text)
    sign = {"chart.methods-title": 1, "chart.methods-title-less": -1, "chart.methods-title-same": 0}
    gap = said.values.get("gap", "")
    told = (sign[said.key], gap) if said.key in sign else None
    if "reference" in said.values:
        control.say("reference method", said.values["reference"], said.text)
    control.say("headline", "gap", told, said.text)


@reads(
    "chart.trend-title",
    "chart.trend-title-unchanged",
    "chart.trend-title-constant",
    "chart.trend-title-worse",
    "chart.trend-title-better",
    "chart.trend-title-hidden",
)
def read_trend_title(control: Control, said: Sentence) -> None:
    """The verdict above the trend, with a share."""
    kind = said.key.removeprefix("chart.trend-title").lstrip("-")
    if kind == "hidden":
        return
    verdict = {"": "unknown", "constant": "unchanged"}.get(kind, kind)
    control.say("verdict", verdict, said.text)
    if "late" in said.values:
        control.say("duty", duty_of(said), said.text)
    if kind in ("worse", "better"):
        control.say("verdict months", control.texts.number(said.values["months"]), said.text)
        control.say("verdict", "share", said.values["share"], said.text)
    elif kind == "constant":
        control.say("constant share", said.values["share"], said.text)
    else:
        period = control.say_period(said.values["period"], said.text)
        control.say_told(period, said.values["share"], said.text)
        control.say("last point of title", period, said.text)


@reads("chart.backlog-title", "chart.backlog-title-in-time", "chart.backlog-title-none")
def read_backlog_title(control: Control, said: Sentence) -> None:
    """Open cases now."""
    is_none = said.key.endswith("none")
    control.say(control.as_of, "open", 0 if is_none else said.count("open"), said.text)
    overdue = said.count("overdue") if "overdue" in said.values else 0
    control.say(control.as_of, "overdue", overdue, said.text)


@reads("chart.outlook-title")
def read_outlook_title(control: Control, said: Sentence) -> None:
    """What is expected within some days."""
    days = said.count("days")
    control.expect(("outlook", days), bool(control.get("outlook", days, "exact")), said.text, "no such days")
    control.say("outlook", days, "open", said.count("open"), said.text)
    control.say("outlook", days, "expected", said.values["expected"], said.text)
    control.say("outlook", days, "interval", said.values["interval"], said.text)


@reads("chart.close-title", "chart.close-title-open")
def read_close_title(control: Control, said: Sentence) -> None:
    """The time to close of the latest cases."""
    for name in ("half", "open"):
        if name in said.values:
            control.say("latest curve", name, said.values[name], said.text)


@reads("chart.spread-title", "chart.spread-title-same", "chart.spread-title-now")
def read_spread_title(control: Control, said: Sentence) -> None:
    """The median of the last period and of a year before."""
    texts = control.texts
    period = texts.period(said.values["period"])
    control.say(period, "median", signed_margin(said.values["now"]), said.text)
    control.say("last spread", period, said.text)
    a_year_before = f"{int(period[:4]) - 1}{period[4:]}"
    if "then" in said.values or said.key.endswith("same"):
        then = signed_margin(said.values.get("then", said.values["now"]))
        control.say(a_year_before, "median", then, said.text)


def signed_margin(text: str) -> int:
    """A margin in words as a number: below zero before the due date."""
    texts = catalogue()
    for unit in ("days", "hours"):
        for when, sign in (("before", -1), ("after", 1)):
            if found := re.fullmatch(texts.wrapped(f"margin.{when}-{unit}", r"(\d+) \w+"), text):
                return sign * int(found[1])
    return 0


@reads(
    "chart.margins-title",
    "chart.margins-title-day",
    "chart.margins-title-hours",
    "chart.margins-title-none",
)
def read_other_title(control: Control, said: Sentence) -> None:
    """Titles of what no other statement speaks of."""


@reads("chart.share-desc")
def read_share_points(control: Control, said: Sentence) -> None:
    """The share of every period."""
    for point in points_of(control, "chart.point", said):
        period = control.say_period(point.values["period"], said.text)
        control.say_told(period, point.values["share"], said.text)


def points_of(control: Control, key: str, said: Sentence) -> Iterator[Sentence]:
    """The points of a description."""
    for text in filter(None, said.values["points"].removesuffix(".").split("; ")):
        point = control.texts.read(key, text)
        if point is None:
            control.voices.unread("points", text)
        else:
            yield point


@reads("chart.methods-desc")
def read_methods_points(control: Control, said: Sentence) -> None:
    """Both shares of every period."""
    control.say("reference method", said.values["reference"], said.text)
    for point in points_of(control, "chart.methods-point", said):
        period = control.say_period(point.values["period"], said.text)
        control.say(period, "lawful share", point.values["share"], said.text)
        control.say(period, "reference share", point.values["reference"], said.text)


@reads("chart.margins-desc")
def read_margins(control: Control, said: Sentence) -> None:
    """The cases of the last period by their margin: all together."""
    total = sum(said.count(name) for name in ("early", "only", "late"))
    control.say("cases with margins", total, said.text)


@reads("chart.spread-desc")
def read_medians(control: Control, said: Sentence) -> None:
    """The median of every period."""
    for text in said.values["points"].removesuffix(".").split("; "):
        period, _, median = text.rpartition(": ")
        control.say(control.texts.period(period), "median", round(value_of(median)), said.text)


@reads("chart.close-desc")
def read_curves(control: Control, said: Sentence) -> None:
    """Curves of time to close, the latest first."""
    pattern = control.texts.pattern("chart.close-told")
    first = pattern.match(said.values["points"])
    if first is None or pattern.sub("", said.values["points"]).strip():
        control.voices.unread("curves", said.text)
        return
    for name in ("half", "open"):
        if first[name] != control.texts.texts["table.none"]:
            control.say("latest curve", name, first[name], said.text)


@reads("chart.backlog-desc")
def read_backlog_points(control: Control, said: Sentence) -> None:
    """Open cases at the end of every month."""
    for text in said.values["points"].removesuffix(".").split("; "):
        found = re.fullmatch(rf"(.+): ({COUNT}) \(({COUNT})\)", text)
        if found is None:
            control.voices.unread("points", text)
            continue
        day = min(last_day(control.texts.period(found[1])), control.as_of)
        control.say(day, "open", as_count(found[2]), said.text)
        control.say(day, "overdue", as_count(found[3]), said.text)


@reads("chart.outlook-desc")
def read_forecasts(control: Control, said: Sentence) -> None:
    """Earlier forecasts and the present one, which is the last."""
    date = control.texts.kinds["date"]
    point = rf"({date}) ({NUMBER}) \(({COUNT}–{COUNT})\)(?:: ({COUNT}))?"
    found = [re.fullmatch(point, text) for text in said.values["points"].removesuffix(".").split("; ")]
    if None in found:
        control.voices.unread("points", said.text)
    elif last := found[-1]:
        control.say("as of", control.texts.date(last[1]), said.text)
        control.say("outlook", "title", (last[2], last[3]), said.text)


@reads("chart.slack-desc")
def read_slack(control: Control, said: Sentence) -> None:
    """Cases whose verdict the methods differ on, by month of the start."""
    days: list[int] = []
    for number, text in enumerate(said.values["months"].removesuffix(".").split("; "), 1):
        month = control.texts.read("chart.slack-month", text)
        if month is None:
            control.voices.unread("months", text)
            continue
        days += [int(day.replace(MINUS, "-")) for day in re.findall(rf"{MINUS}?\d+", month.values["days"])]
        if month.values["share"].endswith("%"):
            control.say("start month", number, "changed share", month.values["share"], said.text)
    if days:
        control.say("slack", (min(days), max(days)), said.text)


@reads("chart.slack-title", "chart.slack-title-both")
def read_slack_title(control: Control, said: Sentence) -> None:
    """How much the methods lie apart."""
    control.say("reference method", said.values["reference"], said.text)
    if "range" in said.values:
        found = re.findall(rf"{MINUS}?\d+", said.values["range"])
        days = [int(day.replace(MINUS, "-")) for day in found]
    else:
        days = [-said.count("shorter"), said.count("longer")]
    control.say("slack", (days[0], days[-1]), said.text)


@reads("chart.funnel-desc")
def read_funnel(control: Control, said: Sentence) -> None:
    """Groups in the window that the chart shows."""
    column = control.get("column of figure")
    drawn = next((w for w in control.results["groupings"][column]["windows"] if w["drawn"]), None)
    rows = {}
    for group in control.results["groupings"][column]["groups"]:
        row = next((row for row in group["funnel"] or [] if drawn and row["from"] == drawn["from"]), None)
        if row and row["cases"]:
            share = written_share(Fraction(row["deviations"], row["cases"]))
            rows[control.group_name(group)] = (share, row["cases"])
    told = {}
    for text in said.values["points"].removesuffix(".").split("; "):
        found = re.fullmatch(rf"(.+): ({SHARE}) \(({COUNT})\)", text)
        if found is None:
            control.voices.unread("points", text)
        else:
            told[found[1]] = (found[2], as_count(found[3]))
    control.expect(("funnel", control.columns[column]), told == rows, said.text, rows)


TITLES = (
    "share",
    "methods",
    "trend",
    "backlog",
    "outlook",
    "close",
    "spread",
    "margins",
    "slack",
)


def title_keys() -> list[str]:
    """Templates of titles of charts."""
    return catalogue().has_prefix(*(f"chart.{name}-title" for name in TITLES))


def desc_keys() -> list[str]:
    """Templates of descriptions."""
    return [f"chart.{name}-desc" for name in (*TITLES, "funnel") if f"chart.{name}-desc" in catalogue().texts]


# ---------------------------------------------------------------------------------------------------------
# What tables say
# ---------------------------------------------------------------------------------------------------------


class Rows:
    """Tables of a control, by what they are about."""

    def __init__(self, control: Control) -> None:
        self.control = control
        self.texts = control.texts.texts

    def heading(self, name: str) -> str:
        """A heading."""
        return self.texts[f"table.{name}"]

    def statement(self, table: Table, row: dict[str, str]) -> str:
        """A row as a statement."""
        return f"{table.caption} | {' | '.join(row.values())}"

    def period(self, cell: str, statement: str) -> str:
        """The period of a cell, which may have a note on an earlier report."""
        cell = re.sub(rf" \({re.escape(self.texts['table.reported'])}, .*\)$", "", cell)
        return self.control.say_period(cell, statement)

    def figure(self, of: object, row: dict[str, str], said: str, told: bool = True) -> None:
        """Cases, deviations, share and interval of a row."""
        for name in ("cases", "deviations"):
            self.control.say_count(of, name, row[self.heading(name)], said)
        if told:
            self.control.say_told(of, row[self.heading("share")], said)
        interval = row.get(self.heading("interval"), "–")
        if interval != "–":
            self.control.say(of, "interval", interval, said)

    def read(self, table: Table) -> bool:
        """Reads a table of the appendix; whether it is known."""
        about = table.caption.removeprefix(f"{self.control.name}: ")
        readers = {
            self.texts["report.periods"].lower(): self.periods,
            self.texts["report.comparison"].lower(): self.comparison,
            self.texts["report.method-changes"]: self.method_changes,
            self.texts["report.trend"]: self.trend,
            self.texts["report.backlog"]: self.backlog,
            self.texts["report.outlook"]: self.outlook,
            self.texts["report.margins-days"]: self.margins,
            self.texts["report.margins-hours"]: self.margins,
            self.texts["report.close-days"]: self.time_to_close,
            self.texts["report.close-hours"]: self.time_to_close,
            self.texts["report.conventions-table"]: self.conventions,
            self.texts["report.case-list"]: self.case_list,
            self.texts["report.start-months"].lower(): self.start_months,
        }
        reader = readers.get(about) or self.of_groups(about)
        if reader is None:
            return False
        for row in table.by_heading():
            reader(row, self.statement(table, row))
        return True

    def of_groups(self, about: str) -> Callable[[dict[str, str], str], None] | None:
        """The reader of a table of groups, by one column or by two."""
        names, _, period = about.rpartition(", ")
        if names in self.control.columns:
            of = self.control.say_period(period, about)
            self.control.say("headline period", of, about)
            return lambda row, said: self.group(names, of, row, said)
        columns = self.control.columns
        if len(columns) == 2 and names == self.texts["report.cross"].split(",")[0].format(
            group=columns[0], subgroup=columns[1]
        ):
            of = self.control.say_period(period, about)
            return lambda row, said: self.cross(row, said)
        return None

    def summary(self, row: dict[str, str], said: str) -> None:
        """A control in the table of all."""
        period = self.period(row[self.heading("period")], said)
        self.control.say("headline period", period, said)
        self.figure(period, row, said)
        self.control.say("headline", "told", row[self.heading("share")], said)
        self.verdict(row[self.heading("verdict")], said)
        if (overdue := row.get(self.heading("open_overdue"), "–")) != "–":
            self.control.say(self.control.as_of, "overdue", as_count(overdue), said)

    def verdict(self, words: str, said: str) -> None:
        """The verdict in a few words."""
        for answer in ("worse", "better", "unchanged", "unknown"):
            if words == self.texts[f"verdict.{answer}"]:
                self.control.say("verdict", answer, said)
        if words == "–":
            self.control.say("has trend", False, said)

    def periods(self, row: dict[str, str], said: str) -> None:
        """A period of the control."""
        period = self.period(row[self.heading("period")], said)
        self.control.say(period, "is in periods", True, said)
        self.figure(period, row, said)
        if (change := row[self.heading("change")]) != "–":
            self.control.say(period, "change", change.removesuffix(" pe"), said)
        self.reference(period, row[self.heading("reference")], said)
        if (overdue := row.get(self.heading("open_overdue"), "–")) != "–":
            self.control.say(min(last_day(period), self.control.as_of), "overdue", as_count(overdue), said)
        for name in ("extended", "rolled"):
            if (count := row.get(self.heading(name), "–")) != "–":
                self.control.say(period, name, as_count(count), said)

    def reference(self, period: str, cell: str, said: str) -> None:
        """The share by the other method."""
        texts = self.texts
        reasons = {texts[f"table.{name}"]: name for name in ("too-early", "incomplete")}
        share = cell.split(" (")[0]
        if share in reasons:
            self.control.say(period, "no share because", reasons[share], said)
        elif share.endswith("%"):
            self.control.say(period, "reference share", share, said)
            self.control.say("reference method", cell.removeprefix(f"{share} (").removesuffix(")"), said)

    def comparison(self, row: dict[str, str], said: str) -> None:
        """The four groups of verdicts of a period."""
        period = self.period(row[self.heading("period")], said)
        cells, control = list(row.values()), self.control
        cases, both_in_time, by_reference, by_law, both_late = map(as_count, cells[1:6])
        control.say("reference method", list(row)[7], " | ".join(row))
        control.say(period, "cases", cases, said)
        control.say(period, "deviations", by_law + both_late, said)
        control.say(period, "reference deviations", by_reference + both_late, said)
        control.say(period, "late only by reference", by_reference, said)
        control.say(period, "late only by law", by_law, said)
        total = both_in_time + by_reference + by_law + both_late
        control.expect((period, "four groups"), total == cases, said, "itself")
        control.say_told(period, cells[6], said)
        if cells[7].endswith("%"):
            control.say(period, "reference share", cells[7], said)

    def method_changes(self, row: dict[str, str], said: str) -> None:
        """A change and its parts."""
        cells = list(row.values())
        period = self.control.texts.period(cells[0])
        share, before = re.fullmatch(r"(.+?) \((.+)\)", cells[1]).groups()
        before = self.control.texts.period(before)
        control = self.control
        if control.get(before, "cases") and control.get(before, "reference deviations") is not None:
            control.say(before, "reference share", share, said)
        control.say(period, "lawful share", cells[2], said)
        changes = {(each["before"], each["period"]): each for each in control.results["method_change"]}
        change = changes.get((before, period))
        if change is None:
            control.voices.unread("changes of methods", said)
            return
        whole = change["to_share"] - change["from_share"]
        control.expect(
            (period, "parts"), abs(whole - change["by_cases"] - change["by_method"]) < 1e-9, said, change
        )
        numbers = (change["from_share"], change["to_share"], whole, change["by_cases"], change["by_method"])
        written = (share, cells[2], *(cell.removesuffix(" pe") for cell in cells[3:6]))
        for text, number in zip(written, numbers, strict=True):
            control.expect((period, "change of method"), is_rounded(text, number * 100), said, number * 100)

    def trend(self, row: dict[str, str], said: str) -> None:
        """A point of the trend."""
        period = self.period(row[self.heading("period")], said)
        control = self.control
        control.say(period, "is in trend", True, said)
        self.figure(period, row, said)
        limits = row.get(self.heading("limits"), "–")
        if limits != "–":
            control.say(period, "limits", limits, said)
        marked = row[self.heading("signals")].split(", ")
        for name in ("outside", "many", "doubling", "halving", "two-of-three"):
            control.say(period, "marked", name, self.texts[f"signal.{name}"] in marked, said)

    def backlog(self, row: dict[str, str], said: str) -> None:
        """Open cases at the end of a month."""
        month = self.control.texts.period(row[self.heading("month")])
        day = min(last_day(month), self.control.as_of)
        for name, key in (("open", "open"), ("open_overdue", "overdue")):
            self.control.say(day, key, as_count(row[self.heading(name)]), said)

    def outlook(self, row: dict[str, str], said: str) -> None:
        """What is expected within some days, or in a month."""
        control = self.control
        within = re.fullmatch(
            control.texts.wrapped("table.within-days", f"({COUNT})"), row[self.heading("due-in")]
        )
        low, high = map(as_count, row[self.heading("interval90")].split("–"))
        number = value_of(row[self.heading("expected")])
        opened = as_count(row[self.heading("open")])
        control.expect(("outlook", "interval"), low <= high <= opened, said, "itself")
        control.expect(("outlook", "expected"), low - 0.5 <= number <= high + 0.5, said, "itself")
        share = value_of(row[self.heading("chance")]) / 100
        control.expect(
            ("outlook", "chance"), abs(share * opened - number) <= 0.51 + 0.0006 * opened, said, "itself"
        )
        if within:
            days = as_count(within[1])
            control.say("outlook", days, "open", opened, said)
            control.say("outlook", days, "expected", row[self.heading("expected")], said)
            control.say("outlook", days, "interval", row[self.heading("interval90")], said)
            held = row[self.heading("held")]
            counts = tuple(map(as_count, held.split(" av "))) if held != "–" else None
            control.say("outlook", days, "held", counts, said)
            chance, expected = control.get("outlook", days, "exact") or (None, None)
            is_same = chance is not None and is_rounded(row[self.heading("chance")], chance * 100)
            control.expect(("outlook", days, "chance"), is_same, said, chance)
            is_same = expected is not None and abs(number - expected) <= (0.5001 if number >= 10 else 0.0501)
            control.expect(("outlook", days, "expected"), is_same, said, expected)

    def margins(self, row: dict[str, str], said: str) -> None:
        """When cases of a period were closed."""
        period = self.control.texts.period(row[self.heading("closed-in")])
        quantiles = [row[self.heading(name)] for name in ("p10", "p25", "p50", "p75", "p90")]
        numbers = [round(value_of(quantile)) for quantile in quantiles]
        self.control.expect((period, "quantiles"), numbers == sorted(numbers), said, "itself")
        self.control.say(period, "median", numbers[2], said)
        self.control.say(period, "margins", tuple(numbers), said)
        self.control.say(period, "cases of margins", as_count(row[self.heading("cases")]), said)

    def time_to_close(self, row: dict[str, str], said: str) -> None:
        """Time to close of a period of starts."""
        cases, opened = (as_count(row[self.heading(name)]) for name in ("cases", "open"))
        of = ("started in", self.control.texts.period(row[self.heading("started-in")]))
        self.control.expect((of,), opened <= cases, said, "itself")
        self.control.say(of, "cases", cases, said)
        self.control.say(of, "open", opened, said)
        for name, heading in (("half_closed_at", "half-closed"), ("ninety_closed_at", "most-closed")):
            cell = row[self.heading(heading)]
            margin = None if cell == self.texts["table.none"] else round(value_of(cell))
            self.control.say(of, name, margin, said)
        share, exact = row[self.heading("open-after-due")], self.control.get(of, "open after due")
        is_same = is_rounded(share, exact * 100) if exact is not None and share != "–" else share == "–"
        self.control.expect((of, "open after due"), is_same, said, exact)

    def conventions(self, row: dict[str, str], said: str) -> None:
        """A cohort in the headline's period: that of the control is what its headline says."""
        own = self.texts[f"cohort.{self.control.results['cohort']}"]
        period = self.period(row[self.heading("period")], said)
        self.control.say("headline period", period, said)
        cohort = row[self.heading("cohort")]
        is_own = cohort.lower() == own.lower()
        of: object = period if is_own else (period, cohort)
        self.figure(of, row, said, told=False)
        share = row[self.heading("share")]
        if share.endswith("%") or share == self.texts["table.incomplete"]:
            self.control.say_told(of, share, said)
        self.control.say(of, "undetermined", as_count(row[self.heading("undetermined")]), said)
        cohorts = {self.texts[f"cohort.{name}"]: name for name in ("closed", "due", "started")}
        named = cohorts[cohort[0].lower() + cohort[1:]]
        found = [
            each
            for each in self.control.results["conventions"]
            if (each["period"], each["cohort"]) == (period, named)
        ]
        self.convention(found[0] if found else {}, row, said)

    def convention(self, exact: dict, row: dict[str, str], said: str) -> None:
        """A cohort, as results.json has it."""
        for name in ("cases", "deviations", "undetermined"):
            is_same = exact.get(name) == as_count(row[self.heading(name)])
            self.control.expect(("conventions", name), is_same, said, exact)
        for name in ("share", "lowest", "highest"):
            share = row[self.heading(name)]
            if share.endswith("%") and exact.get(name) is not None:
                is_same = is_rounded(share, exact[name] * 100)
                self.control.expect(("conventions", name), is_same, said, exact)

    def case_list(self, row: dict[str, str], said: str) -> None:
        """How the cases of a cohort add up."""
        names = ("in-periods", "later-periods", "no-period", "all-cases")
        *parts, total = (as_count(row[self.heading(name)]) for name in names)
        self.control.expect(("case list",), sum(parts) == total, said, "itself")
        self.control.say("all cases", total, said)

    def start_months(self, row: dict[str, str], said: str) -> None:
        """The four groups of verdicts by the month of the start."""
        cells = list(row.values())
        number = self.control.texts.months.index(cells[0].lower()) + 1
        cases, *groups = map(as_count, cells[1:6])
        of = ("start month", number)
        self.control.expect((of,), sum(groups) == cases, said, "itself")
        by_law, by_reference = groups[2] + groups[3], groups[1] + groups[3]
        for name, count in (("cases", cases), ("deviations", by_law), ("reference_deviations", by_reference)):
            self.control.say(of, name, count, said)
        if cases:
            for cell, count in ((cells[6], by_law), (cells[7], by_reference)):
                written = written_share(Fraction(count, cases))
                self.control.expect((of, "share"), cell == written, said, written)
            share = written_share(Fraction(groups[1] + groups[2], cases))
            self.control.say("start month", number, "changed share", share, said)

    def group(self, column: str, period: str, row: dict[str, str], said: str) -> None:
        """A group in the headline's period."""
        control = self.control
        name = row[column]
        of = (column, name, period)
        self.figure(of, row, said)
        if (overdue := row.get(self.heading("open_overdue"), "–")) != "–":
            control.say((column, name), "overdue", as_count(overdue), said)
        if (change := row[self.heading("change")]) != "–":
            control.say(of, "change", change.removesuffix(" pe"), said)
        cell = row[self.heading("funnel")]
        windows = self.differing(cell)
        if windows is None:
            control.voices.unread("table of groups", said)
        else:
            control.say((column, name), "differs", windows, said)

    def differing(self, cell: str) -> tuple | None:
        """In which windows a group is called higher or lower; `None` when the cell cannot be read."""
        texts = self.control.texts
        if cell == self.texts["funnel.none"]:
            return ()
        if cell == "–":
            return ("not compared",)
        found = []
        for part in cell.split("; "):
            for direction in ("higher", "lower"):
                if told := re.fullmatch(texts.wrapped(f"funnel.{direction}", "(.+)"), part):
                    windows = re.split(r", | och ", told[1])
                    found += [(window, direction) for window in windows]
        return tuple(sorted(found)) or None

    def cross(self, row: dict[str, str], said: str) -> None:
        """Counts and shares of a group by another column."""
        for cell in list(row.values())[1:]:
            if found := re.fullmatch(rf"(.+) \(({COUNT})/({COUNT})\)", cell):
                share = written_share(Fraction(as_count(found[2]), as_count(found[3])))
                self.control.expect(("two columns",), share == found[1], said, share)


# ---------------------------------------------------------------------------------------------------------
# What results.json says
# ---------------------------------------------------------------------------------------------------------


def say_results(control: Control) -> None:
    """Notes the facts of results.json."""
    results = control.results
    headline = results["headline"]
    control.say("as of", control.as_of, "results.json")
    control.say("headline period", headline["period"], "results.json, headline")
    for name in ("cases", "deviations"):
        say_number(control, headline["period"], name, headline[name], "results.json, headline")
    for period in results["periods"]:
        say_period(control, period["period"], period, f"results.json, periods, {period['period']}")
    edges = results["edges"]
    if edges["cases"] and edges["cases"] != "all":
        control.say("cases of export", edges["cases"], "results.json, edges")
        control.say("edges are stated", edges["stated"], "results.json, edges")
        if edges["since"]:
            control.say("edge", "month", edges["since"][:7], "results.json, edges")
        if len(edges["since"] or "") > 7:
            control.say("edge", "day", dt.date.fromisoformat(edges["since"]), "results.json, edges")
    cut_periods = [p["period"] for p in results["periods"] if p["no_share_because"] == "incomplete"]
    # A period without a case is incomplete too, but has another reason to have no share.
    for period in cut_periods:
        control.say(period, "is incomplete", True, "results.json, no_share_because")
    say_groups(control)
    if results.get("trend"):
        say_trend(control, results["trend"])
    for name in ("later", "judged_by_day", "without_time", "without_margin"):
        if results.get(name):
            control.say(name, results[name], f"results.json, {name}")
    say_closer_look(control)
    for month in results.get("backlog") or []:
        day = min(last_day(month["month"]), control.as_of)
        control.say(day, "open", month["open"], "results.json, backlog")
        control.say(day, "overdue", month["open_overdue"], "results.json, backlog")


def say_closer_look(control: Control) -> None:
    """What results.json has of margins, times to close, forecasts and months of starts."""
    results = control.results
    for margins in results.get("margins") or []:
        said = f"results.json, margins, {margins['period']}"
        control.say(margins["period"], "cases of margins", margins["cases"], said)
        control.say(margins["period"], "margins", tuple(margins["quantiles"].values()), said)
    if survival := results.get("survival"):
        for curve in survival["periods"]:
            of, said = ("started in", curve["period"]), f"results.json, survival, {curve['period']}"
            for name in ("cases", "open", "half_closed_at", "ninety_closed_at"):
                control.say(of, name, curve[name], said)
            control.say(of, "open after due", curve["open_after_due"], said)
    if outlook := results.get("outlook"):
        control.say("outlook", "late already", outlook["late_already"], "results.json, outlook")
        control.say("outlook", "left out", outlook["months_left_out"], "results.json, outlook")
        for ahead in outlook["ahead"]:
            said, days = f"results.json, outlook, {ahead['days']} days", ahead["days"]
            control.say("outlook", days, "open", ahead["open"], said)
            held = (ahead["inside"], len(ahead["trials"])) if ahead["trials"] else None
            control.say("outlook", days, "held", held, said)
            control.say("outlook", days, "exact", (ahead["chance"], ahead["expected"]), said)
            interval = f"{written_count(ahead['low'])}–{written_count(ahead['high'])}"
            control.say("outlook", days, "interval", interval, said)
    for month in results.get("start_months") or []:
        said = f"results.json, start_months, {month['month']}"
        for name in ("cases", "deviations", "reference_deviations"):
            control.say(("start month", month["month"]), name, month[name], said)


def written_count(number: int) -> str:
    """A count with grouped thousands."""
    return f"{number:,}".replace(",", SPACE)


def say_number(control: Control, of: object, name: str, number: int | None, said: str) -> None:
    """A count, or that it is hidden."""
    if number is not None:
        control.say(of, name, number, said)
        control.say(of, name, "is shown", True, said)


def say_period(control: Control, of: object, period: dict, said: str) -> None:
    """A period of a control or of a group."""
    if not isinstance(of, tuple):
        control.say(of, "has ended", period["complete"], said)
    is_counted = period["source"] == "computed"
    for name in ("cases", "deviations"):
        say_number(control, of, name, period[name], said)
    if is_counted:
        reasons = {"undetermined": "too-early", "not-due": "too-early", "no-cases": "none"}
        because = period["no_share_because"]
        control.say(of, "no share because", reasons.get(because, because), said)
    if period["ci95"]:
        control.say(of, "interval of results", tuple(period["ci95"]), said)
    if period.get("reference_deviations") is not None:
        control.say(of, "reference deviations", period["reference_deviations"], said)
    for name, key in (("extended", "extended"), ("rolled", "rolled_deviations")):
        if period[key] is not None and not isinstance(of, tuple):
            control.say(of, name, period[key], said)
    if period["change_pp"] is not None:
        control.say(of, "change of results", period["change_pp"], said)


def say_groups(control: Control) -> None:
    """The groups of results.json: their periods, and where they differ."""
    for column, grouping in zip(control.columns, control.results["groupings"], strict=True):
        if windows := grouping["windows"]:
            for name, window in (("short", windows[0]), ("long", windows[-1])):
                of = window_name(control, window["from"], window["to"])
                control.say((column, "windows"), name, of, f"results.json, {column}, windows")
        for group in grouping["groups"]:
            name = control.group_name(group)
            for period in group["periods"]:
                said = f"results.json, {column}, {name}, {period['period']}"
                say_period(control, (column, name, period["period"]), period, said)
            say_differing(control, column, name, group["funnel"])


def say_differing(control: Control, column: str, name: str, funnel: list[dict] | None) -> None:
    """Where a group differs, by results.json, and that its share lies on that side."""
    differing = []
    for row in funnel or []:
        if row["differs"]:
            window = window_name(control, row["from"], row["to"])
            differing.append((window, row["differs"]))
            above = row["deviations"] > row["expected"]
            said = f"results.json, {column}, {name}, {window}: {row['deviations']} of {row['expected']}"
            is_right = above == (row["differs"] == "higher")
            control.expect((column, name, window), is_right, row["differs"], said)
    statement = f"results.json, {column}, {name}, funnel"
    told = tuple(sorted(differing)) if funnel else ("not compared",)
    control.say((column, name), "differs", told, statement)


def window_name(control: Control, first: str, last: str) -> str:
    """How a window is named: as the headline's period, or from month to month."""
    for period in control.results["periods"]:
        # An export that begins amid a period has only its end.
        if period["from"] <= first and last == period["to"]:
            year, _, rest = period["period"].partition("-")
            letters = {"Q": "kv ", "T": "T", "H": "H"}
            if rest and rest[0] in letters:
                return f"{letters[rest[0]]}{rest[1:]} {year}"
    months = [f"{control.texts.months[int(day[5:7]) - 1]} {day[:4]}" for day in (first, last)]
    return months[0] if months[0] == months[1] else "–".join(months)


def say_trend(control: Control, trend: dict) -> None:
    """The trend of results.json."""
    verdict = trend["verdict"]
    control.say("verdict", verdict["answer"], "results.json, verdict")
    if verdict["unknown_because"]:
        control.say("unknown because", verdict["unknown_because"], "results.json, verdict")
    if verdict["months"] is not None:
        control.say("verdict months", verdict["months"], "results.json, verdict")
    if power := verdict["power"]:
        control.say("power", "months", power["months"], "results.json, power")
        tenths = math.floor(power["chance"] * 10)
        control.say("power", "tenths", ">= 8" if tenths >= 8 else tenths, "results.json, power")
    if target := trend["target"]:
        for name, key in (("met", "met"), ("periods", "periods"), ("cases", "cases_a_period")):
            control.say("target", name, target[key], "results.json, target")
        present = Fraction(target["present_deviations"], target["present_cases"])
        control.say("target", "present share", written_share(present), "results.json, target")
        chance = min(max(near_float(target["chance"]), Fraction(1, 10**6)), 1 - Fraction(1, 10**6))
        control.say("target", "chance", written_share(chance), "results.json, target")
    for point in trend["points"]:
        said = f"results.json, trend, {point['period']}"
        for name in ("cases", "deviations"):
            say_number(control, point["period"], name, point[name], said)
        control.say(point["period"], "counts", point["complete"], said)


# ---------------------------------------------------------------------------------------------------------
# What must follow
# ---------------------------------------------------------------------------------------------------------


def share_of(control: Control, of: object) -> Fraction | None:
    """The share of what was told: of its counts, or as an earlier report printed it."""
    cases, deviations = control.get(of, "cases"), control.get(of, "deviations")
    if cases and deviations is not None:
        return Fraction(deviations, cases)
    share = control.get(of, "share")
    is_printed = share and control.get(of, "is in periods") and cases is None
    return Fraction(str(value_of(share))) / 100 if is_printed else None


def check_shares(control: Control) -> None:
    """Shares are those of their counts, lie in their intervals, and stand only where there can be one."""
    for place, (value, statement) in list(control.voices.told.items()):
        if place[0] != control.id or len(place) != 3 or place[2] != "share" or not str(value).endswith("%"):
            continue
        of = place[1]
        cases, deviations = control.get(of, "cases"), control.get(of, "deviations")
        if cases and deviations is not None and control.get(of, "is printed") is None:
            written = written_share(Fraction(deviations, cases))
            counts = f"{deviations} of {cases} ({control.by(of, 'deviations')})"
            control.expect((of, "share of counts"), value == written, f"“{statement}”", counts)
        if (interval := control.get(of, "interval")) and "–" in interval:
            low, high = map(value_of, interval.split("–"))
            one, other = f"“{statement}”", control.by(of, "interval")
            control.expect((of, "share in interval"), low <= value_of(value) <= high, one, other)
            if exact := control.get(of, "interval of results"):
                ends = zip(interval.split("–"), exact, strict=True)
                is_same = all(is_rounded(end, number * 100) for end, number in ends)
                control.expect((of, "interval"), is_same, other, exact)


def check_no_share(control: Control) -> None:
    """A period that has no share is given none by anything else."""
    for period in [period["period"] for period in control.results["periods"]]:
        share = control.get(period, "share")
        because = control.get(period, "no share because")
        if because in ("hidden", "too-early", "incomplete"):
            one, other = control.by(period, "no share because"), control.by(period, "share")
            control.expect((period, "no share"), share is None, one, other)
        if control.get(period, "is incomplete"):
            one, other = control.by(period, "is incomplete"), control.by(period, "share")
            control.expect((period, "incomplete"), share is None, one, other)
        deviations = control.get(period, "deviations")
        if because == "hidden" and control.get(period, "cases"):
            one, other = control.by(period, "no share because"), control.by(period, "deviations")
            control.expect((period, "hidden"), deviations is None, one, other)


def check_known(control: Control) -> None:
    """Nothing is told of a period that is in no table."""
    known = {period["period"] for period in control.results["periods"]}
    known |= {point["period"] for point in (control.results.get("trend") or {}).get("points", ())}
    for about, (_, statement) in list(control.voices.told.items()):
        if about[0] != control.id or about[2:] not in (("share",), ("no share because",)):
            continue
        if isinstance(about[1], str) and about[1][:1].isdigit():
            control.expect((about[1], "is known"), about[1] in known, f"“{statement}”", "no table")


def check_changes(control: Control) -> None:
    """Changes are differences of the shares of a period and the one before, in the table of periods."""
    periods = [period["period"] for period in control.results["periods"]]
    headline = control.get("headline period")
    place = periods.index(headline)
    told = control.get("before headline")
    if told:
        before = periods[place - 1] if place else None
        control.expect(("period before",), told == before, control.by("before headline"), before)
    for before, period in zip(periods, periods[1:], strict=False):
        check_change(control, period, before)
        for column, names in zip(control.columns, control.groups, strict=True):
            for name in names:
                check_change(control, (column, name, period), (column, name, before))
    in_sentence, in_table = control.get("headline", "change"), control.get(headline, "change")
    if in_sentence or told:
        one, other = control.by("headline", "change"), control.by(headline, "change")
        control.expect(("change of headline",), in_sentence == in_table, one, other)


def check_change(control: Control, of: object, before: object) -> None:
    """A change in a table, from what stands before it."""
    change = control.get(of, "change")
    if change is None:
        return
    now, then = share_of(control, of), share_of(control, before)
    statement = control.by(of, "change")
    if now is not None and then is not None:
        written = written_points(now - then)
        shares = f"{control.by(before, 'deviations')}, a change of {written}"
        control.expect((of, "change"), change == written, statement, shares)
    exact = control.get(of, "change of results")
    if exact is not None:
        control.expect((of, "change of results"), is_rounded(change, exact), statement, exact)


def check_verdict(control: Control) -> None:
    """A verdict is the one that its months and the time before them give."""
    answer, months = control.get("verdict"), control.get("verdict months")
    trend = control.results.get("trend")
    if not trend or months is None:
        return
    by_months = {window["months"]: window for window in trend["verdict"]["windows"]}
    window = by_months.get(months)
    one = control.by("verdict months")
    control.expect(("window of verdict",), window is not None, one, f"windows of {sorted(by_months)} months")
    if window is None:
        return
    now = Fraction(window["deviations"], window["cases"])
    before = Fraction(window["deviations_before"], window["cases_before"])
    for name, share in (("share", now), ("before", before)):
        told = control.get("verdict", name)
        control.expect(
            ("verdict", name), told in (None, written_share(share)), control.by("verdict", name), window
        )
    if answer in ("worse", "better"):
        is_right = (now > before) == (answer == "worse") and now != before
        control.expect(("direction",), is_right, control.by("verdict"), window)
        shares = [value_of(control.get("verdict", name)) for name in ("share", "before")]
        is_right = shares[0] >= shares[1] if answer == "worse" else shares[0] <= shares[1]
        one, other = control.by("verdict"), control.by("verdict", "share")
        control.expect(("direction of shares",), is_right, one, other)
    check_months(control, trend, window)


def check_months(control: Control, trend: dict, window: dict) -> None:
    """The counts of a verdict's months are those of the table."""
    if span := control.get("verdict span"):
        first, last = span
        inside = [point["period"] for point in trend["points"] if first <= point["period"] <= last]
        for name in ("deviations", "cases"):
            counts = [control.get(period, name) for period in inside]
            if None not in counts:
                told, one = control.get("verdict", name), control.by("verdict", name)
                pairs = zip(inside, counts, strict=True)
                total = sum(count for period, count in pairs if control.get(period, "counts") is not False)
                control.expect(("months of verdict", name), told == total, one, f"a sum of {total}")
                same = told == window[name]
                control.expect(("window of results", name), same, one, f"results.json: {window[name]}")


def current_points(control: Control) -> list[str]:
    """The periods since the last step that count, by what the table shows."""
    trend = control.results["trend"]
    segment = trend["segments"][-1]["from"]
    chosen = []
    for point in trend["points"]:
        period = point["period"]
        counts = point["complete"] and period >= segment and control.get(period, "cases")
        if counts and control.get(period, "has ended") is not False:
            chosen.append(period)
    return chosen


def check_target(control: Control) -> None:
    """The target was met as often as the table shows, and the last year's share is that of its periods."""
    target = control.results["target"]
    if control.get("target", "share") is None:
        return
    share = Fraction(str(target))
    one = control.by("target", "share")
    control.expect(("target",), control.get("target", "share") == written_share(share), one, target)
    periods = current_points(control)
    shares = [share_of(control, period) for period in periods]
    if None in shares:
        return
    met = sum(each <= share for each in shares)
    one = control.by("target", "met")
    control.expect(("target met",), control.get("target", "met") == met, one, f"{met} in the table")
    count = control.get("target", "periods")
    control.expect(("target periods",), count == len(periods), one, f"{len(periods)} in the table")
    months = {"month": 1, "quarter": 3, "tertial": 4, "half-year": 6, "year": 12}
    recent = periods[-(12 // months[control.results["trend"]["period"]]) :]
    deviations, cases = (sum(control.get(p, name) for p in recent) for name in ("deviations", "cases"))
    present = written_share(Fraction(deviations, cases))
    told = control.get("target", "present share")
    if told:
        control.expect(("present share",), told == present, control.by("target", "present share"), present)


def check_constant(control: Control) -> None:
    """A share that is said to have been constant is that of every period."""
    if (constant := control.get("constant share")) is None:
        return
    for period in current_points(control):
        share = control.get(period, "share")
        one, other = control.by("constant share"), control.by(period, "share")
        control.expect((period, "constant"), share in (None, constant), one, other)


def check_methods(control: Control) -> None:
    """The gap of the title is that of the two shares, and each is that of its counts."""
    headline = control.get("headline period")
    for period in [period["period"] for period in control.results["periods"]]:
        cases = control.get(period, "cases")
        for name, counts in (("reference share", "reference deviations"), ("lawful share", "deviations")):
            share, late = control.get(period, name), control.get(period, counts)
            if share and cases and late is not None:
                written = written_share(Fraction(late, cases))
                one, other = control.by(period, name), control.by(period, counts)
                control.expect((period, name), share == written, one, f"{late} of {cases} ({other})")
    gap, late = control.get("headline", "gap"), control.get(headline, "reference deviations")
    share = share_of(control, headline)
    if gap is not None and late is not None and share is not None:
        difference = Fraction(late, control.get(headline, "cases")) - share
        sign = (difference > 0) - (difference < 0)
        bounded = written_share(abs(difference), sign="") if difference else ""
        one, other = control.by("headline", "gap"), control.by(headline, "reference deviations")
        control.expect(("gap",), gap == (sign, bounded), one, f"{sign} {bounded} ({other})")
    deviations = control.get(headline, "deviations")
    moved, rolled = control.get(headline, "moved by rolling"), control.get(headline, "rolled")
    if moved is not None and rolled is not None and deviations is not None:
        one, other = control.by(headline, "moved by rolling"), control.by(headline, "rolled")
        control.expect(("rolled",), moved == deviations - rolled, one, other)


def check_open(control: Control) -> None:
    """The overdue cases of the sentence are those before the headline, and groups add up to all."""
    now = control.get(control.as_of, "overdue")
    late, opened = control.get("outlook", "late already"), control.get(control.as_of, "open")
    if late is not None and now is not None:
        one, other = control.by("outlook", "late already"), control.by(control.as_of, "overdue")
        control.expect(("late and overdue",), now <= late, one, other)
    if now is not None and opened is not None:
        one, other = control.by(control.as_of, "overdue"), control.by(control.as_of, "open")
        control.expect(("overdue and open",), now <= opened, one, other)
    if day := control.get("overdue before on"):
        before = [period["period"] for period in control.results["periods"]]
        before = before[before.index(control.get("headline period")) - 1]
        control.expect(("day before",), day == last_day(before), control.by("overdue before on"), before)
    for column, names in zip(control.columns, control.groups, strict=True):
        overdue = [control.get((column, name), "overdue") for name in names]
        if now is not None and None not in overdue:
            one = control.by(control.as_of, "overdue")
            control.expect((column, "overdue"), sum(overdue) == now, one, f"groups: {overdue}")
        check_sums(control, column, names)


def check_sums(control: Control, column: str, names: list[str]) -> None:
    """Groups add up to the headline."""
    headline = control.get("headline period")
    for name in ("cases", "deviations"):
        parts = [control.get((column, group, headline), name) for group in names]
        whole = control.get(headline, name)
        if None not in parts and whole is not None:
            one = control.by(headline, name)
            control.expect((column, name), sum(parts) == whole, one, f"groups: {parts}")


def check_outlook(control: Control) -> None:
    """The title of the outlook is that of its description, and what is farther ahead is no less."""
    outlook = control.results.get("outlook")
    title = control.get("outlook", "title")
    if not outlook:
        return
    leads = [ahead["days"] for ahead in outlook["ahead"]]
    if title:
        names = ("expected", "interval")
        pairs = [tuple(control.get("outlook", days, name) for name in names) for days in leads]
        control.expect(("outlook of title",), title in pairs, control.by("outlook", "title"), pairs)
    opened = [control.get("outlook", days, "open") for days in leads]
    if None not in opened:
        control.expect(("outlook", "open"), opened == sorted(opened), opened, "more days")


def check_groups(control: Control) -> None:
    """Texts on groups agree with the table: nobody is higher and lower in one window, none is left out."""
    for column, names in zip(control.columns, control.groups, strict=True):
        cells = {name: control.get((column, name), "differs") or () for name in names}
        for name, differs in cells.items():
            windows = [pair[0] for pair in differs if pair != "not compared"]
            one = control.by((column, name), "differs")
            control.expect((column, name, "windows"), len(windows) == len(set(windows)), one, "itself")
        for (of, where), told in control.said_of_groups.items():
            if of == column and where != "title":
                check_told_groups(control, column, cells, told)
            elif of == column:
                check_group_title(control, column, cells, told)
        check_window_shares(control, column, cells)


def pairs_of(cells: dict[str, tuple], direction: str, window: str | None = None) -> set[str]:
    """The groups that the table calls higher or lower, in a window or in any."""
    return {
        name
        for name, differs in cells.items()
        if any(d == direction and window in (None, w) for w, d in (p for p in differs if len(p) == 2))
    }


def check_told_groups(control: Control, column: str, cells: dict[str, tuple], told: list) -> None:
    """What is said of a column's groups is all that the table tells, each direction of a group once."""
    seen: dict[str, set[str]] = {"higher": set(), "lower": set()}
    counted = {"higher": False, "lower": False}
    for direction, window, names, text in told:
        if direction == "none":
            differing = pairs_of(cells, "higher") | pairs_of(cells, "lower")
            control.expect((column, "none differs"), not differing, f"“{text}”", differing)
            return
        check_group_part(control, column, cells, (direction, window, names, text), seen[direction])
        if isinstance(names, int):
            counted[direction] = True
            seen[direction] |= pairs_of(cells, direction, window)
        else:
            seen[direction] |= set(names or ())
    for direction, names in seen.items():
        everyone = pairs_of(cells, direction)
        text = f"“{told[0][3]}”"
        control.expect((column, direction), names == everyone, text, f"table: {sorted(everyone)}")


def check_group_part(
    control: Control, column: str, cells: dict[str, tuple], part: tuple, seen: set[str]
) -> None:
    """The groups that are called higher or lower in a window are so in the table."""
    direction, window, names, text = part
    table = pairs_of(cells, direction, window)
    if isinstance(names, int):
        number = len(table - seen)
        control.expect((column, direction, window), names == number, f"“{text}”", f"table: {number}")
    elif names is not None:
        is_told = set(names) <= table
        control.expect((column, direction, window), is_told, f"“{text}”", f"table: {sorted(table)}")


def check_group_title(control: Control, column: str, cells: dict[str, tuple], told: list) -> None:
    """The title of a funnel names all groups that differ in its window."""
    for direction, window, names, text in told:
        if direction == "none":
            differing = pairs_of(cells, "higher") | pairs_of(cells, "lower")
            control.expect((column, "none differs"), not differing, f"“{text}”", differing)
        else:
            table = pairs_of(cells, direction, window)
            same = names == len(table) if isinstance(names, int) else set(names or ()) == table
            control.expect((column, direction, "title"), same, f"“{text}”", f"table: {sorted(table)}")


def check_window_shares(control: Control, column: str, cells: dict[str, tuple]) -> None:
    """A group that is called higher in the headline's period has a higher share there than the others."""
    headline = control.get("headline period")
    whole = [control.get(headline, name) for name in ("deviations", "cases")]
    period = next(p for p in control.results["periods"] if p["period"] == headline)
    window = window_name(control, period["from"], period["to"])
    for name, differs in cells.items():
        own = [control.get((column, name, headline), count) for count in ("deviations", "cases")]
        if None in own or None in whole or not own[1] or whole[1] == own[1]:
            continue
        share, rest = Fraction(*own), Fraction(whole[0] - own[0], whole[1] - own[1])
        for direction in (pair[1] for pair in differs if len(pair) == 2 and pair[0] == window):
            is_right = share > rest if direction == "higher" else share < rest
            one = control.by((column, name), "differs")
            control.expect((column, name, direction), is_right, one, f"{own} of {whole}")


def check_curves(control: Control) -> None:
    """The cases with margins are those of the last period."""
    total, period = control.get("cases with margins"), control.get("last spread")
    if total is not None and period is not None:
        cases = control.get(period, "cases of margins")
        one, other = control.by("cases with margins"), control.by(period, "cases of margins")
        control.expect(("margins",), cases in (None, total), one, other)


CHECKS = (
    check_shares,
    check_no_share,
    check_known,
    check_changes,
    check_verdict,
    check_target,
    check_constant,
    check_methods,
    check_open,
    check_outlook,
    check_groups,
    check_curves,
)


# ---------------------------------------------------------------------------------------------------------
# A report
# ---------------------------------------------------------------------------------------------------------


class Report:
    """Reads a report and finds what contradicts itself."""

    def __init__(self, what: str, tally: Tally, sections: list[Section], results: dict) -> None:
        self.texts = catalogue()
        self.tally = tally
        self.voices = Voices(what, tally)
        self.sections = sections
        as_of = dt.date.fromisoformat(results["as_of"])
        published = results["edition"] == "published"
        names = {rule: name for name, rule in self.texts.names.items()}
        self.controls = {
            names[each["id"]]: Control(self.voices, each, names[each["id"]], as_of, published)
            for each in results["controls"]
        }
        self.results = results

    def check(self) -> None:
        """Reads everything, and then what follows from it."""
        for control in self.controls.values():
            say_results(control)
        texts = self.texts.texts
        for section in self.sections:
            outermost = section.path[1] if len(section.path) > 1 else ""
            if outermost == texts["report.summary"]:
                self.summary(section)
            elif outermost == texts["report.controls"]:
                self.controls_section(section)
            elif outermost.endswith(texts["report.controls-more"]):
                self.controls_section(section)
            elif outermost.endswith(texts["report.quality"]):
                self.quality(section)
        for control in self.controls.values():
            for check in CHECKS:
                check(control)

    def note(self, said: Sentence) -> None:
        """Counts a sentence."""
        self.tally.sentences += 1
        self.tally.keys[said.key] += 1

    def paragraph(self, control: Control, text: str, place: str) -> None:
        """Reads the sentences of a paragraph."""
        sentences = self.texts.sentences(sentence_keys(), text)
        if sentences is None:
            self.voices.unread(place, text)
            return
        grouped: list[Sentence] = []
        for said in sentences:
            self.note(said)
            if said.key.startswith("said:"):
                grouped.append(said)
            else:
                READERS[said.key](control, said)
        column = place.rsplit(" > ", 1)[-1]
        for said in grouped:
            bare = said.text.removesuffix(".")
            read_group_parts(control, column, "section", [bare], said.text)

    def summary(self, section: Section) -> None:
        """A bullet for every control: its headline and its verdict; and files with many rejected rows."""
        for bullet in section.bullets:
            name, _, text = bullet.partition(": ")
            self.bullet(self.controls[name], text)
        for text in section.strong + section.paragraphs:
            said = self.texts.read("report.many-rejected", text)
            if said is None:
                self.voices.unread("summary", text)
                continue
            self.note(said)
            share = written_share(Fraction(said.count("rejected"), said.count("rows")))
            self.voices.expect(("rejected",), share == said.values["share"], text, share)
    def bullet(self, control: Control, text: str) -> None:
        """What a control's headline tells, and the verdict in a few words."""
        for answer in ("worse", "better", "unchanged", "unknown"):
            words = f" {self.texts.texts[f'verdict.{answer}']}."
            if text.endswith(words):
                control.say("verdict", answer, f"- {text}")
                text = text.removesuffix(words)
                break
        said = self.texts.read_one([k for k in sentence_keys() if k.startswith("report.sentence")], text)
        if said is None:
            self.voices.unread("summary", text)
            return
        self.note(said)
        period = self.texts.period(said.values["period"])
        control.say("headline period", period, said.text)
        READERS[said.key](control, said)

    def controls_section(self, section: Section) -> None:
        """The controls in the body or in the appendix."""
        if section.path[-1] == self.texts.texts["report.definition"]:
            return
        place = " > ".join(section.path[1:])
        if len(section.path) == 2:
            self.overview(section)
            return
        control = self.controls[section.path[2]]
        for figure in section.figures:
            self.figure(control, figure, section.path[-1])
        for text in section.paragraphs:
            self.paragraph(control, text, place)
        rows = Rows(control)
        for table in section.tables:
            if not rows.read(table):
                self.voices.unread(place, table.caption)
        for text in section.strong:
            self.voices.unread(place, text)

    def overview(self, section: Section) -> None:
        """The table and the chart of all controls."""
        texts = self.texts.texts
        for table in section.tables:
            self.voices.say(("as of table",), table.caption.rsplit(" ", 1)[1], table.caption)
            self.voices.say(("as of table",), self.results["as_of"], "results.json")
            for row in table.by_heading():
                # A method that is not the rule's own stands behind the name.
                name = next(name for name in self.controls if row[texts["table.control"]].startswith(name))
                rows = Rows(self.controls[name])
                rows.summary(row, rows.statement(table, row))
        for figure in section.figures:
            self.overview_title(figure)
        control = next(iter(self.controls.values()))
        for text in section.paragraphs:
            self.paragraph(control, text, section.path[-1])

    def overview_title(self, figure: Figure) -> None:
        """How many controls are worse or better than before, and the headline of each."""
        keys = [key for key in self.texts.has_prefix("chart.overview-title")]
        said = self.texts.read_one(keys, figure.title)
        if said is None:
            self.voices.unread("overview", figure.title)
            return
        self.note(said)
        for answer in ("worse", "better"):
            told = said.count(answer) if answer in said.values else 0
            found = sum(control.get("verdict") == answer for control in self.controls.values())
            one, other = f"“{figure.title}”", f"verdicts: {found}"
            self.voices.expect(("overview", answer), told == found, one, other)
        # Whether a control of which it is known has not changed.
        titles = {"none": True, "shown": True, "short": False, "hidden": False}
        of_known = titles.get(said.key.removeprefix("chart.overview-title-"))
        known = any(control.get("verdict") == "unchanged" for control in self.controls.values())
        if of_known is not None:
            one, other = f"“{figure.title}”", f"unchanged: {known}"
            self.voices.expect(("overview", "known"), of_known == known, one, other)
        for text in figure.description.split(". "):
            self.overview_point(text.removesuffix("."), figure)

    def overview_point(self, text: str, figure: Figure) -> None:
        """A control in the description of the overview."""
        kinds = self.texts.kinds
        name, _, rest = text.partition(": ")
        change = rf"(?:, (?P<change>{POINTS}) pe)?"
        pattern = rf"(?P<told>{kinds['told']}) (?P<period>{kinds['so far']}){change}, (?P<verdict>[^,]+)"
        found = re.fullmatch(pattern, rest)
        if found is None or name not in self.controls:
            self.voices.unread("overview", text)
            return
        control = self.controls[name]
        rows = Rows(control)
        period = control.say_period(found["period"], text)
        control.say("headline period", period, text)
        control.say_told(period, found["told"], text)
        control.say("headline", "told", found["told"], text)
        rows.verdict(found["verdict"], text)
        if found["change"]:
            control.say("headline", "change", found["change"], text)

    def figure(self, control: Control, figure: Figure, heading: str) -> None:
        """A chart: its title and its description."""
        title = self.texts.read_one(title_keys(), figure.title)
        if title:
            self.note(title)
            if "rule" in title.values and title.values["rule"] != control.name:
                self.voices.unread("title", figure.title)
            READERS[title.key](control, title)
        elif heading in control.columns:
            control.voices.told[(control.id, "column of figure")] = (control.columns.index(heading), "")
            part = figure.title.removeprefix(f"{control.name}: ")
            read_group_parts(control, heading, "title", [part], figure.title)
        else:
            self.voices.unread("title", figure.title)
        self.description(control, figure, title)

    def description(self, control: Control, figure: Figure, title: Sentence | None) -> None:
        """What a chart says to those who do not see it."""
        if title and title.key.startswith("chart.trend-title"):
            self.trend_description(control, figure.description)
            return
        said = self.texts.read_one(desc_keys(), figure.description)
        if said is None:
            self.voices.unread("description", figure.description)
            return
        self.note(said)
        READERS[said.key](control, said)

    def trend_description(self, control: Control, text: str) -> None:
        """The sentences of a trend, and its points."""
        kinds = self.texts.kinds
        point = rf"(?:{kinds['so far']}) (?:{kinds['told']})"
        found = re.search(rf" ({point}(?:; {point})*)\.$", text)
        if found is None:
            self.voices.unread("description", text)
            return
        self.paragraph(control, text[: found.start()], "description")
        points = Sentence("chart.point", {"points": found[1]}, found[1])
        read_share_points(control, points)

    def quality(self, section: Section) -> None:
        """Rows that add up, and the bounds of shares."""
        texts = self.texts.texts
        for table in section.tables:
            for row in table.by_heading():
                statement = f"{table.caption} | {' | '.join(row.values())}"
                if table.caption == texts["terminal.ledger"]:
                    self.ledger(row, statement)
                elif table.caption == texts["report.bounds"]:
                    self.bounds(row, statement)

    def ledger(self, row: dict[str, str], statement: str) -> None:
        """The rows of a file."""
        names = ("rows", "counted", "open", "excluded", "rejected")
        cells = [row[self.texts.texts[f"table.{name}"]] for name in names]
        if self.texts.texts["table.hidden"] not in cells:
            rows, *parts = map(as_count, cells)
            self.voices.expect(("ledger",), rows == sum(parts), statement, "itself")

    def bounds(self, row: dict[str, str], statement: str) -> None:
        """How low and how high a headline could be."""
        texts = self.texts.texts
        control = self.controls[row[texts["table.control"]]]
        period = control.say_period(row[texts["table.period"]], statement)
        control.say("headline period", period, statement)
        control.say("headline", "told", row[texts["table.share"]], statement)
        control.say_told(period, row[texts["table.share"]], statement)
        low, high = (value_of(row[texts[f"table.{name}"]]) for name in ("lowest", "highest"))
        if row[texts["table.share"]].endswith("%"):
            share = value_of(row[texts["table.share"]])
            control.expect(("bounds",), low <= share <= high, statement, "itself")


def check_report(binary: Path, seed: int, number: int, tally: Tally) -> None:
    """Makes a project, runs it in one of its editions and reads the report."""
    edition = "published" if number % PUBLISHED == 0 else "internal"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_project(folder / "project", random.Random(seed * 1_000_003 + number))
        # The page has what is too fine for paper and for everyone.
        forms = "md" if edition == "published" else "md,html"
        arguments = ["--forms", forms, "--pictures", "none", "--edition", edition, "--out", folder / "out"]
        run_frist(binary, "run", folder / "project", *arguments)
        sections, results = read_folder(folder / "out"), results_of(folder / "out")
    Report(f"report {number} ({edition})", tally, sections, results).check()


def read_folder(folder: Path) -> list[Section]:
    """All sections of a report as Markdown and, where there is one, as a page."""
    sections = read_document((folder / "report.md").read_text(encoding="utf-8"))
    page = folder / "report.html"
    return sections + (read_page(page.read_text(encoding="utf-8")) if page.exists() else [])


def check_reports(binary: Path, seed: int, numbers: range) -> Tally:
    """Checks some reports."""
    tally = Tally()
    for number in numbers:
        check_report(binary, seed, number, tally)
    return tally


def main() -> int:
    """Runs the check; returns the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("binary", type=Path)
    parser.add_argument("--reports", type=int, default=REPORTS)
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    binary, count = arguments.binary.resolve(), LONG if arguments.long else arguments.reports
    shares = [range(first, count, PROCESSES) for first in range(PROCESSES)]
    tally = Tally()
    with ProcessPoolExecutor(PROCESSES) as pool:
        waiting = [pool.submit(check_reports, binary, arguments.seed, numbers) for numbers in shares]
        for each in waiting:
            tally.add(each.result())
    comparison = tally.comparison
    return comparison.close_with(
        f"one_voice: {count:,} reports, {tally.sentences:,} sentences read, "
        f"{comparison.compared:,} facts compared, {comparison.differing} differences"
    )


if __name__ == "__main__":
    sys.exit(main())
