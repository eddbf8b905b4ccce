//! Clocks.

use super::{
    call::Call,
    errno::{Answer, Errno},
    flags::value,
};
use crate::{
    Shim,
    bindings::wasi::clocks::{
        monotonic_clock::HostWithStore as Monotonic,
        wall_clock::{Datetime, HostWithStore as Wall},
    },
};

/// A clock that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clock {
    Realtime,
    Monotonic,
}

impl Clock {
    /// The clock of a number; none: the time that a process or thread used, which nobody is told.
    pub(super) fn of(id: u32) -> Answer<Option<Self>> {
        const CLOCKS: u32 = 4;
        Ok(match value(id, CLOCKS)? {
            0 => Some(Self::Realtime),
            1 => Some(Self::Monotonic),
            _ => None,
        })
    }
}

pub(super) fn clock_res_get(call: &mut Call<'_>, id: u32, out: u32) -> Answer<()> {
    let resolution = match Clock::of(id)?.ok_or(Errno::Badf)? {
        Clock::Realtime => nanoseconds(<Shim as Wall<_>>::resolution(call.host())?)?,
        Clock::Monotonic => <Shim as Monotonic<_>>::resolution(call.host())?,
    };
    call.put_u64(out, resolution)
}

pub(super) fn clock_time_get(call: &mut Call<'_>, id: u32, _precision: u64, out: u32) -> Answer<()> {
    let now = match Clock::of(id)?.ok_or(Errno::Badf)? {
        Clock::Realtime => nanoseconds(<Shim as Wall<_>>::now(call.host())?)?,
        Clock::Monotonic => <Shim as Monotonic<_>>::now(call.host())?,
    };
    call.put_u64(out, now)
}

/// A time as one number.
pub(super) fn nanoseconds(time: Datetime) -> Answer<u64> {
    let whole = time.seconds.checked_mul(1_000_000_000);
    Ok(whole.and_then(|ns| ns.checked_add(time.nanoseconds.into())).ok_or(Errno::Overflow)?)
}
