//! A damaged or full trail is set aside unchanged, and a new one replaces it: its first event names the old trail, its last
//! known state, and the reason.

use std::path::{Path, PathBuf};

use invar_ledger::{
    Hash, LastKnown, Log, LogError, SEGMENT_BYTES, Settings,
    body::Predecessor,
    disk::{self, Directory},
    last_known,
};

use super::{
    options::LedgerOptions,
    system::{bounded, entropy, lock, now_ms, settings},
};
use crate::{
    error::{Error, Outcome, TrailError},
    files,
};

/// Maximum number of trails set aside. Stops a cause that damages each new one from filling the disk.
const ASIDE_MAX: u32 = 1000;

/// The reason to replace a trail.
pub enum Why<'a> {
    /// Damage, or all epochs used up; otherwise nothing is done.
    Found,
    /// A decision of the operator.
    Operator(&'a str),
}

/// A trail that was replaced.
pub struct Succeeded {
    /// Where the old trail is now.
    pub aside: PathBuf,
    /// Its description in the genesis event of the new one.
    pub predecessor: Predecessor,
}

/// Sets the trail aside. None if there is nothing wrong with it, and it is not full.
///
/// # Errors
/// It cannot be read or set aside.
pub fn succeed(options: &LedgerOptions, why: &Why<'_>) -> Outcome<Option<Succeeded>> {
    let path = &options.directory;
    // Locked until the new trail is in its place; commands that wait for the lock open it again then.
    let old = lock(path)?;
    if !Log::exists(&old).map_err(|error| TrailError::at(path, error))? {
        return Ok(None);
    }
    let secret = options.secret();
    let Some(reason) = reason(path, secret, why)? else { return Ok(None) };
    let LastKnown { origin, log, size, root } = last_known(&old, secret);
    let predecessor = Predecessor { log, size, root, reason };
    let mut new = settings(origin.map(|origin| next_origin(&origin)).transpose()?)?;
    new.predecessor = Some(predecessor.clone());
    let aside = free_name(path)?;
    begin(path, &aside, &new, secret)?;
    disk::exchange(path, &aside).map_err(|error| {
        Error::Input(format!("the audit trail in {} cannot be set aside: {error}", path.display()))
    })?;
    drop(old);
    Ok(Some(Succeeded { aside, predecessor }))
}

/// Why no more is to be written to it.
fn reason(path: &Path, secret: Option<&[u8]>, why: &Why<'_>) -> Outcome<Option<String>> {
    // Without the lock, which is held already.
    match Log::open(Directory::reading(path), secret, SEGMENT_BYTES) {
        Ok((log, _)) if log.is_full() => Ok(Some("full: all epochs are used up".to_owned())),
        Ok(_) => Ok(match why {
            Why::Found => None,
            Why::Operator(note) => Some(bounded(&format!("the operator: {note}"))),
        }),
        Err(error) if error.is_damage() => Ok(Some(bounded(&match why {
            Why::Found => format!("damaged: {error}"),
            Why::Operator(note) => format!("damaged: {error}; the operator: {note}"),
        }))),
        Err(error) => Err(TrailError::at(path, error)),
    }
}

/// Another name: witnesses know the old trail by its name and key.
fn next_origin(origin: &str) -> Outcome<String> {
    // The names that are made here have no meaning; those of an operator's stay recognisable.
    let random = settings(None)?.origin;
    let Some(suffix) = random.strip_prefix("invar.local/") else { return Ok(random) };
    match origin.starts_with("invar.local/") {
        true => Ok(random),
        false => {
            let base = origin.split_once("/after-").map_or(origin, |(base, _)| base);
            Ok(format!("{base}/after-{suffix}"))
        }
    }
}

/// An unused name next to the trail.
fn free_name(path: &Path) -> Outcome<PathBuf> {
    let parent = path.parent().unwrap_or(Path::new("."));
    (1..=ASIDE_MAX)
        .map(|number| parent.join(format!("ledger.aside-{number}")))
        .find(|path| !files::exists(path))
        .ok_or_else(|| {
            Error::Input(format!(
                "{ASIDE_MAX} audit trails are already set aside in {}: find out what damages them",
                parent.display()
            ))
        })
}

