//! What a log asks of a witness (tlog-witness, add-checkpoint).

use std::fmt;

use invar_ledger::{
    Hash, SignedCheckpoint,
    checkpoint::SignedCheckpointError,
    note::NOTE_BYTES_MAX,
    text::{decimal, hash_from_base64, is_plain, quoted, to_base64},
};
use thiserror::Error;

/// Hashes of a proof of consistency at most: the protocol allows no more.
pub const CONSISTENCY_HASHES_MAX: usize = 63;
/// Bytes of a request's body at most: the longest note, the longest proof, and the first line.
pub const REQUEST_BYTES_MAX: usize = NOTE_BYTES_MAX + CONSISTENCY_HASHES_MAX * 45 + 64;

/// A checkpoint to cosign, and the proof that it continues the one that the witness cosigned last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    old: u64,
    proof: Vec<Hash>,
    checkpoint: SignedCheckpoint,
}

/// Why bytes are no such request.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RequestError {
    /// More than [`REQUEST_BYTES_MAX`].
    #[error("the request has {0} bytes, more than {REQUEST_BYTES_MAX}; send fewer signatures")]
    TooLong(usize),
    /// Not UTF-8, or with control characters.
    #[error("the request is not plain text; send `old SIZE`, the proof, an empty line and a checkpoint")]
    NotPlain,
    /// No old size.
    #[error("the request begins with {}, not with `old` and a decimal number", quoted(.0))]
    Old(String),
    /// A line of the proof that is no hash.
    #[error("hash {at} of the proof is {}, not base64 of 32 bytes", quoted(.line))]
    Hash {
        /// Which, from 1 on.
        at: usize,
        /// What stands there.
        line: String,
    },
    /// More than [`CONSISTENCY_HASHES_MAX`].
    #[error("the proof has more than {CONSISTENCY_HASHES_MAX} hashes; no tree needs more")]
    TooManyHashes,
    /// No empty line after the proof.
    #[error("the request has no empty line before its checkpoint; is it cut off?")]
    NoCheckpoint,
    /// No checkpoint.
    #[error("the checkpoint of the request: {0}")]
    Checkpoint(#[from] SignedCheckpointError),
}

impl AddCheckpoint {
    /// Asks to cosign the checkpoint after one of size `old`, which the proof shows to be its beginning.
    ///
    /// # Errors
    /// If the proof is too long.
    pub fn new(old: u64, proof: Vec<Hash>, checkpoint: SignedCheckpoint) -> Result<Self, RequestError> {
        if proof.len() > CONSISTENCY_HASHES_MAX {
            return Err(RequestError::TooManyHashes);
        }
        Ok(Self { old, proof, checkpoint })
    }

    /// The request of a body.
    ///
    /// # Errors
    /// If it is not one, or passes one of the limits.
    pub fn parse(body: &[u8]) -> Result<Self, RequestError> {
        if body.len() > REQUEST_BYTES_MAX {
            return Err(RequestError::TooLong(body.len()));
        }
        let text = str::from_utf8(body).ok().filter(|text| is_plain(text)).ok_or(RequestError::NotPlain)?;
        let (head, note) = text.split_once("\n\n").ok_or(RequestError::NoCheckpoint)?;
        let mut lines = head.split('\n');
        let first = lines.next().unwrap_or_default();
        let old = first.strip_prefix("old ").and_then(decimal);
        let old = old.ok_or_else(|| RequestError::Old(beginning(first)))?;
        let mut proof = Vec::new();
        for line in lines {
            if proof.len() == CONSISTENCY_HASHES_MAX {
                return Err(RequestError::TooManyHashes);
            }
            let hash = hash_from_base64(line);
            proof
                .push(hash.ok_or_else(|| RequestError::Hash { at: proof.len() + 1, line: beginning(line) })?);
        }
        Ok(Self { old, proof, checkpoint: SignedCheckpoint::parse(note.as_bytes())? })
    }

    /// How many leaves the checkpoint had that the witness is said to have cosigned last; 0 if none.
    #[must_use]
    pub fn old(&self) -> u64 {
        self.old
    }

    /// The proof of consistency (RFC 6962, 2.1.2).
    #[must_use]
    pub fn proof(&self) -> &[Hash] {
        &self.proof
    }

    /// The checkpoint to cosign.
    #[must_use]
    pub fn checkpoint(&self) -> &SignedCheckpoint {
        &self.checkpoint
    }
}

