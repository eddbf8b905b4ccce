//! Files in memory, with the behaviour of a POSIX file system.
//!
//! Differences from one on a disk, all of them so that runs can be repeated: listings are sorted, reading does
//! not change the time of last access (as with `noatime`), `changed` is the time of last status change (hosts
//! that answer with the time of birth exist), and the path of anything is at most 4,096 bytes.

use std::{collections::BTreeMap, sync::Arc};

use invar_world::{
    CONTENT_CHUNK_BYTES, Change, Content, Directory, Ino, Node, NodeKind, TREE_BYTES_MAX,
    TREE_PATH_BYTES_MAX, Timestamp, Tree, TreeFull,
};

use crate::{
    limits::{NAME_BYTES_MAX, PATH_BYTES_MAX, SYMLINKS_MAX},
    port::{
        Access, FileError, FileWork, Files, Kind, Last, Listing, NodeId, ResolvedPath, Stat, Times,
        Unresolved,
    },
};

/// A tree and the handles on it.
pub struct LabFiles {
    tree: Tree,
    /// Open handles by node: a node without a name stays while there is one.
    open: BTreeMap<Ino, u32>,
    work: FileWork,
    /// The time of day, for what changes now.
    pub(super) now: Timestamp,
}

/// What is in a directory: a copy of it, which costs nothing, and how far it was listed.
struct Entries {
    directory: Directory,
    last: Option<Arc<str>>,
}

impl Iterator for Entries {
    type Item = Result<(String, Kind), FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        let (name, kind) = self.directory.next_after(self.last.as_deref())?;
        let entry = (name.to_string(), kind_of(kind));
        self.last = Some(name.clone());
        Some(Ok(entry))
    }
}

/// Names of one file, as on ext4.
const LINKS_MAX: u32 = 65_000;

impl LabFiles {
    /// Files that begin as this tree.
    #[must_use]
    pub fn new(tree: Tree) -> Self {
        Self { tree, open: BTreeMap::new(), work: FileWork::default(), now: Timestamp(0) }
    }

    fn directory(&self, node: Ino) -> Result<&Directory, FileError> {
        self.tree.directory(node).ok_or(FileError::NotDirectory)
    }

    fn kind(&self, node: Ino) -> Option<Kind> {
        Some(kind_of(self.tree.get(node)?.node().kind()))
    }

    /// Counts the chunks that come or go as a file gets another size.
    fn count_resized(&mut self, node: Ino, len: u64) {
        let chunks = |len: u64| len / CONTENT_CHUNK_BYTES as u64;
        let old = self.tree.content(node).map_or(0, Content::len);
        self.work.chunks_resized += chunks(old).abs_diff(chunks(len));
    }

    /// The content of a directory changed.
    fn touch(&mut self, directory: Ino) {
        let now = self.now;
        self.tree.set_times(directory, |inode| (inode.modified, inode.changed) = (now, now));
    }

    /// Puts a new node at a path that names nothing yet.
    fn create(&mut self, resolved: &ResolvedPath, node: Node) -> Result<Ino, FileError> {
        let directory = ino(resolved.directory);
        if self.is_removed(directory) {
            return Err(FileError::NoEntry);
        }
        if resolved.path.len() > TREE_PATH_BYTES_MAX {
            return Err(FileError::NameTooLong);
        }
        let new = self.tree.create(node, self.now).map_err(full)?;
        self.tree.link(directory, &resolved.name, new);
        self.touch(directory);
        Ok(new)
    }

    /// Removes the name at a path, and the node with it if nothing holds it.
    fn remove(&mut self, resolved: &ResolvedPath) {
        let directory = ino(resolved.directory);
        if let Some(node) = self.tree.unlink(directory, &resolved.name) {
            if self.tree.directory(node).is_some() {
                // Its "." goes with it.
                self.tree.set_times(node, |inode| inode.links = 0);
            } else {
                let now = self.now;
                self.tree.set_times(node, |inode| inode.changed = now);
            }
            self.free_if_unheld(node);
        }
        self.touch(directory);
    }

    fn free_if_unheld(&mut self, node: Ino) {
        if self.tree.get(node).is_some_and(|inode| inode.links == 0) && !self.open.contains_key(&node) {
            self.tree.free(node);
        }
    }

    /// Whether a directory was removed while it was open: it takes nothing more.
    fn is_removed(&self, directory: Ino) -> bool {
        self.tree.get(directory).is_none_or(|inode| inode.links == 0)
    }