/// The new trail, whole, under the name that the old one will have.
fn begin(path: &Path, at: &Path, settings: &Settings, secret: Option<&[u8]>) -> Outcome<()> {
    let failed = |error: LogError| TrailError::at(at, error);
    let entropy = entropy().map_err(failed)?;
    let mut log = Log::create(lock(at)?, settings, &entropy, secret, now_ms()).map_err(failed)?;
    log.close(now_ms()).map_err(failed)?;
    // Whose cosignatures count is the operator's word, and stays so.
    let policy = path.join("policy");
    if files::exists(&policy) {
        files::write(&at.join("policy"), &files::read(&policy)?)?;
    }
    Ok(())
}

impl Succeeded {
    /// The message to the user.
    #[must_use]
    pub fn words(&self) -> String {
        let Predecessor { log, size, reason, .. } = &self.predecessor;
        let named = if *log == Hash::default() { "unknown".to_owned() } else { log.short() };
        format!(
            "the audit trail {named}, last known to have {size} events, is set aside as {} ({reason}); a new one names it. \
             Give the new key, `invar ledger key`, to verifiers and witnesses",
            self.aside.display()
        )
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test looks at the files that a trail leaves")]
mod tests {
    use invar_ledger::{Body, Entropy, body::Install};
    use tempfile::TempDir;
    use zeroize::Zeroizing;

    use super::super::trail::Ledger;
    use super::*;

    fn options(place: &TempDir) -> LedgerOptions {
        LedgerOptions::new(place.path().join("ledger"))
    }

    fn fixed() -> Entropy {
        Entropy {
            log: Zeroizing::new([1; 32]),
            epoch: Zeroizing::new([2; 32]),
            nonce: [3; 32],
            salt: [4; 16],
        }
    }

    #[test]
    fn a_trail_whose_keys_are_used_up_is_succeeded_by_itself_to_its_last_key() {
        let place = tempfile::tempdir().unwrap();
        let options = options(&place);
        let mut few = settings(Some("example.com/few".into())).unwrap();
        few.epochs = 4;
        let disk = Directory::writing(&options.directory).unwrap();
        let mut log = Log::create(disk, &few, &fixed(), None, now_ms()).unwrap();
        let old = log.id();
        assert!(!log.is_full());
        // All but the spare one.
        for epoch in 1..=3 {
            assert_eq!(log.rotate(now_ms()).unwrap(), epoch);
        }
        assert!(log.is_full());
        let head = log.close(now_ms()).unwrap();
        drop(log);

        let mut ledger = Ledger::open(&options).unwrap();
        let before = ledger.log().genesis().predecessor.clone().unwrap();
        assert_eq!((before.log, before.size, before.root), (old, head.size, head.root));
        assert!(before.reason.starts_with("full"), "{}", before.reason);
        assert!(ledger.noticed().unwrap().contains("is set aside as"));
        ledger.add(Body::Install(Install::default())).unwrap();
        ledger.close().unwrap();
        drop(ledger);
        // And the next command continues with the new one.
        let ledger = Ledger::open(&options).unwrap();
        assert_eq!(ledger.log().genesis().predecessor, Some(before));
        assert!(ledger.noticed().is_none() && !place.path().join("ledger.aside-2").exists());
    }

    #[test]
    fn whatever_is_wrong_with_the_key_is_no_reason_to_begin_anew_but_damage() {
        let place = tempfile::tempdir().unwrap();
        let options = options(&place);
        Ledger::open(&options).unwrap().close().unwrap();
        let key = options.directory.join("key");
        let whole = files::read(&key).unwrap();
        files::write(&key, &whole[..10]).unwrap();
        let succeeded = succeed(&options, &Why::Found).unwrap().unwrap();
        assert!(succeeded.predecessor.reason.starts_with("damaged: the key file is damaged"));
        // What was sealed with the key is not believed without it.
        assert_eq!(succeeded.predecessor.size, 0);
        assert_ne!(succeeded.predecessor.log, Hash::default());
    }
}
