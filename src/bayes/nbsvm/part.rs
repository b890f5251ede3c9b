//! The rows that a model is fitted to: all of a problem, or those of all folds but one.

use super::problem::Problem;
use super::rows::Rows;

/// Some rows of a problem.
pub(super) struct Part<'a> {
    pub problem: &'a Problem<'a>,
    pub rows: &'a Rows,
    /// The positions of its rows, ascending.
    pub positions: Vec<u32>,
    /// Per position of the problem, whether the row is in the part; empty where all are.
    is_in: Vec<bool>,
}

impl<'a> Part<'a> {
    /// The rows that `is_in` accepts.
    pub fn new(problem: &'a Problem<'a>, rows: &'a Rows, is_in: impl Fn(usize) -> bool) -> Self {
        let is_in: Vec<bool> = (0..problem.len()).map(is_in).collect();
        let positions: Vec<u32> = (0..problem.len() as u32).filter(|&d| is_in[d as usize]).collect();
        let is_in = if positions.len() == is_in.len() { Vec::new() } else { is_in };
        Part { problem, rows, positions, is_in }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.positions.len()
    }

    /// Whether the row at a position of the problem is in the part.
    pub fn has(&self, position: u32) -> bool {
        self.is_in.is_empty() || self.is_in[position as usize]
    }

    /// The labels of a row of the part.
    pub fn labels_of(&self, index: usize) -> &'a [u32] {
        self.problem.labels_of(self.positions[index] as usize)
    }

    /// Candidates and counts of the rows.
    pub fn iter(&self) -> impl Iterator<Item = impl Iterator<Item = (u32, u32)> + Clone + '_> {
        self.positions.iter().map(|&position| self.rows.row(position as usize))
    }

    /// How many rows of the part hold a candidate.
    pub fn frequency(&self, candidate: u32) -> usize {
        let holders = self.rows.holders(candidate);
        if self.is_in.is_empty() { holders.len() } else { holders.iter().filter(|&&d| self.has(d)).count() }
    }
}
