//! A lab for tests: skills are functions, files a map, and a run costs nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use invar_envelope::MissingPermission;
use invar_trace::{
    About, Behaviour, Bytes, Call, CallEnd, CallResult, Effect, EffectKind, Ending, Occurrence, OutputDigest,
    Resources, Violation,
    functions::{environment, filesystem, tcp},
};
use invar_world::{Change, Digest, Timestamp};

use crate::{
    Allowance, Budget, Declared, EngineId, Factor, Fired, Forward, ForwardFind, Forwarded, Lab, LabError,
    Monitor, Protocol, Question, Report, Search, Searched, SkillId, Spent, Subject,
};

const NS_PER_HOUR: u64 = 3_600_000_000_000;

/// Fuel of follow-up runs, as usual.
const FUEL_MAX: u64 = 10_000_000_000;

/// What the calls of a fake skill are about.
pub(crate) const REPORT: &str = "/out/report.txt";

/// The inputs of a fake run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stage {
    /// Hours since some start: one more each run.
    pub(crate) hour: u64,
    /// Another one each run.
    pub(crate) seed: u64,
    pub(crate) files: BTreeMap<String, String>,
    pub(crate) variables: BTreeMap<String, String>,
    /// What it reads.
    pub(crate) input: String,
    /// The program's name is not among them.
    pub(crate) arguments: Vec<String>,
    /// The fault, as `--set` reads it, if there is one.
    pub(crate) fault: Option<String>,
}

impl Stage {
    /// The number in a file; 0 if there is none.
    pub(crate) fn number(&self, path: &str) -> u64 {
        self.files.get(path).and_then(|text| text.parse().ok()).unwrap_or(0)
    }

    pub(crate) fn put(&mut self, path: &str, value: impl ToString) {
        self.files.insert(path.into(), value.to_string());
    }
}

/// What a fake run does.
#[derive(Debug, Clone)]
pub(crate) struct FakeRun {
    pub(crate) output: String,
    /// What it says to standard error.
    pub(crate) errors: String,
    pub(crate) fuel: u64,
    pub(crate) connects: Vec<String>,
    pub(crate) writes: Vec<String>,
    /// Destinations that no envelope declares.
    pub(crate) undeclared: Vec<String>,
    /// What else it does: a kind, what it is about, and the error it ends with.
    pub(crate) does: Vec<(EffectKind, String, Option<String>)>,
    /// Lines that its envelope lacks for that: key and value.
    pub(crate) lacks: Vec<(&'static str, String)>,
    /// It asks for its variables, so that they are varied.
    pub(crate) looks_at_variables: bool,
    pub(crate) ending: Ending,
    /// Its calls, if it is a tool skill: they are its output, and add to its fuel.
    pub(crate) calls: Vec<FakeCall>,
    /// The number of the call that has all its effects, from 1.
    pub(crate) effects_in: usize,
}

/// One call of a fake tool skill.
#[derive(Debug, Clone)]
pub(crate) struct FakeCall {
    pub(crate) function: &'static str,
    pub(crate) output: String,
    pub(crate) fuel: u64,
}

impl FakeCall {
    pub(crate) fn of(function: &'static str, output: impl ToString, fuel: u64) -> Self {
        Self { function, output: output.to_string(), fuel }
    }
}

impl Default for FakeRun {
    fn default() -> Self {
        Self {
            output: "same".into(),
            errors: String::new(),
            fuel: 1_000_000,
            connects: Vec::new(),
            writes: Vec::new(),
            undeclared: Vec::new(),
            does: Vec::new(),
            lacks: Vec::new(),
            looks_at_variables: false,
            ending: Ending::Returned,
            calls: Vec::new(),
            effects_in: 1,
        }
    }
}

impl FakeRun {
    pub(crate) fn connecting(is: bool) -> Self {
        let connects = if is { vec!["tcp://203.0.113.9:443".to_owned()] } else { Vec::new() };
        Self { connects, ..Self::default() }
    }

    pub(crate) fn costing(fuel: u64) -> Self {
        Self { fuel, ..Self::default() }
    }

    pub(crate) fn saying(output: impl ToString) -> Self {
        Self { output: output.to_string(), ..Self::default() }
    }

    pub(crate) fn calling(calls: impl Into<Vec<FakeCall>>) -> Self {
        let calls = calls.into();
        let output = calls.iter().map(|call| format!("{}\n", call.output)).collect();
        let fuel = 100_000 + calls.iter().map(|call| call.fuel).sum::<u64>();
        Self { output, fuel, calls, ..Self::default() }
    }

