//! From runs to a report: the main flow.

use std::{collections::BTreeMap, sync::Arc};

use invar_envelope::{Claims, Envelope};
use invar_trace::Behaviour;
use invar_world::Digest;

use crate::{
    Allowance, Baseline, Class, CodeCoverage, Cost, Coverage, DetectionPower, Deviation, Dormant, Effort,
    EngineId, Finding, Keep, Lab, LabError, Report, Row, RunRow, Searched, Section, Severity, SkillId, Spent,
    Trigger, TriggerKind, Unmet, Verdict,
    budget::{self, minimum},
    class, columns, fault,
    followup::{Followed, follow},
    grouping::{Group, Shape, groups, is_only_names, shapes},
    growth::{self, Growth},
    inconclusive::{self, Inconclusive, common_status},
    recommend::recommendations,
    series::{BASELINE_RUNS, Rows},
    stored::Stored,
};

/// What was declared: what behaviour is held against.
#[derive(Debug, Clone, Default)]
pub struct Declared {
    /// None: nothing is, and the baseline stands in.
    pub envelope: Option<Envelope>,
    /// What the skill says of itself.
    pub claims: Claims,
}

/// What is asked beside what is always asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Protocol {
    /// Runs in which one call fails: files denied, disks full, connections broken off.
    pub faults: bool,
}

/// Who is monitored, and how: what the report says before it says anything.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Of the report: from everything it depends on.
    pub id: String,
    /// The skill.
    pub skill: SkillId,
    /// The engine.
    pub engine: EngineId,
    /// The seed of the world.
    pub seed: u64,
}

/// Runs whose state is kept for each shape of deviation, to be asked about.
const KEPT_OF_A_SHAPE: u32 = 2;
/// Deviating runs whose state is kept. Stops a skill that never does the same twice from filling memory.
const KEPT_MAX: usize = 64;
/// Runs whose state is kept when their outputs must be compared with what they hang on held.
const HELD_MAX: u32 = 1000;
/// Percent of what is left of the budget that a class may take, beyond its minimum, before the next one gets its turn.
/// Stops one class from starving the others.
const SHARE_PERCENT: u32 = 50;
/// The same for each class whose questions the series itself raises.
const SERIES_SHARE_PERCENT: u32 = 25;
/// Runs of the minimum of the environment that are kept to confirm what the others show.
pub(crate) const CONFIRMING_RUNS: u32 = 16;

/// Watches a series and concludes.
pub struct Monitor {
    declared: Declared,
    protocol: Protocol,
    stored: Option<Stored>,
    first: Vec<Arc<Behaviour>>,
    baseline: Option<Baseline>,
    rows: Rows,
    /// Runs that were kept for a shape of deviation.
    kept_of: BTreeMap<Shape, u32>,
    kept: usize,
}

impl Monitor {
    /// A monitor of a series that is about to start, to be held against a stored baseline if there is one.
    #[must_use]
    pub fn new(declared: Declared, stored: Option<Stored>) -> Self {
        Self {
            declared,
            protocol: Protocol::default(),
            stored,
            first: Vec::new(),
            baseline: None,
            rows: Rows::default(),
            kept_of: BTreeMap::new(),
            kept: 0,
        }
    }

    /// The same, by another protocol.
    #[must_use]
    pub fn by(self, protocol: Protocol) -> Self {
        Self { protocol, ..self }
    }

    /// Takes the next run of the series. Says whether the lab must keep its trace, and the state before it.
    pub fn observe(&mut self, run: u32, behaviour: &Arc<Behaviour>) -> Keep {
        let Some(baseline) = &self.baseline else {
            self.rows.push(run, behaviour, &[]);
            self.first.push(behaviour.clone());
            if run == BASELINE_RUNS {
                let stored = self.stored.as_ref().map(|stored| stored.baseline.clone());
                self.baseline = Some(stored.unwrap_or_else(|| Baseline::of(&self.first)));
            }
            return Keep::State;
        };
        let deviations = baseline.compare(behaviour.as_ref());
        self.rows.push(run, behaviour, &deviations);
        let mut is_new = false;
        for (shape, _) in shapes(&deviations, &behaviour.violations) {
            let kept = self.kept_of.entry(shape).or_default();
            is_new |= *kept < KEPT_OF_A_SHAPE && self.kept < KEPT_MAX;
            *kept += 1;
        }
        self.kept += usize::from(is_new);
        let is_held = !baseline.has_one_output() || baseline.sent.len() > 1;
        match (is_new, is_held) {
            (true, _) => Keep::State,
            (false, true) if run <= HELD_MAX => Keep::State,
            (false, _) if is_only_names(&deviations, &behaviour.violations) => Keep::Latest,
            (false, _) => Keep::Nothing,
        }
    }

