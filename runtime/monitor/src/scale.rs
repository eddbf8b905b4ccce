//! One input at many sizes.

use std::sync::Arc;

use invar_world::{fields, lists, set_field};
use serde_json::Value as Json;

/// Sizes that are tried, from the smallest to the largest.
const SIZES: u32 = 18;
const SMALLEST_BYTES: f64 = 32.0;
/// The largest is 2^12 times the smallest.
const DOUBLINGS: f64 = 12.0;

/// How an input is made larger or smaller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Rule {
    /// The first line, then the others over and over, whole lines only.
    Lines,
    /// A text among the arguments of its calls, by its place: over and over, but at least once.
    Text(String),
    /// The elements of a list among those, over and over, but at least once.
    List(String),
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

    /// For the calls with the numbers that `is_wanted` says, the likeliest first: texts that nothing in `subjects` contains, since
    /// another path or URL is no larger input, and then lists; the longest of each first.
    pub(crate) fn of_calls(input: &[u8], subjects: &[&str], is_wanted: impl Fn(usize) -> bool) -> Vec<Self> {
        let is_of_call = |(place, _): &(String, String)| call_of(place).is_some_and(&is_wanted);
        let is_text = |text: &str| serde_json::from_str::<Json>(text).is_err();
        let is_named = |text: &str| subjects.iter().any(|subject| subject.contains(text));
        let longest = |mut all: Vec<(String, String)>| {
            all.sort_by_key(|(_, value)| std::cmp::Reverse(value.len()));
            all.into_iter().map(|(place, _)| place)
        };
        let texts = fields(input).into_iter().filter(is_of_call);
        let texts = texts.filter(|(_, text)| is_text(text) && !is_named(text)).collect();
        let lists = lists(input).into_iter().filter(is_of_call).collect();
        longest(texts).map(Self::Text).chain(longest(lists).map(Self::List)).collect()
    }

    /// The place of the argument that is made larger.
    pub(crate) fn place(&self) -> Option<&str> {
        match self {
            Self::Text(place) | Self::List(place) => Some(place),
            Self::Lines | Self::Bytes | Self::Given => None,
        }
    }

    /// The number of the call whose argument is made larger.
    pub(crate) fn call(&self) -> Option<usize> {
        call_of(self.place()?)
    }

    pub(crate) fn words(&self) -> String {
        match self {
            Self::Lines => "the input's lines repeated".into(),
            Self::Text(place) => format!("argument {} repeated", place.escape_debug()),
            Self::List(place) => format!("the elements of argument {} repeated", place.escape_debug()),
            Self::Bytes => "the input's bytes repeated".into(),
            Self::Given => "the inputs given".into(),
        }
    }

    /// What has a size: `an input`, `argument 1.text`.
    pub(crate) fn noun(&self) -> String {
        match self.place() {
            Some(place) => format!("argument {}", place.escape_debug()),
            None => "an input".into(),
        }
    }
}

/// The call that the place of an argument names.
fn call_of(place: &str) -> Option<usize> {
    place.split('.').next()?.parse().ok()
}

/// An input that is made larger and smaller.
#[derive(Debug, Clone)]
pub(crate) struct Scaler {
    pub(crate) input: Arc<[u8]>,
    pub(crate) rule: Rule,
}

impl Scaler {
    /// Bytes of what is scaled, in an input that it made: of the argument, or of all.
    pub(crate) fn size_of(&self, input: &[u8]) -> u64 {
        let len = match &self.rule {
            Rule::Text(place) => value_at(fields(input), place).map(|text| text.len()),
            Rule::List(place) => value_at(lists(input), place).map(|json| json.len()),
            Rule::Lines | Rule::Bytes | Rule::Given => None,
        };
        len.unwrap_or(input.len()) as u64
    }

    /// Bytes of what is scaled, as it is.
    pub(crate) fn size(&self) -> u64 {
        self.size_of(&self.input)
    }

