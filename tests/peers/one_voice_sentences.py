"""What the sentences of a report say."""

import math
import re
from fractions import Fraction
from functools import cache

from one_voice_numbers import SPACE, holding, value_of
from one_voice_voices import READERS, Control, reads
from one_voice_words import Sentence, catalogue

# How an export was cut: parts of sentences.
CUTS = {kind: kind for kind in ("started-since", "ended-since", "decided-since", "open")}
CUTS["decided-of-started"] = "decided-since"
# Parts of what is said of groups.
OF_GROUPS = [f"funnel.{name}-for" for name in ("higher", "lower", "both")]
OF_GROUPS += ["funnel.none-differ", "funnel.none-differ-in", "funnel.not-now"]
# What is read for its words alone: it holds no fact that another statement could contradict.
FOR_WORDS_ALONE = ["edges.correct", "funnel.lead"]
FOR_WORDS_ALONE += [f"report.{name}" for name in ("edge", "lead-", "methods-", "summary-lead", "controls-lead")]
# Of a period, what the trend chart marks.
MARKS = {
    "trend.rare-many": "many",
    "trend.rare-doubling": "doubling",
    "trend.rare-halving": "halving",
    "trend.outside": "outside",
    "trend.outside-several": "outside",
    "trend.two-of-three": "two-of-three",
}
STRETCHES = ("trend.above", "trend.below", "trend.rising", "trend.falling")


@cache
def sentence_keys() -> list[str]:
    """Templates of sentences."""
    texts = catalogue()
    reports = ("sentence", "change", "method-gap", "method-miss", "overdue", "incomplete")
    reports += ("extended", "rolled", "by-day", "without-time", "later", "without-margin", "outlook-")
    families = [f"report.{name}" for name in reports]
    families += [*FOR_WORDS_ALONE, "edges.", "verdict.sentence", "verdict.because", "verdict.power"]
    families += ["trend.target-", "trend.marks", "trend.rare-none", "trend.rare-quiet", "trend.constant"]
    families += ["trend.incomplete", "funnel.summary"]
    parts = [f"edges.{cut}" for cut in CUTS]
    keys = [key for key in texts.has_prefix(*families) if key not in parts and texts[key]]
    return keys + [f"said:{key}" for key in OF_GROUPS]


def duty_of(sentence: Sentence) -> str:
    """Whether a sentence speaks of cases that are late or that are to be reported."""
    texts = catalogue()
    for name in ("had", "have", "late", "would"):
        if name in sentence.values:
            own = re.fullmatch(texts.wrapped(f"duty.act-{name}", ".+"), sentence.values[name])
            return "act" if own else "report"
    return ""


def period_of(control: Control, said: Sentence) -> str:
    """The period of a sentence, and by what its cases are tied to it."""
    texts, those = control.texts, said.values.get("those")
    if those is None:
        return texts.period(said.values["period"])
    for cohort in ("closed", "due", "started"):
        if re.fullmatch(texts.wrapped(f"cohort.{cohort}-in", ".+"), those):
            control.say("cohort", cohort, said.text)
    return texts.period(list(re.finditer(texts.kinds["long"], those))[-1][0])


@reads(
    "report.sentence",
    "report.sentence-short",
    "report.sentence-few-cases",
    "report.sentence-running",
    "report.sentence-incomplete",
    "report.sentence-undetermined",
    "report.sentence-not-due",
)
def read_figure(control: Control, said: Sentence) -> None:
    """How many of how many were late in a period."""
    period = period_of(control, said)
    control.say_counts(period, said, "deviations", "cases")
    control.say("duty", duty_of(said), said.text)
    why = said.key.removeprefix("report.sentence").lstrip("-")
    if why in ("", "short"):
        control.say(period, "no share because", None, said.text)
        control.say_values(period, said, "share")
    control.say_those(period, said, "interval")
    if why in ("", "short", "few-cases", "running"):
        control.say(period, "has ended", why != "running", said.text)
    if why in ("incomplete", "undetermined", "not-due"):
        reason = "incomplete" if why == "incomplete" else "too-early"
        control.say(period, "no share because", reason, said.text)
    control.say(period, "told as", why or "short", said.text)


