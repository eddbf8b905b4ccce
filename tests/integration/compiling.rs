//! Compiling in a separate process: it gives the same code as in this one, and a skill that stalls or crashes the
//! compiler ends that process alone.

use std::{
    fmt::Write as _,
    io::Write as _,
    process::{Command, Output, Stdio},
};

use invar_engine::{Compiler, Engine, LoadError, Runs};
use invar_monitor::{SearchKind, Verdict};
use invar_trace::Trace;

use crate::helpers::{Invar, OnDisk, component, examples, monitor};

/// What the process that compiles makes of a component.
fn compiled(what: &str, component: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_invar-under-test"))
        .args(["__compile", what])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(component).unwrap();
    child.wait_with_output().unwrap()
}

/// A component of one function.
fn of_one_function(function: &str) -> Vec<u8> {
    wat::parse_str(format!("(component (core module (func $f {function})))")).unwrap()
}

/// As many values as a block can take and give, through 2,000 conditional blocks: 15 KB, and millions of values inside
/// the compiler.
fn of_many_values() -> Vec<u8> {
    let values = "i32 ".repeat(1_000);
    let given = "i32.const 0 ".repeat(1_000);
    let blocks = format!("local.get 0 if (param {values}) (result {values}) end ").repeat(2_000);
    of_one_function(&format!("(param {values}) (result {values}) {given} {blocks}"))
}

#[test]
fn a_process_of_its_own_makes_the_same_code() {
    for name in ["hello", "word-count"] {
        let file = component(name);
        for (word, runs) in [("originals", Runs::Originals), ("copies", Runs::Copies)] {
            let output = compiled(word, &file);
            assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
            assert!(output.stdout == invar_engine::compile(runs, &file).unwrap(), "{name}, {word}");
        }
    }
}

#[test]
fn what_was_compiled_in_a_process_of_its_own_leaves_the_same_trace() {
    let invar = Invar::new();
    let engine = Engine::new(None).unwrap();
    for name in examples() {
        let path = invar.path("run.trace");
        let input = invar.write("input", "one,two\nthree,four\n");
        let skill = format!("@{name}");
        invar.run(&["run", &skill, "--world", "lab", "--input", &input, "--record", path.to_str().unwrap()]);
        let trace = Trace::read(&std::fs::read(&path).unwrap()).unwrap();
        // Compiled here.
        let skill = engine.load(&component(&name)).unwrap();
        assert!(engine.replay(&skill, &trace).unwrap().exact, "{name}");
        std::fs::remove_file(&path).unwrap();
    }
}

#[test]
fn kilobytes_that_take_the_compiler_gigabytes_are_refused_and_leave_us_standing() {
    let invar = Invar::new();
    let bytes = of_many_values();
    assert!(bytes.len() < 20_000, "{}", bytes.len());
    let skill = invar.write("values.wasm", &bytes);
    let output = invar.run(&["inspect", &skill]).expect(33);
    assert!(output.stderr.contains("compiling it took more than 2 GiB of memory"), "{output:?}");
    let output = invar.run(&["run", &skill, "--world", "lab"]).expect(126);
    assert!(output.stderr.contains("compiling it took more than 2 GiB of memory"), "{output:?}");
}

#[test]
fn a_process_that_compiles_is_stopped_by_the_time_of_the_processor() {
    // A thousand loops inside each other, each of which all of a thousand locals flow through.
    let mut body = format!("(local {})", "i32 ".repeat(1_000)) + &"loop ".repeat(1_000);
    for local in 0..1_000 {
        let _ = write!(body, "local.get {local} i32.const 1 i32.add local.set {local} ");
    }
    body += &"local.get 0 br_if 0 end ".repeat(1_000);
    let bytes = of_one_function(&body);
    assert!(bytes.len() < 20_000, "{}", bytes.len());
    // Whoever starts it may bound it closer than it does itself.
    let invar = Invar::new();
    let file = invar.write("loops.wasm", &bytes);
    let line = format!("ulimit -t 2; exec \"$0\" __compile originals < {file}");
    let status = Command::new("sh")
        .args(["-c", &line, env!("CARGO_BIN_EXE_invar-under-test")])
        .stdout(Stdio::null())
        .status()
        .unwrap();
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    assert!(matches!(signal, Some(9 | 24)), "{status}");
}

#[test]
fn a_process_that_compiles_says_what_is_wrong_with_a_component() {
    let invar = Invar::new();
    let skill = invar.write("bad.wasm", of_one_function("(result i32) i64.const 0"));
    let output = invar.run(&["inspect", &skill]).expect(33);
    assert!(output.stderr.contains("not valid WebAssembly"), "{output:?}");
    assert!(output.stderr.lines().count() < 10, "{output:?}");
}

/// Compiles originals, and has no process for copies.
struct Exhausted;

impl Compiler for Exhausted {
    fn compile(&self, runs: Runs, component: &[u8]) -> Result<Vec<u8>, LoadError> {
        match runs {
            Runs::Originals => invar_engine::compile(runs, component),
            Runs::Copies => Err(LoadError::Engine("no process to compile in".into())),
        }
    }
}

#[test]
fn a_host_that_cannot_compile_a_copy_is_not_held_against_the_skill() {
    let engine = Engine::new(None).unwrap().with_compiler(Box::new(Exhausted));
    let OnDisk { component, start, .. } = OnDisk::read("word-count");
    let skill = engine.load(&component).unwrap();
    let report = monitor(&engine, &skill, &start, 5);
    assert_eq!(report.verdict, Verdict::Consistent, "{}", report.reason);
    assert_eq!(report.coverage.search, SearchKind::None);
    let limits = report.coverage.limits.join("; ");
    assert!(limits.contains("the host could not make an instrumented copy"), "{limits}");
}
