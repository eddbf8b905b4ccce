//! Long random sequences of calls of preview 1, in the lab and through wasmtime-wasi on a directory: every answer and the
//! tree that is left must be the same.

use std::{fs, path::Path};

use super::{
    names::{NAMES, place},
    player::{Answer, BLOCK, Call, OUT, play, play_for_real},
};
use crate::differential::{Numbers, SET_TIMES_MAX, check_sequences, left_for_real, left_in_lab};

/// Calls of one sequence.
const SEQUENCE_CALLS: usize = 400;
/// Calls of all sequences, unless the variable says another number.
const CALLS: usize = 8_000;

const READ: u64 = 1 << 1;
const WRITE: u64 = 1 << 6;
const ALL_RIGHTS: u64 = (1 << 30) - 1;
/// Where a buffer is, behind what else a call gives.
const BUFFER: u64 = OUT + 16;
const DIRECTORY_BYTES: u32 = 4096;
/// Names of directories and files that are there or not: the others are for certain calls.
const PATHS: usize = 32;

fn open(fd: u64, name: &str, oflags: u64, rights: u64, fdflags: u64, follow: u64) -> Call {
    let [at, len] = place(name);
    Call::new("path_open", [fd, follow, at, len, oflags, rights, ALL_RIGHTS, fdflags, OUT]).shows(4)
}

/// What every sequence begins with, so that there are directories and files at 4 to 7.
fn begin() -> Vec<Call> {
    let [at, len] = place("c");
    vec![
        open(3, "tmp", 2, READ, 0, 0),
        open(4, "a", 1, READ | WRITE, 0, 0),
        open(4, "b", 1, READ | WRITE, 0, 0),
        Call::new("path_create_directory", [4, at, len]),
        open(4, "c", 2, READ, 0, 0),
    ]
}

fn one(numbers: &mut Numbers, of: &[u64]) -> u64 {
    of[usize::try_from(numbers.below(of.len() as u64)).unwrap()]
}

/// A path, mostly an ordinary one.
fn path(numbers: &mut Numbers) -> [u64; 2] {
    let paths = &NAMES[..PATHS + 2];
    let few = if numbers.below(8) == 0 { paths.len() } else { 16 };
    place(paths[usize::try_from(numbers.below(few as u64)).unwrap()])
}

fn small(numbers: &mut Numbers) -> u64 {
    match numbers.below(12) {
        0 => 70_000,
        1 => 4096,
        _ => numbers.below(60),
    }
}

/// A number of a descriptor. The player reads from 0 and writes to 1.
fn any_fd(numbers: &mut Numbers) -> u64 {
    one(numbers, &[0, 1, 2, 3, 4, 5, 5, 6, 6, 7, 8, 9, 10, 99])
}

fn closable_fd(numbers: &mut Numbers) -> u64 {
    one(numbers, &[2, 4, 5, 6, 7, 8, 9, 10, 11, 99])
}

fn file_fd(numbers: &mut Numbers) -> u64 {
    match numbers.below(10) {
        0 => one(numbers, &[0, 2, 3, 99]),
        _ => one(numbers, &[5, 5, 6, 6, 8, 9, 10]),
    }
}

fn directory_fd(numbers: &mut Numbers) -> u64 {
    match numbers.below(16) {
        0 => any_fd(numbers),
        _ => one(numbers, &[4, 4, 4, 7]),
    }
}

fn times(numbers: &mut Numbers) -> [u64; 3] {
    let ns = |numbers: &mut Numbers| one(numbers, &[0, 1_000_000_000, 2_000_000_000, 1_500_000_000]);
    let (accessed, modified) = (ns(numbers), ns(numbers));
    // To leave both times as they are is not looked at by every system.
    [accessed, modified, one(numbers, &[1, 4, 5, 10, 2, 8, 3, 12, 6, 9])]
}

/// Some buffers, empty ones among them.
fn buffers(numbers: &mut Numbers, at: u64, len: u64) -> (Vec<(u64, u64)>, u64) {
    let all = match numbers.below(3) {
        0 => vec![(at, 0), (at, len), (at, 3)],
        1 => vec![(at, len), (at, 5)],
        _ => vec![(at, len)],
    };
    let count = all.len() as u64;
    (all, count)
}

