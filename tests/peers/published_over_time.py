"""Attacks on published editions together: does any set of them tell a number that one of them hides?

Small municipalities are generated, with units that open, are renamed and have few cases. Each publishes nine
tertial reports in three years, one after another, each given those before it; between them cases are registered
late, corrected, moved and removed. Then all that was published is attacked at once with linear programs, and with
integer programs where those leave little room: the sums of every edition, deviations among cases, units that one
edition shows together and another by themselves, and, as the worst that an attacker can guess rightly, that whatever
was not changed between two editions is the same number in both. A hidden number that can only be one number, or
that another edition shows, is recovered.

3 municipalities take a minute; `--municipalities 100` is the long run. With `--alone` no edition is given those
before it, and numbers are recovered.
"""

import argparse
import datetime as dt
import json
import random
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from common import Comparison, results_of, run_frist
from suppression import (
    COUNTS,
    KINDS,
    LEDGER,
    OF_FEW,
    SMALLEST,
    Figures,
    Key,
    Kind,
    adds_up,
    grouping,
    is_small,
    read_figures,
)

MUNICIPALITIES = 3
SEED = 20240831
# Ends of nine tertials.
EDITIONS = [
    dt.date(year, month, day)
    for year in (2022, 2023, 2024)
    for month, day in ((4, 30), (8, 31), (12, 31))
]
FIRST = dt.date(2021, 11, 1)
REFUSED = 78
# Where a linear program leaves less room than this, an integer program looks closer.
NARROW = 4.0


@dataclass
class Case:
    """A case as it is known from one day on, and as it was before it was corrected."""

    number: int
    unit: str
    start: dt.date
    end: dt.date
    known: dt.date
    gone: dt.date
    corrected: dt.date
    end_before: dt.date
    unit_before: str


@dataclass
class Municipality:
    """A municipality: its cases by control, and what becomes of its units and exports."""

    cases: dict[str, list[Case]]
    renamed: tuple[str, str, dt.date] | None
    late_by: int
    keeps: int
    cohort: str | None


def generated(draw: random.Random) -> Municipality:
    """A municipality with one or two controls and few cases a month."""
    cases = {}
    for kind in draw.sample(KINDS[:3], draw.choice((1, 1, 2))):
        cases[kind.control] = cases_of(draw, kind)
    unit = "Enhet 0"
    renamed = (unit, "Enhet Ny", draw.choice(EDITIONS[2:7])) if draw.random() < 0.25 else None
    return Municipality(
        cases,
        renamed,
        late_by=draw.choice((0, 0, 0, 3, 40)),
        keeps=draw.choice((0, 0, 0, 550)),
        cohort=draw.choice((None, None, None, "due", "started")),
    )


def cases_of(draw: random.Random, kind: Kind) -> list[Case]:
    """Cases of three years, a few of which are registered late, corrected, moved or removed."""
    units = [f"Enhet {number}" for number in range(draw.randint(2, 6))]
    weights = [draw.choice((1, 1, 3, 8)) for _ in units]
    opens = {unit: draw.choice((FIRST, FIRST, FIRST, dt.date(2023, 3, 1))) for unit in units[1:]}
    late, days = draw.choice((0.03, 0.1, 0.3, 0.6)), (EDITIONS[-1] - FIRST).days
    of_units = grouping(draw.choices(units, weights, k=draw.randint(40, 700)))
    cases = []
    for number, unit in enumerate(of_units):
        start = FIRST + dt.timedelta(days=draw.randrange(days))
        if start < opens.get(unit, FIRST):
            unit = units[0]
        far = draw.uniform(1.05, 1.7) if draw.random() < late else draw.uniform(0.1, 0.95)
        end = start + far * kind.allowed
        is_slow, is_wrong, is_moved, is_removed = (draw.random() < chance for chance in (0.04, 0.03, 0.02, 0.01))
        corrected = end + dt.timedelta(days=draw.randint(1, 300))
        cases.append(
            Case(
                number,
                unit,
                start,
                end,
                known=end + dt.timedelta(days=draw.randint(1, 60)) if is_slow else end,
                gone=corrected if is_removed else dt.date.max,
                corrected=corrected,
                end_before=end + dt.timedelta(days=draw.randint(-20, 20)) if is_wrong else end,
                unit_before=draw.choice(units) if is_moved else unit,
            )
        )
    return cases


