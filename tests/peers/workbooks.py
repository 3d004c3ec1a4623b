"""Workbooks as Excel saves them, written by openpyxl: their figures against those of the same table as text.

Dates are cells with a date format, texts, bare numbers or formulas; the table stands anywhere on its
sheet, between titles, blanks, hidden sheets and cells that hold errors. However it is written, the
figures must be those of the CSV with the same cases, and a cell that is not a date must be listed in
faults.csv by the row and column that Excel shows. The table is that of the export zoo.
"""

import csv
import datetime as dt
import os
import re
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

# What openpyxl writes is altered below, and it writes it otherwise where lxml is installed.
os.environ["OPENPYXL_LXML"] = "False"

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from common import ONE_DAY, Comparison, binary_from_arguments
from zoo import (
    AS_OF,
    CASES,
    HEADINGS,
    Case,
    Variant,
    compare,
    excel_serial,
    made_up_cases,
    run_file,
)

PRELIMINARY_HEADINGS = ("Ärendenr", "Anmälan inkom", "Förhandsbedömning klar", "Enhet", "Notering")
DAYS_FROM_1900_TO_1904 = 1462
NO_BREAK_SPACE = "\u00a0"

Write = Callable[[Workbook, list[Case]], None]


@dataclass(frozen=True)
class Cell:
    """A value, and the format that it is shown in."""

    value: object
    shown_as: str = "General"


@dataclass(frozen=True)
class Layout:
    """How a table stands on its sheet; `no_date` is in turn what an open case has for its end."""

    row: int = 1
    column: int = 1
    headings: tuple[str, ...] = HEADINGS[0]
    number: Callable[[str], object] = str
    date: Callable[[int, dt.date], object] = lambda _, day: day
    no_date: tuple[object, ...] = (None,)
    note: Callable[[int, str], object] = lambda _, note: note or None
    blank_row_before: int | None = None


PLAIN = Layout()


def put(sheet: Worksheet, row: int, column: int, value: object) -> None:
    """Writes a cell, whatever was there before."""
    cell = sheet.cell(row, column)
    cell.number_format = "General"
    if isinstance(value, Cell):
        cell.value, cell.number_format = value.value, value.shown_as
    elif isinstance(value, str) and value.startswith("#") and value.isupper():
        cell.value, cell.data_type = value, "e"
    else:
        cell.value = value


def fill(sheet: Worksheet, cases: list[Case], layout: Layout = PLAIN) -> None:
    """Writes a table."""
    for offset, heading in enumerate(layout.headings):
        put(sheet, layout.row, layout.column + offset, heading)
    row = layout.row
    for place, case in enumerate(cases):
        row += 2 if place == layout.blank_row_before else 1
        ended = (
            layout.date(place, case.ended)
            if case.ended
            else layout.no_date[place % len(layout.no_date)]
        )
        values = (
            layout.number(case.number),
            layout.date(place, case.started),
            ended,
            case.unit,
            layout.note(place, case.note),
        )
        for offset, value in enumerate(values):
            put(sheet, row, layout.column + offset, value)


def laid_out(**changes: object) -> Write:
    """The table alone on the first sheet, in some layout."""
    return lambda book, cases: fill(book.active, cases, replace(PLAIN, **changes))


# How dates are written


def in_1904(number: bool) -> Write:
    """A workbook that counts days as old Macintoshes did, as dates or as bare numbers."""

    def write(book: Workbook, cases: list[Case]) -> None:
        book.epoch = CALENDAR_MAC_1904
        bare = replace(PLAIN, date=lambda _, day: excel_serial(day) - DAYS_FROM_1900_TO_1904)
        fill(book.active, cases, bare if number else PLAIN)

    return write


def as_iso_cells(book: Workbook, cases: list[Case]) -> None:
    """Dates in cells of the type date, which the standard has and Excel reads."""
    book.iso_dates = True
    fill(book.active, cases)


def shown_as(*formats: str) -> Callable[[int, dt.date], Cell]:
    """Numbers that a format makes dates."""
    return lambda place, day: Cell(excel_serial(day), formats[place % len(formats)])


def in_turn(*ways: Callable[[int, dt.date], object]) -> Callable[[int, dt.date], object]:
    """A column in which every row is written in another way."""
    return lambda place, day: ways[place % len(ways)](place, day)


def at(time: str) -> Callable[[int, dt.date], dt.datetime]:
    """Dates with a time of day."""
    return lambda _, day: dt.datetime.combine(day, dt.time.fromisoformat(time))


def as_text(shape: str) -> Callable[[int, dt.date], str]:
    """Dates that are texts."""
    return lambda _, day: day.strftime(shape)


