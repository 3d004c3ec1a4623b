"""What the attacks by input share: running frist within bounds, noting faults, personal numbers that are nobody's.

Needs Linux and the standard library alone. The personal numbers have birth numbers that the tax agency keeps for
tests (980 to 999).
"""

import datetime as dt
import importlib
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import types
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1 << 20
GIGABYTE = 1 << 30
MOST_SECONDS = 10.0
MOST_MEMORY = GIGABYTE
AS_OF = "2024-08-31"
# What a refusal may end with: unusable data, nothing to read, no place to write, cannot read or write, unusable project.
REFUSALS = {65, 66, 73, 74, 78}
KNOWN_CODES = {0, 1, 2, 64} | REFUSALS
# Words of a program that fell over.
FALLEN = ("panicked", "Internt fel", "Internal fault", "memory allocation", "overflowed its stack")
PEERS = Path(__file__).resolve().parent.parent / "peers"
SHOWN_OF_A_KIND = 20


def arguments() -> tuple[Path, bool, list[str]]:
    """The path of frist, whether the long version was asked for, and the words that choose attacks."""
    words = [word for word in sys.argv[1:] if word != "--long"]
    if not words or words[0].startswith("-"):
        sys.exit(f"usage: {sys.argv[0]} path/to/frist [--long] [WORD...]")
    return Path(words[0]).resolve(), "--long" in sys.argv[1:], words[1:]


def peer(name: str) -> types.ModuleType:
    """A module of tests/peers. Its `common` asks for packages that are not needed here: an empty one stands in."""
    stand_in, own = types.ModuleType("common"), sys.modules.get("common")
    stand_in.binary_from_arguments = lambda: None
    stand_in.Comparison = object
    sys.modules["common"] = stand_in
    sys.path.append(str(PEERS))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(PEERS))
        del sys.modules["common"]
        if own is not None:
            sys.modules["common"] = own


class Faults:
    """What did not hold, one line each, and how often by kind."""

    def __init__(self, name: str) -> None:
        self.name, self.kinds = name, Counter()
        self.begin = time.monotonic()

    def note(self, kind: str, what: str) -> None:
        """Notes a fault and prints it, unless many of its kind were printed already."""
        self.kinds[kind] += 1
        if self.kinds[kind] <= SHOWN_OF_A_KIND:
            print(f"{self.name}: {kind}: {what}", flush=True)

    def close(self, summary: str) -> int:
        """Prints how many were not shown, and the closing line; gives the exit code."""
        for kind, times in self.kinds.items():
            if times > SHOWN_OF_A_KIND:
                print(f"{self.name}: {kind}: {times - SHOWN_OF_A_KIND} more")
        seconds = time.monotonic() - self.begin
        print(f"{self.name}: {summary}, {self.kinds.total()} faults, {seconds:.0f} s", flush=True)
        return 1 if self.kinds else 0


# Running


@dataclass(frozen=True)
class Ended:
    """How a run ended."""

    code: int
    out: bytes
    err: bytes
    seconds: float
    memory: int
    stopped: str = ""

    @property
    def said(self) -> str:
        """What it said on standard error."""
        return self.err.decode("utf-8", errors="replace")

    def first_line(self) -> str:
        """The beginning of its refusal, or of what it said."""
        lines = self.said.splitlines() or [""]
        refusal = (line for line in lines if line.startswith(("Fel", "Error")))
        return next(refusal, lines[-1])[:160]

    def fell(self) -> str:
        """How it fell over; empty when it did not."""
        if self.stopped:
            return self.stopped
        word = next((word for word in FALLEN if word in self.said), "")
        if word or self.code not in KNOWN_CODES:
            return f"exit code {self.code} {word}: {self.first_line()!r}"
        return ""


