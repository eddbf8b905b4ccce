//! Commands that show what was found: only such as were tried.

use std::sync::Arc;

use invar_trace::Behaviour;
use invar_world::Change;

use crate::{Factor, Lab, LabError, Question, attribution::Attribution, text};

/// Longest value that is put into a command: longer ones are no help to who reads it, and shells refuse them.
const VALUE_BYTES_MAX: usize = 1024;

/// Longest input that is put into a command: it stands there in hexadecimal.
const INPUT_BYTES_MAX: usize = 64;

/// `--set` arguments that make the reference run deviate, else such as stop the run that does; none if the values
/// cannot be written in a command, or do not show it: a file's times, a directory, a seed of the series.
pub(crate) fn shown_by(
    lab: &mut dyn Lab,
    attribution: &Attribution,
    shows: &impl Fn(&Arc<Behaviour>) -> bool,
) -> Result<Option<(u32, Vec<String>)>, LabError> {
    if attribution.factors.is_empty() {
        return Ok(None);
    }
    let (fired, reference) = (attribution.fired, attribution.reference);
    let ways = [(reference, fired, true), (fired, reference, false)];
    for (of, from, wanted) in ways.into_iter().skip(usize::from(!attribution.is_sufficient())) {
        let Some(changes) = changes(lab, &attribution.factors, from) else { continue };
        let targets: Vec<String> = changes.iter().filter_map(target).collect();
        if targets.len() != changes.len() {
            continue;
        }
        let question = Question { changes, ..Question::again(of) };
        if lab.ask(&[question])?.iter().all(|run| shows(run) == wanted) {
            return Ok(Some((of, targets)));
        }
    }
    Ok(None)
}

/// The factors as run `from` had them, as changes.
fn changes(lab: &dyn Lab, factors: &[Factor], from: u32) -> Option<Vec<Change>> {
    factors
        .iter()
        .map(|factor| match factor {
            Factor::File(path) => Some(Change::File { path: path.clone(), content: lab.content(from, path) }),
            Factor::Clock => Some(Change::Clock(lab.started(from))),
            Factor::Random | Factor::Files => None,
        })
        .collect()
}

/// `invar replay ID/8 --set …`
pub(crate) fn replay(id: &str, of: u32, targets: &[String]) -> String {
    let sets: String = targets.iter().map(|target| format!(" --set {}", text::shell_word(target))).collect();
    format!("invar replay {id}/{of}{sets}")
}

/// A change as `--set` reads it; none if it cannot be written there.
pub(crate) fn target(change: &Change) -> Option<String> {
    match change {
        Change::File { path, content } if is_plain(path) => match content {
            None => Some(format!("file:{path}!")),
            Some(content) if content.len() > VALUE_BYTES_MAX => None,
            Some(content) => Some(match std::str::from_utf8(content) {
                Ok(text) if is_plain(text) => format!("file:{path}={text}"),
                _ => format!("file:{path}=hex:{}", text::hex(content)),
            }),
        },
        Change::Env { name, value } if is_plain(name) => match value {
            None => Some(format!("env:{name}!")),
            Some(value) if is_plain(value) => Some(format!("env:{name}={value}")),
            Some(_) => None,
        },
        Change::Stdin(bytes) if bytes.len() <= INPUT_BYTES_MAX => {
            Some(format!("stdin=hex:{}", text::hex(bytes)))
        }
        Change::Clock(time) => Some(format!("clock={time}")),
        Change::Random(seed) => Some(format!("random={seed}")),
        Change::Speed(bits) => Some(format!("speed={}", f64::from_bits(*bits))),
        Change::Network(weather) => Some(format!("network={}", weather.as_str())),
        Change::Preopens(paths) if paths.iter().all(|path| is_plain(path) && !path.contains(',')) => {
            Some(format!("preopens={}", paths.join(",")))
        }
        _ => None,
    }
}

/// Text that `--set` reads as itself, in a name and in a value: no control characters, and nothing that it takes
/// for something else.
fn is_plain(text: &str) -> bool {
    !text.chars().any(char::is_control)
        && !text.starts_with('@')
        && !text.starts_with("hex:")
        && !text.contains(['@', '=', '!'])
}

#[cfg(test)]
mod tests {
    use invar_world::Change;

    use super::target;

    #[test]
    fn a_printed_target_is_one_that_set_reads_back() {
        let file = |content: Option<&[u8]>| {
            target(&Change::File { path: "/a/index".into(), content: content.map(<[u8]>::to_vec) })
        };
        assert_eq!(file(Some(b"7")).unwrap(), "file:/a/index=7");
        assert_eq!(file(Some(b"7\n")).unwrap(), "file:/a/index=hex:370a");
        assert_eq!(file(Some(b"x@3")).unwrap(), "file:/a/index=hex:784033");
        assert_eq!(file(None).unwrap(), "file:/a/index!");
        assert_eq!(file(Some(&[b'a'; 5000])), None, "nobody pastes that");
    }
}
