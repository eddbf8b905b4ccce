//! What a skill claims about single functions, by their full names.

use std::collections::BTreeMap;

use invar_engine::{Tool, find_tool};
use invar_envelope::{CallClaims, Claims, Document, DocumentError};

use crate::{
    error::{CallsError, Error, Outcome},
    skill::{Page, SkillFiles},
};

/// The claims about each function that `[claims.call]` names.
///
/// # Errors
/// A name is that of no function, of several, or of one that another name means: at its place in the manifest.
pub(crate) fn by_function(tools: &[Tool], files: &SkillFiles) -> Outcome<BTreeMap<String, Claims>> {
    let mut all = BTreeMap::new();
    for claimed in &files.call_claims {
        let tool = find_tool(tools, &claimed.call).map_err(|error| at(files, claimed, error.into()))?;
        if all.insert(tool.name(), claimed.claims.clone()).is_some() {
            let function = tool.name();
            return Err(at(files, claimed, CallsError::ClaimedTwice { function }));
        }
    }
    Ok(all)
}

/// An error at the place of a name in the manifest.
fn at(files: &SkillFiles, claimed: &CallClaims, error: CallsError) -> Error {
    match &files.pages.manifest {
        Some(Page { path, text }) => {
            DocumentError::at(Document { name: path, text }, claimed.span.clone(), error.to_string()).into()
        }
        None => error.into(),
    }
}
