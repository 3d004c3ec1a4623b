//! Slides: what stands on each of them, in the order in which it is read.

use super::layout::{
    ABOVE_FIGURES, BELOW, FINDING, FINDING_SIZES, INDENT, NOTICE_SIZE, OVERVIEW, OVERVIEW_SIZES, PICTURE,
    Place, SOURCE_SIZE, SUBTITLE_SIZE, TITLE, TITLE_SIZES, height_of, points,
};
use super::masters::number;
use super::parts::{BODY, FOOT, INTRODUCTION, Layout, NUMBER, TITLE_KIND};
use super::shapes::{Type, paragraph, picture, placeholder, row_heights, run, table};
use crate::report::document::{Block, Document, Figure, Role, Section, Span, Table};
use crate::report::office::drawing::{EMU, Picture};

/// The id by which a slide refers to its picture.
pub const PICTURE_ID: &str = "rId2";

/// A slide, before it is a part.
pub struct Slide {
    pub layout: Layout,
    pub shapes: String,
    /// What the speaker says: paragraphs.
    pub notes: Vec<String>,
    /// Its picture, as PNG.
    pub picture: Option<Vec<u8>>,
}

/// What a slide is made with.
struct Maker<'a> {
    document: &'a Document,
    pictures: &'a dyn Fn(&str) -> Option<Vec<u8>>,
    title: Place,
}

/// The slides of a document: its first section is the overview.
pub fn slides(
    document: &Document,
    pictures: &dyn Fn(&str) -> Option<Vec<u8>>,
    beside_title: i64,
) -> Vec<Slide> {
    let maker = Maker { document, pictures, title: TITLE.narrower(beside_title) };
    let Some((overview, controls)) = document.sections.split_first() else { return Vec::new() };
    let mut slides = maker.overview(overview);
    slides.extend(controls.iter().map(|section| maker.control(section)));
    slides
}

impl Maker<'_> {
    fn set(&self, size: f64) -> Type<'_> {
        Type::plain(self.document.locale(), size)
    }

    /// The title of a slide, the second shape after the slide itself.
    fn title(&self, text: &str) -> String {
        let fits = |size: &f64| height_of(text, *size, true, self.title.width) <= self.title.room();
        let [.., smallest] = TITLE_SIZES;
        let size = TITLE_SIZES.into_iter().find(fits).unwrap_or(smallest);
        let runs = run(text, self.set(size).strong(true));
        placeholder(2, "Title", TITLE_KIND, None, &paragraph("", &runs))
    }

    fn foot(&self, runs: &str) -> String {
        if runs.is_empty() {
            return String::new();
        }
        placeholder(8, "Foot", FOOT, None, &paragraph("", runs))
    }

    /// Which edition a slide is of, for one that is shown alone, and what else stands at its foot.
    fn edition_and(&self, text: &str) -> String {
        let set = self.set(SOURCE_SIZE).soft();
        let edition = self.document.edition();
        let rest = if text.is_empty() { String::new() } else { run(&format!(" {text}"), set) };
        self.foot(&format!("{}{rest}", run(edition, set.strong(true))))
    }

    fn number(&self) -> String {
        let number = paragraph("", &number(self.document.locale()));
        placeholder(9, "Number", NUMBER, None, &number)
    }

    /// The first slide, with its continuation where it is long.
    fn overview(&self, section: &Section) -> Vec<Slide> {
        let (introduction, above) = self.introduction();
        let place = OVERVIEW.below(above);
        let lines: Vec<Line<'_>> = section.blocks.iter().flat_map(Line::of).collect();
        let [usual, small] = OVERVIEW_SIZES;
        let size = if pages(&lines, usual, place).len() > 1 { small } else { usual };
        let text = |lines: Vec<&Line<'_>>, place| {
            let paragraphs: String = lines.iter().map(|line| line.paragraph(self.set(size))).collect();
            placeholder(4, "Overview", BODY, place, &paragraphs)
        };
        let slide = |shapes: String, notes| Slide { layout: Layout::Overview, shapes, notes, picture: None };
        let mut pages = pages(&lines, size, place).into_iter();
        let first = [
            self.title(&self.document.title),
            placeholder(3, "Introduction", INTRODUCTION, Some(OVERVIEW.above(above)), &introduction),
            text(pages.next().unwrap_or_default(), Some(place)),
            self.foot(&run(&self.document.notice, self.set(NOTICE_SIZE).strong(true))),
            self.number(),
        ];
        let mut slides = vec![slide(first.concat(), notes(section))];
        slides.extend((1..).zip(pages).map(|(number, lines)| {
            let heading = match number {
                1 => section.heading.clone(),
                _ => format!("{} ({number})", section.heading),
            };
            let shapes = [self.title(&heading), text(lines, None), self.edition_and(""), self.number()];
            slide(shapes.concat(), Vec::new())
        }));
        slides
    }

    /// Whose report it is, and of what: paragraphs, and their height.
    fn introduction(&self) -> (String, f64) {
        let set = self.set(SUBTITLE_SIZE).soft();
        let mut paragraphs = String::new();
        let mut height = 0.0;
        for line in self.document.organisation.iter().chain([&self.document.subtitle]) {
            paragraphs.push_str(&paragraph("", &run(line, set)));
            height += height_of(line, SUBTITLE_SIZE, false, OVERVIEW.width) + BELOW;
        }
        (paragraphs, height)
    }

    fn control(&self, section: &Section) -> Slide {
        let said = |wanted: Role| -> String {
            let spans = section.blocks.iter().filter_map(|block| match block {
                Block::Paragraph { role, spans } if *role == wanted => Some(plain(spans)),
                _ => None,
            });
            spans.collect::<Vec<String>>().join(" ")
        };
        let table = section.blocks.iter().find_map(|block| match block {
            Block::Table(table) => Some(table),
            _ => None,
        });
        let figure = section.blocks.iter().find_map(|block| match block {
            Block::Figure(figure) => Some(figure),
            _ => None,
        });
        let (picture, png) = figure.map_or_else(Default::default, |figure| self.figure(figure));
        let shapes = [
            self.title(&section.heading),
            self.finding(&said(Role::Plain), table),
            picture,
            self.edition_and(&said(Role::Lead)),
            self.number(),
        ];
        Slide { layout: Layout::Control, shapes: shapes.concat(), notes: notes(section), picture: png }
    }

    /// The picture of a figure, or what it shows in words.
    fn figure(&self, figure: &Figure) -> (String, Option<Vec<u8>>) {
        let png = (self.pictures)(&figure.name);
        let Some((size, png)) = png.and_then(|png| Some((Picture::png(&png)?, png))) else {
            let words = paragraph("", &run(&figure.alternative(), self.set(SUBTITLE_SIZE)));
            return (placeholder(6, "Description", INTRODUCTION, Some(PICTURE), &words), None);
        };
        let (width, height) = size.within(twentieths(PICTURE.width), twentieths(PICTURE.height));
        let place = Place { width, height, ..PICTURE };
        (picture(6, &figure.name, &figure.alternative(), PICTURE_ID, place), Some(png))
    }

    /// What was found, and its figures below.
    fn finding(&self, said: &str, figures: Option<&Table>) -> String {
        let heights = |(text, figure): (f64, f64)| {
            let rows: f64 = figures.iter().flat_map(|it| row_heights(it, figure, FINDING.width)).sum();
            (height_of(said, text, false, FINDING.width) + ABOVE_FIGURES, rows)
        };
        let [.., smallest] = FINDING_SIZES;
        let fits = |sizes: &(f64, f64)| heights(*sizes).0 + heights(*sizes).1 <= FINDING.room();
        let sizes = FINDING_SIZES.into_iter().find(fits).unwrap_or(smallest);
        let (above, rows) = heights(sizes);
        let (text, below) = (FINDING.above(above), FINDING.below(above).above(rows));
        let said = paragraph("", &run(said, self.set(sizes.0)));
        let shown = figures.map(|figures| table(5, figures, self.set(sizes.1), below));
        placeholder(4, "Finding", BODY, Some(text), &said) + &shown.unwrap_or_default()
    }
}

