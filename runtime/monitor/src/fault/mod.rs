//! What a skill does when something goes wrong: a disk is full, a file denied, a connection broken off.
//!
//! One call of a run answers with an error that it could give, and the run is held against its twin in which nothing
//! goes wrong. To fail is no finding, nor to say so, to do less or to try again: only what it does beside that is.

mod answers;
mod judge;
mod plan;
mod words;

use invar_trace::Effect;
use invar_world::Substitution;

use crate::{
    Finding, Lab, LabError, Question, Row, Severity, Trigger, TriggerKind,
    class::environment,
    monitor::{Case, Declared},
};
use judge::{ControlRun, Hit, judge};
use plan::{Fault, plan};
pub(crate) use words::line;

/// Faults of one run that are tried. Stops a skill that is about a thousand files from using up the budget.
const FAULTS_MAX: usize = 1024;
/// Faults that are asked at once: what the budget ends is lost, so few.
const BATCH: usize = 8;
/// Ways of turning that are told apart.
const TURNS_MAX: usize = 8;
/// What faults are called among the conditions that were tried.
const NAME: &str = "faults";

/// What was tried and what turned.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tried {
    pub(crate) turns: Vec<Turn>,
    /// Faults past those that are tried, and ways of turning past those that are told.
    pub(crate) left_out: usize,
}

/// A way in which the skill does more when something goes wrong.
#[derive(Debug, Clone)]
pub(crate) struct Turn {
    pub(crate) kind: TriggerKind,
    pub(crate) source: String,
    /// The run that was made with the fault.
    pub(crate) of: u32,
    /// The first fault, in words and as a substitution.
    pub(crate) words: String,
    pub(crate) value: Option<String>,
    pub(crate) substitution: Substitution,
    /// How many faults about the same thing bring it about.
    pub(crate) hits: usize,
    /// What it does beside failing.
    pub(crate) effects: Vec<Effect>,
    /// What of it is not declared.
    pub(crate) undeclared: Vec<String>,
    pub(crate) severity: Severity,
    /// It does so again with the same fault, and again not without it.
    pub(crate) confirmed: bool,
}

/// Tries everything that could go wrong in run 1 and in the last run like it.
pub(crate) fn investigate(
    declared: &Declared,
    rows: &[Row],
    case: &mut Case,
    lab: &mut dyn Lab,
) -> Result<(), LabError> {
    for run in environment::bases(rows, lab) {
        if let Err(error) = try_run(declared, run, case, lab) {
            case.tolerate(Err(error))?;
            case.environment.untried.push(NAME);
            return Ok(());
        }
    }
    Ok(())
}

fn try_run(declared: &Declared, run: u32, case: &mut Case, lab: &mut dyn Lab) -> Result<(), LabError> {
    let calls = lab.calls(run)?;
    let control = ControlRun { run, behaviour: lab.ask(&[Question::again(run)])?.remove(0) };
    let mut faults = plan(&calls, lab.started(run));
    case.faults.left_out += faults.len().saturating_sub(FAULTS_MAX);
    faults.truncate(FAULTS_MAX);
    let mut hits: Vec<Hit<'_>> = Vec::new();
    let mut ended = Ok(());
    // What was asked before the budget ran out is judged.
    for batch in faults.chunks(BATCH) {
        let questions: Vec<Question> =
            batch.iter().map(|fault| Question::failing(run, fault.substitution.clone())).collect();
        match lab.ask(&questions) {
            Ok(answers) => {
                *case.environment.tried.entry(NAME).or_default() += answers.len();
                hits.extend(
                    batch
                        .iter()
                        .zip(answers)
                        .filter_map(|(fault, own)| judge(declared, &control, fault, own)),
                );
            }
            Err(error) => {
                ended = Err(error);
                break;
            }
        }
    }
    let mut groups = by_deed(hits);
    groups.sort_by_key(|group| std::cmp::Reverse(group[0].severity));
    for group in groups {
        let turn = turn(&control, &group);
        if is_known(&turn, case) {
            continue;
        }
        if case.faults.turns.len() >= TURNS_MAX {
            case.faults.left_out += 1;
            continue;
        }
        match confirmed(&control, &group[0], lab) {
            Ok(confirmed) => case.faults.turns.push(Turn { confirmed, ..turn }),
            // What was seen is told, whether it could be followed up or not.
            Err(error) => {
                case.tolerate(Err(error))?;
                case.faults.turns.push(turn);
            }
        }
    }
    ended
}

/// Hits that are about the same thing and do the same.
fn by_deed(hits: Vec<Hit<'_>>) -> Vec<Vec<Hit<'_>>> {
    let mut groups: Vec<Vec<Hit<'_>>> = Vec::new();
    for hit in hits {
        let is_like = |own: &&mut Vec<Hit<'_>>| {
            own[0].fault.about == hit.fault.about
                && own[0].severity == hit.severity
                && own[0].shapes == hit.shapes
        };
        match groups.iter_mut().find(is_like) {
            Some(group) => group.push(hit),
            None => groups.push(vec![hit]),
        }
    }
    groups
}

