//! Classes that did not get their minimum of questions.

use std::collections::BTreeSet;

use crate::{Class, text};

/// A class that did not get the questions it needs at least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmet {
    /// Which.
    pub class: Class,
    /// What helps: `raise --fuel-budget to 40G`.
    pub raise: String,
}

/// Which classes did not get their minimum, and what to raise.
pub(crate) fn unmet_classes(all: &[Unmet]) -> String {
    let names: Vec<String> = all.iter().map(|unmet| unmet.class.as_str().replace('-', " ")).collect();
    let raise: BTreeSet<&str> = all.iter().map(|unmet| unmet.raise.as_str()).collect();
    let raise: Vec<&str> = raise.into_iter().collect();
    format!("too few questions were asked about {}: {}", text::join(&names), raise.join(", "))
}
