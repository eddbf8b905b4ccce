//! `wasi:clocks/timezone`: always UTC.

use invar_trace::functions::timezone as f;

use crate::{
    Membrane, Shim,
    bindings::wasi::clocks::{
        timezone::{Host as Marker, HostWithStore, TimezoneDisplay},
        wall_clock::Datetime,
    },
    funnel::{Host, infallible},
    shim::no_methods,
};

no_methods!(Marker);

impl HostWithStore<Membrane> for Shim {
    fn display(host: Host<'_>, when: Datetime) -> wasmtime::Result<TimezoneDisplay> {
        infallible(host, f::DISPLAY, &(when,), (), |_, _| {
            Ok(TimezoneDisplay { utc_offset: 0, name: "UTC".into(), in_daylight_saving_time: false })
        })
    }

    fn utc_offset(host: Host<'_>, when: Datetime) -> wasmtime::Result<i32> {
        infallible(host, f::UTC_OFFSET, &(when,), (), |_, _| Ok(0))
    }
}
