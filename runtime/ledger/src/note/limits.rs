//! How long notes may be, and how many may sign them.

/// Bytes of a note's text at most: a checkpoint has three short lines, and nobody makes us hold or hash more.
pub const TEXT_BYTES_MAX: usize = 64 * 1024;
/// Signatures of a note at most: each may cost one verification. Notes with 16 have to be read.
pub const SIGNATURES_MAX: usize = 64;
/// Bytes of a note at most: room for the longest text with 16 of the longest signatures, and no more to hold.
pub const NOTE_BYTES_MAX: usize = 256 * 1024;
