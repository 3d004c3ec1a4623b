//! A table in a file: its headings, and the exports of the controls that they fit.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::above;
use super::dates::{self, Candidate, Seen, join_times};
use super::export::{Controls, Export, heading_text};
use super::first_look::{
    begin_apart, beyond_headings, column_facts, has_blocks, is_in_hours, leave_out_undated, offer_times,
    other_values, refuse_numbers_on_first_rows, refuse_undated, several_types, unnamed_status, usual_numbers,
};
use super::heading_words::{
    folded, has_lost_letters, known_headings, names_persons, rank_of_headings, shown,
};
use super::headings::{Columns, HeadingRow};
use super::layout::{self, Layout, Sought};
use super::original::Original;
use super::other_table::{OtherTable, second_table};
use super::selection::{Filter, Status};
use super::source::{Form, Head};
use super::usual_numbers::UsualNumbers;
use super::workbook::SHEET_SEPARATOR;
use crate::date_evidence::{Times, Written};
use crate::error::Error;
use crate::project::{GroupedBy, ShortRows, Source, SourceControl};
use crate::rulebook::{Rule, Rulebook};

/// A text or a sheet, and what the project says of it.
pub struct Table<'a> {
    /// The file.
    pub original: &'a Arc<Original>,
    /// Its path as reports show it.
    pub name: &'a str,
    /// Which text or sheet of it.
    pub form: &'a Form,
    /// Its beginning.
    pub head: &'a Head,
    /// The source that names the file.
    pub source: &'a Source,
    /// The units that the command asks for.
    pub grouped_by: Option<&'a GroupedBy>,
    /// The rules that it may be judged by.
    pub rulebook: &'a Rulebook,
}

