"""A million random child investigations: frist's results against DuckDB and statsmodels.

DuckDB reads the same export in SQL (shares.sql), which splits the lines, reads the dates, adds
four months and groups by itself; the days a deadline cannot fall on come from the holidays package.
The intervals are those of statsmodels: Wilson's for a share, Newcombe's hybrid score interval
(1998, method 10; `newcomb` there) for a change. frist and the peers share nothing but the export.
"""

import datetime as dt
import json
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from common import ONE_DAY, Comparison, binary_from_arguments, groups_of, rolled_days, run_frist

CASES = 1_000_000
SEED = 20240831
AS_OF = dt.date(2024, 8, 31)
FIRST_START = dt.date(2019, 1, 1)
LAST_START = dt.date(2024, 10, 31)
CONTROL = "child-investigation"
HEADINGS = "Ärendenr;Utredning inledd;Utredning avslutad;Förlängd till;Beslut om förlängning;Enhet"
UNITS = ("Norr", "Söder", "Öster", "Väster", "Mottagning Åkersberga")
IMPOSSIBLE = ("2023-02-30", "2023-02-29", "2022-13-01", "2021-04-31", "2020-00-10", "2024-06-00")
UNREADABLE = ("okänt", "??", "se akt", "20x3-05-01", "9997-12-31")

KINDS = ("month", "quarter", "tertial", "half-year", "year")
COHORTS = ("closed", "due", "started")
COUNTS = ("cases", "deviations", "reference_deviations", "rolled_deviations", "extended")
LEDGER = ("rows", "counted", "open", "excluded", "rejected")
NO_CASES = dict.fromkeys(COUNTS, 0)
# Shares are written with six decimals, percentage points with four.
SHARE_TOLERANCE = 1e-6
POINTS_TOLERANCE = 1e-4


def random_days(draw: random.Random, days: list[str]) -> list[str]:
    """Start, end, extended to and decided of one case, as the export writes them."""
    start = draw.randrange((LAST_START - FIRST_START).days + 1)
    end = start + draw.randrange(251)
    extended_to = decided = ""
    if draw.random() < 0.10:
        new_due = start + draw.randrange(100, 240)
        extended_to = days[new_due]
        if draw.random() < 0.5:
            end = max(start, new_due + draw.randrange(-3, 4))
        if draw.random() < 0.85:
            decided = days[start + draw.randrange(60, 135)]
    is_open = draw.random() < 0.15
    return [days[start], "" if is_open else days[end], extended_to, decided]


def spoil(draw: random.Random, cells: list[str], days: list[str]) -> list[str]:
    """Makes one of the faults of an export in a row of six cells."""
    fault = draw.randrange(5)
    date_cell = draw.randrange(1, 5)
    if fault == 0:
        cells[date_cell] = draw.choice(IMPOSSIBLE)
    elif fault == 1:
        cells[date_cell] = draw.choice(UNREADABLE)
    elif fault == 2:
        start, end = sorted(
            draw.sample(range((LAST_START - FIRST_START).days + 1), 2), reverse=True
        )
        cells[1:3] = [days[start], days[end]]
    elif fault == 3:
        cells[1] = ""
    else:
        cells = cells[: draw.randrange(1, 6)]
    return cells


def export_lines(cases: int) -> Iterator[str]:
    """The lines of the export, headings first; the same on every machine."""
    draw = random.Random(SEED)
    last_day = LAST_START + 400 * ONE_DAY
    length = (last_day - FIRST_START).days
    days = [(FIRST_START + number * ONE_DAY).isoformat() for number in range(length)]
    yield HEADINGS + "\n"
    for number in range(cases):
        cells = [f"B{number:07d}", *random_days(draw, days), draw.choice(UNITS)]
        if draw.random() < 0.01:
            cells = spoil(draw, cells, days)
        yield ";".join(cells) + "\n"


