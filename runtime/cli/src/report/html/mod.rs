//! The report as one page: opens from a file, reaches nothing outside, needs no script to be read.
//!
//! Untrusted text goes through [`prose::visible`] and the escaping of maud. The content security policy of the page allows only
//! the style sheet and the script below, by their hashes.

mod findings;
mod growth;
mod hours;
mod plot;
mod timeline;

use base64::{Engine, engine::general_purpose::STANDARD};
use invar_monitor::{Class, Report, Section, Status, Verdict, bytes, count};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::{
    Material,
    prose::{self, CONTINUE, EffectsRow, Happened, capitalised, coverage, effort, summary, visible},
};
pub(crate) use growth::Growth;
pub(crate) use hours::Hour;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// What not every protocol has.
#[derive(Default)]
pub(crate) struct Extras {
    /// Cost by size of input, of each function that was measured.
    pub(crate) growth: Vec<Growth>,
    /// Runs by weekday and hour, if they were varied; else those of the series are shown.
    pub(crate) hours: Option<Vec<Hour>>,
}

impl Extras {
    /// What the report has of them.
    pub(crate) fn of(report: &Report) -> Self {
        Self { growth: report.scaling.iter().map(Growth::of).collect(), hours: hours::of_moments(report) }
    }
}

/// Writes the page.
pub(crate) fn html(material: &Material<'_>, extras: &Extras) -> String {
    let report = material.report;
    let name = visible(&report.skill.name);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (name) ": " (report.verdict) " · Invar" }
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
            }
            body {
                a .skip href="#report" { "Skip to the evidence" }
                (head(material))
                main #report tabindex="-1" {
                    (invariants(report))
                    (plot::costs(report))
                    (timeline::effects(report))
                    (hours::section(material, extras.hours.as_deref()))
                    @for (number, growth) in extras.growth.iter().enumerate() { (growth.section(number)) }
                    (happened(report))
                    (envelope(report))
                    (power(report))
                    (recommended(report))
                    (findings::section(report))
                }
                (foot(report))
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string() + "\n"
}

/// What the page may do: these styles, this script, and nothing else.
fn policy() -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

/// The first screen: what it comes to, what was seen, how that is known.
fn head(material: &Material<'_>) -> Markup {
    let Material { report, world, again, more, .. } = material;
    let skill = &report.skill;
    let (tone, status) = match report.verdict {
        Verdict::Consistent => ("good", Status::Pass),
        Verdict::Marginal => ("warn", Status::Warn),
        Verdict::Inconclusive => ("warn", Status::NotChecked),
        Verdict::Variant | Verdict::ActivationPatternDetected => ("bad", Status::Fail),
    };
    html! {
        header class=(tone) {
            div .inner {
                p .product { "Invar report" }
                h1 { (visible(&skill.name)) @if !skill.version.is_empty() { " " span .version { (visible(&skill.version)) } } }
                p .verdict { (icon(status)) (report.verdict) }
                p .reason { (visible(&capitalised(&report.reason))) }
                @for sentence in summary(report) {
                    @match sentence.split_once(": ") {
                        Some((word @ ("Proof" | "Seen"), rest)) => {
                            p .proof { strong { (word) } span { (visible(&capitalised(rest))) } }
                        }
                        _ => { p .lead { (visible(&sentence)) } }
                    }
                }
                ul .facts {
                    @for fact in prose::identity(report, world) { li { (visible(&fact)) } }
                    li { (effort(report).trim_end_matches('.')) }
                    li { (visible(coverage(report).trim_end_matches('.'))) }
                }
                @if let Some(sentence) = prose::no_answer(report) {
                    p .label #no-answer { (sentence) }
                    (command(&prose::answer_entries(report).join("\n"), "no-answer"))
                }
                p .label #again { "Reproduce this report" }
                (command(again, "again"))
                @if let Some(more) = more {
                    p .label #more { (CONTINUE.trim_end_matches(':')) }
                    (command(more, "more"))
                }
            }
        }
    }
}

/// A command to copy.
fn command(lines: &str, label: &str) -> Markup {
    let lines: Vec<String> = lines.lines().map(visible).collect();
    html! { div .command { pre aria-labelledby=(label) { code { (lines.join("\n")) } } } }
}

fn invariants(report: &Report) -> Markup {
    let sections = (1..)
        .zip(Class::ALL)
        .filter_map(|(number, class)| report.invariants.get(&class).map(|section| (number, class, section)));
    html! {
        section aria-labelledby="invariants" {
            h2 #invariants { "The eight invariants" }
            ol .invariants {
                @for (number, class, section) in sections {
                    li class=(tone(section.status)) {
                        span .number aria-hidden="true" { (number) }
                        div {
                            h3 { (capitalised(&prose::class(class))) }
                            p .claim { (prose::claim(class)) }
                            p .why { (visible(&prose::capitalised(&evidence(report, class, section)))) }
                        }
                        p .status { (icon(section.status)) (word(section.status)) }
                    }
                }
            }
        }
    }
}

/// The page has a separate word for a class that was not checked.
fn evidence(report: &Report, class: Class, section: &Section) -> String {
    match section.status {
        Status::NotChecked => section.why.clone(),
        _ => prose::evidence(report, class, section),
    }
}

