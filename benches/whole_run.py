"""Times frist against DuckDB and polars, which answer the same question, and against its goals.

    python3 benches/whole_run.py --frist target/release/frist [--before OLDER] [--shape nation huge]

The question: how many child investigations were closed, by unit and tertial, how many of them
later than four calendar months after they began, and how many later than 120 days? DuckDB and
polars answer only that question. frist also checks every row, finds repeated case numbers, computes
the checksum of the export, and writes each command's output. All answers must be equal in every
round, or the benchmark fails.

Five shapes:

    municipality   sample_data as it is: five controls, 12 000 cases. No peer; compared with reports/
    nation         ten million cases of 290 units in ten years, in order of start
    shuffled       the same rows, in order of neither start nor case number
    persons        the nation with a column of persons, a different one for every case: chains are looked for
    huge           a hundred million cases

After a warm-up, so that the export is in memory, each round runs all programs in turn, each in a
process of its own with two threads. A ratio is computed within a round, to the peer with the
shorter wall time in it, and the table shows the median of the rounds. A peer's time includes
starting Python and importing the library; a separate column leaves that out. With
--before an earlier build runs in the same rounds. Needs Linux, and Python 3.11 or later.
"""

import argparse
import datetime as dt
import importlib.metadata
import json
import os
import platform
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from operator import truediv
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "benches" / "requirements.txt"
VENV = ROOT / "target" / "bench-venv"

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
PERSON = "Personnummer"

PROJECT = f"""\
as_of = {AS_OF}
period = "tertial"

[[source]]
control = "{CONTROL}"
files = ["{EXPORT}"]
encoding = "utf-8"
columns.case_id = "Ärendenr"
columns.group = "{UNIT}"
columns.start = "{START}"
columns.end = "{END}"
date_formats = {{ start = "yyyy-mm-dd", end = "yyyy-mm-dd" }}
"""
PERSONS = f"""\
columns.person = "{PERSON}"
"""

# Of a unit and a tertial (such as 2024-T2): closed cases, late by months, late by days.
Answer = dict[tuple[str, str], tuple[int, int, int]]
ALL_UNITS = "all units"


# What is run.

# At most, and the aim.
Goal = tuple[float, float]
OF_MEMORY: Goal = (256e6, 128e6)
OF_THREADS: Goal = (0.6, 0.55)


@dataclass(frozen=True)
class Work:
    """A command of frist. The goals are times the faster peer's wall and processor seconds."""

    name: str
    arguments: str
    """May name {project}, its {export} away from any project file, and a new folder {out}."""
    answer: str
    """Where it shows its answer: compare, report or cases."""
    wall: Goal | None = None
    cpu: Goal | None = None
    threads: int = THREADS
    beside: "Work | None" = None
    """The same with all threads, which it is held against in place of the peers."""


ALONE = f"{{export}} --as-of {AS_OF}"
COMPARE = Work("`frist compare`", "compare {project} --format json", "compare", (0.8, 0.5))
PAGES = Work(
    "`frist run --forms html`",
    "run {project} --out {out}/report --forms html",
    "report",
    (1.3, 0.9),
    (1.3, 0.9),
)
EVERY_FORM = Work("`frist run`", "run {project} --out {out}/report", "report", (2.0, 1.0))
CASES = Work("`frist cases`", "cases {project} --out {out}/cases.csv", "cases", (2.0, 1.5))


def without_project(work: Work) -> Work:
    """The same without settings: the program must find columns, encoding and date formats."""
    arguments = work.arguments.replace("{project}", ALONE)
    return replace(work, name=f"{work.name}, no project file", arguments=arguments)


def on_one_thread(work: Work) -> Work:
    """The same, on one thread."""
    return replace(work, name=f"{work.name}, one thread", threads=1, beside=work)


