//! Environment: what the world says changes nothing that it should not.
//!
//! One thing at a time is put otherwise, and the run is held against its twin in which nothing is.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use invar_envelope::Missing;
use invar_trace::{Behaviour, Effect, EffectKind};
use invar_world::{Change, Timestamp};

use super::{View, count};
use crate::{
    Baseline, Boundary, Class, Confidence, Deviation, Evidence, Factor, Finding, Lab, LabError, Question,
    Row, Section, Severity, Trigger, TriggerKind, calendar, command,
    condition::{Condition, Looks, Sweep, is_sign_path, is_sign_variable, sweeps},
    finding::Source,
    grouping::{Shape, is_only_names, shapes},
    monitor::{Case, Declared},
    series::Cost,
    text,
    turning::turning,
};

/// Ways of turning that are told apart in one sweep.
const TURNS_MAX: usize = 8;
/// Conditions that are asked at once: what the budget ends is lost, so few.
const BATCH: usize = 8;

/// What was tried and what turned.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tested {
    /// Conditions of each kind that were tried.
    pub(crate) tried: BTreeMap<&'static str, usize>,
    /// Kinds that the skill has no way to notice.
    pub(crate) unnoticed: Vec<&'static str>,
    /// Ways of turning past those that are told; none of them is worse.
    pub(crate) left_out: usize,
    /// Kinds for which the budget did not last.
    pub(crate) untried: Vec<&'static str>,
    pub(crate) turns: Vec<Turn>,
    /// Moments that were tried, and whether the skill behaves otherwise at them.
    pub(crate) moments: Vec<(Timestamp, bool)>,
}

/// A way in which the skill behaves otherwise under some conditions.
#[derive(Debug, Clone)]
pub(crate) struct Turn {
    pub(crate) source: Source,
    /// The run that was made under other conditions.
    pub(crate) of: u32,
    /// The first condition, in words and as a change.
    pub(crate) words: String,
    pub(crate) change: Change,
    /// How many of how many conditions.
    pub(crate) hits: usize,
    pub(crate) asked: usize,
    pub(crate) deviations: Vec<Deviation>,
    shapes: Vec<Shape>,
    pub(crate) severity: Severity,
    /// What it does under them that is not declared.
    pub(crate) undeclared: Vec<String>,
    /// It does so again when asked again.
    pub(crate) confirmed: bool,
    pub(crate) kind: TriggerKind,
    pub(crate) condition: String,
    pub(crate) boundary: Boundary,
    pub(crate) bisected: bool,
    /// Files that earlier runs must have left.
    pub(crate) needs: Vec<String>,
}

/// A run that the conditions are held against.
struct Twin {
    run: u32,
    behaviour: Arc<Behaviour>,
    baseline: Baseline,
}

/// A condition under which a run deviates from its twin.
struct Hit<'a> {
    condition: &'a Condition,
    behaviour: Arc<Behaviour>,
    deviations: Vec<Deviation>,
    shapes: Vec<Shape>,
}

/// Tries every condition on run 1 and on the last run like it, which has what earlier runs left.
pub(crate) fn investigate(
    declared: &Declared,
    rows: &[Row],
    case: &mut Case,
    lab: &mut dyn Lab,
) -> Result<(), LabError> {
    // The last that is like the first, but for names that are made up; where none is, the last that is kept.
    let is_kept = |row: &&Row| lab.has(row.run);
    let is_usual = |row: &&Row| is_only_names(&row.deviations, &row.deeds.violations) && lab.has(row.run);
    let warm =
        rows.iter().rev().find(is_usual).or_else(|| rows.iter().rev().find(is_kept)).map(|row| row.run);
    let warm = warm.filter(|warm| *warm > 1 && !lab.changed(1, *warm).is_empty());
    let bases: Vec<u32> = warm.into_iter().chain([1]).collect();
    let questions: Vec<Question> = bases.iter().map(|run| Question::again(*run)).collect();
    let twins: Vec<Twin> = bases
        .iter()
        .zip(lab.ask(&questions)?)
        .map(|(run, behaviour)| Twin {
            run: *run,
            baseline: Baseline::of(std::slice::from_ref(&behaviour)),
            behaviour,
        })
        .collect();
    let looks = Looks::of(twins.iter().map(|twin| twin.behaviour.as_ref()));
    for twin in &twins {
        let is_given = |path: &str| lab.content(1, path).is_some();
        let all =
            sweeps(&looks, lab.started(twin.run), &lab.variables(), declared.envelope.as_ref(), is_given);
        for sweep in all {
            if sweep.conditions.is_empty() {
                if !case.environment.unnoticed.contains(&sweep.name) {
                    case.environment.unnoticed.push(sweep.name);
                }
                continue;
            }
            match try_sweep(declared, &sweep, twin, case, lab) {
                Ok(()) => {}
                Err(LabError::OutOfBudget) => {
                    case.out_of_budget = true;
                    case.environment.untried.push(sweep.name);
                }
                Err(error) => return Err(error),
            }
        }
    }
    Ok(())
}

