//! The library to embed: hosts skills that nobody has reason to trust.
//!
//! A [`Host`] loads skills, runs and monitors them in a world, and puts every run on record. [`Host::run`], [`Host::replay`] and
//! [`Host::monitor`] give a result only as a [`Recorded`] value, which exists once the audit trail holds it, signed and on the
//! disk.
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
//!
//! [`Host::monitor`] makes a series of runs and the runs that explain their deviations, and comes to a report with a verdict. Its
//! [`Plan`](monitor::Plan) bounds what it may cost. A [`Store`](store::Store) keeps its traces and its baseline, which later
//! monitorings of the same skill are compared with.
//!
//! ```no_run
//! use invar_host::{
//!     Host, MonitorSpec,
//!     ledger::LedgerOptions,
//!     monitor::{Plan, Verdict},
//!     store::Store,
//!     world::WorldSpec,
//! };
//!
//! # fn embed() -> Result<(), invar_host::Error> {
//! let host = Host::builder(LedgerOptions::new("/var/lib/agent/ledger")).build()?;
//! let (skill, store) = (host.load("skills/hello")?, Store::new("/var/lib/agent"));
//! let spec = MonitorSpec::new(skill.files(), &WorldSpec::default(), Plan::of(20))?;
//! let monitored = host.monitor(&skill, spec.baselines(Some(store.clone()))).wait()?;
//! let report = &monitored.report;
//! println!("report {}, on record as event {}", report.id, monitored.event());
//! if report.verdict > Verdict::Marginal {
//!     println!("{}: {}", report.verdict, report.reason);
//! }
//! monitored.keep(&store, &skill)?;
//! # Ok(())
//! # }
//! ```

pub mod calls;
mod claims;
mod contents;
mod error;
pub mod files;
mod host;
mod learn;
pub mod ledger;
pub mod monitor;
mod recorded;
mod recorded_world;
mod run;
pub mod skill;
mod slot;
pub mod source;
pub mod store;
pub mod world;

pub use error::{CallsError, Error, Outcome, TrailError};
pub use host::{Host, HostBuilder, Limits, LoadedSkill};
pub use invar_world::Limits as RunLimits;
pub use learn::Learnt;
pub use monitor::{MonitorSpec, Monitored, PendingMonitor};
pub use recorded::{CheckedLedger, Recorded};
pub use recorded_world::{Input, RecordedWorld};
pub use run::{Completed, PendingRun, RunSpec, TraceFile};
