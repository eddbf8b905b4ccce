//! The bytes of a file, in chunks that copies share.

use std::sync::{Arc, LazyLock};

use sha2::{Digest as _, Sha256};

use crate::{CachedDigest, Digest};

/// Bytes of a chunk. Small enough that a changed byte costs little, large enough that a read rarely crosses.
pub const CONTENT_CHUNK_BYTES: usize = 32 << 10;

/// All chunks that hold only zeros are this one: extending a file costs a pointer a chunk.
static ZEROS: LazyLock<Arc<Vec<u8>>> = LazyLock::new(|| Arc::new(vec![0; CONTENT_CHUNK_BYTES]));

/// The bytes of a file.
#[derive(Debug, Clone, Default)]
pub struct Content(CachedDigest<Chunks>);

#[derive(Debug, Clone, Default)]
struct Chunks {
    /// All full but the last, which holds at least one byte.
    chunks: Vec<Arc<Vec<u8>>>,
    len: u64,
}

impl Content {
    /// Content made of `bytes`.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let mut content = Self::default();
        content.write(0, bytes);
        content
    }

    /// Bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.0.get().len
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// At most `len` bytes from `offset`; none at or past the end.
    #[must_use]
    pub fn read(&self, offset: u64, len: usize) -> Vec<u8> {
        let Chunks { chunks, len: size } = self.0.get();
        let len = usize::try_from(size.saturating_sub(offset)).unwrap_or(usize::MAX).min(len);
        let mut out = Vec::with_capacity(len);
        let Ok(mut at) = usize::try_from(offset) else { return out };
        while out.len() < len {
            let (index, within) = (at / CONTENT_CHUNK_BYTES, at % CONTENT_CHUNK_BYTES);
            let chunk = &chunks[index][within..];
            let take = chunk.len().min(len - out.len());
            out.extend_from_slice(&chunk[..take]);
            at += take;
        }
        out
    }

    /// All bytes.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        self.0.get().chunks.iter().flat_map(|chunk| chunk.iter().copied()).collect()
    }

    /// Puts `bytes` at `offset`; a gap before it is filled with zeros. The caller bounds the size.
    pub(super) fn write(&mut self, offset: u64, bytes: &[u8]) {
        let end = offset + bytes.len() as u64;
        if end > self.len() {
            self.resize(end);
        }
        let Ok(mut at) = usize::try_from(offset) else { return };
        let mut rest = bytes;
        let chunks = &mut self.0.get_mut().chunks;
        while !rest.is_empty() {
            let (index, within) = (at / CONTENT_CHUNK_BYTES, at % CONTENT_CHUNK_BYTES);
            let chunk = &mut Arc::make_mut(&mut chunks[index])[within..];
            let take = chunk.len().min(rest.len());
            chunk[..take].copy_from_slice(&rest[..take]);
            (at, rest) = (at + take, &rest[take..]);
        }
    }

    /// Cuts, or extends with zeros. The caller bounds the size.
    pub(super) fn resize(&mut self, len: u64) {
        let Ok(size) = usize::try_from(len) else { return };
        let Chunks { chunks, len: old_len } = self.0.get_mut();
        let (full, tail) = (size / CONTENT_CHUNK_BYTES, size % CONTENT_CHUNK_BYTES);
        chunks.truncate(full + usize::from(tail > 0));
        // Fill up the chunk that used to be last, then add whole ones and the tail.
        if let Some(last) = chunks.len().checked_sub(1) {
            let wanted = if last == full { tail } else { CONTENT_CHUNK_BYTES };
            if chunks[last].len() != wanted {
                Arc::make_mut(&mut chunks[last]).resize(wanted, 0);
            }
        }
        while chunks.len() < full {
            chunks.push(ZEROS.clone());
        }
        if chunks.len() == full && tail > 0 {
            chunks.push(Arc::new(vec![0; tail]));
        }
        *old_len = len;
    }

    /// The digest of the bytes.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.0.digest(|content| {
            let mut hash = Sha256::new();
            content.chunks.iter().for_each(|chunk| hash.update(chunk.as_slice()));
            Digest(hash.finalize().into())
        })
    }
}

impl PartialEq for Content {
    fn eq(&self, other: &Self) -> bool {
        let (content, other) = (self.0.get(), other.0.get());
        content.len == other.len
            && content.chunks.iter().zip(&other.chunks).all(|(a, b)| Arc::ptr_eq(a, b) || a == b)
    }
}

impl Eq for Content {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{CONTENT_CHUNK_BYTES, Content};
    use crate::Digest;

    #[derive(Debug, Clone)]
    enum Op {
        Write(usize, Vec<u8>),
        Resize(usize),
    }

    fn op() -> impl Strategy<Value = Op> {
        let at = prop_oneof![
            0..40usize,
            CONTENT_CHUNK_BYTES - 20..CONTENT_CHUNK_BYTES + 20,
            3 * CONTENT_CHUNK_BYTES..3 * CONTENT_CHUNK_BYTES + 9
        ];
        prop_oneof![
            (at.clone(), proptest::collection::vec(any::<u8>(), 0..50))
                .prop_map(|(at, bytes)| Op::Write(at, bytes)),
            at.prop_map(Op::Resize),
        ]
    }

    proptest! {
        #[test]
        fn it_behaves_as_a_vector_of_bytes(ops in proptest::collection::vec(op(), 0..12), from in 0..200_000u64, len in 0..100_000usize) {
            let (mut content, mut model) = (Content::default(), Vec::new());
            for op in ops {
                match op {
                    Op::Write(at, bytes) => {
                        content.write(at as u64, &bytes);
                        if model.len() < at + bytes.len() {
                            model.resize(at + bytes.len(), 0);
                        }
                        model[at..at + bytes.len()].copy_from_slice(&bytes);
                    }
                    Op::Resize(len) => {
                        content.resize(len as u64);
                        model.resize(len, 0);
                    }
                }
                prop_assert_eq!(content.len(), model.len() as u64);
                prop_assert_eq!(content.digest(), Digest::of(&model));
            }
            prop_assert_eq!(content.to_vec(), &model[..]);
            let start = usize::try_from(from).unwrap_or(usize::MAX).min(model.len());
            let end = start.saturating_add(len).min(model.len());
            prop_assert_eq!(content.read(from, len), &model[start..end]);
            prop_assert_eq!(Content::from_bytes(&model), content);
        }
    }
}
