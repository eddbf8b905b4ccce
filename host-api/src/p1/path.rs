//! Paths beneath a directory.

use super::{
    call::Call,
    errno::{Answer, Errno},
    flags::{self, flags, rights},
    stat::{new_times, put_filestat},
    table::{Descriptor, Directory, File, descriptor},
};
use crate::{
    Shim,
    bindings::wasi::filesystem::types::{
        DescriptorFlags, DescriptorType, HostDescriptorWithStore as Files, OpenFlags, PathFlags,
    },
};

pub(super) fn path_create_directory(call: &mut Call<'_>, fd: u32, path: u32, len: u32) -> Answer<()> {
    let (directory, path) = target(call, fd, path, len)?;
    Ok(<Shim as Files<_>>::create_directory_at(call.host(), descriptor(directory), path)??)
}

pub(super) fn path_filestat_get(
    call: &mut Call<'_>,
    fd: u32,
    lookup: u32,
    path: u32,
    len: u32,
    out: u32,
) -> Answer<()> {
    let lookup = path_flags(lookup)?;
    let (directory, path) = target(call, fd, path, len)?;
    let stat = <Shim as Files<_>>::stat_at(call.host(), descriptor(directory), lookup, path.clone())??;
    let hash = <Shim as Files<_>>::metadata_hash_at(call.host(), descriptor(directory), lookup, path)??;
    put_filestat(call, out, &stat, hash)
}

#[expect(clippy::too_many_arguments, reason = "as the function of preview 1 has them")]
pub(super) fn path_filestat_set_times(
    call: &mut Call<'_>,
    fd: u32,
    lookup: u32,
    path: u32,
    len: u32,
    accessed: u64,
    modified: u64,
    fstflags: u32,
) -> Answer<()> {
    let lookup = path_flags(lookup)?;
    let fstflags = flags(fstflags, flags::times::ALL)?;
    let (accessed, modified) = new_times(accessed, modified, fstflags)?;
    let (directory, path) = target(call, fd, path, len)?;
    let directory = descriptor(directory);
    Ok(<Shim as Files<_>>::set_times_at(call.host(), directory, lookup, path, accessed, modified)??)
}

#[expect(clippy::too_many_arguments, reason = "as the function of preview 1 has them")]
pub(super) fn path_link(
    call: &mut Call<'_>,
    from: u32,
    lookup: u32,
    path: u32,
    len: u32,
    to: u32,
    new_path: u32,
    new_len: u32,
) -> Answer<()> {
    let lookup = path_flags(lookup)?;
    let (from, to) = (call.directory(from)?.handle, call.directory(to)?.handle);
    let (path, new_path) = (call.text(path, len)?, call.text(new_path, new_len)?);
    let (from, to) = (descriptor(from), descriptor(to));
    Ok(<Shim as Files<_>>::link_at(call.host(), from, lookup, path, to, new_path)??)
}

#[expect(clippy::too_many_arguments, reason = "as the function of preview 1 has them")]
pub(super) fn path_open(
    call: &mut Call<'_>,
    fd: u32,
    lookup: u32,
    path: u32,
    len: u32,
    oflags: u32,
    base: u64,
    inherited: u64,
    fdflags: u32,
    out: u32,
) -> Answer<()> {
    let lookup = path_flags(lookup)?;
    let oflags = flags(oflags, flags::open::ALL)?;
    let base = rights(base)?;
    rights(inherited)?;
    let fdflags = flags(fdflags, flags::fd::ALL)?;
    let path = call.text(path, len)?;
    let directory = match call.descriptor(fd)? {
        Descriptor::Directory(directory) => directory.handle,
        Descriptor::File(_) => return Err(Errno::Notdir.into()),
        Descriptor::Standard(..) => return Err(Errno::Badf.into()),
    };
    let how = (open_flags(oflags), descriptor_flags(base, fdflags));
    let opened =
        <Shim as Files<_>>::open_at(call.host(), descriptor(directory), lookup, path, how.0, how.1)??;
    let handle = opened.rep();
    let opened = match <Shim as Files<_>>::get_type(call.host(), descriptor(handle))? {
        Ok(DescriptorType::Directory) => {
            Descriptor::Directory(Directory { handle, preopen: None, listing: None })
        }
        Ok(_) => Descriptor::File(File {
            handle,
            position: 0,
            append: fdflags & flags::fd::APPEND != 0,
            nonblock: fdflags & flags::fd::NONBLOCK != 0,
        }),
        Err(error) => {
            <Shim as Files<_>>::drop(call.host(), descriptor(handle))?;
            return Err(error.into());
        }
    };
    let number = call.table()?.push(opened)?;
    call.put_u32(out, number)
}

