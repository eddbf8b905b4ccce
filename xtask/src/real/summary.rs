//! The page in one line, once it is held to the table of programs.

use super::{
    page::PAGE,
    program::{Program, TABLE},
};
use crate::project::TaskResult;

/// The row of the page that says what was measured, and when.
const MEASURED: &str = "| measured | ";

/// What the page says of these programs.
///
/// # Errors
///
/// If it lacks one of them or one of their command lines, counts wrong, or does not say why a program differs.
pub(super) fn of(page: &str, programs: &[Program]) -> TaskResult<String> {
    let mut equal = 0;
    for program in programs {
        let row = format!("| {} | {} | {} | ", program.name, program.version, program.from.as_str());
        let cells = page.lines().find_map(|line| line.strip_prefix(&row));
        let cells: Vec<&str> = cells.ok_or_else(|| stale(&row))?.split(" | ").collect();
        let lines = program.line.len().to_string();
        if cells.get(2) != Some(&lines.as_str()) {
            return Err(stale(&format!("{row}: not {lines} command lines")));
        }
        match cells.get(3) {
            Some(&"yes") => equal += 1,
            _ if program.known.is_none() => {
                return Err(stale(&format!("{row}: it differs, and nothing says why")));
            }
            _ => {}
        }
    }
    let lines: usize = programs.iter().map(|program| program.line.len()).sum();
    let row = format!("| programs that do the same in both | {equal} of {} |", programs.len());
    if !page.lines().any(|line| line == row) {
        return Err(stale(&row));
    }
    let equal_lines = cell(page, "| command lines that do the same in both | ")?;
    if !equal_lines.ends_with(&format!(" of {lines}")) {
        return Err(stale(&format!("{lines} command lines")));
    }
    let measured = cell(page, MEASURED)?;
    Ok(format!(
        "{} programs, {lines} command lines; equal to wasmtime: {equal} programs, {equal_lines} command lines; \
         measured with {measured}",
        programs.len()
    ))
}

/// The second cell of the row that begins like this.
fn cell<'a>(page: &'a str, start: &str) -> TaskResult<&'a str> {
    let rest = page.lines().find_map(|line| line.strip_prefix(start));
    rest.and_then(|rest| rest.strip_suffix(" |")).ok_or_else(|| stale(start))
}

fn stale(what: &str) -> String {
    format!("{PAGE} does not agree with {TABLE}: {what}: run `cargo xtask real`")
}

#[cfg(test)]
mod tests {
    use super::{super::program, of};
    use crate::project;

    #[test]
    fn the_page_has_every_program_of_the_table_and_says_when_it_was_measured() {
        let (page, programs) = (project::read(super::PAGE).unwrap(), program::all().unwrap());
        let summary = of(&page, &programs).unwrap();
        assert!(summary.starts_with(&format!("{} programs, ", programs.len())), "{summary}");
        assert!(summary.contains("measured with invar "), "{summary}");
    }

    #[test]
    fn a_page_that_does_not_agree_with_the_table_has_no_summary() {
        let (page, mut programs) = (project::read(super::PAGE).unwrap(), program::all().unwrap());
        let differs = page.replacen("| yes |", "| **no** |", 1);
        assert!(of(&differs, &programs).is_err(), "one that differs");
        assert!(of(&page.replace("| measured | ", "| taken | "), &programs).is_err(), "no date");
        programs[0].line.pop();
        assert!(of(&page, &programs).is_err(), "a line too many");
        programs[0].version.push('0');
        assert!(of(&page, &programs).is_err(), "another version");
    }
}
