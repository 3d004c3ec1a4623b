"""Random cases of six controls: as exports for the program, and as a table for databases."""

import csv
from datetime import date, timedelta

AS_OF = date(2024, 8, 31)
FIRST = date(2020, 1, 1)
UNITS = ["Norr", "Öster", "Åsen", "Väster & Ängen", ""]

IN_HOURS = {"timed", "timed-or-not"}
OWN_DUE = {"promised", "timed-or-not"}
DECIDED = {"child-investigation", "moved"}
CONTROLS = ["child-investigation", "unenforced-decision", "moved", "promised", "timed", "timed-or-not"]

# The columns of the view of cases, and their headings in an export.
COLUMNS = {
    "case_number": "Ärendenr", "start_date": "Inledd", "start_time": "Inledd tid", "end_date": "Avslutad",
    "end_time": "Avslutad tid", "end_date_2": "Återtagen", "extended_to": "Förlängd till",
    "extension_decided": "Beslut", "due_date": "Sista dag", "unit": "Enhet", "subunit": "Grupp", "status": "Läge",
    "kind": "Slag",
}
VIEW = [
    "control", "case_number", "unit", "subunit", "start_date", "start_time", "end_date", "end_time", "end_date_2",
    "end_time_2", "extended_to", "extension_decided", "due_date", "status", "kept",
]


def rule(name, method, reference, roll, cohort, laws=("",)):
    """A rule of the rulebook with its laws."""
    text = f'[[rule]]\nid = "{name}"\nname = {{ sv = "{name}", en = "{name}" }}\n'
    text += 'start = { sv = "a", en = "a" }\nend = { sv = "b", en = "b" }\nbasis = "statute"\n'
    text += f'method = "{method}"\nreference = "{reference}"\nroll = "{roll}"\ncohort = "{cohort}"\n'
    for law in laws:
        text += f'[[rule.law]]\ncitation = {{ sv = "1 §", en = "1 §" }}\nverified = false\n{law}\n'
    return text


# Beside the built-in rules: one of which 2 § moves the last day and whose law changed, with a fortnight without any; one
# whose last day is the source's own; and two of hours.
RULEBOOK = "\n".join([
    rule("moved", "3 months", "90 days", "next-weekday", "due",
         ['to = 2021-06-30\nmethod = "6 weeks"', "from = 2021-07-15"]),
    rule("promised", "due column", "next day", "next-weekday", "started"),
    rule("timed", "36 hours", "48 hours", "none", "closed"),
    rule("timed-or-not", "24 hours", "due column", "none", "closed"),
])

PROJECT = """\
organisation = "Prov"
as_of = 2024-08-31
rulebook = "rules.toml"

[[control]]
id = "timed-or-not"
without_times = "by-day"

[[control]]
id = "unenforced-decision"
extensions = "ignore"
"""


def project(folder):
    """A project file with a source for each control."""
    (folder / "rules.toml").write_text(RULEBOOK, encoding="utf-8")
    (folder / "frist.toml").write_text(PROJECT + "".join(map(source, CONTROLS)), encoding="utf-8")


def source(control):
    hours = control in IN_HOURS
    columns = {
        "case_id": '"Ärendenr"', "extended_to": '"Förlängd till"', "group": '"Enhet"', "subgroup": '"Grupp"',
        "status": '"Läge"', "start": '["Inledd", "Inledd tid"]' if hours else '"Inledd"',
        "end": '["Avslutad", "Avslutad tid"]' if hours else '["Avslutad", "Återtagen"]',
    }
    if control in DECIDED:
        columns["extension_decided"] = '"Beslut"'
    if control in OWN_DUE:
        columns["due"] = '"Sista dag"'
    named = ", ".join(f"{key} = {value}" for key, value in columns.items())
    return (f'\n[[source]]\ncontrol = "{control}"\nfiles = ["{control}.csv"]\n'
            f'columns = {{ {named} }}\nexclude = {{ "Slag" = ["Prov"] }}\n')


def day(chance, first, last):
    return first + timedelta(days=chance.randint(0, max(0, (last - first).days)))


BROKEN = ["2023-02-29", "2023-13-01", "31/31/2023", "i morgon", "2023-00-10", "x"]
NONE = ["", "", "", "-", "Pågår", "9999-12-31"]
# Summer time began and ended.
CHANGES = [date(2021, 3, 28), date(2021, 10, 31), date(2022, 3, 27), date(2022, 10, 30), date(2023, 10, 29)]