fn try_sweep(
    declared: &Declared,
    sweep: &Sweep,
    twin: &Twin,
    case: &mut Case,
    lab: &mut dyn Lab,
) -> Result<(), LabError> {
    let questions: Vec<Question> = sweep
        .conditions
        .iter()
        .map(|condition| Question::changed(twin.run, condition.change.clone()))
        .collect();
    // What was asked before the budget ran out is judged.
    let mut answers = Vec::new();
    let mut ended = Ok(());
    for batch in questions.chunks(BATCH) {
        match lab.ask(batch) {
            Ok(own) => answers.extend(own),
            Err(error) => {
                ended = Err(error);
                break;
            }
        }
    }
    *case.environment.tried.entry(sweep.name).or_default() += answers.len();
    let mut hits = Vec::new();
    for (condition, behaviour) in sweep.conditions.iter().zip(answers) {
        let mut deviations = twin.baseline.compare(behaviour.as_ref());
        let source = match &condition.source {
            Source::Speed => &Source::Clock,
            other => other,
        };
        if case.output.sources.contains(source) {
            // It is known, and said where outputs are.
            deviations.retain(|deviation| *deviation != Deviation::Output);
        }
        if condition.source == Source::Network {
            deviations = without_the_obvious(deviations);
        }
        if !deviations.is_empty() {
            let shapes = shapes_in(&deviations, &behaviour);
            hits.push(Hit { condition, behaviour, deviations, shapes });
        }
    }
    for condition in &sweep.conditions {
        if let Change::Clock(time) = condition.change {
            let is_hit = hits.iter().any(|hit| hit.condition.words == condition.words);
            case.environment.moments.push((time, is_hit));
        }
    }
    let mut groups: Vec<(Severity, Vec<&Hit<'_>>)> =
        by_shape(&hits).into_iter().map(|group| (severity(declared, twin, group[0]), group)).collect();
    groups.sort_by_key(|(severity, _)| std::cmp::Reverse(*severity));
    case.environment.left_out += groups.len().saturating_sub(TURNS_MAX);
    for (severity, group) in groups.into_iter().take(TURNS_MAX) {
        let mut turn = turn(severity, sweep, twin, &group);
        // What was seen is told, whether it could be followed up or not.
        match follow(&mut turn, sweep, twin, &group, lab) {
            Err(LabError::OutOfBudget) => case.out_of_budget = true,
            done => done?,
        }
        let is_known = case.environment.turns.iter().any(|own| own.is_like(&turn));
        if !is_known {
            case.environment.turns.push(turn);
        }
    }
    ended
}

/// Without what any skill does when the network is in a bad state: it fails to reach what it would reach.
fn without_the_obvious(deviations: Vec<Deviation>) -> Vec<Deviation> {
    let is_contact =
        |effect: &Effect| matches!(effect.kind, EffectKind::NetworkConnect | EffectKind::NetworkLookup);
    deviations
        .into_iter()
        .filter_map(|deviation| match deviation {
            Deviation::New(effects) => {
                let rest: BTreeSet<Effect> =
                    effects.into_iter().filter(|own| !(is_contact(own) && own.failed.is_some())).collect();
                (!rest.is_empty()).then_some(Deviation::New(rest))
            }
            Deviation::Missing(effects) => {
                let rest: BTreeSet<Effect> = effects.into_iter().filter(|own| !is_contact(own)).collect();
                (!rest.is_empty()).then_some(Deviation::Missing(rest))
            }
            other => Some(other),
        })
        .collect()
}

/// Hits that have a source and what they do in common.
fn by_shape<'h>(hits: &'h [Hit<'h>]) -> Vec<Vec<&'h Hit<'h>>> {
    let mut groups: Vec<Vec<&Hit<'_>>> = Vec::new();
    for hit in hits {
        let is_like = |own: &&mut Vec<&Hit<'_>>| {
            own[0].condition.source == hit.condition.source && own[0].shapes == hit.shapes
        };
        match groups.iter_mut().find(is_like) {
            Some(group) => group.push(hit),
            None => groups.push(vec![hit]),
        }
    }
    groups
}

