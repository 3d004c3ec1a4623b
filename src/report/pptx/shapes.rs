//! Shapes: placeholders, pictures and tables as XML.

use super::layout::{CELL_MARGIN, Place, height_of, points};
use super::parts::PREFIXES;
use crate::report::document::Table;
use crate::report::office::drawing::filled;
use crate::report::office::package::HEAD;
use crate::report::office::xml::{escaped, push};

/// What texts that are no titles are softened to.
const SOFT: &str = "555555";

/// How a text is set.
#[derive(Debug, Clone, Copy)]
pub struct Type<'a> {
    /// Language tag, `sv-SE`.
    pub locale: &'a str,
    /// In points.
    pub size: f64,
    pub strong: bool,
    pub soft: bool,
}

impl<'a> Type<'a> {
    pub fn plain(locale: &'a str, size: f64) -> Type<'a> {
        Type { locale, size, strong: false, soft: false }
    }

    pub fn strong(self, strong: bool) -> Type<'a> {
        Type { strong, ..self }
    }

    pub fn soft(self) -> Type<'a> {
        Type { soft: true, ..self }
    }
}

/// Text that is set alike.
pub fn run(text: &str, set: Type<'_>) -> String {
    let (size, text) = ((set.size * 100.0).round(), escaped(text));
    let strong = if set.strong { " b=\"1\"" } else { "" };
    let colour = match set.soft {
        true => format!("<a:solidFill><a:srgbClr val=\"{SOFT}\"/></a:solidFill>"),
        false => String::new(),
    };
    format!(
        "<a:r><a:rPr lang=\"{}\" sz=\"{size}\"{strong}>{colour}</a:rPr><a:t>{text}</a:t></a:r>",
        set.locale
    )
}

/// A paragraph; `properties` are its own beside those of its layout.
pub fn paragraph(properties: &str, runs: &str) -> String {
    format!("<a:p>{properties}{runs}</a:p>")
}

/// Where something stands, for a shape that is not where its layout has it.
pub fn transform(Place { x, y, width, height }: Place) -> String {
    format!("<a:xfrm><a:off x=\"{x}\" y=\"{y}\"/><a:ext cx=\"{width}\" cy=\"{height}\"/></a:xfrm>")
}

/// A placeholder of the layout, given as `type="title"`, filled with paragraphs. `place` is its own, if not the layout's.
pub fn placeholder(id: usize, name: &str, kind: &str, place: Option<Place>, paragraphs: &str) -> String {
    let properties = place.map_or(String::new(), transform);
    let paragraphs = if paragraphs.is_empty() { "<a:p/>" } else { paragraphs };
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"{id}\" name=\"{name}\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr>\
         <p:nvPr><p:ph {kind}/></p:nvPr></p:nvSpPr><p:spPr>{properties}</p:spPr>\
         <p:txBody><a:bodyPr/><a:lstStyle/>{paragraphs}</p:txBody></p:sp>"
    )
}

/// A picture. The description is what is read to those who do not see it.
pub fn picture(id: usize, name: &str, description: &str, relation: &str, place: Place) -> String {
    let (name, description) = (escaped(name), escaped(description));
    let filled = filled("p", relation, (place.x, place.y), (place.width, place.height));
    format!(
        "<p:pic><p:nvPicPr><p:cNvPr id=\"{id}\" name=\"{name}\" descr=\"{description}\"/>\
         <p:cNvPicPr><a:picLocks noChangeAspect=\"1\"/></p:cNvPicPr><p:nvPr/></p:nvPicPr>{filled}</p:pic>"
    )
}

/// The widths of a table's columns: the first names rows, and needs less than the others hold.
fn widths(table: &Table, width: i64) -> Vec<i64> {
    let columns = table.rows.first().map_or(1, Vec::len) as i64;
    let other = width * 55 / 100 / (columns - 1).max(1);
    let first = width - other * (columns - 1);
    (0..columns).map(|column| if column == 0 { first } else { other }).collect()
}

/// The heights of a table's rows, in points.
pub fn row_heights(table: &Table, size: f64, width: i64) -> Vec<f64> {
    let widths = widths(table, width);
    let height = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(text, width)| height_of(text, size, true, *width));
        cells.fold(0.0, f64::max) + 2.0 * CELL_MARGIN
    };
    table.rows.iter().map(height).collect()
}

/// A table whose rows begin with what they are.
pub fn table(id: usize, table: &Table, set: Type<'_>, place: Place) -> String {
    let (name, caption) = (escaped(&table.id), escaped(&table.caption));
    let grid: String =
        widths(table, place.width).iter().map(|width| format!("<a:gridCol w=\"{width}\"/>")).collect();
    let mut rows = String::new();
    for (row, height) in table.rows.iter().zip(row_heights(table, set.size, place.width)) {
        let cells = row.iter().enumerate().map(|(column, text)| cell(text, column == 0, set));
        push!(rows, "<a:tr h=\"{}\">{}</a:tr>", points(height), cells.collect::<String>());
    }
    let Place { x, y, width, height } = place;
    format!(
        "<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id=\"{id}\" name=\"{name}\" descr=\"{caption}\"/>\
         <p:cNvGraphicFramePr><a:graphicFrameLocks noGrp=\"1\"/></p:cNvGraphicFramePr><p:nvPr/>\
         </p:nvGraphicFramePr>\
         <p:xfrm><a:off x=\"{x}\" y=\"{y}\"/><a:ext cx=\"{width}\" cy=\"{height}\"/></p:xfrm>\
         <a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/table\">\
         <a:tbl><a:tblPr firstCol=\"1\"/><a:tblGrid>{grid}</a:tblGrid>{rows}</a:tbl>\
         </a:graphicData></a:graphic></p:graphicFrame>"
    )
}

fn cell(text: &str, is_first: bool, set: Type<'_>) -> String {
    let run = run(text, if is_first { set.soft() } else { set.strong(true) });
    let margin = points(CELL_MARGIN);
    format!(
        "<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>{}</a:txBody>\
         <a:tcPr marL=\"0\" marR=\"0\" marT=\"{margin}\" marB=\"{margin}\">\
         <a:lnB w=\"9525\"><a:solidFill><a:srgbClr val=\"DDDDDD\"/></a:solidFill></a:lnB><a:noFill/></a:tcPr></a:tc>",
        paragraph("", &run)
    )
}

/// A slide, a master or a layout: its shapes below a background, and what comes after them.
pub fn sheet(root: &str, background: &str, shapes: &str, rest: &str) -> Vec<u8> {
    format!(
        "{HEAD}<p:{root} {PREFIXES}><p:cSld>{background}<p:spTree><p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/>\
         <p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>{shapes}</p:spTree></p:cSld>{rest}</p:{root}>"
    )
    .into_bytes()
}
