//! Gives columns to the features of training texts as they come by.
//!
//! While texts stream past, a feature gets the next free column the first time it is seen: a word is interned once, an
//! n-gram is one integer (column of its prefix, id of its next word). At the end [`finish`](VocabularyBuilder::finish)
//! sorts them, so the columns do not depend on the order of the texts, and says which column became which.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::strings::Strings;
use super::vocabulary::{Vocabulary, VocabularyParts};

/// The columns of a model would pass 2³² − 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more than 4,294,967,295 distinct features; use fewer rows or shorter n-grams (--ngrams 1)")]
pub struct TooManyFeatures;

/// What a provisional column stands for.
#[derive(Clone, Copy, Debug)]
enum Feature {
    Word(u32),
    Prefix(u32),
    Ngram { prefix: u32, word: u32 },
}

/// Collects features; see the module.
#[derive(Clone, Debug)]
pub struct VocabularyBuilder {
    max_order: usize,
    with_prefixes: bool,
    words: Strings,
    prefixes: Strings,
    /// Per word: its column and that of its prefix (`NONE` for short words).
    word_columns: Vec<(u32, u32)>,
    prefix_columns: Vec<u32>,
    ngrams: HashMap<u64, u32, RandomState>,
    features: Vec<Feature>,
    /// Columns of the longest n-grams that end at the previous word: of one word, of two, …
    open: Vec<u32>,
}

const NONE: u32 = u32::MAX;
/// A token needs more letters than this to have a prefix.
pub(crate) const PREFIX_OF_LONGER_THAN: usize = 5;
/// How many letters a prefix has.
pub(crate) const PREFIX_LETTERS: usize = 4;

/// The prefix of a word in its counted form, if it has one.
pub(crate) fn prefix_of(word: &str) -> Option<&str> {
    if word.len() <= PREFIX_OF_LONGER_THAN {
        return None;
    }
    let mut letters = word.char_indices();
    let end = letters.nth(PREFIX_LETTERS)?.0;
    letters.nth(PREFIX_OF_LONGER_THAN - PREFIX_LETTERS - 1)?;
    Some(&word[..end])
}

impl VocabularyBuilder {
    /// For n-grams of up to `max_order` words (at least 1), with or without prefixes.
    pub fn new(max_order: usize, with_prefixes: bool) -> Self {
        VocabularyBuilder {
            max_order: max_order.max(1),
            with_prefixes,
            words: Strings::default(),
            prefixes: Strings::default(),
            word_columns: Vec::new(),
            prefix_columns: Vec::new(),
            ngrams: HashMap::default(),
            features: Vec::new(),
            open: Vec::new(),
        }
    }

    /// Begins a text: no n-gram reaches back over this point.
    pub fn begin_row(&mut self) {
        self.open.clear();
    }

    /// Adds the next word of the text, in its counted form, and writes the columns of all features that end with it.
    pub fn add_word(&mut self, word: &str, has_prefix: bool, columns: &mut Vec<u32>) -> Result<(), TooManyFeatures> {
        let id = self.words.insert(word).ok_or(TooManyFeatures)?;
        if id as usize == self.word_columns.len() {
            let column = self.new_column(Feature::Word(id))?;
            let prefix = if self.with_prefixes && has_prefix { prefix_of(word) } else { None };
            let prefix_column = prefix.map_or(Ok(NONE), |p| self.prefix_column(p))?;
            self.word_columns.push((column, prefix_column));
        }
        let (column, prefix_column) = self.word_columns[id as usize];
        columns.push(column);
        if prefix_column != NONE {
            columns.push(prefix_column);
        }
        // From the longest down, so that each slot is read before it is overwritten.
        for order in (2..=self.max_order).rev() {
            if self.open.len() < order - 1 {
                continue;
            }
            let ngram = self.ngram_column(self.open[order - 2], id)?;
            columns.push(ngram);
            if order < self.max_order {
                match self.open.get_mut(order - 1) {
                    Some(slot) => *slot = ngram,
                    None => self.open.push(ngram),
                }
            }
        }
        match self.open.first_mut() {
            Some(slot) => *slot = column,
            None => self.open.push(column),
        }
        Ok(())
    }

    fn new_column(&mut self, feature: Feature) -> Result<u32, TooManyFeatures> {
        let column = u32::try_from(self.features.len()).ok().filter(|&c| c != NONE).ok_or(TooManyFeatures)?;
        self.features.push(feature);
        Ok(column)
    }

