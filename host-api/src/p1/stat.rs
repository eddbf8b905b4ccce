//! What a file or directory is, and its times.

use super::{
    call::Call,
    clocks::nanoseconds,
    errno::{Answer, Errno},
    flags::times,
};
use crate::bindings::wasi::{
    clocks::wall_clock::Datetime,
    filesystem::types::{DescriptorStat, DescriptorType, MetadataHashValue, NewTimestamp},
};

/// `filetype`
pub(super) mod filetype {
    pub(in super::super) const UNKNOWN: u8 = 0;
    pub(in super::super) const CHARACTER_DEVICE: u8 = 2;
    pub(in super::super) const DIRECTORY: u8 = 3;
}

/// Bytes of a `filestat`.
const FILESTAT_BYTES: usize = 64;
/// The device of all files. There is one.
const DEVICE: u64 = 1;

/// A type as a number.
pub(super) fn type_number(ty: DescriptorType) -> u8 {
    match ty {
        // Preview 1 has no number for a pipe, and does not tell sockets of streams from those of datagrams.
        DescriptorType::Unknown | DescriptorType::Fifo | DescriptorType::Socket => filetype::UNKNOWN,
        DescriptorType::BlockDevice => 1,
        DescriptorType::CharacterDevice => filetype::CHARACTER_DEVICE,
        DescriptorType::Directory => filetype::DIRECTORY,
        DescriptorType::RegularFile => 4,
        DescriptorType::SymbolicLink => 7,
    }
}

/// Puts a `filestat`.
pub(super) fn put_filestat(
    call: &mut Call<'_>,
    out: u32,
    stat: &DescriptorStat,
    hash: MetadataHashValue,
) -> Answer<()> {
    let time = |time: Option<Datetime>| time.map_or(Ok(0), nanoseconds);
    let mut record = [0; FILESTAT_BYTES];
    for (at, value) in [
        (0, DEVICE),
        (8, hash.lower),
        (16, type_number(stat.type_).into()),
        (24, stat.link_count),
        (32, stat.size),
        (40, time(stat.data_access_timestamp)?),
        (48, time(stat.data_modification_timestamp)?),
        (56, time(stat.status_change_timestamp)?),
    ] {
        record[at..at + 8].copy_from_slice(&value.to_le_bytes());
    }
    call.put_aligned(out, 8, &record)
}

/// Puts the `filestat` of a standard stream, of which nothing is known but whether it is a terminal.
pub(super) fn put_filestat_of_stream(call: &mut Call<'_>, out: u32, filetype: u8) -> Answer<()> {
    let mut record = [0; FILESTAT_BYTES];
    record[16] = filetype;
    call.put_aligned(out, 8, &record)
}

/// The times to set: of access, of modification.
pub(super) fn new_times(accessed: u64, modified: u64, flags: u32) -> Answer<(NewTimestamp, NewTimestamp)> {
    Ok((
        new_time(accessed, flags & times::ACCESSED != 0, flags & times::ACCESSED_NOW != 0)?,
        new_time(modified, flags & times::MODIFIED != 0, flags & times::MODIFIED_NOW != 0)?,
    ))
}

fn new_time(ns: u64, is_set: bool, is_now: bool) -> Answer<NewTimestamp> {
    const NS_PER_SECOND: u64 = 1_000_000_000;
    Ok(match (is_set, is_now) {
        (true, true) => return Err(Errno::Inval.into()),
        (true, false) => NewTimestamp::Timestamp(Datetime {
            seconds: ns / NS_PER_SECOND,
            nanoseconds: u32::try_from(ns % NS_PER_SECOND).unwrap_or(0),
        }),
        (false, true) => NewTimestamp::Now,
        (false, false) => NewTimestamp::NoChange,
    })
}