/// A way of turning, as far as it was seen.
fn turn(severity: Severity, sweep: &Sweep, twin: &Twin, hits: &[&Hit<'_>]) -> Turn {
    let first = hits[0];
    let source = first.condition.source.clone();
    let undeclared = undeclared(twin, first);
    Turn {
        of: twin.run,
        words: first.condition.words.clone(),
        change: first.condition.change.clone(),
        hits: hits.len(),
        asked: sweep.conditions.len(),
        deviations: first.deviations.clone(),
        shapes: first.shapes.clone(),
        severity,
        undeclared: undeclared.iter().map(ToString::to_string).collect(),
        confirmed: false,
        kind: kind(&source),
        condition: match hits.len() {
            1 => first.condition.words.clone(),
            _ => join(hits),
        },
        boundary: Boundary::default(),
        bisected: false,
        needs: Vec::new(),
        source,
    }
}

/// Makes sure of a way of turning, and closes in on where it turns.
fn follow(
    turn: &mut Turn,
    sweep: &Sweep,
    twin: &Twin,
    hits: &[&Hit<'_>],
    lab: &mut dyn Lab,
) -> Result<(), LabError> {
    if turn.severity == Severity::Info {
        return Ok(());
    }
    // Not by chance: the same again does the same again.
    let again = lab.ask(&[Question::changed(twin.run, turn.change.clone())])?;
    turn.confirmed = again[0].head == hits[0].behaviour.head;
    match turn.source {
        Source::Clock => of_clock(turn, sweep, twin, hits, lab)?,
        Source::Random => {
            turn.condition = format!("{} of {} random seeds", turn.hits, turn.asked);
        }
        _ => {}
    }
    if twin.run > 1 && turn.kind != TriggerKind::ElapsedTime {
        with_state(turn, twin, lab)?;
    }
    if hides(&turn.deviations) {
        turn.condition = format!("unless {}", turn.condition);
    }
    Ok(())
}

/// The run that time is counted from: asked of run 2, which is as far from run 1 by another span than `run` is.
fn counted_from(
    run: u32,
    to: Timestamp,
    shows: &dyn Fn(&Behaviour) -> bool,
    lab: &mut dyn Lab,
) -> Result<(u32, &'static str), LabError> {
    let previous = run.saturating_sub(1).max(1);
    let since_previous = to.0.saturating_sub(lab.started(previous).0);
    let after_one = lab.started(1).after(since_previous);
    // Seconds are what is told apart; the two spans differ by hours.
    let before = |time: Timestamp| Timestamp(time.0.saturating_sub(60_000_000_000));
    let at = |time: Timestamp| Question::changed(2, Change::Clock(time));
    let answers = lab.ask(&[at(to), at(before(to)), at(after_one), at(before(after_one))])?;
    let shown: Vec<bool> = answers.iter().map(|run| shows(run)).collect();
    Ok(match shown.as_slice() {
        [true, false, ..] => (1, "the first run"),
        [_, _, true, false] => (previous, "the run before"),
        _ => (1, "the first run, by this state"),
    })
}

/// Whether all that a condition does is to keep the skill from what it does else.
fn hides(deviations: &[Deviation]) -> bool {
    let lasts = |effects: &BTreeSet<Effect>| effects.iter().any(Effect::is_lasting);
    deviations.iter().any(|own| matches!(own, Deviation::Missing(effects) if lasts(effects)))
        && !deviations.iter().any(|own| matches!(own, Deviation::New(effects) if lasts(effects)))
        && !deviations.contains(&Deviation::Output)
}

/// Which files of earlier runs it needs beside the condition, if any.
fn with_state(turn: &mut Turn, twin: &Twin, lab: &mut dyn Lab) -> Result<(), LabError> {
    const FILES_MAX: usize = 32;
    let wanted = turn.shapes.clone();
    let fresh = lab.ask(&[Question::again(1), Question::changed(1, turn.change.clone())])?;
    let usual = Baseline::of(&fresh[..1]);
    if !shapes_of(&usual, &fresh[1]).is_empty() {
        return Ok(());
    }
    let paths: Vec<String> = lab.changed(1, twin.run).into_iter().take(FILES_MAX).collect();
    let questions: Vec<Question> = paths
        .iter()
        .flat_map(|path| {
            let without = Question::with(twin.run, [Factor::File(path.clone())], 1);
            let with = Question { changes: vec![turn.change.clone()], ..without.clone() };
            [without, with]
        })
        .collect();
    let answers = lab.ask(&questions)?;
    for (path, pair) in paths.into_iter().zip(answers.chunks(2)) {
        let usual = Baseline::of(&pair[..1]);
        let found = shapes_of(&usual, &pair[1]);
        if !wanted.iter().all(|shape| found.contains(shape)) {
            turn.needs.push(path);
        }
    }
    if !turn.needs.is_empty() {
        turn.condition = format!(
            "{}, once earlier runs have left {}",
            turn.condition,
            text::join(&turn.needs.iter().map(|path| path.escape_debug().to_string()).collect::<Vec<_>>())
        );
        turn.kind = TriggerKind::Compound;
    }
    Ok(())
}

/// Which times they are, where it turns, and whether they are counted from an earlier run.
fn of_clock(
    turn: &mut Turn,
    sweep: &Sweep,
    twin: &Twin,
    hits: &[&Hit<'_>],
    lab: &mut dyn Lab,
) -> Result<(), LabError> {
    let time = |condition: &Condition| match condition.change {
        Change::Clock(time) => time,
        _ => Timestamp(0),
    };
    let with: Vec<Timestamp> = hits.iter().map(|hit| time(hit.condition)).collect();
    let mut without: Vec<Timestamp> =
        sweep.conditions.iter().map(time).filter(|time| !with.contains(time)).collect();
    without.push(lab.started(twin.run));
    turn.condition = calendar::in_common(&with, &without);
    let Some(first) = with.iter().min().copied() else { return Ok(()) };
    // Names that are made up from the time differ from time to time: the shape is what counts.
    let wanted = turn.shapes.clone();
    let shows = |run: &Behaviour| {
        let found = shapes_of(&twin.baseline, run);
        wanted.iter().all(|shape| found.contains(shape))
    };
    if let Some(before) = without.iter().filter(|time| **time < first).max()
        && let Some((from, to)) = turning(lab, &Question::again(twin.run), *before, first, &shows)?
    {
        turn.bisected = true;
        turn.boundary = Boundary::clock(from, to);
        // A skill that has not run before does not mind the time: it counts from a run that it remembers.
        let is_threshold = without.iter().all(|time| *time < first);
        if twin.run > 1 && is_threshold {
            let fresh = lab.ask(&[
                Question::changed(1, Change::Clock(to)),
                Question::changed(1, Change::Clock(first)),
            ])?;
            let own = lab.ask(&[Question::again(1)])?;
            let usual = Baseline::of(&own);
            if fresh.iter().all(|run| usual.compare(run.as_ref()).is_empty()) {
                turn.kind = TriggerKind::ElapsedTime;
                let (since, words) = counted_from(twin.run, to, &shows, lab)?;
                turn.boundary = Boundary::elapsed(lab.started(since), from, to);
                let span = to.0.saturating_sub(lab.started(since).0);
                turn.condition = format!("{} after {words}", text::span(span));
            }
        }
    }
    Ok(())
}

impl Turn {
    fn is_like(&self, other: &Self) -> bool {
        let is_a_sweep = matches!(self.source, Source::Clock | Source::Random);
        self.source == other.source
            && self.shapes == other.shapes
            && (is_a_sweep || self.change == other.change)
    }
}

/// The shapes in which a run differs from a baseline.
fn shapes_of(baseline: &Baseline, run: &Behaviour) -> Vec<Shape> {
    shapes_in(&baseline.compare(run), run)
}

fn shapes_in(deviations: &[Deviation], run: &Behaviour) -> Vec<Shape> {
    shapes(deviations, &run.violations).into_iter().map(|(shape, _)| shape).collect()
}

fn join(hits: &[&Hit<'_>]) -> String {
    const SHOWN: usize = 3;
    let words: Vec<&str> = hits.iter().take(SHOWN).map(|hit| hit.condition.words.as_str()).collect();
    match hits.len() > SHOWN {
        true => format!("{} or {} more", words.join(" or "), hits.len() - SHOWN),
        false => words.join(" or "),
    }
}

fn kind(source: &Source) -> TriggerKind {
    match source {
        Source::Clock => TriggerKind::Clock,
        Source::Random => TriggerKind::Random,
        Source::Network => TriggerKind::Network,
        Source::Variable(name) if is_sign_variable(name) => TriggerKind::Observer,
        Source::Variable(_) => TriggerKind::EnvironmentVariable,
        Source::File(path) if is_sign_path(path) => TriggerKind::Observer,
        Source::File(_) => TriggerKind::File,
        Source::Preopens | Source::Speed => TriggerKind::Observer,
    }
}

/// What is done under a condition, and not without it, that is not declared.
fn undeclared<'h>(twin: &Twin, hit: &'h Hit<'_>) -> Vec<&'h Missing> {
    let is_new = |missing: &&Missing| !twin.behaviour.violations.contains_key(*missing);
    hit.behaviour.violations.keys().filter(is_new).collect()
}

/// How bad it is to behave otherwise: by what is done, and by what the skill says it depends on.
fn severity(declared: &Declared, twin: &Twin, hit: &Hit<'_>) -> Severity {
    let source = &hit.condition.source;
    let undeclared = undeclared(twin, hit);
    let is_lasting = |deviation: &Deviation| match deviation {
        Deviation::New(effects) => effects.iter().any(|effect| effect.is_lasting()),
        _ => false,
    };
    // Whoever goes by the first directory it is handed finds other files below it: no sign of anything. To reach
    // out is.
    if *source == Source::Preopens {
        let contacts = |deviation: &Deviation| match deviation {
            Deviation::New(effects) | Deviation::Missing(effects) => {
                effects.iter().any(|effect| effect.kind == EffectKind::NetworkConnect)
            }
            _ => false,
        };
        return match hit.deviations.iter().any(contacts) {
            true => Severity::Critical,
            false => Severity::Info,
        };
    }
    let reaches_out = |missing: &Missing| matches!(missing.key.as_str(), "network" | "files.write");
    if undeclared.iter().copied().any(reaches_out) {
        return Severity::Critical;
    }
    if declared.envelope.is_none() && hit.deviations.iter().any(is_lasting) {
        return Severity::Critical;
    }
    // What it stops doing is what should not have been done: it hides.
    let hides = twin
        .behaviour
        .violations
        .keys()
        .any(|missing| reaches_out(missing) && !hit.behaviour.violations.contains_key(missing));
    if hides || !undeclared.is_empty() {
        return Severity::Major;
    }
    let is_visible = |deviation: &Deviation| match deviation {
        Deviation::New(effects) | Deviation::Missing(effects) => {
            effects.iter().any(|effect| effect.is_lasting())
        }
        Deviation::Output | Deviation::Payload | Deviation::Ending => true,
        Deviation::Cost(cost) | Deviation::Growth(cost) => *cost != Cost::Written,
    };
    if !hit.deviations.iter().any(is_visible) || declared.is_expected(source) {
        return Severity::Info;
    }
    match source {
        // Files of the world are input, as long as they are declared.
        Source::File(path) => {
            let is_declared = declared
                .envelope
                .as_ref()
                .is_some_and(|envelope| envelope.files_read.iter().any(|glob| glob.matches(path)));
            if is_declared { Severity::Info } else { Severity::Major }
        }
        _ => Severity::Major,
    }
}

/// What turns, as triggers.
pub(crate) fn triggers(view: &View<'_>, id: &str) -> Vec<Trigger> {
    view.case
        .environment
        .turns
        .iter()
        .filter(|turn| turn.severity > Severity::Info)
        .map(|turn| trigger(turn, id))
        .collect()
}

fn trigger(turn: &Turn, id: &str) -> Trigger {
    let mut evidence = vec![Evidence::Undo, Evidence::Counterfactual];
    evidence.extend(turn.confirmed.then_some(Evidence::Replay));
    evidence.extend(turn.bisected.then_some(Evidence::Bisect));
    let effects: Vec<String> = turn.deviations.iter().flat_map(count::words).collect();
    let own = Trigger {
        kind: turn.kind,
        condition: turn.condition.clone(),
        first_run: None,
        period: None,
        boundary: turn.boundary.clone(),
        source: turn.source.to_string(),
        value: match &turn.change {
            Change::Env { value, .. } => value.clone(),
            Change::File { content, .. } => {
                content.as_ref().map(|content| String::from_utf8_lossy(content).trim_end().to_owned())
            }
            Change::Network(weather) => Some(weather.as_str().to_owned()),
            _ => None,
        },
        all: Vec::new(),
        confidence: if turn.confirmed { Confidence::Confirmed } else { Confidence::Suspected },
        evidence,
        reproduce: match command::target(&turn.change) {
            None => format!("invar replay {id}/{}", turn.of),
            Some(target) => command::replay(id, turn.of, &[target]),
        },
        runs: Vec::new(),
        severity: turn.severity,
        proof: None,
        sentence: Some(sentence(turn)),
        effects,
    };
    if turn.needs.is_empty() {
        return own;
    }
    let part = |kind, source: String| Trigger {
        kind,
        condition: source.clone(),
        source,
        boundary: Boundary::default(),
        effects: Vec::new(),
        reproduce: String::new(),
        sentence: None,
        ..own.clone()
    };
    let mut all = vec![Trigger {
        kind: kind(&turn.source),
        boundary: own.boundary.clone(),
        ..part(kind(&turn.source), own.source.clone())
    }];
    all.extend(
        turn.needs.iter().map(|path| part(TriggerKind::File, format!("file {}", path.escape_debug()))),
    );
    let sources: Vec<String> = all.iter().map(|part| part.source.clone()).collect();
    Trigger { source: sources.join(", "), all, ..own }
}

/// `With CI=true, run 20 connects to tcp://…; with that put back it does not.`
fn sentence(turn: &Turn) -> String {
    let deeds: Vec<String> = turn.deviations.iter().flat_map(|own| deeds(own, &turn.deviations)).collect();
    format!("With {}, run {} {}. With that put back, it does not.", turn.words, turn.of, text::join(&deeds))
}

/// What it does then, as a person would say it.
fn deeds(deviation: &Deviation, all: &[Deviation]) -> Vec<String> {
    let contacts = |own: &Deviation| matches!(own, Deviation::New(effects) if effects.iter().any(|it| it.kind == EffectKind::NetworkConnect));
    match deviation {
        Deviation::New(effects) => {
            effects.iter().filter(|own| own.is_lasting()).map(|own| deed(own, "")).collect()
        }
        Deviation::Missing(effects) => effects.iter().map(|own| deed(own, "no longer ")).collect(),
        Deviation::Output => vec!["says something else".into()],
        Deviation::Payload => vec!["sends other bytes".into()],
        Deviation::Ending => vec!["ends otherwise".into()],
        // Who connects sends.
        Deviation::Cost(Cost::Sent) if all.iter().any(contacts) => Vec::new(),
        Deviation::Cost(cost) | Deviation::Growth(cost) => vec![format!("takes more {}", cost.as_str())],
    }
}

fn deed(effect: &Effect, no_longer: &str) -> String {
    let subject = effect.subject.escape_debug();
    let verb = match effect.kind {
        EffectKind::FileStat => "looks at",
        EffectKind::FileRead => "reads",
        EffectKind::FileWrite => "writes",
        EffectKind::FileMkdir => "makes",
        EffectKind::FileRemove => "removes",
        EffectKind::FileRename => "renames",
        EffectKind::FileLink | EffectKind::FileSymlink => "links",
        EffectKind::FileTimes => "sets the times of",
        EffectKind::NetworkLookup => "looks up",
        EffectKind::NetworkConnect => "connects to",
        EffectKind::ClockWall | EffectKind::ClockMonotonic => "reads the clock",
        EffectKind::Wait => "waits",
        EffectKind::Random => "draws random bytes",
        EffectKind::Other => "does",
    };
    format!("{no_longer}{verb} {subject}").trim_end().to_owned()
}

pub(super) fn section(view: &View<'_>) -> Section {
    let tested = &view.case.environment;
    let nothing_is_found = tested.turns.iter().all(|turn| turn.severity == Severity::Info);
    if !tested.untried.is_empty() && nothing_is_found {
        let mut names = tested.untried.clone();
        names.dedup();
        return Section::not_checked(format!("the budget did not last for {}", names.join(", ")));
    }
    if tested.tried.is_empty() && tested.unnoticed.is_empty() {
        return Section::not_checked("the budget did not last so far".into());
    }
    // That it minds its own data is no news.
    let is_news = |turn: &&Turn| {
        turn.severity > Severity::Info || !matches!(turn.source, Source::File(_) | Source::Preopens)
    };
    let findings: Vec<Finding> = tested.turns.iter().filter(is_news).map(finding).collect();
    let told: Vec<&Turn> = tested.turns.iter().filter(|turn| turn.severity > Severity::Info).collect();
    let tried: Vec<String> = tested.tried.iter().map(|(name, number)| text::several(*number, name)).collect();
    let mut why = match (told.as_slice(), tried.as_slice()) {
        ([], []) => "it looks at nothing that could be otherwise".to_owned(),
        ([], _) => match findings.is_empty() {
            true => format!("{}: no effect", tried.join(", ")),
            false => format!("{}: no effect that is not declared", tried.join(", ")),
        },
        (told, _) => told.iter().map(|turn| line(turn)).collect::<Vec<_>>().join("; "),
    };
    if !tested.untried.is_empty() {
        let mut names = tested.untried.clone();
        names.dedup();
        why.push_str(&format!("; the budget did not last for {}", names.join(", ")));
    }
    if tested.left_out > 0 {
        why.push_str(&format!("; {} more ways of turning, none of them worse", tested.left_out));
    }
    Section::of(why, findings)
}

fn line(turn: &Turn) -> String {
    let effects: Vec<String> = turn.deviations.iter().flat_map(count::words).collect();
    format!("{}: {}", turn.condition, effects.join(", "))
}

fn finding(turn: &Turn) -> Finding {
    let effects: Vec<String> = turn.deviations.iter().flat_map(count::words).collect();
    Finding {
        class: Class::Environment,
        severity: turn.severity,
        runs: vec![turn.of],
        what: format!(
            "with {}: {}",
            turn.words,
            if effects.is_empty() { "it looks elsewhere".into() } else { effects.join(", ") }
        ),
        expected: format!("run {} as it was", turn.of),
        observed: match turn.undeclared.as_slice() {
            [] => format!("{} of {} conditions make it differ so", turn.hits, turn.asked),
            missing => format!("not declared: {}", missing.join(", ")),
        },
        cause: turn.source.to_string(),
        owasp_ast: "AST01",
    }
}
