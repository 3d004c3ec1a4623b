"""The unit manager: which of my open cases run out soon, as a list, as CSV and as a workbook; and the unit's page."""

import datetime as dt
import json

import openpyxl

from walking import SAMPLE_DATA, Frist, Row, page, rows_of, walk

UNIT, CONTROL, DAYS = "Barn norr", "child-investigation", 14
AS_OF = dt.date(2024, 8, 31)


def days_left(case: Row) -> int:
    """Days from the as-of date to the last day."""
    return (dt.date.fromisoformat(case["due"]) - AS_OF).days


def open_cases(frist: Frist) -> list[Row]:
    """The unit's open cases by the list of all cases."""
    frist.run("cases", SAMPLE_DATA, "--out", "cases.csv")
    cases = rows_of((frist.folder / "cases.csv").read_text(encoding="utf-8"))
    return [case for case in cases if case["group"] == UNIT and case["outcome"].startswith("open")]


def listed(frist: Frist, *options: object) -> list[Row]:
    """What `frist open` lists of the unit."""
    out, _ = frist.run("open", SAMPLE_DATA, "--group", UNIT, "--format", "csv", *options)
    return rows_of(out)


def same(found: list[Row], wanted: list[Row]) -> None:
    """The same cases, each with its days, soonest first."""
    assert wanted, "the sample has no such case, so nothing would be tried"
    by_number = {(row["control"], row["case"]): int(row["days_left"]) for row in found}
    assert by_number == {(case["control"], case["case_id"]): days_left(case) for case in wanted}
    days = [int(row["days_left"]) for row in found]
    assert days == sorted(days), days


def lists(frist: Frist, cases: list[Row]) -> None:
    """Every choice lists the cases that it names."""
    same(listed(frist), cases)
    soon = [case for case in cases if days_left(case) <= DAYS]
    same(listed(frist, "--within", DAYS), soon)
    of_control = [case for case in soon if case["control"] == CONTROL]
    same(listed(frist, "--within", DAYS, "--control", CONTROL), of_control)
    ahead = [case for case in of_control if case["outcome"] == "open_within"]
    assert 0 < len(ahead) < len(of_control)
    same(listed(frist, "--within", DAYS, "--control", CONTROL, "--no-overdue"), ahead)
    shown, _ = frist.run("open", SAMPLE_DATA, "--group", UNIT, "--within", DAYS, "--no-overdue")
    assert all(case["case_id"] in shown for case in ahead), shown


def for_excel(frist: Frist) -> None:
    """What a Swedish Excel opens: semicolons, a byte order mark, and the same cases."""
    options = ("--within", DAYS, "--no-overdue")
    out, _ = frist.run("open", SAMPLE_DATA, "--group", UNIT, "--format", "csv", "--csv", "excel-sv", *options)
    assert out.startswith("\ufeff"), out[:20]
    lines = out.removeprefix("\ufeff").splitlines()
    assert len(lines) == 1 + len(listed(frist, *options))
    assert all(line.count(";") == lines[0].count(";") > 3 for line in lines), lines[:2]


def workbook(frist: Frist, cases: list[Row]) -> None:
    """The workbook of all cases has the unit's open ones, with their last days as dates."""
    frist.run("cases", SAMPLE_DATA, "--out", "cases.xlsx")
    sheet = openpyxl.load_workbook(frist.folder / "cases.xlsx", read_only=True).worksheets[0]
    values = list(sheet.iter_rows(values_only=True))
    due = {row[1]: {cell.date() for cell in row if isinstance(cell, dt.datetime)} for row in values if UNIT in row}
    assert due, values[:5]
    for case in cases:
        assert dt.date.fromisoformat(case["due"]) in due[case["case_id"]], case["control"]


def name_is_wrong(frist: Frist) -> None:
    """A name that no unit has is refused with the right ones."""
    _, said = frist.run("open", SAMPLE_DATA, "--group", "Barn Nor", code=2)
    assert UNIT in said, said
    shown, _ = frist.run("open", SAMPLE_DATA)
    assert UNIT in shown


def page_of_unit(frist: Frist) -> None:
    """The unit's page is linked from the report, names the unit, and has its figure."""
    frist.run("run", SAMPLE_DATA, "--out", "rapport", "--forms", "html", "--pictures", "none")
    report = page(frist.folder / "rapport/report.html")
    assert "units/unit-barn-norr.html" in {link.partition("#")[0] for link in report.links}
    unit = page(frist.folder / "rapport/units/unit-barn-norr.html")
    results = json.loads((frist.folder / "rapport/data/results.json").read_text(encoding="utf-8"))
    control = next(each for each in results["controls"] if each["id"] == CONTROL)
    group = next(each for each in control["groupings"][0]["groups"] if each["name"] == UNIT)
    figure = group["periods"][-1]
    assert UNIT in unit.text and "31 augusti 2024" in unit.text
    assert f"Av {figure['cases']} ärenden" in unit.text and f"hade {figure['deviations']} (" in unit.text, figure
    assert "../report.html" in {link.partition("#")[0] for link in unit.links}, unit.links


def unit_manager(frist: Frist) -> None:
    """The whole way."""
    cases = open_cases(frist)
    lists(frist, cases)
    for_excel(frist)
    workbook(frist, cases)
    name_is_wrong(frist)
    page_of_unit(frist)


if __name__ == "__main__":
    walk(unit_manager)
