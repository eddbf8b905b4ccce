//! Runs that another world than the lab answers: what is recorded of them, and how they are replayed.

use std::sync::Arc;

use invar_engine::{Engine, LiveStart, Outcome, Patience, ReplayError, Start, start_of};
use invar_envelope::Envelope;
use invar_host_api::{
    Stop,
    lab::LabWorld,
    port::{Clock, Files, Interest, Network, NotSubstitutable, Random, World},
};
use invar_trace::{Behaviour, Ending, Keep, Memory, Origin, Trace, Verdict};
use invar_world::{Change, Limits, Timestamp, Tree};

use super::replay::{SCRIPT, WORLD};
use crate::helpers::{Fixture, Invar, component, envelope, start};

/// A lab that behaves as a real world: it cannot be changed, and what it leaves is nobody's.
struct Elsewhere(LabWorld);

impl World for Elsewhere {
    fn clock(&mut self) -> &mut dyn Clock {
        self.0.clock()
    }

    fn files(&mut self) -> &mut dyn Files {
        self.0.files()
    }

    fn network(&mut self) -> &mut dyn Network {
        self.0.network()
    }

    fn random(&mut self) -> &mut dyn Random {
        self.0.random()
    }

    fn wait(&mut self, any_of: &[Interest]) -> Result<(), Stop> {
        self.0.wait(any_of)
    }

    fn is_ready(&mut self, interest: Interest) -> bool {
        self.0.is_ready(interest)
    }

    fn substitute(&mut self, _: &Change) -> Result<(), NotSubstitutable> {
        Err(NotSubstitutable)
    }

    fn finish(self: Box<Self>) -> Option<Tree> {
        None
    }
}

/// All that the runs here try.
fn everything() -> Arc<Envelope> {
    let lines = "files.read = [\"/**\"]\nfiles.write = [\"/**\"]\nnetwork = [\"tcp://db.example:5432\"]\n\
                 env = [\"*\"]\nclock = [\"wall\", \"monotonic\"]\nrandom = true";
    Arc::new(envelope(lines))
}

/// What a start in the lab is, elsewhere, where everything is declared and granted.
fn live(start: &Start) -> LiveStart {
    LiveStart {
        skill: start.skill.clone(),
        started: Timestamp(1_800_000_000_000_000_000),
        machine: "elsewhere".into(),
        declared: everything(),
        granted: everything(),
        config: std::collections::BTreeMap::new(),
        env: start.world.env.clone().into_iter().collect(),
        args: start.args.clone(),
        preopens: vec!["/".into()],
        read_only: Vec::new(),
        input: start.input.clone(),
        limits: Limits::LAB,
    }
}

fn run(engine: &Engine, skill: &invar_engine::Skill, start: &Start, live: &LiveStart) -> (Outcome, Trace) {
    let world = Elsewhere(LabWorld::new(&start.world, &start.run, start.files.clone()));
    let memory = Memory::new(Keep::All);
    let patience = Patience::default();
    let outcome = engine.run_live(Box::new(world), skill, live, &patience, Box::new(memory.clone())).unwrap();
    (outcome, memory.take())
}

#[test]
fn a_live_run_replays_from_its_trace_and_component_alone() {
    let (engine, skill) = Fixture::engine();
    let mut start = Start { input: SCRIPT.as_bytes().into(), ..Fixture::in_world(WORLD).start };
    start.envelope = Some(everything());
    start.world_mut().enforce = true;
    let (outcome, trace) = run(engine, skill, &start, &live(&start));
    assert_eq!(outcome.end.ending, Ending::Returned, "{}", String::from_utf8_lossy(&outcome.stdout));
    assert!(outcome.files.is_none(), "they are the world's");
    // Written and read again: no world, no files and no start are left.
    let mut file = Vec::new();
    trace.write(&mut file).unwrap();
    let read = Arc::new(Trace::read(&file).unwrap());
    let Origin::Live(origin) = &read.header().unwrap().origin else { panic!("it says so") };
    assert_eq!((origin.machine.as_str(), origin.grants.to_vec()), ("elsewhere", everything().to_cbor()));
    assert!(read.files().is_err(), "a live trace holds no initial files");
    let replayed = engine.replay_recorded(skill, &read).unwrap();
    assert!(replayed.exact);
    assert_eq!(replayed.outcome.stdout, outcome.stdout);
    let invar = Invar::new();
    let path = invar.write("live.trace", &file);
    let refused = invar.run(&["world", "from", &path]).expect(33).stderr;
    assert!(refused.contains("the trace is of a live run"), "{refused}");
    // The lab gives the same skill the same answers, and its trace differs in its header alone.
    let memory = Memory::new(Keep::All);
    let simulated = engine.run(skill, &start, Box::new(memory.clone())).unwrap();
    assert_eq!(simulated.stdout, outcome.stdout);
    let simulated = memory.take();
    let events =
        |trace: &Trace| trace.events().map(|event| format!("{:?}", event.unwrap())).collect::<Vec<_>>();
    assert_eq!(events(&simulated), events(&read));
}

