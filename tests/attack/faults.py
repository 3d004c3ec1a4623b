"""Faults: whatever the operating system refuses, exit code and message are right and the old report is intact.

Every system call of a small run that touches its project, its output or the terminal fails once, as on a full
disk, a broken one, without permission, and with an argument that the file system does not know. Where a disk
fails it keeps failing, so calls that write also fail from the n-th on. The calls of the loader and of
libraries that query the processor are left out. A run may succeed only if the new report is correct bit for
bit; otherwise it exits with 74 and a true message, and the next run succeeds and leaves nothing behind. Neither
the old report nor what people added to it is lost, even if a killed run had moved it away.

Then output to the terminal: on a full disk it is an error in every command, but a reader that has
gone away is not.
"""

import errno
import os
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from frame import Arguments, Checks, arguments
from jobs import AFTER_A_KILL, CHANGED, FIRST, LIST, REFUSED, REPORT, SAMPLE, WORKBOOK, Job
from places import ASIDE, NEW, OLD, Place, Stage, place_for
from running import CANNOT_READ_OR_WRITE, Ended, last_line
from strace import RENAMING, Call, after_exec

ERRORS = ("ENOSPC", "EIO", "EACCES", "EINVAL")
# For each job, how many calls fail in the gate; in the long version, all.
CALLS_TO_FAIL = {REPORT: 18, REFUSED: 4, AFTER_A_KILL: 8, CHANGED: 8, FIRST: 3, LIST: 4, WORKBOOK: 3, SAMPLE: 3}
INPUTS_TO_FAIL = 6
# Calls that go on failing from the n-th on, as a full disk or a broken one does.
LASTING = re.compile(r"write|pwrite|fsync|fdatasync|mkdir|unlink|rmdir|rename|f?chmod|flock|link")

# What a message says of the earlier report.
SAYS_UNTOUCHED = re.compile(r"orörd|oförändrad|untouched|unchanged", re.IGNORECASE)
SAYS_NEW_STANDS = re.compile(r"\b(nya|new)\b|och hel|and whole", re.IGNORECASE)
NAMES_AN_ERROR = re.compile(r"os error (\d+)")
SAYS_DONE = ("Rapporten är klar", "The report is ready")


def main() -> int:
    """Runs all parts, or those asked for."""
    given = arguments()
    generator = random.Random(given.seed)
    checks = Checks("faults")
    with place_for(given, "faults") as place:
        for job in CALLS_TO_FAIL:
            if given.wants(f"faults in {job.name}"):
                faults(place.stage(job), generator, given, checks)
        if given.wants("inputs"):
            inputs(place, generator, given, checks)
        if given.wants("terminal"):
            full_terminal(place, checks)
            closed_pipe(place, checks)
    return checks.close_with()


# Calls that fail


def faults(stage: Stage, generator: random.Random, given: Arguments, checks: Checks) -> None:
    """Lets the calls of a job fail, one in each run."""
    calls = concerned(after_exec(stage.calls()), stage.job)
    cases = [case for call in calls for case in ways_to_fail(call, stage.job)]
    if not given.long:
        cases = chosen(generator, cases, CALLS_TO_FAIL[stage.job])
    ends: Counter[str] = Counter()
    for call, error, lasting in cases:
        inject = stage.job.with_refused(call, f"error={error}", lasting)
        done = stage.place.injected(stage.command(), inject)
        state = stage.state()
        ends[f"exit {done.code} with the {state} one"] += 1
        what = f"{error} at {call}{' and after' if lasting else ''}"
        kind = f"faults in {stage.job.name}, {call.where}"
        troubles = [*troubles_of(stage, call, error, lasting, state, done)]
        checks.holds(kind, what, troubles + stage.troubles_after(allowed(stage, state, done)))
    ended = ", ".join(f"{end}: {count}" for end, count in ends.most_common())
    print(f"faults in {stage.job.name}: {len(cases)} at {len(calls)} calls; {ended}", flush=True)


