"""How the documents of a run look on paper: nothing torn, lonely, outside the margins or over something else.

Measured are the PDF documents, and what LibreOffice makes of the Word documents, of the sample data and of two
neighbours, one small and one large. The measures are tried on documents with known faults first.
"""

import copy
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import docx
import pikepdf

from common import Comparison, binary_from_arguments, run_frist
from layout_projects import write_large, write_small
from layout_reading import Block, Box, Document, Line, boxes, read
from office import convert, office

SAMPLE_DATA = Path(__file__).resolve().parents[2] / "sample_data"
DOCUMENTS = ("report", "risks")
PUBLISHED = ("--edition", "published")
ENGLISH = ("--lang", "en")
TAGGED = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'
# The first appendix ends the body.
APPENDICES = ("Bilaga 1", "Appendix 1")
MOST_PAGES_OF_BODY = 6

# A4 and the margins of the PDF, in points: 2.2 cm on every side.
A4 = (595.276, 841.89)
MARGIN = 2.2 / 2.54 * 72
PDF_AREA = Box(0, MARGIN, MARGIN, A4[0] - MARGIN, A4[1] - MARGIN)

# In points: letters reach a little out of their lines, and boxes of lines out of their letters.
BEYOND = 1.5
SHARED_DOWN = 2.0
# So near each other two texts read as one.
TOO_NEAR = 1.5
LEAST_FULL = 1 / 3
# The style of links below a heading.
TRAIL = "Frist Trail"
# With so few columns there is room for whole words.
FEW_COLUMNS = 4
SHOWN_LETTERS = 48
SHOWN_WORDS = 5

Fault = str


def name(block: Block) -> str:
    """A block in a few words."""
    return f"{block.kind} {block.text[:SHOWN_LETTERS]!r}"


def first_page(block: Block) -> int:
    """The page that a block begins on."""
    return min(block.boxes)


def is_heading(block: Block) -> bool:
    """Whether it is a heading, or a line of links below one."""
    return block.kind.startswith("H") or block.only_links


def lonely_headings(document: Document) -> Iterator[Fault]:
    """Headings that are followed by no text on their page."""
    for number, block in enumerate(document.blocks):
        if not block.kind.startswith("H"):
            continue
        after = next((each for each in document.blocks[number + 1 :] if not is_heading(each)), None)
        page = max(block.boxes)
        if after is None or first_page(after) != page:
            yield f"page {page}: {name(block)} has no text after it on its page"


def lonely_heading_rows(document: Document) -> Iterator[Fault]:
    """Captions and heading rows of tables without a row of the table on their page."""
    for block, after in zip(document.blocks, document.blocks[1:]):
        page = max(block.boxes)
        begins_table = block.kind == "Caption" and after.kind == "TR"
        if begins_table and first_page(after) != page:
            yield f"page {page}: {name(block)} is without its table"
    for rows in tables(document).values():
        page = max(rows[0].boxes)
        if len(rows) > 1 and first_page(rows[1]) != page:
            yield f"page {page}: {name(rows[0])} is without its rows"


def tables(document: Document) -> dict[int, list[Block]]:
    """The rows of every table."""
    found = defaultdict(list)
    for block in document.blocks:
        if block.table is not None:
            found[block.table].append(block)
    return found


def torn_rows(document: Document) -> Iterator[Fault]:
    """Rows that go on on the next page, though they have room on one."""
    whole = document.area.bottom - document.area.top
    for block in document.blocks:
        height = sum(box.bottom - box.top for box in block.boxes.values())
        if block.kind == "TR" and len(block.boxes) > 1 and height < whole:
            yield f"page {first_page(block)}: {name(block)} is torn"


def empty_pages(document: Document) -> Iterator[Fault]:
    """Pages that are less than a third full, but the last, and the last of the body."""
    lowest = dict.fromkeys(range(1, document.pages + 1), document.area.top)
    for box in boxes(document):
        lowest[box.page] = max(lowest[box.page], box.bottom)
    body = pages_of_body(document)
    for page, bottom in lowest.items():
        full = (bottom - document.area.top) / (document.area.bottom - document.area.top)
        if full < LEAST_FULL and page not in (body, document.pages):
            yield f"page {page}: {full:.0%} full"


def pages_of_body(document: Document) -> int:
    """How many pages stand before the first appendix, with the one that it begins on unless it begins it."""
    for block in document.blocks:
        if block.kind == "H1" and block.text.startswith(APPENDICES):
            page = first_page(block)
            top = block.boxes[page].top
            shares_page = any(box.page == page and box.top < top for box in boxes(document))
            return page if shares_page else page - 1
    return document.pages


