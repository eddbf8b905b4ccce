//! The files of a log, as few operations as it needs: so that a test can stand in for the disk and lose power.
//!
//! ```text
//! lock                          held by whoever writes
//! key                           seeds: of the log, and of the epoch that is on
//! epochs                        public keys of all epochs
//! 00000000000000000000.segment  events from that index on, and what is signed after each batch
//! nodes                         nodes of the tree, 32 bytes each; can be made again
//! state                         where to go on; can be made again
//! checkpoint                    the last that was published, with what witnesses said to it
//! policy                        whose cosignatures count
//! ```

mod directory;
mod operations;
pub mod owner;
#[cfg(test)]
pub(crate) mod simulated;

pub use directory::{Directory, exchange};
pub use operations::Disk;
