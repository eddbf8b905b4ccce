//! What the log holds: one event after the other, each in deterministic CBOR (RFC 8949, 4.2).
//!
//! An event is an array: version, log, index, epoch, time, link of the event before, body. Equal events are equal bytes,
//! and bytes that are not what the event would be written as are refused, so that there is one leaf hash for each.

use minicbor::{Decode, Encode};
use thiserror::Error;

use crate::{Hash, body::Body, cbor};

/// Bytes of an event at most: what an entry of a tile can hold. Stops a skill from filling the log with one event.
pub const EVENT_BYTES_MAX: usize = 65_535;

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Event {
    /// Of this form.
    #[n(0)]
    pub version: u8,
    /// The log: the hash of its genesis.
    #[n(1)]
    pub log: Hash,
    /// Its place in the log, from 0.
    #[n(2)]
    pub index: u64,
    /// The epoch whose key signs it.
    #[n(3)]
    pub epoch: u32,
    /// Milliseconds since 1970 on the monitor's clock; never less than those of the event before.
    #[n(4)]
    pub time_ms: u64,
    /// The link of the event before; of the first, zeros.
    #[n(5)]
    pub previous: Hash,
    /// What happened.
    #[n(6)]
    pub body: Body,
}

/// Bytes that are no event.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EventError {
    /// Not the CBOR of an event.
    #[error("is not an event: {0}")]
    Malformed(String),
    /// Of a form that this program does not know.
    #[error("is of version {0}, and this program knows version {VERSION}: use a newer one")]
    Version(u8),
    /// The same event is written in another way.
    #[error("is not written as this event is written")]
    NotCanonical,
    /// Larger than an entry can be.
    #[error("has {0} bytes, and an event has {EVENT_BYTES_MAX} at most")]
    TooLong(usize),
}

/// The version of this form.
pub const VERSION: u8 = 1;

impl Event {
    /// As it is hashed, signed and stored.
    ///
    /// # Errors
    /// It is too long.
    pub fn to_bytes(&self) -> Result<Vec<u8>, EventError> {
        let mut bytes = Vec::with_capacity(512);
        self.write(&mut bytes)?;
        Ok(bytes)
    }

    /// Appends it to a buffer.
    ///
    /// # Errors
    /// It is too long; the buffer is as it was.
    pub fn write(&self, buffer: &mut Vec<u8>) -> Result<(), EventError> {
        let before = buffer.len();
        cbor::append(self, buffer);
        let len = buffer.len() - before;
        if len > EVENT_BYTES_MAX {
            buffer.truncate(before);
            return Err(EventError::TooLong(len));
        }
        Ok(())
    }

    /// From its bytes, all of them.
    ///
    /// # Errors
    /// See [`EventError`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EventError> {
        Self::from_bytes_with(bytes, &mut Vec::new())
    }

    /// The same, with a buffer to be used again.
    ///
    /// # Errors
    /// See [`EventError`].
    pub fn from_bytes_with(bytes: &[u8], scratch: &mut Vec<u8>) -> Result<Self, EventError> {
        if bytes.len() > EVENT_BYTES_MAX {
            return Err(EventError::TooLong(bytes.len()));
        }
        // The version comes first, so that a newer form is named and not just unreadable.
        match *bytes {
            [0x87, VERSION, ..] => {}
            [0x80..=0x9f, version @ 0..24, ..] => return Err(EventError::Version(version)),
            _ => return Err(EventError::Malformed("no version".into())),
        }
        let event: Self =
            minicbor::decode(bytes).map_err(|error| EventError::Malformed(error.to_string()))?;
        scratch.clear();
        event.write(scratch)?;
        match scratch == bytes {
            true => Ok(event),
            false => Err(EventError::NotCanonical),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::body::{Run, strategy};

    fn event(body: Body) -> Event {
        Event {
            version: VERSION,
            log: Hash::of(b"log"),
            index: 3,
            epoch: 0,
            time_ms: 1_768_492_800_000,
            previous: Hash::of(b"before"),
            body,
        }
    }

    #[test]
    fn an_event_of_a_newer_form_is_named_as_such() {
        let mut bytes = event(Body::Close).to_bytes().unwrap();
        bytes[1] = 2;
        assert_eq!(Event::from_bytes(&bytes), Err(EventError::Version(2)));
    }

    #[test]
    fn a_number_written_longer_than_it_is_is_refused() {
        let bytes = event(Body::Close).to_bytes().unwrap();
        // Index 3, after two bytes and a hash of 34, as one byte and as two.
        assert_eq!(bytes[36], 3);
        let longer: Vec<u8> = [&bytes[..36], &[0x18, 3], &bytes[37..]].concat();
        assert_eq!(Event::from_bytes(&longer), Err(EventError::NotCanonical));
    }

    #[test]
    fn what_follows_an_event_is_refused() {
        let mut bytes = event(Body::Close).to_bytes().unwrap();
        bytes.push(0);
        assert!(Event::from_bytes(&bytes).is_err());
    }

    #[test]
    fn an_event_too_long_for_an_entry_is_refused() {
        let run = Run { skill: "x".repeat(EVENT_BYTES_MAX), ..Run::default() };
        assert!(matches!(event(Body::Run(run)).to_bytes(), Err(EventError::TooLong(_))));
    }

    proptest! {
        #[test]
        fn events_come_back_as_they_were(body in strategy(), index: u64, epoch: u32, time_ms: u64) {
            let event = Event { index, epoch, time_ms, ..event(body) };
            prop_assert_eq!(Event::from_bytes(&event.to_bytes().unwrap()), Ok(event));
        }

        #[test]
        fn whatever_is_read_is_written_the_same(body in strategy(), at: prop::sample::Index, byte: u8) {
            let mut bytes = event(body).to_bytes().unwrap();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            if let Ok(event) = Event::from_bytes(&bytes) {
                prop_assert_eq!(event.to_bytes().unwrap(), bytes);
            }
        }

        #[test]
        fn bytes_of_any_kind_are_read_or_refused(bytes: Vec<u8>) {
            let _ = Event::from_bytes(&bytes);
        }
    }
}
