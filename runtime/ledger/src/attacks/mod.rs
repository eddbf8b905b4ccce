//! Attacks on the trail, each by a named test: on real files, with real keys, as whoever is able to would do it.
//!
//! What each comes to is the sentence that the command prints, whole. The table in `docs/ledger.md` is made from them.

#![expect(clippy::disallowed_methods, reason = "the files that are attacked are real")]

mod compacted;
mod cosigner;
mod cuts;
mod damage;
mod epochs;
mod events;
mod files;
mod histories;
mod kill;
mod signatures;
mod table;
mod tape;
mod times;
mod trail;

/// What the attacker has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hand {
    /// May write all files, and has no key: they are sealed, or taken by a backup without them.
    Files,
    /// The same, and the seeds that are on the machine now.
    Keys,
    /// The same, and those of all epochs from the first on.
    AllKeys,
    /// A receipt or checkpoint, and no access to the machine.
    Receipt,
}

impl Hand {
    fn words(self) -> &'static str {
        match self {
            Self::Files => "the files",
            Self::Keys => "the files and the keys of today",
            Self::AllKeys => "the files and the keys of all time",
            Self::Receipt => "a receipt",
        }
    }
}

/// An attack, and what comes of it.
struct Attack {
    /// The test's.
    name: &'static str,
    /// What is done, as the middle of a sentence.
    does: &'static str,
    with: Hand,
    /// What stops it, or shows it.
    stopped_by: &'static str,
    /// What is printed then, masked.
    says: &'static str,
    /// Does it, and gives back what is printed, masked.
    run: fn() -> String,
}

/// Attacks, each with a test of its name.
macro_rules! attacks {
    ($($(#[$doc:meta])* fn $name:ident
        does $does:literal with $with:ident stopped_by $stopped_by:literal says $says:literal
        $run:block)*) => {
        pub(super) static ATTACKS: &[super::Attack] = &[$(super::Attack {
            name: stringify!($name),
            does: $does,
            with: super::Hand::$with,
            stopped_by: $stopped_by,
            says: $says,
            run: || -> String { $run },
        }),*];
        $($(#[$doc])* #[test] fn $name() { super::check(ATTACKS, stringify!($name)); })*
    };
}
use attacks;

#[track_caller]
fn check(attacks: &[Attack], name: &str) {
    let attack = attacks.iter().find(|attack| attack.name == name).unwrap();
    assert_eq!((attack.run)(), attack.says);
}

/// What is printed, with `[hash]` for hashes, `[seconds]` and `[time]` for what depends on the clock, and the words for what is
/// given.
fn masked(text: &str, words: &[(&str, &str)]) -> String {
    const TIME: &[u8] = b"dddd-dd-ddTdd:dd:ddZ";
    let text = words.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    let mut masked = String::new();
    let mut rest = text.as_str();
    while let Some(first) = rest.chars().next() {
        let count = |is_it: fn(&u8) -> bool| rest.bytes().take_while(is_it).count();
        let (digits, hex) = (count(u8::is_ascii_digit), count(u8::is_ascii_hexdigit));
        let is_like =
            |(byte, like): (u8, &u8)| if *like == b'd' { byte.is_ascii_digit() } else { byte == *like };
        let (word, read) = match () {
            () if rest.len() >= TIME.len() && rest.bytes().zip(TIME).all(is_like) => ("[time]", TIME.len()),
            () if hex >= 12 && hex > digits => ("[hash]", hex),
            () if digits > 0 && rest[digits..].starts_with(" s ") => ("[seconds]", digits),
            () if hex > 0 => (&rest[..hex], hex),
            () => (&rest[..first.len_utf8()], first.len_utf8()),
        };
        masked.push_str(word);
        rest = &rest[read..];
    }
    masked
}

#[test]
fn hashes_and_times_are_masked_and_nothing_else() {
    let hash = crate::Hash::of(b"x");
    let text = format!(
        "event 12 in 00000000000000000000.segment, {hash} and {}: 7200 s before /tmp/x at 2026-01-15T16:00:00Z",
        hash.short()
    );
    assert_eq!(
        masked(&text, &[("/tmp/x", "[trail]")]),
        "event 12 in 00000000000000000000.segment, [hash] and [hash]: [seconds] s before [trail] at [time]"
    );
}