/// A clock or a descriptor. Of several, which are ready first is the host's affair.
fn subscription(numbers: &mut Numbers) -> Vec<u8> {
    let put = |record: &mut [u8], at: usize, value: u64| {
        record[at..at + 8].copy_from_slice(&value.to_le_bytes());
    };
    let mut record = vec![0; 48];
    put(&mut record, 0, 7);
    if numbers.below(3) == 0 {
        // Of a time that has come: relative, or of a day long ago.
        let (clock, timeout, how) = match numbers.below(4) {
            0 => (0, 1, 1),
            1 => (0, 0, 0),
            2 => (numbers.below(5), 0, 0),
            _ => (1, 0, 0),
        };
        put(&mut record, 16, clock);
        put(&mut record, 24, timeout);
        put(&mut record, 40, how);
    } else {
        put(&mut record, 8, 1 + numbers.below(2));
        put(&mut record, 16, one(numbers, &[0, 2, 3, 5, 5, 6, 8, 99]));
    }
    record
}

/// The next call.
fn call(numbers: &mut Numbers) -> Call {
    let follow = |numbers: &mut Numbers| one(numbers, &[0, 0, 1]);
    let directory = directory_fd(numbers);
    let [at, len] = path(numbers);
    match numbers.below(44) {
        0..=5 => {
            let follow = follow(numbers);
            let oflags = one(numbers, &[0, 0, 1, 1, 1, 5, 8, 9, 2, 2, 3, 4]);
            let rights = one(numbers, &[READ, READ | WRITE, READ | WRITE, WRITE, 0, ALL_RIGHTS]);
            let fdflags = one(numbers, &[0, 0, 0, 0, 1, 4, 5, 2, 16]);
            let arguments = [directory, follow, at, len, oflags, rights, ALL_RIGHTS, fdflags, OUT];
            Call::new("path_open", arguments).shows(4)
        }
        6 => open(3, "tmp", 2, READ, 0, 0),
        7 => Call::new("fd_close", [closable_fd(numbers)]),
        8 => Call::new("fd_renumber", [closable_fd(numbers), closable_fd(numbers)]),
        9 => Call::new("path_create_directory", [directory, at, len]),
        10 => Call::new("path_remove_directory", [directory, at, len]),
        11 => Call::new("path_unlink_file", [directory, at, len]),
        12..=13 => {
            let (to, [new, new_len]) = (directory_fd(numbers), path(numbers));
            Call::new("path_rename", [directory, at, len, to, new, new_len])
        }
        14 => {
            let (follow, to, [new, new_len]) = (follow(numbers), directory_fd(numbers), path(numbers));
            Call::new("path_link", [directory, follow, at, len, to, new, new_len])
        }
        15 => {
            let targets = ["a", "c", "s", "../a", "none", "c/a", "r", ".", "..", "../../x", "/tmp", ""];
            let [target, target_len] = place(numbers.of(&targets));
            Call::new("path_symlink", [target, target_len, directory, at, len])
        }
        16 => {
            let room = one(numbers, &[0, 1, 4, 64]);
            Call::new("path_readlink", [directory, at, len, BUFFER, room, OUT]).shows(80)
        }
        17..=18 => {
            // To look at a file by its name and a dot is an error on Linux; that host looks at the file.
            let [at, len] =
                if [place("c/."), place(".")].contains(&[at, len]) { place("c") } else { [at, len] };
            Call::new("path_filestat_get", [directory, follow(numbers), at, len, OUT]).shows(64)
        }
        19 => {
            let (follow, [accessed, modified, how]) = (follow(numbers), times(numbers));
            Call::new("path_filestat_set_times", [directory, follow, at, len, accessed, modified, how])
        }
        20..=22 => {
            let fd = one(numbers, &[5, 5, 6, 6, 8, 9, 10, 0, 2, 3, 4]);
            let [at, len] = place("some text");
            let (list, count) = buffers(numbers, at, len);
            match numbers.below(3) {
                0 => Call::new("fd_pwrite", [fd, BLOCK, count, small(numbers), OUT]).buffers(&list).shows(4),
                _ => Call::new("fd_write", [fd, BLOCK, count, OUT]).buffers(&list).shows(4),
            }
        }
        23..=25 => {
            let fd = file_fd(numbers);
            let len = 1 + numbers.below(60);
            let (list, count) = buffers(numbers, BUFFER, len);
            match numbers.below(3) {
                0 => Call::new("fd_pread", [fd, BLOCK, count, small(numbers), OUT]).buffers(&list).shows(80),
                _ => Call::new("fd_read", [fd, BLOCK, count, OUT]).buffers(&list).shows(80),
            }
        }
        26..=27 => {
            let offset = match numbers.below(6) {
                0 => numbers.below(60).wrapping_neg(),
                _ => small(numbers),
            };
            Call::new("fd_seek", [any_fd(numbers), offset, one(numbers, &[0, 1, 2, 2]), OUT]).shows(8)
        }
        28 => Call::new("fd_tell", [any_fd(numbers), OUT]).shows(8),
        29 => Call::new("fd_filestat_set_size", [any_fd(numbers), small(numbers)]),
        30 => Call::new("fd_filestat_get", [any_fd(numbers), OUT]).shows(64),
        31 => Call::new("fd_fdstat_get", [any_fd(numbers), OUT]).shows(24),
        32 => Call::new("fd_fdstat_set_flags", [any_fd(numbers), one(numbers, &[0, 1, 4, 5, 2])]),
        33 => {
            let rights = [ALL_RIGHTS, 0];
            Call::new("fd_fdstat_set_rights", [any_fd(numbers), one(numbers, &rights), one(numbers, &rights)])
        }
        34 => {
            let [accessed, modified, how] = times(numbers);
            // What was handed over at start cannot be given times there, since it is not opened to be read.
            let fd = one(numbers, &[0, 2, 4, 5, 5, 6, 7, 8, 9, 99]);
            Call::new("fd_filestat_set_times", [fd, accessed, modified, how])
        }
        35..=36 => {
            let fd = one(numbers, &[4, 4, 7, 7, 5, 0, 99]);
            let cookie = one(numbers, &[0, 0, 1, 2, 200]);
            let bytes = u64::from(DIRECTORY_BYTES);
            Call::new("fd_readdir", [fd, BUFFER, bytes, cookie, OUT]).shows(16 + DIRECTORY_BYTES)
        }
        37 => {
            let function = numbers.of(&["fd_sync", "fd_datasync", "sock_shutdown"]);
            Call::new(function, [any_fd(numbers), 1])
        }
        38 => {
            let advice = one(numbers, &[0, 1, 2, 3, 4, 5]);
            Call::new("fd_advise", [any_fd(numbers), small(numbers), small(numbers), advice])
        }
        39 => Call::new("fd_allocate", [any_fd(numbers), 0, 10]),
        40 => match numbers.below(2) {
            0 => Call::new("fd_prestat_get", [any_fd(numbers), OUT]).shows(8),
            _ => Call::new("fd_prestat_dir_name", [any_fd(numbers), OUT, numbers.below(4)]).shows(8),
        },
        41..=42 => {
            let call = Call::new("poll_oneoff", [BLOCK, BUFFER, 1, OUT]).shows(48);
            Call { block: subscription(numbers), ..call }
        }
        _ => match numbers.below(10) {
            0 => Call::new("args_sizes_get", [OUT, OUT + 4]).shows(8),
            1 => Call::new("args_get", [OUT, BUFFER]).shows(32),
            2 => Call::new("environ_sizes_get", [OUT, OUT + 4]).shows(8),
            3 => Call::new("environ_get", [OUT, BUFFER]).shows(32),
            4 => Call::new("clock_res_get", [one(numbers, &[0, 1, 2, 3]), OUT]).shows(8),
            5 => Call::new("clock_time_get", [one(numbers, &[0, 1, 2, 3]), 0, OUT]).shows(8),
            6 => Call::new("random_get", [BUFFER, 16]),
            7 => Call::new("proc_raise", [one(numbers, &[0, 5, 30])]),
            8 => Call::new("sched_yield", []),
            _ => Call::new("sock_accept", [any_fd(numbers), one(numbers, &[0, 4]), OUT]).shows(4),
        },
    }
}

