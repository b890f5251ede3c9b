//! Logistic regression with an L2 penalty, for few columns and many rows.
//!
//! ```text
//! min_w  Σ_i ln(1 + exp(−y_i w·x_i)) + ½ λ |w|²        y = ±1
//! ```
//!
//! by Newton's method (iteratively reweighted least squares; Hastie, Tibshirani and Friedman 2009, *The Elements of
//! Statistical Learning*, section 4.4.1) with step halving: the function is strictly convex, so the start does not show. Sums run
//! over fixed chunks of rows, one after another: the same bits on any number of threads.

use rayon::prelude::*;

use crate::bayes::posterior::sigmoid;

/// Rows of a design: (column, value), columns ascending, and whether the row is a yes.
#[derive(Clone, Debug, Default)]
pub(super) struct Design {
    ends: Vec<usize>,
    cells: Vec<(u16, f64)>,
    yes: Vec<bool>,
}

impl Design {
    pub fn push(&mut self, cells: impl IntoIterator<Item = (u16, f64)>, yes: bool) {
        self.cells.extend(cells);
        self.ends.push(self.cells.len());
        self.yes.push(yes);
    }

    pub fn len(&self) -> usize {
        self.yes.len()
    }

    fn row(&self, i: usize) -> &[(u16, f64)] {
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        &self.cells[start..self.ends[i]]
    }
}

/// The weights of `n_columns` columns; all zero without rows.
pub(super) fn fit(design: &Design, n_columns: usize, penalty: f64) -> Vec<f64> {
    const STEPS: usize = 60;
    let mut weights = vec![0.0; n_columns];
    let mut pass = Pass::over(design, &weights, penalty);
    for _ in 0..STEPS {
        let downhill: Vec<f64> = pass.gradient.iter().map(|g| -g).collect();
        let direction = solve(&pass.curvature, &downhill);
        // What the step would gain if the function were the parabola.
        let gain: f64 = direction.iter().zip(&downhill).map(|(d, g)| 0.5 * d * g).sum();
        if gain <= 1e-10 * (1.0 + pass.loss) {
            // So near the end the parabola is as good as the function, and better than its rounded sum.
            weights.iter_mut().zip(&direction).for_each(|(w, d)| *w += d);
            break;
        }
        let mut length = 1.0;
        let better = loop {
            let next: Vec<f64> = weights.iter().zip(&direction).map(|(w, d)| w + length * d).collect();
            let there = Pass::over(design, &next, penalty);
            if there.loss < pass.loss {
                break Some((next, there));
            }
            length /= 2.0;
            if length < 1e-6 {
                break None;
            }
        };
        let Some((next, there)) = better else { break };
        (weights, pass) = (next, there);
    }
    weights
}

/// What a pass over the rows gives: the function, its slopes, and the upper triangle of its second derivatives.
struct Pass {
    loss: f64,
    gradient: Vec<f64>,
    curvature: Vec<f64>,
}

impl Pass {
    fn new(n: usize) -> Self {
        Pass { loss: 0.0, gradient: vec![0.0; n], curvature: vec![0.0; n * n] }
    }

    fn over(design: &Design, weights: &[f64], penalty: f64) -> Self {
        const CHUNK: usize = 2048;
        // So many chunks have their sums in memory at once.
        const AT_ONCE: usize = 32;
        let n = weights.len();
        let mut total = Pass::new(n);
        let chunks = design.len().div_ceil(CHUNK);
        for first in (0..chunks).step_by(AT_ONCE) {
            let parts: Vec<Pass> = (first..(first + AT_ONCE).min(chunks))
                .into_par_iter()
                .map(|chunk| {
                    let mut part = Pass::new(n);
                    let rows = chunk * CHUNK..((chunk + 1) * CHUNK).min(design.len());
                    rows.for_each(|i| part.add(design.row(i), design.yes[i], weights));
                    part
                })
                .collect();
            for part in parts {
                total.loss += part.loss;
                total.gradient.iter_mut().zip(&part.gradient).for_each(|(sum, one)| *sum += one);
                total.curvature.iter_mut().zip(&part.curvature).for_each(|(sum, one)| *sum += one);
            }
        }
        for (i, w) in weights.iter().enumerate() {
            total.loss += 0.5 * penalty * w * w;
            total.gradient[i] += penalty * w;
            total.curvature[i * n + i] += penalty;
        }
        total
    }

