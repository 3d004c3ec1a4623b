"""Random cases through the program and through databases: the same tally, the same ledger, from the same SQL."""

import argparse
import csv
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import awkward
import cases
from engines import ClickHouse, DuckDb, PostgreSql, Sail, Spark, read

KEYS = ["control", "group", "subgroup", "part", "month", "method"]

# The ledger of each table of awkward texts: frist_ledger tells them together.
LEDGERS = """
create or replace view table_ledgers as
select unit, control, fate, count(*) as case_rows
from (
    select unit, control, fate from frist_rows where fate <> 'read'
    union all
    select unit, control, fate from frist_judged
) as every_row
group by unit, control, fate
"""


def tally_of(rows):
    """Counts by what identifies a row; none is 0."""
    tally = {}
    for row in rows:
        row = dict(row)
        if "group_name" in row:
            row["group"] = row.pop("group_name")
        counts = {name: int(value or 0) for name, value in row.items() if name not in [*KEYS, "schema"]}
        tally[tuple(row[key] or "" for key in KEYS)] = {name: value for name, value in counts.items() if value}
    return {key: counts for key, counts in tally.items() if counts}


def ledger_of(rows):
    return {
        row["control"]: {name: int(value) for name, value in dict(row).items() if name != "control" and int(value)}
        for row in rows
    }


def run(*command, cwd=None):
    done = subprocess.run([str(part) for part in command], capture_output=True, encoding="utf-8", cwd=cwd, check=False)
    if done.returncode != 0:
        sys.exit(f"{command}: {done.stderr}")


def program(binary, folder):
    """The program's own tally and ledger."""
    began = time.monotonic()
    run(binary, "run", folder / "frist.toml", "--out", folder / "report", "--forms", "md", "--pictures", "none")
    print(f"  program: {time.monotonic() - began:.1f} s with its report")
    with open(folder / "report/data/tally.csv", encoding="utf-8", newline="") as file:
        tally = tally_of(csv.DictReader(file))
    manifest = json.loads((folder / "report/manifest.json").read_text(encoding="utf-8"))
    own = manifest["tally"]["contributors"][0]["controls"]
    ledger = {it["control"]: {name: rows for name, rows in it["ledger"].items() if rows} for it in own}
    return tally, ledger


def check(what, found, wanted):
    """Says how two answers differ; whether they do not."""
    differ = sorted(key for key in found.keys() | wanted.keys() if found.get(key) != wanted.get(key))
    for key in differ[:5]:
        print(f"    {key}: {found.get(key)}, not {wanted.get(key)}")
    print(f"  {what}: {len(differ)} of {len(wanted)} differ")
    return not differ


class Comparison:
    """The answers of one engine after the other beside the program's, and beside the first engine's."""

    def __init__(self, binary, folder, law):
        self.binary, self.folder, self.law = binary, folder, law
        self.sql = read(law, "frist.sql")
        self.wanted = program(binary, folder)
        self.of_texts = None

    def of(self, engine):
        """Whether an engine's answers are the wanted ones."""
        engine.run(self.sql)
        names = [str(row) for row in engine.differences()]
        return all([
            check(f"{engine.name}, self-test", dict.fromkeys(names), {}),
            self.random_cases(engine),
            self.awkward_texts(engine),
        ])

    def put(self, engine, name):
        engine.take(self.folder / name)
        engine.run(self.sql)

    def random_cases(self, engine):
        began = time.monotonic()
        self.put(engine, "cases.csv")
        tally, ledger = tally_of(engine.rows("frist_tally")), ledger_of(engine.rows("frist_ledger"))
        print(f"  {engine.name}: {time.monotonic() - began:.1f} s for random cases")
        return all([
            check(f"{engine.name}, tally", tally, self.wanted[0]),
            check(f"{engine.name}, ledger", ledger, self.wanted[1]),
        ])

    def awkward_texts(self, engine):
        began = time.monotonic()
        self.put(engine, "awkward.csv")
        engine.run(LEDGERS)
        tally = tally_of(engine.rows("frist_tally"))
        ledgers = {(row["unit"], row["control"], row["fate"]): int(row["case_rows"]) for row in engine.rows("table_ledgers")}
        print(f"  {engine.name}: {time.monotonic() - began:.1f} s for awkward texts")
        self.of_texts = self.of_texts or (tally, ledgers)
        tables = Counter()
        for (table, _, _), rows in ledgers.items():
            tables[table] += rows
        return all([
            check(f"{engine.name}, rows by table", tables, dict.fromkeys(tables, awkward.ROWS)),
            check(f"{engine.name}, tallies of tables", tally, self.of_texts[0]),
            check(f"{engine.name}, ledgers of {len(tables)} tables", ledgers, self.of_texts[1]),
        ])

    def adds_up(self, engine):
        """The engine's answer makes the program's report."""
        self.put(engine, "cases.csv")
        for view, name in [("frist_tally", "tally.csv"), ("frist_ledger", "ledger.csv")]:
            write_table(self.law / name, engine.rows(view))
        run(self.binary, "add", self.law, "--rulebook", self.folder / "rules.toml", "--out", self.folder / "sum",
            "--forms", "md", "--pictures", "none")
        own, added = (periods(self.folder / name) for name in ("report", "sum"))
        return check("frist add of the engine's answer, periods", added, own)