    pub(crate) fn behaviour(&self) -> Arc<Behaviour> {
        let effect = |kind, subject: &String| Effect { kind, subject: subject.clone(), failed: None };
        let connects = self.connects.iter().map(|to| effect(EffectKind::NetworkConnect, to));
        let writes = self.writes.iter().map(|path| effect(EffectKind::FileWrite, path));
        let does = self.does.iter().cloned();
        let does = does.map(|(kind, subject, failed)| Effect { kind, subject, failed });
        let effects: BTreeSet<Effect> = connects.chain(writes).chain(does).collect();
        let missing = |to: &String| {
            let violation =
                Violation { event: 1, function: tcp::TCP_SOCKET_START_CONNECT, times: 1, denied: false };
            (MissingPermission { key: "network".into(), value: to.clone() }, violation)
        };
        let lacks = self.lacks.iter().map(|(key, value)| {
            let (_, violation) = missing(value);
            (MissingPermission { key: (*key).into(), value: value.clone() }, violation)
        });
        let output =
            |text: &str| OutputDigest { digest: Digest::of(text.as_bytes()), bytes: text.len() as u64 };
        Arc::new(Behaviour {
            ending: self.ending.clone(),
            stdout: output(&self.output),
            stderr: output(&self.errors),
            sent: None,
            text: self.output.clone().into_bytes(),
            errors: self.errors.clone().into_bytes(),
            effect_calls: match self.calls.is_empty() {
                true => BTreeMap::new(),
                false => effects.iter().map(|effect| (effect.clone(), self.effects_in)).collect(),
            },
            effects,
            violations: self.undeclared.iter().map(missing).chain(lacks).collect(),
            refusals: Vec::new(),
            traffic: BTreeMap::new(),
            received_prefix: BTreeMap::new(),
            calls: match self.looks_at_variables {
                true => BTreeMap::from([(environment::GET_ENVIRONMENT, 1)]),
                false => BTreeMap::new(),
            },
            resources: Resources { fuel: self.fuel, bytes: Bytes::default(), ..Resources::default() },
            path: Digest::of(b""),
            files: Digest::of(b""),
            tool_calls: self
                .calls
                .iter()
                .zip(1..)
                .map(|(call, number)| CallEnd {
                    function: call.function.into(),
                    result: CallResult::Value,
                    // Event 1 is where everything happens that is not declared.
                    first_event: u64::from(number > self.effects_in),
                    events: u64::from(number == self.effects_in) * 2,
                    fuel: call.fuel,
                    output: output(&call.output),
                })
                .collect(),
            head: Digest::of(b""),
        })
    }
}

/// A lab with one fake skill.
pub(crate) struct FakeLab<F> {
    skill: F,
    /// The variables and arguments that every run is given.
    given: Stage,
    /// What a search of it solves.
    solves: Vec<Vec<Change>>,
    initial: BTreeMap<String, String>,
    /// What each run of the series found, and the files the last one left.
    stages: Vec<Stage>,
    left: BTreeMap<String, String>,
    budget: Budget,
    host_runs: Option<u64>,
    /// Runs are made past the series.
    follows: bool,
}

impl<F: Fn(&mut Stage) -> FakeRun> FakeLab<F> {
    fn run(&self, mut stage: Stage) -> (Arc<Behaviour>, BTreeMap<String, String>) {
        let behaviour = (self.skill)(&mut stage).behaviour();
        (behaviour, stage.files)
    }

    fn stage(&self, number: u64, files: BTreeMap<String, String>) -> Stage {
        let seed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 8;
        Stage { hour: number, seed, files, ..self.given.clone() }
    }

    fn more(
        &mut self,
        first: u64,
        mut files: BTreeMap<String, String>,
        runs: u32,
    ) -> Result<Vec<Arc<Behaviour>>, LabError> {
        if self.is_host_slow() {
            return Err(LabError::OutOfBudget(Spent::HostTime));
        }
        self.budget.check(runs.into())?;
        let all = (first..first + u64::from(runs)).map(|number| {
            self.budget.check(1)?;
            let (behaviour, left) = self.run(self.stage(number, std::mem::take(&mut files)));
            self.budget.spend(behaviour.resources.fuel);
            files = left;
            Ok(behaviour)
        });
        all.collect()
    }
}

impl<F: Fn(&mut Stage) -> FakeRun> Lab for FakeLab<F> {
    fn is_host_slow(&self) -> bool {
        self.host_runs.is_some_and(|runs| self.budget.runs() >= runs)
    }

