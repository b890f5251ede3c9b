//! Sequences of words, each once, found by the numbers of their words.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;

use super::PARTS;
use super::cells::{Cell, Entry};
use super::word_table::Full;

/// The numbers of the words of a sequence.
pub(super) trait Sequence: Copy + Default + Eq + Ord + Send + Sync {
    /// No sequence is this.
    const NONE: Self;

    /// The hash of the numbers.
    fn hash(self, hasher: &RandomState) -> u64;

    /// The same with other numbers for the words.
    fn renumbered(self, numbers: &[u32]) -> Self;

    /// Its words but the last, and the last.
    fn split(self) -> (Self, u32);
}

/// Two words; the higher half is the first. Orders as the pair does.
impl Sequence for u64 {
    const NONE: u64 = u64::MAX;

    fn hash(self, hasher: &RandomState) -> u64 {
        hasher.hash_one(self)
    }

    fn renumbered(self, numbers: &[u32]) -> Self {
        pair(numbers[(self >> 32) as usize], numbers[self as u32 as usize])
    }

    fn split(self) -> (Self, u32) {
        (self >> 32 << 32 | u64::from(u32::MAX), self as u32)
    }
}

/// Three words or more, and [`u32::MAX`] behind the last.
pub(super) type Longer = [u32; MOST_WORDS];

/// The longest sequence.
pub(super) const MOST_WORDS: usize = 5;

impl Sequence for Longer {
    const NONE: Longer = [u32::MAX; MOST_WORDS];

    fn hash(self, hasher: &RandomState) -> u64 {
        hasher.hash_one(self)
    }

    fn renumbered(self, numbers: &[u32]) -> Self {
        self.map(|word| numbers.get(word as usize).copied().unwrap_or(u32::MAX))
    }

    fn split(mut self) -> (Self, u32) {
        let last = self.iter().rposition(|&word| word != u32::MAX).unwrap_or(0);
        let word = std::mem::replace(&mut self[last], u32::MAX);
        (self, word)
    }
}

/// Two words as one number.
pub(super) fn pair(first: u32, second: u32) -> u64 {
    u64::from(first) << 32 | u64::from(second)
}

/// The part that counts a sequence: the highest bits of its hash, as tables look at the lowest.
pub(super) fn part_of(hash: u64) -> usize {
    (hash >> (64 - PARTS.trailing_zeros())) as usize
}

/// Sequences of one length, those of one part, and what is known of each.
#[derive(Clone, Debug)]
pub(super) struct NgramTable<S, C> {
    /// Open addressing. A power of two.
    slots: Vec<Slot<S, C>>,
    len: u32,
    hasher: RandomState,
}

/// A sequence, its number in the order of appearance, and its counts.
#[derive(Clone, Copy, Debug)]
struct Slot<S, C> {
    sequence: S,
    number: u32,
    entry: Entry<C>,
}

/// Numbers of a part stay below this, so that a number and its part fit 32 bits.
pub(super) const MOST_OF_PART: u32 = u32::MAX / PARTS as u32;
const LEAST_SLOTS: usize = 16;

impl<S: Sequence, C: Cell> NgramTable<S, C> {
    /// A table with the hasher that all parts share.
    pub(super) fn new(hasher: RandomState) -> Self {
        NgramTable { slots: vec![Slot::free(); LEAST_SLOTS], len: 0, hasher }
    }

    pub(super) fn len(&self) -> usize {
        self.len as usize
    }

    /// The slot of a sequence, or the free one where it belongs.
    #[inline]
    fn slot(slots: &[Slot<S, C>], hash: u64, sequence: S) -> usize {
        let mask = slots.len() - 1;
        let mut slot = hash as usize & mask;
        while slots[slot].sequence != sequence && slots[slot].sequence != S::NONE {
            slot = (slot + 1) & mask;
        }
        slot
    }

    /// Number and counts of a sequence, new or old.
    #[inline]
    pub(super) fn insert(&mut self, sequence: S) -> Result<(u32, &mut Entry<C>), Full> {
        if self.len as usize * 3 > self.slots.len() * 2 {
            self.grow();
        }
        let slot = Self::slot(&self.slots, sequence.hash(&self.hasher), sequence);
        let slot = &mut self.slots[slot];
        if slot.sequence != sequence {
            if self.len >= MOST_OF_PART {
                return Err(Full);
            }
            (slot.sequence, slot.number) = (sequence, self.len);
            self.len += 1;
        }
        Ok((slot.number, &mut slot.entry))
    }

    fn grow(&mut self) {
        let mut slots = vec![Slot::free(); self.slots.len() * 2];
        for old in self.slots.iter().filter(|slot| slot.sequence != S::NONE) {
            let slot = Self::slot(&slots, old.sequence.hash(&self.hasher), old.sequence);
            slots[slot] = *old;
        }
        self.slots = slots;
    }

    /// The number of a sequence that may be there.
    pub(super) fn get(&self, hash: u64, sequence: S) -> Option<u32> {
        let slot = &self.slots[Self::slot(&self.slots, hash, sequence)];
        (slot.sequence == sequence).then_some(slot.number)
    }

    /// All sequences, their numbers and their counts, in no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (S, u32, Entry<C>)> {
        let taken = self.slots.iter().filter(|slot| slot.sequence != S::NONE);
        taken.map(|slot| (slot.sequence, slot.number, slot.entry))
    }
}

impl<S: Sequence, C: Cell> Slot<S, C> {
    fn free() -> Self {
        Slot { sequence: S::NONE, number: 0, entry: Entry::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_keep_their_numbers() {
        let mut table = NgramTable::<u64, ()>::new(RandomState::default());
        for round in 0..2 {
            for i in 0..1000u32 {
                assert_eq!(table.insert(pair(i % 10, i)).unwrap().0, i, "round {round}");
            }
        }
        assert_eq!(table.len(), 1000);
        let hasher = table.hasher.clone();
        assert_eq!(table.get(pair(3, 13).hash(&hasher), pair(3, 13)), Some(13));
        assert_eq!(table.get(pair(3, 14).hash(&hasher), pair(3, 14)), None);
    }

    #[test]
    fn sequences_lose_their_last_word_and_sort_before_what_extends_them_no_matter_how_long() {
        const MAX: u32 = u32::MAX;
        assert_eq!([7, 8, 9, MAX, MAX].split(), ([7, 8, MAX, MAX, MAX], 9));
        assert_eq!([1, 2, 3, 4, 5].split(), ([1, 2, 3, 4, MAX], 5));
        assert_eq!(pair(3, 4).split(), (pair(3, MAX), 4));
        assert_eq!([0, 2, 1, MAX, MAX].renumbered(&[5, 6, 7]), [5, 7, 6, MAX, MAX]);
    }
}
