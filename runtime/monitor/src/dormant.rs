//! Code that was never executed and could do something.

use std::{collections::BTreeSet, fmt};

use invar_envelope::Envelope;

use crate::text;

/// A call that no run made, and what it can come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dormant {
    /// What would be called, and where.
    pub place: String,
    /// The comparison that it stands behind, in words.
    pub guard: Option<String>,
    /// That comparison depends on what the environment says, and always came out the same.
    pub is_open: bool,
    /// What it could do that no run did.
    pub reaches: BTreeSet<Reach>,
    /// Paths, hosts and other words that it names and nothing executed does; those that look like places first.
    pub texts: Vec<String>,
    /// Runs that did not execute it.
    pub runs: u64,
}

/// Something that code can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Open a file or directory, to read or to write.
    Open,
    /// Write a file.
    Write,
    /// Add to a file.
    Append,
    /// Cut or extend a file.
    Resize,
    /// Make a directory.
    MakeDirectory,
    /// Make a link.
    Link,
    /// Remove a file or directory.
    Remove,
    /// Rename a file or directory.
    Rename,
    /// Look up a name.
    Lookup,
    /// Connect.
    Connect,
    /// Send without a connection.
    Datagram,
    /// Send on a socket that was handed over.
    Send,
    /// Make an HTTP request.
    Request,
}

impl Reach {
    /// The key of the envelope that such a thing needs; none if that is not known without doing it.
    #[must_use]
    pub fn capability(self) -> Option<&'static str> {
        match self {
            Self::Open => None,
            Self::Write
            | Self::Append
            | Self::Resize
            | Self::MakeDirectory
            | Self::Link
            | Self::Remove
            | Self::Rename => Some("files.write"),
            Self::Lookup | Self::Connect | Self::Datagram | Self::Send | Self::Request => Some("network"),
        }
    }
}

impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "file open",
            Self::Write => "file write",
            Self::Append => "file append",
            Self::Resize => "file resize",
            Self::MakeDirectory => "directory creation",
            Self::Link => "link creation",
            Self::Remove => "removal",
            Self::Rename => "rename",
            Self::Lookup => "name lookup",
            Self::Connect => "network connect",
            Self::Datagram => "network datagram",
            Self::Send => "network send",
            Self::Request => "HTTP request",
        })
    }
}

/// Texts that are named in one line.
const TEXTS_MAX: usize = 4;
/// Longest of them. Stops a skill from filling a report.
const TEXT_CHARS_MAX: usize = 80;

impl Dormant {
    /// The keys of the envelope that it needs and that hold nothing.
    pub(crate) fn lacks(&self, envelope: &Envelope) -> BTreeSet<&'static str> {
        let is_empty = |key: &&str| match *key {
            "network" => envelope.network.is_empty(),
            _ => envelope.files_write.is_empty(),
        };
        self.reaches.iter().filter_map(|reach| reach.capability()).filter(is_empty).collect()
    }

    /// What it could do, joined.
    pub(crate) fn actions(&self) -> String {
        text::join(&self.reaches.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    /// What it names, joined; none if that is nothing.
    pub(crate) fn names(&self) -> Option<String> {
        let shown = |text: &String| {
            let start: String = text.chars().take(TEXT_CHARS_MAX).collect();
            start.escape_debug().to_string()
        };
        let texts: Vec<String> = self.texts.iter().take(TEXTS_MAX).map(shown).collect();
        (!texts.is_empty()).then(|| text::join(&texts))
    }
}

impl fmt::Display for Dormant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place)?;
        if let Some(guard) = &self.guard {
            write!(f, " {guard}")?;
        }
        write!(f, ", can reach {}; ", self.actions())?;
        if let Some(names) = self.names() {
            write!(f, "it names {names}; ")?;
        }
        write!(f, "never executed in {}", text::several(usize::try_from(self.runs).unwrap_or(0), "runs"))
    }
}
