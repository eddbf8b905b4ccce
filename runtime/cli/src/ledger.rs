//! The audit trail of this installation: every run is written to it before its result is shown.

#![expect(
    clippy::disallowed_methods,
    reason = "what is on record is dated by the host's clock, and keyed by its entropy"
)]

mod clock;
mod succession;

use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use invar_ledger::{
    Body, Entropy, Hash, Head, Log, LogError, Policy, Recovery, Settings,
    body::{self, RunMode, flags},
    disk::Directory,
    keyfile::KeyFileError,
    note::KeyName,
    verify::NOT_WITNESSED,
};
use invar_monitor::{Confidence, LedgerBlock, Report, Status};
use invar_trace::{RunSummary, shortened};
use invar_world::Digest;
use zeroize::Zeroizing;

use crate::{
    error::{Error, Outcome},
    files,
    home::Home,
    out::{self, Out},
    witnesses,
};

use self::clock::Clock;
pub(crate) use self::succession::{Why, succeed};

/// How long to wait for another command that writes to the same trail.
const WAIT_MAX: Duration = Duration::from_secs(30);
/// How often to try again.
const WAIT_STEP: Duration = Duration::from_millis(5);
/// Bytes of a passphrase that are read. Stops a pipe without an end.
const PASSPHRASE_BYTES_MAX: u64 = 4096;

/// Identity of a run in the audit trail.
pub(crate) struct RunIdentity<'a> {
    pub(crate) skill: &'a str,
    pub(crate) component: Digest,
    pub(crate) engine: Digest,
    pub(crate) envelope: Option<Digest>,
    pub(crate) agent: Option<&'a str>,
    pub(crate) report: Option<&'a str>,
    pub(crate) place: RunMode,
}

/// The audit trail, locked and open for writing.
pub(crate) struct Ledger {
    log: Log<Directory>,
    recovery: Recovery,
    /// Index of the first event that is added.
    first: u64,
    /// A further observation from opening it.
    remark: Option<String>,
}

impl Ledger {
    /// Opens it, or creates it. Waits for another command that writes. A full trail is replaced by a new one; a damaged
    /// trail is left as it is.
    pub(crate) fn open(home: &Home) -> Outcome<Self> {
        let ledger = Self::open_any(home)?;
        if !ledger.log.is_full() {
            return Ok(ledger);
        }
        drop(ledger);
        let succeeded = succeed(home, &Why::Found)?.map(|succeeded| succeeded.words());
        let mut ledger = Self::open_any(home)?;
        if let Some(words) = &succeeded {
            out::warn(words);
        }
        ledger.remark = succeeded.or(ledger.remark);
        Ok(ledger)
    }

    fn open_any(home: &Home) -> Outcome<Self> {
        let path = home.ledger();
        let disk = lock(&path)?;
        let passphrase = passphrase()?;
        let secret = passphrase.as_ref().map(|passphrase| passphrase.as_slice());
        let failed = |error: LogError| trail_error(&path, &error);
        if !Log::exists(&disk).map_err(failed)? {
            let is_half_made = Log::is_half_made(&disk).map_err(failed)?;
            check_clock(&path, 0)?;
            let mut ledger = Self::begin(disk, &settings(None)?, secret).map_err(failed)?;
            if is_half_made {
                let remark = "an earlier creation of the audit trail was interrupted before anything was recorded; it was \
                              created again, with another key";
                out::warn(remark);
                ledger.remark = Some(remark.to_owned());
            }
            return Ok(ledger);
        }
        if disk.is_shared("key").map_err(|error| trail_error(&path, &io_error("key", error)))? {
            return Err(Error::Input(format!(
                "{} can be read by others, who could sign in your name: set its mode to 600, and start a new trail if \
                 others had access",
                path.join("key").display()
            )));
        }
        let (log, recovery) = Log::open(disk, secret, invar_ledger::SEGMENT_BYTES).map_err(failed)?;
        let remark = check_clock(&path, log.last_ms())?;
        Ok(Self { first: log.head().size, log, recovery, remark })
    }

    /// Creates a trail with these settings.
    pub(crate) fn init(home: &Home, settings: &Settings) -> Outcome<Self> {
        let path = home.ledger();
        KeyName::new(&settings.origin).map_err(|error| Error::Usage(format!("--origin: {error}")))?;
        let passphrase = passphrase()?;
        let secret = passphrase.as_ref().map(|passphrase| passphrase.as_slice());
        check_clock(&path, 0)?;
        Self::begin(lock(&path)?, settings, secret).map_err(|error| trail_error(&path, &error))
    }

