//! Connections and requests.

#![expect(clippy::disallowed_methods, reason = "a cosignature tells the host's time")]

use std::{
    convert::Infallible,
    future::{Future, poll_fn},
    io,
    net::{SocketAddr, TcpListener},
    pin::pin,
    sync::{Arc, atomic::Ordering},
    task::Poll,
    time::{SystemTime, UNIX_EPOCH},
};

use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{ALLOW, CONTENT_TYPE, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
};
use invar_ledger::text::quoted;
use tokio::{
    net::TcpStream,
    sync::watch,
    task::spawn_blocking,
    time::{sleep, timeout},
};

use super::{
    connections::{ConnectionSlot, Connections},
    limits::{ACCEPT_PAUSE, HEAD_BYTES_MAX, HEADERS_MAX, Times},
};
use crate::{
    request::REQUEST_BYTES_MAX,
    response::{AddCheckpointResponse, TEXT_TYPE},
    witness::Witness,
};

const PATH: &str = "/add-checkpoint";

/// What was answered to whom, for the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Who asked.
    pub peer: SocketAddr,
    /// The status of HTTP.
    pub status: u16,
    /// What it was about, on one line. What strangers sent is escaped in it.
    pub text: String,
}

/// What answers need.
pub(super) struct Answering {
    pub(super) witness: Arc<Witness>,
    pub(super) times: Times,
    pub(super) report: Box<dyn Fn(Report) + Send + Sync>,
}

/// Accepts and answers until it is stopped.
pub(super) async fn serve(
    listener: TcpListener,
    mut stop: watch::Receiver<bool>,
    answering: Arc<Answering>,
) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let connections = Arc::new(Connections::default());
    let graceful = GracefulShutdown::new();
    let mut stopped = pin!(async move {
        // If who could stop it is gone, too, there is nobody left to run for.
        let _ = stop.wait_for(|stop| *stop).await;
    });
    loop {
        match unless(&mut stopped, listener.accept()).await {
            None => break,
            Some(Ok((stream, peer))) => {
                let slot = connections.open_slot(peer.ip());
                let closing = slot.closing();
                let connection = converse(stream, peer, &slot, &answering, graceful.watcher());
                tokio::spawn(async move {
                    let mut left = pin!(closing.notified());
                    // A connection that must be closed is dropped with its socket.
                    let _ = unless(&mut left, connection).await;
                    drop(slot);
                });
            }
            Some(Err(_)) => {
                if unless(&mut stopped, sleep(ACCEPT_PAUSE)).await.is_none() {
                    break;
                }
            }
        }
    }
    drop(listener);
    let _ = timeout(answering.times.stop, graceful.shutdown()).await;
    Ok(())
}

/// What comes of `work`, unless it is stopped before.
async fn unless<T>(
    stopped: &mut (impl Future<Output = ()> + Unpin),
    work: impl Future<Output = T>,
) -> Option<T> {
    let mut work = pin!(work);
    poll_fn(|context| {
        if pin!(&mut *stopped).poll(context).is_ready() {
            return Poll::Ready(None);
        }
        work.as_mut().poll(context).map(Some)
    })
    .await
}

/// Answers on one connection, until it ends or its time is over.
fn converse(
    stream: TcpStream,
    peer: SocketAddr,
    slot: &ConnectionSlot,
    answering: &Arc<Answering>,
    watcher: Watcher,
) -> impl Future<Output = ()> + Send + use<> {
    let times = answering.times;
    let answering = Arc::clone(answering);
    let is_busy = slot.is_busy();
    let service = service_fn(move |request| {
        let (answering, is_busy) = (Arc::clone(&answering), Arc::clone(&is_busy));
        async move {
            is_busy.store(true, Ordering::Relaxed);
            let responded = timeout(times.request, respond(request, Arc::clone(&answering.witness))).await;
            let too_long = |_| refuse(StatusCode::REQUEST_TIMEOUT, "the request took too long");
            let (response, text) = responded.unwrap_or_else(too_long);
            is_busy.store(false, Ordering::Relaxed);
            (answering.report)(Report { peer, status: response.status().as_u16(), text });
            Ok::<_, Infallible>(response)
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(times.head)
        .max_headers(HEADERS_MAX)
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), service);
    async move {
        // What went wrong on the way concerns nobody but the other end.
        let _ = timeout(times.connection, watcher.watch(connection)).await;
    }
}

/// The response, and what it is about.
async fn respond(request: Request<Incoming>, witness: Arc<Witness>) -> (Response<Full<Bytes>>, String) {
    if request.uri().path() != PATH {
        return refuse(StatusCode::NOT_FOUND, &format!("there is nothing but {PATH} here"));
    }
    if request.method() != Method::POST {
        let (mut response, text) = refuse(StatusCode::METHOD_NOT_ALLOWED, "checkpoints are sent with POST");
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
        return (response, text);
    }
    let body = match Limited::new(request.into_body(), REQUEST_BYTES_MAX).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => {
            return refuse(
                StatusCode::PAYLOAD_TOO_LARGE,
                &format!("more than {REQUEST_BYTES_MAX} bytes were sent"),
            );
        }
        Err(_) => return refuse(StatusCode::BAD_REQUEST, "the request was cut off"),
    };
    // Files are synced within; the other connections go on.
    match spawn_blocking(move || witness.add_checkpoint(&body, now_s())).await {
        Ok(answer) => {
            let text = about(&answer);
            (plain(answer.status(), answer.content_type(), answer.body()), text)
        }
        Err(_) => refuse(StatusCode::INTERNAL_SERVER_ERROR, "the witness failed; try again later"),
    }
}

/// An answer on one line, for the operator.
fn about(answer: &AddCheckpointResponse) -> String {
    match answer {
        AddCheckpointResponse::Cosigned { checkpoint, .. } => {
            format!("cosigned {} with {} leaves", quoted(checkpoint.origin()), checkpoint.size())
        }
        AddCheckpointResponse::Refused(refusal) => refusal.to_string(),
        AddCheckpointResponse::Malformed(error) => error.to_string(),
        AddCheckpointResponse::Failed(error) => error.to_string(),
    }
}

fn refuse(status: StatusCode, text: &str) -> (Response<Full<Bytes>>, String) {
    (plain(status.as_u16(), TEXT_TYPE, format!("{text}\n")), text.to_owned())
}

fn plain(status: u16, content_type: &'static str, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// Seconds since 1970.
fn now_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
