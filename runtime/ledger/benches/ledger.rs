//! Speed of the audit trail, as ratios against a bare host that appends and syncs the same bytes, in this run.
//!
//! `cargo bench -p invar-ledger` prints; `docs/performance.md` keeps the figures. Nothing here fails: the machine may be
//! busy, and disks have spells.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a bench measures time and prints"
)]

use std::{
    fs::File,
    hint::black_box,
    io::Write,
    num::NonZero,
    path::Path,
    sync::{
        Arc,
        mpsc::{SyncSender, sync_channel},
    },
    thread,
    time::Instant,
};

use ed25519_dalek::{Signer, SigningKey};
use invar_ledger::{
    Body, Entropy, Event, Hash, Log, NodeFile, Settings,
    body::{Run, Signing},
    disk::Directory,
    group::Group,
    tree,
    verify::Verifier,
};

/// Rounds of each pair, in turn; the median counts.
const ROUNDS: usize = 7;
const PRODUCERS: usize = 256;
const EVENTS_OF_A_PRODUCER: usize = 200;
const MILLION: u64 = 1_000_000;

fn main() {
    let filter = std::env::args().skip(1).find(|arg| !arg.starts_with('-')).unwrap_or_default();
    let benches: [(&str, fn()); 4] = [("group", group), ("each", each), ("lab", lab), ("million", million)];
    for (name, bench) in benches {
        if name.contains(&filter) {
            bench();
        }
    }
}

