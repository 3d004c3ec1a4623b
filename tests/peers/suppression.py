"""Attacks on the published edition: can a hidden number be worked out from what is visible?

Random exports full of small numbers are run twice. The internal edition is the truth (shares.py compares
it with DuckDB); the published one is attacked with linear programs (scipy's HiGHS): knowing every visible
count, that groups and months add up to their period, that the ledger of each file adds up and that
deviations are among cases, how low and how high can each hidden count be? One that can only be one number
is recovered. frist protects by moves found with another solver; the two share nothing.

Also checked: every small number is hidden, every visible one is true, and neither shares, limits, signals,
chart data, workbook nor page reveal more. A table is one control in one period, with its groups and months.
600 tables take a few minutes; `--tables 10000` is the long run.
"""

import argparse
import csv
import datetime as dt
import json
import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import openpyxl
from scipy.optimize import linprog

from common import Comparison, results_of, run_frist

TABLES = 300
SEED = 20240831
SMALLEST = 5
# An interval narrower than half a case holds one whole number at most.
RECOVERED = 0.5
AS_OF = (dt.date(2024, 8, 31), dt.date(2023, 12, 31), dt.date(2024, 4, 30))
LEDGER = ("counted", "open", "excluded", "rejected")
COUNTS = ("cases", "deviations")
# The name here of groups of few that are taken together, or of one that has lost its name.
OF_FEW = "groups of few"
# What else is made of a hidden count.
DERIVED = ("share", "ci95", "lawful_share", "reference_gap_pp", "groups_of_verdicts")
CHANGES = ("change_pp", "change_ci95")
NOT_PUBLISHED = ("data/cases.csv", "data/facts.csv", "data/faults.csv", "data/tally.csv", "units")
# Data of charts whose counts are finer than any table's.
TOO_FINE = ("margins", "time-to-close", "slack", "outlook", "backlog")


@dataclass(frozen=True)
class Kind:
    """A control's export: headings of start and end, and the longest that is in time."""

    control: str
    headings: tuple[str, str]
    allowed: dt.timedelta
    files: int = 1

    def written(self, moment: dt.datetime) -> str:
        """A point in time as the export writes it."""
        hours = self.allowed < dt.timedelta(days=2)
        return f"{moment:%Y-%m-%d %H:%M}" if hours else f"{moment:%Y-%m-%d}"


KINDS = (
    Kind(
        "child-investigation",
        ("Utredning inledd", "Utredning avslutad"),
        dt.timedelta(days=120),
        files=2,
    ),
    Kind(
        "preliminary-assessment",
        ("Anmälan inkom", "Förhandsbedömning klar"),
        dt.timedelta(days=14),
    ),
    Kind("cooperation-talks", ("Begäran inkom", "Erbjuden tid"), dt.timedelta(days=14)),
    Kind(
        "safety-assessment",
        ("Inkom datum och tid", "Skyddsbedömning gjord"),
        dt.timedelta(hours=24),
    ),
    Kind(
        "unenforced-decision",
        ("Beslutsdatum", "Verkställighetsdatum"),
        dt.timedelta(days=90),
    ),
)


def case_line(draw: random.Random, kind: Kind, as_of: dt.date, months: int, late: float) -> str:
    """Start and end of a random case; a few are open, unreadable or of the future."""
    now = dt.datetime.combine(as_of, dt.time(12))
    start = now - dt.timedelta(minutes=draw.randrange(months * 30 * 24 * 60))
    if draw.random() < 0.01:
        start = now + dt.timedelta(days=3)
    far = draw.uniform(1.1, 1.8) if draw.random() < late else draw.uniform(0.1, 0.95)
    end = start + far * kind.allowed
    first, last = kind.written(start), kind.written(end) if end <= now else ""
    if draw.random() < 0.01:
        first = "okänt"
    return f"{first};{last}"


def grouping(units: list[str]) -> list[str]:
    """The units of cases, fewer when most have so few that the column would be refused as one of names."""
    few = 6
    while True:
        # Cases without a unit are of none.
        sizes = Counter(filter(None, units))
        rare = [unit for unit, size in sizes.items() if size < few]
        if len(sizes) <= 2 or len(rare) * 2 <= len(sizes):
            return units
        units = [rare[0] if unit == rare[-1] else unit for unit in units]


