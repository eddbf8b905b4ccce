//! What runs that go on from the series do in the usual way, and when one of them does something else.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

use invar_trace::{Behaviour, Effect, EffectKind, Ending, OutputDigests, Resources};
use invar_world::Digest;

use crate::{
    Baseline, Cost, Declared, Deviation, Factor, Lab, LabError, Question, Row,
    class::environment::control::ControlRun,
    directions,
    grouping::{Shape, shapes},
    missing_line::is_undeclared,
    output_model::{OutputModel, Values},
    source::Source,
};

/// Runs of the series that are looked at, made again with the clock and the seeds of the control run.
const LEARNED_MAX: usize = 24;

/// Runs before one that it is compared with, to see whether its cost jumps.
const RECENT: usize = 8;

/// A cost so many times another is more.
const COST_RATIO: u64 = 3;

/// Fuel and bytes of memory that go with a byte read, written or fetched beyond what other runs do.
const FUEL_PER_BYTE_MAX: u64 = 20_000;
const MEMORY_PER_BYTE_MAX: u64 = 64;

/// Bytes beyond the others' that are no work: a counter has a digit more.
const WORK_BYTES_MIN: u64 = 16;

/// What runs that go on do in the usual way.
pub(super) struct Usual {
    /// The control run, compared with all that was learned.
    pub(super) control: ControlRun,
    /// Where names are made up: what is done there was done under another name in each run.
    made_up: BTreeSet<Shape>,
    recent: VecDeque<Costs>,
    /// What each run of the series said, sent and took, and how it ended: the classes of the series judge that.
    series: Vec<Known>,
    is_declared: bool,
    /// All files that moved are claimed to move the output.
    is_claimed: bool,
}

/// What a run of the series showed.
#[derive(Debug, Clone)]
struct Known {
    output: OutputDigests,
    sent: Option<Digest>,
    ending: Ending,
    resources: Resources,
}

impl Known {
    fn of(row: &Row) -> Self {
        let (sent, ending) = (row.sent, row.ending.clone());
        Self { output: row.output_digests(), sent, ending, resources: row.resources }
    }

    /// Whether it deviates as another run does.
    fn shows(&self, deviation: &Deviation, run: &Behaviour) -> bool {
        match deviation {
            Deviation::Output | Deviation::Errors => self.output == run.output_digests(),
            Deviation::Payload => self.sent == run.sent,
            Deviation::Ending => self.ending == run.ending,
            Deviation::Cost(cost @ (Cost::Fuel | Cost::Memory)) => {
                !Costs::of(&run.resources).exceeds(*cost, &Costs::of(&self.resources))
            }
            Deviation::Cost(cost) => cost.of(&run.resources) <= cost.of(&self.resources),
            Deviation::New(_) | Deviation::Missing(_) | Deviation::Growth(_) => false,
        }
    }
}

/// What a run costs, and what it moves.
#[derive(Debug, Clone, Copy)]
struct Costs {
    fuel: u64,
    memory: u64,
    moved: u64,
}

impl Costs {
    fn of(resources: &Resources) -> Self {
        let bytes = resources.bytes;
        Self {
            fuel: resources.fuel,
            memory: resources.memory_peak_bytes,
            moved: bytes.file_read + bytes.file_written + bytes.network_received,
        }
    }

    /// Whether a cost is more than another run's, and what is moved beyond that run's bytes does not explain it.
    fn exceeds(&self, cost: Cost, other: &Self) -> bool {
        let of = |costs: &Self| if cost == Cost::Fuel { costs.fuel } else { costs.memory };
        let (now, then) = (of(self), of(other));
        let more = now.saturating_sub(then);
        let bytes = self.moved.saturating_sub(other.moved);
        let bytes = if bytes > WORK_BYTES_MIN { bytes } else { 0 };
        let allowed = bytes.saturating_mul(match cost {
            Cost::Fuel => FUEL_PER_BYTE_MAX,
            _ => MEMORY_PER_BYTE_MAX,
        });
        now > COST_RATIO.saturating_mul(then) && more > cost.floor() && more > allowed
    }
}

