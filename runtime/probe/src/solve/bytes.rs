//! Bytes that show in operands as they are, or with some bits flipped, and what they would have to be.

use std::collections::BTreeMap;

/// The bits that are flipped in a byte to see where it shows: bits of letters and digits that are no matter of case.
pub(crate) const FLIP_MASK: u8 = 0x15;

/// Which byte of a source shows in which byte of an operand, and how.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lanes(BTreeMap<u32, (usize, Rule)>);

/// How a byte of an operand follows one of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// Bit by bit.
    Bits,
    /// So many for each one, round the circle of 256. It is odd: each byte comes from one alone.
    Line(u8),
}

impl Rule {
    /// The byte with which a lane that shows `lane` for `byte` would show `wanted`.
    fn solve(self, byte: u8, lane: u8, wanted: u8) -> u8 {
        match self {
            Self::Bits => byte ^ lane ^ wanted,
            Self::Line(slope) => byte.wrapping_add(wanted.wrapping_sub(lane).wrapping_mul(inverse(slope))),
        }
    }
}

/// The inverse of an odd number modulo 256 (Warren, Hacker's Delight, 10-16).
fn inverse(odd: u8) -> u8 {
    let mut x = odd;
    for _ in 0..3 {
        x = x.wrapping_mul(2u8.wrapping_sub(odd.wrapping_mul(x)));
    }
    x
}

/// A byte of an operand.
fn lane_of(operand: u64, lane: u32) -> u8 {
    operand.to_le_bytes()[lane as usize & 7]
}

impl Lanes {
    /// Byte `index` of the source was flipped, and the operand went from `before` to `after`.
    pub(crate) fn add(&mut self, index: usize, before: u64, after: u64) {
        let difference = before ^ after;
        for lane in 0..8 {
            if difference == u64::from(FLIP_MASK) << (8 * lane) {
                self.0.insert(lane, (index, Rule::Bits));
            }
        }
    }

    /// Byte `index` of the source went from one value to another, and the operand with it: that shows in one byte of
    /// the operand alone, as where each byte of a vector is calculated with.
    pub(crate) fn add_step(&mut self, index: usize, (from, to): (u8, u8), before: u64, after: u64) {
        let difference = before ^ after;
        if difference == 0 {
            return;
        }
        let lane = difference.trailing_zeros() / 8;
        if difference >> (8 * lane) > 0xff || self.0.contains_key(&lane) {
            return;
        }
        let rule = match difference.to_le_bytes()[lane as usize] == from ^ to {
            true => Rule::Bits,
            // An even step shows no line: it has no inverse.
            false if from & 1 == to & 1 => return,
            false => {
                let moved = lane_of(after, lane).wrapping_sub(lane_of(before, lane));
                Rule::Line(moved.wrapping_mul(inverse(to.wrapping_sub(from))))
            }
        };
        if rule == Rule::Bits || matches!(rule, Rule::Line(slope) if slope & 1 == 1) {
            self.0.insert(lane, (index, rule));
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
        for (lane, (index, rule)) in &self.0 {
            let byte = *bytes.get(*index)?;
            let (now, then) = (lane_of(operand, *lane), lane_of(wanted, *lane));
            if now != then {
                solved.insert(*index, rule.solve(byte, now, then));
            }
        }
        solved.retain(|index, byte| bytes[*index] != *byte);
        (!solved.is_empty()).then_some(solved)
    }

    /// The whole text with which the operand would be `wanted` if what shows in one byte of it went on in those behind:
    /// longer than `bytes` where those are too short to show there, and cut where a byte comes out as zero. What is
    /// not there shows as zero.
    pub(crate) fn solve_text(&self, bytes: &[u8], operand: u64, wanted: u64) -> Option<Vec<u8>> {
        let (last, (index, rule)) = self.0.last_key_value()?;
        if self.0.iter().any(|(lane, (at, _))| index.checked_sub(*at) != Some((last - lane) as usize)) {
            return None;
        }
        let start = (*index + 1).checked_sub(*last as usize + 1)?;
        let mut text = bytes.get(..start)?.to_vec();
        for lane in 0..8 {
            let byte = bytes.get(start + lane as usize).copied().unwrap_or(0);
            let rule = self.0.get(&lane).map_or(*rule, |(_, rule)| *rule);
            text.push(rule.solve(byte, lane_of(operand, lane), lane_of(wanted, lane)));
        }
        text.extend(bytes.get(start + 8..).unwrap_or_default());
        let end = text.iter().position(|byte| *byte == 0).unwrap_or(text.len());
        text.truncate(end);
        (!text.is_empty() && text != bytes).then_some(text)
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

    #[test]
    fn a_byte_that_is_calculated_with_in_its_lane_is_solved_on_the_circle() {
        let lane = |byte: u8| u64::from(byte.wrapping_mul(3).wrapping_sub(200)) << 8;
        let mut lanes = Lanes::default();
        lanes.add_step(0, (b'x', b'x' ^ FLIP_MASK), lane(b'x'), lane(b'x' ^ FLIP_MASK));
        assert_eq!(lanes.solve(b"x", lane(b'x'), lane(b'Q')).unwrap(), BTreeMap::from([(0, b'Q')]));
    }

    #[test]
    fn a_text_goes_on_as_it_shows_and_ends_at_its_zero() {
        let shown = |text: &[u8]| {
            let mut word = [0; 8];
            word[..text.len()].copy_from_slice(text);
            u64::from_le_bytes(word.map(|byte| byte ^ 0x33))
        };
        let mut lanes = Lanes::default();
        for index in 0..3 {
            let mut flipped = *b"abc";
            flipped[index] ^= FLIP_MASK;
            lanes.add(index, shown(b"abc"), shown(&flipped));
        }
        let solve = |wanted: &[u8]| lanes.solve_text(b"abc", shown(b"abc"), shown(wanted)).unwrap();
        assert_eq!(solve(b"longer"), b"longer");
        assert_eq!(solve(b"z"), b"z");
    }
}
