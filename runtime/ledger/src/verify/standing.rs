//! How far what was verified can be relied on, in words.

use super::Audit;
use crate::{Policy, show};

/// What nobody outside has seen.
const ALONE: &str = "locally consistent, not witnessed";

/// How far what was found can be relied on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// In words; never that it is verified, and no more.
    pub text: String,
    /// Whether as many witnesses saw some of it as the policy asks for.
    pub is_witnessed: bool,
    /// What the policy asks for and is not there.
    pub lacks: Option<String>,
}

impl Standing {
    /// Of a log that was verified with the witnesses of that policy.
    #[must_use]
    pub fn of(audit: &Audit, policy: &Policy) -> Self {
        let seen = |size: u64| audit.cosigned.iter().filter(move |own| own.size >= size);
        let quorum = |size: u64| policy.satisfied_by(seen(size).map(|own| &own.witness));
        let names = |size: u64| {
            let mut names: Vec<String> = seen(size)
                .map(|own| format!("{} at {}", own.witness.name(), show::time_of_seconds(own.time_s)))
                .collect();
            names.sort();
            names.dedup();
            names.join(", ")
        };
        let mut sizes: Vec<u64> = audit.cosigned.iter().map(|own| own.size).collect();
        sizes.sort_unstable();
        if policy.witnesses().is_empty() {
            return Self { text: ALONE.into(), is_witnessed: false, lacks: None };
        }
        match sizes.into_iter().rev().find(|size| quorum(*size)) {
            None => Self {
                text: ALONE.into(),
                is_witnessed: false,
                lacks: Some(format!(
                    "{} of the {} witnesses of the policy cosigned this trail, fewer than it asks for",
                    audit.cosigned.len(),
                    policy.witnesses().len()
                )),
            },
            Some(size) if size == audit.head.size => {
                Self { text: format!("witnessed by {}", names(size)), is_witnessed: true, lacks: None }
            }
            Some(size) => Self {
                text: format!(
                    "events 0–{} witnessed by {}; those after them locally consistent, not witnessed",
                    size - 1,
                    names(size)
                ),
                is_witnessed: true,
                lacks: None,
            },
        }
    }
}
