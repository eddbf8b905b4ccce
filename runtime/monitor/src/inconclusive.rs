//! When nothing can be said: too few runs came to an end, the first ones fail, or too little could be asked.

use std::sync::Arc;

use invar_envelope::Claims;
use invar_trace::{Behaviour, Ending, Refusal, without_result};

use crate::{BASELINE_RUNS, Lab, Recommendation, Row, Spent, Unmet, results::unmet_classes, text};

/// Runs that must come to an exit status, whichever, before anything is said.
const COMPLETE_RUNS: usize = 3;

/// What helps where the host was too slow.
pub(crate) const FASTER_HOST: &str = "repeat it on a less loaded host";

/// Failed calls that are named.
const NAMED_MAX: usize = 3;

/// Why nothing can be said, and what would help.
pub(crate) struct Inconclusive {
    /// In one line, the first failed calls in it.
    pub(crate) reason: String,
    /// What to do about those.
    pub(crate) help: Vec<Recommendation>,
}

impl Inconclusive {
    /// None if the runs are enough to go by: three came to an end, and not half of the first ones failed. A status is
    /// an answer unless the claims say which are and it is none of them.
    pub(crate) fn of(rows: &[Row], first: &[Arc<Behaviour>], id: &str, claims: &Claims) -> Option<Self> {
        // A run that left calls of a tool skill without a result has not come to its end, whatever its status is.
        let is_complete = |row: &&Row| row.ending.is_complete() && without_result(&row.tool_calls).is_none();
        let complete = rows.iter().filter(is_complete).count();
        let is_answer = |run: &Behaviour| {
            run.ending.status().is_some_and(|status| claims.is_answer(status))
                && without_result(&run.tool_calls).is_none()
        };
        let mut failed = (1_u32..).zip(first).filter(|(_, run)| !is_answer(run));
        let Some((number, run)) = failed.next() else {
            let reason = format!("{complete} of {} runs came to an end; 3 are needed", rows.len());
            return (complete < COMPLETE_RUNS).then_some(Self { reason, help: Vec::new() });
        };
        if complete >= COMPLETE_RUNS && 2 * (1 + failed.count()) <= BASELINE_RUNS as usize {
            return None;
        }
        let named: Vec<&Refusal> = run.refusals.iter().take(NAMED_MAX).collect();
        let mut reason = format!("run {number} {}", run.ending);
        if let Some(left) = without_result(&run.tool_calls) {
            reason.push_str(&format!("; {left}"));
        } else if run.ending.is_complete() {
            reason.push_str(", which claims.exit does not name");
        }
        if !named.is_empty() {
            let calls: Vec<String> = named.iter().map(|refusal| call(refusal)).collect();
            reason.push_str(&format!("; the first calls that failed in it: {}", text::join(&calls)));
        }
        let mut help: Vec<Recommendation> = Vec::new();
        for what in named.iter().filter_map(|refusal| remedy(refusal)).chain(limit(&run.ending)) {
            if help.iter().all(|known| known.what != what) {
                help.push(Recommendation { what, command: String::new() });
            }
        }
        help.push(Recommendation {
            what: "show its calls".into(),
            command: format!("invar trace {id}/{number}"),
        });
        Some(Self { reason, help })
    }
}

impl Inconclusive {
    /// None if the host was fast enough for every run.
    pub(crate) fn of_slow_host(lab: &dyn Lab) -> Option<Self> {
        let help = || vec![Recommendation { what: FASTER_HOST.into(), command: String::new() }];
        lab.is_host_slow().then(|| Self { reason: Spent::HostTime.to_string(), help: help() })
    }

    /// None if every class got what it needs at least.
    pub(crate) fn of_unmet(unmet: &[Unmet]) -> Option<Self> {
        if unmet.is_empty() {
            return None;
        }
        let mut help: Vec<Recommendation> = Vec::new();
        for Unmet { raise, .. } in unmet {
            // The option stands behind the amount that is missing.
            let what = raise.rsplit_once(": ").map_or(raise.as_str(), |(_, what)| what).to_owned();
            if help.iter().all(|known| known.what != what) {
                help.push(Recommendation { what, command: String::new() });
            }
        }
        Some(Self { reason: unmet_classes(unmet), help })
    }
}

/// What every run ends with, if that is one status other than 0, with the first line of what the first of them complains.
pub(crate) fn common_status(rows: &[Row], first: Option<&Behaviour>) -> Option<String> {
    let status = rows.first()?.ending.status().filter(|status| *status != 0)?;
    if rows.iter().any(|row| row.ending.status() != Some(status)) {
        return None;
    }
    let text = first.map(|run| match &run.ending {
        Ending::Failed(Some(text)) => text.clone().into_bytes(),
        _ => run.errors.clone(),
    });
    let text = text.unwrap_or_default();
    let line = text.split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty());
    Some(match line {
        Some(line) => format!("every run exits with {status}, saying {}", text::quoted(line)),
        None => format!("every run exits with {status}"),
    })
}

/// `open-at /data/table: no-entry (event 4)`
fn call(refusal: &Refusal) -> String {
    let Refusal { event, function, subject, error } = refusal;
    match subject.as_str() {
        "" => format!("{function}: {error} (event {event})"),
        subject => format!("{function} {}: {error} (event {event})", subject.escape_debug()),
    }
}

/// What in the world would let a call succeed.
fn remedy(refusal: &Refusal) -> Option<String> {
    let subject = refusal.subject.escape_debug();
    match refusal.error {
        "no-entry" => Some(format!("put {subject} into [files] of a world file, if it needs it")),
        "access" | "not-permitted" | "access-denied" | "HTTP-request-denied" => {
            Some(format!("declare {subject}, if it needs it, or let the world not enforce"))
        }
        "name-unresolvable"
        | "connection-refused"
        | "remote-unreachable"
        | "timeout"
        | "DNS-timeout"
        | "DNS-error"
        | "destination-IP-unroutable"
        | "connection-timeout"
        | "connection-terminated"
        | "TLS-protocol-error"
        | "HTTP-response-timeout" => Some(format!("let [[network]] of a world file answer for {subject}")),
        _ => None,
    }
}

fn limit(ending: &Ending) -> Option<String> {
    match ending {
        Ending::Limit(name) => {
            Some(format!("give it a smaller input: the lab's limit on {name} stops what never ends"))
        }
        _ => None,
    }
}
