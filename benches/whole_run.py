"""Times a whole run of frist against DuckDB and polars, which answer the same question.

    python3 benches/whole_run.py --frist target/release/frist [--cases 10000000] [--runs 5]

The question: how many child investigations were closed, a unit and a tertial, how many of them
later than four calendar months after they began, and how many later than 120 days? DuckDB and
polars are given that question and nothing else. frist does its whole `run`: it also checks every
row, finds duplicate case numbers, takes the checksum of the export and writes the report with its
charts. The tables must be equal, in every round, or the benchmark fails.

All read the same export: what `frist sample` writes, put into UTF-8, as polars reads nothing else.
A warm-up comes first, so the export lies in memory, and then each round runs everybody in turn.
Every contender is a process of its own and has two threads. What starting Python and importing the
two libraries costs is part of their times and is also shown apart; `cat` shows what it takes to
read the export. Needs Linux, and Python 3.11 or later.
"""

import argparse
import datetime as dt
import importlib.metadata
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().with_name("requirements.txt")
TARGET = REQUIREMENTS.parent.parent / "target"
VENV = TARGET / "bench-venv"

CONTROL = "child-investigation"
SEED = 1
THREADS = 2
AS_OF = dt.date(2024, 8, 31)
MONTHS = 4
DAYS = 120

EXPORT = "utredningar.csv"
UNIT = "Enhet"
START = "Utredning inledd"
END = "Utredning avslutad"
COLUMNS = (
    "Ärendenr",
    "Personnummer",
    UNIT,
    START,
    END,
    "Beslut om förlängning",
    "Förlängd till",
    "Status",
)

PROJECT = f"""\
as_of = {AS_OF.isoformat()}
period = "tertial"
extensions = "ignore"

[[source]]
control = "{CONTROL}"
files = ["{EXPORT}"]
"""

# Unit, tertial (such as 2024-T2), closed cases, late by months, late by days.
Row = tuple[str, str, int, int, int]


# The contenders that are Python; each runs in a process of its own.


def tertial_name(number: int) -> str:
    """The name of a tertial that is counted from the year 0: 6073 is 2024-T2."""
    return f"{number // 3}-T{number % 3 + 1}"


def duckdb_rows(export: Path) -> list[Row]:
    """The table by DuckDB."""
    import duckdb

    types = ", ".join(
        f"'{name}': '{'DATE' if name in (START, END) else 'VARCHAR'}'" for name in COLUMNS
    )
    connection = duckdb.connect(
        config={"threads": THREADS, "preserve_insertion_order": False},
    )
    rows = connection.execute(
        f"""
        SELECT unit,
               year(ended) * 3 + (month(ended) - 1) // 4 AS tertial,
               count(*),
               count(*) FILTER (ended > began + INTERVAL {MONTHS} MONTH),
               count(*) FILTER (ended > began + {DAYS})
        FROM (
            SELECT "{UNIT}" AS unit, "{START}" AS began, "{END}" AS ended
            FROM read_csv(
                ?, auto_detect = false, header = true, columns = {{{types}}},
                delim = ';', quote = '"', escape = '"', new_line = '\\r\\n', dateformat = '%Y-%m-%d'
            )
        )
        WHERE ended <= ?
        GROUP BY unit, tertial
        """,
        [str(export), AS_OF],
    ).fetchall()
    return [(unit, tertial_name(number), *counts) for unit, number, *counts in rows]


def polars_rows(export: Path) -> list[Row]:
    """The table by polars, with its streaming engine."""
    os.environ["POLARS_MAX_THREADS"] = str(THREADS)
    import polars as pl

    unit, began, ended = pl.col(UNIT), pl.col(START), pl.col(END)
    schema = {name: pl.Date if name in (START, END) else pl.String for name in COLUMNS}
    rows = (
        pl.scan_csv(export, separator=";", schema=schema)
        .filter(ended <= AS_OF)
        .select(
            unit,
            tertial=ended.dt.year() * 3 + (ended.dt.month().cast(pl.Int32) - 1) // 4,
            by_months=ended > began.dt.offset_by(f"{MONTHS}mo"),
            by_days=ended - began > pl.duration(days=DAYS),
        )
        .group_by(UNIT, "tertial")
        .agg(pl.len(), pl.col("by_months").sum(), pl.col("by_days").sum())
        .collect(engine="streaming")
        .rows()
    )
    return [(unit, tertial_name(number), *counts) for unit, number, *counts in rows]


def start_with_duckdb(_: Path) -> None:
    """Starts Python and imports DuckDB, no more."""
    import duckdb  # noqa: F401


def start_with_polars(_: Path) -> None:
    """Starts Python and imports polars, no more."""
    import polars  # noqa: F401


IN_PYTHON: dict[str, Callable[[Path], list[Row] | None]] = {
    "duckdb": duckdb_rows,
    "polars": polars_rows,
    "python-start-duckdb": start_with_duckdb,
    "python-start-polars": start_with_polars,
}


