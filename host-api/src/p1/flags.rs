//! Flags and enumerations, as modules pass them: numbers, of which not each means something.
//!
//! Those that mean nothing are invalid. wasmtime-wasi ends the run for them.

use super::errno::{Answer, Errno};

/// `lookupflags`
pub(super) mod lookup {
    pub(in super::super) const SYMLINK_FOLLOW: u32 = 1;
    pub(in super::super) const ALL: u32 = 1;
}

/// `oflags`
pub(super) mod open {
    pub(in super::super) const CREATE: u32 = 1;
    pub(in super::super) const DIRECTORY: u32 = 1 << 1;
    pub(in super::super) const EXCLUSIVE: u32 = 1 << 2;
    pub(in super::super) const TRUNCATE: u32 = 1 << 3;
    pub(in super::super) const ALL: u32 = 0xf;
}

/// `fdflags`
pub(super) mod fd {
    pub(in super::super) const APPEND: u32 = 1;
    pub(in super::super) const DSYNC: u32 = 1 << 1;
    pub(in super::super) const NONBLOCK: u32 = 1 << 2;
    pub(in super::super) const RSYNC: u32 = 1 << 3;
    pub(in super::super) const SYNC: u32 = 1 << 4;
    pub(in super::super) const ALL: u32 = 0x1f;
}

/// `fstflags`
pub(super) mod times {
    pub(in super::super) const ACCESSED: u32 = 1;
    pub(in super::super) const ACCESSED_NOW: u32 = 1 << 1;
    pub(in super::super) const MODIFIED: u32 = 1 << 2;
    pub(in super::super) const MODIFIED_NOW: u32 = 1 << 3;
    pub(in super::super) const ALL: u32 = 0xf;
}

/// `rights`
pub(super) mod rights {
    pub(in super::super) const FD_DATASYNC: u64 = 1;
    pub(in super::super) const FD_READ: u64 = 1 << 1;
    pub(in super::super) const FD_SEEK: u64 = 1 << 2;
    pub(in super::super) const FD_FDSTAT_SET_FLAGS: u64 = 1 << 3;
    pub(in super::super) const FD_SYNC: u64 = 1 << 4;
    pub(in super::super) const FD_TELL: u64 = 1 << 5;
    pub(in super::super) const FD_WRITE: u64 = 1 << 6;
    pub(in super::super) const FD_ADVISE: u64 = 1 << 7;
    pub(in super::super) const FD_ALLOCATE: u64 = 1 << 8;
    pub(in super::super) const PATH_CREATE_DIRECTORY: u64 = 1 << 9;
    pub(in super::super) const PATH_CREATE_FILE: u64 = 1 << 10;
    pub(in super::super) const PATH_LINK_SOURCE: u64 = 1 << 11;
    pub(in super::super) const PATH_LINK_TARGET: u64 = 1 << 12;
    pub(in super::super) const PATH_OPEN: u64 = 1 << 13;
    pub(in super::super) const FD_READDIR: u64 = 1 << 14;
    pub(in super::super) const PATH_READLINK: u64 = 1 << 15;
    pub(in super::super) const PATH_RENAME_SOURCE: u64 = 1 << 16;
    pub(in super::super) const PATH_RENAME_TARGET: u64 = 1 << 17;
    pub(in super::super) const PATH_FILESTAT_GET: u64 = 1 << 18;
    pub(in super::super) const PATH_FILESTAT_SET_SIZE: u64 = 1 << 19;
    pub(in super::super) const PATH_FILESTAT_SET_TIMES: u64 = 1 << 20;
    pub(in super::super) const FD_FILESTAT_GET: u64 = 1 << 21;
    pub(in super::super) const FD_FILESTAT_SET_SIZE: u64 = 1 << 22;
    pub(in super::super) const FD_FILESTAT_SET_TIMES: u64 = 1 << 23;
    pub(in super::super) const PATH_SYMLINK: u64 = 1 << 24;
    pub(in super::super) const PATH_REMOVE_DIRECTORY: u64 = 1 << 25;
    pub(in super::super) const PATH_UNLINK_FILE: u64 = 1 << 26;
    pub(in super::super) const POLL_FD_READWRITE: u64 = 1 << 27;
    pub(in super::super) const ALL: u64 = (1 << 30) - 1;
}

/// Flags, of which `all` mean something.
pub(super) fn flags(bits: u32, all: u32) -> Answer<u32> {
    if bits & !all == 0 { Ok(bits) } else { Err(Errno::Inval.into()) }
}

/// The one set of flags of 64 bits.
pub(super) fn rights(bits: u64) -> Answer<u64> {
    if bits & !rights::ALL == 0 { Ok(bits) } else { Err(Errno::Inval.into()) }
}

/// One of `count` values, from 0 on.
pub(super) fn value(value: u32, count: u32) -> Answer<u32> {
    if value < count { Ok(value) } else { Err(Errno::Inval.into()) }
}
