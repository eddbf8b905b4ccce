//! Lines that envelopes lack, as the text of an envelope.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Document, Envelope, Manifest, MissingPermission};

/// Entries by key, as an `[envelope]` table lists them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entries {
    lists: BTreeMap<String, BTreeSet<String>>,
    /// What no entry can say, such as a path with a wildcard in its name.
    unsayable: BTreeSet<MissingPermission>,
}

/// The keys of an envelope that hold entries, in the order in which they are written.
const KEYS: [&str; 7] = ["files.read", "files.write", "network", "listen", "env", "clock", "random"];

impl Entries {
    /// Adds a line; whether it was not there.
    pub fn add(&mut self, line: &MissingPermission) -> bool {
        let alone = Self {
            lists: BTreeMap::from([(line.key.clone(), BTreeSet::from([line.value.clone()]))]),
            unsayable: BTreeSet::new(),
        };
        match KEYS.contains(&line.key.as_str()) && alone.read().is_some() {
            true => self.lists.entry(line.key.clone()).or_default().insert(line.value.clone()),
            false => self.unsayable.insert(line.clone()),
        }
    }

    /// Keeps a line aside that would allow more than it is for; whether it was not there.
    pub fn leave_out(&mut self, line: &MissingPermission) -> bool {
        self.unsayable.insert(line.clone())
    }

    /// What no entry can say.
    pub fn unsayable(&self) -> impl Iterator<Item = &MissingPermission> {
        self.unsayable.iter()
    }

    /// Whether nothing is declared.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }

    /// The lines of the table, without its name.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        KEYS.into_iter().filter_map(|key| {
            let values = self.lists.get(key)?;
            Some(match key {
                "random" => "random = true".to_owned(),
                key => {
                    let values: Vec<String> = values.iter().map(|value| toml_text(value)).collect();
                    format!("{key} = [{}]", values.join(", "))
                }
            })
        })
    }

    /// The envelope that they make.
    #[must_use]
    pub fn envelope(&self) -> Envelope {
        // Each line was read by itself.
        self.read().unwrap_or_default()
    }

    fn read(&self) -> Option<Envelope> {
        let text = format!("[envelope]\n{}", self.lines().map(|line| line + "\n").collect::<String>());
        Manifest::parse_envelope(Document { name: "envelope", text: &text }).ok()
    }
}

/// A text as TOML has it, in quotes.
#[must_use]
pub fn toml_text(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Entries, toml_text};
    use crate::MissingPermission;

    fn line(key: &str, value: &str) -> MissingPermission {
        MissingPermission { key: key.into(), value: value.into() }
    }

    #[test]
    fn lines_are_listed_by_key_once_and_read_as_an_envelope() {
        let mut entries = Entries::default();
        assert!(entries.is_empty());
        for (key, value) in [
            ("random", "true"),
            ("files.read", "/b"),
            ("files.read", "$HOME/.textrc"),
            ("network", "tcp://$ARG:1:443"),
            ("clock", "wall"),
        ] {
            assert!(entries.add(&line(key, value)) && !entries.add(&line(key, value)));
        }
        let lines: Vec<String> = entries.lines().collect();
        assert_eq!(
            lines,
            [
                "files.read = [\"$HOME/.textrc\", \"/b\"]",
                "network = [\"tcp://$ARG:1:443\"]",
                "clock = [\"wall\"]",
                "random = true"
            ]
        );
        assert!(entries.envelope().random && entries.envelope().files_read.len() == 2);
    }

    #[test]
    fn what_no_entry_can_say_is_kept_aside() {
        let mut entries = Entries::default();
        for (key, value) in [("files.read", "/a?"), ("files.read", "/a/"), ("unknown", "x")] {
            assert!(entries.add(&line(key, value)));
        }
        assert!(entries.is_empty() && entries.unsayable().count() == 3);
    }

    proptest! {
        #[test]
        fn whatever_was_seen_makes_an_envelope(lines in proptest::collection::vec((0_usize..7, ".{0,12}"), 0..8)) {
            let mut entries = Entries::default();
            for (key, value) in lines {
                entries.add(&line(super::KEYS[key], &value));
            }
            prop_assert!(entries.read().is_some());
        }

        #[test]
        fn a_text_in_quotes_is_read_back(text in ".{0,20}") {
            let table: toml::Table = toml::from_str(&format!("key = {}", toml_text(&text))).unwrap();
            prop_assert_eq!(table["key"].as_str(), Some(text.as_str()));
        }
    }
}
