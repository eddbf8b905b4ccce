//! What identifies a monitoring: the ID of its report, and the key of its baselines.

use invar_monitor::{EngineId, SkillId, Subject, report_id};
use invar_world::Digest;

use super::spec::{MonitorSpec, NamedInput};
use crate::host::{Host, LoadedSkill};

/// Who is monitored. The ID of the report is a digest of everything that the report depends on.
pub(super) fn subject(host: &Host, skill: &LoadedSkill, spec: &MonitorSpec) -> Subject {
    let MonitorSpec { start, envelope, inputs, plan, .. } = spec;
    let files = skill.files();
    let engine = host.engine().digest();
    let digest = |bytes: &[u8]| Digest::of(bytes).0;
    let inputs: Vec<u8> = inputs.iter().flat_map(|input| digest(&input.bytes)).collect();
    let mut asked = format!(
        "{:?} {} {} {:?} {} {}",
        files.claims, plan.followups_max, plan.followup_fuel_max, plan.reach, plan.faults, plan.runs
    );
    if !skill.call_claims().is_empty() {
        asked.push_str(&format!(" {:?}", skill.call_claims()));
    }
    Subject {
        id: report_id(&[
            &skill.digest.0,
            &engine.0,
            &start.world.digest().0,
            &start.files.digest().0,
            &digest(envelope.as_deref().unwrap_or_default()),
            &digest(&inputs),
            asked.as_bytes(),
        ]),
        skill: SkillId {
            name: files.name.clone(),
            version: files.version.clone(),
            publisher: files.publisher.clone(),
            component_sha256: skill.digest.to_string(),
            envelope_sha256: envelope
                .as_deref()
                .map(|envelope| Digest::of(envelope).to_string())
                .unwrap_or_default(),
        },
        engine: EngineId { version: env!("CARGO_PKG_VERSION").into(), config_sha256: engine.to_string() },
        seed: start.world.seed,
    }
}

/// Digest of what a baseline depends on besides the component.
pub(super) fn baseline_key(host: &Host, spec: &MonitorSpec, input: &NamedInput) -> Digest {
    let MonitorSpec { start, envelope, .. } = spec;
    Digest::of_parts(
        "invar/given",
        &[
            &host.engine().digest().0,
            &start.world.digest().0,
            &start.files.digest().0,
            &Digest::of(&input.bytes).0,
            envelope.as_deref().unwrap_or_default(),
        ],
    )
}
