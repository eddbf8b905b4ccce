//! Reading a skill.

use std::path::{Path, PathBuf};

use invar_envelope::{CallClaims, Claims, Document, Envelope, LabCall, Manifest};

use crate::{error::Outcome, files, source::Source};

/// A skill's files, read.
pub struct SkillFiles {
    /// Its name: from the manifest, else the file's.
    pub name: String,
    /// Empty if there is no manifest.
    pub version: String,
    /// Empty if there is none.
    pub publisher: String,
    /// The component or module.
    pub component: Vec<u8>,
    /// What is declared, by the manifest or by `--envelope`.
    pub envelope: Option<Envelope>,
    /// The claims of the skill.
    pub claims: Claims,
    /// Its claims about single functions, as its manifest names them.
    pub call_claims: Vec<CallClaims>,
    /// How many calls one instance serves at most, as its manifest says.
    pub calls_of_session: Option<u32>,
    /// Its directory and the table `[lab]`.
    pub directory: Option<SkillDirectory>,
    /// The documents that findings point into.
    pub pages: Pages,
}

/// The directory of a skill, and its table `[lab]`.
pub struct SkillDirectory {
    /// The directory, and what was read of it.
    pub directory: Source,
    /// Its path, as it was given.
    pub path: PathBuf,
    /// The file that holds its input.
    pub input: Option<String>,
    /// The file of the world that it is tried in.
    pub world: Option<String>,
    /// The calls that a run of it makes, if it is a tool skill.
    pub calls: Vec<LabCall>,
}

/// The file name of a manifest.
pub const MANIFEST: &str = "skill.toml";

/// A document that findings point into.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its path, as it was given.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// The documents of a skill.
#[derive(Debug, Clone)]
pub struct Pages {
    /// The component's file.
    pub component: String,
    /// The manifest, if the skill has one.
    pub manifest: Option<Page>,
    /// The envelope that takes the place of the manifest's.
    pub envelope: Option<Page>,
}

/// Reads a skill: a directory with a manifest, or the file of a component or module. `envelope` takes the place of the
/// manifest's; it may be a policy of another host (`.yaml`).
///
/// # Errors
/// Nothing is there, or it cannot be read.
pub fn read(path: &Path, envelope: Option<&Path>) -> Outcome<SkillFiles> {
    let mut skill = match files::is_directory(path) {
        true => read_directory(path)?,
        false => from_file(path)?,
    };
    if let Some(path) = envelope {
        let (envelope, page) = read_envelope(path)?;
        skill.envelope = Some(envelope);
        skill.pages.envelope = Some(page);
    }
    Ok(skill)
}

/// Reads an envelope: of a manifest, alone, or a policy of another host (`.yaml`).
///
/// # Errors
/// It is not there, or cannot be read.
pub fn read_envelope(path: &Path) -> Outcome<(Envelope, Page)> {
    let name = path.display().to_string();
    let text = files::text(files::read_up_to(path, files::MANIFEST_BYTES_MAX)?, &name)?;
    let document = Document { name: &name, text: &text };
    let is_policy = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
    let envelope = match is_policy {
        true => Envelope::parse_policy(document)?,
        false => Manifest::parse_envelope(document)?,
    };
    Ok((envelope, Page { path: name, text }))
}

/// Reads a directory with a manifest.
///
/// # Errors
/// As [`read`].
pub fn read_directory(path: &Path) -> Outcome<SkillFiles> {
    let directory = Source::open(path)?;
    let shown = |file: &str| path.join(file).display().to_string();
    let manifest = shown(MANIFEST);
    let bytes = directory.read_up_to(MANIFEST, &manifest, files::MANIFEST_BYTES_MAX)?;
    let text = files::text(bytes, &manifest)?;
    let Manifest { skill, envelope, claims, call_claims, lab, .. } =
        Manifest::parse(Document { name: &manifest, text: &text })?;
    Ok(SkillFiles {
        component: directory.read(&skill.component, &shown(&skill.component))?,
        name: skill.name,
        version: skill.version,
        publisher: skill.publisher,
        envelope: Some(envelope),
        claims,
        call_claims,
        calls_of_session: skill.session.map(|session| session.calls),
        directory: Some(SkillDirectory {
            directory,
            path: path.to_owned(),
            input: lab.input,
            world: lab.world,
            calls: lab.calls,
        }),
        pages: Pages {
            component: shown(&skill.component),
            manifest: Some(Page { path: manifest, text }),
            envelope: None,
        },
    })
}

fn from_file(path: &Path) -> Outcome<SkillFiles> {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(SkillFiles {
        name: stem.chars().map(|c| if c.is_control() { '?' } else { c }).collect(),
        version: String::new(),
        publisher: String::new(),
        component: files::read(path)?,
        envelope: None,
        claims: Claims::default(),
        call_claims: Vec::new(),
        calls_of_session: None,
        directory: None,
        pages: Pages { component: path.display().to_string(), manifest: None, envelope: None },
    })
}

impl SkillFiles {
    /// The input that the skill brings; empty if it brings none.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn input(&self) -> Outcome<Vec<u8>> {
        match &self.directory {
            Some(SkillDirectory { directory, path, input: Some(input), .. }) => {
                directory.read(input, &path.join(input).display().to_string())
            }
            _ => Ok(Vec::new()),
        }
    }
}
