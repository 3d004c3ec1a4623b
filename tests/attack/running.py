"""Running a command within bounds of time and memory, and how it ended."""

import os
import resource
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

MEGABYTE = 1 << 20
GIGABYTE = 1 << 30
MOST_SECONDS = 120.0
MOST_MEMORY = 4 * GIGABYTE
# Of what a command said, so much is kept.
KEPT_MESSAGES = 20 * MEGABYTE
LOOKS_EVERY_SECONDS = 0.003

MORE_THAN_ALLOWED = 1
UNUSABLE_DATA = 65
CANNOT_READ_OR_WRITE = 74
# What a refusal may end with: unusable data or project, nothing to read, no place to write, cannot read or write.
REFUSALS = {UNUSABLE_DATA, 66, 73, CANNOT_READ_OR_WRITE, 78}
KNOWN_CODES = {0, MORE_THAN_ALLOWED, 2, 64} | REFUSALS
# Words of a program that fell over.
FALLEN = ("panicked", "Internt fel", "Internal fault", "memory allocation", "overflowed its stack")


@dataclass
class Ended:
    """How a command ended."""

    code: int
    out: bytes
    err: bytes
    seconds: float
    # The most memory that it held, in bytes.
    memory: int
    # Why it was ended from outside; empty when it ended by itself.
    stopped: str = ""
    # Calls that were changed on its way, as they were logged.
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

    def failed(self) -> list[str]:
        """What is wrong when it had to succeed."""
        return [] if self.code == 0 else [f"exit code {self.code}: {last_line(self.message or self.stderr)}"]


def last_line(text: str) -> str:
    """The last line that is not blank, shortened."""
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "nothing said"


class Running:
    """A command that was started; it leads a session of its own, and writes into files that have no name."""

    def __init__(self, command: Sequence[object], **options: object) -> None:
        self.out, self.err = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        self.begin = time.monotonic()
        usual = {
            "stdin": subprocess.DEVNULL,
            "stdout": self.out,
            "stderr": self.err,
            "start_new_session": True,
            "preexec_fn": no_core,
        }
        self.process = subprocess.Popen([str(word) for word in command], **(usual | options))
        self.memory = 0
        self.seconds = 0.0

    def has_ended(self) -> bool:
        """Whether it has ended, be it in success or not."""
        if self.process.returncode is None:
            pid, status, used = os.wait4(self.process.pid, os.WNOHANG)
            if pid:
                self.process.returncode = os.waitstatus_to_exitcode(status)
                self.memory = used.ru_maxrss * 1024
                self.seconds = time.monotonic() - self.begin
        return self.process.returncode is not None

    def ends_within(self, seconds: float) -> bool:
        """Waits so long at most; whether it has ended by then."""
        limit = time.monotonic() + seconds
        while not self.has_ended():
            left = limit - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(LOOKS_EVERY_SECONDS, left))
        return True

    def send(self, sent: signal.Signals) -> None:
        """Sends it a signal, unless it has ended."""
        if not self.has_ended():
            os.kill(self.process.pid, sent)

    def end(self, seconds: float = MOST_SECONDS, memory: int = MOST_MEMORY) -> Ended:
        """Waits for its end, and brings it about when it takes more time or memory."""
        stopped, limit = "", time.monotonic() + seconds
        try:
            while not self.ends_within(LOOKS_EVERY_SECONDS):
                if time.monotonic() > limit:
                    stopped = f"not done after {seconds:.0f} s"
                elif resident(self.process.pid) > memory:
                    stopped = f"more than {memory >> 20} MB after {time.monotonic() - self.begin:.1f} s"
                if stopped:
                    break
        finally:
            self.kill()
        return self.ended(stopped)

    def kill(self) -> None:
        """Ends it and all that it started, unless it has ended."""
        if not self.has_ended():
            os.killpg(self.process.pid, signal.SIGKILL)
            while not self.has_ended():
                time.sleep(LOOKS_EVERY_SECONDS)

    def ended(self, stopped: str) -> Ended:
        """How it ended."""
        if self.process.stdin:
            self.process.stdin.close()
        out, err = read_and_closed(self.out), read_and_closed(self.err, KEPT_MESSAGES)
        return Ended(self.process.returncode, out, err, self.seconds, self.memory, stopped)


def read_and_closed(file: IO[bytes], most: int = -1) -> bytes:
    """What stands in a file, which is not needed any more."""
    with file:
        file.seek(0)
        return file.read(most)


def no_core() -> None:
    """Called in the process that becomes the command; that there is something to call makes Python fork.

    Without, the peak of Python would count as the command's.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def resident(process: int) -> int:
    """Bytes of memory that a process holds; 0 when it has ended."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * resource.getpagesize()
    except (OSError, IndexError):
        return 0


def run(
    command: Sequence[object], *, seconds: float = MOST_SECONDS, memory: int = MOST_MEMORY, **options: object
) -> Ended:
    """Runs a command to its end, within bounds."""
    return Running(command, **options).end(seconds, memory)
