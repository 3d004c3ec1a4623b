//! What the documentation shows: its TOML is read, its commands run and print what it says, its links lead somewhere, its
//! exit codes are those of `--help`.

use std::path::Path;
use std::process::Command;

use frist::plan::Plan;
use frist::project::Settings;
use frist::rulebook::Rulebook;

use crate::workspace::{Outcome, Workspace};

fn page(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The TOML of a page, block by block.
fn toml_in<const BLOCKS: usize>(name: &str) -> [String; BLOCKS] {
    let page = page(name);
    let blocks = page.split("\n```toml\n").skip(1).map(|rest| rest.split("\n```").next().expect("its end"));
    let blocks: Vec<String> = blocks.map(|block| format!("{block}\n")).collect();
    blocks.try_into().unwrap_or_else(|blocks: Vec<String>| panic!("{name} has {} blocks", blocks.len()))
}

/// The commands of a page: indented lines that begin with `frist`, without the words beside them.
fn commands_in(name: &str) -> Vec<String> {
    let page = page(name);
    let indented = page.lines().filter(|line| line.starts_with("    ")).map(str::trim_start);
    let lines = indented.filter(|line| line.starts_with("frist "));
    lines.map(|line| line.split("  ").next().unwrap_or(line).to_owned()).collect()
}

/// Every page of the book and both READMEs, by path.
fn pages() -> Vec<String> {
    let mut names = vec!["README.md".to_owned(), "README.sv.md".to_owned()];
    for folder in ["docs", "docs/sv"] {
        let files = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).expect(folder);
        let files = files.map(|file| file.expect("a file").file_name().into_string().expect("UTF-8"));
        names.extend(files.filter(|file| file.ends_with(".md")).map(|file| format!("{folder}/{file}")));
    }
    names
}

/// The fenced blocks of a page with what stands beside their opening fence, without the indent of a list.
fn fences(name: &str) -> Vec<(String, String)> {
    let mut fences: Vec<(String, String)> = Vec::new();
    let mut within = None;
    for line in page(name).lines() {
        let trimmed = line.trim_start();
        match (within, trimmed.strip_prefix("```")) {
            (None, Some(info)) => {
                within = Some(line.len() - trimmed.len());
                fences.push((info.to_owned(), String::new()));
            }
            (Some(_), Some(_)) => within = None,
            (Some(indent), None) => {
                let block = &mut fences.last_mut().expect("an open fence").1;
                block.push_str(line.get(indent..).unwrap_or_default());
                block.push('\n');
            }
            (None, None) => {}
        }
    }
    fences
}

/// Does what a page tells its reader: saves the blocks that name a file, types the commands after `$`, and looks for
/// every line shown below them.
fn walk(name: &str) {
    let workspace = Workspace::new();
    for (info, block) in fences(name) {
        match info.split_once(' ') {
            Some((_, path)) => workspace.write(path, block),
            None if info == "console" => {
                block.split("$ ").skip(1).for_each(|session| type_in(&workspace, name, session))
            }
            None => {}
        }
    }
}

fn type_in(workspace: &Workspace, name: &str, session: &str) {
    let (command, shown) = session.split_once('\n').expect("a line");
    let outcome = in_shell(workspace, command);
    let fails = shown.starts_with("Fel (") || shown.starts_with("Error (");
    assert_eq!(outcome.code != 0, fails, "{name}: {command}\n{}", outcome.stderr);
    // Pages have ordinary blanks where the program keeps a number together.
    let printed = format!("{}\n{}", outcome.stdout, outcome.stderr).replace('\u{a0}', " ");
    for line in shown.lines() {
        assert!(printed.contains(line), "{name}: '{line}' is not printed by {command}:\n{printed}");
    }
}

/// The targets of a page's links and pictures.
fn links_in(text: &str) -> Vec<&str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect()
}

/// The headings of a page as GitHub makes anchors of them.
fn anchors_in(name: &str) -> Vec<String> {
    let page = page(name);
    let headings = page.lines().filter(|line| line.starts_with('#'));
    let kept = |letter: &char| letter.is_alphanumeric() || "- _".contains(*letter);
    let anchor = |line: &str| {
        line.trim_start_matches('#').trim().to_lowercase().chars().filter(kept).collect::<String>()
    };
    headings.map(|line| anchor(line).replace(' ', "-")).collect()
}

/// Runs a command as a person would who has installed the program. Only the page of a report is made unless the
/// command says otherwise.
fn in_shell(workspace: &Workspace, command: &str) -> Outcome {
    let program = Path::new(env!("CARGO_BIN_EXE_frist")).parent().expect("its folder");
    let paths = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let forms =
        if command.starts_with("frist run") && !command.contains("--forms") { " --forms html" } else { "" };
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("{command}{forms}")]).env("PATH", paths).env("HOME", workspace.path(""));
    workspace.command(&mut shell)
}

fn follow(workspace: &Workspace, commands: &[String]) {
    for command in commands {
        let outcome = in_shell(workspace, command);
        assert_eq!(outcome.code, 0, "{command}\n{}", outcome.stderr);
        assert!(!outcome.stdout.is_empty() || !outcome.stderr.is_empty(), "{command} says nothing");
    }
}

