"""The workbook of a run against "Releasing statistics in spreadsheets" of the UK Government Analysis Function.

Asked is whether a reader who has only the file understands it, with a screen reader or on paper too: a cover, contents
with links, notes that explain marks and empty cells, one table a sheet, whole tables, units, and pages that can be
printed. Every question is tried first on a workbook with the fault that it is for. What the figures are, and that
they are numbers, is asked in spreadsheet.py.
"""

import datetime as dt
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from common import Comparison, binary_from_arguments, run_frist

SAMPLE_DATA = Path(__file__).resolve().parents[2] / "sample_data"
ORGANISATION = "Exempelkommunen, socialnämnden"
RUNS: dict[str, tuple[str, ...]] = {
    "internal, sv": (),
    "internal, en": ("--lang", "en"),
    "published, sv": ("--edition", "published"),
    "published, en": ("--edition", "published", "--lang", "en"),
}
# The as-of date as people read it, in both languages.
AS_OF = re.compile("2024-08-31|31 augusti 2024|31 August 2024")
# What explains empty cells, in both languages.
EMPTY = re.compile(r"\btom(ma|t)? (cell|ruta|rutor)|\b(blank|empty) cell", re.IGNORECASE)
POINTS = re.compile("procentenhet|percentage point", re.IGNORECASE)
POINTS_FORMAT = "+0.0;-0.0"
# A mark alone says nothing when it is read aloud.
MARK = re.compile(r"[^\w\s]+")

LONGEST_SHEET_NAME = 31
A4_PAPER = 9
# Letters of the usual size on a line of A4 across, and the smallest share of that size that can be read.
LETTERS_ACROSS = 150
SMALLEST_SCALE = 0.55
USUAL_WIDTH = 8.43
# What stays in sight when a sheet is scrolled, in letters and rows, on a small screen.
MOST_FROZEN_LETTERS = 62
MOST_FROZEN_ROWS = 6
# Letters are narrower than digits, of which widths are counted.
NARROW = 1.15


def sheets_with_tables(book: Workbook) -> list[Worksheet]:
    """The sheets that have a table."""
    return [sheet for sheet in book.worksheets if sheet.tables]


def area(sheet: Worksheet) -> tuple[int, int, int, int]:
    """The first column, first row, last column and last row of a sheet's first table."""
    return range_boundaries(next(iter(sheet.tables.values())).ref)


def headings(sheet: Worksheet) -> list[Cell]:
    """The headings of a table."""
    left, top, right, _ = area(sheet)
    return list(sheet[top][left - 1 : right])


def body(sheet: Worksheet) -> Iterator[tuple[Cell, ...]]:
    """The rows of a table, without its headings."""
    left, top, right, bottom = area(sheet)
    return sheet.iter_rows(min_row=top + 1, max_row=bottom, min_col=left, max_col=right)


def text(sheet: Worksheet, *, above_table: bool = False) -> str:
    """What a sheet says, or what it says above its table."""
    last = area(sheet)[1] - 1 if above_table else sheet.max_row
    rows = sheet.iter_rows(min_row=1, max_row=last, values_only=True) if last else ()
    return "\n".join(str(value) for row in rows for value in row if value is not None)


def has_numbers(sheet: Worksheet) -> bool:
    """Whether a sheet has figures."""
    return any(isinstance(cell.value, int | float) for row in sheet.iter_rows() for cell in row)


def notes(book: Workbook, sheet: Worksheet) -> str:
    """All that may explain a sheet: what stands above its table, and the sheets without figures."""
    others = [text(other) for other in book.worksheets if not has_numbers(other)]
    return "\n".join([text(sheet, above_table=True), *others])


def cover(book: Workbook) -> Iterator[str]:
    """The first sheet is a cover: what the workbook is, whose, and of which day."""
    first, title = book.worksheets[0], book.properties.title or ""
    said = text(first)
    if has_numbers(first):
        yield "the first sheet has figures: there is no cover"
    for what, is_said in (
        ("the title", bool(title) and title in said),
        ("the organisation", ORGANISATION in said),
        ("the as-of date", bool(AS_OF.search(said))),
    ):
        if not is_said:
            yield f"the cover does not say {what}"


