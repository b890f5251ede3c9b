//! Which features take part, and how much freedom the naive Bayes ratio gives their weights.
//!
//! Presence counts: N_fk rows of label k that hold f, T_k their sum over the features of a block, V the number of its
//! features, primes for all rows without the label, α = .3:
//!
//! ```text
//! r_fk = ln[(N_fk + α)/(T_k + α V)] − ln[(N'_fk + α)/(T'_k + α V)]
//! Z    = mean over rows d and labels k of Σ_f x_df² r_fk²
//! s_fk = ½ r_fk²/Z + ½                                  the prior variance of weight w_fk
//! ```
//!
//! A weight may grow where naive Bayes sees evidence and stays small elsewhere (the idea of Wang and Manning 2012,
//! "Baselines and bigrams", there as a factor on the features). Before training only the features with the largest
//! `mean_d x_df² · max_k r_fk²` are kept.

use crate::features::BlockKind;

use super::super::naive_bayes::pairs;
use super::design::{Design, Matrix};
use super::problem::Problem;

const ALPHA: f64 = 0.3;
/// From this many rows on, words and prefixes of a single row are left out; pairs always are.
const MANY_ROWS: usize = 3000;
/// Z below this is rounding.
const LEAST_EVIDENCE: f64 = 1e-20;

/// Features that take part, training rows weighted by them, and prior variances, row-major `(n_features, n_labels)`.
pub struct Prepared {
    pub design: Design,
    pub matrix: Matrix,
    pub variances: Vec<f32>,
}

/// Chooses and weighs the features of a problem.
pub fn prepare(problem: &Problem<'_>, max_features: usize) -> Prepared {
    let n = problem.len();
    let candidates = Candidates::new(problem);
    let all = candidates.design(problem, |_| true);
    let rows = || (0..n).map(|d| zipped(problem.row(d)));
    let squares = Matrix::new(&all, rows()).squares(all.len());
    let ratios = Ratios::new(problem, &all);
    let mut ratio = vec![0.0; problem.n_labels];
    let mut scored: Vec<(f64, u32)> = Vec::with_capacity(all.len());
    for (row, &column) in all.columns().iter().enumerate() {
        ratios.of(problem, row, &mut ratio);
        let largest = ratio.iter().fold(0.0, |m: f64, r| m.max(r * r));
        scored.push((squares[row] * largest, column));
    }
    if scored.len() > max_features {
        scored.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        scored.truncate(max_features);
    }
    let mut keep = vec![false; problem.bag.blocks().n_features() as usize];
    scored.iter().for_each(|&(_, column)| keep[column as usize] = true);
    let design = candidates.design(problem, |column| keep[column as usize]);
    let matrix = Matrix::new(&design, rows());
    let squares = matrix.squares(design.len());
    let k = problem.n_labels;
    let mut variances = vec![0f32; design.len() * k];
    let mut z = 0.0;
    for (row, &column) in design.columns().iter().enumerate() {
        let Some(before) = all.row_of(column) else { continue };
        ratios.of(problem, before as usize, &mut ratio);
        for (variance, r) in variances[row * k..(row + 1) * k].iter_mut().zip(&ratio) {
            *variance = (r * r) as f32;
            z += squares[row] * r * r;
        }
    }
    z /= (n * k) as f64;
    // Where every feature says the same of every label only rounding is left, and that is no evidence.
    let scale = if z > LEAST_EVIDENCE { 0.5 / z } else { 0.0 };
    for variance in &mut variances {
        *variance = (f64::from(*variance) * scale + 0.5) as f32;
    }
    Prepared { design, matrix, variances }
}

pub(super) fn zipped<'a>((columns, counts): (&'a [u32], &'a [u32])) -> impl Iterator<Item = (u32, u32)> + Clone + 'a {
    pairs(columns, counts)
}

/// Document frequencies within a problem.
struct Candidates {
    document_frequency: Vec<u32>,
}

impl Candidates {
    fn new(problem: &Problem<'_>) -> Self {
        let mut document_frequency = vec![0u32; problem.bag.blocks().n_features() as usize];
        for d in 0..problem.len() {
            for &column in problem.row(d).0 {
                document_frequency[column as usize] += 1;
            }
        }
        Candidates { document_frequency }
    }

