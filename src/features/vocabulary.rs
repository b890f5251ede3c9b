//! Which column a word, an n-gram or a prefix has. Exact: no hashing of features, no collisions, readable back.
//!
//! Words are sorted; word `i` has column `i`. An n-gram is its first n − 1 words (a feature itself) and one more word,
//! and n-grams are sorted by that pair, so all that extend a feature lie side by side: a trie, level by level, held in
//! two arrays. `children[f] .. children[f + 1]` are the columns that extend feature `f` by one word and `last_words`
//! names that word: four bytes a feature for each. Prefixes, sequences of letters and concepts are strings of their own and
//! come last.

use std::sync::OnceLock;

use super::blocks::{BlockKind, Blocks};
use super::builder::prefix_of;
use super::ngram_index::{self, NgramIndex};
use super::string_index::{self, StringIndex};

/// No column.
pub(super) const NONE: u32 = u32::MAX;

/// Columns of features, sorted.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    words: StringIndex,
    prefixes: StringIndex,
    characters: StringIndex,
    concepts: StringIndex,
    /// Per word, the column of its prefix as a word with spaces around it; `NONE` where it has none.
    prefix_of_word: Vec<u32>,
    /// Made when an n-gram is first looked up: training never does.
    ngrams: OnceLock<NgramIndex>,
    /// Column at which the n-grams of order 1, 2, … begin, and one past the last n-gram.
    orders: Vec<u32>,
    /// Per feature that can be extended (all but the last order), and one more: where its extensions begin.
    children: Vec<u32>,
    /// Per n-gram of two words and more: its last word.
    last_words: Vec<u32>,
    blocks: Blocks,
}

/// A vocabulary as plain arrays: the form in which it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VocabularyParts {
    /// The words in byte order, one after another.
    pub words: String,
    /// Where each word ends in `words`.
    pub word_ends: Vec<u32>,
    /// The prefixes in byte order, one after another.
    pub prefixes: String,
    /// Where each prefix ends in `prefixes`.
    pub prefix_ends: Vec<u32>,
    /// The sequences of letters in byte order, one after another.
    pub characters: String,
    /// Where each sequence ends in `characters`.
    pub character_ends: Vec<u32>,
    /// The concepts in byte order, one after another.
    pub concepts: String,
    /// Where each concept ends in `concepts`.
    pub concept_ends: Vec<u32>,
    /// How many n-grams there are of two words, of three words, and so on.
    pub order_sizes: Vec<u32>,
    /// Per feature of all orders but the last, how many n-grams extend it by one word.
    pub child_counts: Vec<u32>,
    /// Per n-gram of two words and more, its last word; ascending among the extensions of one feature.
    pub last_words: Vec<u32>,
}

