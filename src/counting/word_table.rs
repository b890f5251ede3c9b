//! Words, each once, with numbers in the order in which they came.
//!
//! A word of up to sixteen bytes, as nearly all are, is one 128-bit number: its bytes, the first one highest, and zeros
//! behind. Words are compared in one step that way, and the numbers are ordered as the words are, since no word holds a
//! NUL. Longer words lie in a buffer of their own.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;

use crate::features::Strings;

use super::PARTS;

/// An append-only set of words.
#[derive(Clone, Debug)]
pub(super) struct WordTable {
    /// Per word its packed bytes, or `LONG` and its number among the long ones.
    packed: Vec<u128>,
    /// Open addressing: the number of a word and one, or 0. A power of two.
    slots: Vec<u32>,
    long: Strings,
    /// Per long word its number.
    long_ids: Vec<u32>,
    hasher: RandomState,
}

/// The bytes of a packed word.
pub(super) const PACKED: usize = 16;
/// No word of UTF-8 begins with this byte.
const LONG: u128 = 0xFF << 120;
const LEAST_SLOTS: usize = 1 << 10;

/// Words numbered beyond 2³².
#[derive(Debug)]
pub(super) struct Full;

/// A word of up to sixteen bytes as a number.
pub(super) fn pack(word: &[u8]) -> Option<u128> {
    let mut bytes = [0; PACKED];
    bytes.get_mut(..word.len())?.copy_from_slice(word);
    Some(u128::from_be_bytes(bytes))
}

impl Default for WordTable {
    fn default() -> Self {
        WordTable {
            packed: Vec::new(),
            slots: vec![0; LEAST_SLOTS],
            long: Strings::default(),
            long_ids: Vec::new(),
            hasher: RandomState::default(),
        }
    }
}

impl WordTable {
    pub(super) fn len(&self) -> usize {
        self.packed.len()
    }