impl Table<'_> {
    /// The exports in it, one for each control.
    ///
    /// # Errors
    /// If it is empty, or its headings do not identify what is needed.
    pub fn exports(&self) -> Result<Vec<Candidate>, Error> {
        let (layout, headings) = self.layout()?;
        let rows = (&self.head.0[layout.body_offset..], self.head.1);
        let facts = column_facts(&headings, layout.separator, rows, &self.source.empty);
        let row = HeadingRow::new(self.path(), &headings).knowing(facts);
        let controls = self.controls(&row)?.into_iter();
        dates::with_dates(
            controls.map(|controls| self.candidate(&layout, &headings, &row, controls)).collect(),
        )
    }

    fn path(&self) -> &Path {
        self.original.path()
    }

    /// Where the headings stand, and what they are.
    fn layout(&self) -> Result<(Layout, Vec<String>), Error> {
        let known = known_headings(self.rulebook, &self.source.columns);
        let separator = matches!(self.form, Form::Sheet { .. }).then_some(SHEET_SEPARATOR);
        let is_known = |heading: &str| known.contains(&folded(heading));
        let rank = |cells: &[Vec<u8>]| rank_of_headings(self.rulebook, cells);
        let sought =
            Sought { rank: &rank, header_line: self.source.header_line, ..Sought::by(&is_known, separator) };
        let (head, is_whole) = self.head;
        let layout = layout::find(head, *is_whole, &sought);
        let layout = layout.ok_or_else(|| Error::EmptyFile { path: self.path().into() })?;
        let headings: Vec<String> = layout.headings.iter().map(|cell| heading_text(cell)).collect();
        // Headings that the project or a rule names are known to look like this.
        let is_broken = |heading: &str| has_lost_letters(heading) && !is_known(heading);
        let broken = shown(&headings).into_iter().zip(&headings).filter(|(_, heading)| is_broken(heading));
        let broken: Vec<String> = broken.map(|(shown, _)| shown).collect();
        if !broken.is_empty() {
            return Err(Error::BrokenHeadings { path: self.path().into(), headings: broken });
        }
        match layout::separator_within(&headings, &is_known) {
            Some(separator) => Err(Error::OneCell { path: self.path().into(), separator }),
            None => Ok((layout, headings)),
        }
    }

    /// The controls of its cases, for each export.
    fn controls(&self, row: &HeadingRow<'_>) -> Result<Vec<Controls>, Error> {
        Ok(match &self.source.control {
            SourceControl::One(id) => vec![Controls::One(id.clone())],
            SourceControl::ByHeadings => {
                let rules = row.controls(self.rulebook)?.into_iter();
                rules.map(|rule| Controls::One(rule.id.clone())).collect()
            }
            SourceControl::ByType(types) => vec![Controls::ByType {
                column: row.case_type(self.source.columns.case_type.as_ref())?,
                types: types.iter().map(|(name, id)| (folded(name), id.clone())).collect(),
            }],
        })
    }

    /// The columns that hold what is needed.
    fn columns(&self, headings: &[String], row: &HeadingRow<'_>, rules: &[&Rule]) -> Result<Columns, Error> {
        let mut columns = row.columns(&self.source.columns, rules)?;
        // An empty column of case numbers is none. Where rows follow, there may be numbers among them.
        columns.case_id = columns.case_id.filter(|column| !self.head.1 || row.is_filled(*column));
        if let Some(names) = self.grouped_by {
            [columns.group, columns.subgroup] = row.grouped_by(names)?;
        }
        let mut grouped = [columns.group, columns.subgroup].into_iter().flatten();
        let of_persons = || grouped.find(|column| names_persons(&headings[*column]));
        match columns.unsuitable_group().or_else(of_persons) {
            None => Ok(columns),
            Some(column) => Err(Error::UnsuitableGroup {
                path: self.path().into(),
                heading: shown(headings)[column].clone(),
            }),
        }
    }

    /// The export of some controls, with what the beginning of its rows shows.
    fn candidate(
        &self,
        layout: &Layout,
        headings: &[String],
        row: &HeadingRow<'_>,
        controls: Controls,
    ) -> Result<Candidate, Error> {
        let rule = |id: &str| self.rulebook.rule(id).expect("the project's controls were checked");
        let rules: Vec<&Rule> = controls.ids().into_iter().map(rule).collect();
        let (source, (head, is_whole)) = (self.source, self.head);
        let mut columns = self.columns(headings, row, &rules)?;
        let other_table = OtherTable::beside(headings, &columns, &source.columns, &rules, self.rulebook);
        let offered = offer_times(&mut columns, row, &rules);
        let status = columns.status.map(|column| Status::new(column, source.status.as_ref()));
        let mut export = Export {
            path: self.path().to_owned(),
            original: Arc::clone(self.original),
            name: self.name.to_owned(),
            columns,
            controls,
            form: self.form.clone(),
            separator: layout.separator,
            headings: headings.to_vec(),
            header_line: layout.header_line,
            body_offset: layout.body_offset,
            written: vec![Written::default(); headings.len()],
            empty: source.empty.clone(),
            short_rows: match self.form {
                // A sheet is a rectangle in which empty cells are not stored.
                Form::Sheet { .. } => ShortRows::Empty,
                Form::Text { .. } => source.short_rows,
            },
            duplicates: source.duplicates,
            unread_sheets: Vec::new(),
            left_out_sheets: Vec::new(),
            not_read_for: Vec::new(),
            other_values: BTreeSet::new(),
            is_end_named: source.columns.end.is_some(),
            without_dates: Vec::new(),
            several_types: None,
            has_blocks: false,
            times: vec![Times::Real; headings.len()],
            status,
            unnamed_status: None,
            filters: Filter::all(&source.only, &source.exclude, |role, heading| row.column(role, heading))?,
            most_cells: headings.len(),
            has_unheaded: false,
            usual_numbers: UsualNumbers::default(),
            other_dates: Vec::new(),
            other_table,
        };
        if let (Some(column), false) = (second_table(headings, self.rulebook), source.columns.start.is_some())
        {
            let place = export.place(export.header_line, Some(column));
            return Err(Error::OtherTable { path: export.path, place, line: None });
        }
        let (rows, at_end) = (&head[layout.body_offset..], *is_whole);
        refuse_undated(&export, rows, at_end)?;
        leave_out_undated(&mut export, &source.columns, rows, at_end)?;
        refuse_numbers_on_first_rows(&export, rows, at_end)?;
        let seen = Seen::of(&export, rows, at_end);
        join_times(&mut export.columns, row, &seen, offered);
        self.look(&mut export, row, rows);
        if source.header_line.is_none() {
            above::refuse(&export, &head[..layout.body_offset])?;
        }
        Ok(Candidate {
            seen,
            whole: at_end,
            throughout: OnceCell::new(),
            named: source.date_formats.clone(),
            counts_hours: rules.iter().any(|rule| is_in_hours(rule)),
            unique: self.unique_number(&export, row, rows),
            export,
        })
    }

    /// Where the case number repeats, a unique one beside it, such as Id, that tells the cases apart, and what its numbers
    /// look like. A row of its own for each child or decision of a case begins as the others do.
    fn unique_number(
        &self,
        export: &Export,
        row: &HeadingRow<'_>,
        rows: &[u8],
    ) -> Option<(usize, UsualNumbers)> {
        let number = export.columns.case_id.filter(|_| self.source.columns.case_id.is_none())?;
        let unique = row.unique_beside(number).next()?;
        begin_apart(export, number, rows, self.head.1).then(|| {
            let mut export = export.clone();
            export.columns.case_id = Some(unique);
            (unique, usual_numbers(&export, rows, self.head.1))
        })
    }

    /// Adds to an export what the beginning of its rows shows besides dates.
    fn look(&self, export: &mut Export, row: &HeadingRow<'_>, rows: &[u8]) {
        let at_end = self.head.1;
        export.other_values = other_values(export, rows, at_end);
        if export.status.is_none() {
            export.unnamed_status = unnamed_status(export, row, rows, at_end);
        }
        // If the project names the control, only types of another kind remain a question.
        let is_by_headings = self.source.control == SourceControl::ByHeadings;
        export.several_types = several_types(export, row, rows, at_end)
            .filter(|types| is_by_headings || !types.other_kinds.is_empty())
            .filter(|types| export.filters.iter().all(|filter| filter.column != types.column));
        export.usual_numbers = usual_numbers(export, rows, at_end);
        (export.most_cells, export.has_unheaded) = beyond_headings(export, rows, at_end);
        export.has_blocks = has_blocks(export, rows, at_end);
    }
}
