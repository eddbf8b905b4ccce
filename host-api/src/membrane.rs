//! The state of one run on this side of the membrane.

use invar_envelope::Envelope;
use invar_trace::{End, Ending, FunctionId, OutputDigest, Recorder, SinkError};
use invar_world::{Digest, Substitution, Tree};
use wasmtime::ResourceLimiter;

use crate::{
    context::Context,
    limits::{MEMORY_BYTES_MAX, TABLE_ELEMENTS_MAX},
    port::World,
    probe::Probe,
    stdio::Stdio,
    stop::{Ended, Stop},
};

/// Asked at host calls whether the operator's side ends the run. Nothing of it comes into a trace.
pub type Patience = Box<dyn FnMut() -> Option<Ended> + Send>;

/// What a run begins with.
pub struct Setup {
    /// What answers.
    pub world: Box<dyn World>,
    /// What is declared; none: nothing is.
    pub envelope: Option<Envelope>,
    /// Refuse what is not declared.
    pub enforce: bool,
    /// Variables, in order.
    pub env: Vec<(String, String)>,
    /// Arguments, the program's name first.
    pub args: Vec<String>,
    /// Standard input.
    pub stdin: Vec<u8>,
    /// Directories handed over at start.
    pub preopens: Vec<String>,
    /// Directories in which nothing can be changed.
    pub read_only: Vec<String>,
    /// Fuel of the run.
    pub fuel_limit: u64,
    /// Changes to be made while it runs: those with an event.
    pub substitutions: Vec<Substitution>,
    /// What listens, if it is an instrumented copy that runs.
    pub probe: Probe,
    /// How long the operator's side waits for it.
    pub patience: Patience,
}

/// Everything a run has on this side: the data of its store.
pub struct Membrane {
    pub(crate) context: Context,
    pub(crate) recorder: Recorder,
    pub(crate) fuel_limit: u64,
    pub(crate) probe: Probe,
    pub(crate) patience: Patience,
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
    /// What listened, with what it heard.
    pub probe: Probe,
}

impl Membrane {
    /// The membrane of a run that is about to start.
    #[must_use]
    pub fn new(mut setup: Setup, recorder: Recorder) -> Self {
        Self {
            recorder,
            fuel_limit: setup.fuel_limit,
            probe: std::mem::take(&mut setup.probe),
            patience: std::mem::replace(&mut setup.patience, Box::new(|| None)),
            context: Context::new(setup),
            memory_bytes: 0,
            memory_peak_bytes: 0,
            table_elements: 0,
        }
    }

    /// Ends the run: records the end and gives up what it left. `output` is the answer of a typed skill.
    ///
    /// # Errors
    /// The trace cannot be written: nothing of the run must be released.
    pub fn finish(self, ending: Ending, fuel: u64, output: Option<Vec<u8>>) -> Result<Finished, SinkError> {
        let Context { mut world, mut stdio, bytes, .. } = self.context;
        world.clock().tick(FunctionId::END, fuel);
        let (virtual_ns, waited_ns) = (world.clock().elapsed_ns(), world.clock().waited_ns());
        if let Some(output) = output {
            stdio.stdout.extend_from_slice(&output);
        }
        let files = world.finish();
        let end = End {
            ending,
            events: 0, // the recorder counts
            fuel,
            virtual_ns,
            waited_ns,
            memory_peak_bytes: self.memory_peak_bytes.saturating_sub(self.probe.memory_bytes) as u64,
            stdout: OutputDigest::of(&stdio.stdout),
            stderr: OutputDigest::of(&stdio.stderr),
            files: files.as_ref().map_or(Digest([0; 32]), Tree::digest),
            bytes,
        };
        let (head, end) = self.recorder.finish(end)?;
        Ok(Finished { head, end, stdio, files, probe: self.probe })
    }
}

impl ResourceLimiter for Membrane {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        // The module's own maximum is the module's affair. A larger one can be the allocator's, which must
        // not be seen: another allocator has none.
        if maximum.is_some_and(|maximum| desired > maximum && maximum < MEMORY_BYTES_MAX) {
            return Ok(false);
        }
        let total = self.memory_bytes + (desired - current);
        // The memories of probes come on top, so that a copy comes to the limit where the original does.
        if total > MEMORY_BYTES_MAX.saturating_add(self.probe.memory_bytes) {
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
        if maximum.is_some_and(|maximum| desired > maximum && maximum < TABLE_ELEMENTS_MAX) {
            return Ok(false);
        }
        let total = self.table_elements + (desired - current);
        if total > TABLE_ELEMENTS_MAX {
            return Err(Stop::Limit("table elements").into());
        }
        self.table_elements = total;
        Ok(true)
    }

    fn table_grow_failed(&mut self, _: wasmtime::Error) -> wasmtime::Result<()> {
        Err(Stop::Limit("table elements").into())
    }
}
