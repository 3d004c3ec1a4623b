"""The Swedish texts of the catalogue (src/text/sv.toml) as patterns, and what they are filled with."""

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from one_voice_numbers import MINUS, SPACE, as_count, spanning

SOURCES = Path(__file__).resolve().parents[2] / "src"
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
        value = self.values[name]
        return 0 if value == catalogue()["report.none-of"] else as_count(value)


def flatten(table: dict, prefix: str = "") -> Iterator[tuple[str, str]]:
    """The texts of the catalogue with their keys."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from flatten(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def forms(part: str) -> str:
    """The pattern of the word in `days|dag|dagar`, in the form that goes with a number."""
    return f"(?:{'|'.join(map(re.escape, part.split('|')[1:]))})"


COUNTED = ("rare-quiet", "above", "below", "rising", "falling")
# What a value is, where its name does not say it: by template, or by family of templates.
FIELDS = {
    "report.sentence": {"period": "long", "deviations": "count or none"},
    "decision.above": {"period": "long", "share": "told"},
    "report.change": {"before": "long", "interval": "points interval", "share": "told", "method": "name"},
    "report.overdue-before": {"before": "count"},
    "report.outlook-cases": {"days": "count", "late": "count", "later": "count"},
    "report.outlook-trials": {"days": "count", "share": "printed"},
    "report.outlook-shocks": {"n": "word"},
    "report.method-gap": {"deviations": "count", "only": "count"},
    "report.method-miss": {"only": "count"},
    "report.many-rejected": {"control": "name"},
    "verdict.sentence": {"before": "share"},
    "verdict.because-too-short": {"count": "counted", "from": "period"},
    "verdict.because-too-few": {"count": "word"},
    **dict.fromkeys([f"trend.{name}" for name in COUNTED], {"count": "counted"}),
    "trend.constant": {"count": "counted", "share": "told"},
    "trend.rare-none": {"last": "period"},
    "trend.rare-many": {"count": "count"},
    "trend.outside-several": {"count": "counted", "share": "told"},
    "trend.outside": {"share": "told"},
    "chart.share-title": {"share": "told", "period": "so far"},
    "chart.methods-title": {"period": "so far", "gap": "bounded"},
    "chart.trend-title": {"share": "told", "period": "so far"},
    "chart.point": {"share": "told", "period": "so far"},
    "chart.methods-point": {"reference": "share", "period": "so far"},
    "chart.margins-title": {"n": "count"},
    "chart.margins-desc": {
        **dict.fromkeys(("early", "only", "late"), "count"),
        **dict.fromkeys(("in_time", "late_word"), "name"),
    },
    "chart.backlog": {"limit": "name"},
    "chart.spread-title": {"now": "margin", "then": "margin"},
    "chart.close-title": {"open": "share", "half": "margin"},
    "chart.close-told": {"open": "share", "half": "margin", "most": "margin", "years": "name"},
    "chart.slack-title": {"method": "name", "range": "name", "shorter": "name", "longer": "name"},
    "chart.slack-desc": {"months": "rest"},
    "chart.slack-month": {"month": "month", "days": "name"},
    "chart.outlook-title": {"expected": "number", "interval": "counts", "days": "count"},
    "funnel.": {"period": "window"},
    "edges.": {"until": "day or month", "from": "day or month", "to": "day or month"},
    "funnel.many": {"n": "count"},
    "trend.target": {"target": "at most"},
}
USUAL = {
    **dict.fromkeys(("cases", "deviations", "count", "open", "overdue", "all", "inside", "trials"), "count"),
    **dict.fromkeys(("met", "periods", "rejected", "rows", "worse", "better"), "count"),
    "share": "share",
    "chance": "chance",
    "group": "name",
    **dict.fromkeys(("months", "fewest", "tenths"), "word"),
    **dict.fromkeys(("as_of", "day"), "date"),
    **dict.fromkeys(("short", "long"), "window"),
    **dict.fromkeys(("rule", "reference", "method", "column", "kind", "kinds", "one"), "name"),
    **dict.fromkeys(("points", "said", "marks"), "rest"),
    **dict.fromkeys(("high", "low"), "groups"),
    "limits": "interval",
    "target": "limit",
    "change": "points",
    "mean": "number",
}


KINDS_OF_DUTY = ("act", "target", "report")
# Why there is no share.
REASONS = ("hidden", "too-early", "incomplete", "none")


def read_toml(name: str) -> dict:
    """A file of the program's sources."""
    return tomllib.loads((SOURCES / name).read_text(encoding="utf-8"))


