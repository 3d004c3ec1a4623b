//! The list of risks: parses rows of cells into risks, or returns everything that is wrong with them.

use super::RiskSettings;
use crate::error::{ListFlaw, nearest};
use crate::personal_numbers;

/// File names of the list in a folder.
pub const FILE_NAMES: [&str; 4] = ["risks.csv", "risks.xlsx", "risker.csv", "risker.xlsx"];

/// Bytes of a workbook's cell that are read.
const LONGEST_CELL: usize = 4_096;

/// A table as read from a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List {
    /// The headings.
    pub headings: Vec<String>,
    /// Cells by row, each row with the line on which it begins.
    pub rows: Vec<(u64, Vec<String>)>,
}

/// A risk of the gross list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Risk {
    /// Its number or name, unique in the list.
    pub id: String,
    /// The area of internal control.
    pub area: String,
    /// The responsibility or process that it threatens.
    pub process: String,
    /// What may happen.
    pub risk: String,
    /// How likely it is, from 1 to the scale.
    pub likelihood: Option<u8>,
    /// How bad it would be, from 1 to the scale.
    pub consequence: Option<u8>,
    /// Likelihood times consequence, or as it was given.
    pub value: u8,
    /// What is already done about it.
    pub existing: String,
    /// What was decided.
    pub handling: String,
    /// Whether what was decided is done as planned.
    pub follows_plan: Option<bool>,
    /// A comment.
    pub comment: String,
}

/// The role of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Id,
    Area,
    Process,
    Risk,
    Likelihood,
    Consequence,
    Value,
    Existing,
    Handling,
    FollowsPlan,
    Comment,
}

/// Headings of each role, folded; messages show the first. A heading may go on where a name ends in `…`.
const HEADINGS: [(Role, &[&str]); 11] = [
    (Role::Id, &["nr", "nummer", "id", "no", "number"]),
    (Role::Area, &["område", "internkontrollområde", "area"]),
    (Role::Process, &["ansvarsområde/process", "ansvarsområde", "process", "responsibility/process"]),
    (
        Role::Risk,
        &[
            "risk",
            "riskbeskrivning",
            "beskrivning av risk",
            "risk i verksamheten…",
            "description of the risk",
        ],
    ),
    (Role::Likelihood, &["sannolikhet", "likelihood", "probability"]),
    (Role::Consequence, &["konsekvens", "påverkan", "consequence", "impact"]),
    (Role::Value, &["riskvärde", "värde", "risk value", "value"]),
    (
        Role::Existing,
        &[
            "befintliga åtgärder",
            "befintliga åtgärder/kontrollmoment",
            "nuvarande åtgärder",
            "existing measures",
        ],
    ),
    (Role::Handling, &["hantering", "ställningstagande…", "beslutad hantering", "planering", "handling"]),
    (Role::FollowsPlan, &["följer plan", "följer planering", "follows plan"]),
    (Role::Comment, &["kommentar", "comment"]),
];

/// Whether a heading belongs to a list of risks.
pub fn is_known_heading(heading: &str) -> bool {
    role_of(heading).is_some()
}

/// A heading without what a narrow column of a document puts into it: `Risk- värde`, `Ansvarsområde/ process`.
fn folded(heading: &str) -> String {
    let whole = heading.replace('\u{ad}', "").replace("- ", "").replace("/ ", "/");
    whole.trim().trim_end_matches([':', '.', '*']).trim().to_lowercase()
}

fn role_of(heading: &str) -> Option<Role> {
    let folded = folded(heading);
    let is_called = |name: &&str| match name.strip_suffix('…') {
        Some(begin) => folded.starts_with(begin),
        None => folded == **name,
    };
    HEADINGS.iter().find(|(_, names)| names.iter().any(is_called)).map(|(role, _)| *role)
}

/// The risks of a list; `accepted` are texts that look like a personal number but are not.
///
/// # Errors
/// Everything that is wrong with the list, in the order of its lines.
pub fn risks(list: &List, settings: &RiskSettings, accepted: &[String]) -> Result<Vec<Risk>, Vec<ListFlaw>> {
    let columns = Columns::of(list)?;
    let (mut risks, mut flaws): (Vec<Risk>, Vec<ListFlaw>) = (Vec::new(), Vec::new());
    for (number, (line, cells)) in list.rows.iter().enumerate() {
        let row = Row { columns: &columns, list, line: *line, cells, number: number + 1, accepted };
        match row.risk(settings) {
            Ok(risk) if risks.iter().any(|other| other.id == risk.id) => {
                flaws.push(row.flaw("same-id", Role::Id));
            }
            Ok(risk) => risks.push(risk),
            Err(found) => flaws.extend(found),
        }
    }
    if flaws.is_empty() { Ok(risks) } else { Err(flaws) }
}

/// The columns, by role.
struct Columns(Vec<(Role, usize)>);

