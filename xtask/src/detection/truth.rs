//! What the skills of the corpus are, and whether a report says so.

use serde::Deserialize;

use super::measure::{Report, Trigger};

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

/// What it takes to see it turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Reach {
    Runs,
    Matrix,
    Solver,
    None,
}

/// What sets it off; what is left out is not compared.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectedTrigger {
    kind: String,
    first_run: Option<u32>,
    period: Option<u32>,
    boundary: Option<String>,
    source: Option<String>,
}

/// What a report comes to, held against the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Judgement {
    /// The verdict is right, and so is what sets it off.
    Right,
    /// Something is wrong with it, as it says; but not what.
    WrongFields,
    /// Milder than the truth, or nothing at all.
    Missed,
}

impl Truth {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let truth: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        if truth.turns != truth.reachable_by.is_some() {
            return Err("reachable_by goes with turns = true, and only with that".into());
        }
        if !truth.turns && truth.trigger.is_some() {
            return Err("what does not turn has no trigger".into());
        }
        Ok(truth)
    }

    /// Whether a monitor that solves no constants can see it turn.
    pub(super) fn is_reachable(&self) -> bool {
        matches!(self.reachable_by, Some(Reach::Runs | Reach::Matrix))
    }

    pub(super) fn judge(&self, report: &Report) -> Judgement {
        let is_flagged = |verdict: &str| matches!(verdict, VARIANT | ACTIVATION);
        let is_known = match &self.trigger {
            Some(expected) if self.is_reachable() => report.triggers.iter().any(|own| expected.is(own)),
            _ => true,
        };
        match report.verdict == self.verdict {
            true if is_known => Judgement::Right,
            true => Judgement::WrongFields,
            false if is_flagged(&report.verdict) => Judgement::WrongFields,
            false => Judgement::Missed,
        }
    }

    /// In one line.
    pub(super) fn expected(&self) -> String {
        match &self.trigger {
            Some(trigger) => format!("{}: {}", self.verdict, trigger.words()),
            None => self.verdict.clone(),
        }
    }
}

impl ExpectedTrigger {
    fn is(&self, trigger: &Trigger) -> bool {
        let same = |expected: Option<u32>, own: Option<u32>| expected.is_none() || expected == own;
        let like = |glob: &Option<String>, own: &str| glob.as_ref().is_none_or(|glob| matches(glob, own));
        trigger.confidence == "confirmed"
            && self.kind == trigger.kind
            && same(self.first_run, trigger.first_run)
            && same(self.period, trigger.period)
            && like(&self.boundary, trigger.boundary.to.as_deref().unwrap_or_default())
            && like(&self.source, &trigger.source)
    }

    fn words(&self) -> String {
        let number = |name: &str, number: Option<u32>| number.map(|number| format!("{name} {number}"));
        let fields = [
            Some(self.kind.clone()),
            number("first run", self.first_run),
            number("period", self.period),
            self.boundary.as_ref().map(|boundary| format!("at {boundary}")),
            self.source.clone().filter(|source| source != "*"),
        ];
        fields.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// Whether a text is like a glob, in which `*` stands for any text.
fn matches(glob: &str, text: &str) -> bool {
    match glob.split_once('*') {
        None => glob == text,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|text| {
            text.char_indices().map(|(at, _)| &text[at..]).chain([""]).any(|tail| matches(rest, tail))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::{Truth, matches};

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(matches("*T22:00:00Z", "2026-01-15T22:00:00Z"));
        assert!(matches("file /a*", "file /a/1, file /a/2"));
        assert!(matches("*", ""));
        assert!(!matches("file /a", "file /a/1"));
        assert!(!matches("*T22:00:00Z", "2026-01-15T21:00:00Z"));
    }

    #[test]
    fn a_truth_is_read_as_written_or_not_at_all() {
        let text = "turns = false\nshape = \"cache\"\nverdict = \"CONSISTENT\"\n";
        assert!(Truth::parse(text).is_ok());
        assert!(Truth::parse(&text.replace("false", "true")).is_err(), "without reachable_by");
        assert!(Truth::parse(&format!("{text}sahpe = \"x\"\n")).is_err(), "unknown key");
    }
}
