//! Programs that were written for plain WASI, in several languages: they run in the lab, and replay to the bit.

use std::fmt::Write as _;

use invar_world::Digest;

use crate::helpers::{Invar, project};

const PROGRAMS: &str = "skills-examples/programs";

/// What each of them says and how it ends, given the same input and arguments.
#[test]
fn programs_for_plain_wasi_run_and_replay_to_the_bit() {
    let mut files: Vec<_> = std::fs::read_dir(project(PROGRAMS).join("wasm"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let mut shown = String::new();
    for file in &files {
        let invar = Invar::new();
        let (program, input) = (format!("{PROGRAMS}/wasm/{file}"), format!("{PROGRAMS}/input.txt"));
        let trace = invar.path("run.trace").display().to_string();
        let ran = invar.run(&[
            "run",
            &program,
            "--world",
            "lab",
            "--env",
            "HOME=/home/kim",
            "--input",
            &input,
            "--record",
            &trace,
            "--",
            "77",
            "b c",
        ]);
        let replayed = invar.run(&["replay", &trace, "--skill", &program]).expect(0).stdout;
        assert!(replayed.contains("exact: "), "{file}: {replayed}");
        let _ = writeln!(shown, "== {file}: exit {}\n{}{}", ran.code, ran.stdout, ran.stderr);
    }
    insta::assert_snapshot!("programs", shown);
}

#[test]
fn the_programs_are_those_of_their_lock() {
    let lock = std::fs::read_to_string(project(PROGRAMS).join("programs.lock")).unwrap();
    let locked: Vec<&str> = lock.lines().filter(|line| !line.starts_with('#')).collect();
    let files: Vec<String> = locked
        .iter()
        .map(|line| {
            let (digest, file) = line.split_once("  ").unwrap();
            let bytes = std::fs::read(project(PROGRAMS).join(file)).unwrap();
            assert_eq!(Digest::of(&bytes).to_string(), digest, "{file}");
            file.to_owned()
        })
        .collect();
    assert_eq!(files.len(), std::fs::read_dir(project(PROGRAMS).join("wasm")).unwrap().count());
    let mut languages: Vec<&str> =
        files.iter().map(|file| file.trim_start_matches("wasm/").split('-').next().unwrap()).collect();
    languages.dedup();
    assert!(files.len() >= 30 && languages.len() >= 5, "{} in {languages:?}", files.len());
}

#[test]
fn a_module_ends_with_the_whole_of_its_status() {
    for (status, code) in [(0, 0), (1, 1), (2, 2), (125, 125), (255, 255), (-1, 255), (-128, 128)] {
        let module = format!(
            r#"(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32))) (memory (export "memory") 1)
                (func (export "_start") (call $exit (i32.const {status}))))"#
        );
        let invar = Invar::new();
        let file = invar.write("skill.wasm", wat::parse_str(module).unwrap());
        let trace = invar.path("run.trace").display().to_string();
        let ran = invar.run(&["run", &file, "--world", "lab", "--record", &trace]);
        assert_eq!(ran.code, code, "{ran:?}");
        invar.run(&["replay", &trace, "--skill", &file]).expect(0);
    }
}

#[test]
fn a_status_that_no_process_has_is_not_told_as_another_one() {
    for status in [256, 256 + 7, -129, i32::MIN] {
        let module = format!(
            r#"(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32))) (memory (export "memory") 1)
                (func (export "_start") (call $exit (i32.const {status}))))"#
        );
        let invar = Invar::new();
        let file = invar.write("skill.wasm", wat::parse_str(module).unwrap());
        let ran = invar.run(&["run", &file, "--world", "lab"]);
        assert_ne!(ran.code, 0, "{ran:?}");
        assert!(
            ran.stderr.contains(&format!("the exit status {status} is not within -128 and 255")),
            "{ran:?}"
        );
    }
}

#[test]
fn a_program_whose_heap_grows_keeps_what_it_stored() {
    let invar = Invar::new();
    let input = invar.write("input", "hello\n");
    let program = format!("{PROGRAMS}/wasm/c-grow.wasm");
    let ran = invar.run(&["run", &program, "--world", "lab", "--input", &input]).expect(0);
    assert_eq!(ran.stdout, "2000 nodes\n");
}
