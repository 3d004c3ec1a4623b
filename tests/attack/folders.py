"""Folders: what people and systems do to the place of a report.

What a person changed or added in the report folder, at any moment, is set aside beside it and never lost,
even if the run that finds it is killed or the disk is full. Permissions are kept, and new ones follow the umask.
A dead link or a mount point as the place of a report is refused before the work. On a full disk the earlier
report is intact. Mounting needs root or user namespaces; without either, these parts are left out.
"""

import os
import random
import re
import stat
import sys
from collections.abc import Callable
from pathlib import Path

from frame import Arguments, Checks, arguments
from jobs import FIRST, LIST, REFUSED, REPORT, Job
from mounts import Found, mounted, mounting
from places import NEW, NEW_DAY, OLD, OLD_DAY, SET_ASIDE, Place, Stage, goes_on, place_for, stopped_after
from running import CANNOT_READ_OR_WRITE, Ended, last_line
from standing import copy, remove, rights, snapshot
from strace import RENAMING, Call, changing

# What a person wrote, to be found again.
PERSONS = b"skrivet av en handl\xc3\xa4ggare\n"
PERSONS_TOO = b"skrivet av en annan, senare samma dag\n"
MOMENTS_TO_CHANGE = 1
CALLS_TO_DISTURB = 3
# Of folders and of files.
RIGHTS = [(0o700, 0o600), (0o2750, 0o640), (0o775, 0o664), (0o755, 0o600)]
# Some other group than our own.
OTHER_GROUP = 1


def main() -> int:
    """Runs all parts, or those asked for."""
    given = arguments()
    generator = random.Random(given.seed)
    checks = Checks("folders")
    with place_for(given, "folders") as place:
        for job in (REPORT, REFUSED):
            if given.wants(f"changes by people to {job.name}"):
                changes_by_people(place.stage(job), generator, given, checks)
        if given.wants("rights"):
            for job in (REPORT, REFUSED, LIST):
                some_rights = RIGHTS if given.long or job != REFUSED else RIGHTS[:1]
                kept_rights(place.stage(job), some_rights, checks)
            umask_rights(place, checks)
        if given.wants("links"):
            links(place, checks)
        if given.wants("mounts"):
            mounts(place, checks)
    return checks.close_with()


# What people change


def altered(target: Path) -> None:
    """Someone corrects a text."""
    with open(target / "report.md", "ab") as file:
        file.write(PERSONS)


def altered_unseen(target: Path) -> None:
    """Someone changes letters, and neither the length nor the time shows it."""
    file = target / "report.md"
    before = file.stat()
    file.write_bytes(PERSONS + file.read_bytes()[len(PERSONS) :])
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def added(target: Path) -> None:
    """Someone saves a text beside the report's own."""
    (target / "anteckningar.docx").write_bytes(PERSONS)


def added_in_latin_1(target: Path) -> None:
    """Someone saves a text under a name in another encoding, as an old share keeps it."""
    Path(os.fsdecode(os.fsencode(target) + b"/m\xf6te.docx")).write_bytes(PERSONS)


def added_below(target: Path) -> None:
    """Someone saves a picture among the charts."""
    (target / "charts/egen bild.png").write_bytes(PERSONS)


def folder_added(target: Path) -> None:
    """Someone makes a folder."""
    (target / "Bilagor/2024").mkdir(parents=True)
    (target / "Bilagor/2024/beslut.docx").write_bytes(PERSONS)


def manifest_altered(target: Path) -> None:
    """Someone opens the manifest and spoils it."""
    (target / "manifest.json").write_bytes(PERSONS)


def one_replaced_by_a_folder(target: Path) -> None:
    """Someone makes a folder in the place of a file."""
    (target / "data/tally.csv").unlink()
    (target / "data/tally.csv").mkdir()
    (target / "data/tally.csv/egen.csv").write_bytes(PERSONS)


EDITS = (
    altered,
    altered_unseen,
    added,
    added_in_latin_1,
    added_below,
    folder_added,
    manifest_altered,
    one_replaced_by_a_folder,
)


