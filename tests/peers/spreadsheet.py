"""The workbook of a run, opened by openpyxl and by LibreOffice: its figures against those of results.json.

A number must be a number, a date a date and a text no formula; every row is one of results.json, in its order, and
no cell of the published edition holds what results.json hides. Charts are the program's own, over the cells beside
them, and say in words what they show. Words are those of the program's text catalogues.
"""

import csv
import datetime as dt
import json
import re
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
from lxml import etree
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from common import Comparison, binary_from_arguments, run_frist
from office import convert, office

PROJECT = Path(__file__).resolve().parents[2]
SAMPLE_DATA = PROJECT / "sample_data"
AS_OF = "2024-08-31"
RUNS: dict[str, tuple[str, ...]] = {
    "sv": (),
    "en": ("--lang", "en", "--period", "month"),
    "published": ("--edition", "published"),
    "published, en": ("--edition", "published", "--lang", "en"),
}
HEADING_ROW = 4
EXACT = 1e-12
# results.json rounds shares of periods to six decimals and percentage points to four.
SHARE_DIGITS = 1e-6
POINT_DIGITS = 1e-4
DATE, COUNT, SHARE, POINTS = "yyyy-mm-dd", "#,##0", "0.0%", "+0.0;-0.0;0.0"

FIGURE = ("cases", "deviations", "share", "ci-low", "ci-high")
SHEETS = {
    "summary": (
        "control",
        "period",
        *FIGURE,
        "change-points",
        "change-low",
        "change-high",
        "verdict",
        "open_overdue",
        "target",
    ),
    "control-points": (
        *("area", "risk-point", "control-point", "department", "status", "severity", "result"),
        *("comment", "planned-action"),
    ),
    "periods": ("control", "period", "from", "to", *FIGURE, "change-points", "open_overdue", "source"),
    "trends": (
        *("control", "period", "from", "cases", "deviations", "share", "mean", "lower", "upper"),
        "signals",
    ),
    "groups": ("control", "column", "group", "period", *FIGURE),
    "methods": (
        *("control", "period", "method", "deviations", "share", "reference-method"),
        *("reference-deviations", "reference-share", "difference"),
    ),
    "risks": (
        *("risk-no", "area", "process", "risk", "likelihood", "consequence", "risk-value", "critical"),
        *("existing", "handling", "follows-plan", "comment", "proposed-value"),
    ),
    "ledger": ("file", "control", "rows", "counted", "open", "excluded", "rejected"),
    "faults": ("file", "line", "column", "code", "effect", "reason"),
    "definitions": ("control", "term", "meaning"),
}
# The sheet that charts stand on, and those with the cells that they are drawn from.
CHARTS = "charts"
DRAWN = ("periods", "trends", "methods")
FORMATS = {
    COUNT: (
        *("cases", "deviations", "open_overdue", "reference-deviations", "rows", "counted", "open"),
        *("excluded", "rejected", "likelihood", "consequence", "risk-value", "proposed-value", "line"),
    ),
    SHARE: ("share", "ci-low", "ci-high", "target", "mean", "lower", "upper", "reference-share"),
    POINTS: ("change-points", "change-low", "change-high", "difference"),
    DATE: ("from", "to"),
}
FORMAT_OF = {key: shown for shown, keys in FORMATS.items() for key in keys}
# The smallest share and difference that a decimal can show, by kind: what is less is not shown as nought.
SMALLEST = {SHARE: 0.0005, POINTS: 0.05}

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"

# A row that is wanted: values by key, those left out are texts that must not be empty.
Row = dict[str, object]


