//! Installing: what is kept, and what is not let in.

use crate::helpers::Invar;

#[test]
fn an_installed_skill_goes_by_its_name_and_is_held_against_its_baseline() {
    let invar = Invar::new();
    assert_eq!(invar.run(&["list"]).expect(0).stdout, "no skill is installed\n");
    let output = invar.run(&["install", "@word-count"]).expect(0).stdout;
    assert!(output.contains("CONSISTENT") && output.contains("installed word-count 1.0.0"), "{output}");
    let list = invar.run(&["list"]).expect(0).stdout;
    assert!(list.contains("word-count") && list.contains("example.org"), "{list}");
    let report = invar.run(&["monitor", "word-count"]).expect(0).stdout;
    assert!(
        report.replace("\n                                 ", " ").contains("as stored by report"),
        "{report}"
    );
    invar.run(&["run", "word-count", "--world", "lab"]).expect(0);
}

#[test]
fn a_skill_that_turns_is_not_installed_unless_nobody_looks() {
    let invar = Invar::new();
    let output = invar.run(&["install", "@data-enrichment-service"]).expect(22);
    assert!(
        output.stderr.contains("is not installed") && output.stderr.contains("--force NOTE"),
        "{output:?}"
    );
    invar.run(&["monitor", "data-enrichment-service"]).expect(33);
    invar.run(&["install", "@data-enrichment-service", "--no-baseline"]).expect(0);
    invar.run(&["monitor", "data-enrichment-service"]).expect(22);
}

#[test]
fn a_name_stays_with_its_publisher() {
    let invar = Invar::new();
    invar.run(&["install", "@hello", "--no-baseline"]).expect(0);
    let copy = invar.path("copy");
    std::fs::create_dir(&copy).unwrap();
    for entry in std::fs::read_dir(crate::helpers::project("skills-examples/hello")).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), copy.join(entry.file_name())).unwrap();
        }
    }
    let manifest = std::fs::read_to_string(copy.join("skill.toml")).unwrap();
    std::fs::write(copy.join("skill.toml"), manifest.replace("example.org", "evil.example")).unwrap();
    let output = invar.run(&["install", copy.to_str().unwrap(), "--no-baseline"]).expect(33);
    assert!(output.stderr.contains("from publisher example.org"), "{output:?}");
    invar.run(&["install", "skills-examples/puppet/puppet.wasm"]).expect(2);
}

/// A skill in a directory of the test.
fn copied(invar: &Invar, example: &str) -> std::path::PathBuf {
    let copy = invar.path("skill");
    std::fs::create_dir(&copy).unwrap();
    for entry in std::fs::read_dir(crate::helpers::project("skills-examples").join(example)).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), copy.join(entry.file_name())).unwrap();
        }
    }
    copy
}

/// The skill's directory is another by the time its verdict is there.
#[test]
fn what_is_installed_is_what_was_judged_whatever_happens_to_its_directory_meanwhile() {
    let invar = Invar::new();
    let skill = copied(&invar, "corpus/counter-once-at-1234567");
    let manifest = std::fs::read_to_string(skill.join("skill.toml")).unwrap();
    let component = "counter-once-at-1234567.wasm";
    let judged = std::fs::read(skill.join(component)).unwrap();
    let child = std::process::Command::new(env!("CARGO_BIN_EXE_invar-under-test"))
        .args(["install", skill.to_str().unwrap(), "--force", "whatever it is"])
        .env("INVAR_HOME", invar.path(""))
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // The code cache is written once the component was read and compiled, and before the first run.
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while std::fs::read_dir(invar.path("ledger")).map_or(0, Iterator::count) == 0 {
        assert!(std::time::Instant::now() < deadline, "nothing was begun");
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    std::fs::write(skill.join(component), b"another component").unwrap();
    std::fs::write(skill.join("skill.toml"), manifest.replace("[claims]", "[claims]\ncomplexity = \"2^n\""))
        .unwrap();
    std::fs::write(skill.join("input.txt"), b"another input").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(22), "{output:?}");
    let kept = |file: &str| std::fs::read(invar.path("skills/counter-once-at-1234567").join(file)).unwrap();
    assert!(kept(component) == judged, "the component that was judged");
    assert_eq!(String::from_utf8(kept("skill.toml")).unwrap(), manifest);
    assert_ne!(kept("input.txt"), b"another input");
    // It runs from what was kept.
    std::fs::remove_dir_all(&skill).unwrap();
    invar.run(&["run", "counter-once-at-1234567", "--world", "lab"]).expect(0);
}

