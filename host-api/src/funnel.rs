//! The one way of every host call: decide, answer, record.

use invar_envelope::AccessRequest;
use invar_trace::{Decision, Format, FunctionId, Recorder, from_json};
use invar_world::Limits;
use minicbor::{Decoder, decode};
use wasmtime::{AsContext, component::Access};

use crate::{
    Membrane, Patience, Shim,
    access_policy::AccessPolicy,
    answers::Answers,
    codec::{Decode, Encode, Out, decode_result},
    context::Context,
    contract,
    limits::HOST_CALLS_PER_LOOK_MAX,
    stop::{Fail, NotInTrace, Outcome, Stop},
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
    asks: impl FnOnce(&mut Context) -> Outcome<C, E>,
    answer: impl FnOnce(&mut Context, C) -> Outcome<T, E>,
) -> wasmtime::Result<Result<T, E>> {
    dispatch(
        host,
        function,
        request,
        decode_result,
        |context, decision| {
            guest(asks(context).and_then(|asked| {
                let request = asked.access_request(&context.policy);
                let entries = context.policy.entries(&request);
                *decision = context.policy.decide(&request);
                if entries > 0 {
                    context.count_compared(entries)?;
                }
                match is_denied(decision) {
                    true => Err(Fail::Guest(E::REFUSED)),
                    false => Ok(asked),
                }
            }))
        },
        |context, decided| match decided {
            Ok(asked) => guest(answer(context, asked)),
            Err(error) => Ok(Err(error)),
        },
    )
}

/// A call that can fail and asks the envelope for nothing.
pub(crate) fn unchecked<Q: Encode, T: Decode, E: GuestError>(
    host: Host<'_>,
    function: FunctionId,
    request: &Q,
    answer: impl FnOnce(&mut Context) -> Outcome<T, E>,
) -> wasmtime::Result<Result<T, E>> {
    fallible(host, function, request, |_| Ok(()), |context, ()| answer(context))
}

/// A call that cannot fail. `answer` receives whether the envelope allows it, and answers either way.
pub(crate) fn infallible<Q: Encode, C: ToAccessRequest, T: Decode>(
    host: Host<'_>,
    function: FunctionId,
    request: &Q,
    asks: C,
    answer: impl FnOnce(&mut Context, bool) -> Result<T, Stop>,
) -> wasmtime::Result<T> {
    dispatch(
        host,
        function,
        request,
        T::decode,
        |context, decision| {
            *decision = context.policy.decide(&asks.access_request(&context.policy));
            Ok(!is_denied(decision))
        },
        answer,
    )
}

fn is_denied(decision: &Option<Decision>) -> bool {
    decision.as_ref().is_some_and(|decision| decision.verdict.is_refusal())
}

/// An error that the skill understands is an answer.
fn guest<T, E>(outcome: Outcome<T, E>) -> Result<Result<T, E>, Stop> {
    match outcome {
        Ok(value) => Ok(Ok(value)),
        Err(Fail::Guest(error)) => Ok(Err(error)),
        Err(Fail::Stop(stop)) => Err(stop),
    }
}

/// The funnel itself. Whatever happens, one event is left.
fn dispatch<Q: Encode, D, T: Encode>(
    mut host: Host<'_>,
    function: FunctionId,
    request: &Q,
    read: impl FnOnce(&mut Decoder<'_>) -> Result<T, decode::Error>,
    decide: impl FnOnce(&mut Context, &mut Option<Decision>) -> Result<D, Stop>,
    answer: impl FnOnce(&mut Context, D) -> Result<T, Stop>,
) -> wasmtime::Result<T> {
    let fuel_left = host.as_context().get_fuel()?;
    let Membrane { answers, recorder, patience, limits, .. } = host.data_mut();
    let fuel = limits.fuel.saturating_sub(fuel_left);
    let mut decision = None;
    let (event, answer) = match answers {
        Answers::World(context) => {
            let time_ns = context.world.clock().tick(function, fuel);
            let event = recorder.begin_event(function, fuel, time_ns, |out| request.encode(out));
            let number = event.number();
            let format = recorder.format();
            let answer = admit(recorder, patience, limits, number).and_then(|()| {
                match context.substitute(number)? {
                    None => {
                        let decided = decide(context, &mut decision)?;
                        answer(context, decided)
                    }
                    Some(json) => {
                        if format > Format::One {
                            // It is answered whatever is decided.
                            decide(context, &mut decision)?;
                        }
                        injected(function, request, &json, read)
                            .map_err(|message| Stop::Substitution { event: number, message })
                    }
                }
            });
            (event, answer)
        }
        Answers::Trace(recorded) => {
            let bytes = encoded(request);
            let call = recorded.call(function, &bytes);
            let time_ns = call.as_ref().map_or(0, |call| call.time_ns);
            let event = recorder.begin_event(function, fuel, time_ns, |out| out.raw(&bytes));
            let number = event.number();
            let answer = admit(recorder, patience, limits, number).and(call).and_then(|call| {
                recorded.observe(&call)?;
                decision = call.decision;
                let answer = call.answer.ok_or_else(|| recorded.stop(number, function))?;
                // A trace may be anybody's: a skill is given nothing that the function could not answer.
                contract::check(function, &bytes, &answer)
                    .map_err(|error| NotInTrace::unreadable(number, function, &error))?;
                let value = read(&mut Decoder::new(&answer));
                value.map_err(|error| NotInTrace::unreadable(number, function, &error).into())
            });
            (event, answer)
        }
    };
    match &answer {
        Ok(value) => {
            recorder.end_event(event, decision.as_ref(), Some(|out: &mut Out<'_>| value.encode(out)));
        }
        Err(_) => recorder.end_event(event, decision.as_ref(), None::<fn(&mut Out<'_>)>),
    }
    Ok(answer?)
}

/// Whether one more call may be made.
fn admit(recorder: &Recorder, patience: &mut Patience, limits: &Limits, event: u64) -> Result<(), Stop> {
    if let Some(failure) = recorder.failure() {
        return Err(Stop::Trace(failure.clone()));
    }
    if event.is_multiple_of(HOST_CALLS_PER_LOOK_MAX)
        && let Some(ended) = patience()
    {
        return Err(Stop::Ended(ended));
    }
    if event >= limits.host_calls {
        return Err(Stop::Limit("host calls"));
    }
    if recorder.bytes() > limits.trace_bytes {
        return Err(Stop::Limit("trace bytes"));
    }
    Ok(())
}

fn encoded(value: &impl Encode) -> Vec<u8> {
    let mut bytes = Vec::new();
    value.encode(&mut Out::new(&mut bytes));
    bytes
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
    contract::check(function, &encoded(request), &answer)
        .map_err(|error| format!("{function} cannot answer this: {error}"))?;
    read(&mut Decoder::new(&answer)).map_err(|error| format!("{function} cannot answer this: {error}"))
}