impl Usual {
    /// Learns from the runs of the series whose state is kept.
    pub(super) fn learn(
        declared: &Declared,
        rows: &[Row],
        known: &BTreeSet<Effect>,
        control: &ControlRun,
        lab: &mut dyn Lab,
    ) -> Result<Self, LabError> {
        let kept = rows.iter().rev().map(|row| row.run).filter(|run| lab.has(*run)).take(LEARNED_MAX);
        let held = |run| Question::with(run, [Factor::Clock, Factor::Random], control.run);
        let questions: Vec<Question> = kept.map(held).collect();
        let mut runs: Vec<Arc<Behaviour>> = lab.ask(&questions)?;
        // From the first to the last.
        runs.reverse();
        let files: Vec<Source> = lab.changed(1, control.run).into_iter().map(Source::File).collect();
        let mut usual = Self::of(declared, control, &runs, files);
        usual.control.baseline.any.extend(known.iter().cloned());
        usual.series = rows.iter().map(Known::of).collect();
        Ok(usual)
    }

    fn of(declared: &Declared, control: &ControlRun, runs: &[Arc<Behaviour>], files: Vec<Source>) -> Self {
        let all: Vec<Arc<Behaviour>> = std::iter::once(&control.behaviour).chain(runs).cloned().collect();
        let outputs = all.iter().map(|run| run.text.as_slice());
        let model = OutputModel::of(outputs, Values::Unordered);
        let is_claimed = files.iter().all(|file| declared.is_expected(file));
        let moving = files.into_iter().map(|file| (file, model.clone()));
        let learned = Baseline::of(&all);
        let outputs = control.baseline.outputs.clone();
        let baseline = Baseline { outputs, costs: control.baseline.costs.clone(), ..learned };
        let moving: BTreeMap<Source, OutputModel> =
            control.moving.clone().into_iter().chain(moving).collect();
        Self {
            control: ControlRun { baseline, moving, ..control.clone() },
            made_up: made_up(&all),
            recent: VecDeque::from([Costs::of(&control.behaviour.resources)]),
            series: Vec::new(),
            is_declared: declared.envelope.is_some(),
            is_claimed,
        }
    }

    /// The sources that a run which goes on has other values of.
    fn files(&self) -> impl Iterator<Item = &Source> {
        self.control.moving.keys().filter(|source| matches!(source, Source::File(_)))
    }

    /// How the next run differs from what is usual; none: in nothing that is of interest.
    pub(super) fn next(&mut self, run: &Behaviour) -> Vec<Deviation> {
        let deviations = self.deviations(run);
        if deviations.is_empty() {
            self.recent.push_back(Costs::of(&run.resources));
            if self.recent.len() > RECENT {
                self.recent.pop_front();
            }
        }
        deviations
    }

    /// How a run differs from what is usual.
    fn deviations(&self, run: &Behaviour) -> Vec<Deviation> {
        let files: Vec<&Source> = self.files().collect();
        let all = self.control.compare(run, files.iter().copied());
        let works = self.works(run);
        let speaks = || !directions::new_concerns(&run.text, &self.control.behaviour.text).is_empty();
        let mut kept = Vec::new();
        for (_, deviation) in shapes(&all, &run.violations) {
            let is_kept = match &deviation {
                Deviation::New(effects) => effects.iter().any(|effect| self.counts(effect, run)),
                Deviation::Missing(effects) => {
                    let is_made_up = |effect: &Effect| self.made_up.contains(&place(effect, run));
                    // Where it works, it does something in the place of something else.
                    !effects.iter().all(is_made_up) && !works && effects.iter().any(Effect::is_lasting)
                }
                Deviation::Output => speaks() || !(works && self.is_claimed),
                Deviation::Errors => !self.is_claimed,
                Deviation::Cost(cost @ (Cost::Fuel | Cost::Memory)) => self.jumps(*cost, run),
                Deviation::Cost(Cost::Written) | Deviation::Growth(_) => false,
                Deviation::Cost(Cost::Sent) => !self.is_claimed,
                Deviation::Payload => !self.is_claimed,
                Deviation::Ending => true,
            };
            if is_kept && !self.series.iter().any(|known| known.shows(&deviation, run)) {
                kept.push(deviation);
            }
        }
        kept
    }

