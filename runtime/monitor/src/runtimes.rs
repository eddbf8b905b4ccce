//! What the runtimes of languages read by themselves: variables and clocks, by name, from `runtimes.toml`.

use std::sync::LazyLock;

use invar_envelope::NamePattern;
use serde::Deserialize;

/// The file, as it was built in.
const TEXT: &str = include_str!("runtimes.toml");

/// A runtime, and what it reads.
#[derive(Debug)]
struct Runtime {
    name: String,
    variables: Vec<NamePattern>,
    /// A clock, and how many times a run it is read at most.
    clock: Option<(String, u64)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    runtime: Vec<RawRuntime>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRuntime {
    name: String,
    #[serde(default)]
    variables: Vec<String>,
    clock: Option<String>,
    reads_max: Option<u64>,
}

/// A file that cannot be read names no runtime, so that nothing is excused: a test reads it.
static RUNTIMES: LazyLock<Vec<Runtime>> = LazyLock::new(|| parse(TEXT).unwrap_or_default());

fn parse(text: &str) -> Result<Vec<Runtime>, String> {
    let raw: RawFile = toml::from_str(text).map_err(|error| error.to_string())?;
    let runtime = |raw: RawRuntime| {
        let variables = raw.variables.iter().map(|name| NamePattern::parse(name)).collect::<Result<_, _>>();
        Ok(Runtime {
            variables: variables.map_err(|error| format!("{}: {error}", raw.name))?,
            clock: raw.clock.zip(raw.reads_max),
            name: raw.name,
        })
    };
    raw.runtime.into_iter().map(runtime).collect()
}

/// The runtime that reads a variable by itself, if one does.
pub(crate) fn of_variable(name: &str) -> Option<&'static str> {
    let reads = |runtime: &&Runtime| runtime.variables.iter().any(|pattern| pattern.matches(name));
    RUNTIMES.iter().find(reads).map(|runtime| runtime.name.as_str())
}

/// The runtime that reads a clock by itself so many times a run, if one does.
pub(crate) fn of_clock(clock: &str, times: u64) -> Option<&'static str> {
    let reads = |runtime: &&Runtime| {
        runtime.clock.as_ref().is_some_and(|(name, most)| name == clock && times <= *most)
    };
    RUNTIMES.iter().find(reads).map(|runtime| runtime.name.as_str())
}

#[cfg(test)]
mod tests {
    use super::{TEXT, of_clock, of_variable, parse};

    #[test]
    fn the_file_can_be_read_and_names_runtimes_by_their_variables() {
        assert!(parse(TEXT).unwrap().len() > 10);
        for (name, runtime) in [
            ("TZ", "libc"),
            ("LC_ALL", "libc"),
            ("RUST_MIN_STACK", "Rust"),
            ("LUA_PATH", "Lua"),
            ("PYTHONHOME", "Python"),
            ("NODE_OPTIONS", "JavaScript"),
            ("EXPAT_ACCOUNTING_DEBUG", "expat"),
        ] {
            assert_eq!(of_variable(name), Some(runtime), "{name}");
        }
        // What programs, and not runtimes, go by.
        for name in ["CI", "HOME", "NODE_ENV", "RUST_LOG", "USER", "DEBUG", "TZX"] {
            assert_eq!(of_variable(name), None, "{name}");
        }
    }

    #[test]
    fn one_look_at_the_monotonic_clock_is_the_start_of_a_program_and_more_are_not() {
        assert_eq!(of_clock("monotonic", 1), Some("C start-up"));
        assert_eq!(of_clock("monotonic", 2), None);
        assert_eq!(of_clock("wall", 1), None);
    }
}
