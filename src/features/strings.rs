//! Strings, each once, in one buffer, found by hash.
//!
//! One allocation for all bytes and one for all ends instead of a `String` a word: a vocabulary of a million words is
//! three arrays. The hash is only a way to find a string; no result depends on its order.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

/// An append-only set of strings with ids 0, 1, 2 … in the order of insertion.
#[derive(Clone, Debug, Default)]
pub(crate) struct Strings {
    bytes: String,
    ends: Vec<u32>,
    index: HashTable<u32>,
    hasher: RandomState,
}

impl Strings {
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn get(&self, id: u32) -> &str {
        string_at(&self.bytes, &self.ends, id)
    }

    /// The id of a string, new or old; `None` when ids or bytes would pass 2³².
    pub(crate) fn insert(&mut self, string: &str) -> Option<u32> {
        let Strings { bytes, ends, index, hasher } = self;
        let hash = hasher.hash_one(string);
        if let Some(&id) = index.find(hash, |&id| string_at(bytes, ends, id) == string) {
            return Some(id);
        }
        let id = u32::try_from(ends.len()).ok()?;
        bytes.push_str(string);
        ends.push(u32::try_from(bytes.len()).ok()?);
        index.insert_unique(hash, id, |&id| hasher.hash_one(string_at(bytes, ends, id)));
        Some(id)
    }

    /// The same strings with ids in byte order, and per old id the new one.
    pub(crate) fn into_sorted(self) -> (Self, Vec<u32>) {
        let mut order: Vec<u32> = (0..self.ends.len() as u32).collect();
        order.sort_unstable_by(|&a, &b| self.get(a).cmp(self.get(b)));
        let mut rank = vec![0u32; order.len()];
        let mut bytes = String::with_capacity(self.bytes.len());
        let mut ends = Vec::with_capacity(order.len());
        for (new, &old) in order.iter().enumerate() {
            rank[old as usize] = new as u32;
            bytes.push_str(self.get(old));
            ends.push(bytes.len() as u32);
        }
        let mut sorted = Strings { bytes, ends, index: HashTable::with_capacity(order.len()), hasher: self.hasher };
        for id in 0..order.len() as u32 {
            let (hasher, bytes, ends) = (&sorted.hasher, &sorted.bytes, &sorted.ends);
            let hash = hasher.hash_one(string_at(bytes, ends, id));
            sorted.index.insert_unique(hash, id, |&id| hasher.hash_one(string_at(bytes, ends, id)));
        }
        (sorted, rank)
    }

    /// All bytes one after another, and where each string ends.
    pub(crate) fn parts(&self) -> (&str, &[u32]) {
        (&self.bytes, &self.ends)
    }
}

fn string_at<'a>(bytes: &'a str, ends: &[u32], id: u32) -> &'a str {
    let i = id as usize;
    let start = if i == 0 { 0 } else { ends[i - 1] as usize };
    &bytes[start..ends[i] as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_keep_their_ids_until_sorted() {
        let mut strings = Strings::default();
        let ids: Vec<_> = ["war", "arts", "war", "zebra", ""].iter().map(|s| strings.insert(s).unwrap()).collect();
        assert_eq!(ids, [0, 1, 0, 2, 3]);
        let (sorted, rank) = strings.into_sorted();
        assert_eq!(rank, [2, 1, 3, 0]);
        assert_eq!(sorted.get(2), "war");
    }
}