fn time(go: impl FnOnce()) -> f64 {
    let start = Instant::now();
    go();
    start.elapsed().as_secs_f64()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn run(number: u64) -> Body {
    Body::Run(Run {
        skill: "data-enrichment-service".into(),
        component: Hash::of(b"component"),
        engine: Hash::of(b"engine"),
        envelope: Some(Hash::of(b"envelope")),
        report: Some("3f1c09d2a7b4".into()),
        number: 1 + u32::try_from(number % 10_000).unwrap(),
        input: Hash::of(b"input"),
        answers: Hash::of(&number.to_be_bytes()),
        content: Hash::of(b"content"),
        status: Some(0),
        fuel: 1_413_022 + number,
        memory_peak_bytes: 1_114_112,
        host_calls: 61,
        file_read_bytes: 2048,
        file_written_bytes: 512,
        ..Run::default()
    })
}

fn create(path: &Path, signing: Signing) -> Log<Directory> {
    let settings =
        Settings { signing, ..Settings::new("example.com/bench".into(), Hash::of(b"host"), "bench".into()) };
    let seed = |byte| [byte; 32].into();
    let entropy = Entropy { log: seed(1), epoch: seed(2), nonce: [3; 32], salt: [4; 16] };
    Log::create(Directory::writing(path).unwrap(), &settings, &entropy, None, now_ms()).unwrap()
}

fn now_ms() -> u64 {
    u64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap()
}

/// Everybody writes and waits for the disk, one event at a time.
fn produce(append: impl Fn(u64) + Sync) {
    thread::scope(|scope| {
        for producer in 0..PRODUCERS as u64 {
            let append = &append;
            scope.spawn(move || {
                (0..EVENTS_OF_A_PRODUCER as u64).for_each(|event| append(producer * 1000 + event))
            });
        }
    });
}

/// Bytes that are appended and synced, and nothing more: what is left of a log without events.
struct Bare(Option<SyncSender<(Vec<u8>, SyncSender<()>)>>, Option<thread::JoinHandle<()>>);

impl Bare {
    fn new(path: &Path) -> Self {
        let (sender, receiver) = sync_channel::<(Vec<u8>, SyncSender<()>)>(4096);
        let mut file = File::create(path.join("bare")).unwrap();
        let writing = thread::spawn(move || {
            while let Ok(first) = receiver.recv() {
                let mut batch = vec![first];
                batch.extend(receiver.try_iter().take(8191));
                let bytes: Vec<u8> = batch.iter().flat_map(|(bytes, _)| bytes.iter().copied()).collect();
                file.write_all(&bytes).unwrap();
                file.sync_data().unwrap();
                batch.into_iter().for_each(|(_, answer)| answer.send(()).unwrap());
            }
        });
        Self(Some(sender), Some(writing))
    }

    fn append(&self, bytes: Vec<u8>) {
        let (answer, answered) = sync_channel(1);
        self.0.as_ref().unwrap().send((bytes, answer)).unwrap();
        answered.recv().unwrap();
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        self.0 = None;
        self.1.take().unwrap().join().unwrap();
    }
}

/// 256 who wait for the disk: ours against bare bytes.
fn group() {
    let bytes = size_of_an_event();
    let (mut rates, mut other, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    let events = (PRODUCERS * EVENTS_OF_A_PRODUCER) as f64;
    for _ in 0..ROUNDS {
        let directory = tempfile::tempdir().unwrap();
        let group = Arc::new(Group::new(create(directory.path(), Signing::Batch)));
        let ours =
            events / time(|| produce(|number| assert!(group.append(vec![run(number)], now_ms()).is_ok())));
        let bare = Bare::new(directory.path());
        let theirs = events / time(|| produce(|_| bare.append(vec![7; bytes])));
        rates.push(ours);
        other.push(theirs);
        ratios.push(ours / theirs);
    }
    println!(
        "{PRODUCERS} producers, one signature a batch: {:.0} durable events/s, bare append and sync of the same bytes \
         {:.0}/s, ratio {:.2} (targets 40000/s and 0.7)",
        median(rates),
        median(other),
        median(ratios)
    );
}

/// A signature for each event, against what one core can sign.
fn each() {
    let key = SigningKey::from_bytes(&[5; 32]);
    let message = vec![7; size_of_an_event()];
    const SIGNATURES: usize = 20_000;
    let (mut rates, mut other, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    let events = (PRODUCERS * EVENTS_OF_A_PRODUCER) as f64;
    for _ in 0..ROUNDS {
        let limit = SIGNATURES as f64
            / time(|| {
                (0..SIGNATURES).for_each(|_| {
                    black_box(key.sign(&message));
                })
            });
        let directory = tempfile::tempdir().unwrap();
        let group = Arc::new(Group::new(create(directory.path(), Signing::Each)));
        let ours =
            events / time(|| produce(|number| assert!(group.append(vec![run(number)], now_ms()).is_ok())));
        rates.push(ours);
        other.push(limit);
        ratios.push(ours / limit);
    }
    println!(
        "{PRODUCERS} producers, a signature an event: {:.0} durable events/s, signatures alone on one core {:.0}/s, \
         ratio {:.2} (target 0.9)",
        median(rates),
        median(other),
        median(ratios)
    );
}

/// What a monitoring of 10,000 runs adds: opened, written, synced, closed.
fn lab() {
    let directory = tempfile::tempdir().unwrap();
    drop(create(directory.path(), Signing::Batch));
    let seconds = (0..ROUNDS).map(|_| {
        time(|| {
            let disk = Directory::writing(directory.path()).unwrap();
            let (mut log, _) = Log::open(disk, None, invar_ledger::SEGMENT_BYTES).unwrap();
            for number in 0..10_000 {
                log.append(run(number), now_ms()).unwrap();
            }
            log.close(now_ms()).unwrap();
        })
    });
    println!("10,000 runs on record, with opening and one sync: {:.1} ms", median(seconds.collect()) * 1e3);
    let seconds = (0..ROUNDS).map(|_| {
        time(|| {
            let disk = Directory::writing(directory.path()).unwrap();
            let (mut log, _) = Log::open(disk, None, invar_ledger::SEGMENT_BYTES).unwrap();
            log.append(run(1), now_ms()).unwrap();
            log.close(now_ms()).unwrap();
        })
    });
    println!("one run on record, with opening and one sync: {:.2} ms", median(seconds.collect()) * 1e3);
}

/// A log of a million events: made, verified, proved, compacted.
fn million() {
    let directory = tempfile::tempdir().unwrap();
    let mut log = create(directory.path(), Signing::Batch);
    let made = time(|| {
        for number in 0..MILLION {
            log.append(run(number), now_ms()).unwrap();
            if number % 1000 == 999 {
                log.commit().unwrap();
            }
        }
        log.close(now_ms()).unwrap();
    });
    let size = log.head().size;
    let bytes = |ends: &str| -> u64 {
        let files = std::fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap());
        files
            .filter(|file| file.file_name().to_str().unwrap().ends_with(ends))
            .map(|file| file.metadata().unwrap().len())
            .sum()
    };
    println!("a million events, a signature and a sync for each 1,000: made in {made:.1} s");
    println!("  segments {} bytes, nodes {} bytes", bytes("segment"), bytes("nodes"));

    for jobs in [1, 2] {
        let jobs = NonZero::new(jobs).unwrap();
        let verifier = Verifier { witnesses: &[], log: None, held: Vec::new(), jobs };
        let disk = Directory::reading(directory.path());
        let seconds =
            median((0..3).map(|_| time(|| drop(verifier.verify(&disk, &mut |_| {}).unwrap()))).collect());
        println!(
            "  verified with {jobs} thread(s) for its {} signatures: {seconds:.2} s (target 1.5 s for chain and tree)",
            verifier.verify(&disk, &mut |_| {}).unwrap().signatures
        );
    }
    println!("  largest memory of this process so far: {}", peak_memory());

    let nodes = NodeFile::new(log.disk());
    const PROOFS: u64 = 20_000;
    let at = |number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15) % size;
    let making = time(|| {
        (0..PROOFS).for_each(|event| drop(black_box(tree::inclusion(&nodes, at(event), size).unwrap())))
    });
    let (root, index) = (log.head().root, at(1));
    let path = tree::inclusion(&nodes, index, size).unwrap().unwrap();
    let leaf = invar_ledger::reader::entry(log.disk(), index).unwrap().unwrap().1;
    let checking = time(|| {
        (0..PROOFS).for_each(|_| assert!(black_box(tree::includes(leaf, index, size, &path, root))));
    });
    let each = |seconds: f64| seconds / PROOFS as f64 * 1e6;
    println!(
        "  inclusion proof of {} hashes: made in {:.1} us, checked in {:.1} us (targets 20 us)",
        path.len(),
        each(making),
        each(checking)
    );

    let compacting = time(|| assert!(log.compact(u64::MAX).is_ok()));
    println!("  compacted in {compacting:.1} s: segments {} bytes", bytes("segment"));
    let verifier = Verifier { witnesses: &[], log: None, held: Vec::new(), jobs: NonZero::<usize>::MIN };
    let audit = verifier.verify(log.disk(), &mut |_| {}).unwrap();
    println!("  verified again, {} events as hashes", audit.gone);
    assert_eq!(tree::inclusion(&NodeFile::new(log.disk()), index, size).unwrap().unwrap(), path);
}

fn size_of_an_event() -> usize {
    let event = Event {
        version: invar_ledger::VERSION,
        log: Hash::default(),
        index: MILLION,
        epoch: 16,
        time_ms: now_ms(),
        previous: Hash::default(),
        body: run(1),
    };
    event.to_bytes().unwrap().len() + 13
}

/// As the system tells it.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.map_or("not known".into(), |line| line.split_whitespace().skip(1).collect::<Vec<_>>().join(" "))
}
