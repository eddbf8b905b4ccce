//! Instrumented copies of a skill: run in the lab alone.

use std::sync::Arc;

use invar_host_api::{
    Probe, add_probe_to_linker,
    lab::{LabWorld, TimeSchedule},
};
use invar_trace::{ProbeOverhead, Sink};
use invar_world::Digest;

use crate::{
    Engine, LoadError, Outcome, Patience, RunError, Skill, Start,
    load::invalid,
    run::{Setting, Stack},
};

/// A copy of a skill that tells what it compares. Its runs leave traces that name the original and do not replay:
/// what counts is what the original does.
#[derive(Clone)]
pub struct Probed {
    copy: Skill,
    overhead: ProbeOverhead,
}

impl Engine {
    /// Compiles an instrumented copy of `skill`, whose probes need `overhead`.
    ///
    /// It runs in an engine with a larger stack: what probes keep makes each frame larger, and a copy must not run out
    /// of stack where the original does not.
    ///
    /// # Errors
    /// See [`LoadError`].
    pub fn load_probed(
        &self,
        skill: &Skill,
        instrumented: &[u8],
        overhead: &ProbeOverhead,
    ) -> Result<Probed, LoadError> {
        let places = self.copies()?;
        let code = self.code(places, Digest::of(instrumented), instrumented)?;
        let (place, component) = places.placed(&code)?;
        let mut linker = place.linker.clone();
        add_probe_to_linker(&mut linker, &overhead.import).map_err(invalid)?;
        let linked = place.link(&linker, &component)?;
        Ok(Probed { copy: Skill { linked, ..skill.clone() }, overhead: overhead.clone() })
    }

    /// Runs a copy once, with the time that the original's run took; `probe` listens. What its probes cost comes on
    /// top of the limits.
    ///
    /// # Errors
    /// As [`Engine::run`].
    pub fn run_probed(
        &self,
        probed: &Probed,
        start: &Start,
        schedule: Arc<TimeSchedule>,
        probe: Probe,
        sink: Box<dyn Sink>,
    ) -> Result<(Outcome, Probe), RunError> {
        self.run_probed_within(&Patience::default(), probed, start, (schedule, probe), sink)
    }

    /// The same, for as long as the operator has patience.
    ///
    /// # Errors
    /// As [`Engine::run_within`].
    pub fn run_probed_within(
        &self,
        patience: &Patience,
        probed: &Probed,
        start: &Start,
        (schedule, probe): (Arc<TimeSchedule>, Probe),
        sink: Box<dyn Sink>,
    ) -> Result<(Outcome, Probe), RunError> {
        let world = LabWorld::on_schedule(&start.world, &start.run, start.files.clone(), schedule);
        let own = &probed.overhead;
        let fuel_limit = start.fuel_limit.saturating_mul(own.fuel_ratio).saturating_add(own.fuel);
        let start = Start { fuel_limit, ..start.clone() };
        let probe = Probe {
            memories: usize::try_from(own.memories).unwrap_or(usize::MAX),
            memory_bytes: usize::try_from(own.memory_bytes).unwrap_or(usize::MAX),
            ..probe
        };
        let setting = Setting { world: Box::new(world), probe, stack: Stack::Own, patience };
        self.run_on(setting, &probed.copy, &start, sink)
    }
}
