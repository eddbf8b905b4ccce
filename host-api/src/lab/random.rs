//! Seeded random bytes.

use invar_world::{Change, Digest, Run, Seed, World};
use rand_chacha::{
    ChaCha12Rng,
    rand_core::{Rng, SeedableRng},
};

use crate::port::Random;

/// ChaCha12 streams from the run's seed: one for each of the interfaces, so that use of one does not shift
/// what another answers.
pub struct LabRandom {
    secure: ChaCha12Rng,
    insecure: ChaCha12Rng,
    seed: (u64, u64),
}

impl LabRandom {
    /// The randomness of a run.
    #[must_use]
    pub fn new(run: &Run) -> Self {
        Self::from_seed(run.random)
    }

    fn from_seed(seed: Seed) -> Self {
        let stream = |domain| ChaCha12Rng::from_seed(Digest::of_parts(domain, &[&seed.0]).0);
        let mut seeds = stream("invar/insecure-seed");
        Self {
            secure: stream("invar/random-bytes"),
            insecure: stream("invar/insecure-bytes"),
            seed: (seeds.next_u64(), seeds.next_u64()),
        }
    }
}

impl Random for LabRandom {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.secure.fill_bytes(bytes);
    }

    fn fill_insecure(&mut self, bytes: &mut [u8]) {
        self.insecure.fill_bytes(bytes);
    }

    fn insecure_seed(&mut self, declared: bool) -> (u64, u64) {
        // Undeclared, it is the same in all runs: the order of a hash table must not look like randomness
        // that the skill never asked for.
        const CONSTANT: (u64, u64) = (0x696e_7661_722d_6c61, 0x622d_7365_6564_0001);
        if declared { self.seed } else { CONSTANT }
    }

    fn change(&mut self, change: &Change) {
        if let Change::Random(seed) = change {
            *self = Self::from_seed(World::seed_from(*seed));
        }
    }
}

#[cfg(test)]
mod tests {
    use invar_world::{Change, Timestamp, World};

    use super::LabRandom;
    use crate::port::Random;

    fn bytes(random: &mut LabRandom) -> [u8; 8] {
        let mut bytes = [0; 8];
        random.fill(&mut bytes);
        bytes
    }

    #[test]
    fn one_run_gives_the_same_bytes_again_and_another_run_others() {
        let world = World::default();
        let run = |number| LabRandom::new(&world.run(number, Timestamp(0)));
        assert_eq!(bytes(&mut run(1)), bytes(&mut run(1)));
        assert_ne!(bytes(&mut run(1)), bytes(&mut run(2)));
        let mut set = run(1);
        set.change(&Change::Random(9));
        assert_ne!(bytes(&mut set), bytes(&mut run(1)));
    }

    #[test]
    fn an_undeclared_seed_is_the_same_in_all_runs() {
        let world = World::default();
        let run = |number| LabRandom::new(&world.run(number, Timestamp(0)));
        assert_eq!(run(1).insecure_seed(false), run(2).insecure_seed(false));
        assert_ne!(run(1).insecure_seed(true), run(2).insecure_seed(true));
    }
}
