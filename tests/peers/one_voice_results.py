"""What results.json says."""

import datetime as dt
import math
from fractions import Fraction

from one_voice_numbers import SPACE, last_day, near_float, written_count, written_share
from one_voice_voices import Control
from one_voice_words import catalogue


def say_results(control: Control) -> None:
    """Notes the facts of results.json."""
    results = control.results
    headline = results["headline"]
    control.say("as of", control.as_of, "results.json")
    control.say("headline period", headline["period"], "results.json, headline")
    for name in ("cases", "deviations"):
        say_number(control, headline["period"], name, headline[name], "results.json, headline")
    for period in results["periods"]:
        say_period(control, period["period"], period, f"results.json, periods, {period['period']}")
        # A period without a case is incomplete too, but has another reason to have no share.
        if period["no_share_because"] == "incomplete":
            control.say(period["period"], "is incomplete", True, "results.json, no_share_because")
    say_edges(control, results["edges"])
    say_groups(control)
    if results.get("trend"):
        say_trend(control, results["trend"])
    for name in ("later", "judged_by_day", "without_time", "without_margin"):
        if results.get(name):
            control.say(name, results[name], f"results.json, {name}")
    say_closer_look(control)
    for month in results.get("backlog") or []:
        day = min(last_day(month["month"]), control.as_of)
        control.say(day, "open", month["open"], "results.json, backlog")
        control.say(day, "overdue", month["open_overdue"], "results.json, backlog")


def say_edges(control: Control, edges: dict) -> None:
    """How the export was cut."""
    if edges["cases"] in (None, "all"):
        return
    said, since = "results.json, edges", edges["since"] or ""
    control.say("cases of export", edges["cases"], said)
    control.say("edges are stated", edges["stated"], said)
    if since:
        control.say("edge", "month", since[:7], said)
    if len(since) > 7:
        control.say("edge", "day", dt.date.fromisoformat(since), said)
    known_until, missing = edges.get("known_until"), edges.get("missing")
    control.say("open cases are known", edges["cases"] != "decided-since" and not known_until, said)
    if known_until:
        control.say("edges.known-until", (dt.date.fromisoformat(known_until),), said)
    if missing:
        control.say("edges.missing", tuple(dt.date.fromisoformat(day) for days in missing for day in days), said)


def say_closer_look(control: Control) -> None:
    """What results.json has of margins, times to close, forecasts and months of starts."""
    results = control.results
    for margins in results.get("margins") or []:
        said = f"results.json, margins, {margins['period']}"
        control.say(margins["period"], "cases of margins", margins["cases"], said)
        control.say(margins["period"], "margins", tuple(margins["quantiles"].values()), said)
    if survival := results.get("survival"):
        for curve in survival["periods"]:
            of, said = ("started in", curve["period"]), f"results.json, survival, {curve['period']}"
            for name in ("cases", "open", "half_closed_at", "ninety_closed_at"):
                control.say(of, name, curve[name], said)
            control.say(of, "open after due", curve["open_after_due"], said)
    if outlook := results.get("outlook"):
        control.say("outlook", "late already", outlook["late_already"], "results.json, outlook")
        control.say("outlook", "left out", outlook["months_left_out"], "results.json, outlook")
        for ahead in outlook["ahead"]:
            said, days = f"results.json, outlook, {ahead['days']} days", ahead["days"]
            control.say("outlook", days, "open", ahead["open"], said)
            held = (ahead["inside"], len(ahead["trials"])) if ahead["trials"] else None
            control.say("outlook", days, "held", held, said)
            control.say("outlook", days, "exact", (ahead["chance"], ahead["expected"]), said)
            interval = f"{written_count(ahead['low'])}–{written_count(ahead['high'])}"
            control.say("outlook", days, "interval", interval, said)
    for month in results.get("start_months") or []:
        said = f"results.json, start_months, {month['month']}"
        for name in ("cases", "deviations", "reference_deviations"):
            control.say(("start month", month["month"]), name, month[name], said)


def say_number(control: Control, of: object, name: str, number: int | None, said: str) -> None:
    """A count, or that it is hidden."""
    if number is not None:
        control.say(of, name, number, said)
        control.say(of, name, "is shown", True, said)


