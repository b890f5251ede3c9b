//! The sufficient statistic of naive Bayes: how often each feature stood in rows of each label.
//!
//! Everything else (priors, smoothing, minimum document frequency, weights) is derived from these integers at use.
//! They are sums over rows, so a model can learn, forget and be merged exactly. Besides the labels there are three
//! columns of their own:
//!
//! - *empty*: tokens of rows whose label cell was empty. In a multi-label facet such a row says "none of these"; in a
//!   single-label one it says nothing. Which of the two a facet is can change with the next row, so they are kept apart.
//! - *empty rows*: how many of those rows hold the feature.
//! - *repeated*: tokens counted more than once because their row has several labels. Taken from the sum over labels
//!   they give the number of tokens.

use std::ops::Range;

use super::BayesError;

/// Counts per feature and label; shape `(n_features, n_labels)`, sparse, features in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelCounts {
    parts: LabelCountsParts,
    offsets: Vec<u32>,
}

/// The counts as plain arrays: the form in which they are stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelCountsParts {
    /// Rows of each label.
    pub label_rows: Vec<u64>,
    /// Rows with at least one label.
    pub labelled_rows: u64,
    /// Rows with an empty label cell.
    pub empty_rows: u64,
    /// Per feature, the number of labelled rows that hold it.
    pub document_frequency: Vec<u32>,
    /// Per feature, how many cells it has.
    pub cell_counts: Vec<u32>,
    /// Per cell, its column: a label, or one of the three columns of the module's head.
    pub columns: Vec<u32>,
    /// Per cell, the count; above 0.
    pub counts: Vec<u32>,
}

/// The columns behind the labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extra {
    Empty = 0,
    EmptyRows = 1,
    Repeated = 2,
}

/// How many columns there are behind the labels.
const EXTRAS: usize = 3;

/// The counts of one feature.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FeatureCounts<'a> {
    /// Labels in ascending order, without the extra columns.
    pub labels: &'a [u32],
    /// Count per label.
    pub counts: &'a [u32],
    /// Tokens in labelled rows.
    pub labelled: u64,
    /// Tokens in rows with an empty cell.
    pub empty: u32,
    /// Rows with an empty cell that hold the feature.
    pub empty_rows: u32,
}

impl LabelCounts {
    /// Checks stored counts.
    ///
    /// # Errors
    /// [`BayesError::Inconsistent`] where they contradict each other.
    pub fn from_parts(parts: LabelCountsParts) -> Result<Self, BayesError> {
        let error = |what| Err(BayesError::Inconsistent(what));
        if parts.cell_counts.len() != parts.document_frequency.len() {
            return error("features and document frequencies differ in number");
        }
        if parts.columns.len() != parts.counts.len() {
            return error("columns and counts differ in number");
        }
        let mut sum = 0u64;
        for &rows in &parts.label_rows {
            if rows == 0 || rows > parts.labelled_rows {
                return error("a label has no row, or more rows than there are");
            }
            sum = sum.checked_add(rows).ok_or(BayesError::Inconsistent("too many rows"))?;
        }
        if sum < parts.labelled_rows || parts.labelled_rows.checked_add(parts.empty_rows).is_none() {
            return error("more labelled rows than labels of rows");
        }
        let mut offsets = Vec::with_capacity(parts.cell_counts.len() + 1);
        let mut end = 0u32;
        offsets.push(end);
        for &cells in &parts.cell_counts {
            end = end.checked_add(cells).ok_or(BayesError::Inconsistent("too many cells"))?;
            offsets.push(end);
        }
        if end as usize != parts.columns.len() {
            return error("the numbers of cells do not fit the cells");
        }
        let counts = LabelCounts { parts, offsets };
        for feature in 0..counts.n_features() {
            counts.check_feature(feature).map_err(BayesError::Inconsistent)?;
        }
        Ok(counts)
    }

