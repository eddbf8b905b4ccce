//! At which runs something happens.

use crate::{
    statistics::{self, period::Regular},
    text,
};

/// The regularity in a set of runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pattern {
    /// At `first` and then every `period` runs.
    Every {
        /// The first run.
        first: u32,
        /// Runs from one to the next.
        period: u32,
    },
    /// At `first` and every run after it.
    From {
        /// The first run.
        first: u32,
    },
    /// At one run only, with many after it.
    Once {
        /// That run.
        run: u32,
    },
    /// Not only and not always every `period` runs, but more often than chance explains.
    Mostly {
        /// Runs from one to the next.
        period: u32,
        /// The first run.
        first: u32,
    },
    /// None that shows.
    Irregular,
}

impl Pattern {
    /// The pattern of `fired` (in order) among runs 1 to `total`.
    ///
    /// A period needs two firings with its distance between them and none missing up to the end; a threshold
    /// needs two in a row up to the end.
    #[must_use]
    pub fn of(fired: &[u32], total: u32) -> Self {
        match fired {
            [] => Self::Irregular,
            [run] if *run == total => Self::Irregular,
            [run] => Self::Once { run: *run },
            [first, second, ..] => {
                let period = second - first;
                let regular = fired.windows(2).all(|pair| pair[1] - pair[0] == period);
                let complete = fired.last().is_some_and(|last| last + period > total);
                match (regular && complete, period) {
                    (true, 1) => Self::From { first: *first },
                    (true, period) => Self::Every { first: *first, period },
                    (false, _) => Self::tested(fired, total),
                }
            }
        }
    }

    /// A period that chance does not explain, by an exact test that all periods and residues tried are counted in.
    fn tested(fired: &[u32], total: u32) -> Self {
        let numbers: Vec<u64> = (1..=u64::from(total)).collect();
        let flags: Vec<bool> = (1..=total).map(|run| fired.contains(&run)).collect();
        match statistics::period::find(&numbers, &flags, 1).map(|found| found.regular) {
            Some(Regular::Every { period, residue }) => {
                let in_step = |run: &&u32| u64::from(**run) % period == residue;
                let first = fired.iter().find(in_step).copied().unwrap_or(0);
                Self::Mostly { period: u32::try_from(period).unwrap_or(u32::MAX), first }
            }
            Some(Regular::From { .. }) | None => Self::Irregular,
        }
    }

    /// In words; `fired` for what has no pattern.
    #[must_use]
    pub fn words(self, fired: &[u32]) -> String {
        match self {
            Self::Every { first, period } if first == period => format!("every {} run", ordinal(period)),
            Self::Every { first, period } => format!("every {} run from run {first}", ordinal(period)),
            Self::From { first } => format!("run {first} and after"),
            Self::Once { run } => format!("run {run} only"),
            Self::Mostly { period, .. } => {
                format!("mostly every {} run ({})", ordinal(period), text::runs(fired))
            }
            Self::Irregular => text::runs(fired),
        }
    }

    /// Runs from one firing to the next.
    #[must_use]
    pub fn period(self) -> Option<u32> {
        match self {
            Self::Every { period, .. } | Self::Mostly { period, .. } => Some(period),
            _ => None,
        }
    }
}

fn ordinal(number: u32) -> String {
    let suffix = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{suffix}")
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    fn words(fired: &[u32], total: u32) -> String {
        Pattern::of(fired, total).words(fired)
    }

    #[test]
    fn patterns_are_said_as_a_person_would() {
        assert_eq!(words(&[8, 16], 20), "every 8th run");
        assert_eq!(words(&[3, 5, 7, 9], 10), "every 2nd run from run 3");
        assert_eq!(words(&[6, 7, 8], 8), "run 6 and after");
        assert_eq!(words(&[5], 20), "run 5 only");
        assert_eq!(words(&[20], 20), "run 20");
        assert_eq!(words(&[3, 4, 9], 20), "runs 3, 4, 9");
    }

    #[test]
    fn a_period_with_noise_is_told_when_chance_does_not_explain_it() {
        let mut fired: Vec<u32> = (1..=12).map(|i| 8 * i).collect();
        fired.extend([3, 50]);
        fired.sort_unstable();
        assert_eq!(Pattern::of(&fired, 100), Pattern::Mostly { period: 8, first: 8 });
        let by_chance = [3, 9, 14, 31, 33, 48, 62, 77, 80, 95];
        assert_eq!(Pattern::of(&by_chance, 100), Pattern::Irregular);
    }

    #[test]
    fn a_period_with_a_gap_is_no_period() {
        assert_eq!(Pattern::of(&[4, 8], 20), Pattern::Irregular);
        assert_eq!(Pattern::of(&[6, 7], 9), Pattern::Irregular);
    }
}
