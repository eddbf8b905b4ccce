//! WASI preview 1, for modules: its 46 functions, on top of the shims.
//!
//! Each makes the calls of WASI 0.2 that do the same, through the shims and so through the funnel: envelope, trace, replay
//! and monitor see no difference between a module and a component. What preview 1 has beside that is a table of numbered
//! descriptors with positions. It follows from the module's calls and the answers of 0.2 alone, so that recorded answers
//! replay it, without a world.
//!
//! Functions that need no call of 0.2 (`fd_seek`, `fd_tell`, `fd_renumber`, `fd_prestat_get`, `sched_yield`) leave no event.
//! Every call is counted against the limit on host calls and costs fuel.
//!
//! Results and error numbers are those of wasmtime-wasi on Linux; a test holds the two against each other. A pointer that
//! lies outside of memory, or is not aligned, ends the run as a trap would.

mod call;
mod clocks;
mod dir;
mod env;
mod errno;
mod fd;
mod flags;
mod io;
mod linker;
mod lookup;
mod memory;
mod path;
mod poll;
mod process;
mod sock;
mod stat;
mod streams;
pub(crate) mod table;

pub use linker::{MODULE, add_to_linker};
