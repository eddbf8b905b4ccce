//! What a behaviour depends on, as claims name it.

use invar_envelope::VariesWith;
use invar_world::Change;

/// What a variation depends on, as claims name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    Clock,
    Random,
    Network,
    Variable(String),
    File(String),
    /// Which directories it is handed.
    Preopens,
    /// How fast the machine is.
    Speed,
    /// What it reads.
    Input,
    /// An argument.
    Argument(u32),
    /// An argument of a call, by its place.
    Field(String),
    /// What a name resolves to.
    Name(String),
    /// What a destination answers.
    Answer(String),
    /// How long the machine has been up.
    Uptime,
    /// Whether waiting takes time.
    Waiting,
    /// Whether the standard streams are a terminal.
    Terminal,
    /// What the clocks are exact to.
    Resolution,
    /// How files are numbered.
    Inodes,
    /// How many variables there are.
    Variables,
    /// How many arguments there are.
    Arguments,
}

impl Source {
    /// What a change is a change of; none: of a speed, an answer, or a state of the network.
    pub(crate) fn of(change: &Change) -> Option<Self> {
        Some(match change {
            Change::File { path, .. } | Change::Modified { path, .. } => Self::File(path.clone()),
            Change::Env { name, .. } | Change::Config { key: name, .. } => Self::Variable(name.clone()),
            Change::Arg { index, .. } => Self::Argument(*index),
            Change::Field { place, .. } => Self::Field(place.clone()),
            Change::Stdin(_) => Self::Input,
            Change::Clock(_) => Self::Clock,
            Change::Advance(_) => Self::Uptime,
            Change::Random(_) | Change::RandomBytes(_) => Self::Random,
            Change::Dns { name, .. } => Self::Name(name.clone()),
            Change::Answered { destination, .. } => Self::Answer(format!("tcp://{destination}")),
            Change::Requested { target, .. } => Self::Answer(target.clone()),
            Change::SkipSleep => Self::Waiting,
            Change::Network(_) => Self::Network,
            Change::Preopens(_) => Self::Preopens,
            Change::Speed(_) | Change::Late(_) => Self::Speed,
            Change::Uptime(_) => Self::Uptime,
            Change::Connected { destination, .. } => Self::Answer(format!("tcp://{destination}")),
            Change::Datagram { destination, .. } => Self::Answer(format!("udp://{destination}")),
            Change::Terminal(_) => Self::Terminal,
            Change::Resolution(_) => Self::Resolution,
            Change::Inodes(_) => Self::Inodes,
            Change::MoreVariables(_) => Self::Variables,
            Change::MoreArguments(_) => Self::Arguments,
            Change::Answer(_) => return None,
        })
    }

    /// Whether it is data that a skill is handed, rather than a state that everything runs in: time, chance, speed.
    pub(crate) fn is_data(&self) -> bool {
        match self {
            Self::Variable(_)
            | Self::File(_)
            | Self::Input
            | Self::Argument(_)
            | Self::Field(_)
            | Self::Name(_)
            | Self::Answer(_)
            | Self::Network
            | Self::Variables
            | Self::Arguments => true,
            Self::Clock
            | Self::Random
            | Self::Preopens
            | Self::Speed
            | Self::Uptime
            | Self::Waiting
            | Self::Terminal
            | Self::Resolution
            | Self::Inodes => false,
        }
    }

    /// The entry of `varies_with` that names it; none: no entry can.
    pub(crate) fn claim(&self) -> Option<String> {
        Some(match self {
            Self::Clock | Self::Speed | Self::Uptime | Self::Waiting | Self::Resolution => "clock".into(),
            Self::Random => "random".into(),
            Self::Network | Self::Name(_) | Self::Answer(_) => "network".into(),
            Self::Variable(name) => format!("env:{}", name.escape_debug()),
            Self::File(path) => format!("files:{}", path.escape_debug()),
            Self::Variables => "env:*".into(),
            Self::Preopens
            | Self::Input
            | Self::Argument(_)
            | Self::Field(_)
            | Self::Terminal
            | Self::Inodes
            | Self::Arguments => return None,
        })
    }

    /// Whether the claims name it; none: nothing is claimed.
    pub(crate) fn is_claimed(&self, claims: &Option<Vec<VariesWith>>) -> Option<bool> {
        let claims = claims.as_ref()?;
        Some(claims.iter().any(|claim| match (claim, self) {
            (
                VariesWith::Clock,
                Self::Clock | Self::Speed | Self::Uptime | Self::Waiting | Self::Resolution,
            )
            // What lists its files, or its variables, shows how many there are and how they are numbered.
            | (VariesWith::Files(_), Self::Inodes)
            | (VariesWith::Env(_), Self::Variables)
            | (VariesWith::Random, Self::Random)
            | (VariesWith::Network, Self::Network | Self::Name(_) | Self::Answer(_)) => true,
            (VariesWith::Files(glob), Self::File(path)) => glob.matches(path),
            (VariesWith::Env(pattern), Self::Variable(name)) => pattern.matches(name),
            _ => false,
        }))
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Clock => f.write_str("clock"),
            Self::Random => f.write_str("random"),
            Self::Network => f.write_str("network"),
            Self::Variable(name) => write!(f, "environment variable {}", name.escape_debug()),
            Self::File(path) => write!(f, "file {}", path.escape_debug()),
            Self::Preopens => f.write_str("the directories handed over"),
            Self::Speed => f.write_str("machine speed"),
            Self::Input => f.write_str("input"),
            Self::Argument(index) => write!(f, "argument {index}"),
            Self::Field(place) => write!(f, "argument {}", place.escape_debug()),
            Self::Name(name) => write!(f, "dns {}", name.escape_debug()),
            Self::Answer(destination) => write!(f, "network {}", destination.escape_debug()),
            Self::Uptime | Self::Waiting => f.write_str("monotonic clock"),
            Self::Terminal => f.write_str("terminal"),
            Self::Resolution => f.write_str("clock resolution"),
            Self::Inodes => f.write_str("file numbers"),
            Self::Variables => f.write_str("number of environment variables"),
            Self::Arguments => f.write_str("number of arguments"),
        }
    }
}
