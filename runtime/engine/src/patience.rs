//! How long the operator's side waits for a run. Host time ends a run, and never enters one.

#![expect(
    clippy::disallowed_methods,
    reason = "the operator's side ends a run that takes too long for the host"
)]

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use invar_host_api::{Ended, limits::HOST_SECONDS_MAX};

/// Ends runs that are under way, at their next look. All copies are one flag.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<Flag>);

#[derive(Debug, Default)]
struct Flag {
    is_set: AtomicBool,
    parent: Option<Cancel>,
}

impl Cancel {
    /// One more, which this one cancels too.
    #[must_use]
    pub fn child(&self) -> Self {
        Self(Arc::new(Flag { is_set: AtomicBool::new(false), parent: Some(self.clone()) }))
    }

    /// Ends them, and those that are still to come. Says whether that was asked for before.
    pub fn cancel(&self) -> bool {
        self.0.is_set.swap(true, Ordering::Relaxed)
    }

    /// Whether that was asked for.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.is_set.load(Ordering::Relaxed) || self.0.parent.as_ref().is_some_and(Self::is_cancelled)
    }
}

/// How long a run may take, and what ends it before.
///
/// Looked at every few host calls; between two of them fuel bounds what a skill computes. A run that it ends gives no
/// [`Outcome`](crate::Outcome): on another host it would have gone on.
#[derive(Debug, Clone)]
pub struct Patience {
    /// Host time from when there is room for the run.
    pub time: Duration,
    /// Ends it at any time.
    pub cancel: Cancel,
}

impl Default for Patience {
    fn default() -> Self {
        Self { time: Duration::from_secs(HOST_SECONDS_MAX), cancel: Cancel::default() }
    }
}

impl Patience {
    /// What is asked from now on.
    pub(crate) fn start(&self) -> invar_host_api::Patience {
        let (started, Self { time, cancel }) = (Instant::now(), self.clone());
        Box::new(move || match (cancel.is_cancelled(), started.elapsed() >= time) {
            (true, _) => Some(Ended::Cancelled),
            (false, true) => Some(Ended::HostTime),
            (false, false) => None,
        })
    }
}