class Catalogue:
    """The Swedish texts as patterns."""

    def __init__(self) -> None:
        self.texts = dict(flatten(read_toml("text/sv.toml")))
        self.names = {rule["id"]: rule["name"]["sv"] for rule in read_toml("rulebook/builtin.toml")["rule"]}
        self.reasons = {self.texts[f"table.{name}"]: name for name in REASONS}
        self.months = [self.texts[f"month.{number}"] for number in range(1, 13)]
        self.month = "|".join(f"(?i:{month[0]}){month[1:]}" for month in self.months)
        self.words = {self.texts[f"number.{number}"]: number for number in range(13)}
        self.words[self.texts["number.one-case"]] = 1
        self.periods = {
            kind: self.bare(f"period.{kind}") for kind in ("month", "quarter", "tertial", "half-year", "year")
        }
        self.kinds = self.kinds_of_values()
        self.patterns: dict[str, re.Pattern] = {}

    def __getitem__(self, key: str) -> str:
        return self.texts[key]

    def bare(self, key: str) -> str:
        """The pattern of a period."""
        parts = {"month": f"(?:{self.month})", "year": r"\d{4}", "number": r"\d"}
        first, *others = (parts.get(part, re.escape(part)) for part in re.split(r"[{}]", self.texts[key]))
        # A sentence may begin with it.
        return (f"(?i:{first[0]}){first[1:]}" if first else "") + "".join(others)

    def kinds_of_values(self) -> dict[str, str]:
        """How each kind of value is written."""
        texts, months, month = self.texts, self.month, self.periods["month"]
        # In words, `maj–augusti 2024`, or where there is little room `T2 2024`.
        period = "|".join([*self.periods.values(), rf"(?:{months})–{month}"])
        word = "|".join([*self.words, COUNT])
        so_far = self.wrapped("period.so-far", period)
        counts = rf"{COUNT} av {COUNT}(?: \({re.escape(texts['table.incomplete'])}\))?"
        kinds = [texts[key] for key in texts if re.fullmatch(r"trend\.(one|many)-.*", key)]
        none = re.escape(texts["trend.no"].split(" ")[0])
        duties = {name: self.duty(name) for name in ("had", "have", "gone", "late", "would")}
        margin = "|".join(self.wrapped(key, r"\d+ \w+") for key in texts if key.startswith("margin."))
        kinds_of_cut = ("started-since", "ended-since", "decided-since", "decided-of-started", "open")
        edges = [f"edges.{kind}" for kind in kinds_of_cut]
        date = rf"\d{{1,2}} (?:{months}) \d{{4}}"
        run = rf"{month}–{month}|{period}"
        between = f", | {re.escape(texts['list.and'])} "
        time = self.wrapped("edges.missing-time", f"{date}|{month}")
        limit = rf"{SHARE}|\d+{SPACE}%"
        long = rf"(?:(?:{months})–)?{month}|\d{{4}}"
        return {
            **duties,
            "count": COUNT,
            "count or none": f"{COUNT}|{re.escape(texts['report.none-of'])}",
            "limit": limit,
            "at most": f"{self.wrapped('plan.at-most', limit)}|{re.escape(texts['plan.none-allowed'])}",
            "chance": "|".join(self.wrapped(f"trend.{name}", limit) for name in ("about", "hardly", "nearly")),
            "number": NUMBER,
            "counts": rf"{COUNT}–{COUNT}",
            "share": SHARE,
            "printed": rf"{NUMBER}{SPACE}%",
            "bounded": BOUNDED,
            "points": POINTS,
            "points interval": rf"{POINTS} … {POINTS}",
            "interval": rf"{BOUNDED}–{BOUNDED}{SPACE}%|{BOUNDED}{SPACE}%|–",
            "told": "|".join([counts, SHARE, rf"{NUMBER}{SPACE}%", *map(re.escape, self.reasons)]),
            "period": period,
            "so far": f"{so_far}|{period}",
            "long": long,
            "window": rf"{month}–{month}|{period}",
            "date": date,
            "day or month": f"{date}|{month}",
            "those": "|".join(self.wrapped(f"cohort.{cohort}-in", long) for cohort in ("closed", "due", "started")),
            "earlier": "|".join(self.wrapped(f"verdict.before-{key}", period) for key in ("all", "since-step")),
            "month": months,
            "word": word,
            "counted": rf"(?:(?:{word}|{none}) )?(?:{'|'.join(map(re.escape, kinds))})",
            "margin": f"{margin}|–",
            "name": NAME,
            "rest": ".*?",
            "groups": "[^.;]+?",
            "span": run,
            "when": "|".join(self.wrapped(f"trend.{key}", period) for key in ("between", "since")),
            "chosen": "|".join(self.wrapped(key, f"{date}|{month}") for key in edges),
            "runs": rf"(?:{run})(?:(?:{between})(?:{run}))*",
            "times": rf"(?i:{time})(?:(?:{between}){time})*",
        }

    def wrapped(self, key: str, value: str) -> str:
        """The pattern of a text all of whose values are of one kind."""
        first, *parts = re.split(r"\{([^{}]+)\}", self.texts[key])
        values = [forms(name) if "|" in name else f"(?:{value})" for name in parts[::2]]
        rest = (value + re.escape(literal) for value, literal in zip(values, parts[1::2], strict=True))
        return f"(?:{re.escape(first)}{''.join(rest)})"

    def duty(self, name: str) -> str:
        """The pattern of a word for a duty: to act, to meet a target or to report."""
        return "|".join(self.wrapped(f"duty.{kind}-{name}", r"[^:.,;]+") for kind in KINDS_OF_DUTY)

    def kind(self, key: str, name: str) -> str:
        """What kind of value stands in a template."""
        families = [family for family in FIELDS if key.startswith(family) and name in FIELDS[family]]
        if families:
            return FIELDS[max(families, key=len)][name]
        if key.startswith(("edges.incomplete", "edges.later")) and name == "periods":
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
        parts = re.split(r"\{([^{}]+)\}", text)
        first = parts[0][:1]
        written = f"(?i:{re.escape(first)})" + re.escape(parts[0][1:]) if first else ""
        for name, literal in zip(parts[1::2], parts[2::2], strict=True):
            if "|" in name:
                written += forms(name) + re.escape(literal)
                continue
            group = "?:" if f"(?P<{name}>" in written else f"?P<{name}>"
            written += f"({group}{self.kinds[self.kind(key, name)]}){re.escape(literal)}"
        return written

    def read(self, key: str, text: str) -> Sentence | None:
        """A text that is wholly of a template."""
        found = self.pattern(key).fullmatch(text)
        return Sentence(key, found.groupdict(), text) if found else None

    def read_one(self, keys: Iterable[str], text: str) -> Sentence | None:
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
                    return [self.read(key, text[:end]), *rest]
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

    def written_date(self, day: dt.date) -> str:
        """A date as it stands in running text."""
        return f"{day.day} {self.months[day.month - 1]} {day.year}"

    def number(self, text: str) -> int:
        """A number in letters or digits."""
        return self.words[text] if text in self.words else as_count(text)


@cache
def catalogue() -> Catalogue:
    """The catalogue, read once."""
    return Catalogue()
