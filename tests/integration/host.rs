//! The library to embed: nothing is released that is not on record, and waiting is bounded.

use std::{path::Path, sync::Arc, time::Duration};

use invar_engine::{Cancel, RunError};
use invar_host::{
    Error, Host, Limits, LoadedSkill, RunSpec,
    ledger::{Ledger, LedgerOptions},
    world::WorldSpec,
};
use invar_trace::Ending;
use tokio::runtime::Builder;

use crate::helpers::project;

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
