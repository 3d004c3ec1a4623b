"""Personal numbers that are nobody's, in every spelling.

They have birth numbers that the tax agency reserves for tests (980 to 999).
"""

import datetime as dt
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass


def check_digit(nine: str) -> int:
    """The last digit of a personal number (Luhn, folkbokföringslagen 18 §)."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(nine)]
    return -sum(value // 10 + value % 10 for value in doubled) % 10


@dataclass(frozen=True)
class Number:
    """A personal number: its day of birth as written, and the last four."""

    year: int
    month: int
    day: int
    last: str

    @property
    def eight(self) -> str:
        """The day with its century."""
        return f"{self.year:04}{self.month:02}{self.day:02}"

    @property
    def bare(self) -> str:
        """What every spelling of it has in common."""
        return self.eight[2:] + self.last


COORDINATION = 60
# Letters of numbers given for the time being, in place of the first of the last four.
INTERIM = "TRSUWXJKLMN"


class Numbers:
    """Personal numbers, each given once."""

    def __init__(self, seed: int) -> None:
        self.random, self.given = random.Random(seed), set()

    def next(self, kind: str = "plain", right: bool = True) -> Number:
        """A number: plain, coordination or interim; with the right check digit or a wrong one."""
        while True:
            day = dt.date(1925, 1, 1) + dt.timedelta(days=self.random.randrange(36_000))
            shown = day.day + (COORDINATION if kind == "coordination" else 0)
            birth = str(self.random.randrange(980, 1000))
            digit = check_digit(f"{day:%y%m}{shown:02}{birth}")
            digit = digit if right else (digit + self.random.randrange(1, 10)) % 10
            last = f"{birth}{digit}"
            if kind == "interim":
                last = self.random.choice(INTERIM) + last[1:]
            number = Number(day.year, day.month, shown, last)
            if number.bare not in self.given:
                self.given.add(number.bare)
                return number


SEPARATORS = {
    "hyphen": "-",
    "true hyphen": "\u2010",
    "no-break hyphen": "\u2011",
    "figure dash": "\u2012",
    "en dash": "\u2013",
    "em dash": "\u2014",
    "bar": "\u2015",
    "minus": "\u2212",
    "full-width hyphen": "\uff0d",
    "plus": "+",
    "blank": " ",
    "no-break blank": "\u00a0",
    "narrow no-break blank": "\u202f",
    "thin blank": "\u2009",
    "figure blank": "\u2007",
    "dot": ".",
    "slash": "/",
    "underscore": "_",
}


@dataclass(frozen=True)
class Spelling:
    """A way to write a personal number; some need the right check digit to be known from another number."""

    name: str
    write: Callable[[Number], str]
    kind: str = "plain"
    any_digit: bool = True


def spellings() -> list[Spelling]:
    """Every way, for each kind of number."""

    def joined(separator: str, long: bool) -> Callable[[Number], str]:
        return lambda number: (number.eight if long else number.eight[2:]) + separator + number.last

    def parted(separator: str, last: str) -> Callable[[Number], str]:
        def write(number: Number) -> str:
            day = separator.join((number.eight[:4], number.eight[4:6], number.eight[6:]))
            return day + last + number.last

        return write

    found = []
    for kind in ("plain", "coordination"):
        for name, separator in SEPARATORS.items():
            found.append(Spelling(f"{kind}, 8 {name} 4", joined(separator, True), kind))
            found.append(Spelling(f"{kind}, 6 {name} 4", joined(separator, False), kind))
        found.append(Spelling(f"{kind}, 12 digits", joined("", True), kind))
        found.append(Spelling(f"{kind}, 10 digits", joined("", False), kind, any_digit=False))
        found.append(Spelling(f"{kind}, YYYY-MM-DD-NNNN", parted("-", "-"), kind))
        found.append(Spelling(f"{kind}, YYYY-MM-DD-NNNN of no-break hyphens", parted("\u2011", "\u2011"), kind))
    for name in ("hyphen", "no-break hyphen", "en dash", "blank"):
        for long in (True, False):
            digits = 8 if long else 6
            write = joined(SEPARATORS[name], long)
            found.append(Spelling(f"interim, {digits} {name} 4", write, "interim"))
    found.append(Spelling("interim, 12 letters", joined("", True), "interim"))
    return found


SPELLINGS = spellings()
# What a number may stand in.
CONTEXTS = ("{}", "Barnet {} i akten", "{}, Norr", "pnr: {}.", "({})")


def written(numbers: Numbers, count: int, bare: bool = False) -> Iterator[tuple[Spelling, Number, str]]:
    """So many numbers, in one spelling after the other, in a text unless they are to stand bare."""
    for place in range(count):
        spelling = SPELLINGS[place % len(SPELLINGS)]
        turn = place // len(SPELLINGS)
        number = numbers.next(spelling.kind, right=not spelling.any_digit or turn % 2 == 0)
        text = spelling.write(number)
        yield spelling, number, text if bare else CONTEXTS[turn % len(CONTEXTS)].format(text)
