//! `--call` and `--args`: the function that a skill is called by, and its arguments.

use std::path::Path;

use invar_engine::{CALLS_BYTES_MAX, read_json};
use serde_json::{Map, Value as Json};

use crate::{
    args::InvocationArgs,
    error::{Error, Outcome},
    files,
};

/// The call that the user asks for, as the input of a run.
///
/// # Errors
/// Its arguments cannot be read, or another input is given beside it.
pub(crate) fn asked(args: &InvocationArgs, has_input: bool) -> Outcome<Option<Vec<u8>>> {
    let Some(name) = &args.call else { return Ok(None) };
    if has_input {
        return Err(Error::Usage("--call and --input exclude each other: a call takes --args".into()));
    }
    let json = match args.call_args.as_deref().map(|text| (text, text.strip_prefix('@'))) {
        None => Json::Object(Map::new()),
        Some((_, Some(path))) => read(&files::read_up_to(Path::new(path), CALLS_BYTES_MAX as u64)?, path)?,
        Some((text, None)) => read(text.as_bytes(), "--args")?,
    };
    Ok(Some(invar_host::calls::one(name, &json)))
}

fn read(text: &[u8], what: &str) -> Outcome<Json> {
    read_json(text).map_err(|error| {
        Error::Usage(format!(
            "{what}: {error}; write an object with the arguments by name, such as '{{\"path\": \"/data\"}}'"
        ))
    })
}
