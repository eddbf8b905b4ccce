//! Values that are made when they are needed.
//!
//! A long input has thousands of candidates that are all but the same: what each changes is kept, and the bytes that
//! they share once.

use std::{ops::Range, sync::Arc};

use crate::{Value, solve::View};

/// A value that is not made yet.
#[derive(Debug, Clone)]
pub(super) enum Draft {
    /// As it is.
    Whole(Value),
    /// Bytes with others in the place of some.
    Spliced { base: Arc<[u8]>, range: Range<usize>, with: Arc<[u8]> },
    /// Bytes with some of them set.
    Set { base: Arc<[u8]>, bytes: Vec<(usize, u8)> },
    /// Bytes with another number in the place of one that they hold; it is known to fit.
    Number { base: Arc<[u8]>, view: View, number: i128 },
    /// Bytes with a line more, behind a newline where the last line has none.
    Appended { base: Arc<[u8]>, line: Arc<[u8]> },
}

impl Draft {
    /// These bytes.
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self::Whole(Value::Bytes(bytes.into()))
    }

    /// Bytes with another number in the place of one that they hold, and how many bytes those are; none if it does
    /// not fit there.
    pub(super) fn number(base: &Arc<[u8]>, view: &View, number: i128) -> Option<(Self, usize)> {
        let len = view.len_with(base, number)?;
        Some((Self::Number { base: base.clone(), view: view.clone(), number }, len))
    }

    /// What bytes come to with others in their place.
    pub(super) fn set(base: &Arc<[u8]>, bytes: impl IntoIterator<Item = (usize, u8)>) -> Self {
        Self::Set { base: base.clone(), bytes: bytes.into_iter().collect() }
    }

    /// The bytes, if they are made already.
    pub(super) fn text(&self) -> Option<&[u8]> {
        match self {
            Self::Whole(Value::Bytes(bytes)) => Some(bytes),
            _ => None,
        }
    }

    /// The value.
    pub(super) fn value(&self) -> Value {
        match self {
            Self::Whole(value) => value.clone(),
            Self::Spliced { base, range, with } => {
                Value::Bytes([&base[..range.start], with, &base[range.end..]].concat().into())
            }
            Self::Set { base, bytes } => {
                let mut changed = base.to_vec();
                for (at, byte) in bytes {
                    changed[*at] = *byte;
                }
                Value::Bytes(changed.into())
            }
            Self::Number { base, view, number } => {
                let bytes = view.put(base, *number);
                Value::Bytes(bytes.map_or_else(|| base.clone(), Into::into))
            }
            Self::Appended { base, line } => {
                let newline: &[u8] = if base.last().is_some_and(|last| *last != b'\n') { b"\n" } else { b"" };
                Value::Bytes([base, newline, line, b"\n"].concat().into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Draft;
    use crate::{Value, solve::View};

    fn bytes(draft: &Draft) -> Vec<u8> {
        match draft.value() {
            Value::Bytes(bytes) => bytes.to_vec(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn each_draft_is_made_of_what_it_changes() {
        let base: Arc<[u8]> = b"a 12".as_slice().into();
        let with: Arc<[u8]> = b"xyz".as_slice().into();
        let spliced = Draft::Spliced { base: base.clone(), range: 0..1, with: with.clone() };
        assert_eq!(bytes(&spliced), b"xyz 12");
        assert_eq!(bytes(&Draft::set(&base, [(0, b'b'), (3, b'3')])), b"b 13");
        assert_eq!(bytes(&Draft::Appended { base: base.clone(), line: with.clone() }), b"a 12\nxyz\n");
        let (number, len) = Draft::number(&base, &View::Decimal(2..4), 1000).unwrap();
        assert_eq!((bytes(&number).as_slice(), len), (b"a 1000".as_slice(), 6));
    }

    #[test]
    fn a_number_that_does_not_fit_is_no_draft() {
        let base: Arc<[u8]> = b"ab".as_slice().into();
        assert!(Draft::number(&base, &View::Length(0..2), 1 << 40).is_none());
        assert!(Draft::number(&base, &View::Little(0..2), 1 << 20).is_none());
    }
}
