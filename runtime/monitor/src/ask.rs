//! What the monitor can ask of a lab.

use std::{collections::BTreeSet, fmt, sync::Arc};

use invar_trace::{Behaviour, Call, Effect};
use invar_world::{Change, Substitution, Timestamp};
use thiserror::Error;

use crate::{Allowance, CodeCoverage, Dormant, Spent};

/// One of the things that set two runs of a series apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Factor {
    /// When the run starts, and the jitter of its clock.
    Clock,
    /// The seed of its random bytes.
    Random,
    /// One path of the files it begins with.
    File(String),
    /// All the files it begins with.
    Files,
}

impl fmt::Display for Factor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clock => f.write_str("the clock"),
            Self::Random => f.write_str("the random seed"),
            Self::File(path) => f.write_str(&path.escape_debug().to_string()),
            Self::Files => f.write_str("the files"),
        }
    }
}

/// One factor as another run had it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Swap {
    /// What.
    pub factor: Factor,
    /// As that run had it.
    pub from: u32,
}

/// Make a run again, with some things as other runs had them, and some values changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The run to be made again.
    pub of: u32,
    /// What is as another run had it.
    pub swaps: Vec<Swap>,
    /// What is changed after that.
    pub changes: Vec<Change>,
    /// What goes wrong while it runs, each from an event of the run as it is without anything else changed.
    pub faults: Vec<Substitution>,
}

impl Question {
    /// The same run with one value changed.
    #[must_use]
    pub fn changed(of: u32, change: Change) -> Self {
        Self { changes: vec![change], ..Self::again(of) }
    }

    /// The same run again.
    #[must_use]
    pub fn again(of: u32) -> Self {
        Self { of, swaps: Vec::new(), changes: Vec::new(), faults: Vec::new() }
    }

    /// The same run with something going wrong.
    #[must_use]
    pub fn failing(of: u32, fault: Substitution) -> Self {
        Self { faults: vec![fault], ..Self::again(of) }
    }

    /// Run `of` with `factors` as run `from` had them.
    #[must_use]
    pub fn with(of: u32, factors: impl IntoIterator<Item = Factor>, from: u32) -> Self {
        let swaps = factors.into_iter().map(|factor| Swap { factor, from }).collect();
        Self { swaps, ..Self::again(of) }
    }
}

/// What of a run the lab must keep, to be asked about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Nothing.
    Nothing,
    /// Its state, until the next such run.
    Latest,
    /// Its state.
    State,
}

/// Look for what a run waits for, in what it compares.
#[derive(Debug, Clone, Copy)]
pub struct Search<'a> {
    /// The run to begin with.
    pub of: u32,
    /// Everything that is known to be done without any condition.
    pub known: &'a BTreeSet<Effect>,
    /// Percent of what is left of the budget that may be spent.
    pub share: u32,
    /// Something was solved for already: what else there is may well hang on the same.
    pub is_solved: bool,
}

/// Go on from a run, with its clock and seeds.
#[derive(Debug, Clone, Copy)]
pub struct Forward<'a> {
    /// The run to go on from.
    pub of: u32,
    /// Up to this run.
    pub runs_max: u32,
    /// Percent of what is left of the budget that may be spent.
    pub share: u32,
    /// Everything that is known to be done.
    pub known: &'a BTreeSet<Effect>,
}

/// What going on came to.
#[derive(Debug, Clone, Default)]
pub struct Forwarded {
    /// The first runs that did what is not known.
    pub fired: Vec<u32>,
    /// The last run that was made.
    pub total: u32,
    /// The files that the first of them found, as changes of those that the run it went on from found.
    pub changes: Vec<Change>,
    /// What that first one did.
    pub first: Option<Arc<Behaviour>>,
}

/// What a search came to.
#[derive(Debug, Clone, Default)]
pub struct Searched {
    /// Conditions under which the instrumented copy did something else, each a set of changes made together. What
    /// the original does is to be asked.
    pub solved: Vec<Vec<Change>>,
    /// Comparisons that were not solved, with what is behind them.
    pub located: Vec<Located>,
    /// Runs of the copy.
    pub runs: u64,
    /// Comparisons that depend on something the run was told, and those of them that always came out the same.
    pub comparisons: usize,
    /// The latter.
    pub open: usize,
    /// Code that neither this search nor one before it executed, and that could do something. It stands for all
    /// searches of the skill until now, and takes the place of what the last one said.
    pub dormant: Vec<Dormant>,
    /// Literals of the scripts in it: an interpreter's comparisons say little of what they are for.
    pub literals: Vec<String>,
    /// Host time, without that of making the copy.
    pub ms: u64,
    /// Why it did not look at everything.
    pub ended: Option<String>,
    /// What was executed in all searches until now; none if there is no instrumented copy.
    pub code: Option<CodeCoverage>,
    /// In which way the skill resists to be looked at, if it does.
    pub resists: Option<String>,
}

/// A comparison that always came out the same, and what is done when it is made not to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// Where it is: function and offset.
    pub place: String,
    /// What it depends on, each as a change of it would be.
    pub sources: Vec<Change>,
    /// Changes under which it is reached.
    pub changes: Vec<Change>,
    /// What is done then.
    pub effects: BTreeSet<Effect>,
}

/// Why the lab does not answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LabError {
    /// No runs are left to ask with.
    #[error("{0}")]
    OutOfBudget(Spent),
    /// The lab failed: not the skill's doing.
    #[error("{0}")]
    Failed(String),
}

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
