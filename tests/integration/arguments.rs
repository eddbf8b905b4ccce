//! What `run`, `monitor`, `fuzz` and `install` give a skill: arguments, and copies of host directories.

use invar_world::Digest;

use crate::helpers::{Invar, project};

const PUPPET: &str = "skills-examples/puppet/puppet.wasm";

/// Prints the arguments, reads a file of the directory, and tries to make one in it.
const SCRIPT: &str = "get-arguments\nd = get-directories\nf = open-at d \"ref/table\" read\nread-at f 100 0\n\
                      open-at d \"ref/new\" create write\n";

/// A host directory that holds one file, given at a path of the skill.
fn directory(invar: &Invar, name: &str, file: (&str, &str), guest: &str) -> String {
    invar.write(&format!("{name}/{}", file.0), file.1);
    format!("{}::{guest}", invar.path(name).display())
}

/// The line of a human report that begins with these words.
#[track_caller]
fn command_line(report: &str, begin: &str) -> String {
    let mut lines = report.lines().map(str::trim);
    lines.find(|line| line.starts_with(begin)).unwrap_or_else(|| panic!("no {begin} in {report}")).to_owned()
}

#[test]
fn every_run_of_a_series_has_the_arguments_and_the_directory() {
    let invar = Invar::new();
    let script = invar.write("input.script", SCRIPT);
    let table = directory(&invar, "host", ("table", "a,b\n"), "/ref");
    let read_only = format!("{table}:ro");
    for (given, attempt) in [(&read_only, "err not-permitted"), (&table, "ok")] {
        let words = |command: [&'static str; 3]| {
            let mut words = vec![command[0], PUPPET, command[1], command[2]];
            words.extend(["--input", &script, "--dir", given]);
            words
        };
        let rest = ["--", "--table", "two words"];
        let run = [words(["run", "--world", "lab"]), rest.to_vec()].concat();
        let shown = invar.run(&run).expect(0).stdout;
        let lines: Vec<&str> = shown.lines().collect();
        assert!(lines[0].ends_with("\"--table\", \"two words\"]"), "{shown}");
        assert_eq!(lines[1..], ["[\"/\", \"/ref\"]", "ok", "ok \"a,b\\n\" more", attempt]);
        for command in ["monitor", "fuzz"] {
            let asked = ["--search", "none", "--budget", "0", "--keep", "none"];
            let words = [&words([command, "--format", "json"])[..], &asked, &rest].concat();
            let report = invar.run(&words).json();
            let rows = report["per_run"].as_array().unwrap();
            assert_eq!(rows.len(), 20, "{report}");
            for row in rows {
                assert_eq!(
                    row["output_sha256"],
                    Digest::of(shown.as_bytes()).to_string(),
                    "{command}: {row}"
                );
            }
        }
    }
    // What the skill writes stays in its copy.
    assert!(!invar.path("host/new").exists());
}

#[test]
fn arguments_replace_those_of_the_world() {
    let skill = "skills-examples/corpus/argument-debug-7";
    let words = ["monitor", skill, "--search", "none", "--format", "json"];
    let report = Invar::new().run(&[&words[..], &["--", "--debug-7"]].concat()).expect(21).json();
    for row in report["per_run"].as_array().unwrap() {
        assert!(row["effects"].to_string().contains("file write /tmp/.debug"), "{row}");
    }
}

#[test]
fn the_printed_command_gives_the_same_report_with_arguments_and_directory() {
    let invar = Invar::new();
    let script = invar.write("input.script", SCRIPT);
    let envelope = invar.write("none.toml", "[envelope]\n");
    let table = format!("{}:ro", directory(&invar, "host", ("table", "a,b\n"), "/ref"));
    let words = ["monitor", PUPPET, "--input", &script, "--envelope", &envelope, "--dir", &table];
    let rest = ["--", "--table", "two words"];
    // The skill reads what is not declared, and tries to write; without the file it does neither.
    let json = invar.run(&[&words[..], &["--format", "json"], &rest].concat()).expect(22).json();
    let id = json["id"].as_str().unwrap();
    let report = invar.run(&[&words[..], &rest].concat()).expect(22).stdout;
    for begin in ["invar monitor ", "invar fuzz "] {
        let line = command_line(&report, begin);
        assert!(line.contains(&format!(" --dir {table} ")), "{line}");
        assert!(line.ends_with(" -- --table 'two words'"), "{line}");
    }
    let same = invar.paste(&command_line(&report, "invar monitor ")).expect(22).stdout;
    assert!(same.contains(&format!(" {id}/")), "{id} in {same}");
    let reproduce = json["triggers"][0]["reproduce"].as_str().unwrap();
    let shown = invar.paste(reproduce).expect(0).stdout;
    assert!(shown.contains("file write /ref/new"), "{shown}");
}

#[test]
fn a_trigger_in_a_directory_is_found_and_reproduces_without_the_directory() {
    let invar = Invar::new();
    let skill = "skills-examples/corpus/file-armed";
    let state = directory(&invar, "host", (".latch", "idle\n"), "/state");
    let words = ["fuzz", skill, "--dir", &state, "--format", "json", "--", "--any"];
    let report = invar.run(&words).expect(22).json();
    let trigger = &report["triggers"][0];
    assert_eq!(trigger["source"], "file /state/.latch", "{trigger}");
    // The directory may be another by now: the trace holds what was copied.
    std::fs::remove_dir_all(invar.path("host")).unwrap();
    let shown = invar.paste(trigger["reproduce"].as_str().unwrap()).expect(0).stdout;
    assert!(shown.contains("only right") && shown.contains("file write /tmp/.latched"), "{shown}");
}

