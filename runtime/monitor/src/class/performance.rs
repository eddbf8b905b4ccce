//! Performance fingerprint: cost grows with the input as claimed.

use std::{collections::BTreeSet, sync::Arc};

use invar_envelope::Complexity;
use invar_trace::{Behaviour, Effect, Ending};
use invar_world::Change;

use super::View;
use crate::{
    Baseline, Boundary, Class, Confidence, Deviation, Evidence, Finding, Lab, LabError, Question, Scaling,
    Section, Severity, Stored, Trigger, TriggerKind, command,
    complexity::{Estimate, Point},
    grouping::{Shape, shapes},
    monitor::{Case, Declared},
    scale::{Rule, sizes},
    text,
};

/// A size that costs more than this is the last: larger ones would take the budget.
const FUEL_OF_A_SIZE_MAX: u64 = 100_000_000;
/// Inputs that are enough to measure over them rather than over one that is scaled.
const GIVEN_SIZES_MIN: usize = 12;
/// Effects that appear with size and are followed up.
const SIZE_TURNS_MAX: usize = 4;
/// Sizes that are measured whatever they cost: as many as a fit needs, and two that may come to the same.
const SIZES_FIRST: usize = 8;
/// Sizes that are asked at once, from the smallest up.
const BATCH_SIZES: usize = 2;

/// What was measured.
#[derive(Debug, Clone, Default)]
pub(crate) struct Measured {
    /// How the input was scaled; none: there is no input, or nothing was measured.
    pub(crate) rule: Option<Rule>,
    /// Cost by size: fuel, peak memory, bytes of files and network.
    pub(crate) points: Vec<(u64, Costs)>,
    pub(crate) fuel: Option<Estimate>,
    pub(crate) memory: Option<Estimate>,
    pub(crate) bytes: Option<Estimate>,
    /// The report whose baseline was stored, if one was.
    pub(crate) stored: Option<String>,
    /// Sizes that cost something else than when the baseline was stored: fuel then, and now.
    pub(crate) drifted: Vec<(u64, u64, u64)>,
    /// What it does at some sizes and not at its own.
    pub(crate) turns: Vec<SizeTurn>,
    /// Sizes at which it ends in another way than with its own input, and how.
    pub(crate) failed: Vec<(u64, Ending)>,
    /// Sizes that were tried.
    pub(crate) tried: usize,
}

/// What one size costs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Costs {
    pub(crate) fuel: u64,
    pub(crate) memory: u64,
    pub(crate) bytes: u64,
}

/// Something that is done from some size on.
#[derive(Debug, Clone)]
pub(crate) struct SizeTurn {
    pub(crate) effects: Vec<String>,
    pub(crate) undeclared: bool,
    /// The last size without and the first with it.
    pub(crate) from: Option<u64>,
    pub(crate) to: u64,
    pub(crate) confirmed: bool,
    pub(crate) change: Change,
}

/// What one input of each size came to, as far as it was asked.
#[derive(Default)]
pub(crate) struct Sizes(Option<Series>);

/// A series over sizes.
struct Series {
    input: Arc<[u8]>,
    rule: Rule,
    /// The run that it is held against.
    own: Arc<Behaviour>,
    /// From the smallest up.
    inputs: Vec<Vec<u8>>,
    runs: Vec<(u64, Change, Arc<Behaviour>)>,
    /// A size cost so much that no larger one is asked.
    is_costly: bool,
}

