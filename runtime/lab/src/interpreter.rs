//! Whether a component interprets a script.

use invar_probe::{COMPARISONS_HITS_MAX, Instrumented, Log, SiteKind};

/// A component with fewer sites is small enough to be searched by all of its comparisons, whatever it is.
const SITES_MIN: usize = 25_000;
/// Targets of the jump table that dispatches instructions: languages have a hundred and more.
const TARGETS_MIN: u64 = 96;

/// Whether a run came again and again to a jump table with as many targets as a language has instructions, in a large
/// component. What is in the file and was not executed does not count: padding makes no interpreter.
pub(crate) fn is_interpreter(copy: &Instrumented, log: &Log) -> bool {
    copy.sites.len() > SITES_MIN && dispatches(copy, log)
}

fn dispatches(copy: &Instrumented, log: &Log) -> bool {
    let all = usize::try_from(COMPARISONS_HITS_MAX).unwrap_or(usize::MAX);
    log.sites().into_iter().any(|site| {
        let is_switch = copy.sites.get(site as usize).is_some_and(|own| own.kind == SiteKind::Switch);
        let hits = log.of_site(site);
        is_switch && hits.len() >= all && hits.iter().all(|hit| hit.right >= TARGETS_MIN)
    })
}

#[cfg(test)]
mod tests {
    use invar_probe::{Gate, Log, SiteKind, instrument};
    use invar_trace::Hit;

    use super::is_interpreter;

    #[test]
    fn only_a_large_component_that_dispatches_again_and_again_is_an_interpreter() {
        let targets = "0 ".repeat(200);
        let text = |padding: usize| {
            let padding = "(drop (i32.eqz (i32.const 7)))".repeat(padding);
            format!(
                "(component (core module (func (param i32) (block (br_table {targets} (local.get 0))))
                    (func {padding})))"
            )
        };
        let of = |padding: usize, hits: usize| {
            let copy = instrument(&wat::parse_str(text(padding)).unwrap(), Gate::First).unwrap();
            let site = copy.sites.iter().position(|own| own.kind == SiteKind::Switch).unwrap();
            let hit = Hit { site: u32::try_from(site).unwrap(), left: 3, right: 199 };
            is_interpreter(&copy, &Log::of(vec![hit; hits]))
        };
        assert!(of(26_000, 16));
        assert!(!of(26_000, 3), "it is not executed again and again");
        assert!(!of(100, 16), "it is small");
    }
}
