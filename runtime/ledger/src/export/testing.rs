//! Logs for the tests of exports.

use std::{collections::BTreeMap, num::NonZero};

use zeroize::Zeroizing;

use crate::{
    Body, Entropy, Event, Hash, Log, Settings,
    body::{
        Decision, Grant, Install, Run, RunMode, SamplingCommit, SamplingReveal, Signing, Trust, Verdict,
        Violation, flags,
    },
    disk::{Disk, simulated::Simulated},
    segment::{self, HEADER_BYTES, Header, Record, Records},
    verify::{Audit, AuditError, Verifier},
};

pub(crate) const START_MS: u64 = 1_768_492_800_000;

pub(crate) fn entropy() -> Entropy {
    Entropy { log: Zeroizing::new([1; 32]), epoch: Zeroizing::new([2; 32]), nonce: [3; 32], salt: [4; 16] }
}

/// Small, so that epochs and segments end often.
pub(crate) fn create(signing: Signing) -> (Simulated, Log<Simulated>) {
    let disk = Simulated::default();
    let settings = Settings {
        epochs: 64,
        epoch_events_max: 24,
        segment_bytes: 4096,
        signing,
        ..Settings::new("example.com/log".into(), Hash::of(b"host"), "invar test".into())
    };
    let log = Log::create(disk.clone(), &settings, &entropy(), None, START_MS).unwrap();
    (disk, log)
}

pub(crate) fn run(component: u8) -> Body {
    Body::Run(Run {
        skill: "hello \"you\"\u{1b}\u{202e}".into(),
        component: Hash([component; 32]),
        envelope: (component > 1).then(|| Hash::of(b"envelope")),
        agent: (component > 1).then(|| "an agent".into()),
        report: (component > 1).then(|| "report-1".into()),
        place: RunMode::Live,
        status: component.checked_sub(1),
        fuel: 1000,
        flags: if component > 1 { flags::VIOLATION | flags::NETWORK } else { 0 },
        ..Run::default()
    })
}

/// One of each kind that others write, in an order in which they can be written.
pub(crate) fn bodies() -> Vec<Body> {
    let component = Hash([2; 32]);
    let decision = || Decision { component, skill: "hello".into(), reason: "why\nnot".into() };
    let grant = Grant { component, skill: "hello".into(), envelope: component, bindings: vec!["a".into()] };
    vec![
        Body::Install(Install {
            component,
            skill: "hello".into(),
            version: "1".into(),
            ..Install::default()
        }),
        Body::Grant(grant.clone()),
        run(1),
        run(0),
        run(2),
        Body::Violation(Violation {
            component,
            lines: vec!["network: \"tcp://203.0.113.9:443\"".into(), "\u{7}".into()],
            count: 2,
            denied: true,
            ..Violation::default()
        }),
        Body::Verdict(Verdict {
            component,
            verdict: "VARIANT".into(),
            report: "r".into(),
            ..Verdict::default()
        }),
        Body::Quarantine(decision()),
        Body::Release(decision()),
        Body::Trust(Trust { component, trust: 250, reason: "why".into() }),
        Body::Grant(Grant { bindings: Vec::new(), ..grant }),
        Body::SamplingCommit(SamplingCommit { period: 1, commitment: Hash::of(&[9; 32]), beacon: None }),
        Body::SamplingReveal(SamplingReveal { period: 1, secret: [9; 32].into() }),
        Body::Close,
    ]
}

/// A log of several segments and epochs with everything in it, published.
pub(crate) fn sample(signing: Signing) -> (Simulated, Log<Simulated>) {
    let (disk, mut log) = create(signing);
    for (round, body) in (0..6).flat_map(|round| bodies().into_iter().map(move |body| (round, body))) {
        log.append(body, START_MS + round).unwrap();
        if round % 2 == 0 {
            log.commit().unwrap();
        }
    }
    log.commit().unwrap();
    log.publish().unwrap();
    assert!(segment::all(&disk).unwrap().len() > 3);
    (disk, log)
}

/// A small one.
pub(crate) fn small(signing: Signing) -> Simulated {
    let (disk, mut log) = create(signing);
    for body in [run(1), run(2)] {
        log.append(body, START_MS).unwrap();
        log.commit().unwrap();
    }
    log.publish().unwrap();
    disk
}

/// The same with the many events of its first segments pruned.
pub(crate) fn with_gone(disk: &Simulated, segments: usize) -> Simulated {
    let mut disk = disk.copy();
    let mut runs: BTreeMap<Hash, u64> = BTreeMap::new();
    for first in &segment::all(&disk).unwrap()[..segments] {
        let name = segment::name(*first);
        let mut header = [0; HEADER_BYTES];
        disk.read_at(&name, 0, &mut header).unwrap();
        let header = Header::from_bytes(&header).unwrap();
        let mut written = header.to_bytes();
        let mut last_commit = 0;
        let mut records = Records::new(&disk, name.clone(), HEADER_BYTES as u64, header.previous);
        let mut link = header.previous;
        while let Some(record) = records.read().unwrap().unwrap() {
            match record {
                Record::Event(bytes, signature) => {
                    let event = Event::from_bytes(bytes).unwrap();
                    link = Hash::link(link, bytes);
                    if let Body::Run(run) = &event.body {
                        runs.insert(run.component, run.run_index);
                    }
                    match signature {
                        _ if event.body.is_bulk() => {
                            segment::write_tombstone(&mut written, Hash::leaf(bytes), link);
                        }
                        Some(signature) => segment::write_signed_event(&mut written, bytes, link, signature),
                        None => segment::write_event(&mut written, bytes, link),
                    }
                }
                Record::Commit(commit) => {
                    last_commit = written.len();
                    segment::write_commit(&mut written, &commit, link);
                }
                Record::Tombstone { .. } | Record::Runs(_) => panic!("it was pruned before"),
            }
        }
        let commit = written.split_off(last_commit);
        segment::write_runs(&mut written, &runs, link);
        written.extend(commit);
        disk.create(&name, &written).unwrap();
    }
    disk
}

pub(crate) fn verify(disk: &Simulated) -> Result<Audit, AuditError> {
    let verifier = Verifier { witnesses: &[], log: None, held: Vec::new(), jobs: NonZero::<usize>::MIN };
    verifier.verify(disk, &mut |_| {})
}
