//! What a call does to, or learns from, the outside.

use std::fmt;

use minicbor::{Decode, Encode};

use crate::{
    Event, FunctionId, Subject, Want,
    functions::{filesystem as fs, monotonic_clock, udp},
};

/// One kind of thing a run did, with what, and whether it worked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(map)]
pub struct Effect {
    /// What was done.
    #[n(0)]
    pub kind: EffectKind,
    /// To what: a path, both ends of a rename, a destination, a name.
    #[n(1)]
    pub subject: String,
    /// The error it ended with, if it did not work.
    #[n(2)]
    pub failed: Option<String>,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum EffectKind {
    /// A file or directory was looked at.
    #[n(0)]
    FileStat,
    /// A file was read, a directory listed, a link followed by hand.
    #[n(1)]
    FileRead,
    /// A file was created or opened for writing.
    #[n(2)]
    FileWrite,
    /// A directory was made.
    #[n(3)]
    FileMkdir,
    /// A file or directory was removed.
    #[n(4)]
    FileRemove,
    /// Something got another name.
    #[n(5)]
    FileRename,
    /// Something got one more name.
    #[n(6)]
    FileLink,
    /// A symbolic link was made.
    #[n(7)]
    FileSymlink,
    /// Times were set by hand.
    #[n(8)]
    FileTimes,
    /// A name was looked up.
    #[n(9)]
    NetworkLookup,
    /// A connection was opened.
    #[n(10)]
    NetworkConnect,
    /// An HTTP request was sent: its method, and its URL without the query.
    #[n(16)]
    HttpRequest,
    /// The time of day was read.
    #[n(11)]
    ClockWall,
    /// The time since some start was read.
    #[n(12)]
    ClockMonotonic,
    /// The skill waited for a time.
    #[n(13)]
    Wait,
    /// Random bytes were drawn.
    #[n(14)]
    Random,
    /// More of one kind than are kept: how many, and of which.
    #[n(15)]
    Other,
    /// A datagram was sent, or a socket for datagrams was tied to a destination.
    #[n(17)]
    NetworkDatagram,
    /// A place was made where others can come: TCP that listens, UDP at a port of its choice.
    #[n(18)]
    NetworkListen,
}

impl EffectKind {
    /// Whether it can be seen from outside once the run is over, if it succeeds.
    #[must_use]
    pub fn is_lasting(self) -> bool {
        !matches!(
            self,
            Self::FileStat
                | Self::FileRead
                | Self::ClockWall
                | Self::ClockMonotonic
                | Self::Wait
                | Self::Random
        )
    }

    /// The kinds that change files.
    pub const CHANGES_OF_FILES: [Self; 7] = [
        Self::FileWrite,
        Self::FileMkdir,
        Self::FileRemove,
        Self::FileRename,
        Self::FileLink,
        Self::FileSymlink,
        Self::FileTimes,
    ];

    /// Whether it reaches, or lets in, what is not the skill's machine: to try is enough.
    #[must_use]
    pub fn is_contact(self) -> bool {
        matches!(self, Self::NetworkLookup | Self::NetworkListen) || self.opens_a_way_out()
    }

    /// Whether data can leave by it.
    #[must_use]
    pub fn opens_a_way_out(self) -> bool {
        matches!(self, Self::NetworkConnect | Self::NetworkDatagram | Self::HttpRequest)
    }