    /// Whether more runs cannot change that nothing can be said: none of the first came to an exit status. Saves
    /// a skill that never ends from being stopped again and again.
    #[must_use]
    pub fn cannot_conclude(&self) -> bool {
        self.baseline.is_some() && self.first.iter().all(|run| !run.ending.is_complete())
    }

    /// Asks what must be asked, and concludes.
    ///
    /// # Errors
    /// The lab failed. A used-up budget is no error: the report says what was not asked.
    pub fn conclude(mut self, subject: Subject, lab: &mut dyn Lab) -> Result<Report, LabError> {
        let runs = u32::try_from(self.rows.rows().len()).unwrap_or(u32::MAX);
        let mut baseline = self.baseline.take().unwrap_or_else(|| Baseline::of(&self.first));
        if self.stored.is_none() {
            baseline.settle(self.rows.rows());
        }
        self.rows.compare_with(&baseline);
        let grown = growth::excess(self.rows.rows(), &mut baseline);
        let growth = Cost::ALL.map(|cost| (cost, Growth::of(self.rows.rows(), cost))).into();
        let mut case = Case { baseline: baseline.clone(), growth, ..Case::default() };
        let claims = &self.declared.claims;
        if let Some(inconclusive) = Inconclusive::of(self.rows.rows(), &self.first, &subject.id, claims) {
            let inconclusive = Inconclusive::of_slow_host(lab).unwrap_or(inconclusive);
            return Ok(self.report(subject, case, lab, runs, Some(inconclusive)));
        }
        self.investigate(&baseline, grown, &mut case, lab)?;
        Ok(self.report(subject, case, lab, runs, None))
    }

    /// Breadth first: what the series itself raises, one cheap pass over every class and every source, and then each
    /// class as far as its share of the budget goes.
    fn investigate(
        &self,
        baseline: &Baseline,
        grown: Vec<(Deviation, Vec<u32>)>,
        case: &mut Case,
        lab: &mut dyn Lab,
    ) -> Result<(), LabError> {
        let (declared, rows) = (&self.declared, self.rows.rows());
        let total = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        guaranteed(Class::ExecutionCount, minimum(Class::ExecutionCount), case, lab, |case, lab| {
            let grown =
                grown.into_iter().map(|(deviation, runs)| Group { deviations: vec![deviation], runs });
            let followed = groups(rows).into_iter().chain(grown).map(|group| {
                let Group { deviations, runs } = group;
                (Followed { deviations, runs, total, ..Followed::default() }, baseline.clone())
            });
            self.take(followed, case, lab)
        })?;
        let at_least = class::output::minimum(baseline, rows);
        guaranteed(Class::OutputDeterminism, at_least, case, lab, |case, lab| {
            let unexplained = class::output::investigate(baseline, rows, case, lab)?;
            let followed = unexplained.into_iter().map(|own| {
                let class::output::Unexplained { deviation, runs, held, baseline } = own;
                let deviations = vec![deviation];
                (Followed { deviations, runs, total, held, ..Followed::default() }, baseline)
            });
            self.take(followed, case, lab)
        })?;
        guaranteed(Class::Envelope, minimum(Class::Envelope), case, lab, |case, lab| {
            class::envelope::investigate(declared, case, lab)
        })?;
        let mut tests = class::environment::Tests::default();
        let first = minimum(Class::Environment) - CONFIRMING_RUNS;
        guaranteed(Class::Environment, first, case, lab, |_, lab| tests.begin(declared, rows, lab))?;
        let mut sizes = class::performance::Sizes::default();
        guaranteed(Class::Performance, minimum(Class::Performance), case, lab, |_, lab| sizes.begin(lab))?;

        // What is left is shared.
        lab.allow(Allowance { at_least: 0, percent: SHARE_PERCENT });
        // Where it ends is seen by what is left, once nothing else needs the rest.
        failing_only(tests.go_on(lab))?;
        lab.allow(Allowance { at_least: CONFIRMING_RUNS, percent: SHARE_PERCENT });
        let done = tests.judge(declared, case, lab);
        case.tolerate(done)?;
        lab.allow(Allowance { at_least: 0, percent: SHARE_PERCENT });
        case.tolerate(sizes.go_on(lab))?;
        let done = sizes.judge(declared, self.stored.as_ref(), case, lab);
        case.tolerate(done)?;
        if self.protocol.faults {
            lab.allow(Allowance { at_least: 0, percent: SHARE_PERCENT });
            fault::investigate(declared, rows, case, lab)?;
        }
        // What takes as many runs as there are comes last.
        lab.allow(Allowance { at_least: 0, percent: 100 });
        class::environment::search(declared, rows, tests.controls(), case, lab)?;
        case.tolerate(tests.go_on(lab))?;
        let done = tests.judge(declared, case, lab);
        case.tolerate(done)?;
        tests.finish(case);
        Ok(())
    }

