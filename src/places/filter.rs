//! A first look at a word: most words of a text are turned away here, before anything is folded or looked up.

use super::form::starts_with_capital;
use super::words::hash;

/// Which words forms may have at a place: a set of bits, by the hash of the word and whether it has a capital. One word
/// in ten that no form has passes too, and fails in the trie.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    bits: [u64; Filter::BITS / 64],
    /// How the words without a capital begin, which are few: per first byte, the second (bit: its lower five bits).
    small: [u32; 128],
    /// Whether there are any.
    any_small: bool,
    /// Whether there is a word outside the Latin script.
    other_scripts: bool,
}

impl Default for Filter {
    fn default() -> Self {
        Filter { bits: [0; Filter::BITS / 64], small: [0; 128], any_small: false, other_scripts: false }
    }
}

impl Filter {
    const BITS: usize = 1 << 16;

    /// Which bit stands for a word with that hash.
    #[inline]
    fn bit(hash: u64, capital: bool) -> usize {
        // The table of words goes by the lowest bits and the highest seven.
        (hash >> 32) as usize % (Self::BITS / 2) * 2 + usize::from(capital)
    }

    /// The place of a beginning among those without a capital.
    #[inline]
    fn beginning(word: &[u8], first: u8) -> (usize, u32) {
        (usize::from(first & 127), 1 << (word.get(1).copied().unwrap_or(0) & 31))
    }

    /// Adds a word. Of one in ASCII, it is its folded form as well: capitals change no bit.
    pub(super) fn add(&mut self, word: &str, folded: &str, hash_of_folded: u64) {
        if !folded.starts_with(|c: char| c.is_ascii()) {
            self.other_scripts = true;
            return;
        }
        self.set(folded, hash_of_folded, true);
        if !starts_with_capital(word) {
            self.any_small = true;
            self.set(folded, hash_of_folded, false);
            // In lower case an accent must stand in the text as it does in the form.
            self.set(word, hash(word.as_bytes()), false);
        }
    }

    fn set(&mut self, word: &str, hash: u64, capital: bool) {
        let bit = Self::bit(hash, capital);
        self.bits[bit / 64] |= 1 << (bit % 64);
        if let Some(&first) = word.as_bytes().first().filter(|_| !capital) {
            let (row, second) = Self::beginning(word.as_bytes(), first);
            self.small[row] |= second;
        }
    }

    /// The hash of a word that a form may have; `None` for one that none has. `lower`: the whole text is in lower case.
    #[inline(always)]
    pub(super) fn hash(&self, word: &str, lower: bool) -> Option<u64> {
        let first = *word.as_bytes().first()?;
        let capital = lower || first.is_ascii_uppercase() || !first.is_ascii();
        if !capital {
            // This is where most words of a text end.
            let (row, second) = Self::beginning(word.as_bytes(), first);
            if self.small[row] & second == 0 {
                return None;
            }
        }
        self.look(word, first, lower)
    }

    fn look(&self, word: &str, first: u8, lower: bool) -> Option<u64> {
        let hash = hash(word.as_bytes());
        let passes = if first.is_ascii() {
            let capital = lower || first.is_ascii_uppercase();
            let bit = Self::bit(hash, capital);
            self.bits[bit / 64] & 1 << (bit % 64) != 0 || capital && !word.is_ascii()
        } else {
            word.chars().next().is_some_and(|c| {
                let latin = c < '\u{250}' || ('\u{1e00}'..'\u{1f00}').contains(&c);
                (latin || self.other_scripts) && (lower || !c.is_lowercase() || self.any_small)
            })
        };
        passes.then_some(hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_were_added_pass_in_every_writing() {
        let mut filter = Filter::default();
        for (word, folded) in [("Élysée", "elysee"), ("côte", "cote"), ("école", "ecole"), ("St", "St")] {
            filter.add(word, folded, hash(folded.as_bytes()));
        }
        for (word, lower, expected) in [
            ("Élysée", false, true),
            ("Elysee", false, true),
            ("ELYSÉE", false, true),
            ("élysée", true, true),
            ("elysee", true, true),
            ("elysee", false, false),
            ("ST", false, true),
            ("st", false, false),
            ("côte", false, true),
            ("école", false, true),
            ("Cote", false, true),
            ("", true, false),
            ("中国", true, false),
        ] {
            assert_eq!(filter.hash(word, lower).is_some(), expected, "{word:?}");
        }
    }
}
