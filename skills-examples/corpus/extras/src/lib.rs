//! What only the skills of `hidden` need beside the kit: dates as text, hashes, a cipher, JSON.
//!
//! It is no part of the kit, since what is added there, used or not, can change how the kit's own functions are
//! compiled, and with them the components of skills that were there before. Those are to stay what they are.
#![no_std]

extern crate alloc;

mod bindings {
    #![allow(missing_docs, reason = "generated")]
    wit_bindgen::generate!({
        path: "../../../wit",
        inline: "package corpus:extras; world extras { import wasi:random/random@0.2.12; }",
        world: "corpus:extras/extras",
        generate_all,
    });
}

mod calendar;
mod chance;
mod cipher;
mod digests;
mod json;

pub use calendar::*;
pub use chance::*;
pub use cipher::*;
pub use digests::*;
pub use json::*;
