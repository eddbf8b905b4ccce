//! The functions one by one: what programs expect of them, as the test suite of WASI has it.

use super::{
    names::place,
    paths::{link, on_path, symlink},
    player::{BLOCK, Call, OUT, play},
};

const READ: u64 = 1 << 1;
const WRITE: u64 = 1 << 6;
const CREATE: u64 = 1;
const DIRECTORY: u64 = 2;
const EXCLUSIVE: u64 = 4;
const TRUNCATE: u64 = 8;
const APPEND: u64 = 1;
const NONBLOCK: u64 = 4;
const FOLLOW: u64 = 1;

const OK: u32 = 0;
const BADF: u32 = 8;
const EXIST: u32 = 20;
const INVAL: u32 = 28;
const ISDIR: u32 = 31;
const LOOP: u32 = 32;
const NAMETOOLONG: u32 = 37;
const NOENT: u32 = 44;
const NOTDIR: u32 = 54;
const NOTEMPTY: u32 = 55;
const NOTSOCK: u32 = 57;
const NOTSUP: u32 = 58;
const PERM: u32 = 63;
const SPIPE: u32 = 70;

/// A call, the error number it must answer with, and what must then stand at `OUT`.
type Step = (Call, u32, Vec<u8>);

fn step(call: Call, errno: u32) -> Step {
    (call, errno, Vec::new())
}

fn gives(call: Call, out: impl Into<Vec<u8>>) -> Step {
    let out = out.into();
    let shown = u32::try_from(out.len()).unwrap();
    (call.shows(shown), OK, out)
}

fn open_as(fd: u64, name: &str, oflags: u64, rights: u64, fdflags: u64) -> Call {
    let [at, len] = place(name);
    Call::new("path_open", [fd, 0, at, len, oflags, rights, rights, fdflags, OUT])
}

fn open(fd: u64, name: &str, oflags: u64, rights: u64) -> Call {
    open_as(fd, name, oflags, rights, 0)
}

fn rename(from: &str, to: &str) -> Call {
    let ([from, from_len], [to, to_len]) = (place(from), place(to));
    Call::new("path_rename", [3, from, from_len, 3, to, to_len])
}

fn stat(flags: u64, name: &str) -> Call {
    let [at, len] = place(name);
    Call::new("path_filestat_get", [3, flags, at, len, OUT])
}

fn write(fd: u64) -> Call {
    let [at, len] = place("some text");
    Call::new("fd_write", [fd, BLOCK, 1, OUT]).buffers(&[(at, len)])
}

fn pwrite(fd: u64, offset: u64) -> Call {
    let [at, len] = place("some text");
    Call::new("fd_pwrite", [fd, BLOCK, 1, offset, OUT]).buffers(&[(at, len)])
}

/// Reads so many bytes to behind the number of them.
fn read(fd: u64, len: u64) -> Call {
    Call::new("fd_read", [fd, BLOCK, 1, OUT]).buffers(&[(OUT + 4, len)])
}

fn pread(fd: u64, len: u64, offset: u64) -> Call {
    Call::new("fd_pread", [fd, BLOCK, 1, offset, OUT]).buffers(&[(OUT + 4, len)])
}

fn seek(fd: u64, offset: i64, whence: u64) -> Call {
    Call::new("fd_seek", [fd, offset.cast_unsigned(), whence, OUT])
}

fn tell(fd: u64) -> Call {
    Call::new("fd_tell", [fd, OUT])
}

fn close(fd: u64) -> Call {
    Call::new("fd_close", [fd])
}

fn number(number: u32) -> Vec<u8> {
    number.to_le_bytes().to_vec()
}

fn long(number: u64) -> Vec<u8> {
    number.to_le_bytes().to_vec()
}

/// A number of bytes, and the bytes.
fn counted(text: &str) -> Vec<u8> {
    [number(u32::try_from(text.len()).unwrap()), text.into()].concat()
}

#[track_caller]
fn check(steps: &[Step]) {
    let calls: Vec<Call> = steps.iter().map(|(call, _, _)| call.clone()).collect();
    let played = play(&calls);
    assert_eq!(played.answers.len(), steps.len(), "{:?}", played.outcome.end.ending);
    for (at, ((call, errno, out), answer)) in steps.iter().zip(&played.answers).enumerate() {
        assert_eq!((answer.errno, &answer.out), (*errno, out), "step {at}: {call:?}");
    }
}

#[test]
fn positions_move_with_reading_and_writing_and_with_nothing_else() {
    check(&[
        gives(open(3, "a", CREATE, READ | WRITE), number(4)),
        gives(write(4), number(9)),
        gives(tell(4), long(9)),
        gives(pwrite(4, 2), number(9)),
        gives(tell(4), long(9)),
        gives(seek(4, 0, 0), long(0)),
        gives(read(4, 5), counted("sosom")),
        gives(pread(4, 4, 7), counted("text")),
        gives(tell(4), long(5)),
        gives(seek(4, -2, 1), long(3)),
        gives(seek(4, -1, 2), long(10)),
        gives(read(4, 5), counted("t")),
        gives(read(4, 5), counted("")),
        step(seek(4, -12, 1), INVAL),
        step(seek(4, -1, 0), INVAL),
        step(seek(4, 0, 3), INVAL),
        gives(seek(4, 100, 0), long(100)),
        gives(read(4, 5), counted("")),
        gives(write(4), number(9)),
        gives(pread(4, 3, 11), counted("\0\0\0")),
        gives(tell(4), long(109)),
        step(seek(3, 0, 1), BADF),
        step(tell(1), SPIPE),
        step(pread(0, 1, 0), SPIPE),
        step(pwrite(1, 0), SPIPE),
    ]);
}

