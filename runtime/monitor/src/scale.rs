//! One input at many sizes.

use invar_world::{fields, set_field};

/// Sizes that are tried, from the smallest to the largest.
const SIZES: u32 = 18;
const SMALLEST_BYTES: f64 = 32.0;
/// The largest is 2^12 times the smallest.
const DOUBLINGS: f64 = 12.0;

/// How an input is made larger or smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    /// The first line, then the others over and over, whole lines only.
    Lines,
    /// A text among the arguments of its calls, by its number among all arguments: over and over, but at least once.
    Argument(usize),
    /// Its bytes over and over.
    Bytes,
    /// Not at all: inputs of many sizes were given.
    Given,
}

impl Rule {
    /// For this input; none if it is empty.
    pub(crate) fn of(input: &[u8]) -> Option<Self> {
        let lines = input.iter().filter(|byte| **byte == b'\n').count();
        match (input.is_empty(), lines) {
            (true, _) => None,
            (false, 0 | 1) => Some(Self::Bytes),
            (false, _) => Some(Self::Lines),
        }
    }

    /// For calls of functions: by the longest text that nothing in `subjects` contains, since another path or URL is no larger
    /// input. None if there are no such calls, or no such text.
    pub(crate) fn of_calls(input: &[u8], subjects: &[&str]) -> Option<Self> {
        let is_text = |text: &str| serde_json::from_str::<serde_json::Value>(text).is_err();
        let is_named = |text: &str| subjects.iter().any(|subject| subject.contains(text));
        let listed = fields(input);
        let texts = listed.iter().enumerate().filter(|(_, (_, text))| is_text(text) && !is_named(text));
        texts.max_by_key(|(_, (_, text))| text.len()).map(|(at, _)| Self::Argument(at))
    }

    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Lines => "the input's lines repeated",
            Self::Argument(_) => "the longest text argument repeated",
            Self::Bytes => "the input's bytes repeated",
            Self::Given => "the inputs given",
        }
    }

    /// The input at about `size` bytes: at most, but at least its first line.
    pub(crate) fn scale(self, input: &[u8], size: u64) -> Vec<u8> {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        match self {
            Self::Bytes | Self::Given => input.iter().copied().cycle().take(size).collect(),
            Self::Argument(at) => {
                let listed = fields(input);
                let Some((place, text)) = listed.get(at) else { return input.to_vec() };
                let room = size.saturating_sub(input.len().saturating_sub(text.len()));
                let chars = room.max(text.len());
                let text: String = text.chars().cycle().take(chars).collect();
                set_field(input, place, &text).unwrap_or_else(|_| input.to_vec())
            }
            Self::Lines => {
                let mut lines = input.split_inclusive(|byte| *byte == b'\n');
                let mut scaled = lines.next().unwrap_or_default().to_vec();
                let rest: Vec<&[u8]> = lines.filter(|line| line.ends_with(b"\n")).collect();
                for line in rest.iter().cycle() {
                    if scaled.len() + line.len() > size {
                        break;
                    }
                    scaled.extend_from_slice(line);
                }
                scaled
            }
        }
    }
}

/// Geometric, so that every part of the range counts alike.
pub(crate) fn sizes() -> Vec<u64> {
    (0..SIZES)
        .map(|index| {
            let doublings = DOUBLINGS * f64::from(index) / f64::from(SIZES - 1);
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 32 to 2^17")]
            let size = (SMALLEST_BYTES * doublings.exp2()).round() as u64;
            size
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Rule, sizes};

    #[test]
    fn of_calls_the_longest_text_that_names_nothing_grows() {
        let calls = br#"[{"args":{"path":"/a/long/path","text":"ab","n":12345678901234},"call":"x"}]"#;
        let rule = Rule::of_calls(calls, &["/a/long/path", "/a"]).unwrap();
        let scaled = |size| String::from_utf8(rule.scale(calls, size)).unwrap();
        assert_eq!(scaled(0), scaled(calls.len() as u64));
        assert!(scaled(100).contains(r#""text":"abababab"#) && scaled(100).len() == 100, "{}", scaled(100));
        assert_eq!(Rule::of_calls(calls, &["/a/long/path", "ab"]), None);
        assert_eq!(Rule::of_calls(b"a,b\n", &[]), None);
    }

    #[test]
    fn lines_stay_whole_and_the_first_stays_first() {
        let input = b"name,tier\na,1\nbb,2\n";
        assert_eq!(Rule::of(input), Some(Rule::Lines));
        assert_eq!(Rule::Lines.scale(input, 25), b"name,tier\na,1\nbb,2\na,1\n");
        assert_eq!(Rule::Lines.scale(input, 3), b"name,tier\n");
        assert_eq!(Rule::Bytes.scale(b"abc", 5), b"abcab");
        assert_eq!(Rule::of(b""), None);
    }

    #[test]
    fn sizes_are_enough_and_wide_enough_to_tell_classes() {
        let sizes = sizes();
        assert!(sizes.len() >= 12);
        assert!(sizes[sizes.len() - 1] / sizes[0] >= 1 << 11);
    }
}
