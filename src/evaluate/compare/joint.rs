//! The rows of a facet with the answers of all contestants side by side, in an order that their content decides.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::CompareError;
use crate::evaluate::{OutcomeRow, Outcomes};

/// One row: numbers of labels in the order of their names, ascending.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct JointRow {
    pub gold: Vec<u32>,
    /// What each contestant gave.
    pub given: Vec<Vec<u32>>,
}

/// All rows of a facet.
#[derive(Debug)]
pub(super) struct Joint {
    /// All labels that occur, in byte order.
    pub labels: Vec<String>,
    pub rows: Vec<JointRow>,
    /// Where each unit of the bootstrap ends among the rows: a row, or the rows of a group.
    pub unit_ends: Vec<usize>,
    pub grouped: bool,
}

impl Joint {
    /// Puts the contestants' outcomes side by side.
    ///
    /// Rows with the same labels and the same answers are the same to every figure, so ordering rows by these makes all
    /// that follows independent of the order of the input.
    pub fn of(contestants: &[&Outcomes]) -> Result<Self, CompareError> {
        let (first, others) = contestants.split_first().ok_or(CompareError::TooFew { found: 0 })?;
        if others.is_empty() {
            return Err(CompareError::TooFew { found: 1 });
        }
        for (number, other) in (2..).zip(others) {
            if other.len() != first.len() {
                return Err(CompareError::RowNumber { contestant: number, found: other.len(), expected: first.len() });
            }
        }
        let names: BTreeSet<&str> = contestants.iter().flat_map(|c| c.labels()).map(String::as_str).collect();
        let labels: Vec<String> = names.into_iter().map(str::to_owned).collect();
        let renamed: Vec<Vec<u32>> = contestants.iter().map(|c| numbers_in(c, &labels)).collect();
        let groups: Vec<&str> = {
            let mut groups = vec![""; first.groups().len()];
            first.groups().iter().for_each(|(name, &number)| groups[number as usize] = name);
            groups
        };
        let mut rows = Vec::with_capacity(first.len());
        for index in 0..first.len() {
            let row = first.row(index);
            let gold = in_order(row.gold, &renamed[0]);
            let mut given = Vec::with_capacity(contestants.len());
            for (contestant, (outcomes, renamed)) in (1..).zip(contestants.iter().zip(&renamed)) {
                let theirs: OutcomeRow<'_> = outcomes.row(index);
                if in_order(theirs.gold, renamed) != gold {
                    return Err(CompareError::Gold { row: index + 1, contestant });
                }
                given.push(in_order(theirs.predicted, renamed));
            }
            rows.push((row.group.map(|group| groups[group as usize]), JointRow { gold, given }));
        }
        // Grouped rows by group, then the rows that are groups of their own.
        rows.sort_unstable_by(|(a, one), (b, other)| match (a, b) {
            (Some(a), Some(b)) => a.cmp(b).then_with(|| one.cmp(other)),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => one.cmp(other),
        });
        let goes_on = |at: usize| rows[at].0.is_some() && rows.get(at + 1).is_some_and(|next| next.0 == rows[at].0);
        let unit_ends: Vec<usize> = (0..rows.len()).filter(|&at| !goes_on(at)).map(|at| at + 1).collect();
        let grouped = rows.first().is_some_and(|(group, _)| group.is_some());
        Ok(Joint { labels, rows: rows.into_iter().map(|(_, row)| row).collect(), unit_ends, grouped })
    }

    /// The rows of each unit.
    pub fn units(&self) -> impl Iterator<Item = &[JointRow]> {
        let starts = std::iter::once(0).chain(self.unit_ends.iter().copied());
        starts.zip(&self.unit_ends).map(|(start, &end)| &self.rows[start..end])
    }
}

fn numbers_in(outcomes: &Outcomes, labels: &[String]) -> Vec<u32> {
    let number = |label: &String| labels.binary_search(label).map_or(u32::MAX, |at| at as u32);
    outcomes.labels().iter().map(number).collect()
}

fn in_order(numbers: &[u32], renamed: &[u32]) -> Vec<u32> {
    let mut order: Vec<u32> = numbers.iter().map(|&n| renamed[n as usize]).collect();
    order.sort_unstable();
    order
}
