//! Skills as they lie in their directories, read as the command line reads them.

use std::{path::Path, sync::Arc};

use invar_engine::Start;
use invar_envelope::{Document, Manifest};
use invar_world::{FileSource, Timestamp, Tree, WorldDocument};

use super::project;

/// How old the files of a world are when it starts.
const FILE_AGE_NS: u64 = 7 * 86_400_000_000_000;

/// A skill, and run 1 of the world and with the input of its manifest.
pub(crate) struct OnDisk {
    pub(crate) manifest: Manifest,
    pub(crate) component: Vec<u8>,
    pub(crate) start: Start,
}

impl OnDisk {
    /// Reads the skill of a directory under `skills-examples/`.
    pub(crate) fn read(directory: &str) -> Self {
        let (manifest, start) = Self::without_component(directory);
        let file = project("skills-examples").join(directory).join(&manifest.skill.component);
        let component = std::fs::read(file).unwrap();
        Self { manifest, component, start }
    }

    /// The same of a skill whose component is not there.
    pub(crate) fn without_component(directory: &str) -> (Manifest, Start) {
        let directory = project("skills-examples").join(directory);
        let text = |file: &str| std::fs::read_to_string(directory.join(file)).unwrap();
        let manifest = Manifest::parse(Document { name: "skill.toml", text: &text("skill.toml") }).unwrap();
        let WorldDocument { world, files, .. } = match &manifest.lab.world {
            Some(file) => WorldDocument::parse(Document { name: file, text: &text(file) }).unwrap(),
            None => WorldDocument::default(),
        };
        let time = Timestamp(world.start.0.saturating_sub(FILE_AGE_NS));
        let mut tree = Tree::new(time);
        for (path, source) in files {
            match source {
                FileSource::Text(text) => {
                    tree.put_file(&path, text.as_bytes(), time).unwrap();
                }
                FileSource::Import(from) => import(&mut tree, &directory.join(from), &path, time),
                other => panic!("the examples have no {other:?}"),
            }
        }
        for root in manifest.envelope.roots().chain(["/tmp".to_owned()]) {
            // A root that names a file of the world is there already.
            let _ = tree.make_directories(&root, time);
        }
        let read = |file: &str| std::fs::read(directory.join(file)).unwrap();
        let start = Start {
            envelope: Some(Arc::new(manifest.envelope.clone())),
            input: manifest.lab.input.as_deref().map(read).unwrap_or_default().into(),
            ..Start::new(&manifest.skill.name, world, tree)
        };
        (manifest, start)
    }
}

/// Copies a file or directory into a tree.
fn import(tree: &mut Tree, from: &Path, path: &str, time: Timestamp) {
    if from.is_file() {
        tree.put_file(path, &std::fs::read(from).unwrap(), time).unwrap();
        return;
    }
    tree.make_directories(path, time).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let below = format!("{path}/{}", entry.file_name().into_string().unwrap());
        import(tree, &entry.path(), &below, time);
    }
}

/// The directories below one of `skills-examples/` that hold a skill, by name: `corpus/weekend`.
pub(crate) fn skills_of(directory: &str) -> Vec<String> {
    let entries = std::fs::read_dir(project("skills-examples").join(directory)).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("skill.toml").exists())
        .map(|entry| format!("{directory}/{}", entry.file_name().into_string().unwrap()))
        .collect();
    names.sort();
    names
}
