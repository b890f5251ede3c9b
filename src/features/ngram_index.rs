//! A table that finds the n-gram which a feature and one more word make.
//!
//! Four bytes a slot, open addressing: the low bits of a slot are the number of the n-gram and one, the others are
//! bits of its hash. Most pairs of neighbouring words are no feature, and most of these end at the first slot; only where the bits
//! agree are the pairs themselves compared. A binary search among the extensions of the feature gives the same answers.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;

use super::string_index::mix;

/// See the head of this file.
#[derive(Clone, Debug)]
pub(super) struct NgramIndex {
    slots: Vec<u32>,
    /// The bits of a slot that are the number.
    number: u32,
    seed: u64,
}

/// Where an n-gram is looked for, and what stands there.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Probe {
    hash: u64,
    slot: u32,
}

impl NgramIndex {
    /// Of as many n-grams, given as (feature, last word), in their order.
    pub(super) fn new(n: usize, ngrams: impl Iterator<Item = (u32, u32)>) -> Self {
        let n_slots = (n + n / 2 + 1).next_power_of_two();
        // Numbers are below 2³² − 1, so that one more fits.
        let number = u32::MAX.checked_shr((n as u32).leading_zeros()).unwrap_or(0);
        let seed = RandomState::default().hash_one(0u64);
        let mut index = NgramIndex { slots: vec![0; n_slots], number, seed };
        for ((feature, word), place) in ngrams.zip(1..) {
            let hash = index.hash(feature, word);
            let mut at = hash as usize & (n_slots - 1);
            while index.slots[at] != 0 {
                at = (at + 1) & (n_slots - 1);
            }
            index.slots[at] = index.bits(hash) | place;
        }
        index
    }

    /// The first half of a lookup: no branch depends on what it reads, so many of them wait for memory together.
    #[inline]
    pub(super) fn probe(&self, feature: u32, word: u32) -> Probe {
        let hash = self.hash(feature, word);
        Probe { hash, slot: self.slots[hash as usize & (self.slots.len() - 1)] }
    }

    /// The second half: the number of the n-gram; `is` compares the pair with that of a number.
    #[inline]
    pub(super) fn resolve(&self, probe: Probe, is: impl Fn(u32) -> bool) -> Option<u32> {
        let Probe { hash, mut slot } = probe;
        let bits = self.bits(hash);
        let mut at = hash as usize;
        while slot != 0 {
            let found = (slot & self.number).wrapping_sub(1);
            if slot & !self.number == bits && is(found) {
                return Some(found);
            }
            at += 1;
            slot = self.slots[at & (self.slots.len() - 1)];
        }
        None
    }

    /// The bits of a hash that a slot has room for.
    #[inline]
    fn bits(&self, hash: u64) -> u32 {
        (hash >> 32) as u32 & !self.number
    }

    #[inline]
    fn hash(&self, feature: u32, word: u32) -> u64 {
        mix(self.seed, u64::from(feature) << 32 | u64::from(word))
    }
}
