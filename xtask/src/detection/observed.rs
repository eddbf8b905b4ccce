//! What one run did, as the traces that `invar replay` writes show it.

use std::collections::BTreeSet;

use invar_trace::{Behaviour, Trace};

/// What the effects of triggers speak of. Texts and digests, so that two runs can be compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Observed {
    /// In the words of reports.
    pub(super) effects: BTreeSet<String>,
    pub(super) stdout: String,
    pub(super) stderr: String,
    /// Everything that was sent, by destination.
    pub(super) sent: String,
    pub(super) ending: String,
    /// The sequence of calls, and what they were about.
    pub(super) calls: String,
    pub(super) amounts: Amounts,
}

/// What it took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Amounts {
    /// Instructions.
    pub(super) fuel: u64,
    /// Bytes.
    pub(super) memory_peak: u64,
    /// Bytes to the network.
    pub(super) sent: u64,
    /// Bytes to files.
    pub(super) written: u64,
}

impl Observed {
    /// Of a trace file.
    pub(super) fn read(file: &[u8]) -> Result<Self, String> {
        let trace = Trace::read(file).map_err(|error| error.to_string())?;
        let run = Behaviour::of(&trace).map_err(|error| error.to_string())?;
        let bytes = run.resources.bytes;
        Ok(Self {
            effects: run.effects.iter().map(ToString::to_string).collect(),
            stdout: run.stdout.digest.to_string(),
            stderr: run.stderr.digest.to_string(),
            sent: run.sent.map(|sent| sent.to_string()).unwrap_or_default(),
            ending: run.ending.to_string(),
            calls: run.path.to_string(),
            amounts: Amounts {
                fuel: run.resources.fuel,
                memory_peak: run.resources.memory_peak_bytes,
                sent: bytes.network_sent,
                written: bytes.file_written,
            },
        })
    }
}
