"""The same inputs give the same bytes, regardless of threads, the order of files, the time zone, language and folder.

Each run copies the exports in another order, with other times of change, into a folder of another name, and calls
frist from another place in another environment, on 1, 2 or 16 threads. The report folder has one hash, in both
editions, from a project file and from a folder of exports. `--long` has the hundred runs of the issue for each number
of threads, and every form of the report; a build with optimisation is advised.
"""

import hashlib
import os
import random
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from exports import AS_OF, days, export, plain_rows
from frame import Arguments, Checks, arguments, work_folder
from running import run

THREADS = (1, 2, 16)
# In the short version and in the long one.
RUNS = (2, 100)
ZONES = ("UTC", "Europe/Stockholm", "America/Los_Angeles", "Pacific/Kiritimati", "Asia/Kathmandu", "XYZ-14", ":nonsense", "")
LOCALES = ("C", "C.UTF-8", "sv_SE.UTF-8", "en_US.UTF-8", "tr_TR.UTF-8", "ar_EG.UTF-8", "th_TH.UTF-8", "de_DE.ISO-8859-1", "")
PROJECT = f"""organisation = "Exempelnämnden"
as_of = {AS_OF}
language = "sv"

[[source]]
files = ["*.csv"]
"""
PLAN = """[[area]]
name = "Metoder"
[[area.risk_point]]
name = "Tider"
[[area.risk_point.control_point]]
name = "Utredningstider"
department = "Barn"
frequency = ["april"]
method = "Alla"
status = "begun"
[[area.risk_point.control_point.result]]
control = "child-investigation"
"""


def exports() -> dict[str, bytes]:
    """Exports of two controls in several files, with faults, and cases that stand in two of them."""
    files = {}
    rows = plain_rows(600, ("Norr", "Söder", "Väst", "Öst", "Ö", "Å", "ä"))
    for part in range(6):
        files[f"utredningar-{part}.csv"] = export([*rows[part * 100 : part * 100 + 100], *rows[part * 100 + 100 : part * 100 + 103]])
    other = [f"FB-{number};2024-0{number % 8 + 1}-02;2024-0{number % 8 + 1}-{number % 20 + 6:02};Mottag {number % 3}" for number in range(200)]
    files["förhandsbedömningar.csv"] = export(other, "Ärendenr;Anmälan inkom;Förhandsbedömning klar;Enhet")
    files["utredningar-6.csv"] = export([f"BE-{number};{days(number)};Öst" for number in range(20)] + ["BE-x;i maj;;Väst", "BE-y;2024-13-01;;"])
    return files


@dataclass(frozen=True)
class Surroundings:
    """All that must not matter."""

    threads: int
    zone: str
    locale: str
    folder: str
    from_inside: int
    seed: int

    def environment(self, temporary: Path) -> dict[str, str]:
        """The variables that a program may look at."""
        source = random.Random(self.seed)
        own = {"PATH": os.environ.get("PATH", ""), "TMPDIR": str(temporary)}
        own |= {"TZ": self.zone} if self.zone else {}
        own |= {name: self.locale for name in ("LANG", "LC_ALL", "LANGUAGE") if self.locale and source.random() < 0.8}
        choices = {
            "HOME": ("/", "/nonexistent", str(temporary)),
            "USER": ("a", "b"),
            "TERM": ("dumb", "xterm-256color"),
            "COLUMNS": ("20", "300"),
            "NO_COLOR": ("1",),
            "RAYON_NUM_THREADS": ("1", "7"),
            "POLARS_MAX_THREADS": ("1", "3"),
            "RUST_BACKTRACE": ("1",),
            "SOURCE_DATE_EPOCH": ("0", "1700000000"),
            "XDG_CACHE_HOME": (str(temporary),),
            "SHELL": ("/bin/sh",),
        }
        return own | {name: source.choice(values) for name, values in choices.items() if source.random() < 0.5}


def surroundings(count: int, numbers: tuple[int, ...]) -> Iterator[Surroundings]:
    """So many for each number of threads."""
    source = random.Random(7)
    folders = ("a", "mapp med blanktecken", "Åäö", "x" * 100, "djup/ner/i/mappar", "2024-08-31", "[klammer]")
    for number in range(count):
        for threads in numbers:
            turn = number * len(numbers) + numbers.index(threads)
            yield Surroundings(
                threads, ZONES[turn % len(ZONES)], LOCALES[turn % len(LOCALES)], source.choice(folders), turn % 4, turn
            )


