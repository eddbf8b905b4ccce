//! Effects as a log writes them: `network connect tcp://203.0.113.9:443`.

use invar_trace::{Effect, EffectKind};

/// The kinds that a log may name.
const KINDS: [EffectKind; 18] = [
    EffectKind::FileStat,
    EffectKind::FileRead,
    EffectKind::FileWrite,
    EffectKind::FileMkdir,
    EffectKind::FileRemove,
    EffectKind::FileRename,
    EffectKind::FileLink,
    EffectKind::FileSymlink,
    EffectKind::FileTimes,
    EffectKind::NetworkLookup,
    EffectKind::NetworkConnect,
    EffectKind::HttpRequest,
    EffectKind::NetworkDatagram,
    EffectKind::NetworkListen,
    EffectKind::ClockWall,
    EffectKind::ClockMonotonic,
    EffectKind::Wait,
    EffectKind::Random,
];

/// Reads an effect as reports show it; none if it is of no kind that is known.
///
/// What failed is taken as done: ` (no-entry)` at the end may be the error, or the end of a name that was chosen
/// to look like one.
pub(crate) fn parse(text: &str) -> Option<Effect> {
    KINDS.into_iter().find_map(|kind| {
        let rest = text.strip_prefix(kind.as_str())?;
        let subject = match rest {
            "" => "",
            rest => rest.strip_prefix(' ')?,
        };
        Some(Effect { kind, subject: plain(subject), failed: None })
    })
}

/// The kinds, for errors.
pub(crate) fn kinds() -> String {
    KINDS.map(EffectKind::as_str).join(", ")
}

/// The text that `escape_debug` wrote out; what is no such escape stands for itself.
fn plain(shown: &str) -> String {
    let mut text = String::with_capacity(shown.len());
    let mut rest = shown;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        let (char, length) = escape(&rest[at..]).unwrap_or(('\\', 1));
        text.push(char);
        rest = &rest[at + length..];
    }
    text.push_str(rest);
    text
}

/// The character that an escape stands for, and the bytes of the escape.
fn escape(text: &str) -> Option<(char, usize)> {
    let simple = match text.as_bytes().get(1)? {
        b'n' => '\n',
        b't' => '\t',
        b'r' => '\r',
        b'0' => '\0',
        quoted @ (b'\\' | b'\'' | b'"') => char::from(*quoted),
        b'u' => {
            let digits = text.strip_prefix("\\u{")?.split_once('}')?.0;
            let number = u32::from_str_radix(digits, 16).ok().filter(|_| digits.len() <= 6)?;
            return Some((char::from_u32(number)?, "\\u{}".len() + digits.len()));
        }
        _ => return None,
    };
    Some((simple, 2))
}

#[cfg(test)]
mod tests {
    use invar_trace::{Effect, EffectKind};

    use super::{KINDS, parse};

    #[test]
    fn what_is_shown_is_read_again() {
        for kind in KINDS {
            for subject in ["", "/tmp/it's", "/a\nb\u{202e}\\n \"c\"", "tcp://203.0.113.9:443", "/u\\u{zz}"] {
                let effect = Effect { kind, subject: subject.into(), failed: None };
                assert_eq!(parse(&effect.to_string()), Some(effect));
            }
        }
    }

    #[test]
    fn other_words_are_no_effect_and_failed_ones_are() {
        for bad in ["", "file", "file writes /a", "network  connect x", "sing", "waiting"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
        let failed = parse("file write /a (no-entry)").unwrap();
        assert_eq!((failed.kind, failed.is_lasting()), (EffectKind::FileWrite, true));
    }
}
