//! One monitoring: the series, and the answers to what is asked of it.

use std::{collections::BTreeMap, sync::Arc};

use invar_engine::{Cancel, Engine, Patience, RunError, Skill, Start};
use invar_monitor::{
    Allowance, BASELINE_RUNS, Budget, Factor, Fired, Forward, ForwardFind, Forwarded, Keep, Lab, LabError,
    Question, Report, Search, Searched, Spent, Swap,
};
use invar_trace::{Call, RunSummary, Trace};
use invar_world::{Change, Responder, Timestamp};

use crate::{
    KeepTraces, MonitorError, Plan, Reach,
    copies::Copies,
    originals::Originals,
    probing::Spending,
    series::{CompletedRun, Series, SeriesInput, Shared},
};

/// Receives the progress.
pub trait Progress: Sync {
    /// A run of the series was made.
    fn run(&self, number: u32, of: u32);
    /// So many follow-up runs were made, the last of them to find out `asking`.
    fn followups(&self, completed: u32, asking: &str);
    /// A search has made so many runs.
    fn search(&self, progress: &invar_probe::Progress, runs: u64);
    /// Whether the user has seen enough: what was found until then is reported.
    fn is_interrupted(&self) -> bool {
        false
    }
    /// What the same wish sets, so that it ends a run that is under way, too.
    fn cancel(&self) -> Cancel {
        Cancel::default()
    }
    /// It is over.
    fn done(&self);
}

/// A follow-up run may take so many times the fuel of the costliest run of the series: what burns more under a
/// condition is stopped there, and that is found.
const FOLLOWUP_FUEL_RATIO: u64 = 20;
/// And at least this much, for small skills.
const FOLLOWUP_FUEL_MIN: u64 = 500_000_000;
/// Independent runs that are made before the budget is looked at again.
const BATCH_RUNS: usize = 32;

/// Runs in a row that leave what they found, some time apart, after which no later one is taken to leave anything else:
/// more than a week of days.
const UNCHANGED_MAX: u32 = 10;

/// Traces of a series that are kept in memory until it is over. Stops a skill whose runs leave large traces, each
/// within its limit, from filling memory together; runs past it can be asked about, and are not stored.
const TRACE_BYTES_KEPT_MAX: usize = 1 << 30;

/// A run of the series that can be asked about.
struct KeptRun {
    start: Start,
    trace: Option<Trace>,
}

pub(crate) struct Session<'a> {
    originals: Originals<'a>,
    first: Start,
    others: Vec<Arc<[u8]>>,
    plan: Plan,
    progress: &'a dyn Progress,
    series: Series,
    kept: BTreeMap<u32, KeptRun>,
    /// What all kept traces take.
    trace_bytes: usize,
    /// The run that is kept until the next such.
    latest: Option<u32>,
    real_ms: Vec<u64>,
    budget: Budget,
    /// Follow-up runs that instrumented copies made.
    copy_runs: u64,
    /// Of the costliest run of the series.
    usual_fuel: u64,
    copies: Copies,
    /// The host was too slow for a run, twice.
    is_host_slow: bool,
}

impl<'a> Session<'a> {
    pub(crate) fn new(
        engine: &'a Engine,
        skill: &'a Skill,
        given: SeriesInput<'_>,
        plan: Plan,
        progress: &'a dyn Progress,
    ) -> Self {
        Self {
            originals: Originals::new(
                engine,
                skill,
                Patience { time: plan.run_time, cancel: progress.cancel() },
            ),
            first: given.start.clone(),
            others: given.others.to_vec(),
            plan,
            progress,
            series: Series::from(given.start, 1, Timestamp(0)),
            kept: BTreeMap::new(),
            trace_bytes: 0,
            latest: None,
            real_ms: Vec::new(),
            budget: Budget::new(plan.followups_max.into(), plan.followup_fuel_max),
            copy_runs: 0,
            usual_fuel: 0,
            copies: Copies::default(),
            is_host_slow: false,
        }
    }

