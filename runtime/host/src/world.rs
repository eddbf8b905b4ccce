//! The world of a run: what the skill brings or a document describes, and what is put over it.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use invar_engine::Start;
use invar_envelope::Document;
use invar_world::{
    FILE_AGE_NS, FileSource, FileTimes, FirstRun, Node, Timestamp, Tree, TreeFull, World, WorldDocument,
};

use crate::{
    error::{Error, Outcome},
    files,
    skill::{SkillDirectory, SkillFiles},
    source::Source,
};

/// Directories below which an import is read. Stops a tree of links or of depth without end.
const IMPORT_DEPTH_MAX: usize = 64;

/// A host directory as part of the world. It is read once, before the run; nothing is written to it.
#[derive(Debug, Clone)]
pub struct Mount {
    /// Its path on the host.
    pub host: PathBuf,
    /// Its absolute path for the skill.
    pub guest: String,
    /// Whether the skill can change nothing in its copy.
    pub read_only: bool,
}

/// Which world a run is told.
#[derive(Debug, Clone, Default)]
pub struct WorldSpec {
    /// Where it is described.
    pub source: WorldSource,
    /// When the first run starts, in place of what the source says.
    pub start: Option<Timestamp>,
    /// Its seed, in place of what the source says.
    pub seed: Option<u64>,
    /// Variables, over those of the source.
    pub env: Vec<(String, String)>,
    /// Arguments of the skill after the program's name; none: those of the source.
    pub args: Vec<String>,
    /// Host directories that are copied into it.
    pub mounts: Vec<Mount>,
}

/// Where a world is described.
#[derive(Debug, Clone, Default)]
pub enum WorldSource {
    /// In the skill's directory, if it brings one; else the usual world.
    #[default]
    Skill,
    /// In a file.
    File(PathBuf),
}

/// Run 1 of that world, without input.
///
/// # Errors
/// A document or a file that it names cannot be read, or does not fit.
pub fn start(skill: &SkillFiles, spec: &WorldSpec) -> Outcome<Start> {
    let (mut document, directory) = document(skill, &spec.source)?;
    overrule(&mut document.world, spec);
    let time = document.files_time();
    let imports: &dyn Imports = match &directory {
        Some(directory) => directory,
        None => &Nothing,
    };
    let (mut world, mut tree) = build(document, imports)?;
    if !spec.mounts.is_empty() {
        let mut preopens = world.preopens.take().unwrap_or_else(|| vec!["/".into()]);
        for mount in &spec.mounts {
            let directory = Source::open(&mount.host)?;
            tree.make_directories(&mount.guest, time).map_err(|error| full(&error))?;
            import(&mut tree, &directory, ".", mount.guest.trim_end_matches('/'), time, 0)?;
            preopens.push(mount.guest.clone());
            if mount.read_only {
                world.read_only.push(mount.guest.clone());
            }
        }
        world.preopens = Some(preopens);
    }
    let mut start = Start::new(&skill.name, world, tree);
    start.envelope = skill.envelope.clone().map(Arc::new);
    make_roots(&mut start);
    Ok(start)
}

/// Gives a run its input, and the places of the files that its calls name.
pub fn give(start: &mut Start, input: Arc<[u8]>) {
    start.input = input;
    make_roots(start);
}

/// Makes the directories of declared files, so that they have a place to be.
pub(crate) fn make_roots(start: &mut Start) {
    let time = Timestamp(start.world.start.0.saturating_sub(FILE_AGE_NS));
    for root in start.envelope_of_run().iter().flat_map(|envelope| envelope.roots()) {
        // A root that names a file of the world is there already.
        let _ = start.files.make_directories(&root, time);
    }
}

/// The world's document, and the directory that its imports are read from.
fn document(skill: &SkillFiles, source: &WorldSource) -> Outcome<(WorldDocument, Option<Source>)> {
    match (source, &skill.directory) {
        (WorldSource::Skill, Some(SkillDirectory { directory, path, world: Some(world), .. })) => {
            let shown = path.join(world).display().to_string();
            let text = files::text(directory.read(world, &shown)?, &shown)?;
            let document = WorldDocument::parse(Document { name: &shown, text: &text })?;
            let parent = Path::new(world).parent().filter(|parent| !parent.as_os_str().is_empty());
            let parent = parent.map_or_else(|| ".".into(), |parent| parent.display().to_string());
            let directory = directory.beneath(&parent, &shown)?;
            Ok((document, Some(directory)))
        }
        (WorldSource::Skill, _) => Ok((WorldDocument::default(), None)),
        (WorldSource::File(path), _) => {
            let name = path.display().to_string();
            let text = files::text(files::read(path)?, &name)?;
            let document = WorldDocument::parse(Document { name: &name, text: &text })?;
            let parent =
                path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
            Ok((document, Some(Source::open(parent)?)))
        }
    }
}