    /// Follows patterns of deviation up. What was seen is reported, whether it could be followed or not.
    fn take(
        &self,
        all: impl Iterator<Item = (Followed, Baseline)>,
        case: &mut Case,
        lab: &mut dyn Lab,
    ) -> Result<(), LabError> {
        let mut ended = Ok(());
        for (mut seen, baseline) in all {
            let done = follow(&baseline, self.rows.rows(), &mut seen, lab);
            case.groups.push(seen);
            match done {
                Err(LabError::OutOfBudget(spent)) => ended = ended.and(Err(LabError::OutOfBudget(spent))),
                other => other?,
            }
        }
        ended
    }

    fn report(
        self,
        subject: Subject,
        mut case: Case,
        lab: &dyn Lab,
        runs: u32,
        inconclusive: Option<Inconclusive>,
    ) -> Report {
        let declared = &self.declared;
        let rows = self.rows.rows();
        let is_inconclusive = inconclusive.is_some();
        let draws_random = self.first.iter().any(|run| class::envelope::draws_random(run));
        let view = class::View { declared, rows, case: &case, lab, is_inconclusive, draws_random };
        let mut triggers = class::count::triggers(&view, &subject.id);
        triggers.extend(class::environment::triggers(&view, &subject.id));
        triggers.extend(class::performance::triggers(&view, &subject.id));
        triggers.extend(fault::triggers(&case.faults, &subject.id));
        triggers.sort_by_key(|trigger| {
            std::cmp::Reverse((trigger.decides(), trigger.severity, trigger.confidence))
        });
        case.triggers = triggers;
        let mut findings: Vec<Finding> = Vec::new();
        let mut invariants: BTreeMap<Class, Section> = BTreeMap::new();
        let view = class::View { declared, rows, case: &case, lab, is_inconclusive, draws_random };
        for class in Class::ALL {
            let section = match &inconclusive {
                // What was done and not declared is seen in runs that fail, too.
                Some(_) if class != Class::Envelope => {
                    Section::not_checked("too few runs came to an end without failing".into())
                }
                _ => class::section(class, &view),
            };
            findings.extend(section.findings.iter().cloned());
            invariants.insert(class, section);
        }
        let unmet = Inconclusive::of_slow_host(lab).or_else(|| Inconclusive::of_unmet(&case.unmet));
        let verdict = Verdict::of(&findings, &case.triggers, is_inconclusive || unmet.is_some());
        let deciding = deciding(verdict, &case, &findings);
        let power = match is_inconclusive {
            true => DetectionPower::none(runs),
            false => DetectionPower::of(runs, &case, lab),
        };
        let (mut reason, recommendations) = match (inconclusive.or(unmet), verdict) {
            (Some(own), Verdict::Inconclusive) => (own.reason, own.help),
            (Some(own), _) if is_inconclusive => (format!("{deciding}; {}", own.reason), own.help),
            _ => {
                let view = class::View { declared, rows, case: &case, lab, is_inconclusive, draws_random };
                let worst = findings.iter().map(|own| own.severity).max().unwrap_or(Severity::Info);
                (deciding.clone(), recommendations(&subject, &view, verdict, worst))
            }
        };
        let coverage = Coverage::of(&invariants, &case, lab);
        if let Some(status) = common_status(rows, self.first.first().map(AsRef::as_ref)) {
            reason.push_str(&format!("; {status}"));
        }
        Report {
            schema: Report::SCHEMA,
            id: subject.id,
            started_at: String::new(),
            skill: subject.skill,
            engine: subject.engine,
            seed: subject.seed,
            runs,
            followups: lab.followups(),
            verdict,
            reason,
            deciding,
            invariants,
            triggers: case.triggers.clone(),
            per_run: rows.iter().map(RunRow::of).collect(),
            detection_power: power,
            recommendations,
            ledger: None,
            moments: case.environment.moments.clone(),
            coverage,
            search: Effort::of(&case.searched, lab.copy_runs()),
            scaling: case.performance.scaling(declared.claims.complexity),
            columns: declared.envelope.as_ref().map(|own| columns::rows(own, rows)).unwrap_or_default(),
            inputs: Vec::new(),
            real_ms: 0,
            rows: standing_out(self.rows.into_rows(), &findings),
            baseline: case.baseline,
        }
    }
}

