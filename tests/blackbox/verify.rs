//! What `frist verify` proves of a report: that it is whole, that its inputs are the same, and that they give it.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::workspace::{HEADINGS, Outcome, Workspace};

/// A project with every kind of file that a report is made from.
fn project() -> Workspace {
    let rows: String = (1..=40)
        .map(|number| {
            let (day, unit) = (number % 28 + 1, if number % 2 == 0 { "Norr" } else { "Söder" });
            let ended = number * 5 % 28 + 1;
            format!("{number};2023-1{}-{day:02};2024-0{}-{ended:02};{unit}\n", number % 3, number % 3 + 1)
        })
        .collect();
    let plan = "[[area]]\nname = \"Myndighetsutövning\"\naim = \"Rätt tid\"\n";
    let settings = "organisation = \"Exempelnämnden\"\nas_of = 2024-04-30\nrulebook = \"regler/egna.toml\"\n\
                    language = \"en\"\n[report]\nlogo = \"vapen.svg\"\n[[source]]\nfiles = [\"utredningar.csv\"]\n";
    let logo = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\" height=\"10\"><rect width=\"10\" height=\"10\"/></svg>";
    let workspace = Workspace::new()
        .file("uttag/utredningar.csv", format!("{};Enhet\n{rows}", HEADINGS.trim_end()))
        .file("uttag/frist.toml", settings)
        .file("uttag/regler/egna.toml", "")
        .file("uttag/internal-control.toml", plan)
        .file("uttag/risks.csv", "Nr;Risk;Riskvärde\n1;Sen utredning;4\n")
        .file("uttag/vapen.svg", logo)
        .file("uttag/gammalt.csv", format!("{HEADINGS}9;2020-01-10;2020-05-10\n"));
    let css = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report/templates/page.css");
    workspace.write("mallar/page.css", fs::read(css).expect("a style sheet"));
    workspace.write("fler.toml", "");
    workspace
}

fn report(workspace: &Workspace, out: &str, more: &[&str]) -> Outcome {
    let run = ["run", "uttag", "--out", out, "--pictures", "none", "--template-dir", "mallar"];
    workspace.frist(&[&run[..], more].concat()).success()
}

fn verify(workspace: &Workspace, out: &str, more: &[&str]) -> Outcome {
    workspace.frist(&[&["verify", out, "--lang", "sv"], more].concat())
}

/// What a report lists as read, by kind and path.
fn read_by(workspace: &Workspace, out: &str) -> Vec<(String, String)> {
    let read = workspace.json(&format!("{out}/manifest.json"))["read"].as_array().expect("a list").clone();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    read.iter().map(|file| (text(&file["kind"]), text(&file["path"]))).collect()
}

#[test]
fn every_file_that_is_read_is_listed_and_each_is_missed() {
    let workspace = project();
    report(&workspace, "ut", &["--rulebook", "fler.toml"]);
    let read = read_by(&workspace, "ut");
    let named = [
        ("project", "frist.toml"),
        ("rulebook", "regler/egna.toml"),
        ("rulebook", "../fler.toml"),
        ("unread", "gammalt.csv"),
        ("plan", "internal-control.toml"),
        ("risks", "risks.csv"),
        ("export", "utredningar.csv"),
        ("logo", "vapen.svg"),
        ("template", "../mallar/page.css"),
    ];
    assert_eq!(read, named.map(|(kind, path)| (kind.to_owned(), path.to_owned())));
    let told = verify(&workspace, "ut", &["--inputs", "uttag"]).success().stdout;
    assert!(told.contains("Antal filer: 9.\nKontrollen visar"), "{told}");
    for (kind, path) in named {
        let whole = workspace.path("uttag").join(path);
        let bytes = fs::read(&whole).expect("a file");
        if kind != "unread" {
            // One byte.
            let changed =
                if bytes.is_empty() { b"#".to_vec() } else { [&bytes[..bytes.len() - 1], b"!"].concat() };
            fs::write(&whole, changed).expect("written");
            let failed = verify(&workspace, "ut", &["--inputs", "uttag"]);
            assert!(failed.stdout.contains(&format!("  ändrad    {path}\n")), "{}", failed.stdout);
            failed.failure(1, &["(other-inputs)", &format!("Ändrade: {path}. Rapporten")]);
        }
        fs::remove_file(&whole).expect("removed");
        let failed = verify(&workspace, "ut", &["--rerun", "uttag"]);
        assert!(failed.stdout.contains(&format!("  saknas    {path}\n")), "{}", failed.stdout);
        failed.failure(1, &["(other-inputs)", &format!("Saknas: {path}. Rapporten")]);
        fs::write(&whole, bytes).expect("written");
    }
    workspace.write("uttag/nytt.csv", HEADINGS);
    let told = verify(&workspace, "ut", &["--inputs", "uttag"]).success().stdout;
    assert!(told.contains("  oläst     nytt.csv"), "{told}");
    verify(&workspace, "ut", &["--inputs", "uttag/frist.toml"]).success();
    verify(&workspace, "ut", &["--inputs", "borta"]).failure(74, &["(missing-input)"]);
}

