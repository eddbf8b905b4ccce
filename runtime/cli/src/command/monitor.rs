//! `invar monitor`: many runs, one report. `invar fuzz`: the same, with a larger budget for the search.

use std::sync::Arc;

use invar_engine::{Skill, Start};
use invar_host::{Host, skill::SkillFiles};
use invar_lab::{KeepTraces, Monitored, Plan, Reach, SeriesInput};
use invar_ledger::body::RunMode;
use invar_monitor::{
    Declared, EngineId, Judged, Report, SkillId, Stored, Subject, Verdict, report_id, shell_word,
};
use invar_trace::{RunSummary, Trace};
use invar_world::Digest;

use crate::{
    args::{FuzzArgs, KeepArg, MonitorArgs, ReportArgs, ReportFormat, SearchArg, VerdictArg},
    error::{Error, Outcome},
    exit, files,
    home::Home,
    ledger::{self, RunIdentity},
    out::Out,
    progress::{Bar, is_interrupted, report_on_interrupt},
    report::{self, Material, now},
    skill,
    store::Store,
    world,
};

pub(super) fn monitor(args: &MonitorArgs, out: &mut Out) -> Outcome {
    report(args, ("monitor", Plan::of(args.runs)), out)
}

pub(super) fn fuzz(args: &FuzzArgs, out: &mut Out) -> Outcome {
    let plan = Plan { faults: args.faults, ..Plan::search(args.monitor.runs) };
    report(&args.monitor, ("fuzz", plan), out)
}

/// Reads the skill and runs the protocol.
fn report(args: &MonitorArgs, command: (&str, Plan), out: &mut Out) -> Outcome {
    if let Some(path) = &args.output.output {
        files::check_parent(path)?;
    }
    let case = Case::read(args, skill::read(&args.skill, args.world.envelope.as_deref())?)?;
    Ok(case.report(args, command, out)?.exit)
}

/// The result of a protocol that was run and reported.
pub(super) struct Reported {
    pub(super) verdict: Verdict,
    pub(super) exit: u8,
    /// The files that it was run with.
    pub(super) files: SkillFiles,
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
    files: SkillFiles,
    inputs: Vec<Input>,
    start: Start,
}

impl Case {
    /// Reads everything that the protocol needs besides the files of the skill.
    pub(super) fn read(args: &MonitorArgs, files: SkillFiles) -> Outcome<Self> {
        let inputs = inputs(args, &files)?;
        let start = world::start(&files, &args.world)?;
        Ok(Self { home: Home::find()?, files, inputs, start })
    }

    /// The files of the skill, without running anything.
    pub(super) fn into_files(self) -> SkillFiles {
        self.files
    }

    /// Runs the protocol, records it, and reports.
    pub(super) fn report(
        self,
        args: &MonitorArgs,
        (command, usual): (&str, Plan),
        out: &mut Out,
    ) -> Outcome<Reported> {
        let plan = plan(args, usual);
        let mut case = Compiled::of(self, out)?;
        // Before work is done that could not be recorded.
        case.host.check_ledger()?;
        report_on_interrupt();
        let Done { mut report, traces, measured, summaries } = case.run(args, plan, out)?;
        let against = case.record(args, &mut report, &summaries, out)?;
        let exit = match args.output.fail_on.map(VerdictArg::verdict) {
            // Without a conclusion there is no pass.
            Some(least) if report.verdict < least && report.verdict != Verdict::Inconclusive => exit::DONE,
            _ => report.verdict.exit_code(),
        };
        let exit = against.as_ref().map_or(exit, Error::exit_code);
        let is_open = report.coverage.comparisons_open > 0;
        let more = (command != "fuzz" && is_open).then(|| more(args));
        let material = Material {
            report: &report,
            world: &case.start.world,
            again: &again(command, args, plan, report.seed),
            more: more.as_deref(),
            pages: &case.files.pages,
            exit,
        };
        write_report(&report::write(args.output.format, &material)?, &args.output, out)?;
        // The report is written by now: it is not lost if the traces cannot be stored.
        if args.keep != KeepArg::None {
            case.keep(&report, &traces, measured.as_ref())?;
        }
        let verdict = report.verdict;
        against.map_or(Ok(Reported { verdict, exit, files: case.files }), Err)
    }
}

/// The same, compiled.
struct Compiled {
    home: Home,
    store: Store,
    files: SkillFiles,
    inputs: Vec<Input>,
    start: Start,
    host: Host,
    skill: Skill,
    /// The envelope as it is hashed.
    envelope: Option<Vec<u8>>,
}

