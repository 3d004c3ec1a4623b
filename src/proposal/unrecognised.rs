//! What is proposed for a file that is not recognised: a commented source with its headings, the control that fits
//! best and candidates for each role.

use std::path::Path;

use super::dates::{Dates, has_blanks, likeness};
use super::{
    Basis, LookedAt, Refused, comment, control_called, entries, fits_another, line, pattern, quoted, relative,
};
use crate::error::Error;
use crate::ingest::{ColumnGlance, Glance};
use crate::rulebook::{Rule, Rulebook};
use crate::text::{Texts, error_sentence, fill};

/// What stands open in a proposal.
const GAP: &str = "\"…\"";
/// Writes what is proposed for a file.
pub fn propose(text: &mut String, basis: &Basis<'_>, refused: &Refused) {
    let texts = basis.texts;
    let error = relative(&refused.error, basis.folder);
    let why = error_sentence(&error, texts);
    // The rest of the sentence says what is proposed below.
    let why = if refused.glances.is_empty() { why.as_str() } else { why.lines().next().unwrap_or_default() };
    comment(text, &fill!(texts, "init.refused", why));
    let exports = basis.found.iter().filter_map(|file| match file {
        LookedAt::Export(export, _) => Some(&**export),
        LookedAt::Refused(_) => None,
    });
    if !refused.glances.is_empty() && fits_another(Path::new(&refused.name), basis.found, exports) {
        comment(text, texts.get("init.rename-file"));
    }
    let sheets: Vec<&String> = refused.glances.iter().filter_map(|glance| glance.sheet.as_ref()).collect();
    if sheets.iter().enumerate().any(|(number, sheet)| sheets[..number].contains(sheet)) {
        comment(text, texts.get("init.rename-sheet"));
    }
    for glance in &refused.glances {
        source(text, basis, refused, glance);
    }
}

/// A commented source, which works when its marks are taken away.
fn source(text: &mut String, basis: &Basis<'_>, refused: &Refused, glance: &Glance) {
    let Basis { rulebook, texts, .. } = basis;
    let stem = Path::new(&refused.name).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let Some(BestFit { rule, is_shown, others }) = best_fit(&stem, glance, rulebook) else { return };
    let names: Vec<&str> = glance.columns.iter().map(|column| column.name.as_str()).collect();
    text.push('\n');
    if let Some(sheet) = &glance.sheet {
        comment(text, &fill!(texts, "init.sheet", sheet));
    }
    comment(text, &fill!(texts, "init.headings", headings = names.join(", ")));
    let dates = Dates::of(glance, rule);
    let dates = if is_shown { dates } else { dates.of_any_control() };
    for (role, candidates) in candidates(glance, &dates) {
        if !candidates.is_empty() {
            comment(text, &fill!(texts, "init.candidates", role, columns = candidates.join(", ")));
        }
    }
    open_dates(text, &dates, texts);
    let control = if is_shown {
        let name = rule.name.text(texts.language());
        comment(text, &fill!(texts, "init.best-fit", control = name, others = others.join(", ")));
        quoted(&rule.id)
    } else {
        let all: Vec<&str> = rulebook.rules.iter().map(|rule| rule.id.as_str()).collect();
        comment(text, &fill!(texts, "init.no-fit", controls = all.join(", ")));
        GAP.to_owned()
    };
    comment(text, texts.get("init.uncomment"));
    comment(text, "[[source]]");
    comment(text, &format!("control = {control}"));
    comment(text, &format!("files   = [{}]", quoted(&pattern(Path::new(&refused.name)))));
    if let Some(sheet) = &glance.sheet {
        comment(text, &format!("sheet   = {}", quoted(sheet)));
    }
    comment(text, &format!("columns = {{ {} }}", columns(refused, glance, &dates).join(", ")));
    date_formats(text, &refused.error, texts);
}

/// The choices where the dates do not tell.
fn date_formats(text: &mut String, error: &Error, texts: &Texts) {
    let (columns, formats): (_, Vec<&str>) = match error {
        Error::AmbiguousDates { columns, readings, .. } => {
            (columns, readings.iter().map(|reading| reading.format).collect())
        }
        Error::MixedDates { columns, .. } | Error::MisnamedDates { columns, .. } => {
            let all = entries(columns.iter().map(|(role, _, format)| (*role, quoted(format))));
            return comment(text, &format!("date_formats = {{ {all} }}"));
        }
        Error::SwappedDates { columns, .. } => (columns, vec!["swapped", "dd/mm/yyyy"]),
        _ => return,
    };
    comment(text, texts.get("init.one-of"));
    for format in formats {
        let all = entries(columns.iter().map(|(role, _)| (*role, quoted(format))));
        comment(text, &format!("date_formats = {{ {all} }}"));
    }
}

/// The control that a file seems to be of.
struct BestFit<'a> {
    rule: &'a Rule,
    /// Whether its name or its headings show that it is this one.
    is_shown: bool,
    /// The others.
    others: Vec<String>,
}

