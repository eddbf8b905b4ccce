//! What the monitor can ask of a lab.

use std::sync::Arc;

use invar_trace::{Behaviour, Call};
use invar_world::{Responder, Timestamp};

use crate::{Allowance, Factor, Forward, Forwarded, LabError, Question, Search, Searched};

/// What answers.
pub trait Lab {
    /// One run a question, in the order of the questions.
    ///
    /// # Errors
    /// See [`LabError`].
    fn ask(&mut self, questions: &[Question]) -> Result<Vec<Arc<Behaviour>>, LabError>;

    /// A second series: from the initial files, with clocks and seeds that no run had yet; those in `held`
    /// are as run `of` had them in all its runs.
    ///
    /// # Errors
    /// See [`LabError`].
    fn reset(&mut self, runs: u32, held: &[Factor], of: u32) -> Result<Vec<Arc<Behaviour>>, LabError>;

    /// Goes on with the first series.
    ///
    /// # Errors
    /// See [`LabError`].
    fn go_on(&mut self, runs: u32) -> Result<Vec<Arc<Behaviour>>, LabError>;

    /// The paths whose content is not the same before run `a` and before run `b`.
    fn changed(&self, a: u32, b: u32) -> Vec<String>;

    /// What a file held before a run; none if it was not there.
    fn content(&self, before: u32, path: &str) -> Option<Vec<u8>>;

    /// When a run started.
    fn started(&self, run: u32) -> Timestamp;

    /// How long the machine had been up when a run started, in nanoseconds.
    fn uptime_ns(&self, run: u32) -> u64;

    /// What every run reads.
    fn input(&self) -> Arc<[u8]>;

    /// Other inputs that it was given, to measure cost over.
    fn other_inputs(&self) -> Vec<Arc<[u8]>>;

    /// Variables of the world.
    fn variables(&self) -> Vec<String>;

    /// The value of a variable of the world.
    fn variable(&self, name: &str) -> Option<String> {
        let _ = name;
        None
    }

    /// Directories that are handed over at start, where the world says which.
    fn preopens(&self) -> Vec<String> {
        Vec::new()
    }

    /// The network script of the world.
    fn script(&self) -> &[Responder] {
        &[]
    }

    /// What the caller gave by itself: the arguments, the program's name not among them.
    fn arguments(&self) -> Vec<String> {
        Vec::new()
    }

    /// Whether the state before a run is kept, so that it can be asked about.
    fn has(&self, run: u32) -> bool;

    /// Goes on until something is done that is not known, and on from there to see whether it comes again.
    ///
    /// # Errors
    /// See [`LabError`].
    fn forward(&mut self, forward: Forward<'_>) -> Result<Forwarded, LabError>;

    /// Searches for what makes a run do something else. A used-up budget is no error: what was found until then is
    /// handed back.
    ///
    /// # Errors
    /// See [`LabError`].
    fn search(&mut self, search: Search<'_>) -> Result<Searched, LabError>;

    /// The calls of a run as it is made again: the first and the last of each kind. It costs a run.
    ///
    /// # Errors
    /// See [`LabError`].
    fn calls(&mut self, run: u32) -> Result<Vec<Call>, LabError>;

    /// What may be spent on what is asked from now on.
    fn allow(&mut self, allowance: Allowance);

    /// Whether the user wants no more runs made.
    fn is_interrupted(&self) -> bool {
        false
    }

    /// Whether the host was too slow for a run, twice: nothing can be said of what it was to show.
    fn is_host_slow(&self) -> bool {
        false
    }

    /// Follow-up runs made so far.
    fn followups(&self) -> u32;

    /// Fuel that they burnt.
    fn followup_fuel(&self) -> u64;

    /// Those of them that instrumented copies made, which no audit trail has.
    fn copy_runs(&self) -> u64 {
        0
    }
}
