//! The calls that a run of a tool skill makes: what is asked for, else `[lab] calls` of its manifest.

use invar_engine::{CallNames, Calls, Skill, Tool};
use invar_envelope::{Document, DocumentError, LabCall};
use invar_trace::Entry;
use serde_json::{Value as Json, json};

use crate::{
    error::{CallsError, Error, Outcome},
    skill::{Page, SkillFiles},
};

/// Functions that a message lists with an example. Stops thousands of them from hiding what the message says.
const EXAMPLES_MAX: usize = 24;
/// Characters of one example that are shown.
const EXAMPLE_CHARS_MAX: usize = 400;

/// One call as the input of a run, with any form of the function's name. [`resolve`] checks it.
#[must_use]
pub fn one(name: &str, args: &Json) -> Vec<u8> {
    json!([{ "call": name, "args": args }]).to_string().into_bytes()
}

/// The input of a run: of a tool skill, its calls as one text, checked against the types of its functions. Without an
/// input those of `[lab] calls`. The input of another skill stays as it is.
///
/// # Errors
/// There are no calls, or they cannot be made.
pub fn resolve(skill: &Skill, files: &SkillFiles, input: Vec<u8>) -> Outcome<Vec<u8>> {
    let planned = files.directory.as_ref().map(|directory| directory.calls.as_slice()).unwrap_or_default();
    if skill.entry != Entry::Tool {
        return match planned.first() {
            Some(call) => Err(at(files, call, CallsError::NotATool)),
            None => Ok(input),
        };
    }
    let calls = match (input.is_empty(), planned) {
        (false, _) => Calls::read(&skill.tools, &input).map_err(CallsError::from)?,
        (true, []) => {
            let examples = examples(&skill.tools, files.calls_of_session.is_some());
            return Err(CallsError::None { examples }.into());
        }
        (true, planned) => read_planned(skill, files, planned)?,
    };
    match (files.calls_of_session, calls.first_with_handles()) {
        (Some(max), _) if calls.count() > max as usize => {
            Err(CallsError::Session { calls: calls.count(), max }.into())
        }
        (None, Some(function)) => Err(CallsError::NeedsSession { function }.into()),
        _ => Ok(calls.to_json().into_bytes()),
    }
}

/// The calls of `[lab] calls`. An error names the place of the call in the manifest.
fn read_planned(skill: &Skill, files: &SkillFiles, planned: &[LabCall]) -> Outcome<Calls> {
    let read = |call: &LabCall| {
        invar_engine::read_json(call.args.as_bytes()).map_err(|error| at(files, call, error.into()))
    };
    let args: Vec<Json> = planned.iter().map(read).collect::<Result<_, _>>()?;
    let first = |count: usize| {
        Calls::new(&skill.tools, planned.iter().map(|call| call.call.as_str()).zip(&args).take(count))
    };
    first(planned.len()).map_err(|error| {
        // The call after the longest list that can be made.
        let counts: Vec<usize> = (1..=planned.len()).collect();
        let good = counts.partition_point(|count| first(*count).is_ok());
        match planned.get(good) {
            Some(call) => at(files, call, error.into()),
            None => CallsError::from(error).into(),
        }
    })
}

/// An error at the place of a call in the manifest.
fn at(files: &SkillFiles, call: &LabCall, error: CallsError) -> Error {
    match &files.pages.manifest {
        Some(Page { path, text }) => {
            DocumentError::at(Document { name: path, text }, call.span.clone(), error.to_string()).into()
        }
        None => error.into(),
    }
}

/// The functions of a skill, a line each, with arguments that they take.
fn examples(tools: &[Tool], has_session: bool) -> String {
    let names = CallNames::new(tools);
    let line = |tool: &Tool| {
        let (text, mut shown) = (tool.example(&names), String::from("\n"));
        shown.extend(text.chars().take(EXAMPLE_CHARS_MAX));
        if text.chars().count() > EXAMPLE_CHARS_MAX {
            shown.push('…');
        }
        shown
    };
    let mut callable = tools.iter().filter(|tool| {
        tool.signature.as_ref().is_ok_and(|signature| has_session || !signature.has_handles())
    });
    let mut lines: String = callable.by_ref().take(EXAMPLES_MAX).map(line).collect();
    let more = callable.count();
    if more > 0 {
        lines.push_str(&format!("\nand {more} more"));
    }
    lines
}
