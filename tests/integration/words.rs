//! Texts for users have the standard terms of the field: none of the terms that they replaced.

use crate::{
    docs::pages,
    helpers::{Invar, help_of_every_command, project},
};

/// Terms that no text for users may have, as words in lower case.
const REPLACED: &[&str] = &[
    "and chance",
    "answers from outside",
    "checkpoint is none",
    "close in on",
    "closed in on",
    "closes in on",
    "convict",
    "convicted",
    "convicts",
    "copy that tells",
    "could be otherwise",
    "deed",
    "deeds",
    "do otherwise",
    "guilty",
    "hangs on",
    "has reason to trust",
    "make sure",
    "makes sure",
    "sets it off",
    "the runs part",
    "the same again any time",
    "told as such",
    "upkeep",
    "visitor",
    "visitors",
    "weather",
];

/// The words of a text, whatever is between them.
fn words(text: &str) -> Vec<String> {
    let is_between = |c: char| !c.is_alphanumeric();
    text.split(is_between).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// The replaced terms in a text.
fn replaced_terms(text: &str) -> Vec<&'static str> {
    let text = words(text);
    let is_in_text = |term: &&&str| {
        let term = words(term);
        text.windows(term.len()).any(|window| window == term)
    };
    REPLACED.iter().filter(is_in_text).copied().collect()
}

/// The name and content of every text for users.
fn texts() -> Vec<(String, String)> {
    let read = |path: &std::path::Path| (path.display().to_string(), std::fs::read_to_string(path).unwrap());
    let mut texts: Vec<(String, String)> = pages().iter().map(|page| read(page)).collect();
    for entry in std::fs::read_dir(project("tests/integration/snapshots")).unwrap() {
        let (name, text) = read(&entry.unwrap().path());
        // The head of a snapshot names its test.
        texts.push((name, text.splitn(3, "---\n").last().unwrap_or_default().to_owned()));
    }
    let help = help_of_every_command(&Invar::new()).into_iter();
    texts.extend(help.map(|(command, help)| (format!("invar {command} --help"), help)));
    texts
}

#[test]
fn texts_for_users_have_no_replaced_terms() {
    let texts = texts();
    assert!(texts.len() > 80, "only {} texts were found", texts.len());
    let found = texts
        .iter()
        .flat_map(|(name, text)| replaced_terms(text).into_iter().map(move |term| format!("{name}: {term}")));
    let found: Vec<String> = found.collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn terms_are_found_across_lines_and_in_whole_words() {
    assert_eq!(replaced_terms("It hangs\non: a file"), ["hangs on"]);
    assert_eq!(replaced_terms("Indeed, it depends on a file"), Vec::<&str>::new());
}
