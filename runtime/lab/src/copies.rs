//! Instrumented copies of one skill: which probes it can take and still do what the original does.

use invar_engine::{Engine, LoadError, Skill, Start};
use invar_monitor::{CodeCoverage, Dormant, SearchKind};
use invar_probe::{HitFilter, Probes, SiteCoverage, StopReason};
use invar_trace::Ending;

use crate::{
    coverage,
    dormant::dormant,
    faithful::difference,
    interpreter::is_interpreter,
    probing::{Copy, CopyError, Probing, Spending, Watch},
    series::CompletedRun,
};

/// What is tried, one after the other, until a copy does what the original does: all probes; then without those that
/// report texts, which are half of their code; then in small functions of the outermost component alone.
const ATTEMPTS: [Probes; 3] = [
    Probes::all(HitFilter::First),
    Probes { texts: false, ..Probes::all(HitFilter::First) },
    Probes { texts: false, nested: false, body_bytes_max: SMALL_BODY_BYTES, ..Probes::all(HitFilter::First) },
];
/// A function with more code is large: a compiler makes few of them, a generator as many as it likes.
const SMALL_BODY_BYTES: u32 = 64 << 10;

/// Instrumented copies of one skill, made when they are first needed.
#[derive(Default)]
pub(crate) struct Copies {
    /// The copy that does what the original does, as far as is known.
    current: Option<Copy>,
    /// The next of [`ATTEMPTS`], if there is none.
    next: usize,
    /// Whether it was decided what the skill is searched with.
    is_decided: bool,
    /// Why the first copy that failed did.
    failed: Option<String>,
    /// What all searches executed, in how many runs.
    executed: SiteCoverage,
    runs: u64,
    /// Sites that a search left open to the environment.
    waiting: Vec<u32>,
    /// The least that any search was.
    kind: Option<SearchKind>,
}

/// Whether there is a copy to search with.
pub(crate) enum Ready {
    /// There is.
    Copy,
    /// The skill resists it, in this way.
    Resists(String),
    /// What the original did ends at a limit, which a copy does not come to at the same place.
    Incomparable(String),
    /// The host cannot make one, which says nothing of the skill.
    HostFailed(String),
}

/// A run of the original, and how its copies are run.
#[derive(Clone, Copy)]
pub(crate) struct Base<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) skill: &'a Skill,
    pub(crate) start: &'a Start,
    pub(crate) original: &'a CompletedRun,
    pub(crate) watch: Watch<'a>,
}

impl<'a> Base<'a> {
    /// Runs of a copy that begin with it.
    pub(crate) fn probing(&self, copy: &'a Copy, spending: Spending) -> Result<Probing<'a>, StopReason> {
        let original = (self.start, &self.original.trace, &*self.original.behaviour);
        Probing::new(self.engine, self.skill, copy, original, spending, self.watch)
    }
}

impl Copies {
    /// The copy, once one is ready.
    pub(crate) fn current(&self) -> Option<&Copy> {
        self.current.as_ref()
    }

    /// Makes a copy that does the same as the original from this base, if there is one.
    ///
    /// # Errors
    /// The budget is used up, or the user has seen enough.
    pub(crate) fn ready(&mut self, base: Base<'_>, spending: &mut Spending) -> Result<Ready, StopReason> {
        loop {
            let copy = match self.current.take() {
                Some(copy) => copy,
                None => {
                    let Some(probes) = ATTEMPTS.get(self.next) else {
                        return Ok(Ready::Resists(self.failed.clone().unwrap_or_default()));
                    };
                    match Copy::with(base.engine, base.skill, *probes) {
                        Ok(copy) => {
                            self.begin(&copy);
                            copy
                        }
                        Err(CopyError::Load(error @ LoadError::Engine(_))) => {
                            return Ok(Ready::HostFailed(format!(
                                "the host could not make an instrumented copy ({error})"
                            )));
                        }
                        Err(error) => {
                            self.fail(format!("an instrumented copy cannot be made ({error})"));
                            continue;
                        }
                    }
                }
            };
            match self.try_copy(&copy, base, spending) {
                Ok(None) => {}
                Ok(Some(difference)) if is_at_a_limit(&base.original.behaviour.ending) => {
                    self.current = Some(copy);
                    let ending = base.original.behaviour.ending.to_string();
                    return Ok(Ready::Incomparable(format!(
                        "it ends at a limit ({}), and its instrumented copy at another place: {difference}",
                        ending.escape_debug()
                    )));
                }
                Ok(Some(difference)) => {
                    self.fail(format!("an instrumented copy does not do the same ({difference})"));
                    continue;
                }
                Err(error) => {
                    self.current = Some(copy);
                    return Err(error);
                }
            }
            self.current = Some(self.decided(copy, base, spending)?);
            return Ok(Ready::Copy);
        }
    }