/// Everything that was found out about one series.
#[derive(Debug, Clone, Default)]
pub(crate) struct Case {
    pub(crate) baseline: Baseline,
    pub(crate) groups: Vec<Followed>,
    pub(crate) triggers: Vec<Trigger>,
    pub(crate) output: class::output::Variation,
    pub(crate) envelope: class::envelope::Reads,
    pub(crate) growth: BTreeMap<Cost, Growth>,
    pub(crate) environment: class::environment::Tested,
    pub(crate) faults: fault::Tried,
    pub(crate) performance: class::performance::Measured,
    pub(crate) searched: Looked,
    /// Code that no search executed: what the last one said, which stands for all.
    pub(crate) dormant: Vec<Dormant>,
    /// Which budget ended something first, if one did.
    pub(crate) out_of_budget: Option<Spent>,
    /// Classes that did not get the questions they need at least.
    pub(crate) unmet: Vec<Unmet>,
    /// What the searches executed.
    pub(crate) code: Option<CodeCoverage>,
    /// In which ways the skill resists to be looked at.
    pub(crate) resists: Vec<String>,
}

impl Case {
    /// Goes on where a budget ended something, and takes note of that.
    pub(crate) fn tolerate(&mut self, done: Result<(), LabError>) -> Result<(), LabError> {
        match done {
            Err(LabError::OutOfBudget(spent)) => {
                self.out_of_budget.get_or_insert(spent);
                Ok(())
            }
            other => other,
        }
    }
}

/// Asks what a class asks at least, and beyond as far as its share goes. If not even the former can be asked, the class
/// is unmet.
fn guaranteed(
    class: Class,
    at_least: u32,
    case: &mut Case,
    lab: &mut dyn Lab,
    ask: impl FnOnce(&mut Case, &mut dyn Lab) -> Result<(), LabError>,
) -> Result<(), LabError> {
    lab.allow(Allowance { at_least, percent: SERIES_SHARE_PERCENT });
    let before = lab.followups();
    let done = ask(case, lab);
    let raise = match done {
        Err(LabError::OutOfBudget(Spent::Minimum)) => {
            let each = case.baseline.costs.get(&Cost::Fuel).copied().unwrap_or(0);
            Some(budget::raise(each, lab.followup_fuel()))
        }
        Err(LabError::OutOfBudget(Spent::Interrupted)) if lab.followups() - before < at_least => {
            Some("it was interrupted: let it come to its end".into())
        }
        Err(LabError::OutOfBudget(Spent::HostTime)) if lab.followups() - before < at_least => {
            Some(inconclusive::FASTER_HOST.into())
        }
        _ => None,
    };
    case.unmet.extend(raise.map(|raise| Unmet { class, raise }));
    case.tolerate(done)
}