    /// Makes the next run of the series; none if the host was too slow for it, or the user wants no more.
    pub(crate) fn next_run(&mut self) -> Result<Option<CompletedRun>, MonitorError> {
        let completed = match self.originals.next_of_series(self.series.next_start()) {
            Err(error) => match self.ended(error) {
                LabError::OutOfBudget(_) => return Ok(None),
                LabError::Failed(message) => return Err(MonitorError::Lab(message)),
            },
            Ok(completed) => completed,
        };
        self.series.follow(&completed);
        self.usual_fuel = self.usual_fuel.max(completed.behaviour.resources.fuel);
        self.real_ms.push(completed.real_ms);
        self.progress.run(completed.number, self.plan.runs);
        Ok(Some(completed))
    }

    /// Keeps what is wanted of a run, and lets go of the rest.
    pub(crate) fn settle(&mut self, completed: CompletedRun, wanted: Keep) {
        let is_kept = match self.plan.keep {
            KeepTraces::None => false,
            KeepTraces::Findings => wanted != Keep::Nothing,
            KeepTraces::All => true,
        };
        let size = completed.trace.size();
        let trace = (is_kept && self.trace_bytes + size <= TRACE_BYTES_KEPT_MAX).then_some(completed.trace);
        self.trace_bytes += if trace.is_some() { size } else { 0 };
        if wanted == Keep::Latest
            && let Some(last) = self.latest.replace(completed.number)
            && self.plan.keep != KeepTraces::All
        {
            let evicted = self.kept.remove(&last).and_then(|run| run.trace);
            self.trace_bytes -= evicted.map_or(0, |trace| trace.size());
        }
        if wanted != Keep::Nothing || trace.is_some() {
            self.kept.insert(completed.number, KeptRun { start: completed.start, trace });
        }
    }

    pub(crate) fn real_ms(&self) -> &[u64] {
        &self.real_ms
    }

    /// What an audit trail keeps of the runs.
    pub(crate) fn take_summaries(&mut self) -> Vec<RunSummary> {
        self.originals.take_summaries()
    }

    /// The traces that were to be kept, made whole.
    pub(crate) fn into_traces(self, report: &Report) -> Vec<(u32, Trace)> {
        let spoken_of =
            |run: &u32| *run <= BASELINE_RUNS || report.findings().any(|finding| finding.runs.contains(run));
        self.kept
            .into_iter()
            .filter(|(run, _)| self.plan.keep == KeepTraces::All || spoken_of(run))
            .filter_map(|(run, kept)| {
                let mut trace = kept.trace?;
                trace.complete(&kept.start.files, &kept.start.input);
                Some((run, trace))
            })
            .collect()
    }

    fn start_of(&self, run: u32) -> Result<&Start, LabError> {
        self.kept
            .get(&run)
            .map(|kept| &kept.start)
            .ok_or_else(|| LabError::Failed(format!("run {run} was not kept and cannot be made again")))
    }

    /// The inputs of the run that answers a question.
    fn start_for(&self, question: &Question) -> Result<Start, LabError> {
        let mut start = self.start_of(question.of)?.clone();
        for Swap { factor, from } in &question.swaps {
            let other = self.start_of(*from)?;
            match factor {
                Factor::Clock => {
                    start.run.start = other.run.start;
                    start.run.uptime_ns = other.run.uptime_ns;
                    start.run.jitter = other.run.jitter;
                }
                Factor::Random => start.run.random = other.run.random,
                Factor::File(path) => start
                    .files
                    .take_from(&other.files, path)
                    .map_err(|error| LabError::Failed(format!("{path} cannot be put back: {error}")))?,
                Factor::Files => start.files = other.files.clone(),
            }
        }
        for change in &question.changes {
            // What cannot be changed stays as it is: a file that another change takes away has no time.
            let _ = start.apply(change);
        }
        for fault in &question.faults {
            start.substitute(fault.clone()).map_err(|error| LabError::Failed(error.to_string()))?;
        }
        start.limits.fuel = start.limits.fuel.min(self.fuel_of_a_followup());
        Ok(start)
    }

