//! What shims work on: the state of a run that a world answers.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use invar_trace::{Bytes, End, Ending, FunctionId, OutputDigest};
use invar_world::{Change, Digest, Limits, Machine, Substitution, Tree};

use crate::{
    access_policy::AccessPolicy,
    handles::Handles,
    policy::Policy,
    port::{NotSubstitutable, World},
    shim::http::Bodies,
    stdio::Stdio,
    stop::Stop,
    work::{self, Work},
};

/// A world that answers, with the inputs and the permissions of the run.
pub struct WorldSetup {
    /// The world.
    pub world: Box<dyn World>,
    /// What the run may do.
    pub policy: Policy,
    /// Variables, in order.
    pub env: Vec<(String, String)>,
    /// Values by key, for `wasi:config/store`.
    pub config: BTreeMap<String, String>,
    /// Arguments, the program's name first.
    pub args: Vec<String>,
    /// Standard input.
    pub stdin: Vec<u8>,
    /// Directories handed over at start.
    pub preopens: Vec<String>,
    /// Directories in which nothing can be changed.
    pub read_only: Vec<String>,
    /// What the machine is like.
    pub machine: Machine,
    /// Changes to be made while it runs: those with an event.
    pub substitutions: Vec<Substitution>,
}

/// What is left when a run is over.
pub(crate) struct Remainder {
    /// The end, but for how the run ended and what it took.
    pub(crate) end: End,
    pub(crate) stdio: Stdio,
    pub(crate) files: Option<Tree>,
}

/// The state of a run behind the funnel: the world, what is open in it, and what was done so far.
pub struct Context {
    pub(crate) world: Box<dyn World>,
    pub(crate) policy: AccessPolicy,
    pub(crate) handles: Handles,
    pub(crate) stdio: Stdio,
    pub(crate) env: Vec<(String, String)>,
    pub(crate) config: BTreeMap<String, String>,
    pub(crate) args: Vec<String>,
    pub(crate) preopens: Vec<String>,
    pub(crate) read_only: Vec<String>,
    pub(crate) machine: Machine,
    pub(crate) bytes: Bytes,
    /// What is on its way in HTTP requests.
    pub(crate) http: Bodies,
    /// Still to be made, by event.
    pub(crate) substitutions: VecDeque<Substitution>,
    /// What the monotonic clock last answered while it is refused.
    pub(crate) refused_monotonic_ns: u64,
    pub(crate) work: Work,
    pub(crate) limits: Limits,
    /// Names that were looked up.
    names: BTreeSet<String>,
}

impl Context {
    pub(crate) fn new(setup: WorldSetup, limits: Limits) -> Self {
        let mut substitutions = setup.substitutions;
        substitutions.sort_by_key(|substitution| substitution.from);
        Self {
            world: setup.world,
            policy: AccessPolicy::new(setup.policy),
            handles: Handles::new(&limits),
            stdio: Stdio::new(setup.stdin, limits.output_bytes),
            env: setup.env,
            config: setup.config,
            args: setup.args,
            preopens: setup.preopens,
            read_only: setup.read_only,
            machine: setup.machine,
            bytes: Bytes::default(),
            http: Bodies::new(&limits),
            substitutions: substitutions.into(),
            refused_monotonic_ns: 0,
            work: Work::default(),
            limits,
            names: BTreeSet::new(),
        }
    }

    /// Ends the run after `fuel`; `output` is the answer of a typed skill.
    pub(crate) fn finish(mut self, fuel: u64, output: Option<Vec<u8>>) -> Remainder {
        let clock = self.world.clock();
        clock.tick(FunctionId::END, fuel);
        let (virtual_ns, waited_ns) = (clock.elapsed_ns(), clock.waited_ns());
        self.stdio.stdout.extend_from_slice(&output.unwrap_or_default());
        let files = self.world.finish();
        let end = End {
            ending: Ending::Returned, // the membrane knows
            events: 0,                // the recorder counts
            fuel,
            virtual_ns,
            waited_ns,
            memory_peak_bytes: 0, // the membrane knows
            stdout: OutputDigest::of(&self.stdio.stdout),
            stderr: OutputDigest::of(&self.stdio.stderr),
            files: files.as_ref().map_or(Digest([0; 32]), Tree::digest),
            bytes: self.bytes,
            calls: None, // the engine knows
        };
        Remainder { end, stdio: self.stdio, files }
    }

