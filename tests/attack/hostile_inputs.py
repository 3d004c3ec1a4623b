"""Hostile inputs wherever a file is read: devices, pipes, loops of links, bombs, giant files, deep nesting.

Every place (exports, project file, rulebook, plan, list of risks, logo, templates, reference document, report to be
verified, output) is given everything other than a regular file; then come regular files that are hostile: deeply
nested TOML and JSON, pictures that unpack to gigabytes or take forever to draw, endless templates, archive bombs, endless
lines. Each must be refused, with the code and the words of a refusal, or be done, within ten seconds and 1 GB;
nothing may be left behind. What an SVG names must not be opened, and a logo is refused in every form or in none.
The workbooks of tests/peers/hostile_xlsx.py are not repeated here. `--long` runs all, the short version a part.
"""

import base64
import gzip
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from exports import AS_OF, export, plain_rows
from frame import Checks, arguments, work_folder
from running import GIGABYTE, MEGABYTE, REFUSALS, Ended, run
from workbooks import HOSTILE

GIVEN = arguments()
MOST_SECONDS = 10.0
MOST_MEMORY = GIGABYTE
OUT = "ut"
RUN = ["run", ".", "--out", OUT, "--as-of", AS_OF, "--forms", "md"]
# Of every so many inputs the short version tries one; which, differs from place to place.
SHORT_EVERY = 9
# A message that is longer than this is itself an attack.
LONGEST_MESSAGE = 20_000
# A build that takes so long for a small report is without optimisation, and may take so many times the seconds for much
# work.
SLOW_REPORT, SLOWER = 0.4, 3


@dataclass(frozen=True)
class Input:
    """A hostile input: how it is laid into a folder, what is run there, and what may come of it."""

    name: str
    lay: Callable[[Path], None]
    command: list[str]
    # Exit codes; of any refusal, or done, when empty.
    exits: frozenset[int] = frozenset()
    # A word of the message that says which file it is about.
    says: str = ""
    seconds: float = 0.0
    # Much work or much to write: for the long version alone, and slower in a build without optimisation.
    is_heavy: bool = False


# What is no plain file


def link_to(target: str) -> Callable[[Path], None]:
    """A link."""
    return lambda path: path.symlink_to(target)


def pipe(path: Path) -> None:
    """A pipe that nobody writes into."""
    os.mkfifo(path)


def unix_socket(path: Path) -> None:
    """A socket; its name is short for the system's sake."""
    here = os.getcwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(path.name)
    finally:
        os.chdir(here)


def loop_of_two(path: Path) -> None:
    """Two links that lead to each other."""
    other = path.with_name(f"andra-{path.name}")
    path.symlink_to(other.name)
    other.symlink_to(path.name)


def long_chain(path: Path) -> None:
    """More links than the system follows."""
    names = [path.name, *(f"länk-{number}-{path.name}" for number in range(60))]
    for name, following in zip(names, names[1:]):
        path.with_name(name).symlink_to(following)
    path.with_name(names[-1]).write_text("")


def sparse(size: int) -> Callable[[Path], None]:
    """A file of zeros that takes no room."""

    def lay(path: Path) -> None:
        with path.open("wb") as file:
            file.truncate(size)

    return lay


# A refusal by reading comes with these; 78 where the file is one that the project file names.
NO_FILE = frozenset(REFUSALS)
KINDS: dict[str, tuple[Callable[[Path], None], frozenset[int]]] = {
    "zero": (link_to("/dev/zero"), NO_FILE),
    "urandom": (link_to("/dev/urandom"), NO_FILE),
    "full": (link_to("/dev/full"), NO_FILE),
    "null": (link_to("/dev/null"), NO_FILE),
    "terminal": (link_to("/dev/ptmx"), NO_FILE),
    "stdin": (link_to("/dev/stdin"), NO_FILE),
    "memory": (link_to("/proc/self/mem"), NO_FILE),
    "pipe": (pipe, NO_FILE),
    "socket": (unix_socket, NO_FILE),
    "folder": (Path.mkdir, NO_FILE),
    "dead link": (link_to("finns-inte"), NO_FILE),
    "link to itself": (lambda path: path.symlink_to(path.name), NO_FILE),
    "loop of two links": (loop_of_two, NO_FILE),
    "chain of sixty links": (long_chain, NO_FILE),
    "64 GB of zeros": (sparse(64 * GIGABYTE), NO_FILE),
    "3 GB of zeros": (sparse(3 * GIGABYTE), NO_FILE),
}


# Places


def exports(folder: Path) -> None:
    """A sound export."""
    (folder / "utredningar.csv").write_bytes(export(plain_rows(30)))


def project(text: str) -> Callable[[Path], None]:
    """A sound export and a project file."""

    def lay(folder: Path) -> None:
        exports(folder)
        (folder / "frist.toml").write_text(text, encoding="utf-8")

    return lay


def report_with(folder: Path) -> None:
    """A report, written by frist once and copied."""
    exports(folder)
    shutil.copytree(REPORT[0], folder / OUT)


# The folder of a sound report, filled in when there is one.
REPORT: list[Path] = []


