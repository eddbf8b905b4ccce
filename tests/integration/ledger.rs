//! The audit trail, as it is used from the command line: everything that runs is in it, whoever holds something of it can
//! hold it against the trail, and nothing runs unrecorded.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use crate::helpers::{Invar, project};

/// An installation whose trail has a run, a report and a replay in it.
fn used() -> Invar {
    let invar = Invar::new();
    invar.run(&["run", "@hello", "--world", "lab", "--input", &input(&invar)]).expect(0);
    invar.run(&["monitor", "@clock-stamp", "--runs", "4", "--budget", "20", "--search", "none"]);
    invar
}

fn input(invar: &Invar) -> String {
    invar.write("input.txt", "Ada\n")
}

fn trail(invar: &Invar) -> PathBuf {
    invar.path("ledger")
}

fn segment(invar: &Invar) -> PathBuf {
    trail(invar).join("00000000000000000000.segment")
}

fn kinds(invar: &Invar) -> Vec<String> {
    let shown = invar.run(&["ledger", "show", "--last", "1000"]).expect(0).stdout;
    shown.lines().map(|line| line.split_whitespace().nth(2).unwrap_or_default().to_owned()).collect()
}

fn json(invar: &Invar, words: &[&str]) -> serde_json::Value {
    invar.run(words).expect(0).json()
}

/// The report on a skill whose output follows the clock.
fn stamped(invar: &Invar) -> serde_json::Value {
    let protocol = ["monitor", "@clock-stamp", "--runs", "4", "--budget", "20", "--search", "none"];
    json(invar, &[&protocol[..], &["--format", "json", "--fail-on", "VARIANT"]].concat())
}

#[test]
fn everything_that_runs_is_on_record() {
    let invar = used();
    let report = stamped(&invar);
    let block = &report["ledger"];
    assert_eq!(block["witnessed"], false);
    let (first, last) = (block["first"].as_u64().unwrap(), block["last"].as_u64().unwrap());
    // Each run of the series, the runs that followed it up, the verdict, and that it ended in order.
    let runs = 4 + report["followups"].as_u64().unwrap();
    let shown = invar
        .run(&["ledger", "show", "--last", "1000", "--kind", "run", "--format", "json"])
        .expect(0)
        .stdout;
    let events: Vec<serde_json::Value> =
        serde_json::Deserializer::from_str(&shown).into_iter().collect::<Result<_, _>>().unwrap();
    let listed: Vec<_> = events.iter().filter(|event| event["index"].as_u64() >= Some(first)).collect();
    assert_eq!(listed.len() as u64, runs);
    for (run, event) in report["per_run"].as_array().unwrap().iter().zip(&listed) {
        let body = &event["body"];
        assert_eq!(body["number"], run["run"]);
        assert_eq!(body["fuel"], run["fuel"]);
        assert_eq!(body["host_calls"], run["host_calls"]);
        assert_eq!(body["component"], report["skill"]["component_sha256"]);
        assert_eq!(body["engine"], report["engine"]["config_sha256"]);
        assert_eq!(body["report"], report["id"]);
    }
    let indices: Vec<u64> = listed.iter().map(|event| event["body"]["run_index"].as_u64().unwrap()).collect();
    assert!(indices.windows(2).all(|pair| pair[1] == pair[0] + 1), "{indices:?}");

    let audit = json(&invar, &["ledger", "verify", "--format", "json"]);
    assert_eq!(audit["log_id"], block["log_id"]);
    assert_eq!((audit["events"].as_u64().unwrap(), &audit["head"]), (last + 1, &block["head"]));
    assert_eq!(audit["state"], "locally consistent, not witnessed");
    assert!(kinds(&invar).contains(&"verdict".to_owned()));
}

