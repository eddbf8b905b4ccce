//! Reading and writing, and where in a file that happens.

use super::{
    call::Call,
    errno::{Answer, Errno, Failure},
    flags::value,
    memory::Buffer,
    table::{Descriptor, Standard, descriptor},
};
use crate::{Shim, bindings::wasi::filesystem::types::HostDescriptorWithStore as Files};

/// Bytes that one call writes; the module is told that it were no more, and writes the rest with the next. Stops the host
/// from copying all of a memory at once.
const WRITE_BYTES_MAX: u32 = 1 << 20;

pub(super) fn fd_read(call: &mut Call<'_>, fd: u32, buffers: u32, count: u32, out: u32) -> Answer<()> {
    let buffer = call.first_buffer(buffers, count)?;
    match *call.descriptor(fd)? {
        Descriptor::File(file) => {
            let read = read_file(call, file.handle, buffer, file.position)?;
            let position = file.position.checked_add(read.into()).ok_or(Errno::Overflow)?;
            call.file(fd)?.position = position;
            call.put_u32(out, read)
        }
        Descriptor::Standard(Standard::Input, _) => {
            let bytes = match buffer.len {
                0 => Vec::new(),
                len => {
                    let stream = call.standard(fd)?;
                    call.read_stream(stream, len)?
                }
            };
            let read = put_read(call, buffer, &bytes)?;
            call.put_u32(out, read)
        }
        Descriptor::Standard(..) | Descriptor::Directory(_) => Err(Errno::Badf.into()),
    }
}

pub(super) fn fd_pread(
    call: &mut Call<'_>,
    fd: u32,
    buffers: u32,
    count: u32,
    offset: u64,
    out: u32,
) -> Answer<()> {
    let buffer = call.first_buffer(buffers, count)?;
    let handle = match *call.descriptor(fd)? {
        Descriptor::File(file) => file.handle,
        Descriptor::Standard(Standard::Input, _) => return Err(Errno::Spipe.into()),
        Descriptor::Standard(..) | Descriptor::Directory(_) => return Err(Errno::Badf.into()),
    };
    let read = read_file(call, handle, buffer, offset)?;
    call.put_u32(out, read)
}

/// Reads what the host gives at once: a module asks again for the rest.
fn read_file(call: &mut Call<'_>, handle: u32, buffer: Buffer, offset: u64) -> Answer<u32> {
    let read = <Shim as Files<_>>::read(call.host(), descriptor(handle), buffer.len.into(), offset)?;
    let (bytes, _at_end) = read?;
    put_read(call, buffer, &bytes)
}

fn put_read(call: &mut Call<'_>, buffer: Buffer, bytes: &[u8]) -> Answer<u32> {
    // No shim answers with more than it was asked for.
    let read = u32::try_from(bytes.len()).ok().filter(|read| *read <= buffer.len).ok_or(Errno::Overflow)?;
    call.put(buffer.at, bytes)?;
    Ok(read)
}

pub(super) fn fd_write(call: &mut Call<'_>, fd: u32, buffers: u32, count: u32, out: u32) -> Answer<()> {
    write(call, fd, (buffers, count), None, out)
}

pub(super) fn fd_pwrite(
    call: &mut Call<'_>,
    fd: u32,
    buffers: u32,
    count: u32,
    offset: u64,
    out: u32,
) -> Answer<()> {
    write(call, fd, (buffers, count), Some(offset), out)
}

/// Writes at an offset, or at the position of the descriptor.
fn write(call: &mut Call<'_>, fd: u32, list: (u32, u32), offset: Option<u64>, out: u32) -> Answer<()> {
    let buffer = call.first_buffer(list.0, list.1)?;
    let written = match *call.descriptor(fd)? {
        Descriptor::File(file) => {
            let bytes = written_bytes(call, buffer)?;
            match (file.append, offset) {
                // As on Linux, where a file that is appended to has no other place to write at.
                (true, offset) => {
                    let written = append(call, file.handle, &bytes)?;
                    if offset.is_none() {
                        let stat = <Shim as Files<_>>::stat(call.host(), descriptor(file.handle))??;
                        call.file(fd)?.position = stat.size;
                    }
                    written
                }
                (false, offset) => {
                    let at = offset.unwrap_or(file.position);
                    let written = write_file(call, file.handle, bytes, at)?;
                    if offset.is_none() {
                        call.file(fd)?.position = at.checked_add(written.into()).ok_or(Errno::Overflow)?;
                    }
                    written
                }
            }
        }
        Descriptor::Standard(Standard::Output | Standard::Error, _) => {
            if offset.is_some() {
                return Err(Errno::Spipe.into());
            }
            let bytes = written_bytes(call, buffer)?;
            let stream = call.standard(fd)?;
            call.write_stream(stream, &bytes)?;
            size(bytes.len())?
        }
        Descriptor::Standard(Standard::Input, _) | Descriptor::Directory(_) => return Err(Errno::Badf.into()),
    };
    call.put_u32(out, written)
}

fn written_bytes(call: &mut Call<'_>, buffer: Buffer) -> Answer<Vec<u8>> {
    // All of it must be there, however much of it is written.
    let bytes = call.bytes(buffer.at, buffer.len)?;
    Ok(bytes[..bytes.len().min(WRITE_BYTES_MAX as usize)].to_vec())
}

fn write_file(call: &mut Call<'_>, handle: u32, bytes: Vec<u8>, at: u64) -> Answer<u32> {
    let written = <Shim as Files<_>>::write(call.host(), descriptor(handle), bytes, at)??;
    u32::try_from(written).map_err(|_| Errno::Overflow.into())
}

/// Writes at the end of a file.
fn append(call: &mut Call<'_>, handle: u32, bytes: &[u8]) -> Answer<u32> {
    let stream = <Shim as Files<_>>::append_via_stream(call.host(), descriptor(handle))??.rep();
    match call.write_stream(stream, bytes) {
        Ok(()) => call.drop_output(stream)?,
        Err(Failure::Errno(errno)) => {
            call.drop_output(stream)?;
            return Err(errno.into());
        }
        Err(end) => return Err(end),
    }
    size(bytes.len())
}

fn size(bytes: usize) -> Answer<u32> {
    u32::try_from(bytes).map_err(|_| Errno::Overflow.into())
}

pub(super) fn fd_seek(call: &mut Call<'_>, fd: u32, offset: u64, whence: u32, out: u32) -> Answer<()> {
    const WHENCES: u32 = 3;
    const FROM_START: u32 = 0;
    const FROM_POSITION: u32 = 1;
    let whence = value(whence, WHENCES)?;
    let file = *call.seekable(fd)?;
    let offset = offset.cast_signed();
    let position = match whence {
        FROM_START => u64::try_from(offset).ok(),
        FROM_POSITION => file.position.checked_add_signed(offset),
        _ => {
            let stat = <Shim as Files<_>>::stat(call.host(), descriptor(file.handle))??;
            stat.size.checked_add_signed(offset)
        }
    };
    let position = position.ok_or(Errno::Inval)?;
    call.file(fd)?.position = position;
    call.put_u64(out, position)
}

pub(super) fn fd_tell(call: &mut Call<'_>, fd: u32, out: u32) -> Answer<()> {
    let position = call.seekable(fd)?.position;
    call.put_u64(out, position)
}
