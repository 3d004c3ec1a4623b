"""What the titles of charts say, and their descriptions to those who do not see them."""

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cache

from one_voice_numbers import as_count, days_in, last_day, value_of, written_share
from one_voice_sentences import duty_of
from one_voice_voices import Control, reads
from one_voice_words import COUNT, NUMBER, SHARE, Sentence, catalogue

TITLES = ("share", "methods", "trend", "backlog", "outlook", "close", "spread", "margins", "slack")


@cache
def title_keys() -> list[str]:
    """Templates of titles of charts."""
    return catalogue().has_prefix(*(f"chart.{name}-title" for name in TITLES))


@cache
def desc_keys() -> list[str]:
    """Templates of descriptions."""
    return [f"chart.{name}-desc" for name in (*TITLES, "funnel") if f"chart.{name}-desc" in catalogue().texts]


def say_headline_period(control: Control, said: Sentence) -> str:
    """Notes that the period of a title is that of the headline."""
    period = control.say_period(said.values["period"], said.text)
    control.say("headline period", period, said.text)
    return period


def parts_of(listed: str) -> list[str]:
    """The parts of a list that ends its description."""
    return listed.removesuffix(".").split("; ")


@reads("chart.share-title", "chart.share-title-none")
def read_share_title(control: Control, said: Sentence) -> None:
    """The headline above the chart of shares."""
    period = say_headline_period(control, said)
    if "share" in said.values:
        control.say_told(period, said.values["share"], said.text)
        control.say("headline", "told", said.values["share"], said.text)


@reads(*catalogue().has_prefix("chart.methods-title"))
def read_methods_title(control: Control, said: Sentence) -> None:
    """The gap between the methods in the headline's period."""
    say_headline_period(control, said)
    sign = {"chart.methods-title": 1, "chart.methods-title-less": -1, "chart.methods-title-same": 0}
    told = (sign[said.key], said.values.get("gap", "")) if said.key in sign else None
    if "reference" in said.values:
        control.say("reference method", said.values["reference"], said.text)
    control.say("headline", "gap", told, said.text)


@reads(*catalogue().has_prefix("chart.trend-title"))
def read_trend_title(control: Control, said: Sentence) -> None:
    """The verdict above the trend, with a share."""
    kind = said.key.removeprefix("chart.trend-title").lstrip("-")
    if kind == "hidden":
        return
    verdict = {"": "unknown", "constant": "unchanged"}.get(kind, kind)
    control.say("verdict", verdict, said.text)
    if "late" in said.values:
        control.say("duty", duty_of(said), said.text)
    if kind in ("worse", "better"):
        control.say("verdict months", control.texts.number(said.values["months"]), said.text)
        control.say_values("verdict", said, "share")
    elif kind == "constant":
        control.say("constant share", said.values["share"], said.text)
    else:
        period = control.say_period(said.values["period"], said.text)
        control.say("last point of title", period, said.text)
        if "share" in said.values:
            control.say_told(period, said.values["share"], said.text)


@reads("chart.backlog-title", "chart.backlog-title-in-time", "chart.backlog-title-none")
def read_backlog_title(control: Control, said: Sentence) -> None:
    """Open cases now."""
    is_none = said.key.endswith("none")
    control.say(control.as_of, "open", 0 if is_none else said.count("open"), said.text)
    overdue = said.count("overdue") if "overdue" in said.values else 0
    control.say(control.as_of, "overdue", overdue, said.text)


@reads("chart.outlook-title")
def read_outlook_title(control: Control, said: Sentence) -> None:
    """What is expected within some days."""
    days = said.count("days")
    control.expect(("outlook", days), bool(control.get("outlook", days, "exact")), said.text, "no such days")
    control.say("outlook", days, "open", said.count("open"), said.text)
    for name in ("expected", "interval"):
        control.say("outlook", days, name, said.values[name], said.text)


@reads("chart.close-title", "chart.close-title-open")
def read_close_title(control: Control, said: Sentence) -> None:
    """The time to close of the latest cases."""
    control.say_those("latest curve", said, "half", "open")


@reads("chart.spread-title", "chart.spread-title-same", "chart.spread-title-now")
def read_spread_title(control: Control, said: Sentence) -> None:
    """The median of the last period and of a year before."""
    period = control.texts.period(said.values["period"])
    control.say(period, "median", signed_margin(said.values["now"]), said.text)
    control.say("last spread", period, said.text)
    a_year_before = f"{int(period[:4]) - 1}{period[4:]}"
    if "then" in said.values or said.key.endswith("same"):
        then = signed_margin(said.values.get("then", said.values["now"]))
        control.say(a_year_before, "median", then, said.text)


def signed_margin(text: str) -> int:
    """A margin in words as a number: below zero before the due date."""
    texts = catalogue()
    for unit in ("days", "hours"):
        for when, sign in (("before", -1), ("after", 1)):
            if found := re.fullmatch(texts.wrapped(f"margin.{when}-{unit}", r"(\d+) \w+"), text):
                return sign * int(found[1])
    return 0


@reads(*catalogue().has_prefix("chart.margins-title"))
def read_other_title(control: Control, said: Sentence) -> None:
    """Titles of what no other statement speaks of."""


