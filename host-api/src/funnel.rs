//! The one way of every host call: decide, answer, record.

use invar_envelope::AccessRequest;
use invar_trace::{Decision, FunctionId, OpenEvent, Verdict, from_json};
use minicbor::{Decoder, decode};
use wasmtime::{AsContext, component::Access};

use crate::{
    Membrane, Shim,
    access_policy::AccessPolicy,
    codec::{Decode, Encode, Out, decode_result},
    contract,
    limits::{HOST_CALLS_MAX, HOST_CALLS_PER_LOOK_MAX, TRACE_BYTES_MAX},
    stop::{Fail, Outcome, Stop},
};

/// What a shim is given: the store, and in it the membrane.
pub(crate) type Host<'a> = Access<'a, Membrane, Shim>;

/// The request of a function without parameters.
pub(crate) const NO_ARGUMENTS: &[(); 0] = &[];

/// What a call asks of the envelope.
pub(crate) trait ToAccessRequest {
    fn access_request<'a>(&'a self, policy: &'a AccessPolicy) -> AccessRequest<'a>;
}

/// Nothing.
impl ToAccessRequest for () {
    fn access_request<'a>(&'a self, _: &'a AccessPolicy) -> AccessRequest<'a> {
        AccessRequest::Nothing
    }
}

/// An error that a skill understands.
pub(crate) trait GuestError: Decode {
    /// What a call outside the envelope answers with when it is refused.
    const REFUSED: Self;
}

/// A call that can fail.
///
/// `asks` finds out, without changing anything, what the call wants (a path resolved, a name in its usual
/// form). `answer` does the work; it is not run when the envelope refuses.
pub(crate) fn fallible<Q: Encode, C: ToAccessRequest, T: Decode, E: GuestError>(
    host: Host<'_>,
    function: FunctionId,
    request: &Q,
    asks: impl FnOnce(&mut Membrane) -> Outcome<C, E>,
    answer: impl FnOnce(&mut Membrane, C) -> Outcome<T, E>,
) -> wasmtime::Result<Result<T, E>> {
    dispatch(host, function, request, decode_result, |membrane, decision| {
        let done = asks(membrane).and_then(|asked| {
            let request = asked.access_request(&membrane.policy);
            let entries = membrane.policy.entries(&request);
            *decision = membrane.policy.decide(&request);
            if entries > 0 {
                membrane.count_compared(entries)?;
            }
            match decision {
                Some(Decision { verdict: Verdict::Denied(_), .. }) => Err(Fail::Guest(E::REFUSED)),
                _ => answer(membrane, asked),
            }
        });
        match done {
            Ok(value) => Ok(Ok(value)),
            Err(Fail::Guest(error)) => Ok(Err(error)),
            Err(Fail::Stop(stop)) => Err(stop),
        }
    })
}

/// A call that can fail and asks the envelope for nothing.
pub(crate) fn unchecked<Q: Encode, T: Decode, E: GuestError>(
    host: Host<'_>,
    function: FunctionId,
    request: &Q,
    answer: impl FnOnce(&mut Membrane) -> Outcome<T, E>,
) -> wasmtime::Result<Result<T, E>> {
    fallible(host, function, request, |_| Ok(()), |membrane, ()| answer(membrane))
}

/// A call that cannot fail. `answer` is told whether the envelope allows it, and answers either way.
pub(crate) fn infallible<Q: Encode, C: ToAccessRequest, T: Decode>(
    host: Host<'_>,
    function: FunctionId,
    request: &Q,
    asks: C,
    answer: impl FnOnce(&mut Membrane, bool) -> Result<T, Stop>,
) -> wasmtime::Result<T> {
    dispatch(host, function, request, T::decode, |membrane, decision| {
        *decision = membrane.policy.decide(&asks.access_request(&membrane.policy));
        let allowed = !matches!(decision, Some(Decision { verdict: Verdict::Denied(_), .. }));
        answer(membrane, allowed)
    })
}

/// The funnel itself. Whatever happens, one event is left.
fn dispatch<Q: Encode, T: Encode>(
    mut host: Host<'_>,
    function: FunctionId,
    request: &Q,
    read: impl FnOnce(&mut Decoder<'_>) -> Result<T, decode::Error>,
    work: impl FnOnce(&mut Membrane, &mut Option<Decision>) -> Result<T, Stop>,
) -> wasmtime::Result<T> {
    let (membrane, event) = enter(&mut host, function, request)?;
    let mut decision = None;
    let answer = match membrane.admit(event.number()) {
        Err(stop) => Err(stop),
        Ok(None) => work(membrane, &mut decision),
        Ok(Some(json)) => {
            let event = event.number();
            injected(function, request, &json, read).map_err(|message| Stop::Substitution { event, message })
        }
    };
    match answer {
        Ok(value) => {
            membrane.recorder.end_event(
                event,
                decision.as_ref(),
                Some(|out: &mut Out<'_>| value.encode(out)),
            );
            Ok(value)
        }
        Err(stop) => {
            membrane.recorder.end_event(event, decision.as_ref(), None::<fn(&mut Out<'_>)>);
            Err(stop.into())
        }
    }
}

/// Stamps the call and begins its event with the request.
fn enter<'a, Q: Encode>(
    host: &'a mut Host<'_>,
    function: FunctionId,
    request: &Q,
) -> wasmtime::Result<(&'a mut Membrane, OpenEvent)> {
    let fuel_left = host.as_context().get_fuel()?;
    let membrane = host.data_mut();
    let fuel = membrane.fuel_limit.saturating_sub(fuel_left);
    membrane.ports.clocks.tick(function, fuel);
    let time_ns = membrane.ports.clocks.elapsed_ns();
    let event = membrane.recorder.begin_event(function, fuel, time_ns, |out| request.encode(out));
    Ok((membrane, event))
}

impl Membrane {
    /// Whether one more call may be made; makes the changes that are due before its answer, and gives the
    /// answer that was substituted, if one was.
    fn admit(&mut self, event: u64) -> Result<Option<String>, Stop> {
        if let Some(failure) = self.recorder.failure() {
            return Err(Stop::Trace(failure.clone()));
        }
        if event.is_multiple_of(HOST_CALLS_PER_LOOK_MAX)
            && let Some(ended) = (self.patience)()
        {
            return Err(Stop::Ended(ended));
        }
        if event >= HOST_CALLS_MAX {
            return Err(Stop::Limit("host calls"));
        }
        if self.recorder.bytes() > TRACE_BYTES_MAX {
            return Err(Stop::Limit("trace bytes"));
        }
        match self.substitutions.is_empty() {
            true => Ok(None),
            false => Ok(self.substitute(event)),
        }
    }
}

/// A substituted answer, if the function could give it.
fn injected<Q: Encode, T: Encode>(
    function: FunctionId,
    request: &Q,
    json: &str,
    read: impl FnOnce(&mut Decoder<'_>) -> Result<T, decode::Error>,
) -> Result<T, String> {
    let value = serde_json::from_str(json).map_err(|error| format!("the answer is not JSON: {error}"))?;
    let ty = function.get().and_then(|function| function.answer.as_ref());
    let answer = from_json(ty, &value).map_err(|error| format!("{function} cannot answer this: {error}"))?;
    let mut asked = Vec::new();
    request.encode(&mut Out::new(&mut asked));
    contract::check(function, &asked, &answer)
        .map_err(|error| format!("{function} cannot answer this: {error}"))?;
    read(&mut Decoder::new(&answer)).map_err(|error| format!("{function} cannot answer this: {error}"))
}
