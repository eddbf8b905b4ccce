//! The real programs in `invar monitor`.

use std::time::Duration;

use super::{invar::Binary, report::Report, truth};
use crate::{
    project::TaskResult,
    real::{self, MonitoredLine, MonitoredRun},
};

/// Components from here on are engines: what they take is that of a language.
const ENGINE_BYTES_MIN: usize = 10_000_000;

/// What was reported of a command line, and what that took.
pub(super) struct RealResult {
    pub(super) program: String,
    /// As Markdown.
    pub(super) command: String,
    pub(super) component_bytes: usize,
    /// The last, or why there is none.
    pub(super) report: TaskResult<Report>,
    /// Of the last: compiled code is cached.
    pub(super) time: Duration,
    /// Of all cores, of the same.
    pub(super) cpu_time: Duration,
    /// The largest of all.
    pub(super) peak_kib: u64,
}

/// How bad a verdict is, beginning with the mildest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Consistent,
    Marginal,
    Inconclusive,
    Variant,
    Activation,
    /// No report, or not the same one twice.
    None,
}

impl Rank {
    pub(super) const ALL: [Self; 6] =
        [Self::Consistent, Self::Marginal, Self::Inconclusive, Self::Variant, Self::Activation, Self::None];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Consistent => truth::CONSISTENT,
            Self::Marginal => truth::MARGINAL,
            Self::Inconclusive => "INCONCLUSIVE",
            Self::Variant => truth::VARIANT,
            Self::Activation => truth::ACTIVATION,
            Self::None => "no report",
        }
    }

    fn of(verdict: &str) -> Self {
        Self::ALL.into_iter().find(|rank| rank.as_str() == verdict).unwrap_or(Self::None)
    }
}

impl RealResult {
    fn of(line: MonitoredLine) -> Self {
        let runs = line.runs.as_deref().unwrap_or_default();
        let duration = |seconds| Duration::try_from_secs_f64(seconds).unwrap_or_default();
        Self {
            program: line.program,
            command: line.command,
            component_bytes: line.component_bytes,
            time: runs.last().map_or(Duration::ZERO, |run| duration(run.seconds)),
            cpu_time: runs.last().map_or(Duration::ZERO, |run| duration(run.cpu_seconds)),
            peak_kib: runs.iter().map(|run| run.peak_kib).max().unwrap_or_default(),
            report: line.runs.and_then(|runs| report(&runs)),
        }
    }

    pub(super) fn rank(&self) -> Rank {
        self.report.as_ref().map_or(Rank::None, |report| Rank::of(&report.verdict))
    }

    /// Whether it is an engine with a script.
    pub(super) const fn is_engine(&self) -> bool {
        self.component_bytes >= ENGINE_BYTES_MIN
    }

    /// Why it is not CONSISTENT, and what settles that.
    pub(super) fn why(&self) -> String {
        match &self.report {
            Ok(report) => {
                let parts: Vec<&str> =
                    std::iter::once(report.reason.as_str()).chain(report.settled_by()).collect();
                parts.join("; ")
            }
            Err(why) => why.clone(),
        }
    }

    fn words(&self) -> String {
        let why = if self.rank() == Rank::Consistent { String::new() } else { format!(": {}", self.why()) };
        let (rank, ms, cpu_ms) = (self.rank().as_str(), self.time.as_millis(), self.cpu_time.as_millis());
        let mib = self.peak_kib.div_ceil(1024);
        format!("{}: {rank}, {ms} ms, {cpu_ms} ms of all cores, {mib} MiB{why}", self.command)
    }
}

/// Monitors the programs of these names, or all of them.
///
/// # Errors
/// There is no such program, or one cannot be built.
pub(super) fn measure(binary: &Binary, names: &[&str]) -> TaskResult<Vec<RealResult>> {
    let mut results = Vec::new();
    real::monitor(binary.path(), names, |line| {
        let result = RealResult::of(line);
        eprintln!("{}", result.words());
        results.push(result);
    })?;
    Ok(results)
}

/// The last of several reports, which are to come to the same.
fn report(runs: &[MonitoredRun]) -> TaskResult<Report> {
    let parse = |run: &MonitoredRun| -> TaskResult<Report> {
        serde_json::from_slice(&run.report).map_err(|error| format!("the report: {error}"))
    };
    let mut reports: Vec<Report> = runs.iter().map(parse).collect::<TaskResult<_>>()?;
    let last = reports.pop().ok_or("nothing was reported")?;
    match reports.iter().find(|report| (&report.verdict, &report.reason) != (&last.verdict, &last.reason)) {
        Some(other) => Err(format!(
            "not the same twice: {}: {}, then {}: {}",
            other.verdict, other.reason, last.verdict, last.reason
        )),
        None => Ok(last),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::{MonitoredLine, MonitoredRun, Rank, RealResult};

    /// A line that comes to these verdicts, one after the other.
    pub(in super::super) fn result(program: &str, bytes: usize, verdicts: &[&str]) -> RealResult {
        let run = |(at, verdict): (u32, &&str)| {
            MonitoredRun {
            report: serde_json::json!({
                "verdict": verdict, "reason": "it differs", "runs": 20, "followups": 7, "triggers": [], "per_run": [],
                "recommendations": [
                    { "what": "look at it", "command": "invar trace x/1" },
                    { "what": "declare files.read = [\"/a|b\"]", "command": "" }
                ]
            })
            .to_string()
            .into_bytes(),
            seconds: 8.0 / f64::from(at),
            cpu_seconds: 12.0 / f64::from(at),
            peak_kib: 2048 / u64::from(at),
        }
        };
        let runs = (1..).zip(verdicts).map(run).collect();
        let command = format!("`{program} -c`");
        RealResult::of(MonitoredLine {
            program: program.into(),
            command,
            component_bytes: bytes,
            runs: Ok(runs),
        })
    }

    #[test]
    fn the_last_report_counts_with_its_time_and_the_largest_memory() {
        let result = result("jq", 1000, &["MARGINAL", "MARGINAL"]);
        assert_eq!((result.rank(), result.peak_kib), (Rank::Marginal, 2048));
        assert_eq!((result.time.as_secs(), result.cpu_time.as_secs()), (4, 6));
        assert_eq!(result.why(), "it differs; declare files.read = [\"/a|b\"]");
        assert!(!result.is_engine());
    }

    #[test]
    fn reports_that_do_not_agree_are_none() {
        let differing = result("jq", 10_000_000, &["MARGINAL", "CONSISTENT"]);
        assert_eq!(differing.rank(), Rank::None);
        assert!(differing.why().starts_with("not the same twice"), "{}", differing.why());
        assert!(differing.is_engine());
        assert_eq!(result("jq", 1, &[]).rank(), Rank::None);
        assert_eq!(result("jq", 1, &["NEW"]).rank(), Rank::None, "a verdict that is not known");
    }

    #[test]
    fn verdicts_are_ordered_by_how_bad_they_are() {
        assert!(Rank::ALL.is_sorted());
    }
}
