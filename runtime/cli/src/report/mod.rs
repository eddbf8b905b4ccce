//! Reports in their forms.

pub(crate) mod history;
mod html;
mod human;
mod json;
mod jsonl;
mod junit;
mod markdown;
mod place;
mod prose;
mod sarif;

use invar_monitor::Report;
use invar_world::World;

use crate::{args::ReportFormat, error::Outcome};

use invar_host::skill::Pages;

/// What a report is written from.
pub(crate) struct Material<'a> {
    /// What was found.
    pub(crate) report: &'a Report,
    /// Where the runs were made.
    pub(crate) world: &'a World,
    /// The command that gives the same report.
    pub(crate) again: &'a str,
    /// The command that searches on; none if this was it.
    pub(crate) more: Option<&'a str>,
    /// The documents that findings point into.
    pub(crate) pages: &'a Pages,
    /// What the command exits with.
    pub(crate) exit: u8,
}

/// The report in the form that was asked for.
pub(crate) fn write(format: ReportFormat, material: &Material<'_>) -> Outcome<String> {
    match format {
        ReportFormat::Human => Ok(human::human(material)),
        ReportFormat::Json => json::json(material.report),
        ReportFormat::Jsonl => jsonl::jsonl(material.report),
        ReportFormat::Markdown => Ok(markdown::markdown(material)),
        ReportFormat::Html => Ok(html::html(material, &html::Extras::of(material.report))),
        ReportFormat::Sarif => sarif::sarif(material),
        ReportFormat::Junit => junit::junit(material),
    }
}

/// The text without colours, for files.
pub(crate) fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}
