//! What witnesses tell of an audit trail that was attacked: over HTTP on this machine, asked as the commands ask them. Each
//! attack is a row of a table in `docs/ledger.md`; those that need no witness to be asked are tested in `invar-ledger`.

#![expect(clippy::disallowed_methods, reason = "the files and the network are real")]

use std::{fs, net::TcpListener, path::Path, thread};

use invar_ledger::{
    Body, Entropy, Hash, Log, Settings, Signer, VerifierKey,
    body::Run,
    disk::Directory,
    note::KeyName,
    policy::{Octets, PolicyWitness},
    prove, published,
};
use tempfile::TempDir;

use crate::{
    client::Client,
    cosign::{CosignOutcome, cosign},
    logs::Logs,
    server::{Server, Stop},
    witness::Witness,
};

/// 15 January 2026, 16:00 in UTC.
const START_MS: u64 = 1_768_492_800_000;
const MINUTE_MS: u64 = 60_000;
/// When a command runs that comes long after the others.
const LATER_MS: u64 = START_MS + 9 * MINUTE_MS;
const SEGMENT_BYTES: u64 = 1 << 20;

/// An audit trail in a directory, with the same keys each time.
struct Trail(TempDir);

impl Trail {
    /// One in which these skills ran, a command each, a minute apart.
    fn of_runs(skills: &[&str]) -> Self {
        let trail = Self(tempfile::tempdir().unwrap());
        let settings = Settings::new("example.com/trail".into(), Hash::of(b"host"), "invar test".into());
        let settings = Settings { epochs: 8, epoch_events_max: 100, ..settings };
        let entropy = Entropy { log: [1; 32].into(), epoch: [2; 32].into(), nonce: [3; 32], salt: [4; 16] };
        let disk = Directory::writing(trail.path()).unwrap();
        drop(Log::create(disk, &settings, &entropy, None, START_MS).unwrap());
        trail.run_each(1, skills);
        trail
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn open(&self) -> Log<Directory> {
        Log::open(Directory::writing(self.path()).unwrap(), None, SEGMENT_BYTES).unwrap().0
    }

    fn key(&self) -> VerifierKey {
        published::log_key(self.open().genesis()).unwrap()
    }

    /// Runs each skill, the first in that minute.
    fn run_each(&self, first_minute: u64, skills: &[&str]) {
        for (minute, skill) in (first_minute..).zip(skills) {
            self.run_at(skill, START_MS + minute * MINUTE_MS);
        }
    }

    fn run_at(&self, skill: &str, time_ms: u64) {
        let component = Hash::of(skill.as_bytes());
        let run = Run { skill: skill.into(), component, fuel: 1000, ..Run::default() };
        let mut log = self.open();
        log.append(Body::Run(run), time_ms).unwrap();
        log.close(time_ms).unwrap();
    }

    /// Puts another trail's files in the place of these.
    fn replace_with(&self, other: &Path) {
        let names = |directory: &Path| -> Vec<_> {
            let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name());
            entries.filter(|name| name != "lock").collect()
        };
        names(self.path()).iter().for_each(|name| fs::remove_file(self.path().join(name)).unwrap());
        for name in names(other) {
            fs::copy(other.join(&name), self.path().join(&name)).unwrap();
        }
    }

    /// A copy of everything, as a backup has it.
    fn copy(&self) -> Self {
        let copy = Self(tempfile::tempdir().unwrap());
        copy.replace_with(self.path());
        copy
    }
}

/// A witness that runs.
struct RunningWitness {
    _directory: TempDir,
    witness: PolicyWitness,
    stop: Stop,
    thread: Option<thread::JoinHandle<()>>,
}

impl RunningWitness {
    /// A witness for the log with that key.
    fn start(log: VerifierKey) -> Self {
        const NAME: &str = "witness.example/a";
        let directory = tempfile::tempdir().unwrap();
        let signer = Signer::new(KeyName::new(NAME).unwrap(), &Hash::of(NAME.as_bytes()).0);
        let witness = Witness::open(signer, Logs::of([log]).unwrap(), directory.path()).unwrap();
        let key = witness.key();
        let server = Server::new(TcpListener::bind("127.0.0.1:0").unwrap(), witness).unwrap();
        let (url, stop) = (format!("http://{}", server.address()), server.stop());
        let thread = thread::spawn(move || server.run(|_| {}).unwrap());
        let witness = PolicyWitness { name: Octets::from("a".to_owned()), key, url: Some(Octets::from(url)) };
        Self { _directory: directory, witness, stop, thread: Some(thread) }
    }

