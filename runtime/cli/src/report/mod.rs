//! Reports in their forms.

mod human;

pub(crate) use human::human;
use invar_monitor::Report;

use crate::error::{Error, Outcome};

/// The report as one JSON document.
pub(crate) fn json(report: &Report) -> Outcome<String> {
    serde_json::to_string_pretty(report)
        .map(|text| text + "\n")
        .map_err(|error| Error::Internal(error.to_string()))
}

/// The text without colours, for files.
pub(crate) fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

/// Host time, for the head of a report.
#[expect(clippy::disallowed_methods, reason = "when a report was made is shown, and used for nothing else")]
pub(crate) fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
