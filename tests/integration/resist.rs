//! Skills that are built so that an instrumented copy is hard to make, or does something else: the search finds what is in
//! them all the same, or the report says that they resist. Nothing of it ends in a fault of ours.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::helpers::Invar;

/// A p1 command that writes a file at 03:47 of any day; `fields` stand in its module, `first` before everything it does,
/// `more` behind.
fn sleeper(fields: &str, first: &str, more: &str) -> Vec<u8> {
    let text = format!(
        r#"(module
            (import "wasi_snapshot_preview1" "clock_time_get" (func $now (param i32 i64 i32) (result i32)))
            (import "wasi_snapshot_preview1" "path_open"
                (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
            (memory (export "memory") 1)
            (data (i32.const 100) "tmp/.sync")
            {fields}
            (func $bad
                (drop (call $open (i32.const 3) (i32.const 0) (i32.const 100) (i32.const 9) (i32.const 9)
                    (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 16))))
            (func (export "_start") (local $m i32)
                {first}
                (drop (call $now (i32.const 0) (i64.const 1) (i32.const 8)))
                (local.set $m (i32.wrap_i64 (i64.rem_u
                    (i64.div_u (i64.load (i32.const 8)) (i64.const 60000000000)) (i64.const 1440))))
                (if (i32.eq (local.get $m) (i32.const 227)) (then (call $bad)))
                {more}))"#
    );
    wat::parse_str(text).unwrap()
}

/// The report of a monitoring or a search, and how the command ended.
fn report_of(command: &str, component: &[u8]) -> (i32, Value) {
    let invar = Invar::new();
    invar.write("skill/skill.wasm", component);
    let manifest = "[skill]\nname = \"s\"\nversion = \"1.0.0\"\npublisher = \"example.org\"\n\
        component = \"skill.wasm\"\n[envelope]\nclock = [\"wall\"]\n[claims]\nvaries_with = []\n";
    invar.write("skill/skill.toml", manifest);
    let skill = invar.path("skill").display().to_string();
    let output = invar.run(&[command, &skill, "--format", "json"]);
    assert_ne!(output.code, 1, "{}", output.stderr);
    (output.code, output.json())
}

#[track_caller]
fn is_found(component: &[u8]) -> Value {
    let (code, report) = report_of("monitor", component);
    assert_eq!(code, 22, "{}: {}", report["reason"], report["detection_power"]);
    report
}

fn resists(report: &Value) -> Option<String> {
    let findings = report["invariants"]["envelope"]["findings"].as_array()?;
    let all = findings
        .iter()
        .find(|finding| finding["what"].as_str().unwrap_or("").starts_with("resists analysis: "))?;
    assert_eq!(all["severity"], "minor");
    all["what"].as_str().map(str::to_owned)
}

#[test]
fn padding_in_a_function_that_nobody_calls_hides_nothing() {
    let padding = "(drop (i32.eqz (i32.const 7)))".repeat(26_000);
    let report = is_found(&sleeper(&format!("(func $dead {padding})"), "", ""));
    assert_eq!(resists(&report), None);
}

#[test]
fn thousands_of_comparisons_that_are_executed_once_hide_nothing() {
    let padding = "(drop (i32.eqz (local.get $m)))".repeat(30_000);
    let report = is_found(&sleeper("", &padding, ""));
    assert_eq!(resists(&report), None);
}

#[test]
fn no_name_of_an_import_keeps_probes_out_of_a_module() {
    // The p1 surface cannot name a module so: a component can. One is the name of the probe, the other that by which
    // an adapter of p1 modules knows the module.
    let text = |name: &str| {
        r#"(component
        (import "wasi:clocks/wall-clock@0.2.0" (instance $clock
            (type $t (record (field "seconds" u64) (field "nanoseconds" u32)))
            (export "datetime" (type $d (eq $t)))
            (export "now" (func (result $d)))))
        (import "wasi:random/random@0.2.0" (instance $random
            (export "get-random-u64" (func (result u64)))))
        (core module $memory (memory (export "m") 1))
        (core instance $memory (instantiate $memory))
        (core func $now (canon lower (func $clock "now") (memory (core memory $memory "m"))))
        (core func $draw (canon lower (func $random "get-random-u64")))
        (core module $m
            (import "NAME" "hit" (func $now (param i32)))
            (import "NAME" "draw" (func $draw (result i64)))
            (import "memory" "m" (memory 1))
            (func (export "run") (result i32)
                (call $now (i32.const 8))
                (if (i64.eq (i64.rem_u (i64.div_u (i64.load (i32.const 8)) (i64.const 60)) (i64.const 1440))
                        (i64.const 227))
                    (then (return (i32.const 1))))
                (i32.const 0)))
        (core instance $i (instantiate $m
            (with "memory" (instance $memory))
            (with "NAME" (instance (export "hit" (func $now)) (export "draw" (func $draw))))))
        (func $run (result (result)) (canon lift (core func $i "run")))
        (instance $cli (export "run" (func $run)))
        (export "wasi:cli/run@0.2.0" (instance $cli)))"#
            .replace("NAME", name)
    };
    for name in ["invar-probe", "__main_module__"] {
        let (_, report) = report_of("fuzz", &wat::parse_str(text(name)).unwrap());
        assert_eq!(resists(&report), None);
        assert_eq!(report["triggers"][0]["kind"], "clock", "{name}: {}", report["reason"]);
        assert_eq!(report["coverage"]["functions"]["exist"], 1, "{name}");
    }
}

