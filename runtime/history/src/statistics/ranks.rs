//! How many of the values so far are below or above one.

/// Counts by rank, summed from the lowest up: a binary indexed tree (P. Fenwick, 1994). Adding and asking take
/// log n steps each, so that a log of a million executions is no more than a sort.
pub(crate) struct Ranks {
    values: Vec<f64>,
    tree: Vec<usize>,
    held: usize,
}

impl Ranks {
    /// Holds nothing yet; `values` are all that will ever be added.
    pub(crate) fn over(values: &[f64]) -> Self {
        let mut values = values.to_vec();
        values.sort_by(f64::total_cmp);
        values.dedup();
        let tree = vec![0; values.len() + 1];
        Self { values, tree, held: 0 }
    }

    /// Adds one.
    pub(crate) fn add(&mut self, value: f64) {
        let mut at = self.values.partition_point(|held| *held < value) + 1;
        while let Some(sum) = self.tree.get_mut(at) {
            *sum += 1;
            at += at & at.wrapping_neg();
        }
        self.held += 1;
    }

    /// How many are held.
    pub(crate) fn held(&self) -> usize {
        self.held
    }

    /// How many are at most this.
    pub(crate) fn at_most(&self, value: f64) -> usize {
        self.sum(self.values.partition_point(|held| *held <= value))
    }

    /// How many are at least this.
    pub(crate) fn at_least(&self, value: f64) -> usize {
        self.held - self.sum(self.values.partition_point(|held| *held < value))
    }

    fn sum(&self, mut at: usize) -> usize {
        let mut sum = 0;
        while at > 0 {
            sum += self.tree.get(at).copied().unwrap_or(0);
            at &= at - 1;
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::Ranks;

    #[test]
    fn counts_are_those_of_a_plain_count() {
        let values = [3.0, 1.0, 2.0, 2.0, 5.0, -1.0];
        let mut ranks = Ranks::over(&values);
        for (number, value) in values.iter().enumerate() {
            ranks.add(*value);
            let held = &values[..=number];
            for asked in [-2.0, -1.0, 2.0, 4.0, 5.0, 9.0] {
                assert_eq!(ranks.at_most(asked), held.iter().filter(|value| **value <= asked).count());
                assert_eq!(ranks.at_least(asked), held.iter().filter(|value| **value >= asked).count());
            }
            assert_eq!(ranks.held(), number + 1);
        }
    }
}
