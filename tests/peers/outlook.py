"""Expected deviations among open cases: frist against a reimplementation with numpy and scipy.

Random child investigations as in survival.py, and the same with extensions for which the export has the
day of the decision, or has not. Every forecast of 14, 30 and 90 days at every earlier month end, and those
of the as-of date, are recomputed from the cases one by one (outlook_reference.py); intervals are by the chances of
scipy.stats.betabinom.
"""

import datetime as dt
import json
import random
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from case_list import Case, write_cases
from common import ONE_DAY, Comparison, binary_from_arguments, run_frist
from outlook_reference import Course, Peer

EXACT = 1e-9
# What is missing beyond the edges of an export is not looked for.
PROJECT = """[[source]]
control = "child-investigation"
files = ["cases.csv"]

[[control]]
id = "child-investigation"
cases = "all"
"""


@dataclass(frozen=True)
class Run:
    """One export; `extensions` says which columns of extensions it has."""

    seed: int
    as_of: dt.date
    rows: int
    extensions: str = ""


RUNS = (
    Run(11, dt.date(2024, 8, 31), 5_000),
    Run(12, dt.date(2024, 2, 29), 900),
    Run(13, dt.date(2025, 12, 31), 120),
    Run(14, dt.date(2024, 4, 30), 15),
    Run(15, dt.date(2024, 8, 12), 2_000),
    Run(16, dt.date(2025, 1, 1), 3_000, "to"),
    Run(17, dt.date(2024, 5, 17), 3_000, "to and decided"),
)


def extend(case: Case, draw: random.Random, with_decision: bool) -> tuple[Course, list[str]]:
    """A case that may be extended, validly or not, and the cells of its extension."""
    plain = Course(case.start, case.end, case.due)
    if draw.random() > 0.2:
        return plain, ["", ""][: 1 + with_decision]
    to = case.due + draw.randint(-5, 90) * ONE_DAY
    if not with_decision:
        valid = to > case.due
        return Course(case.start, case.end, case.due, to) if valid else plain, [str(to)]
    decided = case.due + draw.randint(-60, 5) * ONE_DAY if draw.random() < 0.9 else None
    valid = to > case.due and decided is not None and decided <= min(case.due, case.as_of)
    course = Course(case.start, case.end, case.due, to, decided) if valid else plain
    return course, [str(to), str(decided or "")]


def write_extended(path: Path, cases: list[Case], run: Run) -> list[Course]:
    """Writes cases with extensions; returns them as the peer has them."""
    draw, with_decision = random.Random(run.seed), "decided" in run.extensions
    lines = [["Ärendenr", "Utredning inledd", "Utredning avslutad", "Förlängd till"]]
    lines[0] += ["Beslut om förlängning"] if with_decision else []
    courses = []
    for number, case in enumerate(cases):
        course, cells = extend(case, draw, with_decision)
        courses.append(course)
        lines.append([f"U{number:05}", str(case.start), str(case.end or ""), *cells])
    path.write_text("".join(";".join(line) + "\n" for line in lines), encoding="utf-8")
    return courses


def compare(comparison: Comparison, what: str, frist: object, peer: object) -> None:
    """Compares two results, part by part."""
    match peer:
        case dict():
            comparison.equal(f"{what}, keys", sorted(frist), sorted(peer))
            for key in peer.keys() & frist.keys():
                compare(comparison, f"{what}, {key}", frist[key], peer[key])
        case list():
            comparison.equal(f"{what}, length", len(frist), len(peer))
            for number, (one, other) in enumerate(zip(frist, peer, strict=False)):
                compare(comparison, f"{what} {number}", one, other)
        case float():
            comparison.close(what, frist, peer, EXACT)
        case _:
            comparison.equal(what, frist, peer)


def main() -> int:
    """Runs the check; returns the exit code."""
    binary, comparison, count = binary_from_arguments(), Comparison(), 0
    with tempfile.TemporaryDirectory() as folder:
        for run in RUNS:
            project = Path(folder) / f"project-{run.seed}"
            project.mkdir()
            export = project / "cases.csv"
            (project / "frist.toml").write_text(PROJECT, encoding="utf-8")
            cases = write_cases(export, run.seed, run.as_of, run.rows)
            courses = [Course(case.start, case.end, case.due) for case in cases]
            if run.extensions:
                courses = write_extended(export, cases, run)
            arguments = ["run", project, "--as-of", run.as_of, "--out", Path(folder) / f"out-{run.seed}"]
            results = json.loads(run_frist(binary, *arguments, "--format", "json"))
            frist, peer = results["controls"][0]["outlook"], Peer(courses, run.as_of).outlook()
            comparison.equal(f"seed {run.seed}, there", frist is not None, peer is not None)
            if frist and peer:
                compare(comparison, f"seed {run.seed}", frist, peer)
            count += len(cases)
    return comparison.close_with(
        f"outlook: {count:,} cases, {comparison.compared:,} figures compared, "
        f"{comparison.differing} differing"
    )


if __name__ == "__main__":
    sys.exit(main())
