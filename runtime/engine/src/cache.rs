//! Compiled code on disk, sealed.
//!
//! Whoever can write compiled code can run any code as us. So every file ends with a BLAKE3 hash under a key of this
//! installation, over the component's digest, the engine's digest and the code. A directory that others can write is
//! not used at all: who can change a file between its check and its use is we, and can read the key.

#![expect(clippy::disallowed_methods, reason = "the cache is files, and its key is entropy, of the host's")]

use std::{
    fs::File,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use blake3::{Hash, Hasher};
use invar_world::Digest;
use thiserror::Error;

/// Bytes of one file; a 20 MB component compiles to less than this. Stops a planted file from filling memory.
const FILE_BYTES_MAX: u64 = 512 << 20;
const SEAL_BYTES: usize = 32;
const KEY_BYTES: usize = 32;

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

    /// The file with the code of a component, if it is there and sealed: the code, and behind it the seal. It is not
    /// kept in memory, so that a run pays for what it executes of it.
    ///
    /// # Errors
    /// See [`CacheProblem`].
    pub(crate) fn load(&self, component: Digest, engine: Digest) -> Result<Option<PathBuf>, CacheProblem> {
        if !self.code.exists() {
            return Ok(None);
        }
        check_owner(&self.code)?;
        let path = self.path(component, engine);
        let Some(mut file) = open(&path)? else { return Ok(None) };
        let bytes = file.metadata().map_err(failed(&path))?.len();
        let broken = || CacheProblem::BrokenSeal(path.clone());
        let code_bytes = bytes.checked_sub(SEAL_BYTES as u64).filter(|_| bytes <= FILE_BYTES_MAX);
        let mut hasher = self.hasher(component, engine)?;
        let mut code = Read::by_ref(&mut file).take(code_bytes.ok_or_else(broken)?);
        hasher.update_reader(&mut code).map_err(failed(&path))?;
        let mut seal = [0; SEAL_BYTES];
        match file.read_exact(&mut seal) {
            // Equal in a time that does not depend on where they differ.
            Ok(()) if hasher.finalize() == Hash::from_bytes(seal) => Ok(Some(path)),
            _ => Err(broken()),
        }
    }

    /// Keeps the code of a component.
    ///
    /// # Errors
    /// See [`CacheProblem`].
    pub(crate) fn store(&self, component: Digest, engine: Digest, code: &[u8]) -> Result<(), CacheProblem> {
        make_private(&self.code)?;
        check_owner(&self.code)?;
        let seal = self.hasher(component, engine)?.update(code).finalize();
        let path = self.path(component, engine);
        let mut file = tempfile::NamedTempFile::new_in(&self.code).map_err(failed(&self.code))?;
        file.write_all(code).and_then(|()| file.write_all(seal.as_bytes())).map_err(failed(&path))?;
        file.persist(&path).map_err(|error| failed(&path)(error.error))?;
        Ok(())
    }

    fn path(&self, component: Digest, engine: Digest) -> PathBuf {
        self.code.join(format!("{component}-{}.cwasm", engine.short(16)))
    }

    /// The hasher of a seal, before the code.
    fn hasher(&self, component: Digest, engine: Digest) -> Result<Hasher, CacheProblem> {
        let mut hasher = Hasher::new_keyed(&self.key()?);
        hasher.update(b"invar/code\0").update(&component.0).update(&engine.0);
        Ok(hasher)
    }

    /// The key of this installation, made when it is first needed.
    fn key(&self) -> Result<[u8; KEY_BYTES], CacheProblem> {
        let directory = self.key.parent().unwrap_or(Path::new("."));
        if let Some(file) = open(&self.key)? {
            check_owner(directory)?;
            let mut key = Vec::new();
            file.take(KEY_BYTES as u64 + 1).read_to_end(&mut key).map_err(failed(&self.key))?;
            return key
                .try_into()
                .map_err(|_| CacheProblem::Io(format!("{} does not hold a key", self.key.display())));
        }
        make_private(directory)?;
        check_owner(directory)?;
        let mut key = [0; KEY_BYTES];
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

fn open(path: &Path) -> Result<Option<File>, CacheProblem> {
    match File::open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(path)(error)),
    }
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
        let path = cache.load(component, engine).unwrap().unwrap();
        assert_eq!(std::fs::read(path).unwrap()[..4], *b"code");
        assert_eq!(cache.load(engine, component), Ok(None));
    }

    #[test]
    fn planted_code_is_refused_by_name() {
        let home = tempfile::tempdir().unwrap();
        let (component, engine) = digests();
        let cache = cache(home.path());
        cache.store(component, engine, b"code").unwrap();
        let path = cache.path(component, engine);
        for planted in [b"short".to_vec(), [b"evil", &[0; 32][..]].concat(), vec![]] {
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
