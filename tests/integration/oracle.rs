//! The lab's files against real ones: the same calls through a plain wasmtime-wasi host on a directory.

use std::{path::Path, sync::LazyLock};

use proptest::{prelude::*, sample::select};
use wasmtime::{
    Engine, Store,
    component::{Component, InstancePre, Linker, ResourceTable, ResourceType, types::ComponentItem},
};
use wasmtime_wasi::{FsPerms, WasiCtx, WasiCtxView, WasiView};

use crate::helpers::{Fixture, project};

struct State {
    ctx: WasiCtx,
    table: ResourceTable,
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.ctx, table: &mut self.table }
    }
}

/// Compiled once for all tests.
static REAL: LazyLock<(Engine, InstancePre<State>)> = LazyLock::new(|| {
    let engine = Engine::new(&invar_engine::comparable()).unwrap();
    let file = std::fs::read(project("skills-examples/puppet/puppet.wasm")).unwrap();
    let component = Component::new(&engine, file).unwrap();
    let mut linker = Linker::<State>::new(&engine);
    let mut options = wasmtime_wasi::p2::bindings::sync::LinkOptions::default();
    options.clocks_timezone(true).network_error_code(true);
    wasmtime_wasi::p2::add_to_linker_with_options_sync(&mut linker, &options).unwrap();
    // wasmtime-wasi does not provide this unstable interface; no script here calls it.
    let mut timezone = linker.instance("wasi:clocks/timezone@0.2.12").unwrap();
    for name in ["display", "utc-offset"] {
        timezone.func_new(name, |_, _, _, _| Err(wasmtime::format_err!("not provided"))).unwrap();
    }
    refuse_others(&engine, &component, &mut linker);
    let ready = linker.instantiate_pre(&component).unwrap();
    (engine, ready)
});

/// wasmtime-wasi does not answer requests, configure or log either; no script here calls for it.
fn refuse_others(engine: &Engine, component: &Component, linker: &mut Linker<State>) {
    /// What a handle of `wasi:http` would stand for.
    struct Nothing;
    const OF_STREAMS: [&str; 5] = ["input-stream", "output-stream", "pollable", "error", "io-error"];
    for (name, item) in component.component_type().imports(engine) {
        let ComponentItem::ComponentInstance(interface) = item.ty else { continue };
        if !["wasi:http/", "wasi:config/", "wasi:logging/"].iter().any(|package| name.starts_with(package)) {
            continue;
        }
        let mut instance = linker.instance(name).unwrap();
        for (name, item) in interface.exports(engine) {
            match item.ty {
                ComponentItem::Resource(_) if !OF_STREAMS.contains(&name) => {
                    instance.resource(name, ResourceType::host::<Nothing>(), |_, _| Ok(())).unwrap();
                }
                ComponentItem::ComponentFunc(_) => {
                    instance.func_new(name, |_, _, _, _| Err(wasmtime::format_err!("not provided"))).unwrap();
                }
                _ => {}
            }
        }
    }
}

/// Plays a script through wasmtime-wasi, `directory` being its root.
pub(crate) fn play_for_real(script: &str, directory: &Path) -> Vec<String> {
    let (engine, ready) = &*REAL;
    let mut builder = WasiCtx::builder();
    builder.preopened_dir(directory, "/", FsPerms::ReadWrite).unwrap();
    let mut store = Store::new(engine, State { ctx: builder.build(), table: ResourceTable::new() });
    store.set_fuel(u64::MAX / 2).unwrap();
    let instance = ready.instantiate(&mut store).unwrap();
    let invoke =
        instance.get_typed_func::<(&[u8],), (Result<Vec<u8>, String>,)>(&mut store, "invoke").unwrap();
    let (answer,) = invoke.call(&mut store, (script.as_bytes(),)).unwrap();
    String::from_utf8(answer.unwrap()).unwrap().lines().map(str::to_owned).collect()
}

/// What a host may answer as it likes: times, the size of a directory, and whether a directory that was opened
/// for reading says that entries can be changed through it, as they can in both.
fn leave_open(answer: &str) -> String {
    let answer = answer.replace(" | MUTATE_DIRECTORY", "");
    let mut words: Vec<String> = Vec::new();
    let is_directory = answer.contains("DescriptorType::Directory");
    for word in answer.split(' ') {
        words.push(match word.split_once('=') {
            Some((name @ ("accessed" | "modified" | "changed"), _)) => format!("{name}=…"),
            Some((name @ "size", _)) if is_directory => format!("{name}=…"),
            _ => word.to_owned(),
        });
    }
    words.join(" ")
}

/// Every call whose answer differs from that on a real directory.
fn differences(script: &str, prepare: impl Fn(&Path), fixture: &Fixture) -> Vec<String> {
    let directory = tempfile::tempdir().unwrap();
    std::fs::create_dir(directory.path().join("tmp")).unwrap();
    prepare(directory.path());
    let theirs = play_for_real(script, directory.path());
    let ours = fixture.play(script).answers;
    let calls: Vec<&str> =
        script.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')).collect();
    assert_eq!((ours.len(), theirs.len()), (calls.len(), calls.len()));
    let answers = ours.iter().zip(&theirs).map(|(ours, theirs)| (leave_open(ours), leave_open(theirs)));
    let pairs = calls.iter().zip(answers).filter(|(_, (ours, theirs))| ours != theirs);
    pairs.map(|(call, (ours, theirs))| format!("{call}: lab {ours}, real {theirs}")).collect()
}

