//! The tree: its inodes and the names that they have.

use std::sync::Arc;

use super::{
    Content, Directory, Ino, Inode, Node, NodeKind, TREE_BYTES_MAX, TREE_INODES_MAX, TreeFull,
    path::{join, split},
    table::Table,
};
use crate::{Digest, Timestamp};

/// A tree of files, directories and symbolic links.
#[derive(Debug, Clone)]
pub struct Tree {
    pub(super) table: Table,
    /// File bytes, all together.
    pub(super) bytes: u64,
}

impl Tree {
    /// The root directory.
    pub const ROOT: Ino = Ino(1);

    /// A tree with nothing but a root.
    #[must_use]
    pub fn new(time: Timestamp) -> Self {
        let mut table = Table::default();
        // Number 0 stays unused: some hosts take it for "no inode".
        table.reserve(Ino(0));
        let mut root = Inode::new(Node::Directory(Directory::new(Self::ROOT)), time);
        root.links += 1; // the ".." of the root is the root
        table.put(Self::ROOT, root);
        Self { table, bytes: 0 }
    }

    /// The inode, if there is one of that number.
    #[must_use]
    pub fn get(&self, ino: Ino) -> Option<&Inode> {
        self.table.get(ino)
    }

    /// The directory of that number.
    #[must_use]
    pub fn directory(&self, ino: Ino) -> Option<&Directory> {
        match self.get(ino)?.node() {
            Node::Directory(directory) => Some(directory),
            _ => None,
        }
    }

    /// The content of the file of that number.
    #[must_use]
    pub fn content(&self, ino: Ino) -> Option<&Content> {
        match self.get(ino)?.node() {
            Node::File(content) => Some(content),
            _ => None,
        }
    }

    /// Number of inodes in use.
    #[must_use]
    pub fn inodes(&self) -> u32 {
        self.table.len()
    }

    /// File bytes, all together.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Puts a new inode in the table; it has no name yet.
    ///
    /// # Errors
    /// [`TreeFull`].
    pub fn create(&mut self, node: Node, time: Timestamp) -> Result<Ino, TreeFull> {
        if self.inodes() >= TREE_INODES_MAX {
            return Err(TreeFull);
        }
        self.bytes += node.file_bytes();
        Ok(self.table.add(Inode::new(node, time)))
    }

    /// Removes an inode that no name and no handle holds any more.
    pub fn free(&mut self, ino: Ino) {
        if let Some(inode) = self.table.remove(ino) {
            self.bytes -= inode.node().file_bytes();
        }
    }

    /// Gives `ino` the name `name` in `directory`. An entry of that name must not exist.
    ///
    /// A directory's parent is set; link counts follow.
    pub fn link(&mut self, directory: Ino, name: &str, ino: Ino) {
        let Some(kind) = self.get(ino).map(|inode| inode.node().kind()) else { return };
        if let Some(Node::Directory(entries)) = self.node_mut(directory) {
            entries.insert(name, ino, kind);
        }
        if let Some(inode) = self.table.get_mut(ino) {
            inode.links += 1;
            if let Node::Directory(child) = inode.node_mut() {
                (child.parent, child.name) = (directory, name.into());
            }
        }
        if kind == NodeKind::Directory
            && let Some(parent) = self.table.get_mut(directory)
        {
            parent.links += 1; // the entry ".." of the child
        }
    }

    /// Takes the name `name` in `directory` away; returns what it named. The inode stays in the table.
    pub fn unlink(&mut self, directory: Ino, name: &str) -> Option<Ino> {
        let ino = match self.node_mut(directory)? {
            Node::Directory(entries) => entries.remove(name)?,
            _ => return None,
        };
        let is_directory = self.directory(ino).is_some();
        if let Some(inode) = self.table.get_mut(ino) {
            inode.links = inode.links.saturating_sub(1);
        }
        if is_directory && let Some(parent) = self.table.get_mut(directory) {
            parent.links = parent.links.saturating_sub(1);
        }
        Some(ino)
    }

    /// Writes into a file, growing it as needed; the time of modification is set.
    ///
    /// # Errors
    /// [`TreeFull`]; nothing is written then.
    pub fn write(&mut self, ino: Ino, offset: u64, bytes: &[u8], time: Timestamp) -> Result<(), TreeFull> {
        let end = offset.checked_add(bytes.len() as u64).ok_or(TreeFull)?;
        let grown = end.saturating_sub(self.content(ino).map_or(0, Content::len));
        self.modify(ino, grown as i128, time, |content| content.write(offset, bytes))
    }

    /// Cuts a file, or extends it with zeros; the time of modification is set.
    ///
    /// # Errors
    /// [`TreeFull`]; nothing is changed then.
    pub fn resize(&mut self, ino: Ino, len: u64, time: Timestamp) -> Result<(), TreeFull> {
        let grown = i128::from(len) - i128::from(self.content(ino).map_or(0, Content::len));
        self.modify(ino, grown, time, |content| content.resize(len))
    }