def lay_out(files: dict[str, bytes], folder: Path, seed: int) -> None:
    """Writes the files in some order, each with some time of change; some are links to where they are."""
    source = random.Random(seed)
    folder.mkdir(parents=True)
    names = list(files)
    source.shuffle(names)
    for name in names:
        path = folder / name
        path.write_bytes(files[name])
        moment = time.time() - source.randrange(400 * 86_400)
        os.utime(path, (moment, moment))
        path.chmod(source.choice((0o644, 0o600, 0o664)))


def digest(folder: Path) -> tuple[str, dict[str, str]]:
    """The hash of a folder: of the names and bytes of its files; and of each file."""
    each = {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}
    whole = hashlib.sha256("".join(f"{name}\0{each[name]}\n" for name in sorted(each)).encode())
    return whole.hexdigest(), each


def report(
    binary: Path, surrounding: Surroundings, files: dict[str, bytes], words: list[str], work: Path
) -> tuple[Path, list[str]]:
    """Runs frist in some surroundings; returns the report folder, and what is wrong if there is none."""
    shutil.rmtree(work, ignore_errors=True)
    folder, temporary, out = work / surrounding.folder, work / "tmp", work / "ut" / "rapport"
    lay_out(files, folder, surrounding.seed)
    for path in (temporary, out.parent):
        path.mkdir()
    (work / "annan").mkdir()
    named_file = folder / "frist.toml"
    places = {
        0: (folder, ".", out),
        1: (folder.parent, folder.name, os.path.relpath(out, folder.parent)),
        2: (work / "annan", folder, out),
        3: (Path("/"), named_file if named_file.exists() else folder, out),
    }
    cwd, path, where = places[surrounding.from_inside]
    command = [binary, "run", path, "--out", where, "--threads", surrounding.threads, "--as-of", AS_OF, *words]
    ended = run(command, cwd=cwd, env=surrounding.environment(temporary))
    return out, ended.fallen() or ended.failed()


def variants(is_long: bool) -> Iterator[tuple[str, dict[str, bytes], list[str]]]:
    """What is run: its files and words."""
    plain = exports()
    project = plain | {"frist.toml": PROJECT.encode(), "internal-control.toml": PLAN.encode()}
    forms = ["--forms", "html,pdf,xlsx,docx,md,pptx" if is_long else "html,xlsx,docx,md,pptx"]
    yield "internal", project, ["--edition", "internal", "--cases", *forms]
    yield "published", project, ["--edition", "published", *forms]
    yield "folder of exports", plain, ["--cases", "--forms", "md", "--lang", "sv", "--period", "month"]
    yield "language of nobody", plain, ["--forms", "md"]


def hashes_of(
    what: str, files: dict[str, bytes], words: list[str], given: Arguments, work: Path, checks: Checks
) -> int:
    """Runs one variant in many surroundings; returns the number of hashes, which must be one."""
    # The number for the whole report; a few for what only differs in how it is asked for.
    is_whole = what == "internal"
    count = RUNS[given.long] if is_whole else max(1, RUNS[given.long] // 4)
    numbers = THREADS if given.long or is_whole else (THREADS[0], THREADS[-1])
    seen: dict[str, tuple[Surroundings, dict[str, str]]] = {}
    for surrounding in surroundings(count, numbers):
        out, troubles = report(given.binary, surrounding, files, words, work)
        if not troubles:
            whole, each = digest(out)
            troubles = [] if not seen or whole in seen else [differing(each, *next(iter(seen.values())))]
            seen.setdefault(whole, (surrounding, each))
        checks.holds(what, str(surrounding), troubles)
    return len(seen)


def differing(each: dict[str, str], other: Surroundings, first: dict[str, str]) -> str:
    """How the files of a report differ from those of the first one."""
    files = [file for file in sorted(first.keys() | each.keys()) if first.get(file) != each.get(file)]
    return f"{len(files)} files have other bytes than before, {files[:3]} first; before {other}"


def main() -> int:
    """Runs the check; returns the exit code."""
    given, checks, hashes = arguments(), Checks("same_bytes"), {}
    with work_folder(given, "same-bytes") as work:
        for what, files, words in variants(given.long):
            if given.wants(what):
                hashes[what] = hashes_of(what, files, words, given, work / "arbete", checks)
    threads = ", ".join(map(str, THREADS))
    return checks.close_with(f"{sum(hashes.values())} hashes of {len(hashes)} reports on {threads} threads")


if __name__ == "__main__":
    sys.exit(main())
