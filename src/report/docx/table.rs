//! Tables: rows and columns as wide as their texts need.

use super::xml::property;
use crate::report::document::Table;
use crate::report::office::xml::{escaped, push};

/// Room left and right of a cell's text, in twentieths of a point, with some to spare. Word widens a column
/// that is too narrow for a word, other programs cut the word.
const PADDING: i32 = 200;
/// Sizes of text in half points, the largest first. Tables of many columns begin with the second.
const SIZES: [i32; 3] = [18, 16, 14];
const MANY_COLUMNS: usize = 7;
/// Tables of no more rows are kept on one page.
const FEW_ROWS: usize = 8;

/// What cells look like; the text of a cell is made by the body.
pub(super) struct TableLook<'a> {
    pub table_style: &'a str,
    pub cell_style: &'a str,
    /// Ground of the heading row.
    pub ground: String,
    /// The room between the page's margins.
    pub width: i32,
    /// How wide letters are, in hundredths of Arial's.
    pub letters: i32,
}

/// How many columns a table has.
fn columns(table: &Table) -> usize {
    table.rows.iter().map(Vec::len).chain([table.headings.len()]).max().unwrap_or_default()
}

/// The element. `first_cell` gives the runs of a row's first cell with the given properties.
pub(super) fn element(
    table: &Table,
    look: &TableLook<'_>,
    mut first_cell: impl FnMut(usize, &str) -> String,
) -> String {
    let (size, widths) = fitted(table, look.width, look.letters);
    let run = if size == SIZES[0] {
        String::new()
    } else {
        format!("<w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/>")
    };
    let mut xml = format!(
        "<w:tbl><w:tblPr>{}<w:tblW w:w=\"{}\" w:type=\"dxa\"/>\
         <w:tblLook w:val=\"06A0\" w:firstRow=\"1\" w:lastRow=\"0\" w:firstColumn=\"1\" w:lastColumn=\"0\" \
         w:noHBand=\"1\" w:noVBand=\"1\"/>{}{}</w:tblPr><w:tblGrid>",
        property("tblStyle", look.table_style),
        widths.iter().sum::<i32>(),
        property("tblCaption", &table.caption),
        property("tblDescription", &description(table)),
    );
    widths.iter().for_each(|width| push!(xml, "<w:gridCol w:w=\"{width}\"/>"));
    xml.push_str("</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
    let cell = |column: usize, keep: bool, properties: &str, runs: &str| {
        let keep = if keep { "<w:keepNext/>" } else { "" };
        let side = if table.is_text(column) { "left" } else { "right" };
        format!(
            "<w:tc><w:tcPr><w:tcW w:w=\"{}\" w:type=\"dxa\"/>{properties}</w:tcPr>\
             <w:p><w:pPr>{}{keep}{}</w:pPr>\
             {runs}</w:p></w:tc>",
            widths[column],
            property("pStyle", look.cell_style),
            property("jc", side),
        )
    };
    let heading = format!(
        "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"{}\"/><w:vAlign w:val=\"bottom\"/>",
        look.ground
    );
    for column in 0..widths.len() {
        let text = table.headings.get(column).map_or("", String::as_str);
        xml.push_str(&cell(column, true, &heading, &text_run(text, &format!("<w:b/>{run}"))));
    }
    xml.push_str("</w:tr>");
    let keeps = table.rows.len() <= FEW_ROWS;
    for (index, row) in table.rows.iter().enumerate() {
        xml.push_str("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
        // No row of a longer table stands alone before or after the end of a page.
        let left = table.rows.len() - index - 1;
        let keep = left > 0 && (keeps || index == 0 || left == 1);
        for column in 0..widths.len() {
            let text = row.get(column).map_or("", String::as_str);
            let runs = if column == 0 { first_cell(index, &run) } else { text_run(text, &run) };
            xml.push_str(&cell(column, keep, "", &runs));
        }
        xml.push_str("</w:tr>");
    }
    xml.push_str("</w:tbl>");
    xml
}

/// A run of text with properties; nothing for no text.
pub(super) fn text_run(text: &str, properties: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let properties =
        if properties.is_empty() { String::new() } else { format!("<w:rPr>{properties}</w:rPr>") };
    format!("<w:r>{properties}<w:t xml:space=\"preserve\">{}</w:t></w:r>", escaped(text))
}

/// A table's description for those who do not see it: its columns.
fn description(table: &Table) -> String {
    let headings: Vec<&str> =
        table.headings.iter().map(String::as_str).filter(|heading| !heading.is_empty()).collect();
    if headings.is_empty() { table.caption.clone() } else { headings.join(", ") }
}

/// The largest size at which no word is cut, and the width of each column, all of `room` in sum.
fn fitted(table: &Table, room: i32, letters: i32) -> (i32, Vec<i32>) {
    let sizes = if columns(table) > MANY_COLUMNS { &SIZES[1..] } else { &SIZES };
    let needs = |size: i32| -> Vec<(i32, i32)> {
        (0..columns(table)).map(|column| needs_of_column(table, column, size * letters / 100)).collect()
    };
    let fits = |size: &i32| needs(*size).iter().map(|(least, _)| least).sum::<i32>() <= room;
    let size = sizes.iter().copied().find(fits).unwrap_or(SIZES[2]);
    (size, shared_out(&needs(size), room))
}

/// Room by need: as much as each column can use, or between that and its longest word.
fn shared_out(needs: &[(i32, i32)], room: i32) -> Vec<i32> {
    let least: i32 = needs.iter().map(|(least, _)| least).sum();
    let most: i32 = needs.iter().map(|(_, most)| most).sum();
    let part = |of: i32, whole: i32, room: i32| {
        i32::try_from(i64::from(of) * i64::from(room) / i64::from(whole.max(1))).unwrap_or(i32::MAX)
    };
    let mut widths: Vec<i32> = needs
        .iter()
        .map(|(own_least, own_most)| {
            if most <= room {
                part(*own_most, most, room)
            } else if least <= room {
                own_least + part(own_most - own_least, most - least, room - least)
            } else {
                part(*own_least, least, room)
            }
        })
        .collect();
    let rest = room - widths.iter().sum::<i32>();
    if let Some(first) = widths.first_mut() {
        *first += rest;
    }
    widths
}

/// The longest that must stay on one line, and the longest text that could: numbers are never cut.
fn needs_of_column(table: &Table, column: usize, size: i32) -> (i32, i32) {
    let heading = table.headings.get(column).map_or("", String::as_str);
    let is_text = table.is_text(column);
    // No text wants more than half a page: it is read more easily in lines.
    let longest = 200 * size;
    let cells = table.rows.iter().filter_map(|row| row.get(column));
    // Headings are bold, and take as many lines as they have words where room is scarce.
    let mut least = longest_word(heading, size) * 11 / 10;
    let mut most = least;
    for cell in cells {
        let whole = width_of(cell, size);
        least = least.max(if is_text { longest_word(cell, size) } else { whole });
        most = most.max(whole);
    }
    let least = least.min(longest) + PADDING;
    (least, (most.min(longest) + PADDING).max(least))
}

fn longest_word(text: &str, size: i32) -> i32 {
    // Word also breaks a line after a hyphen or dash, but not at a no-break space.
    text.split_inclusive([' ', '-', '–', '/'])
        .map(|word| width_of(word.trim_end(), size))
        .max()
        .unwrap_or_default()
}

/// About as wide as Arial is, in twentieths of a point: a size is in half points, a letter in thousandths
/// of it.
fn width_of(text: &str, size: i32) -> i32 {
    let thousandths: i32 = text.chars().map(width_of_letter).sum();
    thousandths.saturating_mul(size) / 100
}

fn width_of_letter(letter: char) -> i32 {
    match letter {
        'i' | 'j' | 'l' | '|' | '\'' => 222,
        ' ' | '\u{a0}' | '\u{202f}' | '.' | ',' | ':' | ';' | '!' | 't' | 'f' | 'I' | '/' | '[' | ']' => 278,
        '-' | '(' | ')' | 'r' => 333,
        'c' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' => 500,
        'm' | 'w' | 'M' | 'W' | '%' | '—' | '@' => 889,
        letter if letter.is_uppercase() => 722,
        // Letters of no alphabet that Arial measures alike.
        letter if letter > '\u{2e80}' => 1000,
        _ => 556,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_fill_the_room() {
        assert_eq!(shared_out(&[(100, 300), (100, 100)], 800), [600, 200]);
        assert_eq!(shared_out(&[(100, 300), (100, 100)], 300), [200, 100]);
        assert_eq!(shared_out(&[(100, 300), (100, 100)], 100), [50, 50]);
        assert_eq!(shared_out(&[], 100), [0; 0]);
    }

    #[test]
    fn a_table_that_does_not_fit_is_set_smaller() {
        let table = |headings: usize, heading: &str| Table {
            headings: vec![heading.to_owned(); headings],
            ..Table::default()
        };
        assert_eq!(fitted(&table(3, "a"), 9072, 100).0, 18);
        assert_eq!(fitted(&table(8, "a"), 9072, 100).0, 16);
        assert_eq!(fitted(&table(8, "Förhandsbedömningar"), 9072, 100).0, 14);
    }
}