def beyond_margins(document: Document) -> Iterator[Fault]:
    """Pages where a letter, a line or a picture stands outside the margins to the left and right."""
    area, most = document.area, defaultdict(float)
    for box in document.drawn:
        most[box.page] = max(most[box.page], area.left - box.left, box.right - area.right)
    for page, points in most.items():
        if points > BEYOND:
            yield f"page {page}: something stands {points:.0f} points outside the margins"


def over_each_other(document: Document) -> Iterator[Fault]:
    """Texts, such as cells of a row, that stand over each other, or so near that they read as one."""
    pages: dict[int, dict[int, Line]] = defaultdict(dict)
    for line in document.lines:
        whole = pages[line.box.page].get(line.part, line)
        box = whole.box.joined(line.box)
        pages[line.box.page][line.part] = replace(whole, box=box, text=max(whole.text, line.text, key=len))
    for page, parts in pages.items():
        for part, other in combinations(parts.values(), 2):
            across, down = part.box.shared(other.box)
            if across > -TOO_NEAR and down > SHARED_DOWN:
                yield f"page {page}: {part.text[:SHOWN_LETTERS]!r} and {other.text[:SHOWN_LETTERS]!r} meet"


def hyphens(document: Document) -> Iterator[Fault]:
    """Pages where words are broken in tables of few columns."""
    broken = defaultdict(list)
    for page, columns, text in document.hyphens:
        if columns <= FEW_COLUMNS:
            broken[page].append(text.split()[-1])
    for page, words in broken.items():
        some = " ".join(words[:SHOWN_WORDS])
        yield f"page {page}: {len(words)} words broken in tables of few columns: {some}"


# What any PDF must keep to; the pages that Word will make are its own.
PAPER = (
    *(lonely_headings, lonely_heading_rows, torn_rows, empty_pages, beyond_margins),
    *(over_each_other, hyphens),
)
WORD = (torn_rows, beyond_margins)


def faults(document: Document, measures: tuple[Callable, ...]) -> list[Fault]:
    """What is wrong by some measures."""
    return [fault for measure in measures for fault in measure(document)]


def sound() -> Document:
    """A document of two pages without fault: a heading, a text and a table on each."""
    blocks, lines = [], []
    for page in (1, 2):
        heading = Block("H1", f"Rubrik {page}", {page: Box(page, 70, 70, 200, 90)})
        text = Block("P", "En mening.", {page: Box(page, 70, 100, 500, 300)})
        row = Block("TR", "A B", {page: Box(page, 70, 310, 500, 330)}, table=page, cells=2)
        rows = [row, replace(row, boxes={page: Box(page, 70, 340, 500, 360)})]
        blocks += [heading, text, *rows]
        line = Line(page * 9, Box(page, 70, 100, 165, 110), "ord")
        lines += [line, replace(line, part=page * 9 + 1, box=Box(page, 170, 100, 265, 110))]
    drawn = [box for block in blocks for box in block.boxes.values()]
    return Document(PDF_AREA, 3, blocks, lines, drawn, [(1, 5, "av-")])


def moved(block: Block, page: int, top: float) -> None:
    """Puts a block in another place."""
    block.boxes = {page: Box(page, 70, top, 200, top + 20)}


def doctored() -> Iterator[tuple[Callable, Callable[[Document], object]]]:
    """Each measure with a change that it must notice, and no other measure."""
    yield lonely_headings, lambda it: moved(it.blocks[4], 1, 760)
    yield lonely_heading_rows, lambda it: moved(it.blocks[3], 2, 65)
    yield torn_rows, lambda it: it.blocks[3].add(Box(2, 70, 65, 500, 69))
    yield empty_pages, lambda it: setattr(it, "pages", 4)
    yield beyond_margins, lambda it: it.drawn.append(Box(1, 500, 100, 540, 110))
    yield over_each_other, lambda it: it.lines.append(replace(it.lines[0], part=99))
    yield hyphens, lambda it: it.hyphens.append((1, FEW_COLUMNS, "av-"))


def check_measures(comparison: Comparison) -> None:
    """Every measure finds the fault that it is for, and none in a document without fault."""
    comparison.equal("faults of a sound document", faults(sound(), PAPER), [])
    for wanted, change in doctored():
        document = copy.deepcopy(sound())
        change(document)
        found = [measure.__name__ for measure in PAPER if list(measure(document))]
        comparison.equal(f"a document with a fault of {wanted.__name__}", found, [wanted.__name__])
    tried = {wanted for wanted, _ in doctored()}
    comparison.equal("measures that are tried", tried, set(PAPER))


