//! Instrumented copies of a skill: run in the lab alone.

use invar_host_api::{Probe, add_probe_to_linker, add_probe_to_module_linker};
use invar_trace::{ProbeOverhead, Sink};
use invar_world::Digest;

use crate::{
    Engine, LoadError, Outcome, Patience, RunError, RunOptions, Skill, Start,
    run::{Setting, Stack},
};

/// An instrumented copy of a skill, which reports what it compares. Its runs leave traces that name the original and do not replay:
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
        let engines = self.copies()?;
        let code = self.code(engines, Digest::of(instrumented), instrumented)?;
        let (engine, binary) = engines.placed(&code)?;
        let mut linkers = engine.linkers.clone();
        match code.is_module {
            true => add_probe_to_module_linker(&mut linkers.of_modules, &overhead.import),
            false => add_probe_to_linker(&mut linkers.of_components, &overhead.import),
        }
        .map_err(LoadError::invalid)?;
        let linked = engine.link(&linkers, &binary)?;
        Ok(Probed { copy: Skill { linked, ..skill.clone() }, overhead: overhead.clone() })
    }

    /// Runs a copy once; `probe` listens. What its probes cost comes on top of the limits. Its clocks show what they
    /// showed the original only with the time of the original's run ([`AnswersFrom::Schedule`](crate::AnswersFrom)).
    ///
    /// # Errors
    /// As [`Engine::run_with`].
    pub fn run_probed(
        &self,
        options: &RunOptions<'_>,
        probed: &Probed,
        start: &Start,
        probe: Probe,
        sink: Box<dyn Sink>,
    ) -> Result<(Outcome, Probe), RunError> {
        let overhead = &probed.overhead;
        let mut header = self.lab_header(&probed.copy, start);
        let fuel = &mut header.limits.fuel;
        *fuel = fuel.saturating_mul(overhead.fuel_ratio).saturating_add(overhead.fuel);
        let probe = Probe {
            memories: usize::try_from(overhead.memories).unwrap_or(usize::MAX),
            memory_bytes: usize::try_from(overhead.memory_bytes).unwrap_or(usize::MAX),
            ..probe
        };
        let patience = Patience::default();
        let setting = Setting {
            header,
            source: options.answers.source(&probed.copy, start)?,
            files: Some(&start.files),
            input: &start.input,
            probe,
            stack: Stack::Own,
            patience: options.patience.unwrap_or(&patience),
        };
        self.run_on(setting, &probed.copy, sink)
    }
}
