//! `invar inspect`: what a skill is, declares, and could do.

use std::collections::BTreeMap;

use comfy_table::{ContentArrangement, Table, presets};
use invar_engine::{Import, Skill};
use invar_envelope::{Envelope, show_size};
use invar_host::{LoadedSkill, skill::SkillFiles};
use invar_monitor::{bytes, count, duration};
use invar_trace::{Capability, Entry};
use serde_json::json;

use super::functions;
use crate::{
    args::{Format, InspectArgs},
    error::Outcome,
    exit,
    home::Home,
    out::Out,
    skill,
};

/// Columns of the table.
const TABLE_WIDTH: u16 = 100;

pub(super) fn inspect(args: &InspectArgs, out: &mut Out) -> Outcome {
    let files = skill::read(&args.skill, args.envelope.as_deref())?;
    let skill = super::load(&super::host(&Home::find()?)?, files, out)?;
    let risk = Risk::of(&skill.imports, skill.files().envelope.as_ref());
    let text = match args.format {
        Format::Human => human(&skill, &risk),
        Format::Json => json_text(&skill, &risk),
    };
    out.styled(&text);
    Ok(exit::DONE)
}

/// The risk of a skill, from what it can call and what it declares.
struct Risk {
    tier: &'static str,
    why: Vec<String>,
}

impl Risk {
    /// What an envelope leaves out is not possible; what is not imported cannot be called.
    fn of(imports: &[Import], envelope: Option<&Envelope>) -> Self {
        let can = |capability| imports.iter().any(|import| import.capability == capability);
        let declares = |part: fn(&Envelope) -> bool| envelope.is_none_or(part);
        let reads = can(Capability::Files) && declares(|envelope| !envelope.files_read.is_empty());
        let variables = can(Capability::Env) && declares(|envelope| !envelope.env.is_empty());
        let writes = can(Capability::Files) && declares(|envelope| !envelope.files_write.is_empty());
        // A listening skill can send to its clients, too.
        let sends = can(Capability::Network)
            && declares(|envelope| !envelope.network.is_empty() || !envelope.listen.is_empty());
        let clock =
            can(Capability::Clock) && declares(|envelope| envelope.clocks.wall || envelope.clocks.monotonic);
        let mut why = Vec::new();
        if envelope.is_none() {
            why.push("no envelope: it can use everything that it imports".to_owned());
        }
        for (is, what) in [
            (reads, "reads files"),
            (variables, "reads variables"),
            (writes, "writes files, so it can count its runs"),
            (sends, "sends to the network"),
            (clock, "reads the clock, so it can wait for a date"),
        ] {
            if is {
                why.push(what.to_owned());
            }
        }
        let tier = match (sends, reads || variables, writes || clock) {
            (true, true, _) => {
                why.push("combines private data with network access".into());
                "high"
            }
            (true, false, _) | (false, _, true) => "moderate",
            (false, _, false) => "low",
        };
        if why.is_empty() {
            why.push("only reads its input and writes its output".into());
        }
        Self { tier, why }
    }
}

fn entry(skill: &Skill) -> &'static str {
    match skill.entry {
        Entry::Command if skill.is_module() => "_start of a WASI preview 1 module",
        Entry::Command => "wasi:cli/run",
        Entry::Invoke => "invoke of invar:skill/skill",
        Entry::Tool => "its functions, by their names",
    }
}

/// The declared entries of a capability, as written; none if nothing is declared at all.
fn declared(envelope: Option<&Envelope>, capability: Capability) -> Option<Vec<String>> {
    let envelope = envelope?;
    let list = |prefix: &str, items: &[String]| {
        items.iter().map(|item| format!("{prefix}{item}")).collect::<Vec<_>>()
    };
    let strings = |items: Vec<String>| items;
    Some(match capability {
        Capability::Files => {
            let read = strings(envelope.files_read.iter().map(ToString::to_string).collect());
            let write = strings(envelope.files_write.iter().map(ToString::to_string).collect());
            [list("read ", &read), list("write ", &write)].concat()
        }
        Capability::Network => {
            let connects = strings(envelope.network.iter().map(ToString::to_string).collect());
            let listens = strings(envelope.listen.iter().map(ToString::to_string).collect());
            [connects, list("listen ", &listens)].concat()
        }
        Capability::Env => envelope.env.iter().map(ToString::to_string).collect(),
        Capability::Clock => [(envelope.clocks.wall, "wall"), (envelope.clocks.monotonic, "monotonic")]
            .iter()
            .filter(|(declared, _)| *declared)
            .map(|(_, name)| (*name).to_owned())
            .collect(),
        Capability::Random => {
            if envelope.random {
                vec!["random".into()]
            } else {
                Vec::new()
            }
        }
        Capability::Stdio | Capability::Process => Vec::new(),
    })
}

