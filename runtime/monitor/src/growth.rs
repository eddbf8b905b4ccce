//! Cost that grows from run to run, and whether what the runs read explains it.

use crate::{Baseline, Cost, Deviation, Row};

/// The last runs cost this many times the first: less is drift of small things.
const GROWTH_RATIO: f64 = 1.5;

/// Share of a cost by which an affine fit may be off.
const RESIDUAL_MAX: f64 = 0.05;

/// Share of steps from run to run that do not go down.
const RISING_MIN: f64 = 0.8;

/// How a cost went over the runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Growth {
    /// It did not grow.
    #[default]
    Flat,
    /// It grew with the bytes that the runs read from files and the network, and by no more.
    Affine,
    /// It grew by more than they explain. Holds the amount halfway from the first runs to the last.
    Excess(u64),
}

impl Growth {
    /// Of one cost over all runs.
    pub(crate) fn of(rows: &[Row], cost: Cost) -> Self {
        let costs: Vec<u64> = rows.iter().map(|row| cost.of(&row.resources)).collect();
        let (Some(first), Some(last)) = (costs.get(..3).map(median), costs.last_chunk::<3>().map(median))
        else {
            return Self::Flat;
        };
        let rising = costs.windows(2).filter(|pair| pair[1] >= pair[0]).count();
        let is_growth = rows.len() > 6
            && as_f64(last) > GROWTH_RATIO * as_f64(first)
            && last - first > cost.floor()
            && as_f64(rising as u64) >= RISING_MIN * as_f64(costs.len() as u64 - 1);
        if !is_growth {
            return Self::Flat;
        }
        let read: Vec<f64> = rows
            .iter()
            .map(|row| as_f64(row.resources.bytes.file_read + row.resources.bytes.network_received))
            .collect();
        let costs: Vec<f64> = costs.into_iter().map(as_f64).collect();
        match is_affine(&read, &costs) {
            true => Self::Affine,
            false => Self::Excess(first + (last - first) / 2),
        }
    }
}

/// Growth that is not explained, as deviations of the runs above halfway; and the affine kinds.
pub(crate) fn excess(rows: &[Row], baseline: &mut Baseline) -> Vec<(Deviation, Vec<u32>)> {
    let mut found = Vec::new();
    for cost in [Cost::Fuel, Cost::Memory] {
        let Growth::Excess(above) = Growth::of(rows, cost) else { continue };
        baseline.growth_above.insert(cost, above);
        let runs: Vec<u32> =
            rows.iter().filter(|row| cost.of(&row.resources) > above).map(|row| row.run).collect();
        // What costs three times as much is followed up by itself.
        let is_known = rows.last().is_some_and(|row| row.deviations.contains(&Deviation::Cost(cost)));
        if !is_known {
            found.push((Deviation::Growth(cost), runs));
        }
    }
    found
}

/// Whether y = a + b·x, b > 0, to within a share of y everywhere: least squares.
fn is_affine(x: &[f64], y: &[f64]) -> bool {
    let n = as_f64(x.len() as u64);
    let mean = |values: &[f64]| values.iter().sum::<f64>() / n;
    let (mean_x, mean_y) = (mean(x), mean(y));
    let spread: f64 = x.iter().map(|x| (x - mean_x).powi(2)).sum();
    let together: f64 = x.iter().zip(y).map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    if spread <= 0.0 || together <= 0.0 {
        return false;
    }
    let slope = together / spread;
    x.iter().zip(y).all(|(x, y)| (y - mean_y - slope * (x - mean_x)).abs() <= RESIDUAL_MAX * y)
}

fn median(values: impl AsRef<[u64]>) -> u64 {
    let mut values = values.as_ref().to_vec();
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or(0)
}

#[allow(clippy::cast_precision_loss, reason = "costs are below 2^53")]
fn as_f64(value: u64) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use super::is_affine;

    #[test]
    fn a_line_is_affine_and_a_parabola_is_not() {
        let x: Vec<f64> = (1..=20).map(f64::from).collect();
        let line: Vec<f64> = x.iter().map(|x| 1000.0 + 50.0 * x).collect();
        let parabola: Vec<f64> = x.iter().map(|x| 100.0 + 50.0 * x * x).collect();
        assert!(is_affine(&x, &line));
        assert!(!is_affine(&x, &parabola));
        assert!(!is_affine(&[5.0; 20], &line), "nothing more is read");
    }
}