def contents(book: Workbook) -> Iterator[str]:
    """Some sheet leads to every other."""
    led_to = set()
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                location = cell.hyperlink.location if cell.hyperlink else None
                if location:
                    led_to.add((sheet.title, location.rpartition("!")[0].strip("'").replace("''", "'")))
    names = set(book.sheetnames)
    missing = min((names - {name} - {to for at, to in led_to if at == name} for name in names), key=len)
    if missing:
        yield f"no contents with links: the best sheet does not lead to {', '.join(sorted(missing))}"


def explained(book: Workbook) -> Iterator[str]:
    """Empty cells, and words in the place of numbers, are explained: a line begins with the word, or quotes it."""
    for sheet in sheets_with_tables(book):
        said = notes(book, sheet)
        cells = [cell for row in body(sheet) for cell in row]
        if any(cell.value in (None, "") for cell in cells) and not EMPTY.search(said):
            yield f"{sheet.title}: nothing says what an empty cell means"
        for word in sorted(words_for_numbers(sheet)):
            if not re.search(rf"^{re.escape(word)}\b|[\"”»']{re.escape(word)}[\"”«']", said, re.MULTILINE):
                yield f"{sheet.title}: nothing says what {word!r} means in the place of a number"


def words_for_numbers(sheet: Worksheet) -> set[str]:
    """The words in columns of numbers."""
    found = set()
    for column in zip(*body(sheet)):
        values = [cell.value for cell in column if cell.value is not None]
        words = {value for value in values if isinstance(value, str)}
        if len(words) < len(values) and any(isinstance(value, int | float) for value in values):
            found |= words
    return found


def marks(book: Workbook) -> Iterator[str]:
    """No cell holds a mark alone, such as a dash."""
    for sheet in sheets_with_tables(book):
        cells = [cell for row in body(sheet) for cell in row]
        found = [cell for cell in cells if isinstance(cell.value, str) and MARK.fullmatch(cell.value)]
        if found:
            yield f"{sheet.title}: {found[0].value!r} alone in {found[0].coordinate} and {len(found) - 1} more"


def whole_tables(book: Workbook) -> Iterator[str]:
    """One table a sheet, without merged cells, empty rows, empty columns, or headings that are missing or the same."""
    for sheet in book.worksheets:
        if len(sheet.tables) > 1 or (has_numbers(sheet) and not sheet.tables):
            yield f"{sheet.title}: {len(sheet.tables)} tables"
        if sheet.merged_cells.ranges:
            yield f"{sheet.title}: merged cells"
    for sheet in sheets_with_tables(book):
        rows = [[cell.value for cell in row] for row in body(sheet)]
        names = [cell.value for cell in headings(sheet)]
        if not all(names) or len(set(names)) < len(names):
            yield f"{sheet.title}: headings are missing or the same"
        for number, row in enumerate(rows, area(sheet)[1] + 1):
            if not any(value is not None for value in row):
                yield f"{sheet.title}: row {number} is empty"
        for name, column in zip(names, zip(*rows)):
            if not any(value is not None for value in column):
                yield f"{sheet.title}: the column {name!r} is empty"


def units(book: Workbook) -> Iterator[str]:
    """A heading says its unit unless each number does: percentage points look like percent."""
    for sheet in sheets_with_tables(book):
        for heading, column in zip(headings(sheet), zip(*body(sheet))):
            is_points = any(POINTS_FORMAT in cell.number_format for cell in column)
            if is_points and not POINTS.search(str(heading.value)):
                yield f"{sheet.title}: the heading {heading.value!r} does not say its unit"


