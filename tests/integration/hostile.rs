//! Bad input and bad skills: a clear error or a clean stop, the right exit code, no panic and no hang.

use std::fmt::Write as _;

use invar_engine::{Engine, LoadError, Refusal};
use invar_trace::{Ending, Keep, Memory, Trace, TraceError};

use crate::helpers::{Fixture, Invar, Output, component, load_wat, start};

/// A command whose core module has these fields; it must export `run`.
fn command(core: &str) -> String {
    format!(
        r#"(component
            (core module $m {core})
            (core instance $i (instantiate $m))
            (func $run (result (result)) (canon lift (core func $i "run")))
            (instance $cli (export "run" (func $run)))
            (export "wasi:cli/run@0.2.0" (instance $cli)))"#
    )
}

const RUN: &str = r#"(func (export "run") (result i32) (i32.const 0))"#;

/// How a run with so much fuel ends.
fn ending(text: &str, fuel: u64) -> Ending {
    let (engine, _) = Fixture::engine();
    let skill = load_wat(engine, text);
    let start =
        invar_engine::Start { limits: invar_world::Limits { fuel, ..invar_world::Limits::LAB }, ..start() };
    engine.run(&skill, &start, Box::new(Memory::new(Keep::Events))).unwrap().end.ending
}

fn fixture_ends(script: &str) -> String {
    Fixture::new().play(script).outcome.end.ending.to_string()
}

/// What every command says of a bad file: 33, or 126 from `run`; never a panic.
fn refused(name: &str, bytes: &[u8]) -> String {
    let invar = Invar::new();
    let path = invar.write(name, bytes);
    let inspected = clean(invar.run(&["inspect", &path])).expect(33);
    assert_eq!(inspected.stdout, "");
    clean(invar.run(&["monitor", &path])).expect(33);
    clean(invar.run(&["run", &path, "--world", "lab"])).expect(126);
    inspected.stderr
}

#[track_caller]
fn clean(output: Output) -> Output {
    assert!(!output.stderr.contains("panicked") && !output.stderr.contains("RUST_BACKTRACE"), "{output:?}");
    output
}

#[test]
fn a_file_that_is_not_wasm_is_refused() {
    assert!(refused("skill.wasm", b"#!/bin/sh\n").contains("not WebAssembly"));
    assert!(refused("skill.wasm", b"").contains("not WebAssembly"));
    assert!(refused("skill.wasm", b"\0asm").contains("not WebAssembly"));
}

#[test]
fn a_truncated_component_is_refused_wherever_it_ends() {
    let file = component("hello");
    let (engine, _) = Fixture::engine();
    for eighth in 1..8 {
        let part = &file[..file.len() * eighth / 8];
        assert!(matches!(engine.load(part), Err(LoadError::Invalid(_))), "{eighth} eighths");
    }
    assert!(refused("skill.wasm", &file[..file.len() - 1]).contains("not valid WebAssembly"));
}

#[test]
fn a_component_with_a_flipped_bit_is_refused_or_runs_within_its_limits() {
    let file = component("typed-hello");
    let engine = Engine::new(None).unwrap();
    let (mut refused, mut ran) = (0, 0);
    for step in 0..96_usize {
        let mut file = file.clone();
        // Spread over the file, other bits each time.
        let at = step * file.len() / 96 + step % 7;
        file[at] ^= 1 << (step % 8);
        match engine.load(&file) {
            Err(_) => refused += 1,
            Ok(skill) => {
                let start = invar_engine::Start {
                    limits: invar_world::Limits { fuel: 10_000_000, ..invar_world::Limits::LAB },
                    ..start()
                };
                engine.run(&skill, &start, Box::new(Memory::new(Keep::Events))).unwrap();
                ran += 1;
            }
        }
    }
    assert!(refused > 10 && ran > 10, "both were seen: {refused} refused, {ran} ran");
}

#[test]
fn unknown_imports_are_named() {
    let text = r#"(component
        (import "evil:backdoor/door@1.0.0" (instance (export "open" (func))))
        (import "wasi:keyvalue/store@0.2.0" (instance))
        (core module $m (func (export "run") (result i32) (i32.const 0)))
        (core instance $i (instantiate $m))
        (func $run (result (result)) (canon lift (core func $i "run")))
        (instance $cli (export "run" (func $run)))
        (export "wasi:cli/run@0.2.0" (instance $cli)))"#;
    let error = refused("skill.wasm", &wat::parse_str(text).unwrap());
    assert!(error.contains("evil:backdoor/door@1.0.0") && error.contains("wasi:keyvalue/store"), "{error}");
}

