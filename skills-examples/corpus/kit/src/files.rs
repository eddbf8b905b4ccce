//! Files, by their full paths.

use alloc::{string::String, vec::Vec};

use crate::{
    bindings::wasi::{
        clocks::wall_clock::Datetime,
        filesystem::{
            preopens,
            types::{Descriptor, DescriptorFlags, NewTimestamp, OpenFlags, PathFlags},
        },
    },
    streams::{read_to_end, write_all},
};

/// What is known of a file without reading it.
pub struct Stat {
    /// In bytes.
    pub len: u64,
    /// When it was changed, in seconds since 1970.
    pub mtime: u64,
}

/// The content of a file.
pub fn read(path: &str) -> Option<Vec<u8>> {
    let file = open(path, OpenFlags::empty(), DescriptorFlags::READ)?;
    Some(read_to_end(&file.read_via_stream(0).ok()?))
}

/// The text of a file; empty if there is none.
pub fn read_text(path: &str) -> String {
    read(path).and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// The number that a file holds; 0 if there is none.
pub fn read_number(path: &str) -> u64 {
    read_text(path).trim().parse().unwrap_or(0)
}

/// Puts a content in a file's place. Says whether that could be done.
pub fn write(path: &str, content: impl AsRef<[u8]>) -> bool {
    let opened = open(path, OpenFlags::CREATE | OpenFlags::TRUNCATE, DescriptorFlags::WRITE);
    let stream = opened.as_ref().and_then(|file| file.write_via_stream(0).ok());
    stream.is_some_and(|stream| write_all(&stream, content.as_ref()))
}

/// Adds to the end of a file.
pub fn append(path: &str, content: impl AsRef<[u8]>) -> bool {
    let opened = open(path, OpenFlags::CREATE, DescriptorFlags::WRITE);
    let stream = opened.as_ref().and_then(|file| file.append_via_stream().ok());
    stream.is_some_and(|stream| write_all(&stream, content.as_ref()))
}

/// Takes a file away.
pub fn remove(path: &str) -> bool {
    at(path).is_some_and(|(directory, rest)| directory.unlink_file_at(&rest).is_ok())
}

/// Gives a file another path in the same handed-over directory.
pub fn rename(from: &str, to: &str) -> bool {
    let (Some((directory, from)), Some((_, to))) = (at(from), at(to)) else { return false };
    directory.rename_at(&from, &directory, &to).is_ok()
}

/// Makes a directory, if it is not there.
pub fn make_directory(path: &str) -> bool {
    at(path).is_some_and(|(directory, rest)| directory.create_directory_at(&rest).is_ok())
}

/// The names in a directory, in the order the host has them.
pub fn list(path: &str) -> Vec<String> {
    let opened = open(path, OpenFlags::DIRECTORY, DescriptorFlags::READ);
    let entries = opened.as_ref().and_then(|directory| directory.read_directory().ok());
    let mut names = Vec::new();
    while let Some(Ok(Some(entry))) = entries.as_ref().map(|entries| entries.read_directory_entry()) {
        names.push(entry.name);
    }
    names
}

/// Length and time of a file.
pub fn stat(path: &str) -> Option<Stat> {
    let (directory, rest) = at(path)?;
    let stat = directory.stat_at(PathFlags::SYMLINK_FOLLOW, &rest).ok()?;
    let mtime = stat.data_modification_timestamp.map_or(0, |time| time.seconds);
    Some(Stat { len: stat.size, mtime })
}

/// Whether something is there.
pub fn exists(path: &str) -> bool {
    stat(path).is_some()
}

/// Sets when a file was changed.
pub fn set_mtime(path: &str, seconds: u64) -> bool {
    let time = NewTimestamp::Timestamp(Datetime { seconds, nanoseconds: 0 });
    at(path).is_some_and(|(directory, rest)| {
        directory.set_times_at(PathFlags::empty(), &rest, NewTimestamp::NoChange, time).is_ok()
    })
}

/// The directories that were handed over.
pub fn roots() -> Vec<String> {
    preopens::get_directories().into_iter().map(|(_, name)| name).collect()
}

fn open(path: &str, how: OpenFlags, flags: DescriptorFlags) -> Option<Descriptor> {
    let (directory, rest) = at(path)?;
    directory.open_at(PathFlags::SYMLINK_FOLLOW, &rest, how, flags).ok()
}

/// The nearest directory above a path that was handed over, and the way on from there.
fn at(path: &str) -> Option<(Descriptor, String)> {
    let rest = |root: &str| -> Option<String> {
        let rest = path.strip_prefix(root.trim_end_matches('/'))?;
        let rest = if rest.is_empty() { "." } else { rest.strip_prefix('/')? };
        Some(rest.into())
    };
    let roots = preopens::get_directories().into_iter();
    roots.filter_map(|(root, name)| Some((root, rest(&name)?))).min_by_key(|(_, rest)| rest.len())
}
