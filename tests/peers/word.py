"""The reports for Word: opened by python-docx and lxml, and turned into PDF by LibreOffice.

Readers with a screen reader need languages, headings in order, heading rows, and descriptions of pictures
and tables; opening a report must not lead to a repair, nor to anything outside it.
"""

import posixpath
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import docx
from docx.oxml.ns import qn
from lxml import etree

from common import Comparison, binary_from_arguments, run_frist

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data"
REPORTS = ("report.docx", "risks.docx")
# The language of the sample's project file.
LANGUAGE = "sv-SE"
LONGEST_BOOKMARK = 40
DOCUMENT = "word/document.xml"
SETTINGS = "word/settings.xml"
OFFICE = ["apt-get", "install", "-y", "--no-install-recommends", "libreoffice-writer"]
CONVERSION_SECONDS = 300


def office() -> str:
    """The path of LibreOffice, installed when it is missing."""
    if not shutil.which("soffice"):
        subprocess.run(OFFICE, capture_output=True, check=False)
    found = shutil.which("soffice")
    if not found:
        sys.exit(f"word: no soffice, and it cannot be installed: {' '.join(OFFICE)}")
    return found


class Report:
    """A report, and what is noted about it."""

    def __init__(self, comparison: Comparison, path: Path) -> None:
        self.comparison, self.path = comparison, path
        with zipfile.ZipFile(path) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        self.texts: dict[str, etree._Element] = {}

    def equal(self, what: str, frist: object, wanted: object) -> None:
        """Compares two values that must be the same."""
        self.comparison.equal(f"{self.path.name}, {what}", frist, wanted)

    def holds(self, what: str, condition: object) -> None:
        """Notes what must be so."""
        self.equal(what, bool(condition), True)

    def all(self, part: str, *names: str) -> list[etree._Element]:
        """The elements of some names in a part, in order."""
        return list(self.texts[part].iter(*map(qn, names)))

    def check(self) -> None:
        """Everything but whether LibreOffice opens it."""
        if self.check_parts():
            self.check_references()
            self.check_properties()
            self.check_headings()
            self.check_pictures()
            self.check_tables()
            self.check_links()
            self.check_contents()

    def check_parts(self) -> bool:
        """Every part is well-formed and has a content type."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        for name, content in self.parts.items():
            if not name.endswith((".xml", ".rels")):
                continue
            try:
                self.texts[name] = etree.fromstring(content, parser)
            except etree.XMLSyntaxError as error:
                self.comparison.differ(f"{self.path.name}, {name}: {error}")
        sound = all(name in self.texts for name in ("[Content_Types].xml", DOCUMENT, SETTINGS))
        self.holds("its parts can be read", sound)
        if not sound:
            return False
        types = self.texts["[Content_Types].xml"]
        typed = {element.get("PartName") for element in types}
        endings = {element.get("Extension") for element in types}
        for name in self.parts:
            known = f"/{name}" in typed or name.rsplit(".", 1)[-1] in endings
            self.holds(f"{name} has a content type", known or name == "[Content_Types].xml")
        return True

    def check_references(self) -> None:
        """No relationship leads out of the file, and none to a part that is not there."""
        for name, root in self.texts.items():
            if not name.endswith(".rels"):
                continue
            folder = posixpath.dirname(posixpath.dirname(name))
            for relation in root:
                target = relation.get("Target", "")
                self.equal(f"{name}: mode of {target}", relation.get("TargetMode"), None)
                part = posixpath.normpath(posixpath.join(folder, target)).lstrip("/")
                self.holds(f"{name}: {target} is there", part in self.parts)

    def check_properties(self) -> None:
        """Title, owner and language; times of the as-of date; nothing to ask the reader."""
        properties = docx.Document(str(self.path)).core_properties
        self.holds("has a title", properties.title)
        self.holds("has an owner", properties.author)
        self.equal("language of the file", properties.language, LANGUAGE)
        self.equal("times", properties.created, properties.modified)
        defaults = self.texts["word/styles.xml"].find(qn("w:docDefaults"))
        found = defaults.find(f".//{qn('w:lang')}") if defaults is not None else None
        language = None if found is None else found.get(qn("w:val"))
        self.equal("language of the text", language, LANGUAGE)
        languages = {element.get(qn("w:val")) for element in self.all(SETTINGS, "w:themeFontLang")}
        self.equal("language of the settings", languages, {LANGUAGE})
        self.equal("questions", self.all(SETTINGS, "w:updateFields", "w:attachedTemplate"), [])

    def check_headings(self) -> None:
        """One title, and headings that skip no level."""
        paragraphs = docx.Document(str(self.path)).paragraphs
        styles = [paragraph.style.name for paragraph in paragraphs]
        self.equal("titles", styles.count("Title"), 1)
        numbers = [re.fullmatch(r"Heading (\d)", style) for style in styles]
        levels = [int(number[1]) for number in numbers if number]
        self.holds("has headings", levels)
        for above, level in zip([0, *levels], levels):
            self.holds(f"heading {level} below heading {above}", level <= above + 1)
        for paragraph, number in zip(paragraphs, numbers):
            if number:
                self.holds("headings say something", paragraph.text.strip())

    def check_pictures(self) -> None:
        """Every picture has a description, and a number of its own."""
        pictures = self.all(DOCUMENT, "wp:docPr")
        self.equal("described pictures", len(pictures), len(self.all(DOCUMENT, "w:drawing")))
        for picture in pictures:
            name = picture.get("name")
            self.holds(f"picture {name} is described", (picture.get("descr") or "").strip())
        numbers = {picture.get("id") for picture in pictures}
        self.equal("numbers of pictures", len(numbers), len(pictures))
        for size in self.all(DOCUMENT, "wp:extent"):
            self.holds("pictures have a size", int(size.get("cx")) > 0 and int(size.get("cy")) > 0)

    def check_tables(self) -> None:
        """Every table has a caption, a description and a heading row, and its rows are alike."""
        for number, table in enumerate(self.all(DOCUMENT, "w:tbl"), 1):
            for name in ("w:tblCaption", "w:tblDescription"):
                found = table.find(f"{qn('w:tblPr')}/{qn(name)}")
                told = found is not None and (found.get(qn("w:val")) or "").strip()
                self.holds(f"table {number} has {name}", told)
            rows = table.findall(qn("w:tr"))
            heads = [row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in rows]
            self.equal(f"table {number}, heading rows", heads, [True] + [False] * (len(rows) - 1))
            columns = len(table.findall(f"{qn('w:tblGrid')}/{qn('w:gridCol')}"))
            widths = {len(row.findall(qn("w:tc"))) for row in rows}
            self.equal(f"table {number}, cells in a row", widths, {columns})

    def check_links(self) -> None:
        """Every link leads to a bookmark, and no two bookmarks have a name or number in common."""
        bookmarks = self.all(DOCUMENT, "w:bookmarkStart")
        names = [bookmark.get(qn("w:name")) for bookmark in bookmarks]
        self.equal("names of bookmarks", len(set(names)), len(names))
        numbers = {bookmark.get(qn("w:id")) for bookmark in bookmarks}
        self.equal("numbers of bookmarks", len(numbers), len(names))
        ends = {bookmark.get(qn("w:id")) for bookmark in self.all(DOCUMENT, "w:bookmarkEnd")}
        self.equal("ends of bookmarks", ends, numbers)
        longest = max(map(len, names), default=0)
        self.holds("names of bookmarks are short", longest <= LONGEST_BOOKMARK)
        for link in self.all(DOCUMENT, "w:hyperlink"):
            anchor = link.get(qn("w:anchor"))
            self.holds(f"link to {anchor} leads to a bookmark", anchor in names)
            self.equal(f"link to {anchor}, relationship", link.get(qn("r:id")), None)

    def check_contents(self) -> None:
        """The only field of the text is the contents, and it names the headings of two levels."""
        fields = [element.text.split()[0] for element in self.all(DOCUMENT, "w:instrText")]
        self.equal("fields of the text", fields, ["TOC"])
        listed, headed = [], []
        for element in self.all(DOCUMENT, "w:p"):
            name = self.style_name(element)
            text = "".join(run.text or "" for run in element.iter(qn("w:t")))
            if name in ("toc 1", "toc 2"):
                listed.append((name[-1], text))
            elif name in ("heading 1", "heading 2"):
                headed.append((name[-1], text))
        self.equal("contents", listed, headed)

    def style_name(self, paragraph: etree._Element) -> str | None:
        """The name of a paragraph's style, as Word has it."""
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        wanted = None if style is None else style.get(qn("w:val"))
        for known in self.all("word/styles.xml", "w:style"):
            if known.get(qn("w:styleId")) == wanted:
                return known.find(qn("w:name")).get(qn("w:val")).lower()
        return None

    def check_conversion(self, soffice: str, folder: Path) -> None:
        """LibreOffice opens it and makes a PDF of it, with a profile of its own."""
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
        done = subprocess.run(
            [*command, str(self.path)],
            capture_output=True,
            check=False,
            encoding="utf-8",
            timeout=CONVERSION_SECONDS,
        )
        pdf = folder / f"{self.path.stem}.pdf"
        converted = pdf.is_file() and pdf.read_bytes().startswith(b"%PDF")
        self.equal("exit code of LibreOffice", done.returncode, 0)
        self.holds(f"LibreOffice makes a PDF: {done.stderr.strip()}", converted)


def main() -> int:
    """Runs the check; returns the exit code."""
    binary, comparison = binary_from_arguments(), Comparison()
    soffice = office()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        out = folder / "out"
        run_frist(binary, "run", SAMPLE, "--out", out)
        for file in REPORTS:
            if not (out / file).is_file():
                comparison.differ(f"{file} is not there")
                continue
            report = Report(comparison, out / file)
            report.check()
            report.check_conversion(soffice, folder)
    return comparison.close_with(
        f"word: {len(REPORTS)} files, {comparison.compared} things looked at, "
        f"{comparison.differing} wrong"
    )


if __name__ == "__main__":
    sys.exit(main())
