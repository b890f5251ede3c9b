//! Sequences of words, each once, found by the numbers of their words.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;

use super::PARTS;
use super::cells::{Cell, Entry};
use super::table::{Key, Table};
use super::word_table::Full;

/// The numbers of the words of a sequence.
pub(super) trait Sequence: Key + Ord + Send + Sync {
    /// The same with other numbers for the words.
    fn renumbered(self, numbers: &[u32]) -> Self;

    /// Its words but the last, and the last.
    fn split(self) -> (Self, u32);
}

/// Two words; the higher half is the first. Orders as the pair does.
impl Sequence for u64 {
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

impl Key for Longer {
    const NONE: Longer = [u32::MAX; MOST_WORDS];

    fn hash(self, hasher: &RandomState) -> u64 {
        hasher.hash_one(self)
    }
}

impl Sequence for Longer {
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

/// What is known of a sequence: its number and one, in the order of appearance, and its counts.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Known<C> {
    next_number: u32,
    pub entry: Entry<C>,
}

impl<C> Known<C> {
    pub(super) fn number(&self) -> u32 {
        self.next_number - 1
    }
}

/// Sequences of one length, those of one part.
#[derive(Clone, Debug)]
pub(super) struct NgramTable<S, C>(Table<S, Known<C>>);

/// Numbers of a part stay below this, so that a number and its part fit 32 bits.
pub(super) const MOST_OF_PART: u32 = u32::MAX / PARTS as u32;

impl<S: Sequence, C: Cell> NgramTable<S, C> {
    /// A table with the hasher that all parts share.
    pub(super) fn new(hasher: RandomState) -> Self {
        NgramTable(Table::new(hasher))
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Number and counts of a sequence, new or old.
    #[inline]
    pub(super) fn insert(&mut self, sequence: S) -> Result<(u32, &mut Entry<C>), Full> {
        let next = self.0.len() as u32 + 1;
        let known = self.0.get_or_insert(sequence);
        if known.next_number == 0 {
            if next >= MOST_OF_PART {
                return Err(Full);
            }
            known.next_number = next;
        }
        Ok((known.number(), &mut known.entry))
    }

    /// Forgets all sequences and gives their memory back.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The number of a sequence that may be there.
    pub(super) fn get(&self, hash: u64, sequence: S) -> Option<u32> {
        self.0.get(hash, sequence).map(Known::number)
    }

    /// All sequences and what is known of them, in no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (S, Known<C>)> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_keep_their_numbers() {
        let hasher = RandomState::default();
        let mut table = NgramTable::<u64, ()>::new(hasher.clone());
        for round in 0..2 {
            for i in 0..1000u32 {
                assert_eq!(table.insert(pair(i % 10, i)).unwrap().0, i, "round {round}");
            }
        }
        assert_eq!(table.len(), 1000);
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
