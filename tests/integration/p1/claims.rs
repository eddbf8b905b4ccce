//! What modules can rely on, and what no module can do.

use invar_trace::{Ending, functions as f};
use invar_world::Limits;

use super::{
    names::place,
    player::{BLOCK, Call, OUT, play, play_in},
};
use crate::helpers::Fixture;

const READ: u64 = 1 << 1;
const WRITE: u64 = 1 << 6;
const BADF: u32 = 8;
const INVAL: u32 = 28;
const NOTDIR: u32 = 54;
const PERM: u32 = 63;

fn open(fd: u64, name: &str, oflags: u64, rights: u64) -> Call {
    let [at, len] = place(name);
    Call::new("path_open", [fd, 0, at, len, oflags, rights, rights, 0, OUT]).shows(4)
}

fn write(fd: u64, name: &str) -> Call {
    let [at, len] = place(name);
    Call::new("fd_write", [fd, BLOCK, 1, OUT]).buffers(&[(at, len)]).shows(4)
}

fn errnos(calls: &[Call]) -> Vec<u32> {
    play(calls).answers.iter().map(|answer| answer.errno).collect()
}

#[test]
fn a_module_leaves_the_events_of_the_calls_that_are_made_for_it() {
    let played = play(&[open(3, "a", 1, READ | WRITE), write(4, "some text"), Call::new("fd_close", [4])]);
    let functions: Vec<_> = played
        .trace
        .events()
        .map(|event| event.unwrap().function)
        .filter(|function| *function != f::streams::INPUT_STREAM_BLOCKING_READ)
        .collect();
    let expected = [
        f::stdin::GET_STDIN,
        f::preopens::GET_DIRECTORIES,
        f::filesystem::DESCRIPTOR_OPEN_AT,
        f::filesystem::DESCRIPTOR_GET_TYPE,
        f::stdout::GET_STDOUT,
        f::streams::OUTPUT_STREAM_BLOCKING_WRITE_AND_FLUSH,
        f::filesystem::DESCRIPTOR_WRITE,
        f::streams::OUTPUT_STREAM_BLOCKING_WRITE_AND_FLUSH,
        f::filesystem::DESCRIPTOR_DROP,
        f::streams::OUTPUT_STREAM_BLOCKING_WRITE_AND_FLUSH,
        invar_trace::FunctionId::END,
    ];
    assert_eq!(functions, expected);
}

#[test]
fn what_is_written_to_a_renumbered_descriptor_goes_to_the_file_that_it_stands_for() {
    let calls = [
        open(3, "a", 1, READ | WRITE),
        open(3, "b", 1, READ | WRITE),
        Call::new("fd_renumber", [4, 5]),
        write(5, "some text"),
        write(4, "some text"),
        // The number that became free is given again.
        open(3, "c", 1, READ | WRITE),
    ];
    let played = play(&calls);
    let errnos: Vec<u32> = played.answers.iter().map(|answer| answer.errno).collect();
    assert_eq!(errnos, [0, 0, 0, 0, BADF, 0]);
    assert_eq!(played.answers[5].out, 4u32.to_le_bytes());
    let files = played.outcome.files.unwrap();
    let size = |path: &str| {
        let (_, ino) = files.walk().find(|(known, _)| known == path).unwrap();
        match files.get(ino).unwrap().node() {
            invar_world::Node::File(content) => content.len(),
            _ => 0,
        }
    };
    assert_eq!((size("/a"), size("/b")), (9, 0));
}

#[test]
fn a_renumbered_descriptor_is_refused_by_the_path_of_its_file() {
    let fixture = Fixture::new().with_envelope("files.write = [\"/a\"]").enforced();
    let calls = [
        open(3, "a", 1, WRITE),
        open(3, "b", 1, WRITE),
        Call::new("fd_renumber", [4, 9]),
        Call::new("fd_renumber", [4, 3]),
        Call::new("fd_filestat_set_size", [3, 0]),
    ];
    let errnos: Vec<u32> =
        play_in(&fixture.start, &calls).answers.iter().map(|answer| answer.errno).collect();
    assert_eq!(errnos, [0, PERM, BADF, 0, 0]);
}

#[test]
fn a_time_of_day_that_is_past_is_ready_at_once() {
    // Nanosecond 1 of 1970, by the clock that shows the time of day.
    let mut subscription = vec![0; 48];
    subscription[24] = 1;
    subscription[40] = 1;
    let call = Call::new("poll_oneoff", [BLOCK, OUT + 16, 1, OUT]).shows(48);
    let played = play(&[Call { block: subscription, ..call }]);
    let answer = &played.answers[0];
    assert_eq!((answer.errno, answer.out[0]), (0, 1));
    assert_eq!(played.outcome.end.waited_ns, 0);
}

