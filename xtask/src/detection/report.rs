//! The part of `invar-report/1` that is compared.

use serde::Deserialize;

/// Characters of a value that are shown: some are whole files.
const VALUE_CHARS_MAX: usize = 48;

/// What `invar monitor` and `invar fuzz` write as JSON.
#[derive(Debug, Deserialize)]
pub(super) struct Report {
    pub(super) verdict: String,
    pub(super) reason: String,
    pub(super) runs: u32,
    pub(super) followups: u32,
    pub(super) triggers: Vec<Trigger>,
    /// What the search for triggers took, if there was one.
    pub(super) search: Option<Search>,
    /// What to do about it.
    #[serde(default)]
    recommendations: Vec<Recommendation>,
    per_run: Vec<Run>,
}

#[derive(Debug, Deserialize)]
struct Recommendation {
    what: String,
    /// Empty if it is nothing to run.
    command: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Trigger {
    pub(super) kind: String,
    /// In words.
    pub(super) condition: String,
    pub(super) first_run: Option<u32>,
    pub(super) period: Option<u32>,
    pub(super) boundary: Boundary,
    pub(super) source: String,
    pub(super) value: Option<String>,
    /// The parts of a compound.
    pub(super) all: Vec<Trigger>,
    /// What it then does, in words.
    pub(super) effects: Vec<String>,
    pub(super) confidence: String,
    /// A command that shows it; empty if there is none.
    pub(super) reproduce: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Boundary {
    pub(super) to: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct Search {
    pub(super) runs: u64,
    /// Comparisons that depend on inputs, and those of them that only went one way.
    pub(super) comparisons: u64,
    pub(super) open: u64,
    pub(super) ms: u64,
}

#[derive(Debug, Deserialize)]
struct Run {
    output_sha256: String,
}

impl Report {
    /// Whether the outputs of the series are not all the same.
    pub(super) fn outputs_differ(&self) -> bool {
        self.per_run.windows(2).any(|pair| pair[0].output_sha256 != pair[1].output_sha256)
    }

    /// What settles it: the recommendations that no command carries out, such as lines to declare.
    pub(super) fn settled_by(&self) -> impl Iterator<Item = &str> {
        let without = self.recommendations.iter().filter(|one| one.command.is_empty());
        without.map(|one| one.what.as_str())
    }

    /// In one line: of its triggers the one that is asked for, else the first.
    pub(super) fn words(&self, shown: Option<&Trigger>) -> String {
        let triggers = match shown {
            Some(trigger) => vec![trigger],
            None => self.triggers.iter().take(2).collect(),
        };
        let others = match self.triggers.len() - triggers.len() {
            0 => String::new(),
            count => format!("; {count} more"),
        };
        let triggers = triggers.into_iter().map(|trigger| format!("; {}", trigger.words()));
        format!("{}: {}{}{others}", self.verdict, self.reason, triggers.collect::<String>())
    }
}

impl Trigger {
    fn words(&self) -> String {
        let number = |name: &str, value: Option<u32>| value.map(|value| format!("{name} {value}"));
        let parts = [
            number("first run", self.first_run),
            number("period", self.period),
            self.boundary.to.as_ref().map(|to| format!("at {to}")),
            Some(self.source.clone()),
            self.value.as_deref().map(|value| format!("value {}", shortened(value))),
            (!self.all.is_empty()).then(|| {
                let sources: Vec<&str> = self.all.iter().map(|part| part.source.as_str()).collect();
                format!("all of {}", sources.join(" + "))
            }),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        format!("{} {}, {}", self.confidence, self.kind, parts.join(", "))
    }
}

/// A value on one line, cut where it is long.
fn shortened(value: &str) -> String {
    let start: String = value.chars().take(VALUE_CHARS_MAX).collect();
    let rest = if start.len() < value.len() { "…" } else { "" };
    format!("\"{}{rest}\"", start.escape_debug())
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::{Value, json};

    use super::{Report, Trigger};

    /// A trigger as a report has it, with these fields in place of the usual ones.
    pub(in super::super) fn trigger(fields: Value) -> Value {
        let mut trigger = json!({
            "kind": "execution-count", "condition": "in words", "first_run": null, "period": null,
            "boundary": { "from": null, "to": null }, "source": "file /state/runs", "value": null, "all": [],
            "effects": [], "confidence": "confirmed", "evidence": ["replay"], "reproduce": "invar replay"
        });
        let (Value::Object(all), Value::Object(fields)) = (&mut trigger, fields) else {
            panic!("the fields of a trigger are an object")
        };
        all.extend(fields);
        trigger
    }

    /// A report that comes to this.
    pub(in super::super) fn report(verdict: &str, triggers: &[Value]) -> Report {
        serde_json::from_value(json!({
            "schema": "invar-report/1", "verdict": verdict, "reason": "a reason", "runs": 20, "followups": 7,
            "triggers": triggers, "per_run": [{ "run": 1, "output_sha256": "00" }]
        }))
        .unwrap()
    }

    #[test]
    fn a_report_says_what_its_search_took_or_has_none() {
        assert!(report("CONSISTENT", &[]).search.is_none());
        let text = r#"{ "verdict": "MARGINAL", "reason": "", "runs": 20, "followups": 0, "triggers": [],
            "per_run": [], "search": { "runs": 812, "comparisons": 14, "open": 3, "ms": 95 } }"#;
        let search = serde_json::from_str::<Report>(text).unwrap().search.unwrap();
        assert_eq!((search.runs, search.comparisons, search.open, search.ms), (812, 14, 3, 95));
    }

    #[test]
    fn words_show_the_trigger_that_is_asked_for_and_count_the_others() {
        let triggers = [
            trigger(json!({ "first_run": 100, "value": "99\n" })),
            trigger(json!({ "kind": "clock", "source": "clock", "boundary": { "to": "T" } })),
            trigger(json!({ "kind": "compound", "source": "*", "all": [
                trigger(json!({ "source": "input" })), trigger(json!({ "source": "clock" }))
            ] })),
        ];
        let report = report("VARIANT", &triggers);
        assert_eq!(
            report.words(None),
            "VARIANT: a reason; confirmed execution-count, first run 100, file /state/runs, value \"99\\n\"; \
             confirmed clock, at T, clock; 1 more"
        );
        let compound: Trigger = serde_json::from_value(triggers[2].clone()).unwrap();
        assert_eq!(
            report.words(Some(&compound)),
            "VARIANT: a reason; confirmed compound, *, all of input + clock; 2 more"
        );
    }

    #[test]
    fn long_values_are_cut() {
        assert_eq!(super::shortened(&"ü".repeat(48)), format!("\"{}\"", "ü".repeat(48)));
        assert_eq!(super::shortened(&"ü".repeat(49)), format!("\"{}…\"", "ü".repeat(48)));
    }
}
