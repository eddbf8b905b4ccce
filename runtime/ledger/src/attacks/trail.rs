//! What is attacked: a trail in a directory, written and looked at as the commands do.

use std::{
    fs, io,
    num::NonZero,
    path::PathBuf,
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use tempfile::TempDir;
use zeroize::Zeroizing;

use super::masked;
use crate::{
    Body, Entropy, Hash, Log, LogError, Policy, Settings, SignedCheckpoint, VerifierKey,
    body::{Run, Signing},
    disk::Directory,
    keyfile::{self, SALT_BYTES, Secrets},
    keys::EpochSecret,
    published,
    reader::{self, Entry},
    verify::{Held, TrustStatus, Verifier},
};

/// 15 January 2026, 16:00 in UTC.
pub(super) const START_MS: u64 = 1_768_492_800_000;
pub(super) const MINUTE_MS: u64 = 60_000;

/// As the clock of the witnesses has it.
pub(super) fn now_ms() -> u64 {
    u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

/// What the trail's keys and name are made from: whoever has it has all keys of all time.
pub(super) fn entropy(seed: u8) -> Entropy {
    Entropy {
        log: Zeroizing::new([seed; 32]),
        epoch: Zeroizing::new([seed + 1; 32]),
        nonce: [seed + 2; 32],
        salt: [seed + 3; SALT_BYTES],
    }
}

pub(super) fn settings() -> Settings {
    Settings {
        epochs: 8,
        epoch_events_max: 100,
        ..Settings::new("example.com/trail".into(), Hash::of(b"host"), "invar test".into())
    }
}

pub(super) fn run(skill: &str) -> Body {
    Body::Run(Run {
        skill: skill.into(),
        component: Hash::of(skill.as_bytes()),
        fuel: 1000,
        ..Run::default()
    })
}

/// A trail in a temporary directory.
pub(super) struct Trail(TempDir);

impl Trail {
    /// With the usual settings.
    pub(super) fn new() -> Self {
        Self::with(&settings(), 1)
    }

    pub(super) fn each() -> Self {
        Self::with(&Settings { signing: Signing::Each, ..settings() }, 1)
    }

    pub(super) fn with(settings: &Settings, seed: u8) -> Self {
        let trail = Self(tempfile::tempdir().unwrap());
        Log::create(trail.disk(), settings, &entropy(seed), None, START_MS).unwrap();
        trail
    }

    /// Three commands: genesis 0, key 1, run 2, close 3, run 4, close 5, run 6, close 7.
    pub(super) fn of_three_runs() -> Self {
        let trail = Self::new();
        trail.runs(&["a", "b", "c"]);
        trail
    }

    pub(super) fn path(&self) -> PathBuf {
        self.0.path().to_owned()
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Waits as the commands do: a child that another test starts may hold the lock until it is another program.
    pub(super) fn disk(&self) -> Directory {
        for _ in 0..2000 {
            match Directory::writing(self.0.path()) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    thread::sleep(Duration::from_millis(5))
                }
                opened => return opened.unwrap(),
            }
        }
        panic!("somebody holds the lock of {}", self.0.path().display());
    }

    pub(super) fn open(&self) -> Result<Log<Directory>, LogError> {
        Log::open(self.disk(), None, settings().segment_bytes).map(|(log, _)| log)
    }

    /// The words of whatever command opens it.
    pub(super) fn opening(&self) -> String {
        let error = self.open().err().unwrap();
        self.masked(&error.to_string())
    }

    /// One command that runs a skill, at that time.
    pub(super) fn run_at(&self, skill: &str, time_ms: u64) {
        let mut log = self.open().unwrap();
        log.append(run(skill), time_ms).unwrap();
        log.close(time_ms).unwrap();
    }

    /// One command for each skill, a minute apart.
    pub(super) fn runs(&self, skills: &[&str]) {
        for (minute, skill) in (1..).zip(skills) {
            self.run_at(skill, START_MS + minute * MINUTE_MS);
        }
    }

    pub(super) fn rotate(&self) {
        self.open().unwrap().rotate(START_MS).unwrap();
    }

    /// Publishes where it stands, without witnesses.
    pub(super) fn publish(&self) -> SignedCheckpoint {
        self.open().unwrap().publish().unwrap()
    }

    /// A receipt of one event, under what was published last.
    pub(super) fn receipt(&self, index: u64) -> String {
        let mut log = self.open().unwrap();
        let Some((Entry::Event { bytes, .. }, _)) = reader::entry(log.disk(), index).unwrap() else {
            panic!()
        };
        let checkpoint = log.publish().unwrap();
        log.prove(index, bytes, checkpoint).unwrap().to_string()
    }

    /// The key that it publishes with, as it says itself.
    pub(super) fn key(&self) -> VerifierKey {
        published::log_key(self.open().unwrap().genesis()).unwrap()
    }

    /// What is in the key file now.
    pub(super) fn secrets(&self) -> Secrets {
        keyfile::read(&fs::read(self.file("key")).unwrap(), None).unwrap().0
    }

    /// A copy of everything, as a backup has it.
    pub(super) fn copy(&self) -> Self {
        let copy = tempfile::tempdir().unwrap();
        for entry in fs::read_dir(self.0.path()).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
        }
        Self(copy)
    }

    /// Puts files of another directory in the place of those here.
    pub(super) fn take(&self, from: &Self, is_taken: impl Fn(&str) -> bool) {
        for directory in [self, from] {
            for entry in fs::read_dir(directory.path()).unwrap() {
                let entry = entry.unwrap();
                let name = entry.file_name().into_string().unwrap();
                match is_taken(&name) {
                    true if std::ptr::eq(directory, self) => fs::remove_file(entry.path()).unwrap(),
                    true => drop(fs::copy(entry.path(), self.file(&name)).unwrap()),
                    false => {}
                }
            }
        }
    }

    /// What `invar ledger verify` says of it.
    pub(super) fn verify(&self) -> String {
        self.verify_with(&Policy::of_nobody(), &[])
    }

    /// The same with `--held`.
    pub(super) fn verify_held(&self, held: &[(&str, &str)]) -> String {
        self.verify_with(&Policy::of_nobody(), held)
    }

    /// The same with witnesses.
    pub(super) fn verify_with(&self, policy: &Policy, held: &[(&str, &str)]) -> String {
        self.audit(policy, held, None)
    }

    /// The same with `--log`.
    pub(super) fn audit(&self, policy: &Policy, held: &[(&str, &str)], log: Option<&VerifierKey>) -> String {
        let witnesses: Vec<VerifierKey> =
            policy.witnesses().iter().map(|witness| witness.key.clone()).collect();
        let parsed = held.iter().map(|(name, bytes)| Held::parse((*name).into(), bytes.as_bytes()));
        let held = match parsed.collect::<Result<Vec<_>, _>>() {
            Ok(held) => held,
            Err(error) => return self.masked(&error.to_string()),
        };
        let verifier = Verifier { witnesses: &witnesses, log, held, jobs: NonZero::<usize>::MIN };
        let audit = match verifier.verify(&Directory::reading(self.0.path()), &mut |_| {}) {
            Ok(audit) => audit,
            Err(error) => return self.masked(&error.to_string()),
        };
        let trust_status = TrustStatus::of(&audit, policy);
        let mut said = vec![trust_status.missing.unwrap_or(trust_status.text)];
        said.extend(audit.remarks());
        self.masked(&said.join("; "))
    }

    pub(super) fn masked(&self, text: &str) -> String {
        masked(text, &[(&self.0.path().display().to_string(), "[trail]")])
    }
}

/// The secrets of all epochs, as they come out of the first.
pub(super) fn secret_of(epoch: u32) -> EpochSecret {
    (0..epoch).fold(EpochSecret::new(0, entropy(1).epoch), |secret, _| secret.next())
}
