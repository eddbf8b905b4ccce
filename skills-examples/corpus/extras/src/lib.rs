//! What only the skills of `hidden` need beside the kit: dates as text, hashes, a cipher, JSON.
//!
//! It is no part of the kit, since what is added there is compiled into the other skills otherwise, if they use it
//! or not: functions are shared and inlined by who else calls them. Their components are to stay what they are.
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
