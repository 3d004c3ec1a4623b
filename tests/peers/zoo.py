"""An export zoo: one table in 96 files, as the analysts' programs write them.

Every encoding goes with every separator and every line end. What else varies among exports (titles
above the headings, blank lines and columns, totals, repeated headings, spellings of headings, how
dates and empty cells are written) rotates from file to file, so that each occurs with all of them.
Whatever the file, the figures must be those of the plain one. Python writes the files with its own
codecs and csv module.
"""

import csv
import datetime as dt
import io
import json
import random
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from common import ONE_DAY, Comparison, binary_from_arguments, groups_of

CASES = 60
SEED = 20240831
AS_OF = dt.date(2024, 8, 31)
FIRST_START = dt.date(2022, 11, 1)
WORKERS = 2

# Letters that every one of the encodings has.
UNITS = ("Östra", "Ängen", "Åby", "Södermöre", "Västra Hällån", "Café Ekön")
NOTES = (
    "",
    "Återaktualiserad",
    "brev; samtal, möte | besök\tåter",
    "första raden\nandra raden",
    'kallas "Lönnen" här',
    'först; så "sen"\n\nsist',
    '"',
    "12½ år, 30 §",
)


@dataclass(frozen=True)
class Case:
    """A made-up child investigation."""

    number: str
    started: dt.date
    ended: dt.date | None
    unit: str
    note: str


def made_up_cases() -> list[Case]:
    """Cases closed in time and late, and open ones; the same on every machine."""
    draw = random.Random(SEED)
    cases = []
    for number in range(CASES):
        started = FIRST_START + draw.randrange(600) * ONE_DAY
        ended = started + draw.randrange(30, 190) * ONE_DAY
        is_open = ended > AS_OF or number % 7 == 3
        unit, note = UNITS[number % len(UNITS)], NOTES[number % len(NOTES)]
        cases.append(Case(f"B{number:04d}", started, None if is_open else ended, unit, note))
    return cases


def excel_serial(day: dt.date) -> int:
    """The day as Excel counts days on Windows."""
    return (day - dt.date(1899, 12, 30)).days


ENCODINGS = {
    "utf-8": lambda text: text.encode("utf-8"),
    "utf-8-mark": lambda text: text.encode("utf-8-sig"),
    "utf-8-nfd": lambda text: unicodedata.normalize("NFD", text).encode("utf-8"),
    "windows-1252": lambda text: text.encode("cp1252"),
    "iso-8859-1": lambda text: text.encode("latin-1"),
    "utf-16le": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "utf-16be": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "cp850": lambda text: text.encode("cp850"),
}
SEPARATORS = {"semicolon": ";", "comma": ",", "tab": "\t", "bar": "|"}
LINE_ENDS = {"crlf": "\r\n", "lf": "\n", "cr": "\r"}

DATES: dict[str, Callable[[dt.date], str]] = {
    "iso": dt.date.isoformat,
    "midnight": lambda day: f"{day.isoformat()} 00:00:00",
    "eight-digits": lambda day: f"{day:%Y%m%d}",
    "six-digits": lambda day: f"{day:%y%m%d}",
    "dots": lambda day: f"{day:%d.%m.%Y}",
    "swedish": lambda day: f"{day.day}/{day.month} {day.year}",
    "slashes": lambda day: f"{day:%d/%m/%Y}",
    "serial": lambda day: str(excel_serial(day)),
}
NO_DATE = ("", "-", "NULL", "9999-12-31", "\u00a0")
HEADINGS = (
    ("Ärendenr", "Utredning inledd", "Utredning avslutad", "Enhet", "Notering"),
    ("ÄRENDENR", "UTREDNING INLEDD", "UTREDNING AVSLUTAD", "ENHET", "NOTERING"),
    ("arendenr", "utredning_inledd", "utredning_avslutad", "enhet", "notering"),
    ("Ärende nr", "Utredning  inledd", "Utredning-avslutad ", "Enhet.", "Notering"),
    ("Ärendenummer", "Inledningsdatum", "Utredning slutdatum", "Utredande enhet", "Notering"),
)


@dataclass(frozen=True)
class Variant:
    """How one file is written, apart from its encoding."""

    separator: str = ";"
    line_end: str = "\n"
    start_dates: str = "iso"
    end_dates: str = "iso"
    no_date: str = ""
    headings: tuple[str, ...] = HEADINGS[0]
    separator_line: bool = False
    titles: bool = False
    blank_lines: bool = False
    blank_columns: int = 0
    totals: bool = False
    headings_again: bool = False
    all_quoted: bool = False

    def rows(self, cases: list[Case]) -> Iterator[list[str]]:
        """The rows of the file, cell by cell."""
        if self.titles:
            yield ["Uttag ur verksamhetssystemet, Ängens kommun"]
            yield ["Alla enheter", "2022-11-01", "2024-08-31"]
        if self.blank_lines:
            yield []
        blank = [""] * self.blank_columns
        yield [*self.headings, *blank]
        for place, case in enumerate(cases):
            if self.headings_again and place == CASES // 2:
                yield [*self.headings, *blank]
            if self.blank_lines and place % 20 == 10:
                yield []
                yield [""] * len(self.headings) + blank
            started = DATES[self.start_dates](case.started)
            ended = DATES[self.end_dates](case.ended) if case.ended else self.no_date
            yield [case.number, started, ended, case.unit, case.note, *blank]
        if self.totals:
            closed = sum(case.ended is not None for case in cases)
            yield ["Summa", str(CASES), str(closed), "", "", *blank]

    def text(self, cases: list[Case]) -> str:
        """The file before it is encoded."""
        lines = io.StringIO()
        if self.separator_line:
            lines.write(f"sep={self.separator}\n")
        quoting = csv.QUOTE_ALL if self.all_quoted else csv.QUOTE_MINIMAL
        writer = csv.writer(lines, delimiter=self.separator, lineterminator="\n", quoting=quoting)
        writer.writerows(self.rows(cases))
        return lines.getvalue().replace("\n", self.line_end)


