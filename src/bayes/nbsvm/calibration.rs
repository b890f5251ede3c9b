//! From margins to honest probabilities, by a few numbers fitted on out-of-fold scores.
//!
//! Single-label: `p_k ∝ σ(a m_k + b) · exp(λ J_k)` with margins m and companion scores J, fitted by multiclass
//! likelihood. Multi-label: `p_k = σ(a (m_k − t_k) + b)` with the label's cut t, fitted by binary likelihood over all
//! labels. Both by Newton's method with Fisher's information and step halving (Platt 1999 for the idea).

use rayon::prelude::*;

use super::super::posterior::{normalize, sigmoid};

/// The numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calibration {
    /// Slope of the margins; above 0.
    pub a: f64,
    /// Offset.
    pub b: f64,
    /// Weight of the companion; 0 in a multi-label model.
    pub lambda: f64,
}

/// Out-of-fold scores of rows, row-major `(n_rows, n_labels)`.
pub struct Scored<'a> {
    pub margins: &'a [f32],
    pub companion: &'a [f32],
    pub n_labels: usize,
}

impl Calibration {
    /// What to take where nothing can be fitted: typical values of many data sets.
    pub const SINGLE_LABEL: Calibration = Calibration { a: 5.5, b: 1.0, lambda: 0.3 };
    /// The same for multi-label models.
    pub const MULTI_LABEL: Calibration = Calibration { a: 5.0, b: 0.0, lambda: 0.0 };

    /// The log of the unnormalised probability of a label.
    pub fn log_score(self, margin: f64, companion: f64) -> f64 {
        // ln σ(z), without overflow.
        let z = self.a * margin + self.b;
        let log_sigmoid = if z > 0.0 { -libm::log1p(libm::exp(-z)) } else { z - libm::log1p(libm::exp(z)) };
        log_sigmoid + self.lambda * companion
    }

    /// Probabilities of all labels of a row; they sum to one.
    pub fn probabilities(self, margins: &[f32], companion: &[f32]) -> Vec<f64> {
        let j = |k: usize| companion.get(k).map_or(0.0, |&j| f64::from(j));
        let mut p: Vec<f64> = margins.iter().enumerate().map(|(k, &m)| self.log_score(f64::from(m), j(k))).collect();
        normalize(&mut p);
        p
    }

    /// Fits a single-label model, and gives the log likelihood that it reaches; `gold[d]` is the label of row d.
    pub fn fit_single_label(scored: &Scored<'_>, gold: &[u32]) -> (Self, f64) {
        let start = [1.7, 1.0, 0.3];
        let to = |t: [f64; 3]| Calibration { a: libm::exp(t[0]), b: t[1], lambda: t[2] };
        let bounds = [(-2.0, 4.0), (-4.0, 5.0), (0.0, f64::INFINITY)];
        let evaluate = |t: [f64; 3]| {
            let calibration = to(t);
            sum_over_rows(gold.len(), scored.n_labels, |d, part| {
                let k = scored.n_labels;
                let margins = &scored.margins[d * k..(d + 1) * k];
                let companion = &scored.companion[d * k..(d + 1) * k];
                let p = calibration.probabilities(margins, companion);
                let mut mean = [0.0; 3];
                let mut square = [[0.0; 3]; 3];
                let mut own = [0.0; 3];
                for label in 0..k {
                    let (m, j) = (f64::from(margins[label]), f64::from(companion[label]));
                    let rest = 1.0 - sigmoid(calibration.a * m + calibration.b);
                    let u = [rest * calibration.a * m, rest, j];
                    for r in 0..3 {
                        mean[r] += p[label] * u[r];
                        for c in 0..3 {
                            square[r][c] += p[label] * u[r] * u[c];
                        }
                    }
                    if label == gold[d] as usize {
                        own = u;
                    }
                }
                part.likelihood += libm::log(p[gold[d] as usize].max(1e-300));
                for r in 0..3 {
                    part.gradient[r] += own[r] - mean[r];
                    for c in 0..3 {
                        part.information[r][c] += square[r][c] - mean[r] * mean[c];
                    }
                }
            })
        };
        let (best, likelihood) = newton(start, bounds, evaluate);
        (to(best), likelihood)
    }

    /// Fits a multi-label model; margins are relative to the cuts, `is_gold(d, k)` says which labels are right.
    pub fn fit_multi_label(margins: &[f32], n_labels: usize, is_gold: impl Fn(usize, usize) -> bool + Sync) -> Self {
        let start = [libm::log(5.0), 0.0, 0.0];
        let to = |t: [f64; 3]| Calibration { a: libm::exp(t[0]), b: t[1], lambda: 0.0 };
        let bounds = [(-2.0, 4.0), (-5.0, 5.0), (0.0, 0.0)];
        let evaluate = |t: [f64; 3]| {
            let calibration = to(t);
            sum_over_rows(margins.len() / n_labels.max(1), n_labels, |d, part| {
                for label in 0..n_labels {
                    let m = f64::from(margins[d * n_labels + label]);
                    let p = sigmoid(calibration.a * m + calibration.b);
                    let y = f64::from(u8::from(is_gold(d, label)));
                    let u = [calibration.a * m, 1.0, 0.0];
                    part.likelihood += libm::log(if y > 0.5 { p } else { 1.0 - p }.max(1e-300));
                    for r in 0..2 {
                        part.gradient[r] += (y - p) * u[r];
                        for c in 0..2 {
                            part.information[r][c] += p * (1.0 - p) * u[r] * u[c];
                        }
                    }
                }
            })
        };
        to(newton(start, bounds, evaluate).0)
    }
}

