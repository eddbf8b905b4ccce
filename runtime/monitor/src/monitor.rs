//! From runs to a report: the main flow.

use std::{collections::BTreeMap, sync::Arc};

use invar_envelope::{Claims, Envelope};
use invar_trace::Behaviour;
use invar_world::Digest;

use crate::{
    Baseline, Class, CodeCoverage, Cost, DetectionPower, Deviation, Dormant, Effort, EngineId, Finding, Keep,
    Lab, LabError, Report, Row, RunRow, Searched, Section, Severity, SkillId, Trigger, TriggerKind, Unmet,
    Verdict, class, columns, fault,
    followup::{Followed, follow},
    grouping::{Group, Shape, groups, is_only_names, shapes},
    growth::{self, Growth},
    inconclusive::Inconclusive,
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
    pub fn is_hopeless(&self) -> bool {
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
        if let Some(inconclusive) = Inconclusive::of(self.rows.rows(), &self.first, &subject.id) {
            return Ok(self.report(subject, case, lab, runs, Some(inconclusive)));
        }
        match self.investigate(&baseline, grown, &mut case, lab) {
            Ok(()) => {}
            Err(LabError::OutOfBudget) => case.out_of_budget = true,
            Err(error) => return Err(error),
        }
        Ok(self.report(subject, case, lab, runs, None))
    }

    /// The cheapest questions first: what the series itself raises, then what no run of it had.
    fn investigate(
        &self,
        baseline: &Baseline,
        grown: Vec<(Deviation, Vec<u32>)>,
        case: &mut Case,
        lab: &mut dyn Lab,
    ) -> Result<(), LabError> {
        let total = u32::try_from(self.rows.rows().len()).unwrap_or(u32::MAX);
        let grown = grown.into_iter().map(|(deviation, runs)| Group { deviations: vec![deviation], runs });
        for group in groups(self.rows.rows()).into_iter().chain(grown) {
            let Group { deviations, runs } = group;
            let seen = Followed { deviations, runs, total, ..Followed::default() };
            self.take(seen, baseline, case, lab)?;
        }
        for unexplained in class::output::investigate(baseline, self.rows.rows(), case, lab)? {
            let class::output::Unexplained { deviation, runs, held, baseline } = unexplained;
            let deviations = vec![deviation];
            self.take(
                Followed { deviations, runs, total, held, ..Followed::default() },
                &baseline,
                case,
                lab,
            )?;
        }
        class::envelope::investigate(&self.declared, case, lab)?;
        class::environment::investigate(&self.declared, self.rows.rows(), case, lab)?;
        let measured = class::performance::investigate(&self.declared, self.stored.as_ref(), case, lab);
        if self.protocol.faults && !matches!(measured, Err(LabError::Failed(_))) {
            fault::investigate(&self.declared, self.rows.rows(), case, lab)?;
        }
        measured?;
        // What takes as many runs as there are comes last.
        class::environment::search(&self.declared, self.rows.rows(), case, lab)
    }

    /// Follows a pattern of deviation up. What was seen is reported, whether it could be followed or not.
    fn take(
        &self,
        mut seen: Followed,
        baseline: &Baseline,
        case: &mut Case,
        lab: &mut dyn Lab,
    ) -> Result<(), LabError> {
        let done = follow(baseline, self.rows.rows(), &mut seen, lab);
        case.groups.push(seen);
        match done {
            Err(LabError::OutOfBudget) => case.out_of_budget = true,
            other => other?,
        }
        Ok(())
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
        triggers.sort_by_key(|trigger| std::cmp::Reverse((trigger.severity, trigger.confidence)));
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
        // What was done and not declared counts, however the runs end.
        let verdict = match (&inconclusive, Verdict::of(&findings, &case.triggers)) {
            (Some(_), Verdict::Consistent | Verdict::Marginal) => Verdict::Inconclusive,
            (_, verdict) => verdict,
        };
        let (reason, recommendations, detection_power) = match inconclusive {
            Some(own) if verdict == Verdict::Inconclusive => {
                (own.reason, own.help, DetectionPower::none(runs))
            }
            Some(own) => (
                format!("{}; {}", reason(verdict, &case, &findings), own.reason),
                own.help,
                DetectionPower::none(runs),
            ),
            None => (
                reason(verdict, &case, &findings),
                class::recommendations(&subject, &case, rows, verdict),
                DetectionPower::of(runs, &case, lab),
            ),
        };
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
            invariants,
            triggers: case.triggers.clone(),
            per_run: rows.iter().map(RunRow::of).collect(),
            detection_power,
            recommendations,
            ledger: None,
            moments: case.environment.moments.clone(),
            search: Effort::of(&case.searched),
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
    pub(crate) out_of_budget: bool,
    /// Classes that did not get the questions they need at least.
    pub(crate) unmet: Vec<Unmet>,
    /// What the searches executed.
    pub(crate) code: Option<CodeCoverage>,
    /// In which ways the skill resists to be looked at.
    pub(crate) resists: Vec<String>,
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

/// The one line under the verdict.
fn reason(verdict: Verdict, case: &Case, findings: &[Finding]) -> String {
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
    let worst = findings
        .iter()
        .filter(|finding| finding.severity > Severity::Info)
        .max_by_key(|finding| finding.severity);
    match worst {
        Some(finding) => finding.what.clone(),
        None if case.out_of_budget => {
            "every invariant that was checked held; the budget ran out before all were".into()
        }
        None => "every invariant that was checked held".into(),
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
        Class, Confidence, Declared, Evidence, Report, Severity, TriggerKind, Verdict,
        toy::{Deed, Stage, report},
    };

    const BUDGET: u32 = 5_000;

    fn undeclared(runs: u32, skill: impl Fn(&mut Stage) -> Deed) -> Report {
        report(Declared::default(), runs, BUDGET, skill)
    }

    fn claiming(claims: &[VariesWith], skill: impl Fn(&mut Stage) -> Deed) -> Report {
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
        let report = undeclared(20, |stage| Deed::connecting(count(stage, "/n").is_multiple_of(5)));
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
        let report = undeclared(12, |stage| Deed::connecting(count(stage, "/n").is_multiple_of(9)));
        assert_eq!((report.triggers[0].first_run, report.triggers[0].period), (Some(9), Some(9)));
        let once = undeclared(12, |stage| Deed::connecting(count(stage, "/n") == 9));
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
            Deed::connecting(run >= 7)
        });
        assert_eq!(report.verdict, Verdict::ActivationPatternDetected);
        let source = &report.triggers[0].source;
        assert!(source.contains("/a") && source.contains("/b"), "{source}");
    }

    #[test]
    fn a_date_is_told_from_a_count() {
        let report = undeclared(20, |stage| {
            count(stage, "/n");
            Deed::connecting(stage.hour >= 11)
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
            Deed::connecting(stage.seed.is_multiple_of(7))
        });
        assert_eq!(report.verdict, Verdict::ActivationPatternDetected);
        assert_eq!(report.triggers[0].kind, TriggerKind::Random);
    }

    #[test]
    fn an_output_that_varies_is_major_unless_claimed() {
        let clock = |stage: &mut Stage| Deed::saying(stage.hour);
        assert_eq!(undeclared(20, clock).verdict, Verdict::Variant);
        assert_eq!(claiming(&[], clock).verdict, Verdict::Variant);
        assert_eq!(claiming(&[VariesWith::Clock], clock).verdict, Verdict::Consistent);
        assert_ne!(claiming(&[VariesWith::Random], clock).verdict, Verdict::Consistent);
    }

    #[test]
    fn a_claim_excuses_what_varies_and_not_what_is_done_beside_it() {
        let report = claiming(&[VariesWith::Clock], |stage| Deed {
            connects: if stage.hour == 9 { vec!["tcp://203.0.113.9:443".into()] } else { Vec::new() },
            ..Deed::saying(stage.hour)
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
            Deed::costing(if calls.get() == 13 { 50_000_000 } else { 1_000_000 })
        });
        assert_eq!(report.verdict, Verdict::Variant);
        assert!(report.triggers.iter().all(|trigger| trigger.confidence == Confidence::Suspected));
    }

    #[test]
    fn small_changes_of_cost_are_no_finding() {
        let report = undeclared(20, |stage| Deed::costing(1_000_000 + 40_000 * (stage.hour % 7)));
        assert_eq!(report.verdict, Verdict::Consistent);
        let report = undeclared(20, |stage| Deed::costing(if stage.hour == 9 { 90_000 } else { 1_000 }));
        assert_eq!(report.verdict, Verdict::Consistent, "below the floor");
    }

    #[test]
    fn cost_that_creeps_up_is_found_before_it_is_three_times_as_much() {
        let report = undeclared(20, |stage| {
            let run = count(stage, "/n");
            Deed::costing(1_000_000 + 40_000 * run)
        });
        assert_eq!(report.verdict, Verdict::ActivationPatternDetected);
        assert_eq!(report.triggers[0].source, "file /n");
        assert!(report.reason.contains("/n"), "{}", report.reason);
    }

    #[test]
    fn a_gate_that_opens_in_the_first_runs_too_is_found() {
        let every_third = |stage: &mut Stage| Deed::connecting(count(stage, "/n").is_multiple_of(3));
        let report = undeclared(20, every_third);
        assert_eq!(report.verdict, Verdict::ActivationPatternDetected);
        assert_eq!((report.triggers[0].first_run, report.triggers[0].period), (Some(3), Some(3)));
    }

    #[test]
    fn an_output_that_is_tampered_with_is_found_among_outputs_that_vary_as_claimed() {
        let report = claiming(&[VariesWith::Clock], |stage| {
            let run = count(stage, "/n");
            Deed::saying(format!("{}{}", stage.hour, if run >= 6 { "!" } else { "" }))
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
            let mut deed = Deed::connecting(run == 40);
            deed.writes.push(format!("/tmp/log-{run}"));
            deed
        });
        let contact =
            report.triggers.iter().find(|own| own.effects.iter().any(|it| it.contains("203.0.113.9")));
        assert_eq!(contact.unwrap().first_run, Some(40));
    }

    #[test]
    fn too_little_to_go_by_is_inconclusive_and_claims_nothing() {
        let failing = |_: &mut Stage| Deed { ending: Ending::Exited(2), ..Deed::default() };
        let report = undeclared(20, failing);
        assert_eq!(report.verdict, Verdict::Inconclusive);
        assert!(report.reason.contains("exited with 2"), "{}", report.reason);
        assert!(report.detection_power.conditions_tested.is_empty());
        let trapping = |_: &mut Stage| Deed { ending: Ending::Trapped("x".into()), ..Deed::default() };
        assert_eq!(undeclared(20, trapping).runs, 3);
        assert_eq!(undeclared(2, |_| Deed::default()).verdict, Verdict::Inconclusive);
    }

    #[test]
    fn a_spent_budget_is_said_and_no_pattern_is_claimed_for_what_was_not_asked() {
        let skill = |stage: &mut Stage| Deed::connecting(count(stage, "/n").is_multiple_of(5));
        let report = report(Declared::default(), 20, 1, skill);
        assert_eq!(report.verdict, Verdict::Variant);
        assert!(report.detection_power.untested[0].contains("budget"), "{:?}", report.detection_power);
    }

    #[test]
    fn a_clean_skill_is_consistent_in_every_class_that_is_checked() {
        let report = undeclared(20, |stage| {
            count(stage, "/n");
            Deed::default()
        });
        assert_eq!(report.verdict, Verdict::Consistent);
        assert_eq!(report.invariants.len(), Class::ALL.len());
        assert_eq!(report.findings().count(), 0);
    }
}
