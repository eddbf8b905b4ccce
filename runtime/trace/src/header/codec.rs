//! How a header is written and read, in each format.

use minicbor::{Decoder, data::Type, decode};

use super::{
    first::FirstHeader,
    types::{Format, Header, Origin},
};

/// Bytes of the header of a usual run, and some more.
const HEADER_BYTES: usize = 1024;

impl Format {
    /// The format of a header, from its first byte.
    pub(crate) fn of_header(bytes: &[u8]) -> Self {
        match Decoder::new(bytes).datatype() {
            Ok(Type::Map) => Self::One,
            _ => Self::Two,
        }
    }
}

impl Header {
    /// Deterministic CBOR: of format 1 a map, of every later one an array of its number and a map.
    #[must_use]
    pub fn to_cbor(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER_BYTES);
        let written = match (self.format, &self.origin) {
            (Format::One, Origin::Lab(lab)) => minicbor::encode(FirstHeader::of(self, lab), &mut bytes),
            _ => minicbor::encode((self.format.number(), self), &mut bytes),
        };
        debug_assert!(written.is_ok(), "writing to memory cannot fail");
        bytes
    }

    /// Reads what [`Header::to_cbor`] wrote.
    pub(crate) fn from_cbor(bytes: &[u8]) -> Result<Self, decode::Error> {
        let mut decoder = Decoder::new(bytes);
        if Format::of_header(bytes) == Format::One {
            return Ok(decoder.decode::<FirstHeader>()?.into());
        }
        let (number, header): (u16, Self) = decoder.decode()?;
        match Format::from_number(number) {
            Some(format) if format > Format::One => Ok(Self { format, ..header }),
            _ => Err(decode::Error::message("a header of an unknown format")),
        }
    }
}

#[cfg(test)]
mod tests {
    use invar_world::{Limits, Timestamp, Tree};

    use super::{Format, Header, Origin};
    use crate::{LiveOrigin, testing};

    fn header() -> Header {
        testing::header(&Tree::new(Timestamp(0)), b"x")
    }

    fn live() -> Header {
        let origin =
            LiveOrigin { started: Timestamp(7), machine: "host".into(), grants: b"granted".to_vec().into() };
        Header { origin: Origin::Live(Box::new(origin)), ..header() }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for header in [header(), live()] {
            assert_eq!(Header::from_cbor(&header.to_cbor()).unwrap(), header);
        }
        assert!(header().lab().is_some() && live().lab().is_none());
        assert_eq!(live().started(), Timestamp(7));
    }

    #[test]
    fn a_header_of_the_first_format_is_written_as_it_was_read() {
        let first = Header { format: Format::One, ..header() };
        let bytes = first.to_cbor();
        let read = Header::from_cbor(&bytes).unwrap();
        assert_eq!(read.to_cbor(), bytes);
        assert_eq!(read, Header { limits: Limits { fuel: 1000, ..Limits::LAB }, ..first });
    }

    #[test]
    fn an_unknown_format_is_refused() {
        for number in [0_u16, 1, 3] {
            let bytes = minicbor::to_vec((number, header())).unwrap();
            assert!(Header::from_cbor(&bytes).is_err(), "{number}");
        }
    }
}
