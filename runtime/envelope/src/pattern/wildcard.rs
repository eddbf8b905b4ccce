//! `*` in one word: a path segment, a variable name.

/// Whether `pattern`, in which `*` stands for any run of characters, matches all of `text`.
///
/// Also decides inclusion: a `*` in `text` can only be matched by a `*` of `pattern`, so
/// `matches(outer, inner)` holds exactly if every word that `inner` matches, `outer` matches too.
/// (A character that `outer` does not mention, put in place of the `*`, shows that it is necessary.)
///
/// Each piece between two stars is taken where it first occurs, in linear time: a hostile pattern costs what it is long.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    let Some(mut left) = text.strip_prefix(first).and_then(|left| left.strip_suffix(last)) else {
        return false;
    };
    for piece in middle.split('*') {
        match left.find(piece) {
            Some(at) => left = &left[at + piece.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::matches;

    /// The definition, to hold the fast version against.
    fn slow(pattern: &[u8], text: &[u8]) -> bool {
        match (pattern.first(), text.first()) {
            (None, None) => true,
            (Some(b'*'), _) => slow(&pattern[1..], text) || (!text.is_empty() && slow(pattern, &text[1..])),
            (Some(p), Some(t)) if p == t => slow(&pattern[1..], &text[1..]),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn agrees_with_its_definition(pattern in "[ab*]{0,8}", text in "[ab]{0,8}") {
            prop_assert_eq!(matches(&pattern, &text), slow(pattern.as_bytes(), text.as_bytes()));
        }

        #[test]
        fn inclusion_is_sound(outer in "[ab*]{0,6}", inner in "[ab*]{0,6}", text in "[abc]{0,6}") {
            if matches(&outer, &inner) && matches(&inner, &text) {
                prop_assert!(matches(&outer, &text), "{outer} ⊇ {inner} ∋ {text}");
            }
        }

        #[test]
        fn inclusion_is_complete(outer in "[ab*]{0,6}", inner in "[ab*]{0,6}") {
            // 'c' is in neither pattern: the word that stands for all words of `inner`.
            let witness = inner.replace('*', "c");
            prop_assert_eq!(matches(&outer, &inner), matches(&outer, &witness));
        }
    }
}