/// A budget that ended something is no failure.
fn failing_only(done: Result<(), LabError>) -> Result<(), LabError> {
    match done {
        Err(LabError::OutOfBudget(_)) => Ok(()),
        other => other,
    }
}

/// How far the search for conditions came, over all runs that it began with.
#[derive(Debug, Clone, Default)]
pub(crate) struct Looked {
    pub(crate) runs: u64,
    pub(crate) comparisons: usize,
    pub(crate) open: usize,
    pub(crate) ms: u64,
    pub(crate) literals: Vec<String>,
    /// The last run that was made by going on.
    pub(crate) forward: u32,
    pub(crate) ended: Vec<String>,
}

impl Looked {
    pub(crate) fn add(&mut self, searched: &Searched) {
        self.runs += searched.runs;
        self.ms += searched.ms;
        self.literals.clone_from(&searched.literals);
        self.comparisons = self.comparisons.max(searched.comparisons);
        self.open = self.open.max(searched.open);
        let new = searched.ended.iter().filter(|why| !self.ended.contains(why));
        self.ended.extend(new.cloned().collect::<Vec<_>>());
    }
}

/// Marks the runs that findings above information speak of, unless they speak of all.
fn standing_out(mut rows: Vec<Row>, findings: &[Finding]) -> Vec<Row> {
    let total = rows.len();
    let of_the_series = |finding: &&Finding| {
        finding.severity > Severity::Info
            && finding.runs.len() < total
            && !matches!(finding.class, Class::Environment | Class::Performance)
    };
    for run in findings.iter().filter(of_the_series).flat_map(|finding| &finding.runs) {
        if let Some(row) = rows.iter_mut().find(|row| row.run == *run) {
            row.stands_out = true;
        }
    }
    rows
}

/// What decides the verdict, in one line.
fn deciding(verdict: Verdict, case: &Case, findings: &[Finding]) -> String {
    if let (Verdict::ActivationPatternDetected, Some(trigger)) = (verdict, case.triggers.first()) {
        return match (trigger.kind, trigger.source.strip_prefix("file ")) {
            (TriggerKind::ExecutionCount, Some(path)) if trigger.condition.starts_with("runs ") => {
                format!("{}, by {path}", trigger.condition)
            }
            (TriggerKind::ExecutionCount, Some(path)) => {
                format!("{}, counted in {path}", trigger.condition)
            }
            _ => trigger.condition.clone(),
        };
    }
    // The first of the worst, in the order of the classes: the same that the forms of the report begin with.
    let worst = findings.iter().map(|finding| finding.severity).max().filter(|own| *own > Severity::Info);
    let worst = findings.iter().find(|finding| Some(finding.severity) == worst);
    match worst {
        Some(finding) => finding.what.clone(),
        None => match case.out_of_budget {
            Some(spent) => format!("every invariant that was checked held; {spent}"),
            None => "every invariant that was checked held".into(),
        },
    }
}

/// The digest that reports are named by: from everything they depend on.
#[must_use]
pub fn report_id(parts: &[&[u8]]) -> String {
    Digest::of_parts("invar/report", parts).short(12)
}

#[cfg(test)]
mod tests {
    use invar_envelope::{Claims, VariesWith};
    use invar_trace::Ending;

    use crate::{
        Class, Confidence, Declared, Evidence, MINIMUM_FUEL_MAX, Report, Severity, TriggerKind, Verdict,
        fake_lab::{FakeRun, Given, Stage, report, report_on},
    };

    const BUDGET: u32 = 5_000;

    fn undeclared(runs: u32, skill: impl Fn(&mut Stage) -> FakeRun) -> Report {
        report(Declared::default(), runs, BUDGET, skill)
    }

