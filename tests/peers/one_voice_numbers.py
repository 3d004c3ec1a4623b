"""Numbers and periods as a report writes them."""

import calendar
import datetime as dt
import math
import re
from fractions import Fraction

SPACE, MINUS = "\u00a0", "\u2212"
LENGTHS = {"month": 1, "quarter": 3, "tertial": 4, "half-year": 6, "year": 12}
LETTERS = {"Q": 3, "T": 4, "H": 6}


def beginning(day: dt.date, period: str) -> dt.date:
    """The first day of the period of a day."""
    length = LENGTHS[period]
    return dt.date(day.year, (day.month - 1) // length * length + 1, 1)


def spanning(year: int, first: int, last: int) -> str:
    """The name of the period from one month to another."""
    length = last - first + 1
    if length == 1:
        return f"{year}-{first:02}"
    letters = [letter for letter, months in LETTERS.items() if months == length]
    return f"{year}-{letters[0]}{last // length}" if letters else str(year)


def holding(month: str, kind: str) -> str:
    """The name of the period of a kind that holds a month such as `2024-08`."""
    year, number = map(int, month.split("-"))
    last = -(-number // LENGTHS[kind]) * LENGTHS[kind]
    return spanning(year, last - LENGTHS[kind] + 1, last)


def last_day(period: str) -> dt.date:
    """The last day of a period."""
    year, _, rest = period.partition("-")
    if not rest:
        return dt.date(int(year), 12, 31)
    month = int(rest[1:]) * LETTERS[rest[0]] if rest[0] in LETTERS else int(rest)
    return dt.date(int(year), month, calendar.monthrange(int(year), month)[1])


def as_count(text: str) -> int:
    """A count as it is written."""
    return int(text.replace(SPACE, ""))


def written_count(number: int) -> str:
    """A count with grouped thousands."""
    return f"{number:,}".replace(",", SPACE)


def tenths_of(value: Fraction) -> int:
    """Tenths of a percent, half up."""
    return math.floor(value * 1000 + Fraction(1, 2))


def written_tenths(tenths: int) -> str:
    """A number of tenths."""
    return f"{written_count(tenths // 10)},{tenths % 10}"


def written_share(share: Fraction, *, sign: str = SPACE + "%") -> str:
    """A share with one decimal, half up: some is never none, and less than all never all."""
    tenths = tenths_of(share)
    if tenths == 0 and share > 0:
        return f"<{SPACE}0,1{sign}"
    if tenths == 1000 and share < 1:
        return f">{SPACE}99,9{sign}"
    return written_tenths(tenths) + sign


def written_limit(share: Fraction) -> str:
    """A limit that a person has set: with a decimal where it has one."""
    percent = share * 100
    return f"{percent}{SPACE}%" if percent.denominator == 1 else written_share(share)


def written_points(difference: Fraction) -> str:
    """A difference of shares in percentage points with its sign."""
    tenths = tenths_of(abs(difference))
    sign = MINUS if difference < 0 else "+"
    if tenths:
        return sign + written_tenths(tenths)
    if difference == 0:
        return "0,0"
    return f"{'>' if difference < 0 else '<'}{SPACE}{sign}0,1"


def value_of(text: str) -> float:
    """A number as it is written: of a bounded one its bound."""
    bare = text.strip("<>%+" + SPACE).replace(MINUS, "-").replace(SPACE, "").replace(",", ".")
    return float(bare)


def is_rounded(text: str, number: float) -> bool:
    """Whether a number of results.json, which is rounded itself, is written so, or as beyond a bound."""
    beyond = 0.1 if text[0] in "<>" else 0.05
    return abs(value_of(text) - number) <= beyond + 0.0001


def days_in(text: str) -> list[int]:
    """The whole numbers in a text, below zero or not."""
    return [int(day.replace(MINUS, "-")) for day in re.findall(rf"{MINUS}?\d+", text)]


def near_float(share: float) -> Fraction:
    """A share of results.json, which a half in doubles may lack a little of."""
    return Fraction(share) + Fraction(1, 10**12) if 0 < share < 1 else Fraction(share)