    /// Whether `node` is `above`, or lies below it.
    fn is_within(&self, mut node: Ino, above: Ino) -> bool {
        while node != above {
            match self.tree.directory(node) {
                Some(directory) if node != Tree::ROOT => node = directory.parent,
                _ => return false,
            }
        }
        true
    }
    /// Makes a substitution that concerns files.
    pub(super) fn change(&mut self, change: &Change) {
        match change {
            // A tree that is full stays as it is: the skill could not have written the file either.
            Change::File { path, content: Some(content) } => {
                let _ = self.tree.put_file(path, content, self.now);
            }
            Change::File { path, content: None } => self.tree.remove(path),
            // What is not there has no times.
            Change::Modified { path, time } => drop(self.tree.set_modified(path, *time)),
            _ => {}
        }
    }

    /// Closes all handles and gives the files as they stand.
    pub(super) fn into_tree(mut self) -> Tree {
        for node in std::mem::take(&mut self.open).into_keys() {
            self.free_if_unheld(node);
        }
        self.tree
    }
}

impl Files for LabFiles {
    fn preopen(&mut self, name: &str) -> Option<NodeId> {
        self.tree.find(name).filter(|node| self.tree.directory(*node).is_some()).map(id)
    }

    fn resolve(&mut self, base: NodeId, path: &str, last: Last) -> Result<ResolvedPath, Unresolved> {
        let (found, steps) = Resolution::new(self, ino(base), last).run(path);
        let path = found.as_ref().map_or_else(|unresolved| &unresolved.path, |resolved| &resolved.path);
        self.work.path_steps += steps + depth(path);
        found
    }

    fn path_of(&mut self, directory: NodeId) -> String {
        let path = self.tree.path_of(ino(directory));
        self.work.path_steps += depth(&path);
        path
    }

    fn open(&mut self, resolved: &ResolvedPath, access: Access) -> Result<NodeId, FileError> {
        // A path that ends in a dot names what is there.
        if access.create && access.exclusive && resolved.name.is_empty() {
            return Err(FileError::Exist);
        }
        if access.create && resolved.directory_only {
            return Err(FileError::IsDirectory);
        }
        if access.create && access.exclusive && resolved.node.is_some() {
            return Err(FileError::Exist);
        }
        let Some(node) = resolved.node else {
            return match access.create {
                false => Err(FileError::NoEntry),
                true => self.create(resolved, Node::File(Default::default())).map(id),
            };
        };
        match self.kind(ino(node)).ok_or(FileError::NoEntry)? {
            Kind::Directory if access.write || access.truncate || access.create => {
                Err(FileError::IsDirectory)
            }
            Kind::Directory => Ok(node),
            // Only when not followed: a link is not opened itself.
            Kind::Symlink => Err(FileError::Loop),
            Kind::File if access.directory || resolved.directory_only => Err(FileError::NotDirectory),
            Kind::File => {
                if access.truncate {
                    self.count_resized(ino(node), 0);
                    self.tree.resize(ino(node), 0, self.now).map_err(full)?;
                }
                Ok(node)
            }
        }
    }

    fn hold(&mut self, node: NodeId) {
        *self.open.entry(ino(node)).or_default() += 1;
    }

    fn release(&mut self, node: NodeId) {
        let node = ino(node);
        if let Some(count) = self.open.get_mut(&node) {
            *count -= 1;
            if *count == 0 {
                self.open.remove(&node);
                self.free_if_unheld(node);
            }
        }
    }

    fn stat(&mut self, node: NodeId) -> Result<Stat, FileError> {
        let node = ino(node);
        let inode = self.tree.get(node).ok_or(FileError::NoEntry)?;
        let times = Times { accessed: inode.accessed, modified: inode.modified, changed: inode.changed };
        let kind = self.kind(node).ok_or(FileError::NoEntry)?;
        Ok(Stat { kind, links: u64::from(inode.links), size: inode.size(), times })
    }

    fn read(&mut self, node: NodeId, offset: u64, len: usize) -> Result<Vec<u8>, FileError> {
        let content = self.tree.content(ino(node)).ok_or(FileError::IsDirectory)?;
        Ok(content.read(offset, len))
    }

    fn write(&mut self, node: NodeId, offset: Option<u64>, bytes: &[u8]) -> Result<usize, FileError> {
        let content = self.tree.content(ino(node)).ok_or(FileError::IsDirectory)?;
        let offset = offset.unwrap_or(content.len());
        if bytes.is_empty() {
            return Ok(0);
        }
        if offset.checked_add(bytes.len() as u64).is_none_or(|end| end > i64::MAX as u64) {
            return Err(FileError::Invalid);
        }
        if offset + bytes.len() as u64 > TREE_BYTES_MAX {
            return Err(FileError::FileTooLarge);
        }
        let len = content.len();
        self.count_resized(ino(node), len.max(offset));
        self.tree.write(ino(node), offset, bytes, self.now).map_err(full)?;
        Ok(bytes.len())
    }

