//! What was declared: what behaviour is compared with.

use std::{borrow::Cow, collections::BTreeMap};

use invar_envelope::{Bindings, Claims, Envelope, NetworkPattern, PathPattern, VariesWith};
use invar_trace::{Effect, EffectKind};

use crate::{source::Source, tool_calls::Functions};

/// What was declared: what behaviour is compared with.
#[derive(Debug, Clone, Default)]
pub struct Declared {
    /// None: nothing is, and the baseline stands in.
    pub envelope: Option<Envelope>,
    /// What the skill says of itself.
    pub claims: Claims,
    /// What it says of single functions, by their names in full. What it does not say of one is what it says of all.
    pub calls: BTreeMap<String, Claims>,
}

impl Declared {
    /// The same for a run that is given something else: its variables stand for that.
    pub(crate) fn given(&self, bindings: &Bindings<'_>) -> Cow<'_, Self> {
        let is_bound =
            |claim: &VariesWith| matches!(claim, VariesWith::Files(glob) if glob.variable().is_some());
        let has_variables = self.envelope.as_ref().is_some_and(Envelope::has_variables)
            || self.all_claims().flat_map(|claims| claims.varies_with.iter().flatten()).any(is_bound);
        match has_variables {
            false => Cow::Borrowed(self),
            true => Cow::Owned(Self {
                envelope: self.envelope.as_ref().map(|envelope| envelope.bind(bindings)),
                claims: self.claims.bind(bindings),
                calls: self
                    .calls
                    .iter()
                    .map(|(function, claims)| (function.clone(), claims.bind(bindings)))
                    .collect(),
            }),
        }
    }

    /// Those about all functions, and those about single ones.
    fn all_claims(&self) -> impl Iterator<Item = &Claims> {
        self.calls.values().chain([&self.claims])
    }

    /// What is claimed about a function.
    pub(crate) fn claims_of(&self, function: &str) -> &Claims {
        self.calls.get(function).unwrap_or(&self.claims)
    }

    /// Whether claims name a source; without claims, whether the envelope declares it.
    pub(crate) fn is_expected(&self, source: &Source) -> bool {
        self.is_expected_by(&self.claims, source)
    }

    /// The same of what happens in calls of these functions: the claims about each of them must name it. Where no function can
    /// be told, those about all count.
    pub(crate) fn is_expected_in(&self, functions: &Functions, source: &Source) -> bool {
        match functions.is_empty() {
            true => self.is_expected(source),
            false => functions.iter().all(|it| self.is_expected_by(self.claims_of(it), source)),
        }
    }

    fn is_expected_by(&self, claims: &Claims, source: &Source) -> bool {
        let is_given =
            matches!(source, Source::Input | Source::Argument(_) | Source::Arguments | Source::Field(_));
        is_given || source.is_claimed(&claims.varies_with).unwrap_or_else(|| self.allows(source))
    }

    /// Whether the envelope lets the skill read a source.
    fn allows(&self, source: &Source) -> bool {
        self.envelope.as_ref().is_some_and(|envelope| match source {
            Source::Clock | Source::Speed | Source::Resolution => {
                envelope.clocks.wall || envelope.clocks.monotonic
            }
            Source::Uptime | Source::Waiting => envelope.clocks.monotonic,
            Source::Random => envelope.random,
            Source::Network | Source::Name(_) | Source::Answer(_) => !envelope.network.is_empty(),
            Source::Variable(name) => envelope.env.iter().any(|pattern| pattern.matches(name)),
            Source::File(path) => envelope.files_read.iter().any(|glob| glob.matches(path)),
            Source::Inodes => !envelope.files_read.is_empty(),
            Source::Variables => !envelope.env.is_empty(),
            Source::Preopens | Source::Terminal => false,
            Source::Input | Source::Argument(_) | Source::Arguments | Source::Field(_) => true,
        })
    }

    /// Whether the envelope names a source at all: a file that may be written is data of the skill.
    pub(crate) fn is_declared(&self, source: &Source) -> bool {
        let may_write = |path: &String| {
            self.envelope
                .as_ref()
                .is_some_and(|envelope| envelope.files_write.iter().any(|glob| glob.matches(path)))
        };
        self.allows(source) || matches!(source, Source::File(path) if may_write(path))
    }

    /// Whether a file may be read.
    pub(crate) fn reads(&self, path: &str) -> bool {
        self.allows(&Source::File(path.to_owned()))
    }

    /// Whether the envelope declares what an effect does. Without an envelope nothing is declared.
    pub fn covers(&self, effect: &Effect) -> bool {
        let Some(envelope) = &self.envelope else { return !effect.is_lasting() };
        let all = |globs: &[PathPattern]| {
            effect.subject.split(" -> ").all(|path| globs.iter().any(|glob| glob.matches(path)))
        };
        match effect.kind {
            EffectKind::FileStat | EffectKind::FileRead => all(&envelope.files_read),
            kind if EffectKind::CHANGES_OF_FILES.contains(&kind) => all(&envelope.files_write),
            EffectKind::NetworkLookup => {
                envelope.network.iter().any(|entry| entry.allows_lookup(&effect.subject))
            }
            EffectKind::NetworkListen => {
                covered(&envelope.listen, &effect.subject, NetworkPattern::parse_listen)
            }
            kind if kind.is_contact() => covered(&envelope.network, &effect.subject, NetworkPattern::parse),
            EffectKind::ClockWall => envelope.clocks.wall,
            EffectKind::ClockMonotonic | EffectKind::Wait => envelope.clocks.monotonic,
            EffectKind::Random => envelope.random,
            _ => false,
        }
    }
}

/// Whether entries allow a destination: one that cannot be read as an entry is allowed by none.
fn covered<E>(
    entries: &[NetworkPattern],
    destination: &str,
    parse: impl Fn(&str) -> Result<NetworkPattern, E>,
) -> bool {
    parse(destination).is_ok_and(|wanted| entries.iter().any(|entry| entry.covers(&wanted)))
}
