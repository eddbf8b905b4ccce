//! Where in the user's documents a finding points.

use invar_envelope::{Document, DocumentError};
use invar_host::skill::{Page, Pages};
use invar_monitor::{Class, Finding};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// A place in a document, or the document as a whole.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Place<'a> {
    /// The path of the document.
    pub(crate) path: &'a str,
    /// Lines and columns, if there is a key that the finding is about.
    pub(crate) region: Option<Region>,
}

/// Lines and columns, all from 1; columns in characters, the last one behind the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Region {
    pub(crate) start_line: usize,
    pub(crate) start_column: usize,
    pub(crate) end_line: usize,
    pub(crate) end_column: usize,
}

/// The keys of an envelope, in their order.
const ENVELOPE_KEYS: [&str; 7] = ["files.read", "files.write", "network", "listen", "env", "clock", "random"];
const LIMITS: [&str; 7] =
    ["fuel", "memory", "wall_time", "output", "host_calls", "file_bytes", "network_bytes"];

/// The key that a finding is about.
pub(crate) fn key(finding: &Finding) -> String {
    match finding.class {
        Class::Envelope => {
            envelope_key(finding).map_or_else(|| "envelope".into(), |key| format!("envelope.{key}"))
        }
        Class::Performance => "claims.complexity".into(),
        Class::AuditTrail => String::new(),
        _ => "claims.varies_with".into(),
    }
}

/// The key that is missing, or crossed, or asks for too much.
fn envelope_key(finding: &Finding) -> Option<String> {
    let named = |text: &str| ENVELOPE_KEYS.into_iter().find(|key| text.starts_with(key)).map(str::to_owned);
    let missing = finding.expected.strip_prefix("the envelope to have ").and_then(named);
    let unset = || finding.cause.strip_suffix(" is missing").and_then(named);
    let unused = || finding.what.strip_prefix("declared and never used: ").and_then(named);
    let crossed = || {
        let (_, rest) = finding.what.split_once(": ")?;
        let limit = LIMITS.into_iter().find(|limit| rest.starts_with(&format!("{limit} ")))?;
        rest.contains(" above the declared ").then(|| format!("limits.{limit}"))
    };
    missing.or_else(unset).or_else(unused).or_else(crossed)
}

/// Where a finding points.
pub(crate) fn place<'a>(pages: &'a Pages, finding: &Finding) -> Place<'a> {
    let page = match finding.class {
        Class::Envelope => pages.envelope.as_ref().or(pages.manifest.as_ref()),
        _ => pages.manifest.as_ref(),
    };
    match page {
        Some(page) => Place { path: &page.path, region: region(page, &key(finding)) },
        None => Place { path: &pages.component, region: None },
    }
}

/// The place of a key, else of the innermost table around it, else of the skill's name.
fn region(page: &Page, key: &str) -> Option<Region> {
    let table = DeTable::parse(&page.text).ok()?;
    let span = deepest(table.get_ref(), key).or_else(|| deepest(table.get_ref(), "skill.name"))?;
    let document = || Document { name: &page.path, text: &page.text };
    let start = DocumentError::at(document(), span.start..span.start, "");
    let end = DocumentError::at(document(), span.end..span.end, "");
    Some(Region {
        start_line: start.line,
        start_column: start.column,
        end_line: end.line,
        end_column: end.column,
    })
}

/// From the innermost key of the path that is there to the end of its value; of a table, the key alone.
fn deepest(table: &DeTable<'_>, path: &str) -> Option<std::ops::Range<usize>> {
    let mut inside = Some(table);
    let mut found = None;
    for part in path.split('.') {
        let Some((key, value)) = inside.and_then(|table| entry(table, part)) else { break };
        inside = value.get_ref().as_table();
        let end = if inside.is_some() { key.end } else { value.span().end };
        found = Some(key.start..end);
    }
    found
}

type Entry<'a> = (std::ops::Range<usize>, &'a Spanned<DeValue<'a>>);

fn entry<'a>(table: &'a DeTable<'a>, name: &str) -> Option<Entry<'a>> {
    table.iter().find(|(key, _)| key.get_ref() == name).map(|(key, value)| (key.span(), value))
}

#[cfg(test)]
mod tests {
    use super::{Page, Region};

    const TEXT: &str = "[skill]\nname = \"a\"\n\n[envelope]\nfiles.read  = [\"/a\"]\nfiles.write = [\n  \"/ü\",\n]\nlimits = { fuel = 7 }\n";

    fn region(key: &str) -> (usize, usize, usize, usize) {
        let page = Page { path: "skill.toml".into(), text: TEXT.into() };
        let Region { start_line, start_column, end_line, end_column } = super::region(&page, key).unwrap();
        (start_line, start_column, end_line, end_column)
    }

    #[test]
    fn a_key_is_found_to_the_end_of_its_value() {
        assert_eq!(region("envelope.files.read"), (5, 7, 5, 21));
        assert_eq!(region("envelope.files.write"), (6, 7, 8, 2));
        assert_eq!(region("envelope.limits.fuel"), (9, 12, 9, 20));
    }

    #[test]
    fn of_a_key_that_is_not_there_the_table_is_shown() {
        assert_eq!(region("envelope.network"), (4, 2, 4, 10));
        assert_eq!(region("claims.varies_with"), (2, 1, 2, 11));
    }
}