def write_export(folder: Path, draw: random.Random) -> None:
    """Exports of all controls and their project file; every control has its own sizes and chances."""
    folder.mkdir()
    as_of = draw.choice(AS_OF)
    project = ['organisation = "Suppression"', f"as_of = {as_of}", 'period = "tertial"']
    for kind in KINDS:
        units = [f"Enhet {number}" for number in range(draw.randint(1, 8))]
        weights = [draw.choice((1, 1, 3, 20)) for _ in units]
        months, late = draw.randint(2, 30), draw.choice((0.0, 0.02, 0.1, 0.4, 0.97))
        count = draw.choice((draw.randint(3, 40), draw.randint(3, 400)))
        if len(units) > 1 and draw.random() < 0.3:
            units[0] = ""
        of_units = grouping([draw.choices(units, weights)[0] for _ in range(count)])
        lines = [
            f"{number:05};{unit};{case_line(draw, kind, as_of, months, late)}\n"
            for number, unit in enumerate(of_units)
        ]
        heading = f"Ärendenr;Enhet;{';'.join(kind.headings)}\n"
        names = [f"{kind.control}-{number}.csv" for number in range(kind.files)]
        for number, name in enumerate(names):
            text = heading + "".join(lines[number :: kind.files])
            (folder / name).write_text(text, encoding="utf-8")
        start, end = kind.headings
        project += [
            "[[source]]",
            f'control = "{kind.control}"',
            f"files = {json.dumps(names)}",
            f'columns = {{ case_id = "Ärendenr", start = "{start}", end = "{end}", group = "Enhet" }}',
        ]
    (folder / "frist.toml").write_text("\n".join(project) + "\n", encoding="utf-8")


# Control, group or none, period or file, name of the figure.
Key = tuple[str, str | None, str, str]


@dataclass
class Figures:
    """The entries of a results.json by control, group and period, and what they add up to."""

    entries: dict[tuple[str, str | None, str], dict] = field(default_factory=dict)
    sums: list[tuple[Key, list[Key]]] = field(default_factory=list)
    tables: int = 0

    def value(self, key: Key) -> int | None:
        """A count; `others` are the cases without a deviation, which nobody prints."""
        entry = self.entries[key[:3]]
        return entry["cases"] - entry["deviations"] if key[3] == "others" else entry[key[3]]

    def hidden(self) -> list[Key]:
        """Counts that are left out."""
        return [
            (*place, name)
            for place, entry in self.entries.items()
            for name in (("rows", *LEDGER) if "rows" in entry else COUNTS)
            if entry[name] is None
        ]


def group_name(name: str, combined: int | str) -> str:
    """A group's name; cases without a group have none, and groups of few are others than they."""
    return OF_FEW if int(combined) else name


def group_names(grouping: dict) -> set[str]:
    """The names of a grouping's groups."""
    return {group_name(group["name"], group["combined"]) for group in grouping["groups"]}


def computed(periods: list[dict]) -> list[dict]:
    """The periods that come from cases, not from an earlier report."""
    return [period for period in periods if period.get("source", "computed") == "computed"]


def read_figures(results: dict) -> Figures:
    """The counts of a results.json."""
    figures = Figures()
    for control in results["controls"]:
        read_control(figures, control)
    for entry in results["inputs"]:
        place = (entry["control"], None, entry["path"])
        figures.entries[place] = entry
        figures.sums.append(((*place, "rows"), [(*place, name) for name in LEDGER]))
    for control in results["controls"]:
        if control["cohort"] == "closed":
            add_counted(figures, results, control)
    return figures


def add_counted(figures: Figures, results: dict, control: dict) -> None:
    """All cases of a control: what its files counted is what its periods hold, and those before them."""
    name = control["id"]
    files = [entry["path"] for entry in results["inputs"] if entry["control"] == name]
    whole = (name, None, "all periods")
    figures.entries[whole] = {"cases": None, "deviations": None}
    periods = [period["period"] for period in computed(control["periods"])]
    figures.sums.append(((*whole, "cases"), [(name, None, file, "counted") for file in files]))
    figures.sums.append(((*whole, "cases"), [(name, None, each, "cases") for each in periods]))


