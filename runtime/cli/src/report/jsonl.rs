//! The report as JSON lines, for programs that read as it comes: what it comes to, then a line for each finding,
//! trigger and run.

use invar_monitor::Report;
use serde::Serialize;

use crate::error::{Error, Outcome};

/// One line: what it is, and its fields.
#[derive(Serialize)]
struct Line<T> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(flatten)]
    fields: T,
}

/// The report as JSON lines.
pub(crate) fn jsonl(report: &Report) -> Outcome<String> {
    let mut text = String::new();
    push(&mut text, "report", head(report)?)?;
    for finding in report.findings() {
        push(&mut text, "finding", finding)?;
    }
    for trigger in &report.triggers {
        push(&mut text, "trigger", trigger)?;
    }
    for run in &report.per_run {
        push(&mut text, "run", run)?;
    }
    Ok(text)
}

/// The JSON report without the parts that have separate lines.
fn head(report: &Report) -> Outcome<serde_json::Value> {
    // Neither runs nor findings are written out only to be dropped.
    let invariants = report
        .invariants
        .iter()
        .map(|(class, section)| (*class, invar_monitor::Section { findings: Vec::new(), ..section.clone() }));
    let head = Report {
        invariants: invariants.collect(),
        triggers: Vec::new(),
        per_run: Vec::new(),
        rows: Vec::new(),
        ..report.clone()
    };
    let mut value = serde_json::to_value(head).map_err(internal)?;
    if let Some(fields) = value.as_object_mut() {
        fields.remove("triggers");
        fields.remove("per_run");
        let sections = fields.get_mut("invariants").and_then(serde_json::Value::as_object_mut);
        for section in sections.into_iter().flat_map(|sections| sections.values_mut()) {
            section.as_object_mut().map(|section| section.remove("findings"));
        }
    }
    Ok(value)
}

fn push(text: &mut String, kind: &'static str, fields: impl Serialize) -> Outcome<()> {
    text.push_str(&serde_json::to_string(&Line { kind, fields }).map_err(internal)?);
    text.push('\n');
    Ok(())
}

fn internal(error: serde_json::Error) -> Error {
    Error::Internal(error.to_string())
}
