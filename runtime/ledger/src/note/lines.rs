//! The signature lines of a note, one below the other.

use super::{NoteError, NoteSignature, NoteSignatureError, SIGNATURES_MAX};

impl NoteSignature {
    /// The signatures of all lines, of which each ends in a newline: what stands below a note, and what a witness answers.
    /// No lines are no signatures.
    ///
    /// # Errors
    /// If a line is not a signature, or there are more than [`SIGNATURES_MAX`].
    pub fn parse_lines(lines: &str) -> Result<Vec<Self>, NoteError> {
        let mut signatures = Vec::new();
        for (at, line) in lines.split_inclusive('\n').enumerate() {
            if at == SIGNATURES_MAX {
                return Err(NoteError::TooManySignatures);
            }
            let signature = line.strip_suffix('\n').ok_or(NoteSignatureError::Form).and_then(Self::parse);
            signatures.push(signature.map_err(|source| NoteError::Signature { line: at + 1, source })?);
        }
        Ok(signatures)
    }
}
