//! The world that `--world` and related options name.

use std::path::PathBuf;

use invar_host::world::{Mount, WorldSource, WorldSpec};
use invar_world::Timestamp;

use crate::{
    args::WorldArgs,
    error::{Error, Outcome},
};

/// Reads `HOST[::GUEST][:ro]`.
fn mount(text: &str) -> Outcome<Mount> {
    let bad = || {
        Error::Usage(format!(
            "--dir {text}: write HOST::GUEST or HOST::GUEST:ro, GUEST being absolute; without ::GUEST, HOST is absolute"
        ))
    };
    let (paths, read_only) = match text.strip_suffix(":ro") {
        Some(paths) => (paths, true),
        None => (text, false),
    };
    let (host, guest) = paths.split_once("::").unwrap_or((paths, paths));
    match guest.starts_with('/')
        && !host.is_empty()
        && guest.split('/').all(|name| !matches!(name, "." | ".."))
    {
        true => Ok(Mount { host: PathBuf::from(host), guest: guest.to_owned(), read_only }),
        false => Err(bad()),
    }
}

/// The world that was asked for.
pub(crate) fn spec(args: &WorldArgs) -> Outcome<WorldSpec> {
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
        args: args.invocation.args.clone(),
        mounts: args.invocation.directories.iter().map(|text| mount(text)).collect::<Outcome<_>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::mount;

    #[test]
    fn a_directory_is_given_with_its_path_for_the_skill_or_with_its_path_on_the_host() {
        for (text, host, guest, read_only) in [
            ("data::/data", "data", "/data", false),
            ("/srv/data::/data:ro", "/srv/data", "/data", true),
            ("/srv/data", "/srv/data", "/srv/data", false),
            ("/srv/data:ro", "/srv/data", "/srv/data", true),
            ("./a:ro::/a", "./a:ro", "/a", false),
        ] {
            let mount = mount(text).unwrap();
            assert_eq!((mount.host.to_str(), mount.guest.as_str()), (Some(host), guest), "{text}");
            assert_eq!(mount.read_only, read_only, "{text}");
        }
        for text in ["", "data", "data:ro", "data::data", "::/data", "/data/../etc", "a::/data/./b", "a::"] {
            let error = mount(text).unwrap_err().to_string();
            assert!(error.contains("write HOST::GUEST"), "{text}: {error}");
        }
    }
}
