//! Installing: what is kept, and what is not let in.

use crate::helpers::Invar;

#[test]
fn an_installed_skill_goes_by_its_name_and_is_held_against_its_baseline() {
    let invar = Invar::new();
    assert_eq!(invar.run(&["list"]).expect(0).stdout, "nothing is installed\n");
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
    assert!(output.stderr.contains("is not installed"), "{output:?}");
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
    assert!(output.stderr.contains("from example.org"), "{output:?}");
    invar.run(&["install", "skills-examples/puppet/puppet.wasm"]).expect(2);
}