    fn modify(
        &mut self,
        ino: Ino,
        grown: i128,
        time: Timestamp,
        change: impl FnOnce(&mut Content),
    ) -> Result<(), TreeFull> {
        let bytes = u64::try_from(i128::from(self.bytes) + grown).map_err(|_| TreeFull)?;
        if bytes > TREE_BYTES_MAX {
            return Err(TreeFull);
        }
        if let Some(inode) = self.table.get_mut(ino) {
            if let Node::File(content) = inode.node_mut() {
                change(content);
                self.bytes = bytes;
            }
            (inode.modified, inode.changed) = (time, time);
        }
        Ok(())
    }

    /// Changes an inode's times.
    pub fn set_times(&mut self, ino: Ino, set: impl FnOnce(&mut Inode)) {
        if let Some(inode) = self.table.get_mut(ino) {
            set(inode);
        }
    }

    /// Sets when what a path names was last modified and changed; none if it names nothing.
    pub fn set_modified(&mut self, path: &str, time: Timestamp) -> Option<()> {
        let ino = self.find(path)?;
        self.set_times(ino, |inode| (inode.modified, inode.changed) = (time, time));
        Some(())
    }

    fn node_mut(&mut self, ino: Ino) -> Option<&mut Node> {
        self.table.get_mut(ino).map(Inode::node_mut)
    }

    /// What an absolute path names, without following symbolic links.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<Ino> {
        path.split('/')
            .filter(|segment| !segment.is_empty())
            .try_fold(Self::ROOT, |directory, name| self.directory(directory)?.get(name))
    }

    /// The absolute path of a directory. One that was removed while it was open keeps the path it had.
    #[must_use]
    pub fn path_of(&self, directory: Ino) -> String {
        let mut names: Vec<&str> = Vec::new();
        let mut at = directory;
        while at != Self::ROOT
            && let Some(directory) = self.directory(at)
        {
            names.push(&directory.name);
            at = directory.parent;
        }
        names.reverse();
        format!("/{}", names.join("/"))
    }

    /// Makes a directory and those above it; what exists stays.
    ///
    /// # Errors
    /// [`TreeFull`], also when a file stands in the way: the world cannot hold both.
    pub fn make_directories(&mut self, path: &str, time: Timestamp) -> Result<Ino, TreeFull> {
        let mut at = Self::ROOT;
        for name in path.split('/').filter(|segment| !segment.is_empty()) {
            at = match self.directory(at).ok_or(TreeFull)?.get(name) {
                Some(ino) => ino,
                None => {
                    let ino = self.create(Node::Directory(Directory::new(at)), time)?;
                    self.link(at, name, ino);
                    ino
                }
            };
        }
        Ok(at)
    }

    /// Puts a file at a path, with the directories above it, in place of what was there.
    ///
    /// # Errors
    /// As [`Tree::make_directories`].
    pub fn put_file(&mut self, path: &str, bytes: &[u8], time: Timestamp) -> Result<Ino, TreeFull> {
        let (directory, name) = split(path).ok_or(TreeFull)?;
        let parent = self.make_directories(directory, time)?;
        if let Some(ino) = self.directory(parent).ok_or(TreeFull)?.get(name)
            && self.content(ino).is_some()
        {
            // The same file with other bytes: its identity and other names stay.
            self.resize(ino, 0, time)?;
            self.write(ino, 0, bytes, time)?;
            return Ok(ino);
        }
        self.remove(path);
        let ino = self.create(Node::File(Content::default()), time)?;
        self.link(parent, name, ino);
        self.write(ino, 0, bytes, time)?;
        Ok(ino)
    }

    /// Removes what a path names, with all below it.
    pub fn remove(&mut self, path: &str) {
        let Some((directory, name)) = split(path) else { return };
        if let Some(parent) = self.find(directory) {
            self.remove_entry(parent, name);
        }
    }

    fn remove_entry(&mut self, parent: Ino, name: &str) {
        let Some(ino) = self.unlink(parent, name) else { return };
        let names: Vec<Arc<str>> = self
            .directory(ino)
            .map(|directory| directory.iter().map(|(name, _)| name.clone()).collect())
            .unwrap_or_default();
        for name in &names {
            self.remove_entry(ino, name);
        }
        if self.get(ino).is_some_and(|inode| inode.links == 0 || matches!(inode.node(), Node::Directory(_))) {
            self.free(ino);
        }
    }

    /// Bytes of the longest path below a directory, relative to it, and how many entries were looked at.
    #[must_use]
    pub fn longest_path_below(&self, directory: Ino) -> (usize, u64) {
        let (mut longest, mut looked_at, mut todo) = (0, 0, vec![(0, directory)]);
        while let Some((len, at)) = todo.pop() {
            (longest, looked_at) = (longest.max(len), looked_at + 1);
            let below = self.directory(at).into_iter().flat_map(Directory::iter);
            todo.extend(below.map(|(name, ino)| (len + 1 + name.len(), ino)));
        }
        (longest, looked_at)
    }

    /// Every path and what it names, each directory before what is in it, in the order of the names.
    pub fn walk(&self) -> impl Iterator<Item = (String, Ino)> {
        let mut todo = vec![(String::from("/"), Self::ROOT)];
        std::iter::from_fn(move || {
            let (path, ino) = todo.pop()?;
            if let Some(directory) = self.directory(ino) {
                todo.extend(directory.iter().rev().map(|(name, ino)| (join(&path, name), ino)));
            }
            Some((path, ino))
        })
    }

    /// The digest of the whole: equal for trees that no call can distinguish.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.table.digest()
    }
}

