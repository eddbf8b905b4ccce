//! A disk in memory that loses power: what was not synced survives in every way that a disk may leave it in.
//!
//! After a power cut the bytes of a file that were not synced survive as any subset of sectors, with zeros or stale bytes
//! in the place of the others, at any length in between; names that were not synced survive as any subset of their
//! changes.

use std::{cell::RefCell, collections::BTreeMap, io, rc::Rc};

use crate::disk::Disk;

/// What survives of a write, or does not, as one.
const SECTOR_BYTES: usize = 512;

/// Chance, the same for the same seed (Steele et al., SplitMix64).
#[derive(Debug, Clone)]
pub(crate) struct Rng(pub(crate) u64);

impl Rng {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).unwrap()
    }

    fn coin(&mut self) -> bool {
        self.next() & 1 == 1
    }
}

/// What goes wrong, and at which operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The power goes: this operation may have happened, in part, and none after it.
    Power(usize),
    /// This sync fails, and what it was for is lost: systems mark it as written all the same.
    Sync(usize),
    /// From this write on nothing fits: half of it is written.
    Full(usize),
}

#[derive(Debug, Clone)]
enum Change {
    Write { at: usize, bytes: Vec<u8> },
    Cut { size: usize },
}

#[derive(Debug, Clone, Default)]
struct File {
    content: Vec<u8>,
    synced: Vec<u8>,
    /// Since the last sync.
    changes: Vec<Change>,
}

impl File {
    fn change(&mut self, change: Change) {
        apply(&mut self.content, &change);
        self.changes.push(change);
    }

    /// As it may be found after a power cut.
    fn survivor(&self, rng: &mut Rng) -> Vec<u8> {
        let mut found = self.synced.clone();
        let manner = rng.below(4);
        for change in &self.changes {
            match change {
                Change::Cut { .. } => {
                    if rng.coin() {
                        apply(&mut found, change);
                    }
                }
                Change::Write { at, bytes } => match manner {
                    0 => {}
                    1 => apply(&mut found, change),
                    _ => {
                        for (index, sector) in bytes.chunks(SECTOR_BYTES).enumerate() {
                            let at = at + index * SECTOR_BYTES;
                            match rng.below(4) {
                                0 => {}
                                // The length is on the disk, and the bytes are not: zeros, or what was there before.
                                1 => apply(&mut found, &Change::Write { at, bytes: vec![0; sector.len()] }),
                                2 if manner == 3 => {
                                    let stale =
                                        (0..sector.len()).map(|_| rng.next().to_le_bytes()[0]).collect();
                                    apply(&mut found, &Change::Write { at, bytes: stale });
                                }
                                _ => apply(&mut found, &Change::Write { at, bytes: sector.to_vec() }),
                            }
                        }
                    }
                },
            }
        }
        if manner > 1 && found.len() > self.synced.len() && rng.coin() {
            let more = found.len() - self.synced.len();
            found.truncate(self.synced.len() + rng.below(more + 1));
        }
        found
    }
}

fn apply(content: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Write { at, bytes } => {
            content.resize(content.len().max(at + bytes.len()), 0);
            content[*at..at + bytes.len()].copy_from_slice(bytes);
        }
        Change::Cut { size } => content.resize(*size, 0),
    }
}

#[derive(Debug, Clone)]
enum Naming {
    Name(String, usize),
    Rename(String, String),
    Remove(String),
}

fn rename(names: &mut BTreeMap<String, usize>, naming: &Naming) {
    match naming {
        Naming::Name(name, file) => {
            names.insert(name.clone(), *file);
        }
        Naming::Rename(from, to) => {
            if let Some(file) = names.remove(from) {
                names.insert(to.clone(), file);
            }
        }
        Naming::Remove(name) => {
            names.remove(name);
        }
    }
}

#[derive(Debug, Clone, Default)]
struct World {
    files: Vec<File>,
    names: BTreeMap<String, usize>,
    synced_names: BTreeMap<String, usize>,
    namings: Vec<Naming>,
    operations: usize,
    failure: Option<Failure>,
    is_dead: bool,
}

/// A handle to it: the test keeps one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Simulated(Rc<RefCell<World>>);

impl Simulated {
    /// The same, to be changed by itself.
    pub(crate) fn copy(&self) -> Self {
        Self(Rc::new(RefCell::new(self.0.borrow().clone())))
    }

    /// Whether the power is gone.
    pub(crate) fn is_dead(&self) -> bool {
        self.0.borrow().is_dead
    }

    /// What is to go wrong, counted from here.
    pub(crate) fn fail(&self, failure: Option<Failure>) {
        let mut world = self.0.borrow_mut();
        let so_far = world.operations;
        world.failure = failure.map(|failure| match failure {
            Failure::Power(at) => Failure::Power(so_far + at),
            Failure::Sync(at) => Failure::Sync(so_far + at),
            Failure::Full(at) => Failure::Full(so_far + at),
        });
    }

