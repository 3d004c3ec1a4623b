"""Kills: at whatever moment a run ends, the old or the new report is complete.

Runs are killed at random moments and at each of the system calls that write, on this file system and with the
exchange of two folders refused, as network shares do. The folder must be bit for bit the old or the new
report, `frist verify` must agree, and the next run must leave nothing else behind. Some runs begin from what a
killed one left, some over a report that people added files to: these and the old report are never lost. Then
the gentler ends: Ctrl-C, a hangup and an ordinary end clean up at once; and two runs into one folder, where one
waits or is refused, and no run takes what a live one works with.
"""

import random
import re
import signal
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterable

from frame import Arguments, Checks, arguments
from jobs import AFTER_A_KILL, CHANGED, FIRST, LIST, REFUSED, REPORT, WORKBOOK, Job
from places import (
    ASIDE,
    HANGS_AFTER_SECONDS,
    NEW,
    NEW_DAY,
    NONE,
    OLD,
    OLD_DAY,
    Stage,
    goes_on,
    place_for,
    stopped_after,
)
from running import CANNOT_READ_OR_WRITE, Ended, Running
from standing import snapshot
from strace import Call, changing, some, tracer

# Kills at random moments, and calls to kill at: for the gate, and in all.
RANDOM_KILLS = {
    REPORT: (4, 500),
    REFUSED: (4, 500),
    AFTER_A_KILL: (4, 200),
    CHANGED: (4, 200),
    FIRST: (2, 100),
    LIST: (3, 200),
    WORKBOOK: (2, 100),
}
CALLS_TO_KILL_AT = {REPORT: 3, REFUSED: 3, AFTER_A_KILL: 3, CHANGED: 3, FIRST: 1, LIST: 2, WORKBOOK: 1}
RANDOM_SIGNALS = (1, 50)
# Seconds in which no run ends by itself.
SHORTEST = 0.01
CALLS_TO_SIGNAL_AT = 1
CALLS_TO_MEET_AT = 1
UNPLANNED_MEETINGS = (1, 50)
# Calls with which a run takes and leaves its workplace, and what they are about: the folder or its lock.
AROUND_WORK = ("mkdir", "mkdirat", "openat", "unlink", "unlinkat", "rmdir")
BARE = re.compile(r'\.frist-…(/lock)?"')
# How long a second run may take before it is taken to be waiting for the first.
WAITS_AFTER_SECONDS = 3.0
# One kill in four is followed by another in the run that should put things right.
KILLED_AGAIN = 0.25

GENTLE = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    """Runs all parts, or those asked for."""
    given = arguments()
    generator = random.Random(given.seed)
    checks = Checks("kills")
    with place_for(given, "kills") as place:
        for job in RANDOM_KILLS:
            if given.wants(f"kills of {job.name}"):
                stage = place.stage(job)
                kills_at_random(stage, generator, RANDOM_KILLS[job][given.long], checks)
                kills_at_calls(stage, generator, given, checks)
        for job in (REPORT, REFUSED, AFTER_A_KILL, CHANGED, LIST):
            if given.wants(f"signals to {job.name}"):
                signals(place.stage(job), generator, given, checks)
        for job in (REPORT, REFUSED):
            if given.wants(f"two runs of {job.name}"):
                two_runs(place.stage(job), generator, given, checks)
    return checks.close_with()


def allowed_after_kill(job: Job) -> list[str]:
    """What may stand after a kill. Without an exchange there is a moment when the old report stands aside."""
    is_aside = job.refused or job == AFTER_A_KILL
    return [OLD if job.over_earlier else NONE, NEW, *([ASIDE] if is_aside else [])]


# Kills


def kills_at_random(stage: Stage, generator: random.Random, wanted: int, checks: Checks) -> None:
    """Kills at moments spread over the whole run, half of them over its last third, where it writes."""
    seconds = seconds_of(stage)
    after: Counter[str] = Counter()
    ended_before = 0
    kind = f"random kills of {stage.job.name}"
    while sum(after.values()) < wanted and ended_before <= wanted + 20:
        share = generator.uniform(*generator.choice([(0, 1), (2 / 3, 1)]))
        if not killed_after(stage, share * seconds):
            # It is quicker than before.
            ended_before, seconds = ended_before + 1, seconds * 0.98
            stage.start_over()
            continue
        again = generator.random() < KILLED_AGAIN and not stage.untouched()
        if again:
            killed_after(stage, generator.random() * seconds)
        after[stage.state()] += 1
        what = f"after {share * seconds * 1000:.0f} ms{', and again' if again else ''}"
        checks.holds(kind, what, stage.troubles_after(allowed_after_kill(stage.job)))
    if sum(after.values()) < wanted:
        checks.holds(kind, "all", [f"only {sum(after.values())} of {wanted} runs could be killed"])
    print(f"{kind}: {sum(after.values())}, then stood {counted(after)}", flush=True)