    /// What `invar ledger checkpoint` says.
    fn publish(&self, trail: &Trail) -> String {
        let mut log = trail.open();
        let seen = published::read(log.disk()).unwrap().map_or(0, |signed| signed.checkpoint().size());
        let mut signed = log.publish().unwrap();
        let size = signed.checkpoint().size();
        let mut ask = |log: &Log<_>| {
            let new = (size, signed.checkpoint().root());
            let prove = |old| prove::continues(log.disk(), old, new);
            cosign(&Client::new(), &self.witness, &mut signed, seen, prove)
        };
        let mut cosigning = ask(&log);
        if matches!(cosigning, CosignOutcome::NoProof { .. }) {
            log.remake_nodes().unwrap();
            cosigning = ask(&log);
        }
        drop(log);
        match cosigning.message(self.witness.key.name(), size, "[trail]") {
            Some(message) => message,
            None => {
                published::keep(&mut Directory::writing(trail.path()).unwrap(), &signed).unwrap();
                "witnessed".into()
            }
        }
    }
}

impl Drop for RunningWitness {
    fn drop(&mut self) {
        self.stop.stop();
        let joined = self.thread.take().map(thread::JoinHandle::join);
        assert!(thread::panicking() || matches!(joined, Some(Ok(()))));
    }
}

/// Whether the attack is in the table of the documentation, with what is printed.
#[track_caller]
fn assert_documented(attack: &str, printed: &str) {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/ledger.md")).unwrap();
    let (begin, end) = (format!("| {attack} | "), format!(" | {printed} |"));
    let is_documented = page.lines().any(|line| line.starts_with(&begin) && line.ends_with(&end));
    assert!(is_documented, "docs/ledger.md has no row {begin}…{end}");
}

#[test]
fn an_old_copy_of_everything_is_seen_by_the_witness() {
    let trail = Trail::of_runs(&["a"]);
    let witness = RunningWitness::start(trail.key());
    let backup = trail.copy();
    trail.run_each(2, &["b", "c"]);
    assert_eq!(witness.publish(&trail), "witnessed");
    trail.replace_with(backup.path());
    trail.run_at("b", LATER_MS);
    let message = witness.publish(&trail);
    assert_eq!(
        message,
        "rolled back: the witness witness.example/a saw 8 events of this audit trail, and 6 are in [trail]: it was cut, or \
         put back from an old copy"
    );
    assert_documented(
        "puts back an old copy of the whole directory, the key with it",
        &format!("`` {message} ``"),
    );
}

#[test]
fn a_rewritten_tail_is_seen_by_the_witness() {
    let trail = Trail::of_runs(&["a", "b", "c"]);
    let witness = RunningWitness::start(trail.key());
    witness.publish(&trail);
    trail.replace_with(Trail::of_runs(&["a", "x", "c", "d"]).path());
    let message = witness.publish(&trail);
    assert_eq!(
        message,
        "split view: the witness witness.example/a saw 8 events of this audit trail that are not the first 8 in [trail]: \
         its key signed two histories"
    );
    assert_documented(
        "writes all that followed anew, signed with the keys, and publishes",
        &format!("`` {message} ``"),
    );
}

#[test]
fn a_split_view_is_refused_by_a_witness_that_sees_both() {
    let (one, other) = (Trail::of_runs(&["a", "b", "c"]), Trail::of_runs(&["a", "x", "c", "d"]));
    let witness = RunningWitness::start(one.key());
    assert_eq!(witness.publish(&one), "witnessed");
    let message = witness.publish(&other);
    assert!(message.starts_with("split view: the witness witness.example/a saw 8 events"), "{message}");
    assert_documented("shows one witness two histories", &format!("`` {message} ``"));
}

#[test]
fn a_trail_that_is_gone_on_with_on_two_machines_is_found() {
    let trail = Trail::of_runs(&["a", "b", "c"]);
    let witness = RunningWitness::start(trail.key());
    witness.publish(&trail);
    let second = trail.copy();
    trail.run_at("d", LATER_MS);
    second.run_at("e", LATER_MS);
    assert_eq!(witness.publish(&trail), "witnessed");
    let message = witness.publish(&second);
    assert!(message.starts_with("split view: the witness witness.example/a saw 10 events"), "{message}");
    assert_documented(
        "copies the trail to a second machine, and goes on with it on both",
        &format!("`` {message} ``"),
    );
}

#[test]
fn forged_nodes_make_no_split_view() {
    let trail = Trail::of_runs(&["a", "b", "c"]);
    let witness = RunningWitness::start(trail.key());
    witness.publish(&trail);
    let nodes = trail.path().join("nodes");
    // Those near the end are what a proof from the last checkpoint to the next is made of.
    for back in 1..=16 {
        trail.run_at("d", LATER_MS);
        let mut bytes = fs::read(&nodes).unwrap();
        let at = bytes.len() - back * 32;
        bytes[at] ^= 1;
        fs::write(&nodes, bytes).unwrap();
        assert_eq!(witness.publish(&trail), "witnessed", "node {back} from the end");
    }
    assert_documented(
        "changes the file that proofs are made of, so that the witness refuses, and the log operator is suspected",
        "nothing: it is witnessed",
    );
}
