//! From counts to the numbers that a linear model multiplies: log tf-idf, block by block.
//!
//! Per block g: `z_f = ln(1 + tf_f) · idf_f`, `idf_f = ln((1 + n)/(1 + df_f)) + 1`, divided by its Euclidean length;
//! times the block's weight; then the whole row divided by its length (the tf-idf of scikit-learn's `TfidfTransformer`
//! with `sublinear_tf`, but with `ln(1 + tf)`, and normalised by block, so that fifty pairs do not outweigh fifty words).

use std::sync::LazyLock;

use crate::features::Blocks;

/// No row: the feature does not take part.
const NONE: u32 = u32::MAX;

/// The features that take part, and their weights in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    /// Per column of the vocabulary, the row of the weight matrix.
    row_of: Vec<u32>,
    /// The columns that take part, ascending.
    columns: Vec<u32>,
    idf: Vec<f32>,
    block_of: Vec<u8>,
    block_weights: Vec<f32>,
}

/// A weighted feature: row of the weight matrix, and its number.
pub type Entry = (u32, f32);

impl Design {
    /// Over these columns (ascending), each with its inverse document frequency.
    pub fn new(blocks: &Blocks, columns: Vec<u32>, idf: Vec<f32>) -> Self {
        let mut row_of = vec![NONE; blocks.n_features() as usize];
        let mut block_of = Vec::with_capacity(columns.len());
        for (row, &column) in columns.iter().enumerate() {
            debug_assert!(row == 0 || columns[row - 1] < column, "columns ascend");
            row_of[column as usize] = row as u32;
            block_of.push(blocks.block_of(column) as u8);
        }
        let block_weights = blocks.iter().map(|b| b.weight as f32).collect();
        Design { row_of, columns, idf, block_of, block_weights }
    }

    /// The same features under other column numbers: `columns[old]` is the new number, in the same order.
    pub(crate) fn renumbered(&self, columns: &[u32], blocks: &Blocks) -> Self {
        Design::new(blocks, self.columns.iter().map(|&c| columns[c as usize]).collect(), self.idf.clone())
    }

    /// The columns that take part, ascending.
    pub fn columns(&self) -> &[u32] {
        &self.columns
    }

    /// The inverse document frequency of each.
    pub fn idf(&self) -> &[f32] {
        &self.idf
    }

    /// The block of a feature, by its row.
    pub fn block_of(&self, row: usize) -> usize {
        usize::from(self.block_of[row])
    }

    /// The weight of its block.
    pub fn block_weight(&self, row: usize) -> f32 {
        self.block_weights[self.block_of(row)]
    }

    /// How many columns the vocabulary has.
    pub fn n_columns(&self) -> usize {
        self.row_of.len()
    }

    /// How many features take part.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether no feature takes part.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// The row of a column.
    pub fn row_of(&self, column: u32) -> Option<u32> {
        self.row_of.get(column as usize).copied().filter(|&row| row != NONE)
    }

    /// Weighs a row of (column, count) into `out`, emptied first; a row without a known feature stays empty.
    pub fn weigh(&self, row: impl IntoIterator<Item = (u32, u32)>, out: &mut Vec<Entry>) {
        out.clear();
        let ln_1p = Ln1p::new();
        let mut sums = RowSums::default();
        for (column, count) in row {
            let Some(index) = self.row_of(column) else { continue };
            let z = ln_1p.of(count) * self.idf[index as usize];
            sums.add(usize::from(self.block_of[index as usize]), z);
            out.push((index, z));
        }
        let scales = sums.scales(self);
        for (index, z) in out.iter_mut() {
            *z = (f64::from(*z) * scales[usize::from(self.block_of[*index as usize])]) as f32;
        }
    }
}

/// Per block, the sum of the squares of a row, from which follows by what the row is multiplied: the two halves of
/// [`Design::weigh`] for those who do something in between.
#[derive(Default)]
pub(super) struct RowSums([f64; 16]);

impl RowSums {
    #[inline]
    pub(super) fn add(&mut self, block: usize, z: f32) {
        self.0[block] += f64::from(z) * f64::from(z);
    }

    /// Per block, what its numbers are multiplied by; of no use in blocks without one.
    pub(super) fn scales(&self, design: &Design) -> [f64; 16] {
        let mut total = 0f64;
        for (square, &weight) in self.0.iter().zip(&design.block_weights) {
            if *square > 0.0 {
                total += f64::from(weight) * f64::from(weight);
            }
        }
        let mut scales = [0f64; 16];
        for ((scale, square), &weight) in scales.iter_mut().zip(self.0).zip(&design.block_weights) {
            *scale = f64::from(weight) / (square * total).sqrt();
        }
        scales
    }
}

/// ln(1 + count), from a table where counts are small.
#[derive(Clone, Copy)]
pub(super) struct Ln1p(&'static [f32; SMALL_COUNTS]);

const SMALL_COUNTS: usize = 64;
static LN_1P: LazyLock<[f32; SMALL_COUNTS]> = LazyLock::new(|| std::array::from_fn(|count| ln_1p(count as u32)));

fn ln_1p(count: u32) -> f32 {
    match count {
        1 => std::f32::consts::LN_2,
        count => libm::log1p(f64::from(count)) as f32,
    }
}

impl Ln1p {
    pub(super) fn new() -> Self {
        Ln1p(&LN_1P)
    }

    #[inline]
    pub(super) fn of(self, count: u32) -> f32 {
        self.0.get(count as usize).copied().unwrap_or_else(|| ln_1p(count))
    }
}

/// Weighted rows of the features that take part, compressed: eight bytes a number that is not zero, four for its feature
/// and four for itself.
#[derive(Clone, Debug, Default)]
pub struct Matrix {
    offsets: Vec<usize>,
    entries: Vec<Entry>,
}

impl Matrix {
    /// The weighted rows of a design, in order.
    pub fn new<R: IntoIterator<Item = (u32, u32)>>(design: &Design, rows: impl IntoIterator<Item = R>) -> Self {
        let mut matrix = Matrix { offsets: vec![0], entries: Vec::new() };
        let mut weighted = Vec::new();
        for row in rows {
            design.weigh(row, &mut weighted);
            matrix.entries.extend_from_slice(&weighted);
            matrix.offsets.push(matrix.entries.len());
        }
        matrix
    }

    /// Rows that are weighted already.
    #[cfg(test)]
    pub(super) fn from_entries(rows: &[Vec<Entry>]) -> Self {
        let mut matrix = Matrix { offsets: vec![0], entries: Vec::new() };
        for row in rows {
            matrix.entries.extend_from_slice(row);
            matrix.offsets.push(matrix.entries.len());
        }
        matrix
    }

    /// The entries of a row.
    pub fn row(&self, index: usize) -> &[Entry] {
        &self.entries[self.offsets[index]..self.offsets[index + 1]]
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Per feature, the sum of its squares over all rows.
    pub fn squares(&self, n_features: usize) -> Vec<f64> {
        let mut squares = vec![0.0; n_features];
        for &(feature, x) in &self.entries {
            squares[feature as usize] += f64::from(x) * f64::from(x);
        }
        squares
    }
}
