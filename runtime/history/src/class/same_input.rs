//! Executions that differ from the majority on the same input.

use invar_monitor::{Deviation, Severity};

use crate::comparison::Comparison;

/// Executions that show a deviation, and whether the host responses are known for all of them.
pub(super) fn showing(
    comparison: &Comparison<'_>,
    is_wanted: impl Fn(&Deviation) -> bool,
) -> (Vec<usize>, bool) {
    let (mut all, mut is_exact) = (Vec::new(), true);
    for group in &comparison.groups {
        let shows = |index: &&usize| comparison.deviations[**index].iter().any(&is_wanted);
        let before = all.len();
        all.extend(group.members.iter().filter(shows));
        is_exact &= group.is_exact || all.len() == before;
    }
    all.sort_unstable();
    (all, is_exact)
}

/// What the difference may come from.
pub(super) fn cause(is_exact: bool) -> &'static str {
    match is_exact {
        true => {
            "neither the input nor the host responses: state that it keeps, or what the log does not hold"
        }
        false => "not known: the log has no digest of the host responses (host_sha256)",
    }
}

/// How bad the difference is.
pub(super) fn severity(is_exact: bool) -> Severity {
    match is_exact {
        true => Severity::Major,
        false => Severity::Minor,
    }
}
