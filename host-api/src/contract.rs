//! What a substituted answer must keep to, whatever else it says.
//!
//! The runtime inside a skill trusts these: a longer list than was asked for would write past a buffer in the
//! adapter, an index out of range would read past one. Fault injection is for what a host can do, not for what
//! no host does.

use invar_trace::{FunctionId, functions as f};
use minicbor::Decoder;

use crate::limits::DATAGRAMS_PERMIT_MAX;

/// Checks an answer against the request; says what it breaks.
pub(crate) fn check(function: FunctionId, request: &[u8], answer: &[u8]) -> Result<(), String> {
    let at_most = |what: &str, given: Option<u64>, bound: Option<u64>| match (given, bound) {
        (Some(given), Some(bound)) if given > bound => {
            Err(format!("{given} {what} where at most {bound} fit"))
        }
        _ => Ok(()),
    };
    match function {
        f::streams::INPUT_STREAM_READ | f::streams::INPUT_STREAM_BLOCKING_READ => {
            at_most("bytes", ok(answer, bytes), argument(request, 1, number))
        }
        f::streams::INPUT_STREAM_SKIP | f::streams::INPUT_STREAM_BLOCKING_SKIP => {
            at_most("bytes", ok(answer, number), argument(request, 1, number))
        }
        f::streams::OUTPUT_STREAM_SPLICE | f::streams::OUTPUT_STREAM_BLOCKING_SPLICE => {
            at_most("bytes", ok(answer, number), argument(request, 2, number))
        }
        f::udp::INCOMING_DATAGRAM_STREAM_RECEIVE => {
            at_most("datagrams", ok(answer, items), argument(request, 1, number))
        }
        f::udp::OUTGOING_DATAGRAM_STREAM_SEND => {
            at_most("datagrams", ok(answer, number), argument(request, 1, items))
        }
        f::udp::OUTGOING_DATAGRAM_STREAM_CHECK_SEND => {
            at_most("datagrams", ok(answer, number), Some(DATAGRAMS_PERMIT_MAX))
        }
        f::filesystem::DESCRIPTOR_READ => {
            at_most("bytes", ok(answer, first_bytes), argument(request, 1, number))
        }
        f::filesystem::DESCRIPTOR_WRITE => at_most("bytes", ok(answer, number), argument(request, 1, bytes)),
        f::random::GET_RANDOM_BYTES | f::insecure::GET_INSECURE_RANDOM_BYTES => {
            match (bytes(&mut Decoder::new(answer)), argument(request, 0, number)) {
                (Some(given), Some(asked)) if given != asked => {
                    Err(format!("{given} bytes where {asked} were asked for"))
                }
                _ => Ok(()),
            }
        }
        f::poll::POLL => {
            let asked = argument(request, 0, |d| d.array().ok().flatten()).unwrap_or(0);
            let ready: Option<Vec<u64>> = Decoder::new(answer)
                .array_iter::<u64>()
                .ok()
                .and_then(|items| items.collect::<Result<_, _>>().ok());
            match ready {
                Some(ready) if ready.is_empty() => Err("an empty list: poll never answers with one".into()),
                Some(ready) if ready.iter().any(|index| *index >= asked) => {
                    Err(format!("an index past the {asked} that were asked about"))
                }
                Some(ready) if !ready.is_sorted_by(|a, b| a < b) => Err("indices not in order".into()),
                _ => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

/// Argument `index` of a request.
fn argument(request: &[u8], index: usize, read: impl FnOnce(&mut Decoder<'_>) -> Option<u64>) -> Option<u64> {
    let mut d = Decoder::new(request);
    d.array().ok()?;
    for _ in 0..index {
        d.skip().ok()?;
    }
    read(&mut d)
}

/// What is in a successful result.
fn ok(answer: &[u8], read: impl FnOnce(&mut Decoder<'_>) -> Option<u64>) -> Option<u64> {
    let mut d = Decoder::new(answer);
    d.array().ok()?;
    (d.u8().ok()? == 0).then(|| read(&mut d)).flatten()
}

fn number(d: &mut Decoder<'_>) -> Option<u64> {
    d.u64().ok()
}

/// Length of a list.
fn items(d: &mut Decoder<'_>) -> Option<u64> {
    d.array().ok().flatten()
}

/// Length of a byte string.
fn bytes(d: &mut Decoder<'_>) -> Option<u64> {
    d.bytes().ok().map(|bytes| bytes.len() as u64)
}

/// Length of the byte string at the start of a tuple.
fn first_bytes(d: &mut Decoder<'_>) -> Option<u64> {
    d.array().ok()?;
    bytes(d)
}

#[cfg(test)]
mod tests {
    use invar_trace::{FunctionId, from_json, functions as f};
    use serde_json::{Value, json};

    use super::check;

    fn checked(function: FunctionId, request: &[u8], answer: Value) -> Result<(), String> {
        let answer = from_json(function.get().unwrap().answer.as_ref(), &answer).unwrap();
        check(function, request, &answer)
    }

    #[test]
    fn a_read_answers_with_no_more_than_was_asked_for() {
        let request = [0x82, 3, 2]; // handle 3, 2 bytes
        assert_eq!(checked(f::streams::INPUT_STREAM_READ, &request, json!({ "ok": "ab" })), Ok(()));
        assert!(checked(f::streams::INPUT_STREAM_READ, &request, json!({ "ok": "abc" })).is_err());
        assert_eq!(checked(f::streams::INPUT_STREAM_READ, &request, json!({ "err": "closed" })), Ok(()));
        let request = [0x83, 3, 2, 0];
        assert!(checked(f::filesystem::DESCRIPTOR_READ, &request, json!({ "ok": ["abc", false] })).is_err());
        assert_eq!(checked(f::filesystem::DESCRIPTOR_READ, &request, json!({ "err": "io" })), Ok(()));
    }

    #[test]
    fn datagrams_are_no_more_than_were_asked_for_or_sent() {
        let datagram =
            json!({ "data": "a", "remote-address": { "ipv4": { "port": 1, "address": [1, 2, 3, 4] } } });
        let receive = f::udp::INCOMING_DATAGRAM_STREAM_RECEIVE;
        assert_eq!(checked(receive, &[0x82, 3, 1], json!({ "ok": [datagram] })), Ok(()));
        assert!(checked(receive, &[0x82, 3, 0], json!({ "ok": [datagram] })).is_err());
        assert!(
            checked(f::udp::OUTGOING_DATAGRAM_STREAM_SEND, &[0x82, 3, 0x80], json!({ "ok": 1 })).is_err()
        );
        let one = [0x82, 3, 0x81, 0x82, 0x41, 0x61, 0xf6];
        assert_eq!(checked(f::udp::OUTGOING_DATAGRAM_STREAM_SEND, &one, json!({ "ok": 1 })), Ok(()));
        assert!(
            checked(f::udp::OUTGOING_DATAGRAM_STREAM_CHECK_SEND, &[0x81, 3], json!({ "ok": 2 })).is_err()
        );
    }

    #[test]
    fn random_bytes_are_as_many_as_were_asked_for() {
        assert!(checked(f::random::GET_RANDOM_BYTES, &[0x81, 2], json!("a")).is_err());
        assert_eq!(checked(f::random::GET_RANDOM_BYTES, &[0x81, 2], json!("ab")), Ok(()));
    }

    #[test]
    fn poll_answers_with_indices_in_range_and_in_order() {
        let request = [0x81, 0x82, 4, 5];
        assert_eq!(checked(f::poll::POLL, &request, json!([0, 1])), Ok(()));
        for bad in [json!([]), json!([2]), json!([1, 0])] {
            assert!(checked(f::poll::POLL, &request, bad).is_err());
        }
    }
}
