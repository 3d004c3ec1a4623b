#!/usr/bin/env python3
"""Two builds of frist over the same export, in turn: benches/before_and_after.py BEFORE AFTER [CASES] [ROUNDS]

Makes the export with AFTER's `frist sample`, in UTF-8, once with its column of persons and once without, and
prints for each the median and least wall and processor seconds and the peak of memory.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CONTROL = "child-investigation"
PERSON = 1


def run(binary: str, export: Path, out: Path) -> tuple[float, float, float]:
    """Wall seconds, processor seconds and megabytes of one whole run."""
    command = [binary, "run", str(export), "--as-of", "2024-08-31", "--out", str(out)]
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{binary} failed on {export.name}")
    return time.perf_counter() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def exports(binary: str, cases: int, folder: Path) -> list[Path]:
    """A tidy export with persons, every one of them another, and one without that column."""
    subprocess.run(
        [binary, "sample", "--out", str(folder / "sample"), "--cases", str(cases), "--control", CONTROL],
        check=True,
        capture_output=True,
    )
    written = next((folder / "sample").glob("*.csv"))
    with_persons, without = folder / "with-persons.csv", folder / "without-persons.csv"
    with (
        written.open(encoding="windows-1252", newline="") as rows,
        with_persons.open("w", encoding="utf-8", newline="") as one,
        without.open("w", encoding="utf-8", newline="") as other,
    ):
        for number, row in enumerate(rows):
            cells = row.split(";")
            if number > 0:
                cells[PERSON] = f"{1_900_000_000 + number}"
            one.write(";".join(cells))
            other.write(";".join(cells[:PERSON] + cells[PERSON + 1 :]))
    return [with_persons, without]


def main() -> None:
    before, after = sys.argv[1:3]
    cases = int(sys.argv[3]) if len(sys.argv) > 3 else 3_000_000
    rounds = int(sys.argv[4]) if len(sys.argv) > 4 else 9
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for export in exports(after, cases, folder):
            runs = {before: [], after: []}
            for _ in range(rounds):
                for binary, measured in runs.items():
                    measured.append(run(binary, export, folder / "report"))
            for binary, measured in runs.items():
                wall, cpu, memory = zip(*measured, strict=True)
                print(
                    f"{export.stem} {binary}: wall {statistics.median(wall):.2f} s (least {min(wall):.2f}), "
                    f"cpu {statistics.median(cpu):.2f} s (least {min(cpu):.2f}), {max(memory):.0f} MB"
                )


if __name__ == "__main__":
    main()
