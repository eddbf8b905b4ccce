//! Long random sequences of file calls, on the lab's files and through a plain wasmtime-wasi host on a directory: every
//! answer and the tree that is left must be the same.

use std::{collections::BTreeMap, fs, os::unix::fs::MetadataExt, path::Path};

use invar_world::{Node, Tree};
use rayon::prelude::*;

use crate::{helpers::Fixture, oracle::play_for_real};

/// Calls of one sequence.
const SEQUENCE_CALLS: usize = 400;
/// Calls of all sequences, unless the variable says another number.
const CALLS: usize = 16_000;
const CALLS_VARIABLE: &str = "INVAR_DIFFERENTIAL_CALLS";

/// What every sequence begins with, so that all handles are there.
const HANDLES: &str = "\
d = get-directories
t = open-at d \"tmp\" directory mutate-directory
f = open-at t \"a\" create read write
g = open-at t \"b\" create read write
create-directory-at t \"c\"
h = open-at t \"c\" directory mutate-directory
k = open-at t \"c\" directory mutate-directory
l = read-directory t
i = read-via-stream f 0
j = read-via-stream g 0
o = write-via-stream f 0
p = append-via-stream g
";

/// Numbers that follow from a seed (splitmix64).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.0;
        number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        number ^ (number >> 31)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    pub(crate) fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[usize::try_from(self.below(words.len() as u64)).unwrap()]
    }
}

/// Names that are used again and again, so that calls meet each other.
const PLAIN: [&str; 16] =
    ["a", "b", "c", "e", "c/a", "c/b", "c/c", "e/a", "e/c", "c/c/a", "s", "s/a", "r", "e/s", "x", "c/x"];
/// Names in unusual spellings, or that lead astray. What a slash at the end of a name means differs from host to host.
const ODD: [&str; 18] = [
    "./a", "c/./a", "c//a", "c/../a", "x/../a", "a/../b", "..", "../a", "c/..", ".", "c/.", "/a", "", "s/..",
    "a/b", "s/b", "LONG255", "LONG256",
];

fn name(numbers: &mut Numbers) -> String {
    let name = match numbers.below(8) {
        0 => numbers.of(&ODD),
        _ => numbers.of(&PLAIN),
    };
    match name {
        "LONG255" => "n".repeat(255),
        "LONG256" => "n".repeat(256),
        name => name.to_owned(),
    }
}

