//! Single values in the request and the answer of an event.

use minicbor::Decoder;

use crate::{Event, Function, Payload, Subject, Trace, Type};

/// The handle a method was called on: the first argument.
pub(crate) fn handle(trace: &Trace, event: &Event<'_>) -> Option<u64> {
    number_in(trace, event, 0)
}

/// What a call was decided about.
pub(crate) fn subject(event: &Event<'_>) -> Option<String> {
    event.decision.as_ref()?.subject.as_ref().map(Subject::to_string)
}

/// Bytes and address, as it is written, of the datagrams in `[handle, [datagram, …]]` or `[0, [datagram, …]]`.
pub(crate) fn datagrams_in(cbor: &[u8]) -> Vec<(&[u8], &[u8])> {
    let read = || {
        let mut d = Decoder::new(cbor);
        d.array().ok()?;
        d.u64().ok()?;
        let items = d.array().ok()??;
        let datagram = |_| {
            d.array().ok()?;
            let bytes = d.bytes().ok()?;
            let from = d.position();
            d.skip().ok()?;
            Some((bytes, cbor.get(from..d.position())?))
        };
        (0..items).map(datagram).collect::<Option<Vec<_>>>()
    };
    read().unwrap_or_default()
}

/// The argument of that index, if it is a number or a handle.
pub(crate) fn number_in(trace: &Trace, event: &Event<'_>, index: usize) -> Option<u64> {
    let mut d = Decoder::new(trace.value(event.request).ok()?);
    d.array().ok()?;
    for _ in 0..index {
        d.skip().ok()?;
    }
    d.u64().ok()
}

/// The number in a successful answer: `[0, number]`.
pub(crate) fn ok_number(event: &Event<'_>) -> Option<u64> {
    let Some(Payload::Inline(bytes)) = event.answer else { return None };
    let mut d = Decoder::new(bytes);
    d.array().ok()?;
    (d.u8().ok()? == 0).then(|| d.u64().ok()).flatten()
}

/// The handles in a successful answer: `[0, handle]` or `[0, [handle, …]]`.
pub(crate) fn ok_handles(event: &Event<'_>) -> Option<Vec<u64>> {
    let Some(Payload::Inline(bytes)) = event.answer else { return None };
    let mut d = Decoder::new(bytes);
    d.array().ok()?;
    if d.u8().ok()? != 0 {
        return None;
    }
    match d.probe().array() {
        Ok(Some(len)) => {
            d.array().ok()?;
            (0..len).map(|_| d.u64().ok()).collect()
        }
        _ => Some(vec![d.u64().ok()?]),
    }
}

/// The handle that a constructor answered with.
pub(crate) fn constructed(event: &Event<'_>) -> Option<u64> {
    match event.answer {
        Some(Payload::Inline(bytes)) => Decoder::new(bytes).u64().ok(),
        _ => None,
    }
}

/// The handle of a response in `[0, [0, handle]]`.
pub(crate) fn ok_response(event: &Event<'_>) -> Option<u64> {
    match event.answer {
        Some(Payload::Inline([0x82, 0, 0x82, 0, rest @ ..])) => Decoder::new(rest).u64().ok(),
        _ => None,
    }
}

/// Whether a `result` answer is a success.
pub(crate) fn is_ok(event: &Event<'_>) -> bool {
    match event.answer {
        Some(Payload::Inline([0x82, case, ..])) => *case == 0,
        Some(Payload::Blob { .. }) => true,
        _ => false,
    }
}

/// The name of the error that a call answered with.
pub(crate) fn error_name(event: &Event<'_>) -> Option<&'static str> {
    let function = event.function.get()?;
    if function.interface.starts_with("wasi:http/") {
        return http_error_name(function, event);
    }
    let Some(Type::Result(_, Some(Type::Enum(names)))) = function.answer else { return None };
    match event.answer {
        Some(Payload::Inline([0x82, 1, rest @ ..])) => {
            names.get(usize::from(Decoder::new(rest).u8().ok()?)).copied()
        }
        _ => None,
    }
}

/// The same of a function for HTTP: `[1, [case, …]]`, or `[0, [1, [case, …]]]` of a future.
fn http_error_name(function: &Function, event: &Event<'_>) -> Option<&'static str> {
    let Some(Payload::Inline(bytes)) = event.answer else { return None };
    let (ty, bytes) = match (function.answer?, bytes) {
        (Type::Result(_, error), [0x82, 1, rest @ ..]) => (error?, rest),
        (Type::Option(Type::Result(Some(Type::Result(_, error)), _)), [0x82, 0, 0x82, 1, rest @ ..]) => {
            ((*error)?, rest)
        }
        _ => return None,
    };
    let Type::Variant(cases) = ty else { return None };
    let mut d = Decoder::new(bytes);
    d.array().ok()?;
    cases.get(usize::from(d.u8().ok()?)).map(|(name, _)| *name)
}

/// Bytes in `[handle, bytes]`, a request to write, or in `[0, bytes]`, an answer to a read.
pub(crate) fn bytes_in(cbor: &[u8]) -> &[u8] {
    let mut d = Decoder::new(cbor);
    let read = d.array().and_then(|_| d.u64()).and_then(|_| d.bytes());
    read.unwrap_or_default()
}
