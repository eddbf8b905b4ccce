//! A number that an operand follows in a straight line, and where on it the operand is what is wanted.

use crate::Width;

/// What one step of a number did to an operand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    /// The number before.
    pub(crate) from: i128,
    /// And after.
    pub(crate) to: i128,
    /// The operand before.
    pub(crate) before: u64,
    /// And after.
    pub(crate) after: u64,
}

/// The numbers at which the operand is `wanted`, one below it and one above it, as far as a straight line through
/// the step says. On integers also where it would be on the circle that the width of the operand makes: compilers
/// test for a remainder by multiplying with an inverse.
pub(crate) fn solve(step: Step, wanted: u64, width: Width) -> Vec<i128> {
    let mut found = match width {
        Width::Float => float(step, wanted),
        Width::I32 => integer(step, wanted, 32),
        Width::I64 => integer(step, wanted, 64),
    };
    found.dedup();
    found
}

fn float(step: Step, wanted: u64) -> Vec<i128> {
    let [before, after, wanted] = [step.before, step.after, wanted].map(f64::from_bits);
    #[expect(clippy::cast_precision_loss, reason = "the operand has no more precision than this")]
    let per_unit = (after - before) / (step.to - step.from) as f64;
    if !per_unit.is_finite() || per_unit == 0.0 || !wanted.is_finite() {
        return Vec::new();
    }
    let distance = ((wanted - before) / per_unit).round();
    if distance.abs() > 1e19 {
        return Vec::new();
    }
    #[expect(clippy::cast_possible_truncation, reason = "bounded above")]
    let exact = step.from + distance as i128;
    // A unit of the operand may be many of the number: one to each side.
    #[expect(clippy::cast_possible_truncation, reason = "bounded below")]
    let unit = (1.0 / per_unit).abs().clamp(1.0, 1e18).round() as i128;
    vec![exact, exact + unit, exact - unit]
}

fn integer(step: Step, wanted: u64, bits: u32) -> Vec<i128> {
    let mut found = Vec::new();
    let dx = step.to - step.from;
    for signed in [true, false] {
        let value = |operand: u64| match (signed, bits) {
            (true, 32) => i128::from(low(operand).cast_signed()),
            (true, _) => i128::from(operand.cast_signed()),
            (false, 32) => i128::from(low(operand)),
            (false, _) => i128::from(operand),
        };
        let (v0, dv) = (value(step.before), value(step.after) - value(step.before));
        if dv == 0 {
            continue;
        }
        for aim in [0, 1, -1] {
            let need = value(wanted) + aim - v0;
            let Some(product) = need.checked_mul(dx) else { continue };
            // The nearest number, and those beside it where a unit of the operand is many of the number.
            let x = step.from + product.div_euclid(dv);
            let exact = product.rem_euclid(dv) == 0;
            for x in if exact { vec![x] } else { vec![x, x + 1] } {
                if !found.contains(&x) {
                    found.push(x);
                }
            }
        }
    }
    // On the circle: one unit of the number is an odd number of the operand.
    let slope = step.after.wrapping_sub(step.before);
    if dx == 1 && slope & 1 == 1 {
        let mask = if bits == 32 { u64::from(u32::MAX) } else { u64::MAX };
        let inverse = inverse(slope);
        for operand in (0..CIRCLE_AIMS).chain([wanted, wanted.wrapping_sub(1), wanted.wrapping_add(1)]) {
            let distance = operand.wrapping_sub(step.before).wrapping_mul(inverse) & mask;
            let x = step.from + i128::from(distance);
            if i128::from(distance) < CIRCLE_DISTANCE_MAX && !found.contains(&x) {
                found.push(x);
            }
        }
    }
    found
}

/// Operands near zero that are aimed at on the circle: with a multiplier that inverts 37, the operand k is 37·k.
const CIRCLE_AIMS: u64 = 4;
/// Farther away than this a solution on the circle is a coincidence.
const CIRCLE_DISTANCE_MAX: i128 = 1 << 40;

/// The inverse of an odd number modulo 2^64, by Newton's iteration (Warren, Hacker's Delight, 10-16).
fn inverse(odd: u64) -> u64 {
    let mut x = odd;
    for _ in 0..6 {
        x = x.wrapping_mul(2u64.wrapping_sub(odd.wrapping_mul(x)));
    }
    x
}

fn low(value: u64) -> u32 {
    u32::try_from(value & u64::from(u32::MAX)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Step, inverse, solve};
    use crate::Width;

    fn step(from: i128, to: i128, before: u64, after: u64) -> Step {
        Step { from, to, before, after }
    }

    #[test]
    fn a_counter_is_solved_for_the_constant_it_is_compared_with() {
        let found = solve(step(19, 20, 20, 21), 1_234_567, Width::I32);
        assert_eq!(found[..3], [1_234_566, 1_234_567, 1_234_565]);
    }

    #[test]
    fn seconds_are_solved_in_nanoseconds() {
        let start = 1_768_492_800_000_000_000;
        let found = solve(
            step(start, start + 1_000_000_000, 1_768_492_800, 1_768_492_801),
            1_817_683_200,
            Width::I64,
        );
        assert_eq!(found[0], 1_817_683_200_000_000_000);
    }

    #[test]
    fn floats_are_solved_too() {
        let found = solve(
            step(0, 1_000_000_000, 0f64.to_bits(), 1000f64.to_bits()),
            1.5e6f64.to_bits(),
            Width::Float,
        );
        assert_eq!(found[0], 1_500_000_000_000);
    }

    #[test]
    fn a_remainder_that_is_tested_by_an_inverse_is_solved_on_the_circle() {
        let inverse_of_37 = u32::try_from(inverse(37) & u64::from(u32::MAX)).unwrap();
        let operand = |x: u32| u64::from(x.wrapping_mul(inverse_of_37));
        let found = solve(step(19, 20, operand(19), operand(20)), u64::from(u32::MAX / 37), Width::I32);
        assert!(found.contains(&37) && found.contains(&74), "{found:?}");
    }
}
