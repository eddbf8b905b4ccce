//! Whether a component interprets a script. Public for the test that measures it alone.

use invar_probe::{COMPARISONS_HITS_MAX, InstrumentedComponent, Log, SiteKind};

/// A component with fewer sites is small enough to be searched by all of its comparisons, whatever it is.
const SITES_MIN: usize = 25_000;
/// Different targets of the jump table that dispatches instructions: QuickJS has 225, the tables of programs that
/// interpret nothing have 18 at most. Stops a lexer, whose table has an entry for each byte and few targets.
const TARGETS_MIN: u32 = 96;
/// Comparisons that an engine makes again and again: the smallest script makes 182. Stops padding, executed or not,
/// beside one table that is.
const SATURATED_MIN: usize = 90;
/// One of so many executed functions at most has a jump table that was executed: with Go, nearly each does, to go on
/// where it was left; with an engine, one in seven.
const FUNCTIONS_PER_SWITCHING_MIN: usize = 2;

/// The counts of a run that show whether it interpreted a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Execution {
    /// Sites in the component.
    pub sites: usize,
    /// Sites that were executed.
    pub executed: usize,
    /// Comparisons that were executed as often as one can report, or more often.
    pub saturated: usize,
    /// Most different targets of a jump table that was executed as often.
    pub targets: u32,
    /// Functions that were executed.
    pub functions: usize,
    /// Those in which a jump table was executed.
    pub switching: usize,
}

impl Execution {
    /// What a run executed, of a copy that reports the first hits of each site.
    #[must_use]
    pub fn of(copy: &InstrumentedComponent, log: &Log) -> Self {
        let all = usize::try_from(COMPARISONS_HITS_MAX).unwrap_or(usize::MAX);
        let mut execution = Self { sites: copy.sites.len(), ..Self::default() };
        let mut function = None;
        let mut is_switching = false;
        for number in log.sites() {
            let Some(site) = copy.sites.get(number as usize) else { continue };
            execution.executed += 1;
            // The sites of one function follow each other.
            if function.replace((site.module, site.function)) != Some((site.module, site.function)) {
                execution.functions += 1;
                is_switching = false;
            }
            if let SiteKind::Switch(_) = site.kind {
                execution.switching += usize::from(!std::mem::replace(&mut is_switching, true));
            }
            if log.of_site(number).len() < all {
                continue;
            }
            match site.kind {
                SiteKind::Compare(_) => execution.saturated += 1,
                SiteKind::Switch(targets) => execution.targets = execution.targets.max(targets),
                _ => {}
            }
        }
        execution
    }

    /// Whether a script was interpreted: a large component came again and again to a jump table with as many targets as
    /// a language has instructions, and did so in few functions of many. What is in the file and was not executed
    /// makes a component large, and no interpreter.
    #[must_use]
    pub fn is_interpreter(&self) -> bool {
        self.sites > SITES_MIN
            && self.targets >= TARGETS_MIN
            && self.saturated >= SATURATED_MIN
            && self.switching * FUNCTIONS_PER_SWITCHING_MIN <= self.functions
    }
}

/// Whether a run of a copy interpreted a script.
pub(crate) fn is_interpreter(copy: &InstrumentedComponent, log: &Log) -> bool {
    Execution::of(copy, log).is_interpreter()
}

#[cfg(test)]
mod tests {
    use invar_probe::{HitFilter, Log, SiteKind, instrument};
    use invar_trace::Hit;

    use super::{Execution, is_interpreter};

    /// A function that dispatches, one that compares, and one of padding; the sites of the first two are hit so often.
    fn of((targets, entries): (usize, usize), padding: usize, (switch, compare): (usize, usize)) -> bool {
        let blocks = "(block ".repeat(targets);
        let ends = ")".repeat(targets);
        let all: String = (0..entries).map(|entry| format!("{} ", entry % targets)).collect();
        let padding = "(drop (i32.eqz (i32.const 7)))".repeat(padding);
        let compares = "(drop (i32.eq (local.get 0) (i32.const 7)))".repeat(200);
        let text = format!(
            "(component (core module (func (param i32) {blocks} (br_table {all} (local.get 0)) {ends})
                (func (param i32) {compares}) (func {padding})))"
        );
        let copy = instrument(&wat::parse_str(text).unwrap(), HitFilter::First).unwrap();
        let hits = copy.sites.iter().zip(0..).flat_map(|(site, number)| {
            let times = match (site.kind, site.function) {
                (SiteKind::Switch(_), _) => switch,
                (SiteKind::Compare(_), 1) => compare,
                (SiteKind::Enter, 0 | 1) => 1,
                _ => 0,
            };
            std::iter::repeat_n(Hit { site: number, left: 3, right: 199 }, times)
        });
        is_interpreter(&copy, &Log::of(hits.collect()))
    }

    #[test]
    fn only_a_large_component_that_dispatches_again_and_again_is_an_interpreter() {
        assert!(of((200, 200), 26_000, (16, 16)));
        assert!(!of((200, 200), 26_000, (3, 16)), "it dispatches a few times");
        assert!(!of((200, 200), 26_000, (16, 1)), "it compares nothing again and again: it is padded");
        assert!(
            !of((20, 200), 26_000, (16, 16)),
            "its table has many entries and few targets: it is a lexer"
        );
        assert!(!of((200, 200), 100, (16, 16)), "it is small");
    }

    #[test]
    fn where_each_function_has_its_table_it_is_how_a_language_is_compiled() {
        let all = Execution {
            sites: 76_473,
            executed: 9_021,
            saturated: 1_296,
            targets: 491,
            functions: 651,
            switching: 630,
        };
        assert!(!all.is_interpreter());
        assert!(Execution { switching: 80, ..all }.is_interpreter());
    }
}
