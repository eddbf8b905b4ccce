//! Any file of an audit trail, forged: as bytes, behind a header, or as records with checks and signatures in order.
//! Verifying and opening end with an answer; what opens can be written to and opens again; events are written as they were
//! read.
#![no_main]

use std::{collections::BTreeMap, io, num::NonZero, sync::LazyLock};

use invar_ledger::{
    Body, Checkpoint, Entropy, Event, Hash, Log, Settings, Signer,
    body::Run,
    disk::Disk,
    keyfile::{self, Secrets},
    keys::EpochSecret,
    note::KeyName,
    segment::{self, Commit, HEADER_BYTES, Record, Records},
    tree::Edge,
    verify::Verifier,
};
use libfuzzer_sys::fuzz_target;

const ORIGIN: &str = "example.com/fuzzed";
const START_MS: u64 = 1_768_492_800_000;
const SEGMENT_BYTES: u64 = 4096;

/// Files in memory.
#[derive(Debug, Clone, Default)]
struct Memory(BTreeMap<String, Vec<u8>>);

impl Memory {
    fn file(&self, name: &str) -> io::Result<&Vec<u8>> {
        self.0.get(name).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl Disk for &mut Memory {
    fn names(&self) -> io::Result<Vec<String>> {
        Ok(self.0.keys().cloned().collect())
    }

    fn size(&self, name: &str) -> io::Result<Option<u64>> {
        Ok(self.0.get(name).map(|file| file.len() as u64))
    }

    /// Nothing of it is known to be as it was: all of it is read.
    fn fingerprint(&self, _: &str) -> io::Result<Option<Vec<u8>>> {
        Ok(None)
    }

    fn read_at(&self, name: &str, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let file = self.file(name)?;
        let rest = usize::try_from(offset).ok().and_then(|from| file.get(from..)).unwrap_or_default();
        let read = rest.len().min(buffer.len());
        buffer[..read].copy_from_slice(&rest[..read]);
        Ok(read)
    }

    fn create(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.0.insert(name.to_owned(), bytes.to_vec());
        Ok(())
    }

    fn append(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.0.entry(name.to_owned()).or_default().extend_from_slice(bytes);
        Ok(())
    }

    fn truncate(&mut self, name: &str, size: u64) -> io::Result<()> {
        let size = usize::try_from(size).map_err(io::Error::other)?;
        self.0.entry(name.to_owned()).or_default().resize(size, 0);
        Ok(())
    }

    fn sync(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn rename(&mut self, from: &str, to: &str) -> io::Result<()> {
        let file = self.0.remove(from).ok_or(io::ErrorKind::NotFound)?;
        self.0.insert(to.to_owned(), file);
        Ok(())
    }

    fn link(&mut self, from: &str, to: &str) -> io::Result<()> {
        let file = self.file(from)?.clone();
        self.0.insert(to.to_owned(), file);
        Ok(())
    }

    fn remove(&mut self, name: &str) -> io::Result<()> {
        self.0.remove(name).map(drop).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn sync_names(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn wipe(&mut self, name: &str) -> io::Result<()> {
        self.remove(name)
    }
}

fn first_secret() -> EpochSecret {
    EpochSecret::new(0, [2; 32].into())
}

fn run() -> Body {
    Body::Run(Run { skill: "hello".into(), fuel: 1000, ..Run::default() })
}

/// A trail with two runs, published and closed.
static WHOLE: LazyLock<Memory> = LazyLock::new(|| {
    let mut memory = Memory::default();
    let settings = Settings {
        epochs: 4,
        epoch_events_max: 8,
        segment_bytes: SEGMENT_BYTES,
        ..Settings::new(ORIGIN.into(), Hash::of(b"host"), "invar fuzz".into())
    };
    let entropy = Entropy { log: [1; 32].into(), epoch: [2; 32].into(), nonce: [3; 32], salt: [4; 16] };
    let mut log = Log::create(&mut memory, &settings, &entropy, None, START_MS).expect("a log is begun");
    for _ in 0..2 {
        log.append(run(), START_MS).expect("a run is one of its events");
        log.commit().expect("memory takes it");
    }
    log.publish().expect("it is published");
    log.close(START_MS).expect("it ends in order");
    drop(log);
    memory
});

/// Records after the first two events, with the checks, links, indices and signatures that they must have: kind, length in
/// two bytes, content. With them the key file that belongs to where they end.
fn records(mut data: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut whole = WHOLE.clone();
    let name = segment::name(0);
    let mut bytes = whole.0[&name][..HEADER_BYTES].to_vec();
    let disk = &mut whole;
    let mut edge = Edge::default();
    let mut link = Hash::default();
    let mut log = Hash::default();
    let mut before = Records::new(&disk, name.clone(), HEADER_BYTES as u64, link);
    while edge.size() < 2 {
        let Ok(Ok(Some(Record::Event(event, _)))) = before.read() else { break };
        link = Hash::link(link, event);
        log = Event::from_bytes(event).map(|event| event.log).unwrap_or_default();
        edge.append(Hash::leaf(event), |_| {});
        segment::write_event(&mut bytes, event, link);
    }
    let (mut secret, mut first) = (first_secret(), 1);
    while let Some(([kind, short, long], rest)) = data.split_first_chunk() {
        let len = usize::from(u16::from_le_bytes([*short, *long])).min(rest.len());
        let (content, rest) = rest.split_at(len);
        data = rest;
        match kind % 4 {
            0 => {
                let Ok(event) = Event::from_bytes(content) else { continue };
                let event = Event { log, index: edge.size(), previous: link, ..event };
                while secret.epoch() < event.epoch.min(4) {
                    secret = secret.next();
                }
                if matches!(event.body, Body::KeyEpoch(_)) {
                    first = event.index;
                }
                let Ok(event) = event.to_bytes() else { continue };
                link = Hash::link(link, &event);
                edge.append(Hash::leaf(&event), |_| {});
                segment::write_event(&mut bytes, &event, link);
            }
            1 => {
                let (size, root) = (edge.size(), edge.root());
                let Ok(text) = Checkpoint::new(ORIGIN, size, root).map(|own| own.text()) else { continue };
                let Ok(name) = KeyName::new(ORIGIN) else { continue };
                let signature = Signer::new(name, &secret.key().to_bytes()).sign(&text);
                let Ok(signature) = <[u8; 64]>::try_from(signature.bytes()) else { continue };
                segment::write_commit(&mut bytes, &Commit { size, root, signature: signature.into() }, link);
            }
            2 => {
                let leaf = Hash::of(content);
                link = Hash::of(leaf.0.as_slice());
                edge.append(leaf, |_| {});
                segment::write_tombstone(&mut bytes, leaf, link);
            }
            _ => {
                let runs = content.chunks(3).map(|own| (Hash::of(own), own.len() as u64)).collect();
                segment::write_runs(&mut bytes, &runs, link);
            }
        }
    }
    let secrets = Secrets { log: [1; 32].into(), epoch: secret, first };
    (bytes, keyfile::write(&secrets, None).to_vec())
}

fn look(mut memory: Memory) {
    let verifier = Verifier { witnesses: &[], log: None, held: Vec::new(), jobs: NonZero::<usize>::MIN };
    let _ = verifier.verify(&&mut memory, &mut |_| {});
    let Ok((mut log, _)) = Log::open(&mut memory, None, SEGMENT_BYTES) else { return };
    let written = log.append(run(), START_MS).and_then(|_| log.close(START_MS));
    drop(log);
    if let Ok(head) = written {
        let (log, _) = Log::open(&mut memory, None, SEGMENT_BYTES).expect("what was written opens again");
        assert_eq!(log.head(), head);
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((manner, rest)) = data.split_first() else { return };
    if let Ok(event) = Event::from_bytes(rest) {
        assert_eq!(event.to_bytes().as_deref(), Ok(rest));
    }
    let whole = &WHOLE.0;
    let segment = segment::name(0);
    let alone = |bytes: Vec<u8>| {
        let beside = ["key", "epochs"].map(|name| (name.to_owned(), whole[name].clone()));
        Memory([(segment.clone(), bytes)].into_iter().chain(beside).collect())
    };
    let with = |name: &str, bytes: &[u8]| {
        let mut memory = WHOLE.clone();
        memory.0.insert(name.to_owned(), bytes.to_vec());
        memory
    };
    look(match manner % 10 {
        0 => alone(rest.to_vec()),
        1 => alone([&whole[&segment][..HEADER_BYTES], rest].concat()),
        2 => with("state", rest),
        3 => with("checkpoint", rest),
        4 => with("epochs", rest),
        5 => with("nodes", rest),
        6 => with("key", rest),
        // Behind what is whole.
        7 => with(&segment, &[&whole[&segment], rest].concat()),
        _ => {
            let (bytes, key) = records(rest);
            let mut memory = alone(bytes);
            memory.0.insert("key".into(), key);
            memory
        }
    });
});
