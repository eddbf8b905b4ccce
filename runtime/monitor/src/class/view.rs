//! What the classes look at, and how bad a deviation of the series is.

use std::collections::BTreeSet;

use invar_trace::{Effect, EffectKind};

use crate::{
    BASELINE_RUNS, Cost, Declared, Deviation, Factor, Lab, Row, Severity,
    attribution::Attribution,
    class::maintenance,
    followup::FollowUp,
    missing_line::is_line_for,
    named::Given,
    results::Investigation,
    source::Source,
    text,
    tool_calls::{CallsOfRun, InCalls, locate},
};

/// Everything a class looks at.
pub(crate) struct View<'a> {
    pub(crate) declared: &'a Declared,
    pub(crate) rows: &'a [Row],
    pub(crate) investigation: &'a Investigation,
    pub(crate) lab: &'a dyn Lab,
    pub(crate) given: Given,
    /// Too few runs came to an end to be compared.
    pub(crate) is_inconclusive: bool,
    /// A run of the baseline asked for random bytes or a seed.
    pub(crate) draws_random: bool,
}

impl View<'_> {
    /// Deviations of that kind, each with the group it stands in.
    pub(super) fn groups_with(
        &self,
        wanted: impl Fn(&Deviation) -> bool + Copy,
    ) -> impl Iterator<Item = (&FollowUp, &Deviation)> {
        self.investigation.groups.iter().flat_map(move |group| {
            group
                .deviations
                .iter()
                .filter(move |deviation| wanted(deviation))
                .map(move |deviation| (group, deviation))
        })
    }

    /// What a deviation depends on, in words.
    pub(super) fn cause(&self, attribution: Option<&Attribution>) -> String {
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
        group: &FollowUp,
        deviation: &Deviation,
        attribution: Option<&Attribution>,
    ) -> Severity {
        let sources = attribution.and_then(Attribution::sources);
        let functions = self.in_calls(group, deviation).functions();
        let is_expected = |source| self.declared.is_expected_in(&functions, source);
        let expected = sources.as_ref().is_some_and(|sources| sources.iter().all(is_expected));
        if let Deviation::New(effects) = deviation
            && !effects.iter().any(|effect| effect.is_lasting())
            && !self.adds_violations(group)
        {
            return Severity::Info;
        }
        // A new directory for a declared file: skills that make up names create such directories.
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
        if fills
            && is_cold_start
            && sources.as_deref().is_some_and(|sources| self.is_maintenance(group, sources))
        {
            return Severity::Minor;
        }
        match deviation {
            Deviation::New(effects) if self.reaches_out(group, effects) => Severity::Critical,
            Deviation::Cost(cost @ (Cost::Fuel | Cost::Memory | Cost::Written)) => {
                let is_maintenance =
                    sources.as_deref().is_some_and(|sources| self.is_maintenance(group, sources));
                maintenance::severity(self.investigation.growth.get(cost), is_maintenance)
            }
            _ => Severity::Major,
        }
    }

    /// The calls of a tool skill that a deviation is in, over all runs of a group; none if of one that cannot be told.
    pub(crate) fn in_calls(&self, group: &FollowUp, deviation: &Deviation) -> InCalls {
        if !group.in_calls.is_empty() {
            return group.in_calls.clone();
        }
        let is_usual = |row: &&Row| row.run <= BASELINE_RUNS && !group.runs.contains(&row.run);
        let usual: Vec<CallsOfRun<'_>> = self.rows.iter().filter(is_usual).map(Into::into).collect();
        let mut all = InCalls::default();
        for row in self.rows.iter().filter(|row| group.runs.contains(&row.run)) {
            // Of the effects of a group, each run has some.
            let here = match deviation {
                Deviation::New(effects) => {
                    let here = effects.intersection(&row.run_effects.effects).cloned().collect();
                    locate(&Deviation::New(here), row.into(), &usual)
                }
                other => locate(other, row.into(), &usual),
            };
            if here.is_empty() {
                return InCalls::default();
            }
            all.extend(here);
        }
        all
    }

    fn is_maintenance(&self, group: &FollowUp, sources: &[Source]) -> bool {
        maintenance::is_maintenance(self.declared, self.rows, group, sources)
    }

    /// Whether some of the effects are contacts or writes that are not declared.
    fn reaches_out(&self, group: &FollowUp, effects: &BTreeSet<Effect>) -> bool {
        self.rows
            .iter()
            .filter(|row| group.runs.contains(&row.run))
            .flat_map(|row| row.run_effects.violations.keys())
            .filter(|missing| matches!(missing.key.as_str(), "network" | "listen" | "files.write"))
            .any(|missing| effects.iter().any(|effect| is_line_for(missing, effect)))
    }

    /// Whether the runs of a group do what is not declared and the first runs do not do.
    pub(super) fn adds_violations(&self, group: &FollowUp) -> bool {
        let is_baseline = |row: &&Row| row.run <= BASELINE_RUNS && !group.runs.contains(&row.run);
        let usual: Vec<&Row> = self.rows.iter().filter(is_baseline).collect();
        self.rows
            .iter()
            .filter(|row| group.runs.contains(&row.run))
            .flat_map(|row| row.run_effects.violations.keys())
            .any(|missing| !usual.iter().any(|row| row.run_effects.violations.contains_key(missing)))
    }
}
