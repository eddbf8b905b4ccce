//! `wasi:filesystem/types`

use invar_trace::functions::filesystem as f;
use wasmtime::component::Resource;

use super::{
    convert::{new_time, stat},
    target::{Ends, Use},
};
use crate::{
    Context, Membrane, Shim,
    bindings::wasi::{
        filesystem::types::{
            Advice, Descriptor as DescriptorResource, DescriptorFlags, DescriptorStat, DescriptorType,
            DirectoryEntry, DirectoryEntryStream, ErrorCode, Host as Marker, HostDescriptor,
            HostDescriptorWithStore, HostDirectoryEntryStream, HostDirectoryEntryStreamWithStore,
            HostWithStore, MetadataHashValue, NewTimestamp, OpenFlags, PathFlags,
        },
        io::{
            error::Error,
            streams::{InputStream, OutputStream},
        },
    },
    funnel::{Host, fallible, infallible, unchecked},
    handles::{Descriptor, Handle, Input, Sink, StreamFailure},
    limits::READ_BYTES_MAX,
    port::{Access, Kind, Last, NodeId},
    shim::no_methods,
    stop::Outcome,
};

no_methods!(Marker, HostDescriptor, HostDirectoryEntryStream);

type HostResult<T> = wasmtime::Result<Result<T, ErrorCode>>;

impl HostWithStore<Membrane> for Shim {
    fn filesystem_error_code(host: Host<'_>, error: Resource<Error>) -> wasmtime::Result<Option<ErrorCode>> {
        let request = (&error,);
        infallible(host, f::FILESYSTEM_ERROR_CODE, &request, (), |context, _| {
            Ok(match *context.handles.failure(&error)? {
                StreamFailure::File(error) => Some(error.into()),
                StreamFailure::Network(_) | StreamFailure::Request(_) | StreamFailure::BodySize(_) => None,
            })
        })
    }
}

impl HostDescriptorWithStore<Membrane> for Shim {
    fn read_via_stream(
        host: Host<'_>,
        fd: Resource<DescriptorResource>,
        offset: u64,
    ) -> HostResult<Resource<InputStream>> {
        let request = (&fd, offset);
        unchecked(host, f::DESCRIPTOR_READ_VIA_STREAM, &request, |context| {
            if context.handles.descriptor(&fd)?.kind == Kind::Directory {
                return Err(ErrorCode::IsDirectory.into());
            }
            let node = context.file(&fd, |_| true, ErrorCode::BadDescriptor)?;
            if !context.handles.descriptor(&fd)?.read {
                return Ok(context.handles.open(Handle::Input(Input::Unreadable))?);
            }
            context.world.files().hold(node);
            Ok(context.handles.open(Handle::Input(Input::File { node, offset }))?)
        })
    }

    fn write_via_stream(
        host: Host<'_>,
        fd: Resource<DescriptorResource>,
        offset: u64,
    ) -> HostResult<Resource<OutputStream>> {
        let request = (&fd, offset);
        unchecked(host, f::DESCRIPTOR_WRITE_VIA_STREAM, &request, |context| context.output(&fd, Some(offset)))
    }

    fn append_via_stream(
        host: Host<'_>,
        fd: Resource<DescriptorResource>,
    ) -> HostResult<Resource<OutputStream>> {
        let request = (&fd,);
        unchecked(host, f::DESCRIPTOR_APPEND_VIA_STREAM, &request, |context| context.output(&fd, None))
    }

    fn advise(
        host: Host<'_>,
        fd: Resource<DescriptorResource>,
        offset: u64,
        length: u64,
        advice: Advice,
    ) -> HostResult<()> {
        let request = (&fd, offset, length, advice);
        unchecked(host, f::DESCRIPTOR_ADVISE, &request, |context| {
            context.file(&fd, |_| true, ErrorCode::BadDescriptor).map(drop)
        })
    }

    fn sync_data(host: Host<'_>, fd: Resource<DescriptorResource>) -> HostResult<()> {
        let request = (&fd,);
        unchecked(host, f::DESCRIPTOR_SYNC_DATA, &request, |context| {
            let node = context.handles.descriptor(&fd)?.node;
            Ok(context.world.files().sync(node)?)
        })
    }