    /// For counts that were just counted and need no check.
    pub(crate) fn from_counted(parts: LabelCountsParts) -> Result<Self, BayesError> {
        let mut offsets = Vec::with_capacity(parts.cell_counts.len() + 1);
        let mut end = 0u32;
        offsets.push(end);
        for &cells in &parts.cell_counts {
            end = end.checked_add(cells).ok_or(BayesError::CountOverflow)?;
            offsets.push(end);
        }
        Ok(LabelCounts { parts, offsets })
    }

    fn check_feature(&self, feature: usize) -> Result<(), &'static str> {
        let range = self.cells(feature);
        let columns = &self.parts.columns[range.clone()];
        let counts = &self.parts.counts[range];
        if columns.windows(2).any(|w| w[0] >= w[1]) {
            return Err("the columns of a feature do not ascend");
        }
        if columns.last().is_some_and(|&c| c as usize >= self.n_labels() + EXTRAS) {
            return Err("a column is past the last label");
        }
        if counts.contains(&0) {
            return Err("a stored count is 0");
        }
        let of = |extra| self.extra(feature, extra);
        let n_label_cells = columns.partition_point(|&c| (c as usize) < self.n_labels());
        let total: u64 = counts[..n_label_cells].iter().map(|&c| u64::from(c)).sum();
        let largest = counts[..n_label_cells].iter().copied().max().unwrap_or(0);
        let labelled = total.checked_sub(u64::from(of(Extra::Repeated))).ok_or("more repeated tokens than tokens")?;
        if labelled < u64::from(largest) {
            return Err("a label has more tokens than its rows");
        }
        let df = u64::from(self.parts.document_frequency[feature]);
        if df > self.parts.labelled_rows || df > labelled || (labelled > 0 && df == 0) {
            return Err("a document frequency does not fit the counts");
        }
        let empty_rows = of(Extra::EmptyRows);
        if u64::from(empty_rows) > self.parts.empty_rows
            || empty_rows > of(Extra::Empty)
            || (of(Extra::Empty) > 0 && empty_rows == 0)
        {
            return Err("the rows without a label do not fit the counts");
        }
        Ok(())
    }

    pub(super) fn cells(&self, feature: usize) -> Range<usize> {
        self.offsets[feature] as usize..self.offsets[feature + 1] as usize
    }

    fn extra(&self, feature: usize, extra: Extra) -> u32 {
        let range = self.cells(feature);
        let column = (self.n_labels() + extra as usize) as u32;
        let found = self.parts.columns[range.clone()].binary_search(&column);
        found.map_or(0, |i| self.parts.counts[range.start + i])
    }

    /// Reads where the counts of some features begin, and uses nothing of it: these reads do not wait for one another, so
    /// the counts are in the cache when [`feature`](Self::feature) asks for them one by one.
    pub(crate) fn touch(&self, features: &[(u32, u32)]) {
        let mut starts = [0; Self::AHEAD];
        let mut sum = 0u32;
        let at = |values: &[u32], i: usize| values.get(i).copied().unwrap_or(0);
        for (start, &(feature, _)) in starts.iter_mut().zip(features) {
            *start = at(&self.offsets, feature as usize) as usize;
            sum = sum.wrapping_add(at(&self.parts.document_frequency, feature as usize));
        }
        for &start in &starts[..features.len().min(Self::AHEAD)] {
            sum = sum.wrapping_add(at(&self.parts.columns, start)).wrapping_add(at(&self.parts.counts, start));
        }
        std::hint::black_box(sum);
    }

    /// How many features are touched at once, at most.
    pub(crate) const AHEAD: usize = 64;

    /// The counts of a feature.
    pub(crate) fn feature(&self, feature: usize) -> FeatureCounts<'_> {
        let range = self.cells(feature);
        let columns = &self.parts.columns[range.clone()];
        let counts = &self.parts.counts[range];
        let n_labels = self.n_labels() as u32;
        // At most three cells stand behind the labels: look from the end.
        let mut end = columns.len();
        let mut extras = [0u32; EXTRAS];
        while end > 0 && columns[end - 1] >= n_labels {
            end -= 1;
            extras[(columns[end] - n_labels) as usize] = counts[end];
        }
        let total: u64 = counts[..end].iter().map(|&c| u64::from(c)).sum();
        FeatureCounts {
            labels: &columns[..end],
            counts: &counts[..end],
            labelled: total - u64::from(extras[Extra::Repeated as usize]),
            empty: extras[Extra::Empty as usize],
            empty_rows: extras[Extra::EmptyRows as usize],
        }
    }

    /// Per feature, the number of labelled rows that hold it.
    pub fn document_frequency(&self) -> &[u32] {
        &self.parts.document_frequency
    }

    /// How many features there are.
    pub fn n_features(&self) -> usize {
        self.parts.document_frequency.len()
    }

    /// How many labels there are.
    pub fn n_labels(&self) -> usize {
        self.parts.label_rows.len()
    }

    /// Rows of each label.
    pub fn label_rows(&self) -> &[u64] {
        &self.parts.label_rows
    }

    /// Rows with at least one label.
    pub fn labelled_rows(&self) -> u64 {
        self.parts.labelled_rows
    }

    /// Rows with an empty label cell.
    pub fn empty_rows(&self) -> u64 {
        self.parts.empty_rows
    }

    /// Whether any row has two labels or more.
    pub fn has_rows_with_several_labels(&self) -> bool {
        self.parts.label_rows.iter().sum::<u64>() > self.parts.labelled_rows
    }

    /// How many counts are stored.
    pub fn n_cells(&self) -> usize {
        self.parts.columns.len()
    }

    /// The counts to store; [`from_parts`](Self::from_parts) of them gives the same counts.
    pub fn parts(&self) -> &LabelCountsParts {
        &self.parts
    }
}

