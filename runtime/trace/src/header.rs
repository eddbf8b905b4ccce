//! The header of a trace, before its first event: all inputs of the run.

use invar_world::{Digest, Run, Substitution, World};
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
}

/// The first record of a trace.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Header {
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
    /// The world.
    #[n(6)]
    pub world: World,
    /// This run's clock and seeds.
    #[n(7)]
    pub run: Run,
    /// Arguments, the program's name first.
    #[n(8)]
    pub args: Vec<String>,
    /// SHA-256 of standard input, or of the typed input; a blob.
    #[n(9)]
    pub input: Digest,
    /// Digest of the initial files.
    #[n(10)]
    pub files: Digest,
    /// Fuel the run was given.
    #[n(11)]
    pub fuel_limit: u64,
    /// Values put in others' places while it ran. Those from the start are in the fields above already and
    /// stand here only to be shown.
    #[n(12)]
    pub substitutions: Vec<Substitution>,
}

impl Header {
    /// Deterministic CBOR.
    #[must_use]
    pub fn to_cbor(&self) -> Vec<u8> {
        minicbor::to_vec(self).unwrap_or_default() // writing to memory cannot fail
    }

    /// Digest of the envelope, if there is one.
    #[must_use]
    pub fn envelope_digest(&self) -> Option<Digest> {
        self.envelope.as_ref().map(|bytes| Digest::of(bytes))
    }
}
