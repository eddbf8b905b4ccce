//! Inodes and directories.

use std::{ops::Bound, sync::Arc};

use imbl::OrdMap;
use minicbor::{Decode, Encode};

use super::Content;
use crate::{Digest, Timestamp};

/// Number of an inode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Ino(#[n(0)] pub u32);

/// One file, directory or symbolic link, apart from its names.
#[derive(Debug, Clone)]
pub struct Inode {
    node: Node,
    /// Names that hold it; for a directory also its `.` and the `..` of those in it.
    pub links: u32,
    /// Last access.
    pub accessed: Timestamp,
    /// Last change of content.
    pub modified: Timestamp,
    /// Last change of anything.
    pub changed: Timestamp,
}

/// What an inode is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// A regular file.
    File(Content),
    /// A directory.
    Directory(Directory),
    /// A symbolic link and where it points.
    Symlink(Arc<str>),
}

/// What kind of thing an inode is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    Symlink,
}

impl Inode {
    pub(super) fn new(node: Node, time: Timestamp) -> Self {
        // A directory holds itself by ".".
        let links = u32::from(matches!(node, Node::Directory(_)));
        Self { node, links, accessed: time, modified: time, changed: time }
    }

    /// What it is.
    #[must_use]
    pub fn node(&self) -> &Node {
        &self.node
    }

    pub(super) fn node_mut(&mut self) -> &mut Node {
        &mut self.node
    }

    /// Bytes of a file, characters of a link's target, a block for a directory.
    #[must_use]
    pub fn size(&self) -> u64 {
        const DIRECTORY_BYTES: u64 = 4096;
        match &self.node {
            Node::File(content) => content.len(),
            Node::Directory(_) => DIRECTORY_BYTES,
            Node::Symlink(target) => target.len() as u64,
        }
    }

    pub(super) fn digest(&self) -> Digest {
        let mut bytes = Vec::with_capacity(128);
        for part in [u64::from(self.links), self.accessed.0, self.modified.0, self.changed.0] {
            bytes.extend_from_slice(&part.to_be_bytes());
        }
        match &self.node {
            Node::File(content) => {
                bytes.push(0);
                bytes.extend_from_slice(&content.digest().0);
            }
            Node::Symlink(target) => {
                bytes.push(1);
                bytes.extend_from_slice(target.as_bytes());
            }
            Node::Directory(directory) => {
                bytes.push(2);
                bytes.extend_from_slice(&directory.parent.0.to_be_bytes());
                for (name, ino) in directory.iter() {
                    // NUL ends a name: no name holds one.
                    bytes.extend_from_slice(name.as_bytes());
                    bytes.push(0);
                    bytes.extend_from_slice(&ino.0.to_be_bytes());
                }
            }
        }
        Digest::of_parts("invar/inode", &[&bytes])
    }
}

impl PartialEq for Inode {
    fn eq(&self, other: &Self) -> bool {
        self.links == other.links
            && (self.accessed, self.modified, self.changed) == (other.accessed, other.modified, other.changed)
            && self.node == other.node
    }
}

impl Node {
    /// What kind of thing it is.
    #[must_use]
    pub fn kind(&self) -> NodeKind {
        match self {
            Self::File(_) => NodeKind::File,
            Self::Directory(_) => NodeKind::Directory,
            Self::Symlink(_) => NodeKind::Symlink,
        }
    }

    pub(super) fn file_bytes(&self) -> u64 {
        match self {
            Self::File(content) => content.len(),
            _ => 0,
        }
    }
}

/// The names in a directory, and the directory above. A copy costs nothing and stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    /// The directory above; the root's is itself.
    pub parent: Ino,
    /// Its name there.
    pub(super) name: Arc<str>,
    entries: OrdMap<Arc<str>, Entry>,
}

/// What a name names. An inode never becomes another kind of thing, so that a copy of a directory can say what
/// was in it when the inode is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    ino: Ino,
    kind: NodeKind,
}

impl Directory {
    /// An empty directory.
    #[must_use]
    pub fn new(parent: Ino) -> Self {
        Self { parent, name: "".into(), entries: OrdMap::new() }
    }

    /// What `name` names.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Ino> {
        self.entries.get(name).map(|entry| entry.ino)
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Names and what they name, in the order of the names.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&Arc<str>, Ino)> {
        self.entries.iter().map(|(name, entry)| (name, entry.ino))
    }

    /// The first name after `name` in that order, or the first of all, and what kind of thing it names.
    #[must_use]
    pub fn next_after(&self, name: Option<&str>) -> Option<(&Arc<str>, NodeKind)> {
        let from = name.map_or(Bound::Unbounded, Bound::Excluded);
        let (name, entry) = self.entries.range::<_, str>((from, Bound::Unbounded)).next()?;
        Some((name, entry.kind))
    }

    pub(super) fn insert(&mut self, name: &str, ino: Ino, kind: NodeKind) {
        self.entries.insert(name.into(), Entry { ino, kind });
    }

    pub(super) fn remove(&mut self, name: &str) -> Option<Ino> {
        self.entries.remove(name).map(|entry| entry.ino)
    }
}
