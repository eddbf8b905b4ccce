//! The envelope: what a skill declares that it needs, and whether one call is inside it.
//!
//! A skill ships a manifest, `skill.toml`. Its `[envelope]` table is a *request*: lists of patterns on
//! guest paths, network destinations, variable names, plus clocks, random and limits. Parsing keeps the
//! exact place of every value, so that an error names file, line and column ([`DocumentError`]).
//!
//! [`Envelope::decide`] answers the one question the membrane asks: is this call inside? When it is not,
//! the answer carries the line that would allow it. [`Envelope::covers`] compares two envelopes: everything
//! the inner one allows, the outer one allows too. Both are pure.
//!
//! Invariant: no field is accepted and not enforced; unknown or unenforceable fields are errors.

mod decide;
mod document;
mod envelope;
mod learnt;
mod manifest;
mod pattern;
mod policy;
mod value;

pub use decide::{AccessRequest, MissingPermission};
pub use document::{Document, DocumentError};
pub use envelope::{Clocks, Envelope, Limits};
pub use learnt::{Entries, toml_text};
pub use manifest::{
    CallClaims, Claims, Complexity, Lab, LabCall, Manifest, Session, Skill, Tests, VariesWith,
};
pub use pattern::{
    Bindings, Host, NamePattern, NetworkPattern, PathPattern, PatternError, Request, Scheme, Variable,
};
pub use value::{parse_duration, parse_size, show_size};
