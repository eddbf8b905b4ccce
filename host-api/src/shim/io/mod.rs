//! `wasi:io`: over the pollables and streams of this crate.

mod error;
mod poll;
mod streams;
