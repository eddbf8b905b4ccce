//! What a run may do.

use std::sync::Arc;

use invar_envelope::{AccessRequest, Envelope, MissingPermission};
use invar_trace::Verdict;

/// What a run may do, and what happens when it tries something else. Nothing of it changes while the run lasts.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// What the skill declares; none: there is no envelope, and every call is inside.
    pub declared: Option<Arc<Envelope>>,
    /// What the operator grants of that; none: all of it. It can take away and never add.
    pub granted: Option<Arc<Envelope>>,
    /// What happens to a call that is not allowed.
    pub mode: Mode,
}

/// What happens to a call that is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// It is answered and recorded as a violation. Nothing real is behind the answer, so grants are not asked.
    #[default]
    Observe,
    /// It is refused and recorded as denied.
    Enforce,
}

impl Policy {
    /// Decides one call.
    #[inline]
    pub(crate) fn decide(&self, request: &AccessRequest<'_>) -> Verdict {
        match (missing(self.declared.as_deref(), request), self.mode) {
            (Some(missing), Mode::Observe) => Verdict::Violation(missing),
            (Some(missing), Mode::Enforce) => Verdict::Denied(missing),
            (None, _) => match missing(self.enforced_grant(), request) {
                Some(missing) => Verdict::NotGranted(missing),
                None => Verdict::Allowed,
            },
        }
    }

    /// How many entries a decision goes through, at most.
    pub(crate) fn entries(&self, request: &AccessRequest<'_>) -> u64 {
        let envelopes = [self.declared.as_deref(), self.enforced_grant()];
        envelopes.into_iter().flatten().map(|envelope| envelope.entries_for(request)).sum()
    }

    /// Whether random bytes are declared.
    pub(crate) fn declares_random(&self) -> bool {
        self.declared.as_ref().is_some_and(|envelope| envelope.random)
    }

    /// Whether the time of day may be seen.
    pub(crate) fn shows_time(&self) -> bool {
        let declared = self.declared.as_ref().is_some_and(|envelope| envelope.clocks.wall);
        let granted = self.enforced_grant().is_none_or(|grant| grant.clocks.wall);
        self.mode == Mode::Observe || (declared && granted)
    }

    fn enforced_grant(&self) -> Option<&Envelope> {
        self.granted.as_deref().filter(|_| self.mode == Mode::Enforce)
    }
}

/// What an envelope lacks for a call; without an envelope nothing.
fn missing(envelope: Option<&Envelope>, request: &AccessRequest<'_>) -> Option<MissingPermission> {
    envelope?.decide(request).err()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use invar_envelope::{AccessRequest, Document, Manifest};
    use invar_trace::Verdict;

    use super::{Mode, Policy};

    fn envelope(lines: &str) -> Option<Arc<invar_envelope::Envelope>> {
        let text = format!("[envelope]\n{lines}");
        let document = Document { name: "envelope", text: &text };
        Some(Arc::new(Manifest::parse_envelope(document).unwrap()))
    }

    fn policy(mode: Mode) -> Policy {
        Policy {
            declared: envelope("files.read = [\"/data/**\"]\nclock = [\"wall\"]"),
            granted: envelope("files.read = [\"/data/a\", \"/etc/**\"]"),
            mode,
        }
    }

    #[test]
    fn allowed_is_what_is_declared_and_granted() {
        let policy = policy(Mode::Enforce);
        let read = |path| policy.decide(&AccessRequest::Read(path));
        assert_eq!(read("/data/a"), Verdict::Allowed);
        assert!(matches!(read("/data/b"), Verdict::NotGranted(_)), "declared and not granted");
        assert!(matches!(read("/etc/x"), Verdict::Denied(_)), "a grant adds nothing");
        assert!(matches!(policy.decide(&AccessRequest::WallClock), Verdict::NotGranted(_)));
        assert!(!policy.shows_time());
        assert!(policy.entries(&AccessRequest::Read("/data/a")) > 1, "both are gone through");
    }

    #[test]
    fn a_world_that_is_only_observed_needs_no_grant() {
        let policy = policy(Mode::Observe);
        assert_eq!(policy.decide(&AccessRequest::Read("/data/b")), Verdict::Allowed);
        assert!(matches!(policy.decide(&AccessRequest::Read("/etc/x")), Verdict::Violation(_)));
        assert!(policy.shows_time());
    }

    #[test]
    fn without_an_envelope_every_call_is_inside() {
        for mode in [Mode::Observe, Mode::Enforce] {
            let policy = Policy { mode, ..Policy::default() };
            assert_eq!(policy.decide(&AccessRequest::Read("/etc/x")), Verdict::Allowed);
        }
    }
}