#[test]
fn what_is_read_of_a_skill_is_kept_and_nothing_else() {
    let invar = Invar::new();
    let skill = copied(&invar, "corpus/counter-from-5000");
    std::fs::write(skill.join("notes.txt"), "not part of it").unwrap();
    std::fs::create_dir(skill.join("worlds")).unwrap();
    std::fs::create_dir(skill.join("worlds/data")).unwrap();
    std::fs::write(skill.join("worlds/data/table"), "a\n").unwrap();
    std::fs::write(skill.join("worlds/world.toml"), "[files]\n\"/state/data\" = { import = \"data\" }\n")
        .unwrap();
    let manifest = std::fs::read_to_string(skill.join("skill.toml")).unwrap();
    std::fs::write(skill.join("skill.toml"), format!("{manifest}world = \"worlds/world.toml\"\n")).unwrap();
    invar.run(&["install", skill.to_str().unwrap(), "--no-baseline"]).expect(0);
    let kept = invar.path("skills/counter-from-5000");
    for file in
        ["skill.toml", "counter-from-5000.wasm", "input.txt", "worlds/world.toml", "worlds/data/table"]
    {
        assert!(kept.join(file).exists(), "{file}");
    }
    assert!(!kept.join("notes.txt").exists());
    std::fs::remove_dir_all(&skill).unwrap();
    invar.run(&["run", "counter-from-5000", "--world", "lab"]).expect(0);
    // Another version takes its place whole, and leaves nothing beside it.
    invar.run(&["install", "@corpus/counter-from-5000", "--no-baseline"]).expect(0);
    assert!(!kept.join("worlds").exists());
    assert_eq!(std::fs::read_dir(invar.path("skills")).unwrap().count(), 1);
}

#[test]
fn what_could_not_be_concluded_is_installed_if_that_is_accepted() {
    let invar = Invar::new();
    let skill = copied(&invar, "puppet");
    std::fs::write(skill.join("fails.script"), "trap\n").unwrap();
    std::fs::write(
        skill.join("skill.toml"),
        "[skill]\nname = \"fails\"\nversion = \"1.0.0\"\npublisher = \"example.org\"\n\
         component = \"puppet.wasm\"\n[envelope]\n[lab]\ninput = \"fails.script\"\n",
    )
    .unwrap();
    let path = skill.to_str().unwrap();
    let output = invar.run(&["install", path]).expect(23);
    assert!(output.stderr.contains("--accept-inconclusive"), "{output:?}");
    invar.run(&["run", "fails", "--world", "lab"]).expect(126);
    invar.run(&["install", path, "--accept-inconclusive"]).expect(23);
    assert!(invar.run(&["list"]).expect(0).stdout.contains("fails"));
}

#[test]
fn what_was_convicted_is_installed_by_force_alone_with_the_note_on_record() {
    let invar = Invar::new();
    let skill = "@data-enrichment-service";
    invar.run(&["install", skill, "--accept-inconclusive"]).expect(22);
    invar.run(&["install", skill, "--force", ""]).expect(2);
    assert_eq!(invar.run(&["list"]).expect(0).stdout, "no skill is installed\n");
    invar.run(&["install", skill, "--force", "kept to be studied"]).expect(22);
    let shown = invar.run(&["ledger", "show", "--kind", "install", "--format", "json"]).expect(0).json();
    assert_eq!(shown["body"]["note"], "kept to be studied", "{shown}");
    assert_eq!(shown["body"]["verdict"], "ACTIVATION-PATTERN-DETECTED");
}
