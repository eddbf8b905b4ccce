//! Descriptors: what they are, and what is done with them beside reading and writing.

use super::{
    call::Call,
    errno::{Answer, Errno},
    flags::{self, flags, rights, value},
    stat::{filetype, new_times, put_filestat, put_filestat_of_stream, type_number},
    table::{Descriptor, Standard, descriptor},
};
use crate::{
    Shim,
    bindings::wasi::filesystem::types::{Advice, DescriptorFlags, HostDescriptorWithStore as Files},
};

/// What may be done with a directory of the start: a fixed set, which libraries expect.
const PREOPEN_RIGHTS: u64 = rights::PATH_CREATE_DIRECTORY
    | rights::PATH_CREATE_FILE
    | rights::PATH_LINK_SOURCE
    | rights::PATH_LINK_TARGET
    | rights::PATH_OPEN
    | rights::FD_READDIR
    | rights::PATH_READLINK
    | rights::PATH_RENAME_SOURCE
    | rights::PATH_RENAME_TARGET
    | rights::PATH_SYMLINK
    | rights::PATH_REMOVE_DIRECTORY
    | rights::PATH_UNLINK_FILE
    | rights::PATH_FILESTAT_GET
    | rights::PATH_FILESTAT_SET_TIMES
    | rights::FD_FILESTAT_GET
    | rights::FD_FILESTAT_SET_TIMES;
/// And with what is opened in it.
const PREOPEN_RIGHTS_INHERITED: u64 = PREOPEN_RIGHTS
    | rights::FD_DATASYNC
    | rights::FD_READ
    | rights::FD_SEEK
    | rights::FD_FDSTAT_SET_FLAGS
    | rights::FD_SYNC
    | rights::FD_TELL
    | rights::FD_WRITE
    | rights::FD_ADVISE
    | rights::FD_ALLOCATE
    | rights::FD_FILESTAT_SET_SIZE
    | rights::POLL_FD_READWRITE;

pub(super) fn fd_advise(call: &mut Call<'_>, fd: u32, offset: u64, len: u64, advice: u32) -> Answer<()> {
    const ADVICES: u32 = 6;
    let advice = match value(advice, ADVICES)? {
        0 => Advice::Normal,
        1 => Advice::Sequential,
        2 => Advice::Random,
        3 => Advice::WillNeed,
        4 => Advice::DontNeed,
        _ => Advice::NoReuse,
    };
    let handle = call.file(fd)?.handle;
    Ok(<Shim as Files<_>>::advise(call.host(), descriptor(handle), offset, len, advice)??)
}

pub(super) fn fd_allocate(call: &mut Call<'_>, fd: u32, _offset: u64, _len: u64) -> Answer<()> {
    call.file(fd)?;
    Err(Errno::Notsup.into())
}

pub(super) fn fd_close(call: &mut Call<'_>, fd: u32) -> Answer<()> {
    let closed = call.table()?.remove(fd).ok_or(Errno::Badf)?;
    match closed {
        Descriptor::Standard(_, None) => Ok(()),
        Descriptor::Standard(Standard::Input, Some(stream)) => call.drop_input(stream),
        Descriptor::Standard(_, Some(stream)) => call.drop_output(stream),
        Descriptor::File(file) => Ok(<Shim as Files<_>>::drop(call.host(), descriptor(file.handle))?),
        Descriptor::Directory(directory) => {
            if let Some(listing) = directory.listing {
                listing.close(call)?;
            }
            Ok(<Shim as Files<_>>::drop(call.host(), descriptor(directory.handle))?)
        }
    }
}

pub(super) fn fd_datasync(call: &mut Call<'_>, fd: u32) -> Answer<()> {
    let handle = call.file(fd)?.handle;
    Ok(<Shim as Files<_>>::sync_data(call.host(), descriptor(handle))??)
}

pub(super) fn fd_sync(call: &mut Call<'_>, fd: u32) -> Answer<()> {
    let handle = call.file(fd)?.handle;
    Ok(<Shim as Files<_>>::sync(call.host(), descriptor(handle))??)
}

pub(super) fn fd_fdstat_get(call: &mut Call<'_>, fd: u32, out: u32) -> Answer<()> {
    let (file, handle) = match call.descriptor(fd)? {
        Descriptor::Standard(standard, _) => {
            let standard = *standard;
            let rights = match standard {
                Standard::Input => rights::FD_READ,
                Standard::Output | Standard::Error => rights::FD_WRITE,
            };
            let filetype = filetype_of_stream(call, standard)?;
            return put_fdstat(call, out, filetype, 0, (rights, rights));
        }
        Descriptor::Directory(directory) if directory.preopen.is_some() => {
            let rights = (PREOPEN_RIGHTS, PREOPEN_RIGHTS_INHERITED);
            return put_fdstat(call, out, filetype::DIRECTORY, 0, rights);
        }
        Descriptor::Directory(directory) => (None, directory.handle),
        Descriptor::File(file) => (Some(*file), file.handle),
    };
    let opened = <Shim as Files<_>>::get_flags(call.host(), descriptor(handle))??;
    let filetype = type_number(<Shim as Files<_>>::get_type(call.host(), descriptor(handle))??);
    let mut allowed = rights::ALL;
    if filetype == filetype::DIRECTORY {
        allowed &= !(rights::FD_SEEK | rights::FD_FILESTAT_SET_SIZE | rights::PATH_FILESTAT_SET_SIZE);
    }
    if !opened.contains(DescriptorFlags::READ) {
        allowed &= !(rights::FD_READ | rights::FD_READDIR);
    }
    if !opened.contains(DescriptorFlags::WRITE) {
        allowed &= !rights::FD_WRITE;
    }
    let mut fdflags = 0;
    for (is_set, flag) in [
        (opened.contains(DescriptorFlags::DATA_INTEGRITY_SYNC), flags::fd::DSYNC),
        (opened.contains(DescriptorFlags::REQUESTED_WRITE_SYNC), flags::fd::RSYNC),
        (opened.contains(DescriptorFlags::FILE_INTEGRITY_SYNC), flags::fd::SYNC),
        (file.is_some_and(|file| file.append), flags::fd::APPEND),
        (file.is_some_and(|file| file.nonblock), flags::fd::NONBLOCK),
    ] {
        if is_set {
            fdflags |= flag;
        }
    }
    put_fdstat(call, out, filetype, fdflags, (allowed, allowed))
}

