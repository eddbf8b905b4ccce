//! Everything that determines a run.

use std::sync::Arc;

use invar_envelope::{Bindings, Envelope};
use invar_trace::Format;
use invar_world::{Change, Limits, Responder, Run, Speed, Substitution, Timestamp, Tree, World, fields};
use thiserror::Error;

/// Everything that determines a run: the same again gives the same run.
#[derive(Debug, Clone)]
pub struct Start {
    /// The skill's name for people.
    pub skill: String,
    /// The world.
    pub world: Arc<World>,
    /// This run's clock and seeds.
    pub run: Run,
    /// The files it begins with.
    pub files: Tree,
    /// What is declared; none: nothing is.
    pub envelope: Option<Arc<Envelope>>,
    /// Arguments, the program's name first.
    pub args: Vec<String>,
    /// Standard input, or the typed input.
    pub input: Arc<[u8]>,
    /// The ceilings of the run.
    pub limits: Limits,
    /// Values put in others' places: those with an event are made while it runs; the others have been made
    /// here already and stay to be shown.
    pub substitutions: Vec<Substitution>,
    /// By which rules it is recorded. A replay has the format of its trace.
    pub format: Format,
}

/// A change that this start cannot be given.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("--set {}: {message}", .target.escape_debug())]
pub struct StartError {
    target: String,
    message: String,
}

/// The same with what its variables stand for, if it has any.
pub(crate) fn bound<'a>(envelope: &Arc<Envelope>, bindings: impl Fn() -> Bindings<'a>) -> Arc<Envelope> {
    match envelope.has_variables() {
        true => Arc::new(envelope.bind(&bindings())),
        false => envelope.clone(),
    }
}

impl Start {
    /// Run 1 of a world, with nothing to read.
    #[must_use]
    pub fn new(skill: &str, world: World, files: Tree) -> Self {
        let mut args = vec![world.program.clone().unwrap_or_else(|| skill.to_owned())];
        args.extend(world.args.iter().cloned());
        Self {
            skill: skill.to_owned(),
            run: world.run(1, Timestamp(0)),
            world: Arc::new(world),
            files,
            envelope: None,
            args,
            input: Arc::new([]),
            limits: Limits::LAB,
            substitutions: Vec::new(),
            format: Format::default(),
        }
    }

    /// Puts one value in another's place: now, or when the run comes to its event.
    ///
    /// # Errors
    /// The value cannot be had: a file where a directory stands in the way, a speed out of range.
    pub fn substitute(&mut self, substitution: Substitution) -> Result<(), StartError> {
        if substitution.from.is_none() {
            let target = substitution.text.clone();
            self.apply(&substitution.change).map_err(|message| StartError { target, message })?;
        }
        self.substitutions.push(substitution);
        Ok(())
    }

    /// The world, to be changed for this run alone.
    pub fn world_mut(&mut self) -> &mut World {
        Arc::make_mut(&mut self.world)
    }

    /// What is declared, its variables with what they stand for in this run.
    #[must_use]
    pub fn envelope_of_run(&self) -> Option<Arc<Envelope>> {
        self.envelope.as_ref().map(|envelope| bound(envelope, || self.bindings()))
    }

    /// What the variables of patterns stand for in this run.
    #[must_use]
    pub fn bindings(&self) -> Bindings<'_> {
        let preopens = self.world.preopens.as_deref().unwrap_or_default();
        let variable = |name: &str| self.world.env.get(name).map(String::as_str);
        Bindings { fields: fields(&self.input).into(), ..Bindings::of_run(variable, &self.args, preopens) }
    }

    /// Makes a change before the run starts.
    ///
    /// # Errors
    /// As [`Start::substitute`], as a sentence.
    pub fn apply(&mut self, change: &Change) -> Result<(), String> {
        match change {
            Change::File { path, content: Some(content) } => {
                self.files.put_file(path, content, self.run.start).map_err(|_| {
                    "the file does not fit there: a file stands where a directory is needed, or the tree is full"
                        .to_owned()
                })?;
            }
            Change::File { path, content: None } => self.files.remove(path),
            Change::Env { name, value } => match value {
                Some(value) => drop(self.world_mut().env.insert(name.clone(), value.clone())),
                None => drop(self.world_mut().env.remove(name)),
            },
            Change::Config { key, value } => match value {
                Some(value) => drop(self.world_mut().config.insert(key.clone(), value.clone())),
                None => drop(self.world_mut().config.remove(key)),
            },
            Change::Arg { index, value } => {
                // Below `ARGS_MAX`: a change with a larger index cannot be read.
                let index = *index as usize;
                if self.args.len() <= index {
                    self.args.resize(index + 1, String::new());
                }
                self.args[index].clone_from(value);
            }
            Change::Field { place, value } => {
                self.input = invar_world::set_field(&self.input, place, value)?.into();
            }
            Change::Stdin(bytes) => self.input = bytes.as_slice().into(),
            Change::Clock(time) => self.run.start = *time,
            Change::Advance(ns) => {
                self.run.start = Timestamp(self.run.start.0.saturating_add_signed(*ns));
                self.run.uptime_ns = self.run.uptime_ns.saturating_add_signed((*ns).max(0));
            }
            Change::Speed(factor) => {
                let speed: Option<Speed> = self.world.speed.times(f64::from_bits(*factor));
                self.world_mut().speed = speed.ok_or("the machine cannot be that fast or slow")?;
            }
            Change::Random(seed) => self.run.random = World::seed_from(*seed),
            Change::RandomBytes(bytes) => self.world_mut().random_first.clone_from(bytes),
            Change::Dns { name, addresses } => self.world_mut().set_name(name, addresses),
            Change::Network(network_condition) => {
                self.world_mut().network_condition = Some(*network_condition)
            }
            Change::Answered { destination, bytes } => {
                Responder::answer(&mut self.world_mut().network, destination, bytes)?;
            }
            Change::Requested { target, reply } => {
                Responder::reply(&mut self.world_mut().network, target, reply)?
            }
            Change::Modified { path, time } => {
                self.files.set_modified(path, *time).ok_or("there is no such file")?;
            }
            Change::Connected { destination, connect } => {
                Responder::connect(&mut self.world_mut().network, destination, *connect)?;
            }
            Change::Datagram { destination, bytes } => {
                Responder::answer_datagrams(&mut self.world_mut().network, destination, bytes)?;
            }
            Change::MoreVariables(number) => {
                let env = &mut self.world_mut().env;
                for (name, value) in Change::more_variables(*number) {
                    env.entry(name).or_insert(value);
                }
            }
            Change::MoreArguments(number) => {
                let more = std::iter::repeat_n(Change::MORE_ARGUMENT.to_owned(), *number as usize);
                self.args.extend(more);
            }
            Change::Terminal(is_terminal) => self.world_mut().machine.is_terminal = *is_terminal,
            Change::Resolution(ns) => self.world_mut().machine.resolution_ns = Some(*ns),
            Change::Inodes(first) => self.world_mut().machine.inodes_from = Some(*first),
            Change::Late(late) => self.world_mut().machine.late = Some(*late),
            Change::Uptime(ns) => self.run.uptime_ns = *ns,
            Change::SkipSleep => self.world_mut().skips_sleep = true,
            Change::Preopens(paths) => self.world_mut().preopens = Some(paths.clone()),
            Change::Answer(_) => return Err("an answer is put in place at an event".into()),
        }
        Ok(())
    }
}
