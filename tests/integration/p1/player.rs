//! A module that makes the calls that its input says, and the hosts that it runs in: the lab and wasmtime-wasi.

use std::{fmt::Write as _, path::Path, sync::LazyLock};

use invar_engine::{Engine, Outcome, Skill, Start};
use invar_trace::{Keep, Memory, Trace};

use wasmtime::{Linker, Module, Store};
use wasmtime_wasi::{
    FsPerms, WasiCtx,
    p1::{self, WasiP1Ctx},
    p2::pipe::{MemoryInputPipe, MemoryOutputPipe},
};

use super::names;
use crate::helpers::Fixture;

/// The functions, each with its parameters: `i` of 32 and `I` of 64 bits. All but `proc_exit` answer with a number.
pub(super) const FUNCTIONS: [(&str, &str); 46] = [
    ("args_get", "ii"),
    ("args_sizes_get", "ii"),
    ("clock_res_get", "ii"),
    ("clock_time_get", "iIi"),
    ("environ_get", "ii"),
    ("environ_sizes_get", "ii"),
    ("fd_advise", "iIIi"),
    ("fd_allocate", "iII"),
    ("fd_close", "i"),
    ("fd_datasync", "i"),
    ("fd_fdstat_get", "ii"),
    ("fd_fdstat_set_flags", "ii"),
    ("fd_fdstat_set_rights", "iII"),
    ("fd_filestat_get", "ii"),
    ("fd_filestat_set_size", "iI"),
    ("fd_filestat_set_times", "iIIi"),
    ("fd_pread", "iiiIi"),
    ("fd_prestat_dir_name", "iii"),
    ("fd_prestat_get", "ii"),
    ("fd_pwrite", "iiiIi"),
    ("fd_read", "iiii"),
    ("fd_readdir", "iiiIi"),
    ("fd_renumber", "ii"),
    ("fd_seek", "iIii"),
    ("fd_sync", "i"),
    ("fd_tell", "ii"),
    ("fd_write", "iiii"),
    ("path_create_directory", "iii"),
    ("path_filestat_get", "iiiii"),
    ("path_filestat_set_times", "iiiiIIi"),
    ("path_link", "iiiiiii"),
    ("path_open", "iiiiiIIii"),
    ("path_readlink", "iiiiii"),
    ("path_remove_directory", "iii"),
    ("path_rename", "iiiiii"),
    ("path_symlink", "iiiii"),
    ("path_unlink_file", "iii"),
    ("poll_oneoff", "iiii"),
    ("proc_exit", "i"),
    ("proc_raise", "i"),
    ("random_get", "ii"),
    ("sched_yield", ""),
    ("sock_accept", "iii"),
    ("sock_recv", "iiiiii"),
    ("sock_send", "iiiii"),
    ("sock_shutdown", "ii"),
];

/// Arguments of a call, at most.
const ARGUMENTS: usize = 9;
/// Bytes of what a call finds in memory.
const BLOCK_BYTES: usize = 96;
/// Where it finds them.
pub(super) const BLOCK: u64 = 0x1000;
/// Where the error number of a call is put, and behind it what the call put.
const RESULT: u32 = 0x2000;
/// Where a call puts what it gives: cleared before each.
pub(super) const OUT: u64 = 0x2008;
/// Bytes of one call in the input.
const RECORD_BYTES: usize = 8 + 8 * ARGUMENTS + BLOCK_BYTES;
/// Where the input is put.
const INPUT: u32 = 0x20000;

/// One call.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) function: &'static str,
    pub(super) arguments: Vec<u64>,
    /// What it finds at [`BLOCK`].
    pub(super) block: Vec<u8>,
    /// Bytes at [`OUT`] that are shown afterwards.
    pub(super) shown: u32,
}

/// What a call came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) errno: u32,
    /// What stands at [`OUT`].
    pub(super) out: Vec<u8>,
}

impl Call {
    pub(super) fn new(function: &'static str, arguments: impl Into<Vec<u64>>) -> Self {
        Self { function, arguments: arguments.into(), block: Vec::new(), shown: 0 }
    }

