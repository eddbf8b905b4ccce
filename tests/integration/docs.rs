//! The documentation's examples: every console block is run, and must come out as it is printed.

use std::{path::PathBuf, process::Command};

use snapbox::{Assert, IntoData as _, assert::Error};
use tempfile::TempDir;

use crate::helpers::project;

/// A directory like a clone, in which command lines run one after the other.
pub(crate) struct Session {
    directory: TempDir,
}

impl Session {
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        for name in ["skills-examples", "LICENSE"] {
            std::os::unix::fs::symlink(project(name), directory.path().join(name)).unwrap();
        }
        std::fs::create_dir(directory.path().join("bin")).unwrap();
        let binary = env!("CARGO_BIN_EXE_invar-under-test");
        std::os::unix::fs::symlink(binary, directory.path().join("bin/invar")).unwrap();
        Self { directory }
    }

    /// The report that the session has made, which pages call ID; empty before there is one.
    fn report_id(&self) -> String {
        let reports = std::fs::read_dir(self.directory.path().join("home/reports"));
        let id = reports.ok().and_then(|mut reports| reports.next()?.ok());
        id.map(|report| report.file_name().to_string_lossy().into_owned()).unwrap_or_default()
    }

    fn run(&self, line: &str) -> String {
        // In a clone `cargo run` builds the command; here it is installed.
        self.run_with_status(&line.replace("cargo run --", "invar")).1
    }

    /// The exit status of a command line, and everything that it printed.
    pub(crate) fn run_with_status(&self, line: &str) -> (i32, String) {
        let line = line.replace(" ID/", &format!(" {}/", self.report_id()));
        let path =
            format!("{}:{}", self.directory.path().join("bin").display(), std::env::var("PATH").unwrap());
        let output = Command::new("sh")
            .args(["-c", &format!("exec 2>&1; {line}")])
            .current_dir(self.directory.path())
            .env("PATH", path)
            .env("INVAR_HOME", self.directory.path().join("home"))
            .output()
            .unwrap();
        (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// The commands of a page, each with what it is said to print.
fn examples(page: &str) -> Vec<(String, String)> {
    let mut examples: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        match line {
            "```console" => inside = true,
            "```" => inside = false,
            line if inside => match line.strip_prefix("$ ") {
                Some(command) => examples.push((command.to_owned(), String::new())),
                None => examples.last_mut().unwrap().1.push_str(&format!("{line}\n")),
            },
            _ => {}
        }
    }
    examples
}

/// Compares what a command prints with what a page says; `[..]` stands for text in a line, `...` for lines. Blanks at the
/// end of a line do not count.
fn compare(command: &str, expected: &str, output: &str) -> Result<(), Error> {
    let trimmed = |text: &str| text.lines().map(|line| format!("{}\n", line.trim_end())).collect::<String>();
    let assert = Assert::new().normalize_paths(false);
    assert.try_eq(Some(&command), trimmed(output).into_data(), trimmed(expected).into_data())
}

/// The pages of the documentation.
pub(crate) fn pages() -> Vec<PathBuf> {
    let mut pages =
        ["README.md", "CONTRIBUTING.md", "SECURITY.md", "ARCHITECTURE.md", "skills-examples/README.md"]
            .map(project)
            .to_vec();
    let mut todo = vec![project("docs")];
    while let Some(directory) = todo.pop() {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                todo.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                pages.push(path);
            }
        }
    }
    pages.sort();
    pages
}

#[test]
fn every_example_of_the_documentation_comes_out_as_printed() {
    let (mut run, mut wrong) = (0, Vec::new());
    for path in pages() {
        let session = Session::new();
        for (command, expected) in examples(&std::fs::read_to_string(&path).unwrap()) {
            // That is this.
            if command.starts_with("cargo test") {
                continue;
            }
            if let Err(error) = compare(&command, &expected, &session.run(&command)) {
                wrong.push(format!("{}: {error}", path.display()));
            }
            run += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(run >= 15, "only {run} examples were found");
}

#[test]
fn every_link_of_the_documentation_leads_somewhere() {
    for path in pages() {
        let text = std::fs::read_to_string(&path).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap_or_default();
            if target.is_empty() || target.contains("://") {
                continue;
            }
            let found = path.parent().unwrap().join(target).exists();
            assert!(found, "{}: {link} leads nowhere", path.display());
        }
    }
}

#[test]
fn wildcards_match_what_they_should() {
    let is_like = |expected: &str, output: &str| compare("", expected, output).is_ok();
    assert!(is_like("a [..] c\n", "a b b c\n") && !is_like("a [..] c\n", "a b\n"));
    assert!(is_like("a [..]\n", "a anything \n") && !is_like("a\n", "a b\n") && !is_like("a\n", "a\nb\n"));
    assert!(is_like("a\n...\nd\n", "a\nb\nc\nd\n") && !is_like("a\n...\ne\n", "a\nb\nc\nd\n"));
    assert!(is_like("", "") && !is_like("", "a\n") && !is_like("a\n", ""));
}
