//! How reports name executions, effects and deviations.

use std::collections::BTreeSet;

use invar_monitor::{Deviation, count, join, runs};
use invar_trace::{Effect, Ending};

/// Effects that a line names.
const NAMED_MAX: usize = 3;

/// The numbers that the report gives to executions, from 1.
pub(crate) fn numbers(indices: impl IntoIterator<Item = usize>) -> Vec<u32> {
    indices.into_iter().map(|index| u32::try_from(index + 1).unwrap_or(u32::MAX)).collect()
}

/// `1 execution`, `12 executions`.
pub(crate) fn counted(number: usize) -> String {
    match number {
        1 => "1 execution".into(),
        number => format!("{} executions", count(number as u64)),
    }
}

/// `execution 8`, `executions 8, 16, 24 and 9 more`.
pub(crate) fn named(numbers: &[u32]) -> String {
    runs(numbers).replacen("run", "execution", 1)
}

/// The first few effects, and how many more.
pub(crate) fn listed(effects: &BTreeSet<Effect>) -> String {
    let mut parts: Vec<String> = effects.iter().take(NAMED_MAX).map(ToString::to_string).collect();
    if effects.len() > NAMED_MAX {
        parts.push(format!("{} more", effects.len() - NAMED_MAX));
    }
    join(&parts)
}

/// What a deviation shows, each effect by itself. `ending` is that of the execution.
pub(crate) fn effects_of(deviation: &Deviation, ending: &Ending) -> Vec<String> {
    match deviation {
        Deviation::New(effects) => effects.iter().map(ToString::to_string).collect(),
        Deviation::Missing(effects) => effects.iter().map(|effect| format!("no {effect}")).collect(),
        Deviation::Ending => vec![ending.to_string()],
        other => vec![summary(other)],
    }
}

/// A deviation in a few words.
pub(crate) fn summary(deviation: &Deviation) -> String {
    match deviation {
        Deviation::New(new) => listed(new),
        Deviation::Missing(missing) => format!("no {}", listed(missing)),
        Deviation::Output => "another output".into(),
        Deviation::Errors => "another standard error".into(),
        Deviation::Payload => "other bytes sent".into(),
        Deviation::Ending => "another exit status".into(),
        Deviation::Cost(cost) | Deviation::Growth(cost) => format!("more {}", cost.as_str()),
    }
}
