"""Checks the check: a digit that is changed in a report must be noticed."""

import re
from copy import deepcopy

from one_voice_reading import Section
from one_voice_report import Report
from one_voice_voices import Tally
from one_voice_words import Sentence, catalogue

# Values of sentences, by families of templates, that results.json or another statement tells too.
SENTENCES = (
    ("report.sentence", "deviations"),
    ("report.sentence", "cases"),
    ("report.sentence", "share"),
    ("report.change", "change"),
    ("report.overdue", "count"),
    ("report.method-gap", "deviations"),
    ("report.method-gap", "share"),
    ("report.outlook-cases", "open"),
    ("report.outlook-trials", "inside"),
    ("verdict.sentence", "share"),
    ("verdict.sentence", "before"),
    ("chart.share-title", "share"),
    ("chart.backlog-title", "open"),
    ("chart.outlook-title", "expected"),
    ("chart.share-desc", "points"),
    ("chart.backlog-desc", "points"),
)
# Cells of the appendix, by captions and headings.
CELLS = (
    ("report.periods", "cases"),
    ("report.periods", "share"),
    ("report.backlog", "open"),
    ("report.outlook", "expected"),
    ("report.case-list", "all-cases"),
)


def unnoticed_slips(sections: list[Section], results: dict) -> list[str]:
    """Slips in a report that are not noticed, or that cannot be made for want of such a statement."""
    texts = catalogue()
    report, before = read(sections, results)
    unnoticed = []
    for family, name in SENTENCES:
        said = next((each for each in report.read if is_fit(each, family, name)), None)
        wrong = said and with_slip(sections, said, name)
        if wrong is None or read(wrong, results)[1] <= before:
            unnoticed.append(f"{family}, {name}: {said.text if said else 'no such sentence'}")
    for caption, heading in CELLS:
        wrong = with_cell(sections, texts[caption], texts[f"table.{heading}"])
        if wrong is None or read(wrong, results)[1] <= before:
            unnoticed.append(f"{caption}, {heading}: {'no such cell' if wrong is None else 'not noticed'}")
    return unnoticed


def read(sections: list[Section], results: dict) -> tuple[Report, int]:
    """A report that has been read, and how many differences it has."""
    report = Report("slips", Tally(), sections, results)
    report.check()
    return report, report.tally.comparison.differing


def is_fit(said: Sentence, family: str, name: str) -> bool:
    """Whether a sentence is of a family and has a digit in a value."""
    return said.key.startswith(family) and bool(re.search(r"\d", said.values.get(name) or ""))


def slipped(text: str, last: int) -> str:
    """A text whose last digit before a place is another."""
    place = max(found.start() for found in re.finditer(r"\d", text[:last]))
    return text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :]


def with_slip(sections: list[Section], said: Sentence, name: str) -> list[Section]:
    """The sections with another digit in a value of a sentence, wherever the sentence stands."""
    wrong = slipped(said.text, catalogue().pattern(said.key).fullmatch(said.text).end(name))
    changed = deepcopy(sections)
    for section in changed:
        section.paragraphs = [text.replace(said.text, wrong) for text in section.paragraphs]
        section.bullets = [text.replace(said.text, wrong) for text in section.bullets]
        for figure in section.figures:
            figure.title = figure.title.replace(said.text, wrong)
            figure.description = figure.description.replace(said.text, wrong)
    return changed


def with_cell(sections: list[Section], caption: str, heading: str) -> list[Section] | None:
    """The sections with another digit in the first cell of a column that has one."""
    changed = deepcopy(sections)
    for table in (table for section in changed for table in section.tables):
        if table.caption.lower().endswith(caption.lower()) and heading in table.headings:
            place = table.headings.index(heading)
            for row in table.rows:
                if re.search(r"\d", row[place]):
                    row[place] = slipped(row[place], len(row[place]))
                    return changed
    return None