    /// The design over the candidates that are frequent enough and that `keep` accepts.
    fn design(&self, problem: &Problem<'_>, keep: impl Fn(u32) -> bool) -> Design {
        let n = problem.len();
        let (mut columns, mut idf) = (Vec::new(), Vec::new());
        for block in problem.bag.blocks() {
            if problem.leaves_out(block.kind) {
                continue;
            }
            let is_sequence =
                block.kind == BlockKind::Characters || matches!(block.kind, BlockKind::Ngrams(order) if order > 1);
            let least = if is_sequence || n >= MANY_ROWS { 2 } else { 1 };
            for column in block.columns.clone() {
                let df = self.document_frequency[column as usize];
                if df >= least && keep(column) {
                    columns.push(column);
                    idf.push((libm::log((1.0 + n as f64) / (1.0 + f64::from(df))) + 1.0) as f32);
                }
            }
        }
        Design::new(problem.bag.blocks(), columns, idf)
    }
}

/// Presence counts, by feature, and what naive Bayes makes of them.
struct Ratios {
    /// Per feature, where its rows begin.
    offsets: Vec<usize>,
    /// The positions of the rows that hold each feature.
    rows: Vec<u32>,
    /// Per feature its block; per block and label `ln(T_k + αV) − ln(T'_k + αV)`.
    block_of: Vec<u8>,
    base: Vec<f64>,
    /// `ln(n + α)`.
    ln: Vec<f64>,
}

impl Ratios {
    fn new(problem: &Problem<'_>, design: &Design) -> Self {
        let blocks = problem.bag.blocks();
        let k = problem.n_labels;
        let mut offsets = vec![0usize; design.len() + 1];
        let mut tokens = vec![0f64; blocks.len()];
        let mut label_tokens = vec![0f64; blocks.len() * k];
        let block_of: Vec<u8> = design.columns().iter().map(|&c| blocks.block_of(c) as u8).collect();
        let known = |d: usize| problem.row(d).0.iter().filter_map(|&column| design.row_of(column));
        for d in 0..problem.len() {
            for feature in known(d) {
                offsets[feature as usize + 1] += 1;
                let block = usize::from(block_of[feature as usize]);
                tokens[block] += 1.0;
                for &label in problem.labels_of(d) {
                    label_tokens[block * k + label as usize] += 1.0;
                }
            }
        }
        for i in 1..offsets.len() {
            offsets[i] += offsets[i - 1];
        }
        let mut rows = vec![0u32; offsets[design.len()]];
        let mut next = offsets.clone();
        for d in 0..problem.len() {
            for feature in known(d) {
                rows[next[feature as usize]] = d as u32;
                next[feature as usize] += 1;
            }
        }
        let mut base = vec![0.0; blocks.len() * k];
        for block in 0..blocks.len() {
            let v = block_of.iter().filter(|&&b| usize::from(b) == block).count() as f64;
            for label in 0..k {
                let own = label_tokens[block * k + label];
                base[block * k + label] = libm::log(own + ALPHA * v) - libm::log(tokens[block] - own + ALPHA * v);
            }
        }
        let ln = (0..=problem.len()).map(|n| libm::log(n as f64 + ALPHA)).collect();
        Ratios { offsets, rows, block_of, base, ln }
    }

    /// r_fk of a feature, per label.
    fn of(&self, problem: &Problem<'_>, feature: usize, ratio: &mut [f64]) {
        let rows = &self.rows[self.offsets[feature]..self.offsets[feature + 1]];
        let block = usize::from(self.block_of[feature]);
        ratio.fill(0.0);
        for &d in rows {
            for &label in problem.labels_of(d as usize) {
                ratio[label as usize] += 1.0;
            }
        }
        for (label, r) in ratio.iter_mut().enumerate() {
            let own = *r as usize;
            *r = self.ln[own] - self.ln[rows.len() - own] - self.base[block * problem.n_labels + label];
        }
    }
}
