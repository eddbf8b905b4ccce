//! A number that an operand follows in a parabola: a difference times itself, as code without branches has it.

use super::Step;
use crate::Width;

/// What steps of a number, all from the same one, did to an operand.
#[derive(Debug, Clone, Default)]
pub(crate) struct Curve(Vec<Step>);

/// Steps that are kept.
const STEPS_MAX: usize = 16;

impl Curve {
    /// One more step.
    pub(crate) fn add(&mut self, step: Step) {
        if self.0.len() < STEPS_MAX {
            self.0.push(step);
        }
    }

    /// The numbers at which the operand is `wanted`, those beside them, and where it turns; none if the steps are on no
    /// parabola.
    pub(crate) fn solve(&self, wanted: u64, width: Width) -> Vec<i128> {
        self.try_solve(wanted, width).unwrap_or_default()
    }

    fn try_solve(&self, wanted: u64, width: Width) -> Option<Vec<i128>> {
        let value = |operand: u64| match width {
            Width::I32 => i128::from((operand << 32).cast_signed() >> 32),
            _ => i128::from(operand.cast_signed()),
        };
        // The smallest step that shows is the unit: the operand counts in no smaller one.
        let first = self.0.iter().min_by_key(|step| step.to - step.from)?;
        let unit = first.to - first.from;
        let points: Vec<(i128, i128)> = self
            .0
            .iter()
            .filter(|step| unit > 0 && (step.to - step.from) % unit == 0 && step.before == first.before)
            .map(|step| ((step.to - step.from) / unit, value(step.after) - value(step.before)))
            .collect();
        let at_one = points.iter().find(|(x, _)| *x == 1)?.1;
        let (far, at_far) = *points.iter().find(|(x, _)| *x > 1)?;
        let bend = at_far.checked_sub(far.checked_mul(at_one)?)?;
        let divisor = far.checked_mul(far - 1)?;
        if bend == 0 || bend % divisor != 0 {
            return None;
        }
        let square = bend / divisor;
        let slope = at_one - square;
        let is_on = |(x, y): &(i128, i128)| {
            let all = square.checked_mul(x.checked_mul(*x)?)?.checked_add(slope.checked_mul(*x)?)?;
            Some(all == *y)
        };
        // Two points are on some parabola, always: the third shows that there is one.
        let on = points.iter().filter(|point| is_on(point) == Some(true)).count();
        if on < 3 {
            return None;
        }
        let rest = value(first.before) - value(wanted);
        let turn = (-slope).div_euclid(square.checked_mul(2)?);
        let mut found = vec![turn, turn + 1];
        let under = slope.checked_mul(slope)?.checked_sub(square.checked_mul(rest)?.checked_mul(4)?)?;
        if let Ok(under) = u128::try_from(under) {
            let root = i128::try_from(under.isqrt()).ok()?;
            for root in [root, -root] {
                let x = (root - slope).div_euclid(2 * square);
                found.extend([x, x - 1, x + 1]);
            }
        }
        let mut all = Vec::new();
        for x in found {
            let number = first.from.checked_add(x.checked_mul(unit)?)?;
            if !all.contains(&number) {
                all.push(number);
            }
        }
        Some(all)
    }
}

#[cfg(test)]
mod tests {
    use super::Curve;
    use crate::{Width, solve::Step};

    const MINUTE: i128 = 60_000_000_000;

    fn curve(of: impl Fn(i128) -> i128) -> Curve {
        let start = 29_474_880 * MINUTE + 17;
        let operand = |ns: i128| i64::try_from(of(ns / MINUTE)).unwrap().cast_unsigned();
        let mut curve = Curve::default();
        for to in [60, 1440, 7 * 1440, 31 * 1440].map(|minutes| start + minutes * MINUTE) {
            curve.add(Step { from: start, to, before: operand(start), after: operand(to) });
        }
        curve.add(Step {
            from: start,
            to: start + MINUTE,
            before: operand(start),
            after: operand(start + MINUTE),
        });
        curve
    }

    #[test]
    fn a_difference_times_itself_is_solved_where_it_turns() {
        let found = curve(|minute| (minute - 31_000_333) * (minute - 31_000_333) - 1).solve(0, Width::I64);
        assert!(found.contains(&(31_000_333 * MINUTE + 17)), "{found:?}");
    }

    #[test]
    fn what_is_on_no_parabola_has_no_solution() {
        assert!(curve(|minute| minute - 31_000_333).solve(0, Width::I64).is_empty());
        assert!(curve(|minute| minute.pow(3) % 10_007).solve(0, Width::I64).is_empty());
    }
}
