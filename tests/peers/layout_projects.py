"""Two projects beside the sample data: one control alone, and many units with a long plan and long titles."""

import datetime as dt
import random
from pathlib import Path

AS_OF = dt.date(2024, 8, 31)
FIRST = dt.date(2022, 1, 3)
CASES = 1_500
UNITS = [
    f"Enheten för {what} i stadsdelsområdet {where}"
    for what in ("barn- och familjeutredningar", "ungdomsmottagning", "förhandsbedömningar och mottagning")
    for where in ("Norra Innerstaden", "Södra Skogsbygden", "Västra Hamnstråket", "Östra Centrum")
]
AREAS = ("Effektiva arbetsmetoder och hög kvalitet", "Informationssäkerhet", "Ekonomi och hushållning")
POINTS_OF_AREA = 6
LONG_TITLE = (
    "Överensstämmelse mellan nämndens delegationsordning, förvaltningens verkställighetsbeslut och "
    "verksamhetssystemets behörighetsstyrning, del {number}"
)
LONG_TEXT = (
    "Förvaltningen går igenom besluten för hela perioden tillsammans med enhetscheferna. Avvikelserna beskrivs var "
    "för sig, med orsak och åtgärd. De följs upp när nästa delårsrapport skrivs. "
)


def write_export(folder: Path, units: list[str], cases: int) -> None:
    """Writes an export of child investigations."""
    draw = random.Random(18)
    lines = ["Ärendenr;Enhet;Utredning inledd;Utredning avslutad"]
    for number in range(cases):
        start = FIRST + dt.timedelta(days=draw.randrange((AS_OF - FIRST).days))
        end = start + dt.timedelta(days=draw.randint(20, 150))
        ended = end.isoformat() if end <= AS_OF else ""
        lines.append(f"BU-{number:05};{draw.choice(units)};{start};{ended}")
    (folder / "utredningar.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_project_file(folder: Path) -> None:
    """Writes the project file."""
    text = f'organisation = "Exempelstaden, socialnämnden"\nas_of = {AS_OF}\nlanguage = "sv"\n\n'
    text += '[[source]]\ncontrol = "child-investigation"\nfiles = ["utredningar.csv"]\n'
    (folder / "frist.toml").write_text(text, encoding="utf-8")


def write_small(folder: Path) -> Path:
    """One control, one unit, and neither plan nor risks."""
    folder.mkdir()
    write_export(folder, ["Barn"], 120)
    write_project_file(folder)
    return folder


def write_large(folder: Path) -> Path:
    """Many units with long names, a plan of many long points, and many risks."""
    folder.mkdir()
    write_export(folder, UNITS, CASES)
    write_project_file(folder)
    (folder / "internal-control.toml").write_text("\n".join(plan_lines()) + "\n", encoding="utf-8")
    (folder / "risks.csv").write_text("\n".join(risk_lines()) + "\n", encoding="utf-8")
    return folder


def plan_lines() -> list[str]:
    """The lines of a long plan; the first point's result is counted from the cases."""
    lines = [f'background = "{LONG_TEXT * 3}"']
    for number in range(len(AREAS) * POINTS_OF_AREA):
        title = LONG_TITLE.format(number=number + 1)
        if number % POINTS_OF_AREA == 0:
            lines += ["", "[[area]]", f'name = "{AREAS[number // POINTS_OF_AREA]}"', f'aim = "{LONG_TEXT}"']
        lines += ["", "[[area.risk_point]]", f'name = "{title}"', "", "[[area.risk_point.control_point]]"]
        lines += [f'name = "Kontroll: {title}"', 'department = "Avdelningen för stöd och utveckling"']
        lines += ['frequency = ["april", "august", "december"]', f'method = "{LONG_TEXT}"', 'status = "begun"']
        lines += [f'comment = "{LONG_TEXT * 3}"', f'planned_action = "{LONG_TEXT * 2}"']
        lines += ["", "[[area.risk_point.control_point.result]]"]
        lines += result_lines(number)
    return lines


def result_lines(number: int) -> list[str]:
    """The lines of a result."""
    if number == 0:
        return ['control = "child-investigation"']
    lines = [f'name = "Granskade verkställighetsbeslut, del {number}"', f"count = {number}", "of = 40"]
    lines += ['deviates = "count"', 'deviation = "saknar stöd i delegationsordningen"']
    return [*lines, 'requirement = "ingen ska sakna det"', 'scope = "all"', "persons = false", "target = 0.05"]


def risk_lines() -> list[str]:
    """The lines of a long list of risks."""
    headings = "Nr;Område;Ansvarsområde/process;Risk;Sannolikhet;Konsekvens;Riskvärde"
    lines = [f"{headings};Befintliga åtgärder;Hantering;Följer plan;Kommentar"]
    for number in range(1, 31):
        likelihood, consequence = 1 + number % 4, 1 + number // 4 % 4
        area = f"{AREAS[number % len(AREAS)]};Rättssäker myndighetsutövning"
        risk = f"Risk att {LONG_TITLE.format(number=number).lower()} inte granskas"
        value = f"{likelihood};{consequence};{likelihood * consequence}"
        texts = f"{LONG_TEXT};{LONG_TEXT};{'Ja' if number % 3 else 'Nej'};{LONG_TEXT * 2}"
        lines.append(f"{number};{area};{risk};{value};{texts}")
    return lines