#[test]
fn runs_replays_and_installations_leave_events_of_their_own() {
    let invar = Invar::new();
    invar.run(&["install", "@hello", "--no-baseline"]).expect(0);
    let trace = invar.path("hello.trace").display().to_string();
    invar.run(&["run", "hello", "--world", "lab", "--input", &input(&invar), "--record", &trace]).expect(0);
    invar.run(&["replay", &trace]).expect(0);
    invar.run(&["replay", &trace, "--set", "stdin=Bob"]).expect(0);
    // With a value changed, there are two runs: the recorded one, which must be exact, and the other.
    let runs = ["run", "close", "run", "close", "run", "close", "run", "close"];
    assert_eq!(kinds(&invar), [["genesis", "key-epoch", "install", "close"].as_slice(), &runs].concat());
    let event = json(&invar, &["ledger", "show", "10", "--format", "json"]);
    assert_eq!((&event["body"]["place"], &event["body"]["run_index"]), (&"replay".into(), &4.into()));
    // The same run has the same content; another input has another.
    let content = |index: &str| {
        json(&invar, &["ledger", "show", index, "--format", "json"])["body"]["content_hash"].clone()
    };
    assert_eq!(content("4"), content("6"));
    assert_eq!(content("4"), content("8"));
    assert_ne!(content("4"), content("10"));
}

#[test]
fn what_is_not_on_record_is_not_seen() {
    let invar = Invar::new();
    // A file where the directory should be.
    invar.write("ledger", "not a directory");
    let output = invar.run(&["run", "@hello", "--world", "lab", "--input", &input(&invar)]).expect(126);
    assert_eq!(output.stdout, "");
    assert!(output.stderr.contains("nothing runs unrecorded"), "{output:?}");
    let output = invar.run(&["monitor", "@hello", "--runs", "3"]).expect(33);
    assert_eq!(output.stdout, "");
}

#[test]
fn two_commands_that_write_at_once_both_get_in() {
    let invar = Invar::new();
    let input = input(&invar);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| invar.run(&["run", "@hello", "--world", "lab", "--input", &input]).expect(0));
        }
    });
    assert_eq!(kinds(&invar).iter().filter(|kind| *kind == "run").count(), 4);
    invar.run(&["ledger", "verify"]).expect(0);
}

#[test]
fn a_trail_that_was_changed_is_not_believed_and_not_written_to() {
    let invar = used();
    invar.run(&["ledger", "checkpoint"]).expect(0);
    let before = std::fs::read(segment(&invar)).unwrap();
    let mut bytes = before.clone();
    let at = bytes.windows(5).rposition(|window| window == b"clock").unwrap();
    bytes[at] = b'k';
    std::fs::write(segment(&invar), &bytes).unwrap();
    let output = invar.run(&["ledger", "verify"]).expect(32);
    assert!(output.stderr.contains("bad from event"), "{output:?}");
    assert_eq!(output.stdout, "");
    assert_eq!(invar.run(&["ledger", "verify", "--format", "json"]).expect(32).json()["state"], "failed");

    // Cut behind what was published: nothing is written to it, and nothing is changed.
    std::fs::write(segment(&invar), &before[..before.len() - 400]).unwrap();
    let output = invar.run(&["ledger", "verify"]).expect(32);
    assert!(output.stderr.contains("cut: the checkpoint that was published"), "{output:?}");
    let output = invar.run(&["run", "@hello", "--world", "lab"]).expect(126);
    assert!(output.stderr.contains("it was cut, or this is an old copy"), "{output:?}");
    assert_eq!(std::fs::read(segment(&invar)).unwrap().len(), before.len() - 400);
}

