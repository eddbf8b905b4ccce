//! One follow-up run: a run of the series again, with changes.

use std::fmt;

use invar_world::{Change, Substitution};

/// One of the things that set two runs of a series apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Factor {
    /// When the run starts, and the jitter of its clock.
    Clock,
    /// The seed of its random bytes.
    Random,
    /// One path of the files it begins with.
    File(String),
    /// All the files it begins with.
    Files,
}

impl fmt::Display for Factor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clock => f.write_str("the clock"),
            Self::Random => f.write_str("the random seed"),
            Self::File(path) => f.write_str(&path.escape_debug().to_string()),
            Self::Files => f.write_str("the files"),
        }
    }
}

/// One factor as another run had it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Swap {
    /// What.
    pub factor: Factor,
    /// As that run had it.
    pub from: u32,
}

/// Make a run again, with some things as other runs had them, and some values changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The run to be made again.
    pub of: u32,
    /// What is as another run had it.
    pub swaps: Vec<Swap>,
    /// What is changed after that.
    pub changes: Vec<Change>,
    /// What goes wrong while it runs, each from an event of the run as it is without anything else changed.
    pub faults: Vec<Substitution>,
}

impl Question {
    /// The same run with one value changed.
    #[must_use]
    pub fn changed(of: u32, change: Change) -> Self {
        Self { changes: vec![change], ..Self::again(of) }
    }

    /// The same run again.
    #[must_use]
    pub fn again(of: u32) -> Self {
        Self { of, swaps: Vec::new(), changes: Vec::new(), faults: Vec::new() }
    }

    /// The same run with something going wrong.
    #[must_use]
    pub fn failing(of: u32, fault: Substitution) -> Self {
        Self { faults: vec![fault], ..Self::again(of) }
    }

    /// Run `of` with `factors` as run `from` had them.
    #[must_use]
    pub fn with(of: u32, factors: impl IntoIterator<Item = Factor>, from: u32) -> Self {
        let swaps = factors.into_iter().map(|factor| Swap { factor, from }).collect();
        Self { swaps, ..Self::again(of) }
    }
}

/// What of a run the lab must keep, to be asked about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Nothing.
    Nothing,
    /// Its state, until the next such run.
    Latest,
    /// Its state.
    State,
}