def write_export(folder: Path, municipality: Municipality, as_of: dt.date) -> None:
    """The exports of a day and their project file."""
    folder.mkdir(parents=True)
    project = ['organisation = "Over time"', f"as_of = {as_of}", 'period = "tertial"']
    for kind in KINDS:
        if kind.control not in municipality.cases:
            continue
        since = as_of - dt.timedelta(days=municipality.keeps) if municipality.keeps else dt.date.min
        lines = [
            line_of(case, as_of, municipality)
            for case in municipality.cases[kind.control]
            if case.start <= as_of < case.gone and case.start >= since
        ]
        heading = f"Ärendenr;Enhet;{';'.join(kind.headings)}\n"
        (folder / f"{kind.control}.csv").write_text(heading + "".join(lines), encoding="utf-8")
        project += [f'[[source]]\ncontrol = "{kind.control}"\nfiles = ["{kind.control}.csv"]']
        if municipality.cohort:
            project += [f'[[control]]\nid = "{kind.control}"\ncohort = "{municipality.cohort}"']
    (folder / "frist.toml").write_text("\n".join(project) + "\n", encoding="utf-8")


def line_of(case: Case, as_of: dt.date, municipality: Municipality) -> str:
    """A case as it is known on a day."""
    is_corrected = case.corrected <= as_of
    unit, end = (case.unit, case.end) if is_corrected else (case.unit_before, case.end_before)
    if municipality.renamed:
        old, new, day = municipality.renamed
        unit = new if unit == old and day <= as_of else unit
    end = max(end, case.start)
    is_known = end <= as_of and case.known <= as_of
    return f"{case.number:05};{unit};{case.start};{end if is_known else ''}\n"


@dataclass
class Published:
    """An edition, and the truth that it hides."""

    as_of: str
    figures: Figures
    truth: Figures
    # Groups by control, and the names of those that are shown together.
    # What they are called in the end.
    renamed: dict[str, str] = field(default_factory=dict)
    groups: dict[str, dict[str, dict[str, dict]]] = field(default_factory=dict)
    together: dict[str, frozenset[str]] = field(default_factory=dict)
    cohorts: dict[str, str] = field(default_factory=dict)


def read_edition(published: Path, internal: Path) -> Published:
    """An edition with the internal one of the same day."""
    results, true = results_of(published), results_of(internal)
    edition = Published(results["as_of"], Figures(), Figures())
    for entry, true_entry in zip(results["inputs"], true["inputs"], strict=True):
        true_entry["path"] = entry["path"]
    for control, true_control in zip(results["controls"], true["controls"], strict=True):
        name = control["id"]
        edition.cohorts[name] = control["cohort"]
        for shown, groups in zip(control["groupings"], true_control["groupings"], strict=False):
            by_name = {group["name"]: group for group in groups["groups"]}
            names = {group["name"] for group in shown["groups"] if not group["combined"]}
            edition.groups[name] = {
                each: {period["period"]: period for period in group["periods"]}
                for each, group in by_name.items()
            }
            edition.together[name] = frozenset(by_name) - names
            together = [by_name[each] for each in sorted(edition.together[name])]
            groups["groups"] = [by_name[each] for each in sorted(names)] + added(together)
        true_control["groupings"] = true_control["groupings"][: len(control["groupings"])]
    edition.figures, edition.truth = read_figures(results), read_figures(true)
    return edition


def added(groups: list[dict]) -> list[dict]:
    """Groups taken together, if there are any."""
    if not groups:
        return []
    periods = [
        {**first, **{name: sum(group["periods"][place][name] for group in groups) for name in COUNTS}}
        for place, first in enumerate(groups[0]["periods"])
    ]
    return [{"name": "", "combined": len(groups), "periods": periods}]


# What an attacker takes for one number: whose it is, and what it truly is.
Unknown = tuple


