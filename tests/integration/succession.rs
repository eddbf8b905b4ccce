//! The audit trail where something is wrong with it: it is not written to, and another one takes its place by name.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::PathBuf,
    process::Command,
};

use crate::helpers::Invar;

const RUN: [&str; 4] = ["run", "@hello", "--world", "lab"];

fn trail(invar: &Invar) -> PathBuf {
    invar.path("ledger")
}

fn segment(invar: &Invar) -> PathBuf {
    trail(invar).join("00000000000000000000.segment")
}

fn verified(invar: &Invar) -> serde_json::Value {
    invar.run(&["ledger", "verify", "--format", "json"]).expect(0).json()
}

#[test]
fn a_damaged_trail_is_left_as_it_is_and_succeeded_by_one_that_names_it() {
    let invar = Invar::new();
    invar.run(&RUN).expect(0);
    fs::write(trail(&invar).join("policy"), "quorum none\n").unwrap();
    let old = verified(&invar);
    let mut bytes = fs::read(segment(&invar)).unwrap();
    // In the first event: what was written last is whole.
    bytes[200] ^= 1;
    fs::write(segment(&invar), &bytes).unwrap();

    let output = invar.run(&RUN).expect(126);
    assert!(output.stderr.contains("`invar ledger succeed` sets it aside"), "{output:?}");
    assert_eq!(fs::read(segment(&invar)).unwrap(), bytes);

    let output = invar.run(&["ledger", "succeed"]).expect(0).stdout;
    assert!(output.contains("is set aside as") && output.contains("ledger.aside-1"), "{output}");
    assert_eq!(fs::read(invar.path("ledger.aside-1/00000000000000000000.segment")).unwrap(), bytes);
    let new = verified(&invar);
    let before = &new["predecessor"];
    assert_eq!(
        (&before["log_id"], &before["events"], &before["head"]),
        (&old["log_id"], &old["events"], &old["head"])
    );
    assert!(before["reason"].as_str().unwrap().starts_with("damaged: "), "{before}");
    assert_ne!(new["log_id"], old["log_id"]);
    assert_eq!(fs::read_to_string(trail(&invar).join("policy")).unwrap(), "quorum none\n");
    invar.run(&RUN).expect(0);
    let stdout = invar.run(&["ledger", "verify"]).expect(0).stdout;
    assert!(stdout.contains("it replaces "), "{stdout}");
    // The old one stays what it is.
    let aside = invar.path("ledger.aside-1").display().to_string();
    invar.run(&["ledger", "verify", "--from", &aside]).expect(32);
}

#[test]
fn a_trail_that_is_in_order_is_succeeded_only_for_a_reason() {
    let invar = Invar::new();
    let output = invar.run(&["ledger", "succeed"]).expect(2);
    assert!(output.stderr.contains("the first run creates one"), "{output:?}");
    invar.run(&["ledger", "init", "--origin", "example.com/audit"]).expect(0);
    let output = invar.run(&["ledger", "succeed"]).expect(2);
    assert!(output.stderr.contains("--reason"), "{output:?}");
    assert!(!invar.path("ledger.aside-1").exists());
    invar.run(&["ledger", "succeed", "--reason", "the clock was\u{1b}[2J wrong"]).expect(0);
    let new = verified(&invar);
    assert!(new["origin"].as_str().unwrap().starts_with("example.com/audit/after-"), "{new}");
    assert_eq!(new["predecessor"]["reason"], "the operator: the clock was\u{1b}[2J wrong");
    let stdout = invar.run(&["ledger", "verify"]).expect(0).stdout;
    assert!(!stdout.contains('\u{1b}'), "{stdout:?}");
}

#[test]
fn a_name_that_no_checkpoint_can_have_is_refused_before_anything_is_written() {
    let invar = Invar::new();
    for origin in ["my host", "", "a+b", "a\nb", "a\u{2028}b"] {
        let output = invar.run(&["ledger", "init", "--origin", origin]).expect(2);
        assert!(output.stderr.contains("--origin"), "{origin:?}: {output:?}");
        assert!(!trail(&invar).exists(), "{origin:?}");
    }
    invar.run(&["ledger", "init", "--origin", "example.com/host"]).expect(0);
    invar.run(&["ledger", "verify"]).expect(0);
}

