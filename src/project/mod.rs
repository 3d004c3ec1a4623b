//! The project file, `frist.toml`: what the analyst says about the exports and the report.
//!
//! Parses and checks the text; opens no file. What is typed is in `typed`; what it means, with what a command says
//! over it, [`Settings`].

mod checked;
mod csv_style;
mod edition;
mod forms;
mod one_or_many;
mod pictures;
mod report;
mod resolve;
mod selection;
mod settings;
mod source;
mod trends;
mod typed;

pub use csv_style::CsvStyle;
pub use edition::Edition;
pub use forms::Form;
pub use one_or_many::OneOrMany;
pub use pictures::PictureFile;
pub use report::{Colour, ReportSettings};
pub use selection::Selection;
pub use settings::{Asked, Clocks, ControlSettings, GroupedBy, Reported, ReportedFigure, Settings, Threads};
pub use source::{
    ColumnNames, DateFormats, Duplicates, Sheets, ShortRows, Source, SourceControl, StatusWords,
    ValuesByHeading,
};
pub use trends::{Note, Rebase, SignalSet, TrendChart, TrendSettings};
pub use typed::schema_json;

/// The project file's name in a folder.
pub const FILE_NAME: &str = "frist.toml";

/// The name of its schema, which lies beside it.
pub const SCHEMA_NAME: &str = "frist.schema.json";

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::error::Error;
    use crate::rulebook::{Cohort, Rulebook};

    fn parse(text: &str) -> Result<Settings, String> {
        Settings::parse(text, Path::new("frist.toml")).map_err(|error| match error {
            Error::UnusableProject { flaw, .. } => {
                format!("{} {:?} {:?}", flaw.key, flaw.values, flaw.suggestion)
            }
            other => other.to_string(),
        })
    }

    #[test]
    fn the_example_of_the_design_is_read() {
        let project = parse(
            r#"
            organisation = "Exempelkommunen"
            as_of = 2024-08-31
            period = "tertial"
            language = "sv"
            [[source]]
            control = "child-investigation"
            files = ["utredningar*.csv"]
            columns = { case_id = "Ärendenr", start = "Utredning inledd", end = "Utredning avslutad", extended_to = "Förlängd till", group = "Enhet" }
            [[reported]]
            control = "child-investigation"
            period = "2021-T3"
            share = 0.41
            method = "120 days"
            source = "Internkontrollrapport 2021"
            [[control]]
            id = "child-investigation"
            target = 0.0
            severe_at = 0.20
            cohort = "closed"
            "#,
        )
        .expect("a project");
        assert_eq!(project.as_of.map(|day| day.to_string()).as_deref(), Some("2024-08-31"));
        assert_eq!(project.sources[0].control, SourceControl::One("child-investigation".into()));
        assert_eq!(project.reported[0].figure, ReportedFigure::Share(0.41));
        assert_eq!(project.of_control("child-investigation").cohort, Some(Cohort::Closed));
        assert_eq!(project.of_control("other").cohort, None);
        assert!(project.unknown_controls(&Rulebook::builtin()).is_empty());
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, wanted) in [
            ("as_off = 2024-08-31", "unknown-key"),
            ("as_of = \"2024-08-31\"", "no-plain-day"),
            ("as_of = 2024-08-31T10:00:00", "no-plain-day"),
            ("as_of = 2101-01-01", "day-out-of-range"),
            ("[[control]]\nid = \"x\"\n[[control]]\nid = \"x\"", "control-twice"),
            ("period = \"termin\"", "unknown-word"),
            ("[report]\ncolour = \"blue\"", "no-colour"),
            ("[report]\ncolour = \"#ffcc00\"", "pale-colour"),
            ("[report]\nsmallest_published = 2", "smallest-published"),
            ("[report]\nforms = [\"html\", \"ppt\"]", "unknown-word"),
            ("[report]\nforms = []", "no-forms"),
            ("[[source]]\nfiles = []", "no-files"),
            ("[[source]]\nfiles = [\"a\"]\ncontrol = \"x\"\ntypes = { a = \"b\" }", "control-and-types"),
            ("[[control]]\nid = \"x\"\ntarget = 20", "no-share"),
            ("[[control]]\nid = \"x\"\nfreeze = \"2023-T1\"", "no-trend-period"),
            ("[trend]\nperiod = \"manad\"", "unknown-word"),
            ("[trend]\nchart = \"u\"", "unknown-word"),
            ("[[rebase]]\ncontrol = \"x\"\nfrom = \"2023\"\nreason = \"r\"", "no-trend-period"),
            ("[[rebase]]\ncontrol = \"x\"\nfrom = \"2023-02\"\nreason = \" \"", "rebase-without-reason"),
            (
                "[[rebase]]\ncontrol = \"x\"\nfrom = \"2023-02\"\nreason = \"r\"\nfreeze = \"2023-01\"",
                "freeze-before-rebase",
            ),
            (
                "[[rebase]]\ncontrol = \"x\"\nfrom = \"2023-02\"\nreason = \"r\"\n[[rebase]]\ncontrol = \"x\"\nfrom = \"2023-02\"\nreason = \"s\"",
                "rebase-twice",
            ),
            ("[[note]]\ncontrol = \"x\"\nat = \"2023-T1\"\ntext = \"t\"", "no-trend-period"),
            ("[[note]]\ncontrol = \"x\"\nat = \"2023-02\"\ntext = \" \"", "note-without-text"),
            (
                "[[note]]\ncontrol = \"x\"\nat = \"2023-02\"\ntext = \"t\"\n[[note]]\ncontrol = \"x\"\nat = \"2023-02\"\ntext = \"u\"",
                "note-twice",
            ),
            (
                "[[reported]]\ncontrol = \"x\"\nperiod = \"2021-T3\"\nmethod = \"m\"\nsource = \"s\"",
                "share-or-counts",
            ),
            (
                "[[reported]]\ncontrol = \"x\"\nperiod = \"T3 2021\"\nshare = 0.1\nmethod = \"m\"\nsource = \"s\"",
                "no-period",
            ),
            (
                "[[reported]]\ncontrol = \"x\"\nperiod = \"2021\"\ncases = 1\ndeviations = 2\nmethod = \"m\"\nsource = \"s\"",
                "more-deviations-than-cases",
            ),
        ] {
            let reason = parse(text).expect_err(text);
            assert!(reason.contains(wanted), "{text}: {reason}");
        }
    }

    #[test]
    fn accepted_texts_are_kept_as_they_stand() {
        let project = parse("accept = [\"Dnr 20240812-1234\", \"Ärendenr\"]").expect("a project");
        assert_eq!(project.accept, ["Dnr 20240812-1234", "Ärendenr"]);
        assert_eq!(parse("").expect("a project").accept, Vec::<String>::new());
        assert!(parse("accept = \"20240812-1234\"").is_err());
    }

    #[test]
    fn an_unknown_control_gets_a_suggestion() {
        let project =
            parse("[[source]]\ncontrol = \"child-investigations\"\nfiles = [\"a.csv\"]").expect("a project");
        let flaws = project.unknown_controls(&Rulebook::builtin());
        let flaw = &flaws[0];
        assert_eq!(flaw.suggestion.as_deref(), Some("child-investigation"));
        assert_eq!(flaw.span.clone().map(|span| &flaw.text[span]), Some("\"child-investigations\""));
    }

    #[test]
    fn notes_are_kept_by_control_in_order_of_time() {
        let note = |control: &str, at: &str| {
            format!("[[note]]\ncontrol = \"{control}\"\nat = \"{at}\"\ntext = \" Ny chef \"\n")
        };
        let text = [note("b", "2024-03"), note("a", "2024-02"), note("b", "2023-12")].concat();
        let project = parse(&text).expect("a project");
        let of = |control| -> Vec<String> {
            project.notes_of(control).iter().map(|note| format!("{} {}", note.at, note.text)).collect()
        };
        assert_eq!(of("b"), ["2023-12 Ny chef", "2024-03 Ny chef"]);
        assert_eq!(of("c"), [""; 0]);
        assert_eq!(project.unknown_controls(&Rulebook::builtin()).len(), 3);
    }

    #[test]
    fn all_flaws_are_found_at_once() {
        let text =
            "as_off = 1\nperiod = \"termin\"\nlangage = \"sv\"\n[[control]]\nid = \"x\"\ntarget = 20\n";
        let flaws = Settings::flaws(text);
        let found: Vec<(&str, &str)> =
            flaws.iter().map(|flaw| (flaw.key, flaw.span.clone().map_or("", |span| &text[span]))).collect();
        assert_eq!(
            found,
            [
                ("unknown-key", "as_off"),
                ("unknown-key", "langage"),
                ("unknown-word", "\"termin\""),
                ("no-share", "20")
            ]
        );
        assert_eq!(Settings::flaws("as_of = ")[0].key, "toml");
        let keys = |text| Settings::flaws(text).iter().map(|flaw| flaw.key).collect::<Vec<_>>();
        assert_eq!(
            keys("[[published]]\ncontrol = \"x\"\n[[published]]\n"),
            ["old-key", "old-key", "missing-key"]
        );
        assert_eq!(Settings::flaws("as_of = 2024-08-31"), []);
    }

    #[test]
    fn the_schema_knows_every_key() {
        let schema: serde_json::Value = serde_json::from_slice(&schema_json()).expect("JSON");
        let keys: Vec<&str> =
            schema["properties"].as_object().expect("keys").keys().map(String::as_str).collect();
        assert!(keys.contains(&"as_of") && keys.contains(&"source"), "{keys:?}");
        assert_eq!(schema["additionalProperties"], false);
    }
}
