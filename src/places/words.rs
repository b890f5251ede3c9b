//! The words of all forms, each once and numbered, in one piece.

use hashbrown::HashTable;

use super::fold::fold;

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
    /// The number of a word as a form has it, folded or not, and the [`hash`] of its folded form; it gets the next
    /// number where it is new. `folded` is room to fold it in.
    pub(super) fn intern(&mut self, word: &str, folded: &mut String) -> (u32, u64) {
        let Words { letters, ends, table } = self;
        // Most words need no folding: neither the hash nor the comparison tells capitals from small letters.
        let word = if word.is_ascii() {
            word.as_bytes()
        } else {
            fold(word, folded);
            folded.as_bytes()
        };
        let new = ends.len() as u32;
        let hash_of_word = hash(word);
        let same = |&number: &u32| get(letters, ends, number).eq_ignore_ascii_case(word);
        if let Some(&number) = table.find(hash_of_word, same) {
            return (number, hash_of_word);
        }
        letters.extend(word.iter().map(u8::to_ascii_lowercase));
        ends.push(letters.len() as u32);
        table.insert_unique(hash_of_word, new, |&other| hash(get(letters, ends, other)));
        (new, hash_of_word)
    }

    /// Makes room for that many more words.
    pub(super) fn reserve(&mut self, more: usize) {
        let Words { letters, ends, table } = self;
        letters.reserve(8 * more);
        ends.reserve(more);
        table.reserve(more, |&other| hash(get(letters, ends, other)));
    }

    /// The number of a word as it stands in a text, with its [`hash`]; `None` for one that no form has. `folded` is room
    /// to fold it in.
    #[inline]
    pub(super) fn number(&self, word: &str, hash_of_word: u64, folded: &mut String) -> Option<u32> {
        let Words { letters, ends, table } = self;
        if word.is_ascii() {
            let same = |&number: &u32| get(letters, ends, number).eq_ignore_ascii_case(word.as_bytes());
            return table.find(hash_of_word, same).copied();
        }
        fold(word, folded);
        table.find(hash(folded.as_bytes()), |&number| get(letters, ends, number) == folded.as_bytes()).copied()
    }

    /// The word of a number.
    pub(super) fn get(&self, number: u32) -> &str {
        std::str::from_utf8(get(&self.letters, &self.ends, number)).unwrap_or_default()
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Bytes on the heap.
    pub(super) fn size(&self) -> usize {
        self.letters.capacity() + self.ends.capacity() * size_of::<u32>() + self.table.allocation_size()
    }
}

#[inline]
fn get<'a>(letters: &'a [u8], ends: &[u32], number: u32) -> &'a [u8] {
    let start = number.checked_sub(1).map_or(0, |before| ends[before as usize]);
    &letters[start as usize..ends[number as usize] as usize]
}

/// A hash that does not tell capitals of ASCII from small letters: a folded multiplication for every eight bytes.
#[inline]
pub(super) fn hash(bytes: &[u8]) -> u64 {
    /// Bit 5 of every byte: set, it makes capitals small and leaves digits as they are.
    const SMALL: u64 = 0x2020_2020_2020_2020;
    let four = |at: usize| bytes[at..at + 4].iter().rev().fold(0, |all, &byte| all << 8 | u64::from(byte));
    // 2⁶⁴ over the golden ratio (Knuth, TAOCP 3, 6.4).
    let mix = |state: u64, part: u64| {
        let product = u128::from(state ^ (part | SMALL)) * 0x9e37_79b9_7f4a_7c15;
        product as u64 ^ (product >> 64) as u64
    };
    let length = bytes.len();
    let state = length as u64;
    match length {
        0 => state,
        // The first, the middle and the last are all there are.
        1..4 => mix(state, [0, length / 2, length - 1].iter().fold(0, |all, &at| all << 8 | u64::from(bytes[at]))),
        // Two pieces of four that may overlap.
        4..=8 => mix(state, four(0) << 32 | four(length - 4)),
        _ => {
            let last = mix(state, four(length - 8) << 32 | four(length - 4));
            bytes[..length - 1].chunks_exact(8).fold(last, |state, chunk| {
                mix(state, chunk.iter().rev().fold(0, |all, &byte| all << 8 | u64::from(byte)))
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_their_numbers() {
        let mut words = Words::default();
        for number in 0..1000 {
            assert_eq!(words.intern(&format!("w{number}"), &mut String::new()).0, number);
        }
        let number = |word: &str| words.number(word, hash(word.as_bytes()), &mut String::new());
        for (word, expected) in [("w999", Some(999)), ("W999", Some(999)), ("w1000", None), ("", None)] {
            assert_eq!(number(word), expected, "{word}");
        }
        assert_eq!(words.get(7), "w7");
        assert_eq!(words.intern("W7", &mut String::new()).0, 7);
        assert_eq!(words.len(), 1000);
    }

    #[test]
    fn words_of_any_length_are_found_in_any_case() {
        let letters = "abcdefghijklmnopqrstuvwxyz0123456789";
        let mut words = Words::default();
        for length in 1..letters.len() {
            words.intern(&letters[..length], &mut String::new());
        }
        words.intern("São", &mut String::new());
        let number = |word: &str| words.number(word, hash(word.as_bytes()), &mut String::new());
        for length in 1..letters.len() {
            assert_eq!(number(&letters[..length].to_uppercase()), Some(length as u32 - 1));
        }
        assert_eq!(number("S\u{c3}O"), Some(letters.len() as u32 - 1), "found by its folded form");
    }
}
