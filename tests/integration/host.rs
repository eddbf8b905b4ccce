//! The library to embed: nothing is released that is not on record, and waiting is bounded.

use std::{path::Path, sync::Arc, time::Duration};

use invar_engine::{Cancel, RunError};
use invar_host::{
    Error, Host, Limits, LoadedSkill, MonitorSpec, RunLimits, RunSpec,
    ledger::{Ledger, LedgerOptions},
    monitor::{NamedInput, Plan, Progress, Searching, Verdict},
    store::Store,
    world::WorldSpec,
};
use invar_trace::Ending;
use serde_json::Value;
use tokio::runtime::Builder;

use crate::helpers::{Invar, project};

fn host(directory: &Path, limits: Limits) -> Host {
    Host::builder(LedgerOptions::new(directory.join("ledger"))).limits(limits).build().unwrap()
}

fn hello(host: &Host) -> LoadedSkill {
    host.load(project("skills-examples/hello")).unwrap()
}

fn spec(skill: &LoadedSkill) -> RunSpec {
    RunSpec::new(skill.start(&WorldSpec::default()).unwrap())
}

/// Events of the audit trail.
fn events(directory: &Path) -> u64 {
    Ledger::open(&LedgerOptions::new(directory.join("ledger"))).unwrap().log().head().size
}

/// A run that goes on until it is ended: the fixture asks for the time again and again.
fn endless(host: &Host) -> (LoadedSkill, RunSpec) {
    let skill = host.load(project("skills-examples/puppet/puppet.wasm")).unwrap();
    let mut start = skill.start(&WorldSpec::default()).unwrap();
    start.input = b"repeat 4000000 monotonic-now".as_slice().into();
    (skill, RunSpec::new(start))
}

#[test]
fn a_run_is_on_record_before_its_result_exists() {
    let directory = tempfile::tempdir().unwrap();
    let host = host(directory.path(), Limits::default());
    let skill = hello(&host);
    let completed = host.run(&skill, spec(&skill)).wait().unwrap();
    assert_eq!(completed.outcome.end.ending, Ending::Returned);
    assert!(events(directory.path()) > completed.event());
    let again = host.run(&skill, spec(&skill)).wait().unwrap();
    assert!(again.event() > completed.event());
    assert_eq!(again.outcome.head, completed.outcome.head, "the same run");
}

#[test]
fn a_run_that_cannot_be_put_on_record_has_no_result() {
    let directory = tempfile::tempdir().unwrap();
    // A file where the directory of the trail should be.
    std::fs::write(directory.path().join("ledger"), "in the way").unwrap();
    let host = host(directory.path(), Limits::default());
    let skill = hello(&host);
    let error = host.run(&skill, spec(&skill)).wait().unwrap_err();
    assert!(error.to_string().contains("the audit trail in"), "{error}");
}

#[test]
fn the_ceilings_of_a_host_stop_its_runs_and_stand_in_their_traces() {
    let directory = tempfile::tempdir().unwrap();
    let run = RunLimits { fuel: 1000, memory_bytes: u64::MAX, ..RunLimits::LAB };
    let host = host(directory.path(), Limits { run, ..Limits::default() });
    let skill = hello(&host);
    let completed = host.run(&skill, spec(&skill)).wait().unwrap();
    assert_eq!(completed.outcome.end.ending, Ending::Limit("fuel".into()));
    let limits = completed.trace.header().unwrap().limits;
    assert_eq!(limits, RunLimits { fuel: 1000, ..RunLimits::LAB }, "a host can only lower them");
    let trace = Arc::new(completed.into_inner().trace);
    assert!(host.replay(&skill, &trace, false).unwrap().exact);
}

#[test]
fn runs_are_awaited_on_tokio_and_all_are_on_record() {
    let directory = tempfile::tempdir().unwrap();
    let host = host(directory.path(), Limits { runs_at_once: 2, ..Limits::default() });
    let skill = hello(&host);
    let runtime = Builder::new_current_thread().build().unwrap();
    let completed = runtime.block_on(async {
        let mut pending = Vec::new();
        for _ in 0..8 {
            pending.push(tokio::spawn(host.run(&skill, spec(&skill)).into_future()));
        }
        let mut events = Vec::new();
        for run in pending {
            events.push(run.await.unwrap().unwrap().event());
        }
        events
    });
    let mut distinct = completed.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), 8, "{completed:?}");
}

