//! The expected trigger of a sleeper, and whether a trigger of a report matches it.

use serde::Deserialize;

use super::report::Trigger;

const COMPOUND: &str = "compound";

/// What sets it off; what is left out is not compared. In texts, `*` stands for any text.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectedTrigger {
    kind: String,
    first_run: Option<u32>,
    period: Option<u32>,
    boundary: Option<String>,
    source: Option<String>,
    value: Option<String>,
    #[serde(default)]
    confidence: Confidence,
    /// Of a compound: the source of each part.
    #[serde(default)]
    all: Vec<String>,
}

/// How sure a report is to be.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Confidence {
    /// The condition is known, and was brought about.
    #[default]
    Confirmed,
    /// Only the comparison is known, and what is done when it is flipped.
    Forced,
}

impl Confidence {
    /// As in reports.
    fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Forced => "forced",
        }
    }
}

impl ExpectedTrigger {
    pub(super) fn check(&self) -> Result<(), String> {
        match !self.all.is_empty() && self.kind != COMPOUND {
            true => Err("trigger.all goes with kind = \"compound\"".into()),
            false => Ok(()),
        }
    }

    /// Whether nobody can solve for its condition, such as one behind a hash.
    pub(super) fn is_opaque(&self) -> bool {
        self.confidence == Confidence::Forced
    }

    /// Whether the trigger is this one, with all that is known of it.
    pub(super) fn is(&self, trigger: &Trigger) -> bool {
        let same = |expected: Option<u32>, seen: Option<u32>| expected.is_none() || expected == seen;
        trigger.confidence == self.confidence.as_str()
            && self.hangs_on_the_same(trigger)
            && same(self.first_run, trigger.first_run)
            && same(self.period, trigger.period)
            && is_like(self.boundary.as_ref(), trigger.boundary.to.as_deref().unwrap_or_default())
            && is_like(self.value.as_ref(), trigger.value.as_deref().unwrap_or_default())
    }

    /// Whether the trigger is the comparison behind this one, or behind a part of it, found by flipping it.
    pub(super) fn is_located_by(&self, trigger: &Trigger) -> bool {
        let is_part = || self.all.iter().any(|glob| matches(glob, &trigger.source));
        trigger.confidence == Confidence::Forced.as_str() && (self.hangs_on_the_same(trigger) || is_part())
    }

    fn hangs_on_the_same(&self, trigger: &Trigger) -> bool {
        let parts: Vec<&str> = trigger.all.iter().map(|part| part.source.as_str()).collect();
        self.kind == trigger.kind
            && is_like(self.source.as_ref(), &trigger.source)
            && are_covered(&self.all, &parts)
    }

