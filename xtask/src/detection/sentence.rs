//! What a report says that a condition does, held against a run with the condition and one without it.

use super::observed::{Amounts, Observed};

/// What came of a sentence of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sentence {
    /// The run with the condition has every effect that is named, and the run without it has none of them.
    True,
    /// The report prints no command: the condition is too long for one, or cannot be written.
    WithoutCommand,
    /// Why it is not so.
    False(String),
}

/// One effect, in the words of reports.
#[derive(Clone, Copy)]
enum Effect<'a> {
    /// Only with the condition.
    Has(&'a str),
    /// Only without it.
    Lacks(&'a str),
    Output,
    Errors,
    Payload,
    Ending,
    /// It makes other calls, or makes them about something else.
    Calls,
    More(Amount),
}

/// One of the amounts.
type Amount = fn(&Amounts) -> u64;

/// Their names in reports.
const AMOUNTS: [(&str, Amount); 4] = [
    ("fuel", |amounts| amounts.fuel),
    ("peak memory", |amounts| amounts.memory_peak),
    ("bytes sent", |amounts| amounts.sent),
    ("bytes written", |amounts| amounts.written),
];

impl<'a> Effect<'a> {
    fn parse(words: &'a str) -> Self {
        let amount = words.strip_prefix("more ").or_else(|| words.strip_suffix(" that grows"));
        let amount = AMOUNTS.iter().find(|(name, _)| amount == Some(name));
        match (words, amount, words.strip_prefix("no ")) {
            ("another output", ..) => Self::Output,
            ("another standard error", ..) => Self::Errors,
            ("other bytes sent", ..) => Self::Payload,
            ("another end", ..) => Self::Ending,
            ("it reads other inputs", ..) => Self::Calls,
            (_, Some((_, amount)), _) => Self::More(*amount),
            (_, None, Some(effect)) => Self::Lacks(effect),
            (_, None, None) => Self::Has(words),
        }
    }

    fn is_shown(self, with: &Observed, without: &Observed) -> bool {
        let only = |one: &Observed, other: &Observed, effect: &str| {
            one.effects.contains(effect) && !other.effects.contains(effect)
        };
        match self {
            Self::Has(effect) => only(with, without, effect),
            Self::Lacks(effect) => only(without, with, effect),
            Self::Output => with.stdout != without.stdout,
            Self::Errors => with.stderr != without.stderr,
            Self::Payload => with.sent != without.sent,
            Self::Ending => with.ending != without.ending,
            Self::Calls => with.calls != without.calls,
            Self::More(amount) => amount(&with.amounts) > amount(&without.amounts),
        }
    }
}

/// The effects that these two runs do not show.
pub(super) fn refuted<'a>(effects: &'a [String], with: &Observed, without: &Observed) -> Vec<&'a str> {
    let words = effects.iter().map(String::as_str);
    words.filter(|words| !Effect::parse(words).is_shown(with, without)).collect()
}

/// Whether these two runs show all effects. No effects show nothing.
pub(super) fn are_shown(effects: &[String], with: &Observed, without: &Observed) -> bool {
    !effects.is_empty() && refuted(effects, with, without).is_empty()
}

#[cfg(test)]
mod tests {
    use super::{super::observed::Observed, Amounts, are_shown, refuted};

    const CONTACT: &str = "network connect tcp://203.0.113.9:443";

    fn contact() -> Observed {
        Observed { effects: [CONTACT.to_owned()].into(), ..Observed::default() }
    }

    fn words(effects: &[&str]) -> Vec<String> {
        effects.iter().map(|effect| (*effect).to_owned()).collect()
    }

    #[test]
    fn an_effect_is_shown_if_it_is_there_with_the_condition_and_not_without() {
        let (with, without) = (contact(), Observed::default());
        assert!(are_shown(&words(&[CONTACT]), &with, &without));
        assert!(!are_shown(&words(&[CONTACT]), &with, &with), "without it, too");
        assert!(!are_shown(&words(&[CONTACT]), &without, &without), "never");
        assert!(!are_shown(&words(&[CONTACT]), &without, &with), "the other way round");
        assert!(are_shown(&words(&[&format!("no {CONTACT}")]), &without, &with));
    }

    #[test]
    fn every_effect_must_be_shown_and_there_must_be_one() {
        let (with, without) = (contact(), Observed::default());
        let two = words(&[CONTACT, "file write /tmp/x"]);
        assert_eq!(refuted(&two, &with, &without), ["file write /tmp/x"]);
        assert!(!are_shown(&[], &with, &without));
    }

    #[test]
    fn differences_are_told_apart() {
        let plain = Observed::default();
        let text = || "other".to_owned();
        let amounts = |amounts| Observed { amounts, ..Observed::default() };
        let one = |fuel, memory_peak, sent, written| amounts(Amounts { fuel, memory_peak, sent, written });
        let ways = [
            ("another output", Observed { stdout: text(), ..Observed::default() }),
            ("another standard error", Observed { stderr: text(), ..Observed::default() }),
            ("other bytes sent", Observed { sent: text(), ..Observed::default() }),
            ("another end", Observed { ending: text(), ..Observed::default() }),
            ("it reads other inputs", Observed { calls: text(), ..Observed::default() }),
            ("more fuel", one(1, 0, 0, 0)),
            ("peak memory that grows", one(0, 1, 0, 0)),
            ("more bytes sent", one(0, 0, 1, 0)),
            ("more bytes written", one(0, 0, 0, 1)),
        ];
        for (words_of, _) in &ways {
            for (other, with) in &ways {
                let is_shown = are_shown(&words(&[words_of]), with, &plain);
                assert_eq!(is_shown, words_of == other, "{words_of} by {other}");
            }
        }
    }
}
