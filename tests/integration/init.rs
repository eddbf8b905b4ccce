//! From a `.wasm` file to a report without writing a manifest.

use crate::helpers::{Invar, project};

/// A copy of an example's component, in a directory of its own.
fn component(invar: &Invar, example: &str) -> String {
    let file = example.replace('-', "_");
    let bytes = std::fs::read(project(&format!("skills-examples/{example}/{file}.wasm"))).unwrap();
    invar.write(&format!("new/{example}.wasm"), bytes)
}

#[test]
fn a_component_gets_a_manifest_with_what_its_runs_needed_and_is_monitored_with_it() {
    let invar = Invar::new();
    let wasm = component(&invar, "clock-stamp");
    let input = invar.write("new/input.txt", "a\n");
    invar.run(&["init", &wasm, "--input", &input]).expect(0);
    let manifest = std::fs::read_to_string(invar.path("new/skill.toml")).unwrap();
    for line in [
        "name = \"clock-stamp\"",
        "component = \"clock-stamp.wasm\"",
        "input = \"input.txt\"",
        "clock = [\"wall\"]",
        "# Learnt from 20 runs",
    ] {
        assert!(manifest.contains(line), "{line}: {manifest}");
    }
    let directory = wasm.strip_suffix("/clock-stamp.wasm").unwrap();
    let report = invar.run(&["monitor", directory, "--keep", "none"]).expect(0).stdout;
    assert!(report.contains("every effect is declared"), "{report}");
}

#[test]
fn a_manifest_that_is_there_is_not_overwritten() {
    let invar = Invar::new();
    let wasm = component(&invar, "hello");
    invar.write("new/skill.toml", "mine");
    let error = invar.run(&["init", &wasm]).expect(33).stderr;
    assert!(error.contains("is there already"), "{error}");
    assert_eq!(std::fs::read_to_string(invar.path("new/skill.toml")).unwrap(), "mine");
}

#[test]
fn a_new_directory_holds_all_that_the_manifest_names() {
    let invar = Invar::new();
    let (wasm, input) = (component(&invar, "word-count"), invar.write("text.txt", "a b\n"));
    let to = invar.path("made").display().to_string();
    invar.run(&["init", &wasm, "--input", &input, "--to", &to, "--", "--verbose"]).expect(0);
    invar.run(&["monitor", &to, "--keep", "none"]).expect(0);
    let error = invar.run(&["init", &wasm, "--to", &to]).expect(33).stderr;
    assert!(error.contains("is there already"), "{error}");
}

#[test]
fn a_tool_skill_gets_a_call_of_each_function() {
    let invar = Invar::new();
    let bytes = std::fs::read(project("skills-examples/tools/every-type/every_type.wasm")).unwrap();
    let (wasm, to) = (invar.write("every.wasm", bytes), invar.path("made").display().to_string());
    invar.run(&["init", &wasm, "--to", &to]).expect(0);
    let manifest = std::fs::read_to_string(invar.path("made/skill.toml")).unwrap();
    assert!(manifest.contains("echo@0.1.0.divide\", args = "), "{manifest}");
    let report = invar.run(&["monitor", &to, "--keep", "none"]);
    assert!(report.stdout.contains("every effect is declared"), "{}", report.stdout);
}

#[test]
fn runs_that_fail_say_so_in_the_manifest() {
    let invar = Invar::new();
    let wasm = component(&invar, "hello");
    invar.run(&["init", &wasm, "--", "--verbose"]).expect(0);
    let manifest = std::fs::read_to_string(invar.path("new/skill.toml")).unwrap();
    assert!(manifest.contains("# Its runs failed: ") && manifest.contains("/data/greetings"), "{manifest}");
    assert!(manifest.contains("world = \"world.toml\""), "{manifest}");
    let world = std::fs::read_to_string(invar.path("new/world.toml")).unwrap();
    assert_eq!(world, "args = [\"--verbose\"]\n");
}

#[test]
fn what_a_skill_needs_is_learnt_whatever_it_declares() {
    let invar = Invar::new();
    let learnt = invar.run(&["envelope", "learn", "@data-enrichment-service"]).expect(0).stdout;
    assert!(learnt.starts_with("[envelope]\n# Learnt from 20 runs"), "{learnt}");
    assert!(learnt.contains("network = [\"tcp://203.0.113.9:443\"]"), "undeclared, and needed: {learnt}");
    let path = invar.write("learnt.toml", &learnt);
    let report = invar.run(&["monitor", "@data-enrichment-service", "--envelope", &path, "--keep", "none"]);
    assert!(report.stdout.contains("every effect is declared"), "{}", report.stdout);
}

