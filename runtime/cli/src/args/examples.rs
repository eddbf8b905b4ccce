//! The examples in `--help`: two for each command. Tests parse and run them, in this order, in a clone of the repository.

pub(super) const INVAR: &str = "\
Examples:
  # Monitor a skill: 20 runs in the virtual lab, and a report with a verdict
  invar monitor skills-examples/data-enrichment-service
  # Search for a trigger that no run has met yet
  invar fuzz skills-examples/corpus/env-tier-gold";

pub(super) const RUN: &str = "\
Examples:
  # Call one function of a tool skill in the virtual lab
  invar run skills-examples/tools/time --world lab --call time-of-day --args '{\"minutes-east\": 60}'
  # Set a variable, and record a trace
  invar run skills-examples/hello --world lab --env LANG=C --record hello.trace";

pub(super) const INSPECT: &str = "\
Examples:
  # Show what a skill declares and what its code could call
  invar inspect skills-examples/data-enrichment-service
  # List the functions of a tool skill with their JSON Schemas
  invar inspect skills-examples/tools/files --format json";

pub(super) const INIT: &str = "\
Examples:
  # Run a component in the lab, and write a manifest for it in a new directory
  invar init skills-examples/hello/hello.wasm --to new-skill
  # The same for one that takes an argument, without running it
  invar init skills-examples/sort-lines/sort_lines.wasm --no-runs --to sorter -- --reverse";

pub(super) const ENVELOPE: &str = "\
Examples:
  # Print the smallest envelope that the runs of a skill need
  invar envelope learn skills-examples/hello
  # Check that what a skill declares is enough for another
  invar envelope check skills-examples/clock-stamp --covers skills-examples/word-count";

pub(super) const ENVELOPE_CHECK: &str = "\
Examples:
  # Check that a skill asks for no more than another
  invar envelope check skills-examples/clock-stamp --covers skills-examples/word-count
  # The same as JSON
  invar envelope check skills-examples/clock-stamp --covers skills-examples/word-count --format json";

pub(super) const ENVELOPE_LEARN: &str = "\
Examples:
  # Print the smallest envelope that 20 runs need
  invar envelope learn skills-examples/word-count
  # The same of 100 runs with an argument
  invar envelope learn skills-examples/word-count --runs 100 -- --verbose";

pub(super) const MONITOR: &str = "\
Examples:
  # 20 runs, follow-up runs and a report, with an argument and a read-only copy of a directory
  invar monitor skills-examples/word-count --dir skills-examples/hello::/data:ro -- --verbose
  # In CI: a SARIF report, and exit code 0 for verdicts below VARIANT
  invar monitor skills-examples/word-count --format sarif -o word-count.sarif --fail-on VARIANT";

pub(super) const FUZZ: &str = "\
Examples:
  # Solve for the values that a skill compares its environment with
  invar fuzz skills-examples/corpus/env-tier-gold
  # Inject faults only, without a search
  invar fuzz skills-examples/corpus/fault-disk-full-acts --faults --search none";

pub(super) const INSTALL: &str = "\
Examples:
  # Monitor a skill and install it if nothing major is found
  invar install skills-examples/word-count
  # Install a skill whatever the verdict is, with a note in the audit trail
  invar install skills-examples/data-enrichment-service --force 'kept for analysis'";

pub(super) const LIST: &str = "\
Examples:
  # List the skills of this installation
  invar list
  # List those of another installation
  INVAR_HOME=other-home invar list";

pub(super) const REPLAY: &str = "\
Examples:
  # Check that a recorded run replays exactly
  invar replay hello.trace --check
  # Replay it with one variable changed, show where the runs diverge, and record the new run
  invar replay hello.trace --set env:LANG=de_DE.UTF-8 --record german.trace";

pub(super) const DIFF: &str = "\
Examples:
  # Show where two runs diverge
  invar diff hello.trace german.trace
  # The same as JSON
  invar diff hello.trace german.trace --format json";

pub(super) const TRACE: &str = "\
Examples:
  # List all host calls of a run
  invar trace hello.trace
  # List only those that read the environment
  invar trace hello.trace --only env";

pub(super) const WORLD: &str = "\
Examples:
  # Print a world that answers as a recorded run was answered
  invar world from hello.trace
  # Write it to a file, for --world of run, monitor and fuzz
  invar world from hello.trace -o hello.toml";

pub(super) const WORLD_FROM: &str = "\
Examples:
  # Print the world of a recorded run
  invar world from german.trace
  # Write it to a file
  invar world from german.trace -o german.toml";

pub(super) const LEDGER: &str = "\
Examples:
  # Verify the audit trail of this installation
  invar ledger verify
  # Show the last five events
  invar ledger show --last 5";

