//! What the numbers of a call stand for.

use super::{
    call::Call,
    errno::{Answer, Errno},
    table::{Descriptor, Directory, File, Handle, Table},
};
use crate::{Shim, bindings::wasi::filesystem::preopens::HostWithStore};

impl Call<'_> {
    /// The table, with the directories of the start in it.
    pub(super) fn table(&mut self) -> Answer<&mut Table> {
        if !self.state().table.has_preopens {
            let directories = <Shim as HostWithStore<_>>::get_directories(self.host())?;
            let table = &mut self.state().table;
            table.has_preopens = true;
            for (directory, name) in directories {
                let (handle, preopen) = (directory.rep(), Some(name));
                table.push(Descriptor::Directory(Directory { handle, preopen, listing: None }))?;
            }
        }
        Ok(&mut self.state().table)
    }

    /// What a number stands for. The standard streams are there without a look at the directories of the start.
    pub(super) fn descriptor(&mut self, fd: u32) -> Answer<&mut Descriptor> {
        const STANDARD_MAX: u32 = 2;
        let table = if fd <= STANDARD_MAX { &mut self.state().table } else { self.table()? };
        Ok(table.get(fd).ok_or(Errno::Badf)?)
    }

    /// The file that a number stands for.
    pub(super) fn file(&mut self, fd: u32) -> Answer<&mut File> {
        match self.descriptor(fd)? {
            Descriptor::File(file) => Ok(file),
            _ => Err(Errno::Badf.into()),
        }
    }

    /// A file that has a position, which standard streams have not.
    pub(super) fn seekable(&mut self, fd: u32) -> Answer<&mut File> {
        match self.descriptor(fd)? {
            Descriptor::File(file) => Ok(file),
            Descriptor::Standard(..) => Err(Errno::Spipe.into()),
            Descriptor::Directory(_) => Err(Errno::Badf.into()),
        }
    }

    /// The directory that a number stands for.
    pub(super) fn directory(&mut self, fd: u32) -> Answer<&mut Directory> {
        match self.descriptor(fd)? {
            Descriptor::Directory(directory) => Ok(directory),
            _ => Err(Errno::Badf.into()),
        }
    }

    /// The handle of a file or directory.
    pub(super) fn handle(&mut self, fd: u32) -> Answer<Handle> {
        match self.descriptor(fd)? {
            Descriptor::File(file) => Ok(file.handle),
            Descriptor::Directory(directory) => Ok(directory.handle),
            Descriptor::Standard(..) => Err(Errno::Badf.into()),
        }
    }
}
