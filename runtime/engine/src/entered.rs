//! The way into a skill: it is instantiated, and its entry point called.

use invar_host_api::{Membrane, Stop};
use invar_trace::Entry;
use thiserror::Error;
use wasmtime::{
    AsContextMut, Store, Trap,
    component::{Instance, TypedFunc},
};

use crate::{linked::Linked, survey::START};

type TypedEntry = TypedFunc<(), (Result<(), ()>,)>;

/// What an entry point returned.
pub(crate) enum EntryResult {
    Command(Result<(), ()>),
    Invoke(Result<Vec<u8>, String>),
}

/// The host had no room for the skill's memories and tables.
#[derive(Debug, Error)]
#[error("{0}")]
pub(crate) struct ResourceExhausted(pub(crate) String);

/// As wasmtime says that a component has more instances, memories or tables than a store takes.
const TOO_MANY: &str = "resource limit exceeded";

/// Runs a skill on the stack of the thread.
pub(crate) fn call(
    linked: &Linked,
    entry: Entry,
    input: &[u8],
    store: &mut Store<Membrane>,
) -> wasmtime::Result<EntryResult> {
    let (pre, index) = match linked {
        Linked::Component { pre, entry } => (pre, entry),
        Linked::Module(pre) => {
            let instance = pre.instantiate(store.as_context_mut()).map_err(host_or_skill)?;
            let start = instance.get_typed_func::<(), ()>(&mut *store, START)?;
            return start.call(&mut *store, ()).map(|()| EntryResult::Command(Ok(())));
        }
    };
    let instance: Instance = pre.instantiate(store.as_context_mut()).map_err(host_or_skill)?;
    match entry {
        Entry::Command => {
            let run: TypedEntry = instance.get_typed_func(&mut *store, index)?;
            run.call(&mut *store, ()).map(|(result,)| EntryResult::Command(result))
        }
        Entry::Invoke => {
            let invoke =
                instance.get_typed_func::<(&[u8],), (Result<Vec<u8>, String>,)>(&mut *store, index)?;
            invoke.call(&mut *store, (input,)).map(|(result,)| EntryResult::Invoke(result))
        }
    }
}

/// The same on a stack of the engine's.
pub(crate) async fn call_on_own_stack(
    linked: &Linked,
    entry: Entry,
    input: &[u8],
    store: &mut Store<Membrane>,
) -> wasmtime::Result<EntryResult> {
    let (pre, index) = match linked {
        Linked::Component { pre, entry } => (pre, entry),
        Linked::Module(pre) => {
            let instance = pre.instantiate_async(store.as_context_mut()).await.map_err(host_or_skill)?;
            let start = instance.get_typed_func::<(), ()>(&mut *store, START)?;
            return start.call_async(&mut *store, ()).await.map(|()| EntryResult::Command(Ok(())));
        }
    };
    let instance: Instance = pre.instantiate_async(store.as_context_mut()).await.map_err(host_or_skill)?;
    match entry {
        Entry::Command => {
            let run: TypedEntry = instance.get_typed_func(&mut *store, index)?;
            run.call_async(&mut *store, ()).await.map(|(result,)| EntryResult::Command(result))
        }
        Entry::Invoke => {
            let invoke =
                instance.get_typed_func::<(&[u8],), (Result<Vec<u8>, String>,)>(&mut *store, index)?;
            invoke.call_async(&mut *store, (input,)).await.map(|(result,)| EntryResult::Invoke(result))
        }
    }
}

/// A skill that fails while it is instantiated traps, or comes to a limit of ours. Anything else is the host's
/// fault, and must not stand in a trace as something that the skill did.
fn host_or_skill(error: wasmtime::Error) -> wasmtime::Error {
    if error.is::<Stop>() || error.is::<Trap>() {
        return error;
    }
    // How many a component has is the skill's doing, and the same on every host.
    match format!("{error:#}").contains(TOO_MANY) {
        true => Stop::Limit("instances").into(),
        false => ResourceExhausted(format!("{error:#}")).into(),
    }
}
