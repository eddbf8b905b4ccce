//! What reports say of a case, held against what it is.

use std::time::Duration;

use super::list::{Kind, OutsideCase};
use crate::{
    detection::{
        proof::Proof,
        report::Report,
        truth::{CONSISTENT, is_severe},
    },
    project::TaskResult,
};

/// A case with what was reported.
pub(super) struct OutsideResult {
    pub(super) case: OutsideCase,
    pub(super) fuzzed: Looked,
    /// By `invar monitor`, if that was asked for.
    pub(super) monitored: Option<Looked>,
}

/// What one way of looking reports.
pub(super) struct Looked {
    /// Of the whole command.
    pub(super) time: Duration,
    /// Or why there is none.
    pub(super) report: TaskResult<Report>,
    pub(super) proofs: Vec<Proof>,
}

/// What a report comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Finding {
    /// VARIANT or worse. Of a benign case, an alarm.
    Found,
    /// A doubt is reported: MARGINAL or INCONCLUSIVE.
    Located,
    /// CONSISTENT, or no report. Of a benign case, as it should be if there is a report.
    Silent,
}

impl Looked {
    /// The verdict, or that there is no report.
    pub(super) fn verdict(&self) -> &str {
        self.report.as_ref().map_or("no report", |report| &report.verdict)
    }

    pub(super) fn finding(&self) -> Finding {
        match &self.report {
            Ok(report) if is_severe(&report.verdict) => Finding::Found,
            Ok(report) if report.verdict != CONSISTENT => Finding::Located,
            _ => Finding::Silent,
        }
    }

    /// Of a benign case: VARIANT or worse, or no report at all.
    pub(super) fn is_alarm(&self) -> bool {
        self.report.is_err() || self.finding() == Finding::Found
    }
}

impl OutsideResult {
    pub(super) fn is_sleeper(&self) -> bool {
        self.case.kind == Kind::Sleeper
    }

    /// All that was reported, in lines for the person who runs it.
    pub(super) fn words(&self) -> String {
        let judged = match (self.is_sleeper(), self.fuzzed.finding()) {
            (true, Finding::Found) => "found",
            (true, Finding::Located) => "located",
            (true, Finding::Silent) => "silent",
            (false, _) if self.fuzzed.is_alarm() => "ALARM",
            (false, _) => "ok",
        };
        let monitored = self.monitored.as_ref().map(|looked| format!("; monitor: {}", looked.verdict()));
        let said = match &self.fuzzed.report {
            Ok(report) => report.words(None),
            Err(why) => why.lines().last().unwrap_or_default().to_owned(),
        };
        let looked = std::iter::once(&self.fuzzed).chain(&self.monitored);
        let refuted = looked
            .flat_map(|looked| &looked.proofs)
            .filter_map(|proof| Some(format!("\n  not so   {}: {}", proof.condition, proof.refuted()?)));
        format!(
            "{:28} {judged:8} {said}{}{}",
            self.case.name,
            monitored.unwrap_or_default(),
            refuted.collect::<String>()
        )
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::time::Duration;

    use super::{Finding, Kind, Looked, OutsideCase, OutsideResult};
    use crate::detection::report::tests::report;

    pub(in super::super) fn looked(verdict: Option<&str>) -> Looked {
        Looked {
            time: Duration::from_millis(250),
            report: verdict.map(|verdict| report(verdict, &[])).ok_or_else(|| "it broke".to_owned()),
            proofs: Vec::new(),
        }
    }

    pub(in super::super) fn result(kind: Kind, class: &str, verdict: Option<&str>) -> OutsideResult {
        let case = OutsideCase {
            name: format!("{class}-case"),
            kind,
            class: class.into(),
            note: "waits | for".into(),
            directory: "cases".into(),
        };
        OutsideResult { case, fuzzed: looked(verdict), monitored: None }
    }

    #[test]
    fn a_verdict_finds_locates_or_says_nothing() {
        let finding = |verdict| looked(Some(verdict)).finding();
        assert_eq!(finding("ACTIVATION-PATTERN-DETECTED"), Finding::Found);
        assert_eq!(finding("VARIANT"), Finding::Found);
        assert_eq!(finding("MARGINAL"), Finding::Located);
        assert_eq!(finding("INCONCLUSIVE"), Finding::Located);
        assert_eq!(finding("CONSISTENT"), Finding::Silent);
        assert_eq!(looked(None).finding(), Finding::Silent);
    }

    #[test]
    fn a_benign_case_without_a_report_is_an_alarm() {
        assert!(looked(None).is_alarm() && looked(Some("VARIANT")).is_alarm());
        assert!(!looked(Some("MARGINAL")).is_alarm() && !looked(Some("CONSISTENT")).is_alarm());
        assert!(result(Kind::Benign, "b", None).words().contains("ALARM    it broke"));
    }
}
