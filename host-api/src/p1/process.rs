//! The process: how it ends, signals, and giving way to others.

use super::{
    call::Call,
    errno::{Answer, Errno},
    flags::value,
};
use crate::{Shim, bindings::wasi::cli::exit::HostWithStore};

/// Ends the run with a status from 0 to 255. Of -1 to -128, which C's `exit` takes, a Unix system tells 255 to 128, and so
/// is told here. Any other status would be told as another one, 256 as success: it is refused.
pub(super) fn proc_exit(call: &mut Call<'_>, status: u32) -> Answer<()> {
    let negative = || i8::try_from(status.cast_signed()).ok().map(i8::cast_unsigned);
    match u8::try_from(status).ok().or_else(negative) {
        Some(code) => Ok(<Shim as HostWithStore<_>>::exit_with_code(call.host(), code)?),
        None => {
            let status = status.cast_signed();
            Err(call.misuse(&format!("the exit status {status} is not within -128 and 255")))
        }
    }
}

pub(super) fn proc_raise(_: &mut Call<'_>, signal: u32) -> Answer<()> {
    const SIGNALS: u32 = 31;
    value(signal, SIGNALS)?;
    Err(Errno::Notsup.into())
}

#[expect(clippy::unnecessary_wraps, reason = "as all functions are called")]
pub(super) fn sched_yield(_: &mut Call<'_>) -> Answer<()> {
    Ok(())
}
