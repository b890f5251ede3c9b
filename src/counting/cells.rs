//! The counts of some features: per facet, how often each stood in rows of each label.
//!
//! Most features of a corpus are rare, and most rare ones are of one label. What is known of a feature and its first cell
//! in the first facet lie side by side ([`Entry`], 20 bytes), so that counting it again touches one place in memory. Cells of
//! further labels are in a table, 12 bytes each and its slack; further facets have 12 bytes a feature elsewhere.

use super::labels::RowLabels;
use super::table::Table;
use crate::bayes::{BayesError, Extra};

/// The columns behind the labels have these numbers until all labels are known.
const FIRST_EXTRA: u32 = u32::MAX - 2;
const NONE: u32 = u32::MAX - 3;

fn extra(extra: Extra) -> u32 {
    FIRST_EXTRA + extra as u32
}

/// What is known of a feature: in how many rows it stood, and its first cell `C`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Entry<C> {
    /// One more than the last row that held it.
    last_row: u32,
    /// How many rows held it.
    pub rows: u32,
    first: C,
}

/// The first cell of a feature in a facet.
pub(crate) trait Cell: Copy + Default + std::fmt::Debug + Send + Sync {
    /// Whether there are cells at all.
    const COUNTS: bool;

    /// The cell itself.
    fn first(&mut self) -> Option<&mut First>;
}

/// Rows are counted, and no labels.
impl Cell for () {
    const COUNTS: bool = false;

    fn first(&mut self) -> Option<&mut First> {
        None
    }
}

/// The first label that a feature came with, and in how many labelled rows the feature stood.
#[derive(Clone, Copy, Debug)]
pub(crate) struct First {
    label: u32,
    count: u32,
    document_frequency: u32,
}

impl Default for First {
    fn default() -> Self {
        First { label: NONE, count: 0, document_frequency: 0 }
    }
}

impl Cell for First {
    const COUNTS: bool = true;

    fn first(&mut self) -> Option<&mut First> {
        Some(self)
    }
}

/// A row as it is counted.
#[derive(Clone, Copy)]
pub(super) struct CountedRow<'a> {
    /// The number of the row among all.
    pub number: u32,
    /// Its index in the labels of the chunk.
    pub index: usize,
    pub labels: &'a RowLabels,
}

/// The cells of features numbered from 0 that are not the first ones in the first facet.
#[derive(Clone, Debug)]
pub(super) struct Cells {
    rest: Vec<Rest>,
    /// Per facet but the first, the first cell of each feature.
    others: Vec<Vec<First>>,
}

/// Counts by feature and label.
type Rest = Table<[u32; 2], u32>;

impl Cells {
    pub(super) fn new(n_facets: usize) -> Self {
        let others = vec![Vec::new(); n_facets.saturating_sub(1)];
        Cells { rest: vec![Rest::default(); n_facets], others }
    }

    /// Counts feature `number` once in a row.
    #[inline]
    pub(super) fn add<C: Cell>(
        &mut self,
        entry: &mut Entry<C>,
        number: u32,
        row: CountedRow<'_>,
    ) -> Result<(), BayesError> {
        let is_new = entry.last_row != row.number + 1;
        entry.last_row = row.number + 1;
        entry.rows += u32::from(is_new);
        let Some(first) = entry.first.first() else { return Ok(()) };
        if let Some(label) = row.labels.only(0, row.index) {
            first.document_frequency += u32::from(is_new);
            add_cell(first, &mut self.rest[0], number, label, 1)?;
        } else if let Some(labels) = row.labels.of(0, row.index) {
            add(first, &mut self.rest[0], number, labels, is_new)?;
        }
        for (i, firsts) in self.others.iter_mut().enumerate() {
            if firsts.len() <= number as usize {
                firsts.resize(number as usize + 1, First::default());
            }
            if let Some(labels) = row.labels.of(i + 1, row.index) {
                add(&mut firsts[number as usize], &mut self.rest[i + 1], number, labels, is_new)?;
            }
        }
        Ok(())
    }