pub(super) fn path_readlink(
    call: &mut Call<'_>,
    fd: u32,
    path: u32,
    len: u32,
    buffer: u32,
    buffer_len: u32,
    out: u32,
) -> Answer<()> {
    let (directory, path) = target(call, fd, path, len)?;
    let link = <Shim as Files<_>>::readlink_at(call.host(), descriptor(directory), path)??.into_bytes();
    let read = link.len().min(buffer_len as usize);
    call.put(buffer, &link[..read])?;
    call.put_u32(out, u32::try_from(read).map_err(|_| Errno::Overflow)?)
}

pub(super) fn path_remove_directory(call: &mut Call<'_>, fd: u32, path: u32, len: u32) -> Answer<()> {
    let (directory, path) = target(call, fd, path, len)?;
    Ok(<Shim as Files<_>>::remove_directory_at(call.host(), descriptor(directory), path)??)
}

pub(super) fn path_rename(
    call: &mut Call<'_>,
    from: u32,
    path: u32,
    len: u32,
    to: u32,
    new_path: u32,
    new_len: u32,
) -> Answer<()> {
    let (from, to) = (call.directory(from)?.handle, call.directory(to)?.handle);
    let (path, new_path) = (call.text(path, len)?, call.text(new_path, new_len)?);
    Ok(<Shim as Files<_>>::rename_at(call.host(), descriptor(from), path, descriptor(to), new_path)??)
}

pub(super) fn path_symlink(
    call: &mut Call<'_>,
    old_path: u32,
    old_len: u32,
    fd: u32,
    new_path: u32,
    new_len: u32,
) -> Answer<()> {
    let directory = call.directory(fd)?.handle;
    let (old_path, new_path) = (call.text(old_path, old_len)?, call.text(new_path, new_len)?);
    Ok(<Shim as Files<_>>::symlink_at(call.host(), descriptor(directory), old_path, new_path)??)
}

pub(super) fn path_unlink_file(call: &mut Call<'_>, fd: u32, path: u32, len: u32) -> Answer<()> {
    let (directory, path) = target(call, fd, path, len)?;
    Ok(<Shim as Files<_>>::unlink_file_at(call.host(), descriptor(directory), path)??)
}

/// The directory of a number, and the path in it.
fn target(call: &mut Call<'_>, fd: u32, path: u32, len: u32) -> Answer<(u32, String)> {
    let directory = call.directory(fd)?.handle;
    Ok((directory, call.text(path, len)?))
}

fn path_flags(lookup: u32) -> Answer<PathFlags> {
    let lookup = flags(lookup, flags::lookup::ALL)?;
    Ok(if lookup & flags::lookup::SYMLINK_FOLLOW != 0 {
        PathFlags::SYMLINK_FOLLOW
    } else {
        PathFlags::empty()
    })
}

fn open_flags(oflags: u32) -> OpenFlags {
    let mut open = OpenFlags::empty();
    for (flag, set) in [
        (flags::open::CREATE, OpenFlags::CREATE),
        (flags::open::DIRECTORY, OpenFlags::DIRECTORY),
        (flags::open::EXCLUSIVE, OpenFlags::EXCLUSIVE),
        (flags::open::TRUNCATE, OpenFlags::TRUNCATE),
    ] {
        if oflags & flag != 0 {
            open |= set;
        }
    }
    open
}

/// Rights say only whether a file is to be read and written: everything else is allowed or refused where it is done.
fn descriptor_flags(base: u64, fdflags: u32) -> DescriptorFlags {
    let mut how = DescriptorFlags::empty();
    for (is_set, set) in [
        (base & rights::FD_READ != 0, DescriptorFlags::READ),
        (base & rights::FD_WRITE != 0, DescriptorFlags::WRITE),
        (fdflags & flags::fd::SYNC != 0, DescriptorFlags::FILE_INTEGRITY_SYNC),
        (fdflags & flags::fd::DSYNC != 0, DescriptorFlags::DATA_INTEGRITY_SYNC),
        (fdflags & flags::fd::RSYNC != 0, DescriptorFlags::REQUESTED_WRITE_SYNC),
    ] {
        if is_set {
            how |= set;
        }
    }
    how
}