    fn ask(&mut self, questions: &[Question]) -> Result<Vec<Arc<Behaviour>>, LabError> {
        let of = |run: u32| self.stages[run as usize - 1].clone();
        let answer = |question: &Question| {
            let mut stage = of(question.of);
            for swap in &question.swaps {
                let other = of(swap.from);
                match &swap.factor {
                    Factor::Clock => stage.hour = other.hour,
                    Factor::Random => stage.seed = other.seed,
                    Factor::Files => stage.files = other.files,
                    Factor::File(path) => match other.files.get(path) {
                        Some(content) => stage.put(path, content),
                        None => drop(stage.files.remove(path)),
                    },
                }
            }
            for change in &question.changes {
                match change {
                    Change::Clock(time) => stage.hour = time.0 / NS_PER_HOUR,
                    Change::Random(seed) => stage.seed = *seed,
                    Change::Stdin(input) => stage.input = String::from_utf8_lossy(input).into_owned(),
                    Change::File { path, content } => match content {
                        Some(content) => stage.put(path, String::from_utf8_lossy(content)),
                        None => drop(stage.files.remove(path)),
                    },
                    Change::Env { name, value: Some(value) } => {
                        stage.variables.insert(name.clone(), value.clone());
                    }
                    Change::Env { name, value: None } => drop(stage.variables.remove(name)),
                    Change::Arg { index, value } => {
                        let at = *index as usize - 1;
                        let more = stage.arguments.len().max(at + 1);
                        stage.arguments.resize(more, String::new());
                        stage.arguments[at].clone_from(value);
                    }
                    // Fake skills use any path.
                    Change::Preopens(_)
                    | Change::MoreVariables(_)
                    | Change::MoreArguments(_)
                    | Change::Uptime(_)
                    | Change::Late(_) => {}
                    other => panic!("a fake lab knows no {other:?}"),
                }
            }
            stage.fault = question.faults.first().map(|fault| fault.text.clone());
            self.run(stage).0
        };
        let mut answers = Vec::new();
        let mut budget = self.budget.clone();
        for question in questions {
            if self.host_runs.is_some_and(|runs| budget.runs() >= runs) {
                self.budget = budget;
                return Err(LabError::OutOfBudget(Spent::HostTime));
            }
            budget.check(1)?;
            let run = answer(question);
            budget.spend(run.resources.fuel);
            answers.push(run);
        }
        self.budget = budget;
        Ok(answers)
    }

    fn reset(&mut self, runs: u32, _: &[Factor], _: u32) -> Result<Vec<Arc<Behaviour>>, LabError> {
        self.more(self.stages.len() as u64 + 1, self.initial.clone(), runs)
    }

    fn go_on(&mut self, runs: u32) -> Result<Vec<Arc<Behaviour>>, LabError> {
        self.more(self.stages.len() as u64 + 1, self.left.clone(), runs)
    }

    fn changed(&self, a: u32, b: u32) -> Vec<String> {
        let (a, b) = (&self.stages[a as usize - 1].files, &self.stages[b as usize - 1].files);
        let paths: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
        paths.into_iter().filter(|path| a.get(*path) != b.get(*path)).cloned().collect()
    }

    fn content(&self, before: u32, path: &str) -> Option<Vec<u8>> {
        self.stages[before as usize - 1].files.get(path).map(|text| text.clone().into_bytes())
    }

    fn started(&self, run: u32) -> Timestamp {
        Timestamp(self.stages.get(run as usize - 1).map_or(0, |stage| stage.hour) * NS_PER_HOUR)
    }

    fn input(&self) -> Arc<[u8]> {
        self.given.input.as_bytes().into()
    }

    fn other_inputs(&self) -> Vec<Arc<[u8]>> {
        Vec::new()
    }

    fn variables(&self) -> Vec<String> {
        self.given.variables.keys().cloned().collect()
    }

    fn arguments(&self) -> Vec<String> {
        self.given.arguments.clone()
    }

    fn has(&self, run: u32) -> bool {
        run as usize <= self.stages.len()
    }

    fn uptime_ns(&self, _: u32) -> u64 {
        0
    }

