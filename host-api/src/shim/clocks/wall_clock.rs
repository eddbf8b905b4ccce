//! `wasi:clocks/wall-clock`

use invar_envelope::AccessRequest;
use invar_trace::functions::wall_clock as f;
use invar_world::Timestamp;

use super::datetime;
use crate::{
    Membrane, Shim,
    access_policy::AccessPolicy,
    bindings::wasi::clocks::wall_clock::{Datetime, Host as Marker, HostWithStore},
    funnel::{Host, NO_ARGUMENTS, ToAccessRequest, infallible},
    shim::no_methods,
};

no_methods!(Marker);

/// The time of day.
pub(super) struct WallClock;

impl ToAccessRequest for WallClock {
    fn access_request<'a>(&'a self, _: &'a AccessPolicy) -> AccessRequest<'a> {
        AccessRequest::WallClock
    }
}

/// What the wall clock shows to those who may not read it.
pub(super) const REFUSED: Timestamp = Timestamp(946_684_800_000_000_000); // 2000-01-01T00:00:00Z

impl HostWithStore<Membrane> for Shim {
    fn now(host: Host<'_>) -> wasmtime::Result<Datetime> {
        infallible(host, f::NOW, NO_ARGUMENTS, WallClock, |context, allowed| {
            Ok(datetime(if allowed { context.world.clock().wall() } else { REFUSED }))
        })
    }

    fn resolution(host: Host<'_>) -> wasmtime::Result<Datetime> {
        infallible(host, f::RESOLUTION, NO_ARGUMENTS, (), |context, _| {
            Ok(datetime(Timestamp(context.machine.resolution_ns.unwrap_or(1))))
        })
    }
}
