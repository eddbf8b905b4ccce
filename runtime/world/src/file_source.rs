//! Where the files of a world come from, and bodies of answers.

use invar_envelope::{Document, DocumentError};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};
use toml::Spanned;

use crate::Timestamp;

/// How old the files of a world are when it starts, unless it says another time.
pub const FILE_AGE_NS: u64 = 7 * 86_400_000_000_000;

/// Where the content of a guest path comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileSource {
    /// Written in the document.
    Text(String),
    /// A file or directory beside the document, below it.
    Import(String),
    /// A directory.
    Directory,
    /// A symbolic link to this target.
    Link(String),
}

/// Times of a file that differ from those of the others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FileTimes {
    /// Last change of content.
    pub modified: Option<Timestamp>,
    /// Last access; as `modified` if it is not set.
    pub accessed: Option<Timestamp>,
    /// Last change of anything; as `modified` if it is not set.
    pub changed: Option<Timestamp>,
}

/// A string, or a table with one source.
pub(crate) enum RawFile {
    Text(String),
    Table(RawTable),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawTable {
    import: Option<String>,
    text: Option<String>,
    link: Option<String>,
    #[serde(default)]
    directory: bool,
    modified: Option<String>,
    accessed: Option<String>,
    changed: Option<String>,
}

/// A string or `{ import = "…" }`.
pub(crate) enum RawBody {
    Text(String),
    Import(String),
}

/// Written by hand, since an untagged enum could not say what is wrong.
struct TextOr<T>(&'static str, std::marker::PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for TextOr<T> {
    type Value = Result<String, T>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Ok(text.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Err)
    }
}

impl<'de> Deserialize<'de> for RawFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const EXPECTED: &str = "the content as a string, or { import = \"file or directory\" }";
        let read = deserializer.deserialize_any(TextOr(EXPECTED, std::marker::PhantomData::<RawTable>))?;
        Ok(read.map_or_else(Self::Table, Self::Text))
    }
}

impl<'de> Deserialize<'de> for RawBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Import {
            import: String,
        }
        const EXPECTED: &str = "the content as a string, or { import = \"file\" }";
        let read = deserializer.deserialize_any(TextOr(EXPECTED, std::marker::PhantomData::<Import>))?;
        Ok(read.map_or_else(|import| Self::Import(import.import), Self::Text))
    }
}

/// What an entry of `[files]` says.
///
/// # Errors
/// No source or several, a bad time, an import that leads out.
pub(crate) fn read(
    document: Document<'_>,
    raw: Spanned<RawFile>,
) -> Result<(FileSource, FileTimes), DocumentError> {
    let span = raw.span();
    let at_entry = |message: &str| DocumentError::at(document, span.clone(), message.to_owned());
    let table = match raw.into_inner() {
        RawFile::Text(text) => return Ok((FileSource::Text(text), FileTimes::default())),
        RawFile::Table(table) => table,
    };
    let sources = [
        table.import.map(FileSource::Import),
        table.text.map(FileSource::Text),
        table.link.map(FileSource::Link),
        table.directory.then_some(FileSource::Directory),
    ];
    let mut sources = sources.into_iter().flatten();
    let source = match (sources.next(), sources.next()) {
        (Some(source), None) => source,
        _ => return Err(at_entry("write one of import, text, link and directory = true")),
    };
    match &source {
        FileSource::Import(path) => check_import(document, path, span.clone())?,
        FileSource::Link(target) if target.is_empty() || target.contains('\0') => {
            return Err(at_entry("a link needs a target"));
        }
        _ => {}
    }
    let time = |text: &Option<String>| {
        let read = text.as_deref().map(Timestamp::parse).transpose();
        read.map_err(|error| at_entry(&error.to_string()))
    };
    let times = FileTimes {
        modified: time(&table.modified)?,
        accessed: time(&table.accessed)?,
        changed: time(&table.changed)?,
    };
    Ok((source, times))
}

/// An import stays below the directory of the document.
pub(crate) fn check_import(
    document: Document<'_>,
    path: &str,
    span: std::ops::Range<usize>,
) -> Result<(), DocumentError> {
    let is_below = !path.is_empty()
        && !path.starts_with('/')
        && !path.contains(['\\', '\0'])
        && path.split('/').all(|segment| segment != "..");
    match is_below {
        true => Ok(()),
        false => {
            let message = format!("import \"{}\" leads out of the world's directory", path.escape_debug());
            Err(DocumentError::at(document, span, message)
                .with_help("copy what is needed beside the world file and name it relative to it"))
        }
    }
}
