//! Triggers: what sets a deviation off, and how that is known.

use invar_world::Timestamp;
use serde::Serialize;

use crate::{Severity, text, tool_calls::CallRef};

/// What sets a deviation off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TriggerKind {
    /// How often it ran.
    ExecutionCount,
    /// The time of day or date.
    Clock,
    /// Time since an earlier run.
    ElapsedTime,
    /// A variable.
    EnvironmentVariable,
    /// A file.
    File,
    /// The state of the network.
    Network,
    /// Random bytes.
    Random,
    /// What it is given to read.
    Input,
    /// A sign of being watched.
    Observer,
    /// Several of these together.
    Compound,
}

/// How sure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// It was seen, and what it depends on was not found.
    Suspected,
    /// A comparison was forced to flip; no value that flips it is known.
    Forced,
    /// It fires again, and not when one change is undone.
    Confirmed,
}

/// What was done to be sure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    /// From the initial files it fires at the same run again.
    Reset,
    /// With one change undone it does not fire.
    Undo,
    /// With that one thing put into run 1, run 1 fires.
    Counterfactual,
    /// The same run made again fires again, to the bit.
    Replay,
    /// The value at which it flips was narrowed by bisection.
    Bisect,
}

/// Between which values of an ordered source it flips.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Boundary {
    /// The last value without it.
    pub from: Option<String>,
    /// The first value with it.
    pub to: Option<String>,
}

impl Boundary {
    /// Between two times.
    pub(crate) fn clock(from: Timestamp, to: Timestamp) -> Self {
        Self { from: Some(from.to_string()), to: Some(to.to_string()) }
    }

    /// Between two times, counted from another, as ISO 8601 durations.
    pub(crate) fn elapsed(since: Timestamp, from: Timestamp, to: Timestamp) -> Self {
        let since = |time: Timestamp| Some(text::iso_duration(time.0.saturating_sub(since.0)));
        Self { from: since(from), to: since(to) }
    }
}

/// Something that sets a deviation off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trigger {
    /// What kind of input it depends on.
    pub kind: TriggerKind,
    /// In words.
    pub condition: String,
    /// The first run that fired.
    pub first_run: Option<u32>,
    /// Runs from one firing to the next, if that is constant.
    pub period: Option<u32>,
    /// Between which values of an ordered source it flips.
    pub boundary: Boundary,
    /// What it reads to know.
    pub source: String,
    /// The value at which it fired.
    pub value: Option<String>,
    /// The parts of a compound.
    pub all: Vec<Trigger>,
    /// What it then does.
    pub effects: Vec<String>,
    /// The calls of a tool skill that do so, where that can be told. Left out if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<CallRef>,
    /// How sure.
    pub confidence: Confidence,
    /// What was done to be sure.
    pub evidence: Vec<Evidence>,
    /// A command that shows it.
    pub reproduce: String,
    /// The runs of the series that fired.
    #[serde(skip)]
    pub runs: Vec<u32>,
    /// How bad what it sets off is.
    #[serde(skip)]
    pub severity: Severity,
    /// For prose: where the value of the source was before the first run, and whether putting it into run 1
    /// makes run 1 fire.
    #[serde(skip)]
    pub proof: Option<Proof>,
    /// For prose: what was seen, where no run of the series fires.
    #[serde(skip)]
    pub sentence: Option<String>,
}

/// The parts of the sentence that proves a trigger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The run that fired.
    pub fired: u32,
    /// The run it is compared with.
    pub reference: u32,
    /// What the source held before the reference run; none: nothing was there.
    pub value_before: Option<String>,
    /// Whether putting the firing value into the reference run makes it fire.
    pub sufficient: bool,
}
