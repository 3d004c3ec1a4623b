"""Reads a report and finds what contradicts itself."""

import datetime as dt
import re
from collections.abc import Iterable
from fractions import Fraction

from one_voice_charts import desc_keys, read_share_points, title_keys
from one_voice_expected import CHECKS
from one_voice_numbers import as_count, written_share
from one_voice_reading import Figure, Section
from one_voice_results import say_results
from one_voice_sentences import period_of, read_group_parts, sentence_keys
from one_voice_tables import VERDICTS, Row, Rows, rows_of
from one_voice_voices import READERS, Control, Tally, Voices
from one_voice_words import POINTS, Sentence, catalogue

# Whether titles of the overview tell of a control that it has not changed for sure.
OF_UNCHANGED = {"none": True, "shown": True, "short": False, "hidden": False}


class Report:
    """The sections of a report, and its controls by their names."""

    def __init__(self, what: str, tally: Tally, sections: list[Section], results: dict) -> None:
        self.texts = catalogue()
        self.tally = tally
        self.voices = Voices(what, tally)
        self.sections = sections
        self.as_of = dt.date.fromisoformat(results["as_of"])
        controls = [Control(self.voices, each, self.as_of) for each in results["controls"]]
        self.controls = {control.name: control for control in controls}
        # What was read, for the check of the check.
        self.read: list[Sentence] = []

    def check(self) -> None:
        """Reads everything, and then what follows from it."""
        for control in self.controls.values():
            say_results(control)
        readers = {
            "report.summary": self.summary,
            "report.controls": self.controls_section,
            "report.controls-more": self.controls_section,
            "report.quality": self.quality,
        }
        for section in self.sections:
            outermost = section.path[1] if len(section.path) > 1 else ""
            for key, reader in readers.items():
                # Those of the appendix have a letter before.
                is_whole = key in ("report.summary", "report.controls")
                if outermost == self.texts[key] or not is_whole and outermost.endswith(self.texts[key]):
                    reader(section)
                    break
        for control in self.controls.values():
            for check in CHECKS:
                check(control)

    def read_as(self, keys: Iterable[str], text: str, place: str) -> Sentence | None:
        """A text as one of some templates; what is of none is a difference."""
        said = self.texts.read_one(keys, text)
        if said is None:
            self.voices.unread(place, text)
        else:
            self.note(said)
        return said

    def note(self, said: Sentence) -> None:
        """Counts a sentence."""
        self.tally.sentences += 1
        self.read.append(said)

    def paragraph(self, control: Control, text: str, place: str) -> None:
        """Reads the sentences of a paragraph."""
        sentences = self.texts.sentences(sentence_keys(), text)
        if sentences is None:
            self.voices.unread(place, text)
            return
        column = place.rsplit(" > ", 1)[-1]
        for said in sentences:
            self.note(said)
            if said.key.startswith("said:"):
                read_group_parts(control, column, "section", [said.text.removesuffix(".")], said.text)
            else:
                READERS[said.key](control, said)

    def summary(self, section: Section) -> None:
        """A bullet for every control: its headline and its verdict; what is to be decided; files with many rejected rows."""
        for bullet in section.bullets:
            name, _, text = bullet.partition(": ")
            if name in self.controls:
                self.bullet(self.controls[name], text)
            else:
                self.decision(bullet)
        for text in section.strong + section.paragraphs:
            if text == self.texts["decision.lead"] or self.texts.read("decision.more", text):
                continue
            if said := self.read_as(["report.many-rejected"], text, "summary"):
                share = written_share(Fraction(said.count("rejected"), said.count("rows")))
                self.voices.expect(("rejected",), share == said.values["share"], text, share)

    def decision(self, bullet: str) -> None:
        """What is asked of a control: the share above its target, and that it is worse than before."""
        name, _, text = bullet.partition(". ")
        control = self.controls[name]
        text = text.removesuffix(self.texts["decision.what"]).strip()
        worse = f"{self.texts['verdict.worse']}."
        if text.endswith(worse):
            control.say("verdict", "worse", f"- {bullet}")
            text = text.removesuffix(worse).strip()
        if text and (said := self.read_as(["decision.above", "decision.above-none"], text, "summary")):
            period = self.texts.period(said.values["period"])
            control.say("headline period", period, said.text)
            control.say_values(period, said, "share")

    def bullet(self, control: Control, text: str) -> None:
        """What a control's headline tells, which later periods are incomplete, and the verdict in a few words."""
        for answer in VERDICTS:
            words = f" {self.texts[f'verdict.{answer}']}."
            if text.endswith(words):
                control.say("verdict", answer, f"- {text}")
                text = text.removesuffix(words)
                break
        keys = [key for key in sentence_keys() if key.startswith("report.sentence")]
        sentences = self.texts.sentences([*keys, "edges.later", "edges.later-one"], text)
        if sentences is None:
            self.voices.unread("summary", text)
            return
        control.say("headline period", period_of(control, sentences[0]), sentences[0].text)
        for said in sentences:
            self.note(said)
            READERS[said.key](control, said)

    def controls_section(self, section: Section) -> None:
        """The controls in the body or in the appendix."""
        if section.path[-1] == self.texts["report.definition"]:
            return
        if len(section.path) == 2:
            self.overview(section)
            return
        place, control = " > ".join(section.path[1:]), self.controls[section.path[2]]
        for figure in section.figures:
            self.figure(control, figure, section.path[-1])
        for text in section.paragraphs:
            self.paragraph(control, text, place)
        rows = Rows(control)
        for table in section.tables:
            if not rows.read(table):
                self.voices.unread(place, table.caption)
        for text in section.strong:
            self.voices.unread(place, text)

    def overview(self, section: Section) -> None:
        """The table and the chart of all controls."""
        for table in section.tables:
            day = catalogue().date(" ".join(table.caption.split(" ")[-3:]))
            self.voices.say(("as of table",), str(day), table.caption)
            self.voices.say(("as of table",), str(self.as_of), "results.json")
            for row in rows_of(table):
                # A method that is not the rule's own stands behind the name.
                name = next(name for name in self.controls if row["control"].startswith(name))
                Rows(self.controls[name]).summary(row)
        for figure in section.figures:
            self.overview_title(figure)
        control = next(iter(self.controls.values()))
        for text in section.paragraphs:
            self.paragraph(control, text, section.path[-1])

    def overview_title(self, figure: Figure) -> None:
        """How many controls are worse or better than before, and the headline of each."""
        said = self.read_as(self.texts.has_prefix("chart.overview-title"), figure.title, "overview")
        if said is None:
            return
        title = f"“{figure.title}”"
        verdicts = [control.get("verdict") for control in self.controls.values()]
        for answer in ("worse", "better"):
            told = said.count(answer) if answer in said.values else 0
            found = verdicts.count(answer)
            self.voices.expect(("overview", answer), told == found, title, f"verdicts: {found}")
        of_known = OF_UNCHANGED.get(said.key.removeprefix("chart.overview-title-"))
        known = "unchanged" in verdicts
        if of_known is not None:
            self.voices.expect(("overview", "known"), of_known == known, title, f"unchanged: {known}")
        for text in figure.description.split(". "):
            self.overview_point(text.removesuffix("."))

    def overview_point(self, text: str) -> None:
        """A control in the description of the overview."""
        kinds = self.texts.kinds
        name, _, rest = text.partition(": ")
        change = rf"(?:, (?P<change>{POINTS}) pe)?"
        pattern = rf"(?P<told>{kinds['told']}) (?P<period>{kinds['so far']}){change}, (?P<verdict>[^,]+)"
        found = re.fullmatch(pattern, rest)
        if found is None or name not in self.controls:
            self.voices.unread("overview", text)
            return
        control = self.controls[name]
        period = control.say_period(found["period"], text)
        control.say("headline period", period, text)
        control.say_told(period, found["told"], text)
        control.say("headline", "told", found["told"], text)
        Rows(control).verdict(found["verdict"], text)
        if found["change"]:
            control.say("headline", "change", found["change"], text)

    def figure(self, control: Control, figure: Figure, heading: str) -> None:
        """A chart: its title and its description."""
        if heading in control.groups and not self.texts.read_one(title_keys(), figure.title):
            control.voices.told[(control.id, "column of figure")] = (heading, "")
            part = figure.title.removeprefix(f"{control.name}: ")
            read_group_parts(control, heading, "title", [part], figure.title)
        elif title := self.read_as(title_keys(), figure.title, "title"):
            if title.values.get("rule", control.name) != control.name:
                self.voices.unread("title", figure.title)
            READERS[title.key](control, title)
            if title.key.startswith("chart.trend-title"):
                self.trend_description(control, figure.description)
                return
        if said := self.read_as(desc_keys(), figure.description, "description"):
            READERS[said.key](control, said)

    def trend_description(self, control: Control, text: str) -> None:
        """The sentences of a trend, and its points."""
        kinds = self.texts.kinds
        point = rf"(?:{kinds['so far']}) (?:{kinds['told']})"
        found = re.search(rf" ({point}(?:; {point})*)\.$", text)
        if found is None:
            self.voices.unread("description", text)
            return
        self.paragraph(control, text[: found.start()], "description")
        read_share_points(control, Sentence("chart.point", {"points": found[1]}, found[1]))

    def quality(self, section: Section) -> None:
        """Rows that add up, and the bounds of shares."""
        for table in section.tables:
            for row in rows_of(table):
                if table.caption == self.texts["terminal.ledger"]:
                    self.ledger(row)
                elif table.caption == self.texts["report.bounds"]:
                    Rows(self.controls[row["control"]]).bounds(row)

    def ledger(self, row: Row) -> None:
        """The rows of a file."""
        cells = [row[name] for name in ("rows", "counted", "open", "excluded", "rejected")]
        if self.texts["table.hidden"] not in cells:
            rows, *parts = map(as_count, cells)
            self.voices.expect(("ledger",), rows == sum(parts), row.said, "itself")
