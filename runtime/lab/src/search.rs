//! A search for what a run waits for.

use invar_engine::{Engine, Skill, Start};
use invar_monitor::{Declared, LabError, Located, LocatedKind, Search, SearchKind, Searched, Spent};
use invar_probe::{Condition, INPUT_BYTES_MAX, Plan, SearchOutcome, Site, SiteKind, Source, StopReason};
use invar_trace::Effect;
use invar_world::Change;

use crate::{
    Reach,
    copies::{Base, Copies, Ready},
    probing::{Spending, Watch},
    series::CompletedRun,
    stopwatch::Stopwatch,
};

/// What a skill declares, for a search.
#[derive(Debug)]
struct Declares<'a>(&'a Declared);

impl invar_probe::Declares for Declares<'_> {
    fn covers(&self, effect: &Effect) -> bool {
        self.0.covers(effect)
    }
}

/// Searches from the run that started with `base`.
pub(crate) fn search(
    (engine, skill): (&Engine, &Skill),
    copies: &mut Copies,
    (base, original, reach): (&Start, &CompletedRun, Reach),
    search: &Search<'_>,
    spending: Spending,
    watch: Watch<'_>,
) -> Result<(Searched, Spending), LabError> {
    let mut spending = spending;
    let from = Base { engine, skill, start: base, original, watch };
    let refused = |copies: &mut Copies, kind, ended: String, resists| Searched {
        ended: Some(ended),
        resists,
        code: Some(copies.coverage(kind)),
        ..Searched::default()
    };
    let unfaithful = SearchKind::Unfaithful;
    match copies.ready(from, &mut spending) {
        Ok(Ready::Copy) => {}
        Ok(Ready::Resists(how)) => {
            return Ok((refused(copies, unfaithful, how.clone(), Some(how)), spending));
        }
        Ok(Ready::Incomparable(how)) => return Ok((refused(copies, unfaithful, how, None), spending)),
        Ok(Ready::HostFailed(how)) => return Ok((refused(copies, SearchKind::None, how, None), spending)),
        Err(stopped) => return Ok((ended(&why(&stopped, spending)), spending)),
    }
    let Some(copy) = copies.current() else { return Ok((ended("there is no copy"), spending)) };
    let mut bench = match from.probing(copy, spending) {
        Ok(bench) => bench,
        Err(error) => return Ok((ended(&error.to_string()), spending)),
    };
    let plan = Plan {
        sites: &copy.instrumented.sites,
        code: &copy.instrumented.code,
        known: search.known,
        declares: &Declares(search.declared),
        reach: match reach {
            Reach::Full => invar_probe::Reach::Full,
            Reach::None | Reach::Forward => invar_probe::Reach::Forward,
        },
        is_solved: search.is_solved,
        is_interpreter: copy.is_interpreter(),
    };
    let is_scripted = plan.is_interpreter && plan.reach == invar_probe::Reach::Full;
    let literals = if is_scripted { plan.code.scripted().to_vec() } else { Vec::new() };
    let watch = Stopwatch::start();
    let SearchOutcome { found, located, runs, progress, stopped, unfollowed, executed, waiting } =
        invar_probe::search(&plan, &mut bench);
    let ms = watch.elapsed_ms();
    let located = located.into_iter().map(|branch| {
        let site = copy.instrumented.sites.get(branch.site as usize);
        Located {
            kind: match site.map(|site| site.kind) {
                Some(SiteKind::Switch(_)) => LocatedKind::JumpTable,
                Some(SiteKind::Indirect(_)) => LocatedKind::IndirectCall,
                _ => LocatedKind::Comparison,
            },
            place: match branch.behind.and_then(|site| copy.instrumented.sites.get(site as usize)) {
                None => site.map_or_else(String::new, place),
                Some(behind) => format!(
                    "{} with the one behind it, at {}",
                    site.map_or_else(String::new, place),
                    place(behind)
                ),
            },
            sources: branch.sources.iter().filter_map(sample).collect(),
            changes: branch.changes,
            effects: branch.effects,
            is_cut: branch.is_cut,
        }
    });
    let located = located.collect();
    let spending = bench.spending;
    let kind = match (plan.reach, plan.is_interpreter) {
        (invar_probe::Reach::Forward, _) => SearchKind::Forward,
        // A run that the host could not make is nothing that was looked at.
        _ if matches!(stopped, Some(StopReason::Failed(_))) => SearchKind::Unfaithful,
        (invar_probe::Reach::Full, true) => SearchKind::Interpreter,
        (invar_probe::Reach::Full, false) => SearchKind::Full,
    };
    let skipped = (kind == SearchKind::Interpreter).then(|| NOT_LOCATED.to_owned());
    let why: Vec<String> = stopped
        .map(|stopped| why(&stopped, spending))
        .into_iter()
        .chain(skipped)
        .chain(no_room(unfollowed))
        .chain(too_long(base.input.len()))
        .collect();
    let dormant = copies.note(&executed, runs, waiting);
    let is_undeclared =
        |found: &&Condition| found.effects.iter().any(|effect| !search.declared.covers(effect));
    let searched = Searched {
        undeclared: found.iter().filter(is_undeclared).count(),
        solved: found.into_iter().map(|found| found.changes).collect(),
        located,
        runs,
        comparisons: progress.comparisons,
        open: progress.open,
        dormant,
        literals,
        ms,
        ended: (!why.is_empty()).then(|| why.join("; ")),
        code: Some(copies.coverage(kind)),
        resists: copies.resists(),
    };
    Ok((searched, spending))
}

/// Why a search ended, with the budget that did it.
fn why(stopped: &StopReason, spending: Spending) -> String {
    match stopped {
        StopReason::Budget if spending.fuel >= spending.fuel_max => Spent::Fuel.to_string(),
        StopReason::Budget => Spent::Runs.to_string(),
        StopReason::SlowHost => Spent::HostTime.to_string(),
        other => other.to_string(),
    }
}

/// What a search of an interpreter leaves out: the interpreter's comparisons do not decide what the script does.
const NOT_LOCATED: &str = "it interprets a script: comparisons that were not solved are not located";

/// What to say of conditions that there was no room to follow.
fn no_room(unfollowed: u64) -> Option<String> {
    (unfollowed > 0)
        .then(|| format!("{unfollowed} conditions did not fit into its memory and were not followed"))
}

/// What to say of an input that is not looked into.
fn too_long(bytes: usize) -> Option<String> {
    (bytes > INPUT_BYTES_MAX).then(|| {
        format!("the input of {bytes} bytes was not varied; give one of at most {INPUT_BYTES_MAX} bytes")
    })
}

fn ended(why: &str) -> Searched {
    Searched { ended: Some(why.into()), ..Searched::default() }
}

/// Where a site is.
fn place(site: &Site) -> String {
    format!("function {} at {:#x}", site.function, site.offset)
}

/// A change of a source, to name it by.
fn sample(source: &Source) -> Option<Change> {
    use invar_probe::{ObservedInputs, Value};
    // A made-up name means nothing to a reader.
    if matches!(source, Source::NewVariable(_)) {
        return None;
    }
    let values = [Value::Absent, Value::Time(0), Value::Bytes([b'a'; 4].into()), Value::Altered];
    values.iter().find_map(|value| source.change(value, &ObservedInputs::default()))
}