#[test]
fn a_deadline_and_a_cancel_end_a_run_without_a_result() {
    let directory = tempfile::tempdir().unwrap();
    let host = host(directory.path(), Limits::default());
    let (skill, slow) = endless(&host);
    let time = Duration::from_millis(20);
    let error = host.run(&skill, slow).deadline(time).wait().unwrap_err();
    assert!(matches!(error, Error::Run(RunError::HostTime(ended)) if ended == time), "{error}");
    let (_, slow) = endless(&host);
    let cancel = Cancel::default();
    cancel.cancel();
    let error = host.run(&skill, slow).cancel(cancel.clone()).wait().unwrap_err();
    assert!(matches!(error, Error::Run(RunError::Cancelled)), "{error}");
}

#[test]
fn who_would_be_one_too_many_in_the_line_is_refused_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let limits = Limits { runs_at_once: 1, runs_waiting: 0, ..Limits::default() };
    let host = host(directory.path(), limits);
    let (skill, slow) = endless(&host);
    let cancel = Cancel::default();
    std::thread::scope(|scope| {
        let running = host.run(&skill, slow).cancel(cancel.clone());
        let running = scope.spawn(move || running.wait());
        // Refused as soon as the other has its place.
        let hello = hello(&host);
        let refused = (0..1000).any(|_| {
            std::thread::sleep(Duration::from_millis(1));
            matches!(host.run(&hello, spec(&hello)).wait(), Err(Error::Busy { waiting: 0 }))
        });
        cancel.cancel();
        assert!(refused);
        assert!(matches!(running.join().unwrap(), Err(Error::Run(RunError::Cancelled))));
    });
}

#[test]
fn a_run_that_nobody_awaits_any_more_is_cancelled_and_the_operators_flag_is_not_touched() {
    let directory = tempfile::tempdir().unwrap();
    let host = host(directory.path(), Limits { runs_at_once: 1, ..Limits::default() });
    let (skill, slow) = endless(&host);
    let cancel = Cancel::default();
    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        let pending = host.run(&skill, slow).cancel(cancel.clone()).into_future();
        assert!(tokio::time::timeout(Duration::from_millis(50), pending).await.is_err());
        // Its slot is free again.
        let hello = hello(&host);
        host.run(&hello, spec(&hello)).await.unwrap();
    });
    assert!(!cancel.is_cancelled());
}

#[test]
fn what_is_cancelled_in_line_never_starts_and_a_future_outside_tokio_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let host = host(directory.path(), Limits { runs_at_once: 0, runs_waiting: 1, ..Limits::default() });
    let skill = hello(&host);
    let cancel = Cancel::default();
    cancel.cancel();
    let cancelled = host.run(&skill, spec(&skill)).cancel(cancel).wait();
    assert!(matches!(cancelled, Err(Error::Run(RunError::Cancelled))));
    assert!(host.run(&skill, spec(&skill)).wait().is_ok(), "there is room for one at least");
    let mut future = host.run(&skill, spec(&skill)).into_future();
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(outside) = future.as_mut().poll(&mut context) else {
        panic!("it cannot wait")
    };
    assert!(matches!(outside, Err(Error::Lost(_))));
}

#[test]
fn a_trace_puts_no_violation_on_record_that_only_it_tells_of() {
    let directory = tempfile::tempdir().unwrap();
    let host = host(directory.path(), Limits::default());
    let skill = hello(&host);
    let mut start = skill.start(&WorldSpec::default()).unwrap();
    // Declares nothing, so that each effect is a violation.
    start.envelope = Some(Default::default());
    let trace = Arc::new(host.run(&skill, RunSpec::new(start)).wait().unwrap().into_inner().trace);
    let before = events(directory.path());
    let simulated = host.replay(&skill, &trace, false).unwrap();
    let between = events(directory.path());
    let recorded = host.replay(&skill, &trace, true).unwrap();
    assert!(simulated.exact && recorded.exact);
    // A run, its violations, and the end of the writer; and a run and the end.
    assert_eq!((between - before, events(directory.path()) - between), (3, 2));
}

fn series(skill: &LoadedSkill, runs: u32) -> MonitorSpec {
    MonitorSpec::new(skill.files(), &WorldSpec::default(), Plan::of(runs)).unwrap()
}

