//! The way into a skill: it is instantiated, and its entry point called.

use invar_host_api::{Membrane, Stop};
use invar_trace::Entry;
use wasmtime::{
    AsContextMut, Store, Trap,
    component::{Instance, TypedFunc},
};

use crate::{
    Skill,
    call::CallResults,
    calls::Calls,
    linked::Linked,
    stack::{ResourceExhausted, Stack, at_once},
    survey::START,
};

type TypedEntry = TypedFunc<(), (Result<(), ()>,)>;

/// What an entry point returned.
pub(crate) enum EntryResult {
    Command(Result<(), ()>),
    Invoke(Result<Vec<u8>, String>),
    /// With what stopped the calls, if they were not all made.
    Tools(CallResults, Option<wasmtime::Error>),
}

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
    let index = index.as_ref().ok_or_else(without_entry)?;
    match entry {
        Entry::Command | Entry::Tool => {
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
    let index = index.as_ref().ok_or_else(without_entry)?;
    match entry {
        Entry::Command | Entry::Tool => {
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

/// Makes the calls that the input lists. Calls that cannot be read are refused before anything of the skill runs.
pub(crate) fn call_tools(
    skill: &Skill,
    input: &[u8],
    output_bytes_max: u64,
    stack: Stack,
    store: &mut Store<Membrane>,
) -> wasmtime::Result<EntryResult> {
    let Linked::Component { pre, .. } = &skill.linked else { return Err(without_entry()) };
    let calls = match Calls::read(&skill.tools, input) {
        Ok(calls) => calls,
        Err(error) => return Ok(EntryResult::Tools(CallResults::refused(&error), None)),
    };
    let mut results = CallResults::default();
    let made = match stack {
        Stack::Thread => {
            let instance = pre.instantiate(store.as_context_mut()).map_err(host_or_skill)?;
            results.make(&calls, instance, store, output_bytes_max)
        }
        Stack::Own => at_once(async {
            let instance = pre.instantiate_async(store.as_context_mut()).await.map_err(host_or_skill)?;
            results.make_on_own_stack(&calls, instance, store, output_bytes_max).await
        }),
    };
    let error = made.err().map(|error| results.stopped_by(error));
    results.add_left_out(&calls);
    Ok(EntryResult::Tools(results, error))
}

fn without_entry() -> wasmtime::Error {
    ResourceExhausted("a run was started at an entry point that the skill does not have".into()).into()
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
