//! What the runs of a series asked of the network, and their world had no answer for.

use invar_trace::Unanswered;
use invar_world::Responder;
use serde::Serialize;

use crate::RunEffects;

/// Requests that are named with the entry that would answer them.
const SHOWN_MAX: usize = 3;

/// Declared requests, connections and datagrams that no entry of the world's network script matches, in a series that did not
/// reach all code that could do something: that code may need the answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct NoAnswer {
    /// Method and URL, or scheme, host and port, of the first ones.
    pub asked: Vec<String>,
    /// How many more there are.
    pub more: usize,
    /// Lines of a world file that answer those named, with the answers left to be written.
    pub entries: String,
}

impl NoAnswer {
    /// Of the runs of a series, so many call sites with effects not being reached.
    pub(crate) fn of<'a>(
        sites_left: usize,
        script: &[Responder],
        runs: impl IntoIterator<Item = &'a RunEffects>,
    ) -> Option<Self> {
        if sites_left == 0 {
            return None;
        }
        // What is not declared is a finding, and nothing to write an answer for.
        let declared = |run: &'a RunEffects| run.effects.iter().filter(|effect| !run.lacks_line_for(effect));
        let found = Unanswered::of(script, runs.into_iter().flat_map(declared));
        let shown = &found[..found.len().min(SHOWN_MAX)];
        let entries: Vec<String> = shown.iter().map(|one| one.entry().join("\n") + "\n").collect();
        (!found.is_empty()).then(|| Self {
            asked: shown.iter().map(|one| one.asked.clone()).collect(),
            more: found.len() - shown.len(),
            entries: entries.join("\n"),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use invar_envelope::MissingPermission;
    use invar_trace::{Effect, EffectKind, FunctionId, Violation};

    use super::NoAnswer;
    use crate::RunEffects;

    fn run(destinations: &[&str], undeclared: &[&str]) -> RunEffects {
        let effect = |subject: &&str| Effect {
            kind: EffectKind::NetworkConnect,
            subject: (*subject).into(),
            failed: None,
        };
        let violation = Violation { event: 0, function: FunctionId::END, times: 1, denied: false };
        let line = |subject: &&str| {
            (MissingPermission { key: "network".into(), value: (*subject).into() }, violation.clone())
        };
        RunEffects {
            effects: destinations.iter().map(effect).collect(),
            violations: undeclared.iter().map(line).collect(),
            traffic: BTreeMap::new(),
            effect_calls: BTreeMap::new(),
        }
    }

    #[test]
    fn what_was_asked_without_an_answer_is_named_once_with_an_entry_that_answers_it() {
        let runs =
            [run(&["tcp://a:1", "tcp://b:1"], &[]), run(&["tcp://b:1", "tcp://c:1", "tcp://d:1"], &[])];
        let found = NoAnswer::of(5, &[], &runs).unwrap();
        assert_eq!((found.asked.join(" ").as_str(), found.more), ("tcp://a:1 tcp://b:1 tcp://c:1", 1));
        let first = "[[network]]\nmatch = \"tcp://a:1\"\ndialogue = [{ say = \"...\" }]\n\n[[network]]\n";
        assert!(found.entries.starts_with(first), "{}", found.entries);
    }

    #[test]
    fn nothing_is_said_where_all_is_reached_or_answered_or_not_declared() {
        let one = run(&["tcp://a:1"], &[]);
        assert_eq!(NoAnswer::of(0, &[], [&one]), None);
        assert_eq!(NoAnswer::of(5, &[], [&run(&["tcp://a:1"], &["tcp://a:1"])]), None);
        assert_eq!(NoAnswer::of(5, &[], [&run(&[], &[])]), None);
    }
}
