//! Witnesses, over HTTP on this machine, and asking them as the commands do.

use std::{net::TcpListener, thread};

use tempfile::TempDir;

use super::trail::Trail;
use crate::{
    Policy, SignedCheckpoint, Signer, VerifierKey,
    note::KeyName,
    policy::{Octets, PolicyWitness},
    prove, published,
    witness::{Client, Cosigning, Logs, Server, Witness, cosign, server::Stop},
};

/// A witness that runs.
pub(super) struct Outside {
    _directory: TempDir,
    key: VerifierKey,
    url: String,
    stop: Stop,
    thread: Option<thread::JoinHandle<()>>,
}

impl Outside {
    /// One of that name, for the log with that key.
    pub(super) fn start(name: &str, log: VerifierKey) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let seed = crate::Hash::of(name.as_bytes()).0;
        let signer = Signer::new(KeyName::new(name).unwrap(), &seed);
        let witness = Witness::open(signer, Logs::of([log]).unwrap(), directory.path()).unwrap();
        let key = witness.key();
        let server = Server::new(TcpListener::bind("127.0.0.1:0").unwrap(), witness).unwrap();
        let (url, stop) = (format!("http://{}", server.address()), server.stop());
        let thread = thread::spawn(move || server.run(|_| {}).unwrap());
        Self { _directory: directory, key, url, stop, thread: Some(thread) }
    }

    /// That it must have seen what is verified.
    pub(super) fn policy(&self) -> Policy {
        Policy::all_of([self.key.clone()]).unwrap()
    }

    fn entry(&self) -> PolicyWitness {
        PolicyWitness {
            name: Octets::from("own".to_owned()),
            key: self.key.clone(),
            url: Some(Octets::from(self.url.clone())),
        }
    }

    /// What `invar ledger checkpoint` says, and the checkpoint, with its cosignature if it was given.
    pub(super) fn publish(&self, trail: &Trail) -> (String, SignedCheckpoint) {
        let mut log = trail.open().unwrap();
        let seen = published::read(log.disk()).unwrap().map_or(0, |own| own.checkpoint().size());
        let mut signed = log.publish().unwrap();
        let size = signed.checkpoint().size();
        let mut ask = |log: &crate::Log<_>| {
            let of = signed.clone();
            let new = (of.checkpoint().size(), of.checkpoint().root());
            let prove = |old| prove::continues(log.disk(), old, new);
            cosign(&Client::new(), &self.entry(), &mut signed, seen, prove)
        };
        let mut cosigning = ask(&log);
        if matches!(cosigning, Cosigning::NoProof { .. }) {
            log.remake_nodes().unwrap();
            cosigning = ask(&log);
        }
        let told = cosigning.told(self.key.name(), size, &trail.path().display().to_string());
        if told.is_none() {
            log.keep_cosigned(&signed).unwrap();
        }
        (trail.masked(&told.unwrap_or_else(|| "witnessed".into())), signed)
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        self.stop.stop();
        let joined = self.thread.take().map(thread::JoinHandle::join);
        assert!(thread::panicking() || matches!(joined, Some(Ok(()))));
    }
}
