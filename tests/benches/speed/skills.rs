//! What the benches run.

use std::path::Path;

use invar_engine::{Engine, Skill, Start};
use invar_envelope::{Document, Manifest};
use invar_monitor::{EngineId, SkillId, Subject};
use invar_world::{FileSource, Timestamp, Tree, World, WorldDocument};

/// A component that reads the monotonic clock so often.
pub(crate) fn now_loop(calls: u32) -> Vec<u8> {
    wat::parse_str(format!(
        r#"(component
          (import "wasi:clocks/monotonic-clock@0.2.0" (instance $clock (export "now" (func (result u64)))))
          (core func $now (canon lower (func $clock "now")))
          (core module $m
            (import "clock" "now" (func $now (result i64)))
            (func (export "run") (result i32)
              (local $left i32)
              (local.set $left (i32.const {calls}))
              (loop $again
                (drop (call $now))
                (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
              (i32.const 0)))
          (core instance $i (instantiate $m (with "clock" (instance (export "now" (func $now))))))
          (func $run (result (result)) (canon lift (core func $i "run")))
          (instance $cli (export "run" (func $run)))
          (export "wasi:cli/run@0.2.0" (instance $cli)))"#
    ))
    .unwrap()
}

/// A component that reads 64 bytes of standard input so often.
pub(crate) fn read_loop(calls: u32) -> Vec<u8> {
    wat::parse_str(format!(
        r#"(component
          (import "wasi:io/error@0.2.0" (instance $error (export "error" (type (sub resource)))))
          (alias export $error "error" (type $error-type))
          (import "wasi:io/streams@0.2.0" (instance $streams
            (export "input-stream" (type $in (sub resource)))
            (alias outer 1 $error-type (type $e))
            (export "error" (type $e2 (eq $e)))
            (type $failure (variant (case "last-operation-failed" (own $e2)) (case "closed")))
            (export "stream-error" (type $failure2 (eq $failure)))
            (export "[method]input-stream.read" (func (param "self" (borrow $in)) (param "len" u64)
              (result (result (list u8) (error $failure2)))))))
          (alias export $streams "input-stream" (type $in))
          (import "wasi:cli/stdin@0.2.0" (instance $stdin
            (alias outer 1 $in (type $own-in))
            (export "input-stream" (type $in2 (eq $own-in)))
            (export "get-stdin" (func (result (own $in2))))))
          (core module $libc
            (memory (export "memory") 1)
            (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
          (core instance $libc (instantiate $libc))
          (core func $get (canon lower (func $stdin "get-stdin")))
          (core func $read (canon lower (func $streams "[method]input-stream.read")
            (memory $libc "memory") (realloc (func $libc "realloc"))))
          (core module $m
            (import "io" "get" (func $get (result i32)))
            (import "io" "read" (func $read (param i32 i64 i32)))
            (func (export "run") (result i32)
              (local $left i32) (local $stream i32)
              (local.set $stream (call $get))
              (local.set $left (i32.const {calls}))
              (loop $again
                (call $read (local.get $stream) (i64.const 64) (i32.const 16))
                (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
              (i32.const 0)))
          (core instance $i (instantiate $m (with "io" (instance
            (export "get" (func $get)) (export "read" (func $read))))))
          (func $run (result (result)) (canon lift (core func $i "run")))
          (instance $cli (export "run" (func $run)))
          (export "wasi:cli/run@0.2.0" (instance $cli)))"#
    ))
    .unwrap()
}

/// A module for WASI preview 1 that looks at its arguments and variables and says hello, as a program in C begins.
pub(crate) fn hello_module() -> Vec<u8> {
    wat::parse_str(
        r#"(module
          (import "wasi_snapshot_preview1" "args_sizes_get" (func $args (param i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environ (param i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "fd_prestat_get" (func $prestat (param i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "fd_fdstat_get" (func $fdstat (param i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
          (memory (export "memory") 2)
          (data (i32.const 0) "\10\00\00\00\0d\00\00\00")
          (data (i32.const 16) "hello, world\n")
          (func (export "_start")
            (drop (call $args (i32.const 64) (i32.const 68)))
            (drop (call $environ (i32.const 64) (i32.const 68)))
            (drop (call $prestat (i32.const 3) (i32.const 64)))
            (drop (call $prestat (i32.const 4) (i32.const 64)))
            (drop (call $fdstat (i32.const 1) (i32.const 64)))
            (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 64)))
            (call $exit (i32.const 0))))"#,
    )
    .unwrap()
}

/// An instrumented copy that does nothing but report a comparison so often.
pub(crate) fn hit_loop(calls: u32) -> Vec<u8> {
    wat::parse_str(format!(
        r#"(component
          (import "invar-probe" (func $hit (param "site" u32) (param "left" u64) (param "right" u64) (result u64)))
          (core func $hit (canon lower (func $hit)))
          (core module $m
            (import "probe" "hit" (func $hit (param i32 i64 i64) (result i64)))
            (func (export "run") (result i32)
              (local $left i32)
              (local.set $left (i32.const {calls}))
              (loop $again
                (drop (call $hit (i32.const 1) (i64.const 2) (i64.const 3)))
                (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
              (i32.const 0)))
          (core instance $i (instantiate $m (with "probe" (instance (export "hit" (func $hit))))))
          (func $run (result (result)) (canon lift (core func $i "run")))
          (instance $cli (export "run" (func $run)))
          (export "wasi:cli/run@0.2.0" (instance $cli)))"#
    ))
    .unwrap()
}

/// A run in the default world.
pub(crate) fn start(input: &[u8]) -> Start {
    let mut start = Start::new("bench", World::default(), Tree::new(Timestamp(0)));
    start.input = input.into();
    start
}

/// The directory of an example.
pub(crate) fn directory(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../skills-examples").join(name)
}

fn manifest(name: &str) -> Manifest {
    let text = std::fs::read_to_string(directory(name).join("skill.toml")).unwrap();
    Manifest::parse(Document { name, text: &text }).unwrap()
}

/// The component of an example.
pub(crate) fn component(name: &str) -> Vec<u8> {
    std::fs::read(directory(name).join(manifest(name).skill.component)).unwrap()
}

/// An example, ready to run in the world of its manifest.
pub(crate) fn example(name: &str) -> (Engine, Skill, Start) {
    let manifest = manifest(name);
    // Most skills of the corpus live in the default world.
    let text = std::fs::read_to_string(directory(name).join("world.toml")).unwrap_or_default();
    let WorldDocument { world, files, .. } = WorldDocument::parse(Document { name, text: &text }).unwrap();
    let time = world.start;
    let mut tree = Tree::new(time);
    for (path, source) in files {
        let content = match source {
            FileSource::Text(text) => text.into_bytes(),
            FileSource::Import(file) => std::fs::read(directory(name).join(file)).unwrap(),
            other => panic!("the examples have no {other:?}"),
        };
        tree.put_file(&path, &content, time).unwrap();
    }
    for root in manifest.envelope.roots().chain(["/tmp".to_owned()]) {
        tree.make_directories(&root, time).unwrap();
    }
    let mut start = Start::new(name, world, tree);
    start.input = std::fs::read(directory(name).join(manifest.lab.input.unwrap())).unwrap().into();
    start.envelope = Some(manifest.envelope.into());
    let engine = Engine::new(None).unwrap();
    let skill = engine.load(&component(name)).unwrap();
    (engine, skill, start)
}

pub(crate) fn subject() -> Subject {
    Subject {
        id: "00000000".into(),
        skill: SkillId {
            name: "bench".into(),
            version: String::new(),
            publisher: String::new(),
            component_sha256: "0".repeat(64),
            envelope_sha256: "0".repeat(64),
        },
        engine: EngineId { version: String::new(), config_sha256: String::new() },
        seed: 7,
    }
}
