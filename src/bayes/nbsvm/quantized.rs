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

    /// Adds `x` times a row to the scores, one to each: in pieces of eight and four, which take a few instructions each.
    #[inline]
    pub fn add_row(&self, row: usize, x: f32, scores: &mut [f32]) {
        let k = scores.len();
        let x = x * self.scales[row];
        let values = &self.values[row * k..][..k];
        let (scores, scores_rest) = scores.as_chunks_mut::<8>();
        let (values, values_rest) = values.as_chunks::<8>();
        scores.iter_mut().zip(values).for_each(|(scores, values)| add(x, values, scores));
        let (scores, scores_rest) = scores_rest.as_chunks_mut::<4>();
        let (values, values_rest) = values_rest.as_chunks::<4>();
        scores.iter_mut().zip(values).for_each(|(scores, values)| add(x, values, scores));
        scores_rest.iter_mut().zip(values_rest).for_each(|(s, &v)| *s += x * f32::from(v));
    }

    /// One weight.
    pub fn weight(&self, row: usize, label: usize, n_labels: usize) -> f32 {
        self.scales[row] * f32::from(self.values[row * n_labels + label])
    }
}

#[inline(always)]
fn add<const N: usize>(x: f32, values: &[i8; N], scores: &mut [f32; N]) {
    for i in 0..N {
        scores[i] += x * f32::from(values[i]);
    }
}
