//! Placebos: changes of the same size that should not matter, in the place of one that seems to.
//!
//! A skill whose file names hold the nanosecond does something else whatever is changed, since a longer variable
//! takes an instruction more to copy. Only what a change does and its placebo does not is the change's doing.

use invar_trace::Behaviour;
use invar_world::{Change, Reply, Timestamp};

use crate::{Lab, LabError, Question};

/// A second: clocks that are this close are the same hour, and the same day but for one second of it.
const NEIGHBOUR_NS: u64 = 1_000_000_000;

/// What a change of the machine may take in time by itself.
const MOMENT_NS: i64 = 1_000;

/// Seeds that stand for one that seems to matter.
const SEEDS: u64 = 4;

/// A directory that no skill knows of, for a file that stands for another.
const ELSEWHERE: &str = "/zq7";

/// What stands for a change. Any of these that does not bring about what the change does shows that the change
/// matters: another value of the same size where the value does, another name with that value where to be there is
/// enough. Empty: nothing can stand for it.
pub(crate) fn of(change: &Change) -> Vec<Change> {
    match change {
        Change::Env { name, value } => {
            let content = value.clone().unwrap_or_else(|| "q".into());
            let named = Change::Env { name: other_text(name), value: Some(content) };
            let valued = value
                .as_ref()
                .filter(|value| !value.is_empty())
                .map(|value| Change::Env { name: name.clone(), value: Some(other_text(value)) });
            valued.into_iter().chain([named]).collect()
        }
        Change::File { path, content } => {
            let valued = content
                .as_ref()
                .filter(|content| !content.is_empty())
                .map(|content| Change::File { path: path.clone(), content: Some(other_bytes(content)) });
            let named = elsewhere(path, content.clone().unwrap_or_default());
            valued.into_iter().chain([named]).collect()
        }
        Change::Arg { index, value } => {
            // An argument has no other name; a shorter one is another of its kind.
            let all = [other_text(value), String::new()];
            let other = all.into_iter().filter(|other| other != value);
            other.map(|value| Change::Arg { index: *index, value }).collect()
        }
        Change::Config { key, value } => {
            let other = value.as_ref().filter(|value| !value.is_empty()).map(|value| other_text(value));
            other.map(|value| Change::Config { key: key.clone(), value: Some(value) }).into_iter().collect()
        }
        Change::Field { place, value } => {
            let all = [other_text(value), String::new()];
            let other = all.into_iter().filter(|other| other != value);
            other.map(|value| Change::Field { place: place.clone(), value }).collect()
        }
        Change::RandomBytes(bytes) => vec![Change::RandomBytes(other_bytes(bytes))],
        Change::Random(seed) => (1..=SEEDS).map(|more| Change::Random(seed.wrapping_add(more))).collect(),
        Change::Answered { destination, bytes } => {
            sized(bytes).map(|bytes| Change::Answered { destination: destination.clone(), bytes }).collect()
        }
        Change::Requested { target, reply: Reply::Body(body) } => sized(body)
            .map(|body| Change::Requested { target: target.clone(), reply: Reply::Body(body) })
            .collect(),
        Change::Datagram { destination, bytes } => {
            sized(bytes).map(|bytes| Change::Datagram { destination: destination.clone(), bytes }).collect()
        }
        // One variable of as many bytes.
        Change::MoreVariables(number) => {
            let mut all = Change::more_variables(*number);
            let name = all.next().map(|(name, _)| name).unwrap_or_default();
            let bytes: usize = all.map(|(name, value)| name.len() + value.len() + 2).sum();
            vec![Change::Env { name, value: Some("1".repeat(1 + bytes)) }]
        }
        // What shows the nanosecond does so whatever is changed, since each change takes its time.
        Change::Terminal(_) | Change::Resolution(_) | Change::Inodes(_) | Change::Uptime(_) => {
            vec![Change::Advance(MOMENT_NS)]
        }
        // As long a time, before the run and not in it.
        Change::Late(late) => i64::try_from(late.by_ns).map(Change::Advance).into_iter().collect(),
        // What is read to be worked on, and times that are ordered: another one may well be of the same class.
        _ => Vec::new(),
    }
}