def check_reading(comparison: Comparison, path: Path) -> None:
    """A real document with its second page moved aside is noticed."""
    aside = path.with_name("aside.pdf")
    with pikepdf.open(path) as pdf:
        page = pdf.pages[1]
        page.contents_add(b"1 0 0 1 40 0 cm", prepend=True)
        pdf.save(aside)
    found = list(beyond_margins(read(aside, PDF_AREA)))
    comparison.equal("pages seen to be moved aside", [fault.split(":")[0] for fault in found], ["page 2"])


def tell(comparison: Comparison, what: str, found: list[Fault], measured: int) -> None:
    """Prints every fault of a document: who mends the layout wants them all."""
    for fault in found:
        print(f"{what}, {fault}")
    comparison.differing += len(found)
    comparison.compared += measured


def check_pdf(comparison: Comparison, what: str, path: Path, is_sample: bool) -> int:
    """Measures a PDF; returns the number of its pages."""
    document = read(path, PDF_AREA)
    found = faults(document, PAPER)
    comparison.equal(f"{what}: has blocks, rows and lines", bool(document.blocks and document.lines), True)
    tell(comparison, what, found, len(PAPER))
    if is_sample and path.stem == "report":
        body = pages_of_body(document)
        comparison.equal(f"{what}: {body} pages of body are too many", body > MOST_PAGES_OF_BODY, False)
        comparison.equal(f"{what}: has appendices", body < document.pages, True)
    return document.pages


def area_of(path: Path) -> Box:
    """The area within the margins of a Word document, in points."""
    section = docx.Document(str(path)).sections[0]
    right = section.page_width.pt - section.right_margin.pt
    bottom = section.page_height.pt - section.bottom_margin.pt
    return Box(0, section.left_margin.pt, section.top_margin.pt, right, bottom)


def check_word(comparison: Comparison, what: str, path: Path, soffice: str, folder: Path) -> int:
    """Measures what LibreOffice makes of a Word document; returns the number of its pages."""
    said = convert(soffice, [path], TAGGED, folder)
    pdf = folder / f"{path.stem}.pdf"
    comparison.equal(f"{what}: LibreOffice makes a PDF: {said}", pdf.is_file(), True)
    if not pdf.is_file():
        return 0
    document = read(pdf, area_of(path))
    loose = loose_headings(docx.Document(str(path)))
    tell(comparison, what, [*faults(document, WORD), *loose], 1 + len(WORD))
    return document.pages


def loose_headings(document: "docx.document.Document") -> Iterator[Fault]:
    """Headings, and links below one, that are not kept with what follows: where LibreOffice breaks pages is its own
    affair, for it lets go of a heading right after a table."""
    after_heading = False
    for paragraph in document.paragraphs:
        style = paragraph.style
        is_heading = style.name.startswith("Heading")
        if is_heading or (after_heading and style.name == TRAIL):
            own, usual = paragraph.paragraph_format.keep_with_next, style.paragraph_format.keep_with_next
            if not (usual if own is None else own):
                yield f"{paragraph.text!r} is not kept with what follows"
        after_heading = is_heading


def runs(folder: Path) -> Iterator[tuple[str, Path, tuple[str, ...]]]:
    """The projects and how each is run."""
    small, large = write_small(folder / "small"), write_large(folder / "large")
    yield "sample, sv", SAMPLE_DATA, ()
    yield "sample, en", SAMPLE_DATA, ENGLISH
    yield "sample, published, sv", SAMPLE_DATA, PUBLISHED
    yield "sample, published, en", SAMPLE_DATA, (*PUBLISHED, *ENGLISH)
    yield "small", small, ()
    yield "large", large, ()


def main() -> int:
    """Runs the check; returns the exit code."""
    binary, comparison = binary_from_arguments(), Comparison()
    check_measures(comparison)
    soffice, documents, pages = office(), 0, 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for number, (what, project, options) in enumerate(runs(folder)):
            out = folder / str(number)
            forms = ("--forms", "pdf,docx", "--pictures", "none")
            run_frist(binary, "run", project, "--out", out, *forms, *options)
            if number == 0:
                check_reading(comparison, out / "report.pdf")
            for path in (out / f"{stem}.{kind}" for stem in DOCUMENTS for kind in ("pdf", "docx")):
                if not path.is_file():
                    comparison.equal(f"{what}: {path.name} is missing", what, "small")
                    continue
                documents += 1
                told = f"{what}, {path.name}"
                if path.suffix == ".pdf":
                    pages += check_pdf(comparison, told, path, project == SAMPLE_DATA)
                else:
                    pages += check_word(comparison, told, path, soffice, folder)
    return comparison.close_with(
        f"layout: {documents} documents, {pages} pages, {comparison.compared} measured, "
        f"{comparison.differing} at fault"
    )


if __name__ == "__main__":
    sys.exit(main())