def in_sight(book: Workbook) -> Iterator[str]:
    """Nothing is hidden, what is frozen leaves room, and the first sheet is opened."""
    for sheet in book.worksheets:
        lines = [*sheet.row_dimensions.values(), *sheet.column_dimensions.values()]
        if sheet.sheet_state != "visible" or any(line.hidden for line in lines):
            yield f"{sheet.title}: something is hidden"
        if len(sheet.title) > LONGEST_SHEET_NAME:
            yield f"{sheet.title}: the name is too long"
        if sheet.freeze_panes:
            column, row = re.fullmatch(r"([A-Z]+)(\d+)", sheet.freeze_panes).groups()
            frozen = sum(width for letter, width in widths(sheet).items() if letter < column)
            if frozen > MOST_FROZEN_LETTERS or int(row) - 1 > MOST_FROZEN_ROWS:
                yield f"{sheet.title}: {frozen:.0f} letters and {int(row) - 1} rows are frozen"
    if book.active is not book.worksheets[0]:
        yield "the workbook does not open at its first sheet"


def widths(sheet: Worksheet) -> dict[str, float]:
    """The width of every column, in digits; neighbours of the same width stand together in the file."""
    found = dict.fromkeys((get_column_letter(each) for each in range(1, sheet.max_column + 1)), USUAL_WIDTH)
    for dimension in sheet.column_dimensions.values():
        for number in range(dimension.min, min(dimension.max, sheet.max_column) + 1):
            found[get_column_letter(number)] = dimension.width
    return found


def shown(cell: Cell) -> str:
    """A cell as it is shown, as far as its width is concerned."""
    value = cell.value
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, int | float):
        is_share = "%" in cell.number_format
        return f"{value * 100:.1f} %" if is_share else f"{value:+.1f}" if "0.0" in cell.number_format else f"{value:,}"
    return "" if value is None else str(value)


def fitting(book: Workbook) -> Iterator[str]:
    """Every number has room, and so has every text, or it is wrapped between its words."""
    for sheet in sheets_with_tables(book):
        room = widths(sheet)
        cut = [
            cell.coordinate
            for row in (headings(sheet), *body(sheet))
            for cell in row
            if longest_piece(cell) > room[cell.column_letter] * NARROW
        ]
        if cut:
            yield f"{sheet.title}: no room for what stands in {', '.join(cut[:3])} and {max(0, len(cut) - 3)} more"


def longest_piece(cell: Cell) -> int:
    """The letters of the longest piece of a cell that cannot be broken."""
    said = shown(cell)
    is_wrapped = isinstance(cell.value, str) and cell.alignment.wrap_text
    return max(map(len, re.split(r"[\s/\-–_.]+", said) if is_wrapped else said.split("\n")), default=0)


def on_paper(book: Workbook) -> Iterator[str]:
    """A sheet is printed on A4 across, as wide as the paper, in letters that can be read, with its headings anew."""
    for sheet in book.worksheets:
        setup = sheet.page_setup
        if setup.orientation != "landscape" or setup.paperSize != A4_PAPER:
            yield f"{sheet.title}: not printed on A4 across"
    for sheet in sheets_with_tables(book):
        top = area(sheet)[1]
        if sheet.print_title_rows != f"${top}:${top}":
            yield f"{sheet.title}: headings are not printed on every page"
        fits = sheet.sheet_properties.pageSetUpPr and sheet.sheet_properties.pageSetUpPr.fitToPage
        across = sum(widths(sheet).values())
        if not fits or sheet.page_setup.fitToWidth not in (None, 1):
            yield f"{sheet.title}: not as wide as the paper"
        elif LETTERS_ACROSS / across < SMALLEST_SCALE:
            yield f"{sheet.title}: printed at {LETTERS_ACROSS / across:.0%}, too small to read"


def properties(book: Workbook) -> Iterator[str]:
    """The workbook has a title and a language."""
    if not (book.properties.title or "").strip():
        yield "no title"
    if not (book.properties.language or "").strip():
        yield "no language"


QUESTIONS = (
    *(cover, contents, explained, marks, whole_tables),
    *(units, in_sight, fitting, on_paper, properties),
)


