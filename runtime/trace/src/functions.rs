//! Numbers of the functions, a module an interface.

pub use crate::function::{
    environment, error, exit, filesystem, http, insecure, insecure_seed, instance_network, ip_name_lookup,
    logging, monotonic_clock, network, outgoing_handler, poll, preopens, random, stderr, stdin, stdout,
    store, streams, tcp, tcp_create_socket, terminal_input, terminal_output, terminal_stderr, terminal_stdin,
    terminal_stdout, timezone, udp, udp_create_socket, wall_clock,
};