fn by_capability(imports: &[Import]) -> BTreeMap<Capability, Vec<&Import>> {
    let mut map: BTreeMap<Capability, Vec<&Import>> = BTreeMap::new();
    for import in imports {
        map.entry(import.capability).or_default().push(import);
    }
    map
}

/// A line for each capability: how many functions of it are imported, and of which interfaces.
pub(super) fn imported(skill: &Skill) -> Vec<String> {
    let each = |(capability, imports): (Capability, Vec<&Import>)| {
        format!("{:<9} {}", capability.as_str(), functions(&imports))
    };
    by_capability(&skill.imports).into_iter().map(each).collect()
}

fn functions(imports: &[&Import]) -> String {
    let functions: usize = imports.iter().map(|import| import.functions.len()).sum();
    let names: Vec<&str> = imports.iter().map(|import| interface(&import.name)).collect();
    let noun = if functions == 1 { "function" } else { "functions" };
    format!("{functions} {noun} of {}", names.join(", "))
}

fn human(skill: &LoadedSkill, risk: &Risk) -> String {
    let files = skill.files();
    let mut text = format!("{}\n\n", title(files, skill));
    text.push_str(&format!("  risk tier {}: {}\n\n", risk.tier, risk.why.join("; ")));
    text.push_str(&format!("  sha256      {}\n", skill.digest));
    text.push_str(&format!("  size        {}\n", bytes(files.component.len() as u64)));
    text.push_str(&format!("  entry       {}\n", entry(skill)));
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(TABLE_WIDTH)
        .set_header(["", "capability", "declared", "can call"]);
    for (capability, imports) in by_capability(&skill.imports) {
        let declared = match declared(files.envelope.as_ref(), capability) {
            None => "(no envelope)".to_owned(),
            Some(list) if list.is_empty() => match capability {
                Capability::Stdio | Capability::Process => "(always available)".to_owned(),
                _ => "nothing".to_owned(),
            },
            Some(list) => list.join("\n"),
        };
        let can = functions(&imports);
        table.add_row(["", capability.as_str(), &declared, &can]);
    }
    text.push('\n');
    for line in table.lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    if let Some(envelope) = &files.envelope {
        let limits: Vec<String> = envelope
            .limits
            .named()
            .iter()
            .filter_map(|(name, value)| value.map(|value| limit(name, value)))
            .collect();
        text.push_str(&format!(
            "\n  limits      {}\n",
            if limits.is_empty() { "none declared".into() } else { limits.join(", ") }
        ));
    }
    text.push_str(&functions::human(skill));
    text
}

/// The interface of an import, without package and version: `streams` of `wasi:io/streams@0.2.6`.
fn interface(import: &str) -> &str {
    let interface = import.split_once('/').map_or(import, |(_, interface)| interface);
    interface.split('@').next().unwrap_or(interface)
}

/// A limit as it is written.
fn limit(name: &str, value: u64) -> String {
    match name {
        "fuel" | "host_calls" => format!("{name} {}", count(value)),
        "wall_time" => format!("{name} {}", duration(value)),
        _ => format!("{name} {}", show_size(value)),
    }
}

fn title(files: &SkillFiles, skill: &Skill) -> String {
    let mut parts = vec![format!("{} {}", files.name, files.version).trim_end().to_owned()];
    parts.extend((!files.publisher.is_empty()).then(|| files.publisher.clone()));
    parts.push(super::short(skill.digest));
    parts.join(" · ")
}

fn json_text(skill: &LoadedSkill, risk: &Risk) -> String {
    let files = skill.files();
    let capabilities: serde_json::Map<String, serde_json::Value> = by_capability(&skill.imports)
        .into_iter()
        .map(|(capability, imports)| {
            let imports: serde_json::Map<String, serde_json::Value> =
                imports.into_iter().map(|import| (import.name.clone(), json!(import.functions))).collect();
            let declared = declared(files.envelope.as_ref(), capability);
            (capability.as_str().to_owned(), json!({ "imports": imports, "declared": declared }))
        })
        .collect();
    let answer = json!({
        "schema": "invar-inspect/1",
        "skill": { "name": files.name, "version": files.version, "publisher": files.publisher },
        "component_sha256": skill.digest.to_string(),
        "bytes": files.component.len(),
        "entry": entry(skill),
        "kind": if skill.is_module() { "module" } else { "component" },
        "tools": functions::json(skill),
        "capabilities": capabilities,
        "limits": files.envelope.as_ref().map(|envelope| {
            envelope.limits.named().into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect::<serde_json::Map<_, _>>()
        }),
        "risk": { "tier": risk.tier, "why": risk.why },
    });
    format!("{answer:#}\n")
}