    pub(super) fn shows(self, bytes: u32) -> Self {
        Self { shown: bytes, ..self }
    }

    /// With a list of buffers at [`BLOCK`].
    pub(super) fn buffers(self, buffers: &[(u64, u64)]) -> Self {
        let number = |number: u64| u32::try_from(number).unwrap().to_le_bytes();
        let block = buffers.iter().flat_map(|(at, len)| [number(*at), number(*len)]).flatten().collect();
        Self { block, ..self }
    }

    fn record(&self) -> Vec<u8> {
        let number = FUNCTIONS.iter().position(|(name, _)| *name == self.function).unwrap();
        let mut record = Vec::new();
        record.extend(u32::try_from(number).unwrap().to_le_bytes());
        record.extend(self.shown.to_le_bytes());
        for at in 0..ARGUMENTS {
            record.extend(self.arguments.get(at).copied().unwrap_or(0).to_le_bytes());
        }
        record.extend(&self.block);
        record.resize(RECORD_BYTES, 0);
        record
    }
}

/// The module.
pub(super) fn module() -> String {
    let mut imports = String::new();
    let mut cases = String::new();
    for (number, (name, parameters)) in FUNCTIONS.iter().enumerate() {
        let types: Vec<&str> =
            parameters.chars().map(|kind| if kind == 'i' { "i32" } else { "i64" }).collect();
        let result = if *name == "proc_exit" { "" } else { "(result i32)" };
        writeln!(
            imports,
            "(import \"wasi_snapshot_preview1\" \"{name}\" (func ${name} (param {}) {result}))",
            types.join(" ")
        )
        .unwrap();
        let mut arguments = String::new();
        for (at, kind) in parameters.chars().enumerate() {
            let load = format!("(i64.load offset={} (local.get $r))", 8 + 8 * at);
            arguments.push_str(&if kind == 'i' { format!("(i32.wrap_i64 {load})") } else { load });
        }
        let call = format!("(call ${name} {arguments})");
        let call = if result.is_empty() { format!("{call} (i32.const 0)") } else { call };
        writeln!(
            cases,
            "(if (i32.eq (i32.load (local.get $r)) (i32.const {number})) (then (return {call})))"
        )
        .unwrap();
    }
    format!(
        r#"(module {imports}
        (memory (export "memory") 64)
        {names}
        (func $do (param $r i32) (result i32) {cases} (unreachable))
        (func $read (result i32) (local $end i32)
            (local.set $end (i32.const {INPUT}))
            (loop $more
                (i32.store (i32.const 16) (local.get $end))
                (i32.store (i32.const 20) (i32.const 65536))
                (if (call $fd_read (i32.const 0) (i32.const 16) (i32.const 1) (i32.const 24)) (then (unreachable)))
                (local.set $end (i32.add (local.get $end) (i32.load (i32.const 24))))
                (br_if $more (i32.load (i32.const 24))))
            (local.get $end))
        (func $write (param $at i32) (param $len i32)
            (loop $more
                (i32.store (i32.const 16) (local.get $at))
                (i32.store (i32.const 20) (local.get $len))
                (if (call $fd_write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 24)) (then (unreachable)))
                (local.set $at (i32.add (local.get $at) (i32.load (i32.const 24))))
                (local.set $len (i32.sub (local.get $len) (i32.load (i32.const 24))))
                (br_if $more (local.get $len))))
        (func (export "_start") (local $r i32) (local $end i32)
            (local.set $end (call $read))
            (local.set $r (i32.const {INPUT}))
            (block $done
                (loop $next
                    (br_if $done (i32.ge_u (local.get $r) (local.get $end)))
                    (memory.fill (i32.const {RESULT}) (i32.const 0)
                        (i32.add (i32.const 8) (i32.load offset=4 (local.get $r))))
                    (memory.copy (i32.const {BLOCK})
                        (i32.add (local.get $r) (i32.const {block_from})) (i32.const {BLOCK_BYTES}))
                    (i32.store (i32.const {RESULT}) (call $do (local.get $r)))
                    (call $write (i32.const {RESULT}) (i32.add (i32.const 8) (i32.load offset=4 (local.get $r))))
                    (local.set $r (i32.add (local.get $r) (i32.const {RECORD_BYTES})))
                    (br $next)))))"#,
        names = names::segment(),
        block_from = RECORD_BYTES - BLOCK_BYTES,
    )
}

