//! Work that the host does for a skill beside answering: each kind is counted, and has a limit with a name.
//!
//! Everything is counted by what follows from requests and answers alone, never by host time: a replay comes to a limit
//! at the same call.

use crate::{
    limits::{
        CHUNKS_RESIZED_MAX, COMPARED_MAX, ENTRIES_READ_MAX, ENTRIES_WALKED_MAX, PATH_STEPS_MAX, POLLED_MAX,
    },
    port::FileWork,
    stop::Stop,
};

/// What was done so far.
#[derive(Debug, Default)]
pub(crate) struct Work {
    entries_read: u64,
    polled: u64,
    compared: u64,
}

impl Work {
    /// One more directory entry is read.
    pub(crate) fn read_entry(&mut self) -> Result<(), Stop> {
        add(&mut self.entries_read, 1, ENTRIES_READ_MAX, Stop::Limit("directory entries read"))
    }

    /// So many pollables are gone through.
    pub(crate) fn poll(&mut self, pollables: usize) -> Result<(), Stop> {
        add(&mut self.polled, pollables as u64, POLLED_MAX, Stop::Limit("pollables polled"))
    }

    /// A call is compared with so many entries, beside those that the network has gone through by itself.
    pub(crate) fn compare(&mut self, entries: u64, by_network: u64) -> Result<(), Stop> {
        let left = COMPARED_MAX.saturating_sub(by_network);
        add(&mut self.compared, entries, left, Stop::Limit("entries compared"))
    }
}

/// Stops a run whose files cost more than they may.
pub(crate) fn check_files(work: FileWork) -> Result<(), Stop> {
    let limits = [
        (work.path_steps, PATH_STEPS_MAX, Stop::Limit("path steps")),
        (work.entries_walked, ENTRIES_WALKED_MAX, Stop::Limit("directory entries walked")),
        (work.chunks_resized, CHUNKS_RESIZED_MAX, Stop::Limit("file chunks resized")),
    ];
    match limits.into_iter().find(|(done, most, _)| done > most) {
        Some((_, _, stop)) => Err(stop),
        None => Ok(()),
    }
}

fn add(total: &mut u64, more: u64, most: u64, stop: Stop) -> Result<(), Stop> {
    *total = total.saturating_add(more);
    if *total > most { Err(stop) } else { Ok(()) }
}
