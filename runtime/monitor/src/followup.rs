//! A pattern of deviation, followed up: what it depends on, whether it comes again, and where it begins.

use invar_trace::Behaviour;
use invar_world::{Change, Timestamp};

use crate::{
    BASELINE_RUNS, Baseline, Deviation, Factor, Lab, LabError, Pattern, Question, Row,
    attribution::{Attribution, Pair, attribute},
    threshold::clock_threshold,
    tool_calls::InCalls,
};

/// Long enough for whatever waits for time to pass.
const YEAR_NS: u64 = 366 * 86_400_000_000_000;

/// Runs that are added to see a second period.
const EXTRA_RUNS_MAX: u32 = 1000;

/// A pattern of deviation, followed up.
#[derive(Debug, Clone, Default)]
pub(crate) struct FollowUp {
    pub(crate) deviations: Vec<Deviation>,
    /// The runs that deviate so, those added to see a second period included.
    pub(crate) runs: Vec<u32>,
    /// Runs there were, those included.
    pub(crate) total: u32,
    /// What was as in the reference run throughout, since it is known to make a difference anyway.
    pub(crate) held: Vec<Factor>,
    /// The last second without and the first with it, for what depends on the clock.
    pub(crate) threshold: Option<(Timestamp, Timestamp)>,
    /// A year after its second run it does so too, whatever the count.
    pub(crate) time_is_enough: bool,
    /// What each deviation depends on, in their order; empty if it was not followed.
    pub(crate) attributions: Vec<Attribution>,
    /// The calls whose output is another with all of `held` held, where output is what deviates.
    pub(crate) in_calls: InCalls,
    /// The runs that deviated so in a second series from the initial files.
    pub(crate) after_reset: Option<Vec<u32>>,
    /// They are the same as in the first.
    pub(crate) reset_agrees: bool,
}

impl FollowUp {
    /// The regularity in its runs.
    pub(crate) fn pattern(&self) -> Pattern {
        Pattern::of(&self.runs, self.total)
    }

    /// What a deviation depends on, if it was followed.
    pub(crate) fn attribution_of(&self, wanted: impl Fn(&Deviation) -> bool) -> Option<&Attribution> {
        self.deviations.iter().position(wanted).and_then(|index| self.attributions.get(index))
    }
}

/// Follows one pattern of deviation up.
pub(crate) fn follow(
    baseline: &Baseline,
    rows: &[Row],
    followed: &mut FollowUp,
    lab: &mut dyn Lab,
) -> Result<(), LabError> {
    let FollowUp { runs, total, held, .. } = followed.clone();
    // A run of the baseline without these deviations; where all deviate, each differently, run 1.
    let reference = (1..=BASELINE_RUNS).find(|run| !runs.contains(run)).unwrap_or(1);
    let Some(fired) = runs.iter().copied().find(|run| *run != reference && lab.has(*run)) else {
        return Ok(());
    };
    let is_relative = runs.contains(&reference);
    if is_relative {
        followed.deviations = relative(&followed.deviations, rows, fired, reference);
    }
    let deviations = followed.deviations.clone();
    let pair = Pair { fired, reference, held: &held };
    followed.attributions = attribute(lab, baseline, &deviations, pair)?;

    let shows_all = |run: &Behaviour| deviations.iter().all(|deviation| baseline.shows(deviation, run));
    if followed.attributions.iter().any(|attribution| attribution.depends_on_files()) {
        let again = lab.reset(fired, &held, reference)?;
        let fired_again: Vec<u32> =
            (1..).zip(&again).filter(|(_, run)| shows_all(run)).map(|(run, _)| run).collect();
        let is_due = |run: &u32| if is_relative { *run == fired } else { *run <= fired };
        let expected: Vec<u32> = runs.iter().copied().filter(is_due).collect();
        followed.after_reset = Some(fired_again.clone());
        followed.reset_agrees = fired_again == expected;
    }
    // One firing has no period: continue until the next one would be due.
    let first = runs[0];
    if held.is_empty()
        && runs.len() == 1
        && first > BASELINE_RUNS
        && total < 2 * first
        && first < EXTRA_RUNS_MAX
    {
        let more = lab.go_on(2 * first + 1 - total)?;
        followed.total = 2 * first + 1;
        let fired = (total + 1..).zip(&more).filter(|(_, run)| shows_all(run)).map(|(run, _)| run);
        followed.runs.extend(fired);
    }
    // What depends on the clock begins at some second since the run before.
    if followed.attributions.iter().any(|attribution| attribution.factors.contains(&Factor::Clock)) {
        let before = (1..fired).rev().find(|run| !runs.contains(run));
        if let Some(before) = before.or((reference < fired).then_some(reference)) {
            let question = Question::with(fired, held.iter().cloned(), reference);
            let (from, to) = (lab.started(before), lab.started(fired));
            followed.threshold = clock_threshold(lab, &question, from, to, &shows_all)?;
        }
        // Long after an early run: time alone is enough, if it is time that is counted.
        if fired > 2 {
            let early = Question::changed(2, Change::Clock(lab.started(fired).after(YEAR_NS)));
            followed.time_is_enough = lab.ask(&[early])?.iter().all(|run| shows_all(run));
        }
    }
    Ok(())
}

/// Where every run deviates differently: what this one does and the reference run does not.
fn relative(deviations: &[Deviation], rows: &[Row], fired: u32, reference: u32) -> Vec<Deviation> {
    let effects_of = |run: u32| rows.iter().find(|row| row.run == run).map(|row| &row.run_effects.effects);
    let (Some(fired_effects), Some(other)) = (effects_of(fired), effects_of(reference)) else {
        return deviations.to_vec();
    };
    deviations
        .iter()
        .map(|deviation| match deviation {
            Deviation::New(all) => {
                let new = all.intersection(fired_effects).filter(|effect| !other.contains(*effect));
                Deviation::New(new.cloned().collect())
            }
            deviation => deviation.clone(),
        })
        .filter(|deviation| !matches!(deviation, Deviation::New(effects) if effects.is_empty()))
        .collect()
}
