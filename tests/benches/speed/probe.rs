//! The cost of reporting comparisons from an instrumented copy.

use std::{hint::black_box, sync::Arc};

use invar_engine::{AnswersFrom, Engine, Patience, Probe, RunOptions, Start};
use invar_lab::probing::{Copy, Probing, Spending};
use invar_probe::{Bench as _, HitFilter, MemoryInit, Trial, instrument};
use invar_trace::{Behaviour, Keep, Memory, PROBE_IMPORT, ProbeOverhead};
use rustix::time::{ClockId, clock_gettime};

use crate::{bare, in_turn, median, skills};

/// Seconds that one go takes of the processor, over all cores: what else runs on the machine does not count.
fn work(go: impl FnOnce()) -> f64 {
    let now = || {
        let time = clock_gettime(ClockId::ProcessCPUTime);
        time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
    };
    let start = now();
    go();
    now() - start
}

/// A skill of the corpus that keeps state.
const WITH_STATE: &str = "corpus/counter-text-from-5";

/// Runs of a search against runs of the skill itself, both with their behaviour, on one core.
pub(crate) fn runs() {
    const RUNS: usize = 1024;
    /// Runs that a search asks for at once.
    const BATCH: usize = 64;
    let one_core = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    for name in ["hello", WITH_STATE] {
        let (engine, skill, start) = skills::example(name);
        let memory = Memory::new(Keep::Events);
        engine.run(&skill, &start, Box::new(memory.clone())).unwrap();
        let copy = Copy::of(&engine, &skill).unwrap();
        let spending = Spending { runs_max: u64::MAX, fuel_max: u64::MAX, ..Spending::default() };
        let trace = memory.take();
        let behaviour = Behaviour::of(&trace).unwrap();
        let begun = (&start, &trace, &behaviour);
        let patience = Patience::default();
        let mut probing =
            Probing::new(&engine, &skill, &copy, begun, spending, (&|_, _| {}, &|| false, &patience))
                .unwrap();
        for (kind, trial) in [
            ("comparisons", Trial::default()),
            (
                "and texts, and observed inputs",
                Trial { texts: true, report_inputs: true, ..Trial::default() },
            ),
        ] {
            let trials = vec![trial; BATCH];
            let (invar, other, ratio) = in_turn(
                || {
                    let mut go =
                        || (0..RUNS / BATCH).for_each(|_| drop(black_box(probing.run(&trials).unwrap())));
                    work(|| one_core.install(&mut go))
                },
                || work(|| (0..RUNS).for_each(|_| plain(&engine, &skill, &start))),
            );
            let rate = |seconds: f64| RUNS as f64 / seconds;
            println!(
                "{name}, instrumented, {kind}: {:.0} runs/s, plain {:.0} runs/s, time ratio {ratio:.2} (target 8000 runs/s)",
                rate(invar),
                rate(other)
            );
        }
    }
}

fn plain(engine: &Engine, skill: &invar_engine::Skill, start: &Start) {
    let memory = Memory::new(Keep::Events);
    engine.run(skill, start, Box::new(memory.clone())).unwrap();
    black_box(Behaviour::of(&memory.take()).unwrap());
}

/// Loads in an instrumented copy against the same in the skill itself; then what the copy takes to be made.
pub(crate) fn overhead() {
    let component = std::fs::read(skills::directory("loads").join("loads.wasm")).unwrap();
    let engine = Engine::new(None).unwrap();
    let skill = engine.load(&component).unwrap();
    for (gate, pokes) in [
        (HitFilter::First, Vec::new()),
        // A few values, as a search of an interpreter may know.
        (HitFilter::Known, (0..16).map(|value: u64| MemoryInit::Known(value << 40 | 1)).collect()),
    ] {
        let instrumented = instrument(&component, gate).unwrap();
        let probed = engine.load_probed(&skill, &instrumented.bytes, &instrumented.overhead).unwrap();
        let setup: Arc<[u64]> = pokes.into_iter().map(MemoryInit::packed).collect();
        for input in ["hash 2048", "parse 20000", "sort 200000", "words 100000"] {
            let mut start = skills::start(input.as_bytes());
            start.limits.fuel = u64::MAX / 2;
            let sink = || Box::new(Memory::new(Keep::Events));
            let mut hits = 0;
            let (invar, other, ratio) = in_turn(
                || {
                    let probe = Probe { setup: setup.clone(), ..Probe::default() };
                    work(|| {
                        let run = engine.run_probed(&options(), &probed, &start, probe, sink()).unwrap();
                        hits = run.1.hits.len();
                    })
                },
                || work(|| drop(black_box(engine.run(&skill, &start, sink()).unwrap()))),
            );
            println!(
                "{input}, {gate:?}: {:.1} ms, plain {:.1} ms, ratio {ratio:.2}, {hits} hits reported",
                invar * 1e3,
                other * 1e3
            );
        }
        let (invar, other, ratio) = in_turn(
            || {
                work(|| {
                    drop(black_box(
                        engine.load_probed(&skill, &instrumented.bytes, &instrumented.overhead).unwrap(),
                    ))
                })
            },
            || work(|| drop(black_box(engine.load(&component).unwrap()))),
        );
        let rewriting = median(
            (0..crate::ROUNDS)
                .map(|_| work(|| drop(black_box(instrument(&component, gate).unwrap()))))
                .collect(),
        );
        println!(
            "copy of loads, {gate:?}: {} sites, {} bytes, plain {}, ratio {:.2}; rewritten in {:.1} ms; \
             compiled in {:.0} ms, plain {:.0} ms, ratio {ratio:.2}",
            instrumented.sites.len(),
            instrumented.bytes.len(),
            component.len(),
            instrumented.bytes.len() as f64 / component.len() as f64,
            rewriting * 1e3,
            invar * 1e3,
            other * 1e3
        );
    }
}

/// One call of the probe's import, against the call of a bare host that does least.
pub(crate) fn hit() {
    const CALLS: u32 = 200_000;
    let engine = Engine::new(None).unwrap();
    let overhead =
        ProbeOverhead { import: PROBE_IMPORT.into(), memories: 0, memory_bytes: 0, fuel_ratio: 1, fuel: 0 };
    let clock = skills::now_loop(CALLS);
    let skill = engine.load(&clock).unwrap();
    let probed = engine.load_probed(&skill, &skills::hit_loop(CALLS), &overhead).unwrap();
    let mut start = skills::start(&[]);
    start.limits.fuel = u64::MAX / 2;
    let bare = bare::Host::new(&clock);
    let per_call = |seconds: f64| seconds / f64::from(CALLS) * 1e9;
    let (invar, other, ratio) = in_turn(
        || {
            work(|| {
                let sink = Box::new(Memory::new(Keep::Events));
                let run = engine.run_probed(&options(), &probed, &start, Probe::default(), sink).unwrap();
                assert_eq!(run.1.hits.len(), CALLS as usize);
            })
        },
        || work(|| bare.run(&start.input)),
    );
    println!(
        "host call of the probe: {:.0} ns, bare monotonic-clock.now {:.0} ns, ratio {ratio:.2}",
        per_call(invar),
        per_call(other)
    );
}

/// With no time but that of calls: a copy is measured, not compared.
fn options() -> RunOptions<'static> {
    RunOptions { answers: AnswersFrom::Schedule(Arc::default()), patience: None }
}
