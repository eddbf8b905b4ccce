//! What a skill does when something fails: a disk is full, a file denied, a connection broken off.
//!
//! One call of a run answers with an error that the function could give, and the run is compared with its control run, in
//! which nothing fails. To fail is no finding, nor to report it, to do less or to try again: only what it does beyond
//! that is.

mod answers;
mod investigate;
mod judge;
mod plan;
mod words;

pub(crate) use investigate::investigate;
pub(crate) use words::{findings, line, triggers};

#[cfg(test)]
mod tests {
    use invar_envelope::{Document, Manifest};

    use crate::{
        Confidence, Declared, Protocol, Report, TriggerKind, Verdict,
        fake_lab::{FakeRun, REPORT, Stage, report_by},
    };

    const FAULTS: Protocol = Protocol { faults: true };

    fn report(protocol: Protocol, budget: u32, skill: impl Fn(&mut Stage) -> FakeRun) -> Report {
        let text = "[envelope]\nfiles.write = [\"/out/**\"]\n";
        let envelope = Manifest::parse_envelope(Document { name: "envelope", text }).unwrap();
        let declared = Declared { envelope: Some(envelope), ..Declared::default() };
        report_by(protocol, declared, 5, budget, skill)
    }

    fn is_full(stage: &Stage) -> bool {
        stage.fault.as_deref() == Some(r#"event:3={"err":"insufficient-space"}"#)
    }

    #[test]
    fn what_is_done_only_when_the_disk_is_full_is_found_and_confirmed() {
        let skill = |stage: &mut Stage| {
            let action = FakeRun::connecting(is_full(stage));
            FakeRun { undeclared: action.connects.clone(), ..action }
        };
        let report = report(FAULTS, 1000, skill);
        assert_eq!(report.verdict, Verdict::ActivationPatternDetected, "{}", report.reason);
        let trigger = &report.triggers[0];
        assert_eq!((trigger.kind, trigger.confidence), (TriggerKind::File, Confidence::Confirmed));
        assert_eq!(trigger.condition, "when opening /out/report.txt fails with disk full");
        assert_eq!(trigger.source, "file /out/report.txt");
        assert_eq!(trigger.reproduce, r#"invar replay fake/1 --set 'event:3={"err":"insufficient-space"}'"#);
        let tested = &report.detection_power.conditions_tested;
        assert!(tested.contains(&"7 faults".to_owned()), "{tested:?}");
    }

    #[test]
    fn nothing_is_asked_of_faults_unless_it_is_wanted() {
        let report = report(Protocol::default(), 1000, |stage| FakeRun::connecting(is_full(stage)));
        assert_eq!(report.verdict, Verdict::Consistent);
        let tested = report.detection_power.conditions_tested.join(", ");
        assert!(!tested.contains("fault"), "{tested}");
    }

    #[test]
    fn to_fail_to_say_so_and_to_clean_up_is_no_finding() {
        let skill = |stage: &mut Stage| match &stage.fault {
            Some(fault) => FakeRun::saying(format!("cannot write: {fault}")),
            None => FakeRun { writes: vec![REPORT.into(), "/out/report.tmp".into()], ..FakeRun::default() },
        };
        let report = report(FAULTS, 1000, skill);
        assert_eq!((report.verdict, report.findings().count()), (Verdict::Consistent, 0));
    }

    #[test]
    fn a_declared_way_out_is_to_be_looked_at_and_no_more() {
        let skill = |stage: &mut Stage| {
            let path = if stage.fault.is_some() { "/out/other/report.txt" } else { REPORT };
            FakeRun { writes: vec![path.into()], ..FakeRun::default() }
        };
        assert_eq!(report(FAULTS, 1000, skill).verdict, Verdict::Marginal);
    }

    #[test]
    fn a_budget_that_does_not_last_is_said() {
        let report = report(FAULTS, 4, |_| FakeRun::default());
        assert_eq!(report.verdict, Verdict::Consistent);
        let untested = report.detection_power.untested.join(", ");
        assert!(untested.contains("all of the faults"), "{untested}");
    }
}
