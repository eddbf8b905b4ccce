//! Numbers in bytes: where one stands, how it is written, and the same bytes with another in its place.

use std::ops::Range;

/// A number in the bytes of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum View {
    /// Digits of base ten, at these bytes.
    Decimal(Range<usize>),
    /// Digits of base sixteen.
    Hexadecimal(Range<usize>),
    /// Bytes, the least first.
    Little(Range<usize>),
    /// Bytes, the greatest first.
    Big(Range<usize>),
    /// How many bytes stand here.
    Length(Range<usize>),
    /// How many digits stand here, and nothing else.
    Digits(Range<usize>),
    /// How many lines there are.
    Lines,
}

/// Words of one source that are looked at by themselves.
const WORDS_MAX: usize = 48;
/// And lines.
const LINES: usize = 16;
/// Longest bytes that can be made by solving for a length.
const LENGTH_MAX: usize = 1 << 20;
/// Most lines that can be made so.
const LINES_MAX: usize = 1 << 14;

impl View {
    /// Every number that the bytes may hold.
    pub(crate) fn all(bytes: &[u8]) -> Vec<Self> {
        let whole = 0..bytes.len();
        let mut views = vec![Self::Length(whole.clone())];
        for word in words(bytes) {
            let text = &bytes[word.clone()];
            if text.iter().all(u8::is_ascii_digit) && text.len() <= 20 {
                views.push(Self::Decimal(word.clone()));
            } else if text.iter().all(u8::is_ascii_hexdigit) && text.len() <= 16 {
                views.push(Self::Hexadecimal(word.clone()));
            }
            if word != whole {
                views.push(Self::Length(word.clone()));
            }
            views.push(Self::Digits(word));
        }
        if bytes.contains(&b'\n') {
            views.push(Self::Lines);
        }
        // Numbers as bytes: where the whole is one, or begins with one.
        for len in [8, 4, 2, 1] {
            let is_text = bytes.iter().all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace());
            if bytes.len() == len || (bytes.len() > len && len >= 4 && !is_text) {
                views.push(Self::Little(0..len));
                if len > 1 {
                    views.push(Self::Big(0..len));
                }
            }
        }
        views
    }

    /// The number.
    pub(crate) fn get(&self, bytes: &[u8]) -> Option<i128> {
        let text = |range: &Range<usize>| std::str::from_utf8(bytes.get(range.clone())?).ok();
        match self {
            Self::Decimal(range) => text(range)?.parse().ok(),
            Self::Hexadecimal(range) => i128::from_str_radix(text(range)?, 16).ok(),
            Self::Little(range) => {
                let word = bytes.get(range.clone())?;
                Some(word.iter().rev().fold(0, |number, byte| number << 8 | i128::from(*byte)))
            }
            Self::Big(range) => {
                let word = bytes.get(range.clone())?;
                Some(word.iter().fold(0, |number, byte| number << 8 | i128::from(*byte)))
            }
            Self::Length(range) | Self::Digits(range) => i128::try_from(bytes.get(range.clone())?.len()).ok(),
            Self::Lines => i128::try_from(bytes.iter().filter(|byte| **byte == b'\n').count()).ok(),
        }
    }

    /// How many bytes [`Self::put`] comes to, without making those of a length; none if the number does not fit.
    pub(crate) fn len_with(&self, bytes: &[u8], number: i128) -> Option<usize> {
        match self {
            Self::Length(range) | Self::Digits(range) => {
                let len = usize::try_from(number).ok().filter(|len| *len <= LENGTH_MAX)?;
                Some(bytes.len().checked_sub(range.len())? + len)
            }
            _ => self.put(bytes, number).map(|bytes| bytes.len()),
        }
    }

    /// The bytes with another number in its place, written as this one is; none if it does not fit.
    pub(crate) fn put(&self, bytes: &[u8], number: i128) -> Option<Vec<u8>> {
        let with = |range: &Range<usize>, middle: &[u8]| {
            let mut all = bytes.get(..range.start)?.to_vec();
            all.extend_from_slice(middle);
            all.extend_from_slice(bytes.get(range.end..)?);
            Some(all)
        };
        match self {
            Self::Decimal(range) if number >= 0 => {
                // Leading zeros are a width to be kept.
                let width = if bytes.get(range.start) == Some(&b'0') { range.len() } else { 0 };
                with(range, format!("{number:0width$}").as_bytes())
            }
            Self::Decimal(range) => with(range, number.to_string().as_bytes()),
            Self::Hexadecimal(range) if number >= 0 => {
                let width = range.len();
                with(range, format!("{number:0width$x}").as_bytes())
            }
            Self::Little(range) | Self::Big(range) => {
                let number = u64::try_from(number)
                    .ok()
                    .filter(|number| range.len() >= 8 || number >> (8 * range.len()) == 0)?;
                let mut word = number.to_le_bytes()[..range.len()].to_vec();
                if matches!(self, Self::Big(_)) {
                    word.reverse();
                }
                with(range, &word)
            }
            Self::Length(range) => {
                let len = usize::try_from(number).ok().filter(|len| *len <= LENGTH_MAX)?;
                let mut middle = bytes.get(range.clone())?.to_vec();
                let filler = middle.last().copied().filter(u8::is_ascii_alphanumeric).unwrap_or(b'a');
                middle.resize(len, filler);
                with(range, &middle)
            }
            Self::Digits(range) => {
                let len = usize::try_from(number).ok().filter(|len| *len <= LENGTH_MAX)?;
                with(range, &vec![b'4'; len])
            }
            Self::Lines => {
                let wanted = usize::try_from(number).ok().filter(|lines| *lines <= LINES_MAX)?;
                let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
                let whole = lines.iter().rfind(|line| line.ends_with(b"\n"))?;
                // A few lines may be as long as all that an input can be.
                let more = wanted.saturating_sub(lines.len()).saturating_mul(whole.len());
                if bytes.len() + more > LENGTH_MAX {
                    return None;
                }
                let mut all: Vec<u8> = lines.iter().take(wanted).copied().flatten().copied().collect();
                for _ in lines.len()..wanted {
                    all.extend_from_slice(whole);
                }
                Some(all)
            }
            Self::Hexadecimal(_) => None,
        }
    }
}