    /// What is found when the power is back.
    pub(crate) fn after_power_cut(&self, rng: &mut Rng) -> Self {
        let world = self.0.borrow();
        let mut names = world.synced_names.clone();
        for naming in &world.namings {
            if rng.coin() {
                rename(&mut names, naming);
            }
        }
        let survivor = |file: &File, rng: &mut Rng| {
            let content = file.survivor(rng);
            File { synced: content.clone(), content, changes: Vec::new() }
        };
        let files = world.files.iter().map(|file| survivor(file, rng)).collect();
        let found = World { files, synced_names: names.clone(), names, ..World::default() };
        Self(Rc::new(RefCell::new(found)))
    }

    fn file(&self, name: &str) -> io::Result<usize> {
        self.0.borrow().names.get(name).copied().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// Makes a change unless the power is gone, and lets it go after this one if it is time.
    fn operation(&self, change: impl FnOnce(&mut World) -> io::Result<()>) -> io::Result<()> {
        let mut world = self.0.borrow_mut();
        if world.is_dead {
            return Err(io::Error::other("no power"));
        }
        world.operations += 1;
        let at = world.operations;
        change(&mut world)?;
        if world.failure == Some(Failure::Power(at)) {
            world.is_dead = true;
            return Err(io::Error::other("no power"));
        }
        Ok(())
    }

    fn write(&self, name: &str, at: impl FnOnce(&File) -> usize, bytes: &[u8]) -> io::Result<()> {
        self.operation(|world| {
            let file = match world.names.get(name) {
                Some(file) => *file,
                None => {
                    let file = world.files.len();
                    world.files.push(File::default());
                    let naming = Naming::Name(name.to_owned(), file);
                    rename(&mut world.names, &naming);
                    world.namings.push(naming);
                    file
                }
            };
            let is_full = matches!(world.failure, Some(Failure::Full(at)) if world.operations >= at);
            let fits = if is_full { bytes.len() / 2 } else { bytes.len() };
            let file = &mut world.files[file];
            let at = at(file);
            file.change(Change::Write { at, bytes: bytes[..fits].to_vec() });
            if is_full { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
        })
    }
}

impl Disk for Simulated {
    fn names(&self) -> io::Result<Vec<String>> {
        Ok(self.0.borrow().names.keys().cloned().collect())
    }

    fn size(&self, name: &str) -> io::Result<Option<u64>> {
        let world = self.0.borrow();
        Ok(world.names.get(name).map(|file| world.files[*file].content.len() as u64))
    }

    fn fingerprint(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        let world = self.0.borrow();
        Ok(world.names.get(name).map(|file| crate::Hash::of(&world.files[*file].content).0.to_vec()))
    }

    fn read_at(&self, name: &str, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let file = self.file(name)?;
        let world = self.0.borrow();
        let content = &world.files[file].content;
        let from = content.len().min(usize::try_from(offset).unwrap());
        let read = buffer.len().min(content.len() - from);
        buffer[..read].copy_from_slice(&content[from..from + read]);
        Ok(read)
    }

    fn create(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        if let Ok(file) = self.file(name) {
            self.operation(|world| {
                world.files[file].change(Change::Cut { size: 0 });
                Ok(())
            })?;
        }
        self.write(name, |_| 0, bytes)
    }

    fn append(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.write(name, |file| file.content.len(), bytes)
    }

    fn truncate(&mut self, name: &str, size: u64) -> io::Result<()> {
        let file = self.file(name)?;
        self.operation(|world| {
            world.files[file].change(Change::Cut { size: usize::try_from(size).unwrap() });
            Ok(())
        })
    }

    fn sync(&mut self, name: &str) -> io::Result<()> {
        let file = self.file(name)?;
        self.operation(|world| {
            let failed = matches!(world.failure, Some(Failure::Sync(at)) if world.operations >= at);
            // The power may go on the way: then it is not known what has reached the disk.
            if world.failure == Some(Failure::Power(world.operations)) {
                return Ok(());
            }
            let file = &mut world.files[file];
            file.changes.clear();
            match failed {
                true => Err(io::Error::other("the sync failed")),
                false => {
                    file.synced = file.content.clone();
                    Ok(())
                }
            }
        })
    }

    fn rename(&mut self, from: &str, to: &str) -> io::Result<()> {
        self.file(from)?;
        self.naming(Naming::Rename(from.to_owned(), to.to_owned()))
    }

    fn link(&mut self, from: &str, to: &str) -> io::Result<()> {
        let file = self.file(from)?;
        self.naming(Naming::Name(to.to_owned(), file))
    }

    fn remove(&mut self, name: &str) -> io::Result<()> {
        self.file(name)?;
        self.naming(Naming::Remove(name.to_owned()))
    }

    fn sync_names(&mut self) -> io::Result<()> {
        self.operation(|world| {
            if world.failure != Some(Failure::Power(world.operations)) {
                world.synced_names = world.names.clone();
                world.namings.clear();
            }
            Ok(())
        })
    }

    fn wipe(&mut self, name: &str) -> io::Result<()> {
        let file = self.file(name)?;
        let size = self.0.borrow().files[file].content.len();
        self.operation(|world| {
            world.files[file].change(Change::Write { at: 0, bytes: vec![0; size] });
            Ok(())
        })?;
        self.sync(name)?;
        self.remove(name)
    }
}

impl Simulated {
    fn naming(&self, naming: Naming) -> io::Result<()> {
        self.operation(|world| {
            rename(&mut world.names, &naming);
            world.namings.push(naming);
            Ok(())
        })
    }
}
