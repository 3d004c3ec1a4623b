"""The PDF documents of a run, read by pikepdf: what PDF/UA-1 asks for, as far as a program can tell.

The documents of the sample data, in both languages and editions, must say that they are accessible
and be so: every text is tagged or an artifact, headings form one unbroken order and are the outline,
tables have headings of columns and of rows, pictures and links have words. Nothing in them runs,
fetches or leads elsewhere, and the same run twice gives the same bytes.
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from common import Comparison, binary_from_arguments, run_frist

SAMPLE_DATA = Path(__file__).resolve().parents[2] / "sample_data"
AS_OF = "2024-08-31"
DOCUMENTS = ("report.pdf", "risks.pdf")
RUNS: dict[str, tuple[str, ...]] = {
    "sv": (),
    "en": ("--lang", "en"),
    "published": ("--edition", "published"),
}
LANGUAGES = {"sv": "sv-SE", "en": "en-GB", "published": "sv-SE"}
A4 = (595.276, 841.89)

# Keys and kinds of actions that a document for reading has no use for.
RUNNING_KEYS = ("/JS", "/OpenAction", "/AA", "/AcroForm", "/EmbeddedFiles", "/RichMedia")
PAINTING = {"Tj", "TJ", "'", '"', "Do", "sh", "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "EI"}


@dataclass
class Element:
    """An element of the structure tree."""

    kind: str
    entry: Dictionary
    children: list["Element"] = field(default_factory=list)
    has_text: bool = False
    has_object: bool = False

    def walk(self) -> Iterator["Element"]:
        """This element and all below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def of_kind(self, *kinds: str) -> list["Element"]:
        """The elements of some kinds."""
        return [element for element in self.walk() if element.kind in kinds]

    def says_something(self) -> bool:
        """Whether marked content or a picture with words stands in it."""
        return any(e.has_text or e.entry.get("/Alt") for e in self.walk())

    def attribute(self, owner: str, key: str) -> object:
        """The value of an attribute, if there is one."""
        attributes = self.entry.get("/A", [])
        for each in attributes if isinstance(attributes, Array) else [attributes]:
            if isinstance(each, Dictionary) and each.get("/O") == owner and key in each:
                return each[key]
        return None


def read_tree(entry: Dictionary, roles: dict[str, str]) -> Element:
    """The structure below an element, with the kinds that its roles stand for."""
    kind = str(entry.get("/S", "/Root"))
    element = Element(roles.get(kind, kind).lstrip("/"), entry)
    kids = entry.get("/K", [])
    for kid in kids if isinstance(kids, Array) else [kids]:
        if isinstance(kid, int):
            element.has_text = True
        elif kid.get("/Type") == Name.MCR:
            element.has_text = True
        elif kid.get("/Type") == Name.OBJR:
            element.has_object = True
        else:
            element.children.append(read_tree(kid, roles))
    return element


