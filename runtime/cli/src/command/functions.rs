//! The functions that a skill exports, for `invar inspect`.

use invar_engine::{CallNames, Docs, Tool};
use invar_envelope::Claims;
use invar_host::LoadedSkill;
use serde_json::{Value, json};

use crate::escape;

/// Functions that are shown to people; JSON lists all.
const SHOWN_MAX: usize = 64;
/// Characters of a line that is shown.
const LINE_CHARS_MAX: usize = 100;
/// Lines of the publisher's text on one function that are shown.
const DOC_LINES_MAX: usize = 6;

/// Each function with a call of it, and what the publisher says of it.
pub(super) fn human(skill: &LoadedSkill) -> String {
    let files = skill.files();
    if skill.tools.is_empty() {
        return String::new();
    }
    let docs = Docs::of(&files.component);
    let mut text = match &docs {
        Some(docs) => {
            format!("\n  functions   described by the publisher (sha256:{})\n", docs.digest.short(12))
        }
        None => "\n  functions\n".to_owned(),
    };
    let names = CallNames::new(&skill.tools);
    for tool in skill.tools.iter().take(SHOWN_MAX) {
        let line = match &tool.signature {
            Ok(_) => tool.example(&names),
            Err(why) => format!("{}: {why}", names.of(tool)),
        };
        text.push_str(&format!("    {}\n", cut(&line)));
        let said = docs.as_ref().and_then(|docs| docs.text(tool.interface.as_deref(), &tool.function));
        if let Some(claims) = skill.call_claims().get(&tool.name()) {
            text.push_str(&format!("      claims {}\n", claimed(claims)));
        }
        for line in said.into_iter().flat_map(str::lines).take(DOC_LINES_MAX) {
            text.push_str(&format!("      | {}\n", cut(line)));
        }
    }
    let more = skill.tools.len().saturating_sub(SHOWN_MAX);
    if more > 0 {
        text.push_str(&format!("    and {more} more; --format json lists them\n"));
    }
    text
}

/// The same with JSON Schemas.
pub(super) fn json(skill: &LoadedSkill) -> Value {
    let files = skill.files();
    let docs = Docs::of(&files.component);
    let said = |tool: &Tool| docs.as_ref()?.text(tool.interface.as_deref(), &tool.function);
    let names = CallNames::new(&skill.tools);
    let function = |tool: &Tool| {
        let mut function = json!({
            "name": tool.name(),
            "call": names.of(tool),
            "publisher_description": said(tool),
        });
        match &tool.signature {
            Ok(signature) => {
                function["input_schema"] = signature.input_schema();
                function["output_schema"] = signature.output_schema();
                function["example"] = Value::Object(signature.example());
                function["needs_session"] = signature.has_handles().into();
            }
            Err(why) => function["not_callable"] = why.to_string().into(),
        }
        if let Some(claims) = skill.call_claims().get(&tool.name()) {
            function["claims"] = json!({
                "varies_with": varies_with(claims),
                "complexity": claims.complexity.map(|class| class.to_string()),
            });
        }
        function
    };
    json!({
        "publisher_descriptions_sha256": docs.as_ref().map(|docs| docs.digest.to_string()),
        "functions": skill.tools.iter().map(function).collect::<Vec<_>>(),
    })
}

/// What `varies_with` lists; none: nothing is claimed.
fn varies_with(claims: &Claims) -> Option<Vec<String>> {
    claims.varies_with.as_ref().map(|list| list.iter().map(ToString::to_string).collect())
}

/// The claims about one function in one line: `complexity n^2, varies_with clock`.
fn claimed(claims: &Claims) -> String {
    let complexity = claims.complexity.map(|class| format!("complexity {class}"));
    let varies = varies_with(claims).map(|list| match list.is_empty() {
        true => "varies_with nothing".to_owned(),
        false => format!("varies_with {}", list.join(", ")),
    });
    let all: Vec<String> = complexity.into_iter().chain(varies).collect();
    match all.is_empty() {
        true => "nothing".to_owned(),
        false => cut(&all.join(", ")),
    }
}

/// Text of the skill or its publisher, in one line.
fn cut(text: &str) -> String {
    let mut chars = text.chars();
    let mut shown = escape::line(&chars.by_ref().take(LINE_CHARS_MAX).collect::<String>());
    if chars.next().is_some() {
        shown.push('…');
    }
    shown
}