def read_control(figures: Figures, control: dict) -> None:
    """The counts of a control: periods, months, and groups with theirs."""
    name = control["id"]
    edges = control["edges"]
    add_trend(figures, name, None, control.get("trend"), control["periods"], edges)
    for grouping in control["groupings"]:
        for group in grouping["groups"]:
            own = group_name(group["name"], group["combined"])
            add_trend(figures, name, own, group.get("trend"), group["periods"], edges)
    for period in computed(control["periods"]):
        figures.tables += 1
        for grouping in control["groupings"]:
            for count in COUNTS:
                parts = [(name, group, period["period"], count) for group in group_names(grouping)]
                figures.sums.append(((name, None, period["period"], count), parts))


def add_trend(
    figures: Figures,
    control: str,
    group: str | None,
    trend: dict | None,
    periods: list[dict],
    edges: dict,
) -> None:
    """Periods and the months that add up to them.

    Where the export begins amid a period, its trend lacks months of that period that have cases.
    """
    knows_all = edges["cases"] in (None, "all")
    for period in computed(periods):
        figures.entries[control, group, period["period"]] = period
    for point in trend["points"] if trend else []:
        figures.entries[control, group, point["period"]] = point
    for period in computed(periods) if trend else []:
        within = [
            point["period"]
            for point in trend["points"]
            if period["from"][:7] <= point["period"] <= period["to"][:7]
        ]
        if not knows_all and within[:1] != [period["from"][:7]]:
            continue
        for count in COUNTS:
            parts = [(control, group, month, count) for month in within]
            figures.sums.append(((control, group, period["period"], count), parts))


def funnel_sum(figures: Figures, holder: tuple, row: dict) -> dict:
    """The counts of a group in the window of a funnel: those of its periods, none where one is hidden."""
    periods = [
        entry
        for place, entry in figures.entries.items()
        if place[:2] == holder and "T" in place[2] and row["from"] <= entry["from"] and entry["to"] <= row["to"]
    ]
    counts = {name: [period[name] for period in periods] for name in COUNTS}
    return {name: None if None in each else sum(each) for name, each in counts.items()}


class Attacker:
    """Everything that is known of the hidden counts, as a system of equations and inequalities."""

    def __init__(self, figures: Figures, truth: Figures) -> None:
        self.figures = figures
        self.hidden = figures.hidden()
        self.rows: list[tuple[dict[Key, int], int, bool]] = []
        for total, parts in figures.sums:
            # What does not add up in truth (cases before the first period) reveals nothing.
            if adds_up(truth, total, parts):
                self.learn([*parts, total], [*[1] * len(parts), -1], is_equation=True)
        for place, entry in figures.entries.items():
            if "cases" in entry:
                pair = [(*place, "deviations"), (*place, "cases")]
                self.learn(pair, [1, -1], is_equation=False)

    def learn(self, keys: list[Key], signs: list[int], *, is_equation: bool) -> None:
        """Signed counts that add up to nothing, or to no more."""
        unknown: dict[Key, int] = defaultdict(int)
        known = 0
        for key, sign in zip(keys, signs, strict=True):
            value = self.figures.value(key)
            if value is None:
                unknown[key] += sign
            else:
                known += sign * value
        if unknown:
            self.rows.append((dict(unknown), -known, is_equation))

    def components(self) -> Iterator[list[Key]]:
        """Hidden counts that know of each other."""
        neighbours: dict[Key, set[Key]] = {key: {key} for key in self.hidden}
        for unknown, _, _ in self.rows:
            for key in unknown:
                neighbours[key].update(unknown)
        seen: set[Key] = set()
        for key in self.hidden:
            found, unseen = [], [key]
            while unseen:
                one = unseen.pop()
                if one not in seen:
                    seen.add(one)
                    found.append(one)
                    unseen += neighbours[one]
            if found:
                yield found

    def intervals(self) -> Iterator[tuple[Key, float, float]]:
        """Lowest and highest of every hidden count."""
        by_key = defaultdict(list)
        for row in self.rows:
            for key in row[0]:
                by_key[key].append(row)
        for component in self.components():
            rows = {id(row): row for key in component for row in by_key[key]}
            yield from solve(component, list(rows.values()))


def adds_up(truth: Figures, total: Key, parts: list[Key]) -> bool:
    """Whether a sum holds in truth; one whose total nobody prints is taken for one that does."""
    if any(key[:3] not in truth.entries for key in (total, *parts)):
        return False
    if total[2] == "all periods":
        files_and_periods = [sum for sum in truth.sums if sum[0] == total]
        return len({sum_of(truth, each) for _, each in files_and_periods}) == 1
    return truth.value(total) == sum_of(truth, parts)


