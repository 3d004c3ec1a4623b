//! The plan of internal control, `internal-control.toml`: areas, risk points and control points.
//!
//! Parses and checks the text; opens no file and judges nothing. `PlanText` is what is typed, [`Plan`] what it means.
//! The list of risks beside it is read by [`register`].

mod flaws;
pub mod register;
mod typed;
mod words;

use crate::date::Day;
use crate::error::{Error, Flaw, all_flaws};
use crate::language::Phrase;
use crate::personal_numbers;
use crate::rulebook::Rulebook;

pub use typed::{Deviates, Month, Scope, Severity, Status};

/// The plan's name in a folder.
pub const FILE_NAME: &str = "internal-control.toml";

/// A plan that has been checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// The title of the report, if it is not the default.
    pub title: Option<String>,
    /// What the report is based on, as typed: paragraphs, and lists whose items begin with a hyphen.
    pub background: String,
    /// Areas, in order.
    pub areas: Vec<Area>,
    /// How risks are valued.
    pub risks: RiskSettings,
}

/// An area of internal control.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub aim: String,
    /// Its risk points, in order.
    pub risk_points: Vec<RiskPoint>,
}

/// Something that could go wrong, and the controls for it.
#[derive(Debug, Clone, PartialEq)]
pub struct RiskPoint {
    /// Its name.
    pub name: String,
    /// The id of the risk in the list of risks.
    pub risk: Option<String>,
    /// Its control points, in order.
    pub control_points: Vec<ControlPoint>,
}

/// Something that is controlled.
#[derive(Debug, Clone, PartialEq)]
pub struct ControlPoint {
    /// Its name.
    pub name: String,
    /// Who is responsible.
    pub department: String,
    /// The months in which it is reported.
    pub frequency: Vec<Month>,
    /// How it is controlled: paragraphs and lists.
    pub method: String,
    /// How far it has come.
    pub status: Status,
    /// The results.
    pub results: Vec<PlannedResult>,
    /// A comment.
    pub comment: String,
    /// The planned action.
    pub planned_action: String,
    /// A grade set by a person, which overrides the computed one.
    pub severity: Option<Severity>,
    /// Why it differs from the computed one.
    pub severity_reason: String,
}

/// A result of a control point.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedResult {
    /// The heading that it is listed under, if any.
    pub group: Option<String>,
    /// The result itself.
    pub result: ResultKind,
}

/// A result: from the exports, from counts, or in words.
#[derive(Debug, Clone, PartialEq)]
pub enum ResultKind {
    /// The share of a control in the rulebook.
    Control {
        /// The control.
        id: String,
        /// Its name in reports.
        name: Phrase,
        /// Its limits, if they differ from the project's.
        limits: GradeLimits,
    },
    /// Counts made by somebody else.
    Counts(Counts),
    /// Words.
    Text(String),
}

/// The limits at which a share becomes a deviation and a severe deviation; each 0–1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct GradeLimits {
    /// A share above it is a deviation.
    pub target: Option<f64>,
    /// A share at or above it is a severe deviation; of a sample, one whose whole interval is.
    pub severe_at: Option<f64>,
}

/// Counts made by somebody else: `5 of 13 lack a plan, 9 of 13 last time`.
#[derive(Debug, Clone, PartialEq)]
pub struct Counts {
    /// What is counted.
    pub name: String,
    /// The count; `None` if it is small and hidden in the published edition.
    pub now: Option<Ratio>,
    /// The count of the time before.
    pub before: Option<Ratio>,
    /// Which of them are deviations.
    pub deviates: Deviates,
    /// What is wrong with those that deviate, after their number, `saknar plan`; `None` if the plan does not say.
    pub deviation: Option<String>,
    /// What is required of all, `alla ska ha en`; `None` if the plan does not say.
    pub requirement: Option<String>,
    /// What is counted.
    pub scope: Scope,
    /// Of how many a sample was drawn; `None` for counts of other scopes.
    pub population: Option<u64>,
    /// Whether they are people or people's cases, so that small numbers are hidden in the published edition.
    pub persons: bool,
    /// The limits for the share of deviating ones.
    pub limits: GradeLimits,
}

/// A count, and of how many if that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Ratio {
    /// How many.
    pub count: u64,
    /// Of how many.
    pub of: Option<u64>,
}

impl Counts {
    /// The deviating ones and the total; `None` if either is unknown or nothing counted is a deviation.
    pub fn deviations(&self) -> Option<(u64, u64)> {
        self.deviating(self.now?)
    }

