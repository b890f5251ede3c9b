//! Adds up the features of texts, chunk by chunk.

use foldhash::fast::RandomState;
use rayon::prelude::*;

use crate::bayes::{BayesError, LabelCounts, LabelCountsParts};
use crate::features::{
    BagOfWords, FeatureSettings, RowCounter, Tokenizer, Vocabulary, for_each_character_ngram, prefix_of,
};
use crate::features::{CharClass, class};

use super::block::{Block, Kind, Text};
use super::cells::{Cell, Entry, First};
use super::labels::RowLabels;
use super::ngrams::{Sequence, longer, part_of};
use super::order::{Names, Order, Source};
use super::part::{CountError, Part};
use super::table::Table;
use super::word_table::{Full, PACKED, WordTable};
use super::{NO_PREFIX, PARTS};

/// A block ends with the row that brings it to this many bytes of text; few in tests, so that there are several.
const BLOCK_BYTES: usize = if cfg!(test) { 30 } else { 512 << 10 };

/// What is counted of the texts that come.
#[derive(Debug)]
pub(crate) struct Counter<C> {
    settings: FeatureSettings,
    tokenizer: Tokenizer,
    words: WordTable,
    prefixes: WordTable,
    concepts: WordTable,
    /// Per word, its prefix.
    prefix_of_word: Vec<u32>,
    parts: Vec<Part<C>>,
    blocks: Vec<Block>,
    hasher: RandomState,
    rows: u32,
    empty_texts: u64,
    /// The texts themselves, as words, where these are kept.
    kept: Option<Kept>,
}

/// Texts as numbers of words and concepts: four bytes a word.
#[derive(Debug, Default)]
struct Kept {
    tokens: Vec<u32>,
    row_ends: Vec<usize>,
    concepts: Vec<u32>,
    concept_ends: Vec<usize>,
    keys: Vec<[u8; 16]>,
}

/// What a linear model learns from.
pub(crate) struct KeptRows {
    pub vocabulary: Vocabulary,
    /// All rows over the vocabulary.
    pub bag: BagOfWords,
    /// Per row, a hash of its words: an order of the rows that depends on nothing else.
    pub keys: Vec<[u8; 16]>,
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

    fn order(&self, least_rows: u32, characters: (String, Vec<u32>)) -> Result<Order, CountError> {
        let names = Names { words: &self.words, prefixes: &self.prefixes, concepts: &self.concepts, characters };
        let order = Order::new(&self.parts, names, self.settings.ngrams as usize, least_rows);
        order.map_err(CountError::Features)
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

impl KeepingCounter {
    /// The rows over their vocabulary, with sequences of letters or without. N-grams of a single row are left out, as no
    /// linear model looks at them.
    ///
    /// # Errors
    /// More than 2³² − 1 features.
    pub(crate) fn rows(mut self, with_characters: bool) -> Result<KeptRows, CountError> {
        let kept = self.kept.take().unwrap_or_default();
        self.blocks = Vec::new();
        let letters = if with_characters { Letters::of(&self.words)? } else { Letters::default() };
        let (bytes, ends, ranks) = letters.table.sorted();
        let order = self.order(2, (bytes, ends))?;
        let columns = Columns::new(&self, &order, &letters, &ranks);
        let mut bag = BagOfWords::new(order.vocabulary.blocks().clone());
        let n_rows = kept.row_ends.len();
        // A few runs at a time, so that not all rows are there twice.
        let runs: Vec<usize> = (0..n_rows).step_by(RUN_ROWS).collect();
        for some in runs.chunks(4 * rayon::current_num_threads()) {
            let run = |counter: &mut RowCounter, &first: &usize| {
                columns.bag(&kept, first..n_rows.min(first + RUN_ROWS), &order, counter)
            };
            let bags: Vec<BagOfWords> = some.par_iter().map_init(RowCounter::default, run).collect();
            bags.iter().for_each(|rows| bag.extend(rows));
        }
        Ok(KeptRows { vocabulary: order.vocabulary, bag, keys: kept.keys })
    }
}

/// Rows that one thread puts together.
const RUN_ROWS: usize = 256;

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
fn is_spaceless(word: &str) -> bool {
    word.chars().next().is_some_and(|c| class(c) == CharClass::Spaceless)
}

impl Kept {
    fn add(&mut self, block: &Block) {
        let (first_token, first_concept) = (self.tokens.len(), self.concepts.len());
        self.tokens.extend_from_slice(&block.tokens);
        self.row_ends.extend(block.row_ends.iter().map(|end| first_token + end));
        self.concepts.extend_from_slice(&block.concept_tokens);
        self.concept_ends.extend(block.concept_ends.iter().map(|end| first_concept + end));
        self.keys.extend_from_slice(&block.keys);
    }

    fn row<'k>(tokens: &'k [u32], ends: &[usize], row: usize) -> &'k [u32] {
        let start = if row == 0 { 0 } else { ends[row - 1] };
        &tokens[start..ends[row]]
    }
}

/// Sequences of letters, and those of each word.
#[derive(Default)]
struct Letters {
    table: WordTable,
    of_words: Vec<u32>,
    ends: Vec<usize>,
}

