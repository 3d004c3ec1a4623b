//! `frist rules`, `frist calendar`, `frist sample`, help, completions and man pages.

use std::collections::HashSet;

use crate::workspace::Workspace;

#[test]
fn the_rulebook_is_shown_with_its_laws() {
    let table = Workspace::new().frist(&["rules"]).success().stdout;
    for wanted in ["child-investigation", "2002-01-01–2025-06-30", "från 2025-07-01", "20 kap. 3 §"] {
        assert!(table.contains(wanted), "'{wanted}' is not in: {table}");
    }
    let json = Workspace::new().frist(&["rules", "--format", "json", "--lang", "en"]).success().stdout;
    let tables: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(tables["rules"].as_array().map(Vec::len), Some(10));
}

#[test]
fn the_calendar_names_days_and_where_a_deadline_goes() {
    let year =
        Workspace::new().frist(&["calendar", "2026", "--format", "csv", "--lang", "en"]).success().stdout;
    assert!(year.starts_with("date,weekday,name,kind,rolls_to\n"), "{year}");
    assert!(year.contains("2026-04-03,Friday,Good Friday,public,2026-04-07\n"), "{year}");
    assert!(year.contains("2026-06-19,Friday,Midsummer Eve,eve,2026-06-22\n"), "{year}");
    assert_eq!(year.lines().count(), 17);
}

#[test]
fn samples_are_reproducible_and_overwrite_nothing() {
    let workspace = Workspace::new();
    let one = ["sample", "--cases", "1000", "--seed", "3", "--out"];
    workspace.frist(&[&one[..], &["one"]].concat()).success();
    workspace.frist(&[&one[..], &["two"]].concat()).success();
    for file in ["utredningar.csv", "beslut.csv"] {
        let read = |folder: &str| std::fs::read(workspace.path(&format!("{folder}/{file}"))).expect("a file");
        assert_eq!(read("one"), read("two"));
    }
    workspace.frist(&[&one[..], &["one"]].concat()).failure(74, &["beslut.csv"]);
    workspace.frist(&["run", "one", "--out", "reports"]).success();
    let all: u64 = workspace.json("reports/data/results.json")["inputs"]
        .as_array()
        .expect("inputs")
        .iter()
        .map(|entry| entry["rows"].as_u64().expect("a count"))
        .sum();
    assert_eq!(all, 1000);
}

#[test]
fn a_nation_has_the_same_cases_in_any_order() {
    let workspace = Workspace::new();
    let nation = ["sample", "--cases", "3000", "--units", "40", "--years", "3"];
    workspace.frist(&[&nation[..], &["--out", "in-order"]].concat()).success();
    workspace.frist(&[&nation[..], &["--out", "shuffled", "--shuffled"]].concat()).success();
    let (in_order, shuffled) =
        (workspace.read("in-order/utredningar.csv"), workspace.read("shuffled/utredningar.csv"));
    assert_ne!(in_order, shuffled);
    assert!(in_order.lines().nth(1).is_some_and(|row| row.contains(";2021-09-01;")), "{in_order:.200}");
    let units: HashSet<_> = in_order.lines().skip(1).map(|row| row.split(';').nth(1)).collect();
    assert_eq!(units.len(), 40);

    let compared = |folder| workspace.frist(&["compare", folder, "--as-of", "2024-08-31"]).success().stdout;
    assert_eq!(compared("in-order"), compared("shuffled"));
    workspace.frist(&["run", "shuffled", "--as-of", "2024-08-31", "--forms", "html"]).success();
    let input = &workspace.json("reports/data/results.json")["inputs"][0];
    assert_eq!((&input["rows"], &input["rejected"]), (&3000.into(), &0.into()), "{input}");
}

#[test]
fn a_nation_that_cannot_be_is_refused() {
    for (options, says) in [
        (&["--units", "40"][..], "--cases"),
        (&["--cases", "10", "--years", "3"], "--units"),
        (&["--cases", "10", "--shuffled"], "--units"),
        (&["--cases", "10", "--units", "0"], "1–10000"),
        (&["--cases", "10", "--units", "40", "--years", "23"], "1–22"),
        (&["--cases", "10", "--units", "40", "--control", "unenforced-decision"], "--control"),
    ] {
        Workspace::new().frist(&[&["sample", "--out", "uttag"], options].concat()).failure(2, &[says]);
    }
}

