//! What output varies with.

use std::collections::{BTreeMap, BTreeSet};

use invar_trace::{Behaviour, Ending};

use crate::{
    source::Source,
    tool_calls::{Functions, other_outputs},
};

/// What output was found to vary with.
#[derive(Debug, Clone, Default)]
pub(crate) struct OutputVariation {
    /// The sources, each found by putting one in another's place.
    pub(crate) sources: BTreeSet<Source>,
    /// Sources that standard error, or an error's text, alone varies with.
    pub(crate) errors: BTreeSet<Source>,
    /// The functions of a tool skill whose lines of the output vary with each.
    functions: BTreeMap<Source, Functions>,
    /// Runs whose output still differs with all of those held as in run 1.
    pub(crate) unexplained: Vec<u32>,
    /// Runs that were compared with run 1 so.
    pub(crate) held: u32,
    /// Runs whose output was to be compared with that of run 1, and was not.
    pub(crate) uncompared: u32,
}

impl OutputVariation {
    /// Two runs that differ in a source alone: what of what they say varies with it.
    pub(crate) fn add(&mut self, one: &Behaviour, other: &Behaviour, source: Source) {
        if (one.output_digests(), &one.ending) == (other.output_digests(), &other.ending) {
            return;
        }
        self.insert(one, other, source, is_only_errors(one, other));
    }

    /// What two runs say varies with a source.
    pub(crate) fn insert(&mut self, one: &Behaviour, other: &Behaviour, source: Source, is_errors: bool) {
        self.functions.entry(source.clone()).or_default().extend(other_outputs(one, other));
        match is_errors {
            true => self.errors.insert(source),
            false => self.sources.insert(source),
        };
    }

    /// The functions of a tool skill whose lines of the output vary with a source; none if that cannot be told.
    pub(crate) fn functions_of(&self, source: &Source) -> Functions {
        self.functions.get(source).cloned().unwrap_or_default()
    }
}

/// Whether two runs differ in what they say to standard error, or in the text of the error that both end with, alone.
pub(crate) fn is_only_errors(one: &Behaviour, other: &Behaviour) -> bool {
    let text = |ending: &Ending| matches!(ending, Ending::Failed(Some(_)));
    match (one.ending == other.ending, text(&one.ending) && text(&other.ending)) {
        (true, _) => one.stdout == other.stdout,
        (false, is_text) => is_text,
    }
}
