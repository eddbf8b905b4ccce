//! The arguments of `invar monitor`, `invar fuzz` and `invar install`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use super::{InvocationArgs, ReportArgs, WorldArgs};

#[derive(Debug, ClapArgs)]
pub(crate) struct MonitorArgs {
    /// Directory with skill.toml, .wasm file, or name of an installed skill
    pub(crate) skill: String,
    /// Number of runs in the series
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) runs: u32,
    /// Standard input of the skill: a file, or - to read it from standard input
    ///
    /// May be given several times: the protocol runs once for each input, and cost is measured over their sizes.
    #[arg(long, value_name = "FILE")]
    pub(crate) input: Vec<String>,
    /// Directory of which each file is an input
    #[arg(long, value_name = "DIR")]
    pub(crate) inputs: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) world: WorldArgs,
    #[command(flatten)]
    pub(crate) budget: BudgetArgs,
    /// How to search for conditions that no run met
    #[arg(long, value_enum, default_value_t = SearchArg::Full)]
    pub(crate) search: SearchArg,
    /// Measure the baseline again instead of using the stored one
    #[arg(long)]
    pub(crate) fresh: bool,
    /// Agent that requests the runs, for the audit trail
    #[arg(long, value_name = "ID")]
    pub(crate) agent: Option<String>,
    /// Which traces to keep
    #[arg(long, value_enum, default_value_t = KeepArg::Findings)]
    pub(crate) keep: KeepArg,
    #[command(flatten)]
    pub(crate) output: ReportArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct FuzzArgs {
    #[command(flatten)]
    pub(crate) monitor: MonitorArgs,
    /// Also inject faults into single calls: access denied, disk full, connection reset, clock set back
    #[arg(long)]
    pub(crate) faults: bool,
}

/// How much follow-up runs may cost. Each class of invariants gets its minimum of questions whatever these say.
#[derive(Debug, Clone, Copy, Default, ClapArgs)]
pub(crate) struct BudgetArgs {
    /// Maximum number of follow-up runs; scales their fuel, too [default: 5,000; for fuzz 200,000]
    #[arg(long = "budget", value_name = "RUNS")]
    pub(crate) budget_runs: Option<u32>,
    /// Maximum fuel of follow-up runs, such as 500M or 40G [default: 10G; for fuzz 200G]
    #[arg(long = "fuel-budget", value_name = "FUEL", value_parser = fuel)]
    pub(crate) budget_fuel: Option<u64>,
}

/// Reads an amount of fuel: `40G`, `500M`, `1_000_000`.
fn fuel(text: &str) -> Result<u64, String> {
    let bad = || format!("{text} is not an amount of fuel: write a whole number, or one with K, M, G or T");
    let (digits, unit) = match text.char_indices().next_back() {
        Some((at, 'k' | 'K')) => (&text[..at], 1_000),
        Some((at, 'm' | 'M')) => (&text[..at], 1_000_000),
        Some((at, 'g' | 'G')) => (&text[..at], 1_000_000_000),
        Some((at, 't' | 'T')) => (&text[..at], 1_000_000_000_000),
        _ => (text, 1_u64),
    };
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(bad());
    }
    let number: u64 = digits.replace('_', "").parse().map_err(|_| bad())?;
    number.checked_mul(unit).ok_or_else(bad)
}

/// How conditions are searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SearchArg {
    /// No search
    None,
    /// Continue the series, and try likely times
    Forward,
    /// The same, and solve for inputs that flip the skill's comparisons
    Full,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum KeepArg {
    /// No traces
    None,
    /// Traces of the runs that the report refers to
    Findings,
    /// All traces
    All,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct InstallArgs {
    /// Directory with skill.toml
    pub(crate) skill: String,
    /// Number of runs in the series
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(3..=1_000_000))]
    pub(crate) runs: u32,
    #[command(flatten)]
    pub(crate) invocation: InvocationArgs,
    #[command(flatten)]
    pub(crate) budget: BudgetArgs,
    /// Install without monitoring: no verdict, no baseline
    #[arg(long, conflicts_with_all = ["accept_inconclusive", "force"])]
    pub(crate) no_baseline: bool,
    /// Install even if the verdict is INCONCLUSIVE
    #[arg(long)]
    pub(crate) accept_inconclusive: bool,
    /// Install whatever the verdict is; the note goes into the audit trail
    #[arg(long, value_name = "NOTE", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(crate) force: Option<String>,
}

#[cfg(test)]
mod tests {
    #[test]
    fn amounts_of_fuel_are_read_with_and_without_a_unit() {
        for (text, amount) in [
            ("40G", Ok(40_000_000_000)),
            ("500m", Ok(500_000_000)),
            ("1_000", Ok(1000)),
            ("0", Ok(0)),
            ("18446744073709551615", Ok(u64::MAX)),
        ] {
            assert_eq!(super::fuel(text), amount, "{text}");
        }
        for text in ["", "G", "-1", "+1", "1.5G", "1GG", "99999999999T", "_1", "1 G"] {
            assert!(super::fuel(text).is_err(), "{text}");
        }
    }
}
