//! The words of all forms, each once and numbered, in one piece.

use std::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// The longest word of a form, in bytes: it spares folding what somebody wrote without blanks.
pub(super) const LONGEST_WORD: usize = 64;

/// Numbers of words, exact and small: four bytes a word beside its letters and its place in the table.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    letters: Vec<u8>,
    /// Where each word ends in `letters`.
    ends: Vec<u32>,
    table: HashTable<u32>,
}

impl Words {
    /// The number of a word; it gets the next one where it is new.
    pub(super) fn intern(&mut self, word: &str) -> u32 {
        if let Some(number) = self.number(word) {
            return number;
        }
        let number = self.ends.len() as u32;
        self.letters.extend_from_slice(word.as_bytes());
        self.ends.push(self.letters.len() as u32);
        let (letters, ends) = (&self.letters, &self.ends);
        self.table.insert_unique(hash(word.as_bytes()), number, |&other| hash(get(letters, ends, other)));
        number
    }

    /// The number of a word; `None` for one that no form has.
    pub(super) fn number(&self, word: &str) -> Option<u32> {
        let word = word.as_bytes();
        self.table.find(hash(word), |&number| get(&self.letters, &self.ends, number) == word).copied()
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Bytes on the heap.
    pub(super) fn size(&self) -> usize {
        self.letters.capacity() + self.ends.capacity() * size_of::<u32>() + self.table.allocation_size()
    }
}

fn get<'a>(letters: &'a [u8], ends: &[u32], number: u32) -> &'a [u8] {
    let start = number.checked_sub(1).map_or(0, |before| ends[before as usize]);
    &letters[start as usize..ends[number as usize] as usize]
}

fn hash(word: &[u8]) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    hasher.write(word);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_their_numbers() {
        let mut words = Words::default();
        for number in 0..1000 {
            assert_eq!(words.intern(&format!("w{number}")), number);
        }
        assert_eq!(
            (words.intern("w7"), words.number("w999"), words.number("w1000"), words.number("")),
            (7, Some(999), None, None)
        );
        assert_eq!(words.len(), 1000);
    }
}
