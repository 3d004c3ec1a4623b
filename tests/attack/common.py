"""What the attacks share: what is counted, a small project, jobs that write, strace, and what stands afterwards.

A job is a command that writes a report folder or a list. It is run in a place of its own, where every file
is known, so that whatever stands after an attack is either bit for bit what an undisturbed run writes
(`OLD`, `NEW`), or nothing (`NONE`), or `NEITHER`; and every other file is a leftover. Whatever happens, the files of
the old report are found until a new one stands, and what people added to it for ever.
"""

import argparse
import hashlib
import os
import random
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

CANNOT_READ_OR_WRITE = 74
MORE_THAN_ALLOWED = 1
# What a refusal may end with: unusable data, nothing to read, no place to write, cannot read or write, unusable project.
REFUSALS = {65, 66, 73, CANNOT_READ_OR_WRITE, 78}
KNOWN_CODES = {0, MORE_THAN_ALLOWED, 2, 64} | REFUSALS
# Words of a program that fell over.
FALLEN = ("panicked", "Internt fel", "Internal fault", "memory allocation", "overflowed its stack")
# A run takes a third of a second, under strace twice that.
HANGS_AFTER_SECONDS = 30.0
SHOWN_FAILURES_OF_A_KIND = 12
WORK = Path(__file__).resolve().parents[2] / "target/attack"

# What stands where a job writes.
OLD, NEW, NONE, NEITHER = "old", "new", "none", "neither"
# The old report stands whole beside its place, and the next run puts it back.
ASIDE = "aside"

# What the names of workplaces begin with, and of folders for what people changed; the day on which it was changed
# follows, if the file system knows it.
WORKPLACE = ".frist-"
SET_ASIDE = re.compile(r"^reports \(ändrade( \d{4}-\d{2}-\d{2})?\)")

OLD_DAY, NEW_DAY = "2024-08-31", "2024-09-01"

PROJECT = """\
as_of    = 2024-08-31
language = "sv"

[[source]]
control = "cooperation-talks"
files   = ["samarbetssamtal.csv"]
columns = { status = "Status" }
status  = { void = ["Makulerad"] }
"""
HEADINGS = "Ärendenr;Enhet;Begäran inkom;Erbjuden tid;Status\n"
# One row is void, so that the report has few charts and is made quickly.
EXPORT = HEADINGS + "SS-2024-00001;Familjerätten;2024-08-01;2024-08-10;Makulerad\n"
CASES = HEADINGS + "".join(
    f"SS-2024-{day:05};Familjerätten;2024-08-{day:02};{end};{status}\n"
    for day in range(1, 29)
    for end, status in [("", "Pågående") if day % 3 else (f"2024-09-{day:02}", "Avslutad")]
)
# An end before its start: the row is rejected, and a strict run fails after its work is done.
FAULTY = CASES + "SS-2024-00099;Familjerätten;2024-08-20;2024-08-01;Avslutad\n"
RISKS = (
    "Nr;Område;Ansvarsområde/process;Risk;Sannolikhet;Konsekvens;Riskvärde\n"
    "1;Kvalitet;Samarbetssamtal;Risk att samtal erbjuds för sent;2;4;8\n"
)


def plan(control: str) -> str:
    """A plan for internal control with a point that a control answers."""
    return f"""\
[[area]]
name = "Kvalitet"
aim  = "Tiderna ska hållas."

[[area.risk_point]]
name = "Sena ärenden"
risk = "1"

[[area.risk_point.control_point]]
name       = "Tiderna"
department = "Familjerätten"
frequency  = ["august"]
method     = "Alla ärenden räknas."
status     = "begun"

[[area.risk_point.control_point.result]]
control = "{control}"
"""


