//! Whether a checkpoint is to be believed.

use thiserror::Error;

use super::Policy;
use crate::{
    SignedCheckpoint,
    note::{KeyName, VerifierKey},
    text::quoted,
};

/// Who saw a checkpoint, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessTime {
    /// The witness.
    pub key: VerifierKey,
    /// When it says that it did, in seconds since 1970.
    pub time_s: u64,
}

/// Why a checkpoint is not to be believed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NotTrusted {
    /// A checkpoint of another log.
    #[error("the checkpoint is of the log {}, not of {expected}; give one of that log", quoted(.origin))]
    Origin {
        /// The log it is of.
        origin: String,
        /// The name of the key.
        expected: KeyName,
    },
    /// A log that the policy does not list.
    #[error("the policy knows logs, but not {0}; add it there if it is to be believed")]
    UnknownLog(KeyName),
    /// No signature of the log, or one that does not verify.
    #[error("the checkpoint is not signed by {0}; it was changed, or somebody else made it")]
    NotSigned(KeyName),
    /// A signature that says it is of a known witness and does not verify.
    #[error("a cosignature says that it is of {0} and does not verify; somebody changed the checkpoint")]
    BadCosignature(KeyName),
    /// Too few witnesses.
    #[error("{have} of the {of} known witnesses saw the checkpoint; the policy's quorum asks for more")]
    Quorum {
        /// How many cosigned.
        have: usize,
        /// How many the policy knows.
        of: usize,
    },
}

impl Policy {
    /// Which of the known witnesses saw the checkpoint of that log, and when, if it is to be believed: the log's key bears
    /// the checkpoint's origin as its name, the policy lists the key or no log at all, the log signed, and witnesses
    /// enough cosigned.
    ///
    /// # Errors
    /// If one of these is not so, or a cosignature that says it is of a known witness does not verify.
    pub fn check(
        &self,
        signed: &SignedCheckpoint,
        log: &VerifierKey,
    ) -> Result<Vec<WitnessTime>, NotTrusted> {
        let origin = signed.checkpoint().origin();
        if origin != log.name().as_str() {
            return Err(NotTrusted::Origin { origin: origin.to_owned(), expected: log.name().clone() });
        }
        if !self.logs().is_empty() && !self.logs().iter().any(|known| known.key == *log) {
            return Err(NotTrusted::UnknownLog(log.name().clone()));
        }
        if !signed.signed_by(log) {
            return Err(NotTrusted::NotSigned(log.name().clone()));
        }
        let mut witnessed = Vec::new();
        for witness in self.witnesses() {
            let key = &witness.key;
            match signed.cosigned_by(key) {
                Some(time_s) => witnessed.push(WitnessTime { key: key.clone(), time_s }),
                None if signed.note().names(key) => {
                    return Err(NotTrusted::BadCosignature(key.name().clone()));
                }
                None => {}
            }
        }
        if self.satisfied_by(witnessed.iter().map(|witnessed| &witnessed.key)) {
            Ok(witnessed)
        } else {
            Err(NotTrusted::Quorum { have: witnessed.len(), of: self.witnesses().len() })
        }
    }
}