def sum_of(figures: Figures, keys: list[Key]) -> int:
    """The sum of visible counts."""
    return sum(figures.value(key) for key in keys)


def solve(
    keys: list[Key], rows: list[tuple[dict[Key, int], int, bool]]
) -> Iterator[tuple[Key, float, float]]:
    """Minimises and maximises every unknown of a system."""
    column = {key: place for place, key in enumerate(keys)}
    matrices = {True: ([], []), False: ([], [])}
    for unknown, value, is_equation in rows:
        line = np.zeros(len(keys))
        for key, sign in unknown.items():
            line[column[key]] = sign
        matrices[is_equation][0].append(line)
        matrices[is_equation][1].append(value)
    (a_eq, b_eq), (a_ub, b_ub) = matrices[True], matrices[False]
    known = {
        "A_eq": np.array(a_eq) if a_eq else None,
        "b_eq": b_eq or None,
        "A_ub": np.array(a_ub) if a_ub else None,
        "b_ub": b_ub or None,
    }
    for key, aim in aims(column):
        lowest = linprog(aim, **known, bounds=(0, None), method="highs")
        highest = linprog(-aim, **known, bounds=(0, None), method="highs")
        # Status 3: without an end. Anything else than an answer is a contradiction in what is published.
        if lowest.status != 0 or highest.status not in (0, 3):
            yield key, 0.0, 0.0
        else:
            yield key, lowest.fun, float("inf") if highest.status == 3 else -highest.fun


def aims(column: dict[Key, int]) -> Iterator[tuple[Key, np.ndarray]]:
    """What is sought: every count, and the cases without a deviation where both are hidden."""
    for key, place in column.items():
        aim = np.zeros(len(column))
        aim[place] = 1
        yield key, aim
        cases = column.get((*key[:3], "cases"))
        if key[3] == "deviations" and cases is not None:
            yield (*key[:3], "others"), np.eye(len(column))[cases] - aim


def is_small(deviations: int, cases: int) -> bool:
    """Some, but few, deviations, cases without one, or cases."""
    return any(0 < few < SMALLEST for few in (deviations, cases - deviations, cases))