class Checks:
    """Counts what is checked, and prints a line for everything that does not hold."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.checked = 0
        self.kinds: Counter[str] = Counter()
        self.begin = time.monotonic()

    def holds(self, kind: str, what: str, troubles: Iterable[str]) -> bool:
        """Notes one attack and the troubles it caused; without trouble it held."""
        self.checked += 1
        troubles = list(troubles)
        if troubles:
            self.fails(kind, f"{what}: {'; '.join(troubles)}")
        return not troubles

    def fails(self, kind: str, what: str) -> None:
        """Notes what does not hold, and prints it unless many of its kind were printed already."""
        self.kinds[kind] += 1
        if self.kinds[kind] <= SHOWN_FAILURES_OF_A_KIND:
            # Names can be in an encoding that a terminal does not take.
            line = f"FAILED {self.name}: {kind}: {what}".encode("utf-8", "backslashreplace")
            print(line.decode(), flush=True)

    def close_with(self, summary: str = "") -> int:
        """Prints how many were not shown, and the closing line; returns the exit code."""
        for kind, count in self.kinds.items():
            if count > SHOWN_FAILURES_OF_A_KIND:
                print(f"{self.name}: {kind}: {count - SHOWN_FAILURES_OF_A_KIND} more failed")
        parts = [summary, f"{self.checked} attacks" if self.checked else "", f"{self.kinds.total()} failed"]
        seconds = time.monotonic() - self.begin
        print(f"{self.name}: {', '.join(filter(None, parts))}, {seconds:.0f} s", flush=True)
        return 1 if self.kinds else 0


@dataclass(frozen=True)
class Arguments:
    """What an attack is called with."""

    binary: Path
    long: bool
    seed: int
    work: Path
    only: str


def arguments() -> Arguments:
    """Parses the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("binary", type=Path, help="path to frist")
    parser.add_argument("--long", action="store_true", help="a thousand kills, every call, every input")
    parser.add_argument("--seed", type=int, default=12, help="of kills, faults and folders")
    parser.add_argument("--work", type=Path, help="folder to work in [default: target/attack]", default=WORK)
    parser.add_argument("--only", default="", help="the parts whose name holds this word")
    parsed = parser.parse_args()
    if not os.access(parsed.binary, os.X_OK) or parsed.binary.is_dir():
        parser.error(f"{parsed.binary} is no program")
    # A shell that starts this in the background lets it ignore Ctrl-C, and what it starts would ignore that too.
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.SIG_DFL)
    return Arguments(parsed.binary.resolve(), parsed.long, parsed.seed, parsed.work, parsed.only)


@contextmanager
def work_folder(given: Arguments, name: str) -> Iterator[Path]:
    """A folder below target/attack, or the folder asked for, that is cleared away in the end."""
    given.work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{name}-", dir=given.work) as folder:
        yield Path(folder).resolve()


# What stands in a folder


def snapshot(path: Path) -> dict[str, str]:
    """Every file, folder and link at and below a path: its kind, and its content's digest; {} for none."""
    if path.is_symlink() or not path.is_dir():
        return {"": described(path)} if os.path.lexists(path) else {}
    found = {"": "folder"}
    for folder, folders, files in os.walk(path):
        for name in folders + files:
            inner = Path(folder, name)
            found[str(inner.relative_to(path))] = described(inner)
    return found


def described(path: Path) -> str:
    """A file's kind and content, without its rights."""
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return f"link to {os.readlink(path)}"
    if stat.S_ISDIR(mode):
        return "folder"
    return hashlib.sha256(path.read_bytes()).hexdigest() if stat.S_ISREG(mode) else "device"


def rights(path: Path) -> dict[str, tuple[int, int]]:
    """The rights and the group of everything at and below a path."""
    found = {}
    for inner in [path, *(path.rglob("*") if path.is_dir() else [])]:
        status = inner.lstat()
        found[str(inner.relative_to(path.parent))] = (stat.S_IMODE(status.st_mode), status.st_gid)
    return found


