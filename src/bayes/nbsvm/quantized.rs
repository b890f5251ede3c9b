//! Weights in one byte each, with a scale per row: steps of a 127th of the largest weight of a feature, an error of at
//! most half a step, are precision enough, and a quarter of the memory.

/// A matrix of small integers, row-major `(n_rows, n_labels)`; a weight is `scale[row] · value`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Quantized {
    /// Per row, what one step is worth.
    pub scales: Vec<f32>,
    /// Per row and label.
    pub values: Vec<i8>,
}

impl Quantized {
    /// The nearest matrix of bytes.
    pub fn new(weights: &[f32], n_labels: usize) -> Self {
        let mut scales = Vec::with_capacity(weights.len() / n_labels.max(1));
        let mut values = Vec::with_capacity(weights.len());
        for row in weights.chunks_exact(n_labels.max(1)) {
            let largest = row.iter().fold(0f32, |m, w| m.max(w.abs()));
            let scale = largest / 127.0;
            scales.push(scale);
            let to_byte = |w: &f32| if scale > 0.0 { (w / scale).round().clamp(-127.0, 127.0) as i8 } else { 0 };
            values.extend(row.iter().map(to_byte));
        }
        Quantized { scales, values }
    }

    /// Adds to the scores, one a label, each of these rows times its number, in this order; `steps` is room to work in.
    ///
    /// Sixteen labels at a time, then eight, four and one, whose sums stay in registers while the rows go by.
    pub(super) fn add_rows(
        &self,
        rows: impl Iterator<Item = (usize, f32)>,
        steps: &mut Vec<(usize, f32)>,
        scores: &mut [f32],
    ) {
        let k = scores.len();
        steps.clear();
        steps.extend(rows.map(|(row, x)| (row * k, x * self.scales[row])));
        let mut rest = scores;
        let mut at = 0;
        while !rest.is_empty() {
            let width = match rest.len() {
                16.. => self.add_piece::<16>(steps, at, rest),
                8.. => self.add_piece::<8>(steps, at, rest),
                4.. => self.add_piece::<4>(steps, at, rest),
                _ => self.add_piece::<1>(steps, at, rest),
            };
            (at, rest) = (at + width, &mut rest[width..]);
        }
    }

    /// Adds up the values of `N` labels, the first of which is number `at`; gives `N`.
    #[inline]
    fn add_piece<const N: usize>(&self, steps: &[(usize, f32)], at: usize, scores: &mut [f32]) -> usize {
        let Some(scores) = scores.first_chunk_mut::<N>() else { return N };
        let mut sums = *scores;
        for &(start, x) in steps {
            let Some(values) = self.values.get(start + at..).and_then(|values| values.first_chunk::<N>()) else {
                continue;
            };
            for i in 0..N {
                sums[i] += x * f32::from(values[i]);
            }
        }
        *scores = sums;
        N
    }

    /// Adds `x` times a row to the scores: what [`add_rows`](Self::add_rows) does, row by row.
    #[cfg(test)]
    pub(super) fn add_row(&self, row: usize, x: f32, scores: &mut [f32]) {
        let k = scores.len();
        let x = x * self.scales[row];
        let values = &self.values[row * k..][..k];
        scores.iter_mut().zip(values).for_each(|(s, &v)| *s += x * f32::from(v));
    }

    /// One weight.
    pub fn weight(&self, row: usize, label: usize, n_labels: usize) -> f32 {
        self.scales[row] * f32::from(self.values[row * n_labels + label])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn many_rows_at_once_are_the_same_to_the_last_bit(
            n_labels in 1usize..45,
            weights in prop::collection::vec(-2f32..2.0, 45 * 6),
            rows in prop::collection::vec((0usize..6, -1f32..1.0), 0..20),
        ) {
            let matrix = Quantized::new(&weights[..n_labels * 6], n_labels);
            let (mut one_by_one, mut at_once) = (vec![0.1; n_labels], vec![0.1; n_labels]);
            rows.iter().for_each(|&(row, x)| matrix.add_row(row, x, &mut one_by_one));
            matrix.add_rows(rows.iter().copied(), &mut Vec::new(), &mut at_once);
            prop_assert_eq!(one_by_one, at_once);
        }
    }
}