@reads("report.sentence-hidden", "report.sentence-no-cases", "report.sentence-incomplete-none")
def read_no_figure(control: Control, said: Sentence) -> None:
    """A period whose numbers are hidden, or without a case."""
    period = control.texts.period(said.values["period"])
    because, told = {
        "hidden": ("hidden", "hidden"),
        "no-cases": ("none", "no-cases"),
        "incomplete-none": ("incomplete", "incomplete"),
    }[said.key.removeprefix("report.sentence-")]
    control.say(period, "no share because", because, said.text)
    control.say(period, "told as", told, said.text)
    if because in ("too-short", "too-few"):
        control.say(period, "cases", 0, said.text)


@reads("report.change", "report.change-short", "report.change-without-interval")
def read_change(control: Control, said: Sentence) -> None:
    """The change to the headline."""
    before = control.texts.period(said.values["before"])
    control.say("before headline", before, said.text)
    control.say_values(before, said, "share")
    control.say_values("headline", said, "change")
    if "interval" in said.values:
        low, high = said.values["interval"].split(" … ")
        within = value_of(low) <= value_of(said.values["change"]) <= value_of(high)
        control.expect(("change within interval",), within, said.text, "itself")
        control.say("headline", "change interval", said.values["interval"], said.text)


@reads("report.change-not-certain")
def read_uncertain_change(control: Control, said: Sentence) -> None:
    """That an interval without zero is no certain change."""
    control.say("verdict", "unchanged", said.text)
    low, high = map(value_of, control.get("headline", "change interval").split(" … "))
    control.expect(("uncertain change",), low > 0 or high < 0, said.text, "interval of the change")


@reads("report.change-other-method")
def read_no_change(control: Control, said: Sentence) -> None:
    """That there is no change from another method."""
    control.say("before headline", control.texts.period(said.values["before"]), said.text)
    control.say("headline", "change", None, said.text)


@reads("report.method-gap", "report.method-gap-published", "report.method-miss")
def read_gap(control: Control, said: Sentence) -> None:
    """What the other method would have given, or missed."""
    period, is_miss = control.get("headline period"), said.key == "report.method-miss"
    control.say("reference method", said.values["reference"], said.text)
    if not is_miss:
        control.say("duty", duty_of(said), said.text)
        control.say(period, "reference deviations", said.count("deviations"), said.text)
        control.say(period, "reference share", said.values["share"], said.text)
    if is_miss or "only" in said.values:
        only = f"late only by {'law' if is_miss else 'reference'}"
        control.say(period, only, said.count("only"), said.text)


@reads("report.overdue", "report.overdue-before")
def read_overdue(control: Control, said: Sentence) -> None:
    """How many open cases are past their due date, now and before."""
    control.say("as of", control.texts.date(said.values["as_of"]), said.text)
    control.say(control.as_of, "overdue", said.count("count"), said.text)
    if "before" in said.values:
        day = control.texts.date(said.values["day"])
        control.say(day, "overdue", said.count("before"), said.text)
        control.say("overdue before on", day, said.text)


@reads("report.incomplete")
def read_running(control: Control, said: Sentence) -> None:
    """That the last period has not ended."""
    control.say("as of", control.texts.date(said.values["as_of"]), said.text)
    control.say(control.periods[-1], "has ended", False, said.text)


@reads("report.by-day", "report.without-time", "report.later", "report.without-margin")
def read_number(control: Control, said: Sentence) -> None:
    """A number of cases that results.json has too."""
    name = said.key.removeprefix("report.").replace("by-day", "judged-by-day").replace("-", "_")
    control.say(name, said.count("count"), said.text)


