"""Identifiers of persons planted wherever text can occur: none may be shown, however the run ends.

Personal numbers in every spelling, names under headings that name persons, and e-mail addresses are put in units,
types, headings, names of files and sheets, case numbers, dates, broken rows, the project file, the plan and the list
of risks. The example of every code in src/catalogue.toml is run with identifiers in it. They are looked for in what
is printed, in every written file (in the parts of workbooks and documents, in the streams of PDF), in names of files
and in what is left in the folder for temporary files; with their separators removed too. Case numbers may be shown where
they are asked for: the case list, `frist open`, `frist compare --changed`.

Then the detector: generated personal numbers must all be found, in units and in a list of risks, and none in dates,
case numbers, organisation numbers, amounts, phone numbers, hashes and decimals. `--long` has the numbers of the
issue: 4,000 identifiers, 100,000 personal numbers.
"""

import csv
import html
import io
import json
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import tomllib
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from exports import AS_OF, days, export, plain_rows
from frame import Checks, arguments, work_folder
from personal_numbers import SPELLINGS, Numbers, check_digit, written
from running import Ended, Running, run
from workbooks import HOSTILE

CATALOGUE = Path(__file__).resolve().parent.parent.parent / "src" / "catalogue.toml"
OUT, LIST, CHANGED = "ut", "fall.csv", "andrade.csv"
# Where case numbers may stand: the case lists that were asked for.
CARRIERS = {f"{OUT}/data/cases.csv", LIST, "fall.xlsx", CHANGED, "stdout of open"}
GIVEN = arguments()
BINARY, LONG = GIVEN.binary, GIVEN.long


@dataclass(frozen=True)
class Plant:
    """An identifier: what every spelling of it has in common, and what kind it is."""

    mark: str
    kind: str
    is_number: bool = True


class Garden:
    """Makes identifiers, each once."""

    def __init__(self) -> None:
        self.numbers, self.spelled, self.planted = Numbers(1), 0, []

    def number(self, plants: list[Plant], bare: bool = True, usable: str = "") -> str:
        """A personal number in the next spelling, without the characters that the place cannot hold."""
        while True:
            spelling = SPELLINGS[self.spelled % len(SPELLINGS)]
            self.spelled += 1
            number = self.numbers.next(spelling.kind, right=not spelling.any_digit or self.spelled % 2 == 0)
            text = spelling.write(number)
            if not set(text) & set(usable):
                break
        self.plant(plants, Plant(number.bare, f"number ({spelling.name})"))
        return text if bare else f"Barnet {text} i akten"

    def word(self) -> str:
        """A surname that nobody has."""
        syllables = ("kvist", "brand", "fors", "dahl", "grunn", "vret", "sund", "lyck", "hammar", "mossa")
        place = len(self.planted) + 1
        digits = [int(digit) for digit in f"{place:05}"]
        return "".join(syllables[digit] for digit in digits) + "qvist"

    def name(self, plants: list[Plant]) -> str:
        """A person's name."""
        word = self.word()
        self.plant(plants, Plant(word, "name", is_number=False))
        return f"Anna {word.capitalize()}"

    def address(self, plants: list[Plant]) -> str:
        """An address of e-mail."""
        word = self.word()
        self.plant(plants, Plant(word, "e-mail", is_number=False))
        return f"anna.{word}@example.se"

    def plant(self, plants: list[Plant], plant: Plant) -> None:
        """Remembers an identifier."""
        plants.append(plant)
        self.planted.append(plant)


# Looking

SEPARATORS = "-\u2010-\u2015\u2212\ufe63\uff0d+ \u00a0\u1680\u2000-\u200b\u202f\u205f\u3000./_\u00ad"
BETWEEN_DIGITS = re.compile(rf"(?<=\d)[{SEPARATORS}]{{1,2}}(?=[\dTRSUWXJKLMN])")
TAG = re.compile(r"<[^<>]*>")
STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)