fn turn(control: &ControlRun, hits: &[Hit<'_>]) -> Turn {
    let Hit { fault, severity, effects, undeclared, .. } = &hits[0];
    let Fault { words, value, substitution, .. } = fault;
    Turn {
        kind: fault.kind(),
        source: fault.source(),
        of: control.run,
        words: words.clone(),
        value: value.clone(),
        substitution: substitution.clone(),
        hits: hits.len(),
        effects: effects.iter().cloned().collect(),
        undeclared: undeclared.iter().map(ToString::to_string).collect(),
        severity: *severity,
        confirmed: false,
    }
}

/// Whether it is told already: of another run, or as a condition that comes to the same, such as an absent file.
fn is_known(turn: &Turn, case: &Case) -> bool {
    let is_same = |own: &Turn| own.source == turn.source && own.effects == turn.effects;
    case.faults.turns.iter().any(is_same) || environment::tells(case, turn.kind, &turn.source, &turn.effects)
}

/// Not by chance: the same fault does the same again, and without it there is none of it again.
fn confirmed(control: &ControlRun, hit: &Hit<'_>, lab: &mut dyn Lab) -> Result<bool, LabError> {
    let failing = Question::failing(control.run, hit.fault.substitution.clone());
    let answers = lab.ask(&[failing, Question::again(control.run)])?;
    Ok(answers[0].head == hit.behaviour.head && answers[1].head == control.behaviour.head)
}

/// What turns, as triggers.
pub(crate) fn triggers(tried: &Tried, id: &str) -> Vec<Trigger> {
    tried.turns.iter().map(|turn| words::trigger(turn, id)).collect()
}

/// What turns, as findings.
pub(crate) fn findings(tried: &Tried) -> Vec<Finding> {
    tried.turns.iter().map(words::finding).collect()
}

#[cfg(test)]
mod tests {
    use invar_envelope::{Document, Manifest};

    use crate::{
        Confidence, Declared, Protocol, Report, TriggerKind, Verdict,
        fake_lab::{FakeRun, REPORT, Stage, report_by},
    };

    const FAULTS: Protocol = Protocol { faults: true };

    fn report(protocol: Protocol, budget: u32, skill: impl Fn(&mut Stage) -> FakeRun) -> Report {
        let text = "[envelope]\nfiles.write = [\"/out/**\"]\n";
        let envelope = Manifest::parse_envelope(Document { name: "envelope", text }).unwrap();
        let declared = Declared { envelope: Some(envelope), ..Declared::default() };
        report_by(protocol, declared, 5, budget, skill)
    }

    fn is_full(stage: &Stage) -> bool {
        stage.fault.as_deref() == Some(r#"event:3={"err":"insufficient-space"}"#)
    }

    #[test]
    fn what_is_done_only_when_the_disk_is_full_is_found_and_confirmed() {
        let skill = |stage: &mut Stage| {
            let deed = FakeRun::connecting(is_full(stage));
            FakeRun { undeclared: deed.connects.clone(), ..deed }
        };
        let report = report(FAULTS, 1000, skill);
        assert_eq!(report.verdict, Verdict::ActivationPatternDetected, "{}", report.reason);
        let trigger = &report.triggers[0];
        assert_eq!((trigger.kind, trigger.confidence), (TriggerKind::File, Confidence::Confirmed));
        assert_eq!(trigger.condition, "when opening /out/report.txt fails with disk full");
        assert_eq!(trigger.source, "file /out/report.txt");
        assert_eq!(trigger.reproduce, r#"invar replay toy/1 --set 'event:3={"err":"insufficient-space"}'"#);
        let tested = &report.detection_power.conditions_tested;
        assert!(tested.contains(&"7 faults".to_owned()), "{tested:?}");
    }

    #[test]
    fn nothing_is_asked_of_faults_unless_it_is_wanted() {
        let report = report(Protocol::default(), 1000, |stage| FakeRun::connecting(is_full(stage)));
        assert_eq!(report.verdict, Verdict::Consistent);
        let tested = report.detection_power.conditions_tested.join(", ");
        assert!(!tested.contains("fault"), "{tested}");
    }

    #[test]
    fn to_fail_to_say_so_and_to_clean_up_is_no_finding() {
        let skill = |stage: &mut Stage| match &stage.fault {
            Some(fault) => FakeRun::saying(format!("cannot write: {fault}")),
            None => FakeRun { writes: vec![REPORT.into(), "/out/report.tmp".into()], ..FakeRun::default() },
        };
        let report = report(FAULTS, 1000, skill);
        assert_eq!((report.verdict, report.findings().count()), (Verdict::Consistent, 0));
    }

    #[test]
    fn a_declared_way_out_is_to_be_looked_at_and_no_more() {
        let skill = |stage: &mut Stage| {
            let path = if stage.fault.is_some() { "/out/other/report.txt" } else { REPORT };
            FakeRun { writes: vec![path.into()], ..FakeRun::default() }
        };
        assert_eq!(report(FAULTS, 1000, skill).verdict, Verdict::Marginal);
    }

    #[test]
    fn a_budget_that_does_not_last_is_said() {
        let report = report(FAULTS, 4, |_| FakeRun::default());
        assert_eq!(report.verdict, Verdict::Consistent);
        let untested = report.detection_power.untested.join(", ");
        assert!(untested.contains("all of the faults"), "{untested}");
    }
}
