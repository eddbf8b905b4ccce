//! Runs in a row.

use std::sync::Arc;

use invar_engine::Start;
use invar_monitor::{Factor, Stored};
use invar_trace::{Behaviour, Trace};
use invar_world::{Run, Timestamp, Tree};

/// What a series begins with.
#[derive(Debug, Clone, Copy)]
pub struct SeriesInput<'a> {
    /// Run 1.
    pub start: &'a Start,
    /// Inputs that cost is measured over, beside that of run 1.
    pub others: &'a [Arc<[u8]>],
    /// A baseline that was measured before, on the same.
    pub stored: Option<&'a Stored>,
}

/// A behaviour that many hold.
pub(crate) type Shared = Arc<Behaviour>;

/// One run that was made.
pub(crate) struct CompletedRun {
    pub(crate) number: u32,
    pub(crate) start: Start,
    pub(crate) trace: Trace,
    pub(crate) behaviour: Shared,
    /// The files it left.
    pub(crate) files: Tree,
    /// When it ended, in its virtual time.
    pub(crate) end: Timestamp,
    pub(crate) real_ms: u64,
}

/// A series: each run on the files that the one before left.
#[derive(Clone)]
pub(crate) struct Series {
    first: Start,
    /// Number of the next run; sets its clock and seeds.
    next: u32,
    files: Tree,
    ended: Timestamp,
    /// Clocks, or seeds, that are those of one run in all of them.
    held: Vec<Factor>,
    held_run: Option<Run>,
}

impl Series {
    /// From the initial files; the first run has the clock and seeds of run `number`, and starts no earlier
    /// than `after`.
    pub(crate) fn from(first: &Start, number: u32, after: Timestamp) -> Self {
        Self {
            first: first.clone(),
            next: number,
            files: first.files.clone(),
            ended: after,
            held: Vec::new(),
            held_run: None,
        }
    }

    /// The clock, or seed, of one run in all its runs.
    pub(crate) fn holding(mut self, held: &[Factor], as_in: Run) -> Self {
        self.held = held.to_vec();
        self.held_run = Some(as_in);
        self
    }

    /// The inputs of the next run.
    pub(crate) fn next_start(&self) -> Start {
        let mut start = self.first.clone();
        start.run = match self.next {
            // Run 1 as it was given: its clock may have been set.
            1 => self.first.run,
            number => {
                let mut run = self.first.world.run(number, self.ended);
                // A clock that was set for run 1 is set for the series.
                let shift = i128::from(self.first.run.start.0) - i128::from(self.first.world.start.0);
                let planned = i128::from(run.start.0) + if run.start > self.ended { shift } else { 0 };
                run.start = Timestamp(u64::try_from(planned).unwrap_or(u64::MAX)).max(self.ended);
                run
            }
        };
        if let Some(held) = &self.held_run {
            if self.held.contains(&Factor::Clock) {
                (start.run.start, start.run.uptime_ns) = (held.start, held.uptime_ns);
                start.run.jitter = held.jitter;
            }
            if self.held.contains(&Factor::Random) {
                start.run.random = held.random;
            }
        }
        start.files = self.files.clone();
        start
    }

    /// The run that was made is the last of the series now.
    pub(crate) fn follow(&mut self, completed: &CompletedRun) {
        self.next = completed.number + 1;
        self.files = completed.files.clone();
        self.ended = completed.end;
    }

    pub(crate) fn next_number(&self) -> u32 {
        self.next
    }

    pub(crate) fn ended(&self) -> Timestamp {
        self.ended
    }
}
