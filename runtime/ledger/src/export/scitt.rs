//! Receipts that programs of others verify: COSE Receipts (RFC 9942) over the tree of RFC 9162.
//!
//! A receipt is a signature by the log's key over the root of a published tree, which is left out, and the path from the
//! event to it: only whoever has the event comes to the root that is signed. What is signed is an array of CBOR, which no
//! text of a note is: a signature of one kind is never one of the other.

mod cose;
mod error;
mod path;
mod written;

pub use self::{
    cose::{RECEIPT_BYTES_MAX, ReceiptContent, check, receipt},
    error::ReceiptError,
    written::names,
};