@reads("report.extended", "report.rolled")
def read_headline_number(control: Control, said: Sentence) -> None:
    """Cases with more time, or deviations that would have been in time at a later due date."""
    name = {"report.extended": "extended", "report.rolled": "moved by rolling"}[said.key]
    control.say(control.get("headline period"), name, said.count("count"), said.text)


@reads("report.outlook-cases")
def read_outlook(control: Control, said: Sentence) -> None:
    """Which open cases are in the outlook."""
    whole, *parts = map(said.count, ("all", "open", "late", "later"))
    control.expect(("open cases of outlook",), whole == sum(parts), said.text, "itself")
    control.say(control.as_of, "open", whole, said.text)
    control.say("outlook", said.count("days"), "open", parts[0], said.text)
    control.say("outlook", "late already", parts[1], said.text)


@reads("report.outlook-trials")
def read_trials(control: Control, said: Sentence) -> None:
    """How often forecasts held."""
    inside, trials, days = said.count("inside"), said.count("trials"), said.count("days")
    control.say("outlook", days, "held", (inside, trials), said.text)
    share = f"{math.floor(Fraction(100 * inside, trials) + Fraction(1, 2))}{SPACE}%"
    control.expect(("share of trials",), share == said.values["share"], said.text, share)


@reads("report.outlook-untried")
def read_untried(control: Control, said: Sentence) -> None:
    """That no forecast could be tried."""
    farthest = max(ahead["days"] for ahead in control.results["outlook"]["ahead"])
    control.say("outlook", farthest, "held", None, said.text)


@reads("report.outlook-shocks")
def read_shocks(control: Control, said: Sentence) -> None:
    """How many months were left out."""
    control.say("outlook", "left out", control.texts.number(said.values["n"]), said.text)


@reads("edges.no-open")
def read_no_open(control: Control, said: Sentence) -> None:
    """That open cases are not shown."""
    control.say("open cases are known", False, said.text)


@reads("edges.known-until", "edges.missing")
def read_missing(control: Control, said: Sentence) -> None:
    """Until when all is known, or between which days exports seem to be missing."""
    days = [day for value in said.values.values() for day in re.findall(control.texts.kinds["date"], value)]
    # The published edition names months.
    if days:
        control.say(said.key, tuple(map(control.texts.date, days)), said.text)


@reads("edges.recognised", "edges.stated")
def read_edges(control: Control, said: Sentence) -> None:
    """How the cases of the export were chosen."""
    texts = control.texts
    for key, kind in CUTS.items():
        if re.fullmatch(texts.wrapped(f"edges.{key}", ".+"), said.values["chosen"]):
            control.say("cases of export", kind, said.text)
    control.say("edges are stated", said.key == "edges.stated", said.text)
    day = re.search(texts.kinds["date"], said.values["chosen"])
    month = re.search(texts.periods["month"], said.values["chosen"])
    if month:
        control.say("edge", "month", texts.period(month[0]), said.text)
    if day:
        control.say("edge", "day", texts.date(day[0]), said.text)


def months_of_run(control: Control, run: str) -> list[str]:
    """The first and the last month of `augusti 2024`, `maj–augusti 2024` or `januari 2022–augusti 2024`."""
    first, _, last = run.partition("–")
    last = last or first
    first = first if " " in first else f"{first} {last.split(' ')[-1]}"
    return [control.texts.period(end) for end in (first, last)]


def ends_of_run(control: Control, run: str) -> list[str]:
    """The first and the last period of the control in a run of months or periods."""
    if not re.search(control.texts.month, run):
        return [control.texts.period(run)] * 2
    months = months_of_run(control, run)
    periods = [(it["from"][:7], it["to"][:7], it["period"]) for it in control.results["periods"]]
    held = [[name for first, last, name in periods if first <= month <= last] for month in months]
    return [names[0] if names else "" for names in held]


