//! Do deviations depend on the number of the execution?
//!
//! If chance alone says which executions deviate, and the k-th deviation is seen at execution t, then the k − 1
//! before it lie anywhere among the t − 1 before it, each place as likely. How many of them share its residue
//! modulo N is hypergeometric, so for each N
//!
//! p(N) = P(X ≥ x),  X ~ Hypergeometric(t − 1, `n_r`, k − 1)
//!
//! with `n_r` the executions before it that are seen in that residue: a log with gaps is judged by what is in
//! it. All 63 periods are tried, so p is 63 times the least; k deviations that all share one come to at
//! most 63 N^(1−k). Deviations from some execution on are tested in the same way, the class being all
//! executions since then, times the number of places where it could have begun.
//!
//! The test is made at every deviation, so the chance of a false alarm is spent over them: α / (k (k − 1)) at
//! the k-th, which sums to α over all k ≥ 2 (H. Robbins, Statistical methods related to the law of the iterated
//! logarithm, 1970, on spending over a sequence). One half is for periods, one for thresholds.

use super::{hypergeometric::Factorials, real};

/// The chance of a false alarm over a whole log.
const ALPHA: f64 = 1e-3;
/// Longest period that is tried; the shortest is 2.
pub const PERIOD_MAX: u32 = 64;
/// Tests that are made at every deviation; after that many, at each that is a quarter more than the last.
const DENSE: usize = 64;
/// Places that are tried as the first of a threshold, at most, in one test.
const STARTS_MAX: usize = 64;

/// The regularity of deviations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Regular {
    /// Every so many executions.
    Every {
        /// Executions from one to the next.
        period: u64,
        /// Of the numbers of the executions, modulo the period.
        residue: u64,
    },
    /// From this execution on.
    From {
        /// Its number.
        first: u64,
    },
}

/// A regularity that chance does not explain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// Which.
    pub regular: Regular,
    /// The chance of one like it, corrected for the number of tests.
    pub p: f64,
    /// Deviations that were needed to see it.
    pub deviations: usize,
}

/// Looks for a period or a threshold. `numbers` are those of the executions that were seen, rising; `fired` says
/// which of them deviate. `shares` says among how many such searches the chance of a false alarm is shared.
#[must_use]
pub fn find(numbers: &[u64], fired: &[bool], shares: usize) -> Option<Found> {
    let positions: Vec<usize> = (0..numbers.len()).filter(|at| fired.get(*at) == Some(&true)).collect();
    // What always happens has no pattern.
    if positions.len() == numbers.len() {
        return None;
    }
    let factorials = Factorials::up_to(numbers.len());
    let mut best: Option<Found> = None;
    let (mut tally, mut tallied, mut next) = (Tally::default(), 0, 2);
    for k in 1..=positions.len() {
        let seen = &positions[..k];
        let last = positions[k - 1];
        (tallied..last).for_each(|at| tally.add(numbers[at], fired[at]));
        tallied = last;
        if k < next {
            continue;
        }
        next = if k < DENSE { k + 1 } else { k + k / 4 };
        let level = ALPHA / 2.0 / real(shares.max(1)) / (real(k) * real(k - 1));
        let tests = [period(&factorials, &tally, numbers[last]), threshold(&factorials, numbers, seen)];
        for found in tests.into_iter().flatten().filter(|found| found.p <= level) {
            if best.is_none_or(|best| found.p < best.p) {
                best = Some(found);
            }
        }
    }
    best
}

/// How many executions, and how many deviations, there were in each residue of each period.
struct Tally {
    executions: usize,
    deviations: usize,
    /// By period, then residue: executions and deviations.
    classes: Vec<[(u32, u32); PERIOD_MAX as usize]>,
}

impl Default for Tally {
    fn default() -> Self {
        let classes = (2..=PERIOD_MAX).map(|_| [(0, 0); PERIOD_MAX as usize]).collect();
        Self { executions: 0, deviations: 0, classes }
    }
}

impl Tally {
    fn add(&mut self, number: u64, fired: bool) {
        self.executions += 1;
        self.deviations += usize::from(fired);
        for (period, residues) in (2..).zip(&mut self.classes) {
            if let Some((executions, deviations)) = residues.get_mut(residue(number, period)) {
                *executions += 1;
                *deviations += u32::from(fired);
            }
        }
    }
}

fn residue(number: u64, period: u64) -> usize {
    usize::try_from(number % period).unwrap_or(0)
}