    /// Up to the first run that does something else, and two more.
    fn forward(&mut self, forward: Forward<'_>) -> Result<Forwarded, LabError> {
        let mut forwarded = Forwarded { total: forward.of, ..Forwarded::default() };
        if !self.follows {
            return Ok(forwarded);
        }
        let base = self.stages[forward.of as usize - 1].clone();
        let mut files = base.files.clone();
        for number in forward.of..=forward.runs_max.min(forward.of + 200) {
            self.budget.check(1)?;
            let (behaviour, left) = self.run(Stage { files: files.clone(), ..base.clone() });
            self.budget.spend(behaviour.resources.fuel);
            forwarded.total = number;
            let fired = if number > forward.of { (forward.fires)(&behaviour) } else { None };
            if let Some(Fired { kind, .. }) = fired {
                let known = forwarded.found.iter().position(|find| find.kind == kind);
                let at = known.unwrap_or_else(|| {
                    let moved = files.iter().filter(|(path, text)| base.files.get(*path) != Some(*text));
                    let change = |(path, text): (&String, &String)| Change::File {
                        path: path.clone(),
                        content: Some(text.clone().into_bytes()),
                    };
                    let changes = moved.map(change).collect();
                    let first = behaviour.clone();
                    forwarded.found.push(ForwardFind { kind, fired: Vec::new(), changes, first });
                    forwarded.found.len() - 1
                });
                forwarded.found[at].fired.push(number);
                if forwarded.found[at].fired.len() == 3 {
                    break;
                }
            }
            files = left;
        }
        Ok(forwarded)
    }

    /// A fake skill has no code to search: the test says what is found.
    fn search(&mut self, _: Search<'_>) -> Result<Searched, LabError> {
        Ok(Searched { solved: self.solves.clone(), ..Searched::default() })
    }

    /// Whatever it does, a fake skill opens its report for writing.
    fn calls(&mut self, _: u32) -> Result<Vec<Call>, LabError> {
        self.budget.check(1)?;
        self.budget.spend(0);
        Ok(vec![Call {
            event: 3,
            function: filesystem::DESCRIPTOR_OPEN_AT,
            about: About::File(REPORT.into()),
            occurrence: Occurrence::Only,
            time_ns: 0,
            error: None,
            answered: Vec::new(),
        }])
    }

    fn allow(&mut self, allowance: Allowance) {
        self.budget.allow(allowance);
    }

    fn followups(&self) -> u32 {
        u32::try_from(self.budget.runs()).unwrap()
    }

    fn followup_fuel(&self) -> u64 {
        self.budget.fuel()
    }
}

/// The report on so many runs of a fake skill.
pub(crate) fn report(
    declared: Declared,
    runs: u32,
    budget: u32,
    skill: impl Fn(&mut Stage) -> FakeRun,
) -> Report {
    report_by(Protocol::default(), declared, runs, budget, skill)
}

/// The report on so many runs of a fake skill, by a protocol.
pub(crate) fn report_by(
    protocol: Protocol,
    declared: Declared,
    runs: u32,
    budget: u32,
    skill: impl Fn(&mut Stage) -> FakeRun,
) -> Report {
    report_on(Given { protocol, budget, ..Given::default() }, declared, runs, skill)
}

/// The inputs of a fake skill, and the protocol.
#[derive(Default)]
pub(crate) struct Given {
    pub(crate) protocol: Protocol,
    /// Follow-up runs.
    pub(crate) budget: u32,
    /// Its files, variables and arguments.
    pub(crate) stage: Stage,
    /// What a search of it solves.
    pub(crate) solves: Vec<Vec<Change>>,
    /// The host is too slow for more follow-up runs than these; none: for no run.
    pub(crate) host_runs: Option<u64>,
    /// Runs are made past the series.
    pub(crate) follows: bool,
}

/// The report on so many runs of a fake skill with inputs.
pub(crate) fn report_on(
    given: Given,
    declared: Declared,
    runs: u32,
    skill: impl Fn(&mut Stage) -> FakeRun,
) -> Report {
    let Given { protocol, budget, stage, solves, host_runs, follows } = given;
    let initial = stage.files.clone();
    let mut lab = FakeLab {
        skill,
        given: stage,
        solves,
        initial: initial.clone(),
        stages: Vec::new(),
        left: initial,
        budget: Budget::new(budget.into(), FUEL_MAX),
        host_runs,
        follows,
    };
    let mut monitor = Monitor::new(declared, None).by(protocol);
    for run in 1..=runs {
        let stage = lab.stage(u64::from(run), lab.left.clone());
        lab.stages.push(stage.clone());
        let (behaviour, left) = lab.run(stage);
        lab.left = left;
        monitor.observe(run, &behaviour);
        if monitor.cannot_conclude() {
            break;
        }
    }
    let subject = Subject {
        id: "fake".into(),
        skill: SkillId {
            name: "fake".into(),
            version: String::new(),
            publisher: String::new(),
            component_sha256: String::new(),
            envelope_sha256: String::new(),
        },
        engine: EngineId { version: String::new(), config_sha256: String::new() },
        seed: 7,
    };
    monitor.conclude(subject, &mut lab).unwrap()
}
