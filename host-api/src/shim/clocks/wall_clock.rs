//! `wasi:clocks/wall-clock`

use invar_envelope::Wants;
use invar_trace::functions::wall_clock as f;
use invar_world::Timestamp;

use super::datetime;
use crate::{
    Membrane, Shim,
    bindings::wasi::clocks::wall_clock::{Datetime, Host as Marker, HostWithStore},
    funnel::{Asks, Host, NO_ARGUMENTS, plain},
    gate::Gate,
    shim::no_methods,
};

no_methods!(Marker);

/// The time of day.
pub(super) struct WallClock;

impl Asks for WallClock {
    fn wants<'a>(&'a self, _: &'a Gate) -> Wants<'a> {
        Wants::WallClock
    }
}

/// What the wall clock shows to those who may not read it.
pub(super) const REFUSED: Timestamp = Timestamp(946_684_800_000_000_000); // 2000-01-01T00:00:00Z

impl HostWithStore<Membrane> for Shim {
    fn now(host: Host<'_>) -> wasmtime::Result<Datetime> {
        plain(host, f::NOW, NO_ARGUMENTS, WallClock, |membrane, allowed| {
            Ok(datetime(if allowed { membrane.ports.clocks.wall() } else { REFUSED }))
        })
    }

    fn resolution(host: Host<'_>) -> wasmtime::Result<Datetime> {
        plain(host, f::RESOLUTION, NO_ARGUMENTS, (), |_, _| Ok(datetime(Timestamp(1))))
    }
}
