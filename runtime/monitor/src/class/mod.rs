//! The eight classes of invariants, a file each.

mod audit_trail;
pub(crate) mod count;
pub(crate) mod effects;
pub(crate) mod envelope;
pub(crate) mod environment;
pub(crate) mod output;
pub(crate) mod performance;
mod resources;

use std::collections::BTreeSet;

use invar_envelope::{NetworkPattern, PathPattern};
use invar_trace::{Effect, EffectKind};

use crate::{
    Class, Cost, Deviation, Factor, Lab, Row, Section, Severity,
    attribution::Attribution,
    finding::Source,
    followup::Followed,
    grouping::is_line_for,
    monitor::{Case, Declared},
    series::BASELINE_RUNS,
    text,
};

/// Everything a class looks at.
pub(crate) struct View<'a> {
    pub(crate) declared: &'a Declared,
    pub(crate) rows: &'a [Row],
    pub(crate) case: &'a Case,
    pub(crate) lab: &'a dyn Lab,
    /// Too few runs came to an end to be compared.
    pub(crate) is_inconclusive: bool,
    /// A run of the baseline asked for random bytes or a seed.
    pub(crate) draws_random: bool,
}

/// One section of the report.
pub(crate) fn section(class: Class, view: &View<'_>) -> Section {
    match class {
        Class::OutputDeterminism => output::section(view),
        Class::ResourceUsage => resources::section(view),
        Class::SideEffects => effects::section(view),
        Class::ExecutionCount => count::section(view),
        Class::Environment => environment::section(view),
        Class::Envelope => envelope::section(view),
        Class::Performance => performance::section(view),
        Class::AuditTrail => audit_trail::section(view),
    }
}

impl View<'_> {
    /// Deviations of that kind, each with the group it stands in.
    fn groups_with(
        &self,
        wanted: impl Fn(&Deviation) -> bool + Copy,
    ) -> impl Iterator<Item = (&Followed, &Deviation)> {
        self.case.groups.iter().flat_map(move |group| {
            group.deviations.iter().filter(move |own| wanted(own)).map(move |own| (group, own))
        })
    }

    /// What a deviation hangs on, in words.
    fn cause(&self, attribution: Option<&Attribution>) -> String {
        let Some(attribution) = attribution else { return "not followed up".into() };
        match attribution.factors.as_slice() {
            [] => "not found: neither clock, random seed nor files alone or together".into(),
            factors => {
                let join = if attribution.joint { " together with " } else { " and " };
                let names: Vec<String> =
                    factors.iter().map(|factor| self.value_of(factor, attribution)).collect();
                names.join(join)
            }
        }
    }

    fn value_of(&self, factor: &Factor, attribution: &Attribution) -> String {
        match factor {
            Factor::File(path) => match self.lab.content(attribution.fired, path) {
                Some(value) => format!("{factor} = {}", text::quoted(&value)),
                None => format!("{factor} being absent"),
            },
            Factor::Clock => format!("the clock at {}", self.lab.started(attribution.fired)),
            other => other.to_string(),
        }
    }

    /// How bad a deviation is: as claimed, or not. Claims excuse variation, and nothing that a run does beside
    /// it which is not declared.
    pub(crate) fn severity(
        &self,
        group: &Followed,
        deviation: &Deviation,
        attribution: Option<&Attribution>,
    ) -> Severity {
        let sources = attribution.and_then(Attribution::sources);
        let expected = sources
            .as_ref()
            .is_some_and(|sources| sources.iter().all(|source| self.declared.is_expected(source)));
        if let Deviation::New(effects) = deviation
            && !effects.iter().any(|effect| effect.is_lasting())
            && !self.adds_violations(group)
        {
            return Severity::Info;
        }
        // A directory of its own to put a declared file in: who makes up names makes such.
        if let Deviation::New(effects) = deviation
            && self.declared.envelope.is_some()
            && effects.iter().all(|effect| effect.kind == EffectKind::FileMkdir || !effect.is_lasting())
            && !self.reaches_out(group, effects)
            && !self.adds_violations(group)
        {
            return Severity::Info;
        }
        let is_new_and_nothing_is_declared =
            self.declared.envelope.is_none() && matches!(deviation, Deviation::New(_));
        if is_new_and_nothing_is_declared {
            return Severity::Critical;
        }
        if expected && !self.adds_violations(group) {
            return Severity::Info;
        }
        // A cold start: it fills what later runs use, and nothing else.
        let is_cold_start = group.runs.iter().all(|run| *run <= BASELINE_RUNS);
        let fills = match deviation {
            Deviation::Cost(_) => true,
            Deviation::New(effects) | Deviation::Missing(effects) => {
                effects.iter().all(|effect| effect.subject.starts_with('/'))
            }
            _ => false,
        };
        if fills && is_cold_start && sources.as_deref().is_some_and(|sources| self.is_upkeep(group, sources))
        {
            return Severity::Minor;
        }
        match deviation {
            Deviation::New(effects) if self.reaches_out(group, effects) => Severity::Critical,
            Deviation::Cost(cost @ (Cost::Fuel | Cost::Memory | Cost::Written)) => {
                resources::severity(self, group, *cost, sources.as_deref())
            }
            _ => Severity::Major,
        }
    }

    /// Whether some of the effects are contacts or writes that are not declared.
    fn reaches_out(&self, group: &Followed, effects: &BTreeSet<Effect>) -> bool {
        self.rows
            .iter()
            .filter(|row| group.runs.contains(&row.run))
            .flat_map(|row| row.run_effects.violations.keys())
            .filter(|missing| matches!(missing.key.as_str(), "network" | "listen" | "files.write"))
            .any(|missing| effects.iter().any(|effect| is_line_for(missing, effect)))
    }

    /// Whether the runs of a group do what is not declared and the first runs do not do.
    fn adds_violations(&self, group: &Followed) -> bool {
        let is_baseline = |row: &&Row| row.run <= BASELINE_RUNS && !group.runs.contains(&row.run);
        let usual: Vec<&Row> = self.rows.iter().filter(is_baseline).collect();
        self.rows
            .iter()
            .filter(|row| group.runs.contains(&row.run))
            .flat_map(|row| row.run_effects.violations.keys())
            .any(|missing| !usual.iter().any(|row| row.run_effects.violations.contains_key(missing)))
    }
}