# What is measured.


@dataclass
class Measurement:
    """What one process took."""

    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int


@dataclass
class Contender:
    """A command, and how to get the table of a run from what it printed; None if it makes none."""

    name: str
    command: list[str]
    rows: Callable[[str], list[Row]] | None = None
    folder: Path | None = None
    """The folder it writes, removed before each run."""

    def run(self) -> tuple[Measurement, list[Row] | None]:
        """Runs the command once; a failing run ends the benchmark."""
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
        with tempfile.TemporaryFile("w+") as printed, tempfile.TemporaryFile("w+") as complaint:
            output = printed if self.rows else subprocess.DEVNULL
            before = time.perf_counter()
            process = subprocess.Popen(self.command, stdout=output, stderr=complaint)
            _, status, usage = os.wait4(process.pid, 0)
            wall_seconds = time.perf_counter() - before
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode != 0:
                complaint.seek(0)
                sys.exit(f"{self.name}: exit code {process.returncode}\n{complaint.read()}")
            printed.seek(0)
            rows = sorted(self.rows(printed.read())) if self.rows else None
        cpu_seconds = usage.ru_utime + usage.ru_stime
        return Measurement(wall_seconds, cpu_seconds, usage.ru_maxrss * 1024), rows


def rows_of_report(report: Path) -> list[Row]:
    """The table of a report of frist."""
    results = json.loads((report / "results.json").read_text(encoding="utf-8"))
    (control,) = results["controls"]
    return [
        (
            group["name"],
            period["period"],
            period["cases"],
            period["deviations"],
            period["reference_deviations"],
        )
        for group in control["groups"]
        for period in group["periods"]
        if period["cases"] > 0
    ]


def rows_of_json(printed: str) -> list[Row]:
    """The table that a contender in Python printed."""
    return [tuple(row) for row in json.loads(printed)]


def contenders(frist: Path, project: Path) -> list[Contender]:
    """Everybody, in the order of a round; frist comes first."""
    export = project / EXPORT
    report = project.with_name("report")
    run = [str(frist), "run", str(project), "--out", str(report)]
    run += ["--threads", str(THREADS), "--format", "csv"]

    def in_python(name: str) -> list[str]:
        return [sys.executable, __file__, "--contender", name, "--export", str(export)]

    return [
        Contender("frist run", run, lambda _: rows_of_report(report), report),
        Contender("DuckDB", in_python("duckdb"), rows_of_json),
        Contender("polars", in_python("polars"), rows_of_json),
        Contender("Python start, import duckdb", in_python("python-start-duckdb")),
        Contender("Python start, import polars", in_python("python-start-polars")),
        Contender("cat", ["cat", str(export)]),
    ]


def first_difference(name: str, rows: list[Row], frist_rows: list[Row]) -> str | None:
    """The first line in which a table differs from frist's, as a sentence."""
    theirs, ours = ({row[:2]: row[2:] for row in table} for table in (rows, frist_rows))
    for key in sorted(theirs.keys() | ours.keys()):
        if theirs.get(key) != ours.get(key):
            return f"{' '.join(key)}: frist {ours.get(key)}, {name} {theirs.get(key)}"
    return None


def run_round(everybody: list[Contender], title: str) -> tuple[list[Measurement], list[Row]]:
    """Runs everybody once, in turn, and compares the tables; gives frist's."""
    measurements = []
    frist_rows: list[Row] = []
    for contender in everybody:
        measurement, rows = contender.run()
        measurements.append(measurement)
        say(f"{title}: {contender.name} {measurement.wall_seconds:.2f} s")
        if rows is None:
            continue
        frist_rows = frist_rows or rows
        if difference := first_difference(contender.name, rows, frist_rows):
            sys.exit(f"{title}: the tables differ\n{difference}")
    if not frist_rows:
        sys.exit(f"{title}: the tables are empty")
    return measurements, frist_rows


# Before and after.


def say(what: str) -> None:
    """Tells how far it has come."""
    print(what, file=sys.stderr, flush=True)


def enter_venv() -> None:
    """Goes on inside the virtual environment, which is made first if it is missing or old."""
    if Path(sys.prefix).resolve() == VENV.resolve():
        return
    python = str(VENV / "bin" / "python")
    installed = VENV / "installed"
    if not installed.exists() or installed.stat().st_mtime < REQUIREMENTS.stat().st_mtime:
        say("making the virtual environment")
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", str(REQUIREMENTS)], check=True)
        installed.touch()
    os.execv(python, [python, __file__, *sys.argv[1:]])


