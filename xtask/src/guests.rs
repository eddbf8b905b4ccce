//! Skills in JavaScript: one engine, which is committed, and a script put into it for each.

use crate::project::{self, TaskResult};

pub(crate) const JAVASCRIPT: &str = "skills-examples/guests/javascript";
/// The engine, with no script in it: `cargo xtask skills` builds it.
const ENGINE: &str = "skills-examples/guests/javascript/engine/engine.wasm";

/// Where the area of the script begins: as in `engine/src/area.rs`.
const MARKER: &[u8] = b"<invar-js-here!>";
/// Bytes of the length that follows the marker.
const LEN_BYTES: usize = 4;
/// Room for a script: as in `engine/src/area.rs`.
const SCRIPT_BYTES_MAX: usize = 16 * 1024;

/// Puts every script into the engine and the component beside the script.
pub(crate) fn write() -> TaskResult {
    let engine = project::read_bytes(ENGINE)?;
    for name in names()? {
        let script = project::read_bytes(&format!("{JAVASCRIPT}/{name}/main.js"))?;
        let component = assemble(&engine, &script).map_err(|error| format!("{name}: {error}"))?;
        project::write_bytes(&format!("{JAVASCRIPT}/{name}/{name}.wasm"), &component)?;
    }
    Ok(())
}

/// The engine with this script in place of the one it carries.
pub(crate) fn assemble(engine: &[u8], script: &[u8]) -> Result<Vec<u8>, String> {
    if script.len() > SCRIPT_BYTES_MAX {
        return Err(format!("the script has {} bytes; {SCRIPT_BYTES_MAX} are allowed", script.len()));
    }
    let mut places = engine.windows(MARKER.len()).enumerate().filter(|(_, bytes)| *bytes == MARKER);
    let (Some((at, _)), None) = (places.next(), places.next()) else {
        return Err("the engine has not one place for a script".into());
    };
    let mut component = engine.to_vec();
    let area =
        component.get_mut(at + MARKER.len()..).and_then(|rest| rest.get_mut(..LEN_BYTES + SCRIPT_BYTES_MAX));
    let (len, room) = area.ok_or("the engine ends before its area does")?.split_at_mut(LEN_BYTES);
    let bytes = u32::try_from(script.len()).map_err(|error| error.to_string())?;
    len.copy_from_slice(&bytes.to_le_bytes());
    room.fill(0);
    room[..script.len()].copy_from_slice(script);
    Ok(component)
}

/// The directories with a script.
fn names() -> TaskResult<Vec<String>> {
    let directories = project::list(&project::path(JAVASCRIPT))?;
    let with_script = directories.into_iter().filter(|path| path.join("main.js").exists());
    Ok(with_script.filter_map(|path| Some(path.file_name()?.to_str()?.to_owned())).collect())
}

#[cfg(test)]
mod tests {
    use super::{MARKER, SCRIPT_BYTES_MAX, assemble};

    fn engine() -> Vec<u8> {
        [b"before", MARKER, &[0; 4], &[0; SCRIPT_BYTES_MAX], b"after"].concat()
    }

    #[test]
    fn a_script_is_put_behind_its_length_and_nothing_else_changes() {
        let first = assemble(&engine(), b"print(12)").unwrap();
        assert_eq!(first.len(), engine().len());
        assert!(first.starts_with(&[b"before", MARKER, &[9, 0, 0, 0], b"print(12)\0"].concat()));
        assert!(first.ends_with(b"\0after"));
        // Nothing of a longer one stays.
        assert_eq!(assemble(&first, b"1").unwrap(), assemble(&engine(), b"1").unwrap());
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(assemble(&engine(), &[b' '; SCRIPT_BYTES_MAX]).is_ok());
        assert!(assemble(&engine(), &[b' '; SCRIPT_BYTES_MAX + 1]).is_err());
        assert!(assemble(b"no engine", b"").is_err());
        assert!(assemble(&[engine(), engine()].concat(), b"").is_err(), "two places");
        assert!(assemble(MARKER, b"").is_err(), "no room");
    }
}
