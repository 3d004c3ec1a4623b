"""What stands where in a tagged PDF: its blocks in reading order, their lines, and what is drawn.

The tags say what a block is (pikepdf), the marked content on a page says where it stands (pdfplumber).
"""

import io
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pdfplumber
import pikepdf
from pikepdf import Array, Dictionary

# What a block is made of, and the parts of it that no other text may run into.
BLOCKS = {"H1", "H2", "H3", "H4", "H5", "H6", "P", "Caption", "TR", "LI", "TOCI", "Figure"}
PARTS = BLOCKS - {"TR"} | {"TD", "TH", "Lbl", "LBody"}
ARTIFACT = "Artifact"
# What separates the links of a line of links.
BETWEEN_LINKS = " ·\u00a0"
# It keeps words together, and is no letter.
WORD_JOINER = "\u2060"
SOFT_HYPHEN = "\u00ad"


@dataclass(frozen=True)
class Box:
    """A rectangle on a page, in points from its upper left corner; pages count from 1."""

    page: int
    left: float
    top: float
    right: float
    bottom: float

    def joined(self, other: "Box") -> "Box":
        """The smallest box around both."""
        left, top = min(self.left, other.left), min(self.top, other.top)
        return Box(self.page, left, top, max(self.right, other.right), max(self.bottom, other.bottom))

    def shared(self, other: "Box") -> tuple[float, float]:
        """How much two boxes share, across and down; below 0 is a gap."""
        across = min(self.right, other.right) - max(self.left, other.left)
        return across, min(self.bottom, other.bottom) - max(self.top, other.top)


@dataclass
class Block:
    """A heading, paragraph, row, point of a list or picture, with its box on each page that it stands on."""

    kind: str
    text: str = ""
    boxes: dict[int, Box] = field(default_factory=dict)
    # All that it says is links.
    only_links: bool = False
    # Of a row: the number of its table, and how many cells it has.
    table: int | None = None
    cells: int = 0

    def add(self, box: Box) -> None:
        """Takes in more that stands in it."""
        known = self.boxes.get(box.page)
        self.boxes[box.page] = known.joined(box) if known else box


@dataclass(frozen=True)
class Line:
    """A line of a part, such as a cell or a paragraph."""

    part: int
    box: Box
    text: str


@dataclass
class Document:
    """A document as it stands on paper."""

    # The area within the margins of every page.
    area: Box
    pages: int
    blocks: list[Block]
    lines: list[Line]
    # Every letter, line and picture, with what belongs to the margins.
    drawn: list[Box]
    # Where words are hyphenated in tables: page, columns and the line.
    hyphens: list[tuple[int, int, str]]


@dataclass
class Place:
    """What a piece of marked content belongs to."""

    block: Block
    part: int
    is_link: bool


Key = tuple[int, int]