/// The calls that follow from a seed.
fn sequence(seed: u64) -> Vec<Call> {
    let mut numbers = Numbers(seed);
    let mut calls = begin();
    calls.extend((calls.len()..SEQUENCE_CALLS).map(|_| call(&mut numbers)));
    calls
}

/// Leaves out what a host may answer as it likes.
fn leave_open(call: &Call, answer: &Answer) -> Answer {
    let mut answer = answer.clone();
    let out = &mut answer.out;
    match call.function {
        "fd_filestat_get" | "path_filestat_get" => {
            const DIRECTORY: u8 = 3;
            let modified = u64::from_le_bytes(*out[48..].first_chunk().unwrap());
            // The number of the file, and when it was read or changed.
            let clock = (modified > SET_TIMES_MAX * 1_000_000_000).then_some(48..56);
            let size = (out[16] == DIRECTORY).then_some(32..40);
            for range in [Some(8..16), Some(40..48), clock, Some(56..64), size].into_iter().flatten() {
                out[range].fill(0);
            }
        }
        "clock_res_get" | "clock_time_get" => out.fill(0),
        "fd_readdir" => *out = listing(out),
        _ => {}
    }
    answer
}

/// A listing in the order of its names, without the numbers of files: neither is promised.
fn listing(out: &[u8]) -> Vec<u8> {
    let used = u32::from_le_bytes(*out.first_chunk().unwrap()) as usize;
    let mut rest = &out[16..16 + used];
    let mut entries: Vec<(u8, Vec<u8>)> = Vec::new();
    let mut cookies: Vec<u64> = Vec::new();
    while let Some((record, after)) = rest.split_first_chunk::<24>() {
        let len = u32::from_le_bytes(*record[16..].first_chunk().unwrap()) as usize;
        assert_eq!(record[21..24], [0; 3], "what nothing stands in is zero");
        cookies.push(u64::from_le_bytes(*record.first_chunk().unwrap()));
        entries.push((record[20], after[..len].to_vec()));
        rest = &after[len..];
    }
    entries.sort();
    format!("{used} {cookies:?} {entries:?}").into_bytes()
}