def remove(path: Path) -> None:
    """Removes whatever stands at a path."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.is_dir():
        shutil.rmtree(path)


# Jobs


@dataclass(frozen=True)
class Job:
    """A command that writes, and where it writes."""

    name: str
    # The target's path below the folder that is watched.
    target: str
    # The command's arguments, after the project's folder is known.
    command: Callable[[Path, Path], list[str]]
    # Which of the place's projects it reads.
    project: str = "project"
    # Whether an earlier report or list stands there before, and what happened to it since.
    over_earlier: bool = True
    since: Callable[[Path], None] = lambda _: None
    # Whether `frist verify` can judge it.
    is_report: bool = False
    # The system calls that are refused throughout, as strace injects them.
    refused: tuple[str, ...] = ()

    def with_refused(self, call: "Call", change: str, onwards: bool = False) -> list[str]:
        """The strace injections for changing a call, while what is refused throughout stays refused.

        Strace changes a call in one way only, so that one which is refused is not refused any more before it.
        """
        others = [one for one in self.refused if one.split(":")[0].strip("?") != call.name]
        return [*others, call.inject(change, onwards)]


NO_EXCHANGE = ("?renameat2:error=EINVAL",)


def run_command(project: Path, target: Path) -> list[str]:
    """Writes a report."""
    return ["run", str(project), "--out", str(target), "--forms", "html,md"]


def cases_command(project: Path, target: Path) -> list[str]:
    """Writes a list."""
    return ["cases", str(project), "--out", str(target)]


def sample_command(_: Path, target: Path) -> list[str]:
    """Writes a folder of exports."""
    return ["sample", "--out", str(target), "--cases", "30", "--control", "cooperation-talks"]


def moved_away(target: Path) -> None:
    """A run moved the old report into its workplace and was killed."""
    label = f"{target.name}/"
    workplace = target.with_name(WORKPLACE + hashlib.sha256(label.encode()).hexdigest()[:16])
    workplace.mkdir(mode=0o700)
    (workplace / "lock").write_text(label, encoding="utf-8")
    target.rename(workplace / "old")


# What people add to a report; one name is in Latin-1, as an old share keeps it.
ADDED = {
    "mine.docx": "skrivet av en handläggare\n".encode(),
    os.fsdecode(b"m\xf6te.docx"): "skrivet på ett möte\n".encode(),
}


def added_to(target: Path) -> None:
    """People saved texts of their own in the old report."""
    for name, text in ADDED.items():
        (target / name).write_bytes(text)


REPORT = Job("a report", "reports", run_command, is_report=True)
REFUSED = Job("a report, exchange refused", "reports", run_command, is_report=True, refused=NO_EXCHANGE)
AFTER_A_KILL = Job("a report after a kill", "reports", run_command, is_report=True, since=moved_away)
CHANGED = Job("a changed report", "reports", run_command, is_report=True, since=added_to)
FIRST = Job("a first report", "deep/er/reports", run_command, over_earlier=False, is_report=True)
LIST = Job("a list", "list.csv", cases_command, project="cases")
WORKBOOK = Job("a workbook", "list.xlsx", cases_command, project="cases")
SAMPLE = Job("a sample", "sample", sample_command, over_earlier=False)


@dataclass
class Done:
    """How a command ended."""

    code: int
    out: bytes = b""
    err: bytes = b""
    # Why it was ended from outside; empty when it ended by itself.
    stopped: str = ""
    seconds: float = 0.0
    # The most memory that it held, in bytes.
    memory: int = 0
    # Calls that strace changed, as it logged them.
    hits: list[str] = field(default_factory=list)

    @property
    def stdout(self) -> str:
        """What it printed."""
        return self.out.decode("utf-8", errors="replace")

    @property
    def stderr(self) -> str:
        """What it said on standard error."""
        return self.err.decode("utf-8", errors="replace")

    @property
    def message(self) -> str:
        """The error message, without the notes before it."""
        lines = self.stderr.splitlines()
        starts = [i for i, line in enumerate(lines) if line.startswith(("Fel ", "Error "))]
        return "\n".join(lines[starts[0] :]) if starts else ""

    def first_line(self) -> str:
        """The beginning of its message, or the end of what it said."""
        return (self.message.splitlines() or [last_line(self.stderr)])[0][:160]

    def fallen(self) -> list[str]:
        """What no command may do, whatever happens to it."""
        if self.stopped:
            return [self.stopped]
        if self.code < 0:
            return [f"ended by {signal.Signals(-self.code).name}: {self.first_line()}"]
        word = next((word for word in FALLEN if word in self.stderr), "")
        if word or self.code not in KNOWN_CODES:
            return [f"exit code {self.code} {word}: {self.first_line()!r}"]
        return []


def hung(process: subprocess.Popen[bytes]) -> Done:
    """How a command ended that was killed because it hangs."""
    process.communicate()
    return Done(process.returncode, stopped=f"does not end within {HANGS_AFTER_SECONDS:.0f} s")


def last_line(text: str) -> str:
    """The last line that is not blank, shortened."""
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "nothing said"


class Place:
    """A folder in which jobs run: projects, a folder that is watched, and temporary files."""

    def __init__(self, binary: Path, folder: Path) -> None:
        self.binary = binary
        self.folder = folder.resolve()
        self.out = self.folder / "out"
        self.temporary = self.folder / "tmp"
        self.log = self.folder / "strace.log"
        self.out.mkdir(parents=True)
        self.temporary.mkdir()
        for name, export in [("project", EXPORT), ("cases", CASES), ("strict", FAULTY)]:
            project = self.folder / name
            project.mkdir()
            (project / "frist.toml").write_text(PROJECT, encoding="utf-8")
            (project / "samarbetssamtal.csv").write_text(export, encoding="utf-8")
        (self.folder / "project/internal-control.toml").write_text(plan("cooperation-talks"), encoding="utf-8")
        (self.folder / "project/risks.csv").write_text(RISKS, encoding="utf-8")
        self.environment = os.environ | {"TMPDIR": str(self.temporary)}
        self.stages: dict[Job, Stage] = {}

    def stage(self, job: Job) -> "Stage":
        """A job with what it writes undisturbed, which is found out once; what stands before stands again."""
        if job not in self.stages:
            self.stages[job] = Stage(self, job)
        self.stages[job].start_over()
        return self.stages[job]

    def target(self, job: Job) -> Path:
        """Where a job writes."""
        return self.out / job.target

    def command(self, job: Job, day: str) -> list[str]:
        """A job's command line; one thread, so that its system calls come in the same order every time."""
        arguments = job.command(self.folder / job.project, self.target(job))
        return [str(self.binary), *arguments, "--threads", "1", "--as-of", day]

    def start(self, command: list[str], **options: object) -> subprocess.Popen[bytes]:
        """Starts a command in this place."""
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(command, cwd=self.folder, env=self.environment, **(pipes | options))

    def run(self, command: list[str], **options: object) -> Done:
        """Runs a command to its end, or until it hangs."""
        return finished(self.start(command, start_new_session=True, **options))

    def run_job(self, job: Job, day: str) -> Done:
        """Runs a job undisturbed, apart from the calls that are refused throughout."""
        if not job.refused:
            return self.run(self.command(job, day))
        return self.injected(self.command(job, day), job.refused)

    def injected(
        self, command: list[str], inject: Iterable[str], trace: str = "", path: Path | None = None
    ) -> Done:
        """Runs a command with system calls changed by strace, all of them or those on one path."""
        on_path = ["-P", str(path)] if path else []
        done = self.run([*strace(self.log, inject, trace), *on_path, *command])
        logged = self.log.read_text(errors="replace") if self.log.exists() else ""
        done.hits = [line for line in logged.splitlines() if "(INJECTED)" in line]
        return done

    def calls_of(self, job: Job) -> list["Call"]:
        """The system calls of a job, in order, from a run that nothing disturbs but what is refused."""
        done = self.injected(self.command(job, NEW_DAY), job.refused, TRACED)
        if done.code != 0:
            sys.exit(f"{job.name}: exit code {done.code} under strace\n{done.stderr}")
        return list(parsed_calls(self.log.read_text(errors="replace"), self))

    def verify(self, job: Job) -> list[str]:
        """What `frist verify` has to say against a report."""
        if not job.is_report:
            return []
        done = self.run([str(self.binary), "verify", str(self.target(job))])
        return [] if done.code == 0 else [f"verify: {last_line(done.stderr)}"]

    def leftovers(self, job: Job) -> list[str]:
        """Everything that stands beside the target, and every temporary file."""
        top = Path(job.target).parts[0]
        beside = [path.name for path in self.out.iterdir() if path.name != top]
        parent = self.target(job).parent
        if parent != self.out and parent.exists():
            beside += [path.name for path in parent.iterdir() if path != self.target(job)]
        return sorted(beside) + sorted(f"tmp/{path.name}" for path in self.temporary.iterdir())

    def clear(self) -> None:
        """Removes whatever stands in the watched folder and among the temporary files."""
        for path in [*self.out.iterdir(), *self.temporary.iterdir()]:
            remove(path)