    fn add(&mut self, row: &[(u16, f64)], yes: bool, weights: &[f64]) {
        let n = weights.len();
        let z: f64 = row.iter().map(|&(column, x)| x * weights[usize::from(column)]).sum();
        let wrong = if yes { -z } else { z };
        self.loss += wrong.max(0.0) + libm::log1p(libm::exp(-wrong.abs()));
        let p = sigmoid(z);
        let (slope, bend) = (p - f64::from(u8::from(yes)), p * (1.0 - p));
        for (k, &(i, x)) in row.iter().enumerate() {
            let i = usize::from(i);
            self.gradient[i] += slope * x;
            for &(j, y) in &row[k..] {
                self.curvature[i * n + usize::from(j)] += bend * x * y;
            }
        }
    }
}

/// Solves `H x = v` by Cholesky's decomposition `H = Uᵀ U`; of the positive definite H the upper triangle is given.
fn solve(upper: &[f64], v: &[f64]) -> Vec<f64> {
    let n = v.len();
    let mut u = upper.to_vec();
    let mut x = v.to_vec();
    for k in 0..n {
        // Rounding may make a pivot that is almost nothing negative.
        let pivot = libm::sqrt(u[k * n + k].max(1e-12));
        u[k * n + k] = pivot;
        u[k * n + k + 1..(k + 1) * n].iter_mut().for_each(|cell| *cell /= pivot);
        let (above, below) = u.split_at_mut((k + 1) * n);
        let row = &above[k * n..];
        for i in k + 1..n {
            let factor = row[i];
            if factor == 0.0 {
                continue;
            }
            let target = &mut below[(i - k - 1) * n..(i - k) * n];
            target[i..].iter_mut().zip(&row[i..]).for_each(|(cell, a)| *cell -= factor * a);
        }
    }
    for i in 0..n {
        x[i] /= u[i * n + i];
        let xi = x[i];
        let row = &u[i * n + i + 1..(i + 1) * n];
        x[i + 1..].iter_mut().zip(row).for_each(|(x, a)| *x -= a * xi);
    }
    for i in (0..n).rev() {
        let known: f64 = u[i * n + i + 1..(i + 1) * n].iter().zip(&x[i + 1..]).map(|(a, x)| a * x).sum();
        x[i] = (x[i] - known) / u[i * n + i];
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_of_equations_is_solved() {
        // H = [[4, 2, 0], [2, 5, 1], [0, 1, 3]], x = [1, 2, 3].
        let x = solve(&[4.0, 2.0, 0.0, 9.0, 5.0, 1.0, 9.0, 9.0, 3.0], &[8.0, 15.0, 11.0]);
        x.iter().zip([1.0, 2.0, 3.0]).for_each(|(x, expected)| assert!((x - expected).abs() < 1e-12, "{x}"));
    }

    #[test]
    fn counts_alone_give_their_log_odds() {
        let mut design = Design::default();
        (0..10_000).for_each(|i| design.push([(0, 1.0)], i % 4 == 0));
        let weights = fit(&design, 1, 1e-9);
        assert!((weights[0] - libm::log(1.0 / 3.0)).abs() < 1e-6, "{weights:?}");
    }

    #[test]
    fn slopes_are_zero_at_the_end_even_of_rows_that_separate() {
        let mut design = Design::default();
        for i in 0..500 {
            let x = f64::from(i) / 100.0 - 2.5;
            design.push([(0, 1.0), (2, x)], x > 0.3);
        }
        let weights = fit(&design, 3, 0.5);
        assert_eq!(weights[1], 0.0, "a column that never occurs");
        let pass = Pass::over(&design, &weights, 0.5);
        pass.gradient.iter().for_each(|slope| assert!(slope.abs() < 1e-5, "{slope}"));
        assert!(weights[2] > 2.0 && weights[0] < 0.0, "{weights:?}");
    }

    #[test]
    fn nothing_is_learnt_from_nothing() {
        assert_eq!(fit(&Design::default(), 2, 1.0), [0.0, 0.0]);
    }
}
