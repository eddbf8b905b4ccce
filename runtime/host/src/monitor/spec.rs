//! What is monitored, and how.

use std::sync::Arc;

use invar_engine::Start;
use invar_envelope::Envelope;
use invar_lab::Plan;
use invar_world::World;

use crate::{
    calls,
    error::Outcome,
    host::LoadedSkill,
    skill::SkillFiles,
    store::Store,
    world::{self, WorldSpec},
};

/// An input of a skill, and its name in the report.
#[derive(Debug, Clone)]
pub struct NamedInput {
    /// Its name, such as the path of its file.
    pub name: String,
    /// Standard input, or the typed input.
    pub bytes: Arc<[u8]>,
}

impl NamedInput {
    /// The input that the skill brings; empty if it brings none.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn of_skill(skill: &SkillFiles) -> Outcome<Self> {
        Ok(Self { name: "its own".into(), bytes: skill.input()?.into() })
    }
}

/// What a monitoring is given, all of it in memory: nothing is read again.
///
/// Run 1 is made here and cannot be changed, so that the ID of the report covers everything that the report depends on.
#[derive(Debug, Clone)]
pub struct MonitorSpec {
    pub(super) start: Start,
    /// The envelope as it is hashed.
    pub(super) envelope: Option<Vec<u8>>,
    pub(super) inputs: Vec<NamedInput>,
    pub(super) plan: Plan,
    pub(super) baselines: Option<Store>,
    pub(super) agent: Option<String>,
}

impl MonitorSpec {
    /// Monitors a skill in a world, with the input that the skill brings. No stored baseline is used.
    ///
    /// # Errors
    /// The input, a document or a file of the world cannot be read.
    pub fn new(skill: &SkillFiles, world: &WorldSpec, plan: Plan) -> Outcome<Self> {
        Self::with_inputs(skill, world, plan, vec![NamedInput::of_skill(skill)?])
    }

    /// The same with other inputs: a series for each, and cost is measured over their sizes. The baseline is that of the
    /// first.
    ///
    /// # Errors
    /// A document or a file of the world cannot be read.
    pub fn with_inputs(
        skill: &SkillFiles,
        world: &WorldSpec,
        plan: Plan,
        inputs: Vec<NamedInput>,
    ) -> Outcome<Self> {
        let start = world::start(skill, world)?;
        let envelope = start.envelope.as_ref().map(|envelope| envelope.to_cbor());
        Ok(Self { start, envelope, inputs, plan, baselines: None, agent: None })
    }

    /// Compares with the baseline that is stored there, if one was measured under the same conditions. It is not measured
    /// again then.
    #[must_use]
    pub fn baselines(self, baselines: Option<Store>) -> Self {
        Self { baselines, ..self }
    }

    /// Declares that, in the place of what the skill declares.
    #[must_use]
    pub fn declaring(mut self, envelope: Envelope) -> Self {
        self.envelope = Some(envelope.to_cbor());
        self.start.envelope = Some(Arc::new(envelope));
        world::make_roots(&mut self.start);
        self
    }

    /// Makes each input what a run of this skill takes: of a tool skill, its calls, or those that it brings.
    ///
    /// # Errors
    /// There are no calls, or they cannot be made.
    pub(super) fn resolved(mut self, skill: &LoadedSkill) -> Outcome<Self> {
        for input in &mut self.inputs {
            input.bytes = calls::resolve(skill, skill.files(), input.bytes.to_vec())?.into();
        }
        Ok(self)
    }

    /// Puts on record who asked for the runs.
    #[must_use]
    pub fn agent(self, agent: Option<String>) -> Self {
        Self { agent, ..self }
    }

    /// The world of the runs.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.start.world
    }
}
