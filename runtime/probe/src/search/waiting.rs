//! What a search puts off.

use std::collections::BTreeSet;

use super::{candidates::Candidate, state::State};
use crate::{Assignment, Source, Value, solve::View};

/// A state whose last change made a comparison come out as it never had.
#[derive(Debug, Clone)]
pub(super) struct Flag {
    pub(super) assignment: Assignment,
    /// What was changed last.
    pub(super) source: Source,
    pub(super) rank: u8,
    /// A later state goes on from it with the same source: one more byte of the same word.
    pub(super) is_superseded: bool,
}

/// Something to try from a state.
pub(super) struct Later {
    pub(super) state: State,
    pub(super) work: Work,
}

/// What to try.
pub(super) enum Work {
    /// These values.
    Try(Vec<Candidate>),
    /// The values of a source, one after the other, for these sites.
    Enumerate(Source, Value, Values, BTreeSet<u32>),
}

/// Values that are tried one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Values {
    /// Times, by this step, and how many.
    Times(u64, u64),
    /// Numbers, from zero.
    Numbers(View),
}
