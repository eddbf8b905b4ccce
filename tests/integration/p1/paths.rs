//! Calls on names below the directory that a module is given.

use super::{names::place, player::Call};

/// The descriptor of that directory.
const DIRECTORY: u64 = 3;

/// A function that takes one name.
pub(super) fn on_path(function: &'static str, name: &str) -> Call {
    let [at, len] = place(name);
    Call::new(function, [DIRECTORY, at, len])
}

/// A symbolic link at `name`.
pub(super) fn symlink(target: &str, name: &str) -> Call {
    let ([target, target_len], [at, len]) = (place(target), place(name));
    Call::new("path_symlink", [target, target_len, DIRECTORY, at, len])
}

/// Another name for what is at `from`.
pub(super) fn link(flags: u64, from: &str, to: &str) -> Call {
    let ([from, from_len], [to, to_len]) = (place(from), place(to));
    Call::new("path_link", [DIRECTORY, flags, from, from_len, DIRECTORY, to, to_len])
}