impl Vocabulary {
    /// Checks the parts and puts them together; the error says what does not fit.
    pub fn from_parts(parts: VocabularyParts) -> Result<Self, &'static str> {
        let words = StringIndex::new(parts.words, parts.word_ends).ok_or("words are not sorted")?;
        let prefixes = StringIndex::new(parts.prefixes, parts.prefix_ends).ok_or("prefixes are not sorted")?;
        let characters =
            StringIndex::new(parts.characters, parts.character_ends).ok_or("sequences of letters are not sorted")?;
        let concepts = StringIndex::new(parts.concepts, parts.concept_ends).ok_or("concepts are not sorted")?;
        let n_words = u32::try_from(words.len()).map_err(|_| "too many words")?;
        let mut orders = vec![0, n_words];
        let mut end = n_words;
        for &size in &parts.order_sizes {
            end = end.checked_add(size).ok_or("too many n-grams")?;
            orders.push(end);
        }
        let strings = u32::try_from(prefixes.len() + characters.len() + concepts.len()).ok();
        strings.and_then(|n| end.checked_add(n)).ok_or("too many features")?;
        if parts.last_words.len() != (end - n_words) as usize {
            return Err("n-grams and their last words differ in number");
        }
        let extendable = if parts.order_sizes.is_empty() { 0 } else { orders[orders.len() - 2] as usize };
        if parts.child_counts.len() != extendable {
            return Err("the counts of extensions do not fit the features");
        }
        let mut children = Vec::with_capacity(extendable + 1);
        let mut next = n_words;
        let mut level = 1;
        for (feature, &count) in parts.child_counts.iter().enumerate() {
            while feature as u32 == orders[level] {
                level += 1;
                if next != orders[level] {
                    return Err("extensions cross from one order of n-grams to the next");
                }
            }
            children.push(next);
            let last = next.checked_add(count).filter(|&e| e <= end).ok_or("more extensions than n-grams")?;
            let siblings = &parts.last_words[(next - n_words) as usize..(last - n_words) as usize];
            if siblings.windows(2).any(|w| w[0] >= w[1]) || siblings.last().is_some_and(|&w| w >= n_words) {
                return Err("the last words of n-grams are not ascending words");
            }
            next = last;
        }
        // The last order that can be extended must reach to the end of the next, which is the last.
        let extended = if parts.order_sizes.is_empty() { n_words } else { orders[level + 1] };
        if next != end || extended != end {
            return Err("n-grams that extend nothing");
        }
        children.push(end);
        let mut blocks = Blocks::default();
        for (order, bounds) in (1..).zip(orders.windows(2)) {
            blocks.push(BlockKind::Ngrams(order), bounds[1] - bounds[0]);
        }
        if prefixes.len() > 0 {
            blocks.push(BlockKind::Prefixes, prefixes.len() as u32);
        }
        if characters.len() > 0 {
            blocks.push(BlockKind::Characters, characters.len() as u32);
        }
        if concepts.len() > 0 {
            blocks.push(BlockKind::Concepts, concepts.len() as u32);
        }
        let last_words = parts.last_words;
        let prefix_of_word = prefixes_of_words(&words, &prefixes, end);
        Ok(Vocabulary {
            words,
            prefixes,
            characters,
            concepts,
            prefix_of_word,
            ngrams: OnceLock::new(),
            orders,
            children,
            last_words,
            blocks,
        })
    }

    fn ngrams(&self) -> &NgramIndex {
        self.ngrams.get_or_init(|| {
            let extended = self.children.windows(2).zip(0..);
            let extensions = extended.flat_map(|(w, feature)| (w[0]..w[1]).map(move |_| feature));
            NgramIndex::new(self.last_words.len(), extensions.zip(self.last_words.iter().copied()))
        })
    }

    /// The parts to store; [`from_parts`](Self::from_parts) of them gives the same vocabulary.
    pub fn to_parts(&self) -> VocabularyParts {
        let (words, word_ends) = self.words.parts();
        let (prefixes, prefix_ends) = self.prefixes.parts();
        let (characters, character_ends) = self.characters.parts();
        let (concepts, concept_ends) = self.concepts.parts();
        VocabularyParts {
            words: words.to_owned(),
            word_ends: word_ends.to_vec(),
            prefixes: prefixes.to_owned(),
            prefix_ends: prefix_ends.to_vec(),
            characters: characters.to_owned(),
            character_ends: character_ends.to_vec(),
            concepts: concepts.to_owned(),
            concept_ends: concept_ends.to_vec(),
            order_sizes: self.orders.windows(2).skip(1).map(|w| w[1] - w[0]).collect(),
            child_counts: self.children.windows(2).map(|w| w[1] - w[0]).collect(),
            last_words: self.last_words.clone(),
        }
    }

    /// A smaller vocabulary with the features that `keep` marks and those that make them up (the words and shorter
    /// n-grams of an n-gram), and per old column the new one; columns keep their order. What is left out has no number.
    pub fn retain(&self, mut keep: Vec<bool>) -> (Self, Vec<Option<u32>>) {
        let n_words = self.n_words();
        let first_prefix = self.orders[self.orders.len() - 1];
        keep.resize(self.n_features() as usize, false);
        // Parts have lower columns than what they make up, so one way down finds all of them.
        for feature in (n_words..first_prefix).rev() {
            if keep[feature as usize] {
                keep[self.parent(feature) as usize] = true;
                keep[self.last_words[(feature - n_words) as usize] as usize] = true;
            }
        }
        let mut next = 0;
        let mut number = |kept: &bool| {
            kept.then(|| {
                next += 1;
                next - 1
            })
        };
        let columns: Vec<Option<u32>> = keep.iter().map(&mut number).collect();
        let mut parts = VocabularyParts::default();
        for word in (0..n_words).filter(|&w| keep[w as usize]) {
            parts.words.push_str(self.words.get(word));
            parts.word_ends.push(parts.words.len() as u32);
        }
        let (first_characters, first_concept) = (self.first_characters(), self.first_concept());
        for concept in (first_concept..self.n_features()).filter(|&c| keep[c as usize]) {
            parts.concepts.push_str(self.concepts.get(concept - first_concept));
            parts.concept_ends.push(parts.concepts.len() as u32);
        }
        for part in (first_characters..first_concept).filter(|&p| keep[p as usize]) {
            parts.characters.push_str(self.characters.get(part - first_characters));
            parts.character_ends.push(parts.characters.len() as u32);
        }
        for prefix in (first_prefix..first_characters).filter(|&p| keep[p as usize]) {
            parts.prefixes.push_str(self.prefixes.get(prefix - first_prefix));
            parts.prefix_ends.push(parts.prefixes.len() as u32);
        }
        for bounds in self.orders.windows(2).skip(1) {
            let kept = (bounds[0]..bounds[1]).filter(|&f| keep[f as usize]).count();
            parts.order_sizes.push(kept as u32);
        }
        for feature in n_words..first_prefix {
            if keep[feature as usize] {
                let word = self.last_words[(feature - n_words) as usize];
                parts.last_words.extend(columns[word as usize]);
            }
        }
        for feature in 0..self.children.len().saturating_sub(1) {
            if keep[feature] {
                let children = self.children[feature]..self.children[feature + 1];
                parts.child_counts.push(children.filter(|&c| keep[c as usize]).count() as u32);
            }
        }
        let smaller = Vocabulary::from_parts(parts).expect("a part of a sorted vocabulary is sorted");
        (smaller, columns)
    }

    /// Where the sequences of letters begin.
    fn first_characters(&self) -> u32 {
        self.orders[self.orders.len() - 1] + self.prefixes.len() as u32
    }

    /// Where the concepts begin.
    fn first_concept(&self) -> u32 {
        self.first_characters() + self.characters.len() as u32
    }

    /// Whether sequences of letters are among the features.
    pub fn has_characters(&self) -> bool {
        self.characters.len() > 0
    }

    /// The column of a sequence of letters of `<word>`.
    pub fn characters(&self, part: &str) -> Option<u32> {
        self.characters.id(part).map(|id| id + self.first_characters())
    }

    /// The column of a concept, without its `@`.
    pub fn concept(&self, name: &str) -> Option<u32> {
        self.concepts.id(name).map(|id| id + self.first_concept())
    }

    /// The feature that an n-gram of two words or more extends.
    fn parent(&self, feature: u32) -> u32 {
        self.children.partition_point(|&first| first <= feature) as u32 - 1
    }

    /// The columns by kind.
    pub fn blocks(&self) -> &Blocks {
        &self.blocks
    }

    /// How many features there are.
    pub fn n_features(&self) -> u32 {
        self.blocks.n_features()
    }

    /// How many words there are.
    pub fn n_words(&self) -> u32 {
        self.orders[1]
    }

    /// The longest n-gram, in words.
    pub fn max_order(&self) -> usize {
        self.orders.len() - 1
    }

    /// The column of a word in its counted form (see [`fold_into`](super::fold_into)).
    pub fn word(&self, word: &str) -> Option<u32> {
        self.words.id(word)
    }

    /// The column of a prefix, without its `^`.
    pub fn prefix(&self, prefix: &str) -> Option<u32> {
        self.prefixes.id(prefix).map(|id| id + self.orders[self.orders.len() - 1])
    }

    /// The column of the n-gram that a feature and one more word make.
    pub fn extend(&self, feature: u32, word: u32) -> Option<u32> {
        self.extend_probed(feature, word, self.ngrams().probe(feature, word))
    }

    /// The same, probed already.
    #[inline]
    fn extend_probed(&self, feature: u32, word: u32, probe: ngram_index::Probe) -> Option<u32> {
        let n_words = self.n_words();
        let is = |number: u32| {
            let (column, i) = (n_words + number, feature as usize);
            // Features that nothing extends are in no slot, but other features may have the same bits.
            let children = self.children.get(i).zip(self.children.get(i + 1));
            self.last_words[number as usize] == word && children.is_some_and(|(&a, &b)| a <= column && column < b)
        };
        self.ngrams().resolve(probe, is).map(|number| n_words + number)
    }

    /// The columns of many words, [`NONE`] for those that are not known; `probes` is room to work in.
    pub(super) fn words<'w>(
        &self,
        words: impl Iterator<Item = &'w str> + Clone,
        probes: &mut Vec<string_index::Probe>,
        columns: &mut Vec<u32>,
    ) {
        probes.clear();
        probes.extend(words.clone().map(|word| self.words.probe(word)));
        columns.clear();
        columns.extend(words.zip(probes.iter()).map(|(word, &probe)| self.words.resolve(word, probe).unwrap_or(NONE)));
    }

    /// The columns of the n-grams that end at each word and have one word more than those that end at the word before it,
    /// `shorter`; [`NONE`] where there is none. In place, and from the second word on: the first of `shorter` stays.
    pub(super) fn extend_all(&self, shorter: &mut [u32], words: &[u32], probes: &mut Vec<ngram_index::Probe>) {
        let pairs = shorter.iter().zip(&words[1..]);
        probes.clear();
        // Columns are below `NONE`, so what holds one is no n-gram.
        let ngrams = self.ngrams();
        probes.extend(pairs.map(|(&feature, &word)| ngrams.probe(feature, word)));
        for (i, &probe) in probes.iter().enumerate().rev() {
            let (feature, word) = (shorter[i], words[i + 1]);
            shorter[i + 1] = self.extend_probed(feature, word, probe).unwrap_or(NONE);
        }
    }

    /// The column of the prefix of a known word that has spaces around it.
    #[inline]
    pub(super) fn prefix_of_word(&self, word: u32) -> Option<u32> {
        Some(self.prefix_of_word[word as usize]).filter(|&column| column != NONE)
    }

    /// A feature as people read it: its words with blanks between them; `^` and the letters of a prefix; letters
    /// between stars, where `<` and `>` are the ends of a word; `@` and the name of a concept.
    ///
    /// # Panics
    /// When there is no such feature.
    pub fn name(&self, feature: u32) -> String {
        let first_prefix = self.orders[self.orders.len() - 1];
        if feature >= self.first_concept() {
            return format!("@{}", self.concepts.get(feature - self.first_concept()));
        }
        if feature >= self.first_characters() {
            return format!("*{}*", self.characters.get(feature - self.first_characters()));
        }
        if feature >= first_prefix {
            return format!("^{}", self.prefixes.get(feature - first_prefix));
        }
        let mut words = Vec::new();
        let mut rest = feature;
        while rest >= self.n_words() {
            words.push(self.words.get(self.last_words[(rest - self.n_words()) as usize]));
            rest = self.parent(rest);
        }
        words.push(self.words.get(rest));
        words.reverse();
        words.join(" ")
    }
}

