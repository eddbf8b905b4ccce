//! Which class of the schema an event is of, and what that class asks for.

use serde_json::{Map, Value, json};

use super::values::{PRODUCT, clipped, uid};
use crate::{
    Body, Event, Hash,
    body::{Decision, Genesis, Grant, Install, Run, Trust, Verdict, Violation, flags},
    text::quoted,
};

/// A class of events.
pub(super) struct Class {
    pub(super) uid: u32,
    pub(super) name: &'static str,
}

const PROCESS_ACTIVITY: Class = Class { uid: 1007, name: "Process Activity" };
const EVENT_LOG_ACTIVITY: Class = Class { uid: 1008, name: "Event Log Activity" };
const DETECTION_FINDING: Class = Class { uid: 2004, name: "Detection Finding" };
const ENTITY_MANAGEMENT: Class = Class { uid: 3004, name: "Entity Management" };
const APPLICATION_LIFECYCLE: Class = Class { uid: 6002, name: "Application Lifecycle" };

/// How much an event matters, by the numbers of the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
pub(super) enum Severity {
    Unknown = 0,
    Informational = 1,
    Low = 2,
    Medium = 3,
    High = 4,
    Critical = 5,
}

/// An event in the terms of the schema.
pub(super) struct Mapped {
    pub(super) class: Class,
    /// Its number in the class, and its name.
    pub(super) activity: (u32, &'static str),
    pub(super) severity: Severity,
    /// What events of the class have.
    pub(super) fields: Map<String, Value>,
    /// Fields of the body that are there.
    pub(super) mapped: &'static [&'static str],
}

/// The event in the terms of the schema.
pub(super) fn map(genesis: &Genesis, event: &Event) -> Mapped {
    match &event.body {
        Body::Run(body) => run(genesis, event, body),
        Body::Violation(body) => violation(event, body),
        Body::Verdict(body) => verdict(event, body),
        Body::Grant(body) => grant(body),
        Body::Quarantine(body) => decision((12, "Suspend"), Severity::Medium, body),
        Body::Release(body) => decision((13, "Resume"), Severity::Low, body),
        Body::Trust(body) => trust(body),
        Body::Install(body) => install(body),
        Body::Genesis(_) => of_log(genesis, (9, "Enable")),
        Body::Summary(_) => of_log(genesis, (5, "Rotate")),
        Body::Close => of_log(genesis, (7, "Stop")),
        Body::KeyEpoch(_) | Body::SamplingCommit(_) | Body::SamplingReveal(_) => {
            of_log(genesis, (99, event.body.kind()))
        }
    }
}

/// It is told when it ended: that is what the schema calls Terminate.
fn run(genesis: &Genesis, event: &Event, run: &Run) -> Mapped {
    let severity = match run.flags {
        set if set & flags::VIOLATION != 0 => Severity::Medium,
        set if set & (flags::DENIED | flags::STOPPED) != 0 => Severity::Low,
        _ => Severity::Informational,
    };
    let is_success = run.status == Some(0) && run.flags & flags::STOPPED == 0;
    let mut fields = json!({
        "actor": { "app_name": run.agent.as_deref().unwrap_or(PRODUCT) },
        "device": device(genesis),
        "process": {
            "file": {
                "hashes": [{ "algorithm": "SHA-256", "algorithm_id": 3, "value": run.component.to_string() }],
                "name": run.skill,
                "type_id": 1,
            },
            "name": run.skill,
            "sandbox": run.place.as_str(),
            "uid": uid(event, event.index),
        },
        "status_id": if is_success { 1 } else { 2 },
    });
    if let Some(status) = run.status {
        fields["exit_code"] = status.into();
    }
    Mapped {
        class: PROCESS_ACTIVITY,
        activity: (2, "Terminate"),
        severity,
        fields: object(fields),
        mapped: &["agent", "component", "place", "skill", "status"],
    }
}

fn violation(event: &Event, violation: &Violation) -> Mapped {
    let severity = if violation.denied { Severity::Medium } else { Severity::High };
    let title = "A skill did what its envelope does not declare";
    let mut fields = finding(event, violation.component, severity, title);
    fields["finding_info"]["related_events"] =
        json!([{ "type_uid": PROCESS_ACTIVITY.uid * 100 + 2, "uid": uid(event, violation.run) }]);
    finding_mapped(fields, severity, &["component"])
}