impl Columns {
    fn of(list: &List) -> Result<Columns, Vec<ListFlaw>> {
        let mut found: Vec<(Role, usize)> = Vec::new();
        let mut flaws = Vec::new();
        for (index, heading) in list.headings.iter().enumerate() {
            let Some(role) = role_of(heading) else { continue };
            if found.iter().any(|(other, _)| *other == role) {
                flaws.push(ListFlaw {
                    key: "two-columns",
                    line: None,
                    column: heading.clone(),
                    suggestion: None,
                });
            }
            found.push((role, index));
        }
        let columns = Columns(found);
        let has = |role| columns.place(role).is_some();
        flaws.extend((!has(Role::Risk)).then(|| missing(Role::Risk, list)));
        let valued = has(Role::Value) || has(Role::Likelihood) && has(Role::Consequence);
        flaws.extend((!valued).then(|| missing(Role::Value, list)));
        if flaws.is_empty() { Ok(columns) } else { Err(flaws) }
    }

    fn place(&self, role: Role) -> Option<usize> {
        self.0.iter().find(|(known, _)| *known == role).map(|(_, index)| *index)
    }
}

/// The flaw of a missing column; suggests a heading that is similar.
fn missing(role: Role, list: &List) -> ListFlaw {
    let names = HEADINGS.iter().find(|(known, _)| *known == role).map_or(&[][..], |(_, names)| names);
    let wanted = names.first().copied().unwrap_or_default();
    let suggestion = nearest(wanted, list.headings.iter().map(String::as_str));
    ListFlaw { key: "no-column", line: None, column: wanted.to_owned(), suggestion }
}

struct Row<'a> {
    columns: &'a Columns,
    list: &'a List,
    line: u64,
    cells: &'a [String],
    number: usize,
    accepted: &'a [String],
}

