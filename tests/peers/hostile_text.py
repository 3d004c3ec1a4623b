"""Hostile texts in every field: opening a report must not run, fetch or repair anything.

The project of hostile_project.py holds formulas, markup, code of templates and terminal escapes wherever text can
occur. LibreOffice must find no formula in any workbook or CSV, also where it splits cells at semicolons as a Swedish
installation does; XML must be XML, Markdown without tags, PDF without actions; and what is printed, results and errors,
must not control a terminal. Texts must still be there, letter by letter. The pages are checked in Chromium by
tests/browser/run.
"""

import csv
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pikepdf
from lxml import etree
from pikepdf import Array, Dictionary, Stream

from common import Comparison, binary_from_arguments
from hostile_project import ESCAPE, TEXTS, write, write_long
from office import convert, office

RUNS: dict[str, tuple[str, ...]] = {
    "internal": ("--cases",),
    "published": ("--edition", "published", "--lang", "en"),
}
SEPARATORS = {"commas": "44", "semicolons": "59"}
# What OWASP lists for the start of a cell, after what a spreadsheet strips from it.
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
# Code that a template would have worked out, as it must still read.
KEPT = ("{{ 7*7 }}", '#import "x"', "$x$", "]]>", "<script>")
# What a cell of a workbook can hold, in halves of UTF-16 pairs.
LONGEST_CELL = 32_767
RUNNING_KEYS = ("/JS", "/JavaScript", "/OpenAction", "/AA", "/AcroForm", "/EmbeddedFiles", "/RichMedia")
SVG_RUNNING = {"script", "foreignObject", "iframe", "image", "use", "a", "animate", "set"}
BIDI = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F)}
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def commands(text: str) -> set[str]:
    """The characters of a printed text that a reader cannot see: they control a terminal or change the direction of text."""
    control = {letter for letter in text if unicodedata.category(letter) == "Cc"} - {"\n", "\t"}
    return {f"U+{ord(letter):04X}" for letter in control | (BIDI & set(text))}


