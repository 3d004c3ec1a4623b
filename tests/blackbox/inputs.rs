//! Inputs: only a file that does not exist is absent, only files are read, and they must not change meanwhile.

use crate::workspace::{HEADINGS, Outcome, Workspace};

const ROW: &str = "1;2024-01-10;2024-05-10\n";
const SOURCE: &str = "[[source]]\ncontrol = \"child-investigation\"\nfiles = [\"*.csv\"]\n";
const MEGABYTE: usize = 1 << 20;

fn one_export() -> Workspace {
    Workspace::new().file("a.csv", format!("{HEADINGS}{ROW}"))
}

fn run(workspace: &Workspace, more: &[&str]) -> Outcome {
    let arguments: Vec<&str> = ["run", ".", "--as-of", "2024-08-31"].iter().chain(more).copied().collect();
    workspace.frist(&arguments)
}

/// Runs, and asserts that the run was refused with a code and left nothing.
fn refused(workspace: &Workspace, more: &[&str], exit: i32, code: &str, says: &[&str]) {
    let outcome = run(workspace, more).failure(exit, says);
    assert!(outcome.stderr.contains(&format!("({code})")), "{}", outcome.stderr);
    assert!(!workspace.path("reports").exists(), "{code}: a report was written");
}

/// Every role that a file can have: its name, the project file that names it, and arguments that do.
const ROLES: [(&str, &str, &[&str]); 8] = [
    ("b.csv", "", &[]),
    ("frist.toml", "", &[]),
    ("internal-control.toml", "", &[]),
    ("risks.csv", "", &[]),
    ("regler.toml", "rulebook = \"regler.toml\"\n", &[]),
    ("logo.svg", "[report]\nlogo = \"logo.svg\"\n", &[]),
    ("mallar/page.css", "", &["--template-dir", "mallar"]),
    ("mall.docx", "", &["--reference-docx", "mall.docx"]),
];

/// A folder with a project that names one of the roles, but without the file.
fn with_role(name: &str, project: &str) -> Workspace {
    let workspace = one_export();
    if !project.is_empty() {
        workspace.write("frist.toml", project);
    }
    workspace.write("mallar/.keep", "");
    std::fs::create_dir_all(workspace.path(name).parent().expect("a folder")).expect("made");
    workspace
}

#[test]
fn a_folder_is_refused_wherever_a_file_is_read() {
    for (name, project, more) in ROLES {
        let workspace = with_role(name, project);
        std::fs::create_dir(workspace.path(name)).expect("made");
        refused(&workspace, more, 74, "not-a-file", &[name, "mapp"]);
    }
}

#[test]
fn a_folder_without_templates_is_refused_and_folders_beside_templates_are_passed_over() {
    let templates = ["--template-dir", "mallar"];
    let workspace = one_export().file("mallar/.dold", "").file("mallar/äldre/page.css", "");
    refused(&workspace, &templates, 78, "unusable-template", &["mallar", "ingen fil"]);
    workspace.write("mallar/page.css", "p { color: red }");
    run(&workspace, &templates).success();
}

#[test]
fn init_stops_where_nothing_can_be_seen_and_writes_nothing() {
    let workspace = Workspace::new().file("a.csv", [0; 5000]).file("b.csv", "");
    for input in [".", "a.csv"] {
        workspace.frist(&["init", input]).failure(65, &["(other-format)", "a.csv"]);
    }
    workspace.frist(&["init", "b.csv"]).failure(65, &["(empty-file)", "b.csv"]);
    assert!(!workspace.path("frist.toml").exists() && !workspace.path("frist.schema.json").exists());
    // Beside an export it is a comment in the project file.
    workspace.write("c.csv", format!("{HEADINGS}{ROW}"));
    workspace.frist(&["init", "."]).success();
    assert!(workspace.read("frist.toml").contains("# a.csv"), "{}", workspace.read("frist.toml"));
}

