"""The temporary file for what exceeds memory, on a disk that is full or broken.

Hashes of persons and of case numbers go there past 32 MB of each, those of persons past 32 MB divided by the number
of controls. An export of 900,000 rows among five controls has so many persons; `--long` has five million rows,
which are so many case numbers too. Some persons come back and some case numbers are repeated, so that a report from
which a hash was lost shows it. On file systems that are full, before the file is made, at its beginning or halfway,
that are read-only or not there, and with each kind of call on the file failing, a run must either write the same
report as on a sound disk, bit for bit, or exit with 74, name the place of the file and leave the old report.

Full file systems are mounted, which needs root or user namespaces; without either, they are left out.
"""

import datetime as dt
import random
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from frame import Arguments, Checks, arguments
from jobs import REPORT
from mounts import mounted, mounting
from places import NEW, NEW_DAY, OLD, Place, Stage, place_for
from running import CANNOT_READ_OR_WRITE, Ended, last_line
from strace import Call, parsed_calls, strace

# In the short version and in the long one.
ROWS = (900_000, 5_000_000)
CALLS_OF_A_KIND = (1, 8)
# A run on five million rows, watched call by call.
MOST_SECONDS = 600.0
REPEATED_EVERY = 100_000
UNITS = 5
DAYS = [(dt.date(2022, 1, 1) + dt.timedelta(day)).isoformat() for day in range(1_000)]

LARGE = replace(REPORT, name="a large report", project="large")
PROJECT = """\
as_of    = 2024-08-31
language = "sv"

[[source]]
files      = ["uttag.csv"]
duplicates = "last"
columns    = { case_id = "Ärendenr", type = "Typ", person = "Klient", group = "Enhet" }

[source.types]
U = "child-investigation"
F = "preliminary-assessment"
S = "cooperation-talks"
B = "safety-assessment"
V = "unenforced-decision"
"""
HEADINGS = "Ärendenr;Typ;Klient;Enhet;Utredning inledd;Utredning avslutad\n"

# How the file system of the temporary file is mounted: with room for the beginning of the file, for none of it; in the
# long version also for no file at all. A part that goes there takes six megabytes.
FULL = {"half full": "size=9m", "full": "size=4k"}
NO_FILE = {"full of files": "size=9m,nr_inodes=1", "read-only": "size=9m,ro"}
SCRIPT = """
mount -t tmpfs -o "$OPTIONS" tmpfs "$TMPDIR"
cp -a "$OLD" "$T"
"$@"; echo "code $?"
find "$TMPDIR" -mindepth 1 | sed 's/^/inside /'
"""
CALLS = ("openat", "write", "lseek", "read")


def main() -> int:
    """Runs all parts, or those asked for."""
    given, checks = arguments(), Checks("temporary_file")
    with place_for(given, "temporary-file") as place:
        write_large(place.folder / LARGE.project, ROWS[given.long])
        place.patience = MOST_SECONDS
        stage = place.stage(LARGE)
        if given.wants("full disks"):
            full_disks(stage, FULL | NO_FILE if given.long else FULL, checks)
        if given.wants("no folder"):
            no_folder(stage, checks)
        if given.wants("calls that fail"):
            failing_calls(stage, given, checks)
    return checks.close_with(f"{ROWS[given.long]:,} rows")


def write_large(folder: Path, rows: int) -> None:
    """A project whose persons, and in the long version its case numbers, do not stay in memory."""
    folder.mkdir()
    (folder / "frist.toml").write_text(PROJECT, encoding="utf-8")
    with (folder / "uttag.csv").open("w", encoding="utf-8") as file:
        file.write(HEADINGS)
        file.writelines(large_rows(rows))


