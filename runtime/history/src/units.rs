//! Units: the executions of one agent with one build. The first of a unit are the baseline of its later ones.

use std::collections::BTreeMap;

use crate::execution::{Build, Execution};

/// Executions of a unit that its later ones are compared with.
pub(crate) const BASELINE: usize = 3;

/// The executions of one agent with one build, by their indices, in order.
pub(crate) type Unit = Vec<usize>;

/// The units of these executions.
pub(crate) fn units(executions: &[&Execution]) -> Vec<Unit> {
    let mut units: BTreeMap<(Option<&str>, Build<'_>), Unit> = BTreeMap::new();
    for (index, execution) in executions.iter().enumerate() {
        units.entry((execution.agent.as_deref(), execution.build())).or_default().push(index);
    }
    units.into_values().collect()
}

/// For each of `number` executions, whether it belongs to the baseline of its unit.
pub(crate) fn is_baseline(units: &[Unit], number: usize) -> Vec<bool> {
    let mut is_baseline = vec![false; number];
    units.iter().flat_map(|unit| unit.iter().take(BASELINE)).for_each(|index| is_baseline[*index] = true);
    is_baseline
}
