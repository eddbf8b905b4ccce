//! The report as JUnit XML: a suite for the skill, a case for each class of invariants.

use std::io;

use invar_monitor::{Class, Finding, Section, Severity, Status, Verdict};
use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};

use super::{Material, prose};
use crate::error::{Error, Outcome};

type Xml = Writer<Vec<u8>>;

/// Writes the report.
pub(crate) fn junit(material: &Material<'_>) -> Outcome<String> {
    let failed = |error: io::Error| Error::Internal(error.to_string());
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None))).map_err(failed)?;
    suites(&mut xml, material).map_err(failed)?;
    let mut bytes = xml.into_inner();
    bytes.push(b'\n');
    String::from_utf8(bytes).map_err(|error| Error::Internal(error.to_string()))
}

fn suites(xml: &mut Xml, material: &Material<'_>) -> io::Result<()> {
    let report = material.report;
    let is_inconclusive = report.verdict == Verdict::Inconclusive;
    let with = |status: Status| report.invariants.values().filter(|section| section.status == status).count();
    let errors = usize::from(is_inconclusive);
    let counts = [
        ("tests", (report.invariants.len() + errors).to_string()),
        ("failures", with(Status::Fail).to_string()),
        ("errors", errors.to_string()),
        ("skipped", with(Status::NotChecked).to_string()),
        ("time", seconds(report.per_run.iter().map(|run| run.real_ms).sum())),
    ];
    let counts = || counts.iter().map(|(name, value)| (*name, value.as_str()));
    let name = prose::visible(&report.skill.name);
    xml.create_element("testsuites")
        .with_attribute(("name", "invar"))
        .with_attributes(counts())
        .write_inner_content(|xml| {
            xml.create_element("testsuite")
                .with_attribute(("name", name.as_str()))
                .with_attribute(("timestamp", report.started_at.as_str()))
                .with_attributes(counts())
                .write_inner_content(|xml| {
                    properties(xml, material)?;
                    if is_inconclusive {
                        verdict(xml, &name, &report.reason)?;
                    }
                    for class in Class::ALL {
                        if let Some(section) = report.invariants.get(&class) {
                            case(xml, &name, class, section)?;
                        }
                    }
                    Ok(())
                })
                .map(drop)
        })
        .map(drop)
}

/// Who was monitored, how, and what it came to.
fn properties(xml: &mut Xml, material: &Material<'_>) -> io::Result<()> {
    let report = material.report;
    let properties = [
        ("verdict", report.verdict.to_string()),
        ("reason", report.reason.clone()),
        ("version", report.skill.version.clone()),
        ("publisher", report.skill.publisher.clone()),
        ("component_sha256", report.skill.component_sha256.clone()),
        ("report", report.id.clone()),
        ("seed", report.seed.to_string()),
        ("runs", report.runs.to_string()),
        ("command", material.again.to_owned()),
    ];
    xml.create_element("properties")
        .write_inner_content(|xml| {
            for (name, value) in &properties {
                let value = prose::visible(value);
                xml.create_element("property")
                    .with_attributes([("name", *name), ("value", value.as_str())])
                    .write_empty()?;
            }
            Ok(())
        })
        .map(drop)
}

/// Where nothing could be said, no dashboard may come out green.
fn verdict(xml: &mut Xml, suite: &str, reason: &str) -> io::Result<()> {
    open(xml, suite, "verdict", |xml| {
        let message = prose::visible(reason);
        xml.create_element("error")
            .with_attributes([("message", message.as_str()), ("type", "INCONCLUSIVE")])
            .write_empty()
            .map(drop)
    })
}

fn case(xml: &mut Xml, suite: &str, class: Class, section: &Section) -> io::Result<()> {
    let why = prose::visible(&section.why);
    open(xml, suite, &prose::class(class), |xml| match section.status {
        Status::Pass => Ok(()),
        Status::NotChecked => {
            xml.create_element("skipped").with_attribute(("message", why.as_str())).write_empty().map(drop)
        }
        Status::Warn => xml
            .create_element("system-out")
            .write_text_content(BytesText::new(&findings_text(section)))
            .map(drop),
        Status::Fail => {
            let worst = section.findings.iter().map(|finding| finding.severity).max();
            xml.create_element("failure")
                .with_attribute(("message", why.as_str()))
                .with_attribute(("type", prose::severity(worst.unwrap_or(Severity::Major))))
                .write_text_content(BytesText::new(&findings_text(section)))
                .map(drop)
        }
    })
}

fn open(
    xml: &mut Xml,
    suite: &str,
    name: &str,
    inner: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<()> {
    xml.create_element("testcase")
        .with_attributes([("classname", suite), ("name", name)])
        .write_inner_content(inner)
        .map(drop)
}

/// The findings, in lines.
fn findings_text(section: &Section) -> String {
    section.findings.iter().map(lines).collect::<Vec<_>>().join("\n")
}

fn lines(finding: &Finding) -> String {
    let mut text = format!("{}: {}", prose::severity(finding.severity), prose::visible(&finding.what));
    for (label, value) in prose::details(finding) {
        if !value.is_empty() {
            text.push_str(&format!("\n  {label}: {}", prose::visible(value)));
        }
    }
    text
}

fn seconds(ms: u64) -> String {
    format!("{}.{:03}", ms / 1000, ms % 1000)
}
