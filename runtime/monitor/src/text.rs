//! Numbers and names as people read them.

/// `1.21 M`, `870 k`, `42`.
#[must_use]
pub fn count(number: u64) -> String {
    #[allow(clippy::cast_precision_loss, reason = "three digits are shown")]
    let value = number as f64;
    match number {
        0..10_000 => grouped(number),
        10_000..1_000_000 => format!("{} k", digits(value / 1e3)),
        1_000_000..1_000_000_000 => format!("{} M", digits(value / 1e6)),
        _ => format!("{} G", digits(value / 1e9)),
    }
}

/// `2,344 B`, `96 KiB`, `24.1 MiB`.
#[must_use]
pub fn bytes(number: u64) -> String {
    #[allow(clippy::cast_precision_loss, reason = "three digits are shown")]
    let value = number as f64;
    match number {
        0..10_000 => format!("{} B", grouped(number)),
        10_000..1_048_576 => format!("{} KiB", digits(value / 1024.0)),
        1_048_576..1_073_741_824 => format!("{} MiB", digits(value / 1_048_576.0)),
        _ => format!("{} GiB", digits(value / 1_073_741_824.0)),
    }
}

/// Nanoseconds as `1.20 s`, `250 ms`, `8.00 µs`.
#[must_use]
pub fn duration(ns: u64) -> String {
    #[allow(clippy::cast_precision_loss, reason = "three digits are shown")]
    let value = ns as f64;
    match ns {
        0..1_000_000 => format!("{} µs", digits(value / 1e3)),
        1_000_000..1_000_000_000 => format!("{} ms", digits(value / 1e6)),
        _ => format!("{} s", digits(value / 1e9)),
    }
}