impl Row<'_> {
    fn cell(&self, role: Role) -> &str {
        let place = self.columns.place(role);
        place.and_then(|index| self.cells.get(index)).map_or("", |cell| cell.trim())
    }

    fn flaw(&self, key: &'static str, role: Role) -> ListFlaw {
        let column = self.columns.place(role).and_then(|index| self.list.headings.get(index));
        ListFlaw { key, line: Some(self.line), column: column.cloned().unwrap_or_default(), suggestion: None }
    }

    fn risk(&self, settings: &RiskSettings) -> Result<Risk, Vec<ListFlaw>> {
        let mut flaws = Vec::new();
        let likelihood = self.number(Role::Likelihood, settings.scale, &mut flaws);
        let consequence = self.number(Role::Consequence, settings.scale, &mut flaws);
        let given = self.number(Role::Value, settings.scale * settings.scale, &mut flaws);
        let product = likelihood.zip(consequence).map(|(one, other)| one * other);
        if product.zip(given).is_some_and(|(product, given)| product != given) {
            flaws.push(self.flaw("no-product", Role::Value));
        }
        let value = given.or(product);
        if value.is_none() && flaws.is_empty() {
            flaws.push(self.flaw("no-value", Role::Value));
        }
        if self.cell(Role::Risk).is_empty() {
            flaws.push(self.flaw("no-risk", Role::Risk));
        }
        let follows_plan = self.yes_or_no(&mut flaws);
        flaws.extend(self.unprintable());
        if !flaws.is_empty() {
            return Err(flaws);
        }
        let text = |role| self.cell(role).to_owned();
        let id = if self.cell(Role::Id).is_empty() { self.number.to_string() } else { text(Role::Id) };
        Ok(Risk {
            id,
            area: text(Role::Area),
            process: text(Role::Process),
            risk: text(Role::Risk),
            likelihood,
            consequence,
            value: value.unwrap_or_default(),
            existing: text(Role::Existing),
            handling: text(Role::Handling),
            follows_plan,
            comment: text(Role::Comment),
        })
    }

    /// A whole number from 1 to `highest`; `None` for an empty cell.
    fn number(&self, role: Role, highest: u8, flaws: &mut Vec<ListFlaw>) -> Option<u8> {
        let cell = self.cell(role);
        if cell.is_empty() {
            return None;
        }
        // Workbooks store 3 as 3 or 3.0.
        let whole = cell.strip_suffix(".0").unwrap_or(cell);
        let number = whole.parse().ok().filter(|number| (1..=highest).contains(number));
        if number.is_none() {
            flaws.push(self.flaw("no-number", role));
        }
        number
    }

    fn yes_or_no(&self, flaws: &mut Vec<ListFlaw>) -> Option<bool> {
        match self.cell(Role::FollowsPlan).to_lowercase().as_str() {
            "" | "-" | "–" => None,
            "ja" | "yes" | "j" | "y" => Some(true),
            "nej" | "no" | "n" => Some(false),
            _ => {
                flaws.push(self.flaw("no-answer", Role::FollowsPlan));
                None
            }
        }
    }

    /// Flaws of cells that cannot be printed: cells are printed as they are and in full, so none may hold a personal
    /// number or be longer than a workbook's cell is read.
    fn unprintable(&self) -> impl Iterator<Item = ListFlaw> {
        let texts =
            [Role::Id, Role::Area, Role::Process, Role::Risk, Role::Existing, Role::Handling, Role::Comment];
        texts.into_iter().filter_map(|role| {
            let cell = self.cell(role);
            let holds = personal_numbers::find_unaccepted(cell.as_bytes(), self.accepted).is_some();
            match (holds, cell.len() >= LONGEST_CELL) {
                (true, _) => Some(self.flaw("person", role)),
                (false, true) => Some(self.flaw("long-cell", role)),
                (false, false) => None,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(headings: &str, rows: &[&str]) -> List {
        let cells = |line: &str| line.split(';').map(str::to_owned).collect::<Vec<_>>();
        let rows = rows.iter().zip(2..).map(|(row, line)| (line, cells(row))).collect();
        List { headings: cells(headings), rows }
    }

    type Told = (&'static str, Option<u64>, String);

    fn found(headings: &str, rows: &[&str]) -> Result<Vec<Risk>, Vec<Told>> {
        risks(&list(headings, rows), &RiskSettings::default(), &["20240812-1236".into()])
            .map_err(|flaws| flaws.into_iter().map(|flaw| (flaw.key, flaw.line, flaw.column)).collect())
    }

    #[test]
    fn risks_are_read_in_either_language() {
        let swedish = found(
            "Nr;Område;Risk;Sannolikhet;Konsekvens;Riskvärde;Följer plan",
            &["7;A;x;2;4;8;Nej", "8;A;y;3;3;;ja", "9;;z;;;4;"],
        );
        let risks = swedish.expect("risks");
        let values: Vec<(u8, Option<bool>)> =
            risks.iter().map(|risk| (risk.value, risk.follows_plan)).collect();
        assert_eq!(values, [(8, Some(false)), (9, Some(true)), (4, None)]);
        let english = found("Risk;Value;Follows plan", &["x;8;yes"]).expect("risks");
        assert_eq!((english[0].id.as_str(), english[0].follows_plan), ("1", Some(true)));
    }

    /// The table of the published follow-up of 2023, whose headings are broken over lines.
    #[test]
    fn the_headings_of_a_published_follow_up_are_known() {
        let headings = "Ansvarsområde/ process;Risk i verksamheten för att inte kunna säkerställa utförandet av \
                        ansvars- område/process;Risk- värde;Befintliga åtgärder/kontrollmoment;Ställningstagande av \
                        hantering (planering);Följer plan: ;Kommentar:";
        let risks = found(headings, &["Följsamhet;Smitta;9;Rutin;Utbildning;Ja;Ja."]).expect("risks");
        let Risk { process, risk, value, existing, handling, follows_plan, comment, .. } = &risks[0];
        assert_eq!((process.as_str(), risk.as_str(), *value), ("Följsamhet", "Smitta", 9));
        assert_eq!((existing.as_str(), handling.as_str(), comment.as_str()), ("Rutin", "Utbildning", "Ja."));
        assert_eq!(*follows_plan, Some(true));
    }

    #[test]
    fn everything_that_is_wrong_is_said_with_line_and_column() {
        let flaws = found(
            "Nr;Risk;Sannolikhet;Konsekvens;Riskvärde;Följer plan;Kommentar",
            &[
                "1;x;2;4;9;ja;",
                "2;;2;4;8;kanske;",
                "3;x;5;4;;ja;",
                "4;x;;;;ja;",
                "5;x;1;1;1;ja;pnr 20110203-1234",
                "6;x;1;1;1;ja;",
                "6;y;1;1;1;ja;",
            ],
        )
        .expect_err("flaws");
        let of = |line| {
            let keys = flaws.iter().filter(|flaw| flaw.1 == Some(line)).map(|flaw| (flaw.0, flaw.2.as_str()));
            keys.collect::<Vec<_>>()
        };
        assert_eq!(of(2), [("no-product", "Riskvärde")]);
        assert_eq!(of(3), [("no-risk", "Risk"), ("no-answer", "Följer plan")]);
        assert_eq!(of(4), [("no-number", "Sannolikhet")]);
        assert_eq!(of(5), [("no-value", "Riskvärde")]);
        assert_eq!(of(6), [("person", "Kommentar")]);
        assert_eq!(of(8), [("same-id", "Nr")]);
    }

    #[test]
    fn a_missing_column_is_named_with_the_one_that_may_be_it() {
        let flaws =
            risks(&list("Nr;Risk;Riskvärdet", &["1;x;3"]), &RiskSettings::default(), &[]).expect_err("flaws");
        assert_eq!((flaws[0].key, flaws[0].column.as_str()), ("no-column", "riskvärde"));
        assert_eq!(flaws[0].suggestion.as_deref(), Some("Riskvärdet"));
        assert_eq!(found("Risk;Risk;Värde", &[]).expect_err("flaws")[0].0, "two-columns");
    }
}
