"""The committee secretary: the report with plan and risks, in Word and PDF, in the own look, and published."""

import csv
import re
import tomllib
from pathlib import Path

import docx
import pdfplumber
from docx.shared import Pt

from walking import PROJECT, SAMPLE_DATA, Frist, walk

FONT, HEADER = "Georgia", "Exempelkommunens egen mall"
OUR_MARGIN, NEW_MARGIN = "#let margin = 2.2cm", "#let margin = 3cm"
POINTS_OF_NEW_MARGIN = 3 / 2.54 * 72
CRITICAL = 8
INTERNAL, PUBLISHED = "Intern utgåva", "Publicerad utgåva"
HIDDEN = "döljs"


def words(text: str) -> str:
    """A text without what only divides it into lines."""
    return re.sub(r"[\s\u00ad\u2060]+", " ", text)


def text_of(path: Path) -> str:
    """What a report in Word says, with its tables."""
    body = docx.Document(str(path)).element.body
    return words("\n".join("".join(each.itertext()) for each in body.iter("{*}p")))


def pages_of(path: Path) -> list[str]:
    """What the pages of a PDF say."""
    with pdfplumber.open(path) as pdf:
        return [words(page.extract_text()) for page in pdf.pages]


def run(frist: Frist, out: str, *options: object) -> Path:
    """Writes a report in Word and PDF."""
    frist.run("run", SAMPLE_DATA, "--out", out, "--forms", "docx,pdf", "--pictures", "none", *options)
    return frist.folder / out


def plan_and_risks(reports: Path) -> None:
    """Every point of the plan stands in the report, every critical risk in its follow-up."""
    plan = tomllib.loads((SAMPLE_DATA / "internal-control.toml").read_text(encoding="utf-8"))
    said = text_of(reports / "report.docx")
    for area in plan["area"]:
        names = [area["name"], *(point["name"] for point in area["risk_point"])]
        names += [each["name"] for point in area["risk_point"] for each in point["control_point"]]
        for name in names:
            assert words(name) in said, name
    with (SAMPLE_DATA / "risks.csv").open(encoding="utf-8-sig", newline="") as file:
        risks = list(csv.DictReader(file, delimiter=";"))
    critical = [risk for risk in risks if int(risk["Riskvärde"]) >= CRITICAL]
    said = text_of(reports / "risks.docx")
    assert critical
    for risk in critical:
        assert words(risk["Risk"]) in said and words(risk["Kommentar"]) in said, risk["Nr"]


def same_in_both(reports: Path) -> None:
    """The sentence of each control stands in Word as in the PDF, and both say which edition they are."""
    said, pages = text_of(reports / "report.docx"), pages_of(reports / "report.pdf")
    sentences = re.findall(r"Under maj–augusti 2024 [^.]{10,90}", said)
    assert len(sentences) >= 5, sentences
    for sentence in sentences[:5]:
        assert words(sentence)[:40] in " ".join(pages), sentence
    assert INTERNAL in said and all(INTERNAL in page for page in pages)


def own_look(frist: Frist) -> None:
    """The styles and the header of a Word file, and the margins of a template, are those of the municipality."""
    reference = docx.Document()
    reference.styles["Heading 1"].font.name, reference.styles["Heading 1"].font.size = FONT, Pt(23)
    reference.sections[0].header.paragraphs[0].text = HEADER
    reference.save(str(frist.folder / "mall.docx"))
    templates = frist.folder / "mallar"
    templates.mkdir()
    ours = (PROJECT / "src/report/templates/document.typ").read_text(encoding="utf-8")
    assert OUR_MARGIN in ours
    (templates / "document.typ").write_text(ours.replace(OUR_MARGIN, NEW_MARGIN), encoding="utf-8")
    reports = run(frist, "egen", "--reference-docx", "mall.docx", "--template-dir", "mallar")
    document = docx.Document(str(reports / "report.docx"))
    assert document.styles["Heading 1"].font.name == FONT
    assert HEADER in "".join(paragraph.text for paragraph in document.sections[0].header.paragraphs)
    assert sum(paragraph.style.name == "Heading 1" for paragraph in document.paragraphs) > 5
    with pdfplumber.open(reports / "report.pdf") as pdf:
        left = min(letter["x0"] for letter in pdf.pages[0].chars if letter["text"].strip())
    assert abs(left - POINTS_OF_NEW_MARGIN) < 2, left


def template_is_wrong(frist: Frist) -> None:
    """A template that is none of ours is refused with the names of those that are, and nothing is written."""
    (frist.folder / "fel").mkdir()
    (frist.folder / "fel/rapport.typ").write_text("hej", encoding="utf-8")
    _, said = frist.run("run", SAMPLE_DATA, "--out", "nej", "--template-dir", "fel", code=78)
    assert "document.typ" in said, said
    assert not (frist.folder / "nej").exists()


def published(frist: Frist) -> None:
    """The published edition says so on every page, hides what it must, and has no list of cases."""
    reports = run(frist, "publicerad", "--edition", "published")
    for pages in (pages_of(reports / "report.pdf"), pages_of(reports / "risks.pdf")):
        assert all(PUBLISHED in page and INTERNAL not in page for page in pages), pages[0]
    said = text_of(reports / "report.docx")
    assert PUBLISHED in said and HIDDEN in said and INTERNAL not in said
    assert not list(reports.rglob("cases.*")) and not list(reports.rglob("faults.*"))
    frist.run("verify", "publicerad")


def secretary(frist: Frist) -> None:
    """The whole way."""
    reports = run(frist, "rapport")
    plan_and_risks(reports)
    same_in_both(reports)
    own_look(frist)
    template_is_wrong(frist)
    published(frist)


if __name__ == "__main__":
    walk(secretary)
