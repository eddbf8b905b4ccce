//! Who is monitored, and by which protocol.

use invar_world::Digest;

use crate::{EngineId, SkillId};

/// What is asked beside what is always asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Protocol {
    /// Runs in which one call fails: files denied, disks full, connections broken off.
    pub faults: bool,
}

/// Who is monitored, and how: what the report says before it says anything.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Of the report: from everything it depends on.
    pub id: String,
    /// The skill.
    pub skill: SkillId,
    /// The engine.
    pub engine: EngineId,
    /// The seed of the world.
    pub seed: u64,
}

/// The digest that reports are named by: from everything they depend on.
#[must_use]
pub fn report_id(parts: &[&[u8]]) -> String {
    Digest::of_parts("invar/report", parts).short(12)
}
