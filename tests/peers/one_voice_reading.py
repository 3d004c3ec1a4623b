"""The Markdown and the page of a report as sections with their texts, tables and charts."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path


@dataclass
class Table:
    """A table of a report: its caption, headings and rows."""

    caption: str
    headings: list[str]
    rows: list[list[str]] = field(default_factory=list)


@dataclass
class Figure:
    """A chart: its title and what it says to those who do not see it."""

    title: str
    description: str


@dataclass
class Section:
    """A section: its headings from the outermost, and what stands in it before the next."""

    path: tuple[str, ...]
    paragraphs: list[str] = field(default_factory=list)
    bullets: list[str] = field(default_factory=list)
    strong: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)


def unescaped(text: str) -> str:
    """Text of Markdown as it was."""
    text = text.replace("&#8203;", "").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return re.sub(r"\\([\\`*_\[\]|~!])", r"\1", text)


def cells_of(line: str) -> list[str]:
    """The cells of a table's line."""
    return [unescaped(cell.strip(" ")) for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]


def read_document(text: str) -> list[Section]:
    """The sections of a report.md."""
    sections = [Section(())]
    caption = ""
    for block in text.split("\n\n"):
        lines = block.strip("\n").split("\n")
        first, last = lines[0], sections[-1]
        if heading := re.fullmatch(r"(#+) (.*)", first):
            level = len(heading[1])
            sections.append(Section((*last.path[: level - 1], unescaped(heading[2]))))
        elif first.startswith("| "):
            rows = [cells_of(line) for line in lines]
            last.tables.append(Table(caption, rows[0], rows[2:]))
            caption = ""
        elif whole := re.fullmatch(r"\*\*(.+)\*\*", first):
            caption = unescaped(whole[1])
            last.strong.append(caption)
        elif figure := re.fullmatch(r"\*\*(.+?)\.\*\* ?(.*)", first):
            last.figures.append(Figure(unescaped(figure[1]), unescaped(figure[2])))
        elif first.startswith("- "):
            last.bullets += [unescaped(line.removeprefix("- ")) for line in lines]
        elif first:
            last.paragraphs.append(unescaped(first))
    for section in sections:
        captions = {table.caption for table in section.tables}
        section.strong = [said for said in section.strong if said not in captions]
    return sections


class Page(HTMLParser):
    """The sections of a report.html, whose pictures have their titles and descriptions."""

    KEPT = ("h2", "h3", "h4", "h5", "p", "li", "caption", "th", "td", "title", "desc")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.sections: list[Section] = [Section(("",))]
        self.text: str | None = None
        self.title = ""
        main = text[text.index("<main") : text.index("</main>")]
        # Of a picture only its words are read, and of its two shapes one.
        main = re.sub(r'<div class="column">.*?</svg>', "", main, flags=re.DOTALL)
        self.feed(re.sub(r"</desc>.*?</svg>", "</desc></svg>", main, flags=re.DOTALL))

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag in self.KEPT:
            self.text = None if ("class", "trail") in attrs else ""
        elif tag == "table":
            self.sections[-1].tables.append(Table("", []))
        elif tag == "tr":
            self.sections[-1].tables[-1].rows.append([])

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.KEPT or self.text is None:
            return
        text, self.text = self.text.strip("\n "), None
        section = self.sections[-1]
        if tag[0] == "h":
            self.sections.append(Section((*section.path[: int(tag[1]) - 1], text)))
        elif tag in ("th", "td"):
            section.tables[-1].rows[-1].append(text)
        elif tag == "caption":
            section.tables[-1].caption = text
        elif tag == "title":
            self.title = text
        elif tag == "desc":
            section.figures.append(Figure(self.title, text))
        else:
            (section.bullets if tag == "li" else section.paragraphs).append(text)


def read_page(text: str) -> list[Section]:
    """The sections of a report.html."""
    sections = Page(text).sections
    for table in (table for section in sections for table in section.tables):
        table.headings, *table.rows = table.rows
    return sections


def read_folder(folder: Path) -> list[Section]:
    """All sections of a report as Markdown and, where there is one, as a page."""
    sections = read_document((folder / "report.md").read_text(encoding="utf-8"))
    page = folder / "report.html"
    return sections + (read_page(page.read_text(encoding="utf-8")) if page.exists() else [])