class Union:
    """All that a municipality's editions tell, as one system."""

    def __init__(self, editions: list[Published]) -> None:
        self.known: dict[Unknown, int] = {}
        # The editions that show it, or hide it, first.
        self.shown: set[Key] = set()
        # Told, but not small.
        self.not_small = 0
        self.shown_in: dict[Unknown, int] = {}
        self.hidden_in: dict[Unknown, int] = {}
        # Where it was hidden before any edition showed it.
        self.hidden: dict[Unknown, str] = {}
        self.truth: dict[Unknown, int] = {}
        self.rows: set[tuple[tuple[Unknown, int], ...]] = set()
        for number, edition in enumerate(editions):
            self.read(number, edition)

    def read(self, number: int, edition: Published) -> None:
        """Adds an edition."""
        figures, truth = edition.figures, edition.truth
        for place, entry in figures.entries.items():
            for name in ("rows", *LEDGER) if "rows" in entry else COUNTS:
                if place[2] == "all periods" or place not in truth.entries:
                    continue
                unknown = self.unknown(number, edition, (*place, name))
                self.truth[unknown] = truth.value((*place, name))
                if entry[name] is None and unknown not in self.known:
                    # What was shown and then corrected is public but for the correction.
                    if self.named(edition, (*place, name)) in self.shown and not 0 < self.truth[unknown] < SMALLEST:
                        continue
                    self.hidden.setdefault(unknown, f"edition {number}, {place}, {name}")
                    self.hidden_in.setdefault(unknown, number)
                elif entry[name] is not None:
                    self.known[unknown] = entry[name]
                    self.shown.add(self.named(edition, (*place, name)))
                    self.shown_in.setdefault(unknown, number)
        # What the files counted is also in periods that are not published yet.
        sums = [sum for sum in figures.sums if sum[0][2] != "all periods"]
        sums += [sum for sum in truth.sums if sum[0][2] == "all periods"]
        for total, parts in sums:
            # An edition that shows no number of a sum says nothing of it.
            is_silent = all(self.is_hidden(figures, key) for key in (total, *parts))
            if is_silent or not adds_up(truth, total, parts):
                continue
            # Late cases may add up by chance where some months are missing.
            is_whole = total[3:] != ("deviations",) or adds_up(truth, *(in_cases(keys) for keys in (total, parts)))
            if is_whole:
                row = [(part, 1) for part in parts] + [(total, -1)]
                self.learn(number, edition, row)
        for place, entry in figures.entries.items():
            if "cases" in entry and place in truth.entries and place[2] != "all periods":
                self.read_others(number, edition, place, is_shown=None not in (entry["cases"], entry["deviations"]))
            if place[1] == OF_FEW and place in truth.entries:
                self.read_together(number, edition, place)

    def is_hidden(self, figures: Figures, key: Key) -> bool:
        """Whether an edition does not show a number."""
        return figures.entries.get(key[:3], {}).get(key[3]) is None

    def read_others(self, number: int, edition: Published, place: tuple, *, is_shown: bool) -> None:
        """Cases without a deviation, which nobody prints, and which must not be told when they are few."""
        cases, deviations = (self.unknown(number, edition, (*place, name)) for name in COUNTS)
        others = (*place, "others", cases, deviations)
        self.rows.add(tuple(sorted(((cases, -1), (deviations, 1), (others, 1)), key=repr)))
        if place in edition.figures.entries and place in edition.truth.entries:
            true = edition.truth.entries[place]
            self.truth[others] = true["cases"] - true["deviations"]
            if not is_shown and 0 < self.truth[others] < SMALLEST:
                self.hidden.setdefault(others, f"edition {number}, {place}, others")
                self.hidden_in.setdefault(others, number)

    def read_together(self, number: int, edition: Published, place: tuple) -> None:
        """Groups that are shown together are the sum of each."""
        control, _, period = place
        for name in COUNTS:
            row = [((*place, name), -1)]
            row += [((control, group, period, name), 1) for group in edition.together[control]]
            self.learn(number, edition, row)
        for group in edition.together[control]:
            self.read_others(number, edition, (control, group, period), is_shown=True)

    def learn(self, number: int, edition: Published, row: list) -> None:
        """Signed counts that add up to nothing; most sums are the same in every edition."""
        unknown: dict[Unknown, int] = defaultdict(int)
        for key, sign in row:
            unknown[self.unknown(number, edition, key)] += sign
        self.rows.add(tuple(sorted(unknown.items(), key=repr)))

    def unknown(self, number: int, edition: Published, key: Key) -> Unknown:
        """What a count is taken for: the same in all editions in which it truly is the same."""
        control, group, period, name = key
        if period == "all periods":
            return (number, control, period)
        entry = edition.truth.entries.get(key[:3])
        if entry and "rows" in entry:
            return (control, *(entry[each] for each in LEDGER), name)
        if group == OF_FEW:
            return (number, *key)
        if entry is None:
            entry = edition.groups[control][group][period]
        whole = edition.truth.entries.get((control, None, period))
        # Of a period to which more is to come it is the same only when nothing came at all.
        so_far = () if is_settled(edition, control, whole) else (whole["cases"], whole["deviations"])
        # None of no case is not the same as none of some.
        value = (entry[name], entry["cases"] > 0)
        return (control, edition.renamed.get(group, group), period, name, *value, *so_far)

    def named(self, edition: Published, key: Key) -> Key:
        """A count by the last name of its unit."""
        return (key[0], edition.renamed.get(key[1], key[1]), *key[2:])

    def attack(self, what: str, comparison: Comparison) -> tuple[int, int]:
        """Tries to recover every hidden count; gives how many there are and how many were recovered."""
        recovered = 0
        for unknown, where in sorted(self.hidden.items(), key=repr):
            if unknown in self.known:
                recovered += 1
                comparison.differ(f"{what}, {where}: shown by another edition, {self.known[unknown]}")
        told = [(key, *ends) for key, *ends in self.narrow(self.known, self.hidden)]
        for key, low, high in told:
            # What others had told before it was hidden was public, and hiding it protects nobody.
            before = {each: it for each, it in self.known.items() if self.shown_in[each] < self.hidden_in[key]}
            if list(self.narrow(before, {key})):
                continue
            if not 0 < self.truth[key] < SMALLEST:
                # That there is nobody, or that there are many, points at nobody: it is counted, and no fault.
                self.not_small += 1
            else:
                recovered += 1
                comparison.differ(f"{what}, {self.hidden[key]}: recovered {low} to {high}, truly {self.truth[key]}")
        comparison.compared += len(self.hidden)
        return len(self.hidden), recovered

    def narrow(self, known: dict[Unknown, int], wanted: Collection[Unknown]) -> Iterator[tuple[Unknown, float, float]]:
        """Those of some counts that can only be one number when others are known, with its ends."""
        for keys, rows in self.components(known, wanted):
            system = System(keys, rows)
            for key in [key for key in keys if key in wanted]:
                low, high = system.ends(key, is_whole=False)
                if high - low < NARROW:
                    low, high = system.ends(key, is_whole=True)
                if high - low < 0.5:
                    yield key, low, high

    def components(
        self, known: dict[Unknown, int], wanted: Collection[Unknown]
    ) -> Iterator[tuple[list[Unknown], list[tuple[dict[Unknown, int], int]]]]:
        """Unknown counts that know of each other and of one that is wanted, with what is known of them."""
        rows, by_unknown = [], defaultdict(list)
        for row in sorted(self.rows, key=repr):
            unknown = {key: sign for key, sign in row if key not in known}
            value = -sum(sign * known[key] for key, sign in row if key in known)
            if unknown:
                rows.append((unknown, value))
                for key in unknown:
                    by_unknown[key].append(len(rows) - 1)
        seen: set[Unknown] = set()
        for start in by_unknown:
            if start in seen:
                continue
            keys, unseen, numbers = [], [start], set()
            while unseen:
                key = unseen.pop()
                if key in seen:
                    continue
                seen.add(key)
                keys.append(key)
                for number in by_unknown[key]:
                    if number not in numbers:
                        numbers.add(number)
                        unseen += rows[number][0]
            if any(key in wanted for key in keys):
                yield keys, [rows[number] for number in sorted(numbers)]


