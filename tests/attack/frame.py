"""The frame of every attack: its arguments, its working folder, and its counts."""

import argparse
import os
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SHOWN_FAILURES_OF_A_KIND = 12
WORK = Path(__file__).resolve().parents[2] / "target/attack"


class Checks:
    """Counts attacks, and prints a line for everything that does not hold."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.attacks = 0
        self.kinds: Counter[str] = Counter()
        self.begin = time.monotonic()

    def holds(self, kind: str, what: str, troubles: Iterable[str]) -> bool:
        """Notes one attack and the troubles it caused; without trouble it held."""
        self.attacks += 1
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
        if not self.attacks:
            self.fails("nothing attacked", "no attack has such a name")
        for kind, count in self.kinds.items():
            if count > SHOWN_FAILURES_OF_A_KIND:
                print(f"{self.name}: {kind}: {count - SHOWN_FAILURES_OF_A_KIND} more failed")
        parts = [summary, f"{self.attacks:,} attacks", f"{self.kinds.total():,} failed"]
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

    def wants(self, *names: str) -> bool:
        """Whether a part is asked for by one of its names."""
        return any(self.only in name for name in names)


def arguments() -> Arguments:
    """Parses the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("binary", type=Path, help="path to frist")
    parser.add_argument("--long", action="store_true", help="a thousand kills, every call, every input")
    parser.add_argument("--seed", type=int, default=12, help="of what kills, faults and folders draw by lot")
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
