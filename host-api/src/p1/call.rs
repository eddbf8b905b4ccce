//! One call of a function: the store, the module's memory, and what the call costs.

use wasmtime::{AsContextMut, Caller, Trap, component::Access};

use super::{errno::Answer, table::State};
use crate::{Membrane, funnel::Host, limits::HOST_CALLS_PER_LOOK_MAX, stop::Stop};

/// Fuel of one call, beside what its calls of 0.2 take of other limits. Stops a module from spinning on a call that needs
/// none of those.
const CALL_FUEL: u64 = 64;

/// A call that a module makes.
pub(super) struct Call<'a> {
    pub(super) caller: Caller<'a, Membrane>,
    pub(super) function: &'static str,
}

impl<'a> Call<'a> {
    /// Counts the call.
    ///
    /// # Errors
    /// There were too many, or the operator's side ends the run.
    pub(super) fn begin(caller: Caller<'a, Membrane>, function: &'static str) -> Answer<Self> {
        let mut call = Self { caller, function };
        let membrane = call.caller.data_mut();
        membrane.p1.calls += 1;
        // Those that leave an event are counted there too. Here none is left out.
        if membrane.p1.calls > membrane.limits.host_calls {
            return Err(Stop::Limit("host calls").into());
        }
        if membrane.p1.calls.is_multiple_of(HOST_CALLS_PER_LOOK_MAX) {
            call.look()?;
        }
        call.burn(CALL_FUEL)?;
        Ok(call)
    }

    /// Asks whether the operator's side ends the run.
    pub(super) fn look(&mut self) -> Answer<()> {
        match (self.caller.data_mut().patience)() {
            Some(ended) => Err(Stop::Ended(ended).into()),
            None => Ok(()),
        }
    }

    /// Takes fuel for work on the host's side.
    pub(super) fn burn(&mut self, fuel: u64) -> Answer<()> {
        let left = self.caller.get_fuel()?.checked_sub(fuel);
        self.caller.set_fuel(left.unwrap_or(0))?;
        match left {
            Some(_) => Ok(()),
            None => Err(wasmtime::Error::from(Trap::OutOfFuel).into()),
        }
    }

    /// What a shim is given.
    pub(super) fn host(&mut self) -> Host<'_> {
        Access::new(self.caller.as_context_mut(), |membrane| membrane)
    }

    /// What preview 1 keeps of the run.
    pub(super) fn state(&mut self) -> &mut State {
        &mut self.caller.data_mut().p1
    }
}
