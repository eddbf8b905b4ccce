//! In what alone two outputs differ, where a reader would see no difference.

use unicode_normalization::UnicodeNormalization as _;
use unicode_security::skeleton;

/// In words, if it is only that: `only in zero-width characters`.
pub(crate) fn only_in(one: &[u8], other: &[u8]) -> Option<&'static str> {
    if one == other {
        return None;
    }
    if let (Some(rest), _) | (_, Some(rest)) = (one.strip_prefix(other), other.strip_prefix(one)) {
        return Some(match rest.iter().all(u8::is_ascii_whitespace) {
            true => "only in white space at the end",
            false => "only in bytes at the end",
        });
    }
    let (Ok(one), Ok(other)) = (std::str::from_utf8(one), std::str::from_utf8(other)) else { return None };
    let same = |normal: &dyn Fn(&str) -> String| normal(one) == normal(other);
    if same(&visible) {
        return Some("only in zero-width characters");
    }
    if same(&|text| text.split_whitespace().collect::<Vec<_>>().join(" ")) {
        return Some("only in white space");
    }
    if same(&|text| text.nfkc().collect()) {
        return Some("only in how characters are encoded");
    }
    if same(&|text| skeleton(&visible(text)).collect()) {
        return Some("only in letters that look alike");
    }
    if same(&sorted_lines) {
        return Some("only in the order of lines");
    }
    None
}

/// Without what has no width: joiners, marks of direction, byte order marks, variation selectors, soft hyphens, tags.
fn visible(text: &str) -> String {
    let is_unseen = |c: char| {
        matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{e0000}'..='\u{e0fff}')
    };
    text.chars().filter(|c| !is_unseen(*c)).collect()
}

fn sorted_lines(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::only_in;

    #[test]
    fn what_a_reader_would_not_see_is_said() {
        let only = |one: &str, other: &str| only_in(one.as_bytes(), other.as_bytes());
        assert_eq!(only("total 7\n", "total 7\n"), None);
        assert_eq!(only("total 7\n", "total 8\n"), None);
        assert_eq!(only("total 7\n", "total 7\n\n"), Some("only in white space at the end"));
        assert_eq!(only("total 7\n", "total 7\nx"), Some("only in bytes at the end"));
        assert_eq!(only("total 7\n", "to\u{200b}tal 7\n"), Some("only in zero-width characters"));
        assert_eq!(only("a b\nc\n", "a  b\nc \n"), Some("only in white space"));
        assert_eq!(only("paypal\n", "pаypal\n"), Some("only in letters that look alike"), "Cyrillic а");
        assert_eq!(only("\u{e9}\n", "e\u{301}\n"), Some("only in how characters are encoded"));
        assert_eq!(only("a\nb\n", "b\na\n"), Some("only in the order of lines"));
    }
}
