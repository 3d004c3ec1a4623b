"""Memory: the peak with unusual exports.

Four shapes that real exports can have by mistake: two exports that overlap in every case, half of all rows at
fault in different ways, a column of a hundred thousand values as units, and many units with twenty subgroups.
Each command must stay below a gigabyte or refuse the exports and say why. With few rows the program itself is
most of what is measured, so the short attack looks at what each further row adds; `--long` makes two million
repeated cases and ten million rows, and looks at the peak.
"""

import datetime as dt
import math
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from frame import Arguments, Checks, arguments, work_folder
from running import UNUSABLE_DATA, Ended, last_line, run

MEGABYTE = 1_000_000
PEAK = 1_000 * MEGABYTE
AS_OF = dt.date(2024, 8, 31)
FIRST_START = dt.date(2020, 1, 1)
DAYS = [(FIRST_START + dt.timedelta(days)).isoformat() for days in range(1_900)]
LAST_DAY = (AS_OF - FIRST_START).days
UNITS, SUBGROUPS, MANY_UNITS = 60, 20, 100_000

PROJECT = """\
as_of = {as_of}
language = "en"

[[source]]
control = "child-investigation"
files = ["*.csv"]
duplicates = "{duplicates}"
columns = {{ case_id = "Ärendenr", start = "Inledd", end = "Avslutad", group = "Enhet"{subgroup} }}
"""


def plain(number: int, generator: random.Random) -> list[str]:
    """Case number, unit, start and end; those that ended after the as-of date are open."""
    start = generator.randrange(1_500)
    end = start + generator.randrange(20, 220)
    return [f"BU-2024-{number:08}", f"Enhet {number % 20}", DAYS[start], DAYS[end] if end <= LAST_DAY else ""]


def faulty(number: int, generator: random.Random) -> list[str]:
    """Every other row can be judged; the others are at fault in four ways."""
    row = plain(number, generator)
    match number % 8:
        case 1:
            row[2] = "okänt"
        case 3:
            row[2] = "2024-02-31"
        case 5:
            row[2:] = ["2024-05-05", "2024-04-04"]
        case 7:
            row[2] = ""
    return row


def of_many_units(number: int, generator: random.Random) -> list[str]:
    """As many units as there are cases, up to a hundred thousand, over twenty years."""
    row = plain(number, generator)
    start = AS_OF - dt.timedelta(generator.randrange(7_300))
    row[1:] = [f"Enhet {number % MANY_UNITS}", start.isoformat(), ""]
    return row


def of_subgroups(number: int, generator: random.Random) -> list[str]:
    """Units with subgroups."""
    row = plain(number, generator)
    return [row[0], f"Enhet {number % UNITS}", f"Grupp {number // UNITS % SUBGROUPS}", *row[2:]]


@dataclass(frozen=True)
class Shape:
    """Exports of one kind, and what a command on them may need."""

    name: str
    row: Callable[[int, random.Random], list[str]]
    # Rows in the short attack and in the long one.
    rows: tuple[int, int]
    # What each further row may add, in bytes; none where the exports are refused.
    bytes_a_row: int | None
    copies: int = 1
    duplicates: str = "reject"
    has_subgroups: bool = False
    refused_as: str | None = None

    def write(self, folder: Path, rows: int) -> None:
        """Writes the project and its exports."""
        folder.mkdir()
        subgroup = ', subgroup = "Grupp"' if self.has_subgroups else ""
        project = PROJECT.format(as_of=AS_OF, duplicates=self.duplicates, subgroup=subgroup)
        (folder / "frist.toml").write_text(project, encoding="utf-8")
        headings = ["Ärendenr", "Enhet", *(["Grupp"] if self.has_subgroups else []), "Inledd", "Avslutad"]
        for copy in range(self.copies):
            with (folder / f"{copy}.csv").open("w", encoding="utf-8") as file:
                file.write(f"{';'.join(headings)}\n")
                file.writelines(f"{';'.join(cells)}\n" for cells in self.cells(rows))

    def cells(self, rows: int) -> Iterator[list[str]]:
        """The rows, the same in every copy."""
        generator = random.Random(12)
        return (self.row(number, generator) for number in range(rows))


SHAPES = [
    Shape("overlapping exports", plain, (240_000, 2_000_000), 500, copies=2, duplicates="last"),
    Shape("equal rows", plain, (240_000, 2_000_000), 500, copies=2),
    Shape("half of all rows at fault", faulty, (240_000, 10_000_000), 200),
    Shape("100,000 units", of_many_units, (200_000, 2_000_000), None, refused_as="too-many-groups"),
    Shape("60 units of 20 subgroups", of_subgroups, (240_000, 2_000_000), 500, has_subgroups=True),
]


def commands(binary: Path, folder: Path) -> list[list[str]]:
    """What is tried on exports."""
    out = str(folder.with_name(f"{folder.name}-reports"))
    return [
        [str(binary), "run", str(folder), "--out", out, "--forms", "md", "--threads", "2"],
        [str(binary), "check", str(folder), "--format", "csv", "--threads", "2"],
    ]


def troubles(shape: Shape, ended: Ended) -> list[str]:
    """What is wrong with how a command ended."""
    found = ended.fallen() or (ended.failed() if shape.refused_as is None else [])
    if ended.memory > PEAK:
        found.append(f"{ended.memory / MEGABYTE:.0f} MB at its peak")
    if shape.refused_as and (ended.code != UNUSABLE_DATA or shape.refused_as not in ended.stderr):
        found.append(f"not refused as {shape.refused_as}: exit code {ended.code}: {last_line(ended.stderr)}")
    return found


def attack(shape: Shape, given: Arguments, work: Path, checks: Checks) -> None:
    """Tries every command on few rows and on many."""
    many = shape.rows[given.long]
    few = many // 4
    folders = [work / f"{shape.name} {rows}".replace(" ", "-").replace(",", "") for rows in (few, many)]
    for folder, rows in zip(folders, (few, many)):
        shape.write(folder, rows)
    for on_few, on_many in zip(*(commands(given.binary, folder) for folder in folders)):
        first, second = (run(command, seconds=math.inf, stdout=subprocess.DEVNULL) for command in (on_few, on_many))
        a_row = (second.memory - first.memory) / (many - few)
        print(
            f"{shape.name}, {on_many[1]}: {many} rows, {second.memory / MEGABYTE:.0f} MB, {a_row:.0f} bytes a row more",
            flush=True,
        )
        found = troubles(shape, second)
        if shape.bytes_a_row is not None and a_row > shape.bytes_a_row:
            found.append(f"{a_row:.0f} bytes for each further row, at most {shape.bytes_a_row}")
        checks.holds(shape.name, on_many[1], found)


def main() -> int:
    """Attacks with every shape, one after the other, so that the disk holds one at a time."""
    given, checks = arguments(), Checks("memory")
    for shape in (shape for shape in SHAPES if given.wants(shape.name)):
        with work_folder(given, "memory") as work:
            attack(shape, given, work, checks)
    return checks.close_with()


if __name__ == "__main__":
    sys.exit(main())
