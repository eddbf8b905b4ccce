//! Over HTTP, on this machine.

#![expect(clippy::disallowed_methods, reason = "the network of tests is this machine")]

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
    sync::Mutex,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use invar_ledger::{
    Hash,
    policy::{Octets, PolicyWitness},
};
use tempfile::TempDir;
use ureq::Agent;

use super::{
    limits::{HEAD_BYTES_MAX, HEAD_TIME_MAX, HEADERS_MAX},
    *,
};
use crate::{
    client::{Client, Reply},
    cosign::{CosignOutcome, cosign},
    request::{AddCheckpoint, REQUEST_BYTES_MAX},
    testing::{LOG, Log, witness, witness_key},
};

/// Short, but long enough for a busy machine to answer.
const SHORT: Times = Times {
    head: Duration::from_millis(300),
    request: Duration::from_millis(600),
    connection: Duration::from_millis(1500),
    stop: Duration::from_millis(300),
};

struct Running {
    url: String,
    address: SocketAddr,
    stop: Stop,
    thread: Option<JoinHandle<()>>,
    reports: Arc<Mutex<Vec<Report>>>,
}

impl Running {
    fn start(directory: &TempDir) -> Self {
        Self::with_times(directory, TIMES)
    }

    fn with_times(directory: &TempDir, times: Times) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Server { times, ..Server::new(listener, witness(directory.path())).unwrap() };
        let (address, stop) = (server.address(), server.stop());
        let reports = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&reports);
        let thread =
            thread::spawn(move || server.run(move |report| kept.lock().unwrap().push(report)).unwrap());
        Self { url: format!("http://{address}"), address, stop, thread: Some(thread), reports }
    }

    /// Status, type and text of the answer to a body.
    fn post(&self, body: &[u8]) -> (u16, String, String) {
        let agent: Agent = Agent::config_builder().http_status_as_error(false).proxy(None).build().into();
        let mut response = agent.post(format!("{}/add-checkpoint", self.url)).send(body).unwrap();
        let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
        (response.status().as_u16(), kind, response.body_mut().read_to_string().unwrap())
    }

    fn ask(&self, request: &AddCheckpoint) -> (u16, String, String) {
        self.post(request.to_string().as_bytes())
    }

    /// What comes back for bytes, until the other end closes.
    fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.write_all(bytes).unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8(answer).unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.stop();
        let joined = self.thread.take().map(JoinHandle::join);
        assert!(thread::panicking() || matches!(joined, Some(Ok(()))));
    }
}

fn text(kind: &str) -> bool {
    kind.starts_with("text/plain")
}

#[test]
fn every_status_of_the_protocol_is_answered() {
    let directory = tempfile::tempdir().unwrap();
    let running = Running::start(&directory);
    let (log, other) = (Log::new('a'), Log::new('b'));

    let (status, kind, body) = running.ask(&log.request(0, 10));
    assert_eq!((status, text(&kind)), (200, true));
    assert!(body.starts_with("— witness.example/1 ") && body.ends_with('\n'));
    assert_eq!(running.ask(&log.request(10, 10)).0, 200);
    assert_eq!(running.ask(&log.request(10, 20)).0, 200);

    assert_eq!(running.post(b"old 0\n").0, 400);
    assert_eq!(running.post(b"\xff").0, 400);
    let backwards = AddCheckpoint::new(21, vec![], log.signed(20)).unwrap();
    assert_eq!(running.ask(&backwards).0, 400);
    let forged = log.request(20, 30).to_string().replace("\n30\n", "\n31\n");
    assert_eq!(running.post(forged.as_bytes()).0, 403);
    let unknown = log.request(20, 30).to_string().replace(LOG, "log.example/9");
    assert_eq!(running.post(unknown.as_bytes()).0, 404);
    for conflict in [log.request(0, 30), log.request(10, 30), log.request(5, 10), other.request(20, 20)] {
        let answer = running.ask(&conflict);
        assert_eq!(answer, (409, "text/x.tlog.size".to_owned(), "20\n".to_owned()));
    }
    let (status, kind, _) = running.ask(&other.request(20, 30));
    assert_eq!((status, text(&kind)), (422, true));
    assert_eq!(running.post(&vec![b'x'; REQUEST_BYTES_MAX + 1]).0, 413);
    assert_eq!(running.post(&vec![b'x'; REQUEST_BYTES_MAX]).0, 400);

    let reports = running.reports.lock().unwrap().clone();
    assert!(reports.iter().all(|report| !report.text.contains('\n')));
    assert_eq!(reports[0].text, r#"cosigned "log.example/1" with 10 leaves"#);
}

#[test]
fn there_is_one_path_and_one_method() {
    let directory = tempfile::tempdir().unwrap();
    let running = Running::start(&directory);
    let first = |request: &str| {
        let answer =
            running.raw(format!("{request} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").as_bytes());
        answer.lines().map(str::to_ascii_lowercase).collect::<Vec<_>>()
    };
    assert_eq!(first("GET /")[0], "http/1.1 404 not found");
    assert_eq!(first("POST /add-checkpoint/")[0], "http/1.1 404 not found");
    assert_eq!(first("POST //add-checkpoint")[0], "http/1.1 404 not found");
    for method in ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"] {
        let answer = first(&format!("{method} /add-checkpoint"));
        assert_eq!(answer[0], "http/1.1 405 method not allowed", "{method}");
        assert!(answer.contains(&"allow: post".to_owned()), "{method}");
    }
    assert_eq!(first("POST /add-checkpoint")[0], "http/1.1 400 bad request");
}

