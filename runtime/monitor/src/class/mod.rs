//! The eight classes of invariants, a file each.

mod audit_trail;
pub(crate) mod count;
pub(crate) mod effects;
pub(crate) mod envelope;
mod environment;
pub(crate) mod output;
mod performance;
mod resources;

use crate::{
    Class, Deviation, Lab, Row, Section, Severity, Subject, Verdict,
    attribution::Attribution,
    finding::Source,
    monitor::{Case, Declared, Followed},
    report::Recommendation,
    series::BASELINE_RUNS,
    text,
};

/// Everything a class looks at.
pub(crate) struct View<'a> {
    pub(crate) declared: &'a Declared,
    pub(crate) rows: &'a [Row],
    pub(crate) case: &'a Case,
    pub(crate) lab: &'a dyn Lab,
}

/// One section of the report.
pub(crate) fn section(class: Class, view: &View<'_>) -> Section {
    match class {
        Class::OutputDeterminism => output::section(view),
        Class::ResourceUsage => resources::section(view),
        Class::SideEffects => effects::section(view),
        Class::ExecutionCount => count::section(view),
        Class::Environment => environment::section(),
        Class::Envelope => envelope::section(view),
        Class::Performance => performance::section(),
        Class::AuditTrail => audit_trail::section(view),
    }
}

impl View<'_> {
    /// Groups with a deviation of that kind.
    fn groups(
        &self,
        wanted: impl Fn(&Deviation) -> bool + Copy,
    ) -> impl Iterator<Item = (&Followed, &Deviation)> {
        self.case.groups.iter().filter_map(move |group| {
            group.deviations.iter().find(|own| wanted(own)).map(|found| (group, found))
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

    fn value_of(&self, factor: &crate::Factor, attribution: &Attribution) -> String {
        match factor {
            crate::Factor::File(path) => match self.lab.content(attribution.fired, path) {
                Some(value) => format!("{factor} = {}", text::quoted(&value)),
                None => format!("{factor} being absent"),
            },
            crate::Factor::Clock => format!("the clock at {}", self.lab.started(attribution.fired)),
            other => other.to_string(),
        }
    }

    /// How bad a deviation is: as claimed, or not. Claims excuse variation, and nothing that a run does beside
    /// it which is not declared.
    fn severity(&self, group: &Followed, attribution: Option<&Attribution>) -> Severity {
        let sources = attribution.and_then(Attribution::sources);
        let expected = sources.is_some_and(|sources| sources.iter().all(|source| self.is_expected(source)));
        match expected && !self.adds_violations(group) {
            true => Severity::Info,
            false => Severity::Major,
        }
    }

    /// Whether the runs of a group do what is not declared and the first runs do not do.
    fn adds_violations(&self, group: &Followed) -> bool {
        let is_baseline = |row: &&Row| row.run <= BASELINE_RUNS && !group.runs.contains(&row.run);
        let usual: Vec<&Row> = self.rows.iter().filter(is_baseline).collect();
        self.rows
            .iter()
            .filter(|row| group.runs.contains(&row.run))
            .flat_map(|row| row.deeds.violations.keys())
            .any(|missing| !usual.iter().any(|row| row.deeds.violations.contains_key(missing)))
    }

    /// Whether claims name a source; without claims, whether the envelope declares it.
    pub(crate) fn is_expected(&self, source: &Source) -> bool {
        source.is_claimed(&self.declared.claims.varies_with).unwrap_or_else(|| {
            self.declared.envelope.as_ref().is_some_and(|envelope| match source {
                Source::Clock => envelope.clocks.wall || envelope.clocks.monotonic,
                Source::Random => envelope.random,
                Source::File(path) => envelope.files_read.iter().any(|glob| glob.matches(path)),
            })
        })
    }
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
                crate::Factor::Clock => Some(Source::Clock),
                crate::Factor::Random => Some(Source::Random),
                crate::Factor::File(path) => Some(Source::File(path.clone())),
                crate::Factor::Files => None,
            })
            .collect()
    }
}

/// What to do about it. Every command works when pasted.
pub(crate) fn recommendations(
    subject: &Subject,
    case: &Case,
    rows: &[Row],
    verdict: Verdict,
) -> Vec<Recommendation> {
    let id = &subject.id;
    let mut all = Vec::new();
    let mut add = |what: &str, command: String| {
        all.push(Recommendation { what: what.to_owned(), command });
    };
    if verdict == Verdict::ActivationPatternDetected {
        for trigger in case.triggers.iter().filter(|trigger| !trigger.reproduce.is_empty()).take(1) {
            add("see it happen yourself", trigger.reproduce.clone());
        }
    }
    let talks = |row: &&Row| !row.deeds.traffic.is_empty() && !row.deviations.is_empty();
    match verdict {
        Verdict::Consistent | Verdict::Inconclusive => {}
        Verdict::Marginal | Verdict::Variant | Verdict::ActivationPatternDetected => {
            if let Some(row) = rows.iter().find(talks) {
                add("look at what it sent", format!("invar trace {id}/{} --only network", row.run));
            } else if let Some(run) = case.groups.iter().find_map(|group| group.runs.first()) {
                add("look at what it did", format!("invar trace {id}/{run}"));
            }
            // The last run of the baseline is the most like those after it: caches are warm.
            let mut pairs = case.groups.iter().filter_map(|group| {
                let usual = (1..=BASELINE_RUNS).rev().find(|run| !group.runs.contains(run))?;
                Some((usual, group.attributions.first()?.fired))
            });
            if let Some((usual, fired)) = pairs.next() {
                add("see where it turns", format!("invar diff {id}/{usual} {id}/{fired}"));
            }
            if verdict == Verdict::Marginal {
                add("declare or claim what is named above, or do without it", String::new());
            }
        }
    }
    all
}
