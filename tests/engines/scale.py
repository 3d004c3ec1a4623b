"""Many rows through the program and through Spark: times, the bytes that Spark moves between its workers, and its joins."""

import json
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

import cases
from compare import check, program, run, tally_of
from engines import Spark, cases_from, columns, read

# So many random cases are made, and repeated under other numbers.
DRAWN = 500_000


def repeat_exports(folder, copies):
    """Every row of the program's exports so many times, under case numbers of its own."""
    for control in cases.CONTROLS:
        path = folder / f"{control}.csv"
        headings, *lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(headings)
            for copy in range(copies):
                file.writelines(line if line[0] == ";" else line.replace(";", f"-{copy};", 1) for line in lines)


def repeat_table(engine, copies):
    """The same in Spark."""
    number = "case when case_number <> '' then concat(case_number, '-', copy) end as case_number"
    engine.run(f"create table many using parquet as\nselect {columns('').replace('case_number', number)}\n"
               f"from own cross join (select explode(sequence(0, {copies - 1})) as copy)")
    engine.run(cases_from(engine.law, "many"))


def moved(engine):
    """The bytes that workers have written for each other, by the log of events."""
    (log,) = (engine.folder / "log").iterdir()
    total = 0
    for line in log.read_text(encoding="utf-8").splitlines():
        if '"Shuffle Bytes Written"' in line:
            total += json.loads(line).get("Task Metrics", {}).get("Shuffle Write Metrics", {}).get("Shuffle Bytes Written", 0)
    return total


KINDS = ["BroadcastHashJoin", "BroadcastNestedLoopJoin", "SortMergeJoin", "ShuffledHashJoin", "Exchange hashpartitioning"]


def planned(engine):
    """How often each kind of join and of exchange stands in the plan of the tally."""
    plan = engine.session.sql("explain select * from frist_tally").collect()[0][0]
    return ", ".join(f"{plan.count(kind)} {kind}" for kind in KINDS)


def counted(engine, what):
    """Counts, and returns the tally."""
    before, began = moved(engine), time.monotonic()
    tally = tally_of(engine.rows("frist_tally"))
    print(f"  {what}: {time.monotonic() - began:.0f} s, {(moved(engine) - before) / 1e6:.1f} MB moved; {planned(engine)}")
    return tally


def of_spark(law, cases_table, copies, wanted):
    """Whether Spark counts as the program does; then once more without case numbers, where no row looks for another."""
    engine = Spark(law)
    try:
        began = time.monotonic()
        engine.take(cases_table)
        repeat_table(engine, copies)
        print(f"  Spark: loaded in {time.monotonic() - began:.0f} s")
        engine.run(read(law, "frist.sql"))
        is_good = check("tally", counted(engine, "Spark"), wanted)
        engine.run(cases_from(law, "many").replace("coalesce(case_number, '')", "''"))
        counted(engine, "Spark, a case a row")
        return is_good
    finally:
        engine.close()


def main(binary, rows):
    folder, copies = Path(tempfile.mkdtemp(prefix="frist-scale-")), max(1, rows // DRAWN)
    try:
        cases.project(folder)
        drawn = cases.write(folder, "cases.csv", random.Random(1), min(rows, DRAWN))
        repeat_exports(folder, copies)
        print(f"scale: {drawn * copies:,} rows")
        law = folder / "law"
        run(binary, "sql", folder / "frist.toml", "--out", law)
        wanted, _ = program(binary, folder)
        return of_spark(law, folder / "cases.csv", copies, wanted)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(0 if main(Path(sys.argv[1]), int(sys.argv[2])) else "Spark counts otherwise")
