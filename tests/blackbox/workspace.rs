//! A temporary folder for a test, and the program run in it.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::Value;

/// A temporary folder with exports in it.
pub struct Workspace {
    folder: tempfile::TempDir,
}

/// The result of running the program.
pub struct Outcome {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Outcome {
    /// Asserts exit code 0.
    pub fn success(self) -> Outcome {
        assert_eq!(self.code, 0, "{}", self.stderr);
        self
    }

    /// Asserts an exit code and texts in the message.
    pub fn failure(self, code: i32, says: &[&str]) -> Outcome {
        assert_eq!(self.code, code, "{}", self.stderr);
        for wanted in says {
            assert!(self.stderr.contains(wanted), "'{wanted}' is not in: {}", self.stderr);
        }
        self
    }
}

impl Workspace {
    pub fn new() -> Workspace {
        Workspace { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// Writes a file.
    pub fn file(self, name: &str, content: impl AsRef<[u8]>) -> Workspace {
        self.write(name, content);
        self
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, content).expect("a file");
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The files of a folder.
    pub fn names_in(&self, folder: &str) -> Vec<String> {
        let entries =
            fs::read_dir(self.path(folder)).expect("a folder").map(|entry| entry.expect("an entry"));
        let files = entries.filter(|entry| entry.path().is_file());
        files.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }

    /// Runs the program in the folder. Only the page of a report is made unless `--forms` says otherwise: typesetting
    /// the others takes longer than all the rest.
    pub fn frist(&self, arguments: &[&str]) -> Outcome {
        let page_alone = arguments.first() == Some(&"run") && !arguments.contains(&"--forms");
        let forms: &[&str] = if page_alone { &["--forms", "html"] } else { &[] };
        self.command(Command::new(env!("CARGO_BIN_EXE_frist")).args(arguments).args(forms))
    }

    /// Runs a command in the folder.
    pub fn command(&self, command: &mut Command) -> Outcome {
        let output = command.current_dir(self.folder.path()).env("NO_COLOR", "1").output().expect("it runs");
        Outcome {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    /// Runs `work` while another program appends rows to a file as fast as it is read.
    pub fn while_growing<T>(&self, name: &str, work: impl FnOnce() -> T) -> T {
        let (path, is_done) = (self.path(name), AtomicBool::new(false));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let mut file = fs::OpenOptions::new().append(true).open(&path).expect("the file");
                while !is_done.load(Ordering::Relaxed) {
                    file.write_all(b"9;2024-01-10;2024-05-10\n").expect("written");
                    std::thread::sleep(Duration::from_micros(100));
                }
            });
            let result = work();
            is_done.store(true, Ordering::Relaxed);
            result
        })
    }

    /// Runs `frist run .` with more arguments, and returns its results.
    pub fn results(&self, arguments: &[&str]) -> Value {
        let all: Vec<&str> = ["run", "."].into_iter().chain(arguments.iter().copied()).collect();
        self.frist(&all).success();
        self.json("reports/data/results.json")
    }

    pub fn json(&self, name: &str) -> Value {
        serde_json::from_str(&self.read(name)).expect("JSON")
    }

    /// The names of everything in the folder, including hidden files.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).expect("a folder");
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

/// Every form of a report.
pub const ALL_FORMS: &str = "html,pdf,xlsx,docx,md,pptx";

/// Headings of a child investigations export.
pub const HEADINGS: &str = "Ärendenr;Utredning inledd;Utredning avslutad\n";

/// The last period of a control, in results.
pub fn last_period<'a>(results: &'a Value, control: &str) -> &'a Value {
    let controls = results["controls"].as_array().expect("controls");
    let control = controls.iter().find(|known| known["id"] == control).expect("the control");
    control["periods"].as_array().and_then(|periods| periods.last()).expect("a period")
}