def say_period(control: Control, of: object, period: dict, said: str) -> None:
    """A period of a control or of a group."""
    if not isinstance(of, tuple):
        control.say(of, "has ended", period["complete"], said)
    for name in ("cases", "deviations"):
        say_number(control, of, name, period[name], said)
    if period["source"] == "computed":
        reasons = {"undetermined": "too-early", "not-due": "too-early", "no-cases": "none"}
        because = period["no_share_because"]
        control.say(of, "no share because", reasons.get(because, because), said)
    if period["ci95"]:
        control.say(of, "interval of results", tuple(period["ci95"]), said)
    if period.get("reference_deviations") is not None:
        control.say(of, "reference deviations", period["reference_deviations"], said)
    for name, key in (("extended", "extended"), ("rolled", "rolled_deviations")):
        if period[key] is not None and not isinstance(of, tuple):
            control.say(of, name, period[key], said)
    if period["change_pp"] is not None:
        control.say(of, "change of results", period["change_pp"], said)


def say_groups(control: Control) -> None:
    """The groups of results.json: their periods, and where they differ."""
    for column, grouping in zip(control.groups, control.results["groupings"], strict=True):
        if windows := grouping["windows"]:
            for name, window in (("short", windows[0]), ("long", windows[-1])):
                of = window_name(control, window["from"], window["to"])
                control.say((column, "windows"), name, of, f"results.json, {column}, windows")
        for group in grouping["groups"]:
            name = control.group_name(grouping, group)
            for period in group["periods"]:
                said = f"results.json, {column}, {name}, {period['period']}"
                say_period(control, (column, name, period["period"]), period, said)
            say_differing(control, column, name, group["funnel"])


def say_differing(control: Control, column: str, name: str, funnel: list[dict] | None) -> None:
    """Where a group differs, by results.json, and that its share lies on that side."""
    differing = []
    for row in funnel or []:
        if row["differs"]:
            window = window_name(control, row["from"], row["to"])
            differing.append((window, row["differs"]))
            above = row["deviations"] > row["expected"]
            said = f"results.json, {column}, {name}, {window}: {row['deviations']} of {row['expected']}"
            is_right = above == (row["differs"] == "higher")
            control.expect((column, name, window), is_right, row["differs"], said)
    statement = f"results.json, {column}, {name}, funnel"
    told = tuple(sorted(differing)) if funnel else ("not compared",)
    control.say((column, name), "differs", told, statement)


def window_name(control: Control, first: str, last: str) -> str:
    """How a window is named: as the headline's period, or from month to month."""
    for period in control.results["periods"]:
        # An export that begins amid a period has only its end.
        if period["from"] <= first and last == period["to"]:
            year, _, rest = period["period"].partition("-")
            lengths = {"Q": 3, "T": 4, "H": 6}
            if rest and rest[0] in lengths:
                end = lengths[rest[0]] * int(rest[1:])
                names = [control.texts.months[month - 1] for month in (end - lengths[rest[0]] + 1, end)]
                return f"{'–'.join(names)} {year}"
    months = [f"{control.texts.months[int(day[5:7]) - 1]} {day[:4]}" for day in (first, last)]
    if months[0] == months[1]:
        return months[0]
    # Within a year it is named once.
    return "–".join([months[0].split(" ")[0] if first[:4] == last[:4] else months[0], months[1]])


def written_chance(chance: Fraction) -> str:
    """A chance in whole percent: never none nor all."""
    percent = math.floor(100 * chance + Fraction(1, 2))
    name, shown = {0: ("hardly", 1), 100: ("nearly", 99)}.get(percent, ("about", percent))
    return catalogue()[f"trend.{name}"].format(share=f"{shown}{SPACE}%")


def say_trend(control: Control, trend: dict) -> None:
    """The trend of results.json."""
    verdict = trend["verdict"]
    control.say("verdict", verdict["answer"], "results.json, verdict")
    control.say("verdict since a step", len(trend["segments"]) > 1, "results.json, segments")
    if verdict["unknown_because"]:
        control.say("unknown because", verdict["unknown_because"], "results.json, verdict")
    if verdict["months"] is not None:
        control.say("verdict months", verdict["months"], "results.json, verdict")
    if power := verdict["power"]:
        control.say("power", "months", power["months"], "results.json, power")
        tenths = math.floor(power["chance"] * 10)
        control.say("power", "tenths", ">= 8" if tenths >= 8 else tenths, "results.json, power")
    if target := trend["target"]:
        for name, key in (("met", "met"), ("periods", "periods"), ("cases", "cases_a_period")):
            control.say("target", name, target[key], "results.json, target")
        present = Fraction(target["present_deviations"], target["present_cases"])
        control.say("target", "present share", written_share(present), "results.json, target")
        chance = written_chance(near_float(target["chance"]))
        control.say("target", "chance", chance, "results.json, target")
    for point in trend["points"]:
        said = f"results.json, trend, {point['period']}"
        for name in ("cases", "deviations"):
            say_number(control, point["period"], name, point[name], said)
        control.say(point["period"], "counts", point["complete"], said)
