//! Honest programs as people write them: what a report says of them is what their author can act on.

use crate::helpers::{Invar, project};

/// What a person sees of a report, in one line.
fn shown(words: &[&str], code: i32) -> String {
    let output = Invar::new().run(words).expect(code).stdout;
    output.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_program_that_follows_home_is_told_the_line_to_declare() {
    let shown = shown(&["monitor", "@corpus/settings-in-home", "--keep", "none"], 20);
    assert!(shown.contains("MARGINAL with HOME=/root: file read /root/.textrc (no-entry)"), "{shown}");
    assert!(shown.contains("With HOME=/root, run 1 looks for /root/.textrc"), "{shown}");
    let line = "declare it if it is intended: files.read = [\"$HOME/.textrc\"]";
    assert!(shown.contains(line), "{shown}");
}

#[test]
fn the_sizes_at_which_a_program_fails_are_said_beside_its_performance() {
    let shown = shown(&["monitor", "@corpus/fails-above-12000-bytes", "--keep", "none"], 0);
    let performance = shown.split("7 performance").nth(1).unwrap_or_default();
    assert!(performance.contains("from 18.0 KiB to 128 KiB, it ends differently: trapped"), "{shown}");
}

#[test]
fn a_name_that_a_forced_branch_cuts_out_of_the_input_is_no_sign_of_anything() {
    let shown = shown(&["fuzz", "@corpus/result-named-by-time", "--keep", "none"], 0);
    assert!(shown.contains("CONSISTENT"), "{shown}");
}

#[test]
fn what_a_claim_would_excuse_names_the_claim() {
    let invar = Invar::new();
    let skill = "skills-examples/corpus/temporary-file-renamed";
    let manifest = std::fs::read_to_string(project(&format!("{skill}/skill.toml"))).unwrap();
    assert!(manifest.contains("varies_with = [\"random\"]"), "{manifest}");
    let strict = manifest.replace("varies_with = [\"random\"]", "varies_with = []");
    let path = invar.write("strict/skill.toml", strict);
    for name in ["temporary-file-renamed.wasm", "input.txt"] {
        std::fs::copy(project(&format!("{skill}/{name}")), invar.path(&format!("strict/{name}"))).unwrap();
    }
    let directory = path.strip_suffix("/skill.toml").unwrap();
    let output = invar.run(&["monitor", directory, "--keep", "none"]).expect(21).stdout;
    let line = "claim it if it is intended: varies_with = [\"random\"]";
    assert!(output.split_whitespace().collect::<Vec<_>>().join(" ").contains(line), "{output}");
}

#[test]
fn a_tool_that_writes_where_it_is_told_is_told_to_say_so() {
    let shown = shown(&["monitor", "@corpus/output-option", "--keep", "none"], 20);
    assert!(shown.contains("declare"), "{shown}");
    assert!(shown.contains("files.write = [\"$ARG:2\"]"), "{shown}");
}
