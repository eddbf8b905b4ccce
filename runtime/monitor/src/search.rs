//! Searches that the monitor asks for, and what they come to.

use std::{collections::BTreeSet, sync::Arc};

use invar_trace::{Behaviour, Effect};
use invar_world::Change;

use crate::{CodeCoverage, Declared, Dormant};

/// Look for what a run waits for, in what it compares.
#[derive(Debug, Clone, Copy)]
pub struct Search<'a> {
    /// The run to begin with.
    pub of: u32,
    /// Everything that is known to be done without any condition.
    pub known: &'a BTreeSet<Effect>,
    /// What the skill declares, as it is bound in that run.
    pub declared: &'a Declared,
    /// Percent of what is left of the budget that may be spent.
    pub share: u32,
    /// Something was solved already: other conditions may depend on the same.
    pub is_solved: bool,
}

/// Go on from a run, with its clock and seeds.
pub struct Forward<'a> {
    /// The run to continue from.
    pub of: u32,
    /// Up to this run.
    pub runs_max: u32,
    /// Percent of what is left of the budget that may be spent.
    pub share: u32,
    /// Nanoseconds from one run to the next; 0: the clock stands still.
    pub step_ns: u64,
    /// Whether a run does something else; asked of each after the first, in their order.
    pub fires: &'a mut dyn FnMut(&Behaviour) -> Option<Fired>,
}

/// A further run does something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fired {
    /// Runs that do the same have the same number.
    pub kind: usize,
    /// Once it is known which runs do it, no more are made.
    pub ends: bool,
}

/// What the further runs came to.
#[derive(Debug, Clone, Default)]
pub struct Forwarded {
    /// Each kind of what is not known, in the order in which they were met.
    pub found: Vec<ForwardFind>,
    /// The last run that was made.
    pub total: u32,
    /// The share of the budget ended it.
    pub is_cut: bool,
}

/// The further runs that do the same that is not known.
#[derive(Debug, Clone)]
pub struct ForwardFind {
    /// The number of the kind.
    pub kind: usize,
    /// The first runs of it.
    pub fired: Vec<u32>,
    /// The files that the first of them found, as changes of those that the run it went on from found.
    pub changes: Vec<Change>,
    /// What that first one did.
    pub first: Arc<Behaviour>,
}

/// What a search came to.
#[derive(Debug, Clone, Default)]
pub struct Searched {
    /// Conditions under which the instrumented copy did something else, each a set of changes made together. What
    /// the original does is to be asked.
    pub solved: Vec<Vec<Change>>,
    /// How many of those lead to what is not declared: they come first.
    pub undeclared: usize,
    /// Comparisons that were not solved, with what is behind them.
    pub located: Vec<Located>,
    /// Runs of the copy.
    pub runs: u64,
    /// Comparisons that depend on inputs of the run.
    pub comparisons: usize,
    /// The latter.
    pub open: usize,
    /// Code that neither this search nor one before it executed, and that could do something. It stands for all
    /// searches of the skill until now, and takes the place of what the last one said.
    pub dormant: Vec<Dormant>,
    /// Literals of the scripts in it: an interpreter's comparisons say little of what they are for.
    pub literals: Vec<String>,
    /// Host time, without that of making the copy.
    pub ms: u64,
    /// Why it did not look at everything.
    pub ended: Option<String>,
    /// What was executed in all searches until now; none if there is no instrumented copy.
    pub code: Option<CodeCoverage>,
    /// In which way the skill resists to be looked at, if it does.
    pub resists: Option<String>,
}

/// What decides which way a skill goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocatedKind {
    /// A comparison, or a condition that none has made.
    Comparison,
    /// A jump by an index.
    JumpTable,
    /// A call by the index of a function.
    IndirectCall,
}

impl LocatedKind {
    /// What it is, in words.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Comparison => "comparison",
            Self::JumpTable => "jump table",
            Self::IndirectCall => "call through a table",
        }
    }

    /// What it is made to do.
    pub(crate) fn flip(self) -> &'static str {
        match self {
            Self::Comparison => "flip",
            Self::JumpTable | Self::IndirectCall => "take another entry",
        }
    }

    /// What a value would do that is looked for.
    pub(crate) fn by(self) -> &'static str {
        match self {
            Self::Comparison => "that flips it",
            Self::JumpTable | Self::IndirectCall => "that picks it",
        }
    }

    /// That it does so.
    pub(crate) fn flips(self) -> &'static str {
        match self {
            Self::Comparison => "flips",
            Self::JumpTable | Self::IndirectCall => "takes another entry",
        }
    }
}

/// A comparison that always came out the same, and what is done when it is made not to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// What it is.
    pub kind: LocatedKind,
    /// Where it is: function and offset.
    pub place: String,
    /// What it depends on, each as a change of it would be.
    pub sources: Vec<Change>,
    /// Changes under which it is reached.
    pub changes: Vec<Change>,
    /// What is done then.
    pub effects: BTreeSet<Effect>,
    /// Whether all of that is done at a fragment of a name at which the same is done anyway.
    pub is_cut: bool,
}
