//! One HTTP request over `wasi:http`, from its URL to the body of its answer.

wit_bindgen::generate!({
    inline: "
        package example:http-client;
        world client {
            import wasi:http/types@0.2.12;
            import wasi:http/outgoing-handler@0.2.12;
        }
    ",
    path: "../../../wit",
    world: "example:http-client/client",
    generate_all,
});

pub use wasi::http::types::{ErrorCode, Method};
use wasi::{
    http::{
        outgoing_handler::handle,
        types::{Fields, OutgoingBody, OutgoingRequest, Scheme},
    },
    io::streams::{OutputStream, StreamError},
};

/// What a server answers.
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

/// Bytes that are written at once.
const CHUNK_BYTES: usize = 4096;

/// Sends a request to `https://HOST/PATH` and reads the answer.
///
/// # Errors
/// The name of the error code.
pub fn send(method: Method, host: &str, path: &str, body: &[u8]) -> Result<Answer, String> {
    let headers = Fields::new();
    headers.append("content-type", b"text/plain").map_err(|error| format!("{error:?}"))?;
    let request = OutgoingRequest::new(headers);
    let set = request
        .set_method(&method)
        .and_then(|()| request.set_scheme(Some(&Scheme::Https)))
        .and_then(|()| request.set_authority(Some(host)))
        .and_then(|()| request.set_path_with_query(Some(path)));
    set.map_err(|()| "not a request".to_owned())?;
    let outgoing = request.body().map_err(|()| "the body was taken".to_owned())?;
    let future = handle(request, None).map_err(|error| name(&error))?;
    let stream = outgoing.write().map_err(|()| "the stream was taken".to_owned())?;
    write(&stream, body)?;
    drop(stream);
    OutgoingBody::finish(outgoing, None).map_err(|error| name(&error))?;
    future.subscribe().block();
    let response = match future.get() {
        Some(Ok(Ok(response))) => response,
        Some(Ok(Err(error))) => return Err(name(&error)),
        Some(Err(())) | None => return Err("no response".to_owned()),
    };
    let status = response.status();
    let incoming = response.consume().map_err(|()| "the body was taken".to_owned())?;
    let stream = incoming.stream().map_err(|()| "the stream was taken".to_owned())?;
    let mut body = Vec::new();
    loop {
        match stream.blocking_read(1 << 16) {
            Ok(bytes) => body.extend_from_slice(&bytes),
            Err(StreamError::Closed) => return Ok(Answer { status, body }),
            Err(StreamError::LastOperationFailed(error)) => {
                let code = wasi::http::types::http_error_code(&error);
                return Err(code.as_ref().map_or_else(|| error.to_debug_string(), name));
            }
        }
    }
}

fn write(stream: &OutputStream, bytes: &[u8]) -> Result<(), String> {
    for chunk in bytes.chunks(CHUNK_BYTES) {
        stream.blocking_write_and_flush(chunk).map_err(|error| format!("{error:?}"))?;
    }
    Ok(())
}

/// `ErrorCode::ConnectionRefused` without what stands before the name.
fn name(error: &ErrorCode) -> String {
    let text = format!("{error:?}");
    text.trim_start_matches("ErrorCode::").to_owned()
}