    fn begin(disk: Directory, settings: &Settings, passphrase: Option<&[u8]>) -> Result<Self, LogError> {
        let log = Log::create(disk, settings, &entropy()?, passphrase, now_ms())?;
        Ok(Self { first: log.head().size, log, recovery: Recovery::default(), remark: None })
    }

    pub(crate) fn log(&self) -> &Log<Directory> {
        &self.log
    }

    pub(crate) fn log_mut(&mut self) -> &mut Log<Directory> {
        &mut self.log
    }

    /// Adds an event.
    pub(crate) fn add(&mut self, body: Body) -> Outcome<u64> {
        self.log.append(body, now_ms()).map_err(|error| self.error(&error))
    }

    /// Adds runs. Returns the index of the first event.
    pub(crate) fn add_runs(
        &mut self,
        identity: &RunIdentity<'_>,
        summaries: &[RunSummary],
    ) -> Outcome<Option<u64>> {
        let mut first = None;
        for summary in summaries {
            let index = self.add(Body::Run(run(identity, summary)))?;
            first.get_or_insert(index);
            if summary.missing_count > 0 {
                self.add(Body::Violation(body::Violation {
                    component: hash(identity.component),
                    lines: summary.missing.clone(),
                    count: summary.missing_count,
                    denied: summary.was_denied,
                    ..Default::default()
                }))?;
            }
        }
        Ok(first)
    }

    /// Adds the verdict of a report.
    pub(crate) fn add_verdict(
        &mut self,
        identity: &RunIdentity<'_>,
        report: &Report,
        first: u64,
        runs: usize,
    ) -> Outcome<()> {
        let findings: Vec<_> = report.findings().collect();
        let findings = serde_json::to_vec(&findings).map_err(|error| Error::Internal(error.to_string()))?;
        let confirmed =
            report.triggers.iter().filter(|trigger| trigger.confidence == Confidence::Confirmed).count();
        self.add(Body::Verdict(body::Verdict {
            component: hash(identity.component),
            report: report.id.clone(),
            verdict: report.verdict.to_string(),
            reason: bounded(&report.reason),
            first,
            runs: runs as u64,
            findings: Hash::of(&findings),
            confirmed: u32::try_from(confirmed).unwrap_or(u32::MAX),
        }))?;
        Ok(())
    }

    /// Returns once everything is signed and on the disk: only then may a result be shown.
    pub(crate) fn close(&mut self) -> Outcome<Head> {
        self.log.close(now_ms()).map_err(|error| trail_error(self.log.disk().path(), &error))
    }

    /// The position of the added events, for a report.
    fn block(&self, head: Head) -> LedgerBlock {
        LedgerBlock {
            log_id: self.log.id().to_string(),
            first: self.first,
            last: head.size - 1,
            head: head.root.to_string(),
            witnessed: false,
            trust_status: NOT_WITNESSED.into(),
        }
    }

    /// Closes it, has it cosigned if there is a policy, and notes its position in the report. Returns the contradiction of a
    /// witness, if there is one: the report exists in any case.
    pub(crate) fn finish(
        mut self,
        home: &Home,
        report: &mut Report,
        out: &mut Out,
    ) -> Outcome<Option<Error>> {
        let head = self.close()?;
        let noticed = self.noticed();
        let mut block = self.block(head);
        let policy = policy_beside(&home.ledger())?;
        let Some(policy) =
            policy.filter(|policy| policy.witnesses().iter().any(|witness| witness.url.is_some()))
        else {
            report.recorded(block, Status::Pass, noticed.as_deref());
            return Ok(None);
        };
        match witnesses::publish(self, home, &policy, out) {
            Ok(signed) => {
                let cosigned = || {
                    policy
                        .witnesses()
                        .iter()
                        .map(|witness| &witness.key)
                        .filter(|key| signed.cosigned_by(key).is_some())
                };
                if policy.satisfied_by(cosigned()) {
                    let names: Vec<String> = cosigned().map(|key| key.name().to_string()).collect();
                    block.witnessed = true;
                    block.trust_status = format!("witnessed by {}", names.join(", "));
                }
                report.recorded(block, Status::Pass, noticed.as_deref());
                Ok(None)
            }
            Err(Error::Audit(against)) => {
                block.trust_status.clone_from(&against);
                report.recorded(block, Status::Fail, noticed.as_deref());
                Ok(Some(Error::Audit(against)))
            }
            Err(other) => Err(other),
        }
    }

