//! `cases.csv`.

use std::path::{Path, PathBuf};

use super::csv;
use crate::project::TaskResult;

const FILE: &str = "cases.csv";

/// What a case is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Sleeper,
    Benign,
}

/// A line of the table.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct OutsideCase {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// What it is counted with.
    pub(super) class: String,
    /// What it waits for.
    pub(super) note: String,
    pub(super) directory: PathBuf,
}

impl OutsideCase {
    /// Whether it has its manifest and the component that this names.
    pub(super) fn is_built(&self) -> bool {
        let Ok(manifest) = std::fs::read_to_string(self.directory.join("skill.toml")) else { return false };
        let Ok(table) = manifest.parse::<toml::Table>() else { return false };
        let component = table.get("skill").and_then(|skill| skill.get("component"));
        let component = component.and_then(toml::Value::as_str);
        component.is_some_and(|component| self.directory.join(component).is_file())
    }
}

/// All that the table of a directory lists.
pub(super) fn cases(directory: &Path) -> TaskResult<Vec<OutsideCase>> {
    let path = directory.join(FILE);
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    parse(&text, directory).map_err(|error| format!("{}: {error}", path.display()))
}

fn parse(text: &str, directory: &Path) -> TaskResult<Vec<OutsideCase>> {
    let records = csv::records(text)?;
    let (columns, records) = records.split_first().ok_or("no columns")?;
    let column = |name: &str| columns.iter().position(|column| column == name);
    let needed = |name: &str| column(name).ok_or_else(|| format!("no column {name:?}"));
    let (name_at, kind_at) = (needed("name")?, needed("kind")?);
    let (class_at, note_at) = (column("class"), column("note"));
    let mut cases = Vec::new();
    for record in records.iter().filter(|record| record.iter().any(|field| !field.is_empty())) {
        let field = |at: usize| record.get(at).map_or("", String::as_str);
        let name = field(name_at);
        if name.is_empty() || name.contains(['/', '\\']) || name.starts_with('.') {
            return Err(format!("{name:?} is no name of a directory"));
        }
        let kind = match field(kind_at) {
            "sleeper" => Kind::Sleeper,
            "benign" => Kind::Benign,
            other => return Err(format!("{name}: kind is sleeper or benign, not {other:?}")),
        };
        let class = class_at.map_or("", field);
        cases.push(OutsideCase {
            name: name.to_owned(),
            kind,
            class: if class.is_empty() { "other" } else { class }.to_owned(),
            note: note_at.map_or("", field).to_owned(),
            directory: directory.join(name),
        });
    }
    Ok(cases)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Kind, parse};

    #[test]
    fn columns_are_found_by_their_names_and_others_are_ignored() {
        let table = "flags,kind,name,class,note\n-O1,sleeper,one,clock,\"a, b\"\n,benign,two,,\n\n";
        let cases = parse(table, Path::new("/cases")).unwrap();
        let shown: Vec<_> = cases
            .iter()
            .map(|case| (case.name.as_str(), case.kind, case.class.as_str(), &*case.note))
            .collect();
        assert_eq!(shown, [("one", Kind::Sleeper, "clock", "a, b"), ("two", Kind::Benign, "other", "")]);
        assert_eq!(cases[0].directory, Path::new("/cases/one"));
        assert!(!cases[0].is_built(), "there is no such directory");
        assert_eq!(parse("name,kind\none,sleeper\n", Path::new("/")).unwrap()[0].class, "other");
    }

    #[test]
    fn what_no_case_can_be_is_refused() {
        for wrong in [
            "",
            "name\none\n",
            "name,kind\none,evil\n",
            "name,kind\n../one,sleeper\n",
            "name,kind\n,benign\n",
        ] {
            assert!(parse(wrong, Path::new("/")).is_err(), "{wrong:?}");
        }
    }
}
