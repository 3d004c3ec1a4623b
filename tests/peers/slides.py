"""The reports as slides: opened by python-pptx, and turned into PDF by LibreOffice.

Compared are words and figures with results.json, and descriptions of pictures with those of the report for Word.
Readers with a screen reader need titles, languages, descriptions and an order of reading.
"""

import re
import sys
import tempfile
import zipfile
from pathlib import Path

import docx
import pikepdf
import pptx
from docx.oxml.ns import qn as word_name
from lxml import etree
from office import convert, office
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER
from pptx.oxml.ns import qn

from common import Comparison, binary_from_arguments, results_of, run_frist

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data"
LANGUAGES = {"sv": "sv-SE", "en": "en-GB"}
EDITIONS = ("internal", "published")
# Points: the text of a slide, and that of its source, its notice and its number.
SMALLEST_TEXT, SMALLEST_FOOT = 18, 12


def plain(text: str) -> str:
    """A text with one kind of blank and of minus."""
    return re.sub(r"\s", " ", text).replace("\u2212", "-")


def shown_count(count: int, language: str) -> str:
    """A count as it is printed: groups of three digits."""
    return f"{count:,}".replace(",", " " if language == "sv" else ",")


def shown_share(share: float, language: str) -> str:
    """A share as it is printed, in per cent."""
    number = f"{share * 100:.1f}"
    return f"{number.replace('.', ',')} %" if language == "sv" else f"{number}%"


# The months that begin and end a tertial.
TERTIALS = {
    "sv": [("januari", "april"), ("maj", "augusti"), ("september", "december")],
    "en": [("January", "April"), ("May", "August"), ("September", "December")],
}


def in_words(period: str, language: str) -> str:
    """A tertial such as 2024-T2 as a sentence has it."""
    year, number = period.split("-T")
    first, last = TERTIALS[language][int(number) - 1]
    return f"{first}–{last} {year}"


