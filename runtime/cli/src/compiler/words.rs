//! The words that the child is started with.

/// The word that makes this binary the child; the next argument is the kind of component.
pub(super) const WORD: &str = "__compile";
pub(super) const ORIGINALS: &str = "originals";
pub(super) const COPIES: &str = "copies";