    fn get_flags(host: Host<'_>, fd: Resource<DescriptorResource>) -> HostResult<DescriptorFlags> {
        let request = (&fd,);
        unchecked(host, f::DESCRIPTOR_GET_FLAGS, &request, |context| {
            let descriptor = context.handles.descriptor(&fd)?;
            let mut flags = DescriptorFlags::empty();
            for (set, flag) in [
                (descriptor.read, DescriptorFlags::READ),
                (descriptor.write && descriptor.kind != Kind::Directory, DescriptorFlags::WRITE),
                (descriptor.kind == Kind::Directory, DescriptorFlags::MUTATE_DIRECTORY),
            ] {
                if set {
                    flags |= flag;
                }
            }
            Ok(flags)
        })
    }

    fn get_type(host: Host<'_>, fd: Resource<DescriptorResource>) -> HostResult<DescriptorType> {
        let request = (&fd,);
        unchecked(host, f::DESCRIPTOR_GET_TYPE, &request, |context| {
            Ok(context.handles.descriptor(&fd)?.kind.into())
        })
    }

    fn set_size(host: Host<'_>, fd: Resource<DescriptorResource>, size: u64) -> HostResult<()> {
        let request = (&fd, size);
        fallible(
            host,
            f::DESCRIPTOR_SET_SIZE,
            &request,
            |context| {
                context.file(&fd, |descriptor| descriptor.write, ErrorCode::Invalid)?;
                context.opened(&fd, Use::Write)
            },
            |context, opened| {
                let resized = context.world.files().resize(opened.node, size);
                context.check_file_work()?;
                Ok(resized?)
            },
        )
    }

    fn set_times(
        host: Host<'_>,
        fd: Resource<DescriptorResource>,
        accessed: NewTimestamp,
        modified: NewTimestamp,
    ) -> HostResult<()> {
        let request = (&fd, &accessed, &modified);
        fallible(
            host,
            f::DESCRIPTOR_SET_TIMES,
            &request,
            |context| context.opened(&fd, Use::Write),
            |context, opened| match context.is_read_only(&opened.path) {
                true => Err(ErrorCode::NotPermitted.into()),
                false => context.set_times(opened.node, &accessed, &modified),
            },
        )
    }

    fn read(
        host: Host<'_>,
        fd: Resource<DescriptorResource>,
        length: u64,
        offset: u64,
    ) -> HostResult<(Vec<u8>, bool)> {
        let request = (&fd, length, offset);
        unchecked(host, f::DESCRIPTOR_READ, &request, |context| {
            let node = context.file(&fd, |descriptor| descriptor.read, ErrorCode::BadDescriptor)?;
            let length = usize::try_from(length).unwrap_or(usize::MAX).min(READ_BYTES_MAX);
            let bytes = context.world.files().read(node, offset, length)?;
            context.bytes.file_read += bytes.len() as u64;
            context.check_file_bytes()?;
            let at_end = bytes.is_empty();
            Ok((bytes, at_end))
        })
    }

    fn write(
        host: Host<'_>,
        fd: Resource<DescriptorResource>,
        buffer: Vec<u8>,
        offset: u64,
    ) -> HostResult<u64> {
        let request = (&fd, &buffer, offset);
        unchecked(host, f::DESCRIPTOR_WRITE, &request, |context| {
            let node = context.file(&fd, |descriptor| descriptor.write, ErrorCode::BadDescriptor)?;
            let written = context.world.files().write(node, Some(offset), &buffer)? as u64;
            context.bytes.file_written += written;
            context.check_file_bytes()?;
            context.check_file_work()?;
            Ok(written)
        })
    }

    fn read_directory(
        host: Host<'_>,
        fd: Resource<DescriptorResource>,
    ) -> HostResult<Resource<DirectoryEntryStream>> {
        let request = (&fd,);
        fallible(
            host,
            f::DESCRIPTOR_READ_DIRECTORY,
            &request,
            |context| {
                context.directory(&fd)?;
                context.opened(&fd, Use::Read)
            },
            |context, opened| {
                let entries = context.world.files().list(opened.node)?;
                Ok(context.handles.open(Handle::Listing(entries))?)
            },
        )
    }

    fn sync(host: Host<'_>, fd: Resource<DescriptorResource>) -> HostResult<()> {
        let request = (&fd,);
        unchecked(host, f::DESCRIPTOR_SYNC, &request, |context| {
            let node = context.handles.descriptor(&fd)?.node;
            Ok(context.world.files().sync(node)?)
        })
    }