    /// Pays for a follow-up run.
    fn spend(&mut self, behaviour: &Shared) {
        self.budget.spend(behaviour.resources.fuel);
    }

    /// Fuel that one follow-up run may take.
    fn fuel_of_a_followup(&self) -> u64 {
        self.usual_fuel.saturating_mul(FOLLOWUP_FUEL_RATIO).max(FOLLOWUP_FUEL_MIN)
    }

    /// Runs that can be made at once without going far past the budget of fuel.
    fn affordable(&self) -> usize {
        let runs = self.budget.affordable(self.fuel_of_a_followup());
        usize::try_from(runs).unwrap_or(BATCH_RUNS).clamp(1, BATCH_RUNS)
    }

    fn check_budget(&self, runs: usize) -> Result<(), LabError> {
        match (self.is_interrupted(), self.is_host_slow) {
            (true, _) => Err(LabError::OutOfBudget(Spent::Interrupted)),
            (false, true) => Err(LabError::OutOfBudget(Spent::HostTime)),
            (false, false) => self.budget.check(runs as u64),
        }
    }

    /// Why a run was not made. What the host was too slow for once more is too much for it, and no more is made.
    fn ended(&mut self, error: RunError) -> LabError {
        match error {
            RunError::HostTime(_) => {
                self.is_host_slow = true;
                LabError::OutOfBudget(Spent::HostTime)
            }
            RunError::Cancelled => LabError::OutOfBudget(Spent::Interrupted),
            other => LabError::Failed(other.to_string()),
        }
    }

    /// Makes a run that follows up.
    fn follow_up(&mut self, start: Start) -> Result<CompletedRun, LabError> {
        self.originals.follow_up(start).map_err(|error| self.ended(error))
    }

    /// Makes `runs` more runs of a series; they count as follow-ups.
    fn extend(&mut self, series: &mut Series, runs: u32, asking: &str) -> Result<Vec<Shared>, LabError> {
        self.check_budget(runs as usize)?;
        let mut behaviours = Vec::new();
        for _ in 0..runs {
            self.check_budget(1)?;
            let completed = self.follow_up(series.next_start())?;
            series.follow(&completed);
            self.spend(&completed.behaviour);
            self.progress.followups(self.followups(), asking);
            behaviours.push(completed.behaviour);
        }
        Ok(behaviours)
    }
}

