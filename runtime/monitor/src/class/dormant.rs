//! Code that was never executed, held against the envelope: what it could do without anything like it being declared.

use std::collections::BTreeMap;

use invar_envelope::Envelope;

use crate::{Class, Dormant, Finding, Severity};

/// One finding for each capability of which nothing at all is declared. Where something is, this would be a guess:
/// what code that never ran would contact or write is not known.
pub(super) fn findings(envelope: &Envelope, dormant: &[Dormant]) -> Vec<Finding> {
    let mut by_capability: BTreeMap<&str, Vec<&Dormant>> = BTreeMap::new();
    for own in dormant {
        for capability in own.reaches.iter().filter_map(|reach| reach.capability()) {
            let all = by_capability.entry(capability).or_default();
            if !all.contains(&own) {
                all.push(own);
            }
        }
    }
    by_capability
        .into_iter()
        .filter(|(capability, _)| match *capability {
            "network" => envelope.network.is_empty(),
            _ => envelope.files_write.is_empty(),
        })
        .map(|(capability, all)| {
            let more = match all.len() {
                1 => String::new(),
                len => format!(" and {} more", len - 1),
            };
            Finding {
                class: Class::Envelope,
                severity: Severity::Minor,
                runs: Vec::new(),
                what: format!("{}{more}; {capability} is not declared", all[0]),
                expected: "only what is declared can be done".into(),
                observed: format!("code for {}, which no run executed", all[0].deeds()),
                cause: all[0].guard.clone().unwrap_or_else(|| "not known".into()),
                owasp_ast: "AST03",
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use invar_envelope::{Document, Envelope, Manifest};

    use super::findings;
    use crate::{Dormant, Reach, Severity};

    fn envelope(lines: &str) -> Envelope {
        let text = format!("[envelope]\n{lines}\n");
        Manifest::parse_envelope(Document { name: "skill.toml", text: &text }).unwrap()
    }

    fn dormant(reaches: &[Reach]) -> Vec<Dormant> {
        vec![Dormant {
            place: "function 7, called from function 3 at 0x1b2".into(),
            guard: Some("behind a comparison at 0x1a0 that always held".into()),
            reaches: reaches.iter().copied().collect(),
            texts: vec!["/out/EXFIL.bin".into()],
            runs: 812,
        }]
    }

    #[test]
    fn what_could_be_done_counts_only_if_nothing_like_it_is_declared() {
        let all = [Reach::Open, Reach::Write, Reach::Connect];
        let found = findings(&envelope(""), &dormant(&all));
        assert_eq!(found.len(), 2, "network and files.write: {found:?}");
        assert!(found.iter().all(|own| own.severity == Severity::Minor));
        let writes = envelope("files.write = [\"/state/**\"]");
        let found = findings(&writes, &dormant(&all));
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].what,
            "function 7, called from function 3 at 0x1b2 behind a comparison at 0x1a0 that always held, can reach \
             file open, file write and network connect; it names /out/EXFIL.bin; never executed in 812 runs; \
             network is not declared"
        );
        assert!(findings(&writes, &dormant(&[Reach::Open, Reach::Write])).is_empty());
        assert!(findings(&envelope(""), &dormant(&[Reach::Open])).is_empty(), "it may be to read");
    }
}