DATES: dict[str, Write] = {
    "dates": laid_out(),
    "dates with a time": laid_out(date=in_turn(at("00:00"), at("08:15"), at("23:59:59"))),
    "texts": laid_out(date=as_text("%Y-%m-%d")),
    "texts with a time": laid_out(date=as_text("%Y-%m-%d 00:00:00")),
    "texts with points": laid_out(date=as_text("%d.%m.%Y")),
    "texts with slashes": laid_out(date=as_text("%d/%m/%Y")),
    "texts with an apostrophe": laid_out(date=as_text("'%Y-%m-%d")),
    "texts of eight digits": laid_out(date=as_text("%Y%m%d")),
    "numbers of eight digits": laid_out(date=lambda _, day: int(f"{day:%Y%m%d}")),
    "numbers shown as dates": laid_out(
        date=shown_as(
            "mm-dd-yy", "yyyy-mm-dd", "[$-41D]d mmmm yyyy", "dd/mm/yyyy;@", 'd "dag" m', "mmm-yy"
        )
    ),
    "numbers shown as times": laid_out(date=shown_as("h:mm", "yyyy-mm-dd hh:mm")),
    "bare numbers": laid_out(date=lambda _, day: excel_serial(day)),
    "bare numbers with a time": laid_out(date=lambda _, day: excel_serial(day) + 0.75),
    "bare numbers as texts": laid_out(date=lambda _, day: str(excel_serial(day))),
    "dates and texts in turn": laid_out(
        date=in_turn(lambda _, day: day, as_text("%Y-%m-%d"), as_text("%d.%m.%Y"), at("12:00"))
    ),
    "the system of 1904": in_1904(number=False),
    "the system of 1904, bare numbers": in_1904(number=True),
    "cells of the type date": as_iso_cells,
    "marks for an empty date": laid_out(
        no_date=(
            "",
            "-",
            "NULL",
            NO_BREAK_SPACE,
            dt.date(9999, 12, 31),
            dt.date(1900, 1, 1),
            " ",
            "9999-12-31",
        )
    ),
    "zero shown as an empty date": laid_out(no_date=(Cell(0, "yyyy-mm-dd"),)),
    "bare numbers, zero for an empty date": laid_out(
        date=lambda _, day: excel_serial(day), no_date=(0,)
    ),
}

# Where the table stands, and what stands beside it


def with_titles(book: Workbook, cases: list[Case]) -> None:
    """Merged titles above, a blank row and blank columns before, a blank row within."""
    sheet = book.active
    put(sheet, 1, 1, "Uttag ur verksamhetssystemet")
    sheet.merge_cells("A1:H2")
    put(sheet, 3, 3, "Alla enheter")
    sheet.merge_cells("C3:E3")
    put(sheet, 3, 7, AS_OF)
    fill(sheet, cases, Layout(row=6, column=3, blank_row_before=25))


def with_blanks_behind(book: Workbook, cases: list[Case]) -> None:
    """Formatted cells without a value, to the right and far below."""
    fill(book.active, cases)
    for row, column in ((2, 6), (3, 40), (CASES + 300, 2), (CASES + 301, 9)):
        book.active.cell(row, column).font = Font(bold=True)


def with_hidden_sheets(book: Workbook, cases: list[Case]) -> None:
    """Hidden sheets with the same headings and other cases."""
    fill(book.active, cases)
    for state in ("hidden", "veryHidden"):
        sheet = book.create_sheet(state, 0)
        sheet.sheet_state = state
        fill(sheet, [replace(case, ended=AS_OF) for case in cases])
    book.active = 2


def with_other_sheets(book: Workbook, cases: list[Case]) -> None:
    """An empty sheet, a cover and a chart, the table last."""
    book.active.title = "Tomt"
    cover = book.create_sheet("Försättsblad")
    cover.append(["Internkontroll", "Startdatum", AS_OF])
    sheet = book.create_sheet("Ärenden & 'utredningar'")
    fill(sheet, cases)
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=10))
    book.create_chartsheet("Diagram").add_chart(chart)


def with_rows_hidden(book: Workbook, cases: list[Case]) -> None:
    """A filtered table, of which some rows and columns are hidden."""
    sheet = book.active
    fill(sheet, cases)
    sheet.auto_filter.ref = f"A1:E{CASES + 1}"
    sheet.freeze_panes = "B2"
    for row in range(5, 15):
        sheet.row_dimensions[row].hidden = True
    sheet.column_dimensions["B"].hidden = True