@reads("chart.share-desc")
def read_share_points(control: Control, said: Sentence) -> None:
    """The share of every period."""
    for point in points_of(control, "chart.point", said):
        period = control.say_period(point.values["period"], said.text)
        control.say_told(period, point.values["share"], said.text)


def points_of(control: Control, key: str, said: Sentence) -> Iterator[Sentence]:
    """The points of a description."""
    for text in filter(None, parts_of(said.values["points"])):
        point = control.texts.read(key, text)
        if point is None:
            control.unread("points", text)
        else:
            yield point


@reads("chart.methods-desc")
def read_methods_points(control: Control, said: Sentence) -> None:
    """Both shares of every period."""
    control.say("reference method", said.values["reference"], said.text)
    for point in points_of(control, "chart.methods-point", said):
        period = control.say_period(point.values["period"], said.text)
        control.say(period, "lawful share", point.values["share"], said.text)
        control.say(period, "reference share", point.values["reference"], said.text)


@reads("chart.margins-desc")
def read_margins(control: Control, said: Sentence) -> None:
    """The cases of the last period by their margin: all together."""
    total = sum(said.count(name) for name in ("early", "only", "late"))
    control.say("cases with margins", total, said.text)


@reads("chart.spread-desc")
def read_medians(control: Control, said: Sentence) -> None:
    """The median of every period."""
    for text in parts_of(said.values["points"]):
        period, _, median = text.rpartition(": ")
        control.say(control.texts.period(period), "median", round(value_of(median)), said.text)


@reads("chart.close-desc")
def read_curves(control: Control, said: Sentence) -> None:
    """Curves of time to close, the latest first."""
    pattern, points = control.texts.pattern("chart.close-told"), said.values["points"]
    first = pattern.match(points)
    if first is None or pattern.sub("", points).strip():
        control.unread("curves", said.text)
        return
    for name in ("half", "open"):
        if first[name] != control.texts["table.none"]:
            control.say("latest curve", name, first[name], said.text)


@reads("chart.backlog-desc")
def read_backlog_points(control: Control, said: Sentence) -> None:
    """Open cases at the end of every month."""
    for text in parts_of(said.values["points"]):
        found = re.fullmatch(rf"(.+): ({COUNT}) \(({COUNT})\)", text)
        if found is None:
            control.unread("points", text)
            continue
        day = min(last_day(control.texts.period(found[1])), control.as_of)
        control.say(day, "open", as_count(found[2]), said.text)
        control.say(day, "overdue", as_count(found[3]), said.text)


@reads("chart.outlook-desc")
def read_forecasts(control: Control, said: Sentence) -> None:
    """Earlier forecasts and the present one, which is the last."""
    date = control.texts.kinds["date"]
    point = rf"({date}) ({NUMBER}) \(({COUNT}–{COUNT})\)(?:: ({COUNT}))?"
    found = [re.fullmatch(point, text) for text in parts_of(said.values["points"])]
    if None in found:
        control.unread("points", said.text)
    elif last := found[-1]:
        control.say("as of", control.texts.date(last[1]), said.text)
        control.say("outlook", "title", (last[2], last[3]), said.text)


@reads("chart.slack-desc")
def read_slack(control: Control, said: Sentence) -> None:
    """Cases whose verdict the methods differ on, by month of the start."""
    days: list[int] = []
    for number, text in enumerate(parts_of(said.values["months"]), 1):
        month = control.texts.read("chart.slack-month", text)
        if month is None:
            control.unread("months", text)
            continue
        days += days_in(month.values["days"])
        if month.values["share"].endswith("%"):
            control.say("start month", number, "changed share", month.values["share"], said.text)
    if days:
        control.say("slack", (min(days), max(days)), said.text)


@reads("chart.slack-title", "chart.slack-title-both")
def read_slack_title(control: Control, said: Sentence) -> None:
    """How much the methods lie apart."""
    control.say("reference method", said.values["reference"], said.text)
    if "range" in said.values:
        days = days_in(said.values["range"])
    else:
        days = [sign * int(said.values[name].split(" ")[0]) for sign, name in ((-1, "shorter"), (1, "longer"))]
    control.say("slack", (days[0], days[-1]), said.text)


@reads("chart.funnel-desc")
def read_funnel(control: Control, said: Sentence) -> None:
    """Groups in the window that the chart shows."""
    column = control.get("column of figure")
    grouping = next(each for each in control.results["groupings"] if each["column"] == column)
    drawn = next((window for window in grouping["windows"] if window["drawn"]), None)
    rows, told = {}, {}
    for group in grouping["groups"]:
        row = next((row for row in group["funnel"] or [] if drawn and row["from"] == drawn["from"]), None)
        if row and row["cases"]:
            share = written_share(Fraction(row["deviations"], row["cases"]))
            rows[control.group_name(grouping, group)] = (share, row["cases"])
    for text in parts_of(said.values["points"]):
        found = re.fullmatch(rf"(.+): ({SHARE}) \(({COUNT})\)", text)
        if found is None:
            control.unread("points", text)
        else:
            told[found[1]] = (found[2], as_count(found[3]))
    control.expect(("funnel", column), told == rows, said.text, rows)