def make_project(frist: Path, cases: int, work: Path) -> Path:
    """Makes the export and the project file beside it, once for each number of cases."""
    project = work / f"whole_run-{cases}" / "project"
    if project.exists():
        say("using the export of an earlier benchmark")
        return project
    making = project.with_name("making")
    shutil.rmtree(making, ignore_errors=True)
    written, transcoded = making / "written", making / "transcoded"
    transcoded.mkdir(parents=True)

    sample = [str(frist), "sample", "--out", str(written), "--cases", str(cases)]
    before = time.perf_counter()
    subprocess.run(
        [*sample, "--control", CONTROL, "--seed", str(SEED)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    say(f"frist sample: {time.perf_counter() - before:.1f} s")

    with (
        open(written / EXPORT, encoding="cp1252", newline="") as source,
        open(transcoded / EXPORT, "w", encoding="utf-8", newline="") as copy,
    ):
        shutil.copyfileobj(source, copy, 1 << 20)
    (transcoded / "frist.toml").write_text(PROJECT, encoding="utf-8")
    transcoded.rename(project)
    shutil.rmtree(making)
    return project


def processor() -> str:
    """The name of the processor, and how many of them there are."""
    name = platform.machine()
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            name = line.partition(":")[2].strip()
            break
    return f"{name}, {os.cpu_count()} cores"


def busy_seconds() -> float:
    """How long the processors have been busy since the machine started, for whomever."""
    user, nice, system, _, _, irq, softirq, steal = (
        int(ticks) for ticks in Path("/proc/stat").read_text(encoding="utf-8").split()[1:9]
    )
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def setting(frist: Path, project: Path, runs: int, rows: list[Row], disturbance: float) -> str:
    """What was run on what, in a paragraph."""
    version = subprocess.run([str(frist), "--version"], check=True, capture_output=True, text=True)
    libraries = [f"{name} {importlib.metadata.version(name)}" for name in ("duckdb", "polars")]
    size = (project / EXPORT).stat().st_size
    closed = sum(row[2] for row in rows)
    return (
        f"{version.stdout.strip()}, {', '.join(libraries)}, Python {platform.python_version()}; "
        f"{processor()}, {THREADS} threads each. Export of {size / 1e6:.0f} MB; {closed:,} closed "
        f"cases in a table of {len(rows)} lines, equal for all. Median of {runs} rounds; "
        f"others took {disturbance:.0%} of the processors meanwhile."
    )


def markdown(everybody: list[Contender], rounds: list[list[Measurement]], floor: int) -> str:
    """The result, a line a contender. Peaks are inherited: none below `floor` can be seen."""
    lines = [
        "| | wall s | min–max | CPU s | peak MB | times frist |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for place, contender in enumerate(everybody):
        own = [measurements[place] for measurements in rounds]
        walls = [measurement.wall_seconds for measurement in own]
        cpu = statistics.median(measurement.cpu_seconds for measurement in own)
        peak = max(measurement.peak_bytes for measurement in own)
        ratio = statistics.median(
            measurements[place].wall_seconds / measurements[0].wall_seconds
            for measurements in rounds
        )
        lines.append(
            f"| {contender.name} | {statistics.median(walls):.2f} "
            f"| {min(walls):.2f}–{max(walls):.2f} | {cpu:.2f} "
            f"| {'≤ ' if peak <= floor else ''}{peak / 1e6:.0f} | {ratio:.2f} |"
        )
    return "\n".join(lines)


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--frist", type=Path, help="the program to time")
    parser.add_argument("--cases", type=int, default=10_000_000, help="[default: 10000000]")
    parser.add_argument("--runs", type=int, default=5, help="counted rounds [default: 5]")
    parser.add_argument("--work", type=Path, default=TARGET / "bench", help="folder for its files")
    parser.add_argument("--contender", choices=IN_PYTHON, help=argparse.SUPPRESS)
    parser.add_argument("--export", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not options.contender:
        if not options.frist or not options.frist.is_file():
            parser.error("--frist is missing or no file")
        if options.cases < 1 or options.runs < 1:
            parser.error("--cases and --runs are at least 1")
    return options


def main() -> None:
    """Runs one contender if told to, and the benchmark otherwise."""
    options = arguments()
    if options.contender:
        print(json.dumps(IN_PYTHON[options.contender](options.export)))
        return
    enter_venv()
    frist = options.frist.resolve()
    project = make_project(frist, options.cases, options.work.resolve())
    everybody = contenders(frist, project)
    run_round(everybody, "warm-up")
    rounds = []
    rows: list[Row] = []
    started, busy_before, own_before = time.perf_counter(), busy_seconds(), sum(os.times()[:4])
    for number in range(1, options.runs + 1):
        measurements, rows = run_round(everybody, f"round {number} of {options.runs}")
        rounds.append(measurements)
    by_others = busy_seconds() - busy_before - (sum(os.times()[:4]) - own_before)
    processors = (os.cpu_count() or 1) * (time.perf_counter() - started)
    disturbance = max(0.0, by_others / processors)
    floor = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(setting(frist, project, options.runs, rows, disturbance))
    print()
    print(markdown(everybody, rounds, floor))


if __name__ == "__main__":
    main()
