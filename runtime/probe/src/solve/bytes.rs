//! Bytes that show in operands as they are, or with some bits flipped, and what they would have to be.

use std::collections::BTreeMap;

/// The bits that are flipped in a byte to see where it shows: bits of letters and digits that are no matter of case.
pub(crate) const FLIP_MASK: u8 = 0x15;

/// Which byte of a source shows in which byte of an operand.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lanes(BTreeMap<u32, usize>);

impl Lanes {
    /// Byte `index` of the source was flipped, and the operand went from `before` to `after`.
    pub(crate) fn add(&mut self, index: usize, before: u64, after: u64) {
        let difference = before ^ after;
        for lane in 0..8 {
            if difference == u64::from(FLIP_MASK) << (8 * lane) {
                self.0.insert(lane, index);
            }
        }
    }

    /// Whether none shows.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The bytes, by their index, with which the operand would be `wanted`, as far as it shows them; none if those are
    /// there already.
    pub(crate) fn solve(&self, bytes: &[u8], operand: u64, wanted: u64) -> Option<BTreeMap<usize, u8>> {
        let mut solved = BTreeMap::new();
        for (lane, index) in &self.0 {
            let flipped = (operand ^ wanted) >> (8 * lane) & 0xff;
            let byte = *bytes.get(*index)?;
            *solved.entry(*index).or_insert(byte) ^= u8::try_from(flipped).unwrap_or(0);
        }
        solved.retain(|index, byte| bytes[*index] != *byte);
        (!solved.is_empty()).then_some(solved)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{FLIP_MASK, Lanes};

    #[test]
    fn every_byte_of_a_word_is_solved_at_once() {
        let (bytes, wanted) = (*b"user-one", u64::from_le_bytes(*b"prod-web"));
        let operand = u64::from_le_bytes(bytes);
        let mut lanes = Lanes::default();
        for index in 0..8 {
            let mut flipped = bytes;
            flipped[index] ^= FLIP_MASK;
            lanes.add(index, operand, u64::from_le_bytes(flipped));
        }
        let mut solved = bytes;
        lanes.solve(&bytes, operand, wanted).unwrap().into_iter().for_each(|(at, byte)| solved[at] = byte);
        assert_eq!(&solved, b"prod-web");
    }

    #[test]
    fn a_byte_that_is_folded_with_a_constant_is_solved_all_the_same() {
        let fold = |byte: u8| u64::from(byte ^ 0x5a);
        let mut lanes = Lanes::default();
        lanes.add(0, fold(b'x'), fold(b'x' ^ FLIP_MASK));
        assert_eq!(lanes.solve(b"x", fold(b'x'), fold(b'q')).unwrap(), BTreeMap::from([(0, b'q')]));
        assert_eq!(lanes.solve(b"x", fold(b'x'), fold(b'x')), None);
    }
}
