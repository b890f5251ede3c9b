//! A first look at a word: most words of a text are turned away here, before anything is folded or looked up.

use super::form::starts_with_capital;

/// Which words forms may have at a place: a set of bits, by the ends of the word, its length and whether it has a
/// capital. One word in twenty that no form has passes too, and fails in the trie.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    bits: [u64; Filter::BITS / 64],
    /// First letters of the words without a capital, which are few (bit: the lower five bits of the letter).
    small: u32,
    /// Whether there is a word outside the Latin script.
    other_scripts: bool,
}

impl Default for Filter {
    fn default() -> Self {
        Filter { bits: [0; Filter::BITS / 64], small: 0, other_scripts: false }
    }
}

impl Filter {
    const BITS: usize = 1 << 15;

    /// Which bit stands for a word of ASCII; case is left out but for `capital`.
    #[inline]
    fn bit(word: &[u8], capital: bool) -> usize {
        let at = |i: usize| u64::from(word.get(i).copied().unwrap_or(0) | 32);
        let (last, length) = (at(word.len().wrapping_sub(1)), word.len() as u64 % 64);
        let key = at(0) | at(1) << 8 | at(2) << 16 | last << 24 | length << 32 | u64::from(capital) << 38;
        // Fibonacci hashing (Knuth, TAOCP 3, 6.4): the upper 15 bits of the product.
        (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 49) as usize
    }

    pub(super) fn add(&mut self, word: &str, folded: &str) {
        if !folded.starts_with(|c: char| c.is_ascii()) {
            self.other_scripts = true;
            return;
        }
        let mut set = |word: &str, capital| {
            let bit = Self::bit(word.as_bytes(), capital);
            self.bits[bit / 64] |= 1 << (bit % 64);
        };
        set(folded, true);
        if !starts_with_capital(word) {
            self.small |= 1 << (folded.as_bytes()[0] & 31);
            set(folded, false);
            // In lower case an accent must stand in the text as it does in the form.
            set(word, false);
        }
    }

    /// Whether a form may have the word. `lower`: the whole text is in lower case.
    #[inline]
    pub(super) fn passes(&self, word: &str, lower: bool) -> bool {
        let Some(&first) = word.as_bytes().first() else { return false };
        if first.is_ascii() {
            let capital = lower || first.is_ascii_uppercase();
            if !capital && self.small & 1 << (first & 31) == 0 {
                return false;
            }
            let bit = Self::bit(word.as_bytes(), capital);
            return self.bits[bit / 64] & 1 << (bit % 64) != 0 || capital && !word.is_ascii();
        }
        word.chars().next().is_some_and(|c| {
            let latin = c < '\u{250}' || ('\u{1e00}'..'\u{1f00}').contains(&c);
            (latin || self.other_scripts) && (lower || !c.is_lowercase() || self.small != 0)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_were_added_pass_in_every_writing() {
        let mut filter = Filter::default();
        filter.add("Élysée", "elysee");
        filter.add("côte", "cote");
        filter.add("école", "ecole");
        filter.add("St", "st");
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
            assert_eq!(filter.passes(word, lower), expected, "{word:?}");
        }
    }
}