#[cfg(unix)]
#[test]
fn a_run_that_is_asked_to_end_says_so_and_leaves_the_earlier_report() {
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Command, Stdio};
    let workspace = Workspace::new();
    let nation = ["sample", "--cases", "200000", "--units", "10", "--out", "uttag"];
    workspace.frist(&nation).success();
    workspace
        .write("earlier/a.csv", "Ärendenr;Utredning inledd;Utredning avslutad\n1;2024-01-10;2024-05-10\n");
    workspace.frist(&["run", "earlier", "--as-of", "2024-08-31"]).success();
    let before = workspace.read("reports/data/results.json");
    let mut run = Command::new(env!("CARGO_BIN_EXE_frist"))
        .args(["run", "uttag", "--as-of", "2024-08-31", "--forms", "html", "--lang", "en"])
        .current_dir(workspace.path("."))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    // The existence of its workplace shows that it has begun.
    while workspace.names().len() < 4 && run.try_wait().expect("it runs").is_none() {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    // A request to end, like Ctrl-C, which a test running in the background would not receive.
    let asked = workspace.command(Command::new("kill").args(["-TERM", &run.id().to_string()]));
    assert_eq!(asked.code, 0, "{}", asked.stderr);
    let ended = run.wait_with_output().expect("it ended");
    let told = String::from_utf8(ended.stderr).expect("UTF-8");
    assert_eq!(ended.status.signal(), Some(15), "{told}");
    assert!(
        told.ends_with("Stopped. Nothing new was written; any earlier report or list is unchanged.\n"),
        "{told}"
    );
    assert_eq!(workspace.names(), ["earlier", "reports", "uttag"]);
    assert_eq!(workspace.read("reports/data/results.json"), before);
}

#[test]
fn the_exit_codes_are_in_the_help_and_in_the_docs() {
    let help = Workspace::new().frist(&["--help"]).success().stdout;
    let page = include_str!("../../docs/commands.md");
    for code in ["0", "1", "2", "65", "70", "74", "78", "130"] {
        assert!(help.lines().any(|line| line.split_whitespace().next() == Some(code)), "{code}: {help}");
        assert!(page.contains(&format!("\n| {code} | ")), "{code} is not in docs/commands.md");
    }
}

#[test]
fn help_and_wrong_arguments_are_told_in_the_reader_s_language() {
    let workspace = Workspace::new();
    let help = workspace.frist(&["open", "--help"]).success().stdout;
    assert!(
        help.contains("Användning: frist open [ALTERNATIV] [SÖKVÄG]") && help.contains("[standard: .]"),
        "{help}"
    );
    let help = workspace.frist(&["open", "--help", "--lang", "en"]).success().stdout;
    assert!(help.contains("Usage: frist open [OPTIONS] [PATH]") && help.contains("[default: .]"), "{help}");
    for (wrong, says) in [
        (
            &["open", "--witin", "3"][..],
            "Alternativet --witin finns inte för frist open. Menade du ”--within”?",
        ),
        (&["opn"], "Kommandot ”opn” finns inte. Menade du ”open”?"),
        (&["due", "2024-01-01"], "Uppgifter saknas: --control <ID>."),
        (&["open", "--within", "x"], "”x” kan inte anges för --within <DAGAR>. Ange ett heltal 0–65535."),
        (&["compare", "--period", "år"], "Värden som finns: month, quarter, tertial, half-year, year."),
        (&["run", "--body", "--appendix"], "--body kan inte användas tillsammans med --appendix."),
        (&["due", "--control", "a", "--rule", "b", "2024-01-01"], "--control <ID> kan bara anges en gång."),
        (&["open", ".", "Söder"], "”Söder” är ett argument för mycket."),
        (&["open", "--within"], "Värdet saknas efter --within <DAGAR>."),
        (&["--lang=en", "opn"], "There is no command ‘opn’. Did you mean ‘open’?"),
    ] {
        workspace.frist(wrong).failure(2, &["(usage)", says]);
    }
    let told = workspace.frist(&["open", "--as-of", "19121212-1212"]).failure(2, &["--as-of"]).stderr;
    assert!(!told.contains("1212"), "{told}");
}

#[test]
fn options_are_refused_where_they_mean_nothing() {
    let workspace = Workspace::new();
    for wrong in [
        &["rules", "--threads", "2"][..],
        &["calendar", "2026", "--rulebook", "a.toml"],
        &["tally", ".", "--out", "t", "--format", "json"],
        &["verify", "reports", "--as-of", "2024-08-31"],
        &["add", "t", "--encoding", "utf-8"],
    ] {
        workspace.frist(wrong).failure(2, &["finns inte för frist"]);
    }
}

#[test]
fn shells_and_manuals_know_every_command() {
    let workspace = Workspace::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = workspace.frist(&["completions", shell]).success().stdout;
        for word in ["pseudonymise", "excel-sv", "half-year"] {
            assert!(script.contains(word), "{word} in {shell}");
        }
    }
    let page = workspace.frist(&["man"]).success().stdout;
    assert!(page.contains(".SH NAMN\n") && page.contains("frist\\-run(1)"), "{page}");
    workspace.frist(&["man", "--out", "manual", "--lang", "en"]).success();
    let pages = workspace.names_in("manual");
    assert!(pages.len() > 15 && pages.iter().any(|page| page == "frist-run.1"), "{pages:?}");
    let page = workspace.read("manual/frist-run.1");
    assert!(page.contains(".SH NAME\n") && page.contains("frist run"), "{page}");
}
