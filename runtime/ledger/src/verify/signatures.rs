//! Signatures, verified in batches by several threads while the log is read.

use std::{
    num::NonZero,
    sync::{
        Mutex,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

use ed25519_dalek::{Signature, VerifyingKey, verify_batch};

use crate::signature;

/// Signatures that are verified together: beyond it little is gained (256 are as fast as 1,024).
const BATCH: usize = 256;
/// Batches that wait for each thread. Stops reading from going far ahead of verifying, and memory with it.
const WAITING_MAX: usize = 2;

/// Threads at most, whatever is asked for. Stops a wish that the system cannot fulfil from ending the process.
const JOBS_MAX: usize = 256;

/// Something that a key is said to have signed.
pub(crate) struct Claim {
    /// The event, or the last one that it stands for.
    pub(crate) index: u64,
    /// The epoch of the key.
    pub(crate) epoch: u32,
    pub(crate) key: [u8; 32],
    pub(crate) message: Vec<u8>,
    pub(crate) signature: [u8; 64],
}

/// Where claims are put.
pub(crate) struct Signatures<'a> {
    sender: &'a SyncSender<Vec<Claim>>,
    waiting: Vec<Claim>,
}

/// The first claim that is not true: its index and epoch.
type Forged = Option<(u64, u32)>;

impl Signatures<'_> {
    /// Runs what puts claims, and verifies them meanwhile.
    pub(crate) fn scope<T>(jobs: NonZero<usize>, run: impl FnOnce(&mut Signatures<'_>) -> T) -> (T, Forged) {
        let jobs = jobs.get().min(JOBS_MAX);
        let (sender, receiver) = sync_channel::<Vec<Claim>>(jobs * WAITING_MAX);
        let (receiver, forged) = (Mutex::new(receiver), Mutex::new(None));
        let ran = thread::scope(|scope| {
            for _ in 0..jobs {
                scope.spawn(|| work(&receiver, &forged));
            }
            let ran = run(&mut Signatures { sender: &sender, waiting: Vec::with_capacity(BATCH) });
            // The threads end once nobody can put anything any more.
            drop(sender);
            ran
        });
        (ran, forged.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Has a claim verified some time.
    pub(crate) fn put(&mut self, claim: Claim) {
        self.waiting.push(claim);
        if self.waiting.len() >= BATCH {
            self.flush();
        }
    }

    /// Has all verified that were put.
    pub(crate) fn flush(&mut self) {
        let batch = std::mem::take(&mut self.waiting);
        // The threads are there as long as the sender is.
        let _ = self.sender.send(batch);
    }
}

fn work(receiver: &Mutex<Receiver<Vec<Claim>>>, forged: &Mutex<Forged>) {
    loop {
        let next = match receiver.lock() {
            Ok(receiver) => receiver.recv(),
            Err(_) => return,
        };
        let Ok(batch) = next else { return };
        if let Some(found) = first_forged(&batch)
            && let Ok(mut forged) = forged.lock()
        {
            *forged = Some(forged.map_or(found, |other: (u64, u32)| other.min(found)));
        }
    }
}

/// The first claim of a batch that is not true.
fn first_forged(batch: &[Claim]) -> Forged {
    if are_all_true(batch) {
        return None;
    }
    let is_forged = |claim: &&Claim| !signature::verifies(&claim.key, &claim.message, &claim.signature);
    batch.iter().find(is_forged).map(|claim| (claim.index, claim.epoch))
}

/// All at once. Weak keys aside, which are refused, only the owner of a key could make something that passes here and not
/// by itself.
fn are_all_true(batch: &[Claim]) -> bool {
    if batch.is_empty() {
        return true;
    }
    let key = |claim: &Claim| VerifyingKey::from_bytes(&claim.key).ok().filter(|key| !key.is_weak());
    let Some(keys) = batch.iter().map(key).collect::<Option<Vec<_>>>() else { return false };
    let messages: Vec<&[u8]> = batch.iter().map(|claim| claim.message.as_slice()).collect();
    let signatures: Vec<Signature> =
        batch.iter().map(|claim| Signature::from_bytes(&claim.signature)).collect();
    verify_batch(&messages, &signatures, &keys).is_ok()
}
