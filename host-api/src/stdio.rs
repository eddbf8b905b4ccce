//! The standard streams of a run.

use crate::{limits::OUTPUT_BYTES_MAX, stop::Stop};

/// The standard streams. Output is kept until the run is over and recorded.
#[derive(Debug, Default)]
pub struct Stdio {
    stdin: Vec<u8>,
    /// Bytes of standard input that were read.
    stdin_read: usize,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
}

impl Stdio {
    pub(crate) fn new(stdin: Vec<u8>) -> Self {
        Self { stdin, ..Self::default() }
    }

    /// Puts this in the place of what is still unread.
    pub(crate) fn set_stdin(&mut self, stdin: Vec<u8>) {
        (self.stdin, self.stdin_read) = (stdin, 0);
    }

    /// The next bytes of standard input; none at its end.
    pub(crate) fn read(&mut self, len: usize) -> Vec<u8> {
        let rest = &self.stdin[self.stdin_read..];
        let bytes = rest[..len.min(rest.len())].to_vec();
        self.stdin_read += bytes.len();
        bytes
    }

    pub(crate) fn write(&mut self, error: bool, bytes: &[u8]) -> Result<(), Stop> {
        if (self.stdout.len() + self.stderr.len() + bytes.len()) as u64 > OUTPUT_BYTES_MAX {
            return Err(Stop::Limit("output"));
        }
        if error { &mut self.stderr } else { &mut self.stdout }.extend_from_slice(bytes);
        Ok(())
    }
}