    /// The cells of a facet, to be read feature by feature; `entries` are those of all features in the order of their
    /// numbers, and `labels[old]` is the new number of a label.
    pub(super) fn facet<C: Cell>(
        &self,
        facet: usize,
        entries: impl Iterator<Item = Entry<C>>,
        labels: &[u32],
    ) -> SortedCells {
        let all = self.rest[facet].entries().iter();
        let mut rest: Vec<(u32, u32, u32)> =
            all.map(|&([number, label], count)| (number, column(label, labels), count)).collect();
        rest.sort_unstable();
        let mut start = 0;
        let feature = |(number, first): (u32, First)| {
            let len = rest[start..].iter().take_while(|cell| cell.0 == number).count();
            let sorted = FeatureCells {
                column: if first.label == NONE { NONE } else { column(first.label, labels) },
                count: first.count,
                document_frequency: first.document_frequency,
                rest: (start as u32, len as u32),
            };
            start += len;
            sorted
        };
        let features = match facet {
            0 => (0..).zip(entries.map(Entry::cell)).map(feature).collect(),
            _ => (0..).zip(self.others[facet - 1].iter().copied()).map(feature).collect(),
        };
        SortedCells { features, rest }
    }
}

impl<C: Cell> Entry<C> {
    /// The first cell; empty where none are counted.
    pub(super) fn cell(mut self) -> First {
        self.first.first().copied().unwrap_or_default()
    }
}

#[inline]
fn add(first: &mut First, rest: &mut Rest, number: u32, labels: &[u32], is_new_row: bool) -> Result<(), BayesError> {
    if labels.is_empty() {
        add_cell(first, rest, number, extra(Extra::Empty), 1)?;
        return if is_new_row { add_cell(first, rest, number, extra(Extra::EmptyRows), 1) } else { Ok(()) };
    }
    first.document_frequency += u32::from(is_new_row);
    for &label in labels {
        add_cell(first, rest, number, label, 1)?;
    }
    if labels.len() == 1 {
        return Ok(());
    }
    add_cell(first, rest, number, extra(Extra::Repeated), labels.len() as u32 - 1)
}

#[inline]
fn add_cell(first: &mut First, rest: &mut Rest, number: u32, label: u32, count: u32) -> Result<(), BayesError> {
    if first.label == NONE {
        first.label = label;
    }
    let cell = match first.label == label {
        true => &mut first.count,
        false => rest.get_or_insert([number, label]).1,
    };
    *cell = cell.checked_add(count).ok_or(BayesError::CountOverflow)?;
    Ok(())
}

/// The final column of a label or of what stands behind the labels.
fn column(label: u32, labels: &[u32]) -> u32 {
    if label < NONE { labels[label as usize] } else { labels.len() as u32 + (label - FIRST_EXTRA) }
}

/// The counts of a facet with their final columns.
pub(super) struct SortedCells {
    features: Vec<FeatureCells>,
    rest: Vec<(u32, u32, u32)>,
}

/// The counts of one feature: its first cell, and where the others are.
#[derive(Clone, Copy, Debug)]
pub(super) struct FeatureCells {
    column: u32,
    count: u32,
    pub document_frequency: u32,
    rest: (u32, u32),
}

impl SortedCells {
    /// The cells of a feature.
    pub(super) fn feature(&self, number: usize) -> FeatureCells {
        self.features[number]
    }

    /// Adds the cells of a feature, columns ascending, to two arrays; gives their number.
    pub(super) fn append(&self, feature: FeatureCells, columns: &mut Vec<u32>, counts: &mut Vec<u32>) -> u32 {
        let FeatureCells { column, count, rest: (start, len), .. } = feature;
        if column == NONE {
            return 0;
        }
        let rest = &self.rest[start as usize..][..len as usize];
        let before = rest.partition_point(|cell| cell.1 < column);
        let mut push = |column, count| {
            columns.push(column);
            counts.push(count);
        };
        rest[..before].iter().for_each(|cell| push(cell.1, cell.2));
        push(column, count);
        rest[before..].iter().for_each(|cell| push(cell.1, cell.2));
        len + 1
    }
}
