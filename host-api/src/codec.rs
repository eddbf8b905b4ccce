//! Arguments and answers as they stand in a trace, and answers read back for replay and fault injection.
//!
//! The encoding is the one that `invar_trace` shows by WIT type: see its module `value`.

/// Where values are written.
pub(crate) use invar_trace::Writer as Out;
use minicbor::{Decoder, decode};
use wasmtime::component::Resource;

use crate::bindings::wasi::{
    clocks::{timezone::TimezoneDisplay, wall_clock::Datetime},
    filesystem::types as fs,
    io::streams::StreamError,
    sockets::{network as net, tcp::ShutdownType, udp},
};

/// A value that can be written into a trace. Writing to memory cannot fail.
pub(crate) trait Encode {
    fn encode(&self, out: &mut Out<'_>);
}

/// An answer that can be read back.
pub(crate) trait Decode: Encode + Sized {
    fn decode(d: &mut Decoder<'_>) -> Result<Self, decode::Error>;
}

macro_rules! numbers {
    ($($type:ty: $write:ident as $as:ty, $read:ident;)*) => {$(
        impl Encode for $type {
            #[inline]
            fn encode(&self, out: &mut Out<'_>) {
                out.$write(<$as>::from(*self));
            }
        }
        impl Decode for $type {
            fn decode(d: &mut Decoder<'_>) -> Result<Self, decode::Error> {
                d.$read()
            }
        }
    )*};
}

numbers! {
    bool: bool as bool, bool;
    u8: unsigned as u64, u8;
    u16: unsigned as u64, u16;
    u32: unsigned as u64, u32;
    u64: unsigned as u64, u64;
    i32: signed as i64, i32;
}

impl Encode for () {
    fn encode(&self, out: &mut Out<'_>) {
        out.null();
    }
}

impl Decode for () {
    fn decode(d: &mut Decoder<'_>) -> Result<Self, decode::Error> {
        d.null()
    }
}

/// No arguments.
impl Encode for [(); 0] {
    fn encode(&self, out: &mut Out<'_>) {
        out.array(0);
    }
}

impl Encode for String {
    fn encode(&self, out: &mut Out<'_>) {
        out.text(self);
    }
}

impl Decode for String {
    fn decode(d: &mut Decoder<'_>) -> Result<Self, decode::Error> {
        d.str().map(str::to_owned)
    }
}

/// A handle by its number.
impl<T: 'static> Encode for Resource<T> {
    fn encode(&self, out: &mut Out<'_>) {
        out.unsigned(u64::from(self.rep()));
    }
}

/// The handle that a recorded answer gave. None can be made up: the JSON of an injected answer is refused before it
/// comes to this.
impl<T: 'static> Decode for Resource<T> {
    fn decode(d: &mut Decoder<'_>) -> Result<Self, decode::Error> {
        d.u32().map(Self::new_own)
    }
}

impl<T: Encode> Encode for &T {
    fn encode(&self, out: &mut Out<'_>) {
        (*self).encode(out);
    }
}

impl<T: Encode> Encode for Option<T> {
    fn encode(&self, out: &mut Out<'_>) {
        match self {
            Some(value) => value.encode(out),
            None => out.null(),
        }
    }
}

impl<T: Decode> Decode for Option<T> {
    fn decode(d: &mut Decoder<'_>) -> Result<Self, decode::Error> {
        match d.datatype()? {
            minicbor::data::Type::Null => d.null().map(|()| None),
            _ => T::decode(d).map(Some),
        }
    }
}

impl<T: Encode, E: Encode> Encode for Result<T, E> {
    fn encode(&self, out: &mut Out<'_>) {
        out.array(2);
        match self {
            Ok(value) => {
                out.unsigned(0);
                value.encode(out);
            }
            Err(error) => {
                out.unsigned(1);
                error.encode(out);
            }
        }
    }
}

/// Reads `[0, value]` or `[1, error]`.
pub(crate) fn decode_result<T: Decode, E: Decode>(
    d: &mut Decoder<'_>,
) -> Result<Result<T, E>, decode::Error> {
    d.array()?;
    match d.u8()? {
        0 => T::decode(d).map(Ok),
        1 => E::decode(d).map(Err),
        _ => Err(decode::Error::message("not a result")),
    }
}

