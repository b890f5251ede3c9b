//! K folds of one set of rows: by label, by group, by seed, whatever the order of the rows; or by time.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;

use super::{Instant, Row, TimeError};

/// Which fold each row is held out in, and what the model that answers it is trained on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folds {
    of_row: Vec<usize>,
    count: usize,
    forward: bool,
}

/// Deals rows into folds so that each label is as frequent in every fold as rounding allows.
///
/// Units are rows of the same text, or of the same group: they stay together, since one in train and one in test would
/// be a leak. Labels are taken from the rarest to the most frequent, ties by name, and each label's units, the largest
/// first and then by the hash of seed and content, go to the fold that has the fewest rows of the label, then the fewest
/// rows, then the lowest number. With one label a row and no groups every label is within one row of its share in
/// every fold, and so is the whole; with several labels it is the iterative stratification of Sechidis, Tsoumakas and
/// Vlahavas (2011, "On the stratification of multi-label data") with a fixed order of labels. An empty cell counts as a
/// label of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StratifiedFolds {
    /// How many folds, 2 or more.
    pub folds: usize,
    /// Another seed gives other folds.
    pub seed: u64,
}

/// What the folds need to know of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoldRow<'r> {
    /// Hash of the text; rows of the same key share a fold unless they have groups.
    pub key: u128,
    /// Per facet, the labels.
    pub labels: &'r [Vec<String>],
    /// Rows of one group share a fold; `None`: a row is grouped with those of the same text.
    pub group: Option<&'r str>,
}

impl<'r> FoldRow<'r> {
    /// The key is that of the text alone: neither label nor id may part two copies of a text.
    pub fn new(row: &'r Row, group: Option<&'r str>) -> Self {
        FoldRow { key: half(blake3::hash(row.text.as_bytes())), labels: &row.labels, group }
    }
}

/// Why rows cannot be dealt into folds.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FoldError {
    /// Fewer than two folds.
    #[error("{found} folds; expected 2 or more, as each row is answered by a model of the other folds")]
    Folds {
        /// What was asked for.
        found: usize,
    },
    /// More folds than rows that can be told apart.
    #[error("{folds} folds of {found} {units}; expected at least one in each fold, so ask for fewer folds")]
    TooFew {
        /// What was asked for.
        folds: usize,
        /// How many units there are.
        found: usize,
        /// What they are called.
        units: Unit,
    },
}

/// What is dealt out, in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Rows of the same text.
    Text,
    /// Rows of the same group.
    Group,
    /// Rows of the same time.
    Time,
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Unit::Text => "different texts",
            Unit::Group => "groups",
            Unit::Time => "different times",
        })
    }
}

impl Folds {
    /// Blocks of equal numbers of rows by time, the oldest first. Block 0 is only trained on; each later block is held
    /// out and answered by a model of all blocks before it ("forward chaining"), so K blocks give K − 1 evaluations.
    /// Rows of one time stay in one block, so blocks can differ in size. The same text may stand on both sides, as it
    /// does in life.
    ///
    /// # Errors
    /// [`FoldError::Folds`] for fewer than two blocks, [`FoldError::TooFew`] for fewer different times than blocks.
    pub fn by_time(times: &[Instant], blocks: usize) -> Result<Folds, FoldError> {
        if blocks < 2 {
            return Err(FoldError::Folds { found: blocks });
        }
        let mut sizes: BTreeMap<Instant, usize> = BTreeMap::new();
        times.iter().for_each(|&time| *sizes.entry(time).or_default() += 1);
        if sizes.len() < blocks {
            return Err(FoldError::TooFew { folds: blocks, found: sizes.len(), units: Unit::Time });
        }
        let mut block_of: BTreeMap<Instant, usize> = BTreeMap::new();
        let (mut block, mut in_block, mut before) = (0, 0, 0);
        let mut left = sizes.len();
        for (&time, &size) in &sizes {
            // The next block begins where its share is reached by the middle of this time, or where only as many times
            // are left as blocks are to be filled.
            let due = (2 * before + size) * blocks >= 2 * times.len() * (block + 1);
            if in_block > 0 && block + 1 < blocks && (due || left < blocks - block) {
                (block, in_block) = (block + 1, 0);
            }
            block_of.insert(time, block);
            (in_block, before, left) = (in_block + 1, before + size, left - 1);
        }
        let of_row = times.iter().map(|time| block_of[time]).collect();
        Ok(Folds { of_row, count: blocks, forward: true })
    }

    /// How many folds or blocks there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The folds that are held out, one after another.
    pub fn held_out(&self) -> std::ops::Range<usize> {
        usize::from(self.forward)..self.count
    }

    /// The fold of each row.
    pub fn of_rows(&self) -> &[usize] {
        &self.of_row
    }

    /// The rows held out with a fold, ascending.
    pub fn test(&self, fold: usize) -> Vec<usize> {
        (0..self.of_row.len()).filter(|&row| self.of_row[row] == fold).collect()
    }

