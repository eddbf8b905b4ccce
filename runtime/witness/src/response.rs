//! What a witness answers (tlog-witness, add-checkpoint).

use invar_ledger::{Checkpoint, note::NoteSignature};

use crate::{decision::Refusal, request::RequestError, state::StateError};

/// The type of a body that is a size.
pub const SIZE_TYPE: &str = "text/x.tlog.size";
/// The type of every other body.
pub const TEXT_TYPE: &str = "text/plain; charset=utf-8";

/// What comes of a request.
#[derive(Debug)]
pub enum AddCheckpointResponse {
    /// The checkpoint is kept, and cosigned.
    Cosigned {
        /// The checkpoint.
        checkpoint: Checkpoint,
        /// The cosignature.
        signature: NoteSignature,
    },
    /// It is not to be cosigned.
    Refused(Refusal),
    /// Nothing was asked.
    Malformed(RequestError),
    /// It was to be cosigned, but cannot be kept.
    Failed(StateError),
}

impl AddCheckpointResponse {
    /// The status of HTTP.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Cosigned { .. } => 200,
            Self::Malformed(_) | Self::Refused(Refusal::Backwards { .. }) => 400,
            Self::Refused(Refusal::NotSigned) => 403,
            Self::Refused(Refusal::UnknownLog(_)) => 404,
            Self::Refused(Refusal::Conflict { .. } | Refusal::OtherRoot { .. }) => 409,
            Self::Refused(Refusal::NotConsistent) => 422,
            Self::Failed(_) => 500,
        }
    }

    /// The type of the body.
    #[must_use]
    pub fn content_type(&self) -> &'static str {
        match self {
            Self::Refused(Refusal::Conflict { .. } | Refusal::OtherRoot { .. }) => SIZE_TYPE,
            _ => TEXT_TYPE,
        }
    }

    /// The body: a signature line, the size of the latest checkpoint, or what is wrong.
    #[must_use]
    pub fn body(&self) -> String {
        match self {
            Self::Cosigned { signature, .. } => format!("{signature}\n"),
            Self::Refused(Refusal::Conflict { latest } | Refusal::OtherRoot { latest }) => {
                format!("{latest}\n")
            }
            Self::Refused(refusal) => format!("{refusal}\n"),
            Self::Malformed(error) => format!("{error}\n"),
            // Paths are for the operator alone.
            Self::Failed(_) => "the witness cannot keep the checkpoint now; try again later\n".to_owned(),
        }
    }
}
