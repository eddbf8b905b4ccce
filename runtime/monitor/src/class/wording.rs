//! Deviations and effects in words.

use std::collections::BTreeSet;

use invar_trace::{Effect, EffectKind};

use crate::{Deviation, Row, text};

/// What a deviation does, in words; nothing if it only looks at something.
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

/// Deviations as a list names them: what lasts, else what is looked at.
pub(super) fn effects(deviations: &[Deviation]) -> Vec<String> {
    let lasting: Vec<String> = deviations.iter().flat_map(words).collect();
    if !lasting.is_empty() {
        return lasting;
    }
    let looks: Vec<String> = looks(deviations).map(ToString::to_string).collect();
    if looks.is_empty() { vec!["it reads other inputs".into()] } else { looks }
}

/// New effects, of deviations of which none lasts.
pub(super) fn looks(deviations: &[Deviation]) -> impl Iterator<Item = &Effect> {
    let new = deviations.iter().filter_map(|deviation| match deviation {
        Deviation::New(effects) => Some(effects),
        _ => None,
    });
    new.flatten()
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use invar_trace::{Effect, EffectKind};

    use super::effects;
    use crate::{Cost, Deviation};

    fn effect(kind: EffectKind, subject: &str) -> Effect {
        Effect { kind, subject: subject.into(), failed: None }
    }

    #[test]
    fn what_is_only_looked_at_is_named_where_nothing_else_differs() {
        let (read, write) = (effect(EffectKind::FileRead, "/a"), effect(EffectKind::FileWrite, "/b"));
        let looks = Deviation::New(BTreeSet::from([read.clone()]));
        assert_eq!(effects(std::slice::from_ref(&looks)), ["file read /a"]);
        assert_eq!(effects(&[looks, Deviation::Cost(Cost::Fuel)]), ["more fuel"]);
        assert_eq!(effects(&[Deviation::New(BTreeSet::from([read, write]))]), ["file write /b"]);
        assert_eq!(effects(&[]), ["it reads other inputs"]);
    }
}
