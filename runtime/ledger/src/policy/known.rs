//! Known logs and witnesses, and how many of those are needed.

use thiserror::Error;

use super::{Octets, WITNESSES_MAX};
use crate::note::{KeyKind, KeyName, VerifierKey};

/// The name of a quorum that is always there: no witness has to have seen anything.
pub(super) const NONE: &[u8] = b"none";

/// Whom to believe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    pub(super) logs: Vec<PolicyLog>,
    pub(super) witnesses: Vec<PolicyWitness>,
    pub(super) groups: Vec<Group>,
    pub(super) quorum: Option<Member>,
}

/// A known log. The name of its key is its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyLog {
    /// What its checkpoints are verified with.
    pub key: VerifierKey,
    /// Where to reach it.
    pub url: Option<Octets>,
}

/// A known witness.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyWitness {
    /// What the policy calls it.
    pub name: Octets,
    /// What its cosignatures are verified with.
    pub key: VerifierKey,
    /// Where to send checkpoints: what `/add-checkpoint` is put behind (c2sp.org/tlog-witness).
    pub url: Option<Octets>,
}

/// Witnesses and groups of which some have to have seen a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) name: Octets,
    /// How many of the members, at least one.
    pub(super) threshold: usize,
    pub(super) members: Vec<Member>,
}

/// A witness or a group, by where it is in its list. Groups stand behind their members, so none contains itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Member {
    Witness(usize),
    Group(usize),
}

/// Why some keys are no policy.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PolicyKeysError {
    /// More than [`WITNESSES_MAX`].
    #[error("{0} witnesses were named, more than {WITNESSES_MAX}; name fewer")]
    TooMany(usize),
    /// A key that does not cosign.
    #[error("the key of {0} is not one of a witness (kind 0x04); give the vkey that the witness publishes")]
    Kind(KeyName),
    /// The same public key twice, if under another name.
    #[error("the key of {0} was named before; name every witness once")]
    Duplicate(KeyName),
}

impl Policy {
    /// That every one of these has to have seen a checkpoint; without any, that nobody has to. Any log is taken.
    ///
    /// # Errors
    /// If one of them is not the key of a witness, or was named before, or there are too many.
    pub fn all_of(keys: impl IntoIterator<Item = VerifierKey>) -> Result<Self, PolicyKeysError> {
        let keys: Vec<VerifierKey> = keys.into_iter().collect();
        if keys.len() > WITNESSES_MAX {
            return Err(PolicyKeysError::TooMany(keys.len()));
        }
        let mut policy = Self::of_nobody();
        for (at, key) in keys.into_iter().enumerate() {
            if key.kind() != KeyKind::Cosignature {
                return Err(PolicyKeysError::Kind(key.name().clone()));
            }
            if policy.witnesses.iter().any(|other| other.key.public_key() == key.public_key()) {
                return Err(PolicyKeysError::Duplicate(key.name().clone()));
            }
            let name = Octets::from(format!("witness-{}", at + 1));
            policy.witnesses.push(PolicyWitness { name, key, url: None });
        }
        let members: Vec<Member> = (0..policy.witnesses.len()).map(Member::Witness).collect();
        if !members.is_empty() {
            policy.groups.push(Group {
                name: Octets::from("all-of-them".to_owned()),
                threshold: members.len(),
                members,
            });
            policy.quorum = Some(Member::Group(0));
        }
        Ok(policy)
    }

    /// That nobody has to have seen anything, and any log is taken.
    #[must_use]
    pub fn of_nobody() -> Self {
        Self { logs: Vec::new(), witnesses: Vec::new(), groups: Vec::new(), quorum: None }
    }

    /// The logs; none if which log is meant is known from elsewhere.
    #[must_use]
    pub fn logs(&self) -> &[PolicyLog] {
        &self.logs
    }

    /// The witnesses.
    #[must_use]
    pub fn witnesses(&self) -> &[PolicyWitness] {
        &self.witnesses
    }

    /// Whether a checkpoint is to be believed that these cosigned.
    #[must_use]
    pub fn satisfied_by<'k>(&self, cosigners: impl IntoIterator<Item = &'k VerifierKey>) -> bool {
        let mut cosigned = vec![false; self.witnesses.len()];
        for cosigner in cosigners {
            if let Some(at) = self.witnesses.iter().position(|witness| witness.key == *cosigner) {
                cosigned[at] = true;
            }
        }
        let mut groups: Vec<bool> = Vec::with_capacity(self.groups.len());
        for group in &self.groups {
            let seen = group.members.iter().filter(|member| match **member {
                Member::Witness(at) => cosigned[at],
                Member::Group(at) => groups[at],
            });
            let enough = seen.count() >= group.threshold;
            groups.push(enough);
        }
        match self.quorum {
            None => true,
            Some(Member::Witness(at)) => cosigned[at],
            Some(Member::Group(at)) => groups[at],
        }
    }

    fn name_of(&self, member: Member) -> &Octets {
        match member {
            Member::Witness(at) => &self.witnesses[at].name,
            Member::Group(at) => &self.groups[at].name,
        }
    }

    /// The policy as a file, which [`Policy::parse`] gives back: logs, witnesses, groups, quorum.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut lines = Lines::default();
        for PolicyLog { key, url } in &self.logs {
            lines.add(&[b"log", key.to_string().as_bytes()], url.as_ref());
        }
        for PolicyWitness { name, key, url } in &self.witnesses {
            lines.add(&[b"witness", name.as_bytes(), key.to_string().as_bytes()], url.as_ref());
        }
        for Group { name, threshold, members } in &self.groups {
            let threshold = threshold.to_string();
            let mut items = vec![&b"group"[..], name.as_bytes(), threshold.as_bytes()];
            items.extend(members.iter().map(|member| self.name_of(*member).as_bytes()));
            lines.add(&items, None);
        }
        let quorum = self.quorum.map_or(NONE, |quorum| self.name_of(quorum).as_bytes());
        lines.add(&[b"quorum", quorum], None);
        lines.0
    }
}

#[derive(Default)]
struct Lines(Vec<u8>);

impl Lines {
    fn add(&mut self, items: &[&[u8]], url: Option<&Octets>) {
        self.0.extend(items.join(&b' '));
        if let Some(url) = url {
            self.0.push(b' ');
            self.0.extend(url.as_bytes());
        }
        self.0.push(b'\n');
    }
}