    /// The rows that the model of a fold is trained on, ascending.
    pub fn train(&self, fold: usize) -> Vec<usize> {
        let trains = |of_row: usize| if self.forward { of_row < fold } else { of_row != fold };
        (0..self.of_row.len()).filter(|&row| trains(self.of_row[row])).collect()
    }
}

/// Rows that stay together.
struct Together {
    rows: Vec<usize>,
    /// Number of rows of each label, by the label's number.
    labels: BTreeMap<usize, usize>,
    order: u128,
}

impl StratifiedFolds {
    /// Deals the rows out.
    ///
    /// # Errors
    /// [`FoldError::Folds`] for fewer than two folds, [`FoldError::TooFew`] for fewer texts or groups than folds.
    pub fn deal(&self, rows: &[FoldRow<'_>]) -> Result<Folds, FoldError> {
        if self.folds < 2 {
            return Err(FoldError::Folds { found: self.folds });
        }
        let mut numbers: BTreeMap<(usize, &str), usize> = BTreeMap::new();
        for row in rows {
            for (facet, label) in labels_of(row) {
                *numbers.entry((facet, label)).or_default() += 1;
            }
        }
        // The map counts first and numbers then: by rising frequency, ties in order of facet and name.
        let mut ascending: Vec<(usize, (usize, &str))> = numbers.iter().map(|(&label, &n)| (n, label)).collect();
        ascending.sort_unstable();
        ascending.iter().enumerate().for_each(|(number, (_, label))| {
            numbers.insert(*label, number);
        });
        let mut by_unit: BTreeMap<(Option<&str>, u128), Together> = BTreeMap::new();
        for (i, row) in rows.iter().enumerate() {
            let name = (row.group, if row.group.is_some() { 0 } else { row.key });
            let unit = by_unit.entry(name).or_insert_with(|| Together {
                rows: Vec::new(),
                labels: BTreeMap::new(),
                order: self.order(row),
            });
            unit.rows.push(i);
            labels_of(row).for_each(|label| *unit.labels.entry(numbers[&label]).or_default() += 1);
        }
        if by_unit.len() < self.folds {
            let units = if rows.iter().any(|row| row.group.is_some()) { Unit::Group } else { Unit::Text };
            return Err(FoldError::TooFew { folds: self.folds, found: by_unit.len(), units });
        }
        // Stable: a tie of hashes is broken by group and key.
        let mut units: Vec<Together> = by_unit.into_values().collect();
        units.sort_by_key(|unit| (Reverse(unit.rows.len()), unit.order));
        let mut units_of: Vec<Vec<usize>> = vec![Vec::new(); numbers.len()];
        for (u, unit) in units.iter().enumerate() {
            // Labels are taken from the rarest on, so a unit is dealt with its rarest.
            unit.labels.keys().next().into_iter().for_each(|&label| units_of[label].push(u));
        }
        let mut of_row = vec![0; rows.len()];
        let mut size = vec![0; self.folds];
        let mut label_size = vec![vec![0; self.folds]; numbers.len()];
        for (label, of_label) in units_of.iter().enumerate() {
            for unit in of_label.iter().map(|&u| &units[u]) {
                let fewest = |fold: &usize| (label_size[label][*fold], size[*fold], *fold);
                let fold = (0..self.folds).min_by_key(fewest).unwrap_or_default();
                unit.rows.iter().for_each(|&row| of_row[row] = fold);
                size[fold] += unit.rows.len();
                unit.labels.iter().for_each(|(&label, n)| label_size[label][fold] += n);
            }
        }
        Ok(Folds { of_row, count: self.folds, forward: false })
    }

    fn order(&self, row: &FoldRow<'_>) -> u128 {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.seed.to_le_bytes());
        match row.group {
            Some(group) => hasher.update(b"group").update(group.as_bytes()),
            None => hasher.update(b"row").update(&row.key.to_le_bytes()),
        };
        half(hasher.finalize())
    }
}

/// The labels of all facets; an empty cell is a label without letters.
fn labels_of<'r>(row: &FoldRow<'r>) -> impl Iterator<Item = (usize, &'r str)> + use<'r> {
    row.labels.iter().enumerate().flat_map(|(facet, labels)| {
        let empty = labels.is_empty().then_some("");
        labels.iter().map(String::as_str).chain(empty).map(move |label| (facet, label))
    })
}

fn half(hash: blake3::Hash) -> u128 {
    let mut half = [0; 16];
    half.copy_from_slice(&hash.as_bytes()[..16]);
    u128::from_le_bytes(half)
}

/// The times of rows as they are written, all numbers or all dates.
///
/// # Errors
/// [`TimeError`] with the index of the row whose time cannot be read, or is of the other kind than the first.
pub fn times(written: &[&str]) -> Result<Vec<Instant>, (usize, TimeError)> {
    let mut times = Vec::with_capacity(written.len());
    for (row, text) in written.iter().enumerate() {
        let time = Instant::parse(text).map_err(|error| (row, error))?;
        let first = *times.first().unwrap_or(&time);
        time.check_kind(first, text).map_err(|error| (row, error))?;
        times.push(time);
    }
    Ok(times)
}

#[cfg(test)]
#[path = "folds_tests.rs"]
mod tests;
