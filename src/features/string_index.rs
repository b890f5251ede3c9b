//! Sorted strings and a table that finds them: words, prefixes, sequences of letters of a vocabulary.
//!
//! All bytes lie in one string, `ends` says where each ends. The table has open addressing and sixteen bytes a slot: id,
//! length, and a key of eight bytes that together with the length *is* a string of up to eight bytes. So a
//! lookup of a short string, which most words of a text are, touches one cache line, and the bytes are only compared where the
//! string is longer and its hash the same. A binary search in the sorted strings gives the same answers.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;

/// Strings in byte order, each once; the id of a string is its rank.
#[derive(Clone, Debug)]
pub(crate) struct StringIndex {
    bytes: String,
    ends: Vec<u32>,
    slots: Vec<Slot>,
    /// Of this process, so that no file can be made whose strings all meet in one place.
    seed: u64,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    key: u64,
    length: u32,
    /// `EMPTY` where there is no string.
    id: u32,
}

/// Where a string is looked for, and what stands there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Probe {
    key: u64,
    at: usize,
    slot: Slot,
}

const EMPTY: u32 = u32::MAX;
/// Strings up to this length are their own key.
const SHORT: usize = 8;

impl StringIndex {
    /// From strings that are sorted and unique: id = rank. `None` where they are not, or where the ends do not fit the
    /// bytes.
    pub(crate) fn new(bytes: String, ends: Vec<u32>) -> Option<Self> {
        u32::try_from(ends.len()).ok().filter(|&n| n < EMPTY)?;
        let empty = Slot { key: 0, length: 0, id: EMPTY };
        let n_slots = (ends.len() + ends.len() / 3 + 1).next_power_of_two();
        let seed = RandomState::default().hash_one(0u64);
        let mut slots = vec![empty; n_slots];
        let mut start = 0usize;
        let mut previous: Option<&str> = None;
        for (id, &end) in ends.iter().enumerate() {
            let string = bytes.get(start..end as usize)?;
            if previous.is_some_and(|p| p >= string) {
                return None;
            }
            previous = Some(string);
            start = end as usize;
            let key = key(string.as_bytes(), seed);
            let mut at = place(key, string.len(), seed, n_slots);
            while slots[at].id != EMPTY {
                at = (at + 1) & (n_slots - 1);
            }
            slots[at] = Slot { key, length: string.len() as u32, id: id as u32 };
        }
        (start == bytes.len()).then_some(StringIndex { bytes, ends, slots, seed })
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn get(&self, id: u32) -> &str {
        &self.bytes[self.start(id)..self.ends[id as usize] as usize]
    }

    fn start(&self, id: u32) -> usize {
        (id as usize).checked_sub(1).map_or(0, |before| self.ends[before] as usize)
    }

    /// The id of a string.
    #[inline]
    pub(crate) fn id(&self, string: &str) -> Option<u32> {
        self.resolve(string, self.probe(string))
    }

    /// The first half of a lookup: no branch depends on what it reads, so the probes of many strings wait for memory
    /// together.
    #[inline]
    pub(super) fn probe(&self, string: &str) -> Probe {
        let key = key(string.as_bytes(), self.seed);
        let at = place(key, string.len(), self.seed, self.slots.len());
        Probe { key, at, slot: self.slots[at] }
    }

    /// The second half: the id of the string that was probed.
    #[inline]
    pub(super) fn resolve(&self, string: &str, probe: Probe) -> Option<u32> {
        let Probe { key, mut at, mut slot } = probe;
        while slot.id != EMPTY {
            if slot.key == key
                && slot.length as usize == string.len()
                && (string.len() <= SHORT || self.get(slot.id) == string)
            {
                return Some(slot.id);
            }
            at = (at + 1) & (self.slots.len() - 1);
            slot = self.slots[at];
        }
        None
    }

    /// All bytes one after another, and where each string ends.
    pub(crate) fn parts(&self) -> (&str, &[u32]) {
        (&self.bytes, &self.ends)
    }
}

/// Of up to eight bytes, all of them (given the length); of more, a hash.
#[inline]
fn key(bytes: &[u8], seed: u64) -> u64 {
    let four = |part: &[u8; 4]| u64::from(u32::from_le_bytes(*part));
    match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (Some(first), Some(_)) if bytes.len() == SHORT => u64::from_le_bytes(*first),
        (Some(_), Some(last)) => {
            let (chunks, _) = bytes.as_chunks::<8>();
            let end = mix(seed, u64::from_le_bytes(*last));
            chunks.iter().fold(end, |state, chunk| mix(state, u64::from_le_bytes(*chunk)))
        }
        _ => match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>(), bytes) {
            // Two pieces of four that may overlap.
            (Some(first), Some(last), _) => four(first) | four(last) << 32,
            (.., &[]) => 0,
            // The first, the middle and the last of up to three are all there are.
            _ => {
                let n = bytes.len();
                u64::from(bytes[0]) | u64::from(bytes[n / 2]) << 8 | u64::from(bytes[n - 1]) << 16
            }
        },
    }
}

/// The slot from which on a string is looked for.
#[inline]
fn place(key: u64, length: usize, seed: u64, n_slots: usize) -> usize {
    mix(seed.wrapping_add(length as u64), key) as usize & (n_slots - 1)
}

/// A folded multiplication: all bits of both go into all bits of the result.
#[inline]
pub(super) fn mix(state: u64, part: u64) -> u64 {
    // 2⁶⁴ over the golden ratio (Knuth, TAOCP 3, 6.4).
    let product = u128::from(state ^ part) * 0x9e37_79b9_7f4a_7c15;
    product as u64 ^ (product >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn index(strings: &BTreeSet<String>) -> StringIndex {
        let mut ends = Vec::new();
        let mut bytes = String::new();
        for string in strings {
            bytes.push_str(string);
            ends.push(bytes.len() as u32);
        }
        StringIndex::new(bytes, ends).unwrap()
    }

    #[test]
    fn broken_parts_are_refused() {
        assert!(StringIndex::new("ab".into(), vec![1, 2]).is_some());
        for (bytes, ends) in [
            ("ba", vec![1, 2]),
            ("aa", vec![1, 2]),
            ("ab", vec![1]),
            ("ab", vec![2, 1]),
            ("é", vec![1, 2]),
            ("a", vec![9]),
        ] {
            assert!(StringIndex::new(bytes.into(), ends.clone()).is_none(), "{bytes} {ends:?}");
        }
    }

    #[test]
    fn strings_of_every_length_are_found_and_no_others() {
        let strings: BTreeSet<String> = (0..40).flat_map(|n| ["a", "ä", "\0"].map(|s| s.repeat(n))).collect();
        let index = index(&strings);
        for (rank, string) in strings.iter().enumerate() {
            assert_eq!(index.id(string), Some(rank as u32), "{string:?}");
            assert_eq!(index.id(&format!("{string}x")), None, "{string:?}");
        }
    }

    proptest! {
        #[test]
        fn the_table_finds_what_a_search_finds(
            strings in prop::collection::btree_set("[abä中\\x00]{0,12}", 0..60),
            others in prop::collection::vec("[abä中\\x00]{0,12}", 0..60),
        ) {
            let index = index(&strings);
            let sorted: Vec<&String> = strings.iter().collect();
            for string in strings.iter().chain(&others) {
                let found = sorted.binary_search(&string).ok().map(|rank| rank as u32);
                prop_assert_eq!(index.id(string), found);
            }
        }
    }
}