class Check:
    """What is compared of one document."""

    def __init__(self, comparison: Comparison, what: str, path: Path, language: str) -> None:
        self.comparison, self.what = comparison, what
        self.pdf = pikepdf.open(path)
        self.language = language
        self.root = self.pdf.Root

    def equal(self, what: str, found: object, wanted: object) -> None:
        """Compares what the document has with what it should have."""
        self.comparison.equal(f"{self.what}: {what}", found, wanted)

    def run(self) -> int:
        """Compares everything; returns the number of pages."""
        self.check_what_it_says()
        self.check_dates()
        self.check_pages()
        self.check_fonts()
        self.check_nothing_runs()
        self.equal("has a structure tree", "/StructTreeRoot" in self.root, True)
        if "/StructTreeRoot" in self.root:
            roles = self.root.StructTreeRoot.get("/RoleMap", {})
            standard = {str(name): str(role) for name, role in roles.items()}
            tree = read_tree(self.root.StructTreeRoot, standard)
            self.check_headings(tree)
            self.check_tables(tree)
            self.check_pictures_and_links(tree)
        return len(self.pdf.pages)

    def check_what_it_says(self) -> None:
        """It says that it is accessible, in which language, and what it is called."""
        with self.pdf.open_metadata() as metadata:
            self.equal("pdfuaid:part", metadata.get("pdfuaid:part"), "1")
            title = metadata.get("dc:title")
        self.equal("has a title", bool(title and title.strip()), True)
        self.equal("the two titles", str(self.pdf.docinfo.get("/Title")), title)
        self.equal("language", str(self.root.get("/Lang")), self.language)
        marks = self.root.get("/MarkInfo", {})
        self.equal("MarkInfo Marked", marks.get("/Marked"), True)
        self.equal("MarkInfo Suspects", marks.get("/Suspects", False), False)
        shown = self.root.get("/ViewerPreferences", {})
        self.equal("DisplayDocTitle", shown.get("/DisplayDocTitle"), True)
        self.equal("encrypted", self.pdf.is_encrypted, False)

    def check_dates(self) -> None:
        """It is dated the day that the figures are of, not the day of the run."""
        compact = f"D:{AS_OF.replace('-', '')}"
        for key in ("/CreationDate", "/ModDate"):
            self.equal(key, str(self.pdf.docinfo.get(key))[: len(compact)], compact)
        with self.pdf.open_metadata() as metadata:
            for key in ("xmp:CreateDate", "xmp:ModifyDate"):
                self.equal(key, (metadata.get(key) or "")[: len(AS_OF)], AS_OF)

    def check_pages(self) -> None:
        """Pages are A4, go through links in reading order, and all that they show is marked."""
        self.equal("has several pages", len(self.pdf.pages) > 1, True)
        for number, page in enumerate(self.pdf.pages, 1):
            left, low, right, high = map(float, page.mediabox)
            size = (round(right - left, 1), round(high - low, 1))
            self.equal(f"page {number}, size", size, tuple(round(side, 1) for side in A4))
            if "/Annots" in page:
                self.equal(f"page {number}, order of links", str(page.get("/Tabs")), "/S")
            self.equal(f"page {number}, painted unmarked", unmarked(page), [])

    def check_fonts(self) -> None:
        """Fonts are within, and their letters can be read back."""
        fonts = [each for each in self.dictionaries() if each.get("/Type") == Name.Font]
        self.equal("has fonts", bool(fonts), True)
        for font in fonts:
            name = str(font.get("/BaseFont"))
            if font.get("/Subtype") == Name.Type0:
                self.equal(f"{name}, has ToUnicode", "/ToUnicode" in font, True)
                continue
            within = [key for key in font.get("/FontDescriptor", {}) if "/FontFile" in key]
            self.equal(f"{name}, is embedded", len(within), 1)

    def check_nothing_runs(self) -> None:
        """Nothing runs or leads out of the document."""
        for each in self.dictionaries():
            found = [key for key in RUNNING_KEYS if key in each]
            self.equal("keys of things that run", found, [])
            action = each.get("/A")
            if isinstance(action, Dictionary) and "/S" in action and "/O" not in action:
                self.equal("kind of action", str(action.S), "/GoTo")
            self.equal("addresses", "/URI" in each, False)

    def check_headings(self, tree: Element) -> None:
        """Headings begin at the first level, skip none, and are the outline."""
        headings = [(int(e.kind[1:]), e) for e in tree.walk() if re.fullmatch("H[1-6]", e.kind)]
        self.equal("has headings", bool(headings), True)
        self.equal("headings without level", len(tree.of_kind("H")), 0)
        above = 0
        for level, heading in headings:
            name = str(heading.entry.get("/T"))
            self.equal(f"{name!r} skips a level", level > above + 1, False)
            self.equal(f"{name!r} has text", heading.says_something(), True)
            above = level
        listed = [(level, str(heading.entry.get("/T"))) for level, heading in headings]
        self.equal("outline", self.outline(), listed)

    def outline(self) -> list[tuple[int, str]]:
        """The bookmarks, with their levels."""
        entries = []

        def add(items: list, level: int) -> None:
            for item in items:
                entries.append((level, item.title))
                add(item.children, level + 1)

        with self.pdf.open_outline() as outline:
            add(outline.root, 1)
        return entries

    def check_tables(self, tree: Element) -> None:
        """Tables have a heading for every column and every row, and as many cells in each."""
        tables = tree.of_kind("Table")
        self.equal("has tables", bool(tables), True)
        for number, table in enumerate(tables, 1):
            what = f"table {number}"
            for heading in table.of_kind("TH"):
                scope = str(heading.attribute("/Table", "/Scope"))
                self.equal(f"{what}, scope", scope in ("/Column", "/Row", "/Both"), True)
            rows = table.of_kind("TR")
            cells = [[cell.kind for cell in row.children] for row in rows]
            columns = len(cells[0]) if cells else 0
            self.equal(f"{what}, first row", set(cells[0] if cells else ()), {"TH"})
            for row, kinds in enumerate(cells[1:], 1):
                self.equal(f"{what}, cells of row {row}", len(kinds), columns)
                self.equal(f"{what}, row {row} has a heading", kinds[:1], ["TH"])
            captions = [child for child in table.children if child.kind == "Caption"]
            self.equal(f"{what}, captions", len(captions), 1)

    def check_pictures_and_links(self, tree: Element) -> None:
        """Pictures have words in their place; links stand in the text and lead to a place here."""
        pictures = tree.of_kind("Figure")
        for number, picture in enumerate(pictures, 1):
            words = str(picture.entry.get("/Alt", "")).strip()
            self.equal(f"picture {number}, has words", bool(words), True)
        links = tree.of_kind("Link")
        for number, link in enumerate(links, 1):
            self.equal(f"link {number}, has content", link.says_something(), True)
            self.equal(f"link {number}, has an annotation", link.has_object, True)
        places = self.places()
        for page in self.pdf.pages:
            for note in page.get("/Annots", []):
                self.equal("kind of annotation", str(note.get("/Subtype")), "/Link")
                self.equal("annotation is in the tree", "/StructParent" in note, True)
                self.equal("annotation has words", bool(str(note.get("/Contents", ""))), True)
                to = note.get("/Dest", note.get("/A", {}).get("/D"))
                if not isinstance(to, Array):
                    self.equal(f"a link leads to {to}", str(to) in places, True)

    def places(self) -> set[str]:
        """The named places of the document."""
        if "/Names" not in self.root or "/Dests" not in self.root.Names:
            return set()
        return set(pikepdf.NameTree(self.root.Names.Dests))

    def dictionaries(self) -> Iterator[Dictionary]:
        """Every dictionary, also those that stand within another."""

        def within(value: object) -> Iterator[Dictionary]:
            if isinstance(value, Stream):
                value = value.stream_dict
            if isinstance(value, Dictionary):
                yield value
                inner = [each for key, each in value.items() if key not in ("/P", "/Parent")]
            elif isinstance(value, Array):
                inner = list(value)
            else:
                return
            for each in inner:
                if isinstance(each, Dictionary | Array) and not each.is_indirect:
                    yield from within(each)

        for value in self.pdf.objects:
            yield from within(value)


