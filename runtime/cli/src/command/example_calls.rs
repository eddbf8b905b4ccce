//! Calls of a tool skill's functions with example arguments, for `invar init`.

use invar_engine::Tool;
use invar_envelope::toml_text;
use serde_json::{Value as Json, json};

/// Functions that are called. Stops thousands of them from filling a manifest.
const CALLS_MAX: usize = 32;

/// A call of each function, with arguments made from its types.
pub(super) struct ExampleCalls(Vec<(String, Json)>);

impl ExampleCalls {
    pub(super) fn of(tools: &[Tool]) -> Self {
        let call = |tool: &Tool| {
            let signature = tool.signature.as_ref().ok().filter(|_| !is_of_toolchain(tool))?;
            // A handle is of a call before it, and which one makes sense is nobody's guess.
            let signature = Some(signature).filter(|signature| !signature.has_handles())?;
            Some((tool.name(), Json::Object(signature.example())))
        };
        Self(tools.iter().filter_map(call).take(CALLS_MAX).collect())
    }

    /// The input of a run that makes them.
    pub(super) fn input(&self) -> Vec<u8> {
        let calls: Vec<Json> =
            self.0.iter().map(|(call, args)| json!({ "call": call, "args": args })).collect();
        Json::Array(calls).to_string().into_bytes()
    }

    /// The lines of a manifest.
    pub(super) fn lines(&self) -> Vec<String> {
        if self.0.is_empty() {
            return Vec::new();
        }
        let mut lines = vec![
            "# The calls of a run, with arguments made from their types: write values that mean something."
                .to_owned(),
            "calls = [".to_owned(),
        ];
        for (call, args) in &self.0 {
            lines.push(format!(
                "    {{ call = {}, args = {} }},",
                toml_text(call),
                toml_text(&args.to_string())
            ));
        }
        lines.push("]".to_owned());
        lines
    }
}

/// Whether a function is one that componentize-py or componentize-qjs call when they build a component, and that nobody calls
/// later.
fn is_of_toolchain(tool: &Tool) -> bool {
    const ARGUMENTS: [&str; 2] = ["app-name", "entry-path"];
    let mut names =
        tool.signature.iter().flat_map(|signature| &signature.params).map(|(name, _)| name.as_str());
    tool.function == "init" && names.any(|name| ARGUMENTS.contains(&name))
}
