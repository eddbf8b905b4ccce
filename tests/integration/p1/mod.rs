//! WASI preview 1: modules run as they are, and what its functions do is what wasmtime-wasi's do.

mod claims;
mod names;
mod paths;
mod player;
mod random;
mod slashes;
mod suite;
mod surface;
