//! How far what was verified can be relied on, in words.

use super::Audit;
use crate::{Policy, show};

/// What nobody outside has seen.
pub const NOT_WITNESSED: &str = "locally consistent, not witnessed";

/// How far what was found can be relied on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustStatus {
    /// In words; never that it is verified, and no more.
    pub text: String,
    /// Whether as many witnesses saw some of it as the policy asks for.
    pub is_witnessed: bool,
    /// What the policy asks for and is not there.
    pub missing: Option<String>,
}

impl Audit {
    /// What else its user should know, a sentence each, without the full stop.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        let Self { gone, behind_bytes, is_closed, .. } = self;
        let mut remarks = Vec::new();
        if *gone > 0 {
            remarks.push(format!("of {gone} events only hashes are left: they were pruned"));
        }
        if *behind_bytes > 0 {
            remarks.push(format!(
                "{behind_bytes} bytes follow the last signature: a write that was cut short, or a last batch that was \
                 changed since; they count for nothing"
            ));
        }
        if !is_closed {
            remarks.push(
                "the last command that wrote did not end in order, or the end was cut off since".to_owned(),
            );
        }
        remarks
    }
}

impl TrustStatus {
    /// Of a log that was verified with the witnesses of that policy.
    #[must_use]
    pub fn of(audit: &Audit, policy: &Policy) -> Self {
        let seen = |size: u64| audit.cosigned.iter().filter(move |cosigned| cosigned.size >= size);
        let quorum = |size: u64| policy.satisfied_by(seen(size).map(|cosigned| &cosigned.witness));
        let names = |size: u64| {
            let mut names: Vec<String> = seen(size)
                .map(|cosigned| {
                    format!("{} at {}", cosigned.witness.name(), show::time_of_seconds(cosigned.time_s))
                })
                .collect();
            names.sort();
            names.dedup();
            names.join(", ")
        };
        let mut sizes: Vec<u64> = audit.cosigned.iter().map(|cosigned| cosigned.size).collect();
        sizes.sort_unstable();
        if policy.witnesses().is_empty() {
            return Self { text: NOT_WITNESSED.into(), is_witnessed: false, missing: None };
        }
        match sizes.into_iter().rev().find(|size| quorum(*size)) {
            None => Self {
                text: NOT_WITNESSED.into(),
                is_witnessed: false,
                missing: Some(format!(
                    "{} of the {} witnesses of the policy cosigned this trail, fewer than it asks for",
                    audit.cosigned.len(),
                    policy.witnesses().len()
                )),
            },
            Some(size) if size == audit.head.size => {
                Self { text: format!("witnessed by {}", names(size)), is_witnessed: true, missing: None }
            }
            Some(size) => Self {
                text: format!(
                    "events 0–{} witnessed by {}; those after them locally consistent, not witnessed",
                    size - 1,
                    names(size)
                ),
                is_witnessed: true,
                missing: None,
            },
        }
    }
}