def finished(process: subprocess.Popen[bytes]) -> Done:
    """Waits for the end of a process that leads a session of its own; ends all of it if it hangs."""
    try:
        stdout, stderr = process.communicate(timeout=HANGS_AFTER_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return hung(process)
    return Done(process.returncode, stdout or b"", stderr or b"")


class Stage:
    """A job in its place, with what stands there after undisturbed runs on two days."""

    def __init__(self, place: Place, job: Job) -> None:
        self.place = place
        self.job = job
        self.target = place.target(job)
        place.clear()
        self.wanted: dict[str, dict[str, str]] = {}
        for state, day in [(NEW, NEW_DAY), (OLD, OLD_DAY)]:
            if state == NEW or job.over_earlier:
                self.wanted[state] = self.written_by_itself(day)
        if job.over_earlier:
            if self.wanted[OLD] == self.wanted[NEW]:
                sys.exit(f"{job.name}: two days give the same bytes, so that nothing can be told apart")
            self.kept = place.folder / f"kept {job.name}"
            copy(self.target, self.kept)
        self.known_calls: list[Call] = []
        self.start_over()
        # The old report by itself, and with what people added to it.
        self.old_forms = [self.wanted[OLD], snapshot(self.target)] if job.over_earlier else []
        self.at_first = self.state()
        self.all_at_first = snapshot(place.out)
        self.left_at_first = place.leftovers(job)

    def written_by_itself(self, day: str) -> dict[str, str]:
        """What an undisturbed run writes."""
        done = self.place.run_job(self.job, day)
        if done.code != 0:
            sys.exit(f"{self.job.name}: exit code {done.code} undisturbed\n{done.stderr}")
        return snapshot(self.target)

    def start_over(self) -> None:
        """Brings back what stands before an attack."""
        self.place.clear()
        if self.job.over_earlier:
            copy(self.kept, self.target)
            self.job.since(self.target)

    def calls(self) -> list["Call"]:
        """The system calls of the job, when nothing disturbs it."""
        if not self.known_calls:
            self.known_calls = self.place.calls_of(self.job)
            self.start_over()
        return self.known_calls

    def command(self, day: str = NEW_DAY) -> list[str]:
        """The job's command line."""
        return self.place.command(self.job, day)

    def state(self) -> str:
        """What stands now."""
        found = snapshot(self.target)
        # An empty folder is as good as none where there was none.
        if not found or (found == {"": "folder"} and not self.job.over_earlier):
            return ASIDE if self.old_beside() else NONE
        if found in self.old_forms:
            return OLD
        return NEW if found == self.wanted[NEW] else NEITHER

    def old_beside(self) -> Path | None:
        """The old report where it stands whole beside its place."""
        if not self.old_forms or not self.place.out.exists():
            return None
        for folder in [self.place.out, *(p for p in self.place.out.rglob("*") if p.is_dir())]:
            if folder != self.target and snapshot(folder) in self.old_forms:
                return folder
        return None

    def untouched(self) -> bool:
        """Whether all is as before the attack, so that the next run is like any other."""
        return snapshot(self.place.out) == self.all_at_first and not any(self.place.temporary.iterdir())

    def leftovers(self) -> list[str]:
        """What stands beside the target, but for what a kill before the attack left and what people added."""
        known = self.left_at_first if self.state() == ASIDE else []
        left = [name for name in self.place.leftovers(self.job) if name not in known]
        return [name for name in left if not self.is_set_aside(name)]

    def is_set_aside(self, name: str) -> bool:
        """Whether a folder is one for what people changed, and holds that and nothing else."""
        if not SET_ASIDE.match(name) or self.job.since is not added_to:
            return False
        inside = list((self.place.out / name).iterdir())
        return bool(inside) and all(path.is_file() and ADDED.get(path.name) == path.read_bytes() for path in inside)

    def lost(self) -> list[str]:
        """What can no longer be found: files of the old report before a new one stands, files that people added."""
        wanted: dict[str, str] = {}
        if self.job.over_earlier and self.state() != NEW:
            files = ((name, digest) for name, digest in self.wanted[OLD].items() if digest != "folder")
            wanted |= {name or self.target.name: digest for name, digest in files}
        if self.job.since is added_to:
            wanted |= {name: hashlib.sha256(text).hexdigest() for name, text in ADDED.items()}
        top = Path(self.job.target).parts[0]
        places = [
            path
            for path in self.place.out.iterdir()
            if path.name == top or path.name.startswith(WORKPLACE) or SET_ASIDE.match(path.name)
        ]
        found = {(path.name, described(path)) for place in places for path in [place, *place.rglob("*")]}
        lost = [name for name, digest in wanted.items() if (Path(name).name, digest) not in found]
        return [f"lost: {name!a}" for name in lost]

    def troubles_after(self, allowed: Iterable[str]) -> list[str]:
        """What is wrong with what stands after an attack, before and after the next run; then starts over."""
        state, troubles = self.state(), self.lost()
        if state not in allowed:
            troubles.append(f"what stands is {state}")
        # What people added `frist verify` does not pass.
        elif snapshot(self.target) in self.wanted.values():
            troubles += self.place.verify(self.job)
        if self.untouched():
            return troubles
        if state == ASIDE and state in allowed:
            troubles += self.troubles_of_a_failing_run()
        troubles += self.troubles_of_the_next_run()
        self.start_over()
        return troubles

    def troubles_of_a_failing_run(self) -> list[str]:
        """A run that fails at its end must have put the old report back all the same."""
        arguments = self.job.command(self.place.folder / "strict", self.target)
        done = self.place.run([str(self.place.binary), *arguments, "--strict"])
        if done.code == MORE_THAN_ALLOWED and self.state() == OLD:
            return self.lost()
        return [f"not put back by a next run that fails: {self.state()}, exit code {done.code}"]

    def troubles_of_the_next_run(self) -> list[str]:
        """An undisturbed run must succeed, lose nothing and leave nothing else behind."""
        day, wanted = (OLD_DAY, OLD) if self.job.over_earlier else (NEW_DAY, NEW)
        if not self.job.over_earlier and self.state() == NEW:
            remove(self.target)
        done = self.place.run_job(self.job, day)
        troubles = done.fallen()
        if done.code != 0:
            troubles.append(f"the next run: exit code {done.code}: {last_line(done.stderr)}")
        elif snapshot(self.target) != self.wanted[wanted]:
            troubles.append(f"after the next run what stands is {self.state()}")
        elif left := self.leftovers():
            troubles.append(f"left after the next run: {', '.join(left)}")
        return troubles + [f"{lost} after the next run" for lost in self.lost()]


def copy(source: Path, target: Path) -> None:
    """Copies a file or a folder, rights and all."""
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True)
    else:
        shutil.copy2(source, target)


