//! Publishing where a log stands.

use super::Log;
use crate::{
    Checkpoint, SignedCheckpoint, Signer, body::Genesis, disk::Disk, error::LogError, keys::Seed,
    names::CHECKPOINT, note::KeyName, published,
};

impl<D: Disk> Log<D> {
    /// Publishes where the log stands: signs it with the key that others know, and keeps that. If nothing was added since
    /// the last time, what is there is kept, with its cosignatures: two roots for one size are never signed.
    ///
    /// # Errors
    /// The disk; what was published before is not in the log any more.
    pub fn publish(&mut self) -> Result<SignedCheckpoint, LogError> {
        let head = self.head();
        if let Some(last) = published::read(self.disk())?
            && last.checkpoint().size() == head.size
        {
            return match last.checkpoint().root() == head.root {
                true => Ok(last),
                false => Err(LogError::Differs { size: head.size }),
            };
        }
        let checkpoint =
            Checkpoint::new(&self.genesis().origin, head.size, head.root).map_err(LogError::Origin)?;
        let signer = signer(self.genesis(), self.log_seed())?;
        let signed = SignedCheckpoint::sign(checkpoint, &signer)
            .map_err(|error| LogError::damaged(CHECKPOINT, &error.to_string()))?;
        published::keep(self.disk_mut(), &signed)?;
        Ok(signed)
    }
}

fn signer(genesis: &Genesis, seed: &Seed) -> Result<Signer, LogError> {
    let name = KeyName::new(&genesis.origin)
        .map_err(|error| LogError::damaged("the genesis", &error.to_string()))?;
    Ok(Signer::new(name, seed))
}