    fn resize(&mut self, node: NodeId, len: u64) -> Result<(), FileError> {
        self.tree.content(ino(node)).ok_or(FileError::IsDirectory)?;
        if len > i64::MAX as u64 {
            return Err(FileError::Invalid);
        }
        if len > TREE_BYTES_MAX {
            return Err(FileError::FileTooLarge);
        }
        self.count_resized(ino(node), len);
        self.tree.resize(ino(node), len, self.now).map_err(full)
    }

    fn sync(&mut self, _: NodeId) -> Result<(), FileError> {
        Ok(())
    }

    fn set_times(
        &mut self,
        node: NodeId,
        accessed: Option<Timestamp>,
        modified: Option<Timestamp>,
    ) -> Result<(), FileError> {
        self.tree.get(ino(node)).ok_or(FileError::NoEntry)?;
        let now = self.now;
        self.tree.set_times(ino(node), |inode| {
            inode.accessed = accessed.unwrap_or(inode.accessed);
            inode.modified = modified.unwrap_or(inode.modified);
            inode.changed = now;
        });
        Ok(())
    }

    fn list(&mut self, node: NodeId) -> Result<Listing, FileError> {
        Ok(Box::new(Entries { directory: self.directory(ino(node))?.clone(), last: None }))
    }

    fn work(&self) -> FileWork {
        self.work
    }

    fn read_link(&mut self, node: NodeId) -> Result<String, FileError> {
        match self.tree.get(ino(node)).map(|inode| inode.node()) {
            Some(Node::Symlink(target)) => Ok(target.to_string()),
            Some(_) => Err(FileError::Invalid),
            None => Err(FileError::NoEntry),
        }
    }

    fn make_directory(&mut self, resolved: &ResolvedPath) -> Result<(), FileError> {
        if resolved.node.is_some() {
            return Err(FileError::Exist);
        }
        let node = Node::Directory(Directory::new(ino(resolved.directory)));
        self.create(resolved, node).map(drop)
    }

    fn remove_directory(&mut self, resolved: &ResolvedPath) -> Result<(), FileError> {
        if resolved.name.is_empty() {
            return Err(FileError::Invalid);
        }
        let node = ino(resolved.node.ok_or(FileError::NoEntry)?);
        let directory = self.directory(node)?;
        if !directory.is_empty() {
            return Err(FileError::NotEmpty);
        }
        self.remove(resolved);
        Ok(())
    }

    fn unlink(&mut self, resolved: &ResolvedPath) -> Result<(), FileError> {
        let node = ino(resolved.node.ok_or(FileError::NoEntry)?);
        if self.tree.directory(node).is_some() {
            return Err(FileError::IsDirectory);
        }
        if resolved.directory_only {
            return Err(FileError::NotDirectory);
        }
        self.remove(resolved);
        Ok(())
    }

    fn symlink(&mut self, target: &str, resolved: &ResolvedPath) -> Result<(), FileError> {
        if target.is_empty() {
            return Err(FileError::NoEntry);
        }
        resolved.check_name()?;
        if target.starts_with('/') {
            // A link that leads out of every directory it can be followed from.
            return Err(FileError::NotPermitted);
        }
        if target.len() >= PATH_BYTES_MAX {
            return Err(FileError::NameTooLong);
        }
        resolved.check_slash()?;
        if resolved.node.is_some() {
            return Err(FileError::Exist);
        }
        if resolved.directory_only {
            return Err(FileError::NoEntry);
        }
        self.create(resolved, Node::Symlink(target.into())).map(drop)
    }

    fn link(&mut self, from: &ResolvedPath, to: &ResolvedPath) -> Result<(), FileError> {
        from.check_name()?;
        // Both slashes are looked at before either name.
        from.check_slash()?;
        if from.directory_only && from.node.is_none() {
            return Err(FileError::NoEntry);
        }
        to.check_slash()?;
        let node = ino(from.node.ok_or(FileError::NoEntry)?);
        to.check_name()?;
        let inode = self.tree.get(node).ok_or(FileError::NoEntry)?;
        let links = inode.links;
        let is_directory = self.tree.directory(node).is_some();
        if to.node.is_some() {
            return Err(FileError::Exist);
        }
        if to.directory_only || self.is_removed(ino(to.directory)) {
            return Err(FileError::NoEntry);
        }
        if is_directory {
            return Err(FileError::NotPermitted);
        }
        if links >= LINKS_MAX {
            return Err(FileError::TooManyLinks);
        }
        if to.path.len() > TREE_PATH_BYTES_MAX {
            return Err(FileError::NameTooLong);
        }
        self.tree.link(ino(to.directory), &to.name, node);
        let now = self.now;
        self.tree.set_times(node, |inode| inode.changed = now);
        self.touch(ino(to.directory));
        Ok(())
    }