    /// Whether a new effect is more than another name for what is done anyway, and not only a look at what may be looked at.
    fn counts(&self, effect: &Effect, run: &Behaviour) -> bool {
        let is_missing_a_line = is_undeclared(effect, &run.violations);
        let is_undeclared_look = is_missing_a_line && is_of_files(effect.kind);
        if !(effect.is_lasting() || effect.kind.is_contact() || is_undeclared_look) {
            // A change that was tried and did not work is one.
            let is_tried = effect.failed.is_some() && effect.kind.is_lasting();
            return is_tried && !self.made_up.contains(&place(effect, run));
        }
        if self.made_up.contains(&place(effect, run)) {
            return false;
        }
        // Declared work in a declared place, as claimed: rotation, a batch that is written.
        let is_work = self.is_declared && !is_missing_a_line && self.is_claimed && !effect.kind.is_contact();
        !is_work
    }

    /// Whether it reads, writes or fetches more than runs before it, or changes files as they do not, as declared.
    fn works(&self, run: &Behaviour) -> bool {
        let moved = Costs::of(&run.resources).moved;
        let usual = self.recent.iter().map(|costs| costs.moved).max().unwrap_or(0);
        let is_new = |effect: &&Effect| !self.control.baseline.any.contains(*effect);
        let changes =
            |effect: &&Effect| EffectKind::CHANGES_OF_FILES.contains(&effect.kind) && effect.failed.is_none();
        self.is_declared
            && run.violations.keys().all(|missing| self.control.behaviour.violations.contains_key(missing))
            && (moved > usual + WORK_BYTES_MIN
                || run.effects.iter().filter(is_new).any(|effect| changes(&effect)))
    }

    /// Whether a cost is more than the control run's, and grew neither by steps nor with what is read.
    fn jumps(&self, cost: Cost, run: &Behaviour) -> bool {
        let now = Costs::of(&run.resources);
        let exceeds_all = self.recent.iter().all(|other| now.exceeds(cost, other));
        now.exceeds(cost, &Costs::of(&self.control.behaviour.resources)) || exceeds_all
    }
}

fn is_of_files(kind: EffectKind) -> bool {
    matches!(kind, EffectKind::FileStat | EffectKind::FileRead)
}

/// What is done where, whatever its name.
fn place(effect: &Effect, run: &Behaviour) -> Shape {
    let is_undeclared = is_undeclared(effect, &run.violations);
    Shape::New(effect.kind, crate::location(effect), effect.failed.is_some(), is_undeclared)
}

/// The places where runs do the same under other names: a name in each, and not the same ones.
fn made_up(runs: &[Arc<Behaviour>]) -> BTreeSet<Shape> {
    let mut names: BTreeMap<Shape, BTreeSet<BTreeSet<&Effect>>> = BTreeMap::new();
    let mut times: BTreeMap<Shape, usize> = BTreeMap::new();
    for run in runs {
        let mut of_run: BTreeMap<Shape, BTreeSet<&Effect>> = BTreeMap::new();
        for effect in &run.effects {
            of_run.entry(place(effect, run)).or_default().insert(effect);
        }
        for (shape, effects) in of_run {
            *times.entry(shape.clone()).or_default() += 1;
            names.entry(shape).or_default().insert(effects);
        }
    }
    // Contacts have no other names: each is its own place.
    let is_made_up = |(shape, sets): &(Shape, BTreeSet<BTreeSet<&Effect>>)| {
        sets.len() > 1 && times.get(shape).is_some_and(|times| *times > 2)
    };
    names.into_iter().filter(is_made_up).map(|(shape, _)| shape).collect()
}
