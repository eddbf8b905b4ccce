//! Decisions.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use invar_envelope::{AccessRequest, Envelope};
use invar_trace::{Decision, Subject, Verdict, Want};

/// Decides calls against the declared envelope.
pub(crate) struct AccessPolicy {
    /// None: nothing is declared, and nothing is held against the skill here.
    envelope: Option<Envelope>,
    /// Refuse what is not declared, rather than answer and record it.
    enforce: bool,
    /// Names that lookups of this run answered with an address.
    names: BTreeMap<IpAddr, Vec<String>>,
    /// The same, to be found at once.
    answered: BTreeSet<(IpAddr, String)>,
}

impl AccessPolicy {
    pub(crate) fn new(envelope: Option<Envelope>, enforce: bool) -> Self {
        Self { envelope, enforce, names: BTreeMap::new(), answered: BTreeSet::new() }
    }

    /// Whether the envelope declares random bytes.
    pub(crate) fn declares_random(&self) -> bool {
        self.envelope.as_ref().is_some_and(|envelope| envelope.random)
    }

    /// Whether file times may be seen: not when the wall clock is refused.
    pub(crate) fn shows_times(&self) -> bool {
        !self.enforce || self.envelope.as_ref().is_some_and(|envelope| envelope.clocks.wall)
    }

    /// A lookup of `name` was answered with `address`.
    pub(crate) fn answered(&mut self, name: &str, address: IpAddr) {
        if self.answered.insert((address, name.to_owned())) {
            self.names.entry(address).or_default().push(name.to_owned());
        }
    }

    /// The names that were answered with `address`.
    pub(crate) fn names_of(&self, address: IpAddr) -> &[String] {
        self.names.get(&address).map(Vec::as_slice).unwrap_or_default()
    }

    /// How many entries a decision compares with what is wanted, at most; none if there is nothing to decide.
    pub(crate) fn entries(&self, request: &AccessRequest<'_>) -> u64 {
        match (request, &self.envelope) {
            (AccessRequest::Nothing, _) => 0,
            // The world's script is asked, too, and counts by itself.
            (_, None) => 1,
            (_, Some(envelope)) => envelope.entries_for(request).max(1),
        }
    }

    /// Decides; none if there is nothing to decide.
    pub(crate) fn decide(&self, request: &AccessRequest<'_>) -> Option<Decision> {
        let (want, subject) = describe(request)?;
        let verdict = match self.envelope.as_ref().map_or(Ok(()), |envelope| envelope.decide(request)) {
            Ok(()) => Verdict::Allowed,
            Err(missing) if self.enforce => Verdict::Denied(missing),
            Err(missing) => Verdict::Violation(missing),
        };
        Some(Decision { want, subject, verdict })
    }
}

/// The access request of a call, as a trace names it.
fn describe(request: &AccessRequest<'_>) -> Option<(Want, Option<Subject>)> {
    let one = |text: &str| Some(Subject::One(text.to_owned()));
    Some(match *request {
        AccessRequest::Nothing => return None,
        AccessRequest::Traverse(path) => (Want::Traverse, one(path)),
        AccessRequest::Read(path) => (Want::Read, one(path)),
        AccessRequest::Write(path) => (Want::Write, one(path)),
        AccessRequest::ReadWrite(path) => (Want::ReadWrite, one(path)),
        AccessRequest::Move { from, to, .. } => {
            (Want::Write, Some(Subject::Two(from.to_owned(), to.to_owned())))
        }
        AccessRequest::Lookup(name) => (Want::Lookup, one(name)),
        AccessRequest::Connect { scheme, address, names } => {
            let host = match names.first() {
                Some(name) => format!("{name}:{}", address.port()),
                None => address.to_string(),
            };
            (Want::Connect, one(&format!("{}://{host}", scheme.as_str())))
        }
        AccessRequest::Request(request) => (Want::Request, one(&request.to_string())),
        AccessRequest::Listen { scheme, address } => {
            (Want::Listen, one(&format!("{}://{address}", scheme.as_str())))
        }
        AccessRequest::WallClock => (Want::WallClock, None),
        AccessRequest::MonotonicClock => (Want::MonotonicClock, None),
        AccessRequest::Random => (Want::Random, None),
    })
}