# System calls

# A question mark before those that not every processor has.
TRACED = ",".join(
    ["openat", "?open", "?creat", "read", "pread64", "statx", "?newfstatat", "?fstat", "?stat", "?lstat"]
    + ["getdents64", "?readlink", "?readlinkat", "write", "pwrite64", "writev", "fsync", "fdatasync"]
    + ["?rename", "?renameat", "?renameat2", "?mkdir", "mkdirat", "?unlink", "unlinkat", "?rmdir"]
    + ["flock", "fchmod", "?chmod", "fchmodat", "fchown", "?chown", "fchownat", "ftruncate"]
    + ["?link", "linkat", "?symlink", "symlinkat", "?copy_file_range", "?sendfile"]
    + ["?access", "?faccessat", "?faccessat2", "statfs", "fstatfs", "utimensat"]
    + ["fsetxattr", "fgetxattr", "?close"]
)
CHANGING = re.compile(
    r"^(write|pwrite64|writev|fsync|fdatasync|rename|mkdir|unlink|rmdir|flock|f?chmod|f?chown|ftruncate"
    r"|link|symlink|copy_file_range|sendfile|utimensat|fsetxattr|creat)"
)
RENAMING = ("rename", "renameat", "renameat2")
LOGGED = re.compile(r"^(?P<thread>\d+)\s+(?P<name>\w+)\((?P<rest>.*)$")
PLACES = re.compile(r'"([^"]*)"|\d+<([^>]*)>')


