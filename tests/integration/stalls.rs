//! Ways to keep the host busy for little fuel: each ends by a limit with a name, at the same call every time.
//!
//! How long each takes stands in `docs/limits.md`; `--nocapture` shows it for the build at hand.

use std::{fmt::Write as _, time::Instant};

use invar_engine::Skill;
use invar_trace::{Discard, Ending};

use crate::helpers::{Fixture, load_wat};

/// What limit a run ends by, with how long that takes.
#[track_caller]
fn ends_by(limit: &str, way: &str, fixture: &Fixture, skill: &Skill, input: &str) {
    let (engine, _) = Fixture::engine();
    let start = invar_engine::Start { input: input.as_bytes().into(), ..fixture.start.clone() };
    let watch = Instant::now();
    let outcome = engine.run(skill, &start, Box::new(Discard)).unwrap();
    println!("{way}: {limit}, {:.1} s, {} calls", watch.elapsed().as_secs_f64(), outcome.end.events);
    let ending = outcome.end.ending.to_string();
    assert_eq!(ending, format!("stopped by the lab's limit on {limit}"), "{way}");
}

/// The same for a script of the test fixture.
#[track_caller]
fn script_ends_by(limit: &str, way: &str, fixture: &Fixture, script: &str) {
    let (_, skill) = Fixture::engine();
    ends_by(limit, way, fixture, skill, script);
}

/// The same of a component.
#[track_caller]
fn component_ends_by(limit: &str, way: &str, fixture: &Fixture, text: &str) {
    let (engine, _) = Fixture::engine();
    ends_by(limit, way, fixture, &load_wat(engine, text), "");
}

/// A command that calls a function of the interface for ever: `ty` is its type, `call` how the core module calls what
/// it imports as `(func $call (param …))` with `core` as its type.
fn for_ever(interface: &str, function: &str, ty: &str, core: &str, call: &str) -> String {
    format!(
        r#"(component
            (import "{interface}" (instance $host (export "{function}" (func {ty}))))
            (core module $memory
                (memory (export "memory") 600)
                ;; Whatever is answered goes to the same place: nobody reads it.
                (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 65536)))
            (core instance $memory (instantiate $memory))
            (core func $call (canon lower (func $host "{function}")
                (memory $memory "memory") (realloc (func $memory "realloc"))))
            (core module $m
                (import "host" "call" (func $call {core}))
                (func (export "run") (result i32) (loop {call} (br 0)) (i32.const 0)))
            (core instance $i (instantiate $m (with "host" (instance (export "call" (func $call))))))
            (func $run (result (result)) (canon lift (core func $i "run")))
            (instance $cli (export "run" (func $run)))
            (export "wasi:cli/run@0.2.0" (instance $cli)))"#
    )
}

/// A chain of 40 links, each of which walks back and forth before it goes on to the next: `l0` to `l39`.
fn nested_links() -> String {
    let mut script = String::from("d = get-directories\ncreate-directory-at d \"x\"\n");
    let steps = "x/../".repeat(800);
    for link in 0..40 {
        let next = if link < 39 { format!("l{}", link + 1) } else { "x".into() };
        let _ = writeln!(script, "symlink-at d \"{steps}{next}\" \"l{link}\"");
    }
    script
}

#[test]
fn links_that_lead_through_links_are_stopped_by_the_limit_on_path_steps() {
    let script = format!("{}repeat 100000 stat-at d \"l0\" follow", nested_links());
    script_ends_by("path steps", "nested links", &Fixture::new(), &script);
}

#[test]
fn a_run_that_a_limit_on_work_stops_replays_to_the_bit() {
    let (engine, skill) = Fixture::engine();
    for script in [
        format!("{}repeat 100000 stat-at d \"l0\" follow", nested_links()),
        format!("a = subscribe-duration 0\nrepeat 3000 poll{}", " a".repeat(9_000)),
    ] {
        let played = Fixture::new().play(&script);
        assert!(matches!(played.outcome.end.ending, Ending::Limit(_)), "{}", played.outcome.end.ending);
        assert!(engine.replay(skill, &played.trace).unwrap().exact, "{}", played.outcome.end.ending);
    }
}

#[test]
fn forty_links_are_followed_and_one_more_is_a_loop() {
    let script = nested_links();
    let played = Fixture::new().play(&format!(
        "{script}stat-at d \"l0\" follow\nsymlink-at d \"l0\" \"one-more\"\nstat-at d \"one-more\" follow\n"
    ));
    let answers = &played.answers[played.answers.len() - 3..];
    assert!(answers[0].starts_with("ok DescriptorType::Directory"), "{answers:?}");
    assert_eq!(answers[2], "err loop");
}

