"""Places in which jobs run, where every file is known, and what is there after an attack.

A place holds bit for bit what an undisturbed run writes (`OLD`, `NEW`), or nothing (`NONE`), or `NEITHER`; every
other file is a leftover. Whatever happens, the files of the old report can be found until a new one is complete,
and what people added to it always.
"""

import hashlib
import os
import re
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from frame import Arguments, work_folder
from jobs import ADDED, CASES, EXPORT, FAULTY, PLAN, PROJECT, RISKS, WORKPLACE, Job, added_to
from running import MORE_THAN_ALLOWED, Ended, Running, last_line
from standing import copy, described, remove, snapshot
from strace import TRACED, Call, Watched, parsed_calls, strace, tracer

# A run takes a third of a second, under strace twice that.
HANGS_AFTER_SECONDS = 30.0

# What stands where a job writes.
OLD, NEW, NONE, NEITHER = "old", "new", "none", "neither"
# The old report stands whole beside its place, and the next run puts it back.
ASIDE = "aside"

# What the names of folders begin with for what people changed; the day on which it was changed follows, if the file
# system knows it.
SET_ASIDE = re.compile(r"^reports \(ändrade( \d{4}-\d{2}-\d{2})?\)")

OLD_DAY, NEW_DAY = "2024-08-31", "2024-09-01"


class Place(Watched):
    """A folder in which jobs run: projects, a folder that is watched, and temporary files."""

    def __init__(self, binary: Path, folder: Path) -> None:
        super().__init__(folder)
        self.binary = binary
        self.out.mkdir(parents=True)
        self.temporary.mkdir()
        for name, export in [("project", EXPORT), ("cases", CASES), ("strict", FAULTY)]:
            project = self.folder / name
            project.mkdir()
            (project / "frist.toml").write_text(PROJECT, encoding="utf-8")
            (project / "samarbetssamtal.csv").write_text(export, encoding="utf-8")
        (self.folder / "project/internal-control.toml").write_text(PLAN, encoding="utf-8")
        (self.folder / "project/risks.csv").write_text(RISKS, encoding="utf-8")
        self.environment = os.environ | {"TMPDIR": str(self.temporary)}
        # So long may a run take.
        self.patience = HANGS_AFTER_SECONDS
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
        # A sample is written by one thread anyway, and of its own days.
        options = [] if arguments[0] == "sample" else ["--threads", "1", "--as-of", day]
        return [str(self.binary), *arguments, *options]

    def start(self, command: list[str], **options: object) -> Running:
        """Starts a command in this place."""
        return Running(command, cwd=self.folder, env=self.environment, **options)

    def run(self, command: list[str], **options: object) -> Ended:
        """Runs a command to its end, or until it hangs."""
        return self.start(command, **options).end(self.patience)

    def run_job(self, job: Job, day: str) -> Ended:
        """Runs a job undisturbed, apart from the calls that are refused throughout."""
        if not job.refused:
            return self.run(self.command(job, day))
        return self.injected(self.command(job, day), job.refused)

    def injected(
        self, command: list[str], inject: Iterable[str], trace: str = "", path: Path | None = None
    ) -> Ended:
        """Runs a command with system calls changed by strace, all of them or those on one path."""
        on_path = ["-P", str(path)] if path else []
        done = self.run([*strace(self.log, inject, trace), *on_path, *command])
        done.hits = [line for line in self.logged().splitlines() if "(INJECTED)" in line]
        return done

    def calls_of(self, job: Job) -> list[Call]:
        """The system calls of a job, in order, from a run that nothing disturbs but what is refused."""
        done = self.injected(self.command(job, NEW_DAY), job.refused, TRACED)
        if done.code != 0:
            sys.exit(f"{job.name}: exit code {done.code} under strace\n{done.stderr}")
        return list(parsed_calls(self.logged(), self))

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

    def calls(self) -> list[Call]:
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
        # A workplace that cannot be removed may stay, inside a folder of exports too; the next run removes it.
        found = {name: what for name, what in snapshot(self.target).items() if not name.startswith(WORKPLACE)}
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


@contextmanager
def stopped_after(stage: Stage, call: Call, command: list[str]) -> Iterator[Running | None]:
    """A living process that stands still after a call; none if it ended before. It is ended on leaving."""
    place = stage.place
    remove(place.log)
    inject = stage.job.with_refused(call, "signal=SIGSTOP")
    process = place.start([*tracer(place.log, inject), *command])
    try:
        yield process if stands_still(process, place) else None
    finally:
        process.kill()


def stands_still(process: Running, place: Place) -> bool:
    """Waits until a process has been stopped."""
    end = time.monotonic() + HANGS_AFTER_SECONDS
    while not process.has_ended() and time.monotonic() < end:
        if "stopped by SIGSTOP" in place.logged():
            return True
        time.sleep(0.005)
    return False


def goes_on(process: Running) -> Ended:
    """Lets a stopped process run to its end."""
    process.send(signal.SIGCONT)
    return process.end(HANGS_AFTER_SECONDS)


@contextmanager
def place_for(given: Arguments, name: str) -> Iterator[Place]:
    """A place that is cleared away in the end."""
    with work_folder(given, name) as folder:
        yield Place(given.binary, folder)