impl<T: Decode, E: Decode> Decode for Result<T, E> {
    fn decode(d: &mut Decoder<'_>) -> Result<Self, decode::Error> {
        decode_result(d)
    }
}

/// `list<u8>` is bytes; every other list is an array of its items.
impl Encode for Vec<u8> {
    fn encode(&self, out: &mut Out<'_>) {
        out.bytes(self);
    }
}

impl Decode for Vec<u8> {
    fn decode(d: &mut Decoder<'_>) -> Result<Self, decode::Error> {
        d.bytes().map(<[u8]>::to_vec)
    }
}

macro_rules! lists {
    ($($item:ty),*) => {$(
        impl Encode for Vec<$item> {
            fn encode(&self, out: &mut Out<'_>) {
                out.array(self.len() as u64);
                self.iter().for_each(|item| item.encode(out));
            }
        }
        impl Decode for Vec<$item> {
            fn decode(d: &mut Decoder<'_>) -> Result<Self, decode::Error> {
                let items = d.array()?.ok_or_else(|| decode::Error::message("not a list"))?;
                (0..items).map(|_| <$item>::decode(d)).collect()
            }
        }
    )*};
}

lists!(u32, String, Vec<u8>, (String, String), (String, Vec<u8>), (Resource<fs::Descriptor>, String));

impl Encode for Vec<Resource<crate::bindings::wasi::io::poll::Pollable>> {
    fn encode(&self, out: &mut Out<'_>) {
        out.array(self.len() as u64);
        self.iter().for_each(|item| item.encode(out));
    }
}

macro_rules! tuples {
    ($(($($name:ident $index:tt),+))*) => {$(
        impl<$($name: Encode),+> Encode for ($($name,)+) {
            fn encode(&self, out: &mut Out<'_>) {
                out.array([$($index),+].len() as u64);
                $(self.$index.encode(out);)+
            }
        }
        impl<$($name: Decode),+> Decode for ($($name,)+) {
            fn decode(d: &mut Decoder<'_>) -> Result<Self, decode::Error> {
                d.array()?;
                Ok(($($name::decode(d)?,)+))
            }
        }
    )*};
}

tuples! {
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
}

/// An address of the sixth version: eight parts.
impl Encode for (u16, u16, u16, u16, u16, u16, u16, u16) {
    fn encode(&self, out: &mut Out<'_>) {
        out.array(8);
        let (a, b, c, d, e, f, g, h) = *self;
        [a, b, c, d, e, f, g, h].iter().for_each(|part| part.encode(out));
    }
}

impl Decode for (u16, u16, u16, u16, u16, u16, u16, u16) {
    fn decode(d: &mut Decoder<'_>) -> Result<Self, decode::Error> {
        d.array()?;
        let mut part = || d.u16();
        Ok((part()?, part()?, part()?, part()?, part()?, part()?, part()?, part()?))
    }
}

macro_rules! records {
    ($($type:ty { $($field:ident),+ })*) => {$(
        impl Encode for $type {
            fn encode(&self, out: &mut Out<'_>) {
                out.array([$(stringify!($field)),+].len() as u64);
                $(self.$field.encode(out);)+
            }
        }
        impl Decode for $type {
            fn decode(d: &mut Decoder<'_>) -> Result<Self, decode::Error> {
                d.array()?;
                Ok(Self { $($field: Decode::decode(d)?),+ })
            }
        }
    )*};
}

records! {
    Datetime { seconds, nanoseconds }
    TimezoneDisplay { utc_offset, name, in_daylight_saving_time }
    fs::DescriptorStat {
        type_, link_count, size, data_access_timestamp, data_modification_timestamp, status_change_timestamp
    }
    fs::DirectoryEntry { type_, name }
    fs::MetadataHashValue { lower, upper }
    net::Ipv4SocketAddress { port, address }
    net::Ipv6SocketAddress { port, flow_info, address, scope_id }
    udp::IncomingDatagram { data, remote_address }
    udp::OutgoingDatagram { data, remote_address }
}

lists!(udp::IncomingDatagram, udp::OutgoingDatagram);

