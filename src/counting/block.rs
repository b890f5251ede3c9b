//! A run of rows, cut into words.

use foldhash::fast::RandomState;

use crate::features::{Concept, Tokenizer};

use super::dealt::Dealt;
use super::ngrams::{Longer, Sequence, pair, part_of};
use super::tokens::add_tokens;
use super::word_table::{Full, WordTable};
use super::{NO_PREFIX, PARTS};

/// A text to count.
pub(crate) struct Text<'a> {
    pub text: &'a str,
    /// What it speaks of besides its words.
    pub concepts: Vec<Concept<'a>>,
    /// Whether its words count; a row that no facet counts leaves none behind.
    pub counts: bool,
}

/// A feature's number within its part, and the index of the row in the chunk.
pub(super) type Counted = (u32, u32);

/// Words of some rows, first by their numbers in a table of the block, then by those of the whole; and what follows from
/// them for the parts. Its memory is used again from chunk to chunk.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub words: WordTable,
    pub concepts: WordTable,
    /// Per word of the block, its number in the whole.
    ids: Vec<u32>,
    pub tokens: Vec<u32>,
    pub row_ends: Vec<usize>,
    pub concept_tokens: Vec<u32>,
    pub concept_ends: Vec<usize>,
    /// Per row, a hash of its words, where these are asked for.
    pub keys: Vec<[u8; 16]>,
    /// Rows without a word.
    pub empty_texts: u64,
    first_row: u32,
    buffer: String,
    bytes: Vec<u8>,
    pub dealt_words: Dealt<Counted>,
    pub dealt_prefixes: Dealt<Counted>,
    pub dealt_concepts: Dealt<Counted>,
    pub dealt_pairs: Dealt<(u64, u32)>,
    pub dealt_longer: Vec<Dealt<(Longer, u32)>>,
}

impl Block {
    /// Cuts texts into words; the first is row `first_row` of the chunk.
    pub(super) fn read(
        &mut self,
        texts: &[Text<'_>],
        first_row: u32,
        tokenizer: Tokenizer,
        with_keys: bool,
    ) -> Result<(), Full> {
        self.words.clear();
        self.concepts.clear();
        self.tokens.clear();
        self.row_ends.clear();
        self.concept_tokens.clear();
        self.concept_ends.clear();
        self.keys.clear();
        (self.empty_texts, self.first_row) = (0, first_row);
        for text in texts {
            let start = self.tokens.len();
            let (words, tokens, buffer) = (&mut self.words, &mut self.tokens, &mut self.buffer);
            // A row that does not count has a key, but its words get no number.
            let mut aside = None;
            let words = if text.counts { words } else { aside.insert(WordTable::default()) };
            add_tokens(text.text, tokenizer.tokens(text.text), words, buffer, tokens)?;
            self.empty_texts += u64::from(tokens.len() == start);
            if with_keys {
                self.keys.push(key(words, &tokens[start..], &mut self.bytes));
            }
            if !text.counts {
                tokens.truncate(start);
            }
            self.row_ends.push(tokens.len());
            for concept in text.concepts.iter().filter(|_| text.counts) {
                self.concept_tokens.push(self.concepts.insert(concept.name)?);
            }
            self.concept_ends.push(self.concept_tokens.len());
        }
        Ok(())
    }

    /// Numbers words and concepts as the whole does.
    pub(super) fn join(&mut self, words: &mut WordTable, concepts: &mut WordTable) -> Result<(), Full> {
        concepts.insert_all(&self.concepts, &mut self.ids)?;
        self.concept_tokens.iter_mut().for_each(|token| *token = self.ids[*token as usize]);
        words.insert_all(&self.words, &mut self.ids)
    }

    /// Numbers the tokens as the whole does, and deals them to the parts: words, and sequences of up to `max_order`.
    pub(super) fn deal(&mut self, max_order: usize, prefixes: &[u32], hasher: &RandomState) {
        self.tokens.iter_mut().for_each(|token| *token = self.ids[*token as usize]);
        let number = |&(id, row): &(u32, u32)| (id as usize % PARTS, (id / PARTS as u32, row));
        let rows = |ends: &[usize]| -> Vec<(usize, usize, u32)> {
            let starts = std::iter::once(0).chain(ends.iter().copied());
            starts.zip(ends).zip(self.first_row..).map(|((start, &end), row)| (start, end, row)).collect()
        };
        let of_rows = rows(&self.row_ends);
        let tokens = &self.tokens;
        let words = of_rows.iter().flat_map(|&(start, end, row)| tokens[start..end].iter().map(move |&id| (id, row)));
        self.dealt_words.fill(words.clone().map(|word| number(&word)));
        let prefixes = words.map(|(id, row)| (prefixes[id as usize], row)).filter(|word| word.0 != NO_PREFIX);
        self.dealt_prefixes.fill(prefixes.map(|prefix| number(&prefix)));
        if !self.concept_tokens.is_empty() {
            let (of_rows, tokens) = (rows(&self.concept_ends), &self.concept_tokens);
            let concepts =
                of_rows.iter().flat_map(|&(start, end, row)| tokens[start..end].iter().map(move |&id| (id, row)));
            self.dealt_concepts.fill(concepts.map(|concept| number(&concept)));
        } else {
            self.dealt_concepts = Dealt::default();
        }
        if max_order >= 2 {
            let pairs = of_rows.iter().flat_map(|&(start, end, row)| {
                tokens[start..end].windows(2).map(move |words| (pair(words[0], words[1]), row))
            });
            self.dealt_pairs.fill(pairs.map(|(pair, row)| (part_of(pair.hash(hasher)), (pair, row))));
        }
        self.dealt_longer.resize_with(max_order.saturating_sub(2), Dealt::default);
        for (order, dealt) in (3..).zip(&mut self.dealt_longer) {
            let longer = of_rows.iter().flat_map(|&(start, end, row)| {
                tokens[start..end].windows(order).map(move |window| (longer(window), row))
            });
            dealt.fill(longer.map(|(words, row)| (part_of(words.hash(hasher)), (words, row))));
        }
    }
}

/// Three words or more as a sequence.
pub(super) fn longer(words: &[u32]) -> Longer {
    let mut sequence = Longer::NONE;
    sequence[..words.len()].copy_from_slice(words);
    sequence
}

/// A hash of the words of a row and their order.
fn key(words: &WordTable, tokens: &[u32], bytes: &mut Vec<u8>) -> [u8; 16] {
    bytes.clear();
    let mut hasher = blake3::Hasher::new();
    let mut ends = Vec::with_capacity(8 * tokens.len());
    for &token in tokens {
        words.append(token, bytes);
        ends.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
    }
    hasher.update(bytes).update(&ends);
    let mut key = [0; 16];
    key.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    key
}
