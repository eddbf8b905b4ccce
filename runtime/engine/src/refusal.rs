//! WebAssembly that cannot be run for what it is.

use thiserror::Error;

use crate::{foreign_host::ForeignHost, names::Names};

/// What a file of WebAssembly is, and why that cannot be run. Each message says what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// A component for WASI 0.3; what of it shows that.
    #[error(
        "it is built for WASI 0.3, which is not supported yet: it uses {0}; build it for WASI 0.2, without asynchronous \
         functions (wasm32-wasip2)"
    )]
    Wasi03(Names),
    /// A component that answers HTTP requests; the handlers that it exports.
    #[error(
        "it is an HTTP server: it exports {0}, and servers are not supported; accepted is wasi:cli/run@0.2 (a command) or \
         invoke: func(input: list<u8>) -> result<list<u8>, string> (a typed skill)"
    )]
    Server(Names),
    /// A component with functions of its own and no entry; these functions.
    #[error(
        "it exports {0}, and no entry point: calling such functions by name is not supported yet; accepted is \
         wasi:cli/run@0.2 (a command) or invoke: func(input: list<u8>) -> result<list<u8>, string> (a typed skill)"
    )]
    Tool(Names),
    /// A component whose `invoke` has another type.
    #[error(
        "it exports invoke with a type that is not supported; accepted is invoke: func(input: list<u8>) -> \
         result<list<u8>, string> (a typed skill), or wasi:cli/run@0.2 (a command)"
    )]
    InvokeType,
    /// A module without `_start`; the functions that it exports.
    #[error(
        "this module exports {0} and no `_start`: it is a library, and a module has no types; wrap it in a component that \
         exports wasi:cli/run or invoke (wasm-tools component new, or build for wasm32-wasip2)"
    )]
    Library(Names),
    /// A module with imports from another runtime.
    #[error("this module cannot be linked: it imports {imports}: {host}")]
    ForeignHost {
        /// The runtime.
        host: ForeignHost,
        /// The imports that are not of WASI.
        imports: Names,
    },
    /// Code with threads.
    #[error(
        "it uses threads ({0}), which are not supported, since their order differs between runs; build it without threads \
         (wasm32-wasip1 or wasm32-wasip2)"
    )]
    Threads(&'static str),
}