#[test]
fn a_live_run_is_not_simulated_and_not_changed() {
    let (engine, skill) = Fixture::engine();
    let start = Start { input: b"wall-now\n".as_slice().into(), ..start() };
    let (_, trace) = run(engine, skill, &start, &live(&start));
    assert_eq!(engine.replay(skill, &trace).unwrap_err(), ReplayError::Live);
    assert_eq!(start_of(&trace).unwrap_err(), ReplayError::Live);
}

#[test]
fn what_is_declared_and_not_granted_is_refused_and_named() {
    let (engine, skill) = Fixture::engine();
    let mut fixture = Fixture::in_world(WORLD);
    fixture.start.input = "d = get-directories\nopen-at d \"data/table\" read\nwall-now\n".as_bytes().into();
    let declared = envelope("files.read = [\"/data/**\"]\nclock = [\"wall\"]");
    let granted = envelope("files.read = [\"/data/other\"]\nclock = [\"wall\"]\nrandom = true");
    let live = LiveStart { declared: Arc::new(declared), granted: Arc::new(granted), ..live(&fixture.start) };
    let (outcome, trace) = run(engine, skill, &fixture.start, &live);
    let output = String::from_utf8_lossy(&outcome.stdout).into_owned();
    assert!(output.contains("err not-permitted"), "{output}");
    let refused: Vec<String> = trace
        .events()
        .filter_map(|event| match event.unwrap().decision?.verdict {
            Verdict::NotGranted(missing) => Some(missing.to_string()),
            _ => None,
        })
        .collect();
    assert_eq!(refused, ["files.read = [\"/data/table\"]"]);
    // The skill kept to its envelope.
    assert!(Behaviour::of(&trace).unwrap().violations.is_empty());
    assert!(engine.replay_recorded(skill, &Arc::new(trace)).unwrap().exact);
}

#[test]
fn the_ceilings_of_a_live_run_hold_and_stand_in_its_trace() {
    let (engine, skill) = Fixture::engine();
    let start = Start { input: "wall-now\n".repeat(100).as_bytes().into(), ..start() };
    let limits = Limits { host_calls: 40, memory_bytes: u64::MAX, ..Limits::LAB };
    let (outcome, trace) = run(engine, skill, &start, &LiveStart { limits, ..live(&start) });
    assert_eq!(outcome.end.ending, Ending::Limit("host calls".into()));
    let recorded = trace.header().unwrap().limits;
    assert_eq!(recorded, Limits { host_calls: 40, ..Limits::LAB }, "never more than the lab's");
    assert!(engine.replay_recorded(skill, &Arc::new(trace)).unwrap().exact);
}

#[test]
fn the_command_line_replays_a_live_trace_without_being_told_that_it_is_one() {
    let engine = Engine::new(None).unwrap();
    let skill = engine.load(&component("hello")).unwrap();
    let (_, trace) = run(&engine, &skill, &start(), &live(&start()));
    let invar = Invar::new();
    let mut file = Vec::new();
    trace.write(&mut file).unwrap();
    let path = invar.write("live.trace", file);
    let replay =
        |more: &[&str]| invar.run(&[&["replay", &path, "--skill", "skills-examples/hello"], more].concat());
    let exact = replay(&[]).expect(0).stdout;
    assert!(exact.contains("exact: ") && exact.contains("output and chain head"), "{exact}");
    let refused = replay(&["--set", "clock=2030-01-01T00:00:00Z"]).expect(33).stderr;
    assert!(refused.contains("live run"), "{refused}");
    let shown = invar.run(&["trace", &path]).expect(0).stdout;
    assert!(shown.contains("live on elsewhere, from 2027-01-15"), "{shown}");
}