@dataclass(frozen=True)
class Place:
    """Where a file is read: the file, what lies about it, and the command that reads it."""

    file: str
    about: Callable[[Path], None]
    command: list[str]
    # Codes that are right here beside the refusals.
    also: frozenset[int] = frozenset()


def nothing(folder: Path) -> None:
    """No other file."""


PLACES: dict[str, Place] = {
    "export": Place("uttag.csv", nothing, ["run", "uttag.csv", *RUN[2:]]),
    "export, checked": Place("uttag.csv", nothing, ["check", "uttag.csv"]),
    "export in a folder": Place("uttag.csv", exports, RUN),
    "export of the project": Place("uttag.csv", project('[[source]]\nfiles = ["uttag.csv"]\n'), RUN),
    "export of a pattern": Place("uttag.csv", project('[[source]]\nfiles = ["*.csv"]\n'), RUN),
    "workbook": Place("uttag.xlsx", nothing, ["cases", "uttag.xlsx", "--out", "fall.csv"]),
    "init": Place("uttag.csv", nothing, ["init", "uttag.csv"]),
    "project file": Place("frist.toml", exports, RUN),
    "project file, named": Place("projekt.toml", exports, ["run", "projekt.toml", *RUN[2:]]),
    "rulebook": Place("regler.toml", project('rulebook = "regler.toml"\n'), RUN),
    "rulebook of the command": Place("regler.toml", exports, ["rules", "--rulebook", "regler.toml"]),
    "plan": Place("internal-control.toml", exports, RUN),
    "plan of the project": Place("plan.toml", project('[report]\nplan = "plan.toml"\n'), RUN),
    "risks": Place("risks.csv", exports, RUN),
    "risks, a workbook": Place("risker.xlsx", project('[report]\nrisks = "risker.xlsx"\n'), RUN),
    "logo, SVG": Place("logo.svg", project('[report]\nlogo = "logo.svg"\n'), RUN),
    "logo, PNG": Place("logo.png", project('[report]\nlogo = "logo.png"\n'), RUN),
    "template": Place("mallar/page.html.jinja", exports, [*RUN[:-1], "html", "--template-dir", "mallar"]),
    "template folder": Place("mallar", exports, [*RUN[:-1], "html", "--template-dir", "mallar"]),
    "reference document": Place("mall.docx", exports, [*RUN[:-1], "docx", "--reference-docx", "mall.docx"]),
    "manifest to verify": Place("ut/manifest.json", report_with, ["verify", OUT], frozenset({1})),
    "report to verify": Place("ut/report.md", report_with, ["verify", OUT], frozenset({1})),
    "more to verify": Place("ut/fler.csv", report_with, ["verify", OUT], frozenset({1})),
    "report to take the place of": Place("ut/manifest.json", report_with, RUN, frozenset({0})),
    "output": Place("ut", exports, RUN),
    "case list": Place("fall.csv", exports, ["cases", ".", "--out", "fall.csv"]),
}


def no_plain_files() -> Iterator[Input]:
    """Every kind in every place."""
    for place_name, place in PLACES.items():
        for kind, (make, codes) in KINDS.items():
            if place_name in ("output", "case list") and kind in ("folder", "null", "stdin", "dead link", "chain of sixty links", "64 GB of zeros", "3 GB of zeros"):
                # A folder can be written into, a file be replaced.
                codes = codes | {0}
            if place_name == "more to verify" and kind == "folder":
                # An empty folder adds nothing to a report.
                codes = codes | {0}
            if place_name in ("export in a folder", "export of a pattern") and kind == "folder":
                # Folders are no exports, whatever they are called.
                codes = codes | {0}

            def lay(folder: Path, place: Place = place, make: Callable[[Path], None] = make) -> None:
                place.about(folder)
                path = folder / place.file
                path.parent.mkdir(exist_ok=True)
                if path.is_dir():
                    shutil.rmtree(path)
                path.unlink(missing_ok=True)
                make(path)

            codes = codes | place.also
            # A refusal names the file, or the folder that it is in.
            says = OUT if place.file.startswith(f"{OUT}/") else Path(place.file).name.partition(".")[0]
            yield Input(f"{place_name}: {kind}", lay, place.command, codes, says)


# Plain files


def writes(name: str, content: Callable[[], bytes], about: Callable[[Path], None] = exports) -> Callable[[Path], None]:
    """Lays one file beside others."""

    def lay(folder: Path) -> None:
        about(folder)
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content())

    return lay


