//! `wasi:cli/terminal-*`: there is a terminal where the world says so.

use invar_trace::functions as f;
use wasmtime::component::Resource;

use crate::{
    Context, Membrane, Shim,
    bindings::wasi::cli::{
        terminal_input::{self, TerminalInput},
        terminal_output::{self, TerminalOutput},
        terminal_stderr, terminal_stdin, terminal_stdout,
    },
    funnel::{Host, NO_ARGUMENTS, infallible},
    handles::Handle,
    shim::no_methods,
    stop::Stop,
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
        infallible(host, f::terminal_stdin::GET_TERMINAL_STDIN, NO_ARGUMENTS, (), |context, _| {
            context.terminal()
        })
    }
}

impl terminal_stdout::HostWithStore<Membrane> for Shim {
    fn get_terminal_stdout(host: Host<'_>) -> wasmtime::Result<Option<Resource<TerminalOutput>>> {
        infallible(host, f::terminal_stdout::GET_TERMINAL_STDOUT, NO_ARGUMENTS, (), |context, _| {
            context.terminal()
        })
    }
}

impl terminal_stderr::HostWithStore<Membrane> for Shim {
    fn get_terminal_stderr(host: Host<'_>) -> wasmtime::Result<Option<Resource<TerminalOutput>>> {
        infallible(host, f::terminal_stderr::GET_TERMINAL_STDERR, NO_ARGUMENTS, (), |context, _| {
            context.terminal()
        })
    }
}

impl Context {
    /// A handle on the terminal; none: there is none.
    fn terminal<T: 'static>(&mut self) -> Result<Option<Resource<T>>, Stop> {
        match self.machine.is_terminal {
            true => self.handles.open(Handle::Terminal).map(Some),
            false => Ok(None),
        }
    }
}
