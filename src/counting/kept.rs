//! Rows kept as words, and from these to a bag of words once the vocabulary is known.

use rayon::prelude::*;

use crate::features::{BagOfWords, RowCounter, Vocabulary, for_each_character_ngram};

use super::NO_PREFIX;
use super::block::Block;
use super::cells::Entry;
use super::counter::{KeepingCounter, is_spaceless};
use super::ngrams::{Sequence, longer, part_of};
use super::order::{Order, Source};
use super::part::{CountError, Part};
use super::table::Table;
use super::word_table::{Full, PACKED, WordTable};

/// Texts as numbers of words and concepts: four bytes a word.
#[derive(Debug, Default)]
pub(super) struct Kept {
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
        let (bytes, ends, ranks) = letters.table.sorted()?;
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

impl Kept {
    pub(super) fn add(&mut self, block: &Block) {
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