    /// In one line.
    pub(super) fn words(&self) -> String {
        let number = |name: &str, number: Option<u32>| number.map(|number| format!("{name} {number}"));
        let kind = match self.confidence {
            Confidence::Confirmed => self.kind.clone(),
            Confidence::Forced => format!("forced {}", self.kind),
        };
        let fields = [
            Some(kind),
            number("first run", self.first_run),
            number("period", self.period),
            self.boundary.as_ref().map(|boundary| format!("at {boundary}")),
            self.source.clone().filter(|source| source != "*"),
            self.value.as_ref().map(|value| format!("value \"{}\"", value.escape_debug())),
            (!self.all.is_empty()).then(|| format!("all of {}", self.all.join(" + "))),
        ];
        fields.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// Whether every glob matches a different text.
fn are_covered(globs: &[String], texts: &[&str]) -> bool {
    let Some((glob, globs)) = globs.split_first() else { return true };
    (0..texts.len()).any(|at| {
        let mut others = texts.to_vec();
        matches(glob, others.remove(at)) && are_covered(globs, &others)
    })
}

fn is_like(glob: Option<&String>, text: &str) -> bool {
    glob.is_none_or(|glob| matches(glob, text))
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
    use serde_json::{Value, json};

    use super::{super::report::tests::trigger, ExpectedTrigger, are_covered, matches};

    fn expected(text: &str) -> ExpectedTrigger {
        toml::from_str(text).unwrap()
    }

    /// Whether the trigger with these fields is the one in the text.
    fn is(text: &str, fields: Value) -> bool {
        expected(text).is(&serde_json::from_value(trigger(fields)).unwrap())
    }

    fn is_located(text: &str, fields: Value) -> bool {
        expected(text).is_located_by(&serde_json::from_value(trigger(fields)).unwrap())
    }

    fn compound(confidence: &str, sources: &[&str]) -> Value {
        let parts: Vec<Value> = sources.iter().map(|source| trigger(json!({ "source": source }))).collect();
        json!({ "kind": "compound", "source": sources.join(" and "), "confidence": confidence, "all": parts })
    }

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(matches("*T22:00:00Z", "2026-01-15T22:00:00Z"));
        assert!(matches("file /a*", "file /a/1, file /a/2"));
        assert!(matches("*", ""));
        assert!(!matches("file /a", "file /a/1"));
        assert!(!matches("*T22:00:00Z", "2026-01-15T21:00:00Z"));
    }

    #[test]
    fn a_value_is_compared_if_one_is_expected() {
        let tier = "kind = 'execution-count'\nvalue = '99*'";
        assert!(is(tier, json!({ "value": "99\n" })));
        assert!(!is(tier, json!({ "value": "100" })));
        assert!(!is(tier, json!({ "value": null })));
        assert!(is("kind = 'execution-count'", json!({ "value": "100" })));
    }

    #[test]
    fn numbers_and_boundaries_are_compared_if_they_are_expected() {
        let every = "kind = 'execution-count'\nfirst_run = 37\nperiod = 37";
        assert!(is(every, json!({ "first_run": 37, "period": 37 })));
        assert!(!is(every, json!({ "first_run": 36, "period": 37 })));
        assert!(!is(every, json!({ "first_run": 37 })));
        let date = "kind = 'clock'\nboundary = '*T03:40:00Z'\nsource = 'clock'";
        let at =
            |to: &str| json!({ "kind": "clock", "source": "clock", "boundary": { "from": null, "to": to } });
        assert!(is(date, at("2026-01-20T03:40:00Z")));
        assert!(!is(date, at("2026-01-20T03:40:01Z")));
        assert!(!is(date, json!({ "kind": "clock", "source": "clock" })));
    }

    #[test]
    fn it_must_be_confirmed_unless_the_truth_says_forced() {
        let (open, lock) = ("kind = 'execution-count'", "kind = 'execution-count'\nconfidence = 'forced'");
        let with = |confidence: &str| json!({ "confidence": confidence });
        assert!(is(open, json!({})) && !is(open, with("forced")) && !is(open, with("suspected")));
        assert!(is(lock, with("forced")) && !is(lock, json!({})));
        assert!(toml::from_str::<ExpectedTrigger>("kind = 'clock'\nconfidence = 'certain'").is_err());
    }

    #[test]
    fn the_parts_of_a_compound_may_come_in_any_order() {
        let two = "kind = 'compound'\nsource = '*'\nall = ['environment variable CI', 'clock']";
        assert!(is(two, compound("confirmed", &["clock", "environment variable CI"])));
        assert!(!is(two, compound("confirmed", &["clock", "environment variable LANG"])));
        assert!(!is(two, compound("confirmed", &["clock"])));
        assert!(!is(two, compound("confirmed", &[])));
        assert!(!is(two, json!({ "kind": "clock", "source": "clock" })), "a part alone");
    }

    #[test]
    fn every_part_needs_a_source_of_its_own() {
        let globs = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        assert!(are_covered(&globs(&[]), &["clock"]));
        assert!(!are_covered(&globs(&["file *", "file *"]), &["file /a", "clock"]));
        assert!(are_covered(&globs(&["file *", "file *"]), &["file /a", "file /b"]));
        // The first glob must leave the second what only that can have.
        assert!(are_covered(&globs(&["*", "clock"]), &["clock", "input"]));
    }

    #[test]
    fn located_is_what_a_turned_branch_shows_of_the_same_thing_or_of_a_part() {
        let count = "kind = 'execution-count'\nfirst_run = 100\nsource = 'file /state/runs'\nvalue = '99'";
        assert!(is_located(count, json!({ "confidence": "forced" })), "neither run nor value are known");
        assert!(!is_located(count, json!({ "first_run": 100, "value": "99" })));
        assert!(!is_located(count, json!({ "confidence": "forced", "source": "input" })));
        let two = "kind = 'compound'\nsource = '*'\nall = ['input', 'clock']";
        assert!(is_located(two, compound("forced", &["clock", "input"])));
        assert!(is_located(two, json!({ "kind": "clock", "source": "clock", "confidence": "forced" })));
        assert!(!is_located(two, json!({ "kind": "random", "source": "random", "confidence": "forced" })));
    }

    #[test]
    fn parts_are_of_compounds() {
        assert!(expected("kind = 'compound'\nall = ['clock', 'input']").check().is_ok());
        assert!(expected("kind = 'clock'\nall = ['clock', 'input']").check().is_err());
    }

    #[test]
    fn words_say_all_that_is_expected() {
        let lock = "kind = 'file'\nsource = 'file /a'\nvalue = \"x\\n\"\nconfidence = 'forced'";
        assert_eq!(expected(lock).words(), r#"forced file, file /a, value "x\n""#);
        let two = "kind = 'compound'\nsource = '*'\nall = ['input', 'clock']";
        assert_eq!(expected(two).words(), "compound, all of input + clock");
    }
}