#[test]
fn the_folder_of_a_file_that_is_named_alone_is_the_current_one() {
    let rows = "1;2024-01-10;2024-05-08\n2;2024-01-12;2024-05-20\n";
    let workspace = Workspace::new().file("a.csv", format!("{HEADINGS}{rows}"));
    let run = ["run", "a.csv", "--as-of", "2024-08-31", "--out", "ut", "--forms", "md", "--pictures", "none"];
    workspace.frist(&run).success();
    let told = verify(&workspace, "ut", &["--inputs", "a.csv"]).success().stdout;
    assert!(told.lines().any(|line| line.starts_with(".: ")), "{told}");
}

#[test]
fn a_report_is_made_again_byte_for_byte() {
    let workspace = project();
    let forms = ["--forms", "html,md,docx,xlsx"];
    report(&workspace, "ut", &[&forms[..], &["--rulebook", "fler.toml", "--period", "quarter"]].concat());
    let before = workspace.names();
    let told = verify(&workspace, "ut", &["--rerun", "uttag"]).success().stdout;
    assert!(told.contains("blev densamma, byte för byte"), "{told}");
    assert!(told.contains("frist run --period=quarter"), "{told}");
    report(
        &workspace,
        "en",
        &["--forms", "md", "--lang", "sv", "--as-of", "2024-03-31", "--group", "Enhet", "--cases"],
    );
    verify(&workspace, "en", &["--rerun", "uttag"]).success();
    // Wherever the folder is: the earlier names are those beside it.
    workspace.command(Command::new("sh").args(["-c", "mkdir kopia; cp -r uttag mallar fler.toml kopia"]));
    verify(&workspace, "ut", &["--rerun", "kopia/uttag"]).success();
    fs::remove_dir_all(workspace.path("kopia")).expect("removed");
    fs::remove_dir_all(workspace.path("en")).expect("removed");
    assert_eq!(workspace.names(), before, "nothing is left behind");
}

#[test]
fn a_published_edition_after_earlier_ones_is_made_again() {
    let workspace = project();
    let published = ["--edition", "published", "--forms", "md"];
    report(&workspace, "webb/t1", &[&published[..], &["--as-of", "2024-03-31"]].concat());
    report(&workspace, "webb/t2", &[&published[..], &["--published-before", "webb/t1"]].concat());
    let manifest = workspace.json("webb/t2/manifest.json");
    let command = [
        "run",
        "--edition=published",
        "--published-before=../webb/t1",
        "--forms=md",
        "--pictures=none",
        "--template-dir=../mallar",
        "frist.toml",
    ];
    assert_eq!((&manifest["command"], &manifest["read"]), (&json!(command), &Value::Null));
    verify(&workspace, "webb/t2", &["--inputs", "uttag"]).failure(2, &["--rerun"]);
    let told = verify(&workspace, "webb/t2", &["--rerun", "uttag"]).success().stdout;
    assert!(told.contains("inga SHA-256 för underlaget") && told.contains("byte för byte"), "{told}");
    let more: String = (100..140).map(|number| format!("{number};2023-10-01;2024-04-02;Väst\n")).collect();
    workspace.write("uttag/utredningar.csv", workspace.read("uttag/utredningar.csv") + &more);
    verify(&workspace, "webb/t2", &["--rerun", "uttag"]).failure(1, &["(not-remade)", "data/results.json"]);
}

/// Changes a file of a report, and its manifest so that the two agree.
fn forge(workspace: &Workspace, file: &str, from: &str, to: &str) {
    let digest =
        |text: &str| -> String { Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect() };
    let (text, manifest) = (workspace.read(file), workspace.read("ut/manifest.json"));
    let forged = text.replacen(from, to, 1);
    assert!(forged != text && from.len() == to.len(), "{from} is not in {file}");
    workspace.write(file, &forged);
    workspace.write("ut/manifest.json", manifest.replace(&digest(&text), &digest(&forged)));
}

#[test]
fn a_report_that_was_changed_with_its_manifest_is_found_out() {
    let workspace = project();
    report(&workspace, "ut", &["--forms", "md"]);
    let names = workspace.names();
    forge(&workspace, "ut/report.md", "Exempelnämnden", "Exempelnämndet");
    verify(&workspace, "ut", &[]).success();
    verify(&workspace, "ut", &["--inputs", "uttag"]).success();
    let failed = verify(&workspace, "ut", &["--rerun", "uttag"]);
    failed.failure(1, &["(not-remade)", "Skiljer sig: report.md."]);
    forge(&workspace, "ut/report.md", "Exempelnämndet", "Exempelnämnden");
    let manifest = workspace.read("ut/manifest.json");
    workspace.write("ut/manifest.json", manifest.replace("frist 0.", "frist 9."));
    let failed = verify(&workspace, "ut", &["--rerun", "uttag"]);
    assert!(failed.stdout.contains("skriven av frist 9."), "{}", failed.stdout);
    failed.failure(1, &["Skiljer sig: manifest.json."]);
    // What was read, and how, is a claim of the manifest like any other.
    workspace.write("ut/manifest.json", manifest.replace("\"unread\"", "\"export\""));
    verify(&workspace, "ut", &["--rerun", "uttag"]).failure(1, &["Skiljer sig: manifest.json."]);
    for (from, to) in [("\"run\"", "\"sql\""), ("--forms=md", "--form=md"), ("\"command\"", "\"commands\"")] {
        workspace.write("ut/manifest.json", manifest.replace(from, to));
        verify(&workspace, "ut", &["--rerun", "uttag"]).failure(2, &["manifest.json"]);
    }
    assert_eq!(workspace.names(), names, "nothing is left behind");
}