impl Sizes {
    /// Measures as many sizes as a fit needs, from the smallest up, whatever they cost.
    pub(crate) fn begin(&mut self, lab: &mut dyn Lab) -> Result<(), LabError> {
        let input = lab.input();
        let Some(rule) = Rule::of(&input) else { return Ok(()) };
        let own = lab.ask(&[Question::again(1)])?.remove(0);
        let others = lab.other_inputs();
        let (rule, mut inputs) = match others.len() + 1 >= GIVEN_SIZES_MIN {
            true => (Rule::Given, others.iter().chain([&input]).map(|own| own.to_vec()).collect::<Vec<_>>()),
            false => (rule, sizes().into_iter().map(|size| rule.scale(&input, size)).collect()),
        };
        inputs.sort_by_key(Vec::len);
        let series = Series { input, rule, own, inputs, runs: Vec::new(), is_costly: false };
        self.0.insert(series).ask(SIZES_FIRST, lab)
    }

    /// Measures the rest.
    pub(crate) fn go_on(&mut self, lab: &mut dyn Lab) -> Result<(), LabError> {
        match &mut self.0 {
            Some(series) => series.ask(usize::MAX, lab),
            None => Ok(()),
        }
    }

    /// Judges what was measured.
    pub(crate) fn judge(
        self,
        declared: &Declared,
        stored: Option<&Stored>,
        case: &mut Case,
        lab: &mut dyn Lab,
    ) -> Result<(), LabError> {
        match self.0 {
            Some(series) => judge(series, declared, stored, case, lab),
            None => Ok(()),
        }
    }
}

impl Series {
    /// Asks sizes until there are so many; past the first ones, until one costs much.
    fn ask(&mut self, sizes: usize, lab: &mut dyn Lab) -> Result<(), LabError> {
        while self.runs.len() < self.inputs.len().min(sizes) && !self.is_costly {
            let at = self.runs.len();
            let batch = &self.inputs[at..self.inputs.len().min(at + BATCH_SIZES)];
            let changes: Vec<Change> = batch.iter().map(|own| Change::Stdin(own.clone())).collect();
            let questions: Vec<Question> =
                changes.iter().map(|change| Question::changed(1, change.clone())).collect();
            let answers = lab.ask(&questions)?;
            let sizes = batch.iter().map(|own| own.len() as u64);
            self.runs
                .extend(sizes.zip(changes).zip(answers).map(|((size, change), run)| (size, change, run)));
            let costs_much = |(.., run): &(_, _, Arc<Behaviour>)| run.resources.fuel > FUEL_OF_A_SIZE_MAX;
            self.is_costly = self.runs.len() >= SIZES_FIRST && self.runs.last().is_some_and(costs_much);
        }
        Ok(())
    }
}

fn judge(
    series: Series,
    declared: &Declared,
    stored: Option<&Stored>,
    case: &mut Case,
    lab: &mut dyn Lab,
) -> Result<(), LabError> {
    let Series { input, rule, own, mut runs, .. } = series;
    let baseline = Baseline::of(std::slice::from_ref(&own));
    runs.dedup_by_key(|(size, ..)| *size);
    let turned = &mut case.performance.turns;
    let done = turns(declared, &runs, &own, &baseline, (&input, rule), (turned, lab));
    case.tolerate(done)?;
    // Runs that fail say nothing about the cost of work.
    let points: Vec<(u64, Costs)> = runs
        .iter()
        .filter(|(.., run)| run.ending == own.ending)
        .map(|(size, _, run)| (*size, Costs::of(run)))
        .collect();
    let failed = runs.iter().filter(|(.., run)| run.ending != own.ending);
    case.performance.failed = failed.map(|(size, _, run)| (*size, run.ending.clone())).collect();
    case.performance.tried = runs.len();
    let estimate = |cost: fn(&Costs) -> u64| {
        let points: Vec<Point> =
            points.iter().map(|(size, costs)| Point { size: *size, cost: cost(costs) }).collect();
        Estimate::of(&points)
    };
    case.performance.fuel = estimate(|costs| costs.fuel);
    case.performance.memory = estimate(|costs| costs.memory).filter(|_| is_finer_than_pages(&points));
    case.performance.bytes = estimate(|costs| costs.bytes + 1);
    case.performance.drifted = stored.map(|stored| drifted(stored, &points)).unwrap_or_default();
    case.performance.stored = stored.map(|stored| stored.report.clone());
    case.performance.points = points;
    case.performance.rule = Some(rule);
    Ok(())
}

