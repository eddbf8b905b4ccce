//! Whether a component interprets a script. Public for the test that measures it alone.

use invar_probe::{COMPARISONS_HITS_MAX, Instrumented, Log, SiteKind};

/// What a run executed, as far as it says whether a script was interpreted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Execution {
    /// Sites in the component.
    pub sites: usize,
    /// Sites that were executed.
    pub executed: usize,
    /// Comparisons that were executed as often as is told of one, or more often.
    pub saturated: usize,
    /// Most different targets of a jump table that was executed as often.
    pub targets: u32,
    /// Functions that were executed.
    pub functions: usize,
    /// Those in which a jump table was executed.
    pub switching: usize,
    /// Jump tables with so many that were executed as often.
    pub tables: usize,
}

impl Execution {
    /// What a run of a copy executed that tells the first hits of each site.
    #[must_use]
    pub fn of(copy: &Instrumented, log: &Log) -> Self {
        let all = usize::try_from(COMPARISONS_HITS_MAX).unwrap_or(usize::MAX);
        let mut own = Self { sites: copy.sites.len(), ..Self::default() };
        for site in log.sites() {
            own.executed += 1;
            let hits = log.of_site(site);
            let Some(kind) = copy.sites.get(site as usize).map(|own| own.kind) else { continue };
            if hits.len() < all {
                continue;
            }
            own.saturated += usize::from(matches!(kind, SiteKind::Compare(_)));
            if let SiteKind::Switch(targets) = kind {
                own.targets = own.targets.max(targets);
                own.tables += usize::from(targets >= TARGETS_MIN);
            }
        }
        let of = |site: &u32| copy.sites.get(*site as usize);
        let all: Vec<_> = log.sites().iter().filter_map(of).copied().collect();
        for function in all.chunk_by(|a, b| (a.module, a.function) == (b.module, b.function)) {
            own.functions += 1;
            own.switching +=
                usize::from(function.iter().any(|site| matches!(site.kind, SiteKind::Switch(_))));
        }
        own
    }
}

/// A component with fewer sites is small enough to be searched by all of its comparisons, whatever it is.
const SITES_MIN: usize = 25_000;
/// Targets of the jump table that dispatches instructions: languages have a hundred and more.
const TARGETS_MIN: u32 = 96;

/// Whether a run came again and again to a jump table with as many targets as a language has instructions, in a large
/// component. What is in the file and was not executed does not count: padding makes no interpreter.
pub(crate) fn is_interpreter(copy: &Instrumented, log: &Log) -> bool {
    let own = Execution::of(copy, log);
    own.sites > SITES_MIN && own.targets >= TARGETS_MIN
}
