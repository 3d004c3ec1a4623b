"""Jobs: commands that write a report folder or a list, and the small projects that they read."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from strace import Call

# What the names of workplaces begin with.
WORKPLACE = ".frist-"

PROJECT = """\
as_of    = 2024-08-31
language = "sv"

[[source]]
control = "cooperation-talks"
files   = ["samarbetssamtal.csv"]
columns = { status = "Status" }
status  = { void = ["Makulerad"] }
"""
HEADINGS = "Ärendenr;Enhet;Begäran inkom;Erbjuden tid;Status\n"
# One row is void, so that the report has few charts and is made quickly.
EXPORT = HEADINGS + "SS-2024-00001;Familjerätten;2024-08-01;2024-08-10;Makulerad\n"
CASES = HEADINGS + "".join(
    f"SS-2024-{day:05};Familjerätten;2024-08-{day:02};{end};{status}\n"
    for day in range(1, 29)
    for end, status in [("", "Pågående") if day % 3 else (f"2024-09-{day:02}", "Avslutad")]
)
# An end before its start: the row is rejected, and a strict run fails after its work is done.
FAULTY = CASES + "SS-2024-00099;Familjerätten;2024-08-20;2024-08-01;Avslutad\n"
RISKS = (
    "Nr;Område;Ansvarsområde/process;Risk;Sannolikhet;Konsekvens;Riskvärde\n"
    "1;Kvalitet;Samarbetssamtal;Risk att samtal erbjuds för sent;2;4;8\n"
)
# A plan for internal control with a point that the control answers.
PLAN = """\
[[area]]
name = "Kvalitet"
aim  = "Tiderna ska hållas."

[[area.risk_point]]
name = "Sena ärenden"
risk = "1"

[[area.risk_point.control_point]]
name       = "Tiderna"
department = "Familjerätten"
frequency  = ["august"]
method     = "Alla ärenden räknas."
status     = "begun"

[[area.risk_point.control_point.result]]
control = "cooperation-talks"
"""


@dataclass(frozen=True)
class Job:
    """A command that writes, and where it writes."""

    name: str
    # The target's path below the folder that is watched.
    target: str
    # The command's arguments, after the project's folder is known.
    command: Callable[[Path, Path], list[str]]
    # Which of the place's projects it reads.
    project: str = "project"
    # Whether an earlier report or list stands there before, and what happened to it since.
    over_earlier: bool = True
    since: Callable[[Path], None] = lambda _: None
    # Whether `frist verify` can judge it.
    is_report: bool = False
    # The system calls that are refused throughout, as strace injects them.
    refused: tuple[str, ...] = ()

    def with_refused(self, call: Call, change: str, onwards: bool = False) -> list[str]:
        """The strace injections for changing a call, while what is refused throughout stays refused.

        Strace changes a call in one way only, so that one which is refused is not refused any more before it.
        """
        others = [one for one in self.refused if one.split(":")[0].strip("?") != call.name]
        return [*others, call.inject(change, onwards)]


NO_EXCHANGE = ("?renameat2:error=EINVAL",)


def run_command(project: Path, target: Path) -> list[str]:
    """Writes a report."""
    return ["run", str(project), "--out", str(target), "--forms", "html,md"]


def cases_command(project: Path, target: Path) -> list[str]:
    """Writes a list."""
    return ["cases", str(project), "--out", str(target)]


def sample_command(_: Path, target: Path) -> list[str]:
    """Writes a folder of exports."""
    return ["sample", "--out", str(target), "--cases", "30", "--control", "cooperation-talks"]


def moved_away(target: Path) -> None:
    """A run moved the old report into its workplace and was killed."""
    label = f"{target.name}/"
    workplace = target.with_name(WORKPLACE + hashlib.sha256(label.encode()).hexdigest()[:16])
    workplace.mkdir(mode=0o700)
    (workplace / "lock").write_text(label, encoding="utf-8")
    target.rename(workplace / "old")


# What people add to a report; one name is in Latin-1, as an old share keeps it.
ADDED = {
    "mine.docx": "skrivet av en handläggare\n".encode(),
    os.fsdecode(b"m\xf6te.docx"): "skrivet på ett möte\n".encode(),
}


def added_to(target: Path) -> None:
    """People saved texts of their own in the old report."""
    for name, text in ADDED.items():
        (target / name).write_bytes(text)


REPORT = Job("a report", "reports", run_command, is_report=True)
REFUSED = Job("a report, exchange refused", "reports", run_command, is_report=True, refused=NO_EXCHANGE)
AFTER_A_KILL = Job("a report after a kill", "reports", run_command, is_report=True, since=moved_away)
CHANGED = Job("a changed report", "reports", run_command, is_report=True, since=added_to)
FIRST = Job("a first report", "deep/er/reports", run_command, over_earlier=False, is_report=True)
LIST = Job("a list", "list.csv", cases_command, project="cases")
WORKBOOK = Job("a workbook", "list.xlsx", cases_command, project="cases")
SAMPLE = Job("a sample", "sample", sample_command, over_earlier=False)
