//! Adds up the features of texts, chunk by chunk.

use foldhash::fast::RandomState;
use rayon::prelude::*;

use crate::bayes::{BayesError, LabelCounts, LabelCountsParts};
use crate::features::{CharClass, class};
use crate::features::{FeatureSettings, Tokenizer, Vocabulary, prefix_of};

use super::block::{Block, Kind, Text};
use super::cells::{Cell, First};
use super::kept::Kept;
use super::labels::RowLabels;
use super::order::{Names, Order};
use super::part::{CountError, Part};
use super::word_table::{Full, PACKED, WordTable};
use super::{NO_PREFIX, PARTS};

/// A block ends with the row that brings it to this many bytes of text; few in tests, so that there are several.
const BLOCK_BYTES: usize = if cfg!(test) { 30 } else { 512 << 10 };

/// What is counted of the texts that come.
#[derive(Debug)]
pub(crate) struct Counter<C> {
    pub(super) settings: FeatureSettings,
    tokenizer: Tokenizer,
    pub(super) words: WordTable,
    prefixes: WordTable,
    concepts: WordTable,
    /// Per word, its prefix.
    pub(super) prefix_of_word: Vec<u32>,
    pub(super) parts: Vec<Part<C>>,
    pub(super) blocks: Vec<Block>,
    pub(super) hasher: RandomState,
    rows: u32,
    empty_texts: u64,
    /// The texts themselves, as words, where these are kept.
    pub(super) kept: Option<Kept>,
}

/// Counts per label.
pub(crate) type LabelCounter = Counter<First>;
/// Counts no labels and keeps the rows.
pub(crate) type KeepingCounter = Counter<()>;

impl<C: Cell> Counter<C> {
    /// Counts nothing yet, in so many facets.
    pub(crate) fn new(settings: FeatureSettings, n_facets: usize) -> Self {
        let hasher = RandomState::default();
        Counter {
            settings,
            tokenizer: Tokenizer::default(),
            words: WordTable::default(),
            prefixes: WordTable::default(),
            concepts: WordTable::default(),
            prefix_of_word: Vec::new(),
            parts: (0..PARTS).map(|_| Part::new(settings.ngrams as usize, n_facets, &hasher)).collect(),
            blocks: Vec::new(),
            hasher,
            rows: 0,
            empty_texts: 0,
            kept: (!C::COUNTS).then(Kept::default),
        }
    }

    /// Adds texts with the labels of each.
    ///
    /// # Errors
    /// When a count or the number of features or rows passes 2³² − 1; what is counted is of no use after that.
    pub(crate) fn add(&mut self, texts: &[Text<'_>], labels: &RowLabels) -> Result<(), CountError> {
        let first_row = self.rows;
        let rows = u32::try_from(texts.len()).ok().and_then(|n| self.rows.checked_add(n));
        self.rows = rows.filter(|&rows| rows < u32::MAX).ok_or(BayesError::CountOverflow)?;
        let runs = runs(texts);
        self.blocks.resize_with(runs.len().max(self.blocks.len()), Block::default);
        let (tokenizer, with_keys) = (self.tokenizer, self.kept.is_some());
        let blocks = &mut self.blocks[..runs.len()];
        let read = |(block, &(start, end)): (&mut Block, &(usize, usize))| {
            block.read(&texts[start..end], start as u32, tokenizer, with_keys)
        };
        blocks.par_iter_mut().zip(&runs).map(read).collect::<Result<(), Full>>()?;
        for block in &mut *blocks {
            block.join(&mut self.words, &mut self.concepts)?;
            self.empty_texts += block.empty_texts;
        }
        self.add_prefixes()?;
        let blocks = &mut self.blocks[..runs.len()];
        blocks.par_iter_mut().for_each(Block::renumber);
        let orders = (2..=self.settings.ngrams as usize).map(|order| Kind::Ngrams(order, &self.hasher));
        for kind in [Kind::Words, Kind::Prefixes(&self.prefix_of_word), Kind::Concepts].into_iter().chain(orders) {
            blocks.par_iter_mut().for_each(|block| block.deal(kind));
            let blocks = &*blocks;
            let count = |(index, part): (usize, &mut Part<C>)| {
                blocks.iter().try_for_each(|block| part.count(kind, index, &block.dealt, first_row, labels))
            };
            self.parts.par_iter_mut().enumerate().map(count).collect::<Result<(), CountError>>()?;
        }
        let blocks = &*blocks;
        if let Some(kept) = &mut self.kept {
            blocks.iter().for_each(|block| kept.add(block));
        }
        Ok(())
    }

    /// Finds the prefixes of words that are new.
    fn add_prefixes(&mut self) -> Result<(), Full> {
        let mut buffer = [0; PACKED];
        for id in self.prefix_of_word.len()..self.words.len() {
            let word = self.words.word(id as u32, &mut buffer);
            let prefix = if self.settings.prefixes { prefix_of(word, is_spaceless(word)) } else { None };
            let prefix = prefix.map(|prefix| self.prefixes.insert(prefix)).transpose()?;
            self.prefix_of_word.push(prefix.unwrap_or(NO_PREFIX));
        }
        Ok(())
    }

    /// Texts without a word.
    pub(crate) fn empty_texts(&self) -> u64 {
        self.empty_texts
    }

    /// How many distinct features there are so far, without sequences of letters.
    pub(crate) fn n_features(&self) -> usize {
        let ngrams: usize = self.parts.iter().map(Part::n_ngrams).sum();
        self.words.len() + self.prefixes.len() + self.concepts.len() + ngrams
    }

    pub(super) fn order(&self, least_rows: u32, characters: (String, Vec<u32>)) -> Result<Order, CountError> {
        let names = Names { words: &self.words, prefixes: &self.prefixes, concepts: &self.concepts, characters };
        Order::new(&self.parts, names, self.settings.ngrams as usize, least_rows)
    }
}

impl LabelCounter {
    /// The vocabulary, and the counts of each facet: `labels[old]` is the new number of a label, and the sums are over rows.
    ///
    /// # Errors
    /// More than 2³² − 1 features or counts.
    pub(crate) fn label_counts(
        mut self,
        facets: &[(usize, &[u32], LabelCountsParts)],
    ) -> Result<(Vocabulary, Vec<LabelCounts>), CountError> {
        // What is done with is let go at once: the memory serves the next step.
        self.blocks = Vec::new();
        let order = self.order(0, Default::default())?;
        let count = |(facet, labels, sums): &(usize, &[u32], LabelCountsParts)| {
            order.label_counts(&self.parts, *facet, labels, sums.clone())
        };
        let counts = facets.iter().map(count).collect::<Result<_, _>>()?;
        Ok((order.vocabulary, counts))
    }
}

/// Texts are cut into runs for the blocks.
fn runs(texts: &[Text<'_>]) -> Vec<(usize, usize)> {
    let (mut runs, mut start, mut bytes) = (Vec::new(), 0, 0);
    for (row, text) in texts.iter().enumerate() {
        bytes += text.text.len();
        if bytes >= BLOCK_BYTES || row + 1 == texts.len() {
            runs.push((start, row + 1));
            (start, bytes) = (row + 1, 0);
        }
    }
    runs
}

/// A token of a script without spaces begins with one of its characters, and no other does.
pub(super) fn is_spaceless(word: &str) -> bool {
    word.chars().next().is_some_and(|c| class(c) == CharClass::Spaceless)
}

#[cfg(test)]
#[path = "counter_tests.rs"]
mod tests;
