//! Instrumented copies of a skill: run in the lab alone.

use std::sync::Arc;

use invar_host_api::{
    Probe, add_probe_to_linker,
    lab::{self, Script},
};
use invar_trace::Sink;
use invar_world::Digest;

use crate::{Engine, LoadError, Outcome, RunError, Skill, Start, load::invalid};

/// A copy of a skill that tells what it compares. Its runs leave traces that name the original and do not replay:
/// what counts is what the original does.
#[derive(Clone)]
pub struct Probed(Skill);

/// An instrumented copy burns more fuel than the original: so many times as much at most, or it is stopped.
const FUEL_RATIO: u64 = 16;

impl Engine {
    /// Compiles an instrumented copy of `skill`.
    ///
    /// # Errors
    /// See [`LoadError`].
    pub fn load_probed(&self, skill: &Skill, instrumented: &[u8]) -> Result<Probed, LoadError> {
        let code = self.code(Digest::of(instrumented), instrumented)?;
        let (place, component) = self.placed(&code)?;
        let mut linker = place.linker.clone();
        add_probe_to_linker(&mut linker).map_err(invalid)?;
        let linked = place.link(&linker, &component)?;
        Ok(Probed(Skill { linked, ..skill.clone() }))
    }

    /// Runs a copy once, with the time that the original's run took; `probe` listens.
    ///
    /// # Errors
    /// As [`Engine::run`].
    pub fn run_probed(
        &self,
        probed: &Probed,
        start: &Start,
        script: Arc<Script>,
        probe: Probe,
        sink: Box<dyn Sink>,
    ) -> Result<(Outcome, Probe), RunError> {
        let ports = lab::ports_served(&start.world, &start.run, start.files.clone(), script);
        let start = Start { fuel_limit: start.fuel_limit.saturating_mul(FUEL_RATIO), ..start.clone() };
        self.run_on(ports, probe, &probed.0, &start, sink)
    }
}
