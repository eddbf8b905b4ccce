//! `invar replay`: a recorded run again, as it was or from a changed value on.

use std::path::Path;

use invar_engine::{Engine, Skill, start_of};
use invar_ledger::body::RunMode;
use invar_trace::{Divergence, Keep, Memory, Trace};
use invar_world::Substitution;
use serde_json::json;

use super::diff::{parting_json, parting_text};
use crate::{
    args::{Format, ReplayArgs},
    error::{Error, Outcome},
    exit, files,
    home::Home,
    out::Out,
    show::header_line,
    skill,
    store::Store,
};

pub(super) fn replay(args: &ReplayArgs, out: &mut Out) -> Outcome {
    let home = Home::find()?;
    let store = Store::new(&home);
    let trace = store.trace(&args.trace)?;
    let component = match &args.skill {
        Some(name) => skill::read(name, None)?.component,
        None => store.component(trace.header()?.component)?,
    };
    let (engine, skill) = super::load(&home, &component, out)?;
    let substitutions = args
        .set
        .iter()
        .map(|text| {
            let read = |path: &str| files::read(Path::new(path)).map_err(|error| error.to_string());
            Ok(Substitution::parse(text, read)?)
        })
        .collect::<Outcome<Vec<_>>>()?;
    match substitutions.is_empty() {
        true => exactly(args, &home, (&engine, &skill), &trace, out),
        false => changed(args, &home, (&engine, &skill), &trace, substitutions, out),
    }
}

/// As it was: the same to the bit, or said where not.
fn exactly(
    args: &ReplayArgs,
    home: &Home,
    (engine, skill): (&Engine, &Skill),
    trace: &Trace,
    out: &mut Out,
) -> Outcome {
    let replayed = engine.replay(skill, trace)?;
    super::put_on_record(home, engine, &replayed.trace, (RunMode::Replay, None))?;
    keep(args, &replayed.trace)?;
    let end = &replayed.outcome.end;
    match args.format {
        Format::Json => {
            let divergence = parting_json(trace, &replayed.trace)?;
            let head = replayed.outcome.head.to_string();
            let answer = json!({ "exact": replayed.exact, "fuel": end.fuel, "events": end.events, "head": head, "divergence": divergence });
            match args.check {
                true => out.result(&format!("{answer}\n")),
                false => out.result(&format!("{answer:#}\n")),
            }
        }
        Format::Human if replayed.exact => {
            if !args.check {
                out.styled(&format!("{}\n", header_line(trace.header()?)));
            }
            out.result(&format!(
                "exact: {} events, {} fuel, output, files and chain head {} as recorded\n",
                end.events,
                end.fuel,
                replayed.outcome.head.short(12)
            ));
        }
        Format::Human if args.check => {
            let divergence = Divergence::of(trace, &replayed.trace)?;
            let first =
                divergence.step.map_or(String::new(), |step| format!(", from event {} on", step.number));
            out.result(&format!("DIVERGED: the replay is not the recorded run{first}\n"));
        }
        Format::Human => {
            out.result("DIVERGED: the replay is not the recorded run\n");
            out.styled(&parting_text(trace, &replayed.trace)?);
        }
    }
    Ok(if replayed.exact { exit::DONE } else { exit::DIVERGED })
}

/// From a changed value on.
fn changed(
    args: &ReplayArgs,
    home: &Home,
    (engine, skill): (&Engine, &Skill),
    trace: &Trace,
    substitutions: Vec<Substitution>,
    out: &mut Out,
) -> Outcome {
    // What is changed must be the recorded run to begin with.
    if !engine.replay(skill, trace)?.exact {
        out.result("DIVERGED: the replay is not the recorded run, even with nothing changed\n");
        return Ok(exit::DIVERGED);
    }
    let mut start = start_of(trace)?;
    let events = trace.end()?.events;
    for substitution in substitutions {
        if let Some(from) = substitution.from.filter(|from| *from >= events) {
            return Err(Error::Usage(format!(
                "--set {}: the run has events 0 to {}, not {from}",
                substitution.text,
                events - 1
            )));
        }
        start.substitute(substitution)?;
    }
    let memory = Memory::new(Keep::All);
    engine.run(skill, &start, Box::new(memory.clone()))?;
    let other = memory.take();
    super::put_on_record(home, engine, &other, (RunMode::Replay, None))?;
    keep(args, &other)?;
    match args.format {
        Format::Json => out.result(&format!("{:#}\n", parting_json(trace, &other)?)),
        Format::Human => {
            out.styled(&format!("{}\n", header_line(trace.header()?)));
            out.styled(&format!(
                "left is that run as recorded, right with {}\n\n",
                args.set.join(", ").escape_debug()
            ));
            out.styled(&parting_text(trace, &other)?);
        }
    }
    Ok(exit::DONE)
}

fn keep(args: &ReplayArgs, trace: &Trace) -> Outcome<()> {
    let Some(path) = &args.record else { return Ok(()) };
    let mut bytes = Vec::new();
    trace.write(&mut bytes).map_err(|error| Error::Internal(error.to_string()))?;
    files::write(path, &bytes)
}
