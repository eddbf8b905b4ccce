//! What a call answers when something goes wrong: answers that the function could give, in words.
//!
//! The error of a stream that failed is a handle, which cannot be made up: streams are closed instead, and a full
//! disk shows where a file is opened or a stream on it is asked for.

use invar_trace::{About, Call, FunctionId, functions as f};

/// An answer that is put in the place of the world's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    /// As `--set event:I=JSON` reads it.
    pub(super) json: String,
    /// What happens, after what is being done: `fails with disk full`.
    pub(super) words: String,
}

/// The JSON and the words.
type Way = (&'static str, &'static str);

const ACCESS: Way = (r#"{"err":"access"}"#, "fails with access denied");
const NOT_PERMITTED: Way = (r#"{"err":"not-permitted"}"#, "fails as not permitted");
const NO_ENTRY: Way = (r#"{"err":"no-entry"}"#, "fails with no such file");
const DISK_FULL: Way = (r#"{"err":"insufficient-space"}"#, "fails with disk full");
const QUOTA: Way = (r#"{"err":"quota"}"#, "fails with the quota used up");
const READ_ONLY: Way = (r#"{"err":"read-only"}"#, "fails with the disk read-only");
const IO: Way = (r#"{"err":"io"}"#, "fails with an input or output error");
const INTERRUPTED: Way = (r#"{"err":"interrupted"}"#, "fails as interrupted");
const WOULD_BLOCK: Way = (r#"{"err":"would-block"}"#, "would block");
const CLOSED: Way = (r#"{"err":"closed"}"#, "fails with the stream closed");
const ENDS: Way = (r#"{"err":"closed"}"#, "ends early");
const NOTHING_YET: Way = (r#"{"ok":""}"#, "gives nothing yet");
const NO_ROOM: Way = (r#"{"ok":0}"#, "finds no room");
const ROOM_FOR_ONE: Way = (r#"{"ok":1}"#, "finds room for one byte only");
const NO_MORE: Way = (r#"{"ok":null}"#, "finds no more");

const OPEN: &[Way] = &[ACCESS, NOT_PERMITTED, NO_ENTRY, DISK_FULL, QUOTA, IO, INTERRUPTED];
const LOOK: &[Way] = &[ACCESS, NOT_PERMITTED, NO_ENTRY, IO];
const READ: &[Way] = &[ACCESS, IO, INTERRUPTED, WOULD_BLOCK];
const WRITE: &[Way] = &[DISK_FULL, QUOTA, ACCESS, IO, INTERRUPTED, WOULD_BLOCK];
const CHANGE: &[Way] = &[ACCESS, NOT_PERMITTED, NO_ENTRY, DISK_FULL, QUOTA, READ_ONLY, IO];
const LOOKUP: &[Way] = &[
    (r#"{"err":"access-denied"}"#, "is denied"),
    (r#"{"err":"name-unresolvable"}"#, "finds no such name"),
    (r#"{"err":"temporary-resolver-failure"}"#, "fails for the time being"),
    (r#"{"err":"permanent-resolver-failure"}"#, "fails for good"),
];
const CONNECT: &[Way] = &[
    (r#"{"err":"access-denied"}"#, "is denied"),
    (r#"{"err":"connection-refused"}"#, "is refused"),
    (r#"{"err":"connection-reset"}"#, "is reset"),
    (r#"{"err":"timeout"}"#, "times out"),
    (r#"{"err":"remote-unreachable"}"#, "finds the host unreachable"),
];
const REQUEST: &[Way] =
    &[(r#"{"err":"HTTP-request-denied"}"#, "is denied"), (r#"{"err":"connection-refused"}"#, "is refused")];
const RESPONSE: &[Way] = &[
    (r#"{"ok":{"err":"connection-refused"}}"#, "is refused"),
    (r#"{"ok":{"err":"connection-terminated"}}"#, "is broken off"),
    (r#"{"ok":{"err":"HTTP-response-timeout"}}"#, "times out"),
    (r#"{"ok":{"err":"TLS-certificate-error"}}"#, "finds a bad certificate"),
];
const SOCKET: &[Way] = &[
    (r#"{"err":"access-denied"}"#, "is denied"),
    (r#"{"err":"new-socket-limit"}"#, "fails with no more to be had"),
];

/// The answers of a function when something goes wrong, likeliest first; none for what cannot fail.
fn ways(function: FunctionId) -> Vec<Way> {
    let mut ways: Vec<Way> = match function {
        f::filesystem::DESCRIPTOR_OPEN_AT => OPEN,
        f::filesystem::DESCRIPTOR_STAT_AT
        | f::filesystem::DESCRIPTOR_STAT
        | f::filesystem::DESCRIPTOR_METADATA_HASH
        | f::filesystem::DESCRIPTOR_METADATA_HASH_AT
        | f::filesystem::DESCRIPTOR_READLINK_AT => LOOK,
        f::filesystem::DESCRIPTOR_READ_VIA_STREAM
        | f::filesystem::DESCRIPTOR_READ
        | f::filesystem::DESCRIPTOR_READ_DIRECTORY
        | f::filesystem::DIRECTORY_ENTRY_STREAM_READ_DIRECTORY_ENTRY => READ,
        f::filesystem::DESCRIPTOR_WRITE_VIA_STREAM
        | f::filesystem::DESCRIPTOR_APPEND_VIA_STREAM
        | f::filesystem::DESCRIPTOR_WRITE
        | f::filesystem::DESCRIPTOR_SET_SIZE
        | f::filesystem::DESCRIPTOR_SYNC
        | f::filesystem::DESCRIPTOR_SYNC_DATA => WRITE,
        f::filesystem::DESCRIPTOR_CREATE_DIRECTORY_AT
        | f::filesystem::DESCRIPTOR_REMOVE_DIRECTORY_AT
        | f::filesystem::DESCRIPTOR_UNLINK_FILE_AT
        | f::filesystem::DESCRIPTOR_RENAME_AT
        | f::filesystem::DESCRIPTOR_LINK_AT
        | f::filesystem::DESCRIPTOR_SYMLINK_AT
        | f::filesystem::DESCRIPTOR_SET_TIMES
        | f::filesystem::DESCRIPTOR_SET_TIMES_AT => CHANGE,
        f::streams::INPUT_STREAM_READ
        | f::streams::INPUT_STREAM_BLOCKING_READ
        | f::streams::INPUT_STREAM_SKIP
        | f::streams::INPUT_STREAM_BLOCKING_SKIP => &[ENDS],
        f::streams::OUTPUT_STREAM_CHECK_WRITE
        | f::streams::OUTPUT_STREAM_WRITE
        | f::streams::OUTPUT_STREAM_BLOCKING_WRITE_AND_FLUSH
        | f::streams::OUTPUT_STREAM_FLUSH
        | f::streams::OUTPUT_STREAM_BLOCKING_FLUSH
        | f::streams::OUTPUT_STREAM_WRITE_ZEROES
        | f::streams::OUTPUT_STREAM_BLOCKING_WRITE_ZEROES_AND_FLUSH
        | f::streams::OUTPUT_STREAM_SPLICE
        | f::streams::OUTPUT_STREAM_BLOCKING_SPLICE => &[CLOSED],
        f::ip_name_lookup::RESOLVE_ADDRESSES
        | f::ip_name_lookup::RESOLVE_ADDRESS_STREAM_RESOLVE_NEXT_ADDRESS => LOOKUP,
        f::tcp_create_socket::CREATE_TCP_SOCKET => SOCKET,
        f::outgoing_handler::HANDLE => REQUEST,
        f::http::FUTURE_INCOMING_RESPONSE_GET => RESPONSE,
        f::tcp::TCP_SOCKET_START_CONNECT | f::tcp::TCP_SOCKET_FINISH_CONNECT => CONNECT,
        _ => &[],
    }
    .to_vec();
    ways.extend(match function {
        f::filesystem::DESCRIPTOR_READ => vec![(r#"{"ok":["",true]}"#, "ends early")],
        f::filesystem::DESCRIPTOR_WRITE => vec![NO_ROOM],
        f::filesystem::DIRECTORY_ENTRY_STREAM_READ_DIRECTORY_ENTRY
        | f::ip_name_lookup::RESOLVE_ADDRESS_STREAM_RESOLVE_NEXT_ADDRESS => vec![NO_MORE],
        f::filesystem::DESCRIPTOR_RENAME_AT | f::filesystem::DESCRIPTOR_LINK_AT => {
            vec![(r#"{"err":"cross-device"}"#, "fails across devices")]
        }
        // Whoever blocks is given something, or the end.
        f::streams::INPUT_STREAM_READ => vec![NOTHING_YET],
        f::streams::OUTPUT_STREAM_CHECK_WRITE => vec![ROOM_FOR_ONE, NO_ROOM],
        _ => Vec::new(),
    });
    ways
}

/// Everything else that a call could answer when something goes wrong.
pub(super) fn answers(call: &Call) -> Vec<Answer> {
    let is_other = |(json, _): &Way| {
        let same = call.error.map(|error| format!(r#"{{"err":"{error}"}}"#));
        same.as_deref() != Some(json)
    };
    let mut all: Vec<Answer> = ways(call.function)
        .into_iter()
        .filter(is_other)
        .map(|(json, words)| Answer { json: json.into(), words: words.into() })
        .collect();
    // A read at an offset is short without losing anything; a stream would continue behind what it did not give.
    let half = &call.answered[..call.answered.len() / 2];
    if call.function == f::filesystem::DESCRIPTOR_READ && !half.is_empty() {
        let hex = crate::text::hex(half);
        all.push(Answer {
            json: format!(r#"{{"ok":[{{"hex":"{hex}"}},false]}}"#),
            words: format!("gives {} bytes only", half.len()),
        });
    }
    all
}

/// What a call does, in words: `writing /out/report.txt`.
pub(super) fn doing(call: &Call) -> String {
    let verb = match (call.function, &call.about) {
        (_, About::Name(_)) => "looking up",
        (_, About::Sockets) => "asking for",
        (f::tcp::TCP_SOCKET_START_CONNECT | f::tcp::TCP_SOCKET_FINISH_CONNECT, _) => "connecting to",
        (f::filesystem::DESCRIPTOR_OPEN_AT, _) => "opening",
        (
            f::filesystem::DESCRIPTOR_STAT_AT
            | f::filesystem::DESCRIPTOR_STAT
            | f::filesystem::DESCRIPTOR_METADATA_HASH
            | f::filesystem::DESCRIPTOR_METADATA_HASH_AT
            | f::filesystem::DESCRIPTOR_READLINK_AT,
            _,
        ) => "looking at",
        (
            f::filesystem::DESCRIPTOR_READ_DIRECTORY
            | f::filesystem::DIRECTORY_ENTRY_STREAM_READ_DIRECTORY_ENTRY,
            _,
        ) => "listing",
        (f::filesystem::DESCRIPTOR_CREATE_DIRECTORY_AT, _) => "making",
        (f::filesystem::DESCRIPTOR_REMOVE_DIRECTORY_AT | f::filesystem::DESCRIPTOR_UNLINK_FILE_AT, _) => {
            "removing"
        }
        (f::filesystem::DESCRIPTOR_RENAME_AT, _) => "renaming",
        (f::filesystem::DESCRIPTOR_LINK_AT | f::filesystem::DESCRIPTOR_SYMLINK_AT, _) => "linking",
        (f::filesystem::DESCRIPTOR_SET_TIMES | f::filesystem::DESCRIPTOR_SET_TIMES_AT, _) => {
            "setting the times of"
        }
        (
            f::filesystem::DESCRIPTOR_READ_VIA_STREAM
            | f::filesystem::DESCRIPTOR_READ
            | f::streams::INPUT_STREAM_READ
            | f::streams::INPUT_STREAM_BLOCKING_READ
            | f::streams::INPUT_STREAM_SKIP
            | f::streams::INPUT_STREAM_BLOCKING_SKIP,
            about,
        ) => match about {
            About::Connection(_) => "receiving from",
            _ => "reading",
        },
        (_, About::Connection(_)) => "sending to",
        _ => "writing",
    };
    format!("{verb} {}", call.about)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use invar_trace::{About, Call, FUNCTIONS, FunctionId, Occurrence, from_json, functions as f};

    use super::{answers, doing};

    fn call(function: FunctionId, about: About) -> Call {
        Call {
            event: 3,
            function,
            about,
            occurrence: Occurrence::Only,
            time_ns: 0,
            error: None,
            answered: b"abc".to_vec(),
        }
    }

    #[test]
    fn every_answer_is_one_that_its_function_could_give_and_none_is_there_twice() {
        let mut tried = 0;
        for (number, function) in (1..).zip(FUNCTIONS) {
            let all = answers(&call(FunctionId(number), About::File("/a".into())));
            for answer in &all {
                let json = serde_json::from_str(&answer.json).unwrap();
                from_json(function.answer.as_ref(), &json)
                    .unwrap_or_else(|error| panic!("{function} {}: {error}", answer.json));
            }
            let distinct: BTreeSet<&str> = all.iter().map(|answer| answer.json.as_str()).collect();
            assert_eq!(distinct.len(), all.len(), "{function}");
            tried += all.len();
        }
        assert!(tried > 150, "{tried}");
    }

    #[test]
    fn what_it_answered_is_not_tried_again() {
        let mut refused = call(f::filesystem::DESCRIPTOR_OPEN_AT, About::File("/a".into()));
        let all = answers(&refused).len();
        refused.error = Some("no-entry");
        assert_eq!(answers(&refused).len(), all - 1);
    }

    #[test]
    fn a_short_read_gives_half_of_what_was_read() {
        let mut read = call(f::filesystem::DESCRIPTOR_READ, About::File("/a".into()));
        assert_eq!(answers(&read).last().unwrap().json, r#"{"ok":[{"hex":"61"},false]}"#);
        read.answered.truncate(1);
        assert!(answers(&read).iter().all(|answer| !answer.words.contains("only")), "one byte has no half");
    }

    #[test]
    fn what_a_call_does_is_said_by_its_function_and_what_it_is_about() {
        let said = |function, about| doing(&call(function, about));
        let report = || About::File("/out/report.txt".into());
        assert_eq!(said(f::filesystem::DESCRIPTOR_WRITE_VIA_STREAM, report()), "writing /out/report.txt");
        assert_eq!(said(f::filesystem::DESCRIPTOR_UNLINK_FILE_AT, report()), "removing /out/report.txt");
        let there = || About::Connection("tcp://db.example:5432".into());
        assert_eq!(said(f::streams::INPUT_STREAM_READ, there()), "receiving from tcp://db.example:5432");
        assert_eq!(said(f::streams::OUTPUT_STREAM_WRITE, there()), "sending to tcp://db.example:5432");
        assert_eq!(said(f::streams::OUTPUT_STREAM_WRITE, About::Output), "writing standard output");
        let name = About::Name("db.example".into());
        assert_eq!(said(f::ip_name_lookup::RESOLVE_ADDRESSES, name), "looking up db.example");
    }
}
