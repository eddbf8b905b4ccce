//! Whether an instrumented copy does what the original does.

use invar_probe::Observation;
use invar_trace::Behaviour;

/// Longest difference that is reported, in characters. Stops a skill from filling a report.
const CHARS_MAX: usize = 160;

/// The first difference between a copy and the original, in effects, output or ending; none if they agree.
pub(crate) fn difference(original: &Behaviour, copy: &Observation) -> Option<String> {
    let ending = original.ending.to_string();
    let said = original.output_digests();
    let missing = original.effects.difference(&copy.effects).next();
    let more = copy.effects.difference(&original.effects).next();
    let words = match (missing, more) {
        (Some(effect), _) => format!("it lacks the effect {effect}"),
        (None, Some(effect)) => format!("it has the effect {effect} beside the original's"),
        (None, None) if said.stdout != copy.output_digests.stdout => "its standard output is another".into(),
        (None, None) if said.stderr != copy.output_digests.stderr => "its standard error is another".into(),
        (None, None) if ending != copy.ending => format!("it ends otherwise: {}, not {ending}", copy.ending),
        (None, None) => return None,
    };
    let words: String = words.chars().take(CHARS_MAX).collect();
    Some(words.escape_debug().to_string())
}
