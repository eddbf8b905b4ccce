//! What executions cost, compared with others on the same input.

use invar_monitor::{Cost, Deviation};

use crate::{execution::Execution, group::Group};

/// A cost this many times the median of the group is a deviation.
pub(crate) const COST_RATIO: u64 = 3;

/// How much of a cost an execution took, if the log says so.
pub(crate) fn amount(execution: &Execution, cost: Cost) -> Option<u64> {
    match cost {
        Cost::Fuel => execution.costs.fuel,
        Cost::Memory => execution.costs.memory_peak_bytes,
        Cost::Sent => execution.costs.network_sent,
        Cost::Written => execution.costs.file_written,
    }
}

/// The lower median of a cost over the members for which the log says it.
pub(crate) fn median(executions: &[&Execution], members: &[usize], cost: Cost) -> Option<u64> {
    let mut all: Vec<u64> = members.iter().filter_map(|index| amount(executions[*index], cost)).collect();
    all.sort_unstable();
    all.get(all.len().saturating_sub(1) / 2).copied()
}

/// Adds to each execution the costs that are more than three times the median of its group.
pub(crate) fn compare(groups: &[Group], executions: &[&Execution], deviations: &mut [Vec<Deviation>]) {
    for group in groups {
        for cost in Cost::ALL {
            let Some(usual) = median(executions, &group.members, cost) else { continue };
            for index in &group.members {
                let Some(amount) = amount(executions[*index], cost) else { continue };
                if amount > usual.saturating_mul(COST_RATIO) && amount - usual > cost.floor() {
                    deviations[*index].push(Deviation::Cost(cost));
                }
            }
        }
    }
}
