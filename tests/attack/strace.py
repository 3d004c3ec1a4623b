"""System calls as strace shows and changes them: which a command makes, on what, and how one of them fails."""

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

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


class Watched:
    """A folder in which commands run: one that is written into, temporary files, and the log of their calls."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.out = self.folder / "out"
        self.temporary = self.folder / "tmp"
        self.log = self.folder / "strace.log"

    def logged(self) -> str:
        """What strace wrote; nothing where it never began."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""


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


def parsed_calls(log: str, place: Watched) -> Iterator[Call]:
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


def touched(name: str, rest: str, place: Watched) -> str:
    """What a logged call touches."""
    if name.startswith(("write", "pwrite")) and rest[:2] in ("1<", "2<"):
        return "stdout" if rest[0] == "1" else "stderr"
    paths = [quoted or described for quoted, described in PLACES.findall(rest)]
    inside = [Path(path) for path in paths if path.startswith("/")]
    if any(path.is_relative_to(folder) for path in inside for folder in (place.out, place.temporary)):
        return "output"
    if any(path.is_relative_to(place.folder / part) for path in inside for part in ("project", "cases")):
        return "input"
    # A temporary file without a name stands nowhere.
    named = [path for path in inside if path != place.log and not path.name.startswith("#")]
    around = any(place.folder.is_relative_to(path.parent) for path in named)
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
