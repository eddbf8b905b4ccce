//! `invar replay`: repeats a recorded run exactly, or with values substituted.

use std::{path::Path, sync::Arc};

use invar_engine::{NotInTrace, ReplayError, RunError, Skill, start_of};
use invar_host::{Completed, Host, RunSpec};
use invar_trace::{Divergence, Trace};
use invar_world::Substitution;
use serde_json::json;

use super::diff::{divergence_json, divergence_text};
use crate::{
    args::{Format, ReplayArgs},
    error::{Error, Outcome},
    exit, files,
    home::Home,
    out::Out,
    show::header_line,
    skill,
};

pub(super) fn replay(args: &ReplayArgs, out: &mut Out) -> Outcome {
    let home = Home::find()?;
    let store = home.store();
    let trace = Arc::new(store.trace(&args.trace)?);
    let component = match &args.skill {
        Some(name) => skill::read(name, None)?.component,
        None => store.component(trace.header()?.component)?,
    };
    let host = super::host(&home)?;
    let skill = super::compile(&host, &component, out)?.entered(trace.header()?.entry);
    let substitutions = args
        .set
        .iter()
        .map(|text| {
            let read = |path: &str| files::read(Path::new(path)).map_err(|error| error.to_string());
            Ok(Substitution::parse(text, read)?)
        })
        .collect::<Outcome<Vec<_>>>()?;
    match substitutions.is_empty() {
        true => exactly(args, (&host, &skill), &trace, out),
        false => changed(args, (&host, &skill), &trace, substitutions, out),
    }
}

/// Replays the run exactly, or shows where it differs.
fn exactly(args: &ReplayArgs, (host, skill): (&Host, &Skill), trace: &Arc<Trace>, out: &mut Out) -> Outcome {
    let replayed = match host.replay(skill, trace, args.recorded) {
        Err(invar_host::Error::Replay(ReplayError::Run(RunError::NotInTrace(call)))) => {
            return not_in_trace(args, &call, out);
        }
        replayed => replayed?,
    };
    keep(args, &replayed.trace)?;
    let end = &replayed.outcome.end;
    match args.format {
        Format::Json => {
            let divergence = divergence_json(trace, &replayed.trace)?;
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
            // What recorded answers leave in files is the trace's word.
            let what = match replayed.outcome.files {
                Some(_) => "output, files and chain head",
                None => "output and chain head",
            };
            out.result(&format!(
                "exact: {} events, {} fuel, {what} {} as recorded\n",
                end.events,
                end.fuel,
                replayed.outcome.head.short(12)
            ));
        }
        Format::Human if args.check => {
            let divergence = Divergence::of(trace, &replayed.trace)?;
            let first =
                divergence.step.map_or(String::new(), |step| format!(" from event {} on", step.number));
            out.result(&format!("DIVERGED: the replay differs from the recorded run{first}\n"));
        }
        Format::Human => {
            out.result("DIVERGED: the replay differs from the recorded run\n");
            out.styled(&divergence_text(trace, &replayed.trace)?);
        }
    }
    Ok(if replayed.exact { exit::DONE } else { exit::DIVERGED })
}

/// The skill made a call that the trace does not hold: there is nothing more to run.
fn not_in_trace(args: &ReplayArgs, call: &NotInTrace, out: &mut Out) -> Outcome {
    match args.format {
        Format::Json => {
            out.result(&format!("{}\n", json!({ "exact": false, "not-in-trace": call.to_string() })));
        }
        Format::Human => out.result(&format!("DIVERGED: not in trace: {call}\n")),
    }
    Ok(exit::DIVERGED)
}

/// Runs on from a changed value.
fn changed(
    args: &ReplayArgs,
    (host, skill): (&Host, &Skill),
    trace: &Arc<Trace>,
    substitutions: Vec<Substitution>,
    out: &mut Out,
) -> Outcome {
    let mut start = start_of(trace)?;
    // Without the change, the replay must be exact.
    if !host.replay(skill, trace, false)?.exact {
        out.result("DIVERGED: the replay differs from the recorded run, even with nothing changed\n");
        return Ok(exit::DIVERGED);
    }
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
    let Completed { trace: other, .. } = host.run(skill, RunSpec::new(start).changed()).wait()?.into_inner();
    keep(args, &other)?;
    match args.format {
        Format::Json => out.result(&format!("{:#}\n", divergence_json(trace, &other)?)),
        Format::Human => {
            out.styled(&format!("{}\n", header_line(trace.header()?)));
            out.styled(&format!(
                "left: the recorded run; right: the same run with {}\n\n",
                args.set.join(", ").escape_debug()
            ));
            out.styled(&divergence_text(trace, &other)?);
        }
    }
    Ok(exit::DONE)
}

fn keep(args: &ReplayArgs, trace: &Trace) -> Outcome<()> {
    let Some(path) = &args.record else { return Ok(()) };
    let mut bytes = Vec::new();
    trace.write(&mut bytes).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(files::write(path, &bytes)?)
}