def seconds_of(stage: Stage) -> float:
    """How long the job usually takes."""
    taken = []
    for _ in range(3):
        taken.append(ended(started(stage)).seconds)
        stage.start_over()
    return statistics.median(taken)


def started(stage: Stage, day: str = NEW_DAY) -> Running:
    """The job, as a child of ours even under strace."""
    command = stage.place.command(stage.job, day)
    if stage.job.refused:
        command = [*tracer(stage.place.log, stage.job.refused), *command]
    return stage.place.start(command)


def ended(process: Running) -> Ended:
    """How a process ended; one that hangs is killed."""
    return process.end(HANGS_AFTER_SECONDS)


def killed_after(stage: Stage, seconds: float) -> bool:
    """Runs the job and kills it; false when it ended before."""
    return ended_after(stage, seconds, signal.SIGKILL).code == -signal.SIGKILL


def ended_after(stage: Stage, seconds: float, ending: signal.Signals) -> Ended:
    """Runs the job and sends it a signal after a while; how it ended."""
    process = started(stage)
    process.ends_within(seconds)
    process.send(ending)
    return ended(process)


def kills_at_calls(stage: Stage, generator: random.Random, given: Arguments, checks: Checks) -> None:
    """Kills as each of the calls that change something begins."""
    calls = changing(stage.calls())
    chosen = calls if given.long else some(generator, calls, CALLS_TO_KILL_AT[stage.job])
    after: Counter[str] = Counter()
    kind = f"kills of {stage.job.name} at its calls"
    for call in chosen:
        inject = stage.job.with_refused(call, "signal=SIGKILL")
        done = stage.place.injected(stage.command(), inject)
        after[stage.state()] += 1
        troubles = [] if done.code in (-signal.SIGKILL, 137) else [f"not killed, exit code {done.code}"]
        troubles += stage.troubles_after(allowed_after_kill(stage.job))
        checks.holds(kind, str(call), troubles)
    print(f"{kind}: {len(chosen)} of {len(calls)}, then stood {counted(after)}", flush=True)


def counted(states: Counter[str]) -> str:
    """Counts of states in words."""
    return ", ".join(f"{state} {count}" for state, count in sorted(states.items()))


# Gentler ends


def signals(stage: Stage, generator: random.Random, given: Arguments, checks: Checks) -> None:
    """Ends a run by signals that a program can hear."""
    calls = changing(stage.calls())
    chosen = calls if given.long else some(generator, calls, CALLS_TO_SIGNAL_AT)
    for call in chosen:
        ending = generator.choice(GENTLE)
        inject = stage.job.with_refused(call, f"signal={ending.name}")
        done = stage.place.injected(stage.command(), inject)
        judge_signal(stage, f"{ending.name} at {call}", done, ending, checks)
    seconds = seconds_of(stage)
    within, ended_early = seconds, 0
    # Of a busy machine the time can be so long that every signal comes too late.
    while not ended_early and within > SHORTEST:
        for ending in GENTLE * RANDOM_SIGNALS[given.long]:
            after = generator.random() * within
            done = ended_after(stage, after, ending)
            ended_early += done.code != 0
            judge_signal(stage, f"{ending.name} after {after * 1000:.0f} ms", done, ending, checks)
        within /= 2
    ignored = [] if ended_early else ["no run was ended by any signal"]
    checks.holds(f"signals to {stage.job.name}", "all", ignored)
    hangup_without_a_terminal(stage, seconds, checks)


def judge_signal(stage: Stage, what: str, done: Ended, ending: signal.Signals, checks: Checks) -> None:
    """Whether a run ended by a signal cleaned up after itself."""
    troubles = [done.stopped] if done.stopped else []
    if done.code not in (0, -ending, *(128 + other for other in GENTLE)):
        troubles.append(f"exit code {done.code}")
    if done.code == 0 and stage.state() != NEW:
        troubles.append("exit code 0, and not the new report")
    # Before the program has begun, nothing is there to be cleaned up.
    if left := stage.leftovers():
        troubles.append(f"left behind: {', '.join(left)}")
    troubles += stage.troubles_after([stage.at_first, OLD, NEW])
    checks.holds(f"signals to {stage.job.name}", what, troubles)


