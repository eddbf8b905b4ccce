//! What turns, as triggers, findings and sentences.

use invar_trace::{Effect, EffectKind};
use invar_world::Change;

use super::{super::count, Turn, turn::kind};
use crate::{
    Boundary, Class, Confidence, Deviation, Evidence, Finding, Trigger, TriggerKind, command, series::Cost,
    text,
};

pub(super) fn trigger(turn: &Turn, id: &str) -> Trigger {
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
            Change::Network(network_condition) => Some(network_condition.as_str().to_owned()),
            _ => None,
        },
        all: Vec::new(),
        confidence: if turn.confirmed && turn.specific {
            Confidence::Confirmed
        } else {
            Confidence::Suspected
        },
        evidence,
        reproduce: match command::target(&turn.change) {
            // Without what was changed, it would show nothing.
            None => String::new(),
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
    let deeds = text::join(&all_deeds(&turn.deviations));
    format!("With {}, run {} {deeds}. With that put back, it does not.", turn.words, turn.of)
}

/// What deviates, as a list names it: what lasts, else where it looks.
pub(super) fn effects(deviations: &[Deviation]) -> Vec<String> {
    let lasting: Vec<String> = deviations.iter().flat_map(count::words).collect();
    match lasting.is_empty() {
        true => {
            let looks: Vec<String> = looks(deviations).map(ToString::to_string).collect();
            if looks.is_empty() { vec!["it looks elsewhere".into()] } else { looks }
        }
        false => lasting,
    }
}

/// The same as a person would say it.
pub(super) fn all_deeds(deviations: &[Deviation]) -> Vec<String> {
    let lasting: Vec<String> = deviations.iter().flat_map(|own| deeds(own, deviations)).collect();
    match lasting.is_empty() {
        true => {
            let looks: Vec<String> = looks(deviations).map(|own| deed(own, "")).collect();
            if looks.is_empty() { vec!["looks elsewhere".into()] } else { looks }
        }
        false => lasting,
    }
}

/// New effects that leave nothing.
fn looks(deviations: &[Deviation]) -> impl Iterator<Item = &Effect> {
    let new = deviations.iter().filter_map(|own| match own {
        Deviation::New(effects) => Some(effects),
        _ => None,
    });
    new.flatten()
}

/// What it does then, as a person would say it.
pub(super) fn deeds(deviation: &Deviation, all: &[Deviation]) -> Vec<String> {
    let contacts = |own: &Deviation| matches!(own, Deviation::New(effects) if effects.iter().any(|it| it.kind.opens_a_way_out()));
    match deviation {
        Deviation::New(effects) => {
            effects.iter().filter(|own| own.is_lasting()).map(|own| deed(own, "")).collect()
        }
        Deviation::Missing(effects) => effects.iter().map(|own| deed(own, "no longer ")).collect(),
        Deviation::Output => vec!["says something else".into()],
        Deviation::Errors => vec!["says something else to standard error".into()],
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

pub(super) fn line(turn: &Turn) -> String {
    format!("{}: {}", turn.condition, effects(&turn.deviations).join(", "))
}

pub(super) fn finding(turn: &Turn) -> Finding {
    Finding {
        class: Class::Environment,
        severity: turn.severity,
        runs: vec![turn.of],
        what: format!("with {}: {}", turn.words, effects(&turn.deviations).join(", ")),
        expected: format!("run {} as it was", turn.of),
        observed: match turn.undeclared.as_slice() {
            [] => format!("{} of {} conditions make it differ so", turn.hits, turn.asked),
            missing => format!("not declared: {}", missing.join(", ")),
        },
        cause: turn.source.to_string(),
        owasp_ast: "AST01",
    }
}
