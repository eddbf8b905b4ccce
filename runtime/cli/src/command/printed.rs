//! The commands that a report prints. Pasted, one gives the same report, the other continues its search.

use invar_host::monitor::Plan;
use invar_monitor::shell_word;

use crate::args::{MonitorArgs, SearchArg};

/// The command that gives the same report.
pub(super) fn again(command: &str, args: &MonitorArgs, plan: Plan, seed: u64) -> String {
    let mut line = CommandLine::of(command, &args.skill);
    line.option("--runs", &args.runs);
    line.inputs_and_world(args);
    line.options("--budget", &args.budget.budget_runs);
    line.options("--fuel-budget", &args.budget.budget_fuel);
    match args.search {
        SearchArg::Full => {}
        SearchArg::None => line.option("--search", &"none"),
        SearchArg::Forward => line.option("--search", &"forward"),
    }
    line.option("--seed", &seed);
    line.flag("--faults", plan.faults);
    line.with_arguments(&args.world.invocation.args)
}

/// The command that continues the search.
pub(super) fn more(args: &MonitorArgs) -> String {
    let mut line = CommandLine::of("fuzz", &args.skill);
    line.inputs_and_world(args);
    line.options("--seed", &args.world.seed);
    line.with_arguments(&args.world.invocation.args)
}

/// The words of a command.
struct CommandLine(Vec<String>);

impl CommandLine {
    fn of(command: &str, skill: &str) -> Self {
        Self(vec!["invar".to_owned(), command.to_owned(), skill.to_owned()])
    }

    fn flag(&mut self, option: &str, is_set: bool) {
        self.0.extend(is_set.then(|| option.to_owned()));
    }

    fn option(&mut self, option: &str, value: &impl ToString) {
        let value = value.to_string();
        match value.starts_with('-') && value != "-" {
            // As a word of its own it would be read as another option.
            true => self.0.push(format!("{option}={value}")),
            false => self.0.extend([option.to_owned(), value]),
        }
    }

    fn options<'a, T: ToString + 'a>(&mut self, option: &str, values: impl IntoIterator<Item = &'a T>) {
        values.into_iter().for_each(|value| self.option(option, value));
    }

    /// What the runs are given, but for the seed and the arguments of the skill.
    fn inputs_and_world(&mut self, args: &MonitorArgs) {
        let world = &args.world;
        self.options("--call", &world.invocation.call);
        self.options("--args", &world.invocation.call_args);
        self.options("--input", &args.input);
        self.options("--inputs", &args.inputs.as_ref().map(|path| path.display().to_string()));
        self.options("--world", &world.world);
        self.options("--env", &world.variables);
        self.options("--dir", &world.invocation.directories);
        self.options("--at", &world.at);
        self.options("--envelope", &world.envelope.as_ref().map(|path| path.display().to_string()));
    }

    /// The command as a line, with the arguments of the skill, which must come last.
    fn with_arguments(mut self, arguments: &[String]) -> String {
        self.flag("--", !arguments.is_empty());
        self.0.extend_from_slice(arguments);
        self.0.iter().map(|word| shell_word(word)).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use invar_host::monitor::Plan;

    use super::{again, more};
    use crate::args::{Args, Command, MonitorArgs};

    fn parsed(line: &str) -> MonitorArgs {
        match Args::try_parse_from(shlex::split(line).unwrap()).unwrap().command {
            Command::Monitor(args) => args,
            Command::Fuzz(args) => args.monitor,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_printed_command_has_everything_that_the_runs_were_given() {
        let given = "--input=-i --inputs=in --world=w.toml --env=-A=b --env 'C=d e' --dir /r:ro --dir 'a b::/a' \
                     --at=2026-01-15T16:00:00Z --envelope=e.toml --seed=9";
        let rest = "-- --flag '' \"it's\" -- x";
        let args = parsed(&format!("invar monitor skill --runs=5 --budget=7 {given} {rest}"));
        let lines = [again("monitor", &args, Plan::of(5), 9), more(&args)];
        for line in &lines {
            let printed = parsed(line);
            let given = |args: &MonitorArgs| format!("{:?} {:?} {:?}", args.input, args.inputs, args.world);
            assert_eq!(given(&printed), given(&args), "{line}");
        }
        let [same, _] = lines.map(|line| parsed(&line));
        assert_eq!((same.runs, same.budget.budget_runs), (5, Some(7)));
    }
}