def changes_by_people(stage: Stage, generator: random.Random, given: Arguments, checks: Checks) -> None:
    """Changes the old report before a run, in it, and just before the swap."""
    kind = f"changes by people to {stage.job.name}"
    calls = stage.calls()
    every = given.long or stage.job == REPORT
    begun = changing(calls)[0]
    for edit in EDITS if every else EDITS[:1]:
        # Without its manifest a folder is no report, and what is in it could be anybody's.
        may_refuse = edit is manifest_altered
        checks.holds(kind, f"{edit.__name__} while it runs", changed_at(stage, begun, edit, may_refuse))
    for edit in EDITS if given.long else EDITS[:1]:
        checks.holds(kind, f"{edit.__name__} before it", changed_before(stage, edit))
    if every:
        checks.holds(kind, "a link added", link_added(stage, begun))
        checks.holds(kind, "changed twice on one day", changed_twice(stage, begun))
    moments = moments_before_swap(calls)
    # The last ones are between the check and the swap.
    last, earlier = moments[-1:], moments[:-1]
    chosen = moments if given.long else generator.sample(earlier, min(MOMENTS_TO_CHANGE, len(earlier))) + last
    for call in chosen:
        before_work = calls.index(call) < calls.index(begun)
        troubles = changed_at(stage, call, altered, may_refuse=before_work)
        checks.holds(kind, f"altered after {call}", troubles)
    disturbed(stage, generator, given, checks)


def moments_before_swap(calls: list[Call]) -> list[Call]:
    """The calls that touch the output, up to the last before the old report moves."""
    swap = next((i for i, call in enumerate(calls) if call.name in RENAMING), len(calls))
    return [call for call in calls[:swap] if call.where == "output" and call.name != "read"]


def persons_files(stage: Stage, wanted: bytes = PERSONS) -> list[Path]:
    """The files that hold what a person wrote."""
    files = [path for path in stage.place.out.rglob("*") if path.is_file() and not path.is_symlink()]
    return [path for path in files if wanted in path.read_bytes()]


def set_aside(stage: Stage) -> list[str]:
    """The names of the folders beside the report that hold what people changed."""
    return sorted(path.name for path in stage.place.out.iterdir() if SET_ASIDE.match(path.name))


def changed_at(
    stage: Stage, call: Call, edit: Callable[[Path], None], may_refuse: bool = False
) -> list[str]:
    """Changes the old report after a call of a run; what is wrong when the run has ended."""
    stage.start_over()
    with stopped_after(stage, call, stage.command()) as process:
        if process is None:
            return ["the run did not stop there"]
        edit(stage.target)
        before = snapshot(stage.target)
        done = goes_on(process)
    if may_refuse and refused_untouched(stage, done, before):
        return []
    return troubles_of_change(stage, done)


def refused_untouched(stage: Stage, done: Ended, before: dict[str, str]) -> bool:
    """Whether a run refused to replace a report that people changed, and left everything as it was."""
    untouched = snapshot(stage.target) == before and not stage.place.leftovers(stage.job)
    return done.code == CANNOT_READ_OR_WRITE and untouched


def changed_before(stage: Stage, edit: Callable[[Path], None]) -> list[str]:
    """Changes the old report before a run, which may refuse it or set the change aside."""
    stage.start_over()
    edit(stage.target)
    before = snapshot(stage.target)
    done = stage.place.run_job(stage.job, NEW_DAY)
    return [] if refused_untouched(stage, done, before) else troubles_of_change(stage, done)


def troubles_of_change(stage: Stage, done: Ended) -> list[str]:
    """What is wrong after a run that met a change: the change must stand beside, the report must be new."""
    troubles = done.fallen() or done.failed()
    found = [path for path in persons_files(stage) if not path.is_relative_to(stage.target)]
    if done.code == 0 and stage.state() != NEW:
        troubles.append(f"what stands is {stage.state()}")
    troubles += stage.place.verify(stage.job)
    if not found:
        troubles.append("what the person wrote is lost")
    elif not all(SET_ASIDE.match(path.relative_to(stage.place.out).parts[0]) for path in found):
        troubles.append(f"it is set aside as {found[0].relative_to(stage.place.out)}")
    elif not any(name in done.stderr for name in set_aside(stage)):
        troubles.append(f"nobody is told of it: {last_line(done.stderr)}")
    return troubles + next_run_keeps(stage)


