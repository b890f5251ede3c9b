//! Columns of one kind lie together: words, word pairs and so on, word prefixes.
//!
//! Each block is a distribution of its own (its own totals and vocabulary size in naive Bayes) and enters a score with
//! its own weight. That is a little more accurate than one distribution over everything, and it keeps a million word
//! pairs from drowning sixty thousand words. With a single block of weight 1 every formula is the textbook's.

use std::ops::Range;

/// What the columns of a block stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// Any columns: those of data that did not come from a [`Vocabulary`](super::Vocabulary).
    Any,
    /// Sequences of this many words; 1 is single words.
    Ngrams(u32),
    /// First letters of longer words.
    Prefixes,
    /// Sequences of letters within words.
    Characters,
    /// What the text speaks of, in whatever words: see [`Concept`](super::Concept).
    Concepts,
}

impl BlockKind {
    /// Whether the columns are sequences of words or letters, of which most are in a single text.
    pub(crate) fn is_sequence(self) -> bool {
        self == BlockKind::Characters || matches!(self, BlockKind::Ngrams(order) if order > 1)
    }
}

/// A run of columns and its weight.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// What the columns stand for.
    pub kind: BlockKind,
    /// First column and one past the last.
    pub columns: Range<u32>,
    /// Factor of the block's counts in every score; positive.
    pub weight: f64,
}

/// All columns of a bag of words, block after block, without gaps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Blocks {
    blocks: Vec<Block>,
}

impl Blocks {
    /// The weight of words; n-grams and prefixes of words repeat what the words say and count half.
    pub const WORD_WEIGHT: f64 = 1.0;
    /// The weight of n-grams of two and more words and of prefixes.
    pub const OTHER_WEIGHT: f64 = 0.5;
    /// The weight of sequences of letters, where they take part.
    pub const CHARACTER_WEIGHT: f64 = 1.4;
    /// The weight of concepts: few, and each says much.
    pub const CONCEPT_WEIGHT: f64 = 2.0;

    /// A single block of `n_features` columns with weight 1.
    pub fn single(n_features: u32) -> Self {
        Blocks { blocks: vec![Block { kind: BlockKind::Any, columns: 0..n_features, weight: 1.0 }] }
    }

    /// Adds a block of `width` columns after the last one, with the weight of its kind.
    pub(crate) fn push(&mut self, kind: BlockKind, width: u32) {
        let start = self.n_features();
        let weight = match kind {
            BlockKind::Any | BlockKind::Ngrams(1) => Self::WORD_WEIGHT,
            BlockKind::Ngrams(_) | BlockKind::Prefixes => Self::OTHER_WEIGHT,
            BlockKind::Characters => Self::CHARACTER_WEIGHT,
            BlockKind::Concepts => Self::CONCEPT_WEIGHT,
        };
        self.blocks.push(Block { kind, columns: start..start + width, weight });
    }

    /// The same kinds with the same weights, over columns of which only these are left, ascending.
    pub(crate) fn narrowed(&self, columns: &[u32]) -> Self {
        let mut start = 0;
        let narrow = |block: &Block| {
            let end = columns.partition_point(|&column| column < block.columns.end) as u32;
            let columns = start..end;
            start = end;
            Block { columns, ..block.clone() }
        };
        Blocks { blocks: self.blocks.iter().map(narrow).collect() }
    }

    /// How many columns there are in all.
    pub fn n_features(&self) -> u32 {
        self.blocks.last().map_or(0, |b| b.columns.end)
    }

    /// How many blocks there are.
    pub fn len(&self) -> usize {
        self.blocks.len()
    }

    /// Whether there is no block.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// The blocks in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Block> {
        self.blocks.iter()
    }

    /// The index of the block that holds a column.
    ///
    /// # Panics
    /// When the column is past the last block.
    pub fn block_of(&self, column: u32) -> usize {
        self.blocks.partition_point(|b| b.columns.end <= column)
    }
}

impl<'a> IntoIterator for &'a Blocks {
    type Item = &'a Block;
    type IntoIter = std::slice::Iter<'a, Block>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_follow_one_another_and_empty_ones_hold_nothing() {
        let mut blocks = Blocks::default();
        blocks.push(BlockKind::Ngrams(1), 3);
        blocks.push(BlockKind::Ngrams(2), 0);
        blocks.push(BlockKind::Prefixes, 2);
        assert_eq!(blocks.n_features(), 5);
        assert_eq!([0, 2, 3, 4].map(|c| blocks.block_of(c)), [0, 0, 2, 2]);
        let narrowed = blocks.narrowed(&[1, 2, 4]);
        assert_eq!((narrowed.len(), narrowed.n_features()), (3, 3));
        assert_eq!([0, 1, 2].map(|c| narrowed.block_of(c)), [0, 0, 2]);
    }
}
