//! Costs without the part that the size of the input explains.

use invar_monitor::{Cost, statistics::real};

use crate::{cost::amount, execution::Execution};

/// Logarithms of a cost, without the part that the size of the input explains.
pub(crate) struct Adjusted {
    pub(crate) costs: Vec<f64>,
    /// The index of the execution of each cost.
    pub(crate) kept: Vec<usize>,
    /// How many of them are the reference.
    pub(crate) reference: usize,
    /// Whether sizes were taken out.
    pub(crate) by_size: bool,
}

/// Takes the growth by size out: ln cost − (a + b ln size). The line is fitted by least squares to the first half of the
/// reference, which is used for nothing else. Sizes outside the range of the reference are left out: nothing is known
/// of them. Where sizes are equal or not known, the result is ln cost.
pub(crate) fn adjust(executions: &[&Execution], reference: usize, cost: Cost) -> Adjusted {
    #[allow(clippy::cast_precision_loss, reason = "digits beyond 2^53 do not show in a logarithm")]
    let ln = |number: u64| (number.max(1) as f64).ln();
    let costs: Vec<f64> =
        executions.iter().map(|execution| ln(amount(execution, cost).unwrap_or(1))).collect();
    let sizes: Option<Vec<u64>> = executions.iter().map(|execution| execution.input_bytes).collect();
    let bounds = sizes.as_ref().and_then(|sizes| {
        let known = sizes.get(..reference)?;
        Some((known.iter().min().copied()?, known.iter().max().copied()?))
    });
    let (Some(sizes), Some((least, most))) = (sizes, bounds.filter(|(least, most)| least < most)) else {
        let kept = (0..costs.len()).collect();
        return Adjusted { costs, kept, reference, by_size: false };
    };
    let half = reference / 2;
    let logs: Vec<f64> = sizes.iter().map(|size| ln(*size)).collect();
    let (slope, start) = least_squares(&logs[..half], &costs[..half]);
    let is_known = |index: &usize| (least..=most).contains(&sizes[*index]);
    let kept: Vec<usize> = (half..costs.len()).filter(is_known).collect();
    Adjusted {
        costs: kept.iter().map(|index| costs[*index] - start - slope * logs[*index]).collect(),
        kept,
        reference: reference - half,
        by_size: true,
    }
}

/// Slope and intercept of the line through points by least squares; flat if all have one x.
fn least_squares(x: &[f64], y: &[f64]) -> (f64, f64) {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / real(values.len().max(1));
    let (x_mean, y_mean) = (mean(x), mean(y));
    let spread: f64 = x.iter().map(|x| (x - x_mean).powi(2)).sum();
    let both: f64 = x.iter().zip(y).map(|(x, y)| (x - x_mean) * (y - y_mean)).sum();
    let slope = if spread > 0.0 { both / spread } else { 0.0 };
    (slope, y_mean - slope * x_mean)
}

/// The lower median; 0 of nothing.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or(0.0)
}
