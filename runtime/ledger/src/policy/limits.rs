//! How much a policy may hold.

/// Bytes of a policy at most: room for every line that is allowed, and nobody makes us hold more.
pub const POLICY_BYTES_MAX: usize = 256 * 1024;
/// Logs of a policy at most: each may cost a verification for every checkpoint. 32 have to be taken.
pub const LOGS_MAX: usize = 64;
/// Witnesses of a policy at most: each may cost a verification for every checkpoint, and a request to the network for
/// every one that is to be witnessed. 32 have to be taken.
pub const WITNESSES_MAX: usize = 64;
/// Groups of a policy at most: each is counted for every checkpoint. 32 have to be taken.
pub const GROUPS_MAX: usize = 64;
/// Bytes of a URL at most: servers take no longer ones.
pub const URL_BYTES_MAX: usize = 2048;
