//! `invar run`: one run, its output passed through.

use invar_engine::{Outcome as Ran, Start};
use invar_envelope::parse_duration;
use invar_ledger::body::RunMode;
use invar_monitor::shell_word;
use invar_trace::{Behaviour, Ending, Keep, Memory, Stream, Trace};

use crate::{
    args::RunArgs,
    error::{Error, Outcome},
    files,
    home::Home,
    ledger::Ledger,
    out::Out,
    skill,
    store::Store,
    world::{self, Mount},
};

pub(super) fn run(args: &RunArgs, out: &mut Out) -> Outcome {
    let (ran, trace) = prepare_and_run(args, out)?;
    // Everything is recorded: now it may be shown.
    out.raw(&ran.stdout);
    out.raw_error(&ran.stderr);
    if let Ending::Failed(Some(message)) = &ran.end.ending {
        out.raw_error(message.as_bytes());
        out.raw_error(b"\n");
    }
    warn_of_violations(&trace, out)?;
    match ran.end.ending.status() {
        Some(status) => Ok(status),
        None => Err(Error::Stopped(ran.end.ending.to_string())),
    }
}

fn prepare_and_run(args: &RunArgs, out: &mut Out) -> Outcome<(Ran, Trace)> {
    check_world(args)?;
    let (home, file, start) = prepare(args).map_err(Error::before_run)?;
    let (engine, skill) = super::load(&home, &file, out).map_err(Error::before_run)?;
    // Before anything runs that could not be recorded.
    drop(ledger::open(&home).map_err(Error::before_run)?);
    let record = |message: String| Error::Stopped(format!("{message}; the result was discarded"));
    let (ran, trace) = match &args.record {
        None => {
            let memory = Memory::new(Keep::Events);
            let ran = engine
                .run(&skill, &start, Box::new(memory.clone()))
                .map_err(|error| record(error.to_string()))?;
            (ran, memory.take())
        }
        Some(path) => {
            Store::new(&home).put_component(skill.digest, &file).map_err(Error::before_run)?;
            let stream = Stream::new(files::create(path).map_err(Error::before_run)?, |file| file.sync_all());
            let ran =
                engine.run(&skill, &start, Box::new(stream)).map_err(|error| record(error.to_string()))?;
            (ran, Trace::read(&files::read(path)?)?)
        }
    };
    super::put_on_record(&home, &engine, &trace, (RunMode::Lab, args.agent.as_deref()))
        .map_err(|error| record(error.to_string()))?;
    Ok((ran, trace))
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
fn prepare(args: &RunArgs) -> Outcome<(Home, Vec<u8>, Start)> {
    let skill = skill::read(&args.skill, args.world.envelope.as_deref())?;
    let mounts = args.directories.iter().map(|text| Mount::parse(text)).collect::<Outcome<Vec<_>>>()?;
    let mut start = world::start(&skill, &args.world, &mounts, &args.args)?;
    start.input = skill.input(args.input.as_deref())?.into();
    lower_limits(args, &mut start)?;
    Ok((Home::find()?, skill.component, start))
}

/// Time in the lab is fuel: a timeout is so much of it.
fn lower_limits(args: &RunArgs, start: &mut Start) -> Outcome<()> {
    if let Some(fuel) = args.fuel {
        start.fuel_limit = start.fuel_limit.min(fuel);
    }
    if let Some(timeout) = &args.timeout {
        let ns = parse_duration(timeout).map_err(|error| Error::Usage(format!("--timeout: {error}")))?;
        let fuel = u128::from(ns) * 1000 / u128::from(start.world.speed.0.max(1));
        start.fuel_limit = start.fuel_limit.min(u64::try_from(fuel).unwrap_or(u64::MAX));
    }
    Ok(())
}

/// Warns of each violation, with the call and the line that would allow it.
fn warn_of_violations(trace: &Trace, out: &mut Out) -> Outcome<()> {
    for (missing, violation) in &Behaviour::of(trace)?.violations {
        let what = if violation.denied { "denied" } else { "outside the envelope" };
        let times = if violation.times > 1 { format!(", {} times", violation.times) } else { String::new() };
        out.warning(&format!(
            "{what}: {} (event {}{times}); to allow it, declare {missing}",
            violation.function, violation.event
        ));
    }
    Ok(())
}
