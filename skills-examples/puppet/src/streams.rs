//! `wasi:io`

use crate::{
    handles::{Handle, Handles},
    script::Call,
    wasi::{
        filesystem::types::filesystem_error_code,
        io::{poll::poll, streams::StreamError},
        sockets::network::network_error_code,
    },
};

type Answer = Result<String, String>;

pub(crate) fn answer(function: &str, call: &Call, handles: &mut Handles) -> Option<Answer> {
    Some(match function {
        "ready" | "block" | "poll" => polled(function, call, handles),
        "to-debug-string" | "filesystem-error-code" | "network-error-code" => {
            failure(function, call, handles)
        }
        "read" | "blocking-read" | "skip" | "blocking-skip" | "subscribe-input" => {
            input(function, call, handles)
        }
        "check-write"
        | "write"
        | "blocking-write-and-flush"
        | "flush"
        | "blocking-flush"
        | "write-zeroes"
        | "blocking-write-zeroes-and-flush"
        | "splice"
        | "blocking-splice"
        | "subscribe-output" => output(function, call, handles),
        _ => return None,
    })
}

fn polled(function: &str, call: &Call, handles: &mut Handles) -> Answer {
    Ok(match function {
        "ready" => handles.pollable(call.word(0)?)?.ready().to_string(),
        "block" => {
            handles.pollable(call.word(0)?)?.block();
            "ok".to_owned()
        }
        _ => {
            let pollables: Vec<_> =
                call.words().map(|name| handles.pollable(name)).collect::<Result<_, _>>()?;
            format!("{:?}", poll(&pollables))
        }
    })
}

fn failure(function: &str, call: &Call, handles: &mut Handles) -> Answer {
    let error = handles.error(call.word(0)?)?;
    Ok(match function {
        "to-debug-string" => error.to_debug_string(),
        "filesystem-error-code" => {
            filesystem_error_code(error).map_or("none".into(), |code| code.name().into())
        }
        _ => network_error_code(error).map_or("none".into(), |code| code.name().into()),
    })
}

fn input(function: &str, call: &Call, handles: &mut Handles) -> Answer {
    let stream = handles.input(call.word(0)?)?;
    let bytes = |bytes: Vec<u8>| format!("{:?}", String::from_utf8_lossy(&bytes));
    let answer = match function {
        "read" => stream.read(call.number(1)?).map(bytes),
        "blocking-read" => stream.blocking_read(call.number(1)?).map(bytes),
        "skip" => stream.skip(call.number(1)?).map(|skipped| skipped.to_string()),
        "blocking-skip" => stream.blocking_skip(call.number(1)?).map(|skipped| skipped.to_string()),
        _ => {
            let pollable = stream.subscribe();
            return Ok(handles.keep(call, Handle::Pollable(pollable)));
        }
    };
    Ok(outcome(answer, handles))
}

fn output(function: &str, call: &Call, handles: &mut Handles) -> Answer {
    let stream = handles.output(call.word(0)?)?;
    let done = |()| String::new();
    let answer = match function {
        "check-write" => stream.check_write().map(|permit| permit.to_string()),
        "write" => stream.write(&call.bytes(1)?).map(done),
        "blocking-write-and-flush" => stream.blocking_write_and_flush(&call.bytes(1)?).map(done),
        "flush" => stream.flush().map(done),
        "blocking-flush" => stream.blocking_flush().map(done),
        "write-zeroes" => stream.write_zeroes(call.number(1)?).map(done),
        "blocking-write-zeroes-and-flush" => {
            stream.blocking_write_zeroes_and_flush(call.number(1)?).map(done)
        }
        "splice" => stream.splice(handles.input(call.word(1)?)?, call.number(2)?).map(|n| n.to_string()),
        "blocking-splice" => {
            stream.blocking_splice(handles.input(call.word(1)?)?, call.number(2)?).map(|n| n.to_string())
        }
        _ => {
            let pollable = stream.subscribe();
            return Ok(handles.keep(call, Handle::Pollable(pollable)));
        }
    };
    Ok(outcome(answer, handles))
}

/// A failed operation leaves its error as the handle `error`.
fn outcome(answer: Result<String, StreamError>, handles: &mut Handles) -> String {
    match answer {
        Ok(text) => format!("ok {text}").trim_end().to_owned(),
        Err(StreamError::Closed) => "err closed".to_owned(),
        Err(StreamError::LastOperationFailed(error)) => {
            handles.put("error", Handle::Error(error));
            "err last-operation-failed".to_owned()
        }
    }
}
