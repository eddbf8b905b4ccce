//! All findings, each to be opened.

use invar_monitor::{Report, Severity};
use maud::{Markup, html};

use super::prose::{self, capitalised, visible};

/// The findings, worst first.
pub(super) fn section(report: &Report) -> Markup {
    let mut findings: Vec<_> = report.findings().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    html! {
        section aria-labelledby="findings" {
            h2 #findings { "All findings" }
            @if findings.is_empty() { p { "None." } }
            @for finding in findings {
                details .finding {
                    summary {
                        span class=(format!("severity {}", tone(finding.severity))) { (prose::severity(finding.severity)) }
                        span .what { (visible(&capitalised(&finding.what))) }
                    }
                    dl {
                        div { dt { "invariant" } dd { (prose::class(finding.class)) } }
                        @for (label, value) in prose::details(finding) {
                            @if !value.is_empty() { div { dt { (label) } dd { (visible(value)) } } }
                        }
                    }
                }
            }
        }
    }
}

fn tone(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "none",
        Severity::Minor => "warn",
        Severity::Major | Severity::Critical => "bad",
    }
}