impl Lab for Session<'_> {
    fn ask(&mut self, questions: &[Question]) -> Result<Vec<Shared>, LabError> {
        let mut answers = Vec::with_capacity(questions.len());
        // Fixed batches, merged in order: the same answers and the same budget on any number of cores.
        let mut left = questions;
        while !left.is_empty() {
            let (batch, rest) = left.split_at(self.affordable().min(left.len()));
            left = rest;
            self.check_budget(batch.len())?;
            let starts: Vec<Start> =
                batch.iter().map(|question| self.start_for(question)).collect::<Result<_, _>>()?;
            let (behaviours, failed) = self.originals.follow_up_all(starts, |completed| completed.behaviour);
            behaviours.iter().for_each(|behaviour| self.spend(behaviour));
            if let Some(error) = failed {
                return Err(self.ended(error));
            }
            answers.extend(behaviours);
            let asking = batch.last().map_or_else(String::new, describe);
            self.progress.followups(self.followups(), &asking);
        }
        Ok(answers)
    }

    fn reset(&mut self, runs: u32, held: &[Factor], of: u32) -> Result<Vec<Shared>, LabError> {
        let as_in = self.start_of(of)?.run;
        let mut series =
            Series::from(&self.first, self.series.next_number(), self.series.ended()).holding(held, as_in);
        self.extend(&mut series, runs, "again from the initial files")
    }

    fn go_on(&mut self, runs: u32) -> Result<Vec<Shared>, LabError> {
        let mut series = self.series.clone();
        self.extend(&mut series, runs, "further runs, for a second period")
    }

    fn changed(&self, a: u32, b: u32) -> Vec<String> {
        let (Ok(a), Ok(b)) = (self.start_of(a), self.start_of(b)) else { return Vec::new() };
        a.files.differences(&b.files)
    }

    fn content(&self, before: u32, path: &str) -> Option<Vec<u8>> {
        let files = &self.start_of(before).ok()?.files;
        files.content(files.find(path)?).map(|content| content.to_vec())
    }

    fn started(&self, run: u32) -> Timestamp {
        match self.start_of(run) {
            Ok(start) => start.run.start,
            Err(_) => self.first.world.run(run, Timestamp(0)).start,
        }
    }

    fn input(&self) -> Arc<[u8]> {
        self.first.input.clone()
    }

    fn other_inputs(&self) -> Vec<Arc<[u8]>> {
        self.others.clone()
    }

    fn variables(&self) -> Vec<String> {
        self.first.world.env.keys().cloned().collect()
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.first.world.env.get(name).cloned()
    }

    fn script(&self) -> &[Responder] {
        &self.first.world.network
    }

    fn preopens(&self) -> Vec<String> {
        self.first.world.preopens.clone().unwrap_or_default()
    }

    fn arguments(&self) -> Vec<String> {
        self.first.args.iter().skip(1).cloned().collect()
    }

    fn has(&self, run: u32) -> bool {
        self.kept.contains_key(&run)
    }

    fn forward(&mut self, forward: Forward<'_>) -> Result<Forwarded, LabError> {
        if self.plan.reach == Reach::None {
            return Ok(Forwarded::default());
        }
        let base = self.start_of(forward.of)?.clone();
        let (runs_max, fuel_max) = self.budget.share(forward.share);
        let (mut start, mut left) = (base.clone(), None);
        let mut first: Vec<Start> = Vec::new();
        let mut forwarded = Forwarded { total: forward.of, ..Forwarded::default() };
        let mut unchanged = 0;
        start.limits.fuel = start.limits.fuel.min(self.fuel_of_a_followup());
        for number in forward.of..=forward.runs_max {
            forwarded.is_cut = self.budget.runs() >= runs_max || self.budget.fuel() >= fuel_max;
            if forwarded.is_cut || self.is_interrupted() {
                break;
            }
            let completed = self.follow_up(start.clone())?;
            self.spend(&completed.behaviour);
            self.progress.followups(self.followups(), "further runs, for what a counter waits for");
            forwarded.total = number;
            let fired = match number > forward.of {
                true => (forward.fires)(&completed.behaviour),
                false => None,
            };
            if let Some(Fired { kind, ends }) = fired {
                let known = forwarded.found.iter().position(|find| find.kind == kind);
                let at = known.unwrap_or_else(|| {
                    let first_of_it = completed.behaviour.clone();
                    first.push(start.clone());
                    let (fired, changes) = (Vec::new(), Vec::new());
                    forwarded.found.push(ForwardFind { kind, fired, changes, first: first_of_it });
                    first.len() - 1
                });
                let find = &mut forwarded.found[at];
                if !is_settled(&find.fired) {
                    find.fired.push(number);
                }
                if ends && is_settled(&find.fired) {
                    break;
                }
            }
            unchanged = if left == Some(completed.behaviour.files) { unchanged + 1 } else { 0 };
            let unchanged_max = if forward.step_ns == 0 { 1 } else { UNCHANGED_MAX };
            if unchanged >= unchanged_max {
                break;
            }
            left = Some(completed.behaviour.files);
            start.files = completed.files;
            start.run.start = start.run.start.after(forward.step_ns);
            start.run.uptime_ns = start.run.uptime_ns.saturating_add(forward.step_ns);
        }
        for (find, first) in forwarded.found.iter_mut().zip(&first) {
            find.changes = crate::forward::changes(&base.files, &first.files);
            if forward.step_ns > 0 {
                find.changes.push(Change::Clock(first.run.start));
            }
        }
        Ok(forwarded)
    }

    fn is_interrupted(&self) -> bool {
        self.progress.is_interrupted() || self.originals.patience().cancel.is_cancelled()
    }

    fn is_host_slow(&self) -> bool {
        self.is_host_slow
    }

    fn uptime_ns(&self, run: u32) -> u64 {
        self.start_of(run).map_or(0, |start| start.run.uptime_ns)
    }

    fn search(&mut self, search: Search<'_>) -> Result<Searched, LabError> {
        if self.plan.reach == Reach::None {
            return Ok(Searched::default());
        }
        let base = self.start_of(search.of)?.clone();
        self.check_budget(1)?;
        let original = self.follow_up(base.clone())?;
        self.spend(&original.behaviour);
        let (runs_max, fuel_max) = self.budget.share(search.share);
        let (runs, fuel) = (self.budget.runs(), self.budget.fuel());
        let spent = Spending { runs, runs_max, fuel, fuel_max, is_host_slow: false };
        let patience = self.originals.patience();
        let is_interrupted = || self.progress.is_interrupted() || patience.cancel.is_cancelled();
        let report = |progress: invar_probe::Progress, runs: u64| self.progress.search(&progress, runs);
        let (searched, spending) = crate::search::search(
            (self.originals.engine(), self.originals.skill()),
            &mut self.copies,
            (&base, &original, self.plan.reach),
            &search,
            spent,
            (&report, &is_interrupted, patience),
        )?;
        let runs = spending.runs - self.budget.runs();
        self.is_host_slow |= spending.is_host_slow;
        self.copy_runs += runs;
        self.budget.spend_many(runs, spending.fuel - self.budget.fuel());
        Ok(searched)
    }

    fn calls(&mut self, run: u32) -> Result<Vec<Call>, LabError> {
        self.check_budget(1)?;
        let start = self.start_for(&Question::again(run))?;
        let completed = self.follow_up(start)?;
        self.spend(&completed.behaviour);
        self.progress.followups(self.followups(), "what could go wrong");
        Call::of(&completed.trace).map_err(|error| LabError::Failed(error.to_string()))
    }

    fn allow(&mut self, allowance: Allowance) {
        self.budget.allow(allowance);
    }

    fn followups(&self) -> u32 {
        u32::try_from(self.budget.runs()).unwrap_or(u32::MAX)
    }

    fn followup_fuel(&self) -> u64 {
        self.budget.fuel()
    }

    fn copy_runs(&self) -> u64 {
        self.copy_runs
    }
}

/// Whether it is known which runs fire: three in a row go on for good; four with gaps show what the gaps are.
fn is_settled(fired: &[u32]) -> bool {
    let in_a_row = fired.windows(3).any(|runs| runs[0] + 2 == runs[2]);
    in_a_row || fired.len() >= 4
}

/// A question in words, for whoever waits.
fn describe(question: &Question) -> String {
    let swaps: Vec<String> =
        question.swaps.iter().map(|swap| format!("{} of run {}", swap.factor, swap.from)).collect();
    if !question.faults.is_empty() {
        return format!("run {} with something going wrong", question.of);
    }
    if question.changes.iter().any(|change| matches!(change, Change::Stdin(_) | Change::Field { .. })) {
        return format!("run {} with another input", question.of);
    }
    match (swaps.is_empty(), question.changes.is_empty()) {
        (true, true) => format!("run {} again", question.of),
        (true, false) => format!("run {} with something changed", question.of),
        (false, _) => format!("run {} with {}", question.of, swaps.join(", ")),
    }
}