#[test]
fn a_target_is_shorter_than_the_longest_path_and_what_it_expands_to_is_not_bounded_by_length() {
    // As on Linux: 4,095 bytes can be given, and links that expand to more than any path are followed.
    let (fits, long) = ("t".repeat(4095), "t".repeat(4096));
    let deep = "x/../".repeat(800);
    let played = Fixture::new().play(&format!(
        "d = get-directories\nsymlink-at d \"{fits}\" \"a\"\nsymlink-at d \"{long}\" \"b\"\n\
         create-directory-at d \"x\"\nsymlink-at d \"{deep}x\" \"c\"\nsymlink-at d \"{deep}c\" \"d\"\n\
         stat-at d \"d\" follow\n"
    ));
    assert_eq!(played.answers[1..3], ["ok", "err name-too-long"]);
    assert!(played.answers[6].starts_with("ok DescriptorType::Directory"), "{:?}", played.answers[6]);
}

/// A test fixture with a directory under as many others as a path has room for.
fn deep() -> (Fixture, String) {
    let mut fixture = Fixture::new();
    let path = "a/".repeat(2000);
    fixture.start.files.make_directories(&format!("/{path}"), fixture.start.world.start).unwrap();
    (fixture, path)
}

#[test]
fn deep_paths_are_stopped_by_the_limit_on_path_steps_from_wherever_they_are_walked() {
    let (fixture, path) = deep();
    let script = format!("d = get-directories\nrepeat 100000 stat-at d \"{path}\"");
    script_ends_by("path steps", "deep paths", &fixture, &script);
    // From below, the way is short, and where it leads is not.
    let script =
        format!("d = get-directories\nb = open-at d \"{path}\" directory\nrepeat 100000 stat-at b \".\"");
    script_ends_by("path steps", "deep directories", &fixture, &script);
}

#[test]
fn a_path_of_megabytes_is_answered_and_its_record_stops_the_run() {
    let script = format!("d = get-directories\nrepeat 1000 stat-at d \"{}\"", "a/".repeat(2 << 20));
    script_ends_by("trace bytes", "paths of megabytes", &Fixture::new(), &script);
}

#[test]
fn listings_are_stopped_by_the_limit_on_directory_entries_read() {
    let script = "d = get-directories\nl = read-directory d\nrepeat 3000000 read-directory-entry l";
    script_ends_by("directory entries read", "listings", &Fixture::new(), script);
}

#[test]
fn long_lists_of_pollables_are_stopped_by_the_limit_on_pollables_polled() {
    let list = |pollables| " a".repeat(pollables);
    let script = format!("a = subscribe-duration 0\nrepeat 3000 poll{}", list(9_000));
    script_ends_by("pollables polled", "poll lists", &Fixture::new(), &script);
    // What is lent is open as long as the call lasts.
    let script = format!("a = subscribe-duration 0\npoll{}", list(20_000));
    script_ends_by("open handles", "one poll list", &Fixture::new(), &script);
}

#[test]
fn handles_that_are_opened_and_closed_are_stopped_by_the_limit_on_handles_opened() {
    let text = r#"(component
        (import "wasi:io/poll@0.2.0" (instance $poll (export "pollable" (type (sub resource)))))
        (alias export $poll "pollable" (type $pollable))
        (import "wasi:clocks/monotonic-clock@0.2.0" (instance $clock
            (export "pollable" (type $own (eq $pollable)))
            (export "subscribe-duration" (func (param "when" u64) (result (own $own))))))
        (core func $open (canon lower (func $clock "subscribe-duration")))
        (core func $close (canon resource.drop $pollable))
        (core module $m
            (import "host" "open" (func $open (param i64) (result i32)))
            (import "host" "close" (func $close (param i32)))
            (func (export "run") (result i32) (loop (call $close (call $open (i64.const 1))) (br 0)) (i32.const 0)))
        (core instance $i (instantiate $m
            (with "host" (instance (export "open" (func $open)) (export "close" (func $close))))))
        (func $run (result (result)) (canon lift (core func $i "run")))
        (instance $cli (export "run" (func $run)))
        (export "wasi:cli/run@0.2.0" (instance $cli)))"#;
    component_ends_by("handles opened", "handle traffic", &Fixture::new(), text);
}

