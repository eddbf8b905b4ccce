//! A tree as a list, for traces: everything but the bytes of the files.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use thiserror::Error;

use super::{
    Content, Directory, Ino, Inode, Node, NodeKind, TREE_BYTES_MAX, TREE_INODES_MAX, TREE_PATH_BYTES_MAX,
    Tree, table::Table,
};
use crate::{Digest, Timestamp};

/// A manifest that is not that of a tree.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not the manifest of a file tree: {0}")]
pub struct ManifestError(String);

#[derive(Encode, Decode)]
struct Entry {
    #[n(0)]
    ino: Ino,
    #[n(1)]
    links: u32,
    #[n(2)]
    accessed: Timestamp,
    #[n(3)]
    modified: Timestamp,
    #[n(4)]
    changed: Timestamp,
    #[n(5)]
    node: EntryNode,
}

#[derive(Encode, Decode)]
enum EntryNode {
    #[n(0)]
    File {
        #[n(0)]
        content: Digest,
        #[n(1)]
        len: u64,
    },
    #[n(1)]
    Symlink(#[n(0)] String),
    #[n(2)]
    Directory {
        #[n(0)]
        parent: Ino,
        #[n(1)]
        entries: Vec<(String, Ino)>,
    },
}

impl EntryNode {
    fn kind(&self) -> NodeKind {
        match self {
            Self::File { .. } => NodeKind::File,
            Self::Symlink(_) => NodeKind::Symlink,
            Self::Directory { .. } => NodeKind::Directory,
        }
    }
}

impl Tree {
    /// The manifest as deterministic CBOR. `blob` gets the content of every file, once a digest.
    pub fn to_manifest(&self, mut blob: impl FnMut(Digest, &Content)) -> Vec<u8> {
        let mut seen = std::collections::BTreeSet::new();
        let entries: Vec<Entry> = self
            .table
            .iter()
            .map(|(ino, inode)| Entry {
                ino,
                links: inode.links,
                accessed: inode.accessed,
                modified: inode.modified,
                changed: inode.changed,
                node: match inode.node() {
                    Node::File(content) => {
                        let digest = content.digest();
                        if seen.insert(digest) {
                            blob(digest, content);
                        }
                        EntryNode::File { content: digest, len: content.len() }
                    }
                    Node::Symlink(target) => EntryNode::Symlink(target.to_string()),
                    Node::Directory(directory) => EntryNode::Directory {
                        parent: directory.parent,
                        entries: directory.iter().map(|(name, ino)| (name.to_string(), ino)).collect(),
                    },
                },
            })
            .collect();
        minicbor::to_vec(entries).unwrap_or_default() // writing to memory cannot fail
    }

    /// The tree of a manifest. `blob` gives the content of a file by its digest.
    ///
    /// # Errors
    /// Other bytes, content that is missing or has another digest, names of nothing, a tree that is too large.
    pub fn from_manifest(
        manifest: &[u8],
        mut blob: impl FnMut(Digest) -> Option<Vec<u8>>,
    ) -> Result<Self, ManifestError> {
        let bad = |what: &str| ManifestError(what.to_owned());
        let entries: Vec<Entry> =
            minicbor::decode(manifest).map_err(|error| ManifestError(error.to_string()))?;
        let kinds: BTreeMap<Ino, NodeKind> =
            entries.iter().map(|entry| (entry.ino, entry.node.kind())).collect();
        let (mut table, mut bytes) = (Table::default(), 0u64);
        table.reserve(Ino(0));
        for entry in entries {
            if entry.ino.0 > TREE_INODES_MAX || table.get(entry.ino).is_some() {
                return Err(bad("an inode number is too large or stands twice"));
            }
            let node = match entry.node {
                EntryNode::File { content, len } => {
                    bytes = bytes.saturating_add(len);
                    if bytes > TREE_BYTES_MAX {
                        return Err(bad("more bytes than a tree may hold"));
                    }
                    let data = blob(content)
                        .ok_or_else(|| ManifestError(format!("content {content} is missing")))?;
                    let data = Content::from_bytes(&data);
                    if data.digest() != content || data.len() != len {
                        return Err(ManifestError(format!("content {content} is not what it was")));
                    }
                    Node::File(data)
                }
                EntryNode::Symlink(target) => Node::Symlink(target.into()),
                EntryNode::Directory { parent, entries } => {
                    let mut directory = Directory::new(parent);
                    for (name, ino) in entries {
                        if name.is_empty() || name.contains(['/', '\0']) || directory.get(&name).is_some() {
                            return Err(bad("a name is not a name or stands twice"));
                        }
                        directory.insert(
                            &name,
                            ino,
                            *kinds.get(&ino).ok_or_else(|| bad("a name of nothing"))?,
                        );
                    }
                    Node::Directory(directory)
                }
            };
            let mut inode = Inode::new(node, entry.changed);
            (inode.links, inode.accessed, inode.modified) = (entry.links, entry.accessed, entry.modified);
            table.put(entry.ino, inode);
        }
        let mut tree = Self { table, bytes };
        tree.check().map_err(bad)?;
        tree.name_directories();
        Ok(tree)
    }