/// The events of that kind in the audit trail of an installation.
fn recorded(invar: &Invar, kind: &str) -> Vec<Value> {
    let words = ["ledger", "show", "--last", "10000", "--kind", kind, "--format", "json"];
    let shown = invar.run(&words).expect(0).stdout;
    serde_json::Deserializer::from_str(&shown).into_iter().collect::<Result<_, _>>().unwrap()
}

/// Leaves out of a report how long it took, when it was made, and where it is on record.
fn without_circumstances(report: &mut Value) {
    match report {
        Value::Object(fields) => {
            for name in ["ms", "real_ms", "started_at", "ledger", "audit-trail"] {
                fields.remove(name);
            }
            fields.values_mut().for_each(without_circumstances);
        }
        Value::Array(values) => values.iter_mut().for_each(without_circumstances),
        _ => {}
    }
}

#[test]
fn a_monitoring_is_on_record_with_the_id_of_its_report_before_its_result_exists() {
    let invar = Invar::new();
    let host = host(&invar.path(""), Limits::default());
    let skill = hello(&host);
    let spec = series(&skill, 3).agent(Some("embedder".into()));
    let monitored = host.monitor(&skill, spec).wait().unwrap();
    let report = &monitored.report;
    let verdicts = recorded(&invar, "verdict");
    let [verdict] = verdicts.as_slice() else { panic!("{verdicts:?}") };
    assert_eq!(verdict["index"], monitored.event());
    assert_eq!(verdict["body"]["report"], report.id);
    assert_eq!(verdict["body"]["verdict"], report.verdict.to_string());
    let runs = recorded(&invar, "run");
    // Runs of instrumented copies are not on record.
    let copies = report.search.as_ref().map_or(0, |search| search.runs);
    assert_eq!(runs.len() as u64, u64::from(report.runs) + u64::from(report.followups) - copies);
    assert!(runs.iter().all(|run| run["body"]["report"] == report.id && run["body"]["agent"] == "embedder"));
    let block = report.ledger.as_ref().unwrap();
    assert_eq!((runs[0]["index"].as_u64(), block.last), (Some(block.first), monitored.event() + 1));
}

#[test]
fn the_library_comes_to_the_report_of_the_command_line() {
    let invar = Invar::new();
    let host = host(&invar.path("embedder"), Limits::default());
    let skill = hello(&host);
    let input = invar.write("name", "Ada");
    let named = || vec![NamedInput { name: input.clone(), bytes: b"Ada".as_slice().into() }];
    let with_input =
        || MonitorSpec::with_inputs(skill.files(), &WorldSpec::default(), Plan::of(4), named()).unwrap();
    for (more, spec) in [(vec![], series(&skill, 4)), (vec!["--input", &input], with_input())] {
        let words = ["monitor", "@hello", "--runs", "4", "--format", "json"];
        let mut one = invar.run(&[words.as_slice(), &more].concat()).expect(0).json();
        let monitored = host.monitor(&skill, spec).wait().unwrap();
        assert_eq!(one["id"], monitored.report.id);
        let mut other = serde_json::to_value(&monitored.report).unwrap();
        [&mut one, &mut other].into_iter().for_each(without_circumstances);
        assert_eq!(one, other);
    }
    // Everything that the report depends on is in its ID.
    let ids = [series(&skill, 4), series(&skill, 3), with_input()]
        .map(|spec| host.monitor(&skill, spec).wait().unwrap().into_inner().report.id);
    assert!(ids[0] != ids[1] && ids[0] != ids[2] && ids[1] != ids[2], "{ids:?}");
}

/// Cancels once so many runs of a series were made.
struct CancelAfter(u32, Cancel);

impl Progress for CancelAfter {
    fn run(&self, number: u32, _: u32) {
        if number == self.0 {
            self.1.cancel();
        }
    }

    fn followups(&self, _: u32, _: &str) {}
    fn search(&self, _: &Searching, _: u64) {}
    fn done(&self) {}
}

