//! Receipts of events that are in a log, and a directory of them.

use std::{ops::Range, path::Path};

use ed25519_dalek::{Signer as _, SigningKey};

use super::ReceiptError;
use crate::{
    Log, LogError, SignedCheckpoint, VerifierKey,
    disk::Disk,
    export::{
        Exported,
        files::{Files, Folder},
        source::{Item, Source},
    },
    names::NODES,
    nodes::NodeFile,
    published, tree,
};

/// The files of an event in a directory of receipts: its bytes, and its receipt.
#[must_use]
pub fn names(index: u64) -> [String; 2] {
    [format!("{index}.event"), format!("{index}.receipt.cbor")]
}

impl<D: Disk> Log<D> {
    /// The receipt of an event for programs of others ([`super::receipt`]), as of what was published last. What it is of is
    /// signed by the log's key once more, and nothing else is.
    ///
    /// # Errors
    /// The event is not published, or was pruned; the log is damaged.
    pub fn receipt(&self, index: u64) -> Result<Vec<u8>, ReceiptError> {
        let mut found = None;
        self.receipts(index..index.saturating_add(1), |_, _, receipt| {
            found = Some(receipt);
            Ok(())
        })?;
        found.ok_or_else(|| self.not_published(index))
    }

    /// Writes these events and their receipts into a directory, [`names`] for each.
    ///
    /// # Errors
    /// One of them is not published, or was pruned; the log is damaged; the files cannot be written.
    pub fn export_receipts(&self, events: Range<u64>, place: &Path) -> Result<Exported, ReceiptError> {
        let mut folder = Folder::new(place);
        let mut exported = Exported::default();
        self.receipts(events, |index, event, receipt| {
            for (path, bytes) in names(index).into_iter().zip([event, receipt.as_slice()]) {
                folder.put(&path, bytes).map_err(|source| ReceiptError::Files { path, source })?;
            }
            exported.events += 1;
            Ok(())
        })?;
        Ok(exported)
    }

    /// Hands over these events and their receipts.
    fn receipts(
        &self,
        events: Range<u64>,
        mut take: impl FnMut(u64, &[u8], Vec<u8>) -> Result<(), ReceiptError>,
    ) -> Result<(), ReceiptError> {
        let Some(last) = events.end.checked_sub(1).filter(|_| !events.is_empty()) else { return Ok(()) };
        let published = match published::read(self.disk())? {
            Some(published) if last < published.checkpoint().size() => published,
            _ => return Err(self.not_published(last)),
        };
        let key = published::log_key(self.genesis())?;
        let signing = SigningKey::from_bytes(self.log_seed());
        let source = Source::open(self.disk())?;
        source.for_each(events, |item| match item {
            Item::Event { event, bytes, .. } => {
                let sign = |message: &[u8]| signing.sign(message).to_bytes();
                let receipt = self.receipt_of(bytes, event.index, &published, &key, sign)?;
                take(event.index, bytes, receipt)
            }
            Item::Tombstone { index, .. } => Err(ReceiptError::Tombstone(index)),
            _ => Ok(()),
        })
    }

    fn receipt_of(
        &self,
        event: &[u8],
        index: u64,
        published: &SignedCheckpoint,
        key: &VerifierKey,
        sign: impl FnOnce(&[u8]) -> [u8; 64],
    ) -> Result<Vec<u8>, ReceiptError> {
        let path = tree::inclusion(&NodeFile::new(self.disk()), index, published.checkpoint().size())
            .map_err(LogError::read(NODES))?;
        super::receipt(event, path.unwrap_or_default(), published, key, sign)
    }

    fn not_published(&self, index: u64) -> ReceiptError {
        let published = published::read(self.disk()).ok().flatten();
        ReceiptError::NotPublished { index, published: published.map_or(0, |last| last.checkpoint().size()) }
    }
}