def unmarked(page: pikepdf.Page) -> list[str]:
    """The operators that paint outside all marked content: neither tagged nor an artifact."""
    depth, found = 0, []
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if operator in ("BDC", "BMC"):
            depth += 1
        elif operator == "EMC":
            depth -= 1
        elif operator in PAINTING and depth == 0:
            found.append(operator)
    return found


def main() -> int:
    """Runs the check; returns the exit code."""
    binary, comparison = binary_from_arguments(), Comparison()
    documents = pages = 0
    with tempfile.TemporaryDirectory() as name:
        for run, options in RUNS.items():
            first, second = Path(name) / run, Path(name) / f"{run}-again"
            for out in (first, second):
                run_frist(binary, "run", SAMPLE_DATA, "--out", out, *options)
            for document in DOCUMENTS:
                path, again, what = first / document, second / document, f"{run}, {document}"
                comparison.equal(f"{what}: exists", path.is_file(), True)
                if not path.is_file():
                    continue
                same = path.read_bytes() == again.read_bytes()
                comparison.equal(f"{what}: the same twice", same, True)
                documents += 1
                pages += Check(comparison, what, path, LANGUAGES[run]).run()
    return comparison.close_with(
        f"pdf: {documents} documents, {pages} pages, {comparison.compared} compared, "
        f"{comparison.differing} differing"
    )


if __name__ == "__main__":
    sys.exit(main())
