//! Counting the columns of a text without sorting them.
//!
//! One counter a column, and two levels of bits: which columns were counted, and which words of those bits are not zero. The
//! bits give the columns back in order, and everything is zero again afterwards. [`count_columns`](super::count_columns)
//! does the same by sorting, and takes over where a text is short or a vocabulary so large that the counters would be.

use super::extractor::count_columns;

/// Memory of one thread, used again from text to text.
#[derive(Clone, Debug, Default)]
pub(crate) struct RowCounter {
    counts: Vec<u32>,
    counted: Vec<u64>,
    nonzero: Vec<u64>,
}

/// Below this many columns sorting is as fast.
const FEW: usize = 128;
/// The most columns of a vocabulary that get counters: four megabytes a thread.
const MOST: usize = 1 << 20;

impl RowCounter {
    /// Writes each of the columns, which lie below `n_features`, with its count into `row`, ascending.
    pub(crate) fn count(&mut self, columns: &mut [u32], n_features: usize, row: &mut Vec<(u32, u32)>) {
        if columns.len() < FEW || n_features > MOST {
            return count_columns(columns, row);
        }
        if self.counts.len() < n_features {
            self.counts.resize(n_features, 0);
            self.counted.resize(n_features.div_ceil(64), 0);
            self.nonzero.resize(self.counted.len().div_ceil(64), 0);
        }
        row.clear();
        for &column in columns.iter() {
            let column = column as usize;
            let count = &mut self.counts[column];
            if *count == 0 {
                self.counted[column / 64] |= 1 << (column % 64);
                self.nonzero[column / 4096] |= 1 << (column / 64 % 64);
            }
            *count += 1;
        }
        for (i, words) in self.nonzero.iter_mut().enumerate() {
            for j in bits(std::mem::take(words)) {
                let word = 64 * i + j;
                for k in bits(std::mem::take(&mut self.counted[word])) {
                    let column = 64 * word + k;
                    row.push((column as u32, std::mem::take(&mut self.counts[column])));
                }
            }
        }
    }
}

/// The positions of the bits that are set, ascending.
fn bits(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let next = (word != 0).then(|| word.trailing_zeros() as usize);
        word &= word.wrapping_sub(1);
        next
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn counters_and_sorting_give_the_same_row(
            texts in prop::collection::vec(prop::collection::vec(0u32..9000, 0..600), 1..4),
        ) {
            let mut counter = RowCounter::default();
            let (mut row, mut expected) = (Vec::new(), Vec::new());
            for mut columns in texts {
                counter.count(&mut columns.clone(), 9000, &mut row);
                count_columns(&mut columns, &mut expected);
                prop_assert_eq!(&row, &expected);
            }
        }
    }
}