#[test]
fn the_id_of_a_report_depends_on_arguments_and_content_and_not_on_the_place_on_the_host() {
    let invar = Invar::new();
    let script = invar.write("input.script", SCRIPT);
    let one = directory(&invar, "one", ("table", "a,b\n"), "/ref");
    let same = directory(&invar, "same", ("table", "a,b\n"), "/ref");
    let other = directory(&invar, "other", ("table", "b,a\n"), "/ref");
    let id = |directory: &str, argument: &str| {
        let words = ["monitor", PUPPET, "--input", &script, "--dir", directory, "--runs", "3"];
        let asked = ["--search", "none", "--budget", "0", "--keep", "none", "--format", "json"];
        let report = invar.run(&[&words[..], &asked, &["--", argument]].concat()).json();
        report["id"].as_str().unwrap().to_owned()
    };
    let first = id(&one, "x");
    assert_eq!(id(&same, "x"), first);
    for (directory, argument) in [(&one, "y"), (&other, "x"), (&format!("{one}:ro"), "x")] {
        assert_ne!(id(directory, argument), first, "{directory} {argument}");
    }
}

#[test]
fn a_baseline_is_that_of_the_arguments_and_the_directory_that_it_was_measured_with() {
    let invar = Invar::new();
    let manifest = "[skill]\nname = \"puppet\"\nversion = \"1.0.0\"\npublisher = \"example.org\"\n\
                    component = \"puppet.wasm\"\n[envelope]\nfiles.read = [\"/ref/**\"]\n\
                    files.write = [\"/ref/**\"]\n[lab]\ninput = \"input.script\"\n";
    invar.write("skill/skill.toml", manifest);
    invar.write("skill/input.script", SCRIPT);
    invar.write("skill/puppet.wasm", std::fs::read(project(PUPPET)).unwrap());
    let table = format!("{}:ro", directory(&invar, "host", ("table", "a,b\n"), "/ref"));
    let given = ["--dir", &table, "--", "--table"];
    let skill = invar.path("skill").display().to_string();
    let output = invar.run(&[&["install", &skill][..], &given].concat());
    assert!(output.stdout.contains("installed puppet 1.0.0"), "{output:?}");
    let again = command_line(&output.stdout, "invar monitor ");
    assert!(again.contains(&format!(" --dir {table} ")) && again.ends_with(" -- --table"), "{again}");
    let is_stored = |given: &[&str]| {
        let report = invar.run(&[&["monitor", "puppet"][..], given].concat()).stdout;
        report.split_whitespace().collect::<Vec<_>>().join(" ").contains("as stored by report")
    };
    assert!(is_stored(&given));
    assert!(!is_stored(&["--dir", &table, "--", "--other"]));
    assert!(!is_stored(&[]));
}

#[test]
fn a_directory_that_cannot_be_given_is_refused_by_every_command() {
    let invar = Invar::new();
    for (command, missing) in [("run", 126), ("monitor", 33), ("fuzz", 33), ("install", 33)] {
        let words = |given: &'static str| {
            let lab = ["--world", "lab"];
            let lab = if command == "run" { &lab[..] } else { &[] };
            [&[command, "@word-count", "--dir", given][..], lab].concat()
        };
        let output = invar.run(&words("data")).expect(2);
        assert!(output.stderr.contains("write HOST::GUEST"), "{command}: {output:?}");
        let output = invar.run(&words("/no/such/directory::/data")).expect(missing);
        assert!(output.stderr.contains("/no/such/directory"), "{command}: {output:?}");
    }
}

#[test]
fn nothing_can_be_changed_in_a_directory_that_the_world_makes_read_only() {
    let invar = Invar::new();
    let script = "d = get-directories\nf = open-at d \"fixed/a\" read\nread-at f 10 0\n\
                  open-at d \"fixed/a\" write\nopen-at d \"fixed/b\" create write\n\
                  create-directory-at d \"fixed/c\"\nunlink-file-at d \"fixed/a\"\n\
                  rename-at d \"fixed/a\" d \"tmp/a\"\nset-times f now now\nremove-directory-at d \"empty\"\n\
                  open-at d \"tmp/free\" create write\nrename-at d \"tmp/free\" d \"empty/free\"\n";
    let script = invar.write("input.script", script);
    let world =
        invar.write("world.toml", "read_only = [\"/fixed\", \"/empty\"]\n[files]\n\"/fixed/a\" = \"kept\"\n");
    let trace = invar.path("run.trace").display().to_string();
    let words = ["run", PUPPET, "--world", &world, "--input", &script, "--record", &trace];
    let shown = invar.run(&words).expect(0).stdout;
    let refused = "err not-permitted";
    let expected = [
        "[\"/\"]",
        "ok",
        "ok \"kept\" more",
        refused,
        refused,
        refused,
        refused,
        refused,
        refused,
        refused,
        "ok",
        refused,
    ];
    assert_eq!(shown.lines().collect::<Vec<_>>(), expected);
    let replayed = invar.run(&["replay", &trace, "--check"]).expect(0).stdout;
    assert!(replayed.contains("exact"), "{replayed}");
}