#[test]
fn a_long_list_of_directories_is_stopped_by_the_limit_on_open_handles() {
    let mut fixture = Fixture::new();
    fixture.start.world_mut().preopens = Some(vec!["/tmp".into(); 999]);
    script_ends_by("open handles", "preopens", &fixture, "repeat 100 get-directories");
}

/// Pairs of lines that open streams over 64 MiB of `f`, each pair followed by `line` as often as that takes.
fn passes(passes: u32, open: &str, line: &str) -> String {
    let mut script =
        String::from("d = get-directories\nf = open-at d \"tmp/f\" create read write\nset-size f 67108864\n");
    for _ in 0..passes {
        let _ = writeln!(script, "{open}\nrepeat 1024 {line}");
    }
    script
}

#[test]
fn copies_that_the_host_makes_are_stopped_by_the_limit_on_file_bytes() {
    for (way, open, line) in [
        ("splice", "i = read-via-stream f 0\no = write-via-stream f 0", "splice o i 65536"),
        ("skip", "i = read-via-stream f 0", "skip i 65536"),
        ("zeroes", "o = write-via-stream f 0", "write-zeroes o 65536"),
    ] {
        script_ends_by("file bytes", way, &Fixture::new(), &passes(70, open, line));
    }
}

const CONNECTED: &str = "n = instance-network\ns = create-tcp-socket ipv4\nstart-connect s n 192.0.2.1:80\n\
                         c = subscribe-socket s\nblock c\nfinish-connect s\n";

#[test]
fn zeroes_sent_over_the_network_are_stopped_by_the_limit_on_network_bytes() {
    let script = format!("{CONNECTED}repeat 10000 write-zeroes out 65536");
    script_ends_by("network bytes", "zeroes over the network", &Fixture::new(), &script);
}

#[test]
fn bytes_that_pass_through_the_skill_are_stopped_by_the_limit_on_trace_bytes() {
    let chunk = "x".repeat(65_536);
    let script = format!(
        "d = get-directories\nf = open-at d \"tmp/f\" create write\nrepeat 10000 write-at f \"{chunk}\" 0"
    );
    script_ends_by("trace bytes", "writes", &Fixture::new(), &script);
    let random = for_ever(
        "wasi:random/random@0.2.0",
        "get-random-bytes",
        r#"(param "len" u64) (result (list u8))"#,
        "(param i64 i32)",
        "(call $call (i64.const 16777216) (i32.const 0))",
    );
    component_ends_by("trace bytes", "random bytes", &Fixture::new(), &random);
}

#[test]
fn large_environments_and_arguments_are_stopped_by_the_limit_on_trace_bytes() {
    let mut fixture = Fixture::new();
    fixture.start.world_mut().env.insert("LARGE".into(), "x".repeat(1 << 20));
    fixture.start.args = vec!["x".repeat(1 << 10); 1000];
    let call = |function, ty| {
        for_ever("wasi:cli/environment@0.2.0", function, ty, "(param i32)", "(call $call (i32.const 0))")
    };
    let environment = call("get-environment", "(result (list (tuple string string)))");
    component_ends_by("trace bytes", "environment", &fixture, &environment);
    let arguments = call("get-arguments", "(result (list string))");
    component_ends_by("trace bytes", "arguments", &fixture, &arguments);
}

#[test]
fn calls_that_cost_nothing_are_stopped_by_the_limit_on_host_calls() {
    let text = for_ever(
        "wasi:clocks/monotonic-clock@0.2.0",
        "now",
        "(result u64)",
        "(result i64)",
        "(drop (call $call))",
    );
    component_ends_by("host calls", "clock reads", &Fixture::new(), &text);
}

