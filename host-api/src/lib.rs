//! The membrane: everything a skill can touch passes here.
//!
//! ```text
//! skill ── WASI call ──► shim (one module an interface) ──► funnel ──► world (lab), or the trace of an earlier run
//!                                                            │ 1 decide against the policy
//!                                                            │ 2 answer
//!                                                            └ 3 record
//! ```
//!
//! [`add_to_linker`] links [`Shim`], which implements every trait generated from the WIT in `wit/`, and
//! nothing else; [`p1`] puts the functions of WASI preview 1 on top of them. Instrumented copies, which the lab makes, get
//! one function more ([`Probe`]). Every shim hands its
//! call to the funnel, where the [`Policy`] decides it; behind it is a [`World`](port::World) with its ports (files, clock,
//! random, network), or the [`Recorded`] answers of a trace. [`lab`] is the virtual world.
//!
//! Invariant: every host call, refused ones too, passes the one funnel and leaves one event.
//! Invariant: host time, entropy, files and sockets are touched only in live adapters; there are none yet.

mod access_policy;
mod answers;
mod bindings;
mod codec;
mod context;
mod contract;
mod funnel;
mod handles;
pub mod lab;
pub mod limits;
mod linker;
mod membrane;
pub mod p1;
mod policy;
pub mod port;
mod probe;
mod shim;
mod stdio;
mod stop;
mod work;

pub use answers::{Recorded, Source};
pub use context::{Context, WorldSetup};
pub use linker::{add_probe_to_linker, add_probe_to_module_linker, add_to_linker};
pub use membrane::{Finished, Membrane, Patience, Setup};
pub use policy::{Mode, Policy};
pub use probe::{BranchFlip, Probe, SiteFlip};
pub use shim::Shim;
pub use stdio::Stdio;
pub use stop::{Ended, NotInTrace, Stop};