#[test]
fn a_receipt_is_checked_without_the_trail_and_held_against_it() {
    let invar = used();
    let key = invar.run(&["ledger", "key"]).expect(0).stdout.trim().to_owned();
    let report = stamped(&invar);
    let run = format!("{}/2", report["id"].as_str().unwrap());
    let receipt = invar.path("run.tlog-proof").display().to_string();
    invar.run(&["ledger", "receipt", &run, "-o", &receipt]).expect(0);

    let elsewhere = Invar::new();
    let checked = elsewhere.run(&["ledger", "check", &receipt, "--log", &key]).expect(0).stdout;
    assert!(
        checked.contains("in the log, signed by invar.local/") && checked.contains("not witnessed"),
        "{checked}"
    );
    assert!(checked.contains("clock-stamp"), "{checked}");
    invar.run(&["ledger", "verify", "--held", &receipt]).expect(0);

    // Another trail has not got it.
    let other = used();
    let output = other.run(&["ledger", "verify", "--held", &receipt]).expect(32);
    assert!(output.stderr.contains("not signed by the key of this log"), "{output:?}");
    // And a proof that was changed proves nothing.
    let text = std::fs::read_to_string(&receipt).unwrap();
    let index = text.lines().find(|line| line.starts_with("index ")).unwrap();
    let changed = invar.write("changed.tlog-proof", text.replace(index, "index 1"));
    let output = elsewhere.run(&["ledger", "check", &changed, "--log", &key]).expect(32);
    assert!(output.stderr.contains("but proves event 1"), "{output:?}");
    let output = invar.run(&["ledger", "receipt", "1"]).expect(2);
    assert!(output.stderr.contains("is not a run"), "{output:?}");
}

/// A witness in a separate process, ended with the test.
struct Witness {
    child: Child,
    vkey: String,
    url: String,
}

impl Witness {
    fn start(state: &Path, log: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_invar-under-test"))
            .args([
                "witness",
                "--name",
                "witness.example/w1",
                "--listen",
                "127.0.0.1:0",
                "--log",
                log,
                "--state",
            ])
            .arg(state)
            .current_dir(project(""))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let words: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(words[..2], ["witness", "witness.example/w1"], "{line}");
        Self { child, vkey: words[2].into(), url: words[3].into() }
    }

    fn policy(&self) -> String {
        format!("witness w1 {} {}\nquorum w1\n", self.vkey, self.url)
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn an_outside_witness_exposes_even_the_log_operator() {
    let invar = used();
    let key = invar.run(&["ledger", "key"]).expect(0).stdout.trim().to_owned();
    let outside = tempfile::tempdir().unwrap();
    let witness = Witness::start(outside.path(), &key);
    std::fs::write(trail(&invar).join("policy"), witness.policy()).unwrap();

    // Asked for: not there yet.
    let output = invar.run(&["ledger", "verify"]).expect(32);
    assert!(output.stderr.contains("0 of the 1 witnesses"), "{output:?}");
    let note = invar.run(&["ledger", "checkpoint"]).expect(0).stdout;
    assert!(note.contains("\n— witness.example/w1 "), "{note}");
    let verified = invar.run(&["ledger", "verify"]).expect(0).stdout;
    assert!(verified.contains("witnessed by witness.example/w1 at 20"), "{verified}");

    // An old copy of everything, keys too, put back after more was witnessed.
    let copy = tempfile::tempdir().unwrap();
    let directory = trail(&invar);
    for file in std::fs::read_dir(&directory).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
    }
    let report =
        json(&invar, &["monitor", "@hello", "--runs", "4", "--input", &input(&invar), "--format", "json"]);
    assert_eq!(report["ledger"]["witnessed"], true);
    assert_eq!(report["invariants"]["audit-trail"]["status"], "pass");
    let why = report["invariants"]["audit-trail"]["why"].as_str().unwrap();
    assert!(why.ends_with("chained and signed; witnessed by witness.example/w1"), "{why}");
    let kept = std::fs::read(directory.join("checkpoint")).unwrap();
    for file in std::fs::read_dir(&directory).unwrap() {
        std::fs::remove_file(file.unwrap().path()).unwrap();
    }
    for file in std::fs::read_dir(copy.path()).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), directory.join(file.file_name())).unwrap();
    }
    let output = invar.run(&["ledger", "checkpoint"]).expect(32);
    assert!(output.stderr.contains("rolled back: the witness witness.example/w1 saw"), "{output:?}");
    // What is found meanwhile is not lost for it.
    let output = invar.run(&[
        "monitor",
        "@hello",
        "--runs",
        "3",
        "--search",
        "none",
        "--budget",
        "0",
        "--input",
        &input(&invar),
    ]);
    let output = output.expect(32);
    assert!(output.stderr.contains("rolled back: the witness"), "{output:?}");
    assert!(
        output.stdout.contains("CONSISTENT") && output.stdout.contains("8 audit trail          FAIL"),
        "{output:?}"
    );
    // And whoever kept what was published sees it without asking anybody.
    let held = invar.write("held", kept);
    let output = invar.run(&["ledger", "verify", "--held", &held]).expect(32);
    assert!(output.stderr.contains("cut: ") && output.stderr.contains("events, and"), "{output:?}");

    // Gone on with from there, the witness sees another history of the same key.
    let input = input(&invar);
    for _ in 0..12 {
        std::fs::remove_file(directory.join("policy")).ok();
        invar.run(&["run", "@hello", "--world", "lab", "--input", &input]).expect(0);
    }
    std::fs::write(directory.join("policy"), witness.policy()).unwrap();
    let output = invar.run(&["ledger", "checkpoint"]).expect(32);
    assert!(output.stderr.contains("split view") || output.stderr.contains("rolled back"), "{output:?}");
    let output = invar.run(&["ledger", "verify", "--held", &held]).expect(32);
    assert!(output.stderr.contains("rewritten: ") || output.stderr.contains("cut: "), "{output:?}");
}