def next_run_keeps(stage: Stage) -> list[str]:
    """What is wrong after one more run: what was set aside must stay, and nothing else."""
    before = {name: snapshot(stage.place.out / name) for name in set_aside(stage)}
    done = stage.place.run_job(stage.job, OLD_DAY)
    troubles = [f"the next run: {trouble}" for trouble in done.failed()]
    after = {name: snapshot(stage.place.out / name) for name in set_aside(stage)}
    if before != after:
        troubles.append("the next run changes what was set aside")
    if left := set(stage.place.leftovers(stage.job)) - set(after):
        troubles.append(f"left after the next run: {', '.join(sorted(left))}")
    return troubles


def link_added(stage: Stage, call: Call) -> list[str]:
    """A link in the folder is set aside as a link; what it points to is neither read nor removed."""
    elsewhere = stage.place.folder / "elsewhere"
    remove(elsewhere)
    elsewhere.mkdir()
    (elsewhere / "akt.docx").write_bytes(PERSONS)
    stage.start_over()
    with stopped_after(stage, call, stage.command()) as process:
        if process is None:
            return ["the run did not stop there"]
        (stage.target / "akter").symlink_to(elsewhere)
        done = goes_on(process)
    troubles = done.fallen()
    if not (elsewhere / "akt.docx").exists():
        troubles.append("what the link points to is gone")
    kept = [path for path in stage.place.out.rglob("akter") if path.is_symlink()]
    if done.code == 0 and not kept:
        troubles.append("the link is lost")
    troubles += stage.place.verify(stage.job) + next_run_keeps(stage)
    return troubles


def changed_twice(stage: Stage, call: Call) -> list[str]:
    """Two changes on one day must both be kept."""
    stage.start_over()
    for wrote in (PERSONS, PERSONS_TOO):
        with stopped_after(stage, call, stage.command()) as process:
            if process is None:
                return ["the run did not stop there"]
            (stage.target / "anteckningar.docx").write_bytes(wrote)
            done = goes_on(process)
        if done.code != 0:
            return done.failed()
    kept = [len(persons_files(stage, wrote)) for wrote in (PERSONS, PERSONS_TOO)]
    return [] if all(kept) else [f"kept {kept} times"]


def disturbed(stage: Stage, generator: random.Random, given: Arguments, checks: Checks) -> None:
    """Kills the run that sets a change aside, or lets its calls fail: the change must survive."""
    stage.start_over()
    altered(stage.target)
    calls = changing(stage.place.calls_of(stage.job))
    swap = next((i for i, call in enumerate(calls) if call.name in RENAMING), 0)
    calls = calls[max(swap - 2, 0) :]
    chosen = calls if given.long else generator.sample(calls, min(CALLS_TO_DISTURB, len(calls)))
    for call in chosen:
        change = generator.choice(["signal=SIGKILL", "error=ENOSPC", "error=EIO"])
        stage.start_over()
        altered(stage.target)
        done = stage.place.injected(stage.command(), stage.job.with_refused(call, change))
        troubles = [] if persons_files(stage) else ["lost at once"]
        if done.code == 0 and stage.state() != NEW:
            troubles.append("exit code 0, and not the new report")
        after = stage.place.run_job(stage.job, OLD_DAY)
        troubles += [f"the next run: {trouble}" for trouble in after.failed()]
        if not persons_files(stage):
            troubles.append("lost after the next run")
        if left := set(stage.place.leftovers(stage.job)) - set(set_aside(stage)):
            troubles.append(f"left after the next run: {', '.join(sorted(left))}")
        troubles += stage.place.verify(stage.job)
        checks.holds(f"setting aside disturbed, {stage.job.name}", f"{change} at {call}", troubles)
    stage.start_over()


# Rights


