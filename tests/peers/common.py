"""Shared by the peer checks: running frist, noting differences, rolling deadlines."""

import csv
import datetime as dt
import json
import re
import subprocess
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path

import holidays

ONE_DAY = dt.timedelta(days=1)
SHOWN_DIFFERENCES = 10
# The apostrophe before what a spreadsheet would take for a formula.
FORMULA = re.compile(r"^'(?=[\s\"'\ufeff\u200b]*[=+\-@＝＋－＠])")


class Comparison:
    """Counts what is compared and remembers the first differences."""

    def __init__(self) -> None:
        self.compared = 0
        self.differing = 0
        self.first: list[str] = []

    def equal(self, what: str, frist: object, peer: object) -> None:
        """Compares two values that must be the same."""
        self.compared += 1
        if frist != peer:
            self.differ(f"{what}: frist {frist!r}, peer {peer!r}")

    def close(self, what: str, frist: float | None, peer: float | None, tolerance: float) -> None:
        """Compares two numbers that may differ by rounding; both may be missing."""
        self.compared += 1
        if frist is None or peer is None:
            same = frist is peer
        else:
            same = abs(frist - peer) <= tolerance
        if not same:
            self.differ(f"{what}: frist {frist!r}, peer {peer!r}")

    def differ(self, what: str) -> None:
        """Notes a difference."""
        self.differing += 1
        if len(self.first) < SHOWN_DIFFERENCES:
            self.first.append(what)

    def close_with(self, line: str) -> int:
        """Prints the first differences and the closing line; returns the exit code."""
        for what in self.first:
            print(what)
        print(line, flush=True)
        return 1 if self.differing else 0


def run_frist(binary: Path, *arguments: object) -> str:
    """Runs frist and returns its output; a failing run ends the check."""
    command = [str(binary), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    if done.returncode != 0:
        print(f"{' '.join(command)}: exit code {done.returncode}\n{done.stderr}")
        sys.exit(1)
    return done.stdout


def results_of(folder: Path) -> dict:
    """The results.json of a report, with the months of groups, which stand in files of their own."""
    results = json.loads((folder / "data/results.json").read_text(encoding="utf-8"))
    read = cache(lambda name: points_of(folder / name))
    for control in results["controls"]:
        for grouping in control["groupings"]:
            for group in grouping["groups"]:
                if trend := group.get("trend"):
                    key = (grouping["column"], group["name"], str(group["combined"]))
                    trend["points"] = read(trend["points"])[key]
    return results


def points_of(path: Path) -> dict[tuple[str, str, str], list[dict]]:
    """The points of all groups in the data of a chart, by column, name and number of groups in it."""
    points = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names = [FORMULA.sub("", row[name]) for name in ("column", "group")]
            points[(*names, row["combined"])].append(as_point(row))
    return points


def as_point(row: dict[str, str]) -> dict:
    """A row as results.json has the points of a control; `hidden` stands only where a count is."""
    counts = ("cases", "deviations", "undetermined")
    point = {name: int(row[name]) if row[name] else None for name in counts}
    hidden = {"hidden": True} if None in (point["cases"], point["deviations"]) else {}
    shares = ("share", "center", "lower", "upper")
    point |= {name: float(row[name]) if row[name] else None for name in shares} | hidden
    facts = {"complete": row["complete"] == "true", "segment": int(row["segment"])}
    return point | facts | {"period": row["period"], "signals": row["signals"].split()}


def groups_of(control: dict) -> list[dict]:
    """The groups of a control's first grouping; none when its export has no such column."""
    return control["groupings"][0]["groups"] if control["groupings"] else []


def binary_from_arguments() -> Path:
    """The path of frist: the first argument."""
    if len(sys.argv) < 2:
        sys.exit(f"usage: {sys.argv[0]} path/to/frist")
    return Path(sys.argv[1]).resolve()


def swedish_days(category: str, first_year: int, last_year: int) -> set[dt.date]:
    """Days of a category of the holidays package: `public`, or `de_facto` for the three eves.

    By default the package leaves out plain Sundays, and it knows no year after 2100.
    """
    years = range(first_year, last_year + 1)
    return set(holidays.country_holidays("SE", categories=(category,), years=years))


def rolled_days(first: dt.date, last: dt.date) -> dict[dt.date, dt.date]:
    """For every day, the next day that is no Saturday, Sunday, public holiday or one of the eves.

    What rolls past 2100 lands on Monday 2101-01-03, no holiday: 1 January 2101 is a Saturday.
    """
    last_year = min(last.year + 1, 2100)
    not_working = swedish_days("public", first.year, last_year)
    not_working |= swedish_days("de_facto", first.year, last_year)
    rolled = {}
    day = first
    while day <= last:
        to = day
        while to.weekday() >= 5 or to in not_working:
            to += ONE_DAY
        rolled[day] = to
        day += ONE_DAY
    return rolled


def rule_text(rule: str, method: str, start: str, end: str, reference: str | None = None) -> str:
    """One rule of a rulebook, in force always; `start` and `end` are headings."""
    lines = [
        "[[rule]]",
        f'id = "{rule}"',
        f'name = {{ sv = "{rule}", en = "{rule}" }}',
        'start = { sv = "start", en = "start" }',
        'end = { sv = "slut", en = "end" }',
        'basis = "statute"',
        f'method = "{method}"',
        *([f'reference = "{reference}"'] if reference else []),
        'roll = "none"',
        'cohort = "closed"',
        f'headings = {{ start = ["{start}"], end = ["{end}"] }}',
        "",
        "[[rule.law]]",
        f'citation = {{ sv = "{method}", en = "{method}" }}',
        "verified = true",
        "",
    ]
    return "\n".join(lines) + "\n"