    fn prefix_column(&mut self, prefix: &str) -> Result<u32, TooManyFeatures> {
        let id = self.prefixes.insert(prefix).ok_or(TooManyFeatures)?;
        if id as usize == self.prefix_columns.len() {
            let column = self.new_column(Feature::Prefix(id))?;
            self.prefix_columns.push(column);
        }
        Ok(self.prefix_columns[id as usize])
    }

    fn ngram_column(&mut self, prefix: u32, word: u32) -> Result<u32, TooManyFeatures> {
        let key = u64::from(prefix) << 32 | u64::from(word);
        if let Some(&column) = self.ngrams.get(&key) {
            return Ok(column);
        }
        let column = self.new_column(Feature::Ngram { prefix, word })?;
        self.ngrams.insert(key, column);
        Ok(column)
    }

    /// How many features have been seen.
    pub fn n_features(&self) -> usize {
        self.features.len()
    }

    /// The sorted vocabulary and, per provisional column, the final one.
    pub fn finish(self) -> (Vocabulary, Vec<u32>) {
        let (words, word_rank) = self.words.into_sorted();
        let (prefixes, prefix_rank) = self.prefixes.into_sorted();
        let n_words = words.len() as u32;
        let mut columns = vec![NONE; self.features.len()];
        let mut order_of = vec![0u8; self.features.len()];
        let mut levels: Vec<Vec<(u32, u32, u32)>> = vec![Vec::new(); self.max_order - 1];
        for (old, feature) in self.features.iter().enumerate() {
            match *feature {
                Feature::Word(id) => {
                    columns[old] = word_rank[id as usize];
                    order_of[old] = 1;
                }
                Feature::Prefix(_) => {}
                Feature::Ngram { prefix, word } => {
                    // A prefix always has a lower provisional column than what extends it.
                    let order = order_of[prefix as usize] + 1;
                    order_of[old] = order;
                    levels[usize::from(order) - 2].push((prefix, word_rank[word as usize], old as u32));
                }
            }
        }
        let mut child_counts = Vec::new();
        let mut last_words = Vec::new();
        let mut order_sizes = Vec::new();
        let (mut level_start, mut next) = (0u32, n_words);
        for mut level in levels {
            for ngram in &mut level {
                ngram.0 = columns[ngram.0 as usize];
            }
            level.sort_unstable();
            let mut counts = vec![0u32; (next - level_start) as usize];
            for &(prefix, word, old) in &level {
                counts[(prefix - level_start) as usize] += 1;
                last_words.push(word);
                columns[old as usize] = next;
                next += 1;
            }
            level_start += counts.len() as u32;
            child_counts.extend(counts);
            order_sizes.push(level.len() as u32);
        }
        for (old, feature) in self.features.iter().enumerate() {
            if let Feature::Prefix(id) = *feature {
                columns[old] = next + prefix_rank[id as usize];
            }
        }
        let (words, word_ends) = words.parts();
        let (prefixes, prefix_ends) = prefixes.parts();
        let parts = VocabularyParts {
            words: words.to_owned(),
            word_ends: word_ends.to_vec(),
            prefixes: prefixes.to_owned(),
            prefix_ends: prefix_ends.to_vec(),
            order_sizes,
            child_counts,
            last_words,
        };
        let vocabulary = Vocabulary::from_parts(parts).expect("a vocabulary just sorted is sorted");
        (vocabulary, columns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_belong_to_words_longer_than_five_letters() {
        for (word, expected) in [
            ("", None),
            ("money", None),
            ("moneys", Some("mone")),
            ("élysée", Some("élys")),
            ("中国经济增长", Some("中国经济")),
        ] {
            assert_eq!(prefix_of(word), expected, "{word}");
        }
    }

    #[test]
    fn the_order_of_texts_does_not_move_a_column() {
        let build = |texts: &[&str]| {
            let mut builder = VocabularyBuilder::new(3, true);
            for text in texts {
                builder.begin_row();
                for word in text.split(' ') {
                    builder.add_word(word, true, &mut Vec::new()).unwrap();
                }
            }
            builder.finish().0.to_parts()
        };
        assert_eq!(build(&["b a c a", "a b", "longer words"]), build(&["longer words", "a b", "b a c a"]));
    }
}
