//! `wasi:cli/stdin`, `stdout` and `stderr`

use invar_trace::functions as f;
use wasmtime::component::Resource;

use crate::{
    Membrane, Shim,
    bindings::wasi::{
        cli::{stderr, stdin, stdout},
        io::streams::{InputStream, OutputStream},
    },
    funnel::{Host, NO_ARGUMENTS, infallible},
    handles::{Handle, Input, Sink},
    shim::no_methods,
};

no_methods!(stdin::Host, stdout::Host, stderr::Host);

impl stdin::HostWithStore<Membrane> for Shim {
    fn get_stdin(host: Host<'_>) -> wasmtime::Result<Resource<InputStream>> {
        infallible(host, f::stdin::GET_STDIN, NO_ARGUMENTS, (), |context, _| {
            context.handles.open(Handle::Input(Input::Stdin))
        })
    }
}

impl stdout::HostWithStore<Membrane> for Shim {
    fn get_stdout(host: Host<'_>) -> wasmtime::Result<Resource<OutputStream>> {
        infallible(host, f::stdout::GET_STDOUT, NO_ARGUMENTS, (), |context, _| {
            context.handles.open(Handle::Output(Sink::Stdout))
        })
    }
}

impl stderr::HostWithStore<Membrane> for Shim {
    fn get_stderr(host: Host<'_>) -> wasmtime::Result<Resource<OutputStream>> {
        infallible(host, f::stderr::GET_STDERR, NO_ARGUMENTS, (), |context, _| {
            context.handles.open(Handle::Output(Sink::Stderr))
        })
    }
}
