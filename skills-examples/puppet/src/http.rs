//! `wasi:http`

use crate::{
    handles::{Handle, Handles},
    hex,
    script::Call,
    wasi::http::{
        outgoing_handler::handle,
        types::{
            ErrorCode, Fields, HeaderError, IncomingBody, Method, OutgoingBody, OutgoingRequest,
            OutgoingResponse, RequestOptions, Scheme, http_error_code,
        },
    },
};

type Answer = Result<String, String>;

pub(crate) fn answer(function: &str, call: &Call, handles: &mut Handles) -> Option<Answer> {
    let (resource, function) = function.strip_prefix("http-")?.split_once('.')?;
    Some(match resource {
        "fields" => fields(function, call, handles),
        "request" => request(function, call, handles),
        "options" => options(function, call, handles),
        "made" => made(function, call, handles),
        "body" => body(function, call, handles),
        "future" => future(function, call, handles),
        "response" => response(function, call, handles),
        "incoming" => incoming(function, call, handles),
        "trailers" => trailers(function, call, handles),
        "error" => handles.error(call.word(0).ok()?).map(|error| code(http_error_code(error))),
        _ => return None,
    })
}

fn unknown<T>() -> Result<T, String> {
    Err("no such function".to_owned())
}

fn done<E: std::fmt::Debug>(answer: Result<(), E>) -> Answer {
    Ok(match answer {
        Ok(()) => "ok".to_owned(),
        Err(error) => format!("err {error:?}"),
    })
}

fn kept<T>(answer: Result<T, ()>, call: &Call, handles: &mut Handles, handle: fn(T) -> Handle) -> Answer {
    Ok(match answer {
        Ok(own) => handles.keep(call, handle(own)),
        Err(()) => "err ()".to_owned(),
    })
}

fn code(code: Option<ErrorCode>) -> String {
    match code {
        None => "none".to_owned(),
        Some(code) => format!("{code:?}"),
    }
}

fn entries(fields: &Fields) -> String {
    let all = fields.entries().into_iter();
    let all: Vec<String> =
        all.map(|(name, value)| format!("{name}={}", String::from_utf8_lossy(&value))).collect();
    format!("ok [{}]", all.join(", "))
}

fn values(call: &Call, from: usize) -> Vec<Vec<u8>> {
    (from..).map_while(|index| call.bytes(index).ok()).collect()
}

fn fields(function: &str, call: &Call, handles: &mut Handles) -> Answer {
    let header = |error: HeaderError| format!("err {error:?}");
    match function {
        "new" => return Ok(handles.keep(call, Handle::Fields(Fields::new()))),
        "from-list" => {
            let all = values(call, 0);
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let pairs: Vec<(String, Vec<u8>)> =
                all.chunks_exact(2).map(|pair| (text(&pair[0]), pair[1].clone())).collect();
            return Ok(match Fields::from_list(&pairs) {
                Ok(fields) => handles.keep(call, Handle::Fields(fields)),
                Err(error) => header(error),
            });
        }
        _ => {}
    }
    let own = handles.fields(call.word(0)?)?;
    match function {
        "get" => Ok(own.get(call.word(1)?).iter().map(|value| hex(value)).collect::<Vec<_>>().join(" ")),
        "has" => Ok(own.has(call.word(1)?).to_string()),
        "set" => done(own.set(call.word(1)?, &values(call, 2))),
        "delete" => done(own.delete(call.word(1)?)),
        "append" => done(own.append(call.word(1)?, &call.bytes(2)?)),
        "entries" => Ok(entries(own)),
        "clone" => {
            let copy = own.clone();
            Ok(handles.keep(call, Handle::Fields(copy)))
        }
        _ => unknown(),
    }
}

fn method(name: &str) -> Method {
    match name {
        "GET" => Method::Get,
        "POST" => Method::Post,
        "PUT" => Method::Put,
        other => Method::Other(other.to_owned()),
    }
}

fn scheme(name: &str) -> Scheme {
    match name {
        "http" => Scheme::Http,
        "https" => Scheme::Https,
        other => Scheme::Other(other.to_owned()),
    }
}

fn request(function: &str, call: &Call, handles: &mut Handles) -> Answer {
    match function {
        "new" => {
            let Handle::Fields(fields) = handles.take(call.word(0)?)? else { return unknown() };
            return Ok(handles.keep(call, Handle::Request(OutgoingRequest::new(fields))));
        }
        "handle" => {
            let Handle::Request(own) = handles.take(call.word(0)?)? else { return unknown() };
            let options = match call.word(1) {
                Ok(name) => match handles.take(name)? {
                    Handle::Options(options) => Some(options),
                    _ => return unknown(),
                },
                Err(_) => None,
            };
            return Ok(match handle(own, options) {
                Ok(future) => handles.keep(call, Handle::Future(future)),
                Err(error) => format!("err {error:?}"),
            });
        }
        _ => {}
    }
    let own = handles.request(call.word(0)?)?;
    let set = call.word(1);
    match function {
        "body" => {
            let body = own.body();
            kept(body, call, handles, Handle::OutgoingBody)
        }
        "method" => Ok(format!("{:?}", own.method())),
        "set-method" => done(own.set_method(&method(set?))),
        "path-with-query" => Ok(format!("{:?}", own.path_with_query())),
        "set-path-with-query" => done(own.set_path_with_query(set.ok())),
        "scheme" => Ok(format!("{:?}", own.scheme())),
        "set-scheme" => done(own.set_scheme(set.ok().map(scheme).as_ref())),
        "authority" => Ok(format!("{:?}", own.authority())),
        "set-authority" => done(own.set_authority(set.ok())),
        "headers" => {
            let headers = own.headers();
            Ok(handles.keep(call, Handle::Fields(headers)))
        }
        _ => unknown(),
    }
}

