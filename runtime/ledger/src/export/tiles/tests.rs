use std::{collections::BTreeSet, io};

use proptest::prelude::*;
use tlog_tiles::HashReader;

use super::{tiler::Tiler, *};
use crate::{
    Event, Hash, Log, NodeFile, VerifierKey,
    body::Signing,
    disk::{Disk, simulated::Simulated},
    export::{
        files::{Files, Folder, memory::Memory},
        testing::{START_MS, create, run, sample, verify as verify_log, with_gone},
    },
    note::KeyKind,
    published,
    testing::signer,
    tree::{Nodes, Tree},
};

/// A log of at least so many events, published.
fn log_of(events: u64) -> (Simulated, Log<Simulated>) {
    let (disk, mut log) = create(Signing::Batch);
    grow(&mut log, events);
    (disk, log)
}

fn grow(log: &mut Log<Simulated>, events: u64) {
    while log.append(run(1), START_MS).unwrap() + 1 < events {}
    log.commit().unwrap();
    log.publish().unwrap();
}

fn export(disk: &impl Disk) -> Memory {
    let mut files = Memory::default();
    write(disk, &mut files).unwrap();
    files
}

fn audit(files: &impl Files) -> Result<TileAudit, TilesError> {
    verify(files, None, &[], &mut |_, _| {})
}

#[test]
fn what_was_published_can_be_verified_from_its_tiles() {
    let (small, _) = sample(Signing::Each);
    for disk in [small, log_of(256).0, log_of(600).0] {
        let files = export(&disk);
        let mut events: Vec<Event> = Vec::new();
        let found = verify(&files, None, &[], &mut |event, _| events.push(event.clone())).unwrap();
        let log = verify_log(&disk).unwrap();
        assert_eq!((found.head, found.log, found.epoch), (log.head, log.log, log.epoch));
        assert_eq!((found.genesis, found.is_closed), (log.genesis, log.is_closed));
        assert_eq!(events.len() as u64, log.head.size);
    }
}

#[test]
fn only_what_was_published_is_there() {
    let (disk, mut log) = sample(Signing::Batch);
    let before = log.head();
    log.append(run(1), START_MS + 10).unwrap();
    log.commit().unwrap();
    assert_eq!(audit(&export(&disk)).unwrap().head, before);
    let (unpublished, _) = create(Signing::Batch);
    assert!(matches!(write(&unpublished, &mut Memory::default()), Err(TilesError::NotPublished)));
}

#[test]
fn a_log_that_lost_events_has_no_tiles() {
    let (disk, _) = sample(Signing::Batch);
    let mut files = Memory::default();
    let error = write(&with_gone(&disk, 1), &mut files).unwrap_err();
    assert!(matches!(error, TilesError::Tombstone(_)), "{error}");
    assert!(!files.0.contains_key("checkpoint"));
}

/// Hashes of our tree as the other implementation asks for them.
struct Ours<'a, N>(&'a N);

impl<N: Nodes> HashReader for Ours<'_, N> {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog_tiles::Hash>, tlog_tiles::Error> {
        let hash = |index: &u64| {
            let (level, number) = tlog_tiles::split_stored_hash_index(*index);
            let hash = self.0.node(level.into(), number).ok().ok_or(tlog_tiles::Error::InvalidTile)?;
            Ok(tlog_tiles::Hash(hash.0))
        };
        indexes.iter().map(hash).collect()
    }
}

/// The tiles that the other implementation makes. Its paths say how high tiles are, which ours do not: all have the same.
fn theirs(nodes: &impl Nodes, size: u64) -> Memory {
    let mut files = Memory::default();
    for tile in tlog_tiles::Tile::new_tiles(8, 0, size) {
        let path = tile.path().replacen("tile/8/", "tile/", 1);
        files.put(&path, &tile.read_data(&Ours(nodes)).unwrap()).unwrap();
    }
    files
}