def toml_inputs() -> Iterator[Input]:
    """TOML, in each of the files that are."""
    deep, many = 100_000, 300_000
    contents: dict[str, Callable[[], str]] = {
        "arrays in arrays": lambda: "a = " + "[" * deep + "]" * deep,
        "arrays without end": lambda: "a = " + "[" * (10 * deep),
        "tables in tables": lambda: "a = " + "{ a = " * deep + "1" + " }" * deep,
        "dots": lambda: ".".join("a" * deep) + " = 1",
        "dots in a heading": lambda: "[" + ".".join("a" * deep) + "]",
        "a number of a million digits": lambda: "as_of = " + "9" * 1_000_000,
        "a text of 50 MB": lambda: 'organisation = "' + "å" * (25 * MEGABYTE) + '"',
        "a text without end": lambda: 'organisation = """' + "å" * (5 * MEGABYTE),
        "many keys": lambda: "".join(f"k{number} = 1\n" for number in range(many)),
        "many tables": lambda: "[[source]]\nfiles = []\n" * many,
        "many controls": lambda: '[[control]]\nid = "child-investigation"\n' * many,
        "many areas": lambda: '[[area]]\nname = "x"\n' * many,
        "many rules": lambda: '[[rule]]\nid = "x"\n' * many,
        "a comment of 50 MB": lambda: "#" + "x" * (50 * MEGABYTE),
        "a line of escapes": lambda: 'organisation = "' + "\\u0000" * MEGABYTE + '"',
    }
    files = {"project file": ("frist.toml", exports), "rulebook": ("regler.toml", project('rulebook = "regler.toml"\n')), "plan": ("internal-control.toml", exports)}
    for place, (file, about) in files.items():
        for name, content in contents.items():
            yield Input(f"{place}: {name}", writes(file, lambda content=content: content().encode(), about), RUN)


def project_inputs() -> Iterator[Input]:
    """Project files that are sound TOML."""
    texts = {
        "a pattern of stars": '[[source]]\nfiles = ["' + "*a" * 500 + '*.csv"]\n',
        "a pattern of folders": '[[source]]\nfiles = ["' + "*/" * 200 + '*.csv"]\n',
        "a pattern over everything": '[[source]]\nfiles = ["/**/*.csv"]\n',
        "a pattern over devices": '[[source]]\nfiles = ["/dev/*"]\n',
        "a pattern over processes": '[[source]]\nfiles = ["/proc/self/**/*"]\n',
        "files by the hundred thousand": "[[source]]\nfiles = [" + '"utredningar.csv", ' * 100_000 + "]\n",
        "a rulebook that is the project": 'rulebook = "frist.toml"\n',
        "a plan that is an export": '[report]\nplan = "utredningar.csv"\n',
        "a plan from a device": '[report]\nplan = "/dev/zero"\n',
        "risks from a device": '[report]\nrisks = "/dev/urandom"\n',
        "a logo from a device": '[report]\nlogo = "/dev/zero"\n',
        "a rulebook from a device": 'rulebook = "/dev/zero"\n',
        "an export from a device": '[[source]]\nfiles = ["/dev/zero"]\n',
        "status words by the million": '[[source]]\nfiles = ["utredningar.csv"]\nstatus = { open = [' + '"x", ' * 1_000_000 + "] }\n",
    }
    for name, text in texts.items():
        yield Input(f"project file: {name}", project(text), RUN)

    def loops(folder: Path) -> None:
        """Folders that hold links to the folders above them."""
        project('[[source]]\nfiles = ["**/*.csv"]\n')(folder)
        for name in "abcdef":
            (folder / name).mkdir()
            for other in "uvxyz":
                (folder / name / other).symlink_to("..")

    yield Input("project file: a pattern through loops of links", loops, RUN)

    def crowd(folder: Path) -> None:
        """A folder with very many files."""
        exports(folder)
        for number in range(20_000):
            (folder / f"uttag-{number}.csv").write_bytes(b"")

    yield Input("export in a folder: one of twenty thousand empty files", crowd, RUN)


def export_inputs() -> Iterator[Input]:
    """Exports: text."""
    head = "Ärendenr;Utredning inledd;Utredning avslutad;Enhet"
    row = "1;2024-01-10;2024-05-10;Norr\n"
    contents: dict[str, Callable[[], bytes]] = {
        "one line of 300 MB": lambda: b"a" * (300 * MEGABYTE),
        "one line of separators": lambda: b";" * (100 * MEGABYTE),
        "a quote without end": lambda: head.encode() + b'\n1;2024-01-10;2024-05-10;"' + b"x\n" * (50 * MEGABYTE),
        "nothing but quotes": lambda: b'"' * (100 * MEGABYTE),
        "nothing but line breaks": lambda: head.encode() + b"\n" * (200 * MEGABYTE),
        "zeros between": lambda: head.encode() + b"\n" + b"\0" * (200 * MEGABYTE),
        "a hundred thousand columns": lambda: (";".join([head, *(f"k{number}" for number in range(100_000))]) + "\n" + row).encode(),
        "a million columns of one name": lambda: (head + ";Enhet" * 1_000_000 + "\n" + row).encode(),
        "two million rows": lambda: export([], head) + row.encode() * 2_000_000,
        "two million faulty rows": lambda: export([], head) + b"1;i maj;2024-13-01;Norr\n" * 2_000_000,
        "a hundred thousand units": lambda: export((f"{number};2024-01-10;2024-05-10;Enhet {number % 100_000}" for number in range(300_000)), head),
        "half a million cases twice": lambda: export([f"{number % 500_000};2024-01-10;2024-05-10;Norr" for number in range(1_000_000)], head),
        "a cell of 100 MB": lambda: export([f"1;2024-01-10;2024-05-10;{'x' * (100 * MEGABYTE)}"], head),
        "a date of 100 MB": lambda: export([f"1;{'2' * (100 * MEGABYTE)};2024-05-10;Norr"], head),
        "half a letter over and over": lambda: export([], head) + b"\xc3" * (50 * MEGABYTE),
        "marks of byte order": lambda: b"\xef\xbb\xbf" * 1_000_000 + export([row.strip()], head),
        "a million lines above the headings": lambda: b"titel\n" * 1_000_000 + export([row.strip()], head),
        "every unit another letter": lambda: export([f"{number};2024-01-10;2024-05-10;{chr(0x4E00 + number % 20_000)}" for number in range(100_000)], head),
        "gzip of 10 GB": lambda: gzip_bomb(),
        "UTF-16 cut in a pair": lambda: b"\xff\xfe" + ("a\ud83d" * MEGABYTE).encode("utf-16-le", "surrogatepass"),
    }
    for name, content in contents.items():
        yield Input(f"export: {name}", writes("uttag.csv", content, nothing), ["run", "uttag.csv", *RUN[2:]], is_heavy=True)
    yield Input("export, checked: two million faulty rows", writes("uttag.csv", contents["two million faulty rows"], nothing), ["check", "uttag.csv", "--format", "csv"], is_heavy=True)
    yield Input("init: a hundred thousand columns", writes("uttag.csv", contents["a hundred thousand columns"], nothing), ["init", "uttag.csv"], is_heavy=True)


