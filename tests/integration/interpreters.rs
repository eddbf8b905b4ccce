//! What distinguishes an engine that runs a script from a large program: measured on the committed components.

use std::sync::Arc;

use invar_engine::{AnswersFrom, Engine, Probe, RunOptions, Start, TimeSchedule};
use invar_lab::interpreter::Execution;
use invar_probe::{HitFilter, Log, Probes, instrument};
use invar_trace::{Keep, Memory};
use invar_world::{Timestamp, Tree, World};
use rayon::prelude::*;

use crate::helpers::{OnDisk, examples, project};

/// What one run of an instrumented copy executes.
fn executed(engine: &Engine, component: &[u8], start: &Start) -> Execution {
    let skill = engine.load(component).unwrap();
    let memory = Memory::new(Keep::Events);
    engine.run(&skill, start, Box::new(memory.clone())).unwrap();
    let schedule = Arc::new(TimeSchedule::of(&memory.take()).unwrap());
    let options = RunOptions { answers: AnswersFrom::Schedule(schedule), patience: None };
    let probes = Probes::all(HitFilter::First);
    let copy = instrument(&skill.component, probes).unwrap();
    let probed = engine.load_probed(&skill, &copy.bytes, &copy.overhead).unwrap();
    let sink = Box::new(Memory::new(Keep::Events));
    let (_, probe) = engine.run_probed(&options, &probed, start, Probe::default(), sink).unwrap();
    Execution::of(&copy, &Log::of(probe.hits))
}

/// A skill in JavaScript: its script in the engine.
fn script(name: &str) -> (String, Vec<u8>, Start) {
    let directory = project("skills-examples/guests/javascript");
    let mut component = std::fs::read(directory.join("engine/engine.wasm")).unwrap();
    let script = std::fs::read(directory.join(name).join("main.js")).unwrap();
    // The area of the script: a marker, the length, the script.
    let marker = b"<invar-js-here!>";
    let at = component.windows(marker.len()).position(|bytes| bytes == marker).unwrap() + marker.len();
    component[at..at + 4].copy_from_slice(&u32::try_from(script.len()).unwrap().to_le_bytes());
    component[at + 4..at + 4 + script.len()].copy_from_slice(&script);
    let (_, start) = OnDisk::without_component(&format!("guests/javascript/{name}"));
    (name.to_owned(), component, start)
}

/// The programs in other languages, and in JavaScript, with an input.
fn programs() -> Vec<(String, Vec<u8>, Start)> {
    let directory = project("skills-examples/programs");
    let input = std::fs::read(directory.join("input.txt")).unwrap();
    let entries = std::fs::read_dir(directory.join("wasm")).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<_> = entries
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let start = Start {
                input: input.clone().into(),
                ..Start::new(&name, World::default(), Tree::new(Timestamp(0)))
            };
            (name, std::fs::read(&path).unwrap(), start)
        })
        .collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

/// A script that makes its engine execute little.
const SCRIPT: &str = "stage-in-a-switch";

#[test]
fn engines_are_told_from_programs_by_what_they_execute() {
    let engine = Engine::new(None).unwrap();
    let measured = |all: Vec<(String, Vec<u8>, Start)>| -> Vec<(String, Execution)> {
        let run = |(name, component, start): (String, Vec<u8>, Start)| {
            let execution = executed(&engine, &component, &start);
            println!("{name}: {execution:?}");
            (name, execution)
        };
        all.into_par_iter().map(run).collect()
    };
    let (mut engines, programs): (Vec<_>, Vec<_>) =
        programs().into_iter().partition(|(name, ..)| name.starts_with("js-"));
    engines.retain(|(name, ..)| name == "js-moment");
    engines.push(script(SCRIPT));
    let on_disk = examples().into_iter().map(|name| {
        let OnDisk { component, start, .. } = OnDisk::read(&name);
        (name, component, start)
    });
    let programs: Vec<_> = programs.into_iter().chain(on_disk).collect();
    assert!(programs.iter().any(|(name, ..)| name == "go-report"));
    // With a margin: half of what was measured would do, twice would not.
    let engines = measured(engines);
    assert_eq!(engines.len(), 2);
    for (name, execution) in engines {
        assert!(execution.is_interpreter(), "{name}: {execution:?}");
        let half = Execution {
            saturated: execution.saturated / 2,
            targets: execution.targets / 2,
            switching: execution.switching * 2,
            ..execution
        };
        assert!(half.is_interpreter(), "{name}: {execution:?}");
    }
    for (name, execution) in measured(programs) {
        let twice = Execution { targets: execution.targets * 2, ..execution };
        assert!(!twice.is_interpreter(), "{name}: {execution:?}");
        // Small ones, too, are recognised by what they execute.
        let padded = Execution { sites: usize::MAX, ..twice };
        assert!(!padded.is_interpreter(), "{name}: {execution:?}");
    }
}