class Check:
    """What is compared."""

    def __init__(self, comparison: Comparison, binary: Path) -> None:
        self.comparison, self.binary = comparison, binary

    def run(self, what: str, *arguments: object, fails: bool = False) -> None:
        """Runs frist; what it prints must be harmless, and it must fail when it should and else not."""
        command = [str(self.binary), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, check=False)
        self.comparison.equal(f"{what}: fails", done.returncode != 0, fails)
        for stream, said in (("stdout", done.stdout), ("stderr", done.stderr)):
            text = said.decode("utf-8", errors="replace")
            self.comparison.equal(f"{what}, {stream}: letters that command", commands(text), set())

    def folder(self, what: str, out: Path, soffice: str, work: Path) -> None:
        """Every file of a report folder."""
        self.tables(what, out, soffice, work)
        self.workbooks(what, out, soffice, work)
        for path in sorted(out.rglob("*.svg")):
            self.picture(f"{what}, {path.name}", path)
        for path in sorted(out.glob("*.docx")):
            self.document(f"{what}, {path.name}", path)
        for path in sorted(out.glob("*.pdf")):
            self.pdf(f"{what}, {path.name}", path)
        for path in sorted(out.glob("*.md")):
            self.markdown(f"{what}, {path.name}", path)

    # Tables

    def tables(self, what: str, out: Path, soffice: str, work: Path) -> None:
        """CSV files, read as what they are and by LibreOffice."""
        files = sorted(out.rglob("*.csv"))
        self.comparison.equal(f"{what}: has CSV files", bool(files), True)
        for path in files:
            self.cells(f"{what}, {path.name}", path)
        for name, code in SEPARATORS.items():
            to = work / f"{what}-{name}"
            to.mkdir(parents=True)
            said = convert(soffice, files, "fods", to, f"--infilter=CSV:{code},34,76,1")
            self.comparison.equal(f"{what}, {name}: LibreOffice says", said, "")
            for path in files:
                self.no_formula(f"{what}, {path.name} at {name}", to / f"{path.stem}.fods")

    def cells(self, what: str, path: Path) -> None:
        """No cell begins as a formula does, unless it is a number."""
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(csv.reader(file), 1):
                for text in row:
                    stripped = text.lstrip(" \u00a0\ufeff\u200b")
                    starts = stripped.startswith(STARTS) and not NUMBER.fullmatch(text)
                    if starts:
                        self.comparison.differ(f"{what}:{number}: a cell begins {text[:20]!r}")
        self.comparison.equal(f"{what}: letters that command", commands_in(path), set())

    def no_formula(self, what: str, path: Path) -> None:
        """A document that LibreOffice has made holds no formula."""
        self.comparison.equal(f"{what}: can be opened", path.is_file(), True)
        if path.is_file():
            formulas = re.findall(rb'table:formula="[^"]{0,60}', path.read_bytes())
            self.comparison.equal(f"{what}: formulas", formulas[:3], [])

    def workbooks(
        self, what: str, out: Path, soffice: str, work: Path, keeps: bool = True
    ) -> None:
        """Workbooks, in LibreOffice and in their parts."""
        to = work / f"{what}-workbooks"
        to.mkdir(parents=True)
        files = sorted(out.glob("*.xlsx"))
        self.comparison.equal(f"{what}: has a workbook", bool(files), True)
        if not files:
            return
        said = convert(soffice, files, "fods", to)
        self.comparison.equal(f"{what}, workbook: LibreOffice says", said, "")
        for path in files:
            self.no_formula(f"{what}, {path.name}", to / f"{path.stem}.fods")
            self.workbook(f"{what}, {path.name}", path, keeps)

    def workbook(self, what: str, path: Path, keeps: bool) -> None:
        """Texts are whole, no longer than a cell, and read back as they were."""
        parts = self.parts(what, path)
        strings = [root for name, root in parts.items() if name.endswith("sharedStrings.xml")]
        texts = ["".join(item.itertext()) for root in strings for item in root.iter(f"{MAIN}si")]
        longest = max((len(text.encode("utf-16-le")) // 2 for text in texts), default=0)
        self.comparison.equal(f"{what}: texts fit their cells", longest <= LONGEST_CELL, True)
        # Excel reads _x0041_ as A, unless its underscore is written so itself.
        read_as_letters = [text for text in texts if re.search(r"(?<!_x005F)_x(?!005F_)[0-9A-Fa-f]{4}_", text)]
        self.comparison.equal(f"{what}: texts that read otherwise", read_as_letters[:1], [])
        if keeps:
            self.kept(what, "\n".join(texts))

    def kept(self, what: str, text: str) -> None:
        """Code stands there as it was typed."""
        for code in KEPT:
            self.comparison.equal(f"{what}: keeps {code}", code in text, True)

    # Documents

    def parts(self, what: str, path: Path) -> dict[str, etree._Element]:
        """The parts of an office document, which are XML, lead nowhere and have no declarations of their own."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        found = {}
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if not name.endswith((".xml", ".rels")):
                    continue
                try:
                    root = etree.fromstring(archive.read(name), parser)
                except etree.XMLSyntaxError as error:
                    self.comparison.differ(f"{what}, {name}: {error}")
                    continue
                found[name] = root
                self.comparison.equal(f"{what}, {name}: declarations", root.getroottree().docinfo.doctype, "")
                if name.endswith(".rels"):
                    modes = {relation.get("TargetMode") for relation in root}
                    self.comparison.equal(f"{what}, {name}: modes", modes - {None}, set())
                words = "".join([*root.itertext(), *(value for each in root.iter() for value in each.attrib.values())])
                self.comparison.equal(f"{what}, {name}: letters that command", commands(words), set())
        return found

    def document(self, what: str, path: Path) -> None:
        """A document for Word: XML, and no field but those of contents and page numbers."""
        parts = self.parts(what, path)
        body = parts.get("word/document.xml")
        if body is None:
            self.comparison.differ(f"{what}: has no text")
            return
        word = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
        kinds = {
            (field.text or "").split()[0]
            for root in parts.values()
            for field in root.iter(f"{word}instrText")
        }
        self.comparison.equal(f"{what}: fields", kinds - {"TOC", "PAGE", "NUMPAGES"}, set())
        self.kept(what, "".join(text.text or "" for text in body.iter(f"{word}t")))

    def picture(self, what: str, path: Path) -> None:
        """A picture: XML that nothing runs in and that fetches nothing."""
        try:
            root = etree.parse(path, etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
        except etree.XMLSyntaxError as error:
            self.comparison.differ(f"{what}: {error}")
            return
        elements = [each for each in root.iter() if isinstance(each.tag, str)]
        names = {etree.QName(each).localname for each in elements}
        self.comparison.equal(f"{what}: elements that run", names & SVG_RUNNING, set())
        attributes = {etree.QName(key).localname for each in elements for key in each.attrib}
        running = {name for name in attributes if name.startswith("on") or name == "href"}
        self.comparison.equal(f"{what}: attributes that run", running, set())
        self.comparison.equal(f"{what}: letters that command", commands("".join(root.itertext())), set())

    def pdf(self, what: str, path: Path) -> None:
        """A PDF: opens, and has no action that leads out of it."""
        with pikepdf.open(path) as pdf:
            for each in dictionaries(pdf):
                found = [key for key in RUNNING_KEYS if key in each]
                self.comparison.equal(f"{what}: keys of things that run", found, [])
                action = each.get("/A")
                if isinstance(action, Dictionary) and "/S" in action and "/O" not in action:
                    self.comparison.equal(f"{what}: kind of action", str(action.S), "/GoTo")
                self.comparison.equal(f"{what}: addresses", "/URI" in each, False)
            self.kept(what, str(pdf.docinfo.get("/Title")))

    def markdown(self, what: str, path: Path) -> None:
        """Markdown: no tag, no picture and no link that a text made."""
        text = path.read_text(encoding="utf-8")
        self.comparison.equal(f"{what}: tags", "<" in text, False)
        self.comparison.equal(f"{what}: letters that command", commands(text), set())
        pictures = re.findall(r"(?<!\\)!\[(?:[^\]\\]|\\.)*\]\(([^)]*)\)", text)
        wrong = [to for to in pictures if not re.fullmatch(r"charts/[\w-]+\.png", to)]
        self.comparison.equal(f"{what}: pictures", wrong[:3], [])
        links = re.findall(r"(?<![\\!])\[(?:[^\]\\]|\\.)*(?<!\\)\]\(([^)]*)\)", text)
        self.comparison.equal(f"{what}: links", links[:3], [])
        self.kept(what, text.replace("&lt;", "<").replace("&gt;", ">").replace("\\", ""))


def commands_in(path: Path) -> set[str]:
    """The same of a file."""
    return commands(path.read_bytes().replace(b"\r\n", b"\n").decode("utf-8"))


def dictionaries(pdf: pikepdf.Pdf) -> Iterator[Dictionary]:
    """Every dictionary of a PDF, also those that stand within another."""

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

    for value in pdf.objects:
        yield from within(value)


# What frist refuses, and says so


def changed(project: Path, to: Path, name: str, old: str, new: str) -> Path:
    """A copy of a project in which one text is another."""
    shutil.copytree(project, to)
    text = (to / name).read_text(encoding="utf-8-sig")
    if old not in text:
        sys.exit(f"hostile_text: no {old!r} in {name}")
    (to / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return to


def refused(project: Path, work: Path) -> Iterator[tuple[str, list[object]]]:
    """Runs that fail, each with hostile text in what is wrong."""
    hostile = f"{ESCAPE}[31m \u202e \\u009b"
    typed = '"\\u001b[31m \\u202e \\u009b \\u0007"'
    changes = {
        "key": ("frist.toml", "period       =", f"{typed} = 1\nperiod ="),
        "file": ("frist.toml", "files   = [", f"files   = [{typed}, "),
        "pattern": ("frist.toml", "files   = [", 'files   = ["\\u001b[31m[",'),
        "column": ("frist.toml", 'group = "', 'group = "\\u001b[31m \\u202e'),
        "control": ("frist.toml", '"cooperation-talks"', typed),
        "rulebook": ("frist.toml", '"regler.toml"', typed),
        "sheet": ("frist.toml", 'encoding = "utf-8"', f"sheet = {typed}"),
        "period": ("frist.toml", '"2022-T3"', typed),
        "plan key": ("internal-control.toml", "[risks]", f"[risks]\n{typed} = 1"),
        "plan status": ("internal-control.toml", '"begun"', typed),
        "plan control": ("internal-control.toml", "deviates =", f"control = {typed}\n#"),
        "risk column": ("risks.csv", "Sannolikhet", f'"{ESCAPE}[31mSannolikhet\u202e"'),
        "risk number": ("risks.csv", ";1;1;", f";{ESCAPE}[31m;1;"),
        "rule": ("regler.toml", "method    =", f"{typed} = 1\nmethod ="),
    }
    for name, (file, old, new) in changes.items():
        folder = changed(project, work / name.replace(" ", "-"), file, old, new)
        yield name, ["run", folder, "--out", work / "never"]
        yield f"{name}, looked at", ["check", folder]
    yield "folder", ["run", work / f"no {hostile}", "--out", work / "never"]
    yield "out", ["run", project, "--out", project / "frist.toml" / hostile]
    yield "group", ["run", project, "--group", hostile, "--out", work / "never"]
    yield "code", ["explain", hostile]
    yield "rule by name", ["due", "2024-01-10", "--control", hostile]
    yield "argument", ["run", project, f"--{ESCAPE}[31m"]


def tool_sees_formulas(soffice: str, work: Path) -> bool:
    """Whether LibreOffice takes cells for formulas at all: else the check would show nothing."""
    path = work / "formulas.csv"
    path.write_text("a,b\n=1+1,x\n", encoding="utf-8")
    to = work / "formulas"
    to.mkdir()
    convert(soffice, [path], "fods", to, f"--infilter=CSV:{SEPARATORS['commas']},34,76,1")
    return b'table:formula="of:=1+1"' in (to / "formulas.fods").read_bytes()


def main() -> int:
    """Runs the check; returns the exit code."""
    check = Check(Comparison(), binary_from_arguments())
    soffice = office()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        if not tool_sees_formulas(soffice, work):
            sys.exit("hostile_text: LibreOffice finds no formula where there is one")
        project = work / "project"
        write(project)
        for run, options in RUNS.items():
            out = work / run
            check.run(run, "run", project, "--out", out, *options)
            check.folder(run, out, soffice, work / "converted")
        for kind in ("text", "csv", "json"):
            for command in (["check", project], ["run", project, "--out", work / "again", "--forms", "md"]):
                check.run(f"{command[0]} as {kind}", *command, "--format", kind)
        long, out = work / "long", work / "out of long"
        write_long(long, LONGEST_CELL)
        check.run("long", "run", long, "--out", out, "--forms", "xlsx")
        check.workbooks("long", out, soffice, work / "converted", keeps=False)
        refusals = list(refused(project, work / "refused"))
        for what, arguments in refusals:
            check.run(f"refused {what}", *arguments, fails=True)
    comparison = check.comparison
    return comparison.close_with(
        f"hostile_text: {len(TEXTS)} texts, {len(refusals)} refusals, {comparison.compared:,} compared, "
        f"{comparison.differing} differing"
    )


if __name__ == "__main__":
    sys.exit(main())
