//! The world that `--world` and related options name.

use std::path::PathBuf;

use invar_host::world::{Mount, WorldSource, WorldSpec};
use invar_world::Timestamp;

use crate::{
    args::WorldArgs,
    error::{Error, Outcome},
};

/// Reads `HOST::GUEST[:ro]`.
pub(crate) fn mount(text: &str) -> Outcome<Mount> {
    let bad =
        || Error::Usage(format!("--dir {text}: write HOST::GUEST or HOST::GUEST:ro, GUEST being absolute"));
    let (host, guest) = text.split_once("::").ok_or_else(bad)?;
    let (guest, read_only) = match guest.strip_suffix(":ro") {
        Some(guest) => (guest, true),
        None => (guest, false),
    };
    match guest.starts_with('/')
        && !host.is_empty()
        && guest.split('/').all(|name| !matches!(name, "." | ".."))
    {
        true => Ok(Mount { host: PathBuf::from(host), guest: guest.to_owned(), read_only }),
        false => Err(bad()),
    }
}

/// The world that was asked for.
pub(crate) fn spec(args: &WorldArgs, mounts: Vec<Mount>, rest: &[String]) -> Outcome<WorldSpec> {
    let source = match args.world.as_deref() {
        Some("live") => return Err(Error::Usage("only `invar run` can use the live world".into())),
        None | Some("lab") => WorldSource::Skill,
        Some(file) => WorldSource::File(PathBuf::from(file)),
    };
    let start = args
        .at
        .as_ref()
        .map(|time| Timestamp::parse(time).map_err(|error| Error::Usage(format!("--at: {error}"))));
    let variable = |variable: &String| {
        let pair = variable.split_once('=').filter(|(name, _)| !name.is_empty());
        let (name, value) =
            pair.ok_or_else(|| Error::Usage(format!("--env {variable}: write NAME=VALUE")))?;
        Ok((name.to_owned(), value.to_owned()))
    };
    Ok(WorldSpec {
        source,
        start: start.transpose()?,
        seed: args.seed,
        env: args.variables.iter().map(variable).collect::<Outcome<_>>()?,
        args: rest.to_vec(),
        mounts,
    })
}
