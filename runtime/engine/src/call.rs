//! Making the calls of a tool skill.

use invar_host_api::{Membrane, Stop};
use invar_trace::{CallEnd, CallResult, OutputDigest};
use serde_json::Value as Json;
use wasmtime::{
    AsContextMut, Store,
    component::{Func, Instance, Val},
};

use crate::{
    calls::{Call, CallError, Calls},
    handles::LiveHandles,
    values::{ValueType, canonical},
};

/// What the calls of a run came to so far.
#[derive(Debug, Default)]
pub(crate) struct CallResults {
    /// A line of JSON for each call: its value, or the error that it gave.
    pub(crate) output: Vec<u8>,
    /// The first call that gave an error, and the error.
    pub(crate) failed: Option<String>,
    /// What each call came to.
    pub(crate) ends: Vec<CallEnd>,
    handles: LiveHandles,
}

impl CallResults {
    /// Of calls that cannot be made.
    pub(crate) fn refused(error: &CallError) -> Self {
        Self { failed: Some(error.to_string()), ..Self::default() }
    }

    /// Makes every call, in order, in one instance. A call that gives an error does not keep the others from being made.
    pub(crate) fn make(
        &mut self,
        calls: &Calls,
        instance: Instance,
        store: &mut Store<Membrane>,
        output_bytes_max: u64,
    ) -> wasmtime::Result<()> {
        for (call, number) in calls.iter().zip(1..) {
            let (function, mut results) = prepare(call, instance, store)?;
            let Some(arguments) = self.arguments(number, call) else { break };
            let began = self.begin(call, store);
            let called = function.call(&mut *store, &arguments, &mut results);
            self.end(&began, store);
            called?;
            self.add(number, call, results.pop(), output_bytes_max)?;
        }
        for handle in self.handles.left() {
            handle.resource_drop(&mut *store)?;
        }
        Ok(())
    }

    /// The same on a stack of the engine's.
    pub(crate) async fn make_on_own_stack(
        &mut self,
        calls: &Calls,
        instance: Instance,
        store: &mut Store<Membrane>,
        output_bytes_max: u64,
    ) -> wasmtime::Result<()> {
        for (call, number) in calls.iter().zip(1..) {
            let (function, mut results) = prepare(call, instance, store)?;
            let Some(arguments) = self.arguments(number, call) else { break };
            let began = self.begin(call, store);
            let called = function.call_async(&mut *store, &arguments, &mut results).await;
            self.end(&began, store);
            called?;
            self.add(number, call, results.pop(), output_bytes_max)?;
        }
        for handle in self.handles.left() {
            handle.resource_drop_async(&mut *store).await?;
        }
        Ok(())
    }

    /// The arguments of a call; none: a handle among them is not there, and the run ends.
    fn arguments(&mut self, number: usize, call: &Call) -> Option<Vec<Val>> {
        let arguments = self.handles.arguments(number, &call.signature, &call.args);
        arguments
            .map_err(|bad| call.bad_handle(number, bad))
            .map_err(|error| match &mut self.failed {
                Some(failed) => failed.push_str(&format!("; {error}")),
                None => self.failed = Some(error.to_string()),
            })
            .ok()
    }

    fn begin(&mut self, call: &Call, store: &Store<Membrane>) -> Began {
        let began = Began { events: store.data().events(), fuel: fuel_left(store) };
        self.ends.push(CallEnd {
            function: call.name(),
            result: CallResult::Stopped,
            first_event: began.events,
            events: 0,
            fuel: 0,
            output: OutputDigest::of(b""),
        });
        began
    }

    /// The call is over, whether it returned or not.
    fn end(&mut self, began: &Began, store: &Store<Membrane>) {
        if let Some(end) = self.ends.last_mut() {
            end.events = store.data().events() - began.events;
            end.fuel = began.fuel.saturating_sub(fuel_left(store));
        }
    }

    /// Adds the line of one call.
    fn add(&mut self, number: usize, call: &Call, value: Option<Val>, bytes_max: u64) -> Result<(), Stop> {
        let value = value.map(|value| self.handles.number(&call.signature, value));
        let (json, is_error) = match (&call.signature.result, &value) {
            (Some(ValueType::Result { ok, err }), Some(Val::Result(result))) => match result {
                Ok(value) => (part(ok.as_deref(), value.as_deref()), false),
                Err(value) => (part(err.as_deref(), value.as_deref()), true),
            },
            (ty, value) => (part(ty.as_ref(), value.as_ref()), false),
        };
        let line = canonical(&json);
        if (self.output.len() + line.len() + 1) as u64 > bytes_max {
            return Err(Stop::Limit("output"));
        }
        if is_error && self.failed.is_none() {
            self.failed = Some(format!("call {number}, {}: {line}", call.name()));
        }
        if let Some(end) = self.ends.last_mut() {
            end.result = if is_error { CallResult::Error } else { CallResult::Value };
            end.output = OutputDigest::of(line.as_bytes());
        }
        self.output.extend_from_slice(line.as_bytes());
        self.output.push(b'\n');
        Ok(())
    }

    /// Adds the calls that were not made, since the run ended before them.
    pub(crate) fn add_left_out(&mut self, calls: &Calls) {
        for call in calls.iter().skip(self.ends.len()) {
            self.ends.push(CallEnd {
                function: call.name(),
                result: CallResult::NotMade,
                first_event: 0,
                events: 0,
                fuel: 0,
                output: OutputDigest::of(b""),
            });
        }
    }

    /// The error that ended the calls. A function that asks to exit has not answered, whatever the status: the run must not
    /// pass for one whose calls were all made.
    pub(crate) fn stopped_by(&self, error: wasmtime::Error) -> wasmtime::Error {
        let Some(Stop::Exit(status)) = error.downcast_ref() else { return error };
        let place = match (self.ends.len(), self.ends.last()) {
            (number, Some(CallEnd { function, result: CallResult::Stopped, .. })) => {
                format!("call {number}, {function}")
            }
            (0, _) => "before its first call".to_owned(),
            _ => "in a destructor after its last call".to_owned(),
        };
        Stop::Misuse(format!("{place}: it exits with status {status} instead of returning")).into()
    }
}

/// What was counted when a call began.
struct Began {
    events: u64,
    fuel: u64,
}

fn fuel_left(store: &Store<Membrane>) -> u64 {
    store.get_fuel().unwrap_or(0)
}

/// The function, and room for its result.
fn prepare(
    call: &Call,
    instance: Instance,
    store: &mut Store<Membrane>,
) -> wasmtime::Result<(Func, Vec<Val>)> {
    let mut context = store.as_context_mut();
    let of_interface = |interface| instance.get_export_index(&mut context, None, interface);
    let inside = call.interface.as_deref().map(of_interface);
    let index = match inside {
        Some(None) => None,
        inside => instance.get_export_index(&mut context, inside.flatten().as_ref(), &call.function),
    };
    let function = index.and_then(|index| instance.get_func(&mut context, index));
    let function =
        function.ok_or_else(|| wasmtime::Error::msg(format!("{} is not exported", call.name())))?;
    Ok((function, vec![Val::Bool(false); usize::from(call.signature.result.is_some())]))
}

/// The value as its type has it; null if there is none.
fn part(ty: Option<&ValueType>, value: Option<&Val>) -> Json {
    ty.zip(value).map_or(Json::Null, |(ty, value)| ty.write(value))
}
