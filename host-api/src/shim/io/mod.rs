//! `wasi:io`: over pollables and streams of our own.

mod error;
mod poll;
mod streams;
