//! The calls that a run of a tool skill makes: its input, as JSON.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};
use thiserror::Error;
use wasmtime::component::Val;

use crate::{
    handles::{BadHandle, HandleProblem, PlannedHandles},
    names::{self, Names},
    strict_json::StrictJson,
    tool::{CallNames, Signature, Tool},
    values::{Unsupported, ValueError, canonical, read_fields, write_fields},
};

/// Bytes of all calls of a run, as JSON. Stops arguments that take many times their size while they are read.
pub const CALLS_BYTES_MAX: usize = 4 << 20;
/// Calls of one run. Stops a list of empty calls whose results take longer to write than any use has.
pub const CALLS_MAX: usize = 10_000;

/// Calls that cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CallError {
    /// More text than is read.
    #[error("the calls have {bytes} bytes; a run takes at most {CALLS_BYTES_MAX}")]
    TooLarge {
        /// Bytes they have.
        bytes: usize,
    },
    /// More calls than a run makes.
    #[error("{calls} calls; a run makes at most {CALLS_MAX}")]
    TooMany {
        /// How many there are.
        calls: usize,
    },
    /// Not JSON at all.
    #[error("not JSON: {0}")]
    NotJson(String),
    /// JSON that is not read.
    #[error("{0}")]
    Json(String),
    /// JSON of another shape.
    #[error("{what} is not {shape}")]
    Shape {
        /// What has another shape.
        what: String,
        /// The right one.
        shape: &'static str,
    },
    /// No function has this name.
    #[error("there is no function {}; {}", names::message(.name), listed(.functions))]
    Unknown {
        /// As it was written.
        name: String,
        /// The functions that there are.
        functions: Names,
    },
    /// Several functions have this name.
    #[error("{} can be {functions}: write more of the name", names::message(.name))]
    Ambiguous {
        /// As it was written.
        name: String,
        /// Their names in full.
        functions: Names,
    },
    /// The function cannot be called.
    #[error("{} cannot be called: {why}", names::message(.name))]
    Unsupported {
        /// Its name.
        name: String,
        /// Why.
        why: Unsupported,
    },
    /// The arguments are not what the function takes.
    #[error("call {number}, {}: {error}; it takes, for example, {example}", names::message(.name))]
    Arguments {
        /// Of the call, from 1.
        number: usize,
        /// The function.
        name: String,
        /// What is wrong.
        error: ValueError,
        /// Arguments that it takes.
        example: String,
    },
    /// A handle that the call cannot be given.
    #[error("call {number}, {}: handle {handle} {why}", names::message(.name))]
    Handle {
        /// Of the call, from 1.
        number: usize,
        /// The function.
        name: String,
        /// The number of the handle.
        handle: u32,
        /// Why not.
        why: HandleProblem,
    },
}

fn listed(functions: &Names) -> String {
    match functions.is_empty() {
        true => "the skill exports none that is called by its name".to_owned(),
        false => format!("there are {functions}"),
    }
}

/// The calls of one run, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Calls(Vec<Call>);

/// One call, with arguments of the right types.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Call {
    pub(crate) interface: Option<Arc<str>>,
    pub(crate) function: String,
    pub(crate) signature: Signature,
    pub(crate) args: Vec<(String, Val)>,
}

impl Call {
    /// The name of the function, in full.
    pub(crate) fn name(&self) -> String {
        match &self.interface {
            Some(interface) => format!("{interface}.{}", self.function),
            None => self.function.clone(),
        }
    }

    /// That it cannot be given a handle.
    pub(crate) fn bad_handle(&self, number: usize, bad: BadHandle) -> CallError {
        CallError::Handle { number, name: self.name(), handle: bad.handle, why: bad.why }
    }

    fn read(tools: &[Tool], number: usize, name: &str, args: &Json) -> Result<Self, CallError> {
        let tool = find_tool(tools, name)?;
        let signature = match &tool.signature {
            Ok(signature) => signature.clone(),
            Err(why) => {
                return Err(CallError::Unsupported {
                    name: CallNames::new(tools).of(tool),
                    why: why.clone(),
                });
            }
        };
        let object =
            args.as_object().ok_or_else(|| ValueError::other("an object of arguments by name", args));
        let args = object.and_then(|object| read_fields(&signature.params, object)).map_err(|error| {
            CallError::Arguments {
                number,
                name: CallNames::new(tools).of(tool),
                error: error.in_field("args"),
                example: canonical(&Json::Object(signature.example())),
            }
        })?;
        Ok(Self { interface: tool.interface.clone(), function: tool.function.clone(), signature, args })
    }
}

