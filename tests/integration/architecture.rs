//! Crates and their allowed dependencies, and what holds for the engine whatever runs in it.

use std::collections::{BTreeMap, BTreeSet};

use invar_engine::{Cache, CacheProblem, Engine};
use invar_trace::{Keep, Memory};

use crate::helpers::{Invar, component, examples, project, start};

/// Each crate of the product, and those of ours that it may use.
const CRATES: [(&str, &[&str]); 13] = [
    ("invar-envelope", &[]),
    ("invar-ledger", &[]),
    ("invar-witness", &["invar-ledger"]),
    ("invar-world", &["invar-envelope"]),
    ("invar-trace", &["invar-envelope", "invar-world"]),
    ("invar-probe", &["invar-trace", "invar-world"]),
    ("invar-host-api", &["invar-envelope", "invar-trace", "invar-world"]),
    ("invar-engine", &["invar-envelope", "invar-host-api", "invar-trace", "invar-world"]),
    ("invar-monitor", &["invar-envelope", "invar-trace", "invar-world"]),
    ("invar-history", &["invar-monitor", "invar-trace", "invar-world"]),
    ("invar-lab", &["invar-engine", "invar-monitor", "invar-probe", "invar-trace", "invar-world"]),
    (
        "invar-host",
        &[
            "invar-engine",
            "invar-envelope",
            "invar-lab",
            "invar-ledger",
            "invar-monitor",
            "invar-trace",
            "invar-world",
        ],
    ),
    (
        "invar",
        &[
            "invar-engine",
            "invar-envelope",
            "invar-history",
            "invar-host",
            "invar-host-api",
            "invar-ledger",
            "invar-monitor",
            "invar-trace",
            "invar-witness",
            "invar-world",
        ],
    ),
];

fn toml(path: &str) -> toml::Table {
    std::fs::read_to_string(project(path)).unwrap().parse().unwrap()
}

/// The packages that each package needs to be built, tests of ours aside.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let mut needs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in toml("Cargo.lock")["package"].as_array().unwrap() {
        let needed = package.get("dependencies").and_then(|list| list.as_array()).into_iter().flatten();
        // Where there are several versions, the name is followed by one.
        let names = needed.map(|package| package.as_str().unwrap().split(' ').next().unwrap().to_owned());
        needs.entry(package["name"].as_str().unwrap().to_owned()).or_default().extend(names);
    }
    // The lock file does not say what only tests need; the manifests do.
    for member in toml("Cargo.toml")["workspace"]["members"].as_array().unwrap() {
        let manifest = toml(&format!("{}/Cargo.toml", member.as_str().unwrap()));
        let name = manifest["package"]["name"].as_str().unwrap().to_owned();
        let needed = manifest.get("dependencies").and_then(|table| table.as_table());
        needs.insert(name, needed.into_iter().flat_map(|table| table.keys().cloned()).collect());
    }
    needs
}