/// The next call; a listing is several.
fn call(numbers: &mut Numbers) -> Vec<String> {
    let directory = numbers.of(&["t", "t", "h", "k"]);
    let other = numbers.of(&["t", "t", "h", "k"]);
    let file = numbers.of(&["f", "g"]);
    let any = numbers.of(&["t", "h", "k", "f", "g"]);
    let (one, two) = (name(numbers), name(numbers));
    let small = numbers.below(60);
    let size = match numbers.below(12) {
        0 => 70_000,
        1 => 4096,
        _ => small,
    };
    let follow = numbers.of(&["", " follow"]);
    let line = match numbers.below(34) {
        0..=3 => {
            let how = numbers.of(&[
                "read",
                "read write",
                "write",
                "create read write",
                "create write",
                "create exclusive read write",
                "truncate read write",
                "truncate write",
                "truncate read",
                "create truncate read write",
                "",
                "create read",
                "exclusive read",
            ]);
            format!("{file} = open-at {directory} \"{one}\" {how}{follow}")
        }
        4 => {
            let how = numbers.of(&[
                "directory",
                "directory read",
                "directory mutate-directory",
                "directory write",
                "directory create",
            ]);
            let to = numbers.of(&["h", "k"]);
            format!("{to} = open-at {directory} \"{one}\" {how}{follow}")
        }
        5..=6 => format!("create-directory-at {directory} \"{one}\""),
        7 => format!("remove-directory-at {directory} \"{one}\""),
        8..=9 => format!("unlink-file-at {directory} \"{one}\""),
        10..=12 => format!("rename-at {directory} \"{one}\" {other} \"{two}\""),
        13..=14 => format!("link-at {directory} \"{one}\" {other} \"{two}\"{follow}"),
        15..=16 => {
            let target =
                numbers.of(&["a", "c", "s", "../a", "none", "c/a", "r", ".", "..", "../../x", "/tmp", ""]);
            format!("symlink-at {directory} \"{target}\" \"{one}\"")
        }
        17 => format!("readlink-at {directory} \"{one}\""),
        // To look at a file by its name and a dot is an error on Linux; that host looks at the file.
        18..=19 => format!("stat-at {directory} \"{}\"{follow}", one.strip_suffix("/.").unwrap_or(&one)),
        20 => {
            let times =
                numbers.of(&["- 1000000000", "1000000000 -", "1000000000 2000000000", "now now", "0 0"]);
            match numbers.below(2) {
                0 => format!("set-times-at {directory} \"{one}\" {times}{follow}"),
                _ => format!("set-times {any} {times}"),
            }
        }
        21..=22 => format!("write-at {any} \"some text {small}\" {size}"),
        23 => format!("read-at {any} {size} {small}"),
        24 => format!("set-size {any} {size}"),
        25 => format!("stat {any}"),
        26 => format!("{} {any}", numbers.of(&["get-flags", "get-type", "sync", "sync-data"])),
        27 => format!("is-same-object {any} {}", numbers.of(&["t", "h", "k", "f", "g"])),
        28 => {
            let mut lines = vec![format!("l = read-directory {any}")];
            // More entries than there are names.
            lines.extend(std::iter::repeat_n("read-directory-entry l".to_owned(), 20));
            return lines;
        }
        29 => format!("{} = read-via-stream {any} {small}", numbers.of(&["i", "j"])),
        30 => match numbers.below(3) {
            0 => format!("{} = append-via-stream {any}", numbers.of(&["o", "p"])),
            _ => format!("{} = write-via-stream {any} {small}", numbers.of(&["o", "p"])),
        },
        31 => {
            let how = numbers.of(&["blocking-read", "blocking-skip"]);
            // To read nothing closes a stream there; here it answers with nothing.
            format!("{how} {} {}", numbers.of(&["i", "j"]), small + 1)
        }
        32 => {
            let to = numbers.of(&["o", "p"]);
            match numbers.below(3) {
                0 => format!("blocking-write-zeroes-and-flush {to} {small}"),
                _ => format!("blocking-write-and-flush {to} \"through a stream {small}\""),
            }
        }
        _ => format!("advise {any} {small} {size}"),
    };
    vec![line.trim_end().to_owned()]
}

/// The calls that follow from a seed.
fn sequence(seed: u64) -> Vec<String> {
    let mut numbers = Numbers(seed);
    let mut calls: Vec<String> = HANDLES.lines().map(str::to_owned).collect();
    while calls.len() < SEQUENCE_CALLS {
        calls.extend(call(&mut numbers));
    }
    calls
}

/// Times that a sequence sets are before this; others are those of a clock.
pub(crate) const SET_TIMES_MAX: u64 = 1_700_000_000;