@dataclass
class Check:
    """What is compared, and how much of it."""

    comparison: Comparison = field(default_factory=Comparison)
    tables: int = 0
    hidden: int = 0
    recovered: int = 0

    def attack(self, what: str, published: Figures, truth: Figures) -> None:
        """Tries to recover every hidden count."""
        self.tables += published.tables
        for key, low, high in Attacker(published, truth).intervals():
            # What the internal edition does not have is reported elsewhere.
            if key[2] == "all periods" or key[:3] not in truth.entries:
                continue
            value = truth.value(key)
            if key[3] == "others" and not 0 < value < SMALLEST:
                continue
            self.hidden += 1
            self.comparison.compared += 1
            if high - low < RECOVERED:
                self.recovered += 1
                self.comparison.differ(f"{what}, {key}: recovered {low:.3f} to {high:.3f}, {value}")

    def compare(self, what: str, published: Figures, truth: Figures) -> None:
        """What is visible is true, what is small is hidden."""
        for place, entry in published.entries.items():
            where = f"{what}, {place}"
            true = truth.entries.get(place)
            if place[2] == "all periods":
                continue
            if true is None:
                self.comparison.differ(f"{where}: not in the internal edition")
                continue
            self.compare_entry(where, entry, true)

    def compare_entry(self, where: str, entry: dict, true: dict) -> None:
        """One period, month or ledger."""
        names = ("rows", *LEDGER) if "rows" in entry else COUNTS
        for name in names:
            if entry[name] is not None:
                self.comparison.equal(f"{where}, {name}", entry[name], true[name])
        is_hidden = any(entry[name] is None for name in names)
        self.comparison.equal(f"{where}, hidden", bool(entry.get("hidden")), is_hidden)
        if "rows" in entry:
            for name in LEDGER[1:]:
                if 0 < true[name] < SMALLEST:
                    self.comparison.equal(f"{where}, {name}", entry[name], None)
            return
        if is_small(true["deviations"], true["cases"]):
            self.comparison.equal(f"{where}, small deviations", entry["deviations"], None)
        if 0 < true["cases"] < SMALLEST:
            self.comparison.equal(f"{where}, few cases", entry["cases"], None)
        if is_hidden:
            for name in DERIVED:
                self.comparison.equal(f"{where}, {name}", entry.get(name), None)
            self.comparison.equal(f"{where}, signals", entry.get("signals") or [], [])

    def changes(self, what: str, results: dict) -> None:
        """A change beside one of its shares reveals the other."""
        for control in results["controls"]:
            groups = [group for each in control["groupings"] for group in each["groups"]]
            for holder in (control, *groups):
                was_hidden = False
                for period in computed(holder["periods"]):
                    is_hidden = None in (period["cases"], period["deviations"])
                    if is_hidden or was_hidden:
                        where = f"{what}, {control['id']}, {period['period']}"
                        for name in CHANGES:
                            self.comparison.equal(f"{where}, {name}", period.get(name), None)
                    was_hidden = is_hidden

    def limits(self, what: str, results: dict) -> None:
        """The centre of a trend is the share of all its points: it may be made of visible ones only."""
        for control in results["controls"]:
            trend = control.get("trend")
            segments = range(len(trend["segments"])) if trend else []
            for segment in segments:
                points = [point for point in trend["points"] if point["segment"] == segment]
                visible = [p for p in points if None not in (p["cases"], p["deviations"])]
                centres = {p["center"] for p in points} - {None}
                if len(visible) == len(points) or not centres:
                    continue
                cases = sum(point["cases"] for point in visible)
                own = sum(point["deviations"] for point in visible) / cases if cases else None
                for centre in centres:
                    where = f"{what}, {control['id']}, centre beside hidden months"
                    self.comparison.close(where, centre, own, 1e-9)

    def folder(self, what: str, out: Path, published: Figures, truth: Figures) -> None:
        """The other files of the report folder reveal no more than results.json."""
        for name in NOT_PUBLISHED:
            self.comparison.equal(f"{what}, {name} exists", (out / name).exists(), False)
        controls = [kind.control for kind in KINDS]
        for path in sorted((out / "data/charts").glob("*.csv")):
            control = next((name for name in controls if path.stem.startswith(name)), None)
            if control and path.stem.removeprefix(f"{control}-") in TOO_FINE:
                self.comparison.differ(f"{what}, {path.name} exists")
            else:
                self.chart(what, path, control, published)
        untold = untold_pairs(published, truth)
        for name, rows in (("report.html", html_rows), ("report.xlsx", workbook_rows)):
            if (out / name).exists():
                for row in rows(out / name):
                    told = untold & {pair for pair in zip(row, row[1:], strict=False)}
                    self.comparison.equal(f"{what}, {name}, hidden pairs in {row}", told, set())

    def chart(self, what: str, path: Path, control: str | None, published: Figures) -> None:
        """The counts in a chart's data are those of results.json, empty where they are hidden there."""
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                group = group_name(row["group"], row["combined"]) if "group" in row else None
                holder = (row.get("control", control), group)
                place = (*holder, row.get("period") or f"{row['from']} to {row['to']}")
                entry = published.entries.get(place)
                if "from" in row and "period" not in row:
                    entry = funnel_sum(published, holder, row)
                where = f"{what}, {path.name}, {place}"
                told = [name for name in COUNTS if row.get(name)]
                if entry is None:
                    # A figure of an earlier report has no counts.
                    self.comparison.equal(f"{where}, counts of no entry", told, [])
                    continue
                for name in told:
                    self.comparison.equal(f"{where}, {name}", int(row[name]), entry[name])
                if None in (entry["cases"], entry["deviations"]):
                    told = [name for name in row if "share" in name and row[name]]
                    self.comparison.equal(f"{where}, shares", told, [])


def untold_pairs(published: Figures, truth: Figures) -> set[tuple[int, int]]:
    """Pairs of neighbouring counts, either way round, that are nobody's but a hidden entry's."""
    told: set[tuple[int, int]] = set()
    hidden: set[tuple[int, int]] = set()
    for place, entry in published.entries.items():
        if place not in truth.entries:
            continue
        if "rows" in entry:
            row = [truth.entries[place][name] for name in ("rows", *LEDGER)]
            told.update(zip(row, row[1:], strict=False))
        elif place[2] != "all periods":
            true = truth.entries[place]
            pair = (true["cases"], true["deviations"])
            is_hidden = None in (entry["cases"], entry["deviations"])
            (hidden if is_hidden else told).update((pair, pair[::-1]))
    # Pairs of few stand beside each other by chance: months, ranks, days.
    return {pair for pair in hidden - told if max(pair) >= 4 * SMALLEST}


