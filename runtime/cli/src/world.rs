//! Reading the world that `--world` and related options name.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use invar_engine::Start;
use invar_envelope::Document;
use invar_world::{FileSource, Timestamp, Tree, TreeFull, World, WorldDocument};

use crate::{
    args::WorldArgs,
    error::{Error, Outcome},
    files,
    skill::{SkillDirectory, SkillFiles},
    source::Source,
};

/// Directories below which an import is read. Stops a tree of links or of depth without end.
const IMPORT_DEPTH_MAX: usize = 64;
/// How old the files of a world are when it starts.
const FILE_AGE_NS: u64 = 7 * 86_400_000_000_000;

/// A host directory as part of the world.
pub(crate) struct Mount {
    pub(crate) host: String,
    pub(crate) guest: String,
    pub(crate) read_only: bool,
}

impl Mount {
    /// Reads `HOST::GUEST[:ro]`.
    pub(crate) fn parse(text: &str) -> Outcome<Self> {
        let bad = || {
            Error::Usage(format!(
                "--dir {text}: write HOST::GUEST or HOST::GUEST:ro, with an absolute path for GUEST"
            ))
        };
        let (host, guest) = text.split_once("::").ok_or_else(bad)?;
        let (guest, read_only) = match guest.strip_suffix(":ro") {
            Some(guest) => (guest, true),
            None => (guest, false),
        };
        match guest.starts_with('/')
            && !host.is_empty()
            && guest.split('/').all(|name| !matches!(name, "." | ".."))
        {
            true => Ok(Self { host: host.to_owned(), guest: guest.to_owned(), read_only }),
            false => Err(bad()),
        }
    }
}

/// Run 1 of the world that was asked for, without input.
pub(crate) fn start(
    skill: &SkillFiles,
    args: &WorldArgs,
    mounts: &[Mount],
    rest: &[String],
) -> Outcome<Start> {
    let (document, directory) = document(skill, args)?;
    let WorldDocument { mut world, files, bodies } = document;
    overrule(&mut world, args)?;
    if !rest.is_empty() {
        world.args = rest.to_vec();
    }
    let time = Timestamp(world.start.0.saturating_sub(FILE_AGE_NS));
    let mut tree = Tree::new(time);
    fill(&mut tree, &files, directory.as_ref(), skill, time)?;
    for (index, path) in &bodies {
        if let (Some(entry), Some(directory)) = (world.network.get_mut(*index), &directory) {
            entry.body = directory.read(path, path)?;
        }
    }
    if !mounts.is_empty() {
        let mut preopens = world.preopens.take().unwrap_or_else(|| vec!["/".into()]);
        for mount in mounts {
            let directory = Source::open(Path::new(&mount.host))?;
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
    Ok(start)
}

/// The world's document, and the directory that its imports are read from.
fn document(skill: &SkillFiles, args: &WorldArgs) -> Outcome<(WorldDocument, Option<Source>)> {
    match (args.world.as_deref(), &skill.directory) {
        (Some("live"), _) => Err(Error::Usage("only `invar run` can use the live world".into())),
        (None | Some("lab"), Some(SkillDirectory { directory, path, world: Some(world), .. })) => {
            let shown = path.join(world).display().to_string();
            let text = files::text(directory.read(world, &shown)?, &shown)?;
            let document = WorldDocument::parse(Document { name: &shown, text: &text })?;
            let parent = Path::new(world).parent().filter(|parent| !parent.as_os_str().is_empty());
            let parent = parent.map_or_else(|| ".".into(), |parent| parent.display().to_string());
            let directory = directory.beneath(&parent, &shown)?;
            Ok((document, Some(directory)))
        }
        (None | Some("lab"), _) => {
            let (files, bodies) = (BTreeMap::new(), BTreeMap::new());
            Ok((WorldDocument { world: World::default(), files, bodies }, None))
        }
        (Some(file), _) => {
            let path = Path::new(file);
            let text = files::text(files::read(path)?, file)?;
            let document = WorldDocument::parse(Document { name: file, text: &text })?;
            let parent =
                path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
            Ok((document, Some(Source::open(parent)?)))
        }
    }
}

/// Flags override the document.
fn overrule(world: &mut World, args: &WorldArgs) -> Outcome<()> {
    if let Some(time) = &args.at {
        world.start = Timestamp::parse(time).map_err(|error| Error::Usage(format!("--at: {error}")))?;
    }
    if let Some(seed) = args.seed {
        world.seed = seed;
    }
    for variable in &args.variables {
        let (name, value) = variable
            .split_once('=')
            .filter(|(name, _)| !name.is_empty())
            .ok_or_else(|| Error::Usage(format!("--env {variable}: write NAME=VALUE")))?;
        world.env.insert(name.to_owned(), value.to_owned());
    }
    Ok(())
}

/// `/tmp`, every declared root, and what the document lists.
fn fill(
    tree: &mut Tree,
    files: &BTreeMap<String, FileSource>,
    directory: Option<&Source>,
    skill: &SkillFiles,
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
    let roots = skill.envelope.iter().flat_map(|envelope| envelope.roots());
    for root in roots.chain(["/tmp".to_owned()]) {
        // A root that names a file of the world is there already.
        let _ = tree.make_directories(&root, time);
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
