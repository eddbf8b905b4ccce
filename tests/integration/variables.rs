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
fn a_file_in_the_home_directory_is_declared_by_the_directory() {
    let invar = Invar::new();
    let skill = with(&invar, "settings-in-home", "/home/ann/.textrc", "$HOME/.textrc");
    let report = invar.run(&["monitor", &skill, "--keep", "none"]).expect(0).stdout;
    assert!(report.contains("$HOME/.textrc"), "{report}");
}
