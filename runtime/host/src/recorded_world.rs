//! A world made of what a recorded run was answered.

use std::collections::{BTreeMap, BTreeSet};

use invar_engine::{ReplayError, Start, start_of};
use invar_envelope::Document;
use invar_trace::{Behaviour, Entry, Header, Trace, Unanswered};
use invar_world::{Limits, Node, Run, Timestamp, Tree, World, WorldDocument, WrittenWorld};

use crate::{
    error::{Error, Outcome},
    world::{Imports, build},
};

/// A world file that answers a skill as a recorded run was answered.
#[derive(Debug, Clone)]
pub struct RecordedWorld {
    /// The world file.
    pub text: String,
    /// Files that it imports, by their names in the directory beside it.
    pub imports: BTreeMap<String, Vec<u8>>,
    /// The input of the run, if it had one: no world holds it.
    pub input: Option<Input>,
    /// What the run had, and the world file does not give. Empty: another run in it is told the same.
    pub notes: Vec<String>,
    /// What the run asked of the network, and its world had no answer for.
    pub unanswered: Vec<Unanswered>,
}

/// The input of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// Standard input, or the typed input.
    Bytes(Vec<u8>),
    /// The calls of a tool skill, as JSON.
    Calls(Vec<u8>),
}

impl RecordedWorld {
    /// Of a run in the lab. `directory` is the name of the directory beside the world file that its imports are read from.
    ///
    /// # Errors
    /// The trace is of a live run, or not whole.
    pub fn of_trace(trace: &Trace, directory: &str) -> Outcome<Self> {
        let start = start_of(trace).map_err(|error| match error {
            ReplayError::Live => Error::Input(
                "the trace is of a live run: no world can be made of one yet, only of a run in the lab"
                    .into(),
            ),
            other => other.into(),
        })?;
        let header = trace.header()?;
        let world = world_of(&start);
        let written = WrittenWorld::new(&world, &start.files, &given(&start), directory);
        let notes = notes(header, &start, &world, &written, directory)?;
        let unanswered = Unanswered::of(&world.network, &Behaviour::of(trace)?.effects);
        let input = match (start.input.is_empty(), header.entry) {
            (true, _) => None,
            (false, Entry::Tool) => Some(Input::Calls(start.input.to_vec())),
            (false, Entry::Command | Entry::Invoke) => Some(Input::Bytes(start.input.to_vec())),
        };
        Ok(Self { text: written.text, imports: written.imports, input, notes, unanswered })
    }
}

/// The world whose run 1 is the recorded run.
fn world_of(start: &Start) -> World {
    let Run { start: time, uptime_ns, jitter, random, .. } = start.run;
    let mut world = World { start: time, ..World::clone(&start.world) };
    if let [program, args @ ..] = start.args.as_slice() {
        world.args = args.to_vec();
        if world.program.is_some() || *program != start.skill {
            world.program = Some(program.clone());
        }
    }
    let usual = world.run(1, Timestamp(0));
    if usual.uptime_ns != uptime_ns {
        world.uptime_ns = Some(uptime_ns);
    }
    if usual.random != random {
        world.first_run.random = Some(random);
    }
    if usual.jitter != jitter {
        world.first_run.jitter = Some(jitter);
    }
    world
}

/// Directories that a run finds whatever the world file lists.
fn given(start: &Start) -> BTreeSet<String> {
    let roots = start.envelope_of_run().iter().flat_map(|envelope| envelope.roots()).collect::<Vec<_>>();
    roots.into_iter().chain(start.world.read_only.iter().cloned()).chain(["/tmp".into()]).collect()
}

struct Written<'a> {
    imports: &'a BTreeMap<String, Vec<u8>>,
    directory: &'a str,
}

impl Imports for Written<'_> {
    fn put(&self, tree: &mut Tree, path: &str, guest: &str, time: Timestamp) -> Outcome<()> {
        let bytes = self.read(path)?;
        let put = tree.put_file(guest, &bytes, time);
        put.map(|_| ())
            .map_err(|error| Error::Input(format!("cannot create the files of the world: {error}")))
    }

    fn read(&self, path: &str) -> Outcome<Vec<u8>> {
        let name = path.strip_prefix(self.directory).and_then(|rest| rest.strip_prefix('/'));
        let bytes = name.and_then(|name| self.imports.get(name));
        bytes.cloned().ok_or_else(|| Error::Input(format!("the world imports {path}, which is not there")))
    }
}

/// What the world file does not give. It is read back for this, so that nothing is left out without a word.
fn notes(
    header: &Header,
    start: &Start,
    world: &World,
    written: &WrittenWorld,
    directory: &str,
) -> Outcome<Vec<String>> {
    let document = WorldDocument::parse(Document { name: "the world", text: &written.text })?;
    let (read, files) = build(document, &Written { imports: &written.imports, directory })?;
    let mut again = Start { envelope: start.envelope.clone(), ..Start::new(&start.skill, read, files) };
    crate::world::give(&mut again, start.input.clone());
    let mut notes = Vec::new();
    for substitution in start.substitutions.iter().filter(|one| one.from.is_some()) {
        notes.push(format!("not in the world, since it was set during the run: {}", substitution.text));
    }
    if start.limits != Limits::LAB {
        notes.push(format!("not in the world: the ceilings of the run (fuel {})", start.limits.fuel));
    }
    if header.limits.at_most(&Limits::LAB) != header.limits {
        notes.push("not in the world: ceilings above those of the lab".into());
    }
    if again.world.as_ref() != world {
        notes.push("the world is not exactly the recorded one: a value has no form in a world file".into());
    }
    if again.args != start.args {
        notes.push("the arguments are not exactly the recorded ones".into());
    }
    if (Run { number: start.run.number, ..again.run }) != start.run {
        notes.push("clocks and random bytes are not exactly the recorded ones".into());
    }
    notes.extend(notes_on_files(&start.files, &again.files));
    Ok(notes)
}

fn notes_on_files(recorded: &Tree, again: &Tree) -> Vec<String> {
    const SHOWN_MAX: usize = 3;
    if recorded.digest() == again.digest() {
        return Vec::new();
    }
    let mut notes = Vec::new();
    let is_file = |path: &String| {
        let inode = recorded.find(path).and_then(|ino| recorded.get(ino));
        inode.is_some_and(|inode| inode.links > 1 && !matches!(inode.node(), Node::Directory(_)))
    };
    let linked: Vec<String> = recorded.walk().map(|(path, _)| path).filter(is_file).collect();
    if !linked.is_empty() {
        let shown = linked.iter().take(SHOWN_MAX).cloned().collect::<Vec<_>>().join(", ");
        notes.push(format!(
            "{} names of files that have several (hard links) are files by themselves in the world: {shown}",
            linked.len()
        ));
    }
    let changed = recorded.differences(again);
    if !changed.is_empty() {
        let shown = changed.iter().take(SHOWN_MAX).cloned().collect::<Vec<_>>().join(", ");
        notes.push(format!("{} files are not exactly the recorded ones: {shown}", changed.len()));
    }
    if notes.is_empty() {
        notes.push("the numbers of files (inodes) are not those of the recorded run".into());
    }
    notes
}
