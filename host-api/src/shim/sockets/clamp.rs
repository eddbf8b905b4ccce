//! Values of socket options as Linux holds them: what is out of its range is brought into it, without an error.

const NS_PER_S: u64 = 1_000_000_000;

/// A time between probes that keep a connection alive: whole seconds, up to what 15 bits hold.
pub(super) fn keep_alive_ns(value: u64) -> u64 {
    value.div_ceil(NS_PER_S).clamp(1, 32_767) * NS_PER_S
}

/// Probes before a connection is given up.
pub(super) fn keep_alive_count(value: u32) -> u32 {
    value.clamp(1, 127)
}

/// Bytes of a receive buffer.
pub(super) fn receive_buffer(value: u64) -> u64 {
    value.clamp(1152, 212_992)
}

/// Bytes of a send buffer.
pub(super) fn send_buffer(value: u64) -> u64 {
    value.clamp(2304, 212_992)
}
