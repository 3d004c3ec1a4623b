"""What the tables of a report say."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from one_voice_numbers import as_count, is_rounded, last_day, value_of, written_share
from one_voice_reading import Table
from one_voice_voices import Control
from one_voice_words import COUNT, catalogue

NOTHING = "–"
VERDICTS = ("worse", "better", "unchanged", "unknown")


@dataclass(frozen=True)
class Row:
    """A row: its cells by their headings, and all of it as a statement."""

    by_heading: dict[str, str]
    said: str

    def __getitem__(self, name: str) -> str:
        """The cell below a heading of the catalogue."""
        return self.by_heading[catalogue()[f"table.{name}"]]

    def get(self, name: str) -> str:
        """The same of a column that not every table has."""
        return self.by_heading.get(catalogue()[f"table.{name}"], NOTHING)

    def overdue(self, as_of: dt.date) -> str:
        """What is overdue on the as-of date, which the heading names where the row's period ended on another."""
        heading = catalogue()["table.open-overdue-on"].format(as_of=catalogue().written_date(as_of))
        return self.by_heading.get(heading, self.get("open_overdue"))

    def count(self, name: str) -> int:
        """The cell below a heading as a count."""
        return as_count(self[name])

    def cells(self) -> list[str]:
        """The cells from the left."""
        return list(self.by_heading.values())


def rows_of(table: Table) -> Iterator[Row]:
    """The rows of a table."""
    for cells in table.rows:
        yield Row(dict(zip(table.headings, cells, strict=True)), f"{table.caption} | {' | '.join(cells)}")


