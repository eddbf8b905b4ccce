//! Progress on a terminal.

use std::{sync::LazyLock, time::Duration};

use indicatif::{ProgressBar, ProgressStyle};
use invar_host::monitor::{Cancel, Progress, Searching};

use crate::out::Out;

/// Set when the user asks for an end.
static INTERRUPTED: LazyLock<Cancel> = LazyLock::new(Cancel::default);

/// The first Ctrl-C asks for a report of the results so far; the second ends the process.
pub(crate) fn report_on_interrupt() {
    // Without a handler Ctrl-C ends the process, as everywhere.
    let _ = ctrlc::set_handler(|| {
        if INTERRUPTED.cancel() {
            std::process::exit(130);
        }
    });
}

/// What the user's wish for an end cancels.
pub(crate) fn interrupted() -> Cancel {
    INTERRUPTED.clone()
}

/// Shows that a large file is compiled, if standard error is a terminal: the first time takes seconds, after that it
/// comes from the cache.
pub(crate) struct Compiling(Option<ProgressBar>);

impl Compiling {
    pub(crate) fn new(out: &Out, bytes: usize) -> Self {
        const SHOWN_BYTES_MIN: usize = 512 << 10;
        const TICK: Duration = Duration::from_millis(100);
        Self((out.is_watched() && bytes >= SHOWN_BYTES_MIN).then(|| {
            let size = invar_monitor::bytes(bytes as u64);
            let spinner = ProgressBar::new_spinner().with_message(format!("compiling {size}, once"));
            spinner.enable_steady_tick(TICK);
            spinner
        }))
    }
}

impl Drop for Compiling {
    fn drop(&mut self) {
        if let Some(spinner) = &self.0 {
            spinner.finish_and_clear();
        }
    }
}

/// A bar on standard error, if that is a terminal.
pub(crate) struct Bar(Option<ProgressBar>);

impl Bar {
    pub(crate) fn new(out: &Out, runs: u32) -> Self {
        Self(out.is_watched().then(|| {
            let bar = ProgressBar::new(u64::from(runs));
            // The template is ours: it cannot be wrong in the field and right in the tests.
            if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos}/{len} runs  {msg}") {
                bar.set_style(style);
            }
            bar
        }))
    }
}

impl Progress for Bar {
    fn run(&self, number: u32, _: u32) {
        if let Some(bar) = &self.0 {
            // Each input has a series.
            if bar.is_finished() {
                bar.reset();
                bar.set_message("");
            }
            bar.set_position(u64::from(number));
        }
    }

    fn followups(&self, made: u32, asking: &str) {
        if let Some(bar) = &self.0 {
            let asking: String = asking.chars().filter(|c| !c.is_control()).take(80).collect();
            bar.set_message(format!("follow-up {made}: {asking}"));
        }
    }

    fn search(&self, progress: &Searching, runs: u64) {
        if let Some(bar) = &self.0 {
            bar.set_message(format!(
                "search: {runs} runs, {} sources, {} comparisons, {} open, {} solved",
                progress.sources, progress.comparisons, progress.open, progress.solved
            ));
        }
    }

    fn done(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
