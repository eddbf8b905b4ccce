//! The kinds of events.

use minicbor::{Decode, Encode, bytes::ByteArray};

use crate::Hash;

/// Bytes of an Ed25519 public key, or of a secret.
pub type Bytes32 = ByteArray<32>;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Body {
    /// The log begins.
    #[n(0)]
    Genesis(#[n(0)] Genesis),
    /// A skill ran.
    #[n(1)]
    Run(#[n(0)] Run),
    /// The run before did what its envelope does not declare.
    #[n(2)]
    Violation(#[n(0)] Violation),
    /// A report came to a verdict.
    #[n(3)]
    Verdict(#[n(0)] Verdict),
    /// The operator granted a skill what it asks for, or took it back.
    #[n(4)]
    Grant(#[n(0)] Grant),
    /// A skill was put where it cannot run.
    #[n(5)]
    Quarantine(#[n(0)] Decision),
    /// A skill was let out of there.
    #[n(6)]
    Release(#[n(0)] Decision),
    /// How far a skill is trusted changed.
    #[n(7)]
    Trust(#[n(0)] Trust),
    /// An epoch begins.
    #[n(8)]
    KeyEpoch(#[n(0)] KeyEpoch),
    /// The secret that runs are chosen by is settled.
    #[n(9)]
    SamplingCommit(#[n(0)] SamplingCommit),
    /// It is told.
    #[n(10)]
    SamplingReveal(#[n(0)] SamplingReveal),
    /// Whoever wrote ended in order.
    #[n(11)]
    Close,
    /// A skill was installed.
    #[n(12)]
    Install(#[n(0)] Install),
    /// What all events before it come to: each segment begins with one.
    #[n(13)]
    Summary(#[n(0)] Summary),
}

impl Body {
    /// Its kind, as people and exports name it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Genesis(_) => "genesis",
            Self::Run(_) => "run",
            Self::Violation(_) => "violation",
            Self::Verdict(_) => "verdict",
            Self::Grant(_) => "grant",
            Self::Quarantine(_) => "quarantine",
            Self::Release(_) => "release",
            Self::Trust(_) => "trust",
            Self::KeyEpoch(_) => "key-epoch",
            Self::SamplingCommit(_) => "sampling-commit",
            Self::SamplingReveal(_) => "sampling-reveal",
            Self::Close => "close",
            Self::Install(_) => "install",
            Self::Summary(_) => "summary",
        }
    }

    /// The skill that it is about, by its component.
    #[must_use]
    pub fn component(&self) -> Option<Hash> {
        match self {
            Self::Run(run) => Some(run.component),
            Self::Violation(violation) => Some(violation.component),
            Self::Verdict(verdict) => Some(verdict.component),
            Self::Grant(grant) => Some(grant.component),
            Self::Quarantine(decision) | Self::Release(decision) => Some(decision.component),
            Self::Trust(trust) => Some(trust.component),
            Self::Install(install) => Some(install.component),
            _ => None,
        }
    }

    /// The name of the skill that it is about, if it says one.
    #[must_use]
    pub fn skill(&self) -> Option<&String> {
        match self {
            Self::Run(run) => Some(&run.skill),
            Self::Grant(grant) => Some(&grant.skill),
            Self::Quarantine(decision) | Self::Release(decision) => Some(&decision.skill),
            Self::Install(install) => Some(&install.skill),
            _ => None,
        }
    }

    /// Whether it may be pruned by and by: what is many, and what nothing later stands on.
    #[must_use]
    pub fn is_bulk(&self) -> bool {
        matches!(self, Self::Run(_) | Self::Violation(_) | Self::Close)
    }
}

/// What a log is, said once and for all.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Genesis {
    /// The name that its checkpoints go by.
    #[n(0)]
    pub origin: String,
    /// The key that signs what is published.
    #[n(1)]
    pub log_key: Bytes32,
    /// Root of the tree over the keys of all epochs.
    #[n(2)]
    pub epoch_keys: Hash,
    /// How many epochs there are.
    #[n(3)]
    pub epochs: u32,
    /// Events that an epoch has at most.
    #[n(4)]
    pub epoch_events_max: u64,
    /// Milliseconds after which an epoch ends, once something is written.
    #[n(5)]
    pub epoch_ms_max: u64,
    /// How events are signed.
    #[n(6)]
    pub signing: Signing,
    /// The machine, as it names itself, hashed.
    #[n(7)]
    pub host: Hash,
    /// The program that made it.
    #[n(8)]
    pub software: String,
    /// Chance, so that no two logs are one.
    #[n(9)]
    pub nonce: Bytes32,
    /// The log that it takes the place of, if it does of any.
    #[n(10)]
    pub predecessor: Option<Predecessor>,
}

/// A log that no more is written to, as far as it was known when another one took its place.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(array)]
pub struct Predecessor {
    /// Its name in events; zeros if that could not be read.
    #[n(0)]
    pub log: Hash,
    /// Events that it was last known to have.
    #[n(1)]
    pub size: u64,
    /// Root of the tree over those.
    #[n(2)]
    pub root: Hash,
    /// Why no more is written to it.
    #[n(3)]
    pub reason: String,
}

impl Genesis {
    /// What names the log in each of its events.
    #[must_use]
    pub fn log_id(&self) -> Hash {
        let mut bytes = b"invar/log/v1\n".to_vec();
        crate::cbor::append(self, &mut bytes);
        Hash::of(&bytes)
    }
}

/// How events are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Signing {
    /// One signature for all events that are written together: with the path to its root it is each one's.
    #[n(0)]
    Batch,
    /// One more for each event.
    #[n(1)]
    Each,
}

/// One run of a skill: the BehaviorEvent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(array)]
pub struct Run {
    /// Its name.
    #[n(0)]
    pub skill: String,
    /// SHA-256 of its component.
    #[n(1)]
    pub component: Hash,
    /// SHA-256 of everything in the engine that results depend on.
    #[n(2)]
    pub engine: Hash,
    /// SHA-256 of its envelope, if it has one.
    #[n(3)]
    pub envelope: Option<Hash>,
    /// The agent it ran for, where known.
    #[n(4)]
    pub agent: Option<String>,
    /// Runs of this component in this log, from 1, without a gap. Given by the log.
    #[n(5)]
    pub run_index: u64,
    /// The report it is a run of.
    #[n(6)]
    pub report: Option<String>,
    /// Its number there, from 1; 0 outside reports.
    #[n(7)]
    pub number: u32,
    /// Where it ran.
    #[n(8)]
    pub place: RunMode,
    /// SHA-256 of what it was given to read.
    #[n(9)]
    pub input: Hash,
    /// SHA-256 of everything the host answered.
    #[n(10)]
    pub answers: Hash,
    /// SHA-256 of the observed behaviour: runs with the same did the same.
    #[n(11)]
    pub content: Hash,
    /// Exit status; none if it came to none.
    #[n(12)]
    pub status: Option<u8>,
    /// Instructions, in fuel.
    #[n(13)]
    pub fuel: u64,
    /// Largest sum of all memories, in bytes.
    #[n(14)]
    pub memory_peak_bytes: u64,
    /// Calls through the membrane.
    #[n(15)]
    pub host_calls: u64,
    /// Bytes read from files.
    #[n(16)]
    pub file_read_bytes: u64,
    /// Bytes written to files.
    #[n(17)]
    pub file_written_bytes: u64,
    /// Bytes sent.
    #[n(18)]
    pub network_sent_bytes: u64,
    /// Bytes received.
    #[n(19)]
    pub network_received_bytes: u64,
    /// What verdicts turn on: see [`flags`].
    #[n(20)]
    pub flags: u32,
}

/// Bits of [`Run::flags`].
pub mod flags {
    /// It did what its envelope does not declare.
    pub const VIOLATION: u32 = 1;
    /// It was refused something.
    pub const DENIED: u32 = 1 << 1;
    /// It was stopped, by a trap or a limit.
    pub const STOPPED: u32 = 1 << 2;
    /// It reached the network.
    pub const NETWORK: u32 = 1 << 3;
    /// It wrote files.
    pub const WROTE: u32 = 1 << 4;

    /// Their names, in order.
    pub const NAMES: [(u32, &str); 5] = [
        (VIOLATION, "violation"),
        (DENIED, "denied"),
        (STOPPED, "stopped"),
        (NETWORK, "network"),
        (WROTE, "wrote"),
    ];
}

/// How a skill ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(index_only)]
pub enum RunMode {
    /// In the lab, where everything is virtual.
    #[default]
    #[n(0)]
    Lab,
    /// In the world.
    #[n(1)]
    Live,
    /// In the lab, from a trace.
    #[n(2)]
    Replay,
}

impl RunMode {
    /// As people and exports name it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lab => "lab",
            Self::Live => "live",
            Self::Replay => "replay",
        }
    }
}

/// What a run did that its envelope does not declare.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(array)]
pub struct Violation {
    /// SHA-256 of the component.
    #[n(0)]
    pub component: Hash,
    /// Index of the run's event. Given by the log.
    #[n(1)]
    pub run: u64,
    /// The lines that would have allowed it, the first ones.
    #[n(2)]
    pub lines: Vec<String>,
    /// How many there are.
    #[n(3)]
    pub count: u64,
    /// Whether it was refused.
    #[n(4)]
    pub denied: bool,
}

/// What a report came to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(array)]
pub struct Verdict {
    /// SHA-256 of the component.
    #[n(0)]
    pub component: Hash,
    /// Its ID.
    #[n(1)]
    pub report: String,
    /// The verdict.
    #[n(2)]
    pub verdict: String,
    /// Why, in one line.
    #[n(3)]
    pub reason: String,
    /// Index of the event of its first run.
    #[n(4)]
    pub first: u64,
    /// Runs that it is about, with those that were made to find something out.
    #[n(5)]
    pub runs: u64,
    /// SHA-256 of the findings, as the report writes them.
    #[n(6)]
    pub findings: Hash,
    /// Conditions that were confirmed to set something off.
    #[n(7)]
    pub confirmed: u32,
}

/// What a skill may do in the world.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(array)]
pub struct Grant {
    /// SHA-256 of the component.
    #[n(0)]
    pub component: Hash,
    /// Its name.
    #[n(1)]
    pub skill: String,
    /// SHA-256 of the envelope that was granted.
    #[n(2)]
    pub envelope: Hash,
    /// Where it is bound to, a line each; none: everything was taken back.
    #[n(3)]
    pub bindings: Vec<String>,
}

/// What the operator decided about a skill, and why.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(array)]
pub struct Decision {
    /// SHA-256 of the component.
    #[n(0)]
    pub component: Hash,
    /// Its name.
    #[n(1)]
    pub skill: String,
    /// Why.
    #[n(2)]
    pub reason: String,
}

/// How far a skill is trusted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(array)]
pub struct Trust {
    /// SHA-256 of the component.
    #[n(0)]
    pub component: Hash,
    /// In thousandths: 1000 is all.
    #[n(1)]
    pub trust: u32,
    /// Why.
    #[n(2)]
    pub reason: String,
}

/// A key takes over.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct KeyEpoch {
    /// The key.
    #[n(0)]
    pub key: Bytes32,
    /// What proves it to be the epoch's: the path to the root in the genesis.
    #[n(1)]
    pub path: Vec<Hash>,
}

/// What runs are chosen by is settled before they are made.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct SamplingCommit {
    /// Which period.
    #[n(0)]
    pub period: u64,
    /// SHA-256 of the secret.
    #[n(1)]
    pub commitment: Hash,
    /// Chance from outside that is mixed in, named before it is known.
    #[n(2)]
    pub beacon: Option<String>,
}

/// The secret of a period.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct SamplingReveal {
    /// Which period.
    #[n(0)]
    pub period: u64,
    /// The secret.
    #[n(1)]
    pub secret: Bytes32,
}

/// A skill that can be named from now on.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(array)]
pub struct Install {
    /// SHA-256 of the component.
    #[n(0)]
    pub component: Hash,
    /// Its name.
    #[n(1)]
    pub skill: String,
    /// Its version.
    #[n(2)]
    pub version: String,
    /// Who published it.
    #[n(3)]
    pub publisher: String,
    /// SHA-256 of its envelope, if it has one.
    #[n(4)]
    pub envelope: Option<Hash>,
    /// The verdict it was installed with; none if nobody looked.
    #[n(5)]
    pub verdict: Option<String>,
    /// Why it was installed against the verdict, in the operator's words. Not there in older events.
    #[n(6)]
    pub note: Option<String>,
}

/// What all events before it come to. With it, those can be pruned, and the rest be verified.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(array)]
pub struct Summary {
    /// Root of the tree over them.
    #[n(0)]
    pub root: Hash,
    /// Runs of each component until then, hashed: see [`crate::runs_digest`].
    #[n(1)]
    pub runs: Hash,
}

#[cfg(test)]
pub(crate) use generate::strategy;

#[cfg(test)]
mod generate {
    use proptest::prelude::*;

    use super::*;

    fn hash() -> impl Strategy<Value = Hash> {
        any::<[u8; 32]>().prop_map(Hash)
    }

    /// Bodies of all kinds.
    pub(crate) fn strategy() -> impl Strategy<Value = Body> {
        let decision = || {
            (hash(), any::<String>(), any::<String>()).prop_map(|(component, skill, reason)| Decision {
                component,
                skill,
                reason,
            })
        };
        let numbers = any::<[u64; 6]>();
        prop_oneof![
            (any::<String>(), any::<[u8; 32]>(), hash(), any::<(u32, u64, u64, bool)>()).prop_map(
                |(origin, key, epoch_keys, (epochs, epoch_events_max, epoch_ms_max, each))| Body::Genesis(
                    Genesis {
                        origin,
                        log_key: key.into(),
                        epoch_keys,
                        epochs,
                        epoch_events_max,
                        epoch_ms_max,
                        signing: if each { Signing::Each } else { Signing::Batch },
                        host: epoch_keys,
                        software: "invar".into(),
                        nonce: key.into(),
                        predecessor: each.then(|| Predecessor {
                            log: epoch_keys,
                            size: epoch_events_max,
                            root: epoch_keys,
                            reason: "full".into(),
                        }),
                    }
                )
            ),
            (any::<String>(), hash(), any::<Option<String>>(), any::<Option<u8>>(), numbers).prop_map(
                |(skill, component, agent, status, [a, b, c, d, e, f])| Body::Run(Run {
                    skill,
                    component,
                    engine: component,
                    envelope: agent.is_some().then_some(component),
                    agent,
                    status,
                    run_index: a,
                    fuel: b,
                    memory_peak_bytes: c,
                    host_calls: d,
                    file_read_bytes: e,
                    network_received_bytes: f,
                    ..Run::default()
                })
            ),
            (hash(), any::<u64>(), any::<Vec<String>>(), any::<bool>()).prop_map(
                |(component, run, lines, denied)| {
                    Body::Violation(Violation { component, run, count: lines.len() as u64, lines, denied })
                }
            ),
            (hash(), any::<String>(), any::<u64>()).prop_map(|(component, reason, first)| Body::Verdict(
                Verdict { component, reason, first, ..Verdict::default() }
            )),
            (hash(), any::<Vec<String>>()).prop_map(|(component, bindings)| Body::Grant(Grant {
                component,
                bindings,
                ..Grant::default()
            })),
            decision().prop_map(Body::Quarantine),
            decision().prop_map(Body::Release),
            (hash(), any::<u32>(), any::<String>())
                .prop_map(|(component, trust, reason)| Body::Trust(Trust { component, trust, reason })),
            (any::<[u8; 32]>(), prop::collection::vec(hash(), 0..13))
                .prop_map(|(key, path)| Body::KeyEpoch(KeyEpoch { key: key.into(), path })),
            (any::<u64>(), hash(), any::<Option<String>>()).prop_map(|(period, commitment, beacon)| {
                Body::SamplingCommit(SamplingCommit { period, commitment, beacon })
            }),
            (any::<u64>(), any::<[u8; 32]>()).prop_map(|(period, secret)| Body::SamplingReveal(
                SamplingReveal { period, secret: secret.into() }
            )),
            Just(Body::Close),
            (hash(), any::<String>(), any::<Option<String>>()).prop_map(|(component, skill, verdict)| {
                Body::Install(Install { component, skill, verdict, ..Install::default() })
            }),
            (hash(), hash()).prop_map(|(root, runs)| Body::Summary(Summary { root, runs })),
        ]
    }
}
