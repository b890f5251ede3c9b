//! A hash table of plain numbers: open addressing, one step from slot to slot.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;

/// What is looked up.
pub(super) trait Key: Copy + Eq {
    /// No key is this; it marks free slots.
    const NONE: Self;

    /// Its hash.
    fn hash(self, hasher: &RandomState) -> u64;
}

impl Key for u64 {
    const NONE: u64 = u64::MAX;

    fn hash(self, hasher: &RandomState) -> u64 {
        hasher.hash_one(self)
    }
}

/// Values by key. Key and value lie side by side, so that most lookups read one place in memory.
#[derive(Clone, Debug)]
pub(super) struct Table<K, V> {
    /// None, or a power of two.
    slots: Vec<(K, V)>,
    len: usize,
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
        Table { slots: Vec::new(), len: 0, hasher }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Forgets all keys and gives their memory back.
    pub(super) fn clear(&mut self) {
        (self.slots, self.len) = (Vec::new(), 0);
    }

    /// The slot of a key, or the free one where it belongs.
    #[inline]
    fn slot(slots: &[(K, V)], hash: u64, key: K) -> usize {
        let mask = slots.len() - 1;
        let mut slot = hash as usize & mask;
        while slots[slot].0 != key && slots[slot].0 != K::NONE {
            slot = (slot + 1) & mask;
        }
        slot
    }

    /// The value of a key; of a new one, the default.
    #[inline]
    pub(super) fn get_or_insert(&mut self, key: K) -> &mut V {
        // Two thirds full at most.
        if self.len * 3 >= self.slots.len() * 2 {
            self.grow();
        }
        let slot = Self::slot(&self.slots, key.hash(&self.hasher), key);
        let slot = &mut self.slots[slot];
        self.len += usize::from(slot.0 != key);
        slot.0 = key;
        &mut slot.1
    }

    #[cold]
    fn grow(&mut self) {
        let mut slots = vec![(K::NONE, V::default()); (self.slots.len() * 2).max(LEAST_SLOTS)];
        for (key, value) in self.iter() {
            let slot = Self::slot(&slots, key.hash(&self.hasher), key);
            slots[slot] = (key, value);
        }
        self.slots = slots;
    }

    /// The value of a key that may be there; `hash` is that of the key by the table's hasher.
    pub(super) fn get(&self, hash: u64, key: K) -> Option<&V> {
        if self.slots.is_empty() {
            return None;
        }
        let (found, value) = &self.slots[Self::slot(&self.slots, hash, key)];
        (*found == key).then_some(value)
    }

    /// All keys and values, in no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (K, V)> {
        self.slots.iter().copied().filter(|(key, _)| *key != K::NONE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn a_table_is_a_map(keys in prop::collection::vec(0u64..40, 0..300)) {
            let mut map = BTreeMap::new();
            let mut table = Table::<u64, u32>::default();
            for &key in &keys {
                *map.entry(key).or_insert(0) += 1;
                *table.get_or_insert(key) += 1;
            }
            let hasher = table.hasher.clone();
            for key in 0..50 {
                prop_assert_eq!(table.get(key.hash(&hasher), key), map.get(&key));
            }
            let mut all: Vec<(u64, u32)> = table.iter().collect();
            all.sort_unstable();
            prop_assert_eq!(table.len(), map.len());
            prop_assert_eq!(all, map.into_iter().collect::<Vec<_>>());
        }
    }
}