#[test]
fn requests_that_race_do_not_roll_back() {
    let directory = tempfile::tempdir().unwrap();
    let running = Running::start(&directory);
    let log = Log::new('a');
    assert_eq!(running.ask(&log.request(0, 10)).0, 200);
    let mut statuses = thread::scope(|scope| {
        let ask = |size| {
            scope.spawn({
                let (running, log) = (&running, &log);
                move || running.ask(&log.request(10, size)).0
            })
        };
        [ask(20), ask(30), ask(40), ask(50)].map(|thread| thread.join().unwrap())
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409, 409]);
    let winner: u64 = running.ask(&log.request(0, 60)).2.trim_end().parse().unwrap();
    assert!([20, 30, 40, 50].contains(&winner));
}

#[test]
fn what_was_seen_survives_a_restart_and_a_broken_file_stops_it() {
    let directory = tempfile::tempdir().unwrap();
    let (log, other) = (Log::new('a'), Log::new('b'));
    assert_eq!(Running::start(&directory).ask(&log.request(0, 10)).0, 200);
    let running = Running::start(&directory);
    assert_eq!(running.ask(&other.request(0, 20)).2, "10\n");
    assert_eq!(running.ask(&other.request(10, 20)).0, 422);
    assert_eq!(running.ask(&log.request(10, 20)).0, 200);
    drop(running);
    fs::write(directory.path().join(Hash::of(LOG.as_bytes()).to_string()), "").unwrap();
    let opened = std::panic::catch_unwind(|| witness(directory.path()));
    assert!(opened.is_err());
}

#[test]
fn a_log_is_witnessed_over_the_network() {
    let directory = tempfile::tempdir().unwrap();
    let running = Running::start(&directory);
    let at = |url: &str| PolicyWitness {
        name: Octets::from("a".to_owned()),
        key: witness_key(),
        url: Some(Octets::from(url.to_owned())),
    };
    let client = Client::new();
    let ask = |log: &Log, size, url: &str| {
        cosign(&client, &at(url), &mut log.signed(size), 0, |old| Some(log.proof(old, size)))
    };
    let (log, other) = (Log::new('a'), Log::new('b'));
    for size in [10, 20, 20, 30] {
        assert!(matches!(ask(&log, size, &running.url), CosignOutcome::Witnessed { .. }));
    }
    assert!(matches!(ask(&log, 31, &format!("{}/", running.url)), CosignOutcome::Witnessed { .. }));
    assert_eq!(ask(&log, 30, &running.url), CosignOutcome::Rollback { size: 31 });
    assert_eq!(ask(&other, 31, &running.url), CosignOutcome::SplitView { size: 31 });
    assert_eq!(ask(&other, 40, &running.url), CosignOutcome::SplitView { size: 31 });
    assert!(matches!(
        ask(&log, 40, &format!("{}/x", running.url)),
        CosignOutcome::Refused { status: 404, .. }
    ));
    let url = running.url.clone();
    drop(running);
    assert!(matches!(ask(&log, 40, &url), CosignOutcome::Unreachable { .. }));
}