def ends_of_span(control: Control, run: str) -> tuple[str, ...]:
    """The first and the last point of the trend in a run of months."""
    if not re.search(control.texts.month, run):
        return (control.texts.period(run),) * 2
    return tuple(holding(month, control.results["trend"]["period"]) for month in months_of_run(control, run))


@reads("edges.incomplete", "edges.incomplete-one", "edges.later", "edges.later-one")
def read_incomplete(control: Control, said: Sentence) -> None:
    """Which periods are incomplete, of all or of those after the headline's."""
    periods, named = control.periods, set()
    for run in re.split(f", | {control.texts['list.and']} ", said.values["periods"]):
        ends = ends_of_run(control, run)
        if not set(ends) <= set(periods):
            control.unread("incomplete periods", said.text)
            return
        named.update(periods[periods.index(ends[0]) : periods.index(ends[-1]) + 1])
    which = "later" if said.key.startswith("edges.later") else "all"
    control.say("incomplete periods", which, tuple(sorted(named)), said.text)
    for period in named:
        control.say(period, "is incomplete", True, said.text)


@reads(*catalogue().has_prefix("verdict.sentence-"))
def read_verdict(control: Control, said: Sentence) -> None:
    """Whether the share has changed, and from what."""
    answer = said.key.removeprefix("verdict.sentence-").removesuffix("-together")
    control.say("verdict", answer, said.text)
    is_since_step = bool(re.fullmatch(control.texts.wrapped("verdict.before-since-step", ".+"), said.values["earlier"]))
    control.say("verdict since a step", is_since_step, said.text)
    control.say("verdict months", control.texts.number(said.values["months"]), said.text)
    control.say_values("verdict", said, "share", "before")
    control.say("verdict span", ends_of_span(control, said.values["span"]), said.text)
    if answer == "unchanged":
        return
    control.say_counts("verdict", said, "deviations", "cases")
    control.say("duty", duty_of(said), said.text)


@reads("trend.constant")
def read_constant(control: Control, said: Sentence) -> None:
    """That the share has always been the same."""
    control.say("verdict", "unchanged", said.text)
    control.say("constant share", said.values["share"], said.text)


@reads("verdict.power", "verdict.power-seldom", "verdict.power-hardly")
def read_power(control: Control, said: Sentence) -> None:
    """How often a doubling would be found."""
    control.say("verdict", "unchanged", said.text)
    control.say("power", "months", control.texts.number(said.values["months"]), said.text)
    control.say_values("power", said, "mean")
    tenths = {"verdict.power": ">= 8", "verdict.power-hardly": 0}.get(said.key)
    tenths = control.texts.number(said.values["tenths"]) if tenths is None else tenths
    control.say("power", "tenths", tenths, said.text)


@reads(*catalogue().has_prefix("verdict.because-"))
def read_unknown(control: Control, said: Sentence) -> None:
    """Why there is no verdict."""
    control.say("verdict", "unknown", said.text)
    because = said.key.removeprefix("verdict.because-").removesuffix("-after-step").removesuffix("-in-time")
    control.say("unknown because", because, said.text)
    if because == "too-short":
        control.say("counted months", said.values["count"], said.text)
    if because in ("too-short", "too-few"):
        control.voices.say((because, "fewest"), said.values["fewest"], said.text)


@reads("trend.target-never", "trend.target-sometimes", "trend.target-always")
def read_target(control: Control, said: Sentence) -> None:
    """How often the target was met."""
    periods = said.count("periods")
    met = {"trend.target-never": 0, "trend.target-always": periods}.get(said.key)
    met = said.count("met") if met is None else met
    if said.key.endswith("sometimes"):
        control.expect(("met at times",), 0 < met < periods, said.text, "itself")
    allowed = re.fullmatch(control.texts.wrapped("plan.at-most", "(.+)"), said.values["target"])
    control.say("target", "share", allowed[1] if allowed else f"0{SPACE}%", said.text)
    control.say("target", "met", met, said.text)
    control.say("target", "periods", periods, said.text)


