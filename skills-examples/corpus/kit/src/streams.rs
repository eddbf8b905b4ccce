//! Standard input and output.

use alloc::{string::String, vec::Vec};

use crate::bindings::wasi::{
    cli::{stderr, stdin, stdout},
    io::streams::{InputStream, OutputStream},
};

/// What one write takes at most.
const WRITE_BYTES: usize = 4096;
const READ_BYTES: u64 = 65_536;

/// All of standard input.
pub fn input_bytes() -> Vec<u8> {
    read_to_end(&stdin::get_stdin())
}

/// All of standard input, as text.
pub fn input() -> String {
    String::from_utf8(input_bytes()).unwrap_or_default()
}

/// Writes to standard output.
pub fn say(text: &str) {
    write_all(&stdout::get_stdout(), text.as_bytes());
}

/// Writes to standard error.
pub fn complain(text: &str) {
    write_all(&stderr::get_stderr(), text.as_bytes());
}

pub(crate) fn read_to_end(stream: &InputStream) -> Vec<u8> {
    let mut all = Vec::new();
    while let Ok(more) = stream.blocking_read(READ_BYTES) {
        all.extend_from_slice(&more);
    }
    all
}

pub(crate) fn write_all(stream: &OutputStream, bytes: &[u8]) -> bool {
    bytes.chunks(WRITE_BYTES).all(|chunk| stream.blocking_write_and_flush(chunk).is_ok())
}