#[test]
fn a_witness_that_is_away_keeps_nobody_from_working_and_is_named() {
    let invar = used();
    let key = invar.run(&["ledger", "key"]).expect(0).stdout.trim().to_owned();
    let outside = tempfile::tempdir().unwrap();
    let policy = Witness::start(outside.path(), &key).policy();
    std::fs::write(trail(&invar).join("policy"), policy).unwrap();
    let output = invar.run(&["monitor", "@hello", "--runs", "3", "--input", &input(&invar)]).expect(0);
    assert!(output.stderr.contains("was not reached"), "{output:?}");
    assert!(output.stdout.contains("locally consistent, not witnessed"), "{output:?}");
}

#[cfg(unix)]
#[test]
fn keys_are_for_their_owner_alone_and_can_be_sealed() {
    use std::os::unix::fs::PermissionsExt;
    let invar = Invar::new();
    let sealed = |line: &str| {
        let script = format!("export INVAR_LEDGER_PASSPHRASE=horse; exec \"$INVAR\" {line}");
        invar.paste(&format!("invar --version >/dev/null; {script}"))
    };
    let begun = sealed("ledger init --origin example.com/audit").expect(0).stdout;
    assert!(begun.contains("example.com/audit+"), "{begun}");
    let run = "run skills-examples/hello --world lab";
    let output = invar.run(&["run", "@hello", "--world", "lab"]).expect(126);
    assert!(output.stderr.contains("INVAR_LEDGER_PASSPHRASE"), "{output:?}");
    sealed(run).expect(0);
    let descriptor = "invar --version >/dev/null; INVAR_LEDGER_PASSPHRASE_FD=7 \"$INVAR\" run skills-examples/hello --world lab 7<<END\nhorse\nEND";
    invar.paste(descriptor).expect(0);
    let wrong = "invar --version >/dev/null; INVAR_LEDGER_PASSPHRASE=cow \"$INVAR\" run skills-examples/hello --world lab";
    let output = invar.paste(wrong).expect(126);
    assert!(output.stderr.contains("not the one"), "{output:?}");
    // Whoever verifies needs no secret.
    invar.run(&["ledger", "verify"]).expect(0);
    assert_eq!(kinds(&invar).iter().filter(|kind| *kind == "run").count(), 2);

    let key = trail(&invar).join("key");
    assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::metadata(trail(&invar)).unwrap().permissions().mode() & 0o777, 0o700);
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o640)).unwrap();
    let output = sealed(run).expect(126);
    assert!(output.stderr.contains("can be read by others"), "{output:?}");
}

