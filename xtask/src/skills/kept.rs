//! Tools whose compilers are not ours: kept as they were built, by their `build.sh`, and held to their `tools.lock`.

use std::io::Read as _;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::project::{self, TaskResult};

const ROOTS: [&str; 2] = ["skills-examples/tools/javascript", "skills-examples/tools/python"];
const LOCK: &str = "tools.lock";
/// What a component may take once it is unpacked.
const COMPONENT_BYTES_MAX: u64 = 32 << 20;

/// Puts those that are kept compressed beside their manifests.
pub(super) fn unpack() -> TaskResult {
    for kept in ROOTS.into_iter().map(listed).collect::<TaskResult<Vec<_>>>()?.into_iter().flatten() {
        if kept.is_compressed() {
            project::write_bytes(&kept.path, &kept.bytes()?)?;
        }
    }
    Ok(())
}

/// Fails if one is not what its lock says.
pub(super) fn check() -> TaskResult {
    for kept in ROOTS.into_iter().map(listed).collect::<TaskResult<Vec<_>>>()?.into_iter().flatten() {
        kept.bytes()?;
    }
    Ok(())
}

/// A line of a lock.
struct Kept {
    sha256: String,
    path: String,
}

impl Kept {
    fn compressed(&self) -> String {
        format!("{}.zst", self.path)
    }

    fn is_compressed(&self) -> bool {
        project::path(&self.compressed()).exists()
    }

    /// The component, if it is the one of the lock.
    fn bytes(&self) -> TaskResult<Vec<u8>> {
        let bytes = match self.is_compressed() {
            true => decompressed(&project::read_bytes(&self.compressed())?)
                .map_err(|error| format!("{}: {error}", self.compressed()))?,
            false => project::read_bytes(&self.path)?,
        };
        match HEXLOWER.encode(&Sha256::digest(&bytes)) == self.sha256 {
            true => Ok(bytes),
            false => Err(format!("{} is not the one of its {LOCK}: run build.sh beside it", self.path)),
        }
    }
}

fn listed(root: &str) -> TaskResult<Vec<Kept>> {
    let text = project::read(&format!("{root}/{LOCK}"))?;
    let lines =
        text.lines().filter(|line| !line.starts_with('#')).map(|line| match line.split_once("  ./") {
            Some((sha256, path)) => Ok(Kept { sha256: sha256.to_owned(), path: format!("{root}/{path}") }),
            None => Err(format!("{root}/{LOCK}: not a digest and a path: {line}")),
        });
    let kept: Vec<Kept> = lines.collect::<TaskResult<_>>()?;
    if kept.is_empty() { Err(format!("{root}/{LOCK} names nothing")) } else { Ok(kept) }
}

fn decompressed(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut component = Vec::new();
    let decoder = zstd::stream::read::Decoder::new(bytes)?;
    decoder.take(COMPONENT_BYTES_MAX + 1).read_to_end(&mut component)?;
    match component.len() as u64 > COMPONENT_BYTES_MAX {
        true => Err(std::io::Error::other(format!("more than {COMPONENT_BYTES_MAX} bytes"))),
        false => Ok(component),
    }
}

#[cfg(test)]
mod tests {
    use super::{ROOTS, check, listed};

    #[test]
    fn every_kept_tool_is_that_of_its_lock() {
        check().unwrap();
        let mut kept = listed(ROOTS[1]).unwrap().remove(0);
        assert!(kept.is_compressed());
        kept.sha256.replace_range(..1, if kept.sha256.starts_with('0') { "1" } else { "0" });
        assert!(kept.bytes().is_err(), "another digest");
    }
}
