//! The membrane: every function has a shim, every call one event, and answers are those of a real system.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use invar_trace::{Ending, FUNCTIONS, FunctionId, functions as f};

use crate::helpers::{Fixture, project};

/// The vendored WIT, unstable parts too.
fn wit() -> (wit_parser::Resolve, wit_parser::WorldId) {
    let mut resolve = wit_parser::Resolve { all_features: true, ..Default::default() };
    let (package, _) = resolve.push_dir(project("wit")).unwrap();
    let world = resolve.select_world(&[package], Some("membrane")).unwrap();
    (resolve, world)
}

/// A component that imports `keep` of the WIT's interfaces, and exports `invoke` so that it can be loaded.
fn importer(interface: &str) -> Vec<u8> {
    let (mut resolve, _) = wit();
    let package = resolve.packages.iter().find(|(_, package)| package.name.namespace == "invar").unwrap().0;
    let text = format!(
        "package test:importer;\nworld importer {{\n import {interface};\n export invoke: func(input: list<u8>) -> result<list<u8>, string>;\n}}"
    );
    let _ = package;
    let package = resolve.push_str("importer.wit", &text).unwrap();
    let world = resolve.select_world(&[package], None).unwrap();
    let mut module = wit_component::dummy_module(&resolve, world, wit_parser::ManglingAndAbi::Standard32);
    wit_component::embed_component_metadata(
        &mut module,
        &resolve,
        world,
        wit_component::StringEncoding::UTF8,
    )
    .unwrap();
    wit_component::ComponentEncoder::default().validate(true).module(&module).unwrap().encode().unwrap()
}