/// A folder of exports with what the commands of the pages name, and no project file.
fn uttag() -> Workspace {
    let mut rows = String::from("Ärendenr;Enhet;Orsak;Åldersgrupp;Utredning inledd;Utredning avslutad\n");
    for number in 0..240 {
        let (unit, cause) = (["Norr", "Söder"][number % 2], ["Våld", "Skola", "Missbruk"][number % 3]);
        let (age, year, month) = (["0–6", "7–17"][number / 2 % 2], 2022 + number / 120, number / 10 % 12 + 1);
        let end = if number < 230 { format!("{year}-{month:02}-28") } else { String::new() };
        let start = format!("{}-{month:02}-{:02}", year - usize::from(number % 5 == 0), number % 10 + 1);
        rows += &format!("BU-{number};{unit};{cause};{age};{start};{end}\n");
    }
    let project = "organisation = \"Exempelkommunen\"\nas_of = 2024-08-31\n";
    let workspace = Workspace::new()
        .file("kommun/utredningar.csv", &rows)
        .file("kommun/frist.toml", project)
        .file("uttag/utredningar.csv", rows);
    let export = workspace.read("kommun/utredningar.csv");
    for (name, out, lines) in [("Exempelkommunen", "rakning-1", 241), ("Grannkommunen", "rakning-2", 200)] {
        workspace.write("granne/frist.toml", project.replace("Exempelkommunen", name));
        let rows: Vec<&str> = export.lines().take(lines).collect();
        workspace.write("granne/utredningar.csv", rows.join("\n"));
        workspace.frist(&["tally", "granne", "--out", out]).success();
    }
    let css = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report/templates/page.css");
    workspace.write("mallar/page.css", std::fs::read(css).expect("a style sheet"));
    std::fs::create_dir(workspace.path("nycklar")).expect("a folder");
    let own = ["run", "uttag", "--forms", "docx", "--out", "first", "--pictures", "none"];
    workspace.frist(&own).success();
    for (as_of, out) in [("2022-12-31", "publicerat/2023-T3"), ("2023-08-31", "publicerat/2024-T1")] {
        let asked =
            ["run", "uttag", "--as-of", as_of, "--edition", "published", "--forms", "md", "--out", out];
        workspace.frist(&asked).success();
    }
    // Any Word file can lend its styles.
    workspace.write("kommunens-mall.docx", workspace.bytes("first/report.docx"));
    workspace
}

#[test]
fn the_plan_and_its_settings_in_the_docs_are_read() {
    let [plan, severity, risks] = toml_in("docs/internal-control.md");
    let [editions] = toml_in("docs/editions.md");
    assert!(
        toml::from_str::<toml::Table>(&editions)
            .is_ok_and(|read| read["report"]["published_before"].is_array())
    );
    let parse = |text: &str| Plan::parse(text, Path::new("internal-control.toml"), &Rulebook::builtin(), &[]);
    parse(&plan).expect("the plan");
    parse(&risks).expect("how risks are valued");
    let point = plan.find("planned_action").expect("a control point");
    let graded = format!("{}{severity}{}", &plan[..point], &plan[point..]);
    parse(&graded).expect("a severity of one's own");
}

#[test]
fn the_project_files_in_the_docs_are_read() {
    let parse = |text: &str| Settings::parse(text, Path::new("frist.toml"));
    for name in ["docs/project-file.md", "docs/sv/projektfil.md"] {
        let [project] = toml_in(name);
        parse(&project).expect(name);
    }
    let [rulebook, of_another_law, columns] = toml_in("docs/another-law.md");
    assert_eq!(toml_in("docs/sv/annat-omrade.md"), [&*rulebook, &of_another_law, &columns]);
    Rulebook::builtin().overridden_by(&rulebook, "regler.toml").expect("a rulebook of another field");
    parse(&of_another_law).expect("its project file");
    parse(&with_columns(&of_another_law, &columns)).expect("with a due date from a column");
}

/// A project file with another line of columns.
fn with_columns(project: &str, columns: &str) -> String {
    let kept = project.lines().filter(|line| !line.starts_with("columns"));
    format!("{}\n{columns}", kept.collect::<Vec<&str>>().join("\n"))
}

#[test]
fn another_law_is_followed_to_the_letter() {
    let [rulebook, project, columns] = toml_in("docs/another-law.md");
    let mut permits = String::from("case,startdate,enddate,deadline,group\n");
    for number in 1..=40 {
        let (start, end) =
            (format!("2011-08-{:02}", number % 28 + 1), format!("2011-10-{:02}", number % 28 + 1));
        permits += &format!("P-{number},{start},{end},2011-11-01,Centrum\n");
    }
    let workspace = Workspace::new()
        .file("regler.toml", rulebook)
        .file("frist.toml", &project)
        .file("permits.csv", permits);
    let commands = commands_in("docs/another-law.md");
    let (of_column, others): (Vec<String>, Vec<String>) =
        commands.into_iter().partition(|command| command.contains("due column"));
    assert!(!of_column.is_empty() && others.len() >= 2);
    follow(&workspace, &others);
    workspace.write("frist.toml", with_columns(&project, &columns));
    follow(&workspace, &of_column);
}

