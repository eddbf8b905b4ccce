//! The module's memory: every address is checked, and so is its alignment.

use wasmtime::{AsContext, AsContextMut, Extern, Memory};

use super::{
    call::Call,
    errno::{Answer, Errno, Failure},
};
use crate::{limits::CALL_BYTES_MAX, stop::Stop};

/// Buffers of a list that are looked at before they are paid for, and the operator's side is asked. Stops a list as long as
/// memory from taking minutes.
const BUFFERS_PER_LOOK: u32 = 1 << 12;
/// Bytes of a text for one unit of fuel. Stops paths of megabytes, which are copied before they are refused, from costing
/// nothing.
const TEXT_BYTES_PER_FUEL: u32 = 8;
/// Bytes of an `iovec`: address and length.
const IOVEC_BYTES: u32 = 8;

/// A part of memory that a module hands over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Buffer {
    pub(super) at: u32,
    pub(super) len: u32,
}

impl Call<'_> {
    /// The memory that the module exports. It is looked for once: a module keeps it.
    fn memory(&mut self) -> Answer<Memory> {
        if let Some(memory) = self.state().memory {
            return Ok(memory);
        }
        let memory = self.caller.get_export("memory").and_then(Extern::into_memory);
        let memory =
            memory.ok_or_else(|| self.misuse("it is called by a module that exports no `memory`"))?;
        self.state().memory = Some(memory);
        Ok(memory)
    }

    /// The end of the run: the module broke the contract of the function.
    pub(super) fn misuse(&self, what: &str) -> Failure {
        Stop::Misuse(format!("{}: {what}", self.function)).into()
    }

    fn outside(&self, at: u32, len: usize) -> Failure {
        self.misuse(&format!("{len} bytes at {at:#x} are not all in its memory"))
    }

    /// Some bytes.
    pub(super) fn bytes(&mut self, at: u32, len: u32) -> Answer<&[u8]> {
        let (memory, start, len) = (self.memory()?, at as usize, len as usize);
        let range = start..start.saturating_add(len);
        if memory.data_size(self.caller.as_context()) < range.end {
            return Err(self.outside(at, len));
        }
        Ok(&memory.data(self.caller.as_context())[range])
    }

    /// Puts bytes into memory.
    pub(super) fn put(&mut self, at: u32, bytes: &[u8]) -> Answer<()> {
        let memory = self.memory()?;
        let start = at as usize;
        let to =
            memory.data_mut(self.caller.as_context_mut()).get_mut(start..start.saturating_add(bytes.len()));
        match to {
            Some(to) => to.copy_from_slice(bytes),
            None => return Err(self.outside(at, bytes.len())),
        }
        Ok(())
    }

    /// Puts bytes into memory; gives the address behind them.
    pub(super) fn put_before(&mut self, at: u32, bytes: &[u8]) -> Answer<u32> {
        self.put(at, bytes)?;
        let len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        at.checked_add(len).ok_or_else(|| self.outside(at, bytes.len()))
    }

    /// Puts a record, a number or anything else that must lie at a multiple of `align`.
    pub(super) fn put_aligned(&mut self, at: u32, align: u32, bytes: &[u8]) -> Answer<()> {
        self.check_aligned(at, align)?;
        self.put(at, bytes)
    }

    /// Puts a number of 32 bits.
    pub(super) fn put_u32(&mut self, at: u32, value: u32) -> Answer<()> {
        self.put_aligned(at, 4, &value.to_le_bytes())
    }

    /// Puts a number of 64 bits.
    pub(super) fn put_u64(&mut self, at: u32, value: u64) -> Answer<()> {
        self.put_aligned(at, 8, &value.to_le_bytes())
    }

    pub(super) fn check_aligned(&self, at: u32, align: u32) -> Answer<()> {
        match at.is_multiple_of(align) {
            true => Ok(()),
            false => Err(self.misuse(&format!("the address {at:#x} is no multiple of {align}"))),
        }
    }

    /// A path or another text.
    pub(super) fn text(&mut self, at: u32, len: u32) -> Answer<String> {
        if len as usize > CALL_BYTES_MAX {
            return Err(Errno::Nomem.into());
        }
        self.burn((len / TEXT_BYTES_PER_FUEL).into())?;
        match std::str::from_utf8(self.bytes(at, len)?) {
            Ok(text) => Ok(text.to_owned()),
            Err(_) => Err(Errno::Ilseq.into()),
        }
    }

    /// The first buffer of a list that is not empty; an empty one if all are. Each that is looked at costs fuel: a list
    /// can be as long as memory.
    pub(super) fn first_buffer(&mut self, list: u32, count: u32) -> Answer<Buffer> {
        let mut seen: u32 = 0;
        let found = loop {
            if seen == count {
                break Buffer { at: 0, len: 0 };
            }
            let at = seen.checked_mul(IOVEC_BYTES).and_then(|offset| list.checked_add(offset));
            let at = at.ok_or_else(|| self.outside(list, IOVEC_BYTES as usize))?;
            self.check_aligned(at, 4)?;
            seen += 1;
            if seen.is_multiple_of(BUFFERS_PER_LOOK) {
                self.burn(BUFFERS_PER_LOOK.into())?;
                self.look()?;
            }
            let [a, b, c, d, e, f, g, h] = *self.array(at)?;
            let buffer =
                Buffer { at: u32::from_le_bytes([a, b, c, d]), len: u32::from_le_bytes([e, f, g, h]) };
            if buffer.len > 0 {
                break buffer;
            }
        };
        self.burn((seen % BUFFERS_PER_LOOK).into())?;
        Ok(found)
    }

    /// As many bytes as an array has.
    pub(super) fn array<const LEN: usize>(&mut self, at: u32) -> Answer<&[u8; LEN]> {
        let len = u32::try_from(LEN).unwrap_or(u32::MAX);
        // There are as many as were asked for.
        self.bytes(at, len)?.first_chunk().ok_or_else(|| Errno::Overflow.into())
    }
}
