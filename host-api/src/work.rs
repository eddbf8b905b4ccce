//! Work that the host does for a skill beside answering: each kind is counted, and has a limit with a name.
//!
//! Everything is counted by what follows from requests and answers alone, never by host time: a replay comes to a limit
//! at the same call.

use invar_world::Limits;

use crate::{port::FileWork, stop::Stop};

/// What was done so far.
#[derive(Debug, Default)]
pub(crate) struct Work {
    entries_read: u64,
    polled: u64,
    compared: u64,
}

impl Work {
    /// One more directory entry is read.
    pub(crate) fn read_entry(&mut self, limits: &Limits) -> Result<(), Stop> {
        add(&mut self.entries_read, 1, limits.read_entries, Stop::Limit("directory entries read"))
    }

    /// So many pollables are gone through.
    pub(crate) fn poll(&mut self, pollables: usize, limits: &Limits) -> Result<(), Stop> {
        add(&mut self.polled, pollables as u64, limits.polled_pollables, Stop::Limit("pollables polled"))
    }

    /// A call is compared with so many entries, beside those that the network has gone through by itself.
    pub(crate) fn compare(&mut self, entries: u64, by_network: u64, limits: &Limits) -> Result<(), Stop> {
        let left = limits.compared_entries.saturating_sub(by_network);
        add(&mut self.compared, entries, left, Stop::Limit("entries compared"))
    }
}

/// Stops a run whose files cost more than they may.
pub(crate) fn check_files(work: FileWork, limits: &Limits) -> Result<(), Stop> {
    let kinds = [
        (work.path_steps, limits.path_steps, Stop::Limit("path steps")),
        (work.entries_walked, limits.walked_entries, Stop::Limit("directory entries walked")),
        (work.chunks_resized, limits.resized_chunks, Stop::Limit("file chunks resized")),
    ];
    match kinds.into_iter().find(|(done, most, _)| done > most) {
        Some((_, _, stop)) => Err(stop),
        None => Ok(()),
    }
}

fn add(total: &mut u64, more: u64, most: u64, stop: Stop) -> Result<(), Stop> {
    *total = total.saturating_add(more);
    if *total > most { Err(stop) } else { Ok(()) }
}
