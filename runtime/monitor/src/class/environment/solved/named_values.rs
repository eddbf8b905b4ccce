//! Effects on what the changed values themselves name.

use invar_trace::Effect;
use invar_world::{Change, Reply};

use crate::Deviation;

/// Whether the changed values themselves name what the effects are about: a skill that goes where its input says waits for
/// nothing. Arguments do not count here: what the caller names is judged by severity.
pub(super) fn explain(deviations: &[Deviation], changes: &[Change]) -> bool {
    let values: Vec<String> = changes
        .iter()
        .filter_map(|change| match change {
            Change::Stdin(bytes)
            | Change::Answered { bytes, .. }
            | Change::Datagram { bytes, .. }
            | Change::Requested { reply: Reply::Body(bytes), .. } => Some(bytes.clone()),
            _ => None,
        })
        .map(|bytes| String::from_utf8_lossy(&bytes).to_ascii_lowercase())
        .collect();
    // A whole variable, or a whole line of a file: words inside it name nothing.
    let lines: Vec<String> = changes
        .iter()
        .filter_map(|change| match change {
            Change::File { content, .. } => {
                content.as_ref().map(|content| String::from_utf8_lossy(content).into_owned())
            }
            Change::Env { value, .. } => value.clone(),
            _ => None,
        })
        .flat_map(|text| text.lines().map(|line| line.trim().to_ascii_lowercase()).collect::<Vec<_>>())
        .collect();
    let is_in = |effect: &Effect| {
        let subject = effect.subject.to_ascii_lowercase();
        let name = subject.split_once("://").map_or(subject.as_str(), |(_, name)| name);
        let host = name.rsplit_once(':').map_or(name, |(host, _)| host);
        let host = host.trim_start_matches('/');
        let is_line = |line: &String| {
            let line = line.split_once("://").map_or(line.as_str(), |(_, rest)| rest);
            [subject.as_str(), name, host].contains(&line.trim_start_matches('/')) || line == subject
        };
        let is_whole = |value: &String| spells(value, host) || spells(value, &subject);
        host.len() > 1 && (values.iter().any(is_whole) || lines.iter().any(is_line))
    };
    let mut lasting = deviations
        .iter()
        .filter_map(|deviation| match deviation {
            Deviation::New(effects) => Some(effects),
            _ => None,
        })
        .flatten()
        .filter(|effect| effect.is_lasting())
        .peekable();
    lasting.peek().is_some() && lasting.all(is_in)
}

/// Whether a text spells a name as a whole: what stands before and after it is no part of a name.
fn spells(text: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        // A path may be given from the root or from where it runs.
        let before = before.filter(|c| *c != '/');
        let after = text[at + name.len()..].chars().next().filter(|c| *c != '.');
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

#[cfg(test)]
mod tests {
    use super::spells;

    #[test]
    fn a_name_is_spelled_as_a_whole_and_not_by_words_of_it() {
        assert!(spells("write to /tmp/out please", "tmp/out") && spells("out=\"tmp/out\".", "tmp/out"));
        assert!(!spells("resync ledger", "tmp/.ledger") && !spells("tmp/output", "tmp/out"));
        assert!(!spells("xtmp/out", "tmp/out"));
    }
}