@dataclass(frozen=True)
class Shape:
    """An export, and what is done with it."""

    works: tuple[Work, ...]
    cases: int = 0
    sample: tuple[str, ...] = ()
    """Options of `frist sample`; without any, it is sample_data."""
    has_time_goals: bool = False
    has_memory_goal: bool = False


NATION = ("--units", "290", "--years", "10")
SHAPES = {
    "municipality": Shape((COMPARE, PAGES, EVERY_FORM, CASES)),
    "nation": Shape(
        (
            COMPARE,
            without_project(COMPARE),
            PAGES,
            without_project(PAGES),
            EVERY_FORM,
            CASES,
            on_one_thread(COMPARE),
            on_one_thread(PAGES),
        ),
        10_000_000,
        NATION,
        has_time_goals=True,
        has_memory_goal=True,
    ),
    "shuffled": Shape(
        (COMPARE, PAGES), 10_000_000, (*NATION, "--shuffled"), has_time_goals=True, has_memory_goal=True
    ),
    "persons": Shape((COMPARE, PAGES), 10_000_000, NATION),
    "huge": Shape((COMPARE, PAGES), 100_000_000, NATION, has_memory_goal=True),
}


# What runs in a process of its own: the peers, and the readers of large files, so that this process
# stays small; a child's peak of memory is never below its parent's.


def tertial_name(number: int) -> str:
    """The name of a tertial that is counted from the year 0: 6073 is 2024-T2."""
    return f"{number // 3}-T{number % 3 + 1}"


def columns_of(export: Path) -> list[str]:
    """The headings of an export."""
    with open(export, encoding="utf-8") as lines:
        return lines.readline().strip().split(";")


def duckdb_rows(export: Path) -> list:
    """The answer by DuckDB."""
    import duckdb

    types = ", ".join(
        f"'{name}': '{'DATE' if name in (START, END) else 'VARCHAR'}'" for name in columns_of(export)
    )
    connection = duckdb.connect(config={"threads": THREADS, "preserve_insertion_order": False})
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
                delim = ';', quote = '"', escape = '"', new_line = '\\r\\n'
            )
        )
        WHERE ended <= ?
        GROUP BY unit, tertial
        """,
        [str(export), AS_OF],
    ).fetchall()
    return [(unit, tertial_name(number), *counts) for unit, number, *counts in rows]


def polars_rows(export: Path) -> list:
    """The answer by polars, with its streaming engine."""
    import polars as pl

    unit, began, ended = pl.col(UNIT), pl.col(START), pl.col(END)
    schema = {name: pl.Date if name in (START, END) else pl.String for name in columns_of(export)}
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


def report_rows(report: Path) -> list:
    """The answer in a report of frist, of all units together and of each."""
    results = json.loads((report / "data/results.json").read_text(encoding="utf-8"))
    (control,) = (control for control in results["controls"] if control["id"] == CONTROL)
    (grouping,) = control["groupings"]
    return [
        (name, period["period"], period["cases"], period["deviations"], period["reference_deviations"])
        for name, periods in (
            (ALL_UNITS, control["periods"]),
            *((group["name"], group["periods"]) for group in grouping["groups"]),
        )
        for period in periods
        if period["cases"]
    ]


def case_list_rows(cases: Path) -> list:
    """The answer in frist's list of cases, counted by DuckDB."""
    import duckdb

    rows = duckdb.execute(
        """
        SELECT "group",
               year(ended) * 3 + (month(ended) - 1) // 4 AS tertial,
               count(*),
               count(*) FILTER (outcome = 'breached'),
               count(*) FILTER (outcome_reference = 'breached')
        FROM (SELECT *, "end"::DATE AS ended FROM read_csv(?, header = true, all_varchar = true))
        WHERE control = ? AND outcome IN ('met', 'breached')
        GROUP BY "group", tertial
        """,
        [str(cases), CONTROL],
    ).fetchall()
    return [(unit, tertial_name(number), *counts) for unit, number, *counts in rows]


