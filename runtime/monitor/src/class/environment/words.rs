//! Branch flips as triggers, findings and sentences.

use invar_trace::{Effect, EffectKind};
use invar_world::Change;

use crate::{
    Boundary, Class, Confidence, Cost, Deviation, Evidence, Finding, Trigger, TriggerKind, class::wording,
    command, results::BranchFlip, text, trigger_kind::kind_of,
};

pub(super) fn trigger(flip: &BranchFlip, id: &str) -> Trigger {
    let mut evidence = vec![Evidence::Undo, Evidence::Counterfactual];
    evidence.extend(flip.confirmed.then_some(Evidence::Replay));
    evidence.extend(flip.bisected.then_some(Evidence::Bisect));
    let effects = wording::effects(&flip.deviations);
    let whole = Trigger {
        kind: flip.kind,
        condition: flip.condition.clone(),
        first_run: None,
        period: None,
        boundary: flip.boundary.clone(),
        source: flip.source.to_string(),
        value: match &flip.change {
            Change::Env { value, .. } => value.clone(),
            Change::File { content, .. } => {
                content.as_ref().map(|content| String::from_utf8_lossy(content).trim_end().to_owned())
            }
            Change::Network(network_condition) => Some(network_condition.as_str().to_owned()),
            _ => None,
        },
        all: Vec::new(),
        confidence: if flip.confirmed && flip.specific {
            Confidence::Confirmed
        } else {
            Confidence::Suspected
        },
        evidence,
        reproduce: match command::target(&flip.change) {
            // Without the change, it would show nothing.
            None => String::new(),
            Some(target) => command::replay(id, flip.of, &[target]),
        },
        runs: Vec::new(),
        severity: flip.severity,
        proof: None,
        sentence: Some(sentence(flip)),
        effects,
        calls: flip.in_calls.calls(),
    };
    if flip.needs.is_empty() {
        return whole;
    }
    let part = |kind, source: String| Trigger {
        kind,
        condition: source.clone(),
        source,
        boundary: Boundary::default(),
        effects: Vec::new(),
        calls: Vec::new(),
        reproduce: String::new(),
        sentence: None,
        ..whole.clone()
    };
    let mut all = vec![Trigger {
        kind: kind_of(&flip.source),
        boundary: whole.boundary.clone(),
        ..part(kind_of(&flip.source), whole.source.clone())
    }];
    all.extend(
        flip.needs.iter().map(|path| part(TriggerKind::File, format!("file {}", path.escape_debug()))),
    );
    let sources: Vec<String> = all.iter().map(|part| part.source.clone()).collect();
    Trigger { source: sources.join(", "), all, ..whole }
}

/// `With CI=true, run 20 connects to tcp://…. Without it, it does not.`
fn sentence(flip: &BranchFlip) -> String {
    let actions = text::join(&all_actions(&flip.deviations));
    let place = flip.in_calls.words();
    format!(
        "With {}, run {} {actions}{place}. Without it, it does not.{}",
        flip.words,
        flip.of,
        says(flip.says.as_ref())
    )
}

/// What its output then holds, as one more sentence.
pub(super) fn says(says: Option<&String>) -> String {
    says.map_or_else(String::new, |says| format!(" Its output then holds {says}."))
}

/// Deviations as verbs of a sentence.
pub(super) fn all_actions(deviations: &[Deviation]) -> Vec<String> {
    let lasting: Vec<String> =
        deviations.iter().flat_map(|deviation| actions(deviation, deviations)).collect();
    match lasting.is_empty() {
        true => {
            let looks: Vec<String> = wording::looks(deviations).map(|effect| action(effect, "")).collect();
            if looks.is_empty() { vec!["reads other inputs".into()] } else { looks }
        }
        false => lasting,
    }
}

/// One deviation as verbs of a sentence.
pub(super) fn actions(deviation: &Deviation, all: &[Deviation]) -> Vec<String> {
    let contacts = |deviation: &Deviation| matches!(deviation, Deviation::New(effects) if effects.iter().any(|it| it.kind.opens_a_way_out()));
    match deviation {
        Deviation::New(effects) => {
            effects.iter().filter(|effect| effect.is_lasting()).map(|effect| action(effect, "")).collect()
        }
        Deviation::Missing(effects) => effects.iter().map(|effect| action(effect, "no longer ")).collect(),
        Deviation::Output => vec!["writes another output".into()],
        Deviation::Errors => vec!["writes another standard error".into()],
        Deviation::Payload => vec!["sends other bytes".into()],
        Deviation::Ending => vec!["ends differently".into()],
        // A connection implies sending.
        Deviation::Cost(Cost::Sent) if all.iter().any(contacts) => Vec::new(),
        Deviation::Cost(cost) | Deviation::Growth(cost) => vec![format!("takes more {}", cost.as_str())],
    }
}

fn action(effect: &Effect, no_longer: &str) -> String {
    let subject = effect.subject.escape_debug();
    let verb = match effect.kind {
        EffectKind::FileStat | EffectKind::FileRead if effect.failed.is_some() => "looks for",
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
        EffectKind::HttpRequest => "sends",
        EffectKind::NetworkDatagram => "sends datagrams to",
        EffectKind::NetworkListen => "listens at",
        EffectKind::ClockWall | EffectKind::ClockMonotonic => "reads the clock",
        EffectKind::Wait => "waits",
        EffectKind::Random => "draws random bytes",
        EffectKind::Other => "does",
    };
    format!("{no_longer}{verb} {subject}").trim_end().to_owned()
}

pub(super) fn line(flip: &BranchFlip) -> String {
    format!("{}: {}{}", flip.condition, wording::effects(&flip.deviations).join(", "), flip.in_calls.words())
}

pub(super) fn finding(flip: &BranchFlip) -> Finding {
    Finding {
        class: Class::Environment,
        severity: flip.severity,
        runs: vec![flip.of],
        what: format!(
            "with {}: {}{}",
            flip.words,
            wording::effects(&flip.deviations).join(", "),
            flip.in_calls.words()
                + &flip.says.as_ref().map_or_else(String::new, |says| format!(", with {says}"))
        ),
        expected: format!("run {} as without it", flip.of),
        observed: match flip.undeclared.as_slice() {
            [] => format!("{} of {} conditions have this effect", flip.hits, flip.asked),
            missing => format!("not declared: {}", missing.join(", ")),
        },
        cause: flip.source.to_string(),
        owasp_ast: "AST01",
    }
}
