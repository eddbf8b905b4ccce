//! Names with a slash behind them, which ask for a directory.

use super::{
    names::place,
    paths::{link, on_path, symlink},
    player::{Call, OUT, play, play_for_real},
};

const CREATE: u64 = 1;
const WRITE: u64 = 1 << 6;

const OK: u32 = 0;
const EXIST: u32 = 20;
const ISDIR: u32 = 31;
const LOOP: u32 = 32;
const NOENT: u32 = 44;
const NOTDIR: u32 = 54;
const PERM: u32 = 63;

/// A file, a directory, links to both, one to nothing, and one to itself; nothing is at the last.
const SLASHED: [&str; 7] = ["a/", "c/", "s/", "r/", "e/", "b/", "none//"];

fn begin() -> Vec<Call> {
    let [at, len] = place("a");
    vec![
        Call::new("path_open", [3, 0, at, len, CREATE, WRITE, WRITE, 0, OUT]),
        on_path("path_create_directory", "c"),
        symlink("a", "s"),
        symlink("c", "r"),
        symlink("none", "e"),
        symlink("b", "b"),
    ]
}

/// The error numbers of calls in the lab, which must be wasmtime's.
#[track_caller]
fn errnos(calls: impl IntoIterator<Item = Call>) -> Vec<u32> {
    let mut all = begin();
    let skipped = all.len();
    all.extend(calls);
    let directory = tempfile::tempdir().unwrap();
    let ours = play(&all).answers;
    let theirs = play_for_real(directory.path(), &all);
    assert_eq!(ours.len(), all.len());
    for ((call, ours), theirs) in all.iter().zip(&ours).zip(&theirs) {
        assert_eq!(ours.errno, theirs.errno, "{call:?}");
    }
    assert!(ours[..skipped].iter().all(|answer| answer.errno == OK));
    ours[skipped..].iter().map(|answer| answer.errno).collect()
}

#[test]
fn nothing_but_a_directory_stands_at_a_name_with_a_slash() {
    let errnos_at = |call: fn(&str) -> Call| errnos(SLASHED.map(call));
    let taken = [NOTDIR, EXIST, NOTDIR, EXIST, NOENT, LOOP, NOENT];
    assert_eq!(errnos_at(|name| symlink("a", name)), taken);
    assert_eq!(errnos_at(|name| link(0, "a", name)), taken);
    assert_eq!(errnos_at(|name| link(0, "none", name)), [NOTDIR, NOENT, NOTDIR, NOENT, NOENT, LOOP, NOENT]);
    assert_eq!(errnos_at(|name| link(0, name, "none")), [NOTDIR, PERM, NOTDIR, PERM, NOENT, LOOP, NOENT]);
    assert_eq!(errnos_at(|name| link(0, name, "a")), [NOTDIR, EXIST, NOTDIR, EXIST, NOENT, LOOP, NOENT]);
    let unlink = |name: &str| on_path("path_unlink_file", name);
    assert_eq!(errnos_at(unlink), [NOTDIR, ISDIR, NOTDIR, ISDIR, NOENT, LOOP, NOENT]);
}

#[test]
fn what_is_refused_for_its_slash_stays_as_it_was() {
    let mut calls = begin();
    calls.extend(SLASHED.map(|name| on_path("path_unlink_file", name)));
    calls.extend(SLASHED.map(|name| symlink("none", name)));
    calls.extend(SLASHED.map(|name| link(0, "a", name)));
    let untouched = play(&begin()).outcome.files.unwrap();
    let left = play(&calls).outcome.files.unwrap();
    assert_eq!(crate::differential::left_in_lab(&left), crate::differential::left_in_lab(&untouched));
}

/// wasmtime refuses the first, Linux does not: the suite of preview 1 wants it to be done.
#[test]
fn a_directory_is_removed_by_its_name_with_a_slash_and_a_link_to_one_is_not() {
    let mut calls = begin();
    calls.extend(["r/", "a/", "c/", "c/"].map(|name| on_path("path_remove_directory", name)));
    let answers = play(&calls).answers;
    let errnos: Vec<u32> = answers[begin().len()..].iter().map(|answer| answer.errno).collect();
    assert_eq!(errnos, [NOTDIR, NOTDIR, OK, NOENT]);
}
