"""Sums of tallies: equal to the tally of all cases, quick, and as hard to see through as a report of units.

Municipalities are generated, each makes its tally, and frist adds them: the sum is the tally that frist makes of all
their cases together. Random exports of suppression.py are split by unit, each unit gives its tally, and the published
edition of their sum is attacked with linear programs as that of a single organisation is. Coarse tallies of the same
exports are attacked by adding and subtracting whatever they say.
"""

import argparse
import csv
import itertools
import json
import random
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from common import results_of, run_frist
from suppression import KINDS, SMALLEST, Check, check_results, name_alike, read_figures, write_export

# The cases of a municipality by control, and over how long they started.
CASES = (40, 160)
YEARS = 10
# The exit code where no control has a coarse tally.
NONE_FITS = 2


def municipalities(binary: Path, folder: Path, count: int, draw: random.Random) -> list[Path]:
    """The tallies of so many municipalities, and in `all` the cases of all of them."""
    tallies, as_of = [], date(2024, 8, 31)
    together = folder / "all"
    together.mkdir()
    files = [(together / f"{kind.control}.csv").open("w", encoding="utf-8") for kind in KINDS]
    for kind, file in zip(KINDS, files, strict=True):
        file.write(f"Ärendenr;Enhet;{';'.join(kind.headings)}\n")
    for number in range(count):
        name, own = f"Kommun {number:03}", folder / f"{number:03}"
        own.mkdir()
        for kind, file in zip(KINDS, files, strict=True):
            lines = []
            for case in range(draw.randint(*CASES)):
                start = as_of - timedelta(days=draw.randint(0, 365 * YEARS))
                end = start + kind.allowed * draw.uniform(0.1, 1.4)
                days = [start, end if end <= as_of else None]
                clock = " 10:00" if kind.allowed < timedelta(days=2) else ""
                written = ";".join(f"{day}{clock}" if day else "" for day in days)
                lines.append(f"{number:03}-{case};{name};{written}\n")
            text = f"Ärendenr;Enhet;{';'.join(kind.headings)}\n" + "".join(lines)
            (own / f"{kind.control}.csv").write_text(text, encoding="utf-8")
            file.writelines(lines)
        (own / "frist.toml").write_text(f'organisation = "{name}"\nas_of = {as_of}\n', encoding="utf-8")
        run_frist(binary, "tally", own, "--out", folder / f"t{number:03}")
        tallies.append(folder / f"t{number:03}")
    for file in files:
        file.close()
    (together / "frist.toml").write_text(f'organisation = "Alla"\nas_of = {as_of}\n', encoding="utf-8")
    return tallies


def files_of(folder: Path) -> dict[str, bytes]:
    """The files of a sum, but for what its manifest says of how it was added."""
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    manifest = json.loads(files["manifest.json"])
    return files | {"manifest.json": json.dumps(manifest | {"command": [], "read": []}).encode()}