#[test]
fn init_writes_beside_exports_whatever_their_folder_is_called() {
    let folder = "ut 19121212-1212";
    let workspace = Workspace::new().file(&format!("{folder}/a.csv"), format!("{HEADINGS}{ROW}"));
    let told = workspace.frist(&["init", folder]).success();
    assert!(workspace.path(folder).join("frist.toml").exists() && !told.stderr.contains("1212"));
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::symlink;
    use std::process::Command;

    use super::*;

    /// Creates something other than a file with a system command.
    fn make(workspace: &Workspace, command: &str, arguments: &[&str]) {
        let outcome = workspace.command(Command::new(command).args(arguments));
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    }

    #[test]
    fn a_pipe_is_refused_wherever_a_file_is_read_and_nothing_waits() {
        for (name, project, more) in ROLES {
            let workspace = with_role(name, project);
            make(&workspace, "mkfifo", &[name]);
            refused(&workspace, more, 74, "not-a-file", &[name, "rör (pipe)"]);
        }
    }

    #[test]
    fn a_device_is_refused_wherever_a_file_is_read() {
        for (name, project, more) in ROLES {
            let workspace = with_role(name, project);
            symlink("/dev/zero", workspace.path(name)).expect("a link");
            refused(&workspace, more, 74, "not-a-file", &[name, "enhet"]);
        }
    }

    #[test]
    fn a_link_to_nothing_is_refused_wherever_a_file_is_read() {
        for (name, project, more) in ROLES {
            let workspace = with_role(name, project);
            symlink("gone", workspace.path(name)).expect("a link");
            refused(&workspace, more, 74, "not-a-file", &[name, "länk"]);
        }
    }

    #[test]
    fn what_cannot_be_read_is_not_absent() {
        for (name, project, more) in ROLES {
            let workspace = with_role(name, project);
            // A link to itself cannot be read by anyone, not even by root.
            let own = workspace.path(name);
            symlink(own.file_name().expect("a name"), &own).expect("a link");
            refused(&workspace, more, 74, "unreadable-input", &[name]);
        }
    }

    #[test]
    fn init_stops_at_what_cannot_be_read() {
        let workspace = one_export();
        symlink("b.csv", workspace.path("b.csv")).expect("a link");
        workspace.frist(&["init", "."]).failure(74, &["(unreadable-input)", "b.csv"]);
        std::fs::remove_file(workspace.path("b.csv")).expect("removed");
        // It opens, but cannot be read.
        if std::path::Path::new("/proc/self/mem").exists() {
            symlink("/proc/self/mem", workspace.path("b.csv")).expect("a link");
            for input in [".", "b.csv"] {
                workspace.frist(&["init", input]).failure(74, &["(unreadable-input)", "b.csv"]);
            }
        }
        assert!(!workspace.path("frist.toml").exists());
    }

    #[test]
    fn a_socket_is_refused() {
        let workspace = one_export();
        let _socket = std::os::unix::net::UnixListener::bind(workspace.path("b.csv")).expect("a socket");
        refused(&workspace, &[], 74, "not-a-file", &["b.csv", "socket"]);
    }

    #[test]
    fn an_export_that_a_pattern_names_is_not_passed_over() {
        for pattern in ["*.csv", "**/*.csv", "norr/*.csv", "*/b.csv", "norr/b.csv"] {
            let workspace = one_export().file("norr/c.csv", format!("{HEADINGS}{ROW}"));
            workspace.write("frist.toml", SOURCE.replace("*.csv", pattern));
            let name = if pattern == "*.csv" { "b.csv" } else { "norr/b.csv" };
            symlink("/nowhere/b.csv", workspace.path(name)).expect("a link");
            refused(&workspace, &[], 74, "not-a-file", &["b.csv", "länk"]);
        }
    }

    #[test]
    fn a_folder_on_a_drive_that_is_gone_is_not_passed_over() {
        for pattern in ["*/*.csv", "**/*.csv", "soder/*.csv"] {
            let workspace = Workspace::new().file("norr/a.csv", format!("{HEADINGS}{ROW}"));
            workspace.write("frist.toml", SOURCE.replace("*.csv", pattern));
            symlink("/nowhere/soder", workspace.path("soder")).expect("a link");
            refused(&workspace, &[], 74, "not-a-file", &["soder", "länk"]);
        }
    }

    #[test]
    fn a_path_through_a_file_is_unreadable() {
        let workspace = one_export();
        workspace.frist(&["run", "a.csv/b.csv"]).failure(74, &["(unreadable-input)", "a.csv/b.csv"]);
        workspace.frist(&["run", "b.csv"]).failure(74, &["(missing-input)"]);
    }

    #[test]
    fn the_output_of_another_command_is_no_file() {
        let workspace = one_export();
        let script = "exec \"$0\" run <(cat a.csv) --forms html";
        let bash = workspace.command(Command::new("bash").args(["-c", script, env!("CARGO_BIN_EXE_frist")]));
        bash.failure(74, &["(not-a-file)", "rör (pipe)", "Spara innehållet som en fil"]);
    }

    #[test]
    fn what_is_no_concern_of_the_run_s_stops_nothing() {
        // Emacs keeps a link to nothing beside an open file; the project names its export itself.
        let workspace = one_export().file("frist.toml", SOURCE.replace("*.csv", "a.csv"));
        symlink("user@host.1", workspace.path(".#a.csv")).expect("a link");
        symlink("gone", workspace.path("old.csv")).expect("a link");
        run(&workspace, &[]).success();
        std::fs::remove_file(workspace.path("old.csv")).expect("removed");
        std::fs::remove_dir_all(workspace.path("reports")).expect("removed");
        workspace.write("frist.toml", SOURCE);
        workspace.write("~$a.csv", "x");
        run(&workspace, &[]).success();
    }
}