#[test]
fn a_trail_whose_beginning_was_cut_short_is_said_to_be_one() {
    let invar = Invar::new();
    invar.run(&["ledger", "init"]).expect(0);
    for name in ["nodes", "state", "00000000000000000000.segment"] {
        let _ = fs::remove_file(trail(&invar).join(name));
    }
    for command in [&["ledger", "verify"][..], &["ledger", "key"], &["ledger", "show"]] {
        let output = invar.run(command).expect(33);
        assert!(
            output.stderr.contains("was interrupted, and nothing is recorded"),
            "{command:?}: {output:?}"
        );
    }
    let output = invar.run(&RUN).expect(0);
    assert!(output.stderr.contains("it was created again"), "{output:?}");
    verified(&invar);
}

#[test]
fn a_directory_that_others_can_write_gets_no_keys() {
    let invar = Invar::new();
    fs::create_dir(trail(&invar)).unwrap();
    fs::set_permissions(trail(&invar), fs::Permissions::from_mode(0o777)).unwrap();
    let output = invar.run(&RUN).expect(126);
    assert!(output.stderr.contains("chmod 700"), "{output:?}");
    assert_eq!((output.stdout.as_str(), fs::read_dir(trail(&invar)).unwrap().count()), ("", 0));
    fs::set_permissions(trail(&invar), fs::Permissions::from_mode(0o700)).unwrap();
    invar.run(&RUN).expect(0);
}

#[test]
fn keys_go_into_no_file_that_somebody_planted() {
    let invar = Invar::new();
    invar.run(&RUN).expect(0);
    let theirs = invar.write("theirs", "a file of somebody's");
    for name in ["key.new", "key.old", "state.new", "checkpoint.new"] {
        let _ = fs::remove_file(trail(&invar).join(name));
        symlink(&theirs, trail(&invar).join(name)).unwrap();
        invar.run(&["ledger", "rotate"]);
        invar.run(&["ledger", "checkpoint"]);
        assert_eq!(fs::read_to_string(&theirs).unwrap(), "a file of somebody's", "{name}");
        let _ = fs::remove_file(trail(&invar).join(name));
    }
    invar.run(&["ledger", "rotate"]).expect(0);
    verified(&invar);
}

#[test]
fn what_is_verified_from_elsewhere_is_regular_files_or_nothing() {
    let invar = Invar::new();
    for name in ["00000000000000000000.segment", "checkpoint", "state"] {
        let from = invar.path(&format!("from-{name}"));
        fs::create_dir(&from).unwrap();
        let made = Command::new("mkfifo").arg(from.join(name)).status().unwrap();
        assert!(made.success());
        let output = invar.run(&["ledger", "verify", "--from", &from.display().to_string()]);
        assert!([32, 33].contains(&output.code), "{name}: {output:?}");
    }
}

#[test]
fn a_refused_import_leaves_nothing_behind() {
    let invar = Invar::new();
    invar.run(&RUN).expect(0);
    let lines = invar.run(&["ledger", "export", "--format", "jsonl"]).expect(0).stdout;
    let elsewhere = Invar::new();
    let (half, _) = lines.split_at(lines.len() / 2);
    for (name, text) in [("half", half), ("other", "{}\n"), ("none", "")] {
        let file = elsewhere.write(name, text);
        let before = fs::read_dir(elsewhere.path("")).unwrap().count();
        for to in ["imported", "not-there/imported"] {
            let to = elsewhere.path(to).display().to_string();
            elsewhere.run(&["ledger", "import", &file, "--to", &to]).expect(33);
            assert_eq!(fs::read_dir(elsewhere.path("")).unwrap().count(), before, "{name}");
        }
    }
    let file = elsewhere.write("whole", &lines);
    let to = elsewhere.path("imported").display().to_string();
    elsewhere.run(&["ledger", "import", &file, "--to", &to]).expect(0);
    elsewhere.run(&["ledger", "verify", "--from", &to]).expect(0);
}
