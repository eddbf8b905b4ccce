//! Assembles the report.

use std::{cmp::Reverse, collections::BTreeMap, sync::Arc};

use invar_trace::Behaviour;

use crate::{
    Class, Coverage, Declared, DetectionPower, Effort, Finding, Lab, Report, Row, RunRow, Section, Severity,
    Subject, Trigger, TriggerKind, Verdict,
    class::{self, View},
    columns, fault,
    inconclusive::{Inconclusive, common_status},
    named::Given,
    needs,
    recommend::recommendations,
    results::Investigation,
    rows::Rows,
};

/// A series that was investigated.
pub(crate) struct Concluded {
    pub(crate) declared: Declared,
    pub(crate) subject: Subject,
    pub(crate) rows: Rows,
    /// The runs of the baseline.
    pub(crate) first: Vec<Arc<Behaviour>>,
    pub(crate) investigation: Investigation,
    /// Why nothing can be said, if nothing can.
    pub(crate) inconclusive: Option<Inconclusive>,
}

impl Concluded {
    /// The report on it.
    pub(crate) fn report(mut self, lab: &dyn Lab) -> Report {
        let runs = u32::try_from(self.rows.rows().len()).unwrap_or(u32::MAX);
        let is_inconclusive = self.inconclusive.is_some();
        self.investigation.triggers = triggers(&self.view(lab), &self.subject.id);
        let investigation = &self.investigation;
        let view = self.view(lab);
        let invariants = sections(&view);
        let findings: Vec<Finding> =
            invariants.values().flat_map(|section| section.findings.iter().cloned()).collect();
        let unmet = Inconclusive::of_slow_host(lab).or_else(|| Inconclusive::of_unmet(&investigation.unmet));
        let verdict = Verdict::of(&findings, &investigation.triggers, is_inconclusive || unmet.is_some());
        let deciding = deciding(verdict, investigation, &findings);
        let power = match is_inconclusive {
            true => DetectionPower::none(runs),
            false => DetectionPower::of(runs, investigation, lab),
        };
        let (mut reason, recommendations) = match (self.inconclusive.as_ref().or(unmet.as_ref()), verdict) {
            (Some(why), Verdict::Inconclusive) => (why.reason.clone(), why.help.clone()),
            (Some(why), _) if is_inconclusive => (format!("{deciding}; {}", why.reason), why.help.clone()),
            _ => {
                let worst = findings.iter().map(|finding| finding.severity).max().unwrap_or(Severity::Info);
                (deciding.clone(), recommendations(&self.subject, &view, verdict, worst))
            }
        };
        if let Some(status) = common_status(self.rows.rows(), self.first.first().map(AsRef::as_ref)) {
            reason.push_str(&format!("; {status}"));
        }
        let coverage = Coverage::of(&invariants, investigation, self.rows.rows(), lab);
        let needs = needs::lines(self.rows.rows(), &investigation.envelope.read, &Given::of(lab));
        let Self { declared, subject, rows, investigation, .. } = self;
        let columns = declared.envelope.as_ref().map(|envelope| columns::rows(envelope, rows.rows()));
        Report {
            schema: Report::SCHEMA,
            id: subject.id,
            started_at: String::new(),
            skill: subject.skill,
            engine: subject.engine,
            seed: subject.seed,
            runs,
            followups: lab.followups(),
            verdict,
            reason,
            deciding,
            invariants,
            triggers: investigation.triggers.clone(),
            per_run: rows.rows().iter().map(RunRow::of).collect(),
            detection_power: power,
            recommendations,
            ledger: None,
            moments: investigation.environment.moments.clone(),
            coverage,
            search: Effort::of(&investigation.searched, lab.copy_runs()),
            scaling: investigation.performance.scaling(&declared),
            columns: columns.unwrap_or_default(),
            needs,
            inputs: Vec::new(),
            real_ms: 0,
            rows: standing_out(rows.into_rows(), &findings),
            baseline: investigation.baseline,
        }
    }

    fn view<'a>(&'a self, lab: &'a dyn Lab) -> View<'a> {
        View {
            declared: &self.declared,
            rows: self.rows.rows(),
            investigation: &self.investigation,
            lab,
            given: Given::of(lab),
            is_inconclusive: self.inconclusive.is_some(),
            draws_random: self.first.iter().any(|run| class::envelope::draws_random(run)),
        }
    }
}

/// What sets deviations off: what decides the verdict first.
fn triggers(view: &View<'_>, id: &str) -> Vec<Trigger> {
    let mut triggers = class::count::triggers(view, id);
    triggers.extend(class::environment::triggers(view, id));
    triggers.extend(class::performance::triggers(view, id));
    triggers.extend(fault::triggers(&view.investigation.faults, id));
    triggers.sort_by_key(|trigger| Reverse((trigger.decides(), trigger.severity, trigger.confidence)));
    triggers
}

fn sections(view: &View<'_>) -> BTreeMap<Class, Section> {
    let section = |class| match view.is_inconclusive {
        // Undeclared effects show in runs that fail, too.
        true if class != Class::Envelope => {
            Section::not_checked("too few runs came to an end without failing".into())
        }
        _ => class::section(class, view),
    };
    Class::ALL.into_iter().map(|class| (class, section(class))).collect()
}

/// Marks the runs that findings above information are about, unless they are about all runs.
fn standing_out(mut rows: Vec<Row>, findings: &[Finding]) -> Vec<Row> {
    let total = rows.len();
    let is_of_series = |finding: &&Finding| {
        finding.severity > Severity::Info
            && finding.runs.len() < total
            && !matches!(finding.class, Class::Environment | Class::Performance)
    };
    for run in findings.iter().filter(is_of_series).flat_map(|finding| &finding.runs) {
        if let Some(row) = rows.iter_mut().find(|row| row.run == *run) {
            row.stands_out = true;
        }
    }
    rows
}

/// What decides the verdict, in one line.
fn deciding(verdict: Verdict, investigation: &Investigation, findings: &[Finding]) -> String {
    if let (Verdict::ActivationPatternDetected, Some(trigger)) = (verdict, investigation.triggers.first()) {
        return match (trigger.kind, trigger.source.strip_prefix("file ")) {
            (TriggerKind::ExecutionCount, Some(path)) if trigger.condition.starts_with("runs ") => {
                format!("{}, by {path}", trigger.condition)
            }
            (TriggerKind::ExecutionCount, Some(path)) => {
                format!("{}, counted in {path}", trigger.condition)
            }
            _ => trigger.condition.clone(),
        };
    }
    // The first of the worst, in the order of the classes: the same that the forms of the report begin with.
    let worst = findings.iter().map(|finding| finding.severity).max();
    let worst = worst.filter(|severity| *severity > Severity::Info);
    match findings.iter().find(|finding| Some(finding.severity) == worst) {
        Some(finding) => finding.what.clone(),
        None => match investigation.out_of_budget {
            Some(spent) => format!("every invariant that was checked held; {spent}"),
            None => "every invariant that was checked held".into(),
        },
    }
}
