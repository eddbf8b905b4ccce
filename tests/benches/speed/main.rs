//! Speed, as ratios against a bare wasmtime-wasi host with the same settings, measured alternately in this run.
//!
//! `cargo bench -p invar-tests` prints a table; `docs/performance.md` keeps the figures. Nothing here fails: the
//! machine may be busy.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench measures time and prints"
)]

mod bare;
mod probe;
mod skills;

use std::{hint::black_box, time::Instant};

use invar_engine::{Engine, Skill, Start};
use invar_lab::{Plan, Progress};
use invar_monitor::Declared;
use invar_trace::{Behaviour, Discard, Keep, Memory};
use invar_world::{Timestamp, Tree, World};

/// Rounds of each pair; the median counts.
const ROUNDS: usize = 15;

fn main() {
    // `cargo bench` adds flags; a word chooses benches by name.
    let filter = std::env::args().skip(1).find(|arg| !arg.starts_with('-')).unwrap_or_default();
    let benches: [(&str, fn()); 10] = [
        ("calls", host_calls),
        ("hello", hello),
        ("p1", module),
        ("replay", replay),
        ("monitor", monitored),
        ("flat", flat),
        ("fork", fork),
        ("probed", probe::runs),
        ("overhead", probe::overhead),
        ("hit", probe::hit),
    ];
    for (name, bench) in benches {
        if name.contains(&filter) {
            bench();
        }
    }
}

/// Seconds of one go.
fn time(go: impl FnOnce()) -> f64 {
    let start = Instant::now();
    go();
    start.elapsed().as_secs_f64()
}