/// As much of a line as an error may show.
fn beginning(line: &str) -> String {
    line.chars().take(64).collect()
}

/// The body, which [`AddCheckpoint::parse`] gives back.
impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{}", to_base64(&hash.0)))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::testing::{hashes, signed_checkpoints};

    /// From the specification, which does not tell the keys.
    const EXAMPLE: &str = "old 20852014\n\
        PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n\
        jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n\
        5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n\
        /6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n\
        \n\
        example.com/behind-the-sofa\n\
        20852163\n\
        CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\
        \n\
        — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\
        — example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=\n";

    #[test]
    fn the_example_of_the_specification_is_read() {
        let request = AddCheckpoint::parse(EXAMPLE.as_bytes()).unwrap();
        assert_eq!((request.old(), request.proof().len()), (20_852_014, 4));
        assert_eq!(request.checkpoint().checkpoint().size(), 20_852_163);
        assert_eq!(request.checkpoint().note().signatures().len(), 2);
        assert_eq!(request.to_string(), EXAMPLE);
    }

    #[test]
    fn what_is_no_request_is_refused() {
        let error = |text: &str| AddCheckpoint::parse(text.as_bytes()).unwrap_err();
        assert_eq!(error(""), RequestError::NoCheckpoint);
        assert_eq!(error("old 0\n"), RequestError::NoCheckpoint);
        assert!(matches!(error(&EXAMPLE.replace("old 20852014", "old 020852014")), RequestError::Old(_)));
        assert!(matches!(error(&EXAMPLE.replace("old 20852014", "old")), RequestError::Old(_)));
        assert!(matches!(error(&EXAMPLE.replace("old 20852014\n", "")), RequestError::Old(_)));
        assert!(matches!(error(&EXAMPLE.replace("old", "Old")), RequestError::Old(_)));
        assert!(matches!(error(&EXAMPLE.replace("kaw=", "kax=")), RequestError::Hash { at: 1, .. }));
        assert!(matches!(error(&EXAMPLE.replace("PlRN", "")), RequestError::Hash { at: 1, .. }));
        assert!(matches!(error(&EXAMPLE.replacen("\n\n", "\n", 1)), RequestError::Hash { at: 5, .. }));
        assert!(matches!(error(&EXAMPLE.replacen("\n\n", "\n\n\n", 1)), RequestError::Checkpoint(_)));
        assert!(matches!(error(EXAMPLE.trim_end()), RequestError::Checkpoint(_)));
        assert_eq!(error(&EXAMPLE.replace('\n', "\r\n")), RequestError::NotPlain);
        assert_eq!(AddCheckpoint::parse(b"old 0\n\n\xff"), Err(RequestError::NotPlain));
    }

    #[test]
    fn floods_are_refused() {
        let hash = format!("{}\n", to_base64(&[0; 32]));
        let long = |hashes: usize| EXAMPLE.replacen('\n', &format!("\n{}", hash.repeat(hashes)), 1);
        assert!(AddCheckpoint::parse(long(CONSISTENCY_HASHES_MAX - 4).as_bytes()).is_ok());
        let too_long = AddCheckpoint::parse(long(CONSISTENCY_HASHES_MAX - 3).as_bytes());
        assert_eq!(too_long, Err(RequestError::TooManyHashes));
        let checkpoint = AddCheckpoint::parse(EXAMPLE.as_bytes()).unwrap().checkpoint;
        let proof = vec![Hash::default(); CONSISTENCY_HASHES_MAX + 1];
        assert_eq!(AddCheckpoint::new(0, proof, checkpoint), Err(RequestError::TooManyHashes));
        let bytes = vec![b'x'; REQUEST_BYTES_MAX + 1];
        assert!(matches!(AddCheckpoint::parse(&bytes), Err(RequestError::TooLong(_))));
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_again(
            old: u64,
            proof in vec(hashes(), 0..5),
            checkpoint in signed_checkpoints(),
        ) {
            let request = AddCheckpoint::new(old, proof, checkpoint).unwrap();
            prop_assert_eq!(AddCheckpoint::parse(request.to_string().as_bytes()), Ok(request));
        }

        #[test]
        fn anything_is_read_or_refused(bytes: Vec<u8>, text in r"(?s)(old |[0-9]|\n|[A-Z]{43}=|— |.){0,12}") {
            let _ = AddCheckpoint::parse(&bytes);
            if let Ok(request) = AddCheckpoint::parse(text.as_bytes()) {
                prop_assert_eq!(request.to_string(), text);
            }
        }
    }
}