def concerned(calls: list[Call], job: Job) -> list[Call]:
    """The calls in which a job differs from a report over an earlier one, of which every call fails."""
    if job.is_report and job != REPORT:
        renamed = next((i for i, call in enumerate(calls) if call.name in RENAMING), 0)
        first = 0 if job in (FIRST, AFTER_A_KILL) else renamed
        return [call for call in calls[first:] if call.where == "output"]
    return calls


def ways_to_fail(call: Call, job: Job) -> Iterator[tuple[Call, str, bool]]:
    """Every error for a call, alone and lasting."""
    for error in ERRORS:
        # That this call is refused is what the job is about.
        if any(one.split(":")[0].strip("?") == call.name for one in job.refused):
            continue
        yield call, error, False
        if call.where == "output" and LASTING.match(call.name) and error in ("ENOSPC", "EIO"):
            yield call, error, True


def chosen(
    generator: random.Random, cases: list[tuple[Call, str, bool]], count: int
) -> list[tuple[Call, str, bool]]:
    """Some cases, in which every kind of call on every kind of file comes first."""
    generator.shuffle(cases)
    seen: Counter[tuple[str, str]] = Counter()
    ranked = []
    for case in cases:
        key = (case[0].name, case[0].where)
        ranked.append((seen[key], case))
        seen[key] += 1
    return [case for _, case in sorted(ranked, key=lambda pair: pair[0])[:count]]


def troubles_of(
    stage: Stage, call: Call, error: str, lasting: bool, state: str, done: Ended
) -> Iterator[str]:
    """What is wrong with how a run ended in which a call failed."""
    if not done.hits and not done.stopped:
        yield "the call never came"
        return
    fallen = done.fallen()
    yield from fallen
    if fallen:
        return
    if done.code == 0:
        if state != NEW:
            yield f"exit code 0, and what stands is {state}"
        # A manifest only says that a folder is a report.
        if call.where == "input" and "ENOENT" in call.text and "manifest.json" not in call.text:
            yield "what cannot be looked at is taken to be absent"
        if call.where == "stdout":
            yield "exit code 0, although the output was lost"
        return
    if done.code != CANNOT_READ_OR_WRITE:
        yield f"exit code {done.code}: {last_line(done.message)}"
        return
    # A terminal that cannot be written hears nothing.
    if call.where != "stderr" and not (lasting and call.name.startswith("write")):
        yield from untrue(stage, state, error_numbers(call, error), done)


def error_numbers(call: Call, error: str) -> set[int]:
    """The errors that a message may name."""
    # A folder that cannot be made because it is there, and cannot be looked at.
    made = {errno.EEXIST} if "stat" in call.name else set()
    return {getattr(errno, error)} | made


def untrue(stage: Stage, state: str, numbers: set[int], done: Ended) -> Iterator[str]:
    """What is not true, or missing, in the message of a run that failed."""
    message = done.message
    if not message:
        yield f"no message: {last_line(done.stderr)}"
        return
    if str(stage.place.folder) not in message and Path(stage.job.target).name not in message:
        if "stdout" not in message and "standard" not in message:
            yield f"the message names no place: {last_line(message)}"
    if set(map(int, NAMES_AN_ERROR.findall(message))) - numbers:
        yield f"the message names another error: {last_line(message)}"
    if state == NEW and not SAYS_NEW_STANDS.search(message):
        yield f"the new one stands, and the message does not say so: {last_line(message)}"
    if state not in (stage.at_first, OLD) and SAYS_UNTOUCHED.search(message):
        yield f"what stands is {state}, and the message says untouched: {last_line(message)}"
    # What a run before had moved, this one need not know.
    if ASIDE == state != stage.at_first and str(stage.old_beside()) not in message:
        yield f"the old one stands aside, and the message does not say where: {last_line(message)}"
    if any(words in done.stderr for words in SAYS_DONE):
        yield "says that the report is there, and that it failed"


def allowed(stage: Stage, state: str, done: Ended) -> list[str]:
    """What may stand after a fault: the old one aside only where it could not be put back."""
    put_back_failed = stage.job.refused and len([hit for hit in done.hits if "rename" in hit]) > 2
    put_back = [OLD] if stage.at_first == ASIDE else []
    return [stage.at_first, NEW, *put_back, *([ASIDE] if put_back_failed and state == ASIDE else [])]


# Inputs that fail for good

