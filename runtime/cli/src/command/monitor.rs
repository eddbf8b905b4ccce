//! `invar monitor`: many runs, one report.

use invar_lab::{KeepTraces, Monitored, Plan};
use invar_monitor::{Declared, EngineId, SkillId, Subject, report_id, shell_word};

use crate::{
    args::{KeepArg, MonitorArgs, ReportFormat, VerdictArg},
    error::{Error, Outcome},
    exit, files,
    home::Home,
    out::Out,
    progress::Bar,
    report::{self, Material, now},
    skill,
    store::Store,
    world,
};

pub(super) fn monitor(args: &MonitorArgs, out: &mut Out) -> Outcome {
    let home = Home::find()?;
    if let Some(path) = &args.output.output {
        files::check_parent(path)?;
    }
    let files_of_skill = skill::read(&args.skill, args.world.envelope.as_deref())?;
    let input = match args.input.as_slice() {
        [] => files_of_skill.input(None)?,
        [one] => files_of_skill.input(Some(one))?,
        [..] => {
            return Err(Error::Usage(
                "several inputs are not built yet: monitor one --input at a time".into(),
            ));
        }
    };
    let mut start = world::start(&files_of_skill, &args.world, &[], &[])?;
    start.input = input.into();
    let (engine, skill) = super::load(&home, &files_of_skill.component, out)?;

    let envelope = files_of_skill.envelope.as_ref().map(|envelope| envelope.to_cbor());
    let envelope_sha256 = envelope.as_deref().map(invar_world::Digest::of);
    let mut parts: Vec<Vec<u8>> = vec![
        skill.digest.0.to_vec(),
        engine.digest().0.to_vec(),
        start.world.digest().0.to_vec(),
        start.files.digest().0.to_vec(),
        invar_world::Digest::of(&start.input).0.to_vec(),
        envelope.unwrap_or_default(),
    ];
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
    let bar = Bar::new(out, args.runs);
    let started_at = now();
    let Monitored { mut report, traces } =
        invar_lab::monitor(&engine, &skill, &start, declared, subject, plan, &bar)?;
    report.started_at = started_at;

    let exit = match args.output.fail_on.map(VerdictArg::verdict) {
        Some(least) if report.verdict < least => exit::DONE,
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
        let store = Store::new(&home);
        store
            .put_component(skill.digest, &files_of_skill.component)
            .and_then(|()| store.put_traces(&report.id, &traces))
            .map_err(|error| {
                Error::Input(format!(
                    "the report is whole, but its traces are not kept: {error}; set INVAR_HOME to a directory \
                     that can be written, or monitor with --keep none"
                ))
            })?;
    }
    Ok(exit)
}

/// The command that gives the same report.
fn again(args: &MonitorArgs, seed: u64) -> String {
    let mut words = vec!["invar".to_owned(), "monitor".into(), args.skill.clone()];
    let mut add = |option: &str, value: String| words.extend([option.to_owned(), value]);
    add("--runs", args.runs.to_string());
    args.input.iter().for_each(|input| add("--input", input.clone()));
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