    /// The same for the count of either time.
    pub fn deviating(&self, ratio: Ratio) -> Option<(u64, u64)> {
        let of = ratio.of?;
        match self.deviates {
            Deviates::No => None,
            Deviates::Count => Some((ratio.count, of)),
            Deviates::Rest => Some((of - ratio.count, of)),
        }
    }
}

impl ControlPoint {
    /// Hides the counts of people at this control point if one of them is small: it could be worked out from the
    /// others.
    fn hide_small_counts(&mut self, smallest: u64) {
        let mut of_people: Vec<&mut Counts> = self
            .results
            .iter_mut()
            .filter_map(|result| match &mut result.result {
                ResultKind::Counts(counts) if counts.persons => Some(counts),
                _ => None,
            })
            .collect();
        let is_small = |ratio: Option<Ratio>| ratio.is_some_and(|ratio| ratio.is_small(smallest));
        let (now, before) = (
            of_people.iter().any(|counts| is_small(counts.now)),
            of_people.iter().any(|counts| is_small(counts.before)),
        );
        for counts in &mut of_people {
            counts.now = counts.now.filter(|_| !now);
            counts.before = counts.before.filter(|_| !before);
        }
    }
}

impl Ratio {
    /// Whether the count, its complement or the total lies between 1 and `smallest - 1`.
    fn is_small(self, smallest: u64) -> bool {
        let is_few = |count: u64| 0 < count && count < smallest;
        is_few(self.count) || self.of.is_some_and(|of| is_few(of) || is_few(of - self.count))
    }
}

/// How risks are valued.
#[derive(Debug, Clone, PartialEq)]
pub struct RiskSettings {
    /// The title of the follow-up, if it is not the default.
    pub title: Option<String>,
    /// What it is based on.
    pub background: String,
    /// The year of the plan that is followed up; the as-of date's year if `None`.
    pub year: Option<i32>,
    /// The highest likelihood and consequence: 4 or 5.
    pub scale: u8,
    /// A risk with this value or more is critical.
    pub critical_at: u8,
    /// The shares from which likelihood is 2, 3 and so on.
    pub likelihood_from: Vec<f64>,
}

impl Default for RiskSettings {
    fn default() -> RiskSettings {
        RiskSettings::of_scale(4)
    }
}

impl RiskSettings {
    /// The defaults for a scale: critical from twice the scale, 8 of 16 or 10 of 25.
    fn of_scale(scale: u8) -> RiskSettings {
        let likelihood_from = if scale == 4 { vec![0.02, 0.10, 0.20] } else { vec![0.02, 0.05, 0.10, 0.20] };
        RiskSettings {
            title: None,
            background: String::new(),
            year: None,
            scale,
            critical_at: 2 * scale,
            likelihood_from,
        }
    }

    /// The year of the plan that is followed up.
    pub fn year(&self, as_of: Day) -> i32 {
        self.year.unwrap_or(as_of.civil().0)
    }
}

impl Plan {
    /// Reads a plan's text. `path` is shown in errors; `accepted` are texts that look like a personal number but are
    /// not.
    ///
    /// # Errors
    /// [`Error::UnusablePlan`] if the text is not TOML, has an unknown key or an unsuitable value, holds a personal
    /// number, or names a control that no rule defines.
    pub fn parse(
        text: &str,
        path: &std::path::Path,
        rulebook: &Rulebook,
        accepted: &[String],
    ) -> Result<Plan, Error> {
        let unusable =
            |flaw: Flaw| Error::UnusablePlan { path: path.into(), flaw: Box::new(flaw.inside(text)) };
        // A plan is printed as it is. Only the line is named: a place would be shown with what stands in it.
        if let Some(line) = personal_numbers::line_with_unaccepted(text, accepted) {
            return Err(unusable(Flaw::new("person-in-text", &[("line", &line.to_string())])));
        }
        let typed: typed::PlanText =
            toml::from_str(text).map_err(|error| unusable(Flaw::of_toml(&error, text)))?;
        let first = |flaws: Vec<Flaw>| unusable(flaws.into_iter().next().expect("there is a flaw"));
        flaws::resolve(typed, rulebook).map_err(first)
    }

    /// Everything that is wrong with a plan's text, as far as it can be told apart.
    pub fn flaws(text: &str, rulebook: &Rulebook) -> Vec<Flaw> {
        let resolve = |typed| flaws::resolve(typed, rulebook).err().unwrap_or_default();
        all_flaws(text, |error| Flaw::of_toml(error, text), resolve)
    }

