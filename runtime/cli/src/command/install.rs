//! `invar install` and `invar list`: stored skills, with their baseline.
//!
//! Installing grants nothing: skills run in the lab. It monitors a skill and stores its files and baseline, so that the
//! name is enough, and later series are compared with the first.

use comfy_table::{ContentArrangement, Table, presets};
use invar_engine::Docs;
use invar_host::{monitor::Plan, skill::SkillFiles};
use invar_ledger::{Body, body};
use invar_monitor::{Verdict, join};
use invar_world::Digest;

use super::monitor::{Case, Reported};
use crate::{
    args::{InstallArgs, KeepArg, MonitorArgs, ReportArgs, ReportFormat, SearchArg, WorldArgs},
    error::{Error, Outcome},
    escape, exit, files,
    home::Home,
    ledger,
    out::Out,
    skill,
};

pub(super) fn install(args: &InstallArgs, out: &mut Out) -> Outcome {
    let home = Home::find()?;
    let files_of_skill = skill::read(&args.skill, None)?;
    if files_of_skill.directory.is_none() {
        return Err(Error::Usage(format!(
            "{} is not a directory with skill.toml; an installed skill needs a name and an envelope",
            args.skill
        )));
    }
    let target = home.skill(&files_of_skill.name);
    if let Ok(installed) = invar_host::skill::read_directory(&target) {
        if installed.publisher != files_of_skill.publisher {
            return Err(Error::Input(format!(
                "{} is already installed from publisher {}; remove {} to install it from publisher {}",
                files_of_skill.name,
                shown(&installed.publisher),
                target.display(),
                shown(&files_of_skill.publisher)
            )));
        }
        warn_of_descriptions(&installed, &files_of_skill, out);
    }
    let protocol = protocol(args);
    // The files of the lab are read here, and nothing is read again: the judged bytes are stored.
    let case = Case::read(&protocol, ("monitor", Plan::of(args.runs)), files_of_skill)?;
    if args.no_baseline {
        return put(args, &home, &case.files, None, out).map(|()| exit::DONE);
    }
    let Reported { verdict, exit, skill } = case.report(&protocol, out)?;
    if let Some(help) = refusal(args, verdict) {
        let name = &skill.files().name;
        out.warning(&format!("{name} is not installed: the verdict is {verdict}; {help}"));
        return Ok(exit);
    }
    put(args, &home, skill.files(), Some(verdict), out).map(|()| exit)
}

/// Warns if the publisher describes functions in other words than in the version that is installed: an agent that reads them
/// does what they say.
fn warn_of_descriptions(installed: &SkillFiles, new: &SkillFiles, out: &mut Out) {
    let (before, after) = (Docs::of(&installed.component), Docs::of(&new.component));
    let changed = Docs::changed(before.as_ref(), after.as_ref());
    if changed.is_empty() {
        return;
    }
    let mut names: Vec<String> =
        changed.iter().take(DESCRIPTIONS_MAX).map(|name| escape::line(name)).collect();
    let more = changed.len().saturating_sub(DESCRIPTIONS_MAX);
    if more > 0 {
        names.push(format!("{more} more"));
    }
    out.warning(&format!(
        "the publisher's description of {} is not that of the installed version; to read it: invar inspect",
        join(&names)
    ));
}

/// Functions that a warning names. Stops thousands of them from filling it.
const DESCRIPTIONS_MAX: usize = 8;

/// Installs the files that were read.
fn put(
    args: &InstallArgs,
    home: &Home,
    files_of_skill: &SkillFiles,
    judged: Option<Verdict>,
    out: &mut Out,
) -> Outcome<()> {
    let (name, version) = (&files_of_skill.name, &files_of_skill.version);
    let component = Digest::of(&files_of_skill.component);
    // Recorded first: a recorded installation that did not happen can be seen, an unrecorded one could not.
    let mut ledger = ledger::open(home)?;
    ledger.add(Body::Install(body::Install {
        component: ledger::hash(component),
        skill: name.clone(),
        version: ledger::bounded(version),
        publisher: ledger::bounded(&files_of_skill.publisher),
        envelope: files_of_skill
            .envelope
            .as_ref()
            .map(|envelope| ledger::hash(Digest::of(&envelope.to_cbor()))),
        verdict: judged.map(|verdict| verdict.to_string()),
        note: args.force.as_deref().map(ledger::bounded),
    }))?;
    ledger.close()?;
    if let Some(source) = &files_of_skill.directory {
        files::put_directory(&source.directory.take_contents(), &home.skill(name))?;
    }
    let digest = super::short(component);
    let baseline = if args.no_baseline { "without a baseline" } else { "with its baseline" };
    out.result(&format!("installed {name} {version}, {digest}, {baseline}\n"));
    Ok(())
}

/// Why a skill with that verdict is not installed, as the option that would install it; none if it is.
fn refusal(args: &InstallArgs, verdict: Verdict) -> Option<&'static str> {
    match verdict {
        Verdict::Consistent | Verdict::Marginal => None,
        _ if args.force.is_some() => None,
        Verdict::Inconclusive if args.accept_inconclusive => None,
        Verdict::Inconclusive => Some("--accept-inconclusive installs it anyway"),
        Verdict::Variant | Verdict::ActivationPatternDetected => {
            Some("--force NOTE installs it anyway, and puts the note into the audit trail")
        }
    }
}

/// The protocol as `monitor` runs it: later series are compared with this measurement.
fn protocol(args: &InstallArgs) -> MonitorArgs {
    MonitorArgs {
        skill: args.skill.clone(),
        runs: args.runs,
        input: Vec::new(),
        inputs: None,
        world: WorldArgs { invocation: args.invocation.clone(), ..WorldArgs::default() },
        budget: args.budget,
        search: SearchArg::Full,
        fresh: true,
        agent: None,
        keep: KeepArg::Findings,
        output: ReportArgs { format: ReportFormat::Human, output: None, fail_on: None },
    }
}

pub(super) fn list(out: &mut Out) -> Outcome {
    let home = Home::find()?;
    let store = home.store();
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_header([
        "skill",
        "version",
        "publisher",
        "component",
        "baseline",
    ]);
    let names = files::names(&home.skills());
    for name in names.iter().filter(|name| skill::is_name(name)) {
        let row = match invar_host::skill::read_directory(&home.skill(name)) {
            Ok(skill) => {
                let digest = Digest::of(&skill.component);
                let baseline = store.any_baseline(digest).map_or("none".into(), |stored| stored.report);
                [name.clone(), skill.version, shown(&skill.publisher), super::short(digest), baseline]
            }
            Err(error) => [name.clone(), format!("cannot be read: {error}"), "".into(), "".into(), "".into()],
        };
        table.add_row(row);
    }
    match table.is_empty() {
        true => out.result("no skill is installed\n"),
        false => out.result(&format!("{table}\n")),
    }
    Ok(exit::DONE)
}

fn shown(publisher: &str) -> String {
    match publisher {
        "" => "(none)".into(),
        publisher => publisher.escape_debug().to_string(),
    }
}
