//! What tests share.

mod browser;
mod command;
mod fixture;
mod help;
mod skill;

use std::path::{Path, PathBuf};

pub(crate) use browser::Browser;
pub(crate) use command::{Invar, Output};
pub(crate) use fixture::{Fixture, ScriptRun};
pub(crate) use help::help_of_every_command;
use invar_engine::{Engine, Skill, Start};
use invar_envelope::{Document, Envelope, Manifest};
use invar_world::{Timestamp, Tree, World};
pub(crate) use skill::{OnDisk, skills_of};

/// A path in the project.
pub(crate) fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(path)
}

/// The names of the examples: every directory with a manifest.
pub(crate) fn examples() -> Vec<String> {
    let entries = std::fs::read_dir(project("skills-examples")).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("skill.toml").exists())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The component of an example.
pub(crate) fn component(example: &str) -> Vec<u8> {
    let text = std::fs::read_to_string(project("skills-examples").join(example).join("skill.toml")).unwrap();
    let manifest = Manifest::parse(Document { name: example, text: &text }).unwrap();
    std::fs::read(project("skills-examples").join(example).join(manifest.skill.component)).unwrap()
}

/// An envelope from its lines.
pub(crate) fn envelope(lines: &str) -> Envelope {
    let text = format!("[envelope]\n{lines}");
    Manifest::parse_envelope(Document { name: "envelope", text: &text }).unwrap()
}

/// A component in text form, loaded.
pub(crate) fn load_wat(engine: &Engine, text: &str) -> Skill {
    engine.load(&wat::parse_str(text).unwrap()).unwrap()
}

/// Monitors a skill without an envelope, as the command does.
pub(crate) fn monitor(engine: &Engine, skill: &Skill, start: &Start, runs: u32) -> invar_monitor::Report {
    let declared = invar_monitor::Declared::default();
    monitored(engine, skill, start, declared, invar_lab::Plan::of(runs)).report
}

/// Monitors a skill as planned.
pub(crate) fn monitored(
    engine: &Engine,
    skill: &Skill,
    start: &Start,
    declared: invar_monitor::Declared,
    plan: invar_lab::Plan,
) -> invar_lab::Monitored {
    let subject = invar_monitor::Subject {
        id: "test".into(),
        skill: invar_monitor::SkillId {
            name: "test".into(),
            version: String::new(),
            publisher: String::new(),
            component_sha256: skill.digest.to_string(),
            envelope_sha256: String::new(),
        },
        engine: invar_monitor::EngineId { version: String::new(), config_sha256: String::new() },
        seed: start.world.seed,
    };
    invar_lab::monitor(
        engine,
        skill,
        invar_lab::SeriesInput { start, others: &[], stored: None },
        declared,
        subject,
        plan,
        &Silent,
    )
    .unwrap()
}

/// Reports no progress.
struct Silent;

impl invar_lab::Progress for Silent {
    fn run(&self, _: u32, _: u32) {}
    fn followups(&self, _: u32, _: &str) {}
    fn search(&self, _: &invar_lab::Searching, _: u64) {}

    fn done(&self) {}
}

/// Run 1 of the default world, with `/tmp`.
pub(crate) fn start() -> Start {
    let world = World::default();
    let mut tree = Tree::new(world.start);
    tree.make_directories("/tmp", Timestamp(0)).unwrap();
    Start::new("test", world, tree)
}

/// For snapshots of reports: leaves out what differs from run to run or from build to build.
pub(crate) fn report_settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"\d+\.\d s\.", "[time] s.");
    settings.add_filter(r#""started_at": "[^"]+""#, r#""started_at": "[time]""#);
    settings.add_filter(r#""((?:real_)?ms)": [\d.]+"#, r#""$1": "[time]""#);
    settings.add_filter(r#""config_sha256": "[0-9a-f]{64}""#, r#""config_sha256": "[engine]""#);
    settings.add_filter(r"head [0-9a-f]{12}", "head [head]");
    settings.add_filter(r#""id": "[0-9a-f]{12}""#, r#""id": "[id]""#);
    settings.add_filter(r#""(log_id|head)": ?"[0-9a-f]{64}""#, r#""$1": "[$1]""#);
    settings.add_filter(r"invar (replay|trace|diff) [0-9a-f]{12}/(\d+)", "invar $1 [id]/$2");
    settings.add_filter(r" [0-9a-f]{12}/(\d+)", " [id]/$1");
    settings
}
