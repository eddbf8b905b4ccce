//! `invar world`: worlds made of recorded runs.

use std::path::{Path, PathBuf};

use invar_host::{Input, RecordedWorld, source::Contents};
use invar_monitor::shell_word;
use invar_trace::Trace;
use invar_world::Limits;
use serde_json::Value as Json;

use crate::{
    args::{WorldCommand, WorldFromArgs},
    error::{Error, Outcome},
    escape, exit, files,
    home::Home,
    out::Out,
};

/// Entries for unanswered requests that a world file is given. Stops a run with thousands of them from filling it.
const ENTRIES_MAX: usize = 64;

pub(super) fn dispatch(command: &WorldCommand, out: &mut Out) -> Outcome {
    match command {
        WorldCommand::From(args) => from(args, out),
    }
}

/// Where a world and what it imports are written.
struct Place<'a> {
    file: &'a Path,
    directory: PathBuf,
}

fn from(args: &WorldFromArgs, out: &mut Out) -> Outcome {
    let place = args.output.as_deref().map(place).transpose()?;
    let trace = Home::find()?.store().trace(&args.trace)?;
    let directory = place.as_ref().and_then(|place| place.directory.file_name()?.to_str());
    let world = RecordedWorld::of_trace(&trace, directory.unwrap_or("world.files"))?;
    let text = document(&args.trace, &trace, &world)?;
    match &place {
        Some(place) => write(place, &trace, &world, &text, out)?,
        None if !world.imports.is_empty() => {
            return Err(Error::Usage(format!(
                "the world needs {} beside it, which are long or no text: name a file with -o",
                invar_monitor::several(world.imports.len(), "files")
            )));
        }
        None => {
            out.result(&text);
            if world.input.is_some() {
                out.warning("the input of the run is in no world; with -o FILE, it is written beside it");
            }
        }
    }
    for note in &world.notes {
        out.warning(note);
    }
    Ok(exit::DONE)
}

/// Nothing that is there is overwritten: said before the trace is read.
fn place(file: &Path) -> Outcome<Place<'_>> {
    let stem = file.file_stem().and_then(|stem| stem.to_str());
    let stem = stem.ok_or_else(|| Error::Usage(format!("-o {}: not the name of a file", file.display())))?;
    let directory = file.with_file_name(format!("{stem}.files"));
    files::check_parent(file)?;
    for path in [file, &directory] {
        if files::exists(path) {
            let there =
                format!("{} is there already; move it away, or name another file with -o", path.display());
            return Err(Error::Input(there));
        }
    }
    Ok(Place { file, directory })
}

/// The world file, with what it is and what it lacks as comments.
fn document(name: &str, trace: &Trace, world: &RecordedWorld) -> Outcome<String> {
    let header = trace.header()?;
    let mut text = format!(
        "# Written by `invar world from {}`: the answers that a run of {} got.\n{}",
        escape::line(name),
        escape::line(&header.skill),
        world.text
    );
    if !world.unanswered.is_empty() {
        text.push_str("\n# The world of the run had no answer for this. Remove the marks, and write one:\n");
    }
    for unanswered in world.unanswered.iter().take(ENTRIES_MAX) {
        text.push_str(&unanswered.entry().map(|line| format!("# {line}\n")).concat());
    }
    Ok(text)
}

/// Writes everything, and says how to use it.
fn write(place: &Place<'_>, trace: &Trace, world: &RecordedWorld, text: &str, out: &mut Out) -> Outcome<()> {
    let mut contents = Contents::default();
    let mut add = |name: &str, bytes: &[u8]| drop(contents.files.insert(name.to_owned(), bytes.into()));
    for (name, bytes) in &world.imports {
        add(name, bytes);
    }
    let in_directory = |name: &str| shell_word(&place.directory.join(name).display().to_string());
    let mut command = format!("invar run SKILL --world {}", shell_word(&place.file.display().to_string()));
    match &world.input {
        None => {}
        Some(Input::Bytes(bytes)) => {
            add("input", bytes);
            command.push_str(&format!(" --input {}", in_directory("input")));
        }
        Some(Input::Calls(calls)) => match single(calls) {
            Some((name, args)) => {
                add("args.json", args.as_bytes());
                let name = shell_word(&name);
                command.push_str(&format!(" --call {name} --args @{}", in_directory("args.json")));
            }
            None => {
                add("calls.json", calls);
                command.push_str(&format!(" --input {}", in_directory("calls.json")));
            }
        },
    }
    let limits = trace.header()?.limits;
    if limits.fuel < Limits::LAB.fuel {
        command.push_str(&format!(" --fuel {}", limits.fuel));
    }
    let beside = contents.files.len();
    if beside > 0 {
        files::put_directory(&contents, &place.directory)?;
    }
    files::write(place.file, text.as_bytes())?;
    let beside = match beside {
        0 => String::new(),
        number => {
            format!(", with {} in {}", invar_monitor::several(number, "files"), place.directory.display())
        }
    };
    let mut said =
        format!("{} is written{beside}. To make the run again:\n  {command}\n", place.file.display());
    if !world.unanswered.is_empty() {
        let number = invar_monitor::several(world.unanswered.len(), "requests");
        said.push_str(&format!(
            "{number} had no answer; the entries to fill in are at the end of the file.\n"
        ));
    }
    out.styled(&said);
    Ok(())
}

/// The function and the arguments of a plan of one call.
fn single(calls: &[u8]) -> Option<(String, String)> {
    let calls: Json = serde_json::from_slice(calls).ok()?;
    match calls.as_array()?.as_slice() {
        [call] => Some((call.get("call")?.as_str()?.to_owned(), call.get("args")?.to_string())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::single;

    #[test]
    fn one_call_is_written_as_options_and_several_are_not() {
        let one = br#"[{"args":{"path":"/a"},"call":"files.read"}]"#;
        assert_eq!(single(one), Some(("files.read".into(), r#"{"path":"/a"}"#.into())));
        assert_eq!(single(b"[]"), None);
        assert_eq!(single(b"not JSON"), None);
        assert_eq!(single(br#"[{"args":{},"call":"a"},{"args":{},"call":"b"}]"#), None);
    }
}
