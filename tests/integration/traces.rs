//! Traces held against each other, and read by those who have not made them.

use crate::helpers::Invar;

fn recorded(invar: &Invar, name: &str, words: &[&str]) -> String {
    let trace = invar.path(name).display().to_string();
    invar.run(&[&["run", "@hello", "--world", "lab", "--record", &trace], words].concat());
    trace
}

#[test]
fn runs_with_other_input_are_never_the_same_and_the_input_is_named() {
    let invar = Invar::new();
    let (ada, bob) = (invar.write("ada", "Ada\n"), invar.write("bob", "Bob\n"));
    let one = recorded(&invar, "one.trace", &["--input", &ada]);
    let again = recorded(&invar, "again.trace", &["--input", &ada]);
    let two = recorded(&invar, "two.trace", &["--input", &bob]);
    let diff = |one: &str, two: &str| invar.run(&["diff", one, two, "--format", "json"]).expect(0).json();
    let same = diff(&one, &again);
    assert_eq!(
        (&same["same"], &same["output_same"], &same["given"]),
        (&true.into(), &true.into(), &serde_json::json!([]))
    );
    let other = diff(&one, &two);
    assert_eq!((&other["same"], &other["output_same"]), (&false.into(), &false.into()));
    assert_eq!(other["given"][0]["what"], "input");
    let stdout = invar.run(&["diff", &one, &two]).expect(0).stdout;
    assert!(stdout.contains("different input\n  left  sha256:") && stdout.contains("(4 bytes)"), "{stdout}");
}

#[test]
fn a_check_is_one_line_in_every_form() {
    let invar = Invar::new();
    let input = invar.write("input", "Ada\n");
    let trace = recorded(&invar, "one.trace", &["--input", &input]);
    for form in ["human", "json"] {
        let stdout = invar.run(&["replay", &trace, "--check", "--format", form]).expect(0).stdout;
        assert_eq!(stdout.lines().count(), 1, "{stdout}");
    }
}

#[test]
fn the_calls_of_a_run_are_written_as_they_are_read_and_are_one_list() {
    let invar = Invar::new();
    let input = invar.write("input", "Ada\n");
    let trace = recorded(&invar, "one.trace", &["--input", &input]);
    let all = invar.run(&["trace", &trace, "--format", "json"]).expect(0);
    let events = all.json();
    let events = events.as_array().unwrap();
    assert_eq!(events.last().unwrap()["function"], "end");
    assert_eq!(all.stdout, format!("{:#}\n", serde_json::Value::Array(events.clone())));
    let lines = invar.run(&["trace", &trace]).expect(0).stdout;
    assert_eq!(lines.lines().count(), events.len() + 2);
    let none = invar.run(&["trace", &trace, "--only", "network", "--format", "json"]).expect(0).stdout;
    assert_eq!(none, "[]\n");
}
