//! What functions are about.

/// What a host function is about: the words of `--only`, and of the envelope where it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Capability {
    /// Files and directories.
    Files,
    /// Names, addresses and connections.
    Network,
    /// Variables and arguments.
    Env,
    /// Clocks and sleeps.
    Clock,
    /// Random bytes.
    Random,
    /// Standard streams and terminals.
    Stdio,
    /// Everything without a world behind it: polling, handles, exit.
    Process,
}

impl Capability {
    /// All of them, with their names.
    pub const NAMES: [(Self, &'static str); 7] = [
        (Self::Files, "files"),
        (Self::Network, "network"),
        (Self::Env, "env"),
        (Self::Clock, "clock"),
        (Self::Random, "random"),
        (Self::Stdio, "stdio"),
        (Self::Process, "process"),
    ];

    /// The name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(capability, _)| *capability == self).map_or("", |(_, name)| name)
    }

    /// What an interface is about. Streams and polls belong to what their handle came from.
    #[must_use]
    pub fn of_interface(interface: &str) -> Self {
        match interface.trim_start_matches("wasi:").split_once('/') {
            Some(("filesystem", _)) => Self::Files,
            Some(("sockets" | "http", _)) => Self::Network,
            Some(("clocks", _)) => Self::Clock,
            Some(("random", _)) => Self::Random,
            Some(("cli", "environment") | ("config", _)) => Self::Env,
            Some(("logging", _)) => Self::Stdio,
            Some(("cli", name)) if name.starts_with("std") || name.starts_with("terminal") => Self::Stdio,
            _ => Self::Process,
        }
    }
}