class Words:
    """The text catalogue of a language, and the names of the rules in it."""

    def __init__(self, language: str) -> None:
        catalogue = PROJECT / "src" / "text" / f"{language}.toml"
        self.texts = tomllib.loads(catalogue.read_text(encoding="utf-8"))
        rules = PROJECT / "src" / "rulebook" / "builtin.toml"
        rulebook = tomllib.loads(rules.read_text(encoding="utf-8"))
        self.names = {rule["id"]: rule["name"][language] for rule in rulebook["rule"]}

    def sheet(self, key: str) -> str:
        """The name of a sheet."""
        return self.texts["sheet"][key]

    def heading(self, key: str) -> str:
        """The heading of a column."""
        return self.texts["table"][key]

    def yes_or_no(self, value: bool | None) -> str | None:
        """A truth value in words."""
        return None if value is None else self.texts["table"]["yes" if value else "no"]

    @property
    def hidden(self) -> str:
        """The word for a number that is hidden."""
        return self.texts["table"]["hidden"]


def interval(entry: dict) -> tuple[float | None, float | None]:
    """Both ends of a share's interval."""
    return tuple(entry["ci95"]) if entry.get("ci95") else (None, None)


def figure(entry: dict) -> Row:
    """The figures of a period."""
    low, high = interval(entry)
    names = ("cases", "deviations", "share")
    return {**{name: entry[name] for name in names}, "ci-low": low, "ci-high": high}


def date(text: str) -> dt.datetime:
    """A day as openpyxl reads it."""
    return dt.datetime.fromisoformat(text)


class Wanted:
    """The rows of every sheet, made of results.json, and of faults.csv."""

    def __init__(self, results: dict, faults: Path, words: Words) -> None:
        self.results, self.faults_csv, self.words = results, faults, words
        self.controls = [
            (words.names[control["id"]], control) for control in results["controls"]
        ]

    def rows(self, key: str) -> list[Row] | None:
        """The rows of a sheet; none for one whose words are not in results.json."""
        makers = {
            "summary": self.summary,
            "periods": self.periods,
            "trends": self.trends,
            "groups": self.groups,
            "methods": self.methods,
            "ledger": self.ledger,
            "faults": self.faults,
            "risks": self.risks,
            "control-points": self.control_points,
        }
        return list(makers[key]()) if key in makers else None

    def summary(self) -> Iterator[Row]:
        """The headline of every control, and what is overdue on the as-of date."""
        for name, control in self.controls:
            headline = control["headline"]
            entry = next(each for each in control["periods"] if each["period"] == headline["period"])
            if headline["counts_because"]:
                entry = {**entry, "share": None, "ci95": None, "change_ci95": None, "change_pp": None}
            entry = {**entry, "open_overdue": control["periods"][-1]["open_overdue"]}
            low, high = entry["change_ci95"] or (None, None)
            verdict = control["trend"] and control["trend"]["verdict"]["answer"]
            yield {
                "control": name,
                **figure(entry),
                "change-points": entry["change_pp"],
                "change-low": low,
                "change-high": high,
                "verdict": verdict and self.words.texts["verdict"][verdict],
                "open_overdue": entry["open_overdue"],
                "target": control["target"],
            }

    def periods(self) -> Iterator[Row]:
        """Every period of every control."""
        for name, control in self.controls:
            for entry in control["periods"]:
                computed = self.words.heading("computed")
                yield {
                    "control": name,
                    "from": date(entry["from"]),
                    "to": date(entry["to"]),
                    **figure(entry),
                    "change-points": entry["change_pp"],
                    "open_overdue": entry["open_overdue"],
                    "source": entry.get("reported_in", computed),
                }

    def trends(self) -> Iterator[Row]:
        """The points of trends that have cases; limits lie between 0 and 1."""
        for name, control in self.controls:
            for point in control["trend"]["points"] if control["trend"] else []:
                if point["cases"] == 0:
                    continue
                lower, upper = point["lower"], point["upper"]
                row = {
                    "control": name,
                    **{key: point[key] for key in ("cases", "deviations", "share")},
                    "mean": point["center"],
                    "lower": None if lower is None else max(0.0, lower),
                    "upper": None if upper is None else min(1.0, upper),
                }
                yield row if point["signals"] else {**row, "signals": None}

    def groups(self) -> Iterator[Row]:
        """Every period of every group of every column."""
        for name, control in self.controls:
            for grouping in control["groupings"]:
                for group in grouping["groups"]:
                    known = {"group": group["name"]} if group["name"] else {}
                    for entry in group["periods"]:
                        column = {"control": name, "column": grouping["column"]}
                        yield {**column, **known, **figure(entry)}

    def methods(self) -> Iterator[Row]:
        """Every period by both methods."""
        for name, control in self.controls:
            for entry in control["periods"] if control["reference_method"] else []:
                computed = entry["source"] == "computed"
                yield {
                    "control": name,
                    "deviations": entry["deviations"] if computed else None,
                    "share": entry["lawful_share"],
                    "reference-deviations": entry["reference_deviations"],
                    "reference-share": entry["reference_share"],
                    "difference": entry["reference_gap_pp"],
                }

    def ledger(self) -> Iterator[Row]:
        """What became of the rows of every file."""
        for entry in self.results["inputs"]:
            numbers = ("rows", "counted", "open", "excluded", "rejected")
            control = self.words.names.get(entry["control"])
            yield {"file": entry["path"], "control": control, **{key: entry[key] for key in numbers}}

    def faults(self) -> Iterator[Row]:
        """The faults of all files."""
        with self.faults_csv.open(encoding="utf-8-sig", newline="") as file:
            separator = ";" if ";" in file.readline() else ","
            file.seek(0)
            for entry in csv.DictReader(file, delimiter=separator):
                told = {key: entry[key] or None for key in ("file", "column", "code", "reason")}
                effect = self.words.texts["effect"][entry["state"]]
                yield {**told, "line": int(entry["line"]), "effect": effect}

    def risks(self) -> Iterator[Row]:
        """The list of risks."""
        for risk in self.results["risks"]["risks"]:
            yield {
                "risk-no": risk["id"],
                **{key: risk[key] or None for key in ("area", "process", "risk")},
                **{key: risk[key] for key in ("likelihood", "consequence")},
                "risk-value": risk["value"],
                "critical": self.words.yes_or_no(risk["critical"]),
                "follows-plan": self.words.yes_or_no(risk["follows_plan"]),
                "proposed-value": risk["proposed_value"],
            }

    def control_points(self) -> Iterator[Row]:
        """The plan's control points."""
        for point in self.results["internal_control"]["control_points"]:
            yield {
                "area": point["area"],
                "risk-point": point["risk_point"],
                "control-point": point["name"],
                "status": self.words.texts["status"][point["status"]],
                "severity": self.words.texts["severity"][point["severity"] or "not-graded"],
            }


