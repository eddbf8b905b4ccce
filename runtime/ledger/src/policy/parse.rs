//! Policies out of files.

use std::collections::HashMap;

use thiserror::Error;

use super::{
    GROUPS_MAX, LOGS_MAX, Octets, POLICY_BYTES_MAX, Policy, PolicyLog, PolicyWitness, URL_BYTES_MAX,
    WITNESSES_MAX,
    known::{Group, Member, NONE},
};
use crate::{
    note::{KeyKind, KeyName, NAME_BYTES_MAX, VerifierKey, VerifierKeyError},
    text::decimal,
};

/// Why bytes are no policy.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// More than [`POLICY_BYTES_MAX`].
    #[error("the policy has {0} bytes, more than {POLICY_BYTES_MAX}; give a policy, not another file")]
    TooLong(usize),
    /// The file ends within a line.
    #[error("the last line of the policy does not end in a newline; if the policy is whole, add one")]
    NoNewline,
    /// What witnesses are needed is not said.
    #[error("the policy has no quorum; add a line `quorum NAME`, or `quorum none` if no witness is needed")]
    NoQuorum,
    /// One of the lines.
    #[error("line {line} of the policy: {source}")]
    Line {
        /// Which, from 1 on.
        line: usize,
        /// What is wrong with it.
        source: PolicyLineError,
    },
}