#[test]
fn another_implementation_makes_the_same_tiles() {
    for events in [5, 255, 256, 257, 600] {
        let (disk, log) = log_of(events);
        let mut ours = export(&disk);
        ours.0.retain(|path, _| path.starts_with("tile/") && !path.starts_with("tile/entries/"));
        assert_eq!(ours, theirs(&NodeFile::new(&disk), log.head().size), "{events}");
        let text = export(&disk).0["checkpoint"].clone();
        let text = String::from_utf8(text).unwrap();
        let (checkpoint, _) = text.split_once("\n\n").unwrap();
        let checkpoint = tlog_tiles::Checkpoint::from_bytes(format!("{checkpoint}\n").as_bytes()).unwrap();
        assert_eq!((checkpoint.size(), checkpoint.hash().0), (log.head().size, log.head().root.0));
    }
}

/// The tiles of so many leaves, and of the tree of the other implementation.
fn of_leaves(size: u64) -> (Memory, Memory) {
    let (mut tree, mut tiler, mut ours) = (Tree::default(), Tiler::default(), Memory::default());
    for index in 0..size {
        let leaf = Hash::leaf(&index.to_be_bytes());
        tree.append(leaf);
        tiler.push(leaf, |tile| ours.put(&tile.path(), &tile.bytes())).unwrap();
    }
    tiler.rest(|tile| ours.put(&tile.path(), &tile.bytes())).unwrap();
    (ours, theirs(&tree, size))
}

#[test]
fn a_large_tree_has_the_tiles_that_it_should() {
    for size in [0, 1, 255, 256, 257, 65_535, 65_536, 65_537] {
        let (ours, theirs) = of_leaves(size);
        assert_eq!(ours, theirs, "{size}");
    }
    let (ours, theirs) = of_leaves(70_000);
    assert_eq!(ours, theirs);
    // The example of the specification.
    let widths =
        |level: usize| ours.0.keys().filter(|path| path.starts_with(&format!("tile/{level}/"))).count();
    assert_eq!([widths(0), widths(1), widths(2)], [274, 2, 1]);
    for path in ["tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"] {
        assert!(ours.0.contains_key(path), "{path}");
    }
}

#[test]
fn a_directory_can_grow_and_takes_no_other_log() {
    let place = tempfile::tempdir().unwrap();
    let mut folder = Folder::new(&place.path().join("tiles"));
    let (disk, mut log) = log_of(300);
    write(&disk, &mut folder).unwrap();
    let first = audit(&folder).unwrap();
    let checkpoint = folder.get("checkpoint", 1 << 20).unwrap().unwrap();
    grow(&mut log, 700);
    write(&disk, &mut folder).unwrap();
    assert_eq!(audit(&folder).unwrap().head, log.head());
    // Whoever still has the older checkpoint finds what it is of, too.
    folder.put("checkpoint", &checkpoint).unwrap();
    assert_eq!(audit(&folder).unwrap(), first);
    write(&disk, &mut folder).unwrap();
    let (older, _) = log_of(300);
    assert!(matches!(write(&older, &mut folder), Err(TilesError::InUse)));
    folder.put("checkpoint", b"nothing").unwrap();
    assert!(matches!(write(&disk, &mut folder), Err(TilesError::InUse)));
}

#[test]
fn a_full_tile_stands_for_one_that_is_not() {
    let (disk, mut log) = log_of(300);
    let (before, head) = (export(&disk), log.head());
    grow(&mut log, 700);
    let mut files = export(&disk);
    files.0.insert("checkpoint".into(), before.0["checkpoint"].clone());
    // Of the level above there is none that is full.
    let path = tile(1, 0, 1);
    files.0.insert(path.clone(), before.0[&path].clone());
    assert_eq!(audit(&files).unwrap().head, head);
    files.0.insert(tile(0, 1, WIDTH), vec![0; 32 * WIDTH]);
    assert!(matches!(audit(&files), Err(TilesError::Tile(_))));
    files.0.remove(&tile(0, 1, WIDTH));
    assert!(matches!(audit(&files), Err(TilesError::Missing(_))));
}

