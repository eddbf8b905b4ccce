//! The page of compatibility.

use std::fmt::Write as _;

use super::{
    compare::{LineResult, ProgramResult},
    program::{Line, Program},
    run::Cost,
};

/// Where it is.
pub(super) const PAGE: &str = "docs/compatibility.md";
/// Longest argument that the page shows whole, in characters.
const SHOWN_CHARACTERS_MAX: usize = 60;

/// The reason for a difference that the table gives none for.
const UNKNOWN: &str = "not known yet";

/// What another task measures: `cargo xtask wasi-testsuite`.
const SUITE: &str = "\
## The suite of preview 1

All 72 modules of [WebAssembly/wasi-testsuite](https://github.com/WebAssembly/wasi-testsuite) for preview 1, in Rust, C and
AssemblyScript, pass in the lab, and each trace replays bit for bit: in the mode that the suite runs in, and with
`ERRNO_MODE_UNIX` set, which asks for the error numbers of Unix. Measured on 2026-11-30 on modules that were built anew from copies
of its sources, some of them in earlier versions, with Rust 1.95, clang 19 and AssemblyScript 0.22; not on a checkout of its own
modules. The suite is not part of the project, and CI does not fetch it: clone its branch
`prod/testsuite-base`, and name the directory. A module gets the directories, arguments and variables that its JSON file names,
and no others; what the suite calls `d` is `/d` in the lab, also where it is an argument.

```sh
cargo xtask wasi-testsuite --dir wasi-testsuite
```
";

/// All of it, as Markdown; `measured` says with what, and when.
pub(super) fn page(results: &[ProgramResult<'_>], measured: &str) -> String {
    [summary(results, measured), SUITE.to_owned(), programs(results), differing(results), lines(results)]
        .join("\n")
}

fn summary(results: &[ProgramResult<'_>], measured: &str) -> String {
    let equal = results.iter().filter(|result| result.is_equal()).count();
    let lines: Vec<&LineResult<'_>> = results.iter().flat_map(|result| &result.lines).collect();
    let lines_equal = lines.iter().filter(|line| line.differences.is_empty()).count();
    format!(
        "# Compatibility\n\n\
         Written by `cargo xtask real`, which fetches programs of others by name and version, builds or unpacks them, runs\n\
         each with command lines that were fixed before, and compares the run with one in wasmtime.\n\n\
         | | |\n|---|---|\n\
         | programs that do the same in both | {equal} of {} |\n\
         | command lines that do the same in both | {lines_equal} of {} |\n\
         | measured | {measured} |\n\n\
         The same are output, error output, exit status and every file that the program leaves behind. The trace of each run\n\
         in the lab replays bit for bit (`invar replay TRACE --check`), or the line counts as different.\n\n\
         ```sh\n\
         cargo xtask real                      # all, and write this page\n\
         cargo xtask real --only jq            # one program\n\
         cargo xtask real --check              # all, and fail if one differs for no known reason\n\
         cargo xtask real --summary            # what this page says, if it agrees with the table of programs\n\
         ```\n\n\
         It needs the Internet, curl, Python 3, tar, unzip, and clang 19, lld, wasi-libc and its runtime library\n\
         (`clang-19 lld-19 wasi-libc libclang-rt-19-dev-wasm32` of Debian). Programs, versions, digests, build scripts and command\n\
         lines are in `xtask/real/programs.toml`, and what wasi-libc lacks is in `xtask/real/shims`. There, `longjmp` ends the\n\
         program: wasi-libc of Debian 12 cannot jump.\n",
        results.len(),
        lines.len(),
    )
}

fn programs(results: &[ProgramResult<'_>]) -> String {
    let mut text = "## Programs\n\n\
        Time is that of all command lines of a program, memory the largest peak of one; both the lesser of two runs, after one that\n\
        compiles. Ours is the whole process of `invar run`: it decides and records each call, signs the run and writes the trace.\n\
        It is the build of `cargo build`, optimised and with its assertions; of a short run, most is the start of the process.\n\
        wasmtime's is from loading the compiled code to the end of the run, and the memory that this adds to the Python\n\
        that hosts it.\n\n\
        | program | version | from | kind | size | lines | equal | time | wasmtime's | memory | wasmtime's |\n\
        |---|---|---|---|---|---|---|---|---|---|---|\n"
        .to_owned();
    for result in results {
        let Program { name, version, from, .. } = result.program;
        let (lab, wasmtime) = (result.cost(|line| &line.lab), result.cost(|line| &line.wasmtime));
        let _ = writeln!(
            text,
            "| {name} | {version} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            from.as_str(),
            result.kind.unwrap_or_default(),
            result.bytes.map(|bytes| format!("{} KB", bytes.div_ceil(1000))).unwrap_or_default(),
            result.program.line.len(),
            if result.is_equal() { "yes" } else { "**no**" },
            time(lab.as_ref()),
            time(wasmtime.as_ref()),
            memory(lab.as_ref()),
            memory(wasmtime.as_ref()),
        );
    }
    text
}

fn time(cost: Option<&Cost>) -> String {
    cost.map(|cost| format!("{:.0} ms", cost.seconds * 1000.0)).unwrap_or_default()
}

fn memory(cost: Option<&Cost>) -> String {
    cost.map(|cost| format!("{:.0} MB", f64::from(u32::try_from(cost.peak_kib).unwrap_or(u32::MAX)) / 976.6))
        .unwrap_or_default()
}

fn differing(results: &[ProgramResult<'_>]) -> String {
    let mut text = "## What differs\n\n".to_owned();
    let differing: Vec<_> = results.iter().filter(|result| !result.is_equal()).collect();
    if differing.is_empty() {
        return text + "Nothing.\n";
    }
    text.push_str("| program | what | reason |\n|---|---|---|\n");
    for result in differing {
        let what = cell(&result.differences().join("; "));
        let reason = result.program.known.as_deref().unwrap_or(UNKNOWN);
        let _ = writeln!(text, "| {} | {what} | {reason} |", result.program.name);
    }
    text
}

fn lines(results: &[ProgramResult<'_>]) -> String {
    let mut text = "## Command lines\n\n\
        `/w` is a directory with the files that a line needs. `<` stands for standard input.\n\n\
        | command line | status | time | wasmtime's |\n|---|---|---|---|\n"
        .to_owned();
    for result in results {
        for line in &result.lines {
            let status = match (&line.lab, line.differences.is_empty()) {
                (Some(cost), true) => cost.status.to_string(),
                _ => "differs".into(),
            };
            let _ = writeln!(
                text,
                "| {} | {status} | {} | {} |",
                command(result.program, line.line),
                time(line.lab.as_ref()),
                time(line.wasmtime.as_ref()),
            );
        }
    }
    text
}

/// A command line as it would be typed, shortened.
pub(super) fn command(program: &Program, line: &Line) -> String {
    let mut text = program.name.clone();
    for argument in &line.args {
        let plain = !argument.is_empty()
            && argument.chars().all(|each| each.is_alphanumeric() || "-_./:=,+@%".contains(each));
        text.push(' ');
        text.push_str(&if plain { short(argument) } else { format!("'{}'", short(argument)) });
    }
    if let Some(path) = &line.stdin_copy {
        let _ = write!(text, " < {path}");
    } else if !line.stdin.is_empty() {
        text.push_str(" < text");
    }
    format!("`{}`", text.replace('|', "\\|"))
}

/// A text in one line, cut.
fn short(text: &str) -> String {
    let line = text.replace(['\n', '`'], " ");
    match line.char_indices().nth(SHOWN_CHARACTERS_MAX) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Text of a program as a cell of a table.
fn cell(text: &str) -> String {
    let plain: String = text.chars().map(|each| if each.is_control() { ' ' } else { each }).collect();
    plain.replace('|', "\\|").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use crate::project;

    #[test]
    fn the_page_explains_what_differs() {
        let page = project::read(super::PAGE).unwrap();
        assert!(!page.contains(super::UNKNOWN), "run `cargo xtask real`");
    }
}