#[test]
fn a_monitoring_that_is_cancelled_is_inconclusive_and_on_record() {
    let invar = Invar::new();
    let host = host(&invar.path(""), Limits::default());
    let skill = hello(&host);
    let cancel = Cancel::default();
    let pending = host.monitor(&skill, series(&skill, 20)).cancel(cancel.clone());
    let monitored = pending.progress(CancelAfter(2, cancel)).wait().unwrap();
    assert_eq!((monitored.report.verdict, monitored.report.runs), (Verdict::Inconclusive, 2));
    let verdicts = recorded(&invar, "verdict");
    let [verdict] = verdicts.as_slice() else { panic!("{verdicts:?}") };
    assert_eq!((&verdict["index"], &verdict["body"]["runs"]), (&monitored.event().into(), &2.into()));
    assert_eq!(verdict["body"]["verdict"], "INCONCLUSIVE");
    // Where nothing was run there is nothing to judge.
    let cancel = Cancel::default();
    cancel.cancel();
    let monitored = host.monitor(&skill, series(&skill, 20)).cancel(cancel).wait().unwrap();
    assert_eq!((monitored.report.verdict, monitored.report.runs), (Verdict::Inconclusive, 0));
    assert_eq!(recorded(&invar, "verdict").len(), 1);
    assert_eq!(events(&invar.path("")), monitored.event() + 1);
}

#[test]
fn a_monitoring_that_nobody_awaits_any_more_is_cancelled_and_one_is_awaited_on_tokio() {
    let directory = tempfile::tempdir().unwrap();
    let host = host(directory.path(), Limits { runs_at_once: 1, ..Limits::default() });
    let endless = host.load(project("skills-examples/puppet/puppet.wasm")).unwrap();
    let bytes = b"repeat 4000000 monotonic-now".as_slice().into();
    let inputs = vec![NamedInput { name: "endless".into(), bytes }];
    let slow =
        MonitorSpec::with_inputs(endless.files(), &WorldSpec::default(), Plan::of(20), inputs).unwrap();
    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        let pending = host.monitor(&endless, slow).into_future();
        assert!(tokio::time::timeout(Duration::from_millis(50), pending).await.is_err());
        // Its slot is free again.
        let hello = hello(&host);
        let monitored = host.monitor(&hello, series(&hello, 3)).await.unwrap();
        assert_eq!(monitored.report.verdict, Verdict::Consistent);
        assert!(events(directory.path()) > monitored.event());
    });
}

#[test]
fn a_monitoring_that_cannot_be_put_on_record_or_has_no_input_has_no_result() {
    let directory = tempfile::tempdir().unwrap();
    let host = host(directory.path(), Limits::default());
    let skill = hello(&host);
    let none = MonitorSpec::with_inputs(skill.files(), &WorldSpec::default(), Plan::of(3), vec![]).unwrap();
    assert!(matches!(host.monitor(&skill, none).wait(), Err(Error::NoInputs)));
    // Checked before, and lost since.
    let checked = host.check_ledger().unwrap();
    std::fs::remove_dir_all(directory.path().join("ledger")).unwrap();
    std::fs::write(directory.path().join("ledger"), "in the way").unwrap();
    for pending in
        [host.monitor(&skill, series(&skill, 3)), host.monitor(&skill, series(&skill, 3)).checked(checked)]
    {
        let error = pending.wait().unwrap_err();
        assert!(error.to_string().contains("the audit trail in"), "{error}");
    }
    let error = host.run(&skill, spec(&skill)).checked(checked).wait().unwrap_err();
    assert!(error.to_string().contains("the audit trail in"), "{error}");
}

#[test]
fn what_is_kept_of_a_monitoring_replays_and_is_what_the_next_is_compared_with() {
    let directory = tempfile::tempdir().unwrap();
    let host = host(directory.path(), Limits::default());
    let (skill, store) = (hello(&host), Store::new(directory.path().join("store")));
    let monitor = || {
        let spec = series(&skill, 3).baselines(Some(store.clone()));
        host.monitor(&skill, spec).wait().unwrap()
    };
    let first = monitor();
    first.keep(&store, &skill).unwrap();
    let trace = Arc::new(store.trace(&format!("{}/1", first.report.id)).unwrap());
    let component = host.compile(&store.component(skill.digest).unwrap()).unwrap();
    assert!(host.replay(&component, &trace, false).unwrap().exact);
    let second = monitor();
    let told = format!("as stored by report {}", first.report.id);
    let text = serde_json::to_string(&second.report).unwrap();
    assert!(text.contains(&told), "{text}");
    assert!(first.baseline.is_some() && second.baseline.is_none());
}
