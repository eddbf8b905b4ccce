//! Making a log again from its lines: one that can be read and verified, and not written to, since no key comes with it.
//!
//! Nothing in a line is taken on trust. Its bytes must be the next event of the log, and the line must be the one that
//! [`super::jsonl`] writes for them, so that what people read in it is what it says. Signatures are left to
//! [`crate::verify`].

mod error;
mod lines;
mod parse;
mod writer;

use std::io::BufRead;

pub use self::{error::ImportError, writer::Imported};
use self::{error::Problem, lines::Lines, writer::Writer};
use crate::disk::Disk;

/// Makes a log of lines. Memory does not grow with it.
///
/// # Errors
/// The directory is not empty; a line does not belong to it; the disk.
pub fn read<D: Disk>(input: &mut impl BufRead, disk: &mut D) -> Result<Imported, ImportError> {
    let mut writer = Writer::new(disk)?;
    let imported = all(&mut Lines::new(input), &mut writer);
    if imported.is_err() {
        writer.remove_all();
    }
    imported
}

fn all<R: BufRead, D: Disk>(
    lines: &mut Lines<'_, R>,
    writer: &mut Writer<'_, D>,
) -> Result<Imported, ImportError> {
    loop {
        let number = lines.number() + 1;
        let bad = |why: String| ImportError::Line { line: number, why };
        let Some(line) = lines.read()? else {
            return Err(bad("the log goes on, and there are no more lines: they are cut off".into()));
        };
        let is_end = parse::take(line, number == 1, writer).map_err(|problem| match problem {
            Problem::Bad(why) => bad(why),
            Problem::Log(error) => error.into(),
        })?;
        if is_end {
            if lines.read()?.is_some() {
                return Err(ImportError::Line { line: number + 1, why: "it is behind the end".into() });
            }
            return Ok(writer.finish()?);
        }
    }
}

#[cfg(test)]
mod tests;