    fn create_directory_at(host: Host<'_>, fd: Resource<DescriptorResource>, path: String) -> HostResult<()> {
        let request = (&fd, &path);
        fallible(
            host,
            f::DESCRIPTOR_CREATE_DIRECTORY_AT,
            &request,
            |context| context.target(&fd, &path, Last::Name, Use::Write),
            |context, target| Ok(context.world.files().make_directory(&target.resolved()?)?),
        )
    }

    fn stat(host: Host<'_>, fd: Resource<DescriptorResource>) -> HostResult<DescriptorStat> {
        let request = (&fd,);
        unchecked(host, f::DESCRIPTOR_STAT, &request, |context| {
            let node = context.handles.descriptor(&fd)?.node;
            context.stat(node)
        })
    }

    fn stat_at(
        host: Host<'_>,
        fd: Resource<DescriptorResource>,
        flags: PathFlags,
        path: String,
    ) -> HostResult<DescriptorStat> {
        let request = (&fd, flags, &path);
        fallible(
            host,
            f::DESCRIPTOR_STAT_AT,
            &request,
            |context| context.target(&fd, &path, last(flags), Use::Traverse),
            |context, target| {
                let node = target.node()?;
                context.stat(node)
            },
        )
    }

    fn set_times_at(
        host: Host<'_>,
        fd: Resource<DescriptorResource>,
        flags: PathFlags,
        path: String,
        accessed: NewTimestamp,
        modified: NewTimestamp,
    ) -> HostResult<()> {
        let request = (&fd, flags, &path, &accessed, &modified);
        fallible(
            host,
            f::DESCRIPTOR_SET_TIMES_AT,
            &request,
            |context| context.target(&fd, &path, last(flags), Use::Write),
            |context, target| {
                let node = target.node()?;
                context.set_times(node, &accessed, &modified)
            },
        )
    }

    fn link_at(
        host: Host<'_>,
        fd: Resource<DescriptorResource>,
        flags: PathFlags,
        path: String,
        new_fd: Resource<DescriptorResource>,
        new_path: String,
    ) -> HostResult<()> {
        let request = (&fd, flags, &path, &new_fd, &new_path);
        fallible(
            host,
            f::DESCRIPTOR_LINK_AT,
            &request,
            |context| {
                if flags.contains(PathFlags::SYMLINK_FOLLOW) {
                    return Err(ErrorCode::Invalid.into());
                }
                context.ends((&fd, &path), (&new_fd, &new_path), Last::Own)
            },
            |context, Ends { from, to, .. }| Ok(context.world.files().link(&from.end()?, &to.end()?)?),
        )
    }

    fn open_at(
        host: Host<'_>,
        fd: Resource<DescriptorResource>,
        path_flags: PathFlags,
        path: String,
        open_flags: OpenFlags,
        flags: DescriptorFlags,
    ) -> HostResult<Resource<DescriptorResource>> {
        let request = (&fd, path_flags, &path, open_flags, flags);
        let access = access(open_flags, flags);
        fallible(
            host,
            f::DESCRIPTOR_OPEN_AT,
            &request,
            |context| {
                // What must not be there yet is no link that could be followed.
                let last = if access.create && access.exclusive { Last::Own } else { last(path_flags) };
                let target = context.target(&fd, &path, last, Use::Read)?;
                let kind = target.existing().and_then(|node| context.world.files().stat(node).ok());
                let used = match (access.write || access.create || access.truncate, access.read) {
                    (true, true) => Use::ReadWrite,
                    (true, false) => Use::Write,
                    // To open a directory is to pass through it; to list it asks again.
                    (false, _) if kind.is_some_and(|stat| stat.kind == Kind::Directory) => Use::Traverse,
                    (false, _) => Use::Read,
                };
                Ok(context.check_read_only(target.used(used)))
            },
            |context, target| {
                let sync = DescriptorFlags::FILE_INTEGRITY_SYNC
                    | DescriptorFlags::DATA_INTEGRITY_SYNC
                    | DescriptorFlags::REQUESTED_WRITE_SYNC;
                if flags.intersects(sync) {
                    return Err(ErrorCode::Unsupported.into());
                }
                if access.directory && (access.create || access.exclusive || access.truncate) {
                    return Err(ErrorCode::Invalid.into());
                }
                context.open(target.resolved()?, access)
            },
        )
    }

