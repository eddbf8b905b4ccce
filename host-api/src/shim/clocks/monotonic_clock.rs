//! `wasi:clocks/monotonic-clock`

use invar_envelope::AccessRequest;
use invar_trace::functions::monotonic_clock as f;
use wasmtime::component::Resource;

use crate::{
    Membrane, Shim,
    access_policy::AccessPolicy,
    bindings::wasi::{
        clocks::monotonic_clock::{Host as Marker, HostWithStore},
        io::poll::Pollable as PollableResource,
    },
    funnel::{Host, NO_ARGUMENTS, ToAccessRequest, infallible},
    handles::{Handle, Pollable},
    shim::no_methods,
    stop::Stop,
};

no_methods!(Marker);

/// The time since some start.
struct MonotonicClock;

impl ToAccessRequest for MonotonicClock {
    fn access_request<'a>(&'a self, _: &'a AccessPolicy) -> AccessRequest<'a> {
        AccessRequest::MonotonicClock
    }
}

impl HostWithStore<Membrane> for Shim {
    fn now(host: Host<'_>) -> wasmtime::Result<u64> {
        infallible(host, f::NOW, NO_ARGUMENTS, MonotonicClock, |membrane, allowed| {
            Ok(membrane.monotonic(allowed))
        })
    }

    fn resolution(host: Host<'_>) -> wasmtime::Result<u64> {
        infallible(host, f::RESOLUTION, NO_ARGUMENTS, (), |_, _| Ok(1))
    }

    fn subscribe_instant(host: Host<'_>, when: u64) -> wasmtime::Result<Resource<PollableResource>> {
        infallible(host, f::SUBSCRIBE_INSTANT, &(when,), MonotonicClock, |membrane, allowed| {
            // An instant is as far away as it is from the present that the skill sees: refused, its clock starts at
            // nothing; and where waiting is skipped, its clock stays behind.
            let clocks = &membrane.ports.clocks;
            let present = if allowed { clocks.monotonic_ns() } else { membrane.refused_monotonic_ns };
            membrane.timer(clocks.reached_ns().saturating_add(when.saturating_sub(present)))
        })
    }

    fn subscribe_duration(host: Host<'_>, duration: u64) -> wasmtime::Result<Resource<PollableResource>> {
        infallible(host, f::SUBSCRIBE_DURATION, &(duration,), MonotonicClock, |membrane, _| {
            membrane.timer(membrane.ports.clocks.reached_ns().saturating_add(duration))
        })
    }
}

impl Membrane {
    /// The monotonic clock; refused, one nanosecond a call, so that loops on it end.
    fn monotonic(&mut self, allowed: bool) -> u64 {
        match allowed {
            true => self.ports.clocks.monotonic_ns(),
            false => {
                self.refused_monotonic_ns += 1;
                self.refused_monotonic_ns
            }
        }
    }

    fn timer(&mut self, at_ns: u64) -> Result<Resource<PollableResource>, Stop> {
        self.handles.open(Handle::Pollable(Pollable::At(at_ns)))
    }
}
