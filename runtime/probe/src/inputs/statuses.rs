//! The statuses that requests were answered, followed through their handles.

use std::collections::BTreeMap;

use invar_trace::{Event, Payload, Trace};
use minicbor::Decoder;

/// Requests by the handles that stand for what becomes of them: method and URL without the query.
#[derive(Debug, Default)]
pub(super) struct Statuses(BTreeMap<u64, String>);

impl Statuses {
    /// Follows one call; gives the URL and its status if the call asked for that.
    pub(super) fn event(&mut self, trace: &Trace, event: &Event<'_>) -> Option<(String, u16)> {
        let function = event.function.get()?;
        let Payload::Inline(answer) = event.answer? else { return None };
        match (function.interface, function.name) {
            ("wasi:http/outgoing-handler", "handle") => {
                let url = event.decision.as_ref()?.subject.as_ref()?.to_string();
                let [0x82, 0, handle @ ..] = answer else { return None };
                let place = url.split('?').next()?.to_owned();
                self.0.insert(Decoder::new(handle).u64().ok()?, place);
            }
            ("wasi:http/types", "[method]future-incoming-response.get") => {
                let [0x82, 0, 0x82, 0, handle @ ..] = answer else { return None };
                let place = self.0.get(&receiver(trace, event)?)?.clone();
                self.0.insert(Decoder::new(handle).u64().ok()?, place);
            }
            ("wasi:http/types", "[method]incoming-response.status") => {
                let place = self.0.get(&receiver(trace, event)?)?.clone();
                return Some((place, Decoder::new(answer).u16().ok()?));
            }
            _ => {}
        }
        None
    }
}

/// The handle that a method was called on.
fn receiver(trace: &Trace, event: &Event<'_>) -> Option<u64> {
    let mut d = Decoder::new(trace.value(event.request).ok()?);
    d.array().ok()?;
    d.u64().ok()
}