/// A file in a place that no skill knows of, with this content.
pub(crate) fn elsewhere(path: &str, content: Vec<u8>) -> Change {
    let name = path.rsplit('/').next().unwrap_or_default();
    Change::File { path: format!("{ELSEWHERE}/{}", other_text(name)), content: Some(content) }
}

/// A clock next to the one that a run starts at.
pub(crate) fn neighbour(time: Timestamp) -> Change {
    Change::Clock(time.after(NEIGHBOUR_NS))
}

/// Other bytes of the same size, and fewer of them.
fn sized(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let other = other_bytes(bytes);
    let half = other[..other.len() / 2].to_vec();
    [other, half].into_iter()
}

/// Another text with as many characters: each letter and digit is another one, of its kind.
fn other_text(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            'a'..='y' | 'A'..='Y' | '0'..='8' => char::from_u32(u32::from(c) + 1).unwrap_or('q'),
            'z' => 'q',
            'Z' => 'Q',
            '9' => '4',
            c => c,
        })
        .collect()
}

/// Other bytes, as many of them: text stays text, with its lines where they were.
fn other_bytes(bytes: &[u8]) -> Vec<u8> {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.chars().any(|c| c.is_ascii_alphanumeric()) => other_text(text).into_bytes(),
        Ok(text) if text.chars().all(|c| c.is_ascii_graphic() || c.is_ascii_whitespace()) => {
            text.chars().map(|c| if c.is_ascii_graphic() { 'q' } else { c }).collect::<String>().into_bytes()
        }
        _ => bytes.iter().map(|byte| !byte).collect(),
    }
}

/// Whether a change, made together with others to a run, does what its placebos do not: none of them can be had, or
/// one of them does not show it.
pub(crate) fn is_specific(
    change: &Change,
    question: &Question,
    shows: &dyn Fn(&Behaviour) -> bool,
    lab: &mut dyn Lab,
) -> Result<bool, LabError> {
    let placebos = of(change);
    if placebos.is_empty() {
        return Ok(true);
    }
    for placebo in placebos {
        let changes = question.changes.iter().filter(|other| *other != change).cloned();
        let changes = changes.chain([placebo]).collect();
        if !lab.ask(&[Question { changes, ..question.clone() }])?.iter().all(|run| shows(run)) {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use invar_world::Change;

    use super::of;

    #[test]
    fn a_placebo_is_of_the_same_size_and_another() {
        let change = Change::Env { name: "TIER".into(), value: Some("gold-9".into()) };
        let valued = Change::Env { name: "TIER".into(), value: Some("hpme-4".into()) };
        let named = Change::Env { name: "UJFS".into(), value: Some("gold-9".into()) };
        assert_eq!(of(&change), [valued, named]);
        let binary = Change::RandomBytes(vec![0, 255]);
        assert_eq!(of(&binary), [Change::RandomBytes(vec![255, 0])]);
    }

    #[test]
    fn a_file_stands_for_another_with_its_lines_where_they_were_or_elsewhere() {
        let change = Change::File { path: "/etc/tier".into(), content: Some(b"gold\n{}\n".to_vec()) };
        let valued = Change::File { path: "/etc/tier".into(), content: Some(b"hpme\n{}\n".to_vec()) };
        let named = Change::File { path: "/zq7/ujfs".into(), content: Some(b"gold\n{}\n".to_vec()) };
        assert_eq!(of(&change), [valued, named]);
        let absent = Change::File { path: "/etc/tier".into(), content: None };
        assert_eq!(of(&absent), [Change::File { path: "/zq7/ujfs".into(), content: Some(Vec::new()) }]);
    }

    #[test]
    fn what_has_no_size_has_no_placebo() {
        assert_eq!(of(&Change::SkipSleep), []);
    }
}
