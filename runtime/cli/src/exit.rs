//! Exit codes: what scripts rely on.

/// CONSISTENT, or done.
pub(crate) const DONE: u8 = 0;
/// An internal fault.
pub(crate) const INTERNAL: u8 = 1;
/// The command line makes no sense.
pub(crate) const USAGE: u8 = 2;
/// A replay came out otherwise.
pub(crate) const DIVERGED: u8 = 31;
/// The audit trail is not what it should be.
pub(crate) const AUDIT_FAILED: u8 = 32;
/// A bad skill, envelope, world, trace or log.
pub(crate) const BAD_INPUT: u8 = 33;
/// `run`: the skill was stopped.
pub(crate) const STOPPED: u8 = 125;
/// `run`: refused before the skill started.
pub(crate) const REFUSED: u8 = 126;

/// The table in `--help`.
pub(crate) const TABLE: &str = "\
Exit codes of all commands but run:
    0  CONSISTENT, or done
    1  internal fault
    2  usage
   20  MARGINAL
   21  VARIANT
   22  ACTIVATION-PATTERN-DETECTED
   23  INCONCLUSIVE
   31  replay diverged
   32  audit verification failed
   33  bad skill, envelope, world, trace or log
Exit codes of run: the skill's own;
  125  stopped (trap or limit)
  126  refused before start (bad input too)";
