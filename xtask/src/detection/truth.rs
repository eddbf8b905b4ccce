//! What the skills of the corpus are, and whether a report says so.

use serde::Deserialize;

use super::{
    report::{Report, Trigger},
    trigger::ExpectedTrigger,
};

pub(super) const CONSISTENT: &str = "CONSISTENT";
pub(super) const MARGINAL: &str = "MARGINAL";
pub(super) const VARIANT: &str = "VARIANT";
pub(super) const ACTIVATION: &str = "ACTIVATION-PATTERN-DETECTED";

/// A `truth.toml`; `skills-examples/corpus/README.md` says what its keys mean.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Truth {
    pub(super) turns: bool,
    pub(super) shape: String,
    pub(super) reachable_by: Option<Reach>,
    pub(super) verdict: String,
    pub(super) trigger: Option<ExpectedTrigger>,
}

/// What it takes to see its behaviour change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Reach {
    Runs,
    Matrix,
    Solver,
    None,
}

/// What a report comes to, held against the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Judgement {
    /// The verdict is right, and so is what sets it off.
    Right,
    /// Its condition was to be solved, and only the comparison was found, with what is behind it.
    Located,
    /// Something is wrong with it, as it says; but not what.
    WrongFields,
    /// Milder than the truth, or nothing at all.
    Missed,
}

impl Judgement {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Located => "located only",
            Self::WrongFields => "wrong fields",
            Self::Missed => "missed",
        }
    }
}

impl Truth {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let truth: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        if truth.turns != truth.reachable_by.is_some() {
            return Err("reachable_by goes with turns = true, and only with that".into());
        }
        if !truth.turns && truth.trigger.is_some() {
            return Err("a skill with turns = false has no trigger".into());
        }
        if truth.needs_search() && truth.trigger.is_none() {
            return Err("what a search is to solve has a trigger".into());
        }
        if !truth.needs_search() && truth.trigger.as_ref().is_some_and(ExpectedTrigger::is_opaque) {
            return Err("confidence = \"forced\" goes with reachable_by = \"solver\"".into());
        }
        truth.trigger.as_ref().map_or(Ok(()), ExpectedTrigger::check)?;
        Ok(truth)
    }

    /// Whether a change of its behaviour can be seen at all.
    pub(super) fn is_reachable(&self) -> bool {
        matches!(self.reachable_by, Some(Reach::Runs | Reach::Matrix | Reach::Solver))
    }

    /// Whether that takes the search, which `invar fuzz` gives more time than `invar monitor` does.
    pub(super) fn needs_search(&self) -> bool {
        self.reachable_by == Some(Reach::Solver)
    }

    /// Whether even the search can only locate the branch.
    pub(super) fn is_opaque(&self) -> bool {
        self.needs_search() && self.trigger.as_ref().is_some_and(ExpectedTrigger::is_opaque)
    }

    pub(super) fn judge(&self, report: &Report) -> Judgement {
        let is_known = match &self.trigger {
            Some(expected) if self.is_reachable() => {
                report.triggers.iter().any(|trigger| expected.is(trigger))
            }
            _ => true,
        };
        // Where something else is proved to set it off, the comparison does not make up for that.
        let is_located = self.needs_search() && report.verdict != ACTIVATION && self.has_located(report);
        match report.verdict == self.verdict {
            true if is_known => Judgement::Right,
            _ if is_located => Judgement::Located,
            true => Judgement::WrongFields,
            false if is_severe(&report.verdict) => Judgement::WrongFields,
            false => Judgement::Missed,
        }
    }

    fn has_located(&self, report: &Report) -> bool {
        let expected = self.trigger.as_ref();
        expected.is_some_and(|expected| report.triggers.iter().any(|trigger| expected.is_located_by(trigger)))
    }

    /// The trigger of a report that comes nearest to the truth's.
    fn nearest<'a>(&self, report: &'a Report) -> Option<&'a Trigger> {
        let expected = self.trigger.as_ref()?;
        let find = |wanted: &dyn Fn(&Trigger) -> bool| report.triggers.iter().find(|trigger| wanted(trigger));
        find(&|trigger| expected.is(trigger)).or_else(|| find(&|trigger| expected.is_located_by(trigger)))
    }

    /// The report in one line.
    pub(super) fn reported(&self, report: &Report) -> String {
        report.words(self.nearest(report))
    }

    /// The expected report in one line.
    pub(super) fn expected(&self) -> String {
        match &self.trigger {
            Some(trigger) => format!("{}: {}", self.verdict, trigger.words()),
            None => self.verdict.clone(),
        }
    }
}

