//! Bags of words: sparse rows of counts.

use linfa::dataset::Records;
use ndarray::Array2;

use super::Blocks;

/// Counts of features per text, as compressed sparse rows; shape `(n_rows, n_features)`.
///
/// Eight bytes a non-zero count. This is the type at which linfa's grammar begins: it is linfa's `Records`, so a
/// `DatasetBase<BagOfWords, _>` can be fitted and predicted. It is our own type because Rust's orphan rule keeps
/// `Records` off other crates' sparse matrices.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BagOfWords {
    blocks: Blocks,
    offsets: Vec<usize>,
    columns: Vec<u32>,
    counts: Vec<u32>,
}

impl BagOfWords {
    /// No rows yet over the given columns.
    pub fn new(blocks: Blocks) -> Self {
        BagOfWords { blocks, offsets: vec![0], columns: Vec::new(), counts: Vec::new() }
    }

    /// From dense counts of shape `(n_rows, n_features)`, as one block.
    ///
    /// # Panics
    /// With more than 2³² − 1 columns.
    pub fn from_dense(counts: &Array2<u32>) -> Self {
        let n_features = u32::try_from(counts.ncols()).expect("fewer than 2^32 columns");
        let mut bag = BagOfWords::new(Blocks::single(n_features));
        for row in counts.rows() {
            bag.push((0..).zip(row.iter().copied()).filter(|&(_, count)| count > 0));
        }
        bag
    }

    /// Adds a row of (column, count), columns ascending, each once, counts above 0.
    ///
    /// # Panics
    /// When a column is not below `n_features` or not above the one before it.
    pub fn push(&mut self, row: impl IntoIterator<Item = (u32, u32)>) {
        let start = self.columns.len();
        for (column, count) in row {
            assert!(column < self.blocks.n_features(), "column {column} of a bag of {}", self.blocks.n_features());
            assert!(self.columns.len() == start || self.columns[self.columns.len() - 1] < column, "columns ascend");
            self.columns.push(column);
            self.counts.push(count);
        }
        self.offsets.push(self.columns.len());
    }

    /// Adds the rows of another bag over the same columns.
    ///
    /// # Panics
    /// When it has other columns.
    pub(crate) fn extend(&mut self, other: &BagOfWords) {
        assert_eq!(self.blocks.n_features(), other.blocks.n_features(), "columns of the bags");
        let first = self.columns.len();
        self.offsets.extend(other.offsets[1..].iter().map(|end| first + end));
        self.columns.extend_from_slice(&other.columns);
        self.counts.extend_from_slice(&other.counts);
    }

    /// The columns and counts of a row, columns ascending.
    ///
    /// # Panics
    /// When there is no such row.
    pub fn row(&self, index: usize) -> (&[u32], &[u32]) {
        let range = self.offsets[index]..self.offsets[index + 1];
        (&self.columns[range.clone()], &self.counts[range])
    }

    /// All rows in order.
    pub fn rows(&self) -> impl Iterator<Item = (&[u32], &[u32])> {
        (0..self.n_rows()).map(|i| self.row(i))
    }

    /// How many rows there are.
    pub fn n_rows(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// How many counts are stored.
    pub fn n_nonzero(&self) -> usize {
        self.columns.len()
    }

    /// The blocks that the columns lie in.
    pub fn blocks(&self) -> &Blocks {
        &self.blocks
    }

    /// The counts as a dense matrix, for estimators that know nothing else; mind its size, rows × features.
    pub fn to_dense(&self) -> Array2<f64> {
        let mut dense = Array2::zeros((self.n_rows(), self.blocks.n_features() as usize));
        for (i, (columns, counts)) in self.rows().enumerate() {
            for (&column, &count) in columns.iter().zip(counts) {
                dense[[i, column as usize]] = f64::from(count);
            }
        }
        dense
    }
}

impl Records for BagOfWords {
    type Elem = u32;

    fn nsamples(&self) -> usize {
        self.n_rows()
    }

    fn nfeatures(&self) -> usize {
        self.blocks.n_features() as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn dense_and_sparse_hold_the_same_counts() {
        let bag = BagOfWords::from_dense(&array![[0, 2, 0], [0, 0, 0], [1, 0, 3]]);
        assert_eq!((bag.nsamples(), bag.nfeatures(), bag.n_nonzero()), (3, 3, 3));
        assert_eq!(bag.row(2), (&[0, 2][..], &[1, 3][..]));
        assert_eq!(bag.row(1), (&[][..], &[][..]));
        assert_eq!(bag.to_dense(), array![[0., 2., 0.], [0., 0., 0.], [1., 0., 3.]]);
    }
}