    fn drop(host: Host<'_>, fd: Resource<DescriptorResource>) -> wasmtime::Result<()> {
        let request = (&fd,);
        infallible(host, f::DESCRIPTOR_DROP, &request, (), |context, _| {
            if let Handle::Descriptor(descriptor) = context.handles.close(&fd)? {
                context.world.files().release(descriptor.node);
            }
            Ok(())
        })
    }

    fn readlink_at(host: Host<'_>, fd: Resource<DescriptorResource>, path: String) -> HostResult<String> {
        let request = (&fd, &path);
        fallible(
            host,
            f::DESCRIPTOR_READLINK_AT,
            &request,
            |context| context.target(&fd, &path, Last::Own, Use::Read),
            |context, target| Ok(context.world.files().read_link(target.node()?)?),
        )
    }

    fn remove_directory_at(host: Host<'_>, fd: Resource<DescriptorResource>, path: String) -> HostResult<()> {
        let request = (&fd, &path);
        fallible(
            host,
            f::DESCRIPTOR_REMOVE_DIRECTORY_AT,
            &request,
            |context| context.target(&fd, &path, Last::Name, Use::Write),
            |context, target| Ok(context.world.files().remove_directory(&target.resolved()?)?),
        )
    }

    fn rename_at(
        host: Host<'_>,
        fd: Resource<DescriptorResource>,
        path: String,
        new_fd: Resource<DescriptorResource>,
        new_path: String,
    ) -> HostResult<()> {
        let request = (&fd, &path, &new_fd, &new_path);
        fallible(
            host,
            f::DESCRIPTOR_RENAME_AT,
            &request,
            |context| context.ends((&fd, &path), (&new_fd, &new_path), Last::Name),
            |context, Ends { from, to, .. }| {
                let renamed = context.world.files().rename(&from.end()?, &to.end()?);
                context.check_file_work()?;
                Ok(renamed?)
            },
        )
    }

    fn symlink_at(
        host: Host<'_>,
        fd: Resource<DescriptorResource>,
        old_path: String,
        new_path: String,
    ) -> HostResult<()> {
        let request = (&fd, &old_path, &new_path);
        fallible(
            host,
            f::DESCRIPTOR_SYMLINK_AT,
            &request,
            |context| context.target(&fd, &new_path, Last::Own, Use::Write),
            |context, target| {
                // One that could lead out of every directory, wherever it was to be.
                if old_path.starts_with('/') {
                    return Err(ErrorCode::NotPermitted.into());
                }
                Ok(context.world.files().symlink(&old_path, &target.end()?)?)
            },
        )
    }

    fn unlink_file_at(host: Host<'_>, fd: Resource<DescriptorResource>, path: String) -> HostResult<()> {
        let request = (&fd, &path);
        fallible(
            host,
            f::DESCRIPTOR_UNLINK_FILE_AT,
            &request,
            |context| context.target(&fd, &path, Last::Own, Use::Write),
            |context, target| Ok(context.world.files().unlink(&target.resolved()?)?),
        )
    }

    fn is_same_object(
        host: Host<'_>,
        fd: Resource<DescriptorResource>,
        other: Resource<DescriptorResource>,
    ) -> wasmtime::Result<bool> {
        let request = (&fd, &other);
        infallible(host, f::DESCRIPTOR_IS_SAME_OBJECT, &request, (), |context, _| {
            let node = context.handles.descriptor(&fd)?.node;
            Ok(node == context.handles.descriptor(&other)?.node)
        })
    }

    fn metadata_hash(host: Host<'_>, fd: Resource<DescriptorResource>) -> HostResult<MetadataHashValue> {
        let request = (&fd,);
        unchecked(host, f::DESCRIPTOR_METADATA_HASH, &request, |context| {
            let node = context.handles.descriptor(&fd)?.node;
            Ok(context.identity(node))
        })
    }

    fn metadata_hash_at(
        host: Host<'_>,
        fd: Resource<DescriptorResource>,
        flags: PathFlags,
        path: String,
    ) -> HostResult<MetadataHashValue> {
        let request = (&fd, flags, &path);
        fallible(
            host,
            f::DESCRIPTOR_METADATA_HASH_AT,
            &request,
            |context| context.target(&fd, &path, last(flags), Use::Traverse),
            |context, target| Ok(context.identity(target.node()?)),
        )
    }
}

