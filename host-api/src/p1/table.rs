//! The numbered descriptors of a module, and what stands behind each.

use std::collections::{BTreeMap, BTreeSet};

use wasmtime::{Memory, component::Resource};

use super::errno::{Answer, Errno};
use crate::bindings::wasi::filesystem::types::Descriptor as DescriptorResource;

/// A handle of WASI 0.2, by its number.
pub(super) type Handle = u32;

/// What preview 1 keeps of a run.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// Calls so far.
    pub(super) calls: u64,
    /// The module's memory, once it was looked for.
    pub(super) memory: Option<Memory>,
    pub(super) table: Table,
}

/// A standard stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standard {
    Input,
    Output,
    Error,
}

/// What a number stands for.
#[derive(Debug)]
pub(super) enum Descriptor {
    /// A standard stream; its handle, once it was used.
    Standard(Standard, Option<Handle>),
    Directory(Directory),
    File(File),
}

/// A directory.
#[derive(Debug)]
pub(super) struct Directory {
    pub(super) handle: Handle,
    /// The name under which it was handed over at start, if it was.
    pub(super) preopen: Option<String>,
    /// A listing that was begun.
    pub(super) listing: Option<Listing>,
}

/// A listing that was begun: it goes on where the last call ended, whatever happened to the directory meanwhile.
#[derive(Debug)]
pub(super) struct Listing {
    pub(super) stream: Handle,
    /// The cookie of the entry that comes next.
    pub(super) cookie: u64,
    /// That entry, if it was read already and did not fit.
    pub(super) next: Option<Entry>,
}

/// What a directory holds under one name.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) filetype: u8,
    pub(super) inode: u64,
}

/// A file, with what the module set and 0.2 does not know.
#[derive(Debug, Clone, Copy)]
pub(super) struct File {
    pub(super) handle: Handle,
    pub(super) position: u64,
    /// Every write goes to the end.
    pub(super) append: bool,
    /// Kept to be told again: files never block.
    pub(super) nonblock: bool,
}

/// Descriptors by their numbers.
#[derive(Debug)]
pub(super) struct Table {
    used: BTreeMap<u32, Descriptor>,
    /// Numbers that were closed: the highest is given first, as by wasmtime-wasi.
    free: BTreeSet<u32>,
    /// Whether the directories of the start have their numbers.
    pub(super) has_preopens: bool,
}

impl Default for Table {
    fn default() -> Self {
        let standard = [Standard::Input, Standard::Output, Standard::Error];
        let used = (0..).zip(standard.map(|stream| Descriptor::Standard(stream, None))).collect();
        Self { used, free: BTreeSet::new(), has_preopens: false }
    }
}

impl Table {
    /// Gives a descriptor its number.
    pub(super) fn push(&mut self, descriptor: Descriptor) -> Answer<u32> {
        let next = || self.used.last_key_value().map_or(Some(0), |(last, _)| last.checked_add(1));
        // Handles run out long before numbers do.
        let number = self.free.last().copied().or_else(next).ok_or(Errno::Loop)?;
        self.free.remove(&number);
        self.used.insert(number, descriptor);
        Ok(number)
    }

    /// Takes a descriptor away.
    pub(super) fn remove(&mut self, fd: u32) -> Option<Descriptor> {
        let removed = self.used.remove(&fd)?;
        self.free.insert(fd);
        Some(removed)
    }

    /// Puts what `from` stands for in the place of `to`, which must be free.
    pub(super) fn renumber(&mut self, from: u32, to: u32) {
        if let Some(descriptor) = self.remove(from) {
            self.free.remove(&to);
            self.used.insert(to, descriptor);
        }
    }

    /// What a number stands for.
    pub(super) fn get(&mut self, fd: u32) -> Option<&mut Descriptor> {
        self.used.get_mut(&fd)
    }
}

/// A handle as shims take it.
pub(super) fn descriptor(handle: Handle) -> Resource<DescriptorResource> {
    resource(handle)
}

/// The same of any type.
pub(super) fn resource<T: 'static>(handle: Handle) -> Resource<T> {
    Resource::new_own(handle)
}
