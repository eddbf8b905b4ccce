//! Skills, loaded and run.
//!
//! [`Engine::load`] identifies a skill by the SHA-256 of its file, a component or a module for WASI p1, compiles it (or
//! takes the code from the sealed [`Cache`]) and links it to the membrane. [`Engine::run`] runs it once from a
//! [`Start`], which holds everything that determines a run, and gives an [`Outcome`]. [`Engine::replay`] does the same
//! from a trace, and says whether it came out the same. [`Engine::run_live`] runs it in another world than the lab. [`AnswersFrom::Schedule`] takes the time from another run's
//! [`TimeSchedule`].
//!
//! Invariant: the same component, engine configuration and start give the same trace, byte for byte.

mod bounds;
mod cache;
mod call;
mod calls;
mod compile;
mod config;
mod docs;
mod entered;
mod entry;
mod error;
mod foreign_host;
mod handles;
mod imports;
mod imports_of_module;
mod linked;
mod live;
mod load;
mod names;
mod not_wasm;
mod patience;
mod probed;
mod refusal;
mod replay;
mod run;
mod slots;
mod stack;
mod start;
mod strict_json;
mod survey;
mod tool;
mod values;

pub use bounds::BoundsError;
pub use cache::{Cache, CacheProblem};
pub use calls::{CALLS_BYTES_MAX, CALLS_MAX, CallError, Calls, find_tool, read_json};
pub use compile::{Compiler, compile};
pub use config::{Runs, comparable};
pub use docs::Docs;
pub use error::{LoadError, RunError};
pub use foreign_host::ForeignHost;
pub use handles::HandleProblem;
pub use imports::Import;
pub use invar_host_api::limits::HOST_SECONDS_MAX;
pub use invar_host_api::{NotInTrace, Probe, SiteFlip, lab::TimeSchedule};
pub use live::LiveStart;
pub use load::{Engine, Skill};
pub use names::Names;
pub use not_wasm::NotWasm;
pub use patience::{Cancel, Patience};
pub use probed::Probed;
pub use refusal::Refusal;
pub use replay::{ReplayError, Replayed, start_of};
pub use run::{AnswersFrom, Outcome, RunOptions};
pub use start::{Start, StartError};
pub use tool::{CallNames, Signature, Tool};
pub use values::{ResourceName, Unsupported, ValueError, ValueType, canonical};
