//! Which class a cost grows in: least squares for each class, and the Bayesian information criterion between them.
//!
//! y = a + b·g(n) with a, b ≥ 0, weighted by 1/y², so that errors count relative to the cost; BIC = m·ln(SSE/m) +
//! p·ln m (Schwarz 1978). A class is named only if the next best is worse by 6, odds of 20 to 1 (Kass and Raftery 1995).

use invar_envelope::Complexity;

/// Difference of criteria at which a class is named.
const MARGIN: f64 = 6.0;
/// Relative error below which fits are equally good: what rounding to whole instructions leaves.
const RESOLUTION: f64 = 1e-7;
/// A cost that grows by less than this share from the smallest size to the largest is constant.
const FLAT_SHARE: f64 = 0.08;
/// A class is good enough if it is off by less than this share, root mean square. An allocator that takes another
/// path above 64 KiB makes a step of a quarter.
const EXPLAINED_SHARE: f64 = 0.15;
/// Points below this say nothing.
const POINTS_MIN: usize = 6;
/// How much better two pieces must be than one: what a break at any of the sizes would give by chance, and more.
const BREAK_MARGIN: f64 = 12.0;

const CLASSES: [Complexity; 7] = [
    Complexity::One,
    Complexity::LogN,
    Complexity::N,
    Complexity::NLogN,
    Complexity::N2,
    Complexity::N3,
    Complexity::Exp,
];

/// A cost at a size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Bytes of input.
    pub size: u64,
    /// What it cost, above zero.
    pub cost: u64,
}

/// One class fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// The class.
    pub class: Complexity,
    /// Cost at size zero.
    pub fixed: f64,
    /// Cost a unit of the class\'s function.
    pub slope: f64,
    /// The share by which it may grow over all sizes: the estimate and two standard errors.
    growth_at_most: f64,
    /// Weighted sum of squared errors.
    sse: f64,
    /// The criterion: less is better.
    bic: f64,
}

impl Fit {
    /// What it predicts.
    #[must_use]
    pub fn at(&self, size: u64) -> f64 {
        self.fixed + self.slope * growth(self.class, size)
    }
}

/// What the points say.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// The best class first, then those that cannot be distinguished from it.
    pub fits: Vec<Fit>,
    /// Classes that explain the points well enough.
    explained: Vec<Complexity>,
    /// A size at which the cost jumps, and by how much.
    pub jump: Option<(u64, f64)>,
    /// A size at which the class changes: the class below, and the class above.
    pub change: Option<(u64, Complexity, Complexity)>,
}

impl Estimate {
    /// From a cost at several sizes, in their order; none if there are too few.
    #[must_use]
    pub fn of(points: &[Point]) -> Option<Self> {
        let fits = candidates(points)?;
        let m = as_f64(points.len() as u64);
        let explained: Vec<Complexity> = CLASSES
            .into_iter()
            .filter(|class| fit(points, *class).is_some_and(|fit| (fit.sse / m).sqrt() < EXPLAINED_SHARE))
            .collect();
        // One class for all sizes is the simpler explanation.
        let change = if explained.is_empty() { change(points, &fits) } else { None };
        Some(Self { jump: jump(points), fits, explained, change })
    }

    /// Whether a class explains the points well enough. Costs of real programs have steps, so that
    /// a neighbour often fits a little better than the class that they are in.
    #[must_use]
    pub fn is_explained_by(&self, class: Complexity) -> bool {
        self.explained.contains(&class)
    }

    /// The class, if it is the only one.
    #[must_use]
    pub fn class(&self) -> Option<Complexity> {
        match self.fits.as_slice() {
            [one] => Some(one.class),
            _ => None,
        }
    }

    /// `n log n`, or `undecided between n and n log n`.
    #[must_use]
    pub fn words(&self) -> String {
        let names: Vec<String> = self.fits.iter().map(|fit| fit.class.to_string()).collect();
        match names.as_slice() {
            [one] => one.clone(),
            names => format!("undecided between {}", crate::text::join(names)),
        }
    }
}

