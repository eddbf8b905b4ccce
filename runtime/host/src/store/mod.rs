//! Traces of reports, the components that they replay with, and baselines.
//!
//! ```text
//! reports/ID/N.trace     run N of report ID; or the delta to the first run that behaved the same
//! components/SHA256.wasm the files that those runs were made from
//! baselines/SHA256.cbor  what a component did and cost when it was first monitored
//! ```

mod delta;

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use invar_monitor::Stored;
use invar_trace::{Behaviour, RunSummary, Trace};
use invar_world::Digest;

use crate::{
    error::{Error, Outcome},
    files,
};

/// Behaviours whose first trace is held in memory while a report is kept. Stops a report of runs that all differ from
/// filling it twice.
const BEHAVIOURS_HELD_MAX: usize = 32;

/// A directory in which traces, components and baselines are kept.
#[derive(Debug, Clone)]
pub struct Store {
    root: PathBuf,
}

impl Store {
    /// In this directory. What is not there is created when something is kept.
    #[must_use]
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self { root: directory.into() }
    }

    /// Keeps a component, named by its digest.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn put_component(&self, digest: Digest, file: &[u8]) -> Outcome<()> {
        let path = self.component_path(digest);
        if !files::exists(&path) {
            files::make_private_directory(&self.root.join("components"))?;
            files::write(&path, file)?;
        }
        Ok(())
    }

    /// The component of that digest.
    ///
    /// # Errors
    /// It is not stored, or was changed.
    pub fn component(&self, digest: Digest) -> Outcome<Vec<u8>> {
        let path = self.component_path(digest);
        if !files::exists(&path) {
            return Err(Error::Input(format!(
                "the component {digest} of this trace is not stored; name the skill with --skill"
            )));
        }
        let file = files::read(&path)?;
        match Digest::of(&file) == digest {
            true => Ok(file),
            false => {
                Err(Error::Input(format!("{} was changed; name the skill with --skill", path.display())))
            }
        }
    }

    /// Keeps the baseline of a component, in place of the one it had.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn put_baseline(&self, component: Digest, stored: &Stored) -> Outcome<()> {
        files::make_private_directory(&self.root.join("baselines"))?;
        files::write(&self.baseline_path(component), &stored.to_cbor())
    }

    /// The baseline of a component that was measured under the same; none if there is none, or it cannot be read:
    /// it can be measured again.
    #[must_use]
    pub fn baseline(&self, component: Digest, given: Digest) -> Option<Stored> {
        self.any_baseline(component).filter(|stored| stored.given == given)
    }

    /// The baseline of a component, whatever it was measured under.
    #[must_use]
    pub fn any_baseline(&self, component: Digest) -> Option<Stored> {
        Stored::from_cbor(&files::read(&self.baseline_path(component)).ok()?).ok()
    }

    fn baseline_path(&self, component: Digest) -> PathBuf {
        self.root.join("baselines").join(format!("{component}.cbor"))
    }

    fn component_path(&self, digest: Digest) -> PathBuf {
        self.root.join("components").join(format!("{digest}.wasm"))
    }

    /// Keeps the traces of a report, in place of those it had.
    ///
    /// # Errors
    /// They cannot be written.
    pub fn put_traces(&self, id: &str, traces: &[(u32, Trace)]) -> Outcome<()> {
        let directory = self.root.join("reports").join(id);
        files::make_private_directory(&directory)?;
        let mut first_of: BTreeMap<Digest, (u32, Vec<u8>)> = BTreeMap::new();
        for (run, trace) in traces {
            let path = directory.join(format!("{run}.trace"));
            let failed = |error: io::Error| Error::file("cannot write", path.display(), error);
            let mut bytes = Vec::new();
            trace.write(&mut bytes).map_err(failed)?;
            let content = RunSummary::of(*run, trace, &Behaviour::of(trace)?)?.content;
            let kept = match first_of.get(&content) {
                None => None,
                Some((base, first)) => delta::write(*base, first, &bytes).map_err(failed)?,
            };
            files::write(&path, kept.as_deref().unwrap_or(&bytes))?;
            if first_of.len() < BEHAVIOURS_HELD_MAX {
                first_of.entry(content).or_insert((*run, bytes));
            }
        }
        Ok(())
    }

    /// Reads a trace: a path, or `ID/N` with as much of the ID as makes it unique.
    ///
    /// # Errors
    /// There is none of that name, or it cannot be read.
    pub fn trace(&self, name: &str) -> Outcome<Trace> {
        let path = self.find(name)?;
        let mut bytes = files::read(&path)?;
        if let Some(base) = delta::base(&bytes) {
            let first = files::read(&path.with_file_name(format!("{base}.trace")))?;
            bytes = delta::read(&bytes, &first).ok_or_else(|| {
                Error::Input(format!(
                    "{}: the trace is stored as a delta to run {base} and cannot be restored: one of the two files was changed",
                    path.display()
                ))
            })?;
        }
        Trace::read(&bytes).map_err(|error| Error::Input(format!("{}: {error}", path.display())))
    }

    fn find(&self, name: &str) -> Outcome<PathBuf> {
        let path = Path::new(name);
        if files::exists(path) {
            return Ok(path.to_owned());
        }
        let missing =
            || Error::Input(format!("there is no trace {name}: it is neither a file nor a run of a report"));
        let (id, run) = name.rsplit_once('/').ok_or_else(missing)?;
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) || run.parse::<u32>().is_err() {
            return Err(missing());
        }
        let reports = files::names(&self.root.join("reports"));
        let found: Vec<&String> = reports.iter().filter(|report| report.starts_with(id)).collect();
        let report = match found.as_slice() {
            [one] => one,
            [] => {
                return Err(Error::Input(format!(
                    "there is no report {id}; monitor the skill to create one"
                )));
            }
            many => {
                let list: Vec<&str> = many.iter().map(|report| report.as_str()).collect();
                return Err(Error::Input(format!(
                    "{id} is ambiguous: it is a prefix of several reports: {}",
                    list.join(", ")
                )));
            }
        };
        let path = self.root.join("reports").join(report).join(format!("{run}.trace"));
        match files::exists(&path) {
            true => Ok(path),
            false => {
                let kept = files::names(&self.root.join("reports").join(report));
                let mut kept: Vec<u32> =
                    kept.iter().filter_map(|name| name.strip_suffix(".trace")?.parse().ok()).collect();
                kept.sort_unstable();
                Err(Error::Input(format!(
                    "run {run} of report {report} was not kept, only {}; monitor with --keep all",
                    invar_monitor::runs(&kept)
                )))
            }
        }
    }
}
