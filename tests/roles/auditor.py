"""The auditor: from a figure of the report to results.json, to the list of cases, to the lines of the exports.

Every case is judged anew from its line, in plain Python with dateutil, and the figures are counted from that.
"""

import csv
import datetime as dt
import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from dateutil.relativedelta import relativedelta

from walking import SAMPLE_DATA, Frist, Row, page, rows_of, walk

AS_OF = dt.date(2024, 8, 31)
PERIOD = "2024-T2"
NO_END = dt.date.max
# Of each control: the headings of its exports, its time, and the day that ties a case to a period.
CONTROLS: dict[str, tuple[str, str, relativedelta, str]] = {
    "child-investigation": ("Utredning inledd", "Utredning avslutad", relativedelta(months=4), "end"),
    "preliminary-assessment": ("Anmälan inkom", "Förhandsbedömning klar", relativedelta(days=14), "end"),
    "cooperation-talks": ("Begäran inkom", "Erbjuden tid", relativedelta(days=14), "end"),
    "unenforced-decision": ("Beslutsdatum", "Verkställighetsdatum", relativedelta(months=3), "due"),
}
# As the page says it of the others, and of a control that is to be reported.
SENTENCE = r"Av {cases} ärenden [^.]*? (?:hade|skulle) {deviations}\b"


