//! The world of a run: what the skill brings or a document describes, and what is put over it.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use invar_engine::Start;
use invar_envelope::Document;
use invar_world::{FileSource, Timestamp, Tree, TreeFull, World, WorldDocument};

use crate::{
    error::{Error, Outcome},
    files,
    skill::{SkillDirectory, SkillFiles},
    source::Source,
};

/// Directories below which an import is read. Stops a tree of links or of depth without end.
const IMPORT_DEPTH_MAX: usize = 64;
/// How old the files of a world are when it starts.
const FILE_AGE_NS: u64 = 7 * 86_400_000_000_000;

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
    let (document, directory) = document(skill, &spec.source)?;
    let WorldDocument { mut world, files, bodies } = document;
    overrule(&mut world, spec);
    let time = Timestamp(world.start.0.saturating_sub(FILE_AGE_NS));
    let mut tree = Tree::new(time);
    fill(&mut tree, &files, directory.as_ref(), time)?;
    for path in world.read_only.iter().map(String::as_str).chain(["/tmp"]) {
        // A file is there already: nothing can be changed in it, either.
        let _ = tree.make_directories(path, time);
    }
    for (index, path) in &bodies {
        if let (Some(entry), Some(directory)) = (world.network.get_mut(*index), &directory) {
            entry.body = directory.read(path, path)?;
        }
    }
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
        (WorldSource::Skill, _) => {
            let (files, bodies) = (BTreeMap::new(), BTreeMap::new());
            Ok((WorldDocument { world: World::default(), files, bodies }, None))
        }
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
        world.seed = seed;
    }
    world.env.extend(spec.env.iter().cloned());
    if !spec.args.is_empty() {
        world.args.clone_from(&spec.args);
    }
}

/// What the document lists.
fn fill(
    tree: &mut Tree,
    files: &BTreeMap<String, FileSource>,
    directory: Option<&Source>,
    time: Timestamp,
) -> Outcome<()> {
    for (path, source) in files {
        match (source, directory) {
            (FileSource::Text(text), _) => {
                tree.put_file(path, text.as_bytes(), time).map_err(|error| full(&error))?;
            }
            (FileSource::Import(from), Some(directory)) => import(tree, directory, from, path, time, 0)?,
            (FileSource::Import(_), None) => {}
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
