//! Output determinism: the same input gives the same output.

use std::{collections::BTreeSet, sync::Arc};

use invar_trace::Behaviour;

use crate::{
    Baseline, Class, Deviation, Factor, Finding, Lab, LabError, Question, Row, Section, Severity, budget,
    class::view::View,
    results::{Investigation, OutputVariation, is_only_errors},
    source::Source,
    text,
    tool_calls::{CallsOfRun, InCalls, locate},
};

/// Runs that are asked about at once: what the budget ends is lost, so few.
const BATCH: usize = 8;

/// Runs of a series that are compared with run 1 whatever they cost. Stops a skill whose output varies as it claims from
/// hiding another output by burning the budget.
const HELD_RUNS_MIN: usize = 100;

/// Questions that are guaranteed: what output varies with; and where it does, each run of the series, and what follows up
/// those that differ.
pub(crate) fn minimum(baseline: &Baseline, rows: &[Row]) -> u32 {
    let least = budget::minimum(Class::OutputDeterminism);
    if !varies(baseline) {
        return least;
    }
    let each = u32::try_from(rows.len().min(HELD_RUNS_MIN)).unwrap_or(u32::MAX);
    least + each + budget::minimum(Class::ExecutionCount)
}

/// Whether what runs say, or send, differs from run to run.
fn varies(baseline: &Baseline) -> bool {
    !baseline.has_one_output() || baseline.sent.len() > 1
}

/// Runs that say or send something else although everything that it is known to vary with was held: to be followed
/// up.
pub(crate) struct Unexplained {
    pub(crate) deviation: Deviation,
    pub(crate) runs: Vec<u32>,
    pub(crate) held: Vec<Factor>,
    /// The calls of a tool skill whose output is another.
    pub(crate) in_calls: InCalls,
    /// With the one output, or payload, that is left then.
    pub(crate) baseline: Baseline,
}

/// Finds what output varies with: run 1 with the clock and the seed of run 2, and, if outputs differ, run 2 with
/// each file as run 1 found it.
pub(crate) fn investigate(
    baseline: &Baseline,
    rows: &[Row],
    investigation: &mut Investigation,
    lab: &mut dyn Lab,
) -> Result<Vec<Unexplained>, LabError> {
    if varies(baseline) {
        investigation.output.uncompared = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    }
    let probes =
        [Question::again(1), Question::with(1, [Factor::Clock], 2), Question::with(1, [Factor::Random], 2)];
    let answers = lab.ask(&probes)?;
    for (index, source) in [(1, Source::Clock), (2, Source::Random)] {
        investigation.output.add(&answers[0], &answers[index], source);
    }
    let (says_one, sends_one) = (baseline.has_one_output(), baseline.sent.len() < 2);
    if !varies(baseline) {
        return Ok(Vec::new());
    }
    // With clock and seed held, the rest depends on the files.
    let usual = answers[0].output_digests();
    let held = |run: u32| Question::with(run, [Factor::Clock, Factor::Random], 1);
    let second = lab.ask(&[held(2)])?.remove(0);
    if second.output_digests() != usual {
        let is_errors = is_only_errors(&answers[0], &second);
        for path in lab.changed(1, 2) {
            let question = Question::with(2, [Factor::Clock, Factor::Random, Factor::File(path.clone())], 1);
            let answer = lab.ask(&[question])?;
            if answer[0].output_digests() == usual {
                investigation.output.insert(&second, &answer[0], Source::File(path), is_errors);
            }
        }
    }
    // Every run with all of that held: what still differs depends on something else.
    let mut factors = vec![Factor::Clock, Factor::Random];
    let known = investigation.output.sources.union(&investigation.output.errors);
    factors.extend(known.filter_map(|source| match source {
        Source::File(path) => Some(Factor::File(path.clone())),
        _ => None,
    }));
    // The last ones first: what waits for a count is in them.
    let runs: Vec<u32> = rows.iter().rev().map(|row| row.run).filter(|run| lab.has(*run)).collect();
    let mut held: Vec<(u32, Arc<Behaviour>)> = Vec::new();
    let mut ended = Ok(());
    for batch in runs.chunks(BATCH) {
        let questions: Vec<Question> =
            batch.iter().map(|run| Question::with(*run, factors.iter().cloned(), 1)).collect();
        match lab.ask(&questions) {
            Ok(answers) => held.extend(batch.iter().copied().zip(answers)),
            // What was compared until then counts.
            Err(LabError::OutOfBudget(spent)) => {
                ended = Err(LabError::OutOfBudget(spent));
                break;
            }
            Err(error) => return Err(error),
        }
    }
    held.sort_by_key(|(run, _)| *run);
    investigation.output.uncompared = u32::try_from(rows.len() - held.len()).unwrap_or(u32::MAX);
    let differing = |differs: &dyn Fn(&Behaviour) -> bool| -> Vec<u32> {
        held.iter().filter(|(_, answer)| differs(answer)).map(|(run, _)| *run).collect()
    };
    let mut unexplained = Vec::new();
    if !says_one {
        let mut in_calls = InCalls::default();
        for (_, answer) in held.iter().filter(|(_, answer)| answer.output_digests() != usual) {
            let usual = CallsOfRun::from(&*answers[0]);
            in_calls.extend(locate(&Deviation::Output, (&**answer).into(), &[usual]));
        }
        investigation.output.held = u32::try_from(held.len()).unwrap_or(u32::MAX);
        investigation.output.unexplained = differing(&|answer| answer.output_digests() != usual);
        let is_other =
            |answer: &Behaviour| answer.output_digests() != usual && !is_only_errors(&answers[0], answer);
        unexplained.push(Unexplained {
            deviation: match differing(&is_other).is_empty() {
                true => Deviation::Errors,
                false => Deviation::Output,
            },
            runs: investigation.output.unexplained.clone(),
            held: factors.clone(),
            in_calls,
            baseline: Baseline { outputs: BTreeSet::from([usual]), ..baseline.clone() },
        });
    }
    if !sends_one {
        let sent = answers[0].sent;
        unexplained.push(Unexplained {
            deviation: Deviation::Payload,
            runs: differing(&|answer| answer.sent != sent),
            held: factors,
            in_calls: InCalls::default(),
            baseline: Baseline { sent: BTreeSet::from([sent]), ..baseline.clone() },
        });
    }
    unexplained.retain(|unexplained| !unexplained.runs.is_empty());
    investigation.tolerate(ended)?;
    Ok(unexplained)
}

