//! What the skills of the corpus are made of.
//!
//! A component with the standard library's files and sockets takes 100 KB, and the corpus holds 150 of them. So
//! the skills call WASI by its raw bindings, through the few functions here, and take a tenth of that.
#![no_std]

extern crate alloc;

mod bindings {
    #![allow(missing_docs, reason = "generated")]
    wit_bindgen::generate!({ path: "../../../wit", world: "membrane", generate_all });
}

pub mod clock;
pub mod cpu;
pub mod environment;
pub mod files;
pub mod jobs;
pub mod memory;
pub mod network;
pub mod streams;

/// Everything that a skill uses.
pub mod prelude {
    pub use alloc::{format, string::String, string::ToString, vec, vec::Vec};

    pub use crate::{clock::*, cpu::*, environment::*, files::*, jobs::*, network::*, skill, streams::*};
}

/// Makes a function the entry point of a component.
///
/// The C runtime that the linker adds calls this name; defining it keeps the runtime's own, which would read the
/// arguments and so call the host, out of the component.
#[macro_export]
macro_rules! skill {
    ($run:ident) => {
        #[unsafe(no_mangle)]
        extern "C" fn __main_void() -> i32 {
            $run();
            0
        }
    };
}

// The C runtime's start calls into it.
#[link(name = "c")]
unsafe extern "C" {}

/// Without a message: formatting one would be half of each component.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
