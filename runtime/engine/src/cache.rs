//! Compiled code on disk, sealed.
//!
//! Whoever can write compiled code can run any code as us. So every file carries an HMAC-SHA-256 under a key of
//! this installation, over the component's digest, the engine's digest and the code; it is read whole, checked,
//! and those very bytes are used. A directory that others can write is not used at all.

#![expect(clippy::disallowed_methods, reason = "the cache is files, and its key is entropy, of the host's")]

use std::{
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use hmac::{Hmac, KeyInit, Mac};
use invar_world::Digest;
use sha2::Sha256;
use thiserror::Error;

/// Bytes of one file; a 20 MB component compiles to less than this. Stops a planted file from filling memory.
const FILE_BYTES_MAX: u64 = 512 << 20;
const SEAL_BYTES: usize = 32;

/// A cache in two directories: one for the code, one for the key.
#[derive(Debug, Clone)]
pub struct Cache {
    code: PathBuf,
    key: PathBuf,
}

/// Why the cache was not used. Never an error: the skill is compiled instead.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CacheProblem {
    /// Others could plant code.
    #[error("the code cache {} is not used: others can write to it; run chmod go-w on it", .0.display())]
    WritableByOthers(PathBuf),
    /// Somebody did, or the disk is failing.
    #[error("{} was not sealed by this installation: it is not used and will be replaced", .0.display())]
    BrokenSeal(PathBuf),
    /// A file of ours cannot be read or written.
    #[error("the code cache is not used: {0}")]
    Io(String),
}

impl Cache {
    /// A cache with its code under `code` and its key in the file `key`.
    #[must_use]
    pub fn new(code: PathBuf, key: PathBuf) -> Self {
        Self { code, key }
    }

    /// The code of a component, if it is there and sealed.
    ///
    /// # Errors
    /// See [`CacheProblem`].
    pub(crate) fn load(&self, component: Digest, engine: Digest) -> Result<Option<Vec<u8>>, CacheProblem> {
        if !self.code.exists() {
            return Ok(None);
        }
        check_owner(&self.code)?;
        let path = self.path(component, engine);
        let Some(file) = read(&path)? else { return Ok(None) };
        let Some((seal, code)) = file.split_at_checked(SEAL_BYTES) else {
            return Err(CacheProblem::BrokenSeal(path));
        };
        match self.seal(component, engine, code)?.verify_slice(seal) {
            Ok(()) => Ok(Some(code.to_vec())),
            Err(_) => Err(CacheProblem::BrokenSeal(path)),
        }
    }

    /// Keeps the code of a component.
    ///
    /// # Errors
    /// See [`CacheProblem`].
    pub(crate) fn store(&self, component: Digest, engine: Digest, code: &[u8]) -> Result<(), CacheProblem> {
        make_private(&self.code)?;
        check_owner(&self.code)?;
        let seal = self.seal(component, engine, code)?.finalize().into_bytes();
        let path = self.path(component, engine);
        let mut file = tempfile::NamedTempFile::new_in(&self.code).map_err(failed(&self.code))?;
        file.write_all(&seal).and_then(|()| file.write_all(code)).map_err(failed(&path))?;
        file.persist(&path).map_err(|error| failed(&path)(error.error))?;
        Ok(())
    }

    fn path(&self, component: Digest, engine: Digest) -> PathBuf {
        self.code.join(format!("{component}-{}.cwasm", engine.short(16)))
    }