    /// Forgets all words and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.packed.clear();
        self.slots.fill(0);
        if self.long.len() > 0 {
            self.long = Strings::default();
            self.long_ids.clear();
        }
    }

    /// The number of a word, new or old.
    pub(super) fn insert(&mut self, word: &str) -> Result<u32, Full> {
        match pack(word.as_bytes()) {
            Some(packed) => self.insert_packed(packed),
            None => self.insert_long(word),
        }
    }

    /// The number of a word of up to sixteen bytes.
    pub(super) fn insert_packed(&mut self, packed: u128) -> Result<u32, Full> {
        let mask = self.slots.len() - 1;
        let mut slot = self.hasher.hash_one(packed) as usize & mask;
        loop {
            match self.slots[slot].checked_sub(1) {
                Some(id) if self.packed[id as usize] == packed => return Ok(id),
                Some(_) => slot = (slot + 1) & mask,
                None => break,
            }
        }
        let id = self.push(packed)?;
        self.slots[slot] = id + 1;
        if self.packed.len() * 2 > self.slots.len() {
            self.grow();
        }
        Ok(id)
    }

    fn insert_long(&mut self, word: &str) -> Result<u32, Full> {
        let index = self.long.insert(word).ok_or(Full)?;
        if index as usize == self.long_ids.len() {
            let id = self.push(LONG | u128::from(index))?;
            self.long_ids.push(id);
        }
        Ok(self.long_ids[index as usize])
    }

    /// The last numbers are left over: one says that there is none, and parts share the others evenly.
    fn push(&mut self, packed: u128) -> Result<u32, Full> {
        let id = u32::try_from(self.packed.len()).ok().filter(|&id| id < u32::MAX - 2 * PARTS as u32).ok_or(Full)?;
        self.packed.push(packed);
        Ok(id)
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        self.slots.clear();
        self.slots.resize(mask + 1, 0);
        for (id, &packed) in (1..).zip(&self.packed) {
            if packed >= LONG {
                continue;
            }
            let mut slot = self.hasher.hash_one(packed) as usize & mask;
            while self.slots[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            self.slots[slot] = id;
        }
    }

    /// The number of each word of another table in this one, where it is entered if it is new.
    pub(super) fn insert_all(&mut self, other: &WordTable, ids: &mut Vec<u32>) -> Result<(), Full> {
        ids.clear();
        for &packed in &other.packed {
            ids.push(if packed < LONG {
                self.insert_packed(packed)?
            } else {
                self.insert_long(other.long_word(packed))?
            });
        }
        Ok(())
    }

    fn long_word(&self, packed: u128) -> &str {
        self.long.get(packed as u32)
    }

    /// Adds a word's bytes to a buffer.
    pub(super) fn append(&self, id: u32, bytes: &mut Vec<u8>) {
        let packed = self.packed[id as usize];
        if packed < LONG {
            bytes.extend_from_slice(&packed.to_be_bytes()[..length(packed)]);
        } else {
            bytes.extend_from_slice(self.long_word(packed).as_bytes());
        }
    }

    /// A word, written into a buffer where it is packed.
    pub(super) fn word<'a>(&'a self, id: u32, buffer: &'a mut [u8; PACKED]) -> &'a str {
        let packed = self.packed[id as usize];
        if packed >= LONG {
            return self.long_word(packed);
        }
        *buffer = packed.to_be_bytes();
        // What was packed was a word.
        std::str::from_utf8(&buffer[..length(packed)]).unwrap_or_default()
    }

    /// All words in byte order one after another, where each ends, and per number its rank.
    ///
    /// # Errors
    /// Words of more than 4 GB in all.
    pub(super) fn sorted(&self) -> Result<(String, Vec<u32>, Vec<u32>), Full> {
        let mut order: Vec<(u128, u32)> = self.packed.iter().copied().zip(0..).collect();
        // A long word sorts by its first sixteen bytes, and then by itself.
        for (packed, _) in order.iter_mut().filter(|(packed, _)| *packed >= LONG) {
            *packed = pack(&self.long_word(*packed).as_bytes()[..PACKED]).unwrap_or_default();
        }
        let tail = |id: u32| {
            let packed = self.packed[id as usize];
            if packed < LONG { "" } else { self.long_word(packed) }
        };
        order.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| tail(a.1).cmp(tail(b.1))));
        let (mut bytes, mut ends) = (Vec::new(), Vec::with_capacity(order.len()));
        let mut ranks = vec![0; order.len()];
        for (rank, &(_, id)) in (0..).zip(&order) {
            self.append(id, &mut bytes);
            ends.push(u32::try_from(bytes.len()).map_err(|_| Full)?);
            ranks[id as usize] = rank;
        }
        Ok((String::from_utf8(bytes).unwrap_or_default(), ends, ranks))
    }
}

fn length(packed: u128) -> usize {
    PACKED - packed.trailing_zeros() as usize / 8
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn words_keep_their_numbers_and_sort_as_strings(words in prop::collection::vec("[a-cé中]{1,7}|[ab]{14,20}", 0..200)) {
            let mut table = WordTable::default();
            let ids: Vec<u32> = words.iter().map(|word| table.insert(word).unwrap()).collect();
            let mut other = WordTable::default();
            other.insert("zz").unwrap();
            let mut moved = Vec::new();
            other.insert_all(&table, &mut moved).unwrap();
            let (bytes, ends, ranks) = table.sorted().unwrap();
            let starts: Vec<u32> = std::iter::once(0).chain(ends.iter().copied()).collect();
            let mut expected = words.clone();
            expected.sort_unstable();
            expected.dedup();
            prop_assert_eq!(expected.len(), table.len());
            for (word, &id) in words.iter().zip(&ids) {
                let mut buffer = [0; PACKED];
                prop_assert_eq!(table.word(id, &mut buffer), word.as_str());
                prop_assert_eq!(other.word(moved[id as usize], &mut buffer), word.as_str());
                let rank = ranks[id as usize] as usize;
                prop_assert_eq!(&bytes[starts[rank] as usize..ends[rank] as usize], word.as_str());
                prop_assert_eq!(&expected[rank], word);
                prop_assert_eq!(table.insert(word).unwrap(), id);
            }
        }
    }
}
