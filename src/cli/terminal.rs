//! What is printed: tables, progress and messages.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{CellAlignment, ContentArrangement};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::options::{Format, Printing};
use crate::error::Error;
use crate::personal_numbers;
use crate::project::CsvStyle;
use crate::table::{self, Table};
use crate::text::{Texts, error_sentence, fill};
use crate::values::printable;

/// How messages name standard output.
const STDOUT: &str = "stdout";

/// Writes to standard output. A reader that has gone away, such as `head`, is no error.
///
/// # Errors
/// [`Error::UnwritableOutput`], on a full disk say.
pub fn print(bytes: &[u8]) -> Result<(), Error> {
    let bytes: Cow<'_, [u8]> = match std::str::from_utf8(bytes).map(harmless) {
        Ok(Cow::Owned(text)) => text.into_bytes().into(),
        _ => bytes.into(),
    };
    written(|out| out.write_all(&bytes))
}

/// Writes a paragraph to standard output.
///
/// # Errors
/// As [`print`].
pub fn say(paragraph: &str) -> Result<(), Error> {
    print(format!("{paragraph}\n").as_bytes())
}

/// Prints sentences, a line each.
///
/// # Errors
/// As [`print`].
pub fn print_lines(lines: &[String]) -> Result<(), Error> {
    print(lines.iter().map(|line| format!("{line}\n")).collect::<String>().as_bytes())
}

fn written(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::UnwritableOutput { path: STDOUT.into(), cause: error.to_string() })
        }
        _ => Ok(()),
    }
}

/// Prints CSV; in a style with a mark it stands once, before all else.
///
/// # Errors
/// As [`print`].
pub fn print_csv(bytes: &[u8], style: CsvStyle) -> Result<(), Error> {
    static MARKED: AtomicBool = AtomicBool::new(false);
    let mark = style.mark().as_bytes();
    // Printing would take the mark away: it turns no letters round, but nobody sees it.
    if !MARKED.swap(true, Ordering::Relaxed) {
        written(|out| out.write_all(mark))?;
    }
    print(bytes.strip_prefix(mark).unwrap_or(bytes))
}

/// Prints tables in the format asked for: for machines as one.
///
/// # Errors
/// As [`print`].
pub fn print_tables(tables: &[Table], printing: Printing) -> Result<(), Error> {
    match printing.format {
        Format::Text => tables.iter().try_for_each(|table| print_text(table, Texts::of(printing.language))),
        Format::Csv => print_csv(&table::csv(tables, printing.csv), printing.csv),
        Format::Json => print(&table::json(tables)),
    }
}

fn print_text(table: &Table, texts: &Texts) -> Result<(), Error> {
    print(format!("{}\n{}\n\n", table.caption, laid_out(table, texts)).as_bytes())
}

fn laid_out(table: &Table, texts: &Texts) -> comfy_table::Table {
    let mut drawn = comfy_table::Table::new();
    drawn.load_preset(UTF8_HORIZONTAL_ONLY).set_header(table.headings());
    drawn.set_content_arrangement(ContentArrangement::Disabled);
    if let Some((terminal_size::Width(width), _)) = terminal_size::terminal_size() {
        drawn.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    for row in &table.rows {
        // A case number could carry a terminal's escape codes.
        drawn.add_row(table.cells(row).map(|cell| cell.shown(texts).replace(char::is_control, "")));
    }
    for (column, is_text) in drawn.column_iter_mut().zip(table.texts()) {
        if !is_text {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    drawn
}

/// An error to standard error.
pub fn tell_error(error: &Error, texts: &Texts) {
    let (code, sentence) = (error.code(), error_sentence(error, texts));
    let told = fill!(texts, "terminal.cannot-begin", code, sentence);
    let told = alarming(&harmless(&told), std::io::stderr().is_terminal());
    let _ = writeln!(std::io::stderr(), "{told}");
}

/// A message to standard error; nobody need listen.
pub fn tell(message: &str) {
    let _ = writeln!(std::io::stderr(), "{}", harmless(&personal_numbers::masked(message)));
}

/// A message as the program ends. A terminal that takes nothing does not keep it from ending.
pub fn tell_in_passing(message: &'static str) {
    const LONGEST: Duration = Duration::from_millis(200);
    let (told, is_told) = mpsc::channel();
    let telling = thread::Builder::new().spawn(move || {
        tell(message);
        let _ = told.send(());
    });
    if telling.is_ok() {
        let _ = is_told.recv_timeout(LONGEST);
    }
}

/// A text without what would command a terminal or turn its letters round; lines and tabs stay.
fn harmless(text: &str) -> Cow<'_, str> {
    let is_plain = |letter: char| {
        matches!(letter, '\n' | '\t' | '\r') || !printable(letter.encode_utf8(&mut [0; 4])).is_empty()
    };
    if text.chars().all(is_plain) {
        return text.into();
    }
    text.chars().filter(|letter| is_plain(*letter)).collect::<String>().into()
}

/// The first word in red, on a terminal that wants colours (<https://no-color.org>).
pub fn alarming(message: &str, terminal: bool) -> String {
    let colours = terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    match message.split_once(' ') {
        Some((first, rest)) if colours => format!("\u{1b}[1;31m{first}\u{1b}[0m {rest}"),
        _ => message.to_owned(),
    }
}

/// Progress over bytes with a message and the time that is left, on a terminal only.
pub fn progress() -> ProgressBar {
    let target = if std::io::stderr().is_terminal() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let style = ProgressStyle::with_template("{msg} {wide_bar} {bytes}/{total_bytes} {eta}");
    ProgressBar::with_draw_target(None, target).with_style(style.expect("the template is right"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_for_terminals() {
        assert_eq!(alarming("Fel: x", false), "Fel: x");
    }
}
