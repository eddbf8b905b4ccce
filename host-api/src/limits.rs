//! The lab's own ceilings. An envelope's limits are findings; these stop a run.
//!
//! Each says in its name what it counts and in what unit, and in its comment what it stops.

/// Fuel of one run: some ten seconds of computing. Stops endless loops.
pub const FUEL_MAX: u64 = 10_000_000_000;

/// Linear memory of one run, all memories together. Stops memory bombs.
pub const MEMORY_BYTES_MAX: usize = 512 << 20;

/// Table elements of one run, all tables together. Stops bombs made of tables.
pub const TABLE_ELEMENTS_MAX: usize = 1_000_000;

/// Standard output and error together. Stops output floods.
pub const OUTPUT_BYTES_MAX: u64 = 64 << 20;

/// Calls through the membrane. Stops a skill that spends the host's time instead of its own fuel.
pub const HOST_CALLS_MAX: u64 = 5_000_000;

/// Handles open at once. Stops a skill that fills the host's memory with handles.
pub const HANDLES_MAX: usize = 10_000;

/// Random bytes of one call. Stops a list that the host would have to hold.
pub const RANDOM_BYTES_MAX: u64 = 16 << 20;

/// File bytes read and written. Stops a skill that copies without computing.
pub const FILE_BYTES_MAX: u64 = 4 << 30;

/// Network bytes both ways.
pub const NETWORK_BYTES_MAX: u64 = 256 << 20;

/// Header fields of one HTTP message, or its trailers. Stops a list that every call on it would have to go through.
pub const FIELDS_BYTES_MAX: u64 = 128 << 10;

/// Header fields that are written in one run, copies that are changed too. Stops a skill that fills the host's memory
/// with them.
pub const FIELDS_BYTES_WRITTEN_MAX: u64 = 256 << 20;

/// Bytes of the path and query of an HTTP request. As web servers do.
pub const URI_BYTES_MAX: usize = 8 << 10;

/// Datagrams that wait at one socket until they are received, with what each takes beside its bytes. As on other
/// systems, what finds no room is gone. Stops answers that nobody takes from filling the host's memory.
pub const DATAGRAMS_WAITING_BYTES_MAX: usize = 208 << 10;

/// Bytes of one datagram: what fits into a packet of the fourth version behind its headers.
pub const DATAGRAM_BYTES_MAX: usize = 65_507;

/// Datagrams that `check-send` permits. One, so that each is decided and recorded by itself.
pub const DATAGRAMS_PERMIT_MAX: u64 = 1;

/// Datagrams that one `receive` answers with. As wasmtime-wasi does.
pub const DATAGRAMS_OF_A_CALL_MAX: u64 = 16;

/// Directory entries that renames of directories look at in one run. Stops a skill that has the host walk a large
/// directory again and again for the price of a call.
pub const ENTRIES_WALKED_MAX: u64 = 10_000_000;

/// Different names looked up in one run. Stops a skill that takes every address the lab has to give, and one that
/// fills the host's memory with names.
pub const NAMES_MAX: usize = 10_000;

/// Bytes of the trace of one run. Stops a skill that fills the host's memory or disk through its record.
pub const TRACE_BYTES_MAX: u64 = 256 << 20;

/// Bytes of a path as given to a call; also of one after resolving. As on Linux.
pub const PATH_BYTES_MAX: usize = 4096;

/// Bytes of one name in a path. As on Linux.
pub const NAME_BYTES_MAX: usize = 255;

/// Symbolic links followed in one resolution. As on Linux. Stops loops of links.
pub const SYMLINKS_MAX: usize = 40;

/// Bytes that one read answers with. As wasmtime-wasi does.
pub const READ_BYTES_MAX: usize = 64 << 10;

/// Bytes that `check-write` permits.
pub const WRITE_PERMIT_BYTES: u64 = 64 << 10;

/// Bytes that the `blocking-write-…-and-flush` functions take, by their contract.
pub const BLOCKING_WRITE_BYTES_MAX: u64 = 4096;

/// Host memory that the arguments of one call may take. Stops lists made to exhaust it.
pub const CALL_BYTES_MAX: usize = 64 << 20;

/// Stack of WebAssembly, in bytes. Fixed, so that endless recursion ends at the same depth everywhere.
pub const STACK_BYTES: usize = 512 << 10;

/// The same for instrumented copies, sixteen times as much: what probes keep makes a frame larger, most of all that of
/// a function that has almost none. So a copy does not end where the original does not. Stops one that recurses without
/// end, as above.
pub const PROBED_STACK_BYTES: usize = 16 * STACK_BYTES;