    /// Counts a name that is about to be looked up, if it was not before.
    pub(crate) fn count_name(&mut self, name: &str) -> Result<(), Stop> {
        if self.names.contains(name) {
            return Ok(());
        }
        if self.names.len() as u64 >= self.limits.looked_up_names {
            return Err(Stop::Limit("names looked up"));
        }
        self.names.insert(name.to_owned());
        Ok(())
    }

    /// Counts entries that a call is compared with, beside those that the network has gone through by itself.
    pub(crate) fn count_compared(&mut self, entries: u64) -> Result<(), Stop> {
        self.work.compare(entries, self.world.network().compared(), &self.limits)
    }

    /// Stops a run whose files cost more than they may. Asked after each call that can cost much.
    pub(crate) fn check_file_work(&mut self) -> Result<(), Stop> {
        work::check_files(self.world.files().work(), &self.limits)
    }

    /// Makes the changes that are due before the answer of `event`; gives the answer that is to be put in
    /// the place of the world's, if there is one.
    ///
    /// # Errors
    /// The world's values cannot be substituted.
    #[inline]
    pub(crate) fn substitute(&mut self, event: u64) -> Result<Option<String>, Stop> {
        // Of almost every run.
        if self.substitutions.is_empty() {
            return Ok(None);
        }
        self.substitute_due(event)
    }

    fn substitute_due(&mut self, event: u64) -> Result<Option<String>, Stop> {
        let mut answer = None;
        while let Some(next) = self.substitutions.front()
            && next.from.is_none_or(|from| from <= event)
            && let Some(Substitution { change, .. }) = self.substitutions.pop_front()
        {
            match change {
                Change::Answer(json) => answer = Some(json),
                change => self
                    .change(change)
                    .map_err(|error| Stop::Substitution { event, message: error.to_string() })?,
            }
        }
        Ok(answer)
    }

    fn change(&mut self, change: Change) -> Result<(), NotSubstitutable> {
        match change {
            Change::Env { name, value } => {
                self.env.retain(|(known, _)| *known != name);
                self.env.extend(value.map(|value| (name, value)));
                self.env.sort();
            }
            Change::Config { key, value } => match value {
                Some(value) => drop(self.config.insert(key, value)),
                None => drop(self.config.remove(&key)),
            },
            Change::Arg { index, value } => {
                // Below `ARGS_MAX`: a change with a larger index cannot be read.
                let index = index as usize;
                if self.args.len() <= index {
                    self.args.resize(index + 1, String::new());
                }
                self.args[index] = value;
            }
            Change::MoreVariables(number) => {
                for (name, value) in Change::more_variables(number) {
                    if !self.env.iter().any(|(known, _)| *known == name) {
                        self.env.push((name, value));
                    }
                }
                self.env.sort();
            }
            Change::MoreArguments(number) => {
                let more = std::iter::repeat_n(Change::MORE_ARGUMENT.to_owned(), number as usize);
                self.args.extend(more);
            }
            Change::Terminal(is_terminal) => self.machine.is_terminal = is_terminal,
            Change::Inodes(first) => self.machine.inodes_from = Some(first),
            Change::Resolution(ns) => {
                self.machine.resolution_ns = Some(ns);
                return self.world.substitute(&change);
            }
            Change::Stdin(bytes) => self.stdio.set_stdin(bytes),
            Change::Preopens(paths) => self.preopens = paths,
            change => return self.world.substitute(&change),
        }
        Ok(())
    }
}