def kept_rights(stage: Stage, some_rights: list[tuple[int, int]], checks: Checks) -> None:
    """A report or list that takes the place of another has the rights of the other, and its group."""
    for of_folders, of_files in some_rights:
        stage.start_over()
        for path in [stage.target, *(stage.target.rglob("*") if stage.target.is_dir() else [])]:
            if os.geteuid() == 0:
                os.chown(path, -1, OTHER_GROUP)
            path.chmod(of_folders if path.is_dir() else of_files)
        before = rights(stage.target)
        done = stage.place.run_job(stage.job, NEW_DAY)
        after = rights(stage.target)
        what = f"{of_folders:04o} and {of_files:04o}"
        for index, kind, shape in ((0, "rights", "04o"), (1, "group", "d")):
            same = before.keys() & after.keys()
            differing = sorted(name for name in same if before[name][index] != after[name][index])
            troubles = [
                f"{len(differing)} of {len(same)} differ: {name} was "
                f"{before[name][index]:{shape}}, is {after[name][index]:{shape}}"
                for name in differing[:1]
            ]
            checks.holds(f"{kind} of {stage.job.name}", what, done.failed() + troubles)
    stage.start_over()


def umask_rights(place: Place, checks: Checks) -> None:
    """A new report or list has the rights that the umask leaves."""
    for job in (FIRST, LIST):
        for umask in (0o022, 0o077, 0o027, 0o002):
            place.clear()
            done = place.run(place.command(job, NEW_DAY), umask=umask)
            troubles = done.failed()
            target = place.target(job)
            for path in [target, *(target.rglob("*") if target.is_dir() else [])]:
                wanted = (0o777 if path.is_dir() else 0o666) & ~umask
                if (has := stat.S_IMODE(path.stat().st_mode)) != wanted:
                    troubles.append(f"{path.name} has {has:04o}, not {wanted:04o}")
            checks.holds("rights by umask", f"{job.name}, umask {umask:03o}", troubles[:2])
    place.clear()


# Links


def links(place: Place, checks: Checks) -> None:
    """A link that leads nowhere is no place for a report; one that leads to a report stays a link."""
    for job, name in ((REPORT, "a report"), (LIST, "a list")):
        for kind, leads_to in (("a dead link", "nowhere/there"), ("a link to itself", job.target)):
            place.clear()
            target = place.target(job)
            target.symlink_to(leads_to)
            done = place.run(strict(place, job))
            troubles = troubles_of_refusal(place, job, done, "länk|link")
            if not target.is_symlink() or os.readlink(target) != leads_to:
                troubles.append("the link is gone")
            checks.holds("links", f"{name} through {kind}", troubles)
    place.clear()
    stage = place.stage(REPORT)
    real = place.folder / "real"
    remove(real)
    stage.target.rename(real)
    stage.target.symlink_to(real)
    done = place.run_job(REPORT, NEW_DAY)
    troubles = done.failed()
    if not stage.target.is_symlink() or snapshot(real) != stage.wanted[NEW]:
        troubles.append("the new report does not stand where the link leads")
    beside = [path.name for path in place.folder.iterdir() if path.name.startswith(".")]
    checks.holds("links", "a report through a link to one", troubles + beside + place.leftovers(REPORT))
    remove(real)
    place.clear()


def strict(place: Place, job: Job) -> list[str]:
    """A job that would fail otherwise after its work, so that an earlier refusal shows."""
    if not job.is_report:
        return place.command(job, NEW_DAY)
    project = place.folder / "strict"
    return [str(place.binary), *job.command(project, place.target(job)), "--strict", "--threads", "1"]


def troubles_of_refusal(place: Place, job: Job, done: Ended, words: str) -> list[str]:
    """What is wrong with how an unsuitable place is refused: early, with the reason, leaving nothing."""
    troubles = done.fallen()
    if done.code != CANNOT_READ_OR_WRITE:
        troubles.append(f"exit code {done.code}, not before the work: {last_line(done.stderr)}")
    elif Path(job.target).name not in done.message or not re.search(words, done.message, re.IGNORECASE):
        troubles.append(f"the message does not say why: {last_line(done.message)}")
    if left := place.leftovers(job):
        troubles.append(f"left behind: {', '.join(left)}")
    return troubles


# Mounts

