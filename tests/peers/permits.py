"""Real cases: permit applications of a Dutch municipality, judged by frist and by plain Python.

The file (case,channel,department,group,startdate,enddate,deadline) is not part of the project;
without its path the check is skipped. Python reads it with its own csv module and turns the
timestamps into Swedish days with zoneinfo; frist shares no code with either. The numbers for the
whole file are also fixed below, so that a change on both sides would still be seen.
"""

import csv
import datetime as dt
import json
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from common import Comparison, binary_from_arguments, groups_of, rule_text, run_frist

AS_OF = dt.date(2012, 1, 31)
EIGHT_WEEKS = dt.timedelta(weeks=8)
STOCKHOLM = ZoneInfo("Europe/Stockholm")
LEDGER = ("rows", "counted", "open", "excluded", "rejected")
KNOWN_LEDGER = {"rows": 1434, "counted": 1329, "open": 105, "excluded": 0, "rejected": 0}
KNOWN_DEVIATIONS = {"ignore": 479, "honour": 307}


@dataclass(frozen=True)
class Permit:
    """A case as it stood on the as-of date."""

    group: str
    due: dt.date
    ended: dt.date | None


def swedish_day(timestamp: str) -> dt.date | None:
    """The day in Sweden; none for an empty cell."""
    if not timestamp:
        return None
    return dt.datetime.fromisoformat(timestamp).astimezone(STOCKHOLM).date()


def read_permits(path: Path, extensions: str, ledger: Counter) -> Iterator[Permit]:
    """Reads the cases and counts what becomes of the rows; the file has no unreadable ones."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            start, end, deadline = (
                swedish_day(row[column]) for column in ("startdate", "enddate", "deadline")
            )
            ledger["rows"] += 1
            if start > AS_OF:
                ledger["excluded"] += 1
                continue
            if end and end < start:
                ledger["rejected"] += 1
                continue
            ended = end if end and end <= AS_OF else None
            ledger["counted" if ended else "open"] += 1
            due = start + EIGHT_WEEKS
            if extensions == "honour" and deadline and deadline > due:
                due = deadline
            yield Permit(row["group"], due, ended)


def peer_years(permits: list[Permit]) -> dict[str, tuple[int, int, int]]:
    """Closed cases, deviations and cases open past their due date at its end, of every year."""
    years = {}
    first = min(permit.ended.year for permit in permits if permit.ended)
    for year in range(first, AS_OF.year + 1):
        closed = [permit for permit in permits if permit.ended and permit.ended.year == year]
        end = min(dt.date(year, 12, 31), AS_OF)
        overdue = [
            permit
            for permit in permits
            if permit.due < end and not (permit.ended and permit.ended <= end)
        ]
        deviations = sum(permit.ended > permit.due for permit in closed)
        years[str(year)] = (len(closed), deviations, len(overdue))
    return years


def frist_years(periods: list[dict]) -> dict[str, tuple[int, int, int]]:
    """The same of frist's results."""
    return {
        period["period"]: (period["cases"], period["deviations"], period["open_overdue"])
        for period in periods
    }


def totals_by_group(permits: list[Permit]) -> dict[str, tuple[int, int]]:
    """Closed cases and deviations of every group, over all years."""
    totals = {}
    for name in {permit.group for permit in permits}:
        closed = [permit for permit in permits if permit.ended and permit.group == name]
        totals[name] = (len(closed), sum(permit.ended > permit.due for permit in closed))
    return totals


def frist_totals(groups: list[dict]) -> dict[str, tuple[int, int]]:
    """The same of frist's results."""
    return {
        group["name"]: (
            sum(period["cases"] for period in group["periods"]),
            sum(period["deviations"] for period in group["periods"]),
        )
        for group in groups
    }


def run_permits(binary: Path, permits: Path, extensions: str) -> dict:
    """Runs frist on a project of its own; returns its results."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "project"
        folder.mkdir()
        shutil.copyfile(permits, folder / "permits.csv")
        rule = rule_text("permit", "8 weeks", "startdate", "enddate")
        (folder / "regler.toml").write_text(rule, encoding="utf-8")
        (folder / "frist.toml").write_text(
            f"""organisation = "Permits"
as_of = {AS_OF.isoformat()}
rulebook = "regler.toml"
extensions = "{extensions}"

[[source]]
control = "permit"
files = ["permits.csv"]

[source.columns]
case_id = "case"
start = "startdate"
end = "enddate"
extended_to = "deadline"
group = "group"

[[control]]
id = "permit"
cases = "all"
""",
            encoding="utf-8",
        )
        out = Path(name) / "out"
        run_frist(binary, "run", folder, "--out", out, "--period", "year")
        return json.loads((out / "data/results.json").read_text(encoding="utf-8"))


def compare(comparison: Comparison, binary: Path, path: Path, extensions: str) -> None:
    """Compares frist, Python and the known numbers for one reading of the extensions."""
    ledger = Counter(dict.fromkeys(LEDGER, 0))
    permits = list(read_permits(path, extensions, ledger))
    results = run_permits(binary, path, extensions)
    control = results["controls"][0]
    years = frist_years(control["periods"])
    what = f"extensions {extensions}"
    for field in LEDGER:
        comparison.equal(f"{what}, {field}", results["inputs"][0][field], ledger[field])
        comparison.equal(f"{what}, {field}, known", ledger[field], KNOWN_LEDGER[field])
    for name, peer in peer_years(permits).items():
        comparison.equal(f"{what}, {name}", years.get(name), peer)
    groups, peer_groups = frist_totals(groups_of(control)), totals_by_group(permits)
    for name in sorted(groups.keys() | peer_groups.keys()):
        comparison.equal(f"{what}, group {name!r}", groups.get(name), peer_groups.get(name))
    cases = sum(cases for cases, _, _ in years.values())
    deviations = sum(deviations for _, deviations, _ in years.values())
    comparison.equal(f"{what}, cases, known", cases, KNOWN_LEDGER["counted"])
    comparison.equal(f"{what}, deviations, known", deviations, KNOWN_DEVIATIONS[extensions])


def main() -> int:
    """Runs the check; returns the exit code."""
    if len(sys.argv) < 3:
        print("permits: skipped, no file given")
        return 0
    binary, path = binary_from_arguments(), Path(sys.argv[2]).resolve()
    comparison = Comparison()
    for extensions in KNOWN_DEVIATIONS:
        compare(comparison, binary, path, extensions)
    return comparison.close_with(
        f"permits: {KNOWN_LEDGER['rows']} cases, {comparison.compared} numbers compared, "
        f"{comparison.differing} differing"
    )


if __name__ == "__main__":
    sys.exit(main())