def large_rows(count: int) -> Iterator[str]:
    """Rows of which some are about a person of another one, and a few repeat a case number."""
    generator = random.Random(12)
    for number in range(count):
        start = generator.randrange(700)
        end = DAYS[start + generator.randrange(20, 220)]
        case = number % REPEATED_EVERY if number % REPEATED_EVERY < number // REPEATED_EVERY else number
        person = generator.randrange(2 * count)
        yield f"U-{case:08};U;K{person};Enhet {number % UNITS};{DAYS[start]};{end}\n"


def full_disks(stage: Stage, full: dict[str, str], checks: Checks) -> None:
    """Makes the file on file systems without room for it."""
    unshare = mounting()
    if not unshare:
        print("full disks: left out, this machine allows no mounts")
        return
    place = stage.place
    for what, options in full.items():
        variables = {"OPTIONS": options, "OLD": str(stage.kept)}
        found, done = mounted(place, LARGE, unshare, SCRIPT, watched(stage), variables)
        troubles = [*troubles_of(stage, done), *(f"left inside: {name}" for name in found["inside"])]
        checks.holds("full disks", what, never_met(place, place.temporary) + troubles)
        stage.start_over()


def no_folder(stage: Stage, checks: Checks) -> None:
    """Names a folder for temporary files that is not there."""
    nowhere = stage.place.folder / "nowhere"
    done = stage.place.run(["env", f"TMPDIR={nowhere}", *watched(stage)])
    troubles = never_met(stage.place, nowhere) + troubles_of(stage, done)
    checks.holds("no folder", nowhere.name, troubles)
    stage.start_over()


def failing_calls(stage: Stage, given: Arguments, checks: Checks) -> None:
    """Lets calls on the file fail, one in each run."""
    generator = random.Random(given.seed)
    calls = list(calls_on_the_file(stage))
    for name in CALLS:
        some = [call for call in calls if call.name == name]
        if not some:
            checks.fails("calls that fail", f"the file is never met by {name}")
        for call in generator.sample(some, min(CALLS_OF_A_KIND[given.long], len(some))):
            done = stage.place.injected(stage.command(), [call.inject("error=EIO")])
            hit = [] if done.hits else ["the call never came"]
            checks.holds("calls that fail", str(call), hit + troubles_of(stage, done))
            stage.start_over()


def calls_on_the_file(stage: Stage) -> Iterator[Call]:
    """The calls of an undisturbed run on a file without a name among the temporary files."""
    stage.place.run(watched(stage))
    for call in parsed_calls(stage.place.logged(), stage.place):
        if f"<{stage.place.temporary}/#" in call.text or "O_TMPFILE" in call.text:
            yield call
    stage.start_over()


def watched(stage: Stage) -> list[str]:
    """The job's command line under strace, which changes nothing."""
    return [*strace(stage.place.log, trace=",".join(CALLS)), *stage.command(NEW_DAY)]


def never_met(place: Place, temporary: Path) -> list[str]:
    """What is wrong when no call on the file failed: then nothing was attacked."""
    failed = (line for line in place.logged().splitlines() if " = -1 E" in line)
    return [] if any(str(temporary) in line for line in failed) else ["the file never met the fault"]


def troubles_of(stage: Stage, done: Ended) -> list[str]:
    """What is wrong with how a run ended: it must have written the right report, or have said why it did not."""
    state, troubles = stage.state(), done.fallen()
    if not troubles and done.code != 0:
        troubles += refused_wrongly(stage, state, done)
    elif state != NEW:
        troubles.append(f"exit code {done.code}, and what stands is {state}")
    return troubles + [f"left behind: {name}" for name in stage.leftovers()]


def refused_wrongly(stage: Stage, state: str, done: Ended) -> Iterable[str]:
    """What is wrong with how a run failed."""
    if done.code != CANNOT_READ_OR_WRITE:
        yield f"exit code {done.code}: {last_line(done.stderr)}"
    elif str(stage.place.temporary) not in done.message:
        yield f"the message does not name the place of the file: {last_line(done.message)}"
    if state != OLD:
        yield f"exit code {done.code}, and what stands is {state}"


if __name__ == "__main__":
    sys.exit(main())