impl HostDirectoryEntryStreamWithStore<Membrane> for Shim {
    fn read_directory_entry(
        host: Host<'_>,
        stream: Resource<DirectoryEntryStream>,
    ) -> HostResult<Option<DirectoryEntry>> {
        let request = (&stream,);
        unchecked(host, f::DIRECTORY_ENTRY_STREAM_READ_DIRECTORY_ENTRY, &request, |context| {
            context.work.read_entry(&context.limits)?;
            let entry = context.handles.listing(&stream)?.next().transpose()?;
            Ok(entry.map(|(name, kind)| DirectoryEntry { type_: kind.into(), name }))
        })
    }

    fn drop(host: Host<'_>, stream: Resource<DirectoryEntryStream>) -> wasmtime::Result<()> {
        let request = (&stream,);
        infallible(host, f::DIRECTORY_ENTRY_STREAM_DROP, &request, (), |context, _| {
            context.handles.close(&stream).map(drop)
        })
    }
}

fn last(flags: PathFlags) -> Last {
    if flags.contains(PathFlags::SYMLINK_FOLLOW) { Last::Followed } else { Last::Own }
}

fn access(open: OpenFlags, flags: DescriptorFlags) -> Access {
    let write = flags.contains(DescriptorFlags::WRITE);
    Access {
        create: open.contains(OpenFlags::CREATE),
        exclusive: open.contains(OpenFlags::EXCLUSIVE),
        directory: open.contains(OpenFlags::DIRECTORY),
        truncate: open.contains(OpenFlags::TRUNCATE),
        // What is not opened to be written is opened to be read.
        read: flags.contains(DescriptorFlags::READ) || !write,
        write,
    }
}

impl Context {
    /// What tells one file from another while both exist: the same in every run that made them in the same order.
    fn identity(&self, node: NodeId) -> MetadataHashValue {
        let lower = match self.machine.inodes_from {
            Some(first) => first.wrapping_add(node.0),
            // Spread, so that nothing can be read from the number itself.
            None => (node.0 ^ 0x696e_7661_7200_0000).wrapping_mul(0x9e37_79b9_7f4a_7c15),
        };
        MetadataHashValue { lower, upper: lower.rotate_left(32) ^ node.0 }
    }

    /// The file that a descriptor stands for; bad descriptor if it is none, `or` unless `opened` so.
    fn file(
        &mut self,
        fd: &Resource<DescriptorResource>,
        opened: impl FnOnce(&Descriptor) -> bool,
        or: ErrorCode,
    ) -> Outcome<NodeId, ErrorCode> {
        let descriptor = self.handles.descriptor(fd)?;
        match descriptor.kind {
            Kind::File if opened(descriptor) => Ok(descriptor.node),
            Kind::File => Err(or.into()),
            Kind::Directory | Kind::Symlink => Err(ErrorCode::BadDescriptor.into()),
        }
    }

    fn output(
        &mut self,
        fd: &Resource<DescriptorResource>,
        offset: Option<u64>,
    ) -> Outcome<Resource<OutputStream>, ErrorCode> {
        let node = self.file(fd, |_| true, ErrorCode::BadDescriptor)?;
        if !self.handles.descriptor(fd)?.write {
            return Ok(self.handles.open(Handle::Output(Sink::Unwritable))?);
        }
        self.world.files().hold(node);
        Ok(self.handles.open(Handle::Output(Sink::File { node, offset }))?)
    }

    fn open(
        &mut self,
        resolved: crate::port::ResolvedPath,
        access: Access,
    ) -> Outcome<Resource<DescriptorResource>, ErrorCode> {
        let node = self.world.files().open(&resolved, access)?;
        self.check_file_work()?;
        let kind = self.world.files().stat(node)?.kind;
        self.world.files().hold(node);
        // Who makes or cuts a file may write it, as the hosts we know have it.
        let write = access.write || access.create || access.truncate;
        let descriptor = Descriptor { node, kind, read: access.read, write, path: resolved.path };
        Ok(self.handles.open(Handle::Descriptor(descriptor))?)
    }

    fn stat(&mut self, node: NodeId) -> Outcome<DescriptorStat, ErrorCode> {
        Ok(stat(&self.world.files().stat(node)?, self.policy.shows_times()))
    }

    fn set_times(
        &mut self,
        node: NodeId,
        accessed: &NewTimestamp,
        modified: &NewTimestamp,
    ) -> Outcome<(), ErrorCode> {
        let now = self.world.clock().wall();
        let (accessed, modified) = (new_time(accessed, now)?, new_time(modified, now)?);
        Ok(self.world.files().set_times(node, accessed, modified)?)
    }
}
