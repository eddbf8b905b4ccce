//! Waiting for one of several things.

use super::{
    call::Call,
    clocks::{Clock, nanoseconds},
    errno::{Answer, Errno, Failure},
    flags::{flags, value},
    table::{Descriptor, File, Handle, Standard, descriptor, resource},
};
use crate::{
    Shim,
    bindings::wasi::{
        clocks::{monotonic_clock::HostWithStore as Monotonic, wall_clock::HostWithStore as Wall},
        filesystem::types::HostDescriptorWithStore as Files,
        io::{
            poll::{HostPollableWithStore, HostWithStore as Poll},
            streams::{HostInputStreamWithStore as Inputs, HostOutputStreamWithStore as Outputs},
        },
    },
};

/// Bytes of a `subscription`.
const SUBSCRIPTION_BYTES: u32 = 48;
/// Bytes of an `event`.
const EVENT_BYTES: usize = 32;
/// Of a file at its end.
const HANGUP: u16 = 1;
/// Of a clock: its time is a time of day or the like, and no duration.
const ABSOLUTE: u32 = 1;

/// What is waited for.
#[derive(Debug, Clone, Copy)]
enum Awaited {
    Clock { clock: Option<Clock>, timeout: u64, is_absolute: bool },
    Read(u32),
    Write(u32),
}

#[derive(Debug, Clone, Copy)]
struct Subscription {
    userdata: u64,
    awaited: Awaited,
}

/// Handles that are open for as long as it is waited.
#[derive(Debug, Default)]
struct Open {
    pollables: Vec<Handle>,
    inputs: Vec<Handle>,
    outputs: Vec<Handle>,
}

pub(super) fn poll_oneoff(
    call: &mut Call<'_>,
    subscriptions: u32,
    events: u32,
    count: u32,
    out: u32,
) -> Answer<()> {
    if count == 0 {
        return Err(Errno::Inval.into());
    }
    let mut open = Open::default();
    let waited = match wait(call, subscriptions, count, &mut open) {
        // Nothing is called once the run is over.
        Err(end @ Failure::End(_)) => return Err(end),
        waited => waited,
    };
    open.close(call)?;
    let mut at = events;
    let ready = waited?;
    for subscription in &ready {
        let (ty, bytes, flags) = happened(call, subscription.awaited)?;
        let mut event = [0; EVENT_BYTES];
        event[..8].copy_from_slice(&subscription.userdata.to_le_bytes());
        event[10] = ty;
        event[16..24].copy_from_slice(&bytes.to_le_bytes());
        event[24..26].copy_from_slice(&flags.to_le_bytes());
        call.check_aligned(at, 8)?;
        at = call.put_before(at, &event)?;
    }
    call.put_u32(out, u32::try_from(ready.len()).map_err(|_| Errno::Overflow)?)
}

/// Waits; gives what is ready.
fn wait(call: &mut Call<'_>, list: u32, count: u32, open: &mut Open) -> Answer<Vec<Subscription>> {
    // As many as there are handles for: the limit on those ends a longer list.
    let mut all = Vec::new();
    for number in 0..count {
        let at = number.checked_mul(SUBSCRIPTION_BYTES).and_then(|offset| list.checked_add(offset));
        let at = at.ok_or_else(|| call.misuse("its list of subscriptions is longer than any memory"))?;
        let subscription = read(call, at)?;
        let pollable = subscribe(call, subscription.awaited, open)?;
        open.pollables.push(pollable);
        all.push(subscription);
    }
    let pollables = open.pollables.iter().map(|pollable| resource(*pollable)).collect();
    let mut is_ready = vec![false; all.len()];
    for number in <Shim as Poll<_>>::poll(call.host(), pollables)? {
        if let Some(is_ready) = is_ready.get_mut(number as usize) {
            *is_ready = true;
        }
    }
    // In the order of the list, each once, whoever answered.
    Ok(all
        .into_iter()
        .zip(is_ready)
        .filter_map(|(subscription, is_ready)| is_ready.then_some(subscription))
        .collect())
}

