//! How sure a rate is.

/// Of the normal distribution, at 95 % to both sides.
const Z: f64 = 1.959_963_984_540_054;

/// The interval in which the rate lies at 95 % when `fired` of `total` fired (Wilson, 1927).
pub(crate) fn wilson(fired: u64, total: u64) -> (f64, f64) {
    #[expect(clippy::cast_precision_loss, reason = "hundreds")]
    let (fired, n) = (fired as f64, total.max(1) as f64);
    let rate = fired / n;
    let shrink = 1.0 + Z * Z / n;
    let middle = (rate + Z * Z / (2.0 * n)) / shrink;
    let half = Z / shrink * (rate * (1.0 - rate) / n + Z * Z / (4.0 * n * n)).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::wilson;

    #[test]
    fn the_interval_is_that_of_the_tables() {
        let (low, high) = wilson(76, 400);
        assert!((low - 0.1546).abs() < 5e-4 && (high - 0.2313).abs() < 5e-4, "{low} {high}");
        let (low, high) = wilson(0, 400);
        assert!(low == 0.0 && (high - 0.0095).abs() < 5e-4, "{high}");
    }
}