#[test]
fn a_file_that_is_missing_or_another_is_found() {
    let (disk, _) = log_of(300);
    let files = export(&disk);
    assert_eq!(files.0.len(), 6);
    for (path, bytes) in &files.0 {
        let mut without = files.clone();
        without.0.remove(path);
        assert!(matches!(audit(&without), Err(TilesError::Missing(missing)) if missing == *path), "{path}");
        for other in [&bytes[..bytes.len() - 1], &[bytes.as_slice(), &[0]].concat(), &[], &[0; 32]] {
            let mut changed = files.clone();
            changed.0.insert(path.clone(), other.to_vec());
            assert!(audit(&changed).is_err(), "{path}");
        }
    }
}

#[test]
fn another_log_is_told_from_the_one_that_is_asked_for() {
    let (disk, log) = log_of(30);
    let files = export(&disk);
    let key = published::log_key(log.genesis()).unwrap();
    assert!(verify(&files, Some(&key), &[], &mut |_, _| {}).is_ok());
    let other = signer("example.com/log").verifier(KeyKind::Ed25519);
    assert!(matches!(verify(&files, Some(&other), &[], &mut |_, _| {}), Err(TilesError::OtherLog(_))));
    // A checkpoint by somebody else, over the same tree.
    let checkpoint = published::read(&disk).unwrap().unwrap().checkpoint().clone();
    let forged = crate::SignedCheckpoint::sign(checkpoint, &signer("example.com/log")).unwrap();
    let mut changed = files.clone();
    changed.0.insert("checkpoint".into(), forged.to_string().into_bytes());
    assert!(matches!(audit(&changed), Err(TilesError::NotSigned)));
}

#[test]
fn witnesses_that_cosigned_are_named() {
    let (disk, mut log) = log_of(30);
    let witness = signer("witness.example/1");
    let key: VerifierKey = witness.verifier(KeyKind::Cosignature);
    let mut checkpoint = published::read(&disk).unwrap().unwrap();
    let cosignature = witness.cosign(checkpoint.checkpoint(), 1234);
    checkpoint.add_cosignature(&cosignature, &key).unwrap();
    published::keep(log.disk_mut(), &checkpoint).unwrap();
    let others = [signer("witness.example/2").verifier(KeyKind::Cosignature), key.clone()];
    let found = verify(&export(&disk), None, &others, &mut |_, _| {}).unwrap();
    assert_eq!(
        found.cosigned.iter().map(|cosigned| (&cosigned.witness, cosigned.time_s)).collect::<Vec<_>>(),
        [(&key, 1234)]
    );
}

#[test]
fn what_cannot_be_written_is_told() {
    struct Full;
    impl Files for Full {
        fn put(&mut self, _: &str, _: &[u8]) -> io::Result<()> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn get(&self, _: &str, _: usize) -> io::Result<Option<Vec<u8>>> {
            Ok(None)
        }
    }
    let (disk, _) = log_of(30);
    assert!(matches!(write(&disk, &mut Full), Err(TilesError::Files { .. })));
}

fn known() -> &'static Memory {
    static FILES: std::sync::OnceLock<Memory> = std::sync::OnceLock::new();
    FILES.get_or_init(|| export(&log_of(300).0))
}

proptest! {
    #[test]
    fn every_bit_that_is_flipped_is_found(file: prop::sample::Index, at: prop::sample::Index, bit in 0..8) {
        let mut files = known().clone();
        let paths: BTreeSet<String> = files.0.keys().cloned().collect();
        let path = file.get(&paths.into_iter().collect::<Vec<_>>()).clone();
        let bytes = files.0.get_mut(&path).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= 1_u8 << bit;
        prop_assert!(audit(&files).is_err(), "{path}, byte {at}");
    }

    #[test]
    fn files_of_any_kind_are_read_or_refused(file: prop::sample::Index, bytes: Vec<u8>) {
        let mut files = known().clone();
        let paths: Vec<String> = files.0.keys().cloned().collect();
        files.0.insert(file.get(&paths).clone(), bytes);
        prop_assert!(audit(&files).is_err());
    }
}