/// Per word, the column of its prefix, prefixes beginning at column `first`: words in order have prefixes in order, so both
/// lists are walked once.
fn prefixes_of_words(words: &StringIndex, prefixes: &StringIndex, first: u32) -> Vec<u32> {
    let n_prefixes = prefixes.len() as u32;
    let mut next = 0;
    let column = |word: u32| {
        let Some(prefix) = prefix_of(words.get(word), false) else { return NONE };
        while next < n_prefixes && prefixes.get(next) < prefix {
            next += 1;
        }
        if next < n_prefixes && prefixes.get(next) == prefix { first + next } else { NONE }
    };
    (0..words.len() as u32).map(column).collect()
}

#[cfg(test)]
mod tests {
    use super::super::VocabularyBuilder;
    use super::*;

    fn sample() -> Vocabulary {
        let mut builder = VocabularyBuilder::new(3, true);
        let mut row = Vec::new();
        for text in [&["climate", "change", "climate", "change", "talks"][..], &["change", "talks"], &["arts"]] {
            builder.begin_row();
            for word in text {
                builder.add_word(word, false, &mut row).unwrap();
            }
        }
        builder.finish().0
    }

    #[test]
    fn features_are_sorted_and_readable() {
        let names: Vec<String> = (0..sample().n_features()).map(|f| sample().name(f)).collect();
        let expected = [
            "arts",
            "change",
            "climate",
            "talks",
            "change climate",
            "change talks",
            "climate change",
            "change climate change",
            "climate change climate",
            "climate change talks",
            "^chan",
            "^clim",
        ];
        assert_eq!(names, expected);
    }

