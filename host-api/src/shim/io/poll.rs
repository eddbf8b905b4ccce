//! `wasi:io/poll`: over virtual time.

use invar_trace::functions::poll as f;
use wasmtime::component::Resource;

use crate::{
    Membrane, Shim,
    bindings::wasi::io::poll::{
        Host as Marker, HostPollable, HostPollableWithStore, HostWithStore, Pollable,
    },
    funnel::{Host, infallible},
    handles::Pollable as Waits,
    shim::{no_methods, sockets::State},
    stop::Stop,
};

no_methods!(Marker, HostPollable);

impl HostPollableWithStore<Membrane> for Shim {
    fn ready(host: Host<'_>, pollable: Resource<Pollable>) -> wasmtime::Result<bool> {
        let request = (&pollable,);
        infallible(host, f::POLLABLE_READY, &request, (), |membrane, _| {
            let ready = membrane.ready_ns(&pollable)?;
            Ok(ready.is_some_and(|at| at <= membrane.ports.clocks.reached_ns()))
        })
    }

    fn block(host: Host<'_>, pollable: Resource<Pollable>) -> wasmtime::Result<()> {
        let request = (&pollable,);
        infallible(host, f::POLLABLE_BLOCK, &request, (), |membrane, _| {
            let ready = membrane.ready_ns(&pollable)?;
            membrane.wait(ready)
        })
    }

    fn drop(host: Host<'_>, pollable: Resource<Pollable>) -> wasmtime::Result<()> {
        let request = (&pollable,);
        infallible(host, f::POLLABLE_DROP, &request, (), |membrane, _| {
            membrane.handles.close(&pollable).map(drop)
        })
    }
}

impl HostWithStore<Membrane> for Shim {
    fn poll(host: Host<'_>, pollables: Vec<Resource<Pollable>>) -> wasmtime::Result<Vec<u32>> {
        let request = (&pollables,);
        infallible(host, f::POLL, &request, (), |membrane, _| {
            if pollables.is_empty() {
                return Err(Stop::Misuse("poll was called with an empty list".into()));
            }
            membrane.work.poll(pollables.len())?;
            let ready: Vec<Option<u64>> =
                pollables.iter().map(|pollable| membrane.ready_ns(pollable)).collect::<Result<_, _>>()?;
            // The earliest of all; in the order of the list among those that are ready then.
            membrane.wait(ready.iter().flatten().min().copied())?;
            let now = membrane.ports.clocks.reached_ns();
            Ok((0u32..)
                .zip(ready)
                .filter(|(_, at)| at.is_some_and(|at| at <= now))
                .map(|(index, _)| index)
                .collect())
        })
    }
}

impl Membrane {
    /// When what a pollable waits for happens, as clocks reach it; none: never, as things stand.
    fn ready_ns(&mut self, pollable: &Resource<Pollable>) -> Result<Option<u64>, Stop> {
        Ok(match *self.handles.pollable(pollable)? {
            Waits::Always => Some(0),
            Waits::At(at) => Some(at),
            Waits::Receive(connection) => self.ports.network.receive_ready_ns(connection),
            Waits::Head(exchange) => Some(self.ports.network.head_ready_ns(exchange)),
            Waits::Body(exchange) => Some(self.ports.network.body_ready_ns(exchange)),
            Waits::Datagrams(datagrams) => self.ports.network.datagram_ready_ns(datagrams),
            Waits::Socket(number) => match self.handles.socket_of(number).map(|socket| &socket.state) {
                Some(State::Connecting { outcome, .. }) => Some(outcome.at_ns),
                Some(State::Listening(listener)) => self.ports.network.accept_ready_ns(*listener),
                _ => Some(0),
            },
        })
    }

    /// Waits until `at_ns`, or stops a run that waits for what can never happen.
    pub(super) fn wait(&mut self, at_ns: Option<u64>) -> Result<(), Stop> {
        let at_ns = at_ns.ok_or(Stop::Deadlock)?;
        self.ports.clocks.wait_until(at_ns);
        Ok(())
    }
}
