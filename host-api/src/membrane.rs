//! The state of one run on this side of the membrane.

use invar_trace::{CallEnd, End, Ending, Recorder, SinkError};
use invar_world::{Digest, Limits, Tree};
use wasmtime::ResourceLimiter;

use crate::{
    answers::{Answers, Source},
    limits::in_memory,
    p1::table::State,
    probe::Probe,
    stdio::Stdio,
    stop::{Ended, Stop},
};

/// Asked at host calls whether the operator's side ends the run. Nothing of it comes into a trace.
pub type Patience = Box<dyn FnMut() -> Option<Ended> + Send>;

/// What a run begins with.
pub struct Setup {
    /// What answers.
    pub source: Source,
    /// The ceilings of the run; its fuel with what probes need.
    pub limits: Limits,
    /// The probe, if an instrumented copy runs.
    pub probe: Probe,
    /// How long the operator's side waits for it.
    pub patience: Patience,
}

/// Everything a run has on this side: the data of its store.
pub struct Membrane {
    pub(crate) answers: Answers,
    pub(crate) recorder: Recorder,
    pub(crate) limits: Limits,
    pub(crate) probe: Probe,
    pub(crate) patience: Patience,
    /// What a module's calls left of preview 1.
    pub(crate) p1: State,
    memory_bytes: usize,
    memory_peak_bytes: usize,
    table_elements: usize,
}

/// What a run leaves.
pub struct Finished {
    /// The head of the trace's chain.
    pub head: Digest,
    /// What the run came to.
    pub end: End,
    /// Standard output and error.
    pub stdio: Stdio,
    /// The files it left, if they are a lab's.
    pub files: Option<Tree>,
    /// The probe, with the hits that it received.
    pub probe: Probe,
}

impl Membrane {
    /// The membrane of a run that is about to start.
    #[must_use]
    pub fn new(setup: Setup, recorder: Recorder) -> Self {
        Self {
            answers: Answers::new(setup.source, setup.limits),
            recorder,
            limits: setup.limits,
            probe: setup.probe,
            patience: setup.patience,
            p1: State::default(),
            memory_bytes: 0,
            memory_peak_bytes: 0,
            table_elements: 0,
        }
    }

    /// Events that were recorded so far.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.recorder.events()
    }

    /// Ends the run: records the end and gives up what it left. `output` is the answer of a typed skill, `calls` are those
    /// of a tool skill.
    ///
    /// # Errors
    /// The trace cannot be written: nothing of the run must be released.
    pub fn finish(
        self,
        ending: Ending,
        fuel: u64,
        output: Option<Vec<u8>>,
        calls: Option<Vec<CallEnd>>,
    ) -> Result<Finished, SinkError> {
        let left = self.answers.finish(fuel, output);
        let end = End {
            ending,
            fuel,
            calls,
            memory_peak_bytes: self.memory_peak_bytes.saturating_sub(self.probe.memory_bytes) as u64,
            ..left.end
        };
        let (head, end) = self.recorder.finish(end)?;
        Ok(Finished { head, end, stdio: left.stdio, files: left.files, probe: self.probe })
    }
}

impl ResourceLimiter for Membrane {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        // The maximum that a module declares is the module's affair. A larger one can be the allocator's, which must
        // not be seen: another allocator has none.
        if maximum.is_some_and(|maximum| desired > maximum && maximum < in_memory(self.limits.memory_bytes)) {
            return Ok(false);
        }
        let total = self.memory_bytes + (desired - current);
        // The memories of probes come on top, so that a copy comes to the limit where the original does.
        if total > in_memory(self.limits.memory_bytes).saturating_add(self.probe.memory_bytes) {
            return Err(Stop::Limit("memory").into());
        }
        self.memory_bytes = total;
        self.memory_peak_bytes = self.memory_peak_bytes.max(total);
        Ok(true)
    }

    fn memories(&self) -> usize {
        wasmtime::DEFAULT_MEMORY_LIMIT.saturating_add(self.probe.memories)
    }

    /// Whether the host has memory left must not be seen either: it would not be the same again.
    fn memory_grow_failed(&mut self, _: wasmtime::Error) -> wasmtime::Result<()> {
        Err(Stop::Limit("memory").into())
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        if maximum.is_some_and(|maximum| desired > maximum && maximum < in_memory(self.limits.table_elements))
        {
            return Ok(false);
        }
        let total = self.table_elements + (desired - current);
        if total > in_memory(self.limits.table_elements) {
            return Err(Stop::Limit("table elements").into());
        }
        self.table_elements = total;
        Ok(true)
    }

    fn table_grow_failed(&mut self, _: wasmtime::Error) -> wasmtime::Result<()> {
        Err(Stop::Limit("table elements").into())
    }
}
