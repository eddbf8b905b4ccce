//! Output determinism: the same input gives the same output.

use std::collections::BTreeSet;

use invar_trace::Behaviour;

use super::View;
use crate::{
    Baseline, Class, Deviation, Factor, Finding, Lab, LabError, Question, Row, Section, Severity,
    finding::Source, monitor::Case, text,
};

/// What output was found to vary with.
#[derive(Debug, Clone, Default)]
pub(crate) struct Variation {
    /// The sources, each found by putting one in another's place.
    pub(crate) sources: BTreeSet<Source>,
    /// Runs whose output still differs with all of those held as in run 1.
    pub(crate) unexplained: Vec<u32>,
    /// Runs that were held against run 1 so.
    pub(crate) held: u32,
}

/// Runs that say or send something else although everything that it is known to vary with was held: to be followed
/// up.
pub(crate) struct Unexplained {
    pub(crate) deviation: Deviation,
    pub(crate) runs: Vec<u32>,
    pub(crate) held: Vec<Factor>,
    /// With the one output, or payload, that is left then.
    pub(crate) baseline: Baseline,
}

/// Finds what output varies with: run 1 with the clock and the seed of run 2, and, if outputs differ, run 2 with
/// each file as run 1 found it.
pub(crate) fn investigate(
    baseline: &Baseline,
    rows: &[Row],
    case: &mut Case,
    lab: &mut dyn Lab,
) -> Result<Vec<Unexplained>, LabError> {
    let probes =
        [Question::again(1), Question::with(1, [Factor::Clock], 2), Question::with(1, [Factor::Random], 2)];
    let answers = lab.ask(&probes)?;
    let same = |index: usize| {
        let (own, other) = (&answers[0], &answers[index]);
        (own.said(), &own.ending) == (other.said(), &other.ending)
    };
    for (index, source) in [(1, Source::Clock), (2, Source::Random)] {
        if !same(index) {
            case.output.sources.insert(source);
        }
    }
    let (says_one, sends_one) = (baseline.has_one_output(), baseline.sent.len() < 2);
    if says_one && sends_one {
        return Ok(Vec::new());
    }
    // With clock and seed held, what is left hangs on the files.
    let own = answers[0].said();
    let held = |run: u32| Question::with(run, [Factor::Clock, Factor::Random], 1);
    let answer = lab.ask(&[held(2)])?;
    if answer[0].said() != own {
        for path in lab.changed(1, 2) {
            let question = Question::with(2, [Factor::Clock, Factor::Random, Factor::File(path.clone())], 1);
            let answer = lab.ask(&[question])?;
            if answer[0].said() == own {
                case.output.sources.insert(Source::File(path));
            }
        }
    }
    // Every run with all of that held: what still differs hangs on something else.
    let mut factors = vec![Factor::Clock, Factor::Random];
    factors.extend(case.output.sources.iter().filter_map(|source| match source {
        Source::File(path) => Some(Factor::File(path.clone())),
        _ => None,
    }));
    let runs: Vec<u32> = rows.iter().map(|row| row.run).filter(|run| lab.has(*run)).collect();
    let questions: Vec<Question> =
        runs.iter().map(|run| Question::with(*run, factors.iter().cloned(), 1)).collect();
    let held = lab.ask(&questions)?;
    let differing = |differs: &dyn Fn(&Behaviour) -> bool| -> Vec<u32> {
        runs.iter().zip(&held).filter(|(_, answer)| differs(answer)).map(|(run, _)| *run).collect()
    };
    let mut unexplained = Vec::new();
    if !says_one {
        case.output.held = u32::try_from(held.len()).unwrap_or(u32::MAX);
        case.output.unexplained = differing(&|answer| answer.said() != own);
        unexplained.push(Unexplained {
            deviation: Deviation::Output,
            runs: case.output.unexplained.clone(),
            held: factors.clone(),
            baseline: Baseline { outputs: BTreeSet::from([own]), ..baseline.clone() },
        });
    }
    if !sends_one {
        let sent = answers[0].sent;
        unexplained.push(Unexplained {
            deviation: Deviation::Payload,
            runs: differing(&|answer| answer.sent != sent),
            held: factors,
            baseline: Baseline { sent: BTreeSet::from([sent]), ..baseline.clone() },
        });
    }
    unexplained.retain(|own| !own.runs.is_empty());
    Ok(unexplained)
}

pub(super) fn section(view: &View<'_>) -> Section {
    let mut findings = Vec::new();
    let total = view.rows.len();
    let Variation { sources, unexplained, held } = &view.case.output;
    for source in sources {
        let expected = view.declared.is_expected(source);
        findings.push(Finding {
            class: Class::OutputDeterminism,
            severity: if expected { Severity::Info } else { Severity::Major },
            runs: vec![1],
            what: match expected {
                true => format!("output varies with {source}, as declared"),
                false => format!("output varies with {source}, which nothing declares"),
            },
            expected: "the same output for the same input".into(),
            observed: "another output with nothing else changed".into(),
            cause: source.to_string(),
            owasp_ast: "AST01",
        });
    }
    for (group, deviation) in view.groups_with(|deviation| *deviation == Deviation::Output) {
        let attribution = group.attribution_of(|own| own == deviation);
        let held = if group.held.is_empty() { "" } else { ", with all of that held" };
        findings.push(Finding {
            class: Class::OutputDeterminism,
            severity: view.severity(group, deviation, attribution),
            runs: group.runs.clone(),
            what: match attribution.and_then(|own| own.only_in) {
                Some(only) => {
                    format!("{}: output differs {only}, on the same input{held}", text::runs(&group.runs))
                }
                None => format!("{}: another output on the same input{held}", text::runs(&group.runs)),
            },
            expected: "the output of the first runs".into(),
            observed: match attribution.and_then(|own| own.only_in) {
                Some(only) => format!("another, {only}"),
                None => "another".into(),
            },
            cause: view.cause(attribution),
            owasp_ast: "AST01",
        });
    }
    let first = view.rows.first().map(Row::said);
    let equal = view.rows.iter().filter(|row| Some(row.said()) == first).count();
    let names: Vec<String> = sources.iter().map(ToString::to_string).collect();
    let why = match (equal == total, names.as_slice()) {
        (true, []) => format!("{equal} of {total} outputs equal"),
        (true, names) => format!("{equal} of {total} outputs equal; varies with {}", names.join(", ")),
        (false, []) => format!("{equal} of {total} outputs equal to the first"),
        (false, names) => format!(
            "varies with {}; that held, {} of {held} outputs equal",
            names.join(", "),
            *held as usize - unexplained.len(),
        ),
    };
    let told: Vec<&str> = findings
        .iter()
        .filter(|finding| finding.severity > Severity::Info && finding.runs.len() < total)
        .map(|finding| finding.what.as_str())
        .collect();
    let why = if told.is_empty() { why } else { format!("{why}; {}", told.join("; ")) };
    Section::of(why, findings)
}
