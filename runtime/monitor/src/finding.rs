//! Findings and triggers.

use invar_envelope::VariesWith;
use invar_world::Change;
use serde::Serialize;

use crate::Boundary;

/// The eight classes of invariants, in the order of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// The same input gives the same output.
    OutputDeterminism,
    /// The same input costs the same.
    ResourceUsage,
    /// What is done to the outside stays the same.
    SideEffects,
    /// The hundredth run is like the first.
    ExecutionCount,
    /// What the environment says changes nothing that it should not.
    Environment,
    /// Nothing is done that was not declared.
    Envelope,
    /// Cost grows with input as claimed.
    Performance,
    /// All of it is on record.
    AuditTrail,
}

impl Class {
    /// All of them, in the order of the report.
    pub const ALL: [Self; 8] = [
        Self::OutputDeterminism,
        Self::ResourceUsage,
        Self::SideEffects,
        Self::ExecutionCount,
        Self::Environment,
        Self::Envelope,
        Self::Performance,
        Self::AuditTrail,
    ];

    /// As in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OutputDeterminism => "output-determinism",
            Self::ResourceUsage => "resource-usage",
            Self::SideEffects => "side-effects",
            Self::ExecutionCount => "execution-count",
            Self::Environment => "environment",
            Self::Envelope => "envelope",
            Self::Performance => "performance",
            Self::AuditTrail => "audit-trail",
        }
    }
}

/// How bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// As claimed, or to its credit.
    Info,
    /// To be looked at.
    Minor,
    /// An invariant is broken.
    Major,
    /// Undeclared contact or change of the outside.
    Critical,
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The invariant it is about.
    pub class: Class,
    /// How bad.
    pub severity: Severity,
    /// The runs it was seen in.
    pub runs: Vec<u32>,
    /// In one line.
    pub what: String,
    /// What should have been.
    pub expected: String,
    /// What was.
    pub observed: String,
    /// What it hangs on, as far as it was found.
    pub cause: String,
    /// The risk of the OWASP Agentic Skills Top 10 that it is an instance of.
    pub owasp_ast: &'static str,
}

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
    /// It was seen, and what it hangs on was not.
    Suspected,
    /// A comparison was made to come out otherwise; that any value makes it so is not shown.
    Forced,
    /// It fires again, and not when one thing is put back.
    Confirmed,
}

/// What was done to be sure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    /// From the initial files it fires at the same run again.
    Reset,
    /// With one thing put back it does not fire.
    Undo,
    /// With that one thing put into run 1, run 1 fires.
    Counterfactual,
    /// The same run made again fires again, to the bit.
    Replay,
    /// The value at which it turns was closed in on.
    Bisect,
}

/// Something that sets a deviation off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trigger {
    /// What kind of thing it hangs on.
    pub kind: TriggerKind,
    /// In words.
    pub condition: String,
    /// The first run that fired.
    pub first_run: Option<u32>,
    /// Runs from one firing to the next, if that is constant.
    pub period: Option<u32>,
    /// Between which values of an ordered source it turns.
    pub boundary: Boundary,
    /// What it reads to know.
    pub source: String,
    /// The value at which it fired.
    pub value: Option<String>,
    /// The parts of a compound.
    pub all: Vec<Trigger>,
    /// What it then does.
    pub effects: Vec<String>,
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

/// What a variation hangs on, as claims name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    Clock,
    Random,
    Network,
    Variable(String),
    File(String),
    /// Which directories it is handed.
    Preopens,
    /// How fast the machine is.
    Speed,
    /// What it reads.
    Input,
    /// An argument.
    Argument(u32),
    /// What a name resolves to.
    Name(String),
    /// What a destination answers.
    Answer(String),
    /// How long the machine has been up.
    Uptime,
    /// Whether waiting takes time.
    Waiting,
}

impl Source {
    /// What a change is a change of; none: of a speed, an answer, or a state of the network.
    pub(crate) fn of(change: &Change) -> Option<Self> {
        Some(match change {
            Change::File { path, .. } | Change::Modified { path, .. } => Self::File(path.clone()),
            Change::Env { name, .. } => Self::Variable(name.clone()),
            Change::Arg { index, .. } => Self::Argument(*index),
            Change::Stdin(_) => Self::Input,
            Change::Clock(_) => Self::Clock,
            Change::Advance(_) => Self::Uptime,
            Change::Random(_) | Change::RandomBytes(_) => Self::Random,
            Change::Dns { name, .. } => Self::Name(name.clone()),
            Change::Answered { destination, .. } => Self::Answer(format!("tcp://{destination}")),
            Change::Requested { target, .. } => Self::Answer(target.clone()),
            Change::SkipSleep => Self::Waiting,
            Change::Network(_) => Self::Network,
            Change::Preopens(_) => Self::Preopens,
            Change::Speed(_) => Self::Speed,
            Change::Answer(_) => return None,
        })
    }

    /// Whether it is data that a skill is handed, rather than a state that everything runs in: time, chance, speed.
    pub(crate) fn is_data(&self) -> bool {
        match self {
            Self::Variable(_)
            | Self::File(_)
            | Self::Input
            | Self::Argument(_)
            | Self::Name(_)
            | Self::Answer(_)
            | Self::Network => true,
            Self::Clock | Self::Random | Self::Preopens | Self::Speed | Self::Uptime | Self::Waiting => false,
        }
    }

    /// The entry of `varies_with` that names it; none: no entry can.
    pub(crate) fn claim(&self) -> Option<String> {
        Some(match self {
            Self::Clock | Self::Speed | Self::Uptime | Self::Waiting => "clock".into(),
            Self::Random => "random".into(),
            Self::Network | Self::Name(_) | Self::Answer(_) => "network".into(),
            Self::Variable(name) => format!("env:{}", name.escape_debug()),
            Self::File(path) => format!("files:{}", path.escape_debug()),
            Self::Preopens | Self::Input | Self::Argument(_) => return None,
        })
    }

    /// Whether the claims name it; none: nothing is claimed.
    pub(crate) fn is_claimed(&self, claims: &Option<Vec<VariesWith>>) -> Option<bool> {
        let claims = claims.as_ref()?;
        Some(claims.iter().any(|claim| match (claim, self) {
            (VariesWith::Clock, Self::Clock | Self::Speed | Self::Uptime | Self::Waiting)
            | (VariesWith::Random, Self::Random)
            | (VariesWith::Network, Self::Network | Self::Name(_) | Self::Answer(_)) => true,
            (VariesWith::Files(glob), Self::File(path)) => glob.matches(path),
            (VariesWith::Env(pattern), Self::Variable(name)) => pattern.matches(name),
            _ => false,
        }))
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Clock => f.write_str("clock"),
            Self::Random => f.write_str("random"),
            Self::Network => f.write_str("network"),
            Self::Variable(name) => write!(f, "environment variable {}", name.escape_debug()),
            Self::File(path) => write!(f, "file {}", path.escape_debug()),
            Self::Preopens => f.write_str("the directories handed over"),
            Self::Speed => f.write_str("machine speed"),
            Self::Input => f.write_str("input"),
            Self::Argument(index) => write!(f, "argument {index}"),
            Self::Name(name) => write!(f, "dns {}", name.escape_debug()),
            Self::Answer(destination) => write!(f, "network {}", destination.escape_debug()),
            Self::Uptime | Self::Waiting => f.write_str("monotonic clock"),
        }
    }
}