impl Calls {
    /// One call of a function, by any form of its name.
    ///
    /// # Errors
    /// There is no such function, or it takes other arguments.
    pub fn one(tools: &[Tool], name: &str, args: &Json) -> Result<Self, CallError> {
        Self::new(tools, [(name, args)])
    }

    /// Several calls, each with the name of a function and its arguments.
    ///
    /// # Errors
    /// As [`Calls::one`], and if there are too many.
    pub fn new<'a>(
        tools: &[Tool],
        calls: impl IntoIterator<Item = (&'a str, &'a Json)>,
    ) -> Result<Self, CallError> {
        let mut handles = PlannedHandles::default();
        let mut read = |(number, (name, args))| match number > CALLS_MAX {
            true => Err(CallError::TooMany { calls: number }),
            false => {
                let call = Call::read(tools, number, name, args)?;
                let added = handles.add(number, &call.signature, &call.args);
                added.map_err(|bad| call.bad_handle(number, bad))?;
                Ok(call)
            }
        };
        (1..).zip(calls).map(&mut read).collect::<Result<_, _>>().map(Self)
    }

    /// Reads calls as [`Calls::to_json`] writes them, with any form of each name.
    ///
    /// # Errors
    /// See [`CallError`].
    pub fn read(tools: &[Tool], text: &[u8]) -> Result<Self, CallError> {
        let plan = read_json(text)?;
        let calls = plan.as_array().ok_or_else(|| shape("the input of a tool skill", PLAN_SHAPE))?;
        let none = Json::Object(Map::new());
        let named = calls.iter().take(CALLS_MAX + 1).map(|json| name_and_args(json, &none));
        Self::new(tools, named.collect::<Result<Vec<_>, _>>()?)
    }

    /// The calls as one text, which is the same however they were written: names in full, arguments as their types have
    /// them. This is the input of the run.
    #[must_use]
    pub fn to_json(&self) -> String {
        let calls: Json = self
            .iter()
            .map(|call| {
                json!({ "call": call.name(), "args": write_fields(&call.signature.params, &call.args) })
            })
            .collect();
        canonical(&calls)
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The first function that takes or gives handles of resources, by its name in full.
    #[must_use]
    pub fn first_with_handles(&self) -> Option<String> {
        self.iter().find(|call| call.signature.has_handles()).map(Call::name)
    }

    /// The calls, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Call> {
        self.0.iter()
    }
}

/// How calls are written.
const PLAN_SHAPE: &str = r#"an array of {"call": NAME, "args": {…}}"#;

fn shape(what: &str, shape: &'static str) -> CallError {
    CallError::Shape { what: what.to_owned(), shape }
}

/// The name and the arguments of one call; `none` if it has no arguments.
fn name_and_args<'a>(json: &'a Json, none: &'a Json) -> Result<(&'a str, &'a Json), CallError> {
    let read = |call: &'a Map<String, Json>| {
        let known = call.keys().all(|key| key == "call" || key == "args");
        let name = call.get("call").filter(|_| known)?.as_str()?;
        Some((name, call.get("args").unwrap_or(none)))
    };
    json.as_object().and_then(read).ok_or_else(|| shape("a call", r#"{"call": NAME, "args": {…}}"#))
}

/// Reads JSON of bounded size; nesting is bounded by its parser.
///
/// # Errors
/// It is too long, no JSON, or has a name twice in one object.
pub fn read_json(text: &[u8]) -> Result<Json, CallError> {
    if text.len() > CALLS_BYTES_MAX {
        return Err(CallError::TooLarge { bytes: text.len() });
    }
    let json: Result<StrictJson, _> = serde_json::from_slice(text);
    json.map(|StrictJson(json)| json).map_err(|error| match error.is_data() {
        true => CallError::Json(error.to_string()),
        false => CallError::NotJson(error.to_string()),
    })
}

/// The function that a name means: the one with just this name, or the only one that it can be.
///
/// # Errors
/// There is none, or there are several.
pub fn find_tool<'a>(tools: &'a [Tool], name: &str) -> Result<&'a Tool, CallError> {
    if let Some(tool) = tools.iter().find(|tool| tool.name() == name) {
        return Ok(tool);
    }
    let found: Vec<&Tool> = tools.iter().filter(|tool| tool.is_named(name)).collect();
    match found.as_slice() {
        [tool] => Ok(tool),
        [] => {
            let names = CallNames::new(tools);
            let functions = Names::plain(tools.iter().map(|tool| names.of(tool)));
            Err(CallError::Unknown { name: name.to_owned(), functions })
        }
        _ => Err(CallError::Ambiguous {
            name: name.to_owned(),
            functions: Names::plain(found.iter().map(|tool| tool.name())),
        }),
    }
}