/// Whether a verdict says that an invariant is broken.
pub(super) fn is_severe(verdict: &str) -> bool {
    matches!(verdict, VARIANT | ACTIVATION)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{
        super::report::tests::{report, trigger},
        ACTIVATION, CONSISTENT, Judgement, MARGINAL, Truth, VARIANT,
    };

    const BENIGN: &str = "turns = false\nshape = 'cache'\nverdict = 'CONSISTENT'\n";
    const COUNTER: &str = "turns = true\nshape = 'counter'\nreachable_by = 'solver'\n\
        verdict = 'ACTIVATION-PATTERN-DETECTED'\n\
        [trigger]\nkind = 'execution-count'\nfirst_run = 100\nsource = 'file /state/runs'\nvalue = '99'\n";
    const LOCK: &str = "turns = true\nshape = 'env'\nreachable_by = 'solver'\nverdict = 'MARGINAL'\n\
        [trigger]\nkind = 'environment-variable'\nsource = 'environment variable USER'\nconfidence = 'forced'\n";

    fn judge(truth: &str, verdict: &str, triggers: &[Value]) -> Judgement {
        Truth::parse(truth).unwrap().judge(&report(verdict, triggers))
    }

    #[test]
    fn a_truth_is_read_as_written_or_not_at_all() {
        assert!(Truth::parse(BENIGN).is_ok());
        assert!(Truth::parse(&BENIGN.replace("false", "true")).is_err(), "without reachable_by");
        assert!(Truth::parse(&format!("{BENIGN}sahpe = 'x'\n")).is_err(), "unknown key");
        assert!(Truth::parse(&format!("{BENIGN}[trigger]\nkind = 'clock'\n")).is_err(), "benign");
        let (without, _) = COUNTER.split_once("[trigger]").unwrap();
        assert!(Truth::parse(without).is_err(), "nothing to solve");
        assert!(Truth::parse(&LOCK.replace("solver", "runs")).is_err(), "forced without a search");
        assert!(Truth::parse(LOCK).unwrap().is_opaque() && !Truth::parse(COUNTER).unwrap().is_opaque());
    }

    #[test]
    fn solved_is_right_only_with_all_fields_and_the_verdict() {
        let solved = trigger(json!({ "first_run": 100, "value": "99" }));
        assert_eq!(judge(COUNTER, ACTIVATION, &[trigger(json!({})), solved.clone()]), Judgement::Right);
        assert_eq!(judge(COUNTER, VARIANT, &[solved]), Judgement::WrongFields);
        let off_by_one = trigger(json!({ "first_run": 101, "value": "99" }));
        assert_eq!(judge(COUNTER, ACTIVATION, &[off_by_one]), Judgement::WrongFields);
        assert_eq!(judge(COUNTER, CONSISTENT, &[]), Judgement::Missed);
    }

    #[test]
    fn what_was_to_be_solved_and_is_only_forced_is_located() {
        let forced = trigger(json!({ "confidence": "forced" }));
        let other = trigger(json!({ "confidence": "forced", "source": "input", "kind": "input" }));
        let solved_otherwise = trigger(json!({ "first_run": 3 }));
        assert_eq!(judge(COUNTER, MARGINAL, &[other.clone(), forced.clone()]), Judgement::Located);
        assert_eq!(judge(COUNTER, MARGINAL, &[other]), Judgement::Missed);
        assert_eq!(judge(COUNTER, ACTIVATION, &[solved_otherwise, forced.clone()]), Judgement::WrongFields);
        let by_runs = COUNTER.replace("solver", "runs");
        assert_eq!(judge(&by_runs, MARGINAL, &[forced]), Judgement::Missed, "nothing was to be searched");
    }

    #[test]
    fn a_lock_is_right_if_it_is_located_and_not_convicted() {
        let user = json!({ "kind": "environment-variable", "source": "environment variable USER" });
        let solved = trigger(user.clone());
        let mut forced = solved.clone();
        forced["confidence"] = json!("forced");
        assert_eq!(judge(LOCK, MARGINAL, &[forced.clone()]), Judgement::Right);
        assert_eq!(judge(LOCK, MARGINAL, std::slice::from_ref(&solved)), Judgement::WrongFields);
        assert_eq!(judge(LOCK, ACTIVATION, &[solved, forced]), Judgement::WrongFields);
        assert_eq!(judge(LOCK, CONSISTENT, &[]), Judgement::Missed);
    }

    #[test]
    fn reported_shows_the_trigger_that_is_meant() {
        let truth = Truth::parse(COUNTER).unwrap();
        let solved = trigger(json!({ "first_run": 100, "value": "99" }));
        let report = report(ACTIVATION, &[trigger(json!({})), trigger(json!({})), solved]);
        assert!(truth.reported(&report).contains("first run 100"), "{}", truth.reported(&report));
        assert!(truth.reported(&report).ends_with("; 2 more"));
    }
}