#[test]
fn memory_that_is_grown_to_the_limit_is_the_original_s_and_not_that_of_its_probes() {
    let grow = |pages: u32| {
        format!("(if (i32.lt_s (memory.grow (i32.const {pages})) (i32.const 0)) (then (unreachable)))")
    };
    let report = is_found(&sleeper("", &grow(8189), ""));
    assert_eq!(resists(&report), None);
}

#[test]
fn recursion_that_just_fits_the_stack_fits_that_of_a_copy() {
    // Frames that hold almost nothing grow most.
    let deep = |depth: u32| {
        let fields = "(func $deep (param i32) (result i32)
            (if (result i32) (i32.eqz (local.get 0))
                (then (i32.const 0))
                (else (i32.add (i32.const 1) (call $deep (i32.sub (local.get 0) (i32.const 1)))))))";
        sleeper(fields, &format!("(drop (call $deep (i32.const {depth})))"), "")
    };
    let completes = |depth: u32| {
        let invar = Invar::new();
        let file = invar.write("deep.wasm", deep(depth));
        invar.run(&["run", "--world", "lab", &file]).code == 0
    };
    // As deep as it can go, to within a hundredth.
    let (mut low, mut high) = (1_000, 40_000);
    assert!(completes(low) && !completes(high));
    while high - low > high / 100 {
        let middle = low.midpoint(high);
        if completes(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    let report = is_found(&deep(low));
    assert_eq!(resists(&report), None, "at depth {low}");
}

#[test]
fn a_dead_function_that_takes_no_probes_is_counted_and_hides_nothing() {
    let locals = format!("(local {})", "i64 ".repeat(49_995));
    let report = is_found(&sleeper(&format!("(func $dead {locals})"), "", ""));
    assert_eq!(resists(&report), None);
    // What is dead, what is bad and the start.
    assert_eq!(report["coverage"]["functions"], json!({ "exist": 3, "executed": 2 }));
}

#[test]
fn an_executed_function_that_takes_no_probes_resists_and_is_reported_so() {
    let locals = format!("(local {})", "i64 ".repeat(49_993));
    let (code, report) = report_of("monitor", &sleeper("", &locals, ""));
    let words = resists(&report).unwrap();
    assert!(words.contains("take no probes") || words.contains("takes no probes"), "{words}");
    assert!(code == 20 || code == 22, "{code}: {}", report["reason"]);
    assert!(report["ledger"].is_object());
}

#[test]
fn a_module_with_as_many_memories_as_it_may_have_resists_and_is_reported_so() {
    let memories = "(memory 1)".repeat(99);
    let (code, report) = report_of("monitor", &sleeper(&memories, "", ""));
    let words = resists(&report).unwrap();
    assert!(words.contains("no probes"), "{words}");
    assert!(code == 20 || code == 22, "{code}: {}", report["reason"]);
}

#[test]
fn a_large_function_gets_as_many_probes_as_fit_or_is_reported() {
    // 3 MB of comparisons: with probes more than a function may have.
    let padding = "(drop (i32.eqz (i32.const 7)))".repeat(700_000);
    let (code, report) =
        report_of("monitor", &sleeper(&format!("(func $large {padding})"), "", "(call $large)"));
    assert!(code == 20 || code == 22 || code == 23, "{code}: {}", report["reason"]);
}

/// A command in whose component these fields stand, with `run` of a module.
fn command(fields: &str, core: &str) -> Vec<u8> {
    let text = format!(
        r#"(component {fields}
            (core module $m {core})
            (core instance $i (instantiate $m))
            (func $run (result (result)) (canon lift (core func $i "run")))
            (instance $cli (export "run" (func $run)))
            (export "wasi:cli/run@0.2.0" (instance $cli)))"#
    );
    wat::parse_str(text).unwrap()
}

