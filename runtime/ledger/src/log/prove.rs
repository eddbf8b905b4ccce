//! Proofs that a log makes: each is checked before it leaves. What nodes are made from is signed; the file of nodes is not.

use super::Log;
use crate::{
    Hash, Proof, SignedCheckpoint,
    disk::Disk,
    error::LogError,
    names::NODES,
    nodes::{self, NodeFile},
    tree,
};

impl<D: Disk> Log<D> {
    /// The proof that an event, which it carries, is under a checkpoint of this log. Nodes that are not what they should be
    /// are made again.
    ///
    /// # Errors
    /// The event is not what the checkpoint stands for; the disk.
    pub fn prove(
        &mut self,
        index: u64,
        event: Vec<u8>,
        checkpoint: SignedCheckpoint,
    ) -> Result<Proof, LogError> {
        let (leaf, size) = (Hash::leaf(&event), checkpoint.checkpoint().size());
        let path = |log: &Self| {
            let path = tree::inclusion(&NodeFile::new(log.disk()), index, size).ok().flatten()?;
            let proof = Proof::new(index, path, checkpoint.clone()).ok()?;
            proof.includes(leaf).then_some(proof)
        };
        let proof = match path(self) {
            Some(proof) => Some(proof),
            None => {
                self.remake_nodes()?;
                path(self)
            }
        };
        let proof = proof.and_then(|proof| proof.with_extra(event).ok());
        proof.ok_or(LogError::Unproved { index, size })
    }

    /// Makes the file of nodes again, from the events.
    ///
    /// # Errors
    /// The events are not those that were signed; the disk.
    pub fn remake_nodes(&mut self) -> Result<(), LogError> {
        self.commit()?;
        let head = self.head();
        match nodes::remake(self.disk_mut(), (head.size, head.root))? {
            true => Ok(()),
            false => {
                Err(LogError::damaged(NODES, "the events come to another root than the one that was signed"))
            }
        }
    }
}
