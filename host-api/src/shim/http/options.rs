//! `request-options`

use invar_trace::{FunctionId, functions::http as f};
use wasmtime::component::Resource;

use crate::{
    Membrane, Shim,
    bindings::wasi::http::types::{HostRequestOptions, HostRequestOptionsWithStore, RequestOptions},
    funnel::{Host, NO_ARGUMENTS, infallible, unchecked},
    handles::Handle,
    port::Timeouts,
    shim::no_methods,
};

no_methods!(HostRequestOptions);

type Options = Resource<RequestOptions>;
type Timeout = wasmtime::Result<Option<u64>>;
type Done = wasmtime::Result<Result<(), ()>>;

fn get(
    host: Host<'_>,
    function: FunctionId,
    options: &Options,
    read: impl FnOnce(&Timeouts) -> Option<u64>,
) -> Timeout {
    infallible(host, function, &(options,), (), |context, _| {
        Ok(read(context.handles.request_options(options)?))
    })
}

fn set(
    host: Host<'_>,
    function: FunctionId,
    options: &Options,
    ns: Option<u64>,
    write: impl FnOnce(&mut Timeouts),
) -> Done {
    unchecked(host, function, &(options, ns), |context| {
        write(context.handles.request_options(options)?);
        Ok(())
    })
}

impl HostRequestOptionsWithStore<Membrane> for Shim {
    fn new(host: Host<'_>) -> wasmtime::Result<Options> {
        infallible(host, f::REQUEST_OPTIONS_NEW, NO_ARGUMENTS, (), |context, _| {
            context.handles.open(Handle::RequestOptions(Timeouts::default()))
        })
    }

    fn connect_timeout(host: Host<'_>, options: Options) -> Timeout {
        get(host, f::REQUEST_OPTIONS_CONNECT_TIMEOUT, &options, |timeouts| timeouts.connect_ns)
    }

    fn set_connect_timeout(host: Host<'_>, options: Options, ns: Option<u64>) -> Done {
        set(host, f::REQUEST_OPTIONS_SET_CONNECT_TIMEOUT, &options, ns, |timeouts| timeouts.connect_ns = ns)
    }

    fn first_byte_timeout(host: Host<'_>, options: Options) -> Timeout {
        get(host, f::REQUEST_OPTIONS_FIRST_BYTE_TIMEOUT, &options, |timeouts| timeouts.first_byte_ns)
    }

    fn set_first_byte_timeout(host: Host<'_>, options: Options, ns: Option<u64>) -> Done {
        set(host, f::REQUEST_OPTIONS_SET_FIRST_BYTE_TIMEOUT, &options, ns, |timeouts| {
            timeouts.first_byte_ns = ns
        })
    }

    fn between_bytes_timeout(host: Host<'_>, options: Options) -> Timeout {
        get(host, f::REQUEST_OPTIONS_BETWEEN_BYTES_TIMEOUT, &options, |timeouts| timeouts.between_bytes_ns)
    }

    fn set_between_bytes_timeout(host: Host<'_>, options: Options, ns: Option<u64>) -> Done {
        set(host, f::REQUEST_OPTIONS_SET_BETWEEN_BYTES_TIMEOUT, &options, ns, |timeouts| {
            timeouts.between_bytes_ns = ns;
        })
    }

    fn drop(host: Host<'_>, options: Options) -> wasmtime::Result<()> {
        let request = (&options,);
        infallible(host, f::REQUEST_OPTIONS_DROP, &request, (), |context, _| {
            context.handles.close(&options).map(drop)
        })
    }
}