/// Memory grows by pages: a class is told from many steps, not from the one or two that a few pages make.
fn is_finer_than_pages(points: &[(u64, Costs)]) -> bool {
    /// Of WebAssembly.
    const PAGE_BYTES: u64 = 64 << 10;
    /// Pages from the least to the most: one page is then less than what a class may be off by.
    const PAGES_MIN: u64 = 16;
    let amounts = || points.iter().map(|(_, costs)| costs.memory);
    let (least, most) = (amounts().min().unwrap_or(0), amounts().max().unwrap_or(0));
    most - least >= PAGES_MIN * PAGE_BYTES
}

/// Sizes in both whose fuel is not the same. The lab is exact: any difference is one.
fn drifted(stored: &Stored, points: &[(u64, Costs)]) -> Vec<(u64, u64, u64)> {
    points
        .iter()
        .filter_map(|(size, costs)| {
            let (_, then) = stored.points.iter().find(|(own, _)| own == size)?;
            (*then != costs.fuel).then_some((*size, *then, costs.fuel))
        })
        .collect()
}

impl Measured {
    /// Fuel by size, for plots.
    pub(crate) fn scaling(&self, claimed: Option<Complexity>) -> Option<Scaling> {
        let points =
            self.points.iter().map(|(size, costs)| Point { size: *size, cost: costs.fuel }).collect();
        Some(Scaling { points, estimate: self.fuel.clone()?, claimed })
    }
}

impl Costs {
    fn of(run: &Behaviour) -> Self {
        let bytes = run.resources.bytes;
        Self {
            fuel: run.resources.fuel,
            memory: run.resources.memory_peak_bytes,
            bytes: bytes.file_read + bytes.file_written + bytes.network_sent + bytes.network_received,
        }
    }
}

/// Effects that appear with a size, and where: by shape, those that are not declared first.
fn turns(
    declared: &Declared,
    runs: &[(u64, Change, Arc<Behaviour>)],
    own: &Behaviour,
    baseline: &Baseline,
    (input, rule): (&[u8], Rule),
    (turns, lab): (&mut Vec<SizeTurn>, &mut dyn Lab),
) -> Result<(), LabError> {
    let new = |run: &Behaviour| -> Vec<(Shape, BTreeSet<Effect>)> {
        shapes(&baseline.compare(run), &run.violations)
            .into_iter()
            .filter_map(|(shape, deviation)| match (&shape, deviation) {
                (Shape::New(..), Deviation::New(effects)) => Some((shape, effects)),
                _ => None,
            })
            .collect()
    };
    let mut first: Vec<(Shape, BTreeSet<Effect>, usize)> = Vec::new();
    for (index, (.., run)) in runs.iter().enumerate() {
        for (shape, effects) in new(run) {
            if !first.iter().any(|(own, ..)| *own == shape) {
                first.push((shape, effects, index));
            }
        }
    }
    let is_undeclared = |shape: &Shape| match declared.envelope {
        Some(_) => matches!(shape, Shape::New(_, _, _, true)),
        None => true,
    };
    first.sort_by_key(|(shape, ..)| !is_undeclared(shape));
    let own_size = input.len() as u64;
    for (shape, effects, index) in first.into_iter().take(SIZE_TURNS_MAX) {
        let shows = |run: &Behaviour| new(run).iter().any(|(own, _)| *own == shape);
        let with = runs[index].0;
        let smaller = runs[..index].last().map(|(size, ..)| *size);
        let without =
            [smaller, (own_size < with && !shows(own)).then_some(own_size)].into_iter().flatten().max();
        let mut turn = SizeTurn {
            effects: effects.iter().map(ToString::to_string).collect(),
            undeclared: is_undeclared(&shape),
            from: without,
            to: with,
            confirmed: false,
            change: runs[index].1.clone(),
        };
        let done = close_in(&mut turn, &shows, (input, rule), lab);
        // What was seen is told, whether it could be followed up or not.
        turns.push(turn);
        done?;
    }
    Ok(())
}