/// The calls of a seed, and everything in which the two hosts differ.
fn compared(seed: u64) -> (usize, Vec<String>) {
    let calls = sequence(seed);
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("tmp")).unwrap();
    let theirs = play_for_real(directory.path(), &calls);
    let played = play(&calls);
    let mut differences = Vec::new();
    for (index, call) in calls.iter().enumerate() {
        let (Some(ours), Some(theirs)) = (played.answers.get(index), theirs.get(index)) else {
            let ending = &played.outcome.end.ending;
            differences.push(format!("seed {seed}, call {index}: {}: it ends ({ending})", shown(call)));
            break;
        };
        let (ours, theirs) = (leave_open(call, ours), leave_open(call, theirs));
        if ours != theirs {
            let call = shown(call);
            differences.push(format!("seed {seed}, call {index}: {call}: lab {ours:?}, real {theirs:?}"));
        }
    }
    let files = played.outcome.files.as_ref().unwrap();
    differences.extend(left(seed, directory.path(), files));
    (calls.len(), differences)
}

fn left(seed: u64, directory: &Path, files: &invar_world::Tree) -> Option<String> {
    let (ours, theirs) = (left_in_lab(files), left_for_real(directory));
    (ours != theirs).then(|| format!("seed {seed}: left in the lab {ours:?}, for real {theirs:?}"))
}

/// A call with its paths.
fn shown(call: &Call) -> String {
    let name = |pair: &[u64]| NAMES.iter().find(|name| place(name) == pair && pair[1] > 0);
    let paths: Vec<_> = call.arguments.windows(2).filter_map(name).collect();
    format!("{} {:x?} {paths:?}", call.function, call.arguments)
}

#[test]
fn long_sequences_of_calls_of_preview_1_come_out_as_with_wasmtime() {
    check_sequences(CALLS, SEQUENCE_CALLS, compared);
}
