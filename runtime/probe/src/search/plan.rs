//! What a search begins with.

use std::collections::BTreeSet;

use invar_trace::Effect;

use crate::{Code, Site};

/// Conditions inside conditions that are followed.
pub const DEPTH_MAX: usize = 24;

/// How far to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Likely times alone.
    Forward,
    /// Values from comparisons, too.
    Full,
}

/// What a skill declares.
pub trait Declares: std::fmt::Debug {
    /// Whether it declares that it does this.
    fn covers(&self, effect: &Effect) -> bool;
}

/// What a search begins with.
#[derive(Debug, Clone)]
pub struct Plan<'a> {
    /// Sites of the instrumented copy.
    pub sites: &'a [Site],
    /// What its code names.
    pub code: &'a Code,
    /// Everything that is known to be done without any condition.
    pub known: &'a BTreeSet<Effect>,
    /// What the skill declares. No filter and no maximum leaves out what it does not.
    pub declares: &'a dyn Declares,
    /// How far to look.
    pub reach: Reach,
    /// Something was found before: further effects probably depend on the same.
    pub is_solved: bool,
    /// Whether the component is an interpreter, of which only hits with known operands are reported: much of what is
    /// new in those is noise, and each run takes long.
    pub is_interpreter: bool,
}
