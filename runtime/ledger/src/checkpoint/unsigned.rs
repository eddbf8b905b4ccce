//! What a log says its tree is, without signatures.

use thiserror::Error;

use crate::{
    Hash,
    note::TEXT_BYTES_MAX,
    text::{decimal, hash_from_base64, is_plain, quoted, to_base64},
};

/// Bytes of an origin at most: newer kinds of cosignature sign it behind a length of one byte.
pub const ORIGIN_BYTES_MAX: usize = 255;

/// The size and the root of a log's tree.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Hash,
    /// Lines after the first three, each with its newline.
    extensions: String,
}

/// Why there is no such checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// More than a note may hold.
    #[error("the checkpoint has {0} bytes, more than {TEXT_BYTES_MAX}; give a checkpoint, not another file")]
    TooLong(usize),
    /// Fewer than three lines, or one that is empty or does not end.
    #[error("the checkpoint is not three or more lines, none empty, each ended by a newline; is it cut off?")]
    Lines,
    /// No origin.
    #[error(
        "{} is not the origin of a log: 1 to {ORIGIN_BYTES_MAX} bytes without control characters are, such as \
         example.com/log42",
        quoted(.0)
    )]
    Origin(String),
    /// No size.
    #[error("line 2 of the checkpoint is {}, not the size of the tree in decimal", quoted(.0))]
    Size(String),
    /// No root.
    #[error("line 3 of the checkpoint is {}, not the root in base64 of 32 bytes", quoted(.0))]
    Root(String),
    /// Control characters after the third line.
    #[error(
        "the lines after the third of the checkpoint hold control characters; they have to be plain text"
    )]
    Extensions,
}

impl Checkpoint {
    /// What the log of that origin says of its first `size` leaves. The origin should be the name of the log's key.
    ///
    /// # Errors
    /// If the origin is empty, too long, or has control characters.
    pub fn new(origin: &str, size: u64, root: Hash) -> Result<Self, CheckpointError> {
        let plain = is_plain(origin) && !origin.contains('\n');
        if origin.is_empty() || origin.len() > ORIGIN_BYTES_MAX || !plain {
            return Err(CheckpointError::Origin(origin.chars().take(ORIGIN_BYTES_MAX).collect()));
        }
        Ok(Self { origin: origin.to_owned(), size, root, extensions: String::new() })
    }

    /// The checkpoint of a note's text. Lines after the third are kept; nothing is known of what they say.
    ///
    /// # Errors
    /// If the text is not a checkpoint.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(CheckpointError::TooLong(text.len()));
        }
        let mut lines = text.splitn(4, '\n');
        let (Some(origin), Some(size), Some(root), Some(rest)) =
            (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(CheckpointError::Lines);
        };
        let rest_ends = rest.is_empty() || rest.ends_with('\n');
        if !rest_ends || rest.split_terminator('\n').any(str::is_empty) {
            return Err(CheckpointError::Lines);
        }
        if !is_plain(rest) {
            return Err(CheckpointError::Extensions);
        }
        let size = decimal(size).ok_or_else(|| CheckpointError::Size(beginning(size)))?;
        let root = hash_from_base64(root).ok_or_else(|| CheckpointError::Root(beginning(root)))?;
        Ok(Self { extensions: rest.to_owned(), ..Self::new(origin, size, root)? })
    }

    /// The text that is signed: origin, size and root, and what lines followed them when it was read.
    #[must_use]
    pub fn text(&self) -> String {
        let Self { origin, size, root, extensions } = self;
        format!("{origin}\n{size}\n{}\n{extensions}", to_base64(&root.0))
    }

    /// The log it is of.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root of that many leaves.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.root
    }
}

/// As much of a line as an error may show.
fn beginning(line: &str) -> String {
    line.chars().take(ORIGIN_BYTES_MAX).collect()
}
