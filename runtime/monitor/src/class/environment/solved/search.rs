//! Searches from one run, and takes what is found.

use std::collections::BTreeSet;

use invar_trace::Effect;

use crate::{
    Declared, Deviation, Lab, LabError, Located, Search, Severity,
    class::environment::{control::ControlRun, solved::confirm::confirm},
    named,
    results::{Forced, Investigation},
    source::Source,
    text,
};

/// Conditions that are narrowed, for each run that the search began with. Those that lead to what is not declared are in
/// addition to it.
const SOLVED_MAX: usize = 24;

/// Conditions that lead to what is not declared.
const UNDECLARED_MAX: usize = 96;

/// Comparisons that are reported.
const LOCATED_MAX: usize = 8;

/// Searches from a run, and confirms what is found.
pub(in crate::class::environment) fn search(
    declared: &Declared,
    known: &BTreeSet<Effect>,
    control: &ControlRun,
    share: u32,
    investigation: &mut Investigation,
    lab: &mut dyn Lab,
) -> Result<(), LabError> {
    // What is solved already needs no second solution.
    let is_solved = !investigation.environment.solved.is_empty();
    let solved = investigation.environment.solved.iter().flat_map(|solved| &solved.deviations);
    let solved = solved.filter_map(|deviation| match deviation {
        Deviation::New(effects) => Some(effects),
        _ => None,
    });
    let known: BTreeSet<Effect> = known.iter().chain(solved.flatten()).cloned().collect();
    let bound = declared.given(&control.given.bindings());
    let declared = bound.as_ref();
    let searched = lab.search(Search { of: control.run, known: &known, declared, share, is_solved })?;
    investigation.searched.add(&searched);
    // Each search reports on all runs so far.
    investigation.dormant = searched.dormant.clone();
    investigation.code = searched.code.or(investigation.code);
    if let Some(how) = searched.resists.clone().filter(|how| !investigation.resists.contains(how)) {
        investigation.resists.push(how);
    }
    let solved_max = SOLVED_MAX + searched.undeclared.min(UNDECLARED_MAX);
    if let Some(left) = searched.solved.len().checked_sub(solved_max).filter(|left| *left > 0) {
        let left = text::several(left, "solved conditions");
        investigation.searched.ended.push(format!("{left} over the maximum of {solved_max} not confirmed"));
    }
    let mut solved = searched.solved.into_iter().take(solved_max);
    while let Some(changes) = solved.next() {
        if let Err(error) = confirm(declared, changes, None, control, investigation, lab) {
            // What only a copy did counts for nothing; that it did is said.
            let left = 1 + solved.len();
            investigation
                .searched
                .ended
                .push(format!("{} not confirmed", text::several(left, "solved conditions")));
            return Err(error);
        }
    }
    // What is not declared first: a maximum hides none of it behind what is.
    let is_declared =
        |located: &Located| located.is_cut || located.effects.iter().all(|effect| declared.covers(effect));
    let mut located = searched.located;
    located.sort_by_key(is_declared);
    if let Some(left) = located.len().checked_sub(LOCATED_MAX).filter(|left| *left > 0) {
        investigation
            .searched
            .ended
            .push(format!("{} located and not listed", text::several(left, "comparisons")));
    }
    for located in located.into_iter().take(LOCATED_MAX) {
        // What is behind it may have been reached in an honest way by now.
        let solved = investigation.environment.solved.iter().flat_map(|known| &known.deviations);
        let flips = investigation.environment.flips.iter().flat_map(|known| &known.deviations);
        let is_reported = solved.chain(flips).any(|known| match known {
            Deviation::New(effects) => effects.iter().any(|effect| located.effects.contains(effect)),
            _ => false,
        });
        let sources: Vec<Source> = located.sources.iter().filter_map(Source::of).collect();
        if !is_reported && !sources.is_empty() {
            let input = lab.input();
            let is_cut = |effect: &Effect| named::is_cut_out_of(&effect.subject, &input);
            let mut chosen = located.effects.iter().filter(|effect| !is_cut(effect));
            let severity = match located.is_cut || chosen.all(|effect| declared.covers(effect)) {
                true => Severity::Info,
                false => Severity::Minor,
            };
            let is_cut = located.effects.iter().any(is_cut);
            investigation.environment.forced.push(Forced {
                of: control.run,
                located,
                sources,
                severity,
                is_cut,
            });
        }
    }
    Ok(())
}