    fn claiming(claims: &[VariesWith], skill: impl Fn(&mut Stage) -> FakeRun) -> Report {
        let claims = Claims { varies_with: Some(claims.to_vec()), ..Claims::default() };
        report(Declared { claims, ..Declared::default() }, 20, BUDGET, skill)
    }

    /// Counts in a file, and says which run this is.
    fn count(stage: &mut Stage, path: &str) -> u64 {
        let run = stage.number(path) + 1;
        stage.put(path, run);
        run
    }

    #[test]
    fn a_counter_is_found_proved_and_its_period_told() {
        let report = undeclared(20, |stage| FakeRun::connecting(count(stage, "/n").is_multiple_of(5)));
        assert_eq!(report.verdict, Verdict::ActivationPatternDetected);
        let trigger = &report.triggers[0];
        assert_eq!(trigger.kind, TriggerKind::ExecutionCount);
        assert_eq!((trigger.first_run, trigger.period), (Some(5), Some(5)));
        assert_eq!((trigger.source.as_str(), trigger.value.as_deref()), ("file /n", Some("4")));
        assert_eq!(trigger.confidence, Confidence::Confirmed);
        for evidence in [Evidence::Replay, Evidence::Undo, Evidence::Counterfactual, Evidence::Reset] {
            assert!(trigger.evidence.contains(&evidence), "{evidence:?}");
        }
    }

    #[test]
    fn one_firing_is_followed_to_a_second_so_that_a_period_can_be_told() {
        let report = undeclared(12, |stage| FakeRun::connecting(count(stage, "/n").is_multiple_of(9)));
        assert_eq!((report.triggers[0].first_run, report.triggers[0].period), (Some(9), Some(9)));
        let once = undeclared(12, |stage| FakeRun::connecting(count(stage, "/n") == 9));
        assert_eq!((once.triggers[0].first_run, once.triggers[0].period), (Some(9), None));
    }

    #[test]
    fn a_counter_spread_over_two_files_is_found_as_both_together() {
        // Either file alone is enough to go on: only putting both back stops it.
        let report = undeclared(20, |stage| {
            let run = count(stage, "/a").max(count(stage, "/b"));
            let run = run.max(stage.number("/a"));
            stage.put("/a", run);
            stage.put("/b", run);
            FakeRun::connecting(run >= 7)
        });
        assert_eq!(report.verdict, Verdict::ActivationPatternDetected);
        let source = &report.triggers[0].source;
        assert!(source.contains("/a") && source.contains("/b"), "{source}");
    }

    #[test]
    fn a_date_is_told_from_a_count() {
        let report = undeclared(20, |stage| {
            count(stage, "/n");
            FakeRun::connecting(stage.hour >= 11)
        });
        assert_eq!(report.verdict, Verdict::ActivationPatternDetected);
        assert_eq!(report.triggers[0].kind, TriggerKind::Clock);
        assert_eq!(report.triggers[0].first_run, Some(11));
    }

    #[test]
    fn a_random_gate_is_told_from_both() {
        let report = undeclared(60, |stage| {
            count(stage, "/n");
            // Chosen so that none of the first runs, which are the baseline, does it.
            FakeRun::connecting(stage.seed.is_multiple_of(7))
        });
        assert_eq!(report.verdict, Verdict::ActivationPatternDetected);
        assert_eq!(report.triggers[0].kind, TriggerKind::Random);
    }

    #[test]
    fn an_output_that_varies_is_major_unless_claimed() {
        let clock = |stage: &mut Stage| FakeRun::saying(stage.hour);
        assert_eq!(undeclared(20, clock).verdict, Verdict::Variant);
        assert_eq!(claiming(&[], clock).verdict, Verdict::Variant);
        assert_eq!(claiming(&[VariesWith::Clock], clock).verdict, Verdict::Consistent);
        assert_ne!(claiming(&[VariesWith::Random], clock).verdict, Verdict::Consistent);
    }

    #[test]
    fn a_claim_excuses_what_varies_and_not_what_is_done_beside_it() {
        let report = claiming(&[VariesWith::Clock], |stage| FakeRun {
            connects: if stage.hour == 9 { vec!["tcp://203.0.113.9:443".into()] } else { Vec::new() },
            ..FakeRun::saying(stage.hour)
        });
        assert_eq!(report.verdict, Verdict::ActivationPatternDetected);
        assert!(report.findings().any(|finding| finding.severity == Severity::Critical));
    }

