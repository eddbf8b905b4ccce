//! `wasi:clocks/monotonic-clock`

use invar_envelope::AccessRequest;
use invar_trace::functions::monotonic_clock as f;
use wasmtime::component::Resource;

use crate::{
    Context, Membrane, Shim,
    access_policy::AccessPolicy,
    bindings::wasi::{
        clocks::monotonic_clock::{Host as Marker, HostWithStore},
        io::poll::Pollable as PollableResource,
    },
    funnel::{Host, NO_ARGUMENTS, ToAccessRequest, infallible},
    handles::{Handle, Pollable},
    port::Interest,
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
        infallible(host, f::NOW, NO_ARGUMENTS, MonotonicClock, |context, allowed| {
            Ok(context.monotonic(allowed))
        })
    }

    fn resolution(host: Host<'_>) -> wasmtime::Result<u64> {
        infallible(host, f::RESOLUTION, NO_ARGUMENTS, (), |context, _| {
            Ok(context.machine.resolution_ns.unwrap_or(1))
        })
    }

    fn subscribe_instant(host: Host<'_>, when: u64) -> wasmtime::Result<Resource<PollableResource>> {
        infallible(host, f::SUBSCRIBE_INSTANT, &(when,), MonotonicClock, |context, allowed| {
            // An instant is as far away as it is from the present that the skill sees: refused, its clock starts at
            // nothing; and where waiting is skipped, its clock stays behind.
            let clock = context.world.clock();
            let present = if allowed { clock.monotonic_ns() } else { context.refused_monotonic_ns };
            let at_ns = clock.reached_ns().saturating_add(when.saturating_sub(present));
            context.timer(at_ns)
        })
    }

    fn subscribe_duration(host: Host<'_>, duration: u64) -> wasmtime::Result<Resource<PollableResource>> {
        infallible(host, f::SUBSCRIBE_DURATION, &(duration,), MonotonicClock, |context, _| {
            let at_ns = context.world.clock().reached_ns().saturating_add(duration);
            context.timer(at_ns)
        })
    }
}

impl Context {
    /// The monotonic clock; refused, one nanosecond a call, so that loops on it end.
    fn monotonic(&mut self, allowed: bool) -> u64 {
        match allowed {
            true => self.world.clock().monotonic_ns(),
            false => {
                self.refused_monotonic_ns += 1;
                self.refused_monotonic_ns
            }
        }
    }

    fn timer(&mut self, at_ns: u64) -> Result<Resource<PollableResource>, Stop> {
        self.handles.open(Handle::Pollable(Pollable::For(Interest::Timer(at_ns))))
    }
}