fn verdict(event: &Event, verdict: &Verdict) -> Mapped {
    let severity = match verdict.verdict.as_str() {
        "CONSISTENT" => Severity::Informational,
        "INCONCLUSIVE" => Severity::Low,
        "MARGINAL" => Severity::Medium,
        "VARIANT" => Severity::High,
        "ACTIVATION-PATTERN-DETECTED" => Severity::Critical,
        _ => Severity::Unknown,
    };
    let mut fields =
        finding(event, verdict.component, severity, &format!("Verdict {}", quoted(&verdict.verdict)));
    fields["finding_info"]["desc"] = verdict.reason.as_str().into();
    finding_mapped(fields, severity, &["component", "reason"])
}

fn finding(event: &Event, component: Hash, severity: Severity, title: &str) -> Value {
    json!({
        "finding_info": {
            "created_time": clipped(event.time_ms),
            "title": title,
            "types": [event.body.kind()],
            "uid": uid(event, event.index),
        },
        "is_alert": severity >= Severity::Medium,
        "resources": [{ "type": "skill", "uid": component.to_string() }],
        "status_id": 1,
    })
}

fn finding_mapped(fields: Value, severity: Severity, mapped: &'static [&'static str]) -> Mapped {
    Mapped { class: DETECTION_FINDING, activity: (1, "Create"), severity, fields: object(fields), mapped }
}

fn grant(grant: &Grant) -> Mapped {
    let activity = if grant.bindings.is_empty() { (9, "Disable") } else { (8, "Enable") };
    let fields = skill(grant.component, Some(&grant.skill));
    managed(fields, activity, Severity::Low, &["component", "skill"])
}

fn decision(activity: (u32, &'static str), severity: Severity, decision: &Decision) -> Mapped {
    let mut fields = skill(decision.component, Some(&decision.skill));
    fields["comment"] = decision.reason.as_str().into();
    managed(fields, activity, severity, &["component", "skill", "reason"])
}

fn trust(trust: &Trust) -> Mapped {
    let mut fields = skill(trust.component, None);
    fields["comment"] = trust.reason.as_str().into();
    managed(fields, (3, "Update"), Severity::Informational, &["component", "reason"])
}

fn skill(component: Hash, name: Option<&str>) -> Value {
    let mut fields = json!({
        "actor": { "app_name": PRODUCT },
        "entity": { "type": "skill", "uid": component.to_string() },
    });
    if let Some(name) = name {
        fields["entity"]["name"] = name.into();
    }
    fields
}

fn managed(
    fields: Value,
    activity: (u32, &'static str),
    severity: Severity,
    mapped: &'static [&'static str],
) -> Mapped {
    Mapped { class: ENTITY_MANAGEMENT, activity, severity, fields: object(fields), mapped }
}

fn install(install: &Install) -> Mapped {
    let fields = json!({
        "app": {
            "name": install.skill,
            "uid": install.component.to_string(),
            "vendor_name": install.publisher,
            "version": install.version,
        },
    });
    Mapped {
        class: APPLICATION_LIFECYCLE,
        activity: (1, "Install"),
        severity: Severity::Informational,
        fields: object(fields),
        mapped: &["component", "skill", "version", "publisher"],
    }
}

/// What the log says of itself.
fn of_log(genesis: &Genesis, activity: (u32, &'static str)) -> Mapped {
    let fields = json!({
        "actor": { "app_name": PRODUCT },
        "device": device(genesis),
        "log_name": genesis.origin,
        "log_provider": PRODUCT,
    });
    Mapped {
        class: EVENT_LOG_ACTIVITY,
        activity,
        severity: Severity::Informational,
        fields: object(fields),
        mapped: &["origin", "host"],
    }
}

/// The machine, of which nothing is known but a hash.
fn device(genesis: &Genesis) -> Value {
    json!({ "type_id": 0, "uid": genesis.host.to_string() })
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