def in_cases(keys: Key | list[Key]) -> Key | list[Key]:
    """The same places, of cases."""
    return [in_cases(key) for key in keys] if isinstance(keys, list) else (*keys[:3], "cases")


class System:
    """Equations of counts that know of each other."""

    def __init__(self, keys: list[Unknown], rows: list[tuple[dict[Unknown, int], int]]) -> None:
        self.column = {each: place for place, each in enumerate(keys)}
        places = [(number, self.column[key], sign) for number, row in enumerate(rows) for key, sign in row[0].items()]
        numbers, columns, signs = zip(*places, strict=True)
        matrix = csr_array((np.array(signs, float), (numbers, columns)), shape=(len(rows), len(keys)))
        values = [value for _, value in rows]
        self.known = {
            "constraints": LinearConstraint(matrix, values, values),
            "bounds": Bounds(0, np.inf),
            "options": {"time_limit": 20},
        }

    def ends(self, key: Unknown, *, is_whole: bool) -> tuple[float, float]:
        """The lowest and the highest that a count can be, also as a whole number."""
        aim = np.zeros(len(self.column))
        aim[self.column[key]] = 1
        low, high = (
            milp(sign * aim, integrality=np.full(len(aim), int(is_whole)), **self.known) for sign in (1, -1)
        )
        # 2: a contradiction, which tells as well. Without an end, or when a solver gives up, nothing is told.
        if 2 in (low.status, high.status):
            return 0.0, 0.0
        return (low.fun, -high.fun) if low.x is not None and high.x is not None else (0.0, np.inf)