/// Enums by their case; the list is in the order of the WIT.
macro_rules! enums {
    ($($type:ty { $($case:ident),+ $(,)? })*) => {$(
        impl Encode for $type {
            fn encode(&self, out: &mut Out<'_>) {
                out.unsigned(*self as u64);
            }
        }
        impl Decode for $type {
            fn decode(d: &mut Decoder<'_>) -> Result<Self, decode::Error> {
                const CASES: &[$type] = &[$(<$type>::$case),+];
                CASES.get(usize::from(d.u8()?)).copied().ok_or_else(|| decode::Error::message("no such case"))
            }
        }
    )*};
}

enums! {
    fs::DescriptorType { Unknown, BlockDevice, CharacterDevice, Directory, Fifo, SymbolicLink, RegularFile, Socket }
    fs::Advice { Normal, Sequential, Random, WillNeed, DontNeed, NoReuse }
    fs::ErrorCode {
        Access, WouldBlock, Already, BadDescriptor, Busy, Deadlock, Quota, Exist, FileTooLarge,
        IllegalByteSequence, InProgress, Interrupted, Invalid, Io, IsDirectory, Loop, TooManyLinks, MessageSize,
        NameTooLong, NoDevice, NoEntry, NoLock, InsufficientMemory, InsufficientSpace, NotDirectory, NotEmpty,
        NotRecoverable, Unsupported, NoTty, NoSuchDevice, Overflow, NotPermitted, Pipe, ReadOnly, InvalidSeek,
        TextFileBusy, CrossDevice,
    }
    net::ErrorCode {
        Unknown, AccessDenied, NotSupported, InvalidArgument, OutOfMemory, Timeout, ConcurrencyConflict,
        NotInProgress, WouldBlock, InvalidState, NewSocketLimit, AddressNotBindable, AddressInUse,
        RemoteUnreachable, ConnectionRefused, ConnectionReset, ConnectionAborted, DatagramTooLarge,
        NameUnresolvable, TemporaryResolverFailure, PermanentResolverFailure,
    }
    net::IpAddressFamily { Ipv4, Ipv6 }
    ShutdownType { Receive, Send, Both }
}

macro_rules! flags {
    ($($type:ty { $($bit:literal $flag:ident),+ $(,)? })*) => {$(
        impl Encode for $type {
            fn encode(&self, out: &mut Out<'_>) {
                let mut bits = 0u32;
                $(bits |= u32::from(self.contains(<$type>::$flag)) << $bit;)+
                out.unsigned(u64::from(bits));
            }
        }
        impl Decode for $type {
            fn decode(d: &mut Decoder<'_>) -> Result<Self, decode::Error> {
                let bits = d.u32()?;
                let mut flags = <$type>::empty();
                $(if bits >> $bit & 1 == 1 { flags |= <$type>::$flag; })+
                Ok(flags)
            }
        }
    )*};
}

flags! {
    fs::PathFlags { 0 SYMLINK_FOLLOW }
    fs::OpenFlags { 0 CREATE, 1 DIRECTORY, 2 EXCLUSIVE, 3 TRUNCATE }
    fs::DescriptorFlags {
        0 READ, 1 WRITE, 2 FILE_INTEGRITY_SYNC, 3 DATA_INTEGRITY_SYNC, 4 REQUESTED_WRITE_SYNC, 5 MUTATE_DIRECTORY,
    }
}

/// Variants as `[case, value or null]`.
fn case(out: &mut Out<'_>, case: u8, value: &dyn Encode) {
    out.array(2);
    out.unsigned(u64::from(case));
    value.encode(out);
}

impl Encode for fs::NewTimestamp {
    fn encode(&self, out: &mut Out<'_>) {
        match self {
            Self::NoChange => case(out, 0, &()),
            Self::Now => case(out, 1, &()),
            Self::Timestamp(time) => case(out, 2, time),
        }
    }
}

impl Encode for net::IpAddress {
    fn encode(&self, out: &mut Out<'_>) {
        match self {
            Self::Ipv4(address) => case(out, 0, address),
            Self::Ipv6(address) => case(out, 1, address),
        }
    }
}

impl Decode for net::IpAddress {
    fn decode(d: &mut Decoder<'_>) -> Result<Self, decode::Error> {
        d.array()?;
        match d.u8()? {
            0 => Decode::decode(d).map(Self::Ipv4),
            1 => Decode::decode(d).map(Self::Ipv6),
            _ => Err(decode::Error::message("no such case")),
        }
    }
}