    #[test]
    fn every_feature_is_found_again() {
        let v = sample();
        let word = |w| v.word(w).unwrap();
        let pair = v.extend(word("climate"), word("change")).unwrap();
        assert_eq!(v.name(v.extend(pair, word("talks")).unwrap()), "climate change talks");
        assert_eq!(v.extend(word("arts"), word("change")), None);
        assert_eq!(v.extend(v.n_features() - 1, 0), None);
        assert_eq!(v.name(v.prefix("clim").unwrap()), "^clim");
        assert_eq!(v.word("chang"), None);
    }

    #[test]
    fn a_smaller_vocabulary_keeps_what_its_ngrams_are_made_of() {
        let v = sample();
        let mut keep = vec![false; v.n_features() as usize];
        let pair = v.extend(v.word("climate").unwrap(), v.word("change").unwrap()).unwrap();
        let triple = v.extend(pair, v.word("talks").unwrap()).unwrap();
        keep[triple as usize] = true;
        keep[v.prefix("clim").unwrap() as usize] = true;
        let (smaller, columns) = v.retain(keep);
        let names: Vec<String> = (0..smaller.n_features()).map(|f| smaller.name(f)).collect();
        assert_eq!(names, ["change", "climate", "talks", "climate change", "climate change talks", "^clim"]);
        assert_eq!(columns[triple as usize], Some(4));
        assert_eq!(columns[v.word("arts").unwrap() as usize], None);
    }

    #[test]
    fn parts_come_back_and_broken_parts_are_refused() {
        let parts = sample().to_parts();
        assert_eq!(Vocabulary::from_parts(parts.clone()).unwrap().to_parts(), parts);
        let break_it = |change: fn(&mut VocabularyParts)| {
            let mut broken = parts.clone();
            change(&mut broken);
            assert!(Vocabulary::from_parts(broken).is_err());
        };
        break_it(|p| p.last_words[0] = 99);
        break_it(|p| p.last_words.truncate(2));
        break_it(|p| p.child_counts[1] += 1);
        break_it(|p| p.child_counts[0] = u32::MAX);
        break_it(|p| p.child_counts.truncate(3));
        break_it(|p| p.order_sizes[0] = u32::MAX);
        break_it(|p| p.word_ends[0] = 99);
        break_it(|p| p.last_words.swap(0, 1));
        break_it(|p| p.child_counts.swap(1, 2));
    }
}
