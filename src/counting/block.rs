//! A run of rows, cut into words.

use foldhash::fast::RandomState;

use crate::features::{Concept, Tokenizer};

use super::dealt::Dealt;
use super::ngrams::{longer, part_of};
use super::table::Key;
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
    pub dealt: Dealt,
}

/// What a block is asked to deal to the parts.
#[derive(Clone, Copy)]
pub(super) enum Kind<'a> {
    Words,
    /// Per word its prefix.
    Prefixes(&'a [u32]),
    Concepts,
    /// Sequences of this many words.
    Ngrams(usize, &'a RandomState),
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

    /// Numbers the tokens as the whole does.
    pub(super) fn renumber(&mut self) {
        self.tokens.iter_mut().for_each(|token| *token = self.ids[*token as usize]);
    }

    /// Deals features of one kind to the parts that count them: the number of each within its part or the words of each,
    /// and the index of its row in the chunk.
    pub(super) fn deal(&mut self, kind: Kind<'_>) {
        let numbered = |(id, row): (u32, u32)| (id as usize % PARTS, [id / PARTS as u32, row]);
        let (tokens, dealt) = (&self.tokens, &mut self.dealt);
        let of_rows = rows(&self.row_ends, self.first_row);
        let words = of_rows.clone().flat_map(|(range, row)| tokens[range].iter().map(move |&id| (id, row)));
        match kind {
            Kind::Words => dealt.fill(words.map(numbered)),
            Kind::Prefixes(prefixes) => {
                let prefixes = words.map(|(id, row)| (prefixes[id as usize], row));
                dealt.fill(prefixes.filter(|prefix| prefix.0 != NO_PREFIX).map(numbered));
            }
            Kind::Concepts => {
                let of_rows = rows(&self.concept_ends, self.first_row);
                let tokens = &self.concept_tokens;
                let concepts = of_rows.flat_map(|(range, row)| tokens[range].iter().map(move |&id| (id, row)));
                dealt.fill(concepts.map(numbered));
            }
            Kind::Ngrams(2, hasher) => {
                let pairs = of_rows.flat_map(|(range, row)| tokens[range].windows(2).map(move |pair| (pair, row)));
                let part = |words: &[u32]| part_of([words[0], words[1]].hash(hasher));
                dealt.fill(pairs.map(|(words, row)| (part(words), [words[0], words[1], row])));
            }
            Kind::Ngrams(order, hasher) => {
                let all = of_rows.flat_map(|(range, row)| tokens[range].windows(order).map(move |words| (words, row)));
                dealt.fill(all.map(|(words, row)| {
                    let words = longer(words);
                    let [a, b, c, d, e] = words;
                    (part_of(words.hash(hasher)), [a, b, c, d, e, row])
                }));
            }
        }
    }
}

/// Ranges of the rows that end there, and the index of each row, of which the first is `first`.
fn rows(ends: &[usize], first: u32) -> impl Iterator<Item = (std::ops::Range<usize>, u32)> + Clone {
    let starts = std::iter::once(0).chain(ends.iter().copied());
    starts.zip(ends).zip(first..).map(|((start, &end), row)| (start..end, row))
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