    /// Sets in every directory the name that its parent has for it.
    fn name_directories(&mut self) {
        let names: Vec<_> = self
            .table
            .iter()
            .filter_map(|(_, inode)| match inode.node() {
                Node::Directory(directory) => Some(directory),
                _ => None,
            })
            .flat_map(Directory::iter)
            .filter(|(_, ino)| self.directory(*ino).is_some())
            .map(|(name, ino)| (name.clone(), ino))
            .collect();
        for (name, ino) in names {
            if let Some(Node::Directory(directory)) = self.table.get_mut(ino).map(Inode::node_mut) {
                directory.name = name;
            }
        }
    }

    /// Names name something, every directory but the root stands in its parent once, and all hang together.
    fn check(&self) -> Result<(), &'static str> {
        let root = self.directory(Self::ROOT).ok_or("no root directory")?;
        if root.parent != Self::ROOT {
            return Err("the root is in another directory");
        }
        let mut named = std::collections::BTreeSet::from([Self::ROOT]);
        let mut todo = vec![(0, Self::ROOT)];
        while let Some((len, at)) = todo.pop() {
            for (name, ino) in self.directory(at).into_iter().flat_map(Directory::iter) {
                let len = len + 1 + name.len();
                if len > TREE_PATH_BYTES_MAX {
                    return Err("a path is longer than paths may be");
                }
                let inode = self.get(ino).ok_or("a name of nothing")?;
                let first = named.insert(ino);
                match inode.node() {
                    Node::Directory(directory) if !first || directory.parent != at => {
                        return Err("a directory stands in two places");
                    }
                    Node::Directory(_) => todo.push((len, ino)),
                    _ => {}
                }
            }
        }
        match named.len() == self.table.len() as usize {
            true => Ok(()),
            false => Err("an inode without a name"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use crate::{Timestamp, Tree};

    fn sample() -> (Tree, Vec<u8>, BTreeMap<crate::Digest, Vec<u8>>) {
        let time = Timestamp(5);
        let mut tree = Tree::new(time);
        tree.put_file("/data/a", b"one", time).unwrap();
        tree.put_file("/data/gone", b"gone", time).unwrap();
        tree.put_file("/data/b", b"one", time).unwrap();
        tree.remove("/data/gone");
        let a = tree.find("/data/a").unwrap();
        tree.link(Tree::ROOT, "hard", a);
        let link = tree.create(crate::Node::Symlink("data/a".into()), time).unwrap();
        tree.link(Tree::ROOT, "soft", link);
        let mut blobs = BTreeMap::new();
        let manifest = tree.to_manifest(|digest, content| {
            assert!(blobs.insert(digest, content.to_vec()).is_none(), "each content once");
        });
        (tree, manifest, blobs)
    }

    #[test]
    fn written_and_read_again_is_the_same() {
        let (tree, manifest, blobs) = sample();
        let again = Tree::from_manifest(&manifest, |digest| blobs.get(&digest).cloned()).unwrap();
        assert_eq!(again.digest(), tree.digest());
        assert_eq!((again.bytes(), again.inodes()), (tree.bytes(), tree.inodes()));
        assert_eq!(blobs.len(), 1);
    }

    #[test]
    fn content_that_is_missing_or_changed_is_named() {
        let (_, manifest, _) = sample();
        let missing = Tree::from_manifest(&manifest, |_| None).unwrap_err();
        assert!(missing.to_string().contains("is missing"), "{missing}");
        let changed = Tree::from_manifest(&manifest, |_| Some(b"two".to_vec())).unwrap_err();
        assert!(changed.to_string().contains("is not what it was"), "{changed}");
    }

    proptest! {
        #[test]
        fn a_broken_manifest_is_an_error_and_not_a_panic(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let (_, mut manifest, blobs) = sample();
            let at = at.index(manifest.len());
            manifest[at] = byte;
            if let Ok(tree) = Tree::from_manifest(&manifest, |digest| blobs.get(&digest).cloned()) {
                let _ = tree.walk().count();
                let _ = tree.digest();
            }
        }
    }
}
