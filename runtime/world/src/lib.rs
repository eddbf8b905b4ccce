//! The world of a run: all inputs of the run.
//!
//! A [`World`] holds start time, seed, machine speed, variables, arguments and the network script; a
//! [`Tree`] holds the files. [`World::run`] says when run *i* starts and with which seed; a [`Change`] is one
//! value put in another's place, for `--set` and for the monitor's questions. All of it is data: nothing here
//! reads a clock, a file or a socket of the host.

mod change;
mod digest;
mod document;
mod failure;
mod field;
mod file_source;
mod first_run;
mod http;
mod inbound;
mod limits;
mod machine;
mod network;
mod protocol;
mod runs;
mod set;
mod time;
mod tree;
mod world;
mod written;

pub use change::{ARGS_MAX, Change, Substitution};
pub use digest::{CachedDigest, Digest, Hasher};
pub use document::WorldDocument;
pub use failure::Failure;
pub use field::{fields, lists, set_field};
pub use file_source::{FILE_AGE_NS, FileSource, FileTimes};
pub use first_run::{FirstRun, Seed};
pub use http::{Asked, Reply};
pub use inbound::InboundClient;
pub use limits::Limits;
pub use machine::{Late, Machine};
pub use network::{Connect, End, Line, Lookup, NetworkCondition, Responder};
pub use protocol::Protocol;
pub use runs::Run;
pub use set::ChangeError;
pub use time::{TimeError, Timestamp};
pub use tree::{
    CONTENT_CHUNK_BYTES, Content, Directory, FileChange, Ino, Inode, ManifestError, Node, NodeKind,
    TREE_BYTES_MAX, TREE_INODES_MAX, TREE_PATH_BYTES_MAX, Tree, TreeFull,
};
pub use world::{Speed, World};
pub use written::{WrittenWorld, toml_line};