const RUN: &str = r#"(func (export "run") (result i32) (i32.const 0))"#;

#[test]
fn components_of_every_shape_end_in_a_report() {
    let nested = r#"(component $inner
        (core module $n (func (export "f") (result i32) (i32.eqz (i32.const 3))))
        (core instance $n (instantiate $n))
        (func (export "f") (result bool) (canon lift (core func $n "f"))))
        (instance $one (instantiate $inner)) (instance $two (instantiate $inner))"#;
    let mut many = String::new();
    for number in 0..40 {
        let _ = write!(many, "(core module $e{number} (memory 1)) (core instance (instantiate $e{number}))");
    }
    for (what, component) in [
        ("nested components", command(nested, RUN)),
        ("more modules than the pool takes", command(&many, RUN)),
        (
            "a module with a start function alone",
            command("(core module $s (func $f) (start $f)) (core instance (instantiate $s))", RUN),
        ),
        ("a trap in a start function", command("", &format!("(func $f unreachable) (start $f) {RUN}"))),
        (
            "recursion without end",
            command("", r#"(func $f (call $f)) (func (export "run") (result i32) (call $f) (i32.const 0))"#),
        ),
        (
            "memory without end",
            command(
                "",
                r#"(memory 1) (func (export "run") (result i32) (loop (drop (memory.grow (i32.const 100))) (br 0)) (i32.const 0))"#,
            ),
        ),
        (
            "a table that grows without end",
            command(
                "",
                r#"(table 1 funcref) (func (export "run") (result i32) (loop (drop (table.grow (ref.null func) (i32.const 100000))) (br 0)) (i32.const 0))"#,
            ),
        ),
        (
            "a function that is not quiet",
            command(
                "",
                r#"(func (export "realloc") (result i32) (i32.eqz (i32.const 1))) (func (export "run") (result i32) (i32.const 0))"#,
            ),
        ),
    ] {
        let (code, report) = report_of("monitor", &component);
        assert!([0, 20, 21, 22, 23].contains(&code), "{what}: {code}");
        assert_eq!(resists(&report), None, "{what}");
        assert!(report["ledger"].is_object(), "{what}");
    }
}

#[test]
fn a_loop_in_a_start_function_ends_in_a_report() {
    // Each run burns the whole 10 G that a run may, which takes a machine ten seconds: one is enough here.
    let invar = Invar::new();
    let component = command("", &format!("(func $f (loop (br 0))) (start $f) {RUN}"));
    let file = invar.write("loop.wasm", component);
    let output = invar.run(&["monitor", &file, "--runs", "1", "--format", "json"]).expect(23);
    let report = output.json();
    assert_eq!(report["reason"], "run 1 stopped by the lab's limit on fuel");
    assert!(report["ledger"].is_object());
}

#[test]
fn a_component_without_a_module_ends_in_an_error_of_its_own() {
    let invar = Invar::new();
    let file = invar.write("none.wasm", wat::parse_str("(component)").unwrap());
    invar.run(&["monitor", &file]).expect(33);
}

#[test]
fn more_instances_than_a_store_takes_are_refused_by_their_number() {
    // Ten times ten times ten times ten components of two instances of one module.
    let mut text = String::from(
        "(component $c0 (core module $e (memory 0)) (core instance (instantiate $e)) (core instance (instantiate $e)))",
    );
    for level in 1..5 {
        let mut inner = String::new();
        for _ in 0..10 {
            let _ = write!(inner, "(instance (instantiate $c{}))", level - 1);
        }
        let _ = write!(
            text,
            "(component $c{level} (alias outer 1 $c{} (component $c{})) {inner})",
            level - 1,
            level - 1
        );
    }
    let invar = Invar::new();
    let file = invar.write("many.wasm", command(&format!("{text} (instance (instantiate $c4))"), RUN));
    for words in ["monitor", "fuzz", "inspect"] {
        let output = invar.run(&[words, &file]).expect(33);
        assert!(
            output.stderr.contains("instances of modules and components past the limit of 1000"),
            "{words}: {}",
            output.stderr
        );
    }
}