pub(super) const LEDGER_INIT: &str = "\
Examples:
  # Create an audit trail with a name for its checkpoints
  invar ledger init --origin example.com/audit/host1
  # Create one that signs every event, in another installation
  INVAR_HOME=other-home invar ledger init --sign each";

pub(super) const LEDGER_SHOW: &str = "\
Examples:
  # Show one event in full
  invar ledger show 2
  # Show the last runs of one skill
  invar ledger show --kind run --skill word-count";

pub(super) const LEDGER_VERIFY: &str = "\
Examples:
  # Verify the audit trail of this installation
  invar ledger verify
  # The same with the result as JSON, for scripts
  invar ledger verify --format json";

pub(super) const LEDGER_PROVE: &str = "\
Examples:
  # Print the proof that the first event is in the audit trail
  invar ledger prove 0
  # Write the proof to a file
  invar ledger prove 0 -o genesis.tlog-proof";

pub(super) const LEDGER_RECEIPT: &str = "\
Examples:
  # Write the receipt of the run that is event 2
  invar ledger receipt 2 -o run.tlog-proof
  # Also write a COSE receipt
  invar ledger receipt 2 -o run.tlog-proof --cose run.cose";

pub(super) const LEDGER_CHECK: &str = "\
Examples:
  # Check a receipt with the key of the audit trail
  invar ledger check run.tlog-proof --log \"$(invar ledger key)\"
  # Check several files at once
  invar ledger check run.tlog-proof genesis.tlog-proof --log \"$(invar ledger key)\"";

pub(super) const LEDGER_CHECKPOINT: &str = "\
Examples:
  # Publish a checkpoint, cosigned by the witnesses of the policy
  invar ledger checkpoint
  # Keep a copy to verify the audit trail against later
  invar ledger checkpoint > held.checkpoint";

pub(super) const LEDGER_EXPORT: &str = "\
Examples:
  # Export everything, to import and verify it elsewhere
  invar ledger export --format jsonl -o trail.jsonl
  # Export for a SIEM, from event 2 on
  invar ledger export --format ocsf --first 2 -o trail.ocsf";

pub(super) const LEDGER_IMPORT: &str = "\
Examples:
  # Import an export into a new directory
  invar ledger import trail.jsonl --to trail-copy
  # Import it a second time, for another verifier
  invar ledger import trail.jsonl --to trail-copy-2";

pub(super) const LEDGER_COMPACT: &str = "\
Examples:
  # Prune runs and violations that are older than a year
  invar ledger compact --keep-days 365
  # Prune those that are older than a quarter
  invar ledger compact --keep-days 90";

pub(super) const LEDGER_ROTATE: &str = "\
Examples:
  # Start the next key epoch
  invar ledger rotate
  # Do the same in another installation
  INVAR_HOME=other-home invar ledger rotate";

pub(super) const LEDGER_SUCCEED: &str = "\
Examples:
  # Replace an intact audit trail, for the given reason
  invar ledger succeed --reason 'events dated by a wrong clock'
  # Do the same in another installation
  INVAR_HOME=other-home invar ledger succeed --reason 'moved to another machine'";

pub(super) const LEDGER_KEY: &str = "\
Examples:
  # Print the key of this installation
  invar ledger key
  # Print the key of an imported copy
  invar ledger key --from trail-copy";

pub(super) const WITNESS: &str = "\
Examples:
  # Cosign for one audit trail
  invar witness --name example.com/witness --state state --log \"$(invar ledger key)\"
  # Listen on another address; KEY holds what `invar ledger key` printed
  invar witness --name example.com/witness --state state --log \"$KEY\" --listen 127.0.0.1:8471";

pub(super) const HISTORY: &str = "\
Examples:
  # Rank the skills in an agent's log
  invar history analyze skills-examples/history/agent.jsonl
  # Analyze the executions of one skill
  invar history analyze skills-examples/history/agent.jsonl --skill word-count";

pub(super) const HISTORY_ANALYZE: &str = "\
Examples:
  # Rank the skills in an agent's log
  invar history analyze skills-examples/history/agent.jsonl
  # Analyze the executions by one agent, with a JSON report
  invar history analyze skills-examples/history/agent.jsonl --agent bob --format json";

pub(super) const COMPLETIONS: &str = "\
Examples:
  # Generate completions for bash
  invar completions bash > invar.bash
  # Generate completions for zsh
  invar completions zsh > _invar";

pub(super) const MAN: &str = "\
Examples:
  # Write one page for each command to a directory
  invar man man1
  # Write the main page only
  invar man > invar.1";
