//! `invar monitor`: many runs, one report. `invar fuzz`: the same, with a larger budget for the search.

use invar_host::{
    LoadedSkill, MonitorSpec,
    monitor::{KeepTraces, NamedInput, Plan, Reach, Verdict},
    skill::SkillFiles,
};

use super::printed;
use crate::{
    args::{FuzzArgs, KeepArg, MonitorArgs, ReportArgs, ReportFormat, SearchArg, VerdictArg},
    calls,
    error::{Error, Outcome},
    exit, files,
    home::Home,
    ledger,
    out::Out,
    progress::{Bar, interrupted, report_on_interrupt},
    report::{self, Material},
    skill, world,
};

pub(super) fn monitor(args: &MonitorArgs, out: &mut Out) -> Outcome {
    report(args, ("monitor", Plan::of(args.runs)), out)
}

pub(super) fn fuzz(args: &FuzzArgs, out: &mut Out) -> Outcome {
    let plan = Plan { faults: args.faults, ..Plan::search(args.monitor.runs) };
    report(&args.monitor, ("fuzz", plan), out)
}

/// Reads the skill and runs the protocol.
fn report(args: &MonitorArgs, command: (&'static str, Plan), out: &mut Out) -> Outcome {
    if let Some(path) = &args.output.output {
        files::check_parent(path)?;
    }
    let case = Case::read(args, command, skill::read(&args.skill, args.world.envelope.as_deref())?)?;
    Ok(case.report(args, out)?.exit)
}

/// The result of a protocol that was run and reported.
pub(super) struct Reported {
    pub(super) verdict: Verdict,
    pub(super) exit: u8,
    /// The skill, with the files that it was run with.
    pub(super) skill: LoadedSkill,
}

/// The plan of the runs: `usual`, unless the user sets other limits.
fn plan(args: &MonitorArgs, usual: Plan) -> Plan {
    let scaled = args.budget.budget_runs.map_or(usual, |runs| usual.scaled_to(runs));
    Plan {
        followup_fuel_max: args.budget.budget_fuel.unwrap_or(scaled.followup_fuel_max),
        keep: args.keep.into(),
        reach: args.search.into(),
        ..scaled
    }
}

/// Everything that is monitored, in memory: from here on nothing is read again.
pub(super) struct Case {
    home: Home,
    /// The files of the skill.
    pub(super) files: SkillFiles,
    spec: MonitorSpec,
    /// Whether functions are called, whatever other entry point the skill has.
    by_calls: bool,
    command: &'static str,
    plan: Plan,
}

impl Case {
    /// Reads everything that the protocol needs besides the files of the skill.
    pub(super) fn read(
        args: &MonitorArgs,
        (command, usual): (&'static str, Plan),
        files: SkillFiles,
    ) -> Outcome<Self> {
        let asked = calls::asked(&args.world.invocation, !args.input.is_empty() || args.inputs.is_some())?;
        let by_calls = asked.is_some();
        let inputs = match asked {
            Some(call) => vec![NamedInput { name: "the call".into(), bytes: call.into() }],
            None => inputs(args, &files)?,
        };
        let plan = plan(args, usual);
        let world = world::spec(&args.world)?;
        let spec = MonitorSpec::with_inputs(&files, &world, plan, inputs)?.agent(args.agent.clone());
        Ok(Self { home: Home::find()?, files, spec, by_calls, command, plan })
    }

    /// Runs the protocol, which puts it on record, and reports.
    pub(super) fn report(self, args: &MonitorArgs, out: &mut Out) -> Outcome<Reported> {
        let Self { home, files, spec, by_calls, command, plan } = self;
        let (store, world) = (home.store(), spec.world().clone());
        let host = super::host(&home)?;
        let loaded = super::load(&host, files, out)?;
        let skill = if by_calls { loaded.by_calls() } else { loaded };
        // Before work is done that could not be recorded.
        let checked = host.check_ledger()?;
        report_on_interrupt();
        let spec = spec.baselines((!args.fresh).then(|| store.clone()));
        let pending = host.monitor(&skill, spec).checked(checked).cancel(interrupted());
        let (monitored, ledger) = pending.progress(Bar::new(out, args.runs)).wait_with_ledger()?;
        let mut monitored = monitored.into_inner();
        let against = ledger::witness(ledger, &home, &mut monitored.report, out)?;
        let report = &monitored.report;
        let exit = match args.output.fail_on.map(VerdictArg::verdict) {
            // Without a conclusion there is no pass.
            Some(least) if report.verdict < least && report.verdict != Verdict::Inconclusive => exit::DONE,
            _ => report.verdict.exit_code(),
        };
        let exit = against.as_ref().map_or(exit, Error::exit_code);
        let is_open = report.coverage.comparisons_open > 0 || report.coverage.is_search_cut;
        let more = (command != "fuzz" && is_open).then(|| printed::more(args));
        let material = Material {
            report,
            world: &world,
            again: &printed::again(command, args, plan, report.seed),
            more: more.as_deref(),
            pages: &skill.files().pages,
            exit,
        };
        write_report(&report::write(args.output.format, &material)?, &args.output, out)?;
        // The report is written by now: it is not lost if the traces cannot be stored.
        if args.keep != KeepArg::None {
            monitored.keep(&store, &skill).map_err(not_kept)?;
        }
        let verdict = report.verdict;
        against.map_or(Ok(Reported { verdict, exit, skill }), Err)
    }
}

fn not_kept(error: invar_host::Error) -> Error {
    Error::Input(format!(
        "the report is complete, but its traces could not be stored: {}; set INVAR_HOME to a writable directory, or \
         monitor with --keep none",
        Error::from(error)
    ))
}

impl From<SearchArg> for Reach {
    fn from(search: SearchArg) -> Self {
        match search {
            SearchArg::None => Self::None,
            SearchArg::Forward => Self::Forward,
            SearchArg::Full => Self::Full,
        }
    }
}

impl From<KeepArg> for KeepTraces {
    fn from(keep: KeepArg) -> Self {
        match keep {
            KeepArg::None => Self::None,
            KeepArg::Findings => Self::Findings,
            KeepArg::All => Self::All,
        }
    }
}

/// Writes the report to its file; if that cannot be written, to standard output.
fn write_report(text: &str, to: &ReportArgs, out: &mut Out) -> Outcome<()> {
    let is_human = to.format == ReportFormat::Human;
    match (&to.output, is_human) {
        (None, true) => out.styled(text),
        (None, false) => out.result(text),
        (Some(path), _) => {
            let plain = if is_human { report::plain(text) } else { text.to_owned() };
            if let Err(error) = files::write(path, plain.as_bytes()) {
                out.result(&plain);
                return Err(error.into());
            }
        }
    }
    Ok(())
}

/// The inputs that the user names, else the input of the skill; at least one, unless a directory is empty.
fn inputs(args: &MonitorArgs, skill: &SkillFiles) -> Outcome<Vec<NamedInput>> {
    let mut paths: Vec<String> = args.input.clone();
    if let Some(directory) = &args.inputs {
        let names = files::files_in(directory)?;
        paths.extend(names.into_iter().map(|path| path.display().to_string()));
    } else if paths.is_empty() {
        return Ok(vec![NamedInput::of_skill(skill)?]);
    }
    paths
        .into_iter()
        .map(|path| Ok(NamedInput { bytes: skill::input(skill, Some(&path))?.into(), name: path }))
        .collect()
}
