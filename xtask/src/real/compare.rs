//! A program here beside itself in wasmtime.

use super::{
    build,
    program::{Line, Program},
    run::{Cost, Outcome, Prepared},
    tools::Tools,
};
use crate::project::TaskResult;

/// Version and layer of a core module, which stand after the magic number.
const MODULE: &[u8] = &[1, 0, 0, 0];

/// What came of a program.
pub(super) struct ProgramResult<'a> {
    pub(super) program: &'a Program,
    /// Size of what runs; none if it was not built.
    pub(super) bytes: Option<usize>,
    /// "module" or "component".
    pub(super) kind: Option<&'static str>,
    /// Why it was not built.
    pub(super) failure: Option<String>,
    pub(super) lines: Vec<LineResult<'a>>,
}

/// What came of a command line.
pub(super) struct LineResult<'a> {
    pub(super) line: &'a Line,
    pub(super) lab: Option<Cost>,
    pub(super) wasmtime: Option<Cost>,
    /// What is not the same, one entry each.
    pub(super) differences: Vec<String>,
}

impl<'a> ProgramResult<'a> {
    /// Builds and runs a program.
    pub(super) fn of(tools: &Tools, program: &'a Program) -> Self {
        let mut result = Self { program, bytes: None, kind: None, failure: None, lines: Vec::new() };
        match build::build(program) {
            Ok(binary) => {
                result.bytes = Some(binary.len());
                result.kind = Some(if binary.get(4..8) == Some(MODULE) { "module" } else { "component" });
            }
            Err(reason) => {
                result.failure = Some(reason);
                return result;
            }
        }
        for (number, line) in program.line.iter().enumerate() {
            result.lines.push(LineResult::of(tools, program, line, number));
        }
        result
    }

    pub(super) fn is_equal(&self) -> bool {
        self.failure.is_none() && self.lines.iter().all(|line| line.differences.is_empty())
    }

    /// Everything that is not as it should be.
    pub(super) fn differences(&self) -> Vec<String> {
        let lines = self.lines.iter().enumerate().flat_map(|(number, line)| {
            line.differences.iter().map(move |text| format!("line {}: {text}", number + 1))
        });
        self.failure.iter().map(|reason| format!("not built: {reason}")).chain(lines).collect()
    }

    /// The result in a line.
    pub(super) fn line(&self) -> String {
        let Program { name, version, .. } = self.program;
        match (self.is_equal(), self.cost(|line| &line.lab), self.cost(|line| &line.wasmtime)) {
            (true, Some(lab), Some(wasmtime)) => format!(
                "{name} {version}: {} lines equal; {:.3} s, {} KiB; wasmtime {:.3} s, {} KiB",
                self.lines.len(),
                lab.seconds,
                lab.peak_kib,
                wasmtime.seconds,
                wasmtime.peak_kib
            ),
            _ => format!("{name} {version}: {}", self.differences().join("\n    ")),
        }
    }

    /// The time of all lines, and the largest memory; none if one did not run.
    pub(super) fn cost(&self, of: impl for<'b> Fn(&'b LineResult<'a>) -> &'b Option<Cost>) -> Option<Cost> {
        let costs: Vec<&Cost> = self.lines.iter().filter_map(|line| of(line).as_ref()).collect();
        let first = costs.first().filter(|_| costs.len() == self.lines.len())?;
        Some(Cost {
            status: first.status.clone(),
            seconds: costs.iter().map(|cost| cost.seconds).sum(),
            peak_kib: costs.iter().map(|cost| cost.peak_kib).max().unwrap_or_default(),
        })
    }
}

impl<'a> LineResult<'a> {
    fn of(tools: &Tools, program: &'a Program, line: &'a Line, number: usize) -> Self {
        let mut result = Self { line, lab: None, wasmtime: None, differences: Vec::new() };
        if let Err(reason) = result.compare(tools, program, number) {
            result.differences.push(reason);
        }
        result
    }

    fn compare(&mut self, tools: &Tools, program: &Program, number: usize) -> TaskResult {
        let prepared = Prepared::new(program, self.line, number)?;
        let wasmtime = prepared.in_wasmtime(tools)?;
        let lab = prepared.in_lab(tools)?;
        self.differences = differences(&lab, &wasmtime);
        if let Some(reason) = prepared.replay(tools)? {
            self.differences.push(format!("replay: {reason}"));
        }
        (self.lab, self.wasmtime) = (Some(lab.cost), Some(wasmtime.cost));
        Ok(())
    }
}

/// What two runs did otherwise.
fn differences(lab: &Outcome, wasmtime: &Outcome) -> Vec<String> {
    let mut differences = Vec::new();
    if lab.cost.status != wasmtime.cost.status {
        let last = String::from_utf8_lossy(&lab.stderr);
        let last = last.lines().last().unwrap_or_default().to_owned();
        differences.push(format!("status {}, wasmtime {} ({last})", lab.cost.status, wasmtime.cost.status));
    }
    for (name, ours, theirs) in
        [("output", &lab.stdout, &wasmtime.stdout), ("error output", &lab.stderr, &wasmtime.stderr)]
    {
        if ours != theirs {
            differences.push(difference(name, ours, theirs));
        }
    }
    for (name, theirs) in &wasmtime.files {
        match lab.files.get(name) {
            None => differences.push(format!("file {name} is missing")),
            Some(ours) if ours != theirs => differences.push(difference(name, ours, theirs)),
            Some(_) => {}
        }
    }
    for name in lab.files.keys().filter(|name| !wasmtime.files.contains_key(*name)) {
        differences.push(format!("wasmtime leaves no file {name}"));
    }
    differences
}

/// Where two texts differ first.
fn difference(name: &str, ours: &[u8], theirs: &[u8]) -> String {
    let at = ours.iter().zip(theirs).take_while(|(one, other)| one == other).count();
    let (ours, theirs) = (ours.len(), theirs.len());
    format!("{name} differs from byte {at} on: {ours} bytes, wasmtime {theirs}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::real::written::Files;

    fn outcome(status: i32, stdout: &str, files: &[(&str, &str)]) -> Outcome {
        let cost = Cost { status: status.into(), seconds: 0.0, peak_kib: 0 };
        let files: Files =
            files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect();
        Outcome { cost, stdout: stdout.into(), stderr: Vec::new(), files }
    }

    #[test]
    fn what_differs_is_named_with_its_place() {
        let ours = outcome(1, "abc", &[("a", "1"), ("mine", "")]);
        let theirs = outcome(0, "abd!", &[("a", "2"), ("theirs", "")]);
        assert_eq!(
            differences(&ours, &theirs),
            [
                "status 1, wasmtime 0 ()",
                "output differs from byte 2 on: 3 bytes, wasmtime 4",
                "a differs from byte 0 on: 1 bytes, wasmtime 1",
                "file theirs is missing",
                "wasmtime leaves no file mine",
            ]
        );
        assert!(differences(&ours, &ours).is_empty());
    }
}