#[test]
fn to_wait_for_nothing_is_an_error_and_for_a_time_passes_it() {
    let wait = |ns: u64| {
        let mut subscription = vec![0; 48];
        subscription[16] = 1;
        subscription[24..32].copy_from_slice(&ns.to_le_bytes());
        let call = Call::new("poll_oneoff", [BLOCK, OUT + 16, 1, OUT]).shows(48);
        Call { block: subscription, ..call }
    };
    let played = play(&[Call::new("poll_oneoff", [BLOCK, OUT + 16, 0, OUT]), wait(3_600_000_000_000)]);
    assert_eq!((played.answers[0].errno, played.answers[1].errno), (INVAL, 0));
    // Some of it passes while the calls are made.
    assert!(played.outcome.end.waited_ns > 3_599_000_000_000, "{:?}", played.outcome.end);
}

/// Names that a listing gives, read with so large a buffer, cookie by cookie, as libraries do it.
fn listed(calls: &[Call], room: u32) -> Vec<String> {
    let mut names = Vec::new();
    let mut cookie = 0;
    for _ in 0..100 {
        let read = Call::new("fd_readdir", [3, OUT + 16, room.into(), cookie, OUT]).shows(16 + room);
        let played = play(&[calls, &[read]].concat());
        let answer = played.answers.last().unwrap();
        assert_eq!(answer.errno, 0);
        let used = u32::from_le_bytes(*answer.out.first_chunk().unwrap());
        let mut rest = &answer.out[16..16 + used as usize];
        let before = names.len();
        while let Some((record, after)) = rest.split_first_chunk::<24>() {
            let len = u32::from_le_bytes(*record[16..].first_chunk().unwrap()) as usize;
            assert_eq!(record[21..], [0; 3], "what nothing stands in is zero");
            let Some(name) = after.get(..len) else { break };
            names.push(String::from_utf8(name.to_vec()).unwrap());
            cookie = u64::from_le_bytes(*record.first_chunk().unwrap());
            rest = &after[len..];
        }
        if used < room {
            return names;
        }
        assert!(names.len() > before || room < 40, "{names:?}");
    }
    panic!("it does not end: {names:?}");
}

#[test]
fn a_listing_is_whole_however_small_the_buffer_is() {
    let files: Vec<Call> = ["f1", "f2", "f3", "f4"].map(|name| open(3, name, 1, WRITE)).to_vec();
    let whole = listed(&files, 4096);
    for name in [".", "..", "f1", "f2", "f3", "f4"] {
        assert!(whole.contains(&name.to_owned()), "{whole:?}");
    }
    for room in [28, 40, 55, 80] {
        assert_eq!(listed(&files, room), whole, "{room} bytes");
    }
}

#[test]
fn a_listing_goes_on_where_it_was_although_what_was_listed_is_removed() {
    let mut calls: Vec<Call> = ["f1", "f2", "f3", "f4"].map(|name| open(3, name, 1, WRITE)).to_vec();
    let read =
        |cookie: u64, room: u64| Call::new("fd_readdir", [3, OUT + 16, room, cookie, OUT]).shows(16 + 400);
    let remove = |name: &str| {
        let [at, len] = place(name);
        Call::new("path_unlink_file", [3, at, len])
    };
    let from = calls.len();
    // Room for `.`, `..`, two files and, at least, the next one's record.
    calls.extend([read(0, 24 * 5 + 8), remove("f1"), remove("f2"), read(4, 400)]);
    let answers = play(&calls).answers;
    let text = String::from_utf8_lossy(&answers[from + 3].out).into_owned();
    assert!(text.contains("f3") && text.contains("f4") && !text.contains("f2"), "{text:?}");
}

#[test]
fn a_pointer_that_leads_outside_of_memory_or_is_not_aligned_ends_the_run() {
    let far = 64 << 16;
    let [at, len] = place("a");
    for call in [
        Call::new("args_sizes_get", [far, OUT]),
        Call::new("clock_time_get", [0, 0, OUT + 4]),
        Call::new("random_get", [far - 8, 16]),
        Call::new("random_get", [0xffff_fff0, 0xf]),
        Call::new("fd_write", [2, far - 4, 1, OUT]),
        Call::new("fd_write", [2, BLOCK, 1, OUT]).buffers(&[(far - 4, 8)]),
        Call::new("fd_read", [0, BLOCK + 2, 1, OUT]),
        Call::new("fd_readdir", [3, far - 30, 400, 0, OUT]),
        Call::new("path_open", [3, 0, far, 8, 0, READ, 0, 0, OUT]),
        Call::new("path_open", [3, 0, at, len, 1, WRITE, 0, 0, OUT + 1]),
        Call::new("path_readlink", [3, 0xffff_ffff, 8, OUT, 8, OUT]),
        Call::new("poll_oneoff", [far - 8, OUT, 1, OUT]),
        Call::new("poll_oneoff", [0x10_0000, OUT, 0xffff_ffff, OUT]),
    ] {
        let function = call.function;
        let played = play(&[call]);
        let ending = played.outcome.end.ending;
        let is_named = matches!(&ending, Ending::Misuse(what) if what.starts_with(function));
        let is_limit = function == "poll_oneoff" && matches!(&ending, Ending::Limit(_));
        assert!(is_named || is_limit, "{function}: {ending:?}");
        assert!(played.answers.is_empty());
    }
}