    /// Observations from opening it that belong into the report.
    pub(crate) fn noticed(&self) -> Option<String> {
        let Recovery { cut_bytes, cut_events, kept_as, .. } = &self.recovery;
        let cut = kept_as.as_ref().map(|kept_as| {
            format!(
                "an earlier write was interrupted: {cut_bytes} bytes after the last signature, with {cut_events} complete \
                 events that were never acknowledged, were moved to {kept_as}"
            )
        });
        let all: Vec<String> = cut.into_iter().chain(self.remark.clone()).collect();
        (!all.is_empty()).then(|| all.join("; "))
    }

    fn error(&self, error: &LogError) -> Error {
        trail_error(self.log.disk().path(), error)
    }
}

/// The witness policy in the directory of a trail.
pub(crate) fn policy_beside(path: &Path) -> Outcome<Option<Policy>> {
    let path = path.join("policy");
    if !files::exists(&path) {
        return Ok(None);
    }
    let policy = Policy::parse(&files::read(&path)?);
    policy.map(Some).map_err(|error| Error::Input(format!("{}: {error}", path.display())))
}

/// Checks that the clock can date an event after one of that time. A doubtful clock is a warning, which is returned.
fn check_clock(path: &Path, last_ms: u64) -> Outcome<Option<String>> {
    let now_ms = now_ms();
    // Nothing is there yet that the clock could be ahead of.
    let last_ms = if last_ms == 0 { now_ms } else { last_ms };
    match clock::check(last_ms, now_ms) {
        Clock::Fine => Ok(None),
        Clock::Doubtful(words) => {
            out::warn(&words);
            Ok(Some(words))
        }
        Clock::Wrong(words) => Err(Error::Input(format!("the audit trail in {}: {words}", path.display()))),
    }
}

/// An error of a trail, with what to do.
pub(crate) fn trail_error(path: &Path, error: &LogError) -> Error {
    let more = match error {
        LogError::Key(KeyFileError::Sealed) => {
            "; set INVAR_LEDGER_PASSPHRASE, or INVAR_LEDGER_PASSPHRASE_FD to a file descriptor that it can be read from"
        }
        LogError::Key(KeyFileError::Open) => "; unset INVAR_LEDGER_PASSPHRASE, or start a sealed trail",
        error if error.is_damage() => {
            "; if there is no intact copy of it, `invar ledger succeed` sets it aside and starts a new one that names it"
        }
        _ => "",
    };
    Error::Input(format!("the audit trail in {}: {error}{more}", path.display()))
}

/// Locks the files of the trail for writing. Waits for another command that holds the lock.
pub(crate) fn lock(path: &Path) -> Outcome<Directory> {
    let since = Instant::now();
    loop {
        match Directory::writing(path) {
            Ok(disk) => return Ok(disk),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock && since.elapsed() < WAIT_MAX => {
                thread::sleep(WAIT_STEP);
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                return Err(Error::Input(format!(
                    "the audit trail in {} has been in use by another command for {} s; end that command, or set \
                     INVAR_HOME to another directory",
                    path.display(),
                    WAIT_MAX.as_secs()
                )));
            }
            Err(error) => {
                return Err(Error::Input(format!(
                    "the audit trail in {} cannot be written: {error}; nothing runs unrecorded: fix this, or set INVAR_HOME to a \
                     writable directory",
                    path.display()
                )));
            }
        }
    }
}

/// The settings of a new trail. Without a name it gets a random one.
pub(crate) fn settings(origin: Option<String>) -> Outcome<Settings> {
    let host = host();
    let origin = match origin {
        Some(origin) => origin,
        None => {
            let mut bytes = [0; 8];
            getrandom::fill(&mut bytes).map_err(|error| Error::Internal(error.to_string()))?;
            format!("invar.local/{:016x}", u64::from_be_bytes(bytes))
        }
    };
    Ok(Settings::new(origin, host, concat!("invar ", env!("CARGO_PKG_VERSION")).into()))
}

