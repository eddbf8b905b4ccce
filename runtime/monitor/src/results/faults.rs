//! What faults came to.

use invar_trace::Effect;
use invar_world::Substitution;

use crate::{Severity, TriggerKind};

/// What was tried, and the responses.
#[derive(Debug, Clone, Default)]
pub(crate) struct FaultResults {
    pub(crate) responses: Vec<FaultResponse>,
    /// Faults past those that are tried, and responses past those that are reported.
    pub(crate) left_out: usize,
}

/// A way in which the skill does more when something goes wrong.
#[derive(Debug, Clone)]
pub(crate) struct FaultResponse {
    pub(crate) kind: TriggerKind,
    pub(crate) source: String,
    /// The run that was made with the fault.
    pub(crate) of: u32,
    /// The first fault, in words and as a substitution.
    pub(crate) words: String,
    pub(crate) value: Option<String>,
    pub(crate) substitution: Substitution,
    /// How many faults about the same thing bring it about.
    pub(crate) hits: usize,
    /// What it does beside failing.
    pub(crate) effects: Vec<Effect>,
    /// What of it is not declared.
    pub(crate) undeclared: Vec<String>,
    pub(crate) severity: Severity,
    /// It does so again with the same fault, and again not without it.
    pub(crate) confirmed: bool,
}