def hangup_without_a_terminal(stage: Stage, seconds: float, checks: Checks) -> None:
    """Under nohup a hangup is ignored, and must stay so."""
    command = ["nohup", *stage.command()]
    process = stage.place.start(command)
    process.ends_within(seconds / 2)
    process.send(signal.SIGHUP)
    troubles = ended(process).failed() + stage.troubles_after([NEW])
    checks.holds(f"signals to {stage.job.name}", "SIGHUP under nohup", troubles)


# Two runs at once


def two_runs(stage: Stage, generator: random.Random, given: Arguments, checks: Checks) -> None:
    """Lets a second run meet a first one that stands still after one of its calls, and two that just run."""
    calls = changing(stage.calls())
    chosen = calls if given.long else some(generator, calls, CALLS_TO_MEET_AT)
    kind = f"two runs of {stage.job.name}"
    met: Counter[str] = Counter()
    for call in chosen:
        how, troubles = meeting(stage, call)
        met[how] += 1
        checks.holds(kind, f"the first stands still after {call}", troubles)
    print(f"{kind}: {len(chosen)} of {len(calls)} calls; the second {counted(met)}", flush=True)
    for _ in range(UNPLANNED_MEETINGS[given.long]):
        checks.holds(kind, "at the same time", unplanned_meeting(stage, generator))


def meeting(stage: Stage, call: Call) -> tuple[str, list[str]]:
    """A second run while a first one stands still; how the second fared, and what went wrong."""
    with stopped_after(stage, call, stage.command()) as first:
        if first is None:
            stage.start_over()
            return "never came", ["the first run did not stop there"]
        working = set(stage.place.leftovers(stage.job))
        troubles = widened(stage, working)
        second = started(stage, OLD_DAY)
        waited = not second.ends_within(WAITS_AFTER_SECONDS)
        # Before it has locked its workplace a run has nothing in it and creates it again; the same if its lock is gone.
        is_bare = call.name in AROUND_WORK and BARE.search(str(call)) is not None
        if gone := set() if is_bare else working - set(stage.place.leftovers(stage.job)):
            troubles.append(f"taken from the living run: {', '.join(sorted(gone))}")
        one = goes_on(first)
    two = ended(second)
    troubles += [f"the first run: {trouble}" for trouble in one.fallen() or one.failed()]
    troubles += [f"the second run: {trouble}" for trouble in two.fallen()]
    if two.code not in (0, CANNOT_READ_OR_WRITE):
        troubles.append(f"the second run: exit code {two.code}")
    how = "waited" if waited else "was refused" if two.code else "was done"
    return how, troubles + afterwards(stage, [one.code, two.code])


def widened(stage: Stage, working: Iterable[str]) -> list[str]:
    """Folders that a run works in and that others could read; the old report keeps its rights where it goes."""
    folders = [stage.place.out / name for name in working if not name.startswith("tmp/")]
    open_to_others = [path for path in folders if path.is_dir() and path.stat().st_mode & 0o077]
    ours = [path for path in open_to_others if snapshot(path) != stage.wanted[OLD]]
    return [f"others can read {path.name}" for path in ours]


def afterwards(stage: Stage, codes: list[int]) -> list[str]:
    """What is wrong once both runs have ended."""
    troubles = []
    if 0 not in codes:
        troubles.append(f"neither run succeeded: {codes}")
    if left := stage.leftovers():
        troubles.append(f"left behind: {', '.join(left)}")
    return troubles + stage.troubles_after([OLD, NEW])


def unplanned_meeting(stage: Stage, generator: random.Random) -> list[str]:
    """Two runs that begin almost together."""
    first = started(stage)
    time.sleep(generator.random() * 0.1)
    second = started(stage, OLD_DAY)
    codes = [ended(process).code for process in (first, second)]
    troubles = [f"exit codes {codes}"] if set(codes) - {0, CANNOT_READ_OR_WRITE} else []
    return troubles + afterwards(stage, codes)


if __name__ == "__main__":
    sys.exit(main())