/// The control that fits a file best by its name and headings; `None` if the rulebook has none.
fn best_fit<'a>(stem: &str, glance: &Glance, rulebook: &'a Rulebook) -> Option<BestFit<'a>> {
    /// Headings show a control if both are this much like its own, and clearly more than like another's.
    const ALIKE: f64 = 1.6;
    const LEAD: f64 = 0.15;
    let called = control_called(stem, rulebook);
    let fit = |rule: &Rule| {
        let by_name = if called.as_ref() == Some(&rule.id) { 10.0 } else { 0.0 };
        let recognised = if glance.controls.contains(&rule.id) { 5.0 } else { 0.0 };
        by_name + recognised + likeness_of_pair(glance, rule)
    };
    let mut fits: Vec<(f64, &Rule)> = rulebook.rules.iter().map(|rule| (fit(rule), rule)).collect();
    // Of equally good ones the first in the rulebook.
    fits.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let (best, rule) = *fits.first()?;
    let next = fits.get(1).map_or(0.0, |(next, _)| *next);
    let others = rulebook.rules.iter().filter(|other| other.id != rule.id).map(|other| other.id.clone());
    Some(BestFit { rule, is_shown: best >= ALIKE && best - next >= LEAD, others: others.collect() })
}

/// How alike the start and the end that fit best are to the headings of a rule, 0 to 2.
fn likeness_of_pair(glance: &Glance, rule: &Rule) -> f64 {
    let known = [&rule.headings.start, &rule.headings.end];
    let pair = Dates::of(glance, rule).likeliest().into_iter().zip(known);
    pair.map(|(column, known)| column.map_or(0.0, |column| likeness(&column.name, known))).sum()
}

/// Why the start or the end is left open, and which columns were not taken for the end.
fn open_dates(text: &mut String, dates: &Dates<'_>, texts: &Texts) {
    let named = |columns: &[&ColumnGlance]| {
        let column = |column: &&ColumnGlance| match has_blanks(column) {
            false => column.name.clone(),
            true => {
                let (filled, rows) = column.filled;
                let [empty, rows] = [rows - filled, rows].map(|rows| texts.count(rows));
                fill!(texts, "init.with-blanks", column = column.name, empty, rows)
            }
        };
        columns.iter().map(column).collect::<Vec<_>>().join(", ")
    };
    match dates.possible_starts() {
        [] if dates.start().is_none() => comment(text, texts.get("init.no-start")),
        [] => {}
        several => comment(text, &fill!(texts, "init.several-starts", columns = named(several))),
    }
    match dates.possible_ends() {
        [] if dates.end().is_none() => comment(text, texts.get("init.no-end")),
        [] => {}
        several => comment(text, &fill!(texts, "init.several-ends", columns = named(several))),
    }
    for (key, columns) in ["init.planned-by-heading", "init.planned-by-days"].iter().zip(dates.planned()) {
        if !columns.is_empty() {
            comment(text, &fill!(texts, key, columns = named(&columns)));
        }
    }
}

/// Columns that could have each role.
fn candidates(glance: &Glance, dates: &Dates<'_>) -> Vec<(&'static str, Vec<String>)> {
    let of = |fits: &dyn Fn(&ColumnGlance) -> bool| {
        glance.columns.iter().filter(|column| fits(column)).map(|column| column.name.clone()).collect()
    };
    vec![
        ("start", of(&|column| dates.can_be_start(column))),
        ("end", of(&|column| dates.can_be_end(column))),
        ("case_id", of(&|column| column.is_unique)),
        ("group", of(&|column| column.is_grouping)),
    ]
}

/// The columns of a source, as far as they can be told.
fn columns(refused: &Refused, glance: &Glance, dates: &Dates<'_>) -> Vec<String> {
    let [start, end] = [dates.start(), dates.end()];
    let time_of = |column: &ColumnGlance| {
        let place = glance.columns.iter().position(|other| other.name == column.name)?;
        glance.columns.get(place + 1).filter(|next| next.holds_times)
    };
    let date = |role: &str, column: Option<&ColumnGlance>| {
        let Some(column) = column else { return format!("{role} = {GAP}") };
        match time_of(column) {
            Some(time) => format!("{role} = [{}, {}]", heading(column), heading(time)),
            None => format!("{role} = {}", heading(column)),
        }
    };
    let mut columns = vec![date("start", start), date("end", end)];
    let taken = |column: &ColumnGlance| [start, end].iter().flatten().any(|taken| taken.name == column.name);
    let first = |fits: &dyn Fn(&ColumnGlance) -> bool| {
        let fitting = || glance.columns.iter().filter(|column| fits(column) && !taken(column));
        fitting().find(|column| column.is_usual).or_else(|| fitting().next())
    };
    let number = first(&|column| column.is_unique);
    columns.extend(number.map(|column| format!("case_id = {}", heading(column))));
    let group = match &refused.error {
        // The choice that was asked about.
        Error::AmbiguousColumn { role: "group", headings, .. } => {
            glance.columns.iter().find(|column| headings.contains(&column.name))
        }
        _ => first(&|column| column.is_grouping),
    };
    columns.extend(group.map(|column| format!("group = {}", heading(column))));
    columns
}

/// A column's heading as a project file writes it; of one that looks like data its place is kept open.
fn heading(column: &ColumnGlance) -> String {
    column.heading.as_deref().map_or(GAP.to_owned(), quoted)
}

/// The line that names a rulebook.
pub fn rulebook(text: &mut String, path: &str) {
    line(text, &format!("rulebook = {}", quoted(path)));
}