READING = {
    "open": "openat,?open",
    "read": "read,pread64,?readv",
    "stat": "statx,?newfstatat,?fstat,?stat,?lstat",
    "list": "getdents64",
}


def inputs(place: Place, generator: random.Random, given: Arguments, checks: Checks) -> None:
    """Lets every call on one input fail, as a broken disk or a share that is gone does."""
    stage = place.stage(REPORT)
    project = place.folder / "project"
    cases = [
        (path, way, error)
        for path in [project, *sorted(project.iterdir())]
        for way in READING
        for error in (*ERRORS, "ESTALE")
        if path.is_dir() == (way in ("list", "stat")) or way in ("open", "stat")
    ]
    for path, way, error in cases if given.long else generator.sample(cases, INPUTS_TO_FAIL):
        inject = [f"{calls}:error={error}" for calls in READING[way].split(",")]
        done = place.injected(stage.command(), inject, path=path)
        state, troubles = stage.state(), done.fallen()
        if done.code == 0 and state != NEW:
            troubles.append(f"passed over: exit code 0, and what stands is {state}")
        elif done.code not in (0, CANNOT_READ_OR_WRITE):
            troubles.append(f"exit code {done.code}: {last_line(done.message)}")
        elif done.code != 0 and path.name not in done.message:
            troubles.append(f"the message does not name it: {last_line(done.message)}")
        allowed = [NEW] if done.code == 0 else [OLD]
        what = f"{error} at every {way} of {path.relative_to(place.folder)}"
        checks.holds("inputs", what, troubles + stage.troubles_after(allowed))


# The terminal


def printing(place: Place) -> dict[str, list[str]]:
    """Commands that print, with their arguments."""
    project, cases = str(place.folder / "project"), str(place.folder / "cases")
    report = str(place.target(REPORT))
    commands = {
        "open": ["open", cases],
        "open as JSON": ["open", cases, "--format", "json"],
        "open as CSV": ["open", cases, "--format", "csv"],
        "compare": ["compare", cases, "--method", "14 days", "--reference", "21 days"],
        "compare cohorts": ["compare", cases, "--cohorts"],
        "check": ["check", cases],
        "explain": ["explain"],
        "explain a code": ["explain", "unwritable-output"],
        "rules": ["rules"],
        "calendar": ["calendar", "2024"],
        "due": ["due", "2024-08-01", "--control", "cooperation-talks"],
        "verify": ["verify", report],
        "run": ["run", project, "--out", report, "--forms", "md"],
        "help": ["--help"],
        "help of a command": ["run", "--help"],
        "version": ["--version"],
    }
    return {name: [str(place.binary), *arguments] for name, arguments in commands.items()}


def full_terminal(place: Place, checks: Checks) -> None:
    """Prints into a full disk."""
    place.stage(REPORT)
    for name, command in printing(place).items():
        if usual := place.run(command).code:
            checks.holds("full disk", name, [f"exit code {usual} undisturbed"])
            continue
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = place.run(command, stdout=full)
        troubles = done.fallen()
        if done.code != CANNOT_READ_OR_WRITE:
            troubles.append(f"exit code {done.code}")
        elif not done.message:
            troubles.append("no message")
        checks.holds("full disk", name, troubles)
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = place.run(printing(place)["run"], stderr=full)
    troubles = done.fallen() or done.failed()
    checks.holds("full disk", "messages of a run, which nobody need read", troubles)


def closed_pipe(place: Place, checks: Checks) -> None:
    """Prints to a reader that has gone away."""
    place.stage(REPORT)
    for name, command in printing(place).items():
        usual = place.run(command).stderr
        reader, writer = os.pipe()
        os.close(reader)
        done = place.run(command, stdout=writer)
        os.close(writer)
        troubles = []
        if done.code not in (0, 141, -13):
            troubles.append(f"exit code {done.code}")
        if said := set(done.stderr.splitlines()) - set(usual.splitlines()):
            troubles.append(f"says {last_line(chr(10).join(said))}")
        if name == "run":
            troubles += place.verify(REPORT)
        checks.holds("closed pipe", name, troubles)


if __name__ == "__main__":
    sys.exit(main())
