//! The files of one run as changes of those of another.

use invar_world::{Change, Tree};

/// Files that are distinguished. Stops a skill that leaves thousands from being asked about each.
const FILES_MAX: usize = 32;

/// What makes `from` hold the files of `to`.
pub(crate) fn changes(from: &Tree, to: &Tree) -> Vec<Change> {
    let content = |path: &str| to.content(to.find(path)?).map(|content| content.to_vec());
    let is_file = |tree: &Tree, path: &str| tree.find(path).and_then(|node| tree.content(node)).is_some();
    from.differences(to)
        .into_iter()
        .filter(|path| is_file(from, path) || is_file(to, path))
        .take(FILES_MAX)
        .map(|path| Change::File { content: content(&path), path })
        .collect()
}
