//! `invar envelope`: compares envelopes, and learns the smallest one that the runs of a skill need.

use std::path::Path;

use invar_envelope::{Envelope, show_size};
use invar_host::{
    Learnt, LoadedSkill, MonitorSpec,
    monitor::{NamedInput, Plan, Reach},
    skill::{MANIFEST, read_envelope},
    world::WorldSpec,
};
use invar_monitor::{Verdict, bytes, count};
use serde_json::json;

use crate::{
    args::{EnvelopeCheckArgs, EnvelopeCommand, Format, LearnArgs},
    calls,
    error::Outcome,
    escape, exit, files,
    home::Home,
    out::Out,
    skill, world,
};

pub(super) fn dispatch(command: &EnvelopeCommand, out: &mut Out) -> Outcome {
    match command {
        EnvelopeCommand::Check(args) => check(args, out),
        EnvelopeCommand::Learn(args) => learn(args, out),
    }
}

fn check(args: &EnvelopeCheckArgs, out: &mut Out) -> Outcome {
    let (outer, inner) = (read(&args.outer)?, read(&args.covers)?);
    let lacks = outer.lacks(&inner);
    match args.format {
        Format::Json => {
            let lacks: Vec<_> =
                lacks.iter().map(|(key, entry)| json!({ "key": key, "entry": entry })).collect();
            let answer =
                json!({ "schema": "invar-envelope-check/1", "covers": lacks.is_empty(), "lacks": lacks });
            out.result(&format!("{answer:#}\n"));
        }
        Format::Human => {
            let (outer, inner) = (args.outer.display(), args.covers.display());
            match lacks.as_slice() {
                [] => out.styled(&format!("{outer} covers {inner}\n")),
                lacks => {
                    out.styled(&format!("{outer} does not cover {inner}; it lacks\n"));
                    for (key, entry) in lacks {
                        out.styled(&format!("  {key:<12} {}\n", entry.escape_debug()));
                    }
                }
            }
        }
    }
    Ok(if lacks.is_empty() { exit::DONE } else { exit::NOT_COVERED })
}

/// Reads an envelope: that of a skill's directory, or of a file.
fn read(path: &Path) -> Outcome<Envelope> {
    let path = match files::is_directory(path) {
        true => path.join(MANIFEST),
        false => path.to_owned(),
    };
    Ok(read_envelope(&path)?.0)
}

fn learn(args: &LearnArgs, out: &mut Out) -> Outcome {
    let home = Home::find()?;
    let files = skill::read(&args.skill, None)?;
    let asked = calls::asked(&args.world.invocation, args.input.is_some())?;
    let by_calls = asked.is_some();
    let input = NamedInput {
        name: args.input.clone().unwrap_or_else(|| "its own".into()),
        bytes: asked.map_or_else(|| skill::input(&files, args.input.as_deref()), Ok)?.into(),
    };
    let host = super::host(&home)?;
    let world = world::spec(&args.world)?;
    let loaded = super::load(&host, files, out)?;
    let skill = if by_calls { loaded.by_calls() } else { loaded };
    let learnt = learn_from_runs(&host, &skill, &world, input, args.runs)?;
    for line in lines(&learnt) {
        out.result(&format!("{line}\n"));
    }
    Ok(exit::DONE)
}

/// Learns from series without a search: what a search would reach, a usual run does not need.
pub(super) fn learn_from_runs(
    host: &invar_host::Host,
    skill: &LoadedSkill,
    world: &WorldSpec,
    input: NamedInput,
    runs: u32,
) -> Outcome<Learnt> {
    let plan = Plan { reach: Reach::None, ..Plan::of(runs) };
    let spec = MonitorSpec::with_inputs(skill.files(), world, plan, vec![input])?;
    Ok(host.learn(skill, &spec)?)
}

/// The `[envelope]` table, with where it comes from.
pub(super) fn lines(learnt: &Learnt) -> Vec<String> {
    let Learnt { entries, report, is_complete } = learnt;
    let mut lines = vec![
        "[envelope]".to_owned(),
        format!(
            "# Learnt from {} runs in the lab: all that they needed. Other inputs may need more.",
            report.runs
        ),
    ];
    lines.push("# Check each: what a skill does is not yet what it should be allowed to do.".to_owned());
    lines.extend(remark(learnt));
    if !is_complete {
        lines.push("# Not complete: each series of runs needed something else.".to_owned());
    }
    if entries.is_empty() {
        lines.push("# They needed nothing.".to_owned());
    }
    lines.extend(entries.lines());
    for missing in entries.unsayable() {
        lines.push(format!("# No entry allows this and nothing else: {missing}"));
    }
    let most = |of: fn(&invar_monitor::RunRow) -> u64| report.per_run.iter().map(of).max().unwrap_or(0);
    let (fuel, memory) = (most(|run| run.fuel), most(|run| run.memory_peak_bytes));
    if fuel > 0 {
        lines.push(format!(
            "# The runs used at most fuel {} and {} of memory. A limit above that:",
            count(fuel),
            bytes(memory)
        ));
        let fuel = FUEL_MARGIN.saturating_mul(fuel).max(FUEL_MIN);
        let memory = MEMORY_MARGIN.saturating_mul(memory).next_multiple_of(1 << 20);
        lines.push(format!("# limits = {{ fuel = {fuel}, memory = \"{}\" }}", show_size(memory)));
    }
    lines
}

/// Why little may have been learnt: runs that fail need less than those that work.
fn remark(learnt: &Learnt) -> Vec<String> {
    let report = &learnt.report;
    let is_failing =
        report.verdict == Verdict::Inconclusive || report.per_run.iter().all(|run| run.exit != Some(0));
    if !is_failing {
        return Vec::new();
    }
    let reason = escape::line(&report.reason);
    vec![
        format!("# Its runs failed: {reason}."),
        "# Runs that fail need less than runs that work: give it the input, files and arguments that it works on.".to_owned(),
    ]
}

/// Fuel of a suggested limit, beyond what was used.
const FUEL_MARGIN: u64 = 100;
/// Fuel of a suggested limit, at least.
const FUEL_MIN: u64 = 10_000_000;
/// Memory of a suggested limit, beyond what was used.
const MEMORY_MARGIN: u64 = 4;