/// The result of a protocol.
struct Done {
    /// The worst of all inputs.
    report: Report,
    traces: Vec<(u32, Trace)>,
    /// A baseline worth keeping.
    measured: Option<Stored>,
    /// All runs, whatever the input.
    summaries: Vec<RunSummary>,
}

impl Compiled {
    fn of(case: Case, out: &mut Out) -> Outcome<Self> {
        let Case { home, files, inputs, start } = case;
        let host = super::host(&home)?;
        let skill = super::load(&host, &files.component, out)?;
        let envelope = files.envelope.as_ref().map(|envelope| envelope.to_cbor());
        Ok(Self { store: Store::new(&home), home, files, inputs, start, host, skill, envelope })
    }

    /// The protocol, once for each input.
    fn run(&mut self, args: &MonitorArgs, plan: Plan, out: &Out) -> Outcome<Done> {
        let declared = Declared { envelope: self.files.envelope.clone(), claims: self.files.claims.clone() };
        let subject = self.subject(args, plan);
        let started_at = now();
        let (mut measured, mut judged): (Option<Stored>, Vec<Judged>) = (None, Vec::new());
        let mut worst: Option<Monitored> = None;
        let mut summaries = Vec::new();
        for (index, input) in self.inputs.iter().enumerate() {
            if is_interrupted() && index > 0 {
                break;
            }
            self.start.input = input.bytes.clone();
            // The other inputs show how cost grows, once.
            let others: Vec<Arc<[u8]>> = match index {
                0 => self.inputs[1..].iter().map(|input| input.bytes.clone()).collect(),
                _ => Vec::new(),
            };
            let given = self.given(input);
            let stored = if args.fresh { None } else { self.store.baseline(self.skill.digest, given) };
            let mut monitored = invar_lab::monitor(
                self.host.engine(),
                &self.skill,
                SeriesInput { start: &self.start, others: &others, stored: stored.as_ref() },
                declared.clone(),
                subject.clone(),
                plan,
                &Bar::new(out, args.runs),
            )?;
            summaries.append(&mut monitored.summaries);
            // The first input is that of the skill: its baseline is the one to keep.
            if index == 0 && stored.is_none() {
                measured = Stored::of(&monitored.report, given);
            }
            // An input that was cut short takes no other's place.
            if is_interrupted() && index > 0 {
                break;
            }
            judged.push(Judged { input: input.name.clone(), verdict: monitored.report.verdict });
            if worst.as_ref().is_none_or(|worst| worst.report.verdict < monitored.report.verdict) {
                worst = Some(monitored);
            }
        }
        let Some(Monitored { mut report, traces, .. }) = worst else {
            return Err(Error::Usage("--inputs: the directory contains no files".into()));
        };
        report.started_at = started_at;
        let left = self.inputs.len() - judged.len();
        report.told_inputs(judged);
        report.cut_short(left);
        Ok(Done { report, traces, measured, summaries })
    }

    /// Records everything that was done, and notes its position in the report, before the report is shown.
    /// Returns the contradiction of a witness.
    fn record(
        &self,
        args: &MonitorArgs,
        report: &mut Report,
        summaries: &[RunSummary],
        out: &mut Out,
    ) -> Outcome<Option<Error>> {
        let mut ledger = ledger::open(&self.home)?;
        let id = report.id.clone();
        let identity = RunIdentity {
            skill: &self.files.name,
            component: self.skill.digest,
            engine: self.host.engine().digest(),
            envelope: self.envelope.as_deref().map(Digest::of),
            agent: args.agent.as_deref(),
            report: Some(&id),
            place: RunMode::Lab,
        };
        if let Some(first) = ledger.add_runs(&identity, summaries)? {
            ledger::add_verdict(&mut ledger, &identity, report, first, summaries.len())?;
        }
        ledger::finish(ledger, &self.home, report, out)
    }