def texts_of(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    """The texts in a file, each with the place that it stands in."""
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for part in archive.namelist():
                yield f"{name}!{part}", part
                yield from texts_of(f"{name}!{part}", archive.read(part))
    elif data.startswith(b"%PDF"):
        yield name, pdf_text(data)
    elif not data.startswith(b"\x89PNG"):
        yield name, data.decode("utf-8", errors="replace")


def pdf_text(data: bytes) -> str:
    """What can be read of a PDF without its fonts: titles, bookmarks, alternative texts; all, with pdftotext."""
    raw = [data]
    for stream in STREAM.findall(data):
        try:
            raw.append(zlib.decompressobj().decompress(stream))
        except zlib.error:
            continue
    whole = b"\n".join(raw)
    found = whole.decode("latin-1") + whole.replace(b"\x00", b"").decode("latin-1")
    if shutil.which("pdftotext"):
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(data)
            file.flush()
            found += os.popen(f"pdftotext {file.name} -").read()
    return found


def found_in(text: str, plants: Iterable[Plant]) -> Iterator[Plant]:
    """The identifiers that stand in a text."""
    plain = html.unescape(TAG.sub("", text))
    joined = BETWEEN_DIGITS.sub("", plain)
    small = None
    for plant in plants:
        if plant.is_number:
            if plant.mark in joined:
                yield plant
        else:
            small = text.casefold() if small is None else small
            if plant.mark in small:
                yield plant


# Scenarios


@dataclass
class Scenario:
    """Files with identifiers in them, and what is run on them."""

    place: str
    files: dict[str, bytes]
    commands: list[list[str]]
    plants: list[Plant]
    # Identifiers that may stand in case lists.
    case_numbers: list[Plant] = field(default_factory=list)
    # Exit codes; any that is known when empty.
    exits: set[int] = field(default_factory=set)
    # Words that one of the runs must print, as proof that the scenario works as intended.
    says: str = ""
    folder: str = "mapp"


def run_words(edition: str, forms: str, *more: str) -> list[str]:
    """A whole run."""
    return ["run", ".", "--out", OUT, "--edition", edition, "--forms", forms, "--as-of", AS_OF, *more]


FORMS = "md,html" if LONG else "md"
INTERNAL = run_words("internal", FORMS, "--cases")
PUBLISHED = run_words("published", FORMS)
EVERY_FORM = "html,pdf,xlsx,docx,md,pptx"
LOOKS = [
    ["check", ".", "--as-of", AS_OF],
    ["check", ".", "--as-of", AS_OF, "--format", "csv", "--lang", "en"],
    ["cases", ".", "--out", LIST, "--as-of", AS_OF],
    ["open", ".", "--as-of", AS_OF, "--format", "json"],
    ["compare", ".", "--as-of", AS_OF, "--changed", CHANGED],
    ["init", ".", "--force"],
]


def commands_for(turn: int, both: bool = True) -> list[list[str]]:
    """What is run on a place: all of it in the long version, one after the other in the short one."""
    if LONG:
        forms = [run_words("internal", EVERY_FORM, "--cases"), run_words("published", EVERY_FORM)]
        return [*(forms if turn % 4 == 0 else [INTERNAL, PUBLISHED]), *LOOKS]
    runs = [INTERNAL, PUBLISHED] if both else [(INTERNAL, PUBLISHED)[turn % 2]]
    runs = [run_words("internal", "md,html,xlsx,docx", "--cases"), PUBLISHED] if turn == 0 else runs
    return [*runs, LOOKS[turn % len(LOOKS)], LOOKS[(turn + 2) % len(LOOKS)]]


def several(garden: Garden, plants: list[Plant], count: int, usable: str = "") -> list[str]:
    """So many personal numbers."""
    return [garden.number(plants, usable=usable) for _ in range(count)]


SPELLED = len(SPELLINGS)


def toml(text: str) -> str:
    """A text as TOML has it."""
    return json.dumps(text, ensure_ascii=False)


def in_rows(garden: Garden) -> Iterator[Scenario]:
    """Identifiers in cells."""
    plants: list[Plant] = []
    units = several(garden, plants, SPELLED)
    rows = [f"{unit and index}-{turn};{days(index + turn)};{unit}" for index, unit in enumerate(units) for turn in range(6)]
    yield Scenario("unit", {"utredningar.csv": export(plain_rows(40) + rows)}, commands_for(0), plants, exits={0, 65, 78})

    plants = []
    headings = "Ärendenr;Utredning inledd;Utredning avslutad;Enhet;Personnummer;Namn;Handläggare;Klient;E-post;Anteckning"
    rows = []
    for row in plain_rows(SPELLED):
        people = [garden.name(plants) for _ in range(3)]
        cells = [garden.number(plants), *people, garden.address(plants), garden.number(plants, bare=False)]
        rows.append(";".join([row, *cells]))
    yield Scenario("columns that are not asked for", {"utredningar.csv": export(rows, headings)}, commands_for(1), plants, exits={0})

    plants = []
    status = [f"{row};{garden.number(plants)}" for row in plain_rows(SPELLED)]
    yield Scenario(
        "status",
        {
            "utredningar.csv": export([*(f"{row};Avslutad" for row in plain_rows(40)), *status], "Ärendenr;Utredning inledd;Utredning avslutad;Enhet;Status"),
            "frist.toml": b'[[source]]\nfiles = ["utredningar.csv"]\ncolumns = { status = "Status" }\n',
        },
        commands_for(2, both=False), plants,
    )

    plants = []
    rows = [f"{number};{days(number)};Norr;Barn" for number in range(40)]
    rows += [f"t{index};{days(index)};Norr;{text}" for index, text in enumerate(several(garden, plants, SPELLED))]
    typed = export(rows, "Ärendenr;Utredning inledd;Utredning avslutad;Enhet;Ärendetyp")
    project = '[[source]]\nfiles = ["*.csv"]\ntypes = { "Barn" = "child-investigation" }\ncolumns = { type = "Ärendetyp" }\n'
    yield Scenario("type", {"utredningar.csv": typed, "frist.toml": project.encode()}, commands_for(3, both=False), plants)
    yield Scenario("type, without project file", {"utredningar.csv": typed}, [LOOKS[5], LOOKS[0]], plants)

    plants = []
    rows = []
    for number, row in enumerate(plain_rows(3 * SPELLED)):
        case, start, end, unit = row.split(";")
        cells = [start, end, "", ""]
        cells[number % 4] = garden.number(plants)
        rows.append(f"{case};{cells[0]};{cells[1]};{cells[2]};{cells[3]};{unit}")
    headings = "Ärendenr;Utredning inledd;Utredning avslutad;Beslut om förlängning;Förlängd till;Enhet"
    sound = [";".join([*row.split(";")[:3], "", "", "Norr"]) for row in plain_rows(40)]
    yield Scenario("dates", {"utredningar.csv": export([*sound, *rows], headings)}, commands_for(4), plants)

    plants = []
    rows = [f"{garden.number(plants)};{days(number)};Norr" for number in range(SPELLED)]
    rows += [f"{garden.number(plants)};2024-0{number % 8 + 1}-10;;Norr" for number in range(SPELLED)]
    rows += [rows[0].replace("Norr", "Väst"), rows[1], rows[2] + ";för;många", f"{garden.number(plants)};i maj;;Norr"]
    yield Scenario("case number", {"utredningar.csv": export(rows)}, [*commands_for(5), LOOKS[3], LOOKS[4]], plants, case_numbers=plants)

    plants = []
    headings = "Ärendenr;Utredning inledd;Utredning avslutad;Enhet;Grupp"
    rows = [f"{index}-{turn};{days(index + turn)};Norr;{text}" for index, text in enumerate(several(garden, plants, SPELLED)) for turn in range(4)]
    project = '[[source]]\nfiles = ["*.csv"]\ncolumns = { group = "Enhet", subgroup = "Grupp" }\n'
    yield Scenario("subgroup", {"utredningar.csv": export(rows, headings), "frist.toml": project.encode()}, commands_for(6), plants, exits={0, 65, 78})


def in_headings(garden: Garden) -> Iterator[Scenario]:
    """Identifiers where headings stand, or should."""
    plants: list[Plant] = []
    extra = [*several(garden, plants, SPELLED), garden.address(plants)]
    headings = ";".join(["Ärendenr;Utredning inledd;Utredning avslutad;Enhet", *extra])
    rows = [row + ";" * len(extra) for row in plain_rows(40)]
    yield Scenario("headings", {"utredningar.csv": export(rows, headings)}, commands_for(7, both=False), plants)
    unknown = headings.replace("Utredning inledd", "Startdatum").replace("Utredning avslutad", "Slutdatum")
    yield Scenario("headings, none known", {"uttag.csv": export(rows, unknown)}, [LOOKS[0], LOOKS[5], INTERNAL], plants, exits={0, 65}, says="unknown-headings")
    for text in several(garden, plants, SPELLED if LONG else 20):
        extra = [text, garden.name(plants), garden.address(plants)]
        row = ";".join(["1;2024-01-10;2024-05-10;Norr", *extra])
        yield Scenario("no headings", {"uttag.csv": export([row, row], row)}, [LOOKS[0], LOOKS[5]] if LONG else [LOOKS[0]], plants[-3:])
    plants = []
    titles = [f"Uttag om {text}" for text in several(garden, plants, 5)]
    whole = "\n".join([*titles, ""]).encode() + export(plain_rows(40))
    yield Scenario("lines above headings", {"utredningar.csv": whole}, commands_for(8, both=False), plants)


def grouped(garden: Garden) -> Iterator[Scenario]:
    """Columns of persons that someone groups by: refused, and nobody named."""
    for turn, heading in enumerate(("Namn", "Klient", "Handläggare", "Socialsekreterare", "Personnr", "Personnummer", "E-post", "Barnets namn", "Vårdnadshavare")):
        plants: list[Plant] = []
        makers = {"Personnr": garden.number, "Personnummer": garden.number, "E-post": garden.address}
        people = [makers.get(heading, garden.name)(plants) for _ in range(8)]
        rows = [f"{row};{people[index % 8]}" for index, row in enumerate(plain_rows(200))]
        files = {"utredningar.csv": export(rows, f"Ärendenr;Utredning inledd;Utredning avslutad;Enhet;{heading}")}
        commands = [[*INTERNAL, "--group", heading], [*PUBLISHED, "--group", heading], [*PUBLISHED, "--group", "Enhet", "--subgroup", heading]]
        yield Scenario("grouping by a column of persons", files, commands if LONG else commands[turn % 3 :][:1], plants, exits={65, 78})
        project = f'[[source]]\nfiles = ["*.csv"]\ncolumns = {{ group = "{heading}" }}\n'
        if LONG or turn == 2:
            yield Scenario("grouping by a column of persons, in the project", files | {"frist.toml": project.encode()}, [INTERNAL, PUBLISHED, *LOOKS[:2]] if LONG else [PUBLISHED, LOOKS[0]], plants, exits={65, 78})


def workbook(rows: list[list[str]], sheets: list[str]) -> bytes:
    """A workbook of texts; further sheets hold a note."""
    filled, note = workbook_sheet(rows), workbook_sheet([["Anteckning"]])
    parts = {f"xl/worksheets/sheet{number}.xml": note for number in range(2, len(sheets) + 1)}
    lines = "".join(HOSTILE.sheet_line(number, html.escape(name)) for number, name in enumerate(sheets, 1))
    targets = "".join(HOSTILE.relation(number, f"worksheets/sheet{number}.xml") for number in range(1, len(sheets) + 1))
    return HOSTILE.with_sheets(lines, targets, {**parts, HOSTILE.SHEET: filled})


def in_names(garden: Garden) -> Iterator[Scenario]:
    """Identifiers in the names of files, folders and sheets."""
    plants: list[Plant] = []
    names = several(garden, plants, SPELLED - 5, usable="/")
    rows = plain_rows(40 * len(names))
    files = {f"{name}.csv": export(rows[index * 40 : index * 40 + 40]) for index, name in enumerate(names)}
    yield Scenario("file names", files, commands_for(9), plants)
    broken = {f"{name}.csv": (b"", b"a;b\n1;2\n", b"\x1f\x8b\x08" + bytes(200))[index % 3] for index, name in enumerate(several(garden, plants, 12, usable="/"))}
    yield Scenario("file names, broken files", broken, LOOKS[:2], plants)
    project = "".join(f"[[source]]\nfiles = [{toml(f'{name}.csv')}]\n" for name in several(garden, plants, 12, usable="/"))
    yield Scenario("file names, missing", {"frist.toml": project.encode()}, LOOKS[:2], plants)

    plants = []
    headings = ["Ärendenr", "Utredning inledd", "Utredning avslutad", "Enhet"]
    cells = [row.split(";") for row in plain_rows(60)]
    for turn in range(4):
        names = [f"Blad {text}" for text in several(garden, plants, 3, usable="/")]
        book = workbook([headings, *cells], names)
        files = {"utredningar.xlsx": book}
        if turn % 2:
            files["frist.toml"] = b'[[source]]\nfiles = ["utredningar.xlsx"]\nsheet = "Uttag"\n'
        yield Scenario("sheet names", files, [INTERNAL, *LOOKS[:2], LOOKS[5]] if turn % 2 == 0 and (LONG or turn == 0) else LOOKS[:2], plants[-3:])
    names = [f"Blad {text}" for text in several(garden, plants, 2, usable="/")]
    twice = HOSTILE.with_sheets(
        "".join(HOSTILE.sheet_line(number, html.escape(name)) for number, name in enumerate(names, 1)),
        "".join(HOSTILE.relation(number, f"worksheets/sheet{number}.xml") for number in (1, 2)),
        {
            "xl/worksheets/sheet1.xml": workbook_sheet([headings, cells[0]]),
            "xl/worksheets/sheet2.xml": workbook_sheet([[*headings, "Anteckning"], [*cells[1], ""]]),
        },
    )
    yield Scenario("sheet names, two that fit", {"utredningar.xlsx": twice}, LOOKS[:2], plants[-2:])

    plants = []
    folder = f"Akt {garden.number(plants, usable='/')}"
    yield Scenario("name of the folder", {"utredningar.csv": export(plain_rows(40))}, [INTERNAL, PUBLISHED, *LOOKS] if LONG else [INTERNAL, LOOKS[0], LOOKS[5]], plants, exits={0}, folder=folder)


def workbook_sheet(rows: list[list[str]]) -> str:
    """A sheet of texts."""
    lines = []
    for number, cells in enumerate(rows, 1):
        inside = (HOSTILE.text_cell(html.escape(text), f"{'ABCDEFGHIJ'[column]}{number}") for column, text in enumerate(cells))
        lines.append(f'<row r="{number}">{"".join(inside)}</row>')
    return HOSTILE.sheet("".join(lines))


# A fault of each kind in a project file, with a place for a comment on its line.
BROKEN_LINES = (
    "as_off = 2024-08-31 # {}",
    "as_of = 2024-13-31 # {}",
    'period = "tertials" # {}',
    "smallest_group = -1 # {}",
    "as_of = # {}",
    '[[source]] # {}\nfiles = ["saknas.csv"]',
    '[[control]] # {}\nid = "child-investigations" # {}',
    '[report] # {}\ncolour = "blek" # {}',
    '[[reported]] # {}\ncontrol = "child-investigation"\nperiod = "2021-T9" # {}',
    "= {}",
)
# A value that holds an identifier.
VALUES = (
    "organisation = {}",
    '[[reported]]\ncontrol = "child-investigation"\nperiod = "2021-T3"\nshare = 0.4\nmethod = {}\nsource = "Rapport"',
    '[[reported]]\ncontrol = "child-investigation"\nperiod = "2021-T3"\nshare = 0.4\nmethod = "120 days"\nsource = {}',
    '[[rebase]]\ncontrol = "child-investigation"\nfrom = "2023-01"\nreason = {}',
    '[[note]]\ncontrol = "child-investigation"\nat = "2023-01"\ntext = {}',
    '[[source]]\nfiles = ["utredningar.csv"]\ncolumns = {{ group = {} }}',
    '[[source]]\nfiles = ["utredningar.csv"]\nonly = {{ "Enhet" = {} }}',
    '[[source]]\nfiles = ["utredningar.csv"]\nexclude = {{ {} = "Norr" }}',
    '[[source]]\nfiles = ["utredningar.csv"]\nempty = [{}]',
    '[[source]]\nfiles = ["utredningar.csv"]\nsheet = {}',
    '[[source]]\nfiles = ["utredningar.csv"]\ncontrol = {}',
    '[[source]]\nfiles = [{}]',
    'rulebook = {}',
    '[report]\nlogo = {}',
    '[report]\nplan = {}',
    '{} = 1',
)


def in_project(garden: Garden) -> Iterator[Scenario]:
    """Identifiers in the project file and the rulebook."""
    exports = {"utredningar.csv": export(plain_rows(40))}
    for turn in range(SPELLED if LONG else 16):
        plants: list[Plant] = []
        comment = f"{garden.number(plants)} {garden.name(plants)} {garden.address(plants)}"
        text = BROKEN_LINES[turn % len(BROKEN_LINES)].replace("{}", comment) + "\n"
        yield Scenario("project file, comment on a wrong line", exports | {"frist.toml": text.encode()}, [LOOKS[turn % 2]], plants, exits={65, 74, 78})
    for turn in range(3 * len(VALUES) if LONG else len(VALUES)):
        plants = []
        text = VALUES[turn % len(VALUES)].format(toml(garden.number(plants))) + "\n"
        commands = [INTERNAL, PUBLISHED, *LOOKS[:2]] if LONG else [PUBLISHED if turn < 4 else LOOKS[0]]
        yield Scenario("project file, value", exports | {"frist.toml": text.encode()}, commands, plants)
    rule = (
        '[[rule]]\nid = "child-investigation"\nname = {{ sv = {0}, en = {0} }}\nstart = {{ sv = {1}, en = "x" }}\n'
        'end = {{ sv = {1}, en = "x" }}\nbasis = "statute"\nmethod = "4 months"\nroll = "none"\ncohort = "closed"\n'
        'headings = {{ start = ["Utredning inledd"], end = ["Utredning avslutad"] }}\n\n[[rule.law]]\n'
        'citation = {{ sv = {2}, en = {2} }}\nverified = false\nnote = {{ sv = {3}, en = {3} }}\n'
    )
    for place in range(4):
        plants = []
        texts = [toml(garden.number(plants)) if index == place else '"ord"' for index in range(4)]
        files = exports | {"frist.toml": b'rulebook = "regler.toml"\n', "regler.toml": rule.format(*texts).encode()}
        yield Scenario("rulebook", files, [INTERNAL, PUBLISHED, ["rules", "--rulebook", "regler.toml"]] if LONG else [PUBLISHED], plants)


PLAN = """title = {}
background = {}
[[area]]
name = {}
aim = {}
[[area.risk_point]]
name = {}
[[area.risk_point.control_point]]
name = {}
department = {}
frequency = ["april"]
method = {}
status = "begun"
comment = {}
planned_action = {}
severity = "minor"
severity_reason = {}
[[area.risk_point.control_point.result]]
group = {}
name = {}
count = 8
of = 20
deviates = "count"
[[area.risk_point.control_point.result]]
text = {}
"""
RISKS = "Nr;Område;Ansvarsområde/process;Risk;Sannolikhet;Konsekvens;Befintliga åtgärder;Hantering;Följer plan;Kommentar"


def in_plan(garden: Garden) -> Iterator[Scenario]:
    """Identifiers in the plan of internal control and the list of risks."""
    exports = {"utredningar.csv": export(plain_rows(40))}
    places = PLAN.count("{}")
    for turn in range(2 * SPELLED if LONG else 2 * places):
        plants: list[Plant] = []
        text = garden.number(plants, bare=turn % 2 == 0)
        filled = PLAN.format(*(toml(text if index == turn % places else "ord") for index in range(places)))
        filled += f"# {garden.number(plants)}\n" if turn % 3 else f"okänd = 1 # {garden.number(plants)} {garden.name(plants)}\n"
        commands = [LOOKS[turn % 2]] if turn % (7 if LONG else 14) else [INTERNAL, PUBLISHED]
        yield Scenario("plan", exports | {"internal-control.toml": filled.encode()}, commands, plants)
    columns = RISKS.count(";") + 1
    for turn in range(2 * SPELLED if LONG else 2 * columns):
        plants = []
        cells = ["1", "Område", "Process", "Risk", "2", "2", "Rutin", "Hantering", "Ja", "Ord"]
        cells[turn % columns] = garden.number(plants, bare=turn % 2 == 0)
        commands = [LOOKS[turn % 2]] if turn % (7 if LONG else 14) else [INTERNAL, PUBLISHED]
        yield Scenario("list of risks", exports | {"risks.csv": export([";".join(cells)], RISKS)}, commands, plants)
    plants = []
    headings = ";".join([RISKS, *several(garden, plants, 6)])
    yield Scenario("list of risks, headings", exports | {"risks.csv": export(["1;O;P;R;2;2;B;H;Ja;K"], headings)}, [INTERNAL, *LOOKS[:2]], plants)


def made(kind: str, row: list[str]) -> bytes:
    """The files that an example of the catalogue cannot hold as text, with a row of identifiers."""
    headings = ["Utredning inledd", "Utredning avslutad", "Personnummer", "Namn", "E-post"]
    rows = [headings, ["2024-01-10", "2024-05-10", *row]]
    no_sheet = {"xl/workbook.xml": "<workbook/>"}
    match kind:
        case "one-sheet":
            return workbook(rows, ["Blad1"])
        case "two-sheets":
            lines = HOSTILE.sheet_line(1, "Norr") + HOSTILE.sheet_line(2, "Söder")
            targets = "".join(HOSTILE.relation(number, f"worksheets/sheet{number}.xml") for number in (1, 2))
            parts = {HOSTILE.SHEET: workbook_sheet(rows), "xl/worksheets/sheet2.xml": workbook_sheet([[*headings, "Anteckning"], [*rows[1], ""]])}
            return HOSTILE.with_sheets(lines, targets, parts)
        case "too-large":
            return HOSTILE.with_rows(f'{HOSTILE.HEADING_ROW}<row r="2">{HOSTILE.text_cell(row[0], "A2")}<c r="BXX2"><v>1</v></c></row>')
        case "bomb":
            return HOSTILE.of_parts(no_sheet | {"xl/worksheets/sheet1.xml": " ".join(row) + " " * (11 << 20)})()
        case "doctype":
            return HOSTILE.of_parts({"xl/workbook.xml": f'<!DOCTYPE workbook [<!ENTITY x "{row[0]}">]><workbook/>'})()
        case "forged-count":
            return HOSTILE.of_parts(no_sheet | {"xl/sharedStrings.xml": f'<sst uniqueCount="4000000000"><si><t>{row[0]}</t></si></sst>'})()
        case "damaged":
            whole = workbook(rows, ["Blad1"])
            return whole[: len(whole) // 2]
        case "encrypted":
            return HOSTILE.encrypted_container()
        case "large":
            return "\n".join(row).join(("# ", "")).replace("\n", "\n# ").encode() + b"\n#" + b"#" * (2 << 20)
        case "many-units":
            units = (f"{number};2024-01-10;2024-05-10;Enhet {number % 5_001};{';'.join(row)}" for number in range(5_001 * 3))
            return export(units, "Ärendenr;Utredning inledd;Utredning avslutad;Enhet;Personnummer;Namn;E-post")
        case "growing":
            return export([f"1;2024-01-10;2024-05-10;Norr;{';'.join(row)}"], "Ärendenr;Utredning inledd;Utredning avslutad;Enhet;Personnummer;Namn;E-post")
        case _:
            return b"# " + " ".join(row).encode() + b"\norganisation = \"Exempeln\xe4mnden\"\n"


def planted(content: str, garden: Garden, plants: list[Plant]) -> str:
    """An export with four columns of persons behind its own."""
    lines = content.strip("\n").split("\n")
    if ";" not in lines[0]:
        return content
    # A chain is found by the person, who is in a column of the example's own.
    number = "Anteckning" if "Klient" in lines[0] else "Personnummer"
    found = [longer(lines[0], [number, "Namn", "Handläggare", "E-post"])]
    for line in lines[1:]:
        if line == lines[0]:
            found.append(found[0])
            continue
        if line.endswith(";;;"):
            # A line of text between the rows stays one.
            found.append(f"{line.rstrip(';')}, {garden.name(plants)};;;;;;;")
            continue
        if ";;;;" in line:
            # A row that nobody filled in names no one.
            found.append(longer(line, ["", "", "", ""]))
            continue
        cells = [garden.number(plants), garden.name(plants), garden.name(plants), garden.address(plants)]
        found.append(longer(line, cells))
    return "\n".join(found) + "\n"


def longer(line: str, cells: list[str]) -> str:
    """A line with more cells; inside its quotes where they are around all of it."""
    if line.startswith('"') and line.endswith('"') and line.count('"') == 2:
        return f'"{longer(line[1:-1], cells)}"'
    return ";".join([line, *cells])


# Codes that take more than files and a command: an export that changes while it is read.
UNTOLD = {"changed-input"}


def in_catalogue(garden: Garden, turn: int) -> Iterator[Scenario]:
    """The example of every code with identifiers in it: of errors and of faults."""
    with CATALOGUE.open("rb") as file:
        examples = tomllib.load(file)["example"]
    for number, example in enumerate(examples):
        plants: list[Plant] = []
        files = {}
        for name, content in example.get("files", {}).items():
            # Columns that are alike would be two persons, and equal files must stay so, as must one with a known digest.
            is_export = name.endswith(".csv") and "risks" not in name and example["code"] not in ("same-file", "repeated-row", "not-remade")
            if name.endswith(".toml") or not is_export:
                # A number in a rulebook is refused before anything else is said.
                number_of_one = "" if "[[rule]]" in content else garden.number(plants)
                comment = f"# {number_of_one} {garden.name(plants)}\n" if name.endswith(".toml") else ""
                files[name] = (comment + content.lstrip("\n")).encode()
            else:
                files[name] = planted(content, garden, plants).encode()
        for name, kind in example.get("made", {}).items():
            row = [garden.number(plants), garden.name(plants), garden.address(plants)]
            files[name] = made(kind, row)
        own = [*example["command"], *(["--format", "csv"] if "place" in example else [])]
        more = [INTERNAL, PUBLISHED, *LOOKS]
        chosen = more if LONG and turn == 0 else [more[(number + turn) % len(more)]]
        chosen = [words for words in chosen if LONG or words[0] != "run" or number % 16 == 0]
        # A code that stands in a cell of the table, or behind the word Error.
        yield Scenario(f"example of {example['code']}", files, [own, *chosen], plants, says="" if example["code"] in UNTOLD else example["code"])
        if "place" in example:
            yield in_the_faulty_cell(example, garden, number)


def in_the_faulty_cell(example: dict, garden: Garden, number: int) -> Scenario:
    """An example of a fault with an identifier in every cell of the row that has it, one in each turn."""
    name, line, _ = example["place"]
    plants: list[Plant] = []
    files = {other: content.lstrip("\n").encode() for other, content in example["files"].items()}
    lines = files[name].decode().split("\n")
    cells = lines[line - 1].split(";")
    column = number % len(cells) if len(cells) < 2 else number % (len(cells) - 1) + 1
    cells[column] = garden.number(plants)
    lines[line - 1] = ";".join(cells)
    files[name] = "\n".join(lines).encode()
    own = [*example["command"], "--format", ("csv", "json", "text")[number % 3]]
    return Scenario(f"row of {example['code']}", files, [own, *([INTERNAL, PUBLISHED] if LONG else [])], plants)


# Running them


class Attack:
    """Runs scenarios and looks for what they planted."""

    def __init__(self, checks: Checks, work: Path) -> None:
        self.checks, self.work = checks, work
        self.looked = self.leaks = 0

    def run(self, *words: object, cwd: Path, **options: object) -> Ended:
        """Runs frist, which counts as an attack and must not fall over."""
        ended = run([BINARY, *words], cwd=cwd, **options)
        self.checks.holds("fell over", " ".join(map(str, words)), ended.fallen())
        return ended

    def attack(self, scenario: Scenario) -> None:
        """Every command of a scenario, in a folder of its own."""
        top = self.work / "scen"
        folder, temporary = top / scenario.folder, top / "tmp"
        reached = not scenario.says
        for number, words in enumerate(scenario.commands):
            shutil.rmtree(top, ignore_errors=True)
            temporary.mkdir(parents=True)
            for name, content in scenario.files.items():
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            folder.mkdir(exist_ok=True)
            ended = self.run(*words, cwd=folder, env=self.environment(temporary))
            what = f"{scenario.place}, {' '.join(word for word in words if word not in ('.', AS_OF, '--as-of'))}"
            is_catalogue = scenario.place.startswith(("example", "row"))
            if scenario.exits and words[0] != "init" and ended.code not in scenario.exits:
                self.checks.fails("exit code", f"{what}: {ended.code} and not one of {sorted(scenario.exits)}: {ended.first_line()}")
            if number == 0 or not is_catalogue:
                reached |= scenario.says in ended.stderr or scenario.says.encode() in ended.out
            self.look(scenario, what, words[0], ended, folder, temporary)
        if not reached:
            self.checks.fails("the scenario does not give what it is for", f"{scenario.place}: {scenario.says} was not said")

    def environment(self, temporary: Path) -> dict[str, str]:
        """One in which a program says all it has to say."""
        own = {"TMPDIR": str(temporary), "RUST_BACKTRACE": "full", "RUST_LOG": "trace"}
        return {name: value for name, value in os.environ.items() if not name.startswith("FRIST")} | own

    def look(self, scenario: Scenario, what: str, command: str, ended: Ended, folder: Path, temporary: Path) -> None:
        """Looks everywhere."""
        carriers = [(f"stdout of {command}", ended.out), (f"stderr of {command}", ended.err)]
        for place in (folder, temporary):
            for path in sorted(place.rglob("*")):
                name = str(path.relative_to(place))
                if name in scenario.files:
                    if path.read_bytes() != scenario.files[name] and command != "init":
                        self.checks.fails("an input was changed", f"{what}: {name!a}")
                    elif path.read_bytes() == scenario.files[name]:
                        continue
                carriers.append(("name of a file", name.encode(errors="replace")))
                if path.is_file() and not path.is_symlink():
                    carriers.append((f"left in TMPDIR: {name}" if place == temporary else name, path.read_bytes()))
        leaks: dict[str, set[Plant]] = {}
        for carrier, data in carriers:
            is_list = carrier in CARRIERS or carrier.endswith("/cases.csv")
            allowed = scenario.case_numbers if is_list else []
            for place, text in texts_of(carrier, data):
                self.looked += 1
                found = {plant for plant in found_in(text, scenario.plants) if plant not in allowed}
                if found:
                    where = re.sub(r"unit-[^!]*\.", "unit-….", place)
                    leaks.setdefault(re.sub(r"charts/[^!]*\.", "charts/….", where), set()).update(found)
        if leaks:
            self.leaked(scenario, what, leaks)

    def leaked(self, scenario: Scenario, what: str, leaks: dict[str, set[Plant]]) -> None:
        """Notes what one run let out, and where."""
        plants = set().union(*leaks.values())
        self.leaks += len(plants)
        kinds = sorted({plant.kind for plant in plants})
        group = next((word for word in ("example of", "row of") if scenario.place.startswith(word)), scenario.place)
        self.checks.fails(
            f"leak, {group}",
            f"{what}: {len(plants)} of {len(scenario.plants)} identifiers in {', '.join(sorted(leaks))}: {'; '.join(kinds[:4])}{' …' if len(kinds) > 4 else ''}",
        )

    def killed(self, scenario: Scenario) -> None:
        """What a run leaves that is killed: everything else has been looked at when it has ended."""
        top = self.work / "scen"
        for part in (0.2, 0.4, 0.6, 0.8, 0.9) if LONG else (0.5,):
            shutil.rmtree(top, ignore_errors=True)
            folder, temporary = top / "mapp", top / "tmp"
            folder.mkdir(parents=True)
            temporary.mkdir()
            for name, content in scenario.files.items():
                (folder / name).write_bytes(content)
            usual = self.run(*INTERNAL, cwd=folder, env=self.environment(temporary))
            shutil.rmtree(folder / OUT, ignore_errors=True)
            process = Running([BINARY, *INTERNAL], cwd=folder, env=self.environment(temporary))
            process.ends_within(part * usual.seconds)
            process.send(signal.SIGKILL)
            ended = process.end()
            self.checks.holds("killed", scenario.place, [ended.stopped] if ended.stopped else [])
            self.look(scenario, f"{scenario.place}, killed", "run", ended, folder, temporary)
            for path in [*folder.glob(".*"), *temporary.iterdir()]:
                if path.is_dir() and path.stat().st_mode & 0o077:
                    self.checks.fails("a working folder that others can read", f"{oct(path.stat().st_mode)}: {path.name}")


# The detector


def lines_found(ended: Ended, code: str) -> set[int]:
    """The lines for which `frist check --format csv` reports a fault."""
    table = csv.DictReader(io.StringIO(ended.out.decode("utf-8", errors="replace")))
    return {int(row["line"]) for row in table if row.get("code") == code and (row["line"] or "").isdigit()}


def detector_in_units(attack: Attack, count: int) -> int:
    """Personal numbers as units: every one must be found."""
    numbers, missed = list(written(Numbers(2), count)), {}
    rows = [f"{index};{days(index)};{text}" for index, (_, _, text) in enumerate(numbers)]
    # Enough sound rows that no rule about units with few cases is met.
    found = lines_found(checked(attack, export([*rows, *plain_rows(len(rows))])), "person-in-unit")
    for line, (spelling, _, text) in enumerate(numbers, 2):
        if line not in found:
            missed.setdefault(spelling.name, []).append(text)
    for name, texts in missed.items():
        attack.checks.fails("not found in units", f"{name}: {len(texts)} of about {count // len(SPELLINGS)}, first {texts[0]!r}")
    return sum(map(len, missed.values()))


def detector_in_risks(attack: Attack, count: int) -> int:
    """Personal numbers in a list of risks: every one must be refused."""
    numbers, missed = list(written(Numbers(3), count)), {}
    folder = fresh(attack.work)
    for begin in range(0, count, 500):
        part = numbers[begin : begin + 500]
        rows = [f"{index};{text};2;2;Ja" for index, (_, _, text) in enumerate(part)]
        (folder / "risks.csv").write_bytes(export(rows, "Nr;Risk;Sannolikhet;Konsekvens;Följer plan"))
        (folder / "utredningar.csv").write_bytes(export(plain_rows(40)))
        ended = attack.run("check", ".", "--as-of", AS_OF, cwd=folder)
        said = ended.stderr + ended.out.decode("utf-8", errors="replace")
        found = {int(line) for line in re.findall(r"(?:[Rr]ad|[Ll]ine|risks\.csv:)\s?(\d+)", said.replace("\u00a0", ""))}
        for line, (spelling, _, text) in enumerate(part, 2):
            if line not in found:
                missed.setdefault(spelling.name, []).append(text)
    for name, texts in missed.items():
        attack.checks.fails("not found in a list of risks", f"{name}: {len(texts)}, first {texts[0]!r}")
    return sum(map(len, missed.values()))


def fresh(work: Path) -> Path:
    """An empty folder."""
    folder = work / "egen"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def checked(attack: Attack, content: bytes) -> Ended:
    """What `frist check` says of an export."""
    folder = fresh(attack.work)
    (folder / "utredningar.csv").write_bytes(content)
    return attack.run("check", "utredningar.csv", "--as-of", AS_OF, "--format", "csv", cwd=folder, seconds=600)


# What is no personal number

PART = re.compile(
    rf"(?<![0-9A-Za-z])(?<!\d[.,])(?:(\d{{4}})-(\d\d)-(\d\d)[{SEPARATORS}]|(\d\d\d\d|\d\d)(\d\d)(\d\d)([{SEPARATORS}]?))(\d{{4}})(?![0-9A-Za-z])"
)


def is_day(month: int, day: int) -> bool:
    """Whether there may be such a day, of a coordination number too."""
    return 1 <= month <= 12 and 1 <= (day - 60 if day > 60 else day) <= 31


def may_be_number(text: str) -> bool:
    """Whether a text holds what the issue calls a personal number: such a text has no place in the corpus."""
    for found in PART.finditer(text):
        long_year, long_month, long_day, year, month, day, gap, last = found.groups()
        if not is_day(int(long_month or month), int(long_day or day)):
            continue
        bare_ten = not long_year and len(year) == 2 and not gap
        if not bare_ten or check_digit((year + month + day + last)[:9]) == int(last[-1]):
            return True
    return False


def corpus(count: int) -> list[str]:
    """Texts that look like personal numbers but are not."""
    source = random.Random(5)
    pick, digits = source.randrange, lambda length: "".join(str(source.randrange(10)) for _ in range(length))
    day = lambda: (pick(1990, 2030), pick(1, 13), pick(1, 29))
    makers: list[Callable[[], str]] = [
        lambda: "{}-{:02}-{:02}".format(*day()),
        lambda: "{}{:02}{:02}".format(*day()),
        lambda: "{1:02}{2:02}".format(*day()),
        lambda: "{2}/{1} {0}".format(*day()),
        lambda: "{2}.{1}.{0}".format(*day()),
        lambda: "{}-{:02}-{:02} {}:{:02}".format(*day(), pick(24), pick(60)),
        lambda: "{}-{:02}-{:02}T{:02}:{:02}:{:02}".format(*day(), pick(24), pick(60), pick(60)),
        lambda: "{}-{:02}-{:02}--{}-{:02}-{:02}".format(*day(), *day()),
        lambda: "{}-{:02}-{:02} – {}-{:02}-{:02}".format(*day(), *day()),
        lambda: f"BU-{pick(2000, 2030)}-{digits(5)}",
        lambda: f"SN {pick(2000, 2030)}/{digits(4)}",
        lambda: f"{pick(2000, 2030)}-{digits(6)}",
        lambda: f"{pick(2000, 2030)}:{digits(3)}",
        lambda: f"Dnr {pick(2000, 2030)}-{digits(5)}-{pick(1, 9)}",
        lambda: digits(9),
        lambda: digits(11),
        lambda: digits(13),
        lambda: digits(10),
        lambda: digits(12),
        lambda: organisation_number(source),
        lambda: "16" + organisation_number(source),
        lambda: f"{pick(1, 999)} {digits(3)} {digits(3)} kr",
        lambda: f"{pick(1, 999)}\u00a0{digits(3)},{digits(2)} kr",
        lambda: f"{pick(1, 99)}.{digits(3)}.{digits(3)}",
        lambda: f"{digits(7)}.{digits(2)} SEK",
        lambda: f"0{pick(8, 10)}-{digits(3)} {digits(3)} {digits(2)}",
        lambda: f"070-{digits(3)} {digits(2)} {digits(2)}",
        lambda: f"070{digits(7)}",
        lambda: f"+46 70 {digits(3)} {digits(2)} {digits(2)}",
        lambda: f"+4670{digits(7)}",
        lambda: f"046{digits(9)}",
        lambda: "".join(source.choice("0123456789abcdef") for _ in range(64)),
        lambda: "{}-{}-{}".format(*("".join(source.choice("0123456789abcdef") for _ in range(size)) for size in (8, 4, 12))),
        lambda: f"0,{digits(pick(4, 17))}",
        lambda: f"0.{digits(pick(4, 17))}",
        lambda: f"59.{digits(10)}, 18.{digits(10)}",
        lambda: f"{digits(3)}.{digits(2)} {digits(3)}.{digits(2)}",
        lambda: f"ISBN 978-91-{digits(3)}-{digits(4)}-{pick(10)}",
        lambda: f"SE{digits(2)} {digits(4)} {digits(4)} {digits(4)} {digits(4)} {digits(4)}",
        lambda: f"Bg {digits(4)}-{digits(4)}",
        lambda: f"{pick(100, 999)} {digits(2)} Orten, Gatan {pick(1, 99)}",
        lambda: f"SFS {pick(1949, 2025)}:{digits(3)} 11 kap. {pick(1, 9)} §",
    ]
    found: list[str] = []
    while len(found) < count:
        text = makers[len(found) % len(makers)]()
        if not may_be_number(text):
            found.append(text)
        elif source.random() < 0.02:
            # A kind that is a personal number every time is left out, not waited for.
            found.append("2024-08-31")
    return found


def organisation_number(source: random.Random) -> str:
    """A number of a company, whose third digit is 2 or more."""
    nine = f"{source.choice('256789')}{source.randrange(10)}{source.randrange(2, 10)}{source.randrange(1_000_000):06}"
    whole = nine + str(check_digit(nine))
    return f"{whole[:6]}-{whole[6:]}" if source.random() < 0.7 else whole


def false_alarms(attack: Attack, count: int) -> int:
    """The corpus as units, as risks, in the plan and as names of files: nothing may be taken for a person."""
    texts, alarms = list(dict.fromkeys(corpus(count))), 0
    each = 4
    rows = [f"{index}-{turn};{days(index + turn)};{text}" for index, text in enumerate(texts) for turn in range(each)]
    wrong = sorted({(line - 2) // each for line in lines_found(checked(attack, export(rows)), "person-in-unit")})
    for index in wrong:
        attack.checks.fails("false alarm, unit", repr(texts[index]))
    alarms += len(wrong)
    # As a list of risks, whose wrong lines are reported; then without them in every file of a report.
    folder = fresh(attack.work)
    told: set[int] = set()
    for begin in range(0, len(texts), 400):
        part = texts[begin : begin + 400]
        risks = [f"{number};{text};2;2;Ja" for number, text in enumerate(part)]
        (folder / "risks.csv").write_bytes(export(risks, "Nr;Risk;Sannolikhet;Konsekvens;Följer plan"))
        (folder / "utredningar.csv").write_bytes(export(plain_rows(40)))
        ended = attack.run("check", ".", "--as-of", AS_OF, cwd=folder)
        said = ended.stderr + ended.out.decode("utf-8", errors="replace")
        if ended.code:
            lines = {int(line) for line in re.findall(r"(?:[Rr]ad|[Ll]ine|risks\.csv:)\s?(\d+)", said.replace("\u00a0", ""))}
            told |= {begin + line - 2 for line in lines if 2 <= line < len(part) + 2}
            if not lines:
                attack.checks.fails("false alarm, list of risks", ended.first_line())
    for index in sorted(told):
        attack.checks.fails("false alarm, list of risks", repr(texts[index]))
    alarms += len(told)
    rest = [text for index, text in enumerate(texts) if index not in told]
    # A plan may have 256 kB.
    parts = (rest[begin : begin + 10_000] for begin in range(0, len(rest), 10_000))
    return alarms + sum(in_every_file(attack, part) for part in parts)


def in_every_file(attack: Attack, texts: list[str]) -> int:
    """A report whose plan holds part of the corpus is written, in both editions, and holds it too."""
    folder = fresh(attack.work)
    background = "\n".join(f"- {text}" for text in texts)
    plan = PLAN.format(*(toml(background if index == 1 else "ord") for index in range(PLAN.count("{}"))))
    (folder / "internal-control.toml").write_text(plan, encoding="utf-8")
    names = [text for text in texts if "/" not in text][:20]
    rows = plain_rows(30 * len(names))
    for index, name in enumerate(names):
        (folder / f"{name}.csv").write_bytes(export(rows[index * 30 : index * 30 + 30]))
    # Exports with the same days under other numbers would be taken for the same cases.
    (folder / "frist.toml").write_text('[[source]]\nfiles = ["*.csv"]\nduplicates = "keep"\n', encoding="utf-8")
    lost = 0
    for edition, forms in (("internal", "md,html,xlsx,docx"), ("published", "md")):
        ended = attack.run(*run_words(edition, forms), cwd=folder, seconds=300)
        if ended.code:
            attack.checks.fails("false alarm, whole report", f"{edition}: exit code {ended.code}: {ended.first_line()}")
            lost += 1
            continue
        said = "".join(path.read_text(encoding="utf-8") for path in sorted((folder / OUT).glob("*.md")))
        digits = re.sub(r"\D", "", said)
        for text in texts:
            if re.sub(r"\D", "", text) not in digits:
                attack.checks.fails("false alarm, masked in a report", f"{edition}: {text!r}")
                lost += 1
    return lost


def scenarios(garden: Garden) -> Iterator[Scenario]:
    """All of them."""
    for turn in range(3 if LONG else 1):
        yield from in_rows(garden)
        yield from in_headings(garden)
        yield from grouped(garden)
        yield from in_names(garden)
        yield from in_project(garden)
        yield from in_plan(garden)
        yield from in_catalogue(garden, turn)


def main() -> int:
    """Runs the attack; returns the exit code."""
    checks, garden = Checks("identifiers"), Garden()
    with work_folder(GIVEN, "identifiers") as work:
        attack = Attack(checks, work)
        for number, scenario in enumerate(scenarios(garden)):
            if not GIVEN.wants(scenario.place):
                continue
            attack.attack(scenario)
            if number in (0, 6):
                attack.killed(scenario)
        summary = f"{len(garden.planted):,} identifiers planted, {attack.looked:,} texts looked at, {attack.leaks:,} leaked"
        if GIVEN.wants("detector"):
            summary += f"; {detector(attack)}"
    return checks.close_with(summary)


def detector(attack: Attack) -> str:
    """Attacks the detector; returns its numbers."""
    in_units, in_risks, others = (100_000, 20_000, 20_000) if LONG else (3_000, 1_000, 1_000)
    missed = detector_in_units(attack, in_units) + detector_in_risks(attack, in_risks)
    alarms = false_alarms(attack, others)
    return f"{in_units + in_risks:,} personal numbers, {missed} not found; {others:,} others, {alarms} false alarms"


if __name__ == "__main__":
    sys.exit(main())