def rotated(number: int, separator: str, line_end: str) -> Variant:
    """The variant of a file.

    What varies goes round in steps that share no factor with 3 line ends and 4 separators, or moves on
    with the encoding; `check_variety` holds that to be enough.
    """
    styles, turn = list(DATES), number // 12
    return Variant(
        separator=separator,
        line_end=line_end,
        start_dates=styles[(number + turn) % 8],
        end_dates=styles[(3 * number + 2 * turn + number // 4) % 8],
        no_date=NO_DATE[number % 5],
        headings=HEADINGS[(number + turn) % 5],
        separator_line=number % 7 in (0, 3),
        titles=number % 5 in (1, 4),
        blank_lines=number % 7 in (1, 2, 5),
        blank_columns=(0, 0, 1, 0, 3)[number * 2 % 5],
        totals=number % 11 < 5,
        headings_again=number % 13 < 5,
        all_quoted=number % 7 in (2, 6),
    )


def run_file(binary: Path, path: Path, out: Path) -> dict | str:
    """The results of an export or a folder of them, or what frist said instead."""
    command = [binary, "run", path, "--as-of", AS_OF.isoformat(), "--out", out, "--lang", "en"]
    options = ["--threads", "1", "--forms", "md"]
    done = subprocess.run([*map(str, command), *options], capture_output=True)
    if done.returncode != 0:
        return f"exit code {done.returncode}: {done.stderr.decode(errors='replace').strip()}"
    return json.loads((out / "data/results.json").read_text(encoding="utf-8"))


def run_export(binary: Path, folder: Path, name: str, content: bytes) -> dict | str:
    """The results of one text export, or what frist said instead."""
    path = folder / f"{name}.csv"
    path.write_bytes(content)
    return run_file(binary, path, folder / name)


def counts(results: dict) -> dict[str, int]:
    """What became of the cases; rows that are not cases are not counted."""
    return {
        field: sum(entry[field] for entry in results["inputs"])
        for field in ("counted", "open", "rejected")
    }


def check_plain(comparison: Comparison, results: dict, cases: list[Case]) -> None:
    """The plain file must itself be read completely, and contain enough to detect a misreading."""
    closed = sum(case.ended is not None for case in cases)
    comparison.equal(
        "plain, cases", counts(results), {"counted": closed, "open": CASES - closed, "rejected": 0}
    )
    control = results["controls"][0]
    names = sorted(group["name"] for group in groups_of(control))
    comparison.equal("plain, units", names, sorted(UNITS))
    late = sum(period["deviations"] for period in control["periods"])
    comparison.equal("plain, some are late and some are not", 0 < late < closed, True)


def compare(comparison: Comparison, what: str, plain: dict, results: dict | str) -> None:
    """Compares the figures of a file with those of the plain one."""
    if isinstance(results, str):
        comparison.differ(f"{what}: {results}")
        return
    comparison.equal(f"{what}, cases", counts(results), counts(plain))
    comparison.equal(f"{what}, controls", len(results["controls"]), len(plain["controls"]))
    for control, wanted in zip(results["controls"], plain["controls"], strict=False):
        # The exports call the column of units by different names.
        for grouping in control["groupings"] + wanted["groupings"]:
            grouping.pop("column", None)
        parts = [
            part
            for part in sorted(control.keys() | wanted.keys())
            if control.get(part) != wanted.get(part)
        ]
        comparison.equal(f"{what}, what differs", parts, [])


def check_variety(comparison: Comparison, variants: list[Variant]) -> None:
    """Whatever rotates must occur with every separator and every line end."""
    met: Counter = Counter()
    for variant in variants:
        for what, value in vars(variant).items():
            met[what, value, variant.separator, variant.line_end] += 1
    values = {(what, value) for what, value, _, _ in met if what not in ("separator", "line_end")}
    for (what, value), (separator, line_end) in product(
        values, product(SEPARATORS.values(), LINE_ENDS.values())
    ):
        if not met[what, value, separator, line_end]:
            comparison.differ(f"{what} {value!r} never goes with {separator!r} and {line_end!r}")


def main() -> int:
    """Runs the check; returns the exit code."""
    binary = binary_from_arguments()
    comparison = Comparison()
    cases = made_up_cases()
    kinds = list(product(ENCODINGS, SEPARATORS, LINE_ENDS))
    variants = [
        rotated(number, SEPARATORS[separator], LINE_ENDS[line_end])
        for number, (_, separator, line_end) in enumerate(kinds)
    ]
    check_variety(comparison, variants)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain = run_export(binary, folder, "plain", ENCODINGS["utf-8"](Variant().text(cases)))
        if isinstance(plain, str):
            sys.exit(f"zoo: the plain file: {plain}")
        check_plain(comparison, plain, cases)

        def run_one(kind: tuple[str, str, str], variant: Variant) -> dict | str:
            return run_export(
                binary, folder, "_".join(kind), ENCODINGS[kind[0]](variant.text(cases))
            )

        with ThreadPoolExecutor(WORKERS) as pool:
            for kind, variant, results in zip(
                kinds, variants, pool.map(run_one, kinds, variants), strict=True
            ):
                compare(comparison, f"{' '.join(kind)}, {variant}", plain, results)
    return comparison.close_with(f"zoo: {len(kinds)} files, {comparison.differing} differences")


if __name__ == "__main__":
    sys.exit(main())
