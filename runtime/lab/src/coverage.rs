//! What of the code was executed, and what of it takes no probes.

use invar_monitor::{CodeCoverage, SearchKind};
use invar_probe::{InstrumentedComponent, Omission, SiteCoverage, SiteKind};

/// Functions that are named in one line.
const NAMED_MAX: usize = 3;

/// What all runs of a copy executed.
pub(crate) fn of(copy: &InstrumentedComponent, executed: &SiteCoverage, search: SearchKind) -> CodeCoverage {
    let mut coverage = CodeCoverage {
        search,
        functions_exist: copy.functions,
        functions_left_out: copy.left_out.iter().map(|omission| omission.functions).sum(),
        ..CodeCoverage::default()
    };
    let mut first = 0;
    // The sites of one function follow each other.
    for function in copy.sites.chunk_by(|a, b| (a.module, a.function) == (b.module, b.function)) {
        let all = first..first + function.len();
        first = all.end;
        coverage.functions_executed += usize::from(all.clone().any(|site| executed.has(site)));
        for (site, at) in function.iter().zip(all) {
            if site.kind == SiteKind::Call {
                coverage.sites_exist += 1;
                coverage.sites_reached += usize::from(executed.has(at));
            }
        }
    }
    coverage
}

/// What takes no probes and matters: it was executed, or may have been unseen, or an effect can be reached from it. What
/// nothing executes and nothing depends on is counted, and no more.
pub(crate) fn resists(copy: &InstrumentedComponent, executed: &SiteCoverage) -> Option<String> {
    let matters = |omission: &Omission| match omission.entry {
        Some(entry) => executed.has(entry as usize) || omission.reaches_effects,
        None => omission.is_used,
    };
    let all: Vec<&Omission> = copy.left_out.iter().filter(|omission| matters(omission)).collect();
    if all.is_empty() {
        return None;
    }
    let functions: usize = all.iter().map(|omission| omission.functions).sum();
    let named: Vec<String> = all
        .iter()
        .take(NAMED_MAX)
        .map(|omission| match omission.function {
            Some(function) => format!("function {function} of module {}", omission.module),
            None => format!("all of module {}", omission.module),
        })
        .collect();
    let rest = if all.len() > NAMED_MAX { ", …" } else { "" };
    let (noun, verb) = if functions == 1 { ("function", "takes") } else { ("functions", "take") };
    Some(format!(
        "{functions} {noun} that {} executed or can reach an effect {verb} no probes ({}{rest})",
        if functions == 1 { "is" } else { "are" },
        named.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use invar_monitor::SearchKind;
    use invar_probe::{HitFilter, Log, SiteCoverage, instrument};
    use invar_trace::Hit;

    use super::{of, resists};

    /// A component of one module: `run` calls an imported effect, `dead` is called by nothing.
    fn component(dead: &str) -> Vec<u8> {
        let text = format!(
            r#"(component
                (core module $m
                    (import "wasi:sockets/tcp@0.2.0" "[method]tcp-socket.start-connect" (func $connect))
                    (func (export "run") (call $connect))
                    (func $dead {dead}))
                (core module $o (func (export "[method]tcp-socket.start-connect")))
                (core instance $o (instantiate $o))
                (core instance (instantiate $m (with "wasi:sockets/tcp@0.2.0" (instance $o)))))"#
        );
        wat::parse_str(text).unwrap()
    }

    #[test]
    fn functions_and_calls_of_effects_are_counted_as_executed() {
        let copy = instrument(&component(""), HitFilter::First).unwrap();
        let mut executed = SiteCoverage::new(copy.sites.len());
        let none = of(&copy, &executed, SearchKind::Full);
        assert_eq!((none.functions_exist, none.functions_executed), (3, 0));
        assert_eq!((none.sites_exist, none.sites_reached, none.functions_left_out), (1, 0, 0));
        let hits = (0..2).map(|site| Hit { site, left: 0, right: 0 }).collect();
        executed.note(&copy.sites, &Log::of(hits));
        let some = of(&copy, &executed, SearchKind::Full);
        assert_eq!((some.functions_executed, some.sites_reached), (1, 1), "{:?}", copy.sites);
    }

    #[test]
    fn what_takes_no_probes_matters_once_it_is_executed() {
        let locals = format!("(local {})", "i64 ".repeat(49_995));
        let copy = instrument(&component(&locals), HitFilter::First).unwrap();
        let mut executed = SiteCoverage::new(copy.sites.len());
        assert_eq!(of(&copy, &executed, SearchKind::Full).functions_left_out, 1);
        assert_eq!(resists(&copy, &executed), None, "nothing calls it");
        let entry = copy.left_out[0].entry.unwrap();
        executed.note(&copy.sites, &Log::of(vec![Hit { site: entry, left: 0, right: 0 }]));
        let words = resists(&copy, &executed).unwrap();
        assert!(
            words.starts_with("1 function that is executed") && words.contains("function 2 of"),
            "{words}"
        );
        let reaching =
            instrument(&component(&format!("{locals} (call $connect)")), HitFilter::First).unwrap();
        assert!(
            resists(&reaching, &SiteCoverage::new(reaching.sites.len())).is_some(),
            "an effect is behind it"
        );
    }
}
