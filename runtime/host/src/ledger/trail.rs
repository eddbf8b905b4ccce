//! The audit trail, open for writing.

use invar_ledger::{
    Body, Head, Log, LogError, Recovery, Settings,
    body::{self, RunMode, flags},
    disk::Directory,
};
use invar_trace::RunSummary;
use invar_world::Digest;

use super::{
    clock::{self, Clock},
    options::LedgerOptions,
    succession::{Why, succeed},
    system::{bounded, entropy, hash, io_error, lock, now_ms, settings},
};
use crate::error::{Error, Outcome, TrailError};

/// Identity of a run in the audit trail.
#[derive(Debug, Clone, Copy)]
pub struct RunIdentity<'a> {
    /// The skill's name.
    pub skill: &'a str,
    /// SHA-256 of its file.
    pub component: Digest,
    /// Digest of the engine's configuration.
    pub engine: Digest,
    /// Digest of the declared envelope.
    pub envelope: Option<Digest>,
    /// Who asked for the run.
    pub agent: Option<&'a str>,
    /// The report that it is for.
    pub report: Option<&'a str>,
    /// The world that it was made in.
    pub place: RunMode,
}

/// The audit trail, locked and open for writing.
pub struct Ledger {
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
    ///
    /// # Errors
    /// It is damaged, sealed with another passphrase, in use, or cannot be written; or the clock is wrong.
    pub fn open(options: &LedgerOptions) -> Outcome<Self> {
        let ledger = Self::open_any(options)?;
        if !ledger.log.is_full() {
            return Ok(ledger);
        }
        drop(ledger);
        let succeeded = succeed(options, &Why::Found)?.map(|succeeded| succeeded.words());
        let mut ledger = Self::open_any(options)?;
        if let Some(words) = &succeeded {
            (options.warn)(words);
        }
        ledger.remark = succeeded.or(ledger.remark);
        Ok(ledger)
    }

    fn open_any(options: &LedgerOptions) -> Outcome<Self> {
        let path = &options.directory;
        let disk = lock(path)?;
        let secret = options.secret();
        let failed = |error: LogError| TrailError::at(path, error);
        if !Log::exists(&disk).map_err(failed)? {
            let is_half_made = Log::is_half_made(&disk).map_err(failed)?;
            check_clock(options, 0)?;
            let mut ledger = Self::begin(disk, &settings(None)?, secret).map_err(failed)?;
            if is_half_made {
                let remark = "an earlier creation of the audit trail was interrupted before anything was recorded; it was \
                              created again, with another key";
                (options.warn)(remark);
                ledger.remark = Some(remark.to_owned());
            }
            return Ok(ledger);
        }
        if disk.is_shared("key").map_err(|error| TrailError::at(path, io_error("key", error)))? {
            return Err(Error::Input(format!(
                "{} can be read by others, who could sign in your name: set its mode to 600, and start a new trail if \
                 others had access",
                path.join("key").display()
            )));
        }
        let (log, recovery) = Log::open(disk, secret, invar_ledger::SEGMENT_BYTES).map_err(failed)?;
        let remark = check_clock(options, log.last_ms())?;
        Ok(Self { first: log.head().size, log, recovery, remark })
    }

    /// Creates a trail with these settings.
    ///
    /// # Errors
    /// There is one already, or it cannot be written.
    pub fn init(options: &LedgerOptions, settings: &Settings) -> Outcome<Self> {
        let path = &options.directory;
        let secret = options.secret();
        check_clock(options, 0)?;
        Self::begin(lock(path)?, settings, secret).map_err(|error| TrailError::at(path, error))
    }

    fn begin(disk: Directory, settings: &Settings, passphrase: Option<&[u8]>) -> Result<Self, LogError> {
        let log = Log::create(disk, settings, &entropy()?, passphrase, now_ms())?;
        Ok(Self { first: log.head().size, log, recovery: Recovery::default(), remark: None })
    }

    /// The log itself.
    #[must_use]
    pub fn log(&self) -> &Log<Directory> {
        &self.log
    }

    /// The log itself, to be changed.
    pub fn log_mut(&mut self) -> &mut Log<Directory> {
        &mut self.log
    }

    /// Adds an event.
    ///
    /// # Errors
    /// The trail takes no more.
    pub fn add(&mut self, body: Body) -> Outcome<u64> {
        let path = self.log.disk().path().to_owned();
        self.log.append(body, now_ms()).map_err(|error| TrailError::at(&path, error))
    }

    /// Adds runs. Returns the index of the first event.
    ///
    /// # Errors
    /// The trail takes no more.
    pub fn add_runs(&mut self, identity: &RunIdentity<'_>, summaries: &[RunSummary]) -> Outcome<Option<u64>> {
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

    /// Returns once everything is signed and on the disk: only then may a result be shown.
    ///
    /// # Errors
    /// The disk.
    pub fn close(&mut self) -> Outcome<Head> {
        let path = self.log.disk().path().to_owned();
        self.log.close(now_ms()).map_err(|error| TrailError::at(&path, error))
    }

    /// Index of the first event that was added since it was opened.
    #[must_use]
    pub fn first(&self) -> u64 {
        self.first
    }

    /// Observations from opening it that belong into the report.
    #[must_use]
    pub fn noticed(&self) -> Option<String> {
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
}

/// Checks that the clock can date an event after one of that time. A doubtful clock is a warning, which is returned.
fn check_clock(options: &LedgerOptions, last_ms: u64) -> Outcome<Option<String>> {
    let now_ms = now_ms();
    // Nothing is there yet that the clock could be ahead of.
    let last_ms = if last_ms == 0 { now_ms } else { last_ms };
    match clock::check(last_ms, now_ms) {
        Clock::Fine => Ok(None),
        Clock::Doubtful(words) => {
            (options.warn)(&words);
            Ok(Some(words))
        }
        Clock::Wrong(words) => {
            Err(Error::Input(format!("the audit trail in {}: {words}", options.directory.display())))
        }
    }
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
