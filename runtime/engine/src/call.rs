//! Making the calls of a tool skill.

use invar_host_api::{Membrane, Stop};
use serde_json::Value as Json;
use wasmtime::{
    AsContextMut, Store,
    component::{Func, Instance, Val},
};

use crate::{
    calls::{Call, CallError, Calls},
    values::{ValueType, canonical},
};

/// What the calls of a run came to so far.
#[derive(Debug, Default)]
pub(crate) struct CallResults {
    /// A line of JSON for each call: its value, or the error that it gave.
    pub(crate) output: Vec<u8>,
    /// The first call that gave an error, and the error.
    pub(crate) failed: Option<String>,
}

impl CallResults {
    /// Of calls that cannot be made.
    pub(crate) fn refused(error: &CallError) -> Self {
        Self { output: Vec::new(), failed: Some(error.to_string()) }
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
            function.call(&mut *store, &call.args(), &mut results)?;
            self.add(number, call, results.first(), output_bytes_max)?;
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
            function.call_async(&mut *store, &call.args(), &mut results).await?;
            self.add(number, call, results.first(), output_bytes_max)?;
        }
        Ok(())
    }

    /// Adds the line of one call.
    fn add(&mut self, number: usize, call: &Call, value: Option<&Val>, bytes_max: u64) -> Result<(), Stop> {
        let (json, is_error) = match (&call.signature.result, value) {
            (Some(ValueType::Result { ok, err }), Some(Val::Result(result))) => match result {
                Ok(value) => (part(ok.as_deref(), value.as_deref()), false),
                Err(value) => (part(err.as_deref(), value.as_deref()), true),
            },
            (ty, value) => (part(ty.as_ref(), value), false),
        };
        let line = canonical(&json);
        if (self.output.len() + line.len() + 1) as u64 > bytes_max {
            return Err(Stop::Limit("output"));
        }
        if is_error && self.failed.is_none() {
            self.failed = Some(format!("call {number}, {}: {line}", call.name()));
        }
        self.output.extend_from_slice(line.as_bytes());
        self.output.push(b'\n');
        Ok(())
    }
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
