//! The clock, as QuickJS reads it.

use std::{
    ffi::{c_int, c_void},
    sync::atomic::{AtomicBool, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

/// Whether the script runs.
static IS_RUNNING: AtomicBool = AtomicBool::new(false);

/// `struct timeval` of wasi-libc.
#[repr(C)]
pub struct Timeval {
    seconds: i64,
    microseconds: i64,
}

/// From here on, the engine may know the time.
pub fn start() {
    IS_RUNNING.store(true, Ordering::Relaxed);
}

/// Milliseconds since 1970.
pub fn now_ms() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as f64
}

/// In place of `gettimeofday`. QuickJS seeds `Math.random` with the time when it is made: every script would look
/// at the clock, whether it asks for the time or not. Until the script runs, it is 1970.
///
/// # Safety
///
/// `to` is valid to write, as QuickJS has it.
#[unsafe(no_mangle)]
unsafe extern "C" fn engine_gettimeofday(to: *mut Timeval, _zone: *mut c_void) -> c_int {
    let ms = if IS_RUNNING.load(Ordering::Relaxed) { now_ms() as i64 } else { 0 };
    let time = Timeval { seconds: ms / 1000, microseconds: ms % 1000 * 1000 };
    // SAFETY: the caller's promise.
    unsafe { to.write(time) };
    0
}
