//! The files of a world: a tree whose copies cost nothing until they are changed.
//!
//! A [`Tree`] is a table of inodes. Copying one copies a few hundred pointers, whatever it holds; a change
//! copies the one inode and the chunk of the table it is in. Every inode, chunk of the table and file remembers
//! its digest, so that the digest of the whole costs in proportion to what changed.
//!
//! This is data: which calls a skill may make on it, and what they answer, is the membrane's.

mod content;
mod diff;
mod file_tree;
mod inode;
mod limits;
mod manifest;
mod path;
mod table;

pub use content::{CONTENT_CHUNK_BYTES, Content};
pub use diff::FileChange;
pub use file_tree::Tree;
pub use inode::{Directory, Ino, Inode, Node, NodeKind};
pub use limits::{TREE_BYTES_MAX, TREE_INODES_MAX, TREE_PATH_BYTES_MAX, TreeFull};
pub use manifest::ManifestError;
