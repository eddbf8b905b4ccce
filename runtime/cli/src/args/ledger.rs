//! The arguments of `invar ledger` and `invar witness`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};

use super::{Format, examples};

/// Every run is written to the audit trail before its result is shown. Whoever changes the trail later is detected, as
/// long as one witness, receipt or checkpoint is out of their control.
#[derive(Debug, Subcommand)]
pub(crate) enum LedgerCommand {
    /// Create an audit trail with a name of your choice, or with keys sealed by a passphrase
    ///
    /// Without this command, the first run creates one. The passphrase is read from INVAR_LEDGER_PASSPHRASE, or from the
    /// file descriptor INVAR_LEDGER_PASSPHRASE_FD.
    #[command(after_help = examples::LEDGER_INIT)]
    Init {
        /// Name of the log in its checkpoints, such as example.com/audit/host1
        #[arg(long, value_name = "NAME")]
        origin: Option<String>,
        /// How events are signed
        #[arg(long, value_enum, default_value_t = SigningArg::Batch)]
        sign: SigningArg,
    },
    /// Show events; nothing is verified
    #[command(after_help = examples::LEDGER_SHOW)]
    Show(ShowArgs),
    /// Verify the audit trail, and compare it with checkpoints and receipts that were kept elsewhere
    #[command(after_help = examples::LEDGER_VERIFY)]
    Verify(VerifyArgs),
    /// Write an inclusion proof of an event
    #[command(after_help = examples::LEDGER_PROVE)]
    Prove(ProveArgs),
    /// Write the receipt of a run, for whoever requested the run
    #[command(after_help = examples::LEDGER_RECEIPT)]
    Receipt(ReceiptArgs),
    /// Check proofs and receipts offline, without the audit trail
    #[command(after_help = examples::LEDGER_CHECK)]
    Check(CheckArgs),
    /// Publish a checkpoint, and have witnesses cosign it
    #[command(after_help = examples::LEDGER_CHECKPOINT)]
    Checkpoint(CheckpointArgs),
    /// Export the audit trail in another format
    #[command(after_help = examples::LEDGER_EXPORT)]
    Export(ExportArgs),
    /// Import an export, to verify it elsewhere
    #[command(after_help = examples::LEDGER_IMPORT)]
    Import {
        /// File that `export --format jsonl` wrote
        file: PathBuf,
        /// Directory to create
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
    },
    /// Prune old runs and violations; their hashes stay, and every proof stays valid
    #[command(after_help = examples::LEDGER_COMPACT)]
    Compact {
        /// Keep events that are younger than this
        #[arg(long, value_name = "DAYS")]
        keep_days: u32,
    },
    /// Start the next key epoch now: keys stolen before cannot sign earlier events
    #[command(after_help = examples::LEDGER_ROTATE)]
    Rotate,
    /// Replace a damaged audit trail by a new one, whose first event names the old one and the reason
    ///
    /// A full audit trail is replaced automatically.
    #[command(after_help = examples::LEDGER_SUCCEED)]
    Succeed {
        /// Reason to replace an intact trail, such as events dated by a wrong clock
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
    },
    /// Print the public key that verifies checkpoints, for witnesses and verifiers
    #[command(after_help = examples::LEDGER_KEY)]
    Key {
        /// Directory of an audit trail, if not that of this installation
        #[arg(long, value_name = "DIR")]
        from: Option<PathBuf>,
    },
}

/// How events are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SigningArg {
    /// One signature for all events that are written together
    Batch,
    /// Also one signature for each event
    Each,
}

