//! Proofs that need no network: an event is in a log, and witnesses saw the log (c2sp.org/tlog-proof).

use std::fmt;

use thiserror::Error;

use crate::{
    Hash, Policy, SignedCheckpoint, VerifierKey,
    checkpoint::SignedCheckpointError,
    note::NOTE_BYTES_MAX,
    policy::{NotTrusted, WitnessTime},
    text::{decimal, from_base64, hash_from_base64, quoted, to_base64},
    tree::{PROOF_HASHES_MAX, includes},
};

/// Bytes of what may be added to a proof at most: nobody makes us hold more.
pub const EXTRA_BYTES_MAX: usize = 64 * 1024;
/// Bytes of a proof at most: the longest note, extra data in base64, the path, and the first lines.
pub const PROOF_BYTES_MAX: usize =
    NOTE_BYTES_MAX + EXTRA_BYTES_MAX.div_ceil(3) * 4 + PROOF_HASHES_MAX * 45 + 1024;

/// What every proof begins with.
const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// That a leaf is in the tree of a checkpoint. Nothing of it is believed before [`Proof::check`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    extra: Vec<u8>,
    index: u64,
    path: Vec<Hash>,
    checkpoint: SignedCheckpoint,
}

/// Why there is no such proof.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ProofError {
    /// More than [`PROOF_BYTES_MAX`].
    #[error("the proof has {0} bytes, more than {PROOF_BYTES_MAX}; give a proof, not another file")]
    TooLong(usize),
    /// Not UTF-8.
    #[error("the proof is not UTF-8; give a file that begins with {HEADER}")]
    NotText,
    /// Another first line.
    #[error("the proof begins with {}, not with {HEADER}", quoted(.0))]
    Header(String),
    /// Extra data that are not in base64, none, or too many.
    #[error(
        "the line `extra` of the proof is not base64 of 1 to {EXTRA_BYTES_MAX} bytes; without any, leave it out"
    )]
    Extra,
    /// No index.
    #[error("the proof has {} where `index` and a decimal number should be", quoted(.0))]
    Index(String),
    /// A line of the path that is no hash.
    #[error("hash {at} of the proof is {}, not base64 of 32 bytes", quoted(.line))]
    Hash {
        /// Which, from 1 on.
        at: usize,
        /// What stands there.
        line: String,
    },
    /// More than [`PROOF_HASHES_MAX`].
    #[error("the proof has more than {PROOF_HASHES_MAX} hashes; no tree is that high")]
    TooManyHashes,
    /// No empty line after the path.
    #[error("the proof has no empty line before its checkpoint; is it cut off?")]
    NoCheckpoint,
    /// No checkpoint.
    #[error("the checkpoint of the proof: {0}")]
    Checkpoint(#[from] SignedCheckpointError),
}

/// Why a proof proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NotProved {
    /// The checkpoint is not to be believed.
    #[error(transparent)]
    Checkpoint(#[from] NotTrusted),
    /// The path does not lead to the root.
    #[error(
        "leaf {index} of the {size} in the log is another; the proof is not one of this event, or was changed"
    )]
    Inclusion {
        /// Which leaf the proof is for.
        index: u64,
        /// How many the checkpoint has.
        size: u64,
    },
}

impl Proof {
    /// That the leaf with that index leads to the checkpoint's root by that path, from the leaf's neighbour up.
    ///
    /// # Errors
    /// If the path is too long.
    pub fn new(index: u64, path: Vec<Hash>, checkpoint: SignedCheckpoint) -> Result<Self, ProofError> {
        if path.len() > PROOF_HASHES_MAX {
            return Err(ProofError::TooManyHashes);
        }
        Ok(Self { extra: Vec::new(), index, path, checkpoint })
    }

    /// Adds data of which the meaning is agreed upon elsewhere. Nobody signs them.
    ///
    /// # Errors
    /// If they are longer than [`EXTRA_BYTES_MAX`].
    pub fn with_extra(self, extra: Vec<u8>) -> Result<Self, ProofError> {
        if extra.len() > EXTRA_BYTES_MAX { Err(ProofError::Extra) } else { Ok(Self { extra, ..self }) }
    }

