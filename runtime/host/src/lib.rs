//! The library to embed: hosts skills that nobody has reason to trust.
//!
//! A [`Host`] loads skills, runs them in a world and puts every run on record. [`Host::run`] and [`Host::replay`] give a result
//! only as a [`Recorded`] value, which exists once the audit trail holds the run, signed and on the disk.
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use invar_host::{Host, RunSpec, ledger::LedgerOptions, world::WorldSpec};
//!
//! # async fn embed() -> Result<(), invar_host::Error> {
//! let host = Host::builder(LedgerOptions::new("/var/lib/agent/ledger")).build()?;
//! let skill = host.load("skills/hello")?;
//! let spec = RunSpec::new(skill.start(&WorldSpec::default())?);
//! let completed = host.run(&skill, spec).deadline(Duration::from_secs(5)).await?;
//! println!("on record as event {}", completed.event());
//! println!("{}", String::from_utf8_lossy(&completed.outcome.stdout));
//! # Ok(())
//! # }
//! ```
//!
//! [`PendingRun::wait`] does the same without an async runtime. A run that is awaited holds no thread while it waits for a
//! slot, and is cancelled when its future is dropped.

mod error;
pub mod files;
mod host;
pub mod ledger;
mod recorded;
mod run;
pub mod skill;
pub mod source;
pub mod world;

pub use error::{Error, Outcome, TrailError};
pub use host::{Host, HostBuilder, Limits, LoadedSkill};
pub use invar_world::Limits as RunLimits;
pub use recorded::Recorded;
pub use run::{Completed, PendingRun, RunSpec, TraceFile};