/// What was asked for goes before what the document says.
fn overrule(world: &mut World, spec: &WorldSpec) {
    if let Some(start) = spec.start {
        world.start = start;
    }
    if let Some(seed) = spec.seed {
        (world.seed, world.first_run) = (seed, FirstRun::default());
    }
    world.env.extend(spec.env.iter().cloned());
    if !spec.args.is_empty() {
        world.args.clone_from(&spec.args);
    }
}

/// Where the imports of a document are read from.
pub(crate) trait Imports {
    /// Copies a file or directory into the tree.
    fn put(&self, tree: &mut Tree, path: &str, guest: &str, time: Timestamp) -> Outcome<()>;
    /// The content of a file.
    fn read(&self, path: &str) -> Outcome<Vec<u8>>;
}

impl Imports for Source {
    fn put(&self, tree: &mut Tree, path: &str, guest: &str, time: Timestamp) -> Outcome<()> {
        import(tree, self, path, guest, time, 0)
    }

    fn read(&self, path: &str) -> Outcome<Vec<u8>> {
        Source::read(self, path, path)
    }
}

/// No directory: nothing is imported.
struct Nothing;

impl Imports for Nothing {
    fn put(&self, _: &mut Tree, _: &str, _: &str, _: Timestamp) -> Outcome<()> {
        Ok(())
    }

    fn read(&self, _: &str) -> Outcome<Vec<u8>> {
        Ok(Vec::new())
    }
}

/// The world and the files that a document describes.
pub(crate) fn build(document: WorldDocument, imports: &dyn Imports) -> Outcome<(World, Tree)> {
    let time = document.files_time();
    let WorldDocument { mut world, files, times, bodies, .. } = document;
    let mut tree = Tree::new(time);
    for (path, source) in &files {
        put(&mut tree, path, source, time, imports)?;
    }
    for path in world.read_only.iter().map(String::as_str).chain(["/tmp"]) {
        // A file is there already: nothing can be changed in it, either.
        let _ = tree.make_directories(path, time);
    }
    for (path, FileTimes { modified, accessed, changed }) in &times {
        let Some(ino) = tree.find(path) else { continue };
        let usual = modified.unwrap_or(time);
        tree.set_times(ino, |inode| {
            inode.modified = usual;
            inode.accessed = accessed.unwrap_or(usual);
            inode.changed = changed.unwrap_or(usual);
        });
    }
    for (index, path) in &bodies {
        if let Some(entry) = world.network.get_mut(*index) {
            entry.body = imports.read(path)?;
        }
    }
    Ok((world, tree))
}

/// Puts what the document lists at a path.
fn put(
    tree: &mut Tree,
    path: &str,
    source: &FileSource,
    time: Timestamp,
    imports: &dyn Imports,
) -> Outcome<()> {
    match source {
        FileSource::Text(text) => {
            tree.put_file(path, text.as_bytes(), time).map_err(|error| full(&error))?;
        }
        FileSource::Import(from) => imports.put(tree, from, path, time)?,
        FileSource::Directory => {
            tree.make_directories(path, time).map_err(|error| full(&error))?;
        }
        FileSource::Link(target) => {
            let (directory, name) = path.rsplit_once('/').unwrap_or_default();
            let parent = tree.make_directories(directory, time).map_err(|error| full(&error))?;
            let is_taken = tree.directory(parent).is_none_or(|entries| entries.get(name).is_some());
            if is_taken || name.is_empty() {
                return Err(Error::Input(format!(
                    "cannot create the link {path} of the world: something is there"
                )));
            }
            let link =
                tree.create(Node::Symlink(target.as_str().into()), time).map_err(|error| full(&error))?;
            tree.link(parent, name, link);
        }
    }
    Ok(())
}

/// Copies a host file or directory into the tree.
fn import(
    tree: &mut Tree,
    from: &Source,
    path: &str,
    guest: &str,
    time: Timestamp,
    depth: usize,
) -> Outcome<()> {
    if depth > IMPORT_DEPTH_MAX {
        return Err(Error::Input(format!(
            "cannot import {path}: more than {IMPORT_DEPTH_MAX} directories deep"
        )));
    }
    if from.is_file(path, path)? {
        let content = from.read(path, path)?;
        tree.put_file(guest, &content, time).map_err(|error| full(&error))?;
        return Ok(());
    }
    tree.make_directories(guest, time).map_err(|error| full(&error))?;
    let directory = from.beneath(path, path)?;
    for name in directory.names(path)? {
        let guest = format!("{guest}/{name}");
        import(tree, &directory, &name, &guest, time, depth + 1)?;
    }
    Ok(())
}

fn full(error: &TreeFull) -> Error {
    Error::Input(format!(
        "cannot create the files of the world: {error}, or a file is where a directory is needed"
    ))
}