def case(chance, control, number):
    """A row as the database has it: texts by the columns of the view of cases."""
    row = dict.fromkeys(COLUMNS, "")
    start, end = start_and_end(chance, control)
    row["start_date"] = start.isoformat()
    row["end_date"] = end.isoformat() if end <= AS_OF + timedelta(days=25) else ""
    if chance.random() < 0.08:
        row["end_date"] = chance.choice(NONE)
    if control not in IN_HOURS and chance.random() < 0.05:
        row["end_date"], row["end_date_2"] = "", end.isoformat() if end <= AS_OF else ""
    if chance.random() < 0.02:
        row["end_date"] = (start - timedelta(days=chance.randint(1, 5))).isoformat()
    if chance.random() < 0.1:
        row["extended_to"] = (start + timedelta(days=chance.randint(60, 240))).isoformat()
        if chance.random() < 0.8:
            row["extension_decided"] = day(chance, start, start + timedelta(days=150)).isoformat()
    if control in OWN_DUE and chance.random() < 0.95:
        row["due_date"] = (start + timedelta(days=chance.randint(0, 3 if control in IN_HOURS else 120))).isoformat()
    if control in IN_HOURS:
        times = [f"{chance.randint(0, 23):02}:{chance.randint(0, 59):02}", "02:30", "02:10", "03:00", "23:59"]
        row["start_time"], row["end_time"] = chance.choice(times), chance.choice(times)
        for time_of in ("start_time", "end_time"):
            if chance.random() < 0.08:
                row[time_of] = chance.choice(["", "-", "25:10"])
    if chance.random() < 0.03:
        row[chance.choice(["start_date", "end_date", "extended_to"])] = chance.choice(BROKEN)
    row["status"] = chance.choice(["", "", "", "", "", "Avslutad", "Pågående", "MAKULERAD", "okänt"])
    row["kind"] = chance.choice([""] * 20 + ["Prov"])
    row["unit"], row["subunit"] = chance.choice(UNITS), chance.choice(["A", "B", ""])
    row["case_number"] = f"{chance.choice('ABC')}-{number:07}" if chance.random() < 0.97 else ""
    return row


def start_and_end(chance, control):
    start = day(chance, FIRST, AS_OF + timedelta(days=20))
    if control in IN_HOURS and chance.random() < 0.2:
        start = chance.choice(CHANGES) - timedelta(days=chance.randint(0, 2))
    lasted = chance.choice([chance.randint(0, 200), chance.randint(80, 130), chance.randint(0, 4)])
    if control in IN_HOURS:
        lasted = chance.choice([0, 1, 1, 2, 2, 3, 9])
    return start, start + timedelta(days=lasted)


def rows(chance, control, count):
    """Cases, some of which are repeated, in another unit or with another day."""
    made = []
    for number in range(count):
        row = case(chance, control, number)
        made.append(row)
        while chance.random() < 0.04:
            again = dict(row)
            if chance.random() < 0.5:
                again["unit"] = chance.choice(UNITS)
            if chance.random() < 0.3:
                again["end_date"] = day(chance, FIRST, AS_OF).isoformat()
            made.append(again)
    chance.shuffle(made)
    return made


def write(folder, name, chance, count):
    """The program's exports, and the table of the database; says how many rows they have."""
    written = 0
    with open(folder / name, "w", encoding="utf-8", newline="") as table:
        writer = csv.DictWriter(table, VIEW, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        for control in CONTROLS:
            with open(folder / f"{control}.csv", "w", encoding="utf-8", newline="") as export:
                headings = csv.writer(export, delimiter=";", lineterminator="\n")
                headings.writerow(COLUMNS.values())
                for row in rows(chance, control, count // len(CONTROLS)):
                    headings.writerow(row.values())
                    writer.writerow(as_in_database(row, control))
                    written += 1
    return written


def as_in_database(row, control):
    """A row of the view of cases. The database brings what the source writes otherwise to one form."""
    end = "" if row["end_date"] == "9999-12-31" else row["end_date"]
    return dict(row, control=control, end_date=end, end_time_2="", kept="no" if row["kind"] else "")