def strace(log: Path, inject: Iterable[str] = (), trace: str = "") -> list[str]:
    """The start of a command line that changes some calls, and logs these and others."""
    inject = list(inject)
    calls = ",".join(filter(None, [trace, *(one.split(":", 1)[0] for one in inject)]))
    options = ["-f", "-y", "-qqq", "-s", "0", "-e", "signal=SIGSTOP", "-o", str(log)]
    # strace does not inject signals where the kernel stops at some calls alone.
    fast = [] if any("signal=" in one for one in inject) else ["--seccomp-bpf"]
    changes = [option for one in inject for option in ("-e", f"inject={one}")]
    return ["strace", *options, *fast, "-e", f"trace={calls}", *changes]


def tracer(log: Path, inject: Iterable[str]) -> list[str]:
    """The same, with the process as our child and its tracer as a grandchild: signals reach the process."""
    program, *options = strace(log, inject)
    return [program, "-D", *options]


@dataclass(frozen=True)
class Call:
    """A system call of a job: the n-th of its name in its thread."""

    name: str
    n: int
    # What it touches: "input", "output", "around", "stdout", "stderr" or "system".
    where: str
    changes: bool
    text: str

    def inject(self, change: str, onwards: bool = False) -> str:
        """The strace injection for changing it, and all that come after it if onwards."""
        return f"{self.name}:{change}:when={self.n}{'+' if onwards else ''}"

    def __str__(self) -> str:
        return f"{self.name} {self.n} ({shortened(self.text)})"