impl Letters {
    fn of(words: &WordTable) -> Result<Self, Full> {
        let mut letters = Letters::default();
        let mut buffer = String::new();
        for id in 0..words.len() as u32 {
            let mut packed = [0; PACKED];
            let word = words.word(id, &mut packed);
            let mut all = Ok(());
            if !is_spaceless(word) {
                for_each_character_ngram(word, &mut buffer, |part| match letters.table.insert(part) {
                    Ok(part) => letters.of_words.push(part),
                    Err(full) => all = Err(full),
                });
            }
            all?;
            letters.ends.push(letters.of_words.len());
        }
        Ok(letters)
    }
}

/// From words and sequences to columns of the vocabulary.
struct Columns<'a> {
    counter: &'a KeepingCounter,
    /// Per word, where its own columns end: the word, its prefix, its letters.
    word_columns: Vec<u32>,
    word_ends: Vec<usize>,
    concepts: Vec<u32>,
    /// Per part and number, the column of a pair; of three words; and so on.
    ngrams: Vec<Vec<Vec<u32>>>,
}

const NONE: u32 = u32::MAX;

impl<'a> Columns<'a> {
    fn new(counter: &'a KeepingCounter, order: &Order, letters: &Letters, letter_ranks: &[u32]) -> Self {
        let mut next = order.words.len() as u32;
        let mut ngrams = Vec::new();
        let levels = std::iter::once(&order.pairs).chain(&order.longer);
        for (level, sources) in levels.enumerate() {
            let len = |part: &Part<()>| match level {
                0 => part.pairs.table.len(),
                _ => part.longer[level - 1].table.len(),
            };
            let mut columns: Vec<Vec<u32>> = counter.parts.iter().map(|part| vec![NONE; len(part)]).collect();
            for (column, &source) in (next..).zip(sources) {
                columns[Source::part(source)][source.number()] = column;
            }
            next += sources.len() as u32;
            ngrams.push(columns);
        }
        let first_letters = next + order.prefixes.len() as u32;
        let first_concept = first_letters + letter_ranks.len() as u32;
        let mut columns = Columns {
            counter,
            word_columns: Vec::new(),
            word_ends: Vec::with_capacity(order.words.len()),
            concepts: order.concepts.iter().map(|rank| first_concept + rank).collect(),
            ngrams,
        };
        for (id, &word) in order.words.iter().enumerate() {
            columns.word_columns.push(word);
            let prefix = counter.prefix_of_word[id];
            if prefix != NO_PREFIX {
                columns.word_columns.push(next + order.prefixes[prefix as usize]);
            }
            if !letters.ends.is_empty() {
                let of_word = Kept::row(&letters.of_words, &letters.ends, id);
                columns.word_columns.extend(of_word.iter().map(|&part| first_letters + letter_ranks[part as usize]));
            }
            columns.word_ends.push(columns.word_columns.len());
        }
        columns
    }

    /// Some of the rows as counts.
    fn bag(&self, kept: &Kept, rows: std::ops::Range<usize>, order: &Order, counter: &mut RowCounter) -> BagOfWords {
        let n_features = order.vocabulary.n_features() as usize;
        let mut bag = BagOfWords::new(order.vocabulary.blocks().clone());
        let (mut columns, mut counted) = (Vec::new(), Vec::new());
        for row in rows {
            columns.clear();
            let tokens = Kept::row(&kept.tokens, &kept.row_ends, row);
            for &token in tokens {
                columns.extend_from_slice(Kept::row(&self.word_columns, &self.word_ends, token as usize));
            }
            if self.counter.settings.ngrams >= 2 {
                self.add(0, tokens.windows(2).map(|words| [words[0], words[1]]), &mut columns, |part| {
                    &part.pairs.table
                });
            }
            for length in 3..=self.counter.settings.ngrams as usize {
                let sequences = tokens.windows(length).map(longer);
                self.add(length - 2, sequences, &mut columns, |part| &part.longer[length - 3].table);
            }
            let concepts = Kept::row(&kept.concepts, &kept.concept_ends, row);
            columns.extend(concepts.iter().map(|&concept| self.concepts[concept as usize]));
            counter.count(&mut columns, n_features, &mut counted);
            bag.push(counted.iter().copied());
        }
        bag
    }

    /// The columns of those sequences that have one.
    fn add<S: Sequence>(
        &self,
        level: usize,
        sequences: impl Iterator<Item = S>,
        columns: &mut Vec<u32>,
        table: impl Fn(&Part<()>) -> &Table<S, Entry<()>>,
    ) {
        let hasher = &self.counter.hasher;
        columns.extend(sequences.filter_map(|sequence| {
            let hash = sequence.hash(hasher);
            let part = part_of(hash);
            let number = table(&self.counter.parts[part]).number(hash, sequence)?;
            let column = self.ngrams[level][part][number as usize];
            (column != NONE).then_some(column)
        }));
    }
}

#[cfg(test)]
#[path = "counter_tests.rs"]
mod tests;