def gzip_bomb() -> bytes:
    """Ten gigabytes of zeros."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    piece = bytes(16 * MEGABYTE)
    return b"".join(packer.compress(piece) for _ in range(64)) * 10 + packer.flush()


def risk_inputs() -> Iterator[Input]:
    """Lists of risks."""
    head = "Nr;Risk;Sannolikhet;Konsekvens;Följer plan"
    contents: dict[str, Callable[[], bytes]] = {
        "three thousand risks": lambda: export((f"{number};Risk {number};2;2;Ja" for number in range(3_000)), head),
        "a million risks": lambda: export((f"{number};Risk;2;2;Ja" for number in range(1_000_000)), head),
        "a million wrong risks": lambda: export((f"{number};Risk;9;x;Kanske" for number in range(1_000_000)), head),
        "a risk of 100 MB": lambda: export([f"1;{'ord ' * (25 * MEGABYTE)};2;2;Ja"], head),
        "a quote without end": lambda: head.encode() + b'\n1;"' + b"x\n" * (30 * MEGABYTE),
        "a hundred thousand columns": lambda: (head + ";x" * 100_000 + "\n1;R;2;2;Ja\n").encode(),
    }
    for name, content in contents.items():
        yield Input(f"risks: {name}", writes("risks.csv", content), RUN, is_heavy=True)
    books = [file for table in (HOSTILE.bombs(), HOSTILE.document_types()) for file in table]
    for file in books:
        yield Input(f"risks, a workbook: {file.name}", writes("risks.xlsx", file.make), RUN)


def plan_inputs() -> Iterator[Input]:
    """Plans that are sound TOML: very long, very many."""
    point = (
        '[[area.risk_point.control_point]]\nname = "Punkt {0}"\ndepartment = "A"\nfrequency = ["april"]\nmethod = "{1}"\nstatus = "begun"\n'
    )
    begin = '[[area]]\nname = "Område"\n[[area.risk_point]]\nname = "Riskpunkt"\n'
    contents: dict[str, Callable[[], str]] = {
        "a text of 10 MB": lambda: begin + point.format(1, "ord " * (10 * MEGABYTE // 4)),
        "ten thousand points": lambda: begin + "".join(point.format(number, "ord") for number in range(10_000)),
        "a list of a million lines": lambda: 'background = """\n' + "- rad\n" * 1_000_000 + '"""\n' + begin,
        "a word of 5 MB": lambda: begin + point.format(1, "å" * (5 * MEGABYTE // 2)),
    }
    for name, content in contents.items():
        for form in ("md", "html", "docx") if GIVEN.long else ("md",):
            yield Input(f"plan: {name}, {form}", writes("internal-control.toml", lambda content=content: content().encode()), [*RUN[:-1], form], is_heavy=True)


# Pictures

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{0}" height="{0}" viewBox="0 0 100 100">{1}</svg>'
RECT = '<rect width="50" height="50" fill="#0b4f8a"/>'


def drawn(inside: str, size: str = "100") -> Callable[[], bytes]:
    """A picture."""
    return lambda: SVG.format(size, inside).encode()


def uses(depth: int) -> str:
    """A group that is drawn ten times in a group that is drawn ten times, and so on."""
    groups = [f'<g id="g0">{RECT}</g>']
    groups += [f'<g id="g{number}">' + f'<use xlink:href="#g{number - 1}"/>' * 10 + "</g>" for number in range(1, depth)]
    return f'<defs>{"".join(groups)}</defs><use xlink:href="#g{depth - 1}"/>'


def with_filter(inside: str, size: str = "100") -> Callable[[], bytes]:
    """A picture with a filter."""
    region = 'x="-1000%" y="-1000%" width="3000%" height="3000%"'
    return drawn(f'<filter id="f" {region}>{inside}</filter><g filter="url(#f)">{RECT}</g>', size)


def png(width: int, height: int, lines: bytes | None = None, more: bytes = b"") -> bytes:
    """A picture that says it is so large, with these packed lines."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packed = zlib.compress(bytes((width + 1) * height)) if lines is None else lines
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) + more + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def packed_zeros(size: int) -> bytes:
    """Zeros, packed piece by piece."""
    packer, piece = zlib.compressobj(9), bytes(16 * MEGABYTE)
    return b"".join(packer.compress(piece) for _ in range(size // len(piece))) + packer.flush()


def text_bomb() -> bytes:
    """A chunk of text that unpacks to a gigabyte."""
    data = b"Comment\0\0" + packed_zeros(GIGABYTE)
    return struct.pack(">I", len(data)) + b"zTXt" + data + struct.pack(">I", zlib.crc32(b"zTXt" + data))


# It is beside the picture, and opening it blocks forever.
TRAP = "falla"
LAUGHS = "<!DOCTYPE svg [" + HOSTILE.LAUGHS + "]>"


def pictures() -> dict[str, tuple[str, Callable[[], bytes]]]:
    """Logos by name: the file's name, and the picture."""
    href = '<image width="50" height="50" xlink:href="{}"/>'
    found: dict[str, Callable[[], bytes]] = {
        "groups in groups": lambda: SVG.format(100, "<g>" * 200_000 + "</g>" * 200_000).encode(),
        "groups without end": lambda: b'<svg xmlns="http://www.w3.org/2000/svg">' + b"<g>" * 1_000_000,
        "entities in entities": lambda: (LAUGHS + SVG.format(100, "<text>&l11;</text>")).encode(),
        "an entity from a file": lambda: ('<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + SVG.format(100, "<text>&x;</text>")).encode(),
        "uses of uses": drawn(uses(12)),
        "a use of itself": drawn('<g id="a"><use xlink:href="#a"/></g>'),
        "masks of masks": drawn("".join(f'<mask id="m{number}"><rect width="99" height="99" fill="white" mask="url(#m{number + 1})"/></mask>' for number in range(2_000)) + f'<g mask="url(#m0)">{RECT}</g>'),
        "a mask of itself": drawn(f'<mask id="m" mask="url(#m)">{RECT}</mask><g mask="url(#m)">{RECT}</g>'),
        "patterns of patterns": drawn("".join(f'<pattern id="p{number}" width="1" height="1" patternUnits="userSpaceOnUse"><rect width="9" height="9" fill="url(#p{number + 1})"/></pattern>' for number in range(200)) + '<rect width="99" height="99" fill="url(#p0)"/>'),
        "a pattern of nothing's width": drawn(f'<pattern id="p" width="1e-7" height="1e-7" patternUnits="userSpaceOnUse">{RECT}</pattern><rect width="99" height="99" fill="url(#p)"/>'),
        "dashes of nothing's length": drawn('<path d="M0 0 H1000000" stroke="red" stroke-dasharray="0.000001 0.000001"/>'),
        "a billion wide": drawn(RECT, "1000000000"),
        "as wide as can be said": drawn(RECT, "1e38"),
        "20,000 wide": drawn(RECT, "20000"),
        "no width": drawn(RECT, "0"),
        "not a number wide": drawn(RECT, "NaN"),
        "a blur": with_filter('<feGaussianBlur stdDeviation="100000"/>', "2000"),
        "a hundred blurs": with_filter('<feGaussianBlur stdDeviation="500"/>' * 100, "2000"),
        "turbulence": with_filter('<feTurbulence baseFrequency="0.9" numOctaves="1000000"/>', "2000"),
        "morphology": with_filter('<feMorphology operator="dilate" radius="10000"/>' * 20, "2000"),
        "convolution": with_filter('<feConvolveMatrix order="200" kernelMatrix="' + "1 " * 40_000 + '"/>', "2000"),
        "giant text": drawn('<text font-size="1e9">' + "Å" * 100_000 + "</text>"),
        "a text of 20 MB": drawn("<text>" + "ord " * (5 * MEGABYTE) + "</text>"),
        "texts by the hundred thousand": drawn("<text>ord</text>" * 100_000),
        "two million paths": drawn('<path d="M0 0L9 9"/>' * 2_000_000),
        "one path of 50 MB": drawn('<path d="M0 0' + "L9 9 " * (10 * MEGABYTE) + '" stroke="red"/>'),
        "arcs": drawn('<path stroke="red" fill="none" d="M0 0' + "A1e9 1e-9 7 1 1 9 9 " * 200_000 + '"/>'),
        "styles by the hundred thousand": drawn("<style>" + "".join(f".k{number} rect{{fill:red}}" for number in range(100_000)) + "</style>" + '<g class="k1">' + RECT * 2_000 + "</g>"),
        "a style from elsewhere": drawn(f'<style>@import url("{TRAP}");</style>' + RECT),
        "a picture that is a pipe": drawn(href.format(TRAP) + RECT),
        "a picture that is a device": drawn(href.format("/dev/zero") + RECT),
        "a picture that is a file": drawn(href.format("file:///etc/hostname") + RECT),
        "a picture of the network": drawn(href.format("https://frist.invalid/x.png") + RECT),
        "a picture in itself": drawn(href.format("logo.svg") + RECT),
        "a packed picture inside": lambda: SVG.format(100, href.format("data:image/svg+xml;base64," + base64.b64encode(gzip.compress(SVG.format(100, RECT + " " * (200 * MEGABYTE)).encode(), 9)).decode())).encode(),
        "a giant picture inside": lambda: SVG.format(100, href.format("data:image/png;base64," + base64.b64encode(png(60_000, 60_000, packed_zeros(16 * MEGABYTE))).decode())).encode(),
        "pictures in pictures": nested_pictures,
        "packed": lambda: gzip.compress(SVG.format(100, RECT + " " * (500 * MEGABYTE)).encode(), 9),
        "attributes": lambda: SVG.format(100, "<rect " + " ".join(f'a{number}="1"' for number in range(300_000)) + "/>").encode(),
        "another encoding": lambda: b"\xff\xfe" + SVG.format(100, RECT).encode("utf-16-le"),
        "no XML": lambda: b"<svg" + b"\0" * 1_000,
        "nothing": lambda: b"",
        "1.7 MB of marks": drawn(RECT * 35_000),
    }
    bitmaps: dict[str, Callable[[], bytes]] = {
        "60,000 wide and high": lambda: png(60_000, 60_000, packed_zeros(3_600 * MEGABYTE)),
        "as wide as can be said": lambda: png(0x7FFFFFFF, 0x7FFFFFFF, zlib.compress(b"")),
        "wider than it says": lambda: png(10, 10, packed_zeros(GIGABYTE)),
        "10,000 wide and high": lambda: png(10_000, 10_000),
        "a hundred thousand wide": lambda: png(100_000, 1),
        "a bomb of text": lambda: png(10, 10, more=text_bomb()),
        "no width": lambda: png(0, 0),
        "cut off": lambda: png(300, 300)[:60],
        "damaged": lambda: png(300, 300, b"\x78\x9c" + b"\xff" * 500),
        "nothing": lambda: b"",
    }
    return {f"logo, SVG: {name}": ("logo.svg", make) for name, make in found.items()} | {f"logo, PNG: {name}": ("logo.png", make) for name, make in bitmaps.items()}


def nested_pictures() -> bytes:
    """A picture that holds one that holds one."""
    inside = SVG.format(100, RECT)
    for _ in range(12):
        data = base64.b64encode(inside.encode()).decode()
        inside = SVG.format(100, f'<image width="9" height="9" xlink:href="data:image/svg+xml;base64,{data}"/>' * (2 if len(data) < 2 * MEGABYTE else 1))
    return inside.encode()


def logo(file: str, make: Callable[[], bytes]) -> Callable[[Path], None]:
    """A project with a logo, and the trap beside it."""

    def lay(folder: Path) -> None:
        project(f'[report]\nlogo = "{file}"\n')(folder)
        (folder / file).write_bytes(make())
        os.mkfifo(folder / TRAP)

    return lay


# Templates, documents, reports


def template_inputs() -> Iterator[Input]:
    """Templates without end."""
    pages = {
        "loops in loops": "{% for a in range(99999) %}{% for b in range(99999) %}{% for c in range(99999) %}{% endfor %}{% endfor %}{% endfor %}",
        "letters in loops": "{% for a in range(99999) %}{% for b in range(99999) %}xxxxxxxxxxxxxxxxxxxxxxxx{% endfor %}{% endfor %}",
        "a template in itself": '{% include "page.html.jinja" %}',
        "a template that extends itself": '{% extends "page.html.jinja" %}',
        "a macro in itself": "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
        "a text times a billion": "{{ 'x' * 1000000000 }}",
        "a list times a billion": "{{ ([1] * 1000000000) | length }}",
        "a range without end": "{{ range(1000000000000) | list | length }}",
        "texts that double": "{% set ns = namespace(t='xxxxxxxx') %}{% for a in range(60) %}{% set ns.t = ns.t ~ ns.t %}{% endfor %}{{ ns.t }}",
        "blanks before": "{{ 'x' | indent(1000000000) }}",
        "digits": "{{ 9 ** 999999999 }}",
        "brackets": "{{ " + "(" * 100_000 + "1" + ")" * 100_000 + " }}",
        "conditions in conditions": "{% if true %}" * 50_000 + "{% endif %}" * 50_000,
        "a file": '{% include "/etc/hostname" %}',
        "a template of 100 MB": "x" * (100 * MEGABYTE),
    }
    for name, text in pages.items():
        yield Input(f"template: {name}", writes("mallar/page.html.jinja", lambda text=text: text.encode()), [*RUN[:-1], "html", "--template-dir", "mallar"])
    papers = {
        "a loop without end": "#while true {}",
        "a function in itself": "#let f(x) = f(x + 1)\n#f(1)",
        "pages without end": "#for i in range(100000000) { pagebreak() }",
        "texts that double": "#let t = \"xxxxxxxx\"\n#for i in range(60) { t = t + t }\n#t",
        "a list of a billion": "#range(1000000000).len()",
        "brackets": "#" + "(" * 100_000,
        "a file": '#read("/etc/hostname")',
        "a device": '#read("/dev/zero")',
        "a picture that is a device": '#image("/dev/zero")',
        "a package": '#import "@preview/cetz:0.3.0"',
        "itself": '#include "document.typ"',
        "a page a kilometre wide": "#set page(width: 1000000cm, height: 1000000cm)\nx",
    }
    for name, text in papers.items():
        yield Input(f"template of paper: {name}", writes("mallar/document.typ", lambda text=text: text.encode()), [*RUN[:-1], "pdf", "--template-dir", "mallar"], seconds=5, is_heavy=True)
    yield Input("template: a style of 100 MB", writes("mallar/page.css", lambda: b"a{color:red}" * (8 * MEGABYTE)), [*RUN[:-1], "html", "--template-dir", "mallar"])


def document_inputs() -> Iterator[Input]:
    """Word files whose styles are to be taken."""
    xml = '<?xml version="1.0"?>'
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    plain = {
        "[Content_Types].xml": f'{xml}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "word/document.xml": f'{xml}<w:document xmlns:w="{word}"><w:body/></w:document>',
        "word/styles.xml": f'{xml}<w:styles xmlns:w="{word}"></w:styles>',
    }

    def with_part(name: str, part: Callable[[], "str | object"]) -> Callable[[], bytes]:
        return lambda: HOSTILE.archive([HOSTILE.Entry(key, value if isinstance(value, HOSTILE.Packed) else HOSTILE.pack(value)) for key, value in (plain | {name: part()}).items()])

    styles = "word/styles.xml"
    contents: dict[str, Callable[[], bytes]] = {
        "styles that swell": with_part(styles, lambda: HOSTILE.pack_swelling(f'{xml}<w:styles xmlns:w="{word}">', HOSTILE.BLANKS, GIGABYTE // len(HOSTILE.BLANKS), "</w:styles>")),
        "a part that swells": with_part("word/media/image1.png", lambda: HOSTILE.pack_swelling("", bytes(MEGABYTE), 4_096, "")),
        "a document type": with_part(styles, lambda: f"<!DOCTYPE x [{HOSTILE.LAUGHS}]><x>&l11;</x>"),
        "styles in styles": with_part(styles, lambda: f'{xml}<w:styles xmlns:w="{word}">' + "<w:style>" * 200_000 + "</w:style>" * 200_000 + "</w:styles>"),
        "a name that leads out": with_part("../../../ut.xml", lambda: "x"),
        "a hundred thousand parts": many_parts,
        "no archive": lambda: b"PK\x03\x04" + b"\xff" * 5_000,
        "nothing": lambda: b"",
        "a workbook": HOSTILE.book,
        "cut off": lambda: HOSTILE.book()[:300],
    }
    for name, content in contents.items():
        yield Input(f"reference document: {name}", writes("mall.docx", content), [*RUN[:-1], "docx", "--reference-docx", "mall.docx"])


def many_parts() -> bytes:
    """An archive of very many empty files."""
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w") as archive:
            for number in range(100_000):
                archive.writestr(f"word/p{number}.xml", "")
        file.seek(0)
        return file.read()


def report_inputs() -> Iterator[Input]:
    """Reports that are verified."""
    begin = '{"schema": "frist/manifest/1", "outputs": '
    entry = '{{"path": "{}", "sha256": "' + "0" * 64 + '", "bytes": 1}}'
    contents: dict[str, Callable[[], str]] = {
        "lists in lists": lambda: begin + "[" * 1_000_000,
        "objects in objects": lambda: begin + '{"a":' * 1_000_000,
        "a text of 100 MB": lambda: '{"schema": "' + "x" * (100 * MEGABYTE) + '"}',
        "a million outputs": lambda: begin + "[" + ",".join(entry.format(f"fil-{number}") for number in range(1_000_000)) + "]}",
        "a device": lambda: begin + "[" + entry.format("/dev/zero") + "]}",
        "a device by a long way": lambda: begin + "[" + entry.format("../" * 20 + "dev/zero") + "]}",
        "itself, a hundred thousand times": lambda: begin + "[" + ",".join([entry.format("manifest.json")] * 100_000) + "]}",
        "numbers of a million digits": lambda: begin + "[" + "9" * 1_000_000 + "]}",
    }
    for name, content in contents.items():
        yield Input(f"manifest to verify: {name}", writes("ut/manifest.json", lambda content=content: content().encode(), nothing), ["verify", OUT], frozenset(REFUSALS | {1}))

    def looped(folder: Path) -> None:
        report_with(folder)
        for name in ("charts", "data", "units"):
            (folder / OUT / name).mkdir(exist_ok=True)
            for number in range(8):
                (folder / OUT / name / f"upp-{number}").symlink_to("..")
        (folder / OUT / "rot").symlink_to("/")

    yield Input("more to verify: links to the folders above", looped, ["verify", OUT], frozenset(REFUSALS | {1}))
    yield Input("report to take the place of: links to the folders above", looped, RUN)


def inputs() -> list[Input]:
    """All of them, but for logos, which are run in several forms."""
    made = (no_plain_files, toml_inputs, project_inputs, export_inputs, risk_inputs, plan_inputs, template_inputs, document_inputs, report_inputs)
    return [each for make in made for each in make()]


# Running


class Attack:
    """Runs inputs and compares their effects with what is allowed."""

    def __init__(self, checks: Checks, work: Path, slower: int) -> None:
        self.checks, self.work, self.slower = checks, work, slower
        self.inputs = 0
        self.slowest, self.largest = (0.0, ""), (0, "")

    def attack(self, one: Input) -> Ended:
        """One input."""
        folder, temporary = self.work / "mapp", self.work / "tmp"
        for path in (folder, temporary):
            shutil.rmtree(path, ignore_errors=True)
            path.mkdir()
        one.lay(folder)
        before = {path.name for path in folder.iterdir()}
        most = (MOST_SECONDS + one.seconds) * (self.slower if one.is_heavy else 1)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FRIST")} | {"TMPDIR": str(temporary)}
        # Input that never comes: a program that waits for it hangs.
        ended = run([GIVEN.binary, *one.command], cwd=folder, env=environment, seconds=most, memory=2 * GIGABYTE, stdin=subprocess.PIPE)
        self.slowest = max(self.slowest, (ended.seconds, one.name))
        self.largest = max(self.largest, (ended.memory, one.name))
        # What is ended from outside has no chance to clean up.
        left = [] if ended.stopped else [*what_is_left(folder, before, ended), *temporary.iterdir()]
        troubles = [*troubles_of(one, ended, most), *(f"left behind: {path.name}" for path in left[:3])]
        self.checks.holds(one.name.partition(":")[0], one.name, troubles)
        shutil.rmtree(folder, ignore_errors=True)
        return ended

    def logo(self, name: str, file: str, make: Callable[[], bytes]) -> None:
        """A logo in every form: all of them take it, or none."""
        forms = ("md", "html", "docx", "xlsx", "pdf") if GIVEN.long else ("md", "html")
        content = make()
        codes = {}
        for form in forms:
            one = Input(f"{name}, {form}", logo(file, lambda: content), [*RUN[:-1], form], seconds=5 if form == "pdf" else 0)
            ended = self.attack(one)
            if not ended.stopped:
                codes[form] = ended.code
        if len(set(codes.values())) > 1:
            self.checks.fails("a logo refused in some forms", f"{name}: {codes}")


def what_is_left(folder: Path, before: set[str], ended: Ended) -> list[Path]:
    """Files that no run writes, and the report of one that was refused."""
    known = before | {"fall.csv", "frist.toml", "frist.schema.json"} | (set() if ended.code in REFUSALS else {OUT})
    # What was added to an earlier report is set aside beside the new one, and the message names the place.
    known |= {path.name for path in folder.iterdir() if path.name.startswith(f"{OUT} (") and path.name in ended.stderr}
    return sorted(path for path in folder.iterdir() if path.name not in known)


def troubles_of(one: Input, ended: Ended, most: float) -> Iterator[str]:
    """What a run may do and did not, and the other way round."""
    if fallen := ended.fallen():
        yield from fallen
        return
    if ended.memory > MOST_MEMORY:
        yield f"{ended.memory >> 20} MB"
    if ended.seconds > most:
        yield f"slow: {ended.seconds:.1f} s"
    if len(ended.err) > LONGEST_MESSAGE and "faulty" not in one.name and "wrong" not in one.name:
        yield f"a message without end: {len(ended.err):,} bytes"
    # Thousands are separated by a no-break space.
    if any(letter not in "\n\t\xa0" and not letter.isprintable() for letter in ended.stderr):
        yield f"control characters on the terminal: {ended.first_line()!r}"
    codes = one.exits or frozenset(REFUSALS | {0, 1})
    if ended.code not in codes:
        yield f"exit code {ended.code} and not one of {sorted(codes)}: {ended.first_line()!r}"
    elif ended.code in REFUSALS and one.says and one.says not in ended.stderr:
        yield f"does not name the file: {ended.first_line()!r}"


def a_report(work: Path) -> float:
    """A sound report, kept for those that are verified; returns the seconds that it took."""
    folder = work / "fin"
    folder.mkdir()
    exports(folder)
    ended = run([GIVEN.binary, *RUN], cwd=folder)
    if ended.code:
        sys.exit(f"hostile_inputs: no report of sound exports: {ended.stderr}")
    REPORT.append(folder / OUT)
    return ended.seconds


def is_chosen(place: int, name: str, is_heavy: bool = False) -> bool:
    """The short version takes a part, of every place another one."""
    if GIVEN.only:
        return GIVEN.wants(name)
    return GIVEN.long or (place % SHORT_EVERY == 0 and not is_heavy)


def main() -> int:
    """Runs the attack; returns the exit code."""
    checks = Checks("hostile_inputs")
    with work_folder(GIVEN, "hostile") as work:
        attack = Attack(checks, work, SLOWER if a_report(work) > SLOW_REPORT else 1)
        every, logos = inputs(), list(pictures().items())
        for place, one in enumerate(every):
            if is_chosen(place, one.name, one.is_heavy):
                attack.inputs += 1
                attack.attack(one)
        for place, (what, (file, make)) in enumerate(logos):
            if is_chosen(place, what):
                attack.inputs += 1
                attack.logo(what, file, make)
    (seconds, slow), (memory, large) = attack.slowest, attack.largest
    most = f"at most {seconds:.1f} s ({slow}) and {memory >> 20} MB ({large})"
    return checks.close_with(f"{attack.inputs} of {len(every) + len(logos)} inputs, {most}")


if __name__ == "__main__":
    sys.exit(main())
