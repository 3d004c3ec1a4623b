"""Small tables of texts that look like days, to people or to engines: blanks, other digits, times, impossible days."""

import csv
from datetime import date

from cases import CONTROLS, VIEW, day

ROWS = 8
AWKWARD = [
    " {}", "{} ", "\t{}", "{}T00:00", "{} 00:00:00", "{}Z", "{}+01:00", "'{}", '="{}"', "{}\u00a0", "\ufeff{}", "{}.",
]
DIGITS = ["٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９", "०१२३४५६७८९"]
TIMES = ["12:00+02:00", "12:00Z", "24:00", "12.00", " 12:00", "1200", "12:00:00.5"]
WORDS = ["", "-", "pågår", "PÅGÅR", "Pågår", "null", "NULL", "0", "today", "epoch", "infinity", "now"]


def awkward(chance):
    plain = day(chance, date(1929, 12, 20), date(2101, 1, 10)).isoformat()
    year, month, number = plain.split("-")
    digits = {ord(str(number)): digit for number, digit in enumerate(chance.choice(DIGITS))}
    return chance.choice([
        plain,
        plain,
        chance.choice(AWKWARD).format(plain),
        plain.translate(digits),
        f"{year}-{chance.randint(0, 13):02}-{chance.randint(0, 32):02}",
        chance.choice([year + month + number, f"{year}/{month}/{number}", plain[2:], f"{number}.{month}.{year}"]),
        chance.choice(TIMES),
        chance.choice(WORDS),
        "".join(chance.choice("0123456789-:T. ½²") for _ in range(chance.randint(1, 12))),
    ])


def write(folder, name, chance, count):
    """So many tables in one file: each is a unit."""
    usual = {
        "start_date": "2023-02-01", "start_time": "10:00", "end_date": "2023-05-01", "end_time": "10:00",
        "extended_to": "2023-07-01", "extension_decided": "2023-03-01", "due_date": "2023-04-01",
    }
    places = [*usual, "end_date_2"]
    with open(folder / name, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, VIEW, restval="", lineterminator="\n")
        writer.writeheader()
        for number in range(count):
            for _ in range(ROWS):
                odd = {chance.choice(places): awkward(chance) for _ in range(chance.randint(1, 2))}
                writer.writerow({**usual, **odd, "control": chance.choice(CONTROLS), "unit": f"table {number}"})