PEERS = {"DuckDB": duckdb_rows, "polars": polars_rows}
INNER: dict[str, Callable[[Path], list]] = {
    **PEERS,
    "report": report_rows,
    "cases": case_list_rows,
}


def run_inner(name: str, path: Path) -> None:
    """Answers, and says how long that took without the start of Python and the library."""
    os.environ["POLARS_MAX_THREADS"] = str(THREADS)
    if name in PEERS:
        __import__(name.lower())
    before = time.perf_counter()
    rows = INNER[name](path)
    print(json.dumps({"rows": rows, "seconds": time.perf_counter() - before}))


def inner(name: str, path: Path) -> list[str]:
    """The command that runs one of these."""
    return [sys.executable, __file__, "--inner", name, str(path)]


# Answers.


def answer_of(rows: list) -> Answer:
    """Rows as an answer; of units alone, they are added up too."""
    answer = {(unit, tertial): tuple(counts) for unit, tertial, *counts in rows}
    if not any(unit == ALL_UNITS for unit, _ in answer):
        for (_, tertial), counts in list(answer.items()):
            total = answer.get((ALL_UNITS, tertial), (0, 0, 0))
            answer[ALL_UNITS, tertial] = tuple(map(sum, zip(total, counts, strict=True)))
    return answer


def read_apart(name: str, path: Path) -> Answer:
    """An answer that a process of its own reads from a file."""
    done = subprocess.run(inner(name, path), check=True, capture_output=True, text=True)
    return answer_of(json.loads(done.stdout)["rows"])


def compared(printed: str) -> Answer:
    """The answer of `frist compare --format json`: all units together, of the control that the peers are asked about."""
    rows = []
    for row in json.loads(printed)["comparison"]:
        if row["control"] != CONTROL:
            continue
        by_both = row["late_by_both"]
        late = (row["late_only_by_law"] + by_both, row["late_only_by_reference"] + by_both)
        rows.append((ALL_UNITS, row["period"], row["cases"], *late))
    return answer_of([row for row in rows if row[2]])


def first_difference(name: str, answer: Answer, wanted: Answer) -> str | None:
    """The first line in which an answer differs from the wanted one, as a sentence."""
    if all(unit == ALL_UNITS for unit, _ in answer):
        wanted = {key: counts for key, counts in wanted.items() if key[0] == ALL_UNITS}
    for key in sorted(answer.keys() | wanted.keys()):
        if answer.get(key) != wanted.get(key):
            return f"{' '.join(key)}: {name} {answer.get(key)}, not {wanted.get(key)}"
    return None


# Measuring.


@dataclass
class Measurement:
    """What one process took."""

    wall: float
    cpu: float
    peak: int
    bare: float = 0.0
    """Of a peer: wall seconds without the start of Python and the library."""


@dataclass
class Contender:
    """A command, and how to get its answer from what it printed."""

    name: str
    command: list[str]
    answer: Callable[[str], Answer]
    out: Path

    def run(self) -> tuple[Measurement, Answer]:
        """Runs the command once; a failing run ends the benchmark."""
        shutil.rmtree(self.out, ignore_errors=True)
        self.out.mkdir(parents=True)
        with tempfile.TemporaryFile("w+") as printed, tempfile.TemporaryFile("w+") as complaint:
            before = time.perf_counter()
            process = subprocess.Popen(self.command, stdout=printed, stderr=complaint)
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - before
            process.returncode = os.waitstatus_to_exitcode(status)
            for file in (printed, complaint):
                file.seek(0)
            if process.returncode != 0:
                sys.exit(f"{self.name}: exit code {process.returncode}\n{complaint.read()}")
            text = printed.read()
        bare = json.loads(text)["seconds"] if self.name in PEERS else 0.0
        cpu = usage.ru_utime + usage.ru_stime
        return Measurement(wall, cpu, usage.ru_maxrss * 1024, bare), self.answer(text)


