//! Writing CBOR on the hot path.
//!
//! Every host call writes some ten items. Written item by item through a general encoder they cost as much as
//! the call itself; here each is a push or two, inlined. Lengths and numbers are in their shortest form, so that
//! equal values give equal bytes. Reading, and everything that is not on the hot path, is minicbor's.

/// Writes CBOR into a buffer.
pub struct Writer<'a>(&'a mut Vec<u8>);

const UNSIGNED: u8 = 0;
const NEGATIVE: u8 = 1;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const TAG: u8 = 6;
const SIMPLE: u8 = 7 << 5;

#[allow(clippy::cast_possible_truncation, reason = "each arm holds what fits")]
impl<'a> Writer<'a> {
    /// Appends to `buffer`.
    #[inline]
    pub fn new(buffer: &'a mut Vec<u8>) -> Self {
        Self(buffer)
    }

    #[inline]
    fn head(&mut self, major: u8, number: u64) {
        let major = major << 5;
        match number {
            0..24 => self.0.push(major | number as u8),
            24..0x100 => self.0.extend_from_slice(&[major | 24, number as u8]),
            0x100..0x1_0000 => {
                let [a, b] = (number as u16).to_be_bytes();
                self.0.extend_from_slice(&[major | 25, a, b]);
            }
            0x1_0000..0x1_0000_0000 => {
                let [a, b, c, d] = (number as u32).to_be_bytes();
                self.0.extend_from_slice(&[major | 26, a, b, c, d]);
            }
            _ => {
                let [a, b, c, d, e, f, g, h] = number.to_be_bytes();
                self.0.extend_from_slice(&[major | 27, a, b, c, d, e, f, g, h]);
            }
        }
    }

    /// A number of items that follow.
    #[inline]
    pub fn array(&mut self, len: u64) {
        self.head(ARRAY, len);
    }

    /// An unsigned number.
    #[inline]
    pub fn unsigned(&mut self, number: u64) {
        self.head(UNSIGNED, number);
    }

    /// A signed number.
    #[inline]
    pub fn signed(&mut self, number: i64) {
        match u64::try_from(number) {
            Ok(number) => self.head(UNSIGNED, number),
            Err(_) => self.head(NEGATIVE, !number as u64),
        }
    }

    /// A byte string.
    #[inline]
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.head(BYTES, bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }

    /// A text.
    #[inline]
    pub fn text(&mut self, text: &str) {
        self.head(TEXT, text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }

    /// What is CBOR already.
    pub fn raw(&mut self, cbor: &[u8]) {
        self.0.extend_from_slice(cbor);
    }

    /// True or false.
    #[inline]
    pub fn bool(&mut self, value: bool) {
        self.0.push(SIMPLE | (20 + u8::from(value)));
    }

    /// Nothing.
    #[inline]
    pub fn null(&mut self) {
        self.0.push(SIMPLE | 22);
    }

    /// What never came.
    #[inline]
    pub fn undefined(&mut self) {
        self.0.push(SIMPLE | 23);
    }

    /// What the next item stands for.
    #[inline]
    pub fn tag(&mut self, tag: u64) {
        self.head(TAG, tag);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Writer;

    proptest! {
        #[test]
        fn it_writes_what_minicbor_writes(number in any::<u64>(), shift in 0..64u32, signed in any::<i64>(), bytes in proptest::collection::vec(any::<u8>(), 0..300), text in ".{0,40}", flag in any::<bool>()) {
            let number = number >> shift;
            let signed = signed >> shift;
            let (mut ours, mut theirs) = (Vec::new(), minicbor::Encoder::new(Vec::new()));
            let mut w = Writer::new(&mut ours);
            w.array(number);
            w.unsigned(number);
            w.signed(signed);
            w.bytes(&bytes);
            w.text(&text);
            w.bool(flag);
            w.null();
            w.undefined();
            w.tag(number);
            theirs.array(number).unwrap().u64(number).unwrap().i64(signed).unwrap();
            theirs.bytes(&bytes).unwrap().str(&text).unwrap().bool(flag).unwrap().null().unwrap();
            theirs.undefined().unwrap().tag(minicbor::data::Tag::new(number)).unwrap();
            prop_assert_eq!(ours, theirs.into_writer());
        }
    }
}
