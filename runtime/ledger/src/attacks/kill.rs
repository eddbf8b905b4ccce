//! Commands that are killed at any moment, on real files.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
    sync::mpsc::channel,
    thread,
    time::Duration,
};

use super::trail::{START_MS, entropy, run, settings};
use crate::{
    Hash, Log, LogError, NodeFile, Settings,
    disk::{Directory, simulated::Rng as Dice},
    tree,
    verify::Verifier,
};

/// Tells the child where to write.
const DIRECTORY: &str = "INVAR_KILLED_IN";
/// What a line of the child begins with that says how much is on the disk.
const ACKNOWLEDGED: &str = "acknowledged ";
const KILLS: usize = 40;
/// How long a child may take to write the first batch.
const FIRST_TIME_MAX: Duration = Duration::from_secs(60);

/// Small, so that epochs and segments end often.
fn small() -> Settings {
    Settings { epochs: 4096, epoch_events_max: 24, segment_bytes: 4096, ..settings() }
}

fn open(path: &Path) -> Result<Log<Directory>, LogError> {
    let disk = Directory::writing(path).unwrap();
    Log::open(disk, None, small().segment_bytes).map(|(log, _)| log)
}

/// Not a test by itself: it writes until it is killed, and says after each batch how much is on the disk.
#[test]
fn a_child_that_writes_until_it_is_killed() {
    let Ok(path) = std::env::var(DIRECTORY) else { return };
    let path = Path::new(&path);
    let mut log = match open(path) {
        Err(LogError::Missing) => {
            let disk = Directory::writing(path).unwrap();
            Log::create(disk, &small(), &entropy(1), None, START_MS).unwrap()
        }
        opened => opened.unwrap(),
    };
    let mut dice = Dice(log.head().size);
    let mut out = std::io::stdout();
    loop {
        for _ in 0..=dice.below(6) {
            log.append(run("a"), START_MS).unwrap();
        }
        let head = log.commit().unwrap();
        writeln!(out, "{ACKNOWLEDGED}{} {}", head.size, head.root).unwrap();
        out.flush().unwrap();
        match dice.below(20) {
            0 => drop(log.publish().unwrap()),
            1 => drop(log.close(START_MS).unwrap()),
            2 => drop(log.rotate(START_MS).unwrap()),
            _ => {}
        }
    }
}

/// When a child is killed.
enum Moment {
    /// So long after it was started, perhaps while it opens the log.
    AfterStart(Duration),
    /// So long after it acknowledged something.
    AfterFirst(Duration),
}

/// What a child acknowledged last before it was killed.
fn killed_at(path: &Path, moment: &Moment) -> Option<(u64, Hash)> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "attacks::kill::a_child_that_writes_until_it_is_killed", "--nocapture"])
        .env(DIRECTORY, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let (sender, receiver) = channel();
    let reading = thread::spawn(move || {
        for line in output.lines().map_while(Result::ok) {
            // A line that was cut short says nothing.
            let parts = line.strip_prefix(ACKNOWLEDGED).and_then(|rest| rest.split_once(' '));
            if let Some((size, root)) = parts
                && let (Ok(size), Some(root)) = (size.parse(), Hash::from_hex(root))
            {
                sender.send((size, root)).unwrap();
            }
        }
    });
    let mut last = None;
    let wait = match moment {
        Moment::AfterStart(wait) => wait,
        Moment::AfterFirst(wait) => {
            last = receiver.recv_timeout(FIRST_TIME_MAX).ok();
            wait
        }
    };
    thread::sleep(*wait);
    child.kill().unwrap();
    child.wait().unwrap();
    reading.join().unwrap();
    receiver.iter().last().or(last)
}

#[test]
fn whoever_is_killed_at_any_moment_loses_nothing_that_was_acknowledged() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let mut dice = Dice(std::process::id().into());
    let mut acknowledged = Vec::new();
    for kill in 0..KILLS {
        let wait = Duration::from_micros(dice.next() % 40_000);
        let moment = if kill % 8 == 0 { Moment::AfterStart(wait) } else { Moment::AfterFirst(wait) };
        acknowledged.extend(killed_at(path, &moment));
        let log = match open(path) {
            Err(LogError::Missing) if acknowledged.is_empty() => continue,
            opened => opened.unwrap(),
        };
        let nodes = NodeFile::new(log.disk());
        for (size, root) in &acknowledged {
            assert!(log.head().size >= *size, "kill {kill}: {} of {size} are there", log.head().size);
            assert_eq!(tree::root(&nodes, *size).unwrap(), *root, "kill {kill}: an event changed");
        }
        drop(log);
        let verifier =
            Verifier { witnesses: &[], log: None, held: Vec::new(), jobs: std::num::NonZero::<usize>::MIN };
        verifier
            .verify(&Directory::reading(path), &mut |_| {})
            .unwrap_or_else(|error| panic!("kill {kill}: {error}"));
    }
    assert!(
        acknowledged.len() >= KILLS - KILLS.div_ceil(8),
        "only {} lives wrote anything",
        acknowledged.len()
    );
}
