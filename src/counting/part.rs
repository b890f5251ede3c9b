//! One of the parts in which features are counted.

use foldhash::fast::RandomState;

use crate::bayes::BayesError;
use crate::features::TooManyFeatures;

use super::block::{Block, Counted};
use super::cells::Cells;
use super::dealt::Dealt;
use super::labels::RowLabels;
use super::ngrams::{Longer, NgramTable, Sequence};
use super::word_table::Full;

/// Why counting stopped.
#[derive(Debug)]
pub(crate) enum CountError {
    Features(TooManyFeatures),
    Bayes(BayesError),
}

impl From<Full> for CountError {
    fn from(_: Full) -> Self {
        CountError::Features(TooManyFeatures)
    }
}

impl From<BayesError> for CountError {
    fn from(error: BayesError) -> Self {
        CountError::Bayes(error)
    }
}

/// Sequences of one length and their counts.
#[derive(Debug)]
pub(super) struct Ngrams<S> {
    pub table: NgramTable<S>,
    pub cells: Cells,
}

/// Features and their counts.
#[derive(Debug)]
pub(super) struct Part {
    pub words: Cells,
    pub prefixes: Cells,
    pub concepts: Cells,
    pub pairs: Ngrams<u64>,
    pub longer: Vec<Ngrams<Longer>>,
}

impl Part {
    pub(super) fn new(max_order: usize, n_facets: usize, hasher: &RandomState) -> Self {
        let cells = || Cells::new(n_facets);
        let longer = || Ngrams { table: NgramTable::new(hasher.clone()), cells: cells() };
        Part {
            words: cells(),
            prefixes: cells(),
            concepts: cells(),
            pairs: Ngrams { table: NgramTable::new(hasher.clone()), cells: cells() },
            longer: (2..max_order).map(|_| longer()).collect(),
        }
    }

    /// Counts what the blocks have for part `index`; `first_row` is the number of the chunk's first row in all.
    pub(super) fn count(
        &mut self,
        index: usize,
        blocks: &[Block],
        first_row: u32,
        labels: &RowLabels,
    ) -> Result<(), CountError> {
        for block in blocks {
            let numbered = [
                (&mut self.words, &block.dealt_words),
                (&mut self.prefixes, &block.dealt_prefixes),
                (&mut self.concepts, &block.dealt_concepts),
            ];
            for (cells, dealt) in numbered {
                count(cells, dealt.part(index), first_row, labels)?;
            }
            self.pairs.count(&block.dealt_pairs, index, first_row, labels)?;
            for (ngrams, dealt) in self.longer.iter_mut().zip(&block.dealt_longer) {
                ngrams.count(dealt, index, first_row, labels)?;
            }
        }
        Ok(())
    }

    /// How many features there are besides words and prefixes.
    pub(super) fn n_ngrams(&self) -> usize {
        self.pairs.table.len() + self.longer.iter().map(|ngrams| ngrams.table.len()).sum::<usize>()
    }
}

fn count(cells: &mut Cells, counted: &[Counted], first_row: u32, labels: &RowLabels) -> Result<(), BayesError> {
    for &(feature, row) in counted {
        cells.reserve(feature as usize);
        cells.add(feature as usize, first_row + row, row as usize, labels)?;
    }
    Ok(())
}

impl<S: Sequence> Ngrams<S> {
    fn count(
        &mut self,
        dealt: &Dealt<(S, u32)>,
        index: usize,
        first_row: u32,
        labels: &RowLabels,
    ) -> Result<(), CountError> {
        for &(sequence, row) in dealt.part(index) {
            let feature = self.table.insert(sequence)? as usize;
            self.cells.reserve(feature);
            self.cells.add(feature, first_row + row, row as usize, labels)?;
        }
        Ok(())
    }
}
