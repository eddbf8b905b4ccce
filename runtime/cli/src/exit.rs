//! The exit codes, which scripts rely on.

/// CONSISTENT, or done.
pub(crate) const DONE: u8 = 0;
/// An internal fault.
pub(crate) const INTERNAL: u8 = 1;
/// The command line is invalid.
pub(crate) const USAGE: u8 = 2;
/// A replay differs from the recorded run.
pub(crate) const DIVERGED: u8 = 31;
/// The audit trail does not verify.
pub(crate) const AUDIT_FAILED: u8 = 32;
/// A bad skill, envelope, world, trace or log.
pub(crate) const BAD_INPUT: u8 = 33;
/// `envelope check`: the envelope does not cover the other.
pub(crate) const NOT_COVERED: u8 = 34;
/// `run`: the skill was stopped.
pub(crate) const STOPPED: u8 = 125;
/// `run`: refused before the skill started.
pub(crate) const REFUSED: u8 = 126;

/// The table in `--help`.
pub(crate) const TABLE: &str = "\
Exit codes of all commands but run:
    0  success, or CONSISTENT
    1  internal fault
    2  invalid command line
   20  MARGINAL
   21  VARIANT
   22  ACTIVATION-PATTERN-DETECTED
   23  INCONCLUSIVE
   31  replay diverged
   32  audit verification failed
   33  invalid skill, envelope, world, trace or log
   34  the envelope does not cover the other
Exit codes of run: the exit status of the skill, or
  125  stopped by a trap or a limit
  126  refused before start, also for invalid input";