#[test]
fn floods_of_flushes_are_stopped_by_the_limit_on_host_calls() {
    let text = r#"(component
        (import "wasi:io/error@0.2.0" (instance $errors (export "error" (type (sub resource)))))
        (alias export $errors "error" (type $error))
        (import "wasi:io/streams@0.2.0" (instance $streams
            (export "output-stream" (type $stream (sub resource)))
            (export "error" (type $own (eq $error)))
            (type $failure (variant (case "last-operation-failed" (own $own)) (case "closed")))
            (export "stream-error" (type $stream-error (eq $failure)))
            (export "[method]output-stream.flush"
                (func (param "self" (borrow $stream)) (result (result (error $stream-error)))))))
        (alias export $streams "output-stream" (type $stream))
        (import "wasi:cli/stdout@0.2.0" (instance $stdout
            (export "output-stream" (type $own (eq $stream)))
            (export "get-stdout" (func (result (own $own))))))
        (core module $memory (memory (export "memory") 1))
        (core instance $memory (instantiate $memory))
        (core func $open (canon lower (func $stdout "get-stdout")))
        (core func $flush (canon lower (func $streams "[method]output-stream.flush") (memory $memory "memory")))
        (core module $m
            (import "host" "open" (func $open (result i32)))
            (import "host" "flush" (func $flush (param i32 i32)))
            (func (export "run") (result i32) (local $s i32)
                (local.set $s (call $open))
                (loop (call $flush (local.get $s) (i32.const 0)) (br 0))
                (i32.const 0)))
        (core instance $i (instantiate $m
            (with "host" (instance (export "open" (func $open)) (export "flush" (func $flush))))))
        (func $run (result (result)) (canon lift (core func $i "run")))
        (instance $cli (export "run" (func $run)))
        (export "wasi:cli/run@0.2.0" (instance $cli)))"#;
    component_ends_by("host calls", "flushes", &Fixture::new(), text);
}

#[test]
fn a_file_that_grows_and_shrinks_is_stopped_by_the_limit_on_file_chunks_resized() {
    let mut script = String::from("d = get-directories\nf = open-at d \"tmp/f\" create write\n");
    for _ in 0..5_000 {
        script.push_str("set-size f 200000000\nset-size f 0\n");
    }
    script_ends_by("file chunks resized", "resizing", &Fixture::new(), &script);
}

#[test]
fn long_envelopes_are_stopped_by_the_limit_on_entries_compared() {
    let entries: Vec<String> = (0..20_000).map(|entry| format!("\"/{}{entry}\"", "a*b".repeat(10))).collect();
    let fixture = Fixture::new().with_envelope(&format!("files.read = [{}]", entries.join(",")));
    let script = "d = get-directories\nrepeat 1000000 stat-at d \"tmp\"";
    script_ends_by("entries compared", "a long envelope", &fixture, script);
}

#[test]
fn long_scripts_and_lists_of_header_fields_are_stopped_by_the_limit_on_entries_compared() {
    let lines = "{ after = \"nobody says this\", say = \"x\" },".repeat(20_000);
    let world = format!("[[network]]\nmatch = \"udp://192.0.2.1:53\"\ndialogue = [{lines}]\n");
    let datagram = "x".repeat(60_000);
    let bound = "n = instance-network\nu = create-udp-socket ipv4\nudp-start-bind u n 0.0.0.0:0\n\
                 udp-finish-bind u\nstream u\n";
    let sends = format!("check-send to\nsend to \"{datagram}\" 192.0.2.1:53\n").repeat(100);
    let script = format!("{bound}{sends}");
    script_ends_by("entries compared", "datagrams and a long script", &Fixture::in_world(&world), &script);
    let mut script = String::from("h = http-fields.new\n");
    for field in 0..3_000 {
        let _ = writeln!(script, "http-fields.append h \"f{field}\" \"\"");
    }
    script.push_str("repeat 1000000 http-fields.has h \"nothing\"");
    script_ends_by("entries compared", "header fields", &Fixture::new(), &script);
    let script = "h = http-fields.new\nrepeat 10000 http-fields.append h a \"0123456789\"";
    script_ends_by("header fields", "fields that are added", &Fixture::new(), script);
}

#[test]
fn what_a_connection_waits_for_is_searched_in_what_is_new_alone() {
    let after = format!("{}b", "a".repeat(4_000));
    let world = format!(
        "[[network]]\nmatch = \"tcp://192.0.2.1:80\"\nend = \"open\"\ndialogue = [{{ after = \"{after}\", say = \"x\" }}]\n"
    );
    let script = format!("{CONNECTED}repeat 10000 write out \"{}\"", "a".repeat(65_536));
    script_ends_by("trace bytes", "a text that never comes", &Fixture::in_world(&world), &script);
}

#[test]
fn a_module_that_is_instantiated_again_and_again_is_stopped_by_the_limit_on_instances() {
    let memories = "(memory 0)".repeat(90);
    let instances = "(core instance (instantiate $many))".repeat(120);
    let text = format!(
        r#"(component
            (core module $many {memories})
            {instances}
            (core module $m (func (export "run") (result i32) (i32.const 0)))
            (core instance $i (instantiate $m))
            (func $run (result (result)) (canon lift (core func $i "run")))
            (instance $cli (export "run" (func $run)))
            (export "wasi:cli/run@0.2.0" (instance $cli)))"#
    );
    component_ends_by("instances", "instances", &Fixture::new(), &text);
}