fn script(name: &str) -> String {
    std::fs::read_to_string(project("tests/integration/scripts").join(name)).unwrap()
}

#[test]
fn files_answer_as_real_ones() {
    let differences = differences(&script("files.script"), |_| {}, &Fixture::new());
    assert_eq!(differences, Vec::<String>::new());
}

#[test]
fn paths_resolve_as_real_ones() {
    let prepare = |directory: &Path| {
        std::fs::create_dir(directory.join("etc")).unwrap();
        std::fs::write(directory.join("etc/passwd"), "root").unwrap();
    };
    let fixture = Fixture::in_world("[files]\n\"/etc/passwd\" = \"root\"\n");
    let differences = differences(&script("paths.script"), prepare, &fixture);
    assert_eq!(differences, Vec::<String>::new());
}

/// What every script of calls begins with, so that all handles are there.
const HANDLES: &str = "\
d = get-directories
t = open-at d \"tmp\" directory
f = open-at t \"a\" create read write
g = open-at t \"b\" create read write
create-directory-at t \"c\"
h = open-at t \"c\" directory
";

/// A call on few names, so that calls meet each other.
fn call() -> impl Strategy<Value = String> {
    let directory = select(vec!["t", "h"]);
    let file = select(vec!["f", "g"]);
    // What a slash at the end of a name means differs from system to system; making a directory is clear.
    let plain = ["a", "b", "c", "c/a", "c/b", "s", "s/a", "x/..", "c/../a"];
    let name = select([&plain[..], &["a/", "c/"]].concat());
    let plain = select(plain.to_vec());
    let any = select(vec!["t", "h", "f", "g"]);
    let open = select(vec![
        "read",
        "read write",
        "write",
        "create read write",
        "create exclusive read write",
        "truncate read write",
        "directory",
        "directory read",
        "create directory",
        "follow read",
        "follow create read write",
    ]);
    let target = select(vec!["a", "c", "s", "../a", "none"]);
    // To leave both times as they are is not looked at by every system.
    let times = select(vec!["- 1000000000", "1000000000 -", "1000000000 2000000000", "now now"]);
    prop_oneof![
        (file.clone(), directory.clone(), plain.clone(), open)
            .prop_map(|(file, base, name, how)| format!("{file} = open-at {base} \"{name}\" {how}")),
        (file.clone(), directory.clone(), select(vec![".", "c/.", "none/."]))
            .prop_map(|(file, base, name)| format!("{file} = open-at {base} \"{name}\" read")),
        (directory.clone(), name).prop_map(|(base, name)| format!("create-directory-at {base} \"{name}\"")),
        (directory.clone(), plain.clone())
            .prop_map(|(base, name)| format!("remove-directory-at {base} \"{name}\"")),
        (directory.clone(), plain.clone())
            .prop_map(|(base, name)| format!("unlink-file-at {base} \"{name}\"")),
        (directory.clone(), plain.clone(), directory.clone(), plain.clone())
            .prop_map(|(from, old, to, new)| format!("rename-at {from} \"{old}\" {to} \"{new}\"")),
        (directory.clone(), plain.clone(), directory.clone(), plain.clone())
            .prop_map(|(from, old, to, new)| format!("link-at {from} \"{old}\" {to} \"{new}\"")),
        (directory.clone(), target, plain.clone())
            .prop_map(|(base, target, name)| format!("symlink-at {base} \"{target}\" \"{name}\"")),
        (directory.clone(), plain.clone()).prop_map(|(base, name)| format!("readlink-at {base} \"{name}\"")),
        (directory.clone(), plain.clone(), select(vec!["", " follow"]))
            .prop_map(|(base, name, follow)| format!("stat-at {base} \"{name}\"{follow}")),
        (directory, plain, times)
            .prop_map(|(base, name, times)| format!("set-times-at {base} \"{name}\" {times}")),
        (file.clone(), 0..40_u64)
            .prop_map(|(file, offset)| format!("write-at {file} \"some text\" {offset}")),
        (file.clone(), 0..40_u64, 0..40_u64)
            .prop_map(|(file, bytes, offset)| format!("read-at {file} {bytes} {offset}")),
        (file, 0..40_u64).prop_map(|(file, size)| format!("set-size {file} {size}")),
        any.clone().prop_map(|handle| format!("stat {handle}")),
        any.clone().prop_map(|handle| format!("get-flags {handle}")),
        any.clone().prop_map(|handle| format!("sync {handle}")),
        (any.clone(), any).prop_map(|(one, other)| format!("is-same-object {one} {other}")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_done_to_files_comes_out_as_on_real_ones(calls in prop::collection::vec(call(), 1..60)) {
        let script = format!("{HANDLES}{}", calls.join("\n"));
        prop_assert_eq!(differences(&script, |_| {}, &Fixture::new()), Vec::<String>::new());
    }
}
