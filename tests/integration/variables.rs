//! Variables in the patterns of envelopes: what a user's directory and the caller's arguments stand for.

use crate::helpers::{Invar, project};

/// The directory of a corpus skill with other lines in its manifest.
fn with(invar: &Invar, skill: &str, from: &str, to: &str) -> String {
    let source = project(&format!("skills-examples/corpus/{skill}"));
    for entry in std::fs::read_dir(&source).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), invar.path(entry.file_name().to_str().unwrap())).unwrap();
        }
    }
    let manifest = std::fs::read_to_string(source.join("skill.toml")).unwrap();
    assert!(manifest.contains(from), "{manifest}");
    let path = invar.write("skill.toml", manifest.replace(from, to));
    path.strip_suffix("/skill.toml").unwrap().to_owned()
}

#[test]
fn a_file_that_an_argument_names_is_declared_by_the_argument() {
    let invar = Invar::new();
    let skill = with(&invar, "output-option", "[envelope]", "[envelope]\nfiles.write = [\"$ARG:*\"]");
    let report = invar.run(&["monitor", &skill, "--keep", "none"]).expect(0).stdout;
    assert!(report.contains("$ARG:*"), "{report}");
}

#[test]
fn a_file_that_a_field_names_is_declared_by_the_field() {
    let invar = Invar::new();
    let envelope = "[envelope]\nfiles.read = [\"$ARG:path\"]\nfiles.write = [\"$ARG:path\"]\n";
    let envelope = invar.write("envelope.toml", envelope);
    let call = |name: &str, args: &str| {
        let words = [
            "run",
            "@tools/files",
            "--world",
            "lab",
            "--envelope",
            &envelope,
            "--call",
            name,
            "--args",
            args,
        ];
        invar.run(&words).stderr
    };
    let named = call("write-file", r#"{"path": "/tmp/out.txt", "content": "x"}"#);
    assert!(!named.contains("outside the envelope"), "{named}");
    let other = call("search-file", r#"{"directory": "/data", "text": "x", "limit": 1}"#);
    assert!(other.contains("to allow it, declare files.read = [\"$ARG:directory\"]"), "{other}");
}

#[test]
fn a_file_in_the_home_directory_is_declared_by_the_directory() {
    let invar = Invar::new();
    let skill = with(&invar, "settings-in-home", "/home/ann/.textrc", "$HOME/.textrc");
    let report = invar.run(&["monitor", &skill, "--keep", "none"]).expect(0).stdout;
    assert!(report.contains("$HOME/.textrc"), "{report}");
}