/// Whose cosignatures count.
#[derive(Debug, Default, ClapArgs)]
pub(crate) struct TrustArgs {
    /// Key of a witness that must have cosigned; may be given several times
    #[arg(long, value_name = "VKEY", conflicts_with = "policy")]
    pub(crate) witness: Vec<String>,
    /// Witness policy (c2sp.org/tlog-policy): witnesses, and how many must have cosigned [default: the file policy in
    /// the trail's directory]
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct VerifyArgs {
    /// Directory of an audit trail, if not that of this installation
    #[arg(long, value_name = "DIR")]
    pub(crate) from: Option<PathBuf>,
    /// Key that the audit trail must have
    #[arg(long, value_name = "VKEY")]
    pub(crate) log: Option<String>,
    #[command(flatten)]
    pub(crate) trust: TrustArgs,
    /// Checkpoint, proof or receipt that was kept elsewhere and that the audit trail must agree with
    #[arg(long, value_name = "FILE")]
    pub(crate) held: Vec<PathBuf>,
    /// Threads that verify signatures [default: all cores]
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<std::num::NonZero<usize>>,
    /// Format of the output
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct CheckArgs {
    /// File that `ledger prove` or `ledger receipt` wrote
    #[arg(required = true, value_name = "FILE")]
    pub(crate) proofs: Vec<PathBuf>,
    /// Key of the audit trail, as `invar ledger key` prints it
    #[arg(long, value_name = "VKEY")]
    pub(crate) log: String,
    #[command(flatten)]
    pub(crate) trust: TrustArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ShowArgs {
    /// Index of one event; without it, the last events
    pub(crate) event: Option<u64>,
    /// Maximum number of events
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub(crate) last: u64,
    /// Only events of this kind: run, violation, verdict, install, …
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<String>,
    /// Only events of this skill
    #[arg(long, value_name = "NAME")]
    pub(crate) skill: Option<String>,
    /// Directory of an audit trail, if not that of this installation
    #[arg(long, value_name = "DIR")]
    pub(crate) from: Option<PathBuf>,
    /// Format of the output
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ProveArgs {
    /// Index of the event
    pub(crate) event: u64,
    /// Write the proof to this file, such as event.tlog-proof
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) trust: TrustArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ReceiptArgs {
    /// ID/N (run N of report ID), or the index of a run's event
    pub(crate) run: String,
    /// Write the receipt to this file, such as run.tlog-proof
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Also write a COSE receipt (RFC 9942) to this file, and the bytes of the event next to it
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
    /// Format of the export
    #[arg(long, value_enum)]
    pub(crate) format: ExportFormat,
    /// Directory of an audit trail, if not that of this installation
    #[arg(long, value_name = "DIR")]
    pub(crate) from: Option<PathBuf>,
    /// First event to export
    #[arg(long, value_name = "EVENT", default_value_t = 0)]
    pub(crate) first: u64,
    /// Last event to export
    #[arg(long, value_name = "EVENT")]
    pub(crate) last: Option<u64>,
    /// File to write to; for scitt and tiles, the directory
    #[arg(short, long, value_name = "PATH")]
    pub(crate) output: Option<PathBuf>,
}

/// The format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// JSON lines with everything, which `ledger import` reads
    Jsonl,
    /// OCSF events, one on each line
    Ocsf,
    /// OpenTelemetry logs in OTLP/JSON
    Otel,
    /// Events with COSE receipts (RFC 9942), two files for each event
    Scitt,
    /// Tiles (c2sp.org/tlog-tiles), to be served as files
    Tiles,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct WitnessArgs {
    /// Address to listen on; speaks plain HTTP, so put a TLS proxy in front
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8470")]
    pub(crate) listen: String,
    /// Name of the witness, such as example.com/witness
    #[arg(long, value_name = "NAME")]
    pub(crate) name: String,
    /// Directory for the last checkpoint seen of each log; do not lose it
    #[arg(long, value_name = "DIR")]
    pub(crate) state: PathBuf,
    /// Key file of the witness; created if it does not exist [default: key in the state directory]
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// Key of an audit trail to cosign, as `invar ledger key` prints it; may be given several times
    #[arg(long, value_name = "VKEY", required = true)]
    pub(crate) log: Vec<String>,
}