def contender(work: Work, frist: Path, name: str, project: Path, out: Path) -> Contender:
    """A work of a build of frist."""
    answers = {
        "compare": compared,
        "report": lambda _: read_apart("report", out / "report"),
        "cases": lambda _: read_apart("cases", out / "cases.csv"),
    }
    places = {"project": project, "export": project / "alone" / EXPORT, "out": out}
    arguments = [word.format(**places) for word in work.arguments.split()]
    command = [str(frist), *arguments, "--threads", str(work.threads), "--lang", "en"]
    return Contender(name, command, answers[work.answer], out)


def before(work: Work) -> str:
    """What an earlier build's part in a round is called."""
    return f"{work.name}, before"


def everybody(shape: Shape, builds: list[Path], project: Path, out: Path) -> list[Contender]:
    """Everybody, in the order of a round."""
    contenders = []
    if shape.sample:
        for name in PEERS:
            command = inner(name, project / EXPORT)
            contenders.append(Contender(name, command, lambda text: answer_of(json.loads(text)["rows"]), out))
    for work in shape.works:
        for frist, name in zip(builds, (work.name, before(work)), strict=False):
            contenders.append(contender(work, frist, name, project, out))
    return contenders


Round = dict[str, Measurement]


def run_round(contenders: list[Contender], title: str, wanted: Answer | None) -> tuple[Round, Answer]:
    """Runs everybody once, in turn, and compares the answers with the wanted one or the first."""
    measurements = {}
    for each in contenders:
        measurement, answer = each.run()
        measurements[each.name] = measurement
        say(f"{title}: {each.name} {measurement.wall:.2f} s, {measurement.peak / 1e6:.0f} MB")
        wanted = wanted or answer
        if difference := first_difference(each.name, answer, wanted):
            sys.exit(f"{title}: the answers differ\n{difference}")
    if not wanted:
        sys.exit(f"{title}: the answers are empty")
    return measurements, wanted


def busy_seconds() -> float:
    """How long the processors have been busy since the machine started, for whomever."""
    user, nice, system, _, _, irq, softirq, steal = (
        int(ticks) for ticks in Path("/proc/stat").read_text(encoding="utf-8").split()[1:9]
    )
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


@dataclass
class Result:
    """The rounds of a shape."""

    name: str
    rounds: list[Round]
    setting: str


def measure(name: str, shape: Shape, builds: list[Path], runs: int, cases: int, work: Path) -> Result:
    """A warm-up and so many rounds."""
    if shape.sample:
        project, wanted = make_project(name, builds[0], cases, work), None
        export = f"{(project / EXPORT).stat().st_size / 1e6:.0f} MB"
    else:
        project, wanted = ROOT / "sample_data", read_apart("report", ROOT / "reports")
        export = "sample_data"
    contenders = everybody(shape, builds, project, work / "out")
    _, wanted = run_round(contenders, f"{name}, warm-up", wanted)
    rounds = []
    started, busy, own = time.perf_counter(), busy_seconds(), sum(os.times()[:4])
    for number in range(1, runs + 1):
        measurements, _ = run_round(contenders, f"{name}, round {number} of {runs}", wanted)
        rounds.append(measurements)
    by_others = busy_seconds() - busy - (sum(os.times()[:4]) - own)
    disturbance = max(0.0, by_others / (os.cpu_count() or 1) / (time.perf_counter() - started))
    shutil.rmtree(work / "out")
    closed = sum(counts[0] for (unit, _), counts in wanted.items() if unit == ALL_UNITS)
    setting = (
        f"{name}: {export}, {closed:,} closed cases of this control, {len(wanted)} lines equal for all; "
        f"median of {runs} rounds, others took {disturbance:.0%} of the processors meanwhile"
    )
    return Result(name, rounds, setting)


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