/// What a pass over the rows gives.
#[derive(Clone, Copy, Debug, Default)]
struct Pass {
    likelihood: f64,
    gradient: [f64; 3],
    information: [[f64; 3]; 3],
}

/// Sums over fixed chunks of rows, one after another: the same bits on any number of threads. Rows lie in the order of
/// their hashes, so of very many scores every second, third, … row is a fair sample, and plenty for three numbers.
fn sum_over_rows(n_rows: usize, n_labels: usize, add: impl Fn(usize, &mut Pass) + Sync) -> Pass {
    const CHUNK: usize = 512;
    const MOST_SCORES: usize = 30_000_000;
    let every = (n_rows * n_labels).div_ceil(MOST_SCORES).max(1);
    let n_rows = n_rows.div_ceil(every);
    let chunks: Vec<Pass> = (0..n_rows.div_ceil(CHUNK))
        .into_par_iter()
        .map(|chunk| {
            let mut part = Pass::default();
            (chunk * CHUNK..((chunk + 1) * CHUNK).min(n_rows)).for_each(|i| add(i * every, &mut part));
            part
        })
        .collect();
    let mut total = Pass::default();
    for part in chunks {
        total.likelihood += part.likelihood;
        for r in 0..3 {
            total.gradient[r] += part.gradient[r];
            for c in 0..3 {
                total.information[r][c] += part.information[r][c];
            }
        }
    }
    total
}

/// From the lowest to the highest that each number may be.
type Bounds = [(f64, f64); 3];

/// Climbs to the largest likelihood within bounds, and says where and how large it is.
fn newton(start: [f64; 3], bounds: Bounds, evaluate: impl Fn([f64; 3]) -> Pass) -> ([f64; 3], f64) {
    const STEPS: usize = 50;
    let mut at = start;
    let mut pass = evaluate(at);
    for _ in 0..STEPS {
        let direction = step_within(at, bounds, &pass);
        let mut length = 1.0;
        let better = loop {
            let next = [0, 1, 2].map(|i| (at[i] + length * direction[i]).clamp(bounds[i].0, bounds[i].1));
            let there = evaluate(next);
            if there.likelihood > pass.likelihood {
                break Some((next, there));
            }
            length /= 2.0;
            if length < 1e-3 {
                break None;
            }
        };
        let Some((next, there)) = better else { break };
        let gain = there.likelihood - pass.likelihood;
        (at, pass) = (next, there);
        if gain < 1e-6 * pass.likelihood.abs() {
            break;
        }
    }
    (at, pass.likelihood)
}

/// Newton's step within bounds: the highest point there of the parabola that gradient and information describe. Each of
/// three numbers is free or at one of its bounds, so all 27 cases are tried. (Cutting short the step of one number
/// without asking the others again may lead downhill.)
fn step_within(at: [f64; 3], bounds: Bounds, pass: &Pass) -> [f64; 3] {
    let mut best = (0.0, [0.0; 3]);
    for case in 0..27 {
        let given = [case % 3, case / 3 % 3, case / 9];
        let given = [0, 1, 2].map(|i| [None, Some(bounds[i].0 - at[i]), Some(bounds[i].1 - at[i])][given[i]]);
        if given.iter().flatten().any(|step| !step.is_finite()) {
            continue;
        }
        let (mut information, mut gradient) = (pass.information, pass.gradient);
        for (i, step) in given.iter().enumerate() {
            let Some(step) = step else { continue };
            for j in 0..3 {
                gradient[j] -= information[j][i] * step;
                (information[i][j], information[j][i]) = (0.0, 0.0);
            }
        }
        let solved = solve3(information, gradient);
        let steps = [0, 1, 2].map(|i| given[i].unwrap_or(solved[i]));
        let outside = |i: usize| given[i].is_none() && !(bounds[i].0..=bounds[i].1).contains(&(at[i] + steps[i]));
        if (0..3).any(outside) {
            continue;
        }
        let bend = |i: usize| (0..3).map(|j| pass.information[i][j] * steps[j]).sum::<f64>();
        let gain: f64 = (0..3).map(|i| steps[i] * (pass.gradient[i] - 0.5 * bend(i))).sum();
        if gain > best.0 {
            best = (gain, steps);
        }
    }
    best.1
}

/// Solves a symmetric system of three equations by elimination; a little ridge keeps it solvable.
fn solve3(mut m: [[f64; 3]; 3], mut v: [f64; 3]) -> [f64; 3] {
    let ridge = 1e-6 * (m[0][0] + m[1][1] + m[2][2]) + 1e-12;
    (0..3).for_each(|i| m[i][i] += ridge);
    for pivot in 0..3 {
        for row in pivot + 1..3 {
            let factor = m[row][pivot] / m[pivot][pivot];
            let above = m[pivot];
            m[row].iter_mut().zip(above).skip(pivot).for_each(|(cell, a)| *cell -= factor * a);
            v[row] -= factor * v[pivot];
        }
    }
    for row in (0..3).rev() {
        for column in row + 1..3 {
            v[row] -= m[row][column] * v[column];
        }
        v[row] /= m[row][row];
    }
    v
}