    /// The words of reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FileStat => "file stat",
            Self::FileRead => "file read",
            Self::FileWrite => "file write",
            Self::FileMkdir => "file mkdir",
            Self::FileRemove => "file remove",
            Self::FileRename => "file rename",
            Self::FileLink => "file link",
            Self::FileSymlink => "file symlink",
            Self::FileTimes => "file times",
            Self::NetworkLookup => "network lookup",
            Self::NetworkConnect => "network connect",
            Self::HttpRequest => "http request",
            Self::ClockWall => "clock wall",
            Self::ClockMonotonic => "clock monotonic",
            Self::Wait => "wait",
            Self::Random => "random",
            Self::Other => "other",
            Self::NetworkDatagram => "network datagram",
            Self::NetworkListen => "network listen",
        }
    }

    /// The kinds of a call that asked the envelope for `want`.
    fn of(function: FunctionId, want: Want) -> &'static [Self] {
        match (want, function) {
            (Want::Traverse, _) | (Want::Read, fs::DESCRIPTOR_STAT_AT | fs::DESCRIPTOR_METADATA_HASH_AT) => {
                &[Self::FileStat]
            }
            (Want::Read, _) => &[Self::FileRead],
            (Want::ReadWrite, _) => &[Self::FileRead, Self::FileWrite],
            (Want::Write, fs::DESCRIPTOR_CREATE_DIRECTORY_AT) => &[Self::FileMkdir],
            (Want::Write, fs::DESCRIPTOR_UNLINK_FILE_AT | fs::DESCRIPTOR_REMOVE_DIRECTORY_AT) => {
                &[Self::FileRemove]
            }
            (Want::Write, fs::DESCRIPTOR_RENAME_AT) => &[Self::FileRename],
            (Want::Write, fs::DESCRIPTOR_LINK_AT) => &[Self::FileLink],
            (Want::Write, fs::DESCRIPTOR_SYMLINK_AT) => &[Self::FileSymlink],
            (Want::Write, fs::DESCRIPTOR_SET_TIMES_AT | fs::DESCRIPTOR_SET_TIMES) => &[Self::FileTimes],
            (Want::Write, _) => &[Self::FileWrite],
            (Want::Lookup, _) => &[Self::NetworkLookup],
            (Want::Connect, udp::UDP_SOCKET_STREAM | udp::OUTGOING_DATAGRAM_STREAM_SEND) => {
                &[Self::NetworkDatagram]
            }
            (Want::Connect, _) => &[Self::NetworkConnect],
            (Want::Request, _) => &[Self::HttpRequest],
            (Want::Listen, _) => &[Self::NetworkListen],
            (Want::WallClock, _) => &[Self::ClockWall],
            (
                Want::MonotonicClock,
                monotonic_clock::SUBSCRIBE_DURATION | monotonic_clock::SUBSCRIBE_INSTANT,
            ) => &[Self::Wait],
            (Want::MonotonicClock, _) => &[Self::ClockMonotonic],
            (Want::Random, _) => &[Self::Random],
            // As variables, which are handed over all at once.
            (Want::Variable, _) => &[],
        }
    }
}

impl Effect {
    /// Whether it can be seen from outside once the run is over: to try to reach something can, to try to write
    /// a file cannot.
    #[must_use]
    pub fn is_lasting(&self) -> bool {
        self.kind.is_lasting() && (self.failed.is_none() || self.kind.is_contact())
    }

    /// The effects of a call: none if it asked the envelope for nothing. `failed` is the error it got.
    #[must_use]
    pub fn of(event: &Event<'_>, failed: Option<&str>) -> Vec<Self> {
        let Some(decision) = &event.decision else { return Vec::new() };
        let mut subject = decision.subject.as_ref().map(Subject::to_string).unwrap_or_default();
        if decision.want == Want::Request {
            // What a query says is part of what is sent. As part of the place it would make a place of every request.
            subject.truncate(subject.find('?').unwrap_or(subject.len()));
        }
        EffectKind::of(event.function, decision.want)
            .iter()
            .map(|kind| Self { kind: *kind, subject: subject.clone(), failed: failed.map(str::to_owned) })
            .collect()
    }
}

impl fmt::Display for Effect {
    /// One line whatever the subject holds: `network connect tcp://203.0.113.9:443`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind == EffectKind::Other {
            return write!(f, "other: {}", self.subject.escape_debug());
        }
        f.write_str(self.kind.as_str())?;
        if !self.subject.is_empty() {
            write!(f, " {}", self.subject.escape_debug())?;
        }
        match &self.failed {
            Some(error) => write!(f, " ({})", error.escape_debug()),
            None => Ok(()),
        }
    }
}