impl Encode for net::IpSocketAddress {
    fn encode(&self, out: &mut Out<'_>) {
        match self {
            Self::Ipv4(address) => case(out, 0, address),
            Self::Ipv6(address) => case(out, 1, address),
        }
    }
}

impl Decode for net::IpSocketAddress {
    fn decode(d: &mut Decoder<'_>) -> Result<Self, decode::Error> {
        d.array()?;
        match d.u8()? {
            0 => Decode::decode(d).map(Self::Ipv4),
            1 => Decode::decode(d).map(Self::Ipv6),
            _ => Err(decode::Error::message("no such case")),
        }
    }
}

impl Encode for StreamError {
    fn encode(&self, out: &mut Out<'_>) {
        match self {
            Self::LastOperationFailed(error) => case(out, 0, error),
            Self::Closed => case(out, 1, &()),
        }
    }
}

impl Decode for StreamError {
    fn decode(d: &mut Decoder<'_>) -> Result<Self, decode::Error> {
        d.array()?;
        match d.u8()? {
            0 => Resource::decode(d).map(Self::LastOperationFailed),
            1 => d.null().map(|()| Self::Closed),
            _ => Err(decode::Error::message("not an error of a stream")),
        }
    }
}

mod config;
mod http;

#[cfg(test)]
mod tests {
    use invar_trace::{functions, to_json};
    use minicbor::Decoder;
    use serde_json::json;

    use super::{Decode, Encode, Out, decode_result, fs, net};

    fn recorded(value: &dyn Encode) -> Vec<u8> {
        let mut bytes = Vec::new();
        value.encode(&mut Out::new(&mut bytes));
        bytes
    }

    #[test]
    fn what_is_recorded_reads_as_json_of_the_wit_type() {
        let stat = fs::DescriptorStat {
            type_: fs::DescriptorType::RegularFile,
            link_count: 1,
            size: 5,
            data_access_timestamp: None,
            data_modification_timestamp: Some(super::Datetime { seconds: 9, nanoseconds: 8 }),
            status_change_timestamp: None,
        };
        let answer: Result<_, fs::ErrorCode> = Ok(stat);
        let ty = functions::filesystem::DESCRIPTOR_STAT.get().unwrap().answer;
        let json = to_json(ty.as_ref(), &recorded(&answer)).unwrap();
        assert_eq!(json["ok"]["type"], "regular-file");
        assert_eq!(json["ok"]["data-modification-timestamp"], json!({ "seconds": 9, "nanoseconds": 8 }));
        let refused: Result<u64, fs::ErrorCode> = Err(fs::ErrorCode::CrossDevice);
        let ty = functions::filesystem::DESCRIPTOR_WRITE.get().unwrap().answer;
        assert_eq!(to_json(ty.as_ref(), &recorded(&refused)).unwrap(), json!({ "err": "cross-device" }));
    }

    #[test]
    fn every_error_code_reads_back_as_itself() {
        for number in 0..=36u8 {
            let code = fs::ErrorCode::decode(&mut Decoder::new(&recorded(&number))).unwrap();
            assert_eq!(code as u8, number);
        }
        for number in 0..=20u8 {
            let code = net::ErrorCode::decode(&mut Decoder::new(&recorded(&number))).unwrap();
            assert_eq!(code as u8, number);
        }
        assert!(fs::ErrorCode::decode(&mut Decoder::new(&recorded(&37u8))).is_err());
    }

    #[test]
    fn flags_and_addresses_read_back_as_themselves() {
        let flags = fs::DescriptorFlags::READ | fs::DescriptorFlags::MUTATE_DIRECTORY;
        assert_eq!(fs::DescriptorFlags::decode(&mut Decoder::new(&recorded(&flags))).unwrap(), flags);
        let address = net::IpAddress::Ipv6((1, 2, 3, 4, 5, 6, 7, 8));
        let answer: Result<Option<net::IpAddress>, net::ErrorCode> = Ok(Some(address));
        let read: Result<Option<net::IpAddress>, net::ErrorCode> =
            decode_result(&mut Decoder::new(&recorded(&answer))).unwrap();
        assert!(matches!(read, Ok(Some(net::IpAddress::Ipv6((1, 2, 3, 4, 5, 6, 7, 8))))));
    }
}
