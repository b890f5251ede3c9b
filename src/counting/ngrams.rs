//! Sequences of words, as the numbers of their words.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;

use super::PARTS;
use super::table::Key;

/// The numbers of the words of a sequence.
pub(super) trait Sequence: Key + Send + Sync {
    /// The ranks of the words in a form that orders as they do.
    type Ranked: Ranked;

    /// The same with the ranks of the words.
    fn ranked(self, ranks: &[u32]) -> Self::Ranked;
}

/// The ranks of the words of a sequence.
pub(super) trait Ranked: Copy + Ord + Send + Sync {
    /// Its words but the last, and the last.
    fn split(self) -> (Self, u32);
}

/// Two words.
pub(super) type Pair = [u32; 2];

/// As one number, which is faster to sort; the higher half is the first.
impl Sequence for Pair {
    type Ranked = u64;

    fn ranked(self, ranks: &[u32]) -> u64 {
        u64::from(ranks[self[0] as usize]) << 32 | u64::from(ranks[self[1] as usize])
    }
}

impl Ranked for u64 {
    fn split(self) -> (Self, u32) {
        (self >> 32 << 32 | u64::from(u32::MAX), self as u32)
    }
}

/// Three words or more, and [`u32::MAX`] behind the last.
pub(super) type Longer = [u32; MOST_WORDS];

/// The longest sequence.
const MOST_WORDS: usize = 5;

/// Words as a longer sequence.
pub(super) fn longer(words: &[u32]) -> Longer {
    let mut sequence = [u32::MAX; MOST_WORDS];
    sequence[..words.len()].copy_from_slice(words);
    sequence
}

impl Key for Longer {
    fn hash(self, hasher: &RandomState) -> u64 {
        hasher.hash_one(self)
    }
}

impl Sequence for Longer {
    type Ranked = Longer;

    fn ranked(self, ranks: &[u32]) -> Longer {
        self.map(|word| ranks.get(word as usize).copied().unwrap_or(u32::MAX))
    }
}

impl Ranked for Longer {
    fn split(mut self) -> (Self, u32) {
        let last = self.iter().rposition(|&word| word != u32::MAX).unwrap_or(0);
        let word = std::mem::replace(&mut self[last], u32::MAX);
        (self, word)
    }
}

/// The part that counts a sequence: the highest bits of its hash, as tables look at the lowest.
pub(super) fn part_of(hash: u64) -> usize {
    (hash >> (64 - PARTS.trailing_zeros())) as usize
}

/// Numbers of a part stay below this, so that a number and its part fit 32 bits.
pub(super) const MOST_OF_PART: u32 = u32::MAX / PARTS as u32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_lose_their_last_word_and_take_ranks() {
        const MAX: u32 = u32::MAX;
        assert_eq!(longer(&[7, 8, 9]).split(), ([7, 8, MAX, MAX, MAX], 9));
        assert_eq!(longer(&[1, 2, 3, 4, 5]).split(), ([1, 2, 3, 4, MAX], 5));
        assert_eq!(longer(&[0, 2, 1]).ranked(&[5, 6, 7]), [5, 7, 6, MAX, MAX]);
        assert_eq!([1, 0].ranked(&[3, 4]).split(), (4 << 32 | u64::from(MAX), 3));
    }
}