@reads("trend.target-chance")
def read_chance(control: Control, said: Sentence) -> None:
    """The chance to meet the target."""
    control.say("target", "present share", said.values["share"], said.text)
    control.say_values("target", said, "chance")
    control.say_counts("target", said, "cases")


@reads("trend.target-now-none")
def read_none_now(control: Control, said: Sentence) -> None:
    """That the last year has no deviation."""
    control.say("target", "present share", f"0,0{SPACE}%", said.text)


@reads("trend.incomplete")
def read_last_point(control: Control, said: Sentence) -> None:
    """That the last point does not count."""
    period = control.texts.period(said.values["period"])
    control.say(period, "counts", False, said.text)


@reads("trend.rare-none", "trend.rare-quiet")
def read_rare(control: Control, said: Sentence) -> None:
    """That nothing is marked where deviations are few."""
    if said.key == "trend.rare-none":
        control.say("marks", (), said.text)


@reads("trend.marks")
def read_marks(control: Control, said: Sentence) -> None:
    """What the trend chart marks."""
    for text in said.values["marks"].split("; "):
        mark = control.texts.read_one([*MARKS, *STRETCHES], text)
        if mark is None:
            control.unread("marks", text)
        else:
            read_mark(control, Sentence(mark.key, mark.values, said.text))


def read_mark(control: Control, mark: Sentence) -> None:
    """A mark: of a period, or of several."""
    if mark.key not in MARKS:
        if first := re.search(control.texts.kinds["period"], mark.values["when"]):
            control.say(control.texts.period(first[0]), "is in trend", True, mark.text)
        return
    period = control.texts.period(mark.values["period"])
    control.say(period, "marked", MARKS[mark.key], True, mark.text)
    if "share" in mark.values:
        control.say_told(period, mark.values["share"], mark.text)
    control.say_those(period, mark, "limits")
    if mark.key == "trend.rare-many":
        control.say(period, "deviations", mark.count("count"), mark.text)


@reads("funnel.summary")
def read_groups(control: Control, said: Sentence) -> None:
    """Which groups differ, in the body."""
    read_group_parts(control, said.values["column"], "sentence", said.values["said"].split("; "), said.text)


def read_group_parts(control: Control, column: str, where: str, parts: list[str], text: str) -> None:
    """Which groups of a column differ, part by part."""
    for part in parts:
        said = control.texts.read_one(OF_GROUPS, part)
        if said is None:
            control.unread("groups", part)
        else:
            read_group_part(control, column, where, said, text)


def read_group_part(control: Control, column: str, where: str, said: Sentence, text: str) -> None:
    """Groups that are called higher or lower in a window, or that none is."""
    told = control.said_of_groups.setdefault((column, where), [])
    if said.key.startswith("funnel.none"):
        told.append(("none", None, None, text))
        control.say_those((column, "windows"), Sentence(said.key, said.values, text), "short", "long")
        return
    window = said.values["period"]
    if said.key == "funnel.not-now":
        told.append(("not now", window, None, text))
        return
    for name, direction in (("high", "higher"), ("low", "lower")):
        if listed := said.values.get(name):
            part = (direction, window, listed_names(control, column, listed), text)
            # Body and appendix have the same sentence.
            if part not in told:
                told.append(part)


def listed_names(control: Control, column: str, listed: str) -> list[str] | int | None:
    """The names of a list, or how many groups are meant."""
    if many := control.texts.read("funnel.many", listed):
        return many.count("n")
    known = {name.casefold(): name for name in control.groups[column]}
    one = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
    if not re.fullmatch(rf"(?i:(?:{one})(?:, (?:{one}))*(?: och (?:{one}))?)", listed):
        control.unread("names of groups", listed)
        return None
    return [known[name.casefold()] for name in re.findall(rf"(?i:{one})", listed)]


for _key in catalogue().has_prefix(*FOR_WORDS_ALONE):
    READERS[_key] = lambda control, said: None
