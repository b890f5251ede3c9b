//! Dual coordinate descent for the squared hinge loss, all labels of a row together.
//!
//! Per label k, with y = ±1 and prior variances s (see [`prior`](super::prior)):
//!
//! ```text
//! min_w  ½ Σ_f w_fk²/s_fk + ½ b_k² + C Σ_d max(0, 1 − y_dk (b_k + Σ_f w_fk x_df))²
//! ```
//!
//! (Hsieh et al. 2008, "A dual coordinate descent method for large-scale linear SVM"; Fan et al. 2008, LIBLINEAR; here with
//! a variance per weight and the labels side by side, so that a row is read once for all of them.) Six sweeps are as good as thirty.
//!
//! Weights and variances of a feature lie side by side, see [`super::cells`].

use super::cells::Cells;
use super::design::Matrix;

/// When to be content.
#[derive(Clone, Copy, Debug)]
pub(super) struct Effort {
    /// Times that every row is visited at most.
    pub sweeps: usize,
    /// Sweeps end when one moves less than this share of what the first moved.
    pub still: f64,
    /// Smaller steps than this share of C are left out.
    pub least_step: f32,
}

const EFFORT: Effort = Effort { sweeps: 6, still: 0.01, least_step: 1e-3 };

/// Weights, row-major `(n_features, n_labels)`, and a bias per label.
#[derive(Clone, Debug)]
pub struct Weights {
    pub weights: Vec<f32>,
    pub bias: Vec<f32>,
}

/// Solves for all labels; `labels_of(d)` are the labels of row d.
pub fn solve<'l>(
    matrix: &Matrix,
    variances: Vec<f32>,
    n_labels: usize,
    labels_of: impl Fn(usize) -> &'l [u32],
    c: f32,
    seed: u64,
) -> Weights {
    solve_with(EFFORT, matrix, variances, n_labels, labels_of, c, seed)
}

/// [`solve`] with a chosen effort.
pub(super) fn solve_with<'l>(
    effort: Effort,
    matrix: &Matrix,
    variances: Vec<f32>,
    n_labels: usize,
    labels_of: impl Fn(usize) -> &'l [u32],
    c: f32,
    seed: u64,
) -> Weights {
    let (n, k) = (matrix.len(), n_labels);
    let mut cells = Cells::new(&variances, k);
    drop(variances);
    let mut bias = vec![0f32; k];
    let mut dual = vec![0f32; n * k];
    let mut curvature = vec![1f32; n * k];
    curvature.chunks_exact_mut(k).enumerate().for_each(|(d, q)| cells.add_curvature(matrix.row(d), q));
    let half = 1.0 / (2.0 * c);
    let mut order: Vec<u32> = (0..n as u32).collect();
    let mut random = SplitMix(seed);
    let mut margin = vec![0f32; k];
    let mut target = vec![-1f32; k];
    let mut steps = vec![0f32; k];
    let mut first_moved = 0.0;
    for sweep in 0..effort.sweeps {
        random.shuffle(&mut order);
        let mut moved = 0f64;
        for &d in &order {
            let d = d as usize;
            margin.copy_from_slice(&bias);
            cells.add_margins(matrix.row(d), &mut margin);
            labels_of(d).iter().for_each(|&l| target[l as usize] = 1.0);
            steps.fill(0.0);
            let mut is_still = true;
            let (a, q) = (&mut dual[d * k..(d + 1) * k], &curvature[d * k..(d + 1) * k]);
            for label in 0..k {
                let y = target[label];
                let old = a[label] * y;
                let gradient = y * margin[label] - 1.0 + old * half;
                let new = (old - gradient / (q[label] + half)).max(0.0);
                let step = (new - old) * y;
                if step.abs() > effort.least_step * c {
                    a[label] += step;
                    bias[label] += step;
                    moved += f64::from(step.abs());
                    steps[label] = step;
                    is_still = false;
                }
            }
            labels_of(d).iter().for_each(|&l| target[l as usize] = -1.0);
            if !is_still {
                cells.take_steps(matrix.row(d), &steps);
            }
        }
        if sweep == 0 {
            first_moved = moved;
        } else if moved < effort.still * first_moved {
            break;
        }
    }
    Weights { weights: cells.into_weights(), bias }
}

/// Steele, Lea and Flood's SplitMix64 (2014): ten lines whose numbers will never change under us, as those of a
/// library may.
pub(super) struct SplitMix(pub(super) u64);

impl SplitMix {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Fisher and Yates.
    pub(super) fn shuffle(&mut self, items: &mut [u32]) {
        for i in (1..items.len()).rev() {
            let j = (u128::from(self.next()) * (i as u128 + 1)) >> 64;
            items.swap(i, j as usize);
        }
    }
}
