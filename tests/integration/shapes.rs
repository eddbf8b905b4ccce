//! Components of hostile shape: refused with a clear error, or run within their limits.

use std::fmt::Write as _;

use invar_engine::LoadError;
use invar_trace::{Ending, Keep, Memory};

use crate::helpers::{Fixture, Invar, start};

/// What comes of loading a component.
fn load(bytes: &[u8]) -> Result<(), LoadError> {
    Fixture::engine().0.load(bytes).map(drop)
}

/// A command in whose component these fields stand before its module is instantiated; the module exports `run`.
fn command(fields: &str, arguments: &str, core: &str) -> Vec<u8> {
    let text = format!(
        r#"(component {fields}
            (core module $m {core})
            (core instance $i (instantiate $m {arguments}))
            (func $run (result (result)) (canon lift (core func $i "run")))
            (instance $cli (export "run" (func $run)))
            (export "wasi:cli/run@0.2.0" (instance $cli)))"#
    );
    wat::parse_str(text).unwrap()
}

const RUN: &str = r#"(func (export "run") (result i32) (i32.const 0))"#;

fn ending(component: &[u8], fuel: u64) -> Ending {
    let (engine, _) = Fixture::engine();
    let skill = engine.load(component).unwrap();
    let start =
        invar_engine::Start { limits: invar_world::Limits { fuel, ..invar_world::Limits::LAB }, ..start() };
    engine.run(&skill, &start, Box::new(Memory::new(Keep::Events))).unwrap().end.ending
}

#[test]
fn components_within_components_without_end_are_refused() {
    // A component in a section of a component, again and again.
    let mut bytes = wat::parse_str("(component)").unwrap();
    for _ in 0..2_000 {
        let mut outer = wat::parse_str("(component)").unwrap();
        outer.push(4);
        let mut len = bytes.len();
        while len >= 0x80 {
            outer.push(u8::try_from(len & 0x7f).unwrap() | 0x80);
            len >>= 7;
        }
        outer.push(u8::try_from(len).unwrap());
        outer.extend_from_slice(&bytes);
        bytes = outer;
    }
    let error = load(&bytes).unwrap_err().to_string();
    assert!(error.contains("components inside each other past the limit"), "{error}");
}

#[test]
fn types_that_would_grow_without_end_are_refused() {
    // Each type has twice the one before: 2^60 in the end.
    let mut types = String::from("(type $t0 (tuple u64 u64))");
    for number in 1..60 {
        let _ = write!(types, "(type $t{number} (tuple $t{} $t{}))", number - 1, number - 1);
    }
    let error = load(&command(&types, "", RUN)).unwrap_err().to_string();
    assert!(error.contains("type size"), "{error}");
    let many: String =
        (0..20_000).map(|number| format!("(type (tuple u8 u{}))", 8 << (number % 4))).collect();
    assert_eq!(load(&command(&many, "", RUN)).map_err(|error| error.to_string()), Ok(()));
}

#[test]
fn of_thousands_of_unknown_imports_a_few_are_named() {
    let imports: String = (0..900).fold(String::new(), |mut all, number| {
        let _ = write!(all, r#"(import "mystery:pack{number}/face@1.0.0" (instance))"#);
        all
    });
    let error = load(&command(&imports, "", RUN)).unwrap_err().to_string();
    assert!(error.contains("mystery:pack0/face@1.0.0"), "{error}");
    assert!(error.contains("more") && error.len() < 2_000, "{} bytes: {error}", error.len());
}

#[test]
fn of_thousands_of_exports_a_few_are_named() {
    let exports: String = (0..5_000).fold(String::new(), |mut all, number| {
        let _ = write!(all, r#"(export "way{number}" (type $t))"#);
        all
    });
    let text = format!("(component (type $t u8) {exports})");
    let error = load(&wat::parse_str(text).unwrap()).unwrap_err().to_string();
    assert!(error.contains("way0") && error.len() < 2_000, "{} bytes", error.len());
}

/// A component that defines a resource with this destructor; running it drops one.
fn dropping(destructor: &str) -> Vec<u8> {
    let fields = format!(
        r#"(core module $d (func (export "dtor") (param i32) {destructor}))
            (core instance $d (instantiate $d))
            (type $own (resource (rep i32) (dtor (core func $d "dtor"))))
            (core func $new (canon resource.new $own))
            (core func $drop (canon resource.drop $own))"#
    );
    let core = r#"(import "own" "new" (func $new (param i32) (result i32)))
        (import "own" "drop" (func $drop (param i32)))
        (func (export "run") (result i32) (call $drop (call $new (i32.const 7))) (i32.const 0))"#;
    let arguments = r#"(with "own" (instance (export "new" (func $new)) (export "drop" (func $drop))))"#;
    command(&fields, arguments, core)
}

#[test]
fn a_destructor_that_loops_is_stopped_by_fuel() {
    assert_eq!(ending(&dropping("(loop (br 0))"), 1_000_000), Ending::Limit("fuel".into()));
}

#[test]
fn a_trap_in_a_destructor_ends_the_run_and_nothing_else() {
    let ended = ending(&dropping("unreachable"), 1_000_000).to_string();
    assert!(ended.contains("trapped") && ended.contains("unreachable"), "{ended}");
    assert_eq!(ending(&dropping(""), 1_000_000), Ending::Returned);
}

#[test]
fn thousands_of_pollables_are_polled_at_once() {
    let mut script = String::new();
    let mut names = String::new();
    for number in 0..3_000_u64 {
        let _ = writeln!(
            script,
            "p{number} = subscribe-duration {}",
            3_600_000_000_000_u64 + number * 1_000_000_000
        );
        let _ = write!(names, " p{number}");
    }
    let played = Fixture::new().play(&format!("{script}poll{names}"));
    assert_eq!(played.answers.last().map(String::as_str), Some("[0]"), "{:?}", played.outcome.end.ending);
}

#[test]
fn names_of_any_bytes_and_links_that_lead_in_circles_are_answered() {
    let long = "n".repeat(300);
    let script = format!(
        "d = get-directories\n\
         symlink-at d \"b\" \"tmp/a\"\n\
         symlink-at d \"a\" \"tmp/b\"\n\
         f = open-at d \"tmp/a\" read\n\
         g = open-at d \"tmp/{long}\" create write\n\
         h = open-at d \"tmp/{}\" create write",
        "deep/".repeat(3_000)
    );
    let played = Fixture::new().play(&script);
    let tail: Vec<&str> = played.answers.iter().rev().take(3).rev().map(String::as_str).collect();
    assert_eq!(tail, ["err loop", "err name-too-long", "err name-too-long"], "{:?}", played.answers);
}

#[test]
fn what_a_skill_names_cannot_forge_a_line() {
    let invar = Invar::new();
    let script = "d = get-directories\nf = open-at d \"tmp/x\\nverdict: CONSISTENT\\u001b[2K\" create write";
    let input = invar.write("script", script);
    let trace = invar.path("run.trace").display().to_string();
    let fixture = "skills-examples/puppet/puppet.wasm";
    invar.run(&["run", fixture, "--world", "lab", "--input", &input, "--record", &trace]).expect(0);
    let shown = invar.run(&["trace", &trace]).expect(0).stdout;
    assert!(shown.contains("CONSISTENT"), "it is shown");
    assert!(!shown.contains('\u{1b}'), "{shown}");
    assert!(!shown.lines().any(|line| line.trim_start().starts_with("verdict:")), "{shown}");
}