/// The likeliest period, if the execution of that number deviates after those in the tally.
fn period(factorials: &Factorials, before: &Tally, number: u64) -> Option<Found> {
    let tried = real(before.classes.len());
    (2..)
        .zip(&before.classes)
        .map(|(period, residues)| {
            let (marked, drawn) = residues.get(residue(number, period)).copied().unwrap_or_default();
            let p =
                factorials.at_least(drawn as usize, before.executions, marked as usize, before.deviations);
            Found {
                regular: Regular::Every { period, residue: number % period },
                p: (p * tried).min(1.0),
                deviations: before.deviations + 1,
            }
        })
        .min_by(|a, b| a.p.total_cmp(&b.p))
}

/// The likeliest threshold at the last of these deviations.
fn threshold(factorials: &Factorials, numbers: &[u64], seen: &[usize]) -> Option<Found> {
    let (last, before) = seen.split_last()?;
    let step = before.len().div_ceil(STARTS_MAX).max(1);
    (0..before.len())
        .step_by(step)
        .map(|index| {
            let start = before[index];
            let p = factorials.at_least(before.len() - index, *last, *last - start, before.len());
            Found {
                regular: Regular::From { first: numbers[start] },
                p: (p * real(*last)).min(1.0),
                deviations: seen.len(),
            }
        })
        .min_by(|a, b| a.p.total_cmp(&b.p))
}

#[cfg(test)]
mod tests {
    use super::{PERIOD_MAX, Regular, Tally, find, period};
    use crate::statistics::{hypergeometric::Factorials, stream::Stream};

    fn every(runs: u64, fires: impl Fn(u64) -> bool) -> (Vec<u64>, Vec<bool>) {
        ((1..=runs).collect(), (1..=runs).map(fires).collect())
    }

    #[test]
    fn a_perfect_pattern_is_less_likely_than_63_n_to_the_1_minus_k() {
        for n in [4_u64, 8, 16] {
            for k in [6_usize, 8, 10] {
                let numbers: Vec<u64> = (1..=n * k as u64).collect();
                let mut tally = Tally::default();
                (1..n * k as u64).for_each(|number| tally.add(number, number % n == 0));
                let found = period(&Factorials::up_to(numbers.len()), &tally, n * k as u64).unwrap();
                assert!(found.p <= 63.0 * (n as f64).powi(1 - i32::try_from(k).unwrap()));
                // All k - 1 places of the class are drawn, of n k - 1 in all.
                let choices: f64 =
                    (1..k).map(|i| (n as f64 * k as f64 - i as f64) / (k - i) as f64).product();
                assert!((found.p * choices / 63.0 - 1.0).abs() < 1e-9, "N {n} k {k}: {}", found.p);
            }
        }
    }

    #[test]
    fn a_period_is_named_with_its_residue() {
        let (numbers, fired) = every(80, |run| run % 8 == 0);
        let found = find(&numbers, &fired, 1).unwrap();
        assert_eq!(found.regular, Regular::Every { period: 8, residue: 0 });
        let (numbers, fired) = every(300, |run| run % 13 == 4);
        assert_eq!(find(&numbers, &fired, 1).unwrap().regular, Regular::Every { period: 13, residue: 4 });
    }

    #[test]
    fn a_period_shows_through_chance_and_gaps() {
        let mut stream = Stream(1);
        let numbers: Vec<u64> = (1..=600).filter(|_| stream.unit() < 0.7).collect();
        let fired: Vec<bool> =
            numbers.iter().map(|run| run % 9 == 2 && stream.unit() < 0.8 || stream.unit() < 0.01).collect();
        assert_eq!(find(&numbers, &fired, 1).unwrap().regular, Regular::Every { period: 9, residue: 2 });
    }

    #[test]
    fn a_threshold_is_named() {
        let (numbers, fired) = every(60, |run| run >= 41);
        let found = find(&numbers, &fired, 1).unwrap();
        assert_eq!(found.regular, Regular::From { first: 41 });
    }

    #[test]
    fn two_or_three_deviations_and_what_always_deviates_prove_nothing() {
        let (numbers, fired) = every(20, |run| run % 8 == 0);
        assert_eq!(find(&numbers, &fired, 1), None);
        let (numbers, fired) = every(100, |_| true);
        assert_eq!(find(&numbers, &fired, 1), None);
        assert_eq!(find(&[], &[], 1), None);
        assert_eq!(PERIOD_MAX, 64);
    }

    #[test]
    fn chance_raises_no_alarm() {
        let mut stream = Stream(7);
        let mut alarms = 0;
        for rate in [0.01, 0.1, 0.5] {
            for _ in 0..100 {
                let (numbers, fired): (Vec<u64>, Vec<bool>) =
                    (1..=300).map(|run| (run, stream.unit() < rate)).unzip();
                alarms += usize::from(find(&numbers, &fired, 1).is_some());
            }
        }
        assert_eq!(alarms, 0, "of 300 streams");
    }
}