def write_export(path: Path, cases: int) -> None:
    """Writes the export."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(export_lines(cases))


def write_rolls(path: Path) -> None:
    """Writes where a deadline on any day goes by the next-weekday rule, for DuckDB to read."""
    rolled = rolled_days(FIRST_START, LAST_START + 400 * ONE_DAY)
    rows = [f"{day.isoformat()},{to.isoformat()}\n" for day, to in rolled.items()]
    path.write_text("day,rolls_to\n" + "".join(rows), encoding="utf-8")


class Peer:
    """DuckDB's answers."""

    def __init__(self, export: Path, rolls: Path) -> None:
        connection = duckdb.connect()
        connection.execute("SET VARIABLE export = $1", [str(export)])
        connection.execute("SET VARIABLE rolls = $1", [str(rolls)])
        connection.execute("SET VARIABLE as_of = CAST($1 AS DATE)", [AS_OF.isoformat()])
        connection.execute(Path(__file__).with_name("shares.sql").read_text(encoding="utf-8"))
        ledger = connection.execute(f"SELECT {', '.join(LEDGER)} FROM ledger").fetchone()
        self.ledger = dict(zip(LEDGER, ledger, strict=True))
        self.counts = {
            row[:4]: dict(zip(COUNTS, row[4:], strict=True))
            for row in connection.execute(
                f"SELECT cohort, kind, unit, period, {', '.join(COUNTS)} FROM counts"
            ).fetchall()
        }
        self.overdue = {
            row[:3]: row[3]
            for row in connection.execute(
                "SELECT kind, unit, period, open_overdue FROM overdue"
            ).fetchall()
        }
        self.periods = {
            (cohort, kind): self._periods(connection, cohort, kind)
            for cohort in COHORTS
            for kind in KINDS
        }

    @staticmethod
    def _periods(connection: duckdb.DuckDBPyConnection, cohort: str, kind: str) -> list[str]:
        """The periods from the cohort's first case to the as-of date, in order and without gaps."""
        query = """
            SELECT period FROM period
            WHERE kind = $kind AND first_day >= (
                SELECT min(period.first_day) FROM period JOIN counts USING (kind, period)
                WHERE kind = $kind AND cohort = $cohort
            )
            ORDER BY first_day
        """
        rows = connection.execute(query, {"cohort": cohort, "kind": kind}).fetchall()
        return [period for (period,) in rows]

    def figures(self, cohort: str, kind: str, unit: str | None, period: str) -> dict[str, int]:
        """The counts of a period, for all units if `unit` is None."""
        counts = self.counts.get((cohort, kind, unit, period), NO_CASES)
        return counts | {"open_overdue": self.overdue[kind, unit, period]}


def share(counts: dict[str, int], deviations: str = "deviations") -> float | None:
    """The share of deviations."""
    return counts[deviations] / counts["cases"] if counts["cases"] else None


def share_interval(counts: dict[str, int]) -> tuple[float, float] | None:
    """Wilson's 95 % interval, by statsmodels."""
    if not counts["cases"]:
        return None
    return proportion_confint(counts["deviations"], counts["cases"], alpha=0.05, method="wilson")


def change_in_points(now: dict[str, int], before: dict[str, int] | None) -> float | None:
    """The change of the share from the period before, in percentage points."""
    if before is None or not (now["cases"] and before["cases"]):
        return None
    return 100 * (share(now) - share(before))


def change_interval(
    now: dict[str, int], before: dict[str, int] | None
) -> tuple[float, float] | None:
    """Newcombe's 95 % interval of the change, by statsmodels, in percentage points."""
    if before is None or not (now["cases"] and before["cases"]):
        return None
    low, high = confint_proportions_2indep(
        now["deviations"],
        now["cases"],
        before["deviations"],
        before["cases"],
        method="newcomb",
        compare="diff",
        alpha=0.05,
    )
    return 100 * low, 100 * high


