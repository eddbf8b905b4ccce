//! `wasi:io/poll`

use invar_trace::functions::poll as f;
use wasmtime::component::Resource;

use crate::{
    Context, Membrane, Shim,
    bindings::wasi::io::poll::{
        Host as Marker, HostPollable, HostPollableWithStore, HostWithStore, Pollable,
    },
    funnel::{Host, infallible},
    handles::Pollable as Waits,
    port::Interest,
    shim::{no_methods, sockets::State},
    stop::Stop,
};

no_methods!(Marker, HostPollable);

impl HostPollableWithStore<Membrane> for Shim {
    fn ready(host: Host<'_>, pollable: Resource<Pollable>) -> wasmtime::Result<bool> {
        let request = (&pollable,);
        infallible(host, f::POLLABLE_READY, &request, (), |context, _| {
            let interest = context.interest(&pollable)?;
            Ok(context.world.is_ready(interest))
        })
    }

    fn block(host: Host<'_>, pollable: Resource<Pollable>) -> wasmtime::Result<()> {
        let request = (&pollable,);
        infallible(host, f::POLLABLE_BLOCK, &request, (), |context, _| {
            let interest = context.interest(&pollable)?;
            context.world.wait(&[interest])
        })
    }

    fn drop(host: Host<'_>, pollable: Resource<Pollable>) -> wasmtime::Result<()> {
        let request = (&pollable,);
        infallible(host, f::POLLABLE_DROP, &request, (), |context, _| {
            context.handles.close(&pollable).map(drop)
        })
    }
}

impl HostWithStore<Membrane> for Shim {
    fn poll(host: Host<'_>, pollables: Vec<Resource<Pollable>>) -> wasmtime::Result<Vec<u32>> {
        let request = (&pollables,);
        infallible(host, f::POLL, &request, (), |context, _| {
            if pollables.is_empty() {
                return Err(Stop::Misuse("poll was called with an empty list".into()));
            }
            context.work.poll(pollables.len(), &context.limits)?;
            let interests: Vec<Interest> =
                pollables.iter().map(|pollable| context.interest(pollable)).collect::<Result<_, _>>()?;
            context.world.wait(&interests)?;
            // In the order of the list.
            let ready = (0u32..).zip(interests).filter(|(_, interest)| context.world.is_ready(*interest));
            Ok(ready.map(|(index, _)| index).collect())
        })
    }
}

impl Context {
    /// What a pollable waits for, as things stand.
    fn interest(&mut self, pollable: &Resource<Pollable>) -> Result<Interest, Stop> {
        Ok(match *self.handles.pollable(pollable)? {
            Waits::For(interest) => interest,
            Waits::Socket(number) => match self.handles.socket_of(number).map(|socket| &socket.state) {
                Some(State::Connecting { attempt, .. }) => Interest::Connect(*attempt),
                Some(State::Listening(listener)) => Interest::Accept(*listener),
                _ => Interest::Always,
            },
        })
    }
}