    /// Runs a copy as the original was run: how it differs, if it does.
    fn try_copy(
        &mut self,
        copy: &Copy,
        base: Base<'_>,
        spending: &mut Spending,
    ) -> Result<Option<String>, StopReason> {
        let mut probing = base.probing(copy, *spending)?;
        let seen = probing.run_base();
        *spending = probing.spending;
        match seen {
            Ok(seen) => {
                self.executed.note(&copy.instrumented.sites, &seen.log);
                if !self.is_decided && copy.probes.gate == HitFilter::First {
                    self.is_decided = !is_interpreter(&copy.instrumented, &seen.log);
                }
                Ok(difference(&base.original.behaviour, &seen))
            }
            // It could not even be instantiated.
            Err(StopReason::Failed(error)) => Ok(Some(format!("it cannot be run: {}", error.escape_debug()))),
            Err(error) => Err(error),
        }
    }

    /// For an interpreter, the copy that reports only known values, if that does the same.
    fn decided(&mut self, copy: Copy, base: Base<'_>, spending: &mut Spending) -> Result<Copy, StopReason> {
        if std::mem::replace(&mut self.is_decided, true) {
            return Ok(copy);
        }
        let probes = Probes { gate: HitFilter::Known, ..copy.probes };
        // It has the same sites: what was executed stays.
        let Ok(known) = Copy::with(base.engine, base.skill, probes) else { return Ok(copy) };
        match self.try_copy(&known, base, spending) {
            Ok(None) => Ok(known),
            Ok(Some(_)) => Ok(copy),
            Err(error) => {
                self.current = Some(copy);
                self.is_decided = false;
                Err(error)
            }
        }
    }

    fn begin(&mut self, copy: &Copy) {
        // Sites are numbered anew.
        self.executed = SiteCoverage::new(copy.instrumented.sites.len());
        self.waiting.clear();
        self.runs = 0;
        self.is_decided = false;
    }

    fn fail(&mut self, why: String) {
        self.next += 1;
        self.failed.get_or_insert(why);
    }

    /// Adds a search; returns what none executed.
    pub(crate) fn note(&mut self, executed: &SiteCoverage, runs: u64, waiting: Vec<u32>) -> Vec<Dormant> {
        self.executed.merge(executed);
        self.runs += runs;
        self.waiting.extend(waiting);
        let copy = self.current.as_ref();
        copy.map_or_else(Vec::new, |copy| {
            dormant(&copy.instrumented, &self.executed, &self.waiting, self.runs)
        })
    }

    /// What all searches executed, the last of which was of this kind.
    pub(crate) fn coverage(&mut self, kind: SearchKind) -> CodeCoverage {
        let least = self.kind.map_or(kind, |earlier| earlier.min(kind));
        self.kind = Some(least);
        match &self.current {
            Some(copy) => coverage::of(&copy.instrumented, &self.executed, least),
            None => CodeCoverage { search: least, ..CodeCoverage::default() },
        }
    }

    /// In which way functions of the skill resist probes, if those are executed or can reach an effect.
    pub(crate) fn resists(&self) -> Option<String> {
        coverage::resists(&self.current.as_ref()?.instrumented, &self.executed)
    }
}

/// Whether a run was stopped where a copy, which has more of everything, is not stopped in the same place.
fn is_at_a_limit(ending: &Ending) -> bool {
    match ending {
        Ending::Limit(_) => true,
        Ending::Trapped(what) => what.contains(STACK_EXHAUSTED),
        _ => false,
    }
}

/// As wasmtime names it.
const STACK_EXHAUSTED: &str = "call stack exhausted";