/// The size from which on it is done: by halving; sizes step by lines, so that few are left.
fn close_in(
    turn: &mut SizeTurn,
    shows: &dyn Fn(&Behaviour) -> bool,
    (input, rule): (&[u8], Rule),
    lab: &mut dyn Lab,
) -> Result<(), LabError> {
    // Inputs that were given are what they are: there is none between two of them.
    while let Some(low) = turn.from.filter(|low| turn.to - low > 1 && rule != Rule::Given) {
        let scaled = rule.scale(input, low + (turn.to - low) / 2);
        let size = scaled.len() as u64;
        if size <= low || size >= turn.to {
            break;
        }
        let answer = lab.ask(&[Question::changed(1, Change::Stdin(scaled))])?;
        match shows(&answer[0]) {
            true => {
                turn.to = size;
                turn.change = Change::Stdin(rule.scale(input, size));
            }
            false => turn.from = Some(size),
        }
    }
    let again = lab.ask(&[Question::changed(1, turn.change.clone())])?;
    turn.confirmed = shows(&again[0]);
    Ok(())
}

/// Sizes at which it begins to do what it does not at its own, or to cost what nobody would expect.
pub(crate) fn triggers(view: &View<'_>, id: &str) -> Vec<Trigger> {
    let mut triggers = done_by_size(view, id);
    let worse = view.case.performance.fuel.as_ref().and_then(|fuel| match (fuel.change, fuel.jump) {
        (Some((at, below, above)), _) if above > below => {
            Some((at, format!("fuel in {above} of the input, and in {below} below")))
        }
        (_, Some((at, times))) => {
            Some((at, format!("{} the fuel of a slightly smaller one", text::ratio(times))))
        }
        _ => None,
    });
    triggers.extend(worse.map(|(at, what)| {
        let sizes = view.case.performance.points.iter().map(|(size, _)| *size);
        Trigger {
            kind: TriggerKind::Input,
            condition: format!("input of {} or more", text::bytes(at)),
            first_run: None,
            period: None,
            boundary: Boundary {
                from: sizes.filter(|size| *size < at).max().map(|size| size.to_string()),
                to: Some(at.to_string()),
            },
            source: "input".into(),
            value: None,
            all: Vec::new(),
            effects: vec![what.clone()],
            confidence: Confidence::Confirmed,
            evidence: vec![Evidence::Undo, Evidence::Counterfactual, Evidence::Replay],
            reproduce: String::new(),
            runs: Vec::new(),
            severity: Severity::Major,
            proof: None,
            sentence: Some(format!("From an input of {} on it takes {what}.", text::bytes(at))),
        }
    }));
    triggers
}

fn done_by_size(view: &View<'_>, id: &str) -> Vec<Trigger> {
    view.case
        .performance
        .turns
        .iter()
        .filter(|turn| turn.undeclared)
        .map(|turn| Trigger {
            kind: TriggerKind::Input,
            condition: format!("input of {} or more", text::bytes(turn.to)),
            first_run: None,
            period: None,
            boundary: Boundary {
                from: turn.from.map(|size| size.to_string()),
                to: Some(turn.to.to_string()),
            },
            source: "input".into(),
            value: None,
            all: Vec::new(),
            effects: turn.effects.clone(),
            confidence: if turn.confirmed { Confidence::Confirmed } else { Confidence::Suspected },
            evidence: vec![Evidence::Undo, Evidence::Counterfactual, Evidence::Replay, Evidence::Bisect],
            reproduce: match command::target(&turn.change) {
                Some(target) => command::replay(id, 1, &[target]),
                None => String::new(),
            },
            runs: Vec::new(),
            severity: Severity::Critical,
            proof: None,
            sentence: Some(format!(
                "With an input of {} or more it does what it does not with less: {}.",
                text::bytes(turn.to),
                text::join(&turn.effects)
            )),
        })
        .collect()
}

