//! The report as SARIF 2.1.0: a rule for each class of invariants, a result for each finding, in the line of the
//! manifest that it is about.

use std::collections::BTreeMap;

use invar_monitor::{Class, Finding, Report, Severity, Status, Verdict};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{
    Material,
    place::{self, Place, Region},
    prose,
};
use crate::error::{Error, Outcome};

/// Writes the report.
pub(crate) fn sarif(material: &Material<'_>) -> Outcome<String> {
    let Material { report, pages, .. } = material;
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "Invar",
                "semanticVersion": report.engine.version,
                "rules": Class::ALL.map(rule),
            }},
            "automationDetails": { "id": format!("invar/{}/", prose::visible(&report.skill.name)) },
            "columnKind": "unicodeCodePoints",
            "invocations": [invocation(material)],
            "artifacts": [{
                "location": { "uri": uri(&pages.component) },
                "hashes": { "sha-256": report.skill.component_sha256 },
            }],
            "results": results(material),
            "properties": {
                "verdict": report.verdict,
                "reason": report.reason,
                "report": report.id,
                "skill": report.skill,
                "seed": report.seed,
                "runs": report.runs,
                "followups": report.followups,
                "triggers": report.triggers,
                "detectionPower": report.detection_power,
            },
        }],
    });
    serde_json::to_string_pretty(&document)
        .map(|text| text + "\n")
        .map_err(|error| Error::Internal(error.to_string()))
}

fn rule(class: Class) -> Value {
    json!({
        "id": class.as_str(),
        "name": pascal(class.as_str()),
        "shortDescription": { "text": prose::capitalised(&prose::class(class)) },
        "fullDescription": { "text": prose::claim(class) },
        "defaultConfiguration": { "level": "error" },
    })
}

/// How the command was called and what it came to. Where nothing could be said, it did not succeed.
fn invocation(material: &Material<'_>) -> Value {
    let report = material.report;
    let mut notifications: Vec<Value> = report
        .invariants
        .iter()
        .filter(|(_, section)| section.status == Status::NotChecked)
        .map(|(class, section)| {
            json!({
                "level": "note",
                "message": { "text": message(&format!("{}: {}", prose::class(*class), prose::why(section))) },
                "associatedRule": { "id": class.as_str() },
            })
        })
        .collect();
    if report.verdict == Verdict::Inconclusive {
        let text = message(&prose::capitalised(&report.reason));
        notifications.insert(0, json!({ "level": "error", "message": { "text": text } }));
    }
    json!({
        "commandLine": material.again,
        "startTimeUtc": report.started_at,
        "exitCode": material.exit,
        "exitCodeDescription": report.verdict,
        "executionSuccessful": report.verdict != Verdict::Inconclusive,
        "toolExecutionNotifications": notifications,
    })
}

fn results(material: &Material<'_>) -> Vec<Value> {
    let mut seen = BTreeMap::new();
    material
        .report
        .findings()
        .map(|finding| {
            let mut print = fingerprint(material.report, finding);
            let times = seen.entry(print.clone()).or_insert(0_u32);
            *times += 1;
            print.push_str(&format!(":{times}"));
            let text = prose::with_cause(finding);
            json!({
                "ruleId": finding.class.as_str(),
                "ruleIndex": Class::ALL.iter().position(|class| *class == finding.class),
                "level": level(finding.severity),
                "message": { "text": message(&text) },
                "locations": [{ "physicalLocation": location(&place::place(material.pages, finding)) }],
                "partialFingerprints": { "invarFinding/v1": print },
                "properties": {
                    "severity": finding.severity,
                    "runs": finding.runs,
                    "expected": finding.expected,
                    "observed": finding.observed,
                    "cause": finding.cause,
                    "owaspAst": finding.owasp_ast,
                },
            })
        })
        .collect()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::Major => "error",
        Severity::Minor => "warning",
        Severity::Info => "note",
    }
}

fn location(place: &Place<'_>) -> Value {
    let mut location = json!({ "artifactLocation": { "uri": uri(place.path) } });
    if let Some(Region { start_line, start_column, end_line, end_column }) = place.region {
        location["region"] = json!({
            "startLine": start_line,
            "startColumn": start_column,
            "endLine": end_line,
            "endColumn": end_column,
        });
    }
    location
}

/// The same for the same finding of another series: without numbers of runs, amounts and values.
fn fingerprint(report: &Report, finding: &Finding) -> String {
    let about = match finding.class {
        // The very line that is missing.
        Class::Envelope => finding.expected.clone(),
        _ => without_values(&finding.cause),
    };
    let mut hash = Sha256::new();
    for part in [&report.skill.name, finding.class.as_str(), &place::key(finding), &about] {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Without quoted values, and without digits.
fn without_values(text: &str) -> String {
    let bare: String = text.split('"').step_by(2).collect();
    bare.chars().filter(|c| !c.is_ascii_digit()).collect()
}

/// A path as a relative reference, or as `file:` if it is absolute.
fn uri(path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    let mut uri = if path.starts_with('/') { "file://".to_owned() } else { String::new() };
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(byte.into())
            }
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri
}

/// Text of a message: brackets would be links in it, braces placeholders.
fn message(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in prose::visible(text).chars() {
        match c {
            '\\' | '[' | ']' => escaped.extend(['\\', c]),
            '{' | '}' => escaped.extend([c, c]),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// `output-determinism` as `OutputDeterminism`.
fn pascal(name: &str) -> String {
    name.split('-').map(prose::capitalised).collect()
}

#[cfg(test)]
mod tests {
    use super::{message, uri, without_values};

    #[test]
    fn a_path_becomes_a_reference() {
        assert_eq!(uri("skills/a b/skill.toml"), "skills/a%20b/skill.toml");
        assert_eq!(uri("./ü:x"), "%C3%BC%3Ax");
        assert_eq!(uri("/tmp/x#y.wasm"), "file:///tmp/x%23y.wasm");
    }

    #[test]
    fn what_others_wrote_is_no_link() {
        assert_eq!(message("[x](http://e) {0}"), "\\[x\\](http://e) {{0}}");
    }

    #[test]
    fn a_fingerprint_leaves_values_out() {
        assert_eq!(without_values("/tmp/a = \"7\" and clock 12:30"), "/tmp/a =  and clock :");
    }
}
