//! Which class of the schema an event is of, and what that class asks for.

use serde_json::{Map, Value, json};

use super::{PRODUCT, clipped, uid};
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
    pub(super) own: Map<String, Value>,
    /// Fields of the body that are there.
    pub(super) mapped: &'static [&'static str],
}

/// The event in the terms of the schema.
pub(super) fn map(genesis: &Genesis, event: &Event) -> Mapped {
    match &event.body {
        Body::Run(own) => run(genesis, event, own),
        Body::Violation(own) => violation(event, own),
        Body::Verdict(own) => verdict(event, own),
        Body::Grant(own) => grant(own),
        Body::Quarantine(own) => decision((12, "Suspend"), Severity::Medium, own),
        Body::Release(own) => decision((13, "Resume"), Severity::Low, own),
        Body::Trust(own) => trust(own),
        Body::Install(own) => install(own),
        Body::Genesis(_) => of_log(genesis, (9, "Enable")),
        Body::Summary(_) => of_log(genesis, (5, "Rotate")),
        Body::Close => of_log(genesis, (7, "Stop")),
        Body::KeyEpoch(_) | Body::SamplingCommit(_) | Body::SamplingReveal(_) => {
            of_log(genesis, (99, event.body.kind()))
        }
    }
}

/// It is told when it ended: that is what the schema calls Terminate.
fn run(genesis: &Genesis, event: &Event, own: &Run) -> Mapped {
    let severity = match own.flags {
        set if set & flags::VIOLATION != 0 => Severity::Medium,
        set if set & (flags::DENIED | flags::STOPPED) != 0 => Severity::Low,
        _ => Severity::Informational,
    };
    let is_success = own.status == Some(0) && own.flags & flags::STOPPED == 0;
    let mut fields = json!({
        "actor": { "app_name": own.agent.as_deref().unwrap_or(PRODUCT) },
        "device": device(genesis),
        "process": {
            "file": {
                "hashes": [{ "algorithm": "SHA-256", "algorithm_id": 3, "value": own.component.to_string() }],
                "name": own.skill,
                "type_id": 1,
            },
            "name": own.skill,
            "sandbox": own.place.as_str(),
            "uid": uid(event, event.index),
        },
        "status_id": if is_success { 1 } else { 2 },
    });
    if let Some(status) = own.status {
        fields["exit_code"] = status.into();
    }
    Mapped {
        class: PROCESS_ACTIVITY,
        activity: (2, "Terminate"),
        severity,
        own: object(fields),
        mapped: &["agent", "component", "place", "skill", "status"],
    }
}

fn violation(event: &Event, own: &Violation) -> Mapped {
    let severity = if own.denied { Severity::Medium } else { Severity::High };
    let title = "A skill did what its envelope does not declare";
    let mut fields = finding(event, own.component, severity, title);
    fields["finding_info"]["related_events"] =
        json!([{ "type_uid": PROCESS_ACTIVITY.uid * 100 + 2, "uid": uid(event, own.run) }]);
    finding_mapped(fields, severity, &["component"])
}

fn verdict(event: &Event, own: &Verdict) -> Mapped {
    let severity = match own.verdict.as_str() {
        "CONSISTENT" => Severity::Informational,
        "INCONCLUSIVE" => Severity::Low,
        "MARGINAL" => Severity::Medium,
        "VARIANT" => Severity::High,
        "ACTIVATION-PATTERN-DETECTED" => Severity::Critical,
        _ => Severity::Unknown,
    };
    let mut fields = finding(event, own.component, severity, &format!("Verdict {}", quoted(&own.verdict)));
    fields["finding_info"]["desc"] = own.reason.as_str().into();
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
    Mapped { class: DETECTION_FINDING, activity: (1, "Create"), severity, own: object(fields), mapped }
}

fn grant(own: &Grant) -> Mapped {
    let activity = if own.bindings.is_empty() { (9, "Disable") } else { (8, "Enable") };
    let fields = skill(own.component, Some(&own.skill));
    managed(fields, activity, Severity::Low, &["component", "skill"])
}

fn decision(activity: (u32, &'static str), severity: Severity, own: &Decision) -> Mapped {
    let mut fields = skill(own.component, Some(&own.skill));
    fields["comment"] = own.reason.as_str().into();
    managed(fields, activity, severity, &["component", "skill", "reason"])
}

fn trust(own: &Trust) -> Mapped {
    let mut fields = skill(own.component, None);
    fields["comment"] = own.reason.as_str().into();
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
    Mapped { class: ENTITY_MANAGEMENT, activity, severity, own: object(fields), mapped }
}

fn install(own: &Install) -> Mapped {
    let fields = json!({
        "app": {
            "name": own.skill,
            "uid": own.component.to_string(),
            "vendor_name": own.publisher,
            "version": own.version,
        },
    });
    Mapped {
        class: APPLICATION_LIFECYCLE,
        activity: (1, "Install"),
        severity: Severity::Informational,
        own: object(fields),
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
        own: object(fields),
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