#[test]
fn what_could_differ_from_machine_to_machine_is_switched_off() {
    let (engine, _) = Fixture::engine();
    for (feature, core) in [
        ("threads", format!("(memory 1 1 shared) {RUN}")),
        (
            "relaxed SIMD",
            format!(
                "(func (param v128 v128 v128) (result v128) \
                 (f32x4.relaxed_madd (local.get 0) (local.get 1) (local.get 2))) {RUN}"
            ),
        ),
        (
            "garbage collection",
            format!("(type $s (struct (field i32))) (func (result (ref $s)) (struct.new_default $s)) {RUN}"),
        ),
    ] {
        let loaded = engine.load(&wat::parse_str(command(&core)).unwrap());
        match feature {
            "threads" => assert!(matches!(loaded, Err(LoadError::Refused(Refusal::Threads(_)))), "{feature}"),
            _ => assert!(matches!(loaded, Err(LoadError::Invalid(_))), "{feature}"),
        }
    }
}

#[test]
fn a_component_without_an_entry_point_is_told_what_is_accepted() {
    let error = refused("skill.wasm", &wat::parse_str("(component)").unwrap());
    assert!(error.contains("exports nothing; accepted is wasi:cli/run@0.2"), "{error}");
    let types = r#"(component (type $t u8) (export "greeting" (type $t)))"#;
    assert!(refused("skill.wasm", &wat::parse_str(types).unwrap()).contains("it exports greeting; accepted"));
}

