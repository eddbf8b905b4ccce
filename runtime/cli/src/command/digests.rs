//! Digests as people read them.

use invar_world::Digest;

/// `sha256:4f1c09…e2`
pub(super) fn short(digest: Digest) -> String {
    let hex = digest.to_string();
    format!("sha256:{}…{}", &hex[..6], &hex[62..])
}
