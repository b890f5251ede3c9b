//! The counts that a problem is fitted from, by row and by feature.
//!
//! The whole and each fold choose their own features, but all of them among those that some part of the rows could take:
//! not what is in a single row, which most features are. Only these *candidates* are copied out of the bag, renumbered
//! without gaps, once for all parts. Every number of a feature (in how many rows of a label, how often) comes from its own
//! list of rows, so nothing of the size candidates × labels is ever held.
//!
//! Both directions are compressed and take five bytes a non-zero count each: four for the feature or the row, and one for
//! the count; the rare counts that do not fit lie apart.

use crate::features::Blocks;

use super::prior::least_rows;
use super::problem::Problem;

/// The count lies apart.
const LARGE: u8 = u8::MAX;
const NONE: u32 = u32::MAX;

/// The candidates' counts of a problem, rows in its order.
pub(super) struct Rows {
    /// The blocks of the candidates.
    pub blocks: Blocks,
    /// The column of each candidate, ascending.
    pub columns: Vec<u32>,
    /// Where each row begins and ends in `features`.
    offsets: Vec<usize>,
    features: Vec<u32>,
    counts: Vec<u8>,
    /// Counts that do not fit, by their place.
    large: Vec<(usize, u32)>,
    /// Where the list of each candidate begins and ends in `holders`.
    starts: Vec<usize>,
    /// The rows that hold it, ascending.
    holders: Vec<u32>,
    holder_counts: Vec<u8>,
}

impl Rows {
    /// The rows of a problem, with every feature that a part of at least `least_part` rows could take.
    pub fn new(problem: &Problem<'_>, least_part: usize) -> Self {
        let all = problem.bag.blocks();
        let mut row_of = vec![0u32; all.n_features() as usize];
        for d in 0..problem.len() {
            problem.row(d).0.iter().for_each(|&column| row_of[column as usize] += 1);
        }
        let (mut columns, mut starts) = (Vec::new(), vec![0]);
        for block in all {
            let least = if problem.leaves_out(block.kind) { u32::MAX } else { least_rows(block.kind, least_part) };
            for column in block.columns.clone() {
                let rows = std::mem::replace(&mut row_of[column as usize], NONE);
                if rows >= least {
                    row_of[column as usize] = columns.len() as u32;
                    columns.push(column);
                    starts.push(starts[starts.len() - 1] + rows as usize);
                }
            }
        }
        let n_nonzero = starts[columns.len()];
        let mut rows = Rows {
            blocks: all.narrowed(&columns),
            columns,
            offsets: Vec::with_capacity(problem.len() + 1),
            features: Vec::with_capacity(n_nonzero),
            counts: Vec::with_capacity(n_nonzero),
            large: Vec::new(),
            starts,
            holders: vec![0; n_nonzero],
            holder_counts: vec![0; n_nonzero],
        };
        rows.offsets.push(0);
        let mut next = rows.starts.clone();
        for d in 0..problem.len() {
            let (columns, counts) = problem.row(d);
            for (&column, &count) in columns.iter().zip(counts) {
                let feature = row_of[column as usize];
                if feature == NONE {
                    continue;
                }
                let byte = u8::try_from(count).unwrap_or(LARGE);
                if byte == LARGE {
                    rows.large.push((rows.features.len(), count));
                }
                rows.features.push(feature);
                rows.counts.push(byte);
                let place = &mut next[feature as usize];
                rows.holders[*place] = d as u32;
                rows.holder_counts[*place] = byte;
                *place += 1;
            }
            rows.offsets.push(rows.features.len());
        }
        rows
    }

    /// Candidates and their counts, candidates ascending.
    pub fn row(&self, d: usize) -> impl Iterator<Item = (u32, u32)> + Clone + '_ {
        let (start, end) = (self.offsets[d], self.offsets[d + 1]);
        let pairs = self.features[start..end].iter().zip(&self.counts[start..end]);
        pairs.enumerate().map(move |(i, (&feature, &count))| (feature, self.count(count, start + i)))
    }

    /// The rows that hold a candidate, ascending.
    pub fn holders(&self, candidate: u32) -> &[u32] {
        &self.holders[self.starts[candidate as usize]..self.starts[candidate as usize + 1]]
    }

    /// The rows that hold a candidate, and how often.
    pub fn holder_counts(&self, candidate: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        let counts = &self.holder_counts[self.starts[candidate as usize]..self.starts[candidate as usize + 1]];
        self.holders(candidate).iter().zip(counts).map(move |(&d, &byte)| {
            let count = if byte == LARGE { self.large_count(d as usize, candidate) } else { u32::from(byte) };
            (d, count)
        })
    }

    fn count(&self, byte: u8, place: usize) -> u32 {
        if byte < LARGE {
            return u32::from(byte);
        }
        self.large.binary_search_by_key(&place, |large| large.0).map_or(0, |i| self.large[i].1)
    }

    fn large_count(&self, d: usize, candidate: u32) -> u32 {
        let row = &self.features[self.offsets[d]..self.offsets[d + 1]];
        row.binary_search(&candidate).map_or(0, |i| self.count(LARGE, self.offsets[d] + i))
    }
}