impl Declared {
    /// Whether claims name a source; without claims, whether the envelope declares it.
    pub(crate) fn is_expected(&self, source: &Source) -> bool {
        let is_given = matches!(source, Source::Input | Source::Argument(_));
        is_given || source.is_claimed(&self.claims.varies_with).unwrap_or_else(|| self.allows(source))
    }

    /// Whether the envelope lets the skill read a source.
    fn allows(&self, source: &Source) -> bool {
        self.envelope.as_ref().is_some_and(|envelope| match source {
            Source::Clock | Source::Speed => envelope.clocks.wall || envelope.clocks.monotonic,
            Source::Uptime | Source::Waiting => envelope.clocks.monotonic,
            Source::Random => envelope.random,
            Source::Network | Source::Name(_) | Source::Answer(_) => !envelope.network.is_empty(),
            Source::Variable(name) => envelope.env.iter().any(|own| own.matches(name)),
            Source::File(path) => envelope.files_read.iter().any(|glob| glob.matches(path)),
            Source::Preopens => false,
            Source::Input | Source::Argument(_) => true,
        })
    }

    /// Whether the envelope names a source at all: a file that may be written is the skill's own data.
    pub(crate) fn is_declared(&self, source: &Source) -> bool {
        let may_write = |path: &String| {
            self.envelope.as_ref().is_some_and(|own| own.files_write.iter().any(|glob| glob.matches(path)))
        };
        self.allows(source) || matches!(source, Source::File(path) if may_write(path))
    }

    /// Whether a file may be read.
    pub(crate) fn reads(&self, path: &str) -> bool {
        self.allows(&Source::File(path.to_owned()))
    }

    /// Whether the envelope declares what an effect does. Without an envelope nothing is declared.
    pub(crate) fn covers(&self, effect: &Effect) -> bool {
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

impl Attribution {
    /// What it hangs on, as claims name it; none if that was not found.
    pub(crate) fn sources(&self) -> Option<Vec<Source>> {
        if self.factors.is_empty() {
            return None;
        }
        self.factors
            .iter()
            .map(|factor| match factor {
                Factor::Clock => Some(Source::Clock),
                Factor::Random => Some(Source::Random),
                Factor::File(path) => Some(Source::File(path.clone())),
                Factor::Files => None,
            })
            .collect()
    }
}
