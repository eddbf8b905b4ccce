//! A witness, without a network.

use std::{
    path::Path,
    sync::{Mutex, PoisonError},
};

use invar_ledger::{Signer, VerifierKey, note::KeyKind};

use crate::{
    decision::decide,
    logs::Logs,
    request::AddCheckpoint,
    response::AddCheckpointResponse,
    state::{State, StateError},
};

/// A witness: its key, the logs that it knows, and what it saw of them.
#[derive(Debug)]
pub struct Witness {
    signer: Signer,
    logs: Logs,
    /// Held from the look at the latest checkpoint until the next one is kept: of two requests that race, one comes second.
    state: Mutex<State>,
}

impl Witness {
    /// The witness with that key, whose state is in the directory, which it keeps to itself until it is dropped.
    ///
    /// # Errors
    /// If the state cannot be read whole, is another witness's, was changed, or another witness uses it.
    pub fn open(signer: Signer, logs: Logs, directory: &Path) -> Result<Self, StateError> {
        let state = State::open(directory, &logs, &signer.verifier(KeyKind::Cosignature))?;
        Ok(Self { signer, logs, state: Mutex::new(state) })
    }

    /// What its cosignatures are verified with.
    #[must_use]
    pub fn key(&self) -> VerifierKey {
        self.signer.verifier(KeyKind::Cosignature)
    }

    /// What it answers to the body of a request at that time, in seconds since 1970. It cosigns what it has kept only.
    #[must_use]
    pub fn add_checkpoint(&self, body: &[u8], time_s: u64) -> AddCheckpointResponse {
        let request = match AddCheckpoint::parse(body) {
            Ok(request) => request,
            Err(error) => return AddCheckpointResponse::Malformed(error),
        };
        let checkpoint = request.checkpoint().checkpoint();
        // What is kept changes after its file did, and at once; it is sound even if something panicked.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(refusal) = decide(&self.logs, state.latest(checkpoint.origin()), &request) {
            return AddCheckpointResponse::Refused(refusal);
        }
        if let Err(error) = state.keep(request.checkpoint()) {
            return AddCheckpointResponse::Failed(error);
        }
        drop(state);
        AddCheckpointResponse::Cosigned {
            checkpoint: checkpoint.clone(),
            signature: self.signer.cosign(checkpoint, time_s),
        }
    }
}

#[cfg(test)]
mod tests;
