//! What a header holds.

use std::{fmt, sync::Arc};

use invar_world::{Digest, Limits, Run, Substitution, Timestamp, World};
use minicbor::{Decode, Encode, bytes::ByteVec};

/// The entry point that was called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Entry {
    /// `wasi:cli/run`
    #[n(0)]
    Command,
    /// `invoke` of `invar:skill/skill`
    #[n(1)]
    Invoke,
    /// Any exported functions, called by their names. The input lists the calls, as JSON.
    #[n(2)]
    Tool,
}

/// How a trace is written, and the rules by which its run was recorded. A replay follows the format of its trace, so that it
/// comes to the same bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Format {
    /// 1.0: of the lab alone. A call whose answer was injected is not decided.
    One,
    /// 2.0: with an [`Origin`] and the [`Limits`] of the run. Every call is decided.
    #[default]
    Two,
}

/// What answered a run.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Origin {
    /// A virtual world, which can be made again.
    #[n(0)]
    Lab(#[n(0)] Box<LabOrigin>),
    /// A real one. Its answers are in the trace and nowhere else.
    #[n(1)]
    Live(#[n(0)] Box<LiveOrigin>),
}

/// The virtual world of a run.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LabOrigin {
    /// The world. Runs share it: most of a series differ in their files and clocks alone.
    #[cbor(n(0), with = "super::shared")]
    pub world: Arc<World>,
    /// This run's clock and seeds.
    #[n(1)]
    pub run: Run,
    /// Digest of the initial files.
    #[n(2)]
    pub files: Digest,
}

/// Where a run met the real world.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LiveOrigin {
    /// When it started, by the host's clock.
    #[n(0)]
    pub started: Timestamp,
    /// The machine, for people.
    #[n(1)]
    pub machine: String,
    /// What the operator granted, as [`invar_envelope::Envelope::to_cbor`] writes it.
    #[n(2)]
    pub grants: ByteVec,
}

/// The first record of a trace.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Header {
    /// How the trace is written. Stands before the rest.
    #[cbor(skip)]
    pub format: Format,
    /// SHA-256 of the skill's file as it was loaded.
    #[n(0)]
    pub component: Digest,
    /// Name and version of the adapter if the file was a WASI p1 module.
    #[n(1)]
    pub adapter: Option<String>,
    /// The entry point.
    #[n(2)]
    pub entry: Entry,
    /// Digest of everything in the engine that fuel and results depend on.
    #[n(3)]
    pub engine: Digest,
    /// The skill's name for people.
    #[n(4)]
    pub skill: String,
    /// The declared envelope as [`invar_envelope::Envelope::to_cbor`] writes it; none: nothing was declared.
    #[n(5)]
    pub envelope: Option<ByteVec>,
    /// What answered.
    #[n(6)]
    pub origin: Origin,
    /// Arguments, the program's name first.
    #[n(7)]
    pub args: Vec<String>,
    /// SHA-256 of standard input, of the typed input, or of the calls; a blob.
    #[n(8)]
    pub input: Digest,
    /// The ceilings of the run.
    #[n(9)]
    pub limits: Limits,
    /// Values put in others' places while it ran. Those from the start are in the fields above already and
    /// stand here only to be shown.
    #[n(10)]
    pub substitutions: Vec<Substitution>,
}

impl Format {
    /// Its number, which is the major version of the file.
    pub(crate) fn number(self) -> u16 {
        match self {
            Self::One => 1,
            Self::Two => 2,
        }
    }

    pub(crate) fn from_number(number: u16) -> Option<Self> {
        [Self::One, Self::Two].into_iter().find(|format| format.number() == number)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.0", self.number())
    }
}

impl Header {
    /// Digest of the envelope, if there is one.
    #[must_use]
    pub fn envelope_digest(&self) -> Option<Digest> {
        self.envelope.as_ref().map(|bytes| Digest::of(bytes))
    }

    /// The virtual world; none: the run was live.
    #[must_use]
    pub fn lab(&self) -> Option<&LabOrigin> {
        match &self.origin {
            Origin::Lab(lab) => Some(lab),
            Origin::Live(_) => None,
        }
    }

    /// When the run started, in its world.
    #[must_use]
    pub fn started(&self) -> Timestamp {
        match &self.origin {
            Origin::Lab(lab) => lab.run.start,
            Origin::Live(live) => live.started,
        }
    }
}
