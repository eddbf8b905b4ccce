//! Between the port's words and the interface's.

use invar_world::Timestamp;

use crate::{
    bindings::wasi::{
        clocks::wall_clock::Datetime,
        filesystem::types::{DescriptorStat, DescriptorType, ErrorCode, NewTimestamp},
    },
    funnel::GuestError,
    port::{FileError, Kind, Stat},
    shim::clocks::datetime,
    stop::Fail,
};

impl GuestError for ErrorCode {
    const REFUSED: Self = Self::NotPermitted;
}

impl From<ErrorCode> for Fail<ErrorCode> {
    fn from(error: ErrorCode) -> Self {
        Self::Guest(error)
    }
}

impl From<FileError> for Fail<ErrorCode> {
    fn from(error: FileError) -> Self {
        Self::Guest(error.into())
    }
}

impl From<FileError> for ErrorCode {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Access => Self::Access,
            FileError::WouldBlock => Self::WouldBlock,
            FileError::Already => Self::Already,
            FileError::BadDescriptor => Self::BadDescriptor,
            FileError::Busy => Self::Busy,
            FileError::Deadlock => Self::Deadlock,
            FileError::Quota => Self::Quota,
            FileError::Exist => Self::Exist,
            FileError::FileTooLarge => Self::FileTooLarge,
            FileError::IllegalByteSequence => Self::IllegalByteSequence,
            FileError::InProgress => Self::InProgress,
            FileError::Interrupted => Self::Interrupted,
            FileError::Invalid => Self::Invalid,
            FileError::Io => Self::Io,
            FileError::IsDirectory => Self::IsDirectory,
            FileError::Loop => Self::Loop,
            FileError::TooManyLinks => Self::TooManyLinks,
            FileError::NameTooLong => Self::NameTooLong,
            FileError::NoDevice => Self::NoDevice,
            FileError::NoEntry => Self::NoEntry,
            FileError::NoLock => Self::NoLock,
            FileError::InsufficientMemory => Self::InsufficientMemory,
            FileError::InsufficientSpace => Self::InsufficientSpace,
            FileError::NotDirectory => Self::NotDirectory,
            FileError::NotEmpty => Self::NotEmpty,
            FileError::NotRecoverable => Self::NotRecoverable,
            FileError::Unsupported => Self::Unsupported,
            FileError::NoTty => Self::NoTty,
            FileError::NoSuchDevice => Self::NoSuchDevice,
            FileError::Overflow => Self::Overflow,
            FileError::NotPermitted => Self::NotPermitted,
            FileError::Pipe => Self::Pipe,
            FileError::ReadOnly => Self::ReadOnly,
            FileError::InvalidSeek => Self::InvalidSeek,
            FileError::TextFileBusy => Self::TextFileBusy,
            FileError::CrossDevice => Self::CrossDevice,
        }
    }
}

impl From<Kind> for DescriptorType {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::File => Self::RegularFile,
            Kind::Directory => Self::Directory,
            Kind::Symlink => Self::SymbolicLink,
        }
    }
}

/// `with_times`: whether the skill may see times at all.
pub(super) fn stat(stat: &Stat, with_times: bool) -> DescriptorStat {
    let time = |time| with_times.then(|| datetime(time));
    DescriptorStat {
        type_: stat.kind.into(),
        link_count: stat.links,
        size: stat.size,
        data_access_timestamp: time(stat.times.accessed),
        data_modification_timestamp: time(stat.times.modified),
        status_change_timestamp: time(stat.times.changed),
    }
}

/// The time to set; none leaves it as it is.
pub(super) fn new_time(new: &NewTimestamp, now: Timestamp) -> Result<Option<Timestamp>, ErrorCode> {
    match new {
        NewTimestamp::NoChange => Ok(None),
        NewTimestamp::Now => Ok(Some(now)),
        NewTimestamp::Timestamp(Datetime { seconds, nanoseconds }) => seconds
            .checked_mul(1_000_000_000)
            .and_then(|ns| ns.checked_add(u64::from(*nanoseconds)))
            .filter(|_| *nanoseconds < 1_000_000_000)
            .map(|ns| Some(Timestamp(ns)))
            .ok_or(ErrorCode::Overflow),
    }
}
