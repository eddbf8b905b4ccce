//! `invar monitor`: many runs, one report.

use invar_lab::{Given, KeepTraces, Monitored, Plan};
use std::sync::Arc;

use invar_monitor::{Declared, EngineId, Judged, SkillId, Stored, Subject, Verdict, report_id, shell_word};

use crate::{
    args::{KeepArg, MonitorArgs, ReportFormat, VerdictArg},
    error::{Error, Outcome},
    exit, files,
    home::Home,
    out::Out,
    progress::Bar,
    report::{self, Material, now},
    skill::{self, SkillFiles},
    store::Store,
    world,
};

pub(super) fn monitor(args: &MonitorArgs, out: &mut Out) -> Outcome {
    let home = Home::find()?;
    if let Some(path) = &args.output.output {
        files::check_parent(path)?;
    }
    let files_of_skill = skill::read(&args.skill, args.world.envelope.as_deref())?;
    let inputs = inputs(args, &files_of_skill)?;
    let mut start = world::start(&files_of_skill, &args.world, &[], &[])?;
    let (engine, skill) = super::load(&home, &files_of_skill.component, out)?;

    let envelope = files_of_skill.envelope.as_ref().map(|envelope| envelope.to_cbor());
    let envelope_sha256 = envelope.as_deref().map(invar_world::Digest::of);
    let mut parts: Vec<Vec<u8>> = vec![
        skill.digest.0.to_vec(),
        engine.digest().0.to_vec(),
        start.world.digest().0.to_vec(),
        start.files.digest().0.to_vec(),
        envelope.unwrap_or_default(),
    ];
    parts.extend(inputs.iter().map(|input| invar_world::Digest::of(&input.bytes).0.to_vec()));
    parts.push(format!("{:?} {:?} {}", files_of_skill.claims, args.budget, args.runs).into_bytes());
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    let subject = Subject {
        id: report_id(&parts),
        skill: SkillId {
            name: files_of_skill.name.clone(),
            version: files_of_skill.version.clone(),
            publisher: files_of_skill.publisher.clone(),
            component_sha256: skill.digest.to_string(),
            envelope_sha256: envelope_sha256.map(|digest| digest.to_string()).unwrap_or_default(),
        },
        engine: EngineId {
            version: env!("CARGO_PKG_VERSION").into(),
            config_sha256: engine.digest().to_string(),
        },
        seed: start.world.seed,
    };
    let declared =
        Declared { envelope: files_of_skill.envelope.clone(), claims: files_of_skill.claims.clone() };
    let keep = match args.keep {
        KeepArg::None => KeepTraces::None,
        KeepArg::Findings => KeepTraces::Findings,
        KeepArg::All => KeepTraces::All,
    };
    let plan = Plan { followups_max: args.budget, keep, ..Plan::of(args.runs) };
    let started_at = now();
    let store = Store::new(&home);
    let mut measured: Option<Stored> = None;
    let mut judged: Vec<Judged> = Vec::new();
    let mut worst: Option<Monitored> = None;
    for (index, input) in inputs.iter().enumerate() {
        start.input = input.bytes.clone();
        // The others tell how cost grows, once.
        let others =
            if index == 0 { inputs[1..].iter().map(|own| own.bytes.clone()).collect() } else { Vec::new() };
        let input_digest = invar_world::Digest::of(&input.bytes);
        let given = given(&[parts[1], parts[2], parts[3], &input_digest.0, parts[4]]);
        let stored = if args.fresh { None } else { store.baseline(skill.digest, given) };
        let bar = Bar::new(out, args.runs);
        let (declared, subject) = (declared.clone(), subject.clone());
        let monitored = invar_lab::monitor(
            &engine,
            &skill,
            Given { start: &start, others: &others, stored: stored.as_ref() },
            declared,
            subject,
            plan,
            &bar,
        )?;
        // The first input is the skill's own: its baseline is the one to keep.
        if index == 0 && stored.is_none() && keep != KeepTraces::None {
            measured = Stored::of(&monitored.report, given);
        }
        judged.push(Judged { input: input.name.clone(), verdict: monitored.report.verdict });
        if worst.as_ref().is_none_or(|worst| worst.report.verdict < monitored.report.verdict) {
            worst = Some(monitored);
        }
    }
    let Some(Monitored { mut report, traces }) = worst else {
        return Err(Error::Usage("--inputs names a directory without files".into()));
    };
    report.started_at = started_at;
    report.told_inputs(judged);

    let exit = match args.output.fail_on.map(VerdictArg::verdict) {
        // Not to know is no pass.
        Some(least) if report.verdict < least && report.verdict != Verdict::Inconclusive => exit::DONE,
        _ => report.verdict.exit_code(),
    };
    let material = Material {
        report: &report,
        world: &start.world,
        again: &again(args, report.seed),
        pages: &files_of_skill.pages,
        exit,
    };
    let text = report::write(args.output.format, &material)?;
    let plain = match args.output.format {
        ReportFormat::Human => report::plain(&text),
        _ => text.clone(),
    };
    match (&args.output.output, args.output.format) {
        (Some(path), _) => {
            if let Err(error) = files::write(path, plain.as_bytes()) {
                out.result(&plain);
                return Err(error);
            }
        }
        (None, ReportFormat::Human) => out.styled(&text),
        (None, _) => out.result(&text),
    }
    // The report is out by now: it does not go with traces that cannot be kept.
    if keep != KeepTraces::None {
        store
            .put_component(skill.digest, &files_of_skill.component)
            .and_then(|()| store.put_traces(&report.id, &traces))
            .and_then(|()| measured.iter().try_for_each(|own| store.put_baseline(skill.digest, own)))
            .map_err(|error| {
                Error::Input(format!(
                    "the report is whole, but its traces are not kept: {error}; set INVAR_HOME to a directory \
                     that can be written, or monitor with --keep none"
                ))
            })?;
    }
    Ok(exit)
}