class Tags:
    """The tags of a PDF: the blocks, and the place of every piece of marked content by page and number."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.blocks: list[Block] = []
        self.places: dict[Key, Place] = {}
        self.parts = self.tables = 0
        self.numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}
        root = pdf.Root.StructTreeRoot
        self.roles = {str(key): str(role) for key, role in root.get("/RoleMap", {}).items()}
        self.read(root, None, Place(Block(""), 0, False), None)

    def read(self, entry: Dictionary, page: int | None, place: Place, table: int | None) -> None:
        """Reads an element and all below it."""
        kind = str(entry.get("/S", "/"))
        kind = self.roles.get(kind, kind).lstrip("/")
        if "/Pg" in entry:
            page = self.numbers.get(entry.Pg.objgen, page)
        if kind == "Table":
            self.tables += 1
            table = self.tables
        place = self.place_of(kind, place, table)
        for kid in kids(entry):
            if isinstance(kid, int):
                self.places[page, kid] = place
            elif "/MCID" in kid:
                on = self.numbers[kid.Pg.objgen] if "/Pg" in kid else page
                self.places[on, int(kid.MCID)] = place
            elif "/S" in kid:
                self.read(kid, page, place, table)

    def place_of(self, kind: str, above: Place, table: int | None) -> Place:
        """The place of an element: a block of its own, a part of the block above, or the same place."""
        block, part = above.block, above.part
        if kind in BLOCKS and block.kind not in ("TR", "LI", "TOCI"):
            block = Block(kind, table=table if kind == "TR" else None)
            self.blocks.append(block)
        if kind in ("TD", "TH"):
            block.cells += 1
        if kind in PARTS and not (kind == "P" and above.block.kind == "TR"):
            self.parts += 1
            part = self.parts
        return Place(block, part, above.is_link or kind == "Link")


def kids(entry: Dictionary) -> list:
    """What stands in an element."""
    within = entry.get("/K", [])
    return list(within) if isinstance(within, Array) else [within]


def box_of(page: int, thing: dict) -> Box:
    """The box of what pdfplumber found."""
    return Box(page, thing["x0"], thing["top"], thing["x1"], thing["bottom"])


def flattened(pdf: pikepdf.Pdf) -> io.BytesIO:
    """The PDF without marked content within marked content, of which pdfplumber does not say where it belongs.

    Left is that of a hyphen where a word was broken, which follows its word.
    """
    for page in pdf.pages:
        open_spans: list[bool] = []
        kept = []
        for instruction in pikepdf.parse_content_stream(page):
            operator = str(instruction.operator)
            if operator in ("BDC", "BMC"):
                open_spans.append(operator == "BMC" or stays(instruction.operands[1]))
            if operator not in ("BDC", "BMC", "EMC") or open_spans[-1]:
                kept.append(instruction)
            if operator == "EMC":
                open_spans.pop()
        page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(kept))
    flat = io.BytesIO()
    pdf.save(flat)
    return flat


def stays(properties: object) -> bool:
    """Whether marked content has a number, is no text of its own, or is the hyphen of a broken word."""
    if not isinstance(properties, Dictionary) or "/MCID" in properties:
        return True
    return str(properties.get("/ActualText", SOFT_HYPHEN)) == SOFT_HYPHEN


class Reading:
    """A document while its pages are read."""

    def __init__(self, path: Path, area: Box) -> None:
        with pikepdf.open(path) as pdf:
            self.tags = Tags(pdf)
            flat = flattened(pdf)
        self.document = Document(area, 0, self.tags.blocks, [], [], [])
        # The blocks, by identity, that say something outside their links.
        self.loose: set[int] = set()
        with pdfplumber.open(flat) as pdf:
            self.document.pages = len(pdf.pages)
            for number, page in enumerate(pdf.pages, 1):
                self.read_letters(number, page.chars)
                self.read_drawings(number, [*page.rects, *page.curves, *page.lines, *page.images])
                page.close()
        for block in self.tags.blocks:
            block.text = " ".join(block.text.split())
            block.only_links = block.kind == "P" and bool(block.text) and id(block) not in self.loose

    def read_letters(self, page: int, letters: list[dict]) -> None:
        """Adds the letters of a page to their blocks and lines."""
        lines: dict[tuple[int, int], list] = defaultdict(list)
        place, line = None, []
        for letter in letters:
            box = box_of(page, letter)
            # A word that Typst broke has its hyphen in content of its own within that of the word.
            is_nested = letter["mcid"] is None and letter["tag"] != ARTIFACT
            if not is_nested:
                place = self.tags.places.get((page, letter["mcid"]))
            text = letter["text"].replace(WORD_JOINER, "")
            if not text.strip():
                if place is not None and line:
                    place.block.text += " "
                    line.append((place, line[-1][1], " ", False))
                continue
            self.document.drawn.append(box)
            if place is None:
                continue
            self.note(place, box, text)
            line = lines[place.part, round(box.bottom)]
            line.append((place, box, text, is_nested))
        self.document.lines += [self.line(page, part, found) for (part, _), found in lines.items()]

    def note(self, place: Place, box: Box, text: str) -> None:
        """Adds a letter to its block."""
        place.block.text += text
        place.block.add(box)
        if not place.is_link and text not in BETWEEN_LINKS:
            self.loose.add(id(place.block))

    def line(self, page: int, part: int, found: list) -> Line:
        """A line of letters; remembers a word that is broken at its end in a table."""
        box, text = found[0][1], "".join(letter for _, _, letter, _ in found).strip()
        for _, other, _, _ in found:
            box = box.joined(other)
        block = found[-1][0].block
        if block.kind == "TR" and found[-1][3] and re.fullmatch("[-\u00ad\u2010]", found[-1][2]):
            self.document.hyphens.append((page, block.cells, text))
        return Line(part, box, text)

    def read_drawings(self, page: int, things: list[dict]) -> None:
        """Adds the lines and pictures of a page to the blocks that they stand in."""
        for thing in things:
            box = box_of(page, thing)
            self.document.drawn.append(box)
            place = self.tags.places.get((page, thing.get("mcid")))
            if place is not None:
                place.block.add(box)


def read(path: Path, area: Box) -> Document:
    """Reads a tagged PDF whose pages have some margins."""
    document = Reading(path, area).document
    document.blocks = [block for block in document.blocks if block.boxes]
    return document


def boxes(document: Document) -> Iterator[Box]:
    """The boxes of all blocks."""
    for block in document.blocks:
        yield from block.boxes.values()
