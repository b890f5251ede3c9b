//! Gives columns to the features of training texts as they come by.
//!
//! While texts stream past, a feature gets the next free column the first time it is seen: a word is interned once, an
//! n-gram is one integer (column of its prefix, id of its next word). At the end [`finish`](VocabularyBuilder::finish)
//! sorts them, so the columns do not depend on the order of the texts, and says which column became which.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::script::is_mark;
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
    Characters(u32),
    Concept(u32),
    Ngram { prefix: u32, word: u32 },
}

/// Collects features; see the module.
#[derive(Clone, Debug)]
pub struct VocabularyBuilder {
    max_order: usize,
    with_prefixes: bool,
    with_characters: bool,
    words: Strings,
    prefixes: Strings,
    characters: Strings,
    concepts: Strings,
    /// Per word: its column, and where those of its prefix and letters begin and end in `part_columns`.
    word_columns: Vec<(u32, usize, usize)>,
    part_columns: Vec<u32>,
    prefix_columns: Vec<u32>,
    character_columns: Vec<u32>,
    concept_columns: Vec<u32>,
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

/// The prefix of a word in its counted form, if it has one: the first letters of a longer word, and the first character of
/// a pair of characters from a script without spaces.
pub(crate) fn prefix_of(word: &str, spaceless: bool) -> Option<&str> {
    if spaceless {
        let second = word.char_indices().skip(1).find(|(_, c)| !is_mark(*c))?.0;
        return Some(&word[..second]);
    }
    if word.len() <= PREFIX_OF_LONGER_THAN {
        return None;
    }
    let mut letters = word.char_indices();
    let end = letters.nth(PREFIX_LETTERS)?.0;
    letters.nth(PREFIX_OF_LONGER_THAN - PREFIX_LETTERS - 1)?;
    Some(&word[..end])
}

/// All sequences of three to five letters of `<word>`, the signs being letters like all others; `buffer` is used again.
pub(crate) fn for_each_character_ngram(word: &str, buffer: &mut String, mut found: impl FnMut(&str)) {
    buffer.clear();
    buffer.push('<');
    buffer.push_str(word);
    buffer.push('>');
    for (start, _) in buffer.char_indices() {
        let ends = buffer[start..].char_indices().map(|(i, c)| start + i + c.len_utf8());
        for end in ends.skip(2).take(3) {
            found(&buffer[start..end]);
        }
    }
}

impl VocabularyBuilder {
    /// For n-grams of up to `max_order` words (at least 1), with or without prefixes.
    pub fn new(max_order: usize, with_prefixes: bool) -> Self {
        VocabularyBuilder {
            max_order: max_order.max(1),
            with_prefixes,
            with_characters: false,
            words: Strings::default(),
            prefixes: Strings::default(),
            characters: Strings::default(),
            concepts: Strings::default(),
            word_columns: Vec::new(),
            part_columns: Vec::new(),
            prefix_columns: Vec::new(),
            character_columns: Vec::new(),
            concept_columns: Vec::new(),
            ngrams: HashMap::default(),
            features: Vec::new(),
            open: Vec::new(),
        }
    }

    /// Whether the words that are new from now on also count by their sequences of letters.
    pub fn set_characters(&mut self, with_characters: bool) {
        self.with_characters = with_characters;
    }

    /// Begins a text: no n-gram reaches back over this point.
    pub fn begin_row(&mut self) {
        self.open.clear();
    }

    /// Adds the next word of the text, in its counted form, and writes the columns of all features that end with it.
    pub fn add_word(&mut self, word: &str, spaceless: bool, columns: &mut Vec<u32>) -> Result<(), TooManyFeatures> {
        let id = self.words.insert(word).ok_or(TooManyFeatures)?;
        if id as usize == self.word_columns.len() {
            let column = self.new_column(Feature::Word(id))?;
            let start = self.part_columns.len();
            let prefix = if self.with_prefixes { prefix_of(word, spaceless) } else { None };
            if let Some(prefix) = prefix {
                let column = self.prefix_column(prefix)?;
                self.part_columns.push(column);
            }
            if self.with_characters && !spaceless {
                let mut result = Ok(());
                for_each_character_ngram(word, &mut String::new(), |part| match self.character_column(part) {
                    Ok(column) => self.part_columns.push(column),
                    Err(error) => result = Err(error),
                });
                result?;
            }
            self.word_columns.push((column, start, self.part_columns.len()));
        }
        let (column, start, end) = self.word_columns[id as usize];
        columns.push(column);
        columns.extend_from_slice(&self.part_columns[start..end]);
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

    /// Adds a concept of the text, and writes its column.
    pub fn add_concept(&mut self, name: &str, columns: &mut Vec<u32>) -> Result<(), TooManyFeatures> {
        let id = self.concepts.insert(name).ok_or(TooManyFeatures)?;
        if id as usize == self.concept_columns.len() {
            let column = self.new_column(Feature::Concept(id))?;
            self.concept_columns.push(column);
        }
        columns.push(self.concept_columns[id as usize]);
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

    fn character_column(&mut self, part: &str) -> Result<u32, TooManyFeatures> {
        let id = self.characters.insert(part).ok_or(TooManyFeatures)?;
        if id as usize == self.character_columns.len() {
            let column = self.new_column(Feature::Characters(id))?;
            self.character_columns.push(column);
        }
        Ok(self.character_columns[id as usize])
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
        let (characters, character_rank) = self.characters.into_sorted();
        let (concepts, concept_rank) = self.concepts.into_sorted();
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
                Feature::Prefix(_) | Feature::Characters(_) | Feature::Concept(_) => {}
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
            match *feature {
                Feature::Prefix(id) => columns[old] = next + prefix_rank[id as usize],
                Feature::Characters(id) => {
                    columns[old] = next + prefix_rank.len() as u32 + character_rank[id as usize];
                }
                Feature::Concept(id) => {
                    let first = next + (prefix_rank.len() + character_rank.len()) as u32;
                    columns[old] = first + concept_rank[id as usize];
                }
                _ => {}
            }
        }
        let (words, word_ends) = words.parts();
        let (prefixes, prefix_ends) = prefixes.parts();
        let (characters, character_ends) = characters.parts();
        let (concepts, concept_ends) = concepts.parts();
        let parts = VocabularyParts {
            words: words.to_owned(),
            word_ends: word_ends.to_vec(),
            prefixes: prefixes.to_owned(),
            prefix_ends: prefix_ends.to_vec(),
            characters: characters.to_owned(),
            character_ends: character_ends.to_vec(),
            concepts: concepts.to_owned(),
            concept_ends: concept_ends.to_vec(),
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
        for (word, expected) in [("", None), ("money", None), ("moneys", Some("mone")), ("élysée", Some("élys"))] {
            assert_eq!(prefix_of(word, false), expected, "{word}");
        }
        assert_eq!(prefix_of("中国", true), Some("中"));
        assert_eq!(prefix_of("中", true), None);
        assert_eq!(prefix_of("นี้ดี", true), Some("นี้"));
    }

    #[test]
    fn the_order_of_texts_does_not_move_a_column() {
        let build = |texts: &[&str]| {
            let mut builder = VocabularyBuilder::new(3, true);
            for text in texts {
                builder.begin_row();
                for word in text.split(' ') {
                    builder.add_word(word, false, &mut Vec::new()).unwrap();
                }
            }
            builder.finish().0.to_parts()
        };
        assert_eq!(build(&["b a c a", "a b", "longer words"]), build(&["longer words", "a b", "b a c a"]));
    }
}
