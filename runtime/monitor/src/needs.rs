//! What the runs of a series needed: the lines of the smallest envelope that declares it.

use std::collections::{BTreeMap, BTreeSet};

use invar_envelope::MissingPermission;

use crate::{Row, named::Given, runtimes};

/// Names in one directory that differ from run to run, from which on the directory stands for them.
const NAMES_MIN: usize = 2;

/// A line that an envelope lacks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Need {
    /// The line.
    pub line: MissingPermission,
    /// Whether it allows what was done, or the names in one directory, and nothing else. What is not exact was named by
    /// the skill.
    pub is_exact: bool,
}

/// The lines that the envelope lacks. `read` are the undeclared variables that behaviour depends on, and whether more than
/// standard error does.
///
/// A line that would allow more than was asked for, since a name has a star in it, comes as it is, with the others.
pub(crate) fn lines(rows: &[Row], read: &[(String, bool)], given: &Given) -> Vec<Need> {
    let mut runs: BTreeMap<MissingPermission, usize> = BTreeMap::new();
    for row in rows {
        let of_run: BTreeSet<MissingPermission> =
            row.run_effects.violations.keys().map(|missing| given.in_variables(missing)).collect();
        for line in of_run {
            *runs.entry(line).or_default() += 1;
        }
    }
    let names = runs.iter().filter(|(_, count)| **count < rows.len()).filter_map(|(line, _)| directory(line));
    let mut varying: BTreeMap<MissingPermission, usize> = BTreeMap::new();
    for directory in names {
        *varying.entry(directory).or_default() += 1;
    }
    varying.retain(|_, names| *names >= NAMES_MIN);
    let need = |line: MissingPermission| Need { is_exact: line.is_exact(), line };
    let is_covered = |line: &MissingPermission| directory(line).is_some_and(|it| varying.contains_key(&it));
    let variables =
        read.iter().filter(|(name, is_visible)| *is_visible || runtimes::of_variable(name).is_none());
    let mut lines: BTreeSet<Need> = runs.into_keys().filter(|line| !is_covered(line)).map(need).collect();
    lines.extend(varying.into_keys().map(|line| Need { line, is_exact: true }));
    lines.extend(
        variables.map(|(name, _)| need(MissingPermission { key: "env".into(), value: name.clone() })),
    );
    lines.into_iter().collect()
}

/// The line for all names in the directory of a path, if there is one above it.
fn directory(line: &MissingPermission) -> Option<MissingPermission> {
    let (directory, name) = line.value.rsplit_once('/')?;
    let is_path =
        line.key.starts_with("files.") && !directory.is_empty() && !name.is_empty() && line.is_exact();
    is_path.then(|| MissingPermission { key: line.key.clone(), value: format!("{directory}/*") })
}

#[cfg(test)]
mod tests {
    use invar_envelope::MissingPermission;

    use super::directory;

    #[test]
    fn names_in_a_directory_have_a_line_in_common_and_those_in_the_root_do_not() {
        let line = |key: &str, value: &str| MissingPermission { key: key.into(), value: value.into() };
        let of = |key, value| directory(&line(key, value)).map(|line| line.value);
        assert_eq!(of("files.write", "/tmp/a.1"), Some("/tmp/*".into()));
        assert_eq!(of("files.read", "$HOME/.cache/x"), Some("$HOME/.cache/*".into()));
        assert_eq!(of("files.write", "/a"), None, "that would be the whole root");
        assert_eq!(of("network", "https://a.example/x"), None);
        assert_eq!(of("files.read", "$ARG:1"), None);
        assert_eq!(of("files.read", "/data/**"), None, "a name that the skill gave");
    }
}
