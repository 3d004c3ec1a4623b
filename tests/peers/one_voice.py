"""Whether a report speaks with one voice: no two of its statements may contradict each other.

Random projects of several controls become reports, internal and published ones. Every sentence, chart title,
description and table of the summary, of the controls and of their appendix is read: the patterns are made
from the catalogue of texts (src/text/sv.toml), and what no pattern matches is a difference. What is read are
facts, such as "the cases of child investigations in 2024-T2 are 40". A fact that is told twice must be the
same both times, here and in results.json, and what follows from others must follow: a share from its
counts, a change from two shares, a verdict from the months that it speaks of.

Read are report.md and, of the internal edition, report.html, which has what is too fine for paper. Not read:
definitions ("Så räknas det"), the sections on quality and method but for their tables of rows and bounds,
notes and labels within pictures, and pages of their own for units. The check is checked too: figures changed
in one report must be noticed. 60 reports take twenty seconds; `--long` is 10,000 of them, in an hour.

The modules beside: projects makes the exports, reading takes a report apart, words makes the patterns, and
voices keeps the facts. Facts come from sentences, charts, tables and results (results.json); expected is what
must follow from them. report reads one report, numbers writes figures, and slips checks the check.
"""

import argparse
import random
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from common import results_of, run_frist
from one_voice_projects import write_project
from one_voice_reading import Section, read_folder
from one_voice_report import Report
from one_voice_slips import unnoticed_slips
from one_voice_voices import Tally

REPORTS = 60
LONG = 10_000
SEED = 20241130
PROCESSES = 2
# A published edition of every so many reports.
PUBLISHED = 3
# One that has all statements in which slips are made.
OF_SLIPS = 4


def make_report(binary: Path, seed: int, number: int, edition: str) -> tuple[list[Section], dict]:
    """Makes a project and runs it in an edition; returns the sections of its report and its results.json."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_project(folder / "project", random.Random(seed * 1_000_003 + number))
        # The page has what is too fine for paper and for everyone.
        forms = "md" if edition == "published" else "md,html"
        arguments = ["--forms", forms, "--pictures", "none", "--edition", edition, "--out", folder / "out"]
        run_frist(binary, "run", folder / "project", *arguments)
        return read_folder(folder / "out"), results_of(folder / "out")


def check_reports(binary: Path, seed: int, numbers: range) -> Tally:
    """Checks some reports."""
    tally = Tally()
    for number in numbers:
        edition = "published" if number % PUBLISHED == 0 else "internal"
        sections, results = make_report(binary, seed, number, edition)
        Report(f"report {number} ({edition})", tally, sections, results).check()
    return tally


def check_slips(binary: Path) -> list[str]:
    """Slips in a small report that the check does not notice."""
    return unnoticed_slips(*make_report(binary, SEED, OF_SLIPS, "internal"))


def main() -> int:
    """Runs the check; returns the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("binary", type=Path)
    parser.add_argument("--reports", type=int, default=REPORTS)
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    binary, count = arguments.binary.resolve(), LONG if arguments.long else arguments.reports
    shares = [range(first, count, PROCESSES) for first in range(PROCESSES)]
    tally = Tally()
    with ProcessPoolExecutor(PROCESSES) as pool:
        slips = pool.submit(check_slips, binary)
        waiting = [pool.submit(check_reports, binary, arguments.seed, numbers) for numbers in shares]
        for each in waiting:
            tally.add(each.result())
        comparison = tally.comparison
        for slip in slips.result():
            comparison.differ(f"a slip was not noticed: {slip}")
    return comparison.close_with(
        f"one_voice: {count:,} reports, {tally.sentences:,} sentences read, "
        f"{comparison.compared:,} facts compared, {comparison.differing} differences"
    )


if __name__ == "__main__":
    sys.exit(main())