/// The best class and those that cannot be distinguished from it, best first.
fn candidates(points: &[Point]) -> Option<Vec<Fit>> {
    if points.len() < POINTS_MIN {
        return None;
    }
    let (least, most) = points
        .iter()
        .fold((u64::MAX, 0), |(least, most), point| (least.min(point.cost), most.max(point.cost)));
    let constant = fit(points, Complexity::One)?;
    if as_f64(most - least) <= RESOLUTION * as_f64(most) {
        return Some(vec![constant]);
    }
    let mut fits: Vec<Fit> = CLASSES.into_iter().filter_map(|class| fit(points, class)).collect();
    fits.sort_by(|a, b| a.bic.total_cmp(&b.bic));
    let best = fits.first()?.bic;
    fits.retain(|fit| fit.bic - best < MARGIN);
    // What may grow, but by next to nothing over all sizes, is constant for every purpose.
    let is_flat = fits.contains(&constant) && fits.iter().all(|fit| fit.growth_at_most < FLAT_SHARE);
    Some(if is_flat { vec![constant] } else { fits })
}

/// The class fitted; none if it is not one that grows here, or too fast for numbers.
fn fit(points: &[Point], class: Complexity) -> Option<Fit> {
    let m = as_f64(points.len() as u64);
    let (mut w, mut wg, mut wgg, mut wy, mut wgy) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for point in points {
        let (y, g) = (as_f64(point.cost.max(1)), growth(class, point.size));
        if !g.is_finite() || g > 1e150 {
            return None;
        }
        let weight = y.powi(-2);
        w += weight;
        wg += weight * g;
        wgg += weight * g * g;
        wy += weight * y;
        wgy += weight * g * y;
    }
    let determinant = w * wgg - wg * wg;
    let (fixed, slope) = match class {
        Complexity::One => (wy / w, 0.0),
        _ if determinant <= 0.0 => return None,
        _ => {
            let slope = (w * wgy - wg * wy) / determinant;
            let fixed = (wy - slope * wg) / w;
            match (fixed >= 0.0, slope > 0.0) {
                (_, false) => return None,
                (true, true) => (fixed, slope),
                (false, true) => (0.0, wgy / wgg),
            }
        }
    };
    let sse: f64 = points
        .iter()
        .map(|point| {
            let y = as_f64(point.cost.max(1));
            ((y - fixed - slope * growth(class, point.size)) / y).powi(2)
        })
        .sum();
    let parameters = if class == Complexity::One { 1.0 } else { 2.0 };
    let bic = criterion(sse, m, parameters);
    let growth_at_most = match (class, points) {
        (Complexity::One, _) | (_, []) => 0.0,
        (_, [first, .., last]) => {
            let error = (sse / (m - 2.0) * w / determinant).sqrt();
            let range = growth(class, last.size) - growth(class, first.size);
            (slope + 2.0 * error) * range / (wy / w)
        }
        (_, [_]) => f64::INFINITY,
    };
    Some(Fit { class, fixed, slope, growth_at_most, sse, bic })
}

fn criterion(sse: f64, m: f64, parameters: f64) -> f64 {
    m * (sse / m).max(RESOLUTION * RESOLUTION).ln() + parameters * m.ln()
}

/// Where two classes, one below a size and one above, explain the points much better than one; every class that
/// is possible below must be better, or worse, than every one above.
fn change(points: &[Point], whole: &[Fit]) -> Option<(u64, Complexity, Complexity)> {
    let m = as_f64(points.len() as u64);
    let one = whole.first()?.bic;
    let mut best: Option<(f64, usize, Fit, Fit)> = None;
    for at in POINTS_MIN..=points.len().saturating_sub(POINTS_MIN) {
        let (Some(below), Some(above)) = (candidates(&points[..at]), candidates(&points[at..])) else {
            continue;
        };
        let range = |fits: &[Fit]| {
            let classes = fits.iter().map(|fit| fit.class);
            (classes.clone().min(), classes.max())
        };
        let ((low_min, low_max), (high_min, high_max)) = (range(&below), range(&above));
        if !(low_max < high_min || low_min > high_max) {
            continue;
        }
        let bic = criterion(below[0].sse + above[0].sse, m, 5.0);
        if best.is_none_or(|(least, ..)| bic < least) {
            best = Some((bic, at, below[0], above[0]));
        }
    }
    let (bic, at, below, above) = best?;
    (one - bic > BREAK_MARGIN).then(|| (points[at].size, below.class, above.class))
}

/// Where a slightly larger size costs far more: more than four times what squares explain.
fn jump(points: &[Point]) -> Option<(u64, f64)> {
    const TIMES: f64 = 4.0;
    const FLOOR: u64 = 100_000;
    points.windows(2).find_map(|pair| {
        let size = as_f64(pair[1].size) / as_f64(pair[0].size.max(1));
        let cost = as_f64(pair[1].cost) / as_f64(pair[0].cost.max(1));
        let is_jump = cost > TIMES * size * size && pair[1].cost - pair[0].cost > FLOOR;
        is_jump.then_some((pair[1].size, cost))
    })
}

