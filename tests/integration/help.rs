//! `--help`: two examples for each command, each of which works as shown.

use crate::{
    docs::Session,
    helpers::{Invar, help_of_every_command},
};

/// Commands whose examples only have to parse, which a test beside their arguments checks: they serve until they are stopped.
const SERVERS: [&str; 1] = ["witness"];

/// Commands whose examples need an installation in which nothing ran yet.
const FIRST: [&str; 1] = ["ledger init"];

/// The commands in the examples of a help text.
fn examples(help: &str) -> Vec<&str> {
    let lines = help.lines().skip_while(|line| *line != "Examples:").skip(1);
    let lines = lines.take_while(|line| line.starts_with("  ")).map(str::trim);
    lines.filter(|line| !line.starts_with('#')).collect()
}

#[test]
fn every_example_of_the_help_works_as_shown() {
    let (session, mut wrong) = (Session::new(), Vec::new());
    for (command, help) in help_of_every_command(&Invar::new()) {
        let examples = examples(&help);
        assert_eq!(examples.len(), 2, "{command}: {help}");
        let fresh = FIRST.contains(&command.as_str()).then(Session::new);
        for line in examples.into_iter().filter(|_| !SERVERS.contains(&command.as_str())) {
            let (status, output) = fresh.as_ref().unwrap_or(&session).run_with_status(line);
            // A verdict is a result, too.
            if !matches!(status, 0 | 20..=22) {
                wrong.push(format!("{command}: $ {line}\nexit {status}\n{output}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