    /// The input at about `size` bytes: at most, but at least its first line, or the argument as it is.
    pub(crate) fn scale(&self, size: u64) -> Vec<u8> {
        let (input, size) = (&*self.input, usize::try_from(size).unwrap_or(usize::MAX));
        match &self.rule {
            Rule::Bytes | Rule::Given => input.iter().copied().cycle().take(size).collect(),
            Rule::Text(place) => {
                let Some(text) = value_at(fields(input), place) else { return input.to_vec() };
                let mut scaled = text.clone();
                let more = text.chars().cycle().take_while(|_| !text.is_empty());
                for next in more {
                    if scaled.len() + next.len_utf8() > size {
                        break;
                    }
                    scaled.push(next);
                }
                set_field(input, place, &scaled).unwrap_or_else(|_| input.to_vec())
            }
            Rule::List(place) => {
                let list = value_at(lists(input), place).and_then(|json| repeated(&json, size));
                let set = list.and_then(|json| set_field(input, place, &json).ok());
                set.unwrap_or_else(|| input.to_vec())
            }
            Rule::Lines => {
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

fn value_at(listed: Vec<(String, String)>, place: &str) -> Option<String> {
    listed.into_iter().find(|(listed, _)| listed == place).map(|(_, value)| value)
}

/// A list as JSON with its elements over and over, up to so many bytes.
fn repeated(json: &str, size: usize) -> Option<String> {
    let Ok(Json::Array(elements)) = serde_json::from_str(json) else { return None };
    let texts: Vec<String> = elements.iter().map(Json::to_string).collect();
    let mut list = json.strip_suffix(']')?.to_owned();
    for text in texts.iter().cycle() {
        if list.len() + text.len() + 2 > size {
            break;
        }
        list.push(',');
        list.push_str(text);
    }
    list.push(']');
    Some(list)
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
    use super::{Rule, Scaler, sizes};

    fn scaler(input: &[u8], rule: Rule) -> Scaler {
        Scaler { input: input.into(), rule }
    }

    #[test]
    fn of_calls_the_longest_text_that_names_nothing_grows() {
        let calls = br#"[{"args":{"path":"/a/long/path","text":"ab","n":12345678901234},"call":"x"}]"#;
        let mut rules = Rule::of_calls(calls, &["/a/long/path", "/a"], |_| true);
        let rule = rules.remove(0);
        assert_eq!((&rule, rules.len()), (&Rule::Text("1.text".into()), 0));
        let scaler = scaler(calls, rule);
        let scaled = |size| String::from_utf8(scaler.scale(size)).unwrap();
        assert_eq!((scaled(0), scaler.size()), (scaled(2), 2));
        assert!(scaled(7).contains(r#""text":"abababa""#), "{}", scaled(7));
        assert_eq!(scaler.size_of(scaled(1000).as_bytes()), 1000);
        assert_eq!(Rule::of_calls(calls, &["/a/long/path", "ab"], |_| true), []);
        assert_eq!(Rule::of_calls(b"a,b\n", &[], |_| true), []);
    }

    #[test]
    fn of_one_function_its_own_argument_grows_and_a_list_where_there_is_no_text() {
        let calls = br#"[{"args":{"text":"long enough"},"call":"x"},{"args":{"all":[1,[2]],"n":{"of":[3]}},"call":"y"},{"args":{"n":1},"call":"z"}]"#;
        let rule = |number: usize| Rule::of_calls(calls, &[], |call| call == number).into_iter().next();
        assert_eq!((rule(1), rule(3)), (Some(Rule::Text("1.text".into())), None));
        assert_eq!((rule(2).unwrap().call(), rule(2).unwrap().noun().as_str()), (Some(2), "argument 2.all"));
        let list = scaler(calls, rule(2).unwrap());
        let scaled = |size| String::from_utf8(list.scale(size)).unwrap();
        assert_eq!((list.size(), scaled(0)), (7, scaled(7)));
        assert!(scaled(13).contains(r#""all":[1,[2],1,[2]]"#), "{}", scaled(13));
        assert_eq!(list.size_of(scaled(13).as_bytes()), 13);
        let handles = br#"[{"args":{"all":[{"resource":"r","handle":1}]},"call":"x"}]"#;
        assert_eq!(Rule::of_calls(handles, &[], |_| true), [], "a handle twice is another call");
    }

    #[test]
    fn lines_stay_whole_and_the_first_stays_first() {
        let input = b"name,tier\na,1\nbb,2\n";
        assert_eq!(Rule::of(input), Some(Rule::Lines));
        assert_eq!(scaler(input, Rule::Lines).scale(25), b"name,tier\na,1\nbb,2\na,1\n");
        assert_eq!(scaler(input, Rule::Lines).scale(3), b"name,tier\n");
        assert_eq!(scaler(b"abc", Rule::Bytes).scale(5), b"abcab");
        assert_eq!(Rule::of(b""), None);
    }

    #[test]
    fn sizes_are_enough_and_wide_enough_to_tell_classes() {
        let sizes = sizes();
        assert!(sizes.len() >= 12);
        assert!(sizes[sizes.len() - 1] / sizes[0] >= 1 << 11);
    }
}
