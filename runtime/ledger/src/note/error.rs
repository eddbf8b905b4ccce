//! Why bytes are no note.

use thiserror::Error;

use super::{NOTE_BYTES_MAX, NoteSignatureError, SIGNATURES_MAX, TEXT_BYTES_MAX};

/// Why there is no such note.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NoteError {
    /// More than [`NOTE_BYTES_MAX`].
    #[error("the note has {0} bytes, more than {NOTE_BYTES_MAX}; give a note, not another file")]
    TooLong(usize),
    /// More than [`TEXT_BYTES_MAX`].
    #[error("the text of the note has {0} bytes, more than {TEXT_BYTES_MAX}; shorten it")]
    TextTooLong(usize),
    /// Not UTF-8, or with control characters other than newlines.
    #[error("the note is not plain text: it may hold UTF-8 and newlines, no other control characters")]
    NotPlain,
    /// The text does not end its last line.
    #[error("the text of the note does not end in a newline; add one")]
    NoNewline,
    /// Nothing divides text from signatures.
    #[error("the note has no empty line between its text and its signatures; is it cut off?")]
    NoSignatures,
    /// More than [`SIGNATURES_MAX`].
    #[error("the note has more than {SIGNATURES_MAX} signatures; leave out those of keys that nobody knows")]
    TooManySignatures,
    /// One of the signature lines.
    #[error("signature line {line} of the note: {source}")]
    Signature {
        /// Which, from 1 on.
        line: usize,
        /// What is wrong with it.
        source: NoteSignatureError,
    },
}
