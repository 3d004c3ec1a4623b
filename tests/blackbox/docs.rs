//! What the documentation shows: its TOML is read, its commands run, its exit codes are those of `--help`.

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
    let lines =
        page.lines().filter_map(|line| line.strip_prefix("    ")).filter(|line| line.starts_with("frist "));
    lines.map(|line| line.split("  ").next().unwrap_or(line).to_owned()).collect()
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
    let [plan, severity, risks, editions] = toml_in("docs/internal-control.md");
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
    let [project] = toml_in("docs/project-file.md");
    let parse = |text: &str| Settings::parse(text, Path::new("frist.toml"));
    parse(&project).expect("the project file with every key");
    let [rulebook, of_another_law, columns] = toml_in("docs/another-law.md");
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
fn the_commands_of_the_readme_run() {
    let commands = commands_in("README.md");
    assert!(commands.len() > 20, "{commands:?}");
    follow(&uttag(), &commands);
}

#[test]
fn the_commands_of_the_docs_run() {
    for name in ["docs/internal-control.md", "docs/pseudonyms.md"] {
        let commands = commands_in(name);
        assert!(commands.len() > 2, "{name}: {commands:?}");
        follow(&uttag(), &commands);
    }
}

#[test]
fn the_readme_and_the_help_list_the_same_exit_codes() {
    let readme = page("README.md");
    let codes = |cells: &str| cells.split_whitespace().next()?.parse::<u8>().ok();
    let in_table = readme.lines().filter_map(|line| line.strip_prefix("| ")).filter_map(codes);
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
