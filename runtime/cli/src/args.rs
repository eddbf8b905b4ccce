//! The arguments.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use invar_monitor::Verdict;
use invar_trace::Capability;

use crate::exit;

/// Ours, and the one of the engine, which whoever reads of an advisory against wasmtime looks for. A test holds it against
/// Cargo.lock.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (wasmtime 48.0.8)");

/// Run skills that nobody has reason to trust, and see whether they stay what they were.
#[derive(Debug, Parser)]
#[command(name = "invar", version = VERSION, after_help = exit::TABLE, max_term_width = 100)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a skill once; its output goes through, its exit status is ours
    Run(RunArgs),
    /// Say what a skill is, what it asks for, what it could do, and its risk tier
    Inspect(InspectArgs),
    /// Run a skill many times and report whether it keeps its invariants
    Monitor(MonitorArgs),
    /// Search for what in the environment sets a skill off, and report as monitor does
    Fuzz(FuzzArgs),
    /// Monitor a skill and keep it, with what it was like, so that it can be named
    Install(InstallArgs),
    /// List the skills that are kept
    List,
    /// Make a recorded run again; with --set, go on from a changed value and say where the runs part
    Replay(ReplayArgs),
    /// Say where two runs part, and which answer from outside made them
    Diff(DiffArgs),
    /// List the host calls of a recorded run
    Trace(TraceArgs),
    /// Look at the audit trail: verify it, prove what is in it, have it witnessed
    #[command(subcommand)]
    Ledger(LedgerCommand),
    /// Cosign the checkpoints of other machines' audit trails, and see to it that they take nothing back
    Witness(WitnessArgs),
    /// Judge executions that were recorded elsewhere
    #[command(subcommand)]
    History(HistoryCommand),
    /// Write completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Write the manual pages
    Man {
        /// Into this directory, a page a command; without it, the main page to standard output
        directory: Option<PathBuf>,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RunArgs {
    /// A directory with skill.toml, a .wasm file, or the name of an installed skill
    pub(crate) skill: String,
    #[command(flatten)]
    pub(crate) world: WorldArgs,
    /// What the skill reads: a file, or - for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) input: Option<String>,
    /// A host directory as part of the world: HOST::GUEST, with :ro nothing in it can be changed
    #[arg(long = "dir", value_name = "HOST::GUEST[:ro]")]
    pub(crate) directories: Vec<String>,
    /// What a live run may reach; a lab run reaches nothing outside
    #[arg(long, value_name = "PATTERN")]
    pub(crate) network: Vec<String>,
    /// The agent that has it run, for the audit trail
    #[arg(long, value_name = "ID")]
    pub(crate) agent: Option<String>,
    /// Keep the trace in this file
    #[arg(long, value_name = "TRACE")]
    pub(crate) record: Option<PathBuf>,
    /// Stop after so much fuel; only lowers the lab's limit
    #[arg(long, value_name = "N")]
    pub(crate) fuel: Option<u64>,
    /// Stop after so much virtual time without waiting, such as 10s; only lowers
    #[arg(long, value_name = "DURATION")]
    pub(crate) timeout: Option<String>,
    /// Arguments of the skill
    #[arg(last = true, value_name = "ARG")]
    pub(crate) args: Vec<String>,
}

/// Where and when a skill runs.
#[derive(Debug, Default, ClapArgs)]
pub(crate) struct WorldArgs {
    /// lab (virtual), live, or a world file
    #[arg(long, value_name = "lab|live|FILE")]
    pub(crate) world: Option<String>,
    /// A variable of the world
    #[arg(long = "env", value_name = "NAME=VALUE")]
    pub(crate) variables: Vec<String>,
    /// When the first run starts, such as 2026-01-15T16:00:00Z
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
    /// What all randomness comes from
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// An envelope to hold the skill to, in place of its own
    #[arg(long, value_name = "FILE")]
    pub(crate) envelope: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct InspectArgs {
    /// A directory with skill.toml, a .wasm file, or the name of an installed skill
    pub(crate) skill: String,
    /// An envelope to hold the skill to, in place of its own
    #[arg(long, value_name = "FILE")]
    pub(crate) envelope: Option<PathBuf>,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct MonitorArgs {
    /// A directory with skill.toml, a .wasm file, or the name of an installed skill
    pub(crate) skill: String,
    /// Runs of the series
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) runs: u32,
    /// What the skill reads: a file, or - for standard input
    ///
    /// With several, the protocol runs once for each, and cost is measured over their sizes.
    #[arg(long, value_name = "FILE")]
    pub(crate) input: Vec<String>,
    /// A directory, each file of which is an input
    #[arg(long, value_name = "DIR")]
    pub(crate) inputs: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) world: WorldArgs,
    #[command(flatten)]
    pub(crate) budget: BudgetArgs,
    /// How far to search for conditions that no run had
    #[arg(long, value_enum, default_value_t = SearchArg::Full)]
    pub(crate) search: SearchArg,
    /// Measure the baseline again rather than use a stored one
    #[arg(long)]
    pub(crate) fresh: bool,
    /// The agent that has it monitored, for the audit trail
    #[arg(long, value_name = "ID")]
    pub(crate) agent: Option<String>,
    /// Which traces are kept
    #[arg(long, value_enum, default_value_t = KeepArg::Findings)]
    pub(crate) keep: KeepArg,
    #[command(flatten)]
    pub(crate) output: ReportArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct FuzzArgs {
    #[command(flatten)]
    pub(crate) monitor: MonitorArgs,
    /// Also make single calls fail: files denied, disk full, connections reset, clocks jumping back
    #[arg(long)]
    pub(crate) faults: bool,
}

/// How much is spent on follow-up runs. Each class of invariants gets its minimum of questions whatever these say.
#[derive(Debug, Clone, Copy, Default, ClapArgs)]
pub(crate) struct BudgetArgs {
    /// Follow-up runs at most; their fuel goes with it in proportion [default: 5,000; of fuzz 200,000]
    #[arg(long = "budget", value_name = "RUNS")]
    pub(crate) budget_runs: Option<u32>,
    /// Fuel of follow-up runs at most, such as 500M or 40G [default: 10G; of fuzz 200G]
    #[arg(long = "fuel-budget", value_name = "FUEL", value_parser = fuel)]
    pub(crate) budget_fuel: Option<u64>,
}

/// Reads an amount of fuel: `40G`, `500M`, `1_000_000`.
fn fuel(text: &str) -> Result<u64, String> {
    let bad = || format!("{text} is no amount of fuel: write a whole number, or one with K, M, G or T");
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

/// How far conditions are searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SearchArg {
    /// Not at all
    None,
    /// Many more runs, and likely times
    Forward,
    /// What the skill compares, too
    Full,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct InstallArgs {
    /// A directory with skill.toml
    pub(crate) skill: String,
    /// Runs of the series
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(3..=1_000_000))]
    pub(crate) runs: u32,
    #[command(flatten)]
    pub(crate) budget: BudgetArgs,
    /// Keep it as it is, without a look
    #[arg(long, conflicts_with_all = ["accept_inconclusive", "force"])]
    pub(crate) no_baseline: bool,
    /// Keep it although nothing could be concluded
    #[arg(long)]
    pub(crate) accept_inconclusive: bool,
    /// Keep it whatever the verdict, for a reason that the audit trail keeps
    #[arg(long, value_name = "NOTE", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(crate) force: Option<String>,
}

/// The form of a report and where it goes.
#[derive(Debug, ClapArgs)]
pub(crate) struct ReportArgs {
    /// The form of the report
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub(crate) format: ReportFormat,
    /// Write the report to this file
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Exit with 0 for verdicts below this one
    #[arg(long, value_enum, ignore_case = true, value_name = "VERDICT")]
    pub(crate) fail_on: Option<VerdictArg>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ReplayArgs {
    /// A trace file, or ID/N: run N of report ID
    pub(crate) trace: String,
    /// Put a value in another's place
    #[arg(long = "set", value_name = "TARGET", long_help = TARGETS)]
    pub(crate) set: Vec<String>,
    /// Say nothing but whether it came out the same
    #[arg(long)]
    pub(crate) check: bool,
    /// The skill, if the component is not the one that was kept with the trace
    #[arg(long, value_name = "SKILL")]
    pub(crate) skill: Option<String>,
    /// Keep the new trace in this file
    #[arg(long, value_name = "TRACE")]
    pub(crate) record: Option<PathBuf>,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

/// The targets of `--set`.
const TARGETS: &str = "\
Substitute a value, from the start of the run, or with @EVENT from that event on:
  file:PATH=TEXT | file:PATH=@FILE | file:PATH=hex:…   the file holds this
  file:PATH!                    the file is absent
  mtime:PATH=TIME               the file was last modified then
  env:NAME=VALUE | env:NAME=hex:… | env:NAME!
                                the variable has this value, or is unset
  arg:I=VALUE | arg:I=hex:…     the argument is this; 0 is the program's name
  stdin=TEXT | @FILE | hex:…    what the skill reads
  clock=TIME                    the wall clock shows this
  clock+=DURATION               this much time has passed, on every clock
  speed=X                       the machine is X times as fast
  sleep=skip                    waiting returns at once, and no time passes for it
  random=SEED                   random bytes come from this seed
  random=hex:…                  random bytes begin with these
  dns:NAME=ADDRESS | nxdomain   the name has this address, or does not exist
  tcp:HOST:PORT=TEXT | @FILE | hex:…
                                connections there are accepted, receive this and are closed
  http:PATTERN=status:CODE | body:TEXT | body:@FILE | body:hex:…
                                requests to [METHOD ]URL are answered so
  http:PATTERN=refused | reset | timeout | nxdomain | tls-error
                                requests to [METHOD ]URL fail so
  network=down | refused | nxdomain | slow
                                the whole network is in this state
  preopens=PATH,PATH            only these directories are preopened
  event:I=JSON                  call I answers this: fault injection";

#[derive(Debug, ClapArgs)]
pub(crate) struct DiffArgs {
    /// A trace file, or ID/N
    pub(crate) left: String,
    /// A trace file, or ID/N
    pub(crate) right: String,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct TraceArgs {
    /// A trace file, or ID/N: run N of report ID
    pub(crate) trace: String,
    /// Only calls about this
    #[arg(long, value_enum, value_name = "CAPABILITY")]
    pub(crate) only: Option<CapabilityArg>,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

/// Every run is written to the audit trail before its result is seen. Nobody who has not all witnesses in hand can
/// change it unnoticed.
#[derive(Debug, Subcommand)]
pub(crate) enum LedgerCommand {
    /// Begin an audit trail by hand: with a name, or with keys that a passphrase seals
    ///
    /// The first run begins one by itself. The passphrase is read from INVAR_LEDGER_PASSPHRASE, or from the file
    /// descriptor INVAR_LEDGER_PASSPHRASE_FD.
    Init {
        /// The name of its checkpoints, such as example.com/audit/host1
        #[arg(long, value_name = "NAME")]
        origin: Option<String>,
        /// Sign batches of events, or each event by itself as well
        #[arg(long, value_enum, default_value_t = SigningArg::Batch)]
        sign: SigningArg,
    },
    /// Verify everything that is there, and what is held of it elsewhere
    Verify(VerifyArgs),
    /// Check proofs and receipts by themselves, without the audit trail
    Check(CheckArgs),
    /// Show events, as they are
    Show(ShowArgs),
    /// Prove that an event is in the audit trail
    Prove(ProveArgs),
    /// Give the receipt of a run to whoever had it made
    Receipt(ReceiptArgs),
    /// Publish where the audit trail stands, and have witnesses cosign it
    Checkpoint(CheckpointArgs),
    /// Write it in another form
    Export(ExportArgs),
    /// Read an export back, to be verified elsewhere
    Import {
        /// What `export --format jsonl` wrote
        file: PathBuf,
        /// A directory that is not there yet
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
    },
    /// Prune old runs and violations; their hashes stay, and every proof stays valid
    Compact {
        /// Keep what is younger
        #[arg(long, value_name = "DAYS")]
        keep_days: u32,
    },
    /// Begin the next epoch now: whoever had the keys until here cannot sign for what was before
    Rotate,
    /// Set a damaged audit trail aside and begin another, whose first event names the old one and why
    ///
    /// A full one is succeeded by itself.
    Succeed {
        /// Why, where nothing is wrong with it, such as events that a wrong clock has dated
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
    },
    /// Print the key that checkpoints are signed with, for witnesses and those who verify
    Key {
        /// The directory of an audit trail, if not that of this installation
        #[arg(long, value_name = "DIR")]
        from: Option<PathBuf>,
    },
}

/// How events are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SigningArg {
    /// One signature for all events that are written together
    Batch,
    /// One more for each event
    Each,
}

/// Whose cosignatures count.
#[derive(Debug, Default, ClapArgs)]
pub(crate) struct TrustArgs {
    /// The key of a witness; with several, all of them must have cosigned
    #[arg(long, value_name = "VKEY", conflicts_with = "policy")]
    pub(crate) witness: Vec<String>,
    /// Witnesses, and how many of them must have cosigned (c2sp.org/tlog-policy) [default: policy, beside the trail]
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct VerifyArgs {
    /// The directory of an audit trail, if not that of this installation
    #[arg(long, value_name = "DIR")]
    pub(crate) from: Option<PathBuf>,
    /// The key that it must have
    #[arg(long, value_name = "VKEY")]
    pub(crate) log: Option<String>,
    #[command(flatten)]
    pub(crate) trust: TrustArgs,
    /// A checkpoint, proof or receipt that was kept elsewhere, which it must agree with
    #[arg(long, value_name = "FILE")]
    pub(crate) held: Vec<PathBuf>,
    /// Threads that verify signatures [default: all cores]
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<std::num::NonZero<usize>>,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct CheckArgs {
    /// What `ledger prove` or `ledger receipt` wrote
    #[arg(required = true, value_name = "FILE")]
    pub(crate) proofs: Vec<PathBuf>,
    /// The key of the audit trail: `invar ledger key`
    #[arg(long, value_name = "VKEY")]
    pub(crate) log: String,
    #[command(flatten)]
    pub(crate) trust: TrustArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ShowArgs {
    /// The index of one event; without it, the last ones
    pub(crate) event: Option<u64>,
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub(crate) last: u64,
    /// Only of this kind: run, violation, verdict, install, …
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<String>,
    /// Only of this skill
    #[arg(long, value_name = "NAME")]
    pub(crate) skill: Option<String>,
    /// The directory of an audit trail, if not that of this installation
    #[arg(long, value_name = "DIR")]
    pub(crate) from: Option<PathBuf>,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ProveArgs {
    /// The index of the event
    pub(crate) event: u64,
    /// Write the proof to this file, such as event.tlog-proof
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) trust: TrustArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ReceiptArgs {
    /// ID/N, run N of report ID, or the index of a run's event
    pub(crate) run: String,
    /// Write the receipt to this file, such as run.tlog-proof
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Write a COSE receipt (RFC 9942) to this file, too; it goes with the event's bytes, which are written beside it
    #[arg(long, value_name = "FILE")]
    pub(crate) cose: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) trust: TrustArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct CheckpointArgs {
    #[command(flatten)]
    pub(crate) trust: TrustArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ExportArgs {
    /// The form
    #[arg(long, value_enum)]
    pub(crate) format: ExportFormat,
    /// The directory of an audit trail, if not that of this installation
    #[arg(long, value_name = "DIR")]
    pub(crate) from: Option<PathBuf>,
    /// From this event on
    #[arg(long, value_name = "EVENT", default_value_t = 0)]
    pub(crate) first: u64,
    /// Up to this event
    #[arg(long, value_name = "EVENT")]
    pub(crate) last: Option<u64>,
    /// Write to this file, or for scitt and tiles this directory
    #[arg(short, long, value_name = "PATH")]
    pub(crate) output: Option<PathBuf>,
}

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// JSON lines with everything, which `ledger import` reads back
    Jsonl,
    /// OCSF events, a line each
    Ocsf,
    /// OpenTelemetry logs in OTLP/JSON
    Otel,
    /// Events with COSE receipts (RFC 9942), two files each
    Scitt,
    /// Tiles (c2sp.org/tlog-tiles), to be served as files
    Tiles,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct WitnessArgs {
    /// Where to listen; it speaks HTTP, so put a server that speaks TLS before it
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8470")]
    pub(crate) listen: String,
    /// Its name, such as example.com/witness
    #[arg(long, value_name = "NAME")]
    pub(crate) name: String,
    /// What it has seen; without it, it would forget what it must not
    #[arg(long, value_name = "DIR")]
    pub(crate) state: PathBuf,
    /// Its key; made if it is not there [default: key, in that directory]
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// The key of an audit trail to cosign for: `invar ledger key`
    #[arg(long, value_name = "VKEY", required = true)]
    pub(crate) log: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum HistoryCommand {
    /// Hold executions of logs and traces against each other, and rank the skills that are not consistent
    Analyze(HistoryArgs),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct HistoryArgs {
    /// Executions as JSON lines, a trace file, ID/N (run N of report ID), or - for lines on standard input
    #[arg(required = true, value_name = "LOG")]
    pub(crate) logs: Vec<String>,
    /// Only this skill
    #[arg(long, value_name = "NAME")]
    pub(crate) skill: Option<String>,
    /// Only what this agent executed
    #[arg(long, value_name = "ID")]
    pub(crate) agent: Option<String>,
    /// The form of the report
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
    /// Write the report to this file
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Exit with 0 for verdicts below this one
    #[arg(long, value_enum, ignore_case = true, value_name = "VERDICT")]
    pub(crate) fail_on: Option<VerdictArg>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Human,
    /// One JSON document
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For people
    Human,
    /// One JSON document
    Json,
    /// JSON lines: the report, then a line for each finding, trigger and run
    Jsonl,
    /// For a comment on a pull request
    Markdown,
    /// One page to look at, with plots; needs no network
    Html,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit XML, for test dashboards
    Junit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum KeepArg {
    /// None
    None,
    /// Those of the runs that the report speaks of
    Findings,
    /// All
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum VerdictArg {
    #[value(name = "CONSISTENT")]
    Consistent,
    #[value(name = "MARGINAL")]
    Marginal,
    #[value(name = "INCONCLUSIVE")]
    Inconclusive,
    #[value(name = "VARIANT")]
    Variant,
    #[value(name = "ACTIVATION-PATTERN-DETECTED")]
    ActivationPatternDetected,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CapabilityArg {
    Files,
    Network,
    Env,
    Clock,
    Random,
    Stdio,
    Process,
}

impl CapabilityArg {
    pub(crate) fn capability(self) -> Capability {
        match self {
            Self::Files => Capability::Files,
            Self::Network => Capability::Network,
            Self::Env => Capability::Env,
            Self::Clock => Capability::Clock,
            Self::Random => Capability::Random,
            Self::Stdio => Capability::Stdio,
            Self::Process => Capability::Process,
        }
    }
}

impl VerdictArg {
    pub(crate) fn verdict(self) -> Verdict {
        match self {
            Self::Consistent => Verdict::Consistent,
            Self::Marginal => Verdict::Marginal,
            Self::Inconclusive => Verdict::Inconclusive,
            Self::Variant => Verdict::Variant,
            Self::ActivationPatternDetected => Verdict::ActivationPatternDetected,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_holds_together() {
        super::Args::command().debug_assert();
    }

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