    fn rename(&mut self, from: &ResolvedPath, to: &ResolvedPath) -> Result<(), FileError> {
        if from.name.is_empty() || to.name.is_empty() {
            return Err(FileError::Busy);
        }
        from.check_name()?;
        let node = ino(from.node.ok_or(FileError::NoEntry)?);
        to.check_name()?;
        let is_directory = self.tree.directory(node).is_some();
        if !is_directory && (from.directory_only || to.directory_only) {
            return Err(FileError::NotDirectory);
        }
        if is_directory && self.is_within(ino(to.directory), node) {
            return Err(FileError::Invalid);
        }
        if let Some(target) = to.node.map(ino) {
            // What holds the thing that is moved cannot make room for it.
            if self.is_within(ino(from.directory), target) {
                return Err(FileError::NotEmpty);
            }
            match (is_directory, self.tree.directory(target)) {
                (true, None) => return Err(FileError::NotDirectory),
                (false, Some(_)) => return Err(FileError::IsDirectory),
                (true, Some(directory)) if target != node && !directory.is_empty() => {
                    return Err(FileError::NotEmpty);
                }
                _ => {}
            }
            if target == node {
                return Ok(());
            }
        }
        if self.is_removed(ino(to.directory)) {
            return Err(FileError::NoEntry);
        }
        let (longest, walked) = self.tree.longest_path_below(node);
        self.work.entries_walked += walked;
        if to.path.len() + longest > TREE_PATH_BYTES_MAX {
            return Err(FileError::NameTooLong);
        }
        if to.node.is_some() {
            self.remove(to);
        }
        self.tree.unlink(ino(from.directory), &from.name);
        self.tree.link(ino(to.directory), &to.name, node);
        let now = self.now;
        self.tree.set_times(node, |inode| inode.changed = now);
        self.touch(ino(from.directory));
        self.touch(ino(to.directory));
        Ok(())
    }
}

/// One resolution of a path, beneath a directory that it cannot leave.
struct Resolution<'a> {
    files: &'a LabFiles,
    base: Ino,
    last: Last,
    at: Ino,
    /// What is left to walk, last first. A link is replaced by the names of its target.
    todo: Vec<String>,
    links: usize,
    /// Names there were to walk.
    steps: u64,
    directory_only: bool,
}

impl<'a> Resolution<'a> {
    fn new(files: &'a LabFiles, base: Ino, last: Last) -> Self {
        Self { files, base, last, at: base, todo: Vec::new(), links: 0, steps: 0, directory_only: false }
    }

    /// Where the path leads, and how many names that took.
    fn run(mut self, path: &str) -> (Result<ResolvedPath, Unresolved>, u64) {
        let step = match self.start(path) {
            Ok(()) => loop {
                match self.step() {
                    Ok(None) => {}
                    Ok(Some(resolved)) => break Ok(resolved),
                    Err((error, name)) => {
                        self.todo.extend(name);
                        break Err(error);
                    }
                }
            },
            Err(error) => {
                // Nothing is walked yet: the path as it was given stands for itself, as far as a path can go.
                let path = &path[..path.floor_char_boundary(PATH_BYTES_MAX)];
                self.todo = names(path).rev().map(str::to_owned).collect();
                self.steps += self.todo.len() as u64;
                if path.starts_with('/') {
                    self.at = Tree::ROOT;
                }
                Err(error)
            }
        };
        let found = step.map_err(|error| Unresolved { error, path: self.lexical() });
        (found, self.steps)
    }

    fn start(&mut self, path: &str) -> Result<(), FileError> {
        if path.is_empty() {
            return Err(FileError::NoEntry);
        }
        if path.contains('\0') {
            return Err(FileError::Invalid);
        }
        if path.len() >= PATH_BYTES_MAX {
            return Err(FileError::NameTooLong);
        }
        self.files.directory(self.base)?;
        self.directory_only = self.push(path)?;
        Ok(())
    }

