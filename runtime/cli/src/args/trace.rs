//! The arguments of the commands that read traces: `invar replay`, `invar diff` and `invar trace`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};
use invar_trace::Capability;

use super::Format;

#[derive(Debug, ClapArgs)]
pub(crate) struct ReplayArgs {
    /// Trace file, or ID/N: run N of report ID
    pub(crate) trace: String,
    /// Substitute a value and run on from there; --help lists the targets
    #[arg(long = "set", value_name = "TARGET", long_help = TARGETS)]
    pub(crate) set: Vec<String>,
    /// Print only whether the replay is exact
    #[arg(long)]
    pub(crate) check: bool,
    /// Answer every call from the trace alone, instead of simulating the world again
    #[arg(long, conflicts_with = "set")]
    pub(crate) recorded: bool,
    /// Skill to replay, if its component was not kept with the trace
    #[arg(long, value_name = "SKILL")]
    pub(crate) skill: Option<String>,
    /// Write the new trace to this file
    #[arg(long, value_name = "TRACE")]
    pub(crate) record: Option<PathBuf>,
    /// Format of the output
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

/// The targets of `--set`.
const TARGETS: &str = "\
Substitute a value, from the start of the run, or with @EVENT from that event on:
  file:PATH=TEXT | file:PATH=@FILE | file:PATH=hex:…
                                content of the file
  file:PATH!                    the file does not exist
  mtime:PATH=TIME               modification time of the file
  env:NAME=VALUE | env:NAME=hex:… | env:NAME!
                                value of the variable; ! unsets it
  env+=N                        N more variables, EXTRA_1 and so on
  config:KEY=VALUE | config:KEY=hex:… | config:KEY!
                                value of the key in wasi:config/store; ! removes it
  arg:I=VALUE | arg:I=hex:…     argument I; 0 is the program name
  arg:NAME=VALUE | arg:NAME.FIELD=VALUE | arg:N.NAME=VALUE
                                argument of a called function, of call 1 or call N
  arg+=N                        N more arguments
  stdin=TEXT | @FILE | hex:…    standard input
  clock=TIME                    the wall clock shows TIME
  clock+=DURATION               all clocks are ahead by DURATION
  uptime=DURATION               the machine has been up for DURATION
  late:N=DURATION               reading N of the clocks comes late by DURATION
  resolution=DURATION           what the clocks are exact to
  speed=X                       the machine is X times as fast
  terminal=yes | no             the standard streams are a terminal
  inodes=N                      numbers of files count from N
  sleep=skip                    sleeping returns at once and takes no time
  random=SEED                   seed of the random bytes
  random=hex:…                  first random bytes
  dns:NAME=ADDRESS | nxdomain   the name resolves to ADDRESS, or does not exist
  tcp:HOST:PORT=TEXT | @FILE | hex:…
                                connections are accepted, receive this and are closed
  udp:HOST:PORT=TEXT | @FILE | hex:…
                                datagrams are answered with this
  connect:HOST:PORT=accept | refused | timeout | unreachable
                                what becomes of connections
  http:PATTERN=status:CODE | body:TEXT | body:@FILE | body:hex:…
                                response to requests for [METHOD ]URL
  http:PATTERN=refused | reset | timeout | nxdomain | tls-error
                                requests for [METHOD ]URL fail with this
  network=down | refused | nxdomain | slow
                                state of the whole network
  preopens=PATH,PATH            only these directories are preopened
  event:I=JSON                  response of call I (fault injection)";

#[derive(Debug, ClapArgs)]
pub(crate) struct DiffArgs {
    /// Trace file, or ID/N: run N of report ID
    pub(crate) left: String,
    /// Trace file, or ID/N: run N of report ID
    pub(crate) right: String,
    /// Format of the output
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct TraceArgs {
    /// Trace file, or ID/N: run N of report ID
    pub(crate) trace: String,
    /// List only the calls that use this capability
    #[arg(long, value_enum, value_name = "CAPABILITY")]
    pub(crate) only: Option<CapabilityArg>,
    /// Format of the output
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
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