/// Where lines stand that hold something.
pub(crate) fn lines(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in bytes.split(|byte| *byte == b'\n') {
        if !line.is_empty() {
            lines.push(start..start + line.len());
        }
        start += line.len() + 1;
    }
    lines
}

/// Where words stand: runs of letters, digits and what joins them, and lines.
pub(crate) fn words(bytes: &[u8]) -> Vec<Range<usize>> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
    let is_joint = |byte: u8| matches!(byte, b'-' | b'.' | b':' | b'@' | b'/');
    let mut all = Vec::new();
    // Both the smallest words and those that joints hold together.
    for joined in [false, true] {
        let mut start = None;
        for at in 0..=bytes.len() {
            let inside = bytes.get(at).is_some_and(|byte| is_part(*byte) || (joined && is_joint(*byte)));
            match (inside, start) {
                (true, None) => start = Some(at),
                (false, Some(from)) => {
                    all.push(from..at);
                    start = None;
                }
                _ => {}
            }
        }
    }
    let mut lines = lines(bytes);
    lines.truncate(LINES);
    all.sort_by_key(|range| (range.start, range.end));
    all.dedup();
    all.truncate(WORDS_MAX);
    lines.retain(|line| !all.contains(line));
    all.extend(lines);
    all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{View, words};

    #[test]
    fn numbers_are_written_as_they_were() {
        assert_eq!(View::Decimal(0..2).put(b"19\n", 100).unwrap(), b"100\n");
        assert_eq!(View::Decimal(0..4).put(b"0019", 100).unwrap(), b"0100");
        assert_eq!(View::Hexadecimal(0..4).put(b"00ff", 256).unwrap(), b"0100");
        assert_eq!(View::Little(0..4).put(&[1, 0, 0, 0], 300).unwrap(), [44, 1, 0, 0]);
        assert_eq!(View::Big(0..2).put(&[0, 1], 300).unwrap(), [1, 44]);
        assert_eq!(View::Big(0..2).put(&[0, 1], 70_000), None);
        assert_eq!(View::Length(0..2).put(b"ab", 4).unwrap(), b"abbb");
    }

    #[test]
    fn nothing_is_made_that_is_longer_than_an_input_may_be() {
        let line = [[b'a'; 65_535].as_slice(), b"\n"].concat();
        assert_eq!(View::Lines.put(&line, 3).unwrap().len(), 3 << 16);
        assert_eq!(View::Lines.put(&line, 16_000), None);
        assert_eq!(View::Length(0..1).put(b"a", 1 << 21), None);
        assert_eq!(View::Digits(0..1).put(b"a", 1 << 21), None);
    }

    #[test]
    fn words_are_found_alone_and_joined_and_lines_whole() {
        let all: Vec<&str> = words(b"a-b 7").into_iter().map(|range| &"a-b 7"[range]).collect();
        assert_eq!(all, ["a", "a-b", "b", "7", "a-b 7"]);
    }

    proptest! {
        #[test]
        fn what_is_put_is_what_is_got(bytes in proptest::collection::vec(any::<u8>(), 0..24), number in 0i128..60_000) {
            for view in View::all(&bytes) {
                prop_assert_eq!(view.len_with(&bytes, number), view.put(&bytes, number).map(|bytes| bytes.len()));
                if let Some(put) = view.put(&bytes, number)
                    && let View::Decimal(range) | View::Hexadecimal(range) | View::Little(range) | View::Big(range) = &view
                {
                    // The number may take more or fewer places than the one before.
                    let end = put.len() - (bytes.len() - range.end);
                    let placed = match &view {
                        View::Decimal(_) => View::Decimal(range.start..end),
                        View::Hexadecimal(_) => View::Hexadecimal(range.start..end),
                        other => other.clone(),
                    };
                    prop_assert_eq!(placed.get(&put), Some(number));
                }
            }
        }
    }
}
