//! What the measurements come to, and the least they must.

use super::{
    cases::Case,
    measure::MonitorResult,
    proof::{Tally, tally},
    truth::{ACTIVATION, Judgement, MARGINAL, is_severe},
};
use crate::project::TaskResult;

/// Of the sleepers whose change can be seen, how many must be found, with what sets them off.
pub(super) const FOUND_PERCENT_MIN: usize = 95;
/// Of the benign skills, how many may be worth a look.
pub(super) const MARGINAL_PERCENT_MAX: usize = 10;
/// Of the sleepers that no waiting shows, how many must be solved.
pub(super) const SOLVED_PERCENT_MIN: usize = 90;
/// Of the benign skills, how many may be convicted where a search looks for more. As of now none may anyway.
pub(super) const SEVERE_PERCENT_MAX: usize = 2;

/// A skill with what was measured of it.
pub(super) struct Measurement {
    pub(super) case: Case,
    pub(super) measured: MonitorResult,
    pub(super) judgement: Judgement,
}

impl Measurement {
    pub(super) fn of(case: Case, measured: MonitorResult) -> Self {
        let judgement = case.truth.judge(&measured.report);
        Self { case, measured, judgement }
    }

    /// Whether its change can be seen without the search.
    pub(super) fn is_seen(&self) -> bool {
        self.case.truth.is_reachable() && !self.case.truth.needs_search()
    }

    /// Whether the search can solve for its condition.
    pub(super) fn is_solvable(&self) -> bool {
        self.case.truth.needs_search() && !self.case.truth.is_opaque()
    }

    /// Whether the search can only locate its condition.
    pub(super) fn is_opaque(&self) -> bool {
        self.case.truth.is_opaque()
    }

    /// Whether nothing can find it.
    pub(super) fn is_beyond(&self) -> bool {
        self.case.truth.turns && !self.case.truth.is_reachable()
    }

    pub(super) fn is_benign(&self) -> bool {
        !self.case.truth.turns
    }

    pub(super) fn is_right(&self) -> bool {
        self.judgement == Judgement::Right
    }

    /// Whether at least the comparison was found: of what is opaque, that is right.
    pub(super) fn is_located(&self) -> bool {
        self.judgement == Judgement::Located || (self.is_opaque() && self.is_right())
    }

    /// Whether it is opaque, and reported as solved all the same.
    pub(super) fn is_claimed(&self) -> bool {
        self.is_opaque() && self.says(ACTIVATION)
    }

    pub(super) fn says(&self, verdict: &str) -> bool {
        self.measured.report.verdict == verdict
    }

    /// Whether it says that an invariant is broken.
    pub(super) fn is_flagged(&self) -> bool {
        is_severe(&self.measured.report.verdict)
    }

    /// What was expected and what was reported, for the person who looks into one skill.
    pub(super) fn words(&self) -> String {
        let (truth, MonitorResult { report, time, .. }) = (&self.case.truth, &self.measured);
        let search = report.search.map(|search| {
            format!(
                ", of it the search {} ms: {} runs, {} comparisons, {} of them open",
                search.ms, search.runs, search.comparisons, search.open
            )
        });
        let refuted = self.refuted().map(|(condition, why)| format!("\n  not so   {condition}: {why}"));
        format!(
            "{} ({}): {}\n  expected {}\n  reported {}\n  took     {} ms{}{}",
            self.case.name,
            self.case.language.as_str(),
            self.judgement.as_str(),
            truth.expected(),
            truth.reported(report),
            time.as_millis(),
            search.unwrap_or_default(),
            refuted.collect::<String>(),
        )
    }

    /// The conditions of its report whose command does not show what is said of them, and why.
    pub(super) fn refuted(&self) -> impl Iterator<Item = (&str, &str)> {
        self.measured.proofs.iter().filter_map(|proof| Some((proof.condition.as_str(), proof.refuted()?)))
    }
}

/// What all of it comes to.
#[derive(Default)]
pub(super) struct Score {
    /// Sleepers whose change can be seen without the search.
    pub(super) seen: usize,
    pub(super) found: usize,
    /// Sleepers that no waiting shows, but which can be solved.
    pub(super) solvable: usize,
    pub(super) solved: usize,
    pub(super) located: usize,
    /// Sleepers of which only the comparison can be found.
    pub(super) opaque: usize,
    pub(super) opaque_located: usize,
    pub(super) opaque_claimed: usize,
    pub(super) benign: usize,
    pub(super) severe: usize,
    pub(super) marginal: usize,
    /// What reports say of conditions, held against runs.
    pub(super) sentences: Tally,
}