def add_up(check: Check, binary: Path, count: int, draw: random.Random) -> None:
    """The sum of tallies is the tally of all cases, and of sums of some of them in another order."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tallies = municipalities(binary, folder, count, draw)
        draw.shuffle(tallies)
        began = time.monotonic()
        run_frist(binary, "add", *tallies, "--out", folder / "sum", "--forms", "html")
        print(
            f"contributions: {count} tallies of {YEARS} years and {len(KINDS)} controls added in "
            f"{time.monotonic() - began:.1f} s, with pages"
        )
        run_frist(binary, "run", folder / "all", "--out", folder / "together", "--forms", "md")
        for smallest in (3, SMALLEST, 20):
            attack_coarse(check, binary, folder / "all", folder / f"coarse-{smallest}", smallest)
        own, wanted = [(folder / report / "data/tally.csv").read_bytes() for report in ("sum", "together")]
        check.comparison.equal("the sum's tally", own == wanted, True)
        draw.shuffle(tallies)
        parts = [folder / f"part-{number}" for number in range(3)]
        for number, part in enumerate(parts):
            run_frist(binary, "add", *tallies[number::3], "--out", part, "--forms", "html")
        run_frist(binary, "add", *parts, "--out", folder / "stepwise", "--forms", "html")
        check.comparison.equal("a sum of sums", files_of(folder / "sum") == files_of(folder / "stepwise"), True)


def attack_coarse(check: Check, binary: Path, project: Path, out: Path, smallest: int) -> None:
    """A coarse tally has one part for each control; no choice of its columns has a small number in a run of periods."""
    made = subprocess.run(
        [binary, "tally", project, "--out", out, "--smallest", str(smallest)], capture_output=True, check=False
    )
    if made.returncode == NONE_FITS:
        return
    check.comparison.equal("a coarse tally is written", made.returncode, 0)
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    (own,) = manifest["tally"]["contributors"]
    check.comparison.equal("no ledger", [it for it in own["controls"] if it.get("ledger") or it["started"]], [])
    with (out / "tally.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for control in sorted({row["control"] for row in rows}):
        mine = [row for row in rows if row["control"] == control]
        check.comparison.equal(f"parts of {control}", len({row["part"] for row in mine}), 1)
        columns = [name for name in list(mine[0])[7:] if any(row[name] for row in mine)]
        chosen = [it for size in range(1, len(columns) + 1) for it in itertools.combinations(columns, size)]
        for columns in chosen:
            until = list(itertools.accumulate((sum(int(row[it] or 0) for it in columns) for row in mine), initial=0))
            runs = {later - sooner for sooner, later in itertools.combinations(until, 2)}
            small = [it for run in runs for it in (run, until[-1] - run) if 0 < it < smallest]
            check.comparison.equal(f"small numbers of {control}", small, [])


def split_by_unit(binary: Path, project: Path, folder: Path) -> list[Path]:
    """The tallies of the units of an export, each as an organisation."""
    settings = (project / "frist.toml").read_text(encoding="utf-8")
    units: dict[str, dict[str, list[list[str]]]] = {}
    for path in sorted(project.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            heading, *lines = list(csv.reader(file, delimiter=";"))
        for line in lines:
            units.setdefault(line[1] or "Ingen enhet", {}).setdefault(path.name, [heading]).append(line)
    tallies = []
    for number, (unit, files) in enumerate(sorted(units.items())):
        own = folder / f"unit-{number}"
        own.mkdir()
        for name, lines in files.items():
            (own / name).write_text("".join(";".join(line) + "\n" for line in lines), encoding="utf-8")
        as_of = settings.split("\n")[1]
        (own / "frist.toml").write_text(f'organisation = "{unit}"\n{as_of}\nperiod = "tertial"\n', encoding="utf-8")
        run_frist(binary, "tally", own, "--out", folder / f"tally-{number}")
        tallies.append(folder / f"tally-{number}")
    return tallies


def attack(check: Check, binary: Path, folder: Path, draw: random.Random, what: str) -> None:
    """The published edition of a sum tells no hidden number."""
    write_export(folder / "project", draw)
    settings = folder / "project" / "frist.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text if "organisation" in text else f'organisation = "Kommunen"\n{text}', encoding="utf-8")
    attack_coarse(check, binary, folder / "project", folder / "coarse", SMALLEST)
    settings.write_text(text, encoding="utf-8")
    tallies = split_by_unit(binary, folder / "project", folder)
    internal, published = folder / "internal", folder / "published"
    usual = ["--period", "tertial", "--forms", "html,xlsx"]
    run_frist(binary, "add", *tallies, *usual, "--smallest-group", SMALLEST, "--out", internal)
    run_frist(binary, "add", *tallies, *usual, "--edition", "published", "--out", published)
    truth, results = results_of(internal), results_of(published)
    name_alike(check, what, truth, results)
    check_results(check, what, results, truth)
    check.folder(what, published, read_figures(results), read_figures(truth))


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("binary", type=Path)
    parser.add_argument("--municipalities", type=int, default=30)
    parser.add_argument("--tables", type=int, default=60)
    parser.add_argument("--seed", type=int, default=17)
    arguments = parser.parse_args()
    draw, check, sums = random.Random(arguments.seed), Check(), 0
    add_up(check, arguments.binary.resolve(), arguments.municipalities, draw)
    while check.tables < arguments.tables:
        with tempfile.TemporaryDirectory() as name:
            attack(check, arguments.binary.resolve(), Path(name), draw, f"sum {sums}")
        sums += 1
    return check.comparison.close_with(
        f"contributions: {sums} sums, {check.tables:,} tables, {check.hidden:,} hidden counts attacked, "
        f"{check.recovered} recovered, {check.comparison.differing} differences"
    )


if __name__ == "__main__":
    sys.exit(main())
