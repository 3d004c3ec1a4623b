"""Facts that a report tells: each must be told the same by every statement."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from common import Comparison
from one_voice_numbers import as_count
from one_voice_words import COUNT, Sentence, catalogue

# What a fact is about: its control, what it is of (a period, a group), and its name.
About = tuple


@dataclass
class Tally:
    """What a check has come to."""

    comparison: Comparison = field(default_factory=Comparison)
    sentences: int = 0

    def add(self, other: "Tally") -> None:
        """Adds what another process has found."""
        self.sentences += other.sentences
        self.comparison.compared += other.comparison.compared
        self.comparison.differing += other.comparison.differing
        self.comparison.first += other.comparison.first


class Voices:
    """Facts of a report with the statement that told each first; another statement must tell the same."""

    def __init__(self, what: str, tally: Tally) -> None:
        self.what = what
        self.tally = tally
        self.told: dict[About, tuple[object, str]] = {}
        self.noted: set[str] = set()

    def say(self, about: About, value: object, statement: str) -> None:
        """Notes a fact; one that was told otherwise before is a contradiction."""
        known = self.told.setdefault(about, (value, statement))
        if known[1] is not statement:
            one, other = f"{known[0]!r}: “{known[1]}”", f"{value!r}: “{statement}”"
            self.expect(about, known[0] == value, one, other)

    def expect(self, about: About, holds: bool, one: object, other: object) -> None:
        """Two statements that must agree."""
        self.tally.comparison.compared += 1
        difference = f"{self.what}, {', '.join(map(str, about))}: {one} and {other}"
        # Body, appendix and page have the same sentences.
        if not holds and difference not in self.noted:
            self.noted.add(difference)
            self.tally.comparison.differ(difference)

    def get(self, *about: object) -> object:
        """What was told of something; `None` when nothing was."""
        return self.told.get(about, (None, ""))[0]

    def by(self, *about: object) -> str:
        """The statement that told it."""
        return f"“{self.told[about][1]}”" if about in self.told else "nothing"

    def unread(self, place: str, text: str) -> None:
        """A text that no template matches."""
        self.tally.comparison.differ(f"{self.what}, unread in {place}: {text}")


class Control:
    """One control's facts in a report."""

    def __init__(self, voices: Voices, results: dict, as_of: dt.date) -> None:
        self.voices, self.results, self.as_of = voices, results, as_of
        self.texts = catalogue()
        self.id = results["id"]
        self.name = self.texts.names[self.id]
        self.periods = [period["period"] for period in results["periods"]]
        # The names of groups, by column.
        self.groups = {
            grouping["column"]: [self.group_name(grouping, group) for group in grouping["groups"]]
            for grouping in results["groupings"]
        }
        # Which pairs of a group and its direction a text names, and how many it only counts, by text.
        self.said_of_groups: dict[tuple[str, str], list] = {}

    def group_name(self, grouping: dict, group: dict) -> str:
        """A group's name as a reader sees it."""
        if group["combined"] == 0:
            return group["name"] or self.texts["report.no-group"]
        if group["combined"] == 1:
            is_of_units = "enhet" in grouping["column"].lower()
            return self.texts["report.small-group"].format(group="enhet" if is_of_units else "grupp")
        return self.texts["report.groups-together"].format(count=group["combined"])

    def say(self, *about_value_statement: object) -> None:
        """Notes a fact of this control: what of, its value, and the statement."""
        *about, value, statement = about_value_statement
        self.voices.say((self.id, *about), value, statement)

    def get(self, *about: object) -> object:
        """What was told of this control."""
        return self.voices.get(self.id, *about)

    def by(self, *about: object) -> str:
        """The statement that told it."""
        return self.voices.by(self.id, *about)

    def expect(self, about: tuple, holds: bool, one: object, other: object) -> None:
        """Two statements on this control that must agree."""
        self.voices.expect((self.id, *about), holds, one, other)

    def agree(self, about: tuple, holds: bool, one: tuple, other: tuple) -> None:
        """Two facts, told of this control, that must agree."""
        self.expect(about, holds, self.by(*one), self.by(*other))

    def unread(self, place: str, text: str) -> None:
        """A text that no template matches."""
        self.voices.unread(place, text)

    def say_values(self, of: object, said: Sentence, *names: str) -> None:
        """Notes values of a sentence, as they are written."""
        for name in names:
            self.say(of, name, said.values[name], said.text)

    def say_those(self, of: object, said: Sentence, *names: str) -> None:
        """Notes those of some values that a sentence has."""
        self.say_values(of, said, *(name for name in names if name in said.values))

    def say_counts(self, of: object, said: Sentence, *names: str) -> None:
        """Notes counts of a sentence."""
        for name in names:
            self.say(of, name, said.count(name), said.text)

    def say_period(self, text: str, statement: str) -> str:
        """Notes whether a period has ended, as it is named; returns its name."""
        bare, has_ended = self.texts.ended(text)
        period = self.texts.period(bare)
        self.say(period, "has ended", has_ended, statement)
        return period

    def say_count(self, of: object, name: str, cell: str, statement: str) -> None:
        """Notes a count of a cell, or that it is hidden."""
        if cell == self.texts["table.hidden"]:
            self.say(of, name, "is shown", False, statement)
        elif cell != self.texts["table.none"]:
            self.say(of, name, "is shown", True, statement)
            self.say(of, name, as_count(cell), statement)

    def say_told(self, of: object, told: str, statement: str) -> None:
        """Notes what stands where a share is asked for: a share, counts, or why there is none."""
        if told in self.texts.reasons:
            self.say(of, "no share because", self.texts.reasons[told], statement)
        elif counts := re.match(rf"({COUNT}) av ({COUNT})", told):
            self.say(of, "deviations", as_count(counts[1]), statement)
            self.say(of, "cases", as_count(counts[2]), statement)
            if self.texts["table.incomplete"] in told:
                self.say(of, "no share because", "incomplete", statement)
        else:
            self.say(of, "no share because", None, statement)
            self.say(of, "share", told, statement)


Reader = Callable[[Control, Sentence], None]
READERS: dict[str, Reader] = {}


def reads(*keys: str) -> Callable[[Reader], Reader]:
    """Makes a function the reader of some templates."""

    def register(reader: Reader) -> Reader:
        READERS.update(dict.fromkeys(keys, reader))
        return reader

    return register