def shortened(text: str) -> str:
    """A logged call without the long folder names in it."""
    text = re.sub(r"AT_FDCWD<[^>]*>, ", "", text)
    text = re.sub(r'/[^"<>]*/(out|tmp|project|cases)(?=[/">])', r"\1", text)
    return re.sub(r"\.frist-\w+", ".frist-…", text)[:120]


def parsed_calls(log: str, place: Place) -> Iterator[Call]:
    """The calls in a log of strace."""
    counts: dict[tuple[str, str], int] = {}
    seen = set()
    for line in log.splitlines():
        match = LOGGED.match(line)
        if not match:
            continue
        key = (match["thread"], match["name"])
        counts[key] = counts.get(key, 0) + 1
        # The same number in another thread is hit by the same injection.
        if (match["name"], counts[key]) in seen:
            continue
        seen.add((match["name"], counts[key]))
        name, rest = match["name"], match["rest"]
        changes = bool(CHANGING.match(name)) or "O_CREAT" in rest
        yield Call(name, counts[key], touched(name, rest, place), changes, rest)


def touched(name: str, rest: str, place: Place) -> str:
    """What a logged call touches."""
    if name.startswith(("write", "pwrite")) and rest[:2] in ("1<", "2<"):
        return "stdout" if rest[0] == "1" else "stderr"
    paths = [quoted or described for quoted, described in PLACES.findall(rest)]
    inside = [Path(path) for path in paths if path.startswith("/")]
    if any(path.is_relative_to(folder) for path in inside for folder in (place.out, place.temporary)):
        return "output"
    if any(path.is_relative_to(place.folder / part) for path in inside for part in ("project", "cases")):
        return "input"
    around = any(place.folder.is_relative_to(path.parent) for path in inside if path != place.log)
    loader = any(str(path).startswith(("/lib", "/etc", "/usr")) for path in inside)
    return "around" if around and not loader else "system"


def after_exec(calls: list[Call]) -> list[Call]:
    """The calls that touch the project, what is written or what is printed: not the loader's."""
    return [call for call in calls if call.where != "system" and call.name != "close"]


def changing(calls: list[Call]) -> list[Call]:
    """The calls that change something where the job writes."""
    return [call for call in calls if call.changes and call.where == "output"]


def some(generator: random.Random, calls: list[Call], count: int) -> list[Call]:
    """All renames, and as many of the others."""
    renames = [call for call in calls if call.name in RENAMING]
    others = [call for call in calls if call.name not in RENAMING]
    return renames + generator.sample(others, min(count, len(others)))


@contextmanager
def stopped_after(stage: Stage, call: Call, command: list[str]) -> Iterator[subprocess.Popen[bytes] | None]:
    """A living process that stands still after a call; none if it ended before. It is ended on leaving."""
    log = stage.place.log
    remove(log)
    inject = stage.job.with_refused(call, "signal=SIGSTOP")
    process = stage.place.start([*tracer(log, inject), *command])
    try:
        yield process if stands_still(process, log) else None
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def stands_still(process: subprocess.Popen[bytes], log: Path) -> bool:
    """Waits until a process has been stopped."""
    end = time.monotonic() + HANGS_AFTER_SECONDS
    while process.poll() is None and time.monotonic() < end:
        if log.exists() and "stopped by SIGSTOP" in log.read_text(errors="replace"):
            return True
        time.sleep(0.005)
    return False


def goes_on(process: subprocess.Popen[bytes]) -> Done:
    """Lets a stopped process run to its end."""
    os.kill(process.pid, signal.SIGCONT)
    try:
        stdout, stderr = process.communicate(timeout=HANGS_AFTER_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        return hung(process)
    return Done(process.returncode, stdout or b"", stderr or b"")


@contextmanager
def place_for(given: Arguments, name: str) -> Iterator[Place]:
    """A place that is cleared away in the end."""
    with work_folder(given, name) as folder:
        yield Place(given.binary, folder)