#[test]
fn a_module_without_a_memory_ends_when_it_calls_for_one() {
    let (engine, _) = Fixture::engine();
    let text = r#"(module (import "wasi_snapshot_preview1" "args_sizes_get" (func $f (param i32 i32) (result i32)))
        (func (export "_start") (drop (call $f (i32.const 0) (i32.const 4)))))"#;
    let skill = crate::helpers::load_wat(engine, text);
    let sink = Box::new(invar_trace::Memory::new(invar_trace::Keep::Events));
    let ending = engine.run(&skill, &Fixture::new().start, sink).unwrap().end.ending;
    assert!(matches!(&ending, Ending::Misuse(what) if what.contains("`memory`")), "{ending:?}");
}

/// A module that makes the same call again and again.
fn spinning(import: &str, call: &str) -> String {
    format!(
        r#"(module (import "wasi_snapshot_preview1" {import}) (memory (export "memory") 2)
            (func (export "_start") (loop $again {call} (br $again))))"#
    )
}

#[test]
fn calls_that_leave_no_event_come_to_a_limit_too() {
    let (engine, _) = Fixture::engine();
    let yields = spinning(r#""sched_yield" (func $f (result i32))"#, "(drop (call $f))");
    // A list of buffers as long as memory, of which all are empty.
    let lists = spinning(
        r#""fd_read" (func $f (param i32 i32 i32 i32) (result i32))"#,
        "(drop (call $f (i32.const 9) (i32.const 0) (i32.const 16384) (i32.const 0)))",
    );
    let ending = |text: &str, limits: Limits| {
        let skill = crate::helpers::load_wat(engine, text);
        let mut start = Fixture::new().start;
        start.limits = limits;
        let sink = Box::new(invar_trace::Memory::new(invar_trace::Keep::Events));
        engine.run(&skill, &start, sink).unwrap().end
    };
    let few_calls = Limits { host_calls: 1_000, ..Limits::LAB };
    assert_eq!(ending(&yields, few_calls).ending, Ending::Limit("host calls".into()));
    let little_fuel = Limits { fuel: 100_000_000, ..Limits::LAB };
    let end = ending(&lists, little_fuel);
    assert_eq!((end.ending, end.fuel), (Ending::Limit("fuel".into()), 100_000_000));
}

#[test]
fn descriptors_are_closed_once_and_standard_ones_too() {
    let close = |fd| Call::new("fd_close", [fd]);
    assert_eq!(errnos(&[close(2), close(2), close(3), close(3), close(77)]), [0, BADF, 0, BADF, BADF]);
    let opens_in_file = [open(3, "a", 1, WRITE), open(4, "b", 1, WRITE), open(0, "b", 1, WRITE)];
    assert_eq!(errnos(&opens_in_file), [0, NOTDIR, BADF]);
}

#[test]
fn a_listing_that_is_open_is_closed_with_its_directory() {
    // No room for all of it, so that it stays open.
    let read = Call::new("fd_readdir", [3, OUT, 30, 0, OUT + 64]);
    let played = play(&[read, Call::new("fd_close", [3])]);
    let functions: Vec<_> = played.trace.events().map(|event| event.unwrap().function).collect();
    let place = |function| functions.iter().position(|called| *called == function).unwrap();
    let stream = place(f::filesystem::DIRECTORY_ENTRY_STREAM_DROP);
    assert!(stream < place(f::filesystem::DESCRIPTOR_DROP));
}

/// A run of a module that makes one call, on a megabyte of memory that is zero, with so much fuel.
fn with_fuel(call: &str, fuel: u64) -> Ending {
    let module = format!(
        r#"(module
            (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "path_unlink_file" (func $unlink (param i32 i32 i32) (result i32)))
            (memory (export "memory") 17)
            (func (export "_start") (drop {call})))"#
    );
    let (engine, _) = Fixture::engine();
    let mut start = crate::helpers::start();
    start.limits.fuel = fuel;
    let skill = crate::helpers::load_wat(engine, &module);
    engine.run(&skill, &start, Box::new(invar_trace::Discard)).unwrap().end.ending
}

#[test]
fn work_on_memory_that_no_call_of_0_2_is_made_for_is_paid_for() {
    let out_of_fuel = Ending::Limit("fuel".into());
    // 131,072 buffers, all empty, and a path of a mebibyte that is no path.
    let buffers = "(call $write (i32.const 1) (i32.const 0) (i32.const 131072) (i32.const 0))";
    let path = "(call $unlink (i32.const 99) (i32.const 0) (i32.const 1048576))";
    assert_eq!(with_fuel(buffers, 100_000), out_of_fuel);
    assert_eq!(with_fuel(buffers, 200_000), Ending::Returned);
    assert_eq!(
        with_fuel("(call $unlink (i32.const 3) (i32.const 0) (i32.const 1048576))", 100_000),
        out_of_fuel
    );
    // A number that stands for nothing is seen first.
    assert_eq!(with_fuel(path, 100_000), Ending::Returned);
}