#[cfg(test)]
mod tests {
    use super::Tree;
    use crate::{TREE_BYTES_MAX, Timestamp, TreeFull};

    const T0: Timestamp = Timestamp(0);
    const T1: Timestamp = Timestamp(1);

    fn tree() -> Tree {
        let mut tree = Tree::new(T0);
        tree.put_file("/data/a", b"one", T0).unwrap();
        tree.put_file("/data/b", b"two", T0).unwrap();
        tree.make_directories("/tmp", T0).unwrap();
        tree
    }

    fn read(tree: &Tree, path: &str) -> Option<Vec<u8>> {
        Some(tree.content(tree.find(path)?)?.to_vec())
    }

    #[test]
    fn a_copy_is_not_changed_with_its_original() {
        let mut one = tree();
        let two = one.clone();
        one.put_file("/data/a", b"changed", T1).unwrap();
        one.remove("/data/b");
        assert_eq!(read(&one, "/data/a").unwrap(), b"changed");
        assert_eq!(read(&two, "/data/a").unwrap(), b"one");
        assert_eq!(read(&two, "/data/b").unwrap(), b"two");
        assert_ne!(one.digest(), two.digest());
    }

    #[test]
    fn what_is_put_back_gives_the_digest_back() {
        let original = tree();
        let mut changed = original.clone();
        changed.put_file("/data/a", b"changed", T0).unwrap();
        assert_ne!(changed.digest(), original.digest());
        changed.put_file("/data/a", b"one", T0).unwrap();
        assert_eq!(changed.digest(), original.digest());
    }

    #[test]
    fn times_and_names_are_part_of_the_digest() {
        let original = tree();
        let mut touched = original.clone();
        let ino = touched.find("/data/a").unwrap();
        touched.set_times(ino, |inode| inode.modified = T1);
        assert_ne!(touched.digest(), original.digest());
        let mut renamed = original.clone();
        let data = renamed.find("/data").unwrap();
        let ino = renamed.unlink(data, "a").unwrap();
        renamed.link(data, "c", ino);
        assert_ne!(renamed.digest(), original.digest());
    }

    #[test]
    fn a_walk_names_everything_in_order() {
        let tree = tree();
        let paths: Vec<String> = tree.walk().map(|(path, _)| path).collect();
        assert_eq!(paths, ["/", "/data", "/data/a", "/data/b", "/tmp"]);
    }

    #[test]
    fn removing_a_directory_removes_all_below_and_counts_it() {
        let mut tree = tree();
        assert_eq!((tree.bytes(), tree.inodes()), (6, 5));
        tree.remove("/data");
        assert_eq!((tree.bytes(), tree.inodes()), (0, 2));
        assert_eq!(tree.find("/data"), None);
        assert_eq!(tree.get(Tree::ROOT).unwrap().links, 3, "., .. and tmp/..");
    }

    #[test]
    fn a_directory_knows_its_path() {
        let mut tree = tree();
        let deep = tree.make_directories("/a/b/c", T0).unwrap();
        assert_eq!(tree.path_of(deep), "/a/b/c");
        assert_eq!(tree.path_of(Tree::ROOT), "/");
    }

    #[test]
    fn a_tree_has_a_largest_size() {
        let mut tree = tree();
        let ino = tree.find("/data/a").unwrap();
        assert_eq!(tree.resize(ino, TREE_BYTES_MAX, T0), Err(TreeFull));
        assert_eq!(tree.write(ino, u64::MAX, b"x", T0), Err(TreeFull));
        assert_eq!(read(&tree, "/data/a").unwrap(), b"one", "nothing changed");
        tree.resize(ino, TREE_BYTES_MAX - 3, T0).unwrap();
        assert_eq!(tree.bytes(), TREE_BYTES_MAX);
    }

    #[test]
    fn a_file_in_the_way_of_a_directory_is_an_error() {
        let mut tree = tree();
        assert!(tree.put_file("/data/a/x", b"", T0).is_err());
        assert!(tree.put_file("/", b"", T0).is_err());
    }
}
