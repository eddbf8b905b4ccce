//! A log as others serve and mirror theirs: the files of a tiled log (c2sp.org/tlog-tiles).
//!
//! ```text
//! checkpoint                    what was published last
//! tile/<level>/<number>         256 hashes of a level, of which each stands for 256 of the level below
//! tile/entries/<number>         256 events, each behind its length
//! ….p/<width>                   the last of them, which are not full
//! ```
//!
//! Bundles of events cannot be made where events were pruned: such a log has no tiles.

mod error;
mod path;
mod read;
mod tiler;
mod write;

pub use self::{
    error::TilesError,
    path::{WIDTH, entries, tile},
    read::{TileAudit, verify},
    write::write,
};

#[cfg(test)]
mod tests;