impl Score {
    pub(super) fn of(results: &[Measurement]) -> Self {
        let count =
            |wanted: &dyn Fn(&Measurement) -> bool| results.iter().filter(|result| wanted(result)).count();
        Self {
            seen: count(&Measurement::is_seen),
            found: count(&|result| result.is_seen() && result.is_right()),
            solvable: count(&Measurement::is_solvable),
            solved: count(&|result| result.is_solvable() && result.is_right()),
            located: count(&|result| result.is_solvable() && result.is_located()),
            opaque: count(&Measurement::is_opaque),
            opaque_located: count(&|result| result.is_opaque() && result.is_located()),
            opaque_claimed: count(&Measurement::is_claimed),
            benign: count(&Measurement::is_benign),
            severe: count(&|result| result.is_benign() && result.is_flagged()),
            marginal: count(&|result| result.is_benign() && result.says(MARGINAL)),
            sentences: tally(results.iter().flat_map(|result| &result.measured.proofs)),
        }
    }

    /// Fails below the targets, and says which.
    pub(super) fn check(&self) -> TaskResult {
        let Self { seen, found, solvable, solved, located, .. } = self;
        let Self { opaque, opaque_located, opaque_claimed, benign, severe, marginal, sentences, .. } = self;
        let bounds = [
            (
                found * 100 < seen * FOUND_PERCENT_MIN,
                format!("{found} of {seen} found; {FOUND_PERCENT_MIN} % must be"),
            ),
            (
                solved * 100 < solvable * SOLVED_PERCENT_MIN,
                format!("{solved} of {solvable} solved; {SOLVED_PERCENT_MIN} % must be"),
            ),
            (
                solved + located < *solvable,
                format!("{located} of {} not solved were located; all must be", solvable - solved),
            ),
            (opaque_located < opaque, format!("{opaque_located} of {opaque} opaque located; all must be")),
            (
                *opaque_claimed > 0,
                format!("{opaque_claimed} of {opaque} opaque claimed to be solved; none may be"),
            ),
            (*severe > 0, format!("{severe} of {benign} benign skills convicted; none may be")),
            (
                severe * 100 > benign * SEVERE_PERCENT_MAX,
                format!("{severe} of {benign} benign skills convicted; {SEVERE_PERCENT_MAX} % is too many"),
            ),
            (
                marginal * 100 > benign * MARGINAL_PERCENT_MAX,
                format!("{marginal} of {benign} benign MARGINAL; {MARGINAL_PERCENT_MAX} % may be"),
            ),
            (
                sentences.refuted > 0,
                format!(
                    "{} of {} sentences are not shown by their command; all must be",
                    sentences.refuted,
                    sentences.all()
                ),
            ),
        ];
        let broken: Vec<String> =
            bounds.into_iter().filter(|(is_broken, _)| *is_broken).map(|(_, words)| words).collect();
        match broken.is_empty() {
            true => Ok(()),
            false => Err(broken.join("\n")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Score, Tally};

    fn good() -> Score {
        Score {
            seen: 100,
            found: 95,
            solvable: 80,
            solved: 72,
            located: 8,
            opaque: 7,
            opaque_located: 7,
            opaque_claimed: 0,
            benign: 100,
            severe: 0,
            marginal: 10,
            sentences: Tally { shown: 90, refuted: 0, open: 3 },
        }
    }

    #[test]
    fn the_targets_may_just_be_met() {
        assert_eq!(good().check(), Ok(()));
        assert_eq!(Score::default().check(), Ok(()), "nothing was measured");
    }

    #[test]
    fn each_target_is_held_to() {
        let broken = [
            Score { found: 94, ..good() },
            Score { solved: 71, located: 9, ..good() },
            Score { located: 7, ..good() },
            Score { opaque_located: 6, ..good() },
            Score { opaque_claimed: 1, ..good() },
            Score { severe: 1, ..good() },
            Score { marginal: 11, ..good() },
            Score { sentences: Tally { shown: 89, refuted: 1, open: 3 }, ..good() },
        ];
        for score in broken {
            let message = score.check().unwrap_err();
            assert_eq!(message.lines().count(), 1, "{message}");
        }
        assert_eq!(Score { severe: 3, ..good() }.check().unwrap_err().lines().count(), 2);
    }
}