class Rows:
    """Tables of a control, by what they are about."""

    def __init__(self, control: Control) -> None:
        self.control = control
        self.texts = control.texts

    def read(self, table: Table) -> bool:
        """Reads a table of the appendix; whether it is known."""
        about = table.caption.removeprefix(f"{self.control.name}: ")
        reader = self.readers().get(about) or self.of_groups(about)
        if reader is None:
            return False
        for row in rows_of(table):
            reader(row)
        return True

    def readers(self) -> dict[str, Callable[[Row], None]]:
        """The readers of tables by their captions."""
        return {
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

    def of_groups(self, about: str) -> Callable[[Row], None] | None:
        """The reader of a table of groups, by one column or by two."""
        names, _, period = about.rpartition(", ")
        columns = list(self.control.groups)
        if names in columns:
            of = self.control.say_period(period, about)
            self.control.say("headline period", of, about)
            return lambda row: self.group(names, of, row)
        both = self.texts["report.cross"].split(",")[0]
        if len(columns) == 2 and names == both.format(group=columns[0], subgroup=columns[1]):
            self.control.say_period(period, about)
            return self.cross
        return None

    def period(self, row: Row) -> str:
        """The period of a row, which may have a note on an earlier report."""
        cell = re.sub(rf" \({re.escape(self.texts['table.reported'])}, .*\)$", "", row["period"])
        return self.control.say_period(cell, row.said)

    def headline_period(self, row: Row) -> str:
        """The period of a row, which is that of the headline."""
        period = self.period(row)
        self.control.say("headline period", period, row.said)
        return period

    def figure(self, of: object, row: Row, told: bool = True) -> None:
        """Cases, deviations, share and interval of a row."""
        for name in ("cases", "deviations"):
            self.control.say_count(of, name, row[name], row.said)
        if told:
            self.control.say_told(of, row["share"], row.said)
        self.written(of, "interval", row.get("interval"), row)

    def written(self, of: object, name: str, cell: str, row: Row) -> None:
        """A cell as it is written, where there is something."""
        if cell != NOTHING:
            self.control.say(of, name, cell.removesuffix(" pe"), row.said)

    def counted(self, of: object, name: str, cell: str, row: Row) -> None:
        """A cell as a count, where there is one."""
        if cell != NOTHING:
            self.control.say(of, name, as_count(cell), row.said)

    def is_written(self, of: object, share: str, exact: float | None, row: Row, other: object) -> None:
        """A share as results.json has it, but for rounding."""
        is_same = exact is not None and is_rounded(share, exact * 100)
        self.control.expect(of, is_same, row.said, other)

    def summary(self, row: Row) -> None:
        """A control in the table of all."""
        period = self.headline_period(row)
        self.figure(period, row)
        self.control.say("headline", "told", row["share"], row.said)
        self.verdict(row["verdict"], row.said)
        self.counted(self.control.as_of, "overdue", row.overdue(self.control.as_of), row)

    def verdict(self, words: str, said: str) -> None:
        """The verdict in a few words."""
        for answer in VERDICTS:
            if words == self.texts[f"verdict.{answer}"]:
                self.control.say("verdict", answer, said)
        if words == NOTHING:
            self.control.say("has trend", False, said)

    def bounds(self, row: Row) -> None:
        """How low and how high a headline could be."""
        period = self.headline_period(row)
        self.control.say("headline", "told", row["share"], row.said)
        self.control.say_told(period, row["share"], row.said)
        low, high = (value_of(row[name]) for name in ("lowest", "highest"))
        if row["share"].endswith("%"):
            is_between = low <= value_of(row["share"]) <= high
            self.control.expect(("bounds",), is_between, row.said, "itself")

    def periods(self, row: Row) -> None:
        """A period of the control."""
        period = self.period(row)
        self.control.say(period, "is in periods", True, row.said)
        self.figure(period, row)
        self.written(period, "change", row["change"], row)
        self.reference(period, row.get("reference"), row.said)
        if (overdue := row.get("open_overdue")) != NOTHING:
            day = min(last_day(period), self.control.as_of)
            self.control.say(day, "overdue", as_count(overdue), row.said)
        for name in ("extended", "rolled"):
            self.counted(period, name, row.get(name), row)

    def reference(self, period: str, cell: str, said: str) -> None:
        """The share by the other method."""
        share = cell.split(" (")[0]
        because = self.texts.reasons.get(share)
        if because in ("too-early", "incomplete"):
            self.control.say(period, "no share because", because, said)
        elif share.endswith("%"):
            self.control.say(period, "reference share", share, said)
            self.control.say("reference method", cell.removeprefix(f"{share} (").removesuffix(")"), said)

    def comparison(self, row: Row) -> None:
        """The four groups of verdicts of a period."""
        period, cells, headings = self.period(row), row.cells(), list(row.by_heading)
        cases, both_in_time, by_reference, by_law, both_late = map(as_count, cells[1:6])
        self.control.say("reference method", headings[7], " | ".join(headings))
        counts = {
            "cases": cases,
            "deviations": by_law + both_late,
            "reference deviations": by_reference + both_late,
            "late only by reference": by_reference,
            "late only by law": by_law,
        }
        for name, count in counts.items():
            self.control.say(period, name, count, row.said)
        total = both_in_time + by_reference + by_law + both_late
        self.control.expect((period, "four groups"), total == cases, row.said, "itself")
        self.control.say_told(period, cells[6], row.said)
        if cells[7].endswith("%"):
            self.control.say(period, "reference share", cells[7], row.said)

    def method_changes(self, row: Row) -> None:
        """A change and its parts."""
        control, cells = self.control, row.cells()
        period = self.texts.period(cells[0])
        share, before = re.fullmatch(r"(.+?) \((.+)\)", cells[1]).groups()
        before = self.texts.period(before)
        if control.get(before, "cases") and control.get(before, "reference deviations") is not None:
            control.say(before, "reference share", share, row.said)
        control.say(period, "lawful share", cells[2], row.said)
        changes = {(each["before"], each["period"]): each for each in control.results["method_change"]}
        change = changes.get((before, period))
        if change is None:
            control.unread("changes of methods", row.said)
            return
        whole = change["to_share"] - change["from_share"]
        is_whole = abs(whole - change["by_cases"] - change["by_method"]) < 1e-9
        control.expect((period, "parts"), is_whole, row.said, change)
        numbers = (change["from_share"], change["to_share"], whole, change["by_cases"], change["by_method"])
        written = (share, cells[2], *(cell.removesuffix(" pe") for cell in cells[3:6]))
        for text, number in zip(written, numbers, strict=True):
            self.is_written((period, "change of method"), text, number, row, number * 100)

    def trend(self, row: Row) -> None:
        """A point of the trend."""
        period = self.period(row)
        self.control.say(period, "is in trend", True, row.said)
        self.figure(period, row)
        self.written(period, "limits", row.get("limits"), row)
        marked = row["signals"].split(", ")
        for name in ("outside", "many", "doubling", "halving", "two-of-three"):
            self.control.say(period, "marked", name, self.texts[f"signal.{name}"] in marked, row.said)

    def backlog(self, row: Row) -> None:
        """Open cases at the end of a month."""
        day = min(last_day(self.texts.period(row["month"])), self.control.as_of)
        self.control.say(day, "open", row.count("open"), row.said)
        self.control.say(day, "overdue", row.count("open_overdue"), row.said)

    def outlook(self, row: Row) -> None:
        """What is expected within some days, or in a month."""
        control = self.control
        low, high = map(as_count, row["interval90"].split("–"))
        number, share, opened = value_of(row["expected"]), value_of(row["chance"]) / 100, row.count("open")
        of_chance = abs(share * opened - number) <= 0.51 + 0.0006 * opened
        control.expect(("outlook", "interval"), low <= high <= opened, row.said, "itself")
        control.expect(("outlook", "expected"), low - 0.5 <= number <= high + 0.5, row.said, "itself")
        control.expect(("outlook", "chance"), of_chance, row.said, "itself")
        within = re.fullmatch(self.texts.wrapped("table.within-days", f"({COUNT})"), row["due-in"])
        if within is None:
            return
        days, held = as_count(within[1]), row["held"]
        control.say("outlook", days, "open", opened, row.said)
        control.say("outlook", days, "expected", row["expected"], row.said)
        control.say("outlook", days, "interval", row["interval90"], row.said)
        counts = tuple(map(as_count, held.split(" av "))) if held != NOTHING else None
        control.say("outlook", days, "held", counts, row.said)
        chance, expected = control.get("outlook", days, "exact") or (None, None)
        self.is_written(("outlook", days, "chance"), row["chance"], chance, row, chance)
        is_same = expected is not None and abs(number - expected) <= (0.5001 if number >= 10 else 0.0501)
        control.expect(("outlook", days, "expected"), is_same, row.said, expected)

    def margins(self, row: Row) -> None:
        """When cases of a period were closed."""
        period = self.texts.period(row["closed-in"])
        numbers = [round(value_of(row[name])) for name in ("p10", "p25", "p50", "p75", "p90")]
        self.control.expect((period, "quantiles"), numbers == sorted(numbers), row.said, "itself")
        self.control.say(period, "median", numbers[2], row.said)
        self.control.say(period, "margins", tuple(numbers), row.said)
        self.control.say(period, "cases of margins", row.count("cases"), row.said)

    def time_to_close(self, row: Row) -> None:
        """Time to close of a period of starts."""
        of = ("started in", self.texts.period(row["started-in"]))
        self.control.expect((of,), row.count("open") <= row.count("cases"), row.said, "itself")
        for name in ("cases", "open"):
            self.control.say(of, name, row.count(name), row.said)
        for name, heading in (("half_closed_at", "half-closed"), ("ninety_closed_at", "most-closed")):
            is_none = row[heading] == self.texts["table.none"]
            self.control.say(of, name, None if is_none else round(value_of(row[heading])), row.said)
        share, exact = row["open-after-due"], self.control.get(of, "open after due")
        is_same = share == NOTHING or exact is not None and is_rounded(share, exact * 100)
        self.control.expect((of, "open after due"), is_same, row.said, exact)

    def conventions(self, row: Row) -> None:
        """A cohort in the headline's period: that of the control is what its headline says."""
        period, cohort = self.headline_period(row), row["cohort"]
        cohorts = {self.texts[f"cohort.{name}"]: name for name in ("closed", "due", "started")}
        named = cohorts[cohort[0].lower() + cohort[1:]]
        of: object = period if named == self.control.results["cohort"] else (period, cohort)
        self.figure(of, row, told=False)
        if row["share"].endswith("%") or row["share"] == self.texts["table.incomplete"]:
            self.control.say_told(of, row["share"], row.said)
        self.control.say(of, "undetermined", row.count("undetermined"), row.said)
        exact = {(each["period"], each["cohort"]): each for each in self.control.results["conventions"]}
        self.convention(exact.get((period, named), {}), row)

    def convention(self, exact: dict, row: Row) -> None:
        """A cohort, as results.json has it."""
        for name in ("cases", "deviations", "undetermined"):
            is_same = exact.get(name) == row.count(name)
            self.control.expect(("conventions", name), is_same, row.said, exact)
        for name in ("share", "lowest", "highest"):
            if row[name].endswith("%") and exact.get(name) is not None:
                self.is_written(("conventions", name), row[name], exact[name], row, exact)

    def case_list(self, row: Row) -> None:
        """How the cases of a cohort add up."""
        *parts, total = map(row.count, ("in-periods", "later-periods", "no-period", "all-cases"))
        self.control.expect(("case list",), sum(parts) == total, row.said, "itself")
        self.control.say("all cases", total, row.said)

    def start_months(self, row: Row) -> None:
        """The four groups of verdicts by the month of the start."""
        cells = row.cells()
        of = ("start month", self.texts.months.index(cells[0].lower()) + 1)
        cases, *groups = map(as_count, cells[1:6])
        self.control.expect((of,), sum(groups) == cases, row.said, "itself")
        by_law, by_reference = groups[2] + groups[3], groups[1] + groups[3]
        for name, count in (("cases", cases), ("deviations", by_law), ("reference_deviations", by_reference)):
            self.control.say(of, name, count, row.said)
        if cases:
            for cell, count in ((cells[6], by_law), (cells[7], by_reference)):
                written = written_share(Fraction(count, cases))
                self.control.expect((of, "share"), cell == written, row.said, written)
            share = written_share(Fraction(groups[1] + groups[2], cases))
            self.control.say(*of, "changed share", share, row.said)

    def group(self, column: str, period: str, row: Row) -> None:
        """A group in the headline's period."""
        name = row.by_heading[column]
        of = (column, name, period)
        self.figure(of, row)
        self.counted((column, name), "overdue", row.overdue(self.control.as_of), row)
        self.written(of, "change", row["change"], row)
        windows = self.differing(row["funnel"])
        if windows is None:
            self.control.unread("table of groups", row.said)
        else:
            self.control.say((column, name), "differs", windows, row.said)

    def differing(self, cell: str) -> tuple | None:
        """In which windows a group is called higher or lower; `None` when the cell cannot be read."""
        if cell == self.texts["funnel.none"]:
            return ()
        if cell == NOTHING:
            return ("not compared",)
        found = []
        for part in cell.split("; "):
            for direction in ("higher", "lower"):
                if told := re.fullmatch(self.texts.wrapped(f"funnel.{direction}", "(.+)"), part):
                    found += [(window, direction) for window in re.split(r", | och ", told[1])]
        return tuple(sorted(found)) or None

    def cross(self, row: Row) -> None:
        """Counts and shares of a group by another column."""
        for cell in row.cells()[1:]:
            if found := re.fullmatch(rf"(.+) \(({COUNT})/({COUNT})\)", cell):
                share = written_share(Fraction(as_count(found[2]), as_count(found[3])))
                self.control.expect(("two columns",), share == found[1], row.said, share)