pub(super) fn section(view: &View<'_>) -> Section {
    let measured = &view.case.performance;
    let (Some(rule), Some(fuel)) = (measured.rule, &measured.fuel) else {
        return Section::not_checked(match measured.rule {
            _ if view.case.out_of_budget.is_some() => "the budget did not last so far".into(),
            None => "there is no input to scale".into(),
            Some(_) => match failures(measured) {
                Some(failures) => format!("too few sizes came to an end like the input itself; {failures}"),
                None => "too few sizes came to an end like the input itself".into(),
            },
        });
    };
    let mut findings = Vec::new();
    findings.extend(failures(measured).map(|what| Finding {
        class: Class::Performance,
        severity: Severity::Info,
        runs: vec![1],
        what,
        expected: "the same end at every size".into(),
        observed: measured.failed.first().map_or_else(String::new, |(_, ending)| ending.to_string()),
        cause: "input size".into(),
        owasp_ast: "AST01",
    }));
    let claim = view.declared.claims.complexity;
    findings.extend(claim.and_then(|claim| against_claim(fuel, claim)));
    findings.extend(fuel.change.map(of_change));
    findings.extend(fuel.jump.filter(|_| fuel.change.is_none()).map(of_jump));
    findings.extend(measured.turns.iter().map(|turn| Finding {
        class: Class::Performance,
        severity: if turn.undeclared { Severity::Critical } else { Severity::Info },
        runs: vec![1],
        what: format!("with an input of {} or more: {}", text::bytes(turn.to), text::join(&turn.effects)),
        expected: "the same effects at every size".into(),
        observed: text::join(&turn.effects),
        cause: "input size".into(),
        owasp_ast: "AST01",
    }));
    findings.extend(measured.drifted.first().map(|(size, then, now)| Finding {
        class: Class::Performance,
        severity: Severity::Major,
        runs: vec![1],
        what: format!(
            "{} of {} sizes cost something else than when the baseline was stored: {} took {} fuel, and takes {}",
            measured.drifted.len(),
            measured.points.len(),
            text::bytes(*size),
            text::count(*then),
            text::count(*now)
        ),
        expected: "the same fuel for the same component, engine, world and input".into(),
        observed: text::count(*now),
        cause: "not the skill: the same code on the same input costs the same; look at the store and the machine".into(),
        owasp_ast: "AST01",
    }));
    let (least, most) = match (measured.points.first(), measured.points.last()) {
        (Some((least, _)), Some((most, _))) => (*least, *most),
        _ => (0, 0),
    };
    let claimed = match claim {
        None => String::new(),
        Some(claim) if fuel.class() == Some(claim) => ", as claimed".into(),
        Some(claim) if fuel.is_explained_by(claim) => format!(", and {claim} as claimed to within 15 %"),
        Some(claim) => format!("; {claim} is claimed"),
    };
    let mut why = format!(
        "fuel {}{claimed} over {} sizes from {} to {} ({})",
        fuel.words(),
        measured.points.len(),
        text::bytes(least),
        text::bytes(most),
        rule.words()
    );
    for (name, estimate) in [("memory", &measured.memory), ("bytes read and written", &measured.bytes)] {
        // What does not grow, or cannot be told, is left out: it is no claim's affair.
        if let Some(class) = estimate.as_ref().and_then(Estimate::class).filter(|own| *own > Complexity::One)
        {
            why.push_str(&format!("; {name} {class}"));
        }
    }
    if let Some(failures) = failures(measured) {
        why.push_str(&format!("; {failures}"));
    }
    if let Some(report) = measured.stored.as_ref().filter(|_| measured.drifted.is_empty()) {
        why.push_str(&format!("; the same as stored by report {report}"));
    }
    for finding in findings.iter().filter(|finding| finding.severity > Severity::Info) {
        why = format!("{}; {why}", finding.what);
    }
    Section::of(why, findings)
}