fn answers(calls: &[Call], output: &[u8]) -> Vec<Answer> {
    let mut rest = output;
    let mut answers = Vec::new();
    for call in calls {
        // A run that was ended answers no more.
        let Some((answer, after)) = rest.split_at_checked(8 + call.shown as usize) else { break };
        rest = after;
        let errno = u32::from_le_bytes(*answer.first_chunk().unwrap());
        answers.push(Answer { errno, out: answer[8..].to_vec() });
    }
    answers
}

/// Compiled once for all tests.
static PLAYER: LazyLock<Skill> = LazyLock::new(|| {
    let (engine, _) = Fixture::engine();
    engine.load(&wat::parse_str(module()).unwrap()).unwrap()
});

/// A run of calls in the lab.
pub(super) struct Played {
    pub(super) answers: Vec<Answer>,
    pub(super) outcome: Outcome,
    pub(super) trace: Trace,
}

/// Makes the calls in the lab, and once more with the recorded answers: that must be the same run.
pub(super) fn play_in(start: &Start, calls: &[Call]) -> Played {
    let (engine, skill): (&Engine, &Skill) = (&Fixture::engine().0, &PLAYER);
    let input: Vec<u8> = calls.iter().flat_map(Call::record).collect();
    let start = Start { input: input.into(), ..start.clone() };
    let memory = Memory::new(Keep::All);
    let outcome = engine.run(skill, &start, Box::new(memory.clone())).unwrap();
    let trace = std::sync::Arc::new(memory.take());
    let replayed = engine.replay_recorded(skill, &trace).unwrap();
    assert!(replayed.exact, "{:?} recorded, {:?} replayed", outcome.end, replayed.outcome.end);
    let answers = answers(calls, &outcome.stdout);
    Played { answers, outcome, trace: std::sync::Arc::unwrap_or_clone(trace) }
}

/// The same in a plain start.
pub(super) fn play(calls: &[Call]) -> Played {
    play_in(&Fixture::new().start, calls)
}

/// wasmtime-wasi with the module, compiled once for all tests.
static REAL: LazyLock<(wasmtime::Engine, wasmtime::InstancePre<WasiP1Ctx>)> = LazyLock::new(|| {
    let engine = wasmtime::Engine::new(&invar_engine::comparable()).unwrap();
    let module = Module::new(&engine, wat::parse_str(module()).unwrap()).unwrap();
    let mut linker = Linker::new(&engine);
    p1::add_to_linker_sync(&mut linker, |context: &mut WasiP1Ctx| context).unwrap();
    let ready = linker.instantiate_pre(&module).unwrap();
    (engine, ready)
});

/// Makes the calls through wasmtime-wasi, `directory` being its root.
pub(super) fn play_for_real(directory: &Path, calls: &[Call]) -> Vec<Answer> {
    let (engine, ready) = &*REAL;
    let input: Vec<u8> = calls.iter().flat_map(Call::record).collect();
    let output = MemoryOutputPipe::new(64 << 20);
    let mut builder = WasiCtx::builder();
    builder.arg("test").stdin(MemoryInputPipe::new(input)).stdout(output.clone());
    builder.preopened_dir(directory, "/", FsPerms::ReadWrite).unwrap();
    let mut store = Store::new(engine, builder.build_p1());
    store.set_fuel(u64::MAX / 2).unwrap();
    let instance = ready.instantiate(&mut store).unwrap();
    instance.get_typed_func::<(), ()>(&mut store, "_start").unwrap().call(&mut store, ()).unwrap();
    drop(store);
    answers(calls, &output.contents())
}