def periods(report):
    results = json.loads((report / "data/results.json").read_text(encoding="utf-8"))
    return {
        (control["id"], period["period"]): (period["cases"], period["deviations"], period["reference_deviations"])
        for control in results["controls"] for period in control["periods"]
    }


def read_table(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_table(path, rows, headings=None):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, headings or rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def stick(row):
    """Makes the last day that of its month if the start is, as some engines add months; whether that changes it."""
    if row["control"] != "child-investigation" or not row["due_text"]:
        return False
    start, due = date.fromisoformat(row["start_text"]), date.fromisoformat(row["due_text"])
    last = (due.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    if (start + timedelta(days=1)).day != 1 or due == last:
        return False
    row["due_day"] = int(row["due_day"]) + (last - due).days
    return True


def found_in(law):
    """The cases that the self-test names in a law."""
    engine = DuckDb(law)
    engine.run(read(law, "frist.sql"))
    named = {row["group_name"] for row in engine.differences()}
    engine.close()
    return named


def fails_on_sticky_days(law, folder):
    """The self-test names every case of a start whose last day sticks to the last one of the month, and no other."""
    shutil.copytree(law, folder)
    table = read_table(folder / "due.csv")
    changed = {row["start_text"] for row in table if stick(row)}
    write_table(folder / "due.csv", table)
    tested = {row["start_date"] for row in read_table(law / "selftest.csv") if row["control"] == "child-investigation"}
    named = found_in(folder)
    print(f"  self-test with sticky last days: {len(named)} cases differ, among them {sorted(named)[:2]}")
    found = {name.split(",")[0] for name in named}
    return bool(found) and check("start days that stick", dict.fromkeys(found), dict.fromkeys(changed & tested))


def fails_on_nothing(law, folder):
    """The self-test says so where no file was read."""
    shutil.copytree(law, folder)
    for path in folder.glob("*.csv"):
        with open(path, encoding="utf-8") as file:
            headings = file.readline()
        path.write_text(headings, encoding="utf-8")
    return check("self-test of nothing", dict.fromkeys(found_in(folder)), {"no case was loaded": None})


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("binary", type=Path)
    arguments.add_argument("--long", action="store_true", help="a million cases, 20,000 tables of texts, all engines")
    arguments.add_argument("--seed", type=int, default=1)
    arguments = arguments.parse_args()
    chance, folder = random.Random(arguments.seed), Path(tempfile.mkdtemp(prefix="frist-engines-"))
    try:
        cases.project(folder)
        rows = cases.write(folder, "cases.csv", chance, 1_000_000 if arguments.long else 30_000)
        awkward.write(folder, "awkward.csv", chance, 20_000 if arguments.long else 300)
        print(f"engines: {rows:,} rows of random cases")
        law = folder / "law"
        run(arguments.binary, "sql", folder / "frist.toml", "--out", law)
        is_good = all([fails_on_sticky_days(law, folder / "sticky"), fails_on_nothing(law, folder / "nothing")])
        comparison = Comparison(arguments.binary, folder, law)
        for make in [DuckDb, PostgreSql, Spark, *([Sail, ClickHouse] if arguments.long else [])]:
            engine = make(law)
            try:
                is_good &= comparison.of(engine)
                if make is DuckDb:
                    is_good &= comparison.adds_up(engine)
            finally:
                engine.close()
    finally:
        shutil.rmtree(folder)
    sys.exit(0 if is_good else "the engines differ")


if __name__ == "__main__":
    main()
