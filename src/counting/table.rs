//! A hash table of plain numbers: keys and values in the order in which they came, and an index to find them.
//!
//! The index has four bytes a slot and is small enough to stay in the nearest caches; what it points to is read once. A
//! value may be looked up by the number of its key, too.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;

/// What is looked up.
pub(super) trait Key: Copy + Eq {
    /// Its hash.
    fn hash(self, hasher: &RandomState) -> u64;
}

impl Key for [u32; 2] {
    fn hash(self, hasher: &RandomState) -> u64 {
        hasher.hash_one(u64::from(self[0]) << 32 | u64::from(self[1]))
    }
}

/// Values by key.
#[derive(Clone, Debug)]
pub(super) struct Table<K, V> {
    /// Open addressing: the number of a key and one, or 0. None, or a power of two.
    slots: Vec<u32>,
    entries: Vec<(K, V)>,
    hasher: RandomState,
}

impl<K: Key, V: Copy + Default> Default for Table<K, V> {
    fn default() -> Self {
        Table::new(RandomState::default())
    }
}

const LEAST_SLOTS: usize = 16;

impl<K: Key, V: Copy + Default> Table<K, V> {
    /// An empty table, which takes no memory.
    pub(super) fn new(hasher: RandomState) -> Self {
        Table { slots: Vec::new(), entries: Vec::new(), hasher }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Number and value of a key; of a new one, the default. There must be fewer than 2³² − 1 keys.
    #[inline]
    pub(super) fn get_or_insert(&mut self, key: K) -> (u32, &mut V) {
        if self.entries.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut slot = key.hash(&self.hasher) as usize & mask;
        let number = loop {
            match self.slots[slot] {
                0 => {
                    self.entries.push((key, V::default()));
                    self.slots[slot] = self.entries.len() as u32;
                    break self.entries.len() - 1;
                }
                taken if self.entries[taken as usize - 1].0 == key => break taken as usize - 1,
                _ => slot = (slot + 1) & mask,
            }
        };
        (number as u32, &mut self.entries[number].1)
    }

    #[cold]
    fn grow(&mut self) {
        let mask = (self.slots.len() * 2).max(LEAST_SLOTS) - 1;
        self.slots.clear();
        self.slots.resize(mask + 1, 0);
        for (number, (key, _)) in (1..).zip(&self.entries) {
            let mut slot = key.hash(&self.hasher) as usize & mask;
            while self.slots[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            self.slots[slot] = number;
        }
    }

    /// The number of a key that may be there; `hash` is that of the key by the table's hasher.
    pub(super) fn number(&self, hash: u64, key: K) -> Option<u32> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut slot = hash as usize & mask;
        loop {
            let number = self.slots[slot].checked_sub(1)?;
            if self.entries[number as usize].0 == key {
                return Some(number);
            }
            slot = (slot + 1) & mask;
        }
    }

    /// All keys and values by number.
    pub(super) fn entries(&self) -> &[(K, V)] {
        &self.entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn a_table_is_a_map(keys in prop::collection::vec((0u32..7, 0u32..7), 0..300)) {
            let mut map = BTreeMap::new();
            let mut table = Table::<[u32; 2], u32>::default();
            for &(a, b) in &keys {
                *map.entry([a, b]).or_insert(0) += 1;
                *table.get_or_insert([a, b]).1 += 1;
            }
            let hasher = table.hasher.clone();
            for a in 0..8 {
                for b in 0..8 {
                    let number = table.number([a, b].hash(&hasher), [a, b]);
                    let value = number.map(|number| table.entries()[number as usize]);
                    prop_assert_eq!(value, map.get(&[a, b]).map(|&count| ([a, b], count)));
                }
            }
            prop_assert_eq!(table.len(), map.len());
        }
    }
}
