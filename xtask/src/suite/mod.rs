//! The modules of WebAssembly/wasi-testsuite for preview 1, run in the lab and judged as the suite's own runner does.
//!
//! The suite is not part of the project: a checkout or a build of it is named by whoever runs the task.

mod case;
mod find;
mod run;

use std::path::Path;

use self::{case::Case, find::Suite, run::Lab};
use crate::{project::TaskResult, real::tools};

/// What came of a module: nothing if it passed, else what is not as it should be.
struct ModuleResult {
    name: String,
    failures: Vec<String>,
}

/// How many modules pass.
#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    passed: usize,
    all: usize,
}

impl Count {
    fn of(results: &[ModuleResult]) -> Self {
        let passed = results.iter().filter(|result| result.failures.is_empty()).count();
        Self { passed, all: results.len() }
    }

    /// The verdict: an error unless there are modules, and all pass.
    fn verdict(&self) -> TaskResult {
        let text = format!("{} of {} pass", self.passed, self.all);
        if self.all > 0 && self.passed == self.all {
            eprintln!("{text}");
            return Ok(());
        }
        Err(text)
    }
}

/// Runs every module beneath a directory and prints what came of each.
///
/// # Errors
///
/// If there is no `invar` or no module, a file cannot be read, or a module does not pass.
pub(crate) fn run(directory: &Path) -> TaskResult {
    let suites = find::suites(directory)?;
    if suites.is_empty() {
        return Err(format!("{}: no directory in it has a manifest.json and modules", directory.display()));
    }
    let lab = Lab::new(tools::invar()?)?;
    let mut results = Vec::new();
    for Suite { name, modules, components } in suites {
        eprintln!("{name}");
        if components > 0 {
            eprintln!("  {components} components left out: they are not of preview 1");
        }
        for module in modules {
            let result = of(&lab, &module);
            eprintln!("{}", line(&result));
            results.push(result);
        }
    }
    Count::of(&results).verdict()
}

fn of(lab: &Lab, module: &Path) -> ModuleResult {
    let name = module.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let failures = Case::read(module).and_then(|case| Ok(case.failures(&lab.run(module, &case)?)));
    ModuleResult { name, failures: failures.unwrap_or_else(|reason| vec![reason]) }
}

fn line(result: &ModuleResult) -> String {
    match result.failures.is_empty() {
        true => format!("  pass  {}", result.name),
        false => format!("  FAIL  {}: {}", result.name, result.failures.join("; ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(failures: &[&str]) -> ModuleResult {
        let failures = failures.iter().map(|text| (*text).to_owned()).collect();
        ModuleResult { name: "a".into(), failures }
    }

    #[test]
    fn only_modules_without_a_failure_count_as_passed() {
        let count = Count::of(&[result(&[]), result(&["status 1, not 0", "output"]), result(&[])]);
        assert_eq!(count, Count { passed: 2, all: 3 });
        assert_eq!(count.verdict().unwrap_err(), "2 of 3 pass");
        assert_eq!(Count::of(&[result(&[])]).verdict(), Ok(()));
    }

    #[test]
    fn a_suite_without_modules_does_not_pass() {
        assert_eq!(Count::default().verdict().unwrap_err(), "0 of 0 pass");
    }

    #[test]
    fn a_line_names_everything_that_is_wrong() {
        assert_eq!(line(&result(&[])), "  pass  a");
        assert_eq!(line(&result(&["status 1, not 0", "output"])), "  FAIL  a: status 1, not 0; output");
    }
}
