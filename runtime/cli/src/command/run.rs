//! `invar run`: one run, its output passed through.

use invar_engine::Start;
use invar_envelope::{Bindings, parse_duration};
use invar_host::{Completed, Recorded, RunSpec, TraceFile, skill::SkillFiles};
use invar_monitor::shell_word;
use invar_trace::{Behaviour, Ending, Entry, Trace, without_result};

use crate::{
    args::RunArgs,
    calls,
    error::{Error, Outcome},
    escape,
    home::Home,
    out::Out,
    skill, world,
};

pub(super) fn run(args: &RunArgs, out: &mut Out) -> Outcome {
    let (start, completed) = prepare_and_run(args, out)?;
    let Completed { outcome: ran, trace } = completed.into_inner();
    out.raw(&ran.stdout);
    out.raw_error(&ran.stderr);
    if let Ending::Failed(Some(message)) = &ran.end.ending {
        match trace.header()?.entry {
            // A line of ours, with names and texts of the skill in it.
            Entry::Tool => out.raw_error(escape::line(message).as_bytes()),
            Entry::Command | Entry::Invoke => out.raw_error(message.as_bytes()),
        }
        out.raw_error(b"\n");
    }
    let left = ran.end.calls.as_deref().and_then(without_result);
    if let (Some(left), Some(_)) = (&left, ran.end.ending.status()) {
        out.raw_error(escape::line(left).as_bytes());
        out.raw_error(b"\n");
    }
    warn_of_violations(&trace, &start.bindings(), out)?;
    match ran.end.ending.status() {
        Some(status) => Ok(status),
        None => Err(Error::Stopped(match left {
            Some(left) => format!("{}; {left}", ran.end.ending),
            None => ran.end.ending.to_string(),
        })),
    }
}

fn prepare_and_run(args: &RunArgs, out: &mut Out) -> Outcome<(Start, Recorded<Completed>)> {
    check_world(args)?;
    let (home, files, mut start) = prepare(args).map_err(Error::before_run)?;
    let host = super::host(&home).map_err(Error::before_run)?;
    let mut skill = super::compile(&host, &files.component, out).map_err(Error::before_run)?;
    let asked = calls::asked(&args.world.invocation, args.input.is_some()).map_err(Error::before_run)?;
    if asked.is_some() {
        skill = skill.entered(Entry::Tool);
    }
    let input = asked.unwrap_or_else(|| start.input.to_vec());
    let resolved = invar_host::calls::resolve(&skill, &files, input);
    let input = resolved.map_err(|error| Error::from(error).before_run())?;
    invar_host::world::give(&mut start, input.into());
    // Before anything runs that could not be recorded.
    let checked = host.check_ledger().map_err(|error| Error::from(error).before_run())?;
    let trace = match &args.record {
        None => None,
        Some(path) => {
            let kept = home.store().put_component(skill.digest, &files.component);
            let created = kept.and_then(|()| TraceFile::create(path));
            Some(created.map_err(|error| Error::from(error).before_run())?)
        }
    };
    let spec = RunSpec::new(start.clone()).agent(args.agent.clone()).trace(trace).calls_only();
    let completed = host.run(&skill, spec).checked(checked).wait();
    let completed =
        completed.map_err(|error| Error::Stopped(format!("{error}; the result was discarded")))?;
    Ok((start, completed))
}

/// A run is live unless `--world` names the lab or a file.
fn check_world(args: &RunArgs) -> Outcome<()> {
    let is_live = matches!(args.world.world.as_deref(), None | Some("live"));
    match is_live {
        true if args.world.at.is_some() || args.world.seed.is_some() => Err(Error::Usage(
            "--at and --seed need the lab (--world lab): a live run uses the clock and randomness of the host"
                .into(),
        )),
        true => Err(Error::Refused(format!(
            "live runs are not supported yet; to run it in the lab, where everything is virtual: invar run {} --world lab",
            shell_word(&args.skill)
        ))),
        false if !args.network.is_empty() => Err(Error::Usage(
            "--network applies to live runs only; in the lab, a world file scripts the network".into(),
        )),
        false => Ok(()),
    }
}

/// Everything that can fail before the run.
fn prepare(args: &RunArgs) -> Outcome<(Home, SkillFiles, Start)> {
    let skill = skill::read(&args.skill, args.world.envelope.as_deref())?;
    let mut start = invar_host::world::start(&skill, &world::spec(&args.world)?)?;
    start.input = skill::input(&skill, args.input.as_deref())?.into();
    lower_limits(args, &mut start)?;
    Ok((Home::find()?, skill, start))
}

/// Time in the lab is fuel: a timeout is so much of it.
fn lower_limits(args: &RunArgs, start: &mut Start) -> Outcome<()> {
    if let Some(fuel) = args.fuel {
        start.limits.fuel = start.limits.fuel.min(fuel);
    }
    if let Some(timeout) = &args.timeout {
        let ns = parse_duration(timeout).map_err(|error| Error::Usage(format!("--timeout: {error}")))?;
        let fuel = u128::from(ns) * 1000 / u128::from(start.world.speed.0.max(1));
        start.limits.fuel = start.limits.fuel.min(u64::try_from(fuel).unwrap_or(u64::MAX));
    }
    Ok(())
}

/// Warns of each violation, with the call and the line that would allow it.
fn warn_of_violations(trace: &Trace, bindings: &Bindings<'_>, out: &mut Out) -> Outcome<()> {
    for (missing, violation) in &Behaviour::of(trace)?.violations {
        let what = if violation.denied { "denied" } else { "outside the envelope" };
        let times = if violation.times > 1 { format!(", {} times", violation.times) } else { String::new() };
        let line = missing.in_variables(bindings);
        let advice = match missing.is_exact() {
            true => format!("to allow it, declare {line}"),
            false => format!("no entry allows this alone, since * stands for other names, too: {line}"),
        };
        out.warning(&format!("{what}: {} (event {}{times}); {advice}", violation.function, violation.event));
    }
    Ok(())
}
