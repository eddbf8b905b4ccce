//! Decisions.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use invar_envelope::AccessRequest;
use invar_trace::{Decision, Subject, Want};

use crate::policy::Policy;

/// Decides the calls of one run: the policy, and what names its lookups gave addresses.
pub(crate) struct AccessPolicy {
    policy: Policy,
    /// Names that lookups of this run answered with an address.
    names: BTreeMap<IpAddr, Vec<String>>,
    /// The same, to be found at once.
    answered: BTreeSet<(IpAddr, String)>,
}

impl AccessPolicy {
    pub(crate) fn new(policy: Policy) -> Self {
        Self { policy, names: BTreeMap::new(), answered: BTreeSet::new() }
    }

    /// Whether the envelope declares random bytes.
    pub(crate) fn declares_random(&self) -> bool {
        self.policy.declares_random()
    }

    /// Whether the value of a variable may be seen.
    pub(crate) fn shows_variable(&self, name: &str) -> bool {
        !self.policy.decide(&AccessRequest::Variable(name)).is_refusal()
    }

    /// Whether file times may be seen: not when the wall clock is refused.
    pub(crate) fn shows_times(&self) -> bool {
        self.policy.shows_time()
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
        match request {
            AccessRequest::Nothing => 0,
            // The world's script is asked, too, and counts by itself.
            request => self.policy.entries(request).max(1),
        }
    }

    /// Decides; none if there is nothing to decide.
    pub(crate) fn decide(&self, request: &AccessRequest<'_>) -> Option<Decision> {
        let (want, subject) = describe(request)?;
        Some(Decision { want, subject, verdict: self.policy.decide(request) })
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
        AccessRequest::Variable(name) => (Want::Variable, one(name)),
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