fn put_fdstat(
    call: &mut Call<'_>,
    out: u32,
    filetype: u8,
    fdflags: u32,
    (base, inherited): (u64, u64),
) -> Answer<()> {
    let mut record = [0; 24];
    record[0] = filetype;
    record[2..4].copy_from_slice(&u16::try_from(fdflags).unwrap_or_default().to_le_bytes());
    record[8..16].copy_from_slice(&base.to_le_bytes());
    record[16..24].copy_from_slice(&inherited.to_le_bytes());
    call.put_aligned(out, 8, &record)
}

fn filetype_of_stream(call: &mut Call<'_>, standard: Standard) -> Answer<u8> {
    Ok(if call.is_terminal(standard)? { filetype::CHARACTER_DEVICE } else { filetype::UNKNOWN })
}

pub(super) fn fd_fdstat_set_flags(call: &mut Call<'_>, fd: u32, fdflags: u32) -> Answer<()> {
    let fdflags = flags(fdflags, flags::fd::ALL)?;
    let file = call.file(fd)?;
    if fdflags & (flags::fd::DSYNC | flags::fd::SYNC | flags::fd::RSYNC) != 0 {
        return Err(Errno::Inval.into());
    }
    file.append = fdflags & flags::fd::APPEND != 0;
    file.nonblock = fdflags & flags::fd::NONBLOCK != 0;
    Ok(())
}

pub(super) fn fd_fdstat_set_rights(call: &mut Call<'_>, fd: u32, base: u64, inherited: u64) -> Answer<()> {
    flags::rights(base)?;
    flags::rights(inherited)?;
    call.handle(fd)?;
    Err(Errno::Notsup.into())
}

pub(super) fn fd_filestat_get(call: &mut Call<'_>, fd: u32, out: u32) -> Answer<()> {
    if let Descriptor::Standard(standard, _) = *call.descriptor(fd)? {
        let filetype = filetype_of_stream(call, standard)?;
        return put_filestat_of_stream(call, out, filetype);
    }
    let handle = call.handle(fd)?;
    let stat = <Shim as Files<_>>::stat(call.host(), descriptor(handle))??;
    let hash = <Shim as Files<_>>::metadata_hash(call.host(), descriptor(handle))??;
    put_filestat(call, out, &stat, hash)
}

pub(super) fn fd_filestat_set_size(call: &mut Call<'_>, fd: u32, size: u64) -> Answer<()> {
    let handle = call.file(fd)?.handle;
    Ok(<Shim as Files<_>>::set_size(call.host(), descriptor(handle), size)??)
}

pub(super) fn fd_filestat_set_times(
    call: &mut Call<'_>,
    fd: u32,
    accessed: u64,
    modified: u64,
    fstflags: u32,
) -> Answer<()> {
    let fstflags = flags(fstflags, flags::times::ALL)?;
    let (accessed, modified) = new_times(accessed, modified, fstflags)?;
    let handle = call.handle(fd)?;
    Ok(<Shim as Files<_>>::set_times(call.host(), descriptor(handle), accessed, modified)??)
}

pub(super) fn fd_prestat_get(call: &mut Call<'_>, fd: u32, out: u32) -> Answer<()> {
    let Descriptor::Directory(directory) = call.descriptor(fd)? else { return Err(Errno::Badf.into()) };
    let name = directory.preopen.as_ref().ok_or(Errno::Badf)?;
    let len = u32::try_from(name.len()).map_err(|_| Errno::Overflow)?;
    let mut record = [0; 8];
    record[4..].copy_from_slice(&len.to_le_bytes());
    call.put_aligned(out, 4, &record)
}

pub(super) fn fd_prestat_dir_name(call: &mut Call<'_>, fd: u32, buffer: u32, len: u32) -> Answer<()> {
    let Descriptor::Directory(directory) = call.descriptor(fd)? else { return Err(Errno::Notdir.into()) };
    let name = directory.preopen.clone().ok_or(Errno::Notdir)?;
    if name.len() > len as usize {
        return Err(Errno::Nametoolong.into());
    }
    call.put(buffer, name.as_bytes())
}

/// Gives what `from` stands for the number `to`, and closes what had that. Handles stay as they are: what is done with a
/// file is told by its path, whatever its number.
pub(super) fn fd_renumber(call: &mut Call<'_>, from: u32, to: u32) -> Answer<()> {
    call.table()?;
    call.descriptor(to)?;
    call.descriptor(from)?;
    if from != to {
        fd_close(call, to)?;
        call.table()?.renumber(from, to);
    }
    Ok(())
}
