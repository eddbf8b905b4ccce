//! A witness that cosigns whatever it is shown. Its key is in the policy of whoever verifies; what an honest witness refuses
//! is tested in `invar-witness`.

use super::trail::{Trail, now_ms};
use crate::{
    Policy, SignedCheckpoint, Signer,
    note::{KeyKind, KeyName},
    published,
};

pub(super) struct Cosigner(Signer);

impl Cosigner {
    /// One of that name, which is the seed of its key, too.
    pub(super) fn new(name: &str) -> Self {
        Self(Signer::new(KeyName::new(name).unwrap(), &crate::Hash::of(name.as_bytes()).0))
    }

    /// The policy that it must have seen what is verified.
    pub(super) fn policy(&self) -> Policy {
        Policy::all_of([self.0.verifier(KeyKind::Cosignature)]).unwrap()
    }

    /// Publishes the trail, cosigned now.
    pub(super) fn publish(&self, trail: &Trail) -> SignedCheckpoint {
        let mut log = trail.open().unwrap();
        let mut signed = log.publish().unwrap();
        let cosignature = self.0.cosign(signed.checkpoint(), now_ms() / 1000);
        assert!(signed.add_cosignature(&cosignature, &self.0.verifier(KeyKind::Cosignature)).unwrap());
        published::keep(log.disk_mut(), &signed).unwrap();
        signed
    }
}
