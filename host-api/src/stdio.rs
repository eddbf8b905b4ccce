//! The standard streams of a run.

use crate::stop::Stop;

/// The standard streams. Output is kept until the run is over and recorded.
#[derive(Debug)]
pub struct Stdio {
    stdin: Vec<u8>,
    /// Bytes of standard input that were read.
    stdin_read: usize,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
    /// Bytes of both, at most.
    output_bytes_max: u64,
}

impl Stdio {
    pub(crate) fn new(stdin: Vec<u8>, output_bytes_max: u64) -> Self {
        Self { stdin, stdin_read: 0, stdout: Vec::new(), stderr: Vec::new(), output_bytes_max }
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
        if (self.stdout.len() + self.stderr.len() + bytes.len()) as u64 > self.output_bytes_max {
            return Err(Stop::Limit("output"));
        }
        if error { &mut self.stderr } else { &mut self.stdout }.extend_from_slice(bytes);
        Ok(())
    }
}