    fn seal(&self, component: Digest, engine: Digest, code: &[u8]) -> Result<Hmac<Sha256>, CacheProblem> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key()?)
            .map_err(|error| CacheProblem::Io(error.to_string()))?;
        mac.update(b"invar/code\0");
        mac.update(&component.0);
        mac.update(&engine.0);
        mac.update(code);
        Ok(mac)
    }

    /// The key of this installation, made when it is first needed.
    fn key(&self) -> Result<[u8; 32], CacheProblem> {
        let directory = self.key.parent().unwrap_or(Path::new("."));
        if let Some(key) = read(&self.key)? {
            check_owner(directory)?;
            return key
                .try_into()
                .map_err(|_| CacheProblem::Io(format!("{} does not hold a key", self.key.display())));
        }
        make_private(directory)?;
        check_owner(directory)?;
        let mut key = [0; 32];
        getrandom::fill(&mut key).map_err(|error| CacheProblem::Io(error.to_string()))?;
        let mut file = tempfile::NamedTempFile::new_in(directory).map_err(failed(directory))?;
        file.write_all(&key).map_err(failed(&self.key))?;
        match file.persist_noclobber(&self.key) {
            Ok(_) => Ok(key),
            // Another process was first: its key it is.
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => self.key(),
            Err(error) => Err(failed(&self.key)(error.error)),
        }
    }
}

fn failed(path: &Path) -> impl Fn(io::Error) -> CacheProblem {
    move |error| CacheProblem::Io(format!("{}: {error}", path.display()))
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, CacheProblem> {
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(path)(error)),
    };
    let mut bytes = Vec::new();
    file.take(FILE_BYTES_MAX).read_to_end(&mut bytes).map_err(failed(path))?;
    Ok(Some(bytes))
}

/// Makes a directory that only we can use.
fn make_private(directory: &Path) -> Result<(), CacheProblem> {
    if directory.exists() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory).map_err(failed(directory))
}

/// Refuses a directory that others can write to.
fn check_owner(directory: &Path) -> Result<(), CacheProblem> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let metadata = std::fs::metadata(directory).map_err(failed(directory))?;
        if metadata.mode() & 0o022 != 0 {
            return Err(CacheProblem::WritableByOthers(directory.to_owned()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use invar_world::Digest;

    use super::{Cache, CacheProblem};

    fn cache(home: &Path) -> Cache {
        Cache::new(home.join("code"), home.join("keys/code.key"))
    }

    fn digests() -> (Digest, Digest) {
        (Digest::of(b"component"), Digest::of(b"engine"))
    }

    #[test]
    fn code_comes_back_as_it_was_stored_and_only_for_its_component_and_engine() {
        let home = tempfile::tempdir().unwrap();
        let (component, engine) = digests();
        let cache = cache(home.path());
        assert_eq!(cache.load(component, engine), Ok(None));
        cache.store(component, engine, b"code").unwrap();
        assert_eq!(cache.load(component, engine), Ok(Some(b"code".to_vec())));
        assert_eq!(cache.load(engine, component), Ok(None));
    }

    #[test]
    fn planted_code_is_refused_by_name() {
        let home = tempfile::tempdir().unwrap();
        let (component, engine) = digests();
        let cache = cache(home.path());
        cache.store(component, engine, b"code").unwrap();
        let path = cache.path(component, engine);
        for planted in [b"short".to_vec(), [&[0; 32][..], b"evil"].concat()] {
            std::fs::write(&path, planted).unwrap();
            assert_eq!(cache.load(component, engine), Err(CacheProblem::BrokenSeal(path.clone())));
        }
        // What was sealed for one component does not pass for another.
        cache.store(component, engine, b"code").unwrap();
        std::fs::rename(&path, cache.path(engine, engine)).unwrap();
        assert!(matches!(cache.load(engine, engine), Err(CacheProblem::BrokenSeal(_))));
    }

    #[cfg(unix)]
    #[test]
    fn a_directory_that_others_can_write_is_not_used() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().unwrap();
        let (component, engine) = digests();
        let cache = cache(home.path());
        cache.store(component, engine, b"code").unwrap();
        let code = home.path().join("code");
        std::fs::set_permissions(&code, std::fs::Permissions::from_mode(0o777)).unwrap();
        assert_eq!(cache.load(component, engine), Err(CacheProblem::WritableByOthers(code)));
    }
}
