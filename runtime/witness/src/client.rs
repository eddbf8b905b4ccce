//! Asking a witness over the network.

use std::time::Duration;

use invar_ledger::{
    note::{NOTE_BYTES_MAX, NoteSignature},
    text::{decimal, quoted},
};
use thiserror::Error;
use ureq::{Agent, config::Config};

use crate::request::AddCheckpoint;

/// How long a witness may take to be reached. One that is away does not keep the log from the others.
pub const CONNECT_TIME_MAX: Duration = Duration::from_secs(5);
/// How long a witness may take as a whole, whatever it sends meanwhile.
pub const ANSWER_TIME_MAX: Duration = Duration::from_secs(20);
/// Bytes of an answer at most: as many as the signatures of a note may have, and nobody makes us hold more.
pub const ANSWER_BYTES_MAX: usize = NOTE_BYTES_MAX;
/// Bytes of the head of an answer at most: nobody makes us hold more.
pub const ANSWER_HEAD_BYTES_MAX: usize = 16 * 1024;

/// What a witness says. None of it is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// It cosigned.
    Cosigned(Vec<NoteSignature>),
    /// The latest checkpoint that it cosigned is not the one that was named, or has another root.
    Conflict {
        /// Leaves of the latest; nothing if it does not say.
        size: Option<u64>,
    },
    /// It did not cosign.
    Refused {
        /// The status of HTTP.
        status: u16,
        /// The beginning of what it says, escaped.
        text: String,
    },
}

/// Why a witness said nothing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the witness at {url} was not reached: {why}")]
pub struct Unreachable {
    /// Where it should be.
    pub url: String,
    /// What went wrong.
    pub why: String,
}

/// Asks witnesses, over HTTP or HTTPS. It follows no redirects and uses no proxy.
#[derive(Debug, Clone)]
pub struct Client(Agent);

impl Default for Client {
    fn default() -> Self {
        Self::new()
    }
}

impl Client {
    /// One with the limits above.
    #[must_use]
    pub fn new() -> Self {
        Self::with_time(ANSWER_TIME_MAX)
    }

    pub(crate) fn with_time(answer: Duration) -> Self {
        let config = Config::builder()
            .timeout_connect(Some(CONNECT_TIME_MAX))
            .timeout_global(Some(answer))
            .max_response_header_size(ANSWER_HEAD_BYTES_MAX)
            .max_redirects(0)
            .http_status_as_error(false)
            .proxy(None)
            .user_agent("invar")
            .build();
        Self(config.into())
    }

    /// Sends a request to the witness with that URL: what `/add-checkpoint` is put behind.
    ///
    /// # Errors
    /// If it was not reached, or did not answer in time or in HTTP.
    pub fn add_checkpoint(&self, url: &str, request: &AddCheckpoint) -> Result<Reply, Unreachable> {
        let unreachable = |error: ureq::Error| Unreachable { url: url.to_owned(), why: error.to_string() };
        let target = format!("{}/add-checkpoint", url.trim_end_matches('/'));
        let mut response = self.0.post(&target).send(request.to_string()).map_err(unreachable)?;
        let status = response.status().as_u16();
        let body = response.body_mut().with_config().limit(ANSWER_BYTES_MAX as u64).read_to_vec();
        Ok(parse_reply(status, &body.map_err(unreachable)?))
    }
}

/// What an answer says.
pub(crate) fn parse_reply(status: u16, body: &[u8]) -> Reply {
    let text = String::from_utf8_lossy(body);
    match status {
        200 => match NoteSignature::parse_lines(&text) {
            Ok(signatures) => Reply::Cosigned(signatures),
            Err(error) => Reply::Refused { status, text: error.to_string() },
        },
        409 => Reply::Conflict { size: text.strip_suffix('\n').and_then(decimal) },
        _ => Reply::Refused { status, text: quoted(&text) },
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn answers_are_told_apart() {
        let Reply::Cosigned(signatures) = parse_reply(200, "— a AAAAAAA=\n— b AAAAAAA=\n".as_bytes())
        else {
            panic!()
        };
        assert_eq!(signatures.len(), 2);
        assert!(matches!(parse_reply(200, b"fine\n"), Reply::Refused { status: 200, .. }));
        assert_eq!(parse_reply(409, b"7\n"), Reply::Conflict { size: Some(7) });
        for wrong in ["", "7", "07\n", "7\n\n", "seven\n"] {
            assert_eq!(parse_reply(409, wrong.as_bytes()), Reply::Conflict { size: None }, "{wrong:?}");
        }
        let long = "\u{1b}".repeat(1000);
        let Reply::Refused { status: 403, text } = parse_reply(403, long.as_bytes()) else { panic!() };
        assert!(text.len() < 1000 && !text.contains('\u{1b}'));
    }

    proptest! {
        #[test]
        fn any_answer_is_read(status: u16, body: Vec<u8>) {
            let _ = parse_reply(status, &body);
        }
    }
}
