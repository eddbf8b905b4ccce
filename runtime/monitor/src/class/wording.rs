//! Deviations and effects in words.

use std::collections::BTreeSet;

use invar_trace::{Effect, EffectKind};

use crate::{Deviation, Row, text};

/// What a deviation does, in words.
pub(super) fn words(deviation: &Deviation) -> Vec<String> {
    match deviation {
        Deviation::New(effects) => {
            effects.iter().filter(|effect| effect.is_lasting()).map(ToString::to_string).collect()
        }
        Deviation::Missing(effects) => effects.iter().map(|effect| format!("no {effect}")).collect(),
        Deviation::Output => vec!["another output".into()],
        Deviation::Errors => vec!["another standard error".into()],
        Deviation::Payload => vec!["other bytes sent".into()],
        Deviation::Ending => vec!["another end".into()],
        Deviation::Cost(cost) => vec![format!("more {}", cost.as_str())],
        Deviation::Growth(cost) => vec![format!("{} that grows", cost.as_str())],
    }
}

/// Effects in words, those that last first, with the bytes that went to each destination.
pub(super) fn list(effects: &BTreeSet<Effect>, rows: &[&Row]) -> String {
    const SHOWN: usize = 4;
    let mut sorted: Vec<&Effect> = effects.iter().collect();
    sorted.sort_by_key(|effect| (!effect.is_lasting(), !sends(effect.kind)));
    let mut words: Vec<String> = sorted.iter().take(SHOWN).map(|effect| word(effect, rows)).collect();
    if sorted.len() > SHOWN {
        words.push(format!("{} more", sorted.len() - SHOWN));
    }
    words.join(" · ")
}

fn word(effect: &Effect, rows: &[&Row]) -> String {
    // "network connect tcp://…" reads better without its first word here.
    let text = effect.to_string();
    let text = text.split_once(' ').map_or(text.clone(), |(_, rest)| rest.to_owned());
    let sent = rows
        .iter()
        .filter_map(|row| row.run_effects.traffic.get(&effect.subject))
        .map(|traffic| traffic.sent)
        .max();
    match sent {
        Some(sent) if sends(effect.kind) => format!("{text}, {} sent", text::bytes(sent)),
        _ => text,
    }
}

/// Whether bytes go where such an effect leads.
fn sends(kind: EffectKind) -> bool {
    kind.opens_a_way_out() || kind == EffectKind::NetworkListen
}
