//! The state of one run on this side of the membrane.

use std::collections::{BTreeSet, VecDeque};

use invar_envelope::Envelope;
use invar_trace::{Bytes, End, Ending, FunctionId, OutputDigest, Recorder, SinkError};
use invar_world::{Change, Digest, Substitution, Tree};
use wasmtime::ResourceLimiter;

use crate::{
    access_policy::AccessPolicy,
    handles::Handles,
    limits::{MEMORY_BYTES_MAX, NAMES_MAX, OUTPUT_BYTES_MAX, TABLE_ELEMENTS_MAX},
    port::Ports,
    probe::Probe,
    shim::http::Bodies,
    stop::{Ended, Stop},
    work::Work,
};

/// Asked at host calls whether the operator's side ends the run. Nothing of it comes into a trace.
pub type Patience = Box<dyn FnMut() -> Option<Ended> + Send>;

/// What a run begins with.
pub struct Setup {
    /// The world that answers.
    pub ports: Ports,
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
    pub(crate) ports: Ports,
    pub(crate) policy: AccessPolicy,
    pub(crate) handles: Handles,
    pub(crate) recorder: Recorder,
    pub(crate) stdio: Stdio,
    pub(crate) env: Vec<(String, String)>,
    pub(crate) args: Vec<String>,
    pub(crate) preopens: Vec<String>,
    pub(crate) read_only: Vec<String>,
    pub(crate) bytes: Bytes,
    /// What is on its way in HTTP requests.
    pub(crate) http: Bodies,
    pub(crate) fuel_limit: u64,
    /// Still to be made, by event.
    pub(crate) substitutions: VecDeque<Substitution>,
    /// What the monotonic clock last answered while it is refused.
    pub(crate) refused_monotonic_ns: u64,
    pub(crate) probe: Probe,
    pub(crate) patience: Patience,
    pub(crate) work: Work,
    /// Names that were looked up.
    names: BTreeSet<String>,
    memory_bytes: usize,
    memory_peak_bytes: usize,
    table_elements: usize,
}

/// The standard streams. Output is kept until the run is over and recorded.
#[derive(Debug, Default)]
pub struct Stdio {
    stdin: Vec<u8>,
    /// Bytes of standard input that were read.
    stdin_read: usize,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
}

impl Stdio {
    /// Puts this in the place of what is still unread.
    fn set_stdin(&mut self, stdin: Vec<u8>) {
        (self.stdin, self.stdin_read) = (stdin, 0);
    }

    /// The next bytes of standard input; none at its end.
    pub(crate) fn read(&mut self, len: usize) -> Vec<u8> {
        let rest = &self.stdin[self.stdin_read..];
        let bytes = rest[..len.min(rest.len())].to_vec();
        self.stdin_read += bytes.len();
        bytes
    }

    pub(crate) fn write(&mut self, error: bool, bytes: &[u8]) -> Result<(), Stop> {
        if (self.stdout.len() + self.stderr.len() + bytes.len()) as u64 > OUTPUT_BYTES_MAX {
            return Err(Stop::Limit("output"));
        }
        if error { &mut self.stderr } else { &mut self.stdout }.extend_from_slice(bytes);
        Ok(())
    }
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
    pub fn new(setup: Setup, recorder: Recorder) -> Self {
        let mut substitutions = setup.substitutions;
        substitutions.sort_by_key(|substitution| substitution.from);
        Self {
            ports: setup.ports,
            policy: AccessPolicy::new(setup.envelope, setup.enforce),
            handles: Handles::default(),
            recorder,
            stdio: Stdio { stdin: setup.stdin, ..Stdio::default() },
            env: setup.env,
            args: setup.args,
            preopens: setup.preopens,
            read_only: setup.read_only,
            bytes: Bytes::default(),
            http: Bodies::default(),
            fuel_limit: setup.fuel_limit,
            substitutions: substitutions.into(),
            refused_monotonic_ns: 0,
            probe: setup.probe,
            patience: setup.patience,
            work: Work::default(),
            names: BTreeSet::new(),
            memory_bytes: 0,
            memory_peak_bytes: 0,
            table_elements: 0,
        }
    }

    /// Ends the run: records the end and gives up what it left. `output` is the answer of a typed skill.
    ///
    /// # Errors
    /// The trace cannot be written: nothing of the run must be released.
    pub fn finish(
        mut self,
        ending: Ending,
        fuel: u64,
        output: Option<Vec<u8>>,
    ) -> Result<Finished, SinkError> {
        self.ports.clocks.tick(FunctionId::END, fuel);
        if let Some(output) = output {
            self.stdio.stdout.extend_from_slice(&output);
        }
        let files = self.ports.files.finish();
        let end = End {
            ending,
            events: 0, // the recorder counts
            fuel,
            virtual_ns: self.ports.clocks.elapsed_ns(),
            waited_ns: self.ports.clocks.waited_ns(),
            memory_peak_bytes: self.memory_peak_bytes.saturating_sub(self.probe.memory_bytes) as u64,
            stdout: OutputDigest::of(&self.stdio.stdout),
            stderr: OutputDigest::of(&self.stdio.stderr),
            files: files.as_ref().map_or(Digest([0; 32]), Tree::digest),
            bytes: self.bytes,
        };
        let (head, end) = self.recorder.finish(end)?;
        Ok(Finished { head, end, stdio: self.stdio, files, probe: self.probe })
    }

    /// Counts a name that is about to be looked up, if it was not before.
    pub(crate) fn count_name(&mut self, name: &str) -> Result<(), Stop> {
        if self.names.contains(name) {
            return Ok(());
        }
        if self.names.len() >= NAMES_MAX {
            return Err(Stop::Limit("names looked up"));
        }
        self.names.insert(name.to_owned());
        Ok(())
    }

    /// Makes the changes that are due before the answer of `event`; gives the answer that is to be put in
    /// the place of the world's, if there is one.
    pub(crate) fn substitute(&mut self, event: u64) -> Option<String> {
        let mut answer = None;
        while let Some(next) = self.substitutions.front()
            && next.from.is_none_or(|from| from <= event)
            && let Some(Substitution { change, .. }) = self.substitutions.pop_front()
        {
            match change {
                Change::Answer(json) => answer = Some(json),
                change => self.change(change),
            }
        }
        answer
    }

    fn change(&mut self, change: Change) {
        match change {
            Change::Env { name, value } => {
                self.env.retain(|(own, _)| *own != name);
                self.env.extend(value.map(|value| (name, value)));
                self.env.sort();
            }
            Change::Arg { index, value } => {
                // Below `ARGS_MAX`: no change can be read otherwise.
                let index = index as usize;
                if self.args.len() <= index {
                    self.args.resize(index + 1, String::new());
                }
                self.args[index] = value;
            }
            Change::Stdin(bytes) => self.stdio.set_stdin(bytes),
            Change::Preopens(paths) => self.preopens = paths,
            change => {
                self.ports.clocks.change(&change);
                self.ports.files.change(&change, self.ports.clocks.wall());
                self.ports.random.change(&change);
                self.ports.network.change(&change);
            }
        }
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