/// Leaves out what a host may answer as it likes.
fn leave_open(answer: &str) -> String {
    let answer = answer.replace(" | MUTATE_DIRECTORY", "");
    let is_directory = answer.contains("DescriptorType::Directory");
    let word = |word: &str| match word.split_once('=') {
        // Reading sets it or not, as a directory is mounted; a change of status always.
        Some((name @ ("accessed" | "changed"), _)) => format!("{name}=…"),
        Some(("modified", time)) if time.parse::<u64>().is_ok_and(|time| time > SET_TIMES_MAX) => {
            "modified=…".into()
        }
        Some((name @ "size", _)) if is_directory => format!("{name}=…"),
        _ => word.to_owned(),
    };
    answer.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// Answers of one listing in the order of their names: no order is promised.
fn sort_listings(calls: &[String], answers: &mut [String]) {
    let mut from = 0;
    while from < calls.len() {
        let len = calls[from..].iter().take_while(|call| call.starts_with("read-directory-entry")).count();
        answers[from..from + len].sort();
        from += len.max(1);
    }
}

/// What is in a tree, by its path.
pub(crate) type Left = BTreeMap<String, String>;

pub(crate) fn left_in_lab(tree: &Tree) -> Left {
    let below = tree.walk().filter(|(path, _)| path.starts_with("/tmp"));
    below
        .map(|(path, ino)| {
            let inode = tree.get(ino).unwrap();
            let what = match inode.node() {
                Node::Directory(_) => "directory".to_owned(),
                Node::Symlink(target) => format!("link to {target}"),
                Node::File(content) => {
                    let len = usize::try_from(content.len()).unwrap();
                    format!("file {} {:?}", inode.links, String::from_utf8_lossy(&content.read(0, len)))
                }
            };
            (path, what)
        })
        .collect()
}

pub(crate) fn left_for_real(root: &Path) -> Left {
    let mut left = Left::new();
    let mut todo = vec!["/tmp".to_owned()];
    while let Some(path) = todo.pop() {
        let place = root.join(&path[1..]);
        let metadata = fs::symlink_metadata(&place).unwrap();
        let what = if metadata.is_dir() {
            let names = fs::read_dir(&place).unwrap().map(|entry| entry.unwrap().file_name());
            todo.extend(names.map(|name| format!("{path}/{}", name.to_str().unwrap())));
            "directory".to_owned()
        } else if metadata.is_symlink() {
            format!("link to {}", fs::read_link(&place).unwrap().display())
        } else {
            format!("file {} {:?}", metadata.nlink(), String::from_utf8_lossy(&fs::read(&place).unwrap()))
        };
        left.insert(path, what);
    }
    left
}

/// The calls of a seed, and everything in which the two hosts differ.
fn compared(seed: u64) -> (usize, Vec<String>) {
    let calls = sequence(seed);
    let script = calls.join("\n");
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("tmp")).unwrap();
    let mut theirs = play_for_real(&script, directory.path());
    let played = Fixture::new().play(&script);
    let mut ours = played.answers;
    assert_eq!(
        (ours.len(), theirs.len()),
        (calls.len(), calls.len()),
        "seed {seed}: {}",
        played.outcome.end.ending
    );
    sort_listings(&calls, &mut ours);
    sort_listings(&calls, &mut theirs);
    let mut differences: Vec<String> = Vec::new();
    for (index, (call, (ours, theirs))) in calls.iter().zip(ours.iter().zip(&theirs)).enumerate() {
        let (ours, theirs) = (leave_open(ours), leave_open(theirs));
        if ours != theirs {
            differences.push(format!("seed {seed}, call {index}: {call}: lab {ours}, real {theirs}"));
        }
    }
    let (ours, theirs) =
        (left_in_lab(played.outcome.files.as_ref().unwrap()), left_for_real(directory.path()));
    if ours != theirs {
        differences.push(format!("seed {seed}: left in the lab {ours:?}, for real {theirs:?}"));
    }
    (calls.len(), differences)
}

/// Plays as many sequences, each from its seed, as have so many calls together, or as many as the variable says. `compared`
/// gives the number of calls of one and what differed.
pub(crate) fn check_sequences(
    calls: usize,
    calls_of_one: usize,
    compared: impl Fn(u64) -> (usize, Vec<String>) + Sync,
) {
    let wanted = std::env::var(CALLS_VARIABLE).map_or(calls, |number| number.parse().unwrap());
    let seeds = 1..=wanted.div_ceil(calls_of_one) as u64;
    // The hosts are compiled by the threads that play: they must be there before all of those wait for them.
    let (_, differences) = compared(0);
    assert_eq!(differences, Vec::<String>::new());
    let all: Vec<(usize, Vec<String>)> = seeds.into_par_iter().map(&compared).collect();
    let made: usize = all.iter().map(|(calls, _)| calls).sum();
    let differing = all.iter().filter(|(_, differences)| !differences.is_empty()).count();
    println!("{made} calls in {} sequences, {differing} of which differ", all.len());
    // The first of a sequence: what follows it can follow from it.
    let first: Vec<&String> =
        all.iter().filter_map(|(_, differences)| differences.first()).take(20).collect();
    assert!(first.is_empty(), "{first:#?}");
}

#[test]
fn long_sequences_of_file_calls_come_out_as_on_a_real_directory() {
    check_sequences(CALLS, SEQUENCE_CALLS, compared);
}