    /// The proof of a `.tlog-proof` file.
    ///
    /// # Errors
    /// If it is not a proof, or passes one of the limits.
    pub fn parse(bytes: &[u8]) -> Result<Self, ProofError> {
        if bytes.len() > PROOF_BYTES_MAX {
            return Err(ProofError::TooLong(bytes.len()));
        }
        let text = str::from_utf8(bytes).map_err(|_| ProofError::NotText)?;
        let mut rest = text;
        let header = next_line(&mut rest);
        if header != Some(HEADER) {
            return Err(ProofError::Header(beginning(header.unwrap_or(text))));
        }
        let mut line = next_line(&mut rest);
        let mut extra = Vec::new();
        if let Some(base64) = line.and_then(|line| line.strip_prefix("extra ")) {
            let decoded = from_base64(base64).filter(|extra| (1..=EXTRA_BYTES_MAX).contains(&extra.len()));
            extra = decoded.ok_or(ProofError::Extra)?;
            line = next_line(&mut rest);
        }
        let index = line.and_then(|line| line.strip_prefix("index ")).and_then(decimal);
        let index = index.ok_or_else(|| ProofError::Index(beginning(line.unwrap_or(rest))))?;
        let mut path = Vec::new();
        loop {
            match next_line(&mut rest) {
                None => return Err(ProofError::NoCheckpoint),
                Some("") => break,
                Some(_) if path.len() == PROOF_HASHES_MAX => return Err(ProofError::TooManyHashes),
                Some(line) => path.push(
                    hash_from_base64(line)
                        .ok_or_else(|| ProofError::Hash { at: path.len() + 1, line: beginning(line) })?,
                ),
            }
        }
        let checkpoint = SignedCheckpoint::parse(rest.as_bytes())?;
        Ok(Self { extra, index, path, checkpoint })
    }

    /// Which witnesses saw the checkpoint, and when, if the leaf is in the log with that key and the policy is satisfied:
    /// [`Policy::check`] of the checkpoint, and the path from the leaf to its root.
    ///
    /// # Errors
    /// If the checkpoint is not to be believed, or the leaf is not in its tree.
    pub fn check(
        &self,
        leaf: Hash,
        log: &VerifierKey,
        policy: &Policy,
    ) -> Result<Vec<WitnessTime>, NotProved> {
        let witnessed = policy.check(&self.checkpoint, log)?;
        match self.includes(leaf) {
            true => Ok(witnessed),
            false => {
                let size = self.checkpoint.checkpoint().size();
                Err(NotProved::Inclusion { index: self.index, size })
            }
        }
    }

    /// Whether the path leads from that leaf to the checkpoint's root. Nothing is said of who signed that.
    #[must_use]
    pub fn includes(&self, leaf: Hash) -> bool {
        let checkpoint = self.checkpoint.checkpoint();
        includes(leaf, self.index, checkpoint.size(), &self.path, checkpoint.root())
    }

    /// What was added to it, empty if nothing was. Nobody signed it.
    #[must_use]
    pub fn extra(&self) -> &[u8] {
        &self.extra
    }

    /// The leaf's index in the log, from 0 on.
    #[must_use]
    pub fn index(&self) -> u64 {
        self.index
    }

    /// The checkpoint.
    #[must_use]
    pub fn checkpoint(&self) -> &SignedCheckpoint {
        &self.checkpoint
    }
}

/// The next line without its newline; nothing if no line ends any more.
fn next_line<'t>(rest: &mut &'t str) -> Option<&'t str> {
    let (line, after) = rest.split_once('\n')?;
    *rest = after;
    Some(line)
}

/// As much of a line as an error may show.
fn beginning(line: &str) -> String {
    line.chars().take(HEADER.len() * 4).collect()
}

/// The file, which [`Proof::parse`] gives back.
impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if !self.extra.is_empty() {
            writeln!(f, "extra {}", to_base64(&self.extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.path.iter().try_for_each(|hash| writeln!(f, "{}", to_base64(&hash.0)))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

#[cfg(test)]
mod tests;
