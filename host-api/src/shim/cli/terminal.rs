//! `wasi:cli/terminal-*`: there is never a terminal.

use invar_trace::functions as f;
use wasmtime::component::Resource;

use crate::{
    Membrane, Shim,
    bindings::wasi::cli::{
        terminal_input::{self, TerminalInput},
        terminal_output::{self, TerminalOutput},
        terminal_stderr, terminal_stdin, terminal_stdout,
    },
    funnel::{Host, NO_ARGUMENTS, infallible},
    shim::no_methods,
};

no_methods!(
    terminal_input::Host,
    terminal_input::HostTerminalInput,
    terminal_output::Host,
    terminal_output::HostTerminalOutput,
    terminal_stdin::Host,
    terminal_stdout::Host,
    terminal_stderr::Host,
);

impl terminal_input::HostTerminalInputWithStore<Membrane> for Shim {
    fn drop(host: Host<'_>, handle: Resource<TerminalInput>) -> wasmtime::Result<()> {
        let request = (&handle,);
        infallible(host, f::terminal_input::TERMINAL_INPUT_DROP, &request, (), |context, _| {
            context.handles.close(&handle).map(drop)
        })
    }
}

impl terminal_output::HostTerminalOutputWithStore<Membrane> for Shim {
    fn drop(host: Host<'_>, handle: Resource<TerminalOutput>) -> wasmtime::Result<()> {
        let request = (&handle,);
        infallible(host, f::terminal_output::TERMINAL_OUTPUT_DROP, &request, (), |context, _| {
            context.handles.close(&handle).map(drop)
        })
    }
}

impl terminal_stdin::HostWithStore<Membrane> for Shim {
    fn get_terminal_stdin(host: Host<'_>) -> wasmtime::Result<Option<Resource<TerminalInput>>> {
        infallible(host, f::terminal_stdin::GET_TERMINAL_STDIN, NO_ARGUMENTS, (), |_, _| Ok(None))
    }
}

impl terminal_stdout::HostWithStore<Membrane> for Shim {
    fn get_terminal_stdout(host: Host<'_>) -> wasmtime::Result<Option<Resource<TerminalOutput>>> {
        infallible(host, f::terminal_stdout::GET_TERMINAL_STDOUT, NO_ARGUMENTS, (), |_, _| Ok(None))
    }
}

impl terminal_stderr::HostWithStore<Membrane> for Shim {
    fn get_terminal_stderr(host: Host<'_>) -> wasmtime::Result<Option<Resource<TerminalOutput>>> {
        infallible(host, f::terminal_stderr::GET_TERMINAL_STDERR, NO_ARGUMENTS, (), |_, _| Ok(None))
    }
}