#[test]
fn a_module_that_cannot_be_linked_is_refused() {
    let unknown =
        wat::parse_str(r#"(module (import "env" "mystery" (func)) (func (export "_start")))"#).unwrap();
    let error = refused("skill.wasm", &unknown);
    assert!(error.contains("cannot be linked") && error.contains("env"), "{error}");
    let reactor = wat::parse_str("(module (func (export \"f\")))").unwrap();
    refused("skill.wasm", &reactor);
}

#[test]
fn a_start_function_that_loops_is_stopped_by_fuel() {
    let text = command(&format!("(func $spin (loop (br 0))) (start $spin) {RUN}"));
    assert_eq!(ending(&text, 1_000_000), Ending::Limit("fuel".into()));
    let invar = Invar::new();
    let path = invar.write("skill.wasm", wat::parse_str(&text).unwrap());
    let output = clean(invar.run(&["run", &path, "--world", "lab", "--fuel", "1000000"])).expect(125);
    assert!(output.stderr.contains("limit on fuel"), "{output:?}");
}

#[test]
fn a_skill_that_never_ends_makes_the_monitor_stop_early() {
    let (engine, _) = Fixture::engine();
    let skill =
        load_wat(engine, &command(r#"(func (export "run") (result i32) (loop (br 0)) (i32.const 0))"#));
    let start = invar_engine::Start {
        limits: invar_world::Limits { fuel: 1_000_000, ..invar_world::Limits::LAB },
        ..start()
    };
    let report = crate::helpers::monitor(engine, &skill, &start, 20);
    assert_eq!(report.verdict, invar_monitor::Verdict::Inconclusive);
    assert_eq!(report.runs, 3);
    assert!(report.reason.contains("limit on fuel"), "{}", report.reason);
}

#[test]
fn endless_recursion_ends_as_a_trap_at_the_same_depth_each_time() {
    let played = [Fixture::new().play("recurse"), Fixture::new().play("recurse")];
    let end = &played[0].outcome.end;
    assert!(end.ending.to_string().contains("call stack exhausted"), "{}", end.ending);
    assert_eq!(end, &played[1].outcome.end);
    assert_eq!(played[0].outcome.head, played[1].outcome.head);
}

#[test]
fn a_memory_bomb_is_stopped() {
    assert_eq!(fixture_ends("repeat 100000 grow 100"), "stopped by the lab's limit on memory");
    // Asked for at once, before anything runs.
    let text = command(&format!("(memory 65536) {RUN}"));
    assert_eq!(ending(&text, 1_000_000), Ending::Limit("memory".into()));
}

#[test]
fn a_table_bomb_is_stopped() {
    let grow = r#"(table $t 0 funcref)
        (func (export "run") (result i32)
            (loop (drop (table.grow $t (ref.null func) (i32.const 100000))) (br 0))
            (i32.const 0))"#;
    assert_eq!(ending(&command(grow), 1_000_000_000), Ending::Limit("table elements".into()));
}

#[test]
fn floods_are_stopped_each_by_its_own_limit() {
    let chunk = "x".repeat(4096);
    let flood = format!("s = get-stdout\nrepeat 20000 blocking-write-and-flush s \"{chunk}\"");
    assert_eq!(fixture_ends(&flood), "stopped by the lab's limit on output");
    assert_eq!(fixture_ends("repeat 20000 get-stdin"), "stopped by the lab's limit on open handles");
    assert_eq!(
        fixture_ends("get-random-bytes 100000000"),
        "stopped by the lab's limit on random bytes of one call"
    );
    let copies = "d = get-directories\nf = open-at d \"tmp/f\" create write\n";
    let file = format!("{copies}repeat 2000000 write-at f \"{chunk}\" 0");
    assert_eq!(fixture_ends(&file), "stopped by the lab's limit on trace bytes");
}

#[test]
fn a_skill_that_looks_up_ever_new_names_is_stopped() {
    let mut script = String::from("n = instance-network\nrepeat 20 resolve-addresses n \"again.example\"\n");
    for number in 0..10_000 {
        let _ = writeln!(script, "a = resolve-addresses n \"{number}.example\"\ndrop a");
    }
    let played = Fixture::new().play(&script);
    assert_eq!(played.outcome.end.ending.to_string(), "stopped by the lab's limit on names looked up");
    // Asking again for a name costs nothing of it: 9,999 others were answered.
    let calls = played.behaviour.calls[&invar_trace::functions::ip_name_lookup::RESOLVE_ADDRESSES];
    assert_eq!(calls, 20 + 10_000);
}

/// A test fixture with a directory of that many files, `/big`.
fn crowded(files: u32) -> Fixture {
    let mut fixture = Fixture::new();
    for number in 0..files {
        fixture.start.files.put_file(&format!("/big/{number:06}"), b"", fixture.start.world.start).unwrap();
    }
    fixture
}

#[test]
fn listings_of_a_large_directory_cost_little_until_they_are_read() {
    // Held as copies, 9,000 listings of 50,000 entries would take some 20 GB.
    let played = crowded(50_000).play(
        "d = get-directories\nb = open-at d \"big\" directory\nrepeat 9000 read-directory b\nl = read-directory b\n\
         unlink-file-at d \"big/000001\"\nopen-at d \"big/new\" create write\n\
         repeat 2 read-directory-entry l\nrepeat 49998 read-directory-entry l\nread-directory-entry l\n",
    );
    let last = "ok \"049999\" DescriptorType::RegularFile";
    // As the directory stood when it was listed.
    assert_eq!(played.answers[6..], ["ok \"000001\" DescriptorType::RegularFile", last, "ok end"]);
}

#[test]
fn a_skill_that_renames_a_large_directory_for_ever_is_stopped() {
    let script = "rename-at d \"big\" d \"gib\"\nrename-at d \"gib\" d \"big\"\n".repeat(200);
    let played = crowded(50_000).play(&format!("d = get-directories\n{script}"));
    assert_eq!(
        played.outcome.end.ending.to_string(),
        "stopped by the lab's limit on directory entries walked"
    );
}

#[test]
fn files_fill_up_as_a_disk_does() {
    let chunk = "x".repeat(4096);
    let played = Fixture::new().play(&format!(
        "d = get-directories\nf = open-at d \"tmp/f\" create write\nset-size f 1000000000000\nwrite-at f \"{chunk}\" 1000000000000\n"
    ));
    assert_eq!(played.answers[2..], ["err file-too-large", "err file-too-large"]);
}

#[test]
fn paths_of_any_length_are_answered() {
    let long = "a/".repeat(3000);
    let name = "n".repeat(300);
    let played = Fixture::new().play(&format!(
        "d = get-directories\nstat-at d \"{long}\"\nopen-at d \"tmp/{name}\" create write\nstat-at d \"\\x00\"\n"
    ));
    assert_eq!(played.answers[1..], ["err name-too-long", "err name-too-long", "err invalid"]);
}

#[test]
fn a_trap_is_reported_and_recorded() {
    let played = Fixture::new().play("wall-now\ntrap");
    assert!(played.outcome.end.ending.to_string().contains("unreachable"), "{}", played.outcome.end.ending);
    assert_eq!(played.behaviour.resources.host_calls, 1);
}

/// A manifest with one line in it, its component beside it.
fn manifest(line: &str) -> Output {
    let invar = Invar::new();
    invar.write("skill/skill.wasm", component("word-count"));
    let text = format!(
        "[skill]\nname = \"a\"\nversion = \"1\"\npublisher = \"p\"\ncomponent = \"skill.wasm\"\n{line}\n"
    );
    invar.write("skill/skill.toml", text);
    let directory = invar.path("skill").display().to_string();
    let inspected = clean(invar.run(&["inspect", &directory]));
    let ran = clean(invar.run(&["run", &directory, "--world", "lab"]));
    assert_eq!((inspected.code == 33, ran.code == 126), (true, true), "{line}: {inspected:?} {ran:?}");
    inspected
}

#[test]
fn a_bad_manifest_is_shown_at_its_line_and_column() {
    let mut shown = String::new();
    for line in [
        "[envelope",
        "[envelope]\nfile.read = [\"/data\"]",
        "[envelope]\nfiles.read = [\"data/**\"]",
        "[envelope]\nfiles.read = [\"/a/../b\"]",
        "[envelope]\nfiles.read = [\"/a/[b\"]",
        "[envelope]\nnetwork = [\"fetch https://a.example\"]",
        "[envelope]\nnetwork = [\"tcp://a.example:99999\"]",
        "[envelope]\nenv = [\"*\"]\nclock = [\"solar\"]",
        "[envelope]\nlimits = { memory = \"64 parsecs\" }",
        "[envelope]\nlimits = { wall_time = \"soon\" }",
        "[envelope]\nlimits = { fuel = -1 }",
        "[claims]\ncomplexity = \"n!\"",
        "[claims]\nvaries_with = [\"mood\"]",
        "[skill2]",
    ] {
        let output = manifest(line);
        let _ = writeln!(shown, "== {}\n{}", line.replace('\n', "\n   "), output.stderr);
    }
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"--> .*/skill\.toml", "--> skill.toml");
    settings.bind(|| insta::assert_snapshot!(shown));
}

#[test]
fn a_manifest_cannot_name_files_outside_its_directory() {
    let invar = Invar::new();
    invar.write("outside.wasm", component("word-count"));
    for component in ["../outside.wasm", "/etc/hostname", "link.wasm"] {
        let text = format!(
            "[skill]\nname = \"a\"\nversion = \"1\"\npublisher = \"p\"\ncomponent = \"{component}\"\n"
        );
        invar.write("skill/skill.toml", text);
        let _ = std::os::unix::fs::symlink("../outside.wasm", invar.path("skill/link.wasm"));
        let directory = invar.path("skill").display().to_string();
        clean(invar.run(&["inspect", &directory])).expect(33);
    }
}

#[test]
fn a_bad_world_is_shown_at_its_line_and_column() {
    let mut shown = String::new();
    for text in [
        "start = \"yesterday\"",
        "interval = \"a while\"",
        "speed = 1",
        "seed = -1",
        "[files]\n\"data\" = \"x\"",
        "read_only = [\"/data\", \"tmp\"]",
        "[files]\n\"/data\" = { import = \"../../secret\" }",
        "[files]\n\"/data\" = { import = \"missing\" }",
        "[env]\n\"A=B\" = \"x\"",
        "[[network]]\nstatus = 200",
        "[[network]]\nmatch = \"a.example\"",
        "[[network]]\nmatch = \"tcp://a.example:1\"\nconnect = \"maybe\"",
    ] {
        let invar = Invar::new();
        let path = invar.write("world.toml", text);
        let output = clean(invar.run(&["monitor", "@word-count", "--world", &path]));
        assert_eq!(output.code, 33, "{text}");
        let _ = writeln!(shown, "== {}\n{}", text.replace('\n', "\n   "), output.stderr);
    }
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"--> .*/world\.toml", "--> world.toml");
    settings.bind(|| insta::assert_snapshot!(shown));
}

/// A trace file, and where its last frame begins.
fn trace_file() -> (Vec<u8>, usize) {
    let played = Fixture::new().play("wall-now\nget-random-bytes 16\nmonotonic-now\n");
    let mut bytes = Vec::new();
    played.trace.write(&mut bytes).unwrap();
    // Records: kind, packed and raw length, check, content. The last frame stands before the end.
    let (mut at, mut frame) = (12, 0);
    while at < bytes.len() {
        let packed = u32::from_le_bytes(bytes[at + 1..at + 5].try_into().unwrap());
        if bytes[at] == invar_trace::RecordKind::Frame as u8 {
            frame = at;
        }
        at += 41 + packed as usize;
    }
    assert!(frame > 0);
    (bytes, frame)
}

#[test]
fn a_trace_torn_at_any_byte_from_its_last_frame_on_is_said_to_be_torn() {
    let (bytes, frame) = trace_file();
    for end in frame..bytes.len() {
        match Trace::read(&bytes[..end]) {
            Err(TraceError::Torn { at, .. }) => assert!(at <= end),
            other => panic!("torn at {end}: {other:?}"),
        }
    }
    let invar = Invar::new();
    let torn = invar.write("torn.trace", &bytes[..bytes.len() - 1]);
    for words in [&["replay", &torn][..], &["trace", &torn], &["diff", &torn, &torn]] {
        let output = clean(invar.run(words)).expect(33);
        assert!(output.stderr.contains("torn at byte"), "{output:?}");
    }
}

#[test]
fn a_trace_with_any_byte_changed_is_refused_or_reads_as_it_was() {
    let (bytes, _) = trace_file();
    let whole = Trace::read(&bytes).unwrap();
    for at in 0..bytes.len() {
        let mut bytes = bytes.clone();
        bytes[at] ^= 0x10;
        if let Ok(trace) = Trace::read(&bytes) {
            assert_eq!(trace.head(), whole.head(), "byte {at} changes what it says");
        }
    }
}

#[test]
fn a_trace_that_is_foreign_or_newer_is_refused_by_what_it_is() {
    let (bytes, _) = trace_file();
    assert_eq!(Trace::read(b"PK\x03\x04 something else").unwrap_err(), TraceError::Foreign);
    let mut newer = bytes.clone();
    newer[8] = 9;
    let error = Trace::read(&newer).unwrap_err();
    assert!(matches!(error, TraceError::Newer(_)), "{error}");
    let invar = Invar::new();
    let path = invar.write("newer.trace", newer);
    let output = clean(invar.run(&["trace", &path])).expect(33);
    assert!(output.stderr.contains("use a newer invar"), "{output:?}");
}

#[test]
fn names_that_lead_nowhere_are_said() {
    let invar = Invar::new();
    let missing = clean(invar.run(&["monitor", "no/such/skill"])).expect(33);
    assert!(missing.stderr.contains("no/such/skill"), "{missing:?}");
    clean(invar.run(&["replay", "00000000/1"])).expect(33);
    clean(invar.run(&["replay", "nonsense"])).expect(33);
    clean(invar.run(&["monitor", "@word-count", "--input", "no/such/input"])).expect(33);
    clean(invar.run(&["monitor", "@word-count", "--runs", "0"])).expect(2);
    clean(invar.run(&["frobnicate"])).expect(2);
}

#[test]
fn what_a_skill_says_cannot_forge_a_report() {
    let script = "d = get-directories\nopen-at d \"tmp/\\x1b[2J\\x1b[1;1HCONSISTENT\\n\" create write\n";
    let invar = Invar::new();
    let input = invar.write("input.script", script);
    let envelope = invar.write("none.toml", "[envelope]\n");
    let skill = "skills-examples/puppet/puppet.wasm";
    // A search of its input leads it to other files.
    let words = ["monitor", skill, "--input", &input, "--envelope", &envelope, "--search", "none"];
    let output = clean(invar.run(&words)).expect(21);
    assert!(!output.stdout.contains('\u{1b}'), "{}", output.stdout);
    assert!(output.stdout.contains("\\u{1b}[2J"), "{}", output.stdout);
}

#[test]
fn a_skill_cannot_bring_a_pipe_to_wait_for_and_a_user_can_name_a_device() {
    let invar = Invar::new();
    let pipe = invar.path("pipe.wasm").display().to_string();
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let text = "[skill]\nname = \"a\"\nversion = \"1\"\npublisher = \"p\"\ncomponent = \"pipe.wasm\"\n";
    invar.write("skill.toml", text);
    let directory = invar.path("").display().to_string();
    let output = clean(invar.run(&["inspect", &directory])).expect(33);
    assert!(output.stderr.contains("not a regular file"), "{output:?}");
    invar.run(&["run", "@word-count", "--world", "lab", "--input", "/dev/null"]).expect(0);
}

#[test]
fn a_report_is_not_lost_with_what_cannot_be_written() {
    let invar = Invar::new();
    let report = invar.path("missing/r.txt").display().to_string();
    let output = clean(invar.run(&["monitor", "@word-count", "-o", &report])).expect(33);
    let message = format!("cannot write {report}: there is no directory");
    assert!(output.stderr.contains(&message) && output.stdout.is_empty(), "{output:?}");
    // A file where the directory of components should be.
    let kept = Invar::new();
    kept.write("components", "");
    let output = clean(kept.run(&["monitor", "@word-count", "--keep", "all"])).expect(33);
    assert!(output.stdout.contains("CONSISTENT"), "{output:?}");
    assert!(output.stderr.contains("--keep none") && output.stderr.contains("INVAR_HOME"), "{output:?}");
}

#[test]
fn where_nothing_can_be_put_on_record_nothing_runs() {
    let invar = Invar::new();
    // A file where the directory of data should be.
    let home = invar.write("file", "");
    let output = clean(invar.paste(&format!(
        "invar --version >/dev/null; INVAR_HOME={home}/home \"$INVAR\" monitor skills-examples/word-count --keep all"
    )))
    .expect(33);
    assert!(output.stdout.is_empty(), "{output:?}");
    assert!(
        output.stderr.contains("nothing runs unrecorded") && output.stderr.contains("INVAR_HOME"),
        "{output:?}"
    );
}

#[test]
fn a_policy_of_an_mcp_server_is_held_whole_or_refused_by_the_field() {
    let invar = Invar::new();
    let policy = |name: &str, more: &str| {
        let storage = "  storage:\n    allow:\n    - uri: fs://tmp/**\n      access: [read, write]\n";
        invar.write(name, format!("version: \"1.0\"\npermissions:\n{storage}{more}"))
    };
    let script = invar.write("w.script", "d = get-directories\nopen-at d \"tmp/x\" create write\n");
    let judge = |policy: &str| {
        let words =
            ["monitor", "skills-examples/puppet/puppet.wasm", "--input", &script, "--envelope", policy];
        clean(invar.run(&words))
    };
    judge(&policy("allows.yaml", "")).expect(0);
    let output =
        judge(&policy("denies.yaml", "  network:\n    deny:\n    - host: evil.example\n")).expect(33);
    assert!(output.stderr.contains("permissions.network.deny cannot be held"), "{output:?}");
    assert!(output.stderr.contains("denies.yaml:9"), "{output:?}");
}

#[test]
fn a_thousand_runs_at_once_all_come_to_an_end() {
    let (engine, _) = Fixture::engine();
    let text = command(
        r#"(memory 16) (func (export "run") (result i32) (local $i i32)
            (loop (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (br_if 0 (i32.lt_u (local.get $i) (i32.const 2000000))))
            (i32.const 0))"#,
    );
    let skill = load_wat(engine, &text);
    let all = std::sync::Barrier::new(1_000);
    let heads: std::collections::BTreeSet<String> = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..1_000)
            .map(|_| {
                let builder = std::thread::Builder::new().stack_size(2 << 20);
                let run = || {
                    all.wait();
                    let outcome = engine.run(&skill, &start(), Box::new(Memory::new(Keep::Events))).unwrap();
                    format!("{} {}", outcome.end.ending, outcome.head)
                };
                builder.spawn_scoped(scope, run).unwrap()
            })
            .collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    assert_eq!(heads.len(), 1, "{heads:?}");
    assert!(heads.iter().all(|head| head.starts_with("returned")), "{heads:?}");
}