#[test]
fn who_is_slow_loses_the_place() {
    let directory = tempfile::tempdir().unwrap();
    let running = Running::with_times(&directory, SHORT);
    let started = Instant::now();
    thread::scope(|scope| {
        // A head that does not end, no head at all, a body that does not end.
        scope.spawn(|| running.raw(b"POST /add-checkpoint HTTP/1.1\r\nhost: a\r\n"));
        scope.spawn(|| assert_eq!(running.raw(b""), ""));
        scope.spawn(|| {
            let answer =
                running.raw(b"POST /add-checkpoint HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nold");
            assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
        });
    });
    assert!(started.elapsed() < Duration::from_secs(10));
    assert_eq!(running.ask(&Log::new('a').request(0, 10)).0, 200);
}

#[test]
fn two_hundred_slow_connections_keep_no_honest_log_waiting() {
    let directory = tempfile::tempdir().unwrap();
    // With the times of the real one: nobody is cut off by those before this is over.
    let running = Running::start(&directory);
    let mut slow: Vec<TcpStream> = Vec::new();
    for number in 0..200 {
        let mut stream = TcpStream::connect(running.address).unwrap();
        // Some send nothing, some half a head, some half a body.
        let begin: &[u8] = match number % 3 {
            0 => b"",
            1 => b"POST /add-check",
            _ => b"POST /add-checkpoint HTTP/1.1\r\nhost: a\r\ncontent-length: 900\r\n\r\nold",
        };
        // Those that were there longest are cut off meanwhile.
        let _ = stream.write_all(begin);
        slow.push(stream);
    }
    let started = Instant::now();
    assert_eq!(running.ask(&Log::new('a').request(0, 10)).0, 200);
    assert!(started.elapsed() < HEAD_TIME_MAX, "{:?}", started.elapsed());
    drop(slow);
}

#[test]
fn a_head_that_is_too_long_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let running = Running::start(&directory);
    let many = "a: b\r\n".repeat(HEADERS_MAX + 1);
    let long = format!("a: {}\r\n", "b".repeat(HEAD_BYTES_MAX));
    for headers in [many, long] {
        let answer = running.raw(format!("POST /add-checkpoint HTTP/1.1\r\n{headers}\r\n").as_bytes());
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431 "), "{answer}");
    }
    assert_eq!(running.ask(&Log::new('a').request(0, 10)).0, 200);
}

#[test]
fn it_stops_when_it_is_told_even_if_somebody_holds_a_connection() {
    let directory = tempfile::tempdir().unwrap();
    let running = Running::with_times(&directory, Times { stop: SHORT.stop, ..TIMES });
    let mut held = TcpStream::connect(running.address).unwrap();
    held.write_all(b"POST /add-checkpoint HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nold").unwrap();
    let started = Instant::now();
    drop(running);
    assert!(started.elapsed() < Duration::from_secs(4));
    // And lets go of its state.
    drop(witness(directory.path()));
}

/// A witness that answers every connection with these bytes, again and again for as long as somebody reads.
fn one_that_sends(bytes: &'static [u8], repeat: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]);
        while stream.write_all(bytes).is_ok() && repeat {}
        // Stays open without a word.
        let _ = stream.read(&mut [0; 1]);
    });
    format!("http://{address}")
}

#[test]
fn a_witness_that_never_ends_is_left() {
    let request = Log::new('a').request(0, 10);
    let client = Client::with_time(Duration::from_millis(500));
    let ask = |bytes, repeat| client.add_checkpoint(&one_that_sends(bytes, repeat), &request);
    let started = Instant::now();
    assert!(ask(b"", false).is_err());
    assert!(ask(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n", false).is_err());
    assert!(ask(b"x", true).is_err());
    assert!(ask(b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", true).is_err());
    assert!(started.elapsed() < Duration::from_secs(5));
    let moved =
        ask(b"HTTP/1.1 307 Moved\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n", false);
    assert!(matches!(moved, Ok(Reply::Refused { status: 307, .. })), "{moved:?}");
}
