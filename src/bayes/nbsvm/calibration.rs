//! From margins to honest probabilities, by a few numbers fitted on out-of-fold scores.
//!
//! Single-label: `p_k ∝ σ(a m_k + b) · exp(λ J_k)` with margins m and companion scores J, fitted by multiclass
//! likelihood. Multi-label: `p_k = σ(a m_k + λ J_k + b)`, fitted by binary likelihood over all labels; from where on a label
//! is a tag is another question, see `cuts`. Both by Newton's method with Fisher's information and step halving (Platt 1999 for the idea).

use std::array::from_fn;

use rayon::prelude::*;

use super::super::posterior::{normalize, sigmoid};

/// The numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calibration {
    /// Slope of the margins; above 0.
    pub a: f64,
    /// Offset.
    pub b: f64,
    /// Weight of the companion; 0 without one.
    pub lambda: f64,
}

/// Out-of-fold scores of rows, row-major `(n_rows, n_labels)`.
pub struct Scored<'a> {
    pub margins: &'a [f32],
    /// Up to two.
    pub companions: &'a [&'a [f32]],
    pub n_labels: usize,
}

/// What was fitted: a [`Calibration`] in which each companion still has its own weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FittedCalibration {
    pub a: f64,
    pub b: f64,
    /// Per companion; 0 where there is none.
    pub lambdas: [f64; 2],
    /// The log likelihood that is reached.
    pub log_likelihood: f64,
}

/// The numbers that Newton's method looks for: ln a, b and two λ.
const N: usize = 4;
type Numbers = [f64; N];

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

    /// Fits a single-label model; `gold[d]` is the label of row d.
    pub fn fit_single_label(scored: &Scored<'_>, gold: &[u32]) -> FittedCalibration {
        let k = scored.n_labels;
        let evaluate = |t: Numbers| {
            let (a, b) = (libm::exp(t[0]), t[1]);
            sum_over_rows(gold.len(), k, |d, part| {
                let mut p = Vec::with_capacity(k);
                let mut slopes: Vec<Numbers> = Vec::with_capacity(k);
                for label in 0..k {
                    let (m, j) = scored.at(d, label);
                    let by_margin = Calibration { a, b, lambda: 0.0 }.log_score(m, 0.0);
                    p.push(by_margin + t[2] * j[0] + t[3] * j[1]);
                    let rest = 1.0 - sigmoid(a * m + b);
                    slopes.push([rest * a * m, rest, j[0], j[1]]);
                }
                normalize(&mut p);
                let mut mean = [0.0; N];
                let mut square = [[0.0; N]; N];
                for (p, u) in p.iter().zip(&slopes) {
                    for r in 0..N {
                        mean[r] += p * u[r];
                        for c in 0..N {
                            square[r][c] += p * u[r] * u[c];
                        }
                    }
                }
                let own = slopes[gold[d] as usize];
                part.likelihood += libm::log(p[gold[d] as usize].max(1e-300));
                for r in 0..N {
                    part.gradient[r] += own[r] - mean[r];
                    for c in 0..N {
                        part.information[r][c] += square[r][c] - mean[r] * mean[c];
                    }
                }
            })
        };
        scored.climb([1.7, 1.0, 0.3, 0.3], (-4.0, 5.0), evaluate)
    }

    /// Fits a multi-label model; `is_gold(d, k)` says which labels are right.
    pub fn fit_multi_label(scored: &Scored<'_>, is_gold: impl Fn(usize, usize) -> bool + Sync) -> FittedCalibration {
        let k = scored.n_labels;
        let evaluate = |t: Numbers| {
            let a = libm::exp(t[0]);
            sum_over_rows(scored.margins.len() / k.max(1), k, |d, part| {
                for label in 0..k {
                    let (m, j) = scored.at(d, label);
                    let p = sigmoid(a * m + t[1] + t[2] * j[0] + t[3] * j[1]);
                    let y = f64::from(u8::from(is_gold(d, label)));
                    let u = [a * m, 1.0, j[0], j[1]];
                    part.likelihood += libm::log(if y > 0.5 { p } else { 1.0 - p }.max(1e-300));
                    for r in 0..N {
                        part.gradient[r] += (y - p) * u[r];
                        for c in 0..N {
                            part.information[r][c] += p * (1.0 - p) * u[r] * u[c];
                        }
                    }
                }
            })
        };
        scored.climb([libm::log(5.0), 0.0, 0.0, 0.0], (-5.0, 5.0), evaluate)
    }
}

