//! Paths in a tree.

/// `name` in the directory `path`.
pub(super) fn join(path: &str, name: &str) -> String {
    format!("{}/{name}", path.trim_end_matches('/'))
}

/// Directory and name of an absolute path; none for the root.
pub(super) fn split(path: &str) -> Option<(&str, &str)> {
    let (directory, name) = path.rsplit_once('/')?;
    (!name.is_empty()).then_some((if directory.is_empty() { "/" } else { directory }, name))
}