def make_project(name: str, frist: Path, cases: int, work: Path) -> Path:
    """The export in a folder of its own, made once, and the project file beside it."""
    project = work / f"{name}-{cases}"
    if (project / EXPORT).exists():
        say(f"{name}: using the export that is there")
    elif name == "persons":
        nation = make_project("nation", frist, cases, work)
        with_persons(nation / EXPORT, project / EXPORT)
    else:
        shutil.rmtree(project, ignore_errors=True)
        sample = ["sample", "--out", project, "--cases", cases, "--seed", SEED, *SHAPES[name].sample]
        started = time.perf_counter()
        subprocess.run([str(word) for word in (frist, *sample)], check=True, capture_output=True)
        say(f"{name}: frist sample took {time.perf_counter() - started:.1f} s")
    text = PROJECT + PERSONS if name == "persons" else PROJECT
    (project / "frist.toml").write_text(text, encoding="utf-8")
    alone = project / "alone" / EXPORT
    alone.parent.mkdir(exist_ok=True)
    alone.unlink(missing_ok=True)
    os.link(project / EXPORT, alone)
    return project


def with_persons(source: Path, target: Path) -> None:
    """Rewrites an export with a column of persons, a different one for every case."""
    target.parent.mkdir(parents=True, exist_ok=True)
    making = target.with_name("making")
    with open(source, "rb") as rows, open(making, "wb") as out:
        for number, row in enumerate(rows):
            case, rest = row.split(b";", 1)
            person = PERSON.encode() if number == 0 else b"%d" % (1_900_000_000 + number)
            out.write(b";".join((case, person, rest)))
    making.rename(target)


# The table.


@dataclass
class Line:
    """A line of the table; what is not known is left empty."""

    work: str
    goal: Goal | None = None
    measured: float | None = None
    """Times the peers, but for memory and threads."""
    show: Callable[[float], str] = "{:.2f} ×".format
    bare: float | None = None
    own: list[Measurement] | None = None
    earlier: list[Measurement] | None = None

    def cells(self) -> list[str]:
        """The cells, as they are written."""
        reached = ""
        if self.goal and self.measured is not None:
            at_most, aim = self.goal
            reached = "no" if self.measured > at_most else "goal" if self.measured > aim else "aim"
        goals = [self.show(goal) for goal in self.goal] if self.goal else ["", ""]
        numbers = ["" if number is None else self.show(number) for number in (self.measured, self.bare)]
        return [
            self.work,
            *goals,
            *numbers,
            reached,
            *taken(self.own),
            " / ".join(filter(None, taken(self.earlier))),
        ]


def megabytes(peak: float) -> str:
    """A peak of memory. None below this process's own can be seen."""
    floor = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return f"{'≤ ' if peak <= floor else ''}{peak / 1e6:.0f} MB"


def taken(measurements: list[Measurement] | None) -> list[str]:
    """Median wall seconds with their range, median processor seconds, and the highest peak."""
    if not measurements:
        return ["", "", ""]
    wall = walls(measurements)
    cpu = median(measurement.cpu for measurement in measurements)
    peak = max(measurement.peak for measurement in measurements)
    return [f"{median(wall):.2f} ({min(wall):.2f}–{max(wall):.2f})", f"{cpu:.2f}", megabytes(peak)]


def ratio(own: list[float], other: list[float]) -> float | None:
    """The median of the rounds' ratios, if there is anything to compare with."""
    return median(map(truediv, own, other)) if other else None


def walls(measurements: list[Measurement]) -> list[float]:
    """Wall seconds, a round."""
    return [measurement.wall for measurement in measurements]