fn tone(status: Status) -> &'static str {
    match status {
        Status::Pass => "good",
        Status::Warn => "warn",
        Status::Fail => "bad",
        Status::NotChecked => "none",
    }
}

fn word(status: Status) -> &'static str {
    match status {
        Status::Pass => "pass",
        Status::Warn => "warn",
        Status::Fail => "fail",
        Status::NotChecked => "not checked",
    }
}

/// A shape for each status, so that they do not differ by colour alone.
fn icon(status: Status) -> Markup {
    let path = match status {
        Status::Pass => "M3 8.5l3.2 3.2L13 4.8",
        Status::Warn => "M8 3v6M8 11.6v1.4",
        Status::Fail => "M4 4l8 8M12 4l-8 8",
        Status::NotChecked => "M3.5 8h9",
    };
    html! {
        svg .icon viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false" { path d=(path) {} }
    }
}

fn happened(report: &Report) -> Markup {
    let Happened { rows, more } = prose::happened(report);
    if rows.len() < 2 {
        return html! {};
    }
    html! {
        section aria-labelledby="happened" {
            h2 #happened { "What happened" }
            div .scroll tabindex="0" role="region" aria-labelledby="happened" {
                table {
                    thead { tr {
                        th scope="col" .figure { "run" }
                        th scope="col" .figure { "fuel" }
                        th scope="col" .figure { "memory" }
                        th scope="col" .figure { "sent" }
                        th scope="col" { "new effects" }
                    } }
                    tbody {
                        @for EffectsRow { row, effects } in &rows {
                            tr .deviates[row.stands_out] {
                                th scope="row" .figure { (row.run) }
                                td .figure { (count(row.resources.fuel)) }
                                td .figure { (bytes(row.resources.memory_peak_bytes)) }
                                td .figure { (bytes(row.resources.bytes.network_sent)) }
                                td .wide { (visible(effects)) }
                            }
                        }
                    }
                }
            }
            @if more > 0 { p .note { (more) " more runs differ." } }
        }
    }
}

/// What is declared and what was observed.
fn envelope(report: &Report) -> Markup {
    if report.columns.is_empty() {
        return html! {};
    }
    html! {
        section aria-labelledby="envelope" {
            h2 #envelope { "Declared and observed" }
            div .scroll tabindex="0" role="region" aria-labelledby="envelope" {
                table {
                    thead { tr { @for head in prose::ENVELOPE_HEADS { th scope="col" { (head) } } } }
                    tbody {
                        @for row in &report.columns {
                            @let [key, cells @ ..] = prose::envelope_cells(row);
                            tr .deviates[!row.undeclared.is_empty()] {
                                th scope="row" { (key.join("")) }
                                @for cell in &cells {
                                    td { @for item in cell { (visible(item)) br; } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn power(report: &Report) -> Markup {
    let power = &report.detection_power;
    html! {
        section aria-labelledby="power" {
            h2 #power { "Detection power" }
            div .pair {
                @for (title, items) in [("Tested", &power.conditions_tested), ("Not tested", &power.untested)] {
                    div {
                        h3 { (title) }
                        ul { @for item in items { li { (visible(&capitalised(item))) } } }
                        @if items.is_empty() { p { "Nothing" } }
                    }
                }
            }
            p .note { "Bound: " (visible(&power.bound)) "." }
            @if !power.dormant.is_empty() {
                h3 { "Dormant" }
                ul { @for item in &power.dormant { li { (visible(&capitalised(item))) } } }
            }
        }
    }
}

fn recommended(report: &Report) -> Markup {
    if report.recommendations.is_empty() {
        return html! {};
    }
    html! {
        section aria-labelledby="recommended" {
            h2 #recommended { "Recommended" }
            ol .actions {
                @for (number, action) in (1..).zip(&report.recommendations) {
                    @let label = format!("action-{number}");
                    li {
                        p id=(label) { (visible(&capitalised(&action.what))) }
                        @if !action.command.is_empty() { (command(&action.command, &label)) }
                    }
                }
            }
        }
    }
}

fn foot(report: &Report) -> Markup {
    let skill = &report.skill;
    let facts = [
        ("report", &report.id),
        ("started", &report.started_at),
        ("component, SHA-256", &skill.component_sha256),
        ("envelope, SHA-256", &skill.envelope_sha256),
        ("Invar", &report.engine.version),
        ("engine configuration, SHA-256", &report.engine.config_sha256),
    ];
    html! {
        footer {
            dl .facts-list {
                @for (label, value) in facts.into_iter().filter(|(_, value)| !value.is_empty()) {
                    div { dt { (label) } dd { (visible(value)) } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{SCRIPT, STYLE, policy};

    #[test]
    fn nothing_can_end_the_style_or_the_script() {
        assert!(!STYLE.contains("</") && !SCRIPT.contains("</"));
        assert!(!STYLE.contains("url(") && !STYLE.contains("@import"));
        assert!(policy().starts_with("default-src 'none'; style-src 'sha256-"));
        assert!(!policy().contains("unsafe"));
    }
}