    /// Whether there is anything to control, and not settings of risks alone.
    pub fn has_risk_points(&self) -> bool {
        self.areas.iter().any(|area| !area.risk_points.is_empty())
    }

    /// The plan with counts of people hidden at every control point where one of them is smaller than `smallest`.
    pub fn published(mut self, smallest: u64) -> Plan {
        let risk_points = self.areas.iter_mut().flat_map(|area| &mut area.risk_points);
        let points = risk_points.flat_map(|risk_point| &mut risk_point.control_points);
        for point in points {
            point.hide_small_counts(smallest);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Plan, String> {
        Plan::parse(text, std::path::Path::new("p.toml"), &Rulebook::builtin(), &["20240812-1236".into()])
            .map_err(|error| match error {
                Error::UnusablePlan { flaw, .. } => {
                    format!("{} {:?} {:?}", flaw.key, flaw.values, flaw.suggestion)
                }
                other => other.to_string(),
            })
    }

    fn with_result(result: &str) -> String {
        format!(
            "[[area]]\nname = \"A\"\n[[area.risk_point]]\nname = \"R\"\n[[area.risk_point.control_point]]\n\
             name = \"C\"\ndepartment = \"D\"\nfrequency = [\"april\"]\nmethod = \"M\"\nstatus = \"begun\"\n{result}"
        )
    }

    fn only_result(text: &str) -> Result<ResultKind, String> {
        let table = "[[area.risk_point.control_point.result]]";
        let plan = parse(&with_result(&format!("{table}\n{text}")))?;
        Ok(plan.areas[0].risk_points[0].control_points[0].results[0].result.clone())
    }

    #[test]
    fn the_three_kinds_of_result_are_read() {
        let control = only_result("control = \"child-investigation\"\nsevere_at = 0.2").expect("a result");
        let limits = GradeLimits { target: None, severe_at: Some(0.2) };
        let name = Rulebook::builtin().rule("child-investigation").expect("a rule").name.clone();
        assert_eq!(control, ResultKind::Control { id: "child-investigation".into(), name, limits });
        let counts = only_result(
            "name = \"planer\"\ncount = 8\nof = 13\nprevious_count = 4\nprevious_of = 13\ndeviates = \"rest\"",
        );
        let Ok(ResultKind::Counts(counts)) = counts else { panic!("{counts:?}") };
        assert_eq!((counts.deviations(), counts.persons), (Some((5, 13)), true));
        assert_eq!(counts.before, Some(Ratio { count: 4, of: Some(13) }));
        assert_eq!(only_result("text = \"Ingen.\""), Ok(ResultKind::Text("Ingen.".into())));
    }

    #[test]
    fn a_result_says_what_it_counts_and_what_deviates() {
        let counts = |text: &str| match only_result(&format!("name = \"x\"\ncount = 8\nof = 13\n{text}")) {
            Ok(ResultKind::Counts(counts)) => counts,
            other => panic!("{other:?}"),
        };
        let plain = counts("");
        assert_eq!((plain.scope, plain.population, plain.deviation), (Scope::All, None, None));
        let sample = counts("scope = \"sample\"\npopulation = 13");
        assert_eq!((sample.scope, sample.population), (Scope::Sample, Some(13)));
        let worded = counts(
            "deviates = \"rest\"\ndeviation = \"saknar plan\"\nrequirement = \"alla ska ha en\"\nscope = \"all\"",
        );
        assert_eq!(worded.deviation.as_deref(), Some("saknar plan"));
        assert_eq!(worded.requirement.as_deref(), Some("alla ska ha en"));
        assert_eq!(worded.deviating(Ratio { count: 4, of: Some(13) }), Some((9, 13)));
    }

    /// In the order of the text, whatever is read first.
    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let text = with_result("severity = \"minor\"\n[[area.risk_point.control_point.result]]\ncount = 1")
            .replace("name = \"A\"\n", "")
            .replace("\"april\"", "\"april\", \"aprl\"")
            .replace("department = \"D\"\n", "colour = \"red\"\n");
        let flaws = Plan::flaws(&text, &Rulebook::builtin());
        let keys: Vec<&str> = flaws.iter().map(|flaw| flaw.key).collect();
        let wanted = [
            "unknown-key",
            "missing-key",
            "missing-key",
            "unknown-word",
            "reason-wanted",
            "count-without-name",
        ];
        assert_eq!(keys, wanted);
        assert!(Plan::flaws(&with_result(""), &Rulebook::builtin()).is_empty());
    }

    #[test]
    fn small_counts_of_people_are_not_published() {
        let now = |text: &str| {
            let table = "[[area.risk_point.control_point.result]]";
            let text = with_result(&format!("{table}\nname = \"x\"\nprevious_count = 2\n{text}"));
            let plan = parse(&text).expect("a plan").published(5);
            let result = &plan.areas[0].risk_points[0].control_points[0].results[0].result;
            let ResultKind::Counts(counts) = result else { panic!("counts") };
            (counts.now.map(|ratio| ratio.count), counts.before.is_some())
        };
        assert_eq!(now("count = 4"), (None, false));
        assert_eq!(now("count = 5"), (Some(5), false));
        assert_eq!(now("count = 0\nof = 20"), (Some(0), false));
        assert_eq!(now("count = 11\nof = 12"), (None, false));
        assert_eq!(now("count = 4\npersons = false"), (Some(4), true));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (result, wanted) in [
            ("control = \"child-investigations\"", "unknown-control"),
            ("control = \"child-investigation\"\ntext = \"x\"", "one-kind-of-result"),
            ("name = \"x\"", "one-kind-of-result"),
            ("count = 1", "count-without-name"),
            ("name = \"x\"\ncount = 3\nof = 2", "more-than-all"),
            ("name = \"x\"\ncount = 1\nof = 2\nprevious_count = 3\nprevious_of = 2", "more-than-all"),
            ("name = \"x\"\ncount = 1\ndeviates = \"count\"", "deviates-of-nothing"),
            ("name = \"x\"\ncount = 1\nof = 2\ntarget = 1.2", "no-share"),
            ("control = \"child-investigation\"\ntarget = 0.3\nsevere_at = 0.2", "severe-below-target"),
            ("name = \"x\"\ncount = 1\nscope = \"process\"", "deviates-of-nothing"),
            ("name = \"x\"\ncount = 1\nof = 2\nscope = \"sample\"", "sample-of-what"),
            ("name = \"x\"\ncount = 1\nof = 9\nscope = \"sample\"\npopulation = 8", "more-than-all"),
            ("name = \"x\"\ncount = 1\nof = 9\npopulation = 90", "population-of-no-sample"),
            ("name = \"x\"\ncount = 1\nof = 9\ndeviation = \"saknar plan\"", "deviation-of-none"),
            ("name = \"x\"\ncount = 1\nof = 9\ndeviates = \"rest\"\ndeviation = \" \"", "no-name"),
            ("control = \"child-investigation\"\nscope = \"process\"", "key-of-other-kind"),
            ("text = \"x\"\ndeviation = \"saknar plan\"", "key-of-other-kind"),
            ("text = \"x\"\ntarget = 0.1", "limits-of-text"),
            ("text = \"x\"\nof = 3", "key-of-other-kind"),
            ("control = \"child-investigation\"\nname = \"x\"", "key-of-other-kind"),
            ("name = \"x\"\ncount = 1\nprevious_of = 3", "key-of-other-kind"),
            ("text = \"x\"\ncolour = \"red\"", "unknown-key"),
            ("text = \"Barnet 20110203-1234\"", "person-in-text"),
        ] {
            let reason = only_result(result).expect_err(result);
            assert!(reason.contains(wanted), "{result}: {reason}");
        }
        for (text, wanted) in [
            ("[risks]\nscale = 3".to_owned(), "no-scale"),
            ("[risks]\ncritical_at = 17".to_owned(), "no-risk-value"),
            ("[risks]\nlikelihood_from = [0.1]".to_owned(), "likelihood-steps"),
            ("[risks]\nlikelihood_from = [0.1, 0.1, 0.2]".to_owned(), "likelihood-steps"),
            (with_result("severity = \"grave\""), "unknown-word"),
            (with_result("").replace("name = \"C\"", "name = \" \u{200e}\""), "no-name"),
            (with_result("severity = \"minor\""), "reason-wanted"),
            (with_result("severity_reason = \"x\""), "reason-without-severity"),
            (with_result("").replace("frequency = [\"april\"]", "frequency = []"), "no-month"),
        ] {
            let reason = parse(&text).expect_err(&text);
            assert!(reason.contains(wanted), "{text}: {reason}");
        }
    }

    #[test]
    fn risks_are_critical_from_twice_the_scale_unless_told() {
        assert_eq!(parse("").expect("a plan").risks.critical_at, 8);
        let five = parse("[risks]\nscale = 5").expect("a plan").risks;
        assert_eq!((five.critical_at, five.likelihood_from.len()), (10, 4));
        assert_eq!(parse("[risks]\ncritical_at = 9").expect("a plan").risks.critical_at, 9);
    }
}