#[test]
fn files_that_are_too_large_are_refused_before_they_are_read() {
    let plan = MEGABYTE / 4;
    let sizes = [0, MEGABYTE, plan, 16 * MEGABYTE, MEGABYTE, 10 * MEGABYTE, MEGABYTE, 20 * MEGABYTE];
    for ((name, project, more), size) in ROLES.into_iter().zip(sizes).filter(|(_, size)| *size > 0) {
        let workspace = with_role(name, project);
        let file = std::fs::File::create(workspace.path(name)).expect("made");
        file.set_len(size as u64 + 1).expect("long");
        let most = if size == plan { "256 kB".to_owned() } else { format!("{} MB", size / MEGABYTE) };
        refused(&workspace, more, 78, "too-large", &[name, &most]);
    }
}

#[test]
fn a_list_of_risks_has_an_end() {
    let rows = |count: usize| (0..count).map(|number| format!("{number};Risk;4\n")).collect::<String>();
    let workspace = one_export().file("risks.csv", format!("Nr;Risk;Riskvärde\n{}", rows(501)));
    refused(&workspace, &[], 78, "unusable-risks", &["risks.csv", "fler än 500 risker"]);
    let long = format!("Nr;Risk;Riskvärde\n{}", "\n".repeat(2 * MEGABYTE));
    let workspace = one_export().file("risks.csv", long);
    refused(&workspace, &[], 78, "too-large", &["risks.csv", "2 MB"]);
}

#[test]
fn a_plan_has_an_end() {
    let plan = "[[area]]\nname = \"Område\"\naim = \"Rätt tid\"\n".repeat(1_001);
    let workspace = one_export().file("internal-control.toml", plan);
    refused(&workspace, &[], 78, "unusable-plan", &["internal-control.toml", "fler än 1 000"]);
}

#[test]
fn an_export_that_grows_while_it_is_read_is_refused() {
    for more in [&[][..], &["--cases"][..]] {
        let workspace = Workspace::new().file("a.csv", format!("{HEADINGS}{}", ROW.repeat(20_000)));
        workspace.while_growing("a.csv", || {
            refused(&workspace, more, 74, "changed-input", &["a.csv", "ändrades medan den lästes"]);
        });
    }
}

#[test]
fn an_export_that_is_replaced_by_another_while_it_is_read_is_refused() {
    // So large that it is still being read when the other file takes its place.
    let workspace = Workspace::new().file("a.csv", format!("{HEADINGS}{}", ROW.repeat(400_000)));
    let (path, other) = (workspace.path("a.csv"), workspace.path("other"));
    let is_done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for round in 0.. {
                if is_done.load(std::sync::atomic::Ordering::Relaxed) {
                    break;
                }
                let rows = ROW.repeat(399_000 + round % 100);
                std::fs::write(&other, format!("{HEADINGS}{rows}")).expect("written");
                std::fs::rename(&other, &path).expect("replaced");
            }
        });
        refused(&workspace, &[], 74, "changed-input", &["a.csv"]);
        is_done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
}

#[test]
fn digests_are_of_what_was_read() {
    let plan = "[[area]]\nname = \"Myndighetsutövning\"\naim = \"Rätt tid\"\n";
    let workspace = one_export()
        .file("frist.toml", "organisation = \"Exempelnämnden\"\nrulebook = \"regler.toml\"\n")
        .file("regler.toml", "")
        .file("internal-control.toml", plan)
        .file("risks.csv", "Nr;Risk;Riskvärde\n1;Sen utredning;4\n");
    run(&workspace, &[]).success();
    let manifest = workspace.json("reports/manifest.json");
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let read = manifest["read"].as_array().expect("a list");
    let kinds: Vec<&str> = read.iter().filter_map(|file| file["kind"].as_str()).collect();
    assert_eq!(kinds, ["project", "rulebook", "plan", "risks", "export"]);
    assert_eq!(read[1]["sha256"], empty);
    assert!(read.iter().all(|file| file["sha256"].as_str().map(str::len) == Some(64)), "{read:?}");
}

#[test]
fn a_project_file_named_without_a_folder_is_read() {
    let workspace = one_export().file("frist.toml", "organisation = \"Exempelnämnden\"\n");
    workspace.frist(&["run", "frist.toml", "--as-of", "2024-08-31"]).success();
    assert_eq!(workspace.json("reports/data/results.json")["inputs"][0]["path"], "a.csv");
}