fn options(function: &str, call: &Call, handles: &mut Handles) -> Answer {
    if function == "new" {
        return Ok(handles.keep(call, Handle::Options(RequestOptions::new())));
    }
    let own = handles.options(call.word(0)?)?;
    let ns = call.number(1).ok();
    match function {
        "connect-timeout" => Ok(format!("{:?}", own.connect_timeout())),
        "set-connect-timeout" => done(own.set_connect_timeout(ns)),
        "first-byte-timeout" => Ok(format!("{:?}", own.first_byte_timeout())),
        "set-first-byte-timeout" => done(own.set_first_byte_timeout(ns)),
        "between-bytes-timeout" => Ok(format!("{:?}", own.between_bytes_timeout())),
        "set-between-bytes-timeout" => done(own.set_between_bytes_timeout(ns)),
        _ => unknown(),
    }
}

/// A response that is made, which nobody gets.
fn made(function: &str, call: &Call, handles: &mut Handles) -> Answer {
    if function == "new" {
        let Handle::Fields(fields) = handles.take(call.word(0)?)? else { return unknown() };
        return Ok(handles.keep(call, Handle::OutgoingResponse(OutgoingResponse::new(fields))));
    }
    let own = handles.made(call.word(0)?)?;
    match function {
        "status-code" => Ok(own.status_code().to_string()),
        "set-status-code" => done(own.set_status_code(call.number(1)? as u16)),
        "headers" => {
            let headers = own.headers();
            Ok(handles.keep(call, Handle::Fields(headers)))
        }
        "body" => {
            let body = own.body();
            kept(body, call, handles, Handle::OutgoingBody)
        }
        _ => unknown(),
    }
}

fn body(function: &str, call: &Call, handles: &mut Handles) -> Answer {
    match function {
        "write" => {
            let stream = handles.outgoing_body(call.word(0)?)?.write();
            kept(stream, call, handles, Handle::Output)
        }
        "finish" => {
            let Handle::OutgoingBody(own) = handles.take(call.word(0)?)? else { return unknown() };
            let trailers = match call.word(1) {
                Ok(name) => match handles.take(name)? {
                    Handle::Fields(fields) => Some(fields),
                    _ => return unknown(),
                },
                Err(_) => None,
            };
            done(OutgoingBody::finish(own, trailers))
        }
        _ => unknown(),
    }
}

fn future(function: &str, call: &Call, handles: &mut Handles) -> Answer {
    let own = handles.future(call.word(0)?)?;
    match function {
        "subscribe" => {
            let pollable = own.subscribe();
            Ok(handles.keep(call, Handle::Pollable(pollable)))
        }
        "get" => Ok(match own.get() {
            None => "none".to_owned(),
            Some(Ok(Ok(response))) => handles.keep(call, Handle::Response(response)),
            Some(Ok(Err(error))) => format!("err {error:?}"),
            Some(Err(())) => "err ()".to_owned(),
        }),
        _ => unknown(),
    }
}

fn response(function: &str, call: &Call, handles: &mut Handles) -> Answer {
    let own = handles.response(call.word(0)?)?;
    match function {
        "status" => Ok(own.status().to_string()),
        "headers" => {
            let headers = own.headers();
            Ok(handles.keep(call, Handle::Fields(headers)))
        }
        "consume" => {
            let body = own.consume();
            kept(body, call, handles, Handle::IncomingBody)
        }
        _ => unknown(),
    }
}

fn incoming(function: &str, call: &Call, handles: &mut Handles) -> Answer {
    match function {
        "stream" => {
            let stream = handles.incoming_body(call.word(0)?)?.stream();
            kept(stream, call, handles, Handle::Input)
        }
        "finish" => {
            let Handle::IncomingBody(own) = handles.take(call.word(0)?)? else { return unknown() };
            Ok(handles.keep(call, Handle::Trailers(IncomingBody::finish(own))))
        }
        _ => unknown(),
    }
}

fn trailers(function: &str, call: &Call, handles: &mut Handles) -> Answer {
    let own = handles.trailers(call.word(0)?)?;
    match function {
        "subscribe" => {
            let pollable = own.subscribe();
            Ok(handles.keep(call, Handle::Pollable(pollable)))
        }
        "get" => Ok(match own.get() {
            None => "none".to_owned(),
            Some(Ok(Ok(None))) => "ok none".to_owned(),
            Some(Ok(Ok(Some(fields)))) => handles.keep(call, Handle::Fields(fields)),
            Some(Ok(Err(error))) => format!("err {error:?}"),
            Some(Err(())) => "err ()".to_owned(),
        }),
        _ => unknown(),
    }
}