    fn subject(&self, args: &MonitorArgs, plan: Plan) -> Subject {
        let digest = |bytes: &[u8]| Digest::of(bytes).0;
        let inputs: Vec<u8> = self.inputs.iter().flat_map(|input| digest(&input.bytes)).collect();
        let asked = format!(
            "{:?} {} {} {:?} {} {}",
            self.files.claims, plan.followups_max, plan.followup_fuel_max, plan.reach, plan.faults, args.runs
        );
        Subject {
            id: report_id(&[
                &self.skill.digest.0,
                &self.host.engine().digest().0,
                &self.start.world.digest().0,
                &self.start.files.digest().0,
                &digest(self.envelope.as_deref().unwrap_or_default()),
                &digest(&inputs),
                asked.as_bytes(),
            ]),
            skill: SkillId {
                name: self.files.name.clone(),
                version: self.files.version.clone(),
                publisher: self.files.publisher.clone(),
                component_sha256: self.skill.digest.to_string(),
                envelope_sha256: self
                    .envelope
                    .as_deref()
                    .map(|envelope| Digest::of(envelope).to_string())
                    .unwrap_or_default(),
            },
            engine: EngineId {
                version: env!("CARGO_PKG_VERSION").into(),
                config_sha256: self.host.engine().digest().to_string(),
            },
            seed: self.start.world.seed,
        }
    }

    /// Digest of what a baseline depends on besides the component.
    fn given(&self, input: &Input) -> Digest {
        Digest::of_parts(
            "invar/given",
            &[
                &self.host.engine().digest().0,
                &self.start.world.digest().0,
                &self.start.files.digest().0,
                &Digest::of(&input.bytes).0,
                self.envelope.as_deref().unwrap_or_default(),
            ],
        )
    }

    fn keep(&self, report: &Report, traces: &[(u32, Trace)], measured: Option<&Stored>) -> Outcome<()> {
        let digest = self.skill.digest;
        self.store
            .put_component(digest, &self.files.component)
            .and_then(|()| self.store.put_traces(&report.id, traces))
            .and_then(|()| measured.map_or(Ok(()), |baseline| self.store.put_baseline(digest, baseline)))
            .map_err(|error| {
                Error::Input(format!(
                    "the report is complete, but its traces could not be stored: {error}; set INVAR_HOME to a writable \
                     directory, or monitor with --keep none"
                ))
            })
    }
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

/// One input, and its name.
struct Input {
    name: String,
    bytes: Arc<[u8]>,
}

/// The inputs that the user names, else the input of the skill; at least one, unless a directory is empty.
fn inputs(args: &MonitorArgs, skill: &SkillFiles) -> Outcome<Vec<Input>> {
    let mut paths: Vec<String> = args.input.clone();
    if let Some(directory) = &args.inputs {
        let names = files::files_in(directory)?;
        paths.extend(names.into_iter().map(|path| path.display().to_string()));
    } else if paths.is_empty() {
        return Ok(vec![Input { name: "its own".into(), bytes: skill::input(skill, None)?.into() }]);
    }
    paths
        .into_iter()
        .map(|path| Ok(Input { bytes: skill::input(skill, Some(&path))?.into(), name: path }))
        .collect()
}

/// The command that continues the search.
fn more(args: &MonitorArgs) -> String {
    let mut words = vec!["invar".to_owned(), "fuzz".into(), args.skill.clone()];
    let mut add = |option: &str, value: String| words.extend([option.to_owned(), value]);
    args.input.iter().for_each(|input| add("--input", input.clone()));
    args.inputs.iter().for_each(|path| add("--inputs", path.display().to_string()));
    args.world.world.iter().for_each(|world| add("--world", world.clone()));
    words.iter().map(|word| shell_word(word)).collect::<Vec<_>>().join(" ")
}

/// The command that gives the same report.
fn again(command: &str, args: &MonitorArgs, plan: Plan, seed: u64) -> String {
    let mut words = vec!["invar".to_owned(), command.into(), args.skill.clone()];
    let mut add = |option: &str, value: String| words.extend([option.to_owned(), value]);
    add("--runs", args.runs.to_string());
    args.input.iter().for_each(|input| add("--input", input.clone()));
    args.inputs.iter().for_each(|path| add("--inputs", path.display().to_string()));
    args.world.world.iter().for_each(|world| add("--world", world.clone()));
    args.world.variables.iter().for_each(|variable| add("--env", variable.clone()));
    args.world.at.iter().for_each(|time| add("--at", time.clone()));
    args.world.envelope.iter().for_each(|path| add("--envelope", path.display().to_string()));
    args.budget.budget_runs.iter().for_each(|runs| add("--budget", runs.to_string()));
    args.budget.budget_fuel.iter().for_each(|fuel| add("--fuel-budget", fuel.to_string()));
    match args.search {
        SearchArg::Full => {}
        SearchArg::None => add("--search", "none".into()),
        SearchArg::Forward => add("--search", "forward".into()),
    }
    add("--seed", seed.to_string());
    words.extend(plan.faults.then(|| "--faults".to_owned()));
    words.iter().map(|word| shell_word(word)).collect::<Vec<_>>().join(" ")
}