def lines_of(name: str) -> list[Row]:
    """The rows of an export of the sample data; the first stands on line 2."""
    with (SAMPLE_DATA / name).open(encoding="windows-1252", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def day(text: str | None) -> dt.date | None:
    """A day, if there is one."""
    return dt.date.fromisoformat(text[:10]) if text else None


def judged(case: Row, line: Row) -> tuple[dt.date, dt.date | None, dt.date]:
    """A case's start, end and last day, from its line in the export."""
    start_heading, end_heading, time, _ = CONTROLS[case["control"]]
    start, end = day(line[start_heading]), day(line[end_heading])
    due = start + time
    extended, decided = day(line.get("Förlängd till")), day(line.get("Beslut om förlängning"))
    if extended and extended > due and decided and decided <= due:
        due = extended
    return start, end if end and end <= AS_OF else None, due


def outcome(end: dt.date | None, due: dt.date) -> str:
    """The outcome of a case by its end and its last day."""
    if end is None:
        return "open_within" if due >= AS_OF else "open_overdue"
    return "met" if end <= due else "breached"


def check_cases(cases: list[Row]) -> list[tuple[Row, str, dt.date]]:
    """Every row of the list agrees with its line; returns outcomes and the days that tie cases to periods."""
    exports = {name: lines_of(name) for name in {case["file"] for case in cases}}
    found = []
    for case in cases:
        line = exports[case["file"]][int(case["line"]) - 2]
        start, end, due = judged(case, line)
        where = f"{case['file']}:{case['line']}"
        assert case["case_id"] == line["Ärendenr"] and case["group"] == line["Enhet"], where
        assert (day(case["start"]), day(case["end"]), day(case["due"])) == (start, end, due), where
        assert case["outcome"] == outcome(end, due), where
        if end:
            assert int(case["margin"]) == (end - due).days, where
        by_due = CONTROLS[case["control"]][3] == "due"
        found.append((case, case["outcome"], due if by_due else end or NO_END))
    return found


def check_figures(found: list[tuple[Row, str, dt.date]], results: dict, said: str) -> None:
    """The counts of the period, and of every earlier one, are those of results.json, and the page says them."""
    for control in results["controls"]:
        if control["id"] not in CONTROLS:
            continue
        mine = [(result, tied) for case, result, tied in found if case["control"] == control["id"]]
        for entry in control["periods"]:
            if entry["source"] == "reported":
                continue
            first, last = day(entry["from"]), day(entry["to"])
            within = [result for result, tied in mine if first <= tied <= last and result != "open_within"]
            late = sum(result in ("breached", "open_overdue") for result in within)
            what = f"{control['id']} {entry['period']}"
            assert (len(within), late) == (entry["cases"], entry["deviations"]), what
            assert entry["share"] is None or abs(entry["share"] - late / len(within)) < 1e-6, what
        entry = next(each for each in control["periods"] if each["period"] == PERIOD)
        counts = {"cases": f"{entry['cases']:,}".replace(",", "\u00a0"), "deviations": entry["deviations"]}
        sentence = " ".join(SENTENCE.format(**counts).split())
        assert re.search(sentence, said), sentence


def check_files(reports: Path, results: dict) -> None:
    """The exports are those that the report was made of, and every row of them is accounted for."""
    for entry in results["inputs"]:
        content = (SAMPLE_DATA / entry["path"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"], entry["path"]
        rows = sum(entry[key] for key in ("counted", "open", "excluded", "rejected"))
        assert entry["rows"] == rows == len(lines_of(entry["path"])), entry["path"]
    manifest = json.loads((reports / "manifest.json").read_text(encoding="utf-8"))
    stated = {each["path"]: each["sha256"] for each in manifest["inputs"]}
    assert stated == {each["path"]: each["sha256"] for each in results["inputs"]}


def check_verify(frist: Frist, reports: Path) -> None:
    """A whole report is confirmed; a changed, a missing and an added file are each noticed, and named."""
    frist.run("verify", reports)
    results = reports / "data/results.json"
    original = results.read_bytes()
    changes: dict[str, Callable[[], object]] = {
        "results.json": lambda: results.write_bytes(original.replace(b"319", b"329")),
        "cases.csv": lambda: (reports / "data/cases.csv").unlink(),
        "tillagd.txt": lambda: (reports / "tillagd.txt").write_text("tillagd\n", encoding="utf-8"),
    }
    for name, change in changes.items():
        change()
        out, said = frist.run("verify", reports, code=1)
        assert name in out + said, out + said
        results.write_bytes(original)


def check_inputs(frist: Frist, reports: Path) -> None:
    """The inputs are confirmed; a changed byte, a missing file and one that was not read are each told by name."""
    inputs = frist.folder / "underlag"
    shutil.copytree(SAMPLE_DATA, inputs)
    out, _ = frist.run("verify", reports, "--inputs", inputs)
    names = sorted(path.name for path in inputs.iterdir() if path.suffix != ".json")
    assert sorted(line.split()[1] for line in out.splitlines() if line.startswith("  samma")) == names, out
    for name in names:
        content = (inputs / name).read_bytes()
        (inputs / name).write_bytes(content[:-2] + bytes([content[-2] ^ 1]) + content[-1:])
        out, said = frist.run("verify", reports, "--inputs", inputs, code=1)
        assert f"  ändrad    {name}" in out and f"Ändrade: {name}." in said, out + said
        (inputs / name).unlink()
        out, said = frist.run("verify", reports, "--inputs", inputs, code=1)
        assert f"  saknas    {name}" in out and f"Saknas: {name}." in said, out + said
        (inputs / name).write_bytes(content)
    (inputs / "annat.csv").write_text("x;y\n", encoding="utf-8")
    out, _ = frist.run("verify", reports, "--inputs", inputs)
    assert "  oläst     annat.csv" in out, out
    shutil.rmtree(inputs)


def check_rerun(frist: Frist, reports: Path) -> None:
    """The report is made again byte for byte; a figure that was changed together with the manifest is found."""
    out, _ = frist.run("verify", reports, "--rerun", SAMPLE_DATA)
    assert "byte för byte" in out, out
    results, manifest = reports / "data/results.json", reports / "manifest.json"
    originals = {path: path.read_bytes() for path in (results, manifest)}
    forged = originals[results].replace(b'"deviations": 110', b'"deviations": 101')
    assert forged != originals[results]
    results.write_bytes(forged)
    digests = [hashlib.sha256(content).hexdigest().encode() for content in (originals[results], forged)]
    manifest.write_bytes(originals[manifest].replace(*digests))
    frist.run("verify", reports, "--inputs", SAMPLE_DATA)
    _, said = frist.run("verify", reports, "--rerun", SAMPLE_DATA, code=1)
    assert "Skiljer sig: data/results.json." in said, said
    for path, content in originals.items():
        path.write_bytes(content)
    assert {path.name for path in frist.folder.iterdir()} == {reports.name}, "nothing is left behind"


def auditor(frist: Frist) -> None:
    """The whole way."""
    frist.run("run", SAMPLE_DATA, "--out", "rapport", "--cases", "--forms", "html", "--pictures", "none")
    reports = frist.folder / "rapport"
    results = json.loads((reports / "data/results.json").read_text(encoding="utf-8"))
    cases = rows_of((reports / "data/cases.csv").read_text(encoding="utf-8"))
    found = check_cases([case for case in cases if case["control"] in CONTROLS])
    check_figures(found, results, page(reports / "report.html").text)
    check_files(reports, results)
    check_inputs(frist, reports)
    check_rerun(frist, reports)
    check_verify(frist, reports)


if __name__ == "__main__":
    walk(auditor)