#[test]
fn the_swedish_project_file_has_every_key() {
    let keys = |name: &str| {
        let [project] = toml_in(name);
        toml::from_str::<toml::Table>(&project).expect(name)
    };
    let (english, swedish) = (keys("docs/project-file.md"), keys("docs/sv/projektfil.md"));
    for (key, value) in &english {
        let same = match (value, swedish.get(key)) {
            (toml::Value::Table(own), Some(toml::Value::Table(other))) => own.keys().eq(other.keys()),
            (toml::Value::Array(own), Some(toml::Value::Array(other))) if own[0].is_table() => {
                let keys_of = |list: &[toml::Value]| -> Vec<Vec<String>> {
                    list.iter()
                        .map(|table| table.as_table().expect("a table").keys().cloned().collect())
                        .collect()
                };
                keys_of(own) == keys_of(other)
            }
            (_, other) => other.is_some(),
        };
        assert!(same, "{key}");
    }
}

#[test]
fn the_commands_of_the_readme_run() {
    for name in ["README.md", "README.sv.md"] {
        let commands = commands_in(name);
        assert_eq!(commands.len(), 3, "{name}: {commands:?}");
        follow(&uttag(), &commands);
    }
}

#[test]
fn the_commands_of_the_reference_run() {
    let commands = commands_in("docs/commands.md");
    assert!(commands.len() > 20, "{commands:?}");
    follow(&uttag(), &commands);
}

#[test]
fn the_commands_of_the_docs_run() {
    let of_other_files =
        ["docs/commands.md", "docs/scale.md", "docs/another-law.md", "docs/sv/annat-omrade.md"];
    let of_placeholders = ["docs/tally.md", "docs/felkatalog.md", "docs/fault-catalogue.md"];
    let skipped = |name: &str| of_other_files.contains(&name) || of_placeholders.contains(&name);
    let mut run = 0;
    for name in pages().iter().filter(|name| name.starts_with("docs/") && !skipped(name)) {
        let commands = commands_in(name);
        run += commands.len();
        if !commands.is_empty() {
            follow(&uttag(), &commands);
        }
    }
    assert!(run > 40, "{run}");
}

#[test]
fn a_reader_who_follows_a_page_sees_what_it_shows() {
    let walked: Vec<String> =
        pages().into_iter().filter(|name| fences(name).iter().any(|(info, _)| info == "console")).collect();
    assert!(walked.len() >= 8, "{walked:?}");
    walked.iter().for_each(|name| walk(name));
}

#[test]
fn the_pages_link_to_what_exists() {
    for name in pages() {
        let folder = Path::new(&name).parent().expect("its folder").to_owned();
        for link in links_in(&page(&name)).into_iter().filter(|link| !link.starts_with("http")) {
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() { name.clone() } else { folder.join(path).display().to_string() };
            let exists = Path::new(env!("CARGO_MANIFEST_DIR")).join(&target).exists();
            assert!(
                exists && (anchor.is_empty() || anchors_in(&target).iter().any(|known| known == anchor)),
                "{name}: {link}"
            );
        }
    }
}

#[test]
fn pages_in_both_languages_name_each_other() {
    for name in pages().iter().filter(|name| name.starts_with("docs/sv/") || *name == "README.sv.md") {
        let text = page(name);
        let first = text.lines().take(3).find_map(|line| links_in(line).first().copied()).expect(name);
        let english = Path::new(name).parent().expect("its folder").join(first);
        let back = page(&english.display().to_string());
        let swedish = back.lines().take(3).any(|line| line.starts_with("[På svenska]("));
        assert!(swedish, "{name}: {}", english.display());
    }
}

#[test]
fn the_docs_and_the_help_list_the_same_exit_codes() {
    let listed_in = page("docs/commands.md");
    let codes = |cells: &str| cells.split_whitespace().next()?.parse::<u8>().ok();
    let in_table = listed_in.lines().filter_map(|line| line.strip_prefix("| ")).filter_map(codes);
    let help = Workspace::new().frist(&["--help", "--lang", "en"]).success().stdout;
    let (_, listed) = help.split_once("Exit codes:\n").expect("a list");
    let in_help: Vec<u8> = listed.lines().filter_map(codes).collect();
    assert_eq!(in_table.collect::<Vec<u8>>(), in_help);
    assert!(in_help.len() >= 8);
}

#[test]
fn contributing_names_files_that_exist() {
    let text = page("CONTRIBUTING.md");
    let quoted = text.split('`').skip(1).step_by(2);
    let paths: Vec<&str> =
        quoted.filter(|word| word.starts_with("src/") || word.starts_with("tests/")).collect();
    assert!(paths.len() > 30, "{paths:?}");
    for path in paths.iter().filter(|path| !path.contains(['*', ' ']) && !path.contains("NAME")) {
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists(), "{path}");
    }
}
