//! What must hold of the next event of a log: the one place that says so, for whoever writes, recovers or verifies.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use thiserror::Error;

use crate::{
    Event, Hash,
    body::{Body, Genesis},
    keys::{self, EPOCHS_MAX},
    tree::Edge,
};

/// Where a log stands after so many events.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Position {
    /// Events.
    #[n(0)]
    pub size: u64,
    /// Link of the last; of none, zeros.
    #[n(1)]
    pub link: Hash,
    /// The right edge of the tree.
    #[n(2)]
    pub edge: Edge,
    /// What the log is; none before its first event.
    #[n(3)]
    pub genesis: Option<Genesis>,
    /// Name of the log; zeros before its first event.
    #[n(4)]
    pub log: Hash,
    /// The epoch that is on.
    #[n(5)]
    pub epoch: u32,
    /// Its key; none before the second event.
    #[n(6)]
    pub key: Option<minicbor::bytes::ByteArray<32>>,
    /// Index of the event it began with.
    #[n(7)]
    pub epoch_first: u64,
    /// When it began.
    #[n(8)]
    pub epoch_since_ms: u64,
    /// Time of the last event.
    #[n(9)]
    pub last_ms: u64,
    /// Runs by component.
    #[n(10)]
    pub runs: BTreeMap<Hash, u64>,
    /// Index of the last run's event, and its component.
    #[n(11)]
    pub last_run: Option<(u64, Hash)>,
    /// What was settled of sampling and not told yet, by period.
    #[n(12)]
    pub sampling: BTreeMap<u64, Hash>,
    /// Whether the last event says that whoever wrote ended in order.
    #[n(13)]
    pub is_closed: bool,
    /// Whether events were pruned, or runs counted, and no summary has said since that it comes to the same: nothing
    /// that is signed stands for counts of runs, and links of what is gone, until one does.
    #[n(14)]
    pub is_unsettled: bool,
}

/// Why an event cannot be the next one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Fault {
    /// The first event says what the log is, and no other.
    #[error("the log does not begin with its genesis, or has a second one")]
    Genesis,
    /// A genesis that makes no sense.
    #[error("the genesis makes no sense: {0}")]
    BadGenesis(&'static str),
    /// Of another log.
    #[error("it is an event of another log, {0}")]
    OtherLog(Hash),
    /// Out of its place.
    #[error("it says that it is event {0}")]
    Index(u64),
    /// Not after the event before.
    #[error("it does not follow the event before it: that one has link {expected}, and it says {found}")]
    Link {
        /// Link of the event before.
        expected: Hash,
        /// What it says.
        found: Hash,
    },
    /// Earlier than the event before.
    #[error("it is dated {} ms before the event that it follows", before - now)]
    Time {
        /// Of the event before.
        before: u64,
        /// What it says.
        now: u64,
    },
    /// Not the epoch that is on.
    #[error(
        "it is of epoch {found}, and epoch {expected} is on: epochs follow one another, and none is skipped"
    )]
    Epoch {
        /// The one that is on, or begins.
        expected: u32,
        /// What it says.
        found: u32,
    },
    /// The key of an epoch that is not its key.
    #[error("the key it brings is not the one that the genesis has settled for epoch {0}")]
    Key(u32),
    /// An epoch that did not end.
    #[error("epoch {0} should have ended before it, and its key with it")]
    EpochTooLong(u32),
    /// A run is missing or counted twice.
    #[error(
        "it says to be run {found} of its skill, and run {expected} is next: runs are missing, or counted twice"
    )]
    Run {
        /// The next.
        expected: u64,
        /// What it says.
        found: u64,
    },
    /// A violation of another run, or of none.
    #[error("it tells of a violation of run event {0}, which is not the run before it")]
    Violation(u64),
    /// A secret that was settled otherwise.
    #[error("the secret of sampling period {0} is not the one that was settled")]
    Sampling(u64),
    /// The events before it come to something else.
    #[error("it says what the events before it come to, and they come to something else")]
    Summary,
    /// An index past what numbers hold.
    #[error("it is past the last event that a log can have")]
    Full,
}

/// Events that a log can have. So far below what numbers hold that no sum in proofs can overflow.
pub const EVENTS_MAX: u64 = 1 << 48;

impl Position {
    /// Takes the next event, and hands over the nodes of the tree that come into being.
    ///
    /// # Errors
    /// It cannot be the next one; the position is as it was, but for an epoch that it began.
    pub fn take(&mut self, event: &Event, bytes: &[u8], node: impl FnMut(Hash)) -> Result<(), Fault> {
        self.take_hashed(event, Hash::leaf(bytes), Hash::link(self.link, bytes), node)
    }

    /// The same, of an event whose leaf and link are known: whoever read it has computed them.
    pub(crate) fn take_hashed(
        &mut self,
        event: &Event,
        leaf: Hash,
        link: Hash,
        node: impl FnMut(Hash),
    ) -> Result<(), Fault> {
        self.check_place(event)?;
        self.check_epoch(event)?;
        self.take_body(event)?;
        self.link = link;
        self.edge.append(leaf, node);
        self.size += 1;
        self.last_ms = event.time_ms;
        self.is_closed = matches!(event.body, Body::Close);
        Ok(())
    }

    /// Takes an event that was pruned: its leaf and link are all that is left of it.
    pub fn take_gone(&mut self, leaf: Hash, link: Hash, node: impl FnMut(Hash)) {
        self.link = link;
        self.edge.append(leaf, node);
        self.size += 1;
        self.is_closed = false;
        self.is_unsettled = true;
    }