class Rows(HTMLParser):
    """The texts of a page's table cells, row by row."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.is_in_cell = False

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag == "tr":
            self.rows.append([])
        self.is_in_cell = tag in ("td", "th") or (self.is_in_cell and tag != "tr")
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.is_in_cell = False

    def handle_data(self, data: str) -> None:
        if self.is_in_cell and self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


def as_count(value: object) -> int | None:
    """A cell's whole number, if it is one."""
    text = "".join(str(value).split())
    return int(text) if text.isascii() and text.isdigit() else None


def html_rows(path: Path) -> Iterator[list[int | None]]:
    """Whole numbers of a page's tables, row by row."""
    parser = Rows()
    parser.feed(path.read_text(encoding="utf-8"))
    for row in parser.rows:
        yield [as_count(cell) for cell in row]


def workbook_rows(path: Path) -> Iterator[list[int | None]]:
    """Whole numbers of a workbook, row by row."""
    workbook = openpyxl.load_workbook(path, read_only=True)
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            is_share = ["%" in (cell.number_format or "") for cell in row]
            yield [None if share else as_count(cell.value) for share, cell in zip(is_share, row)]
    workbook.close()


def check_export(check: Check, binary: Path, folder: Path, what: str) -> None:
    """Runs both editions of an export and compares them."""
    internal, published = folder / "internal", folder / "published"
    project = folder / "project"
    # Published, groups of few are taken together; so they are here.
    run_frist(binary, "run", project, "--smallest-group", SMALLEST, "--out", internal)
    run_frist(binary, "run", project, "--edition", "published", "--out", published)
    truth, results = results_of(internal), results_of(published)
    name_alike(check, what, truth, results)
    check_results(check, what, results, truth)
    check.folder(what, published, read_figures(results), read_figures(truth))


def name_alike(check: Check, what: str, truth: dict, published: dict) -> None:
    """Gives files and lone groups of few the names that they have in the published edition."""
    for true, entry in zip(truth["inputs"], published["inputs"], strict=True):
        true["path"] = entry["path"]
    for true_control, control in zip(truth["controls"], published["controls"], strict=True):
        where = f"{what}, {control['id']}"
        names = [[each["column"] for each in of["groupings"]] for of in (control, true_control)]
        check.comparison.equal(f"{where}, columns", *names)
        for grouping, true_grouping in zip(control["groupings"], true_control["groupings"]):
            name_groups_alike(check, f"{where}, {grouping['column']}", true_grouping, grouping)


def name_groups_alike(check: Check, where: str, truth: dict, published: dict) -> None:
    """Takes the name from a lone group of few; then both editions must have the same groups."""
    shown = group_names(published)
    alone = [group for group in truth["groups"] if group_name(group["name"], group["combined"]) not in shown]
    if len(alone) == 1 and shown - group_names(truth) == {OF_FEW}:
        alone[0] |= {"name": "", "combined": 1}
    check.comparison.equal(f"{where}, groups", sorted(shown), sorted(group_names(truth)))


def check_results(check: Check, what: str, results: dict, truth: dict) -> None:
    """Attacks a results.json and compares it with the true one."""
    figures, true_figures = read_figures(results), read_figures(truth)
    check.compare(what, figures, true_figures)
    check.changes(what, results)
    check.limits(what, results)
    check.attack(what, figures, true_figures)


def main() -> int:
    """Runs the check; returns the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("binary", type=Path)
    parser.add_argument("--tables", type=int, default=TABLES)
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    binary = arguments.binary.resolve()
    draw = random.Random(arguments.seed)
    check = Check()
    exports = 0
    while check.tables < arguments.tables:
        with tempfile.TemporaryDirectory() as name:
            write_export(Path(name) / "project", draw)
            check_export(check, binary, Path(name), f"export {exports}")
        exports += 1
    return check.comparison.close_with(
        f"suppression: {exports} exports, {check.tables:,} tables, {check.hidden:,} hidden counts attacked, "
        f"{check.recovered} recovered, {check.comparison.differing} differences"
    )


if __name__ == "__main__":
    sys.exit(main())
