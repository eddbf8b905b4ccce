//! Reading the skill that `SKILL` names.

use std::path::{Path, PathBuf};

use invar_envelope::{Claims, Document, Envelope, Manifest};

use crate::{
    error::{Error, Outcome},
    files,
    home::Home,
    report::{Page, Pages},
    source::Source,
};

/// A skill's files, read.
pub(crate) struct SkillFiles {
    /// Its name: from the manifest, else the file's.
    pub(crate) name: String,
    /// Empty if there is no manifest.
    pub(crate) version: String,
    /// Empty if there is none.
    pub(crate) publisher: String,
    /// The component or module.
    pub(crate) component: Vec<u8>,
    /// What is declared, by the manifest or by `--envelope`.
    pub(crate) envelope: Option<Envelope>,
    /// The claims of the skill.
    pub(crate) claims: Claims,
    /// Its directory and the table `[lab]`.
    pub(crate) directory: Option<SkillDirectory>,
    /// The documents that findings point into.
    pub(crate) pages: Pages,
}

/// The directory of a skill, and its table `[lab]`.
pub(crate) struct SkillDirectory {
    pub(crate) directory: Source,
    pub(crate) path: PathBuf,
    pub(crate) input: Option<String>,
    pub(crate) world: Option<String>,
}

const MANIFEST: &str = "skill.toml";

/// Reads what `SKILL` names: a directory with a manifest, or a file.
pub(crate) fn read(name: &str, envelope: Option<&Path>) -> Outcome<SkillFiles> {
    let path = Path::new(name);
    let mut skill = match (files::is_directory(path), files::exists(path)) {
        (true, _) => read_directory(path)?,
        (false, true) => from_file(path)?,
        (false, false) => match installed(name)? {
            Some(directory) => read_directory(&directory)?,
            None => {
                return Err(Error::Input(format!(
                    "there is no skill {name}: it is neither a directory with {MANIFEST}, nor a .wasm file, nor installed"
                )));
            }
        },
    };
    if let Some(path) = envelope {
        let text =
            files::text(files::read_up_to(path, files::MANIFEST_BYTES_MAX)?, &path.display().to_string())?;
        let name = path.display().to_string();
        let document = Document { name: &name, text: &text };
        let is_policy = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
        skill.envelope = Some(match is_policy {
            true => Envelope::parse_policy(document)?,
            false => Manifest::parse_envelope(document)?,
        });
        skill.pages.envelope = Some(Page { path: name, text });
    }
    Ok(skill)
}

/// Whether a text can be the name of a skill, as manifests have it.
pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// The directory of an installed skill of that name.
fn installed(name: &str) -> Outcome<Option<PathBuf>> {
    if !is_name(name) {
        return Ok(None);
    }
    let directory = Home::find()?.skill(name);
    Ok(files::is_directory(&directory).then_some(directory))
}

/// Reads a directory with a manifest.
pub(crate) fn read_directory(path: &Path) -> Outcome<SkillFiles> {
    let directory = Source::open(path)?;
    let shown = |file: &str| path.join(file).display().to_string();
    let manifest = shown(MANIFEST);
    let bytes = directory.read_up_to(MANIFEST, &manifest, files::MANIFEST_BYTES_MAX)?;
    let text = files::text(bytes, &manifest)?;
    let Manifest { skill, envelope, claims, lab, .. } =
        Manifest::parse(Document { name: &manifest, text: &text })?;
    Ok(SkillFiles {
        component: directory.read(&skill.component, &shown(&skill.component))?,
        name: skill.name,
        version: skill.version,
        publisher: skill.publisher,
        envelope: Some(envelope),
        claims,
        directory: Some(SkillDirectory {
            directory,
            path: path.to_owned(),
            input: lab.input,
            world: lab.world,
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
        directory: None,
        pages: Pages { component: path.display().to_string(), manifest: None, envelope: None },
    })
}

impl SkillFiles {
    /// The input: the file that the user names, else that of the skill, else empty.
    pub(crate) fn input(&self, named: Option<&str>) -> Outcome<Vec<u8>> {
        match (named, &self.directory) {
            (Some("-"), _) => files::read_stdin(),
            (Some(path), _) => files::read(Path::new(path)),
            (None, Some(SkillDirectory { directory, path, input: Some(input), .. })) => {
                directory.read(input, &path.join(input).display().to_string())
            }
            (None, _) => Ok(Vec::new()),
        }
    }
}