def is_settled(edition: Published, control: str, whole: dict | None) -> bool:
    """Whether nothing more is to come to a period but corrections."""
    if whole is None or whole.get("no_share_because") == "incomplete":
        return whole is None
    last = dt.date.fromisoformat(whole["to"]) if "to" in whole else end_of_month(whole["period"])
    if edition.cohorts[control] == "started":
        last += dt.timedelta(days=130)
    return last <= dt.date.fromisoformat(edition.as_of)


def end_of_month(month: str) -> dt.date:
    """The last day of a month like 2024-08."""
    year, number = map(int, month.split("-"))
    return dt.date(year + number // 12, number % 12 + 1, 1) - dt.timedelta(days=1)


@dataclass
class Check:
    """What was published, and what was recovered."""

    binary: Path
    alone: bool
    comparison: Comparison = field(default_factory=Comparison)
    editions: int = 0
    refused: int = 0
    hidden: int = 0
    recovered: int = 0
    told: int = 0
    not_small: int = 0

    def municipality(self, draw: random.Random, number: int, folder: Path) -> None:
        """Publishes nine editions of a municipality and attacks them together."""
        municipality = generated(draw)
        published, editions = [], []
        for place, end in enumerate(EDITIONS):
            project = folder / f"export-{place}"
            write_export(project, municipality, end + dt.timedelta(days=municipality.late_by))
            internal, out = folder / f"internal-{place}", folder / f"published-{place}"
            usual = ("--forms", "md", "--pictures", "none", "--out")
            before = ["--published-before", *published] if published and not self.alone else []
            command = [self.binary, "run", project, "--edition", "published", *usual, out, *before]
            done = subprocess.run([str(part) for part in command], capture_output=True, encoding="utf-8")
            if "(unsuitable-group)" in done.stderr:
                # The first cases of many units look like a column of names.
                continue
            if done.returncode == REFUSED:
                self.refused += 1
                self.comparison.differ(f"municipality {number}, edition {place}: refused: {done.stderr[-600:]}")
                continue
            if done.returncode != 0:
                self.comparison.differ(f"municipality {number}, edition {place}: {done.stderr[-600:]}")
                continue
            run_frist(self.binary, "run", project, *usual, internal)
            published.append(out)
            editions.append(read_edition(out, internal))
            editions[-1].renamed = dict([municipality.renamed[:2]]) if municipality.renamed else {}
            self.still_right(f"municipality {number}, edition {place}", out, editions[-1])
        self.editions += len(editions)
        union = Union(editions)
        hidden, recovered = union.attack(f"municipality {number}", self.comparison)
        self.not_small += union.not_small
        self.hidden += hidden
        self.recovered += recovered
        self.told += recovered > 0

    def still_right(self, what: str, out: Path, edition: Published) -> None:
        """What is shown is true, and what is small is hidden; the manifest has no digest of an export."""
        for place, entry in edition.figures.entries.items():
            true = edition.truth.entries.get(place)
            if true is None or "cases" not in entry or place[2] == "all periods":
                continue
            for name in COUNTS:
                if entry[name] is not None:
                    self.comparison.equal(f"{what}, {place}, {name}", entry[name], true[name])
                    self.comparison.equal(f"{what}, {place}, small {name}", 0 < true[name] < SMALLEST, False)
            if is_small(true["deviations"], true["cases"]):
                both = None not in (entry["cases"], entry["deviations"])
                self.comparison.equal(f"{what}, {place}, small share", both, False)
        manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
        self.comparison.equal(f"{what}, digests", ["sha256" in entry for entry in manifest["inputs"]].count(True), 0)


def main() -> int:
    """Runs the check; returns the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("binary", type=Path)
    parser.add_argument("--municipalities", type=int, default=MUNICIPALITIES)
    parser.add_argument("--long", action="store_const", const=100, dest="municipalities")
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    check = Check(arguments.binary.resolve(), arguments.alone)
    for number in range(arguments.municipalities):
        draw = random.Random(arguments.seed + number)
        with tempfile.TemporaryDirectory() as name:
            check.municipality(draw, number, Path(name))
    return check.comparison.close_with(
        f"published over time: {arguments.municipalities} municipalities, {check.editions} editions "
        f"({check.refused} refused), {check.hidden:,} hidden counts attacked, {check.recovered} recovered in "
        f"{check.told} municipalities, {check.not_small} told that are not small, {check.comparison.differing} differences"
    )


if __name__ == "__main__":
    sys.exit(main())
