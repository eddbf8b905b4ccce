//! Seeded random bytes.

use std::collections::VecDeque;

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
    /// What stands in the place of the next bytes, whichever stream they are of.
    first: VecDeque<u8>,
}

impl LabRandom {
    /// The randomness of a run, with the bytes that it begins with.
    #[must_use]
    pub fn new(run: &Run, first: &[u8]) -> Self {
        Self::from_seed(run.random, first.iter().copied().collect())
    }

    fn from_seed(seed: Seed, first: VecDeque<u8>) -> Self {
        let stream = |domain| ChaCha12Rng::from_seed(Digest::of_parts(domain, &[&seed.0]).0);
        let mut seeds = stream("invar/insecure-seed");
        Self {
            secure: stream("invar/random-bytes"),
            insecure: stream("invar/insecure-bytes"),
            seed: (seeds.next_u64(), seeds.next_u64()),
            first,
        }
    }

    /// Puts what stands in their place over bytes that were drawn. They are drawn all the same, so that those after
    /// them are what they would be.
    fn replace(&mut self, bytes: &mut [u8]) {
        let len = bytes.len().min(self.first.len());
        bytes.iter_mut().zip(self.first.drain(..len)).for_each(|(byte, first)| *byte = first);
    }

    /// Makes a substitution that concerns random bytes.
    pub(super) fn change(&mut self, change: &Change) {
        match change {
            Change::Random(seed) => {
                let first = std::mem::take(&mut self.first);
                *self = Self::from_seed(World::seed_from(*seed), first);
            }
            Change::RandomBytes(bytes) => self.first = bytes.iter().copied().collect(),
            _ => {}
        }
    }
}

impl Random for LabRandom {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.secure.fill_bytes(bytes);
        self.replace(bytes);
    }

    fn fill_insecure(&mut self, bytes: &mut [u8]) {
        self.insecure.fill_bytes(bytes);
        self.replace(bytes);
    }

    fn insecure_seed(&mut self, declared: bool) -> (u64, u64) {
        // Undeclared, it is the same in all runs: the order of a hash table must not look like randomness
        // that the skill never asked for.
        const CONSTANT: (u64, u64) = (0x696e_7661_722d_6c61, 0x622d_7365_6564_0001);
        let (one, two) = if declared { self.seed } else { CONSTANT };
        // What was set stands here too, declared or not: it is the world's, and no chance.
        let draw = |random: &mut Self, number: u64| {
            let mut bytes = number.to_le_bytes();
            random.replace(&mut bytes);
            u64::from_le_bytes(bytes)
        };
        (draw(self, one), draw(self, two))
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
        let run = |number| LabRandom::new(&world.run(number, Timestamp(0)), &[]);
        assert_eq!(bytes(&mut run(1)), bytes(&mut run(1)));
        assert_ne!(bytes(&mut run(1)), bytes(&mut run(2)));
        let mut set = run(1);
        set.change(&Change::Random(9));
        assert_ne!(bytes(&mut set), bytes(&mut run(1)));
    }

    #[test]
    fn an_undeclared_seed_is_the_same_in_all_runs() {
        let world = World::default();
        let run = |number| LabRandom::new(&world.run(number, Timestamp(0)), &[]);
        assert_eq!(run(1).insecure_seed(false), run(2).insecure_seed(false));
        assert_ne!(run(1).insecure_seed(true), run(2).insecure_seed(true));
    }

    #[test]
    fn set_bytes_come_first_from_whichever_interface_and_the_rest_stays_as_it_was() {
        let run = World::default().run(1, Timestamp(0));
        let (mut plain, mut set) = (LabRandom::new(&run, &[]), LabRandom::new(&run, &[1, 2, 3]));
        let mut one = [0];
        set.fill_insecure(&mut one);
        assert_eq!(one, [1]);
        let (drawn, other) = (bytes(&mut plain), bytes(&mut set));
        assert_eq!((&other[..2], &other[2..]), (&[2, 3][..], &drawn[2..]));
        assert_eq!(bytes(&mut set), bytes(&mut plain));
        assert_eq!(set.insecure_seed(true), plain.insecure_seed(true));
        set.change(&Change::RandomBytes((1..=17).collect()));
        let low = u64::from_le_bytes([1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(set.insecure_seed(false).0, low);
        set.change(&Change::Random(9));
        assert_eq!(bytes(&mut set)[0], 17);
    }
}