#[test]
fn what_is_appended_goes_to_the_end_wherever_the_position_is() {
    check(&[
        gives(open_as(3, "a", CREATE, READ | WRITE, APPEND), number(4)),
        gives(write(4), number(9)),
        gives(seek(4, 0, 0), long(0)),
        gives(write(4), number(9)),
        gives(tell(4), long(18)),
        // As on Linux, an offset is of no use where all is appended.
        gives(pwrite(4, 0), number(9)),
        gives(tell(4), long(18)),
        step(Call::new("fd_fdstat_set_flags", [4, NONBLOCK]), OK),
        gives(seek(4, 1, 0), long(1)),
        gives(write(4), number(9)),
        gives(tell(4), long(10)),
        gives(pread(4, 11, 0), counted("ssome texto")),
        step(Call::new("fd_fdstat_set_flags", [4, 2]), INVAL),
        step(Call::new("fd_fdstat_set_flags", [3, 0]), BADF),
    ]);
}

#[test]
fn files_are_opened_made_and_cut_as_their_flags_say() {
    check(&[
        step(open(3, "a", 0, READ), NOENT),
        gives(open(3, "a", CREATE | EXCLUSIVE, WRITE), number(4)),
        step(open(3, "a", CREATE | EXCLUSIVE, WRITE), EXIST),
        step(open(3, "a", DIRECTORY, READ), NOTDIR),
        gives(write(4), number(9)),
        step(read(4, 3), BADF),
        gives(open(3, "a", 0, READ), number(5)),
        step(write(5), BADF),
        gives(read(5, 4), counted("some")),
        gives(open(3, "a", TRUNCATE, WRITE), number(6)),
        gives(read(5, 4), counted("")),
        step(Call::new("fd_filestat_set_size", [6, 3]), OK),
        gives(pread(5, 4, 0), counted("\0\0\0")),
        step(Call::new("fd_filestat_set_size", [3, 3]), BADF),
        step(Call::new("fd_allocate", [6, 0, 10]), NOTSUP),
        step(open(3, "c", DIRECTORY, READ), NOENT),
        step(on_path("path_create_directory", "c"), OK),
        step(open(3, "c", 0, READ | WRITE), ISDIR),
        gives(open(3, "c", DIRECTORY, READ), number(7)),
        step(read(7, 1), BADF),
        step(write(7), BADF),
        step(open(3, "LONG256", CREATE, WRITE), NAMETOOLONG),
        gives(open(3, "LONG255", CREATE, WRITE), number(8)),
        step(open(3, "../a", 0, READ), PERM),
        step(open(3, "/a", 0, READ), PERM),
        step(open(3, "", 0, READ), NOENT),
        step(open(4, "b", CREATE, WRITE), NOTDIR),
    ]);
}

#[test]
fn directories_are_made_and_removed_only_as_directories() {
    check(&[
        step(on_path("path_create_directory", "d"), OK),
        step(on_path("path_create_directory", "d"), EXIST),
        gives(open(3, "d/f", CREATE, WRITE), number(4)),
        step(on_path("path_remove_directory", "d"), NOTEMPTY),
        step(on_path("path_remove_directory", "d/f"), NOTDIR),
        step(on_path("path_unlink_file", "d"), ISDIR),
        step(on_path("path_unlink_file", "d/f"), OK),
        step(on_path("path_unlink_file", "d/f"), NOENT),
        // What is open stays there without a name.
        gives(write(4), number(9)),
        gives(open(3, "d", DIRECTORY, READ), number(5)),
        step(on_path("path_remove_directory", "d"), OK),
        step(open(5, "f1", CREATE, WRITE), NOENT),
    ]);
}