#[test]
fn epochs_are_rotated_and_old_runs_let_go_of_by_hand() {
    let invar = used();
    assert_eq!(
        invar.run(&["ledger", "rotate"]).expect(0).stdout,
        "started epoch 1; the earlier keys are wiped\n"
    );
    let kept = invar.run(&["ledger", "compact", "--keep-days", "90"]).expect(0).stdout;
    assert!(kept.contains("nothing was pruned"), "{kept}");
    assert_eq!(json(&invar, &["ledger", "verify", "--format", "json"])["epochs"], 2);
}

#[test]
fn there_is_no_trail_before_the_first_run() {
    let invar = Invar::new();
    let output = invar.run(&["ledger", "verify"]).expect(33);
    assert!(output.stderr.contains("the first run creates it"), "{output:?}");
}

#[test]
fn a_trail_goes_elsewhere_as_lines_and_is_the_same_there() {
    let invar = used();
    invar.run(&["ledger", "checkpoint"]).expect(0);
    let lines = invar.path("trail.jsonl").display().to_string();
    invar.run(&["ledger", "export", "--format", "jsonl", "-o", &lines]).expect(0);
    let to_stdout = invar.run(&["ledger", "export", "--format", "jsonl"]).expect(0).stdout;
    assert_eq!(to_stdout, std::fs::read_to_string(&lines).unwrap());

    let elsewhere = Invar::new();
    let to = elsewhere.path("imported").display().to_string();
    let shown = elsewhere.run(&["ledger", "import", &lines, "--to", &to]).expect(0).stdout;
    let verify = shown.split("with: ").nth(1).unwrap();
    let words: Vec<&str> = verify.trim().strip_prefix("invar ").unwrap().split(' ').collect();
    let here = json(&invar, &["ledger", "verify", "--format", "json"]);
    let there = json(&elsewhere, &[&words[..], &["--format", "json"]].concat());
    assert_eq!((&here["head"], &here["events"]), (&there["head"], &there["events"]));
    assert_eq!(
        std::fs::read(segment(&invar)).unwrap(),
        std::fs::read(Path::new(&to).join("00000000000000000000.segment")).unwrap()
    );

    // A line that was changed is refused with its number, and nothing is left.
    let changed = to_stdout.replacen("\"fuel\":", "\"fuel\":1", 1);
    let changed = elsewhere.write("changed.jsonl", changed);
    let to = elsewhere.path("other").display().to_string();
    let output = elsewhere.run(&["ledger", "import", &changed, "--to", &to]).expect(33);
    assert!(output.stderr.contains("line "), "{output:?}");
    assert!(!Path::new(&to).exists());
}