def sound() -> Workbook:
    """A workbook without fault: a cover with contents, and a sheet of figures."""
    book = Workbook()
    front, figures = book.active, book.create_sheet("Perioder")
    front.title = "Omslag"
    said = ("Rapport", ORGANISATION, "Per 31 augusti 2024", "döljs: talet visas inte", "En tom cell: inget ärende.")
    for row in (*said, "Perioder"):
        front.append([row])
    front["A6"].hyperlink = "#'Perioder'!A1"
    front["A6"].hyperlink.location, front["A6"].hyperlink.ref = "'Perioder'!A1", "A6"
    for row in (["Perioder"], ["Ärenden per tertial"], [], ["Period", "Ärenden", "Skillnad, procentenheter"]):
        figures.append(row)
    for row in (["T1 2024", 9, 1.5], ["T2 2024", "döljs", None]):
        figures.append(row)
    figures.add_table(Table(displayName="perioder", ref="A4:C6"))
    figures.freeze_panes, figures.print_title_rows = "B5", "4:4"
    figures["C5"].number_format = "+0.0;-0.0;0.0"
    figures["C4"].alignment = Alignment(wrap_text=True)
    figures.column_dimensions["C"].width = 20
    for sheet in book.worksheets:
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4_PAPER
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    book.properties.title, book.properties.language = "Rapport", "sv-SE"
    return book


def widen(sheet: Worksheet) -> None:
    """Makes a table so wide that its letters are small on paper."""
    sheet.column_dimensions["C"].width = 400


def doctored() -> Iterator[tuple[Callable, Callable[[Workbook], object]]]:
    """Each question with changes that it, and no other, must notice."""
    yield cover, lambda it: it["Omslag"].cell(3, 1, "I år")
    yield contents, lambda it: setattr(it["Omslag"]["A6"], "hyperlink", None)
    yield explained, lambda it: it["Omslag"].cell(4, 1, "")
    yield explained, lambda it: it["Omslag"].cell(5, 1, "")
    yield marks, lambda it: it["Perioder"].cell(6, 1, "–")
    yield whole_tables, lambda it: it["Perioder"].merge_cells("E1:F1")
    yield whole_tables, lambda it: it["Perioder"].cell(4, 2, "Period")
    yield units, lambda it: it["Perioder"].cell(4, 3, "Skillnad")
    yield in_sight, lambda it: setattr(it["Perioder"], "sheet_state", "hidden")
    yield in_sight, lambda it: setattr(it["Perioder"], "freeze_panes", "B9")
    yield fitting, lambda it: it["Perioder"].cell(5, 2, 123_456_789)
    yield on_paper, lambda it: setattr(it["Perioder"], "print_title_rows", "1:1")
    yield on_paper, lambda it: widen(it["Perioder"])
    yield properties, lambda it: setattr(it.properties, "language", None)


def check_questions(comparison: Comparison, folder: Path) -> None:
    """Every question finds the fault that it is for, and none in a workbook without fault."""
    cases = [((), lambda _: None), *(((wanted.__name__,), change) for wanted, change in doctored())]
    for wanted, change in cases:
        book, path = sound(), folder / "tried.xlsx"
        change(book)
        book.save(path)
        saved = load_workbook(path)
        found = tuple(question.__name__ for question in QUESTIONS if list(question(saved)))
        comparison.equal("questions that notice a fault", found, wanted)
    comparison.equal("questions that are tried", {wanted for wanted, _ in doctored()}, set(QUESTIONS))


def main() -> int:
    """Runs the check; returns the exit code."""
    binary, comparison = binary_from_arguments(), Comparison()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        check_questions(comparison, folder)
        for number, (run, options) in enumerate(RUNS.items()):
            out = folder / str(number)
            forms = ("--forms", "xlsx", "--pictures", "none")
            run_frist(binary, "run", SAMPLE_DATA, "--out", out, *forms, *options)
            book = load_workbook(out / "report.xlsx")
            for question in QUESTIONS:
                comparison.compared += 1
                for fault in question(book):
                    comparison.differing += 1
                    print(f"{run}, {question.__name__}: {fault}")
    return comparison.close_with(
        f"spreadsheet_guidance: {len(RUNS)} workbooks, {comparison.compared} questions, "
        f"{comparison.differing} faults"
    )


if __name__ == "__main__":
    sys.exit(main())