/// ` of find and add`; nothing if it is of none.
fn of_functions(functions: &[&String]) -> String {
    const SHOWN_MAX: usize = 3;
    let mut named: Vec<String> =
        functions.iter().take(SHOWN_MAX).map(|name| name.escape_debug().to_string()).collect();
    if functions.len() > SHOWN_MAX {
        named.push(text::several(functions.len() - SHOWN_MAX, "more functions"));
    }
    if named.is_empty() { String::new() } else { format!(" of {}", text::join(&named)) }
}

pub(super) fn section(view: &View<'_>) -> Section {
    let mut findings = Vec::new();
    let total = view.rows.len();
    let output = &view.investigation.output;
    let OutputVariation { sources, errors, unexplained, held, uncompared, .. } = output;
    let varying = sources.iter().map(|source| (source, "output", Severity::Major));
    let varying = varying.chain(errors.iter().map(|source| (source, "standard error", Severity::Minor)));
    for (source, what, severity) in varying {
        let all = output.functions_of(source);
        let expected = view.declared.is_expected_in(&all, source);
        // Those whose claims do not name it, where there are any.
        let lacks_it = |name: &&String| !view.declared.is_expected_in(&[(*name).clone()].into(), source);
        let functions: Vec<&String> = all.iter().filter(|name| expected || lacks_it(name)).collect();
        let what = format!("{what}{}", of_functions(&functions));
        findings.push(Finding {
            class: Class::OutputDeterminism,
            severity: if expected { Severity::Info } else { severity },
            runs: vec![1],
            what: match (expected, source.claim()) {
                (true, _) => format!("{what} varies with {source}, as declared"),
                (false, Some(claim)) => {
                    format!("{what} varies with {source}, which varies_with does not name: \"{claim}\"")
                }
                (false, None) => format!("{what} varies with {source}, which nothing declares"),
            },
            expected: "the same output for the same input".into(),
            observed: "another output with nothing else changed".into(),
            cause: source.to_string(),
            owasp_ast: "AST01",
        });
    }
    let is_output = |deviation: &Deviation| matches!(deviation, Deviation::Output | Deviation::Errors);
    for (group, deviation) in view.groups_with(is_output) {
        let output = if *deviation == Deviation::Errors { "standard error" } else { "output" };
        let attribution = group.attribution_of(|other| other == deviation);
        let held = if group.held.is_empty() { "" } else { ", with all of that held" };
        let place = view.in_calls(group, deviation).words();
        findings.push(Finding {
            class: Class::OutputDeterminism,
            severity: view.severity(group, deviation, attribution),
            runs: group.runs.clone(),
            what: match attribution.and_then(|attribution| attribution.only_in) {
                Some(only) => {
                    format!(
                        "{}: {output} differs {only}, on the same input{held}{place}",
                        text::runs(&group.runs)
                    )
                }
                None => {
                    format!("{}: another {output} on the same input{held}{place}", text::runs(&group.runs))
                }
            },
            expected: "the output of the first runs".into(),
            observed: match attribution.and_then(|attribution| attribution.only_in) {
                Some(only) => format!("another, {only}"),
                None => "another".into(),
            },
            cause: view.cause(attribution),
            owasp_ast: "AST01",
        });
    }
    let first = view.rows.first().map(Row::output_digests);
    let equal = view.rows.iter().filter(|row| Some(row.output_digests()) == first).count();
    let names: Vec<String> = sources.union(errors).map(ToString::to_string).collect();
    let why = match (equal == total, names.as_slice()) {
        (true, []) => format!("{equal} of {total} outputs equal"),
        (true, names) => format!("{equal} of {total} outputs equal; varies with {}", names.join(", ")),
        (false, []) => format!("{equal} of {total} outputs equal to the first"),
        (false, names) => format!(
            "varies with {}; with that held, {} of {held} outputs equal",
            names.join(", "),
            *held as usize - unexplained.len(),
        ),
    };
    let why = match *uncompared {
        0 => why,
        left => format!("{why}; {left} of {total} runs were not compared"),
    };
    let is_unmet = view.investigation.unmet.iter().any(|unmet| unmet.class == Class::OutputDeterminism);
    if is_unmet && findings.iter().all(|finding| finding.severity == Severity::Info) {
        return Section::not_checked(why);
    }
    let reported: Vec<&str> = findings
        .iter()
        .filter(|finding| finding.severity > Severity::Info && finding.runs.len() < total)
        .map(|finding| finding.what.as_str())
        .collect();
    let why = if reported.is_empty() { why } else { format!("{why}; {}", reported.join("; ")) };
    Section::of(why, findings)
}
