//! The help texts of the command line.

use super::Invar;

/// The words of every command, without `invar`, and its help; that of `invar` itself comes first.
pub(crate) fn help_of_every_command(invar: &Invar) -> Vec<(String, String)> {
    let (mut all, mut todo) = (Vec::new(), vec![String::new()]);
    while let Some(command) = todo.pop() {
        let words: Vec<&str> = command.split_whitespace().chain(["--help"]).collect();
        let help = invar.run(&words).expect(0).stdout;
        let inner = subcommands(&help).into_iter().rev();
        todo.extend(inner.map(|name| format!("{command} {name}").trim().to_owned()));
        all.push((command, help));
    }
    assert!(all.len() > 20, "only {} commands were found", all.len());
    all
}

/// The names under `Commands:`.
fn subcommands(help: &str) -> Vec<&str> {
    let lines =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // A line that continues a description is indented further.
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").collect()
}
