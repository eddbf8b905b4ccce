//! The test fixture: a skill that makes the calls of a script.

use std::sync::{Arc, LazyLock};

use invar_engine::{Engine, Outcome, Skill, Start};
use invar_envelope::Envelope;
use invar_trace::{Behaviour, Ending, Keep, Memory, Trace};
use invar_world::{FileSource, WorldDocument};

use super::{envelope, project, start};

/// Compiled once for all tests.
static ENGINE: LazyLock<(Engine, Skill)> = LazyLock::new(|| {
    let engine = Engine::new(None).unwrap();
    let file = std::fs::read(project("skills-examples/puppet/puppet.wasm")).unwrap();
    let skill = engine.load(&file).unwrap();
    (engine, skill)
});

/// The test fixture, and what its runs start with.
pub(crate) struct Fixture {
    pub(crate) start: Start,
}

/// A run of a script.
pub(crate) struct ScriptRun {
    pub(crate) outcome: Outcome,
    pub(crate) trace: Trace,
    pub(crate) behaviour: Behaviour,
    /// What each call answered.
    pub(crate) answers: Vec<String>,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        Self { start: start() }
    }

    /// In a world that a world file describes.
    pub(crate) fn in_world(text: &str) -> Self {
        let document = invar_envelope::Document { name: "world.toml", text };
        let WorldDocument { world, files, .. } = WorldDocument::parse(document).unwrap();
        let mut fixture = Self::new();
        fixture.start = Start {
            files: fixture.start.files,
            ..Start::new("test", world, invar_world::Tree::new(fixture.start.world.start))
        };
        let time = fixture.start.world.start;
        for (path, source) in files {
            let FileSource::Text(text) = source else { panic!("tests write their files out") };
            fixture.start.files.put_file(&path, text.as_bytes(), time).unwrap();
        }
        fixture
    }

    pub(crate) fn with_envelope(mut self, lines: &str) -> Self {
        self.start.envelope = Some(Arc::<Envelope>::from(envelope(lines)));
        self
    }

    pub(crate) fn enforced(mut self) -> Self {
        self.start.world_mut().enforce = true;
        self
    }

    /// Runs a script.
    pub(crate) fn play(&self, script: &str) -> ScriptRun {
        let (engine, skill) = &*ENGINE;
        let start = Start { input: script.as_bytes().into(), ..self.start.clone() };
        let memory = Memory::new(Keep::All);
        let outcome = engine.run(skill, &start, Box::new(memory.clone())).unwrap();
        let trace = Arc::new(memory.take());
        // Whatever a test plays: a replay with the recorded answers is the same run.
        let replayed = engine.replay_recorded(skill, &trace).unwrap();
        assert!(replayed.exact, "{:?} recorded, {:?} replayed", outcome.end, replayed.outcome.end);
        // What is spliced into a stream is not in the trace.
        if !script.contains("splice") {
            assert_eq!(replayed.outcome.stdout, outcome.stdout, "{script}");
            assert_eq!(replayed.outcome.stderr, outcome.stderr, "{script}");
        }
        let trace = Arc::unwrap_or_clone(trace);
        if let Ending::Failed(Some(message)) = &outcome.end.ending {
            panic!("the script failed: {message}");
        }
        let behaviour = Behaviour::of(&trace).unwrap();
        let answers = String::from_utf8_lossy(&outcome.stdout).lines().map(str::to_owned).collect();
        ScriptRun { outcome, trace, behaviour, answers }
    }

    pub(crate) fn engine() -> &'static (Engine, Skill) {
        &ENGINE
    }
}
