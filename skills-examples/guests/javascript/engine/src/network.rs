//! Connections.

use std::{
    ffi::c_int,
    io::{Read as _, Write as _},
    net::TcpStream,
    os::fd::AsRawFd as _,
};

use crate::host;

/// Longest wait for an answer.
const PATIENCE_MS: c_int = 2_000;
/// Readable, as wasi-libc numbers it.
const POLLIN: i16 = 1;

#[repr(C)]
struct PollFd {
    fd: c_int,
    events: i16,
    revents: i16,
}

unsafe extern "C" {
    fn poll(fds: *mut PollFd, count: usize, timeout_ms: c_int) -> c_int;
}

/// Connects, sends, and returns what is answered until the other side is done or silent; nothing without a
/// connection.
pub fn ask(name: &str, port: u16, text: &str) -> Option<String> {
    let mut connection = TcpStream::connect((name, port)).ok()?;
    let _ = connection.write_all(text.as_bytes());
    let mut answer = Vec::new();
    let mut part = [0; 1024];
    while is_readable(&connection) {
        match connection.read(&mut part) {
            Ok(0) | Err(_) => break,
            Ok(len) => answer.extend_from_slice(&part[..len]),
        }
    }
    Some(host::text(&answer))
}

/// Waits until there is something to read, or the end.
fn is_readable(connection: &TcpStream) -> bool {
    let mut fd = PollFd { fd: connection.as_raw_fd(), events: POLLIN, revents: 0 };
    // SAFETY: one entry, which may be written to.
    unsafe { poll(&mut fd, 1, PATIENCE_MS) > 0 }
}
