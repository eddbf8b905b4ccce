//! Has a cost moved, and since when?
//!
//! Each execution's cost is compared with others by its rank alone, so that nothing is assumed of how costs are
//! spread. Its conformal p-value is the share of costs that are at least (or at most) as high as it; if
//! executions are exchangeable, it is hardly ever small. A bet e = k p^(k−1) wins if it is small often; the
//! averaged Shiryaev–Roberts sum over bets that begin at any time,
//!
//! R_t = (1 + R_{t−1}) e_t,
//!
//! has the mean t as long as nothing has moved, so that it reaches A within T executions with a chance of at
//! most T / A (Doob). Bets k and both directions are averaged, which keeps that.
//! (V. Vovk, Testing randomness online, 2021; V. Vovk et al., Retrain or not retrain: conformal test martingales
//! for change-point detection, 2021.)
//!
//! Two such sums share the chance of a false alarm:
//!
//! - the *quick* one ranks each cost among all before it. Its p-values are independent and exact, ties counted
//!   against an alarm; it sees jumps within some ten executions, and loses sight of what creeps;
//! - the *steady* one ranks each cost among the first executions only, which no creeping can move. What those
//!   few do not tell about the rest is made up for by p + √(ln(2/d) / 2n), beyond which a share among n is off
//!   with a chance of at most d (A. Dvoretzky, J. Kiefer, J. Wolfowitz, 1956; P. Massart, 1990).

use invar_monitor::statistics::real;

use super::ranks::Ranks;

/// The chance of a false alarm over a log, if executions are exchangeable.
pub(crate) const ALPHA: f64 = 1e-3;
/// Executions that a cost must have before it can drift.
pub(crate) const REFERENCE_MIN: usize = 100;
/// Executions that the later ones are compared with, at most.
pub(crate) const REFERENCE_MAX: usize = 200;
/// The bets: how small a p-value each is made for.
const BETS: [f64; 7] = [0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.85];
/// Both directions.
const DIRECTIONS: usize = 2;

/// A cost that has moved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Drift {
    /// Index of the execution at which it was certain.
    pub(crate) alarm: usize,
    /// Index of the execution since when, as far as can be said: where the winning bet began to win.
    pub(crate) since: usize,
}

/// How many of so many executions are the reference: half, but not less than can be used nor more than is needed.
pub(crate) fn reference(executions: usize) -> Option<usize> {
    (executions > REFERENCE_MIN).then(|| (executions / 2).clamp(REFERENCE_MIN, REFERENCE_MAX))
}

/// The first time that the costs after the first `reference` have moved. `metrics` says among how many costs the
/// chance of a false alarm is shared.
pub(crate) fn find(costs: &[f64], reference: usize, metrics: usize) -> Option<Drift> {
    let (first, later) = costs.split_at_checked(reference)?;
    if first.is_empty() || later.is_empty() {
        return None;
    }
    let alpha = ALPHA / real(metrics.max(1));
    // A half is for the quick sum; of the other, half for what the reference does not tell.
    let quick_limit = real(later.len()) / (alpha / 2.0);
    let steady_limit = real(later.len()) / (alpha / 4.0);
    let margin = ((2.0 / (alpha / 4.0)).ln() / (2.0 * real(reference))).sqrt();

    let mut all = Ranks::over(costs);
    let mut fixed = Ranks::over(first);
    for cost in first {
        all.add(*cost);
        fixed.add(*cost);
    }
    let (mut quick, mut steady) = (Sum::new(reference), Sum::new(reference));
    for (index, cost) in (reference..).zip(later) {
        all.add(*cost);
        let share = |count: usize| real(count) / real(all.held());
        quick.bet(index, [share(all.at_least(*cost)), share(all.at_most(*cost))]);
        let share = |count: usize| (real(count + 1) / real(reference + 1) + margin).min(1.0);
        steady.bet(index, [share(fixed.at_least(*cost)), share(fixed.at_most(*cost))]);
        for (sum, limit) in [(&quick, quick_limit), (&steady, steady_limit)] {
            if sum.mean() >= limit {
                return Some(Drift { alarm: index, since: sum.since() });
            }
        }
    }
    None
}