/// The function of a class.
fn growth(class: Complexity, size: u64) -> f64 {
    let n = as_f64(size.max(1));
    match class {
        Complexity::One => 0.0,
        Complexity::LogN => n.ln(),
        Complexity::N => n,
        Complexity::NLogN => n * n.ln(),
        Complexity::N2 => n * n,
        Complexity::N3 => n * n * n,
        Complexity::Exp => n.exp2(),
    }
}

#[allow(clippy::cast_precision_loss, reason = "costs and sizes are below 2^53")]
fn as_f64(value: u64) -> f64 {
    value as f64
}

#[cfg(test)]
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "made-up costs"
)]
mod tests {
    use invar_envelope::Complexity;

    use super::{CLASSES, Estimate, Point, growth};

    /// A number from 0 to 1, and one of a normal distribution (Box and Muller 1958).
    struct Rng(u64);

    impl Rng {
        fn uniform(&mut self) -> f64 {
            // SplitMix64 (Steele, Lea and Flood 2014).
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
        }

        fn normal(&mut self) -> f64 {
            let (u, v) = (self.uniform().max(1e-300), self.uniform());
            (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
        }
    }

    fn points(rng: &mut Rng, class: Complexity, sizes: &[u64], noise: f64) -> Vec<Point> {
        let largest = growth(class, *sizes.last().unwrap()).max(1.0);
        // A fixed part, and a growing part that is from a tenth of it to a thousand times as much at the end.
        let fixed = 10f64.powf(4.0 + 2.0 * rng.uniform());
        let slope = match class {
            Complexity::One => 0.0,
            _ => fixed * 10f64.powf(4.0 * rng.uniform() - 1.0) / largest,
        };
        sizes
            .iter()
            .map(|size| {
                let cost = (fixed + slope * growth(class, *size)) * (noise * rng.normal()).exp();
                Point { size: *size, cost: cost as u64 }
            })
            .collect()
    }

    #[test]
    fn two_hundred_made_up_costs_are_seldom_classed_wrong_and_mostly_classed() {
        let mut rng = Rng(7);
        let wide: Vec<u64> = (0..16).map(|i| 32 << (i * 12 / 15)).collect();
        let small: Vec<u64> = (2..=24).collect();
        for (noise, decided_min) in [(0.0, 0.8), (0.01, 0.8), (0.05, 0.7)] {
            let (mut decided, mut wrong) = (0_u32, 0_u32);
            for case in 0..200 {
                let class = CLASSES[case % CLASSES.len()];
                let sizes = if class == Complexity::Exp { &small } else { &wide };
                let estimate = Estimate::of(&points(&mut rng, class, sizes, noise)).unwrap();
                decided += u32::from(estimate.class().is_some());
                wrong += u32::from(estimate.class().is_some_and(|found| found != class));
            }
            assert!(wrong <= 2, "noise {noise}: {wrong} of 200 wrong");
            assert!(f64::from(decided) >= decided_min * 200.0, "noise {noise}: {decided} of 200 decided");
        }
    }

    #[test]
    fn a_change_of_class_at_a_size_is_seen_and_none_is_made_up() {
        let sizes: Vec<u64> =
            (0..18).map(|i| (32.0 * 2f64.powf(f64::from(i) * 12.0 / 17.0)) as u64).collect();
        let of = |cost: &dyn Fn(f64) -> f64| {
            let points: Vec<Point> =
                sizes.iter().map(|n| Point { size: *n, cost: cost(*n as f64) as u64 }).collect();
            Estimate::of(&points).unwrap()
        };
        let worse = of(&|n| if n < 2000.0 { 50_000.0 + 90.0 * n } else { 50_000.0 + 3.0 * n * n });
        let (at, below, above) = worse.change.unwrap();
        assert!((1500..4000).contains(&at), "{at}");
        assert_eq!((below, above), (Complexity::N, Complexity::N2));
        assert_eq!(of(&|n| 50_000.0 + 90.0 * n).change, None);
        assert_eq!(of(&|n| 50_000.0 + 9.0 * n * n.ln()).change, None);
        assert_eq!(of(&|_| 50_000.0).class(), Some(Complexity::One));
    }
}