#[test]
fn pseudonyms_are_made_again_with_their_key_alone() {
    let workspace = project();
    report(&workspace, "ut", &["--forms", "md", "--cases", "--pseudonymise", "hemlig.key"]);
    assert!(!workspace.read("ut/manifest.json").contains("hemlig"));
    verify(&workspace, "ut", &["--inputs", "uttag"]).success();
    verify(&workspace, "ut", &["--rerun", "uttag"]).failure(2, &["--pseudonymise"]);
    let with = |key: &str| verify(&workspace, "ut", &["--rerun", "uttag", "--pseudonymise", key]);
    with("borta.key").failure(74, &["borta.key"]);
    assert!(!workspace.path("borta.key").exists(), "no key is made");
    with("hemlig.key").success();
    report(&workspace, "annan", &["--forms", "md", "--cases", "--pseudonymise", "annan.key"]);
    with("annan.key").failure(1, &["(not-remade)", "Skiljer sig: data/cases.csv."]);
}

#[test]
fn a_sum_is_made_again_unless_it_is_anonymous() {
    let workspace = project();
    for (name, number) in [("norr", 0), ("soder", 500)] {
        let rows: String = (1..=20)
            .map(|row| format!("{};2024-01-{row:02};2024-0{}-02\n", row + number, 3 + number / 500))
            .collect();
        workspace.write(&format!("{name}/a.csv"), format!("{HEADINGS}{rows}"));
        workspace
            .write(&format!("{name}/frist.toml"), format!("organisation = \"{name}\"\nas_of = 2024-04-30\n"));
        workspace.frist(&["tally", name, "--out", &format!("tal/{name}")]).success();
        verify(&workspace, &format!("tal/{name}"), &["--rerun", "."]).failure(2, &["räkning"]);
    }
    workspace.write("summa/frist.toml", "organisation = \"Länet\"\n");
    let add = ["add", "tal/norr", "tal/soder", "--project", "summa", "--forms", "md", "--pictures", "none"];
    workspace.frist(&[&add[..], &["--out", "ut"]].concat()).success();
    let paths: Vec<String> = read_by(&workspace, "ut").into_iter().map(|(_, path)| path).collect();
    let tally = |name: &str| [format!("tal/{name}/manifest.json"), format!("tal/{name}/tally.csv")];
    assert_eq!(
        paths,
        [vec!["summa/frist.toml".to_owned()], tally("norr").into(), tally("soder").into()].concat()
    );
    verify(&workspace, "ut", &["--rerun", "."]).success();
    workspace.command(Command::new("sh").args(["-c", "mkdir kopia; cp -r tal summa kopia"]));
    verify(&workspace, "ut", &["--rerun", "kopia"]).success();
    workspace.frist(&[&add[..], &["--out", "anonym", "--anonymous"]].concat()).success();
    assert!(!workspace.read("anonym/manifest.json").contains("norr"));
    for option in ["--inputs", "--rerun"] {
        verify(&workspace, "anonym", &[option, "."]).failure(2, &["--anonymous"]);
    }
}

#[test]
fn the_project_file_chooses_the_edition_and_the_command_another() {
    let workspace = project();
    let first = |outcome: &Outcome| outcome.stderr.lines().next().expect("a line").to_owned();
    let is_published =
        |out: &str| workspace.json(&format!("{out}/data/results.json"))["edition"] == "published";
    let told = report(&workspace, "ut", &["--lang", "sv"]);
    assert!(first(&told).starts_with("Utgåva: intern.") && !is_published("ut"), "{}", told.stderr);
    workspace.write(
        "uttag/frist.toml",
        format!("edition = \"published\"\n{}", workspace.read("uttag/frist.toml")),
    );
    let told = report(&workspace, "webb", &[]);
    assert!(first(&told).starts_with("Edition: published.") && is_published("webb"), "{}", told.stderr);
    let told = report(&workspace, "inne", &["--edition", "internal"]);
    assert!(first(&told).starts_with("Edition: internal.") && !is_published("inne"), "{}", told.stderr);
    workspace.frist(&["run", "uttag", "--cases"]).failure(2, &["--edition internal"]);
    report(&workspace, "webb2", &["--published-before", "webb"]);
}
