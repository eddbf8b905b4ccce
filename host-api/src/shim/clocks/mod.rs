//! `wasi:clocks`

mod monotonic_clock;
mod timezone;
mod wall_clock;

use invar_world::Timestamp;

use crate::bindings::wasi::clocks::wall_clock::Datetime;

/// A time as the interfaces say it.
pub(in crate::shim) fn datetime(time: Timestamp) -> Datetime {
    let (seconds, nanoseconds) = time.split();
    Datetime { seconds, nanoseconds }
}