# Texts that may be empty: they are in no results.json, or only some of them are shown.
FREE = {"existing", "handling", "comment", "planned-action", "result", "signals", "method"}


class Workbook:
    """A workbook, and what is noted about it."""

    def __init__(self, comparison: Comparison, what: str, path: Path, results: dict) -> None:
        self.comparison, self.what, self.path, self.results = comparison, what, path, results
        self.words = Words("en" if what.endswith("en") else "sv")
        self.book = openpyxl.load_workbook(path)
        with zipfile.ZipFile(path) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}

    def equal(self, what: str, found: object, wanted: object) -> None:
        """Compares two values that must be the same."""
        self.comparison.equal(f"{self.what}, {what}", found, wanted)

    def check(self) -> None:
        """Everything but what LibreOffice makes of it."""
        self.check_parts()
        self.check_properties()
        wanted = Wanted(self.results, self.path.parent / "data/faults.csv", self.words)
        present = {**SHEETS}
        # A fault is about one case: the published edition has none.
        if self.what.startswith("published"):
            del present["faults"]
        for key, part in (("risks", "risks"), ("control-points", "internal_control")):
            if part not in self.results:
                del present[key]
        names = [self.words.sheet(key) for key in ("cover", *present, CHARTS)]
        self.equal("sheets", self.book.sheetnames, names)
        for key, columns in present.items():
            name = self.words.sheet(key)
            if name in self.book.sheetnames:
                self.check_sheet(key, self.book[name], columns, wanted.rows(key))
        self.check_charts()

    def check_parts(self) -> None:
        """Every part is well-formed; nothing leads out of the file, runs, or is put out of sight."""
        for name, content in self.parts.items():
            root = etree.fromstring(content) if name.endswith((".xml", ".rels")) else None
            if root is not None and name.endswith(".rels"):
                modes = {relation.get("TargetMode") for relation in root}
                self.equal(f"{name}, modes", modes, {None})
            if name.startswith("xl/worksheets/sheet"):
                formulas = len(list(root.iter(f"{MAIN}f")))
                self.equal(f"{name}, formulas", formulas, 0)
                hidden = root.xpath("//*[@hidden]")
                self.equal(f"{name}, hidden rows and columns", len(hidden), 0)
        states = {sheet.sheet_state for sheet in self.book.worksheets}
        self.equal("states of sheets", states, {"visible"})
        unusual = [name for name in self.parts if re.search("vba|comment|external|custom", name)]
        self.equal("parts that nobody sees", unusual, [])

    def check_properties(self) -> None:
        """Title and owner; dated as the figures are."""
        properties = self.book.properties
        self.equal("has a title", bool(properties.title), True)
        self.equal("owner", properties.creator, self.results["organisation"])
        for name in ("created", "modified"):
            self.equal(name, getattr(properties, name), date(AS_OF))

    def check_sheet(
        self, key: str, sheet: Worksheet, columns: tuple[str, ...], rows: list[Row] | None
    ) -> None:
        """A title, one table with its headings, and the rows."""
        self.equal(f"{key}, has a title", bool(sheet["A1"].value and sheet["A2"].value), True)
        headings = [cell.value for cell in sheet[HEADING_ROW]]
        columns = self.kept(key, columns, headings, rows or [])
        self.equal(f"{key}, headings", headings, [self.words.heading(name) for name in columns])
        self.check_table(key, sheet, headings)
        found = list(sheet.iter_rows(min_row=HEADING_ROW + 1))
        if rows is not None:
            self.equal(f"{key}, rows", len(found), len(rows))
        for number, cells in enumerate(found):
            wanted = rows[number] if rows is not None and number < len(rows) else {}
            for name, cell in zip(columns, cells):
                self.check_cell(f"{key} {cell.coordinate} ({name})", name, cell, wanted)

    def kept(self, key: str, columns: tuple[str, ...], headings: list[str], rows: list[Row]) -> list[str]:
        """The columns of a sheet: only one without any value may be left out."""
        kept = [name for name in columns if self.words.heading(name) in headings]
        for name in set(columns) - set(kept):
            values = {row.get(name) for row in rows}
            self.equal(f"{key}, {name} is left out, and its values", values | {None}, {None})
        return kept

    def check_table(self, key: str, sheet: Worksheet, headings: list[str]) -> None:
        """The rows are a table with a heading row, which stays in sight, is printed anew and described."""
        self.equal(f"{key}, tables", len(sheet.tables), 1)
        for table in sheet.tables.values():
            whole = f"A{HEADING_ROW}:{sheet.cell(sheet.max_row, len(headings)).coordinate}"
            self.equal(f"{key}, table", table.ref, whole)
            self.equal(f"{key}, heading row", table.headerRowCount, 1)
            self.equal(f"{key}, columns", [each.name for each in table.tableColumns], headings)
        self.equal(f"{key}, frozen", sheet.freeze_panes, f"B{HEADING_ROW + 1}")
        self.equal(f"{key}, printed anew", sheet.print_title_rows, f"${HEADING_ROW}:${HEADING_ROW}")

    def check_cell(self, where: str, name: str, cell: openpyxl.cell.cell.Cell, wanted: Row) -> None:
        """Value, type and format of a cell."""
        shown = FORMAT_OF.get(name)
        is_number = isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool)
        if is_number or isinstance(cell.value, dt.datetime):
            self.check_format(where, cell, shown)
        else:
            # Where a number should stand, a word says that it is hidden.
            words = {None, self.words.hidden} if shown else {cell.value}
            self.equal(f"{where}, text", cell.value in words, True)
            self.equal(f"{where}, type", cell.data_type in ("s", "n", "inlineStr"), True)
        if name not in wanted:
            is_told = cell.value is not None or name in FREE
            self.equal(f"{where}, is told", is_told, True)
            return
        value = wanted[name]
        if shown is None or isinstance(value, dt.datetime):
            self.equal(where, cell.value, value)
        elif value is None:
            self.equal(f"{where}, has no number", is_number, False)
        elif not is_number:
            self.comparison.differ(f"{self.what}, {where}: {cell.value!r} for {value!r}")
        else:
            self.close(where, name, cell.value, wanted)

    def check_format(self, where: str, cell: openpyxl.cell.cell.Cell, shown: str | None) -> None:
        """How a number is written: what is too little for a decimal is neither nought nor all."""
        smallest, value = SMALLEST.get(shown), cell.value
        is_few = smallest and 0 < abs(value) < smallest
        is_most = shown == SHARE and 1 - smallest <= value < 1
        if is_few or is_most:
            beside = rf'\[[<>]=?-?{re.escape(str(1 - smallest if is_most else smallest))}\]"[<>].+";.+'
            told = re.fullmatch(beside, cell.number_format) is not None
            self.equal(f"{where}, format {cell.number_format} tells too little", told, True)
            return
        # A whole percentage of an earlier report is shown as it was printed.
        is_whole = shown == SHARE and "share" in where and abs(value * 100 - round(value * 100)) < 1e-9
        if not (is_whole and cell.number_format == "0%"):
            self.equal(f"{where}, format", cell.number_format, shown)

    def close(self, where: str, name: str, found: float, wanted: Row) -> None:
        """Compares numbers: counts are equal, shares as exact as their counts are."""
        value = wanted[name]
        if FORMAT_OF[name] == COUNT:
            self.equal(where, found, value)
            return
        digits = POINT_DIGITS if FORMAT_OF[name] == POINTS else SHARE_DIGITS
        self.comparison.close(f"{self.what}, {where}", found, value, digits)
        if name == "share" and wanted.get("cases") and wanted.get("deviations") is not None:
            exact = wanted["deviations"] / wanted["cases"]
            self.comparison.close(f"{self.what}, {where}, exactly", found, exact, EXACT)

    def check_charts(self) -> None:
        """The sheet of charts: each is described, and drawn from the cells of a table."""
        name = self.words.sheet(CHARTS)
        if name not in self.book.sheetnames:
            return
        number = self.book.sheetnames.index(name) + 1
        drawings = self.targets(f"xl/worksheets/_rels/sheet{number}.xml.rels")
        charts = []
        for drawing in drawings:
            frames = list(etree.fromstring(self.parts[drawing]).iter(f"{DRAWING}cNvPr"))
            for frame in frames:
                told = (frame.get("descr") or "").strip()
                self.equal(f"{frame.get('name')} is described", bool(told), True)
            paths = self.targets(f"xl/drawings/_rels/{drawing.rsplit('/', 1)[-1]}.rels")
            self.equal("described charts", len(frames), len(paths))
            charts += [etree.fromstring(self.parts[path]) for path in paths]
        sheets = {self.check_chart(chart) for chart in charts}
        self.equal("sheets with charts", sheets, {self.words.sheet(key) for key in DRAWN})

    def targets(self, rels: str) -> list[str]:
        """The parts that a part leads to."""
        if rels not in self.parts:
            return []
        found = [relation.get("Target") for relation in etree.fromstring(self.parts[rels])]
        return [f"xl/{path.removeprefix('../').removeprefix('/xl/')}" for path in found]

    def check_chart(self, chart: etree._Element) -> str:
        """A chart keeps the numbers of its cells and no others; returns the sheet that they stand on."""
        title = "".join(chart.find(f".//{CHART}title").itertext()).strip()
        self.equal("a chart has a title", bool(title), True)
        values = list(chart.iter(f"{CHART}val"))
        self.equal(f"{title}, has lines", bool(values), True)
        names = set()
        for value in values:
            name, _, area = value.find(f".//{CHART}f").text.rpartition("!")
            names.add(name.strip("'"))
            left, top, right, bottom = range_boundaries(area.replace("$", ""))
            self.equal(f"{title}, one column", left, right)
            self.equal(f"{title}, below the headings", top > HEADING_ROW, True)
            sheet = self.book[name.strip("'")]
            cells = [sheet.cell(row, left).value for row in range(top, bottom + 1)]
            # A spreadsheet draws a word as zero, which is a number that nobody counted.
            words = [cell for cell in cells if isinstance(cell, str)]
            self.equal(f"{title}, {area}, words among the numbers", words[:1], [])
            for point in value.iter(f"{CHART}pt"):
                kept = float(point.find(f"{CHART}v").text)
                cell = cells[int(point.get("idx"))]
                known = cell if isinstance(cell, (int, float)) else None
                self.comparison.close(f"{self.what}, {title}, {area}", kept, known, EXACT)
        self.equal(f"{title}, sheets", len(names), 1)
        return names.pop() if names else ""

    def check_conversion(self, soffice: str, folder: Path) -> None:
        """LibreOffice opens it without a word, and what it saves holds the same cells and charts."""
        for kind in ("ods", "xlsx"):
            out = folder / kind
            out.mkdir(parents=True)
            self.equal(f"LibreOffice on the way to {kind}", convert(soffice, [self.path], kind, out), "")
            self.equal(f"LibreOffice makes {kind}", (out / f"report.{kind}").is_file(), True)
        again = folder / "xlsx" / "report.xlsx"
        if again.is_file():
            self.compare_with(openpyxl.load_workbook(again))

    def compare_with(self, other: openpyxl.Workbook) -> None:
        """Compares all cells with those of the same workbook saved by another program."""
        self.equal("sheets in LibreOffice", other.sheetnames, self.book.sheetnames)
        for sheet in self.book.worksheets:
            saved = other[sheet.title]
            # openpyxl has no public way to the charts that it has read.
            self.equal(f"{sheet.title}, charts in LibreOffice", len(saved._charts), len(sheet._charts))
            for row in sheet.iter_rows():
                for cell in row:
                    found = saved.cell(cell.row, cell.column).value
                    where = f"{sheet.title} {cell.coordinate} in LibreOffice"
                    if isinstance(cell.value, float):
                        number = found if isinstance(found, (int, float)) else None
                        self.comparison.close(f"{self.what}, {where}", number, cell.value, EXACT)
                    else:
                        self.equal(where, found, cell.value)


def main() -> int:
    """Runs the check; returns the exit code."""
    binary, comparison = binary_from_arguments(), Comparison()
    soffice = office()
    with tempfile.TemporaryDirectory() as name:
        for run, options in RUNS.items():
            first, second = Path(name) / run, Path(name) / f"{run}-again"
            for out in (first, second):
                run_frist(binary, "run", SAMPLE_DATA, "--forms", "xlsx", "--out", out, *options)
            path, again = first / "report.xlsx", second / "report.xlsx"
            same = path.read_bytes() == again.read_bytes()
            comparison.equal(f"{run}: the same twice", same, True)
            results = json.loads((first / "data/results.json").read_text(encoding="utf-8"))
            workbook = Workbook(comparison, run, path, results)
            workbook.check()
            workbook.check_conversion(soffice, Path(name) / f"{run}-saved")
    return comparison.close_with(
        f"spreadsheet: {len(RUNS)} workbooks, {comparison.compared:,} compared, "
        f"{comparison.differing} differing"
    )


if __name__ == "__main__":
    sys.exit(main())
