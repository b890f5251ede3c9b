//! Weights and prior variances of the solver, feature by feature.
//!
//! A row visits a few hundred features anywhere in a table of megabytes, reads their weights, and changes some: time goes
//! to fetching them. So the labels are cut into blocks of 16, and of 8 or 4 at the end (the last filled up with labels
//! without meaning), and for each feature the 4 to 16 weights of a block lie right before the 4 to 16 variances that a step needs:
//!
//! ```text
//! feature 0: w₀ … w₁₅ s₀ … s₁₅ | w₁₆ … w₁₉ s₁₆ … s₁₉   feature 1: …      (20 labels)
//! ```
//!
//! Sums over a row are made one block at a time, and stay in registers. For each label they are the sums of the plain
//! loops, in the same order.

use super::design::Entry;

/// The two numbers of each feature and label.
pub(super) struct Cells {
    cells: Vec<f32>,
    n_labels: usize,
    /// Where the blocks begin, and how wide they are.
    blocks: Vec<(usize, usize)>,
    /// The width of all.
    width: usize,
}

/// From so many steps of a block on, all of it is added at once.
const MANY_STEPS: usize = 3;

impl Cells {
    /// Weights of 0 with these variances, row-major `(n_features, n_labels)`.
    pub fn new(variances: &[f32], n_labels: usize) -> Self {
        let (mut blocks, mut width) = (Vec::new(), 0);
        while width < n_labels {
            let block = match n_labels - width {
                1..=4 => 4,
                5..=12 => 8,
                _ => 16,
            };
            blocks.push((width, block));
            width += block;
        }
        let mut cells = vec![0f32; variances.len() / n_labels.max(1) * width * 2];
        for (cell, row) in cells.chunks_exact_mut((width * 2).max(1)).zip(variances.chunks_exact(n_labels.max(1))) {
            for &(start, block) in &blocks {
                let labels = &row[start..n_labels.min(start + block)];
                cell[start * 2 + block..][..labels.len()].copy_from_slice(labels);
            }
        }
        Cells { cells, n_labels, blocks, width }
    }

    /// Adds `x w` of each feature of a row to each label.
    pub fn add_margins(&self, row: &[Entry], margins: &mut [f32]) {
        for &(start, width) in &self.blocks {
            match width {
                16 => self.add_products::<16>(row, start, 0, margins, |x| x),
                8 => self.add_products::<8>(row, start, 0, margins, |x| x),
                _ => self.add_products::<4>(row, start, 0, margins, |x| x),
            }
        }
    }

    /// Adds `x² s` of each feature of a row to each label.
    pub fn add_curvature(&self, row: &[Entry], curvature: &mut [f32]) {
        for &(start, width) in &self.blocks {
            match width {
                16 => self.add_products::<16>(row, start, 16, curvature, |x| x * x),
                8 => self.add_products::<8>(row, start, 8, curvature, |x| x * x),
                _ => self.add_products::<4>(row, start, 4, curvature, |x| x * x),
            }
        }
    }

    /// Adds to the sums of a block `factor(x)` times the `L` numbers that begin `skip` after the block does.
    #[inline(always)]
    fn add_products<const L: usize>(
        &self,
        row: &[Entry],
        start: usize,
        skip: usize,
        sums: &mut [f32],
        factor: impl Fn(f32) -> f32,
    ) {
        let end = self.n_labels.min(start + L);
        let mut block = [0f32; L];
        block[..end - start].copy_from_slice(&sums[start..end]);
        let (stride, at) = (self.width * 2, start * 2 + skip);
        for &(feature, x) in row {
            let cell = &self.cells[feature as usize * stride + at..][..L];
            let factor = factor(x);
            block.iter_mut().zip(cell).for_each(|(sum, c)| *sum += factor * c);
        }
        sums[start..end].copy_from_slice(&block[..end - start]);
    }

    /// Adds `x s step` to each weight of the features of a row.
    pub fn take_steps(&mut self, row: &[Entry], steps: &[f32]) {
        for block in 0..self.blocks.len() {
            let (start, width) = self.blocks[block];
            let of_block = &steps[start..self.n_labels.min(start + width)];
            let n_steps = of_block.iter().filter(|&&step| step != 0.0).count();
            if n_steps >= MANY_STEPS {
                match width {
                    16 => self.step_all::<16>(row, start, of_block),
                    8 => self.step_all::<8>(row, start, of_block),
                    _ => self.step_all::<4>(row, start, of_block),
                }
            } else if n_steps > 0 {
                for (label, &step) in of_block.iter().enumerate().filter(|(_, step)| **step != 0.0) {
                    self.step_one(row, start * 2 + label, width, step);
                }
            }
        }
    }

    #[inline(always)]
    fn step_all<const L: usize>(&mut self, row: &[Entry], start: usize, of_block: &[f32]) {
        let mut steps = [0f32; L];
        steps[..of_block.len()].copy_from_slice(of_block);
        let stride = self.width * 2;
        for &(feature, x) in row {
            let (weights, variances) = self.cells[feature as usize * stride + start * 2..][..2 * L].split_at_mut(L);
            weights.iter_mut().zip(variances).zip(&steps).for_each(|((w, s), step)| *w += x * *s * step);
        }
    }

    fn step_one(&mut self, row: &[Entry], at: usize, width: usize, step: f32) {
        let stride = self.width * 2;
        for &(feature, x) in row {
            let cell = &mut self.cells[feature as usize * stride + at..][..=width];
            cell[0] += x * cell[width] * step;
        }
    }

    /// The weights, row-major `(n_features, n_labels)`.
    pub fn into_weights(self) -> Vec<f32> {
        let mut weights = Vec::with_capacity(self.cells.len() / (self.width * 2).max(1) * self.n_labels);
        for cell in self.cells.chunks_exact((self.width * 2).max(1)) {
            for &(start, width) in &self.blocks {
                weights.extend_from_slice(&cell[start * 2..][..width.min(self.n_labels - start)]);
            }
        }
        weights
    }
}
