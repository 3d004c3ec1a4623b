"""Many rows through the program and through Spark: times, the bytes that Spark moves between its workers, and its joins."""

import json
import random
import shutil
import tempfile
import time
from collections import Counter
from pathlib import Path

import cases
from compare import check, program, run, tally_of
from engines import Spark, columns, read

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
    number = "case when case_number <> '' then concat(case_number, '-', copy) else case_number end as case_number"
    named = columns("").replace("case_number", number)
    engine.run(f"create table many using parquet as\nselect {named}\n"
               f"from own cross join (select explode(sequence(0, {copies - 1})) as copy)")
    engine.run(read(engine.law, "load-duckdb.sql").split("create or replace view frist_cases")[1].join(
        ["create or replace view frist_cases", ""]).replace("frist_selftest", "many"))


def moved(engine):
    """The bytes that have been written for other workers, by the log of events."""
    (log,) = (engine.folder / "log").iterdir()
    total = 0
    for line in log.read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        if event["Event"] == "SparkListenerTaskEnd" and event.get("Task Metrics"):
            total += event["Task Metrics"]["Shuffle Write Metrics"]["Shuffle Bytes Written"]
    return total


def joins(engine, view):
    """How often each kind of join and of exchange stands in the plan of a view."""
    plan = engine.session.sql(f"explain select * from {view}").collect()[0][0]
    kinds = ["BroadcastHashJoin", "BroadcastNestedLoopJoin", "SortMergeJoin", "ShuffledHashJoin", "Exchange hashpartitioning"]
    return {kind: count for kind, count in Counter({kind: plan.count(f"{kind}") for kind in kinds}).items() if count}


def measured(engine, what):
    """Counts with the tally, which it returns."""
    before, began = moved(engine), time.monotonic()
    tally = tally_of(engine.rows("frist_tally"))
    print(f"  {what}: {time.monotonic() - began:.0f} s, {(moved(engine) - before) / 1e6:.1f} MB moved, {joins(engine, 'frist_tally')}")
    return tally


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
        engine = Spark(law)
        try:
            began = time.monotonic()
            engine.take(folder / "cases.csv")
            repeat_table(engine, copies)
            print(f"  loaded in {time.monotonic() - began:.0f} s")
            engine.run(read(law, "frist.sql"))
            is_good = check("tally", measured(engine, "Spark"), wanted)
            engine.run("create or replace view one_a_case as select * from many")
            return is_good
        finally:
            engine.close()
    finally:
        shutil.rmtree(folder)