class Shares:
    """The comparison of frist's results with the peers'."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.counts = Comparison()
        self.ratios = Comparison()

    def compare(self, results: dict, cohort: str, kind: str) -> None:
        """Compares one results.json."""
        what = f"{cohort} by {kind}"
        self.compare_ledger(what, results["inputs"])
        controls = results["controls"]
        self.counts.equal(f"{what}, controls", [each["id"] for each in controls], [CONTROL])
        control = controls[0]
        self.counts.equal(f"{what}, cohort", control["cohort"], cohort)
        names = [group["name"] for group in groups_of(control)]
        self.counts.equal(f"{what}, groups", sorted(names), sorted(UNITS))
        self.compare_periods(control["periods"], cohort, kind, None)
        for group in groups_of(control):
            self.compare_periods(group["periods"], cohort, kind, group["name"])

    def compare_ledger(self, what: str, inputs: list[dict]) -> None:
        """Compares what became of the rows."""
        self.counts.equal(f"{what}, inputs", len(inputs), 1)
        for field in LEDGER:
            self.counts.equal(f"{what}, {field}", inputs[0][field], self.peer.ledger[field])

    def compare_periods(
        self, periods: list[dict], cohort: str, kind: str, unit: str | None
    ) -> None:
        """Compares every period of a unit, or of all units together."""
        what = f"{cohort} by {kind}, {unit or 'all units'}"
        names = [period["period"] for period in periods]
        wanted = self.peer.periods[cohort, kind]
        self.counts.equal(f"{what}, periods", names, wanted)
        if names != wanted:
            return
        before = None
        whole_before = True
        for period in periods:
            now = self.peer.figures(cohort, kind, unit, period["period"])
            where = f"{what}, {period['period']}"
            self.counts.equal(f"{where}, source", period.get("source"), "computed")
            for field, count in now.items():
                self.counts.equal(f"{where}, {field}", period.get(field), count)
            # No change is reported if more than one case in twenty cannot be judged yet.
            whole = period["undetermined"] * 20 <= period["cases"] + period["undetermined"]
            # Nor a share.
            shown = now if whole else dict.fromkeys(now, 0)
            self.compare_ratios(where, period, shown, before if whole and whole_before else None)
            before, whole_before = now, whole

    def compare_ratios(
        self, where: str, period: dict, now: dict[str, int], before: dict[str, int] | None
    ) -> None:
        """Compares the shares, the change and their intervals."""
        reference = share(now, "reference_deviations")
        for field, peer, tolerance in (
            ("share", share(now), SHARE_TOLERANCE),
            ("reference_share", reference, SHARE_TOLERANCE),
            ("change_pp", change_in_points(now, before), POINTS_TOLERANCE),
        ):
            self.ratios.close(f"{where}, {field}", period.get(field), peer, tolerance)
        for field, peer, tolerance in (
            ("ci95", share_interval(now), SHARE_TOLERANCE),
            ("change_ci95", change_interval(now, before), POINTS_TOLERANCE),
        ):
            ends = zip(period.get(field) or (None, None), peer or (None, None), strict=True)
            for frist, end in ends:
                self.ratios.close(f"{where}, {field}", frist, end, tolerance)


def run_cohort(binary: Path, folder: Path, cohort: str, kind: str) -> dict:
    """Runs frist with a cohort and a kind of period; returns its results."""
    (folder / "frist.toml").write_text(
        f"""organisation = "Shares"
as_of = {AS_OF.isoformat()}

[[source]]
control = "{CONTROL}"
files = ["cases.csv"]

[[control]]
id = "{CONTROL}"
cohort = "{cohort}"
cases = "all"
""",
        encoding="utf-8",
    )
    out = folder.parent / f"{cohort}-{kind}"
    run_frist(binary, "run", folder, "--out", out, "--period", kind, "--forms", "md")
    return json.loads((out / "data/results.json").read_text(encoding="utf-8"))


def main() -> int:
    """Runs the check; returns the exit code. A second argument makes it another number of cases."""
    binary = binary_from_arguments()
    cases = int(sys.argv[2]) if len(sys.argv) > 2 else CASES
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "project"
        folder.mkdir()
        write_export(folder / "cases.csv", cases)
        write_rolls(Path(name) / "rolls.csv")
        shares = Shares(Peer(folder / "cases.csv", Path(name) / "rolls.csv"))
        for cohort in COHORTS:
            for kind in KINDS:
                shares.compare(run_cohort(binary, folder, cohort, kind), cohort, kind)
    ratios_code = shares.ratios.close_with(
        f"shares: {shares.ratios.compared} shares, changes and ends of intervals compared, "
        f"{shares.ratios.differing} differing"
    )
    counts_code = shares.counts.close_with(
        f"shares: {cases} cases, {shares.counts.compared} counts compared, "
        f"{shares.counts.differing} differing"
    )
    return max(ratios_code, counts_code)


if __name__ == "__main__":
    sys.exit(main())
