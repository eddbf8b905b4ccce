//! The calls that a run of a tool skill makes: what is asked for, else `[lab] calls` of its manifest.

use invar_engine::{Calls, Skill, Tool};
use invar_trace::Entry;
use serde_json::{Value as Json, json};

use crate::{
    error::{CallsError, Outcome},
    skill::SkillFiles,
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
    if skill.entry != Entry::Tool {
        return Ok(input);
    }
    let planned = files.directory.as_ref().map(|directory| directory.calls.as_slice()).unwrap_or_default();
    let calls = match (input.is_empty(), planned) {
        (false, _) => Calls::read(&skill.tools, &input).map_err(CallsError::from)?,
        (true, []) => return Err(CallsError::None { examples: examples(&skill.tools) }.into()),
        (true, planned) => {
            let read = |args: &str| invar_engine::read_json(args.as_bytes()).map_err(CallsError::from);
            let args: Vec<Json> = planned.iter().map(|call| read(&call.args)).collect::<Result<_, _>>()?;
            let named = planned.iter().map(|call| call.call.as_str()).zip(&args);
            Calls::new(&skill.tools, named).map_err(CallsError::from)?
        }
    };
    match files.calls_of_session {
        Some(max) if calls.count() > max as usize => {
            Err(CallsError::Session { calls: calls.count(), max }.into())
        }
        _ => Ok(calls.to_json().into_bytes()),
    }
}

/// The functions of a skill, a line each, with arguments that they take.
fn examples(tools: &[Tool]) -> String {
    let line = |tool: &Tool| {
        let (text, mut shown) = (tool.example(), String::from("\n"));
        shown.extend(text.chars().take(EXAMPLE_CHARS_MAX));
        if text.chars().count() > EXAMPLE_CHARS_MAX {
            shown.push('…');
        }
        shown
    };
    let mut callable = tools.iter().filter(|tool| tool.signature.is_ok());
    let mut lines: String = callable.by_ref().take(EXAMPLES_MAX).map(line).collect();
    let more = callable.count();
    if more > 0 {
        lines.push_str(&format!("\nand {more} more"));
    }
    lines
}