# Each gets the target as $T, a complete old report as $OLD, and runs the program as "$@". It prints lines of
# what it found, as `word value`. $OLD_RUN runs the program on the strict project.
MOUNT_POINT = """
mkdir "$T" && mount -t tmpfs tmpfs "$T"
"$@"; echo "code $?"
find "$T" -mindepth 1 | sed 's/^/inside /'
"""
MOUNTED_REPORT = """
mkdir "$T" && mount --bind "$OLD" "$T"
"$@"; echo "code $?"
"""
ON_A_MOUNT = """
mount -t tmpfs tmpfs "$OUT"
"$@"; echo "code $?"
"$@" >/dev/null 2>&1; echo "again $?"
find "$OUT" -mindepth 1 -maxdepth 1 ! -path "$T" | sed 's/^/beside /'
test -d "$T" && { "$FRIST" verify "$T" >/dev/null 2>&1; echo "verify $?"; }
"""
FULL = """
mount -t tmpfs -o size=8m tmpfs "$OUT"
cp -a "$OLD" "$T"
cat /dev/zero > "$OUT/fill" 2>/dev/null || true
truncate -s -"$ROOM" "$OUT/fill"
"$@"; echo "code $?"
diff -r "$OLD" "$T" >/dev/null; echo "same $?"
find "$OUT" -mindepth 1 -maxdepth 1 ! -path "$T" ! -name fill | sed 's/^/beside /'
rm "$OUT/fill"
"$@" >/dev/null 2>&1; echo "again $?"
find "$OUT" -mindepth 1 -maxdepth 1 ! -path "$T" | sed 's/^/later /'
"""
READ_ONLY = """
mount -t tmpfs tmpfs "$OUT"
cp -a "$OLD" "$T"
mount -o remount,ro "$OUT"
"$@"; echo "code $?"
diff -r "$OLD" "$T" >/dev/null; echo "same $?"
"""


def mounts(place: Place, checks: Checks) -> None:
    """Puts other file systems in the place of a report or around it."""
    unshare = mounting()
    if not unshare:
        print("mounts: left out, this machine allows no mounts")
        return
    stage = place.stage(REPORT)
    old = place.folder / "old"
    for job in (REPORT, LIST):
        stage = place.stage(job)
        remove(old)
        copy(stage.kept, old)
        for room in (0, 8_192, 65_536) if job.is_report else (0,):
            found, done = mounted(place, job, unshare, FULL, stage.command(), {"ROOM": str(room)})
            troubles = full_disk_troubles(found, done)
            checks.holds("mounts", f"{job.name} on a disk with {room} bytes left", troubles)
        found, done = mounted(place, job, unshare, READ_ONLY, strict(place, job))
        right = (done.code, found["same"]) == (CANNOT_READ_OR_WRITE, ["0"])
        troubles = done.fallen() + ([] if right else [f"exit code {done.code}, {found}"])
        checks.holds("mounts", f"{job.name} on a disk that is read-only", troubles)
    remove(old)
    stage = place.stage(REPORT)
    copy(stage.kept, old)
    found, done = mounted(place, REPORT, unshare, ON_A_MOUNT, stage.command())
    right = (done.code, found["again"], found["verify"], found["beside"]) == (0, ["0"], ["0"], [])
    troubles = done.fallen() + ([] if right else [f"exit code {done.code}, {found}, {last_line(done.stderr)}"])
    checks.holds("mounts", "a report inside another disk", troubles)
    why = "monter|mount|disk|volym|volume|filsystem|file system"
    for what, script in (("a mount point", MOUNT_POINT), ("a mount point with a report", MOUNTED_REPORT)):
        found, done = mounted(place, REPORT, unshare, script, strict(place, REPORT))
        # The folder that it was mounted on is ours.
        remove(place.target(REPORT))
        troubles = troubles_of_refusal(place, REPORT, done, why)
        if found["inside"]:
            troubles.append(f"left inside: {', '.join(found['inside'])}")
        if snapshot(old) != stage.wanted[OLD]:
            troubles.append("the old report is no longer whole")
        checks.holds("mounts", what, troubles)
    remove(old)
    place.clear()


def full_disk_troubles(found: Found, done: Ended) -> list[str]:
    """What is wrong after a run on a full disk."""
    troubles = done.fallen()
    if done.code != CANNOT_READ_OR_WRITE:
        troubles.append(f"exit code {done.code}")
    elif not done.message:
        troubles.append("no message")
    if found["same"] != ["0"]:
        troubles.append("the old one is no longer whole")
    if found["beside"]:
        troubles.append(f"left behind: {', '.join(found['beside'])}")
    if found["again"] != ["0"] or found["later"]:
        troubles.append(f"with room again: exit code {found['again']}, left {found['later']}")
    return troubles


if __name__ == "__main__":
    sys.exit(main())