fn read(call: &mut Call<'_>, at: u32) -> Answer<Subscription> {
    const KINDS: u32 = 3;
    call.check_aligned(at, 8)?;
    let record: [u8; SUBSCRIPTION_BYTES as usize] = *call.array(at)?;
    let number = |from: usize, bytes: usize| {
        record[from..from + bytes].iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
    };
    let short = |from, bytes| u32::try_from(number(from, bytes)).unwrap_or(u32::MAX);
    let awaited = match value(record[8].into(), KINDS)? {
        0 => Awaited::Clock {
            clock: Clock::of(short(16, 4))?,
            timeout: number(24, 8),
            is_absolute: flags(short(40, 2), ABSOLUTE)? == ABSOLUTE,
        },
        1 => Awaited::Read(short(16, 4)),
        _ => Awaited::Write(short(16, 4)),
    };
    Ok(Subscription { userdata: number(0, 8), awaited })
}

fn subscribe(call: &mut Call<'_>, awaited: Awaited, open: &mut Open) -> Answer<Handle> {
    match awaited {
        Awaited::Clock { clock, timeout, is_absolute } => {
            let instant = match (clock, is_absolute) {
                (None, _) => return Err(Errno::Inval.into()),
                (Some(_), false) => timeout,
                (Some(Clock::Monotonic), true) => {
                    return Ok(<Shim as Monotonic<_>>::subscribe_instant(call.host(), timeout)?.rep());
                }
                // What is past is waited for no time.
                (Some(Clock::Realtime), true) => {
                    let now = nanoseconds(<Shim as Wall<_>>::now(call.host())?)?;
                    timeout.saturating_sub(now)
                }
            };
            Ok(<Shim as Monotonic<_>>::subscribe_duration(call.host(), instant)?.rep())
        }
        Awaited::Read(fd) => {
            let stream = match *call.descriptor(fd)? {
                Descriptor::Standard(Standard::Input, _) => call.standard(fd)?,
                Descriptor::File(File { handle, position, .. }) => {
                    let stream =
                        <Shim as Files<_>>::read_via_stream(call.host(), descriptor(handle), position)??
                            .rep();
                    open.inputs.push(stream);
                    stream
                }
                _ => return Err(Errno::Badf.into()),
            };
            Ok(<Shim as Inputs<_>>::subscribe(call.host(), resource(stream))?.rep())
        }
        Awaited::Write(fd) => {
            let stream = match *call.descriptor(fd)? {
                Descriptor::Standard(Standard::Output | Standard::Error, _) => call.standard(fd)?,
                Descriptor::File(file) => {
                    let stream = output(call, file)?;
                    open.outputs.push(stream);
                    stream
                }
                _ => return Err(Errno::Badf.into()),
            };
            Ok(<Shim as Outputs<_>>::subscribe(call.host(), resource(stream))?.rep())
        }
    }
}

fn output(call: &mut Call<'_>, file: File) -> Answer<Handle> {
    let handle = descriptor(file.handle);
    Ok(match file.append {
        true => <Shim as Files<_>>::append_via_stream(call.host(), handle)??.rep(),
        false => <Shim as Files<_>>::write_via_stream(call.host(), handle, file.position)??.rep(),
    })
}

impl Open {
    /// What was opened last is closed first: pollables before their streams.
    fn close(self, call: &mut Call<'_>) -> Answer<()> {
        for pollable in self.pollables {
            <Shim as HostPollableWithStore<_>>::drop(call.host(), resource(pollable))?;
        }
        for stream in self.inputs {
            call.drop_input(stream)?;
        }
        for stream in self.outputs {
            call.drop_output(stream)?;
        }
        Ok(())
    }
}

/// An event's type, bytes and flags.
fn happened(call: &mut Call<'_>, awaited: Awaited) -> Answer<(u8, u64, u16)> {
    /// At least so much can be read or written: nobody knows how much it is.
    const SOME_BYTES: u64 = 1;
    Ok(match awaited {
        Awaited::Clock { .. } => (0, 0, 0),
        Awaited::Read(fd) => match *call.descriptor(fd)? {
            Descriptor::File(file) => {
                let stat = <Shim as Files<_>>::stat(call.host(), descriptor(file.handle))??;
                (1, SOME_BYTES, if stat.size > file.position { 0 } else { HANGUP })
            }
            _ => (1, SOME_BYTES, 0),
        },
        Awaited::Write(_) => (2, SOME_BYTES, 0),
    })
}
