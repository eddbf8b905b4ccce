//! Handles of resources over the calls of a run. They are numbered from 1 in the order in which results show them, live
//! as long as the run, and are dropped in that order when it ends.

use std::collections::BTreeMap;

use thiserror::Error;
use wasmtime::component::{ResourceAny, Val};

use crate::{
    tool::Signature,
    values::{ResourceName, number_of},
};

/// Why a call cannot be given a handle.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum HandleProblem {
    /// No result has it.
    #[error("does not exist: the results of the calls before it have {given}")]
    Unknown {
        /// How many handles they have.
        given: u32,
    },
    /// It was passed as `own`.
    #[error("was given away in call {call}")]
    Moved {
        /// To which call.
        call: usize,
    },
    /// It is passed as `own`, and again in the same call.
    #[error("is given away in this call, which uses it once more")]
    UsedTwice,
    /// It is of another resource.
    #[error("is a {is}, not a {expected}")]
    Other {
        /// The resource that it is of.
        is: String,
        /// The resource that is expected.
        expected: String,
    },
}

/// The arguments of a call, by the names of the parameters.
type Arguments = [(String, Val)];

/// A handle that a call cannot be given, and why.
#[derive(Debug)]
pub(crate) struct BadHandle {
    pub(crate) handle: u32,
    pub(crate) why: HandleProblem,
}

/// The handles in the arguments of a call, in order, with the resource and whether each is given away.
fn used(signature: &Signature, args: &Arguments) -> Vec<(u32, ResourceName, bool)> {
    let mut used = Vec::new();
    if !signature.has_handles() {
        return used;
    }
    for ((_, ty), (_, value)) in signature.params.iter().zip(args) {
        let _ = ty.replace_handles(value.clone(), &mut |resource, owned, value| {
            used.push((number_of(&value), resource.clone(), owned));
            Ok::<_, ()>(value)
        });
    }
    used
}

fn other(is: &ResourceName, expected: &ResourceName) -> HandleProblem {
    HandleProblem::Other { is: is.to_string(), expected: expected.to_string() }
}

/// What is known of handles before anything runs.
#[derive(Debug)]
pub(crate) struct PlannedHandles {
    /// The resources of those that are given whatever the calls return.
    known: Vec<ResourceName>,
    /// Whether that is all that is known, since a result may have more handles or fewer.
    is_open: bool,
    /// How many there can be; none: there is no bound.
    most: Option<u32>,
    moved: BTreeMap<u32, usize>,
}

impl Default for PlannedHandles {
    fn default() -> Self {
        Self { known: Vec::new(), is_open: false, most: Some(0), moved: BTreeMap::new() }
    }
}

impl PlannedHandles {
    /// Checks the arguments of the next call, and adds what it gives.
    pub(crate) fn add(
        &mut self,
        number: usize,
        signature: &Signature,
        args: &Arguments,
    ) -> Result<(), BadHandle> {
        if !signature.has_handles() {
            return Ok(());
        }
        let used = used(signature, args);
        for (index, (handle, resource, owned)) in used.iter().enumerate() {
            let fails = |why| Err(BadHandle { handle: *handle, why });
            match self.most {
                Some(most) if *handle > most => return fails(HandleProblem::Unknown { given: most }),
                _ => {}
            }
            if let Some(call) = self.moved.get(handle) {
                return fails(HandleProblem::Moved { call: *call });
            }
            if let Some(is) = self.known.get(*handle as usize - 1)
                && is != resource
            {
                return fails(other(is, resource));
            }
            let is_same =
                |(at, (other, ..)): (usize, &(u32, ResourceName, bool))| at != index && other == handle;
            if *owned && used.iter().enumerate().any(is_same) {
                return fails(HandleProblem::UsedTwice);
            }
        }
        self.moved.extend(used.iter().filter(|(.., owned)| *owned).map(|(handle, ..)| (*handle, number)));
        if let Some(result) = &signature.result {
            let given = result.handles();
            if given.most != Some(given.least) {
                self.is_open = true;
            }
            if !self.is_open {
                let mut resources = Vec::new();
                result.resources(&mut resources);
                self.known.extend(resources.into_iter().cloned());
            }
            self.most = self.most.zip(given.most).and_then(|(before, new)| before.checked_add(new));
        }
        Ok(())
    }
}

/// The handles of a run.
#[derive(Debug, Default)]
pub(crate) struct LiveHandles(Vec<LiveHandle>);

#[derive(Debug)]
struct LiveHandle {
    resource: ResourceName,
    handle: ResourceAny,
    moved: Option<usize>,
}

impl LiveHandles {
    /// The arguments of a call, with its handles.
    ///
    /// # Errors
    /// It cannot be given one of them.
    pub(crate) fn arguments(
        &mut self,
        number: usize,
        signature: &Signature,
        args: &Arguments,
    ) -> Result<Vec<Val>, BadHandle> {
        let mut arguments = Vec::new();
        for ((_, ty), (_, value)) in signature.params.iter().zip(args) {
            arguments.push(ty.replace_handles(value.clone(), &mut |resource, owned, value| {
                let handle = number_of(&value);
                let given = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
                let live = (handle as usize).checked_sub(1).and_then(|index| self.0.get_mut(index));
                let live = live.ok_or(BadHandle { handle, why: HandleProblem::Unknown { given } })?;
                if let Some(moved) = live.moved {
                    let why = match moved == number {
                        true => HandleProblem::UsedTwice,
                        false => HandleProblem::Moved { call: moved },
                    };
                    return Err(BadHandle { handle, why });
                }
                if live.resource != *resource {
                    return Err(BadHandle { handle, why: other(&live.resource, resource) });
                }
                live.moved = owned.then_some(number);
                Ok(Val::Resource(live.handle))
            })?);
        }
        Ok(arguments)
    }

    /// The result of a call, with the number of each handle in its place.
    pub(crate) fn number(&mut self, signature: &Signature, value: Val) -> Val {
        let Some(ty) = &signature.result else { return value };
        let numbered = ty.replace_handles(value, &mut |resource, _, value| {
            if let Val::Resource(handle) = value {
                self.0.push(LiveHandle { resource: resource.clone(), handle, moved: None });
            }
            Ok::<_, std::convert::Infallible>(Val::U32(u32::try_from(self.0.len()).unwrap_or(u32::MAX)))
        });
        match numbered {
            Ok(value) => value,
        }
    }

    /// Those that were not given away, in order.
    pub(crate) fn left(&self) -> impl Iterator<Item = ResourceAny> {
        self.0.iter().filter(|live| live.moved.is_none()).map(|live| live.handle)
    }
}