impl Scored<'_> {
    /// Margin and companions of a row and label.
    fn at(&self, d: usize, label: usize) -> (f64, [f64; 2]) {
        let i = d * self.n_labels + label;
        let j = |c: usize| self.companions.get(c).map_or(0.0, |scores| f64::from(scores[i]));
        (f64::from(self.margins[i]), [j(0), j(1)])
    }

    /// The most likely numbers, from a start on.
    fn climb(&self, mut start: Numbers, b: (f64, f64), evaluate: impl Fn(Numbers) -> Pass) -> FittedCalibration {
        let mut bounds = [(-2.0, 4.0), b, (0.0, 0.0), (0.0, 0.0)];
        for c in 0..2 {
            if c < self.companions.len() {
                bounds[2 + c].1 = f64::INFINITY;
            } else {
                start[2 + c] = 0.0;
            }
        }
        let (t, log_likelihood) = newton(start, bounds, evaluate);
        FittedCalibration { a: libm::exp(t[0]), b: t[1], lambdas: [t[2], t[3]], log_likelihood }
    }
}

/// What a pass over the rows gives.
#[derive(Clone, Copy, Debug, Default)]
struct Pass {
    likelihood: f64,
    gradient: Numbers,
    information: [Numbers; N],
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
        for r in 0..N {
            total.gradient[r] += part.gradient[r];
            for c in 0..N {
                total.information[r][c] += part.information[r][c];
            }
        }
    }
    total
}

/// From the lowest to the highest that each number may be.
type Bounds = [(f64, f64); N];

/// Climbs to the largest likelihood within bounds, and says where and how large it is.
fn newton(start: Numbers, bounds: Bounds, evaluate: impl Fn(Numbers) -> Pass) -> (Numbers, f64) {
    const STEPS: usize = 50;
    let mut at = start;
    let mut pass = evaluate(at);
    for _ in 0..STEPS {
        let direction = step_within(at, bounds, &pass);
        let mut length = 1.0;
        let better = loop {
            let next: Numbers = from_fn(|i| (at[i] + length * direction[i]).clamp(bounds[i].0, bounds[i].1));
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
/// four numbers is free or at one of its bounds, so all 81 cases are tried. (Cutting short the step of one number
/// without asking the others again may lead downhill.)
fn step_within(at: Numbers, bounds: Bounds, pass: &Pass) -> Numbers {
    let mut best = (0.0, [0.0; N]);
    for case in 0..3usize.pow(N as u32) {
        let given: [Option<f64>; N] = from_fn(|i| match case / 3usize.pow(i as u32) % 3 {
            0 => None,
            1 => Some(bounds[i].0 - at[i]),
            _ => Some(bounds[i].1 - at[i]),
        });
        if given.iter().flatten().any(|step| !step.is_finite()) {
            continue;
        }
        let (mut information, mut gradient) = (pass.information, pass.gradient);
        for (i, step) in given.iter().enumerate() {
            let Some(step) = step else { continue };
            for j in 0..N {
                gradient[j] -= information[j][i] * step;
                (information[i][j], information[j][i]) = (0.0, 0.0);
            }
        }
        let solved = solve(information, gradient);
        let steps: Numbers = from_fn(|i| given[i].unwrap_or(solved[i]));
        let outside = |i: usize| given[i].is_none() && !(bounds[i].0..=bounds[i].1).contains(&(at[i] + steps[i]));
        if (0..N).any(outside) {
            continue;
        }
        let bend = |i: usize| (0..N).map(|j| pass.information[i][j] * steps[j]).sum::<f64>();
        let gain: f64 = (0..N).map(|i| steps[i] * (pass.gradient[i] - 0.5 * bend(i))).sum();
        if gain > best.0 {
            best = (gain, steps);
        }
    }
    best.1
}

/// Solves a symmetric system of equations by elimination; a little ridge keeps it solvable.
fn solve(mut m: [Numbers; N], mut v: Numbers) -> Numbers {
    let ridge = 1e-6 * (0..N).map(|i| m[i][i]).sum::<f64>() + 1e-12;
    (0..N).for_each(|i| m[i][i] += ridge);
    for pivot in 0..N {
        for row in pivot + 1..N {
            let factor = m[row][pivot] / m[pivot][pivot];
            let above = m[pivot];
            m[row].iter_mut().zip(above).skip(pivot).for_each(|(cell, a)| *cell -= factor * a);
            v[row] -= factor * v[pivot];
        }
    }
    for row in (0..N).rev() {
        for column in row + 1..N {
            v[row] -= m[row][column] * v[column];
        }
        v[row] /= m[row][row];
    }
    v
}
