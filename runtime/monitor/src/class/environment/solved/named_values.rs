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
    let scripts: Vec<String> = changes
        .iter()
        .filter_map(|change| match change {
            Change::Stdin(bytes)
            | Change::Answered { bytes, .. }
            | Change::Datagram { bytes, .. }
            | Change::Requested { reply: Reply::Body(bytes), .. } => {
                Some(String::from_utf8_lossy(bytes).to_ascii_lowercase())
            }
            _ => None,
        })
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
        let is_spelled =
            host.len() > 1 && (values.iter().any(|value| value.contains(host)) || lines.iter().any(is_line));
        // What is read as a script may say it in pieces.
        let last = host.rsplit_once('/').map_or(host, |(_, last)| last);
        let words: Vec<&str> =
            last.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let is_in_script = words.iter().any(|word| word.len() >= 3)
            && scripts.iter().any(|script| words.iter().all(|word| script.contains(word)));
        is_spelled || is_in_script
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
