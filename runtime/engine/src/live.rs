//! A run that a world other than the lab answers.

use std::{collections::BTreeMap, sync::Arc};

use invar_envelope::{Bindings, Envelope};
use invar_host_api::{Mode, Policy, Probe, Source, WorldSetup, port::World};
use invar_trace::{Entry, Header, LiveOrigin, Origin, Sink};
use invar_world::{Limits, Machine, Timestamp, fields};

use crate::{Engine, Outcome, Patience, RunError, Skill, run::Setting, stack::Stack, start::bound};

/// What a run is told that a real world answers. Unlike a [`Start`](crate::Start) it does not determine the run: the world
/// does, and what it answered is in the trace.
#[derive(Debug, Clone)]
pub struct LiveStart {
    /// The skill's name for people.
    pub skill: String,
    /// When it starts, by the host's clock.
    pub started: Timestamp,
    /// The machine, for people.
    pub machine: String,
    /// What the skill declares.
    pub declared: Arc<Envelope>,
    /// What the operator grants of that.
    pub granted: Arc<Envelope>,
    /// Variables, in order.
    pub env: Vec<(String, String)>,
    /// Values by key, for `wasi:config/store`.
    pub config: BTreeMap<String, String>,
    /// Arguments, the program's name first.
    pub args: Vec<String>,
    /// Directories handed over at start.
    pub preopens: Vec<String>,
    /// Directories in which nothing can be changed.
    pub read_only: Vec<String>,
    /// Standard input, or the typed input.
    pub input: Arc<[u8]>,
    /// The ceilings of the run; at most those of the lab are taken.
    pub limits: Limits,
}

impl Engine {
    /// Runs a skill once in `world`, recording into `sink`. What is not declared and granted is refused.
    ///
    /// The trace replays with the answers that it holds ([`Engine::replay_recorded`]), and in no other way.
    ///
    /// # Errors
    /// As [`Engine::run`], and [`RunError::HostTime`] or [`RunError::Cancelled`].
    pub fn run_live(
        &self,
        world: Box<dyn World>,
        skill: &Skill,
        start: &LiveStart,
        patience: &Patience,
        sink: Box<dyn Sink>,
    ) -> Result<Outcome, RunError> {
        let origin = LiveOrigin {
            started: start.started,
            machine: start.machine.clone(),
            grants: start.granted.to_cbor().into(),
        };
        let header = Header {
            skill: start.skill.clone(),
            envelope: Some(start.declared.to_cbor().into()),
            args: start.args.clone(),
            limits: start.limits.at_most(&Limits::LAB),
            ..self.header(skill, Origin::Live(Box::new(origin)), &start.input)
        };
        let variable = |name: &str| {
            let mut known = start.env.iter().filter(|(known, _)| known == name);
            known.next().map(|(_, value)| value.as_str())
        };
        let bindings = || Bindings {
            fields: fields(&start.input).into(),
            ..Bindings::of_run(variable, &start.args, &start.preopens)
        };
        let source = Source::World(Box::new(WorldSetup {
            world,
            policy: Policy {
                declared: Some(bound(&start.declared, bindings)),
                granted: Some(bound(&start.granted, bindings)),
                mode: Mode::Enforce,
            },
            env: start.env.clone(),
            config: start.config.clone(),
            args: start.args.clone(),
            stdin: match skill.entry {
                Entry::Command => start.input.to_vec(),
                Entry::Invoke | Entry::Tool => Vec::new(),
            },
            preopens: start.preopens.clone(),
            read_only: start.read_only.clone(),
            machine: Machine::default(),
            substitutions: Vec::new(),
        }));
        let setting = Setting {
            header,
            source,
            files: None,
            input: &start.input,
            probe: Probe::default(),
            stack: Stack::Thread,
            patience,
        };
        self.run_on(setting, skill, sink).map(|(outcome, _)| outcome)
    }
}
