//! The kind of trigger that a source makes.

use crate::{
    TriggerKind,
    condition::{is_sign_path, is_sign_variable},
    source::Source,
};

/// The kind of trigger that a source makes.
pub(crate) fn kind_of(source: &Source) -> TriggerKind {
    match source {
        Source::Clock => TriggerKind::Clock,
        Source::Random => TriggerKind::Random,
        Source::Network => TriggerKind::Network,
        Source::Variable(name) if is_sign_variable(name) => TriggerKind::Observer,
        Source::Variable(_) => TriggerKind::EnvironmentVariable,
        Source::File(path) if is_sign_path(path) => TriggerKind::Observer,
        Source::File(_) => TriggerKind::File,
        Source::Preopens | Source::Speed | Source::Terminal | Source::Resolution | Source::Inodes => {
            TriggerKind::Observer
        }
        Source::Variables => TriggerKind::EnvironmentVariable,
        Source::Input | Source::Argument(_) | Source::Arguments | Source::Field(_) => TriggerKind::Input,
        Source::Name(_) | Source::Answer(_) => TriggerKind::Network,
        Source::Uptime | Source::Waiting => TriggerKind::ElapsedTime,
    }
}
