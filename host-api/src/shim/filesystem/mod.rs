//! `wasi:filesystem`

mod convert;
mod preopens;
mod target;
mod types;
