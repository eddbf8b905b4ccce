//! A search for what a run waits for.

use invar_engine::{Engine, Skill, Start};
use invar_monitor::{Dormant, LabError, Located, Search, Searched};
use invar_probe::{Executed, Outcome, Plan, Source, Stopped};
use invar_world::Change;

use crate::{
    Reach,
    dormant::dormant,
    probing::{Copy, Probing, Spending, Watch},
    series::make,
    stopwatch::Stopwatch,
};

/// Instrumented copies of one skill, made when they are first needed.
#[derive(Default)]
pub(crate) struct Copies {
    first: Option<Copy>,
    /// What all searches executed, in how many runs.
    executed: Executed,
    runs: u64,
}

impl Copies {
    /// Makes the copy, if there is none yet.
    fn prepare(&mut self, engine: &Engine, skill: &Skill) -> Result<(), LabError> {
        if self.first.is_none() {
            let copy = Copy::of(engine, skill).map_err(|error| LabError::Failed(error.to_string()))?;
            self.first = Some(copy);
        }
        Ok(())
    }

    /// Takes note of a search; says what none executed.
    fn note(&mut self, executed: &Executed, runs: u64) -> Vec<Dormant> {
        self.executed.merge(executed);
        self.runs += runs;
        let copy = self.first.as_ref();
        copy.map_or_else(Vec::new, |copy| dormant(&copy.instrumented, &self.executed, self.runs))
    }
}

/// Searches from the run that was told `base`.
pub(crate) fn search(
    engine: &Engine,
    skill: &Skill,
    copies: &mut Copies,
    (base, reach): (&Start, Reach),
    search: &Search<'_>,
    spending: Spending,
    watch: Watch<'_>,
) -> Result<(Searched, Spending), LabError> {
    let failed = |error: Stopped| LabError::Failed(error.to_string());
    let original = make(engine, skill, base.clone()).map_err(|error| LabError::Failed(error.to_string()))?;
    copies.prepare(engine, skill)?;
    let copy = copies.first.as_ref().ok_or_else(|| LabError::Failed("no copy".into()))?;
    let mut bench =
        Probing::new(engine, skill, copy, (base, &original.trace, &original.behaviour), spending, watch)
            .map_err(failed)?;
    match bench.is_faithful(&original.behaviour) {
        Ok(true) => {}
        Ok(false) => return Ok((ended("an instrumented copy of it does not do the same"), bench.spending)),
        Err(Stopped::Budget) => return Ok((ended(&Stopped::Budget.to_string()), bench.spending)),
        Err(error) => return Err(failed(error)),
    }
    let plan = Plan {
        sites: &copy.instrumented.sites,
        code: &copy.instrumented.code,
        known: search.known,
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
    let Outcome { found, located, runs, progress, stopped, unfollowed, executed } =
        invar_probe::search(&plan, &mut bench);
    let ms = watch.elapsed_ms();
    if let Some(Stopped::Failed(error)) = stopped {
        return Err(LabError::Failed(error));
    }
    let located = located.into_iter().map(|own| {
        let site = copy.instrumented.sites.get(own.site as usize);
        Located {
            place: site
                .map_or_else(String::new, |site| format!("function {} at {:#x}", site.function, site.offset)),
            sources: own.sources.iter().filter_map(sample).collect(),
            changes: own.changes,
            effects: own.effects,
        }
    });
    let located = located.collect();
    let spending = bench.spending;
    let searched = Searched {
        solved: found.into_iter().map(|found| found.changes).collect(),
        located,
        runs,
        comparisons: progress.comparisons,
        open: progress.open,
        dormant: copies.note(&executed, runs),
        literals,
        ms,
        ended: stopped.map(|error| error.to_string()).or_else(|| no_room(unfollowed)),
        code: None,
        resists: None,
    };
    Ok((searched, spending))
}

/// What to say of conditions that there was no room to follow.
fn no_room(unfollowed: u64) -> Option<String> {
    (unfollowed > 0)
        .then(|| format!("{unfollowed} conditions did not fit into its memory and were not followed"))
}

fn ended(why: &str) -> Searched {
    Searched { ended: Some(why.into()), ..Searched::default() }
}

/// A change of a source, to name it by.
fn sample(source: &Source) -> Option<Change> {
    use invar_probe::{Told, Value};
    // A name that was made up says nothing to anybody.
    if matches!(source, Source::NewVariable(_)) {
        return None;
    }
    let values = [Value::Absent, Value::Time(0), Value::Bytes([b'a'; 4].into()), Value::Otherwise];
    values.iter().find_map(|value| source.change(value, &Told::default()))
}