def resident(process: int) -> int:
    """Bytes of memory that a process holds; 0 when it has ended."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * resource.getpagesize()
    except (OSError, IndexError):
        return 0


def no_core() -> None:
    """Called in the process that becomes frist; that there is something to call makes Python fork.

    Without, the peak of Python would count as frist's.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(
    binary: Path,
    *words: object,
    cwd: Path,
    environment: dict[str, str] | None = None,
    seconds: float = 120.0,
    memory: int = 4 * GIGABYTE,
    stdin: int = subprocess.DEVNULL,
    kill_after: float | None = None,
) -> Ended:
    """Runs frist; ends it when it takes more time or memory, or, to see what it leaves, after a while."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begin = time.monotonic()
        process = subprocess.Popen(
            [str(binary), *map(str, words)],
            cwd=cwd,
            env=None if environment is None else environment,
            stdin=stdin,
            stdout=out,
            stderr=err,
            preexec_fn=no_core,
        )
        stopped = ""
        while True:
            pid, status, used = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            taken = time.monotonic() - begin
            if kill_after is not None and taken > kill_after:
                process.kill()
            elif taken > seconds and not stopped:
                stopped = f"not done after {seconds:.0f} s"
                process.kill()
            elif resident(process.pid) > memory and not stopped:
                stopped = f"more than {memory >> 20} MB after {taken:.1f} s"
                process.kill()
            time.sleep(0.003)
        if process.stdin:
            process.stdin.close()
        process.returncode = os.waitstatus_to_exitcode(status)
        for stream in (out, err):
            stream.seek(0)
        return Ended(
            process.returncode,
            out.read(),
            err.read(20 * MEGABYTE),
            time.monotonic() - begin,
            used.ru_maxrss * 1024,
            stopped,
        )


# Exports


def export(rows: Iterable[str], headings: str = "Ärendenr;Utredning inledd;Utredning avslutad;Enhet") -> bytes:
    """An export of child investigations."""
    return ("\n".join([headings, *rows]) + "\n").encode()


def days(number: int) -> str:
    """The start and end of a case, every third of them late."""
    start = dt.date(2022, 1, 10) + dt.timedelta(days=number * 7 % 700)
    return f"{start};{start + dt.timedelta(days=160 if number % 3 == 0 else 60)}"


def plain_rows(count: int, units: tuple[str, ...] = ("Norr", "Söder", "Väst")) -> list[str]:
    """Sound rows."""
    return [f"BU-{number:05};{days(number)};{units[number % len(units)]}" for number in range(count)]


# Personal numbers


def check_digit(nine: str) -> int:
    """The last digit of a personal number (Luhn, folkbokföringslagen 18 §)."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(nine)]
    return -sum(value // 10 + value % 10 for value in doubled) % 10


@dataclass(frozen=True)
class Number:
    """A personal number: its day of birth as written, and the last four."""

    year: int
    month: int
    day: int
    last: str

    @property
    def eight(self) -> str:
        """The day with its century."""
        return f"{self.year:04}{self.month:02}{self.day:02}"

    @property
    def bare(self) -> str:
        """What every spelling of it has in common."""
        return self.eight[2:] + self.last


COORDINATION = 60
# Letters of numbers given for the time being, in place of the first of the last four.
INTERIM = "TRSUWXJKLMN"


class Numbers:
    """Personal numbers, each given once."""

    def __init__(self, seed: int) -> None:
        self.random, self.given = random.Random(seed), set()

    def next(self, kind: str = "plain", right: bool = True) -> Number:
        """A number: plain, coordination or interim; with the right check digit or a wrong one."""
        while True:
            day = dt.date(1925, 1, 1) + dt.timedelta(days=self.random.randrange(36_000))
            shown = day.day + (COORDINATION if kind == "coordination" else 0)
            birth = str(self.random.randrange(980, 1000))
            digit = check_digit(f"{day:%y%m}{shown:02}{birth}")
            digit = digit if right else (digit + self.random.randrange(1, 10)) % 10
            last = f"{birth}{digit}"
            if kind == "interim":
                last = self.random.choice(INTERIM) + last[1:]
            number = Number(day.year, day.month, shown, last)
            if number.bare not in self.given:
                self.given.add(number.bare)
                return number


SEPARATORS = {
    "hyphen": "-",
    "true hyphen": "\u2010",
    "no-break hyphen": "\u2011",
    "figure dash": "\u2012",
    "en dash": "\u2013",
    "em dash": "\u2014",
    "bar": "\u2015",
    "minus": "\u2212",
    "full-width hyphen": "\uff0d",
    "plus": "+",
    "blank": " ",
    "no-break blank": "\u00a0",
    "narrow no-break blank": "\u202f",
    "thin blank": "\u2009",
    "figure blank": "\u2007",
    "dot": ".",
    "slash": "/",
    "underscore": "_",
}


@dataclass(frozen=True)
class Spelling:
    """A way to write a personal number; some need the right check digit to be known from another number."""

    name: str
    write: Callable[[Number], str]
    kind: str = "plain"
    any_digit: bool = True


def spellings() -> list[Spelling]:
    """Every way, for each kind of number."""

    def joined(separator: str, long: bool) -> Callable[[Number], str]:
        return lambda number: (number.eight if long else number.eight[2:]) + separator + number.last

    def parted(separator: str, last: str) -> Callable[[Number], str]:
        def write(number: Number) -> str:
            day = separator.join((number.eight[:4], number.eight[4:6], number.eight[6:]))
            return day + last + number.last

        return write

    found = []
    for kind in ("plain", "coordination"):
        for name, separator in SEPARATORS.items():
            found.append(Spelling(f"{kind}, 8 {name} 4", joined(separator, True), kind))
            found.append(Spelling(f"{kind}, 6 {name} 4", joined(separator, False), kind))
        found.append(Spelling(f"{kind}, 12 digits", joined("", True), kind))
        found.append(Spelling(f"{kind}, 10 digits", joined("", False), kind, any_digit=False))
        found.append(Spelling(f"{kind}, YYYY-MM-DD-NNNN", parted("-", "-"), kind))
        found.append(Spelling(f"{kind}, YYYY-MM-DD-NNNN of no-break hyphens", parted("\u2011", "\u2011"), kind))
    for name in ("hyphen", "no-break hyphen", "en dash", "blank"):
        for long in (True, False):
            digits = 8 if long else 6
            write = joined(SEPARATORS[name], long)
            found.append(Spelling(f"interim, {digits} {name} 4", write, "interim"))
    found.append(Spelling("interim, 12 letters", joined("", True), "interim"))
    return found


SPELLINGS = spellings()
# What a number may stand in.
CONTEXTS = ("{}", "Barnet {} i akten", "{}, Norr", "pnr: {}.", "({})")


def written(numbers: Numbers, count: int, bare: bool = False) -> Iterator[tuple[Spelling, Number, str]]:
    """So many numbers, in one spelling after the other, in a text unless they are to stand bare."""
    for place in range(count):
        spelling = SPELLINGS[place % len(SPELLINGS)]
        turn = place // len(SPELLINGS)
        number = numbers.next(spelling.kind, right=not spelling.any_digit or turn % 2 == 0)
        text = spelling.write(number)
        yield spelling, number, text if bare else CONTEXTS[turn % len(CONTEXTS)].format(text)