#[test]
fn links_lead_where_they_say_and_only_if_they_are_followed() {
    let read_link = |room: u64| {
        let [at, len] = place("s");
        Call::new("path_readlink", [3, at, len, OUT + 4, room, OUT])
    };
    check(&[
        step(symlink("none", "s"), OK),
        step(symlink("none", "s"), EXIST),
        gives(read_link(4), counted("none")),
        gives(read_link(2), counted("no")),
        step(open(3, "s", 0, READ), LOOP),
        step(Call::new("path_open", [3, FOLLOW, place("s")[0], 1, 0, READ, READ, 0, OUT]), NOENT),
        step(stat(FOLLOW, "s"), NOENT),
        step(on_path("path_unlink_file", "s"), OK),
        step(symlink("/tmp", "s"), PERM),
        step(symlink("s", "s"), OK),
        step(stat(FOLLOW, "s"), LOOP),
        step(symlink("../a", "r"), OK),
        step(Call::new("path_open", [3, FOLLOW, place("r")[0], 1, 0, READ, READ, 0, OUT]), PERM),
        gives(open(3, "a", CREATE, WRITE), number(4)),
        step(link(0, "a", "b"), OK),
        step(link(0, "a", "b"), EXIST),
        step(link(FOLLOW, "a", "c"), INVAL),
        step(link(0, "none", "c"), NOENT),
        step(on_path("path_create_directory", "d"), OK),
        step(link(0, "d", "c"), PERM),
        step(rename("a", "b"), OK),
        step(rename("a", "none"), OK),
        step(rename("a", "none"), NOENT),
        step(rename("none", "d"), ISDIR),
        step(rename("d", "none"), NOTDIR),
        step(rename("d", "x"), OK),
    ]);
}

#[test]
fn records_have_their_fields_where_the_specification_has_them() {
    let [at, len] = place("a");
    let steps = [
        open_as(3, "a", CREATE, READ | WRITE, APPEND | NONBLOCK),
        write(4),
        Call::new("path_filestat_set_times", [3, 0, at, len, 1_000_000_007, 2_000_000_009, 0b101]),
        stat(0, "a").shows(64),
        Call::new("fd_filestat_get", [4, OUT]).shows(64),
        Call::new("fd_fdstat_get", [4, OUT]).shows(24),
        Call::new("fd_prestat_get", [3, OUT]).shows(8),
        Call::new("fd_prestat_dir_name", [3, OUT, 1]).shows(1),
        Call::new("fd_prestat_dir_name", [3, OUT, 0]),
        Call::new("fd_prestat_get", [4, OUT]),
        Call::new("fd_fdstat_get", [1, OUT]).shows(24),
    ];
    let answers = play(&steps).answers;
    let errnos: Vec<u32> = answers.iter().map(|answer| answer.errno).collect();
    assert_eq!(errnos, [0, 0, 0, 0, 0, 0, 0, 0, NAMETOOLONG, BADF, 0]);
    let long = |out: &[u8], at: usize| u64::from_le_bytes(*out[at..].first_chunk().unwrap());
    let stat = &answers[3].out;
    assert_eq!(stat, &answers[4].out);
    assert_eq!((stat[16], long(stat, 24), long(stat, 32)), (4, 1, 9), "type, links, size");
    assert_eq!((long(stat, 40), long(stat, 48)), (1_000_000_007, 2_000_000_009), "times");
    assert!(long(stat, 8) != 0, "its number");
    let fdstat = &answers[5].out;
    assert_eq!((fdstat[0], fdstat[2]), (4, 5), "type, flags");
    assert_eq!(long(fdstat, 8) & (READ | WRITE), READ | WRITE);
    assert_eq!(answers[6].out, [0, 0, 0, 0, 1, 0, 0, 0]);
    assert_eq!(answers[7].out, b"/");
    assert_eq!((answers[10].out[0], long(&answers[10].out, 8)), (0, WRITE), "no terminal");
}

#[test]
fn what_makes_no_sense_is_refused_with_a_number() {
    let set_times = |flags: u64| Call::new("fd_filestat_set_times", [3, 0, 0, flags]);
    check(&[
        step(set_times(0b11), INVAL),
        step(set_times(0b1100), INVAL),
        step(set_times(0b1_0000), INVAL),
        step(Call::new("fd_advise", [3, 0, 0, 0]), BADF),
        step(Call::new("fd_advise", [3, 0, 0, 6]), INVAL),
        step(Call::new("fd_fdstat_set_rights", [3, 0, 0]), NOTSUP),
        step(Call::new("fd_fdstat_set_rights", [9, 0, 0]), BADF),
        step(Call::new("fd_fdstat_set_rights", [3, 1 << 30, 0]), INVAL),
        step(Call::new("fd_fdstat_set_flags", [3, 0x1_0000]), INVAL),
        step(open(3, "a", 16, READ), INVAL),
        step(Call::new("fd_renumber", [3, 9]), BADF),
        step(Call::new("clock_time_get", [2, 0, OUT]), BADF),
        step(Call::new("clock_time_get", [4, 0, OUT]), INVAL),
        step(Call::new("proc_raise", [6]), NOTSUP),
        step(Call::new("sock_accept", [0, 0, OUT]), NOTSOCK),
        step(Call::new("sock_recv", [0, BLOCK, 0, 0, OUT, OUT]), NOTSOCK),
        step(Call::new("sock_send", [1, BLOCK, 0, 0, OUT]), NOTSOCK),
        step(Call::new("sock_shutdown", [1, 3]), NOTSOCK),
        step(Call::new("sock_shutdown", [99, 3]), BADF),
        step(Call::new("sock_shutdown", [1, 4]), INVAL),
        step(close(99), BADF),
        step(Call::new("sched_yield", []), OK),
        step(Call::new("random_get", [OUT, 0]), OK),
    ]);
}
