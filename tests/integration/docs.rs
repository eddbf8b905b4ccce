//! The documentation's examples: every console block is run, and must come out as it is printed.

use std::{path::PathBuf, process::Command};

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
fn examples(page: &str) -> Vec<(String, Vec<String>)> {
    let mut examples: Vec<(String, Vec<String>)> = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        match line {
            "```console" => inside = true,
            "```" => inside = false,
            line if inside => match line.strip_prefix("$ ") {
                Some(command) => examples.push((command.to_owned(), Vec::new())),
                None => examples.last_mut().unwrap().1.push(line.trim_end().to_owned()),
            },
            _ => {}
        }
    }
    examples
}

/// Whether a line is as printed; `[..]` stands for whatever differs.
fn is_like(expected: &str, line: &str) -> bool {
    let mut parts = expected.split("[..]");
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = line.strip_prefix(first) else { return false };
    for part in parts {
        match rest.find(part) {
            Some(at) if !part.is_empty() => rest = &rest[at + part.len()..],
            Some(_) => rest = "",
            None => return false,
        }
    }
    rest.is_empty()
}

/// Whether the lines are as printed; `...` stands for any number of them.
fn are_like(expected: &[String], lines: &[&str]) -> bool {
    match expected.split_first() {
        None => lines.is_empty(),
        Some((first, rest)) if first == "..." => (0..=lines.len()).any(|skip| are_like(rest, &lines[skip..])),
        Some((first, rest)) => {
            lines.first().is_some_and(|line| is_like(first, line)) && are_like(rest, &lines[1..])
        }
    }
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
            let output = session.run(&command);
            let lines: Vec<&str> = output.lines().map(str::trim_end).collect();
            if !are_like(&expected, &lines) {
                wrong.push(format!("{}: $ {command}\n{output}", path.display()));
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
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    assert!(is_like("a [..] c", "a b b c") && !is_like("a [..] c", "a b"));
    assert!(is_like("a [..]", "a anything") && !is_like("a", "a b"));
    assert!(are_like(&lines("a\n...\nd"), &["a", "b", "c", "d"]));
    assert!(!are_like(&lines("a\n...\ne"), &["a", "b", "c", "d"]));
}