    /// Walks one name. The name comes back with an error, since it is part of what was asked for.
    fn step(&mut self) -> Result<Option<ResolvedPath>, (FileError, Option<String>)> {
        let Some(name) = self.todo.pop() else {
            // The path ended in a directory itself.
            let directory = self.files.directory(self.at).map_err(|error| (error, None))?;
            return Ok(Some(ResolvedPath {
                directory: id(directory.parent),
                name: String::new(),
                node: Some(id(self.at)),
                path: self.files.tree.path_of(self.at),
                directory_only: true,
                is_directory: true,
            }));
        };
        let is_last = self.todo.is_empty();
        let directory = match self.files.directory(self.at) {
            // In a directory that is gone nothing is looked up.
            Ok(_) if name.len() > NAME_BYTES_MAX && self.files.is_removed(self.at) => {
                return Err((FileError::NoEntry, Some(name)));
            }
            // A last name is looked up later than other paths are walked: whoever uses the path finds it too long.
            Ok(_) if name.len() > NAME_BYTES_MAX && !is_last => {
                return Err((FileError::NameTooLong, Some(name)));
            }
            Ok(directory) => directory,
            Err(error) => return Err((error, Some(name))),
        };
        if name == "." {
            return Ok(None);
        }
        if name == ".." {
            if self.at == self.base {
                return Err((FileError::NotPermitted, Some(name)));
            }
            self.at = directory.parent;
            return Ok(None);
        }
        let node = directory.get(&name);
        if let Some(link) = node
            && let Some(Node::Symlink(target)) = self.files.tree.get(link).map(|inode| inode.node())
            && (!is_last || self.follows_last())
        {
            self.links += 1;
            if self.links > SYMLINKS_MAX {
                return Err((FileError::Loop, Some(name)));
            }
            let slash = self.push(target).map_err(|error| (error, Some(name)))?;
            self.directory_only |= is_last && slash;
            return Ok(None);
        }
        match node {
            _ if is_last => {
                let path = format!("{}/{name}", self.files.tree.path_of(self.at).trim_end_matches('/'));
                Ok(Some(ResolvedPath {
                    directory: id(self.at),
                    name,
                    node: node.map(id),
                    path,
                    directory_only: self.directory_only,
                    is_directory: node.is_some_and(|node| self.files.tree.directory(node).is_some()),
                }))
            }
            // What is walked through must be a directory; the next name says so if it is not.
            Some(node) if self.files.directory(node).is_ok() => {
                self.at = node;
                Ok(None)
            }
            Some(_) => Err((FileError::NotDirectory, Some(name))),
            None => Err((FileError::NoEntry, Some(name))),
        }
    }

    /// Whether a link at the end is followed.
    fn follows_last(&self) -> bool {
        match self.last {
            Last::Followed => true,
            Last::Own => self.directory_only,
            Last::Name => false,
        }
    }

    /// Puts the names of `path` on top of what is left; says whether only a directory will do at its end.
    fn push(&mut self, path: &str) -> Result<bool, FileError> {
        if path.starts_with('/') {
            return Err(FileError::NotPermitted);
        }
        // A dot at the end means the directory itself, which then cannot be made or removed by that name.
        let ends_in_dot = path == "." || path.ends_with("/.");
        let before = self.todo.len();
        self.todo.extend(ends_in_dot.then(|| ".".to_owned()));
        self.todo.extend(names(path).rev().map(str::to_owned));
        self.steps += (self.todo.len() - before) as u64;
        Ok(ends_in_dot || path.ends_with('/'))
    }

    /// Where the walk ended and what was left, dots taken at their word.
    fn lexical(&self) -> String {
        let at = self.files.tree.path_of(self.at);
        let mut path: Vec<&str> = names(&at).collect();
        for name in self.todo.iter().rev() {
            match name.as_str() {
                "." => {}
                ".." => drop(path.pop()),
                name => path.push(name),
            }
        }
        let mut path = format!("/{}", path.join("/"));
        // What is asked for can be longer than any path: enough to know it by.
        while path.len() > PATH_BYTES_MAX {
            path.pop();
        }
        path
    }
}

/// How many names an absolute path has.
fn depth(path: &str) -> u64 {
    path.bytes().filter(|byte| *byte == b'/').count() as u64
}

/// The names of a path, without empty ones and dots.
fn names(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    path.split('/').filter(|name| !matches!(*name, "" | "."))
}

fn kind_of(kind: NodeKind) -> Kind {
    match kind {
        NodeKind::File => Kind::File,
        NodeKind::Directory => Kind::Directory,
        NodeKind::Symlink => Kind::Symlink,
    }
}

fn full(_: TreeFull) -> FileError {
    FileError::InsufficientSpace
}

fn id(ino: Ino) -> NodeId {
    NodeId(u64::from(ino.0))
}

fn ino(node: NodeId) -> Ino {
    // Only numbers that `id` made come back.
    Ino(u32::try_from(node.0).unwrap_or(u32::MAX))
}
