//! The law beside a case, the weekend rule of 2 §, and duties to report.

use crate::workspace::{HEADINGS, Workspace};

/// The law of each case of an export of investigations, by its number.
fn laws(rows: &str, as_of: &str) -> Vec<bool> {
    let workspace = Workspace::new().file("a.csv", format!("{HEADINGS}{rows}"));
    workspace.frist(&["cases", "a.csv", "--out", "cases.csv", "--as-of", as_of]).success();
    workspace.read("cases.csv").lines().skip(1).map(|line| line.contains("(2025:400)")).collect()
}

/// The Act of 2025 is in force from 1 July.
#[test]
fn a_case_is_cited_by_the_law_in_force_when_its_duty_was_met_or_breached() {
    let rows = "1;2025-04-01;2025-06-30\n2;2025-04-01;2025-07-01\n3;2025-02-28;2025-09-01\n\
                4;2025-03-01;2025-09-01\n5;2025-04-01;\n6;2025-02-10;\n";
    // 3 was due on 28 June and 4 on 1 July; 5 is due on 1 August and 6 was on 10 June.
    assert_eq!(laws(rows, "2025-09-30"), [false, true, false, true, true, false]);
    // Nothing that is still open cites a paragraph before it is in force.
    assert_eq!(laws("1;2025-04-01;\n2;2025-06-20;2025-07-10\n", "2025-06-30"), [false, false]);
    assert_eq!(laws("1;2025-04-01;\n2;2025-06-20;2025-07-10\n", "2025-07-10"), [true, true]);
}

fn due(arguments: &[&str]) -> String {
    let all = [&["due"], arguments].concat();
    Workspace::new().frist(&all).success().stdout
}

#[test]
fn due_says_from_when_another_law_is_cited() {
    let crossing = ["2025-06-01", "--control", "child-investigation"];
    let said = due(&crossing);
    assert!(
        said.contains(
            "Tiden räknas enligt 11 kap. 2 § andra stycket socialtjänstlagen (2001:453), som gällde"
        ),
        "{said}"
    );
    assert!(
        said.contains(
            "Avslutas ärendet den 1 juli 2025 eller senare, eller är det öppet då, är rätt hänvisning 20 kap. 3 §"
        ),
        "{said}"
    );
    let before = due(&[&crossing[..], &["--as-of", "2025-06-30"]].concat());
    assert!(!before.contains("2025:400"), "{before}");
}

/// Whether 2 § moves a last day is said in one sentence where it is not settled, and not at all where no statute sets the
/// time, or it is set in hours.
#[test]
fn two_paragraphs_are_spoken_of_for_statutory_days_alone() {
    let holiday = due(&["2024-01-01", "--control", "child-investigation"]);
    let unsettled = "Den 1 maj 2024 är första maj. Det är inte avgjort om 2 § lagen (1930:173) om beräkning av lagstadgad tid \
                     flyttar sista dagen till den 2 maj 2024 (torsdag); regelboken räknar med den 1 maj 2024.";
    assert_eq!(
        (holiday.contains(unsettled), holiday.matches("2 § lagen (1930:173)").count()),
        (true, 1),
        "{holiday}"
    );
    for (start, rule) in [
        ("2024-03-15", "cooperation-talks"),
        ("2024-03-30T12:00", "safety-assessment"),
        ("2024-03-30", "safety-assessment"),
        ("2024-05-31", "unenforced-decision"),
    ] {
        let said = due(&[start, "--control", rule]);
        // Numbers of paragraphs with a chapter before them are of other laws.
        assert!(!said.contains("2 § lagen (1930:173)") && !said.contains("så 2 §"), "{said}");
    }
    let talks = "Ärendenr;Begäran inkom;Samtal erbjudet\n1;2024-03-15;2024-04-02\n";
    let workspace = Workspace::new().file("samtal.csv", talks);
    workspace.results(&["--as-of", "2024-08-31", "--forms", "md", "--cases"]);
    let text = workspace.read("reports/report.md");
    assert!(!text.contains("hade tillämpats") && !text.contains("Sista dag på helg"), "{text}");
    assert!(workspace.read("reports/data/cases.csv").contains("2024-03-29,2024-03-29,,breached"));
    let project = "as_of = 2024-08-31\n[[control]]\nid = \"cooperation-talks\"\nroll = \"next-weekday\"\n";
    workspace.write("frist.toml", project);
    workspace.frist(&["run", "."]).failure(78, &["lokalt mål", "cooperation-talks"]);
}

#[test]
fn a_report_says_once_that_the_weekend_rule_is_not_settled() {
    let rows: String = (1..=28)
        .map(|day| format!("{day};2024-01-{day:02};2024-0{}-{day:02}\n", if day < 4 { 3 } else { 5 }))
        .collect();
    let workspace = Workspace::new().file("a.csv", format!("{HEADINGS}{rows}"));
    workspace.results(&["--as-of", "2024-08-31", "--forms", "md"]);
    let text = workspace.read("reports/report.md");
    let said = "Det är inte avgjort om 2 § lagen (1930:173) om beräkning av lagstadgad tid gäller när sista dagen infaller på \
         en söndag, annan allmän helgdag, lördag, midsommarafton, julafton eller nyårsafton. Här flyttas den inte.";
    assert_eq!(text.matches(said).count(), 1, "{text}");
    // A law that came later has judged none of the cases, and none of them can have been extended.
    assert!(text.contains("(2001:453)") && !text.contains("(2025:400)"), "{text}");
    assert!(!text.contains("Förlängning:") && !text.contains("Förlängda"), "{text}");
}

/// Decisions that are not implemented within three months are reported to the inspectorate: they have missed no deadline.
#[test]
fn a_duty_to_report_is_not_worded_as_a_deadline() {
    let rows: String = (1..=28)
        .map(|day| format!("{day};2024-02-{day:02};{}\n", if day < 4 { "" } else { "2024-03-01" }))
        .collect();
    let workspace = Workspace::new().file("beslut.csv", format!("Ärendenr;Beslutsdatum;Verkställd\n{rows}"));
    workspace.results(&["--as-of", "2024-08-31", "--forms", "md"]);
    let text = workspace.read("reports/report.md").replace('\u{a0}', " ");
    let reported = "Av 28 ärenden vars sista dag inföll under maj–augusti 2024 skulle 3 (10,7 %) rapporteras till Inspektionen \
                    för vård och omsorg (IVO) och kommunens revisorer.";
    assert!(text.contains(reported) && text.contains("10,7 % att rapportera"), "{text}");
    assert!(!text.contains("fristen") && text.contains("Tiden avgör bara vad som ska rapporteras"), "{text}");
    assert!(text.contains("| Att rapportera bara enligt 90 dagar |") && !text.contains("ör sena"), "{text}");
    // A day for a report is no last day for an action, which 2 § could move.
    assert!(text.contains("1 § lagen (1930:173)") && !text.contains("2 § lagen"), "{text}");
    let said = due(&["2024-02-01", "--control", "unenforced-decision"]);
    assert!(
        said.contains("Det som inte är klart senast den 1 maj 2024 ska rapporteras till Inspektionen"),
        "{said}"
    );
    assert!(!said.contains("i tid"), "{said}");
    let english = due(&["2024-02-01", "--control", "unenforced-decision", "--lang", "en"]);
    assert!(
        english.contains("is to be reported to the Health and Social Care Inspectorate (IVO) and the municipality's auditors"),
        "{english}"
    );
}
