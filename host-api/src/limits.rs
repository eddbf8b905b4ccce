//! The ceilings of the lab. An envelope's limits are findings; these stop a run.
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

/// Calls through the membrane. Stops a skill that spends the host's time instead of its fuel.
pub const HOST_CALLS_MAX: u64 = 5_000_000;

/// Handles open at once. Stops a skill that fills the host's memory with handles.
pub const HANDLES_MAX: usize = 10_000;

/// Handles opened in one run, closed ones too. Stops a skill that opens and closes without end.
pub const HANDLES_OPENED_MAX: u32 = 1_000_000;

/// Pollables that calls of `poll` go through in one run. Stops a skill that waits for long lists again and again.
pub const POLLED_MAX: u64 = 10_000_000;

/// Host time of one run, in seconds: many times what fuel and the slowest way to a limit take. Ends what no other limit
/// foresaw. What it ends is no result, since another host would not have ended it.
pub const HOST_SECONDS_MAX: u64 = 300;

/// Host calls from one look at the host's clock to the next: a look costs as much as one or two calls.
pub const HOST_CALLS_PER_LOOK_MAX: u64 = 128;

/// Random bytes of one call. Stops a list that the host would have to hold.
pub const RANDOM_BYTES_MAX: u64 = 16 << 20;

/// File bytes read and written. Stops a skill that has the host copy (`splice`), skip and write zeroes without end; what
/// passes through the skill itself is in the trace, whose bytes come to their limit first.
pub const FILE_BYTES_MAX: u64 = 4 << 30;

/// Chunks of files, of 32 KiB each, that come or go as files are cut and extended. Stops a skill that makes an empty
/// file large and small again without writing a byte.
pub const CHUNKS_RESIZED_MAX: u64 = 50_000_000;

/// Network bytes both ways. Stops the same over the network.
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

/// Entries that calls are compared with in one run: those of the envelope, of the world's script, of lists of header
/// fields. Long paths and names count as several. Stops a skill that brings long lists and has them searched.
pub const COMPARED_MAX: u64 = 50_000_000;

/// Bytes of a name that is looked up. As many as any resolver takes, in any encoding.
pub const LOOKUP_BYTES_MAX: usize = 4096;

/// Datagrams that `check-send` permits. One, so that each is decided and recorded by itself.
pub const DATAGRAMS_PERMIT_MAX: u64 = 1;

/// Datagrams that one `receive` answers with. As wasmtime-wasi does.
pub const DATAGRAMS_OF_A_CALL_MAX: u64 = 16;

/// Directory entries that renames of directories look at in one run. Stops a skill that has the host walk a large
/// directory again and again for the price of a call.
pub const ENTRIES_WALKED_MAX: u64 = 10_000_000;

/// Directory entries that a run lists, one by one. Stops a skill that lists without end.
pub const ENTRIES_READ_MAX: u64 = 2_000_000;

/// Names that the host walks along paths in one run, in those of links and on the way up to the root, too. Stops a
/// skill that nests links (40 of them, each `x/../` again and again, are 65,000 steps a call) or directories.
pub const PATH_STEPS_MAX: u64 = 20_000_000;

/// Different names looked up in one run. Stops a skill that takes every address the lab has to give, and one that
/// fills the host's memory with names.
pub const NAMES_MAX: usize = 10_000;

/// Bytes of the trace of one run. Stops a skill that fills the host's memory or disk through its record.
pub const TRACE_BYTES_MAX: u64 = 256 << 20;

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