    #[test]
    fn cost_that_hangs_on_nothing_to_be_found_is_a_variant_without_a_pattern() {
        use std::cell::Cell;
        // What no lab can hold still: it differs each time it is asked.
        let calls = Cell::new(0_u64);
        let report = undeclared(20, |_| {
            calls.set(calls.get() + 1);
            FakeRun::costing(if calls.get() == 13 { 50_000_000 } else { 1_000_000 })
        });
        assert_eq!(report.verdict, Verdict::Variant);
        assert!(report.triggers.iter().all(|trigger| trigger.confidence == Confidence::Suspected));
    }

    #[test]
    fn small_changes_of_cost_are_no_finding() {
        let report = undeclared(20, |stage| FakeRun::costing(1_000_000 + 40_000 * (stage.hour % 7)));
        assert_eq!(report.verdict, Verdict::Consistent);
        let report = undeclared(20, |stage| FakeRun::costing(if stage.hour == 9 { 90_000 } else { 1_000 }));
        assert_eq!(report.verdict, Verdict::Consistent, "below the floor");
    }

    #[test]
    fn cost_that_creeps_up_is_found_before_it_is_three_times_as_much() {
        let report = undeclared(20, |stage| {
            let run = count(stage, "/n");
            FakeRun::costing(1_000_000 + 40_000 * run)
        });
        assert_eq!(report.verdict, Verdict::ActivationPatternDetected);
        assert_eq!(report.triggers[0].source, "file /n");
        assert!(report.reason.contains("/n"), "{}", report.reason);
    }

    #[test]
    fn a_gate_that_opens_in_the_first_runs_too_is_found() {
        let every_third = |stage: &mut Stage| FakeRun::connecting(count(stage, "/n").is_multiple_of(3));
        let report = undeclared(20, every_third);
        assert_eq!(report.verdict, Verdict::ActivationPatternDetected);
        assert_eq!((report.triggers[0].first_run, report.triggers[0].period), (Some(3), Some(3)));
    }

    #[test]
    fn an_output_that_is_tampered_with_is_found_among_outputs_that_vary_as_claimed() {
        let report = claiming(&[VariesWith::Clock], |stage| {
            let run = count(stage, "/n");
            FakeRun::saying(format!("{}{}", stage.hour, if run >= 6 { "!" } else { "" }))
        });
        assert_eq!(report.verdict, Verdict::ActivationPatternDetected);
        assert_eq!(report.triggers[0].source, "file /n");
        assert_eq!(report.triggers[0].first_run, Some(6));
    }

    #[test]
    fn what_is_done_once_is_not_hidden_by_what_is_done_always() {
        // A new name each run, and one contact in the thick of it.
        let report = undeclared(50, |stage| {
            let run = count(stage, "/n");
            let mut deed = FakeRun::connecting(run == 40);
            deed.writes.push(format!("/tmp/log-{run}"));
            deed
        });
        let contact =
            report.triggers.iter().find(|own| own.effects.iter().any(|it| it.contains("203.0.113.9")));
        assert_eq!(contact.unwrap().first_run, Some(40));
    }

    #[test]
    fn too_little_to_go_by_is_inconclusive_and_claims_nothing() {
        let failing = |_: &mut Stage| FakeRun { ending: Ending::Exited(2), ..FakeRun::default() };
        let claims = Claims { exit: Some(vec![0]), ..Claims::default() };
        let report = report(Declared { claims, ..Declared::default() }, 20, BUDGET, failing);
        assert_eq!(report.verdict, Verdict::Inconclusive);
        assert!(report.reason.contains("exited with 2"), "{}", report.reason);
        assert!(report.detection_power.conditions_tested.is_empty());
        let trapping = |_: &mut Stage| FakeRun { ending: Ending::Trapped("x".into()), ..FakeRun::default() };
        assert_eq!(undeclared(20, trapping).runs, 3);
        assert_eq!(undeclared(2, |_| FakeRun::default()).verdict, Verdict::Inconclusive);
    }