/// What is wrong with a line of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PolicyLineError {
    /// Control characters other than tabs.
    #[error("it holds the control character {0:#04x}; only tabs may be there")]
    Control(u8),
    /// Not a line of a policy.
    #[error("`{0}` is not known; a line begins with log, witness, group, quorum or #")]
    Unknown(Octets),
    /// Too few or too many items.
    #[error("it should be `{0}`")]
    Form(&'static str),
    /// No vkey, or one of a kind that is not known here.
    #[error(transparent)]
    Key(#[from] VerifierKeyError),
    /// A vkey that is no text.
    #[error("the vkey is not UTF-8; ask its owner for it again")]
    KeyNotText,
    /// A log's key that cosigns, or a witness's that does not.
    #[error("the key of {key} is of another kind: logs have Ed25519 (0x01), witnesses cosignatures (0x04)")]
    Kind {
        /// Which.
        key: KeyName,
    },
    /// A public key that has a line already.
    #[error("the key of {key} stands in a line before, if under another name; leave one of them out")]
    DuplicateKey {
        /// Which.
        key: KeyName,
    },
    /// A name that is too long.
    #[error("the name has more than {NAME_BYTES_MAX} bytes; shorten it")]
    LongName,
    /// A URL that is too long.
    #[error("the URL has more than {URL_BYTES_MAX} bytes; shorten it")]
    LongUrl,
    /// A name that has a line already, or `none`.
    #[error("the name `{0}` is taken; choose another")]
    DuplicateName(Octets),
    /// A name without a line before this one.
    #[error("`{0}` is no witness or group of a line before this one")]
    Undefined(Octets),
    /// A member of two groups, or twice of one.
    #[error("`{0}` is a member of a group already; each may be one once")]
    Member(Octets),
    /// A group that can never or always be satisfied.
    #[error("`{0}` is not `any`, `all` or a number from 1 to that of the members")]
    Threshold(Octets),
    /// A second quorum.
    #[error("the policy has a quorum already; leave one of them out")]
    SecondQuorum,
    /// More logs, witnesses or groups than a policy may have.
    #[error("the policy has more than {max} {what}; leave some out")]
    TooMany {
        /// What there are too many of.
        what: &'static str,
        /// How many there may be.
        max: usize,
    },
}

use PolicyLineError as Wrong;

impl Policy {
    /// The policy of a file.
    ///
    /// # Errors
    /// If it is not a policy, or passes one of the limits; with the line, where it is one.
    pub fn parse(bytes: &[u8]) -> Result<Self, PolicyError> {
        if bytes.len() > POLICY_BYTES_MAX {
            return Err(PolicyError::TooLong(bytes.len()));
        }
        // A file that was cut off could name another quorum than the whole one.
        let Some(lines) = bytes.strip_suffix(b"\n") else { return Err(PolicyError::NoNewline) };
        let mut parser = Parser::new();
        for (at, line) in lines.split(|byte| *byte == b'\n').enumerate() {
            parser.line(line).map_err(|source| PolicyError::Line { line: at + 1, source })?;
        }
        if !parser.has_quorum {
            return Err(PolicyError::NoQuorum);
        }
        Ok(parser.policy)
    }
}

struct Parser {
    policy: Policy,
    has_quorum: bool,
    /// Of witnesses and groups, and whether each is a member of a group.
    names: HashMap<Octets, (Member, bool)>,
}

impl Parser {
    fn new() -> Self {
        Self { policy: Policy::of_nobody(), has_quorum: false, names: HashMap::new() }
    }

    fn line(&mut self, line: &[u8]) -> Result<(), Wrong> {
        if let Some(byte) = line.iter().find(|byte| matches!(byte, 0..=0x08 | 0x0a..=0x1f | 0x7f)) {
            return Err(Wrong::Control(*byte));
        }
        let items: Vec<&[u8]> =
            line.split(|byte| matches!(byte, b' ' | b'\t')).filter(|item| !item.is_empty()).collect();
        let Some((first, items)) = items.split_first() else { return Ok(()) };
        match *first {
            [b'#', ..] => Ok(()),
            b"log" => self.log(items),
            b"witness" => self.witness(items),
            b"group" => self.group(items),
            b"quorum" => self.quorum(items),
            other => Err(Wrong::Unknown(shown(other))),
        }
    }

    fn log(&mut self, items: &[&[u8]]) -> Result<(), Wrong> {
        let (vkey, url) = match *items {
            [vkey] => (vkey, None),
            [vkey, url] => (vkey, Some(url)),
            _ => return Err(Wrong::Form("log VKEY [URL]")),
        };
        let (key, url) = (key(vkey, KeyKind::Ed25519)?, url.map(checked_url).transpose()?);
        let logs = &mut self.policy.logs;
        if logs.iter().any(|log| log.key.public_key() == key.public_key()) {
            return Err(Wrong::DuplicateKey { key: key.name().clone() });
        }
        if logs.len() == LOGS_MAX {
            return Err(Wrong::TooMany { what: "logs", max: LOGS_MAX });
        }
        logs.push(PolicyLog { key, url });
        Ok(())
    }

    fn witness(&mut self, items: &[&[u8]]) -> Result<(), Wrong> {
        let (name, vkey, url) = match *items {
            [name, vkey] => (name, vkey, None),
            [name, vkey, url] => (name, vkey, Some(url)),
            _ => return Err(Wrong::Form("witness NAME VKEY [URL]")),
        };
        let (key, url) = (key(vkey, KeyKind::Cosignature)?, url.map(checked_url).transpose()?);
        let at = self.policy.witnesses.len();
        if self.policy.witnesses.iter().any(|witness| witness.key.public_key() == key.public_key()) {
            return Err(Wrong::DuplicateKey { key: key.name().clone() });
        }
        if at == WITNESSES_MAX {
            return Err(Wrong::TooMany { what: "witnesses", max: WITNESSES_MAX });
        }
        let name = self.define(name, Member::Witness(at))?;
        self.policy.witnesses.push(PolicyWitness { name, key, url });
        Ok(())
    }

    fn group(&mut self, items: &[&[u8]]) -> Result<(), Wrong> {
        let [name, threshold, members @ ..] = items else {
            return Err(Wrong::Form("group NAME any|all|NUMBER MEMBER..."));
        };
        if members.is_empty() {
            return Err(Wrong::Form("group NAME any|all|NUMBER MEMBER..."));
        }
        let at = self.policy.groups.len();
        if at == GROUPS_MAX {
            return Err(Wrong::TooMany { what: "groups", max: GROUPS_MAX });
        }
        // The members first: a group is not a member of itself.
        let members: Vec<Member> =
            members.iter().map(|member| self.enlist(member)).collect::<Result<_, _>>()?;
        let threshold = match *threshold {
            b"any" => 1,
            b"all" => members.len(),
            number => threshold_of(number, members.len()).ok_or_else(|| Wrong::Threshold(shown(number)))?,
        };
        let name = self.define(name, Member::Group(at))?;
        self.policy.groups.push(Group { name, threshold, members });
        Ok(())
    }

    fn quorum(&mut self, items: &[&[u8]]) -> Result<(), Wrong> {
        let [name] = *items else { return Err(Wrong::Form("quorum NAME")) };
        if self.has_quorum {
            return Err(Wrong::SecondQuorum);
        }
        self.policy.quorum = match name {
            NONE => None,
            name => Some(self.names.get(&Octets::from(name)).ok_or_else(|| Wrong::Undefined(shown(name)))?.0),
        };
        self.has_quorum = true;
        Ok(())
    }

    /// Gives a witness or a group its name.
    fn define(&mut self, name: &[u8], member: Member) -> Result<Octets, Wrong> {
        if name.len() > NAME_BYTES_MAX {
            return Err(Wrong::LongName);
        }
        let octets = Octets::from(name);
        if name == NONE || self.names.contains_key(&octets) {
            return Err(Wrong::DuplicateName(octets));
        }
        self.names.insert(octets.clone(), (member, false));
        Ok(octets)
    }

    /// Makes a witness or a group a member.
    fn enlist(&mut self, name: &[u8]) -> Result<Member, Wrong> {
        match self.names.get_mut(&Octets::from(name)) {
            None => Err(Wrong::Undefined(shown(name))),
            Some((_, true)) => Err(Wrong::Member(shown(name))),
            Some((member, listed)) => {
                *listed = true;
                Ok(*member)
            }
        }
    }
}

fn key(vkey: &[u8], kind: KeyKind) -> Result<VerifierKey, Wrong> {
    let key: VerifierKey = str::from_utf8(vkey).map_err(|_| Wrong::KeyNotText)?.parse()?;
    if key.kind() == kind { Ok(key) } else { Err(Wrong::Kind { key: key.name().clone() }) }
}

fn checked_url(url: &[u8]) -> Result<Octets, Wrong> {
    if url.len() > URL_BYTES_MAX { Err(Wrong::LongUrl) } else { Ok(Octets::from(url)) }
}

fn threshold_of(number: &[u8], members: usize) -> Option<usize> {
    let threshold = usize::try_from(decimal(str::from_utf8(number).ok()?)?).ok()?;
    (1..=members).contains(&threshold).then_some(threshold)
}

/// As much of an item as an error may show.
fn shown(item: &[u8]) -> Octets {
    Octets::from(&item[..item.len().min(NAME_BYTES_MAX)])
}
