//! What a run asked of the network, and its world had no answer for.

use invar_envelope::{NetworkPattern, Scheme};
use invar_world::{Responder, toml_line};

use crate::{Effect, EffectKind};

/// A request, a connection or datagrams to a destination that no entry of the world's script matches. The lab accepts it, and
/// gives nothing in return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unanswered {
    /// Method and URL, or scheme, host and port: also the pattern of an entry that would match it.
    pub asked: String,
    scheme: Scheme,
}

impl Unanswered {
    /// Those among the effects of a run, in their order.
    pub fn of<'a>(script: &[Responder], effects: impl IntoIterator<Item = &'a Effect>) -> Vec<Self> {
        let mut found: Vec<Self> = Vec::new();
        for effect in effects {
            let asks = matches!(
                effect.kind,
                EffectKind::HttpRequest | EffectKind::NetworkConnect | EffectKind::NetworkDatagram
            );
            // What failed was refused or denied: that is an answer.
            if !asks || effect.failed.is_some() {
                continue;
            }
            let Ok(pattern) = NetworkPattern::parse(&effect.subject) else { continue };
            let is_answered = script.iter().any(|entry| entry.matches.covers(&pattern));
            if !is_answered && found.iter().all(|one| one.asked != effect.subject) {
                found.push(Self { asked: effect.subject.clone(), scheme: pattern.scheme() });
            }
        }
        found
    }

    /// An entry of a world file that answers it, with the answer left to be written.
    #[must_use]
    pub fn entry(&self) -> [String; 3] {
        let answer = match self.scheme {
            Scheme::Http | Scheme::Https => "body = \"...\"",
            Scheme::Tcp | Scheme::Udp => "dialogue = [{ say = \"...\" }]",
        };
        ["[[network]]".into(), format!("match = {}", toml_line(&self.asked)), answer.into()]
    }
}

#[cfg(test)]
mod tests {
    use invar_envelope::NetworkPattern;
    use invar_world::Responder;

    use super::Unanswered;
    use crate::{Effect, EffectKind};

    fn effect(kind: EffectKind, subject: &str) -> Effect {
        Effect { kind, subject: subject.into(), failed: None }
    }

    #[test]
    fn what_no_entry_matches_is_unanswered_once() {
        let script = [Responder::new(NetworkPattern::parse("GET https://api.example.com/v1/*").unwrap())];
        let refused = Effect {
            failed: Some("access-denied".into()),
            ..effect(EffectKind::NetworkConnect, "tcp://a:1")
        };
        let effects = [
            effect(EffectKind::HttpRequest, "GET https://api.example.com/v1/a"),
            effect(EffectKind::HttpRequest, "POST https://api.example.com/v1/a"),
            effect(EffectKind::HttpRequest, "POST https://api.example.com/v1/a"),
            effect(EffectKind::NetworkConnect, "tcp://db.internal:5432"),
            effect(EffectKind::NetworkLookup, "db.internal"),
            effect(EffectKind::FileRead, "/data"),
            refused,
        ];
        let found = Unanswered::of(&script, &effects);
        let asked: Vec<&str> = found.iter().map(|one| one.asked.as_str()).collect();
        assert_eq!(asked, ["POST https://api.example.com/v1/a", "tcp://db.internal:5432"]);
        assert_eq!(found[0].entry()[2], "body = \"...\"");
        assert_eq!(
            found[1].entry()[1..],
            ["match = \"tcp://db.internal:5432\"", "dialogue = [{ say = \"...\" }]"]
        );
    }
}
