"""Every start date of 1990-2100 under every length of deadline: frist's due dates against others'.

`due` and `due_reference` are compared with python-dateutil's relativedelta, `due_rolled` with the
days of the holidays package. Neither shares code or tables with frist: frist counts days since 1970
and works out Easter itself, relativedelta adds to year and month and cuts the day to the month's
length, and the holidays package has its own calendars.
"""

import csv
import datetime as dt
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from dateutil.relativedelta import relativedelta

from common import ONE_DAY, Comparison, binary_from_arguments, rolled_days, rule_text, run_frist

FIRST_START = dt.date(1990, 1, 1)
LAST_DAY = dt.date(2100, 12, 31)
# Days that case systems write for "none", which frist reads as an empty cell.
NO_DAYS = {dt.date(2079, 6, 6), dt.date(2099, 12, 31), dt.date(2100, 1, 1)}
LENGTHS = {"months": (1, 2, 3, 4, 6, 12), "weeks": (1, 2, 3, 4, 8), "days": (1, 7, 14, 90, 120)}
REFERENCE = {"days": 120}


class Clock:
    """A length of deadline; those in months have a reference method too."""

    def __init__(self, unit: str, number: int) -> None:
        self.control = f"after-{number}-{unit}"
        self.method = f"{number} {unit}"
        self.step = relativedelta(**{unit: number})
        self.reference = relativedelta(**REFERENCE) if unit == "months" else None

    def rule(self) -> str:
        """The rule to put into the rulebook."""
        reference = f"{REFERENCE['days']} days" if self.reference else None
        return rule_text(self.control, self.method, "Start", "Slut", reference)


CLOCKS = {
    clock.control: clock
    for clock in (Clock(unit, number) for unit, numbers in LENGTHS.items() for number in numbers)
}


def start_days() -> Iterator[dt.date]:
    """Every start date."""
    day = FIRST_START
    while day <= LAST_DAY:
        if day not in NO_DAYS:
            yield day
        day += ONE_DAY


def write_project(folder: Path) -> dict[str, dt.date]:
    """Writes one export, a source and a rule a clock; returns the start date of every case."""
    starts = {f"A{number:05d}": day for number, day in enumerate(start_days())}
    rows = [f"{case};{day.isoformat()};\n" for case, day in starts.items()]
    (folder / "starts.csv").write_text("Ärendenr;Start;Slut\n" + "".join(rows), encoding="utf-8")
    rules = "".join(clock.rule() for clock in CLOCKS.values())
    (folder / "regler.toml").write_text(rules, encoding="utf-8")
    sources = [
        f'[[source]]\ncontrol = "{control}"\nfiles = ["starts.csv"]\n\n' for control in CLOCKS
    ]
    head = f'organisation = "Dates"\nas_of = {LAST_DAY.isoformat()}\nrulebook = "regler.toml"\n\n'
    (folder / "frist.toml").write_text(head + "".join(sources), encoding="utf-8")
    return starts


def compare_row(
    comparison: Comparison,
    row: dict[str, str],
    start: dt.date,
    rolled: dict[dt.date, dt.date],
) -> None:
    """Compares the three due dates of one case under one clock."""
    clock = CLOCKS[row["control"]]
    what = f"{start} + {clock.method}"
    due = start + clock.step
    comparison.equal(f"{what}, start", row["start"], start.isoformat())
    comparison.equal(f"{what}, due", row["due"], due.isoformat())
    # The holidays package ends with 2100.
    if due <= LAST_DAY:
        comparison.equal(f"{what}, due_rolled", row["due_rolled"], rolled[due].isoformat())
    reference = (start + clock.reference).isoformat() if clock.reference else ""
    comparison.equal(f"{what}, due_reference", row["due_reference"], reference)


def main() -> int:
    """Runs the check; returns the exit code."""
    binary = binary_from_arguments()
    comparison = Comparison()
    rolled = rolled_days(FIRST_START, LAST_DAY)
    seen = set()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "project"
        folder.mkdir()
        starts = write_project(folder)
        list_file = Path(name) / "cases.csv"
        run_frist(binary, "cases", folder, "--out", list_file, "--as-of", LAST_DAY.isoformat())
        with list_file.open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                key = (row["control"], row["case_id"])
                if key in seen or key[0] not in CLOCKS or key[1] not in starts:
                    comparison.differ(f"{key}: listed twice, or never asked for")
                    continue
                seen.add(key)
                compare_row(comparison, row, starts[key[1]], rolled)
    comparison.equal("rows", len(seen), len(starts) * len(CLOCKS))
    return comparison.close_with(
        f"dates: {len(starts)} starts x {len(CLOCKS)} clocks, {comparison.differing} differences"
    )


if __name__ == "__main__":
    sys.exit(main())