class Slides:
    """The slides of an edition in a language, and what is noted about them."""

    def __init__(self, comparison: Comparison, folder: Path, edition: str, language: str) -> None:
        self.comparison, self.folder = comparison, folder
        self.edition, self.language = edition, language
        self.path = folder / "report.pptx"
        self.file = pptx.Presentation(str(self.path))
        self.results = results_of(folder)

    def equal(self, what: str, frist: object, wanted: object) -> None:
        """Compares two values that must be the same."""
        self.comparison.equal(f"slides, {self.edition}, {self.language}: {what}", frist, wanted)

    def holds(self, what: str, condition: object) -> None:
        """Notes what must be so."""
        self.equal(what, bool(condition), True)

    def check(self) -> None:
        """Everything but whether LibreOffice opens it."""
        slides = list(self.file.slides)
        controls = self.results["controls"]
        # The findings go on to a second slide where they are too long for one.
        overviews = slides[: max(1, len(slides) - len(controls))]
        self.holds(f"slides: {len(slides)}", len(slides) - len(controls) in (1, 2))
        self.equal("shape", round(self.file.slide_width / self.file.slide_height, 3), 1.778)
        titles = [slide.shapes.title.text_frame.text for slide in slides]
        self.equal("titles that differ", len(set(titles)), len(slides))
        self.equal("language of the file", self.file.core_properties.language, LANGUAGES[self.language])
        for slide in slides:
            self.check_slide(slide)
        overview = plain("\n".join(map(self.words, overviews)))
        for slide, control in zip(slides[len(overviews) :], controls):
            title = slide.shapes.title.text_frame.text
            self.holds(f"{title} is in the overview", title in overview)
            self.check_figures(slide, overview, control)
            self.check_pictures(slide)

    def words(self, slide: "pptx.slide.Slide") -> str:
        """All text of a slide in order, cells included."""
        return "\n".join(
            "".join(run.text or "" for run in paragraph.iter(qn("a:t")))
            for paragraph in slide.shapes._spTree.iter(qn("a:p"))
        )

    def check_slide(self, slide: "pptx.slide.Slide") -> None:
        """The title is read first; text is large and has a language; nothing is beyond the slide."""
        title = slide.shapes.title
        self.holds("has a title", title is not None and title.text_frame.text.strip())
        self.holds("the title is read first", slide.shapes[0].shape_id == title.shape_id)
        self.equal("is a title", title.placeholder_format.type, PP_PLACEHOLDER.TITLE)
        for run in slide.shapes._spTree.iter(qn("a:rPr")):
            self.equal("language of a text", run.get("lang"), LANGUAGES[self.language])
        for shape in slide.shapes:
            self.check_place(shape)
            foot = shape.name in ("Foot", "Number")
            smallest = SMALLEST_FOOT if foot else SMALLEST_TEXT
            sizes = [int(run.get("sz")) / 100 for run in shape._element.iter(qn("a:rPr")) if run.get("sz")]
            self.holds(f"{shape.name} is large enough: {sizes}", all(size >= smallest for size in sizes))

    def check_place(self, shape: "pptx.shapes.base.BaseShape") -> None:
        """A shape is on the slide."""
        inside = shape.left >= 0 and shape.top >= 0
        inside &= shape.left + shape.width <= self.file.slide_width
        inside &= shape.top + shape.height <= self.file.slide_height
        self.holds(f"{shape.name} is on the slide", inside)

    def check_figures(self, slide: "pptx.slide.Slide", overview: str, control: dict) -> None:
        """Counts and share of the headline stand on the slide and on the first, or are hidden on both."""
        headline, text = control["headline"], plain(self.words(slide))
        known = [headline["cases"], headline["deviations"]]
        if None not in known:
            known = [shown_count(count, self.language) for count in known]
            if headline["share"] is not None:
                known.append(shown_share(headline["share"], self.language))
            for figure in known:
                self.holds(f"{control['id']}: {figure} on its slide", figure in text)
                self.holds(f"{control['id']}: {figure} on the first", figure in overview)
        last = next(it for it in control["periods"] if it["period"] == headline["period"])
        reference = last.get("reference_share")
        if reference is not None and headline["share"] is not None:
            self.holds(f"{control['id']}: reference", shown_share(reference, self.language) in text)
        self.holds(f"{control['id']}: period", in_words(headline["period"], self.language) in text)
        if control["target"] is not None:
            self.holds(f"{control['id']}: target", shown_share(control["target"], self.language) in text)
        notes = slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else ""
        if self.edition == "internal":
            self.holds(f"{control['id']}: has notes", notes.strip())

    def check_pictures(self, slide: "pptx.slide.Slide") -> None:
        """One picture, undistorted and described as in Word, and a table that is described."""
        pictures = [shape for shape in slide.shapes if shape.shape_type == MSO_SHAPE_TYPE.PICTURE]
        self.equal("pictures", len(pictures), 1)
        for picture in pictures:
            described = picture._element.find(f".//{qn('p:cNvPr')}").get("descr")
            self.holds(f"description of {picture.name} as in Word", described in self.word_descriptions())
            width, height = picture.image.size
            self.comparison.close(f"shape of {picture.name}", picture.width / picture.height, width / height, 0.01)
        tables = [shape for shape in slide.shapes if shape.has_table]
        self.equal("tables", len(tables), 1)
        for table in tables:
            self.holds("described table", table._element.find(f".//{qn('p:cNvPr')}").get("descr"))

    def word_descriptions(self) -> set[str]:
        """The descriptions of pictures in the report for Word."""
        body = docx.Document(str(self.folder / "report.docx")).element
        return {picture.get("descr") for picture in body.iter(word_name("wp:docPr"))}

    def check_conversion(self, soffice: str, folder: Path) -> None:
        """LibreOffice opens it without complaint, and makes a page of each slide."""
        said = convert(soffice, [self.path], "pdf", folder)
        self.equal("LibreOffice says", said, "")
        with pikepdf.open(folder / "report.pdf") as pdf:
            self.equal("pages", len(pdf.pages), len(list(self.file.slides)))
        texts = convert(soffice, [self.path], "odp", folder)
        self.equal("LibreOffice says of its own form", texts, "")
        self.check_words(folder / "report.odp")

    def check_words(self, path: Path) -> None:
        """LibreOffice has read every word, and the titles as titles."""
        with zipfile.ZipFile(path) as archive:
            root = etree.fromstring(archive.read("content.xml"))
        read = plain("".join(root.itertext())).replace(" ", "")
        for number, slide in enumerate(self.file.slides, 1):
            for line in self.words(slide).splitlines():
                line = plain(line).replace(" ", "")
                if line != "‹#›":
                    self.holds(f"slide {number}: LibreOffice read {line[:30]}", line in read)
        presentation = "{urn:oasis:names:tc:opendocument:xmlns:presentation:1.0}class"
        titles = sum(1 for element in root.iter() if element.get(presentation) == "title")
        self.equal("titles that LibreOffice sees", titles, len(list(self.file.slides)))


def main() -> int:
    """Runs the check; returns the exit code."""
    binary, comparison = binary_from_arguments(), Comparison()
    soffice, looked_at = office(), 0
    for edition in EDITIONS:
        for language in LANGUAGES:
            with tempfile.TemporaryDirectory() as name:
                out = Path(name) / "out"
                forms = ("--forms", "pptx,docx", "--pictures", "none", "--edition", edition)
                run_frist(binary, "run", SAMPLE, "--out", out, *forms, "--lang", language)
                slides = Slides(comparison, out, edition, language)
                slides.check()
                slides.check_conversion(soffice, Path(name))
                looked_at += 1
    return comparison.close_with(
        f"slides: {looked_at} files, {comparison.compared} things looked at, {comparison.differing} wrong"
    )


if __name__ == "__main__":
    sys.exit(main())