def with_table(book: Workbook, cases: list[Case]) -> None:
    """A table that Excel knows as one."""
    fill(book.active, cases)
    book.active.add_table(Table(displayName="Uttag", ref=f"A1:E{CASES + 1}"))


def with_totals(book: Workbook, cases: list[Case]) -> None:
    """A row of totals that was never worked out, and the headings once more."""
    sheet = book.active
    fill(sheet, cases[:30])
    for offset, heading in enumerate(HEADINGS[1]):
        put(sheet, 32, 1 + offset, heading)
    for offset, case in enumerate(cases[30:]):
        for column, value in enumerate(
            (case.number, case.started, case.ended, case.unit, case.note)
        ):
            put(sheet, 33 + offset, 1 + column, value)
    sheet.append(["Summa", "=COUNTA(B2:B61)", "=COUNT(C2:C61)"])


ERRORS = ("#N/A", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")
TEXTS = (
    '"citat" först',
    '"',
    "'apostrof",
    "rad ett\nrad två",
    "rad ett\r\nrad två",
    "tabb\toch ; och , och |",
    "  blanksteg  ",
    "å" * 5_000,
    "\U0001f600 _x0041_",
    "<&>",
)

PLACES: dict[str, Write] = {
    "titles": with_titles,
    "blanks behind": with_blanks_behind,
    "hidden sheets": with_hidden_sheets,
    "other sheets": with_other_sheets,
    "hidden rows": with_rows_hidden,
    "a table": with_table,
    "totals": with_totals,
    "other headings": laid_out(headings=HEADINGS[3]),
    "headings on two lines": laid_out(
        headings=tuple(heading.replace(" ", "\n") for heading in HEADINGS[0])
    ),
    "numbers for case numbers": laid_out(number=lambda number: int(number[1:])),
    "truth values for texts": laid_out(note=lambda place, _: place % 2 == 0),
    "errors for texts": laid_out(note=lambda place, _: ERRORS[place % 7]),
    "strange texts": laid_out(note=lambda place, _: TEXTS[place % len(TEXTS)]),
}

# What openpyxl does not write


def rewritten(path: Path, change: Callable[[dict[str, str]], None]) -> None:
    """Changes the XML parts of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    change(parts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)


SHEET = "xl/worksheets/sheet1.xml"


def share_texts(parts: dict[str, str]) -> None:
    """Moves the texts of the sheet to where Excel has them: some with the pieces of rich text."""
    shared: dict[str, int] = {}

    def number_of(found: re.Match) -> str:
        number = shared.setdefault(found[1], len(shared))
        return f't="s"><v>{number}</v>'

    parts[SHEET] = re.sub(r't="inlineStr"><is><t[^>]*>([^<]*)</t></is>', number_of, parts[SHEET])
    rich = "<si><r><t {0}>{1}</t></r><r><rPr><b/></rPr><t {0}>{2}</t></r></si>"
    plain = '<si><t {0}>{1}{2}</t><rPh sb="0" eb="1"><t>uttal</t></rPh></si>'
    keep = 'xml:space="preserve"'
    items = [
        (rich if number % 2 else plain).format(keep, text[:2], text[2:])
        for text, number in shared.items()
    ]
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/sharedStrings.xml"] = (
        f'<sst xmlns="{main}" uniqueCount="{len(shared)}">{"".join(items)}</sst>'
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace("</Types>", override)
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    relation = (
        f'<Relationship Id="rId99" Type="{office}" Target="sharedStrings.xml"/></Relationships>'
    )
    rels = "xl/_rels/workbook.xml.rels"
    parts[rels] = parts[rels].replace("</Relationships>", relation)


def work_out(parts: dict[str, str]) -> None:
    """Gives formulas the values that Excel keeps beside them."""
    cell = r'<c r="(\w+)"([^>]*)><f>{}</f><v ?/></c>'
    sheet = re.sub(cell.format(r"(\d+)\+0"), r'<c r="\1"\2><f>\3+0</f><v>\3</v></c>', parts[SHEET])
    nothing = r'<c r="\1"\2 t="str"><f>""</f><v></v></c>'
    parts[SHEET] = re.sub(cell.format(r'""'), nothing, sheet)


def cut_away_references(parts: dict[str, str]) -> None:
    """Leaves out what says where rows and cells stand: they may follow each other without."""
    parts[SHEET] = re.sub(r'(<row|<c) r="\w+"', r"\1", parts[SHEET])


def prefix_names(parts: dict[str, str]) -> None:
    """Gives the sheet's elements a prefix, as some programs do."""
    named = re.sub(r"<(/?)(?=[a-z])", r"<\1x:", parts[SHEET])
    parts[SHEET] = named.replace("xmlns=", "xmlns:x=")


def formulas(place: int, day: dt.date) -> Cell:
    """Every second date is worked out by a formula."""
    serial = excel_serial(day)
    return Cell(f"={serial}+0" if place % 2 else serial, "yyyy-mm-dd")


REWRITTEN: dict[str, tuple[Write, Callable[[dict[str, str]], None]]] = {
    "shared texts": (laid_out(note=lambda place, _: ("två ord", "ö", " ")[place % 3]), share_texts),
    "formulas": (laid_out(date=formulas, no_date=(Cell('=""', "yyyy-mm-dd"), None)), work_out),
    "no references": (
        laid_out(no_date=("-",), note=lambda place, note: note or "-"),
        cut_away_references,
    ),
    "prefixed names": (laid_out(), prefix_names),
}

# Cells that are no date


@dataclass(frozen=True)
class Fault:
    """A cell that is no date, what stands there in the CSV instead, and the code it must get."""

    place: int
    heading: int
    value: object
    text: str
    code: str


START, END = 1, 2
FAULTS = [
    Fault(1, END, "=DATE(2024,1,9)", "se akt", "formula-in-date"),
    Fault(4, START, "=B2", "se akt", "formula-in-date"),
    Fault(8, END, "=TODAY()", "se akt", "formula-in-date"),
    Fault(13, END, "#N/A", "se akt", "formula-in-date"),
    Fault(19, START, "#REF!", "se akt", "formula-in-date"),
    Fault(23, END, True, "se akt", "unreadable-date"),
    Fault(26, END, False, "se akt", "unreadable-date"),
    Fault(29, START, "snart", "se akt", "unreadable-date"),
    Fault(33, END, '"2024-01-01" eller så', "se akt", "unreadable-date"),
    Fault(37, END, 12, "se akt", "unreadable-date"),
    Fault(41, START, "2024-02-30", "2024-02-30", "impossible-date"),
    Fault(40, END, Cell(12, "yyyy-mm-dd"), "1900-01-12", "date-out-of-range"),
    Fault(44, END, dt.date(2150, 1, 1), "2150-01-01", "date-out-of-range"),
    Fault(48, START, Cell(-1, "yyyy-mm-dd"), "se akt", "unreadable-date"),
    Fault(50, END, Cell(1e300, "yyyy-mm-dd"), "se akt", "unreadable-date"),
    Fault(53, START, None, "", "missing-start"),
    Fault(56, START, dt.date(2024, 8, 31), "2024-08-31", "end-before-start"),
]
FAULT_LAYOUTS = {
    "from the first row": PLAIN,
    "from row 9, column AC, with a blank row": Layout(row=9, column=29, blank_row_before=20),
}


def row_of(place: int, layout: Layout) -> int:
    """The row in which Excel shows a case."""
    blank = layout.blank_row_before is not None and place >= layout.blank_row_before
    return layout.row + 1 + place + int(blank)


def faulty_csv(cases: list[Case]) -> str:
    """The table as text, with the same cells at fault."""
    lines = Variant().text([replace(case, note="") for case in cases]).splitlines()
    for fault in FAULTS:
        cells = lines[fault.place + 1].split(";")
        cells[fault.heading] = fault.text
        lines[fault.place + 1] = ";".join(cells)
    return "\n".join(lines) + "\n"


def faulty_book(cases: list[Case], layout: Layout) -> Workbook:
    """The table in a workbook, with cells at fault."""
    book = Workbook()
    book.active.title = "Blad ett"
    fill(book.active, cases, layout)
    for fault in FAULTS:
        put(book.active, row_of(fault.place, layout), layout.column + fault.heading, fault.value)
    return book


def faults_named(out: Path) -> dict[int, dict[str, str]]:
    """The lines of faults.csv, by row."""
    with (out / "data/faults.csv").open(encoding="utf-8-sig", newline="") as lines:
        return {int(line["line"]): line for line in csv.DictReader(lines)}


def compare_faults(comparison: Comparison, out: Path, what: str, layout: Layout) -> None:
    """Every cell at fault must be named by its row and column, and no other."""
    named = faults_named(out)
    comparison.equal(f"{what}, faults", len(named), len(FAULTS))
    for fault in FAULTS:
        row = row_of(fault.place, layout)
        line = named.get(row, {})
        comparison.equal(f"{what}, row {row}, code", line.get("code"), fault.code)
        if fault.code == "end-before-start":
            continue
        letter = get_column_letter(layout.column + fault.heading)
        comparison.equal(
            f"{what}, row {row}, column", line.get("column"), HEADINGS[0][fault.heading]
        )
        place = line.get("place") or ""
        comparison.equal(
            f"{what}, row {row}, place", place.split(" ", 1)[-1], f"Blad ett!{letter}{row}"
        )


# Comparing


class Check:
    """The workbooks of a run, each in a folder of its own."""

    def __init__(self, binary: Path, folder: Path) -> None:
        self.binary, self.folder = binary, folder
        self.comparison = Comparison()
        self.books = 0

    def run_text(self, name: str, texts: dict[str, str]) -> dict:
        """The results of a folder of CSV files, which must be readable."""
        folder = self.folder / name
        folder.mkdir()
        for file, text in texts.items():
            (folder / file).write_text(text, encoding="utf-8", newline="")
        results = run_file(self.binary, folder, self.folder / f"{name}-out")
        if isinstance(results, str):
            sys.exit(f"workbooks: {name}: {results}")
        return results

    def run_book(
        self, book: Workbook, change: Callable[[dict[str, str]], None] | None = None
    ) -> dict | str:
        """The results of a workbook, or what frist said instead."""
        self.books += 1
        path, out = self.folder / "uttag.xlsx", self.folder / "out"
        shutil.rmtree(out, ignore_errors=True)
        book.save(path)
        if change:
            rewritten(path, change)
        return run_file(self.binary, path, out)

    def check_figures(self, cases: list[Case]) -> None:
        """Whatever the workbook, its figures are those of the CSV."""
        plain = self.run_text("plain", {"a.csv": Variant().text(cases)})
        ways = {name: (write, None) for name, write in (DATES | PLACES).items()}
        for name, (write, change) in (ways | REWRITTEN).items():
            book = Workbook()
            write(book, cases)
            compare(self.comparison, name, plain, self.run_book(book, change))

    def check_faults(self, cases: list[Case]) -> None:
        """Cells that are no date cost their own row only, and are named."""
        plain = self.run_text("faults", {"a.csv": faulty_csv(cases)})
        for name, layout in FAULT_LAYOUTS.items():
            results = self.run_book(faulty_book(cases, layout))
            compare(self.comparison, f"faults {name}", plain, results)
            if not isinstance(results, str):
                compare_faults(self.comparison, self.folder / "out", f"faults {name}", layout)

    def check_two_controls(self, cases: list[Case]) -> None:
        """Two sheets that are exports of two controls are both read."""
        assessments = [
            replace(case, number=f"F{place}", ended=case.started + place % 29 * ONE_DAY)
            for place, case in enumerate(cases)
        ]
        texts = {
            "a.csv": Variant().text(cases),
            "b.csv": Variant(headings=PRELIMINARY_HEADINGS).text(assessments),
        }
        book = Workbook()
        fill(book.active, cases)
        fill(
            book.create_sheet("Förhandsbedömningar"),
            assessments,
            Layout(headings=PRELIMINARY_HEADINGS),
        )
        compare(self.comparison, "two controls", self.run_text("two", texts), self.run_book(book))

    def check_rivals(self, cases: list[Case]) -> None:
        """Two sheets of one control are read together, or the one that the project names alone."""
        book = Workbook()
        book.active.title = "Januari"
        half = len(cases) // 2
        fill(book.active, cases[:half])
        fill(book.create_sheet("Februari"), cases[half:])
        plain = self.run_text("both", {"a.csv": Variant().text(cases)})
        compare(self.comparison, "two sheets of one control", plain, self.run_book(book))
        project = self.folder / "project"
        project.mkdir()
        shutil.copy(self.folder / "uttag.xlsx", project)
        source = 'control = "child-investigation"\nfiles = ["uttag.xlsx"]\nsheet = "Januari"\n'
        (project / "frist.toml").write_text(f"[[source]]\n{source}", encoding="utf-8")
        plain = self.run_text("rivals", {"a.csv": Variant().text(cases[:half])})
        results = run_file(self.binary, project, self.folder / "project-out")
        compare(self.comparison, "a sheet that is named", plain, results)


def main() -> int:
    """Runs the check; returns the exit code."""
    binary, cases = binary_from_arguments(), made_up_cases()
    with tempfile.TemporaryDirectory() as name:
        check = Check(binary, Path(name))
        check.check_figures(cases)
        check.check_faults(cases)
        check.check_two_controls(cases)
        check.check_rivals(cases)
    comparison = check.comparison
    return comparison.close_with(
        f"workbooks: {check.books} workbooks, {comparison.differing} differences"
    )


if __name__ == "__main__":
    sys.exit(main())