    /// Takes how often components ran, as what was pruned leaves it behind.
    pub fn take_runs(&mut self, counts: impl IntoIterator<Item = (Hash, u64)>) {
        self.runs.extend(counts);
        self.is_unsettled = true;
    }

    /// The root of the tree.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.edge.root()
    }

    /// Whether an event at that time would be in the next epoch.
    #[must_use]
    pub fn is_epoch_over(&self, time_ms: u64) -> bool {
        self.is_epoch_over_after(0, time_ms)
    }

    /// The same, once so many more events are there.
    pub(crate) fn is_epoch_over_after(&self, events: u64, time_ms: u64) -> bool {
        self.genesis.as_ref().is_some_and(|genesis| {
            self.size + events - self.epoch_first >= genesis.epoch_events_max
                || time_ms.saturating_sub(self.epoch_since_ms) > genesis.epoch_ms_max
        })
    }

    fn check_place(&self, event: &Event) -> Result<(), Fault> {
        if self.size >= EVENTS_MAX {
            return Err(Fault::Full);
        }
        if event.index != self.size {
            return Err(Fault::Index(event.index));
        }
        match (&event.body, self.size) {
            (Body::Genesis(genesis), 0) => check_genesis(genesis, event)?,
            (Body::Genesis(_), _) | (_, 0) => return Err(Fault::Genesis),
            _ if event.log != self.log => return Err(Fault::OtherLog(event.log)),
            _ => {}
        }
        if event.previous != self.link {
            return Err(Fault::Link { expected: self.link, found: event.previous });
        }
        if event.time_ms < self.last_ms {
            return Err(Fault::Time { before: self.last_ms, now: event.time_ms });
        }
        Ok(())
    }

    fn check_epoch(&mut self, event: &Event) -> Result<(), Fault> {
        let begins = matches!(event.body, Body::KeyEpoch(_));
        // The genesis is signed by the key of epoch 0, which the second event brings.
        let expected = if begins && self.key.is_some() { self.epoch + 1 } else { self.epoch };
        if event.epoch != expected {
            return Err(Fault::Epoch { expected, found: event.epoch });
        }
        let Body::KeyEpoch(brought) = &event.body else {
            return match self.size == 1 || self.is_epoch_over(event.time_ms) {
                true => Err(Fault::EpochTooLong(self.epoch)),
                false => Ok(()),
            };
        };
        let Some(genesis) = &self.genesis else { return Err(Fault::Genesis) };
        if !keys::is_of_epoch(&brought.key, expected, &brought.path, genesis.epochs, genesis.epoch_keys) {
            return Err(Fault::Key(expected));
        }
        self.epoch = expected;
        self.key = Some(brought.key);
        self.epoch_first = event.index;
        self.epoch_since_ms = event.time_ms;
        Ok(())
    }

    fn take_body(&mut self, event: &Event) -> Result<(), Fault> {
        match &event.body {
            Body::Genesis(genesis) => {
                self.log = event.log;
                self.epoch_since_ms = event.time_ms;
                self.genesis = Some(genesis.clone());
            }
            Body::Run(run) => {
                let expected = self.runs.get(&run.component).copied().unwrap_or(0) + 1;
                if run.run_index != expected {
                    return Err(Fault::Run { expected, found: run.run_index });
                }
                self.runs.insert(run.component, expected);
                self.last_run = Some((event.index, run.component));
            }
            Body::Violation(violation) if self.last_run != Some((violation.run, violation.component)) => {
                return Err(Fault::Violation(violation.run));
            }
            Body::SamplingCommit(commit) if self.sampling.contains_key(&commit.period) => {
                return Err(Fault::Sampling(commit.period));
            }
            Body::SamplingCommit(commit) => {
                self.sampling.insert(commit.period, commit.commitment);
            }
            Body::SamplingReveal(reveal) => {
                if self.sampling.get(&reveal.period) != Some(&Hash::of(&*reveal.secret)) {
                    return Err(Fault::Sampling(reveal.period));
                }
                self.sampling.remove(&reveal.period);
            }
            Body::Summary(summary) => {
                if (summary.root, summary.runs) != (self.root(), runs_digest(&self.runs)) {
                    return Err(Fault::Summary);
                }
                // What is told after it must not need what was before it.
                self.last_run = None;
                self.is_unsettled = false;
            }
            _ => {}
        }
        Ok(())
    }
}

/// Runs of each component, hashed.
#[must_use]
pub fn runs_digest(runs: &BTreeMap<Hash, u64>) -> Hash {
    let mut bytes = b"invar/runs/v1\n".to_vec();
    for (component, count) in runs {
        bytes.extend_from_slice(&component.0);
        bytes.extend_from_slice(&count.to_be_bytes());
    }
    Hash::of(&bytes)
}

fn check_genesis(genesis: &Genesis, event: &Event) -> Result<(), Fault> {
    if event.log != genesis.log_id() {
        return Err(Fault::OtherLog(event.log));
    }
    let problem = match genesis {
        genesis if genesis.epochs == 0 || genesis.epochs > EPOCHS_MAX => "its number of epochs",
        genesis if genesis.epoch_events_max < 4 => "an epoch of fewer than 4 events",
        genesis if genesis.epoch_ms_max == 0 => "an epoch of no time",
        _ => return Ok(()),
    };
    Err(Fault::BadGenesis(problem))
}