/// What a baseline depends on beside the component.
fn given(parts: &[&[u8]]) -> invar_world::Digest {
    invar_world::Digest::of_parts("invar/given", parts)
}

/// One input, and what to call it.
struct Input {
    name: String,
    bytes: Arc<[u8]>,
}

/// What the user names, else what the skill brings; one at least, unless a directory is empty.
fn inputs(args: &MonitorArgs, skill: &SkillFiles) -> Outcome<Vec<Input>> {
    let mut paths: Vec<String> = args.input.clone();
    if let Some(directory) = &args.inputs {
        let names = files::files_in(directory)?;
        paths.extend(names.into_iter().map(|path| path.display().to_string()));
    } else if paths.is_empty() {
        return Ok(vec![Input { name: "its own".into(), bytes: skill.input(None)?.into() }]);
    }
    paths.into_iter().map(|path| Ok(Input { bytes: skill.input(Some(&path))?.into(), name: path })).collect()
}

/// The command that gives the same report.
fn again(args: &MonitorArgs, seed: u64) -> String {
    let mut words = vec!["invar".to_owned(), "monitor".into(), args.skill.clone()];
    let mut add = |option: &str, value: String| words.extend([option.to_owned(), value]);
    add("--runs", args.runs.to_string());
    args.input.iter().for_each(|input| add("--input", input.clone()));
    args.inputs.iter().for_each(|path| add("--inputs", path.display().to_string()));
    args.world.world.iter().for_each(|world| add("--world", world.clone()));
    args.world.variables.iter().for_each(|variable| add("--env", variable.clone()));
    args.world.at.iter().for_each(|time| add("--at", time.clone()));
    args.world.envelope.iter().for_each(|path| add("--envelope", path.display().to_string()));
    if args.budget != Plan::FOLLOWUPS {
        add("--budget", args.budget.to_string());
    }
    add("--seed", seed.to_string());
    words.iter().map(|word| shell_word(word)).collect::<Vec<_>>().join(" ")
}