/// One averaged sum.
struct Sum {
    /// R of each bet, and where it was last no more than 1.
    bets: [(f64, usize); BETS.len() * DIRECTIONS],
}

impl Sum {
    fn new(start: usize) -> Self {
        Self { bets: [(0.0, start); BETS.len() * DIRECTIONS] }
    }

    fn bet(&mut self, index: usize, p: [f64; DIRECTIONS]) {
        for (number, (sum, since)) in self.bets.iter_mut().enumerate() {
            let (k, p) = (BETS[number % BETS.len()], p[number / BETS.len()]);
            *sum = (1.0 + *sum) * k * p.powf(k - 1.0);
            if *sum <= 1.0 {
                *since = index + 1;
            }
        }
    }

    fn mean(&self) -> f64 {
        self.bets.iter().map(|(sum, _)| sum).sum::<f64>() / real(self.bets.len())
    }

    /// Where the bet that won most began to.
    fn since(&self) -> usize {
        let best = self.bets.iter().max_by(|a, b| a.0.total_cmp(&b.0));
        best.map_or(0, |(_, since)| *since)
    }
}

#[cfg(test)]
mod tests {
    use super::{REFERENCE_MAX, find, reference};
    use crate::statistics::stream::Stream;

    const NOISE: f64 = 0.03;

    fn costs(stream: &mut Stream, number: usize, moved: impl Fn(usize) -> f64) -> Vec<f64> {
        (0..number).map(|index| NOISE * stream.student3() + moved(index)).collect()
    }

    #[test]
    fn streams_that_do_not_move_raise_at_most_one_alarm_in_a_hundred() {
        let mut stream = Stream(11);
        let alarms = (0..300)
            .filter(|_| find(&costs(&mut stream, 2_000, |_| 0.0), REFERENCE_MAX, 1).is_some())
            .count();
        assert!(alarms <= 3, "{alarms} of 300");
    }

    #[test]
    fn a_fifth_more_in_every_run_is_seen_within_sixty() {
        let mut stream = Stream(12);
        let mut delays: Vec<usize> = (0..101)
            .map(|_| {
                let moved = costs(&mut stream, 2_000, |index| if index < 200 { 0.0 } else { 1.2_f64.ln() });
                find(&moved, 200, 1).map_or(usize::MAX, |drift| drift.alarm + 1 - 200)
            })
            .collect();
        delays.sort_unstable();
        assert!(delays[50] < 60 && delays[100] < 100, "{delays:?}");
    }

    #[test]
    fn a_change_late_and_one_downwards_are_seen_and_dated() {
        let mut stream = Stream(13);
        for shift in [0.2_f64, -0.2] {
            let moved = costs(&mut stream, 1_500, |index| if index < 900 { 0.0 } else { shift });
            let drift = find(&moved, 200, 2).unwrap();
            assert!(drift.alarm > 900 && drift.alarm < 1_000, "{drift:?}");
            assert!(drift.since.abs_diff(900) < 20, "{drift:?}");
        }
    }

    #[test]
    fn what_creeps_is_seen() {
        let mut stream = Stream(14);
        let drift = find(&costs(&mut stream, 2_000, |index| 1e-4 * index as f64), 200, 1);
        assert!(drift.is_some());
    }

    #[test]
    fn equal_costs_never_move_and_one_that_differs_is_none() {
        assert_eq!(find(&[5.0; 1_000], 200, 1), None);
        let mut once = vec![5.0; 1_000];
        once[700] = 50.0;
        assert_eq!(find(&once, 200, 1), None);
    }

    #[test]
    fn the_reference_is_half_within_bounds() {
        assert_eq!(reference(100), None);
        assert_eq!(reference(101), Some(100));
        assert_eq!(reference(300), Some(150));
        assert_eq!(reference(9_000), Some(200));
        assert_eq!(find(&[], 100, 1), None);
    }
}