#[test]
fn an_envelope_that_does_not_cover_another_says_what_it_lacks() {
    let invar = Invar::new();
    let outer = invar.write("outer.toml", "[envelope]\nfiles.read = [\"/data/**\"]\nlimits = { fuel = 5 }\n");
    let inner = invar
        .write("inner.toml", "[envelope]\nfiles.read = [\"/data/a\", \"$HOME/x\"]\nclock = [\"wall\"]\n");
    let refused = invar.run(&["envelope", "check", &outer, "--covers", &inner]).expect(34).stdout;
    for lacking in ["$HOME/x", "clock        wall", "limits       fuel"] {
        assert!(refused.contains(lacking), "{lacking}: {refused}");
    }
    assert!(!refused.contains("/data/a"), "{refused}");
    invar.run(&["envelope", "check", &outer, "--covers", &outer]).expect(0);
}

#[test]
fn a_star_in_a_name_that_the_skill_made_up_is_not_learnt() {
    let invar = Invar::new();
    let module = r#"(module (import "wasi_snapshot_preview1" "path_open"
            (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
        (memory (export "memory") 1) (data (i32.const 8) "**")
        (func (export "_start")
            (drop (call $open (i32.const 3) (i32.const 0) (i32.const 8) (i32.const 2) (i32.const 0)
                (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 100)))))"#;
    let skill = invar.write("star.wasm", wat::parse_str(module).unwrap());
    let learnt = invar.run(&["envelope", "learn", &skill]).expect(0).stdout;
    assert!(!learnt.contains("\nfiles.read"), "{learnt}");
    assert!(learnt.contains("# No entry allows this and nothing else: files.read = [\"/**\"]"), "{learnt}");
    let envelope = invar.write("none.toml", "[envelope]\n");
    let advice = invar.run(&["run", &skill, "--world", "lab", "--envelope", &envelope]).stderr;
    assert!(advice.contains("no entry allows this alone"), "{advice}");
}

#[test]
fn an_input_that_has_the_name_of_a_file_of_the_new_directory_is_refused() {
    let invar = Invar::new();
    let (wasm, to) = (component(&invar, "word-count"), invar.path("made").display().to_string());
    for name in ["skill.toml", "world.toml", "word-count.wasm"] {
        let input = invar.write(&format!("inputs/{name}"), "a b");
        let error = invar.run(&["init", &wasm, "--input", &input, "--to", &to]).expect(33).stderr;
        assert!(error.contains(&format!("cannot be copied as {name}")), "{error}");
        assert!(!invar.path("made").exists());
    }
}

#[test]
fn a_component_is_needed_and_in_a_directory_of_several_a_name() {
    let invar = Invar::new();
    assert!(invar.run(&["init", "no-such.wasm"]).expect(33).stderr.contains("cannot read no-such.wasm"));
    let text = invar.write("text.wasm", "no component");
    invar.run(&["init", &text]).expect(33);
}

#[test]
fn an_envelope_is_learnt_from_the_call_that_is_asked_for() {
    let invar = Invar::new();
    let learn = |name: &str, args: &str| {
        invar.run(&["envelope", "learn", "@tools/files", "--runs", "3", "--call", name, "--args", args])
    };
    let learnt = learn("write-file", r#"{"path": "/tmp/a.txt", "content": "x"}"#).expect(0).stdout;
    assert!(learnt.contains("files.write = [\"$ARG:path\"]"), "{learnt}");
    assert!(!learnt.contains("/data"), "the calls of the manifest are not made: {learnt}");
    let error = learn("nope", "{}").expect(33).stderr;
    assert!(error.contains("there is no function nope; there are read-file"), "{error}");
    let error = invar.run(&["envelope", "learn", "@hello", "--call", "f"]).expect(33).stderr;
    assert!(error.contains("the skill exports none that is called by its name"), "{error}");
}

#[test]
fn an_envelope_that_cannot_be_read_is_named() {
    let invar = Invar::new();
    let good = invar.write("good.toml", "[envelope]\n");
    let bad = invar.write("bad.toml", "[envelope]\nfiles.read = [\"$USER/x\"]\n");
    let error = invar.run(&["envelope", "check", &good, "--covers", &bad]).expect(33).stderr;
    assert!(
        error.contains("\"$USER\" is not a variable of patterns") && error.contains("bad.toml:2:"),
        "{error}"
    );
    assert!(
        invar
            .run(&["envelope", "check", "none.toml", "--covers", &good])
            .expect(33)
            .stderr
            .contains("none.toml")
    );
}