/// Nanoseconds as `3 days`, `10 hours`, `1 h 30 min`.
pub(crate) fn span(ns: u64) -> String {
    let seconds = ns / 1_000_000_000;
    match (seconds / 86_400, seconds % 86_400 / 3600, seconds % 3600 / 60) {
        (days, 0, 0) if days > 1 => format!("{days} days"),
        (0, hours, 0) if hours > 1 => format!("{hours} hours"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

/// A span of any length, exactly, as `--set` reads it: `1ms`, `3s`, `2m 5s`.
pub(crate) fn exact_duration(ns: u64) -> String {
    let nanos = i64::try_from(ns).unwrap_or(i64::MAX);
    format!("{:#}", jiff::SignedDuration::from_nanos(nanos))
}

/// Nanoseconds in whole seconds as ISO 8601 says it: `PT72H`, `PT1H30M5S`.
pub(crate) fn iso_duration(ns: u64) -> String {
    let seconds = ns / 1_000_000_000;
    let parts = [(seconds / 3600, 'H'), (seconds / 60 % 60, 'M'), (seconds % 60, 'S')];
    let said: String = parts.iter().filter(|(n, _)| *n > 0).map(|(n, unit)| format!("{n}{unit}")).collect();
    format!("PT{}", if said.is_empty() { "0S" } else { &said })
}

/// `47.1×`.
#[must_use]
pub fn ratio(value: f64) -> String {
    format!("{}×", digits(value))
}

/// `run 8`, `runs 8, 16`, `runs 8, 16, 24 and 9 more`.
#[must_use]
pub fn runs(numbers: &[u32]) -> String {
    const SHOWN: usize = 6;
    let list = |numbers: &[u32]| numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
    match numbers {
        [] => "no run".into(),
        [one] => format!("run {one}"),
        few if few.len() <= SHOWN => format!("runs {}", list(few)),
        many => format!("runs {} and {} more", list(&many[..SHOWN]), many.len() - SHOWN),
    }
}

/// Text of the skill's, in quotes and in one line whatever it holds, cut where it gets long.
#[must_use]
pub fn quoted(value: &[u8]) -> String {
    const SHOWN: usize = 40;
    match std::str::from_utf8(value) {
        Ok(text) if text.chars().count() <= SHOWN => format!("\"{}\"", text.trim_end().escape_debug()),
        Ok(text) => format!("\"{}…\"", text.chars().take(SHOWN).collect::<String>().escape_debug()),
        Err(_) => {
            let hex = hex(&value[..value.len().min(SHOWN / 2)]);
            format!("0x{hex}{}", if value.len() > SHOWN / 2 { "…" } else { "" })
        }
    }
}

/// `2 files`, `1 file`, `1 set of directories`: the first word that ends in s is the one that is counted.
#[must_use]
pub fn several(number: usize, plural: &str) -> String {
    let one = || {
        let mut words: Vec<&str> = plural.split(' ').collect();
        if let Some(word) = words.iter_mut().find(|word| word.ends_with('s')) {
            *word = word.trim_end_matches('s');
        }
        words.join(" ")
    };
    if number == 1 { format!("1 {}", one()) } else { format!("{number} {plural}") }
}

/// Two digits a byte.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `a`, `a and b`, `a, b and c`.
#[must_use]
pub fn join(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [many @ .., last] => format!("{} and {last}", many.join(", ")),
    }
}

/// A word for a POSIX shell.
#[must_use]
pub fn shell_word(text: &str) -> String {
    let plain = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "/:=._-+,".contains(c));
    match plain {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
}

/// Three digits.
fn digits(value: f64) -> String {
    match value {
        value if value >= 99.95 => format!("{value:.0}"),
        value if value >= 9.995 => format!("{value:.1}"),
        value => format!("{value:.2}"),
    }
}

fn grouped(number: u64) -> String {
    match number {
        0..1000 => number.to_string(),
        _ => format!("{},{:03}", grouped(number / 1000), number % 1000),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{bytes, count, duration, quoted, ratio, runs, shell_word};

    #[test]
    fn numbers_have_three_digits_and_a_unit() {
        assert_eq!(count(42), "42");
        assert_eq!(count(1_210_000), "1.21 M");
        assert_eq!(count(57_000_000), "57.0 M");
        assert_eq!(count(870_400), "870 k");
        assert_eq!(bytes(2344), "2,344 B");
        assert_eq!(bytes(24 << 20), "24.0 MiB");
        assert_eq!(ratio(47.13), "47.1×");
        assert_eq!(duration(8_000), "8.00 µs");
        assert_eq!(duration(250_000_000), "250 ms");
    }

    #[test]
    fn runs_are_listed_and_long_lists_cut() {
        assert_eq!(runs(&[8]), "run 8");
        assert_eq!(runs(&[8, 16]), "runs 8, 16");
        assert_eq!(runs(&(1..=9).collect::<Vec<_>>()), "runs 1, 2, 3, 4, 5, 6 and 3 more");
    }

    #[test]
    fn what_a_skill_wrote_cannot_forge_a_line() {
        assert_eq!(quoted(b"7\n"), "\"7\"");
        assert_eq!(quoted(b"a\nVERDICT: fine\x1b[2J"), "\"a\\nVERDICT: fine\\u{1b}[2J\"");
        assert_eq!(quoted(&[0xff, 0]), "0xff00");
        assert!(quoted(&[b'a'; 99]).ends_with("…\""));
    }

    #[test]
    fn a_printed_word_survives_a_shell() {
        assert_eq!(shell_word("file:/a=7"), "file:/a=7");
        assert_eq!(shell_word("file:/a=it's; rm -rf"), "'file:/a=it'\\''s; rm -rf'");
        assert_eq!(shell_word("file:/a!"), "'file:/a!'");
    }

    proptest! {
        #[test]
        fn another_implementation_reads_a_printed_word_as_it_was(text: String, special in "[-a'\"\\\\$`!#~{} \n]{0,9}") {
            for word in [text, special] {
                prop_assert_eq!(shlex::split(&shell_word(&word)), Some(vec![word]));
            }
        }
    }
}