#[cfg(test)]
mod tests {
    use super::super::CountsBuilder;
    use super::*;

    /// Four rows over three features, labels a = 0 and b = 1; the second row has both, the last none.
    fn sample() -> LabelCounts {
        let mut builder = CountsBuilder::default();
        builder.add(&[(0, 2), (1, 1)], &[0]).unwrap();
        builder.add(&[(0, 3)], &[0, 1]).unwrap();
        builder.add(&[(2, 1)], &[1]).unwrap();
        builder.add(&[(0, 4)], &[]).unwrap();
        builder.finish(&[0, 1, 2], &[0, 1]).unwrap()
    }

    #[test]
    fn tokens_of_rows_with_several_labels_count_once_in_the_total() {
        let counts = sample();
        let word = counts.feature(0);
        assert_eq!((word.labels, word.counts), (&[0, 1][..], &[5, 3][..]));
        assert_eq!((word.labelled, word.empty, word.empty_rows), (5, 4, 1));
        assert_eq!(counts.document_frequency(), [2, 1, 1]);
        assert_eq!((counts.label_rows(), counts.labelled_rows(), counts.empty_rows()), (&[2, 2][..], 3, 1));
        assert!(counts.has_rows_with_several_labels());
    }

    #[test]
    fn parts_come_back_and_contradictions_are_refused() {
        let counts = sample();
        assert_eq!(LabelCounts::from_parts(counts.parts().clone()).unwrap(), counts);
        let changes: [fn(&mut LabelCountsParts); 11] = [
            |p| p.counts[0] = 0,
            |p| p.counts[0] = 1,
            |p| p.columns[0] = 99,
            |p| p.columns.swap(0, 1),
            |p| p.document_frequency[0] = 9,
            |p| p.document_frequency[0] = 0,
            |p| p.cell_counts[0] += 1,
            |p| p.labelled_rows = 9,
            |p| p.label_rows[0] = 0,
            |p| p.empty_rows = 0,
            |p| p.cell_counts.truncate(2),
        ];
        for (i, change) in changes.iter().enumerate() {
            let mut parts = counts.parts().clone();
            change(&mut parts);
            assert!(LabelCounts::from_parts(parts).is_err(), "change {i}");
        }
    }
}