/// Hash of the machine ID: enough to compare machines.
pub(crate) fn host() -> Hash {
    let id = fs::read("/etc/machine-id").or_else(|_| fs::read("/etc/hostname")).unwrap_or_default();
    Hash::of_parts(&[b"invar/host/v1\n", &id])
}

fn entropy() -> Result<Entropy, LogError> {
    let mut entropy = Entropy {
        log: Zeroizing::new([0; 32]),
        epoch: Zeroizing::new([0; 32]),
        nonce: [0; 32],
        salt: [0; 16],
    };
    let fill = |bytes: &mut [u8]| {
        getrandom::fill(bytes).map_err(|error| io_error("the host's entropy", io::Error::other(error)))
    };
    fill(entropy.log.as_mut_slice())?;
    fill(entropy.epoch.as_mut_slice())?;
    fill(&mut entropy.nonce)?;
    fill(&mut entropy.salt)?;
    Ok(entropy)
}

fn io_error(name: &str, source: io::Error) -> LogError {
    LogError::Read { name: name.into(), source }
}

/// The passphrase of the keys, if the user gives one. A file descriptor can be read only once.
fn passphrase() -> Outcome<Option<Zeroizing<Vec<u8>>>> {
    static GIVEN: Mutex<Option<Option<Zeroizing<Vec<u8>>>>> = Mutex::new(None);
    let mut given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner);
    if given.is_none() {
        *given = Some(read_passphrase()?);
    }
    Ok(given.clone().flatten())
}

fn read_passphrase() -> Outcome<Option<Zeroizing<Vec<u8>>>> {
    if let Ok(text) = std::env::var("INVAR_LEDGER_PASSPHRASE") {
        return Ok(Some(Zeroizing::new(text.into_bytes())));
    }
    let Ok(number) = std::env::var("INVAR_LEDGER_PASSPHRASE_FD") else { return Ok(None) };
    let bad =
        |why: &str| Error::Usage(format!("INVAR_LEDGER_PASSPHRASE_FD={}: {why}", number.escape_debug()));
    let descriptor: u32 = number.parse().map_err(|_| bad("not the number of a file descriptor"))?;
    let path = PathBuf::from(format!("/dev/fd/{descriptor}"));
    let file = fs::File::open(path).map_err(|error| bad(&error.to_string()))?;
    let mut bytes = Zeroizing::new(Vec::new());
    file.take(PASSPHRASE_BYTES_MAX).read_to_end(&mut bytes).map_err(|error| bad(&error.to_string()))?;
    while bytes.last().is_some_and(|byte| b"\r\n".contains(byte)) {
        bytes.pop();
    }
    Ok(Some(bytes))
}

pub(crate) fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

pub(crate) fn hash(digest: Digest) -> Hash {
    Hash(digest.0)
}

/// A text that a skill or its publisher chose, cut to the length of an event: no text keeps a run from being recorded.
pub(crate) fn bounded(text: &str) -> String {
    const TEXT_BYTES_MAX: usize = 1024;
    shortened(text.to_owned(), TEXT_BYTES_MAX)
}

fn run(identity: &RunIdentity<'_>, summary: &RunSummary) -> body::Run {
    let bytes = summary.resources.bytes;
    let flag = |is_set: bool, flag: u32| if is_set { flag } else { 0 };
    body::Run {
        skill: bounded(identity.skill),
        component: hash(identity.component),
        engine: hash(identity.engine),
        envelope: identity.envelope.map(hash),
        agent: identity.agent.map(bounded),
        run_index: 0,
        report: identity.report.map(str::to_owned),
        number: summary.number,
        place: identity.place,
        input: hash(summary.input),
        answers: hash(summary.answers),
        content: hash(summary.content),
        status: summary.status,
        fuel: summary.resources.fuel,
        memory_peak_bytes: summary.resources.memory_peak_bytes,
        host_calls: summary.resources.host_calls,
        file_read_bytes: bytes.file_read,
        file_written_bytes: bytes.file_written,
        network_sent_bytes: bytes.network_sent,
        network_received_bytes: bytes.network_received,
        flags: flag(summary.missing_count > 0, flags::VIOLATION)
            | flag(summary.was_denied, flags::DENIED)
            | flag(summary.status.is_none(), flags::STOPPED)
            | flag(summary.reached_network, flags::NETWORK)
            | flag(summary.changed_files, flags::WROTE),
    }
}