#[test]
fn others_read_the_trail_in_forms_of_their_own() {
    let invar = used();
    let lines = |format: &str| -> Vec<serde_json::Value> {
        let text = invar.run(&["ledger", "export", "--format", format]).expect(0).stdout;
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let ocsf = lines("ocsf");
    assert!(ocsf.iter().all(|event| event["class_uid"].is_u64() && event["metadata"]["version"].is_string()));
    assert_eq!(
        ocsf.len() as u64,
        json(&invar, &["ledger", "verify", "--format", "json"])["events"].as_u64().unwrap()
    );
    let otel = lines("otel");
    assert!(otel[0]["resourceLogs"][0]["scopeLogs"][0]["logRecords"].as_array().unwrap().len() > 2);

    invar.run(&["ledger", "checkpoint"]).expect(0);
    let tiles = invar.path("tiles").display().to_string();
    invar.run(&["ledger", "export", "--format", "tiles", "-o", &tiles]).expect(0);
    let verified = invar.run(&["ledger", "verify", "--from", &tiles]).expect(0).stdout;
    assert!(verified.contains("locally consistent, not witnessed"), "{verified}");
    let bundle = Path::new(&tiles).join("tile/entries/000.p");
    let bundle = std::fs::read_dir(bundle).unwrap().next().unwrap().unwrap().path();
    let mut bytes = std::fs::read(&bundle).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&bundle, bytes).unwrap();
    invar.run(&["ledger", "verify", "--from", &tiles]).expect(32);
    let receipts = invar.path("receipts").display().to_string();
    invar
        .run(&["ledger", "export", "--format", "scitt", "--first", "2", "--last", "3", "-o", &receipts])
        .expect(0);
    assert_eq!(std::fs::read_dir(&receipts).unwrap().count(), 4);
    let cose = invar.path("run.cose").display().to_string();
    invar.run(&["ledger", "receipt", "2", "--cose", &cose]).expect(0);
    // A COSE_Sign1, tagged.
    assert_eq!(std::fs::read(&cose).unwrap()[0], 0xd2);
    assert!(invar.path("run.event").exists());
}

#[test]
fn what_was_published_meanwhile_is_no_rollback() {
    let invar = used();
    let key = invar.run(&["ledger", "key"]).expect(0).stdout.trim().to_owned();
    let outside = tempfile::tempdir().unwrap();
    let witness = Witness::start(outside.path(), &key);
    std::fs::write(trail(&invar).join("policy"), witness.policy()).unwrap();
    let input = input(&invar);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let words = [
                    "monitor", "@hello", "--runs", "3", "--search", "none", "--budget", "0", "--input",
                    &input,
                ];
                let output = invar.run(&words).expect(0);
                assert!(output.stdout.contains("witnessed by witness.example/w1"), "{output:?}");
            });
        }
    });
    invar.run(&["ledger", "verify"]).expect(0);
}

#[test]
fn texts_of_any_length_are_on_record_as_far_as_an_event_takes_them() {
    let invar = Invar::new();
    let agent = "agent-7".repeat(10_000);
    let input = input(&invar);
    invar.run(&["run", "@hello", "--world", "lab", "--input", &input, "--agent", &agent]).expect(0);
    let body = &json(&invar, &["ledger", "show", "2", "--format", "json"])["body"];
    let kept = body["agent"].as_str().unwrap();
    assert!(kept.starts_with("agent-7") && kept.ends_with('…') && kept.len() < 2000, "{kept}");
}

#[test]
fn traces_of_equal_behaviour_are_kept_once_and_come_back_to_the_byte() {
    let invar = Invar::new();
    let input = invar.write("input.txt", "Ada\n".repeat(20_000));
    let report = json(
        &invar,
        &[
            "monitor",
            "@sort-lines",
            "--runs",
            "6",
            "--search",
            "none",
            "--budget",
            "0",
            "--input",
            &input,
            "--keep",
            "all",
            "--format",
            "json",
        ],
    );
    let id = report["id"].as_str().unwrap();
    let size = |run: u32| std::fs::metadata(invar.path(&format!("reports/{id}/{run}.trace"))).unwrap().len();
    for run in 1..=6 {
        let exact = invar.run(&["replay", &format!("{id}/{run}"), "--check"]).expect(0).stdout;
        assert!(exact.starts_with("exact: "), "{exact}");
        assert!(run == 1 || size(run) < size(1), "run {run}: {} of {}", size(run), size(1));
    }
    // They differ, because they began at different times.
    let traced = |run: u32| invar.run(&["trace", &format!("{id}/{run}")]).expect(0).stdout;
    assert_ne!(traced(2), traced(3));
    // Without the first the others are not made up.
    std::fs::remove_file(invar.path(&format!("reports/{id}/1.trace"))).unwrap();
    invar.run(&["replay", &format!("{id}/2"), "--check"]).expect(33);
}
