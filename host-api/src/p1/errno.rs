//! Error numbers.

use crate::{bindings::wasi::filesystem::types::ErrorCode, stop::Stop};

/// The error numbers that a call can answer with; success is none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub(super) enum Errno {
    Acces = 2,
    Again = 6,
    Already = 7,
    Badf = 8,
    Busy = 10,
    Deadlk = 16,
    Dquot = 19,
    Exist = 20,
    Fbig = 22,
    Ilseq = 25,
    Inprogress = 26,
    Intr = 27,
    Inval = 28,
    Io = 29,
    Isdir = 31,
    Loop = 32,
    Mlink = 34,
    Msgsize = 35,
    Nametoolong = 37,
    Nodev = 43,
    Noent = 44,
    Nolck = 46,
    Nomem = 48,
    Nospc = 51,
    Notdir = 54,
    Notempty = 55,
    Notrecoverable = 56,
    Notsock = 57,
    Notsup = 58,
    Notty = 59,
    Nxio = 60,
    Overflow = 61,
    Perm = 63,
    Pipe = 64,
    Rofs = 69,
    Spipe = 70,
    Txtbsy = 74,
    Xdev = 75,
}

/// Why a call does not succeed: with an error number for the module, or because the run ends here.
#[derive(Debug)]
pub(super) enum Failure {
    Errno(Errno),
    End(wasmtime::Error),
}

/// What a call comes to.
pub(super) type Answer<T> = Result<T, Failure>;

impl From<Errno> for Failure {
    fn from(errno: Errno) -> Self {
        Self::Errno(errno)
    }
}

impl From<ErrorCode> for Failure {
    fn from(code: ErrorCode) -> Self {
        Self::Errno(code.into())
    }
}

impl From<wasmtime::Error> for Failure {
    fn from(error: wasmtime::Error) -> Self {
        Self::End(error)
    }
}

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        Self::End(stop.into())
    }
}

impl From<ErrorCode> for Errno {
    fn from(code: ErrorCode) -> Self {
        match code {
            ErrorCode::Access => Self::Acces,
            ErrorCode::WouldBlock => Self::Again,
            ErrorCode::Already => Self::Already,
            ErrorCode::BadDescriptor => Self::Badf,
            ErrorCode::Busy => Self::Busy,
            ErrorCode::Deadlock => Self::Deadlk,
            ErrorCode::Quota => Self::Dquot,
            ErrorCode::Exist => Self::Exist,
            ErrorCode::FileTooLarge => Self::Fbig,
            ErrorCode::IllegalByteSequence => Self::Ilseq,
            ErrorCode::InProgress => Self::Inprogress,
            ErrorCode::Interrupted => Self::Intr,
            ErrorCode::Invalid => Self::Inval,
            ErrorCode::Io => Self::Io,
            ErrorCode::IsDirectory => Self::Isdir,
            ErrorCode::Loop => Self::Loop,
            ErrorCode::TooManyLinks => Self::Mlink,
            ErrorCode::MessageSize => Self::Msgsize,
            ErrorCode::NameTooLong => Self::Nametoolong,
            ErrorCode::NoDevice => Self::Nodev,
            ErrorCode::NoEntry => Self::Noent,
            ErrorCode::NoLock => Self::Nolck,
            ErrorCode::InsufficientMemory => Self::Nomem,
            ErrorCode::InsufficientSpace => Self::Nospc,
            ErrorCode::NotDirectory => Self::Notdir,
            ErrorCode::NotEmpty => Self::Notempty,
            ErrorCode::NotRecoverable => Self::Notrecoverable,
            ErrorCode::Unsupported => Self::Notsup,
            ErrorCode::NoTty => Self::Notty,
            ErrorCode::NoSuchDevice => Self::Nxio,
            ErrorCode::Overflow => Self::Overflow,
            ErrorCode::NotPermitted => Self::Perm,
            ErrorCode::Pipe => Self::Pipe,
            ErrorCode::ReadOnly => Self::Rofs,
            ErrorCode::InvalidSeek => Self::Spipe,
            ErrorCode::TextFileBusy => Self::Txtbsy,
            ErrorCode::CrossDevice => Self::Xdev,
        }
    }
}
