//! The hypergeometric distribution: of how many among the drawn are marked, if chance alone draws.

use super::real;

/// Logarithms of factorials up to a number, computed once for many tests.
pub struct Factorials(Vec<f64>);

impl Factorials {
    /// ln 0! to ln n!.
    #[must_use]
    pub fn up_to(n: usize) -> Self {
        let mut sum = 0.0;
        Self(
            (0..=n)
                .map(|k| {
                    sum += real(k.max(1)).ln();
                    sum
                })
                .collect(),
        )
    }

    /// ln C(n, k); minus infinity where there is no such choice.
    fn ln_choose(&self, n: usize, k: usize) -> f64 {
        match (self.0.get(n), self.0.get(k), n.checked_sub(k).and_then(|rest| self.0.get(rest))) {
            (Some(all), Some(some), Some(rest)) => all - some - rest,
            _ => f64::NEG_INFINITY,
        }
    }

    /// P(X ≥ `seen`) where `drawn` of `total` are drawn and `marked` of them are marked:
    ///
    /// Σ C(marked, x) C(total − marked, drawn − x) / C(total, drawn), x from `seen` up.
    ///
    /// Fisher's exact test, one-sided (R. A. Fisher, Statistical Methods for Research Workers, 1934, § 21.02).
    /// 1 if `seen` is no more than is to be expected: nothing is asked about that side.
    #[must_use]
    pub fn at_least(&self, seen: usize, total: usize, marked: usize, drawn: usize) -> f64 {
        let most = marked.min(drawn);
        let is_expected = real(seen) * real(total) <= real(marked) * real(drawn);
        if seen > most || is_expected {
            return if is_expected { 1.0 } else { 0.0 };
        }
        let all = self.ln_choose(total, drawn);
        let term = |x: usize| {
            let rest = self.ln_choose(total - marked, drawn - x);
            (self.ln_choose(marked, x) + rest - all).exp()
        };
        // Above what is to be expected the terms only fall.
        let mut sum = 0.0;
        for x in seen..=most {
            let next = term(x);
            sum += next;
            if next <= sum * 1e-15 {
                break;
            }
        }
        sum.min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Factorials;

    #[test]
    fn the_lady_tastes_tea() {
        // All 4 of 4 among 8: 1/70. At least 3: 17/70.
        let factorials = Factorials::up_to(8);
        assert!((factorials.at_least(4, 8, 4, 4) - 1.0 / 70.0).abs() < 1e-12);
        assert!((factorials.at_least(3, 8, 4, 4) - 17.0 / 70.0).abs() < 1e-12);
    }

    #[test]
    fn what_is_to_be_expected_is_no_surprise_and_the_impossible_never_happens() {
        let factorials = Factorials::up_to(100);
        assert!((factorials.at_least(0, 100, 10, 10) - 1.0).abs() < 1e-12);
        assert!((factorials.at_least(1, 100, 10, 10) - 1.0).abs() < 1e-12);
        assert!(factorials.at_least(11, 100, 10, 20) < 1e-300);
        let one_in_ten_each = factorials.at_least(10, 100, 10, 10);
        assert!(one_in_ten_each > 0.0 && one_in_ten_each < 1e-12);
    }
}
