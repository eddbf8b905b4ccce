//! Ceilings that are the same for every run: sizes of one call, and what is the engine's. Those that add up over a run are in
//! [`invar_world::Limits`].
//!
//! Each says in its name what it counts and in what unit, and in its comment what it stops.

/// A ceiling on what is in memory, as it is counted there.
#[must_use]
pub fn in_memory(limit: u64) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}

/// Host time of one run, in seconds: many times what fuel and the slowest way to a limit take. Ends what no other limit
/// foresaw. What it ends is no result, since another host would not have ended it.
pub const HOST_SECONDS_MAX: u64 = 300;

/// Host calls from one look at the host's clock to the next: a look costs as much as one or two calls.
pub const HOST_CALLS_PER_LOOK_MAX: u64 = 128;

/// Random bytes of one call. Stops a list that the host would have to hold.
pub const RANDOM_BYTES_MAX: u64 = 16 << 20;

/// Header fields of one HTTP message, or its trailers. Stops a list that every call on it would have to go through.
pub const FIELDS_BYTES_MAX: u64 = 128 << 10;

/// Bytes of the path and query of an HTTP request. As web servers do.
pub const URI_BYTES_MAX: usize = 8 << 10;

/// Datagrams that wait at one socket until they are received, with what each takes beside its bytes. As on other
/// systems, what finds no room is gone. Stops answers that nobody takes from filling the host's memory.
pub const DATAGRAMS_WAITING_BYTES_MAX: usize = 208 << 10;

/// Bytes of one datagram: what fits into a packet of the fourth version behind its headers.
pub const DATAGRAM_BYTES_MAX: usize = 65_507;

/// Bytes of a name that is looked up. As many as any resolver takes, in any encoding.
pub const LOOKUP_BYTES_MAX: usize = 4096;

/// Datagrams that `check-send` permits. One, so that each is decided and recorded by itself.
pub const DATAGRAMS_PERMIT_MAX: u64 = 1;

/// Datagrams that one `receive` answers with. As wasmtime-wasi does.
pub const DATAGRAMS_OF_A_CALL_MAX: u64 = 16;

/// Bytes of a path as given to a call, with the one that ends it; also of a link's target. As on Linux, where what links
/// expand to is bounded by their number alone.
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