/// Everything that a package needs, by whichever way.
fn closure(of: &str, dependencies: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<String> {
    let (mut seen, mut todo) = (BTreeSet::new(), vec![of.to_owned()]);
    while let Some(name) = todo.pop() {
        for needed in dependencies.get(&name).into_iter().flatten() {
            if seen.insert(needed.clone()) {
                todo.push(needed.clone());
            }
        }
    }
    seen
}

#[test]
fn every_crate_uses_only_its_allowed_dependencies() {
    let dependencies = dependencies();
    let product: BTreeSet<&str> = CRATES.iter().map(|(name, _)| *name).collect();
    for (name, allowed) in CRATES {
        let used: Vec<&str> =
            dependencies[name].iter().map(String::as_str).filter(|name| product.contains(name)).collect();
        assert_eq!(used, allowed, "{name}");
    }
}

#[test]
fn the_monitor_never_sees_wasmtime() {
    let dependencies = dependencies();
    for pure in [
        "invar-envelope",
        "invar-history",
        "invar-ledger",
        "invar-world",
        "invar-trace",
        "invar-probe",
        "invar-monitor",
    ] {
        let all = closure(pure, &dependencies);
        assert!(!all.iter().any(|name| name.starts_with("wasmtime")), "{pure}");
    }
}

#[test]
fn the_ledger_needs_no_network() {
    /// Crates that open sockets, or speak a protocol of the network.
    const NETWORK: [&str; 14] = [
        "curl",
        "h2",
        "hickory-resolver",
        "http",
        "httparse",
        "hyper",
        "hyper-util",
        "mio",
        "reqwest",
        "rustls",
        "socket2",
        "tiny_http",
        "tokio",
        "ureq",
    ];
    let dependencies = dependencies();
    let all = closure("invar-ledger", &dependencies);
    let found: Vec<&str> = NETWORK.into_iter().filter(|name| all.contains(*name)).collect();
    assert!(found.is_empty(), "{found:?}");
    // The names are those that the lock file has: the crate for the network needs some.
    let of_witness = closure("invar-witness", &dependencies);
    assert!(["hyper", "tokio", "ureq", "http"].iter().all(|name| of_witness.contains(*name)));
}

#[test]
fn nothing_but_the_membrane_is_linked() {
    let dependencies = dependencies();
    for (name, _) in CRATES {
        let all = closure(name, &dependencies);
        assert!(!all.contains("wasmtime-wasi"), "{name} could link what no shim of ours stands before");
    }
}

#[test]
fn the_version_names_the_wasmtime_that_it_is_built_on() {
    let lock = toml("Cargo.lock");
    let packages = lock["package"].as_array().unwrap();
    let mut locked = packages.iter().filter(|package| package["name"].as_str() == Some("wasmtime"));
    let engine = locked.next().unwrap()["version"].as_str().unwrap();
    assert!(locked.next().is_none(), "one wasmtime");
    let stdout = Invar::new().run(&["--version"]).expect(0).stdout;
    assert_eq!(stdout, format!("invar {} (wasmtime {engine})\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn every_limit_of_the_lab_is_named_and_explained() {
    let limits_in = |path: &str, is_limit: fn(&str) -> bool| {
        let text = std::fs::read_to_string(project(path)).unwrap();
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let limits: Vec<usize> = (0..lines.len()).filter(|index| is_limit(lines[*index])).collect();
        for index in &limits {
            assert!(lines[index - 1].starts_with("///"), "{}", lines[*index]);
        }
        limits.into_iter().map(|index| lines[index].to_owned()).collect::<Vec<_>>()
    };
    let of_a_call = limits_in("host-api/src/limits.rs", |line| line.starts_with("pub const"));
    assert!(of_a_call.len() > 10);
    for limit in of_a_call {
        assert!(["_BYTES", "_MAX"].iter().any(|unit| limit.contains(unit)), "{limit}");
    }
    // `0 fuel = 10_000_000_000,`: their names say what they count.
    let of_a_run = limits_in("runtime/world/src/limits.rs", |line| {
        line.starts_with(|first: char| first.is_ascii_digit()) && line.contains(" = ")
    });
    assert_eq!(of_a_run.len(), 18, "{of_a_run:?}");
}

/// The sources of a crate, one after the other.
fn sources(directory: &std::path::Path) -> String {
    let entries = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let read = |path: std::path::PathBuf| match path.is_dir() {
        true => sources(&path),
        false if path.extension().is_some_and(|extension| extension == "rs") => {
            std::fs::read_to_string(path).unwrap()
        }
        false => String::new(),
    };
    entries.map(read).collect()
}

#[test]
fn every_limit_that_stops_a_run_is_documented_and_reached_by_a_test_by_its_name() {
    let sources_of = |path: &str| sources(&project(path));
    let code = sources_of("host-api/src") + &sources_of("runtime/engine/src");
    let named = code.split("Limit(\"").skip(1).filter_map(|rest| rest.split_once('"'));
    let names: BTreeSet<&str> = named.map(|(name, _)| name).collect();
    assert!(names.len() > 15, "{names:?}");
    let limits = std::fs::read_to_string(project("docs/limits.md")).unwrap();
    let tests = sources_of("tests/integration") + &code;
    for name in names {
        assert!(limits.contains(&format!("| {name} |")), "docs/limits.md has no row for: {name}");
        let in_tests = [
            format!("script_ends_by(\"{name}\""),
            format!("component_ends_by(\"{name}\""),
            format!("limit on {name}\""),
            format!("Ending::Limit(\"{name}\".into())"),
        ];
        assert!(in_tests.iter().any(|test| tests.contains(test)), "no test comes to the limit on {name}");
    }
}

#[test]
fn every_invariant_of_the_architecture_names_the_test_that_holds_it() {
    let text = std::fs::read_to_string(project("ARCHITECTURE.md")).unwrap();
    let sources = ["tests/integration", "runtime", "host-api"].map(|path| sources(&project(path))).concat();
    let is_test = |word: &&str| sources.contains(&format!("fn {}()", word.rsplit("::").next().unwrap()));
    let invariants: Vec<&str> = text.split("Invariant:").skip(1).collect();
    assert!(invariants.len() >= 9, "{} invariants", invariants.len());
    for invariant in invariants {
        let words = invariant.split('`').skip(1).step_by(2);
        // Other words in backticks, such as `disallowed-methods` and file names, are not as long.
        let tests: Vec<&str> = words.filter(|word| word.matches('_').count() >= 3).collect();
        let unknown: Vec<_> = tests.iter().filter(|word| !is_test(word)).collect();
        assert!(unknown.is_empty(), "there is no test {unknown:?}");
        assert!(!tests.is_empty(), "no test is named for: {invariant}");
    }
}

/// Ways to the host's time, entropy, files, network, processes, threads and environment.
const WAYS_TO_THE_HOST: [(&str, &[&str]); 14] = [
    ("std::time", &["SystemTime::now", "Instant::now"]),
    ("getrandom", &["fill", "u32", "u64"]),
    (
        "std::fs",
        &[
            "canonicalize",
            "copy",
            "create_dir",
            "create_dir_all",
            "exists",
            "hard_link",
            "metadata",
            "read",
            "read_dir",
            "read_link",
            "read_to_string",
            "remove_dir",
            "remove_dir_all",
            "remove_file",
            "rename",
            "set_permissions",
            "symlink_metadata",
            "write",
            "DirBuilder::create",
            "File::create",
            "File::create_new",
            "File::open",
            "OpenOptions::open",
        ],
    ),
    ("std::os::unix::fs", &["symlink"]),
    (
        "std::path::Path",
        &[
            "canonicalize",
            "exists",
            "is_dir",
            "is_file",
            "is_symlink",
            "metadata",
            "read_dir",
            "read_link",
            "symlink_metadata",
            "try_exists",
        ],
    ),
    ("cap_std::fs", &["Dir::open_ambient_dir", "Dir::create_ambient_dir_all", "File::open_ambient"]),
    (
        "std::net",
        &["TcpListener::bind", "TcpStream::connect", "TcpStream::connect_timeout", "UdpSocket::bind"],
    ),
    ("std::net::ToSocketAddrs", &["to_socket_addrs"]),
    ("std::os::unix::net", &["UnixDatagram::bind", "UnixListener::bind", "UnixStream::connect"]),
    (
        "tokio::net",
        &[
            "lookup_host",
            "TcpListener::bind",
            "TcpListener::from_std",
            "TcpSocket::new_v4",
            "TcpSocket::new_v6",
            "TcpStream::connect",
            "UdpSocket::bind",
            "UnixDatagram::bind",
            "UnixListener::bind",
            "UnixStream::connect",
        ],
    ),
    ("std::process", &["Command::new", "Command::output", "Command::spawn", "Command::status"]),
    ("std::thread", &["sleep", "spawn", "Builder::spawn"]),
    ("std::env", &["current_dir", "current_exe", "temp_dir", "var", "var_os", "vars", "vars_os"]),
    ("jiff", &["Timestamp::now", "Zoned::now"]),
];

#[test]
fn the_lint_covers_every_way_to_the_host() {
    let table = toml("clippy.toml");
    let entries = table["disallowed-methods"].as_array().unwrap();
    let disallowed: BTreeSet<&str> = entries.iter().map(|entry| entry["path"].as_str().unwrap()).collect();
    assert_eq!(disallowed.len(), entries.len(), "an entry is there twice");
    let ways = WAYS_TO_THE_HOST.iter().flat_map(|(module, functions)| {
        functions.iter().map(move |function| format!("{module}::{function}"))
    });
    let missing: Vec<String> = ways.filter(|way| !disallowed.contains(way.as_str())).collect();
    assert!(missing.is_empty(), "clippy.toml does not disallow {missing:?}");
    assert!(entries.iter().all(|entry| !entry["reason"].as_str().unwrap().is_empty()));
    let workspace = &toml("Cargo.toml")["workspace"];
    assert_eq!(workspace["lints"]["clippy"]["disallowed_methods"].as_str(), Some("deny"));
    for member in workspace["members"].as_array().unwrap() {
        let manifest = toml(&format!("{}/Cargo.toml", member.as_str().unwrap()));
        assert_eq!(manifest["lints"]["workspace"].as_bool(), Some(true), "{member} has other lints");
    }
}

#[test]
fn a_run_outside_the_pool_leaves_the_same_trace() {
    let engine = Engine::new(None).unwrap();
    for name in examples() {
        let file = component(&name);
        let pooled = engine.load(&file).unwrap();
        let outside = engine.outside_pool(&file).unwrap();
        let start = invar_engine::Start { input: b"one,two\nthree,four\n".as_slice().into(), ..start() };
        let head = |skill| engine.run(skill, &start, Box::new(Memory::new(Keep::Events))).unwrap().head;
        assert_eq!(head(&pooled), head(&outside), "{name}");
    }
}

#[test]
fn a_host_that_limits_addresses_runs_skills_without_the_pool() {
    let invar = Invar::new();
    let head = |limit: &str| {
        let trace = invar.path(if limit.is_empty() { "free.trace" } else { "limited.trace" });
        let line = format!(
            "invar --version >/dev/null; {limit} \"$INVAR\" run skills-examples/hello --world lab --record {}",
            trace.display()
        );
        invar.paste(&line).expect(0);
        std::fs::read(trace).unwrap()
    };
    // The pool reserves more than 30 GB of addresses.
    assert!(head("") == head("ulimit -v 16000000;"), "the same trace");
    // Too little for any memory at all: that is not something that the skill did.
    let line =
        "invar --version >/dev/null; ulimit -v 3000000; \"$INVAR\" run skills-examples/hello --world lab";
    let output = invar.paste(line).expect(125);
    assert!(output.stderr.contains("the host failed"), "{output:?}");
}

#[test]
fn compiled_code_that_was_tampered_with_is_not_run() {
    let invar = Invar::new();
    let (code, key) = (invar.path("code"), invar.path("keys/key"));
    let file = component("typed-hello");
    let engine = || Engine::new(Some(Cache::new(code.clone(), key.clone()))).unwrap();
    engine().load(&file).unwrap();
    let cached = std::fs::read_dir(&code).unwrap().next().unwrap().unwrap().path();
    let sealed = std::fs::read(&cached).unwrap();

    let warm = engine();
    warm.load(&file).unwrap();
    assert_eq!(warm.take_problems(), []);

    for at in [0, 40, sealed.len() - 1] {
        let mut bytes = sealed.clone();
        bytes[at] ^= 1;
        std::fs::write(&cached, &bytes).unwrap();
        let engine = engine();
        engine.load(&file).unwrap();
        assert_eq!(engine.take_problems(), [CacheProblem::BrokenSeal(cached.clone())]);
    }
    // It was compiled again and sealed: the next load finds it whole.
    let healed = engine();
    healed.load(&file).unwrap();
    assert_eq!(healed.take_problems(), []);
}

#[test]
fn code_of_another_installation_is_not_run() {
    let (one, two) = (Invar::new(), Invar::new());
    let file = component("typed-hello");
    let engine =
        |invar: &Invar| Engine::new(Some(Cache::new(invar.path("code"), invar.path("keys/key")))).unwrap();
    engine(&one).load(&file).unwrap();
    engine(&two).load(&file).unwrap();
    let name = std::fs::read_dir(one.path("code")).unwrap().next().unwrap().unwrap().file_name();
    std::fs::copy(one.path("code").join(&name), two.path("code").join(&name)).unwrap();
    let other = engine(&two);
    other.load(&file).unwrap();
    assert_eq!(other.take_problems(), [CacheProblem::BrokenSeal(two.path("code").join(name))]);
}

#[test]
fn a_trace_that_cannot_be_written_keeps_the_result_from_being_seen() {
    let invar = Invar::new();
    let words = ["run", "@word-count", "--world", "lab", "--record", "/dev/full"];
    let output = invar.run(&words);
    assert_eq!((output.code, output.stdout.as_str()), (125, ""), "{output:?}");
    assert!(output.stderr.contains("the result was discarded"), "{output:?}");
}