/// The sizes at which it ends in another way than with its own input; none: there are none.
fn failures(measured: &Measured) -> Option<String> {
    let Measured { failed, tried, .. } = measured;
    let (first, ending) = failed.first()?;
    let (last, _) = failed.last()?;
    let sizes = match first == last {
        true => format!("of {}", text::bytes(*first)),
        false => format!("from {} to {}", text::bytes(*first), text::bytes(*last)),
    };
    Some(format!("at {} of {tried} sizes, {sizes}, it ends otherwise: {ending}", failed.len()))
}

/// Worse than claimed is a broken word; better is to its credit.
fn against_claim(fuel: &Estimate, claim: Complexity) -> Option<Finding> {
    let finding = |severity, what: String| Finding {
        class: Class::Performance,
        severity,
        runs: vec![1],
        what,
        expected: format!("fuel in {claim} of the input"),
        observed: fuel.words(),
        cause: "input size".into(),
        owasp_ast: "AST01",
    };
    if fuel.is_explained_by(claim) {
        return None;
    }
    let best = fuel.fits.iter().map(|fit| fit.class).min()?;
    let worst = fuel.fits.iter().map(|fit| fit.class).max()?;
    if best > claim {
        return Some(finding(
            Severity::Major,
            format!("fuel grows in {}, not in {claim} as claimed", fuel.words()),
        ));
    }
    (worst < claim)
        .then(|| finding(Severity::Info, format!("fuel grows in {}, less than claimed", fuel.words())))
}

fn of_jump((at, times): (u64, f64)) -> Finding {
    Finding {
        class: Class::Performance,
        severity: Severity::Major,
        runs: vec![1],
        what: format!(
            "an input of {} takes {} the fuel of a slightly smaller one",
            text::bytes(at),
            text::ratio(times)
        ),
        expected: "cost that grows with size, and does not jump".into(),
        observed: format!("a jump at {}", text::bytes(at)),
        cause: "input size".into(),
        owasp_ast: "AST01",
    }
}

fn of_change((at, below, above): (u64, Complexity, Complexity)) -> Finding {
    Finding {
        class: Class::Performance,
        severity: if above > below { Severity::Major } else { Severity::Info },
        runs: vec![1],
        what: format!("fuel grows in {below} below {} and in {above} above", text::bytes(at)),
        expected: "one class at all sizes".into(),
        observed: format!("{below}, then {above}"),
        cause: "input size".into(),
        owasp_ast: "AST01",
    }
}

#[cfg(test)]
mod tests {
    use invar_trace::Ending;

    use super::{Costs, Measured, failures, is_finer_than_pages};

    #[test]
    fn sizes_at_which_it_fails_are_said_with_how_it_ends() {
        let trap = || Ending::Trapped("unreachable".into());
        let failed = vec![(12_303, trap()), (131_072, trap())];
        let measured = Measured { failed, tried: 18, ..Measured::default() };
        let said = failures(&measured).unwrap();
        assert!(said.starts_with("at 2 of 18 sizes, from 12.0 KiB to 128 KiB"), "{said}");
        assert!(said.contains("unreachable"), "{said}");
        assert_eq!(failures(&Measured { tried: 18, ..Measured::default() }), None);
    }

    #[test]
    fn a_few_pages_of_memory_are_no_class() {
        let points = |pages: u64| -> Vec<(u64, Costs)> {
            let at = |n: u64| (n, Costs { fuel: 1, memory: (17 + n * pages / 18) << 16, bytes: 0 });
            (1..=18).map(at).collect()
        };
        assert!(!is_finer_than_pages(&points(2)));
        assert!(is_finer_than_pages(&points(200)));
    }
}
