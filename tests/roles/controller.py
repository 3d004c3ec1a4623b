"""The new controller: exports with headings of their own and no project file, to a page that can be read.

Every remedy that a message names is followed to the letter.
"""

import json
import re
from pathlib import Path

from openpyxl import Workbook

from walking import Frist, page, walk

HEADINGS = ("Dnr", "Team", "Inledd", "Avslutad")
# One date is written as no date is.
UNREADABLE, MENDED = "i maj", "2024-05-28"
FAULTY_LINE = 30
LEGACY = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2040)
SAVE_AS = "spara som .xlsx"


def rows() -> list[list[str]]:
    """The rows of an export: two are open."""
    closed = [
        [f"B-{day:02}", "Nord" if day % 2 else "Syd", f"2024-01-{day:02}", f"2024-{3 + day % 3:02}-{day:02}"]
        for day in range(2, 29)
    ]
    faulty = ["B-81", "Syd", "2024-01-31", UNREADABLE]
    return [*closed, ["B-80", "Nord", "2024-04-02", ""], faulty, ["B-82", "Syd", "2024-08-28", ""]]


def write_export(path: Path) -> None:
    """Writes the export as a Swedish Excel does."""
    lines = [";".join(row) for row in (HEADINGS, *rows())]
    path.write_text("\r\n".join(lines) + "\r\n", encoding="windows-1252", newline="")


def headings_are_unknown(frist: Frist) -> None:
    """The message shows which lines to write; they are written as shown, with the headings that were found."""
    _, said = frist.run("check", "uttag", code=65)
    assert "(unknown-headings)" in said and ", ".join(HEADINGS) in said, said
    lines = re.findall(r"^  ((?:\[\[source\]\]|control|files|columns).*)$", said, re.MULTILINE)
    assert len(lines) == 4, said
    columns = lines[3].replace('start = "…"', 'start = "Inledd"').replace('end = "…"', 'end = "Avslutad"')
    assert "…" not in columns, said
    project = frist.folder / "uttag" / "frist.toml"
    project.write_text("\n".join([*lines[:3], columns]) + "\n", encoding="utf-8")
    out, _ = frist.run("check", "uttag")
    assert "unreadable-date" in out, out
    project.unlink()


def project_is_proposed(frist: Frist) -> None:
    """The same message names `frist init`, which says to take away the marks before lines that are right."""
    _, said = frist.run("check", "uttag", code=65)
    assert "frist init" in said, said
    _, said = frist.run("init", "uttag")
    assert "ta bort #" in said and "frist run" in said, said
    project = frist.folder / "uttag" / "frist.toml"
    before, mark, proposed = project.read_text(encoding="utf-8").partition("# [[source]]\n")
    assert mark, before
    proposed = re.sub(r"^# ", "", proposed, flags=re.MULTILINE)
    for wanted in ('control = "…"', 'start = "Inledd"', 'end = "Avslutad"', 'group = "Team"'):
        assert wanted in proposed, proposed
    # The headings do not show which control it is; the comment lists those there are.
    assert "child-investigation" in before, before
    proposed = proposed.replace('control = "…"', 'control = "child-investigation"')
    project.write_text(f"{before}[[source]]\n{proposed}", encoding="utf-8")


def date_is_unreadable(frist: Frist) -> None:
    """The check says in which line a date cannot be read; it is mended there, and nothing is wrong any more."""
    out, _ = frist.run("check", "uttag")
    assert f"unreadable-date (avvisad), 1: {FAULTY_LINE} (Avslutad)" in out, out
    assert UNREADABLE not in out, "a message shows what stands in a cell"
    explained, _ = frist.run("explain", "unreadable-date")
    assert "Åtgärd: Rätta datumet i källan" in explained, explained
    export = frist.folder / "uttag" / "barn.csv"
    lines = export.read_bytes().decode("windows-1252").split("\r\n")
    assert UNREADABLE in lines[FAULTY_LINE - 1], lines[FAULTY_LINE - 1]
    lines[FAULTY_LINE - 1] = lines[FAULTY_LINE - 1].replace(UNREADABLE, MENDED)
    export.write_bytes("\r\n".join(lines).encode("windows-1252"))
    _, said = frist.run("check", "uttag")
    assert "Inga fel." in said, said


def as_of_is_missing(frist: Frist) -> list[str]:
    """The program says which day it takes, and which argument names another; returns the argument."""
    _, said = frist.run("check", "uttag")
    found = re.search(r"ange då (--as-of) (\d{4}-\d\d-\d\d)", said)
    assert found, said
    _, said = frist.run("check", "uttag", *found.groups())
    assert "Uttagsdatum saknas" not in said, said
    return list(found.groups())


def report_opens(frist: Frist, as_of: list[str]) -> None:
    """The report is written where the last message says, has every case, and loads nothing from elsewhere."""
    _, said = frist.run("run", "uttag", *as_of, "--forms", "html", "--pictures", "none")
    found = re.search(r"Öppna (\S+report\.html)", said)
    assert found, said
    path = frist.folder / found[1]
    opened = page(path)
    results = json.loads((path.parent / "data/results.json").read_text(encoding="utf-8"))
    # Of four months each at most: all are in time.
    periods = results["controls"][0]["periods"]
    counts = [sum(entry[name] for entry in periods) for name in ("cases", "deviations")]
    assert counts == [28, 0], periods
    assert re.search(rf"Av {periods[-1]['cases']} ärenden .* hade inget", opened.text), opened.text[:500]
    assert not [address for address in opened.loaded if not address.startswith("data:")], opened.loaded
    for link in opened.links:
        file = link.partition("#")[0]
        assert not file or path.parent.joinpath(file).is_file(), link


def workbook_is_old(frist: Frist) -> None:
    """An .xls is refused with a remedy; saved as .xlsx it is read."""
    folder = frist.folder / "gammalt"
    folder.mkdir()
    old = folder / "barn.xls"
    old.write_bytes(LEGACY)
    for command in ("check", "run", "init"):
        _, said = frist.run(command, "gammalt", code=65)
        assert "(other-format)" in said and SAVE_AS in said, said
    old.unlink()
    book = Workbook()
    book.active.append(("Dnr", "Utredning inledd", "Utredning avslutad"))
    for number, _, start, end in rows()[:-3]:
        book.active.append((number, start, end))
    book.save(folder / "barn.xlsx")
    _, said = frist.run("check", "gammalt", "--as-of", "2024-08-31")
    assert "Inga fel." in said, said


def controller(frist: Frist) -> None:
    """The whole way."""
    (frist.folder / "uttag").mkdir()
    write_export(frist.folder / "uttag" / "barn.csv")
    headings_are_unknown(frist)
    project_is_proposed(frist)
    date_is_unreadable(frist)
    report_opens(frist, as_of_is_missing(frist))
    workbook_is_old(frist)


if __name__ == "__main__":
    walk(controller)