fn twentieths(units: i64) -> i32 {
    i32::try_from(units / EMU).unwrap_or(i32::MAX)
}

fn plain(spans: &[Span]) -> String {
    spans.iter().map(|span| &*span.text).collect()
}

/// What is said to a slide: the paragraphs of the sections below it.
fn notes(section: &Section) -> Vec<String> {
    let blocks = section.sections.iter().flat_map(|section| &section.blocks);
    let said = blocks.filter_map(|block| match block {
        Block::Paragraph { spans, .. } => Some(plain(spans)),
        _ => None,
    });
    said.collect()
}

/// A paragraph of the overview.
struct Line<'a> {
    spans: &'a [Span],
    has_bullet: bool,
}

impl<'a> Line<'a> {
    fn of(block: &'a Block) -> Vec<Line<'a>> {
        match block {
            Block::Paragraph { spans, .. } => vec![Line { spans, has_bullet: false }],
            Block::Bullets { items } => items.iter().map(|spans| Line { spans, has_bullet: true }).collect(),
            _ => Vec::new(),
        }
    }

    fn height(&self, size: f64) -> f64 {
        height_of(&plain(self.spans), size, false, OVERVIEW.width - points(INDENT)) + BELOW
    }

    fn paragraph(&self, set: Type<'_>) -> String {
        let runs: String = self.spans.iter().map(|span| run(&span.text, set.strong(span.strong))).collect();
        let bullet = if self.has_bullet { "" } else { "<a:pPr marL=\"0\" indent=\"0\"><a:buNone/></a:pPr>" };
        paragraph(bullet, &runs)
    }
}

/// The lines that stand on each slide: on the first there is so much room.
fn pages<'l, 'a>(lines: &'l [Line<'a>], size: f64, first: Place) -> Vec<Vec<&'l Line<'a>>> {
    let mut pages: Vec<Vec<&Line<'a>>> = vec![Vec::new()];
    let mut room = first.room();
    for line in lines {
        let height = line.height(size);
        if height > room && pages.last().is_some_and(|page| !page.is_empty()) {
            pages.push(Vec::new());
            room = OVERVIEW.room();
        }
        room -= height;
        pages.last_mut().expect("there is always one").push(line);
    }
    pages
}
