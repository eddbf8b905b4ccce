//! Reports in their forms.

pub(crate) mod history;
mod html;
mod human;
mod json;
mod jsonl;
mod junit;
mod markdown;
mod material;
mod place;
mod prose;
mod sarif;

pub(crate) use material::Material;

use crate::{args::ReportFormat, error::Outcome};

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
