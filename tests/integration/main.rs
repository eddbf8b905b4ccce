//! The one integration binary: real components through the real command line and the real crates.
//!
//! One binary, because each one links everything: a module a subject, a test a claim.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests prepare files and fail loudly"
)]

mod architecture;
mod arguments;
mod browser;
mod budgets;
mod changes;
mod compiling;
mod differential;
mod docs;
mod everyday;
mod examples;
mod faults;
mod formats;
mod help;
mod helpers;
mod history;
mod host;
mod hostile;
mod http;
mod imports;
mod init;
mod install;
mod interpreters;
mod interrupt;
mod ledger;
mod live;
mod membrane;
mod oracle;
mod p1;
mod programs;
mod refusals;
mod replay;
mod report;
mod resist;
mod search;
mod shapes;
mod sockets;
mod stalls;
mod succession;
mod terminal;
mod tool_claims;
mod tools;
mod traces;
mod variables;
mod verdicts;
mod words;
mod worlds;