    #[test]
    fn a_spent_budget_is_said_and_no_pattern_is_claimed_for_what_was_not_asked() {
        // Each run takes all that is allowed for the minimum.
        let report = undeclared(20, |stage| FakeRun {
            fuel: MINIMUM_FUEL_MAX,
            ..FakeRun::connecting(count(stage, "/n").is_multiple_of(5))
        });
        assert_eq!(report.verdict, Verdict::Variant, "a find beats what could not be concluded");
        assert!(report.detection_power.untested[0].contains("--fuel-budget"), "{:?}", report.detection_power);
        assert!(report.coverage.limits[0].contains("--fuel-budget"), "{:?}", report.coverage);
    }

    #[test]
    fn a_class_that_does_not_get_its_minimum_is_inconclusive_and_says_what_to_raise() {
        let costly = |stage: &mut Stage| {
            count(stage, "/n");
            FakeRun::costing(MINIMUM_FUEL_MAX)
        };
        let report = undeclared(20, costly);
        assert_eq!(report.verdict, Verdict::Inconclusive);
        let expected =
            "too little was asked of output determinism and environment: raise --fuel-budget to 48000G";
        assert_eq!(report.reason, expected);
        assert!(report.coverage.classes_checked < Class::ALL.len() - 1);
    }

    #[test]
    fn a_host_that_is_too_slow_is_inconclusive_unless_something_was_found() {
        let slow = |host_runs, skill: fn(&mut Stage) -> FakeRun| {
            let given = Given { budget: BUDGET, host_runs: Some(host_runs), ..Given::default() };
            let claims = Claims { varies_with: Some(vec![VariesWith::Clock]), ..Claims::default() };
            report_on(given, Declared { claims, ..Declared::default() }, 20, skill)
        };
        let counting = |stage: &mut Stage| {
            count(stage, "/n");
            FakeRun::saying(stage.hour)
        };
        for host_runs in [0, 2, 8] {
            let report = slow(host_runs, counting);
            assert!(report.followups >= u32::try_from(host_runs).unwrap(), "{host_runs} were made");
            assert_eq!(report.verdict, Verdict::Inconclusive, "{host_runs}: {}", report.reason);
            assert!(report.reason.starts_with("the host was too slow"), "{}", report.reason);
            assert!(report.recommendations[0].what.contains("less else"), "{:?}", report.recommendations);
        }
        let found = slow(0, |stage| FakeRun::connecting(count(stage, "/n").is_multiple_of(5)));
        assert_eq!(found.verdict, Verdict::Variant);
        assert!(found.coverage.limits[0].contains("too slow"), "{:?}", found.coverage.limits);
    }

    #[test]
    fn the_minimum_is_asked_whatever_the_budget_says() {
        let every_fifth = |stage: &mut Stage| FakeRun::connecting(count(stage, "/n").is_multiple_of(5));
        let report = report(Declared::default(), 20, 0, every_fifth);
        assert_eq!(report.verdict, Verdict::ActivationPatternDetected, "{}", report.reason);
        let report = crate::fake_lab::report(Declared::default(), 20, 0, |_| FakeRun::default());
        assert_eq!(report.verdict, Verdict::Consistent);
    }

    #[test]
    fn what_varies_by_itself_in_the_series_is_named_as_varied() {
        let report = undeclared(20, |_| FakeRun::default());
        let varied = &report.coverage.sources_varied;
        assert!(["clock", "execution-count", "random"].iter().all(|own| varied.contains(&(*own).into())));
        assert_eq!(report.coverage.search, crate::SearchKind::None);
    }

    #[test]
    fn a_clean_skill_is_consistent_in_every_class_that_is_checked() {
        let report = undeclared(20, |stage| {
            count(stage, "/n");
            FakeRun::default()
        });
        assert_eq!(report.verdict, Verdict::Consistent);
        assert_eq!(report.invariants.len(), Class::ALL.len());
        assert_eq!(report.findings().count(), 0);
    }
}
