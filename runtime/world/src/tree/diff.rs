//! What differs between two trees.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    Directory, Ino, Node, Tree, TreeFull,
    path::{join, split},
};
use crate::Digest;

/// One path that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// The absolute path.
    pub path: String,
    /// Content before; none if there was no file. Directories and links count by what they are.
    pub before: Option<Digest>,
    /// Content after.
    pub after: Option<Digest>,
}

impl Tree {
    /// The paths whose content, target or kind differs from `self` to `after`, in order. Times and inode
    /// numbers do not count; a directory differs if it is made or removed, not if something in it is.
    #[must_use]
    pub fn changes(&self, after: &Self) -> Vec<FileChange> {
        let mut changes = Vec::new();
        self.walk_with(after, |path, before, now| {
            let before = before.and_then(|ino| self.look(ino));
            let now = now.and_then(|ino| after.look(ino));
            if before != now {
                changes.push(FileChange { path: path.to_owned(), before, after: now });
            }
        });
        changes
    }

    /// The paths at which a skill could see a difference: as [`Tree::changes`], and files and links whose times
    /// alone differ. A directory that is made or removed counts only if nothing below it does.
    #[must_use]
    pub fn differences(&self, after: &Self) -> Vec<String> {
        let mut found: Vec<(String, bool)> = Vec::new();
        self.walk_with(after, |path, before, now| {
            let directory =
                |tree: &Self, ino: Option<Ino>| ino.is_some_and(|ino| tree.directory(ino).is_some());
            let is_directory = directory(self, before) || directory(after, now);
            let modified = |tree: &Self, ino: Option<Ino>| Some(tree.get(ino?)?.modified);
            let looks = (before.and_then(|ino| self.look(ino)), now.and_then(|ino| after.look(ino)));
            let times = (modified(self, before), modified(after, now));
            if looks.0 != looks.1 || (!is_directory && times.0 != times.1) {
                found.push((path.to_owned(), is_directory));
            }
        });
        let is_below = |path: &str, directory: &str| {
            path.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/'))
        };
        found
            .iter()
            .filter(|(path, is_directory)| {
                !is_directory || !found.iter().any(|(other, _)| is_below(other, path))
            })
            .map(|(path, _)| path.clone())
            .collect()
    }

    /// Visits every path of either tree, in order, with the inodes that both have there, unless they share one.
    fn walk_with(&self, after: &Self, mut visit: impl FnMut(&str, Option<Ino>, Option<Ino>)) {
        let mut todo = vec![(String::from("/"), Some(Self::ROOT), Some(Self::ROOT))];
        while let Some((path, before, now)) = todo.pop() {
            let mut below: BTreeMap<Arc<str>, (Option<Ino>, Option<Ino>)> = BTreeMap::new();
            for (name, ino) in
                before.and_then(|ino| self.directory(ino)).into_iter().flat_map(Directory::iter)
            {
                below.entry(name.clone()).or_default().0 = Some(ino);
            }
            for (name, ino) in now.and_then(|ino| after.directory(ino)).into_iter().flat_map(Directory::iter)
            {
                below.entry(name.clone()).or_default().1 = Some(ino);
            }
            todo.extend(
                below.into_iter().rev().map(|(name, (before, now))| (join(&path, &name), before, now)),
            );
            // The common case first: the very same inode in both, shared since a copy.
            if before == now && before.is_some_and(|ino| self.table.is_shared(&after.table, ino)) {
                continue;
            }
            visit(&path, before, now);
        }
    }

    /// What there is to see of an inode through one of its names.
    fn look(&self, ino: Ino) -> Option<Digest> {
        Some(match self.get(ino)?.node() {
            Node::File(content) => content.digest(),
            Node::Symlink(target) => Digest::of_parts("invar/symlink", &[target.as_bytes()]),
            Node::Directory(_) => Digest::of_parts("invar/directory", &[]),
        })
    }

    /// Puts what `other` has at `path`, or nothing, in place of what is there: content, times and all below.
    ///
    /// # Errors
    /// As [`Tree::make_directories`].
    pub fn take_from(&mut self, other: &Self, path: &str) -> Result<(), TreeFull> {
        let Some(theirs) = other.find(path) else {
            self.remove(path);
            return Ok(());
        };
        let inode = other.get(theirs).ok_or(TreeFull)?;
        let at = match inode.node() {
            Node::File(content) => self.put_file(path, &content.to_vec(), inode.modified)?,
            Node::Directory(directory) => {
                if self.find(path).is_some_and(|ino| self.directory(ino).is_none()) {
                    self.remove(path);
                }
                let ino = self.make_directories(path, inode.modified)?;
                for (name, _) in directory.iter() {
                    self.take_from(other, &join(path, name))?;
                }
                ino
            }
            Node::Symlink(target) => {
                self.remove(path);
                let (parent, name) = split(path).ok_or(TreeFull)?;
                let parent = self.make_directories(parent, inode.modified)?;
                let link = self.create(Node::Symlink(target.clone()), inode.modified)?;
                self.link(parent, name, link);
                link
            }
        };
        let (accessed, modified, changed) = (inode.accessed, inode.modified, inode.changed);
        self.set_times(at, |inode| {
            (inode.accessed, inode.modified, inode.changed) = (accessed, modified, changed)
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::{Timestamp, Tree};

    const T0: Timestamp = Timestamp(0);

    fn paths(before: &Tree, after: &Tree) -> Vec<String> {
        before.changes(after).into_iter().map(|change| change.path).collect()
    }

    #[test]
    fn content_kind_and_existence_count_times_do_not() {
        let mut before = Tree::new(T0);
        before.put_file("/same", b"x", T0).unwrap();
        before.put_file("/edited", b"x", T0).unwrap();
        before.put_file("/removed/file", b"x", T0).unwrap();
        let mut after = before.clone();
        after.put_file("/edited", b"y", T0).unwrap();
        after.put_file("/made", b"x", T0).unwrap();
        after.remove("/removed");
        let same = after.find("/same").unwrap();
        after.set_times(same, |inode| inode.modified = Timestamp(9));
        assert_eq!(paths(&before, &after), ["/edited", "/made", "/removed", "/removed/file"]);
        assert_eq!(before.changes(&before.clone()), []);
    }

    #[test]
    fn one_path_can_be_taken_from_another_tree() {
        let mut before = Tree::new(T0);
        before.put_file("/cache/index", b"0", T0).unwrap();
        let mut after = before.clone();
        after.put_file("/cache/index", b"7", Timestamp(9)).unwrap();
        after.put_file("/cache/new/deep", b"n", Timestamp(9)).unwrap();
        let mut undone = after.clone();
        undone.take_from(&before, "/cache/index").unwrap();
        assert_eq!(paths(&before, &undone), ["/cache/new", "/cache/new/deep"]);
        undone.take_from(&before, "/cache/new").unwrap();
        assert_eq!(paths(&before, &undone), Vec::<String>::new());
        let mut redone = before.clone();
        redone.take_from(&after, "/cache").unwrap();
        assert_eq!(paths(&after, &redone), Vec::<String>::new());
    }
}
