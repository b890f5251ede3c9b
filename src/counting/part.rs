//! One of the parts in which features are counted.

use foldhash::fast::RandomState;

use crate::bayes::BayesError;
use crate::features::TooManyFeatures;

use super::block::Kind;
use super::cells::{Cell, Cells, CountedRow, Entry, SortedCells};
use super::dealt::Dealt;
use super::labels::RowLabels;
use super::ngrams::{Longer, MOST_OF_PART, Pair, Sequence};
use super::table::Table;
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

/// Features and their counts, with a first cell of kind `C`.
#[derive(Debug)]
pub(super) struct Part<C> {
    pub words: Numbered<C>,
    pub prefixes: Numbered<C>,
    pub concepts: Numbered<C>,
    pub pairs: Ngrams<Pair, C>,
    pub longer: Vec<Ngrams<Longer, C>>,
}

/// Features that have numbers before they are counted.
#[derive(Debug)]
pub(super) struct Numbered<C> {
    pub entries: Vec<Entry<C>>,
    pub cells: Cells,
}

/// Sequences of one length.
#[derive(Debug)]
pub(super) struct Ngrams<S, C> {
    pub table: Table<S, Entry<C>>,
    pub cells: Cells,
}

impl<C: Cell> Part<C> {
    pub(super) fn new(max_order: usize, n_facets: usize, hasher: &RandomState) -> Self {
        Part {
            words: Numbered::new(n_facets),
            prefixes: Numbered::new(n_facets),
            concepts: Numbered::new(n_facets),
            pairs: Ngrams::new(n_facets, hasher),
            longer: (2..max_order).map(|_| Ngrams::new(n_facets, hasher)).collect(),
        }
    }

    /// Counts what a block dealt to part `index`; `first_row` is the number of the chunk's first row among all.
    pub(super) fn count(
        &mut self,
        kind: Kind<'_>,
        index: usize,
        dealt: &Dealt,
        first_row: u32,
        labels: &RowLabels,
    ) -> Result<(), CountError> {
        match kind {
            Kind::Words => self.words.count(dealt.part(index), first_row, labels),
            Kind::Prefixes(_) => self.prefixes.count(dealt.part(index), first_row, labels),
            Kind::Concepts => self.concepts.count(dealt.part(index), first_row, labels),
            Kind::Ngrams(2, _) => {
                let pairs = dealt.part(index).iter().map(|&[a, b, row]| ([a, b], row));
                self.pairs.count(pairs, first_row, labels)
            }
            Kind::Ngrams(order, _) => {
                let longer = dealt.part(index).iter().map(|&[a, b, c, d, e, row]| ([a, b, c, d, e], row));
                self.longer[order - 3].count(longer, first_row, labels)
            }
        }
    }

    /// How many n-grams of two words and more there are.
    pub(super) fn n_ngrams(&self) -> usize {
        self.pairs.table.len() + self.longer.iter().map(|ngrams| ngrams.table.len()).sum::<usize>()
    }
}

impl<C: Cell> Numbered<C> {
    fn new(n_facets: usize) -> Self {
        Numbered { entries: Vec::new(), cells: Cells::new(n_facets) }
    }

    fn count(&mut self, records: &[[u32; 2]], first_row: u32, labels: &RowLabels) -> Result<(), CountError> {
        for &[number, row] in records {
            if self.entries.len() <= number as usize {
                self.entries.resize(number as usize + 1, Entry::default());
            }
            let row = CountedRow { number: first_row + row, index: row as usize, labels };
            self.cells.add(&mut self.entries[number as usize], number, row)?;
        }
        Ok(())
    }

    /// The counts of a facet.
    pub(super) fn facet(&self, facet: usize, labels: &[u32]) -> SortedCells {
        self.cells.facet(facet, self.entries.iter().copied(), labels)
    }
}

impl<S: Sequence, C: Cell> Ngrams<S, C> {
    fn new(n_facets: usize, hasher: &RandomState) -> Self {
        Ngrams { table: Table::new(hasher.clone()), cells: Cells::new(n_facets) }
    }

    fn count(
        &mut self,
        sequences: impl Iterator<Item = (S, u32)>,
        first_row: u32,
        labels: &RowLabels,
    ) -> Result<(), CountError> {
        for (sequence, row) in sequences {
            let (number, entry) = self.table.get_or_insert(sequence);
            if number >= MOST_OF_PART {
                return Err(Full.into());
            }
            let row = CountedRow { number: first_row + row, index: row as usize, labels };
            self.cells.add(entry, number, row)?;
        }
        Ok(())
    }

    /// The counts of a facet.
    pub(super) fn facet(&self, facet: usize, labels: &[u32]) -> SortedCells {
        self.cells.facet(facet, self.table.entries().iter().map(|&(_, entry)| entry), labels)
    }
}
