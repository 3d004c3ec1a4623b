"""The Swedish calendar of 1990-2100: frist's named days and rolls against the holidays package.

The package is kept by other people from the same acts: public holidays in its category `public`,
the three eves in `de_facto`. Two holidays can share a date (1 May and Ascension Day in 2008), so
the sets of dates are compared. The file is not called calendar.py because that would hide Python's
own module.
"""

import csv
import datetime as dt
import io
import sys
from pathlib import Path

from common import Comparison, binary_from_arguments, rolled_days, run_frist, swedish_days

FIRST_YEAR, LAST_YEAR = 1990, 2100
# frist's kind of day, and the category of the holidays package that holds the same.
CATEGORIES = {"public": "public", "eve": "de_facto"}


def listed(binary: Path, year: int) -> list[dict[str, str]]:
    """The rows that frist prints for a year."""
    text = run_frist(binary, "calendar", year, "--format", "csv", "--lang", "en")
    return list(csv.DictReader(io.StringIO(text)))


def compare_year(
    comparison: Comparison, year: int, rows: list[dict[str, str]], rolled: dict[dt.date, dt.date]
) -> None:
    """Compares the dates of each kind, and where a deadline on each of them goes."""
    for kind, category in CATEGORIES.items():
        frist = {row["date"] for row in rows if row["kind"] == kind}
        peer = {day.isoformat() for day in swedish_days(category, year, year)}
        for day in sorted(frist | peer):
            comparison.equal(f"{day} is {kind}", day in frist, day in peer)
    for row in rows:
        if row["kind"] not in CATEGORIES:
            comparison.differ(f"{row['date']}: unknown kind {row['kind']!r}")
        day = dt.date.fromisoformat(row["date"])
        to = rolled.get(day)
        comparison.equal(f"{day} rolls to", row["rolls_to"], to and to.isoformat())


def main() -> int:
    """Runs the check; returns the exit code."""
    binary = binary_from_arguments()
    comparison = Comparison()
    rolled = rolled_days(dt.date(FIRST_YEAR, 1, 1), dt.date(LAST_YEAR, 12, 31))
    rows_in_all = 0
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        rows = listed(binary, year)
        rows_in_all += len(rows)
        compare_year(comparison, year, rows, rolled)
    years = LAST_YEAR - FIRST_YEAR + 1
    return comparison.close_with(
        f"calendar: {years} years, {rows_in_all} days, {comparison.differing} differences"
    )


if __name__ == "__main__":
    sys.exit(main())