def lines_of(result: Result, shape: Shape) -> list[Line]:
    """The lines of a shape."""

    def of(name: str) -> list[Measurement]:
        return [measurements[name] for measurements in result.rounds if name in measurements]

    peers = list(zip(*(of(name) for name in PEERS), strict=True))
    faster = [min(pair, key=lambda peer: peer.wall) for pair in peers]
    bare = [min(peer.bare for peer in pair) for pair in peers]
    lines = []
    for work in shape.works:
        own = of(work.name)
        line = Line(f"{result.name}, {work.name}", own=own, earlier=of(before(work)))
        lines.append(line)
        if work.beside:
            line.work = f"{result.name}, {work.beside.name}, two threads against one"
            line.goal = OF_THREADS
            line.measured = ratio(walls(of(work.beside.name)), walls(own))
            continue
        line.goal = work.wall if shape.has_time_goals else None
        line.measured, line.bare = ratio(walls(own), walls(faster)), ratio(walls(own), bare)
        if work.cpu and faster:
            goal = work.cpu if shape.has_time_goals else None
            measured = ratio([one.cpu for one in own], [peer.cpu for peer in faster])
            lines.append(Line("the same, processor time", goal, measured))
    if shape.has_memory_goal:
        peak = max(one.peak for work in shape.works for one in of(work.name))
        lines.append(Line(f"{result.name}, peak memory", OF_MEMORY, peak, megabytes))
    if peers:
        lines += [Line(f"{result.name}, {name}, the bare question", own=of(name)) for name in PEERS]
    return lines


def markdown(lines: list[Line], has_earlier: bool) -> str:
    """The table."""
    headings = ["work", "at most", "aim", "measured", "without Python's start", "reached"]
    headings += ["wall s", "CPU s", "peak", "an earlier build"]
    shown = len(headings) if has_earlier else len(headings) - 1
    rows = [headings, ["---"] + ["---:"] * (len(headings) - 1), *(line.cells() for line in lines)]
    return "\n".join(f"| {' | '.join(row[:shown])} |" for row in rows)


def machine(frist: Path) -> str:
    """What was run on what."""
    version = subprocess.run([str(frist), "--version"], check=True, capture_output=True, text=True)
    libraries = [f"{name} {importlib.metadata.version(name.lower())}" for name in PEERS]
    cpuinfo = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    name = re.search(r"^model name\s*:\s*(.*)$", cpuinfo, re.MULTILINE)
    return (
        f"{', '.join(version.stdout.splitlines()[:2])}, {', '.join(libraries)}, Python {platform.python_version()}; "
        f"{name[1] if name else platform.machine()}, {os.cpu_count()} cores, {THREADS} threads each."
    )


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--frist", type=Path, help="the program to time")
    parser.add_argument("--before", type=Path, help="an earlier build, timed in the same rounds")
    parser.add_argument("--shape", nargs="+", choices=SHAPES, default=list(SHAPES), help="[default: all]")
    parser.add_argument("--cases", type=int, help="in place of each shape's own number")
    parser.add_argument("--runs", type=int, default=5, help="counted rounds [default: 5]")
    parser.add_argument(
        "--work",
        type=Path,
        default=ROOT / "target" / "bench",
        help=f"folder for its files; an export in SHAPE-CASES/{EXPORT} is used as it is",
    )
    parser.add_argument("--inner", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not options.inner:
        for build in (options.frist, options.before or options.frist):
            if not build or not build.is_file():
                parser.error("--frist or --before is missing or no file")
        if options.runs < 1 or (options.cases is not None and options.cases < 1):
            parser.error("--cases and --runs are at least 1")
    return options


def main() -> None:
    """Runs one of the inner tasks if its name is given, and the benchmark otherwise."""
    options = arguments()
    if options.inner:
        name, path = options.inner
        run_inner(name, Path(path))
        return
    enter_venv()
    builds = [build.resolve() for build in (options.frist, options.before) if build]
    work = options.work.resolve()
    results = []
    for name in options.shape:
        shape = SHAPES[name]
        results.append(measure(name, shape, builds, options.runs, options.cases or shape.cases, work))
    lines = [line for result in results for line in lines_of(result, SHAPES[result.name])]
    print(machine(builds[0]), *(f"\n- {result.setting}" for result in results), "\n", sep="")
    print(markdown(lines, len(builds) > 1))


if __name__ == "__main__":
    main()