#[test]
fn every_function_of_the_wit_has_a_shim() {
    let (resolve, world) = wit();
    let (engine, _) = Fixture::engine();
    let mut seen = BTreeSet::new();
    for item in resolve.worlds[world].imports.values() {
        let wit_parser::WorldItem::Interface { id, .. } = item else {
            panic!("only interfaces are imported")
        };
        let name = resolve.id_of(*id).unwrap();
        // A function without a shim is a link error that names it.
        let skill = engine.load(&importer(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let import = skill.imports.iter().find(|import| import.name == name);
        let functions = import.map(|import| import.functions.len()).unwrap_or(0);
        assert_eq!(functions, resolve.interfaces[*id].functions.len(), "{name} is imported whole");
        let short = name.split('@').next().unwrap().to_owned();
        seen.extend(resolve.interfaces[*id].functions.keys().map(|function| format!("{short}#{function}")));
    }
    let table: BTreeSet<String> = FUNCTIONS
        .iter()
        .filter(|function| !function.name.starts_with("[resource-drop]"))
        .map(|function| format!("{}#{}", function.interface, function.name))
        .collect();
    assert_eq!(seen, table, "the table of functions is the WIT's");
    assert_eq!(seen.len(), 182);
}

#[test]
fn a_function_that_has_no_shim_is_a_link_error_that_names_it() {
    let (engine, _) = Fixture::engine();
    let text = r#"(component
        (import "wasi:clocks/wall-clock@0.2.0" (instance (export "now-in-utc" (func (result u64)))))
        (core module $m (func (export "run") (result i32) (i32.const 0)))
        (core instance $i (instantiate $m))
        (func $run (result (result)) (canon lift (core func $i "run")))
        (instance $cli (export "run" (func $run)))
        (export "wasi:cli/run@0.2.0" (instance $cli)))"#;
    let error = engine.load(&wat::parse_str(text).unwrap()).err().unwrap().to_string();
    assert!(error.contains("now-in-utc"), "{error}");
}

/// Functions that no skill can come to call, since they need a handle that is never given.
fn out_of_reach(function: FunctionId) -> bool {
    let name = function.get().unwrap();
    // Nothing is ever a terminal, and no requests come in.
    let comes_in =
        ["incoming-request", "response-outparam"].iter().any(|resource| name.name.contains(resource));
    name.name.starts_with("[resource-drop]terminal-") || comes_in
}

#[test]
fn every_call_passes_the_funnel_and_leaves_one_event() {
    let script = std::fs::read_to_string(project("tests/integration/scripts/every-function.script")).unwrap();
    let world = "[files]\n\"/data/file\" = \"content\"\n";
    let played = Fixture::in_world(world).play(&script);
    let mut events: BTreeMap<FunctionId, u64> = BTreeMap::new();
    for event in played.trace.events() {
        *events.entry(event.unwrap().function).or_default() += 1;
    }
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let calls = lines.count() as u64;
    let exits = [f::exit::EXIT, f::exit::EXIT_WITH_CODE];
    assert_eq!(events.values().sum::<u64>(), calls + 1, "one event a call, and the end");
    let missing: Vec<String> = (1..=FUNCTIONS.len())
        .map(|number| FunctionId(u16::try_from(number).unwrap()))
        .filter(|function| {
            !events.contains_key(function) && !out_of_reach(*function) && !exits.contains(function)
        })
        .map(|function| function.to_string())
        .collect();
    assert_eq!(missing, Vec::<String>::new(), "the script calls every function");
}

#[test]
fn exits_end_the_run_with_their_status() {
    let ending = |script: &str| Fixture::new().play(script).outcome.end.ending;
    assert_eq!(ending("exit ok"), Ending::Exited(0));
    assert_eq!(ending("exit err"), Ending::Exited(1));
    assert_eq!(ending("exit-with-code 42"), Ending::Exited(42));
}

fn is_call(line: &str) -> bool {
    !line.trim().is_empty() && !line.starts_with('#')
}

/// Plays a script of `scripts/` and shows each call with its answer.
fn transcript(name: &str, fixture: &Fixture) -> String {
    let script = std::fs::read_to_string(project("tests/integration/scripts").join(name)).unwrap();
    let played = fixture.play(&script);
    // What the skill writes itself stands before the answers.
    let written = played.answers.len().saturating_sub(script.lines().filter(|line| is_call(line)).count());
    let mut answers = played.answers.iter().skip(written);
    let mut text = String::new();
    for line in script.lines() {
        let answer = if is_call(line) {
            answers.next().map(String::as_str).unwrap_or("(the run has ended)")
        } else {
            ""
        };
        let _ = writeln!(text, "{:<78} {answer}", line).map(|()| ());
    }
    let _ = writeln!(text, "\n{}", played.outcome.end.ending);
    for missing in played.behaviour.violations.keys() {
        let _ = writeln!(text, "missing: {missing}");
    }
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

#[test]
fn files_behave_as_on_a_posix_system() {
    insta::assert_snapshot!(transcript("files.script", &Fixture::new()));
}

#[test]
fn paths_cannot_leave_the_directory_they_are_given_for() {
    insta::assert_snapshot!(transcript(
        "paths.script",
        &Fixture::in_world("[files]\n\"/etc/passwd\" = \"root\"\n")
    ));
}

#[test]
fn streams_read_write_and_close() {
    insta::assert_snapshot!(transcript(
        "streams.script",
        &Fixture::in_world("[files]\n\"/data/file\" = \"0123456789\"\n")
    ));
}

#[test]
fn breaking_the_contract_of_a_function_ends_the_run() {
    let ending = |script: &str| Fixture::new().play(script).outcome.end.ending.to_string();
    let long = "x".repeat(4097);
    assert!(
        ending(&format!("s = get-stdout\nblocking-write-and-flush s \"{long}\"")).contains("at most 4096")
    );
    let longer = "x".repeat(65_537);
    assert!(ending(&format!("s = get-stdout\nwrite s \"{longer}\"")).contains("check-write permits"));
    assert!(ending("s = get-stdout\nwrite-zeroes s 65537").contains("permitted"));
    assert!(ending("poll").contains("empty list"));
}

#[test]
fn waiting_passes_virtual_time() {
    let played = Fixture::new().play(
        "a = subscribe-duration 5000000000\nb = subscribe-duration 1000000000\nready a\npoll a b\nmonotonic-now\nblock a\nready a\nready b\n",
    );
    assert_eq!(played.answers[2..4], ["false", "[1]"], "the earlier timer is ready, the later not");
    assert_eq!(played.answers[6..8], ["true", "true"]);
    assert!(played.behaviour.resources.waited_ns >= 4_900_000_000, "{:?}", played.behaviour.resources);
    assert!(played.behaviour.resources.virtual_ns < 6_000_000_000);
}

#[test]
fn waiting_for_what_can_never_happen_is_a_deadlock() {
    let world = "[[network]]\nmatch = \"tcp://192.0.2.1:25\"\nend = \"open\"\n";
    let script = "n = instance-network\ns = create-tcp-socket ipv4\nstart-connect s n 192.0.2.1:25\nc = subscribe-socket s\nblock c\nfinish-connect s\nblocking-read in 10\n";
    assert_eq!(Fixture::in_world(world).play(script).outcome.end.ending, Ending::Deadlock);
}

#[test]
fn connections_follow_their_script_and_everything_sent_is_kept() {
    let world = r#"
[[network]]
match = "tcp://mail.example:25"
latency = "20ms"
dialogue = [{ say = "220 hi\r\n" }, { after = "HELO", say = "250 ok\r\n" }]
[[network]]
match = "tcp://refused.example:1"
connect = "refused"
[[network]]
match = "tcp://gone.example:1"
lookup = "nxdomain"
"#;
    let fixture = Fixture::in_world(world);
    insta::assert_snapshot!(transcript("network.script", &fixture));
    let script = std::fs::read_to_string(project("tests/integration/scripts/network.script")).unwrap();
    let traffic = fixture.play(&script).behaviour.traffic;
    assert_eq!(traffic["tcp://mail.example:25"].sent, 12);
    assert_eq!(traffic["tcp://198.51.100.7:80"].sent, 3000, "the sink keeps it");
}

#[test]
fn every_way_of_sending_and_receiving_is_traffic() {
    let world = "[[network]]\nmatch = \"tcp://192.0.2.1:25\"\ndialogue = [{ say = \"0123456789\" }]\n\
                 [files]\n\"/data/file\" = \"secret\"\n";
    let played = Fixture::in_world(world).play(
        "n = instance-network\ns = create-tcp-socket ipv4\nstart-connect s n 192.0.2.1:25\nc = subscribe-socket s\n\
         block c\nfinish-connect s\nwrite-zeroes out 100\nblocking-write-zeroes-and-flush out 20\n\
         d = get-directories\nf = open-at d \"data/file\" read\ni = read-via-stream f 0\nsplice out i 4\n\
         blocking-splice out i 100\nblocking-skip in 3\no = get-stdout\nblocking-splice o in 100\n",
    );
    let traffic = played.behaviour.traffic["tcp://192.0.2.1:25"];
    assert_eq!((traffic.sent, traffic.received), (126, 10), "{:?}", played.answers);
    assert_eq!(played.outcome.end.bytes.network_sent, 126);
}

#[test]
fn what_is_not_declared_is_answered_and_recorded_as_a_violation() {
    insta::assert_snapshot!(transcript("envelope.script", &Fixture::new().with_envelope(DECLARED)));
}

#[test]
fn what_is_not_declared_is_refused_where_the_world_enforces_it() {
    insta::assert_snapshot!(transcript(
        "envelope.script",
        &Fixture::new().with_envelope(DECLARED).enforced()
    ));
}

const DECLARED: &str = r#"
files.read = ["/data/**"]
files.write = ["/tmp/own/**"]
network = ["tcp://db.example:5432"]
"#;

/// What the last calls of a script answer where the world enforces an envelope, and the lines that are missing.
fn enforced(envelope: &str, files: &[&str], script: &str) -> (Vec<String>, Vec<String>) {
    let mut fixture = Fixture::new().with_envelope(envelope).enforced();
    for path in files {
        fixture.start.files.put_file(path, b"secret", fixture.start.world.start).unwrap();
    }
    let played = fixture.play(&format!("d = get-directories\n{script}"));
    let missing = played.behaviour.violations.keys().map(ToString::to_string).collect();
    (played.answers[1..].to_vec(), missing)
}

#[test]
fn a_new_name_is_no_way_to_read_or_to_write() {
    let envelope = "files.read = [\"/r/**\"]\nfiles.write = [\"/*\", \"/r/**\"]";
    let files = ["/x/secret", "/y", "/r/own/a"];
    let (answers, missing) = enforced(
        envelope,
        &files,
        "rename-at d \"x\" d \"r/x\"\nrename-at d \"y\" d \"r/y\"\nlink-at d \"y\" d \"r/y\"\n\
         rename-at d \"r/own\" d \"r/other\"\nrename-at d \"r/other/a\" d \"z\"\n",
    );
    let refused = "err not-permitted";
    assert_eq!(answers, [refused, refused, refused, "ok", "ok"]);
    assert_eq!(missing, ["files.read = [\"/y\"]", "files.write = [\"/x/**\"]"]);
    // Where nothing is enforced it is answered and recorded.
    let mut fixture = Fixture::new().with_envelope(envelope);
    fixture.start.files.put_file("/y", b"secret", fixture.start.world.start).unwrap();
    fixture.start.files.make_directories("/r", fixture.start.world.start).unwrap();
    let played = fixture.play("d = get-directories\nrename-at d \"y\" d \"r/y\"\n");
    assert_eq!(played.answers[1], "ok");
    let missing: Vec<String> = played.behaviour.violations.keys().map(ToString::to_string).collect();
    assert_eq!(missing, ["files.read = [\"/y\"]"]);
}

#[test]
fn a_read_only_directory_cannot_be_moved_from_under_its_rule() {
    let mut fixture = Fixture::new();
    fixture.start.world_mut().read_only = vec!["/data//ro/".into()];
    fixture.start.files.put_file("/data/ro/a", b"kept", fixture.start.world.start).unwrap();
    let played = fixture.play(
        "d = get-directories\nrename-at d \"data\" d \"moved\"\nrename-at d \"data/ro\" d \"moved\"\n\
         rename-at d \"data/ro/a\" d \"a\"\nopen-at d \"data/ro/a\" write\n\
         open-at d \"data/free\" create write\nrename-at d \"data/free\" d \"moved\"\n",
    );
    let refused = "err not-permitted";
    assert_eq!(played.answers[1..], [refused, refused, refused, refused, "ok", "ok"]);
}

#[test]
fn what_can_only_be_written_is_not_seen() {
    let (answers, missing) = enforced(
        "files.write = [\"/logs/*\"]",
        &["/logs/private.db"],
        "stat-at d \"logs/private.db\"\nmetadata-hash-at d \"logs/private.db\"\n\
         open-at d \"logs\" directory\nopen-at d \"logs/new\" create write\n",
    );
    let refused = "err not-permitted";
    assert_eq!(answers, [refused, refused, "ok", "ok"]);
    assert_eq!(missing, ["files.read = [\"/logs/private.db\"]"]);
}

#[test]
fn a_flood_of_one_kind_of_effect_is_counted_and_hides_no_other() {
    let flood = |last: &str| {
        let stats: String = (0..3000).map(|number| format!("stat-at d \"{number}\"\n")).collect();
        let script =
            format!("d = get-directories\n{stats}stat-at d \"{last}\"\nopen-at d \"tmp/x\" create write\n");
        Fixture::new().play(&script).behaviour
    };
    let (one, two) = (flood("last"), flood("other"));
    assert!(one.effects.len() < 1100, "{}", one.effects.len());
    let has = |text: &str| one.effects.iter().any(|effect| effect.to_string().starts_with(text));
    assert!(has("other: 1977 more effects of the kind file stat ("), "{:?}", one.effects.last());
    assert!(has("file write /tmp/x"));
    assert_eq!(one.effects, flood("last").effects);
    assert_ne!(one.effects, two.effects, "what is left out still tells runs apart");
}

#[test]
fn all_clocks_agree_with_each_other() {
    let played = Fixture::new().play(
        "wall-now\nmonotonic-now\nd = get-directories\nf = open-at d \"tmp/x\" create write\nstat f\nt = subscribe-duration 3600000000000\nblock t\nwall-now\nmonotonic-now\ng = open-at d \"tmp/y\" create write\nstat g\n",
    );
    let seconds = |answer: &str| answer.split('.').next().unwrap().parse::<u64>().unwrap();
    let wall = seconds(&played.answers[7]) - seconds(&played.answers[0]);
    let nanoseconds = |index: usize| played.answers[index].parse::<u64>().unwrap();
    assert_eq!(wall, 3600);
    assert_eq!((nanoseconds(8) - nanoseconds(1)) / 1_000_000_000, 3600);
    let changed = |index: usize| played.answers[index].rsplit_once('=').unwrap().1.parse::<u64>().unwrap();
    assert_eq!(changed(10) - changed(4), 3600, "file times too");
}

#[test]
fn the_same_start_gives_the_same_trace_byte_for_byte() {
    let script = std::fs::read_to_string(project("tests/integration/scripts/every-function.script")).unwrap();
    let file = |played: crate::helpers::ScriptRun| {
        let mut bytes = Vec::new();
        played.trace.write(&mut bytes).unwrap();
        bytes
    };
    let fixture = Fixture::in_world("[files]\n\"/data/file\" = \"content\"\n");
    assert_eq!(file(fixture.play(&script)), file(fixture.play(&script)));
}