/// Median seconds of `ours` and `theirs`, measured alternately, and the median of their ratios.
fn in_turn(mut ours: impl FnMut() -> f64, mut theirs: impl FnMut() -> f64) -> (f64, f64, f64) {
    let (mut a, mut b, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    ours();
    theirs();
    for _ in 0..ROUNDS {
        let (a_time, b_time) = (ours(), theirs());
        a.push(a_time);
        b.push(b_time);
        ratios.push(a_time / b_time);
    }
    (median(a), median(b), median(ratios))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A recorded and decided host call against the bare call.
fn host_calls() {
    const CALLS: u32 = 200_000;
    for (name, component, stdin, target) in [
        ("monotonic-clock.now", skills::now_loop(CALLS), 0, 1.3),
        ("input-stream.read, 64 bytes", skills::read_loop(CALLS), CALLS as usize * 64, 1.5),
    ] {
        let engine = Engine::new(None).unwrap();
        let skill = engine.load(&component).unwrap();
        let mut start = skills::start(&vec![7; stdin]);
        start.limits.fuel = u64::MAX / 2;
        let bare = bare::Host::new(&component);
        let per_call = |seconds: f64| seconds / f64::from(CALLS) * 1e9;
        let (invar, other, ratio) = in_turn(
            || {
                time(|| {
                    drop(black_box(engine.run(&skill, &start, Box::new(Memory::new(Keep::Events))).unwrap()))
                })
            },
            || time(|| bare.run(&start.input)),
        );
        println!(
            "host call {name}: {:.0} ns, bare {:.0} ns, ratio {ratio:.2} (target {target})",
            per_call(invar),
            per_call(other)
        );
    }
}

/// Whole lab runs of a small skill, one core.
fn hello() {
    const RUNS: u32 = 2000;
    let (engine, skill, start) = skills::example("hello");
    let bare = bare::Host::new(&skills::component("hello"));
    let (invar, other, ratio) = in_turn(
        || {
            time(|| {
                for _ in 0..RUNS {
                    black_box(engine.run(&skill, &start, Box::new(Memory::new(Keep::Events))).unwrap());
                }
            })
        },
        || {
            time(|| {
                for _ in 0..RUNS {
                    bare.run_in_directory(&start.input);
                }
            })
        },
    );
    let rate = |seconds: f64| f64::from(RUNS) / seconds;
    println!(
        "hello, whole run: {:.0} runs/s, bare with real files {:.0} runs/s, ratio {ratio:.2} (target 8000 runs/s)",
        rate(invar),
        rate(other)
    );
    let discarded = time(|| {
        for _ in 0..RUNS {
            black_box(engine.run(&skill, &start, Box::new(Discard)).unwrap());
        }
    });
    println!("hello, trace discarded: {:.0} runs/s", rate(discarded));
    let behaviours = time(|| {
        for _ in 0..RUNS {
            let memory = Memory::new(Keep::Events);
            engine.run(&skill, &start, Box::new(memory.clone())).unwrap();
            black_box(Behaviour::of(&memory.take()).unwrap());
        }
    });
    println!("hello, with its behaviour: {:.0} runs/s", rate(behaviours));
}

/// Whole lab runs of a small module for WASI preview 1, one core.
fn module() {
    const RUNS: u32 = 2000;
    let engine = Engine::new(None).unwrap();
    let skill = engine.load(&skills::hello_module()).unwrap();
    let start = skills::start(&[]);
    let runs = || {
        time(|| {
            for _ in 0..RUNS {
                black_box(engine.run(&skill, &start, Box::new(Memory::new(Keep::Events))).unwrap());
            }
        })
    };
    let (seconds, _, _) = in_turn(runs, runs);
    println!("p1 hello, whole run: {:.1} µs", seconds / f64::from(RUNS) * 1e6);
}

/// A replay against the run that it replays: many calls, and a whole small run.
fn replay() {
    let calls = 200_000;
    let engine = Engine::new(None).unwrap();
    let skill = engine.load(&skills::now_loop(calls)).unwrap();
    replay_of("200,000 host calls", 1, &engine, &skill, &skills::start(&[]));
    let (engine, skill, start) = skills::example("hello");
    replay_of("hello", 500, &engine, &skill, &start);
}

fn replay_of(name: &str, runs: u32, engine: &Engine, skill: &Skill, start: &Start) {
    let memory = Memory::new(Keep::All);
    engine.run(skill, start, Box::new(memory.clone())).unwrap();
    let trace = memory.take();
    let (invar, other, ratio) = in_turn(
        || {
            time(|| {
                for _ in 0..runs {
                    assert!(engine.replay(skill, &trace).unwrap().exact);
                }
            })
        },
        || {
            time(|| {
                for _ in 0..runs {
                    black_box(engine.run(skill, start, Box::new(Memory::new(Keep::All))).unwrap());
                }
            })
        },
    );
    println!(
        "replay of {name}: {:.1} µs, live {:.1} µs, ratio {ratio:.2} (target 1.0)",
        invar / f64::from(runs) * 1e6,
        other / f64::from(runs) * 1e6
    );
}

struct Silent;

impl Progress for Silent {
    fn run(&self, _: u32, _: u32) {}
    fn followups(&self, _: u32, _: &str) {}
    fn search(&self, _: &invar_lab::Searching, _: u64) {}

    fn done(&self) {}
}

fn monitor(runs: u32) {
    let (engine, skill, start) = skills::example("data-enrichment-service");
    let plan = Plan::of(runs);
    let declared = Declared { envelope: start.envelope.as_deref().cloned(), ..Declared::default() };
    let subject = skills::subject();
    let given = invar_lab::SeriesInput { start: &start, others: &[], stored: None };
    black_box(invar_lab::monitor(&engine, &skill, given, declared, subject, plan, &Silent).unwrap());
}

/// A thousand monitored runs against a thousand bare ones.
fn monitored() {
    const RUNS: u32 = 1000;
    let bare = bare::Host::new(&skills::component("data-enrichment-service"));
    let (_, _, start) = skills::example("data-enrichment-service");
    let monitored = time(|| monitor(RUNS));
    let other = time(|| {
        bare.reset_directory("data-enrichment-service");
        for _ in 0..RUNS {
            bare.run_in_directory(&start.input);
        }
    });
    println!(
        "1000 monitored runs: {monitored:.2} s, bare runs {other:.2} s; 1.25 × bare + 1 s = {:.2} s",
        1.25 * other + 1.0
    );
}

/// Cost per run and memory, from 100 to 10,000 runs.
fn flat() {
    for runs in [100, 1000, 10_000] {
        let seconds = time(|| monitor(runs));
        println!(
            "{runs} monitored runs: {:.3} ms a run, peak memory {} MiB",
            seconds / f64::from(runs) * 1e3,
            peak_mib()
        );
    }
}

/// The process's peak resident memory.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
    line.split_whitespace().next().and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// Forking a state of ten thousand files, and what the first change then costs.
fn fork() {
    const FORKS: u32 = 1000;
    let time_0 = Timestamp(0);
    let mut tree = Tree::new(time_0);
    for number in 0..10_000 {
        tree.put_file(&format!("/data/{}/file-{number}", number % 100), b"content", time_0).unwrap();
    }
    let _ = tree.digest();
    let seconds = time(|| {
        for _ in 0..FORKS {
            black_box(tree.clone());
        }
    });
    println!("fork of 10,000 files: {:.2} µs (target 50 µs)", seconds / f64::from(FORKS) * 1e6);
    let seconds = time(|| {
        for number in 0..FORKS {
            let mut forked = tree.clone();
            forked
                .put_file(&format!("/data/1/file-{}", 1 + 100 * (number % 100)), b"changed", time_0)
                .unwrap();
            black_box(forked.digest());
        }
    });
    println!("fork, one change, new digest: {:.2} µs", seconds / f64::from(FORKS) * 1e6);
    let world = World::default();
    let start = Start::new("fork", world, tree);
    black_box(start);
}
