//! The report as one JSON document: `docs/schema/invar-report-1.json`.

use invar_monitor::Report;

use crate::error::{Error, Outcome};

/// The report as one JSON document.
pub(crate) fn json(report: &Report) -> Outcome<String> {
    serde_json::to_string_pretty(report)
        .map(|text| text + "\n")
        .map_err(|error| Error::Internal(error.to_string()))
}
